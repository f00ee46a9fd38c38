//! Pieces of the run-time support, as emitted text has them.

/// Returns pieces without the lines that are part of something else than `parts`; a line `@NAME@…` belongs to that part, and a
/// line `@!NAME@…` to texts without it; before some stand several.
pub(crate) fn chosen(pieces: &[&str], parts: &[&str]) -> String {
    let lines = pieces.iter().flat_map(|piece| piece.lines());
    let lines = lines.map(|line| line.replace("@METHODS@", ""));
    let lines = lines.filter_map(|line| of_parts(&line, parts).map(str::to_owned));
    lines.map(|line| line + "\n").collect()
}

/// Returns a line without its marks.
fn of_parts<'a>(line: &'a str, parts: &[&str]) -> Option<&'a str> {
    let marked = line.strip_prefix('@').and_then(|rest| rest.split_once('@'));
    let Some((mark, rest)) = marked else {
        return Some(line);
    };
    let is_wanted = match mark.strip_prefix('!') {
        Some(other) => !parts.contains(&other),
        None => parts.contains(&mark),
    };
    is_wanted.then(|| of_parts(rest, parts)).flatten()
}
