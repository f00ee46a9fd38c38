//! Regions in the words of the program: tests of pointers stand where it asks them, not variables for their outcomes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::comparison::opposite;
use mupac_ir::{Expr, ExprKind, Function, Handle, RegionPlan, UnaryOp, Var};

/// Returns a region whose expressions say every truth value that the host fetches by what it is, for texts to read.
pub(crate) fn with_tests(region: &RegionPlan) -> Cow<'_, RegionPlan> {
    let is_truth = |value: Handle<Expr>| region.function.exprs[value].kind.is_truth();
    let tests: BTreeMap<_, _> = region
        .fetched
        .iter()
        .filter(|each| is_truth(each.value))
        .map(|each| (each.variable, each.value))
        .collect();
    if tests.is_empty() {
        return Cow::Borrowed(region);
    }
    let mut region = region.clone();
    put(&mut region.function, &tests);
    Cow::Owned(region)
}

/// Replaces reads of variables by tests, and `!` of a test by its opposite.
fn put(function: &mut Function, tests: &BTreeMap<Handle<Var>, Handle<Expr>>) {
    let mut placed = BTreeSet::new();
    let exprs: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
    for expr in exprs {
        let said = match &function.exprs[expr].kind {
            ExprKind::Load(place) if place.path.is_empty() => tests.get(&place.var).copied(),
            ExprKind::Cast(inner) if placed.contains(inner) => Some(*inner),
            ExprKind::Unary(UnaryOp::Not, inner) if placed.contains(inner) => {
                let inner = *inner;
                Some(opposite(function, inner))
            }
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
            | ExprKind::ThreadIndex(_) => None,
        };
        if let Some(said) = said {
            function.exprs[expr] = function.exprs[said].clone();
            placed.insert(expr);
        }
    }
}
