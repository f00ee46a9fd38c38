//! Running indices in closed form: what `k++` has made of `k` when an iteration starts is what it was before the loop,
//! plus what an iteration adds times the number of iterations before.
//!
//! An index may be added to in several places and in loops inside; what each iteration of a loop adds has to be the same
//! for all of them: a sum of values that nothing changes, times trip counts that nothing changes.
//! Sums of `int` are computed in 64 bits, where they cannot overflow on the way, since the result is a value that the
//! program computes in `int`; sums of unsigned integers wrap as the program's do.
//!
//! **Source**: Gerlek, Stoltz, Wolfe, “Beyond Induction Variables”, TOPLAS 17(1), 1995; Haghighat, Polychronopoulos,
//! “Symbolic Analysis for Parallelizing Compilers”, TOPLAS 18(4), 1996 (nested loops).

mod index;

use std::collections::BTreeSet;

use mupac_ir::{Block, Expr, Function, Handle, Place, Scalar, Span, Stmt, Var};

use super::substitute::{self, names};
use super::{Work, modified};
use crate::analyse::is_live_after;
use crate::facts::BlockStep;
use crate::{build, region};
pub(super) use index::{Index, Trips};

use index::sum;

/// Closes every running index of the region, and returns whether there was one.
pub(super) fn close(work: &mut Work<'_>) -> bool {
    let counted: BTreeSet<_> = region::loops(work.statements())
        .iter()
        .map(|each| each.iterator)
        .collect();
    let candidates: Vec<_> = modified(work.statements())
        .into_iter()
        .filter(|var| {
            let var_of = &work.function.vars[*var];
            var_of.ty.scalar().and_then(sum_type).is_some()
                && var_of.is_plain_local()
                && !counted.contains(var)
        })
        .collect();
    let mut is_changed = false;
    let mut statements = work.take();
    see_through_copies(&mut work.function, &mut statements);
    work.put(statements);
    for var in candidates {
        let mut statements = work.statements().to_vec();
        let position = (work.path.to_vec(), work.range.start);
        if block(work, &mut statements, var, &position, true) {
            work.take();
            work.put(statements);
            is_changed = true;
        }
    }
    is_changed
}

/// Has numbers set from themselves that by way of a variable are: `t = k; k = t + 1`, which is `(*at)++` of a call's `at` that
/// leads to `k`, becomes `t = k; k = k + 1`, and `t = k + 1; k = t`, which is `*at += 1` as a value, `k = k + 1; t = k`.
pub(crate) fn see_through_copies(function: &mut Function, statements: &mut Block) {
    for at in 0..statements.len() {
        for block in region::blocks_mut(&mut statements[at]) {
            see_through_copies(function, block);
        }
        let (before, rest) = statements.split_at_mut(at);
        let (Some(Stmt::Compute(first)), Some(Stmt::Compute(next))) =
            (before.last_mut(), rest.first_mut())
        else {
            continue;
        };
        let (number, copy) = (next.target.clone(), first.target.clone());
        let is_plain =
            |place: &Place| place.path.is_empty() && function.vars[place.var].is_plain_local();
        if !is_plain(&number) || !is_plain(&copy) || number == copy {
            continue;
        }
        if build::loaded(function, first.value) == Some(number.var) {
            let own = first.value;
            next.value = substitute::reads(function, next.value, &mut |_, read| {
                (read.place == copy).then_some(own)
            });
        } else if build::loaded(function, next.value) == Some(copy.var)
            && build::names(function, first.value, number.var)
            && function.vars[copy.var].ty == function.vars[number.var].ty
        {
            next.value = function.load(number.var);
            std::mem::swap(&mut first.target, &mut next.target);
        }
    }
}

/// Returns the type in which sums of a variable's type are computed.
fn sum_type(ty: Scalar) -> Option<Scalar> {
    match ty {
        Scalar::I32 | Scalar::I64 => Some(Scalar::I64),
        Scalar::U32 => Some(Scalar::U32),
        Scalar::U64 => Some(Scalar::U64),
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::U8
        | Scalar::U16
        | Scalar::F32
        | Scalar::F64 => None,
    }
}

/// Closes an index in the stretches of a block between assignments that do not add to it, and, where that cannot be, in
/// the blocks inside.
///
/// `position` is where the block's first statement stands in the function.
fn block(
    work: &mut Work<'_>,
    statements: &mut Block,
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
    is_region: bool,
) -> bool {
    let mut is_changed = false;
    let mut done = Block::new();
    let mut rest = std::mem::take(statements);
    let mut at = position.1;
    while !rest.is_empty() {
        let length = rest.iter().position(|stmt| is_reset(work, stmt, var));
        let after = rest.split_off(length.unwrap_or(rest.len()));
        let mut stretch = std::mem::replace(&mut rest, after);
        let start = (position.0.clone(), at);
        at += stretch.len();
        let is_last = rest.is_empty();
        match closed(work, &stretch, var, &start, is_region) {
            Some((mut closed, value)) => {
                is_changed = true;
                if is_last && is_live_after(&work.function, &position.0, at - 1, var) {
                    let span = stretch
                        .iter()
                        .fold(Span::default(), |all, stmt| all.join(stmt.span()));
                    let last = work.assignment(var, value, span);
                    if is_region {
                        work.last_values.push(last);
                    } else {
                        closed.push(Stmt::Compute(last));
                    }
                }
                stretch = closed;
            }
            None => is_changed |= inside(work, &mut stretch, var, &start),
        }
        done.extend(stretch);
        if !rest.is_empty() {
            done.push(rest.remove(0));
            at += 1;
        }
    }
    *statements = done;
    is_changed
}

