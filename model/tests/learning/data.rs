//! What searches teach: states of random programs, with how good each choice turned out to be.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::network::{Row, features, rows, schema_hash};
use mupac_model::search::{Explored, Outcome, explore};
use mupac_model::trajectories::records;
use mupac_model::{Analytic, Budget, Even, OracleError, search};
use mupac_passes::{Device, State};

use crate::programs;

/// States of one region that are written, at most: those that the search came to most often.
const MOST_STATES: usize = 24;

/// Writes rows of so many programs a family, and the trajectories that were found on the way.
///
/// A row in `rows.f32` is, in 32-bit floating-point numbers: the number of the state; 1 for families that are held out;
/// what can still be gained (log2, negative where nothing is known); how many accesses and how many choices follow; the
/// nest; the accesses; for each choice its columns and how far it stays behind the best choice of the state (log2, at
/// most 0; −100 for choices that lead nowhere).
pub(crate) fn write(out: &Path, programs: u64, first_seed: u64, simulations: usize) {
    std::fs::create_dir_all(out).unwrap();
    let mut file = BufWriter::new(File::create(out.join("rows.f32")).unwrap());
    let mut trajectories = BufWriter::new(File::create(out.join("trajectories.jsonl")).unwrap());
    let (mut states, mut without_estimate) = (0, 0);
    for family in Family::ALL {
        let (mut regions, mut gains) = (0, 0.0);
        for seed in first_seed..first_seed + programs {
            for start in programs::regions(family, seed) {
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
                    write_state(&mut file, each, states, programs::is_held_out(family));
                    states += 1;
                }
                if !programs::is_held_out(family) && gain > 0.05 {
                    write_trajectories(&mut trajectories, &start, simulations / 4);
                }
            }
        }
        println!(
            "{family:?}: {regions} regions, gain {:.2}",
            gains / f64::from(regions.max(1))
        );
    }
    println!("{states} states; {without_estimate} regions without an estimate");
    let widths = features::widths();
    let index = serde_json::json!({
        "schema": schema_hash(), "nest": widths[0], "access": widths[1], "choice": widths[2],
        "access_slots": features::ACCESS_SLOTS, "choice_slots": features::CHOICE_SLOTS,
        "states": states, "programs": programs, "seed": first_seed, "simulations": simulations,
    });
    std::fs::write(out.join("index.json"), index.to_string()).unwrap();
}

fn explored(start: &State, simulations: usize) -> Result<Vec<Explored>, OracleError> {
    let budget = Budget {
        simulations,
        patience: simulations / 2,
    };
    explore(
        start,
        &mut Analytic::default(),
        &mut Even,
        &Device::default(),
        budget,
    )
}

/// Returns how much faster than its default mapping a state can become; `None` without one.
fn still_to_gain(explored: &Explored) -> Option<f64> {
    Some(explored.log2_seconds? - explored.least_log2_seconds?)
}

/// Returns the states from which a lesson can be drawn: all choices were looked at, and it matters which is made.
fn chosen(explored: &[Explored]) -> Vec<&Explored> {
    let is_known = |each: &&Explored| {
        let mut times = Vec::new();
        for (_, outcome) in &each.choices {
            match outcome {
                Outcome::Unknown => return false,
                Outcome::Nothing => {}
                Outcome::Plan { log2_seconds } => times.push(*log2_seconds),
            }
        }
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        let most = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        each.choices.len() > 1 && most - least > 0.01
    };
    let mut chosen: Vec<&Explored> = explored.iter().filter(is_known).collect();
    chosen.sort_by_key(|each| std::cmp::Reverse(each.visits));
    chosen.truncate(MOST_STATES);
    chosen
}

fn write_state(file: &mut impl Write, explored: &Explored, state: u32, is_held_out: bool) {
    let choices: Vec<_> = explored
        .choices
        .iter()
        .map(|(choice, _)| choice.clone())
        .collect();
    let time = |outcome: &Outcome| match outcome {
        Outcome::Plan { log2_seconds } => Some(*log2_seconds),
        Outcome::Unknown | Outcome::Nothing => None,
    };
    let times: Vec<Option<f64>> = explored
        .choices
        .iter()
        .map(|(_, each)| time(each))
        .collect();
    let least = times
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min);
    let gain = still_to_gain(explored).unwrap_or(-1.0);
    let [_, access, choice] = features::widths();
    for row in rows(
        &explored.draft,
        &choices,
        &Analytic::default(),
        &Device::default(),
    ) {
        let Row {
            nest,
            accesses,
            access_mask,
            choices,
            positions,
            ..
        } = row;
        let used = access_mask.iter().filter(|mask| **mask > 0.0).count();
        let mut numbers = vec![
            state as f32,
            f32::from(u8::from(is_held_out)),
            gain as f32,
            used as f32,
            positions.len() as f32,
        ];
        numbers.extend(nest);
        numbers.extend(&accesses[..used * access]);
        for (columns, position) in choices.chunks(choice).zip(positions) {
            numbers.extend(columns);
            numbers.push(times[position].map_or(-100.0, |time| (least - time) as f32));
        }
        for number in numbers {
            file.write_all(&number.to_le_bytes()).unwrap();
        }
    }
}

/// Writes what a shorter search of a region finds, as `mupac graph update` does.
fn write_trajectories(file: &mut impl Write, start: &State, simulations: usize) {
    let device = Device::default();
    let plans = |budget| {
        let found = search(start, &mut Analytic::default(), &mut Even, &device, budget).unwrap();
        found.plans().cloned().collect::<Vec<_>>()
    };
    let Some(default) = plans(Budget::of(0)).into_iter().next() else {
        return;
    };
    let mut kept: Vec<_> = plans(Budget::of(simulations)).into_iter().take(3).collect();
    kept.push(default.clone());
    for record in records(start, &kept, default.log2_seconds, &device).unwrap() {
        writeln!(file, "{}", serde_json::to_string(&record).unwrap()).unwrap();
    }
}
