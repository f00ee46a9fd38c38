//! Recognises statements that join a contribution to a value by an associative and commutative operator.
//!
//! What the value is, and whether anything else touches it, is for analysis to say; how the contributions meet on the
//! device is for lowering.

use mupac_ir::structure::{is_same_expr, is_same_place};
use mupac_ir::{
    BinaryOp, Comparison, Compute, ExprKind, Function, Handle, If, Place, ReductionOperator,
    Scalar, Stmt,
};

use crate::build;
use crate::facts::Joining;

type Expr = Handle<mupac_ir::Expr>;

/// A statement that joins a contribution to its target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Joined<'a> {
    pub(crate) compute: &'a Compute,
    pub(crate) joining: Joining,
    /// The condition under which it assigns, if that compares the target.
    pub(crate) condition: Option<Expr>,
    /// The reads of the target that belong to it, in the value or the condition.
    pub(crate) loads: Vec<Expr>,
}

/// Returns what a statement joins to its target: an assignment, or a condition with one.
pub(crate) fn statement<'a>(function: &Function, stmt: &'a Stmt) -> Option<Joined<'a>> {
    match stmt {
        Stmt::Compute(compute) => assignment(function, compute),
        Stmt::If(branch) => condition(function, branch),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns what an assignment joins to its target: `s += e`, `m = x > m ? x : m`, `m = fmax(m, x)`.
pub(crate) fn assignment<'a>(function: &Function, compute: &'a Compute) -> Option<Joined<'a>> {
    let value = narrowed(function, compute)?;
    let (joining, loads) = match &function.exprs[value].kind {
        ExprKind::Binary(op, ..) => {
            let operator = arithmetic(*op)?;
            (
                plain(operator),
                vec![spine(function, value, operator, &compute.target)?],
            )
        }
        ExprKind::Select {
            condition,
            then,
            otherwise,
        } => chosen(function, &compute.target, *condition, *then, *otherwise)?,
        ExprKind::Call(name, arguments) => called(function, &compute.target, name, arguments)?,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Cast(_)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => return None,
    };
    Some(Joined {
        compute,
        joining,
        condition: None,
        loads,
    })
}

/// Returns what a condition with one assignment joins to the target: `if (x > m) m = x;`.
pub(crate) fn condition<'a>(function: &Function, branch: &'a If) -> Option<Joined<'a>> {
    let ([Stmt::Compute(compute)], []) = (branch.then.as_slice(), branch.otherwise.as_slice())
    else {
        return None;
    };
    let (greater, load, contribution) = compared(function, &compute.target, branch.condition)?;
    let value = without_widening(function, compute.value);
    let is_kept = is_same_expr(function, contribution, function, value)
        && keeps_value(function, value, compute);
    is_kept.then(|| Joined {
        compute,
        joining: plain(extreme(greater)),
        condition: Some(branch.condition),
        loads: vec![load],
    })
}

fn plain(operator: ReductionOperator) -> Joining {
    Joining {
        operator,
        call: None,
        replaces_nan: false,
    }
}

fn extreme(is_greatest: bool) -> ReductionOperator {
    if is_greatest {
        ReductionOperator::Maximum
    } else {
        ReductionOperator::Minimum
    }
}

/// Returns the operator that a chain of operations of this kind makes.
fn arithmetic(op: BinaryOp) -> Option<ReductionOperator> {
    match op {
        BinaryOp::Add | BinaryOp::Subtract => Some(ReductionOperator::Sum),
        BinaryOp::Multiply => Some(ReductionOperator::Product),
        BinaryOp::BitAnd => Some(ReductionOperator::BitAnd),
        BinaryOp::BitOr => Some(ReductionOperator::BitOr),
        BinaryOp::BitXor => Some(ReductionOperator::BitXor),
        BinaryOp::Divide
        | BinaryOp::Remainder
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
        | BinaryOp::Difference
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::FloorDivide
        | BinaryOp::CeilDivide => None,
    }
}

