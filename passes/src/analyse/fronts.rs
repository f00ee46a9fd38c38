//! The move that makes a nest parallel whose two loops both carry dependences: counting them by fronts.
//!
//! **Source**: Lamport, “The Parallel Execution of DO Loops”, CACM 17(2), 1974.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Loop, LoopName, Refusal, Stmt};

use super::layout::layout;
use super::opening::{Opened, Written};
use crate::carried::{self, Events};
use crate::region;
use crate::steps::{GREATEST_FACTOR, Slopes, skew, skew_move, wave_of};

/// Returns the loops that hold nothing but one other and that carry dependences, as do those that they hold.
pub(super) fn candidates(
    statements: &[Stmt],
    carried: &BTreeMap<LoopName, Vec<Refusal>>,
    obstructed: &BTreeSet<LoopName>,
) -> BTreeSet<LoopName> {
    pairs(statements, carried, obstructed)
        .map(|(outer, _)| outer.name.clone())
        .collect()
}

/// Returns the region with its innermost such loops counted by fronts, if what a front meets may run in any order, and all
/// else is a nest or the host's; `None` where that cannot be.
pub(super) fn open(written: Written<'_>) -> Option<Opened> {
    pairs(written.statements, written.carried, written.obstructed).find_map(|(outer, inner)| {
        let factor = (0..=GREATEST_FACTOR)
            .find(|factor| are_apart(written, outer, inner, *factor) == Some(true))?;
        by_fronts(written, outer, inner, factor)
    })
}

/// Returns pairs of loops of which one holds the other and nothing else, and both carry dependences; inner ones first.
fn pairs<'a>(
    statements: &'a [Stmt],
    carried: &'a BTreeMap<LoopName, Vec<Refusal>>,
    obstructed: &'a BTreeSet<LoopName>,
) -> impl Iterator<Item = (&'a Loop, &'a Loop)> {
    let needs_order =
        move |each: &Loop| carried.contains_key(&each.name) && !obstructed.contains(&each.name);
    let loops = region::loops(statements).into_iter().rev();
    loops.filter_map(move |outer| match outer.body.as_slice() {
        [Stmt::For(inner)] => (needs_order(outer) && needs_order(inner)).then_some((outer, inner)),
        [..] => None,
    })
}

/// Returns whether every dependence between different iterations of the outer loop, in one iteration of those around it,
/// goes from a front to a later one; `None` where the bounds say nothing of fronts.
fn are_apart(written: Written<'_>, outer: &Loop, inner: &Loop, factor: i64) -> Option<bool> {
    let around = region::along(written.statements, &outer.name);
    let around = around.iter().map(|each| each.iterator);
    let known = written.unchanged.iter().copied().chain(around).collect();
    let slopes = Slopes::of(written.function, &known, outer, inner)?;
    let events = Events::of(&inner.body);
    let depth = events.depth(written.order, outer.iterator)?;
    let next = depth + 1;
    // Distances in iterations, times both steps: of the outer loop, and of the inner one from where it starts.
    let (a, b) = (i128::from(outer.step), i128::from(inner.step));
    let by_outer = i128::from(factor) * b.abs() * a.signum() - a.abs() * b.signum() * slopes.start;
    let by_inner = a.abs() * b.signum();
    let distance =
        format!("{by_outer} * (b{depth} - a{depth}) + {by_inner} * (b{next} - a{next}) <= 0");
    let differ = format!("a{depth} != b{depth}");
    Some(!carried::carries_such(
        written.order,
        &events,
        depth,
        &[differ, distance],
    ))
}

/// Returns the region after the move, if every statement then has its place.
fn by_fronts(written: Written<'_>, outer: &Loop, inner: &Loop, factor: i64) -> Option<Opened> {
    let mut function = written.function.clone();
    let mut statements = written.statements.to_vec();
    let step = skew_move(outer, inner, factor);
    skew(written.unchanged, &mut function, &mut statements, &step).ok()?;
    let reasons = written.carried.get(&outer.name)?.clone();
    let mut carried = written.carried.clone();
    carried.insert(wave_of(&step)?, reasons);
    let layout = layout(&function, &statements, &carried, written.unchanged).ok()?;
    Some(Opened {
        function,
        statements,
        moves: vec![step],
        layout,
    })
}
