//! Options of gcc and clang: what each is there for, and whether its value is the next word.
//!
//! **Source**: GCC manual 12, chapter 3; Clang command line argument reference.

use crate::arguments::CHANGE_MEANING;

/// What a word, with its value where that is the next one, is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A file of C.
    Source,
    /// Another file: an object, a library, a file of another language.
    Input,
    /// `-o`, with the file.
    Output,
    /// How far the compiler goes: `-c`.
    Stage,
    /// Says how the text is read: `-I`, `-D`, `-std=c11`.
    Reading,
    /// Makes the compiler write a file besides: `-MD`, `-save-temps`.
    Besides,
    /// How addresses of the object are made: `-fPIC`.
    Addressing,
    /// Of the linker: `-lm`, `-Wl,…`.
    Linker,
    /// Anything else.
    Other,
}

/// Options whose value is the next word, and is never glued to them; the linker's first.
const NEXT: [(&str, Role); 30] = [
    ("-Xlinker", Role::Linker),
    ("-T", Role::Linker),
    ("-u", Role::Linker),
    ("-z", Role::Linker),
    ("-e", Role::Linker),
    ("-R", Role::Linker),
    ("-framework", Role::Linker),
    ("-MF", Role::Besides),
    ("-MT", Role::Besides),
    ("-MQ", Role::Besides),
    ("-aux-info", Role::Besides),
    ("-dumpbase", Role::Besides),
    ("-dumpbase-ext", Role::Besides),
    ("-dumpdir", Role::Besides),
    ("-include", Role::Reading),
    ("-imacros", Role::Reading),
    ("-isystem", Role::Reading),
    ("-iquote", Role::Reading),
    ("-idirafter", Role::Reading),
    ("-iprefix", Role::Other),
    ("-iwithprefix", Role::Other),
    ("-iwithprefixbefore", Role::Other),
    ("-isysroot", Role::Other),
    ("-imultilib", Role::Other),
    ("--param", Role::Other),
    ("-A", Role::Other),
    ("-Xassembler", Role::Other),
    ("-Xpreprocessor", Role::Other),
    ("-Xclang", Role::Other),
    ("-wrapper", Role::Other),
];

/// Options of one letter whose value is glued to them or the next word.
const LETTERS: [(&str, Role); 8] = [
    ("-I", Role::Reading),
    ("-D", Role::Reading),
    ("-U", Role::Reading),
    ("-o", Role::Output),
    ("-L", Role::Linker),
    ("-l", Role::Linker),
    ("-x", Role::Other),
    ("-B", Role::Other),
];

/// Those of them whose value is a folder.
pub(super) const FOLDERS: [&str; 4] = ["-I", "-isystem", "-iquote", "-idirafter"];

/// Options by how they begin, the first that fits.
const BEGINNINGS: [(&str, Role); 18] = [
    ("-MD", Role::Besides),
    ("-MMD", Role::Besides),
    ("-MP", Role::Besides),
    ("-MG", Role::Besides),
    ("-MF", Role::Besides),
    ("-MT", Role::Besides),
    ("-MQ", Role::Besides),
    ("-Wp,-MD", Role::Besides),
    ("-Wp,-MMD", Role::Besides),
    ("-Wp,", Role::Reading),
    ("-save-temps", Role::Besides),
    ("-gsplit-dwarf", Role::Besides),
    ("-fdump", Role::Besides),
    ("-fstack-usage", Role::Besides),
    ("-fcallgraph-info", Role::Besides),
    ("-Wl,", Role::Linker),
    ("-std=", Role::Reading),
    ("-m", Role::Reading),
];

/// Whole options.
const WHOLE: [(&str, Role); 18] = [
    ("-c", Role::Stage),
    ("-ansi", Role::Reading),
    ("-pthread", Role::Reading),
    ("-nostdinc", Role::Reading),
    ("-funsigned-char", Role::Reading),
    ("-fsigned-char", Role::Reading),
    ("-fms-extensions", Role::Reading),
    ("-fplan9-extensions", Role::Reading),
    ("-fgnu89-inline", Role::Reading),
    ("-ffast-math", Role::Reading),
    ("-fPIC", Role::Addressing),
    ("-fpic", Role::Addressing),
    ("-fPIE", Role::Addressing),
    ("-fpie", Role::Addressing),
    ("-fno-pic", Role::Addressing),
    ("-fno-PIC", Role::Addressing),
    ("-fno-pie", Role::Addressing),
    ("-fno-PIE", Role::Addressing),
];

