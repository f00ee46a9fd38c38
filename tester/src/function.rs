//! Tests of one function: finds valid inputs, runs the candidate on them, and says what went wrong first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mupac_ir::Unit;

use crate::bounds::{Bounds, Freedom, bounds};
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
use crate::tokens::{self, Tolerance};

/// Every so many tests one runs contracted as well.
const CONTRACTED_EVERY: usize = 4;

/// The programs of a check.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) plain: PathBuf,
    pub(crate) sanitized: PathBuf,
    /// The candidate with a threshold of 0, so that kernels are launched.
    pub(crate) candidate: PathBuf,
    /// The candidate as the user gets it; `None` where it has no kernels and so no threshold.
    pub(crate) candidate_default: Option<PathBuf>,
    /// The candidate with a threshold of 0 and contracted products and sums; `None` where there are none to contract.
    pub(crate) candidate_contracted: Option<PathBuf>,
}

/// One way to run the candidate in a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) program: &'a Path,
    pub(crate) order: Order,
    pub(crate) freedom: Freedom,
    is_default: bool,
}

impl Variant<'_> {
    /// Returns whether this is the run whose launches are counted.
    pub(crate) fn is_first(&self) -> bool {
        self.order == Order::Ascending && self.freedom == Freedom::Order && !self.is_default
    }

    /// Returns the words of a replay that tell this run from others.
    pub(crate) fn words(&self) -> String {
        let mut words = format!("order={}", self.order.word());
        if self.is_default {
            words.push_str(" threshold=default");
        }
        match self.freedom {
            Freedom::Order => {}
            Freedom::Contraction => words.push_str(" contracted"),
        }
        words
    }
}

impl Programs {
    /// Returns every way to run the candidate; the first is in ascending order with a threshold of 0.
    pub(crate) fn variants(&self, seed: u64) -> Vec<Variant<'_>> {
        let variant = |program, order, is_default, freedom| Variant {
            program,
            order,
            freedom,
            is_default,
        };
        let mut variants: Vec<_> = Order::all(seed)
            .iter()
            .map(|&order| variant(self.candidate.as_path(), order, false, Freedom::Order))
            .collect();
        let default = self.candidate_default.iter();
        variants.extend(
            default.map(|program| variant(program, Order::Ascending, true, Freedom::Order)),
        );
        let contracted = self.candidate_contracted.iter();
        variants.extend(
            contracted
                .map(|program| variant(program, Order::Ascending, false, Freedom::Contraction)),
        );
        variants
    }
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
    /// All runs agree with the original.
    Pass(Pass),
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
                    Verdict::Pass(pass) => {
                        found += 1;
                        evidence.add_launches(&pass.launches);
                        evidence.undecided += pass.undecided;
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
    let mut pass = Pass::default();
    for variant in bench.programs.variants(bench.options.seed) {
        let is_contracted = variant.freedom == Freedom::Contraction;
        if is_contracted && !index.is_multiple_of(CONTRACTED_EVERY) {
            continue;
        }
        let observed = bench.test(variant.program, &words, variant.order)?;
        match judge(bench, &expected, &observed, callee, variant.freedom)? {
            Judgement::Agrees => {}
            Judgement::Unknown if is_contracted => pass.undecided += 1,
            Judgement::Unknown => return Ok(Verdict::Invalid),
            Judgement::Fault(fault) => {
                let failure = fault.failure(&observed, callee, &variant, &words);
                return Ok(Verdict::Fail(failure));
            }
        }
        if variant.is_first() {
            pass.launches = observed.report.launches;
        }
    }
    Ok(Verdict::Pass(pass))
}

/// What a passed test adds to the evidence.
#[derive(Debug, Default)]
struct Pass {
    /// The launches of the run in ascending order.
    launches: BTreeMap<String, u64>,
    /// Runs that could not be judged.
    undecided: usize,
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
        variant: &Variant<'_>,
        words: &str,
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
            replay: format!("{words} {}", variant.words()),
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
    freedom: Freedom,
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
    let prints = |tolerance| {
        let stdout = &observed.finished.stdout;
        tokens::difference(&expected.stdout, stdout, &BTreeSet::new(), tolerance)
    };
    let Some(difference) = differs(None).or_else(|| prints(Tolerance::Bytes)) else {
        return Ok(Judgement::Agrees);
    };
    let relaxed = bench.unit.relaxed.as_ref();
    let Some(relaxed) = relaxed.filter(|_| freedom.is_of(bench.unit)) else {
        return fault(FailureKind::Value, difference);
    };
    let inputs = bench.inputs(&expected.case.to_string())?.results;
    let mut entries = bench.unit.entries.iter();
    let entry = entries.find(|entry| entry.function.name == callee.name);
    let bounds =
        entry.and_then(|entry| bounds(relaxed, freedom, entry, callee, &expected.case, &inputs));
    let Some(bounds) = bounds else {
        return Ok(Judgement::Unknown);
    };
    let printed = Tolerance::Numbers(bounds.marks(&expected.stdout));
    match differs(Some(&bounds)).or_else(|| prints(printed)) {
        Some(difference) => fault(FailureKind::Value, difference),
        None => Ok(Judgement::Agrees),
    }
}
