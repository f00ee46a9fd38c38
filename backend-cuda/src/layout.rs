//! Lines: indentation of the place that text goes to, and breaking of long ones.

mod fitting;

pub(crate) use fitting::fitting;

/// Longest line that is not broken.
pub(crate) const COLUMNS: usize = 120;

/// Returns the white space that the line of `offset` starts with.
pub(crate) fn indentation(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..).unwrap_or("");
    let length = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..length]
}

/// Returns one more level of the kind of indentation that `base` uses.
pub(crate) fn level(base: &str) -> &'static str {
    if base.contains('\t') { "\t" } else { "    " }
}

/// Returns `text` with each of its lines but the first moved right by `level`, except empty lines and lines that a
/// backslash joins to the one before, which may lie inside a string.
pub(crate) fn deepened(text: &str, level: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_fixed = true;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if !is_fixed && !content.is_empty() {
            out.push_str(level);
        }
        out.push_str(line);
        is_fixed = content.ends_with('\\');
    }
    out
}

/// Returns `head` + the items, separated, + `tail`, broken before items that would pass the line's end, and behind braces
/// in lists; broken lines start with `indent`.
pub(crate) fn wrapped(
    head: &str,
    items: &[String],
    separator: &str,
    tail: &str,
    indent: &str,
) -> String {
    let mut out = head.to_owned();
    let mut column = out.len();
    for (index, item) in items.iter().enumerate() {
        let end = if index + 1 == items.len() {
            tail
        } else {
            separator
        };
        let item = format!("{item}{end}");
        for (part, text) in item.split_inclusive("}, ").enumerate() {
            let is_first = index == 0 && part == 0;
            if !is_first && column + text.trim_end().len() > COLUMNS {
                out.truncate(out.trim_end().len());
                out.push('\n');
                out.push_str(indent);
                column = indent.len();
            }
            out.push_str(text);
            column += text.len();
        }
    }
    if items.is_empty() {
        out.push_str(tail);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_lines_are_not_moved() {
        assert_eq!(deepened("a\nb \\\nc\n\nd", "  "), "a\n  b \\\nc\n\n  d");
    }

    #[test]
    fn long_lists_are_broken_between_items() {
        let items: Vec<_> = (0..3).map(|_| "x".repeat(50)).collect();
        let text = wrapped("f(", &items, ", ", ");", "  ");
        assert_eq!(text.lines().count(), 2);
        assert!(text.lines().all(|line| line.len() <= COLUMNS));
        assert_eq!(wrapped("f(", &[], ", ", ");", ""), "f();");
    }
}
