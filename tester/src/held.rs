//! Lets one process at a time change what is in a folder.
//!
//! Files that are replaced whole cannot be locked themselves, since who waits for the old one would change the new one.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A folder that no other process holds, as long as this lives.
#[derive(Debug)]
pub struct HeldFolder {
    _lock: File,
}

impl HeldFolder {
    /// Waits until no other process holds the folder of a file, which need not exist.
    ///
    /// **Errors**: there is no such folder, or it cannot be opened.
    ///
    /// **Source**: Linux man-pages flock(2).
    pub fn of(file: &Path) -> io::Result<Self> {
        // Where a link leads, so that all its names stand for one folder.
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let folder = match real.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            Some(_) | None => PathBuf::from("."),
        };
        Self::new(&folder)
    }

    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        let lock = File::open(folder)?;
        lock.lock()?;
        Ok(Self { _lock: lock })
    }

    /// Holds a folder if no other process does.
    pub(crate) fn try_new(folder: &Path) -> io::Result<Option<Self>> {
        let lock = File::open(folder)?;
        Ok(lock.try_lock().is_ok().then_some(Self { _lock: lock }))
    }
}

#[cfg(test)]
mod tests {
    use super::HeldFolder;

    #[test]
    fn a_folder_is_held_once_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("kept"), folder.path().join("link"));
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink("../kept", folder.path().join("sub/link")).unwrap();
        std::os::unix::fs::symlink("sub/link", &link).unwrap();
        let held = HeldFolder::of(&link).unwrap();
        assert!(HeldFolder::try_new(folder.path()).unwrap().is_none());
        drop(held);
        assert!(HeldFolder::try_new(folder.path()).unwrap().is_some());
    }
}
