//! What searches teach: states of random programs, with how good each choice turned out to be.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::network::{Row, features, rows, schema_hash};
use mupac_model::search::{Explored, Outcome, explore};
use mupac_model::{Analytic, Budget, Even, OracleError};
use mupac_passes::{Device, State};

use crate::programs::{self, Use};

/// States of one region that are written, at most: those that the search came to most often.
const MOST_STATES: usize = 24;

/// What stands for the time behind a choice that leads nowhere.
///
/// **Units**: binary logarithm of a factor.
const NOWHERE: f32 = -100.0;

/// Writes rows of so many programs a family; none of families that are held out.
///
/// A row in `rows.f32` is, in 32-bit floating-point numbers: the number of the state; 1 for families that validate; what
/// can still be gained (log2, negative where nothing is known); the number of the nest; how many accesses and how many
/// choices follow; the nest; the accesses; for each choice its columns and how far it stays behind the best choice of
/// the state (log2, at most 0; [`NOWHERE`] for choices that lead nowhere).
pub(crate) fn write(out: &Path, programs: u64, first_seed: u64, simulations: usize) {
    std::fs::create_dir_all(out).unwrap();
    let mut file = BufWriter::new(File::create(out.join("rows.f32")).unwrap());
    let (mut states, mut without_estimate) = (0, 0);
    for family in Family::ALL {
        let is_validation = match programs::use_of(family) {
            Use::HeldOut => continue,
            Use::Training => false,
            Use::Validation => true,
        };
        let (mut regions, mut gains) = (0, 0.0);
        let seeds = first_seed..first_seed + programs;
        for start in seeds.flat_map(|seed| programs::regions(family, seed)) {
            // A region without an estimate is one that mupac says so of; it teaches nothing.
            let Ok(explored) = explored(&start, simulations) else {
                without_estimate += 1;
                continue;
            };
            let Some(gain) = explored.first().and_then(still_to_gain) else {
                continue;
            };
            regions += 1;
            gains += gain;
            for each in chosen(&explored) {
                write_state(&mut file, each, states, is_validation);
                states += 1;
            }
        }
        let mean = gains / f64::from(regions.max(1));
        println!("{family:?}: {regions} regions, gain {mean:.2}");
    }
    println!("{states} states; {without_estimate} regions without an estimate");
    let [nest, access, choice] = features::widths();
    let index = serde_json::json!({
        "schema": schema_hash(), "nest": nest, "access": access, "choice": choice,
        "access_slots": features::ACCESS_SLOTS, "choice_slots": features::CHOICE_SLOTS,
        "states": states, "programs": programs, "seed": first_seed, "simulations": simulations,
    });
    std::fs::write(out.join("index.json"), index.to_string()).unwrap();
}

fn explored(start: &State, simulations: usize) -> Result<Vec<Explored>, OracleError> {
    let budget = Budget {
        simulations,
        patience: simulations / 4,
    };
    let mut oracle = Analytic::default();
    explore(start, &mut oracle, &mut Even, &Device::default(), budget)
}

/// Returns how much faster than its default mapping a state can become; `None` without one.
fn still_to_gain(explored: &Explored) -> Option<f64> {
    Some(explored.log2_seconds? - explored.least_log2_seconds?)
}

/// Returns the states from which a lesson can be drawn: all choices were looked at, and it matters which is made.
fn chosen(explored: &[Explored]) -> Vec<&Explored> {
    let teaches = |each: &&Explored| {
        let is_known = |(_, outcome): &(_, Outcome)| *outcome != Outcome::Unknown;
        let times = times(each);
        let matters = match (
            least(&times),
            times.iter().flatten().copied().reduce(f64::max),
        ) {
            (Some(least), Some(most)) => most - least > 0.01,
            _ => false,
        };
        matters && each.choices.iter().all(is_known)
    };
    let mut chosen: Vec<&Explored> = explored.iter().filter(teaches).collect();
    chosen.sort_by_key(|each| std::cmp::Reverse(each.visits));
    chosen.truncate(MOST_STATES);
    chosen
}

/// Returns the time that every choice of a state leads to.
fn times(explored: &Explored) -> Vec<Option<f64>> {
    let outcomes = explored.choices.iter();
    outcomes
        .map(|(_, outcome)| outcome.log2_seconds())
        .collect()
}

fn least(times: &[Option<f64>]) -> Option<f64> {
    times.iter().flatten().copied().reduce(f64::min)
}

fn write_state(file: &mut impl Write, explored: &Explored, state: u32, is_validation: bool) {
    let choices: Vec<_> = explored
        .choices
        .iter()
        .map(|(choice, _)| choice.clone())
        .collect();
    let times = times(explored);
    let least = least(&times).unwrap();
    let behind = |position: usize| times[position].map_or(NOWHERE, |time| (least - time) as f32);
    let gain = still_to_gain(explored).unwrap_or(-1.0);
    let (analytic, device) = (Analytic::default(), Device::default());
    for row in rows(&explored.draft, &choices, &analytic, &device) {
        let head = [
            state as f32,
            f32::from(u8::from(is_validation)),
            gain as f32,
        ];
        for number in head.into_iter().chain(numbers(&row, behind)) {
            file.write_all(&number.to_le_bytes()).unwrap();
        }
    }
}

/// Returns a row without its empty slots, every choice with how far it stays behind.
fn numbers(row: &Row, behind: impl Fn(usize) -> f32) -> Vec<f32> {
    let [_, access, choice] = features::widths();
    let used = row.access_mask.iter().filter(|mask| **mask > 0.0).count();
    let counts = [row.number, used, row.positions.len()];
    let mut numbers = counts.map(|count| count as f32).to_vec();
    numbers.extend(&row.nest);
    numbers.extend(&row.accesses[..used * access]);
    for (columns, position) in row.choices.chunks(choice).zip(&row.positions) {
        numbers.extend(columns);
        numbers.push(behind(*position));
    }
    numbers
}
