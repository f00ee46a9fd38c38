//! The files that a precompiled form was made from: which they are, and whether they are as they were.

use std::collections::{BTreeSet, HashSet};
use std::ffi::{CString, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::clang::Unit;

/// Returns the folders in which headers are looked for before those of the system, or among them; `None` for an option or
/// variable that may mean anything.
///
/// Where the system's headers lie is known from those that were read, but for the folder that may hold none.
pub(super) fn searched(arguments: &[CString]) -> Option<Vec<PathBuf>> {
    const FOLDERS: [&str; 3] = ["-I", "-isystem", "-iquote"];
    // What is found elsewhere is not looked for here.
    const LAST: &str = "-idirafter";
    const NAMES: [&str; 2] = ["-D", "-U"];
    const HARMLESS: [&str; 8] = ["-x", "-std=", "-W", "-w", "-O", "-g", "-f", "-m"];
    const VARIABLES: [&str; 3] = ["CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"];
    if VARIABLES
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return None;
    }
    let mut folders = vec![PathBuf::from("/usr/local/include")];
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let argument = argument.to_str().ok()?;
        let after = |prefix: &&str| argument.strip_prefix(*prefix);
        if let Some(joined) = FOLDERS.iter().find_map(after) {
            let folder = match joined {
                "" => rest.next()?.to_str().ok()?,
                joined => joined,
            };
            folders.push(PathBuf::from(folder));
        } else if NAMES.contains(&argument) || ["-x", LAST].contains(&argument) {
            rest.next()?;
        } else if NAMES
            .iter()
            .chain(&HARMLESS)
            .chain(&[LAST])
            .find_map(after)
            .is_none()
        {
            return None;
        }
    }
    Some(folders)
}

/// Returns the headers that were read, and the folders above them.
pub(super) fn of(unit: &Unit) -> Vec<PathBuf> {
    let headers = unit.inclusions().into_iter();
    let headers: Vec<PathBuf> = headers.map(|each| PathBuf::from(each.file)).collect();
    let above = headers.iter().flat_map(|header| header.ancestors().skip(1));
    let sources: BTreeSet<&Path> = above
        .filter(|folder| folder.parent().is_some_and(|_| *folder != Path::new("")))
        .chain(headers.iter().map(PathBuf::as_path))
        .collect();
    sources.into_iter().map(Path::to_owned).collect()
}

/// Returns the files and folders that a list names behind its key, if all are as they were when it was written.
pub(super) fn unchanged(sources: &Path, key: &str) -> Option<Vec<PathBuf>> {
    let sources = fs::read_to_string(sources).ok()?;
    let is_unchanged = |line: &str| {
        let path = Path::new(line.splitn(3, ' ').nth(2)?);
        (stamp(path)?.1 == line).then(|| path.to_owned())
    };
    sources
        .strip_prefix(key)?
        .lines()
        .map(is_unchanged)
        .collect()
}

/// Returns when a file or folder changed, and a line that says so with its size.
pub(super) fn stamp(path: &Path) -> Option<(SystemTime, String)> {
    let facts = fs::metadata(path).ok()?;
    let changed = facts.modified().ok()?;
    let since = changed.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let line = format!("{since} {} {}", facts.len(), path.to_str()?);
    (!line.contains('\n')).then_some((changed, line))
}

/// Returns whether a folder holds a file that is not one of these headers and may be found in place of one: by the last
/// parts of its name.
pub(super) fn hides_one(searched: &Path, headers: &[PathBuf]) -> bool {
    // Most such folders are empty, or hold nothing of a name that matters.
    let entries = fs::read_dir(searched).into_iter().flatten().flatten();
    let entries: HashSet<OsString> = entries.map(|entry| entry.file_name()).collect();
    let is_held = |tail: &Path| {
        let mut parts = tail.components();
        parts.all(|part| matches!(part, Component::Normal(_)))
            && (tail.iter().next()).is_some_and(|first| entries.contains(first))
    };
    let is_hidden = |header: &PathBuf| {
        let mut tails = header
            .ancestors()
            .filter_map(|above| header.strip_prefix(above).ok());
        tails.any(|tail| {
            let other = searched.join(tail);
            is_held(tail) && other.is_file() && !headers.contains(&other)
        })
    };
    !entries.is_empty() && headers.iter().any(is_hidden)
}
