//! Loops that note subscripts which go up or down with the counter: where only the least and the greatest are asked for, the
//! first and the last iteration note these.
//!
//! The rows of a sparse matrix, `for (k = start[i]; k < start[i + 1]; k++) s += value[k] * …`, are looked at row by row then,
//! and not element by element; and of two loops inside one another, as over pairs of elements, neither is repeated.

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, Mapping, Place, Scalar, Stmt, Var,
};

use super::carries::outlived;
use super::monotone::{are_monotone, is_monotone};
use super::notes::{is_same_note, noted, noted_by};
use crate::{build, region};

/// Returns the notes of the first and the last iteration of a loop, which runs at least once; `None` where those of the
/// others may be less or greater.
pub(super) fn ends(function: &mut Function, each: &Loop, body: &Block) -> Option<Block> {
    if each.step.abs() != 1 {
        return None;
    }
    if are_at_ends(function, each.iterator, body) {
        let last = last(function, each)?;
        return Some(at_ends(function, (each.iterator, [each.start, last]), body));
    }
    // What another iteration leaves in a variable may lead farther.
    let is_monotone = outlived(body).is_empty() && are_monotone(function, each.iterator, body);
    is_monotone.then(|| twice(function, each, body)).flatten()
}

/// Returns whether all subscripts that a body notes go one way with the counter or are the same in all iterations, so does
/// what decides which are noted, and nothing else has to be computed for them.
fn are_at_ends(function: &Function, iterator: Handle<Var>, body: &Block) -> bool {
    let is_same = |value: Handle<Expr>| !build::names(function, value, iterator);
    let goes_one_way = |subscript: Handle<Expr>| {
        goes_along(function, subscript, iterator) || is_monotone(function, iterator, subscript)
    };
    body.iter().all(|stmt| match (noted_by(stmt), stmt) {
        (Some(subscript), _) => is_same(subscript) || goes_one_way(subscript),
        (None, Stmt::If(branch)) => {
            is_same(branch.condition)
                && are_at_ends(function, iterator, &branch.then)
                && are_at_ends(function, iterator, &branch.otherwise)
        }
        (None, _) => false,
    })
}

/// Returns a body that runs for the first and the last counter.
fn twice(function: &mut Function, each: &Loop, body: &Block) -> Option<Block> {
    let last = last(function, each)?;
    let ty = function.vars[each.iterator].ty.clone();
    let name = function.fresh_name("end");
    let iterator = function.vars.push(Var::local(name, Scalar::I32));
    let [start, end] = [0, 2].map(|value| build::int(function, value, Scalar::I32));
    let kind = ExprKind::Select {
        condition: function.load(iterator),
        then: last,
        otherwise: each.start,
    };
    let mut inside = vec![Stmt::Let(each.iterator, function.expr(kind, ty))];
    inside.extend(body.iter().cloned());
    Some(vec![Stmt::For(Loop {
        name: each.name.clone(),
        iterator,
        declares_iterator: true,
        start,
        end,
        step: 1,
        mapping: Mapping::Sequential,
        body: inside,
        ..*each
    })])
}

/// Returns a body with the notes of the first and the last counter in place of all.
fn at_ends(
    function: &mut Function,
    (iterator, ends): (Handle<Var>, [Handle<Expr>; 2]),
    body: &Block,
) -> Block {
    let mut notes = Block::new();
    for counter in ends {
        for subscript in body.iter().filter_map(noted_by) {
            let at = at(function, subscript, iterator, counter);
            if !notes.iter().any(|stmt| is_same_note(function, stmt, at)) {
                notes.push(noted(at));
            }
        }
    }
    for stmt in body {
        if let Stmt::If(branch) = stmt {
            let mut inside = |block| at_ends(function, (iterator, ends), block);
            notes.push(Stmt::If(If {
                then: inside(&branch.then),
                otherwise: inside(&branch.otherwise),
                ..*branch
            }));
        }
    }
    notes
}

/// Returns how many subscripts statements note.
pub(super) fn count(statements: &[Stmt]) -> usize {
    let mut count = 0;
    region::each(statements, &mut |stmt| {
        count += usize::from(noted_by(stmt).is_some());
    });
    count
}

/// Returns the counter of the last iteration, which is one before the end.
fn last(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let counter = function.vars[each.iterator].ty.scalar()?;
    let last = if let Some(said) = said(function, each) {
        said
    } else {
        let ty = function.exprs[each.end].ty.scalar()?;
        let step = build::int(function, i128::from(each.step), ty);
        build::binary(function, BinaryOp::Subtract, each.end, step)
    };
    if let ExprKind::Cast(inner) = function.exprs[last].kind
        && function.exprs[inner].ty.scalar() == Some(counter)
    {
        return Some(inner);
    }
    Some(build::convert(function, last, counter))
}

/// Returns the last counter where the source says it, by `<=` or `>=`: the end is one beyond.
fn said(function: &Function, each: &Loop) -> Option<Handle<Expr>> {
    let ExprKind::Binary(op, last, by) = function.exprs[each.end].kind else {
        return None;
    };
    let beyond = if each.step > 0 {
        BinaryOp::Add
    } else {
        BinaryOp::Subtract
    };
    (op == beyond && build::constant(function, by) == Some(1)).then_some(last)
}

/// Returns a subscript for a value of the counter, without sums with 0 and products with 0 or 1.
fn at(
    function: &mut Function,
    subscript: Handle<Expr>,
    iterator: Handle<Var>,
    value: Handle<Expr>,
) -> Handle<Expr> {
    build::replaced(function, subscript, &mut |function, node| {
        if let ExprKind::Binary(op, a, b) = node.kind
            && [BinaryOp::Add, BinaryOp::Multiply].contains(&op)
            && node.ty.scalar().is_some_and(|ty| !ty.is_float())
        {
            let [a, b] = [a, b].map(|operand| at(function, operand, iterator, value));
            return Some(build::binary(function, op, a, b));
        }
        is_counter(node, iterator).then_some(value)
    })
}

fn is_counter(node: &Expr, iterator: Handle<Var>) -> bool {
    matches!(&node.kind, ExprKind::Load(Place { var, path }) if *var == iterator && path.is_empty())
}

/// Returns whether an integer goes up by one, or down by one, with every iteration, as long as it stays within
/// [`mupac_ir::inspection::FARTHEST`].
///
/// Signed numbers do not overflow, and 64 bits that wrap around come from farther away; 32 bits without a sign may wrap within.
fn goes_along(function: &Function, expr: Handle<Expr>, iterator: Handle<Var>) -> bool {
    let node = &function.exprs[expr];
    let Some(ty) = node.ty.scalar().filter(|ty| !ty.is_float()) else {
        return false;
    };
    let moves = |operand: Handle<Expr>| build::names(function, operand, iterator);
    match &node.kind {
        ExprKind::Load(_) => is_counter(node, iterator),
        ExprKind::Cast(inner) => {
            let from = function.exprs[*inner].ty.scalar();
            from.is_some_and(|from| is_kept(from, ty)) && goes_along(function, *inner, iterator)
        }
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) => {
            let moving = match (moves(*a), moves(*b)) {
                (true, false) => *a,
                (false, true) => *b,
                (true, true) | (false, false) => return false,
            };
            is_kept(ty, ty) && goes_along(function, moving, iterator)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns whether a number that moves by one still does so in another type, or in sums of that type.
pub(crate) fn is_kept(from: Scalar, to: Scalar) -> bool {
    let is_wider = from.bits() < to.bits() && (to.is_signed() || !from.is_signed());
    to.bits() == 64 || is_wider || from == to && to.is_signed()
}
