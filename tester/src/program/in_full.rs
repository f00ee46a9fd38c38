//! What a program prints with all digits of its numbers, and how far these move where its own compiler adds in other orders.
//!
//! Of a program that the interpreter cannot follow nobody knows a bound on what another order of additions makes of a
//! number.
//! The C compiler can add in other orders, too: in the lanes of vectors, or in several sums of an unrolled loop.
//! How far what these builds print lies apart tells what digits are worth: a number of which nearly everything cancels
//! moves altogether, a sum of whole numbers not at all.
//! What a translation prints may lie a few times as far off, or differ in the last of all digits; all else that is printed
//! has to be the same in all builds.
//! The digits that a program asks for do not tell: a half is rounded up or down by the last of those that it hides.
//!
//! **Source**: operations in other orders as samples of an error, J. Vignes, “Discrete Stochastic Arithmetic for Validating
//! Results of Numerical Software”, Numerical Algorithms 37, 2004.

use std::collections::BTreeMap;

use mupac_ir::interpret::{Mark, Stream};
use mupac_ir::parallel;

use super::prints::streams;
use super::{Expected, Runner};
use crate::bench::Variant;
use crate::observation::Observation;
use crate::outcome::TesterError;
use crate::tokens::{self, Tolerance};
use crate::toolchain::Original;

/// The builds that add in other orders.
const WAYS: [Original; 2] = [Original::Lanes, Original::Unrolled];

/// A number may be off by so many times what the samples differ by: two say little of the largest difference that there is.
const TIMES: f64 = 16.0;

/// Any number may be off by so much of itself, about twelve digits: a compiler that finds nothing to regroup moves none.
/// What is whole may be off by less than one all the same.
const LAST_DIGITS: f64 = 1.0 / (1_u64 << 40) as f64;

/// What the original prints in full.
#[derive(Debug)]
pub(super) struct InFull {
    original: Observation,
    /// The numbers of every stream, with how far they may be off.
    marks: BTreeMap<Stream, Vec<Mark>>,
}

impl InFull {
    /// Runs the original and builds that add in other orders; `None` where it does something else then.
    ///
    /// **Errors**: the machine is at fault, or time is spent.
    pub(super) fn of(
        runner: &Runner<'_>,
        expected: &Expected,
    ) -> Result<Option<Self>, TesterError> {
        let programs = runner.bench.programs;
        let original = runner.in_full(&Variant::plain(&programs.plain))?;
        let is_alike =
            |run: &Observation| run.finished.ending == expected.ending && !run.finished.is_cut;
        if !is_alike(&original) {
            return Ok(None);
        }
        let runs = parallel::map(&WAYS, |how| match runner.rebuilt(*how)? {
            Some(program) => runner.in_full(&Variant::plain(&program)).map(Some),
            None => Ok(None),
        });
        let runs: Vec<Option<Observation>> = runs.into_iter().collect::<Result<_, _>>()?;
        let mut marks = BTreeMap::new();
        for (stream, texts) in streams(original.output(), original.output()) {
            let texts = texts.into_iter();
            let numbers = texts.flat_map(|(text, _)| tokens::numbers(text, LAST_DIGITS));
            marks.insert(stream, numbers.collect());
        }
        for run in runs.into_iter().flatten().filter(is_alike) {
            // A build that prints something else says nothing of numbers.
            for (stream, moved) in moved(expected, &original, &run).unwrap_or_default() {
                join(marks.entry(stream).or_default(), moved);
            }
        }
        Ok(Some(Self { original, marks }))
    }

    /// Returns whether a run that prints in full is near enough.
    pub(super) fn is_near(&self, expected: &Expected, run: &Observation) -> bool {
        let mut texts = streams(self.original.output(), run.output()).into_iter();
        run.finished.ending == expected.ending
            && !run.finished.is_cut
            && texts.all(|(stream, texts)| {
                let marks = self.marks.get(&stream).map_or(&[][..], Vec::as_slice);
                let tolerance = Tolerance::Numbers(marks);
                texts.is_some_and(|(wanted, got)| {
                    let masked = expected.masked(&stream);
                    tokens::difference(wanted, got, &masked, tolerance).is_none()
                })
            })
    }
}

/// Returns how far every number lies from the original's; `None` where anything else differs.
fn moved(
    expected: &Expected,
    original: &Observation,
    run: &Observation,
) -> Option<BTreeMap<Stream, Vec<Mark>>> {
    let mut all = BTreeMap::new();
    for (stream, texts) in streams(original.output(), run.output()) {
        let (wanted, got) = texts?;
        let mut marks = tokens::moved(wanted, got, &expected.masked(&stream))?;
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
