//! Places: from a variable and a path to bytes of memory.

use crate::arena::Handle;
use crate::expr::{Place, Projection};
use crate::function::Var;
use crate::types::{Scalar, Type};

use super::activation::Activation;
use super::fault::{FaultKind, Outcome, malformed};
use super::scope::Slot;
use super::value::{POINTER_BYTES, Pointer, Value};

/// Where a place is, and what is there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Location<'m> {
    /// The whole of a variable that is kept as a value.
    Slot(Handle<Var>, &'m Type),
    /// In memory; `None` is reached through a null pointer.
    Memory(Option<Pointer>, &'m Type),
}

impl<'m> Location<'m> {
    /// Returns the type of what is there.
    pub(super) fn ty(self) -> &'m Type {
        match self {
            Self::Slot(_, ty) | Self::Memory(_, ty) => ty,
        }
    }
}

/// What a place is located for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To read or write it: every subscript is below its array's length.
    Access,
    /// For its address: the last subscript may be one past the end.
    Address,
    /// As the end of a range of places, which need not be there: no subscript is checked.
    End,
}

impl<'m> Activation<'_, 'm> {
    /// Finds a place.
    pub(super) fn locate(&mut self, place: &'m Place, purpose: Purpose) -> Outcome<Location<'m>> {
        let mut location = self.locate_var(place.var)?;
        for (position, step) in place.path.iter().enumerate() {
            let is_last = position + 1 == place.path.len();
            let past = match purpose {
                Purpose::Address if is_last => Some(1),
                Purpose::Access | Purpose::Address => Some(0),
                Purpose::End => None,
            };
            location = match step {
                Projection::Index(index) => {
                    let index = self.integer(*index)?;
                    self.index(location, index, past)?
                }
                Projection::Field(field) => self.field(location, *field as usize)?,
            };
        }
        Ok(location)
    }

    /// Finds a whole variable.
    pub(super) fn locate_var(&mut self, handle: Handle<Var>) -> Outcome<Location<'m>> {
        let var = self.var(handle)?;
        Ok(match self.slot(handle)? {
            Slot::Memory(pointer) | Slot::Borrowed(pointer) => {
                Location::Memory(Some(*pointer), &var.ty)
            }
            Slot::Value(_) => Location::Slot(handle, &var.ty),
            Slot::Absent => return Err(FaultKind::DeadObject(var.name.clone()).into()),
        })
    }

    /// Finds an element, which may lie so many past the last one of an array; `None`: anywhere.
    fn index(
        &mut self,
        location: Location<'m>,
        index: i128,
        past: Option<i128>,
    ) -> Outcome<Location<'m>> {
        let (start, element) = match (location.ty(), location) {
            (Type::Pointer { to, .. }, _) => match self.read(location)? {
                Value::Pointer(start) => (start, &**to),
                Value::Integer(_) | Value::F32(_) | Value::F64(_) | Value::Structure(_) => {
                    return malformed("a subscript on something that is no pointer");
                }
            },
            (Type::Array { of, length }, Location::Memory(start, _)) => {
                let length = self.length(length)?;
                if past.is_some_and(|past| !(0..length + past).contains(&index)) {
                    return Err(FaultKind::Subscript { index, length }.into());
                }
                (start, &**of)
            }
            (
                Type::Void
                | Type::Scalar(_)
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_),
                _,
            ) => return malformed("a subscript on something that is no array"),
        };
        let pointer = self.offset(start, index, element)?;
        Ok(Location::Memory(pointer, element))
    }

    fn field(&mut self, location: Location<'m>, field: usize) -> Outcome<Location<'m>> {
        let Location::Memory(start, Type::Record(record)) = location else {
            return malformed("a member of something that is no structure");
        };
        let record = self.machine.module.records.get(*record);
        let Some(field) = record.and_then(|record| record.fields.get(field)) else {
            return malformed("a member that the structure does not have");
        };
        let Some(start) = start else {
            return Err(FaultKind::NullPointer.into());
        };
        let pointer = start.moved(i128::from(field.offset_bytes))?;
        Ok(Location::Memory(Some(pointer), &field.ty))
    }

    /// Returns the address `index` elements further, without a check of range.
    pub(super) fn offset(
        &mut self,
        start: Option<Pointer>,
        index: i128,
        element: &'m Type,
    ) -> Outcome<Option<Pointer>> {
        let size = self.size(element)?;
        match start {
            Some(start) => start.moved(byte_distance(index, size)).map(Some),
            None if index == 0 => Ok(None),
            None => Err(FaultKind::NullPointer.into()),
        }
    }

    /// Returns the value at a location.
    pub(super) fn read(&mut self, location: Location<'m>) -> Outcome<Value> {
        match location {
            Location::Slot(handle, _) => match self.slot(handle)? {
                Slot::Value(Some(value)) => Ok(value.clone()),
                Slot::Value(None) | Slot::Absent | Slot::Memory(_) | Slot::Borrowed(_) => {
                    Err(FaultKind::Uninitialised(self.var(handle)?.name.clone()).into())
                }
            },
            Location::Memory(pointer, ty) => self.load(pointer, ty),
        }
    }

    /// Puts a value at a location.
    pub(super) fn write(&mut self, location: Location<'m>, value: Value) -> Outcome<()> {
        match location {
            Location::Slot(handle, _) => self.assign_var(handle, value),
            Location::Memory(Some(pointer), ty) => self.store(pointer, ty, value),
            Location::Memory(None, _) => Err(FaultKind::NullPointer.into()),
        }
    }

    /// Returns the value of type `ty` at an address.
    pub(super) fn load(&mut self, pointer: Option<Pointer>, ty: &'m Type) -> Outcome<Value> {
        let (agent, alignment) = (self.context.agent, self.alignment(ty));
        let size = self.size(ty)?;
        let memory = &mut self.machine.memory;
        match ty {
            Type::Scalar(scalar) => {
                let bytes = memory.load(agent, pointer, size, alignment)?;
                Ok(Value::from_bytes(*scalar, bytes)?)
            }
            Type::Pointer { .. } => {
                let bytes = memory.load(agent, pointer, size, alignment)?;
                let address = Value::from_bytes(Scalar::U64, bytes)?;
                let address = address.integer().unwrap_or_default() as u64;
                Ok(Value::Pointer(Pointer::decode(address)?))
            }
            Type::Record(_) => {
                let bytes = memory.load_raw(agent, pointer, size, alignment)?;
                let doubts = self.machine.doubts.as_ref();
                if doubts
                    .zip(pointer)
                    .is_some_and(|(doubts, at)| doubts.touches(at, size))
                {
                    // Doubts are not followed through structures.
                    self.give_up_doubts();
                }
                Ok(Value::Structure(Box::new(bytes)))
            }
            Type::Void | Type::Array { .. } | Type::Opaque(_) => {
                malformed("a value of a type that has none")
            }
        }
    }

    /// Puts a value of type `ty` into memory.
    pub(super) fn store(&mut self, pointer: Pointer, ty: &'m Type, value: Value) -> Outcome<()> {
        let (agent, alignment) = (self.context.agent, self.alignment(ty));
        let memory = &mut self.machine.memory;
        match (ty, value) {
            (Type::Scalar(scalar), value) => {
                let (bytes, size) = value.scalar_bytes(*scalar)?;
                memory.store(agent, Some(pointer), &bytes[..size], alignment)
            }
            (Type::Pointer { .. }, Value::Pointer(value)) => {
                let bytes = Pointer::encode(value).to_le_bytes();
                memory.store(agent, Some(pointer), &bytes, POINTER_BYTES)
            }
            (Type::Record(_), Value::Structure(bytes)) => {
                memory.store_raw(agent, Some(pointer), &bytes, alignment)?;
                if let Some(doubts) = &mut self.machine.doubts {
                    doubts.forget(pointer, bytes.data.len() as u64);
                }
                Ok(())
            }
            (
                Type::Void
                | Type::Pointer { .. }
                | Type::Array { .. }
                | Type::Record(_)
                | Type::Opaque(_),
                _,
            ) => malformed("a value that does not fit its place"),
        }
    }
}

/// Returns `index * size`, saturated far outside every object.
pub(super) fn byte_distance(index: i128, size: u64) -> i128 {
    // Nearly every product is one of two words, which is much faster than one of two double words.
    match (i64::try_from(index), i64::try_from(size)) {
        (Ok(index), Ok(size)) => i128::from(index) * i128::from(size),
        (Err(_), _) | (_, Err(_)) => index.saturating_mul(i128::from(size)),
    }
}
