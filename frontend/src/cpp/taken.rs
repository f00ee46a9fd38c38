//! Names of the file that nvcc's own declarations take.

use std::collections::BTreeSet;

use mupac_ir::{Edit, Refusal};

use super::Original;
use crate::clang::Cursor;
use crate::edits::{keyword, linkage};

/// Returns the edits that rename what C++ rejects at the file's outermost level and no other file knows by its name.
pub(super) fn edits(original: &Original<'_>, errors: &[Refusal]) -> Vec<Edit> {
    if errors.is_empty() {
        return Vec::new();
    }
    let declarations = linkage::declarations(original.unit);
    let is_clash = |declaration: &&Cursor<'_>| {
        let at = declaration.location().offset;
        errors.iter().any(|error| error.at.start as usize == at)
    };
    let clashing: Vec<&Cursor<'_>> = declarations.iter().filter(is_clash).collect();
    let names: BTreeSet<String> = clashing
        .into_iter()
        .filter(|declaration| keyword::is_own(**declaration, original.is_whole_program))
        .map(|declaration| declaration.spelling())
        .collect();
    names
        .iter()
        .filter_map(|name| keyword::edits(name, original.text))
        .flatten()
        .collect()
}
