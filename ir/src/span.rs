//! Source text and places in it.

/// A range of bytes of the main source file; empty at 0 where text has no source (`.mir`, generated programs).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span of bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    /// Returns whether this span points at no source.
    pub fn is_unknown(self) -> bool {
        self.end == 0
    }

    /// Returns the smallest span that covers both; an unknown span adds nothing.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        if self.is_unknown() {
            return other;
        }
        if other.is_unknown() {
            return self;
        }
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Returns the bytes as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The main file: what the user named, what it holds, and where its lines begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The path as given on the command line, for messages.
    pub name: String,
    text: String,
    /// One past every line's end, in order; a long file is asked for thousands of lines.
    ends: Vec<u32>,
    holds_stx: bool,
}

impl Source {
    /// Returns a file of this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut source = Self {
            name: name.into(),
            ..Self::default()
        };
        source.append(&text.into());
        source
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts text behind all that it holds, and returns where that lies.
    pub fn append(&mut self, text: &str) -> Span {
        let start = self.text.len();
        let ends = text.match_indices('\n');
        self.ends
            .extend(ends.map(|(at, _)| (start + at + 1) as u32));
        self.holds_stx |= text.contains('\u{2}');
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }

    /// Returns whether the text holds the character STX, with which marks of statements begin.
    pub fn holds_stx(&self) -> bool {
        self.holds_stx
    }

    /// Returns line and column of a byte offset.
    ///
    /// **Units**: both counted from 1, the column in bytes.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let offset = offset.min(self.text.len() as u32);
        let before = self.ends.partition_point(|end| *end <= offset);
        let start = before.checked_sub(1).map_or(0, |last| self.ends[last]);
        (before + 1, (offset - start) as usize + 1)
    }

    /// Returns the line of a span's first byte, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        self.line_column(span.start).0
    }

    /// Returns the text of a span, empty where the span is unknown or outside.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_a_text_that_came_in_pieces() {
        let mut source = Source::new("a.c", "a\nbc");
        assert_eq!(source.append("d\n\n"), Span::new(4, 7));
        let places = [0, 1, 2, 5, 6, 7, 99].map(|offset| source.line_column(offset));
        assert_eq!(
            places,
            [(1, 1), (1, 2), (2, 1), (2, 4), (3, 1), (4, 1), (4, 1)]
        );
        assert!(!source.holds_stx());
        source.append("\u{2}");
        assert!(source.holds_stx());
    }
}
