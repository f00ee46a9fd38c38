//! The greedy choice on analysed programs: which loop ends on `thread.x`, and that `-O0` is the naive plan.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

use std::sync::Arc;

use mupac_ir::{Axis, Mapping, Memory, Stmt, Trajectory};
use mupac_model::account::effects;
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Device, Settings, State, naive};

#[track_caller]
fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let workload = Arc::new(mupac_passes::analyse(module));
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
    let effects = effects(
        &start,
        chosen.trajectory(),
        &Analytic::default(),
        &Device::default(),
    );
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
    let effects = effects(
        &start,
        default.trajectory(),
        &Analytic::default(),
        &Device::default(),
    );
    assert!(effects.moves.iter().all(Option::is_none));
    assert!(effects.whole.unwrap().log2_gain.abs() < f64::EPSILON);
}

/// A product of matrices, the right one as it is or transposed.
fn product(right: &str, ty: &str) -> String {
    format!(
        "fn product(n: i32, m: i32, l: i32, c: *{ty}, a: *const {ty}, b: *const {ty}) {{
           for i: i32 in 0..n {{
             for j: i32 in 0..m {{
               var sum: {ty}
               S0: sum = 0.0{ty}
               for k: i32 in 0..l {{
                 S1: sum = sum + a[i64(i * l + k)] * b[{right}]
               }}
               S2: c[i64(i * m + j)] = sum
             }}
           }}
         }}"
    )
}

fn steps(state: &State) -> Vec<&str> {
    let moves = state.trajectory().moves.iter();
    moves.map(|each| each.step.as_str()).collect()
}

#[test]
fn operands_of_a_product_are_staged_for_the_sake_of_a_second_move() {
    let chosen = chosen(
        &state(&product("i64(k * m + j)", "f32")),
        &mut Analytic::default(),
    );
    let steps = steps(&chosen);
    let staged = steps.iter().filter(|step| **step == "stage").count();
    assert!(steps.contains(&"split") && staged == 2, "{steps:?}");
}

#[test]
fn a_product_keeps_a_tile_in_registers() {
    let chosen = chosen(
        &state(&product("i64(k * m + j)", "f32")),
        &mut Analytic::default(),
    );
    let steps = steps(&chosen);
    let jammed = steps.iter().filter(|step| **step == "jam").count();
    assert!(steps.contains(&"tile") && jammed == 2, "{steps:?}");
}

/// Returns the estimated logarithms after the moves that tile a product and stage its right operand, and after one more.
fn padded(right: &str) -> [f64; 2] {
    let start = state(&product(right, "f32"));
    let moves = [
        "tile i j 16 16 -> i.o j.o i.i j.i",
        "split k 16 -> k.o k.i",
        "bind i.o block.y",
        "bind j.o block.x",
        "bind i.i thread.y",
        "bind j.i thread.x",
        "stage k.o b -> b_s",
        "pad b_s 1",
    ];
    let mut oracle = Analytic::default();
    [moves.len() - 1, moves.len()].map(|count| {
        let moves = moves[..count].iter().map(|text| text.parse().unwrap());
        let trajectory = Trajectory {
            moves: moves.collect(),
        };
        let state = start.replay(&trajectory, &Device::default()).unwrap();
        oracle.evaluate(&[&state]).unwrap()[0].log2_seconds
    })
}

#[test]
fn a_tile_that_is_read_by_columns_is_padded() {
    let [before, after] = padded("i64(j * l + k)");
    assert!(after < before - 0.1, "{before} {after}");
    let [before, after] = padded("i64(k * m + j)");
    assert!(after >= before, "{before} {after}");
}

#[test]
fn what_is_read_once_is_not_staged() {
    for source in [ROWS, COLUMNS] {
        let chosen = chosen(&state(source), &mut Analytic::default());
        assert!(!steps(&chosen).contains(&"stage"), "{:?}", steps(&chosen));
    }
}

#[test]
fn no_move_beats_the_bound_on_its_array() {
    let start = state(&product("i64(j * l + k)", "f32"));
    let device = Device::default();
    let mut oracle = Analytic::default();
    let mapped = chosen(&start, &mut Naive);
    let mut tried = 0;
    for shaped in mapped.offers(&device) {
        let Ok(shaped) = mapped.after(&shaped.step, &device) else {
            continue;
        };
        for offer in shaped.offers(&device) {
            let Some(array) = offer.relieves else {
                continue;
            };
            let Ok(next) = shaped.after(&offer.step, &device) else {
                continue;
            };
            let after = oracle.evaluate(&[&next]).unwrap()[0].log2_seconds;
            let bound = oracle.bound(&shaped, array).unwrap();
            let of_all = oracle.evaluate(&[&shaped]).unwrap()[0].bound_log2_seconds;
            assert!(bound <= after, "{} {bound} {after}", offer.step);
            assert!(of_all <= bound, "{} {of_all} {bound}", offer.step);
            tried += 1;
        }
    }
    assert!(tried >= 4, "{tried}");
}

