//! The report of a translation as JSON, version 1: what is written, what is read again, and its published schema.
//!
//! Every loop of the file appears. A figure that nobody computed is absent, never invented.
//! What was added since the first reports is optional here, so that those are still read.

mod check;
mod digest;
mod entries;
mod read;
#[cfg(test)]
mod schema;
mod words;
mod worth;

pub(crate) use check::is_zero;
pub use check::{Check, CheckStatus, Copies, FailureEntry, Mutants, Origin};
pub use digest::{Digest, Found, Texts, digests};
pub use entries::{loops, regions, stays};
pub use read::{VERSION, read};
pub use words::{TurnKind, Verdict, Word};
pub use worth::{TimesAsFast, WorthEntry};

use mupac_model::signature::Level;
use serde::{Deserialize, Serialize};

/// The report of a translation by mupac.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Of this form: 1.
    pub version: u32,
    /// Version of mupac.
    pub tool: Word,
    /// As the user named it.
    pub input: String,
    /// Where the text went.
    pub output: String,
    /// The files beside it: what stays C, and the header between the two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The files whose text was translated, headers included whose loops were; what came from standard input is not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Digest>,
    /// The output and the files beside it, as they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<Digest>,
    /// What decided the result besides the input.
    pub options: Options,
    /// Every loop, in source order.
    pub loops: Vec<Loop>,
    /// Every stretch that kernels took the place of.
    pub regions: Vec<Region>,
    /// Where device copies outlive the regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<Stay>,
    /// How the mappings were chosen.
    pub search: Search,
    /// What the translation is worth; absent where nothing is predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<WorthEntry>,
    /// How far the text was checked.
    pub check: Check,
}

/// The options that decide the result.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Options {
    /// Passed through to the C front end.
    pub compiler: Vec<String>,
    /// `-O`.
    pub optimise: u8,
    /// `--cpu-threshold`; `null` where it is left to the estimate.
    pub cpu_threshold: Option<u64>,
    /// `--fp`.
    pub fp: Word,
    /// `--memory`.
    pub memory: Word,
    /// `--coherence`.
    pub coherence: Word,
    /// `--check`.
    pub check: Word,
    /// `--plan`.
    pub plan: Option<String>,
    /// `--no-parallel`.
    pub no_parallel: bool,
}

/// A loop.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Loop {
    /// The input.
    pub file: String,
    /// Of its keyword, counted from 1.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
    /// The line of its end; absent in reports of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_line: Option<usize>,
    /// The function it stands in.
    pub function: String,
    /// Where its iterations run.
    pub verdict: Verdict,
    /// What was recognised in it; not computed yet.
    pub idiom: Option<Word>,
    /// What is tested before its kernel runs.
    pub guards: Vec<Guard>,
    /// Why it is not parallel.
    pub reasons: Vec<ReasonEntry>,
    /// The kernel that runs it or holds it.
    pub kernel: Option<String>,
    /// The moves of its region.
    pub plan: Vec<String>,
    /// Whether it is part of a kernel.
    pub device_code: bool,
}

/// A condition tested on the host.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Guard {
    /// `no-overlap`, `loop-runs`, …
    pub kind: Word,
    /// The condition in words of C.
    pub text: String,
}

/// A reason at a place.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReasonEntry {
    /// `MUPA101`.
    pub code: Word,
    /// `carried-dependence`.
    pub name: Word,
    /// In a sentence.
    pub message: String,
    /// Of the text that causes it.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
    /// Two iterations that conflict.
    pub witness: Option<WitnessEntry>,
    /// What would help.
    pub hint: Option<String>,
}

/// Two iterations and the element they fight over.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WitnessEntry {
    /// Iterator values of the earlier access.
    pub source: Vec<i64>,
    /// Iterator values of the later access.
    pub sink: Vec<i64>,
    /// `a[2]`.
    pub element: String,
}

/// A stretch that kernels took the place of.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Region {
    /// `saxpy:3`.
    pub name: String,
    /// In order of launch.
    pub kernels: Vec<Kernel>,
    /// Device copies of host memory; outside of every stay they live as long as the region.
    pub buffers: Vec<Buffer>,
    /// The ranges of arrays that are memory of the device already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resident: Vec<String>,
    /// What is tested before anything else.
    pub guards: Vec<Guard>,
    /// What its plan came of: `search`, `greedy`, `default` or `replay`.
    pub chosen_by: Option<Word>,
    /// How the region came to this form.
    pub trajectory: Vec<MoveEntry>,
    /// What all moves were good for, against the default bindings; absent where no estimate is known.
    pub estimate: Option<Estimate>,
    /// In microseconds; absent where no estimate is known.
    pub estimated_microseconds: Option<Times>,
}

