//! The pure functions of the C library that expressions may call: their types and what they compute.
//!
//! This table decides which names an [`ExprKind::Call`](crate::ExprKind::Call) may have.
//! How a back end spells them, and whether a device agrees to the last bit, is for others, who read [`Accuracy`].

use crate::types::Scalar;

/// A pure function of the C library.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name in C.
    pub name: &'static str,
    /// What it computes.
    pub operation: Operation,
    /// How far platforms agree on the result.
    pub accuracy: Accuracy,
}

/// How far platforms agree on the result of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Accuracy {
    /// Exact or correctly rounded, so the same bits everywhere (the payload and sign of a NaN excepted).
    Exact,
    /// Exact, except that either zero may come back when the operands are zeros of different sign.
    ExactButZeroSign,
    /// Good to a few units in the last place; every library has its own last bits.
    Library,
}

/// The computation, by the types of operands and result.
///
/// Functions of [`Accuracy::Library`] are Rust's, which differ from the platform's C library in the last place at times
/// (`cbrt`); the others give the C library's bits.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// `double f(double)`.
    F64(fn(f64) -> f64),
    /// `double f(double, double)`.
    F64Pair(fn(f64, f64) -> f64),
    /// `double f(double, double, double)`.
    F64Triple(fn(f64, f64, f64) -> f64),
    /// `float f(float)`.
    F32(fn(f32) -> f32),
    /// `float f(float, float)`.
    F32Pair(fn(f32, f32) -> f32),
    /// `float f(float, float, float)`.
    F32Triple(fn(f32, f32, f32) -> f32),
    /// `int f(int)`; `None` where the result does not fit, which is undefined.
    I32(fn(i32) -> Option<i32>),
    /// The bits of a `float` as an unsigned integer.
    BitsOfF32,
    /// The bits of a `double` as an unsigned integer.
    BitsOfF64,
    /// The `float` with these bits.
    F32OfBits,
    /// The `double` with these bits.
    F64OfBits,
    /// `long f(long)`; `None` where the result does not fit, which is undefined.
    I64(fn(i64) -> Option<i64>),
    /// `long f(double)`; `None` where the result does not fit, which is unspecified.
    I64OfF64(fn(f64) -> Option<i64>),
    /// `long f(float)`; the same.
    I64OfF32(fn(f32) -> Option<i64>),
    /// `int f(unsigned)`; `None` where the result is undefined.
    I32OfU32(fn(u32) -> Option<u32>),
    /// `int f(unsigned long)`; the same.
    I32OfU64(fn(u64) -> Option<u32>),
    /// The state after some steps of a generator of 32 bits ([`crate::advance`]).
    AdvanceU32,
    /// The same of 64 bits.
    AdvanceU64,
}

impl Builtin {
    /// Returns the function of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        let all = ALL.iter().chain(LATER).chain(BITS).chain(STEPS);
        let all = all.chain(COMPILER);
        all.into_iter().find(|builtin| builtin.name == name)
    }

    /// Returns the functions of the C library that the networks have words for.
    pub fn with_words() -> &'static [Self] {
        ALL
    }

    /// Returns the other functions of the C library.
    pub fn without_words() -> &'static [Self] {
        LATER
    }

    /// Returns the types of the parameters.
    pub fn parameters(&self) -> &'static [Scalar] {
        match self.operation {
            Operation::F64(_) | Operation::BitsOfF64 | Operation::I64OfF64(_) => &[Scalar::F64],
            Operation::F64Pair(_) => &[Scalar::F64; 2],
            Operation::F64Triple(_) => &[Scalar::F64; 3],
            Operation::F32(_) | Operation::BitsOfF32 | Operation::I64OfF32(_) => &[Scalar::F32],
            Operation::F32Pair(_) => &[Scalar::F32; 2],
            Operation::F32Triple(_) => &[Scalar::F32; 3],
            Operation::I32(_) => &[Scalar::I32],
            Operation::I64(_) => &[Scalar::I64],
            Operation::F32OfBits | Operation::I32OfU32(_) => &[Scalar::U32],
            Operation::F64OfBits | Operation::I32OfU64(_) => &[Scalar::U64],
            Operation::AdvanceU32 => &[Scalar::U32, Scalar::U32, Scalar::U32, Scalar::U64],
            Operation::AdvanceU64 => &[Scalar::U64; 4],
        }
    }

    /// Returns the type of the result.
    pub fn result(&self) -> Scalar {
        match self.operation {
            Operation::F64(_)
            | Operation::F64Pair(_)
            | Operation::F64Triple(_)
            | Operation::F64OfBits => Scalar::F64,
            Operation::F32(_)
            | Operation::F32Pair(_)
            | Operation::F32Triple(_)
            | Operation::F32OfBits => Scalar::F32,
            Operation::I32(_) | Operation::I32OfU32(_) | Operation::I32OfU64(_) => Scalar::I32,
            Operation::I64(_) | Operation::I64OfF64(_) | Operation::I64OfF32(_) => Scalar::I64,
            Operation::BitsOfF32 | Operation::AdvanceU32 => Scalar::U32,
            Operation::BitsOfF64 | Operation::AdvanceU64 => Scalar::U64,
        }
    }
}

