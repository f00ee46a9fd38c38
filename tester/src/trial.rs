//! One test of a function: whether the original defines it, and whether the candidate does the same.

use crate::bench::{Bench, Variant};
use crate::bounds::{Bounds, Freedom, bounds};
use crate::compare::{self, Difference};
use crate::coverage::Reached;
use crate::glue::Callee;
use crate::inputs::{GuardSide, Invalid, TestCase};
use crate::isolation::Ending;
use crate::masks::Masks;
use crate::observation::{Observation, Order};
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::results::{Element, Holder, Results};
use crate::tokens::{self, Tolerance};

/// What the original did in a valid test.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) case: TestCase,
    pub(crate) results: Results,
    pub(crate) stdout: Vec<u8>,
    /// The elements that buffers turned out to need beyond those that they had.
    pub(crate) grown: Vec<(usize, i64, i64)>,
}

impl Expected {
    /// Returns what the probes of the original saw.
    pub(crate) fn reached(&self) -> &Reached {
        &self.results.reached
    }
}

/// What a run of the candidate says.
pub(crate) enum Judgement {
    Agrees,
    Fault(Fault),
    /// It needs too much, as the original may not: it launches too many threads.
    TooLarge,
    /// It may be as right as the original: how far its numbers may be off is not known.
    Unknown,
}

/// How large buffers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extents {
    /// As the footprints of the plan say.
    Proposed,
    /// What the original touches and no more, so that a copy that is too wide faults.
    Touched,
    /// The same of one buffer, while the others are as the footprints say.
    TouchedOf(usize),
}

/// Runs the original twice, under sanitizers and traced, with different values in memory that it has not written and
/// with unmapped memory on either side of its buffers.
///
/// The inner error says why the input is no test: a sanitizer complains, a run does not end, or the two differ.
pub(crate) fn validate(
    bench: &Bench<'_>,
    callee: &Callee,
    case: &TestCase,
    extents: Extents,
) -> Result<Result<Expected, Invalid>, TesterError> {
    let (case, plain, grown) = match grown(bench, callee, case)? {
        Ok(grown) => grown,
        Err(why) => return Ok(Err(why)),
    };
    if !plain.is_complete_test() {
        let known = why(bench, &plain);
        if known == Invalid::TooLarge && !grown.is_empty() {
            return Ok(Err(Invalid::Far));
        }
        if known != Invalid::Other {
            return Ok(Err(known));
        }
        // A crash says nothing of its cause, sanitizers do.
        let words = case.words(GuardSide::After);
        let sanitized = bench.test(&bench.programs.sanitized, &words, Order::Ascending)?;
        return Ok(Err(why(bench, &sanitized)));
    }
    let touched = &plain.results.touched;
    // Of promised memory a plan may copy all, and pointers into one buffer reach over each other's elements.
    let is_cut = |buffer: usize| match extents {
        Extents::Proposed => false,
        Extents::Touched => true,
        Extents::TouchedOf(one) => buffer == one,
    };
    let touched = touched.iter().filter(|(buffer, ..)| is_cut(*buffer));
    let touched: Vec<_> = touched.copied().collect();
    let may_cut = callee.promised.is_empty() && !case.has_aliases();
    if may_cut && !touched.is_empty() {
        let cut = case.within(&touched);
        let plain = bench.original(&cut.words(GuardSide::After))?;
        // Library functions touch memory that no trace shows.
        if let Ok(expected) = agreed(bench, cut, plain, &grown)? {
            return Ok(Ok(expected));
        }
    }
    agreed(bench, case, plain, &grown)
}

/// How often each buffer grows that is too small for what the original does.
const MOST_GROWTHS: usize = 8;

/// The most elements that it grows to: a test that touches all of them would take seconds where every access is watched.
const MOST_GROWN: i64 = 1 << 21;

/// The elements of a buffer: its number, the first, and one past the last.
type Elements = (usize, i64, i64);

/// A test whose buffers have all elements that the original touches, its last run, and the elements that they were given.
type Grown = (TestCase, Observation, Vec<Elements>);

