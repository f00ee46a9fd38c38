//! Enumerators below 2^31 of enumerations with greater ones.
//!
//! They are `int` to gcc up to version 12, and have the type of the enumeration to clang, to gcc from 13 on and to C++; where
//! more than the value counts, what an expression means depends on who reads it.
//!
//! **Source**: C17 6.7.2.2 §4, C23 6.7.3.3, C++17 10.2 and 7.6 §3.

use clang_sys as k;
use mupac_ir::Scalar;

use crate::clang::{Constant, Cursor};
use crate::lower::{types, walk};

/// Returns whether a node names an enumerator that not every compiler takes for an `int`.
pub(super) fn is_doubtful(cursor: Cursor<'_>) -> bool {
    enumeration(cursor).is_some()
}

/// Returns what is said of one.
pub(super) fn doubtful(name: &str) -> String {
    format!(
        "`{name}` is an `int` to some compilers and has the type of its enumeration to others and in C++; a cast to one \
         of them makes all alike"
    )
}

/// Returns the type of the enumeration if a node names an enumerator that is an `int` to some compilers only.
fn enumeration(cursor: Cursor<'_>) -> Option<Scalar> {
    let constant = cursor.referenced()?;
    if constant.kind() != k::CXCursor_EnumConstantDecl {
        return None;
    }
    let declaration = constant.parent()?;
    let ty = types::scalar(declaration.enumeration_type())?;
    let is_int = |each: &Cursor<'_>| i32::try_from(each.enumerator_value(ty.is_signed())).is_ok();
    let all = declaration.children();
    let mut constants = all
        .iter()
        .filter(|each| each.kind() == k::CXCursor_EnumConstantDecl);
    (is_int(&constant) && !constants.all(is_int)).then_some(ty)
}

/// Returns the operands of a node of which nothing but the value counts.
pub(super) fn value_only(cursor: Cursor<'_>, is_value_only: bool) -> Vec<Cursor<'_>> {
    let children = cursor.children();
    let only = |index: usize| children.get(index).copied().into_iter().collect();
    match cursor.kind() {
        // Inside its own enumeration a constant has the type of its value in C++ too (C++17 10.2 §5).
        k::CXCursor_EnumConstantDecl => {
            let mut all = Vec::new();
            walk::each(cursor, |each| all.push(each));
            all
        }
        k::CXCursor_VarDecl => cursor.initializer().into_iter().collect(),
        k::CXCursor_CallExpr => children.into_iter().skip(1).collect(),
        k::CXCursor_InitListExpr | k::CXCursor_CStyleCastExpr | k::CXCursor_ReturnStmt => children,
        k::CXCursor_CaseStmt
        | k::CXCursor_IfStmt
        | k::CXCursor_WhileStmt
        | k::CXCursor_ConditionalOperator => only(0),
        k::CXCursor_UnaryOperator if cursor.unary_operator() == k::CXUnaryOperator_LNot => only(0),
        k::CXCursor_ArraySubscriptExpr => only(1),
        k::CXCursor_ParenExpr if is_value_only => children,
        k::CXCursor_UnexposedExpr if is_value_only => {
            walk::implicit_operand(cursor).into_iter().collect()
        }
        k::CXCursor_CompoundAssignOperator => match cursor.binary_operator() {
            k::CXBinaryOperator_DivAssign | k::CXBinaryOperator_RemAssign => Vec::new(),
            _ => only(1),
        },
        k::CXCursor_BinaryOperator => operands(cursor, is_value_only),
        _ => Vec::new(),
    }
}

/// Returns the same of an operator with two operands.
fn operands(cursor: Cursor<'_>, is_value_only: bool) -> Vec<Cursor<'_>> {
    let children = cursor.children();
    match cursor.binary_operator() {
        k::CXBinaryOperator_Assign => children.into_iter().skip(1).collect(),
        k::CXBinaryOperator_LAnd | k::CXBinaryOperator_LOr => children,
        k::CXBinaryOperator_EQ | k::CXBinaryOperator_NE if are_not_negative(&children) => children,
        k::CXBinaryOperator_And if is_value_only && are_not_negative(&children) => children,
        k::CXBinaryOperator_Shl | k::CXBinaryOperator_Shr | k::CXBinaryOperator_Comma => Vec::new(),
        _ if decides_type(&children) => children,
        _ => Vec::new(),
    }
}

/// Returns whether no operand is a negative enumerator: a conversion to an unsigned type would show how wide it is.
fn are_not_negative(operands: &[Cursor<'_>]) -> bool {
    operands.iter().all(|operand| {
        let value = enumeration(walk::peel(*operand)).and(operand.evaluate());
        !matches!(value, Some(Constant::Int(..0)))
    })
}

/// Returns whether one of two operands decides what an operator computes in, whichever of its types the other has.
fn decides_type(operands: &[Cursor<'_>]) -> bool {
    let [left, right] = operands else {
        return false;
    };
    let (left, right) = (walk::peel(*left), walk::peel(*right));
    let (enumerator, other) = match (enumeration(left), enumeration(right)) {
        (Some(enumerator), None) => (enumerator, right),
        (None, Some(enumerator)) => (enumerator, left),
        (None, None) | (Some(_), Some(_)) => return false,
    };
    let is_wide = |ty| matches!(ty, Scalar::U32 | Scalar::I64 | Scalar::U64);
    let ty = types::scalar(other.ty());
    ty.is_some_and(|ty| ty.is_float() || (enumerator == Scalar::U32 && is_wide(ty)))
}
