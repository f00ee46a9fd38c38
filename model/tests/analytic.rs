//! The analytic estimate on mapped trees written as text: what must be slower is slower.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail like the test"
)]

use mupac_ir::{Function, Module};
use mupac_model::Analytic;

/// Returns the estimate of a function's body, in seconds.
#[track_caller]
fn seconds(text: &str) -> f64 {
    let module: Module =
        mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (_, function): (_, &Function) = module.functions.iter().next().unwrap();
    let estimate =
        Analytic::default().of_statements(&module.records, function, &function.body, 1024);
    estimate.seconds()
}

/// A copy of `rows` by `columns` floats, `i` over rows and `j` over columns, mapped as given.
fn copy(outer: &str, inner: &str) -> String {
    format!(
        "fn copy(to: *f32[1024], from: *const f32[1024]) {{
           {outer} {{
             {inner} {{
               S0: to[i][j] = from[i][j]
             }}
           }}
         }}"
    )
}

const BLOCKS: &str = "for i: i32 in 0..1024 on block.x";

#[test]
fn neighbouring_threads_on_neighbouring_elements_are_faster() {
    let along = seconds(&copy(BLOCKS, "for j: i32 in 0..1024 on thread.x"));
    let across = seconds(&copy(
        "for j: i32 in 0..1024 on block.x",
        "for i: i32 in 0..1024 on thread.x",
    ));
    assert!(along * 2.0 < across, "{along} against {across}");
}

#[test]
fn more_bytes_are_never_faster() {
    let of_rows = |rows: u32| {
        let outer = format!("for i: i32 in 0..{rows} on block.x");
        seconds(&copy(&outer, "for j: i32 in 0..1024 on thread.x"))
    };
    let times: Vec<f64> = (0..20).map(|power| of_rows(1 << power)).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[19] > 100.0 * times[0], "{times:?}");
}

#[test]
fn one_thread_is_slower_than_many() {
    let alone = seconds(&copy("for i: i32 in 0..1024", "for j: i32 in 0..1024"));
    let together = seconds(&copy(BLOCKS, "for j: i32 in 0..1024 on thread.x"));
    assert!(alone > 1000.0 * together, "{alone} against {together}");
}

#[test]
fn doubles_cost_more_than_floats() {
    let of = |ty: &str| {
        seconds(&format!(
            "fn scale(a: *{ty}, b: *const {ty}) {{
               for i: i32 in 0..65536 on block.x {{
                 for j: i32 in 0..256 on thread.x {{
                   S0: a[i * 256 + j] = b[i * 256 + j] + b[i * 256 + j]
                 }}
               }}
             }}"
        ))
    };
    assert!(of("f64") > 1.8 * of("f32"));
}

#[test]
fn a_scattered_read_is_slower_than_a_row() {
    let of = |subscript: &str| {
        seconds(&format!(
            "fn gather(a: *f32, b: *const f32, index: *const i32) {{
               for i: i32 in 0..65536 on block.x {{
                 for j: i32 in 0..256 on thread.x {{
                   S0: a[i * 256 + j] = b[{subscript}]
                 }}
               }}
             }}"
        ))
    };
    assert!(of("index[i * 256 + j]") > 1.5 * of("i * 256 + j"));
}

#[test]
fn threads_that_a_condition_keeps_out_move_nothing() {
    let of = |end: u32| {
        seconds(&format!(
            "fn fill(a: *f32) {{
               for i: i32 in 0..65536 on block.x {{
                 for j: i32 in 0..256 on thread.x {{
                   if j < {end} {{
                     S0: a[i * 256 + j] = 0.0f32
                   }}
                 }}
               }}
             }}"
        ))
    };
    assert!(of(32) < of(256));
    assert!(of(0) < of(32));
}

#[test]
fn an_unknown_size_is_typical() {
    let known = seconds(&copy(BLOCKS, "for j: i32 in 0..1024 on thread.x"));
    let unknown = seconds(
        "fn copy(n: i32, to: *f32[1024], from: *const f32[1024]) {
           for i: i32 in 0..n on block.x {
             for j: i32 in 0..1024 on thread.x {
               S0: to[i][j] = from[i][j]
             }
           }
         }",
    );
    assert!(
        (known / unknown - 1.0).abs() < 1e-9,
        "{known} against {unknown}"
    );
}

/// A product of matrices whose operands are read from device memory, or staged in tiles of `tile` rows.
fn product(tile: Option<&str>) -> String {
    let (declared, copied, [left, right]) = match tile {
        None => ("", "", ["a[16 * bi + ti][k]", "b[k][16 * bj + tj]"]),
        Some(row) => (
            row,
            "S1: x[ti][tj] = a[16 * bi + ti][16 * ko + tj]
             S2: y[tj][ti] = b[16 * ko + ti][16 * bj + tj]
             barrier",
            ["x[ti][ki]", "y[tj][ki]"],
        ),
    };
    format!(
        "fn f(c: *f32[1024], a: *const f32[1024], b: *const f32[1024]) {{
           for bi: i32 in 0..64 on block.y {{ for bj: i32 in 0..64 on block.x {{
             for ti: i32 in 0..16 on thread.y {{ for tj: i32 in 0..16 on thread.x {{
               {declared}
               var sum: f32
               S0: sum = 0.0f32
               for ko: i32 in 0..64 {{
                 {copied}
                 for ki: i32 in 0..16 {{
                   let k: i32 = 16 * ko + ki
                   S3: sum = sum + {left} * {right}
                 }}
                 barrier
               }}
               S4: c[16 * bi + ti][16 * bj + tj] = sum
             }} }}
           }} }}
         }}"
    )
}

#[test]
fn tiles_in_shared_memory_are_faster_and_banks_matter() {
    let plain = seconds(&product(None));
    let in_one_bank = seconds(&product(Some(
        "var x: f32[16][16] @shared var y: f32[16][16] @shared",
    )));
    let padded = seconds(&product(Some(
        "var x: f32[16][16] @shared var y: f32[16][17] @shared",
    )));
    assert!(padded < plain, "{padded} {plain}");
    assert!(padded < 0.5 * in_one_bank, "{padded} {in_one_bank}");
}