/// Runs the original; while an access misses a buffer, it gets more elements. What misses a promised one breaks the promise,
/// and there is nothing before the start of a block.
fn grown(
    bench: &Bench<'_>,
    callee: &Callee,
    case: &TestCase,
) -> Result<Result<Grown, Invalid>, TesterError> {
    let mut case = case.clone();
    let mut grown: Vec<Elements> = Vec::new();
    let mut plain = bench.original(&case.words(GuardSide::After))?;
    while let Some(missed) = plain.results.missed {
        let growths = grown.iter().filter(|(buffer, ..)| *buffer == missed.0);
        let is_before = callee.blocks.contains(&missed.0) && missed.1 < 0;
        if callee.promised.contains(&missed.0) || is_before || growths.count() == MOST_GROWTHS {
            break;
        }
        if missed.2.saturating_sub(missed.1) > MOST_GROWN {
            return Ok(Err(Invalid::Far));
        }
        case = case.within(&[missed]);
        grown.push(missed);
        plain = bench.original(&case.words(GuardSide::After))?;
    }
    Ok(Ok((case, plain, grown)))
}

/// How a test program ends where a test would need too much.
const TOO_LARGE: i32 = 98;

/// How it ends where the function returns a pointer to memory that is none of the test's.
const ELSEWHERE: i32 = 94;

/// Returns why a run of the original is no test.
fn why(bench: &Bench<'_>, run: &Observation) -> Invalid {
    if bench.programs.needs(run).is_some() {
        return Invalid::Missing;
    }
    if run.finished.ending == Ending::Exit(ELSEWHERE) {
        return Invalid::Elsewhere;
    }
    if matches!(
        run.finished.ending,
        Ending::Exit(TOO_LARGE) | Ending::TimedOut | Ending::OutOfMemory
    ) {
        return Invalid::TooLarge;
    }
    Invalid::of_complaint(&String::from_utf8_lossy(&run.finished.stderr))
}

/// Compares a run of the original with one under sanitizers.
fn agreed(
    bench: &Bench<'_>,
    case: TestCase,
    plain: Observation,
    grown: &[Elements],
) -> Result<Result<Expected, Invalid>, TesterError> {
    if !plain.is_complete_test() {
        return Ok(Err(why(bench, &plain)));
    }
    let words = case.words(GuardSide::Before);
    let sanitized = bench.test(&bench.programs.sanitized, &words, Order::Ascending)?;
    let is_same =
        |a: &Results, b: &Results| compare::difference(a, b, None, &|_| String::new()).is_none();
    let agree = sanitized.is_complete_test()
        && is_same(&sanitized.results, &plain.results)
        && sanitized.finished.stdout == plain.finished.stdout;
    if !agree {
        return Ok(Err(why(bench, &sanitized)));
    }
    Ok(Ok(Expected {
        case,
        results: plain.results,
        stdout: plain.finished.stdout,
        grown: grown.to_vec(),
    }))
}

/// A fault before it is known under which order it was seen.
pub(crate) struct Fault {
    pub(crate) kind: FailureKind,
    pub(crate) kernel: Option<String>,
    pub(crate) message: String,
    /// The first value that is wrong, where the fault is a wrong value.
    pub(crate) element: Option<Element>,
}

impl Fault {
    /// Returns what is reported of it.
    pub(crate) fn failure(
        self,
        observed: &Observation,
        callee: &Callee,
        variant: &Variant<'_>,
        case: &TestCase,
    ) -> Failure {
        // The ascending order came first and passed.
        let is_other_order = variant.order != Order::Ascending;
        let kind = if self.kind == FailureKind::Value && is_other_order {
            FailureKind::Nondeterministic
        } else {
            self.kind
        };
        Failure {
            kind,
            function: Some(callee.name.clone()),
            kernel: self.kernel.or_else(|| only_kernel(observed)),
            message: self.message,
            replay: format!("{} {}", case.words(variant.side), variant.words()),
            counterexample: None,
            origin: None,
            is_rounding: false,
        }
    }
}

/// The kernel of a run that launched only one.
pub(crate) fn only_kernel(observed: &Observation) -> Option<String> {
    let mut names = observed.report.launches.keys();
    names.next().filter(|_| names.next().is_none()).cloned()
}

