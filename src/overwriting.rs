//! Refuses, before anything is done, to write one file over another: over one that the same command reads or writes, and
//! over one that mupac did not write.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diagnostics::Message;
use crate::input::is_dash;
use crate::outputs;
use crate::writer::{self, Target};

/// Checks that a command writes over none of the files it `read`s and writes no file twice; beside each target stands
/// what helps.
///
/// **Errors**: a message that names the file.
pub(crate) fn refuse<'a>(
    read: impl IntoIterator<Item = &'a Path>,
    written: &[(Target, &str)],
) -> Result<(), Message> {
    let read = read.into_iter().filter(|path| !is_dash(path));
    let read: BTreeSet<PathBuf> = read.filter_map(place).collect();
    let mut taken = BTreeSet::new();
    for (target, help) in written {
        let place = match target {
            Target::StandardOutput => Some(PathBuf::from("-")),
            Target::File(path) => place(path),
        };
        // What has no place cannot be written either, which the writer says.
        let Some(place) = place else { continue };
        let trouble = if read.contains(&place) {
            "is read by this command and would be overwritten"
        } else if !taken.insert(place) {
            "would be written twice"
        } else {
            continue;
        };
        return Err(Message::error(format!("{} {trouble}", target.name())).help(help));
    }
    Ok(())
}

/// Checks that a command writes over none of the headers that its input includes.
///
/// **Errors**: a message that names the file.
pub(crate) fn refuse_included<'a>(
    headers: &[PathBuf],
    output: &'a Target,
    reports: impl IntoIterator<Item = &'a Target>,
) -> Result<(), Message> {
    let read: BTreeSet<PathBuf> = headers.iter().filter_map(|path| place(path)).collect();
    for target in std::iter::once(output).chain(reports) {
        let Target::File(path) = target else { continue };
        if place(path).is_some_and(|place| read.contains(&place)) {
            let words = format!(
                "the input includes {}, which would be overwritten",
                target.name()
            );
            return Err(Message::error(words).help("-o and --report name other files"));
        }
    }
    Ok(())
}

/// Checks that what is there already was written by mupac; `help` says what to do where it was not.
///
/// **Errors**: a message that names the first file which was not.
pub(crate) fn refuse_foreign<'a>(
    written: impl IntoIterator<Item = &'a Target>,
    help: &str,
) -> Result<(), Message> {
    for target in written {
        if let Target::File(path) = target
            && path.is_file()
            && !outputs::is_one(path)
        {
            let words = format!(
                "{} is there already, and mupac did not write it",
                target.name()
            );
            return Err(Message::error(words).help(help));
        }
    }
    Ok(())
}

/// Checks that the folders are there in which files will lie; what makes one on its way is none of these.
///
/// **Errors**: a message that names the first file whose folder is missing.
pub(crate) fn refuse_homeless<'a>(
    written: impl IntoIterator<Item = &'a Target>,
) -> Result<(), Message> {
    for target in written {
        let Target::File(path) = target else { continue };
        let path = writer::followed(path).unwrap_or_else(|_| path.clone());
        let folder = path.parent().unwrap_or(Path::new(""));
        if !folder.as_os_str().is_empty() && !folder.exists() {
            let words = format!("cannot write {}: its folder does not exist", target.name());
            let help = format!("mkdir -p {}", folder.display());
            return Err(Message::error(words).help(help));
        }
    }
    Ok(())
}

/// Returns where a file lies, or will lie, however it is spelled; `None` for what is no file, such as a device, which
/// can be written again and again.
fn place(path: &Path) -> Option<PathBuf> {
    let path = &writer::followed(path).ok()?;
    if let Ok(real) = std::fs::canonicalize(path) {
        return real.is_file().then_some(real);
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    Some(std::fs::canonicalize(folder).ok()?.join(path.file_name()?))
}
