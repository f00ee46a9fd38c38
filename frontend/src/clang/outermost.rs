//! What stands at the outermost level of a file, sorted once by whose it is: headers of the system bring a hundred times
//! what a file has of its own.

use clang_sys as k;
use clang_sys::CXCursor;

use super::{Cursor, Unit};

/// What the preprocessor did.
const DIRECTIVES: [k::CXCursorKind; 4] = [
    k::CXCursor_PreprocessingDirective,
    k::CXCursor_MacroDefinition,
    k::CXCursor_MacroExpansion,
    k::CXCursor_InclusionDirective,
];

/// Whose a declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// The main file's.
    Main,
    /// A header's of the user.
    Header,
    /// A header's of the system, or built in.
    System,
}

/// The outermost level, in clang's order.
#[derive(Default)]
pub(super) struct Outermost {
    declarations: Vec<(CXCursor, Home)>,
    /// Macros as defined and used, and `#include` lines.
    directives: Vec<CXCursor>,
}

impl Outermost {
    pub(super) fn of(unit: &Unit) -> Self {
        let mut found = Self::default();
        for cursor in unit.root().children() {
            if DIRECTIVES.contains(&cursor.kind()) {
                found.directives.push(cursor.raw);
            } else {
                let home = if cursor.location().is_main {
                    Home::Main
                } else if cursor.is_in_system_header() {
                    Home::System
                } else {
                    Home::Header
                };
                found.declarations.push((cursor.raw, home));
            }
        }
        found
    }
}

impl Unit {
    /// Returns the declarations of the outermost level that stand in one of these places.
    pub(crate) fn declarations(&self, homes: &[Home]) -> impl Iterator<Item = Cursor<'_>> {
        let all = self.outermost.declarations.iter();
        all.filter(|(_, home)| homes.contains(home))
            .map(|(raw, _)| Cursor::new(*raw, self))
    }

    /// Returns macros as defined and used, and `#include` lines, in order.
    pub(crate) fn directives(&self) -> impl Iterator<Item = Cursor<'_>> {
        let all = self.outermost.directives.iter();
        all.map(|raw| Cursor::new(*raw, self))
    }
}
