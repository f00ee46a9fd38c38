//! Where a counted loop ends: the first value beyond, in a type that holds it.
//!
//! Signed counters may not overflow in C, so their bounds may be moved freely; unsigned and narrow ones wrap, so they
//! count only where no wrap can happen.

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Scalar, Span};

use crate::lower::counted::{Counter, Relation, Test, refusal};
use crate::lower::function::Body;
use crate::lower::loops::Header;
use crate::lower::{Lowered, effects, walk};

impl<'u> Body<'_, 'u> {
    /// Returns the first value beyond, of a type in which the comparison is exact.
    pub(super) fn end(
        &mut self,
        header: &Header<'u>,
        counter: &Counter<'u>,
        test: &Test<'u>,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(test.bound);
        let is_up = counter.step > 0;
        let is_toward = match test.relation {
            Relation::Less | Relation::LessEqual => is_up,
            Relation::Greater | Relation::GreaterEqual => !is_up,
            Relation::NotEqual => counter.step.abs() == 1,
        };
        if !is_toward {
            return Err(refusal(
                "its counter moves away from the bound, or past it",
                at,
            ));
        }
        if walk::named_variables(test.bound).contains(&counter.variable) {
            return Err(refusal("its bound depends on its counter", at));
        }
        let mut bound = self.value(test.bound)?;
        if !test.is_exact {
            bound = self.unsigned_bound(bound, counter, test, at)?;
        }
        if test.offset != 0 {
            // `i + c < n` is `i < n - c` in numbers that hold both sides.
            let wide = self.as_i64(bound);
            let offset = self.int(i128::from(test.offset), Scalar::I64);
            bound = self.binary(BinaryOp::Subtract, wide, offset);
        }
        let end = match test.relation {
            Relation::Less | Relation::Greater => bound,
            Relation::NotEqual => {
                self.check_distance(header, counter, bound, at)?;
                bound
            }
            Relation::LessEqual | Relation::GreaterEqual => {
                self.beyond(header, counter, bound, at)?
            }
        };
        self.check_wrap(header, counter, end, at)?;
        Ok(end)
    }

    /// Returns the bound of a signed counter that is compared as unsigned: right where the counter is never negative.
    fn unsigned_bound(
        &mut self,
        bound: Handle<Expr>,
        counter: &Counter<'u>,
        test: &Test<'u>,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let is_positive = counter.step > 0
            && counter.is_bounded
            && test.is_exact_above_zero
            && self.constant(counter.start).is_some_and(|start| start >= 0)
            && test.relation != Relation::NotEqual;
        if !is_positive {
            return Err(refusal(
                "it compares a signed counter with an unsigned bound",
                at,
            ));
        }
        Ok(if test.compared == Scalar::U64 {
            bound
        } else {
            self.as_i64(bound)
        })
    }

    /// Returns `bound + 1` (or `bound - 1` downward) in a type that holds it.
    fn beyond(
        &mut self,
        header: &Header<'u>,
        counter: &Counter<'u>,
        bound: Handle<Expr>,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let is_up = counter.step > 0;
        let ty = self
            .type_of(bound)
            .scalar()
            .ok_or_else(|| refusal("its bound is no integer", at))?;
        let by: i128 = if is_up { 1 } else { -1 };
        let limits = ty.integer_range().unwrap_or((0, 0));
        if let ExprKind::Int(value) = self.function.exprs[bound].kind
            && (limits.0..=limits.1).contains(&(value + by))
        {
            return Ok(self.int(value + by, ty));
        }
        if !counter.is_bounded && !is_up {
            return Err(refusal(
                "the bound may be the limit of its unsigned type",
                at,
            ));
        }
        if ty == Scalar::U64 {
            // Up to the limit of its type a loop goes on for ever: neither way is there a last iteration.
            self.check_unending(header, bound, at)?;
            let one = self.int(1, ty);
            return Ok(self.binary(BinaryOp::Add, bound, one));
        }
        if effects::may_leave(header.body) && (ty == Scalar::I64 || !counter.is_bounded) {
            return Err(refusal(
                "the bound may be the limit of its type, and the body may leave early",
                at,
            ));
        }
        if let Some(inner) = self.one_short(bound, is_up).filter(|_| ty.is_signed()) {
            return Ok(inner);
        }
        let wide = self.as_i64(bound);
        let one = self.int(1, Scalar::I64);
        Ok(self.binary(
            if is_up {
                BinaryOp::Add
            } else {
                BinaryOp::Subtract
            },
            wide,
            one,
        ))
    }

    /// Returns `x` of a bound `x - 1` (or `x + 1` downward), which C lets no signed bound overflow.
    fn one_short(&self, bound: Handle<Expr>, is_up: bool) -> Option<Handle<Expr>> {
        let wanted = if is_up {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        let ExprKind::Binary(op, left, right) = self.function.exprs[bound].kind else {
            return None;
        };
        (op == wanted && self.constant(right) == Some(1)).then_some(left)
    }

    /// Refuses `!=` unless the bound stays and is not passed: from 0 on no unsigned counter does, and past it a signed one
    /// overflows unless something leaves the loop. From elsewhere an unsigned one may come round to it in a few steps.
    fn check_distance(
        &self,
        header: &Header<'u>,
        counter: &Counter<'u>,
        bound: Handle<Expr>,
        at: Span,
    ) -> Lowered<()> {
        let is_from_zero = !counter.scalar.is_signed()
            && counter.step == 1
            && self.constant(counter.start) == Some(0);
        let is_unending = counter.is_bounded && !effects::may_leave(header.body);
        let is_settled = is_from_zero || is_unending;
        if is_settled && self.is_fixed(bound) {
            Ok(())
        } else {
            Err(refusal("it ends by `!=`, and may step past the bound", at))
        }
    }

    /// Refuses a loop that may go on for ever and does something else than to go on: its bound changes, or it may be left.
    ///
    /// **Source**: C11 6.8.5 §6: a loop that only computes may be taken to end.
    fn check_unending(&self, header: &Header<'u>, bound: Handle<Expr>, at: Span) -> Lowered<()> {
        let run = [Some(header.body), header.increment];
        let run: Vec<_> = run.into_iter().flatten().collect();
        let is_same = self.is_fixed(bound) || self.is_kept(bound, &run);
        if is_same && !effects::may_leave(header.body) {
            Ok(())
        } else {
            Err(refusal("the bound may be the limit of its type", at))
        }
    }

    /// Refuses counters that may wrap before the test fails.
    fn check_wrap(
        &self,
        header: &Header<'u>,
        counter: &Counter<'u>,
        end: Handle<Expr>,
        at: Span,
    ) -> Lowered<()> {
        let (low, high) = counter.scalar.integer_range().unwrap_or((0, 0));
        if counter.is_bounded {
            return Ok(());
        }
        let last = self.constant(end).map(|end| {
            let past = i128::from(counter.step.abs()) - 1;
            if counter.step > 0 {
                end + past
            } else {
                end - past
            }
        });
        let is_unit = counter.step.abs() == 1
            && !counter.scalar.is_signed()
            && self.type_of(end).scalar() == Some(counter.scalar);
        let is_one_past_unsigned =
            counter.step == 1 && counter.scalar == Scalar::U32 && self.is_wide_sum(end);
        if last.is_some_and(|last| (low..=high).contains(&last)) || is_unit || is_one_past_unsigned
        {
            return Ok(());
        }
        // A guard keeps it from wrapping around where kernels run.
        let is_guarded = counter.step == 1 && counter.scalar == Scalar::U32;
        if is_guarded && self.check_unending(header, end, at).is_ok() {
            return Ok(());
        }
        Err(refusal(
            "its counter may wrap around before it reaches the bound",
            at,
        ))
    }

    /// Returns whether `end` is `(long)bound + 1` of a 32-bit bound, which [`Body::beyond`] makes of `<=`.
    fn is_wide_sum(&self, end: Handle<Expr>) -> bool {
        let ExprKind::Binary(BinaryOp::Add, wide, one) = self.function.exprs[end].kind else {
            return false;
        };
        let ExprKind::Cast(bound) = self.function.exprs[wide].kind else {
            return false;
        };
        self.constant(one) == Some(1) && self.type_of(bound).scalar() == Some(Scalar::U32)
    }
}
