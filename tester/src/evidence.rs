//! How far a text was tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What the tests of a verified text covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Valid tests of functions; each ran under three orders of blocks and threads, once with the default threshold
    /// and, now and then, contracted.
    pub tests: usize,
    /// Inputs on which the original itself has undefined behaviour, or which were too large.
    pub dropped: usize,
    /// Whether the whole program ran.
    pub ran_program: bool,
    /// Whether the program's output is the original's only within the bound on rounding.
    pub is_within_bound: bool,
    /// Runs of contracted builds that say nothing: they took other paths, or no bound is known.
    pub undecided: usize,
    /// Lines of the program's output that differ between two runs of the original and were not compared.
    pub masked_lines: usize,
    /// How often each kernel was launched in passing runs.
    pub launches: BTreeMap<String, u64>,
    /// What was not tested although the rest was: a function and why.
    pub untested: BTreeSet<String>,
    /// The folder with sources, programs and runs, where it was kept.
    pub folder: Option<PathBuf>,
}

impl Evidence {
    /// Adds the launches of one run.
    pub(crate) fn add_launches(&mut self, launches: &BTreeMap<String, u64>) {
        for (kernel, count) in launches {
            *self.launches.entry(kernel.clone()).or_default() += count;
        }
    }
}
