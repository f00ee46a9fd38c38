//! Names of types of variable length.
//!
//! Rule `row-type`: C computes the size of such a type at its `typedef` (C17 6.7.8 §3); g++ does where control first
//! reaches a use of the name, so the name is used at once.

use std::fmt::Write;

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Type};
use crate::edits::keyword;
use crate::lower::{declare, types};

/// Returns the edit behind a statement that names types of variable length; no edit for any other statement, `None` where
/// a type is not rows or a pointer to rows, or a macro ends the statement.
pub(super) fn edits(statement: Cursor<'_>) -> Option<Vec<Edit>> {
    let mut uses = String::new();
    for each in statement.children() {
        if each.kind() == k::CXCursor_TypedefDecl && declare::has_variable_extent(each.ty()) {
            let name = keyword::renamed(&each.spelling());
            let pointer = pointer_to_rows(each.ty(), &name)?;
            // Writing to a string does not fail.
            let _ = write!(uses, " (void)(({pointer})0 + 1);");
        }
    }
    if uses.is_empty() {
        return Some(Vec::new());
    }
    let end = statement.end();
    let is_plain = end.is_main && !end.is_macro;
    let edit = Edit {
        at: Span::new(end.offset, end.offset),
        text: uses,
        rule: "row-type",
    };
    is_plain.then(|| vec![edit])
}

/// Returns the pointer type by which the size of a named type is needed for counting on.
fn pointer_to_rows(ty: Type<'_>, name: &str) -> Option<String> {
    let ty = ty.canonical();
    let (rows, pointer) = if types::is_pointer(ty) {
        (ty.pointee(), name.to_owned())
    } else {
        (ty, format!("{name} *"))
    };
    is_rows(rows).then_some(pointer)
}

/// Returns whether a type is an array whose elements, at whatever depth, have a constant size.
fn is_rows(ty: Type<'_>) -> bool {
    let ty = ty.canonical();
    if types::is_array(ty) {
        let element = ty.element();
        return !declare::has_variable_extent(element) || is_rows(element);
    }
    false
}
