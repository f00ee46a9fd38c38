//! The search on analysed programs: it finds what looking at everything finds, always the same, and nothing illegal.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

mod enumeration;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use mupac_ir::{Handle, Trajectory, Var};
use mupac_model::oracle::OracleError;
use mupac_model::search::{Advice, Choice, Outcome, Plan, explore};
use mupac_model::{Analytic, Budget, Evaluation, Even, Guide, Oracle, Ranking, bindings, search};
use mupac_passes::{Device, Draft, State, StateKey, naive};

use enumeration::optimum;

#[track_caller]
fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let workload = Arc::new(mupac_passes::analyse(module));
    State::new(workload, 0).expect("a region")
}

fn found(start: &State, oracle: &mut dyn Oracle, guide: &mut dyn Guide, budget: Budget) -> Ranking {
    search(start, oracle, guide, &Device::default(), budget).unwrap()
}

const COLUMNS: &str = "fn add(n: i32, a: *f32[1024], b: *const f32[1024]) {
  for j: i32 in 0..1024 {
    for i: i32 in 0..n {
      S0: a[i][j] = b[i][j] + 1.0f32
    }
  }
}";

/// Only one order of the loops is legal: each row reads the one before, one column on.
const SKEWED: &str = "fn step(n: i32, a: *f32[1024]) {
  for i: i32 in 1..n {
    for j: i32 in 0..1023 {
      S0: a[i][j] = a[i - 1][j + 1] + 1.0f32
    }
  }
}";

#[test]
fn the_search_finds_what_looking_at_everything_finds() {
    let bodies = [
        "S0: y[i] = x[i] * 2.0f32",
        "S0: y[i] = x[2 * i] + x[2 * i + 1]",
        "S0: y[64 * i] = x[i]",
        "S0: y[0] = y[0] + x[i]",
    ];
    let mut compared = 0;
    for body in bodies {
        let start = state(&format!(
            "fn f(n: i32, y: *f32, x: *const f32) {{ for i: i32 in 0..n {{ {body} }} }}"
        ));
        let Some(optimum) = optimum(&start, 2_000) else {
            continue;
        };
        compared += 1;
        let budget = Budget::of(384);
        let ranking = found(&start, &mut Analytic::default(), &mut Even, budget);
        let times = ranking.plans().map(|plan| plan.log2_seconds);
        let best = times.fold(f64::INFINITY, f64::min);
        assert!(
            best <= optimum.log2_seconds,
            "{best}, while of {} states {} is the best: {}",
            optimum.states,
            optimum.log2_seconds,
            optimum.trajectory
        );
    }
    assert!(compared >= 3, "only {compared} spaces are small enough");
}

/// The programs of the corpus, as the front end reads them.
const CORPUS: &str = "../tests/corpus";

/// Spaces of more states are left to that program.
const MOST_STATES: usize = 160;

/// Fewer than there are states, so that the search has to choose.
const SIMULATIONS: usize = 96;

/// A part of what `--test learning -- optimum` counts on random programs, small enough for the suite.
#[test]
fn the_search_finds_the_best_plans_of_the_corpus() {
    let (mut found, mut compared) = (0, 0);
    let files = std::fs::read_dir(CORPUS).unwrap();
    let paths: BTreeSet<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    let is_program = |path: &&PathBuf| path.to_string_lossy().ends_with(".mir.snap");
    for path in paths.iter().filter(is_program).step_by(2) {
        let text = std::fs::read_to_string(path).unwrap();
        let (_, text) = text.split_once("\n---\n").unwrap();
        let module = mupac_ir::parse::module(text).unwrap();
        let workload = Arc::new(mupac_passes::analyse(module));
        let Some(start) = State::new(workload, 0) else {
            continue;
        };
        let Some(optimum) = optimum(&start, MOST_STATES) else {
            continue;
        };
        compared += 1;
        let (mut oracle, device) = (Analytic::default(), Device::default());
        let budget = Budget::of(SIMULATIONS);
        let explored = explore(&start, &mut oracle, &mut Even, &device, budget).unwrap();
        let time = explored[0].least_log2_seconds.unwrap();
        found += usize::from(time <= optimum.log2_seconds);
    }
    assert!(compared >= 20, "only {compared} spaces are small enough");
    assert!(100 * found >= 95 * compared, "{found} of {compared}");
}

#[test]
fn the_same_question_has_the_same_answer() {
    let start = state(COLUMNS);
    let answers: Vec<Vec<Plan>> = (0..20)
        .map(|_| {
            let ranking = found(&start, &mut Analytic::default(), &mut Even, Budget::of(48));
            ranking.plans().cloned().collect()
        })
        .collect();
    assert!(answers.iter().all(|each| *each == answers[0]));
}

#[test]
fn without_simulations_the_default_bindings_stay() {
    let start = state(COLUMNS);
    let mut ranking = found(&start, &mut Analytic::default(), &mut Even, Budget::of(0));
    assert_eq!(ranking.plans().count(), 1);
    let only = ranking.next_legal(&start, &Device::default()).unwrap();
    assert_eq!(*only.trajectory(), naive(&start));
}

