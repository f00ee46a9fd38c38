//! Loops that do nothing but go on.
//!
//! Of a loop whose condition is constant C never assumes that it ends (C17 6.8.5 §6); C++ does where it neither prints
//! nor touches anything volatile (C++17 4.7.2), and g++ then leaves it out.
//! Rule `endless-loop`: an empty `asm volatile`, of which compilers must take account, stands in such a loop.

use clang_sys as k;
use mupac_ir::Edit;

use super::flow;
use crate::clang::Cursor;
use crate::lower::{effects, types, walk};
use crate::text::Text;

const RULE: &str = "endless-loop";

/// Calls inside calls are looked at this deep; deeper ones count as effects.
const DEPTH: usize = 3;

/// Returns the edits of a loop; `None` where it comes out of a macro.
pub(super) fn edits<'u>(each: Cursor<'u>, text: &Text<'u>) -> Option<Vec<Edit>> {
    if !flow::is_endless(each, Some(text)) || has_effects(each, DEPTH) {
        return Some(Vec::new());
    }
    let children = each.children();
    let body = if each.kind() == k::CXCursor_DoStmt {
        children.first()
    } else {
        children.last()
    };
    let body = *body?;
    let start = body.start();
    if !start.is_main || start.is_macro || body.end().is_macro {
        return None;
    }
    let insertion = |at: usize, text: &str| Edit::insertion(at, text, RULE);
    if body.kind() == k::CXCursor_CompoundStmt {
        return Some(vec![insertion(start.offset + 1, " asm volatile(\"\");")]);
    }
    if body.kind() == k::CXCursor_NullStmt {
        return Some(vec![insertion(start.offset, "asm volatile(\"\")")]);
    }
    let end = text.statement_span(body)?.end as usize;
    Some(vec![
        insertion(start.offset, "{ asm volatile(\"\"); "),
        insertion(end, " }"),
    ])
}

/// Returns whether a tree certainly does something that others may see: it calls what is not known, stores elsewhere
/// than in variables of the function, or touches something volatile.
fn has_effects(root: Cursor<'_>, depth: usize) -> bool {
    let mut found = false;
    walk::each(root, |cursor| {
        found |= match cursor.kind() {
            k::CXCursor_AsmStmt => true,
            k::CXCursor_CallExpr if !effects::is_unknown_call(cursor) => false,
            k::CXCursor_CallExpr => match cursor.referenced().and_then(Cursor::definition) {
                Some(callee) => depth == 0 || has_effects(callee, depth - 1),
                None => true,
            },
            _ => {
                (cursor.is_expression() && types::is_volatile(cursor.ty()))
                    || walk::assigned_operand(cursor).is_some_and(|target| !is_local(target))
            }
        };
    });
    found
}

/// Returns whether an object is, or is part of, a variable that ends with its block.
fn is_local(target: Cursor<'_>) -> bool {
    let mut object = walk::peel(target);
    loop {
        let children = object.children();
        object = match (object.kind(), children.first()) {
            (k::CXCursor_ArraySubscriptExpr, Some(array)) => {
                let array = walk::peel(*array);
                if !walk::is_array_object(array) {
                    return false;
                }
                array
            }
            (k::CXCursor_MemberRefExpr, Some(record))
                if !types::is_pointer(walk::peel(*record).ty()) =>
            {
                walk::peel(*record)
            }
            _ => break,
        };
    }
    let variable = walk::named_variable(object);
    variable.is_some_and(|variable| {
        let of_file = variable
            .parent()
            .is_some_and(|parent| parent.kind() == k::CXCursor_TranslationUnit);
        !of_file && !variable.is_static() && !variable.is_extern()
    })
}
