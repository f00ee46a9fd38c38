//! Whether the search finds the best of all plans: against every plan, where there are few enough to look at all.

use std::time::{Duration, Instant};

use mupac_ir::Trajectory;
use mupac_ir::generate::Family;
use mupac_model::proposals::{Proposer, Proposing};
use mupac_model::search::least_log2_seconds;
use mupac_model::trajectories::Retrieval;
use mupac_model::{
    Analytic, Budget, Even, Guide, Learned, Network, Ranking, TrajectoryGraph, search,
};
use mupac_passes::{Device, State};

use crate::enumeration::{Optimum, optimum};
use crate::programs::{self, in_parallel};

/// How many states are looked at, at most.
const MOST: usize = 2_000;

/// How many simulations a search has to find the best plan.
const SIMULATIONS: usize = 384;

/// What guides the search of `-O3`.
struct Shipped {
    graph: TrajectoryGraph,
    network: Network,
    proposer: Proposer,
}

/// What a search by one guide did in one region.
struct Answer {
    wall: Duration,
    is_found: bool,
    /// What it missed, told for people.
    miss: Option<String>,
}

/// Writes how many of the regions of all families can be enumerated, in how many of them a search finds the best plan, and
/// how long it takes; and of each that it does not find, how far behind it stays and by which moves.
pub(crate) fn write(programs: u64, first_seed: u64) {
    let shipped = Shipped {
        graph: TrajectoryGraph::shipped(),
        network: Network::shipped().unwrap(),
        proposer: Proposer::shipped().unwrap(),
    };
    let answers = |family: Family| {
        let seeds = first_seed..first_seed + programs;
        let of_seed = |seed| {
            let starts = programs::regions(family, seed).into_iter().enumerate();
            let name = move |number| format!("{family:?} {seed}, region {number}");
            starts.map(move |(number, start)| (name(number), start))
        };
        let regions = seeds.flat_map(of_seed);
        let answers = regions.map(|(name, start)| answers(&start, &shipped, &name));
        answers.collect::<Vec<_>>()
    };
    let regions: Vec<(bool, [Answer; 2])> = in_parallel(&Family::ALL, answers)
        .into_iter()
        .flatten()
        .collect();
    let enumerable = regions.iter().filter(|(is_enumerable, _)| *is_enumerable);
    let enumerable = enumerable.count();
    println!(
        "{} regions, {enumerable} of at most {MOST} states; {SIMULATIONS} simulations",
        regions.len()
    );
    for (position, name) in ["search", "shipped"].iter().enumerate() {
        let answers = regions.iter().map(|(_, answers)| &answers[position]);
        write_score(name, &answers.collect::<Vec<_>>(), enumerable);
    }
}

/// Writes what searches by one guide did in all regions.
fn write_score(name: &str, answers: &[&Answer], enumerable: usize) {
    for miss in answers.iter().filter_map(|answer| answer.miss.as_ref()) {
        println!("{name} misses {miss}");
    }
    let found = answers.iter().filter(|answer| answer.is_found).count();
    let wall: Duration = answers.iter().map(|answer| answer.wall).sum();
    let longest = answers.iter().map(|answer| answer.wall).max();
    println!(
        "{name}: {found} found ({:.1} %); {:.1} ms a region, {:.0} ms at most",
        100.0 * found as f64 / enumerable.max(1) as f64,
        1000.0 * wall.as_secs_f64() / answers.len().max(1) as f64,
        1000.0 * longest.unwrap_or_default().as_secs_f64(),
    );
}

/// Returns whether a region can be enumerated, and what searches without a guide and as shipped find there.
fn answers(start: &State, shipped: &Shipped, name: &str) -> (bool, [Answer; 2]) {
    let optimum = optimum(start, MOST);
    let device = Device::default();
    let guided = Retrieval::over(&shipped.graph, Learned::new(&shipped.network, &device));
    let mut shipped = Proposing::over(&shipped.proposer, &device, guided);
    let answer = |guide: &mut dyn Guide| answer(start, guide, optimum.as_ref(), name);
    (optimum.is_some(), [answer(&mut Even), answer(&mut shipped)])
}

fn answer(start: &State, guide: &mut dyn Guide, optimum: Option<&Optimum>, name: &str) -> Answer {
    let (mut oracle, device) = (Analytic::default(), Device::default());
    let budget = Budget::of(SIMULATIONS);
    let clock = Instant::now();
    let mut ranking = search(start, &mut oracle, guide, &device, budget).unwrap();
    let plans = ranking.clone();
    ranking.next_legal(start, &device);
    let wall = clock.elapsed();
    let time = least_log2_seconds(start, &mut oracle, guide, &device, budget).unwrap();
    let is_found = |optimum: &Optimum| time.is_some_and(|time| time <= optimum.log2_seconds);
    let missed = optimum.filter(|optimum| !is_found(optimum));
    Answer {
        wall,
        is_found: optimum.is_some_and(is_found),
        miss: missed.map(|optimum| miss(optimum, &plans, time, name)),
    }
}

/// Returns what a search misses in a region: how far it stays behind, the best moves, and its own.
fn miss(optimum: &Optimum, ranking: &Ranking, time: Option<f64>, name: &str) -> String {
    let found = ranking
        .plans()
        .find(|plan| Some(plan.log2_seconds) == time)
        .map_or("a plan below the ranking".to_owned(), |plan| {
            moves(&plan.trajectory)
        });
    let behind = time.map_or(f64::INFINITY, |time| time - optimum.log2_seconds);
    format!(
        "{name}: {} states, {:.2} % behind\n  best:  {}\n  found: {found}",
        optimum.states,
        100.0 * (behind.exp2() - 1.0),
        moves(&optimum.trajectory),
    )
}

fn moves(trajectory: &Trajectory) -> String {
    let moves: Vec<String> = trajectory.moves.iter().map(ToString::to_string).collect();
    moves.join("; ")
}
