//! Long lines of C++ that hold no comment and no user's text, broken where they nest least.

use mupac_ir::c_text::mark_apart;

use super::{COLUMNS, level};

/// What a line may be broken behind, or before, with a rank: of several at one depth the lowest.
const BREAKS: [(&str, Side, u8); 15] = [
    ("; ", Side::Behind, 0),
    (", ", Side::Behind, 1),
    (" = ", Side::Behind, 2),
    (" += ", Side::Behind, 2),
    (" -= ", Side::Behind, 2),
    (" *= ", Side::Behind, 2),
    (" /= ", Side::Behind, 2),
    (" || ", Side::Behind, 3),
    (" && ", Side::Behind, 4),
    (" ? ", Side::Before, 5),
    (" : ", Side::Before, 5),
    (" + ", Side::Before, 6),
    (" - ", Side::Before, 6),
    (" * ", Side::Before, 7),
    (" / ", Side::Before, 7),
];

/// Where a line ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

/// A place at which a line can be broken; the first one in order is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Break {
    depth: usize,
    rank: u8,
    /// How far it lies before the end of the line that fits.
    short: usize,
}

/// Returns text whose lines are no longer than they should be, as far as they can be broken; later parts of a line are two
/// levels deeper, and the mark of a statement stays behind the first. Directives, comments and lines that a backslash joins stay.
pub(crate) fn fitting(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let (content, end) = line
            .strip_suffix('\n')
            .map_or((line, ""), |content| (content, "\n"));
        let (content, mark) = mark_apart(content);
        if content.len() <= COLUMNS || !is_code(content) {
            return line.to_owned();
        }
        let lines = broken(content);
        let first = lines.find('\n').unwrap_or(lines.len());
        format!("{}{mark}{}{end}", &lines[..first], &lines[first..])
    });
    lines.collect()
}

fn is_code(line: &str) -> bool {
    let is_directive = line.trim_start().starts_with('#');
    !is_directive && !line.contains("//") && !line.contains("/*") && !line.ends_with('\\')
}

fn broken(line: &str) -> String {
    let start = line.len() - line.trim_start().len();
    let margin = &line[..start];
    let deeper = margin.to_owned() + &level(margin).repeat(2);
    let mut out = String::new();
    let mut rest = line.to_owned();
    while rest.len() > COLUMNS {
        let Some(at) = place(&rest) else {
            break;
        };
        out += rest[..at].trim_end();
        out.push('\n');
        rest = deeper.clone() + rest[at..].trim_start();
    }
    out + &rest
}

/// Returns where a line is best broken.
fn place(line: &str) -> Option<usize> {
    /// What is left of a line is not less than this, behind its indentation.
    const LEAST: usize = 24;
    let bytes = line.as_bytes();
    let start = line.len() - line.trim_start().len() + LEAST;
    let (mut depth, mut quote) = (0_usize, None);
    let is_at = |at: usize, word: &str| line.get(at..).is_some_and(|rest| rest.starts_with(word));
    let mut best: Option<(Break, usize)> = None;
    let mut at = 0;
    while at < bytes.len().min(COLUMNS) {
        match (bytes[at], quote) {
            (b'\\', Some(_)) => at += 1,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            // In a number it parts digits.
            (b'\'', None) if at > 0 && bytes[at - 1].is_ascii_alphanumeric() => {}
            (byte @ (b'"' | b'\''), None) => quote = Some(byte),
            (b'(' | b'[' | b'{', None) => depth += 1,
            (b')' | b']' | b'}', None) => depth = depth.saturating_sub(1),
            // A launch is rather broken between its arguments.
            (b'<', None) if is_at(at, "<<<") => depth += 2,
            (b'>', None) if is_at(at, ">>>") => depth = depth.saturating_sub(2),
            (_, None) => {
                let end = break_at(line, at).filter(|(end, _)| (start..=COLUMNS).contains(end));
                if let Some((end, rank)) = end {
                    let short = COLUMNS - end;
                    let found = Break { depth, rank, short };
                    if best.as_ref().is_none_or(|(best, _)| found < *best) {
                        best = Some((found, end));
                    }
                }
            }
        }
        at += 1;
    }
    best.map(|(_, end)| end)
}

/// Returns where a line would end, and the rank of that, if a place in it is one to break at.
fn break_at(line: &str, at: usize) -> Option<(usize, u8)> {
    let rest = line.get(at..)?;
    let (word, side, rank) = BREAKS.iter().find(|(word, ..)| rest.starts_with(word))?;
    let end = match side {
        Side::Before => at,
        Side::Behind => at + word.trim_end().len(),
    };
    Some((end, *rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_conditions_are_broken_at_their_outermost_operators() {
        let pair = "mupac::disjoint(&x[(long)n * (m - 1)], (long)n * m, y, n)";
        let text =
            format!("    if (n >= 1 && {pair} && {pair}; fits && n >= MUPAC_CPU_THRESHOLD) {{");
        let expected = format!(
            "    if (n >= 1 && {pair} && {pair};\n            fits && n >= MUPAC_CPU_THRESHOLD) {{"
        );
        assert!(text.len() > COLUMNS);
        let shown = fitting(&text);
        assert!(shown.lines().all(|line| line.len() <= COLUMNS), "{shown}");
        assert_eq!(
            shown.split_whitespace().collect::<Vec<_>>(),
            expected.split_whitespace().collect::<Vec<_>>()
        );
        assert!(shown.contains("&&\n            mupac::disjoint"), "{shown}");
    }

    #[test]
    fn launches_are_broken_between_their_arguments() {
        let rows = "mupac::blocks((long)workers * chunk < n ? (long)workers * chunk : n, 256)";
        let text = format!("        kernel<<<{rows}, 256>>>(first_d.device, second_d.device, n);");
        let shown = fitting(&text);
        let (_, rest) = shown.split_once('\n').unwrap_or_default();
        assert_eq!(rest, "                second_d.device, n);", "{shown}");
    }

    #[test]
    fn strings_comments_and_directives_stay_whole() {
        let long = "a, ".repeat(60);
        for text in [
            format!("f(\"{long}\");"),
            format!("#define F {long}"),
            format!("f({long}b);  // why"),
            format!("    {}", "x".repeat(200)),
        ] {
            assert_eq!(fitting(&text), text);
        }
    }

    #[test]
    fn deep_values_are_broken_where_nothing_else_can_be() {
        let sum = ["(long)width * height"; 12].join(" + ");
        let shown = fitting(&format!("\tmupac::release(&x[{sum}], 1);\n"));
        assert!(shown.lines().all(|line| line.len() <= COLUMNS), "{shown}");
        assert!(
            shown
                .lines()
                .skip(1)
                .all(|line| line.starts_with("\t\t\t+ ")),
            "{shown}"
        );
    }
}
