//! Regions and moves in words of a closed vocabulary.
//!
//! A program's own names become `v0`, `v1`, … in the order of their first use, and numbers beyond the small ones and the
//! powers of two their order of magnitude, so what is left is the form of the region.

use mupac_ir::builtin::Builtin;
use mupac_ir::hash::Fnv;
use mupac_ir::types::Scalar;
use mupac_ir::{Axis, Mapping};
use mupac_passes::Draft;

use crate::search::Choice;

/// What stands for a word that is none of the vocabulary.
pub const UNKNOWN: &str = "<unk>";

/// What a text begins with.
pub const BEGIN: &str = "<region>";

/// What stands between a region and its moves.
pub const MOVES: &str = "<moves>";

/// The default bindings, as one choice.
pub const DEFAULT: &str = "<default>";

/// What ends a choice, so that no choice is the beginning of another.
const NEXT: &str = ";";

/// The end of a sequence of moves; the default bindings complete what they make.
pub const END: &str = "<end>";

/// A number that is no integer.
const REAL: &str = "<real>";

/// How many names of a program are told apart.
const NAMES: usize = 32;

/// Words of the text form.
const PLAIN: &[&str] = &[
    "addressed",
    "after",
    "break",
    "call",
    "const",
    "continue",
    "do",
    "else",
    "for",
    "if",
    "let",
    "restrict",
    "return",
    "as",
    "by",
    "var",
    "volatile",
    "while",
];

/// What steps add to the name of a loop for its parts.
const PARTS: &[&str] = &[".o", ".i", ".u", ".r", ".v", ".w", ".f"];

/// Signs, the longer ones before their beginnings.
const SIGNS: &[&str] = &[
    "<<=", ">>=", "..", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "->", "+", "-", "*", "/",
    "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", ",", ";", ".", "(", ")", "[", "]", "{",
    "}", "@",
];

/// Signs that say nothing beside the words around them.
const SILENT: &[&str] = &[":", ",", ";"];

/// Steps; one that is not among them has no word, so nobody proposes it.
const STEPS: &[&str] = &[
    "bind",
    "coarsen",
    "constant",
    "fission",
    "flatten",
    "fuse",
    "grid-stride",
    "interchange",
    "jam",
    "pad",
    "privatise",
    "skew",
    "split",
    "split-sum",
    "spread-sum",
    "stage",
    "tile",
    "unroll",
    "vectorize",
];

/// The greatest number, and the greatest exponent of 2, that are words of their own.
const SMALL: u128 = 16;
const POWERS: u32 = 20;

/// The greatest order of magnitude with a word.
const MAGNITUDES: u32 = 64;

/// Returns all words; their positions are what a network knows them by.
pub fn vocabulary() -> Vec<String> {
    let mut words: Vec<String> = [UNKNOWN, BEGIN, MOVES, DEFAULT, END, REAL]
        .into_iter()
        .chain(PLAIN.iter().copied())
        .chain(PARTS.iter().copied())
        .chain(SIGNS.iter().copied())
        .chain(STEPS.iter().copied())
        .chain(Scalar::ALL.into_iter().map(Scalar::name))
        .chain(Builtin::with_words().iter().map(|builtin| builtin.name))
        .map(str::to_owned)
        .collect();
    for axis in Axis::ALL {
        words.extend([Mapping::Block(axis), Mapping::Thread(axis)].map(|each| each.to_string()));
    }
    words.extend((0..NAMES).map(|number| format!("v{number}")));
    words.extend((0..=SMALL).map(|number| number.to_string()));
    let powers = (0..=POWERS).map(|exponent| 1_u128 << exponent);
    words.extend(
        powers
            .filter(|power| *power > SMALL)
            .map(|power| power.to_string()),
    );
    words.extend((SMALL.ilog2()..=MAGNITUDES).map(|exponent| format!("~{exponent}")));
    words
}

/// Returns the hash of the vocabulary, which a network's first input is named after.
pub fn vocabulary_hash() -> String {
    let mut hash = Fnv::default();
    for word in vocabulary() {
        hash.add_text(word.as_bytes());
    }
    format!("{:016x}", hash.value())
}

/// The names of a program, in the order of their first use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: Vec<String>,
}

impl Names {
    /// Returns the number of a name, which it gets where it has none.
    fn number(&mut self, name: &str) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.known.push(name.to_owned());
            self.known.len() - 1
        })
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.known.iter().position(|each| each == name)
    }

    /// Returns the words for the name of a loop or an array in a move: names of the program, and which part it is.
    fn words(&self, name: &str) -> Vec<String> {
        let word = |(at, word): (usize, &str)| {
            let part = format!(".{word}");
            if at > 0 && PARTS.contains(&part.as_str()) {
                part
            } else if word.starts_with(|first: char| first.is_ascii_digit()) {
                of_literal(word)
            } else {
                self.find(word).map_or(UNKNOWN.to_owned(), of_number)
            }
        };
        name.split('.').enumerate().map(word).collect()
    }
}

