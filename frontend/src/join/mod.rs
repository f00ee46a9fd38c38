//! Several files of C as one, so that what is proved of a program need not end where a file does.
//!
//! The texts stand one behind the other, each as it was written but for names that only its own file knows and that another
//! one uses too, which get the file's name behind them, quoted includes, which are found from the first file's folder, and
//! `#undef` lines behind a file for the macros that it defines. Where that cannot be compiled, headers that may be read only once
//! (they have no guard) are read for the first file alone.
//! That each text means the same as by itself is shown, not assumed: the preprocessor takes the same lines and replaces the
//! same macros by the same words ([`outline`]), and every function has the tree that it has in its own file ([`trees`]).

mod names;
mod outline;
mod own;
mod trace;
pub(crate) mod trees;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use mupac_ir::{Part, file_literal};

use crate::error::FrontendError;
use crate::included;
use crate::parse::{Input, Options, Parsed, parse, parse_and_look};
use crate::unfolded::unfolded;
use names::{Renamed, renamed};
use outline::Outline;

/// Why files do not make one text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// One of them is refused by itself.
    #[error("{error}")]
    Alone {
        /// Which one, counted from 0.
        file: usize,
        /// Why.
        error: FrontendError,
    },
    /// Each is fine, but together they are not what they are apart.
    #[error("{what}")]
    Together {
        /// What changes, with the file and line where that is known.
        what: String,
    },
}

fn together(what: impl Into<String>) -> JoinError {
    JoinError::Together { what: what.into() }
}

/// Reads some files as one, which is named like the first and knows its parts.
///
/// **Errors**: one of them is refused by itself, or means something else behind the others.
pub fn join(files: &[Input], options: &Options) -> Result<Parsed, JoinError> {
    let mut outlines = Vec::new();
    let mut modules = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let alone = |error| JoinError::Alone { file: index, error };
        modules.push(parse(file, options).map_err(alone)?);
        outlines.push(Outline::of(file, options).map_err(alone)?);
    }
    own::refuse_shared(&outlines)?;
    let renamed = renamed(files, &outlines)?;
    let read = |joined: &Input| {
        compare_outlines(joined, &outlines, &renamed, options)?;
        let (whole, found) = parse_and_look(joined, options).map_err(|error| refused(&error))?;
        for (module, renamed) in modules.iter().zip(&renamed) {
            trees::compare(module, &whole, renamed)?;
        }
        Ok(included::with_included(whole, found, joined, options))
    };
    let joined = |headers| text((files, headers), &outlines, &renamed);
    let all = joined(Headers::Each)?;
    let whole = match read(&all) {
        Ok(whole) => whole,
        Err(why) => {
            let once = joined(Headers::Once)?;
            let is_other = once.text != all.text;
            let whole = is_other.then(|| read(&once)).and_then(Result::ok);
            whole.ok_or(why)?
        }
    };
    Ok(unfolded(whole, options))
}

/// For which files the headers are read that they include.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Headers {
    /// For each.
    Each,
    /// For the first one that includes them.
    Once,
}

fn refused(error: &FrontendError) -> JoinError {
    together(format!("the C compiler refuses them as one: {error}"))
}

/// Returns the texts one behind the other.
fn text(
    (files, headers): (&[Input], Headers),
    outlines: &[Outline],
    renamed: &[Renamed],
) -> Result<Input, JoinError> {
    let Some(first) = files.first() else {
        return Err(together("there is no file"));
    };
    let mut text = String::new();
    let mut parts = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, (file, outline)) in files.iter().zip(outlines).enumerate() {
        if index > 0 {
            text = text + "\n#line 1 " + &file_literal(&file.name) + "\n";
        }
        parts.push(Part {
            name: file.name.clone(),
            start: text.len() as u32,
            line: 1,
        });
        let mut edits: BTreeMap<usize, (usize, String)> = BTreeMap::new();
        for (at, name) in outline.places_of(&renamed[index]) {
            edits.insert(at.start, (at.end, name));
        }
        for (line, at, header) in outline.quoted_includes() {
            let place = Path::new(&file.name).with_file_name(&header);
            let is_new = seen.insert(place.canonicalize().unwrap_or(place));
            if !is_new && headers == Headers::Once {
                edits.insert(line, (line, "// ".to_owned()));
            }
            if let Some(other) = seen_from(&first.name, &file.name, &header) {
                edits.insert(at.start, (at.end, format!("\"{other}\"")));
            }
        }
        text.push_str(&edited(&outline.text, &edits));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        for name in outline.macros_to_forget(&outlines[index + 1..]) {
            text = text + "#undef " + name + "\n";
        }
        if index + 1 < files.len() {
            outline.refuse_lasting_pragmas(&file.name)?;
        }
    }
    Ok(Input {
        name: first.name.clone(),
        text: text.into_bytes(),
        parts,
    })
}

