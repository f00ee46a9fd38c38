//! Which inputs a function is defined on, as far as inputs tell on which it is not.

use std::collections::BTreeMap;
use std::fmt;

use super::slots::{Slots, aligned};
use super::{Invalid, Owner, TestCase};
use crate::glue::{Callee, Slot};

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
    /// No two pointers in memory lead to one row.
    OwnRows,
    /// This pointer is not null.
    Present(usize),
    /// No size is smaller.
    LeastSize(i64),
    /// The size of a slot is not larger.
    MostSize(usize, i64),
    /// The product of the sizes is not larger.
    MostWork(i64),
    /// Integers are multiples of what scalars are aligned to, as distances in bytes are.
    Aligned(Slots),
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
    most_sizes: BTreeMap<usize, i64>,
    /// The greatest product of the sizes of a test that was too large before its sizes were halved.
    most_work: Option<i64>,
    /// Slots of integers that are multiples of what scalars are aligned to.
    aligned: Slots,
    /// The elements that buffers need beyond those that the entry proposes, by the class of the sizes and the buffer.
    extents: BTreeMap<Vec<u32>, BTreeMap<usize, (i64, i64)>>,
    /// How often sizes that the entry does not propose were no test.
    unproposed: usize,
    tame: Tame,
    /// How often what shared memory was no test.
    apart: BTreeMap<(usize, Owner), usize>,
    /// How often rows that were shared were no test.
    own_rows: usize,
    /// How often a null pointer in place of a buffer was no test.
    present: BTreeMap<usize, usize>,
}

/// After so many inputs that were none because they shared memory, the two are left apart; and likewise a pointer is no
/// longer null.
const MOST_SHARED: usize = 2;
/// Most lengths of arrays that are tried as the bound of a size.
const MOST_LENGTHS: usize = 8;
/// After so many that were none because of their sizes, all sizes are proposed ones.
const MOST_UNPROPOSED: usize = 3;

impl Limits {
    /// Narrows inputs.
    pub(crate) fn add(&mut self, limit: Limit) {
        let before = self.tame;
        match limit {
            Limit::Apart(buffer, owner) => {
                *self.apart.entry((buffer, owner)).or_default() += 1;
            }
            Limit::OwnRows => self.own_rows += 1,
            Limit::Present(buffer) => *self.present.entry(buffer).or_default() += 1,
            Limit::ProposedSizes => self.unproposed += 1,
            Limit::LeastSize(least) => self.least_size = self.least_size.max(Some(least)),
            Limit::MostSize(slot, most) => {
                let known = self.most_sizes.entry(slot).or_insert(most);
                *known = most.min(*known);
            }
            Limit::MostWork(most) => self.most_work = self.most_work.max(Some(most)),
            Limit::Aligned(slots) => self.aligned = self.aligned.with(slots),
            Limit::SmallIntegers => {
                self.tame.integers = self.tame.integers.max(Integers::Small);
            }
            Limit::PositiveIntegers => self.tame.integers = Integers::Positive,
            Limit::UnitFloats => self.tame.floats = true,
        }
        // What wilder numbers in memory led to says nothing any more of what buffers need.
        if self.tame != before {
            self.extents.clear();
        }
    }

    /// Notes the elements that buffers turned out to need in a test.
    pub(crate) fn add_extents(
        &mut self,
        callee: &Callee,
        case: &TestCase,
        grown: &[(usize, i64, i64)],
    ) {
        if grown.is_empty() || case.tame != self.tame {
            return;
        }
        let known = self.extents.entry(class(callee, case)).or_default();
        for (buffer, low, high) in grown {
            let range = known.entry(*buffer).or_insert((*low, *high));
            *range = (range.0.min(*low), range.1.max(*high));
        }
    }

