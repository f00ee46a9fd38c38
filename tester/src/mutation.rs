//! Whether tests notice mistakes: each is made in turn, and the tests that the text passed run again.
//!
//! All mistakes live in one program, which is told of the one to make, so that they cost one compilation.
//! A mistake that no test notices gets more tests; one that survives those as well is named.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mupac_ir::parallel;
use mupac_ir::{Equivalence, Mistake, MutantKind};

use crate::bench::{Bench, Variant};
use crate::bounds::Freedom;
use crate::evidence::Evidence;
use crate::glue::Callee;
use crate::inputs::{self, Limits, TestCase};
use crate::observation::Order;
use crate::outcome::TesterError;
use crate::outline;
use crate::program::{self, Likeness};
use crate::trial::{Expected, Extents, Judgement, judge, validate};

/// Below this share of noticed mistakes, tests say too little.
const LEAST_SCORE: f64 = 0.8;
/// More tests for a mistake that the first ones did not notice, for each function.
const MORE_TESTS: usize = 24;
/// Tests that run in other orders of threads as well: what depends on the order is mostly a race, which shows in every one.
const OTHER_ORDERS: usize = 8;
/// Where the numbers of those tests start: far from those of the first ones.
const MORE_FROM: usize = 1 << 20;

/// How many mistakes the tests noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MutationScore {
    /// Mistakes that a test noticed.
    pub killed: usize,
    /// All mistakes.
    pub total: usize,
    /// The others.
    pub survivors: Vec<Mistake>,
    /// What would be mistakes if they were not proved to change nothing; not counted.
    pub equivalent: Vec<(Mistake, Equivalence)>,
}

impl MutationScore {
    /// Adds the mistakes of another text.
    pub(crate) fn join(&mut self, other: Self) {
        self.killed += other.killed;
        self.total += other.total;
        self.survivors.extend(other.survivors);
        self.equivalent.extend(other.equivalent);
    }

    /// Returns whether too few were noticed.
    pub fn is_low(&self) -> bool {
        (self.killed as f64) < LEAST_SCORE * self.total as f64
    }
}

/// A test of a function that a text passed.
#[derive(Debug)]
pub(crate) struct PassedTest {
    /// The number of the function.
    pub(crate) callee: usize,
    /// What the original did.
    pub(crate) expected: Expected,
    /// How many kernels the text launched.
    pub(crate) launches: u64,
}

/// The tests that a text passed.
#[derive(Debug, Default)]
pub(crate) struct Suite {
    /// Of functions.
    pub(crate) tests: Vec<Arc<PassedTest>>,
    /// The inputs that functions are defined on.
    pub(crate) limits: BTreeMap<usize, Limits>,
    /// Of the whole program, with the file of its standard input.
    pub(crate) program: Option<program::Expected>,
}

/// Makes every mistake and notes how many of them are noticed.
pub(crate) fn measure(
    bench: &Bench<'_>,
    callees: &[Callee],
    stdin: &Path,
    suite: &Suite,
    evidence: &mut Evidence,
) -> Result<(), TesterError> {
    let (Some(mutation), Some(program)) = (&bench.unit.mutation, &bench.programs.mutants) else {
        return Ok(());
    };
    let numbered = (1..).zip(&mutation.mistakes);
    let counts = |(_, mistake): &(usize, &Mistake)| outline::counts(bench.unit, evidence, mistake);
    let numbered: Vec<(usize, &Mistake)> = numbered.filter(counts).collect();
    let mut score = MutationScore {
        equivalent: mutation.equivalent.clone(),
        ..MutationScore::default()
    };
    let is_every_launch_run =
        (suite.program.as_ref()).is_none_or(|expected| !expected.launches_what_pays);
    let is_whole = evidence.masked_lines + evidence.masked_numbers == 0 && is_every_launch_run;
    let has_only_run = bench.unit.is_closed && is_whole;
    let sharpest = Sharpest::new(suite);
    let begun = AtomicUsize::new(0);
    let fates = parallel::map(&numbered, |&(number, mistake)| {
        let count = begun.fetch_add(1, Ordering::Relaxed) + 1;
        let progress = &bench.options.progress;
        progress.say(|| format!("making mistake {count} of {}", numbered.len()));
        let runner = program::Runner { bench, stdin };
        let mut trial = Trial {
            bench,
            callees,
            runner,
            suite,
            sharpest: &sharpest,
            program,
            number,
            mistake,
            likenesses: Vec::new(),
        };
        trial.fate(has_only_run)
    });
    let mut untried = 0;
    for (fate, (_, mistake)) in fates.into_iter().zip(&numbered) {
        match fate {
            Ok(Fate::Noticed) => score.killed += 1,
            Ok(Fate::Survives) => score.survivors.push((*mistake).clone()),
            Ok(Fate::Equivalent(proof)) => score.equivalent.push(((*mistake).clone(), proof)),
            Err(TesterError::Exhausted { .. }) => untried += 1,
            Err(error) => return Err(error),
        }
    }
    score.total = score.killed + score.survivors.len();
    if untried > 0 {
        let words = format!("{untried} of {} mistakes made on purpose", numbered.len());
        evidence.left_out.insert(words);
    }
    if untried < numbered.len() || untried == 0 {
        evidence.mutation = Some(score);
    }
    Ok(())
}

