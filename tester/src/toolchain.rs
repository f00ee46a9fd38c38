//! Finds the compilers, keeps the runtime compiled, and builds the programs of a check.
//!
//! The runtime and the fixed part of the test program are compiled once and kept ([`cache`]), under a hash of their text,
//! the flags and the compilers.

mod original;

pub(crate) use original::Original;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_ir::parallel;

use crate::bundle;
use crate::cache;
use crate::execute::Language;
use crate::isolation::{Allowance, Ending, Finished, Process, in_words, most_bytes};
use crate::options::CheckOptions;
use crate::outcome::TesterError;
use crate::runtime;
use crate::sources::Candidate;
use crate::tools;

const RUNTIME_FLAGS: &[&str] = &[
    "-std=c++17",
    "-O2",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-pie",
    "-w",
];
const HARNESS_FLAGS: &[&str] = &["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fno-pie", "-w"];

/// Without a device, and confined as every program under test.
const RUNNER_FLAGS: &[&str] = &[
    "-std=c++17",
    "-O1",
    "-w",
    "-no-pie",
    "-DMUPAC_BUNDLE_CONFINED",
    "-Wl,--wrap=main",
];
/// Both sides round every operation by itself, so that results can be compared bit by bit.
const COMMON_FLAGS: &[&str] = &["-O1", "-g1", "-w", "-ffp-contract=off", "-fno-pie"];
/// Functions that other files define are missed only when they are called; the linker says which these are.
const LINK_FLAGS: &[&str] = &[
    "-no-pie",
    "-Wl,--wrap=main",
    "-Wl,--warn-unresolved-symbols",
    "-ldl",
    "-lm",
];

/// Every access of a candidate reaches the runtime, which can tell the volatile ones, and so does every address that does not
/// fit its type and every subscript that does not fit its array.
const WATCHING_FLAGS: &[&str] = &[
    "-fsanitize=thread,alignment,bounds",
    // As stores in line they would not be seen.
    "-fno-builtin-memcpy",
    "-fno-builtin-memmove",
    "-fno-builtin-memset",
    // An access is made where the text makes it, also where a branch does not use what it reads.
    "-fno-tree-sink",
    // g++ 12 ends with an internal error where it inlines rows of variable length whose bounds are checked.
    "-fno-inline-functions-called-once",
    "--param=tsan-distinguish-volatile=1",
    "--param=tsan-instrument-func-entry-exit=0",
    // Zero is what the original starts from and mostly what is right; no test's result depends on what the original makes
    // of a variable that nothing set.
    "-ftrivial-auto-var-init=pattern",
];

/// What CUDA C++ takes besides.
const CUDA_FLAGS: &[&str] = &["-fno-exceptions", "-include", "cuda_runtime.h"];

/// Products and sums become one operation wherever the compiler can, as nvcc has it by default; at `-O1`, g++ does so among
/// its expensive optimisations alone.
const CONTRACTED_FLAGS: &[&str] = if cfg!(target_arch = "x86_64") {
    &["-ffp-contract=fast", "-fexpensive-optimizations", "-mfma"]
} else {
    &["-ffp-contract=fast", "-fexpensive-optimizations"]
};

/// Nobody asks for the lines of mistakes.
pub(crate) const MUTANT_FLAGS: &[&str] = &["-g0"];

/// The longest a compiler may take.
const COMPILE_LIMIT: Duration = Duration::from_mins(2);

/// Returns the options that contract products and sums, `None` where this processor cannot run them.
pub(crate) fn contracted() -> Option<&'static [&'static str]> {
    #[cfg(target_arch = "x86_64")]
    let can = std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    let can = cfg!(target_arch = "aarch64");
    can.then_some(CONTRACTED_FLAGS)
}

/// What compilers and linkers say of a full disk.
const FULL: &str = "No space left on device";

/// What they say where there is too little memory, or who watches over it ends them.
const NO_MEMORY: [&str; 4] = [
    "out of memory",
    "memory exhausted",
    "annot allocate memory",
    "Killed signal terminated program",
];

