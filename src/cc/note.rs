//! What an object says of how it was compiled: a command of the JSON compilation database, in a section that linkers leave out.
//!
//! **Source**: Clang documentation, JSON Compilation Database Format Specification; GNU ld manual, `exclude` of `SHF_EXCLUDE`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::database::Entry;
use super::objects::tool;
use super::{Driver, replace};

/// The name of the section.
const SECTION: &str = ".mupac.command";

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
        let entry = self.entry(source)?;
        let text = serde_json::to_string(&entry).map_err(|why| why.to_string())?;
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

/// Returns what an object says of how it was compiled; `note` is a file for it.
pub(super) fn of(object: &Path, note: &Path) -> Option<Entry> {
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
