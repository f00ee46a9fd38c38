//! What searches teach: states of random programs, with how good each choice turned out to be.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::network::{Row, features, rows, schema_hash};
use mupac_model::search::{Explored, Outcome, explore};
use mupac_model::{Analytic, Budget, Even, OracleError};
use mupac_passes::{Device, State};

use crate::programs::{self, Use, in_parallel};

/// States of one region that are written, at most, in which it matters what is chosen: those that the search came to most
/// often.
const MOST_STATES: usize = 24;

/// And those behind which everything was seen, at regular intervals: they are what most states of a region are like.
const MOST_EXHAUSTED: usize = 64;

/// What stands for the time behind a choice that leads nowhere.
///
/// **Units**: binary logarithm of a factor.
const NOWHERE: f32 = -100.0;

/// Writes rows of so many programs a family; none of families that are held out.
///
/// A row in `rows.f32` is, in 32-bit floating-point numbers: the number of the state; 1 for families that validate;
/// the number of the region; the time of what the default bindings make of the state (log2 of seconds); how many accesses
/// and how many choices follow; the nest; the accesses; for each choice its
/// columns, how much faster than by the default bindings the region becomes behind it (log2; [`NOWHERE`] for choices that
/// lead nowhere), and how many more choices lead there.
pub(crate) fn write(out: &Path, programs: u64, first_seed: u64, simulations: usize) {
    std::fs::create_dir_all(out).unwrap();
    let families = Family::ALL.into_iter().enumerate();
    let families: Vec<(usize, Family)> = families
        .filter(|(_, family)| programs::use_of(*family) != Use::HeldOut)
        .collect();
    let lessons = |(number, family): (usize, Family)| {
        let seeds = first_seed..first_seed + programs;
        Lessons::of(number, family, seeds, simulations)
    };
    let mut file = BufWriter::new(File::create(out.join("rows.f32")).unwrap());
    let mut states = 0;
    for of_family in in_parallel(&families, lessons) {
        file.write_all(&of_family.rows).unwrap();
        states += of_family.states;
    }
    println!("{states} states");
    let [nest, access, choice] = features::widths();
    let index = serde_json::json!({
        "schema": schema_hash(), "nest": nest, "access": access, "choice": choice,
        "access_slots": features::ACCESS_SLOTS, "choice_slots": features::CHOICE_SLOTS,
        "states": states, "programs": programs, "seed": first_seed, "simulations": simulations,
    });
    std::fs::write(out.join("index.json"), index.to_string()).unwrap();
}

/// What one family teaches.
struct Lessons {
    rows: Vec<u8>,
    states: u32,
    regions: u32,
}

/// More than a family has states, so that each has a number of its own.
const FAMILY_STATES: u32 = 1 << 18;

impl Lessons {
    fn of(number: usize, family: Family, seeds: Range<u64>, simulations: usize) -> Self {
        let is_validation = programs::use_of(family) == Use::Validation;
        let first = u32::try_from(number).unwrap() * FAMILY_STATES;
        let mut lessons = Self {
            rows: Vec::new(),
            states: 0,
            regions: 0,
        };
        let mut gains = 0.0;
        for start in seeds.flat_map(|seed| programs::regions(family, seed)) {
            // A region without an estimate is one that mupac says so of; it teaches nothing.
            let Ok(explored) = explored(&start, simulations) else {
                continue;
            };
            let Some(gain) = explored.first().and_then(still_to_gain) else {
                continue;
            };
            gains += gain;
            for each in chosen(&explored) {
                assert!(lessons.states < FAMILY_STATES, "too many programs");
                let numbers = [first + lessons.states, first + lessons.regions];
                write_state(&mut lessons.rows, each, numbers, is_validation);
                lessons.states += 1;
            }
            lessons.regions += 1;
        }
        let mean = gains / f64::from(lessons.regions.max(1));
        println!(
            "{family:?}: {} regions, gain {mean:.2}, {} states",
            lessons.regions, lessons.states
        );
        lessons
    }
}

