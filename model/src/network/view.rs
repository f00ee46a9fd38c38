//! What features are read off: nests, accesses and choices without names and handles.
//!
//! What threads do to arrays is read in [`threads`].

mod threads;

use std::collections::BTreeMap;

use mupac_ir::{Axis, Loop, LoopName, Mapping, Move, Stmt};
use mupac_passes::{Device, Draft, Phase};

use crate::analytic::strides::{Pace, Reading, reading};
use crate::analytic::{Analytic, Estimate, Figures, OfNest, Resource};
use crate::greedy::completion;
use crate::search::Choice;
use crate::signature::{PROPERTIES, loops_of, properties};

use super::features::PHASES;
use threads::Threads;

pub(super) use threads::ROLES;

/// A loop of a draft.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one loop"
)]
pub struct LoopView {
    /// Whether there is such a loop.
    pub is_there: bool,
    /// How often it runs, at typical sizes.
    pub trips: f64,
    /// Whether its bounds are constants.
    pub is_known: bool,
    /// Whether its iterations may run in any order.
    pub is_parallel: bool,
    /// Who runs them.
    pub mapping: Mapping,
    /// Whether it is one of the program's.
    pub is_original: bool,
    /// How many loops of the nest are around it.
    pub depth: f64,
    /// How many loops are within one another inside it.
    pub height: f64,
    /// Loads inside it, by how their addresses move along it.
    pub reads: [f64; Pace::ALL.len()],
    /// Stores inside it, likewise.
    pub writes: [f64; Pace::ALL.len()],
}

/// What the default bindings make of a nest.
#[derive(Clone, Debug)]
pub struct MappedView {
    /// What it would take.
    pub estimate: Estimate,
    /// Its first launch.
    pub figures: Option<Figures>,
    /// Its share of the time of all nests.
    pub share: f64,
}

impl MappedView {
    /// Returns the share of its time that is spent on a resource.
    pub fn share_of(&self, resource: Resource) -> f64 {
        self.estimate.seconds_of(resource) / self.estimate.seconds().max(f64::MIN_POSITIVE)
    }
}

/// A nest of a draft.
#[derive(Clone, Debug, Default)]
pub struct NestView {
    /// Which of [`PROPERTIES`] it has.
    pub properties: [bool; PROPERTIES.len()],
    /// In the order of the text.
    pub loops: Vec<(LoopName, LoopView)>,
    /// As the default bindings map them, without what is like one before.
    pub accesses: Vec<AccessView>,
    /// How often the loops run that play a role.
    pub trips: [Option<f64>; ROLES.len()],
    /// Arrays that the threads of a block share.
    pub shared_arrays: f64,
    /// The other nests of the region.
    pub others: f64,
    /// What was done to the region.
    pub moves: f64,
    /// What can be done next to the region.
    pub choices: f64,
    /// Of them, those after which the search is in each of [`PHASES`].
    pub choices_of: [f64; PHASES.len()],
    /// The shares of the region's time, as the default bindings map it, that are spent on each resource.
    pub region_time_on: [f64; Resource::ALL.len()],
    /// `None` where the default bindings do not fit.
    pub mapped: Option<MappedView>,
}

impl NestView {
    /// Returns how many loops there are of a kind.
    pub fn count(&self, is_counted: fn(&LoopView) -> bool) -> f64 {
        let counted = self.loops.iter().filter(|(_, each)| is_counted(each));
        counted.count() as f64
    }

    /// Returns how many loops are within one another.
    pub fn deepest(&self) -> f64 {
        let depths = self.loops.iter().map(|(_, each)| each.depth + 1.0);
        depths.fold(0.0, f64::max)
    }

    /// Returns a number of the mapped nest, 0 where there is none.
    pub fn of_mapped(&self, number: impl Fn(&MappedView) -> f64) -> f64 {
        self.mapped.as_ref().map_or(0.0, number)
    }

    /// Returns a number of its first launch, 0 where there is none.
    pub fn of_figures(&self, number: impl Fn(&Figures) -> f64) -> f64 {
        let figures = self.mapped.as_ref().and_then(|mapped| mapped.figures);
        figures.as_ref().map_or(0.0, number)
    }
}

/// How an address moves along a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Along {
    /// There is no such loop around.
    #[default]
    NoLoop,
    /// As data says.
    ByData,
    /// By so many elements.
    Elements(f64),
}

/// Accesses that move alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessView {
    /// Whether they are stores.
    pub is_write: bool,
    /// Whether the threads of a block share the array.
    pub is_shared: bool,
    /// Whether each thread has the array for itself.
    pub is_private: bool,
    /// **Units**: bytes.
    pub element_bytes: f64,
    /// How many there are.
    pub alike: f64,
    /// For every role how an address moves along the loop that plays it.
    pub along: [Along; ROLES.len()],
}

