//! As many random programs as one likes, through every stage.
//!
//! `cargo test --release --test fuzz -- --programs 2000 --seed 0 --batch 40 --out out/fuzz`
//!
//! Prints totals by kind of program; a program that disagrees is written to the folder with what was seen.
//! Exit code 1 where one disagrees.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

#[path = "agreement/batch.rs"]
mod batch;

use std::path::PathBuf;
use std::process::ExitCode;

use mupac_ir::generate::{Case, Options, program};

/// What to run.
#[derive(Debug)]
struct Request {
    programs: u64,
    seed: u64,
    batch: usize,
    out: PathBuf,
}

fn main() -> ExitCode {
    let Some(request) = request() else {
        println!("usage: fuzz [--programs N] [--seed S] [--batch N] [--out DIR]");
        return ExitCode::from(2);
    };
    let executor = batch::executor();
    let mut tally = batch::Tally::default();
    let seeds: Vec<u64> = (request.seed..request.seed + request.programs).collect();
    for seeds in seeds.chunks(request.batch) {
        let cases: Vec<Case> = seeds
            .iter()
            .map(|seed| program(*seed, &Options::default()).unwrap())
            .collect();
        let before = tally.disagreements.len();
        batch::run(&executor, &cases, &mut tally);
        for each in tally.disagreements.iter().skip(before) {
            println!("seed {} ({:?}): {}", each.seed, each.family, each.what);
            std::fs::create_dir_all(&request.out).unwrap();
            let path = request.out.join(format!("{}.c", each.seed));
            std::fs::write(path, format!("// {}\n{}", each.what, each.source)).unwrap();
        }
    }
    report(&tally);
    ExitCode::from(u8::from(!tally.disagreements.is_empty()))
}

fn request() -> Option<Request> {
    let mut request = Request {
        programs: 2000,
        seed: 0,
        batch: 40,
        out: PathBuf::from("out/fuzz"),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--programs" => request.programs = words.next()?.parse().ok()?,
            "--seed" => request.seed = words.next()?.parse().ok()?,
            "--batch" => request.batch = words.next()?.parse().ok().filter(|count| *count > 0)?,
            "--out" => request.out = PathBuf::from(words.next()?),
            _ => return None,
        }
    }
    Some(request)
}

fn report(tally: &batch::Tally) {
    println!(
        "{:<12} {:>8} {:>8} {:>9} {:>9} {:>8}",
        "kind", "programs", "calls", "launched", "fell back", "needs C"
    );
    let total = ("total".to_owned(), tally.total());
    let families = tally.families.iter();
    for (name, count) in families
        .map(|(family, count)| (format!("{family:?}"), *count))
        .chain([total])
    {
        println!(
            "{name:<12} {:>8} {:>8} {:>9} {:>9} {:>8}",
            count.programs, count.calls, count.launched, count.fell_back, count.needs_c
        );
    }
    for (kind, outcomes) in &tally.guards {
        println!(
            "guard {kind}: held {}, failed {}",
            outcomes.held, outcomes.failed
        );
    }
    println!(
        "{} launches; {} disagreements",
        tally.launches,
        tally.disagreements.len()
    );
}
