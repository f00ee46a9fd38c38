//! How large sizes may be: guards ask for it where arrays have fixed extents.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::fold::constant;
use mupac_ir::{
    BinaryOp, Comparison, Expr, ExprKind, Function, Guard, Handle, RegionPlan, Scalar, Var,
};

/// What is this large limits no size that is looked at: it keeps numbers within their types.
const NO_LIMIT: i64 = 1 << 27;

/// Returns the greatest value of every variable that guards compare with a number, by itself or in a sum of others that are
/// not negative.
pub(super) fn limits(plan: &RegionPlan) -> BTreeMap<Handle<Var>, i64> {
    let mut comparisons = Vec::new();
    for guard in &plan.guards {
        if let Guard::Holds { condition, .. } = guard {
            collect(&plan.function, *condition, &mut comparisons);
        }
    }
    let function = &plan.function;
    let is_not_negative = |each: &&AtMost| constant(function, each.lesser) >= Some(-each.distance);
    let positive = comparisons.iter().filter(is_not_negative);
    let positive: BTreeSet<Handle<Var>> = positive
        .filter_map(|each| variable(function, each.greater))
        .collect();
    let mut found = BTreeMap::new();
    for each in &comparisons {
        let most = constant(function, each.greater).map(|most| most - each.distance);
        let most = most.and_then(|most| i64::try_from(most.max(0)).ok());
        let Some(most) = most.filter(|most| *most < NO_LIMIT) else {
            continue;
        };
        for var in summed(function, each.lesser, &positive).unwrap_or_default() {
            let known = found.entry(var).or_insert(most);
            *known = most.min(*known);
        }
    }
    found
}

/// That one value is at least so much less than another one.
struct AtMost {
    lesser: Handle<Expr>,
    greater: Handle<Expr>,
    distance: i128,
}

/// Adds what holds where a condition does.
fn collect(function: &Function, condition: Handle<Expr>, found: &mut Vec<AtMost>) {
    let ExprKind::Binary(op, left, right) = function.exprs[condition].kind else {
        return;
    };
    let mut add = |lesser, greater, distance| {
        found.push(AtMost {
            lesser,
            greater,
            distance,
        });
    };
    match Comparison::of(op) {
        Some(Comparison::LessEqual) => add(left, right, 0),
        Some(Comparison::Less) => add(left, right, 1),
        Some(Comparison::GreaterEqual) => add(right, left, 0),
        Some(Comparison::Greater) => add(right, left, 1),
        Some(Comparison::Equal) => {
            add(left, right, 0);
            add(right, left, 0);
        }
        None if op == BinaryOp::And => {
            collect(function, left, found);
            collect(function, right, found);
        }
        Some(Comparison::NotEqual) | None => {}
    }
}

/// Returns the variables of a sum: one alone, or several that are not negative.
fn summed(
    function: &Function,
    expr: Handle<Expr>,
    positive: &BTreeSet<Handle<Var>>,
) -> Option<Vec<Handle<Var>>> {
    if let Some(var) = variable(function, expr) {
        return Some(vec![var]);
    }
    let expr = unconverted(function, expr);
    let ExprKind::Binary(BinaryOp::Add, left, right) = function.exprs[expr].kind else {
        return None;
    };
    let [mut all, right] = [
        summed(function, left, positive)?,
        summed(function, right, positive)?,
    ];
    all.extend(right);
    all.iter().all(|var| positive.contains(var)).then_some(all)
}

/// Returns the variable that an expression is.
fn variable(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    let ExprKind::Load(place) = &function.exprs[unconverted(function, expr)].kind else {
        return None;
    };
    place.path.is_empty().then_some(place.var)
}

/// Returns an expression without conversions that keep its value.
fn unconverted(function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
    let size = |expr: Handle<Expr>| {
        let ty = function.exprs[expr].ty.scalar();
        ty.map_or(0, Scalar::size_bytes)
    };
    if let ExprKind::Cast(inner) = function.exprs[expr].kind
        && size(inner) <= size(expr)
    {
        return unconverted(function, inner);
    }
    expr
}
