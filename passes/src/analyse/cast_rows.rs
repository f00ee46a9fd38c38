//! Rows that a function takes flat memory for, as in `double (*a)[n] = (double (*)[n])p`: which elements behind `p` exist
//! together.
//!
//! In C, `a[i]` is an lvalue of type `double [n]` and designates an object of that type: where a function touches an
//! element of a row, the whole row is there, as it is behind a parameter `double a[][n]`.
//!
//! **Source**: ISO/IEC 9899:2011, 6.3.2.1, paragraph 1, and 6.5.6, paragraph 8.

use mupac_ir::structure::is_same_type;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Type, UnaryOp, Var};

use crate::{build, region};

/// Returns the type of the rows that a parameter is converted to pointers to, if all else that the function does with it
/// is to compare it.
pub(super) fn row_type(function: &Function, var: Handle<Var>) -> Option<Type> {
    let (mut uses, mut comparisons) = (0, 0);
    let mut rows: Vec<Type> = Vec::new();
    region::each(&function.body, &mut |stmt| {
        let is_target = region::target(stmt).is_some_and(|place| place.var == var);
        uses += usize::from(is_target);
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                let is_use = matches!(&node.kind, ExprKind::Load(place) | ExprKind::Address(place) if place.var == var);
                uses += usize::from(is_use);
                comparisons += compared(function, node, var);
                rows.extend(converted(function, node, var));
            });
        }
    });
    let row = rows.first()?;
    let is_one = rows
        .iter()
        .all(|other| is_same_type(function, row, function, other));
    let is_all = rows.len() + comparisons == uses;
    let pointed = function.vars[var].ty.element()?;
    (is_one && is_all && row.innermost() == pointed).then(|| row.clone())
}

/// Returns the type of the rows where a node converts the value of a variable to a pointer to rows.
fn converted(function: &Function, node: &Expr, var: Handle<Var>) -> Option<Type> {
    let ExprKind::Cast(inner) = node.kind else {
        return None;
    };
    let row = row_behind(&node.ty)?;
    is_value(function, inner, var).then(|| row.clone())
}

/// Returns how many operands of a comparison are the value of a variable.
fn compared(function: &Function, node: &Expr, var: Handle<Var>) -> usize {
    let count = |operand: Handle<Expr>| usize::from(is_value(function, operand, var));
    match node.kind {
        ExprKind::Binary(op, a, b) if op.is_truth() => count(a) + count(b),
        ExprKind::Unary(UnaryOp::Not, a) => count(a),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => 0,
    }
}

/// Returns whether an expression is the value of a variable, as a pointer to anything but rows.
fn is_value(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    let node = &function.exprs[expr];
    if let ExprKind::Cast(inner) = node.kind {
        return row_behind(&node.ty).is_none() && is_value(function, inner, var);
    }
    matches!(&node.kind, ExprKind::Load(place) if place.var == var && place.path.is_empty())
}

/// Returns the type of the rows that a pointer leads to.
fn row_behind(ty: &Type) -> Option<&Type> {
    let row = ty
        .element()
        .filter(|_| matches!(ty, Type::Pointer { .. }))?;
    matches!(row, Type::Array { .. }).then_some(row)
}

/// Appends how many elements a row has, as an `i64` expression in the variables of its type; `None` where no number is
/// known.
pub(super) fn length(function: &mut Function, row: &Type) -> Option<Handle<Expr>> {
    let lengths = build::row_lengths(function, row)?;
    let one = build::int(function, 1, Scalar::I64);
    let product = lengths.into_iter().rev().fold(one, |inner, own| {
        build::binary(function, BinaryOp::Multiply, own, inner)
    });
    Some(product)
}