#[test]
fn a_tiny_problem_stays_with_the_host_and_a_large_one_does_not() {
    let times = |rows: u32, columns: u32| {
        let start = state(&format!(
            "fn product(c: *f32[{columns}], a: *const f32[{columns}], b: *const f32[{columns}]) {{
               for i: i32 in 0..{rows} {{
                 for j: i32 in 0..{columns} {{
                   for k: i32 in 0..{columns} {{
                     S0: c[i][j] = c[i][j] + a[i][k] * b[k][j]
                   }}
                 }}
               }}
             }}"
        ));
        let chosen = chosen(&start, &mut Analytic::default());
        let device = Device::default();
        let effects = effects(&start, chosen.trajectory(), &Analytic::default(), &device);
        effects.times.unwrap()
    };
    assert!(!times(8, 8).is_worthwhile(), "{:?}", times(8, 8));
    assert!(times(1024, 1024).is_worthwhile(), "{:?}", times(1024, 1024));
}

#[test]
fn a_long_sum_leaves_fewer_partial_results_to_join() {
    let of = |length: u32, element: &str| {
        let start = state(&format!(
            "fn total(x: *const f32) -> f32 {{
               var sum: f32
               S0: sum = 0.0f32
               for i: i32 in 0..{length} {{ S1: sum = sum + x[{element}] }}
               return sum
             }}"
        ));
        let chosen = chosen(&start, &mut Analytic::default());
        chosen.trajectory().moves[0].step.clone()
    };
    assert_eq!(of(1 << 20, "i"), "vectorize");
    assert_eq!(of(1 << 20, "2 * i"), "coarsen");
    assert_eq!(of(1 << 24, "i"), "grid-stride");
}

#[test]
fn a_vector_is_one_request_for_the_same_bytes() {
    let start = state(
        "fn scale(y: *f32, x: *const f32) {
           for i: i32 in 0..1048576 { S0: y[i] = x[i] * 2.0f32 }
         }",
    );
    let figures = |step: &str| {
        let moves = [step, "bind i.o block.x", "bind i.i thread.x"];
        let moves = moves.iter().map(|each| each.parse().unwrap()).collect();
        let device = Device::default();
        let mapped = start.replay(&Trajectory { moves }, &device).unwrap();
        Analytic::default().launches(&mapped)[0]
    };
    let vectors = figures("vectorize i 4 256 -> i.o i.i i.v");
    let scalars = figures("coarsen i 4 256 -> i.o i.i i.v");
    // Both are counted, not rounded.
    let same = |a: f64, b: f64| assert_eq!(a.to_bits(), b.to_bits());
    same(vectors.touched_bytes, scalars.touched_bytes);
    same(4.0 * vectors.requests, scalars.requests);
    same(vectors.coalesced, vectors.requests);
}

#[test]
fn a_long_map_stays_as_it_is() {
    let start = state(
        "fn scale(y: *f32, x: *const f32) {
           for i: i32 in 0..16777216 { S0: y[i] = x[i] * 2.0f32 }
         }",
    );
    let chosen = chosen(&start, &mut Analytic::default());
    let dividing = ["coarsen", "vectorize", "grid-stride"];
    assert!(dividing.iter().all(|step| !steps(&chosen).contains(step)));
}

/// Returns a filter of which threads read `weights` by a subscript.
fn filter(subscript: &str) -> State {
    state(&format!(
        "fn filter(n: i32, y: *f32, x: *const f32, weights: *const f32) {{
           for i: i32 in 0..n {{
             for k: i32 in 0..64 {{ S0: y[i] = y[i] + weights[{subscript}] * x[i + k] }}
           }}
         }}"
    ))
}

/// Returns a mapping with and without the weights in constant memory.
fn passed(start: &State) -> [State; 2] {
    let moves = [
        "split i 256 -> i.o i.i",
        "bind i.o block.x",
        "bind i.i thread.x",
        "constant i.i weights -> w_c",
    ];
    let moves: Vec<_> = moves.iter().map(|each| each.parse().unwrap()).collect();
    let device = Device::default();
    [&moves[..3], &moves].map(|moves| {
        let moves = moves.to_vec();
        start.replay(&Trajectory { moves }, &device).unwrap()
    })
}

#[test]
fn reads_of_constant_memory_take_turns_where_lanes_read_different_elements() {
    let is_faster = |subscript: &str| {
        let [copied, constant] = passed(&filter(subscript));
        let oracle = Analytic::default();
        oracle.estimate(&constant).seconds() < oracle.estimate(&copied).seconds()
    };
    assert!(is_faster("k"));
    assert!(is_faster("(i >> 5 & 1) + k"));
    assert!(!is_faster("(i & 31) + k"));
}

#[test]
fn what_the_host_cannot_read_is_not_passed_by_value() {
    let settings = Settings {
        memory: Memory::Device,
        ..Settings::default()
    };
    let [copied, constant] = passed(&filter("k"));
    let mut oracle = Analytic::default().with_settings(settings.clone());
    let times = oracle.evaluate(&[&copied, &constant]).unwrap();
    assert!(times[1].log2_seconds > times[0].log2_seconds + 100.0);
    let refused = |state: &State| state.finish(&settings, &Device::default()).err();
    assert_eq!(refused(&copied), None);
    let reason = refused(&constant).map(|refusal| refusal.reason.code());
    assert_eq!(reason, Some("MUPA206"));
}
