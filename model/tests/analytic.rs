//! The analytic estimate on mapped trees written as text: what must be slower is slower.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail like the test"
)]

use mupac_ir::{Function, Module};
use mupac_model::{Analytic, Hardware};

/// Returns the estimate of a function's body, in seconds.
#[track_caller]
fn seconds(text: &str) -> f64 {
    seconds_on(Hardware::standard(), text)
}

#[track_caller]
fn seconds_on(hardware: &'static Hardware, text: &str) -> f64 {
    let module: Module =
        mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (_, function): (_, &Function) = module.functions.iter().next().unwrap();
    let estimate =
        Analytic::new(hardware).of_statements(&module.records, function, &function.body, 1024);
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
    assert!(padded < in_one_bank, "{padded} {in_one_bank}");
    assert!(1.3 * padded < plain, "{padded} {plain}");
}

/// A pass over an array, `bytes` apart from one thread to the next.
fn strided(stride: u32) -> String {
    format!(
        "fn scale(a: *f32) {{
           for i: i32 in 0..4096 on block.x {{ for j: i32 in 0..256 on thread.x {{
             S0: a[(i * 256 + j) * {stride}] = a[(i * 256 + j) * {stride}] * 2.0f32
           }} }}
         }}"
    )
}

#[test]
fn a_longer_stride_is_never_faster() {
    let times: Vec<f64> = [1, 2, 4, 8, 16, 32, 33, 64]
        .map(|stride| seconds(&strided(stride)))
        .to_vec();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[4] > 3.0 * times[0], "{times:?}");
}

/// The sums of the rows of a triangle of 2,048 rows, or of its square, whose rows are shared out in blocks of so many
/// threads.
fn rows(threads: u32, end: &str) -> String {
    let blocks = 2048 / threads;
    format!(
        "fn f(sums: *f32, a: *const f32) {{
           for i.o: i32 in 0..{blocks} on block.x {{ for i.i: i32 in 0..{threads} on thread.x {{
             let i: i32 = {threads} * i.o + i.i
             var sum: f32
             S0: sum = 0.0f32
             for j: i32 in 0..{end} {{ S1: sum = sum + a[j * 2048 + i] }}
             S2: sums[i] = sum
           }} }}
         }}"
    )
}

#[test]
fn a_triangle_takes_half_of_its_square_however_it_is_cut() {
    for threads in [32, 64, 128, 256, 512, 1024] {
        let square = seconds(&rows(threads, "2048"));
        let below = seconds(&rows(threads, "i"));
        let above = seconds(&rows(threads, "2048 - i"));
        for triangle in [below, above] {
            let share = triangle / square;
            assert!((0.45..0.65).contains(&share), "{threads}: {share}");
        }
    }
}

/// A pass over shared memory, in which neighbouring threads read words so far apart.
fn banked(words: u32) -> String {
    format!(
        "fn sums(a: *f32) {{
           for i: i32 in 0..4096 on block.x {{ for j: i32 in 0..32 on thread.x {{
             var x: f32[4096] @shared
             var sum: f32
             S0: x[j] = a[i * 32 + j]
             S1: sum = 0.0f32
             barrier
             for k: i32 in 0..1000 {{ S2: sum = sum + x[(j * {words} + 32 * k) % 4096] }}
             S3: a[i * 32 + j] = sum
           }} }}
         }}"
    )
}

#[test]
fn lanes_of_one_bank_wait_for_one_another() {
    let times: Vec<f64> = [1, 2, 4, 8, 16, 32]
        .map(|words| seconds(&banked(words)))
        .to_vec();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[5] > 8.0 * times[0], "{times:?}");
    // An odd distance goes round all banks.
    assert!((seconds(&banked(33)) / times[0] - 1.0).abs() < 0.01);
}

