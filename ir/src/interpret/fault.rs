//! Why an execution stopped: undefined behaviour, a limit, or something the interpreter does not know.

use crate::span::Span;
use crate::types::Scalar;

/// An execution that did not end as C defines it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// The innermost piece of source that was running; unknown where the code has no source.
    pub at: Span,
}

impl Fault {
    /// Returns the fault with a place, unless it already has one.
    #[must_use]
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "faults travel in the box that `Outcome` needs"
    )]
    pub(super) fn at(mut self: Box<Self>, span: Span) -> Box<Self> {
        if self.at.is_unknown() {
            self.at = span;
        }
        self
    }
}

impl From<FaultKind> for Box<Fault> {
    fn from(kind: FaultKind) -> Self {
        Self::new(Fault {
            kind,
            at: Span::default(),
        })
    }
}

/// What a fault says about the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultClass {
    /// C gives this execution no meaning.
    Undefined,
    /// Threads of a kernel do what no order of theirs allows; C has no such notion.
    Device,
    /// The execution is longer or larger than the host of the interpreter wanted.
    Limit,
    /// The interpreter does not know what happens here.
    Unsupported,
    /// The tree is not one that `verify` accepts, or the host passed what the function does not take.
    Malformed,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultKind {
    /// A signed result does not fit its type (C17 6.5 §5).
    #[error("signed overflow: the result does not fit {}", .0.c_name())]
    SignedOverflow(Scalar),
    /// Division or remainder by zero (C17 6.5.5 §5).
    #[error("division by zero")]
    DivisionByZero,
    /// A shift by a negative amount or by the width or more (C17 6.5.7 §3).
    #[error("shift of {bits} bits by {amount}")]
    ShiftAmount {
        /// The right operand.
        amount: i128,
        /// Width of the left operand.
        bits: u32,
    },
    /// A floating value whose whole part does not fit the integer type (C17 6.3.1.4 §1).
    #[error("{value} does not fit {}", .to.c_name())]
    FloatToInteger {
        /// The value.
        value: f64,
        /// The type it is converted to.
        to: Scalar,
    },
    /// A subscript outside the declared length of its array, even if memory continues there (C17 6.5.6 §8).
    #[error("subscript {index} of an array of {length} elements")]
    Subscript {
        /// The subscript.
        index: i128,
        /// Number of elements.
        length: i128,
    },
    /// An access outside its object.
    #[error("access to bytes {offset}..{end} of `{object}`, which has {size_bytes}")]
    OutOfBounds {
        /// Name of the object.
        object: String,
        /// First byte of the access.
        offset: i128,
        /// One past its last byte.
        end: i128,
        /// Size of the object.
        size_bytes: u64,
    },
    /// A pointer computed to neither inside its object nor one past its end (C17 6.5.6 §8).
    #[error("pointer to byte {offset} of `{object}`, which has {size_bytes}")]
    PointerOutOfRange {
        /// Name of the object.
        object: String,
        /// The byte.
        offset: i128,
        /// Size of the object.
        size_bytes: u64,
    },
    /// Use of an object outside its lifetime (C17 6.2.4 §2).
    #[error("use of `{0}` outside its lifetime")]
    DeadObject(String),
    /// Read of a value that was never stored (C17 6.3.2.1 §2, J.2).
    #[error("read of `{0}`, which has no value yet")]
    Uninitialised(String),
    /// Access through, or arithmetic on, a null pointer.
    #[error("use of a null pointer")]
    NullPointer,
    /// Bits that are the address of no object.
    #[error("{0:#x} is the address of no object")]
    InvalidPointer(u64),
    /// Order or distance of pointers into different objects (C17 6.5.6 §9, 6.5.8 §5).
    #[error("comparison of pointers into `{0}` and `{1}`")]
    DifferentObjects(String, String),
    /// An access at an address that is not a multiple of the type's alignment (C17 6.3.2.3 §7).
    #[error("access to byte {offset} of `{object}`, which is no multiple of {alignment}")]
    Misaligned {
        /// Name of the object.
        object: String,
        /// First byte of the access.
        offset: i128,
        /// What it must be a multiple of.
        alignment: u64,
    },
    /// A write to a string literal (C17 6.4.5 §7).
    #[error("write to a string literal")]
    ReadOnly,
    /// A `_Bool` whose byte is neither 0 nor 1.
    #[error("a `_Bool` holds {0}")]
    TrapRepresentation(u8),
    /// `free` of something that `malloc` did not return, or twice (C17 7.22.3.3 §2).
    #[error("free of `{0}`, which is not allocated or does not start there")]
    BadFree(String),
    /// Use of the result of a function that returned none (C17 6.9.1 §12).
    #[error("`{0}` ended without returning a value")]
    MissingReturn(String),
    /// A variable-length array of no or negative length (C17 6.7.6.2 §5).
    #[error("array of {0} elements")]
    ArrayLength(i128),
    /// A library function outside its domain (`abs(INT_MIN)`).
    #[error("`{0}` has no result for its arguments")]
    LibraryDomain(String),
    /// A copy between overlapping ranges by `memcpy` (C17 7.24.2.1 §2).
    #[error("memcpy between overlapping ranges of `{0}`")]
    OverlappingCopy(String),

    /// Host code used device memory, or a kernel host memory.
    #[error("use of `{0}` from the wrong side of the bus")]
    WrongSide(String),
    /// Host code read what only the device has, or wrote or freed what the device has a copy of for later.
    #[error("use of `{0}`, of which the device keeps a copy")]
    Stale(String),
    /// Two threads of one launch touched the same byte, and at least one wrote.
    #[error("threads {first} and {second} race on byte {offset} of `{object}`")]
    Race {
        /// Name of the object.
        object: String,
        /// The byte.
        offset: u64,
        /// Number of the thread that came first, in the order of block and thread index.
        first: u64,
        /// Number of the other.
        second: u64,
    },

    /// A barrier that some threads of the block come to and others do not.
    #[error("{arrived} of {threads} threads of a block come to a barrier")]
    DivergentBarrier {
        /// How many come.
        arrived: usize,
        /// How many the block has.
        threads: usize,
    },

    /// More statements than allowed.
    #[error("more than {0} statements")]
    StatementLimit(u64),
    /// Calls, blocks and expressions nested deeper than allowed.
    #[error("nesting deeper than {0}")]
    NestingLimit(u32),
    /// More memory than allowed.
    #[error("more than {0} bytes of memory")]
    MemoryLimit(u64),

    /// Something without a meaning here: verbatim text, an unmodelled type, a global without a value.
    #[error("cannot execute {0}")]
    Unsupported(String),
    /// A call of a function that is neither in the module nor known.
    #[error("cannot call `{0}`, which is not in this file")]
    UnknownFunction(String),
    /// The tree breaks a rule of the representation.
    #[error("malformed tree: {0}")]
    Malformed(String),
    /// The host passed arguments that the function does not take.
    #[error("arguments do not fit `{0}`")]
    Arguments(String),
}

