//! What can go wrong before there is a module: no libclang, not a text, not C.

use mupac_ir::Span;

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Explains another one.
    Note,
    /// The file is C, and something about it is odd.
    Warning,
    /// The file is not C.
    Error,
}

/// A message of the C compiler about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// The words.
    pub message: String,
    /// The file it is about; empty where it is about none.
    pub file: String,
    /// Line, counted from 1; 0 where there is no place.
    pub line: usize,
    /// Column in bytes, counted from 1; 0 where there is no place.
    pub column: usize,
    /// The place, if it is in the main file.
    pub span: Option<Span>,
    /// Further places that matter.
    pub notes: Vec<Diagnostic>,
}

/// Why there is no module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontendError {
    /// There is no usable libclang on this machine.
    #[error(
        "libclang 17 or later is needed ({why}): apt-get install libclang1-22 libclang-common-22-dev, or set LIBCLANG_PATH"
    )]
    Unavailable {
        /// What was tried.
        why: String,
    },
    /// The input is not C.
    #[error("{}", summary(.0))]
    Rejected(Vec<Diagnostic>),
    /// The input is not a text.
    #[error("line {line}: {what}")]
    NotText {
        /// The line, counted from 1.
        line: usize,
        /// What stands there.
        what: String,
    },
    /// The input is longer than spans can express.
    #[error("the file has {bytes} bytes; at most {} are supported", u32::MAX)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// libclang gave up without a message, which bad options cause.
    #[error("libclang refuses the file, or one of the options: {}", .arguments.join(" "))]
    NoResult {
        /// The user's options.
        arguments: Vec<String>,
    },
    /// The name of the file or an option holds a zero byte.
    #[error("the file name or an option holds a zero byte")]
    ZeroByte,
    /// The options choose a target whose types differ from what the IR models.
    #[error("only 64-bit targets are supported: the options make pointers {bits} bits wide")]
    Target {
        /// Width of a pointer.
        bits: u64,
    },
    /// The module breaks a rule of the IR, which is a bug of mupac.
    #[error("bug in mupac's C front end: {what}")]
    Internal {
        /// What the verifier says.
        what: String,
    },
}

/// Says the first error in one line, and how many more there are.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let mut errors = diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error);
    let Some(first) = errors.next() else {
        return "the C compiler rejects the file".to_owned();
    };
    let more = match errors.count() {
        0 => String::new(),
        count => format!(" (and {count} more)"),
    };
    format!(
        "{}:{}:{}: {}{more}",
        first.file, first.line, first.column, first.message
    )
}
