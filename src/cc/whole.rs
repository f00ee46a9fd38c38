//! `--whole-program`: the sources of a program are translated as one when it is linked.
//!
//! Each object says how it was compiled (`note`). The linker says of which objects and members of archives it makes the
//! program (`linked`). Where all that is the user's among them has such a note, nothing has changed since, and all sources
//! are compiled alike in the folder of the link, they are translated as one, and one object takes their places; what a shared
//! library of the user's or another language's object does with pointers nobody sees. Where that does not work, each source
//! that has a word of its own is translated by itself, as without the option.

use std::env;
use std::path::{Path, PathBuf};

use super::database::Entry;
use super::device::Device;
use super::link::Instead;
use super::linked::{Linked, Object};
use super::note::in_folder;
use super::words::{self, Words};
use super::{Driver, say};

/// Words for linkers, without dashes, by which a name or a place leads elsewhere than to what is written there.
///
/// **Source**: GNU ld manual, 2.1.
const REDIRECTING: [&str; 7] = [
    "shared",
    "wrap",
    "defsym",
    "muldefs",
    "allow-multiple-definition",
    "whole-archive",
    "just-symbols",
];

/// Has what is written first come first: constructors, and what linkers gather by sections.
///
/// **Source**: GCC manual 12, 3.11.
const IN_ORDER: &str = "-fno-toplevel-reorder";

impl Driver {
    /// Translates all sources of the program that the command links, and links it again.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn translate_whole(&self, device: &Device, temporary: &Path) -> Result<(), String> {
        let linked = self.linked(temporary)?;
        if linked.objects.is_empty() {
            return Ok(());
        }
        let whole = self.one_object(&linked, device, temporary);
        let whole = whole.and_then(|object| match object {
            Some(object) => self.link_again(&[Object::instead(object, &linked.objects)], device),
            None => Ok(()),
        });
        let Err(why) = whole else {
            return Ok(());
        };
        say(&format!("the program is not translated as a whole: {why}"));
        let objects = self.each_by_itself(&linked.objects, device, temporary);
        if objects.is_empty() {
            return Ok(());
        }
        self.link_again(&objects, device)
    }

    /// Makes an object with kernels of each source that has some, and a word of the command.
    fn each_by_itself(
        &self,
        objects: &[Object],
        device: &Device,
        temporary: &Path,
    ) -> Vec<Instead> {
        let mut made = Vec::new();
        for (number, object) in objects.iter().enumerate() {
            if object.word.is_none() {
                continue;
            }
            let entry = &object.entry;
            let source = entry.file.to_string_lossy();
            let file = temporary.join(format!("{number}.o"));
            let own = in_folder(&entry.directory, || {
                self.of(entry.words()).object(&[&source], &file, device)
            });
            match own {
                Ok(own) => {
                    let object = std::slice::from_ref(object);
                    made.extend(own.map(|own| Object::instead(own, object)));
                }
                Err(why) => say(&format!("{source}: {why}; its loops run on the host")),
            }
        }
        made
    }

    /// Makes one object of all sources; `None`: they have no kernels.
    ///
    /// **Errors**: in words, why they are not one.
    fn one_object(
        &self,
        linked: &Linked,
        device: &Device,
        temporary: &Path,
    ) -> Result<Option<PathBuf>, String> {
        if let Some(why) = &linked.unseen {
            return Err(why.clone());
        }
        if let Some(word) = self.redirecting() {
            return Err(format!(
                "{word} has the linker take something else than is written"
            ));
        }
        let entries: Vec<&Entry> = linked.objects.iter().map(|object| &object.entry).collect();
        let mut compiling = alike(&entries)?;
        let sources = entries.iter().map(|entry| entry.file.to_string_lossy());
        let sources: Vec<_> = sources.collect();
        let sources: Vec<&str> = sources.iter().map(AsRef::as_ref).collect();
        compiling.push(IN_ORDER.to_owned());
        let compiling = self.of(words::read(&compiling));
        compiling.object(&sources, &temporary.join("whole.o"), device)
    }

    /// Returns a word of the command by which the linker takes something else than is written.
    fn redirecting(&self) -> Option<&str> {
        let all = self.words.all.iter().flat_map(|word| word.texts.iter());
        let mut parts = all.flat_map(|text| text.split([',', '=', ' ']));
        parts.find(|part| REDIRECTING.contains(&part.trim_start_matches('-')))
    }

    /// Returns the driver of another command.
    pub(super) fn of(&self, words: Words) -> Self {
        Self {
            settings: self.settings.clone(),
            compiler: self.compiler.clone(),
            written: Vec::new(),
            words,
        }
    }
}

/// Returns the words with which all sources are compiled.
///
/// **Errors**: in words, which are compiled in another way or folder.
fn alike(entries: &[&Entry]) -> Result<Vec<String>, String> {
    let here = env::current_dir().map_err(|why| format!("this folder has no name: {why}"))?;
    if let Some(other) = entries.iter().find(|entry| entry.directory != here) {
        let (file, folder) = (other.file.display(), other.directory.display());
        return Err(format!(
            "{file} is compiled in {folder}, and the program linked elsewhere"
        ));
    }
    let (common, others) = entries.split_first().ok_or("it has no sources")?;
    let compiling = common.words().compiling();
    match others
        .iter()
        .find(|other| other.words().compiling() != compiling)
    {
        Some(other) => {
            let [one, other] = [common, other].map(|entry| entry.file.display());
            Err(format!("{one} and {other} are compiled with other options"))
        }
        None => Ok(compiling),
    }
}
