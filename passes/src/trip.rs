//! How often a counted loop runs, and which value its iterator has in an iteration.

use std::collections::BTreeSet;

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Loop, Scalar, Var};

use crate::build;
use crate::judge::{Conditions, Scope};
use crate::lower::index;

/// Appends the number of iterations, an `i64` that is not positive where there are none.
///
/// `None` where iterator or bounds are not integers.
pub(crate) fn count(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    integer(function, each.start)?;
    integer(function, each.end)?;
    let start = build::convert(function, each.start, Scalar::I64);
    let end = build::convert(function, each.end, Scalar::I64);
    let distance = if each.step > 0 {
        build::binary(function, BinaryOp::Subtract, end, start)
    } else {
        build::binary(function, BinaryOp::Subtract, start, end)
    };
    let stride = build::int(function, i128::from(each.step.unsigned_abs()), Scalar::I64);
    Some(build::binary(
        function,
        BinaryOp::CeilDivide,
        distance,
        stride,
    ))
}

/// Returns the number of iterations where it is a constant.
pub(crate) fn constant(function: &Function, each: &Loop) -> Option<i128> {
    let (start, end) =
        build::constant(function, each.start).zip(build::constant(function, each.end))?;
    let distance = if each.step > 0 {
        end.checked_sub(start)?
    } else {
        start.checked_sub(end)?
    };
    let stride = i128::from(each.step.unsigned_abs());
    build::fold(BinaryOp::CeilDivide, distance.max(0), stride)
}

/// Appends the number of iterations in the shortest form: `n - 2` rather than `n - 1 - 1`.
///
/// `None` as for [`count`].
pub(crate) fn short_count(
    function: &mut Function,
    each: &Loop,
    parameters: &BTreeSet<Handle<Var>>,
    conditions: Option<&Conditions>,
) -> Option<Handle<Expr>> {
    let count = count(function, each)?;
    Some(shorten(function, count, parameters, conditions))
}

/// Writes a sum of parameters in its shortest form. Where conditions are given, the value is the same, also of conversions that
/// wrap; elsewhere it is for the judge to show.
pub(crate) fn shorten(
    function: &mut Function,
    expr: Handle<Expr>,
    parameters: &BTreeSet<Handle<Var>>,
    conditions: Option<&Conditions>,
) -> Handle<Expr> {
    if let ExprKind::Binary(BinaryOp::CeilDivide, dividend, divisor) = function.exprs[expr].kind {
        let dividend = shorten(function, dividend, parameters, conditions);
        return build::binary(function, BinaryOp::CeilDivide, dividend, divisor);
    }
    let generated_from = conditions.map_or(0, |conditions| conditions.generated_from);
    let mut scope = Scope::new(function, generated_from, parameters);
    scope.known = conditions.map(|conditions| &conditions.assumed);
    let value = scope.value(expr);
    match value.filter(|value| index::is_of_parameters(function, value)) {
        Some(value) => index::build_sum(function, &value, Scalar::I64),
        None => expr,
    }
}

/// Appends the iterator's value in the iteration of a number counted from 0, an `i64`; the result has the
/// iterator's type.
pub(crate) fn value(
    function: &mut Function,
    each: &Loop,
    number: Handle<Expr>,
) -> Option<Handle<Expr>> {
    let ty = function.vars[each.iterator].ty.scalar()?;
    ty.integer_range()?;
    let start = build::convert(function, each.start, Scalar::I64);
    let stride = i128::from(each.step.unsigned_abs());
    let along = build::scale(function, stride, number);
    let op = if each.step > 0 {
        BinaryOp::Add
    } else {
        BinaryOp::Subtract
    };
    let value = build::binary(function, op, start, along);
    Some(build::convert(function, value, ty))
}

/// Appends the number of the running iteration, counted from 0, in a type that holds it.
///
/// `None` as for [`count`].
pub(crate) fn number(function: &mut Function, each: &Loop, ty: Scalar) -> Option<Handle<Expr>> {
    integer(function, each.start)?;
    let iterator = function.load(each.iterator);
    if each.step == 1 && build::constant(function, each.start) == Some(0) {
        return Some(build::convert(function, iterator, ty));
    }
    let iterator = build::convert(function, iterator, Scalar::I64);
    let start = build::convert(function, each.start, Scalar::I64);
    let (from, to) = if each.step > 0 {
        (start, iterator)
    } else {
        (iterator, start)
    };
    let distance = build::binary(function, BinaryOp::Subtract, to, from);
    let stride = build::int(function, i128::from(each.step.unsigned_abs()), Scalar::I64);
    let number = build::binary(function, BinaryOp::FloorDivide, distance, stride);
    Some(build::convert(function, number, ty))
}

/// Appends the loop's own test of its iterator.
pub(crate) fn test(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let ty = integer(function, each.end)?;
    let iterator = function.load(each.iterator);
    let iterator = build::convert(function, iterator, ty);
    let op = if each.step > 0 {
        BinaryOp::Less
    } else {
        BinaryOp::Greater
    };
    Some(function.expr(ExprKind::Binary(op, iterator, each.end), Scalar::I32))
}

/// Appends that a loop runs at least once: its own test of the first value.
pub(crate) fn runs(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let ty = function.exprs[each.end].ty.scalar()?;
    let start = build::convert(function, each.start, ty);
    let op = if each.step > 0 {
        BinaryOp::Less
    } else {
        BinaryOp::Greater
    };
    Some(build::binary(function, op, start, each.end))
}

/// Returns the type of an integer expression.
fn integer(function: &Function, expr: Handle<Expr>) -> Option<Scalar> {
    function.exprs[expr]
        .ty
        .scalar()
        .filter(|ty| ty.integer_range().is_some())
}