/// Functions that came after the networks that propose plans were trained, which have no words for them.
const LATER: &[Builtin] = &[
    row("fdim", Operation::F64Pair(libm::fdim), Accuracy::Exact),
    row("fdimf", Operation::F32Pair(libm::fdimf), Accuracy::Exact),
    row(
        "remainder",
        Operation::F64Pair(libm::remainder),
        Accuracy::Exact,
    ),
    row(
        "remainderf",
        Operation::F32Pair(libm::remainderf),
        Accuracy::Exact,
    ),
    row("lrint", Operation::I64OfF64(to_even), Accuracy::Exact),
    row("llrint", Operation::I64OfF64(to_even), Accuracy::Exact),
    row("lround", Operation::I64OfF64(away), Accuracy::Exact),
    row("llround", Operation::I64OfF64(away), Accuracy::Exact),
    row("lrintf", Operation::I64OfF32(to_even_f32), Accuracy::Exact),
    row("llrintf", Operation::I64OfF32(to_even_f32), Accuracy::Exact),
    row("lroundf", Operation::I64OfF32(away_f32), Accuracy::Exact),
    row("llroundf", Operation::I64OfF32(away_f32), Accuracy::Exact),
    row("asinh", Operation::F64(libm::asinh), Accuracy::Library),
    row("asinhf", Operation::F32(libm::asinhf), Accuracy::Library),
    row("acosh", Operation::F64(libm::acosh), Accuracy::Library),
    row("acoshf", Operation::F32(libm::acoshf), Accuracy::Library),
    row("atanh", Operation::F64(libm::atanh), Accuracy::Library),
    row("atanhf", Operation::F32(libm::atanhf), Accuracy::Library),
    row("erf", Operation::F64(libm::erf), Accuracy::Library),
    row("erff", Operation::F32(libm::erff), Accuracy::Library),
    row("erfc", Operation::F64(libm::erfc), Accuracy::Library),
    row("erfcf", Operation::F32(libm::erfcf), Accuracy::Library),
];

/// Functions that gcc and clang have of their own (GCC manual, “Bit Operation Builtins”), which a device has by other names.
const COMPILER: &[Builtin] = &[
    row(
        "__builtin_popcount",
        Operation::I32OfU32(|a| Some(a.count_ones())),
        Accuracy::Exact,
    ),
    row(
        "__builtin_popcountl",
        Operation::I32OfU64(|a| Some(a.count_ones())),
        Accuracy::Exact,
    ),
    row(
        "__builtin_popcountll",
        Operation::I32OfU64(|a| Some(a.count_ones())),
        Accuracy::Exact,
    ),
    row("__builtin_clz", Operation::I32OfU32(zeros), Accuracy::Exact),
    row(
        "__builtin_clzl",
        Operation::I32OfU64(zeros_u64),
        Accuracy::Exact,
    ),
    row(
        "__builtin_clzll",
        Operation::I32OfU64(zeros_u64),
        Accuracy::Exact,
    ),
];

/// What takes bits for another number ([`crate::bits`]).
const BITS: &[Builtin] = &[
    row("mupac_bits_of_f32", Operation::BitsOfF32, Accuracy::Exact),
    row("mupac_bits_of_f64", Operation::BitsOfF64, Accuracy::Exact),
    row("mupac_f32_of_bits", Operation::F32OfBits, Accuracy::Exact),
    row("mupac_f64_of_bits", Operation::F64OfBits, Accuracy::Exact),
];

