//! Headers in precompiled form, kept in the cache folder from one call to the next.
//!
//! Most of what a parser reads is headers, so what every file starts with is read from there instead: nvcc's declarations
//! in C++, and the system's headers in C.
//! A form serves for a text that the parser accepts: what has errors is read without it, so messages are the same with
//! and without.
//!
//! A form is used while every header it was made from, and every folder above one, is as it was, and no folder of the
//! options holds another file that an `#include` of those headers could find.

mod sources;

use std::ffi::{CStr, CString};
use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use clang_sys as k;
use mupac_ir::hash::content_hash;

use crate::clang::{Api, Home, Role, Unit};
use crate::lower::walk;
use crate::macros::Macros;

/// Most forms that are kept; each takes about 2 MB.
const MOST_KEPT: usize = 32;

/// What a disk must have room for before a form is written: libclang ends the process where a file cannot grow.
///
/// **Units**: bytes, several times what the largest forms take.
const ROOM: u64 = 32 << 20;

/// How the folders of forms start.
const PREFIX: &str = "headers-";
const PRECOMPILED: &str = "headers.pch";
/// File systems note times of change no more exactly than this: FAT has steps of two seconds.
const COARSEST_STAMP: Duration = Duration::from_secs(2);
/// What a form was made from: the key, then a line for each header and folder.
const SOURCES: &str = "sources";
/// The macros that the headers define.
const MACROS: &str = "macros";
/// What all of these held when they were made: libclang trusts a form blindly, and disks and cleaners damage files.
const CONTENTS: &str = "contents";
/// What stands before the number of a process in the name of a folder that it is making. The process holds the folder; one
/// that nobody holds was left behind.
const NEW: &str = "headers-new-";

/// A text of headers, and how it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Headers<'a> {
    /// `c-header` or `c++-header`, as `-x` takes it.
    pub(crate) language: &'static CStr,
    /// The text.
    pub(crate) text: &'a str,
    /// The options.
    pub(crate) arguments: &'a [CString],
    /// Whether files that are read behind it include the same once more, and their trees are what lowering reads.
    pub(crate) is_included_again: bool,
}

/// The precompiled form of headers.
pub(crate) struct Precompiled {
    folder: PathBuf,
    /// The options, and that the form stands in front.
    arguments: Vec<CString>,
}

impl Precompiled {
    /// Looks for the form, and makes it where there is none; `None` where headers have none that serves.
    pub(crate) fn find(api: &'static Api, headers: Headers<'_>, cache: &Path) -> Option<Self> {
        let searched = sources::searched(headers.arguments)?;
        let key = key(api, headers, &searched)?;
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let folder = cache.join(format!("{PREFIX}{:016x}", hasher.finish()));
        let known = sources::unchanged(&folder.join(SOURCES), &key);
        let sources = match known.filter(|_| is_whole(&folder)) {
            Some(sources) => sources,
            None => make(api, headers, &folder, &key)?,
        };
        // Of headers that have none that serves, the sources alone are kept.
        let path = folder.join(PRECOMPILED);
        let is_shadowed = |folder: &PathBuf| sources::hides_one(folder, &sources);
        (path.is_file() && !searched.iter().any(is_shadowed)).then_some(())?;
        Some(Self {
            arguments: behind(headers.arguments, &path)?,
            folder,
        })
    }

    /// Reads a file behind the headers; `None` where the parser does not accept it.
    pub(crate) fn parse(&self, api: &'static Api, file: &CStr, text: &str) -> Option<Unit> {
        Unit::parse(api, file, text, &self.arguments, Role::BehindHeader).filter(is_accepted)
    }

    /// Reads which macros the headers define.
    pub(crate) fn macros(&self) -> Option<Macros> {
        let text = fs::read_to_string(self.folder.join(MACROS)).ok()?;
        Some(Macros::new(&text))
    }
}

/// Returns whether a file has no errors.
pub(crate) fn is_accepted(unit: &Unit) -> bool {
    unit.diagnostics().iter().all(|each| each.severity <= 2)
}

/// Returns the options for a file behind a form.
fn behind(arguments: &[CString], form: &Path) -> Option<Vec<CString>> {
    let mut behind = arguments.to_vec();
    behind.extend([c"-include-pch".to_owned(), c_path(form)?]);
    Some(behind)
}

