//! How far a text was tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use crate::coverage::{self, Coverage, Reached};
use crate::gpu::GpuEvidence;
use crate::mutation::MutationScore;
use crate::report::Copies;
use crate::sample::FullSize;

/// How near printed numbers are to the original's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Byte for byte.
    #[default]
    Exact,
    /// Within the bound on rounding.
    Bound,
    /// No bound is known of some; they are as near as other builds of the original suggest.
    Spread,
}

/// What the tests of a verified text covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Valid tests of functions; each ran under three orders of blocks and threads, once with the default threshold
    /// and, now and then, contracted.
    pub tests: usize,
    /// Tests besides, made to reach what the others did not.
    pub directed: usize,
    /// Inputs on which the original itself has undefined behaviour, or which were too large.
    pub dropped: usize,
    /// Whether the whole program ran.
    pub ran_program: bool,
    /// How near the program's output is to the original's.
    pub nearness: Nearness,
    /// Runs of contracted builds that agreed.
    pub contracted: usize,
    /// Runs of contracted builds that say nothing: they took other paths, or no bound is known.
    pub undecided: usize,
    /// Lines of the program's output that differ between two runs of the original and were not compared.
    pub masked_lines: usize,
    /// Numbers in other lines of which the same is true.
    pub masked_numbers: usize,
    /// How often each kernel was launched in passing runs.
    pub launches: BTreeMap<String, u64>,
    /// Kernels that no test launched, where such may stay.
    pub untested_kernels: BTreeSet<String>,
    /// What went between host and device when the whole program ran, its kernels launched whatever their size; `None`
    /// where it did not run.
    pub program_copies: Option<Copies>,
    /// The same where kernels are launched only from their thresholds on, as in the user's build.
    pub usual_copies: Option<Copies>,
    /// What the tests reached of the original; `None` where probes do not fit its text.
    pub coverage: Option<Coverage>,
    /// How many mistakes the tests noticed; `None` where none were made.
    pub mutation: Option<MutationScore>,
    /// What the probes saw so far.
    pub(crate) reached: Reached,
    /// The constants that are smaller in each program that was tested in the place of one that takes too long, with their
    /// values there; none where the text itself was tested.
    pub smaller: Vec<BTreeMap<u64, u64>>,
    /// What was seen of functions at the size that their constants say, where a smaller program was tested.
    pub full_size: BTreeMap<String, FullSize>,
    /// The regions that were called by themselves, since no test of a function or the program launched their kernels.
    pub outlined: BTreeSet<String>,
    /// What was not tested although the rest was, and why.
    pub untested: BTreeSet<Untested>,
    /// What more time would have tested: a function or what else, and how far it came.
    pub left_out: BTreeSet<String>,
    /// What the GPU of this machine had to say; `None` where it was not asked.
    pub gpu: Option<GpuEvidence>,
    /// The folder with sources, programs and runs, where it was kept.
    pub folder: Option<PathBuf>,
}

/// What tests are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tested {
    /// All of a text, or more than one function of it.
    Text,
    /// A function, by its name.
    Function(String),
    /// A region by itself, by its name.
    Region(String),
}

impl fmt::Display for Tested {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => out.write_str("the text"),
            Self::Function(name) => out.write_str(name),
            Self::Region(name) => write!(out, "{name} by itself"),
        }
    }
}

/// Something that was not tested, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Untested {
    /// What it is.
    pub what: Tested,
    /// Why.
    pub why: String,
}

impl Untested {
    pub(crate) fn text(why: impl Into<String>) -> Self {
        Self {
            what: Tested::Text,
            why: why.into(),
        }
    }
}

impl fmt::Display for Untested {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Tested::Text => out.write_str(&self.why),
            what @ (Tested::Function(_) | Tested::Region(_)) => write!(out, "{what}: {}", self.why),
        }
    }
}

impl Evidence {
    /// Adds what the tests of one function, or runs of the program, showed.
    pub(crate) fn add(&mut self, function: Self) {
        let Self {
            tests,
            directed,
            dropped,
            ran_program,
            nearness,
            contracted,
            undecided,
            masked_lines,
            masked_numbers,
            launches,
            untested_kernels: _,
            program_copies,
            usual_copies,
            coverage: _,
            mutation: _,
            reached,
            smaller: _,
            full_size: _,
            outlined,
            untested,
            left_out,
            gpu: _,
            folder: _,
        } = function;
        self.tests += tests;
        self.directed += directed;
        self.dropped += dropped;
        self.ran_program |= ran_program;
        self.nearness = self.nearness.max(nearness);
        self.contracted += contracted;
        self.undecided += undecided;
        self.program_copies = self.program_copies.or(program_copies);
        self.usual_copies = self.usual_copies.or(usual_copies);
        self.masked_lines += masked_lines;
        self.masked_numbers += masked_numbers;
        self.add_launches(&launches);
        coverage::add(&mut self.reached, &reached);
        self.outlined.extend(outlined);
        self.untested.extend(untested);
        self.left_out.extend(left_out);
    }

    /// Adds what the tests of another smaller program, of other functions, showed.
    pub(crate) fn join(&mut self, mut other: Self) {
        self.untested_kernels.append(&mut other.untested_kernels);
        self.full_size.append(&mut other.full_size);
        self.smaller.append(&mut other.smaller);
        if let Some(coverage) = other.coverage.take() {
            self.coverage.get_or_insert_default().join(coverage);
        }
        if let Some(mutation) = other.mutation.take() {
            self.mutation.get_or_insert_default().join(mutation);
        }
        self.folder = other.folder.take().or(self.folder.take());
        // Each program has probes of its own.
        other.reached.clear();
        self.add(other);
    }

    /// Returns whether tests that say too little passed.
    pub fn is_low(&self) -> bool {
        self.coverage.as_ref().is_some_and(Coverage::is_low)
            || self.mutation.as_ref().is_some_and(MutationScore::is_low)
    }

    /// Adds the launches of one run.
    pub(crate) fn add_launches(&mut self, launches: &BTreeMap<String, u64>) {
        for (kernel, count) in launches {
            *self.launches.entry(kernel.clone()).or_default() += count;
        }
    }
}
