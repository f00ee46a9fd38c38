//! The user's own headers, so that a file can be compiled again where they are not.
//!
//! Lines are read as they stand, without conditions and macros: a header too many does no harm, and one that only a
//! macro names is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Most headers; a file that has more is not a small case to report.
const MOST: usize = 64;

/// Returns the headers that lie beside a file or in a folder of `-I` and `-iquote`, by the path that finds them from the
/// file's folder with `-I.`.
pub(crate) fn own_headers(
    text: &str,
    folder: &Path,
    arguments: &[String],
) -> BTreeMap<PathBuf, String> {
    let mut places = vec![folder.to_owned()];
    places.extend(searched(arguments));
    let mut found = BTreeMap::new();
    let mut pending: Vec<(PathBuf, String)> = vec![(PathBuf::new(), text.to_owned())];
    while let Some((name, text)) = pending.pop() {
        let beside = name.parent().unwrap_or(Path::new(""));
        for included in text.lines().filter_map(included) {
            let candidates = [beside.join(included), PathBuf::from(included)];
            let known = candidates.into_iter().find_map(|path| {
                let is_inside = path
                    .components()
                    .all(|part| matches!(part, Component::Normal(_)));
                let mut files = places.iter().map(|place| place.join(&path));
                let text = files.find_map(|file| fs::read_to_string(file).ok());
                Some(path).filter(|_| is_inside).zip(text)
            });
            if let Some((path, text)) = known
                && found.len() < MOST
                && !found.contains_key(&path)
            {
                found.insert(path.clone(), text.clone());
                pending.push((path, text));
            }
        }
    }
    found
}

/// Returns the folders of `-I DIR`, `-IDIR` and `-iquote DIR`.
fn searched(arguments: &[String]) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let joined = argument
            .strip_prefix("-iquote")
            .or_else(|| argument.strip_prefix("-I"));
        match joined {
            Some("") => folders.extend(rest.next().map(PathBuf::from)),
            Some(folder) => folders.push(PathBuf::from(folder)),
            None => {}
        }
    }
    folders
}

/// Returns what a line includes, quoted or in angle brackets.
fn included(line: &str) -> Option<&str> {
    let directive = line.trim_start().strip_prefix('#')?.trim_start();
    let name = directive.strip_prefix("include")?.trim_start();
    let (name, end) = match name.strip_prefix('"') {
        Some(name) => (name, '"'),
        None => (name.strip_prefix('<')?, '>'),
    };
    name.split_once(end).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_followed_and_what_lies_elsewhere_is_not() {
        let base = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = base.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("src/a.h", "#include \"sub/b.h\"\n");
        write("src/sub/b.h", "# include \"c.h\"\n#include \"a.h\"\n");
        write("src/sub/c.h", "int c;");
        write("inc/d.h", "int d;");
        write("outside.h", "int e;");
        let text =
            "#include \"a.h\"\n#include <d.h>\n#include \"../outside.h\"\n#include <stdio.h>\n";
        let arguments = [format!("-I{}", base.path().join("inc").display())];
        let found = own_headers(text, &base.path().join("src"), &arguments);
        let names: Vec<_> = found.keys().map(|path| path.to_str().unwrap()).collect();
        assert_eq!(names, ["a.h", "d.h", "sub/b.h", "sub/c.h"]);
    }
}
