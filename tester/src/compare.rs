//! Compares results bit by bit; any NaN equals any other, since C leaves its bits open.
//! Where the text adds in another order than the original, a bound says how far a value may be off.

use mupac_ir::Scalar;

use crate::bounds::Bounds;
use crate::results::{Element, Holder, Results, Values};

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// In words.
    pub(crate) message: String,
    /// The first value that differs; `None` where shapes do.
    pub(crate) element: Option<Element>,
}

/// Returns the first difference, `None` where there is none.
///
/// `names` says how a holder is spelled in the source.
pub(crate) fn difference(
    original: &Results,
    candidate: &Results,
    bounds: Option<&Bounds>,
    names: &dyn Fn(Holder) -> String,
) -> Option<Difference> {
    if original.values.len() != candidate.values.len() {
        return Some(shapes_differ("another number of results".to_owned()));
    }
    original
        .values
        .iter()
        .zip(&candidate.values)
        .find_map(|(wanted, got)| values_differ(wanted, got, bounds, names))
}

fn values_differ(
    wanted: &Values,
    got: &Values,
    bounds: Option<&Bounds>,
    names: &dyn Fn(Holder) -> String,
) -> Option<Difference> {
    let is_same_shape =
        wanted.of == got.of && wanted.scalar == got.scalar && wanted.bytes.len() == got.bytes.len();
    if !is_same_shape {
        return Some(shapes_differ(format!(
            "{} has another shape",
            names(wanted.of)
        )));
    }
    let size = wanted.scalar.size_bytes() as usize;
    let pairs = wanted
        .bytes
        .chunks_exact(size)
        .zip(got.bytes.chunks_exact(size));
    let differs = |&(index, (a, b)): &(usize, (&[u8], &[u8]))| {
        let bound = bounds.and_then(|bounds| bounds.of(wanted.of, wanted.leaf, index));
        !is_equal(wanted.scalar, a, b) && !is_within(wanted.scalar, a, b, bound)
    };
    let mut different = pairs.enumerate().filter(differs);
    let (index, (a, b)) = different.next()?;
    let count = 1 + different.count();
    let place = match wanted.of {
        Holder::Result => "the returned value".to_owned(),
        Holder::Buffer(_) | Holder::Global(_) => {
            format!("{}[{}]", names(wanted.of), wanted.first + index as i64)
        }
    };
    let more = if count > 1 {
        format!(" ({count} values differ)")
    } else {
        String::new()
    };
    let message = format!(
        "{place} is {}, the original gives {}{more}",
        show(wanted.scalar, b),
        show(wanted.scalar, a)
    );
    let element = Some(Element {
        of: wanted.of,
        leaf: wanted.leaf,
        index,
    });
    Some(Difference { message, element })
}

fn shapes_differ(message: String) -> Difference {
    Difference {
        message,
        element: None,
    }
}

fn is_equal(scalar: Scalar, a: &[u8], b: &[u8]) -> bool {
    a == b || (is_nan(scalar, a) && is_nan(scalar, b))
}

/// Returns whether two numbers are no farther apart than a bound; zeros of either sign are one number.
fn is_within(scalar: Scalar, a: &[u8], b: &[u8], bound: Option<f64>) -> bool {
    let Some(bound) = bound.filter(|_| scalar.is_float()) else {
        return false;
    };
    (float(scalar, a) - float(scalar, b)).abs() <= bound
}

fn bits(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |bits, &byte| bits << 8 | u64::from(byte))
}

fn is_nan(scalar: Scalar, bytes: &[u8]) -> bool {
    scalar.is_float() && float(scalar, bytes).is_nan()
}

fn float(scalar: Scalar, bytes: &[u8]) -> f64 {
    if scalar == Scalar::F32 {
        f32::from_bits(bits(bytes) as u32).into()
    } else {
        f64::from_bits(bits(bytes))
    }
}

/// Returns a value in words.
pub(crate) fn show(scalar: Scalar, bytes: &[u8]) -> String {
    if scalar == Scalar::F32 {
        return format!("{:?}f", f32::from_bits(bits(bytes) as u32));
    }
    if scalar.is_float() {
        return format!("{:?}", float(scalar, bytes));
    }
    let unused = 64 - 8 * scalar.size_bytes() as u32;
    if scalar.is_signed() {
        ((bits(bytes) << unused) as i64 >> unused).to_string()
    } else {
        bits(bytes).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(scalar: Scalar, bytes: &[u8]) -> Results {
        let values = Values {
            of: Holder::Buffer(0),
            leaf: 0,
            scalar,
            first: 2,
            bytes: bytes.to_vec(),
        };
        Results {
            values: vec![values],
            is_complete: true,
            ..Results::default()
        }
    }

    fn compared(scalar: Scalar, a: &[u8], b: &[u8]) -> Option<String> {
        let (a, b) = (results(scalar, a), results(scalar, b));
        difference(&a, &b, None, &|_| "y".to_owned()).map(|each| each.message)
    }

    #[test]
    fn first_difference_is_named() {
        let message = compared(Scalar::I16, &[1, 0, 2, 0], &[1, 0, 0xff, 0xff]);
        assert_eq!(message.as_deref(), Some("y[3] is -1, the original gives 2"));
    }

    #[test]
    fn nan_equals_nan_but_zeros_have_signs() {
        let (quiet, other) = (
            f32::NAN.to_le_bytes(),
            f32::from_bits(0xffc0_0001).to_le_bytes(),
        );
        assert_eq!(compared(Scalar::F32, &quiet, &other), None);
        assert!(
            compared(
                Scalar::F32,
                &0.0_f32.to_le_bytes(),
                &(-0.0_f32).to_le_bytes()
            )
            .is_some()
        );
        assert!(compared(Scalar::U32, &quiet, &other).is_some());
    }
}
