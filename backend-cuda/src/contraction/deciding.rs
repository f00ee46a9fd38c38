//! What statements compute to find out which of them run, and which elements they touch: what the host computes, too, where
//! it looks at subscripts beforehand.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::{each, each_expression, indices, operands, visit};
use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Stmt};

/// Returns the expressions of kernels whose values decide about statements and elements, by way of variables also, which one
/// kernel may leave for another one.
pub(super) fn deciding<'a>(
    function: &Function,
    bodies: impl Iterator<Item = &'a Block>,
) -> BTreeSet<Handle<Expr>> {
    let (mut pending, mut assigned) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
    let mut note = |stmt: &Stmt| {
        let assignment = match stmt {
            Stmt::Compute(compute) => Some((compute.target.var, compute.value)),
            Stmt::Let(var, value) => Some((*var, *value)),
            Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Declare(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        };
        if let Some((target, value)) = assignment {
            assigned.entry(target).or_default().push(value);
        }
        if let Stmt::Compute(compute) = stmt {
            pending.extend(indices(&compute.target));
        }
        each_expression(stmt, &mut |value| {
            if assignment.is_none_or(|(_, assigned)| assigned != value) {
                pending.push(value);
            }
            visit(function, value, &mut |_, node| {
                pending.extend(deciders(&node.kind));
            });
        });
    };
    bodies.for_each(|body| each(body, &mut note));
    let mut found = BTreeSet::new();
    while let Some(value) = pending.pop() {
        if !found.insert(value) {
            continue;
        }
        let kind = &function.exprs[value].kind;
        pending.extend(operands(kind));
        if let ExprKind::Load(place) = kind {
            pending.extend(assigned.get(&place.var).into_iter().flatten());
        }
    }
    found
}

/// Returns the operands that decide which element an expression reads, or which of the others it evaluates.
fn deciders(kind: &ExprKind) -> Vec<Handle<Expr>> {
    match kind {
        ExprKind::Load(place) | ExprKind::Address(place) => indices(place).collect(),
        ExprKind::Select { condition, .. } => vec![*condition],
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, first, _) => vec![*first],
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => Vec::new(),
    }
}
