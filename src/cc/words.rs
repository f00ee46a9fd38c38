//! The command line of a C compiler, word by word, as gcc and clang share it.
//!
//! **Source**: GCC manual 12, chapter 3; Clang command line argument reference.

use std::path::Path;

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

/// A word, or two that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As they were written.
    pub(super) texts: Vec<String>,
    pub(super) role: Role,
}

impl Word {
    /// Returns the file that it names, or the value of an option.
    pub(super) fn value(&self) -> &str {
        let last = self.texts.last().map_or("", String::as_str);
        match self.texts.len() {
            1 if self.role == Role::Output => last.strip_prefix("-o").unwrap_or(last),
            _ => last,
        }
    }
}

/// How far the compiler goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To an object of each source (`-c`).
    Object,
    /// To a program or a library.
    Program,
    /// Neither: it writes text, or says something.
    Text,
}

/// A command line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) all: Vec<Word>,
    pub(super) stage: Stage,
    /// Why nothing of it is translated, if so.
    pub(super) hindrance: Option<String>,
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

/// Reads the words of a compiler's command line, without its own name.
pub(super) fn read(words: &[String]) -> Words {
    let mut reader = Reader::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        reader.take(word, &mut rest);
    }
    let stage = match (reader.is_text, reader.is_object) {
        (true, _) => Stage::Text,
        (false, true) => Stage::Object,
        (false, false) => Stage::Program,
    };
    Words {
        all: reader.all,
        stage,
        hindrance: reader.hindrance,
    }
}

#[derive(Debug, Default)]
struct Reader {
    all: Vec<Word>,
    is_text: bool,
    is_object: bool,
    hindrance: Option<String>,
    /// What `-x` says, from where it stands on.
    language: Option<String>,
}

