//! What is compiled once and kept: a folder in the cache for each, whole or not there.
//!
//! A folder's name is a hash of what it is made from; it appears by a rename, so a reader never sees half of it.
//! It says of each of its files what it held when it was made, and serves only while that is still so: cleaners of caches,
//! full disks and crashes leave folders that look whole.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mupac_ir::hash::content_hash;

use crate::held::HeldFolder;
use crate::outcome::TesterError;
use crate::runtime;
use crate::unfinished::Unfinished;

/// Says what a folder holds.
const CONTENTS: &str = "contents";

/// Returns a folder that `build` fills, from the cache where it is there; `None` where nothing can be kept.
///
/// **Errors**: those of `build`, unless there is no room.
pub(crate) fn kept(
    stem: &str,
    hash: u64,
    build: impl Fn(&Path) -> Result<(), TesterError>,
) -> Result<Option<PathBuf>, TesterError> {
    let name = format!("{stem}-{hash:016x}");
    for base in runtime::cache_folders() {
        let folder = base.join(&name);
        if is_whole(&folder) {
            return Ok(Some(folder));
        }
        let Ok(made) = Unfinished::new(&base, stem) else {
            continue;
        };
        match build(made.path()) {
            // There may be room elsewhere; and another machine may have taken the folder for one that was left behind.
            Err(error) if error.is_full_disk() || !made.path().is_dir() => continue,
            outcome => outcome?,
        }
        if finish(&made, &base, &folder).is_ok() && is_whole(&folder) {
            return Ok(Some(folder));
        }
    }
    Ok(None)
}

/// Returns whether a folder holds what it held when it was made, and nothing else.
pub(crate) fn is_whole(folder: &Path) -> bool {
    let said = fs::read_to_string(folder.join(CONTENTS)).unwrap_or_default();
    !said.is_empty() && contents(folder).is_ok_and(|contents| contents == said)
}

/// Gives a folder in the making its name, unless another process was faster.
fn finish(made: &Unfinished, base: &Path, named: &Path) -> io::Result<()> {
    fs::write(made.path().join(CONTENTS), contents(made.path())?)?;
    let _alone = HeldFolder::new(base)?;
    if is_whole(named) {
        return Ok(());
    }
    if let Ok(facts) = fs::symlink_metadata(named) {
        if facts.is_dir() {
            fs::remove_dir_all(named)?;
        } else {
            fs::remove_file(named)?;
        }
    }
    // Under its new name nothing removes it.
    fs::rename(made.path(), named)
}

/// Returns a line for each file in a folder and below: the hash of what it holds, and its name.
fn contents(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next)? {
            let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
            if kind.is_dir() {
                left.push(path);
            } else if kind.is_file() {
                files.push(path);
            } else {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
    files.sort();
    let mut text = String::new();
    for path in files {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        if name == Path::new(CONTENTS) {
            continue;
        }
        let hash = content_hash(&fs::read(&path)?);
        // Writing to a string does not fail.
        let _ = writeln!(text, "{hash:016x} {}", name.display());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(folder: &Path) {
        fs::create_dir(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/a.h"), "int a;\n").unwrap();
        fs::write(folder.join("b.o"), [0; 100]).unwrap();
    }

    fn place(base: &Path) -> PathBuf {
        let (made, named) = (Unfinished::new(base, "simt").unwrap(), base.join("simt-1"));
        build(made.path());
        finish(&made, base, &named).unwrap();
        named
    }

    #[test]
    fn a_changed_folder_is_not_whole_and_made_again() {
        type Damage = fn(&Path);
        let base = tempfile::tempdir().unwrap();
        let damages: [Damage; 7] = [
            |folder| fs::write(folder.join("b.o"), "").unwrap(),
            |folder| fs::write(folder.join("sub/a.h"), "int b;\n").unwrap(),
            |folder| fs::remove_file(folder.join("b.o")).unwrap(),
            |folder| fs::write(folder.join("sub/math.h"), "").unwrap(),
            |folder| fs::write(folder.join(CONTENTS), "").unwrap(),
            |folder| fs::remove_dir_all(folder).unwrap(),
            |folder| {
                fs::remove_dir_all(folder).unwrap();
                fs::write(folder, "").unwrap();
            },
        ];
        for damage in damages {
            let folder = place(base.path());
            assert!(is_whole(&folder));
            damage(&folder);
            assert!(!is_whole(&folder));
        }
        assert!(is_whole(&place(base.path())));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 1);
    }
}
