//! The command line of a C compiler, word by word, as gcc and clang share it.
//!
//! **Source**: GCC manual 12, chapter 3; Clang command line argument reference.

use std::path::Path;

use super::options::{self, Role};

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
        self.is_text |= options::is_for_text(word);
        self.is_object |= word == "-c";
        if let Some(why) = options::hindrance(word) {
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
        options::role(word)
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

impl Words {
    /// Returns what an object depends on, but for the text.
    pub(super) fn compiling(&self) -> Vec<String> {
        self.with(&[Role::Reading, Role::Addressing, Role::Other])
    }

    /// Returns what says how the text is read, as a front end takes it.
    pub(super) fn reading(&self) -> Vec<String> {
        let words = self.with(&[Role::Reading]).into_iter();
        // What is passed to the preprocessor it reads last.
        let (passed, words): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with("-Wp,"));
        let words = words.into_iter().chain(passed);
        let parts = words.flat_map(|word| match word.strip_prefix("-Wp,") {
            Some(parts) => parts.split(',').map(str::to_owned).collect(),
            // The level itself means nothing to it.
            None if word == "-Ofast" => vec!["-ffast-math".to_owned()],
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
        let passed = of("-Wp,-D_FORTIFY_SOURCE=2,-UX -DX -c a.c");
        assert_eq!(passed.reading(), ["-DX", "-D_FORTIFY_SOURCE=2", "-UX"]);
        assert!(of("-Wp,-MD,a.d,-DX -c a.c").hindrance.is_some());
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