#[test]
fn patience_ends_a_search_that_finds_nothing_better() {
    let start = state(COLUMNS);
    let budget = Budget {
        simulations: 384,
        patience: 16,
    };
    let ranking = found(&start, &mut Analytic::default(), &mut Even, budget);
    assert!(ranking.simulations < 384, "{}", ranking.simulations);
    assert!(ranking.simulations >= 16);
}

/// Likes trajectories with one step, however slow they are.
struct Fond(&'static str);

impl Oracle for Fond {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        let has_it = |trajectory: &Trajectory| {
            let mut moves = trajectory.moves.iter();
            moves.any(|each| each.step == self.0)
        };
        let time = |draft: &&Draft| {
            let log2_seconds = if has_it(draft.trajectory()) {
                -20.0
            } else {
                -10.0
            };
            Evaluation {
                log2_seconds,
                bound_log2_seconds: log2_seconds,
            }
        };
        Ok(drafts.iter().map(time).collect())
    }

    fn bound(&mut self, draft: &Draft, _: Handle<Var>) -> Result<f64, OracleError> {
        Ok(self.evaluate(&[draft])?[0].bound_log2_seconds)
    }
}

#[test]
fn what_the_judge_refuses_is_not_returned() {
    let start = state(SKEWED);
    let ranking = found(&start, &mut Fond("interchange"), &mut Even, Budget::of(200));
    let mut left = ranking.clone();
    while let Some(plan) = left.next_legal(&start, &Device::default()) {
        let replayed = start.replay(plan.trajectory(), &Device::default());
        assert!(replayed.is_ok(), "{}", plan.text());
    }
}

/// Leaves the last choice nearly all of the attention.
struct Stubborn;

impl Guide for Stubborn {
    fn advice(&mut self, _draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        let count = choices.len();
        let rest = 0.01 / count.max(2) as f64;
        let mut shares = vec![rest; count];
        if let Some(last) = shares.last_mut() {
            *last = 1.0 - rest * (count as f64 - 1.0);
        }
        Ok(Advice::of(shares))
    }
}

#[test]
fn a_guide_decides_the_order_and_not_the_end() {
    // A space that is seen as a whole.
    let start = state("fn f(n: i32, y: *f32) { for i: i32 in 0..n { S0: y[i] = 1.0f32 } }");
    let best = |guide: &mut dyn Guide| {
        let ranking = found(&start, &mut Analytic::default(), guide, Budget::of(2_000));
        assert!(ranking.simulations < 2_000, "the space is small");
        ranking.plans().next().unwrap().key
    };
    assert_eq!(best(&mut Even), best(&mut Stubborn));
}

#[test]
fn among_plans_alike_the_shortest_comes_first() {
    let plan = |moves: usize, key: u128, log2_seconds: f64| Plan {
        trajectory: Trajectory {
            moves: vec!["bind i block.x".parse().unwrap(); moves],
        },
        key: StateKey(key),
        log2_seconds,
    };
    let plans = [
        plan(5, 1, -10.05),
        plan(2, 2, -10.0),
        plan(1, 3, -9.0),
        plan(3, 1, -10.05),
    ];
    let ranking = Ranking::new(plans, 4);
    let order: Vec<(u128, usize)> = ranking
        .plans()
        .map(|plan| (plan.key.0, plan.trajectory.moves.len()))
        .collect();
    assert_eq!(order, [(2, 2), (1, 3), (3, 1)]);
}

#[test]
fn what_was_explored_says_what_choices_lead_to() {
    let start = state(COLUMNS);
    let budget = Budget::of(96);
    let device = Device::default();
    let explored = explore(&start, &mut Analytic::default(), &mut Even, &device, budget).unwrap();
    let ranking = found(&start, &mut Analytic::default(), &mut Even, budget);
    let best = ranking.plans().map(|plan| plan.log2_seconds);
    let best = best.fold(f64::INFINITY, f64::min);
    let root = &explored[0];
    assert!(root.draft.trajectory().moves.is_empty());
    assert_eq!(root.least_log2_seconds, Some(best));
    // What a state leads to is the best of what it is itself and what its choices lead to.
    for each in &explored {
        let behind = each
            .choices
            .iter()
            .filter_map(|(_, outcome)| match outcome {
                Outcome::Plan { log2_seconds, .. } => Some(*log2_seconds),
                Outcome::Unknown | Outcome::Nothing => None,
            });
        let least = behind.chain(each.log2_seconds).reduce(f64::min);
        assert_eq!(least, each.least_log2_seconds);
    }
}

#[test]
fn nobody_learns_from_plans_that_are_refused() {
    let start = state(SKEWED);
    let device = Device::default();
    let oracle = &mut Fond("interchange");
    let explored = explore(&start, oracle, &mut Even, &device, Budget::of(96)).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for each in &explored {
        let Ok(complete) = each.draft.replay(&bindings::default(&each.draft), &device) else {
            continue;
        };
        let is_legal = start.replay(complete.trajectory(), &device).is_ok();
        // Where nothing behind a state is faster than its own plan, the judge has seen that.
        if each.log2_seconds.is_some() && each.log2_seconds == each.least_log2_seconds {
            assert!(is_legal, "{}", complete.trajectory());
            accepted += 1;
        }
        refused += usize::from(!is_legal);
    }
    assert!(accepted > 0 && refused > 0, "{accepted} {refused}");
}
