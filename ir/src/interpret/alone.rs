//! What a plan does where a guard fails and the host cannot touch the arrays: a kernel of one thread is lent what the
//! original text would touch, numbers of the host among them.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::function::Var;
use crate::plan::RegionPlan;
use crate::types::Type;

use super::activation::Activation;
use super::fault::Outcome;
use super::memory::{Agent, Origin};
use super::scope::Slot;
use super::value::Pointer;

impl<'m> Activation<'_, 'm> {
    /// Does what stands in for the original text.
    pub(super) fn stand_in(&mut self, region: &'m RegionPlan) -> Outcome<()> {
        let numbers = self.put_into_memory(region)?;
        self.performed(region, &BTreeSet::new(), &region.otherwise)?;
        for (var, pointer) in numbers {
            self.take_from_memory(var, pointer)?;
        }
        Ok(())
    }

    /// Gives the numbers of which a region has copies an address.
    fn put_into_memory(&mut self, region: &'m RegionPlan) -> Outcome<Vec<(Handle<Var>, Pointer)>> {
        let mut numbers = Vec::new();
        for (_, buffer) in region.buffers.iter() {
            let var = self.var(buffer.array)?;
            let Some(Slot::Value(value)) = self.slots.get(buffer.array.index()) else {
                continue;
            };
            let Type::Scalar(_) = var.ty else {
                continue;
            };
            let value = value.clone();
            let size_bytes = self.size(&var.ty)?;
            let memory = &mut self.machine.memory;
            let pointer = memory.allocate(&var.name, Origin::Automatic, size_bytes)?;
            if let Some(value) = value {
                self.store(pointer, &var.ty, value)?;
            }
            self.set_slot(buffer.array, Slot::Memory(pointer));
            numbers.push((buffer.array, pointer));
        }
        Ok(numbers)
    }

    /// Keeps a number as a value again.
    fn take_from_memory(&mut self, var: Handle<Var>, pointer: Pointer) -> Outcome<()> {
        let ty = &self.var(var)?.ty;
        let size_bytes = self.size(ty)?;
        let memory = &mut self.machine.memory;
        let bytes = memory.load_raw(Agent::Host, Some(pointer), size_bytes, 1)?;
        let value = if bytes.is_set.iter().all(|is_set| *is_set) {
            Some(self.load(Some(pointer), ty)?)
        } else {
            None
        };
        self.machine.memory.kill(pointer.object);
        self.set_slot(var, Slot::Value(value));
        Ok(())
    }
}
