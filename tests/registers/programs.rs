//! The kernels of the fit, with what their registers depend on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use mupac_frontend::{Input, Options};
use mupac_ir::generate::{Case, Options as Random, harness, program};
use mupac_ir::random::Random as Numbers;
use mupac_ir::{Module, Reason, Refusal};
use mupac_model::analytic::REGISTER_FEATURES;
use mupac_model::greedy::ChoiceError;
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Choice, Device, Settings, State};

/// A text with its kernels.
pub(crate) struct Emitted {
    pub(crate) cuda: String,
    pub(crate) kernels: BTreeMap<String, [f64; REGISTER_FEATURES.len()]>,
}

/// Random programs of one file.
const TOGETHER: u64 = 30;

/// Files of random programs at most.
const FILES: u64 = 12;

/// Mappings of each region at random.
const MAPPINGS: u64 = 2;

/// Returns texts, one after another.
pub(crate) fn emitted() -> impl Iterator<Item = Emitted> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let written = ["examples", "tests/gpu", "tests/corpus"].into_iter();
    let written = written.flat_map(move |name| {
        let entries = std::fs::read_dir(folder.join(name)).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "c"));
        paths.sort();
        paths
    });
    let written = written.map(|path| std::fs::read_to_string(path).unwrap());
    // Half of the kernels are random programs, of which one compilation serves many.
    let texts = (0..FILES).map(random).chain(written);
    let modules = texts.filter_map(|text| {
        let input = Input {
            name: "input.c".to_owned(),
            text: text.into_bytes(),
            parts: Vec::new(),
        };
        let parsed = mupac_frontend::parse(&input, &Options::default());
        parsed.ok().map(|parsed| parsed.module)
    });
    modules.flat_map(|module| {
        let ways = [Way::Default, Way::Chosen].into_iter();
        let ways = ways.chain((0..MAPPINGS).map(Way::Random));
        ways.map(|way| mapped(&module, way)).collect::<Vec<_>>()
    })
}

/// Returns a file of random programs, without calls of them.
fn random(number: u64) -> String {
    let first = 5_000_000 + number * TOGETHER;
    let cases: Vec<Case> = (first..first + TOGETHER)
        .filter_map(|seed| program(seed, &Random::default()))
        .collect();
    harness(&cases).programs
}

/// How regions are mapped.
#[derive(Clone, Copy)]
enum Way {
    Default,
    Chosen,
    Random(u64),
}

fn mapped(module: &Module, way: Way) -> Emitted {
    let device = Device::default();
    let settings = Settings {
        cpu_threshold: Some(0),
        ..Settings::default()
    };
    let workload = Arc::new(mupac_passes::analyse(module.clone()));
    let mut features = Vec::new();
    let choices: Vec<Choice> = (0..workload.regions.len())
        .filter_map(|region| State::new(Arc::clone(&workload), region))
        .map(|start| {
            let state = state(&start, way, &device);
            let finished = state.and_then(|state| {
                let plan = state.finish(&settings, &device)?;
                Ok((Analytic::default().launches(&state), plan))
            });
            match finished {
                Ok((launches, plan)) => {
                    features.push((plan.name.clone(), launches));
                    Choice::Kernel(Box::new(plan))
                }
                Err(refusal) => Choice::Original(refusal),
            }
        })
        .collect();
    let plan = mupac_passes::plan(&workload, &choices);
    let mut kernels = BTreeMap::new();
    for region in &plan.regions {
        let of_region = features.iter().find(|(name, _)| *name == region.name);
        let launches = of_region
            .map(|(_, launches)| launches.as_slice())
            .unwrap_or_default();
        if launches.len() == region.kernels.len() {
            for ((_, kernel), launch) in region.kernels.iter().zip(launches) {
                kernels.insert(kernel.name.clone(), launch.register_features);
            }
        }
    }
    Emitted {
        cuda: mupac_backend_cuda::emit(&plan, Vec::new(), Vec::new()).cuda,
        kernels,
    }
}

fn state(start: &State, way: Way, device: &Device) -> Result<State, Refusal> {
    let mut oracle: Box<dyn Oracle> = match way {
        Way::Chosen => Box::new(Analytic::default()),
        Way::Default | Way::Random(_) => Box::new(Naive),
    };
    let mut complete = |state: &State| {
        greedy(state, &mut *oracle, device).map_err(|error| match error {
            ChoiceError::NoMapping(refusal) => *refusal,
            ChoiceError::Oracle(_) => {
                let option = "no opinion".to_owned();
                Refusal::new(Reason::UserChoice { option }, start.region().span)
            }
        })
    };
    let Way::Random(seed) = way else {
        return complete(start);
    };
    let name = start.region().name.bytes();
    let seed = name.fold(seed, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let mut numbers = Numbers::new(seed);
    let shaped = moved(start.clone(), 3, &mut numbers, device);
    let mapped = complete(&shaped)?;
    Ok(moved(mapped, 3, &mut numbers, device))
}

/// Returns the state after a few moves at random, without those that the judge refuses.
fn moved(mut at: State, moves: u64, numbers: &mut Numbers, device: &Device) -> State {
    for _ in 0..moves {
        let offers = at.offers(device);
        let next = numbers.pick(&offers);
        if let Some(Ok(next)) = next.map(|offer| at.after(&offer.step, device)) {
            at = next;
        }
    }
    at
}
