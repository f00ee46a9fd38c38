//! The programs of a check, and the ways to run them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mupac_ir::{StandIn, Unit};

use crate::bounds::Freedom;
use crate::coverage::Probed;
use crate::inputs::{GuardSide, TestCase};
use crate::observation::{Clock, Digits, Observation, Order, Run, Trace};
use crate::options::CheckOptions;
use crate::outcome::TesterError;
use crate::toolchain::Toolchain;

/// The programs of a check.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) plain: PathBuf,
    pub(crate) sanitized: PathBuf,
    pub(crate) candidate: PathBuf,
    /// Whether the candidate launches kernels, and so has a threshold.
    pub(crate) has_kernels: bool,
    /// The candidate with contracted products and sums; `None` where there are none to contract.
    pub(crate) candidate_contracted: Option<PathBuf>,
    /// The candidate with mistakes; `None` where none are made.
    pub(crate) mutants: Option<PathBuf>,
    /// What the original names and no part of it defines.
    pub(crate) missing: BTreeSet<String>,
    /// Whether there is a `main`, in the file under test or in another one that is linked.
    pub(crate) has_main: bool,
}

/// One way to run the candidate in a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) program: &'a Path,
    pub(crate) order: Order,
    pub(crate) freedom: Freedom,
    /// Which side of buffers is guarded.
    pub(crate) side: GuardSide,
    /// Which mistake is made; 0: none.
    pub(crate) mutant: usize,
    /// Whether kernels are launched only from the default threshold on, as in the user's build, and not always.
    pub(crate) is_default: bool,
}

impl<'a> Variant<'a> {
    /// Returns the way to run an original, which has no threads.
    pub(crate) fn plain(program: &'a Path) -> Self {
        Self {
            program,
            order: Order::Ascending,
            freedom: Freedom::Order,
            side: GuardSide::After,
            mutant: 0,
            is_default: false,
        }
    }

    /// Returns whether this is the run in which every kernel is launched, and nothing else is unusual.
    pub(crate) fn is_first(&self) -> bool {
        self.is_plain() && !self.is_default
    }

    /// Returns whether this is the run of the user's build.
    pub(crate) fn is_usual(&self) -> bool {
        self.is_plain() && self.is_default
    }

    fn is_plain(&self) -> bool {
        self.order == Order::Ascending && self.freedom == Freedom::Order
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
            Freedom::Device => words.push_str(" device"),
        }
        words
    }
}

impl Programs {
    /// Says that a run needs another file, where it called what no part of the original defines.
    ///
    /// **Source**: the hint of `AddressSanitizer`'s reports for calls of the address 0, compiler-rt's `asan_errors.cpp`.
    pub(crate) fn needs(&self, sanitized: &Observation) -> Option<String> {
        let said = String::from_utf8_lossy(&sanitized.finished.stderr);
        let is_call_of_nothing = said.contains("pc 0x000000000000");
        (is_call_of_nothing && !self.missing.is_empty()).then(|| self.need())
    }

    /// Says what else is needed.
    pub(crate) fn need(&self) -> String {
        let is_openmp = |name: &&String| name.starts_with("omp_");
        let listed = |names: Vec<&String>| {
            let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
            names.join(", ")
        };
        let (openmp, others): (Vec<&String>, Vec<&String>) =
            self.missing.iter().partition(is_openmp);
        if others.is_empty() {
            let names = listed(openmp);
            return format!("the check needs the library that defines {names}: add -fopenmp");
        }
        let names = listed(others);
        format!("the check needs the file that defines {names}, or -l with its library")
    }

    /// Returns every way to run the candidate; the first is in ascending order with a threshold of 0, and others are for
    /// kernels, but for what lies on the other side of memory.
    pub(crate) fn variants(&self, seed: u64) -> Vec<Variant<'_>> {
        let first = self.first(seed);
        let [_, descending, shuffled] = Order::all(seed);
        let mut variants = vec![
            first,
            Variant {
                order: descending,
                side: GuardSide::Before,
                ..first
            },
        ];
        if self.has_kernels {
            let shuffled = Variant {
                order: shuffled,
                ..first
            };
            let usual = Variant {
                side: GuardSide::Before,
                is_default: true,
                ..first
            };
            variants.extend([shuffled, usual]);
        }
        variants.extend(self.candidate_contracted.iter().map(|program| Variant {
            program,
            freedom: Freedom::Contraction,
            ..first
        }));
        variants
    }
}

impl Programs {
    /// Returns the way of which launches are counted.
    pub(crate) fn first(&self, seed: u64) -> Variant<'_> {
        let [order, ..] = Order::all(seed);
        Variant {
            order,
            ..Variant::plain(&self.candidate)
        }
    }
}

/// So many times faster than a candidate, whose kernels run thread by thread, is its original at least.
const FASTER: u32 = 4;

/// What a check runs with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) programs: &'a Programs,
    /// Which outcomes of the original's conditions there are to reach.
    pub(crate) probed: &'a Probed,
    pub(crate) options: &'a CheckOptions,
    /// What originals are built with once more.
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) scratch: &'a Path,
    /// The text under test.
    pub(crate) unit: &'a Unit,
    /// The text that it stands in for.
    pub(crate) full: Option<Full<'a>>,
}

/// A text that takes too long to be tested as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full<'a> {
    pub(crate) unit: &'a Unit,
    /// What is tested in its place.
    pub(crate) stand_in: &'a StandIn,
    /// How it would be checked.
    pub(crate) options: &'a CheckOptions,
}

impl Bench<'_> {
    /// Runs a program on a test.
    pub(crate) fn test(
        &self,
        program: &Path,
        words: &str,
        order: Order,
    ) -> Result<Observation, TesterError> {
        self.run(program, words, order).observe()
    }

    /// Runs the original on a test. What is compared with it is slower, and has to end in time as well.
    pub(crate) fn original(&self, words: &str) -> Result<Observation, TesterError> {
        Run {
            limit: self.options.test_limit / FASTER,
            ..self.run(&self.programs.plain, words, Order::Ascending)
        }
        .observe()
    }

    /// Runs the candidate on a test.
    pub(crate) fn candidate(
        &self,
        variant: &Variant<'_>,
        case: &TestCase,
    ) -> Result<Observation, TesterError> {
        self.traced(variant, &case.words(variant.side), Trace::Off)
    }

    /// Returns what memory holds before the call.
    pub(crate) fn inputs(&self, case: &TestCase) -> Result<Observation, TesterError> {
        Run {
            is_dry: true,
            ..self.run(
                &self.programs.plain,
                &case.words(GuardSide::After),
                Order::Ascending,
            )
        }
        .observe()
    }

    /// Runs a program in its way on a test, traced.
    pub(crate) fn traced(
        &self,
        variant: &Variant<'_>,
        words: &str,
        trace: Trace,
    ) -> Result<Observation, TesterError> {
        Run {
            mutant: variant.mutant,
            is_default: variant.is_default,
            trace,
            ..self.run(variant.program, words, variant.order)
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
            allowance: self.options.allowance.as_ref(),
            scratch: self.scratch,
            is_kept: self.options.keep_temporaries,
            mutant: 0,
            is_default: false,
            is_dry: false,
            trace: Trace::Off,
            part: None,
            clock: Clock::Counted,
            digits: Digits::AsWritten,
        }
    }
}
