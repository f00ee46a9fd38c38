//! Which pointer of a test is null: one that the function compares with null, each alone.

use crate::glue::{Callee, Slot};

/// Every so many tests an array is left out: the second of them, whose sizes are not the smallest.
const EVERY: usize = 5;
const PLACE: usize = 1;

/// Returns the buffer that a test leaves out, if any.
pub(super) fn absent(callee: &Callee, index: usize) -> Option<usize> {
    if index % EVERY != PLACE {
        return None;
    }
    let optional = optional(callee);
    optional.get(index / EVERY % optional.len().max(1)).copied()
}

/// Returns the buffers that a function compares with null.
fn optional(callee: &Callee) -> Vec<usize> {
    let slots = callee.slots.iter().enumerate();
    let optional = slots.filter(|(_, slot)| match slot {
        Slot::Buffer { is_optional, .. } => *is_optional,
        Slot::Size(_) | Slot::Value(_) | Slot::Choice { .. } | Slot::Rows { .. } => false,
    });
    optional.map(|(slot, _)| slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mupac_ir::{Scalar, Type};

    fn buffer(is_optional: bool) -> Slot {
        Slot::Buffer {
            element: Type::Scalar(Scalar::F32),
            is_written: false,
            is_restrict: false,
            is_optional,
        }
    }

    #[test]
    fn each_optional_array_is_left_out_in_turn() {
        let callee = Callee::of_slots(vec![buffer(true), buffer(false), buffer(true)]);
        let turns: Vec<_> = (0..20).filter_map(|index| absent(&callee, index)).collect();
        assert_eq!(turns, [0, 2, 0, 2]);
        let callee = Callee::of_slots(vec![buffer(false)]);
        assert_eq!(absent(&callee, PLACE), None);
    }
}
