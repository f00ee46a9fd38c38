//! What functions of the C library, POSIX and OpenMP do to memory of the program: one table.
//!
//! In it are functions that call nothing of the program, keep no pointer and come back. What they do to streams' buffers,
//! `errno` and states of their own no array of the program shows, unless the file gives a stream a buffer or functions of
//! its own.
//!
//! **Source**: C17 chapter 7; POSIX.1-2017, System Interfaces; OpenMP 5.2, 18. Each row says the section.

use mupac_ir::Module;

/// What a function does to memory that an argument leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It reads so much.
    Reads(Extent),
    /// It writes so much, or ends it.
    Writes(Extent),
    /// It is a stream, which no array of the program is part of.
    Stream,
    /// It is a text that says what the arguments behind it are, which are printed.
    Format,
    /// The same, of arguments that say where to put what is read.
    Scan,
}

/// How much memory that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// So many bytes as this argument says, by position.
    Bytes(usize),
    /// One object of the type that the argument points to.
    Object,
    /// All that the allocator gave for it, which ends.
    Freed,
    /// What is there decides.
    Open,
}

use Access::{Format, Reads, Scan, Stream, Writes};
use Extent::{Bytes, Freed, Object, Open};

/// A function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// What it does to what its arguments lead to, by position; nothing to others.
    pub(crate) does: &'static [(usize, Access)],
    /// Where that stands.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the table"))]
    section: &'static str,
}

const fn row(name: &'static str, does: &'static [(usize, Access)], section: &'static str) -> Row {
    Row {
        name,
        does,
        section,
    }
}

