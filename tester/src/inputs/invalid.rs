//! Why an input is no test.

/// Why an input is no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invalid {
    /// It needs more memory or accesses than a test may have.
    TooLarge,
    /// It needs more than a test may have, and touches more of its buffers than was foreseen: numbers in memory may lead it there.
    Far,
    /// The function calls what another file defines.
    Missing,
    /// The function returns a pointer to memory that it was not passed: nobody knows what lies there.
    Elsewhere,
    /// An integer is divided by zero.
    Division,
    /// Integers overflow or are shifted too far.
    Integers,
    /// A floating-point number does not fit the integer that it is converted to.
    Floats,
    /// A subscript exceeds an array of this fixed length.
    Subscript(i64),
    /// An address is no multiple of what the type behind it is aligned to.
    Alignment,
    /// The text computes something else, which may be as right: how far its numbers may be off is not known.
    Undecided,
    /// Something else: mostly memory that is not there.
    Other,
}

impl Invalid {
    /// Reads what the undefined-behaviour sanitizer complains of.
    ///
    /// **Source**: the messages of `UndefinedBehaviorSanitizer`, compiler-rt's `ubsan_handlers.cpp`.
    pub(crate) fn of_complaint(complaint: &str) -> Self {
        let mentions = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
        if let Some(length) = exceeded(complaint) {
            Self::Subscript(length)
        } else if mentions(&["outside the range of representable values"]) {
            Self::Floats
        } else if mentions(&["misaligned address"]) {
            Self::Alignment
        } else if mentions(&["division by zero"]) {
            Self::Division
        } else if mentions(&["integer overflow", "division", "shift", "negation"]) {
            Self::Integers
        } else {
            Self::Other
        }
    }
}

/// Returns the length of the array that a subscript is said to exceed.
fn exceeded(complaint: &str) -> Option<i64> {
    let (_, array) = complaint.split_once("out of bounds for type '")?;
    let (_, length) = array.split_once('[')?;
    let (length, _) = length.split_once(']')?;
    length.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_say_what_to_narrow() {
        let of = |text: &str| Invalid::of_complaint(text);
        let overflow = "a.c:3:9: runtime error: signed integer overflow: 2 * 2147483647";
        assert_eq!(of(overflow), Invalid::Integers);
        let quotient = "a.c:3:9: runtime error: division by zero";
        assert_eq!(of(quotient), Invalid::Division);
        let cast = "runtime error: 300.5 is outside the range of representable values of type";
        assert_eq!(of(cast), Invalid::Floats);
        let subscript =
            "a.c:3:9: runtime error: index 96 out of bounds for type 'double [64][128]'";
        assert_eq!(of(subscript), Invalid::Subscript(64));
        let load = "runtime error: load of misaligned address 0x7ffc1 for type 'float'";
        assert_eq!(of(load), Invalid::Alignment);
        assert_eq!(
            of("ERROR: AddressSanitizer: SEGV on unknown address"),
            Invalid::Other
        );
    }
}
