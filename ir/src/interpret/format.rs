//! `printf`: what its directives make of values, byte for byte.
//!
//! **Source**: C17 7.21.6.1, in the "C" locale, with glibc's spelling of infinities and NaNs.
//! Conversions are exact and round halves to even, as glibc's do.

use super::fault::{FaultKind, Outcome};
use super::value::Value;

/// A conversion specification: `%-8.3f`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directive {
    flags: Flags,
    width: usize,
    precision: Option<usize>,
    /// Bits of an integer argument.
    bits: u32,
    conversion: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags of C are independent of one another"
)]
struct Flags {
    left: bool,
    plus: bool,
    space: bool,
    alternative: bool,
    zero: bool,
}

/// A piece of a format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Bytes as they are.
    Literal(Vec<u8>),
    /// How a value is shown, its position among the arguments, and the value.
    Directive(Directive, usize, Value),
}

/// Widths and precisions beyond this are refused rather than written out.
const WIDEST: i128 = 4096;

/// Takes a format apart and hands each directive its argument; arguments that are left over are ignored, as in C.
pub(super) fn pieces(format: &[u8], arguments: &[Value]) -> Outcome<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut arguments = arguments.iter().cloned().enumerate();
    let mut next = || -> Outcome<(usize, Value)> {
        let value = arguments.next();
        value.ok_or_else(|| FaultKind::Arguments("printf".to_owned()).into())
    };
    let mut rest = format.iter().copied().peekable();
    let mut literal = Vec::new();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            literal.push(byte);
            continue;
        }
        let mut directive = Directive {
            bits: 32,
            ..Directive::default()
        };
        while let Some(flag) = rest.next_if(|flag| b"-+ #0".contains(flag)) {
            directive.flags.set(flag);
        }
        if let Some(width) = number(&mut rest, &mut next)? {
            directive.flags.left |= width < 0;
            directive.width = bounded(width.abs())?;
        }
        if rest.next_if_eq(&b'.').is_some() {
            let precision = number(&mut rest, &mut next)?.unwrap_or(0);
            // A negative one is as none.
            directive.precision = (precision >= 0).then(|| bounded(precision)).transpose()?;
        }
        while let Some(length) = rest.next_if(|length| b"hljzt".contains(length)) {
            directive.bits = match (length, directive.bits) {
                (b'h', 16) => 8,
                (b'h', _) => 16,
                _ => 64,
            };
        }
        match rest.next() {
            Some(b'%') => literal.push(b'%'),
            Some(conversion) if b"diuoxXcsfFeEgG".contains(&conversion) => {
                directive.conversion = conversion;
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                let (index, value) = next()?;
                pieces.push(Piece::Directive(directive, index, value));
            }
            Some(_) | None => {
                let what = "a format that the interpreter does not know".to_owned();
                return Err(FaultKind::Unsupported(what).into());
            }
        }
    }
    pieces.push(Piece::Literal(literal));
    Ok(pieces)
}

impl Flags {
    fn set(&mut self, flag: u8) {
        match flag {
            b'-' => self.left = true,
            b'+' => self.plus = true,
            b' ' => self.space = true,
            b'#' => self.alternative = true,
            _ => self.zero = true,
        }
    }
}

/// Reads digits or `*`.
fn number(
    rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>,
    next: &mut impl FnMut() -> Outcome<(usize, Value)>,
) -> Outcome<Option<i128>> {
    if rest.next_if_eq(&b'*').is_some() {
        let value = next()?.1.integer();
        let mismatch = || FaultKind::Arguments("printf".to_owned()).into();
        return value.ok_or_else(mismatch).map(Some);
    }
    let mut found: Option<i128> = None;
    while let Some(digit) = rest.next_if(u8::is_ascii_digit) {
        let value = found.unwrap_or(0).saturating_mul(10);
        found = Some(value.saturating_add(i128::from(digit - b'0')));
    }
    Ok(found)
}

fn bounded(number: i128) -> Outcome<usize> {
    if number > WIDEST {
        let what = format!("a width or precision of {number}");
        return Err(FaultKind::Unsupported(what).into());
    }
    Ok(number as usize)
}

impl Directive {
    /// Returns whether the argument is a string.
    pub(super) fn is_text(&self) -> bool {
        self.conversion == b's'
    }

    /// Returns how many bytes of a string are printed at most.
    pub(super) fn longest(&self) -> Option<usize> {
        self.precision
    }

    /// Returns the bytes of a string in its field.
    pub(super) fn text(&self, bytes: &[u8]) -> Vec<u8> {
        self.field(b"", bytes, false)
    }

    /// Returns the bytes of a number or character in its field; `None` where the value has another type.
    pub(super) fn value(&self, value: &Value) -> Option<Vec<u8>> {
        match (self.conversion, value) {
            (b'c', Value::Integer(byte)) => Some(self.field(b"", &[*byte as u8], false)),
            (b'd' | b'i', Value::Integer(number)) => {
                let shift = 128 - self.bits;
                let number = (*number << shift) >> shift;
                let digits = self.digits(number.unsigned_abs().to_string(), number == 0);
                let sign = self.sign(number < 0);
                Some(self.field(sign.as_bytes(), digits.as_bytes(), self.precision.is_none()))
            }
            (b'u' | b'o' | b'x' | b'X', Value::Integer(number)) => Some(self.unsigned(*number)),
            (b'f' | b'F' | b'e' | b'E' | b'g' | b'G', Value::F64(number)) => {
                Some(self.float(*number))
            }
            _ => None,
        }
    }

