//! Sets of the values that a test chooses.

use super::TestCase;
use crate::glue::{Callee, Slot};

/// No scalar is aligned to more bytes.
const ALIGNMENT: i64 = 8;

/// Slots of a function, of which there are at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slots(u64);

impl Slots {
    /// Returns the slots of integers that can be told from their multiples.
    pub(super) fn of_integers(callee: &Callee) -> Self {
        let slots = (0..u64::BITS).zip(&callee.slots);
        let integers = slots.filter(|(_, slot)| is_integer(slot));
        Self(integers.fold(0, |bits, (slot, _)| bits | 1 << slot))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the slots by number.
    pub(super) fn each(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |slot| self.0 >> slot & 1 == 1)
    }

    /// Returns these slots without each one for which a test shows whether it belongs to them.
    pub(crate) fn without_one(self, wild: &TestCase) -> Vec<Self> {
        let tells = |slot: &usize| {
            let value = wild.value(*slot);
            value.is_some_and(|value| aligned(value) != value)
        };
        let slots = self.each().filter(tells);
        slots.map(|slot| Self(self.0 & !(1 << slot))).collect()
    }

    /// Returns the slots that both hold.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

fn is_integer(slot: &Slot) -> bool {
    match slot {
        Slot::Size(scalar) | Slot::Value(scalar) => !scalar.is_float() && scalar.size_bytes() > 1,
        Slot::Choice { .. } | Slot::Buffer { .. } | Slot::Rows { .. } => false,
    }
}

/// Returns the nearest multiple toward zero, but no zero for what is none.
pub(super) fn aligned(value: u64) -> u64 {
    let value = value as i64;
    let multiple = value / ALIGNMENT * ALIGNMENT;
    (if multiple == 0 && value > 0 {
        ALIGNMENT
    } else {
        multiple
    }) as u64
}

#[cfg(test)]
mod tests {
    use super::super::test_case;
    use super::*;
    use mupac_ir::Scalar;

    #[test]
    fn what_is_a_multiple_does_not_show_whether_it_has_to_be() {
        let callee = Callee::of_slots(vec![
            Slot::Size(Scalar::I32),
            Slot::Value(Scalar::F64),
            Slot::Size(Scalar::I32),
        ]);
        let all = Slots::of_integers(&callee);
        assert_eq!(all, Slots(0b101));
        let wild = test_case(&callee, 1, 0, 0)
            .with_value(0, 16)
            .with_value(2, 17);
        assert_eq!(all.without_one(&wild), [Slots(0b001)]);
    }

    #[test]
    fn multiples_are_near_and_not_zero() {
        let values = [0, 1, 8, 9, -1, -9].map(|value: i64| aligned(value as u64) as i64);
        assert_eq!(values, [0, 8, 8, 8, 0, -8]);
    }
}
