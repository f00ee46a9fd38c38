//! Turns isl's piecewise affine values and conditions into expressions of the IR.
//!
//! Values become `i64`: parameters of 64 bits lie within [`crate::affine::WIDE`] wherever guards hold, so that sums
//! with the coefficients of a program do not leave the type.

use mupac_ir::{BinaryOp, ExprKind, Function, Handle, Scalar, UnaryOp};

use crate::build;
use crate::isl::{Expression, Operator};
use crate::symbol::{Stride, Symbol};

/// An expression of a function.
type Node = Handle<mupac_ir::Expr>;

/// Appends `sum + stride * value`; `None` as for [`value`].
pub(crate) fn add_scaled(
    function: &mut Function,
    sum: Node,
    expression: &Expression,
    stride: &Stride,
) -> Option<Node> {
    let mut product = value(function, expression)?;
    if !stride.symbol.factors().is_empty() {
        let symbol = stride.symbol.build(function);
        product = build::binary(function, BinaryOp::Multiply, product, symbol);
    }
    let factor = build::int(function, stride.factor, Scalar::I64);
    product = build::binary(function, BinaryOp::Multiply, product, factor);
    Some(build::binary(function, BinaryOp::Add, sum, product))
}

/// Appends a value as an `i64` expression; `None` where it names something that is no variable of the function.
pub(crate) fn value(function: &mut Function, expression: &Expression) -> Option<Node> {
    match expression {
        Expression::Integer(value) => Some(build::int(function, i128::from(*value), Scalar::I64)),
        Expression::Name(name) => {
            let symbol = Symbol::named(function, name)?;
            Some(symbol.build(function))
        }
        Expression::Apply(operator, operands) => apply(function, *operator, operands),
    }
}

/// Appends a condition as an `i32` truth value; `None` as for [`value`].
pub(crate) fn condition(function: &mut Function, expression: &Expression) -> Option<Node> {
    match expression {
        Expression::Integer(value) => {
            Some(build::int(function, i128::from(*value != 0), Scalar::I32))
        }
        Expression::Name(_) => None,
        Expression::Apply(operator, operands) => match operator {
            Operator::And => logical(function, BinaryOp::And, operands),
            Operator::Or => match other_than(operands) {
                Some((value, constant)) => {
                    let operands = [value.clone(), Expression::Integer(constant)];
                    compare(function, BinaryOp::NotEqual, &operands)
                }
                None => logical(function, BinaryOp::Or, operands),
            },
            Operator::Equal => compare(function, BinaryOp::Equal, operands),
            Operator::LessEqual => compare(function, BinaryOp::LessEqual, operands),
            Operator::Less => compare(function, BinaryOp::Less, operands),
            Operator::GreaterEqual => compare(function, BinaryOp::GreaterEqual, operands),
            Operator::Greater => compare(function, BinaryOp::Greater, operands),
            Operator::Maximum
            | Operator::Minimum
            | Operator::Negate
            | Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::ExactDivide
            | Operator::FloorDivide
            | Operator::PositiveDivide
            | Operator::PositiveRemainder
            | Operator::ZeroRemainder
            | Operator::Select => None,
        },
    }
}

fn apply(function: &mut Function, operator: Operator, operands: &[Expression]) -> Option<Node> {
    match operator {
        Operator::Maximum => fold(function, BinaryOp::Max, operands),
        Operator::Minimum => fold(function, BinaryOp::Min, operands),
        Operator::Add => fold(function, BinaryOp::Add, operands),
        Operator::Subtract => fold(function, BinaryOp::Subtract, operands),
        Operator::Multiply => fold(function, BinaryOp::Multiply, operands),
        Operator::ExactDivide | Operator::PositiveDivide => {
            fold(function, BinaryOp::Divide, operands)
        }
        Operator::FloorDivide => fold(function, BinaryOp::FloorDivide, operands),
        Operator::PositiveRemainder | Operator::ZeroRemainder => {
            fold(function, BinaryOp::Remainder, operands)
        }
        Operator::Negate => {
            let [operand] = operands else { return None };
            let operand = value(function, operand)?;
            Some(function.expr(ExprKind::Unary(UnaryOp::Negate, operand), Scalar::I64))
        }
        Operator::Select => {
            let [test, then, otherwise] = operands else {
                return None;
            };
            let kind = ExprKind::Select {
                condition: condition(function, test)?,
                then: value(function, then)?,
                otherwise: value(function, otherwise)?,
            };
            Some(function.expr(kind, Scalar::I64))
        }
        Operator::And
        | Operator::Or
        | Operator::Equal
        | Operator::LessEqual
        | Operator::Less
        | Operator::GreaterEqual
        | Operator::Greater => None,
    }
}

