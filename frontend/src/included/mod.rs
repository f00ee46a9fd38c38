//! Files that another one includes as parts of its text, so that their loops are translated and their functions seen through.
//!
//! A taken file stands in the place of the line that includes it, between `#line` directives, so that the compiler reads the
//! tokens that it reads otherwise; messages and comments name the file by the parts of the text.
//! That the text means the same is shown: the other files are read in the same order, C++ refuses nothing that it accepts
//! otherwise, and every function has the tree that it had ([`crate::join`]). Where one of it fails, the file that is to
//! blame stays a header, or all do.

mod chosen;
mod file;
mod found;
mod text;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use mupac_ir::Refusal;

use crate::error::{Diagnostic, FrontendError, Severity};
use crate::join::trees;
use crate::parse::{Input, Left, Options, Parsed, parse_and_look};
use crate::unfolded::unfolded;
use chosen::{Files, Stays, Taken, place};
pub(crate) use found::Found;

/// How many files may turn out to be no parts of the text, one after another, before none is; each costs a reading.
const MOST_REFUSED: usize = 4;

/// Reads a C file together with the files that it includes: those with loops, or with functions that it calls, are parts of
/// the text where it means the same with them.
///
/// **Errors**: those of [`crate::parse`].
pub fn read(input: &Input, options: &Options) -> Result<Parsed, FrontendError> {
    let (alone, found) = parse_and_look(input, options)?;
    let whole = with_included(alone, found, input, options);
    Ok(unfolded(whole, options))
}

/// Takes included files into a text that was read, where it means the same with them.
pub(crate) fn with_included(
    alone: Parsed,
    found: Option<Found>,
    input: &Input,
    options: &Options,
) -> Parsed {
    let Some(found) = found.filter(|_| is_plain(input)) else {
        return alone;
    };
    let files = Files::read(&found, alone.module.source.text());
    let mut refused = BTreeMap::new();
    // Where the text stays C in any case, it may as well stay C for what the files hold.
    let mut in_c = None;
    loop {
        let (taken, left) = files.chosen(&refused);
        let left = with_loops(&found, &left, &alone);
        if taken.is_empty() {
            let in_c = in_c.filter(|_| !alone.needs_c.is_empty());
            return in_c.unwrap_or(Parsed { left, ..alone });
        }
        let trial = Trial {
            alone: &alone,
            found: &found,
            files: &files,
            taken: &taken,
        };
        let refusal = match trial.read(options) {
            Ok(whole) => return Parsed { left, ..whole },
            Err(refusal) => refusal,
        };
        in_c = in_c.or(refusal.in_c.map(|whole| Parsed { left, ..*whole }));
        let blamed = refusal.file.filter(|_| refused.len() < MOST_REFUSED);
        let blamed = blamed.map_or_else(|| taken.into_keys().collect(), |file| vec![file]);
        refused.extend(blamed.into_iter().map(|file| (file, refusal.stays.clone())));
    }
}

/// Returns whether a text is UTF-8 and names no lines but where its parts begin.
fn is_plain(input: &Input) -> bool {
    let begin = input.parts.len().saturating_sub(1);
    std::str::from_utf8(&input.text).is_ok_and(|text| file::numbered_lines(text) == begin)
}

/// Returns those files of the ones left out whose loops the program may run.
fn with_loops(found: &Found, left: &BTreeMap<String, Stays>, alone: &Parsed) -> Vec<Left> {
    let mut loops: BTreeMap<&String, usize> = BTreeMap::new();
    for function in found.reached() {
        *loops.entry(&function.file).or_default() += function.loops;
    }
    let loops = |file| loops.get(file).copied().unwrap_or(0);
    let left = left.iter().map(|(file, stays)| Left {
        file: text::part_name(file, &alone.module.source.name).to_owned(),
        loops: loops(file),
        why: stays.why.clone(),
        help: stays.help.clone(),
    });
    let within = found.within.iter().map(|(file, loops)| Left {
        file: text::part_name(file, &alone.module.source.name).to_owned(),
        loops: *loops,
        why: "it is included within a function".to_owned(),
        help: None,
    });
    left.filter(|each| each.loops > 0).chain(within).collect()
}