/// Returns the assigned value before its conversion to the target's type, which for integers must be modular and for
/// floating-point numbers a rounding.
fn narrowed(function: &Function, compute: &Compute) -> Option<Expr> {
    let target = function.exprs[compute.value].ty.scalar()?;
    if target == Scalar::Bool {
        return None;
    }
    let value = unconverted(function, compute.value);
    let computed = function.exprs[value].ty.scalar()?;
    (computed.is_float() == target.is_float() && computed != Scalar::Bool).then_some(value)
}

/// Takes off one conversion, if there is one.
pub(crate) fn unconverted(function: &Function, expr: Expr) -> Expr {
    if let ExprKind::Cast(inner) = function.exprs[expr].kind {
        inner
    } else {
        expr
    }
}

/// Returns the read of the target at the end of a chain of one kind of operation, of which everything else is a
/// contribution.
///
/// Between the operations stands no conversion, and the target is at most widened, so that integer chains are chains
/// modulo the width of the target too.
pub(crate) fn spine(
    function: &Function,
    expr: Expr,
    operator: ReductionOperator,
    target: &Place,
) -> Option<Expr> {
    if let Some(load) = widened_load(function, expr, target) {
        return Some(load);
    }
    let (op, a, b) = link(function, expr, operator)?;
    let (left, right) = (reads(function, a, target), reads(function, b, target));
    match (left, right) {
        (true, false) => spine(function, a, operator, target),
        // What is subtracted counts with the other sign.
        (false, true) if op != BinaryOp::Subtract => spine(function, b, operator, target),
        (true | false, true) | (false, false) => None,
    }
}

/// Returns an operation of a chain, with its operands.
pub(crate) fn link(
    function: &Function,
    expr: Expr,
    operator: ReductionOperator,
) -> Option<(BinaryOp, Expr, Expr)> {
    let ExprKind::Binary(op, a, b) = function.exprs[expr].kind else {
        return None;
    };
    (arithmetic(op) == Some(operator)).then_some((op, a, b))
}

