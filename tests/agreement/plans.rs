//! How random programs are translated: by the tool's own choice at one of its levels, by random moves for a device of narrow
//! limits, or by long random trajectories.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use mupac::candidates::{Candidates, Effort, Target};
use mupac::translate::Selection;
use mupac_backend_cuda as backend;
use mupac_ir::interpret::Side;
use mupac_ir::random::Random;
use mupac_ir::{Coherence, Memory, Module, Move, Plan, RegionPlan};
use mupac_model::proposals::Proposer;
use mupac_model::{Analytic, Budget, Naive, Network, Oracle, TrajectoryGraph, greedy};
use mupac_passes::{Choice, Device, FloatOrder, Settings, State};

/// The moves that a long trajectory has at least, where nothing else is asked for.
pub(crate) const FAR: usize = 4;

/// A threshold among the sizes of programs, by which host and device take turns.
pub(crate) const MIDDLE: u64 = 32;

/// Moves that are tried for each that is wanted; the judge refuses most.
const TRIES: usize = 12;

/// Trajectories that are tried until one is long enough.
const JOURNEYS: usize = 4;

/// The states of a region that a search looks at.
const SIMULATIONS: usize = 32;

/// What chooses the moves of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guide {
    /// The tool, at this level: `-O0`, `-O2`, `-O3`.
    Tool(u8),
    /// Chance, for a few moves before and after the default mapping.
    Chance,
    /// Chance, until there are [`Profile::far`] moves and often more: every kind of step gets its turn.
    Wanderlust,
}

/// How programs are translated.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    guide: Guide,
    device: Device,
    cpu_threshold: u64,
    memory: Memory,
    coherence: Coherence,
    /// The moves that a trajectory has at least, where the judge accepts so many; programs behind shorter ones are not
    /// counted as far.
    pub(crate) far: usize,
}

impl Profile {
    /// As the command line does by default, except that every launch pays.
    pub(crate) fn chosen() -> Self {
        Self::of_level(2)
    }

    /// As the command line does at a level, except that every launch pays, and that a search looks at fewer states.
    pub(crate) fn of_level(level: u8) -> Self {
        Self {
            guide: Guide::Tool(level),
            device: Device::default(),
            cpu_threshold: 0,
            memory: Memory::Explicit,
            coherence: Coherence::Proof,
            far: FAR,
        }
    }

    /// By random trajectories of so many moves and more, of all steps, where every launch pays: for the usual device, and
    /// for one of grids so small that iterations must share threads.
    pub(crate) fn travelling(far: usize) -> [Self; 2] {
        let usual = Self {
            guide: Guide::Wanderlust,
            far,
            ..Self::chosen()
        };
        let narrow = Self {
            device: Self::wandering().device,
            ..usual.clone()
        };
        [usual, narrow]
    }

    /// By random moves, with grids and slices so small and launches so dear that these limits matter for sizes of a test, and
    /// with copies that outlive regions wherever the system tells what was written.
    pub(crate) fn wandering() -> Self {
        Self {
            guide: Guide::Chance,
            device: Device {
                max_grid: [2, 3, 2],
                max_slice_numbers: 24,
                ..Device::default()
            },
            cpu_threshold: 12,
            memory: Memory::Explicit,
            coherence: Coherence::Pages,
            far: FAR,
        }
    }

    /// Returns the same for arrays in this kind of memory.
    pub(crate) fn with_memory(&self, memory: Memory) -> Self {
        Self {
            memory,
            ..self.clone()
        }
    }

    /// Returns the same where launches of fewer iterations do not pay.
    pub(crate) fn with_threshold(&self, cpu_threshold: u64) -> Self {
        Self {
            cpu_threshold,
            ..self.clone()
        }
    }

