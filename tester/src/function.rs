//! Tests of one function: finds valid inputs, runs the candidate on them, and says what went wrong first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mupac_ir::Unit;

use crate::bounds::{Bounds, bounds};
use crate::compare;
use crate::evidence::Evidence;
use crate::glue::Callee;
use crate::inputs::{self, NARROWEST, TestCase};
use crate::isolation::Ending;
use crate::observation::{Observation, Order, Run};
use crate::options::CheckOptions;
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::parallel;
use crate::results::{Holder, Results};

/// The programs of a check.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) plain: PathBuf,
    pub(crate) sanitized: PathBuf,
    /// The candidate with a threshold of 0, so that kernels are launched.
    pub(crate) candidate: PathBuf,
    /// The candidate as the user gets it; `None` where it has no kernels and so no threshold.
    pub(crate) candidate_default: Option<PathBuf>,
}

/// What a check runs with.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) programs: &'a Programs,
    pub(crate) options: &'a CheckOptions,
    pub(crate) scratch: &'a Path,
    /// The text under test.
    pub(crate) unit: &'a Unit,
}

impl Bench<'_> {
    fn test(&self, program: &Path, words: &str, order: Order) -> Result<Observation, TesterError> {
        self.run(program, words, order).observe()
    }

    /// Returns what memory holds before the call.
    fn inputs(&self, words: &str) -> Result<Observation, TesterError> {
        Run {
            is_dry: true,
            ..self.run(&self.programs.plain, words, Order::Ascending)
        }
        .observe()
    }

    fn run<'b>(&'b self, program: &'b Path, words: &'b str, order: Order) -> Run<'b> {
        Run {
            program,
            test: Some(words),
            order,
            arguments: &[],
            stdin: None,
            limit: self.options.test_limit,
            scratch: self.scratch,
            is_kept: self.options.keep_temporaries,
            is_dry: false,
        }
    }
}

/// What the original did in a valid test.
#[derive(Debug)]
struct Expected {
    case: TestCase,
    results: Results,
    stdout: Vec<u8>,
}

/// What one test said.
enum Verdict {
    /// The original does not define what happens.
    Invalid,
    /// All runs agree with the original; the launches of the run in ascending order.
    Pass(BTreeMap<String, u64>),
    Fail(Failure),
}

/// Tests a function; the failure is that of the first test that fails.
pub(crate) fn test(
    bench: &Bench<'_>,
    callee: &Callee,
    evidence: &mut Evidence,
) -> Result<Option<Failure>, TesterError> {
    let wanted = bench.options.tests_per_entry;
    let mut found = 0;
    for narrowing in 0..=NARROWEST {
        let mut tried = 0;
        let mut invalid = 0;
        while found < wanted && tried < 2 * wanted {
            // Whole rounds of as many tests as run at once: which failure is first then does not depend on timing.
            let most = (wanted - found).min(2 * wanted - tried);
            let round: Vec<usize> = (tried..tried + parallel::width().min(most)).collect();
            tried += round.len();
            let verdicts =
                parallel::map(&round, |&index| one_test(bench, callee, index, narrowing));
            for verdict in verdicts {
                match verdict? {
                    Verdict::Invalid => invalid += 1,
                    Verdict::Pass(launches) => {
                        found += 1;
                        evidence.add_launches(&launches);
                    }
                    Verdict::Fail(failure) => return Ok(Some(failure)),
                }
            }
        }
        evidence.dropped += invalid;
        // Over half invalid: smaller numbers are more often what the function expects.
        if found >= wanted || invalid * 2 <= tried {
            break;
        }
    }
    evidence.tests += found;
    if found == 0 {
        evidence.untested.insert(format!(
            "{}: no input was found on which the original is defined",
            callee.name
        ));
    }
    Ok(None)
}

fn one_test(
    bench: &Bench<'_>,
    callee: &Callee,
    index: usize,
    narrowing: usize,
) -> Result<Verdict, TesterError> {
    let case = inputs::test_case(callee, bench.options.seed, index, narrowing);
    let Some(expected) = validate(bench, case)? else {
        return Ok(Verdict::Invalid);
    };
    let words = expected.case.to_string();
    let mut launches = BTreeMap::new();
    let default = bench.programs.candidate_default.iter();
    let runs = Order::all(bench.options.seed)
        .map(|order| (&bench.programs.candidate, order, ""))
        .into_iter()
        .chain(default.map(|program| (program, Order::Ascending, " threshold=default")));
    for (program, order, more) in runs {
        let observed = bench.test(program, &words, order)?;
        match judge(bench, &expected, &observed, callee)? {
            Judgement::Agrees => {}
            Judgement::Unknown => return Ok(Verdict::Invalid),
            Judgement::Fault(fault) => {
                let words = format!("{words}{more}");
                let failure = fault.failure(&observed, callee, order, &words);
                return Ok(Verdict::Fail(failure));
            }
        }
        if order == Order::Ascending && more.is_empty() {
            launches = observed.report.launches;
        }
    }
    Ok(Verdict::Pass(launches))
}