/// Faults that need no comparison with the original.
pub(crate) fn intrinsic_fault(observed: &Observation) -> Option<Fault> {
    let report = &observed.report;
    if let Some(fault) = &report.fault {
        return Some(Fault {
            kind: fault.kind,
            kernel: fault.kernel.clone(),
            message: fault.message.clone(),
            element: None,
        });
    }
    let fault = |kind, message| {
        Some(Fault {
            kind,
            kernel: None,
            message,
            element: None,
        })
    };
    if observed.finished.ending == Ending::TimedOut {
        let seconds = observed.finished.wall.as_secs();
        return fault(
            FailureKind::Timeout,
            format!("the run did not end within {seconds} s"),
        );
    }
    if let Some((name, call)) = report.errors.first() {
        return fault(FailureKind::CudaError, format!("{call} fails with {name}"));
    }
    None
}

/// Judges a run that launched so much that it was ended: each launch stands for something that the original does.
fn too_large(expected: &Expected, launches: u64) -> Judgement {
    let work = expected.results.work;
    if launches <= work {
        return Judgement::TooLarge;
    }
    Judgement::Fault(Fault {
        kind: FailureKind::Timeout,
        kernel: None,
        message: format!(
            "it does not end within {launches} launches, where the original makes {work} accesses"
        ),
        element: None,
    })
}

pub(crate) fn judge(
    bench: &Bench<'_>,
    expected: &Expected,
    observed: &Observation,
    callee: &Callee,
    freedom: Freedom,
) -> Result<Judgement, TesterError> {
    if let Some(fault) = intrinsic_fault(observed) {
        return Ok(Judgement::Fault(fault));
    }
    // What is watched on the CPU takes many times the memory that it takes otherwise.
    if observed.finished.ending == Ending::OutOfMemory {
        return Ok(Judgement::TooLarge);
    }
    let fault = |kind, message, element| {
        Ok(Judgement::Fault(Fault {
            kind,
            kernel: None,
            message,
            element,
        }))
    };
    let wrong =
        |difference: Difference| fault(FailureKind::Value, difference.message, difference.element);
    if let Some(launches) = observed.report.too_large {
        return Ok(too_large(expected, launches));
    }
    if observed.finished.ending == Ending::Exit(ELSEWHERE) {
        let message = "it returns a pointer to memory of its own".to_owned();
        return fault(FailureKind::Value, message, None);
    }
    if !observed.is_complete_test() || !observed.report.is_complete {
        let how = match observed.finished.ending {
            Ending::Exit(code) => format!("exit code {code}"),
            Ending::Signal(signal) => format!("signal {signal}"),
            Ending::TimedOut => "a time out".to_owned(),
            Ending::OutOfMemory => "too much memory".to_owned(),
        };
        return fault(
            FailureKind::Crash,
            format!("the call did not return; the process ended with {how}"),
            None,
        );
    }
    let names = |of: Holder| callee.name_of(of);
    let differs = |bounds: Option<&Bounds>| {
        compare::difference(&expected.results, &observed.results, bounds, &names)
    };
    let prints = |tolerance| {
        let stdout = &observed.finished.stdout;
        tokens::difference(&expected.stdout, stdout, &Masks::default(), tolerance).map(|message| {
            Difference {
                message,
                element: None,
            }
        })
    };
    let Some(difference) = differs(None).or_else(|| prints(Tolerance::Bytes)) else {
        return Ok(Judgement::Agrees);
    };
    let relaxed = bench.unit.relaxed.as_ref();
    let Some(relaxed) = relaxed.filter(|_| freedom.is_of(bench.unit)) else {
        return wrong(difference);
    };
    let inputs = bench.inputs(&expected.case)?.results;
    let mut entries = bench.unit.entries.iter();
    let entry = entries.find(|entry| entry.function.name == callee.name);
    let bounds = entry.and_then(|entry| bounds(relaxed, freedom, entry, callee, expected, &inputs));
    let Some(bounds) = bounds else {
        return Ok(Judgement::Unknown);
    };
    let printed = Tolerance::Numbers(bounds.marks(&expected.stdout));
    match differs(Some(&bounds)).or_else(|| prints(printed)) {
        Some(difference) => wrong(difference),
        None => Ok(Judgement::Agrees),
    }
}
