//! What the front end reads has to be what the compiler compiles.
//!
//! Both predefine macros of their own: libclang says that it is clang, and knows nothing of `-O2`. A text may choose its lines
//! by them. So the compiler reads the text once more as if it were the front end, and where other lines of the user's files
//! are left, nothing of it is translated. Macros that have another value alone are not seen.
//!
//! **Source**: GCC, The C Preprocessor, 3.7.2; Clang Language Extensions, "Builtin Macros".

use std::collections::BTreeSet;

/// The macros of the front end, as options of the compiler.
pub(super) const AS_FRONT_END: [&str; 22] = [
    "-D__clang__=1",
    "-D__clang_major__=17",
    "-D__clang_minor__=0",
    "-D__clang_patchlevel__=0",
    "-D__llvm__=1",
    "-D__has_feature(x)=0",
    "-D__has_extension(x)=0",
    "-U__GNUC__",
    "-D__GNUC__=4",
    "-U__GNUC_MINOR__",
    "-D__GNUC_MINOR__=2",
    "-U__GNUC_PATCHLEVEL__",
    "-D__GNUC_PATCHLEVEL__=1",
    "-U__OPTIMIZE__",
    "-U__OPTIMIZE_SIZE__",
    "-U__PIC__",
    "-U__pic__",
    "-U__PIE__",
    "-U__pie__",
    "-U__SSP__",
    "-U__SSP_STRONG__",
    "-U__CET__",
];

/// Calls `found` for each line of a preprocessed text that holds more than directives, with the file and the line that it
/// comes from and whether that is a header of the system.
///
/// **Source**: GCC, The C Preprocessor, 9: `# 1 "stdio.h" 1 3`; a 3 says that it is a header of the system.
pub(super) fn each_line<'a>(text: &'a [u8], mut found: impl FnMut(&'a [u8], u32, bool, &'a [u8])) {
    let (mut file, mut number, mut is_system) = (&b""[..], 1_u32, false);
    for line in text.split(|byte| *byte == b'\n') {
        if let Some((place, name, flags)) = marker(line) {
            (file, number, is_system) = (name, place, flags.contains(&b'3'));
            continue;
        }
        if !line.starts_with(b"#") && line.iter().any(|byte| !byte.is_ascii_whitespace()) {
            found(file, number, is_system, line);
        }
        number = number.saturating_add(1);
    }
}

/// Reads a line marker: the number of the line that comes next, its file, and flags.
fn marker(line: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let rest = line.strip_prefix(b"# ")?;
    let open = rest.iter().position(|byte| *byte == b'"')?;
    let close = rest.iter().rposition(|byte| *byte == b'"')?;
    let number = std::str::from_utf8(&rest[..open])
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some((number, rest.get(open + 1..close)?, &rest[close..]))
}

/// Returns the lines of the user's files that are left of a preprocessed text.
fn left(text: &[u8]) -> BTreeSet<(&[u8], u32)> {
    let mut lines = BTreeSet::new();
    each_line(text, |file, line, is_system, _| {
        if !is_system {
            lines.insert((file, line));
        }
    });
    lines
}

/// Returns a line that is left of one of two texts alone, with its file.
pub(super) fn difference(compiled: &[u8], read: &[u8]) -> Option<(String, u32)> {
    let (compiled, read) = (left(compiled), left(read));
    let (file, line) = compiled.symmetric_difference(&read).next()?;
    Some((String::from_utf8_lossy(file).into_owned(), *line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_their_markers() {
        let text = b"# 1 \"a.c\"\nint a;\n\n#define N 3\nint b;\n# 1 \"/usr/include/x.h\" 1 3 4\nint c;\n# 9 \"a.c\" 2\nint d;\n";
        let lines: Vec<u32> = left(text).into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, [1, 4, 9]);
    }

    #[test]
    fn a_line_that_one_of_them_has_is_found() {
        let compiled = b"# 1 \"a.c\"\nint a;\nint b;\n";
        assert_eq!(difference(compiled, compiled), None);
        let read = b"# 1 \"a.c\"\nint a;\n\nint c;\n";
        assert_eq!(difference(compiled, read), Some(("a.c".to_owned(), 2)));
    }
}
