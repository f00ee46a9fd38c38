//! What keeps a text from compilers for which pragmas would have several threads run what runs once.
//!
//! What is translated is the program without `OpenMP` and `OpenACC`. Where all that their pragmas speak of is replaced, or
//! kept whole, the text may be compiled with them all the same; where generated text stands below one, or the text asks
//! whether they are there, it may not.

use std::fmt::Write;
use std::ops::Range;

use mupac_ir::{Module, Stmt, structure};

use crate::lexer::{Token, TokenKind};

/// A set of pragmas, and the macro by which a compiler says that it heeds them.
struct Family {
    /// The first word of its pragmas.
    word: &'static str,
    name: &'static str,
    defined: &'static str,
    option: &'static str,
}

/// **Source**: OpenMP 5.2, 3.3; `OpenACC` 3.3, 2.2.
const FAMILIES: [Family; 2] = [
    Family {
        word: "omp",
        name: "OpenMP",
        defined: "_OPENMP",
        option: "-fopenmp",
    },
    Family {
        word: "acc",
        name: "OpenACC",
        defined: "_OPENACC",
        option: "-fopenacc",
    },
];

/// Returns the directives that stop a compiler which heeds pragmas that this text cannot be run with; `generated` are the
/// places of generated text, with what it replaces.
pub(crate) fn stops(
    file: &str,
    module: &Module,
    tokens: &[Token],
    generated: &[Range<usize>],
) -> String {
    let text = module.source.text();
    let mut out = String::new();
    for family in &FAMILIES {
        let mut all = tokens.iter();
        if all.any(|token| matters(family, module, text, *token, generated)) {
            // Writing to a string does not fail.
            let _ = writeln!(
                out,
                "#ifdef {}\n#error \"{} was translated as the program without {}: compile without {}\"\n#endif",
                family.defined,
                file.replace(['"', '\\'], "_"),
                family.name,
                family.option
            );
        }
    }
    out
}

/// Returns whether with a token the text is another program where a compiler heeds the pragmas of a family.
fn matters(
    family: &Family,
    module: &Module,
    text: &str,
    token: Token,
    generated: &[Range<usize>],
) -> bool {
    let written = text.get(token.start..token.end).unwrap_or("");
    let is_operator = || {
        let behind = text
            .get(token.end..)
            .unwrap_or("")
            .trim_start_matches([' ', '\t', '(']);
        written == "_Pragma"
            && behind
                .strip_prefix('"')
                .is_some_and(|rest| rest.trim_start().starts_with(family.word))
    };
    match token.kind {
        TokenKind::Directive => match clauses(family, written) {
            Some(clauses) => {
                let is_below = generated.iter().any(|range| range.contains(&token.start));
                let is_whole = if is_below {
                    // The text that runs where a guard fails holds all that the pragma speaks of.
                    clauses
                        .split_whitespace()
                        .next()
                        .is_some_and(|word| ["parallel", "simd"].contains(&word))
                } else {
                    clauses.starts_with("simd")
                        || (is_loop(clauses) && is_own(module, token.end, generated))
                };
                !is_whole
            }
            None => written.contains(family.defined) || hides_pragma(family, written),
        },
        TokenKind::Word => is_operator(),
        TokenKind::Literal | TokenKind::Comment | TokenKind::Punctuation(_) => false,
    }
}

/// Returns what a pragma of a family says behind the family's word; `None` where a directive is none.
fn clauses<'t>(family: &Family, directive: &'t str) -> Option<&'t str> {
    let words = directive.trim_start_matches('#').trim_start();
    let words = words.strip_prefix("pragma")?.trim_start();
    let clauses = words.strip_prefix(family.word)?;
    clauses
        .starts_with(char::is_whitespace)
        .then(|| clauses.trim_start())
}