fn edited(text: &str, edits: &BTreeMap<usize, (usize, String)>) -> String {
    let mut out = String::new();
    let mut done = 0;
    for (start, (end, new)) in edits {
        out.push_str(text.get(done..*start).unwrap_or_default());
        out.push_str(new);
        done = *end;
    }
    out + text.get(done..).unwrap_or_default()
}

/// Returns how a header that lies beside one file is named beside another; `None` where that is the same, or it does not
/// lie there.
pub(crate) fn seen_from(first: &str, file: &str, header: &str) -> Option<String> {
    let folder = |name: &str| Path::new(name).parent().map(Path::to_owned);
    let (from, own) = (folder(first)?, folder(file)?);
    let is_there = from != own && own.join(header).is_file();
    is_there.then_some(())?;
    if let Ok(below) = own.strip_prefix(&from) {
        let parts = below.components().filter(|part| *part != Component::CurDir);
        let below: PathBuf = parts.collect();
        return below.join(header).to_str().map(str::to_owned);
    }
    let plain = |path: &Path| -> Option<Vec<PathBuf>> {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        let parts = parts.map(|part| match part {
            Component::Normal(_) | Component::RootDir => Some(PathBuf::from(part.as_os_str())),
            Component::Prefix(_) | Component::CurDir | Component::ParentDir => None,
        });
        parts.collect()
    };
    let (from, own) = (plain(&from)?, plain(&own)?);
    let shared = from.iter().zip(&own).take_while(|(a, b)| a == b).count();
    let mut path: PathBuf = from[shared..].iter().map(|_| "..").collect();
    path.extend(&own[shared..]);
    path.join(header).to_str().map(str::to_owned)
}

/// Checks that the preprocessor does the same in every part as in its file.
fn compare_outlines(
    joined: &Input,
    outlines: &[Outline],
    renamed: &[Renamed],
    options: &Options,
) -> Result<(), JoinError> {
    let whole = Outline::of(joined, options).map_err(|error| refused(&error))?;
    let mut starts = joined.parts.iter().map(|part| part.start as usize).skip(1);
    let length = joined.text.len();
    for ((part, outline), renamed) in joined.parts.iter().zip(outlines).zip(renamed) {
        if let Some((header, line)) = outline.other_header(&whole) {
            return Err(together(format!(
                "{}:{line}: the header reads otherwise when {} includes it than behind the other files, since a macro of this line or before it differs; let each file include first what defines it",
                header.display(),
                part.name
            )));
        }
        let range = part.start as usize..starts.next().unwrap_or(length);
        let expected = outline.trace(&(0..outline.text.len()), &|word| renamed.of(word));
        let found = whole.trace(&range, &str::to_owned);
        let mut pairs =
            (0..expected.len().max(found.len())).map(|at| (expected.get(at), found.get(at)));
        if let Some(other) = pairs.find_map(|(own, there)| own.or(there).filter(|_| own != there)) {
            let line = other.line;
            return Err(together(format!(
                "{}:{line}: a macro or condition of the preprocessor means something else behind the other files",
                part.name
            )));
        }
    }
    Ok(())
}

/// Returns the words of a text that are names, keywords or numbers.
pub(crate) fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter| !is_of_word(letter)).collect()
}

/// Returns whether a letter may stand in a name, keyword or number.
fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}
