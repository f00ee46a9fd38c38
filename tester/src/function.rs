//! Tests of one function: finds valid inputs, runs the candidate on them, and says what went wrong first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use mupac_ir::parallel;

use crate::bench::Bench;
use crate::bounds::Freedom;
use crate::coverage::{self, Reached};
use crate::evidence::Untested;
use crate::glue::Callee;
use crate::inputs::{self, GuardSide, Invalid, Limit, Limits, NARROWEST, TestCase};
use crate::isolation::Ending;
use crate::mutation::PassedTest;
use crate::outcome::{Failure, TesterError};
use crate::outline;
use crate::shrink::Failing;
use crate::trial::{Expected, Extents, Judgement, judge, validate};
use crate::verdicts::Passed;

/// Every so many tests one runs contracted as well.
const CONTRACTED_EVERY: usize = 4;
/// Every so many tests one has buffers as large as the footprints say.
const PROPOSED_EVERY: usize = 4;
/// Most tests that run before what they say of inputs is looked at.
const LARGEST_ROUND: usize = 8;
/// So many inputs are tried before other functions have their turn.
const FIRST_TRIED: usize = 8;
/// After so many inputs that no limit makes a test, no more limits are tried.
const MOST_UNEXPLAINED: usize = 3;
/// After so many inputs of which nobody can tell whether the text is right, and none of which somebody can, a program that
/// stands in for one that takes too long gets no more: its sizes are the same in all.
const MOST_UNDECIDED: usize = 6;
/// So many tests run however much each of them does.
const FEWEST_TESTS: usize = 24;
/// The same of a program that stands in for one that takes too long: its sizes are as large as they get, and the same in all.
const FEWEST_BY_STAND_IN: usize = 12;
/// Beyond those, tests are made until they have done so much together: a function that always does the same shows little
/// more in more of them.
///
/// **Units**: accesses of the original.
const MOST_WORK: u64 = 1 << 25;
/// Most tests that are tried to reach what is missing.
const MOST_DIRECTED: usize = 24;
/// An access of the original takes less in the CPU runtime, with its share of launches and barriers.
const SLOWEST_ACCESS: Duration = Duration::from_millis(10);

/// What one test said.
enum Verdict {
    /// The original does not define what happens.
    Invalid(Invalid),
    /// All runs agree with the original.
    Pass(Box<Pass>),
    Fail(Box<Failure>),
}

/// The tests of one function, made in rounds.
pub(crate) struct Series<'a> {
    callee: &'a Callee,
    /// How many are wanted.
    wanted: usize,
    search: Search,
    passed: Passed,
    found: usize,
    /// How narrow inputs are now, how many were tried so, and how many of these were none.
    narrowing: usize,
    tried: usize,
    invalid: usize,
    /// What was spent, where that ended the series.
    spent: Option<String>,
}

/// The failure of the first test that fails.
type Failed = Option<Box<Failure>>;

impl<'a> Series<'a> {
    pub(crate) fn new(bench: &Bench<'_>, callee: &'a Callee) -> Self {
        let fewest = match bench.full {
            Some(_) => FEWEST_BY_STAND_IN,
            None => FEWEST_TESTS,
        };
        Self {
            callee,
            wanted: bench.options.tests_per_entry,
            search: Search {
                fewest,
                most_undecided: match bench.full {
                    Some(_) => MOST_UNDECIDED,
                    None => usize::MAX,
                },
                ..Search::default()
            },
            passed: Passed::default(),
            found: 0,
            narrowing: 0,
            tried: 0,
            invalid: 0,
            spent: None,
        }
    }

    /// Makes the first tests: as few as say anything, if these are soon found.
    pub(crate) fn begin(&mut self, bench: &Bench<'_>) -> Result<Failed, TesterError> {
        self.until(bench, 1, FIRST_TRIED)
    }

