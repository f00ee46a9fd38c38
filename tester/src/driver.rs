//! What a compiler driver needs of this crate: programs that run as its user asked for, tools that run apart, folders that are
//! made once and kept, and objects whose kernels run on this machine's processor.

use std::cell::Cell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cache;
use crate::held::HeldFolder;
pub use crate::isolation::Scratch;
use crate::isolation::{Ending, Process};
pub use crate::isolation::{become_program, is_inside, run_as_asked};
use crate::launches;
use crate::outcome::TesterError;
use crate::runtime;
use crate::tools;

/// The stems of the folders that drivers keep; each is listed by [`kept_folders`].
pub const STEMS: [&str; 2] = ["cc-parts", "cc-kernels"];

/// Variables by which compilers write rules of dependences besides; the compiler that runs as asked has written them.
///
/// **Source**: GCC manual 12, 3.21.
const RULES: [&str; 2] = ["DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES"];

/// As many translations at most are made at a time; one of a kind is made once.
const SLOTS: u64 = 64;

/// Of what is kept, the oldest goes where there would be more.
const MOST_KEPT: usize = 4096;

/// How the device of a program without a GPU is compiled.
const PROCESSOR_FLAGS: [&str; 9] = [
    "-std=c++17",
    "-O2",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fPIC",
    "-fvisibility=hidden",
    "-w",
    "-c",
];

/// How kernels that run on this machine's processor are compiled.
const KERNEL_FLAGS: [&str; 9] = [
    "-std=c++17",
    "-O2",
    "-fno-exceptions",
    "-fno-strict-aliasing",
    "-ffp-contract=off",
    "-w",
    "-include",
    "cuda_runtime.h",
    "-c",
];

/// The library of the device that stands in for a GPU.
const LIBRARY: &str = "libmupac_processor.a";

/// A tool that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its exit code, if it came to its end by itself.
    pub code: Option<i32>,
    /// Whether it printed more than is kept of it.
    pub is_cut: bool,
    /// What it printed.
    pub output: String,
    /// What it complained of.
    pub complaint: String,
}

/// Runs a tool apart from this process's streams, with its environment, for at most `limit` of processor time.
///
/// **Errors**: it cannot be started.
pub fn run(program: &Path, arguments: Vec<String>, limit: Duration) -> io::Result<Said> {
    run_called((program, &program.to_string_lossy()), arguments, limit)
}

/// The same of a program that goes by the name that it is called by.
///
/// **Errors**: it cannot be started.
pub fn run_called(
    (program, called): (&Path, &str),
    arguments: Vec<String>,
    limit: Duration,
) -> io::Result<Said> {
    let finished = Process {
        program,
        called,
        arguments,
        environment: env::vars_os()
            .filter(|(name, _)| !RULES.iter().any(|rules| name == *rules))
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        folder: &env::current_dir()?,
        stdin: None,
        descriptors: &[],
        limit,
        allowance: None,
    }
    .run()?;
    Ok(Said {
        code: match finished.ending {
            Ending::Exit(code) => Some(code),
            Ending::Signal(_) | Ending::TimedOut | Ending::OutOfMemory => None,
        },
        is_cut: finished.is_cut,
        output: String::from_utf8_lossy(&finished.stdout).into_owned(),
        complaint: String::from_utf8_lossy(&finished.stderr).into_owned(),
    })
}

/// Returns a folder that `build` fills, from the cache where it is there; processes that ask for one at the same time wait for
/// the first.
///
/// **Errors**: those of `build`, or nothing can be kept.
pub fn kept(
    stem: &'static str,
    hash: u64,
    build: impl Fn(&Path) -> Result<(), TesterError>,
) -> Result<PathBuf, TesterError> {
    let base = runtime::cache_folders().into_iter().next();
    let slot = base.map(|base| base.join(format!("cc-slot-{}", hash % SLOTS)));
    let _alone = slot.and_then(|slot| {
        fs::create_dir_all(&slot).ok()?;
        HeldFolder::new(&slot).ok()
    });
    let is_made = Cell::new(false);
    let folder = in_cache(stem, hash, |folder| {
        is_made.set(true);
        build(folder)
    })?;
    // Where this cannot be said, it is forgotten earlier than it might.
    let opened = fs::File::open(&folder);
    let _ = opened.map(|folder| folder.set_modified(SystemTime::now()));
    if is_made.get() {
        forget_oldest();
    }
    Ok(folder)
}

/// Returns a folder of the cache.
///
/// **Errors**: those of `build`, or nothing can be kept.
fn in_cache(
    stem: &str,
    hash: u64,
    build: impl Fn(&Path) -> Result<(), TesterError>,
) -> Result<PathBuf, TesterError> {
    cache::kept(stem, hash, build)?.ok_or_else(|| TesterError::Tools {
        what: "there is no cache folder (MUPAC_CACHE_DIR names one)".to_owned(),
    })
}

