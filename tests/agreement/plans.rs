//! How random programs are translated: by the tool's own choice, by random moves for a device of narrow limits, or by long
//! random trajectories.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use mupac_backend_cuda as backend;
use mupac_ir::random::Random;
use mupac_ir::{Module, Move, Plan};
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Choice, Device, FloatOrder, Settings, State};

/// The moves that a trajectory has at least, where the judge accepts so many.
pub(crate) const FAR: usize = 4;

/// Moves that are tried on one region, most of which the judge refuses.
const TRIES: usize = 48;

/// What chooses the moves of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guide {
    /// The tool, as by default.
    Tool,
    /// Chance, for a few moves before and after the default mapping.
    Chance,
    /// Chance, until there are [`FAR`] moves and often more: every kind of step gets its turn.
    Wanderlust,
}

/// How programs are translated.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    guide: Guide,
    device: Device,
    cpu_threshold: u64,
}

impl Profile {
    /// As the command line does by default, except that every launch pays.
    pub(crate) fn chosen() -> Self {
        Self {
            guide: Guide::Tool,
            device: Device::default(),
            cpu_threshold: 0,
        }
    }

    /// By random trajectories of four moves and more, of all steps, where every launch pays: for the usual device, and
    /// for one of grids so small that iterations must share threads.
    pub(crate) fn travelling() -> [Self; 2] {
        let usual = Self {
            guide: Guide::Wanderlust,
            ..Self::chosen()
        };
        let narrow = Self {
            device: Self::wandering().device,
            ..usual.clone()
        };
        [usual, narrow]
    }

    /// By random moves, with grids and slices so small and launches so dear that these limits matter for sizes of a test.
    pub(crate) fn wandering() -> Self {
        Self {
            guide: Guide::Chance,
            device: Device {
                max_grid: [2, 3, 2],
                max_slice_numbers: 24,
                ..Device::default()
            },
            cpu_threshold: 12,
        }
    }

    /// Returns whether every launch pays, however small.
    pub(crate) fn skips_threshold(&self) -> bool {
        self.cpu_threshold == 0
    }
}

/// What the pipeline makes of a file.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) cuda: String,
}

/// Translates a file without a check; the error says what panicked.
///
/// With `is_exact` sums may be computed in another order.
pub(crate) fn planned(
    module: Module,
    profile: &Profile,
    is_exact: bool,
) -> Result<Planned, String> {
    let settings = Settings {
        cpu_threshold: profile.cpu_threshold,
        float_order: if is_exact {
            FloatOrder::Reassociate
        } else {
            FloatOrder::Source
        },
        ..Settings::default()
    };
    let translate = || {
        let workload = Arc::new(mupac_passes::analyse(module));
        let choices: Vec<Choice> = (0..workload.regions.len())
            .filter_map(|region| State::new(Arc::clone(&workload), region))
            .map(|start| choice(&start, &settings, profile))
            .collect();
        let plan = mupac_passes::plan(&workload, &choices);
        let cuda = backend::emit(&plan, Vec::new()).cuda;
        Planned { plan, cuda }
    };
    catch_unwind(AssertUnwindSafe(translate)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        format!("a stage panics: {}", text.unwrap_or("without words"))
    })
}

/// Returns the plan of a region, by the first of the ways that leads to one.
fn choice(start: &State, settings: &Settings, profile: &Profile) -> Choice {
    let device = &profile.device;
    let oracles: [&mut dyn Oracle; 2] = [&mut Analytic::default(), &mut Naive];
    let mut found = match profile.guide {
        Guide::Tool => None,
        Guide::Chance => Some(wander(start, device).finish(settings, device)),
        Guide::Wanderlust => {
            let states = travel(start, device).into_iter().rev();
            let mut plans = states.map(|state| state.finish(settings, device));
            plans.find(Result::is_ok)
        }
    };
    for oracle in oracles {
        if !matches!(found, Some(Ok(_)))
            && let Ok(state) = greedy(start, oracle, device)
        {
            found = Some(state.finish(settings, device));
        }
    }
    match found {
        Some(Ok(plan)) => Choice::Kernel(Box::new(plan)),
        Some(Err(refusal)) => Choice::Original(refusal),
        // A choice that is missing leaves the region as it is.
        None => Choice::Original(mupac_ir::Refusal::new(
            mupac_ir::Reason::UserChoice {
                option: "no mapping".to_owned(),
            },
            start.region().span,
        )),
    }
}

