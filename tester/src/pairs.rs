//! Pointers of one call that lead into one object: a function that compares two, or takes how far one is from the other, is
//! defined on nothing else.
//!
//! **Source**: C17 6.5.6 §9, 6.5.8 §5.

use std::collections::BTreeMap;

use mupac_ir::structure::{each, each_expression, visit};
use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Function, Handle, Stmt, Type, Var};

/// So many pointers that were made of others are followed to where they come from.
const MOST_STEPS: usize = 8;

/// Returns the positions of parameters of which a function compares the second with the first, or with what is made of it.
pub(crate) fn compared(function: &Function) -> Vec<[usize; 2]> {
    let made = made(function);
    let mut found = Vec::new();
    each(&function.body, &mut |statement| {
        each_expression(statement, &mut |expr| {
            visit(function, expr, &mut |_, node| {
                let ExprKind::Binary(op, a, b) = node.kind else {
                    return;
                };
                let is_pair = op == BinaryOp::Subtract || Comparison::of(op).is_some();
                let [a, b] = [a, b].map(|side| parameter(function, &made, side, MOST_STEPS));
                let pair = a.zip(b).filter(|(a, b)| is_pair && a != b);
                let pair = pair.map(|(a, b)| [a.min(b), a.max(b)]);
                found.extend(pair.filter(|pair| !found.contains(pair)));
            });
        });
    });
    found
}

/// Returns what each pointer is made of where it is set to another one.
fn made(function: &Function) -> BTreeMap<Handle<Var>, Handle<Expr>> {
    let mut made = BTreeMap::new();
    each(&function.body, &mut |statement| {
        if let Stmt::Compute(compute) = statement
            && compute.target.path.is_empty()
        {
            made.entry(compute.target.var).or_insert(compute.value);
        }
    });
    made
}

/// Returns the parameter that a pointer is, or is made of.
fn parameter(
    function: &Function,
    made: &BTreeMap<Handle<Var>, Handle<Expr>>,
    pointer: Handle<Expr>,
    left: usize,
) -> Option<usize> {
    let node = &function.exprs[pointer];
    if left == 0 || !matches!(node.ty, Type::Pointer { .. }) {
        return None;
    }
    match &node.kind {
        ExprKind::Cast(inner) | ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, inner, _) => {
            parameter(function, made, *inner, left - 1)
        }
        ExprKind::Load(place) if place.path.is_empty() => {
            let mut parameters = function.parameters.iter();
            let own = parameters.position(|var| *var == place.var);
            own.or_else(|| parameter(function, made, *made.get(&place.var)?, left - 1))
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}
