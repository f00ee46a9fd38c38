//! Functions that stand for the operators which passes make and C does not have.

use std::fmt::Write;

use crate::expr::BinaryOp;
use crate::types::Scalar;

const OPERATORS: [BinaryOp; 4] = [
    BinaryOp::Min,
    BinaryOp::Max,
    BinaryOp::FloorDivide,
    BinaryOp::CeilDivide,
];
const TYPES: [Scalar; 4] = [Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64];

/// Returns the name of the function for an operator at a promoted integer type, `None` where there is none.
pub(super) fn helper_name(op: BinaryOp, ty: Scalar) -> Option<String> {
    let (stem, _) = form(op, ty)?;
    Some(format!("mupac_{stem}_{}", ty.name()))
}

/// Returns definitions of the helpers that `text` calls, one a line, in a fixed order; empty where it calls none.
///
/// A helper is named `mupac_<min|max|floor_divide|ceil_divide>_<i32|u32|i64|u64>`, takes two values of its type and
/// gives one; divisors are positive.
/// `qualifiers` stand before each: `static inline`, `__host__ __device__ inline`.
pub fn helper_definitions(text: &str, qualifiers: &str) -> String {
    let mut definitions = String::new();
    for op in OPERATORS {
        for ty in TYPES {
            let (Some(name), Some((_, value))) = (helper_name(op, ty), form(op, ty)) else {
                continue;
            };
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
}

/// Returns the word for an operator and its value in terms of `a` and `b`.
fn form(op: BinaryOp, ty: Scalar) -> Option<(&'static str, &'static str)> {
    if !TYPES.contains(&ty) {
        return None;
    }
    match op {
        BinaryOp::Min => Some(("min", "a < b ? a : b")),
        BinaryOp::Max => Some(("max", "a > b ? a : b")),
        // C's quotient is rounded toward zero, so it is one too great exactly where the remainder is negative.
        BinaryOp::FloorDivide if ty.is_signed() => {
            Some(("floor_divide", "a / b - (a % b < 0 ? 1 : 0)"))
        }
        BinaryOp::FloorDivide => Some(("floor_divide", "a / b")),
        BinaryOp::CeilDivide => Some(("ceil_divide", "a / b + (a % b > 0 ? 1 : 0)")),
        BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Remainder
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference => None,
    }
}
