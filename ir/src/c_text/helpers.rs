//! Functions that stand for the operators which passes make and C does not have.

use std::fmt::Write;

use crate::types::Scalar;

const TYPES: [Scalar; 4] = [Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64];

/// An operator that C does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    Min,
    Max,
    FloorDivide,
    CeilDivide,
}

impl Helper {
    const ALL: [Self; 4] = [Self::Min, Self::Max, Self::FloorDivide, Self::CeilDivide];

    /// Returns the name of the function for a promoted integer type.
    pub(super) fn name(self, ty: Scalar) -> String {
        format!("mupac_{}_{}", self.stem(), ty.name())
    }

    fn stem(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::FloorDivide => "floor_divide",
            Self::CeilDivide => "ceil_divide",
        }
    }

    /// Returns the value in terms of `a` and `b`.
    fn value(self, ty: Scalar) -> &'static str {
        match self {
            Self::Min => "a < b ? a : b",
            Self::Max => "a > b ? a : b",
            // C's quotient is rounded toward zero, so it is one too great exactly where the remainder is negative.
            Self::FloorDivide if ty.is_signed() => "a / b - (a % b < 0 ? 1 : 0)",
            Self::FloorDivide => "a / b",
            Self::CeilDivide => "a / b + (a % b > 0 ? 1 : 0)",
        }
    }
}

/// Returns text for people, which calls the helpers `min`, `max`, `floor_divide` and `ceil_divide`, whatever the type.
pub fn with_plain_helpers(text: &str) -> String {
    let calls = Helper::ALL.map(|helper| TYPES.map(|ty| (helper, ty)));
    calls
        .iter()
        .flatten()
        .fold(text.to_owned(), |text, (helper, ty)| {
            text.replace(&helper.name(*ty), helper.stem())
        })
}

/// Returns definitions of the helpers that `text` calls, one a line, in a fixed order; empty where it calls none.
///
/// A helper is named `mupac_<min|max|floor_divide|ceil_divide>_<i32|u32|i64|u64>`, takes two values of its type and
/// gives one; divisors are positive.
/// So are the functions by which it takes bits for other numbers and makes many steps at once.
/// `qualifiers` stand before each: `static inline`, `__host__ __device__ inline`.
pub fn helper_definitions(text: &str, qualifiers: &str) -> String {
    let mut definitions = String::new();
    for helper in Helper::ALL {
        for ty in TYPES {
            let (name, value) = (helper.name(ty), helper.value(ty));
            if text.contains(&format!("{name}(")) {
                let c = ty.c_name();
                // Writing to a string does not fail.
                let _ = writeln!(
                    definitions,
                    "{qualifiers} {c} {name}({c} a, {c} b) {{ return {value}; }}"
                );
            }
        }
    }
    definitions
        + &crate::bits::definitions(text, qualifiers)
        + &crate::advance::definitions(text, qualifiers)
}
