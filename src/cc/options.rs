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
const NEXT: [(&str, Role); 21] = [
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
    ("--param", Role::Other),
    ("-Xassembler", Role::Other),
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
const BEGINNINGS: [(&str, Role); 20] = [
    ("-MD", Role::Besides),
    ("-MMD", Role::Besides),
    ("-MP", Role::Besides),
    ("-MG", Role::Besides),
    ("-MF", Role::Besides),
    ("-MT", Role::Besides),
    ("-MQ", Role::Besides),
    ("-Wa,-MD", Role::Besides),
    ("-Wa,-a", Role::Besides),
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
const WHOLE: [(&str, Role); 21] = [
    ("-c", Role::Stage),
    ("-s", Role::Linker),
    ("-rdynamic", Role::Linker),
    ("-ansi", Role::Reading),
    ("-pthread", Role::Reading),
    ("-nostdinc", Role::Reading),
    ("-funsigned-char", Role::Reading),
    ("-fsigned-char", Role::Reading),
    ("-fms-extensions", Role::Reading),
    ("-fplan9-extensions", Role::Reading),
    ("-fgnu89-inline", Role::Reading),
    ("-ffast-math", Role::Reading),
    ("-Ofast", Role::Reading),
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

/// Why nothing is translated with an option that is not known to leave the text as it is.
const UNKNOWN: &str = "mupac does not know what it changes";

/// Options by how they begin with which objects are made that a translation would not be, and why.
const HINDRANCES: [(&str, &str); 25] = [
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
    ("-m32", "it is for another target"),
    ("-mx32", "it is for another target"),
    ("-m16", "it is for another target"),
    ("-target", "it is for another target"),
    ("--target", "it is for another target"),
    ("-nostdlib", "its libraries are chosen by hand"),
    ("-nodefaultlibs", "its libraries are chosen by hand"),
    ("-r", "it makes an object of objects"),
    ("-mabi=", "arguments and structures may lie elsewhere"),
    (
        "-mlong-double-",
        "arguments and structures may lie elsewhere",
    ),
    (
        "-malign-double",
        "arguments and structures may lie elsewhere",
    ),
    (
        "-mms-bitfields",
        "arguments and structures may lie elsewhere",
    ),
    ("-msoft-float", "it is for another target"),
    ("-mfpmath=387", "it rounds in another way"),
    ("-frounding-math", "kernels round to the nearest"),
    ("-finstrument-functions", "it watches what is executed"),
];

/// Options by how they begin that change neither what the text means nor where arguments and members lie.
const HARMLESS: [&str; 27] = [
    "-O",
    "-g",
    "-W",
    "-w",
    "-pipe",
    "-pedantic",
    "-no-pie",
    "-pie",
    "-nostartfiles",
    "-x",
    "-B",
    "--param",
    "-Xassembler",
    "-pass-exit-codes",
    "-no-canonical-prefixes",
    "-canonical-prefixes",
    "-Qunused-arguments",
    "-dumpbase",
    "-dumpdir",
    "-v",
    "-time",
    "-integrated-as",
    "-shared",
    "-static",
    "-flto",
    "-fuse-ld",
    "-no-integrated-as",
];

/// The same of `-f` and `-fno-`, by what comes behind.
const HARMLESS_FEATURES: [&str; 68] = [
    "align",
    "associative-math",
    "asynchronous-unwind-tables",
    "builtin",
    "caller-saves",
    "caret-diagnostics",
    "cf-protection",
    "color-diagnostics",
    "common",
    "cx-",
    "data-sections",
    "debug",
    "delete-null-pointer-checks",
    "diagnostics",
    "early-inlining",
    "exceptions",
    "excess-precision",
    "expensive-optimizations",
    "fat-lto-objects",
    "file-prefix-map",
    "finite-math-only",
    "forward-propagate",
    "fp-contract",
    "function-sections",
    "gcse",
    "gnu-unique",
    "ident",
    "if-conversion",
    "inline",
    "ipa-",
    "ira",
    "ivopts",
    "jump-tables",
    "keep-",
    "lifetime-dse",
    "lto",
    "macro-prefix-map",
    "math-errno",
    "max-errors",
    "merge-",
    "message-length",
    "modulo-sched",
    "omit-frame-pointer",
    "optimize-",
    "partial-inlining",
    "peel-loops",
    "plt",
    "prefetch",
    "printf-return-value",
    "random-seed",
    "reciprocal-math",
    "record-gcc-switches",
    "rename-registers",
    "reorder",
    "sched",
    "semantic-interposition",
    "show-column",
    "signed-zeros",
    "split-",
    "stack-clash-protection",
    "stack-protector",
    "strict-",
    "tracer",
    "trapping-math",
    "tree-",
    "unroll",
    "unsafe-math-optimizations",
    "unwind-tables",
];

/// Returns whether an option changes neither what the text means nor where things lie.
fn is_harmless(word: &str) -> bool {
    if HARMLESS.iter().any(|name| word.starts_with(name)) {
        return true;
    }
    let Some(feature) = word.strip_prefix("-f") else {
        return false;
    };
    let feature = feature.strip_prefix("no-").unwrap_or(feature);
    let more = [
        "sanitize",
        "trivial-auto-var-init",
        "vect",
        "visibility",
        "web",
        "zero-call-used-regs",
    ];
    HARMLESS_FEATURES
        .iter()
        .chain(&more)
        .any(|name| feature.starts_with(name))
}

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
    let known = known.filter(|_| !word.starts_with("-rdynamic"));
    let changes = CHANGE_MEANING.iter().any(|name| word.starts_with(name));
    let is_option = word.starts_with('-') && word != "-";
    let is_unknown = || match word.strip_prefix("-Wp,") {
        Some(parts) => !is_passed_on(parts),
        None => is_option && role(word).0 == Role::Other && !is_harmless(word),
    };
    known
        .map(|(_, why)| *why)
        .or_else(|| changes.then_some("it changes rules of C that the proofs rest on"))
        .or_else(|| is_unknown().then_some(UNKNOWN))
}

/// Returns whether what `-Wp,` passes to the preprocessor can be told to a front end, too.
fn is_passed_on(parts: &str) -> bool {
    let known = ["-D", "-U", "-I"];
    let rules = ["-MD,", "-MMD,"]
        .iter()
        .find_map(|name| parts.strip_prefix(name));
    rules.is_some_and(|file| !file.contains(','))
        || parts.split(',').all(|part| {
            known
                .iter()
                .any(|each| part.len() > 2 && part.starts_with(each))
        })
}