const TABLE: &[Row] = &[
    // Numbers.
    row("abs", &[], "C17 7.22.6.1"),
    row("labs", &[], "C17 7.22.6.1"),
    row("difftime", &[], "C17 7.27.2.2"),
    row("erf", &[], "C17 7.12.8.1"),
    row("erfc", &[], "C17 7.12.8.2"),
    row("erff", &[], "C17 7.12.8.1"),
    row("ldexp", &[], "C17 7.12.6.6"),
    row("ldexpf", &[], "C17 7.12.6.6"),
    row("tgamma", &[], "C17 7.12.8.4"),
    row("tolower", &[], "C17 7.4.2.1"),
    row("toupper", &[], "C17 7.4.2.2"),
    // What `isalpha` and its kind are made of in glibc's header.
    row("__ctype_b_loc", &[], "C17 7.4.1"),
    row("__ctype_tolower_loc", &[], "C17 7.4.2.1"),
    row("__ctype_toupper_loc", &[], "C17 7.4.2.2"),
    row("rand", &[], "C17 7.22.2.1"),
    row("srand", &[], "C17 7.22.2.2"),
    row("drand48", &[], "POSIX drand48"),
    row("lrand48", &[], "POSIX drand48"),
    row("srand48", &[], "POSIX drand48"),
    row("random", &[], "POSIX initstate"),
    row("srandom", &[], "POSIX initstate"),
    // Clocks.
    row("clock", &[], "C17 7.27.2.1"),
    row("time", &[(0, Writes(Object))], "C17 7.27.2.4"),
    row("timespec_get", &[(0, Writes(Object))], "C17 7.27.2.5"),
    row(
        "clock_gettime",
        &[(1, Writes(Object))],
        "POSIX clock_getres",
    ),
    row(
        "gettimeofday",
        &[(0, Writes(Object)), (1, Writes(Object))],
        "POSIX gettimeofday",
    ),
    row("getrusage", &[(1, Writes(Object))], "POSIX getrusage"),
    row("times", &[(0, Writes(Object))], "POSIX times"),
    row("sleep", &[], "POSIX sleep"),
    // Of POSIX.1-2001.
    row("usleep", &[], "POSIX sleep"),
    row(
        "nanosleep",
        &[(0, Reads(Object)), (1, Writes(Object))],
        "POSIX nanosleep",
    ),
    row("omp_get_wtime", &[], "OpenMP 18.10.1"),
    row("omp_get_wtick", &[], "OpenMP 18.10.2"),
    row("omp_set_num_threads", &[], "OpenMP 18.2.1"),
    row("omp_get_num_threads", &[], "OpenMP 18.2.2"),
    row("omp_get_max_threads", &[], "OpenMP 18.2.3"),
    row("omp_get_thread_num", &[], "OpenMP 18.2.4"),
    row("omp_get_num_procs", &[], "OpenMP 18.7.1"),
    row("__assert_fail", &[], "C17 7.2.1.1"),
    // Memory.
    row("malloc", &[], "C17 7.22.3.4"),
    row("calloc", &[], "C17 7.22.3.2"),
    row("aligned_alloc", &[], "C17 7.22.3.1"),
    row("free", &[(0, Writes(Freed))], "C17 7.22.3.3"),
    row("realloc", &[(0, Writes(Open))], "C17 7.22.3.5"),
    // Bytes and texts.
    row(
        "memcpy",
        &[(0, Writes(Bytes(2))), (1, Reads(Bytes(2)))],
        "C17 7.24.2.1",
    ),
    row(
        "memmove",
        &[(0, Writes(Bytes(2))), (1, Reads(Bytes(2)))],
        "C17 7.24.2.2",
    ),
    row("memset", &[(0, Writes(Bytes(2)))], "C17 7.24.6.1"),
    row(
        "memcmp",
        &[(0, Reads(Bytes(2))), (1, Reads(Bytes(2)))],
        "C17 7.24.4.1",
    ),
    row("strlen", &[(0, Reads(Open))], "C17 7.24.6.3"),
    row(
        "strcmp",
        &[(0, Reads(Open)), (1, Reads(Open))],
        "C17 7.24.4.2",
    ),
    row(
        "strncmp",
        &[(0, Reads(Open)), (1, Reads(Open))],
        "C17 7.24.4.4",
    ),
    row(
        "strcpy",
        &[(0, Writes(Open)), (1, Reads(Open))],
        "C17 7.24.2.3",
    ),
    row(
        "strncpy",
        &[(0, Writes(Bytes(2))), (1, Reads(Open))],
        "C17 7.24.2.4",
    ),
    row(
        "strcat",
        &[(0, Writes(Open)), (1, Reads(Open))],
        "C17 7.24.3.1",
    ),
    row("atof", &[(0, Reads(Open))], "C17 7.22.1.1"),
    row("atoi", &[(0, Reads(Open))], "C17 7.22.1.2"),
    row("atol", &[(0, Reads(Open))], "C17 7.22.1.2"),
    row(
        "strtod",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.3",
    ),
    row(
        "strtof",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.3",
    ),
    row(
        "strtol",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.4",
    ),
    row(
        "strtoll",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.4",
    ),
    row(
        "strtoul",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.4",
    ),
    row(
        "strtoull",
        &[(0, Reads(Open)), (1, Writes(Object))],
        "C17 7.22.1.4",
    ),
    row("getenv", &[(0, Reads(Open))], "C17 7.22.4.6"),
    // Input and output.
    row("fflush", &[(0, Stream)], "C17 7.21.5.2"),
    row("printf", &[(0, Format)], "C17 7.21.6.3"),
    row("fprintf", &[(0, Stream), (1, Format)], "C17 7.21.6.1"),
    row(
        "snprintf",
        &[(0, Writes(Bytes(1))), (2, Format)],
        "C17 7.21.6.5",
    ),
    row("sprintf", &[(0, Writes(Open)), (1, Format)], "C17 7.21.6.6"),
    row("scanf", &[(0, Scan)], "C17 7.21.6.4"),
    row("fscanf", &[(0, Stream), (1, Scan)], "C17 7.21.6.2"),
    row("sscanf", &[(0, Reads(Open)), (1, Scan)], "C17 7.21.6.7"),
    row("puts", &[(0, Reads(Open))], "C17 7.21.7.9"),
    row("fputs", &[(0, Reads(Open)), (1, Stream)], "C17 7.21.7.4"),
    row("putchar", &[], "C17 7.21.7.8"),
    row("fputc", &[(1, Stream)], "C17 7.21.7.3"),
    row("getchar", &[], "C17 7.21.7.6"),
    row("putc", &[(1, Stream)], "C17 7.21.7.7"),
    row("getc", &[(0, Stream)], "C17 7.21.7.5"),
    row("ungetc", &[(1, Stream)], "C17 7.21.7.10"),
    row(
        "fopen",
        &[(0, Reads(Open)), (1, Reads(Open))],
        "C17 7.21.5.3",
    ),
    row("tmpfile", &[], "C17 7.21.4.3"),
    row("fclose", &[(0, Stream)], "C17 7.21.5.1"),
    row(
        "fgets",
        &[(0, Writes(Bytes(1))), (2, Stream)],
        "C17 7.21.7.2",
    ),
    row("fgetc", &[(0, Stream)], "C17 7.21.7.1"),
    row("fread", &[(0, Writes(Open)), (3, Stream)], "C17 7.21.8.1"),
    row("fwrite", &[(0, Reads(Open)), (3, Stream)], "C17 7.21.8.2"),
    row("fseek", &[(0, Stream)], "C17 7.21.9.2"),
    row("ftell", &[(0, Stream)], "C17 7.21.9.4"),
    row("rewind", &[(0, Stream)], "C17 7.21.9.5"),
    row("feof", &[(0, Stream)], "C17 7.21.10.2"),
    row("ferror", &[(0, Stream)], "C17 7.21.10.3"),
    row("perror", &[(0, Reads(Open))], "C17 7.21.10.4"),
    row("remove", &[(0, Reads(Open))], "C17 7.21.4.1"),
    row("fileno", &[(0, Stream)], "POSIX fileno"),
    row("isatty", &[], "POSIX isatty"),
    row("getpid", &[], "POSIX getpid"),
    row("sysconf", &[], "POSIX sysconf"),
    row("read", &[(1, Writes(Bytes(2)))], "POSIX read"),
    row("write", &[(1, Reads(Bytes(2)))], "POSIX write"),
    row("close", &[], "POSIX close"),
];

