//! Unsigned counters that go down to 0, counted upwards: threads that a grid has more than iterations would find them beyond
//! 0, where they wrap around to large numbers.

use mupac_ir::{BinaryOp, Function, Loop, Scalar, Stmt, Type, Var};

use super::fixed::is_fixed;
use super::{Counting, Position, changed, is_live_after};
use crate::build;

/// Returns whether an unsigned counter goes down to 0 one by one.
pub(super) fn counts_down_to_zero(function: &Function, each: &Loop) -> bool {
    let ty = function.vars[each.iterator].ty.scalar();
    let is_unsigned = ty.is_some_and(|ty| matches!(ty, Scalar::U32 | Scalar::U64));
    is_unsigned && each.step == -1 && build::constant(function, each.end) == Some(0)
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
        let ty = self.function.vars[var].ty.scalar()?;
        let name = format!("{}.at", self.function.vars[var].name);
        let name = self.function.fresh_name(&name);
        let counter = Var::local(&name, Type::Scalar(ty));
        let counter = self.function.vars.push(counter);
        let mut body = each.body.clone();
        let own = if each.declares_iterator {
            var
        } else {
            self.renamed(&mut body, var)
        };
        let along = self.function.load(counter);
        let start = build::convert(&mut self.function, start, ty);
        let value = build::binary(&mut self.function, BinaryOp::Subtract, start, along);
        let first = self.assignment(own, value, each.header_span);
        body.splice(0..0, [Stmt::Declare(own, each.header_span), first]);
        Some(Loop {
            iterator: counter,
            declares_iterator: true,
            start: build::int(&mut self.function, 0, ty),
            end: start,
            step: 1,
            body,
            ..each.clone()
        })
    }
}
