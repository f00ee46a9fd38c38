//! What the preprocessor does with a file and with the headers that it reads: which lines it leaves out, and which macros it
//! replaces by what.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use clang_sys as k;

use crate::clang::{Cursor, Inclusion, Unit};
use crate::macros::Definition;

/// What is done in headers that the system does not own, wherever they are read: by file and place.
pub(super) type InHeaders = BTreeMap<PathBuf, BTreeSet<(usize, usize, Vec<String>)>>;

/// Returns what is done in the main text, by byte and in order.
pub(super) fn in_text(unit: &Unit) -> Vec<(usize, Vec<String>)> {
    let mut done = BTreeMap::new();
    for range in unit.skipped() {
        done.insert((range.start, 0), vec!["left out".to_owned()]);
        done.insert((range.end, 0), vec!["read again".to_owned()]);
    }
    for cursor in unit.directives() {
        let at = cursor.start();
        if at.is_main && cursor.kind() == k::CXCursor_MacroExpansion {
            done.insert((at.offset, done.len() + 1), replaced(cursor));
        }
    }
    done.into_iter().map(|((at, _), what)| (at, what)).collect()
}

/// Returns what is done in headers, which are known by where they lie, since each file may name them in its own way.
pub(super) fn in_headers(unit: &Unit, inclusions: &[Inclusion]) -> InHeaders {
    let own = inclusions.iter().filter(|each| !each.is_system);
    let mut done = InHeaders::new();
    let mut places: BTreeMap<&str, PathBuf> = BTreeMap::new();
    for header in own {
        let place = fs::canonicalize(&header.file).unwrap_or_else(|_| PathBuf::from(&header.file));
        let skipped = header.skipped.iter();
        let skipped = skipped.map(|range| (range.start, range.end, vec!["left out".to_owned()]));
        done.entry(place.clone()).or_default().extend(skipped);
        places.insert(&header.file, place);
    }
    for cursor in unit.directives() {
        if cursor.kind() != k::CXCursor_MacroExpansion || cursor.start().is_main {
            continue;
        }
        let at = cursor.place();
        let known = at
            .as_ref()
            .and_then(|at| done.get_mut(places.get(at.file.as_str())?));
        if let (Some(at), Some(known)) = (&at, known) {
            known.insert((at.line, at.column, replaced(cursor)));
        }
    }
    done
}

/// Returns the words of a macro's use: its name, and what that stands for.
fn replaced(expansion: Cursor<'_>) -> Vec<String> {
    let words = |definition| {
        let tokens = Definition::of(definition).tokens.into_iter();
        tokens.map(|(_, word, _)| word)
    };
    let mut what = vec![expansion.spelling()];
    what.extend(expansion.referenced().into_iter().flat_map(words));
    what
}
