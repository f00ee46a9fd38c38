//! What a variable is worth after statements, as an expression that the host can evaluate then.
//!
//! The value is followed backwards from the end: through the last assignment of the last iteration of every loop.
//! What an iteration takes over from the one before it has no such expression; nor has what is read from memory that
//! the statements write.

use std::collections::BTreeSet;

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Loop, LoopName, Scalar, Stmt, Var};

use super::{modified, substitute};
use crate::analyse::{counts_down_to_zero, may_leave};
use crate::{build, region, trip};

/// A point in the last iteration of every loop around it: before the statement at a position.
#[derive(Clone, Copy)]
pub(super) struct Point<'a> {
    pub(super) block: &'a [Stmt],
    pub(super) at: usize,
    /// The statement that the block is part of, as the point before it; `None`: the statements themselves.
    pub(super) outer: Option<(&'a Point<'a>, Inside<'a>)>,
    /// A loop that is taken never to run, and others.
    pub(super) idle: Option<Idle<'a>>,
}

/// Loops that are taken never to run.
#[derive(Clone, Copy)]
pub(super) struct Idle<'a> {
    name: &'a LoopName,
    others: Option<&'a Idle<'a>>,
}

impl Point<'_> {
    /// Returns whether a statement may change a variable.
    fn changes(&self, stmt: &Stmt, var: Handle<Var>) -> bool {
        let is_idle = |each: &Loop| {
            let first = self.idle.as_ref();
            std::iter::successors(first, |idle| idle.others).any(|idle| *idle.name == each.name)
        };
        match stmt {
            Stmt::For(each) if each.iterator == var => true,
            Stmt::For(each) if is_idle(each) => false,
            Stmt::For(_) | Stmt::If(_) | Stmt::While(_) => {
                region::blocks(stmt).any(|block| block.iter().any(|stmt| self.changes(stmt, var)))
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => modified(std::slice::from_ref(stmt)).contains(&var),
        }
    }
}

/// Which part of a statement a block is.
#[derive(Clone, Copy)]
pub(super) enum Inside<'a> {
    /// The body of a loop.
    Loop(&'a Loop),
    /// A branch of a condition.
    Branch,
}

/// Follows values through the statements of a region.
pub(super) struct Values {
    /// Variables whose value before the region the host no longer has.
    pub(super) lost: BTreeSet<Handle<Var>>,
    /// Objects that the region writes.
    pub(super) written: BTreeSet<Handle<Var>>,
}

impl Values {
    /// Appends the value of a variable at a point, of the variable's type; `None` where it cannot be told.
    pub(super) fn of<'a>(
        &self,
        function: &mut Function,
        var: Handle<Var>,
        point: Point<'a>,
    ) -> Option<Handle<Expr>> {
        for at in (0..point.at).rev() {
            let stmt = &point.block[at];
            if point.changes(stmt, var) {
                return self.after(function, stmt, var, Point { at, ..point });
            }
        }
        let from = |outer: &'a Point<'a>| Point {
            idle: point.idle,
            ..*outer
        };
        match point.outer {
            None if self.lost.contains(&var) || function.vars[var].is_volatile => None,
            None => Some(function.load(var)),
            Some((outer, Inside::Loop(each))) if each.iterator == var => {
                self.last(function, each, from(outer))
            }
            // It may come from the iteration before.
            Some((_, Inside::Loop(each)))
                if each.body.iter().any(|stmt| point.changes(stmt, var)) =>
            {
                None
            }
            Some((outer, Inside::Loop(_) | Inside::Branch)) => self.of(function, var, from(outer)),
        }
    }

    /// Appends the value after a statement that may assign the variable.
    fn after(
        &self,
        function: &mut Function,
        stmt: &Stmt,
        var: Handle<Var>,
        point: Point<'_>,
    ) -> Option<Handle<Expr>> {
        match stmt {
            Stmt::Compute(compute) if compute.target.path.is_empty() => {
                self.resolved(function, compute.value, point)
            }
            Stmt::For(each) => self.after_loop(function, each, var, point),
            Stmt::If(branch) => {
                if may_leave(&branch.then) || may_leave(&branch.otherwise) {
                    return None;
                }
                let condition = self.resolved(function, branch.condition, point)?;
                let [then, otherwise] = [&branch.then, &branch.otherwise].map(|block| {
                    let end = Point {
                        block,
                        at: block.len(),
                        outer: Some((&point, Inside::Branch)),
                        idle: point.idle,
                    };
                    self.of(function, var, end)
                });
                Some(choice(function, condition, then?, otherwise?))
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        }
    }

    fn after_loop(
        &self,
        function: &mut Function,
        each: &Loop,
        var: Handle<Var>,
        point: Point<'_>,
    ) -> Option<Handle<Expr>> {
        if may_leave(&each.body) {
            return None;
        }
        // A region is left to its kernels only where its first loop runs.
        let is_certain = point.outer.is_none() && point.at == 0;
        let resolved = self.header(function, each, point)?;
        if each.iterator == var {
            return end(function, &resolved, is_certain);
        }
        let inner = Point {
            block: &each.body,
            at: each.body.len(),
            outer: Some((&point, Inside::Loop(each))),
            idle: point.idle,
        };
        let value = self.of(function, var, inner)?;
        if is_certain {
            return Some(value);
        }
        let idle = Idle {
            name: &each.name,
            others: point.idle.as_ref(),
        };
        let without = Point {
            idle: Some(idle).filter(|_| never_runs_alone(function, each, point)),
            ..point
        };
        let before = self
            .of(function, var, without)
            .or_else(|| self.of(function, var, point))?;
        let runs = trip::runs(function, &resolved)?;
        Some(choice(function, runs, value, before))
    }

    /// Appends what a loop's iterator is worth in the last iteration.
    fn last(&self, function: &mut Function, each: &Loop, point: Point<'_>) -> Option<Handle<Expr>> {
        let resolved = self.header(function, each, point)?;
        if let Some(ty) = plain_type(function, &resolved) {
            let step = build::int(function, i128::from(each.step), ty);
            return Some(build::binary(
                function,
                BinaryOp::Subtract,
                resolved.end,
                step,
            ));
        }
        let count = trip::count(function, &resolved)?;
        let one = build::int(function, 1, Scalar::I64);
        let number = build::binary(function, BinaryOp::Subtract, count, one);
        trip::value(function, &resolved, number)
    }

    /// Returns a loop whose bounds are written in values that the host has.
    fn header(&self, function: &mut Function, each: &Loop, point: Point<'_>) -> Option<Loop> {
        let changed = modified(&each.body);
        let is_fixed = build::variables(function, each.end)
            .iter()
            .all(|var| !changed.contains(var) && *var != each.iterator);
        is_fixed.then_some(())?;
        Some(Loop {
            start: self.resolved(function, each.start, point)?,
            end: self.resolved(function, each.end, point)?,
            body: Vec::new(),
            ..each.clone()
        })
    }

    /// Appends an expression's value at a point.
    fn resolved(
        &self,
        function: &mut Function,
        expr: Handle<Expr>,
        point: Point<'_>,
    ) -> Option<Handle<Expr>> {
        let mut is_known = true;
        let value = substitute::reads(function, expr, &mut |function, read| {
            if !read.place.path.is_empty() {
                let var = read.place.var;
                is_known &= !self.written.contains(&var) && !function.vars[var].is_volatile;
                return None;
            }
            let value = self.of(function, read.place.var, point);
            is_known &= value.is_some();
            value
        });
        is_known.then_some(value)
    }
}

