//! Unsigned counters that go down to 0, counted upwards: threads that a grid has more than iterations would find them beyond
//! 0, where they wrap around to large numbers.

use mupac_ir::{BinaryOp, Function, Loop, Place, Scalar, Stmt, Type, Var};

use super::fixed::is_fixed;
use super::{Counting, Position, changed, is_live_after};
use crate::build;
use crate::numbering::Numbering;

/// Returns whether an unsigned counter goes down to 0 one by one.
pub(crate) fn counts_down_to_zero(function: &Function, each: &Loop) -> bool {
    let ty = function.vars[each.iterator].ty.scalar();
    let is_unsigned = ty.is_some_and(|ty| matches!(ty, Scalar::U32 | Scalar::U64));
    is_unsigned && each.step == -1 && build::constant(function, each.end) == Some(0)
}

/// Returns a loop whose own counter goes down to 0 as one that counts upwards.
pub(crate) fn counted_up(
    function: &mut Function,
    numbering: &mut Numbering,
    each: &Loop,
) -> Option<Loop> {
    let own = each.iterator;
    if !each.declares_iterator || !counts_down_to_zero(function, each) {
        return None;
    }
    let ty = function.vars[own].ty.scalar()?;
    let name = function.fresh_name(&format!("{}.at", function.vars[own].name));
    let counter = function.vars.push(Var::local(&name, Type::Scalar(ty)));
    let along = function.load(counter);
    let start = build::convert(function, each.start, ty);
    let value = build::binary(function, BinaryOp::Subtract, start, along);
    let first = numbering.assignment(Place::var(own), value, each.header_span);
    let mut body = each.body.clone();
    let declared = Stmt::Declare(own, each.header_span);
    body.splice(0..0, [declared, Stmt::Compute(first)]);
    Some(Loop {
        iterator: counter,
        declares_iterator: true,
        start: build::int(function, 0, ty),
        end: start,
        step: 1,
        body,
        ..each.clone()
    })
}

impl Counting<'_> {
    /// Returns a loop whose counter goes down to 0 with one that goes up, if nothing reads the counter afterwards.
    pub(super) fn upward(&mut self, each: &Loop, position: Position<'_>) -> Option<Loop> {
        let var = each.iterator;
        let inside = changed(&self.function, &each.body);
        let is_needed =
            !each.declares_iterator && is_live_after(self.written, position.path, position.at, var);
        let start = each.start;
        let is_known =
            is_fixed(&self.function, start, &inside) && !build::names(&self.function, start, var);
        if is_needed || !is_known || !counts_down_to_zero(&self.function, each) {
            return None;
        }
        let mut own = each.clone();
        if !each.declares_iterator {
            own.iterator = self.renamed(&mut own.body, var);
            own.declares_iterator = true;
        }
        counted_up(&mut self.function, &mut self.numbering, &own)
    }
}
