//! The user's text as it is kept: character for character, with the edits that C++ forces.

use std::collections::BTreeSet;

use mupac_ir::{Edit, Module, PLACE_NAME, Source, Span};

use crate::hidden::named;

/// The source of a module and the edits to make in it.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'a> {
    text: &'a str,
    edits: &'a [Edit],
    /// Macros that generated text does without.
    hidden: &'a BTreeSet<String>,
    /// Whether generated text stands in another file, where nothing of this one is known.
    is_elsewhere: bool,
    /// The file, where the text stays C and each line has to be told which one it is.
    named_in_c: Option<&'a Source>,
}

impl<'a> Kept<'a> {
    pub(crate) fn new(module: &'a Module, hidden: &'a BTreeSet<String>) -> Self {
        Self {
            text: module.source.text(),
            edits: &module.edits,
            hidden,
            is_elsewhere: false,
            named_in_c: None,
        }
    }

    /// Returns the text as it is kept in C, where generated text stands in another file.
    pub(crate) fn in_c(self, file: &'a Source) -> Self {
        let mut edits = self.edits.iter();
        Self {
            edits: &[],
            is_elsewhere: true,
            named_in_c: edits.any(|edit| edit.rule == PLACE_NAME).then_some(file),
            ..self
        }
    }

    /// Returns whether generated text may repeat `start..end`, which then names no macro that it does without.
    pub(crate) fn can_repeat(self, start: usize, end: usize) -> bool {
        let text = self.text.get(start..end);
        !self.is_elsewhere && text.is_some_and(|text| named(text, self.hidden).is_empty())
    }

    /// Returns the whole original text.
    pub(crate) fn original(self) -> &'a str {
        self.text
    }

    /// Returns the `#line` directive of the line that a place is on, if the line needs one.
    pub(crate) fn line_directive(self, at: usize) -> Option<String> {
        let before = self.text.get(..at)?;
        if let Some(source) = self.named_in_c {
            return Some(source.line_directive(at as u32));
        }
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let mut edits = self.edits.iter();
        let edit =
            edits.find(|edit| edit.rule == PLACE_NAME && edit.at.range() == (start..start))?;
        edit.text.lines().last().map(str::to_owned)
    }

    /// Returns the text of `start..end` with its edits made. An insertion at `end` belongs to what follows, except at
    /// the end of the file.
    pub(crate) fn slice(self, start: usize, end: usize) -> String {
        let mut out = String::new();
        let mut at = start;
        for edit in self.edits {
            let Span {
                start: from,
                end: to,
            } = edit.at;
            let (from, to) = (from as usize, to as usize);
            let is_inside = from < end || (from == end && end == self.text.len());
            if from < at || to > end || !is_inside {
                continue;
            }
            out.push_str(self.text.get(at..from).unwrap_or(""));
            out.push_str(&edit.text);
            at = to;
        }
        out.push_str(self.text.get(at..end).unwrap_or(""));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_once_and_in_order() {
        let mut module = Module {
            source: Source::new("", "p = malloc(4); q = new;"),
            ..Module::default()
        };
        let edit = |start, end, text: &str| Edit {
            at: Span::new(start, end),
            text: text.to_owned(),
            rule: "test",
        };
        module.edits = vec![edit(4, 4, "(int *)"), edit(19, 22, "new_")];
        let hidden = BTreeSet::from(["malloc".to_owned()]);
        let kept = Kept::new(&module, &hidden);
        assert_eq!(kept.slice(0, 23), "p = (int *)malloc(4); q = new_;");
        assert_eq!(kept.slice(0, 4), "p = ");
        assert!(kept.can_repeat(0, 4) && !kept.can_repeat(0, 14));
        assert_eq!(kept.slice(4, 14), "(int *)malloc(4);");
    }
}
