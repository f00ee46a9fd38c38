//! Bodies of loops that declare the loop's own variable anew.
//!
//! In C the body of a `for` is a block of its own, inside that of the loop's variables (C17 6.8.5 §5); in C++ what its
//! outermost block declares stands beside them, and may not have their names (C++17 6.3.3 §4).
//! Rule `loop-body`: such a body gets another pair of braces.

use clang_sys as k;
use mupac_ir::Edit;

use crate::clang::Cursor;

const RULE: &str = "loop-body";

/// Returns the edits of a `for`; `None` where its braces come out of a macro.
pub(super) fn edits(each: Cursor<'_>) -> Option<Vec<Edit>> {
    let children = each.children();
    let (Some(variables), Some(body)) = (children.first(), children.last()) else {
        return Some(Vec::new());
    };
    let names: Vec<String> = declared(*variables).collect();
    let mut statements = body.children().into_iter();
    let is_block = body.kind() == k::CXCursor_CompoundStmt;
    let takes_one = |statement| declared(statement).any(|name| names.contains(&name));
    if !is_block || !statements.any(takes_one) {
        return Some(Vec::new());
    }
    let (start, end) = (body.start(), body.end());
    let is_written = start.is_main && end.is_main && !start.is_macro && !end.is_macro;
    let insertion = |at: usize, text: &str| Edit::insertion(at, text, RULE);
    is_written.then(|| vec![insertion(start.offset, "{ "), insertion(end.offset, " }")])
}

/// Returns the names that a statement declares, if it is a declaration, with those of enumerators.
fn declared(statement: Cursor<'_>) -> impl Iterator<Item = String> {
    let is_declaration = statement.kind() == k::CXCursor_DeclStmt;
    let declarations = is_declaration.then(|| statement.children());
    let with_enumerators = |declaration: Cursor<'_>| {
        let is_enumeration = declaration.kind() == k::CXCursor_EnumDecl;
        let enumerators = is_enumeration.then(|| declaration.children());
        let names = std::iter::once(declaration).chain(enumerators.into_iter().flatten());
        names.map(Cursor::spelling).collect::<Vec<_>>()
    };
    let declarations = declarations.into_iter().flatten();
    declarations.flat_map(with_enumerators)
}
