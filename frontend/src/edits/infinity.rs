//! `isinf`, whose value has the sign of the infinity in C and is `true` in C++.
//!
//! **Source**: isinf(3); C++17 29.9.5.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::lower::classify::{Question, SIGN_OF_INFINITY};
use crate::text::Text;

/// Returns the operands of a node of which nothing but the truth counts.
pub(super) fn tested(cursor: Cursor<'_>, is_tested: bool) -> Vec<Cursor<'_>> {
    let mut operands = cursor.children();
    let is_logical = |op| [k::CXBinaryOperator_LAnd, k::CXBinaryOperator_LOr].contains(&op);
    let count = match cursor.kind() {
        k::CXCursor_BinaryOperator if is_logical(cursor.binary_operator()) => 2,
        k::CXCursor_UnaryOperator if cursor.unary_operator() == k::CXUnaryOperator_LNot => 1,
        k::CXCursor_IfStmt | k::CXCursor_WhileStmt | k::CXCursor_ConditionalOperator => 1,
        k::CXCursor_ParenExpr if is_tested => 1,
        _ => 0,
    };
    operands.truncate(count);
    operands
}

/// Returns whether a node is a call of `isinf`.
pub(super) fn is_call(cursor: Cursor<'_>) -> bool {
    matches!(Question::of(cursor), Some(Question::SignOfInfinity))
}

/// Returns the edit that calls in C++ what C calls; `None` where a macro of the file calls it.
pub(super) fn edit(call: Cursor<'_>, text: &Text<'_>) -> Option<Edit> {
    let at = call.start().offset;
    text.is_word_at(at, "isinf").then(|| Edit {
        at: Span::new(at, at + "isinf".len()),
        text: SIGN_OF_INFINITY.to_owned(),
        rule: "sign-of-infinity",
    })
}
