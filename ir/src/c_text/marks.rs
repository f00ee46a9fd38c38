//! Marks behind lines of generated text, which say where the statement of a line stands in the source.
//!
//! A mark moves with its line while a text is put together, and goes when the text is complete, so that whoever asks
//! where a line comes from gets what the printer knew, and nothing has to be found again in the text.

use std::collections::BTreeMap;

use crate::span::{Source, Span};

/// What opens and closes a mark: control characters (STX, ETX) that no generated line holds.
const OPEN: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// Returns whether text of the user can be told from marks.
pub fn can_mark(source: &Source) -> bool {
    !source.holds_stx()
}

/// Returns the mark of a statement, nothing where the source has none.
pub(super) fn mark(span: Span) -> String {
    if span.is_unknown() {
        return String::new();
    }
    format!("{OPEN}{} {}{CLOSE}", span.start, span.end)
}

/// Returns a line without the mark behind it, and the mark.
pub fn mark_apart(line: &str) -> (&str, &str) {
    line.split_at(line.find(OPEN).unwrap_or(line.len()))
}

/// Returns a text without its marks, and the statements of the lines that had one.
///
/// **Units**: lines are counted from 1.
pub fn unmarked(text: &str) -> (String, BTreeMap<u32, Span>) {
    let (mut plain, mut lines) = (String::with_capacity(text.len()), BTreeMap::new());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match read(line) {
            Some((before, span, after)) => {
                lines.insert(number, span);
                plain.push_str(before);
                plain.push_str(after);
            }
            None => plain.push_str(line),
        }
    }
    (plain, lines)
}

/// Splits a line at its mark.
fn read(line: &str) -> Option<(&str, Span, &str)> {
    let (before, rest) = line.split_once(OPEN)?;
    let (words, after) = rest.split_once(CLOSE)?;
    let (start, end) = words.split_once(' ')?;
    let span = Span {
        start: start.parse().ok()?,
        end: end.parse().ok()?,
    };
    Some((before, span, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_leave_the_lines_that_they_stood_on() {
        let marked = format!(
            "a;\n  b = 1;{}\nc;{}\n",
            mark(Span::new(3, 9)),
            mark(Span::default())
        );
        let (plain, lines) = unmarked(&marked);
        assert_eq!(plain, "a;\n  b = 1;\nc;\n");
        assert_eq!(lines, BTreeMap::from([(2, Span::new(3, 9))]));
    }
}
