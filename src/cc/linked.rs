//! What a linker makes a program of, and how that was compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::database::Entry;
use super::link::{Instead, TRACE};
use super::objects::tool;
use super::options::Role;
use super::{Driver, note};

/// Where what is no user's own lies.
///
/// **Source**: Filesystem Hierarchy Standard 3.0.
const SYSTEM: [&str; 4] = ["/usr", "/lib", "/lib64", "/opt"];

/// What a program is made of.
#[derive(Default)]
pub(super) struct Linked {
    /// In the linker's order.
    pub(super) objects: Vec<Object>,
    /// Something of the user's that nothing is known of, and why.
    pub(super) unseen: Option<String>,
}

/// An object, or a member of an archive, of which is known how it was compiled.
pub(super) struct Object {
    pub(super) entry: Entry,
    /// The word of the command that names it or its source, which no archive's is.
    pub(super) word: Option<String>,
    /// How the linker's trace names it, unless it is of a source of the command.
    line: Option<String>,
}

impl Object {
    /// Returns that an object stands for some of these.
    pub(super) fn instead(object: PathBuf, of: &[Self]) -> Instead {
        Instead {
            object,
            words: of.iter().filter_map(|each| each.word.clone()).collect(),
            lines: of.iter().filter_map(|each| each.line.clone()).collect(),
        }
    }
}

impl Driver {
    /// Asks the linker what it makes the program of.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn linked(&self, temporary: &Path) -> Result<Linked, String> {
        let mut sources = BTreeMap::new();
        let mut objects = Vec::new();
        for (number, source) in self.words.sources().enumerate() {
            let object = temporary.join(format!("source-{number}.o"));
            let compiling = self.words.compiling().into_iter();
            let last = ["-w", "-fno-lto", "-c", "-x", "c", source].map(str::to_owned);
            self.make(compiling.chain(last), &object, "it does not compile again")?;
            objects.push(Instead {
                object: object.clone(),
                words: BTreeSet::from([source.to_owned()]),
                lines: BTreeSet::new(),
            });
            sources.insert(object, source);
        }
        let program = temporary.join("program");
        let mut words = self.relinked(&objects);
        words.push(TRACE.to_owned());
        let trace = self.make(words, &program, "it does not link again")?;
        // What stays in the way goes with the folder.
        let _ = fs::remove_file(&program);
        let mut linked = Linked::default();
        for line in trace.lines() {
            match sources.get(Path::new(line)) {
                Some(source) => linked.objects.push(Object {
                    entry: self.entry(source)?,
                    word: Some((*source).to_owned()),
                    line: None,
                }),
                None => self.look(line, &mut linked, temporary),
            }
        }
        Ok(linked)
    }

    /// Looks at one file, or member of an archive, that the linker takes.
    fn look(&self, line: &str, linked: &mut Linked, temporary: &Path) {
        let is_archive = Path::new(line)
            .extension()
            .is_some_and(|ending| ending == "a");
        // What is taken of an archive has a line of its own.
        if is_archive {
            return;
        }
        let beside = temporary.join("look.o");
        let (file, object) = match member(line) {
            Some((archive, member)) => (archive, extracted(archive, member, &beside)),
            None => (line, Some(PathBuf::from(line))),
        };
        let note = object.and_then(|object| {
            let note = note::of(&object, &beside.with_extension("json"))?;
            Some((self.is_fresh(&note, &object, &beside), note.entry))
        });
        let mut words = self.words.all.iter();
        let is_named = words.any(|word| word.role == Role::Input && word.value() == file);
        let unseen = match note {
            Some((true, entry)) => {
                linked.objects.push(Object {
                    entry,
                    word: (is_named && member(line).is_none()).then(|| file.to_owned()),
                    line: Some(line.to_owned()),
                });
                return;
            }
            Some((false, _)) => {
                format!("{line} has changed since it was compiled, or its source has")
            }
            None if is_named || !is_of_system(Path::new(file)) => {
                format!("mupac cc has not compiled {line}")
            }
            None => return,
        };
        linked.unseen.get_or_insert(unseen);
    }
}

/// Takes a line of a linker's apart that names a member of an archive: `(libx.a)x.o` of GNU ld, `libx.a(x.o)` of others.
fn member(line: &str) -> Option<(&str, &str)> {
    match line.strip_prefix('(') {
        Some(rest) => rest.split_once(')'),
        None => line.strip_suffix(')')?.split_once('('),
    }
}

/// Writes a member of an archive to a file, where only one has its name.
fn extracted(archive: &str, member: &str, object: &Path) -> Option<PathBuf> {
    let listed = tool("ar", vec!["t".to_owned(), archive.to_owned()]).ok()?;
    if listed.lines().filter(|name| *name == member).count() != 1 {
        return None;
    }
    let folder = object.with_extension("members");
    fs::create_dir_all(&folder).ok()?;
    let words = ["x", "--output"].map(str::to_owned).into_iter();
    let place = folder.to_string_lossy().into_owned();
    let words = words.chain([place, archive.to_owned(), member.to_owned()]);
    tool("ar", words.collect()).ok()?;
    fs::rename(folder.join(member), object).ok()?;
    Some(object.to_owned())
}

/// Returns whether a file comes with the compiler or the system.
fn is_of_system(file: &Path) -> bool {
    let file = file.canonicalize().unwrap_or(file.to_owned());
    SYSTEM.iter().any(|folder| file.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linkers_name_members_of_archives() {
        assert_eq!(member("(./libx.a)b.o"), Some(("./libx.a", "b.o")));
        assert_eq!(member("libx.a(b.o)"), Some(("libx.a", "b.o")));
        assert_eq!(member("a.o"), None);
    }

    #[test]
    fn what_lies_in_folders_of_the_system_is_its() {
        assert!(is_of_system(Path::new("/usr/lib/gcc/x/crti.o")));
        assert!(!is_of_system(Path::new("build/a.o")));
    }
}
