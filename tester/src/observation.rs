//! One run of a test program and everything it left behind.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::isolation::{Allowance, Ending, Finished, Process};
use crate::outcome::TesterError;
use crate::report::Report;
use crate::results::{Element, Results};

/// Where `simt/harness.c` writes results.
const RESULTS_DESCRIPTOR: i32 = 198;
/// Where `simt/runtime_report.h` writes its report.
const REPORT_DESCRIPTOR: i32 = 199;

/// The order in which the runtime executes blocks and threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first first.
    Ascending,
    /// The last first.
    Descending,
    /// By this seed.
    Shuffled(u64),
}

impl Order {
    /// The three that every test runs under.
    pub fn all(seed: u64) -> [Self; 3] {
        [Self::Ascending, Self::Descending, Self::Shuffled(seed)]
    }

    pub(crate) fn word(self) -> String {
        match self {
            Self::Ascending => "ascending".to_owned(),
            Self::Descending => "descending".to_owned(),
            Self::Shuffled(seed) => format!("shuffled:{seed}"),
        }
    }
}

/// What to run.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Path,
    /// The words of one test; `None`: the program's own `main`.
    pub(crate) test: Option<&'a str>,
    pub(crate) order: Order,
    pub(crate) arguments: &'a [String],
    pub(crate) stdin: Option<&'a Path>,
    pub(crate) limit: Duration,
    /// What it shares with all processes of the check.
    pub(crate) allowance: Option<&'a Allowance>,
    /// Where folders for runs are made.
    pub(crate) scratch: &'a Path,
    /// Whether the run's folder stays.
    pub(crate) is_kept: bool,
    /// Which mistake of a text with several is made; 0: none.
    pub(crate) mutant: usize,
    /// Whether kernels are launched only from the default threshold on.
    pub(crate) is_default: bool,
    /// Whether the test ends before the call, having written its inputs for results.
    pub(crate) is_dry: bool,
    pub(crate) trace: Trace,
    /// The part of what it does that is asked for; `None`: all.
    pub(crate) part: Option<Part<'a>>,
    pub(crate) clock: Clock,
    pub(crate) digits: Digits,
}

/// A part of a test that is too large as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// At most `most` blocks of each launch run, fewer where all of them together would make so many `accesses` that these take
    /// too long, and results are the bytes that they wrote.
    Blocks { most: usize, accesses: u64 },
    /// No block of a launch runs.
    NoBlocks,
    /// Results are these values: `b0:64+8` for eight of the first buffer, `g` for a global.
    Values(&'a str),
    /// Results are what stretches of the text take; the program ends after so long.
    Stretches(Duration),
    /// What is copied is counted, and not what of it had to be.
    Copies,
}

impl Part<'_> {
    /// Returns how a program is told of it.
    fn environment(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Blocks { most, accesses } => vec![
                ("MUPAC_SIMT_SAMPLE", format!("{most} {accesses}")),
                ("MUPAC_TEST_SAMPLE", String::new()),
            ],
            Self::NoBlocks => vec![("MUPAC_SIMT_IDLE", "1".to_owned())],
            Self::Values(words) => vec![("MUPAC_TEST_SAMPLE", words.to_owned())],
            Self::Stretches(limit) => {
                vec![("MUPAC_TEST_STRETCHES", limit.as_secs_f64().to_string())]
            }
            Self::Copies => vec![("MUPAC_SIMT_COPIES", "1".to_owned())],
        }
    }
}

/// What time it is for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Each call of a clock finds the same time on, so that all runs see the same times.
    Counted,
    /// The system's.
    System,
}

/// How many digits a program prints of floating-point numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    /// As many as it says.
    AsWritten,
    /// All that there are.
    All,
}

/// What a run tells of its accesses besides faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trace {
    /// Nothing.
    Off,
    /// Where the access stands that is at fault.
    Faults,
    /// That, and who wrote an element last.
    Element(Element),
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Observation {
    pub(crate) finished: Finished,
    pub(crate) report: Report,
    pub(crate) results: Results,
    /// The files in its working folder: name and content, sorted by name.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Observation {
    /// Whether a test came to its regular end.
    pub(crate) fn is_complete_test(&self) -> bool {
        self.finished.ending == Ending::Exit(0) && self.results.is_complete && !self.finished.is_cut
    }
}

