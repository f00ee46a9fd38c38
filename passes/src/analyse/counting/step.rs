//! The one assignment by which a loop counts.

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Type, Var, While,
};

use super::fixed::peeled;
use super::is_plain_local;
use crate::{build, region};

/// Where a step stands: the position in a block of its loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    BeforeTest(usize),
    Body(usize),
    AfterBody(usize),
}

impl At {
    /// Returns whether nothing of an iteration runs behind it but the test.
    pub(super) fn is_last(self, each: &While) -> bool {
        match self {
            Self::BeforeTest(_) => false,
            Self::Body(at) => at + 1 == each.body.len() && each.after_body.is_empty(),
            Self::AfterBody(at) => at + 1 == each.after_body.len(),
        }
    }
}

/// What every iteration of a loop adds to a variable, once.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) var: Handle<Var>,
    /// A number, or elements of what a pointer points to; never 0.
    pub(super) by: i64,
    pub(super) at: At,
    /// Whether running past the limits of its type is undefined; otherwise it wraps around.
    pub(super) is_bounded: bool,
}

impl Step {
    /// Returns the step of a variable that the test of a loop names; `None` where there is none that is the same in every
    /// iteration.
    pub(super) fn of(function: &Function, each: &While) -> Option<Self> {
        let named = build::variables(function, each.condition);
        let copied = each
            .before_test
            .iter()
            .filter_map(|stmt| copy(function, stmt));
        let copied = copied.map(|(_, of)| of);
        let mut candidates: Vec<_> = named.into_iter().chain(copied).collect();
        candidates.dedup();
        let mut steps = candidates
            .into_iter()
            .filter_map(|var| Self::by(function, each, var));
        steps.next()
    }

    /// Returns how a loop counts with a variable.
    pub(super) fn by(function: &Function, each: &While, var: Handle<Var>) -> Option<Self> {
        let mut assignments = 0;
        let mut is_known = is_plain_local(&function.vars[var]);
        let blocks = [&each.before_test, &each.body, &each.after_body];
        for block in blocks {
            region::each(block, &mut |stmt| {
                let is_target = region::target(stmt) == Some(&Place::var(var));
                assignments += usize::from(is_target);
                is_known &= !matches!(stmt, Stmt::Verbatim(..));
                is_known &= !matches!(stmt, Stmt::For(inner) if inner.iterator == var);
                is_known &= !matches!(stmt, Stmt::Declare(own, _) if *own == var);
            });
        }
        let places = [At::BeforeTest as fn(usize) -> At, At::Body, At::AfterBody];
        let mut found = blocks.into_iter().zip(places).flat_map(|(block, place)| {
            let steps = (0..block.len()).map(|at| amount(function, block, at, var));
            let found = steps
                .enumerate()
                .filter_map(move |(at, by)| Some((place(at), by?)));
            found.collect::<Vec<_>>()
        });
        let (at, (by, is_bounded)) = found.next()?;
        let is_skipped = match at {
            At::BeforeTest(_) => false,
            At::Body(_) => each.body.iter().any(continues),
            At::AfterBody(_) => each.after_body.len() > 1 && each.body.iter().any(continues),
        };
        (is_known && assignments == 1 && !is_skipped).then_some(Self {
            var,
            by,
            at,
            is_bounded,
        })
    }
}

/// Returns the constant that every run of statements adds to a variable, by one of them and once, and which one that is.
pub(super) fn steps_once(
    function: &Function,
    block: &Block,
    var: Handle<Var>,
) -> Option<(usize, i64)> {
    let mut assignments = 0;
    region::each(block, &mut |stmt| {
        let is_target = region::target(stmt) == Some(&Place::var(var));
        let is_hidden = matches!(stmt, Stmt::Verbatim(..))
            || matches!(stmt, Stmt::For(inner) if inner.iterator == var);
        assignments += usize::from(is_target) + 2 * usize::from(is_hidden);
    });
    let steps = (0..block.len()).map(|at| amount(function, block, at, var));
    let (at, (by, _)) = steps.enumerate().find_map(|(at, step)| Some((at, step?)))?;
    (assignments == 1 && !block.iter().any(continues)).then_some((at, by))
}

/// Returns the constant that a statement adds to a variable, and whether it may not run past the limits of its type.
fn amount(function: &Function, block: &Block, at: usize, var: Handle<Var>) -> Option<(i64, bool)> {
    let Stmt::Compute(compute) = &block[at] else {
        return None;
    };
    if compute.target != Place::var(var) {
        return None;
    }
    let own = &function.vars[var].ty;
    let inside = match own {
        Type::Scalar(_) => converted(function, compute.value),
        Type::Void
        | Type::Pointer { .. }
        | Type::Array { .. }
        | Type::Record(_)
        | Type::Opaque(_) => None,
    };
    let (value, is_narrowed) = (inside.unwrap_or(compute.value), inside.is_some());
    let ExprKind::Binary(op, of, constant) = function.exprs[value].kind else {
        return None;
    };
    let by = build::constant(function, constant)?;
    let by = signed(op, by)?;
    let by = i64::from(i32::try_from(by).ok().filter(|by| *by != 0)?);
    let read = build::read(function, peeled(function, of))?;
    let earlier = &block[..at];
    let is_copy = || {
        let copies = earlier.iter().filter_map(|stmt| copy(function, stmt));
        copies.into_iter().any(|(own, of)| own == read && of == var)
    };
    if read != var && !is_copy() {
        return None;
    }
    let is_bounded = match own {
        Type::Scalar(scalar) => {
            let is_counted = !scalar.is_float() && *scalar != Scalar::Bool;
            is_counted.then_some(scalar.is_signed() && !is_narrowed)?
        }
        Type::Pointer { .. } => (function.exprs[value].ty == *own).then_some(true)?,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => return None,
    };
    Some((by, is_bounded))
}

/// Returns what an expression converts.
fn converted(function: &Function, expr: Handle<Expr>) -> Option<Handle<Expr>> {
    if let ExprKind::Cast(inner) = function.exprs[expr].kind {
        Some(inner)
    } else {
        None
    }
}

/// Returns what a sum or difference adds.
pub(super) fn signed(op: BinaryOp, by: i128) -> Option<i128> {
    if op == BinaryOp::Add {
        Some(by)
    } else {
        (op == BinaryOp::Subtract).then(|| by.checked_neg())?
    }
}

/// Returns the variable that a statement gives the value of another one, and that one.
pub(super) fn copy(function: &Function, stmt: &Stmt) -> Option<(Handle<Var>, Handle<Var>)> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let ExprKind::Load(of) = &function.exprs[compute.value].kind else {
        return None;
    };
    let is_whole = compute.target.path.is_empty() && of.path.is_empty();
    (is_whole && is_plain_local(&function.vars[compute.target.var]))
        .then_some((compute.target.var, of.var))
}

/// Returns whether a statement may go on with the next iteration of the loop around it.
fn continues(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Continue(_) => true,
        Stmt::If(branch) => branch.then.iter().chain(&branch.otherwise).any(continues),
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    }
}
