//! The form for people: the message, the source text under it, help.

use std::io::Write;

use codespan_reporting::diagnostic::{self, Diagnostic};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::termcolor::{Buffer, StandardStream, WriteColor};
use codespan_reporting::term::{self, Chars, Config, Styles, StylesWriter};
use mupac_ir::{Source, Span};

use super::plain::{plain, same_length};
use super::{Message, Severity};

/// The longest line that is shown; of longer ones, which programs write, only the place is told.
///
/// **Units**: bytes.
const LONGEST_LINE: usize = 1000;

/// Writes `message`, with the text of `source` where its labels point.
pub(super) fn say(stream: &mut StandardStream, message: &Message, source: Option<&Source>) {
    let (name, text) = source.map_or(("", ""), |source| (source.name.as_str(), source.text()));
    let text = &*same_length(text);
    let file = SimpleFile::new(plain(name), text);
    let config = Config {
        chars: Chars::ascii(),
        ..Config::default()
    };
    let styles = Styles::default();
    let mut buffer = if stream.supports_color() {
        Buffer::ansi()
    } else {
        Buffer::no_color()
    };
    let diagnostic = diagnostic(message, text);
    let mut writer = StylesWriter::new(&mut buffer, &styles);
    // It fails on a label beyond the text; the one-line form still says what is the matter.
    let is_rendered = term::emit_to_write_style(&mut writer, &config, &file, &diagnostic).is_ok();
    let rendered = String::from_utf8_lossy(buffer.as_slice());
    let shown = if is_rendered {
        rendered.trim_end().to_owned()
    } else {
        plain(&super::short(message)).into_owned()
    };
    // A blank line parts source text from what follows; a message of one line needs none.
    let end = if diagnostic.labels.is_empty() {
        "\n"
    } else {
        "\n\n"
    };
    // Nobody is left to tell when standard error is closed.
    let _ = stream.write_all((shown + end).as_bytes());
}

/// Returns whether the lines of a place are short enough to be shown.
fn is_readable(text: &str, span: Span) -> bool {
    let range = span.range();
    let (Some(before), Some(behind)) = (text.get(..range.start), text.get(range.end..)) else {
        return false;
    };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = behind.find('\n').unwrap_or(behind.len());
    let mut lines = text[start..range.end + rest].split('\n');
    lines.all(|line| line.len() <= LONGEST_LINE)
}

fn diagnostic(message: &Message, text: &str) -> Diagnostic<()> {
    let severity = match message.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    };
    let mut spans = message.labels.iter().map(|label| label.span);
    let is_readable = spans.all(|span| span.is_unknown() || is_readable(text, span));
    let labels: Vec<_> = message
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| is_readable && !label.span.is_unknown())
        .map(|(index, label)| {
            let range = label.span.range();
            let placed = if index == 0 {
                diagnostic::Label::primary((), range)
            } else {
                diagnostic::Label::secondary((), range)
            };
            placed.with_message(plain(&label.words))
        })
        .collect();
    // Without source text the place is told in words.
    let place = message
        .place
        .as_ref()
        .filter(|_| labels.is_empty())
        .map(|place| format!("at:   {place}"));
    let notes = place.into_iter().chain(message.notes.iter().cloned());
    let mut told = Diagnostic::new(severity)
        .with_message(plain(&message.title))
        .with_labels(labels)
        .with_notes(notes.map(|note| plain(&note).into_owned()).collect());
    if let Some(code) = message.code {
        told = told.with_code(code);
    }
    told
}
