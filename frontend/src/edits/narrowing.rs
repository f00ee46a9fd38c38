//! Conversions between braces.
//!
//! Rule `narrowing-cast`: C++ converts no value between braces to a type that does not hold it (C++17 11.6.4 §7).

use clang_sys as k;
use mupac_ir::{Edit, Scalar};

use crate::clang::{Constant, Cursor};
use crate::edits::{cast, spelling};
use crate::lower::{types, walk};
use crate::text::Text;

/// Returns the casts of the values of a braced list; `None` where one comes out of a macro.
pub(super) fn edits<'u>(list: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for value in list.children() {
        let Some((target, operand)) = conversion(value) else {
            continue;
        };
        if let (Some(to), Some(from)) = (types::scalar(target.ty()), types::scalar(operand.ty()))
            && is_narrowing(to, from, operand)
        {
            edits.extend(cast(
                text,
                &spelling(target, None)?,
                operand,
                "narrowing-cast",
            )?);
        }
    }
    Some(edits)
}

/// Returns the conversion of a value of a list and what it converts, behind `.field =` as well.
fn conversion(value: Cursor<'_>) -> Option<(Cursor<'_>, Cursor<'_>)> {
    let parts = value.children();
    let is_designator = |part: &Cursor<'_>| part.kind() == k::CXCursor_MemberRef;
    let value = match parts.as_slice() {
        [first, .., last] if is_designator(first) => *last,
        _ => value,
    };
    Some((value, walk::implicit_operand(value)?))
}

fn is_narrowing(to: Scalar, from: Scalar, value: Cursor<'_>) -> bool {
    let constant = value.evaluate();
    match (to.is_float(), from.is_float()) {
        (false, true) => true,
        // A constant that is in range may be rounded.
        (true, true) => {
            to < from
                && !matches!(constant, Some(Constant::Float(value)) if value.abs() <= f64::from(f32::MAX))
        }
        (true, false) => {
            let bits = if to == Scalar::F32 { 24 } else { 53 };
            !matches!(constant, Some(Constant::Int(value)) if value.unsigned_abs() <= 1 << bits)
        }
        (false, false) => match (constant, to.integer_range()) {
            (Some(Constant::Int(value)), Some((least, greatest))) => {
                !(least..=greatest).contains(&value)
            }
            _ => !from.fits_in(to),
        },
    }
}
