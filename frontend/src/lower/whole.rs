//! Whether a file is a whole program: it begins here, and nothing of it is defined elsewhere but the C library.

use clang_sys as k;
use mupac_ir::builtin::Builtin;

use crate::clang::{Cursor, Home, Unit};
use crate::lower::letters::TABLE;
use crate::lower::named::Named;

/// Functions and variables of the C library, POSIX and OpenMP, besides functions of numbers, with which a program neither
/// chooses a locale nor reaches text that is not read, shares no memory with other processes, and has nothing run or
/// written when it ends.
const PLAIN: [&str; 136] = [
    "__assert_fail",
    "__errno_location",
    "abort",
    "abs",
    "aligned_alloc",
    "asctime",
    "atof",
    "atoi",
    "atol",
    "atoll",
    "bsearch",
    "calloc",
    "clock",
    "clock_gettime",
    "ctime",
    "difftime",
    "drand48",
    "exit",
    "fclose",
    "feof",
    "ferror",
    "fflush",
    "fgetc",
    "fgets",
    "fileno",
    "fopen",
    "fprintf",
    "fputc",
    "fputs",
    "fread",
    "free",
    "fscanf",
    "fseek",
    "ftell",
    "fwrite",
    "getc",
    "getchar",
    "getenv",
    "getopt",
    "getpid",
    "getrusage",
    "gettimeofday",
    "gmtime",
    "isalnum",
    "isalpha",
    "isatty",
    "isblank",
    "iscntrl",
    "isdigit",
    "isgraph",
    "islower",
    "isprint",
    "ispunct",
    "isspace",
    "isupper",
    "isxdigit",
    "labs",
    "localtime",
    "lrand48",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "mktime",
    "nanosleep",
    "omp_get_max_threads",
    "omp_get_num_procs",
    "omp_get_num_threads",
    "omp_get_thread_num",
    "omp_get_wtick",
    "omp_get_wtime",
    "omp_set_num_threads",
    "optarg",
    "optind",
    "perror",
    "posix_memalign",
    "printf",
    "putc",
    "putchar",
    "puts",
    "qsort",
    "rand",
    "rand_r",
    "random",
    "realloc",
    "remove",
    "rewind",
    "scanf",
    "sleep",
    "snprintf",
    "sprintf",
    "srand",
    "srand48",
    "srandom",
    "sscanf",
    "stderr",
    "stdin",
    "stdout",
    "strcasecmp",
    "strcat",
    "strchr",
    "strcmp",
    "strcpy",
    "strcspn",
    "strdup",
    "strerror",
    "strftime",
    "strlen",
    "strncasecmp",
    "strncat",
    "strncmp",
    "strncpy",
    "strnlen",
    "strpbrk",
    "strrchr",
    "strspn",
    "strstr",
    "strtod",
    "strtof",
    "strtok",
    "strtok_r",
    "strtol",
    "strtold",
    "strtoll",
    "strtoul",
    "strtoull",
    "sysconf",
    "time",
    "times",
    "timespec_get",
    "tolower",
    "toupper",
    "ungetc",
    "usleep",
];

/// What glibc puts before the names of functions of which it has several versions.
const VERSIONS: [&str; 2] = ["__isoc99_", "__isoc23_"];

/// Returns whether a program begins in this file, and of what it names all is defined here or is plain. Functions of other
/// files that run unasked, before `main` or behind it, count as leaving it alone.
pub(super) fn is_whole(unit: &Unit, named: &Named) -> bool {
    let is_main = |each: &Cursor<'_>| {
        each.kind() == k::CXCursor_FunctionDecl && each.is_definition() && each.spelling() == "main"
    };
    let is_plain = |name: &String| {
        let versions = VERSIONS.iter();
        let mut plain = versions.filter_map(|version| name.strip_prefix(version));
        let plain = plain.next().unwrap_or(name);
        PLAIN.contains(&plain)
            || name == TABLE
            || name.starts_with("__builtin_")
            || Builtin::find(name).is_some()
    };
    let mut own = unit.declarations(&[Home::Main, Home::Header]);
    named.assembler.is_none()
        && named.undefined.iter().all(is_plain)
        && own.any(|each| is_main(&each))
}

#[cfg(test)]
mod tests {
    use super::PLAIN;

    #[test]
    fn the_list_is_sorted() {
        assert!(PLAIN.is_sorted());
    }
}
