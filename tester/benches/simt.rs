//! How many statements of threads the CPU execution of CUDA gets through in a second, watched and unwatched.
//!
//! The bar is 20 million unwatched ones (`cargo bench -p mupac-tester`, throughput in elements).
//! A statement is one of the kernel's text, counted once for each thread that executes it; a barrier is one.
//! Starting the process is part of the time, as it is of a check.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement stops where its program cannot be built"
)]

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Executor, Invocation, Language, Order, Part};

/// A kernel over many threads and the statements of all of them together.
struct Program {
    name: &'static str,
    text: &'static str,
    statements: u64,
}

const PROGRAMS: [Program; 3] = [
    Program {
        name: "map",
        text: "#include <cuda_runtime.h>
            __global__ void map(const float *x, float *y, int n) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) y[i] = 2 * x[i] + y[i];
            }
            int main() {
                float *x, *y;
                int n = 1 << 20;
                cudaMalloc(&x, n * sizeof(float));
                cudaMalloc(&y, n * sizeof(float));
                cudaMemset(x, 0, n * sizeof(float));
                cudaMemset(y, 0, n * sizeof(float));
                for (int round = 0; round < 8; round++) map<<<n / 256, 256>>>(x, y, n);
                return cudaDeviceSynchronize();
            }",
        statements: 8 * 3 * (1 << 20),
    },
    Program {
        name: "row-sums",
        text: "#include <cuda_runtime.h>
            __global__ void sums(const float *x, float *y, int n) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                float sum = 0;
                for (int k = 0; k < n; k++) sum += x[k * n + i];
                y[i] = sum;
            }
            int main() {
                float *x, *y;
                int n = 1024;
                cudaMalloc(&x, n * n * sizeof(float));
                cudaMalloc(&y, n * sizeof(float));
                cudaMemset(x, 0, n * n * sizeof(float));
                for (int round = 0; round < 8; round++) sums<<<n / 128, 128>>>(x, y, n);
                return cudaDeviceSynchronize();
            }",
        statements: 8 * 1024 * (3 + 1024),
    },
    Program {
        name: "tree-with-barriers",
        text: "#include <cuda_runtime.h>
            __global__ void tree(const float *x, float *y) {
                __shared__ float s[256];
                int t = threadIdx.x;
                s[t] = x[blockIdx.x * 256 + t];
                __syncthreads();
                for (int k = 128; k > 0; k /= 2) {
                    if (t < k) s[t] += s[t + k];
                    __syncthreads();
                }
                if (t == 0) y[blockIdx.x] = s[0];
            }
            int main() {
                float *x, *y;
                int n = 1 << 20;
                cudaMalloc(&x, n * sizeof(float));
                cudaMalloc(&y, n / 256 * sizeof(float));
                cudaMemset(x, 0, n * sizeof(float));
                tree<<<n / 256, 256>>>(x, y);
                return cudaDeviceSynchronize();
            }",
        statements: (4 + 8 * 3) * (1 << 20),
    },
];

fn statements(criterion: &mut Criterion) {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    for (mode, flags) in [
        ("unwatched", &["-fno-sanitize=thread"][..]),
        ("watched", &[]),
    ] {
        let mut group = criterion.benchmark_group(mode);
        group.sample_size(10);
        for program in &PROGRAMS {
            let part = Part {
                language: Language::Cuda,
                text: program.text,
                flags,
            };
            let built = executor.build(&[part]).unwrap().unwrap();
            let invocation = Invocation {
                stdin: b"",
                order: Order::Ascending,
                limit: Duration::from_mins(1),
            };
            let ran = executor.run(&built, invocation).unwrap();
            assert_eq!(ran.trouble, None);
            group.throughput(Throughput::Elements(program.statements));
            group.bench_function(program.name, |bencher| {
                bencher.iter(|| executor.run(&built, invocation).unwrap());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, statements);
criterion_main!(benches);
