//! Proofs that a rewrite is no mistake: it does what the plan does, whatever the input.

use std::fmt;

use crate::arena::Handle;
use crate::comparison::Comparison;
use crate::expr::{BinaryOp, Expr, ExprKind, Place};
use crate::function::{Function, Space, Storage, Var};
use crate::guard::Guard;
use crate::inspection::NOTE;
use crate::plan::{HostOp, RegionPlan};
use crate::prefix::scans;
use crate::stmt::{Axis, If, Loop, Stmt};
use crate::structure::{blocks, each, expressions, is_same_expr, is_same_place, operands};
use crate::types::Scalar;
use crate::warp::runs_by_warps;

/// Why a mutant does what the plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Equivalence {
    /// The number of blocks is a constant, and a quotient without remainder: rounded down it is the same.
    SameGrid,
    /// A launch has as many blocks and threads along `x` as along `y`, and no thread depends on another: mixing up the
    /// axes permutes the threads.
    ThreadsPermuted,
    /// The condition decides about storing one of the two integers that it compares in place of the other; where they
    /// are equal, which is where the conditions differ, that changes nothing.
    EqualStored,
    /// A loop of the host has no iterations where the guard fails; every launch is inside of it, and what is copied back
    /// was copied in before.
    NothingLaunched,
    /// Where the guard fails, the inspection of another guard notes no subscript, and so that one fails as well.
    NothingNoted,
    /// The statement stores to a variable of the thread that the next statement to name it overwrites.
    DeadStore,
    /// The program takes nothing from outside, and its run is free of races and does what the original does: there is no
    /// other run. Without races the order of threads decides nothing.
    ///
    /// **Source**: Adve, Hill, “Weak ordering: a new definition”, ISCA 1990 (programs free of data races behave as if
    /// executed one step after another).
    OnlyRun,
}

impl fmt::Display for Equivalence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SameGrid => "the size is a constant multiple of a block",
            Self::ThreadsPermuted => "as many blocks and threads along x as along y",
            Self::EqualStored => "where both sides are equal, an equal number is stored",
            Self::NothingLaunched => "where the guard fails nothing is launched",
            Self::NothingNoted => "where the guard fails an inspection finds nothing",
            Self::DeadStore => "what the statement stores is overwritten before it is read",
            Self::OnlyRun => "the program has but one run, which does what the original does",
        })
    }
}

/// Returns whether a number of blocks is the same rounded down.
pub(super) fn of_rounding(function: &Function, blocks: Handle<Expr>) -> Option<Equivalence> {
    let ExprKind::Binary(BinaryOp::CeilDivide, total, size) = function.exprs.get(blocks)?.kind
    else {
        return None;
    };
    let rest = int(function, total)?.checked_rem(int(function, size)?)?;
    (rest == 0).then_some(Equivalence::SameGrid)
}

/// Returns whether mixing up `x` and `y` in all kernels of a region permutes their threads.
pub(super) fn of_axes(plan: &RegionPlan) -> Option<Equivalence> {
    let [x, y] = [Axis::X as usize, Axis::Y as usize];
    let mut kernels = plan.kernels.iter();
    let are_square = kernels.all(|(_, kernel)| {
        let function = &plan.function;
        let mut waits = !kernel.reductions.is_empty()
            || runs_by_warps(&kernel.body)
            || !scans(&kernel.body).is_empty();
        each(&kernel.body, &mut |stmt| {
            waits |= *stmt == Stmt::Barrier;
        });
        !waits
            && kernel.block[x] == kernel.block[y]
            && is_same_expr(function, kernel.grid[x], function, kernel.grid[y])
    });
    are_square.then_some(Equivalence::ThreadsPermuted)
}

/// Returns whether it does not matter what a comparison says of equal integers.
pub(super) fn of_comparison(function: &Function, branch: &If) -> Option<Equivalence> {
    let ([Stmt::Compute(compute)], []) = (branch.then.as_slice(), branch.otherwise.as_slice())
    else {
        return None;
    };
    let ExprKind::Binary(_, left, right) = function.exprs.get(branch.condition)?.kind else {
        return None;
    };
    let is_integer = |handle| {
        let ty = function.exprs.get(handle).and_then(|expr| expr.ty.scalar());
        ty.is_some_and(|ty: Scalar| !ty.is_float())
    };
    let is_target = |handle| reads(function, handle, &compute.target);
    let is_value = |handle| is_same_expr(function, handle, function, compute.value);
    let stores_equal = (is_target(left) && is_value(right)) || (is_target(right) && is_value(left));
    (stores_equal && is_integer(left)).then_some(Equivalence::EqualStored)
}

