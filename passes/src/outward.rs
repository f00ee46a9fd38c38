//! Parallel loops on their way out of loops that must run in order, and those of which a grid has no axis for all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use mupac_ir::{Axis, Handle, Loop, LoopName, Mapping, Move, Stmt, Trajectory, Var};

use crate::carried::{self, Events, Order};
use crate::state::Draft;
use crate::steps::{interchange_move, is_rectangular};
use crate::{build, region, trip};

/// Returns the moves that open a region, those that bring parallel loops out of sequential ones around them, and what
/// `of_nest` has for every nest of what comes of it.
pub fn default_moves(
    draft: &Draft,
    mut of_nest: impl FnMut(&Draft, &[Stmt]) -> Vec<Move>,
) -> Trajectory {
    let Ok(opened) = draft.opened() else {
        return Trajectory::default();
    };
    let out = opened.brought_out();
    let made = draft.trajectory().moves.len();
    let made = out.trajectory().moves.iter().skip(made);
    let nests = out.nests().into_iter();
    let mapping = nests.flat_map(|nest| of_nest(&out, nest));
    Trajectory {
        moves: made.cloned().chain(mapping).collect(),
    }
}

impl Draft {
    /// Returns the draft with every parallel loop outside of the sequential loops right around it, where that is as good.
    ///
    /// A sequential loop around a parallel one would be the host's, with a launch for each iteration, or keep threads
    /// from sharing out the parallel one.
    /// Of more parallel loops than a grid has axes the shortest goes inside: the innermost, whose iterations touch
    /// neighbours, is for the threads of a row.
    pub fn brought_out(&self) -> Cow<'_, Self> {
        let mut at = Cow::Borrowed(self);
        while let Some(step) = outward(&at, at.statements(), &mut Vec::new()) {
            let Ok(next) = at.rewritten(&step) else { break };
            at = Cow::Owned(next);
        }
        let deep: Vec<_> = at
            .nests()
            .into_iter()
            .flat_map(|nest| inward(&at, nest))
            .collect();
        for (name, passed) in deep {
            for _ in 0..passed {
                let Some(step) = passes_next(&at, &name) else {
                    break;
                };
                let Ok(next) = at.rewritten(&step) else { break };
                at = Cow::Owned(next);
            }
        }
        at
    }
}

/// Returns the loops that go inside where parallel ones are more than the axes of a grid, each with how many it passes.
fn inward(draft: &Draft, nest: &[Stmt]) -> Vec<(LoopName, usize)> {
    let mut loops: Vec<&Loop> = Vec::new();
    let mut statements = nest;
    while let [Stmt::For(each)] = statements {
        let is_next = each.mapping == Mapping::Sequential
            && draft.is_original(&each.name)
            && !draft.facts().left_behind.contains(&each.iterator)
            && draft.may_run_in_parallel(each)
            && (loops.iter()).all(|outer| is_rectangular(draft.function(), outer, each));
        if !is_next {
            break;
        }
        loops.push(each);
        statements = &each.body;
    }
    let mut found = Vec::new();
    while loops.len() > Axis::ALL.len() {
        let trips = |at: &usize| trip::constant(draft.function(), loops[*at]).unwrap_or(i128::MAX);
        let Some(shortest) = (0..loops.len() - 1).min_by_key(trips) else {
            break;
        };
        let behind = loops.len() - 1 - shortest;
        found.push((loops.remove(shortest).name.clone(), behind));
    }
    found
}

/// Returns the move that takes a loop inside of the one right in it.
fn passes_next(draft: &Draft, name: &LoopName) -> Option<Move> {
    let outer = region::find(draft.statements(), name)?;
    match outer.body.as_slice() {
        [Stmt::For(inner)] => Some(interchange_move(outer, inner)),
        _ => None,
    }
}

/// Returns the move that takes the first parallel loop that can be taken out of the sequential one right around it.
fn outward(draft: &Draft, block: &[Stmt], around: &mut Vec<Handle<Var>>) -> Option<Move> {
    for stmt in block {
        let Stmt::For(outer) = stmt else { continue };
        if outer.mapping != Mapping::Sequential {
            continue;
        }
        if let [Stmt::For(inner)] = outer.body.as_slice()
            && moves_out(draft, outer, inner, around)
        {
            return Some(interchange_move(outer, inner));
        }
        around.push(outer.iterator);
        let found = outward(draft, &outer.body, around);
        around.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns whether counters and what the region leaves alone say how often a loop runs: of any other one the judge knows no
/// iterations, so that it stays around what it holds.
fn is_counted(draft: &Draft, each: &Loop) -> bool {
    let loops = region::loops(draft.statements()).into_iter();
    let mut known: BTreeSet<Handle<Var>> = loops.map(|each| each.iterator).collect();
    known.extend(draft.facts().unchanged());
    let is_known =
        |bound| build::is_of_variables(draft.function(), bound, &|var| known.contains(&var));
    is_known(each.start) && is_known(each.end)
}

/// Returns whether a loop of the program that runs in parallel may do so outside of one that does not.
fn moves_out(draft: &Draft, outer: &Loop, inner: &Loop, around: &[Handle<Var>]) -> bool {
    let are_whole = inner.mapping == Mapping::Sequential
        && [outer, inner]
            .iter()
            .all(|each| draft.is_original(&each.name));
    are_whole
        && is_counted(draft, outer)
        && !draft.facts().left_behind.contains(&outer.iterator)
        && is_rectangular(draft.function(), outer, inner)
        && !draft.may_run_in_parallel(outer)
        && draft.may_run_in_parallel(inner)
        && !carried::carries_beyond(
            Order::from(draft.facts()),
            &Events::of(&inner.body),
            around,
            inner.iterator,
        )
}