#[test]
fn rows_that_a_block_reads_again_come_from_the_cache() {
    let of = |subscript: &str| {
        seconds(&format!(
            "fn window(b: *f32, a: *const f32) {{
               for i: i32 in 0..65536 on block.x {{ for j: i32 in 0..256 on thread.x {{
                 var sum: f32
                 S0: sum = 0.0f32
                 for k: i32 in 0..9 {{ S1: sum = sum + a[{subscript}] }}
                 S2: b[i * 256 + j] = sum
               }} }}
             }}"
        ))
    };
    assert!(1.5 * of("i * 256 + j + k") < of("(i * 256 + j) * 9 + k"));
}

#[test]
fn what_a_wave_of_blocks_shares_is_fetched_once() {
    // Blocks that run together read rows or columns of tiles of one matrix, of 1 GiB.
    let of = |rows: &str, columns: &str| {
        seconds(&format!(
            "fn tiles(c: *f32, a: *const f32[16384]) {{
               for i: i32 in 0..1024 on {rows} {{ for j: i32 in 0..64 on {columns} {{
                 for t: i32 in 0..256 on thread.x {{
                   var sum: f32
                   S0: sum = 0.0f32
                   for k: i32 in 0..16 {{ S1: sum = sum + a[16 * i + k][t] }}
                   S2: c[(i * 64 + j) * 256 + t] = sum
                 }}
               }} }}
             }}"
        ))
    };
    assert!(of("block.y", "block.x") <= of("block.x", "block.y"));
}

#[test]
fn more_shared_memory_leaves_fewer_blocks_to_hide_latency() {
    let of = |words: u32| {
        seconds(&format!(
            "fn chase(b: *i32, a: *const i32) {{
               for i: i32 in 0..65536 on block.x {{ for j: i32 in 0..64 on thread.x {{
                 var x: i32[{words}] @shared
                 S0: x[j] = a[i * 64 + j]
                 barrier
                 S1: b[i * 64 + j] = x[j]
               }} }}
             }}"
        ))
    };
    let times: Vec<f64> = [64, 4096, 8192, 12288].map(of).to_vec();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[3] > 1.5 * times[0], "{times:?}");
}

#[test]
fn a_loop_shorter_than_its_parts_costs_no_less_for_being_cut() {
    let body = "for j: i32 in 0..4096 { S0: a[j] = a[j] * 2.0f32 }";
    let whole = seconds(&format!(
        "fn f(a: *f32) {{ for i: i32 in 0..1 on thread.x {{ {body} }} }}"
    ));
    let cut = seconds(&format!(
        "fn f(a: *f32) {{ for i.o: i64 in 0i64..1i64 on thread.x {{ for i.i: i64 in 0i64..8i64 {{
           let i: i32 = i32(8i64 * i.o + i.i)
           if i < 1 {{ {body} }}
         }} }} }}"
    ));
    assert!(cut >= whole, "{cut} and {whole}");
}

#[test]
fn every_gpu_ranks_the_plain_cases_alike() {
    for hardware in Hardware::known() {
        let of = |text: &str| seconds_on(hardware, text);
        let along = of(&copy(BLOCKS, "for j: i32 in 0..1024 on thread.x"));
        let across = of(&copy(
            "for j: i32 in 0..1024 on block.x",
            "for i: i32 in 0..1024 on thread.x",
        ));
        assert!(along < across, "{}", hardware.name);
        assert!(of(&strided(1)) < of(&strided(8)), "{}", hardware.name);
        assert!(!hardware.is_measured, "{}", hardware.name);
    }
}

#[test]
fn a_gpu_without_a_file_takes_the_nearest() {
    let name = |capability| Hardware::nearest(capability).name;
    assert_eq!(name(90), "H200");
    assert_eq!(name(86), "RTX 4090");
    assert_eq!(name(75), "A100");
    assert_eq!(name(120), "H200");
    let device = Hardware::nearest(89).device();
    assert_eq!(
        (device.arch.as_str(), device.multiprocessors),
        ("sm_89", 128)
    );
}
