//! What was seen on a GPU: one record a line of `results.jsonl`, as the script of a bundle writes it and `mupac import`
//! reads it, and what is kept of it.
//!
//! A line stands for itself: it names the tool, the text by its hash, the machine and the date, so that lines of several
//! runs can lie in one file.
//! Serde says how a line is spelled; [`GpuResult::fault`] says what a well-formed line must hold besides.

mod fault;

use serde::{Deserialize, Serialize};

/// The version of this form, raised where a reader of the old one would misunderstand.
pub const SCHEMA: u32 = 1;

/// What the runtime that executes CUDA on the CPU calls its device: what ran there was not measured.
pub const EMULATION: &str = "mupac SIMT emulation";

/// The fewest repetitions from which a median is taken.
pub const LEAST_REPETITIONS: u32 = 15;

/// One thing that was tried on a machine, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpuResult {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Version of the mupac that emitted the text.
    pub tool: String,
    /// The file's name in the bundle.
    pub file: String,
    /// Hash of the text that was compiled ([`text_hash`](crate::hash::text_hash)).
    pub text: String,
    /// The function that was called; absent for the text as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// What was tried.
    pub stage: Stage,
    /// Which test of the stage: `saxpy:3`.
    pub test: String,
    /// What came of it.
    pub verdict: GpuVerdict,
    /// Of a failure its kind (`value`, `crash`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What was seen, or why nothing was; absent where it passed and there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How many kernels were launched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launches: Option<u64>,
    /// What the CUDA compiler says of itself; empty where there is none.
    pub compiler: String,
    /// The options that it was given.
    pub flags: String,
    /// The GPU; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<GpuDevice>,
    /// When, in UTC: `2026-01-31T12:00:00Z`.
    pub date: String,
    /// What the function was called with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<Size>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timings: Option<Timings>,
}

/// What is tried with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Compiling it.
    Compile,
    /// Comparing what it computes with the original.
    Correctness,
    /// Looking for accesses outside of memory.
    Memcheck,
    /// Looking for races in shared memory.
    Racecheck,
    /// Looking for reads of memory that nothing wrote.
    Initcheck,
    /// Looking for misused barriers.
    Synccheck,
    /// Measuring it.
    Timing,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GpuVerdict {
    /// As it should.
    Pass,
    /// Otherwise.
    Fail,
    /// It ran, and what came of it can be neither right nor wrong: no bound on the result is known.
    NotTested,
    /// It did not run: there is no compiler, no GPU, no tool.
    NotRun,
}

/// A GPU and its driver.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpuDevice {
    /// As the driver names it.
    pub name: String,
    /// `9.0`.
    pub compute_capability: String,
    /// Version of the driver; `unknown` where nobody says.
    pub driver: String,
    /// Version of CUDA that the runtime has.
    pub cuda: String,
}

/// An integer that a function was called with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Its parameter or global.
    pub name: String,
    /// Its value.
    pub value: i64,
}

/// How long a call takes, on the same inputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timings {
    /// The kernels alone, by events before and after each launch.
    pub kernel: Timing,
    /// The call, with everything that the host does for it: guards, allocation, copies.
    pub end_to_end: Timing,
    /// The original on one thread, as the C compiler builds it with `-O3 -march=native`.
    pub cpu: Timing,
}

/// A measured time.
///
/// **Units**: microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// How often, after warming up.
    pub repetitions: u32,
    /// The median.
    pub median_us: f64,
    /// From the first to the third quartile.
    pub iqr_us: f64,
}

/// The last line of a file: that the run came to its end, and how many results stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndMark {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Number of lines before this one.
    pub end: usize,
}

/// A measured trajectory: what was done to the regions of a function, and how long the result takes on a GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Version of the mupac that emitted the text.
    pub tool: String,
    /// The file's name in its bundle.
    pub file: String,
    /// Hash of the text.
    pub text: String,
    /// The function.
    pub function: String,
    /// Its regions.
    pub regions: Vec<MeasuredRegion>,
    /// Where it was measured.
    pub device: GpuDevice,
    /// With which compiler.
    pub compiler: String,
    /// And which options of it.
    pub flags: String,
    /// When, in UTC.
    pub date: String,
    /// What the function was called with.
    pub sizes: Vec<Size>,
    /// How long it took.
    pub timings: Timings,
}

/// A region and the moves that lead to its kernels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredRegion {
    /// `saxpy:3`.
    pub name: String,
    /// As in a plan file.
    pub moves: Vec<String>,
}

impl Stage {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 7] = [
        Self::Compile,
        Self::Correctness,
        Self::Memcheck,
        Self::Racecheck,
        Self::Initcheck,
        Self::Synccheck,
        Self::Timing,
    ];

    /// Returns the word of a line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Correctness => "correctness",
            Self::Memcheck => "memcheck",
            Self::Racecheck => "racecheck",
            Self::Initcheck => "initcheck",
            Self::Synccheck => "synccheck",
            Self::Timing => "timing",
        }
    }

    /// Returns whether something of the stage runs on a GPU.
    fn needs_device(self) -> bool {
        self != Self::Compile
    }
}

impl GpuResult {
    /// Returns what tells this result from every other: no run says it twice.
    pub fn key(&self) -> (&str, Option<&str>, Stage, &str, Option<&GpuDevice>, &str) {
        (
            &self.text,
            self.function.as_deref(),
            self.stage,
            &self.test,
            self.device.as_ref(),
            &self.date,
        )
    }
}
