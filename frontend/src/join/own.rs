//! Objects of headers that every file has for itself: a `static` variable, or one in a `static` function.
//!
//! Joined files include a header once, or have its tentative definitions for one, so two of them would share what each may
//! change for itself.
//!
//! **Source**: ISO/IEC 9899:2018, 6.2.2 §3 and 6.9.2.

use std::collections::BTreeMap;
use std::fs;

use clang_sys as k;

use super::outline::Outline;
use super::{JoinError, together};
use crate::clang::{Cursor, Home, Unit};
use crate::lower::{types, walk};

/// Such objects: their names, by file, line and column.
pub(super) type Own = BTreeMap<(String, usize, usize), String>;

/// Returns the objects of a file's headers that it has for itself and may change.
pub(super) fn objects(unit: &Unit) -> Own {
    let mut found = Own::new();
    let mut see = |object: Cursor<'_>| {
        let is_object = object.kind() == k::CXCursor_VarDecl && object.is_static();
        if !is_object || types::is_const(object.ty()) {
            return;
        }
        if let Some(place) = object.place() {
            let file = fs::canonicalize(&place.file)
                .map_or(place.file, |path| path.to_string_lossy().into_owned());
            found.insert((file, place.line, place.column), object.spelling());
        }
    };
    for declaration in unit.declarations(&[Home::Header, Home::System]) {
        see(declaration);
        if declaration.kind() == k::CXCursor_FunctionDecl && declaration.canonical().is_static() {
            walk::each(declaration, &mut see);
        }
    }
    found
}

/// Checks that no two files have such an object of one header.
///
/// **Errors**: two have.
pub(super) fn refuse_shared(outlines: &[Outline]) -> Result<(), JoinError> {
    let mut seen = BTreeMap::new();
    for outline in outlines {
        for (place, name) in &outline.own {
            if seen.insert(place, name).is_some() {
                let (file, line, _) = place;
                return Err(together(format!(
                    "{file}:{line}: each file that includes the header has a `{name}` of its own, which would be one for all"
                )));
            }
        }
    }
    Ok(())
}
