//! As many random programs as one likes, through every stage.
//!
//! `cargo mupac-fuzz --programs 2000 --seed 0 --batch 300 --out out/fuzz`
//!
//! Programs of even seeds are translated by the tool's own choice, the others by random moves; with `--far` all by random
//! trajectories of four moves and more.
//! Prints totals by kind of program and by kind of guard, and adds them to those of earlier runs.
//! A program that disagrees is made small and written to the folder with what was seen.
//! Exit code 1 where one disagrees, or where a long run leaves a guard that never turned out both ways.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

#[path = "../agreement/mod.rs"]
mod agreement;
mod shrink;
mod totals;

use std::path::PathBuf;
use std::process::ExitCode;

use agreement::tally::Disagreement;
use agreement::{Profile, Tally};
use mupac_ir::generate::{Case, Family, Options, program};
use mupac_tester::execute::Executor;

/// A run of so many programs is long enough to have seen everything that turns up at all.
const MANY: u64 = 2000;

/// What to run.
#[derive(Debug)]
struct Request {
    programs: u64,
    seed: u64,
    batch: usize,
    families: Vec<Family>,
    is_shrunk: bool,
    is_far: bool,
    out: PathBuf,
}

impl Request {
    /// Returns how programs of even seeds are translated, and those of odd seeds.
    fn profiles(&self) -> [Profile; 2] {
        if self.is_far {
            Profile::travelling()
        } else {
            [Profile::chosen(), Profile::wandering()]
        }
    }
}

fn main() -> ExitCode {
    let Some(request) = request() else {
        println!(
            "usage: mupac-fuzz [--programs N] [--seed S] [--batch N] [--family NAME] [--far] [--no-shrink] [--out DIR]"
        );
        return ExitCode::from(2);
    };
    std::fs::create_dir_all(&request.out).unwrap();
    let executor = agreement::executor();
    let options = Options {
        families: request.families.clone(),
        ..Options::default()
    };
    let mut tally = Tally::default();
    let seeds: Vec<u64> = (request.seed..request.seed + request.programs).collect();
    for seeds in seeds.chunks(request.batch) {
        let start = std::time::Instant::now();
        let (even, odd): (Vec<Case>, Vec<Case>) = seeds
            .iter()
            .map(|seed| program(*seed, &options).unwrap())
            .partition(|case| case.seed % 2 == 0);
        tally.spend("generation", start.elapsed());
        for (profile, cases) in request.profiles().into_iter().zip([even, odd]) {
            let before = tally.disagreements.len();
            agreement::run(&executor, &profile, &cases, &mut tally);
            for each in &tally.disagreements[before..] {
                let Case { seed, family, .. } = &each.case;
                println!("seed {seed} ({family:?}): {}", each.what);
                save(&executor, &profile, each, &request);
            }
        }
        let (total, wrong) = (tally.total(), tally.disagreements.len());
        println!(
            "{} programs, {} by four moves and more, {wrong} disagree",
            total.programs, total.far
        );
    }
    println!("{tally}");
    println!("{}", totals::add(&request.out.join("totals.json"), &tally));
    let one_sided = one_sided_guards(&tally);
    let is_lacking = request.programs >= MANY && !one_sided.is_empty();
    if is_lacking {
        println!("never both ways: {}", one_sided.join(", "));
    }
    ExitCode::from(u8::from(is_lacking || !tally.disagreements.is_empty()))
}

/// Returns the kinds of guards that plans have and that did not turn out both ways.
fn one_sided_guards(tally: &Tally) -> Vec<&'static str> {
    let guards = tally.guards.iter();
    guards
        .filter(|(_, outcomes)| outcomes.held == 0 || outcomes.failed == 0)
        .map(|(kind, _)| *kind)
        .collect()
}

/// Writes a program that disagrees, as found and made small.
fn save(executor: &Executor, profile: &Profile, found: &Disagreement, request: &Request) {
    let write = |found: &Disagreement, name: &str| {
        let harness = found.harness();
        let path = request.out.join(format!("{name}.c"));
        std::fs::write(&path, format!("// {}\n{}", found.what, harness.source())).unwrap();
        // What the program reads: its arguments and the memory they point to.
        std::fs::write(path.with_extension("in"), harness.stdin).unwrap();
        path
    };
    let name = found.case.seed.to_string();
    write(found, &name);
    if request.is_shrunk {
        let small = shrink::shrink(executor, profile, found);
        let path = write(&small, &format!("{name}-small"));
        println!("made small: {}", path.display());
    }
}

fn request() -> Option<Request> {
    let mut request = Request {
        programs: MANY,
        seed: 0,
        batch: 300,
        families: Vec::new(),
        is_shrunk: true,
        is_far: false,
        out: PathBuf::from("out/fuzz"),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--programs" => request.programs = words.next()?.parse().ok()?,
            "--seed" => request.seed = words.next()?.parse().ok()?,
            "--batch" => request.batch = words.next()?.parse().ok().filter(|count| *count > 0)?,
            "--family" => request.families.push(family(&words.next()?)?),
            "--far" => request.is_far = true,
            "--no-shrink" => request.is_shrunk = false,
            "--out" => request.out = PathBuf::from(words.next()?),
            _ => return None,
        }
    }
    Some(request)
}

fn family(name: &str) -> Option<Family> {
    let is_called = |family: &Family| format!("{family:?}").eq_ignore_ascii_case(name);
    Family::ALL.into_iter().find(is_called)
}
