//! Conversions that C++ wants written, and those that it performs by itself.
//!
//! Rule `address-narrowed`: an address becomes a whole number before it loses bits.

use clang_sys as k;
use mupac_ir::{Edit, Scalar};

use super::cast;
use crate::clang::{Cursor, Type};
use crate::lower::{types, walk};
use crate::text::Text;

/// Returns the edits of a written conversion, which are none where it keeps all bits of an address or is of none; `None`
/// where a macro makes what is converted.
pub(super) fn narrowed_address<'u>(cursor: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let Some(operand) = cursor.children().pop() else {
        return Some(Vec::new());
    };
    let (to, from) = (cursor.ty(), operand.ty());
    let is_narrowed = types::scalar(to).is_some_and(|to| to != Scalar::Bool)
        && types::is_pointer(from.canonical())
        && to.size_bytes() < from.size_bytes();
    if !is_narrowed {
        return Some(Vec::new());
    }
    cast(text, "long", operand, "address-narrowed")
}

/// Returns whether an expression that is an integer in C is of an enumeration's type in C++: one of its constants, or a
/// choice between such and others of its values.
pub(super) fn is_of_enumeration(value: Cursor<'_>, enumeration: Type<'_>) -> bool {
    let declaration = enumeration.canonical().declaration();
    let value = walk::peel_parentheses(value);
    if value.kind() == k::CXCursor_ConditionalOperator {
        let branches = value.children().into_iter().skip(1);
        return branches.map(walk::peel).all(|branch| {
            branch.ty().canonical().declaration() == declaration
                || is_of_enumeration(branch, enumeration)
        });
    }
    value.referenced().is_some_and(|constant| {
        constant.kind() == k::CXCursor_EnumConstantDecl && constant.parent() == Some(declaration)
    })
}

/// Returns whether C++ converts one pointer to the other by itself: to the same type with more `const`, or to `void`.
///
/// **Source**: C++17 7.3.5 and 7.3.11.
pub(super) fn is_silent(to: Cursor<'_>, from: Cursor<'_>) -> bool {
    let (to, from) = (
        to.ty().canonical().pointee(),
        from.ty().canonical().pointee(),
    );
    let loses_qualifier = (types::is_const(from) && !types::is_const(to))
        || (types::is_volatile(from) && !types::is_volatile(to));
    let is_widened = (to.unqualified().kind() == k::CXType_Void && !types::is_function(from))
        || to.unqualified().is_same(from.unqualified());
    is_widened && !loses_qualifier
}
