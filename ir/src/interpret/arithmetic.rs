//! Operators and conversions on values, as gcc computes them for x86-64.
//!
//! Where C leaves a choice to the implementation, gcc's is taken: integer conversions wrap, `>>` of a negative number
//! is arithmetic, and `<<` of a signed number shifts bits without ever being undefined for its value
//! (GCC manual, “Integers implementation”; C++20 says the same).
//! Floating-point operations round to their own type, to nearest, ties to even.

use crate::builtin::{Builtin, Operation};
use crate::expr::{BinaryOp, UnaryOp};
use crate::types::Scalar;

use super::fault::{FaultKind, Outcome, malformed};
use super::value::Value;

/// Returns the result of an operator on one operand of type `scalar`.
pub(super) fn unary(op: UnaryOp, scalar: Scalar, value: &Value) -> Outcome<Value> {
    match (op, value) {
        (UnaryOp::Not, _) => Ok(truth(!value.is_true()?)),
        (UnaryOp::Negate, Value::Integer(value)) => in_type(scalar, -value),
        (UnaryOp::Negate, Value::F32(value)) => Ok(Value::F32(-value)),
        (UnaryOp::Negate, Value::F64(value)) => Ok(Value::F64(-value)),
        (UnaryOp::BitNot, Value::Integer(value)) => Ok(Value::Integer(wrap(scalar, !value))),
        (UnaryOp::BitNot, Value::F32(_) | Value::F64(_))
        | (UnaryOp::Negate | UnaryOp::BitNot, Value::Pointer(_) | Value::Structure(_)) => {
            malformed(format!("{op:?} of this type"))
        }
    }
}

/// Returns the result of an operator on two operands of type `scalar` (of a shift, the left operand's type).
pub(super) fn binary(op: BinaryOp, scalar: Scalar, left: &Value, right: &Value) -> Outcome<Value> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => integers(op, scalar, *left, *right),
        (Value::F32(left), Value::F32(right)) => float(op, *left, *right, Value::F32),
        (Value::F64(left), Value::F64(right)) => float(op, *left, *right, Value::F64),
        (
            Value::Integer(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Pointer(_)
            | Value::Structure(_),
            _,
        ) => malformed(format!("{op:?} of operands of these types")),
    }
}

/// Returns the value after C's conversion to `to`.
pub(super) fn convert(value: &Value, to: Scalar) -> Outcome<Value> {
    match (value, to) {
        (_, Scalar::Bool) => Ok(truth(value.is_true()?)),
        (Value::Integer(value), Scalar::F32) => Ok(Value::F32(*value as f32)),
        (Value::Integer(value), Scalar::F64) => Ok(Value::F64(*value as f64)),
        (Value::Integer(value), _) => Ok(Value::Integer(wrap(to, *value))),
        (Value::F32(value), Scalar::F32) => Ok(Value::F32(*value)),
        (Value::F32(value), Scalar::F64) => Ok(Value::F64(f64::from(*value))),
        (Value::F32(value), _) => float_to_integer(f64::from(*value), to),
        (Value::F64(value), Scalar::F32) => Ok(Value::F32(*value as f32)),
        (Value::F64(value), Scalar::F64) => Ok(Value::F64(*value)),
        (Value::F64(value), _) => float_to_integer(*value, to),
        (Value::Pointer(_) | Value::Structure(_), _) => {
            malformed("an arithmetic conversion of a value that is no number")
        }
    }
}

/// Returns the state of a generator after some steps.
fn advance(builtin: &Builtin, arguments: &[Value]) -> Outcome<Value> {
    let [
        Value::Integer(state),
        Value::Integer(factor),
        Value::Integer(plus),
        Value::Integer(steps),
    ] = arguments
    else {
        return malformed(format!("arguments of `{}`", builtin.name));
    };
    let [state, factor, plus, steps] = [state, factor, plus, steps].map(|number| *number as u64);
    let next = crate::advance::advanced(state, factor, plus, steps);
    Ok(Value::Integer(wrap(builtin.result(), next.into())))
}

