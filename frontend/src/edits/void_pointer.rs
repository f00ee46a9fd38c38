//! Arithmetic on pointers to `void`, which GNU C counts in bytes (GCC manual 12, 6.24).
//!
//! Rule `void-arithmetic`: the pointer becomes one to characters. What changes a variable is `update`'s.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Type};
use crate::lower::{types, walk};
use crate::text::Text;

const RULE: &str = "void-arithmetic";

/// Returns whether a type is a pointer to `void`, qualified or not.
pub(crate) fn is_void_pointer(ty: Type<'_>) -> bool {
    let ty = ty.canonical();
    types::is_pointer(ty) && ty.pointee().unqualified().kind() == k::CXType_Void
}

/// Returns the pointer to bytes that C++ computes with in the place of a pointer to `void`.
pub(super) fn bytes(ty: Type<'_>) -> Option<&'static str> {
    let to = ty.canonical().pointee();
    let is_plain = is_void_pointer(ty) && !types::is_volatile(to);
    is_plain.then_some(if types::is_const(to) {
        "const char *"
    } else {
        "char *"
    })
}

/// Returns whether a node adds to a pointer to `void` or subtracts from one.
pub(crate) fn is_arithmetic(cursor: Cursor<'_>) -> bool {
    let op = cursor.binary_operator();
    cursor.kind() == k::CXCursor_BinaryOperator
        && [k::CXBinaryOperator_Add, k::CXBinaryOperator_Sub].contains(&op)
        && cursor
            .children()
            .iter()
            .any(|each| is_void_pointer(each.ty()))
}

/// Returns the edits of such a node; `None` where a macro makes an operand.
pub(super) fn edits<'u>(cursor: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for operand in cursor.children() {
        // What is added to already is one to characters.
        let is_done = is_arithmetic(walk::peel_parentheses(operand));
        if !is_void_pointer(operand.ty()) || is_done {
            continue;
        }
        let (start, end) = (operand.start(), operand.end());
        if !start.is_main || start.is_macro || end.is_macro {
            return None;
        }
        let insert = |at: usize, text: String| Edit {
            at: Span::new(at, at),
            text,
            rule: RULE,
        };
        // Behind what is written before the whole of which this is the first operand.
        let ty = bytes(operand.ty())?;
        edits.push(insert(start.offset, format!("static_cast<{ty}>(")));
        edits.push(insert(text.end_offset(end)?, ")".to_owned()));
    }
    Some(edits)
}