    /// Returns one unit of the last digit of a number of this magnitude.
    pub(super) fn unit(&self, magnitude: f64) -> f64 {
        let precision = self.precision.unwrap_or(6);
        let places = |digits: usize| digits.min(400) as i32;
        let power = match self.conversion {
            b'f' | b'F' => -places(precision),
            b'e' | b'E' => scientific(magnitude, precision).1 - places(precision),
            _ => {
                let digits = precision.max(1) - 1;
                scientific(magnitude, digits).1 - places(digits)
            }
        };
        10.0_f64.powi(power)
    }

    fn unsigned(&self, number: i128) -> Vec<u8> {
        let shift = 128 - self.bits;
        let number = ((number as u128) << shift) >> shift;
        let text = match self.conversion {
            b'o' => format!("{number:o}"),
            b'x' => format!("{number:x}"),
            b'X' => format!("{number:X}"),
            _ => number.to_string(),
        };
        let mut digits = self.digits(text, number == 0);
        if self.flags.alternative && self.conversion == b'o' && !digits.starts_with('0') {
            digits.insert(0, '0');
        }
        let prefix: &[u8] = match self.conversion {
            b'x' if self.flags.alternative && number != 0 => b"0x",
            b'X' if self.flags.alternative && number != 0 => b"0X",
            _ => b"",
        };
        self.field(prefix, digits.as_bytes(), self.precision.is_none())
    }

    /// Returns the digits of an integer with as many as the precision asks for.
    fn digits(&self, digits: String, is_zero: bool) -> String {
        match self.precision {
            Some(0) if is_zero => String::new(),
            Some(precision) => format!("{digits:0>precision$}"),
            None => digits,
        }
    }

    fn sign(&self, is_negative: bool) -> &'static str {
        if is_negative {
            "-"
        } else if self.flags.plus {
            "+"
        } else if self.flags.space {
            " "
        } else {
            ""
        }
    }

    fn float(&self, number: f64) -> Vec<u8> {
        let magnitude = number.abs();
        let text = if number.is_nan() {
            "nan".to_owned()
        } else if number.is_infinite() {
            "inf".to_owned()
        } else {
            let precision = self.precision.unwrap_or(6);
            match self.conversion {
                b'f' | b'F' => self.point(format!("{magnitude:.precision$}")),
                b'e' | b'E' => self.exponential(magnitude, precision),
                _ => self.general(magnitude, precision.max(1)),
            }
        };
        let text = if self.conversion.is_ascii_uppercase() {
            text.to_ascii_uppercase()
        } else {
            text
        };
        let sign = self.sign(number.is_sign_negative());
        self.field(sign.as_bytes(), text.as_bytes(), number.is_finite())
    }

    /// Adds the point that `#` asks for.
    fn point(&self, digits: String) -> String {
        if self.flags.alternative && !digits.contains('.') {
            digits + "."
        } else {
            digits
        }
    }

    fn exponential(&self, magnitude: f64, precision: usize) -> String {
        let (digits, exponent) = scientific(magnitude, precision);
        format!("{}{}", self.point(digits), suffix(exponent))
    }

    /// `%g`: the shorter of both notations, without zeros at the end.
    fn general(&self, magnitude: f64, precision: usize) -> String {
        let (digits, exponent) = scientific(magnitude, precision - 1);
        let is_plain = -4 <= exponent && exponent < precision as i32;
        let digits = if is_plain {
            let places = (precision as i32 - 1 - exponent) as usize;
            format!("{magnitude:.places$}")
        } else {
            digits
        };
        let digits = if self.flags.alternative {
            self.point(digits)
        } else if digits.contains('.') {
            digits
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        } else {
            digits
        };
        if is_plain {
            digits
        } else {
            digits + &suffix(exponent)
        }
    }

    /// Puts prefix and body into a field of the directive's width.
    fn field(&self, prefix: &[u8], body: &[u8], may_be_zeros: bool) -> Vec<u8> {
        let missing = self.width.saturating_sub(prefix.len() + body.len());
        let mut field = Vec::with_capacity(prefix.len() + body.len() + missing);
        let is_zeros = self.flags.zero && !self.flags.left && may_be_zeros;
        if !self.flags.left && !is_zeros {
            field.resize(missing, b' ');
        }
        field.extend_from_slice(prefix);
        if is_zeros {
            field.resize(prefix.len() + missing, b'0');
        }
        field.extend_from_slice(body);
        if self.flags.left {
            field.resize(prefix.len() + body.len() + missing, b' ');
        }
        field
    }
}

/// Returns the digits of `d.ddd` and the exponent of ten.
fn scientific(magnitude: f64, places: usize) -> (String, i32) {
    let text = format!("{magnitude:.places$e}");
    match text.split_once('e') {
        Some((digits, exponent)) => (digits.to_owned(), exponent.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

/// Returns the exponent as C writes it: with sign and at least two digits.
fn suffix(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}
