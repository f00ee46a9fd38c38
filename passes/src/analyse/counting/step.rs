//! The one assignment by which a loop counts.

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Type, Var, While,
};

use super::fixed::peeled;
use crate::normalise::continues;
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
        let mut candidates = build::variables(function, each.condition);
        for stmt in &each.before_test {
            if let Stmt::Compute(compute) = stmt {
                candidates.extend(build::variables(function, compute.value));
            }
        }
        let mut steps = candidates
            .into_iter()
            .filter_map(|var| Self::by(function, each, var));
        steps.next()
    }

    /// Returns how a loop counts with a variable.
    pub(super) fn by(function: &Function, each: &While, var: Handle<Var>) -> Option<Self> {
        let blocks = [&each.before_test, &each.body, &each.after_body];
        let all = blocks.iter().map(|block| assignments(block, var));
        if !function.vars[var].is_plain_local() || all.sum::<usize>() != 1 {
            return None;
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
            At::BeforeTest(_) => !each.after_body.is_empty(),
            At::Body(_) => true,
            At::AfterBody(_) => each.after_body.len() > 1,
        };
        let is_skipped = is_skipped && each.body.iter().any(continues);
        (!is_skipped).then_some(Self {
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
    let steps = (0..block.len()).map(|at| amount(function, block, at, var));
    let (at, (by, _)) = steps.enumerate().find_map(|(at, step)| Some((at, step?)))?;
    (assignments(block, var) == 1 && !block.iter().any(continues)).then_some((at, by))
}

/// Returns the constant that a statement adds to a variable, and whether it may not run past the limits of its type.
pub(super) fn amount(
    function: &Function,
    block: &Block,
    at: usize,
    var: Handle<Var>,
) -> Option<(i64, bool)> {
    let Stmt::Compute(compute) = &block[at] else {
        return None;
    };
    if compute.target != Place::var(var) {
        return None;
    }
    let before = Reading {
        function,
        block,
        var,
        step: None,
    };
    let (by, is_narrowed) = before.value(compute.value, at)?;
    let by = i64::from(i32::try_from(by).ok().filter(|by| *by != 0)?);
    let is_bounded = match &function.vars[var].ty {
        Type::Scalar(scalar) => {
            let is_counted = !scalar.is_float() && *scalar != Scalar::Bool;
            is_counted.then_some(scalar.is_signed() && !is_narrowed)?
        }
        Type::Pointer { .. } => true,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => return None,
    };
    Some((by, is_bounded))
}

/// What expressions of a block are worth, compared with what a variable is worth before it.
pub(super) struct Reading<'a> {
    pub(super) function: &'a Function,
    pub(super) block: &'a Block,
    pub(super) var: Handle<Var>,
    /// Which of its statements steps, and by how much.
    pub(super) step: Option<(usize, i64)>,
}

impl Reading<'_> {
    /// Returns by how much more than the variable an expression is worth that is evaluated before the statement at a
    /// position, and whether it is converted to the variable's own type on the way; `None` where it is nothing like that.
    pub(super) fn value(&self, expr: Handle<Expr>, before: usize) -> Option<(i64, bool)> {
        let expr = peeled(self.function, expr);
        let node = &self.function.exprs[expr];
        match &node.kind {
            ExprKind::Load(place) if *place == Place::var(self.var) => {
                let step = self.step.filter(|(at, _)| *at < before);
                Some((step.map_or(0, |(_, by)| by), false))
            }
            ExprKind::Load(place) => {
                let is_own = place.path.is_empty()
                    && self.function.vars[place.var].is_plain_local()
                    && assignments(self.block, place.var) == 1;
                let mut earlier = self.block.iter().enumerate().take(before);
                let (at, value) = earlier.find_map(|(at, stmt)| {
                    let is_made = region::target(stmt) == Some(place);
                    is_made.then(|| assigned(stmt).map(|value| (at, value)))?
                })?;
                is_own.then(|| self.value(value, at))?
            }
            ExprKind::Binary(op, of, by) => {
                // A pointer to other elements moves by other distances.
                let own = &self.function.vars[self.var].ty;
                (node.ty.element() == own.element()).then_some(())?;
                let (known, is_narrowed) = self.value(*of, before)?;
                let by = signed(*op, build::constant(self.function, *by)?)?;
                Some((known.checked_add(i64::try_from(by).ok()?)?, is_narrowed))
            }
            ExprKind::Cast(inner) => {
                let is_own =
                    node.ty == self.function.vars[self.var].ty && node.ty.scalar().is_some();
                let (known, _) = is_own.then(|| self.value(*inner, before))??;
                Some((known, true))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }
}

/// Returns what an assignment assigns.
fn assigned(stmt: &Stmt) -> Option<Handle<Expr>> {
    if let Stmt::Compute(compute) = stmt {
        Some(compute.value)
    } else {
        None
    }
}

/// Returns how often statements assign a variable, as far as they say so; more than once where text may.
pub(super) fn assignments(block: &Block, var: Handle<Var>) -> usize {
    let mut found = 0;
    region::each(block, &mut |stmt| {
        let is_target = region::target(stmt) == Some(&Place::var(var));
        let is_hidden = matches!(stmt, Stmt::Verbatim(..))
            || matches!(stmt, Stmt::For(inner) if inner.iterator == var);
        found += usize::from(is_target) + 2 * usize::from(is_hidden);
    });
    found
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
    (is_whole && function.vars[compute.target.var].is_plain_local())
        .then_some((compute.target.var, of.var))
}