    /// Looks on for the first tests where none were soon found.
    pub(crate) fn insist(&mut self, bench: &Bench<'_>) -> Result<Failed, TesterError> {
        self.until(bench, 1, usize::MAX)
    }

    /// Makes the others, as long as there is time; what tests of other functions reached of it need not be reached again.
    pub(crate) fn end(
        mut self,
        bench: &Bench<'_>,
        reached: &Reached,
    ) -> Result<Result<Passed, Box<Failure>>, TesterError> {
        if let Some(failure) = self.until(bench, self.wanted, usize::MAX)? {
            return Ok(Err(failure));
        }
        let name = outline::tested(bench.unit, &self.callee.name);
        if self.found == 0 {
            let why = match self.spent {
                Some(spent) => spent,
                None => self.search.why(bench),
            };
            let untested = &mut self.passed.evidence.untested;
            untested.insert(Untested { what: name, why });
            return Ok(Ok(self.passed));
        }
        let limits = &self.search.limits;
        let directed = match self.spent {
            Some(what) => Err(TesterError::Exhausted { what }),
            None => directed(bench, self.callee, limits, reached, &mut self.passed),
        };
        match directed {
            Err(TesterError::Exhausted { .. }) => {
                let count = self.found;
                let words = format!("{name}: more than {count} of {} tests", self.wanted);
                self.passed.evidence.left_out.insert(words);
            }
            directed => {
                if let Some(failure) = directed? {
                    return Ok(Err(failure));
                }
            }
        }
        self.passed.limits = Some(self.search.limits);
        Ok(Ok(self.passed))
    }

    /// Makes rounds of tests until so many are found, so many inputs were tried, no more are wanted, or time is spent.
    fn until(
        &mut self,
        bench: &Bench<'_>,
        most: usize,
        tries: usize,
    ) -> Result<Failed, TesterError> {
        while self.spent.is_none() && self.found < most && self.tried < tries && self.goes_on() {
            match self.round(bench) {
                Err(TesterError::Exhausted { what }) => self.spent = Some(what),
                Ok(None) => {}
                failed => return failed,
            }
        }
        Ok(None)
    }

    /// Returns whether more tests are to be made; where over half of the inputs are none, of smaller numbers, which are more
    /// often what the function expects.
    fn goes_on(&mut self) -> bool {
        while self.search.wants_more(self.found, self.wanted) {
            if self.tried < 2 * self.wanted {
                return true;
            }
            if self.invalid * 2 <= self.tried || self.narrowing == NARROWEST {
                return false;
            }
            self.narrowing += 1;
            (self.tried, self.invalid) = (0, 0);
        }
        false
    }

    /// Makes a whole round: what a later test learns of earlier ones, and which failure is first, does not depend on timing.
    fn round(&mut self, bench: &Bench<'_>) -> Result<Failed, TesterError> {
        let Self { callee, wanted, .. } = *self;
        let most = (wanted - self.found).min(2 * wanted - self.tried);
        let round: Vec<usize> = (self.tried..self.tried + round(self.tried).min(most)).collect();
        self.tried += round.len();
        let (found, progress) = (self.found, &bench.options.progress);
        progress.say(|| format!("testing {}, {found} of {wanted} tests", callee.name));
        let (search, narrowing) = (&self.search, self.narrowing);
        let attempts = parallel::map(&round, |&index| {
            search.attempt(bench, callee, index, narrowing)
        });
        for attempt in attempts {
            let trial = self.search.settled(bench, callee, attempt?)?;
            self.passed.evidence.dropped += trial.dropped;
            self.search.learn(callee, &trial);
            match trial.verdict {
                Verdict::Invalid(_) => self.invalid += 1,
                Verdict::Pass(pass) => {
                    self.found += 1;
                    self.passed.evidence.tests += 1;
                    pass.add_to(callee, &mut self.passed);
                }
                Verdict::Fail(failure) => return Ok(Some(failure)),
            }
        }
        Ok(None)
    }
}

