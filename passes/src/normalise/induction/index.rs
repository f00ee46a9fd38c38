//! What statements add to a running index, and the statements without it.

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Loop, Scalar, Stmt, Var,
};

use crate::analyse::may_leave;
use crate::normalise::substitute::{self, names};
use crate::normalise::{Made, modified};
use crate::{build, region, trip};

/// A constant that an iteration adds is no greater than this, so that products with trip counts stay within 64 bits.
const MOST_ADDED: i128 = 1 << 20;

/// An index in statements that add to it.
pub(in crate::normalise) struct Index {
    var: Handle<Var>,
    /// In which its sums are computed.
    ty: Scalar,
    /// What the statements change.
    changed: BTreeSet<Handle<Var>>,
    /// The conversions of sums to the index's own type, and what iterations add.
    pub(in crate::normalise) made: Made,
    trips: Trips,
}

/// What is asked of trip counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::normalise) enum Trips {
    /// Nothing: the statements stand inside the region, and a negative count is none.
    AsTheyAre,
    /// That none is negative, as a condition of the region, whose own the statements are.
    NotNegative,
    /// That every loop runs, as a condition of the region.
    Positive,
}

/// What statements add; `None`: nothing.
pub(in crate::normalise) type Added = Option<Handle<Expr>>;

impl Index {
    /// Returns an index whose sums are of a type, in some statements.
    pub(in crate::normalise) fn new(
        var: Handle<Var>,
        ty: Scalar,
        statements: &[Stmt],
        trips: Trips,
    ) -> Self {
        Self {
            var,
            ty,
            changed: modified(statements),
            made: Made::default(),
            trips,
        }
    }

    /// Appends what statements add to the index; `None` where they do not add one unchanging value.
    pub(in crate::normalise) fn added(
        &mut self,
        function: &mut Function,
        statements: &[Stmt],
    ) -> Option<Added> {
        let mut all = None;
        for stmt in statements {
            let added = self.added_by(function, stmt)?;
            all = match (all, added) {
                (Some(all), Some(added)) => {
                    Some(build::binary(function, BinaryOp::Add, all, added))
                }
                (all, added) => all.or(added),
            };
        }
        Some(all)
    }

