//! An included file as text: what of it would mean something else in the text of another one.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::join::words;
use crate::leading::skip_space;

/// A line of the preprocessor.
pub(super) struct Directive<'t> {
    /// The word behind the `#`.
    pub(super) word: &'t str,
    /// What stands behind it.
    pub(super) argument: &'t str,
    /// Where that begins.
    pub(super) at: usize,
    /// The whole line with its end.
    pub(super) line: Range<usize>,
}

impl<'t> Directive<'t> {
    /// Returns the name in an include of this kind.
    fn name(&self, open: char, close: char) -> Option<&'t str> {
        let name = self.argument.strip_prefix(open)?;
        name.split_once(close).map(|(name, _)| name)
    }

    /// Returns the name of a quoted include.
    pub(super) fn quoted(&self) -> Option<&'t str> {
        self.name('"', '"').filter(|_| self.word == "include")
    }
}

/// Returns the lines that look like directives; some may stand in comments.
pub(super) fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        let rest = line.trim_start_matches('\u{feff}').trim_start();
        let rest = rest.strip_prefix('#')?.trim_start();
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let argument = behind.trim_start();
        let at = range.end - argument.len();
        Some(Directive {
            word,
            argument,
            at,
            line: range,
        })
    })
}

/// Returns the line of a quoted include whose name begins at an offset, if nothing else stands on it but a comment.
pub(super) fn include_at(text: &str, at: usize) -> Option<Range<usize>> {
    let directive = directives(text).find(|each| each.at == at)?;
    let name = directive.quoted()?;
    let rest = directive.argument.get(name.len() + 2..)?.trim();
    let is_comment = rest.starts_with("//") && !rest.ends_with('\\')
        || rest.starts_with("/*") && rest.find("*/") == Some(rest.len().checked_sub(2)?);
    let before = text.get(..directive.line.start)?.trim_end_matches('\n');
    let begins = before.len() == directive.line.start || !before.trim_end().ends_with('\\');
    (begins && (rest.is_empty() || is_comment)).then_some(directive.line)
}

/// Returns the macro by which a file holds nothing when it is read again.
pub(super) fn guard(text: &str) -> Option<&str> {
    let all: Vec<Directive<'_>> = directives(text).collect();
    let [first, second, .., last] = all.as_slice() else {
        return None;
    };
    let name = first.argument.trim();
    let defined = second.argument.split_whitespace().next();
    let is_begun = (first.word, second.word, defined) == ("ifndef", "define", Some(name));
    let mut depth = 0_usize;
    let mut ends = all.iter().filter(|each| {
        match each.word {
            "if" | "ifdef" | "ifndef" => depth += 1,
            "endif" => depth = depth.saturating_sub(1),
            "else" | "elif" => return depth == 1,
            _ => {}
        }
        depth == 0
    });
    let is_ended = ends.next().is_some_and(|end| end.line == last.line) && last.word == "endif";
    let around = [text.get(..first.line.start)?, text.get(last.line.end..)?];
    let is_all = around.iter().all(|text| skip_space(text).is_empty());
    (is_begun && is_ended && is_all).then_some(name)
}

/// Returns whether a text takes back a macro.
pub(super) fn forgets(text: &str, name: &str) -> bool {
    directives(text).any(|each| each.word == "undef" && each.argument.trim().starts_with(name))
}

/// Returns how many lines say which line of which file they are.
pub(super) fn numbered_lines(text: &str) -> usize {
    let is_number = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    directives(text)
        .filter(|each| each.word == "line" || is_number(each.word))
        .count()
}

/// Returns whether a text has the line `#pragma once`.
pub(super) fn is_once(text: &str) -> bool {
    directives(text).any(|each| names_once(&each))
}

/// Returns whether a line is `#pragma once`.
pub(super) fn names_once(directive: &Directive<'_>) -> bool {
    directive.word == "pragma" && directive.argument.split_whitespace().next() == Some("once")
}

/// Returns how often lines of texts name a file of this name; `None` where a macro may name any.
pub(super) fn mentions<'t>(texts: impl Iterator<Item = &'t str>, name: &str) -> Option<usize> {
    let last = |path: &'t str| path.rsplit('/').next().unwrap_or(path);
    let mut count = 0;
    for directive in texts.flat_map(directives) {
        if !["include", "include_next", "import"].contains(&directive.word) {
            continue;
        }
        let named = directive
            .name('"', '"')
            .or_else(|| directive.name('<', '>'))?;
        count += usize::from(last(named) == name);
    }
    Some(count)
}

/// Returns whether a text asks how it is included, which no `#line` tells.
pub(super) fn asks_how_included(text: &str) -> bool {
    let words = words(text);
    ["__FILE_NAME__", "__INCLUDE_LEVEL__"]
        .iter()
        .any(|word| words.contains(word))
}

/// Returns what in a text depends on the file that it stands in.
pub(super) fn depends_on_file(text: &str) -> Option<&'static str> {
    let words = words(text);
    let mut asked = ["__TIMESTAMP__", "__has_include", "system_header"].into_iter();
    let lines: BTreeSet<&str> = directives(text).map(|each| each.word).collect();
    let mut searched = ["embed", "import", "include_next"].into_iter();
    asked
        .find(|word| words.contains(word))
        .or_else(|| searched.find(|word| lines.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_include_stands_on_a_line_of_its_own() {
        for text in [
            "# include \"a.h\"\n",
            "x;\n  #include \"a.h\" // one\n",
            "#include \"a.h\" /* two */",
        ] {
            let at = text.find('"').unwrap();
            let line = include_at(text, at).unwrap();
            assert_eq!(text[line].trim_start().chars().next(), Some('#'));
        }
        for text in [
            "#include \"a.h\" // \\\n",
            "#include \"a.h\" /* two\n*/",
            "#include \"a.h\" /* two */ /* three */ /*\n*/",
            "/* */ #include \"a.h\"\n",
            "#define A \\\n#include \"a.h\"\n",
        ] {
            assert_eq!(include_at(text, text.find('"').unwrap()), None, "{text}");
        }
        assert_eq!(include_at("#include <a.h>\n", 9), None);
    }

    #[test]
    fn a_guard_is_around_all() {
        let text =
            "/* a */\n#ifndef A\n#define A 1\n#if B\n#else\n#endif\n#endif /* A */\n// end\n";
        assert_eq!(guard(text), Some("A"));
        for other in [
            format!("int b;\n{text}"),
            format!("{text}#if 1\n#endif\n"),
            text.replace("#endif\n#endif", "#endif\n#else\n#endif"),
            text.replace("define A", "define B"),
        ] {
            assert_eq!(guard(&other), None, "{other}");
        }
        assert!(forgets("# undef A /* a */\n", "A") && !forgets(text, "A"));
    }

    #[test]
    fn files_are_mentioned_by_any_path() {
        let texts = [
            "#include \"a.h\"\n#include <sub/a.h>\n",
            "#include \"b.h\"\n",
        ];
        assert_eq!(mentions(texts.into_iter(), "a.h"), Some(2));
        let texts = texts.into_iter().chain(["#include NAME\n"]);
        assert_eq!(mentions(texts, "a.h"), None);
    }
}