impl Reader {
    fn take<'a>(&mut self, word: &str, rest: &mut impl Iterator<Item = &'a String>) {
        // Of `-M` and `-MM` alone the compiler writes rules and nothing else.
        self.is_text |=
            ["-M", "-MM"].contains(&word) || SAYING.iter().any(|each| word.starts_with(each));
        self.is_object |= word == "-c";
        let hindrances = HINDRANCES.iter().map(|(name, why)| (*name, *why));
        let meaning = crate::arguments::CHANGE_MEANING.iter();
        let meaning = meaning.map(|name| (*name, "it changes rules of C that the proofs rest on"));
        let found = hindrances
            .chain(meaning)
            .find(|(name, _)| word.starts_with(name));
        let passed = word
            .strip_prefix("-Wp,")
            .filter(|parts| !is_passed_on(parts));
        let found = found.or(passed.map(|_| ("", READING)));
        if let Some((_, why)) = found {
            self.hindrance.get_or_insert(format!("{word}: {why}"));
        }
        let (role, has_next) = self.role(word);
        let mut texts = vec![word.to_owned()];
        texts.extend(has_next.then(|| rest.next().cloned()).flatten());
        if let Some(language) = word.strip_prefix("-x") {
            let language = texts.get(1).map_or(language, String::as_str);
            self.language = (language != "none").then(|| language.to_owned());
        }
        self.all.push(Word { texts, role });
    }

    /// Returns what a word is there for, and whether its value is the next one.
    fn role(&self, word: &str) -> (Role, bool) {
        if !word.starts_with('-') || word == "-" {
            return (self.role_of_file(word), false);
        }
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

    fn role_of_file(&self, word: &str) -> Role {
        let is_c = match &self.language {
            Some(language) => language == "c",
            None => Path::new(word)
                .extension()
                .is_some_and(|ending| ending == "c"),
        };
        if is_c && word != "-" {
            Role::Source
        } else {
            Role::Input
        }
    }
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

impl Words {
    /// Returns what says how the text is read, as a front end takes it.
    pub(super) fn reading(&self) -> Vec<String> {
        let words = self.with(&[Role::Reading]).into_iter();
        let parts = words.flat_map(|word| match word.strip_prefix("-Wp,") {
            Some(parts) => parts.split(',').map(str::to_owned).collect(),
            None => vec![word],
        });
        parts.collect()
    }

    /// Returns the file that the command writes: what `-o` says, or what compilers call it.
    ///
    /// **Source**: GCC manual 12, 3.2.
    pub(super) fn output(&self, source: &str) -> String {
        let named = self.all.iter().rfind(|word| word.role == Role::Output);
        if let Some(word) = named {
            return word.value().to_owned();
        }
        let stem = Path::new(source).file_stem().unwrap_or_default();
        match self.stage {
            Stage::Object => format!("{}.o", stem.to_string_lossy()),
            Stage::Program | Stage::Text => "a.out".to_owned(),
        }
    }

    /// Returns the files of C.
    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        let words = self.all.iter();
        let sources = words.filter(|word| word.role == Role::Source);
        sources.map(Word::value)
    }

    /// Returns the words that have one of these roles.
    pub(super) fn with(&self, roles: &[Role]) -> Vec<String> {
        let words = self.all.iter().filter(|word| roles.contains(&word.role));
        words.flat_map(|word| word.texts.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Words {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        read(&words)
    }

    #[test]
    fn words_are_told_apart() {
        let words = of(
            "-O2 -g -I inc -DN=8 -D M -MD -MF a.d -MTx -Wp,-MMD,b.d -fPIC -c src/a.c -o obj/a.o -Wall -march=native",
        );
        assert_eq!(words.stage, Stage::Object);
        assert_eq!(words.sources().collect::<Vec<_>>(), ["src/a.c"]);
        assert_eq!(words.output("src/a.c"), "obj/a.o");
        let reading = "-I inc -DN=8 -D M -march=native";
        assert_eq!(words.with(&[Role::Reading]).join(" "), reading);
        let besides = "-MD -MF a.d -MTx -Wp,-MMD,b.d";
        assert_eq!(words.with(&[Role::Besides]).join(" "), besides);
        assert_eq!(words.with(&[Role::Addressing]).join(" "), "-fPIC");
        assert_eq!(words.with(&[Role::Other]).join(" "), "-O2 -g -Wall");
        assert_eq!(words.hindrance, None);
        let passed = of("-Wp,-D_FORTIFY_SOURCE=2,-UX -c a.c");
        assert_eq!(passed.reading(), ["-D_FORTIFY_SOURCE=2", "-UX"]);
        assert_eq!(passed.hindrance, None);
    }

    #[test]
    fn outputs_have_the_names_that_compilers_give() {
        assert_eq!(of("-c d/a.b.c").output("d/a.b.c"), "a.b.o");
        assert_eq!(of("a.c").output("a.c"), "a.out");
        assert_eq!(of("a.c -oprog").output("a.c"), "prog");
    }

    #[test]
    fn what_writes_text_is_no_compilation() {
        let lines = [
            "-E a.c",
            "-M a.c",
            "-MM -c a.c",
            "--version",
            "-print-prog-name=ld",
            "-S a.c",
            "-fsyntax-only a.c",
        ];
        for line in lines {
            assert_eq!(of(line).stage, Stage::Text, "{line}");
        }
        assert_eq!(of("-MMD -c a.c").stage, Stage::Object);
    }

    #[test]
    fn languages_hold_for_what_comes_behind() {
        let words = of("a.c b.S x.o -x assembler c.c -x c d.in -x none e.c -lm -L lib f.a");
        assert_eq!(words.sources().collect::<Vec<_>>(), ["a.c", "d.in", "e.c"]);
        assert_eq!(words.with(&[Role::Input]).join(" "), "b.S x.o c.c f.a");
        assert_eq!(words.with(&[Role::Linker]).join(" "), "-lm -L lib");
    }

    #[test]
    fn what_a_translation_would_not_do_is_named() {
        let why = of("-c a.c --coverage").hindrance.unwrap();
        assert!(why.starts_with("--coverage: "), "{why}");
        assert!(of("-c a.c -fwrapv").hindrance.is_some());
        assert!(of("-c a.c -fno-strict-aliasing").hindrance.is_some());
        assert!(of("-c a.c -fno-sanitize=all").hindrance.is_none());
        assert!(of("-c a.c -Wp,-P").hindrance.is_some());
    }
}