/// The tests in the order in which they are worth trying: first those that noticed a mistake last, then those that do
/// least. Which mistakes are noticed does not depend on it.
struct Sharpest(Mutex<Vec<usize>>);

impl Sharpest {
    fn new(suite: &Suite) -> Self {
        let mut order: Vec<usize> = (0..suite.tests.len()).collect();
        let work = |test: &usize| {
            suite
                .tests
                .get(*test)
                .map(|test| test.expected.results.work)
        };
        order.sort_by_key(work);
        Self(Mutex::new(order))
    }

    fn order(&self) -> Vec<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn noticed(&self, test: usize) {
        let mut order = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        order.retain(|each| *each != test);
        order.insert(0, test);
    }
}

/// What becomes of a mistake.
enum Fate {
    Noticed,
    Survives,
    /// It is none.
    Equivalent(Equivalence),
}

/// One mistake, to be noticed.
struct Trial<'a> {
    bench: &'a Bench<'a>,
    callees: &'a [Callee],
    runner: program::Runner<'a>,
    suite: &'a Suite,
    sharpest: &'a Sharpest,
    /// The program with all mistakes, and the number of this one.
    program: &'a Path,
    number: usize,
    mistake: &'a Mistake,
    /// How like the original the whole program is, in the orders in which it ran.
    likenesses: Vec<(Order, Likeness)>,
}

