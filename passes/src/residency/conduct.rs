//! What functions of the file do to memory, seen from where they are called.

use std::collections::BTreeMap;
use std::rc::Rc;

use mupac_ir::{Function, Handle, Meeting, Module, RegionPlan, TextOrder};

use super::effect::{Effect, dies};
use super::events::{Event, Events};
use super::loops::Loops;
use super::reach::Reach;
use crate::calls::Linkage;

/// What a call of a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// It comes to regions that share copies, and the text inside it prepares for all else.
    Uses,
    /// It comes to none that do, and has this effect, for which the text inside it prepares.
    Prepares(Effect),
    /// It comes to none that do, and has this effect.
    Only(Effect),
}

/// What is known of the functions of a file.
pub(super) struct Conducts<'a> {
    module: &'a Module,
    regions: &'a [RegionPlan],
    reach: Reach<'a>,
    linkage: Linkage,
    meetings: &'a [Meeting],
    loops: &'a Loops,
    /// `None`: it is being read.
    known: BTreeMap<Handle<Function>, Option<(Rc<Events<'a>>, Conduct)>>,
}

impl<'a> Conducts<'a> {
    pub(super) fn new(
        module: &'a Module,
        regions: &'a [RegionPlan],
        meetings: &'a [Meeting],
        loops: &'a Loops,
    ) -> Self {
        let linkage = Linkage::of(module);
        Self {
            module,
            regions,
            reach: Reach::of(module, regions, linkage),
            linkage,
            meetings,
            loops,
            known: BTreeMap::new(),
        }
    }

    /// Returns which memory copies may hold.
    pub(super) fn reach(&self) -> &Reach<'a> {
        &self.reach
    }

    /// Returns that, and which functions the linker may take from elsewhere.
    pub(super) fn world(&self) -> (&Reach<'a>, Linkage) {
        (&self.reach, self.linkage)
    }

    /// Returns what loops touch that run no region.
    pub(super) fn loops(&self) -> &'a Loops {
        self.loops
    }

    /// Returns whether a region neither finds copies nor leaves any.
    pub(super) fn is_apart(&self, region: usize) -> bool {
        self.meetings.get(region) == Some(&Meeting::Apart)
    }

    /// Returns what a function does, in order; `None` while it is being read.
    pub(super) fn events(&mut self, function: Handle<Function>) -> Option<Rc<Events<'a>>> {
        self.conduct(function);
        let known = self.known.get(&function).and_then(Option::as_ref);
        known.map(|(events, _)| Rc::clone(events))
    }

    /// Returns what a call of a function does; one that calls itself runs alone.
    pub(super) fn conduct(&mut self, function: Handle<Function>) -> Conduct {
        if let Some(known) = self.known.get(&function) {
            let known = known.as_ref();
            return known.map_or(Conduct::Only(Effect::Alone), |(_, conduct)| *conduct);
        }
        self.known.insert(function, None);
        let events = Events::of(self.module, function, self.regions, self);
        let conduct = self.judge(&self.module.functions[function], &events);
        self.known
            .insert(function, Some((Rc::new(events), conduct)));
        conduct
    }

    fn judge(&self, function: &Function, events: &Events<'a>) -> Conduct {
        let has_regions = events.all.iter().any(Event::is_use);
        let own_memory = function.order >= TextOrder::MakesMemory
            || function
                .parameters
                .iter()
                .any(|var| dies(&function.vars[*var]) && !self.reach.is_apart(function, *var));
        if is_out_of_order(function)
            || self.linkage.may_replace(function)
            || (has_regions && own_memory)
        {
            return Conduct::Only(Effect::Alone);
        }
        if has_regions {
            let mut all = 0..events.all.len();
            let is_possible = all.all(|index| events.is_possible(index));
            return if is_possible {
                Conduct::Uses
            } else {
                Conduct::Only(Effect::Alone)
            };
        }
        match events.whole() {
            (effect, true) => Conduct::Prepares(effect),
            (effect, false) => Conduct::Only(effect),
        }
    }
}

/// Returns whether the text of a function does not show in which order statements run and where memory ends.
pub(super) fn is_out_of_order(function: &Function) -> bool {
    function.order == TextOrder::Hidden
}