/// The array that a move names.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArrayView {
    /// Loads and stores.
    pub accesses: f64,
    /// **Units**: bytes.
    pub element_bytes: f64,
    /// The share of them that neighbouring threads make to one element.
    pub still: f64,
    /// To neighbouring elements.
    pub next: f64,
    /// To elements of different cache lines.
    pub far: f64,
}

/// A choice.
#[derive(Clone, Debug)]
pub struct ChoiceView {
    /// The name of the step; `None`: the default bindings.
    pub step: Option<String>,
    /// The phase that the search is in afterwards.
    pub phase: Phase,
    /// The first numbers among its arguments, 0 where there are fewer.
    pub numbers: [f64; 3],
    /// The loop that it starts from.
    pub target: LoopView,
    /// The last other loop that it names.
    pub partner: LoopView,
    /// Where it binds the loop.
    pub mapping: Option<Mapping>,
    /// The array that it names.
    pub array: ArrayView,
}

impl Default for ChoiceView {
    fn default() -> Self {
        Self {
            step: None,
            phase: Phase::Region,
            numbers: [0.0; 3],
            target: LoopView::default(),
            partner: LoopView::default(),
            mapping: None,
            array: ArrayView::default(),
        }
    }
}

/// A draft, seen nest by nest.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// In the order of the text.
    pub nests: Vec<NestView>,
    /// The arrays that each nest's accesses touch, by name.
    arrays: Vec<BTreeMap<String, ArrayView>>,
}

impl View {
    /// Looks at a draft and how many choices of which phases are at hand.
    pub(super) fn of(
        draft: &Draft,
        choices: &[Choice],
        analytic: &Analytic,
        device: &Device,
    ) -> Self {
        let complete = completion(draft, device).ok();
        let estimates = complete.as_ref().map(|complete| analytic.by_nest(complete));
        let nests = draft.nests();
        // The default bindings leave every nest in its place; where they do not, nothing is known of what they make.
        let mapped = complete
            .as_ref()
            .zip(estimates)
            .map(|(complete, estimates)| (complete, complete.nests(), estimates))
            .filter(|(_, mapped, _)| mapped.len() == nests.len());
        let choices_of = PHASES.map(|(_, phase)| {
            let of_phase = choices.iter().filter(|choice| choice.phase == phase);
            of_phase.count() as f64
        });
        let region_time_on = mapped
            .as_ref()
            .map(|(_, _, estimates)| shares_of(estimates));
        let mut view = Self {
            nests: Vec::new(),
            arrays: Vec::new(),
        };
        for (number, nest) in nests.iter().enumerate() {
            let mapped = mapped.as_ref().and_then(|(complete, nests, estimates)| {
                let threads = Threads::of(complete, nests.get(number)?);
                Some((threads, mapped_view(estimates, number)?))
            });
            let written = reading(draft, nest);
            let mut seen = NestView {
                properties: properties(draft, nest, &written.accesses),
                loops: loop_views(draft, nest, &written),
                others: nests.len() as f64 - 1.0,
                moves: draft.trajectory().moves.len() as f64,
                choices: choices.len() as f64,
                choices_of,
                region_time_on: region_time_on.unwrap_or_default(),
                ..NestView::default()
            };
            let threads = match mapped {
                Some((threads, mapped)) => {
                    seen.mapped = Some(mapped);
                    threads
                }
                None => Threads::of(draft, nest),
            };
            seen.accesses = threads.accesses();
            seen.trips = threads.trips();
            let arrays = threads.arrays();
            let is_shared = |(name, _): &(&String, &ArrayView)| threads.shares(name);
            seen.shared_arrays = arrays.iter().filter(is_shared).count() as f64;
            view.nests.push(seen);
            view.arrays.push(arrays);
        }
        view
    }

