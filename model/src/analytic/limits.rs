//! How large sizes may be: guards ask for it where arrays have fixed extents.

use std::collections::BTreeMap;

use mupac_ir::fold::constant;
use mupac_ir::{BinaryOp, Comparison, Expr, ExprKind, Function, Guard, Handle, RegionPlan, Var};

/// Returns the greatest value of every variable that guards compare with a number.
pub(super) fn limits(plan: &RegionPlan) -> BTreeMap<Handle<Var>, i64> {
    let mut found = BTreeMap::new();
    for guard in &plan.guards {
        if let Guard::Holds { condition, .. } = guard {
            note(&plan.function, *condition, &mut found);
        }
    }
    found
}

/// Adds what holds where a condition does.
fn note(function: &Function, condition: Handle<Expr>, found: &mut BTreeMap<Handle<Var>, i64>) {
    let ExprKind::Binary(op, left, right) = function.exprs[condition].kind else {
        return;
    };
    if op == BinaryOp::And {
        note(function, left, found);
        note(function, right, found);
        return;
    }
    let (lesser, greater, distance) = match Comparison::of(op) {
        Some(Comparison::LessEqual | Comparison::Equal) => (left, right, 0),
        Some(Comparison::Less) => (left, right, 1),
        Some(Comparison::GreaterEqual) => (right, left, 0),
        Some(Comparison::Greater) => (right, left, 1),
        Some(Comparison::NotEqual) | None => return,
    };
    let most = constant(function, greater).and_then(|most| i64::try_from(most - distance).ok());
    if let (Some(var), Some(most)) = (variable(function, lesser), most) {
        let known = found.entry(var).or_insert(most);
        *known = most.min(*known);
    }
}

/// Returns the variable that an expression is.
fn variable(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    let kind = &function.exprs[expr].kind;
    if let ExprKind::Cast(inner) = kind {
        return variable(function, *inner);
    }
    let ExprKind::Load(place) = kind else {
        return None;
    };
    place.path.is_empty().then_some(place.var)
}
