//! Builds integer expressions, folding constants, so that rewritten code reads as if written by hand.
//!
//! Folding never changes a value: a constant result that does not fit its type is left as an operator.

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, UnaryOp, Var};

/// Returns the value of an integer constant, also behind conversions that keep it.
pub(crate) fn constant(function: &Function, expr: Handle<Expr>) -> Option<i128> {
    let expr = &function.exprs[expr];
    let (low, high) = expr.ty.scalar()?.integer_range()?;
    let value = match &expr.kind {
        ExprKind::Int(value) => *value,
        ExprKind::Cast(inner) => constant(function, *inner)?,
        ExprKind::Unary(UnaryOp::Negate, inner) => constant(function, *inner)?.checked_neg()?,
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (constant(function, *a)?, constant(function, *b)?);
            fold(*op, a, b)?
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return None,
    };
    (low..=high).contains(&value).then_some(value)
}

/// Computes an operator on constants; `None` where C gives no value or the operator is not arithmetic.
fn fold(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        BinaryOp::Remainder => a.checked_rem(b),
        BinaryOp::Min => Some(a.min(b)),
        BinaryOp::Max => Some(a.max(b)),
        BinaryOp::FloorDivide => (b > 0).then(|| a.div_euclid(b)),
        BinaryOp::CeilDivide => (b > 0).then(|| -(-a).div_euclid(b)),
        BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference => None,
    }
}

/// Appends an integer constant.
pub(crate) fn int(function: &mut Function, value: i128, ty: Scalar) -> Handle<Expr> {
    function.expr(ExprKind::Int(value), ty)
}

/// Returns the expression converted to an integer type; the same expression where it has that type.
pub(crate) fn convert(function: &mut Function, expr: Handle<Expr>, ty: Scalar) -> Handle<Expr> {
    let from = function.exprs[expr].ty.scalar();
    if from == Some(ty) {
        return expr;
    }
    let fits = |value: &i128| {
        ty.integer_range()
            .is_some_and(|(low, high)| (low..=high).contains(value))
    };
    let ExprKind::Int(value) = function.exprs[expr].kind else {
        return function.expr(ExprKind::Cast(expr), ty);
    };
    if !fits(&value) {
        return function.expr(ExprKind::Cast(expr), ty);
    }
    let mut folded = Expr::new(ExprKind::Int(value), ty);
    folded.span = function.exprs[expr].span;
    function.exprs.push(folded)
}

/// Appends an operator on two integers of one type, folded where both or a neutral one is constant.
pub(crate) fn binary(
    function: &mut Function,
    op: BinaryOp,
    a: Handle<Expr>,
    b: Handle<Expr>,
) -> Handle<Expr> {
    let ty = function.exprs[a].ty.clone();
    let (left, right) = (constant(function, a), constant(function, b));
    if let (Some(x), Some(y), Some(scalar)) = (left, right, ty.scalar())
        && let (Some(value), Some((low, high))) = (fold(op, x, y), scalar.integer_range())
        && (low..=high).contains(&value)
    {
        return int(function, value, scalar);
    }
    match (op, left, right) {
        (BinaryOp::Add, Some(0), _)
        | (BinaryOp::Multiply, Some(1), _)
        | (BinaryOp::Multiply, _, Some(0)) => b,
        (BinaryOp::Add | BinaryOp::Subtract, _, Some(0))
        | (BinaryOp::Multiply, Some(0), _)
        | (
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::FloorDivide | BinaryOp::CeilDivide,
            _,
            Some(1),
        ) => a,
        _ => {
            let result = if op.is_truth() {
                Scalar::I32.into()
            } else {
                ty
            };
            function.expr(ExprKind::Binary(op, a, b), result)
        }
    }
}

/// Returns `factor * expr`.
pub(crate) fn scale(function: &mut Function, factor: i128, expr: Handle<Expr>) -> Handle<Expr> {
    let ty = function.exprs[expr].ty.scalar().unwrap_or(Scalar::I64);
    let factor = int(function, factor, ty);
    binary(function, BinaryOp::Multiply, factor, expr)
}

/// Returns the variables whose values an expression reads, subscripted ones included, by handle.
pub(crate) fn variables(function: &Function, expr: Handle<Expr>) -> Vec<Handle<Var>> {
    let mut found = Vec::new();
    visit(function, expr, &mut |_, expr| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &expr.kind {
            found.push(place.var);
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Calls `see` for an expression and everything below it, operands before operators.
pub(crate) fn visit(
    function: &Function,
    expr: Handle<Expr>,
    see: &mut dyn FnMut(Handle<Expr>, &Expr),
) {
    let node = &function.exprs[expr];
    for operand in operands(&node.kind) {
        visit(function, operand, see);
    }
    see(expr, node);
}

/// Returns the operands of an expression, subscripts of places included, in order of evaluation.
pub(crate) fn operands(kind: &ExprKind) -> Vec<Handle<Expr>> {
    match kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => Vec::new(),
        ExprKind::Load(place) | ExprKind::Address(place) => subscripts(place).collect(),
        ExprKind::Unary(_, a) | ExprKind::Cast(a) => vec![*a],
        ExprKind::Binary(_, a, b) => vec![*a, *b],
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => vec![*condition, *then, *otherwise],
        ExprKind::Call(_, arguments) => arguments.clone(),
    }
}

/// Returns the subscripts of a place, outermost first.
pub(crate) fn subscripts(place: &mupac_ir::Place) -> impl Iterator<Item = Handle<Expr>> + '_ {
    place.path.iter().filter_map(|step| match step {
        mupac_ir::Projection::Index(index) => Some(*index),
        mupac_ir::Projection::Field(_) => None,
    })
}
