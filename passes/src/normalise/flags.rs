//! Variables that a region sets and does not read, each to one value wherever it does: whether any iteration set one is a
//! reduction.
//!
//! `if (…) changed = 1;` becomes `set |= 1`, with `set = 0` before the loops and `changed = set ? 1 : changed` behind them.
//! Of a `bool`, `found |= …` is `if (…) found = 1;`, and `all &= a < b` is `if (!(a < b)) all = 0;`.
//! The value is made of what the region leaves alone, so it is behind the loops what it was in each iteration, and nobody
//! can tell how often it was stored (C17 5.1.2.3 §2: only the value counts of an object that is not volatile).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{declarations, is_same_expr};
use mupac_ir::{
    BinaryOp, Block, Compute, Contraction, Expr, ExprKind, Function, Handle, If, Place, Scalar,
    Span, Stmt, Type, UnaryOp, Var,
};

use super::extreme::Split;
use super::{is_modelled, modified};
use crate::analyse::names::lengths;
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region};

/// Returns the function with a reduction for every such variable of some statements; `None` where there is none.
pub(crate) fn split_flags(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Split> {
    let decided = decided(function, path, range);
    let function = decided.as_ref().unwrap_or(function);
    let statements = region::statements(function, path, range);
    let flags = is_modelled(statements).then(|| flags(function, statements))?;
    if flags.is_empty() {
        return None;
    }
    let mut function = (**function).clone();
    let mut numbering = Numbering::after(&[&function.body]);
    let mut statements = region::take(&mut function, path, range);
    let span = statements.first().map_or_else(Span::default, Stmt::span);
    let (mut made, mut last_values) = (Block::new(), Vec::new());
    for (flag, value) in flags {
        let name = format!("{}_set", function.vars[flag].name);
        let name = function.fresh_name(&name);
        let set = function.vars.push(Var::local(name, Scalar::I32));
        let zero = build::zero(&mut function, Scalar::I32);
        made.push(Stmt::Declare(set, span));
        let start = numbering.assignment(Place::var(set), zero, span);
        made.push(Stmt::Compute(start));
        join(&mut function, &mut statements, (flag, set));
        let last = behind(&mut function, (flag, set), value);
        last_values.push(numbering.assignment(Place::var(flag), last, span));
    }
    made.append(&mut statements);
    let count = made.len();
    region::put(&mut function, path, range.start, made);
    Some(Split {
        beside: BTreeSet::new(),
        function: Arc::new(function),
        count,
        last_values,
        contraction: Contraction::Allowed,
    })
}

/// Returns the function with truth values set under a condition where some statements join something to them; `None` where none
/// does.
fn decided(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Arc<Function>> {
    let joins = |stmt: &Stmt| {
        let Stmt::Compute(compute) = stmt else {
            return None;
        };
        joined(function, compute).map(drop)
    };
    region::first(region::statements(function, path, range), &mut |stmt| {
        joins(stmt)
    })?;
    let mut own = (**function).clone();
    let mut statements = region::take(&mut own, path, range);
    decide(&mut own, &mut statements);
    region::put(&mut own, path, range.start, statements);
    Some(Arc::new(own))
}

fn decide(function: &mut Function, block: &mut Block) {
    for stmt in block {
        if let Stmt::Compute(compute) = stmt
            && let Some((joined, truth)) = joined(function, compute)
        {
            let mut condition = joined;
            if !truth {
                let fails = ExprKind::Unary(UnaryOp::Not, joined);
                condition = function.expr(fails, Scalar::I32);
            }
            let truth = build::int(function, truth.into(), Scalar::I32);
            compute.value = build::convert(function, truth, Scalar::Bool);
            let span = compute.span;
            *stmt = Stmt::If(If {
                condition,
                then: vec![stmt.clone()],
                otherwise: Block::new(),
                span,
            });
            continue;
        }
        for inner in region::blocks_mut(stmt) {
            decide(function, inner);
        }
    }
}

/// Returns what an assignment joins to a truth value, and what that may become: true by `found | x`, or false by `all & x`, where
/// `x` is 0 or 1.
fn joined(function: &Function, compute: &Compute) -> Option<(Handle<Expr>, bool)> {
    let node = &function.exprs[compute.value];
    let ExprKind::Cast(inner) = node.kind else {
        return None;
    };
    let ExprKind::Binary(op, a, b) = function.exprs[inner].kind else {
        return None;
    };
    let target = compute.target.var;
    let is_target = |expr| build::read(function, expr) == Some(target);
    let other = match (is_target(a), is_target(b)) {
        (true, false) => b,
        (false, true) => a,
        (true, true) | (false, false) => return None,
    };
    let is_own = node.ty.scalar() == Some(Scalar::Bool) && compute.target.path.is_empty();
    let is_or = op == BinaryOp::BitOr;
    let is_joined = is_or || op == BinaryOp::BitAnd && is_truth(function, other);
    (is_own && is_joined && !build::names(function, other, target)).then_some((other, is_or))
}

/// Returns whether a value is 0 or 1.
fn is_truth(function: &Function, expr: Handle<Expr>) -> bool {
    let kind = &function.exprs[expr].kind;
    let is_of_truth = |inner: Handle<Expr>| function.exprs[inner].ty.scalar() == Some(Scalar::Bool);
    kind.is_truth() || matches!(kind, ExprKind::Cast(inner) if is_of_truth(*inner))
}

/// Returns the variables that statements only set, in loops, each with its value.
fn flags(function: &Function, statements: &[Stmt]) -> BTreeMap<Handle<Var>, Handle<Expr>> {
    let changed = modified(statements);
    let declared = declarations(statements);
    let mut stores: BTreeMap<Handle<Var>, Vec<&Compute>> = BTreeMap::new();
    let mut read: BTreeSet<Handle<Var>> = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt {
            stores.entry(compute.target.var).or_default().push(compute);
        }
        if let Stmt::For(each) = stmt {
            read.insert(each.iterator);
        }
        if let Stmt::Declare(var, _) = stmt {
            let lengths = lengths(&function.vars[*var].ty).into_iter();
            read.extend(lengths.flat_map(|length| build::variables(function, length)));
        }
        for expr in region::expressions(stmt) {
            read.extend(build::variables(function, expr));
        }
    });
    let is_alone = |var: Handle<Var>| {
        let own = &function.vars[var];
        matches!(own.ty, Type::Scalar(_)) && !own.is_address_taken && !own.is_volatile
    };
    let is_fixed = |value: Handle<Expr>| {
        let is_kept = |var: Handle<Var>| is_alone(var) && !changed.contains(&var);
        build::is_of_variables(function, value, &is_kept)
    };
    let is_in_loop = |first: &Compute| {
        let mut outermost = statements.iter();
        !outermost.any(|stmt| matches!(stmt, Stmt::Compute(own) if own.id == first.id))
    };
    let flag = |(var, stores): (Handle<Var>, Vec<&Compute>)| {
        let first = stores.first()?;
        let is_one = |other: &&Compute| {
            other.target.path.is_empty()
                && is_in_loop(other)
                && is_same_expr(function, first.value, function, other.value)
        };
        let is_flag = is_alone(var)
            && !read.contains(&var)
            && !declared.contains(&var)
            && is_fixed(first.value)
            && stores.iter().all(is_one);
        is_flag.then_some((var, first.value))
    };
    stores.into_iter().filter_map(flag).collect()
}

/// Has statements note that they set a flag in place of setting it.
fn join(function: &mut Function, block: &mut Block, (flag, set): (Handle<Var>, Handle<Var>)) {
    for stmt in block {
        if let Stmt::Compute(compute) = stmt
            && compute.target.var == flag
        {
            let known = function.load(set);
            let one = build::int(function, 1, Scalar::I32);
            let kind = ExprKind::Binary(BinaryOp::BitOr, known, one);
            compute.target = Place::var(set);
            compute.value = function.expr(kind, Scalar::I32);
        }
        for inner in region::blocks_mut(stmt) {
            join(function, inner, (flag, set));
        }
    }
}

/// Returns what a flag is behind the loops.
fn behind(
    function: &mut Function,
    (flag, set): (Handle<Var>, Handle<Var>),
    value: Handle<Expr>,
) -> Handle<Expr> {
    let (known, zero) = (function.load(set), build::zero(function, Scalar::I32));
    let condition = build::binary(function, BinaryOp::NotEqual, known, zero);
    let otherwise = function.load(flag);
    let ty = function.vars[flag].ty.clone();
    let kind = ExprKind::Select {
        condition,
        then: value,
        otherwise,
    };
    function.expr(kind, ty)
}
