//! C's types as the IR knows them, on an LP64 target (`int` 32 bits, `long` and pointers 64 bits).

use crate::arena::Handle;
use crate::expr::Expr;

/// An arithmetic type.
///
/// Width and signedness only: `long` and `long long` are both `I64`, `char` is `I8`, an enumeration is its integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// `_Bool`.
    Bool,
    /// 8-bit signed.
    I8,
    /// 8-bit unsigned.
    U8,
    /// 16-bit signed.
    I16,
    /// 16-bit unsigned.
    U16,
    /// 32-bit signed, `int`.
    I32,
    /// 32-bit unsigned.
    U32,
    /// 64-bit signed, `long`.
    I64,
    /// 64-bit unsigned, `size_t`.
    U64,
    /// IEEE binary32.
    F32,
    /// IEEE binary64.
    F64,
}

impl Scalar {
    /// All of them, in order of rank.
    pub const ALL: [Self; 11] = [
        Self::Bool,
        Self::I8,
        Self::U8,
        Self::I16,
        Self::U16,
        Self::I32,
        Self::U32,
        Self::I64,
        Self::U64,
        Self::F32,
        Self::F64,
    ];

    /// Returns the size in bytes, which is also the alignment.
    pub fn size_bytes(self) -> u64 {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// Returns the width in bits; 1 for `_Bool`.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bool => 1,
            Self::I8
            | Self::U8
            | Self::I16
            | Self::U16
            | Self::I32
            | Self::U32
            | Self::I64
            | Self::U64
            | Self::F32
            | Self::F64 => self.size_bytes() as u32 * 8,
        }
    }

    /// Returns the format of floating-point numbers, `None` for integers.
    pub fn precision(self) -> Option<Precision> {
        match self {
            Self::F32 => Some(Precision::Single),
            Self::F64 => Some(Precision::Double),
            Self::Bool
            | Self::I8
            | Self::U8
            | Self::I16
            | Self::U16
            | Self::I32
            | Self::U32
            | Self::I64
            | Self::U64 => None,
        }
    }

    /// Returns whether this is `F32` or `F64`.
    pub fn is_float(self) -> bool {
        self.precision().is_some()
    }

    /// Returns whether negative values exist.
    pub fn is_signed(self) -> bool {
        matches!(
            self,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::F32 | Self::F64
        )
    }

    /// Returns the least and greatest value of an integer type (0 and 1 for `_Bool`), `None` for floats.
    pub fn integer_range(self) -> Option<(i128, i128)> {
        match self {
            Self::F32 | Self::F64 => None,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 => {
                let half = 1_i128 << (self.bits() - 1);
                Some((-half, half - 1))
            }
            Self::Bool | Self::U8 | Self::U16 | Self::U32 | Self::U64 => {
                Some((0, (1_i128 << self.bits()) - 1))
            }
        }
    }

    /// Returns whether both are integer types and `other` has every value of this one.
    pub fn fits_in(self, other: Self) -> bool {
        let ranges = self.integer_range().zip(other.integer_range());
        ranges.is_some_and(|(own, other)| other.0 <= own.0 && own.1 <= other.1)
    }

    /// Returns the type after C's integer promotion.
    ///
    /// **Source**: C17 6.3.1.1 §2.
    #[must_use]
    pub fn promoted(self) -> Self {
        match self {
            Self::Bool | Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::I32 => Self::I32,
            Self::U32 | Self::I64 | Self::U64 | Self::F32 | Self::F64 => self,
        }
    }

    /// Returns the common type of two operands after C's usual arithmetic conversions.
    ///
    /// **Source**: C17 6.3.1.8.
    #[must_use]
    pub fn usual(self, other: Self) -> Self {
        let (a, b) = (self.promoted(), other.promoted());
        // The declaration order is the conversion rank: I32 < U32 < I64 < U64 < F32 < F64.
        if a > b { a } else { b }
    }

    /// Returns the name in the text form: `i32`, `f64`, `bool`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "i8",
            Self::U8 => "u8",
            Self::I16 => "i16",
            Self::U16 => "u16",
            Self::I32 => "i32",
            Self::U32 => "u32",
            Self::I64 => "i64",
            Self::U64 => "u64",
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// Returns the spelling in C and C++: `int`, `unsigned long`, `bool`.
    pub fn c_name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "signed char",
            Self::U8 => "unsigned char",
            Self::I16 => "short",
            Self::U16 => "unsigned short",
            Self::I32 => "int",
            Self::U32 => "unsigned",
            Self::I64 => "long",
            Self::U64 => "unsigned long",
            Self::F32 => "float",
            Self::F64 => "double",
        }
    }
}

