//! What guides are worth: the plans that short searches find with them, against the best plan that anybody found.
//!
//! Times are those of the analytic estimate, so the table is about searching, not about GPUs.

use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::network::{Learned, Network};
use mupac_model::search::{Explored, explore};
use mupac_model::trajectories::Retrieval;
use mupac_model::{Analytic, Budget, Even, Guide, Naive, Oracle, TrajectoryGraph, greedy};
use mupac_passes::{Device, Draft, State};

use crate::programs::{self, Use, in_parallel};
use crate::statistics::{Row, rank_correlation};

/// Regions count where the best plan is faster than the default mapping by more.
///
/// **Units**: binary logarithm of a factor.
pub(crate) const MATTERS: f64 = 0.0144;

/// States of a region that are ranked, at most.
const MOST_RANKED: usize = 256;

/// How long the search goes on that says what the best plan is.
const THOROUGH: usize = 1024;

/// Makes a guide.
type Maker<'a> = Box<dyn Fn() -> Box<dyn Guide + 'a> + 'a>;

/// What guides know.
struct Known {
    graph: TrajectoryGraph,
    trained: Network,
    shuffled: Network,
    untrained: Network,
    device: Device,
}

impl Known {
    fn read(networks: &Path) -> Self {
        let read = |name: &str| Network::read(&std::fs::read(networks.join(name)).unwrap());
        Self {
            graph: TrajectoryGraph::shipped(),
            trained: read("policy_value.onnx").unwrap(),
            shuffled: read("shuffled.onnx").unwrap(),
            untrained: read("untrained.onnx").unwrap(),
            device: Device::default(),
        }
    }

    fn guides(&self) -> [(&'static str, Maker<'_>); 6] {
        let learned = |network| Learned::new(network, &self.device);
        let by = move |network| -> Maker<'_> { Box::new(move || Box::new(learned(network))) };
        let both = move || Retrieval::over(&self.graph, learned(&self.trained));
        [
            ("search", Box::new(|| Box::new(Even))),
            (
                "graph + search",
                Box::new(|| Box::new(Retrieval::new(&self.graph))),
            ),
            ("network + search", by(&self.trained)),
            (
                "network + graph + search (shipped)",
                Box::new(move || Box::new(both())),
            ),
            ("network of shuffled labels + search", by(&self.shuffled)),
            ("network of random weights + search", by(&self.untrained)),
        ]
    }
}

/// Writes the table for the families of one use.
///
/// `networks` holds `policy_value.onnx`, `shuffled.onnx` and `untrained.onnx`, as `make train` leaves them.
pub(crate) fn write(networks: &Path, of: Use, programs: u64, first_seed: u64, simulations: usize) {
    let known = Known::read(networks);
    let guides = known.guides();
    let names = guides.iter().map(|(name, _)| *name);
    let names = ["default bindings", "greedy walk"].into_iter().chain(names);
    let mut rows: Vec<Row> = names.map(Row::new).collect();
    let is_wanted = |family: &Family| programs::use_of(*family) == of;
    let families: Vec<Family> = Family::ALL.into_iter().filter(is_wanted).collect();
    let figures = |family: Family| {
        let guides = known.guides();
        let seeds = first_seed..first_seed + programs;
        let starts = seeds.flat_map(|seed| programs::regions(family, seed));
        let figures: Vec<_> = starts
            .filter_map(|start| of_region(&start, &guides, simulations))
            .collect();
        println!("{family:?}: {} regions", figures.len());
        figures
    };
    for (regrets, correlations) in in_parallel(&families, figures).into_iter().flatten() {
        for (row, regret) in rows.iter_mut().zip(regrets) {
            row.regrets.push(regret);
        }
        for (row, correlation) in rows[2..].iter_mut().zip(correlations) {
            row.correlations.extend(correlation);
        }
    }
    let regions = rows[0].regrets.len();
    println!("SIMULATED, {of:?} families, {simulations} simulations, {regions} regions");
    println!("{}", Row::header(&["search", "the walk"]));
    for row in &rows {
        println!("{}", row.text(&[&rows[2], &rows[1]]));
    }
}