    fn added_by(&mut self, function: &mut Function, stmt: &Stmt) -> Option<Added> {
        if !modified(std::slice::from_ref(stmt)).contains(&self.var) {
            return Some(None);
        }
        match stmt {
            Stmt::Compute(compute) => self.amount(function, compute.value).map(Some),
            Stmt::For(each) => self.added_by_loop(function, each),
            Stmt::If(branch) => {
                let then = self.added(function, &branch.then)?;
                let otherwise = self.added(function, &branch.otherwise)?;
                let is_same = match (then, otherwise) {
                    (None, None) => true,
                    (Some(a), Some(b)) => is_same_expr(function, a, function, b),
                    (None, Some(_)) | (Some(_), None) => false,
                };
                is_same.then_some(then)
            }
            Stmt::While(_)
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

    fn added_by_loop(&mut self, function: &mut Function, each: &Loop) -> Option<Added> {
        let is_whole = !may_leave(&each.body)
            && ![each.start, each.end]
                .iter()
                .any(|bound| names(function, *bound, self.var));
        let Some(added) = self.added(function, &each.body).filter(|_| is_whole)? else {
            return Some(None);
        };
        let is_unchanging =
            self.is_unchanging(function, each.start) && self.is_unchanging(function, each.end);
        let mut count = is_unchanging.then(|| trip::count(function, each))??;
        match self.trips {
            Trips::AsTheyAre => {
                let zero = build::int(function, 0, Scalar::I64);
                count = build::binary(function, BinaryOp::Max, count, zero);
            }
            Trips::NotNegative => self.add_count(function, count),
            Trips::Positive => {
                let one = build::int(function, 1, Scalar::I64);
                let others = build::binary(function, BinaryOp::Subtract, count, one);
                self.add_count(function, others);
            }
        }
        let count = build::convert(function, count, self.ty);
        Some(Some(product(function, added, count)))
    }

    fn add_count(&mut self, function: &Function, count: Handle<Expr>) {
        let is_same = |known: &Handle<Expr>| is_same_expr(function, *known, function, count);
        let is_constant = build::constant(function, count).is_some_and(|count| count >= 0);
        if !is_constant && !self.made.counts.iter().any(is_same) {
            self.made.counts.push(count);
        }
    }

    /// Returns whether an expression reads nothing but whole variables that the statements do not change.
    fn is_unchanging(&self, function: &Function, expr: Handle<Expr>) -> bool {
        build::is_of_variables(function, expr, &|var| {
            !self.changed.contains(&var) && !function.vars[var].is_volatile
        })
    }

    /// Appends what an assigned value adds to the index: `e` of `k + e`, `e + k` and `-e` of `k - e`.
    fn amount(&self, function: &mut Function, value: Handle<Expr>) -> Option<Handle<Expr>> {
        let node = function.exprs[value].clone();
        if node.ty != function.vars[self.var].ty {
            return None;
        }
        match node.kind {
            ExprKind::Load(place) if place.path.is_empty() && place.var == self.var => {
                Some(build::int(function, 0, self.ty))
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => {
                let (own, other) = if op == BinaryOp::Add && names(function, b, self.var) {
                    (b, a)
                } else {
                    (a, b)
                };
                let is_plain = !names(function, other, self.var)
                    && self.is_unchanging(function, other)
                    && self.is_small(function, other);
                let own = self.amount(function, own).filter(|_| is_plain)?;
                let other = build::convert(function, other, self.ty);
                Some(build::binary(function, op, own, other))
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
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

    /// Returns whether products of what is added stay within the type of sums: unsigned ones may wrap, those of `int`
    /// have room, and in 64 bits a small constant has.
    fn is_small(&self, function: &Function, amount: Handle<Expr>) -> bool {
        let is_wide = function.vars[self.var].ty.scalar() == Some(Scalar::I64);
        let constant = build::constant(function, amount);
        !is_wide || constant.is_some_and(|constant| constant.abs() <= MOST_ADDED)
    }

    /// Replaces reads of the index, which is worth `value` before the statements, and drops what adds to it.
    pub(in crate::normalise) fn rewrite(
        &mut self,
        function: &mut Function,
        statements: &mut Block,
        mut value: Handle<Expr>,
    ) -> Option<()> {
        let mut kept = Block::new();
        for mut stmt in std::mem::take(statements) {
            let added = self.added_by(function, &stmt)?;
            if let Stmt::Compute(Compute { target, .. }) = &stmt
                && target.var == self.var
            {
                value = sum(function, value, added);
                continue;
            }
            self.replace(function, &mut stmt, value);
            let inner = match &stmt {
                Stmt::For(each) => self.in_iteration(function, each, value)?,
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => value,
            };
            for block in region::blocks_mut(&mut stmt) {
                self.rewrite(function, block, inner)?;
            }
            kept.push(stmt);
            value = sum(function, value, added);
        }
        *statements = kept;
        Some(())
    }

    /// Appends the value at the start of an iteration.
    fn in_iteration(
        &mut self,
        function: &mut Function,
        each: &Loop,
        value: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let Some(added) = self.added(function, &each.body)? else {
            return Some(value);
        };
        let number = trip::number(function, each, self.ty)?;
        let along = product(function, added, number);
        // Sums in 64 bits are the integers they stand for.
        let is_sum = self.ty == Scalar::I64
            && matches!(
                function.exprs[added].kind,
                ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..)
            );
        if is_sum {
            self.made.strides.insert(added);
        }
        Some(build::binary(function, BinaryOp::Add, value, along))
    }

    fn replace(&mut self, function: &mut Function, stmt: &mut Stmt, value: Handle<Expr>) {
        let (var, ty) = (self.var, self.ty);
        let exact = &mut self.made.exact;
        substitute::in_statement(function, stmt, &mut |function, read| {
            if read.place.var != var {
                return None;
            }
            let node = function.exprs[read.expr].clone();
            if node.ty.scalar() == Some(ty) || read.may_widen && ty == Scalar::I64 {
                return Some(value);
            }
            let narrow = function.exprs.push(Expr {
                kind: ExprKind::Cast(value),
                ..node
            });
            exact.insert(narrow);
            Some(narrow)
        });
    }
}

/// Appends `value + added`.
pub(super) fn sum(function: &mut Function, value: Handle<Expr>, added: Added) -> Handle<Expr> {
    match added {
        Some(added) => build::binary(function, BinaryOp::Add, value, added),
        None => value,
    }
}

/// Appends `added * count`.
fn product(function: &mut Function, added: Handle<Expr>, count: Handle<Expr>) -> Handle<Expr> {
    build::binary(function, BinaryOp::Multiply, count, added)
}