/// Returns the folders that drivers have kept, those first that were not used for longest.
pub fn kept_folders() -> Vec<PathBuf> {
    let bases = runtime::cache_folders().into_iter();
    let entries = bases.filter_map(|base| fs::read_dir(base).ok()).flatten();
    let mut folders: Vec<_> = entries
        .flatten()
        .filter(|entry| is_kept(&entry.file_name().to_string_lossy()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    folders.sort();
    folders.into_iter().map(|(_, folder)| folder).collect()
}

/// Returns whether this is the name of a finished folder: a stem and a hash.
fn is_kept(name: &str) -> bool {
    let rest = STEMS.iter().find_map(|stem| name.strip_prefix(stem));
    let hash = rest.and_then(|rest| rest.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn forget_oldest() {
    let folders = kept_folders();
    let many = folders.len().saturating_sub(MOST_KEPT);
    for folder in &folders[..many] {
        // Another process may be at it.
        let _ = fs::remove_dir_all(folder);
    }
}

/// The device of programs that are built for a machine without a GPU.
#[derive(Clone, Debug)]
pub struct Processor {
    cxx: PathBuf,
    folder: PathBuf,
    hash: u64,
}

impl Processor {
    /// Finds a C++ compiler and makes the device's library ready, which is kept.
    ///
    /// **Errors**: there is none, it cannot build the library, or nothing can be kept.
    pub fn prepare(cxx: &Path) -> Result<Self, TesterError> {
        let missing = || TesterError::NoCompiler {
            language: "C++",
            name: cxx.display().to_string(),
        };
        let cxx = tools::find(cxx).ok_or_else(missing)?;
        let hash = runtime::hash(&[&cxx], &PROCESSOR_FLAGS, runtime::files());
        let folder = in_cache("simt-processor", hash, |folder| built(&cxx, folder))?;
        Ok(Self { cxx, folder, hash })
    }

    /// Returns the library that programs with kernels are linked with.
    pub fn library(&self) -> PathBuf {
        self.folder.join(LIBRARY)
    }

    /// Returns a number that changes with the compiler and the device.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Compiles CUDA C++ to an object, with more options for the compiler; the inner error is what it complains of.
    ///
    /// **Errors**: the machine is at fault.
    pub fn compile(
        &self,
        cuda: &Path,
        object: &Path,
        flags: &[String],
    ) -> Result<Result<(), String>, TesterError> {
        let text = fs::read_to_string(cuda).map_err(TesterError::io("read kernels"))?;
        let text = match launches::rewrite(&text) {
            Ok(text) => text,
            Err(complaint) => return Ok(Err(complaint)),
        };
        let source = object.with_extension("cpp");
        fs::write(&source, text).map_err(TesterError::io("write kernels"))?;
        let mut arguments: Vec<String> = KERNEL_FLAGS.map(str::to_owned).to_vec();
        arguments.push(format!("-I{}", self.folder.display()));
        let beside = cuda.parent().unwrap_or(Path::new("."));
        arguments.push(format!("-iquote{}", beside.display()));
        arguments.extend(flags.iter().cloned());
        arguments.push(source.to_string_lossy().into_owned());
        Ok(compiled(&self.cxx, arguments, object)?.map(drop))
    }
}

/// Runs a compiler that writes `object`, and returns what it prints; the inner error is what it complains of.
///
/// **Errors**: it cannot be started.
pub fn compiled(
    compiler: &Path,
    mut arguments: Vec<String>,
    object: &Path,
) -> Result<Result<String, String>, TesterError> {
    arguments.extend(["-o".to_owned(), object.to_string_lossy().into_owned()]);
    let said = run(compiler, arguments, Duration::from_mins(10));
    let said = said.map_err(TesterError::io(format!("start {}", compiler.display())))?;
    Ok(if said.code == Some(0) {
        Ok(said.output)
    } else {
        Err(said.complaint)
    })
}

/// Writes the headers and the library of the device into a folder.
fn built(cxx: &Path, folder: &Path) -> Result<(), TesterError> {
    fs::create_dir_all(folder.join(runtime::SUBFOLDER))
        .map_err(TesterError::io("make a folder for headers"))?;
    for (name, text) in runtime::files() {
        fs::write(folder.join(name), text).map_err(TesterError::io(format!("write {name}")))?;
    }
    let object = folder.join("processor.o");
    let mut arguments: Vec<String> = PROCESSOR_FLAGS.map(str::to_owned).to_vec();
    arguments.push(folder.join("processor.cpp").to_string_lossy().into_owned());
    let outcome = compiled(cxx, arguments, &object)?;
    outcome.map_err(|output| TesterError::Runtime {
        compiler: cxx.to_owned(),
        output,
    })?;
    tools::archive(&folder.join(LIBRARY), &[object], folder)
}

/// Returns a number that changes with programs.
pub fn hash_of_tools(programs: &[&Path]) -> u64 {
    runtime::hash(programs, &[], std::iter::empty())
}

/// Returns a hash of texts, each apart from the next.
pub fn hash_of<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    runtime::content_hash(texts.into_iter())
}
