//! Loops of the host that the text prepares for as a whole, before them.

use std::collections::BTreeSet;
use std::rc::Rc;

use mupac_ir::{Function, Span, Stretch, Touched};

use super::conduct::Conducts;
use super::effect::Effect;
use super::events::Events;
use super::reach::Reach;
use super::stretches;
use super::touched::can_be_named;

/// The most stretches that the text names before a loop.
const MOST_OF_LOOP: usize = 6;

impl Events<'_> {
    /// Has the text name what loops without regions touch, as far out as such a loop is, if it is known: also where a condition
    /// decides about it, since what is named goes home alone, and not every copy.
    pub(super) fn name_loops(&mut self, conducts: &Conducts<'_>) {
        let outermost = self.all.iter().filter_map(|event| {
            let mut around = event.loops.iter().copied();
            around.find(|around| !self.is_used_in(*around))
        });
        let outermost: BTreeSet<usize> = outermost.collect();
        for around in outermost {
            let at = self.loop_at(around);
            let Some(touched) = self.named(conducts, at) else {
                continue;
            };
            let looped = Rc::new((at, touched));
            for inside in self.within(at) {
                self.all[inside].looped = Some(Rc::clone(&looped));
            }
        }
    }

    /// Returns what a loop touches, if what it does is all there to see, and the text can name it.
    fn named(&self, conducts: &Conducts<'_>, at: Span) -> Option<Touched> {
        let inside = self.within(at);
        let mut acting = inside
            .iter()
            .map(|index| &self.all[*index])
            .filter(|event| event.effect != Effect::None);
        let touched = conducts.loops().get(&at)?;
        let is_seen = acting.all(|event| event.is_told);
        is_seen
            .then(|| held(conducts.reach(), self.function, touched))
            .flatten()
    }
}

/// Returns what a loop touches where copies may be, of all that it touches; `None` where the text cannot name it.
fn held(reach: &Reach<'_>, function: &Function, touched: &Touched) -> Option<Touched> {
    let module = reach.module;
    let only_held = |all: &[Stretch]| {
        let held = all.iter().filter(|stretch| match stretch {
            Stretch::Place(place) | Stretch::Between { first: place, .. } => {
                !reach.holds_no(function, place)
            }
            Stretch::All
            | Stretch::Object(_)
            | Stretch::Freed(_)
            | Stretch::Bytes { .. }
            | Stretch::Where { .. } => true,
        });
        held.cloned().collect::<Vec<_>>()
    };
    let has_names = |all: &[Stretch]| {
        let mut named = all.iter().flat_map(|each| stretches::finds(function, each));
        named.all(|var| can_be_named(module, &function.vars[var]))
    };
    let written = only_held(&touched.written);
    let named = |read: Vec<Stretch>| {
        let all = Touched {
            function: touched.function,
            read,
            written: written.clone(),
        };
        stretches::few(module, function, all, MOST_OF_LOOP)
    };
    if !has_names(&written) {
        return None;
    }
    let read = Some(only_held(&touched.read)).filter(|read| has_names(read));
    read.and_then(named).or_else(|| named(vec![Stretch::All]))
}
