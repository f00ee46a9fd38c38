//! What guides are worth: the plans that short searches find with them, against the best plan that anybody found.
//!
//! Times are those of the analytic estimate, so the table is about searching, not about GPUs.

use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::Guide;
use mupac_model::search::Explored;
use mupac_passes::State;

use crate::programs::{self, Use, in_parallel};
use crate::statistics::{Row, rank_correlation};
use crate::ways::{Known, Maker, searched, thorough};

/// Regions count where the best plan is faster than the default mapping by more.
///
/// **Units**: binary logarithm of a factor.
const MATTERS: f64 = 0.0144;

/// States of a region that are ranked, at most.
const MOST_RANKED: usize = 256;

/// What came of all ways in one region.
struct Figures {
    /// By budget, in the order of the rows of a table: how far each way stays behind the best plan that is known.
    regrets: Vec<Vec<f64>>,
    /// How well each guide ranks states.
    correlations: Vec<Option<f64>>,
}

/// Writes a table for each number of simulations, for the families of one use.
///
/// `networks` is a folder as `make train` leaves it.
pub(crate) fn write(networks: &Path, of: Use, programs: u64, first_seed: u64, budgets: &[usize]) {
    let known = Known::read(networks);
    let is_wanted = |family: &Family| programs::use_of(*family) == of;
    let families: Vec<Family> = Family::ALL.into_iter().filter(is_wanted).collect();
    let figures = |family: Family| {
        let guides = known.guides();
        let seeds = first_seed..first_seed + programs;
        let starts = seeds.flat_map(|seed| programs::regions(family, seed));
        let figures: Vec<_> = starts
            .filter_map(|start| of_region(&start, &known, &guides, budgets))
            .collect();
        println!("{family:?}: {} regions", figures.len());
        figures
    };
    let figures: Vec<Figures> = in_parallel(&families, figures)
        .into_iter()
        .flatten()
        .collect();
    for (number, simulations) in budgets.iter().enumerate() {
        println!(
            "SIMULATED, {of:?} families, {simulations} simulations, {} regions",
            figures.len()
        );
        write_table(&known, &figures, number);
    }
}

/// Writes the table of one budget, against search alone, the greedy walk, and what guides searches without proposals.
fn write_table(known: &Known, figures: &[Figures], budget: usize) {
    let guides = known.guides();
    let names = guides.iter().map(|(name, _)| *name);
    let mut rows: Vec<Row> = Known::ALONE
        .into_iter()
        .chain(names)
        .map(Row::new)
        .collect();
    for of_region in figures {
        for (row, regret) in rows.iter_mut().zip(&of_region.regrets[budget]) {
            row.regrets.push(*regret);
        }
        let with_guide = &mut rows[Known::ALONE.len()..];
        for (row, correlation) in with_guide.iter_mut().zip(&of_region.correlations) {
            row.correlations.extend(*correlation);
        }
    }
    let references = ["search", "greedy walk", "network + graph + search"];
    let find = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
    println!("{}", Row::header(&references));
    for row in &rows {
        println!("{}", row.text(&references.map(find)));
    }
}

/// Returns the figures of a region; `None` where there is nothing to choose.
///
/// A way that finds no legal plan ends with the default bindings, as mupac does.
fn of_region(
    start: &State,
    known: &Known,
    guides: &[(&str, Maker<'_>)],
    budgets: &[usize],
) -> Option<Figures> {
    let explored = thorough(start)?;
    let alone = known.alone(start)?;
    let [default, ..] = alone;
    let of_budget = |simulations: &usize| -> Vec<f64> {
        let guides = guides.iter();
        let found = guides.map(|(_, guide)| searched(start, guide().as_mut(), *simulations));
        let found = found.map(|time| time.unwrap_or(default));
        alone.into_iter().chain(found).collect()
    };
    let times: Vec<Vec<f64>> = budgets.iter().map(of_budget).collect();
    let all = times.iter().flatten().copied();
    let best = all
        .chain(explored.first()?.least_log2_seconds)
        .fold(default, f64::min);
    let behind = |times: Vec<f64>| times.into_iter().map(|time| time - best).collect();
    let matters = default - best >= MATTERS;
    matters.then(|| Figures {
        regrets: times.into_iter().map(behind).collect(),
        correlations: guides
            .iter()
            .map(|(_, guide)| agreement(&explored, guide().as_mut()))
            .collect(),
    })
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
