//! Loops that count on from the value that their counter has, and whose counter is read behind them (`for (; i < n; i++)`
//! after a loop that is unrolled): iterations get a counter of their own, and the host assigns the last value.
//!
//! **Source**: Tu, Padua, “Automatic Array Privatization”, LCPC 1993 (last value assignment).

use std::collections::BTreeSet;

use mupac_ir::{Compute, Function, Handle, Loop, Stmt, Var};

use super::own::own_iterator;
use super::point::end;
use super::{Work, modified};
use crate::analyse::{counted_up, may_leave};
use crate::{build, region};

/// Gives the outermost loops of the region that count on a counter each, and returns the assignments of their last values.
/// They come after all others: until then the variable has the value that it had before.
pub(super) fn resume(work: &mut Work<'_>) -> Vec<Compute> {
    let mut last_values = Vec::new();
    let mut statements = work.take();
    let changed = modified(&statements);
    for at in 0..statements.len() {
        let (before, rest) = statements.split_at_mut(at);
        let Some((Stmt::For(each), after)) = rest.split_first_mut() else {
            continue;
        };
        let var = each.iterator;
        let mut others = before.iter().chain(&*after);
        if !counts_on(&work.function, each, &changed)
            || others.any(|stmt| region::names(&work.function, stmt, var))
        {
            continue;
        }
        let Some(value) = end(&mut work.function, each, false) else {
            continue;
        };
        last_values.push(work.assignment(var, value, each.header_span));
        own_iterator(&mut work.function, each);
        if let Some(up) = counted_up(&mut work.function, &mut work.numbering, each) {
            *each = up;
        }
    }
    work.put(statements);
    last_values
}

/// Returns whether a loop starts with what its counter is, and runs to an end that nothing changes.
fn counts_on(function: &Function, each: &Loop, changed: &BTreeSet<Handle<Var>>) -> bool {
    let var = each.iterator;
    let mut others = changed.clone();
    others.remove(&var);
    !each.declares_iterator
        && build::names(function, each.start, var)
        && !build::names(function, each.end, var)
        && function.vars[var].is_plain_local()
        && !modified(&each.body).contains(&var)
        && region::has_fixed_bounds(function, each, &others)
        && !may_leave(&each.body)
}
