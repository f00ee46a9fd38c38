//! Loops of the host that the text prepares for as a whole, before them.

use std::rc::Rc;

use mupac_ir::{Span, Touched};

use super::conduct::Conducts;
use super::effect::Effect;
use super::events::{Events, contains};
use super::touched;

impl Events<'_> {
    /// Has the text name what loops without regions touch, as far out as such a loop is, if it is known: also where a condition
    /// decides about it, since what is named goes home alone, and not every copy.
    pub(super) fn name_loops(&mut self, conducts: &Conducts<'_>) {
        for index in 0..self.all.len() {
            let event = &self.all[index];
            let mut around = event.loops.iter().copied();
            let outermost = around.find(|around| !self.is_used_in(*around));
            let (Some(outermost), None) = (outermost, &event.looped) else {
                continue;
            };
            let at = self.loop_at(outermost);
            let found = self
                .named(conducts, at)
                .map(|touched| Rc::new((at, touched)));
            for inside in self.within(at) {
                self.all[inside].looped.clone_from(&found);
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
        let is_seen = acting.all(|event| event.is_told && contains(at, event.span));
        is_seen
            .then(|| touched::by_loop(conducts.reach(), self.function, touched))
            .flatten()
    }
}
