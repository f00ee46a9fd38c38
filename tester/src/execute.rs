//! Execution of texts together with calls of one's own, for suites that know what to call and what should come out.
//!
//! [`check`](crate::check) makes its own calls; here the caller brings them as C or C++ text with a `main`.
//! Building, isolation and the watching runtime are the same; whether a result is right is the caller's business.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::isolation::{Ending, Scratch, in_words, most_bytes};
use crate::launches;
pub use crate::observation::Order;
use crate::observation::{Clock, Digits, Run, Trace};
use crate::options::CheckOptions;
use crate::outcome::{FailureKind, TesterError};
use crate::report::Copies;
use crate::toolchain::{Refused, Toolchain};
use crate::trial::intrinsic_fault;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C, compiled as the original of a check is.
    C,
    /// C++, as a caller; nobody watches its accesses.
    Cxx,
    /// CUDA C++, executed on the CPU with every access watched.
    Cuda,
}

/// One translation unit of a program.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What it is written in.
    pub language: Language,
    /// Its text.
    pub text: &'a str,
    /// Options for the compiler besides the usual ones, such as `-DN=3`.
    pub flags: &'a [&'a str],
}

/// A folder, compilers and the runtime that executes CUDA on the CPU.
#[derive(Debug)]
pub struct Executor {
    scratch: Scratch,
    toolchain: Toolchain,
    next: AtomicUsize,
}

/// A program that [`Executor::build`] made; it lives as long as its executor.
#[derive(Clone, Debug)]
pub struct Executable {
    path: PathBuf,
}

/// One run of a program.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// What the program reads from its standard input.
    pub stdin: &'a [u8],
    /// The order in which blocks and threads run.
    pub order: Order,
    /// The longest it may take.
    pub limit: Duration,
}

/// What a run left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained of.
    pub stderr: Vec<u8>,
    /// The files it wrote: name and content, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// How often each kernel was launched.
    pub launches: BTreeMap<String, u64>,
    /// What went between host and device.
    pub copies: Copies,
    /// What went wrong: a fault that the runtime saw, an error of CUDA, or an end other than exit code 0.
    pub trouble: Option<String>,
    /// The kind of what went wrong; `None` too where the program itself ended with another exit code than 0.
    pub kind: Option<FailureKind>,
}

/// Returns CUDA C++ as the C++ compiler gets it: with launches and declarations rewritten, line for line.
///
/// **Errors**: a launch or declaration of a form that is not read, in words.
pub fn rewritten(cuda: &str) -> Result<String, String> {
    launches::rewrite(cuda)
}

impl Executor {
    /// Finds the compilers that the options name and makes the runtime ready.
    ///
    /// **Errors**: a compiler is missing, or a folder cannot be made.
    pub fn new(options: &CheckOptions) -> Result<Self, TesterError> {
        let scratch = Scratch::new("mupac-execute-", false)
            .map_err(TesterError::io("make a temporary folder"))?;
        let toolchain = Toolchain::prepare(options, scratch.path(), scratch.path())?;
        Ok(Self {
            scratch,
            toolchain,
            next: AtomicUsize::new(0),
        })
    }

    /// Builds a program of its parts; the inner error is a compiler's first complaint.
    ///
    /// **Errors**: the machine is at fault.
    pub fn build(&self, parts: &[Part<'_>]) -> Result<Result<Executable, String>, TesterError> {
        let mut objects = Vec::new();
        for part in parts {
            match self.compile(part)? {
                Ok(object) => objects.push(object),
                Err(message) => return Ok(Err(message)),
            }
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.scratch.path().join(format!("program-{number}"));
        let is_watched = parts.iter().any(|part| part.language == Language::Cuda);
        let linked = self.toolchain.link(&objects, &path, is_watched)?;
        Ok(match linked {
            Ok(()) => Ok(Executable { path }),
            Err(Refused(message)) => Err(message),
        })
    }

    /// Compiles one translation unit and returns its object file; the inner error is the compiler's first complaint.
    ///
    /// **Errors**: the machine is at fault.
    pub fn compile(&self, part: &Part<'_>) -> Result<Result<PathBuf, String>, TesterError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let text = match part.language {
            Language::C | Language::Cxx => part.text.to_owned(),
            Language::Cuda => match launches::rewrite_for_check(part.text) {
                Ok(text) => text,
                Err(message) => return Ok(Err(message)),
            },
        };
        let source = self.scratch.path().join(format!("part-{number}.text"));
        fs::write(&source, text).map_err(TesterError::io("write a text to build"))?;
        let object = source.with_extension("o");
        let built = self
            .toolchain
            .build_part(&source, &object, part.language, part.flags)?;
        Ok(built.map(|()| object).map_err(|Refused(message)| message))
    }

    /// Runs a program, isolated as in a check.
    ///
    /// **Errors**: the machine is at fault.
    pub fn run(
        &self,
        program: &Executable,
        invocation: Invocation<'_>,
    ) -> Result<Execution, TesterError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let stdin = self.scratch.path().join(format!("stdin-{number}"));
        fs::write(&stdin, invocation.stdin).map_err(TesterError::io("write a standard input"))?;
        let observed = Run {
            program: &program.path,
            test: None,
            order: invocation.order,
            arguments: &[],
            stdin: Some(&stdin),
            limit: invocation.limit,
            allowance: None,
            scratch: self.scratch.path(),
            is_kept: false,
            mutant: 0,
            is_default: true,
            is_dry: false,
            trace: Trace::Off,
            part: None,
            clock: Clock::Counted,
            digits: Digits::AsWritten,
        }
        .observe()?;
        let fault = intrinsic_fault(&observed);
        let kind = match observed.finished.ending {
            Ending::Signal(_) => Some(FailureKind::Crash),
            Ending::Exit(_) | Ending::TimedOut | Ending::OutOfMemory => None,
        };
        let kind = fault.as_ref().map(|fault| fault.kind).or(kind);
        let trouble = fault
            .map(|fault| match fault.kernel {
                Some(kernel) => format!("{} in {kernel}: {}", fault.kind, fault.message),
                None => format!("{}: {}", fault.kind, fault.message),
            })
            .or_else(|| match observed.finished.ending {
                Ending::Exit(0) if observed.finished.is_cut => {
                    Some("it prints more than is kept".to_owned())
                }
                Ending::Exit(0) => None,
                Ending::Exit(code) => Some(format!("exit code {code}")),
                Ending::Signal(signal) => Some(format!("signal {signal}")),
                Ending::TimedOut => Some("it does not end in time".to_owned()),
                Ending::OutOfMemory => {
                    Some(format!("it takes more than {}", in_words(most_bytes())))
                }
            });
        Ok(Execution {
            stdout: observed.finished.stdout,
            stderr: observed.finished.stderr,
            files: observed.files,
            launches: observed.report.launches,
            copies: observed.report.copies,
            trouble,
            kind,
        })
    }
}
