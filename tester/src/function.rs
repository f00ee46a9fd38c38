//! Tests of one function: finds valid inputs, runs the candidate on them, and says what went wrong first.

use std::collections::BTreeMap;

use crate::bench::Bench;
use crate::bounds::Freedom;
use crate::evidence::Evidence;
use crate::glue::Callee;
use crate::inputs::{self, GuardSide, NARROWEST, TestCase};
use crate::mutation::{PassedTest, Suite};
use crate::outcome::{Failure, TesterError};
use crate::parallel;
use crate::shrink::Failing;
use crate::trial::{Expected, Extents, Judgement, judge, validate};

/// Every so many tests one runs contracted as well.
const CONTRACTED_EVERY: usize = 4;
/// Every so many tests one has buffers as large as the footprints say.
const PROPOSED_EVERY: usize = 4;
/// Most tests that are tried to reach what is missing.
const MOST_DIRECTED: usize = 24;

/// What one test said.
enum Verdict {
    /// The original does not define what happens.
    Invalid,
    /// All runs agree with the original.
    Pass(Box<Pass>),
    Fail(Box<Failure>),
}

/// Tests a function; the failure is that of the first test that fails.
pub(crate) fn test(
    bench: &Bench<'_>,
    callee: &Callee,
    evidence: &mut Evidence,
    suite: &mut Suite,
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
                        evidence.tests += 1;
                        pass.add_to(callee, evidence, suite);
                    }
                    Verdict::Fail(failure) => return Ok(Some(*failure)),
                }
            }
        }
        evidence.dropped += invalid;
        // Over half invalid: smaller numbers are more often what the function expects.
        if found >= wanted || invalid * 2 <= tried {
            break;
        }
    }
    if found == 0 {
        evidence.untested.insert(format!(
            "{}: no input was found on which the original is defined",
            callee.name
        ));
        return Ok(None);
    }
    directed(bench, callee, evidence, suite)
}

fn one_test(
    bench: &Bench<'_>,
    callee: &Callee,
    index: usize,
    narrowing: usize,
) -> Result<Verdict, TesterError> {
    let case = inputs::test_case(callee, bench.options.seed, index, narrowing);
    test_of(bench, callee, case, index)
}

/// Runs one test.
fn test_of(
    bench: &Bench<'_>,
    callee: &Callee,
    case: TestCase,
    index: usize,
) -> Result<Verdict, TesterError> {
    // Where a guard asks whether a range that is not touched as a whole can be copied, it holds only now and then.
    let extents = if index % PROPOSED_EVERY == 1 {
        Extents::Proposed
    } else {
        Extents::Touched
    };
    let Some(expected) = validate(bench, callee, &case, extents)? else {
        return Ok(Verdict::Invalid);
    };
    let (mut launches, mut undecided) = (BTreeMap::new(), 0);
    for variant in bench.programs.variants(bench.options.seed) {
        let is_contracted = variant.freedom == Freedom::Contraction;
        if is_contracted && !index.is_multiple_of(CONTRACTED_EVERY) {
            continue;
        }
        let observed = bench.candidate(&variant, &expected.case)?;
        match judge(bench, &expected, &observed, callee, variant.freedom)? {
            Judgement::Agrees => {}
            Judgement::Unknown if is_contracted => undecided += 1,
            Judgement::Unknown => return Ok(Verdict::Invalid),
            Judgement::Fault(fault) => {
                let failing = Failing {
                    bench,
                    callee,
                    variant,
                    extents,
                    kind: fault.kind,
                };
                let element = fault.element;
                let failure = fault.failure(&observed, callee, &variant, &expected.case);
                let failure = failing.shrunk(case, expected.case, failure, element)?;
                return Ok(Verdict::Fail(Box::new(failure)));
            }
        }
        if variant.is_first() {
            launches = observed.report.launches;
        }
    }
    Ok(Verdict::Pass(Box::new(Pass {
        expected,
        launches,
        undecided,
    })))
}

/// What a passed test adds to the evidence.
#[derive(Debug)]
struct Pass {
    expected: Expected,
    /// The launches of the run in ascending order.
    launches: BTreeMap<String, u64>,
    /// Runs that could not be judged.
    undecided: usize,
}

impl Pass {
    fn add_to(self, callee: &Callee, evidence: &mut Evidence, suite: &mut Suite) {
        evidence.add_launches(&self.launches);
        evidence.undecided += self.undecided;
        evidence.add_reached(self.expected.reached());
        suite.tests.push(PassedTest {
            callee: callee.number,
            expected: self.expected,
            launches: self.launches.values().sum(),
        });
    }
}

/// Looks for tests that reach what others have not, and runs those.
///
/// Numbers are those that the function names, and their neighbours: what a condition compares with is among them.
fn directed(
    bench: &Bench<'_>,
    callee: &Callee,
    evidence: &mut Evidence,
    suite: &mut Suite,
) -> Result<Option<Failure>, TesterError> {
    for index in 0..MOST_DIRECTED {
        if !bench.probed.is_missing(&callee.name, &evidence.reached) {
            return Ok(None);
        }
        let case = inputs::directed_case(callee, bench.options.seed, index);
        let traced = bench.original(&case.words(GuardSide::After))?;
        let is_useful = traced.is_complete_test() && evidence.reaches_more(&traced.results.reached);
        if !is_useful {
            continue;
        }
        match test_of(bench, callee, case, index)? {
            Verdict::Invalid => evidence.dropped += 1,
            Verdict::Pass(pass) => {
                evidence.directed += 1;
                pass.add_to(callee, evidence, suite);
            }
            Verdict::Fail(failure) => return Ok(Some(*failure)),
        }
    }
    Ok(None)
}
