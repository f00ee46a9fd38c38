//! What is asked before a region launches.

use crate::arena::Handle;
use crate::buffer::Buffer;
use crate::expr::{Expr, Place};
use crate::inspection::Inspection;

/// A condition that the proof needs, tested before the first launch.
#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// The loop runs at least once, an index stays in its type, a grid stays within the device's limits.
    Holds {
        /// A truth value over scalars in scope, evaluated without overflow.
        condition: Handle<Expr>,
        /// For the report: `loop-runs`, `grid-limit`, `no-wrap`.
        kind: &'static str,
    },
    /// Two buffers share no byte, but for what `how` allows.
    NoOverlap {
        /// One buffer.
        a: Handle<Buffer>,
        /// The other.
        b: Handle<Buffer>,
        /// Which bytes are meant.
        how: Separation,
    },
    /// A buffer does not contain what the host reads: a variable, or what lies in memory.
    Apart {
        /// The buffer, written by a kernel.
        buffer: Handle<Buffer>,
        /// The variable, or the places in memory.
        read: Read,
    },
    /// Every byte of a buffer is memory that the process can read: copying it in cannot fault, although the original may
    /// not touch all of it. No kernel looks at bytes that the original does not touch.
    Accessible {
        /// The buffer.
        buffer: Handle<Buffer>,
    },
    /// A pass over the iterations finds the subscripts of an array as the proof needs them. Guards after it may name what
    /// it leaves behind.
    Inspected {
        /// The pass.
        inspection: Handle<Inspection>,
        /// For the report, see [`Inspection::kind`].
        kind: &'static str,
    },
    /// There is enough to do: `work` is at least the threshold.
    Worthwhile {
        /// A number of iterations, as an `f64` so that it cannot overflow.
        work: Handle<Expr>,
        /// Which.
        counts: Counts,
        /// How many pay for launch and copies.
        threshold: u64,
    },
}

/// What of two buffers is apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separation {
    /// Their ranges share no byte.
    Whole,
    /// Both are [`Rows`](crate::Rows), which share no byte but may lie between one another.
    ByRows,
    /// Their ranges share no byte, or begin with the same one: kernels then read a snapshot of the buffer that they do not
    /// write.
    OrSame,
}

/// What a number of iterations counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Those that run in parallel.
    Parallel,
    /// All of the deepest nest.
    All,
}

impl Guard {
    /// Returns the word of reports: `no-overlap`, `loop-runs`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Holds { kind, .. } | Self::Inspected { kind, .. } => kind,
            Self::NoOverlap { .. } => "no-overlap",
            Self::Apart { .. } => "apart",
            Self::Accessible { .. } => "accessible",
            Self::Worthwhile { .. } => "worthwhile",
        }
    }
}

/// What the host reads for a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// A variable, or a place in memory, the first of several.
    pub place: Place,
    /// How many such places lie there one behind the other, an `i64`; `None`: this one.
    pub count: Option<Handle<Expr>>,
    /// Of how many pointers one behind the other, an `i64`, as many such places lie behind each, beside the pointers: the place
    /// then starts with the first of these; `None`: no pointers.
    pub planes: Option<Handle<Expr>>,
}

impl Read {
    /// Returns how many places there are, and of how many pointers.
    pub fn counts(&self) -> impl Iterator<Item = Handle<Expr>> + use<> {
        self.count.into_iter().chain(self.planes)
    }
}

impl From<Place> for Read {
    fn from(place: Place) -> Self {
        Self {
            place,
            count: None,
            planes: None,
        }
    }
}