/// Returns all that decides what a precompiled form holds, but for the headers.
fn key(api: &Api, headers: Headers<'_>, searched: &[PathBuf]) -> Option<String> {
    let mut key = format!("{}\n{}\n", api.version(), api.path().display());
    for argument in headers.arguments {
        key.push_str(argument.to_str().ok()?);
        key.push('\n');
    }
    if searched.iter().any(|folder| folder.is_relative()) {
        key.push_str(std::env::current_dir().ok()?.to_str()?);
        key.push('\n');
    }
    key.push_str(headers.text);
    Some(key)
}

/// Makes a precompiled form and returns its headers, and the folders above them.
fn make(api: &'static Api, headers: Headers<'_>, folder: &Path, key: &str) -> Option<Vec<PathBuf>> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let cache = folder.parent()?;
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let new = cache.join(format!("{NEW}{}-{number}", std::process::id()));
    fs::create_dir_all(&new).ok()?;
    let held = fs::File::open(&new).and_then(|file| file.lock().map(|()| file));
    let made = make_in(api, headers, (&new, folder), key).filter(|_| {
        // One that is out of date makes room; where another process is faster, its form is as good.
        let _ = fs::remove_dir_all(folder).or_else(|_| fs::remove_file(folder));
        fs::rename(&new, folder).is_ok()
    });
    drop(held);
    if made.is_some() {
        drop_oldest(cache);
    } else {
        let _ = fs::remove_dir_all(&new);
    }
    made
}

fn make_in(
    api: &'static Api,
    headers: Headers<'_>,
    (new, folder): (&Path, &Path),
    key: &str,
) -> Option<Vec<PathBuf>> {
    let started = SystemTime::now().checked_sub(COARSEST_STAMP)?;
    let name = c_path(&folder.join("headers.h"))?;
    let mut arguments = headers.arguments.to_vec();
    arguments.extend([c"-x".to_owned(), headers.language.to_owned()]);
    let unit = Unit::parse(api, &name, headers.text, &arguments, Role::Header);
    let unit = unit.filter(is_accepted)?;
    let sources = sources::of(&unit);
    let mut text = key.to_owned();
    for source in &sources {
        let (changed, line) = sources::stamp(source)?;
        // Of what changes meanwhile nobody knows which state was read.
        if changed >= started {
            return None;
        }
        text.push_str(&line);
        text.push('\n');
    }
    fs::write(new.join(SOURCES), text).ok()?;
    let form = new.join(PRECOMPILED);
    has_room(&form).ok()?;
    unit.save(&c_path(&form)?).then_some(())?;
    if headers.is_included_again {
        fs::write(new.join(MACROS), Macros::text_of(&unit)?).ok()?;
        if !(is_of_system(&unit) && adds_nothing(api, headers, &form)?) {
            fs::remove_file(&form).ok()?;
        }
    }
    fs::write(new.join(CONTENTS), contents(new)).ok()?;
    Some(sources)
}

/// Returns whether the files of a form hold what they held when it was made.
fn is_whole(folder: &Path) -> bool {
    fs::read_to_string(folder.join(CONTENTS)).is_ok_and(|said| said == contents(folder))
}

/// Returns a line for each file of a form: the hash of what it holds, and its name.
fn contents(folder: &Path) -> String {
    let mut text = String::new();
    for name in [SOURCES, PRECOMPILED, MACROS] {
        // Writing to a string does not fail.
        let _ = match fs::read(folder.join(name)) {
            Ok(bytes) => writeln!(text, "{:016x} {name}", content_hash(&bytes)),
            Err(_) => writeln!(text, "none {name}"),
        };
    }
    text
}

/// Writes as much as a form may take, which also finds what a quota leaves.
fn has_room(form: &Path) -> std::io::Result<()> {
    let mut file = fs::File::create(form)?;
    std::io::copy(&mut std::io::repeat(0).take(ROOM), &mut file)?;
    fs::remove_file(form)
}