/// Returns the result of a library function.
pub(super) fn call(builtin: &Builtin, arguments: &[Value]) -> Outcome<Value> {
    let domain = |result: Option<i128>| {
        result
            .map(Value::Integer)
            .ok_or_else(|| FaultKind::LibraryDomain(builtin.name.to_owned()).into())
    };
    match (builtin.operation, arguments) {
        (Operation::F64(function), [Value::F64(a)]) => Ok(Value::F64(function(*a))),
        (Operation::F64Pair(function), [Value::F64(a), Value::F64(b)]) => {
            Ok(Value::F64(function(*a, *b)))
        }
        (Operation::F64Triple(function), [Value::F64(a), Value::F64(b), Value::F64(c)]) => {
            Ok(Value::F64(function(*a, *b, *c)))
        }
        (Operation::F32(function), [Value::F32(a)]) => Ok(Value::F32(function(*a))),
        (Operation::F32Pair(function), [Value::F32(a), Value::F32(b)]) => {
            Ok(Value::F32(function(*a, *b)))
        }
        (Operation::F32Triple(function), [Value::F32(a), Value::F32(b), Value::F32(c)]) => {
            Ok(Value::F32(function(*a, *b, *c)))
        }
        (Operation::I32(function), [Value::Integer(a)]) => {
            domain(function(*a as i32).map(i128::from))
        }
        (Operation::I64(function), [Value::Integer(a)]) => {
            domain(function(*a as i64).map(i128::from))
        }
        (Operation::I64OfF64(function), [Value::F64(a)]) => domain(function(*a).map(i128::from)),
        (Operation::I64OfF32(function), [Value::F32(a)]) => domain(function(*a).map(i128::from)),
        (Operation::I32OfU32(function), [Value::Integer(a)]) => {
            domain(function(*a as u32).map(i128::from))
        }
        (Operation::I32OfU64(function), [Value::Integer(a)]) => {
            domain(function(*a as u64).map(i128::from))
        }
        (Operation::BitsOfF32, [Value::F32(a)]) => Ok(Value::Integer(a.to_bits().into())),
        (Operation::BitsOfF64, [Value::F64(a)]) => Ok(Value::Integer(a.to_bits().into())),
        (Operation::F32OfBits, [Value::Integer(a)]) => Ok(Value::F32(f32::from_bits(*a as u32))),
        (Operation::F64OfBits, [Value::Integer(a)]) => Ok(Value::F64(f64::from_bits(*a as u64))),
        (Operation::AdvanceU32 | Operation::AdvanceU64, [_, _, _, _]) => {
            advance(builtin, arguments)
        }
        (
            Operation::F64(_)
            | Operation::F64Pair(_)
            | Operation::F64Triple(_)
            | Operation::F32(_)
            | Operation::F32Pair(_)
            | Operation::F32Triple(_)
            | Operation::I32(_)
            | Operation::I64(_)
            | Operation::I64OfF64(_)
            | Operation::I64OfF32(_)
            | Operation::I32OfU32(_)
            | Operation::I32OfU64(_)
            | Operation::BitsOfF32
            | Operation::BitsOfF64
            | Operation::F32OfBits
            | Operation::F64OfBits
            | Operation::AdvanceU32
            | Operation::AdvanceU64,
            _,
        ) => malformed(format!("arguments of `{}`", builtin.name)),
    }
}

/// Returns 0 or 1.
pub(super) fn truth(is_true: bool) -> Value {
    Value::Integer(i128::from(is_true))
}

/// Returns the value of `scalar` that is congruent to `value` modulo two to the width.
pub(crate) fn wrap(scalar: Scalar, value: i128) -> i128 {
    match scalar {
        Scalar::I8 => i128::from(value as i8),
        Scalar::U8 => i128::from(value as u8),
        Scalar::I16 => i128::from(value as i16),
        Scalar::U16 => i128::from(value as u16),
        Scalar::I32 => i128::from(value as i32),
        Scalar::U32 => i128::from(value as u32),
        Scalar::I64 => i128::from(value as i64),
        Scalar::U64 => i128::from(value as u64),
        Scalar::Bool => i128::from(value != 0),
        Scalar::F32 | Scalar::F64 => value,
    }
}

/// Returns an exact result in its type: wrapped if unsigned, a fault if signed and out of range.
fn in_type(scalar: Scalar, exact: i128) -> Outcome<Value> {
    let wrapped = wrap(scalar, exact);
    if wrapped != exact && scalar.is_signed() {
        return Err(FaultKind::SignedOverflow(scalar).into());
    }
    Ok(Value::Integer(wrapped))
}

