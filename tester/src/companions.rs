//! The other files of a command line: what the file under test calls may stand there, and so may the `main` that calls it.
//!
//! They are compiled as they are, once for each way in which originals are, and stand behind original and candidate alike
//! in an archive, out of which a linker takes only what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use mupac_ir::{Module, Scaling, Source, Unit, parallel};

use crate::glue::Glue;
use crate::isolation::Scratch;
use crate::lexer::{Kind, tokens};
use crate::outcome::TesterError;
use crate::parts::Parts;
use crate::scale;
use crate::sources::{folder_of, write_headers, write_source};
use crate::toolchain::{Original, Toolchain};

/// A file of the command line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Companion {
    /// What the user named, and what it holds.
    pub source: Source,
    /// Compiler options as the user gave them for it.
    pub arguments: Vec<String>,
}

/// Files that are linked into a check where something is missing; copies share what was compiled.
#[derive(Clone, Debug, Default)]
pub struct Companions {
    files: Vec<Companion>,
    replaced: Replaced,
    compiled: Arc<Mutex<Compiled>>,
    whole: Option<Arc<Whole>>,
}

/// All files of a command line as one, read when it is first asked for; `None` where they do not make one.
type Whole = LazyLock<Option<Module>, Box<dyn FnOnce() -> Option<Module> + Send>>;

/// Headers that stand in for others, which are of the file under test.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Replaced {
    /// Where that file lies.
    folder: PathBuf,
    /// Texts, by the names under which that file finds them.
    texts: BTreeMap<String, String>,
    /// Files that are parts of that file's text and lie outside of its folder, so that nothing stands in for them.
    elsewhere: BTreeSet<String>,
}

/// What objects were made of, and where they are.
#[derive(Debug, Default)]
struct Compiled {
    folder: Option<Scratch>,
    /// `None` where the compiler refuses, which the check of that file says.
    objects: BTreeMap<Ingredients, Option<PathBuf>>,
}

type Ingredients = (Companion, Replaced, Original);

impl Companions {
    /// Takes all files of a command line.
    pub fn new(files: Vec<Companion>) -> Self {
        Self {
            files,
            ..Self::default()
        }
    }

    /// Adds how all files are read as one, which says how much the program does.
    #[must_use]
    pub fn with_whole(mut self, read: impl FnOnce() -> Option<Module> + Send + 'static) -> Self {
        let read: Box<dyn FnOnce() -> Option<Module> + Send> = Box::new(read);
        self.whole = Some(Arc::new(LazyLock::new(read)));
        self
    }

    /// Returns all files as one.
    pub fn whole(&self) -> Option<&Module> {
        let whole: &Whole = self.whole.as_deref()?;
        whole.as_ref()
    }

    /// Returns those of the file with this name: all the others.
    #[must_use]
    pub fn of(&self, name: &str) -> Self {
        let others = self.files.iter().filter(|file| file.source.name != name);
        Self {
            files: others.cloned().collect(),
            ..self.clone()
        }
    }

    /// Returns them with the constants of a smaller program of the file under test.
    pub(crate) fn smaller(&self, scaling: &Scaling, source: &Source) -> Self {
        let smaller = |file: &Companion| {
            let text = scale::rewritten(file.source.text(), &scaling.constants)?;
            let source = Source::new(&*file.source.name, text);
            let arguments = scale::redefined(&file.arguments, &scaling.constants)?;
            Some(Companion { source, arguments })
        };
        Self {
            files: self.files.iter().filter_map(smaller).collect(),
            replaced: Replaced {
                folder: folder_of(&source.name).to_owned(),
                texts: scaling.headers.clone(),
                elsewhere: elsewhere(source),
            },
            compiled: Arc::clone(&self.compiled),
            whole: None,
        }
    }