    /// Returns the nest that a choice is about, and the choice; the default bindings are about the nest that takes longest.
    ///
    /// `None` where the region has no nest.
    pub(super) fn choice(&self, choice: &Choice) -> Option<(usize, ChoiceView)> {
        let Some(step) = choice.single() else {
            let share = |nest: &NestView| nest.of_mapped(|mapped| mapped.share);
            let shares = self.nests.iter().map(share).enumerate();
            let longest = shares.reduce(|best, next| if next.1 > best.1 { next } else { best });
            let view = ChoiceView {
                phase: choice.phase,
                ..ChoiceView::default()
            };
            return longest.map(|(number, _)| (number, view));
        };
        let number = self.nest_of(step)?;
        let nest = self.nests.get(number)?;
        let find = |word: &str| {
            let found = nest.loops.iter().find(|(name, _)| name.0 == *word);
            found.map(|(_, view)| *view)
        };
        let words = step.arguments.iter().take_while(|word| *word != "->");
        let mut view = ChoiceView {
            step: Some(step.step.clone()),
            phase: choice.phase,
            target: find(&step.target.0).unwrap_or_default(),
            ..ChoiceView::default()
        };
        let arrays = self.arrays.get(number);
        let array = |word: &str| arrays.and_then(|arrays| arrays.get(word)).copied();
        view.array = array(&step.target.0).unwrap_or_default();
        let mut numbers = view.numbers.iter_mut();
        for word in words {
            if let Ok(value) = word.parse::<f64>() {
                if let Some(number) = numbers.next() {
                    *number = value;
                }
            } else if let Some(mapping) = mapping(word) {
                view.mapping = Some(mapping);
            } else if let Some(partner) = find(word) {
                view.partner = partner;
            } else if let Some(array) = array(word) {
                view.array = array;
            }
        }
        Some((number, view))
    }

    /// Returns the nest that holds the loop a move starts from, else the first that touches the array of that name, else
    /// the first.
    fn nest_of(&self, step: &Move) -> Option<usize> {
        let holds = |nest: &NestView| nest.loops.iter().any(|(name, _)| *name == step.target);
        let of_loop = self.nests.iter().position(holds);
        let touches = |arrays: &BTreeMap<String, ArrayView>| arrays.contains_key(&step.target.0);
        let of_array = || self.arrays.iter().position(touches);
        of_loop
            .or_else(of_array)
            .or_else(|| (!self.nests.is_empty()).then_some(0))
    }
}

fn mapping(word: &str) -> Option<Mapping> {
    let axes = Axis::ALL.into_iter();
    let mut mappings = axes.flat_map(|axis| [Mapping::Block(axis), Mapping::Thread(axis)]);
    mappings.find(|mapping| mapping.to_string() == word)
}

fn mapped_view(estimates: &[OfNest], number: usize) -> Option<MappedView> {
    let all: f64 = estimates.iter().map(|each| each.estimate.seconds()).sum();
    let of = estimates.get(number)?;
    Some(MappedView {
        estimate: of.estimate,
        figures: of.figures,
        share: of.estimate.seconds() / all.max(f64::MIN_POSITIVE),
    })
}

/// Returns the shares of the time of all nests that are spent on each resource.
fn shares_of(estimates: &[OfNest]) -> [f64; Resource::ALL.len()] {
    let all: f64 = estimates.iter().map(|each| each.estimate.seconds()).sum();
    Resource::ALL.map(|resource| {
        let of_nests = estimates.iter();
        let seconds: f64 = of_nests
            .map(|each| each.estimate.seconds_of(resource))
            .sum();
        seconds / all.max(f64::MIN_POSITIVE)
    })
}

fn loop_views(draft: &Draft, nest: &[Stmt], written: &Reading) -> Vec<(LoopName, LoopView)> {
    let loops = loops_of(nest);
    let view = |each: &&Loop| {
        let around = loops.iter().filter(|other| {
            let inside = loops_of(&other.body);
            inside.iter().any(|inner| inner.name == each.name)
        });
        let bounds = [each.start, each.end];
        let function = draft.function();
        let mut view = LoopView {
            is_there: true,
            trips: trips(written, &each.name),
            is_known: bounds
                .iter()
                .all(|bound| mupac_ir::fold::constant(function, *bound).is_some()),
            is_parallel: draft.may_run_in_parallel(each),
            mapping: each.mapping,
            is_original: draft.is_original(&each.name),
            depth: around.count() as f64,
            height: height(each),
            ..LoopView::default()
        };
        for access in &written.accesses {
            let along = access.strides.iter().find(|(name, _)| *name == each.name);
            if let Some((_, stride)) = along {
                let pace = Pace::of(*stride, access.element_bytes) as usize;
                if access.is_write {
                    view.writes[pace] += 1.0;
                } else {
                    view.reads[pace] += 1.0;
                }
            }
        }
        (each.name.clone(), view)
    };
    loops.iter().map(view).collect()
}

/// Returns how many loops are within one another inside a loop.
fn height(each: &Loop) -> f64 {
    let inner = loops_of(&each.body).into_iter();
    inner.map(|inner| 1.0 + height(inner)).fold(0.0, f64::max)
}

fn trips(reading: &Reading, name: &LoopName) -> f64 {
    let mut trips = reading.trips.iter();
    trips
        .find(|(each, _)| each == name)
        .map_or(0.0, |(_, trips)| *trips)
}
