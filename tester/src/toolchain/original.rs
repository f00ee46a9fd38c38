//! Programs of originals: how these are compiled, and what else is linked into them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{COMMON_FLAGS, LINK_FLAGS, Refused, Toolchain, path_word, words};
use crate::companions::Companions;
use crate::isolation::Allowance;
use crate::outcome::TesterError;
use crate::tools;

/// Nothing but the harness's way in is seen from outside, so that the functions of two libraries do not meet.
const LIBRARY_FLAGS: &[&str] = &[
    "-O1",
    "-w",
    "-ffp-contract=off",
    "-ftrivial-auto-var-init=zero",
    "-fPIC",
    "-shared",
    "-fvisibility=hidden",
];

/// The original reads whatever its text reads, whether or not it uses what it finds: how large a buffer has to be does not
/// depend on what a compiler can do without.
const READING_FLAGS: &[&str] = &["-fno-tree-dce", "-fno-tree-dse", "-fno-tree-sink"];

/// How the original is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Original {
    /// As a user would, with the harness told of every access; automatic variables start as zero.
    Plain,
    /// With address and undefined-behaviour sanitizers; automatic variables start with a pattern, so that a result that
    /// depends on them differs from the plain one.
    Sanitized,
    /// The same, and it goes on where signed numbers overflow as the compiler has it.
    Overflowing,
    /// As fast as it gets, for what takes long.
    Fast,
    /// With sums in the lanes of vectors.
    Lanes,
    /// With several sums in loops that are unrolled.
    Unrolled,
}

/// What C leaves undefined ends the program.
macro_rules! sanitizing {
    ($($more:literal),*) => {
        &[
            "-ftrivial-auto-var-init=pattern",
            // gcc 12 still takes such variables for anything there, also for what makes two branches the same.
            "-fno-tree-fre",
            "-fsanitize=address,undefined,float-cast-overflow",
            "-fno-sanitize-recover=all",
            "-fno-omit-frame-pointer",
            $($more),*
        ]
    };
}

/// Additions may be grouped otherwise, and nothing else of arithmetic changes: no product becomes part of a sum.
macro_rules! regrouping {
    ($($more:literal),*) => {
        &[
            "-O3",
            "-fassociative-math",
            "-fno-signed-zeros",
            "-fno-trapping-math",
            "-fno-math-errno",
            "-ftrivial-auto-var-init=zero",
            $($more),*
        ]
    };
}

impl Original {
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["-ftrivial-auto-var-init=zero", "-fsanitize=thread"],
            Self::Sanitized => sanitizing!(),
            Self::Overflowing => {
                sanitizing!("-fsanitize-recover=signed-integer-overflow,shift-base")
            }
            Self::Fast => &["-O2", "-ftrivial-auto-var-init=zero"],
            Self::Lanes => regrouping!(),
            Self::Unrolled => regrouping!(
                "-fno-tree-vectorize",
                "-funroll-loops",
                "-fvariable-expansion-in-unroller"
            ),
        }
    }

    /// A build that tells or checks what is read reads all of it.
    fn reading_flags(self) -> &'static [&'static str] {
        match self {
            Self::Plain | Self::Sanitized | Self::Overflowing => READING_FLAGS,
            Self::Fast | Self::Lanes | Self::Unrolled => &[],
        }
    }

    /// Which build of the other files it is linked with.
    fn of_companions(self) -> Self {
        match self {
            Self::Plain | Self::Sanitized | Self::Fast => self,
            Self::Overflowing => Self::Sanitized,
            Self::Lanes | Self::Unrolled => Self::Plain,
        }
    }
}

impl Original {
    /// The harness stands in for the library that would watch a plain original.
    fn link_flags(self) -> &'static [&'static str] {
        match self {
            Self::Plain | Self::Fast | Self::Lanes | Self::Unrolled => &[],
            Self::Sanitized | Self::Overflowing => &["-fsanitize=address,undefined"],
        }
    }
}

