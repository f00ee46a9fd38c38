//! The forms that text has and trees have not, by which programs are counted.

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A caller in a file that stays C.
    Entered,
    /// Helpers in a file that stays C.
    Apart,
    /// Macros that stand for constants, bounds among them.
    Constants,
    /// Macros that stand for types.
    Types,
    /// Helpers that macros make.
    Made,
    /// Helpers whose variables are called like those of their caller.
    Colliding,
    /// Variables called like things of C++ and CUDA, and like what is emitted.
    Nasty,
    /// Bounds on either side that are not known, and cross.
    Bounds,
    /// Names that collide and shadow.
    Names,
    /// Helpers called several times.
    Repeated,
    /// Two files that use what either defines.
    Halves,
    /// Macros for loops, elements, declarations and functions.
    Macros,
    /// Restricted views, and arguments that overlap.
    Views,
    /// Memory that dies early.
    ShortLived,
    /// Bit-fields.
    BitFields,
    /// Text that depends on its line.
    Lines,
    /// Statements of the host between regions.
    Between,
    /// Subscripts in memory, which are looked at before launches.
    Inspected,
    /// Pointers in structures and arrays.
    Structures,
    /// Rows that arrays of pointers lead to.
    Rows,
    /// Loops that count in other words.
    Counted,
    /// Loops that are left early, and memory that the C library copies.
    Left,
    /// Numbers that rows compute for loops which overwrite what they are made of.
    Numbers,
    /// Loops over blocks, bounds that are products and choices, and subscripts that conditions limit.
    Blocks,
}

impl Form {
    /// Returns whether programs of the form have a second file, which stays C.
    pub fn has_c_half(self) -> bool {
        matches!(self, Self::Entered | Self::Apart | Self::Halves)
    }
}
