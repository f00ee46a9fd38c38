//! Loops that a variable steps: `for (b = 0; b < n; b += size)` goes over blocks.
//!
//! The number of the block becomes the iterator, and `b` a sum with a product. What is stepped by no more than 0 never ends, or
//! overflows: neither has a meaning where the loop runs at all (C11 6.8.5 §6, 6.5 §5).

use mupac_ir::{
    BinaryOp, Compute, Expr, ExprKind, Function, Handle, Loop, Mapping, Place, Scalar, Stmt, Type,
    Var, While,
};

use super::fixed::{is_fixed, peeled};
use super::step::assignments;
use super::test::{Relation, comparison};
use super::{Counting, Position, has_return, is_live_after, may_leave};
use crate::build;

/// What a loop over blocks counts with.
struct Blocks {
    var: Handle<Var>,
    ty: Scalar,
    /// How much each iteration adds; no constant.
    size: Handle<Expr>,
    /// What the variable is compared with, and whether it may reach that.
    bound: Handle<Expr>,
    reaches: bool,
}

impl Counting<'_> {
    /// Returns a loop over blocks as one that counts them.
    pub(super) fn strided(&mut self, each: &While, position: Position<'_>) -> Option<Loop> {
        let blocks = Blocks::of(&self.function, each)?;
        let inside = self.changed_in(each);
        let is_kept = [blocks.size, blocks.bound]
            .iter()
            .all(|expr| is_fixed(&self.function, *expr, &inside));
        let var = blocks.var;
        let leaves = may_leave(&each.body) || has_return(&each.after_body);
        let is_needed = is_live_after(self.written, position.path, position.at, var);
        let first = self.defined(var, position)?;
        let is_kept = is_kept && is_fixed(&self.function, first, &inside);
        if !is_kept || leaves || is_needed {
            return None;
        }
        let counted_in = self.counted_in(&blocks, first)?;
        let name = format!("{}.block", self.function.vars[var].name);
        let name = self.function.fresh_name(&name);
        let counter = Var::local(&name, Type::Scalar(counted_in));
        let counter = self.function.vars.push(counter);
        let mut body = each.body.clone();
        body.extend(each.after_body.iter().cloned());
        body.pop();
        let own = self.renamed(&mut body, var);
        let (start, end) = self.numbered(&blocks, first, counter);
        let span = each.header_span;
        let first = self.assignment(own, start, span);
        body.splice(0..0, [Stmt::Declare(own, span), first]);
        Some(Loop {
            name: each.name.clone(),
            iterator: counter,
            declares_iterator: true,
            start: build::int(&mut self.function, 0, counted_in),
            end,
            step: 1,
            mapping: Mapping::Sequential,
            body,
            span: each.span,
            header_span: span,
        })
    }

    /// Returns the type in which numbers of blocks and what they are multiplied to do not overflow where the program's do not:
    /// from a constant on that is not negative, the program's own; else 64 bits, for numbers of 32.
    fn counted_in(&self, blocks: &Blocks, first: Handle<Expr>) -> Option<Scalar> {
        let function = &self.function;
        if build::constant(function, first).is_some_and(|first| first >= 0) {
            return Some(blocks.ty);
        }
        let all = [first, blocks.size, blocks.bound];
        let is_int = |expr: &Handle<Expr>| function.exprs[*expr].ty.scalar() == Some(Scalar::I32);
        all.iter().all(is_int).then_some(Scalar::I64)
    }

    /// Returns where a block starts, and how many there are.
    fn numbered(
        &mut self,
        blocks: &Blocks,
        first: Handle<Expr>,
        counter: Handle<Var>,
    ) -> (Handle<Expr>, Handle<Expr>) {
        let function = &mut self.function;
        let number = function.load(counter);
        let ty = function.vars[counter].ty.scalar().unwrap_or(Scalar::I64);
        let size = build::convert(function, blocks.size, ty);
        let along = build::binary(function, BinaryOp::Multiply, number, size);
        let begin = build::convert(function, first, ty);
        let start = build::binary(function, BinaryOp::Add, begin, along);
        let start = build::convert(function, start, blocks.ty);
        let bound = build::convert(function, blocks.bound, Scalar::I64);
        let first = build::convert(function, first, Scalar::I64);
        let distance = build::binary(function, BinaryOp::Subtract, bound, first);
        let past = build::int(function, blocks.reaches.into(), Scalar::I64);
        let distance = build::binary(function, BinaryOp::Add, distance, past);
        let size = build::convert(function, blocks.size, Scalar::I64);
        let end = build::binary(function, BinaryOp::CeilDivide, distance, size);
        (start, end)
    }
}

/// Returns the variables that a loop over blocks is stepped by.
pub(super) fn sizes(function: &Function, each: &While) -> Vec<Handle<Var>> {
    let size = Blocks::of(function, each).map(|blocks| build::variables(function, blocks.size));
    size.into_iter().flatten().collect()
}

impl Blocks {
    fn of(function: &Function, each: &While) -> Option<Self> {
        let ((relation, is_up), a, b) = comparison(function, each.condition)?;
        let counter = |side| {
            let ExprKind::Load(place) = &function.exprs[peeled(function, side)].kind else {
                return None;
            };
            let is_own = place.path.is_empty() && function.vars[place.var].is_plain_local();
            is_own.then_some(place.var)
        };
        let (own, bound) = if is_up { (a, b) } else { (b, a) };
        let var = counter(own)?;
        let ty = function.vars[var].ty.scalar()?;
        let last = each.after_body.last().or(each.body.last())?;
        let size = added(function, last, var)?;
        let blocks = [&each.before_test, &each.body, &each.after_body];
        let all = blocks.iter().map(|block| assignments(block, var));
        let is_one = !each.is_do && each.before_test.is_empty() && all.sum::<usize>() == 1;
        let is_skipped =
            each.after_body.is_empty() && each.body.iter().any(crate::normalise::continues);
        let signed = |expr: Handle<Expr>| {
            let own = function.exprs[expr].ty.scalar();
            own.is_some_and(|own| matches!(own, Scalar::I32 | Scalar::I64))
        };
        let is_signed = signed(bound) && signed(size) && matches!(ty, Scalar::I32 | Scalar::I64);
        let is_ordered = relation != Relation::Unequal;
        (is_one && !is_skipped && is_signed && is_ordered).then_some(Self {
            var,
            ty,
            size,
            bound,
            reaches: relation == Relation::UpTo,
        })
    }
}

/// Returns what a statement adds to a variable in the variable's own type, where that is no constant.
fn added(function: &Function, stmt: &Stmt, var: Handle<Var>) -> Option<Handle<Expr>> {
    let Stmt::Compute(Compute { target, value, .. }) = stmt else {
        return None;
    };
    let node = &function.exprs[*value];
    let ExprKind::Binary(BinaryOp::Add, a, b) = node.kind else {
        return None;
    };
    let own = ExprKind::Load(Place::var(var));
    let size = match (function.exprs[a].kind == own, function.exprs[b].kind == own) {
        (true, false) => b,
        (false, true) => a,
        (true, true) | (false, false) => return None,
    };
    let is_own = *target == Place::var(var) && node.ty == function.vars[var].ty;
    (is_own && build::constant(function, size).is_none()).then_some(size)
}
