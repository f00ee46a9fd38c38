//! Which inputs a function is defined on, as far as inputs tell on which it is not.

use std::collections::BTreeMap;
use std::fmt;

use super::{Owner, TestCase};
use crate::glue::{Callee, Slot};

/// Why an input is no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invalid {
    /// It needs more memory or accesses than a test may have.
    TooLarge,
    /// The function calls what another file defines.
    Missing,
    /// Integers overflow, are shifted too far, or divided by zero.
    Integers,
    /// A floating-point number does not fit the integer that it is converted to.
    Floats,
    /// Something else: mostly memory that is not there.
    Other,
}

impl Invalid {
    /// Reads what the undefined-behaviour sanitizer complains of.
    ///
    /// **Source**: the messages of `UndefinedBehaviorSanitizer`, compiler-rt's `ubsan_handlers.cpp`.
    pub(crate) fn of_complaint(complaint: &str) -> Self {
        let mentions = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
        if mentions(&["outside the range of representable values"]) {
            Self::Floats
        } else if mentions(&["integer overflow", "division", "shift", "negation"]) {
            Self::Integers
        } else {
            Self::Other
        }
    }
}

/// How much tamer than usual numbers in memory are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tame {
    integers: Integers,
    floats: bool,
}

/// Integers in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Integers {
    #[default]
    Any,
    /// 0 to 8.
    Small,
    /// 1 to 8.
    Positive,
}

impl fmt::Display for Tame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.integers {
            Integers::Any => "-",
            Integers::Small => "i",
            Integers::Positive => "p",
        })?;
        f.write_str(if self.floats { "f" } else { "-" })
    }
}

/// One way in which inputs may have to be narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// These do not share memory.
    Apart(usize, Owner),
    /// No size is smaller.
    LeastSize(i64),
    /// Sizes are among those that the entry proposes.
    ProposedSizes,
    /// Integers are small.
    SmallIntegers,
    /// Integers are small and not zero.
    PositiveIntegers,
    /// Floating-point numbers are from 0 to 1.
    UnitFloats,
}

/// What is known of the inputs that a function is defined on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    least_size: Option<i64>,
    /// How often sizes that the entry does not propose were no test.
    unproposed: usize,
    tame: Tame,
    /// How often what shared memory was no test.
    apart: BTreeMap<(usize, Owner), usize>,
}

/// After so many inputs that were none because they shared memory, the two are left apart.
const MOST_SHARED: usize = 2;
/// After so many that were none because of their sizes, all sizes are proposed ones.
const MOST_UNPROPOSED: usize = 3;

impl Limits {
    /// Narrows inputs.
    pub(crate) fn add(&mut self, limit: Limit) {
        match limit {
            Limit::Apart(buffer, owner) => {
                *self.apart.entry((buffer, owner)).or_default() += 1;
            }
            Limit::ProposedSizes => self.unproposed += 1,
            Limit::LeastSize(least) => self.least_size = self.least_size.max(Some(least)),
            Limit::SmallIntegers => {
                self.tame.integers = self.tame.integers.max(Integers::Small);
            }
            Limit::PositiveIntegers => self.tame.integers = Integers::Positive,
            Limit::UnitFloats => self.tame.floats = true,
        }
    }

    /// Returns a test within the limits.
    pub(crate) fn apply(&self, callee: &Callee, case: &TestCase) -> TestCase {
        let mut case = self.apply_to_values(callee, case);
        let failures = |buffer, owner| self.apart.get(&(buffer, owner)).copied();
        case.aliases
            .retain(|each| failures(each.buffer, each.owner).unwrap_or(0) < MOST_SHARED);
        case
    }

    /// Returns a test that shares what it shares, within the other limits.
    pub(crate) fn apply_to_values(&self, callee: &Callee, case: &TestCase) -> TestCase {
        let mut case = case.clone();
        case.tame = self.tame;
        if self.unproposed >= MOST_UNPROPOSED {
            case = case.with_proposed_sizes(callee);
        }
        for (value, slot) in case.values.iter_mut().zip(&callee.slots) {
            match slot {
                Slot::Size(_) => {
                    if let Some(least) = self.least_size {
                        *value = (*value as i64).max(least) as u64;
                    }
                }
                Slot::Value(scalar) if scalar.is_float() => {
                    if self.tame.floats {
                        let fraction = f64::from_bits(*value).abs().fract();
                        let fraction = if fraction.is_finite() { fraction } else { 0.5 };
                        *value = fraction.to_bits();
                    }
                }
                Slot::Value(_) => match self.tame.integers {
                    Integers::Any => {}
                    Integers::Small => *value %= 9,
                    Integers::Positive => *value = *value % 8 + 1,
                },
                Slot::Buffer { .. } => {}
            }
        }
        case
    }

