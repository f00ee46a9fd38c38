//! Whether the text inside a function in which no region runs prepares for what it does, or what stands before its calls.

use std::collections::BTreeSet;

use mupac_ir::{Span, Stmt, Stretch};

use super::effect::Effect;
use super::events::{Events, contains};

/// The most statements before which the text of such a function prepares, besides those that end memory.
const MOST: usize = 4;

impl Events<'_> {
    /// Has the text prepare before calls that loops without regions repeat, and not inside the functions.
    pub(super) fn prepare_outside_of_loops(&mut self) {
        for index in 0..self.all.len() {
            let is_between = self.is_between(&self.all[index]);
            let event = &mut self.all[index];
            if let Some(effect) = event.prepared
                && !is_between
            {
                event.effect = event.effect.max(effect);
                (event.callee, event.prepared, event.touched) = (None, None, None);
            }
        }
    }

    /// Returns what a call of the function does if it comes to no regions, and whether the text inside it prepares for that
    /// better than what stands before the call could: it says what is touched, or touches it only now and then.
    pub(super) fn whole(&self) -> (Effect, bool) {
        let acting = self.all.iter().enumerate();
        // What it declares is its own.
        let acting = acting.filter(|(_, event)| event.effect != Effect::Blocked);
        let (mut most, mut rest) = (Effect::None, Effect::None);
        let mut statements = BTreeSet::new();
        let mut is_possible = true;
        for (index, event) in acting {
            most = most
                .max(event.effect)
                .max(event.prepared.unwrap_or_default());
            is_possible &= self.is_possible(index);
            let place = self.place(index).map(|(_, statement)| statement.span);
            let Some(place) = place.filter(|_| event.effect != Effect::None) else {
                continue;
            };
            if !event.frees() {
                statements.insert(place);
            }
            let touched = self.touched(place);
            let is_named = touched.is_some_and(|touched| !touched.read.contains(&Stretch::All));
            if !is_named && !self.is_conditional(event.span) {
                rest = rest.max(event.effect);
            }
        }
        let is_better = is_possible && rest < most && statements.len() <= MOST;
        (most, is_better)
    }

    /// Returns whether a condition decides about something: it is in a branch, or behind one that may leave.
    fn is_conditional(&self, span: Span) -> bool {
        let branches = self.statements.iter();
        let branches = branches.filter(|stmt| matches!(stmt, Stmt::If(_)));
        let leaves = |branch: Span| {
            let mut all = self.statements.iter();
            all.any(|stmt| matches!(stmt, Stmt::Return(_, at) if contains(branch, *at)))
        };
        let mut branches = branches.map(|stmt| stmt.span()).filter(|at| *at != span);
        branches
            .any(|branch| contains(branch, span) || (branch.end <= span.start && leaves(branch)))
    }
}