/// Returns the regrets of all ways in a region, and how well each guide ranks its states; `None` where there is nothing to
/// choose.
fn of_region(
    start: &State,
    guides: &[(&str, Maker<'_>)],
    simulations: usize,
) -> Option<(Vec<f64>, Vec<Option<f64>>)> {
    let explored = thorough(start)?;
    let regrets = regrets(start, &explored, guides, simulations)?;
    let guides = guides.iter();
    let correlations = guides.map(|(_, guide)| agreement(&explored, guide().as_mut()));
    Some((regrets, correlations.collect()))
}

/// Returns how far the plans of all ways stay behind the best that is known: the default bindings, the greedy walk, and
/// searches by the guides; a way that finds no legal plan ends with the default bindings, as mupac does.
///
/// `None` where there is nothing to choose.
fn regrets(
    start: &State,
    explored: &[Explored],
    guides: &[(&str, Maker<'_>)],
    simulations: usize,
) -> Option<Vec<f64>> {
    let default = default_time(start)?;
    let of_guides = guides
        .iter()
        .map(|(_, guide)| searched(start, guide().as_mut(), simulations));
    let found = std::iter::once(walked(start)).chain(of_guides);
    let mut times = vec![default];
    times.extend(found.map(|time| time.unwrap_or(default)));
    let known = times
        .iter()
        .copied()
        .chain(explored.first()?.least_log2_seconds);
    let best = known.fold(default, f64::min);
    let matters = default - best >= MATTERS;
    matters.then(|| times.into_iter().map(|time| time - best).collect())
}

/// Returns what a long search says of all states that it looked beyond; `None` where it saw no plan.
pub(crate) fn thorough(start: &State) -> Option<Vec<Explored>> {
    let device = Device::default();
    let budget = Budget::of(THOROUGH);
    let explored = explore(start, &mut Analytic::default(), &mut Even, &device, budget).ok()?;
    explored.first()?.least_log2_seconds?;
    Some(explored)
}

pub(crate) fn searched(start: &State, guide: &mut dyn Guide, simulations: usize) -> Option<f64> {
    let (mut oracle, device) = (Analytic::default(), Device::default());
    let budget = Budget::of(simulations);
    let explored = explore(start, &mut oracle, guide, &device, budget).ok()?;
    explored.first()?.least_log2_seconds
}

/// Returns the time of the default bindings.
fn default_time(start: &State) -> Option<f64> {
    let plan = greedy(start, &mut Naive, &Device::default()).ok()?;
    log2_seconds(&plan)
}

fn walked(start: &State) -> Option<f64> {
    let plan = greedy(start, &mut Analytic::default(), &Device::default()).ok()?;
    log2_seconds(&plan)
}

pub(crate) fn log2_seconds(plan: &Draft) -> Option<f64> {
    let evaluations = Analytic::default().evaluate(&[plan]).ok()?;
    Some(evaluations.first()?.log2_seconds)
}

/// Returns how well the states of a region are ranked by what a search takes them to be worth, against the best plan that
/// they lead to: those behind which everything was seen, as far as the default bindings fit them; of many, some at regular
/// intervals.
///
/// What a search takes a state to be worth is the estimate of the plan that the default bindings make of it, and what the
/// guide expects its successors to gain.
fn agreement(explored: &[Explored], guide: &mut dyn Guide) -> Option<f64> {
    let exact = explored.iter().filter(|state| state.is_exhausted);
    let interval = exact.clone().count().div_ceil(MOST_RANKED).max(1);
    let pairs = exact.step_by(interval).filter_map(|state| {
        let (own, least) = (state.log2_seconds?, state.least_log2_seconds?);
        let choices: Vec<_> = state
            .choices
            .iter()
            .map(|(choice, _)| choice.clone())
            .collect();
        let advice = guide.advice(&state.draft, &choices).ok()?;
        Some((own - advice.promise, least))
    });
    rank_correlation(&pairs.collect::<Vec<_>>())
}
