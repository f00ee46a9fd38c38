//! Loop invariants: bounds of integers that the iterations of a loop hand on, as of `low` and `high` in a binary search of `a[0]`
//! to `a[n - 1]`, or of the place of the least element so far.
//!
//! The body is walked with all candidates that hold before it as assumptions; those that an assignment may break are dropped, and
//! the rest are tried again, until every assignment keeps them: then they hold in every iteration. The walk that counts tries
//! them once more; a walk that does not come to the same end is undone.
//!
//! **Source**: Flanagan, Leino, “Houdini, an Annotation Assistant for ESC/Java”, FME 2001.

use std::collections::BTreeSet;

use mupac_ir::{Expr, Handle, Stmt, Var};

use super::assigned::Start;
use super::candidates::{entries, from_entries, reads_memory, size, two_sided};
use super::names;
use super::scan::Scan;
use crate::affine::{Affine, Formula, Known};

/// Each try drops a candidate, and most loops need two or three.
const MOST_TRIES: usize = 6;
/// In a region, trials walk so many statements at most.
const MOST_TRIED: usize = 400;
/// Loops so deep inside of tried ones are walked without bounds.
const DEEPEST: usize = 1;

/// A limit that a local keeps from one iteration to the next, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invariant {
    pub(super) local: Handle<Var>,
    pub(super) side: Side,
    /// Nothing in the loop changes it.
    pub(super) limit: Affine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Least,
    Greatest,
}

/// What is supposed of a loop's iterations, and what became of it on the walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    supposed: Vec<Invariant>,
    /// Those that some assignment may break, by number.
    broken: BTreeSet<usize>,
    /// Limits of what is assigned.
    limits: Vec<Invariant>,
}

/// What a loop repeats.
#[derive(Clone, Copy)]
pub(super) struct Repeated<'a> {
    /// What it asks before each iteration, the first one included, where nothing comes between; `None`: nothing such.
    pub(super) condition: Option<Handle<Expr>>,
    /// In the order in which an iteration runs them.
    pub(super) blocks: &'a [&'a [Stmt]],
}

impl Invariant {
    /// Returns that a value is within the limit.
    fn of(&self, value: &Affine) -> Option<Formula> {
        match self.side {
            Side::Least => Formula::at_most(&self.limit, value),
            Side::Greatest => Formula::at_most(value, &self.limit),
        }
    }
}