/// A compiler refused; its first complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

/// Compilers and the compiled runtime.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    c: PathBuf,
    cxx: PathBuf,
    runtime: PathBuf,
    /// Where compilers keep intermediate files.
    scratch: PathBuf,
    /// Where relative names in the user's options start.
    folder: PathBuf,
    /// The user's options as the C compiler takes them.
    c_arguments: Vec<String>,
    /// Those of them that mean the same in C++.
    cxx_arguments: Vec<String>,
    /// Those for the linker, which stand behind what needs them.
    link_arguments: Vec<String>,
    /// Archives of the command line's other files, by how these are compiled, where they are linked.
    archives: BTreeMap<Original, PathBuf>,
    /// What compilers share with all processes of a check.
    allowance: Option<Allowance>,
}

/// Options by which compilers round otherwise than C says, and the macro that each defines.
const LOOSE: [(&str, Option<&str>); 8] = [
    ("-ffast-math", Some("-D__FAST_MATH__=1")),
    ("-ffinite-math-only", Some("-D__FINITE_MATH_ONLY__=1")),
    ("-funsafe-math-optimizations", None),
    ("-fassociative-math", None),
    ("-freciprocal-math", None),
    ("-fno-signed-zeros", None),
    ("-fno-trapping-math", None),
    ("-ffp-contract=fast", None),
];

impl Toolchain {
    /// Finds the compilers and makes the runtime ready.
    ///
    /// `source_folder` is where the user's file lies; its quoted includes start there.
    ///
    /// **Errors**: a compiler is missing or cannot build the runtime.
    pub(crate) fn prepare(
        options: &CheckOptions,
        source_folder: &Path,
        scratch: &Path,
    ) -> Result<Self, TesterError> {
        let quoted = [
            "-iquote".to_owned(),
            source_folder.to_string_lossy().into_owned(),
        ];
        let with_quoted =
            |arguments: Vec<String>| quoted.iter().cloned().chain(arguments).collect();
        let exact = exact(&options.compile_arguments);
        let mut toolchain = Self {
            c: find(&options.c_compiler, "C")?,
            cxx: find(&options.cxx_compiler, "C++")?,
            runtime: PathBuf::new(),
            scratch: scratch.to_owned(),
            folder: env::current_dir().map_err(TesterError::io("find the current folder"))?,
            cxx_arguments: with_quoted(cxx_arguments(&exact)),
            c_arguments: with_quoted(exact),
            link_arguments: options.link_arguments.clone(),
            archives: BTreeMap::new(),
            allowance: options.allowance.as_ref().map(Allowance::lavish),
        };
        toolchain.runtime = toolchain.cached_runtime()?;
        Ok(toolchain)
    }