/// Returns whether an expression is the value at a place, unconverted.
fn reads(function: &Function, handle: Handle<Expr>, place: &Place) -> bool {
    match function.exprs.get(handle).map(|expr| &expr.kind) {
        Some(ExprKind::Load(read)) => is_same_place(function, read, function, place),
        Some(_) | None => false,
    }
}

/// Returns whether what a statement of a block stores is overwritten by the next statement that names its variable.
pub(super) fn of_store(function: &Function, block: &[Stmt], at: usize) -> Option<Equivalence> {
    let Some(Stmt::Compute(compute)) = block.get(at) else {
        return None;
    };
    let var = compute.target.var;
    let Var { storage, space, .. } = &function.vars[var];
    let is_own = *storage == Storage::Local && !matches!(space, Space::Shared | Space::Global);
    let is_whole = compute.target.path.is_empty();
    let next = block
        .get(at + 1..)?
        .iter()
        .find(|stmt| names(function, stmt, var))?;
    let is_overwritten = match next {
        Stmt::Compute(next) => {
            next.target == compute.target && !reads_var(function, next.value, var)
        }
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    };
    (is_own && is_whole && is_overwritten).then_some(Equivalence::DeadStore)
}

/// Returns whether a statement names a variable, or leaves the block, after which others may.
fn names(function: &Function, stmt: &Stmt, var: Handle<Var>) -> bool {
    let mut found = false;
    each(std::slice::from_ref(stmt), &mut |stmt| {
        let mut parts = expressions(stmt).into_iter();
        found |= parts.any(|part| reads_var(function, part, var));
        found |= match stmt {
            Stmt::Compute(compute) => compute.target.var == var,
            Stmt::Call(call) => call.target.as_ref().is_some_and(|place| place.var == var),
            Stmt::For(each) => each.iterator == var,
            Stmt::Declare(declared, _) | Stmt::Let(declared, _) => *declared == var,
            Stmt::Return(..) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Verbatim(..) => true,
            Stmt::If(_) | Stmt::While(_) | Stmt::Barrier => false,
        };
    });
    found
}

fn reads_var(function: &Function, handle: Handle<Expr>, var: Handle<Var>) -> bool {
    let Some(expr) = function.exprs.get(handle) else {
        return true;
    };
    let is_named = match &expr.kind {
        ExprKind::Load(place) | ExprKind::Address(place) => place.var == var,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    };
    let mut parts = operands(&expr.kind).into_iter();
    is_named || parts.any(|part| reads_var(function, part, var))
}

/// Returns whether nothing happens without a guard where it fails, since the loop of the host that launches then has no
/// iterations.
pub(super) fn of_guard(plan: &RegionPlan, guard: &Guard) -> Option<Equivalence> {
    let Guard::Holds { condition, .. } = guard else {
        return None;
    };
    if of_inspection(plan, *condition) {
        return Some(Equivalence::NothingNoted);
    }
    let function = &plan.function;
    let mut copied_in = Vec::new();
    for action in &plan.host {
        let is_harmless = match action {
            HostOp::Allocate(buffer) => {
                let buffer = &plan.buffers[*buffer];
                buffer.extents().all(|each| is_constant(function, each))
            }
            HostOp::CopyIn(buffer) => {
                copied_in.push(*buffer);
                true
            }
            HostOp::CopyOut(buffer) => copied_in.contains(buffer),
            HostOp::Loop(each) => runs_only_where(function, &each.header, *condition),
            HostOp::Launch(_)
            | HostOp::Join(_)
            | HostOp::Declare(..)
            | HostOp::Compute(_)
            | HostOp::If(_) => false,
        };
        if !is_harmless {
            return None;
        }
    }
    Some(Equivalence::NothingLaunched)
}