/// Options with which the compiler writes text or says something, by how they begin.
const SAYING: [&str; 12] = [
    "-E",
    "-S",
    "-fsyntax-only",
    "-###",
    "--version",
    "--help",
    "-dumpversion",
    "-dumpmachine",
    "-dumpfullversion",
    "-dumpspecs",
    "-print-",
    "--print-",
];

const READING: &str = "mupac does not know how to read the text so";

/// Options by how they begin with which objects are made that a translation would not be, and why.
const HINDRANCES: [(&str, &str); 26] = [
    ("--coverage", "it counts what is executed"),
    ("-coverage", "it counts what is executed"),
    (
        "-fprofile-",
        "it counts what is executed, or goes by such counts",
    ),
    ("-ftest-coverage", "it counts what is executed"),
    ("-pg", "it counts what is executed"),
    ("-fsanitize", "it watches what is executed"),
    ("-fopenmp", "its threads run loops"),
    ("-fopenacc", "it runs loops elsewhere"),
    ("-ftree-parallelize-loops", "its threads run loops"),
    ("-fplugin", "it may change what the text means"),
    ("-ffreestanding", "there is no C library"),
    ("-m32", "it is for another target"),
    ("-mx32", "it is for another target"),
    ("-m16", "it is for another target"),
    ("-target", "it is for another target"),
    ("--target", "it is for another target"),
    ("-Xpreprocessor", READING),
    ("-specs", READING),
    ("-undef", READING),
    ("--sysroot", READING),
    ("-isysroot", READING),
    ("-funsigned-bitfields", READING),
    ("-fsingle-precision-constant", READING),
    ("-traditional", READING),
    ("-frounding-math", "kernels round to the nearest"),
    ("-finstrument-functions", "it watches what is executed"),
];

/// Returns what an option is there for, and whether its value is the next word.
pub(super) fn role(word: &str) -> (Role, bool) {
    let whole = |list: &[(&str, Role)]| {
        let found = list.iter().find(|(name, _)| *name == word);
        found.map(|(_, role)| *role)
    };
    if let Some(role) = whole(&NEXT).or_else(|| whole(&LETTERS)) {
        return (role, true);
    }
    let begun = |list: &[(&str, Role)]| {
        let found = list.iter().find(|(name, _)| word.starts_with(name));
        found.map(|(_, role)| *role)
    };
    let role = whole(&WHOLE).or_else(|| begun(&BEGINNINGS));
    let role = role.or_else(|| begun(&LETTERS)).or_else(|| begun(&NEXT));
    (role.unwrap_or(Role::Other), false)
}

/// Returns whether the compiler writes text or says something, and makes no object.
pub(super) fn is_for_text(word: &str) -> bool {
    // Of `-M` and `-MM` alone it writes rules and nothing else.
    ["-M", "-MM"].contains(&word) || SAYING.iter().any(|each| word.starts_with(each))
}

/// Returns why nothing is translated of a command with this word, if so.
pub(super) fn hindrance(word: &str) -> Option<&'static str> {
    let known = HINDRANCES.iter().find(|(name, _)| word.starts_with(name));
    let changes = CHANGE_MEANING.iter().any(|name| word.starts_with(name));
    let is_unread = || {
        word.strip_prefix("-Wp,")
            .is_some_and(|parts| !is_passed_on(parts))
    };
    known
        .map(|(_, why)| *why)
        .or_else(|| changes.then_some("it changes rules of C that the proofs rest on"))
        .or_else(|| is_unread().then_some(READING))
}

/// Returns whether what `-Wp,` passes to the preprocessor can be told to a front end, too.
fn is_passed_on(parts: &str) -> bool {
    let known = ["-D", "-U", "-I"];
    parts.starts_with("-MD,")
        || parts.starts_with("-MMD,")
        || parts.split(',').all(|part| {
            known
                .iter()
                .any(|each| part.len() > 2 && part.starts_with(each))
        })
}