    /// Returns the limits that may make a test of an input that is none, the likeliest first.
    pub(crate) fn suggestions(&self, callee: &Callee, case: &TestCase, why: Invalid) -> Vec<Limit> {
        let mut limits = Vec::new();
        let shared = case.aliases.iter();
        let shared = shared.map(|each| Limit::Apart(each.buffer, each.owner));
        let sizes = case.values.iter().zip(&callee.slots);
        let least = sizes
            .filter(|(_, slot)| matches!(slot, Slot::Size(_)))
            .map(|(size, _)| *size as i64)
            .min();
        let sizes = [0, 1].into_iter();
        let sizes = sizes.filter(|bound| least.is_some_and(|least| least < *bound));
        let integers = match self.tame.integers {
            Integers::Any => vec![Limit::SmallIntegers, Limit::PositiveIntegers],
            Integers::Small => vec![Limit::PositiveIntegers],
            Integers::Positive => Vec::new(),
        };
        let floats = (!self.tame.floats).then_some(Limit::UnitFloats);
        match why {
            Invalid::TooLarge | Invalid::Missing => {}
            Invalid::Integers => limits.extend(integers.into_iter().chain(shared)),
            Invalid::Floats => limits.extend(floats.into_iter().chain(shared)),
            Invalid::Other => {
                limits.extend(shared);
                limits.extend(sizes.map(Limit::LeastSize));
                let has_proposals = case.with_proposed_sizes(callee) != *case;
                limits.extend(has_proposals.then_some(Limit::ProposedSizes));
                limits.extend(integers);
            }
        }
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::test_case;
    use mupac_ir::Scalar;

    #[test]
    fn limits_narrow_what_they_are_about_and_no_more() {
        let callee = Callee::of_slots(vec![
            Slot::Size(Scalar::I32),
            Slot::Value(Scalar::I32),
            Slot::Value(Scalar::F64),
        ]);
        let case = test_case(&callee, 1, 0, 0)
            .with_value(0, -1_i64 as u64)
            .with_value(1, 90)
            .with_value(2, 4.25_f64.to_bits());
        let narrowed = |limits: &[Limit]| {
            let mut all = Limits::default();
            for limit in limits {
                all.add(*limit);
            }
            let case = all.apply(&callee, &case);
            let value = |slot| case.value(slot).unwrap();
            (value(0) as i64, value(1), f64::from_bits(value(2)))
        };
        assert_eq!(narrowed(&[]), (-1, 90, 4.25));
        let sizes = [Limit::LeastSize(1), Limit::LeastSize(0)];
        assert_eq!(narrowed(&sizes), (1, 90, 4.25));
        let integers = [Limit::PositiveIntegers, Limit::SmallIntegers];
        assert_eq!(narrowed(&integers), (-1, 3, 4.25));
        assert_eq!(narrowed(&[Limit::UnitFloats]), (-1, 90, 0.25));
    }

    #[test]
    fn complaints_say_what_to_narrow() {
        let of = |text: &str| Invalid::of_complaint(text);
        let overflow = "a.c:3:9: runtime error: signed integer overflow: 2 * 2147483647";
        assert_eq!(of(overflow), Invalid::Integers);
        let cast = "runtime error: 300.5 is outside the range of representable values of type";
        assert_eq!(of(cast), Invalid::Floats);
        assert_eq!(
            of("ERROR: AddressSanitizer: SEGV on unknown address"),
            Invalid::Other
        );
    }

    #[test]
    fn what_is_suggested_is_new() {
        let callee = Callee::of_slots(vec![Slot::Size(Scalar::I32)]);
        let case = test_case(&callee, 1, 0, 0).with_value(0, 0);
        let mut limits = Limits::default();
        let suggested = limits.suggestions(&callee, &case, Invalid::Other);
        let expected = [
            Limit::LeastSize(1),
            Limit::SmallIntegers,
            Limit::PositiveIntegers,
        ];
        assert_eq!(suggested, expected);
        limits.add(Limit::PositiveIntegers);
        limits.add(Limit::LeastSize(1));
        let case = limits.apply(&callee, &case);
        assert_eq!(limits.suggestions(&callee, &case, Invalid::Other), []);
        assert_eq!(limits.suggestions(&callee, &case, Invalid::Integers), []);
    }
}
