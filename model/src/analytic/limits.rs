//! How large sizes may be where arrays have fixed extents: subscripts show it before there is a plan, and guards ask for it.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::fold::constant;
use mupac_ir::structure::{each, visit};
use mupac_ir::{
    BinaryOp, Comparison, Expr, ExprKind, Fetched, Function, GREATEST, Guard, Handle, Projection,
    ROW_SPACING, ROW_SPACING_IF_THERE, RegionPlan, Scalar, Stmt, Type, Var,
};

use super::typical::{TYPICAL_LISTED, places};

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
    let mut found = listed(plan);
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

/// Returns the lengths of rows that loops read from memory and how far such rows lie apart.
fn listed(plan: &RegionPlan) -> BTreeMap<Handle<Var>, i64> {
    let named = |wanted: &[&str]| {
        let is_one = |each: &&Fetched| {
            let mut is_found = false;
            visit(&plan.function, each.value, &mut |_, node| {
                is_found |=
                    matches!(&node.kind, ExprKind::Call(name, _) if wanted.contains(&&**name));
            });
            is_found
        };
        plan.fetched
            .iter()
            .filter(is_one)
            .map(|each| each.variable)
            .collect::<Vec<_>>()
    };
    let lengths = named(&[GREATEST]);
    let spacings = if lengths.is_empty() {
        Vec::new()
    } else {
        named(&[ROW_SPACING, ROW_SPACING_IF_THERE])
    };
    let all = lengths.into_iter().chain(spacings);
    all.map(|var| (var, TYPICAL_LISTED)).collect()
}

/// Returns the greatest value that the subscripts of some loops leave to variables at which these loops end: those of arrays
/// with so many elements.
pub(super) fn of_arrays(function: &Function, statements: &[Stmt]) -> BTreeMap<Handle<Var>, i64> {
    let mut lasts = BTreeMap::new();
    each(statements, &mut |statement| {
        if let Stmt::For(each) = statement {
            let last = if each.step > 0 {
                moved(function, each.end).map(|(var, by)| (var, by - 1))
            } else {
                moved(function, each.start)
            };
            lasts.extend(last.map(|last| (each.iterator, last)));
        }
    });
    let mut found = BTreeMap::new();
    each(statements, &mut |statement| {
        for place in places(function, statement) {
            let mut ty = Some(&function.vars[place.var].ty);
            for step in &place.path {
                let Projection::Index(index) = step else {
                    break;
                };
                let length = ty.and_then(Type::fixed_length);
                ty = ty.and_then(Type::element);
                let index = moved(function, *index);
                let last = index.and_then(|(var, by)| Some((lasts.get(&var)?, by)));
                // A single element often stands for as many as are allocated.
                let Some(((&(size, distance), by), length)) =
                    last.zip(length.filter(|length| *length > 1))
                else {
                    continue;
                };
                let most = i64::try_from(length).unwrap_or(NO_LIMIT) - 1 - by - distance;
                if (1..NO_LIMIT).contains(&most) {
                    let known = found.entry(size).or_insert(most);
                    *known = most.min(*known);
                }
            }
        }
    });
    found
}

/// Returns the variable that an expression is, and the constant that is added to it.
fn moved(function: &Function, expr: Handle<Expr>) -> Option<(Handle<Var>, i64)> {
    if let Some(var) = variable(function, expr) {
        return Some((var, 0));
    }
    let expr = unconverted(function, expr);
    let ExprKind::Binary(op, left, right) = function.exprs[expr].kind else {
        return None;
    };
    let small = |expr| {
        let value = constant(function, expr)?;
        let value = i64::try_from(value).ok()?;
        (value > -NO_LIMIT && value < NO_LIMIT).then_some(value)
    };
    let (inner, by) = match (op, small(left), small(right)) {
        (BinaryOp::Add, _, Some(by)) => (left, by),
        (BinaryOp::Add, Some(by), None) => (right, by),
        (BinaryOp::Subtract | BinaryOp::Difference, _, Some(by)) => (left, -by),
        _ => return None,
    };
    let (var, before) = moved(function, inner)?;
    let sum = before + by;
    (sum.abs() < NO_LIMIT).then_some((var, sum))
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