/// Returns the read of the target that an expression is, apart from conversions to wider types of its kind.
fn widened_load(function: &Function, expr: Expr, target: &Place) -> Option<Expr> {
    let node = &function.exprs[expr];
    match &node.kind {
        ExprKind::Load(place) => is_same_place(function, place, function, target).then_some(expr),
        ExprKind::Cast(inner) => {
            let (from, to) = (function.exprs[*inner].ty.scalar()?, node.ty.scalar()?);
            let is_wider = from.is_float() == to.is_float() && from.bits() <= to.bits();
            widened_load(function, *inner, target).filter(|_| is_wider && to != Scalar::Bool)
        }
        ExprKind::Int(_)
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

/// Returns whether an expression reads the target by the same path.
fn reads(function: &Function, expr: Expr, target: &Place) -> bool {
    let mut found = false;
    build::visit(function, expr, &mut |_, node| {
        found |= matches!(&node.kind,
            ExprKind::Load(place) if is_same_place(function, place, function, target));
    });
    found
}

type Found = (Joining, Vec<Expr>);

/// `x > m ? x : m`, in every order.
///
/// Where the comparison fails for a NaN and the contribution is then taken (`m > x ? m : x`), a NaN among the contributions
/// makes the program forget what came before it, so the result depends on the order; the reduction takes NaN for absent.
fn chosen(
    function: &Function,
    target: &Place,
    condition: Expr,
    then: Expr,
    otherwise: Expr,
) -> Option<Found> {
    let (greater, load, contribution) = compared(function, target, condition)?;
    let takes_if_true = is_same_expr(
        function,
        contribution,
        function,
        without_widening(function, then),
    );
    let (kept, taken) = if takes_if_true {
        (otherwise, then)
    } else {
        (then, otherwise)
    };
    let taken = without_widening(function, taken);
    let kept = widened_load(function, kept, target)?;
    let ty = function.exprs[load].ty.scalar()?;
    let is_contribution =
        is_same_expr(function, contribution, function, taken) && holds(function, taken, ty);
    is_contribution.then(|| {
        let is_greatest = greater == takes_if_true;
        let joining = Joining {
            replaces_nan: ty.is_float() && !takes_if_true,
            ..plain(extreme(is_greatest))
        };
        (joining, vec![load, kept])
    })
}

/// `fmax(m, x)` and its like.
fn called(function: &Function, target: &Place, name: &str, arguments: &[Expr]) -> Option<Found> {
    let operator = match name {
        "fmax" | "fmaxf" => ReductionOperator::Maximum,
        "fmin" | "fminf" => ReductionOperator::Minimum,
        _ => return None,
    };
    let [a, b] = arguments else { return None };
    let (load, other) = match (
        widened_load(function, *a, target),
        widened_load(function, *b, target),
    ) {
        (Some(load), None) => (load, *b),
        (None, Some(load)) => (load, *a),
        (Some(_), Some(_)) | (None, None) => return None,
    };
    let ty = function.exprs[load].ty.scalar()?;
    // The call then computes in the type of the target.
    let is_own = function.exprs[*a].ty.scalar() == Some(ty);
    let joining = Joining {
        operator,
        call: Some(name.to_owned()),
        replaces_nan: false,
    };
    (is_own && !reads(function, other, target)).then(|| (joining, vec![load]))
}

/// Reads a comparison of the target with a contribution: whether it holds for a greater contribution, the read of the
/// target, the contribution.
fn compared(function: &Function, target: &Place, condition: Expr) -> Option<(bool, Expr, Expr)> {
    let ExprKind::Binary(op, a, b) = function.exprs[condition].kind else {
        return None;
    };
    let left_is_greater = match Comparison::of(op)? {
        Comparison::Greater | Comparison::GreaterEqual => true,
        Comparison::Less | Comparison::LessEqual => false,
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    let (load, other, is_greater) = match (
        exact_load(function, a, target),
        exact_load(function, b, target),
    ) {
        (None, Some(load)) => (load, a, left_is_greater),
        (Some(load), None) => (load, b, !left_is_greater),
        (Some(_), Some(_)) | (None, None) => return None,
    };
    let contribution = without_widening(function, other);
    (!reads(function, contribution, target)).then_some((is_greater, load, contribution))
}

/// Returns the read of the target that an expression is, apart from conversions that keep every value.
fn exact_load(function: &Function, expr: Expr, target: &Place) -> Option<Expr> {
    let load = without_widening(function, expr);
    let is_target = matches!(&function.exprs[load].kind,
        ExprKind::Load(place) if is_same_place(function, place, function, target));
    is_target.then_some(load)
}

/// Takes off conversions that keep every value.
fn without_widening(function: &Function, expr: Expr) -> Expr {
    let node = &function.exprs[expr];
    let ExprKind::Cast(inner) = node.kind else {
        return expr;
    };
    match node.ty.scalar() {
        Some(ty) if holds(function, inner, ty) => without_widening(function, inner),
        Some(_) | None => expr,
    }
}

/// Returns whether a type has every value of an expression's type.
fn holds(function: &Function, expr: Expr, ty: Scalar) -> bool {
    let Some(from) = function.exprs[expr].ty.scalar() else {
        return false;
    };
    match (from.integer_range(), ty.integer_range()) {
        (Some((low, high)), Some((least, greatest))) => least <= low && high <= greatest,
        (None, None) => from.bits() <= ty.bits(),
        // A conversion between integers and floating-point numbers may be exact, and rarely matters.
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn keeps_value(function: &Function, value: Expr, compute: &Compute) -> bool {
    let target = function.exprs[compute.value].ty.scalar();
    target.is_some_and(|ty| holds(function, value, ty))
}
