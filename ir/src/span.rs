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

/// The main file: what the user named, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The path as given on the command line, for messages.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// Returns line and column of a byte offset.
    ///
    /// **Units**: both counted from 1, the column in bytes.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let before = self
            .text
            .as_bytes()
            .get(..offset as usize)
            .unwrap_or(self.text.as_bytes());
        let line = before.split(|&byte| byte == b'\n').count();
        let column = before
            .iter()
            .rev()
            .take_while(|&&byte| byte != b'\n')
            .count()
            + 1;
        (line, column)
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
