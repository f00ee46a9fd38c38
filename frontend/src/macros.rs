//! Definitions of macros, and those of headers that are not read anew.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use clang_sys as k;

use crate::clang::{Cursor, TokenKind, Unit};

/// How a macro is defined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Where it stands in the main file, if it does.
    pub(crate) main_offset: Option<usize>,
    /// Whether it stands in a file at all, and not built in or on the command line.
    pub(crate) has_file: bool,
    pub(crate) is_of_system: bool,
    pub(crate) is_function_like: bool,
    /// Kind, text and byte offset (in its own file) of every token, the name first.
    pub(crate) tokens: Vec<(TokenKind, String, usize)>,
}

impl Definition {
    pub(crate) fn of(cursor: Cursor<'_>) -> Self {
        let place = cursor.start();
        Self {
            main_offset: place.is_main.then_some(place.offset),
            has_file: place.has_file,
            is_of_system: cursor.is_in_system_header(),
            is_function_like: cursor.is_function_like_macro(),
            tokens: cursor.written_tokens(),
        }
    }

    /// Returns the tokens that name its parameters, and those that a use becomes.
    pub(crate) fn parts(&self) -> [&[(TokenKind, String, usize)]; 2] {
        let behind_name = self.tokens.get(1..).unwrap_or_default();
        let closing = behind_name.iter().position(|(_, word, _)| word == ")");
        match closing.filter(|_| self.is_function_like) {
            Some(closing) => [&behind_name[..closing], &behind_name[closing + 1..]],
            None => [&[], behind_name],
        }
    }
}

/// Returns whether neither the compiler nor a header of the system defines a macro.
pub(crate) fn is_own(definition: Cursor<'_>) -> bool {
    let is_of_file = definition.location().has_file;
    !definition.is_in_system_header() && (is_of_file || !definition.spelling().starts_with('_'))
}

/// The macros of headers of the system, of the compiler and of the command line.
///
/// Kept as text, a line for each: name, number of definitions, flags, and the tokens of the last definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Macros {
    lines: HashMap<String, String>,
}

const OWN: char = 'o';
const HAS_FILE: char = 'f';
const OF_SYSTEM: char = 's';
const FUNCTION_LIKE: char = '(';
const KINDS: [(TokenKind, char); 5] = [
    (TokenKind::Punctuation, 'p'),
    (TokenKind::Keyword, 'k'),
    (TokenKind::Identifier, 'i'),
    (TokenKind::Literal, 'l'),
    (TokenKind::Comment, 'c'),
];

impl Macros {
    /// Returns the text for the macros of a unit that has none of the user; `None` where it could not be read again.
    pub(crate) fn text_of(unit: &Unit) -> Option<String> {
        let mut definitions: BTreeMap<String, Vec<Cursor<'_>>> = BTreeMap::new();
        for cursor in unit.directives() {
            if cursor.kind() == k::CXCursor_MacroDefinition {
                definitions
                    .entry(cursor.spelling())
                    .or_default()
                    .push(cursor);
            }
        }
        let mut text = String::new();
        for (name, definitions) in definitions {
            let last = Definition::of(*definitions.last()?);
            let flags = [
                (OWN, definitions.iter().any(|each| is_own(*each))),
                (HAS_FILE, last.has_file),
                (OF_SYSTEM, last.is_of_system),
                (FUNCTION_LIKE, last.is_function_like),
            ];
            let flags = flags.iter().filter(|(_, is_set)| *is_set);
            let flags: String = flags.map(|(letter, _)| *letter).collect();
            // Writing to a string does not fail.
            let _ = write!(text, "{name}\t{}\t{flags}", definitions.len());
            for (kind, word, offset) in last.tokens {
                let (_, letter) = KINDS.iter().find(|(each, _)| *each == kind)?;
                (!word.contains(['\t', '\n'])).then_some(())?;
                let _ = write!(text, "\t{letter}{offset} {word}");
            }
            text.push('\n');
        }
        Some(text)
    }

    /// Takes what [`text_of`](Self::text_of) wrote.
    pub(crate) fn new(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        Self {
            lines: lines
                .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
                .collect(),
        }
    }

    /// Returns how often a macro is defined.
    pub(crate) fn count(&self, name: &str) -> usize {
        let count = |line: &String| line.split('\t').next()?.parse().ok();
        self.lines.get(name).and_then(count).unwrap_or(0)
    }

    /// Returns the names of those that neither the compiler nor a header of the system defines.
    pub(crate) fn own(&self) -> impl Iterator<Item = &String> {
        let is_own = |line: &String| line.split('\t').nth(1).is_some_and(|it| it.contains(OWN));
        let all = self.lines.iter();
        all.filter(move |(_, line)| is_own(line))
            .map(|(name, _)| name)
    }

    /// Returns the last definition of a macro.
    pub(crate) fn definition(&self, name: &str) -> Option<Definition> {
        let mut fields = self.lines.get(name)?.split('\t').skip(1);
        let flags = fields.next()?;
        Some(Definition {
            main_offset: None,
            has_file: flags.contains(HAS_FILE),
            is_of_system: flags.contains(OF_SYSTEM),
            is_function_like: flags.contains(FUNCTION_LIKE),
            tokens: fields.map(token).collect::<Option<_>>()?,
        })
    }
}

fn token(field: &str) -> Option<(TokenKind, String, usize)> {
    let (place, word) = field.split_once(' ')?;
    let letter = place.chars().next()?;
    let (kind, _) = KINDS.into_iter().find(|(_, each)| *each == letter)?;
    let offset = place.get(1..)?.parse().ok()?;
    Some((kind, word.to_owned(), offset))
}
