//! Conditional text that asks which language it is read as.
//!
//! Rule `language-branch`: C++ reads what C reads. A condition that names one of the macros by which languages are told
//! apart is replaced by its outcome in C, and `__STDC_VERSION__` elsewhere by its value.
//! Around `extern "C" {` and its end nothing changes: that is right in both.

use std::ops::Range;

use mupac_ir::{Edit, Span};

use crate::clang::Unit;
use crate::text::{Text, Token, has_line_end};

const RULE: &str = "language-branch";

/// What C and C++ compilers, or those of CUDA, define differently.
const MACROS: [&str; 7] = [
    "__cplusplus",
    "__CUDACC__",
    "__CUDA_ARCH__",
    "__GNUG__",
    "__NVCC__",
    "__STDC_VERSION__",
    "__STRICT_ANSI__",
];

/// The one of them that is a number in C.
pub(crate) const VERSION: &str = "__STDC_VERSION__";

/// Returns the edits by which C++ takes the branches that C takes.
pub(super) fn edits(unit: &Unit, text: &Text<'_>) -> Vec<Edit> {
    let directives = directives(text);
    let mut edits = version(text, &directives);
    let named = |each: &Directive<'_>| each.names_language(text);
    if !directives.iter().any(named) {
        return edits;
    }
    let skipped = unit.skipped();
    let is_skipped = |at: usize| skipped.iter().any(|range| range.contains(&at));
    for group in groups(&directives) {
        let start = group.first().map_or(0, |first| first.line.start);
        let asks = group.iter().any(|each| named(each));
        let is_inside = is_skipped(start) && !skipped.iter().any(|range| range.start == start);
        if !asks || is_inside || is_linkage(text, &group) {
            continue;
        }
        for (branch, next) in group.iter().zip(group.iter().skip(1)) {
            // Right behind the line.
            let rest = text.source.get(branch.line.end..next.line.start);
            let length = rest.and_then(|rest| rest.find('\n')).unwrap_or(0);
            let is_taken = !is_skipped(branch.line.end + length);
            edits.extend(branch.outcome(text, is_taken));
        }
    }
    edits
}

/// A line of the preprocessor.
struct Directive<'t> {
    word: &'t str,
    line: Range<usize>,
    /// From the word on.
    tokens: &'t [Token],
}

impl Directive<'_> {
    fn is_condition(&self) -> bool {
        ["if", "ifdef", "ifndef", "elif"].contains(&self.word)
    }

    fn names_language(&self, text: &Text<'_>) -> bool {
        let mut words = self.tokens.iter().map(|token| text.word(*token));
        self.is_condition() && words.any(|word| MACROS.contains(&word))
    }

    /// Returns the edit that writes the outcome of a condition, and the condition as a comment.
    fn outcome(&self, text: &Text<'_>, is_taken: bool) -> Option<Edit> {
        let (first, last) = (self.tokens.first()?, self.tokens.last()?);
        let at = Span::new(first.start, last.end);
        let written = text.source.get(at.range())?;
        let comment = if written.contains("*/") {
            String::new()
        } else {
            format!(" /* {written} */")
        };
        let word = if self.word == "elif" { "elif" } else { "if" };
        self.is_condition().then(|| Edit {
            at,
            text: format!("{word} {}{comment}", u8::from(is_taken)),
            rule: RULE,
        })
    }
}

/// Returns the lines of the preprocessor, in order.
fn directives<'t>(text: &'t Text<'_>) -> Vec<Directive<'t>> {
    let ends_line = |at: usize| match (text.tokens.get(at), text.tokens.get(at + 1)) {
        (Some(one), Some(next)) => has_line_end(text.source.get(one.end..next.start).unwrap_or("")),
        (Some(_), None) | (None, _) => true,
    };
    let mut found = Vec::new();
    let mut first = 0;
    for (at, token) in text.tokens.iter().enumerate() {
        if !ends_line(at) {
            continue;
        }
        let hash = text.tokens.get(first);
        if let (Some(hash), Some(tokens)) = (hash, text.tokens.get(first + 1..=at))
            && hash.is_directive
            && let Some(word) = tokens.first()
        {
            found.push(Directive {
                word: text.word(*word),
                line: hash.start..token.end,
                tokens,
            });
        }
        first = at + 1;
    }
    found
}

/// Returns the directives that belong together, from `#if` to `#endif`.
fn groups<'d, 't>(directives: &'d [Directive<'t>]) -> Vec<Vec<&'d Directive<'t>>> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for each in directives {
        match each.word {
            "if" | "ifdef" | "ifndef" => open.push(vec![each]),
            "elif" | "else" => {
                if let Some(group) = open.last_mut() {
                    group.push(each);
                }
            }
            "endif" => {
                if let Some(mut group) = open.pop() {
                    group.push(each);
                    found.push(group);
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns whether a group holds nothing but linkage specifications.
fn is_linkage(text: &Text<'_>, group: &[&Directive<'_>]) -> bool {
    let bodies = group.iter().zip(group.iter().skip(1));
    let mut tokens = bodies.flat_map(|(branch, next)| {
        let body = text.index_from(branch.line.end)..text.index_from(next.line.start);
        text.tokens.get(body).unwrap_or_default()
    });
    tokens.all(|token| ["extern", "\"C\"", "{", "}"].contains(&text.word(*token)))
}

/// Returns what the version of C is to the file, if it has one.
pub(crate) fn version_of(text: &Text<'_>) -> Option<String> {
    let definition = text.only_definition(VERSION)?;
    Some(definition.tokens.get(1)?.1.clone())
}

/// Returns the edits that write the version of C where a macro or the program uses it.
fn version(text: &Text<'_>, directives: &[Directive<'_>]) -> Vec<Edit> {
    let is_asked = |token: &Token| {
        let inside = |each: &&Directive<'_>| each.line.contains(&token.start);
        directives
            .iter()
            .find(inside)
            .is_some_and(|each| each.word != "define")
    };
    let used = text
        .tokens
        .iter()
        .filter(|token| text.word(**token) == VERSION);
    let used: Vec<_> = used.filter(|token| !is_asked(token)).collect();
    let Some(value) = version_of(text).filter(|_| !used.is_empty()) else {
        return Vec::new();
    };
    let edit = |token: &&Token| Edit {
        at: Span::new(token.start, token.end),
        text: value.clone(),
        rule: RULE,
    };
    used.iter().map(edit).collect()
}