    /// Returns whether one of them names what a program misses, or a function of a text without `main`: anything else has
    /// nothing to do with it.
    pub(crate) fn are_wanted(&self, unit: &Unit, missing: &BTreeSet<String>) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let own = if unit.has_main {
            BTreeSet::new()
        } else {
            Parts::of(unit.source.text()).shared_functions()
        };
        let is_known = |name: &str| own.contains(name) || missing.contains(name);
        let mut files = self.files.iter().map(|file| file.source.text());
        files.any(|text| {
            let tokens = tokens(text);
            let mut names = tokens.iter().filter(|each| each.kind == Kind::Identifier);
            names.any(|each| text.get(each.at.clone()).is_some_and(is_known))
        })
    }

    /// Returns their objects, compiled in some way where that was not done yet.
    pub(crate) fn objects(
        &self,
        toolchain: &Toolchain,
        how: Original,
    ) -> Result<Vec<PathBuf>, TesterError> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = compiled.folder()?;
        let first = compiled.objects.len();
        let ingredients = |file: &Companion| (file.clone(), self.replaced.clone(), how);
        let new = self.files.iter().map(ingredients);
        let new: Vec<Ingredients> = new
            .filter(|each| !compiled.objects.contains_key(each))
            .collect();
        let numbered: Vec<(usize, &Ingredients)> = (first..).zip(&new).collect();
        let made = parallel::map(&numbered, |(number, ingredients)| {
            object(toolchain, &folder.join(number.to_string()), ingredients)
        });
        for (ingredients, object) in new.iter().zip(made) {
            compiled.objects.insert(ingredients.clone(), object?);
        }
        let known = |file| compiled.objects.get(&ingredients(file)).cloned().flatten();
        Ok(self.files.iter().filter_map(known).collect())
    }
}

/// Returns the parts of a text that lie outside of its file's folder.
fn elsewhere(source: &Source) -> BTreeSet<String> {
    let parts = source.parts().iter();
    let others = parts.filter(|part| part.name != source.name && source.beside(part).is_none());
    others.map(|part| part.name.clone()).collect()
}

impl Replaced {
    /// Returns whether one of the files may be a header that another one stands in for: it has the name of one, wherever it
    /// was found.
    fn meets(&self, read: &[PathBuf]) -> bool {
        let names = self.texts.keys().chain(&self.elsewhere);
        let names: BTreeSet<&OsStr> = names
            .filter_map(|name| Path::new(name).file_name())
            .collect();
        let is_one = |path: &Path| path.file_name().is_some_and(|name| names.contains(name));
        let mut read = read.iter();
        read.any(|path| is_one(path) || fs::canonicalize(path).is_ok_and(|path| is_one(&path)))
    }
}

impl Compiled {
    /// Returns the folder that holds objects as long as there are files.
    fn folder(&mut self) -> Result<PathBuf, TesterError> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => Scratch::new("mupac-companions-", false)
                .map_err(TesterError::io("make a temporary folder"))?,
        };
        let path = folder.path().to_owned();
        self.folder = Some(folder);
        Ok(path)
    }
}

/// Compiles a file in a folder of its own; a header that stands in for another one is found by the name that this has from
/// the folder of the file under test, so what reads that from elsewhere is left out.
fn object(
    toolchain: &Toolchain,
    folder: &Path,
    (file, replaced, how): &Ingredients,
) -> Result<Option<PathBuf>, TesterError> {
    fs::create_dir_all(folder).map_err(TesterError::io("make a temporary folder"))?;
    let (name, text) = (&file.source.name, file.source.text());
    let is_beside = folder_of(name) == replaced.folder;
    if is_beside {
        write_headers(folder, &replaced.texts)?;
    }
    let source = write_source(
        folder,
        "companion.c",
        ("", name, text),
        ("", &Glue::default()),
    )?;
    let quoted = folder_of(name).to_string_lossy().into_owned();
    let mut arguments = vec!["-iquote".to_owned(), quoted];
    arguments.extend_from_slice(&file.arguments);
    let object = folder.join("companion.o");
    let made = (|| {
        let is_complete = replaced.elsewhere.is_empty() && (is_beside || replaced.texts.is_empty());
        if !is_complete {
            let read = toolchain.headers(&source, &folder.join("companion.d"), &arguments)?;
            if read.is_none_or(|read| replaced.meets(&read)) {
                return Ok(None);
            }
        }
        let built = toolchain.compile_original(&source, &object, *how, &arguments)?;
        Ok(built.is_ok().then_some(object))
    })();
    match made {
        Err(TesterError::Exhausted { .. }) => Ok(None),
        made => made,
    }
}
