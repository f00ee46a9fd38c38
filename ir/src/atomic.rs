//! Indivisible changes of an element that several threads may make at the same time: calls in the body of a kernel.

/// What a call in a kernel does to the element that its first argument points to, given a value as the second.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Atomic Functions”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtomicOperation {
    /// Adds modulo a power of two.
    Add,
    /// Keeps the smaller.
    Minimum,
    /// Keeps the greater.
    Maximum,
    /// Keeps the bits that both have.
    BitAnd,
    /// Keeps the bits that one has.
    BitOr,
    /// Keeps the bits that one has and the other has not.
    BitXor,
    /// Stores the value.
    Exchange,
}

impl AtomicOperation {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Minimum,
        Self::Maximum,
        Self::BitAnd,
        Self::BitOr,
        Self::BitXor,
        Self::Exchange,
    ];

    /// Returns the function of CUDA, which is what the call names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "atomicAdd",
            Self::Minimum => "atomicMin",
            Self::Maximum => "atomicMax",
            Self::BitAnd => "atomicAnd",
            Self::BitOr => "atomicOr",
            Self::BitXor => "atomicXor",
            Self::Exchange => "atomicExch",
        }
    }

    /// Returns the operation that a call names.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
}
