//! The greedy choice on analysed programs: which loop ends on `thread.x`, and that `-O0` is the naive plan.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

use std::rc::Rc;

use mupac_ir::{Axis, Mapping, Stmt};
use mupac_model::account::effects;
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Device, State, naive};

#[track_caller]
fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let workload = Rc::new(mupac_passes::analyse(module));
    State::new(workload, 0).expect("a region")
}

#[track_caller]
fn chosen(state: &State, oracle: &mut dyn Oracle) -> State {
    greedy(state, oracle, &Device::default()).unwrap()
}

/// Returns the name of the loop on an axis of the block, without the suffix of a split.
fn on_thread(statements: &[Stmt], axis: Axis) -> Option<String> {
    statements.iter().find_map(|statement| match statement {
        Stmt::For(each) if each.mapping == Mapping::Thread(axis) => {
            Some(each.name.0.trim_end_matches(".i").to_owned())
        }
        Stmt::For(each) => on_thread(&each.body, axis),
        Stmt::If(branch) => on_thread(&branch.then, axis),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    })
}

const ROWS: &str = "fn add(n: i32, a: *f32[1024], b: *const f32[1024]) {
  for i: i32 in 0..n {
    for j: i32 in 0..1024 {
      S0: a[i][j] = b[i][j] + 1.0f32
    }
  }
}";

const COLUMNS: &str = "fn add(n: i32, a: *f32[1024], b: *const f32[1024]) {
  for j: i32 in 0..1024 {
    for i: i32 in 0..n {
      S0: a[i][j] = b[i][j] + 1.0f32
    }
  }
}";

#[test]
fn the_loop_along_memory_goes_to_thread_x() {
    let chosen = chosen(&state(ROWS), &mut Analytic::default());
    assert_eq!(
        on_thread(chosen.statements(), Axis::X).as_deref(),
        Some("j"),
        "{}",
        chosen.text()
    );
}

#[test]
fn an_interchanged_nest_is_brought_into_order() {
    let chosen = chosen(&state(COLUMNS), &mut Analytic::default());
    assert_eq!(
        on_thread(chosen.statements(), Axis::X).as_deref(),
        Some("j"),
        "{}",
        chosen.text()
    );
}

#[test]
fn without_an_opinion_the_naive_plan_stays() {
    let start = state(COLUMNS);
    assert_eq!(*chosen(&start, &mut Naive).trajectory(), naive(&start));
}

#[test]
fn the_choice_is_never_worse_than_the_naive_plan() {
    for source in [ROWS, COLUMNS] {
        let start = state(source);
        let device = Device::default();
        let plain = start.replay(&naive(&start), &device).unwrap();
        let best = chosen(&start, &mut Analytic::default());
        let times = Analytic::default().evaluate(&[&plain, &best]).unwrap();
        assert!(times[1] <= times[0], "{times:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let start = state(ROWS);
    let first = chosen(&start, &mut Analytic::default());
    let second = chosen(&start, &mut Analytic::default());
    assert_eq!(first.trajectory(), second.trajectory());
}

#[test]
fn what_the_host_finds_out_first_takes_time() {
    let estimate = |subscript: &str| {
        let state = state(&format!(
            "fn gather(n: i32, y: *f32, x: *const f32, p: *const i32) {{
                for i: i32 in 0..n {{ S0: y[i] = x[{subscript}] + p[i] }}
            }}"
        ));
        let start = Analytic::default().evaluate(&[&state]).unwrap();
        start[0].log2_seconds
    };
    assert!(estimate("p[i]") > estimate("i"));
}

#[test]
fn what_was_chosen_has_an_effect_and_what_the_defaults_add_has_none() {
    let start = state(COLUMNS);
    let chosen = chosen(&start, &mut Analytic::default());
    let effects = effects(&start, chosen.trajectory(), &Device::default());
    assert_eq!(effects.moves.len(), chosen.trajectory().moves.len());
    let known: Vec<f64> = effects
        .moves
        .iter()
        .flatten()
        .map(|each| each.log2_gain)
        .collect();
    let whole = effects.whole.unwrap().log2_gain;
    assert!(!known.is_empty() && known.len() < effects.moves.len());
    assert!(whole > 0.1, "{whole}");
    assert!((known.iter().sum::<f64>() - whole).abs() < 1e-9);
}

#[test]
fn the_default_mapping_is_no_gain() {
    let start = state(ROWS);
    let default = chosen(&start, &mut Naive);
    let effects = effects(&start, default.trajectory(), &Device::default());
    assert!(effects.moves.iter().all(Option::is_none));
    assert!(effects.whole.unwrap().log2_gain.abs() < f64::EPSILON);
}
