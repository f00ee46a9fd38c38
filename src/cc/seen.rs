//! What the front end reads has to be what the compiler compiles.
//!
//! Both predefine macros of their own: libclang says that it is clang, and knows nothing of `-O2`. A text may choose its lines
//! by them. So the compiler reads the text once more as if it were the front end, and where other lines of the user's files are
//! left then, or a macro of theirs is another one but for attributes, nothing of the source is translated. Macros of the
//! system's headers may differ: to a program they mean the same.
//!
//! **Source**: GCC, The C Preprocessor, 3.7.2; Clang Language Extensions, "Builtin Macros".

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;

/// The macros of the front end, as options of the compiler.
pub(super) const AS_FRONT_END: [&str; 28] = [
    "-U__NO_INLINE__",
    "-D__NO_INLINE__=1",
    "-U__EXCEPTIONS",
    "-U__NO_MATH_ERRNO__",
    "-U__GCC_IEC_559",
    "-U__GCC_IEC_559_COMPLEX",
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

/// Calls `found` for each line of a preprocessed text that is not empty, with the file and the line that it comes from and
/// whether that is no file of the user's; directives that are left begin with `#`.
///
/// **Source**: GCC, The C Preprocessor, 9: `# 1 "stdio.h" 1 3`; a 3 says that it is a header of the system.
pub(super) fn each_line<'a>(text: &'a [u8], mut found: impl FnMut(&'a [u8], u32, bool, &'a [u8])) {
    let (mut file, mut number, mut is_system) = (&b""[..], 1_u32, false);
    for line in text.split(|byte| *byte == b'\n') {
        if let Some((place, name, flags)) = marker(line) {
            // What compilers predefine comes from <built-in>.
            let is_none = name.starts_with(b"<");
            (file, number, is_system) = (name, place, is_none || flags.contains(&b'3'));
            continue;
        }
        if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
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

/// Returns the lines of the user's files that are left of a preprocessed text, by their place, with what defines macros there.
fn left(text: &[u8]) -> BTreeMap<(&[u8], u32), Vec<Vec<u8>>> {
    let mut lines: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
    each_line(text, |file, line, is_system, text| {
        if !is_system {
            let defined = lines.entry((file, line)).or_default();
            defined.extend(text.starts_with(b"#").then(|| plain(text)));
        }
    });
    lines
}

/// Returns a line that is another one in two texts, with its file.
pub(super) fn difference(compiled: &[u8], read: &[u8]) -> Option<(String, u32)> {
    let (compiled, read) = (left(compiled), left(read));
    let places: BTreeSet<_> = compiled.keys().chain(read.keys()).collect();
    let mut places = places.into_iter();
    let &(file, line) = places.find(|&place| compiled.get(place) != read.get(place))?;
    Some((String::from_utf8_lossy(file).into_owned(), line))
}

/// Returns a line without white space and attributes, which compilers choose among.
fn plain(line: &[u8]) -> Vec<u8> {
    let text = line.iter().filter(|byte| !byte.is_ascii_whitespace());
    let mut text: Vec<u8> = text.copied().collect();
    let finder = memmem::Finder::new(b"__attribute__(");
    while let Some(start) = finder.find(&text) {
        let mut depth = 0;
        let end = text[start..].iter().position(|byte| {
            depth += i32::from(*byte == b'(') - i32::from(*byte == b')');
            depth == 0 && *byte == b')'
        });
        text.drain(start..end.map_or(text.len(), |end| start + end + 1));
    }
    text
}

/// Returns a word of a source that means something else to the front end, or in a part which lies elsewhere: names of files
/// and lines of its own, as generators of parsers write them, and macros that the front end defines in another way.
pub(super) fn meant_otherwise(source: &[u8]) -> Option<&'static str> {
    let is_marker = |line: &[u8]| {
        let rest = line
            .trim_ascii_start()
            .strip_prefix(b"#")
            .map(<[u8]>::trim_ascii_start);
        rest.is_some_and(|rest| {
            rest.starts_with(b"line") || rest.first().is_some_and(u8::is_ascii_digit)
        })
    };
    if source.split(|byte| *byte == b'\n').any(is_marker) {
        return Some("#line");
    }
    let own = ["__BASE_FILE__", "__TIMESTAMP__", "__INCLUDE_LEVEL__"];
    let code = source
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii_start().starts_with(b"#"));
    let code = code.collect::<Vec<_>>().concat();
    let others = AS_FRONT_END
        .iter()
        .map(|option| option[2..].split(['=', '(']).next().unwrap_or_default());
    let mut names = own.into_iter().chain(others);
    names.find(|name| memmem::find(&code, name.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_their_markers() {
        let text = b"# 1 \"a.c\"\nint a;\n\n#define N 3\nint b;\n# 1 \"/usr/include/x.h\" 1 3 4\nint c;\n# 9 \"a.c\" 2\nint d;\n";
        let lines: Vec<u32> = left(text).into_keys().map(|(_, line)| line).collect();
        assert_eq!(lines, [1, 3, 4, 9]);
    }

    #[test]
    fn a_line_that_one_of_them_has_is_found() {
        let compiled = b"# 1 \"a.c\"\nint a;\nint b;\n";
        assert_eq!(difference(compiled, compiled), None);
        let read = b"# 1 \"a.c\"\nint a;\n\nint c;\n";
        assert_eq!(difference(compiled, read), Some(("a.c".to_owned(), 2)));
        // Macros of the system may read otherwise, the user's only in attributes.
        let expanded = b"# 1 \"a.c\"\nint a;\nint b = (2);\n";
        assert_eq!(difference(compiled, expanded), None);
        let macros = ["4", "4 __attribute__ ((unused))", "8"];
        let macros = macros.map(|value| format!("# 1 \"a.c\"\n#define N {value}\nint b;\n"));
        let [compiled, attribute, other] = macros.each_ref().map(String::as_bytes);
        assert_eq!(difference(compiled, attribute), None);
        assert_eq!(difference(compiled, other), Some(("a.c".to_owned(), 1)));
        let built_in = b"# 1 \"<built-in>\"\n#define __PIC__ 2\n# 1 \"a.c\"\n#define N 4\nint b;\n";
        assert_eq!(difference(compiled, built_in), None);
    }

    #[test]
    fn words_that_mean_something_else_are_found() {
        assert_eq!(
            meant_otherwise(b"int a;\n # line 5 \"x.l\"\n"),
            Some("#line")
        );
        assert_eq!(meant_otherwise(b"# 500 \"lexer.l\"\n"), Some("#line"));
        assert_eq!(meant_otherwise(b"f(__BASE_FILE__);"), Some("__BASE_FILE__"));
        assert_eq!(
            meant_otherwise(b"#ifdef __GNUC__\nint a = __GNUC__;\n"),
            Some("__GNUC__")
        );
        assert_eq!(meant_otherwise(b"#ifdef __GNUC__\nint a;\n"), None);
        assert_eq!(meant_otherwise(b"#define line 5\n#include <a.h>\n"), None);
    }
}
