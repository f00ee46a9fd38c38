//! The form for people: the message, the source text under it, help.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

use codespan_reporting::diagnostic::{self, Diagnostic};
use codespan_reporting::files::SimpleFiles;
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
    let text = same_length(source.map_or("", Source::text));
    let (files, starts) = files(source, &text);
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
    let diagnostic = diagnostic(message, &files, &starts);
    let mut writer = StylesWriter::new(&mut buffer, &styles);
    // It fails on a label beyond the text; the one-line form still says what is the matter.
    let is_rendered = term::emit_to_write_style(&mut writer, &config, &files, &diagnostic).is_ok();
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

/// The files that are shown.
type Files<'t> = SimpleFiles<String, Cow<'t, str>>;

/// Where a file begins in a text.
struct Start {
    offset: usize,
    /// How many lines stand before what is shown of it, empty since they are told elsewhere.
    lines: usize,
}

/// Returns the files of a source, of which this is the text, with the places at which they begin in it.
fn files<'t>(source: Option<&Source>, text: &'t str) -> (Files<'t>, Vec<Start>) {
    let mut files = SimpleFiles::new();
    let mut starts = Vec::new();
    let parts = source.map(Source::parts).unwrap_or_default().iter();
    let parts = parts.filter_map(|part| {
        let (name, span) = source?.part_around(part.start)?;
        Some((name, span.range(), part.line as usize))
    });
    let name = source.map_or("", |source| &source.name);
    let is_one = source.is_none_or(|source| source.parts().is_empty());
    let whole = std::iter::once((name, 0..text.len(), 1)).filter(|_| is_one);
    for (name, range, line) in whole.chain(parts) {
        let lines = line.saturating_sub(1);
        starts.push(Start {
            offset: range.start,
            lines,
        });
        let own = text.get(range).unwrap_or_default();
        let shown = match lines {
            0 => Cow::Borrowed(own),
            _ => Cow::Owned("\n".repeat(lines) + own),
        };
        files.add(plain(name).into_owned(), shown);
    }
    (files, starts)
}

/// Returns whether the lines of a place are short enough to be shown.
fn is_readable(text: &str, range: Range<usize>) -> bool {
    let (Some(before), Some(behind)) = (text.get(..range.start), text.get(range.end..)) else {
        return false;
    };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = behind.find('\n').unwrap_or(behind.len());
    let mut lines = text[start..range.end + rest].split('\n');
    lines.all(|line| line.len() <= LONGEST_LINE)
}

fn diagnostic(message: &Message, files: &Files<'_>, starts: &[Start]) -> Diagnostic<usize> {
    let severity = match message.severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    };
    // The file of a place, and where the place is in it.
    let placed = |span: Span| {
        let file = starts.partition_point(|start| start.offset <= span.start as usize);
        let file = file.saturating_sub(1);
        let start = starts.get(file);
        let (offset, lines) = start.map_or((0, 0), |start| (start.offset, start.lines));
        let range = span.range();
        let moved = |at: usize| at.saturating_sub(offset) + lines;
        (file, moved(range.start)..moved(range.end))
    };
    let is_shown = |span: Span| {
        let (file, range) = placed(span);
        files
            .get(file)
            .is_ok_and(|file| is_readable(file.source(), range))
    };
    let mut spans = message.labels.iter().map(|label| label.span);
    let is_readable = spans.all(|span| span.is_unknown() || is_shown(span));
    let labels: Vec<_> = message
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| is_readable && !label.span.is_unknown())
        .map(|(index, label)| {
            let (file, range) = placed(label.span);
            let placed = if index == 0 {
                diagnostic::Label::primary(file, range)
            } else {
                diagnostic::Label::secondary(file, range)
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
