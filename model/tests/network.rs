//! What the network is told: known drafts have known features, and every feature of any draft is a number in its range.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::float_cmp,
    reason = "the helpers of a test fail like the test, and features of small sizes are exact"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use mupac_ir::Trajectory;
use mupac_ir::generate::{Family, Options, program};
use mupac_model::network::encode::readings;
use mupac_model::network::features::{CHOICE_SLOTS, Column, columns, schema, widths};
use mupac_model::network::{rows, schema_hash};
use mupac_model::search::Choice;
use mupac_model::{Analytic, bindings};
use mupac_passes::{Device, Draft, Phase, State};

#[track_caller]
fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let workload = Arc::new(mupac_passes::analyse(module));
    State::new(workload, 0).expect("a region")
}

/// Returns what a search would choose from.
fn choices(draft: &Draft) -> Vec<Choice> {
    let default = Choice {
        moves: bindings::default(draft).moves,
        phase: Phase::Mapping,
    };
    let offers = draft.offers(&Device::default()).into_iter();
    let singles = offers.map(|offer| Choice {
        moves: vec![offer.step],
        phase: offer.phase,
    });
    let all = std::iter::once(default).chain(singles);
    all.filter(|choice| !choice.moves.is_empty()).collect()
}

fn numbers(draft: &Draft, choices: &[Choice]) -> Vec<(Column, f64)> {
    readings(draft, choices, &Analytic::default(), &Device::default())
}

/// Returns the number of a feature where it is first read.
#[track_caller]
fn number(readings: &[(Column, f64)], group: &str, name: &str) -> f64 {
    let mut found = readings.iter();
    let found = found.find(|(column, _)| column.group == group && column.name == name);
    found
        .unwrap_or_else(|| panic!("no feature {group}: {name}"))
        .1
}

/// Every second element of a row is added to a column.
const WALK: &str = "fn f(a: *f32[1024], b: *const f32) {
  for i: i32 in 0..1024 {
    for j: i32 in 0..512 {
      S0: a[i][j] = a[i][j] + b[2 * j]
    }
  }
}";

#[test]
fn a_known_nest_has_known_features() {
    let start = state(WALK);
    let split: Choice = choices(&start)
        .into_iter()
        .find(|choice| choice.moves[0].to_string().starts_with("split j 128 "))
        .unwrap();
    let seen = numbers(&start, &[split]);
    let of = |group, name| number(&seen, group, name);
    assert_eq!(of("nest", "loops"), 2.0);
    assert_eq!(of("nest", "depth"), 2.0);
    assert_eq!(of("nest", "parallel loops"), 2.0);
    assert_eq!(of("nest", "choices"), 1.0);
    assert_eq!(of("nest", "gather"), 0.0);
    assert_eq!(of("nest", "of the region's time"), 1.0);
    assert_eq!(of("step", "split"), 1.0);
    assert_eq!(of("step", "tile"), 0.0);
    assert_eq!(of("choice", "first number"), 129.0_f64.log2());
    assert_eq!(of("target", "is there"), 1.0);
    assert_eq!(of("target", "trips"), 513.0_f64.log2());
    assert_eq!(of("target", "trips known"), 1.0);
    assert_eq!(of("target", "loops around"), 1.0);
    assert_eq!(of("target", "loops inside"), 0.0);
    assert_eq!(of("partner", "is there"), 0.0);
    // One load and one store go to the next element, the other load skips one.
    assert_eq!(of("reads along target", "next"), 1.0);
    assert_eq!(of("reads along target", "near"), 1.0);
    assert_eq!(of("writes along target", "next"), 1.0);
}

#[test]
fn an_interchange_is_seen_from_both_loops() {
    let start = state(WALK);
    let all = choices(&start);
    let swap = all
        .iter()
        .find(|choice| choice.moves[0].step == "interchange");
    let seen = numbers(&start, &[swap.unwrap().clone()]);
    assert_eq!(number(&seen, "target", "trips"), 1025.0_f64.log2());
    assert_eq!(number(&seen, "partner", "trips"), 513.0_f64.log2());
    assert_eq!(number(&seen, "reads along target", "still"), 1.0);
    assert_eq!(number(&seen, "reads along target", "far"), 1.0);
}

/// Sums of rows.
const SUMS: &str = "fn f(y: *f32, a: *const f32[512]) {
  for i: i32 in 0..1024 {
    S0: y[i] = 0.0f32
    for k: i32 in 0..512 {
      S1: y[i] = y[i] + a[i][k]
    }
  }
}";

