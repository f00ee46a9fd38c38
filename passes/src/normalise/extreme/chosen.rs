//! Choices between a value and what a variable has, as conditions: of `b = v[i] > v[b] ? i : b;` becomes
//! `if (v[i] > v[b]) b = i;`, and of `b = v[i] <= v[b] ? b : i;` as well.

use mupac_ir::{Block, Compute, ExprKind, Function, If, Stmt};

use crate::{build, joining, region};

/// Writes the choices in the loops of a block as conditions, those that look at their variable.
pub(super) fn as_conditions(function: &mut Function, block: &mut Block) {
    for stmt in block {
        if let Stmt::Compute(compute) = stmt
            && let Some(condition) = chosen(function, compute)
        {
            *stmt = condition;
        }
        for inner in region::blocks_mut(stmt) {
            as_conditions(function, inner);
        }
    }
}

/// Returns a choice between a value and what a variable has as a condition, where that looks at the variable and joins nothing.
fn chosen(function: &mut Function, compute: &Compute) -> Option<Stmt> {
    let ExprKind::Select {
        condition,
        then,
        otherwise,
    } = function.exprs[compute.value].kind
    else {
        return None;
    };
    let var = compute
        .target
        .path
        .is_empty()
        .then_some(compute.target.var)?;
    let keeps = |value| build::loaded(function, value) == Some(var);
    let (is_new_otherwise, is_kept) = (keeps(then), keeps(then) || keeps(otherwise));
    let looks = build::names(function, condition, var);
    (is_kept && looks && joining::assignment(function, compute).is_none()).then_some(())?;
    let (condition, value) = if is_new_otherwise {
        (build::opposite(function, condition), otherwise)
    } else {
        (condition, then)
    };
    let mut assigned = compute.clone();
    assigned.value = value;
    Some(Stmt::If(If {
        condition,
        then: vec![Stmt::Compute(assigned)],
        otherwise: Block::new(),
        span: compute.span,
    }))
}
