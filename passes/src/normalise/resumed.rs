//! Loops that count on from the value that their counter has, and whose counter is read behind them (`for (; i < n; i++)`
//! after a loop that is unrolled): iterations get a counter of their own, and the host assigns the last value.
//!
//! **Source**: Tu, Padua, “Automatic Array Privatization”, LCPC 1993 (last value assignment).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Expr, Function, Handle, Loop, Stmt, Var};

use super::modified;
use super::own::own_iterator;
use super::point::end;
use crate::analyse::{counted_up, may_leave};
use crate::facts::BlockStep;
use crate::numbering::Numbering;
use crate::{build, region};

/// A region whose outermost loops count each by itself.
pub(crate) struct Resumed {
    /// The function with the region rewritten; handles of the original mean the same in it.
    pub(crate) function: Arc<Function>,
    /// What the counters have come to behind the region, in terms of what they were before it.
    pub(crate) last_values: Vec<(Handle<Var>, Handle<Expr>)>,
}

/// Gives the outermost loops of a region that count on a counter each; `None` where there is none.
pub(crate) fn resume(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Resumed> {
    let written = region::statements(function, path, range);
    let changed = modified(written);
    let is_alone = |at: usize, var: Handle<Var>| {
        let mut all = written.iter().enumerate();
        all.all(|(other, stmt)| other == at || !region::names(function, stmt, var))
    };
    let counting_on = |(at, stmt): (usize, &Stmt)| {
        let Stmt::For(each) = stmt else {
            return None;
        };
        let counts_on = counts_on(function, each, &changed) && is_alone(at, each.iterator);
        counts_on.then_some(at)
    };
    let found: Vec<usize> = written.iter().enumerate().filter_map(counting_on).collect();
    if found.is_empty() {
        return None;
    }
    let mut resumed = (**function).clone();
    let mut numbering = Numbering::after(&[&resumed.body]);
    let mut statements = region::take(&mut resumed, path, range);
    let mut last_values = Vec::new();
    for at in found {
        let Some(Stmt::For(each)) = statements.get_mut(at) else {
            continue;
        };
        let var = each.iterator;
        let Some(value) = end(&mut resumed, each, false) else {
            continue;
        };
        last_values.push((var, value));
        own_iterator(&mut resumed, each);
        if let Some(up) = counted_up(&mut resumed, &mut numbering, each) {
            *each = up;
        }
    }
    region::put(&mut resumed, path, range.start, statements);
    Some(Resumed {
        function: Arc::new(resumed),
        last_values,
    })
}

/// Returns whether what a loop starts with is computed from its own counter, and nothing changes where it ends.
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
