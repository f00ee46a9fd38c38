//! The device of programs that are built for a machine without a GPU does what a GPU would.

use std::path::Path;
use std::process::Command;

use mupac_tester::driver::Processor;

/// Prints what kernels leave behind that use what lanes and threads have for one another.
const PROGRAM: &str = r#"
#include <cstdio>
#include <cuda_runtime.h>
#include <pthread.h>
#include <signal.h>

__global__ void lanes(int *out) {
    const int i = threadIdx.x, lane = i % 32;
    if (i >= 40) return;
    const unsigned mask = i < 32 ? 0xffffffffu : 0xffu;
    int sum = i;
    for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(mask, sum, step);
    out[i] = __shfl_sync(mask, sum, 0);
    out[40 + i] = (int)__ballot_sync(mask, lane % 3 == 0);
    out[80 + i] = (int)__match_any_sync(mask, lane / 4);
    out[120 + i] = __reduce_max_sync(mask, -i);
    out[160 + i] = __shfl_xor_sync(mask, i, 1);
}

__global__ void turned(const double *in, double *out, int n) {
    __shared__ double tile[1024];
    extern __shared__ int seen[];
    const int i = blockIdx.x * 1024 + threadIdx.x;
    tile[threadIdx.x] = i < n ? in[i] : 0;
    if (threadIdx.x == 0) seen[0] = 0;
    const int inside = __syncthreads_count(i < n);
    if (i >= n) return;
    atomicAdd(&seen[0], 1);
    out[i] = tile[1023 - threadIdx.x] + inside;
}

__global__ void deep(int *out, int n) {
    int room[1000];
    for (int i = 0; i < 1000; i++) room[i] = i * n;
    __syncthreads();
    out[blockIdx.y * 2 + blockIdx.x] = room[999] + (int)(gridDim.x * blockDim.y);
}

static void *work(void *number) {
    static double in[2][3000], out[2][3000];
    const int k = *(int *)number;
    for (int i = 0; i < 3000; i++) in[k][i] = i * (k + 1);
    for (int t = 0; t < 20; t++) turned<<<3, 1024, sizeof(int)>>>(in[k], out[k], 3000);
    static double answer[2];
    answer[k] = out[k][5] + out[k][2999];
    return &answer[k];
}

static volatile int handled;
static void handle(int) {
    static int out[4];
    deep<<<dim3(2, 2), dim3(4, 3)>>>(out, 2);
    handled = out[0];
}
__global__ void wide(double *out) {
    double room[60000];
    for (int i = 0; i < 60000; i++) room[i] = i;
    out[0] = room[59999];
    if (handled == 0) raise(SIGALRM);
}

int main() {
    static double last;
    signal(SIGALRM, handle);
    wide<<<1, 1>>>(&last);
    printf("%g %d\n", last, handled);
    static int out[200];
    lanes<<<1, 64>>>(out);
    const int asked[] = {0, 31, 32, 39, 40, 79, 80, 85, 112, 120, 151, 152, 159, 160, 161, 199};
    for (int i : asked) printf("%d ", out[i]);
    printf("\n");
    deep<<<dim3(2, 2), dim3(4, 3)>>>(out, 2);
    printf("%d %d\n", out[0], out[3]);
    pthread_t threads[2];
    int numbers[2] = {0, 1};
    for (int k = 0; k < 2; k++) pthread_create(&threads[k], 0, work, &numbers[k]);
    for (int k = 0; k < 2; k++) {
        void *answer;
        pthread_join(threads[k], &answer);
        printf("%g\n", *(double *)answer);
    }
    lanes<<<1, 1025>>>(out);
    printf("%s\n", cudaGetErrorString(cudaGetLastError()));
}
"#;

/// The sum of 0 to 31 is 496, of 32 to 39 284; lanes of eight have 8 partners at most. Row 5 of the first block reads its
/// element 1018 and 1024 threads are inside; 2999 is thread 951 of 952 that are inside, and reads element 2120.
const PRINTED: &str = "\
59999 2004
496 496 284 284 1227133513 73 15 240 15 0 0 -32 -32 1 0 38 
2004 2004
5114
8252
invalid configuration argument
";

#[test]
fn kernels_do_what_they_do_on_a_gpu() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.cu"), PROGRAM).unwrap();
    let processor = Processor::prepare(Path::new("g++")).unwrap();
    let compiled = processor.compile(&path("a.cu"), &path("a.o"), &[]).unwrap();
    compiled.unwrap();
    let mut linker = Command::new("g++");
    linker
        .arg(path("a.o"))
        .arg(processor.library())
        .args(["-lpthread", "-o"]);
    assert!(linker.arg(path("program")).status().unwrap().success());
    let ran = Command::new(path("program"))
        .env("MUPAC_LAUNCHES", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), PRINTED);
    let launches = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(launches.contains("launched turned 40 times"), "{launches}");
}
