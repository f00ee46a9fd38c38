//! How random programs are translated: by the tool's own choice, or by random moves for a device of narrow limits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use mupac_backend_cuda as backend;
use mupac_ir::random::Random;
use mupac_ir::{Module, Plan};
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Choice, Device, FloatOrder, Settings, State};

/// How programs are translated.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Whether moves are random rather than those that the tool chooses by default.
    is_random: bool,
    device: Device,
    cpu_threshold: u64,
}

impl Profile {
    /// As the command line does by default, except that every launch pays.
    pub(crate) fn chosen() -> Self {
        Self {
            is_random: false,
            device: Device::default(),
            cpu_threshold: 0,
        }
    }

    /// By random moves, with grids so small and launches so dear that both limits matter for sizes of a test.
    pub(crate) fn wandering() -> Self {
        Self {
            is_random: true,
            device: Device {
                max_grid: [2, 3, 2],
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
    let wandered = profile.is_random.then(|| wander(start, device));
    let oracles: [&mut dyn Oracle; 2] = [&mut Analytic::default(), &mut Naive];
    let mut found = wandered.map(|state| state.finish(settings, device));
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
    let name = start.function().name.bytes();
    let seed = name.fold(0, |seed: u64, byte| {
        seed.wrapping_mul(0x0000_0100_0000_01b3) ^ u64::from(byte)
    });
    let mut random = Random::new(seed);
    let mut state = start.clone();
    for _ in 0..random.below(5) {
        let mut moves = state.any_moves(device);
        moves.retain(|each| each.step != "stage");
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
