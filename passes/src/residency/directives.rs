//! The directives that stand directly before a statement.
//!
//! Pragmas may speak of the statement, as those of OpenMP do, so what is put before it goes before them as well. What is
//! translated is the program without them; whether the text may be compiled for those who heed them the back end says.
//! Any other directive may decide whether the statement is there at all.

/// Returns where the pragmas begin that stand directly before a place in a text; the place itself where none do.
pub(super) fn before_pragmas(text: &str, place: usize) -> usize {
    let mut start = place;
    while let Some(line) = directive_before(text, start) {
        if word(text, line) != "pragma" {
            break;
        }
        start = line;
    }
    start
}

/// Returns whether a directive may decide whether what stands at a place is there, or what it belongs to: one that begins a
/// branch stands directly before it, or one that ends branches of which some leave a statement open.
pub(super) fn may_decide(text: &str, place: usize) -> bool {
    let Some(directive) = directive_before(text, place) else {
        return false;
    };
    match word(text, directive) {
        "endif" => !is_closed_group(text, directive),
        "define" | "undef" | "pragma" => may_decide(text, directive),
        _ => true,
    }
}

/// Returns whether all branches that an `#endif` ends, and what stands before them, are whole statements.
fn is_closed_group(text: &str, endif: usize) -> bool {
    let mut depth = 0;
    let mut at = endif;
    loop {
        let (before, delta) = match word(text, at) {
            "endif" => (depth, 1),
            "if" | "ifdef" | "ifndef" => (depth - 1, -1),
            "else" | "elif" | "elifdef" | "elifndef" => (depth - 1, 0),
            _ => (1, 0),
        };
        if before == 0 && !is_closed(text, at) {
            return false;
        }
        depth += delta;
        if depth == 0 {
            return true;
        }
        match directive_above(text, at) {
            Some(above) => at = above,
            None => return false,
        }
    }
}

/// Returns whether a statement or block ends directly before a place, or begins there.
fn is_closed(text: &str, place: usize) -> bool {
    let code = code_before(text, place);
    match directive_with(code, code.rfind('\n').map_or(0, |at| at + 1)) {
        Some(directive) => is_closed(text, directive),
        None => code.is_empty() || code.ends_with([';', '{', '}']),
    }
}

/// Returns where the next directive above a place begins.
fn directive_above(text: &str, place: usize) -> Option<usize> {
    let mut end = text.get(..place)?.rfind('\n')?;
    loop {
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let is_directive = text[line..end].trim_start().starts_with('#');
        if is_directive && !text[..line].ends_with("\\\n") {
            return Some(end - text[line..end].trim_start().len());
        }
        end = line.checked_sub(1)?;
    }
}

/// Returns the name of a directive.
fn word(text: &str, directive: usize) -> &str {
    let words = text.get(directive..).unwrap_or("");
    let words = words
        .trim_start_matches('#')
        .trim_start_matches([' ', '\t']);
    let end = words.find(|letter: char| !letter.is_ascii_alphanumeric());
    &words[..end.unwrap_or(words.len())]
}

/// Returns where the directive begins that stands directly before a place, with nothing but comments between.
fn directive_before(text: &str, place: usize) -> Option<usize> {
    let before = code_before(text, place);
    directive_with(before, before.rfind('\n').map_or(0, |at| at + 1))
}

/// Returns the text before a place without the comments and the space that end it.
fn code_before(text: &str, place: usize) -> &str {
    let mut before = text.get(..place).unwrap_or("").trim_end();
    loop {
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let last = before[line..].trim_start();
        let comment = if last.starts_with("//") {
            Some(line)
        } else if last.ends_with("*/") {
            before.rfind("/*")
        } else {
            None
        };
        match comment {
            Some(start) => before = before[..start].trim_end(),
            None => return before,
        }
    }
}

/// Returns where the directive begins that a line ends, which may be continued from lines above.
fn directive_with(before: &str, mut line: usize) -> Option<usize> {
    while let Some(above) = before[..line].strip_suffix('\n')
        && above.ends_with('\\')
    {
        line = above.rfind('\n').map_or(0, |at| at + 1);
    }
    let words = &before[line..];
    let start = line + words.len() - words.trim_start().len();
    before[start..].starts_with('#').then_some(start)
}

#[cfg(test)]
mod tests {
    use super::{before_pragmas, directive_before, may_decide};

    fn from_pragmas(text: &str) -> &str {
        let place = text.find("for").unwrap();
        &text[before_pragmas(text, place)..]
    }

    #[test]
    fn pragmas_belong_to_the_statement_behind_them() {
        assert_eq!(from_pragmas("a;\n  for"), "for");
        assert_eq!(
            from_pragmas(
                "a;\n  # pragma omp parallel \\\n shared(a)\n// so\n#pragma omp simd\n for"
            ),
            "# pragma omp parallel \\\n shared(a)\n// so\n#pragma omp simd\n for"
        );
        assert_eq!(
            from_pragmas("#if A\n#pragma omp single\n/* so */ for"),
            "#pragma omp single\n/* so */ for"
        );
    }

    #[test]
    fn a_comment_hides_no_directive() {
        let before = |text: &str| directive_before(text, text.len());
        assert_eq!(before("a;\n#endif // A\n/* b\n c */\n"), Some(3));
        assert_eq!(before("#endif\na;\n"), None);
    }
    #[test]
    fn branches_that_are_over_decide_nothing() {
        let decides = |text: &str| may_decide(text, text.len());
        assert!(!decides("#ifdef A\n  a;\n#endif /* A */\n"));
        assert!(!decides(
            "{\n#if A\n  a;\n#elif B\n#else\n  if (x) { b; } /* so */\n#endif\n#define C\n"
        ));
        assert!(!decides(
            "x;\n#if A\n#  if B\n if (x)\n y;\n# endif\n#endif\n"
        ));
        for open in [
            "#ifdef A\n",
            "#if A\n a;\n#else\n",
            "#ifdef A\n  if (x)\n#endif\n",
            "#ifdef A\n  if (x)\n#else\n  a;\n#endif\n",
            "#if A\n a;\n#elif B\n else\n#else\n  a;\n#endif\n",
            "x;\n#if A\n#if B\n if (x)\n#endif\n#endif\n",
            "if (x)\n#ifdef A\n  a;\n#endif\n",
            "a;\n#endif\n",
            "#include \"a\"\n",
        ] {
            assert!(decides(open), "{open}");
        }
    }
}