fn integers(op: BinaryOp, scalar: Scalar, left: i128, right: i128) -> Outcome<Value> {
    if scalar.is_float() {
        return malformed(format!("integers where {} is expected", scalar.name()));
    }
    if op.is_division() && right == 0 {
        return Err(FaultKind::DivisionByZero.into());
    }
    match op {
        // Operands have at most 64 bits, so every exact result below fits 128.
        BinaryOp::Add => in_type(scalar, left + right),
        BinaryOp::Subtract => in_type(scalar, left - right),
        BinaryOp::Multiply => match left.checked_mul(right) {
            Some(product) => in_type(scalar, product),
            // Only unsigned operands reach 2^127, and their product wraps.
            None => Ok(Value::Integer(wrap(scalar, left.wrapping_mul(right)))),
        },
        BinaryOp::Divide => in_type(scalar, left / right),
        BinaryOp::Remainder => {
            // `INT_MIN % -1` is undefined because its quotient is (C17 6.5.5 §6).
            in_type(scalar, left / right)?;
            Ok(Value::Integer(left % right))
        }
        BinaryOp::FloorDivide => in_type(scalar, floor_quotient(left, right)),
        BinaryOp::CeilDivide => in_type(scalar, -floor_quotient(-left, right)),
        BinaryOp::BitAnd => Ok(Value::Integer(left & right)),
        BinaryOp::BitOr => Ok(Value::Integer(left | right)),
        BinaryOp::BitXor => Ok(Value::Integer(left ^ right)),
        BinaryOp::ShiftLeft | BinaryOp::ShiftRight => shift(op, scalar, left, right),
        BinaryOp::Min => Ok(Value::Integer(left.min(right))),
        BinaryOp::Max => Ok(Value::Integer(left.max(right))),
        BinaryOp::Less => Ok(truth(left < right)),
        BinaryOp::LessEqual => Ok(truth(left <= right)),
        BinaryOp::Greater => Ok(truth(left > right)),
        BinaryOp::GreaterEqual => Ok(truth(left >= right)),
        BinaryOp::Equal => Ok(truth(left == right)),
        BinaryOp::NotEqual => Ok(truth(left != right)),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Difference => {
            malformed(format!("{op:?} of two integers"))
        }
    }
}

fn shift(op: BinaryOp, scalar: Scalar, left: i128, amount: i128) -> Outcome<Value> {
    let bits = scalar.bits();
    if amount < 0 || amount >= i128::from(bits) {
        return Err(FaultKind::ShiftAmount { amount, bits }.into());
    }
    let shifted = if op == BinaryOp::ShiftLeft {
        left << amount
    } else {
        left >> amount
    };
    Ok(Value::Integer(wrap(scalar, shifted)))
}

fn floor_quotient(left: i128, right: i128) -> i128 {
    let quotient = left / right;
    if left % right != 0 && (left < 0) != (right < 0) {
        quotient - 1
    } else {
        quotient
    }
}

/// What `f32` and `f64` have in common.
trait Float:
    Copy
    + PartialOrd
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + std::ops::Div<Output = Self>
{
}
impl Float for f32 {}
impl Float for f64 {}

fn float<F: Float>(op: BinaryOp, left: F, right: F, make: fn(F) -> Value) -> Outcome<Value> {
    match op {
        BinaryOp::Add => Ok(make(left + right)),
        BinaryOp::Subtract => Ok(make(left - right)),
        BinaryOp::Multiply => Ok(make(left * right)),
        BinaryOp::Divide => Ok(make(left / right)),
        BinaryOp::Less => Ok(truth(left < right)),
        BinaryOp::LessEqual => Ok(truth(left <= right)),
        BinaryOp::Greater => Ok(truth(left > right)),
        BinaryOp::GreaterEqual => Ok(truth(left >= right)),
        BinaryOp::Equal => Ok(truth(left == right)),
        BinaryOp::NotEqual => Ok(truth(left != right)),
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
        | BinaryOp::CeilDivide => malformed(format!("{op:?} of floating-point operands")),
    }
}

