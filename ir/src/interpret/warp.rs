//! What the lanes of a warp, or the threads of a block, do together in the middle of a kernel.

use crate::expr::BinaryOp;
use crate::plan::ReductionOperator;
use crate::prefix::scanned_by;
use crate::stmt::Call;
use crate::types::Scalar;
use crate::warp::{LANES, WarpOperation};

use super::activation::Activation;
use super::arithmetic;
use super::block::{Flows, Thread, Threads, have_all_come};
use super::execute::Flow;
use super::fault::{Outcome, malformed};
use super::place::Purpose;
use super::value::Value;

impl<'m> Activation<'_, 'm> {
    /// Runs a call that threads make together: the lanes of a warp, where the threads are those of one, or those of a block.
    pub(super) fn call_together(
        &mut self,
        threads: &mut Threads,
        active: &[usize],
        call: &'m Call,
    ) -> Outcome<Flows> {
        have_all_come(threads, active)?;
        if let Some(operator) = scanned_by(call) {
            self.machine.stretch.now += 1;
            self.scan(threads, call, operator)?;
            return Ok(active.iter().map(|at| (*at, Flow::Next)).collect());
        }
        let Some(operation) = WarpOperation::of(call) else {
            return malformed("a call that threads do not make together");
        };
        match operation {
            WarpOperation::Meet => self.machine.stretch.now += 1,
            WarpOperation::Exchange => self.exchange(threads, call)?,
        }
        Ok(active.iter().map(|at| (*at, Flow::Next)).collect())
    }

    /// Gives each thread what comes before the block, joined with what the threads before it have contributed.
    fn scan(
        &mut self,
        threads: &mut Threads,
        call: &'m Call,
        operator: ReductionOperator,
    ) -> Outcome<()> {
        let (Some(target), [own, before]) = (&call.target, call.arguments.as_slice()) else {
            return malformed("a scan without a value, what comes before, and a place");
        };
        let Some(scalar) = self.var(target.var)?.ty.scalar() else {
            return malformed("a scan of what is no number");
        };
        let mut so_far: Option<Value> = None;
        for thread in 0..threads.all.len() {
            let next = self.as_one(threads, thread, |this| {
                let (own, before) = (this.evaluate(*own)?, this.evaluate(*before)?);
                let result = so_far.take().unwrap_or(before);
                let next = joined(operator, scalar, &result, &own)?;
                let target = this.locate(target, Purpose::Access)?;
                this.doubt = None;
                this.write(target, result)?;
                Ok(next)
            })?;
            so_far = Some(next);
        }
        Ok(())
    }

    fn exchange(&mut self, threads: &mut Threads, call: &'m Call) -> Outcome<()> {
        let (Some(target), [_, value, distance]) = (&call.target, call.arguments.as_slice()) else {
            return malformed("an exchange without a value, a distance and a place for the result");
        };
        let mut offered: Vec<(Value, usize)> = Vec::new();
        for lane in 0..threads.all.len() {
            offered.push(self.as_one(threads, lane, |this| {
                let distance = usize::try_from(this.integer(*distance)?);
                Ok((this.evaluate(*value)?, distance.unwrap_or(usize::MAX)))
            })?);
        }
        for lane in 0..threads.all.len() {
            let from = offered.get(lane).map(|(_, distance)| lane ^ distance);
            let Some((value, _)) = from.and_then(|from| offered.get(from)).cloned() else {
                return malformed("an exchange with a lane that the warp does not have");
            };
            self.as_one(threads, lane, |this| {
                let target = this.locate(target, Purpose::Access)?;
                this.doubt = None;
                this.write(target, value)
            })?;
        }
        Ok(())
    }
}

/// Returns the threads of a block in groups that run together: its warps where `by_warps`, else all of them.
pub(super) fn groups(threads: Vec<Thread>, by_warps: bool) -> Vec<Threads> {
    let size = if by_warps {
        LANES as usize
    } else {
        threads.len().max(1)
    };
    let mut threads = threads.into_iter().peekable();
    let mut groups = Vec::new();
    while threads.peek().is_some() {
        groups.push(Threads {
            all: threads.by_ref().take(size).collect(),
            missing: 0,
        });
    }
    groups
}

/// Joins a contribution to what others have contributed.
fn joined(
    operator: ReductionOperator,
    scalar: Scalar,
    so_far: &Value,
    own: &Value,
) -> Outcome<Value> {
    let better = |op| {
        let is_better = arithmetic::binary(op, scalar, own, so_far)?.is_true()?;
        Ok(if is_better { own } else { so_far }.clone())
    };
    let op = match operator {
        ReductionOperator::Minimum => return better(BinaryOp::Less),
        ReductionOperator::Maximum => return better(BinaryOp::Greater),
        ReductionOperator::Sum => BinaryOp::Add,
        ReductionOperator::Product => BinaryOp::Multiply,
        ReductionOperator::BitAnd => BinaryOp::BitAnd,
        ReductionOperator::BitOr => BinaryOp::BitOr,
        ReductionOperator::BitXor => BinaryOp::BitXor,
    };
    arithmetic::binary(op, scalar, so_far, own)
}
