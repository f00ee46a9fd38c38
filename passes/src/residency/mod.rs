//! Where arrays stay on the device from one region to the next.
//!
//! Decides which stretches of a program are a [`Stay`], what the host does there ([`Turn`](mupac_ir::Turn)), and how each region deals
//! with copies that outlive it ([`Meeting`]); the table of copies itself is run-time support of the emitted text.
//!
//! Sound because, inside a stay, everything that runs is one of these: a region, which goes through the table; a
//! statement that touches nothing but variables that no pointer can reach; a statement of known effect, before which the
//! text brings the host up to date; a loop whose condition reads memory, whose places are watched while it runs
//! ([`Watch`]); or anything else, which runs outside of the stay ([`Turn::Alone`](mupac_ir::Turn::Alone)): before it, every
//! copy goes home and is forgotten, and while it lasts no copy outlives a region, so that what it calls, calls back,
//! frees or jumps to finds memory as the program left it.
//! What a function does in which no region runs is prepared for before the call, or by the text inside it where that says more
//! ([`inside`]): which elements, or that it comes to them only now and then. It names what it touches when it comes to it,
//! so which pointers lead to the same array needs no proof.
//! Handlers of signals may look at nothing but lock-free atomics and `volatile sig_atomic_t` (C17 5.1.2.3 §5), and other
//! threads only after a call that is `Alone`; pragmas that share out iterations mean nothing in the program that is
//! translated, and the back end keeps the text from compilers that heed them.
//! What dies with its scope while a stay lasts, an array or what a pointer may point to, loses its copies there
//! ([`Locals`]), unless no region copies anything by its address ([`escapes`]); a parameter or counter of which that is not
//! known ends the stay, or has the function run alone. Memory that dies without a declaration does
//! not either: a function that calls `alloca` runs alone, as does one that makes objects in expressions or has something
//! run where a scope ends ([`TextOrder`](mupac_ir::TextOrder)), which has no stay of its own besides; what `free`, `realloc`, other
//! functions of the C library and other files end, they end after every copy went home.

mod bounds;
mod conduct;
mod directives;
mod effect;
mod escapes;
mod events;
mod forms;
mod heap;
mod host_reads;
mod inside;
mod kept;
mod last;
mod looped;
mod loops;
mod meeting;
mod ranges;
mod reach;
mod reader;
mod stays;
mod steady;
mod stretches;
mod touched;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Coherence, Function, Handle, HostReads, HostTurn, Locals, Meeting, Module, RegionPlan,
    Residency, Span, Stay, Var, Watch,
};

use conduct::Conducts;
use events::Events;
use last::Last;

/// Finds where arrays stay on the device, in a file some of whose loops run as these regions; what names memory that loops of the
/// host touch is added to its functions. A region that is alone, and behind which nobody looks at memory, copies nothing home.
pub(crate) fn residency(
    module: &mut Module,
    regions: &mut [RegionPlan],
    coherence: Coherence,
) -> Residency {
    if coherence == Coherence::Copy {
        return Residency::default();
    }
    let kept = match coherence {
        Coherence::Copy | Coherence::Proof => BTreeMap::new(),
        Coherence::Pages => kept::of(module, regions),
    };
    let (found, last) = proved(module, regions);
    for region in last {
        last::stay_away(&mut regions[region]);
    }
    Residency { kept, ..found }
}

