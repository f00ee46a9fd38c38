//! How far the numbers that a program prints move where its own compiler adds in other orders.
//!
//! Of a program that the interpreter cannot follow nobody knows a bound on what another order of additions makes of a
//! number.
//! The C compiler can add in other orders, too: in the lanes of vectors, or in several sums of an unrolled loop.
//! How far what these builds print lies apart tells what digits are worth: a number of which nearly everything cancels
//! moves altogether, a sum of whole numbers not at all.
//! What a translation prints may lie a few times as far off; all else that is printed has to be the same in all builds.
//!
//! **Source**: operations in other orders as samples of an error, J. Vignes, “Discrete Stochastic Arithmetic for Validating
//! Results of Numerical Software”, Numerical Algorithms 37, 2004.

use std::collections::BTreeMap;

use mupac_ir::interpret::{Mark, Stream};
use mupac_ir::parallel;

use super::prints::streams;
use super::{Expected, Runner};
use crate::observation::Observation;
use crate::tokens;
use crate::toolchain::Original;

/// The builds that add in other orders.
const WAYS: [Original; 2] = [Original::Lanes, Original::Unrolled];

/// A number may be off by so many times what the samples differ by: two say little of the largest difference that there is.
const TIMES: f64 = 16.0;

/// Returns the numbers of every stream that move, with how far they may be off; `None` where no build says anything.
pub(super) fn marks(
    runner: &Runner<'_>,
    expected: &Expected,
) -> Option<BTreeMap<Stream, Vec<Mark>>> {
    let limit = runner.bench.options.program_limit;
    let runs = parallel::map(&WAYS, |how| runner.rebuilt(*how, limit));
    let runs: Vec<Observation> = runs.into_iter().flatten().collect();
    let is_alike = |run: &&Observation| run.finished.ending == expected.ending;
    let mut all: Option<BTreeMap<Stream, Vec<Mark>>> = None;
    for run in runs.iter().filter(is_alike) {
        let Some(moved) = moved(expected, run) else {
            continue;
        };
        let all = all.get_or_insert_default();
        for (stream, marks) in moved {
            join(all.entry(stream).or_default(), marks);
        }
    }
    all
}

/// Returns how far every number lies from the original's; `None` where anything else differs.
fn moved(expected: &Expected, run: &Observation) -> Option<BTreeMap<Stream, Vec<Mark>>> {
    let mut all = BTreeMap::new();
    for (stream, texts) in streams(expected, run) {
        let (wanted, got) = texts?;
        let mut marks = tokens::moved(wanted, got, expected.masked(&stream))?;
        for mark in &mut marks {
            mark.bound *= TIMES;
        }
        all.insert(stream, marks);
    }
    Some(all)
}

/// Adds marks of one text to others; of two of one number the larger bound counts.
fn join(all: &mut Vec<Mark>, more: Vec<Mark>) {
    for mark in more {
        match all.binary_search_by_key(&mark.start, |each| each.start) {
            Ok(at) => all[at].bound = all[at].bound.max(mark.bound),
            Err(at) => all.insert(at, mark),
        }
    }
}
