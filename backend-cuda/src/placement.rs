//! Where generated text stands in the user's file: kernels before their function and the comment that belongs to it,
//! a replaced region with the pragmas before it and the comment behind it.

use mupac_ir::Span;

use crate::lexer::{Token, TokenKind};

/// Returns the offset before which kernels of a function that starts at `start` are written.
///
/// That is behind everything that ends before the function (a declaration, another function, a directive), and before
/// the comment lines that touch it.
/// Attributes and macros before the function's first specifier stay with it.
pub(crate) fn before_function(
    text: &str,
    (tokens, gaps): (&[Token], &Gaps),
    start: usize,
) -> usize {
    let Some(gap) = gaps.before(tokens, start) else {
        return start;
    };
    let mut top = gap
        .iter()
        .find(|token| token.kind != TokenKind::Comment)
        .map_or(start, |token| token.start);
    for token in gap.iter().rev() {
        if token.end > top {
            continue;
        }
        let is_attached = line_breaks(text, token.end, top) < 2;
        let previous = tokens[..tokens.partition_point(|other| other.end <= token.start)].last();
        let starts_line =
            previous.is_none_or(|other| line_breaks(text, other.end, token.start) > 0);
        if !is_attached || !starts_line {
            break;
        }
        top = token.start;
    }
    top
}

/// Before each token, and behind the last: how many brackets are open, and the first token behind the last construct of the
/// outermost level.
pub(crate) struct Gaps(Vec<(usize, usize)>);

impl Gaps {
    /// Reads the tokens of a file.
    pub(crate) fn of(tokens: &[Token]) -> Self {
        let (mut depth, mut first) = (0_usize, 0);
        let mut all = vec![(depth, first)];
        for (index, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Punctuation(b'{' | b'(' | b'[') => depth += 1,
                TokenKind::Punctuation(b'}' | b')' | b']') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && token.kind == TokenKind::Punctuation(b'}') {
                        first = index + 1;
                    }
                }
                TokenKind::Punctuation(b';') if depth == 0 => first = index + 1,
                TokenKind::Directive => first = index + 1,
                TokenKind::Word
                | TokenKind::Literal
                | TokenKind::Comment
                | TokenKind::Punctuation(_) => {}
            }
            all.push((depth, first));
        }
        Self(all)
    }

    /// Returns the tokens between the end of the last construct of the outermost level and `start`; `None` where brackets
    /// do not match, as with alternatives under `#if`, so that the level is not known.
    fn before<'t>(&self, tokens: &'t [Token], start: usize) -> Option<&'t [Token]> {
        let before = tokens.partition_point(|token| token.start < start);
        let (depth, first) = *self.0.get(before)?;
        (depth == 0).then(|| &tokens[first..before])
    }
}

fn line_breaks(text: &str, from: usize, to: usize) -> usize {
    text.get(from..to).unwrap_or("").matches('\n').count()
}

/// Returns the offset where the run-time support is written: the top of the file, or behind the last of the macros that
/// select features of the C library (`_POSIX_C_SOURCE`), which mean something only before the first header.
pub(crate) fn prologue(text: &str, tokens: &[Token]) -> usize {
    let is_define = |token: &&Token| {
        let directive = text[token.start..token.end]
            .trim_start_matches('#')
            .trim_start();
        directive.starts_with("define")
    };
    let last = tokens
        .iter()
        .take_while(|token| token.kind == TokenKind::Comment || is_define(token))
        .filter(|token| is_define(token) && is_feature_macro(&text[token.start..token.end]))
        .last();
    last.map_or(0, |token| {
        let rest = &text[token.end..];
        token.end + rest.find('\n').map_or(rest.len(), |at| at + 1)
    })
}

/// Returns whether a `#define` selects features of the C library.
///
/// **Source**: glibc manual, “Feature Test Macros”.
fn is_feature_macro(directive: &str) -> bool {
    directive
        .trim_start_matches('#')
        .split_whitespace()
        .nth(1)
        .is_some_and(|name| {
            name.starts_with('_') && (name.ends_with("_SOURCE") || name.ends_with("_BITS"))
        })
}

/// The place of a region in its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// From the first pragma that speaks of the region's first loop, to the end of the comment behind the region.
    pub(crate) start: usize,
    /// See `start`.
    pub(crate) end: usize,
    /// Whether the region stands where a block holds several statements, not as the body of `if` or a loop.
    pub(crate) is_in_block: bool,
}

