//! Bounds of integers that the iterations of a loop hand on: of `low` and `high` in a binary search of `a[0]` to `a[n - 1]`, or of
//! the place of the least element so far.
//!
//! What locals are worth before the loop, one more or less, and what the loop assigns to them are guesses at bounds. The body
//! is walked with all that hold before it as assumptions; guesses that an assignment may break are dropped, and the rest are tried
//! again, until every assignment keeps them: then they hold in every iteration.
//!
//! **Source**: Flanagan, Leino, “Houdini, an Annotation Assistant for ESC/Java”, FME 2001.

use std::collections::BTreeSet;

use mupac_ir::{Expr, ExprKind, Handle, Reason, Span, Stmt, Var};

use super::assigned::{Before, Start};
use super::names;
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Known};
use crate::{build, region};

/// Loops that hand on more integers than these are not searched.
const MOST_LOCALS: usize = 4;
/// Each try drops a guess, and most loops need two or three.
const MOST_TRIES: usize = 8;
/// Longer loops take longer to walk than bounds are worth.
const MOST_STATEMENTS: usize = 200;

/// A limit that a local keeps from one iteration to the next, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    local: Handle<Var>,
    side: Side,
    limit: Affine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Least,
    Greatest,
}

/// What is supposed of a loop's iterations, and what became of it on the walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    bounds: Vec<Bound>,
    /// Those that some assignment may break, by number.
    broken: BTreeSet<usize>,
    /// What assignments give, where that says a limit.
    given: Vec<Bound>,
}

impl Bound {
    /// Returns that a value keeps it.
    fn of(&self, value: &Affine) -> Option<Formula> {
        match self.side {
            Side::Least => Formula::at_most(&self.limit, value),
            Side::Greatest => Formula::at_most(value, &self.limit),
        }
    }
}

