//! A text with its edits made, and how places in it correspond to places in the original.

use std::ops::Range;

use mupac_ir::Edit;

/// A text behind a prelude, with its edits made.
pub(crate) struct Edited {
    /// Prelude and edited text.
    pub(super) text: String,
    /// In order: a stretch that was kept, or what an edit put in place of one.
    pieces: Vec<Piece>,
    prelude: usize,
    /// Ranges of the original that edits replace, in order.
    replaced: Vec<Range<usize>>,
}

struct Piece {
    /// First byte in [`Edited::text`].
    start: usize,
    /// First byte in the original.
    original: usize,
    is_kept: bool,
}

impl Edited {
    /// Makes the edits, which are sorted by place; one that overlaps an earlier one is left out, as in the output.
    pub(super) fn new(prelude: &str, source: &str, edits: &[Edit]) -> Self {
        let mut edited = Self {
            text: prelude.to_owned(),
            pieces: Vec::new(),
            prelude: prelude.len(),
            replaced: Vec::new(),
        };
        let mut at = 0;
        for edit in edits {
            let range = edit.at.range();
            if range.start < at {
                continue;
            }
            edited.push(at, source.get(at..range.start).unwrap_or(""), true);
            edited.push(range.start, &edit.text, false);
            at = range.end;
            if !range.is_empty() {
                edited.replaced.push(range);
            }
        }
        edited.push(at, source.get(at..).unwrap_or(""), true);
        edited
    }

    fn push(&mut self, original: usize, text: &str, is_kept: bool) {
        if !text.is_empty() {
            self.pieces.push(Piece {
                start: self.text.len(),
                original,
                is_kept,
            });
            self.text.push_str(text);
        }
    }

    /// Returns the place in the original: of what an edit inserted, the place of the edit; `None` in the prelude.
    pub(super) fn original(&self, offset: usize) -> Option<usize> {
        if offset < self.prelude {
            return None;
        }
        let piece = self.piece(offset)?;
        Some(if piece.is_kept {
            piece.original + (offset - piece.start)
        } else {
            piece.original
        })
    }

    /// Returns whether an edit put this place there.
    pub(super) fn is_inserted(&self, offset: usize) -> bool {
        self.piece(offset).is_some_and(|piece| !piece.is_kept)
    }

    /// Returns whether a place in the original, and not just its first byte, is part of what an edit replaces.
    pub(super) fn is_replaced(&self, original: usize) -> bool {
        let after = self
            .replaced
            .partition_point(|range| range.start < original);
        let range = after
            .checked_sub(1)
            .and_then(|index| self.replaced.get(index));
        range.is_some_and(|range| range.contains(&original))
    }

    /// Returns whether an edit replaces what stands at a place in the original.
    pub(super) fn is_written_over(&self, original: usize) -> bool {
        let after = (self.replaced).partition_point(|range| range.start <= original);
        let last = after.checked_sub(1).and_then(|at| self.replaced.get(at));
        last.is_some_and(|range| range.contains(&original))
    }

    fn piece(&self, offset: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Edited;
    use mupac_ir::{Edit, Span};

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit {
            at: Span::new(start, end),
            text: text.to_owned(),
            rule: "test",
        }
    }

    #[test]
    fn places_map_back() {
        let edits = [edit(4, 4, "(int *)"), edit(7, 10, "new_")];
        let edited = Edited::new("#\n", "p = f; new", &edits);
        assert_eq!(edited.text, "#\np = (int *)f; new_");
        assert_eq!(edited.original(1), None);
        assert_eq!(edited.original(6), Some(4));
        assert_eq!(edited.original(13), Some(4));
        assert_eq!(edited.original(14), Some(5));
        assert!(edited.is_inserted(6) && !edited.is_inserted(13));
        assert!(edited.is_replaced(8) && !edited.is_replaced(7) && !edited.is_replaced(10));
    }
}
