//! Whether the files of a report are still those that it tells of.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Report;
use crate::input;

/// A file as it was when the report was written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Digest {
    /// As the user named it, or the compiler.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal digits, as `sha256sum` prints it.
    ///
    /// **Source**: FIPS 180-4.
    pub sha256: String,
}

/// Returns the digests of files that can be read, each once, in the order of their first names.
pub fn digests<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Digest> {
    let mut known = BTreeSet::new();
    let names = names.into_iter().filter(|name| known.insert(*name));
    let digest = |name: &str| {
        let bytes = input::read_bytes(Path::new(name)).ok()?;
        Some(Digest {
            file: name.to_owned(),
            sha256: sha256(&bytes),
        })
    };
    names.filter_map(digest).collect()
}

fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// What became of a file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It holds what it held.
    Same(String),
    /// It is there, and the report is of a version that does not say what it held.
    Unknown,
    /// It holds something else now.
    Changed,
    /// It is not there.
    Gone,
}

impl Found {
    /// Returns its text, where the lines of the report are those of the text.
    ///
    /// A report that names a file without its digest gets nothing of it: reports may come from others.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Same(text) => Some(text),
            Self::Unknown | Self::Changed | Self::Gone => None,
        }
    }
}

/// The files of a report, as they are now.
#[derive(Clone, Debug)]
pub struct Texts {
    /// Those that loops stand in, by name, in the order of the report.
    pub sources: Vec<(String, Found)>,
    /// The output.
    pub output: Found,
}

impl Texts {
    /// Reads them: as they are named from the current folder, or else from that of the report, where it is a file.
    pub fn read(report: &Report, beside: Option<&Path>) -> Self {
        let mut known = BTreeSet::new();
        let digested = report.sources.iter().map(|digest| &digest.file);
        let of_loops = report.loops.iter().map(|each| &each.file);
        let names = digested.chain(of_loops).chain([&report.input]);
        let names = names.filter(|name| known.insert(name.as_str()));
        let sources = names.map(|name| (name.clone(), found(name, &report.sources, beside)));
        Self {
            sources: sources.collect(),
            output: found(&report.output, &report.written, beside),
        }
    }

    /// Returns what became of a source.
    pub fn source(&self, name: &str) -> Option<&Found> {
        let mut sources = self.sources.iter();
        let found = sources.find(|(each, _)| each == name);
        found.map(|(_, found)| found)
    }
}

fn found(name: &str, digests: &[Digest], beside: Option<&Path>) -> Found {
    let wanted = digests.iter().find(|digest| digest.file == name);
    let folder = beside.and_then(Path::parent);
    let places = std::iter::once(PathBuf::from(name)).chain(folder.map(|folder| folder.join(name)));
    let mut is_there = false;
    for bytes in places.filter_map(|place| input::read_bytes(&place).ok()) {
        is_there = true;
        if wanted.is_some_and(|wanted| wanted.sha256 == sha256(&bytes)) {
            return Found::Same(text(&bytes));
        }
    }
    match (is_there, wanted) {
        (true, Some(_)) => Found::Changed,
        (true, None) => Found::Unknown,
        (false, _) => Found::Gone,
    }
}

/// Returns text as it is translated: what is no UTF-8 is replaced, and a byte order mark is left out.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // **Source**: FIPS 180-4, examples of the first edition: `abc`, and nothing.
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
    }

    #[test]
    fn a_file_is_known_again_or_said_to_be_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.c");
        std::fs::write(&path, "int a;\n").unwrap();
        let name = path.to_string_lossy().into_owned();
        let known = digests([&*name, &*name, "no such file"]);
        assert_eq!(known.len(), 1);
        let same = Found::Same("int a;\n".to_owned());
        assert_eq!(found(&name, &known, None), same);
        // Named from elsewhere, it lies beside its report.
        let bare = vec![Digest {
            file: "a.c".to_owned(),
            ..known[0].clone()
        }];
        let report = folder.path().join("r.json");
        assert_eq!(found("a.c", &bare, Some(&report)), same);
        std::fs::write(&path, "int b;\n").unwrap();
        assert_eq!(found(&name, &known, None), Found::Changed);
        assert_eq!(found(&name, &[], None), Found::Unknown);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(found(&name, &known, None), Found::Gone);
    }
}
