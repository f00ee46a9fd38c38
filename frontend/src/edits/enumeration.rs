//! Arithmetic that changes a variable of enumeration type.
//!
//! Rule `enum-update`: `e++` and `e += 2` are written out, with the conversion back to the enumeration.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::lower::{effects, walk};
use crate::text::Text;

/// Returns whether a node is `++`, `--` or `op=` of an enumeration.
pub(crate) fn is_update(cursor: Cursor<'_>) -> bool {
    let is_update = match cursor.kind() {
        k::CXCursor_UnaryOperator => walk::is_step(cursor),
        k::CXCursor_CompoundAssignOperator => true,
        _ => false,
    };
    let target = cursor.children().first().copied();
    is_update && target.is_some_and(|target| target.ty().canonical().kind() == k::CXType_Enum)
}

/// Returns the edits that write an update out; `None` where the target has effects or comes out of a macro, or where
/// the result depends on how wide the enumeration is when it is computed with.
pub(super) fn edits<'u>(cursor: Cursor<'u>, text: &Text<'u>, is_used: bool) -> Option<Vec<Edit>> {
    let children = cursor.children();
    let target = *children.first()?;
    let (start, end) = (target.start(), target.end());
    let is_plain = [start, end, cursor.start(), cursor.end()]
        .iter()
        .all(|position| position.is_main && !position.is_macro);
    if !is_plain || effects::has_effects(target) {
        return None;
    }
    let name = text.source.get(start.offset..end.offset)?;
    let ty = target.ty().unqualified().spelling();
    if let [_, value] = children.as_slice() {
        return compound(cursor, (name, &ty), *value, text);
    }
    let kind = cursor.unary_operator();
    let is_up = [k::CXUnaryOperator_PreInc, k::CXUnaryOperator_PostInc].contains(&kind);
    let is_post = [k::CXUnaryOperator_PostInc, k::CXUnaryOperator_PostDec].contains(&kind);
    let (op, back) = if is_up { ("+", "-") } else { ("-", "+") };
    let step = format!("{name} = ({ty})({name} {op} 1)");
    let whole = match (is_used, is_post) {
        (false, _) => step,
        (true, false) => format!("({step})"),
        (true, true) => format!("({ty})(({step}) {back} 1)"),
    };
    Some(vec![Edit {
        at: Span::new(cursor.start().offset, cursor.end().offset),
        text: whole,
        rule: "enum-update",
    }])
}

fn compound<'u>(
    cursor: Cursor<'u>,
    (name, ty): (&str, &str),
    value: Cursor<'u>,
    text: &Text<'u>,
) -> Option<Vec<Edit>> {
    let op = match cursor.binary_operator() {
        k::CXBinaryOperator_AddAssign => "+",
        k::CXBinaryOperator_SubAssign => "-",
        k::CXBinaryOperator_AndAssign => "&",
        k::CXBinaryOperator_OrAssign => "|",
        k::CXBinaryOperator_XorAssign => "^",
        _ => return None,
    };
    let from = value.start();
    let end = text.end_offset(value.end())?;
    let target = *cursor.children().first()?;
    if !from.is_main {
        return None;
    }
    Some(vec![
        Edit {
            at: Span::new(target.end().offset, from.offset),
            text: format!(" = ({ty})({name} {op} ("),
            rule: "enum-update",
        },
        Edit {
            at: Span::new(end, end),
            text: "))".to_owned(),
            rule: "enum-update",
        },
    ])
}