/// What makes many steps at once ([`crate::advance`]).
const STEPS: &[Builtin] = &[
    row("mupac_advance_u32", Operation::AdvanceU32, Accuracy::Exact),
    row("mupac_advance_u64", Operation::AdvanceU64, Accuracy::Exact),
];

/// Every function of the C library's table, by groups.
const ALL: &[Builtin] = &[
    row("fabs", Operation::F64(f64::abs), Accuracy::Exact),
    row("fabsf", Operation::F32(f32::abs), Accuracy::Exact),
    row("sqrt", Operation::F64(f64::sqrt), Accuracy::Exact),
    row("sqrtf", Operation::F32(f32::sqrt), Accuracy::Exact),
    row("floor", Operation::F64(f64::floor), Accuracy::Exact),
    row("floorf", Operation::F32(f32::floor), Accuracy::Exact),
    row("ceil", Operation::F64(f64::ceil), Accuracy::Exact),
    row("ceilf", Operation::F32(f32::ceil), Accuracy::Exact),
    row("trunc", Operation::F64(f64::trunc), Accuracy::Exact),
    row("truncf", Operation::F32(f32::trunc), Accuracy::Exact),
    row("round", Operation::F64(f64::round), Accuracy::Exact),
    row("roundf", Operation::F32(f32::round), Accuracy::Exact),
    row(
        "rint",
        Operation::F64(f64::round_ties_even),
        Accuracy::Exact,
    ),
    row(
        "rintf",
        Operation::F32(f32::round_ties_even),
        Accuracy::Exact,
    ),
    row(
        "nearbyint",
        Operation::F64(f64::round_ties_even),
        Accuracy::Exact,
    ),
    row(
        "nearbyintf",
        Operation::F32(f32::round_ties_even),
        Accuracy::Exact,
    ),
    row(
        "copysign",
        Operation::F64Pair(f64::copysign),
        Accuracy::Exact,
    ),
    row(
        "copysignf",
        Operation::F32Pair(f32::copysign),
        Accuracy::Exact,
    ),
    row("fmod", Operation::F64Pair(|a, b| a % b), Accuracy::Exact),
    row("fmodf", Operation::F32Pair(|a, b| a % b), Accuracy::Exact),
    row("fma", Operation::F64Triple(f64::mul_add), Accuracy::Exact),
    row("fmaf", Operation::F32Triple(f32::mul_add), Accuracy::Exact),
    row(
        "fmin",
        Operation::F64Pair(min_f64),
        Accuracy::ExactButZeroSign,
    ),
    row(
        "fminf",
        Operation::F32Pair(min_f32),
        Accuracy::ExactButZeroSign,
    ),
    row(
        "fmax",
        Operation::F64Pair(max_f64),
        Accuracy::ExactButZeroSign,
    ),
    row(
        "fmaxf",
        Operation::F32Pair(max_f32),
        Accuracy::ExactButZeroSign,
    ),
    row("abs", Operation::I32(i32::checked_abs), Accuracy::Exact),
    row("labs", Operation::I64(i64::checked_abs), Accuracy::Exact),
    row("llabs", Operation::I64(i64::checked_abs), Accuracy::Exact),
    row("exp", Operation::F64(f64::exp), Accuracy::Library),
    row("expf", Operation::F32(f32::exp), Accuracy::Library),
    row("exp2", Operation::F64(f64::exp2), Accuracy::Library),
    row("exp2f", Operation::F32(f32::exp2), Accuracy::Library),
    row("expm1", Operation::F64(f64::exp_m1), Accuracy::Library),
    row("expm1f", Operation::F32(f32::exp_m1), Accuracy::Library),
    row("log", Operation::F64(f64::ln), Accuracy::Library),
    row("logf", Operation::F32(f32::ln), Accuracy::Library),
    row("log2", Operation::F64(f64::log2), Accuracy::Library),
    row("log2f", Operation::F32(f32::log2), Accuracy::Library),
    row("log10", Operation::F64(f64::log10), Accuracy::Library),
    row("log10f", Operation::F32(f32::log10), Accuracy::Library),
    row("log1p", Operation::F64(f64::ln_1p), Accuracy::Library),
    row("log1pf", Operation::F32(f32::ln_1p), Accuracy::Library),
    row("sin", Operation::F64(f64::sin), Accuracy::Library),
    row("sinf", Operation::F32(f32::sin), Accuracy::Library),
    row("cos", Operation::F64(f64::cos), Accuracy::Library),
    row("cosf", Operation::F32(f32::cos), Accuracy::Library),
    row("tan", Operation::F64(f64::tan), Accuracy::Library),
    row("tanf", Operation::F32(f32::tan), Accuracy::Library),
    row("asin", Operation::F64(f64::asin), Accuracy::Library),
    row("asinf", Operation::F32(f32::asin), Accuracy::Library),
    row("acos", Operation::F64(f64::acos), Accuracy::Library),
    row("acosf", Operation::F32(f32::acos), Accuracy::Library),
    row("atan", Operation::F64(f64::atan), Accuracy::Library),
    row("atanf", Operation::F32(f32::atan), Accuracy::Library),
    row("sinh", Operation::F64(f64::sinh), Accuracy::Library),
    row("sinhf", Operation::F32(f32::sinh), Accuracy::Library),
    row("cosh", Operation::F64(f64::cosh), Accuracy::Library),
    row("coshf", Operation::F32(f32::cosh), Accuracy::Library),
    row("tanh", Operation::F64(f64::tanh), Accuracy::Library),
    row("tanhf", Operation::F32(f32::tanh), Accuracy::Library),
    row("cbrt", Operation::F64(f64::cbrt), Accuracy::Library),
    row("cbrtf", Operation::F32(f32::cbrt), Accuracy::Library),
    row("pow", Operation::F64Pair(f64::powf), Accuracy::Library),
    row("powf", Operation::F32Pair(f32::powf), Accuracy::Library),
    row("atan2", Operation::F64Pair(f64::atan2), Accuracy::Library),
    row("atan2f", Operation::F32Pair(f32::atan2), Accuracy::Library),
    row("hypot", Operation::F64Pair(f64::hypot), Accuracy::Library),
    row("hypotf", Operation::F32Pair(f32::hypot), Accuracy::Library),
];

