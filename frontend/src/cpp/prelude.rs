//! nvcc's declarations, in front of every file that is read as C++.
//!
//! Most of what the C++ parser reads is the headers that these declarations bring.
//! Where there is a cache folder, their precompiled form is kept there, one for each set of options, and read instead.
//! It serves for a file that C++ accepts: what has errors is read behind the text itself, so messages are the same with
//! and without.
//!
//! A precompiled form is used while every header it was made from, and every folder above one, is as it was, and no
//! folder of the options holds another file that an `#include` of those headers could find.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mupac_ir::Edit;

use super::Read;
use super::edited::Edited;
use crate::clang::{Api, Role, Unit};

/// Declares the names that nvcc declares in every file.
const TEXT: &str = include_str!("prelude.h");

/// Most precompiled forms that are kept; each takes about 2 MB.
const MOST_KEPT: usize = 16;

/// How the folders of precompiled forms start.
const PREFIX: &str = "prelude-";
const PRECOMPILED: &str = "prelude.pch";
/// File systems note times of change no more exactly than this: FAT has steps of two seconds.
const COARSEST_STAMP: Duration = Duration::from_secs(2);
/// What a form was made from: the key, then a line for each header and folder.
const SOURCES: &str = "sources";

/// Reads files behind the declarations.
pub(crate) struct Prelude {
    api: &'static Api,
    arguments: Vec<CString>,
    /// The options with the precompiled form.
    precompiled: Option<Vec<CString>>,
}

impl Prelude {
    /// Looks for the precompiled form for some options, and makes it where there is none.
    pub(crate) fn new(api: &'static Api, arguments: Vec<CString>, cache: Option<&Path>) -> Self {
        let precompiled = cache.and_then(|cache| {
            let path = precompiled(api, &arguments, cache)?;
            let mut with = arguments.clone();
            with.extend([c"-include-pch".to_owned(), c_path(&path)?]);
            Some(with)
        });
        Self {
            api,
            arguments,
            precompiled,
        }
    }

    /// Reads a text with its edits made; `None` where the parser gives up.
    pub(crate) fn parse(&self, file: &CStr, source: &str, edits: &[Edit]) -> Read {
        if let Some(arguments) = &self.precompiled {
            let edited = Edited::new("", source, edits);
            let unit = Unit::parse(self.api, file, &edited.text, arguments, Role::BehindHeader);
            if let Some(unit) = unit.filter(is_accepted) {
                return Some((unit, edited));
            }
        }
        let edited = Edited::new(TEXT, source, edits);
        let unit = Unit::parse(self.api, file, &edited.text, &self.arguments, Role::Program)?;
        Some((unit, edited))
    }
}

fn is_accepted(unit: &Unit) -> bool {
    unit.diagnostics().iter().all(|each| each.severity <= 2)
}

/// Returns the precompiled form for some options, which it makes if need be.
fn precompiled(api: &'static Api, arguments: &[CString], cache: &Path) -> Option<PathBuf> {
    let searched = searched_folders(arguments)?;
    let key = key(api, arguments, &searched)?;
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let folder = cache.join(format!("{PREFIX}{:016x}", hasher.finish()));
    let headers = match unchanged_sources(&folder, &key) {
        Some(headers) => headers,
        None => make(api, arguments, &folder, &key)?,
    };
    let is_shadowed = searched
        .iter()
        .any(|searched| hides_one(searched, &headers));
    (!is_shadowed).then(|| folder.join(PRECOMPILED))
}

/// Returns the folders in which headers are looked for before those of the system, or among them; `None` for an option or
/// variable that may mean anything.
///
/// Where the system's headers lie is known from those that were read, but for the folder that may hold none.
fn searched_folders(arguments: &[CString]) -> Option<Vec<PathBuf>> {
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

/// Returns all that decides what a precompiled form holds, but for the headers.
fn key(api: &Api, arguments: &[CString], searched: &[PathBuf]) -> Option<String> {
    let mut key = format!("{}\n{}\n", api.version(), api.path().display());
    for argument in arguments {
        key.push_str(argument.to_str().ok()?);
        key.push('\n');
    }
    if searched.iter().any(|folder| folder.is_relative()) {
        key.push_str(std::env::current_dir().ok()?.to_str()?);
        key.push('\n');
    }
    key.push_str(TEXT);
    Some(key)
}

/// Returns the headers of a precompiled form, if all are as they were when it was made.
fn unchanged_sources(folder: &Path, key: &str) -> Option<BTreeSet<PathBuf>> {
    let sources = fs::read_to_string(folder.join(SOURCES)).ok()?;
    let stamps = sources.strip_prefix(key)?;
    let mut headers = BTreeSet::new();
    for line in stamps.lines() {
        let path = line.splitn(3, ' ').nth(2)?;
        if stamp(Path::new(path))?.1 != line {
            return None;
        }
        headers.insert(PathBuf::from(path));
    }
    Some(headers)
}

/// Returns when a file or folder changed, and a line that says so with its size.
fn stamp(path: &Path) -> Option<(SystemTime, String)> {
    let facts = fs::metadata(path).ok()?;
    let changed = facts.modified().ok()?;
    let since = changed.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let line = format!("{since} {} {}", facts.len(), path.to_str()?);
    (!line.contains('\n')).then_some((changed, line))
}

/// Makes a precompiled form and returns its headers, and the folders above them.
fn make(
    api: &'static Api,
    arguments: &[CString],
    folder: &Path,
    key: &str,
) -> Option<BTreeSet<PathBuf>> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let cache = folder.parent()?;
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let new = cache.join(format!("{PREFIX}new-{}-{number}", std::process::id()));
    fs::create_dir_all(&new).ok()?;
    let made = make_in(api, arguments, (&new, folder), key).filter(|_| {
        // One that is out of date makes room; where another process is faster, its form is as good.
        let _ = fs::remove_dir_all(folder);
        fs::rename(&new, folder).is_ok()
    });
    if made.is_some() {
        drop_oldest(cache);
    } else {
        let _ = fs::remove_dir_all(&new);
    }
    made
}