/// Returns the words of a region with the types of its arrays, and its names.
pub fn of_region(draft: &Draft) -> (Vec<String>, Names) {
    let mut names = Names::default();
    let mut words = vec![BEGIN.to_owned()];
    let text = draft.text();
    let mut rest = text.as_str();
    while let Some((word, after)) = next_word(rest) {
        rest = after;
        // The names of statements.
        if word.starts_with('S') && rest.starts_with(": ") {
            continue;
        }
        words.extend(in_text(word, &mut names));
    }
    for (number, name) in names.known.iter().enumerate() {
        if let Some(scalar) = element(draft, name) {
            words.extend([scalar.name().to_owned(), of_number(number)]);
        }
    }
    words.push(MOVES.to_owned());
    (words, names)
}

/// Returns the type of the elements of an array.
fn element(draft: &Draft, name: &str) -> Option<Scalar> {
    let mut vars = draft.function().vars.iter();
    let (_, var) = vars.find(|(_, var)| var.name == *name)?;
    let mut element = var.ty.element()?;
    while let Some(inner) = element.element() {
        element = inner;
    }
    element.scalar()
}

/// Returns the words of a choice; what a move calls its results follows from the rest.
///
/// `None` where the vocabulary lacks one.
pub fn of_choice(choice: &Choice, names: &Names) -> Option<Vec<String>> {
    let Some(step) = choice.single() else {
        return Some(vec![DEFAULT.to_owned(), NEXT.to_owned()]);
    };
    let is_step = STEPS.contains(&step.step.as_str());
    let mut words = vec![is_step.then(|| step.step.clone())?];
    let arguments = step.arguments.iter().map(String::as_str);
    let told = arguments.take_while(|word| *word != "->");
    for word in std::iter::once(step.target.0.as_str()).chain(told) {
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            words.push(of_literal(word));
        } else if is_axis(word) {
            words.push(word.to_owned());
        } else {
            words.extend(names.words(word));
        }
    }
    words.push(NEXT.to_owned());
    let is_known = words.iter().all(|word| word != UNKNOWN);
    is_known.then_some(words)
}

fn is_axis(word: &str) -> bool {
    let mappings = |axis| [Mapping::Block(axis), Mapping::Thread(axis)];
    let mut all = Axis::ALL.into_iter().flat_map(mappings);
    all.any(|mapping| mapping.to_string() == word)
}

/// Splits the first word off a text.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let is_of_name = |each: char| each.is_alphanumeric() || each == '_';
    let length = if first.is_ascii_digit() {
        // Two dots are a range.
        let end = text.find(|each| !is_of_name(each) && each != '.');
        let end = end.unwrap_or(text.len());
        text.find("..").map_or(end, |range| range.min(end))
    } else if is_of_name(first) {
        text.find(|each| !is_of_name(each)).unwrap_or(text.len())
    } else {
        let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
        sign.map_or(first.len_utf8(), |sign| sign.len())
    };
    Some(text.split_at(length))
}

/// Returns the word of the vocabulary for a word of the text form, none where it says nothing.
fn in_text(word: &str, names: &mut Names) -> Option<String> {
    let is_fixed = |fixed: &[&str]| fixed.contains(&word);
    let first = word.chars().next()?;
    let is_function = || {
        Builtin::with_words()
            .iter()
            .any(|builtin| builtin.name == word)
    };
    let is_type = || Scalar::ALL.into_iter().any(|scalar| scalar.name() == word);
    if is_fixed(SILENT) || word == "in" {
        None
    } else if first.is_ascii_digit() {
        Some(of_literal(word))
    } else if is_fixed(PLAIN) || is_fixed(SIGNS) || is_type() || is_function() {
        Some(word.to_owned())
    } else if first.is_alphabetic() || first == '_' {
        Some(of_number(names.number(word)))
    } else {
        Some(UNKNOWN.to_owned())
    }
}

fn of_number(number: usize) -> String {
    if number < NAMES {
        format!("v{number}")
    } else {
        UNKNOWN.to_owned()
    }
}

/// Returns the word for a number, with or without the suffix that says its type.
fn of_literal(word: &str) -> String {
    let digits = word.find(|each: char| !each.is_ascii_digit());
    let (digits, suffix) = word.split_at(digits.unwrap_or(word.len()));
    let is_integer = suffix.is_empty() || suffix.starts_with(['i', 'u']);
    match digits.parse::<u128>() {
        Ok(number) if is_integer && number <= SMALL => number.to_string(),
        Ok(number) if is_integer && number.is_power_of_two() && number.ilog2() <= POWERS => {
            number.to_string()
        }
        Ok(number) if is_integer => format!("~{}", number.ilog2().min(MAGNITUDES)),
        _ => REAL.to_owned(),
    }
}