/// Returns whether a loop that does not run in the last iteration of the loops around it runs in none: its bounds are the
/// same in all of them.
fn never_runs_alone(function: &Function, each: &Loop, point: Point<'_>) -> bool {
    let around = std::iter::successors(Some(&point), |point| point.outer.map(|(outer, _)| outer));
    let outermost = around.last().map_or(point.block, |point| point.block);
    region::has_fixed_bounds(function, each, &modified(outermost))
}

/// Appends the value that an iterator has after its loop.
pub(super) fn end(function: &mut Function, each: &Loop, is_certain: bool) -> Option<Handle<Expr>> {
    // It comes to 0 from wherever it starts.
    if counts_down_to_zero(function, each) {
        let ty = function.vars[each.iterator].ty.scalar()?;
        return Some(build::convert(function, each.end, ty));
    }
    if plain_type(function, each).is_some() {
        let op = if each.step > 0 {
            BinaryOp::Max
        } else {
            BinaryOp::Min
        };
        return Some(if is_certain {
            each.end
        } else {
            build::binary(function, op, each.end, each.start)
        });
    }
    let mut count = trip::count(function, each)?;
    if !is_certain {
        let zero = build::int(function, 0, Scalar::I64);
        count = build::binary(function, BinaryOp::Max, count, zero);
    }
    trip::value(function, each, count)
}

/// Returns the type of a loop's iterator where it counts by one up to, or down to, a value of its own signed type: then
/// the last value and the first beyond are values of that type.
fn plain_type(function: &Function, each: &Loop) -> Option<Scalar> {
    let ty = function.vars[each.iterator].ty.scalar()?;
    let is_same = function.exprs[each.end].ty.scalar() == Some(ty);
    (is_same && ty.is_signed() && each.step.unsigned_abs() == 1).then_some(ty)
}

/// Appends `condition ? then : otherwise`.
fn choice(
    function: &mut Function,
    condition: Handle<Expr>,
    then: Handle<Expr>,
    otherwise: Handle<Expr>,
) -> Handle<Expr> {
    if mupac_ir::structure::is_same_expr(function, then, function, otherwise) {
        return then;
    }
    let ty = function.exprs[then].ty.clone();
    function.expr(
        ExprKind::Select {
            condition,
            then,
            otherwise,
        },
        ty,
    )
}

/// Returns the objects that statements write through subscripts, fields or pointers.
pub(super) fn written(statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt).filter(|place| !place.path.is_empty());
        found.extend(target.map(|place| place.var));
    });
    found
}
