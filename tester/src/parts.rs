//! What of a text a function depends on: two texts that agree in it do the same wherever that function is called.
//!
//! A part is what stands at the top level up to its `;` or `}`, or a line of the preprocessor.
//! Definitions and declarations of functions belong to what names them; everything else, and whatever does not read like
//! one of these, belongs to everything.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::lexer::{Kind, Token, tokens};

/// Words that stand before parentheses and are no function.
const ATTRIBUTES: [&str; 6] = [
    "__attribute__",
    "__launch_bounds__",
    "__align__",
    "alignas",
    "noexcept",
    "asm",
];

/// A text in parts.
pub(crate) struct Parts<'a> {
    parts: Vec<Part<'a>>,
}

struct Part<'a> {
    text: &'a str,
    /// The function that it defines or declares; `None`: it belongs to everything.
    function: Option<&'a str>,
    names: BTreeSet<&'a str>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let tokens = tokens(text);
        let reader = Reader {
            text,
            tokens: &tokens,
        };
        // Where brackets do not match, nothing is known of where parts end.
        let parts = match reader.ranges() {
            Some(ranges) => ranges
                .into_iter()
                .map(|range| {
                    let function = reader.function(range.clone());
                    reader.part(range, function)
                })
                .collect(),
            None => vec![reader.part(0..tokens.len(), None)],
        };
        Self { parts }
    }

    /// Returns the functions that it defines or declares and other files may know.
    pub(crate) fn shared_functions(&self) -> BTreeSet<&'a str> {
        let is_shared = |part: &&Part<'_>| {
            let before = part.text.split('(').next().unwrap_or_default();
            !before.split_whitespace().any(|word| word == "static")
        };
        let shared = self.parts.iter().filter(is_shared);
        shared.filter_map(|part| part.function).collect()
    }

    /// Returns the parts that calls of some functions depend on, one after another.
    pub(crate) fn behind<'n>(&'n self, functions: impl IntoIterator<Item = &'n str>) -> String {
        let mut named: BTreeSet<&str> = functions.into_iter().collect();
        let mut is_taken = vec![false; self.parts.len()];
        loop {
            let mut is_done = true;
            for (part, is_taken) in self.parts.iter().zip(&mut is_taken) {
                let belongs = part.function.is_none_or(|name| named.contains(name));
                if belongs && !*is_taken {
                    *is_taken = true;
                    is_done = false;
                    named.extend(&part.names);
                }
            }
            if is_done {
                break;
            }
        }
        let taken = self.parts.iter().zip(is_taken).filter(|(_, taken)| *taken);
        let texts: Vec<&str> = taken.map(|(part, _)| part.text).collect();
        texts.join("\n")
    }
}

struct Reader<'a, 'b> {
    text: &'a str,
    tokens: &'b [Token],
}