/// A kernel.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Kernel {
    /// `saxpy_l3`.
    pub name: String,
    /// Threads of a block along x, y, z.
    pub block: [u32; 3],
    /// `i on block.x * 256 + thread.x`.
    pub mapping: Vec<String>,
}

/// A device copy.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Buffer {
    /// The range of the array: `x[0..n)`.
    pub range: String,
    /// Its size in words of C; absent where a pass over the iterations finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// Whether it is copied to the device first.
    pub copied_in: bool,
    /// Whether it is copied back.
    pub copied_out: bool,
}

/// A stretch of statements, while which arrays stay on the device.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stay {
    /// The function it stands in.
    pub function: String,
    /// Of its first statement.
    pub first_line: usize,
    /// Of the end of its last statement.
    pub last_line: usize,
    /// The regions that it comes to and that leave copies or find them.
    pub regions: Vec<String>,
    /// The statements in it before which copies go home.
    pub turns: Vec<Turn>,
}

/// A statement of the host that touches memory while a stay may last.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Turn {
    /// Of its first word.
    pub line: usize,
    /// What it does with them.
    pub does: TurnKind,
    /// All elements that it touches, where they are known: no other copies go home.
    #[serde(default)]
    pub elements: Vec<String>,
}

/// One move of a trajectory.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MoveEntry {
    /// As in a plan file.
    #[serde(rename = "move")]
    pub text: String,
    /// What it changed.
    pub did: String,
    /// Why the result is still right.
    pub legal_because: String,
    /// What it was good for; absent where it only completes the mapping by the default bindings.
    #[serde(flatten)]
    pub estimate: Option<Estimate>,
    /// What the graph that guided the search knows of it; absent where there was none, or it knows nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What became of a move in nests of the same kind.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// What of a nest had to be the same: `exact`, `loops` or `shape`.
    #[cfg_attr(test, schemars(with = "String"))]
    pub level: Level,
    /// How many trajectories made the move, by the cost model.
    pub estimated: u32,
    /// The same, on GPUs.
    pub measured: u32,
    /// Binary logarithm of how far these stay behind the best of their regions.
    pub behind_log2: f64,
    /// Some of the regions: `a.c saxpy:3`.
    pub examples: Vec<String>,
}

/// What moves were good for, by the analytic estimate.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Estimate {
    /// Binary logarithm of how many times faster the region became.
    pub gain_log2: f64,
    /// What limits it then.
    pub bottleneck: Word,
}

/// What one run of a region takes by the analytic estimate, at typical sizes where they are not known.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Times {
    /// Kernels with their launches.
    pub kernels: f64,
    /// What the host looks at before, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspections: Option<f64>,
    /// Copies of all that the region touches, there and back.
    pub copies: f64,
    /// One core of the host, without kernels.
    pub host: f64,
}

/// What chose the form of a region, and how.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// What its plan came of.
    pub by: Option<&'static str>,
    /// By which moves.
    pub trajectory: Trajectory,
}

/// How a region came to its form.
#[derive(Clone, Debug, Default)]
pub struct Trajectory {
    /// In order.
    pub moves: Vec<MoveEntry>,
    /// All of them against the default bindings.
    pub estimate: Option<Estimate>,
    /// In microseconds.
    pub times: Option<Times>,
}

/// How the mappings were chosen.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Search {
    /// `naive`, `analytic`, `replay` or `none`.
    pub oracle: Word,
    /// The hash of the network that guided a search; absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The hash of the sequence model whose proposals a search began with; absent where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposals: Option<String>,
    /// The architecture that mappings were chosen for.
    pub arch: String,
    /// The GPU whose constants the estimates rest on: the one of that architecture, else the nearest that is known.
    pub hardware: Word,
    /// Whether these constants were measured on such a GPU.
    pub is_calibrated: bool,
}

impl Search {
    /// Returns what the estimates rest on, for people.
    pub(crate) fn basis(&self) -> String {
        let hardware = &self.hardware;
        if self.is_calibrated {
            return format!("measurements of an {hardware}");
        }
        format!(
            "data sheets of an {hardware} and the literature, but for launches, copies and memory, measured on an H100 and an H200"
        )
    }
}
