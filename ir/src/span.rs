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

    /// Returns whether this span holds all of another; none holds an unknown one.
    pub fn contains(self, inner: Self) -> bool {
        !inner.is_unknown() && self.start <= inner.start && inner.end <= self.end
    }

    /// Returns the bytes as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The main file: what the user named, what it holds, and where its lines begin.
///
/// A program of several files is one text, whose parts keep the names and lines of their files.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The path as given on the command line, for messages; of several files the first one's.
    pub name: String,
    text: String,
    /// One past every line's end, in order; a long file is asked for thousands of lines.
    ends: Vec<u32>,
    /// The files that it was made of, in order; none where it is one.
    parts: Vec<Part>,
    holds_stx: bool,
}

/// Returns the name of a file as a string literal of C.
pub fn file_literal(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A file that a text was made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The path as given on the command line.
    pub name: String,
    /// The offset of its first byte; what stands before it belongs to nobody.
    pub start: u32,
    /// The line of the file that begins there, counted from 1: a file goes on behind another one that it includes.
    pub line: u32,
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

    /// Returns it as a text that was made of several files, whose first bytes stand in order.
    #[must_use]
    pub fn with_parts(mut self, parts: Vec<Part>) -> Self {
        self.parts = parts;
        self
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the files that it was made of, in order; none where it is one.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns whether all of it is one file, though parts of that may be numbered otherwise.
    pub fn is_one_file(&self) -> bool {
        self.parts.iter().all(|part| part.name == self.name)
    }

    /// Returns another text under the same name.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Self {
        Self::new(self.name.clone(), text)
    }

    /// Returns the same files in a text that differs within lines.
    pub fn parts_in(&self, text: &str) -> Vec<Part> {
        let other = Self::new("", text);
        let parts = self.parts.iter().map(|part| {
            let before = self.lines_before(part.start);
            let start = before.checked_sub(1).and_then(|last| other.ends.get(last));
            Part {
                name: part.name.clone(),
                start: start.copied().unwrap_or(0),
                line: part.line,
            }
        });
        parts.collect()
    }

    /// Returns the name of the file in which a byte stands.
    pub fn file(&self, offset: u32) -> &str {
        self.part(offset).map_or(&self.name, |part| &part.name)
    }

    /// Returns the file in which a byte stands, with the bytes of the text that are its; `None` where the text is one file.
    pub fn part_around(&self, offset: u32) -> Option<(&str, Span)> {
        let part = self.part(offset)?;
        let next = self.parts.iter().find(|next| next.start > part.start);
        let end = next.map_or(self.text.len(), |next| next.start as usize);
        Some((&part.name, Span::new(part.start as usize, end)))
    }

    /// Returns the path of a part from the folder of the first file; `None` where it lies outside of that.
    pub fn beside<'p>(&self, part: &'p Part) -> Option<&'p str> {
        let folder = self.name.rfind('/').map_or(0, |end| end + 1);
        let path = part.name.strip_prefix(self.name.get(..folder)?)?;
        let is_inside = path.split('/').all(|each| !["", ".", ".."].contains(&each));
        is_inside.then_some(path)
    }

    fn part(&self, offset: u32) -> Option<&Part> {
        let before = self.parts.partition_point(|part| part.start <= offset);
        self.parts.get(before.saturating_sub(1))
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

    /// Returns line and column of a byte offset in its file.
    ///
    /// **Units**: both counted from 1, the column in bytes.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let offset = offset.min(self.text.len() as u32);
        let before = self.lines_before(offset);
        let start = before.checked_sub(1).map_or(0, |last| self.ends[last]);
        let (of_others, first) = self.part(offset).map_or((0, 1), |part| {
            (self.lines_before(part.start), part.line as usize)
        });
        let line = before.saturating_sub(of_others) + first;
        (line, (offset - start) as usize + 1)
    }

    fn lines_before(&self, offset: u32) -> usize {
        self.ends.partition_point(|end| *end <= offset)
    }

    /// Returns the line of a span's first byte in its file, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        self.line_column(span.start).0
    }

    /// Returns where a span begins, in words: `line 3`, or `b.c:3` where the text was made of several files.
    pub fn place(&self, span: Span) -> String {
        let line = self.line(span);
        if self.is_one_file() {
            format!("line {line}")
        } else {
            format!("{}:{line}", self.file(span.start))
        }
    }

    /// Returns the `#line` directive that names the line of a byte, without an end.
    pub fn line_directive(&self, offset: u32) -> String {
        let file = file_literal(self.file(offset));
        format!("#line {} {file}", self.line_column(offset).0)
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

    #[test]
    fn places_of_several_files_are_counted_in_each() {
        let text = "a\nb\n/* b.c */\nc\nd\n";
        let parts = [("a.c", 0, 1), ("b.c", 14, 1)].map(part);
        assert_eq!(&text[14..], "c\nd\n");
        let source = Source::new("a.c", text).with_parts(parts.to_vec());
        let places = [0, 2, 14, 16].map(|at| (source.file(at), source.line_column(at).0));
        assert_eq!(places, [("a.c", 1), ("a.c", 2), ("b.c", 1), ("b.c", 2)]);
        assert_eq!(source.part_around(16), Some(("b.c", Span::new(14, 18))));
        assert_eq!(Source::new("a.c", text).part_around(16), None);
    }

    #[test]
    fn a_file_goes_on_behind_one_that_it_includes() {
        let text = "a\n#line 1\nh\n#line 3\nb\nc\n";
        let parts = [("a.c", 0, 1), ("a.h", 10, 1), ("a.c", 20, 3)].map(part);
        let source = Source::new("a.c", text).with_parts(parts.to_vec());
        let places = [0, 10, 20, 22].map(|at| source.place(Span::new(at, at + 1)));
        assert_eq!(places, ["a.c:1", "a.h:1", "a.c:3", "a.c:4"]);
        assert_eq!(source.line_directive(22), "#line 4 \"a.c\"");
        assert_eq!(source.part_around(20), Some(("a.c", Span::new(20, 24))));
        let longer = text.replace("h\n", "header\n");
        let moved = source.parts_in(&longer);
        assert_eq!(moved[2], part(("a.c", 25, 3)));
        let source = Source::new("src/a.c", text);
        let paths = ["src/sub/a.h", "src/../a.h", "a.h", "/a.h"].map(|name| part((name, 0, 1)));
        let beside = paths.each_ref().map(|part| source.beside(part));
        assert_eq!(beside, [Some("sub/a.h"), None, None, None]);
    }

    fn part((name, start, line): (&str, u32, u32)) -> Part {
        Part {
            name: name.to_owned(),
            start,
            line,
        }
    }
}
