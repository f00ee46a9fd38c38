//! The bounds behind doubts: how far the result of one operation may be off, given how far its operands may.
//!
//! **Source**: Higham, “Accuracy and Stability of Numerical Algorithms”, 2002, §3.3 (running error analysis).

use crate::expr::BinaryOp;
use crate::types::Scalar;

use super::value::Value;

/// Returns the doubt of an operation's result, or `None` where no bound is known.
///
/// `a` and `b` are the operands with their doubts, at least one of them in doubt.
pub(super) fn operation(
    op: BinaryOp,
    (a, a_doubt): (f64, f64),
    (b, b_doubt): (f64, f64),
    result: f64,
    scalar: Scalar,
) -> Option<f64> {
    let rounding = rounding(scalar, result);
    let exact = match op {
        BinaryOp::Add | BinaryOp::Subtract => a_doubt + b_doubt,
        BinaryOp::Multiply => a.abs() * b_doubt + b.abs() * a_doubt + a_doubt * b_doubt,
        BinaryOp::Divide => {
            let least = b.abs() - b_doubt;
            if least <= 0.0 {
                return None;
            }
            (a_doubt + result.abs() * b_doubt) / least
        }
        BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual => {
            return ((a - b).abs() > a_doubt + b_doubt).then_some(0.0);
        }
        BinaryOp::Remainder
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::FloorDivide
        | BinaryOp::CeilDivide => return None,
    };
    Some(exact + (1.0 + 1e-6) * rounding).filter(|doubt| doubt.is_finite())
}

/// Returns how far a sum or difference may be off because an operand is a product that was not rounded; 0 for other
/// operations.
pub(super) fn contraction(op: BinaryOp, a: f64, b: f64, scalar: Scalar) -> f64 {
    if matches!(op, BinaryOp::Add | BinaryOp::Subtract) && scalar.is_float() {
        rounding(scalar, a) + rounding(scalar, b)
    } else {
        0.0
    }
}

/// Returns the doubt of a call's result, or `None` where no bound is known.
///
/// **Source**: the mean value theorem; a library's own error, a few units in the last place, is in the last term.
pub(super) fn call(
    name: &str,
    argument: f64,
    doubt: f64,
    result: f64,
    scalar: Scalar,
) -> Option<f64> {
    let own = 4.0 * rounding(scalar, result);
    let (low, high) = (argument - doubt, argument + doubt);
    let double = name.strip_suffix('f').filter(|_| scalar == Scalar::F32);
    match double.unwrap_or(name) {
        "fabs" => Some(doubt),
        // |√a − √b| = |a − b| / (√a + √b).
        "sqrt" if low > 0.0 => Some(doubt / (result + low.sqrt()) + own),
        // No slope is above 1.
        "sin" | "cos" | "tanh" | "atan" => Some(doubt + own),
        "exp" => Some(result * doubt.exp_m1() + own),
        "log" if low > 0.0 => Some(doubt / low + own),
        // What rounds to one integer from end to end is certain.
        "floor" if low.floor().to_bits() == high.floor().to_bits() => Some(0.0),
        "ceil" if low.ceil().to_bits() == high.ceil().to_bits() => Some(0.0),
        "trunc" if low.trunc().to_bits() == high.trunc().to_bits() => Some(0.0),
        _ => None,
    }
}

/// How far the results of two libraries may be apart.
///
/// **Units**: units in the last place.
/// **Source**: CUDA C++ Programming Guide 13.0, “Mathematical Functions”, tables of maximum errors: none of the functions
/// of [`Builtin`](crate::builtin::Builtin) is above 8 (`powf`); glibc manual, “Known Maximum Errors in Math Functions”:
/// none of them is above 4.
const LIBRARIES_APART: f64 = 12.0;

/// Returns how far the result of a function may be from that of another library, or `None` where no bound is known: near
/// the largest number one of them may overflow and the other not.
pub(super) fn other_library(result: f64, scalar: Scalar) -> Option<f64> {
    if result.is_nan() {
        return Some(0.0);
    }
    Some(LIBRARIES_APART * rounding(scalar, result)).filter(|doubt| doubt.is_finite())
}

/// Returns the doubt of a conversion's result, or `None` where another order may give another integer.
pub(super) fn conversion(value: f64, doubt: f64, to: Scalar) -> Option<f64> {
    if to.is_float() {
        return Some(doubt + 2.0 * roundoff(to) * (value.abs() + doubt));
    }
    let (low, high) = (value - doubt, value + doubt);
    let is_certain = if to == Scalar::Bool {
        low > 0.0 || high < 0.0
    } else {
        (low.trunc() - high.trunc()).abs() < 0.5
    };
    is_certain.then_some(0.0)
}

/// Returns how far apart two roundings of numbers near this one may be.
///
/// Below the normal numbers the distance is no part of the number but a constant.
fn rounding(scalar: Scalar, number: f64) -> f64 {
    let least = if scalar == Scalar::F32 {
        f64::from(f32::from_bits(1))
    } else {
        f64::from_bits(1)
    };
    2.0 * roundoff(scalar) * number.abs() + least
}

/// Returns the unit roundoff of a floating-point type.
pub(super) fn roundoff(scalar: Scalar) -> f64 {
    if scalar == Scalar::F32 {
        f64::from(f32::EPSILON) / 2.0
    } else {
        f64::EPSILON / 2.0
    }
}

/// Returns a floating-point number.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::F32(value) => Some(f64::from(*value)),
        Value::F64(value) => Some(*value),
        Value::Integer(_) | Value::Pointer(_) | Value::Structure(_) => None,
    }
}
