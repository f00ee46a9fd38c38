//! How a check runs.

use std::path::PathBuf;
use std::time::Duration;

use mupac_ir::{Scaling, Source};

use crate::companions::Companions;
use crate::gpu::GpuOptions;
use crate::isolation::{Allowance, in_words, most_bytes};
use crate::progress::Progress;

/// A run that does not end in its time gets so many times as much before it is taken for endless.
const PATIENCE: u32 = 4;

/// What a check is told besides the text.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// Decides inputs and orders; the same seed gives the same check.
    pub seed: u64,
    /// How many valid tests each function gets.
    pub tests_per_entry: usize,
    /// How many mistakes are made in the text to see whether its tests notice.
    pub mutants: usize,
    /// The C compiler: a path, or a name looked up in `PATH`.
    pub c_compiler: PathBuf,
    /// The C++ compiler; one that knows `-fsanitize=thread` as gcc and clang do.
    pub cxx_compiler: PathBuf,
    /// Arguments of the program where the file has a `main`.
    pub test_argv: Vec<String>,
    /// Standard input of the program where the file has a `main`.
    pub test_stdin: Vec<u8>,
    /// Whether the folder with sources, programs and runs stays; [`Evidence::folder`](crate::Evidence::folder) names it.
    pub keep_temporaries: bool,
    /// Whether the tests are recorded, to run on another machine.
    pub is_recorded: bool,
    /// How what passes on the CPU is checked on the GPU of this machine; `None`: not at all.
    pub gpu: Option<GpuOptions>,
    /// Compiler options as the user gave them: `-I`, `-D`, `-std=c11`, …
    pub compile_arguments: Vec<String>,
    /// Options that original and candidate are linked with besides: `-lgsl`, `-fopenmp`, …
    pub link_arguments: Vec<String>,
    /// The other files of the command line.
    pub companions: Companions,
    /// What is made of a kernel that no test launches.
    pub unlaunched: Unlaunched,
    /// Whether a failing test is made small, and where it fails is looked for.
    pub shrinks: bool,
    /// The longest that one run of one test may take.
    pub test_limit: Duration,
    /// The longest that one run of the whole program may take.
    pub program_limit: Duration,
    /// What all processes of the checks may use together: what was tested until it is spent counts; `None`: as much as they
    /// like.
    pub allowance: Option<Allowance>,
    /// Is told how far the check has come.
    pub progress: Progress,
}

/// What is made of a kernel that no test launches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlaunched {
    /// The check fails.
    Fails,
    /// It stays, and the evidence names it.
    Stays,
}

impl CheckOptions {
    /// Returns whether tests have used all that they may.
    pub fn is_spent(&self) -> bool {
        self.allowance.as_ref().is_some_and(Allowance::is_spent)
    }

    /// Returns the same with another view of the allowance.
    pub(crate) fn allowed(&self, view: impl FnOnce(&Allowance) -> Allowance) -> Self {
        Self {
            allowance: self.allowance.as_ref().map(view),
            ..self.clone()
        }
    }

    /// Returns the same for a smaller program of this one.
    pub(crate) fn smaller(&self, scaling: &Scaling, source: &Source) -> Self {
        Self {
            // What is recorded is called elsewhere with the text itself.
            is_recorded: false,
            gpu: None,
            compile_arguments: scaling.arguments.clone(),
            companions: self.companions.smaller(scaling, source),
            ..self.clone()
        }
    }

    /// Returns the same for runs that take longer than the text under test lets one think.
    pub(crate) fn patient(&self) -> Self {
        Self {
            test_limit: self.test_limit * PATIENCE,
            ..self.clone()
        }
    }

    /// Returns the most memory that a process may hold, in words.
    pub(crate) fn memory_in_words(&self) -> String {
        let allowance = self.allowance.as_ref();
        in_words(allowance.map_or_else(most_bytes, Allowance::most_bytes))
    }
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            tests_per_entry: 24,
            mutants: 8,
            c_compiler: PathBuf::from("cc"),
            cxx_compiler: PathBuf::from("c++"),
            test_argv: Vec::new(),
            test_stdin: Vec::new(),
            keep_temporaries: false,
            is_recorded: false,
            gpu: None,
            compile_arguments: Vec::new(),
            link_arguments: Vec::new(),
            companions: Companions::default(),
            unlaunched: Unlaunched::Fails,
            shrinks: true,
            test_limit: Duration::from_secs(5),
            program_limit: Duration::from_secs(20),
            allowance: None,
            progress: Progress::default(),
        }
    }
}
