//! Indivisible changes of an element by a thread of a kernel.

use crate::atomic::AtomicOperation;
use crate::expr::BinaryOp;
use crate::stmt::Call;
use crate::types::Type;

use super::activation::Activation;
use super::arithmetic;
use super::fault::{Outcome, malformed};
use super::value::Value;

impl<'m> Activation<'_, 'm> {
    /// Runs a call that changes an element in one action; its type is that of the second argument.
    pub(super) fn atomic(&mut self, operation: AtomicOperation, call: &'m Call) -> Outcome<()> {
        let function = self.function;
        let [address, by] = call.arguments.as_slice() else {
            return malformed("an atomic operation without address and value");
        };
        let ty = match function.exprs.get(*by).map(|by| &by.ty) {
            Some(Type::Scalar(ty)) => *ty,
            Some(_) | None => {
                return malformed("an atomic operation on something that is no number");
            }
        };
        let Value::Pointer(address) = self.evaluate(*address)? else {
            return malformed("an atomic operation without an address");
        };
        let by = self.evaluate(*by)?;
        let agent = self.context.agent;
        let size = ty.size_bytes();
        // What is stored over may have no value yet.
        let new = if operation == AtomicOperation::Exchange {
            by
        } else {
            let before = self.machine.memory.load_atomic(agent, address, size)?;
            let old = Value::from_bytes(ty, before)?;
            match (old.integer(), by.integer()) {
                (Some(old), Some(by)) => {
                    Value::Integer(arithmetic::wrap(ty, joined(operation, old, by)))
                }
                (Some(_) | None, _) if ty.is_float() && operation == AtomicOperation::Add => {
                    arithmetic::binary(BinaryOp::Add, ty, &old, &by)?
                }
                (Some(_) | None, _) => {
                    return malformed("an atomic operation on something that is no integer");
                }
            }
        };
        let (bytes, size) = new.scalar_bytes(ty)?;
        let memory = &mut self.machine.memory;
        memory.store_atomic(agent, address, &bytes[..size])
    }
}

fn joined(operation: AtomicOperation, old: i128, by: i128) -> i128 {
    match operation {
        AtomicOperation::Add => old + by,
        AtomicOperation::Minimum => old.min(by),
        AtomicOperation::Maximum => old.max(by),
        AtomicOperation::BitAnd => old & by,
        AtomicOperation::BitOr => old | by,
        AtomicOperation::BitXor => old ^ by,
        AtomicOperation::Exchange => by,
    }
}
