//! Folders of the cache that are being made.
//!
//! A process holds what it makes, and its number is part of the name: what nobody holds was left behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::Duration;

use crate::held::HeldFolder;
use crate::runtime;

/// What stands in the name of such a folder, before the number of its process; the front end names its own alike.
const NEW: &str = "-new-";

/// What stands before that: nothing else in the folder that the user names for a cache is touched.
const STEMS: [&str; 6] = [
    "simt",
    "simt-processor",
    "bundle",
    "headers",
    "cc-parts",
    "cc-kernels",
];

/// A folder in the making; what is not finished is removed.
#[derive(Debug)]
pub(crate) struct Unfinished {
    folder: tempfile::TempDir,
    _held: HeldFolder,
}

impl Unfinished {
    /// Makes a folder in another one, from which what was left behind is removed.
    ///
    /// **Errors**: it cannot be made.
    pub(crate) fn new(base: &Path, stem: &str) -> io::Result<Self> {
        fs::create_dir_all(base)?;
        // Nobody takes a folder that is not held yet for one that was left behind.
        let _alone = HeldFolder::new(base)?;
        for (path, _) in folders(base) {
            if matches!(HeldFolder::try_new(&path), Ok(Some(_))) {
                // What cannot be removed is in nobody's way.
                let _ = fs::remove_dir_all(path);
            }
        }
        let prefix = format!("{stem}{NEW}{}-", process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(base)?;
        let held = HeldFolder::new(folder.path())?;
        Ok(Self {
            folder,
            _held: held,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what this process has in the making; the last thing that it does.
pub(crate) fn abandon() {
    for base in runtime::cache_folders() {
        let folders = folders(&base).into_iter();
        for (path, _) in folders.filter(|(_, maker)| *maker == process::id()) {
            // Threads that still run may write to it meanwhile.
            for _ in 0..20 {
                if fs::remove_dir_all(&path).is_ok() || !path.exists() {
                    break;
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// Returns the folders in the making, each with the number of its process.
fn folders(base: &Path) -> Vec<(PathBuf, u32)> {
    let maker = |name: &str| {
        let (stem, rest) = name.split_once(NEW)?;
        let (number, _) = rest.split_once('-')?;
        STEMS.contains(&stem).then(|| number.parse().ok())?
    };
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.path(), maker(&entry.file_name().to_string_lossy())?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_holds_is_removed_and_what_is_in_the_making_stays() {
        let base = tempfile::tempdir().unwrap();
        let left = base.path().join("simt-new-1-abc");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("a.h"), "").unwrap();
        let users = ["my-new-7-plans", "simt-new-plans", "simt-new-plans-7"];
        let users = users.map(|name| base.path().join(name));
        for path in &users {
            fs::create_dir(path).unwrap();
        }
        let making = Unfinished::new(base.path(), "simt").unwrap();
        assert!(!left.exists());
        drop(Unfinished::new(base.path(), "bundle").unwrap());
        assert!(making.path().exists());
        drop(making);
        assert!(users.iter().all(|path| path.exists()));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), users.len());
    }
}
