//! What a check can say.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use mupac_ir::Unit;

use crate::evidence::Evidence;
use crate::isolation::Exhausted;
use crate::origin::Origin;
use crate::recording::Recording;

/// The verdict on a text.
#[derive(Debug)]
pub enum Outcome {
    /// Every test passed, and every kernel ran in one of them.
    Verified(Verified),
    /// At least one test failed, or a kernel never ran; at least one failure, the first of each kind and kernel.
    Failed(Vec<Failure>),
    /// No test is possible, for the reason given.
    NotTested(String),
}

/// A text that passed; made nowhere but in this crate.
#[derive(Debug)]
pub struct Verified {
    unit: Box<Unit>,
    /// How far it was tested.
    pub evidence: Box<Evidence>,
    /// The tests that it passed, if they were recorded.
    pub recording: Option<Box<Recording>>,
}

impl Verified {
    pub(crate) fn new(unit: Unit, evidence: Evidence, recording: Option<Recording>) -> Self {
        Self {
            unit: Box::new(unit),
            evidence: Box::new(evidence),
            recording: recording.map(Box::new),
        }
    }

    /// Returns what was tested.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Returns the text that was tested.
    pub fn cuda(&self) -> &str {
        &self.unit.cuda
    }
}

/// One way in which a text was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of wrong.
    pub kind: FailureKind,
    /// The function that was called; `None` for the whole program and for the text itself.
    pub function: Option<String>,
    /// The kernel that ran; `None` where none did or it is not known.
    pub kernel: Option<String>,
    /// What was seen, in a sentence without full stop.
    pub message: String,
    /// The words that run the same test again; empty where the text did not compile.
    pub replay: String,
    /// The smallest failing test that was found, as C; `None` where no function was called.
    pub counterexample: Option<String>,
    /// Who made what is wrong, and at which line; `None` where it is not known.
    pub origin: Option<Origin>,
    /// Whether another order of additions may be all: the program prints other last digits, and no bound on them is known.
    pub is_rounding: bool,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    /// The C++ compiler refuses the text.
    Compile,
    /// A result differs from the original's.
    Value,
    /// The results of two orders of blocks and threads differ.
    Nondeterministic,
    /// Two threads touch the same memory without order between them, at least one writes.
    Race,
    /// Memory outside every allocation.
    OutOfBounds,
    /// A kernel uses an address that is no multiple of what the type behind it is aligned to.
    Misaligned,
    /// Memory that was freed.
    UseAfterFree,
    /// A kernel reads memory that nothing wrote.
    Uninitialised,
    /// A kernel touches host memory, the host touches device memory, or a copy goes the wrong way.
    HostPointer,
    /// Threads wait for each other forever.
    Deadlock,
    /// A thread waits at a barrier that another of its block does not reach.
    DivergentBarrier,
    /// The process died.
    Crash,
    /// The run did not end in time.
    Timeout,
    /// A CUDA call failed.
    CudaError,
    /// A kernel ran in no test; it may be right, but nothing shows it.
    NotLaunched,
}

impl Failure {
    /// Returns that a kernel was launched in no test, with the reason.
    pub(crate) fn not_launched(kernel: &str, why: &str) -> Self {
        Self {
            kind: FailureKind::NotLaunched,
            function: None,
            kernel: Some(kernel.to_owned()),
            message: why.to_owned(),
            replay: String::new(),
            counterexample: None,
            origin: None,
            is_rounding: false,
        }
    }
}

impl FailureKind {
    const NAMES: [(Self, &'static str); 15] = [
        (Self::Compile, "compile"),
        (Self::Value, "value"),
        (Self::Nondeterministic, "nondeterministic"),
        (Self::Race, "race"),
        (Self::OutOfBounds, "out-of-bounds"),
        (Self::Misaligned, "misaligned"),
        (Self::UseAfterFree, "use-after-free"),
        (Self::Uninitialised, "uninitialised"),
        (Self::HostPointer, "host-pointer"),
        (Self::Deadlock, "deadlock"),
        (Self::DivergentBarrier, "divergent-barrier"),
        (Self::Crash, "crash"),
        (Self::Timeout, "timeout"),
        (Self::CudaError, "cuda-error"),
        (Self::NotLaunched, "not-launched"),
    ];

    /// Returns the word of reports.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// Returns the kind with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, word)| *word == name)
            .map(|(kind, _)| *kind)
    }

    /// Returns whether the text is wrong, and not merely untested.
    pub fn is_bug(self) -> bool {
        self != Self::NotLaunched
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(kernel) = &self.kernel {
            write!(f, " in {kernel}")?;
        }
        if let Some(function) = &self.function {
            write!(f, " (testing {function})")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The machine is at fault: nothing was learned about the text.
#[derive(Debug, thiserror::Error)]
pub enum TesterError {
    /// A compiler is missing.
    #[error(
        "no {language} compiler: {name} is not in PATH (on Debian: apt-get install gcc g++; or use --check=off)"
    )]
    NoCompiler {
        /// `C` or `C++`.
        language: &'static str,
        /// What was looked for.
        name: String,
    },
    /// The compiler cannot build the runtime that executes CUDA on the CPU.
    #[error("{compiler} cannot build the runtime for checks: {output}")]
    Runtime {
        /// Which compiler.
        compiler: PathBuf,
        /// Its first complaint.
        output: String,
    },
    /// What a check needs of the machine does not work without the text under test either.
    #[error("{what}")]
    Tools {
        /// What does not work.
        what: String,
    },
    /// The compiled runtime was changed while a check used it.
    #[error("the compiled runtime in the cache was changed while it was used; run mupac again")]
    Damaged,
    /// The user's options for the linker keep it from linking what it links without them.
    #[error("the linker refuses its options: {output}")]
    Link {
        /// Its first complaint.
        output: String,
    },
    /// The check on the GPU did not come to a verdict.
    #[error("the GPU says nothing: {what}")]
    Gpu {
        /// Why.
        what: String,
    },
    /// It took more than it may.
    #[error("{what}")]
    Exhausted {
        /// What took how much, in a sentence without full stop.
        what: String,
    },
    /// A file or process could not be made.
    #[error("cannot {what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl TesterError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source: std::io::Error| {
            let cause = source.get_ref();
            match cause.and_then(|cause| cause.downcast_ref::<Exhausted>()) {
                Some(exhausted) => Self::Exhausted {
                    what: exhausted.to_string(),
                },
                None => Self::Io { what, source },
            }
        }
    }

    pub(crate) fn is_full_disk(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == ErrorKind::StorageFull)
    }
}