/// Returns how many tests run before what they say of inputs is looked at: few at first, when least is known, and as many
/// as keep an even number of processors busy.
fn round(tried: usize) -> usize {
    (2 + tried / 8 * 2).min(LARGEST_ROUND)
}

/// What is known of the inputs of a function while its tests are looked for.
#[derive(Default)]
struct Search {
    limits: Limits,
    /// Inputs that no limit made a test.
    unexplained: usize,
    /// Those of them of which nobody can tell whether the text is right.
    undecided: usize,
    /// Most of these, where nothing else passed.
    most_undecided: usize,
    /// Inputs that led too far whatever the sizes, since one last passed.
    far: usize,
    /// Why they were none.
    reasons: BTreeSet<Invalid>,
    /// How many accesses the original made in all tests.
    work: u64,
    /// How many tests there are however much they do.
    fewest: usize,
}

/// A first try to make a test.
struct Attempt {
    index: usize,
    /// What it was before limits were applied, and after.
    wild: TestCase,
    case: TestCase,
    trial: Trial,
}

/// What came of looking for one test.
struct Trial {
    verdict: Verdict,
    /// Inputs that were none on the way.
    dropped: usize,
    /// What made one a test.
    limit: Option<Limit>,
    /// The work that one was cut down to, where it was.
    most_work: Option<i64>,
}

impl Search {
    /// Returns whether these tests are too few.
    fn wants_more(&self, found: usize, wanted: usize) -> bool {
        let is_hopeless = found == 0 && self.undecided >= self.most_undecided;
        !is_hopeless && found < wanted && (found < self.fewest || self.work < MOST_WORK)
    }

    /// Says why no input is a test.
    fn why(&self, bench: &Bench<'_>) -> String {
        if self.reasons.contains(&Invalid::Missing) {
            bench.programs.need()
        } else if self.reasons.contains(&Invalid::Elsewhere) {
            "it returns a pointer to memory that it is not passed".to_owned()
        } else if self.reasons.contains(&Invalid::Undecided) {
            "how far its sums may be off in another order is not known".to_owned()
        } else {
            "no input was found on which the original is defined".to_owned()
        }
    }

    fn learn(&mut self, callee: &Callee, trial: &Trial) {
        let most_work = trial.most_work.map(Limit::MostWork);
        for limit in trial.limit.into_iter().chain(most_work) {
            self.limits.add(limit);
        }
        if let Verdict::Pass(pass) = &trial.verdict {
            self.far = 0;
            let expected = &pass.expected;
            self.work += expected.results.work;
            self.limits
                .add_extents(callee, &expected.case, &expected.grown);
        }
        if let Verdict::Invalid(why) = &trial.verdict {
            self.unexplained += 1;
            self.undecided += usize::from(*why == Invalid::Undecided);
            self.far += usize::from(*why == Invalid::Far);
            self.reasons.insert(*why);
        }
    }

    /// Runs a test within the limits.
    fn attempt(
        &self,
        bench: &Bench<'_>,
        callee: &Callee,
        index: usize,
        narrowing: usize,
    ) -> Result<Attempt, TesterError> {
        let wild = inputs::test_case(callee, bench.options.seed, index, narrowing);
        let case = self.limits.apply(callee, &wild);
        let trial = sized(bench, callee, case.clone(), index)?;
        Ok(Attempt {
            index,
            wild,
            case,
            trial,
        })
    }

