//! Launches: what the threads of a kernel receive, and the blocks that run.

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::function::Var;
use crate::plan::{KernelParameter, KernelPlan, RegionPlan};
use crate::types::Type;
use crate::warp::{LANES, runs_by_warps};

use super::activation::Activation;
use super::block::{Thread, Threads};
use super::fault::{FaultKind, Outcome, malformed};
use super::memory::Agent;
use super::place::Purpose;
use super::reduction::Ends;
use super::region::Copied;
use super::scope::Slot;
use super::value::{Pointer, Value};
use super::warp::groups;

impl<'m> Activation<'_, 'm> {
    pub(super) fn launch(
        &mut self,
        region: &'m RegionPlan,
        kernel: &'m KernelPlan,
        reserved: &[Option<Copied>],
    ) -> Outcome<()> {
        let mut by_value = vec![None; region.buffers.len()];
        let passed = self.passed(region, kernel, reserved, &mut by_value)?;
        let mut grid = [0; 3];
        for (extent, expr) in grid.iter_mut().zip(kernel.grid) {
            *extent = i64::try_from(self.integer(expr)?).unwrap_or(i64::MAX);
        }
        let block = kernel.block.map(i64::from);
        if grid.iter().chain(&block).any(|extent| *extent < 1) {
            return malformed("a launch without blocks or threads");
        }
        self.machine.launches += 1;
        self.machine.start_launch();
        let mut blocks = self.indices(grid)?;
        self.machine.orderer.arrange(&mut blocks);
        let threads = self.indices(block)?;
        let mut slots = vec![Slot::Absent; region.function.vars.len()];
        for (var, slot) in passed {
            if let Some(place) = slots.get_mut(var.index()) {
                *place = slot;
            }
        }
        let by_warps = runs_by_warps(&kernel.body);
        if by_warps && !(kernel.reductions.is_empty() && kernel.block[0] == LANES) {
            return malformed("warps that are no rows of threads");
        }
        for (number, index) in blocks {
            let first = number * threads.len() as u64;
            let thread = |&(number, thread): &(u64, [i64; 3])| {
                Thread::of_kernel(first + number, index, thread, slots.clone())
            };
            for together in groups(threads.iter().map(thread).collect(), by_warps) {
                self.launched_block(region, kernel, reserved, (number, together))?;
            }
        }
        self.machine.end_block();
        for copied in by_value.iter().flatten() {
            self.leave_buffer(copied)?;
        }
        Ok(())
    }

    /// Runs the block of a number, and stores what its threads have computed together.
    fn launched_block(
        &mut self,
        region: &'m RegionPlan,
        kernel: &'m KernelPlan,
        reserved: &[Option<Copied>],
        (number, mut threads): (u64, Threads),
    ) -> Outcome<()> {
        self.machine.start_block();
        let mut block = Activation::new(self.machine, &region.function, self.context);
        for thread in &mut threads.all {
            block.as_thread(thread, |this| this.start_reductions(region, kernel))?;
        }
        block.run_block(&mut threads, &kernel.body)?;
        let mut ends: Ends = vec![vec![None; threads.all.len()]; kernel.reductions.len()];
        for (at, thread) in threads.all.iter_mut().enumerate() {
            block.as_thread(thread, |this| {
                this.end_reductions(region, kernel, at, &mut ends)
            })?;
        }
        let Some(leader) = threads.all.first_mut() else {
            return malformed("a block without threads");
        };
        for (reduction, ends) in kernel.reductions.iter().zip(ends) {
            let Some(reduction) = region.reductions.get(*reduction) else {
                return malformed("a reduction of another plan");
            };
            block.as_thread(leader, |this| {
                let total = this.tree(reduction, ends)?;
                this.store_partial(region, reduction, reserved, number, total)
            })?;
        }
        Ok(())
    }

    /// Returns what every thread of a launch receives; `by_value` comes to hold the arrays that it is passed so.
    fn passed(
        &mut self,
        region: &'m RegionPlan,
        kernel: &'m KernelPlan,
        reserved: &[Option<Copied>],
        by_value: &mut [Option<Copied>],
    ) -> Outcome<Vec<(Handle<Var>, Slot)>> {
        let mut passed = Vec::new();
        for parameter in &kernel.parameters {
            passed.push(match parameter {
                KernelParameter::Buffer(handle) => self.view(region, *handle, reserved)?,
                KernelParameter::Constants(handle, length) => {
                    self.reserve(region, *handle, false, by_value)?;
                    self.pass_by_value(*handle, *length, by_value)?;
                    self.view(region, *handle, by_value)?
                }
                KernelParameter::Value(var) => {
                    let location = self.locate_var(*var)?;
                    (*var, Slot::Value(Some(self.read(location)?)))
                }
                KernelParameter::First(reduction) => {
                    let reduction = region.reductions.get(*reduction);
                    let Some((reduction, first)) =
                        reduction.and_then(|reduction| Some((reduction, reduction.first?)))
                    else {
                        return malformed("a first value that no reduction has");
                    };
                    let location = self.locate(&reduction.target, Purpose::Access)?;
                    (first, Slot::Value(Some(self.read(location)?)))
                }
            });
        }
        Ok(passed)
    }

    /// Gives a kernel the elements that the host has, for which it has room up to `length`.
    fn pass_by_value(
        &mut self,
        handle: Handle<Buffer>,
        length: u64,
        by_value: &[Option<Copied>],
    ) -> Outcome<()> {
        let copied = by_value.get(handle.index()).copied().flatten();
        let Some(copied) = copied.filter(|copied| copied.is_below(length)) else {
            return malformed("elements by value without room for them");
        };
        if copied.size_bytes == 0 {
            return Ok(());
        }
        let memory = &mut self.machine.memory;
        let bytes = memory.load_raw(Agent::Host, copied.host, copied.size_bytes, 1)?;
        memory.store_raw(Agent::Driver, copied.device, &bytes, 1)
    }

    /// Returns how a kernel sees the array of a buffer.
    fn view(
        &mut self,
        region: &'m RegionPlan,
        handle: Handle<Buffer>,
        reserved: &[Option<Copied>],
    ) -> Outcome<(Handle<Var>, Slot)> {
        let Some(buffer) = region.buffers.get(handle) else {
            return malformed("a buffer of another plan");
        };
        if buffer.is_resident {
            // Kernels are passed what the host is.
            let base = self.base(buffer.array)?;
            return Ok((buffer.array, Slot::Value(Some(Value::Pointer(base)))));
        }
        let Some(Some(copied)) = reserved.get(handle.index()) else {
            return malformed("a buffer that is not allocated");
        };
        let shift = copied
            .first
            .saturating_mul(i128::from(copied.element_bytes));
        let view = match copied.device {
            Some(device) => Some(device.moved(-shift)?),
            None => None,
        };
        Ok((buffer.array, device_view(&self.var(buffer.array)?.ty, view)))
    }

    /// Returns all indices below three extents, `x` fastest, with their numbers.
    fn indices(&self, extents: [i64; 3]) -> Outcome<Vec<(u64, [i64; 3])>> {
        let limit = self.machine.limits.statements;
        let count = extents
            .iter()
            .map(|extent| i128::from(*extent))
            .product::<i128>();
        if count > i128::from(limit) {
            return Err(FaultKind::StatementLimit(limit).into());
        }
        let [width, height, _] = extents;
        Ok((0..count as i64)
            .map(|number| {
                let index = [
                    number % width,
                    number / width % height,
                    number / width / height,
                ];
                (number as u64, index)
            })
            .collect())
    }
}

/// Returns how a kernel sees an array, whose original subscripts apply, so that the address is that of subscript 0, or a
/// number that it leaves behind.
fn device_view(ty: &Type, view: Option<Pointer>) -> Slot {
    match (ty, view) {
        (Type::Array { .. } | Type::Record(_) | Type::Scalar(_), Some(view)) => {
            Slot::Borrowed(view)
        }
        (
            Type::Array { .. }
            | Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Record(_)
            | Type::Opaque(_),
            _,
        ) => Slot::Value(Some(Value::Pointer(view))),
    }
}