/// Why a text with its files does not stand for the text without.
struct Unfit {
    /// The file that is to blame, where one is.
    file: Option<String>,
    stays: Stays,
    /// The text, where it does stand for the other one in C.
    in_c: Option<Box<Parsed>>,
}

impl Unfit {
    fn because(why: impl Into<String>) -> Self {
        Self {
            file: None,
            stays: Stays {
                why: why.into(),
                help: None,
            },
            in_c: None,
        }
    }
}

/// A text with files in it that is tried.
struct Trial<'t> {
    alone: &'t Parsed,
    found: &'t Found,
    files: &'t Files<'t>,
    taken: &'t BTreeMap<String, Taken>,
}

impl Trial<'_> {
    /// Reads the text and compares it with what it was.
    fn read(&self, options: &Options) -> Result<Parsed, Unfit> {
        let source = &self.alone.module.source;
        let input = text::text(source, &self.found.main, self.taken);
        let (whole, found) =
            parse_and_look(&input, options).map_err(|error| self.rejected(&error))?;
        if !self.reads_same_files(found.as_ref()) {
            return Err(Unfit::because("in its place other files would be read"));
        }
        if !trees::are_kept(self.alone, &whole) {
            let why = "in its place functions would mean something else";
            return Err(Unfit::because(why));
        }
        let whole = Parsed {
            warnings: self.warnings(&whole),
            headers: self.alone.headers.clone(),
            ..whole
        };
        if let Some(refusal) = self.new_refusal(&whole) {
            let source = &whole.module.source;
            return Err(Unfit {
                file: self.named(source.file(refusal.at.start)),
                stays: Stays {
                    why: refusal.reason.to_string(),
                    help: refusal.hint().map(Cow::into_owned),
                },
                in_c: Some(Box::new(whole)),
            });
        }
        Ok(whole)
    }

    fn rejected(&self, error: &FrontendError) -> Unfit {
        let FrontendError::Rejected(diagnostics) = error else {
            return Unfit::because(error.to_string());
        };
        let mut diagnostics = diagnostics.iter();
        let error = diagnostics.find(|each| each.severity == Severity::Error);
        let words = error.map(|error| format!("line {}: {}", error.line, error.message));
        Unfit {
            file: error.and_then(|error| self.named(&error.file)),
            ..Unfit::because(words.unwrap_or_default())
        }
    }

    /// Returns the taken file that a part of the text is called by.
    fn named(&self, part: &str) -> Option<String> {
        let main = &self.alone.module.source.name;
        let mut names = self.taken.keys();
        names
            .find(|name| text::part_name(name, main) == part)
            .cloned()
    }

    /// Returns whether all other files are read in the order in which they were; one that guards itself may be read once
    /// more where it was not even opened.
    fn reads_same_files(&self, whole: Option<&Found>) -> bool {
        let taken: BTreeSet<PathBuf> = self.taken.keys().map(|name| place(name)).collect();
        let inclusions = whole.map(|whole| &whole.inclusions).into_iter().flatten();
        let read = inclusions.map(|each| place(&each.file));
        let read: Vec<PathBuf> = read.filter(|place| !taken.contains(place)).collect();
        read == self.files.places_without(self.taken)
    }

    /// Returns what C++ refuses of the text and did not refuse without the files.
    fn new_refusal<'w>(&self, whole: &'w Parsed) -> Option<&'w Refusal> {
        let known: Vec<_> = self.alone.needs_c.iter().map(|each| &each.reason).collect();
        let mut refusals = whole.needs_c.iter();
        refusals.find(|each| !known.contains(&&each.reason))
    }

    /// Returns what clang warns of, but for what it says only of files that are not included.
    fn warnings(&self, whole: &Parsed) -> Vec<Diagnostic> {
        let is_known = |each: &Diagnostic| {
            let mut known = self.alone.warnings.iter();
            known.any(|known| (known.line, &known.message) == (each.line, &each.message))
        };
        let warnings = whole.warnings.iter();
        warnings.filter(|each| is_known(each)).cloned().collect()
    }
}
