//! The directives that stand directly before a statement.
//!
//! Pragmas may speak of the statement, as those of OpenMP do, so what is put before it goes before them as well. What is
//! translated is the program without them; whether the text may be compiled for those who heed them the back end says.
//! Any other directive may decide whether the statement is there at all.

/// Returns where the pragmas begin that stand directly before a place in a text; the place itself where none do.
pub(super) fn before_pragmas(text: &str, place: usize) -> usize {
    let mut start = place;
    while let Some(line) = directive_before(text, start) {
        if !is_pragma(text.get(line..start).unwrap_or("")) {
            break;
        }
        start = line;
    }
    start
}

/// Returns where the directive begins that stands directly before a place, with nothing but comments between.
pub(super) fn directive_before(text: &str, place: usize) -> Option<usize> {
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
            None => return directive_with(before, line),
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

fn is_pragma(directive: &str) -> bool {
    let words = directive.trim_start_matches('#').trim_start();
    words.starts_with("pragma")
}

#[cfg(test)]
mod tests {
    use super::{before_pragmas, directive_before};

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
}
