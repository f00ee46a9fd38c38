//! The graph of trajectories: nests of one kind meet in a node, whatever their names, and what did well there comes first.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

use std::sync::Arc;

use mupac_model::search::Choice;
use mupac_model::signature::Level;
use mupac_model::trajectories::svg::svg;
use mupac_model::trajectories::{
    Failure, Moments, Record, Retrieval, SCHEMA, SHIPPED, Source, records,
};
use mupac_model::{Analytic, Budget, Even, Guide, Signature, TrajectoryGraph, search};
use mupac_passes::{Device, Draft, State};

#[track_caller]
fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let workload = Arc::new(mupac_passes::analyse(module));
    State::new(workload, 0).expect("a region")
}

/// Rows along memory are walked by the outer loop.
const COLUMNS: &str = "fn add(n: i32, a: *f32[1024], b: *const f32[1024]) {
  for j: i32 in 0..1024 {
    for i: i32 in 0..n {
      S0: a[i][j] = b[i][j] + 1.0f32
    }
  }
}";

/// The same kind of nest under other names, in another program.
const OTHER_COLUMNS: &str =
    "fn scale(count: i32, factor: f32, to: *f32[1000], from: *const f32[1000]) {
  for column: i32 in 0..1000 {
    for row: i32 in 0..count {
      S0: to[row][column] = from[row][column] * factor
    }
  }
}";

const GATHER: &str = "fn gather(n: i32, y: *f32, x: *const f32, p: *const i32) {
  for i: i32 in 0..n { S0: y[i] = x[p[i]] }
}";

fn signature(state: &State) -> Signature {
    Signature::of(state, state.nests().first().unwrap())
}

/// Returns the best eight trajectories of a long search.
fn trajectories(start: &State) -> Vec<Record> {
    let device = Device::default();
    let run = |simulations| {
        let budget = Budget::of(simulations);
        let ranking = search(start, &mut Analytic::default(), &mut Even, &device, budget).unwrap();
        ranking.plans().cloned().collect::<Vec<_>>()
    };
    let default = run(0)[0].log2_seconds;
    let plans = run(384);
    records(start, &plans[..plans.len().min(8)], default, &device).unwrap()
}

fn graph_of(records: &[Record]) -> TrajectoryGraph {
    let mut graph = TrajectoryGraph::default();
    for each in records {
        graph.add(each);
    }
    graph
}

#[test]
fn names_and_close_sizes_do_not_tell_nests_apart() {
    let (one, other) = (signature(&state(COLUMNS)), signature(&state(OTHER_COLUMNS)));
    assert_eq!(one, other);
    assert_ne!(one, signature(&state(GATHER)));
    insta::assert_snapshot!(one.text(Level::Exact), @"map | p10{p?} | r4:1L w4:1L");
    insta::assert_snapshot!(signature(&state(GATHER)).text(Level::Exact), @"gather | p? | r4:1 r4:? w4:1");
    insta::assert_snapshot!(one.text(Level::Shape), @"map | p{p}");
}

/// A product whose outer loop walks columns.
const PRODUCT: &str = "fn power(c: *f32[2048], a: *const f32[512], b: *const f32[2048]) {
  for j: i32 in 0..2048 {
    for i: i32 in 0..1500 {
      for k: i32 in 0..512 { S0: c[i][j] = c[i][j] + a[i][k] * b[k][j] }
    }
  }
}";

/// Another one of other sizes, under other names.
const OTHER_PRODUCT: &str = "fn times(r: *f32[1600], p: *const f32[700], q: *const f32[1600]) {
  for y: i32 in 0..1600 {
    for x: i32 in 0..1800 {
      for z: i32 in 0..700 { S0: r[x][y] = r[x][y] + p[x][z] * q[z][y] * q[z][y] }
    }
  }
}";