impl Run<'_> {
    /// Runs the program in a fresh folder.
    pub(crate) fn observe(&self) -> Result<Observation, TesterError> {
        // A number is enough for a name: the scratch folder belongs to this check alone.
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let folder = self
            .scratch
            .join(format!("run-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let work = if self.is_kept {
            folder.join("work")
        } else {
            folder.clone()
        };
        fs::create_dir_all(&work).map_err(TesterError::io("make a temporary folder"))?;
        let mut environment = vec![
            ("LC_ALL".to_owned(), "C".to_owned()),
            ("MUPAC_SIMT_ORDER".to_owned(), self.order.word()),
            // Leaks are no undefined behaviour; a report needs no names, and looking them up would start a process;
            // limits are set already and cannot be changed.
            (
                "ASAN_OPTIONS".to_owned(),
                "detect_leaks=0:symbolize=0:allocator_may_return_null=1:disable_coredump=0"
                    .to_owned(),
            ),
            ("UBSAN_OPTIONS".to_owned(), "symbolize=0".to_owned()),
        ];
        environment.extend(
            self.test
                .map(|test| ("MUPAC_TEST".to_owned(), test.to_owned())),
        );
        if self.mutant > 0 {
            environment.push(("MUPAC_TEST_MUTANT".to_owned(), self.mutant.to_string()));
        }
        if !self.is_default {
            environment.push(("MUPAC_SIMT_THRESHOLD".to_owned(), "0".to_owned()));
        }
        if self.clock == Clock::System {
            environment.push(("MUPAC_TEST_CLOCK".to_owned(), "system".to_owned()));
        }
        if self.digits == Digits::All {
            environment.push(("MUPAC_TEST_DIGITS".to_owned(), "all".to_owned()));
        }
        if self.is_dry {
            environment.push(("MUPAC_TEST_INPUTS".to_owned(), "1".to_owned()));
        }
        let asked = self.part.map_or_else(Vec::new, Part::environment);
        environment.extend(
            asked
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        let element = match self.trace {
            Trace::Off | Trace::Faults => None,
            Trace::Element(element) => element.words(),
        };
        if self.trace != Trace::Off {
            environment.push(("MUPAC_SIMT_TRACE".to_owned(), "1".to_owned()));
        }
        environment.extend(element.map(|words| ("MUPAC_TEST_WATCH".to_owned(), words)));
        let process = Process {
            program: self.program,
            // The same name for original and candidate, since programs print it.
            called: "program",
            arguments: self.arguments.to_vec(),
            environment,
            folder: &work,
            stdin: self.stdin,
            descriptors: &[RESULTS_DESCRIPTOR, REPORT_DESCRIPTOR],
            limit: self.limit,
            allowance: self.allowance,
        };
        let finished = process
            .run()
            .map_err(TesterError::io("run a test program"))?;
        let (results, report) = (
            finished.record(RESULTS_DESCRIPTOR),
            finished.record(REPORT_DESCRIPTOR),
        );
        if self.is_kept {
            let kept = [
                ("stdout", finished.stdout.as_slice()),
                ("stderr", &finished.stderr),
                ("results", results),
                ("report", report),
            ];
            for (name, bytes) in kept {
                fs::write(folder.join(name), bytes)
                    .map_err(TesterError::io("keep what a test program wrote"))?;
            }
        }
        let observation = Observation {
            report: Report::parse(&String::from_utf8_lossy(report)),
            results: Results::parse(results),
            files: read_folder(&work).map_err(TesterError::io("read what a test program wrote"))?,
            finished,
        };
        if !self.is_kept {
            fs::remove_dir_all(&folder).map_err(TesterError::io("remove a temporary folder"))?;
        }
        Ok(observation)
    }
}

/// Returns the regular files below a folder; links are not followed.
fn read_folder(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                left.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                let name = path
                    .strip_prefix(folder)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .into_owned();
                files.push((name, fs::read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}
