//! Whether the text of a function shows when its statements run and when its memory ends.

use clang_sys as k;
use mupac_ir::TextOrder;

use super::{types, walk};
use crate::clang::Cursor;

/// Functions to which control comes back a second time.
const RETURNING_TWICE: [&str; 7] = [
    "__builtin_setjmp",
    "__sigsetjmp",
    "_setjmp",
    "getcontext",
    "setjmp",
    "sigsetjmp",
    "vfork",
];

/// Functions that return memory of their caller's, as macros of the C library know them.
const ALLOCATING: [&str; 4] = [
    "__builtin_alloca",
    "__builtin_alloca_with_align",
    "__builtin_alloca_with_align_and_max",
    "alloca",
];

/// Returns how much the text of a function's body shows.
pub(super) fn of(body: Cursor<'_>) -> TextOrder {
    let mut order = TextOrder::Plain;
    walk::each(body, |cursor| order = order.max(of_node(cursor)));
    order
}

fn of_node(cursor: Cursor<'_>) -> TextOrder {
    let is_hidden = match cursor.kind() {
        k::CXCursor_GotoStmt | k::CXCursor_IndirectGotoStmt | k::CXCursor_AddrLabelExpr => true,
        // What runs at the end of its scope is an attribute that libclang does not name.
        k::CXCursor_VarDecl => has_unnamed_attribute(cursor),
        k::CXCursor_CompoundLiteralExpr => types::is_array(cursor.ty()),
        k::CXCursor_UnaryOperator => holds_literal(cursor),
        k::CXCursor_MemberRefExpr => types::is_array(cursor.ty()) && holds_literal(cursor),
        k::CXCursor_DeclRefExpr => {
            let name = cursor.spelling();
            if ALLOCATING.contains(&&*name) {
                return TextOrder::MakesMemory;
            }
            RETURNING_TWICE.contains(&&*name)
        }
        _ => false,
    };
    if is_hidden {
        TextOrder::Hidden
    } else {
        TextOrder::Plain
    }
}

fn has_unnamed_attribute(declaration: Cursor<'_>) -> bool {
    let mut parts = declaration.children().into_iter();
    parts.any(|part| part.kind() == k::CXCursor_UnexposedAttr)
}

/// The construct of [`has_cleanup`], in words.
pub(super) const CLEANUP: &str = "a variable with a cleanup function";

/// Returns whether a cursor declares a variable with which a function is called where its scope is left, by whatever spelling
/// of `cleanup`.
pub(super) fn has_cleanup(cursor: Cursor<'_>) -> bool {
    // Clang writes the arguments of an attribute that it does not name.
    cursor.kind() == k::CXCursor_VarDecl
        && has_unnamed_attribute(cursor)
        && cursor.written().contains("cleanup(")
}

/// Returns whether the operand of an expression is an object that the expression makes.
fn holds_literal(cursor: Cursor<'_>) -> bool {
    let operand = cursor.children().first().copied().map(walk::peel);
    operand.is_some_and(|operand| operand.kind() == k::CXCursor_CompoundLiteralExpr)
}