#[test]
fn what_one_program_taught_improves_the_plan_of_another() {
    let device = Device::default();
    let new = state(OTHER_PRODUCT);
    let best = |guide: &mut dyn Guide| {
        let budget = Budget::of(8);
        let ranking = search(&new, &mut Analytic::default(), guide, &device, budget).unwrap();
        ranking.plans().next().unwrap().clone()
    };
    let graph = graph_of(&trajectories(&state(PRODUCT)));
    let (alone, taught) = (best(&mut Even), best(&mut Retrieval::new(&graph)));
    let first = taught.trajectory.moves.first().map(ToString::to_string);
    // Neighbouring threads come to read neighbouring elements.
    assert_eq!(first.as_deref(), Some("interchange y x"));
    assert!(
        taught.log2_seconds < alone.log2_seconds - 2.0,
        "{} by\n{}after {} by\n{}",
        taught.log2_seconds,
        taught.trajectory,
        alone.log2_seconds,
        alone.trajectory
    );
}

fn choices(draft: &Draft) -> Vec<Choice> {
    let offers = draft.offers(&Device::default()).into_iter();
    let choice = |offer: mupac_passes::Offer| Choice {
        moves: vec![offer.step],
        phase: offer.phase,
    };
    offers.map(choice).collect()
}

#[test]
fn an_empty_graph_changes_nothing() {
    let start = state(COLUMNS);
    let graph = TrajectoryGraph::default();
    let choices = choices(&start);
    let even = Even.advice(&start, &choices).unwrap().shares;
    assert_eq!(
        Retrieval::new(&graph)
            .advice(&start, &choices)
            .unwrap()
            .shares,
        even
    );
}

#[test]
fn shares_are_shares() {
    let graph = graph_of(&trajectories(&state(COLUMNS)));
    let start = state(OTHER_COLUMNS);
    let choices = choices(&start);
    let shares = Retrieval::new(&graph)
        .advice(&start, &choices)
        .unwrap()
        .shares;
    assert_eq!(shares.len(), choices.len());
    assert!(shares.iter().all(|share| *share >= 0.0));
    let sum: f64 = shares.iter().sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

#[test]
fn failures_take_attention_away() {
    let start = state(COLUMNS);
    let choices = choices(&start);
    let known = trajectories(&start);
    let share = |graph: &TrajectoryGraph| {
        let shares = Retrieval::new(graph)
            .advice(&start, &choices)
            .unwrap()
            .shares;
        let mut pairs = choices.iter().zip(shares);
        let first = pairs.find(|(choice, _)| choice.moves[0].to_string() == known[0].moves[0].text);
        first.unwrap().1
    };
    let before = graph_of(&known);
    let mut after = before.clone();
    for _ in 0..20 {
        after.add(&Record {
            failure: Some(Failure {
                at: 0,
                kind: "race".to_owned(),
            }),
            ..known[0].clone()
        });
    }
    assert!(share(&after) < share(&before));
}

#[test]
fn what_is_estimated_and_what_is_measured_never_meet() {
    let known = trajectories(&state(COLUMNS));
    let measured = Record {
        source: Source::Measured,
        regret: -3.0,
        ..known[0].clone()
    };
    let mut graph = graph_of(&known);
    graph.add(&measured);
    let first = &known[0].moves[0];
    let (level, node) = graph.find(&first.nest).unwrap();
    assert_eq!(level, Level::Exact);
    let statistics = &node[&first.role];
    assert_eq!(statistics.measured.count, 1);
    assert!((statistics.measured.mean() + 3.0).abs() < 1e-12);
    assert!(statistics.estimated.mean() > -3.0);
    // One measurement counts as a fifth of what the estimates say together.
    let expected = (statistics.measured.mean() + 4.0 * statistics.estimated.mean()) / 5.0;
    assert!((statistics.expected() - expected).abs() < 1e-12);
}

#[test]
fn a_graph_is_read_as_it_was_written() {
    let graph = graph_of(&trajectories(&state(COLUMNS)));
    let text = graph.text().unwrap();
    assert!(TrajectoryGraph::read(&text).unwrap() == graph, "{text}");
    let error = TrajectoryGraph::read("{}\n").unwrap_err();
    assert_eq!(error.line, 1);
}

/// Three nests, one of which two moves lead to, and a move that leads back; with signs that XML has for itself.
const DRAWN: &str = r#"{"level":"exact","nest":"map | p?{p?} | r4:L1","moves":{"interchange @0 @1":{"estimated":{"n":3,"sum":-300,"squares":90000},"gain":{"n":3,"sum":600,"squares":120000},"examples":["a.c f:1"],"leads_to":"map | p?{p9}"},"split @1 <64> \"&\"":{"estimated":{"n":1,"sum":0,"squares":0},"gain":{"n":1,"sum":900,"squares":810000},"examples":[],"leads_to":"map | p?{p?{p6}}"}}}
{"level":"exact","nest":"map | p?{p9}","moves":{"split @1 64":{"estimated":{"n":2,"sum":-20,"squares":200},"gain":{"n":2,"sum":0,"squares":0},"examples":[],"leads_to":"map | p?{p?{p6}}"},"interchange @0 @1":{"estimated":{"n":1,"sum":-2000,"squares":4000000},"gain":{"n":1,"sum":0,"squares":0},"examples":[],"leads_to":"map | p?{p?} | r4:L1"},"bind @0 block.x":{"estimated":{"n":1,"sum":-1000,"squares":1000000},"gain":{"n":1,"sum":0,"squares":0},"examples":[]}}}
"#;

#[test]
fn a_graph_is_drawn() {
    let graph = TrajectoryGraph::read(DRAWN).unwrap();
    insta::assert_snapshot!(svg(&graph));
}

#[test]
fn a_nest_that_is_known_in_part_answers_from_what_it_shares() {
    let graph = graph_of(&trajectories(&state(COLUMNS)));
    // The same loops, other accesses.
    let similar = state(
        "fn add(n: i32, a: *f64[1024]) {
  for j: i32 in 0..1024 {
    for i: i32 in 0..n { S0: a[i][j] = a[i][j] + 1.0 }
  }
}",
    );
    let (level, _) = graph.find(&signature(&similar)).unwrap();
    assert_eq!(level, Level::Loops);
    assert!(graph.find(&signature(&state(GATHER))).is_none());
}