/// Finds the stays, and the regions outside of them behind which nobody looks at memory.
fn proved(module: &mut Module, regions: &[RegionPlan]) -> (Residency, BTreeSet<usize>) {
    let is_macro = |word: &&str| module.macros.contains(*word);
    let is_sayable = !Residency::WORDS.iter().any(is_macro);
    if regions.is_empty() || module.blocks.is_empty() || !is_sayable {
        return Default::default();
    }
    let loops = loops::of(module, regions);
    let module = &*module;
    let (meetings, reads): (Vec<Meeting>, Vec<HostReads>) = regions
        .iter()
        .map(|each| meeting::of(module, regions, each))
        .unzip();
    let mut conducts = Conducts::new(module, regions, &meetings, &loops);
    let (mut found, mut last) = (Residency::default(), BTreeSet::new());
    for (function, _) in module.functions.iter() {
        let Some(events) = conducts.events(function) else {
            continue;
        };
        let (stays, own) = {
            let last = Last::of(module, conducts.world(), &events);
            let stays = stays::of(&last).into_iter();
            let stays: Vec<_> = stays.map(|within| (within, last.is_last(within))).collect();
            (stays, last.regions())
        };
        last.extend(own);
        for (within, is_last) in stays {
            let mut reached = Reached::default();
            reached.take(&events, &events.within(within));
            reached.close(&mut conducts);
            for (at, host) in reached.turns {
                note(&mut found.turns, at, &host);
            }
            for (at, watch) in reached.watches {
                watch_too(&mut found.watches, at, watch);
            }
            found.locals.extend(reached.locals);
            let meeting = |region: &usize| Some((*region, *meetings.get(*region)?));
            found
                .meetings
                .extend(reached.regions.iter().filter_map(meeting));
            found.stays.push(Stay {
                function,
                within,
                regions: reached.regions,
                is_last,
            });
        }
    }
    found.stays.sort_by_key(|stay| stay.within);
    let all = reads.into_iter().enumerate();
    let met =
        all.filter(|(region, reads)| found.meetings.contains_key(region) && !reads.is_empty());
    found.reads = met.collect();
    last.retain(|region| !found.meetings.contains_key(region));
    (found, last)
}

/// What runs while a stay lasts.
#[derive(Default)]
struct Reached {
    pending: Vec<Handle<Function>>,
    seen: BTreeSet<Handle<Function>>,
    regions: BTreeSet<usize>,
    turns: BTreeMap<Span, HostTurn>,
    watches: BTreeMap<Span, Watch>,
    locals: BTreeMap<Span, Locals>,
}

fn watch_too(watches: &mut BTreeMap<Span, Watch>, at: Span, watch: Watch) {
    match watches.get_mut(&at) {
        Some(known) => {
            let others = watch.places.into_iter();
            let others: Vec<_> = others
                .filter(|place| !known.places.contains(place))
                .collect();
            known.places.extend(others);
        }
        None => drop(watches.insert(at, watch)),
    }
}

fn note(turns: &mut BTreeMap<Span, HostTurn>, at: Span, host: &HostTurn) {
    let known = turns.entry(at).or_insert_with(|| host.clone());
    if known.touched != host.touched {
        known.touched = None;
    }
    known.is_move &= host.is_move && known.touched.is_some();
    known.turn = known.turn.max(host.turn);
}

impl Reached {
    /// Takes in some events of a function. What a statement that runs alone calls does not run inside the stay.
    fn take(&mut self, events: &Events<'_>, which: &[usize]) {
        for &index in which {
            let event = &events.all[index];
            if !events.is_alone(index) {
                self.regions.extend(event.region);
                self.pending.extend(event.callee);
                if let Some(var) = event.begins {
                    self.declare(event.span, events.of, var);
                }
            }
            if let Some((turn, (block, statement))) = event.effect.turn().zip(events.place(index)) {
                let host = HostTurn {
                    turn,
                    is_move: events.is_move(index, statement.span),
                    touched: events.touched(statement.span),
                    needs_braces: !block.is_braced,
                };
                let is_apart = (host.touched.as_ref())
                    .is_some_and(|touched| touched.stretches().next().is_none());
                if !is_apart {
                    note(&mut self.turns, statement.span, &host);
                }
            } else if let Some((statement, watch)) = events.watched(index) {
                watch_too(&mut self.watches, statement.span, watch);
            }
        }
    }

    /// Takes in a variable that a statement of a function declares.
    fn declare(&mut self, at: Span, function: Handle<Function>, var: Handle<Var>) {
        let vars = Vec::new();
        let known = self.locals.entry(at).or_insert(Locals { function, vars });
        if !known.vars.contains(&var) {
            known.vars.push(var);
        }
    }

    /// Takes in the functions that are called.
    fn close(&mut self, conducts: &mut Conducts<'_>) {
        while let Some(function) = self.pending.pop() {
            if self.seen.insert(function)
                && let Some(events) = conducts.events(function)
            {
                let all: Vec<usize> = (0..events.all.len()).collect();
                self.take(&events, &all);
            }
        }
    }
}