#[test]
fn lanes_are_told_from_loops_in_order() {
    let start = state(SUMS);
    let moves = [
        "split i 8 -> i.o i.i",
        "bind i.o block.x",
        "bind i.i thread.x",
    ];
    let mapped = moved(&start, &moves);
    let spread = moved(&mapped, &["spread-sum k"]);
    let cases: [(&Draft, f64, f64); 2] = [(&mapped, 0.0, 512.0), (&spread, 1.0, 1.0)];
    for (draft, on_lanes, read_along) in cases {
        let seen = numbers(draft, &[]);
        assert_eq!(number(&seen, "nest", "loops on lanes"), on_lanes);
        let of_threads = seen
            .iter()
            .filter(|(column, _)| column.group == "threads x");
        let elements = of_threads.filter(|(column, _)| column.name == "elements");
        let farthest = elements.map(|(_, value)| *value).fold(0.0, f64::max);
        assert_eq!(farthest, (1.0 + read_along).log2());
    }
}

fn moved(draft: &Draft, moves: &[&str]) -> Draft {
    let step = |text: &&str| text.parse().expect("a move");
    let trajectory = Trajectory {
        moves: moves.iter().map(step).collect(),
    };
    let next = draft.replay(&trajectory, &Device::default());
    next.expect("the moves fit")
}

#[test]
fn a_name_changes_nothing() {
    let renamed = WALK
        .replace("a[", "out[")
        .replace("a:", "out:")
        .replace('j', "column");
    let seen = |text: &str| {
        let start = state(text);
        rows(
            &start,
            &choices(&start),
            &Analytic::default(),
            &Device::default(),
        )
    };
    assert_eq!(seen(WALK), seen(&renamed));
}

#[test]
fn choices_beyond_the_slots_have_rows_of_their_own() {
    let start = state(WALK);
    let once = choices(&start);
    let many: Vec<Choice> = once
        .iter()
        .cycle()
        .take(CHOICE_SLOTS * 2 + 3)
        .cloned()
        .collect();
    let rows = rows(&start, &many, &Analytic::default(), &Device::default());
    assert_eq!(rows.len(), 3);
    let seen: Vec<usize> = rows.iter().flat_map(|row| row.positions.clone()).collect();
    assert_eq!(seen, (0..many.len()).collect::<Vec<_>>());
    // The same choice is told in the same words wherever it stands.
    let [_, _, choice] = widths();
    let words = |position: usize| {
        let (row, slot) = (position / CHOICE_SLOTS, position % CHOICE_SLOTS);
        rows[row].choices[slot * choice..(slot + 1) * choice].to_vec()
    };
    assert_eq!(words(0), words(once.len()));
    assert_eq!(words(1), words(once.len() + 1));
    assert_ne!(words(0), words(1));
}

#[test]
fn every_feature_is_a_number_in_its_range() {
    let mut seen = 0;
    for family in Family::ALL {
        for seed in 0..4 {
            let options = Options {
                families: vec![family],
                inputs: 1,
            };
            let case = program(seed, &options).unwrap();
            let workload = Arc::new(mupac_passes::analyse(case.module));
            for region in 0..workload.regions.len() {
                let start = State::new(Arc::clone(&workload), region).unwrap();
                seen += in_range(&start);
            }
        }
    }
    assert!(seen > 10_000, "only {seen} numbers");
}

/// Looks at a draft and at what some of its choices lead to; returns how many numbers there were.
fn in_range(start: &Draft) -> usize {
    let mut drafts = vec![start.clone()];
    for choice in choices(start).iter().step_by(5) {
        let trajectory = mupac_ir::Trajectory {
            moves: choice.moves.clone(),
        };
        drafts.extend(start.replay(&trajectory, &Device::default()));
    }
    let mut seen = 0;
    for draft in &drafts {
        for (column, value) in numbers(draft, &choices(draft)) {
            assert!(
                value.is_finite() && (column.least..=column.most).contains(&value),
                "{value} is no {column:?}\n{}",
                draft.text()
            );
            seen += 1;
        }
    }
    seen
}

#[test]
fn names_of_features_are_unique() {
    for table in columns() {
        let names: BTreeSet<_> = table
            .iter()
            .map(|column| (column.group, column.name))
            .collect();
        assert_eq!(names.len(), table.len());
        assert!(table.iter().all(|column| column.least < column.most));
    }
    assert_eq!(schema().lines().count(), 1 + widths().iter().sum::<usize>());
    assert_eq!(schema_hash().len(), 16);
}