    /// Builds a program from the candidate's text, whose launches are rewritten, leaving the object beside it.
    pub(crate) fn build_candidate(
        &self,
        source: &Candidate,
        program: &Path,
        flags: &[&str],
    ) -> Result<Result<(), Refused>, TesterError> {
        let object = program.with_extension("o");
        let built = match &source.c_part {
            None => self.build_part(&source.cuda, &object, Language::Cuda, flags)?,
            Some((c, header)) => self.build_parts((&source.cuda, c, header), &object, flags)?,
        };
        match built {
            Ok(()) => self.link(&[object], program, true),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// Compiles the two parts of a candidate, each by its language's compiler, into one object.
    fn build_parts(
        &self,
        (cuda, c, header): (&Path, &Path, &Path),
        object: &Path,
        flags: &[&str],
    ) -> Result<Result<(), Refused>, TesterError> {
        let folder = format!("-iquote{}", header.display());
        let flags: Vec<&str> = flags.iter().copied().chain([folder.as_str()]).collect();
        let objects = ["cu.o", "c.o"].map(|ending| object.with_extension(ending));
        if let Err(refused) = self.build_part(cuda, &objects[0], Language::Cuda, &flags)? {
            return Ok(Err(refused));
        }
        let mut arguments = words(COMMON_FLAGS);
        arguments.extend(words(WATCHING_FLAGS));
        arguments.extend(words(&flags));
        arguments.extend(self.c_arguments.iter().cloned());
        arguments.extend(words(&["-c", "-x", "c"]));
        arguments.push(path_word(c));
        if let Err(refused) = self.compile(&self.c, arguments, &objects[1])? {
            return Ok(Err(refused));
        }
        let mut arguments = words(&["-r", "-nostdlib"]);
        arguments.extend(objects.iter().map(|part| path_word(part)));
        Ok(self.compile(&self.cxx, arguments, object)?.map(drop))
    }

    /// Compiles one translation unit; of one in CUDA C++ the launches are rewritten.
    pub(crate) fn build_part(
        &self,
        source: &Path,
        object: &Path,
        language: Language,
        flags: &[&str],
    ) -> Result<Result<(), Refused>, TesterError> {
        let (compiler, standard, own, name, users) = match language {
            Language::C => (&self.c, "-std=gnu17", &[][..], "c", &self.c_arguments),
            Language::Cxx => (&self.cxx, "-std=c++17", &[][..], "c++", &self.cxx_arguments),
            Language::Cuda => (
                &self.cxx,
                "-std=c++17",
                CUDA_FLAGS,
                "c++",
                &self.cxx_arguments,
            ),
        };
        let mut arguments = vec![standard.to_owned()];
        arguments.extend(words(COMMON_FLAGS));
        if language == Language::Cuda {
            arguments.extend(words(WATCHING_FLAGS));
        }
        arguments.extend(words(own));
        let runtime = (language == Language::Cuda).then(|| format!("-I{}", self.runtime.display()));
        arguments.extend(runtime);
        arguments.extend(words(flags));
        arguments.extend(users.iter().cloned());
        arguments.extend(words(&["-c", "-x", name]));
        arguments.push(path_word(source));
        let built = self.compile(compiler, arguments, object)?;
        Ok(built.map(drop))
    }

    /// Links a program whose `main` the harness confines; with the watching runtime where a part is in CUDA C++.
    pub(crate) fn link(
        &self,
        objects: &[PathBuf],
        program: &Path,
        is_watched: bool,
    ) -> Result<Result<(), Refused>, TesterError> {
        let mut arguments: Vec<String> = objects.iter().map(|object| path_word(object)).collect();
        // Without -fsanitize here: the runtime stands in for the sanitizer's library.
        arguments.extend(is_watched.then(|| self.object("runtime.o")));
        arguments.push(self.object("harness.o"));
        arguments.extend(self.companions(Original::Plain));
        arguments.extend(self.link_arguments.iter().cloned());
        arguments.extend(words(LINK_FLAGS));
        let linked = self.compile(&self.cxx, arguments, program)?;
        Ok(linked.map(drop))
    }

    fn object(&self, name: &str) -> String {
        path_word(&self.runtime.join(name))
    }

    /// Returns what the compiler says.
    fn compile(
        &self,
        compiler: &Path,
        mut arguments: Vec<String>,
        output: &Path,
    ) -> Result<Result<String, Refused>, TesterError> {
        arguments.extend(["-o".to_owned(), path_word(output)]);
        let finished = Process {
            program: compiler,
            called: &path_word(compiler),
            arguments,
            environment: vec![
                ("PATH".to_owned(), env::var("PATH").unwrap_or_default()),
                ("LC_ALL".to_owned(), "C".to_owned()),
                ("TMPDIR".to_owned(), path_word(&self.scratch)),
            ],
            folder: &self.folder,
            stdin: None,
            descriptors: &[],
            limit: COMPILE_LIMIT,
            allowance: self.allowance.as_ref(),
        }
        .run()
        .map_err(TesterError::io(format!("start {}", compiler.display())))?;
        let too_much = match finished.ending {
            Ending::TimedOut => Some(format!("{} s", COMPILE_LIMIT.as_secs())),
            Ending::OutOfMemory => {
                let allowance = self.allowance.as_ref();
                Some(in_words(
                    allowance.map_or_else(most_bytes, Allowance::most_bytes),
                ))
            }
            Ending::Exit(_) | Ending::Signal(_) => None,
        };
        if let Some(too_much) = too_much {
            let what = format!("the compiler takes more than {too_much}");
            return Err(TesterError::Exhausted { what });
        }
        let said = String::from_utf8_lossy(&finished.stderr);
        if finished.is_success() {
            Ok(Ok(said.into_owned()))
        } else if said.contains(FULL) {
            let what = format!("write {}", output.display());
            Err(TesterError::io(what)(ErrorKind::StorageFull.into()))
        } else if let Some(said) = said.lines().find(|line| is_about_memory(line)) {
            let tool = compiler.display();
            Err(TesterError::Tools {
                what: format!("{tool} has too little memory: {said}"),
            })
        } else {
            Ok(Err(Refused(complaint(&finished))))
        }
    }

    /// Returns the folder with the compiled runtime, which it makes if need be.
    fn cached_runtime(&self) -> Result<PathBuf, TesterError> {
        let flags = [RUNTIME_FLAGS, HARNESS_FLAGS].concat();
        let hash = runtime::hash(&[&self.c, &self.cxx], &flags, runtime::files());
        self.cached("simt", hash, |folder| self.build_runtime(folder))
    }

    /// Returns the program that runs the recorded tests of a text on its original, which it makes if need be.
    pub(crate) fn recorded_tests_runner(&self) -> Result<PathBuf, TesterError> {
        let hash = runtime::hash(&[&self.cxx], RUNNER_FLAGS, bundle::support_files());
        let folder = self.cached("bundle", hash, |folder| {
            for (name, text) in bundle::support_files() {
                let path = folder.join(name);
                let parent = path.parent().unwrap_or(folder);
                fs::create_dir_all(parent).map_err(TesterError::io("make a folder"))?;
                fs::write(path, text).map_err(TesterError::io(format!("write {name}")))?;
            }
            let mut arguments = words(RUNNER_FLAGS);
            arguments.push(path_word(&folder.join("harness.cpp")));
            arguments.push("-ldl".to_owned());
            self.build_own(&self.cxx, arguments, &folder.join("runner"))
        })?;
        Ok(folder.join("runner"))
    }

    /// Returns the folder that holds what was built of a text with this hash: in the cache, or where nothing can be kept, in
    /// the scratch folder.
    fn cached(
        &self,
        stem: &str,
        hash: u64,
        build: impl Fn(&Path) -> Result<(), TesterError>,
    ) -> Result<PathBuf, TesterError> {
        if let Some(folder) = cache::kept(stem, hash, &build)? {
            return Ok(folder);
        }
        let folder = self.scratch.join(stem);
        fs::create_dir(&folder).map_err(TesterError::io("make a temporary folder"))?;
        build(&folder)?;
        Ok(folder)
    }

    /// Returns whether the compiled runtime is what it was when it was made.
    pub(crate) fn is_whole(&self) -> bool {
        self.runtime.starts_with(&self.scratch) || cache::is_whole(&self.runtime)
    }

    /// Returns the same compilers without the user's options, or with those for the linker alone.
    pub(crate) fn plain(&self, is_linking_as_asked: bool) -> Self {
        let mut plain = Self {
            c_arguments: Vec::new(),
            cxx_arguments: Vec::new(),
            archives: BTreeMap::new(),
            ..self.clone()
        };
        if !is_linking_as_asked {
            plain.link_arguments.clear();
        }
        plain
    }

    /// Returns whether the user has options for the linker.
    pub(crate) fn has_link_arguments(&self) -> bool {
        !self.link_arguments.is_empty()
    }

    fn build_runtime(&self, folder: &Path) -> Result<(), TesterError> {
        let groups = folder.join(runtime::SUBFOLDER);
        fs::create_dir_all(&groups).map_err(TesterError::io("make a folder for headers"))?;
        for (name, text) in runtime::files() {
            fs::write(folder.join(name), text).map_err(TesterError::io(format!("write {name}")))?;
        }
        let jobs = [
            (&self.cxx, RUNTIME_FLAGS, "runtime.cpp", "runtime.o"),
            (&self.c, HARNESS_FLAGS, "harness.c", "harness.o"),
        ];
        let built = parallel::map(&jobs, |(compiler, flags, source, object)| {
            let mut arguments = words(flags);
            arguments.extend(["-c".to_owned(), path_word(&folder.join(source))]);
            self.build_own(compiler, arguments, &folder.join(object))
        });
        built.into_iter().collect()
    }

    /// Compiles a text of our own, which no compiler may refuse.
    fn build_own(
        &self,
        compiler: &Path,
        arguments: Vec<String>,
        output: &Path,
    ) -> Result<(), TesterError> {
        match self.compile(compiler, arguments, output)? {
            Ok(_) => Ok(()),
            Err(Refused(output)) => Err(TesterError::Runtime {
                compiler: compiler.to_owned(),
                output,
            }),
        }
    }
}

fn find(wanted: &Path, language: &'static str) -> Result<PathBuf, TesterError> {
    tools::find(wanted).ok_or_else(|| TesterError::NoCompiler {
        language,
        name: wanted.display().to_string(),
    })
}

/// Returns options of a user without those by which compilers round otherwise than C says, which would differ from text to
/// text; a text may ask for their macros.
///
/// **Source**: GCC manual 12, 3.11, and The C Preprocessor, 3.7.2.
fn exact(arguments: &[String]) -> Vec<String> {
    let exact = arguments.iter().filter_map(|argument| {
        let loose = LOOSE.iter().find(|(name, _)| argument == name);
        match loose {
            Some((_, instead)) => instead.map(str::to_owned),
            None => Some(argument.clone()),
        }
    });
    exact.collect()
}

/// Drops what only a C compiler understands: the language and its version.
fn cxx_arguments(arguments: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "-x" {
            rest.next();
        } else if !argument.starts_with("-std=") && !argument.starts_with("-x") {
            kept.push(argument.clone());
        }
    }
    kept
}

fn words(flags: &[&str]) -> Vec<String> {
    flags.iter().map(|&flag| flag.to_owned()).collect()
}

fn path_word(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Returns whether a tool speaks of memory, and not of a line of the text that does.
fn is_about_memory(line: &str) -> bool {
    !line.contains(": error:") && NO_MEMORY.iter().any(|words| line.contains(words))
}

/// Returns the first error line of a compiler or linker, else how it ended.
fn complaint(finished: &Finished) -> String {
    let text = String::from_utf8_lossy(&finished.stderr);
    let is_error = |line: &&str| {
        let words = ["error:", "undefined reference", "cannot find -l"];
        // What the linker says stands before this.
        words.iter().any(|word| line.contains(word)) && !line.starts_with("collect2:")
    };
    let error = text.lines().find(is_error).or_else(|| text.lines().next());
    error.map_or_else(|| format!("{:?}", finished.ending), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{COMMON_FLAGS, WATCHING_FLAGS, contracted, find};

    const INNER_PRODUCT: &str = "double inner(const double *a, const double *b, int n) {
        double s = 0;
        for (int i = 0; i < n; i++) s += a[i] * b[i];
        return s;
    }";

    /// Returns the assembler text of [`INNER_PRODUCT`] as a candidate is compiled.
    fn assembler(flags: &[&str]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("inner.cpp");
        std::fs::write(&source, INNER_PRODUCT).expect("a file");
        let output = Command::new(find(std::path::Path::new("c++"), "C++").expect("a compiler"))
            .args(COMMON_FLAGS)
            .args(WATCHING_FLAGS)
            .args(flags)
            .args(["-S", "-o", "-"])
            .arg(&source)
            .output()
            .expect("a compiler that runs");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("a text")
    }

    /// `vfmadd231sd` on x86, `fmadd` on aarch64.
    #[test]
    fn contracted_builds_fuse_products_and_sums() {
        let Some(flags) = contracted() else { return };
        assert!(!assembler(&[]).contains("fmadd"));
        assert!(assembler(flags).contains("fmadd"));
    }
}
