//! Values, pointers, and their bytes.

use crate::types::Scalar;

use super::fault::{FaultKind, Outcome, malformed};

/// A value of a C type; which type is known from where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of an integer type, in its range; `_Bool` is 0 or 1.
    Integer(i128),
    /// A `float`.
    F32(f32),
    /// A `double`.
    F64(f64),
    /// A pointer; `None` is the null pointer.
    Pointer(Option<Pointer>),
    /// A structure, byte for byte.
    Structure(Box<Bytes>),
}

/// An address: an object, and a byte in it (or one past its end).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    /// The object.
    pub object: ObjectId,
    /// Distance from its first byte.
    pub offset: i64,
}

/// Number of an object of a machine's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(super) u32);

/// Bytes, some of which may have no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// The bytes; where there is no value, what is here means nothing.
    pub data: Vec<u8>,
    /// Whether each byte has a value.
    pub is_set: Vec<bool>,
}

impl Bytes {
    /// Returns bytes that all have a value.
    pub fn set(data: Vec<u8>) -> Self {
        let is_set = vec![true; data.len()];
        Self { data, is_set }
    }
}

/// Size of a pointer in bytes, which is also its alignment.
pub(super) const POINTER_BYTES: u64 = 8;

impl Value {
    /// Returns whether C takes the value for true.
    pub(super) fn is_true(&self) -> Outcome<bool> {
        match self {
            Self::Integer(value) => Ok(*value != 0),
            Self::F32(value) => Ok(*value != 0.0),
            Self::F64(value) => Ok(*value != 0.0),
            Self::Pointer(pointer) => Ok(pointer.is_some()),
            Self::Structure(_) => malformed("a structure as a condition"),
        }
    }

    /// Returns the number, if this is an integer.
    pub fn integer(&self) -> Option<i128> {
        if let Self::Integer(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// Returns whether this can be a value of `scalar`.
    pub(super) fn fits(&self, scalar: Scalar) -> bool {
        match (self, scalar) {
            (Self::F32(_), Scalar::F32) | (Self::F64(_), Scalar::F64) => true,
            (Self::Integer(value), _) => scalar
                .integer_range()
                .is_some_and(|(least, greatest)| (least..=greatest).contains(value)),
            (Self::F32(_) | Self::F64(_) | Self::Pointer(_) | Self::Structure(_), _) => false,
        }
    }

    /// Returns the bytes of a scalar in memory, lowest address first.
    pub(crate) fn scalar_bytes(&self, scalar: Scalar) -> Outcome<([u8; 8], usize)> {
        let bits = match (self, scalar) {
            (Self::F32(value), Scalar::F32) => u64::from(value.to_bits()),
            (Self::F64(value), Scalar::F64) => value.to_bits(),
            (Self::Integer(value), _) if !scalar.is_float() => *value as u64,
            (
                Self::Integer(_)
                | Self::F32(_)
                | Self::F64(_)
                | Self::Pointer(_)
                | Self::Structure(_),
                _,
            ) => return malformed(format!("a value that is no {}", scalar.name())),
        };
        Ok((bits.to_le_bytes(), scalar.size_bytes() as usize))
    }

    /// Returns the scalar that these bytes, lowest address first, stand for.
    pub fn from_bytes(scalar: Scalar, bytes: &[u8]) -> Result<Self, FaultKind> {
        let mut raw = [0; 8];
        for (to, from) in raw.iter_mut().zip(bytes) {
            *to = *from;
        }
        let bits = u64::from_le_bytes(raw);
        Ok(match scalar {
            Scalar::F32 => Self::F32(f32::from_bits(bits as u32)),
            Scalar::F64 => Self::F64(f64::from_bits(bits)),
            Scalar::Bool if bits > 1 => return Err(FaultKind::TrapRepresentation(bits as u8)),
            Scalar::I8 => Self::Integer(i128::from(bits as i8)),
            Scalar::I16 => Self::Integer(i128::from(bits as i16)),
            Scalar::I32 => Self::Integer(i128::from(bits as i32)),
            Scalar::I64 => Self::Integer(i128::from(bits as i64)),
            Scalar::Bool | Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => {
                Self::Integer(i128::from(bits))
            }
        })
    }
}

/// Number of low bits of an address that hold the offset; the object's number plus one stands above them.
///
/// So every object starts at a multiple of 4 GiB, no two touch, and null is the address of none.
const OFFSET_BITS: u32 = 32;

impl Pointer {
    /// Returns the pointer `bytes` further, without a check of range.
    pub(super) fn moved(self, bytes: i128) -> Outcome<Self> {
        let offset = i128::from(self.offset) + bytes;
        match i64::try_from(offset) {
            Ok(offset) => Ok(Self { offset, ..self }),
            Err(_) => Err(FaultKind::PointerOutOfRange {
                object: String::new(),
                offset,
                size_bytes: 0,
            }
            .into()),
        }
    }

    /// Returns the pointer `bytes` further inside an object.
    pub(super) fn behind(self, bytes: u64) -> Self {
        let offset = self.offset.saturating_add_unsigned(bytes);
        Self { offset, ..self }
    }

    /// Returns the address as 64 bits, which [`Pointer::decode`] takes apart again.
    pub(super) fn encode(pointer: Option<Self>) -> u64 {
        pointer.map_or(0, |pointer| {
            let start = (u64::from(pointer.object.0) + 1) << OFFSET_BITS;
            start.wrapping_add_signed(pointer.offset)
        })
    }

    /// Returns the pointer with this address; whether there is such an object is not checked.
    pub(super) fn decode(address: u64) -> Result<Option<Self>, FaultKind> {
        if address == 0 {
            return Ok(None);
        }
        let object = (address >> OFFSET_BITS)
            .checked_sub(1)
            .ok_or(FaultKind::InvalidPointer(address))?;
        Ok(Some(Self {
            object: ObjectId(object as u32),
            offset: (address & ((1 << OFFSET_BITS) - 1)) as i64,
        }))
    }
}
