//! Edits that give an expression in C++ the meaning it has in C.
//!
//! Rules: `overload-cast` (C converts the argument to the one type there is, C++ chooses another function for it),
//! `sizeof-type` (`sizeof('a')`), `enum-promotion` (an enumeration without negative values is unsigned in C), and those of `implicit`.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::cpp::compare::{Class, Difference};
use crate::edits::{cast, spelling};
use crate::lower::{types, walk};
use crate::text::Text;

/// Returns the edits that repair a difference; `None` where no rule fits.
pub(super) fn edits<'u>(difference: &Difference<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let cursor = difference.cursor;
    match difference.class {
        Class::Call => super::implicit::result(cursor).or_else(|| arguments(cursor, text)),
        Class::Size => operand_type(cursor, text).map(|edit| vec![edit]),
        Class::Binary(_) | Class::Compound(_) | Class::Unary(_) => enumerations(cursor, text),
        Class::Conditional
        | Class::Number
        | Class::Text
        | Class::Reference
        | Class::Member
        | Class::Cast
        | Class::Variable => None,
    }
}

/// Casts each argument that C converts to a number of another type.
fn arguments<'u>(call: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for argument in call.children().into_iter().skip(1) {
        let Some(operand) = walk::implicit_operand(argument) else {
            continue;
        };
        if let (Some(to), Some(from)) = (types::scalar(argument.ty()), types::scalar(operand.ty()))
            && to != from
        {
            edits.extend(cast(
                text,
                &spelling(argument, None)?,
                operand,
                "overload-cast",
            )?);
        }
    }
    (!edits.is_empty()).then_some(edits)
}

/// Replaces the operand of `sizeof` by its type.
fn operand_type<'u>(size: Cursor<'u>, text: &Text<'u>) -> Option<Edit> {
    let children = size.children();
    let [operand] = children.as_slice() else {
        return None;
    };
    let scalar = types::scalar(operand.ty())?;
    let (start, end) = (operand.start(), operand.end());
    if start.is_macro || end.is_macro || !text.is_word_at(size.start().offset, "sizeof") {
        return None;
    }
    Some(Edit {
        at: Span::new(start.offset, end.offset),
        text: format!("({})", scalar.c_name()),
        rule: "sizeof-type",
    })
}

/// Casts the operands of enumeration type to the type that C computes in.
fn enumerations<'u>(cursor: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for operand in cursor.children() {
        let Some(inner) = walk::implicit_operand(operand) else {
            continue;
        };
        let to = operand.ty().canonical();
        let is_promotion = types::scalar(to).is_some() && to.kind() != k::CXType_Enum;
        // The read of the variable is a conversion of its own.
        let value = walk::peel(inner);
        if is_promotion && value.ty().canonical().kind() == k::CXType_Enum {
            edits.extend(cast(
                text,
                &spelling(operand, None)?,
                inner,
                "enum-promotion",
            )?);
        }
    }
    (!edits.is_empty()).then_some(edits)
}