impl FaultKind {
    /// Returns what the fault says about the program.
    pub fn class(&self) -> FaultClass {
        match self {
            Self::SignedOverflow(_)
            | Self::DivisionByZero
            | Self::ShiftAmount { .. }
            | Self::FloatToInteger { .. }
            | Self::Subscript { .. }
            | Self::OutOfBounds { .. }
            | Self::PointerOutOfRange { .. }
            | Self::DeadObject(_)
            | Self::Uninitialised(_)
            | Self::NullPointer
            | Self::InvalidPointer(_)
            | Self::DifferentObjects(..)
            | Self::Misaligned { .. }
            | Self::ReadOnly
            | Self::TrapRepresentation(_)
            | Self::BadFree(_)
            | Self::MissingReturn(_)
            | Self::ArrayLength(_)
            | Self::LibraryDomain(_)
            | Self::OverlappingCopy(_) => FaultClass::Undefined,
            Self::WrongSide(_)
            | Self::Stale(_)
            | Self::Race { .. }
            | Self::DivergentBarrier { .. } => FaultClass::Device,
            Self::StatementLimit(_) | Self::NestingLimit(_) | Self::MemoryLimit(_) => {
                FaultClass::Limit
            }
            Self::Unsupported(_) | Self::UnknownFunction(_) => FaultClass::Unsupported,
            Self::Malformed(_) | Self::Arguments(_) => FaultClass::Malformed,
        }
    }
}

/// Result of anything that executes; boxed, because faults are large and rare.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

/// Returns the fault of a tree that `verify` would not accept.
pub(super) fn malformed<T>(what: impl Into<String>) -> Outcome<T> {
    Err(FaultKind::Malformed(what.into()).into())
}

/// Returns the fault of something that cannot be executed.
pub(super) fn unsupported<T>(what: impl Into<String>) -> Outcome<T> {
    Err(FaultKind::Unsupported(what.into()).into())
}
