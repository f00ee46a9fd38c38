//! Functions that are `inline` and of which C makes a definition for other files all the same.
//!
//! C99 makes one where a declaration at file scope lacks `inline` or says `extern` (C17 6.7.4 §7), the C of gcc before that
//! where one says `inline` without `extern` (GCC manual, “An Inline Function is As Fast As a Macro”); C++ makes one only
//! where this file calls the function.
//! Part of rule `c-linkage`: such a function is marked as used. The definition is weak, so it gives way to one that another
//! C file makes.

use std::collections::HashMap;

use clang_sys as k;

use super::linkage;
use crate::clang::{Cursor, Home, Unit};
use crate::text::Text;

/// The mark.
pub(super) const USED: &str = "__attribute__((used)) ";

/// Returns the declarations in the main file of the functions that need the mark, the first of each.
pub(super) fn defined_for_others<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<Cursor<'u>> {
    let is_old = text.is_macro("__GNUC_GNU_INLINE__");
    let mut all: HashMap<Cursor<'u>, Vec<Cursor<'u>>> = HashMap::new();
    for each in unit.declarations(&[Home::Main, Home::Header]) {
        if each.kind() == k::CXCursor_FunctionDecl && !each.is_static() {
            all.entry(each.canonical()).or_default().push(each);
        }
    }
    let mut found: Vec<Cursor<'u>> = Vec::new();
    for declaration in linkage::declarations(unit) {
        let is_function = declaration.kind() == k::CXCursor_FunctionDecl;
        if !is_function || declaration.definition().is_none() {
            continue;
        }
        // What is found once is known.
        let same = all
            .get(&declaration.canonical())
            .map_or(&[][..], Vec::as_slice);
        let words: Vec<Words> = same.iter().map(|each| Words::of(*each)).collect();
        if is_defined_for_others(&words, is_old) {
            all.remove(&declaration.canonical());
            found.push(declaration);
        }
    }
    found
}

/// Returns whether a declaration says `inline`.
pub(crate) fn is_inline(declaration: Cursor<'_>) -> bool {
    Words::of(declaration).is_inline
}

/// Returns whether a declaration has the attribute that C++ takes for `extern` too (GCC manual, “Common Function
/// Attributes”).
pub(super) fn is_hidden_in_cpp(declaration: Cursor<'_>) -> bool {
    Words::of(declaration).is_gnu
}

/// What a declaration says.
struct Words {
    is_inline: bool,
    is_extern: bool,
    is_gnu: bool,
}

impl Words {
    fn of(declaration: Cursor<'_>) -> Self {
        let written = declaration.written();
        let before_name = written
            .split(&format!("{}(", declaration.spelling()))
            .next();
        let mut words = before_name.unwrap_or_default().split_whitespace();
        Self {
            is_inline: words.any(|word| ["inline", "__inline", "__inline__"].contains(&word)),
            is_extern: declaration.is_extern(),
            is_gnu: written.contains("gnu_inline"),
        }
    }
}

fn is_defined_for_others(declarations: &[Words], is_old: bool) -> bool {
    let mut inline = declarations.iter().filter(|each| each.is_inline);
    if inline.clone().next().is_none() {
        return false;
    }
    if is_old || declarations.iter().any(|each| each.is_gnu) {
        return inline.any(|each| !each.is_extern);
    }
    declarations
        .iter()
        .any(|each| !each.is_inline || each.is_extern)
}
