//! The user's own libraries, which have to come along: those that `-l` names and that lie in a folder that `-L` names.

use std::fs;
use std::path::Path;

use mupac_tester::BundleFile;

use super::OWN_FOLDER;
use crate::diagnostics::Message;
use crate::input;

/// Where they lie in the folder of a text.
const FOLDER: &str = "lib";

/// Returns options for the linker that hold on another machine, and the libraries that they need.
///
/// A folder that is named from here is another one there; what no folder of the user's holds is for that machine to have.
///
/// **Errors**: a library that cannot be read.
pub(super) fn libraries(link: &[String]) -> Result<(Vec<String>, Vec<BundleFile>), Message> {
    let mut files: Vec<BundleFile> = Vec::new();
    let folders = link.iter().filter_map(|option| option.strip_prefix("-L"));
    for folder in folders {
        for name in link.iter().filter_map(|option| option.strip_prefix("-l")) {
            let taken: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
            let found = library(Path::new(folder), name)?;
            files.extend(found.into_iter().filter(|file| !taken.contains(&file.name)));
        }
    }
    let is_kept = |option: &&String| {
        let folder = option.strip_prefix("-L").map(Path::new);
        folder.is_none_or(Path::is_absolute)
    };
    let own = (!files.is_empty()).then(|| format!("-L{OWN_FOLDER}/{FOLDER}"));
    let kept = link.iter().filter(is_kept).cloned();
    Ok((own.into_iter().chain(kept).collect(), files))
}

/// Returns the files of a library in a folder: an archive, and a shared object under all of its names.
fn library(folder: &Path, name: &str) -> Result<Vec<BundleFile>, Message> {
    let (archive, shared) = (format!("lib{name}.a"), format!("lib{name}.so"));
    let is_of_library = |file: &str| {
        let version = file.strip_prefix(&shared);
        file == archive || version.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|file| is_of_library(file))
        .collect();
    names.sort();
    let file = |name: String| {
        Ok(BundleFile {
            content: input::read_bytes(&folder.join(&name))?,
            name: format!("{FOLDER}/{name}"),
        })
    };
    names.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_libraries_come_along_and_those_of_the_system_do_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["libown.a", "libown.so.1", "libowner.a", "libother.so"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let own = format!("-L{}", folder.path().display());
        let link = ["-Lnowhere", &own, "-lown", "-lm", "-Wl,-z,now"].map(str::to_owned);
        let (options, files) = libraries(&link).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["lib/libown.a", "lib/libown.so.1"]);
        assert_eq!(options, ["-L@/lib", &own, "-lown", "-lm", "-Wl,-z,now"]);
    }

    #[test]
    fn without_own_libraries_no_folder_is_named() {
        let link = ["-Lnowhere", "-lm"].map(str::to_owned);
        let (options, files) = libraries(&link).unwrap();
        assert_eq!(options, ["-lm"]);
        assert!(files.is_empty());
    }
}
