//! The `#include` lines that a file starts with.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// It means something else each time it is included (C17 7.2 §1), so it is read where it stands.
const ANEW: &str = "assert.h";

/// Returns lines that include the headers `<…>` which a text includes before anything else stands in it.
///
/// Headers of the C library mean the same in any order (C17 7.1.2 §4), so files that include the same have the same
/// lines.
pub(crate) fn includes(text: &str) -> String {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((name, after)) = include(skip_space(rest)) {
        names.insert(name);
        rest = after;
    }
    names.remove(ANEW);
    let mut lines = String::new();
    for name in names {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "#include <{name}>");
    }
    lines
}

/// Returns the name in an `#include <name>` at the start of a text, and what follows it.
fn include(text: &str) -> Option<(&str, &str)> {
    let directive = text.strip_prefix('#')?.trim_start_matches([' ', '\t']);
    let argument = directive.strip_prefix("include")?;
    let name = argument.trim_start_matches([' ', '\t']).strip_prefix('<')?;
    let (name, after) = name.split_once('>')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/+".contains(c);
    name.chars().all(is_plain).then_some((name, after))
}

/// Returns a text without the space and comments that it starts with.
pub(crate) fn skip_space(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("//") {
            let line = comment.split_once('\n');
            // A line that ends in a backslash goes on in the next one.
            line.filter(|(line, _)| !line.contains('\\'))
                .map(|(_, after)| after)
        } else {
            None
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::includes;

    #[test]
    fn only_what_stands_before_all_else_is_found() {
        let text = "/* a\n */ // b\n# include <stdio.h> // c\n\n#include <assert.h>\n#include <math.h>\r\n\
                    #include \"own.h\"\n#include <time.h>\n";
        assert_eq!(includes(text), "#include <math.h>\n#include <stdio.h>\n");
        for text in [
            "",
            "#define N 1\n#include <math.h>\n",
            "// one \\\n#include <math.h>\n",
            "/* #include <math.h>",
            "#include NAME\n",
            "#include <a\\\n.h>\n",
        ] {
            assert_eq!(includes(text), "", "{text}");
        }
    }
}