impl<'a> Reader<'a, '_> {
    /// Returns the tokens of each part; `None` where brackets do not match.
    fn ranges(&self) -> Option<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        let (mut start, mut at) = (0, 0);
        let mut open = Vec::new();
        while let Some(token) = self.tokens.get(at) {
            if let Some(end) = self.directive(at) {
                if start == at && open.is_empty() {
                    ranges.push(start..end);
                    start = end;
                }
                at = end;
                continue;
            }
            at += 1;
            match token.kind {
                Kind::Punctuation(bracket @ (b'{' | b'(' | b'[')) => open.push(bracket),
                Kind::Punctuation(bracket @ (b'}' | b')' | b']')) => {
                    let opening = open.pop()?;
                    if !matches!(
                        (opening, bracket),
                        (b'{', b'}') | (b'(', b')') | (b'[', b']')
                    ) {
                        return None;
                    }
                }
                Kind::Punctuation(_) | Kind::Identifier | Kind::Number | Kind::Literal => {}
            }
            if open.is_empty() && (token.is(b';') || token.is(b'}')) {
                ranges.push(start..at);
                start = at;
            }
        }
        if start < at {
            ranges.push(start..at);
        }
        open.is_empty().then_some(ranges)
    }

    /// Returns where the line of the preprocessor ends that starts here; pragmas and line numbers are like any words.
    fn directive(&self, at: usize) -> Option<usize> {
        let first = self.tokens.get(at).filter(|token| token.is(b'#'))?;
        let word = self.word(at + 1).unwrap_or_default();
        if matches!(word, "pragma" | "line") {
            return None;
        }
        let before = self.text.get(..first.at.start)?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        if !line.trim().is_empty() {
            return None;
        }
        let mut end = first.at.start;
        for line in self.text.get(first.at.start..)?.split_inclusive('\n') {
            end += line.len();
            if !line.trim_end().ends_with('\\') {
                break;
            }
        }
        let tokens = self.tokens.get(at..)?;
        let inside = tokens.iter().take_while(|token| token.at.start < end);
        Some(at + inside.count())
    }

    fn word(&self, at: usize) -> Option<&'a str> {
        let token = self.tokens.get(at)?;
        let is_word = token.kind == Kind::Identifier;
        self.text.get(token.at.clone()).filter(|_| is_word)
    }

    fn is(&self, at: usize, punctuation: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.is(punctuation))
    }

    fn part(&self, range: Range<usize>, function: Option<&'a str>) -> Part<'a> {
        let bytes = |token: &Token| token.at.clone();
        let tokens = self.tokens.get(range.clone()).unwrap_or_default();
        let start = tokens.first().map_or(0, |token| bytes(token).start);
        let end = tokens.last().map_or(start, |token| bytes(token).end);
        Part {
            text: self.text.get(start..end).unwrap_or_default(),
            function,
            names: range.filter_map(|at| self.word(at)).collect(),
        }
    }

    /// Returns the function that a part defines or declares, if it plainly does: words, a name, parameters of more than one
    /// word each, and a body or a semicolon. A macro may make a function of anything else.
    fn function(&self, part: Range<usize>) -> Option<&'a str> {
        if part.clone().any(|at| self.directive(at).is_some()) {
            return None;
        }
        let mut found = None;
        let mut at = part.start;
        while at < part.end {
            if self.is(at, b'{') || self.is(at, b';') {
                return found;
            }
            if self.is(at, b'(') {
                let close = self.close(at, part.end)?;
                let name = at.checked_sub(1).and_then(|before| self.word(before))?;
                if !ATTRIBUTES.contains(&name) {
                    let is_plain = at >= part.start + 2 && self.are_parameters(at + 1..close);
                    if found.is_some() || !is_plain {
                        return None;
                    }
                    found = Some(name);
                }
                at = close;
            } else if found.is_some() || self.is(at, b'=') {
                // Old parameters, the rest of a declarator, or a value.
                if self.word(at).is_none_or(|word| !ATTRIBUTES.contains(&word)) {
                    return None;
                }
            }
            at += 1;
        }
        None
    }

    /// Returns the bracket that belongs to the one at `open`.
    fn close(&self, open: usize, end: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..end {
            if self.is(at, b'(') {
                depth += 1;
            } else if self.is(at, b')') {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    /// Returns whether this is a list of parameters, not of a macro's arguments: each has a type and a name.
    fn are_parameters(&self, inside: Range<usize>) -> bool {
        let tokens: Vec<usize> = inside.collect();
        let is_void = matches!(tokens.as_slice(), [only] if self.word(*only) == Some("void"));
        let mut each = tokens.split(|at| self.is(*at, b','));
        tokens.is_empty() || is_void || each.all(|parameter| parameter.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "#include <math.h>
#define TWICE(x) (2 * scale((x), \\
    1))
struct pair { int a, b; };
static int total = 3;
float scale(float x, int k);
__global__ void __launch_bounds__(64) first_l3(int n, float *x) {
    #pragma unroll
    for (int i = 0; i < 4; i++) x[i] = n;
}
__global__ void second_l9(int n, float *x) { x[n] = 1; }
void first(int n, float *x) { first_l3<<<1, 64>>>(n, x); }
void second(int n, float *x) { second_l9<<<1, 64>>>(n, x); helper(); }
static void helper(void) { total++; }
float scale(float x, int k) __attribute__((noinline));
float scale(float x, int k) { return other(x) * k; }
static float other(float x) { return x; }
";

    fn behind(text: &str, function: &str) -> String {
        Parts::of(text).behind([function])
    }

    #[test]
    fn a_function_depends_on_what_it_names_and_on_what_has_no_name() {
        let first = behind(TEXT, "first");
        for part in [
            "TWICE",
            "struct pair",
            "int total = 3",
            "first_l3(int n",
            "return other",
            "float other",
        ] {
            assert!(first.contains(part), "{part}: {first}");
        }
        for part in ["second", "helper"] {
            assert!(!first.contains(part), "{part}: {first}");
        }
        let second = behind(TEXT, "second");
        assert!(second.contains("second_l9(int n") && second.contains("void helper"));
        assert!(!second.contains("first"), "{second}");
    }

    #[test]
    fn what_a_macro_may_make_belongs_to_everything() {
        for part in [
            "static DEFINE(other) { return 1; }",
            "DEFINE(other, int n) { return 1; }",
            "float NAME(other)(float x) { return x; }",
            "float other(x) float x; { return x; }",
            "float (*other)(float x) = scale;",
            "float other(float x) {\n#if FAST\n    return 1;\n#endif\n}",
            "int x = 1, y = f(2 * x);",
        ] {
            let text = format!("{part}\nvoid f(int n) {{ n; }}\n");
            let kept = behind(&text, "f");
            assert!(
                kept.replace('\n', " ").contains(&part.replace('\n', " ")),
                "{part}"
            );
        }
    }

    #[test]
    fn brackets_that_do_not_match_leave_one_part() {
        let text =
            "#if A\nvoid f(int n) {\n#else\nvoid f(long n) {\n#endif\n}\nvoid g(int n) { n; }\n";
        assert_eq!(behind(text, "g"), text.trim_end());
    }
}
