//! Other names for what two files call alike and each has for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::outline::Outline;
use super::{JoinError, is_of_word, together, words};
use crate::parse::Input;

/// The other names of a file's own things.
#[derive(Clone, Debug, Default)]
pub(super) struct Renamed {
    others: BTreeMap<String, String>,
}

impl Renamed {
    /// Returns the other name of a word, if it has one.
    pub(super) fn other(&self, word: &str) -> Option<&str> {
        self.others.get(word).map(String::as_str)
    }

    /// Returns a word as it reads in the whole.
    pub(super) fn of(&self, word: &str) -> String {
        self.other(word).unwrap_or(word).to_owned()
    }

    /// Returns a text with every word as it reads in the whole.
    pub(super) fn in_text(&self, text: &str) -> String {
        each_word(text, &|word| self.of(word))
    }
}

/// Returns a text with other words for its names, keywords and numbers.
pub(super) fn each_word(text: &str, other: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .find(|letter| !is_of_word(letter))
            .unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        out.push_str(&other(word));
        let next = behind.find(is_of_word).unwrap_or(behind.len());
        out.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    out
}

/// Returns the other names of each file.
///
/// What is shared keeps its name, and of things that several files have for themselves the first one does.
///
/// **Errors**: a file prints names of its own things, which must not change.
pub(super) fn renamed(files: &[Input], outlines: &[Outline]) -> Result<Vec<Renamed>, JoinError> {
    let texts = outlines.iter().map(|each| each.text.as_str());
    let mut taken: BTreeSet<String> = texts
        .flat_map(|text| words(text))
        .map(str::to_owned)
        .collect();
    let mut all = Vec::new();
    for (index, (file, outline)) in files.iter().zip(outlines).enumerate() {
        let mut renamed = Renamed::default();
        let others = || {
            outlines
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
        };
        let clashes = outline.private.iter().filter(|name| {
            others().any(|(other, of)| {
                of.declared.contains(name) && (other < index || !of.private.contains(name))
            })
        });
        for name in clashes {
            if outline.spells(name) {
                return Err(together(format!(
                    "{}: another file has a `{}` too, and this one cannot get another name: the file makes text of names (`#`, `assert`, `__func__`)",
                    file.name, name.word
                )));
            }
            let fresh = fresh(&name.word, &file.name, &mut taken);
            renamed.others.insert(name.word.clone(), fresh);
        }
        all.push(renamed);
    }
    Ok(all)
}

/// Returns a name with that of its file behind it, which nothing else has.
fn fresh(word: &str, file: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = Path::new(file)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let stem = stem.replace(|letter| !is_of_word(letter), "_");
    let base = format!("{word}_{stem}");
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}
