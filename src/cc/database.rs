//! `compile_commands.json`: the compiler options of a project's files, as `CMake`, Meson and others write them.
//!
//! **Source**: Clang documentation, JSON Compilation Database Format Specification.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::options::FOLDERS;
use super::response;
use super::words::{self, Words};
use crate::diagnostics::Message;

/// The name of the file in a build folder.
const NAME: &str = "compile_commands.json";

/// Options whose value is a file, looked for in the compiler's folder first.
const FILES: [&str; 2] = ["-include", "-imacros"];

/// How one file is compiled.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Entry {
    pub(super) directory: PathBuf,
    pub(super) file: PathBuf,
    /// The command as a shell takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arguments: Option<Vec<String>>,
}

/// Returns how the text of `inputs` is read by the commands of a database: a file, or the folder that holds one.
///
/// **Errors**: it cannot be read, names none of the inputs, or has other options for another of them.
pub(crate) fn reading(database: &Path, inputs: &[PathBuf]) -> Result<Vec<String>, Message> {
    let entries = entries(database)?;
    let mut known: Option<(&Path, Vec<String>)> = None;
    for input in inputs {
        let mut own = entries.iter().filter(|entry| entry.is_of(input));
        let entry = own.next().ok_or_else(|| {
            Message::error(format!(
                "{} does not say how {} is compiled",
                database.display(),
                input.display()
            ))
            .help("options of the compiler can be given as compilers spell them: -I, -D, -std=…")
        })?;
        let words = entry.reading()?;
        if own.any(|other| other.reading().ok().as_ref() != Some(&words)) {
            let words = format!("{} is compiled in more than one way", input.display());
            return Err(Message::error(words)
                .help("give the compiler's options as compilers spell them: -I, -D, -std=…"));
        }
        match &known {
            Some((first, others)) if *others != words => {
                return Err(Message::error(format!(
                    "{} and {} are compiled with other options",
                    first.display(),
                    input.display()
                ))
                .help("translate them one at a time"));
            }
            Some(_) => {}
            None => known = Some((input, words)),
        }
    }
    Ok(known.map(|(_, words)| words).unwrap_or_default())
}

/// Returns the C files that a database says how to compile, as they lie from here, in order.
///
/// **Errors**: it cannot be read, or names no C file that is there.
pub(crate) fn sources(database: &Path) -> Result<Vec<PathBuf>, Message> {
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let near = |path: PathBuf| {
        let below = here
            .as_ref()
            .ok()
            .and_then(|here| path.strip_prefix(here).ok());
        below.map_or(path.clone(), Path::to_owned)
    };
    let entries = entries(database)?;
    let files = entries.iter().filter_map(|entry| {
        let file = entry.directory.join(&entry.file).canonicalize().ok()?;
        (file.extension()? == "c").then_some(file)
    });
    let files: BTreeSet<PathBuf> = files.map(near).collect();
    if files.is_empty() {
        let words = format!("{} names no C file that is there", database.display());
        return Err(
            Message::error(words).help("configure the project first, and run its generators")
        );
    }
    Ok(files.into_iter().collect())
}

fn entries(database: &Path) -> Result<Vec<Entry>, Message> {
    let file = if database.is_dir() {
        database.join(NAME)
    } else {
        database.to_owned()
    };
    let wrong = |why: String| {
        Message::error(format!("{}: {why}", file.display()))
            .help("cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON writes one, Meson always does, and bear for make")
    };
    let text =
        fs::read_to_string(&file).map_err(|why| wrong(format!("it cannot be read: {why}")))?;
    serde_json::from_str(&text)
        .map_err(|why| wrong(format!("it is no list of compiler commands: {why}")))
}

impl Entry {
    fn is_of(&self, input: &Path) -> bool {
        let place = |path: PathBuf| path.canonicalize().ok();
        let own = place(self.directory.join(&self.file));
        own.is_some() && own == place(input.to_owned())
    }

    /// Returns the words that say how the text is read, with folders that are named from the root.
    ///
    /// **Errors**: an option changes what C means, or is not known.
    fn reading(&self) -> Result<Vec<String>, Message> {
        let words = self.words();
        if let Some(why) = &words.hindrance {
            let of = format!(
                "{} cannot be translated as it is compiled: {why}",
                self.file.display()
            );
            return Err(Message::error(of));
        }
        Ok(self.all_rooted(words.reading()))
    }

    /// Returns the command behind the compiler's name.
    pub(super) fn words(&self) -> Words {
        let command = self.command.as_deref().map(response::split);
        let all = self.arguments.clone().or(command).unwrap_or_default();
        words::read(&response::expanded(all.get(1..).unwrap_or_default()))
    }

    /// Returns words with folders, and files that are there, named from the root.
    fn all_rooted(&self, words: Vec<String>) -> Vec<String> {
        let mut words = words.into_iter();
        let mut rooted = Vec::new();
        while let Some(word) = words.next() {
            let is_folder = FOLDERS.contains(&word.as_str());
            if is_folder || FILES.contains(&word.as_str()) {
                let value = words.next().unwrap_or_default();
                // Files that are not there are looked for as headers are.
                let is_there = is_folder || self.directory.join(&value).is_file();
                rooted.extend([word, if is_there { self.rooted(&value) } else { value }]);
                continue;
            }
            let option = FOLDERS.iter().find(|option| word.starts_with(*option));
            rooted.push(match option {
                Some(option) => format!("{option}{}", self.rooted(&word[option.len()..])),
                None => word,
            });
        }
        rooted
    }

    fn rooted(&self, path: &str) -> String {
        self.directory.join(path).display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_those_of_the_files_command() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["a.c", "b.c", "c.c"] {
            fs::write(path(name), "").unwrap();
        }
        let root = folder.path().display().to_string();
        let text = format!(
            r#"[{{"directory": "{root}", "file": "a.c", "command": "cc -O2 -Iinc -isystem sys '-DS=\"x y\"' -std=c99 -c a.c"}},
                {{"directory": "{root}", "file": "{root}/b.c", "arguments": ["cc", "-DN=2", "-c", "b.c"]}}]"#
        );
        fs::write(path(NAME), text).unwrap();
        let of = |names: &[&str]| {
            let inputs: Vec<PathBuf> = names.iter().map(|name| path(name)).collect();
            reading(folder.path(), &inputs).map_err(|message| message.title)
        };
        let expected = [
            &format!("-I{root}/inc"),
            "-isystem",
            &format!("{root}/sys"),
            "-DS=\"x y\"",
            "-std=c99",
        ];
        assert_eq!(of(&["a.c"]).unwrap(), expected);
        assert_eq!(of(&["b.c"]).unwrap(), ["-DN=2"]);
        assert!(of(&["a.c", "b.c"]).unwrap_err().contains("other options"));
        let wrapping = format!(
            r#"[{{"directory": "{root}", "file": "c.c", "command": "cc -fwrapv -c c.c"}}]"#
        );
        fs::write(path("wrapping.json"), wrapping).unwrap();
        let refused = reading(&path("wrapping.json"), &[path("c.c")]).unwrap_err();
        assert!(refused.title.contains("-fwrapv"), "{}", refused.title);
        assert!(of(&["c.c"]).unwrap_err().contains("does not say how"));
        let nothing = reading(&path("a.c"), &[path("a.c")]).unwrap_err();
        assert!(
            nothing.title.contains("no list of compiler commands"),
            "{}",
            nothing.title
        );
    }
}