#[test]
fn moments_are_those_of_the_sample() {
    let values = [-0.5, -1.25, 0.0, -3.0];
    let mut moments = Moments::default();
    for value in values {
        moments.add(value);
    }
    let mean = values.iter().sum::<f64>() / 4.0;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    assert!((moments.mean() - mean).abs() < 1e-12);
    assert!((moments.variance() - squares / 3.0).abs() < 1e-12);
}

#[test]
fn accesses_move_as_their_subscripts_say() {
    let start = state(COLUMNS);
    let found = mupac_model::analytic::strides::accesses(&start, start.nests().first().unwrap());
    let strides: Vec<Vec<Option<i64>>> = found
        .iter()
        .map(|each| each.strides.iter().map(|(_, stride)| *stride).collect())
        .collect();
    // The load of `b`, then the store to `a`: along `j` the next element, along `i` the next row.
    assert_eq!(strides, [[Some(4), Some(4096)], [Some(4), Some(4096)]]);
    let draft: &Draft = &start;
    let divided = draft
        .after(
            &"split j 256 -> j.o j.i".parse().unwrap(),
            &Device::default(),
        )
        .unwrap();
    let found =
        mupac_model::analytic::strides::accesses(&divided, divided.nests().first().unwrap());
    let outer = &found[0].strides[0];
    assert_eq!((outer.0.0.as_str(), outer.1), ("j.o", Some(1024)));
}

#[test]
fn what_comes_with_mupac_is_read_to_the_last_line() {
    for line in SHIPPED.lines() {
        let record: Record = serde_json::from_str(line).unwrap();
        assert_eq!(record.schema, SCHEMA);
        assert!(record.regret <= 0.0, "{line}");
    }
    let graph = TrajectoryGraph::shipped();
    assert!(graph.nodes(Level::Exact).count() > 100);
}
