//! Messages: what they hold, and how they are said on a terminal, in one line, or as JSON.
//!
//! The words come from the stages (a refusal's reason, clang's message); this module decides their form.
//! Everything goes to standard error; an error while writing there is ignored, because nobody is left to tell.

mod human;
mod json;
mod plain;
mod refusal;

pub(crate) use plain::{line, plain};
pub use refusal::{from_frontend, headline, left, needs_c, refusals};

use std::borrow::Cow;
use std::io::Write;

use codespan_reporting::term::termcolor::{ColorChoice, StandardStream};
use mupac_ir::{Source, Span};

use crate::cli::{Color, MessageFormat};

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The output may not be what the user expects.
    Warning,
    /// Says why something is as it is.
    Note,
}

impl Severity {
    /// Returns the word that begins a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How much it matters.
    pub severity: Severity,
    /// `MUPA101`, where it has a code.
    pub code: Option<&'static str>,
    /// What is the matter, without a period.
    pub title: String,
    /// Where, for the forms without source text.
    pub place: Option<Place>,
    /// Places in the source text, the first one being the place of the message.
    pub labels: Vec<Label>,
    /// Lines after the source text, each beginning with its kind: `help: …`, `see:  …`.
    pub notes: Vec<String>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As the user named it.
    pub file: String,
    /// Counted from 1; 0: the whole file.
    pub line: usize,
    /// Counted from 1, in bytes; 0: the whole line.
    pub column: usize,
}

/// A place in the source text with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The text.
    pub span: Span,
    /// The words; may be empty.
    pub words: String,
}

impl Message {
    /// Returns an error without a place.
    pub fn error(title: impl Into<String>) -> Self {
        Self::new(Severity::Error, title)
    }

    /// Returns a warning without a place.
    pub fn warning(title: impl Into<String>) -> Self {
        Self::new(Severity::Warning, title)
    }

    /// Returns a message without a place.
    pub fn new(severity: Severity, title: impl Into<String>) -> Self {
        Self {
            severity,
            code: None,
            title: title.into(),
            place: None,
            labels: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, words: impl AsRef<str>) -> Self {
        self.notes.push(format!("help: {}", words.as_ref()));
        self
    }

    /// Says where, in a file whose text is not shown.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: usize, column: usize) -> Self {
        self.place = Some(Place {
            file: file.into(),
            line,
            column,
        });
        self
    }
}

/// Says messages on standard error.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    /// In which form.
    pub format: MessageFormat,
    /// Whether in colour.
    pub color: Color,
    /// Whether only errors are said, and what nobody may miss.
    pub is_quiet: bool,
    /// Whether every refusal is explained at its place.
    pub is_verbose: bool,
}

impl Reporter {
    /// Says a message; `source` is the text that its labels point into.
    pub fn say(self, message: &Message, source: Option<&Source>) {
        if self.is_quiet && message.severity != Severity::Error {
            return;
        }
        self.always_say(message, source);
    }

    /// Says a message that nobody may miss, whatever the user wants to hear.
    pub fn insist(self, message: &Message) {
        self.always_say(message, None);
    }

    fn always_say(self, message: &Message, source: Option<&Source>) {
        match self.format {
            MessageFormat::Human => human::say(&mut self.stream(), &shortened(message), source),
            MessageFormat::Short => self.line(&short(&shortened(message))),
            MessageFormat::Json => {
                self.line(&json::message(&shortened(message), source).to_string());
            }
        }
    }

    /// Says one line of text, whatever the form.
    pub fn line(self, text: &str) {
        let plain = match self.format {
            MessageFormat::Human | MessageFormat::Short => plain::line(text),
            MessageFormat::Json => plain::json(text),
        };
        let mut stream = self.stream();
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(stream, "{plain}");
    }

    /// Says one line of progress: nothing under `-q`, an object of type `result` in JSON.
    pub fn progress(self, text: &str) {
        if self.is_quiet {
            return;
        }
        match self.format {
            MessageFormat::Human | MessageFormat::Short => self.line(text),
            MessageFormat::Json => self.line(&json::progress(text).to_string()),
        }
    }

    fn stream(self) -> StandardStream {
        StandardStream::stderr(match self.color {
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
            Color::Auto => automatic_color(),
        })
    }
}

/// Colour on a terminal only; `NO_COLOR` and `TERM=dumb` are honoured by `ColorChoice::Auto` itself.
fn automatic_color() -> ColorChoice {
    use std::io::IsTerminal;
    if std::io::stderr().is_terminal() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    }
}

/// Returns a message whose title is short enough to be read, whatever it quotes.
fn shortened(message: &Message) -> Cow<'_, Message> {
    const LONGEST_BYTES: usize = 4096;
    if message.title.len() <= LONGEST_BYTES {
        return Cow::Borrowed(message);
    }
    let mut short = message.clone();
    short
        .title
        .truncate(short.title.floor_char_boundary(LONGEST_BYTES));
    short.title.push_str(" …");
    Cow::Owned(short)
}

/// Returns the one-line form: `file:line:column: note[MUPA101]: …`, with what stands at the place itself.
fn short(message: &Message) -> String {
    let place = message
        .place
        .as_ref()
        .map(|place| format!("{place}: "))
        .unwrap_or_default();
    let words = message
        .labels
        .first()
        .map(|label| label.words.as_str())
        .unwrap_or_default();
    let detail = if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    };
    format!("{place}{}: {}{detail}", heading(message), message.title)
}

/// Returns `note[MUPA101]`, or `error`.
fn heading(message: &Message) -> String {
    match message.code {
        Some(code) => format!("{}[{code}]", message.severity.name()),
        None => message.severity.name().to_owned(),
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column]
            .into_iter()
            .take_while(|&number| number > 0)
        {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_quotes_may_be_long() {
        let message = Message::error("ß".repeat(1 << 20));
        assert!(shortened(&message).title.len() < 5000);
        assert!(matches!(
            shortened(&Message::error("short")),
            Cow::Borrowed(_)
        ));
    }
}
