//! Which stay is the last of the program: behind it nobody looks at memory, so that copies need not go home.
//!
//! It is one of `main`, which nobody calls, in a program of which everything is read
//! ([`Module::is_whole`]): no function runs when the program ends, no memory is shared with others or mapped from a
//! file, and no buffer of a stream is an array of the program.
//! What `main` does behind it reads nothing that a copy may hold, and may call `exit`.
//! What it looks at before, by name, is part of the stay: it comes home as such.
//!
//! **Source**: C17 5.1.2.2.3 and 7.22.4.4: returning from `main` calls `exit`, which runs functions that were registered and
//! writes what streams hold.

use std::collections::BTreeSet;

use mupac_ir::stmt::Call;
use mupac_ir::{HostOp, Module, RegionPlan, Span, Stmt, TextStatement};

use super::conduct::is_out_of_order;
use super::effect::{self, Effect};
use super::events::{Event, Events, contains};
use super::reach::Reach;
use crate::calls::Linkage;
use crate::library;

/// Functions that end the program.
const ENDS: [&str; 4] = ["_Exit", "_exit", "abort", "exit"];

/// Names and attributes by which something runs behind `main`, or `main` again.
const UNASKED: [&str; 3] = ["destructor", "section", "main"];

/// What a function does, and whether the program ends with it.
pub(super) struct Last<'a> {
    module: &'a Module,
    reach: &'a Reach<'a>,
    pub(super) events: &'a Events<'a>,
    /// Whether nothing runs behind it.
    ends_program: bool,
}

impl<'a> Last<'a> {
    pub(super) fn of(
        module: &'a Module,
        (reach, linkage): (&'a Reach<'a>, Linkage),
        events: &'a Events<'a>,
    ) -> Self {
        let function = events.function;
        let runs_unasked = || UNASKED.iter().any(|name| module.named.contains_key(*name));
        Self {
            module,
            reach,
            events,
            ends_program: module.is_whole
                && function.name == "main"
                && !linkage.may_replace(function)
                && !is_out_of_order(function)
                && !runs_unasked(),
        }
    }

    /// Returns whether nobody looks at memory behind a stay.
    pub(super) fn is_last(&self, stay: Span) -> bool {
        let is_repeated = || {
            let mut loops = self.events.loops().iter();
            loops.any(|each| *each != stay && contains(*each, stay))
        };
        let mut behind = self.events.all.iter();
        self.ends_program
            && !is_repeated()
            && behind.all(|event| event.span.end <= stay.end || self.looks_at_nothing(event))
    }

    /// Returns a stay with all behind it that looks at memory, if it says by name at what, there or in what it calls, and nobody
    /// looks any more then.
    ///
    /// **Shape**: the statements behind it that may be part of it, in order.
    pub(super) fn longer(&self, stay: Span, behind: &[TextStatement]) -> Option<Span> {
        let looking = |statement: &TextStatement| {
            let mut all = self.events.within(statement.span);
            all.retain(|index| !self.looks_at_nothing(&self.events.all[*index]));
            all
        };
        let end = behind.iter().rposition(|each| !looking(each).is_empty())?;
        let longer = stay.join(behind[end].span);
        let is_named = |index: usize| {
            let place = self.events.place(index);
            let touched = place.and_then(|(_, statement)| self.events.touched(statement.span));
            self.events.all[index].prepared.is_some() || touched.is_some()
        };
        let returns =
            |stmt: &&Stmt| matches!(stmt, Stmt::Return(..)) && contains(longer, stmt.span());
        let holds = self.is_last(longer)
            && behind[..=end].iter().flat_map(looking).all(is_named)
            && !self.events.statements.iter().any(returns);
        holds.then_some(longer)
    }

    /// Returns the regions, by position in the plan, behind which nobody looks at memory.
    pub(super) fn regions(&self) -> BTreeSet<usize> {
        let all = self.events.all.iter();
        let last = all.filter(|event| self.is_last(event.span));
        last.filter_map(|event| event.region).collect()
    }

    /// Returns whether an event reads and writes nothing of which there may be a copy, or ends memory or the program.
    fn looks_at_nothing(&self, event: &Event) -> bool {
        event.looks_at_nothing() || event.effect == Effect::Alone && self.ends(event.span)
    }

    /// Returns whether what stands at a place is a call that ends the program.
    fn ends(&self, at: Span) -> bool {
        let mut calls = Vec::new();
        for stmt in &self.events.statements {
            if let Stmt::Call(call) = stmt
                && call.span == at
            {
                calls.push(call);
            }
        }
        !calls.is_empty() && calls.into_iter().all(|call| self.is_end(call))
    }

    fn is_end(&self, call: &Call) -> bool {
        let mut given = call.arguments.iter();
        let reads_none =
            |value| effect::of_value(self.reach, self.events.function, value) == Effect::None;
        ENDS.contains(&&*call.callee)
            && library::declares(self.module, &call.callee)
            && given.all(|each| reads_none(*each))
    }
}

/// Leaves results of a region on the device, where they end with it.
pub(super) fn stay_away(region: &mut RegionPlan) {
    while matches!(region.host.last(), Some(HostOp::CopyOut(_))) {
        region.host.pop();
    }
}
