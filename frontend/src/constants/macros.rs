//! Macros that name constants.

use std::collections::{BTreeMap, BTreeSet};

use clang_sys as k;

use crate::clang::{TokenKind, Unit};
use crate::macros::Definition;
use crate::text::Text;

/// Returns where macros without parameters are used that can be edited.
pub(super) fn expansions(unit: &Unit, text: &Text<'_>) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for cursor in unit.directives() {
        let start = cursor.start();
        if cursor.kind() != k::CXCursor_MacroExpansion || !start.is_main {
            continue;
        }
        let name = cursor.spelling();
        let definition = text.only_definition(&name);
        let is_own = definition.is_some_and(|definition| {
            !definition.is_of_system
                && !definition.is_function_like
                && (definition.has_file || !name.starts_with('_'))
        });
        if is_own && text.is_word_at(start.offset, &name) {
            found.insert(start.offset, name);
        }
    }
    found
}

/// Returns the macros that some line of the file undefines.
pub(super) fn undefined(text: &Text<'_>) -> BTreeSet<String> {
    let words = text.tokens.windows(2);
    words
        .filter(|pair| pair[0].is_directive && text.word(pair[0]) == "undef")
        .map(|pair| text.word(pair[1]).to_owned())
        .collect()
}

/// Returns the number that a macro is, if it is written out.
pub(super) fn literal(definition: &Definition) -> Option<i128> {
    let [_, (TokenKind::Literal, word, _)] = definition.tokens.as_slice() else {
        return None;
    };
    let digits = word.trim_end_matches(['u', 'U', 'l', 'L']);
    match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None if digits.len() > 1 && digits.starts_with('0') => None,
        None => digits.parse().ok(),
    }
}
