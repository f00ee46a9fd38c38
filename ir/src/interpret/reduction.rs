//! Reductions of a launch: accumulators of threads, the tree of a block, partial results on the host.

use std::ops::Range;

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::expr::Expr;
use crate::plan::{KernelPlan, Reduction, RegionPlan};
use crate::stmt::Block;

use super::activation::Activation;
use super::execute::Flow;
use super::fault::{Outcome, malformed};
use super::memory::Agent;
use super::region::Copied;
use super::scope::Slot;
use super::value::{Pointer, Value};

/// The accumulators of a block after its threads have run, by reduction of the kernel and number of the thread.
pub(super) type Ends = Vec<Vec<Option<Value>>>;

impl<'m> Activation<'_, 'm> {
    /// Gives this thread its accumulators.
    pub(super) fn start_reductions(
        &mut self,
        region: &'m RegionPlan,
        kernel: &'m KernelPlan,
    ) -> Outcome<()> {
        for handle in &kernel.reductions {
            let Some(reduction) = region.reductions.get(*handle) else {
                return malformed("a reduction of another plan");
            };
            let start = self.evaluate(reduction.start)?;
            self.set_slot(reduction.accumulator, Slot::Value(Some(start)));
        }
        Ok(())
    }

    /// Notes what this thread has accumulated.
    pub(super) fn end_reductions(
        &mut self,
        region: &'m RegionPlan,
        kernel: &'m KernelPlan,
        thread: usize,
        ends: &mut Ends,
    ) -> Outcome<()> {
        for (handle, ends) in kernel.reductions.iter().zip(ends) {
            let (Some(reduction), Some(end)) =
                (region.reductions.get(*handle), ends.get_mut(thread))
            else {
                return malformed("a reduction of another plan");
            };
            let location = self.locate_var(reduction.accumulator)?;
            *end = Some(self.read(location)?);
        }
        Ok(())
    }

    /// Joins the accumulators of a block in the order that [`Reduction`] fixes.
    pub(super) fn tree(
        &mut self,
        reduction: &'m Reduction,
        mut ends: Vec<Option<Value>>,
    ) -> Outcome<Value> {
        let mut step = ends.len().next_power_of_two() / 2;
        while step > 0 {
            for thread in 0..step.min(ends.len().saturating_sub(step)) {
                let (mine, other) = (ends[thread].take(), ends[thread + step].take());
                self.set_slot(reduction.accumulator, Slot::Value(mine));
                self.set_slot(reduction.other, Slot::Value(other));
                self.join(&reduction.join)?;
                let location = self.locate_var(reduction.accumulator)?;
                ends[thread] = Some(self.read(location)?);
            }
            step /= 2;
        }
        match ends.into_iter().next().flatten() {
            Some(total) => Ok(total),
            None => malformed("a block without threads"),
        }
    }

    fn join(&mut self, block: &'m Block) -> Outcome<()> {
        match self.block(block)? {
            Flow::Next => Ok(()),
            Flow::Break | Flow::Continue | Flow::Return(_) => {
                malformed("a jump out of a reduction")
            }
        }
    }

    /// Stores what a block computed.
    pub(super) fn store_partial(
        &mut self,
        region: &'m RegionPlan,
        reduction: &'m Reduction,
        reserved: &[Option<Copied>],
        block: u64,
        total: Value,
    ) -> Outcome<()> {
        let (pointer, buffer) = partial(region, reduction, reserved, block)?;
        self.store(pointer, &buffer.element, total)
    }

    /// Joins the partial results to the target.
    pub(super) fn join_partials(
        &mut self,
        region: &'m RegionPlan,
        reduction: &'m Reduction,
        reserved: &[Option<Copied>],
    ) -> Outcome<()> {
        let Some(Some(copied)) = reserved.get(reduction.partials.index()) else {
            return malformed("partial results that are not allocated");
        };
        let blocks = 0..copied.size_bytes / copied.element_bytes.max(1);
        if let Some(before) = reduction.scan {
            return self.scan_partials(region, reduction, reserved, (blocks, before));
        }
        for block in blocks {
            let (pointer, buffer) = partial(region, reduction, reserved, block)?;
            let value = self.as_driver(|this| this.load(Some(pointer), &buffer.element))?;
            self.set_slot(reduction.other, Slot::Value(Some(value)));
            self.join(&reduction.finish)?;
        }
        Ok(())
    }

    /// Puts in the place of each partial result what comes before its block, and in the target what comes of all.
    fn scan_partials(
        &mut self,
        region: &'m RegionPlan,
        reduction: &'m Reduction,
        reserved: &[Option<Copied>],
        (blocks, before): (Range<u64>, Handle<Expr>),
    ) -> Outcome<()> {
        let mut so_far = self.evaluate(before)?;
        for block in blocks {
            let (pointer, buffer) = partial(region, reduction, reserved, block)?;
            let own = self.as_driver(|this| {
                let own = this.load(Some(pointer), &buffer.element)?;
                this.store(pointer, &buffer.element, so_far.clone())?;
                Ok(own)
            })?;
            self.set_slot(reduction.accumulator, Slot::Value(Some(so_far)));
            self.set_slot(reduction.other, Slot::Value(Some(own)));
            self.join(&reduction.join)?;
            let location = self.locate_var(reduction.accumulator)?;
            so_far = self.read(location)?;
        }
        self.set_slot(reduction.other, Slot::Value(Some(so_far)));
        self.join(&reduction.finish)
    }

    /// Does something as what copies between host and device.
    fn as_driver<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let host = self.context.agent;
        self.context.agent = Agent::Driver;
        let result = run(self);
        self.context.agent = host;
        result
    }
}

/// Returns where the partial result of a block is.
fn partial<'m>(
    region: &'m RegionPlan,
    reduction: &Reduction,
    reserved: &[Option<Copied>],
    block: u64,
) -> Outcome<(Pointer, &'m Buffer)> {
    let buffer = region.buffers.get(reduction.partials);
    let copied = reserved.get(reduction.partials.index()).copied().flatten();
    let (Some(buffer), Some(copied)) = (buffer, copied) else {
        return malformed("partial results that are not allocated");
    };
    let Some(device) = copied.device else {
        return malformed("partial results that are not allocated");
    };
    let distance = i128::from(block).saturating_mul(i128::from(copied.element_bytes));
    Ok((device.moved(distance)?, buffer))
}
