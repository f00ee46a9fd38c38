//! Fits how many registers a thread takes to what ptxas says of many kernels.
//!
//! `cargo test --release --test registers -- [--kernels N] [--arch sm_90]`
//!
//! The kernels are those of the corpus, of the examples and of random programs, each mapped by default, by the tool's
//! choice and at random. Every fifth kernel is left out of the fit and shows how good it is.
//! Prints the constants for `model/hardware/*.json` and the residuals; needs nvcc (`sh tools/nvcc.sh --install`).
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

mod assembler;
mod fit;
mod programs;

use mupac_model::analytic::REGISTER_FEATURES;

use crate::fit::Row;

/// Kernels that a fit wants at least.
const KERNELS: usize = 1000;

fn main() {
    let mut kernels = KERNELS;
    let mut arch = "sm_90".to_owned();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--kernels" => kernels = words.next().unwrap().parse().unwrap(),
            "--arch" => arch = words.next().unwrap(),
            _ => {
                println!("usage: registers [--kernels N] [--arch sm_90]");
                std::process::exit(2);
            }
        }
    }
    let Some(compiler) = assembler::compiler() else {
        println!("not run: nvcc is missing; sh tools/nvcc.sh --install");
        return;
    };
    let mut rows: Vec<Row> = Vec::new();
    for emitted in programs::emitted() {
        if rows.len() >= kernels {
            break;
        }
        let used = assembler::used(&compiler, &arch, &[], &emitted.cuda);
        for (name, features) in emitted.kernels {
            // Where values go to memory, registers say what there is, not what is wanted.
            if let Some(used) = used.get(&name).filter(|used| used.spilled_bytes <= 0.0) {
                rows.push(Row {
                    features,
                    registers: used.registers,
                });
            }
        }
    }
    let (tried, kept): (Vec<_>, Vec<_>) = rows
        .iter()
        .enumerate()
        .partition(|(number, _)| number % 5 == 4);
    let bare = |rows: Vec<(usize, &Row)>| rows.into_iter().map(|(_, row)| *row).collect::<Vec<_>>();
    let (tried, kept) = (bare(tried), bare(kept));
    let costs = fit::fitted(&kept);
    println!("{} kernels for {arch}", rows.len());
    for (name, cost) in REGISTER_FEATURES.iter().zip(costs) {
        println!("  {name:<10} {cost:.2}");
    }
    for (what, rows) in [("fitted", &kept), ("left out", &tried)] {
        let residuals = fit::residuals(rows, &costs);
        println!("{what}: {residuals}");
    }
}
