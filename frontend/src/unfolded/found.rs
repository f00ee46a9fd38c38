//! Which uses of macros make functions, and what those are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clang_sys as k;
use mupac_ir::Span;

use crate::clang::{Cursor, Home, TokenKind, Unit};
use crate::lower::{is_loop, runs_once, walk};
use crate::text::Text;

/// A use of a macro that makes functions with loops.
pub(super) struct Use {
    pub(super) at: Span,
    /// The macros in it that stay names: those of the system, and constants.
    pub(super) kept: BTreeSet<String>,
    /// Those of them that say which line they stand on.
    pub(super) placed: BTreeSet<String>,
    /// What it declares, each with its tree.
    pub(super) shapes: BTreeMap<String, String>,
}

/// What a declaration is known by.
fn name(cursor: Cursor<'_>) -> String {
    format!("{} {}", cursor.kind(), cursor.spelling())
}

/// What a macro's text means only at its place, or once.
const PLACED: [&str; 9] = [
    "__LINE__",
    "__FILE__",
    "__FILE_NAME__",
    "__BASE_FILE__",
    "__INCLUDE_LEVEL__",
    "__COUNTER__",
    "__TIMESTAMP__",
    "_Pragma",
    "__pragma",
];

/// Returns the uses that can be written out, in order.
pub(super) fn uses(unit: &Unit, text: &Text<'_>) -> Vec<Use> {
    let mut uses: BTreeMap<usize, Use> = BTreeMap::new();
    let own = text.own_macros();
    for function in unit.declarations(&[Home::Main]) {
        let Some((start, end)) = made_by(function, text) else {
            continue;
        };
        let known = uses.remove(&start);
        let made = known.or_else(|| {
            let at = Span::new(start, end);
            let kept = kept(text, at, &own)?;
            let says_line = |name: &&String| text.macro_mentions(name, &PLACED);
            let placed = kept.iter().filter(says_line).cloned().collect();
            let shapes = BTreeMap::new();
            Some(Use {
                at,
                kept,
                placed,
                shapes,
            })
        });
        uses.extend(made.map(|made| (start, made)));
    }
    for declared in unit.declarations(&[Home::Main]) {
        let start = text.use_around(declared.start().offset);
        if let Some(made) = start.and_then(|start| uses.get_mut(&start)) {
            *made.shapes.entry(name(declared)).or_default() += &shape(declared);
        }
    }
    uses.into_values().collect()
}

/// Returns where the use of a macro lies that writes the whole body of a function with loops.
fn made_by(function: Cursor<'_>, text: &Text<'_>) -> Option<(usize, usize)> {
    let is_function = function.kind() == k::CXCursor_FunctionDecl && function.is_definition();
    let body = function
        .children()
        .last()
        .copied()
        .filter(|_| is_function)?;
    let (first, last) = (body.start(), body.end());
    let is_made = first.is_main && first.is_macro && last.is_main;
    (body.kind() == k::CXCursor_CompoundStmt && is_made).then_some(())?;
    let mut has_loop = false;
    walk::each(body, |cursor| {
        has_loop |= is_loop(cursor) && !runs_once(cursor);
    });
    let start = text.use_around(first.offset)?;
    let end = text.expansion_end(start)?;
    (has_loop && start <= last.offset && last.offset <= end).then_some((start, end))
}

/// Returns the macros that stay names in what a use becomes; `None` where that depends on its place.
fn kept(text: &Text<'_>, at: Span, own: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let tokens = &text.tokens[text.index_from(at.start as usize)..text.index_from(at.end as usize)];
    let words: Vec<&str> = tokens.iter().map(|token| text.word(*token)).collect();
    (tokens.iter().all(|token| !token.is_directive)).then_some(())?;
    let is_placed = |word: &str| PLACED.contains(&word);
    (!words.iter().any(|word| is_placed(word))).then_some(())?;
    let (mut kept, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    while let Some(name) = open.pop() {
        if !text.is_macro(&name) || !seen.insert(name.clone()) {
            continue;
        }
        let is_argument = words.contains(&name.as_str());
        if !own.contains(&name) || !is_argument && is_constant(text, &name) {
            kept.insert(name);
            continue;
        }
        let inside = text.words_of_macro(&name);
        (!inside.iter().any(|word| is_placed(word))).then_some(())?;
        open.extend(inside);
    }
    Some(kept)
}

/// Returns whether a macro is a number.
fn is_constant(text: &Text<'_>, name: &str) -> bool {
    let Some(definition) = text.only_definition(name).filter(|it| !it.is_function_like) else {
        return false;
    };
    let [_, body] = definition.parts();
    let is_plain = |kind| matches!(kind, TokenKind::Literal | TokenKind::Punctuation);
    body.iter().any(|(kind, ..)| *kind == TokenKind::Literal)
        && body.iter().all(|(kind, ..)| is_plain(*kind))
}

/// Returns the trees of declarations by what they are known by.
pub(super) fn shapes(unit: &Unit, names: &BTreeSet<&String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::<String, String>::new();
    for declared in unit.declarations(&[Home::Main]) {
        let name = name(declared);
        if names.contains(&name) {
            *found.entry(name).or_default() += &shape(declared);
        }
    }
    found
}

/// Returns a tree as text: what each node is, what it is called, its type, operator and value, and how many nodes it has.
fn shape(root: Cursor<'_>) -> String {
    let mut text = String::new();
    walk::each(root, |cursor| {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{} {:?} {:?} {} {} {:?} {};",
            cursor.kind(),
            cursor.spelling(),
            cursor.ty().spelling(),
            cursor.binary_operator(),
            cursor.unary_operator(),
            has_value(cursor).then(|| cursor.evaluate()),
            cursor.children().len(),
        );
    });
    text
}

/// Returns whether a node has a value that no node inside it shows: clang evaluates no list of first values.
fn has_value(cursor: Cursor<'_>) -> bool {
    let is_sized = cursor.kind() == k::CXCursor_UnaryExpr;
    let is_list = cursor.kind() == k::CXCursor_InitListExpr;
    cursor.is_expression() && !is_list && (is_sized || cursor.children().is_empty())
}
