//! Finds calls that take long enough to be measured: passed tests with larger and larger sizes.
//!
//! How long is long is decided by the original on this machine; the final call is one that the sanitized original
//! accepts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_ir::{Scalar, Size};

use crate::bench::Bench;
use crate::glue::{Callee, Slot};
use crate::inputs::{GuardSide, TestCase};
use crate::mutation::PassedTest;
use crate::observation::Order;
use crate::outcome::TesterError;
use crate::sources::ORIGINAL;
use crate::toolchain::{Original, Toolchain};

use super::TimedCall;

/// Sizes stop growing where a call takes longer than this, the making of its inputs included.
const LONG: Duration = Duration::from_millis(200);
/// And where what it leaves behind is larger than this.
///
/// **Units**: bytes.
const LARGE_BYTES: usize = 48 << 20;
/// The first of the sizes that are tried, which doubles from there.
const FIRST_SIZE: u64 = 64;
/// The last of them.
const LAST_SIZE: u64 = 1 << 25;
/// Most kinds of values from which one starts.
const MOST_STARTS: usize = 3;
/// Arms of values, those first whose values stay small in every operation.
const ARMS: [char; 7] = ['B', 'A', 'E', 'G', 'C', 'K', 'D'];

/// Builds the original as fast as it gets; `None` where that is not to be had.
pub(super) fn fast_original(
    bench: &Bench<'_>,
    toolchain: &Toolchain,
) -> Result<Option<PathBuf>, TesterError> {
    let program = bench.scratch.join("fast");
    let source = bench.scratch.join(ORIGINAL);
    let built = toolchain.build_original(&source, &program, Original::Fast)?;
    Ok(built.is_ok().then_some(program))
}

/// Returns a call of a function that takes long, if there is one that launches kernels; as long as it gets where no size
/// makes it long.
pub(super) fn timed_call(
    bench: &Bench<'_>,
    callee: &Callee,
    passed: &[&PassedTest],
    fast: &Path,
) -> Result<Option<TimedCall>, TesterError> {
    let mut best: Option<(Duration, TestCase)> = None;
    for start in starts(passed) {
        for growth in [Growth::Equal, Growth::Together] {
            let grown = grow(bench, callee, &start, growth, fast)?;
            let is_better = |(wall, _): &(Duration, TestCase)| {
                best.as_ref().is_none_or(|(longest, _)| wall > longest)
            };
            best = grown.filter(is_better).or(best);
        }
        if best.as_ref().is_some_and(|(wall, _)| *wall >= LONG / 2) {
            break;
        }
    }
    Ok(best.map(|(_, case)| TimedCall {
        function: callee.name.clone(),
        sizes: sizes(callee, &case),
        words: case.words(GuardSide::After),
        is_exact: bench.unit.relaxed.is_none(),
    }))
}

/// Returns tests to start from: those that launch kernels, on buffers of their own, one for each of the first arms.
pub(crate) fn starts(passed: &[&PassedTest]) -> Vec<TestCase> {
    let mut starts: Vec<&TestCase> = Vec::new();
    for arm in ARMS {
        let mut fitting = passed.iter().filter(|test| {
            let case = &test.expected.case;
            test.launches > 0 && case.arm() == arm && !case.has_aliases() && case.data.is_empty()
        });
        starts.extend(fitting.next().map(|test| &test.expected.case));
    }
    starts.truncate(MOST_STARTS);
    // Buffers are as large as the footprints say again.
    starts.iter().map(|case| case.within(&[])).collect()
}

/// How sizes grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    /// All have one value.
    Equal,
    /// All are multiplied by one factor.
    Together,
}

/// Returns the longest of the calls that one start leads to, with how long it takes; the start itself where no larger
/// one is valid.
fn grow(
    bench: &Bench<'_>,
    callee: &Callee,
    start: &TestCase,
    growth: Growth,
    fast: &Path,
) -> Result<Option<(Duration, TestCase)>, TesterError> {
    let mut steps = Vec::new();
    let mut size = FIRST_SIZE;
    while size <= LAST_SIZE {
        let case = sized(callee, start, growth, size);
        let is_same = steps.last().is_some_and(|(_, last)| *last == case);
        if is_same {
            break;
        }
        let observed = bench.test(fast, &case.words(GuardSide::After), Order::Ascending)?;
        let bytes = super::bytes_of(&observed.results);
        if !observed.is_complete_test() || bytes > LARGE_BYTES {
            break;
        }
        let wall = observed.finished.wall;
        steps.push((wall, case));
        if wall >= LONG {
            break;
        }
        size *= 2;
    }
    while let Some((wall, case)) = steps.pop() {
        let words = case.words(GuardSide::Before);
        let sanitized = bench.test(&bench.programs.sanitized, &words, Order::Ascending)?;
        if sanitized.is_complete_test() {
            return Ok(Some((wall, case)));
        }
    }
    Ok(None)
}

fn sized(callee: &Callee, start: &TestCase, growth: Growth, size: u64) -> TestCase {
    let mut case = start.clone();
    for (number, slot) in callee.slots.iter().enumerate() {
        let Slot::Size(scalar) = slot else { continue };
        let base = start.value(number).unwrap_or(0);
        let value = match growth {
            Growth::Equal => size,
            Growth::Together => base.saturating_mul(size / FIRST_SIZE),
        };
        case = case.with_value(number, clamped(*scalar, value));
    }
    case
}

/// A narrow type may not hold the size.
fn clamped(scalar: Scalar, value: u64) -> u64 {
    let (least, most) = scalar.integer_range().unwrap_or((0, 1024));
    i128::from(value as i64).clamp(least, most) as u64
}

fn sizes(callee: &Callee, case: &TestCase) -> Vec<Size> {
    let slots = callee.slots.iter().zip(&callee.slot_names).enumerate();
    slots
        .filter(|(_, (slot, _))| matches!(slot, Slot::Size(_)))
        .map(|(number, (_, name))| Size {
            name: name.clone(),
            value: case.value(number).unwrap_or(0) as i64,
        })
        .collect()
}
