//! What a network learns from: `cargo test --release -p mupac-model --test learning -- data FOLDER 100 1000 512`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where something is amiss"
)]

mod ablation;
mod data;
#[path = "../enumeration/mod.rs"]
mod enumeration;
mod optimum;
mod programs;
mod sequences;
mod statistics;
mod ways;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["data", out, programs, seed, simulations] => data::write(
            &PathBuf::from(out),
            programs.parse().unwrap(),
            seed.parse().unwrap(),
            simulations.parse().unwrap(),
        ),
        ["sequences", out, programs, seed, simulations] => sequences::write(
            &PathBuf::from(out),
            programs.parse().unwrap(),
            seed.parse().unwrap(),
            simulations.parse().unwrap(),
        ),
        [
            "ablation",
            networks,
            families,
            programs,
            seed,
            simulations @ ..,
        ] => {
            let budgets = simulations.iter().map(|word| word.parse().unwrap());
            ablation::write(
                &PathBuf::from(networks),
                programs::use_named(families),
                programs.parse().unwrap(),
                seed.parse().unwrap(),
                &budgets.collect::<Vec<_>>(),
            );
        }
        ["optimum", programs, seed] => {
            optimum::write(programs.parse().unwrap(), seed.parse().unwrap());
        }
        _ => {
            println!(
                "usage: learning data|sequences FOLDER PROGRAMS-A-FAMILY FIRST-SEED SIMULATIONS"
            );
            println!(
                "       learning ablation NETWORKS held-out|validation PROGRAMS-A-FAMILY FIRST-SEED SIMULATIONS..."
            );
            println!("       learning optimum PROGRAMS-A-FAMILY FIRST-SEED");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
