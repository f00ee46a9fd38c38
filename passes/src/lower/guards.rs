//! What the host tests before the first launch.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Buffer, Expr, ExprKind, Function, Guard, Handle, Mapping, Refusal, Scalar, Var,
};

use super::{Context, Work};
use crate::judge::{Scope, illegal, place, unsolved, within_wide};
use crate::state::Settings;
use crate::{build, express, isl, trip};

/// Returns the guards in the order in which they are tested: a later one may rely on the earlier ones.
pub(crate) fn guards(
    context: &Context<'_>,
    function: &mut Function,
    by_array: &BTreeMap<Handle<Var>, Handle<Buffer>>,
    work: &Work,
    settings: &Settings,
) -> Result<Vec<Guard>, Refusal> {
    let at = place(context.state.statements());
    let mut guards = conditions(context, function).map_err(|error| unsolved(&error, at))?;
    guards.extend(runs(context, function).map_err(|error| unsolved(&error, at))?);
    guards.extend(grid(context, function)?);
    if work.constant.is_none() && settings.cpu_threshold > 0 {
        guards.push(Guard::Worthwhile {
            work: work.expr,
            threshold: settings.cpu_threshold,
        });
    }
    let buffer = |array: &Handle<Var>| by_array.get(array).copied();
    for (a, b) in &context.facts.may_alias {
        if let Some((a, b)) = buffer(a).zip(buffer(b)) {
            guards.push(Guard::NoOverlap { a, b });
        }
    }
    for (array, variable) in &context.facts.may_contain {
        if let Some(buffer) = buffer(array) {
            let variable = *variable;
            guards.push(Guard::Apart { buffer, variable });
        }
    }
    Ok(guards)
}

/// Returns what the facts rely on, and what the judge asks for besides.
fn conditions(context: &Context<'_>, function: &mut Function) -> Result<Vec<Guard>, isl::Error> {
    let facts = context.facts;
    let mut wanted: Vec<(&'static str, isl::Set)> = Vec::new();
    for condition in &facts.conditions {
        wanted.push((condition.kind, condition.holds.clone()));
    }
    for var in &context.conditions.bounded {
        let holds = within_wide(facts.context.context(), *var)?;
        wanted.push(("wide-value", holds));
    }
    for holds in &context.conditions.fits {
        wanted.push(("no-wrap", holds.clone()));
    }
    let mut known = facts.ranges.clone();
    let mut guards = Vec::new();
    for (kind, holds) in wanted {
        if known.is_subset(&holds)? {
            continue;
        }
        let condition = holds.gist(&known)?.condition(&known)?;
        let condition = express::condition(function, &condition)
            .ok_or_else(|| isl::Error::Failed("a guard over no variable".to_owned()))?;
        guards.push(Guard::Holds { condition, kind });
        known = known.intersect(&holds)?;
    }
    Ok(guards)
}

/// Returns a guard for every mapped loop that might not run: a launch needs at least one block.
fn runs(context: &Context<'_>, function: &mut Function) -> Result<Vec<Guard>, isl::Error> {
    let mut guards = Vec::new();
    let mut seen = BTreeSet::new();
    for original in super::parallel(context.original, context.tree) {
        let parameters = (context.facts.parameters.iter())
            .chain(&context.facts.inputs)
            .copied()
            .collect();
        let mut scope = Scope::new(context.state.function(), 0, &parameters);
        let bounds = scope.value(original.start).zip(scope.value(original.end));
        let Some((start, end)) = bounds else { continue };
        let (low, high) = if original.step > 0 {
            (start, end)
        } else {
            (end, start)
        };
        let names: Vec<_> = scope
            .used
            .iter()
            .map(|var| crate::judge::parameter_name(*var))
            .collect();
        let text = format!("[{}] -> {{ : {low} >= {high} }}", names.join(", "));
        let idle = isl::Set::parse(context.facts.context.context(), &text)?;
        if idle.intersect(&context.conditions.assumed)?.is_empty()? {
            continue;
        }
        if !seen.insert((original.start, original.end)) {
            continue;
        }
        if let Some(count) = trip::count(function, original) {
            let zero = build::int(function, 0, Scalar::I64);
            let condition = ExprKind::Binary(BinaryOp::Greater, count, zero);
            guards.push(Guard::Holds {
                condition: function.expr(condition, Scalar::I32),
                kind: "loop-runs",
            });
        }
    }
    Ok(guards)
}

/// Returns a guard for every axis of the grid that might need more blocks than the device allows.
fn grid(context: &Context<'_>, function: &mut Function) -> Result<Vec<Guard>, Refusal> {
    let parameters = (context.facts.parameters.iter())
        .chain(&context.facts.inputs)
        .copied()
        .collect();
    let mut guards = Vec::new();
    for each in context.chain.loops() {
        let Mapping::Block(axis) = each.mapping else {
            continue;
        };
        let most = i128::from(context.device.max_grid[axis as usize]);
        let too_many = || {
            let why = format!("{} would need more than {most} blocks", each.name);
            illegal(why, each.header_span)
        };
        let blocks = trip::count(function, each).ok_or_else(too_many)?;
        let bounds = {
            let mut scope = Scope::new(function, 0, &parameters);
            let value = scope.value(blocks);
            value.and_then(|value| scope.interval(&value))
        };
        if bounds.is_some_and(|(_, high)| high <= most) {
            continue;
        }
        if build::constant(function, blocks).is_some() {
            return Err(too_many());
        }
        guards.push(Guard::Holds {
            condition: at_most(function, blocks, most),
            kind: "grid-limit",
        });
    }
    Ok(guards)
}

/// Appends `blocks <= most`; of `ceil(x, c) <= most` it makes `x <= c * most`.
fn at_most(function: &mut Function, blocks: Handle<Expr>, most: i128) -> Handle<Expr> {
    let (value, limit) = match function.exprs[blocks].kind {
        ExprKind::Binary(BinaryOp::CeilDivide, dividend, divisor) => {
            let factor = build::constant(function, divisor).filter(|factor| *factor < 1 << 31);
            factor.map_or((blocks, most), |factor| (dividend, factor * most))
        }
        _ => (blocks, most),
    };
    let limit = build::int(function, limit, Scalar::I64);
    let condition = ExprKind::Binary(BinaryOp::LessEqual, value, limit);
    function.expr(condition, Scalar::I32)
}