    /// Returns an attempt; where the original does not define it, the nearest test that it does.
    fn settled(
        &self,
        bench: &Bench<'_>,
        callee: &Callee,
        attempt: Attempt,
    ) -> Result<Trial, TesterError> {
        let Attempt {
            index,
            wild,
            mut case,
            mut trial,
        } = attempt;
        // What attempts beside it taught may be all that it lacks.
        let learned = self.limits.apply(callee, &wild);
        if matches!(trial.verdict, Verdict::Invalid(_)) && learned != case {
            let dropped = trial.dropped + 1;
            trial = sized(bench, callee, learned.clone(), index)?;
            trial.dropped += dropped;
            case = learned;
        }
        let Verdict::Invalid(why) = trial.verdict else {
            return Ok(trial);
        };
        trial.dropped += 1;
        let suggestions = self.limits.suggestions(callee, &case, why);
        let worth_trying = self.unexplained < MOST_UNEXPLAINED;
        for limit in suggestions.into_iter().filter(|_| worth_trying) {
            let mut limits = self.limits.clone();
            limits.add(limit);
            let case = limits.apply(callee, &wild).with(callee, limit);
            let narrowed = sized(bench, callee, case, index)?;
            trial.dropped += narrowed.dropped;
            if !matches!(narrowed.verdict, Verdict::Invalid(_)) {
                let trial = Trial {
                    limit: Some(limit),
                    dropped: trial.dropped,
                    ..narrowed
                };
                return self.widened(bench, callee, &wild, trial);
            }
            trial.dropped += 1;
        }
        if why == Invalid::Far
            && self.far < MOST_UNEXPLAINED
            && let Some(nearer) = nearer(bench, callee, case, index)?
        {
            let dropped = trial.dropped + nearer.dropped;
            return Ok(Trial { dropped, ..nearer });
        }
        Ok(trial)
    }

    /// Looks for the values that need not be multiples for a test to be one.
    fn widened(
        &self,
        bench: &Bench<'_>,
        callee: &Callee,
        wild: &TestCase,
        mut trial: Trial,
    ) -> Result<Trial, TesterError> {
        let Some(Limit::Aligned(all)) = trial.limit else {
            return Ok(trial);
        };
        let mut needed = all;
        for fewer in all.without_one(wild) {
            let mut limits = self.limits.clone();
            limits.add(Limit::Aligned(fewer));
            let case = limits.apply(callee, wild);
            match validate(bench, callee, &case, Extents::Proposed)? {
                Ok(_) => needed = needed.and(fewer),
                Err(_) => trial.dropped += 1,
            }
        }
        trial.limit = Some(Limit::Aligned(needed));
        Ok(trial)
    }
}

/// Runs a test, with smaller sizes while it needs too much.
fn sized(
    bench: &Bench<'_>,
    callee: &Callee,
    mut case: TestCase,
    index: usize,
) -> Result<Trial, TesterError> {
    let mut trial = Trial {
        verdict: test_of(bench, callee, case.clone(), index)?,
        dropped: 0,
        limit: None,
        most_work: None,
    };
    while let Verdict::Invalid(Invalid::TooLarge) = trial.verdict
        && let Some(smaller) = case.halved(callee)
    {
        trial.most_work = Some(smaller.work(callee));
        trial.verdict = test_of(bench, callee, smaller.clone(), index)?;
        case = smaller;
    }
    Ok(trial)
}

