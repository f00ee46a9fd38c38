//! What programs and libraries are linked with that hold kernels, and how a command that compiles and links is done again.
//!
//! Commands whose objects hold none stay what they are: what a program is found to need by trying, as configuration scripts
//! do, must not be there already.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem;
use mupac_tester::tools;

use super::device::{self, Device};
use super::options::Role;
use super::words::{Word, Words};
use super::{Driver, replace, say};

/// Names that objects with kernels ask for.
const OF_CPU: &[u8] = b"mupac_simt_launch";
const OF_GPU: &[u8] = b"__cudaRegisterFatBinary";

/// Has the linker name what it takes, members of archives, too.
///
/// **Source**: GNU ld manual, `--trace`.
pub(super) const TRACE: &str = "-Wl,-t,-t";

/// Larger files hold no objects of ours.
///
/// **Units**: bytes.
const LARGEST: u64 = 1 << 32;

/// For which devices objects hold kernels.
#[derive(Clone, Copy, Debug, Default)]
struct Kernels {
    of_cpu: bool,
    of_gpu: bool,
}

impl Kernels {
    fn look(&mut self, file: &Path, device: &Device) {
        let facts = fs::metadata(file);
        if !facts.is_ok_and(|facts| facts.is_file() && facts.len() <= LARGEST) {
            return;
        }
        let bytes = fs::read(file).unwrap_or_default();
        // Its members lie elsewhere, and where is not asked: what nobody needs the linker leaves out.
        if bytes.starts_with(b"!<thin>") {
            self.of_cpu |= matches!(device, Device::Cpu(_));
            self.of_gpu |= matches!(device, Device::Gpu { .. });
        }
        self.of_cpu |= memmem::find(&bytes, OF_CPU).is_some();
        self.of_gpu |= memmem::find(&bytes, OF_GPU).is_some();
    }

    /// Returns the words for the linker.
    fn needed(self, device: &Device) -> Vec<String> {
        let mut words = Vec::new();
        if self.of_cpu {
            let processor = match device {
                Device::Cpu(processor) => Some(processor.clone()),
                Device::None | Device::Gpu { .. } => {
                    let made = device::processor();
                    made.inspect_err(|error| say(&error.to_string())).ok()
                }
            };
            words.extend(processor.map(|each| each.library().to_string_lossy().into_owned()));
        }
        if self.of_gpu {
            let nvcc = match device {
                Device::Gpu { nvcc, .. } => Some(nvcc.clone()),
                Device::None | Device::Cpu(_) => tools::nvcc_path(),
            };
            let folder = nvcc.and_then(|nvcc| device::cuda_libraries(&nvcc));
            words.extend(folder.map(|folder| format!("-L{}", folder.display())));
            words.extend(["-lcudart_static", "-lrt"].map(str::to_owned));
        }
        if !words.is_empty() {
            words.insert(0, "-Wl,--push-state,--as-needed".to_owned());
            words.extend(
                ["-lstdc++", "-lpthread", "-ldl", "-lm", "-Wl,--pop-state"].map(str::to_owned),
            );
        }
        words
    }
}

/// Returns what a command that links needs besides for the kernels of its objects and archives.
pub(super) fn needed(words: &Words, device: &Device) -> Vec<String> {
    // An object of objects asks whoever links it.
    if words
        .all
        .iter()
        .any(|word| ["-r", "-Wl,-r", "-Wl,--relocatable"].contains(&word.texts[0].as_str()))
    {
        return Vec::new();
    }
    needed_by(kernels_of(words, device), words, device)
}

/// Returns the words for the linker behind a command's own, of which `-x` would hold for libraries as well.
fn needed_by(kernels: Kernels, words: &Words, device: &Device) -> Vec<String> {
    let mut needed = kernels.needed(device);
    let has_language = words.all.iter().any(|word| word.texts[0].starts_with("-x"));
    if has_language && !needed.is_empty() {
        needed.splice(0..0, ["-x", "none"].map(str::to_owned));
    }
    needed
}

/// Returns what whoever links objects with kernels for a device needs besides.
pub(super) fn libraries(device: &Device) -> Vec<String> {
    let kernels = Kernels {
        of_cpu: matches!(device, Device::Cpu(_)),
        of_gpu: matches!(device, Device::Gpu { .. }),
    };
    kernels.needed(device)
}