impl Toolchain {
    /// Builds a program from the original's text; returns the names that no part of it defines.
    ///
    /// **Errors**: it links only without the user's options for the linker.
    pub(crate) fn build_original(
        &self,
        source: &Path,
        program: &Path,
        how: Original,
    ) -> Result<Result<BTreeSet<String>, Refused>, TesterError> {
        let object = program.with_extension("o");
        match self.compile_original(source, &object, how, &self.c_arguments)? {
            Ok(()) => self.link_original(program, how),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// Compiles a text in C with these options of the user.
    pub(crate) fn compile_original(
        &self,
        source: &Path,
        object: &Path,
        how: Original,
        users: &[String],
    ) -> Result<Result<(), Refused>, TesterError> {
        let mut arguments = words(COMMON_FLAGS);
        arguments.extend(words(how.flags()));
        arguments.extend(words(how.reading_flags()));
        arguments.extend_from_slice(users);
        arguments.extend(words(&["-c", "-x", "c"]));
        arguments.push(path_word(source));
        Ok(self.compile(&self.c, arguments, object)?.map(drop))
    }

    /// Returns the files that a text in C includes, with these options of the user; `None` where the compiler refuses it.
    ///
    /// `listed` is where the compiler writes them as a rule of make.
    pub(crate) fn headers(
        &self,
        source: &Path,
        listed: &Path,
        users: &[String],
    ) -> Result<Option<Vec<PathBuf>>, TesterError> {
        let mut arguments = words(&["-M", "-x", "c"]);
        arguments.extend_from_slice(users);
        arguments.push(path_word(source));
        if self.compile(&self.c, arguments, listed)?.is_err() {
            return Ok(None);
        }
        let rule = fs::read_to_string(listed).map_err(TesterError::io("read what is included"))?;
        Ok(rule.split_once(':').map(|(_, names)| {
            let names = names.replace("\\\n", " ").replace("\\ ", "\0");
            let names = names.split_whitespace().map(|name| name.replace('\0', " "));
            names.map(|name| self.folder.join(name)).collect()
        }))
    }

    /// Links the object beside a program of an original; returns the names that nothing defines.
    ///
    /// **Errors**: it links only without the user's options for the linker.
    pub(crate) fn link_original(
        &self,
        program: &Path,
        how: Original,
    ) -> Result<Result<BTreeSet<String>, Refused>, TesterError> {
        let object = program.with_extension("o");
        let link = |options: &[String]| {
            let mut arguments = words(how.link_flags());
            arguments.extend([path_word(&object), self.object("harness.o")]);
            arguments.extend(self.companions(how));
            arguments.extend_from_slice(options);
            arguments.extend(words(LINK_FLAGS));
            let linked = self.compile(&self.c, arguments, program)?;
            let left = format!("they leave no program: {}", options.join(" "));
            Ok(linked.and_then(|said| is_program(program).then_some(said).ok_or(Refused(left))))
        };
        match link(&self.link_arguments)? {
            // What is missing is no error here, so without the options nothing else stands in the way.
            Err(Refused(output)) if !self.link_arguments.is_empty() && link(&[])?.is_ok() => {
                Err(TesterError::Link { output })
            }
            linked => Ok(linked.map(|said| missing(&said))),
        }
    }

    /// Returns the same compilers with other files that linkers take what is missing from, compiled in these ways; `None` where
    /// none compiles.
    ///
    /// What compiling them takes is no part of what the check of one file may use.
    pub(crate) fn accompanied(
        &self,
        companions: &Companions,
        ways: &[Original],
    ) -> Result<Option<Self>, TesterError> {
        let mut accompanied = Self {
            allowance: self.allowance.as_ref().map(Allowance::renewed),
            ..self.clone()
        };
        for how in ways {
            let objects = companions.objects(&accompanied, *how)?;
            if objects.is_empty() {
                return Ok(None);
            }
            let archive = self.scratch.join(format!("companions-{how:?}.a"));
            tools::archive(&archive, &objects, &self.scratch)?;
            accompanied.archives.insert(*how, archive);
        }
        accompanied.allowance.clone_from(&self.allowance);
        Ok(Some(accompanied))
    }

    /// Returns how a linker takes what is missing from the other files, and the program's `main`; what several define, the
    /// file under test before them, it takes from the first.
    pub(super) fn companions(&self, how: Original) -> Vec<String> {
        let Some(archive) = self.archives.get(&how.of_companions()) else {
            return Vec::new();
        };
        let options = ["-Wl,-u,main", "-Wl,--allow-multiple-definition"];
        let options = options.map(str::to_owned).into_iter();
        options.chain([path_word(archive)]).collect()
    }

    /// Builds the original as the library that [`Toolchain::recorded_tests_runner`] calls.
    pub(crate) fn build_library(
        &self,
        source: &Path,
        library: &Path,
    ) -> Result<Result<(), Refused>, TesterError> {
        let mut arguments = words(LIBRARY_FLAGS);
        arguments.extend(self.c_arguments.iter().cloned());
        arguments.push(path_word(source));
        arguments.extend(
            self.link_arguments
                .iter()
                .filter(|option| !option.starts_with("-fopenmp"))
                .cloned(),
        );
        arguments.push("-lm".to_owned());
        let built = self.compile(&self.c, arguments, library)?;
        Ok(built.map(drop))
    }
}

/// Returns whether a linker left what the system can run.
///
/// **Source**: System V ABI, “ELF Header”.
fn is_program(path: &Path) -> bool {
    const TYPE: usize = 16;
    let mut head = [0; TYPE + 2];
    let is_read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    // One at a fixed place, or anywhere.
    is_read.is_ok() && head.starts_with(b"\x7fELF") && [2, 3].contains(&head[TYPE])
}

/// Returns the names that a linker found nowhere.
fn missing(said: &str) -> BTreeSet<String> {
    let mentions = said.split("undefined reference to `").skip(1);
    let names = mentions.filter_map(|rest| rest.split_once('\''));
    names.map(|(name, _)| name.to_owned()).collect()
}