/// Follows random moves, some of which the judge refuses, completes the mapping by default, and stages arrays.
///
/// They are the same for the same function, whatever else is in its file.
fn wander(start: &State, device: &Device) -> State {
    let mut random = chance(start);
    let mut state = start.clone();
    for _ in 0..random.below(5) {
        let mut moves = state.any_moves(device);
        moves.retain(|each| each.step != "stage" && is_short(each));
        let Some(next) = random.pick(&moves) else {
            break;
        };
        if let Ok(next) = state.after(next, device) {
            state = next;
        }
    }
    let mut state = greedy(&state, &mut Naive, device).unwrap_or(state);
    for _ in 0..random.below(4) {
        let mut moves = state.any_moves(device);
        moves.retain(|each| each.step == "stage");
        let staged = random.pick(&moves).map(|next| state.after(next, device));
        if let Some(Ok(next)) = staged {
            state = next;
        }
    }
    state
}

/// Returns chance for a region: the same for the same function, whatever else is in its file.
fn chance(start: &State) -> Random {
    let name = start.function().name.bytes();
    Random::new(name.fold(0, |seed: u64, byte| {
        seed.wrapping_mul(0x0000_0100_0000_01b3) ^ u64::from(byte)
    }))
}

/// Follows random moves that the judge accepts: some before the mapping is completed by default, the others behind it.
/// Returns the states from the completed mapping on; the last has the longest trajectory.
fn travel(start: &State, device: &Device) -> Vec<State> {
    let mut random = chance(start);
    let mut state = start.clone();
    let before = 1 + random.below(3) as usize;
    for _ in 0..TRIES / 4 {
        if state.trajectory().moves.len() >= before {
            break;
        }
        // What is shared is chosen for the threads that there are.
        state = moved(&state, device, &mut random, &["stage", "pad"]).unwrap_or(state);
    }
    let Ok(mut state) = greedy(&state, &mut Naive, device) else {
        return Vec::new();
    };
    let wanted = FAR + random.below(4) as usize;
    let mut reached = vec![state.clone()];
    for _ in 0..TRIES {
        if state.trajectory().moves.len() >= wanted {
            break;
        }
        if let Some(next) = moved(&state, device, &mut random, &[]) {
            reached.push(next.clone());
            state = next;
        }
    }
    reached
}

/// Steps that need others before them, and so turn up too rarely for their number.
const LATE: [&str; 9] = [
    "fission",
    "fuse",
    "jam",
    "pad",
    "split-sum",
    "spread-sum",
    "stage",
    "tile",
    "unroll",
];

/// Tries a random move of a random kind, that kinds with many moves do not crowd out the others.
fn moved(state: &State, device: &Device, random: &mut Random, without: &[&str]) -> Option<State> {
    let moves = state.any_moves(device);
    let kinds: BTreeSet<&str> = moves.iter().map(|each| each.step.as_str()).collect();
    let kinds = kinds.into_iter().filter(|kind| !without.contains(kind));
    let kinds: Vec<&str> = kinds
        .flat_map(|kind| {
            let turns = if LATE.contains(&kind) { 3 } else { 1 };
            std::iter::repeat_n(kind, turns)
        })
        .collect();
    let kind = random.pick(&kinds)?;
    let of_kind = moves.iter().filter(|each| each.step == *kind);
    let of_kind: Vec<_> = of_kind.filter(|each| is_short(each)).collect();
    state.after(random.pick(&of_kind)?, device).ok()
}

/// The longest chunk of a sum that is run: threads go through all of it, and may share every element that they read.
const LONGEST: u32 = 64;

/// Returns whether a move makes no chunks that take the interpreter too long.
fn is_short(step: &Move) -> bool {
    let length = step.arguments.first().and_then(|word| word.parse().ok());
    step.step != "split-sum" || length.is_none_or(|length: u32| length <= LONGEST)
}
