//! What was seen on a GPU: one record a line of `results.jsonl`, as the script of a bundle writes it and `mupac import`
//! reads it, and what is kept of it.
//!
//! A line stands for itself: it names the tool, the text by its hash, the machine and the date, so that lines of several
//! runs can lie in one file.
//! Serde says how a line is spelled; [`GpuResult::fault`] says what a well-formed line must hold besides.

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
    pub fn needs_device(self) -> bool {
        self != Self::Compile
    }
}

impl GpuResult {
    /// Returns what a line of the right form says that cannot be, in a sentence without a full stop.
    pub fn fault(&self) -> Option<String> {
        if self.schema != SCHEMA {
            let schema = self.schema;
            return Some(format!(
                "schema {schema} is not the one read here, {SCHEMA}"
            ));
        }
        if !is_hash(&self.text) {
            return Some(format!("`{}` is no hash of a text", self.text));
        }
        if !is_date(&self.date) {
            return Some(format!("`{}` is no date in UTC", self.date));
        }
        let ran = self.verdict != GpuVerdict::NotRun;
        if ran && self.stage.needs_device() && self.device.is_none() {
            return Some("it ran, but on no GPU".to_owned());
        }
        if (self.verdict == GpuVerdict::Fail) != self.kind.is_some() {
            return Some("failures have a kind, and nothing else has one".to_owned());
        }
        if self.verdict == GpuVerdict::NotRun && self.message.is_none() {
            return Some("it did not run, and nothing says why".to_owned());
        }
        let is_measured = self.stage == Stage::Timing && self.verdict == GpuVerdict::Pass;
        match &self.timings {
            None if is_measured => Some("it was measured, but there are no times".to_owned()),
            Some(_) if !is_measured => Some("it was not measured, but there are times".to_owned()),
            Some(_) if self.function.is_none() => Some("the times are of no function".to_owned()),
            Some(timings) => timings.fault(),
            None => None,
        }
    }

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

impl Timings {
    fn fault(&self) -> Option<String> {
        let named = [
            ("kernel", self.kernel),
            ("end_to_end", self.end_to_end),
            ("cpu", self.cpu),
        ];
        named
            .into_iter()
            .find_map(|(name, timing)| Some(format!("{name}: {}", timing.fault()?)))
    }
}

impl Timing {
    fn fault(self) -> Option<&'static str> {
        if self.repetitions < LEAST_REPETITIONS {
            return Some("too few repetitions for a median");
        }
        let is_time = self.median_us.is_finite() && self.median_us > 0.0;
        if !is_time {
            return Some("the median is no time");
        }
        let is_range = self.iqr_us.is_finite() && self.iqr_us >= 0.0;
        (!is_range).then_some("the range of the quartiles is no time")
    }
}

fn is_hash(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 16 && text.bytes().all(is_digit)
}

/// Returns whether a text is a date and time in UTC, to the second.
///
/// **Source**: RFC 3339, §5.6.
fn is_date(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    text.len() == form.len() && text.bytes().zip(*form).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(median_us: f64) -> Timing {
        Timing {
            repetitions: 15,
            median_us,
            iqr_us: 0.5,
        }
    }

    fn result() -> GpuResult {
        GpuResult {
            schema: SCHEMA,
            tool: "0.1.0".to_owned(),
            file: "saxpy".to_owned(),
            text: "af63dc4c8601ec8c".to_owned(),
            function: Some("saxpy".to_owned()),
            stage: Stage::Timing,
            test: "saxpy:large".to_owned(),
            verdict: GpuVerdict::Pass,
            kind: None,
            message: None,
            launches: Some(1),
            compiler: "release 13.0".to_owned(),
            flags: "-O3".to_owned(),
            device: Some(GpuDevice {
                name: "a GPU".to_owned(),
                compute_capability: "9.0".to_owned(),
                driver: "580.1".to_owned(),
                cuda: "13.0".to_owned(),
            }),
            date: "2026-01-31T12:00:00Z".to_owned(),
            sizes: Vec::new(),
            timings: Some(Timings {
                kernel: timing(3.0),
                end_to_end: timing(30.0),
                cpu: timing(100.0),
            }),
        }
    }

    #[test]
    fn a_measured_result_is_sound() {
        assert_eq!(result().fault(), None);
    }

    #[test]
    fn impossible_results_are_named() {
        type Change = fn(&mut GpuResult);
        let changes: [(&str, Change); 9] = [
            ("schema 2", |each| each.schema = 2),
            ("no hash", |each| each.text = "AF63dc4c8601ec8c".to_owned()),
            ("no date", |each| each.date = "yesterday".to_owned()),
            ("on no GPU", |each| each.device = None),
            ("have a kind", |each| each.kind = Some("value".to_owned())),
            ("have a kind", |each| each.verdict = GpuVerdict::Fail),
            ("no times", |each| each.timings = None),
            ("not measured", |each| each.stage = Stage::Correctness),
            ("no function", |each| each.function = None),
        ];
        for (words, change) in changes {
            let mut broken = result();
            change(&mut broken);
            let fault = broken.fault().unwrap_or_default();
            assert!(fault.contains(words), "{words}: {fault}");
        }
    }

    #[test]
    fn times_are_positive_and_repeated() {
        let bad = [
            Timing {
                repetitions: 14,
                ..timing(3.0)
            },
            timing(0.0),
            timing(f64::NAN),
            Timing {
                iqr_us: -1.0,
                ..timing(3.0)
            },
        ];
        for kernel in bad {
            let mut changed = result();
            changed.timings = Some(Timings {
                kernel,
                end_to_end: timing(1.0),
                cpu: timing(1.0),
            });
            let fault = changed.fault().unwrap_or_default();
            assert!(fault.starts_with("kernel: "), "{fault}");
        }
    }
}