/// A format of floating-point numbers.
///
/// **Source**: IEEE 754-2019, 3.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// binary32.
    Single,
    /// binary64.
    Double,
}

/// A C type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `void`, as a result or behind a pointer.
    Void,
    /// An arithmetic type.
    Scalar(Scalar),
    /// A pointer; `is_const` says that the pointee is `const`.
    Pointer {
        /// What it points to.
        to: Box<Type>,
        /// Whether the pointee is `const`.
        is_const: bool,
    },
    /// An array object; as a parameter C has already turned it into a pointer.
    Array {
        /// Type of one element.
        of: Box<Type>,
        /// Number of elements.
        length: Extent,
    },
    /// A structure.
    Record(Handle<Record>),
    /// A type the IR does not model (union, function, complex, vector, `long double`); its C spelling.
    Opaque(String),
}

impl Type {
    /// Returns the scalar, if this is one.
    pub fn scalar(&self) -> Option<Scalar> {
        if let Self::Scalar(scalar) = self {
            Some(*scalar)
        } else {
            None
        }
    }

    /// Returns whether nothing is known of objects of this type: a pointer to it leads to a function, or to memory without a type.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Void | Self::Opaque(_))
    }

    /// Returns what indexing once yields: the pointee or the element.
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::Pointer { to, .. } => Some(to),
            Self::Array { of, .. } => Some(of),
            Self::Void | Self::Scalar(_) | Self::Record(_) | Self::Opaque(_) => None,
        }
    }

    /// Returns how many elements an array of fixed length has.
    pub fn fixed_length(&self) -> Option<u64> {
        match self {
            Self::Array {
                length: Extent::Fixed(length),
                ..
            } => Some(*length),
            Self::Array { .. }
            | Self::Void
            | Self::Scalar(_)
            | Self::Pointer { .. }
            | Self::Record(_)
            | Self::Opaque(_) => None,
        }
    }

    /// Returns the number of array levels above the innermost element type (not through pointers).
    pub fn array_levels(&self) -> usize {
        match self {
            Self::Array { of, .. } => 1 + of.array_levels(),
            Self::Void
            | Self::Scalar(_)
            | Self::Pointer { .. }
            | Self::Record(_)
            | Self::Opaque(_) => 0,
        }
    }

    /// Returns the innermost element type below all array levels (not through pointers).
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Array { of, .. } => of.innermost(),
            Self::Void
            | Self::Scalar(_)
            | Self::Pointer { .. }
            | Self::Record(_)
            | Self::Opaque(_) => self,
        }
    }

    /// Returns a pointer to this type.
    #[must_use]
    pub fn pointer(self, is_const: bool) -> Self {
        Self::Pointer {
            to: Box::new(self),
            is_const,
        }
    }
}

impl From<Scalar> for Type {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}

/// Number of elements of an array type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Known when compiling.
    Fixed(u64),
    /// A variable-length array: an integer expression of the function that declares it, over variables that the
    /// function never assigns after the declaration (the front end makes a copy where C code would).
    Variable(Handle<Expr>),
    /// `T a[]`: an incomplete array.
    Unknown,
}

/// A structure type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its C spelling: `struct body` or the typedef's name.
    pub name: String,
    /// In order of declaration.
    pub fields: Vec<Field>,
    /// Size with padding, in bytes.
    pub size_bytes: u64,
    /// Alignment in bytes.
    pub align_bytes: u64,
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in C.
    pub name: String,
    /// Type; a bit-field is `Opaque`.
    pub ty: Type,
    /// Offset from the start of the structure, in bytes.
    pub offset_bytes: u64,
    /// The enumeration that its values, or those of its elements, are of in C, where it has a name: C++ converts no number to
    /// one by itself; not part of the text form.
    pub enumeration: Option<String>,
    /// For a pointer: whether all that it ever holds is null or what an allocator returned; not part of the text form.
    pub leads_to_block: bool,
}