/// Functions by which a program has a say in what others of the library do: buffers and functions of its own.
///
/// **Source**: C17 7.21.5; POSIX `fmemopen` and `open_memstream`; glibc manual, “Custom Streams” and “Customizing Printf”.
const SAY: [&str; 10] = [
    "fmemopen",
    "fopencookie",
    "freopen",
    "open_memstream",
    "register_printf_function",
    "register_printf_modifier",
    "register_printf_specifier",
    "setbuf",
    "setbuffer",
    "setvbuf",
];

/// Returns the row of a function that a file calls; `None` where nothing is known of it.
///
/// A name counts where it is one of [`the library's`](declares).
pub(crate) fn find(module: &Module, callee: &str) -> Option<&'static Row> {
    let row = TABLE.iter().find(|row| row.name == callee)?;
    let has_say = || SAY.iter().any(|name| module.named.contains_key(*name));
    (declares(module, callee) && !has_say()).then_some(row)
}

/// Returns whether a header of the system declares a function that a file calls, and neither the file nor a header of the user's
/// does it otherwise.
pub(crate) fn declares(module: &Module, callee: &str) -> bool {
    module.library.contains(callee) && !module.declared.contains(callee)
}

impl Row {
    /// Returns whether it may end memory that an argument leads to.
    pub(crate) fn frees(&self) -> bool {
        let is_end = |access: Access| matches!(access, Writes(Freed | Open));
        self.does.iter().any(|(_, access)| is_end(*access))
    }
}

/// Returns whether the table has a function of this name.
pub(crate) fn knows(callee: &str) -> bool {
    TABLE.iter().any(|row| row.name == callee)
}

/// Returns whether a function makes a stream that calls no function of the program.
pub(crate) fn opens(callee: &str) -> bool {
    ["fopen", "tmpfile"].contains(&callee)
}

/// Returns whether a function of the table moves bytes and does nothing else.
pub(crate) fn moves(callee: &str) -> bool {
    ["memcpy", "memmove"].contains(&callee)
}

/// What a conversion of a format does to what its argument leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// Nothing: the argument is a number, or printed as an address.
    Value,
    /// It reads a text.
    Text,
}

/// Returns what the conversions of a format do, an item for each argument that they take; `None` where that is not
/// plain, or one writes.
///
/// **Source**: C17 7.21.6.1; positions (`%1$d`) are POSIX's.
pub(crate) fn conversions(format: &[u8]) -> Option<Vec<Conversion>> {
    let mut found = Vec::new();
    let mut rest = format.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            continue;
        }
        while let Some(flag) = rest.next_if(|byte| b"-+ #0123456789.*hljztL".contains(byte)) {
            if flag == b'*' {
                found.push(Conversion::Value);
            }
        }
        match rest.next()? {
            b'%' => {}
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'f' | b'F' | b'e' | b'E' | b'g' | b'G'
            | b'a' | b'A' | b'c' | b'p' => found.push(Conversion::Value),
            b's' => found.push(Conversion::Text),
            _ => return None,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{Conversion, TABLE, conversions};

    #[test]
    fn each_function_has_one_row_and_a_source() {
        let mut names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        let sources = ["C17 7.", "POSIX ", "OpenMP 18."];
        let is_known = |section: &str| sources.iter().any(|source| section.starts_with(source));
        assert!(TABLE.iter().all(|row| is_known(row.section)));
    }

    #[test]
    fn formats_say_what_is_read() {
        use Conversion::{Text, Value};
        assert_eq!(
            conversions(b"%d: %-*.3f %%, %s %p %lld"),
            Some(vec![Value, Value, Value, Text, Value, Value])
        );
        for other in ["%n", "%1$d", "%hhn", "%", "%m", "%S"] {
            assert_eq!(conversions(other.as_bytes()), None, "{other}");
        }
    }
}
