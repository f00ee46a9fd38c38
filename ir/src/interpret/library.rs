//! Called functions: those of the module, and those of the C library that work on memory or print.

use crate::inspection::NOTE;

use super::activation::Activation;
use super::fault::{FaultKind, Outcome};
use super::memory::{Agent, Origin};
use super::value::{Bytes, Pointer, Value};

impl Activation<'_, '_> {
    /// Calls a function by its name; `doubts` are those of the arguments.
    pub(super) fn callee(
        &mut self,
        name: &str,
        arguments: &[Value],
        doubts: &[Option<f64>],
    ) -> Outcome<Option<Value>> {
        if let (NOTE, Some(noted)) = (name, &mut self.machine.noted)
            && let [Value::Integer(subscript), by @ ..] = arguments
        {
            let iteration = match by.first() {
                Some(Value::Integer(iteration)) => Some(*iteration),
                Some(Value::F32(_) | Value::F64(_) | Value::Pointer(_) | Value::Structure(_))
                | None => None,
            };
            noted.push((*subscript, iteration));
            return Ok(None);
        }
        let module = self.machine.module;
        if let Some((handle, _)) = module.function(name) {
            if self.context.agent != Agent::Host {
                return Err(
                    FaultKind::Unsupported(format!("a call of `{name}` in a kernel")).into(),
                );
            }
            return self.machine.call(handle, arguments, doubts);
        }
        match (name, arguments) {
            ("malloc", [Value::Integer(size)]) => self.heap(*size, 1, false),
            ("calloc", [Value::Integer(count), Value::Integer(size)]) => {
                self.heap(*count, *size, true)
            }
            ("free", [Value::Pointer(pointer)]) => {
                self.machine.memory.free(*pointer).map(|()| None)
            }
            ("realloc", [Value::Pointer(pointer), Value::Integer(size)]) => {
                self.reallocated(*pointer, *size)
            }
            ("memcmp", [Value::Pointer(a), Value::Pointer(b), Value::Integer(size)]) => {
                self.compared(*a, *b, *size)
            }
            (
                "memset",
                [
                    Value::Pointer(to),
                    Value::Integer(byte),
                    Value::Integer(size),
                ],
            ) => self.fill(*to, *byte as u8, *size),
            (
                "memcpy" | "memmove",
                [
                    Value::Pointer(to),
                    Value::Pointer(from),
                    Value::Integer(size),
                ],
            ) => self.copy(*to, *from, *size, name == "memmove"),
            _ => self.other(name, arguments, doubts),
        }
    }

    /// Calls a function that prints, asks a clock or looks at strings.
    fn other(
        &mut self,
        name: &str,
        arguments: &[Value],
        doubts: &[Option<f64>],
    ) -> Outcome<Option<Value>> {
        if let Some(printed) = self.prints(name, arguments, doubts)? {
            return Ok(Some(printed));
        }
        if let Some(time) = self.clocks(name, arguments)? {
            return Ok(Some(time));
        }
        let found = self.strings(name, arguments)?;
        match found {
            Some(found) => Ok(Some(found)),
            None => Err(FaultKind::UnknownFunction(name.to_owned()).into()),
        }
    }

    fn heap(&mut self, count: i128, size: i128, is_zeroed: bool) -> Outcome<Option<Value>> {
        let limit = self.machine.limits.memory_bytes;
        let bytes = count
            .checked_mul(size)
            .and_then(|bytes| u64::try_from(bytes).ok())
            .ok_or(FaultKind::MemoryLimit(limit))?;
        let memory = &mut self.machine.memory;
        let pointer = memory.allocate("allocated memory", Origin::Heap, bytes)?;
        if is_zeroed {
            memory.store(Agent::Host, Some(pointer), &vec![0; bytes as usize], 1)?;
        }
        Ok(Some(Value::Pointer(Some(pointer))))
    }

    /// Moves what `malloc` returned to a place of another size; it is never the same place, as C allows (C17 7.22.3.5).
    fn reallocated(&mut self, from: Option<Pointer>, size: i128) -> Outcome<Option<Value>> {
        let fresh = self.heap(size, 1, false)?;
        let (Some(from), Some(Value::Pointer(Some(to)))) = (from, &fresh) else {
            return Ok(fresh);
        };
        let before = self.machine.memory.bytes(from)?.data.len();
        let kept = size.min(before as i128);
        self.copy(Some(*to), Some(from), kept, false)?;
        self.machine.memory.free(Some(from))?;
        Ok(fresh)
    }

    /// Compares bytes; of the result only the sign is specified (C17 7.24.4.1 §3).
    fn compared(
        &mut self,
        a: Option<Pointer>,
        b: Option<Pointer>,
        size: i128,
    ) -> Outcome<Option<Value>> {
        let size = self.copied_size(size)?;
        let agent = self.context.agent;
        let memory = &mut self.machine.memory;
        let first = memory.load(agent, a, size, 1)?.to_vec();
        let second = memory.load(agent, b, size, 1)?;
        let order = first.as_slice().cmp(second);
        Ok(Some(Value::Integer(order as i128)))
    }

    fn fill(&mut self, to: Option<Pointer>, byte: u8, size: i128) -> Outcome<Option<Value>> {
        let size = self.copied_size(size)?;
        let agent = self.context.agent;
        let bytes = vec![byte; size as usize];
        self.machine.memory.store(agent, to, &bytes, 1)?;
        if let (Some(doubts), Some(to)) = (&mut self.machine.doubts, to) {
            doubts.forget(to, size);
        }
        Ok(Some(Value::Pointer(to)))
    }

    fn copy(
        &mut self,
        to: Option<Pointer>,
        from: Option<Pointer>,
        size: i128,
        may_overlap: bool,
    ) -> Outcome<Option<Value>> {
        let size = self.copied_size(size)?;
        let agent = self.context.agent;
        let memory = &mut self.machine.memory;
        let bytes: Bytes = memory.load_raw(agent, from, size, 1)?;
        if let (Some(to), Some(from)) = (to, from)
            && !may_overlap
            && size > 0
            && to.object == from.object
            && to.offset.abs_diff(from.offset) < size
        {
            return Err(FaultKind::OverlappingCopy(memory.name(to)).into());
        }
        memory.store_raw(agent, to, &bytes, 1)?;
        if let (Some(doubts), Some(to), Some(from)) = (&mut self.machine.doubts, to, from) {
            doubts.copy(to, from, size);
        }
        Ok(Some(Value::Pointer(to)))
    }

    /// Checks a size before a buffer of it is made.
    fn copied_size(&self, size: i128) -> Outcome<u64> {
        let limit = self.machine.limits.memory_bytes;
        u64::try_from(size)
            .ok()
            .filter(|size| *size <= limit)
            .ok_or_else(|| FaultKind::MemoryLimit(limit).into())
    }
}