/// Runs a test with smaller sizes until what it is led to has room.
fn nearer(
    bench: &Bench<'_>,
    callee: &Callee,
    mut case: TestCase,
    index: usize,
) -> Result<Option<Trial>, TesterError> {
    while let Some(smaller) = case.halved(callee) {
        let most_work = Some(smaller.work(callee));
        let trial = sized(bench, callee, smaller.clone(), index)?;
        if !matches!(trial.verdict, Verdict::Invalid(Invalid::Far)) {
            let most_work = trial.most_work.or(most_work);
            return Ok(Some(Trial { most_work, ..trial }));
        }
        case = smaller;
    }
    Ok(None)
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
    let expected = match validate(bench, callee, &case, extents)? {
        Ok(expected) => expected,
        Err(why) => return Ok(Verdict::Invalid(why)),
    };
    let (mut launches, mut contracted, mut undecided) = (BTreeMap::new(), 0, 0);
    for variant in bench.programs.variants(bench.options.seed) {
        let is_contracted = variant.freedom == Freedom::Contraction;
        if is_contracted && !index.is_multiple_of(CONTRACTED_EVERY) {
            continue;
        }
        let mut observed = bench.candidate(&variant, &expected.case)?;
        if observed.finished.ending == Ending::TimedOut
            && may_be_slow(&expected, bench.options.test_limit)
        {
            let options = bench.options.patient();
            let options = &options;
            let patient = Bench { options, ..*bench };
            observed = patient.candidate(&variant, &expected.case)?;
            // It is slow, not endless; smaller tests say as much.
            if observed.finished.ending != Ending::TimedOut && observed.report.fault.is_none() {
                return Ok(Verdict::Invalid(Invalid::TooLarge));
            }
        }
        match judge(bench, &expected, &observed, callee, variant.freedom)? {
            Judgement::Agrees => contracted += usize::from(is_contracted),
            Judgement::TooLarge => return Ok(Verdict::Invalid(Invalid::TooLarge)),
            Judgement::Unknown if is_contracted => undecided += 1,
            Judgement::Unknown => return Ok(Verdict::Invalid(Invalid::Undecided)),
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
                let found = failure.clone();
                let failure = match failing.shrunk(case, expected.case, failure, element) {
                    // It is a failure however large.
                    Err(TesterError::Exhausted { .. }) => found,
                    shrunk => shrunk?,
                };
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
        contracted,
        undecided,
    })))
}

/// Returns whether a run that was ended may have been slow; one that does next to nothing does not end.
fn may_be_slow(expected: &Expected, limit: Duration) -> bool {
    let accesses = u32::try_from(expected.results.work).unwrap_or(u32::MAX);
    SLOWEST_ACCESS.saturating_mul(accesses) > limit
}

/// What a passed test adds to the evidence.
#[derive(Debug)]
struct Pass {
    expected: Expected,
    /// The launches of the run in ascending order.
    launches: BTreeMap<String, u64>,
    /// Runs of contracted builds that agreed, and those that could not be judged.
    contracted: usize,
    undecided: usize,
}

impl Pass {
    fn add_to(self, callee: &Callee, passed: &mut Passed) {
        let evidence = &mut passed.evidence;
        evidence.add_launches(&self.launches);
        evidence.contracted += self.contracted;
        evidence.undecided += self.undecided;
        coverage::add(&mut evidence.reached, self.expected.reached());
        passed.tests.push(Arc::new(PassedTest {
            callee: callee.number,
            expected: self.expected,
            launches: self.launches.values().sum(),
        }));
    }
}

/// Looks for tests that reach what others have not, and runs those.
///
/// Numbers are those that the function names, and their neighbours: what a condition compares with is among them.
fn directed(
    bench: &Bench<'_>,
    callee: &Callee,
    limits: &Limits,
    reached: &Reached,
    passed: &mut Passed,
) -> Result<Option<Box<Failure>>, TesterError> {
    let mut seen = reached.clone();
    for index in 0..MOST_DIRECTED {
        coverage::add(&mut seen, &passed.evidence.reached);
        if !bench.probed.is_missing(&callee.name, &seen) {
            return Ok(None);
        }
        let case = inputs::directed_case(callee, bench.options.seed, index);
        let case = limits.apply(callee, &case);
        let traced = bench.original(&case.words(GuardSide::After))?;
        let is_useful =
            traced.is_complete_test() && coverage::is_new(&traced.results.reached, &seen);
        if !is_useful {
            continue;
        }
        match test_of(bench, callee, case, index)? {
            Verdict::Invalid(_) => passed.evidence.dropped += 1,
            Verdict::Pass(pass) => {
                passed.evidence.directed += 1;
                pass.add_to(callee, passed);
            }
            Verdict::Fail(failure) => return Ok(Some(failure)),
        }
    }
    Ok(None)
}
