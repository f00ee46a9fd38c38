//! Separates compiler options from mupac's own before the command line is parsed.
//!
//! Compilers spell options in ways that no option parser of ours would accept (`-DN=8`, `-I dir`, `-isystemdir`,
//! `-std=c11`), so they are taken out first, in the forms that gcc and clang share.
//! Which of *our* options take a value is asked of the clap definition, so there is one list.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory;

use crate::cli::Cli;

/// The arguments, separated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// What clap sees: the program's name, mupac's options and the inputs.
    pub own: Vec<OsString>,
    /// What the C compiler sees, values glued as the user wrote them.
    pub compiler: Vec<String>,
}

/// A compiler option that cannot be passed on; the message names it and says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// The value is missing.
    #[error("the compiler option {0} needs a value")]
    MissingValue(String),
    /// It is no text.
    #[error("the compiler option {0} is not UTF-8 text")]
    NotText(String),
    /// It asks for a language other than C.
    #[error("-x {0}: the input is C; no other language can be translated")]
    NotC(String),
    /// It changes the meaning of C in a way that the analysis does not know.
    #[error("{0} is not supported: it changes rules of C that the proofs rest on")]
    ChangesMeaning(String),
}

/// Options whose value is glued (`-Idir`) or the next argument (`-I dir`).
const WITH_VALUE: [&str; 9] = [
    "-isystem",
    "-include",
    "-iquote",
    "-idirafter",
    "-imacros",
    "-I",
    "-D",
    "-U",
    "-x",
];

/// Options without a separate value, whole or by how they begin.
const BEGINNINGS: [&str; 4] = ["-std=", "-f", "-W", "-m"];
const WHOLE: [&str; 6] = [
    "-ansi",
    "-pedantic",
    "-pedantic-errors",
    "-w",
    "-pthread",
    "-nostdinc",
];

/// Options under which signed overflow, the layout of types, or which of them may name one object differs from what the
/// analysis assumes.
pub(crate) const CHANGE_MEANING: [&str; 8] = [
    "-fno-strict-aliasing",
    "-fwrapv",
    "-fwrapv-pointer",
    "-ftrapv",
    "-fno-strict-overflow",
    "-fpack-struct",
    "-fshort-enums",
    "-fshort-wchar",
];

/// Options that make pragmas mean something: what is translated is the program without them.
const LEFT_OUT: [&str; 3] = ["-fopenmp", "-fopenmp-simd", "-fopenacc"];

/// Options of the linker, which programs under test are linked with; of the first two the value may be the next argument.
const FOR_LINKER: [&str; 3] = ["-l", "-L", "-Wl,"];

/// The same where they say something to the compiler as well.
const FOR_BOTH: [&str; 2] = ["-fopenmp", "-pthread"];

/// The short form of `--force`.
const OVERWRITES: &str = "-f";

/// Separates `arguments`, the first of which is the program's name.
///
/// What is for the linker becomes values of `--link`. Everything after `--` is an input. A command such as `explain` takes no compiler options.
///
/// **Errors**: a compiler option without its value, not UTF-8, or with a meaning that cannot be kept.
pub fn separate(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, ArgumentError> {
    let mut rest = arguments.into_iter();
    let mut separated = Arguments::default();
    separated.own.extend(rest.next());
    let with_value = own_options_with_value();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            separated.own.push(argument);
            separated.own.extend(rest);
            return Ok(separated);
        }
        if let Some(option) = FOR_LINKER.iter().find(|name| begins(&argument, name)) {
            separated.take_linker_option(&argument, option, &mut rest)?;
        } else if let Some(form) = compiler_form(&argument) {
            separated.take_compiler_option(&argument, form, &mut rest)?;
        } else if argument
            .to_str()
            .is_some_and(|text| with_value.iter().any(|own| own == text))
        {
            separated.own.push(argument);
            separated.own.extend(rest.next());
        } else {
            separated.own.push(argument);
        }
    }
    Ok(separated)
}

/// Returns whether an option for the linker says where it writes.
///
/// **Source**: GNU ld manual, 2.1: `-o` joined or apart, and `--output` as far as it is told from others.
pub(crate) fn names_output(option: &str) -> bool {
    let words = option.strip_prefix("-Wl,").unwrap_or(option);
    words
        .split(',')
        .any(|word| word.starts_with("-o") || word.starts_with("--ou"))
}

