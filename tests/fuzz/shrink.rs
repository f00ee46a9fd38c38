//! Makes a program that disagrees small, as long as it disagrees.

use std::time::{Duration, Instant};

use mupac_ir::generate::{Case, smaller};

use super::agreement::compiled::Executors;
use super::agreement::tally::Disagreement;
use super::agreement::{self, Profile, Tally};

/// The longest that one program may take.
const LIMIT: Duration = Duration::from_secs(150);

/// Returns the smallest program found that disagrees, in the same way.
pub(crate) fn shrink(
    executors: &Executors,
    profile: &Profile,
    found: &Disagreement,
) -> Disagreement {
    let start = Instant::now();
    let mut best = found.clone();
    let mut number = 0;
    let mut is_smaller = false;
    while start.elapsed() < LIMIT {
        let Some(next) = smaller(&best.case, &mut number) else {
            // What could not go at first may go now.
            if !std::mem::take(&mut is_smaller) {
                break;
            }
            number = 0;
            continue;
        };
        if let Some(still) = disagreement(executors, profile, &next)
            && kind(&still) == kind(found)
        {
            best = still;
            is_smaller = true;
        } else {
            number += 1;
        }
    }
    best
}

/// Returns what is different, without the numbers that smaller programs change.
fn kind(found: &Disagreement) -> String {
    let letters = found.what.chars();
    letters.filter(|letter| !letter.is_ascii_digit()).collect()
}

fn disagreement(executors: &Executors, profile: &Profile, case: &Case) -> Option<Disagreement> {
    let mut tally = Tally::default();
    agreement::run(executors, profile, std::slice::from_ref(case), &mut tally);
    tally.disagreements.pop()
}
