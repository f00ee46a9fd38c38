//! The user's own headers, which have to come along: those that a file includes and that lie beside it or in a folder
//! that the options name.
//!
//! Names in macros are not read, and both sides of a conditional are: what is copied too much does no harm.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use mupac_tester::BundleFile;

use crate::diagnostics::Message;
use crate::input;

/// Returns the headers of a text, by the names under which the text includes them.
///
/// **Errors**: a header that cannot be read, or whose name leads out of its folder.
pub(super) fn headers(
    source: &Path,
    text: &str,
    compiler: &[String],
) -> Result<Vec<BundleFile>, Message> {
    let folders = folders(compiler);
    let beside = source.parent().unwrap_or(Path::new(""));
    let mut found: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    // Where a text lies, its name in the bundle, and what it holds.
    let mut pending = vec![(beside.to_owned(), PathBuf::new(), text.to_owned())];
    while let Some((folder, place, text)) = pending.pop() {
        for (name, is_quoted) in included(&text) {
            let own = is_quoted.then(|| (folder.join(name), place.join(name)));
            let others = folders.iter().map(|each| (each.join(name), name.into()));
            let candidates = own.into_iter().chain(others);
            let Some((path, place)) = candidates.into_iter().find(|(path, _)| path.is_file())
            else {
                continue;
            };
            if found.contains_key(&place) {
                continue;
            }
            let is_inside = place
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            if !is_inside {
                return Err(Message::error(format!(
                    "{}: it includes {name}, which lies outside of its folder",
                    source.display()
                ))
                .help("name that folder with -I and include the header by its own name"));
            }
            let content = input::read_bytes(&path)?;
            let text = String::from_utf8_lossy(&content).into_owned();
            found.insert(place.clone(), content);
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let inner = place.parent().unwrap_or(Path::new("")).to_owned();
            pending.push((folder, inner, text));
        }
    }
    let files = found.into_iter().map(|(name, content)| BundleFile {
        name: name.to_string_lossy().into_owned(),
        content,
    });
    Ok(files.collect())
}

/// Options that name a folder of headers.
const FOLDER_OPTIONS: [&str; 4] = ["-isystem", "-iquote", "-idirafter", "-I"];

/// Returns the folders in which headers are looked for.
fn folders(compiler: &[String]) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut rest = compiler.iter();
    while let Some(option) = rest.next() {
        let Some(name) = FOLDER_OPTIONS
            .iter()
            .find(|name| option.starts_with(**name))
        else {
            continue;
        };
        let glued = &option[name.len()..];
        if glued.is_empty() {
            folders.extend(rest.next().map(PathBuf::from));
        } else {
            folders.push(PathBuf::from(glued));
        }
    }
    folders
}

/// Returns the options without folders of headers.
pub(super) fn without_folders(compiler: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = compiler.iter();
    while let Some(option) = rest.next() {
        if FOLDER_OPTIONS.contains(&option.as_str()) {
            rest.next();
        } else if !FOLDER_OPTIONS.iter().any(|name| option.starts_with(name)) {
            kept.push(option.clone());
        }
    }
    kept
}

/// Returns the names that a text includes, and whether each is quoted.
fn included(text: &str) -> Vec<(&str, bool)> {
    let mut names = Vec::new();
    for line in text.lines() {
        let rest = line.trim_start().strip_prefix('#').map(str::trim_start);
        let Some(rest) = rest.and_then(|rest| rest.strip_prefix("include")) else {
            continue;
        };
        let rest = rest.trim_start();
        for (open, close, is_quoted) in [('"', '"', true), ('<', '>', false)] {
            let name = rest
                .strip_prefix(open)
                .and_then(|rest| rest.split_once(close));
            names.extend(name.map(|(name, _)| (name, is_quoted)));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_headers_come_along_and_those_of_the_system_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("sub")).unwrap();
        std::fs::create_dir_all(path("other")).unwrap();
        std::fs::write(path("sub/a.h"), "#include \"b.h\"\n#include <c.h>\n").unwrap();
        std::fs::write(path("sub/b.h"), "").unwrap();
        std::fs::write(path("other/c.h"), "").unwrap();
        let compiler = ["-I".to_owned(), path("other").display().to_string()];
        let text = " # include \"sub/a.h\"\n#include <stdio.h>\n";
        let found = headers(&path("main.c"), text, &compiler).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["c.h", "sub/a.h", "sub/b.h"]);
        assert!(without_folders(&compiler).is_empty());
    }

    #[test]
    fn a_header_outside_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(folder.path().join("up.h"), "").unwrap();
        let source = folder.path().join("sub/main.c");
        assert!(headers(&source, "#include \"../up.h\"\n", &[]).is_err());
    }
}
