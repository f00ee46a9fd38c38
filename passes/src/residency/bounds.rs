//! Between which values a subscript lies while loops run.

use mupac_ir::{Function, Handle, Loop, Var};

use super::forms::{Form, Leaf, Leaves};

/// A loop that counts: while it runs, its counter is no less than `low` and no greater than `high`.
pub(super) struct Counted {
    counter: Handle<Var>,
    low: Form,
    high: Form,
    /// The size that it counts up to or down from, which is not negative then.
    length: Option<Leaf>,
    /// Whether it runs in every iteration of the loops around it, and comes to its end in steps of one.
    is_certain: bool,
}

impl Counted {
    /// Returns what a loop counts; `None` where its bounds are no sums.
    ///
    /// `leaves`: whether something may end the loop early. If nothing does, its counter comes to the end, so that the end is a
    /// number that the counter holds and that a program can count to; else it may be `SIZE_MAX`.
    /// `is_certain`: whether the loop runs in every iteration of those around it.
    pub(super) fn of(
        function: &Function,
        leaves_of: &mut Leaves,
        each: &Loop,
        (leaves, is_certain): (bool, bool),
        moves: &dyn Fn(Handle<Var>) -> bool,
    ) -> Option<Self> {
        let end = function.exprs[each.end].ty.scalar()?;
        if leaves && end.bits() == 64 && !end.is_signed() {
            return None;
        }
        let start = leaves_of.form(function, each.start, moves)?;
        let end = leaves_of.form(function, each.end, moves)?;
        let last = end.plus(&Form::constant(1), if each.step > 0 { -1 } else { 1 })?;
        let (low, high) = if each.step > 0 {
            (start, last)
        } else {
            (last, start)
        };
        // From a start that is not negative it goes up to a size that is not negative either; and down likewise.
        let is_natural = low.value().is_some_and(|low| low >= 0);
        let length = high
            .shifted()
            .filter(|(_, offset)| is_natural && *offset <= 0);
        Some(Self {
            counter: each.iterator,
            low,
            high,
            length: length.map(|(leaf, _)| leaf),
            is_certain: is_certain && !leaves && each.step.abs() == 1,
        })
    }

    fn is_natural(&self) -> bool {
        self.low.value().is_some_and(|low| low >= 0)
    }
}

/// Returns the least and the greatest value of a subscript, if it is known which way it goes with each of the loops around it,
/// outermost first.
pub(super) fn ends(
    function: &Function,
    leaves: &Leaves,
    subscript: &Form,
    around: &[Counted],
) -> Option<(Form, Form)> {
    let natural = |leaf: Leaf| is_natural(function, leaves, leaf, around);
    let end = |is_low: bool| {
        let mut found = subscript.clone();
        for each in around.iter().rev() {
            let Some(counter) = leaves.of_variable(function, each.counter) else {
                continue;
            };
            let (_, by) = found.split(counter)?;
            let goes_down = by.is_negative(&natural)?;
            let value = if goes_down == is_low {
                &each.high
            } else {
                &each.low
            };
            found = found.with(counter, value)?;
        }
        Some(found)
    };
    Some((end(true)?, end(false)?))
}

/// Returns whether a product is of ends of loops that count to them, each loop once.
pub(super) fn is_near(product: &[Leaf], around: &[Counted]) -> bool {
    let mut left: Vec<&Counted> = around.iter().filter(|each| each.is_certain).collect();
    !product.is_empty()
        && product.iter().all(|leaf| {
            let own = left.iter().position(|each| each.length == Some(*leaf));
            own.map(|at| left.swap_remove(at)).is_some()
        })
}

/// Returns whether a value is not negative where some loops run.
fn is_natural(function: &Function, leaves: &Leaves, leaf: Leaf, around: &[Counted]) -> bool {
    let ty = leaves.scalar(function, leaf);
    let is_counter = |each: &Counted| leaves.of_variable(function, each.counter) == Some(leaf);
    let mut all = around.iter();
    ty.is_some_and(|ty| !ty.is_signed() && ty.bits() < 64)
        || all.any(|each| each.length == Some(leaf) || is_counter(each) && each.is_natural())
}