    /// Returns where functions may expect what their pointers lead to.
    pub(crate) fn side(&self) -> Side {
        match self.memory {
            Memory::Explicit | Memory::Managed | Memory::System => Side::Host,
            Memory::Device => Side::Device,
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
        cpu_threshold: Some(profile.cpu_threshold),
        memory: profile.memory,
        coherence: profile.coherence,
        float_order: if is_exact {
            FloatOrder::Reassociate
        } else {
            FloatOrder::Source
        },
    };
    let translate = || {
        let workload = Arc::new(mupac_passes::analyse(module).with_coherence(profile.coherence));
        let choices: Vec<Choice> = (0..workload.regions.len())
            .filter_map(|region| State::new(Arc::clone(&workload), region))
            .map(|start| choice(&start, &settings, profile))
            .collect();
        let plan = mupac_passes::plan(&workload, &choices);
        let cuda = backend::emit(&plan, Vec::new(), Vec::new()).cuda;
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
        Guide::Tool(level) => return tool(start, settings, device, level),
        Guide::Chance => Some(wander(start, device).finish(settings, device)),
        Guide::Wanderlust => travel(start, settings, profile).map(Ok),
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
        None => unmapped(start),
    }
}

fn unmapped(start: &State) -> Choice {
    let reason = mupac_ir::Reason::UserChoice {
        option: "no mapping".to_owned(),
    };
    Choice::Original(mupac_ir::Refusal::new(reason, start.region().span))
}

/// Returns the plan that the command line makes of a region at a level.
fn tool(start: &State, settings: &Settings, device: &Device, level: u8) -> Choice {
    let selection = match level {
        0 => Selection::Naive,
        1 | 2 => Selection::Greedy,
        _ => Selection::Search(effort().clone()),
    };
    let target = Target {
        settings: settings.clone(),
        device: device.clone(),
        split: None,
    };
    let ways = selection.ways(&start.region().name);
    let candidates = Candidates::new(start.clone(), ways, "no mapping", &target);
    candidates.map_or_else(|_| unmapped(start), |found| found.choice().clone())
}

/// Returns how `-O3` searches, with a budget for many programs.
fn effort() -> &'static Effort {
    static EFFORT: OnceLock<Effort> = OnceLock::new();
    EFFORT.get_or_init(|| Effort {
        budget: Budget {
            simulations: SIMULATIONS,
            patience: SIMULATIONS,
        },
        graph: Some(Arc::new(TrajectoryGraph::shipped())),
        network: Some(Arc::new(Network::shipped().unwrap())),
        proposer: Some(Arc::new(Proposer::shipped().unwrap())),
    })
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

/// Returns the plan of the first random trajectory that is long enough, or of the longest; `None` where the mapping makes no
/// plan.
fn travel(start: &State, settings: &Settings, profile: &Profile) -> Option<RegionPlan> {
    let mut random = chance(start);
    let mut best: Option<RegionPlan> = None;
    for times in 0..JOURNEYS {
        // Where threads have nothing to choose, only other loops make a trajectory longer.
        let before = random.below(4) as usize + times;
        let Some(plan) = journey(start, settings, profile, before, &mut random) else {
            continue;
        };
        let length = plan.trajectory.moves.len();
        if best
            .as_ref()
            .is_none_or(|best| best.trajectory.moves.len() < length)
        {
            best = Some(plan);
        }
        if length >= profile.far {
            break;
        }
    }
    best
}

/// Follows random moves that the judge accepts: so many before the mapping is completed by default, the others behind it, at
/// least one if there is any. Returns the plan that they lead to, if the mapping makes one.
fn journey(
    start: &State,
    settings: &Settings,
    profile: &Profile,
    before: usize,
    random: &mut Random,
) -> Option<RegionPlan> {
    let device = &profile.device;
    let mut state = start.clone();
    for _ in 0..TRIES {
        if state.trajectory().moves.len() >= before {
            break;
        }
        // What is shared is chosen for the threads that there are.
        state = moved(&state, device, random, &["stage", "pad"]).unwrap_or(state);
    }
    let mut state = greedy(&state, &mut Naive, device).ok()?;
    let mut plan = state.finish(settings, device).ok()?;
    let so_far = state.trajectory().moves.len();
    let wanted = profile.far.max(so_far + 1) + random.below(4) as usize;
    for _ in 0..TRIES * profile.far {
        if state.trajectory().moves.len() >= wanted {
            break;
        }
        if let Some(next) = moved(&state, device, random, &[])
            && let Ok(finished) = next.finish(settings, device)
        {
            (state, plan) = (next, finished);
        }
    }
    Some(plan)
}

/// Steps that few programs have moves of.
const SELDOM: [&str; 4] = ["constant", "privatise", "split-sum", "spread-sum"];

/// Tries a random move of a random step, that steps with many moves do not crowd out the others; mostly of one that has had
/// no move yet, or those that divide and bind loops would come again and again.
fn moved(state: &State, device: &Device, random: &mut Random, without: &[&str]) -> Option<State> {
    let mut moves = state.any_moves(device);
    moves.retain(|each| is_short(each) && !without.contains(&each.step.as_str()));
    let made: BTreeSet<&str> = steps_of(&state.trajectory().moves);
    let steps: BTreeSet<&str> = steps_of(&moves);
    let new: Vec<&str> = steps.difference(&made).copied().collect();
    let steps: Vec<&str> = if new.is_empty() || random.chance(1, 4) {
        steps.into_iter().collect()
    } else {
        new
    };
    let turns = |step| std::iter::repeat_n(step, if SELDOM.contains(&step) { 3 } else { 1 });
    let steps: Vec<&str> = steps.into_iter().flat_map(turns).collect();
    let step = random.pick(&steps)?;
    let of_step: Vec<&Move> = moves.iter().filter(|each| each.step == *step).collect();
    state.after(random.pick(&of_step)?, device).ok()
}

fn steps_of(moves: &[Move]) -> BTreeSet<&str> {
    moves.iter().map(|each| each.step.as_str()).collect()
}

/// The longest chunk of a sum that is run: threads go through all of it, and may share every element that they read.
const LONGEST: u32 = 64;

/// Returns whether a move makes no chunks that take the interpreter too long.
fn is_short(step: &Move) -> bool {
    let length = step.arguments.first().and_then(|word| word.parse().ok());
    step.step != "split-sum" || length.is_none_or(|length: u32| length <= LONGEST)
}
