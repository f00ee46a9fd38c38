//! Declarators that a macro writes: `double MATRIX(a, n, m)` for `double a[n][m]`.
//!
//! Their brackets stand nowhere in the file, so they are spelled anew, from clang's tree.

use clang_sys as k;
use mupac_ir::Span;

use crate::clang::{Constant, Cursor};
use crate::lower::{declare, types, walk};
use crate::text::Text;

/// Returns the place of a parameter whose declarator is one use of a macro, and its parts: the specifiers, and the
/// brackets. `None` where it is anything else, or a size has no plain form.
pub(super) fn declarator<'u>(
    parameter: Cursor<'u>,
    text: &Text<'u>,
) -> Option<(Span, String, Vec<String>)> {
    let (start, name) = (parameter.start(), parameter.location());
    if !start.is_main || !name.is_main || !name.is_macro {
        return None;
    }
    let call = text.index_from(name.offset);
    let word = |index: usize| text.tokens.get(index).map_or("", |token| text.word(*token));
    if word(call + 1) != "(" {
        return None;
    }
    let close = text.closing(call + 1)?;
    if ![",", ")"].contains(&word(close + 1)) {
        return None;
    }
    let sizes: Option<Vec<String>> = declare::sizes(parameter).into_iter().map(size).collect();
    let mut element = parameter.ty();
    let sizes = sizes?;
    for _ in &sizes {
        element = if types::is_pointer(element.canonical()) {
            element.canonical().pointee()
        } else {
            element.canonical().element()
        };
    }
    if types::is_array(element) || types::is_pointer(element) || sizes.is_empty() {
        return None;
    }
    let span = Span::new(start.offset, text.tokens.get(close)?.end);
    Some((span, format!("{} ", element.spelling()), sizes))
}

/// Spells a size: constants, variables, and arithmetic.
fn size(expression: Cursor<'_>) -> Option<String> {
    let expression = walk::peel(expression);
    if let Some(Constant::Int(value)) = expression.evaluate() {
        return Some(value.to_string());
    }
    if expression.kind() == k::CXCursor_DeclRefExpr {
        return Some(expression.spelling());
    }
    if expression.kind() != k::CXCursor_BinaryOperator {
        return None;
    }
    let operator = match expression.binary_operator() {
        k::CXBinaryOperator_Add => "+",
        k::CXBinaryOperator_Sub => "-",
        k::CXBinaryOperator_Mul => "*",
        k::CXBinaryOperator_Div => "/",
        _ => return None,
    };
    let [left, right] = expression.children()[..] else {
        return None;
    };
    let (left, right) = (size(left)?, size(right)?);
    if right == "0" && ["+", "-"].contains(&operator) {
        return Some(left);
    }
    Some(format!("({left} {operator} {right})"))
}
