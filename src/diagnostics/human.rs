//! The form for people: the message, the source text under it, help.

use std::io::Write;

use codespan_reporting::diagnostic::{self, Diagnostic};
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::termcolor::{Buffer, StandardStream, WriteColor};
use codespan_reporting::term::{self, Chars, Config, Styles, StylesWriter};
use mupac_ir::Source;

use super::{Message, Severity};

/// Writes `message`, with the text of `source` where its labels point.
pub(super) fn say(stream: &mut StandardStream, message: &Message, source: Option<&Source>) {
    let (name, text) = source.map_or(("", ""), |source| {
        (source.name.as_str(), source.text.as_str())
    });
    let file = SimpleFile::new(name, text);
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
    let diagnostic = diagnostic(message, text.len());
    let mut writer = StylesWriter::new(&mut buffer, &styles);
    // It fails on a label beyond the text; the one-line form still says what is the matter.
    let is_rendered = term::emit_to_write_style(&mut writer, &config, &file, &diagnostic).is_ok();
    let rendered = String::from_utf8_lossy(buffer.as_slice());
    let shown = if is_rendered {
        rendered.trim_end().to_owned()
    } else {
        super::short(message)
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

fn diagnostic(message: &Message, length: usize) -> Diagnostic<()> {
    let severity = match message.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    };
    let labels: Vec<_> = message
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| label.span.range().end <= length && !label.span.is_unknown())
        .map(|(index, label)| {
            let range = label.span.range();
            let placed = if index == 0 {
                diagnostic::Label::primary((), range)
            } else {
                diagnostic::Label::secondary((), range)
            };
            placed.with_message(&label.words)
        })
        .collect();
    // Without source text the place is told in words.
    let place = message
        .place
        .as_ref()
        .filter(|_| labels.is_empty())
        .map(|place| format!("at:   {place}"));
    let mut told = Diagnostic::new(severity)
        .with_message(&message.title)
        .with_labels(labels)
        .with_notes(
            place
                .into_iter()
                .chain(message.notes.iter().cloned())
                .collect(),
        );
    if let Some(code) = message.code {
        told = told.with_code(code);
    }
    told
}
