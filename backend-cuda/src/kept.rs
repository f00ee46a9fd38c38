//! The user's text as it is kept: character for character, with the edits that C++ forces.

use mupac_ir::{Edit, Module, Span};

/// The source of a module and the edits to make in it.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'a> {
    text: &'a str,
    edits: &'a [Edit],
}

impl<'a> Kept<'a> {
    pub(crate) fn new(module: &'a Module) -> Self {
        Self {
            text: &module.source.text,
            edits: &module.edits,
        }
    }

    /// Returns the whole original text.
    pub(crate) fn original(self) -> &'a str {
        self.text
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
        let mut module = Module::default();
        module.source.text = "p = malloc(4); q = new;".to_owned();
        let edit = |start, end, text: &str| Edit {
            at: Span::new(start, end),
            text: text.to_owned(),
            rule: "test",
        };
        module.edits = vec![edit(4, 4, "(int *)"), edit(19, 22, "new_")];
        let kept = Kept::new(&module);
        assert_eq!(kept.slice(0, 23), "p = (int *)malloc(4); q = new_;");
        assert_eq!(kept.slice(0, 4), "p = ");
        assert_eq!(kept.slice(4, 14), "(int *)malloc(4);");
    }
}