    /// Returns a test whose buffers hold what tests of much the same sizes needed.
    fn with_extents(&self, callee: &Callee, case: &TestCase) -> TestCase {
        let known = self.extents.get(&class(callee, case));
        let known = known.into_iter().flatten();
        let known: Vec<_> = known
            .map(|(buffer, (low, high))| (*buffer, *low, *high))
            .collect();
        case.within(&known)
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
        if self.own_rows >= MOST_SHARED {
            case = case.with_own_rows();
        }
        let failures = |buffer| self.present.get(&buffer).copied().unwrap_or(0);
        if case
            .absent
            .is_some_and(|buffer| failures(buffer) >= MOST_SHARED)
        {
            case = case.with_all();
        }
        if self.unproposed >= MOST_UNPROPOSED {
            case = case.with_proposed_sizes(callee);
        }
        let slots = callee.slots.iter().enumerate();
        for (value, (number, slot)) in case.values.iter_mut().zip(slots) {
            match slot {
                Slot::Size(_) => {
                    if let Some(most) = self.most_sizes.get(&number) {
                        *value = (*value as i64).min(*most) as u64;
                    }
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
                Slot::Choice { .. } | Slot::Buffer { .. } | Slot::Rows { .. } => {}
            }
        }
        case = self.within_work(callee, case);
        for slot in self.aligned.each() {
            case = case.with_value(slot, aligned(case.value(slot).unwrap_or(0)));
        }
        self.with_extents(callee, &case)
    }

    /// Returns a test whose sizes are not too large together; those for which guards hold stay.
    fn within_work(&self, callee: &Callee, mut case: TestCase) -> TestCase {
        let Some(most) = self.most_work.filter(|_| !case.is_proposed(callee)) else {
            return case;
        };
        while case.work(callee) > most
            && let Some(smaller) = case.halved(callee)
        {
            case = smaller;
        }
        case
    }

    /// Returns the limits that may make a test of an input that is none, the likeliest first.
    pub(crate) fn suggestions(&self, callee: &Callee, case: &TestCase, why: Invalid) -> Vec<Limit> {
        let mut limits = Vec::new();
        let shared = case.aliases.iter();
        let shared = shared.map(|each| Limit::Apart(each.buffer, each.owner));
        let shared = shared.chain(case.shares_rows.then_some(Limit::OwnRows));
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
            Invalid::Missing | Invalid::Elsewhere => {}
            // A subscript that is computed from numbers leads far away.
            Invalid::TooLarge => limits.extend(floats),
            Invalid::Far => {
                let integers = integers.into_iter().filter(|_| callee.reads_integers());
                limits.extend(integers.chain(floats).chain(shared));
            }
            Invalid::Division => {
                limits.extend(sizes.map(Limit::LeastSize));
                limits.extend(integers.into_iter().rev().take(1).chain(shared));
            }
            // What is written through shared memory is often read again and grows.
            Invalid::Integers => limits.extend(integers.into_iter().chain(shared)),
            Invalid::Floats => limits.extend(floats.into_iter().chain(integers).chain(shared)),
            Invalid::Subscript(length) => {
                limits.extend(most_sizes(callee, case, &[length]));
                limits.extend(integers.into_iter().chain(floats).chain(shared));
            }
            Invalid::Alignment => {
                let all = Slots::of_integers(callee);
                limits.extend((self.aligned != all).then_some(Limit::Aligned(all)));
                limits.extend(shared);
            }
            Invalid::Undecided | Invalid::Other => {
                limits.extend(case.absent.map(Limit::Present));
                limits.extend(floats.filter(|_| callee.converts_floats));
                limits.extend(shared);
                limits.extend(most_sizes(callee, case, &callee.lengths));
                limits.extend(sizes.map(Limit::LeastSize));
                let has_proposals = case.with_proposed_sizes(callee) != *case;
                limits.extend(has_proposals.then_some(Limit::ProposedSizes));
                limits.extend(integers);
                limits.extend(floats.filter(|_| !callee.converts_floats));
            }
        }
        limits
    }
}

