//! Lifetimes of variables: where each one's value is kept, from declaration to the end of its block.
//!
//! A local of scalar or pointer type whose address the function never takes is kept as a value;
//! everything else is an object of memory.

use crate::arena::Handle;
use crate::expr::ExprKind;
use crate::function::{Function, Space, Var};
use crate::stmt::Stmt;
use crate::types::Type;

use super::activation::Activation;
use super::fault::{FaultKind, Outcome, malformed};
use super::memory::Origin;
use super::value::{Pointer, Value};

/// Where a variable's value is.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Outside its lifetime.
    Absent,
    /// Here; `None` before the first assignment.
    Value(Option<Value>),
    /// In memory, from this address; the object ends with the variable's scope.
    Memory(Pointer),
    /// In memory that outlives the scope: a global, a `static`, or a kernel's view of device memory.
    Borrowed(Pointer),
}

impl<'m> Activation<'_, 'm> {
    /// Starts the lifetime of a variable, without a value.
    pub(super) fn declare(&mut self, handle: Handle<Var>) -> Outcome<()> {
        let var = self.var(handle)?;
        self.end(handle);
        let slot = if var.space == Space::Shared {
            Slot::Borrowed(self.shared(handle)?)
        } else if let Some(pointer) = self.permanent(var)? {
            Slot::Borrowed(pointer)
        } else if is_plain(&var.ty) && !self.needs_address(handle) {
            Slot::Value(None)
        } else {
            let size = self.size(&var.ty)?;
            if size == 0 && matches!(var.ty, Type::Array { .. }) {
                return Err(FaultKind::ArrayLength(0).into());
            }
            let origin = self.local_origin();
            Slot::Memory(self.machine.memory.allocate(&var.name, origin, size)?)
        };
        self.set_slot(handle, slot);
        Ok(())
    }

    /// Returns the array that the threads of the running block share under a name.
    fn shared(&mut self, handle: Handle<Var>) -> Outcome<Pointer> {
        if let Some(pointer) = self.machine.shared.get(&handle) {
            return Ok(*pointer);
        }
        let var = self.var(handle)?;
        let size = self.size(&var.ty)?;
        let memory = &mut self.machine.memory;
        let pointer = memory.allocate(&var.name, Origin::Shared, size)?;
        self.machine.shared.insert(handle, pointer);
        Ok(pointer)
    }

    /// Ends the lifetime of a variable.
    pub(super) fn end(&mut self, handle: Handle<Var>) {
        self.slot_doubts.remove(&handle);
        if let Some(slot) = self.slots.get_mut(handle.index()) {
            if let Slot::Memory(pointer) = slot {
                let brackets = self.machine.brackets.as_ref().zip(self.context.handle);
                if brackets.is_some_and(|(brackets, of)| brackets.ends(of, handle)) {
                    self.machine.memory.forget(pointer.object);
                }
                self.machine.memory.kill(pointer.object);
            }
            *slot = Slot::Absent;
        }
    }

    /// Returns the variables that names for values in a block hide, with what they are: an iterator that the program
    /// declares outside its loops is one where a loop was split.
    pub(super) fn hidden(&self, block: &'m [Stmt]) -> Vec<(Handle<Var>, Slot)> {
        let mut hidden = Vec::new();
        for stmt in block {
            if let Stmt::Let(var, _) = stmt
                && let Some(slot) = self.slots.get(var.index())
                && !matches!(slot, Slot::Absent)
            {
                hidden.push((*var, slot.clone()));
            }
        }
        hidden
    }

    /// Ends the scope of a block: what it declares is gone, and what its names for values hid is back.
    pub(super) fn leave_scope(&mut self, block: &'m [Stmt], hidden: Vec<(Handle<Var>, Slot)>) {
        self.end_all(block);
        for (var, slot) in hidden {
            self.set_slot(var, slot);
        }
    }

    /// Ends the lifetimes that statements of a block started.
    pub(super) fn end_all(&mut self, block: &'m [Stmt]) {
        for stmt in block {
            match stmt {
                Stmt::Declare(var, _) | Stmt::Let(var, _) => self.end(*var),
                Stmt::Compute(_)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }

    fn needs_address(&self, handle: Handle<Var>) -> bool {
        self.addressed.get(handle.index()).copied().unwrap_or(true)
    }

    /// Puts a variable somewhere.
    pub(super) fn set_slot(&mut self, handle: Handle<Var>, slot: Slot) {
        if let Some(place) = self.slots.get_mut(handle.index()) {
            *place = slot;
        }
    }

    /// Returns where a variable is; a variable of file scope is found when it is first used.
    pub(super) fn slot(&mut self, handle: Handle<Var>) -> Outcome<&Slot> {
        let Some(slot) = self.slots.get(handle.index()) else {
            return malformed("a variable of another function");
        };
        if matches!(slot, Slot::Absent) {
            let var = self.var(handle)?;
            match self.permanent(var)? {
                Some(pointer) => self.set_slot(handle, Slot::Borrowed(pointer)),
                None => return Err(FaultKind::DeadObject(var.name.clone()).into()),
            }
        }
        Ok(&self.slots[handle.index()])
    }

    /// Gives a whole variable a value.
    pub(super) fn assign_var(&mut self, handle: Handle<Var>, value: Value) -> Outcome<()> {
        let var = self.var(handle)?;
        match self.slot(handle)? {
            Slot::Memory(pointer) | Slot::Borrowed(pointer) => {
                let pointer = *pointer;
                self.store(pointer, &var.ty, value)
            }
            Slot::Value(_) => {
                self.set_slot(handle, Slot::Value(Some(value)));
                Ok(())
            }
            Slot::Absent => Err(FaultKind::DeadObject(var.name.clone()).into()),
        }
    }
}

fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Pointer { .. } => true,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => false,
    }
}

/// Returns, for each variable of a function, whether it needs an address; `&p[i]` asks for none of `p` itself.
pub(super) fn addressed(function: &Function) -> Vec<bool> {
    let mut addressed: Vec<bool> = function
        .vars
        .iter()
        .map(|(_, var)| var.is_address_taken)
        .collect();
    for (_, expr) in function.exprs.iter() {
        if let ExprKind::Address(place) = &expr.kind
            && place.path.is_empty()
            && let Some(is_addressed) = addressed.get_mut(place.var.index())
        {
            *is_addressed = true;
        }
    }
    addressed
}
