//! What of a file matters to the files that it is joined with: the names it declares, its macros, and what the preprocessor
//! does in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::fs;
use std::ops::Range;
use std::path::Path;

use clang_sys as k;

use super::names::Renamed;
use super::own::{self, Own};
use super::trace::{self, InHeaders};
use super::{JoinError, is_of_word, together, words};
use crate::clang::{self, Cursor, Home, Role, TokenKind, Unit};
use crate::decode;
use crate::error::FrontendError;
use crate::headers;
use crate::macros::Macros;
use crate::parse::{Input, Options, arguments, file_name};
use crate::text::{Text, Token};

/// A name at the outermost level, which C looks up among tags or among all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) word: String,
    is_tag: bool,
}

/// What the preprocessor does at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    /// Counted from 1 in its file.
    pub(super) line: usize,
    /// The macro and the words that it stands for, or that lines are left out up to another one.
    what: Vec<String>,
}

/// A file by itself.
pub(super) struct Outline {
    pub(super) text: String,
    tokens: Vec<Token>,
    /// What no other file knows by this name.
    pub(super) private: BTreeSet<Name>,
    /// Where the functions are defined that no other file knows.
    functions: BTreeMap<String, Range<usize>>,
    /// What it and its headers declare.
    pub(super) declared: BTreeSet<Name>,
    /// The macros that its own text defines.
    macros: BTreeSet<String>,
    /// The texts of headers that the system does not own.
    headers: Vec<String>,
    /// Objects of headers that it has for itself.
    pub(super) own: Own,
    /// What the preprocessor does, by byte.
    done: Vec<(usize, Vec<String>)>,
    done_in_headers: InHeaders,
}

impl Outline {
    /// Reads a file.
    pub(super) fn of(file: &Input, options: &Options) -> Result<Self, FrontendError> {
        let decoded = decode::decode(&file.text)?;
        let api = clang::load()?;
        let arguments = arguments(options, headers::include_folder(api.path()));
        let arguments: Result<Vec<CString>, _> = arguments.into_iter().map(CString::new).collect();
        let arguments = arguments.map_err(|_| FrontendError::ZeroByte)?;
        let name = CString::new(file_name(&file.name)).map_err(|_| FrontendError::ZeroByte)?;
        let unit = Unit::parse(api, &name, &decoded.text, &arguments, Role::Program);
        let unit = unit.ok_or_else(|| FrontendError::NoResult {
            arguments: options.arguments.clone(),
        })?;
        let text = Text::new(&decoded.text, &unit, Macros::default());
        let inclusions = unit.inclusions();
        let inclusions_of_user = inclusions.iter().filter(|each| !each.is_system);
        Ok(Self {
            text: decoded.text.to_string(),
            tokens: text.tokens.clone(),
            private: private(&unit),
            functions: functions(&unit),
            declared: declared(&unit, &[Home::Main, Home::Header, Home::System]),
            macros: macros(&unit),
            own: own::objects(&unit),
            headers: inclusions_of_user
                .filter_map(|each| fs::read_to_string(&each.file).ok())
                .collect(),
            done: trace::in_text(&unit),
            done_in_headers: trace::in_headers(&unit, &inclusions),
        })
    }

    fn word(&self, token: &Token) -> &str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Returns where names stand that get other ones, and those; members go by names of their own.
    pub(super) fn places_of(&self, renamed: &Renamed) -> Vec<(Range<usize>, String)> {
        let mut before = "";
        let mut places = Vec::new();
        for token in &self.tokens {
            let word = self.word(token);
            let is_name = token.kind == TokenKind::Identifier && ![".", "->"].contains(&before);
            if let Some(other) = renamed.other(word).filter(|_| is_name) {
                places.push((token.start..token.end, other.to_owned()));
            }
            before = word;
        }
        places
    }

    /// Returns the quoted headers that the text includes, where the directives begin, and where their names stand.
    pub(super) fn quoted_includes(&self) -> Vec<(usize, Range<usize>, String)> {
        let words = self.tokens.windows(3);
        let includes =
            words.filter(|words| words[2].is_directive && self.word(&words[1]) == "include");
        let quoted = includes.filter_map(|words| {
            let name = self.word(&words[2]).strip_prefix('"')?.strip_suffix('"')?;
            Some((
                words[0].start,
                words[2].start..words[2].end,
                name.to_owned(),
            ))
        });
        quoted.collect()
    }