fn kernels_of(words: &Words, device: &Device) -> Kernels {
    let mut kernels = Kernels::default();
    let named = env::var_os("LIBRARY_PATH").unwrap_or_default();
    let folders = values(words, "-L").map(PathBuf::from);
    let folders: Vec<PathBuf> = folders.chain(env::split_paths(&named)).collect();
    for name in values(words, "-l") {
        for folder in &folders {
            let file = match name.strip_prefix(':') {
                Some(file) => file.to_owned(),
                None => format!("lib{name}.a"),
            };
            kernels.look(&folder.join(file), device);
        }
    }
    let is_file = |word: &&Word| word.role == Role::Input || word.texts[0] == "-Xlinker";
    for word in words.all.iter().filter(is_file) {
        kernels.look(Path::new(word.value()), device);
    }
    let passed = words
        .all
        .iter()
        .filter_map(|word| word.value().strip_prefix("-Wl,"));
    for part in passed.flat_map(|parts| parts.split(',')).filter(|part| {
        Path::new(part)
            .extension()
            .is_some_and(|ending| ending == "a")
    }) {
        kernels.look(Path::new(part), device);
    }
    kernels
}

/// Returns the values of an option of one letter, glued or not.
fn values<'a>(words: &'a Words, option: &'static str) -> impl Iterator<Item = &'a str> {
    words
        .all
        .iter()
        .filter_map(move |word| match word.texts.as_slice() {
            [name, value] if name == option => Some(value.as_str()),
            [glued] => glued
                .strip_prefix(option)
                .filter(|_| word.role == Role::Linker),
            _ => None,
        })
}

/// An object in the place of others, or of sources.
#[derive(Clone, Debug)]
pub(super) struct Instead {
    pub(super) object: PathBuf,
    /// The words of the command that it stands for: it comes where the first one was, or before all where there is none.
    pub(super) words: BTreeSet<String>,
    /// What the linker's trace calls what it stands for, if that is known.
    pub(super) lines: BTreeSet<String>,
}

impl Driver {
    /// Links once more, with objects in the places of others.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn link_again(&self, objects: &[Instead], device: &Device) -> Result<(), String> {
        let mut kernels = kernels_of(&self.words, device);
        for each in objects {
            kernels.look(&each.object, device);
        }
        let output = self.words.output("");
        let made = tempfile::NamedTempFile::new()
            .map_err(|why| format!("cannot make a temporary file: {why}"))?;
        let mut arguments = self.relinked(objects);
        arguments.extend(needed_by(kernels, &self.words, device));
        let has_lines = objects.iter().any(|each| !each.lines.is_empty());
        arguments.extend(has_lines.then(|| TRACE.to_owned()));
        let trace = self.make(arguments, made.path(), "with kernels it does not link")?;
        let mut twice = trace
            .lines()
            .filter(|line| objects.iter().any(|each| each.lines.contains(*line)));
        match twice.next() {
            Some(line) => Err(format!("the linker would take {line} besides")),
            None => replace(made.path(), &output),
        }
    }

    /// Returns the command's words with objects in the places of others, and without what it writes.
    pub(super) fn relinked(&self, objects: &[Instead]) -> Vec<String> {
        let mut language: Option<Vec<String>> = None;
        let first = objects.iter().filter(|each| each.words.is_empty());
        let first = first.map(|each| each.object.to_string_lossy().into_owned());
        let mut arguments: Vec<String> = ["-w".to_owned()].into_iter().chain(first).collect();
        let mut placed = BTreeSet::new();
        for word in &self.words.all {
            let is_file = match word.role {
                Role::Output | Role::Besides => continue,
                Role::Source | Role::Input => true,
                Role::Stage | Role::Reading | Role::Addressing | Role::Linker | Role::Other => {
                    false
                }
            };
            let is_there = |each: &&Instead| is_file && each.words.contains(word.value());
            match objects.iter().find(is_there) {
                Some(each) if placed.insert(&each.object) => {
                    let none = ["-x", "none"].map(str::to_owned).into_iter();
                    arguments.extend(none.filter(|_| language.is_some()));
                    arguments.push(each.object.to_string_lossy().into_owned());
                    arguments.extend(language.iter().flatten().cloned());
                }
                Some(_) => {}
                None => {
                    if word.texts[0].starts_with("-x") {
                        language = Some(word.texts.clone());
                    }
                    arguments.extend(word.texts.iter().cloned());
                }
            }
        }
        arguments
    }
}
