//! What an object says of how it was compiled, in a section that linkers leave out: a command of the JSON compilation database,
//! and numbers by which is known that neither its source nor itself has changed since.
//!
//! **Source**: Clang documentation, JSON Compilation Database Format Specification; GNU ld manual, `exclude` of `SHF_EXCLUDE`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_tester::driver;
use serde::{Deserialize, Serialize};

use super::database::Entry;
use super::objects::tool;
use super::{Driver, replace};

/// The name of the section.
const SECTION: &str = ".mupac.command";

/// What the section holds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Note {
    #[serde(flatten)]
    pub(super) entry: Entry,
    /// Of what the compiler read.
    read: u64,
    /// Of the names that the object defines and asks for.
    symbols: u64,
}

impl Driver {
    /// Notes in each object of the command how it was compiled.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn note_commands(&self, temporary: &Path) -> Result<(), String> {
        for source in self.words.sources() {
            let noted = temporary.join("noted.o");
            let output = self.words.output(source);
            // Of what is no file, such as /dev/null, nobody reads a thing.
            if Path::new(&output).is_file() {
                self.note(source, Path::new(&output), &noted)?;
                replace(&noted, &output)?;
            }
        }
        Ok(())
    }

    /// Writes an object anew with a note of how its source was compiled.
    fn note(&self, source: &str, object: &Path, noted: &Path) -> Result<(), String> {
        let note = Note {
            entry: self.entry(source)?,
            read: self.read(source, noted)?,
            symbols: symbols(object)?,
        };
        let text = serde_json::to_string(&note).map_err(|why| why.to_string())?;
        let file = noted.with_extension("json");
        fs::write(&file, text).map_err(|why| format!("cannot write a note: {why}"))?;
        let words = vec![
            format!("--remove-section={SECTION}"),
            format!("--add-section={SECTION}={}", file.display()),
            format!("--set-section-flags={SECTION}=exclude,readonly"),
            object.to_string_lossy().into_owned(),
            noted.to_string_lossy().into_owned(),
        ];
        tool("objcopy", words).map(drop)
    }

    /// Returns a number that changes with what the compiler reads.
    fn read(&self, source: &str, beside: &Path) -> Result<u64, String> {
        let read = self.preprocessed(source, &beside.with_extension("i"), &[])?;
        Ok(driver::hash_of([read.as_slice()]))
    }

    /// Returns whether neither an object nor its source has changed since it was compiled; `beside` is a file that nobody
    /// else has.
    pub(super) fn is_fresh(&self, note: &Note, object: &Path, beside: &Path) -> bool {
        let source = note.entry.file.to_string_lossy();
        let own = self.of(note.entry.words());
        let read = in_folder(&note.entry.directory, || own.read(&source, beside));
        read == Ok(note.read) && symbols(object) == Ok(note.symbols)
    }

    /// Returns how the command compiles a source.
    pub(super) fn entry(&self, source: &str) -> Result<Entry, String> {
        let directory =
            env::current_dir().map_err(|why| format!("this folder has no name: {why}"))?;
        let mut arguments = self.settings.compiler.clone();
        arguments.extend(self.words.compiling());
        arguments.extend(["-c", source].map(str::to_owned));
        Ok(Entry {
            directory,
            file: PathBuf::from(source),
            command: None,
            arguments: Some(arguments),
        })
    }
}

/// Returns a number that changes with the names that an object defines and asks for.
fn symbols(object: &Path) -> Result<u64, String> {
    let words = ["-P", &object.to_string_lossy()].map(str::to_owned);
    let listed = tool("nm", words.to_vec())?;
    let mut names: Vec<&str> = listed.lines().collect();
    names.sort_unstable();
    Ok(driver::hash_of(names.into_iter().map(str::as_bytes)))
}

/// Does something in another folder.
///
/// **Errors**: it is not there any more; what is done.
pub(super) fn in_folder<T>(
    folder: &Path,
    work: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let here = env::current_dir().map_err(|why| format!("this folder has no name: {why}"))?;
    env::set_current_dir(folder).map_err(|why| format!("its folder is not there: {why}"))?;
    let done = work();
    env::set_current_dir(here).map_err(|why| format!("this folder is not there: {why}"))?;
    done
}

/// Returns what an object says of how it was compiled; `note` is a file for it.
pub(super) fn of(object: &Path, note: &Path) -> Option<Note> {
    let words = vec![
        format!("--dump-section={SECTION}={}", note.display()),
        object.to_string_lossy().into_owned(),
        note.with_extension("copy").to_string_lossy().into_owned(),
    ];
    tool("objcopy", words).ok()?;
    let text = fs::read(note).ok()?;
    // The next object may have none.
    let _ = fs::remove_file(note);
    serde_json::from_slice(&text).ok()
}
