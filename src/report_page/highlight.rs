//! What the words of C and CUDA are, as far as their colour on a page goes; nothing else depends on it.

/// A kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A comment.
    Comment,
    /// A string or a character.
    Literal,
    /// A word of the language.
    Keyword,
    /// A line for the preprocessor, without its comments.
    Directive,
    /// All else.
    Plain,
}

const KEYWORDS: [&str; 50] = [
    "__device__",
    "__global__",
    "__launch_bounds__",
    "__restrict__",
    "__shared__",
    "auto",
    "bool",
    "break",
    "case",
    "char",
    "const",
    "constexpr",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "if",
    "inline",
    "int",
    "int32_t",
    "int64_t",
    "long",
    "namespace",
    "restrict",
    "return",
    "short",
    "signed",
    "size_t",
    "sizeof",
    "static",
    "struct",
    "switch",
    "template",
    "typedef",
    "typename",
    "uint32_t",
    "uint64_t",
    "uint8_t",
    "union",
    "unsigned",
    "using",
    "void",
    "volatile",
    "while",
];

/// Tells the kinds of text of one line after another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Highlighter {
    /// Whether the next line begins within a comment.
    is_in_comment: bool,
}

impl Highlighter {
    /// Returns the text of the next line in pieces of one kind.
    pub(super) fn line<'t>(&mut self, line: &'t str) -> Vec<(Kind, &'t str)> {
        let is_directive = !self.is_in_comment && line.trim_start().starts_with('#');
        let mut pieces: Vec<(Kind, &'t str)> = Vec::new();
        let mut rest = line;
        let mut plain = 0;
        while let Some((kind, length)) = self.next(&rest[plain..]) {
            let kind = match kind {
                Kind::Keyword | Kind::Literal if is_directive => Kind::Plain,
                Kind::Comment | Kind::Directive | Kind::Keyword | Kind::Literal | Kind::Plain => {
                    kind
                }
            };
            if kind == Kind::Plain {
                plain += length;
                continue;
            }
            pieces.push((Kind::Plain, &rest[..plain]));
            pieces.push((kind, &rest[plain..plain + length]));
            rest = &rest[plain + length..];
            plain = 0;
        }
        pieces.push((Kind::Plain, rest));
        pieces.retain(|(_, text)| !text.is_empty());
        for (kind, _) in pieces.iter_mut().filter(|_| is_directive) {
            if *kind == Kind::Plain {
                *kind = Kind::Directive;
            }
        }
        pieces
    }

    /// Returns the kind and the length of what a text begins with; `None` where there is none.
    fn next(&mut self, text: &str) -> Option<(Kind, usize)> {
        let first = text.chars().next()?;
        if self.is_in_comment || text.starts_with("/*") {
            let begin = if self.is_in_comment { 0 } else { 2 };
            let end = text[begin..].find("*/").map(|at| begin + at + 2);
            self.is_in_comment = end.is_none();
            return Some((Kind::Comment, end.unwrap_or(text.len())));
        }
        if text.starts_with("//") {
            return Some((Kind::Comment, text.len()));
        }
        if first == '"' || first == '\'' {
            return Some((Kind::Literal, literal(text, first)));
        }
        if first.is_alphanumeric() || first == '_' {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
            let is_keyword = KEYWORDS.binary_search(&&text[..length]).is_ok();
            let kind = if is_keyword {
                Kind::Keyword
            } else {
                Kind::Plain
            };
            return Some((kind, length));
        }
        Some((Kind::Plain, first.len_utf8()))
    }
}

/// Returns the length of a literal up to its closing quote, or to the end of its line.
fn literal(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if letter == quote && !is_escaped {
            return at + letter.len_utf8();
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Vec<(Kind, &str)>> {
        let mut highlighter = Highlighter::default();
        text.lines().map(|line| highlighter.line(line)).collect()
    }

    #[test]
    fn words_are_found_by_name() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn nothing_of_a_line_is_lost() {
        let text = "int a; /* b\n\"c\" */ 'd' \"e\\\"\" // f\n#include <g>  /* ß */\n\"open\n/*/ x";
        for (line, pieces) in text.lines().zip(kinds(text)) {
            let whole: String = pieces.iter().map(|(_, piece)| *piece).collect();
            assert_eq!(whole, line);
        }
    }

    #[test]
    fn comments_go_on_over_lines() {
        let kinds = kinds("int a; /* b\nint c */ int d");
        let comment = (Kind::Comment, "/* b");
        assert_eq!(
            kinds[0],
            [(Kind::Keyword, "int"), (Kind::Plain, " a; "), comment]
        );
        assert_eq!(kinds[1][0], (Kind::Comment, "int c */"));
        assert_eq!(kinds[1][2], (Kind::Keyword, "int"));
    }

    #[test]
    fn quotes_and_comment_signs_in_literals_begin_nothing() {
        assert_eq!(
            kinds("f(\"/*\\\"\", '\"')")[0],
            [
                (Kind::Plain, "f("),
                (Kind::Literal, "\"/*\\\"\""),
                (Kind::Plain, ", "),
                (Kind::Literal, "'\"'"),
                (Kind::Plain, ")")
            ]
        );
    }
}