/// Returns whether an inspection after a guard fails where the guard does: it notes subscripts only inside of a loop that
/// then has no iterations, and without a subscript it does not hold.
fn of_inspection(plan: &RegionPlan, condition: Handle<Expr>) -> bool {
    plan.guards.iter().any(|guard| match guard {
        Guard::Inspected { inspection, .. } => {
            let body = &plan.inspections[*inspection].body;
            !notes_outside(&plan.function, body, condition)
        }
        Guard::Holds { .. }
        | Guard::NoOverlap { .. }
        | Guard::Apart { .. }
        | Guard::Accessible { .. }
        | Guard::Worthwhile { .. } => false,
    })
}

/// Returns whether a subscript is noted outside of every loop that only runs under a condition.
fn notes_outside(function: &Function, block: &[Stmt], condition: Handle<Expr>) -> bool {
    block.iter().any(|stmt| match stmt {
        Stmt::Call(call) => call.callee == NOTE,
        Stmt::For(each) if runs_only_where(function, each, condition) => false,
        Stmt::For(_) | Stmt::If(_) | Stmt::While(_) => {
            let mut inner = blocks(stmt);
            inner.any(|inner| notes_outside(function, inner, condition))
        }
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}

/// Returns whether a loop that counts upward has no iteration where a condition fails that compares the same number.
fn runs_only_where(function: &Function, each: &Loop, condition: Handle<Expr>) -> bool {
    let start = int(function, each.start).filter(|_| each.step > 0);
    let (end, more) = sum(function, each.end);
    let (Some((value, least)), Some(start)) = (at_least(function, condition), start) else {
        return false;
    };
    // It runs where `end + more > start`.
    is_same_expr(function, value, function, end) && start + 1 - more >= least
}

/// Returns a value and the number that a condition says it to be at least.
fn at_least(function: &Function, condition: Handle<Expr>) -> Option<(Handle<Expr>, i128)> {
    let ExprKind::Binary(op, left, right) = function.exprs.get(condition)?.kind else {
        return None;
    };
    let more_than = match Comparison::of(op)? {
        Comparison::GreaterEqual => 0,
        Comparison::Greater => 1,
        Comparison::Less | Comparison::LessEqual | Comparison::Equal | Comparison::NotEqual => {
            return None;
        }
    };
    let (value, more) = sum(function, left);
    Some((value, int(function, right)? + more_than - more))
}

/// Splits an integer into a value and a constant that is added to it, through conversions that keep it.
fn sum(function: &Function, handle: Handle<Expr>) -> (Handle<Expr>, i128) {
    let handle = unconverted(function, handle);
    let Some(expr) = function.exprs.get(handle) else {
        return (handle, 0);
    };
    // Unsigned sums wrap around.
    let is_exact = expr.ty.scalar().is_some_and(Scalar::is_signed);
    let (value, more) = match expr.kind {
        ExprKind::Binary(BinaryOp::Add, value, more) if is_exact => (value, int(function, more)),
        ExprKind::Binary(BinaryOp::Subtract, value, less) if is_exact => {
            (value, int(function, less).map(|less| -less))
        }
        ExprKind::Binary(..)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => (handle, None),
    };
    match more {
        Some(more) => {
            let (value, further) = sum(function, value);
            (value, more + further)
        }
        None => (handle, 0),
    }
}

/// Returns an integer without the conversions to wider types around it, which keep its value.
fn unconverted(function: &Function, handle: Handle<Expr>) -> Handle<Expr> {
    let Some(expr) = function.exprs.get(handle) else {
        return handle;
    };
    let ExprKind::Cast(inner) = expr.kind else {
        return handle;
    };
    let range = |handle: Handle<Expr>| {
        let ty = function.exprs.get(handle).and_then(|expr| expr.ty.scalar());
        ty.and_then(Scalar::integer_range)
    };
    match (range(handle), range(inner)) {
        (Some((least, most)), Some((from, to))) if least <= from && to <= most => {
            unconverted(function, inner)
        }
        (Some(_) | None, Some(_) | None) => handle,
    }
}

fn is_constant(function: &Function, handle: Handle<Expr>) -> bool {
    let constant = function.exprs.get(handle);
    let operands = constant
        .map(|expr| operands(&expr.kind))
        .unwrap_or_default();
    let is_leaf = int(function, handle).is_some();
    is_leaf
        || (!operands.is_empty() && operands.into_iter().all(|each| is_constant(function, each)))
}

fn int(function: &Function, handle: Handle<Expr>) -> Option<i128> {
    match function.exprs.get(handle)?.kind {
        ExprKind::Int(value) => Some(value),
        ExprKind::Float(_)
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
    }
}