/// Returns the value and the constant that `x <= 3 || x >= 5` tells apart.
fn other_than(operands: &[Expression]) -> Option<(&Expression, i64)> {
    let [
        Expression::Apply(Operator::LessEqual, below),
        Expression::Apply(Operator::GreaterEqual, above),
    ] = operands
    else {
        return None;
    };
    let ([value, Expression::Integer(below)], [same, Expression::Integer(above)]) =
        (&below[..], &above[..])
    else {
        return None;
    };
    let constant = below.checked_add(1)?;
    (value == same && constant.checked_add(1) == Some(*above)).then_some((value, constant))
}

/// Combines operands from left to right.
fn fold(function: &mut Function, op: BinaryOp, operands: &[Expression]) -> Option<Node> {
    let (first, rest) = operands.split_first()?;
    let first = value(function, first)?;
    rest.iter().try_fold(first, |left, right| {
        let right = value(function, right)?;
        Some(build::binary(function, op, left, right))
    })
}

fn logical(function: &mut Function, op: BinaryOp, operands: &[Expression]) -> Option<Node> {
    let absorbing = op == BinaryOp::Or;
    let mut all = None;
    for operand in operands {
        let operand = condition(function, operand)?;
        match build::constant(function, operand) {
            Some(value) if (value != 0) == absorbing => return Some(operand),
            Some(_) => {}
            None => {
                all = Some(match all {
                    None => operand,
                    Some(all) => function.expr(ExprKind::Binary(op, all, operand), Scalar::I32),
                });
            }
        }
    }
    Some(all.unwrap_or_else(|| build::int(function, i128::from(!absorbing), Scalar::I32)))
}

fn compare(function: &mut Function, op: BinaryOp, operands: &[Expression]) -> Option<Node> {
    let [left, right] = operands else { return None };
    if let Some(truth) = truth(function, op, left, right) {
        return Some(truth);
    }
    let (op, left, right) = match (op, without_one(left), without_one(right)) {
        (BinaryOp::GreaterEqual, _, Some(right)) => (BinaryOp::Greater, left, right),
        (BinaryOp::LessEqual, Some(left), _) => (BinaryOp::Less, left, right),
        _ => (op, left, right),
    };
    let (left, right) = (value(function, left)?, value(function, right)?);
    Some(build::binary(function, op, left, right))
}

/// Returns what a sum adds 1 to: of integers, `a >= b + 1` is shorter said as `a > b`.
fn without_one(expression: &Expression) -> Option<&Expression> {
    match expression {
        Expression::Apply(Operator::Add, operands) => match operands.as_slice() {
            [rest, Expression::Integer(1)] => Some(rest),
            _ => None,
        },
        Expression::Apply(..) | Expression::Integer(_) | Expression::Name(_) => None,
    }
}

/// Appends what a comparison of a truth value with a constant says: the value itself, or its opposite.
fn truth(
    function: &mut Function,
    op: BinaryOp,
    left: &Expression,
    right: &Expression,
) -> Option<Node> {
    let (Expression::Name(name), Expression::Integer(constant)) = (left, right) else {
        return None;
    };
    let var = Symbol::named(function, name)?.as_var()?;
    let is_truth = function.vars[var].ty.scalar() == Some(Scalar::Bool);
    let holds = |value: i128| mupac_ir::fold::fold(op, value, i128::from(*constant));
    let [when_false, when_true] = [holds(0)?, holds(1)?];
    if !is_truth || when_false == when_true {
        return None;
    }
    let value = function.load(var);
    let value = function.expr(ExprKind::Cast(value), Scalar::I32);
    Some(if when_true == 0 {
        build::opposite(function, value)
    } else {
        value
    })
}

/// Appends `value + offset`, merged with a constant that `value` adds already.
pub(crate) fn plus(function: &mut Function, value: Node, offset: i128) -> Node {
    if let ExprKind::Binary(op, left, right) = function.exprs[value].kind
        && matches!(op, BinaryOp::Add | BinaryOp::Subtract)
        && let Some(constant) = build::constant(function, right)
    {
        let known = if op == BinaryOp::Add {
            Some(constant)
        } else {
            constant.checked_neg()
        };
        if let Some(sum) = known.and_then(|known| known.checked_add(offset)) {
            return offset_by(function, left, sum);
        }
    }
    offset_by(function, value, offset)
}

fn offset_by(function: &mut Function, value: Node, offset: i128) -> Node {
    let op = if offset < 0 {
        BinaryOp::Subtract
    } else {
        BinaryOp::Add
    };
    let offset = build::int(function, offset.abs(), Scalar::I64);
    build::binary(function, op, value, offset)
}
