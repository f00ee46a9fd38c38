//! Fits how many registers a thread takes to what ptxas says of many kernels.
//!
//! `cargo test --release --test registers -- [--kernels N] [--arch sm_90]`
//!
//! The kernels are those of the corpus, of the examples and of random programs, each mapped by default, by the tool's
//! choice and at random. Every fifth kernel is left out of the fit and shows how good it is.
//! Prints the constants for `model/hardware/*.json` and the residuals, also those of the constants that stand there;
//! needs nvcc (`sh tools/nvcc.sh --install`). Every kernel goes to `out/registers.json`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

mod assembler;
mod fit;
mod programs;

use std::path::Path;

use mupac_model::Hardware;
use mupac_model::analytic::REGISTER_FEATURES;
use serde_json::json;

use crate::fit::Row;

/// Kernels of a fit at most.
const KERNELS: usize = 2000;

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
    write(&rows);
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
    let today = Hardware::standard().register_costs();
    for (what, rows, costs) in [
        ("fitted", &kept, &costs),
        ("left out", &tried, &costs),
        ("left out, by the constants of today", &tried, &today),
    ] {
        println!("{what}: {}", fit::residuals(rows, costs));
    }
}

/// Writes what each kernel takes and what that depends on.
fn write(rows: &[Row]) {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    std::fs::create_dir_all(&out).unwrap();
    let rows = rows
        .iter()
        .map(|row| json!({"registers": row.registers, "features": row.features}));
    let text = serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).unwrap();
    std::fs::write(out.join("registers.json"), text).unwrap();
}