impl Scan<'_> {
    /// Walks all iterations of a loop that starts where the walk stands, each from its `head` on, and returns what bounds its
    /// locals.
    pub(super) fn iterations(
        &mut self,
        start: &Start,
        repeated: Repeated<'_>,
        head: &dyn Fn(&mut Self),
    ) -> Vec<Invariant> {
        let invariants = self.invariants(start, repeated, head);
        if !invariants.is_empty() {
            let before = self.clone();
            if self
                .iteration(&invariants, repeated, head)
                .broken
                .is_empty()
            {
                return invariants;
            }
            *self = before;
        }
        self.iteration(&[], repeated, head);
        Vec::new()
    }

    /// Walks an iteration in which something is supposed.
    fn iteration(
        &mut self,
        supposed: &[Invariant],
        repeated: Repeated<'_>,
        head: &dyn Fn(&mut Self),
    ) -> Trial {
        self.suppose_invariants(supposed);
        head(self);
        // Alone it says nothing that its reads do not say.
        if let Some(condition) = repeated.condition.filter(|_| !supposed.is_empty()) {
            let truth = self.condition(condition);
            self.here.domain.push(truth.holds);
        }
        let around = self.trials.len();
        if !supposed.is_empty() {
            self.trials.push(Trial {
                supposed: supposed.to_vec(),
                ..Trial::default()
            });
        }
        for block in repeated.blocks {
            self.block(block);
            // A `continue` comes to what follows with other values.
            if names::may_leave(block) {
                self.forget(block);
            }
        }
        self.trials.drain(around..).next().unwrap_or_default()
    }

    /// Gives bounded locals values of which the bounds are known.
    fn suppose_invariants(&mut self, supposed: &[Invariant]) {
        let locals: BTreeSet<_> = supposed.iter().map(|each| each.local).collect();
        for local in locals {
            let Some(value) = self.value_within(local, supposed) else {
                continue;
            };
            let own = supposed.iter().filter(|each| each.local == local);
            self.here
                .domain
                .extend(own.filter_map(|each| each.of(&value)));
            self.vague.remove(&local);
            self.values.insert(local, value.into());
        }
    }

    /// Returns a value that is within the first limits of a local on both sides.
    pub(super) fn value_within(
        &mut self,
        local: Handle<Var>,
        invariants: &[Invariant],
    ) -> Option<Affine> {
        let limit = |side| {
            let mut own = invariants.iter().filter(|each| each.local == local);
            own.find(|each| each.side == side)
                .map(|each| each.limit.clone())
        };
        let (least, greatest) = limit(Side::Least).zip(limit(Side::Greatest))?;
        Some(self.unknown(Known::Between(Some(least), Some(greatest)), false))
    }

    /// Returns what holds at the head of every iteration and after every assignment.
    fn invariants(
        &self,
        start: &Start,
        repeated: Repeated<'_>,
        head: &dyn Fn(&mut Self),
    ) -> Vec<Invariant> {
        let entries = entries(self, start, (repeated.condition, repeated.blocks));
        if entries.is_empty() || self.trials.len() > DEEPEST || self.tried.get() > MOST_TRIED {
            return Vec::new();
        }
        let first = self.entered(&entries, repeated.condition);
        let holds = |each: &Invariant| first.holds_on_entry(each, &entries);
        let mut found = from_entries(&entries);
        found.retain(holds);
        let trial = self.tried(&found, repeated, head);
        found = trial.kept(found);
        let new = trial.limits.into_iter().filter(holds);
        found.extend(new);
        for _ in 0..MOST_TRIES {
            let both = two_sided(&found);
            found.retain(|each| both.contains(&each.local));
            let trial = self.tried(&found, repeated, head);
            if trial.broken.is_empty() {
                return found;
            }
            found = trial.kept(found);
        }
        Vec::new()
    }

    /// Returns the walk at the first iteration, whose `condition` holds where that is known without conditions on sizes.
    fn entered(&self, entries: &[(Handle<Var>, Affine)], condition: Option<Handle<Expr>>) -> Self {
        let mut first = self.clone();
        for (local, value) in entries {
            first.vague.remove(local);
            first.values.insert(*local, value.clone().into());
        }
        // What memory decides is read wherever that is.
        let Some(condition) = condition.filter(|asked| !reads_memory(self.function, *asked)) else {
            return first;
        };
        let truth = first.condition(condition);
        if first.no_wrap.len() > self.no_wrap.len() {
            return self.entered(entries, None);
        }
        first.here.domain.push(truth.holds);
        first
    }

    fn holds_on_entry(&self, invariant: &Invariant, entries: &[(Handle<Var>, Affine)]) -> bool {
        let mut entries = entries.iter();
        let own = entries.find(|(local, _)| *local == invariant.local);
        own.is_some_and(|(_, value)| self.preserves(invariant, value))
    }

    /// Returns whether a value is within a limit wherever this point is reached, without any condition more.
    fn preserves(&self, invariant: &Invariant, value: &Affine) -> bool {
        let opposite = invariant.of(value).and_then(|holds| holds.negated());
        opposite.is_some_and(|opposite| matches!(self.admit(&opposite), Ok(Some(None))))
    }

    fn tried(
        &self,
        supposed: &[Invariant],
        repeated: Repeated<'_>,
        head: &dyn Fn(&mut Self),
    ) -> Trial {
        self.tried.set(self.tried.get() + size(repeated.blocks));
        self.clone().iteration(supposed, repeated, head)
    }

    /// Notes what an assignment means for what is supposed of the loops around.
    pub(super) fn check_assignment(&mut self, local: Handle<Var>, value: Option<&Affine>) {
        for number in 0..self.trials.len() {
            let trial = &self.trials[number];
            let all = trial.supposed.iter().enumerate();
            let own = all.filter(|(at, each)| each.local == local && !trial.broken.contains(at));
            let is_broken =
                |each: &Invariant| !value.is_some_and(|value| self.preserves(each, value));
            let broken: Vec<usize> = own
                .filter(|(_, each)| is_broken(each))
                .map(|(at, _)| at)
                .collect();
            let is_of_it = trial.supposed.iter().any(|each| each.local == local);
            let limits = value
                .filter(|_| is_of_it)
                .map(|value| self.limits(local, value));
            self.trials[number].broken.extend(broken);
            self.trials[number]
                .limits
                .extend(limits.into_iter().flatten());
        }
    }
}

impl Trial {
    /// Returns those of what was supposed that no assignment breaks.
    fn kept(&self, supposed: Vec<Invariant>) -> Vec<Invariant> {
        let numbered = supposed.into_iter().enumerate();
        let kept = numbered.filter(|(at, _)| !self.broken.contains(at));
        kept.map(|(_, each)| each).collect()
    }
}
