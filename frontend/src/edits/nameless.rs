//! Variables that other files share and whose type has no name: C++ keeps them to their file (C++17 6.5 §8).
//!
//! Part of rule `c-linkage`: the type gets a name after the variable.

use clang_sys as k;
use mupac_ir::Edit;

use super::linkage;
use crate::clang::{Cursor, Type};
use crate::lower::types;
use crate::text::Text;

/// Returns the declaration of a type without a name in a type.
pub(super) fn nameless(ty: Type<'_>) -> Option<Cursor<'_>> {
    let mut ty = ty.canonical();
    loop {
        if types::is_array(ty) {
            ty = ty.element().canonical();
        } else if types::is_pointer(ty) {
            ty = ty.pointee().canonical();
        } else {
            break;
        }
    }
    let is_tagged = [k::CXType_Record, k::CXType_Enum].contains(&ty.kind());
    let spelling = ty.spelling();
    let is_nameless = spelling.contains("(unnamed ") || spelling.contains("(anonymous ");
    (is_tagged && is_nameless).then(|| ty.declaration())
}

/// Returns the edit that names the type of a variable; `None` where a macro holds the type, or the name is taken.
pub(super) fn named(
    variable: Cursor<'_>,
    declaration: Cursor<'_>,
    text: &Text<'_>,
) -> Option<Edit> {
    let start = declaration.start();
    let name = format!("{}_type", variable.spelling());
    let word = text
        .at(start.offset)
        .filter(|_| start.is_main && !start.is_macro)?;
    let is_taken = text.tokens.iter().any(|token| text.word(*token) == name);
    let is_tag = ["struct", "union", "enum"].contains(&text.word(word));
    (is_tag && !is_taken).then(|| linkage::insertion(word.end, &format!(" {name}")))
}