    /// Returns the macros of the text that files behind it, or their headers, might take for theirs.
    pub(super) fn macros_to_forget(&self, behind: &[Self]) -> Vec<&str> {
        let texts = behind
            .iter()
            .flat_map(|each| each.headers.iter().chain([&each.text]));
        let used: BTreeSet<&str> = texts.flat_map(|text| words(text)).collect();
        let macros = self.macros.iter().map(String::as_str);
        macros.filter(|name| used.contains(name)).collect()
    }

    /// Returns whether the text may name something in words, which another name would change.
    pub(super) fn spells(&self, name: &Name) -> bool {
        /// `assert` prints the name of its function.
        const SPELLING: [&str; 4] = ["__func__", "__FUNCTION__", "__PRETTY_FUNCTION__", "assert"];
        // A `#` that does not begin a directive makes a string of an argument.
        let mut tokens = self.tokens.windows(2);
        let makes_strings = tokens.any(|pair| {
            pair[1].is_directive
                && pair[0].is_directive
                && self.word(&pair[1]) == "#"
                && !self.begins_line(&pair[1])
        });
        // Whatever a macro is given may be spelled by it.
        let is_in_directive = |word: &str| {
            let mut tokens = self.tokens.windows(3);
            tokens.any(|trio| {
                let [before, bracket, token] = trio else {
                    return false;
                };
                let is_header = self.word(before) == "include" && self.word(bracket) == "<";
                token.is_directive && self.word(token) == word && !is_header
            })
        };
        let is_in_header = || {
            let own = words(&self.text);
            let macros = spelling(&self.headers, &SPELLING);
            macros.iter().any(|name| own.contains(name.as_str()))
        };
        let body = self.functions.get(&name.word);
        let in_body = body.and_then(|body| self.text.get(body.clone()));
        let of_body = in_body.map(words).unwrap_or_default();
        makes_strings
            || (SPELLING.iter()).any(|word| of_body.contains(word) || is_in_directive(word))
            || self.is_asserted(&name.word)
            || is_in_header()
    }

    /// Returns whether a name stands in an assertion, of which the expression is printed.
    fn is_asserted(&self, name: &str) -> bool {
        let starts = self.tokens.iter().enumerate();
        let mut starts = starts.filter(|(_, token)| self.word(token) == "assert");
        starts.any(|(at, _)| {
            let mut depth = 0_usize;
            for token in &self.tokens[at + 1..] {
                let word = self.word(token);
                depth = match word {
                    "(" => depth + 1,
                    ")" => depth.saturating_sub(1),
                    _ => depth,
                };
                if word == name || depth == 0 {
                    return depth > 0;
                }
            }
            false
        })
    }

