//! The measured trajectories of this machine's user: one a line, in the data folder of the XDG base directories.
//!
//! **Source**: XDG Base Directory Specification 0.8, “Environment variables”.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mupac_ir::Measured;
use mupac_tester::HeldFolder;

use super::moves;
use crate::diagnostics::Message;
use crate::input::{self, words};
use crate::writer::{self, Target};

/// The name of the file.
const NAME: &str = "measured.jsonl";

/// Returns where measured trajectories are kept: the file that was named, or the usual one.
///
/// **Errors**: no environment variable says where the usual one is.
pub fn path(named: Option<&Path>) -> Result<PathBuf, Message> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    let variable = |name: &str| {
        let value = env::var_os(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    let folder = variable("XDG_DATA_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    let folder = folder.ok_or_else(|| {
        Message::error("neither XDG_DATA_HOME nor HOME says where data is kept")
            .help("--into names a file")
    })?;
    Ok(folder.join("mupac").join(NAME))
}

/// Reads what is kept; nothing where there is no file yet.
///
/// **Errors**: the file cannot be read, or a line of it is no measured trajectory.
pub fn read(path: &Path) -> Result<Vec<Measured>, Message> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = input::read_bytes(path)?;
    let text = String::from_utf8_lossy(&text);
    let name = path.display().to_string();
    let lines = (1..).zip(text.lines());
    lines
        .map(|(number, line)| {
            let wrong = |cause: String| {
                let what = format!("this is no measured trajectory: {cause}");
                Message::error(what).at(&name, number, 0)
            };
            let kept: Measured =
                serde_json::from_str(line).map_err(|cause| wrong(cause.to_string()))?;
            match kept
                .fault()
                .or_else(|| kept.regions.iter().find_map(moves::fault))
            {
                Some(what) => Err(wrong(what)),
                None => Ok(kept),
            }
        })
        .collect()
}

/// Makes the folder of the store and waits until no other process changes what is in it.
///
/// **Errors**: the folder cannot be made.
pub(super) fn hold(path: &Path) -> Result<HeldFolder, Message> {
    let cannot = |cause: io::Error| unwritable(path, &words(&cause));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    HeldFolder::of(path).map_err(cannot)
}

/// Writes what is kept, all or nothing.
pub(super) fn write(path: &Path, all: &[Measured]) -> Result<(), Message> {
    let mut text = String::new();
    for each in all {
        let line =
            serde_json::to_string(each).map_err(|cause| unwritable(path, &cause.to_string()))?;
        text.push_str(&line);
        text.push('\n');
    }
    writer::write_text(&Target::File(path.to_owned()), &text)
}

fn unwritable(path: &Path, why: &str) -> Message {
    Message::error(format!("cannot write {}: {why}", path.display()))
}

/// Returns whether two are of one run.
pub(super) fn is_same_run(a: &Measured, b: &Measured) -> bool {
    let key = |each: &Measured| {
        (
            each.text.clone(),
            each.function.clone(),
            each.device.clone(),
            each.date.clone(),
        )
    };
    key(a) == key(b)
}