fn float_to_integer(value: f64, to: Scalar) -> Outcome<Value> {
    let fault = || FaultKind::FloatToInteger { value, to }.into();
    let (least, greatest) = to.integer_range().ok_or_else(fault)?;
    let whole = value.trunc();
    // The bounds are powers of two (or one less), so `least` and `greatest + 1` are exact doubles.
    if whole >= least as f64 && whole < (greatest + 1) as f64 {
        Ok(Value::Integer(whole as i128))
    } else {
        Err(fault())
    }
}

#[cfg(test)]
mod tests {
    use super::{binary, convert, unary};
    use crate::expr::{BinaryOp, UnaryOp};
    use crate::interpret::{FaultKind, Value};
    use crate::types::Scalar;

    fn int(op: BinaryOp, scalar: Scalar, left: i128, right: i128) -> Result<i128, FaultKind> {
        binary(op, scalar, &Value::Integer(left), &Value::Integer(right))
            .map(|value| value.integer().unwrap())
            .map_err(|fault| fault.kind)
    }

    #[test]
    fn unsigned_arithmetic_wraps() {
        let max = i128::from(u64::MAX);
        assert_eq!(int(BinaryOp::Multiply, Scalar::U64, max, max), Ok(1));
        assert_eq!(int(BinaryOp::Subtract, Scalar::U32, 0, 1), Ok(0xffff_ffff));
    }

    #[test]
    fn signed_overflow_is_undefined() {
        let overflow = Err(FaultKind::SignedOverflow(Scalar::I32));
        let least = i128::from(i32::MIN);
        assert_eq!(int(BinaryOp::Subtract, Scalar::I32, least, 1), overflow);
        assert_eq!(int(BinaryOp::Divide, Scalar::I32, least, -1), overflow);
        assert_eq!(int(BinaryOp::Remainder, Scalar::I32, least, -1), overflow);
        assert!(unary(UnaryOp::Negate, Scalar::I32, &Value::Integer(least)).is_err());
    }

    #[test]
    fn division_rounds_toward_zero_and_its_variants_do_not() {
        assert_eq!(int(BinaryOp::Divide, Scalar::I64, -7, 2), Ok(-3));
        assert_eq!(int(BinaryOp::Remainder, Scalar::I64, -7, 2), Ok(-1));
        assert_eq!(int(BinaryOp::FloorDivide, Scalar::I64, -7, 2), Ok(-4));
        assert_eq!(int(BinaryOp::CeilDivide, Scalar::I64, -7, 2), Ok(-3));
        assert_eq!(int(BinaryOp::CeilDivide, Scalar::I64, 7, 2), Ok(4));
    }

    #[test]
    fn shifts_work_on_bits_within_the_width() {
        assert_eq!(
            int(BinaryOp::ShiftLeft, Scalar::I32, 1, 31),
            Ok(i128::from(i32::MIN))
        );
        assert_eq!(int(BinaryOp::ShiftRight, Scalar::I32, -5, 1), Ok(-3));
        assert!(int(BinaryOp::ShiftLeft, Scalar::I32, 1, 32).is_err());
        assert!(int(BinaryOp::ShiftLeft, Scalar::I32, 1, -1).is_err());
    }

    #[test]
    fn conversions_wrap_round_or_fault() {
        let to = |value: Value, scalar| convert(&value, scalar).map_err(|fault| fault.kind);
        assert_eq!(to(Value::Integer(300), Scalar::I8), Ok(Value::Integer(44)));
        assert_eq!(to(Value::F64(-0.9), Scalar::U8), Ok(Value::Integer(0)));
        assert_eq!(
            to(Value::F64(f64::NAN), Scalar::Bool),
            Ok(Value::Integer(1))
        );
        assert_eq!(
            to(Value::Integer(16_777_217), Scalar::F32),
            Ok(Value::F32(16_777_216.0))
        );
        assert!(to(Value::F64(2_147_483_648.0), Scalar::I32).is_err());
        assert!(to(Value::F32(f32::NAN), Scalar::I64).is_err());
        assert_eq!(
            to(Value::F64(-2_147_483_648.5), Scalar::I32),
            Ok(Value::Integer(i128::from(i32::MIN)))
        );
    }
}
