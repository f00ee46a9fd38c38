//! Constants: exact values in the right type.

use std::fmt::Write;

use super::precedence::{Precedence, Rendered};
use crate::expr::Expr;
use crate::types::{Scalar, Type};

/// Returns an integer constant in the type that its literal has, which is `ty` after promotion.
pub(super) fn integer(value: i128, ty: Scalar) -> Rendered {
    let ty = ty.promoted();
    let suffix = match ty {
        Scalar::U32 => "u",
        Scalar::I64 => "L",
        Scalar::U64 => "uL",
        Scalar::Bool
        | Scalar::I8
        | Scalar::U8
        | Scalar::I16
        | Scalar::U16
        | Scalar::I32
        | Scalar::F32
        | Scalar::F64 => "",
    };
    // The least value of a signed type has no literal: its magnitude does not fit.
    if ty
        .integer_range()
        .is_some_and(|(least, _)| value < 0 && value == least)
    {
        let text = format!("({}{suffix} - 1)", value + 1);
        return Rendered::primary(text, ty);
    }
    let precedence = if value < 0 {
        Precedence::Unary
    } else {
        Precedence::Primary
    };
    Rendered::new(format!("{value}{suffix}"), precedence, ty)
}

/// Returns a floating constant: the shortest decimal that reads back as the same value.
pub(super) fn floating(value: f64, ty: Scalar) -> Rendered {
    let is_single = ty == Scalar::F32;
    let suffix = if is_single { "f" } else { "" };
    let magnitude = if value.is_nan() {
        format!("__builtin_nan{suffix}(\"\")")
    } else if value.is_infinite() {
        format!("__builtin_inf{suffix}()")
    } else if is_single {
        format!("{:?}f", value.abs() as f32)
    } else {
        format!("{:?}", value.abs())
    };
    if value.is_sign_negative() {
        Rendered::new(format!("-{magnitude}"), Precedence::Unary, ty)
    } else {
        Rendered::primary(magnitude, ty)
    }
}

/// Returns a string literal with every byte that needs it as an octal escape, which ends after three digits.
pub(super) fn text(bytes: &[u8], ty: &Type) -> Rendered {
    let mut literal = String::from("\"");
    for &byte in bytes {
        match byte {
            b'\n' => literal.push_str("\\n"),
            b'\t' => literal.push_str("\\t"),
            // `?` is escaped because of trigraphs.
            b'"' | b'\\' | b'?' => {
                literal.push('\\');
                literal.push(char::from(byte));
            }
            b' '..=b'~' => literal.push(char::from(byte)),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(literal, "\\{byte:03o}");
            }
        }
    }
    literal.push('"');
    Rendered::primary(literal, ty.clone())
}

/// Returns the source's spelling of a constant, if it can stand for it anywhere in an expression of its type.
pub(super) fn spelled(expr: &Expr) -> Option<Rendered> {
    let spelling = expr.spelling.as_deref()?;
    let ty = expr.ty.scalar();
    let first = spelling.chars().next()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = if first.is_ascii_digit() || first == '.' {
        ty.is_some() && literal_type(spelling) == ty
    } else if first == '\'' {
        // A character constant is an `int` in C; C++ promotes it to one.
        ty == Some(Scalar::I32)
    } else {
        spelling.chars().all(is_word)
    };
    fits.then(|| Rendered::primary(spelling.to_owned(), expr.ty.clone()))
}

/// Returns the type of a literal token, where its suffix or its size decides it.
///
/// **Source**: C17 6.4.4.1 §5, 6.4.4.2 §4.
fn literal_type(token: &str) -> Option<Scalar> {
    let lower = token.to_ascii_lowercase();
    let is_hexadecimal = lower.starts_with("0x");
    let is_floating = lower.contains('.')
        || (is_hexadecimal && lower.contains('p'))
        || (!is_hexadecimal && lower.contains('e'));
    if is_floating {
        return match lower.chars().last()? {
            'f' => Some(Scalar::F32),
            'l' => None,
            _ => Some(Scalar::F64),
        };
    }
    let digits = lower.trim_end_matches(['u', 'l']);
    let suffix = &lower[digits.len()..];
    let (radix, body) = if let Some(body) = digits.strip_prefix("0x") {
        (16, body)
    } else if let Some(body) = digits.strip_prefix("0b") {
        (2, body)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, digits)
    } else {
        (10, digits)
    };
    let value = i128::from_str_radix(body, radix).ok()?;
    let is_unsigned = suffix.contains('u');
    let is_long = suffix.contains('l');
    [Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64]
        .into_iter()
        .filter(|ty| !is_long || ty.bits() == 64)
        .filter(|ty| ty.is_signed() != is_unsigned || (!is_unsigned && radix != 10))
        .find(|ty| ty.integer_range().is_some_and(|(_, most)| value <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_has_the_type_that_c_gives_it() {
        let cases = [
            ("1", Scalar::I32),
            ("2147483648", Scalar::I64),
            ("0xffffffff", Scalar::U32),
            ("4294967295", Scalar::I64),
            ("017777777777", Scalar::I32),
            ("1u", Scalar::U32),
            ("5000000000U", Scalar::U64),
            ("1L", Scalar::I64),
            ("1ull", Scalar::U64),
            ("1.0", Scalar::F64),
            ("1e3f", Scalar::F32),
            (".5", Scalar::F64),
            ("0x1p3", Scalar::F64),
            ("0x1fL", Scalar::I64),
        ];
        for (token, ty) in cases {
            assert_eq!(literal_type(token), Some(ty), "{token}");
        }
    }
}