/// What a run of the candidate says.
enum Judgement {
    Agrees,
    Fault(Fault),
    /// It may be as right as the original: how far its sums may be off is not known.
    Unknown,
}

/// Runs the original twice, with different values in memory that it has not written; `None` where a sanitizer
/// complains, the run does not end, or the two differ.
fn validate(bench: &Bench<'_>, case: TestCase) -> Result<Option<Expected>, TesterError> {
    let words = case.to_string();
    let sanitized = bench.test(&bench.programs.sanitized, &words, Order::Ascending)?;
    if !sanitized.is_complete_test() {
        return Ok(None);
    }
    let plain = bench.test(&bench.programs.plain, &words, Order::Ascending)?;
    let agree = plain.is_complete_test()
        && compare::difference(&sanitized.results, &plain.results, None, &|_| String::new())
            .is_none()
        && sanitized.finished.stdout == plain.finished.stdout;
    Ok(agree.then_some(Expected {
        case,
        results: plain.results,
        stdout: plain.finished.stdout,
    }))
}

/// A fault before it is known under which order it was seen.
pub(crate) struct Fault {
    pub(crate) kind: FailureKind,
    pub(crate) kernel: Option<String>,
    pub(crate) message: String,
}

impl Fault {
    fn failure(
        self,
        observed: &Observation,
        callee: &Callee,
        order: Order,
        words: &str,
    ) -> Failure {
        // The ascending order came first and passed.
        let kind = if self.kind == FailureKind::Value && order != Order::Ascending {
            FailureKind::Nondeterministic
        } else {
            self.kind
        };
        Failure {
            kind,
            function: Some(callee.name.clone()),
            kernel: self.kernel.or_else(|| only_kernel(observed)),
            message: self.message,
            replay: format!("{words} order={}", order.word()),
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
        });
    }
    let fault = |kind, message| {
        Some(Fault {
            kind,
            kernel: None,
            message,
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

fn judge(
    bench: &Bench<'_>,
    expected: &Expected,
    observed: &Observation,
    callee: &Callee,
) -> Result<Judgement, TesterError> {
    if let Some(fault) = intrinsic_fault(observed) {
        return Ok(Judgement::Fault(fault));
    }
    let fault = |kind, message| {
        Ok(Judgement::Fault(Fault {
            kind,
            kernel: None,
            message,
        }))
    };
    if !observed.is_complete_test() || !observed.report.is_complete {
        let how = match observed.finished.ending {
            Ending::Exit(code) => format!("exit code {code}"),
            Ending::Signal(signal) => format!("signal {signal}"),
            Ending::TimedOut => "a time out".to_owned(),
        };
        return fault(
            FailureKind::Crash,
            format!("the call did not return; the process ended with {how}"),
        );
    }
    let names = |of: Holder| {
        let name = match of {
            Holder::Buffer(index) => callee.parameter_names.get(index),
            Holder::Global(index) => callee.global_names.get(index),
            Holder::Result => None,
        };
        name.cloned().unwrap_or_default()
    };
    let differs = |bounds: Option<&Bounds>| {
        compare::difference(&expected.results, &observed.results, bounds, &names)
    };
    if let Some(difference) = differs(None) {
        let Some(reordered) = &bench.unit.reordered else {
            return fault(FailureKind::Value, difference);
        };
        let inputs = bench.inputs(&expected.case.to_string())?.results;
        let mut entries = bench.unit.entries.iter();
        let entry = entries.find(|entry| entry.function.name == callee.name);
        let bounds =
            entry.and_then(|entry| bounds(reordered, entry, callee, &expected.case, &inputs));
        let Some(bounds) = bounds else {
            return Ok(Judgement::Unknown);
        };
        if let Some(difference) = differs(Some(&bounds)) {
            return fault(FailureKind::Value, difference);
        }
    }
    if expected.stdout != observed.finished.stdout {
        return fault(
            FailureKind::Value,
            "it prints something else than the original".to_owned(),
        );
    }
    Ok(Judgement::Agrees)
}
