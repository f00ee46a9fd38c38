//! Copies of public repositories, made ready for a compiler.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A copy of a repository that goes with this value.
pub(crate) struct Prepared {
    /// The folder in which the program's files lie.
    pub(crate) folder: PathBuf,
    _work: TempDir,
}

/// Returns the folder of what this project adds to programs.
pub(crate) fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scoreboard/field")
}

impl Prepared {
    /// Copies the repository `owner/name` that lies in `field` and has a shell do `prepare` in the copy, where `FIELD` is
    /// [`own_folder`]; `folder` is where in it the files lie.
    ///
    /// **Errors**: it is not there, or the shell failed.
    pub(crate) fn of(
        field: &Path,
        repository: &str,
        prepare: &str,
        folder: &str,
    ) -> Result<Self, String> {
        let repository = field.join(repository);
        if !repository.is_dir() {
            return Err(format!("not run: there is no {}", repository.display()));
        }
        let work = tempfile::tempdir().unwrap();
        let copy = work.path().join("program");
        let copied = Command::new("cp")
            .arg("-r")
            .args([&repository, &copy])
            .status();
        assert!(copied.unwrap().success());
        let prepared = Command::new("sh")
            .args(["-e", "-c", prepare])
            .current_dir(&copy)
            .env("FIELD", own_folder())
            .stdout(Stdio::null())
            .output()
            .unwrap();
        if !prepared.status.success() {
            let said = String::from_utf8_lossy(&prepared.stderr);
            let first = said.lines().next().unwrap_or_default();
            return Err(format!("not prepared: {first}"));
        }
        Ok(Self {
            folder: copy.join(folder),
            _work: work,
        })
    }

    /// Returns options with `@/` for the folder and `FIELD/` for [`own_folder`].
    pub(crate) fn options(&self, options: &[String]) -> Vec<String> {
        let at = format!("{}/", self.folder.display());
        let own = format!("{}/", own_folder().display());
        let filled = options.iter();
        filled
            .map(|option| option.replace("@/", &at).replace("FIELD/", &own))
            .collect()
    }
}
