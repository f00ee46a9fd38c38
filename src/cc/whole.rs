//! `--whole-program`: the sources of a program are translated as one when it is linked.
//!
//! Each object says how it was compiled (`note`). The linker says of which objects and members of archives it makes the
//! program. Where all that is the user's among them has such a note, and all sources are compiled alike, they are translated
//! as one, and one object takes their places; what a shared library of the user's or another language's object does with
//! pointers nobody sees. Where that does not work, each source is translated by itself, as without the option.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::database::Entry;
use super::device::Device;
use super::objects::tool;
use super::options::Role;
use super::words::{self, Words};
use super::{Driver, note, say};

/// Where what is no user's own lies.
///
/// **Source**: Filesystem Hierarchy Standard 3.0.
const SYSTEM: [&str; 4] = ["/usr", "/lib", "/lib64", "/opt"];

/// What a program is made of.
#[derive(Default)]
struct Linked {
    objects: Vec<Object>,
    /// Something of the user's that has no note.
    unseen: Option<String>,
}

/// An object, or a member of an archive, that says how it was compiled.
struct Object {
    entry: Entry,
    /// The word of the command that names it or its source, which no archive's is.
    word: Option<String>,
}

impl Driver {
    /// Translates all sources of the program that the command links, and links it again.
    ///
    /// **Errors**: in words, why that did not work.
    pub(super) fn translate_whole(&self, device: &Device, temporary: &Path) -> Result<(), String> {
        let linked = self.linked(temporary)?;
        if linked.objects.is_empty() {
            return Ok(());
        }
        let whole = self.one_object(&linked, device, temporary);
        let whole = whole.and_then(|object| match object {
            Some(object) => self.link_in_place(&[(object, &linked.objects)], device),
            None => Ok(()),
        });
        let Err(why) = whole else {
            return Ok(());
        };
        say(&format!("the program is not translated as a whole: {why}"));
        let objects = self.each_by_itself(&linked.objects, device, temporary)?;
        if objects.is_empty() {
            return Ok(());
        }
        self.link_in_place(&objects, device)
    }

    /// Links again with objects that stand for others.
    fn link_in_place(
        &self,
        objects: &[(PathBuf, &[Object])],
        device: &Device,
    ) -> Result<(), String> {
        let made: Vec<PathBuf> = objects.iter().map(|(made, _)| made.clone()).collect();
        let others = objects.iter().flat_map(|(_, others)| others.iter());
        let without = others.filter_map(|other| other.word.clone()).collect();
        self.link_again(&made, &without, device)
    }