/// Returns those of the lengths of arrays that sizes exceed.
fn most_sizes(callee: &Callee, case: &TestCase, lengths: &[i64]) -> Vec<Limit> {
    let mut limits = Vec::new();
    for length in lengths {
        let exceeding = case.sizes(callee).filter(|(size, _)| size > length);
        limits.extend(exceeding.map(|(_, slot)| Limit::MostSize(slot, *length)));
    }
    limits.truncate(MOST_LENGTHS);
    limits
}

/// Returns the class of a test's sizes: tests of one class touch much the same elements.
fn class(callee: &Callee, case: &TestCase) -> Vec<u32> {
    let slots = callee.slots.iter().enumerate();
    let sizes = slots.filter(|(_, slot)| matches!(slot, Slot::Size(_)));
    let sizes = sizes.map(|(slot, _)| case.value(slot).unwrap_or(0) as i64);
    sizes
        .map(|size| i64::BITS - size.max(0).leading_zeros())
        .collect()
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
    fn a_size_may_be_bounded_by_the_length_of_an_array() {
        let callee = Callee {
            lengths: vec![128, 64],
            ..Callee::of_slots(vec![Slot::Size(Scalar::I32), Slot::Size(Scalar::I32)])
        };
        let case = test_case(&callee, 1, 0, 0)
            .with_value(0, 100)
            .with_value(1, 3);
        let mut limits = Limits::default();
        let suggested = limits.suggestions(&callee, &case, Invalid::Other);
        assert_eq!(suggested.first(), Some(&Limit::MostSize(0, 64)));
        limits.add(Limit::MostSize(0, 64));
        let case = limits.apply(&callee, &case);
        assert_eq!((case.value(0), case.value(1)), (Some(64), Some(3)));
    }

    #[test]
    fn what_is_known_of_the_cause_comes_first() {
        let callee = Callee {
            lengths: vec![128, 64],
            converts_floats: true,
            ..Callee::of_slots(vec![Slot::Size(Scalar::I32)])
        };
        let case = test_case(&callee, 1, 0, 0).with_value(0, 200);
        let first = |why| Limits::default().suggestions(&callee, &case, why).remove(0);
        assert_eq!(first(Invalid::Subscript(64)), Limit::MostSize(0, 64));
        assert_eq!(first(Invalid::Other), Limit::UnitFloats);
    }

    #[test]
    fn smaller_integers_come_before_smaller_sizes_where_memory_leads_far() {
        let buffer = |scalar| Slot::Buffer {
            element: mupac_ir::Type::Scalar(scalar),
            is_written: false,
            is_restrict: false,
            is_optional: false,
        };
        let of = |scalar| Callee::of_slots(vec![Slot::Size(Scalar::I32), buffer(scalar)]);
        let (counts, values) = (of(Scalar::I32), of(Scalar::F64));
        let wild = test_case(&counts, 1, 0, 0);
        let mut limits = Limits::default();
        let first = |callee, why| limits.suggestions(callee, &wild, why).first().copied();
        assert_eq!(first(&counts, Invalid::Far), Some(Limit::SmallIntegers));
        assert_eq!(first(&values, Invalid::Far), Some(Limit::UnitFloats));
        assert_eq!(first(&counts, Invalid::TooLarge), Some(Limit::UnitFloats));
        limits.add_extents(&counts, &wild, &[(1, 0, 1 << 20)]);
        assert!(!limits.extents.is_empty());
        limits.add(Limit::SmallIntegers);
        assert!(limits.extents.is_empty());
        limits.add_extents(&counts, &wild, &[(1, 0, 1 << 20)]);
        assert!(limits.extents.is_empty());
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
            Limit::UnitFloats,
        ];
        assert_eq!(suggested, expected);
        limits.add(Limit::PositiveIntegers);
        limits.add(Limit::UnitFloats);
        limits.add(Limit::LeastSize(1));
        let case = limits.apply(&callee, &case);
        assert_eq!(limits.suggestions(&callee, &case, Invalid::Other), []);
        assert_eq!(limits.suggestions(&callee, &case, Invalid::Integers), []);
    }
}