/// Closes an index in the blocks inside of statements.
fn inside(
    work: &mut Work<'_>,
    stretch: &mut Block,
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
) -> bool {
    let mut is_changed = false;
    for (offset, stmt) in stretch.iter_mut().enumerate() {
        let at = position.1 + offset;
        let path = |step: BlockStep| {
            let mut path = position.0.clone();
            path.push(step);
            (path, 0)
        };
        match stmt {
            Stmt::For(each) => {
                let position = path(BlockStep::Body(at));
                is_changed |= block(work, &mut each.body, var, &position, false);
            }
            Stmt::If(branch) => {
                let position = path(BlockStep::Then(at));
                is_changed |= block(work, &mut branch.then, var, &position, false);
                let position = path(BlockStep::Otherwise(at));
                is_changed |= block(work, &mut branch.otherwise, var, &position, false);
            }
            Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
    is_changed
}

/// Returns whether a statement gives an index a value that is no sum with what it was, or starts its lifetime.
fn is_reset(work: &Work<'_>, stmt: &Stmt, var: Handle<Var>) -> bool {
    match stmt {
        Stmt::Declare(declared, _) => *declared == var,
        Stmt::Compute(compute) => {
            compute.target.var == var && !names(&work.function, compute.value, var)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}

/// Returns statements that read the closed form of an index and do not assign it, and its value after them; `None`
/// where what a loop adds is not known.
fn closed(
    work: &mut Work<'_>,
    stretch: &[Stmt],
    var: Handle<Var>,
    position: &(Vec<BlockStep>, usize),
    is_region: bool,
) -> Option<(Block, Handle<Expr>)> {
    let own = work.function.vars[var].ty.scalar()?;
    let ty = sum_type(own)?;
    let depth = depth(stretch, var);
    let is_deep = depth > most_loops(own, is_region);
    if depth == 0 || is_deep && !is_region {
        return None;
    }
    let trips = match (is_region, is_deep) {
        (false, _) => Trips::AsTheyAre,
        (true, false) => Trips::NotNegative,
        (true, true) => Trips::Positive,
    };
    let mut index = Index::new(var, ty, stretch, trips);
    let function = &mut work.function;
    let added = index.added(function, stretch)?;
    let load = function.load(var);
    let before = known_before(function, position, var).unwrap_or(load);
    let before = build::convert(function, before, ty);
    let mut statements = stretch.to_vec();
    index.rewrite(function, &mut statements, before)?;
    let value = sum(function, before, added);
    let value = build::convert(function, value, own);
    work.made.extend(index.made);
    Some((statements, value))
}

/// Returns the constant that an index certainly is before the statement at a position: the value of the last statement
/// of the block that changes it.
fn known_before(
    function: &Function,
    (path, at): &(Vec<BlockStep>, usize),
    var: Handle<Var>,
) -> Option<Handle<Expr>> {
    let before = region::block(&function.body, path)?.get(..*at)?;
    let changes = |stmt: &&Stmt| {
        matches!(stmt, Stmt::Verbatim(..)) || modified(std::slice::from_ref(*stmt)).contains(&var)
    };
    match before.iter().rev().find(changes)? {
        Stmt::Compute(compute) => {
            build::constant(function, compute.value)?;
            Some(compute.value)
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns how many loops around one another change a variable.
fn depth(statements: &[Stmt], var: Handle<Var>) -> usize {
    let inside = |stmt: &Stmt| {
        let blocks = region::blocks(stmt);
        let inner = blocks.map(|block| depth(block, var)).max().unwrap_or(0);
        let is_loop = matches!(stmt, Stmt::For(each) if modified(&each.body).contains(&var));
        inner + usize::from(is_loop)
    };
    statements.iter().map(inside).max().unwrap_or(0)
}

/// Returns how many loops around one another a signed sum may run through without leaving 64 bits.
///
/// What one iteration of a loop adds is a difference of two values of the index where that iteration runs, and so are
/// the products below it that are not 0.
/// Where it does not, the product of an amount and one trip count still fits: 31 and 32 bits for `int`, 20 and 40 for
/// `long`, of which [`crate::affine::WIDE`] bounds what counts.
/// The outermost loop of a region runs, and its trip counts are not negative; where all are positive, every iteration runs,
/// and there is no limit.
fn most_loops(ty: Scalar, is_region: bool) -> usize {
    let most = match ty {
        Scalar::I32 => 2,
        Scalar::I64 => 1,
        Scalar::Bool
        | Scalar::I8
        | Scalar::I16
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64 => return usize::MAX,
    };
    most + usize::from(is_region)
}
