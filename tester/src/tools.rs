//! Where the tools of a machine are, and what they call themselves.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::isolation::Process;
use crate::options::CheckOptions;
use crate::outcome::TesterError;
use crate::runtime;

/// The longest that a tool may take to say something.
const LIMIT: Duration = Duration::from_secs(20);

/// A tool that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its file.
    pub path: PathBuf,
    /// What it says of itself, in one line; empty where it says nothing.
    pub version: String,
}

/// Returns the C compiler of the checks.
pub fn c_compiler(options: &CheckOptions) -> Option<Tool> {
    find(&options.c_compiler).map(described)
}

/// Returns the C++ compiler of the checks.
pub fn cxx_compiler(options: &CheckOptions) -> Option<Tool> {
    find(&options.cxx_compiler).map(described)
}

/// Returns NVIDIA's compiler: what `MUPAC_NVCC` names and nothing else, or the one on `PATH`, in CUDA's usual folder,
/// or in the cache folder.
pub fn nvcc_path() -> Option<PathBuf> {
    if let Some(named) = env::var_os("MUPAC_NVCC").filter(|name| !name.is_empty()) {
        return find(Path::new(&named));
    }
    let cached = runtime::cache_folders()
        .into_iter()
        .map(|folder| folder.join("nvcc-13.0/nvidia/cu13/bin/nvcc"));
    find(Path::new("nvcc"))
        .into_iter()
        .chain([PathBuf::from("/usr/local/cuda/bin/nvcc")])
        .chain(cached)
        .find(|path| path.is_file())
}

/// The same with what it says of itself.
pub fn nvcc() -> Option<Tool> {
    nvcc_path().map(described)
}

/// Returns the folder that keeps the compiled runtime and what else is worth keeping, if the environment says where.
pub fn cache_folder() -> Option<PathBuf> {
    runtime::cache_folders().into_iter().next()
}

/// Returns the file of a program: a path, or a name looked up in `PATH`.
pub fn find(wanted: &Path) -> Option<PathBuf> {
    if wanted.components().count() > 1 {
        return wanted.is_file().then(|| wanted.to_owned());
    }
    env::var_os("PATH")
        .iter()
        .flat_map(env::split_paths)
        .map(|folder| folder.join(wanted))
        .find(|path| path.is_file())
}

fn described(path: PathBuf) -> Tool {
    let version = version(&path).unwrap_or_default();
    Tool { path, version }
}

/// Returns the line of `--version` with the number: nvcc's names a release, the others' is the first.
fn version(path: &Path) -> Option<String> {
    let capture = tempfile::tempdir().ok()?;
    let said = said(path, vec!["--version".to_owned()], capture.path()).ok()?;
    let release = said.lines().find(|line| line.contains("release"));
    release
        .or(said.lines().next())
        .map(|line| line.trim().to_owned())
}

/// Returns the line of a file that the code before an address comes from, inlined or not; `None` where it comes from
/// another file, or no tool knows.
pub(crate) fn line_of(
    program: &Path,
    place: u64,
    file: &Path,
    scratch: &Path,
) -> Result<Option<u32>, TesterError> {
    let known = ["addr2line", "llvm-addr2line"];
    let Some(tool) = known.iter().find_map(|name| find(Path::new(name))) else {
        return Ok(None);
    };
    // What is known is where a call returns to; the call stands before it.
    let address = format!("{:#x}", place.saturating_sub(1));
    let arguments = ["-i", "-e", &program.to_string_lossy(), &address].map(str::to_owned);
    let said = said(&tool, arguments.to_vec(), scratch)
        .map_err(TesterError::io(format!("start {}", tool.display())))?;
    let mut places = said.lines().filter_map(|each| each.rsplit_once(':'));
    let line = places.find_map(|(path, line)| {
        let line = line.split(' ').next().unwrap_or(line);
        Path::new(path).ends_with(file).then(|| line.parse().ok())
    });
    Ok(line.flatten())
}

/// Puts objects into an archive.
///
/// **Errors**: there is no archiver, or it fails.
pub(crate) fn archive(
    archive: &Path,
    objects: &[PathBuf],
    folder: &Path,
) -> Result<(), TesterError> {
    let missing = || TesterError::Tools {
        what: "ar is not in PATH (on Debian: apt-get install binutils)".to_owned(),
    };
    let tool = find(Path::new("ar")).ok_or_else(missing)?;
    let files = [archive]
        .into_iter()
        .chain(objects.iter().map(PathBuf::as_path));
    let files = files.map(|path| path.to_string_lossy().into_owned());
    let arguments = ["rcs".to_owned()].into_iter().chain(files).collect();
    said(&tool, arguments, folder).map_err(TesterError::io("start ar"))?;
    if archive.is_file() {
        return Ok(());
    }
    let what = "ar makes no archive".to_owned();
    Err(TesterError::Tools { what })
}

/// Returns what a tool prints.
fn said(tool: &Path, arguments: Vec<String>, folder: &Path) -> std::io::Result<String> {
    let finished = Process {
        program: tool,
        called: &tool.to_string_lossy(),
        arguments,
        environment: vec![
            ("PATH".to_owned(), env::var("PATH").unwrap_or_default()),
            ("LC_ALL".to_owned(), "C".to_owned()),
        ],
        folder,
        stdin: None,
        descriptors: &[],
        limit: LIMIT,
        allowance: None,
    }
    .run()?;
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}