    fn begins_line(&self, token: &Token) -> bool {
        let before = self.text.get(..token.start).unwrap_or_default();
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    /// Checks that no pragma of the text holds beyond its end.
    pub(super) fn refuse_lasting_pragmas(&self, name: &str) -> Result<(), JoinError> {
        /// Those that are about a statement or about messages, and marks that only other tools than compilers read.
        const LOCAL: [&str; 15] = [
            "omp",
            "acc",
            "scop",
            "endscop",
            "once",
            "mupac",
            "ivdep",
            "unroll",
            "nounroll",
            "vector",
            "simd",
            "clang",
            "message",
            "region",
            "endregion",
        ];
        const LOCAL_OF_GCC: [&str; 3] = ["ivdep", "unroll", "diagnostic"];
        for (index, token) in self.tokens.iter().enumerate() {
            if !token.is_directive || self.word(token) != "pragma" {
                continue;
            }
            let behind = |by: usize| {
                self.tokens
                    .get(index + by)
                    .map_or("", |each| self.word(each))
            };
            let is_local = LOCAL.contains(&behind(1))
                || behind(1) == "GCC" && LOCAL_OF_GCC.contains(&behind(2));
            if !is_local {
                return Err(together(format!(
                    "{name}:{}: a pragma that may hold for the files behind it too",
                    line_of(&self.text, token.start)
                )));
            }
        }
        // A counter goes on where its file would begin with 0.
        if words(&self.text).contains("__COUNTER__") {
            return Err(together(format!(
                "{name}: __COUNTER__ counts over all files"
            )));
        }
        Ok(())
    }

    /// Returns a header of this file that reads otherwise in another text, and its first line that does.
    pub(super) fn other_header(&self, whole: &Self) -> Option<(&Path, usize)> {
        self.done_in_headers.iter().find_map(|(header, done)| {
            let none = BTreeSet::new();
            let there = whole.done_in_headers.get(header).unwrap_or(&none);
            let line = done.symmetric_difference(there).map(|(line, ..)| *line);
            Some((header.as_path(), line.min()?))
        })
    }

    /// Returns what the preprocessor does in a part, with lines counted from its start.
    pub(super) fn trace(&self, part: &Range<usize>, name: &dyn Fn(&str) -> String) -> Vec<Trace> {
        let text = self.text.get(part.clone()).unwrap_or_default();
        let done = self.done.iter().filter(|(at, _)| part.contains(at));
        let trace = done.map(|(at, what)| Trace {
            line: line_of(text, at - part.start),
            what: what.iter().map(|word| name(word)).collect(),
        });
        trace.collect()
    }
}

/// Returns the macros of headers that make text of what they are given, or hold some words, and those that name such ones.
fn spelling(headers: &[String], of: &[&str]) -> BTreeSet<String> {
    let text = headers.join("\n");
    let text = text.replace("\\\n", " ").replace("\\\r\n", " ");
    let defined = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix('#')?.trim_start();
        let rest = rest.strip_prefix("define")?.trim_start();
        let end = rest
            .find(|letter| !is_of_word(letter))
            .unwrap_or(rest.len());
        Some(rest.split_at(end))
    });
    let defined: Vec<(&str, &str)> = defined.collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    loop {
        let spells = |body: &str| {
            let named = words(body);
            body.replace("##", "").contains('#')
                || of.iter().any(|word| named.contains(word))
                || found.iter().any(|word| named.contains(word.as_str()))
        };
        let more = defined.iter().filter(|(_, body)| spells(body));
        let more: BTreeSet<String> = more.map(|(name, _)| (*name).to_owned()).collect();
        if more.is_subset(&found) {
            return found;
        }
        found.extend(more);
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// Returns what the outermost level of a unit declares in some places.
fn declared(unit: &Unit, homes: &[Home]) -> BTreeSet<Name> {
    unit.declarations(homes).flat_map(names).collect()
}

/// Returns what only the main file knows: what is `static` there, and its types and enumerators.
fn private(unit: &Unit) -> BTreeSet<Name> {
    let own = unit.declarations(&[Home::Main]);
    let shared = [k::CXCursor_FunctionDecl, k::CXCursor_VarDecl];
    let own = own.filter(|each| !shared.contains(&each.kind()) || each.canonical().is_static());
    own.flat_map(names).collect()
}

/// Returns where functions are defined that only the main file knows.
fn functions(unit: &Unit) -> BTreeMap<String, Range<usize>> {
    let own = unit.declarations(&[Home::Main]);
    let own = own.filter(|each| {
        each.kind() == k::CXCursor_FunctionDecl
            && each.is_definition()
            && each.canonical().is_static()
    });
    own.map(|each| (each.spelling(), each.start().offset..each.end().offset))
        .collect()
}

/// Returns the names that a declaration brings to the outermost level.
fn names(declaration: Cursor<'_>) -> Vec<Name> {
    let is_tag = is_tag(declaration);
    let own = Name {
        word: declaration.spelling(),
        is_tag,
    };
    let inner = declaration.children().into_iter();
    let inner = inner.filter(|_| is_tag).flat_map(|each| match each.kind() {
        k::CXCursor_EnumConstantDecl => vec![Name {
            word: each.spelling(),
            is_tag: false,
        }],
        // C declares types inside of another one outside of it.
        _ if self::is_tag(each) => names(each),
        _ => Vec::new(),
    });
    let all = [own].into_iter().chain(inner);
    all.filter(|name| is_identifier(&name.word)).collect()
}

fn is_tag(declaration: Cursor<'_>) -> bool {
    let tags = [
        k::CXCursor_StructDecl,
        k::CXCursor_UnionDecl,
        k::CXCursor_EnumDecl,
    ];
    tags.contains(&declaration.kind())
}

fn is_identifier(word: &str) -> bool {
    !word.is_empty() && word.chars().all(is_of_word)
}

/// Returns the macros that the main text defines.
fn macros(unit: &Unit) -> BTreeSet<String> {
    let definitions = unit.directives();
    let own = definitions
        .filter(|each| each.kind() == k::CXCursor_MacroDefinition && each.start().is_main);
    own.map(Cursor::spelling).collect()
}