/// How a compiler option carries its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// It has none, or it is part of the argument.
    Complete,
    /// It is the next argument.
    ValueFollows,
}

fn begins(argument: &OsStr, name: &str) -> bool {
    argument.to_string_lossy().starts_with(name)
}

fn compiler_form(argument: &OsStr) -> Option<Form> {
    let text = argument.to_string_lossy();
    if WITH_VALUE.contains(&text.as_ref()) {
        return Some(Form::ValueFollows);
    }
    // No compiler has an option of this name alone.
    if text == OVERWRITES {
        return None;
    }
    let is_compilers = WITH_VALUE.iter().any(|name| text.starts_with(name))
        || BEGINNINGS.iter().any(|name| text.starts_with(name))
        || WHOLE.contains(&text.as_ref());
    is_compilers.then_some(Form::Complete)
}

impl Arguments {
    /// Adds the folders that the environment names for headers of C, for all that reads the file: compilers of C++ look
    /// elsewhere.
    ///
    /// **Source**: GCC manual 12, 3.21.
    pub fn include_named_folders(&mut self, variable: &dyn Fn(&str) -> Option<OsString>) {
        for (name, option) in [("CPATH", "-I"), ("C_INCLUDE_PATH", "-isystem")] {
            let value = variable(name).filter(|value| !value.is_empty());
            let value = value.map(|value| value.to_string_lossy().into_owned());
            for folder in value.iter().flat_map(|value| value.split(':')) {
                let folder = if folder.is_empty() { "." } else { folder };
                self.compiler.push(format!("{option}{folder}"));
            }
        }
    }

    fn take_linker_option(
        &mut self,
        argument: &OsStr,
        name: &str,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), ArgumentError> {
        let mut option = text_of(argument)?;
        if option == name {
            let value = rest.next();
            let value = value.ok_or_else(|| ArgumentError::MissingValue(option.clone()))?;
            option.push_str(&text_of(&value)?);
        }
        self.link(&option);
        Ok(())
    }

    fn link(&mut self, option: &str) {
        self.own.push(format!("--link={option}").into());
    }

    fn take_compiler_option(
        &mut self,
        argument: &OsStr,
        form: Form,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), ArgumentError> {
        let option = text_of(argument)?;
        let is_one_of = |names: &[&str]| {
            let mut names = names.iter();
            names.any(|name| option == *name || option.starts_with(&format!("{name}=")))
        };
        if is_one_of(&CHANGE_MEANING) {
            return Err(ArgumentError::ChangesMeaning(option));
        }
        if is_one_of(&FOR_BOTH) {
            self.link(&option);
        }
        if is_one_of(&LEFT_OUT) {
            return Ok(());
        }
        let value = match form {
            Form::Complete => None,
            Form::ValueFollows => {
                let next = rest
                    .next()
                    .ok_or_else(|| ArgumentError::MissingValue(option.clone()))?;
                Some(text_of(&next)?)
            }
        };
        let language = value
            .as_deref()
            .filter(|_| option == "-x")
            .or_else(|| option.strip_prefix("-x"));
        if let Some(language) = language {
            // The front end always reads C, so nothing is left to pass on.
            return if language == "c" {
                Ok(())
            } else {
                Err(ArgumentError::NotC(language.to_owned()))
            };
        }
        self.compiler.push(option);
        self.compiler.extend(value);
        Ok(())
    }
}

fn text_of(argument: &OsStr) -> Result<String, ArgumentError> {
    argument
        .to_str()
        .map(str::to_owned)
        .ok_or_else(|| ArgumentError::NotText(argument.to_string_lossy().into_owned()))
}