/// Returns whether a directive defines a macro that makes pragmas of a family.
fn hides_pragma(family: &Family, directive: &str) -> bool {
    let mut pieces = directive.split("_Pragma").skip(1);
    pieces.any(|rest| {
        let literal = rest.trim_start_matches([' ', '\t', '(', 'L', '#', '"']);
        literal.starts_with(family.word) || !rest.contains('"')
    })
}

/// Returns whether clauses make threads for the one loop behind them.
fn is_loop(clauses: &str) -> bool {
    let mut words = clauses
        .split(|each: char| !each.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.next() == Some("parallel") && matches!(words.next(), Some("for" | "loop"))
}

/// Returns whether the loop that follows a place stays as it is, calls nothing, and holds no generated text.
fn is_own(module: &Module, place: usize, generated: &[Range<usize>]) -> bool {
    let mut next: Option<&mupac_ir::Loop> = None;
    for (_, function) in module.functions.iter() {
        structure::each(&function.body, &mut |stmt| {
            if let Stmt::For(each) = stmt
                && each.span.range().start >= place
                && next.is_none_or(|known| each.span.start < known.span.start)
            {
                next = Some(each);
            }
        });
    }
    let Some(next) = next else {
        return false;
    };
    let mut calls = false;
    structure::each(&next.body, &mut |stmt| {
        calls |= matches!(stmt, Stmt::Call(_) | Stmt::Verbatim(..));
    });
    let between = module.source.text().get(place..next.span.range().start);
    let is_next = between.is_some_and(|between| !between.contains([';', '{', '}']));
    let held = place..next.span.range().end;
    let mut generated = generated.iter();
    is_next && !calls && !generated.any(|range| range.start < held.end && held.start <= range.end)
}

#[cfg(test)]
mod tests {
    use super::stops;
    use crate::lexer::tokens;
    use mupac_ir::{Module, Source};

    /// Returns the macros under which a text stops, where `[` and `]` stand around generated text.
    fn under(text: &str) -> Vec<String> {
        let open = text.find('[').unwrap_or(0);
        let end = text.find(']').map_or(open, |close| close - 1);
        let source = Source::new("a.c", text.replace(['[', ']'], ""));
        let all = tokens(source.text());
        let module = Module {
            source,
            ..Module::default()
        };
        let generated = open..end;
        let stops = stops("a.c", &module, &all, std::slice::from_ref(&generated));
        let lines = stops
            .lines()
            .filter_map(|line| line.strip_prefix("#ifdef "));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn text_below_pragmas_is_not_run_by_every_thread() {
        for text in [
            "#pragma omp parallel\n{ [for (;;) {}] }",
            "# pragma  omp parallel \\\n private(i)\n{ [for (;;) {}] }",
            "[\n#pragma omp for\nfor (;;) {}]",
            "#ifdef _OPENMP\n#endif\n[for (;;) {}]",
            "_Pragma (\"omp parallel\") { [for (;;) {}] }",
            "#define THREADS _Pragma(\"omp parallel\")\n[for (;;) {}]",
            "#define SAY(words) _Pragma(#words)\n[for (;;) {}]",
        ] {
            assert!(under(text).contains(&"_OPENMP".to_owned()), "{text}");
        }
        let device = "#pragma acc data copy(a)\n{ [for (;;) {}] }";
        assert_eq!(under(device), ["_OPENACC"]);
    }

    #[test]
    fn what_is_replaced_with_all_that_it_speaks_of_stops_nobody() {
        for text in [
            "[\n#pragma omp parallel for\nfor (;;) {}]",
            "#pragma omp simd\nx = 1; [for (;;) {}]",
            "#pragma GCC ivdep\n[for (;;) {}]",
            "_Pragma(\"GCC ivdep\") [for (;;) {}]",
            "// #pragma omp parallel\n[for (;;) {}]",
            "#pragma ompx parallel\n[for (;;) {}]",
        ] {
            assert_eq!(under(text), Vec::<String>::new(), "{text}");
        }
    }
}