fn make_in(
    api: &'static Api,
    arguments: &[CString],
    (new, folder): (&Path, &Path),
    key: &str,
) -> Option<BTreeSet<PathBuf>> {
    let started = SystemTime::now().checked_sub(COARSEST_STAMP)?;
    let name = c_path(&folder.join("prelude.h"))?;
    let language = [c"-x", c"c++-header"].map(CStr::to_owned);
    let arguments: Vec<CString> = arguments.iter().cloned().chain(language).collect();
    let unit = Unit::parse(api, &name, TEXT, &arguments, Role::Header).filter(is_accepted)?;
    let headers: BTreeSet<PathBuf> = unit
        .inclusions()
        .into_iter()
        .map(|inclusion| PathBuf::from(inclusion.file))
        .collect();
    let above = headers.iter().flat_map(|header| header.ancestors().skip(1));
    let sources: BTreeSet<PathBuf> = above
        .filter(|folder| folder.parent().is_some_and(|_| *folder != Path::new("")))
        .map(Path::to_owned)
        .chain(headers.iter().cloned())
        .collect();
    let mut text = key.to_owned();
    for source in &sources {
        let (changed, line) = stamp(source)?;
        // Of what changes meanwhile nobody knows which state was read.
        if changed >= started {
            return None;
        }
        text.push_str(&line);
        text.push('\n');
    }
    fs::write(new.join(SOURCES), text).ok()?;
    unit.save(&c_path(&new.join(PRECOMPILED))?)
        .then_some(sources)
}

/// Returns whether a folder holds a file that is not one of these headers and may be found in place of one: by the last
/// parts of its name.
fn hides_one(searched: &Path, headers: &BTreeSet<PathBuf>) -> bool {
    let tails = |header: &'_ Path| {
        header
            .ancestors()
            .filter_map(|above| header.strip_prefix(above).ok())
            .filter(|tail| {
                tail.components()
                    .all(|part| matches!(part, Component::Normal(_)))
            })
            .map(Path::to_owned)
            .collect::<Vec<_>>()
    };
    let tails: BTreeSet<PathBuf> = headers.iter().flat_map(|header| tails(header)).collect();
    tails.iter().any(|tail| {
        let other = searched.join(tail);
        other.is_file() && !headers.contains(&other)
    })
}

/// Keeps the newest forms.
fn drop_oldest(cache: &Path) {
    let Ok(entries) = fs::read_dir(cache) else {
        return;
    };
    let mut kept: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    kept.sort();
    let surplus = kept.len().saturating_sub(MOST_KEPT);
    for (_, folder) in kept.into_iter().take(surplus) {
        let _ = fs::remove_dir_all(folder);
    }
}

fn c_path(path: &Path) -> Option<CString> {
    CString::new(path.to_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::Prelude;
    use crate::{clang, cpp, headers, parse};

    #[test]
    fn the_usual_options_have_a_precompiled_form() {
        let cache = tempfile::tempdir().unwrap();
        let api = clang::load().unwrap();
        let of_c = parse::arguments(
            &parse::Options::default(),
            headers::include_folder(api.path()),
        );
        let prelude = Prelude::new(api, cpp::arguments(&of_c), Some(cache.path()));
        assert!(prelude.precompiled.is_some());
        let (unit, edited) = prelude
            .parse(c"f.c", "int f(int3 v) { return v.x; }", &[])
            .unwrap();
        assert!(super::is_accepted(&unit));
        assert_eq!(edited.original(0), Some(0));
    }
}
