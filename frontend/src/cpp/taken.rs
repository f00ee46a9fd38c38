//! Names of the file that nvcc's own declarations take, or those of the C library as C++ has it.

use std::collections::BTreeSet;

use clang_sys as k;
use mupac_ir::Edit;

use super::Original;
use super::edited::Edited;
use crate::clang::{Cursor, Home, RawDiagnostic, RawPlace, Unit};
use crate::edits::{keyword, linkage, shared_name};

/// A declaration of C whose name is taken in C++.
pub(super) struct Clash<'u> {
    /// Its first declaration.
    pub(super) declaration: Cursor<'u>,
    /// Whether other files know it by its name.
    pub(super) is_shared: bool,
}

/// Returns what C++ rejects at the outermost level of the file and its headers, and what it takes for a function of the
/// library's that the file defines itself.
pub(super) fn clashes<'u>(
    original: &Original<'u>,
    cpp: &Unit,
    errors: &[RawDiagnostic],
    edited: &Edited,
) -> Vec<Clash<'u>> {
    let places: Vec<&RawPlace> = errors
        .iter()
        .flat_map(|error| std::iter::once(error).chain(&error.notes))
        .filter_map(|error| error.place.as_ref())
        .collect();
    let redefined = redefined(cpp);
    let is_rejected = |declaration: Cursor<'u>| {
        let at = declaration.location();
        let place = declaration.place();
        places.iter().any(|error| match error.main_offset {
            Some(offset) => at.is_main && edited.original(offset) == Some(at.offset),
            None => place.as_ref().is_some_and(|place| {
                (&place.file, place.line, place.column) == (&error.file, error.line, error.column)
            }),
        })
    };
    let mut found: Vec<Clash<'u>> = Vec::new();
    for declaration in original.unit.declarations(&[Home::Main, Home::Header]) {
        let is_own = keyword::is_own(declaration, original.is_whole_program);
        let is_shared = !is_own && shared_name::is_shared(declaration);
        let is_main = declaration.location().is_main;
        let is_taken = is_shared && !is_main && shared_name::is_taken(declaration);
        let is_redefined =
            is_shared && declaration.is_definition() && redefined.contains(&declaration.spelling());
        // Headers stay as they are where nobody else knows the name.
        let may_be_renamed = is_shared || (is_own && is_main);
        let first = linkage::first(declaration);
        if may_be_renamed
            && (is_taken || is_redefined || is_rejected(declaration))
            && !found.iter().any(|clash| clash.declaration == first)
        {
            found.push(Clash {
                declaration: first,
                is_shared,
            });
        }
    }
    found
}

/// Returns the names of what the file defines and a header of the system has declared to C++: CUDA takes such functions
/// for functions of the device as well.
fn redefined(cpp: &Unit) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = linkage::declarations(cpp);
    while let Some(cursor) = pending.pop() {
        if ![k::CXCursor_FunctionDecl, k::CXCursor_VarDecl].contains(&cursor.kind()) {
            pending.extend(cursor.children());
        } else if cursor.is_definition() && cursor.canonical().is_in_system_header() {
            found.insert(cursor.spelling());
        }
    }
    found
}

/// Returns the edits that rename what clashes in the main file.
pub(super) fn edits(clashes: &[Clash<'_>], original: &Original<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for clash in clashes {
        let (first, text) = (clash.declaration, original.text);
        if !clash.is_shared || !first.location().is_main {
            edits.extend(keyword::edits(&first.spelling(), text).unwrap_or_default());
        } else {
            edits.extend(shared_name::edits(first, text).unwrap_or_default());
        }
    }
    edits
}
