//! Whether tests notice mistakes: each is made in turn, and the tests that the text passed run again.
//!
//! All mistakes live in one program, which is told of the one to make, so that they cost one compilation.
//! A mistake that no test notices gets more tests; one that survives those as well is named.

use std::path::Path;

use crate::bench::{Bench, Variant};
use crate::bounds::Freedom;
use crate::evidence::Evidence;
use crate::glue::Callee;
use crate::inputs;
use crate::outcome::TesterError;
use crate::parallel;
use crate::program;
use crate::trial::{Expected, Extents, Judgement, judge, validate};

/// Below this share of noticed mistakes, tests say too little.
const LEAST_SCORE: f64 = 0.8;
/// More tests for a mistake that the first ones did not notice, for each function.
const MORE_TESTS: usize = 24;
/// Where the numbers of those tests start: far from those of the first ones.
const MORE_FROM: usize = 1 << 20;

/// How many mistakes the tests noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MutationScore {
    /// Mistakes that a test noticed.
    pub killed: usize,
    /// All mistakes.
    pub total: usize,
    /// The others: kind and region.
    pub survivors: Vec<String>,
}

impl MutationScore {
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
    pub(crate) tests: Vec<PassedTest>,
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
    let numbers: Vec<usize> = (1..=mutation.mistakes.len()).collect();
    let trial = Trial {
        bench,
        callees,
        stdin,
        suite,
        program,
    };
    let mut score = MutationScore::default();
    for (noticed, (kind, region)) in parallel::map(&numbers, |&number| trial.is_noticed(number))
        .into_iter()
        .zip(&mutation.mistakes)
    {
        score.total += 1;
        if noticed? {
            score.killed += 1;
        } else {
            score.survivors.push(format!("{} in {region}", kind.name()));
        }
    }
    evidence.mutation = Some(score);
    Ok(())
}

struct Trial<'a> {
    bench: &'a Bench<'a>,
    callees: &'a [Callee],
    stdin: &'a Path,
    suite: &'a Suite,
    program: &'a Path,
}

impl Trial<'_> {
    fn is_noticed(&self, number: usize) -> Result<bool, TesterError> {
        for test in &self.suite.tests {
            if self.fails(test.callee, &test.expected, number)? {
                return Ok(true);
            }
        }
        if let Some(expected) = &self.suite.program {
            let runner = program::Runner {
                bench: self.bench,
                stdin: self.stdin,
            };
            if runner.differs(self.program, number, expected)? {
                return Ok(true);
            }
        }
        self.more_tests(number)
    }

    /// Returns whether the text with a mistake fails a test that the text without it passes.
    fn fails(
        &self,
        callee: usize,
        expected: &Expected,
        number: usize,
    ) -> Result<bool, TesterError> {
        let Some(callee) = self.callees.get(callee) else {
            return Ok(false);
        };
        let variant = Variant {
            program: self.program,
            mutant: number,
            ..self.bench.programs.first(self.bench.options.seed)
        };
        let observed = self.bench.candidate(&variant, &expected.case)?;
        let judgement = judge(self.bench, expected, &observed, callee, Freedom::Order)?;
        Ok(matches!(judgement, Judgement::Fault(_)))
    }

    fn more_tests(&self, number: usize) -> Result<bool, TesterError> {
        let seed = self.bench.options.seed;
        for (position, callee) in self.callees.iter().enumerate() {
            // A function whose regions the mistake is not in would only be tested in vain.
            if !self.bench.is_mistake_in(number, &callee.name) {
                continue;
            }
            for index in MORE_FROM..MORE_FROM + MORE_TESTS {
                let case = inputs::test_case(callee, seed, index, 0);
                let expected = validate(self.bench, callee, &case, Extents::Touched)?;
                if let Some(expected) = expected
                    && self.fails(position, &expected, number)?
                    && !self.fails(position, &expected, 0)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
