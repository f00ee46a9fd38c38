//! Copies that iterations have of a variable which no statement of the region declares keep apart.
//!
//! A thread, or the host, has one such variable for all iterations that it runs: each iteration writes it before it reads
//! it, and so it may be used again, once the iteration is through with it.
//! What is to be shown: some outermost loops of the rewritten tree, all mapped ones among them, run the statements that
//! name one copy in one of their iterations, and those of no other copy in it; two groups of statements that have copies
//! of their own, as loops side by side have, use the variable one after the other.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, Refusal, Span, Var};

use super::lifetimes::mentions;
use super::time::{Copy, Key, Times, Unit};
use super::{illegal, unsolved};
use crate::facts::Facts;
use crate::isl;

/// Checks every variable that iterations have copies of, apart from those that the region declares or that arrays hold.
///
/// **Errors**: `illegal-step`, naming a variable of which two copies would be in use at a time; `solver-limit`.
pub(crate) fn check(
    facts: &Facts,
    function: &Function,
    times: &Times<'_>,
    expanded: &BTreeSet<Handle<Var>>,
    at: Span,
) -> Result<(), Refusal> {
    for (&var, &depth) in &facts.private {
        if expanded.contains(&var) || times.units.contains_key(&Key::Declare(var)) {
            continue;
        }
        let why = || {
            let name = &function.vars[var].name;
            illegal(
                format!("iterations would use {name} while others still need it"),
                at,
            )
        };
        let groups = groups(function, times, var, depth);
        let mut levels = Vec::new();
        for group in groups.values() {
            let level = level(times, group, depth).map_err(|error| unsolved(&error, at))?;
            levels.push(level.ok_or_else(why)?);
        }
        let all: Vec<_> = groups.values().zip(&levels).collect();
        for (first, (one, level)) in all.iter().enumerate() {
            let mut later = all[first + 1..].iter();
            if !later.all(|(other, below)| are_apart((one, **level), (other, **below))) {
                return Err(why());
            }
        }
    }
    Ok(())
}

/// The units that name one copy of a variable.
type Group<'a> = Vec<&'a Unit<'a>>;

/// Returns the units that name a variable, by the loops around its copies; where the loops are inside a unit, so are the
/// copies, and it is left out.
fn groups<'a>(
    function: &Function,
    times: &'a Times<'a>,
    var: Handle<Var>,
    depth: usize,
) -> BTreeMap<Vec<usize>, Group<'a>> {
    let mut groups: BTreeMap<Vec<usize>, Group<'_>> = BTreeMap::new();
    for unit in times.units.values() {
        if let Some(around) = unit.dimensions.get(..depth)
            && mentions(function, unit.kind, var)
        {
            let nodes = around.iter().map(|each| each.node).collect();
            groups.entry(nodes).or_default().push(unit);
        }
    }
    groups
}

fn copies<'a>(group: &'a Group<'_>) -> impl Iterator<Item = &'a Copy> {
    group.iter().flat_map(|unit| &unit.copies)
}

/// Returns how many loops two places share.
fn shared(a: &Copy, b: &Copy) -> usize {
    let pairs = a.dimensions.iter().zip(&b.dimensions);
    pairs.take_while(|(a, b)| a.node == b.node).count()
}

/// Returns how many outermost loops tell the copies of a group apart; `None` where none do.
fn level(times: &Times<'_>, group: &Group<'_>, depth: usize) -> Result<Option<usize>, isl::Error> {
    let Some(first) = copies(group).next() else {
        return Ok(None);
    };
    let common = copies(group).map(|copy| shared(first, copy)).min();
    let mapped = copies(group).map(|copy| {
        let mut dimensions = copy.dimensions.iter();
        let last = dimensions.rposition(|each| each.mapping.is_parallel());
        last.map_or(0, |last| last + 1)
    });
    for level in mapped.max().unwrap_or(0)..=common.unwrap_or(0) {
        let mut all: Option<isl::Map> = None;
        for unit in group {
            let arity = unit.iterators.len();
            for copy in &unit.copies {
                let own = times
                    .map("", arity, copy, level)?
                    .project_out_in(depth, arity.saturating_sub(depth))?;
                all = Some(match all {
                    Some(all) => all.union(&own)?,
                    None => own,
                });
            }
        }
        let Some(all) = all else { return Ok(None) };
        let all = all.coalesce()?;
        if all.is_single_valued()? && all.is_injective()? {
            return Ok(Some(level));
        }
    }
    Ok(None)
}

/// Returns whether one group is through with the variable whenever the other one starts with it.
///
/// Where they share fewer loops than tell the copies of either apart, each copy is used inside a loop of its own group;
/// where they share as many, what one does in an iteration stands before what the other does.
fn are_apart((one, level): (&Group<'_>, usize), (other, below): (&Group<'_>, usize)) -> bool {
    let pairs = copies(one).flat_map(|a| copies(other).map(move |b| shared(a, b)));
    let shared = pairs.max().unwrap_or(0);
    if shared < level && shared < below {
        return true;
    }
    let range = |group: &Group<'_>| {
        let positions: BTreeSet<usize> = copies(group).map(|copy| copy.position).collect();
        positions.first().copied().zip(positions.last().copied())
    };
    let Some(((start, end), (next, last))) = range(one).zip(range(other)) else {
        return true;
    };
    shared <= level && shared <= below && (end < next || last < start)
}
