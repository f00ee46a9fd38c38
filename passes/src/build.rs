//! Builds integer expressions, folding constants, so that rewritten code reads as if written by hand.
//!
//! Folding never changes a value: a constant result that does not fit its type is left as an operator.

pub(crate) use mupac_ir::comparison::opposite;
pub(crate) use mupac_ir::fold::{constant, fold};
pub(crate) use mupac_ir::structure::{
    conjuncts, each_operand, each_operand_mut, indices, operands, variables, visit,
};

use mupac_ir::{BinaryOp, Expr, ExprKind, Extent, Function, Handle, Place, Scalar, Type, Var};

/// Appends the condition that both of two hold; the second is asked where the first does.
pub(crate) fn both(function: &mut Function, a: Handle<Expr>, b: Handle<Expr>) -> Handle<Expr> {
    function.expr(ExprKind::Binary(BinaryOp::And, a, b), Scalar::I32)
}

/// Appends the condition that all of some hold, in their order; `None` where there are none.
pub(crate) fn all_of(
    function: &mut Function,
    conditions: impl IntoIterator<Item = Handle<Expr>>,
) -> Option<Handle<Expr>> {
    let conditions = conditions.into_iter();
    conditions.reduce(|a, b| both(function, a, b))
}

/// Returns the lengths of the rows of an element, outermost first, as `i64`; `None` where one is not known.
pub(crate) fn row_lengths(function: &mut Function, element: &Type) -> Option<Vec<Handle<Expr>>> {
    let (mut rows, mut ty) = (Vec::new(), element);
    while let Type::Array { of, length } = ty {
        rows.push(match length {
            Extent::Fixed(length) => int(function, i128::from(*length), Scalar::I64),
            Extent::Variable(length) => convert(function, *length, Scalar::I64),
            Extent::Unknown => return None,
        });
        ty = of;
    }
    Some(rows)
}

/// Appends the zero of a type of numbers.
pub(crate) fn zero(function: &mut Function, ty: Scalar) -> Handle<Expr> {
    let kind = if ty.is_float() {
        ExprKind::Float(0.0)
    } else {
        ExprKind::Int(0)
    };
    function.expr(kind, ty)
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
    let result = if op.is_truth() {
        Some(Scalar::I32)
    } else {
        ty.scalar()
    };
    if let (Some(x), Some(y), Some(scalar)) = (left, right, result)
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
            let result = result.map_or(ty, Into::into);
            function.expr(ExprKind::Binary(op, a, b), result)
        }
    }
}

/// Returns whether an expression reads nothing but whole variables of which `holds`, and calls nothing.
pub(crate) fn is_of_variables(
    function: &Function,
    expr: Handle<Expr>,
    holds: &dyn Fn(Handle<Var>) -> bool,
) -> bool {
    is_of_places(function, expr, &|place| {
        place.path.is_empty() && holds(place.var)
    })
}

/// Returns whether an expression reads nothing but places of which `holds`, and calls nothing.
pub(crate) fn is_of_places(
    function: &Function,
    expr: Handle<Expr>,
    holds: &dyn Fn(&Place) -> bool,
) -> bool {
    let mut is_of = true;
    visit(function, expr, &mut |_, node| match &node.kind {
        ExprKind::Load(place) => is_of &= holds(place),
        ExprKind::Address(_) | ExprKind::Text(_) | ExprKind::Call(..) => is_of = false,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {}
    });
    is_of
}

/// Returns the variable that an expression reads as it is.
pub(crate) fn loaded(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    let ExprKind::Load(place) = &function.exprs[expr].kind else {
        return None;
    };
    place.path.is_empty().then_some(place.var)
}

/// Returns the variable that an expression reads, whatever it is converted to.
pub(crate) fn read(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    match &function.exprs[expr].kind {
        ExprKind::Load(place) if place.path.is_empty() => Some(place.var),
        ExprKind::Cast(inner) => read(function, *inner),
        ExprKind::Load(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Returns whether an expression names a variable.
pub(crate) fn names(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    let mut found = false;
    visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
            found |= place.var == var;
        }
    });
    found
}

/// Returns `factor * expr`.
pub(crate) fn scale(function: &mut Function, factor: i128, expr: Handle<Expr>) -> Handle<Expr> {
    let ty = function.exprs[expr].ty.scalar().unwrap_or(Scalar::I64);
    let factor = int(function, factor, ty);
    binary(function, BinaryOp::Multiply, factor, expr)
}

/// Returns an expression with others in the place of what `replace` has something for.
pub(crate) fn replaced(
    function: &mut Function,
    expr: Handle<Expr>,
    replace: &mut dyn FnMut(&mut Function, &Expr) -> Option<Handle<Expr>>,
) -> Handle<Expr> {
    let mut node = function.exprs[expr].clone();
    if let Some(other) = replace(function, &node) {
        return other;
    }
    let mut is_same = true;
    each_operand_mut(&mut node.kind, &mut |operand| {
        let old = *operand;
        *operand = replaced(function, old, replace);
        is_same &= *operand == old;
    });
    if is_same {
        return expr;
    }
    function.exprs.push(node)
}

/// Returns an expression with every kind in it, operands first, replaced by what `become_` makes of it.
pub(crate) fn rebuilt(
    function: &mut Function,
    expr: Handle<Expr>,
    become_: &mut dyn FnMut(&ExprKind) -> ExprKind,
) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let operands: Vec<_> = operands(&node.kind)
        .into_iter()
        .map(|operand| rebuilt(function, operand, become_))
        .collect();
    let kind = become_(&with_operands(&node.kind, &operands));
    if kind == node.kind {
        return expr;
    }
    function.exprs.push(Expr { kind, ..node })
}

/// Returns a kind of expression with other operands, in the order of [`operands`].
pub(crate) fn with_operands(kind: &ExprKind, operands: &[Handle<Expr>]) -> ExprKind {
    let mut kind = kind.clone();
    let mut operands = operands.iter();
    each_operand_mut(&mut kind, &mut |old| {
        if let Some(new) = operands.next() {
            *old = *new;
        }
    });
    kind
}

/// Returns whether an expression divides by what may be 0: by anything that is no constant.
pub(crate) fn divides(function: &Function, expr: Handle<Expr>) -> bool {
    let mut found = false;
    visit(function, expr, &mut |_, node| {
        found |= matches!(&node.kind, ExprKind::Binary(_, _, by)
            if is_quotient(&node.kind) && constant(function, *by).is_none());
    });
    found
}

/// Returns whether an expression divides.
pub(crate) fn is_quotient(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Binary(
            BinaryOp::Divide | BinaryOp::Remainder | BinaryOp::FloorDivide | BinaryOp::CeilDivide,
            ..
        )
    )
}

/// Returns what an expression divides by to count in steps that are no constants.
pub(crate) fn ceilings(function: &Function, expr: Handle<Expr>) -> Vec<Handle<Expr>> {
    let mut found = Vec::new();
    visit(function, expr, &mut |_, node| {
        if let ExprKind::Binary(BinaryOp::CeilDivide, _, by) = node.kind
            && constant(function, by).is_none()
        {
            found.push(by);
        }
    });
    found
}
