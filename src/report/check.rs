//! What the report says of the check.

use std::collections::BTreeMap;

use mupac_tester::Actor;
use serde::{Deserialize, Serialize};

use super::Word;

/// How far the text was checked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// How it ended.
    pub status: CheckStatus,
    /// `cpu`; absent where nothing ran.
    #[serde(rename = "where")]
    pub place: Option<Word>,
    /// Number of tests that ran.
    pub tests: Option<usize>,
    /// Inputs that were made up and not used: the original itself is not defined on them, or takes too long; absent where
    /// none were made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<usize>,
    /// How the whole program's output compares: `equal`, or `within-bound`, equal up to the bound on rounding, or
    /// `within-spread`, with numbers as near as what the original prints with sums in other orders; absent where
    /// the program did not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Word>,
    /// How many lines of the output differ between two runs of the original, so that they were not compared.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub masked_lines: usize,
    /// How many numbers of other lines do.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub masked_numbers: usize,
    /// How many runs of contracted text say nothing, since no bound on rounding is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub undecided: usize,
    /// What was not tested although the rest was: a function, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<String>,
    /// The loops, `function:line`, that were tested by themselves, since no test of their function or the program reached them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlined: Vec<String>,
    /// What more time would have tested: a function or what else, and how far it came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// The constants that are smaller in each program that was tested in the place of one that takes too long, with their
    /// values there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub smaller_constants: Vec<BTreeMap<u64, u64>>,
    /// What was seen of functions, by name, at the size that their constants say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub full_size: BTreeMap<String, String>,
    /// Kernels that no test launched and that stay nevertheless.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested_kernels: Vec<String>,
    /// What went between host and device when the whole program ran; absent where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// The share of the original's lines that a test ran; absent where nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_coverage: Option<f64>,
    /// The share of the outcomes of its loops and branches that a test reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_coverage: Option<f64>,
    /// What no test reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
    /// Mistakes that were made in the text on purpose; absent where none were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutants: Option<Mutants>,
    /// Why it was not tested.
    pub why: Option<String>,
    /// Candidates that failed before the one that passed.
    pub failures: Vec<FailureEntry>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// No test saw a difference.
    Pass,
    /// The same, and kernels stay that no test launched.
    PassPartly,
    /// The same, and the tests reach little of the text.
    PassLowCoverage,
    /// It could not run, and kernels were kept by `--unchecked=keep`.
    Unchecked,
    /// None was asked for.
    Off,
    /// It could not run, and no kernel was kept.
    NotTested,
    /// A test saw a difference, and nothing was written.
    Fail,
}

impl CheckStatus {
    /// Returns the word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::PassPartly => "pass-partly",
            Self::PassLowCoverage => "pass-low-coverage",
            Self::Unchecked => "unchecked",
            Self::Off => "off",
            Self::NotTested => "not-tested",
            Self::Fail => "fail",
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
pub(crate) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What went between host and device.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Copies {
    /// Number of launches of kernels.
    pub launches: u64,
    /// Number of copies to the device.
    pub copies_in: u64,
    /// What they moved.
    pub bytes_in: u64,
    /// How many different bytes of the host that were, however often each went.
    ///
    /// Absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_in: Option<u64>,
    /// How many of these bytes had to go, at least: kernels read them, and the device did not have their values.
    ///
    /// Absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_in: Option<u64>,
    /// Number of copies to the host.
    pub copies_out: u64,
    /// What they moved.
    pub bytes_out: u64,
    /// How many different bytes of the host that were, however often each came.
    ///
    /// Absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_out: Option<u64>,
    /// How many of these bytes had to come back, at least: kernels wrote them, and the host looked at them.
    ///
    /// Absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_out: Option<u64>,
    /// Pages of 4 KiB of the host's own memory that the device touched behind the host (`--memory=system`).
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub pages_in: u64,
    /// Those that the host touched behind the device, as far as the program's own text does.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub pages_out: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_none_of(count: &u64) -> bool {
    *count == 0
}

/// How many mistakes the tests noticed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Mutants {
    /// Those that a test noticed.
    pub killed: usize,
    /// All of them.
    pub total: usize,
    /// The others: kind, kernel or region, and line.
    pub survivors: Vec<String>,
    /// What would be a mistake if it were not proved to change nothing, with the proof; not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equivalent: Vec<String>,
}

/// A failed check of a candidate that was then dropped.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FailureEntry {
    /// `value`, `race`, ….
    pub kind: Word,
    /// What was seen.
    pub message: String,
    /// Names the test, so that it can run again.
    pub replay: String,
    /// The smallest failing call that was found, as C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterexample: Option<String>,
    /// Who made what is wrong; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The regions that moved to another plan because of it.
    pub regions: Vec<String>,
    /// Moves that make a plan that fails alike, as few as were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest: Option<Vec<String>>,
    /// Those of them without which the rest is a plan that passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub culprits: Option<Vec<String>>,
}

/// Who made what is wrong, and where.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// In words.
    pub message: String,
    /// The kernel whose thread wrote a wrong element last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// That thread's index in its block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The index of the block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// The line of the original whose statement that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The line of the original that writes the element last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_line: Option<u32>,
}

impl Origin {
    /// Returns the entry for what the tester found.
    pub fn of(origin: &mupac_tester::Origin) -> Self {
        let (kernel, thread, block) = match &origin.actor {
            Actor::Thread {
                kernel,
                thread,
                block,
            } => (Some(kernel), Some(thread), Some(block)),
            Actor::Kernel { kernel } => (Some(kernel), None, None),
            Actor::Host | Actor::Copy | Actor::Nobody | Actor::Access => (None, None, None),
        };
        Self {
            message: origin.to_string(),
            kernel: kernel.cloned(),
            thread: thread.cloned(),
            block: block.cloned(),
            line: origin.line,
            original_line: origin.original_line,
        }
    }
}
