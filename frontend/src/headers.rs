//! Finds the compiler's own headers (`stddef.h`, …) where libclang comes without them.

use std::path::{Path, PathBuf};

/// Returns the folder to add for a library at `library`; `None` where clang finds its own, or where there is none.
pub(crate) fn include_folder(library: &Path) -> Option<String> {
    let real = library
        .canonicalize()
        .unwrap_or_else(|_| library.to_owned());
    let beside = [library, real.as_path()]
        .into_iter()
        .filter_map(Path::parent);
    if beside
        .flat_map(|folder| versions(&folder.join("clang")))
        .any(|version| has_headers(&version))
    {
        return None;
    }
    let clang = versions(Path::new("/usr/lib"))
        .into_iter()
        .flat_map(|llvm| versions(&llvm.join("lib/clang")));
    let found = clang.chain(gcc()).find(|folder| has_headers(folder))?;
    Some(found.join("include").to_string_lossy().into_owned())
}

/// Returns the folder of gcc's own headers, where there is one.
pub(crate) fn gcc_folder() -> Option<String> {
    let found = gcc().find(|folder| has_headers(folder))?;
    Some(found.join("include").to_string_lossy().into_owned())
}

/// Returns the folders of gcc for this machine, the newest first.
fn gcc() -> impl Iterator<Item = PathBuf> {
    let is_native = |target: &PathBuf| {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(std::env::consts::ARCH) && name.contains("linux")
    };
    let targets = versions(Path::new("/usr/lib/gcc")).into_iter();
    targets
        .filter(is_native)
        .flat_map(|target| versions(&target))
}

fn has_headers(folder: &Path) -> bool {
    folder.join("include/stddef.h").is_file()
}

/// Returns the entries of a folder, the last in alphabetical order first.
fn versions(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|each| each.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    entries.sort();
    entries.reverse();
    entries
}