impl Scan<'_> {
    /// Walks the iterations of a loop of which bounds are supposed; `condition` is what it asks before each.
    pub(super) fn iterations(
        &mut self,
        bounds: &[Bound],
        condition: Option<Handle<Expr>>,
        blocks: &[&[Stmt]],
    ) {
        let trial = self.iteration(bounds, condition, blocks);
        // The walk that showed them came by the same assignments.
        debug_assert!(
            trial.broken.is_empty(),
            "a bound that was shown does not hold"
        );
        if !trial.broken.is_empty() {
            let construct = "a value that iterations hand on".to_owned();
            self.refuse(Reason::Unsupported { construct }, Span::default());
        }
    }

    fn iteration(
        &mut self,
        bounds: &[Bound],
        condition: Option<Handle<Expr>>,
        blocks: &[&[Stmt]],
    ) -> Trial {
        if let Some(condition) = condition.filter(|_| !bounds.is_empty()) {
            let truth = self.condition(condition);
            self.here.domain.push(truth.holds);
        }
        self.trials.push(Trial {
            bounds: bounds.to_vec(),
            ..Trial::default()
        });
        for block in blocks {
            self.block(block);
            // A `continue` comes to what follows with other values.
            if names::may_leave(block) {
                self.forget(block);
            }
        }
        self.trials.pop().unwrap_or_default()
    }

    /// Gives bounded locals values of which the bounds are known.
    pub(super) fn suppose_carried(&mut self, bounds: &[Bound]) {
        let locals: BTreeSet<_> = bounds.iter().map(|bound| bound.local).collect();
        for local in locals {
            let Some(value) = self.carried_value(local, bounds) else {
                continue;
            };
            let own = bounds.iter().filter(|bound| bound.local == local);
            self.here
                .domain
                .extend(own.filter_map(|bound| bound.of(&value)));
            self.vague.remove(&local);
            self.values.insert(local, value.into());
        }
    }

    /// Returns a value that is within the first bounds of a local on both sides.
    pub(super) fn carried_value(&mut self, local: Handle<Var>, bounds: &[Bound]) -> Option<Affine> {
        let limit = |side| {
            let mut own = bounds.iter().filter(|each| each.local == local);
            own.find(|each| each.side == side)
                .map(|each| each.limit.clone())
        };
        let (least, greatest) = limit(Side::Least).zip(limit(Side::Greatest))?;
        Some(self.unknown(Known::Between(Some(least), Some(greatest)), false))
    }

    /// Returns bounds that hold in every iteration of a loop that starts where the walk stands, and wherever its `condition` reads
    /// memory.
    pub(super) fn carried(
        &self,
        start: &Start,
        condition: Option<Handle<Expr>>,
        blocks: &[&[Stmt]],
    ) -> Vec<Bound> {
        let entries = self.entries(start, blocks);
        if entries.is_empty() {
            return Vec::new();
        }
        let mut first = self.clone();
        first.enter_with(
            &entries,
            condition.filter(|asked| !self.reads_memory(*asked)),
        );
        let mut bounds = guesses(&entries);
        bounds.retain(|bound| first.holds_at_first(bound, &entries));
        for number in 0..MOST_TRIES {
            let trial = self.tried(&bounds, condition, blocks);
            let is_kept = trial.broken.is_empty();
            let mut at = 0..;
            bounds.retain(|_| !trial.broken.contains(&at.next().unwrap_or_default()));
            if number == 0 {
                let new = trial
                    .given
                    .into_iter()
                    .filter(|bound| !bounds.contains(bound));
                let new = new.filter(|bound| first.holds_at_first(bound, &entries));
                bounds.extend(new.collect::<Vec<_>>());
            }
            let known = bounds.len();
            let both = two_sided(&bounds);
            bounds.retain(|bound| both.contains(&bound.local));
            if bounds.is_empty() || (number > 0 && is_kept && bounds.len() == known) {
                return bounds;
            }
        }
        Vec::new()
    }

    /// Returns what integers that matter are worth before a loop that assigns them.
    fn entries(&self, start: &Start, blocks: &[&[Stmt]]) -> Vec<(Handle<Var>, Affine)> {
        let known = start
            .before
            .iter()
            .filter_map(|(local, before)| match before {
                Before::Value(value) if self.subscripted.contains(local) => {
                    Some((*local, value.clone()))
                }
                Before::Value(_) | Before::Unset => None,
            });
        let is_integer = |local: &Handle<Var>| {
            let scalar = self.function.vars[*local].ty.scalar();
            scalar.is_some_and(|scalar| scalar.integer_range().is_some())
        };
        let found: Vec<_> = known.filter(|(local, _)| is_integer(local)).collect();
        let mut statements = 0;
        for block in blocks {
            region::each(block, &mut |_| statements += 1);
        }
        if found.len() > MOST_LOCALS || statements > MOST_STATEMENTS {
            return Vec::new();
        }
        found
    }

    /// Stands at the first iteration.
    fn enter_with(&mut self, entries: &[(Handle<Var>, Affine)], condition: Option<Handle<Expr>>) {
        for (local, value) in entries {
            self.vague.remove(local);
            self.values.insert(*local, value.clone().into());
        }
        if let Some(condition) = condition {
            let truth = self.condition(condition);
            self.here.domain.push(truth.holds);
        }
    }

    fn reads_memory(&self, condition: Handle<Expr>) -> bool {
        let mut found = false;
        build::visit(self.function, condition, &mut |_, node| {
            found |= matches!(&node.kind, ExprKind::Load(place) if !place.path.is_empty());
        });
        found
    }

    fn holds_at_first(&self, bound: &Bound, entries: &[(Handle<Var>, Affine)]) -> bool {
        let mut entries = entries.iter();
        let own = entries.find(|(local, _)| *local == bound.local);
        own.is_some_and(|(_, value)| self.keeps(bound, value))
    }

    /// Returns whether a value keeps a bound wherever this point is reached, without any condition more.
    fn keeps(&self, bound: &Bound, value: &Affine) -> bool {
        let opposite = bound.of(value).and_then(|holds| holds.negated());
        opposite.is_some_and(|opposite| matches!(self.admit(&opposite), Ok(Some(None))))
    }

    fn tried(
        &self,
        bounds: &[Bound],
        condition: Option<Handle<Expr>>,
        blocks: &[&[Stmt]],
    ) -> Trial {
        let mut scan = self.clone();
        scan.suppose_carried(bounds);
        scan.iteration(bounds, condition, blocks)
    }

    /// Notes what an assignment means for the bounds that are tried.
    pub(super) fn try_bounds(&mut self, local: Handle<Var>, value: Option<&Affine>) {
        for number in 0..self.trials.len() {
            let trial = &self.trials[number];
            let own = trial.bounds.iter().enumerate();
            let own: Vec<_> = own.filter(|(_, bound)| bound.local == local).collect();
            if own.is_empty() {
                continue;
            }
            let is_broken = |bound: &Bound| !value.is_some_and(|value| self.keeps(bound, value));
            let broken: Vec<usize> = own
                .into_iter()
                .filter(|(at, bound)| !trial.broken.contains(at) && is_broken(bound))
                .map(|(at, _)| at)
                .collect();
            let given = value.map_or_else(Vec::new, |value| self.limits(local, value));
            self.trials[number].broken.extend(broken);
            self.trials[number].given.extend(given);
        }
    }

    /// Returns the limits of a value at this point, as far as sizes say them.
    fn limits(&mut self, local: Handle<Var>, value: &Affine) -> Vec<Bound> {
        let ends = match value.terms().collect::<Vec<_>>().as_slice() {
            [(Atom::Unknown(unknown), 1)] => match &unknown.known {
                Known::Between(Some(least), Some(greatest)) => {
                    let offset = Affine::constant(value.offset());
                    least.plus(&offset).zip(greatest.plus(&offset))
                }
                Known::Between(..) | Known::OneOf(_) => None,
            },
            _ => {
                let conditions = self.no_wrap.len();
                let ends = self.ends(&value.clone().into());
                self.no_wrap.truncate(conditions);
                ends
            }
        };
        let sides = [Side::Least, Side::Greatest].into_iter();
        let limits = ends
            .into_iter()
            .flat_map(|(least, greatest)| [least, greatest]);
        let all = sides.zip(limits);
        all.map(|(side, limit)| Bound { local, side, limit })
            .collect()
    }
}

/// Returns limits that may hold of locals with some values before the loop: these values, those of the others, and one more.
fn guesses(entries: &[(Handle<Var>, Affine)]) -> Vec<Bound> {
    let mut found = Vec::new();
    for (local, own) in entries {
        let others = entries
            .iter()
            .map(|(_, value)| value)
            .filter(|value| *value != own);
        for value in std::iter::once(own).chain(others) {
            for (side, further) in [(Side::Least, -1), (Side::Greatest, 1)] {
                let further = value.plus(&Affine::constant(further));
                for limit in [Some(value.clone()), further].into_iter().flatten() {
                    let bound = Bound {
                        local: *local,
                        side,
                        limit,
                    };
                    if !found.contains(&bound) {
                        found.push(bound);
                    }
                }
            }
        }
    }
    found
}

/// Returns the locals that are bounded on both sides.
fn two_sided(bounds: &[Bound]) -> BTreeSet<Handle<Var>> {
    let has = |local, side| {
        let mut all = bounds.iter();
        all.any(|bound| bound.local == local && bound.side == side)
    };
    let locals = bounds.iter().map(|bound| bound.local);
    locals
        .filter(|local| has(*local, Side::Least) && has(*local, Side::Greatest))
        .collect()
}
