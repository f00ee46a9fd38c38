//! Which included files are taken into the text, and why the others are not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::file;
use super::found::Found;
use crate::clang::Inclusion;

/// A file that is included once.
pub(super) struct Taken {
    /// What it holds.
    pub(super) text: String,
    /// The file that includes it.
    pub(super) includer: String,
    /// The line there.
    pub(super) line: Range<usize>,
}

/// Why a file stays as it is.
#[derive(Clone)]
pub(super) struct Stays {
    /// A sentence without an end.
    pub(super) why: String,
    /// What helps, where that is another thing than its text in the main file.
    pub(super) help: Option<String>,
}

/// The files of a unit, by their names as clang found them.
pub(super) struct Files<'f> {
    found: &'f Found,
    /// What they hold, as far as it is text.
    texts: BTreeMap<String, String>,
    /// Where they lie, each time that they are read.
    places: Vec<PathBuf>,
}

impl<'f> Files<'f> {
    /// Reads them, but for the main one, whose text this is.
    pub(super) fn read(found: &'f Found, main: &str) -> Self {
        let names = found.inclusions.iter().map(|each| each.file.as_str());
        let text = |name: &str| fs::read_to_string(name).ok();
        let texts = names
            .clone()
            .filter_map(|name| Some((name.to_owned(), text(name)?)));
        let mut texts: BTreeMap<String, String> = texts.collect();
        texts.insert(found.main.clone(), main.to_owned());
        Self {
            found,
            texts,
            places: names.map(place).collect(),
        }
    }

    /// Returns the files that are wanted in the text: what they define has loops that the program runs, or is called by the
    /// text; and the files on the way to them. Beside those stand the files that are wanted and stay, with the reason.
    ///
    /// `refused` says which ones stay in any case.
    pub(super) fn chosen(
        &self,
        refused: &BTreeMap<String, Stays>,
    ) -> (BTreeMap<String, Taken>, BTreeMap<String, Stays>) {
        let (mut taken, mut left) = (BTreeMap::new(), BTreeMap::new());
        loop {
            let known = |name: &String| taken.contains_key(name) || left.contains_key(name);
            let wanted = self.wanted(&taken);
            let Some(name) = wanted.into_iter().find(|name| !known(name)) else {
                return (taken, left);
            };
            match self.with_includers(&name, refused) {
                Ok(files) => taken.extend(files),
                Err(why) => {
                    left.insert(name, why);
                }
            }
        }
    }

    fn wanted(&self, taken: &BTreeMap<String, Taken>) -> BTreeSet<String> {
        let reached = self.found.reached();
        let is_text = |file: &String| *file == self.found.main || taken.contains_key(file);
        let callers = reached.iter().filter(|each| is_text(&each.file));
        let called: BTreeSet<&String> = callers.flat_map(|each| &each.calls).collect();
        let wanted = reached
            .iter()
            .filter(|each| each.loops > 0 || called.contains(&each.name));
        let files = wanted.map(|each| each.file.clone());
        files.filter(|file| *file != self.found.main).collect()
    }

    /// Returns a file with those by way of which the main one includes it.
    fn with_includers(
        &self,
        name: &str,
        refused: &BTreeMap<String, Stays>,
    ) -> Result<Vec<(String, Taken)>, Stays> {
        let mut files = Vec::new();
        let mut name = name.to_owned();
        while name != self.found.main {
            if let Some(why) = refused.get(&name) {
                return Err(why.clone());
            }
            let file = self.file(&name);
            let file = file.map_err(|why| Stays { why, help: None })?;
            let includer = file.includer.clone();
            files.push((name, file));
            name = includer;
        }
        Ok(files)
    }

    fn file(&self, name: &str) -> Result<Taken, String> {
        let here = place(name);
        let inclusions = self.found.inclusions.iter().zip(&self.places);
        let inclusions: Vec<_> = inclusions.filter(|(_, place)| **place == here).collect();
        let text = self.texts.get(name).ok_or("it is not UTF-8")?;
        let Some((inclusion, _)) = inclusions.first() else {
            return Err("it is not included".to_owned());
        };
        // Files that a file with a guard includes may include it again, and find nothing in it.
        let guard = file::guard(text);
        let forgets = |name| self.texts.values().any(|text| file::forgets(text, name));
        if inclusions.len() > 1 && guard.is_none_or(forgets) {
            return Err("it is included more than once".to_owned());
        }
        if text.trim_end_matches(['\n', '\r']).ends_with('\\') {
            return Err("its last line goes on in the next one".to_owned());
        }
        if let Some(word) = file::depends_on_file(text) {
            return Err(format!("it uses {word}"));
        }
        if self
            .texts
            .values()
            .any(|text| file::asks_how_included(text))
        {
            return Err("the program asks which files include which".to_owned());
        }
        if file::numbered_lines(text) > 0 {
            return Err("it has #line directives".to_owned());
        }
        if file::is_once(text) {
            let last = Path::new(name).file_name().and_then(|each| each.to_str());
            let texts = self.texts.values().map(String::as_str);
            if last.and_then(|last| file::mentions(texts, last)) != Some(1) {
                return Err(
                    "it says #pragma once, and more than one line may include it".to_owned(),
                );
            }
        }
        let line = self.line(inclusion)?;
        Ok(Taken {
            text: text.clone(),
            includer: inclusion.includer.clone(),
            line,
        })
    }

    /// Returns the line that includes a file, which stands between declarations.
    fn line(&self, inclusion: &Inclusion) -> Result<Range<usize>, String> {
        let text = self.texts.get(&inclusion.includer);
        let line = text.and_then(|text| file::include_at(text, inclusion.at));
        let line = line.ok_or("it is not included by #include \"…\" on a line of its own")?;
        let is_around = |place: &Range<usize>| place.start < line.end && line.start < place.end;
        let mut declarations = self.found.declarations.iter();
        let is_within = declarations.any(|(file, place)| match place {
            Some(place) => *file == inclusion.includer && is_around(place),
            None => [&inclusion.includer, &inclusion.file].contains(&file),
        });
        if is_within {
            return Err("it is included within a declaration".to_owned());
        }
        Ok(line)
    }

    /// Returns where the files lie that are read besides some.
    pub(super) fn places_without(&self, taken: &BTreeMap<String, Taken>) -> Vec<PathBuf> {
        let taken: BTreeSet<PathBuf> = taken.keys().map(|name| place(name)).collect();
        let others = self.places.iter().filter(|place| !taken.contains(*place));
        others.cloned().collect()
    }
}

/// Returns where a file lies, however it is named.
pub(super) fn place(name: &str) -> PathBuf {
    fs::canonicalize(name).unwrap_or_else(|_| PathBuf::from(name))
}