/// Returns whether headers are the system's alone and give no object a value: such a value is looked for in the tree of
/// the file that includes them, which does not hold theirs.
fn is_of_system(unit: &Unit) -> bool {
    let mut has_value = false;
    for declaration in unit.declarations(&[Home::Main, Home::Header, Home::System]) {
        walk::each(declaration, |cursor| {
            let is_outside = cursor == declaration && !cursor.is_extern();
            has_value |= cursor.kind() == k::CXCursor_VarDecl && (is_outside || cursor.is_static());
        });
    }
    !has_value && unit.inclusions().iter().all(|each| each.is_system)
}

/// Returns whether the headers, included once more behind their form, change nothing, as the C library's do.
///
/// **Source**: C17 7.1.2 §4.
fn adds_nothing(api: &'static Api, headers: Headers<'_>, form: &Path) -> Option<bool> {
    let arguments = behind(headers.arguments, form)?;
    let again = Unit::parse(
        api,
        c"again.c",
        headers.text,
        &arguments,
        Role::BehindHeader,
    )?;
    let all = [Home::Main, Home::Header, Home::System];
    let mut directives = again.directives();
    Some(
        is_accepted(&again)
            && again.declarations(&all).next().is_none()
            && directives.all(|each| each.kind() == k::CXCursor_InclusionDirective),
    )
}

/// Keeps the newest forms, and what other processes are making.
fn drop_oldest(cache: &Path) {
    let Ok(entries) = fs::read_dir(cache) else {
        return;
    };
    let mut kept: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in entries.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        if let Some(rest) = name.strip_prefix(NEW) {
            let is_ours = rest
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
            if is_ours && fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_dir_all(path);
            }
        } else if name.starts_with(PREFIX)
            && let Ok(changed) = entry.metadata().and_then(|facts| facts.modified())
        {
            kept.push((changed, path));
        }
    }
    kept.sort();
    let surplus = kept.len().saturating_sub(MOST_KEPT);
    for (_, folder) in kept.into_iter().take(surplus) {
        let _ = fs::remove_dir_all(folder);
    }
}

fn c_path(path: &Path) -> Option<CString> {
    CString::new(path.to_str()?).ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::{CStr, CString};
    use std::fs;
    use std::path::Path;

    use super::{Headers, adds_nothing, has_room, is_of_system};
    use crate::clang::{self, Role, Unit};

    /// Returns whether files are read behind the form of one header of this text, which stands in a folder for `option`.
    fn is_usable(option: &str, text: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("table.h"), text).unwrap();
        let option = format!("{option}{}", folder.path().display());
        let headers = Headers {
            language: c"c-header",
            text: "#include <stdio.h>\n#include <table.h>\n",
            arguments: &["-x", "c", option.as_str()].map(|each| CString::new(each).unwrap()),
            is_included_again: true,
        };
        let mut arguments = headers.arguments.to_vec();
        arguments.extend([c"-x", headers.language].map(CStr::to_owned));
        let api = clang::load().unwrap();
        let unit = Unit::parse(api, c"headers.h", headers.text, &arguments, Role::Header).unwrap();
        let form = folder.path().join("form");
        assert!(unit.save(&super::c_path(Path::new(&form)).unwrap()));
        is_of_system(&unit) && adds_nothing(api, headers, &form).unwrap()
    }

    #[test]
    fn headers_serve_that_bring_nothing_to_look_for() {
        let guarded = |text: &str| format!("#ifndef TABLE\n#define TABLE\n{text}\n#endif\n");
        let declares = guarded("extern int many; typedef struct { int a; } T;");
        assert!(is_usable("-isystem", &declares));
        assert!(!is_usable("-I", &declares), "the user's");
        assert!(!is_usable("-isystem", &guarded("static int few = 3;")));
        let local = "static inline int next(void) { static int last; return ++last; }";
        assert!(!is_usable("-isystem", &guarded(local)));
        assert!(!is_usable("-isystem", "extern int many;\n"), "not guarded");
        let anew = "#ifndef TABLE\n#define TABLE\n#else\n#define AGAIN 1\n#endif\n";
        assert!(!is_usable("-isystem", anew));
    }
    #[test]
    fn a_full_disk_is_seen_before_libclang_writes() {
        let full = has_room(Path::new("/dev/full")).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
        let folder = tempfile::tempdir().unwrap();
        has_room(&folder.path().join("form")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
