//! Arithmetic that changes a variable with which C++ does not compute: of enumeration type, or a pointer to `void`.
//!
//! Rules `enum-update` and `void-update`: `e++` and `e += 2` are written out, with the conversion that C++ wants.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::{Cursor, Type};
use crate::edits::void_pointer;
use crate::lower::{effects, walk};
use crate::text::Text;

/// How C++ computes the new value.
struct Computed {
    ty: String,
    rule: &'static str,
}

impl Computed {
    fn of(target: Type<'_>) -> Self {
        match void_pointer::bytes(target) {
            Some(ty) => Self {
                ty: ty.to_owned(),
                rule: "void-update",
            },
            None => Self {
                ty: target.unqualified().spelling(),
                rule: "enum-update",
            },
        }
    }

    /// Returns what stands before and behind the right operand of an operator.
    fn around(&self, left: &str, op: &str) -> (String, &'static str) {
        let ty = &self.ty;
        if self.rule == "void-update" {
            (format!("static_cast<{ty}>({left}) {op} "), "")
        } else {
            (format!("({ty})({left} {op} "), ")")
        }
    }
}

/// Returns whether a node is `++`, `--` or `op=` of an enumeration or a pointer to `void`.
pub(crate) fn is_update(cursor: Cursor<'_>) -> bool {
    let is_update = match cursor.kind() {
        k::CXCursor_UnaryOperator => walk::is_step(cursor),
        k::CXCursor_CompoundAssignOperator => true,
        _ => false,
    };
    let target = cursor.children().first().copied();
    is_update
        && target.is_some_and(|target| {
            let ty = target.ty().canonical();
            ty.kind() == k::CXType_Enum || void_pointer::is_void_pointer(ty)
        })
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
    let computed = Computed::of(target.ty());
    if let [_, value] = children.as_slice() {
        return compound(cursor, (name, &computed), *value, text);
    }
    let kind = cursor.unary_operator();
    let is_up = [k::CXUnaryOperator_PreInc, k::CXUnaryOperator_PostInc].contains(&kind);
    let is_post = [k::CXUnaryOperator_PostInc, k::CXUnaryOperator_PostDec].contains(&kind);
    let (op, back) = if is_up { ("+", "-") } else { ("-", "+") };
    let (before, behind) = computed.around(name, op);
    let step = format!("{name} = {before}1{behind}");
    let whole = match (is_used, is_post) {
        (false, _) => step,
        (true, false) => format!("({step})"),
        (true, true) => {
            let (before, behind) = computed.around(&format!("({step})"), back);
            format!("({before}1{behind})")
        }
    };
    Some(vec![Edit {
        at: Span::new(cursor.start().offset, cursor.end().offset),
        text: whole,
        rule: computed.rule,
    }])
}

fn compound<'u>(
    cursor: Cursor<'u>,
    (name, computed): (&str, &Computed),
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
    let (before, behind) = computed.around(name, op);
    Some(vec![
        Edit {
            at: Span::new(target.end().offset, from.offset),
            text: format!(" = {before}("),
            rule: computed.rule,
        },
        Edit {
            at: Span::new(end, end),
            text: format!("){behind}"),
            rule: computed.rule,
        },
    ])
}