impl Trial<'_> {
    fn fate(&mut self, has_only_run: bool) -> Result<Fate, TesterError> {
        if self.is_noticed()? {
            return Ok(Fate::Noticed);
        }
        let is_only_run = has_only_run && (self.is_in_main() || self.is_between_calls());
        if is_only_run && self.is_same_program()? {
            return Ok(Fate::Equivalent(Equivalence::OnlyRun));
        }
        Ok(Fate::Survives)
    }

    /// The tests of the function with the mistake come first, then the program; those of other functions, which may call
    /// it, only where it has none of its own. Nothing calls `main`.
    fn is_noticed(&mut self) -> Result<bool, TesterError> {
        let [first, rest @ ..] = Order::all(self.bench.options.seed);
        Ok(self.is_noticed_in(first, &self.sharpest.order())?
            || self.program_differs(first)?
            || self.more_tests()?
            || self.is_noticed_in_any(&rest)?)
    }

    fn is_noticed_in_any(&mut self, orders: &[Order]) -> Result<bool, TesterError> {
        let few: Vec<usize> = (0..OTHER_ORDERS).collect();
        for order in orders {
            if self.is_noticed_in(*order, &few)? || self.program_differs(*order)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_in_main(&self) -> bool {
        self.mistake.function == "main"
    }

    /// Returns whether the mistake is one of the order of calls, which a function's own tests do not make, and other files
    /// do not call the function.
    fn is_between_calls(&self) -> bool {
        let is_of_order = match self.mistake.kind {
            MutantKind::FetchDropped
            | MutantKind::ReleaseDropped
            | MutantKind::InvalidationDropped => true,
            MutantKind::BoundByOne
            | MutantKind::BoundDropped
            | MutantKind::GuardDropped
            | MutantKind::BarrierDropped
            | MutantKind::AtomicPlain
            | MutantKind::SubscriptByOne
            | MutantKind::LoopShort
            | MutantKind::AxesSwapped
            | MutantKind::GridShort
            | MutantKind::TailDropped
            | MutantKind::CopyInDropped
            | MutantKind::CopyOutDropped
            | MutantKind::SynchronisationDropped
            | MutantKind::BytesWrong
            | MutantKind::ConstantPlusOne
            | MutantKind::WrongOperator
            | MutantKind::WrongIdentity
            | MutantKind::JoinDropped => false,
        };
        let entries = self.bench.unit.entries.iter();
        let mut functions = entries.map(|entry| &entry.function);
        is_of_order && functions.any(|each| each.is_static && each.name == self.mistake.function)
    }

    /// Returns the function with the mistake, if it is tested by itself.
    fn own(&self) -> Option<&Callee> {
        let mut callees = self.callees.iter();
        callees.find(|callee| {
            let region = outline::of_function(self.bench.unit, &callee.name);
            match region {
                Some(region) => outline::holds(region, self.mistake),
                None => callee.name == self.mistake.function,
            }
        })
    }

    fn is_noticed_in(&self, order: Order, tests: &[usize]) -> Result<bool, TesterError> {
        let own = self.own().map(|callee| callee.number);
        if own.is_none() && self.is_in_main() {
            return Ok(false);
        }
        for number in tests {
            let Some(test) = self.suite.tests.get(*number) else {
                continue;
            };
            let mut callees = self.callees.iter();
            let callee = callees.find(|callee| callee.number == test.callee);
            if own.is_none_or(|own| own == test.callee)
                && let Some(callee) = callee
                && self.fails(callee, &test.expected, self.number, order)?
            {
                self.sharpest.noticed(*number);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns how like the original the program is, `None` where there is none to compare.
    fn likeness(&mut self, order: Order) -> Result<Option<Likeness>, TesterError> {
        let mut known = self.likenesses.iter();
        if let Some((_, likeness)) = known.find(|(each, _)| *each == order) {
            return Ok(Some(*likeness));
        }
        let Some(expected) = &self.suite.program else {
            return Ok(None);
        };
        let (program, number) = (self.program, self.number);
        let likeness = self.runner.mutant(program, number, order, expected)?;
        self.likenesses.push((order, likeness));
        Ok(Some(likeness))
    }

    fn program_differs(&mut self, order: Order) -> Result<bool, TesterError> {
        Ok(self.likeness(order)? == Some(Likeness::Different))
    }

    /// Returns whether the program does in every order of threads just what the original does.
    fn is_same_program(&mut self) -> Result<bool, TesterError> {
        for order in Order::all(self.bench.options.seed) {
            if self.likeness(order)? != Some(Likeness::Same) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns whether the text with a mistake fails a test that the text without it passes.
    fn fails(
        &self,
        callee: &Callee,
        expected: &Expected,
        mutant: usize,
        order: Order,
    ) -> Result<bool, TesterError> {
        let variant = Variant {
            program: self.program,
            mutant,
            order,
            ..self.bench.programs.first(self.bench.options.seed)
        };
        let observed = self.bench.candidate(&variant, &expected.case)?;
        let judgement = judge(self.bench, expected, &observed, callee, Freedom::Order)?;
        // What launches so much more than the text without the mistake differs from it.
        Ok(match judgement {
            Judgement::Fault(_) | Judgement::TooLarge => true,
            Judgement::Agrees | Judgement::Unknown => false,
        })
    }

    /// Makes more tests of the function, of the sort that such a mistake shows in.
    fn more_tests(&self) -> Result<bool, TesterError> {
        let Some(callee) = self.own() else {
            return Ok(false);
        };
        let [order, ..] = Order::all(self.bench.options.seed);
        for index in 0..MORE_TESTS {
            let (mut case, extents) = self.another_case(callee, index);
            if let Some(limits) = self.suite.limits.get(&callee.number) {
                case = limits.apply_to_values(callee, &case);
            }
            if let Ok(expected) = validate(self.bench, callee, &case, extents)?
                && self.fails(callee, &expected, self.number, order)?
                && !self.fails(callee, &expected, 0, order)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn another_case(&self, callee: &Callee, index: usize) -> (TestCase, Extents) {
        let seed = self.bench.options.seed;
        let number = MORE_FROM + index;
        let any = || inputs::test_case(callee, seed, number, 0);
        let at_edge = |turn| inputs::edge_case(callee, seed, number, turn);
        let case = match self.mistake.kind {
            MutantKind::GuardDropped => return self.against_guard(callee, number),
            // What is compared and computed shows in numbers that the function names, and next to edges.
            MutantKind::BoundByOne
            | MutantKind::BoundDropped
            | MutantKind::ConstantPlusOne
            | MutantKind::WrongOperator
            | MutantKind::WrongIdentity
            | MutantKind::LoopShort => match index % 3 {
                0 => inputs::directed_case(callee, seed, number),
                1 => at_edge(index / 3),
                _ => any(),
            },
            MutantKind::BarrierDropped
            | MutantKind::SubscriptByOne
            | MutantKind::AxesSwapped
            | MutantKind::GridShort
            | MutantKind::TailDropped
                if index.is_multiple_of(2) =>
            {
                at_edge(index / 2)
            }
            MutantKind::BarrierDropped
            | MutantKind::AtomicPlain
            | MutantKind::SubscriptByOne
            | MutantKind::AxesSwapped
            | MutantKind::GridShort
            | MutantKind::TailDropped
            | MutantKind::CopyInDropped
            | MutantKind::CopyOutDropped
            | MutantKind::SynchronisationDropped
            | MutantKind::FetchDropped
            | MutantKind::ReleaseDropped
            | MutantKind::InvalidationDropped
            | MutantKind::BytesWrong
            | MutantKind::JoinDropped => any(),
        };
        (case, Extents::Touched)
    }

    /// Returns a test in which a guard does not hold, and the others may: memory that it keeps apart is shared, memory that
    /// it asks for is missing, sizes are those for which it alone fails.
    fn against_guard(&self, callee: &Callee, number: usize) -> (TestCase, Extents) {
        let seed = self.bench.options.seed;
        let words: Vec<&str> = self.mistake.what.split(' ').collect();
        if let ["no-overlap" | "apart", a, b] = words.as_slice()
            && let Some(case) = inputs::overlapping_case(callee, seed, [*a, *b], number)
        {
            return (case, Extents::Touched);
        }
        if let ["accessible", array] = words.as_slice() {
            let case = inputs::sparse_case(callee, seed, number);
            let mut names = callee.parameter_names.iter();
            let buffer = names.position(|name| name == array);
            let extents = buffer.map_or(Extents::Touched, Extents::TouchedOf);
            return (case, extents);
        }
        let case = inputs::test_case(callee, seed, inputs::sampling(number), 0);
        (case, Extents::Touched)
    }
}