    /// Makes an object with kernels of each source that has some.
    fn each_by_itself<'o>(
        &self,
        objects: &'o [Object],
        device: &Device,
        temporary: &Path,
    ) -> Result<Vec<(PathBuf, &'o [Object])>, String> {
        let lost = |why| format!("this folder cannot be found again: {why}");
        let here = env::current_dir().map_err(lost)?;
        let mut made = Vec::new();
        for (number, object) in objects.iter().enumerate() {
            let entry = &object.entry;
            let source = entry.file.to_string_lossy();
            let file = temporary.join(format!("{number}.o"));
            let own = env::set_current_dir(&entry.directory)
                .map_err(|why| format!("its folder is not there: {why}"))
                .and_then(|()| self.of(entry.words()).object(&[&source], &file, device));
            env::set_current_dir(&here).map_err(lost)?;
            match own {
                Ok(own) => made.extend(own.map(|own| (own, std::slice::from_ref(object)))),
                Err(why) => say(&format!("{source}: {why}; its loops run on the host")),
            }
        }
        Ok(made)
    }

    /// Makes one object of all sources; `None`: they have no kernels.
    ///
    /// **Errors**: in words, why they are not one.
    fn one_object(
        &self,
        linked: &Linked,
        device: &Device,
        temporary: &Path,
    ) -> Result<Option<PathBuf>, String> {
        if let Some(unseen) = &linked.unseen {
            return Err(format!("mupac cc has not compiled {unseen}"));
        }
        let entries: Vec<&Entry> = linked.objects.iter().map(|object| &object.entry).collect();
        let (common, others) = entries.split_first().ok_or("it has no sources")?;
        let compiling = common.compiling();
        if let Some(other) = others.iter().find(|other| other.compiling() != compiling) {
            let [one, other] = [common, other].map(|entry| entry.file.display());
            return Err(format!("{one} and {other} are compiled with other options"));
        }
        let near = |entry: &&Entry| {
            let missing = || format!("{} is not there any more", entry.file.display());
            let path = entry.near().ok_or_else(missing)?;
            Ok(path.display().to_string())
        };
        let sources: Vec<String> = entries.iter().map(near).collect::<Result<_, String>>()?;
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let compiling = self.of(words::read(&compiling));
        compiling.object(&sources, &temporary.join("whole.o"), device)
    }

    /// Returns the driver of another command.
    fn of(&self, words: Words) -> Self {
        Self {
            settings: self.settings.clone(),
            compiler: self.compiler.clone(),
            written: Vec::new(),
            words,
        }
    }

    /// Asks the linker what it makes the program of.
    fn linked(&self, temporary: &Path) -> Result<Linked, String> {
        let mut linked = Linked::default();
        let (mut objects, mut sources) = (Vec::new(), BTreeSet::new());
        for (number, source) in self.words.sources().enumerate() {
            let object = temporary.join(format!("source-{number}.o"));
            let entry = self.entry(source)?;
            let compiling = self.words.compiling().into_iter();
            let last = ["-w", "-fno-lto", "-c", "-x", "c", source].map(str::to_owned);
            self.make(compiling.chain(last), &object, "it does not compile again")?;
            let word = source.to_owned();
            sources.insert(word.clone());
            objects.push(object);
            linked.objects.push(Object {
                entry,
                word: Some(word),
            });
        }
        let program = temporary.join("program");
        let mut words = self.relinked(&objects, &sources);
        words.push("-Wl,-t,-t".to_owned());
        let trace = self.make(words, &program, "it does not link again")?;
        let _ = fs::remove_file(&program);
        let own: BTreeSet<PathBuf> = objects.into_iter().collect();
        for line in trace.lines() {
            if !own.contains(Path::new(line)) {
                self.look(line, &mut linked, temporary);
            }
        }
        Ok(linked)
    }

    /// Looks at one file, or member of an archive, that the linker takes.
    fn look(&self, line: &str, linked: &mut Linked, temporary: &Path) {
        let note = temporary.join("note.json");
        let (file, entry) = match member(line) {
            Some((archive, member)) => {
                let object = temporary.join("member.o");
                let entry =
                    extracted(archive, member, &object).and_then(|()| note::of(&object, &note));
                (archive, entry)
            }
            // What is taken of an archive has a line of its own.
            None if Path::new(line)
                .extension()
                .is_some_and(|ending| ending == "a") =>
            {
                return;
            }
            None => (line, note::of(Path::new(line), &note)),
        };
        let mut words = self.words.all.iter();
        let is_named = words.any(|word| word.role == Role::Input && word.value() == file);
        match entry {
            Some(entry) => linked.objects.push(Object {
                entry,
                word: (is_named && member(line).is_none()).then(|| file.to_owned()),
            }),
            None if is_named || !is_of_system(Path::new(file)) => {
                linked.unseen.get_or_insert(line.to_owned());
            }
            None => {}
        }
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
fn extracted(archive: &str, member: &str, object: &Path) -> Option<()> {
    let listed = tool("ar", vec!["t".to_owned(), archive.to_owned()]).ok()?;
    if listed.lines().filter(|name| *name == member).count() != 1 {
        return None;
    }
    let folder = object.parent()?.join("members");
    fs::create_dir_all(&folder).ok()?;
    let words = ["x", "--output"].map(str::to_owned).into_iter();
    let place = folder.to_string_lossy().into_owned();
    let words = words.chain([place, archive.to_owned(), member.to_owned()]);
    tool("ar", words.collect()).ok()?;
    fs::rename(folder.join(member), object).ok()
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
