//! Random programs mean the same to the interpreter, the C compiler, the plan and the emitted text.
//!
//! A few programs of every kind; `make fuzz` runs as many as one likes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where its tools fail, and tells what it saw"
)]

#[path = "agreement/batch.rs"]
mod batch;

use mupac_ir::generate::{Case, Family, Options, program};

/// Programs of each family.
const PROGRAMS: u64 = 3;

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
    let mut tally = batch::Tally::default();
    batch::run(&batch::executor(), &cases, &mut tally);
    for (family, count) in &tally.families {
        eprintln!("{family:?}: {count:?}");
    }
    eprintln!("guards: {:?}; {} launches", tally.guards, tally.launches);
    for each in &tally.disagreements {
        eprintln!(
            "{:?} {}: {}\n{}",
            each.family, each.seed, each.what, each.source
        );
    }
    assert_eq!(tally.disagreements.len(), 0);
    let total = tally.total();
    assert_eq!(total.programs, cases.len() as u64);
    assert!(total.launched * 3 >= total.programs, "{total:?}");
    let overlap = tally.guards["no-overlap"];
    assert!(overlap.held > 0 && overlap.failed > 0, "{overlap:?}");
}
