//! What a pointer receives by an expression, and what calls of the C library do with one.

use clang_sys as k;

use super::shapes::{is_pointer, led_to};
use super::{ALLOCATORS, Received};
use crate::clang::{Constant, Cursor, Type};
use crate::lower::{types, walk};

/// Functions of the C library that leave structures behind a pointer as they are.
const HARMLESS: [&str; 5] = ["bsearch", "fread", "free", "fwrite", "realloc"];

/// Adds what a pointer receives by a value.
pub(super) fn received<'u>(value: Cursor<'u>, found: &mut Vec<Received<'u>>) {
    let value = unconverted(value);
    let children = value.children();
    let one = match (value.kind(), children.as_slice()) {
        (k::CXCursor_ConditionalOperator, [_, then, otherwise]) => {
            received(*then, found);
            return received(*otherwise, found);
        }
        (k::CXCursor_BinaryOperator, [_, last]) if hands_on(value) => {
            return received(*last, found);
        }
        (k::CXCursor_IntegerLiteral, _) if is_zero(value) => Received::Null,
        (k::CXCursor_CallExpr, [callee, ..]) => match walk::called_function(*callee) {
            Some(function) if function.definition().is_some() => {
                Received::From(function.canonical())
            }
            Some(function) if ALLOCATORS.contains(&function.spelling().as_str()) => Received::Block,
            Some(_) | None => Received::Unknown,
        },
        _ => place(value).map_or(Received::Unknown, Received::From),
    };
    found.push(one);
}

/// Returns whether an operator's value is that of its last operand.
pub(super) fn hands_on(cursor: Cursor<'_>) -> bool {
    let operators = [k::CXBinaryOperator_Assign, k::CXBinaryOperator_Comma];
    operators.contains(&cursor.binary_operator())
}

/// Returns the variable, parameter or member that an expression names, if it is a pointer.
pub(super) fn place(expr: Cursor<'_>) -> Option<Cursor<'_>> {
    let expr = walk::peel(expr);
    let is_named = [k::CXCursor_DeclRefExpr, k::CXCursor_MemberRefExpr].contains(&expr.kind());
    let named = is_named.then(|| expr.referenced()).flatten()?;
    is_pointer(named).then(|| named.canonical())
}

/// Returns the pointer whose address a value is.
pub(super) fn addressed(value: Cursor<'_>) -> Option<Cursor<'_>> {
    let value = unconverted(value);
    let children = value.children();
    let is_address = value.kind() == k::CXCursor_UnaryOperator
        && value.unary_operator() == k::CXUnaryOperator_AddrOf;
    children
        .first()
        .filter(|_| is_address)
        .and_then(|operand| place(*operand))
}

/// Returns the operand of conversions from pointers to pointers, and of null.
pub(super) fn unconverted(mut value: Cursor<'_>) -> Cursor<'_> {
    loop {
        value = walk::peel(value);
        let children = value.children();
        let operand = children
            .last()
            .filter(|_| value.kind() == k::CXCursor_CStyleCastExpr);
        match operand {
            Some(operand) if types::is_pointer(value.ty()) => value = *operand,
            Some(_) | None => return value,
        }
    }
}

/// Returns whether an operator changes its operand, or says where it lies.
pub(super) fn may_set(cursor: Cursor<'_>) -> bool {
    walk::is_step(cursor) || cursor.unary_operator() == k::CXUnaryOperator_AddrOf
}

/// Returns whether a function of the C library keeps what is known of the structures that it is passed.
pub(super) fn is_harmless(name: &str, arguments: &[Cursor<'_>]) -> bool {
    let name = name.strip_prefix("__builtin_").unwrap_or(name);
    let leads_to = |at: usize| led_to(unconverted(*arguments.get(at)?).ty());
    let value = |at: usize| arguments.get(at).map(|each| walk::peel(*each));
    match name {
        "memset" => value(1).is_some_and(is_zero),
        "memcpy" | "memmove" => {
            let [to, from] = [0, 1].map(leads_to);
            to.zip(from).is_some_and(|(to, from)| to.is_same(from))
        }
        // What is exchanged are whole elements.
        "qsort" => {
            let size = leads_to(0).and_then(Type::size_bytes);
            let given = value(2).and_then(sizeof);
            size.is_some() && given == size
        }
        name => HARMLESS.contains(&name),
    }
}

/// Returns the value of a `sizeof`.
pub(super) fn sizeof(value: Cursor<'_>) -> Option<u64> {
    let is_size = value.kind() == k::CXCursor_UnaryExpr;
    match value.evaluate().filter(|_| is_size)? {
        Constant::Int(size) => u64::try_from(size).ok(),
        Constant::Float(_) => None,
    }
}

pub(super) fn is_zero(value: Cursor<'_>) -> bool {
    value.kind() == k::CXCursor_IntegerLiteral && value.evaluate() == Some(Constant::Int(0))
}