const fn row(name: &'static str, operation: Operation, accuracy: Accuracy) -> Builtin {
    Builtin {
        name,
        operation,
        accuracy,
    }
}

fn to_even(a: f64) -> Option<i64> {
    in_64_bits(a.round_ties_even())
}

fn to_even_f32(a: f32) -> Option<i64> {
    to_even(a.into())
}

fn away(a: f64) -> Option<i64> {
    in_64_bits(a.round())
}

fn away_f32(a: f32) -> Option<i64> {
    away(a.into())
}

/// Returns an integer that is a `long`; the bounds are powers of two.
fn in_64_bits(whole: f64) -> Option<i64> {
    let limit = -(i64::MIN as f64);
    (-limit..limit).contains(&whole).then_some(whole as i64)
}

fn zeros(a: u32) -> Option<u32> {
    (a != 0).then(|| a.leading_zeros())
}

fn zeros_u64(a: u64) -> Option<u32> {
    (a != 0).then(|| a.leading_zeros())
}

/// `fmin` and `fmax`: a NaN loses against a number, and of two equal operands the first comes back, as in glibc
/// (`math/s_fmax_template.c`).
fn max_f64(a: f64, b: f64) -> f64 {
    if b.is_nan() || a >= b { a } else { b }
}

fn min_f64(a: f64, b: f64) -> f64 {
    if b.is_nan() || a <= b { a } else { b }
}

fn max_f32(a: f32, b: f32) -> f32 {
    if b.is_nan() || a >= b { a } else { b }
}

fn min_f32(a: f32, b: f32) -> f32 {
    if b.is_nan() || a <= b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Builtin, LATER, Operation};

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = ALL
            .iter()
            .chain(LATER)
            .map(|builtin| builtin.name)
            .collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn halves_round_away_from_zero_or_to_even() {
        let at = |name: &str, value: f64| {
            let Operation::F64(function) = Builtin::find(name).unwrap().operation else {
                panic!("{name} takes a double");
            };
            function(value)
        };
        assert_eq!((at("round", 2.5), at("rint", 2.5)), (3.0, 2.0));
    }

    #[test]
    fn the_least_integer_has_no_absolute_value() {
        let Operation::I32(abs) = Builtin::find("abs").unwrap().operation else {
            panic!("abs takes an int");
        };
        assert_eq!((abs(-3), abs(i32::MIN)), (Some(3), None));
    }
}
