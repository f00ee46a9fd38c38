//! Reads of shared arrays in place of reads of the program's, and the copies that fill them, as they stand in the text.

use mupac_ir::{BinaryOp, Compute, Expr, ExprKind, Function, Handle, Place, Space, Var};

use super::flat::Shapes;
use super::linear::Linear;
use super::scope::Scope;
use crate::build;

/// An element of a shared array that stands for an element of an array of the program.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    /// The shared array.
    pub(crate) shared: Handle<Var>,
    /// Its subscripts.
    pub(crate) at: Vec<Linear>,
    /// The array of the program.
    pub(crate) array: Handle<Var>,
    /// The subscripts that the program has there.
    pub(crate) element: Vec<Linear>,
}

/// Returns whether the threads of a block share a variable.
pub(crate) fn is_shared(function: &Function, var: Handle<Var>) -> bool {
    function.vars[var].space == Space::Shared
}

/// Reads an assignment to a shared array; `None` where it is not the copy of one element of another.
pub(crate) fn copy(scope: &mut Scope<'_>, shapes: &Shapes, compute: &Compute) -> Option<Staged> {
    let function = scope.function;
    let value = &function.exprs[compute.value];
    let ExprKind::Load(source) = &value.kind else {
        return None;
    };
    let is_same_type = function.vars[compute.target.var].ty.innermost() == &value.ty;
    (is_same_type && !is_shared(function, source.var))
        .then(|| pair(scope, shapes, &compute.target, source))
        .flatten()
}

/// Reads what an assignment takes from shared arrays where the program's takes it from its own; `None` where they differ
/// in anything else, or where the value may not be read at all.
pub(crate) fn reads(
    scope: &mut Scope<'_>,
    shapes: &Shapes,
    original: &Compute,
    rewritten: &Compute,
) -> Option<Vec<Staged>> {
    let same = Compute {
        value: original.value,
        ..rewritten.clone()
    };
    if same != *original {
        return None;
    }
    let mut pairs = Vec::new();
    let is_alike = compare(
        scope.function,
        original.value,
        rewritten.value,
        true,
        &mut pairs,
    );
    if !is_alike {
        return None;
    }
    pairs
        .into_iter()
        .map(|(original, staged)| pair(scope, shapes, staged, original))
        .collect()
}

fn pair(scope: &mut Scope<'_>, shapes: &Shapes, shared: &Place, array: &Place) -> Option<Staged> {
    Some(Staged {
        shared: shared.var,
        at: shapes.subscripts(scope, shared)?,
        array: array.var,
        element: shapes.subscripts(scope, array)?,
    })
}

/// Compares two expressions and notes the places that each reads where only the second reads a shared array.
///
/// Where it is not certain that a value is read, the program may not touch the element, and a copy must not.
fn compare<'a>(
    function: &'a Function,
    original: Handle<Expr>,
    rewritten: Handle<Expr>,
    is_certain: bool,
    pairs: &mut Vec<(&'a Place, &'a Place)>,
) -> bool {
    if original == rewritten {
        return true;
    }
    let (a, b) = (&function.exprs[original], &function.exprs[rewritten]);
    if a.ty != b.ty || a.span != b.span {
        return false;
    }
    let is_same = match (&a.kind, &b.kind) {
        (ExprKind::Load(from), ExprKind::Load(to)) => {
            let is_staged = is_certain
                && is_shared(function, to.var)
                && function.vars[to.var].ty.innermost() == &b.ty;
            if is_staged {
                pairs.push((from, to));
            }
            return is_staged;
        }
        (ExprKind::Unary(op, _), ExprKind::Unary(other, _)) => op == other,
        (ExprKind::Binary(op, ..), ExprKind::Binary(other, ..)) => op == other,
        (ExprKind::Cast(_), ExprKind::Cast(_))
        | (ExprKind::Select { .. }, ExprKind::Select { .. }) => true,
        (ExprKind::Call(callee, _), ExprKind::Call(other, _)) => callee == other,
        (
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
            | ExprKind::ThreadIndex(_),
            _,
        ) => false,
    };
    let may_skip = matches!(
        a.kind,
        ExprKind::Select { .. } | ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..)
    );
    let (first, second) = (build::operands(&a.kind), build::operands(&b.kind));
    is_same
        && first.len() == second.len()
        && first
            .into_iter()
            .zip(second)
            .enumerate()
            .all(|(at, (a, b))| {
                let is_certain = is_certain && (at == 0 || !may_skip);
                compare(function, a, b, is_certain, pairs)
            })
}