fn explored(start: &State, simulations: usize) -> Result<Vec<Explored>, OracleError> {
    let budget = Budget {
        simulations,
        patience: simulations / 4,
    };
    let mut oracle = Analytic::default();
    explore(start, &mut oracle, &mut Even, &Device::default(), budget)
}

/// Returns how much faster than its default mapping a region can become; `None` without one.
fn still_to_gain(explored: &Explored) -> Option<f64> {
    Some(explored.log2_seconds? - explored.least_log2_seconds?)
}

/// Returns the states from which lessons are drawn: the default bindings fit them, and all choices were looked at.
fn chosen(explored: &[Explored]) -> Vec<&Explored> {
    let is_known = |each: &&Explored| {
        let mut outcomes = each.choices.iter().map(|(_, outcome)| *outcome);
        each.log2_seconds.is_some() && outcomes.all(|outcome| outcome != Outcome::Unknown)
    };
    let known: Vec<&Explored> = explored.iter().filter(is_known).collect();
    let numbers = 0..known.len();
    let mut often: Vec<usize> = numbers.clone().filter(|at| matters(known[*at])).collect();
    often.sort_by_key(|at| std::cmp::Reverse(known[*at].visits));
    often.truncate(MOST_STATES);
    let exhausted: Vec<usize> = numbers.filter(|at| known[*at].is_exhausted).collect();
    let interval = exhausted.len().div_ceil(MOST_EXHAUSTED).max(1);
    let chosen: BTreeSet<usize> = often
        .into_iter()
        .chain(exhausted.into_iter().step_by(interval))
        .collect();
    chosen.into_iter().map(|at| known[at]).collect()
}

/// Returns whether it matters what is chosen.
fn matters(explored: &Explored) -> bool {
    let (least, most) = (
        times(explored).reduce(f64::min),
        times(explored).reduce(f64::max),
    );
    least
        .zip(most)
        .is_some_and(|(least, most)| most - least > 0.01)
}

/// Returns the times that choices of a state lead to.
fn times(explored: &Explored) -> impl Iterator<Item = f64> {
    let outcomes = explored.choices.iter();
    outcomes.filter_map(|(_, outcome)| outcome.log2_seconds())
}

/// Writes the rows of a state that has the given numbers: its own, and that of its region.
fn write_state(
    file: &mut impl Write,
    explored: &Explored,
    [state, region]: [u32; 2],
    is_validation: bool,
) {
    let choices: Vec<_> = explored
        .choices
        .iter()
        .map(|(choice, _)| choice.clone())
        .collect();
    let own = explored.log2_seconds.unwrap();
    let label = |position: usize| match explored.choices[position].1 {
        Outcome::Plan {
            log2_seconds,
            choices,
        } => [(own - log2_seconds) as f32, choices as f32],
        Outcome::Unknown | Outcome::Nothing => [NOWHERE, 0.0],
    };
    let (analytic, device) = (Analytic::default(), Device::default());
    for row in rows(&explored.draft, &choices, &analytic, &device) {
        let validates = f32::from(u8::from(is_validation));
        let head = [state as f32, validates, region as f32, own as f32];
        for number in head.into_iter().chain(numbers(&row, label)) {
            file.write_all(&number.to_le_bytes()).unwrap();
        }
    }
}

/// Returns a row without its empty slots, every choice with its label.
fn numbers(row: &Row, label: impl Fn(usize) -> [f32; 2]) -> Vec<f32> {
    let [_, access, choice] = features::widths();
    let used = row.access_mask.iter().filter(|mask| **mask > 0.0).count();
    let counts = [used, row.positions.len()];
    let mut numbers = counts.map(|count| count as f32).to_vec();
    numbers.extend(&row.nest);
    numbers.extend(&row.accesses[..used * access]);
    for (columns, position) in row.choices.chunks(choice).zip(&row.positions) {
        numbers.extend(columns);
        numbers.extend(label(*position));
    }
    numbers
}