/// Returns the spellings of mupac's options that take the next argument as their value.
fn own_options_with_value() -> Vec<String> {
    let command = Cli::command();
    let of_commands = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments);
    command
        .get_arguments()
        .chain(of_commands)
        .filter(|option| option.get_action().takes_values())
        .flat_map(|option| {
            let long = option.get_long().map(|name| format!("--{name}"));
            let short = option.get_short().map(|name| format!("-{name}"));
            long.into_iter().chain(short)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separated(words: &str) -> Result<Arguments, ArgumentError> {
        separate(words.split_whitespace().map(OsString::from))
    }

    #[track_caller]
    fn compiler(words: &str) -> String {
        separated(&format!("mupac {words}"))
            .unwrap()
            .compiler
            .join(" ")
    }

    #[test]
    fn what_gives_pragmas_a_meaning_is_left_out() {
        assert_eq!(compiler("-fopenmp a.c -O2 -fopenmp=libgomp -DN=1"), "-DN=1");
    }

    #[test]
    fn what_is_for_the_linker_is_linked_with() {
        let arguments =
            separated("mupac a.c -lm -l gsl -L lib -Wl,-z,now -fopenmp -fopenacc -pthread")
                .unwrap();
        let own = [
            "-lm",
            "-lgsl",
            "-Llib",
            "-Wl,-z,now",
            "-fopenmp",
            "-pthread",
        ];
        let own = own.map(|option| OsString::from(format!("--link={option}")));
        assert_eq!(arguments.own[2..], own);
        assert_eq!(arguments.compiler, ["-pthread"]);
    }

    #[test]
    fn options_that_name_an_output_are_known() {
        let names = [
            "-Wl,-o,x",
            "-Wl,-z,now,-ox",
            "-Wl,--output=x",
            "-o",
            "--output",
        ];
        assert!(names.into_iter().all(names_output));
        let others = [
            "-lopen",
            "-L/o",
            "-Wl,--no-undefined",
            "-Wl,--oformat=elf64-x86-64",
            "-fopenmp",
        ];
        assert!(!others.into_iter().any(names_output));
    }

    #[test]
    fn compiler_options_are_taken_out_glued_and_separated() {
        let arguments = separated(
            "mupac a.c -I inc -Iinc2 -DN=8 -D M -UX -std=c11 -o out.cu -include h.h -isystemdir -v",
        )
        .unwrap();
        assert_eq!(
            arguments.compiler.join(" "),
            "-I inc -Iinc2 -DN=8 -D M -UX -std=c11 -include h.h -isystemdir"
        );
        assert_eq!(
            arguments.own,
            ["mupac", "a.c", "-o", "out.cu", "-v"].map(OsString::from)
        );
    }

    #[test]
    fn folders_that_the_environment_names_come_last() {
        let mut arguments = separated("mupac a.c -Iinc").unwrap();
        arguments.include_named_folders(&|name| match name {
            "C_INCLUDE_PATH" => Some("/opt/c::own".into()),
            _ => None,
        });
        assert_eq!(
            arguments.compiler.join(" "),
            "-Iinc -isystem/opt/c -isystem. -isystemown"
        );
    }

    #[test]
    fn an_include_file_is_not_mistaken_for_an_include_folder() {
        assert_eq!(
            compiler("-include config.h -isystem sys"),
            "-include config.h -isystem sys"
        );
    }

    #[test]
    fn the_value_of_an_own_option_is_left_alone() {
        let arguments =
            separated("mupac a.c -o -Dname --plan -fplan --seed 3 -fno-builtin").unwrap();
        assert_eq!(arguments.compiler, ["-fno-builtin"]);
        assert_eq!(arguments.own.len(), 8);
    }

    #[test]
    fn inputs_after_two_dashes_are_never_options() {
        let arguments = separated("mupac -- -Dodd.c").unwrap();
        assert!(arguments.compiler.is_empty());
        assert_eq!(arguments.own.len(), 3);
    }

    #[test]
    fn a_lone_f_is_no_option_of_compilers() {
        let arguments = separated("mupac a.c -f -fno-builtin").unwrap();
        assert_eq!(arguments.compiler, ["-fno-builtin"]);
        assert_eq!(arguments.own[2], "-f");
    }

    #[test]
    fn c_is_the_only_language() {
        assert_eq!(compiler("-x c -xc a.c"), "");
        assert_eq!(
            separated("mupac -x c++ a.c"),
            Err(ArgumentError::NotC("c++".into()))
        );
        assert_eq!(
            separated("mupac -xcuda a.c"),
            Err(ArgumentError::NotC("cuda".into()))
        );
    }

    #[test]
    fn options_that_change_the_proofs_are_refused() {
        assert_eq!(
            separated("mupac -fwrapv a.c"),
            Err(ArgumentError::ChangesMeaning("-fwrapv".into()))
        );
        assert!(matches!(
            separated("mupac -fpack-struct=4 a.c"),
            Err(ArgumentError::ChangesMeaning(_))
        ));
    }

    #[test]
    fn a_missing_value_is_named() {
        assert_eq!(
            separated("mupac a.c -I"),
            Err(ArgumentError::MissingValue("-I".into()))
        );
    }
}
