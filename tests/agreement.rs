//! Random programs mean the same to the interpreter, the C compiler, the plan and the emitted text.
//!
//! A few programs of every kind; `make fuzz` runs as many as one likes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where its tools fail, and tells what it saw"
)]

#[path = "agreement/mod.rs"]
mod agreement;

use std::ops::Range;

use agreement::{FAR, MIDDLE, Profile, Tally};
use mupac_ir::Memory;
use mupac_ir::generate::{Case, Family, Options, program, written};

/// Programs of each family.
const PROGRAMS: u64 = 2;

#[test]
fn random_programs_mean_the_same_at_every_stage() {
    let cases: Vec<Case> = Family::ALL
        .iter()
        .enumerate()
        .flat_map(|(number, family)| {
            let options = Options {
                families: vec![*family],
                inputs: 4,
            };
            let first = 1000 + number as u64 * PROGRAMS;
            (first..first + PROGRAMS).map(move |seed| program(seed, &options).unwrap())
        })
        .collect();
    let executors = agreement::executors();
    let mut tally = Tally::default();
    agreement::run(&executors, &Profile::chosen(), &cases, &mut tally);
    let (some, others): (Vec<Case>, Vec<Case>) =
        cases.iter().cloned().partition(|case| case.seed % 2 == 0);
    agreement::run(&executors, &Profile::wandering(), &some, &mut tally);
    for (profile, cases) in Profile::travelling(FAR).iter().zip([&some, &others]) {
        agreement::run(&executors, profile, cases, &mut tally);
    }
    for level in [0, 3] {
        agreement::run(&executors, &Profile::of_level(level), &others, &mut tally);
    }
    let [managed, device, system] = [Memory::Managed, Memory::Device, Memory::System]
        .map(|memory| Profile::chosen().with_memory(memory));
    agreement::run(&executors, &managed, &some, &mut tally);
    agreement::run(&executors, &system, &others, &mut tally);
    agreement::run(&executors, &device, &cases, &mut tally);
    eprintln!("{tally}");
    no_disagreement(&tally);
    let total = tally.total();
    let programs = 3 * cases.len() + 2 * some.len() + 3 * others.len();
    assert_eq!(total.programs, programs as u64);
    assert!(total.launched * 3 >= total.programs, "{total:?}");
    assert!(total.far > 0, "{total:?}");
    assert!(total.lent > 0, "{total:?}");
    let overlap = tally.guards["no-overlap"];
    assert!(overlap.held > 0 && overlap.failed > 0, "{overlap:?}");
}

fn no_disagreement(tally: &Tally) {
    for each in &tally.disagreements {
        let harness = each.harness();
        eprintln!(
            "{:?} {}: {}\n{}{}",
            each.case.family,
            each.case.seed,
            each.what,
            harness.source(),
            harness.other
        );
    }
    assert_eq!(tally.disagreements.len(), 0);
}

/// Trees in dresses and sketches.
const WRITTEN: Range<u64> = 0..25;

#[test]
fn text_as_users_write_it_means_the_same_at_every_stage() {
    let cases = WRITTEN.map(|seed| written(seed, &Options::default()).unwrap());
    let (always, sometimes): (Vec<Case>, Vec<Case>) = cases.partition(|case| case.seed % 2 == 0);
    let executors = agreement::executors();
    let mut tally = Tally::default();
    let chosen = Profile::chosen();
    agreement::run(&executors, &chosen, &always, &mut tally);
    let middle = chosen.with_threshold(MIDDLE);
    agreement::run(&executors, &middle, &sometimes, &mut tally);
    eprintln!("{tally}");
    no_disagreement(&tally);
    assert_eq!(tally.undefined, 0);
    assert!(tally.total().launched * 3 >= tally.total().programs);
    assert!(tally.linked.programs > 0 && tally.linked.launched > 0);
}

/// Programs that a plan or a random trajectory got wrong once.
const WENT_WRONG: [(Family, u64); 5] = [
    (Family::Blend, 3_000_796),
    (Family::Contraction, 5_202_483),
    (Family::Blend, 8_001_346),
    (Family::Blend, 8_004_242),
    (Family::Sketch, 310_000_371),
];

#[test]
fn programs_that_went_wrong_agree() {
    let cases = WENT_WRONG.map(|(family, seed)| {
        let options = Options {
            families: vec![family],
            ..Options::default()
        };
        let made = if family == Family::Sketch {
            written(seed, &options)
        } else {
            program(seed, &options)
        };
        made.unwrap()
    });
    let executors = agreement::executors();
    let mut tally = Tally::default();
    let [usual, small] = Profile::travelling(FAR);
    for profile in [Profile::chosen(), Profile::wandering(), usual, small] {
        agreement::run(&executors, &profile, &cases, &mut tally);
    }
    no_disagreement(&tally);
    assert!(tally.total().launched > 0);
}
