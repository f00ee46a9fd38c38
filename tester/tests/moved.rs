//! How many bytes had to be copied between host and device, held against numbers worked out by hand.
#![expect(clippy::unwrap_used, reason = "a test stops where its tools fail")]

use std::time::Duration;

use mupac_tester::execute::{Executor, Invocation, Language, Order, Part};
use mupac_tester::{CheckOptions, Copies};

/// A kernel that doubles the first `count` of 100 numbers, its memory, and a program with `body`.
fn program(body: &str) -> String {
    format!(
        "#include <cstdio>
        #include <cuda_runtime.h>
        __global__ void twice(float *x, int count) {{
            int i = blockIdx.x * 32 + threadIdx.x;
            if (i < count) x[i] *= 2;
        }}
        static float x[100];
        static float *d;
        static void in() {{ cudaMalloc(&d, sizeof x), cudaMemcpy(d, x, sizeof x, cudaMemcpyHostToDevice); }}
        static void out() {{ cudaMemcpy(x, d, sizeof x, cudaMemcpyDeviceToHost), cudaFree(d); }}
        static float sum() {{
            float sum = 0;
            for (int i = 0; i < 100; i++) sum += x[i];
            return sum;
        }}
        int main() {{
            for (int i = 0; i < 100; i++) x[i] = i + 1;
            {body}
            printf(\"%g\\n\", sum());
        }}"
    )
}

/// Returns what went in and what had to, then out, in bytes.
fn moved(body: &str) -> [[u64; 2]; 2] {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let text = program(body);
    let part = Part {
        language: Language::Cuda,
        text: &text,
        flags: &[],
    };
    let program = executor.build(&[part]).unwrap().unwrap();
    let invocation = Invocation {
        stdin: b"",
        order: Order::Ascending,
        limit: Duration::from_mins(1),
    };
    let ran = executor.run(&program, invocation).unwrap();
    assert_eq!(ran.trouble, None);
    let Copies {
        bytes_in,
        needed_in,
        bytes_out,
        needed_out,
        ..
    } = ran.copies;
    [[bytes_in, needed_in], [bytes_out, needed_out]]
}

#[test]
fn a_loop_between_one_copy_each_way_moves_what_it_must() {
    let body = "in(); for (int t = 0; t < 10; t++) twice<<<4, 32>>>(d, 100); out();";
    assert_eq!(moved(body), [[400, 400], [400, 400]]);
}

#[test]
fn copies_in_every_iteration_move_what_is_known_on_the_other_side() {
    let body = "for (int t = 0; t < 10; t++) { in(); twice<<<4, 32>>>(d, 100); out(); }";
    assert_eq!(moved(body), [[4000, 400], [4000, 400]]);
}

#[test]
fn what_the_host_looks_at_has_to_come_back() {
    // Of 400 bytes 40 are looked at nine times between, and all at last.
    let body = "for (int t = 0; t < 10; t++) {
            in(); twice<<<4, 32>>>(d, 100); out();
            for (int i = 0; t < 9 && i < 10; i++) if (x[i] < 0) puts(\"negative\");
        }";
    assert_eq!(moved(body), [[4000, 400], [4000, 400 + 9 * 40]]);
}

#[test]
fn what_the_host_changes_has_to_go_again() {
    // Five numbers are changed nine times.
    let body = "for (int t = 0; t < 10; t++) {
            in(); twice<<<4, 32>>>(d, 100); out();
            for (int i = 0; t < 9 && i < 5; i++) x[i] = 100 * t + i + 0.3f;
        }";
    assert_eq!(moved(body), [[4000, 400 + 9 * 20], [4000, 400]]);
}

#[test]
fn what_no_kernel_touches_need_not_move() {
    let body = "in(); twice<<<4, 32>>>(d, 30); out();";
    assert_eq!(moved(body), [[400, 120], [400, 120]]);
}

#[test]
fn what_was_copied_and_not_read_has_to_go_when_it_is() {
    let body = "in(); twice<<<4, 32>>>(d, 30); out(); in(); twice<<<4, 32>>>(d, 100); out();";
    assert_eq!(moved(body), [[800, 400], [800, 400]]);
}