/// Returns the place of a region.
pub(crate) fn site(text: &str, tokens: &[Token], region: Span) -> Site {
    let range = region.range();
    let before = tokens.partition_point(|token| token.start < range.start);
    let start = tokens[..before]
        .iter()
        .rev()
        .take_while(|token| is_loop_pragma(text, token))
        .last()
        .map_or(range.start, |token| token.start);
    let previous = tokens[..before]
        .iter()
        .rfind(|token| !matches!(token.kind, TokenKind::Comment | TokenKind::Directive));
    let is_in_block = matches!(
        previous.map(|token| token.kind),
        Some(TokenKind::Punctuation(b'{' | b'}' | b';')) | None
    );
    let end = trailing_comment(text, tokens, range.end).unwrap_or(range.end);
    Site {
        start,
        end,
        is_in_block,
    }
}

/// Returns whether a directive is a pragma that must be followed by a loop.
fn is_loop_pragma(text: &str, token: &Token) -> bool {
    let mut words = text[token.start..token.end]
        .trim_start_matches('#')
        .split_whitespace();
    token.kind == TokenKind::Directive
        && words.next() == Some("pragma")
        && match words.next() {
            Some("omp") => words.any(|word| matches!(word, "for" | "simd")),
            Some("GCC") => matches!(words.next(), Some("ivdep" | "unroll" | "novector")),
            Some("acc") => words.any(|word| word == "loop"),
            Some("ivdep" | "unroll" | "nounroll" | "vector" | "novector" | "simd") => true,
            Some("clang") => words.next() == Some("loop"),
            Some(_) | None => false,
        }
}

/// Returns the end of a comment that stands alone behind `end` on its line.
fn trailing_comment(text: &str, tokens: &[Token], end: usize) -> Option<usize> {
    let next = tokens.partition_point(|token| token.start < end);
    let comment = tokens.get(next)?;
    let is_same_line = line_breaks(text, end, comment.end) == 0;
    let is_last = tokens
        .get(next + 1)
        .is_none_or(|token| line_breaks(text, comment.end, token.start) > 0);
    (comment.kind == TokenKind::Comment && is_same_line && is_last).then_some(comment.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokens;

    fn place(text: &str) -> (&str, &str) {
        let start = text.find("void f").unwrap();
        let tokens = tokens(text);
        let known = (&*tokens, &Gaps::of(&tokens));
        text.split_at(before_function(text, known, start))
    }

    #[test]
    fn kernels_go_before_the_comment_that_touches_the_function() {
        let (above, below) =
            place("int g; // about g\n\n// other\n\n/* about\n\n f */\n// more\nvoid f() {}");
        assert_eq!(above, "int g; // about g\n\n// other\n\n");
        assert!(below.starts_with("/* about"));
        let (above, _) = place("int g; // about g\nvoid f() {}");
        assert_eq!(above, "int g; // about g\n");
        let (above, _) = place("#define N 3 // three\nvoid f() {}");
        assert_eq!(above, "#define N 3 // three\n");
    }

    #[test]
    fn what_belongs_to_the_function_stays_with_it() {
        let (above, below) =
            place("struct s { int a; } x;\nEXPORT\n__attribute__((cold)) void f() {}");
        assert_eq!(above, "struct s { int a; } x;\n");
        assert!(below.starts_with("EXPORT"));
    }

    #[test]
    fn a_region_takes_its_pragma_and_its_comment() {
        let text = "{ a;\n#pragma omp parallel for\n  for (;;) b; // c\n}";
        let start = text.find("for (").unwrap();
        let site = site(text, &tokens(text), Span::new(start, start + 11));
        assert_eq!(
            &text[site.start..site.end],
            "#pragma omp parallel for\n  for (;;) b; // c"
        );
        assert!(site.is_in_block);
    }

    #[test]
    fn feature_macros_stay_before_every_header() {
        let text = "/* a */\n#define _XOPEN_SOURCE 600 // b\n#define N 3\n#include <stdio.h>\n";
        let at = prologue(text, &tokens(text));
        assert!(text[at..].starts_with("#define N"));
        let text = "#define N 3\n#include <a.h>\n#define _GNU_SOURCE\n";
        assert_eq!(prologue(text, &tokens(text)), 0);
    }

    #[test]
    fn the_body_of_an_if_is_not_in_a_block() {
        let text = "{ if (a) /* so */ for (;;) b; else c; }";
        let start = text.find("for (").unwrap();
        let site = site(text, &tokens(text), Span::new(start, start + 11));
        assert_eq!(&text[site.start..site.end], "for (;;) b;");
        assert!(!site.is_in_block);
    }
}
