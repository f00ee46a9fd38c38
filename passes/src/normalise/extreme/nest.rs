//! The loops of a search: one, or two of which one is all that the other does. Where an iteration of them stands in their
//! order is one number.
//!
//! Of one loop it is the counter, of two `y * 2^32 + (x + 2^31)`: exact for counters of 32 bits with a sign, whatever the loops
//! count from. Where that may be any number of 64 bits it is the next one in the direction of the loops, `i + 1`, since no
//! counter is in an iteration what it has to be for the loop to end: so the number on the side from which the loops come is
//! that of no iteration, and says that none was found.

use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Loop, Place, Scalar, Stmt, Var};

use crate::normalise::modified;
use crate::{build, region};

/// How far a counter is from the next one in the number of an iteration.
const STRIDE: i128 = 1 << 32;
/// The least value of an inner counter.
const LEAST: i128 = i32::MIN as i128;

/// The loops of a search.
pub(super) struct Nest {
    /// The loop of whose body the other one is all.
    pub(super) outer: Option<Loop>,
    pub(super) inner: Loop,
}

impl Nest {
    /// Reads a loop as the outer one of two.
    pub(super) fn of_two(function: &Function, outer: &Loop) -> Option<Self> {
        let [Stmt::For(inner)] = outer.body.as_slice() else {
            return None;
        };
        let is_short = |each: &Loop| {
            let range = function.vars[each.iterator].ty.scalar();
            let range = range.and_then(Scalar::integer_range);
            range.is_some_and(|(low, high)| low >= LEAST && high < -LEAST)
        };
        let is_pair = is_short(outer)
            && is_short(inner)
            && outer.step.signum() == inner.step.signum()
            && outer.iterator != inner.iterator
            && !modified(&inner.body).contains(&outer.iterator)
            && region::has_fixed_bounds(function, outer, &modified(&outer.body));
        is_pair.then(|| Self {
            outer: Some(outer.clone()),
            inner: inner.clone(),
        })
    }

    /// Returns one loop.
    pub(super) fn of_one(each: &Loop) -> Self {
        Self {
            outer: None,
            inner: each.clone(),
        }
    }

    /// Returns the counters, the outer one first.
    pub(super) fn counters(&self) -> impl Iterator<Item = Handle<Var>> + '_ {
        let loops = self.outer.iter().chain([&self.inner]);
        loops.map(|each| each.iterator)
    }

    /// Returns the loops around another body.
    pub(super) fn around(&self, body: Block) -> Loop {
        let with = |each: &Loop, body| Loop {
            body,
            ..each.clone()
        };
        let inner = with(&self.inner, body);
        match &self.outer {
            Some(outer) => with(outer, vec![Stmt::For(inner)]),
            None => inner,
        }
    }

    /// Returns the same loops with counters that they declare.
    pub(super) fn declaring(&self) -> Self {
        let declaring = |each: &Loop| Loop {
            declares_iterator: true,
            ..each.clone()
        };
        Self {
            outer: self.outer.as_ref().map(declaring),
            inner: declaring(&self.inner),
        }
    }

    /// Returns the number of an iteration, of 64 bits.
    pub(super) fn number(&self, function: &mut Function) -> Handle<Expr> {
        let inner = wide(function, self.inner.iterator);
        let inner = self.moved(function, BinaryOp::Add, inner);
        let Some(outer) = &self.outer else {
            return inner;
        };
        let outer = wide(function, outer.iterator);
        let outer = with(function, BinaryOp::Multiply, outer, STRIDE);
        build::binary(function, BinaryOp::Add, outer, inner)
    }

    /// Returns the counter of the inner loop as a part of a number, or the other way round.
    fn moved(&self, function: &mut Function, op: BinaryOp, inner: Handle<Expr>) -> Handle<Expr> {
        let next = i128::from(self.inner.step.signum());
        let ty = function.vars[self.inner.iterator].ty.scalar();
        if self.outer.is_some() {
            with(function, op, inner, next - LEAST)
        } else if ty.is_some_and(|ty| ty.size_bytes() == Scalar::I64.size_bytes()) {
            with(function, op, inner, next)
        } else {
            inner
        }
    }

    /// Returns what a counter was in the iteration whose number a variable holds; `None` where it counts none of the loops.
    pub(super) fn counted(
        &self,
        function: &mut Function,
        number: Handle<Var>,
        counter: &Place,
    ) -> Option<Handle<Expr>> {
        let is_it = |each: Handle<Var>| *counter == Place::var(each);
        let at = self.counters().position(is_it)?;
        let ty = function.vars[counter.var].ty.scalar();
        let number = load(function, number);
        let value = match (&self.outer, at) {
            (None, _) => self.moved(function, BinaryOp::Subtract, number),
            (Some(_), 0) => with(function, BinaryOp::ShiftRight, number, 32),
            (Some(_), _) => {
                let inner = with(function, BinaryOp::BitAnd, number, STRIDE - 1);
                self.moved(function, BinaryOp::Subtract, inner)
            }
        };
        Some(build::convert(function, value, ty.unwrap_or(Scalar::I64)))
    }
}

fn wide(function: &mut Function, counter: Handle<Var>) -> Handle<Expr> {
    let counter = load(function, counter);
    build::convert(function, counter, Scalar::I64)
}

fn with(function: &mut Function, op: BinaryOp, a: Handle<Expr>, b: i128) -> Handle<Expr> {
    let b = build::int(function, b, Scalar::I64);
    build::binary(function, op, a, b)
}

pub(super) fn load(function: &mut Function, var: Handle<Var>) -> Handle<Expr> {
    let ty = function.vars[var].ty.clone();
    function.expr(ExprKind::Load(Place::var(var)), ty)
}
