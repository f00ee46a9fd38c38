//! The text with what uses of macros become in their places, and which line each of its lines is.

use std::fmt::Write as _;

use mupac_ir::{Fold, Module, Part, Source, Span, file_literal};

use super::edited;
use super::found::Use;
use super::layout::laid_out;
use crate::join::words;
use crate::parse::Input;

/// A text with functions written out.
pub(super) struct Written {
    pub(super) input: Input,
    /// Where each use lies in it, with the rest of its line and the directive behind that.
    places: Vec<Span>,
    /// Where that ends in the text as it was.
    ends: Vec<usize>,
}

impl Written {
    /// Returns what may stand again in the place of what was written out.
    pub(super) fn folds(&self, uses: &[Use], alone: &Module) -> Vec<Fold> {
        let (text, edits) = (alone.source.text(), &alone.edits);
        let each = uses.iter().zip(self.places.iter().zip(&self.ends));
        each.filter_map(|(each, (at, end))| {
            let text = edited(text, edits, (each.at.start as usize, *end))?;
            Some(Fold { at: *at, text })
        })
        .collect()
    }
}

/// Returns the text with what uses become, each of which ends the line that it stands on but for a comment.
pub(super) fn text(source: &Source, uses: &[Use], made: &[String]) -> Option<Written> {
    let mut writer = Writer {
        source,
        out: String::new(),
        parts: Vec::new(),
        copied: 0,
        begun: 0,
    };
    if source.parts().is_empty() {
        writer.begin(0);
    }
    let (mut places, mut ends) = (Vec::new(), Vec::new());
    for (each, made) in uses.iter().zip(made) {
        let range = each.at.range();
        writer.copy(range.start)?;
        let start = writer.out.len();
        writer.expansion(each, made);
        writer.copied = range.end;
        let end = writer.end_of_line(range.end)?;
        writer.behind_line(end);
        places.push(Span::new(start, writer.out.trim_end_matches('\n').len()));
        ends.push(end);
    }
    writer.copy(source.text().len())?;
    let input = Input {
        name: source.name.clone(),
        text: writer.out.into_bytes(),
        parts: writer.parts,
    };
    Some(Written {
        input,
        places,
        ends,
    })
}

struct Writer<'t> {
    source: &'t Source,
    out: String,
    parts: Vec<Part>,
    /// How much of the text stands in the new one.
    copied: usize,
    /// How many of its parts have begun.
    begun: usize,
}

impl Writer<'_> {
    /// Notes that what comes next is a line of the text as it was.
    fn begin(&mut self, at: usize) {
        self.parts.push(Part {
            name: self.source.file(at as u32).to_owned(),
            start: self.out.len() as u32,
            line: self.source.line_column(at as u32).0 as u32,
        });
    }

    /// Takes the text as it was up to a place, with the parts that begin in it.
    fn copy(&mut self, to: usize) -> Option<()> {
        let text = self.source.text();
        while let Some(part) = self.source.parts().get(self.begun) {
            let start = part.start as usize;
            if start > to {
                break;
            }
            self.out += text.get(self.copied..start)?;
            self.copied = start;
            self.begin(start);
            self.begun += 1;
        }
        self.out += text.get(self.copied..to)?;
        self.copied = to;
        Some(())
    }

    /// Writes what a use becomes, each line of which is the one of the use.
    fn expansion(&mut self, of: &Use, made: &str) {
        let (text, at) = (laid_out(made), of.at.start);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            if number > 0 {
                if words(line).iter().any(|word| of.placed.contains(*word)) {
                    self.out += &self.source.line_directive(at);
                    self.out.push('\n');
                }
                self.begin(at as usize);
            }
            self.out += line;
        }
    }

    /// Takes the rest of the line that a use ends on; returns where that ends.
    fn end_of_line(&mut self, behind: usize) -> Option<usize> {
        let rest = self.source.text().get(behind..)?;
        let end = behind + rest.find('\n').unwrap_or(rest.len());
        self.copy(end)?;
        Some(end)
    }

    /// Says which line comes behind the one that ends at a place.
    fn behind_line(&mut self, end: usize) {
        let rest = self.source.text().get(end..).unwrap_or_default();
        if !rest.starts_with('\n') || rest.len() == 1 {
            return;
        }
        let next = end + 1;
        let (line, file) = (
            self.source.line_column(end as u32).0 + 1,
            self.source.file(end as u32),
        );
        // Writing to a string does not fail.
        let _ = write!(self.out, "\n#line {line} {}\n", file_literal(file));
        self.copied = next;
        let is_part = self
            .source
            .parts()
            .iter()
            .any(|part| part.start as usize == next);
        if !is_part {
            self.parts.push(Part {
                name: file.to_owned(),
                start: self.out.len() as u32,
                line: line as u32,
            });
        }
    }
}
