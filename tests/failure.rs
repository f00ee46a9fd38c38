//! What becomes of a plan that fails its check: the next plan is tried, then the naive mapping, then the original loop
//! stays, whatever the kind of failure; the report names the moves to blame; the folder that is kept checks the plan
//! again.
//!
//! Plans are proved, so a failure has to be planted: each file defines a macro for C++ alone that changes what a word of
//! the emitted kernel means. They ask for a macro that g++ has and gcc has not; of `__cplusplus` the text sees what C sees.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test fail like the test"
)]

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// A reduction, by a plan that is not the naive one; before the threads of a block join what they have, they do what each
/// test says.
const SUM: &str = "int total(int n, const int *x) {\n    \
                   int s = 0;\n    \
                   for (int i = 0; i < n; i++) s += x[i];\n    \
                   return s;\n}\n";
const SUM_PLAN: &str =
    "mupac-plan 1\nregion total:LINE\nsplit i 64 -> i.o i.i\nbind i.o block.x\nbind i.i thread.x\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn mupac(&self, arguments: &[&str]) -> Output {
        Command::cargo_bin("mupac")
            .unwrap()
            .current_dir(self.0.path())
            .env("MUPAC_CACHE_DIR", cache())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn report(&self) -> Value {
        let text = std::fs::read_to_string(self.path("report.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// A cache of these tests, so that folders they keep do not stay with the user.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("failure-cache")
}

const ARGUMENTS: [&str; 6] = [
    "a.c",
    "--plan",
    "a.plan",
    "--check-level=quick",
    "--report",
    "report.json",
];

/// Returns the sum with a fault for C++ alone, and the plan for it.
fn planted(fault: &str) -> (String, String) {
    let planted = format!("#ifdef __GXX_WEAK__\n{fault}\n#endif\n");
    let line = planted.lines().count() + 3;
    (
        format!("{planted}{SUM}"),
        SUM_PLAN.replace("LINE", &line.to_string()),
    )
}

/// Returns a fault of the threads of a block, before they join what they have.
fn before_sum(fault: &str) -> String {
    format!(
        "namespace mupac {{ inline void nothing() {{}} }}\n\
         #define block_sum nothing(); {fault}; mupac::block_sum"
    )
}

/// Plants a fault in a sum, and follows both plans and the original loop.
#[track_caller]
fn falls_back(kind: &str, fault: &str) {
    let folder = Folder::new();
    let (text, plan) = planted(fault);
    folder.write("a.c", &text);
    folder.write("a.plan", &plan);
    let output = folder.mupac(&ARGUMENTS);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let report = folder.report();
    let failures = report["check"]["failures"].as_array().unwrap();
    let seen: Vec<_> = failures
        .iter()
        .map(|each| {
            (
                each["kind"].as_str().unwrap(),
                each["smallest"][0].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (kind, "split i 64 -> i.o i.i"),
            (kind, "split i 256 -> i.o i.i")
        ],
        "{said}"
    );
    assert_eq!(report["loops"][0]["reasons"][0]["name"], "check-failed");
    let written = std::fs::read_to_string(folder.path("a.cu")).unwrap();
    assert!(written.contains("for (int i = 0; i < n; i++) s += x[i];"));
    assert!(!written.contains("<<<"), "{written}");
}

#[test]
fn compile() {
    falls_back("compile", "#define block_sum no_such_function");
}

#[test]
fn value() {
    falls_back("value", &before_sum("s = 1"));
}

/// What is wrong stands outside of the kernels, in a file without `main`, where only functions with kernels are called.
#[test]
fn a_function_that_differs_without_kernels_too_is_not_written() {
    let folder = Folder::new();
    let text = "#if defined __GXX_WEAK__ && __GNUC__ > 4\n\
                #define START 1\n\
                #else\n\
                #define START 0\n\
                #endif\n";
    folder.write(
        "a.c",
        &format!("{text}{}", SUM.replace("s = 0", "s = START")),
    );
    let output = folder.mupac(&["a.c", "--cpu-threshold=0", "--check-level=quick"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let words = "the text without kernels does not do what the original does; nothing was written";
    assert!(said.contains(words), "{said}");
    assert!(!folder.path("a.cu").exists());
}

#[test]
fn race() {
    let fault = "__shared__ int some[1024]; some[threadIdx.x] = 0; s += some[threadIdx.x ^ 1]";
    falls_back("race", &before_sum(fault));
}

#[test]
fn out_of_bounds() {
    falls_back("out-of-bounds", &before_sum("((int *)x)[n + 99999] = 1"));
}

#[test]
fn uninitialised() {
    let fault = "__shared__ int some[1024]; if (threadIdx.x == 0) some[0] = 1; __syncthreads(); s += some[threadIdx.x]";
    falls_back("uninitialised", &before_sum(fault));
}

/// In ascending order no block comes after a later one.
#[test]
fn nondeterministic() {
    let fault = "static __device__ unsigned last; if (threadIdx.x == 0 && atomicMax(&last, blockIdx.x) > blockIdx.x) s = 7";
    falls_back("nondeterministic", &before_sum(fault));
}

#[test]
fn use_after_free() {
    // A name of the emitted text that stood here whole would not be used there.
    let fault = "#define copy_of(a) a##_d\n#define blocks(n, size) blocks((cudaFree(copy_of(x).device), n), size)";
    falls_back("use-after-free", fault);
}

#[test]
fn misaligned() {
    let fault = "s += *(const int *)((const char *)x + 1)";
    falls_back("misaligned", &before_sum(fault));
}

#[test]
fn host_pointer() {
    let fault = before_sum("host_word = s");
    falls_back("host-pointer", &format!("unsigned host_word;\n{fault}"));
}

#[test]
fn deadlock() {
    let fault = "while (*(volatile const int *)x != 123456789) {}";
    falls_back("deadlock", &before_sum(fault));
}

#[test]
fn divergent_barrier() {
    let fault = "if (threadIdx.x == 0) return";
    falls_back("divergent-barrier", &before_sum(fault));
}

#[test]
fn timeout() {
    let fault = "for (volatile unsigned k = 0; k != 1; k += 2) {}";
    falls_back("timeout", &before_sum(fault));
}

#[test]
fn crash() {
    falls_back("crash", &before_sum("__trap()"));
}

#[test]
fn cuda_error() {
    falls_back("cuda-error", "#define blocks(n, size) blocks(0, size)");
}

/// The grid is a block short where its last block has but one thread.
const ROWS: &str = "#ifdef __GXX_WEAK__\n\
                    #define blocks(n, size) blocks((n) > 32 ? (n) - 1 : (n), size)\n\
                    #endif\n\
                    void scale_first(int m, float **rows) {\n    \
                    float *row = rows[0];\n    \
                    for (int j = 0; j < m; j++) row[j] += 1;\n}\n";

#[test]
fn rows_behind_pointers_are_compared() {
    let folder = Folder::new();
    folder.write("a.c", ROWS);
    let output = folder.mupac(&[
        "a.c",
        "--check-level=quick",
        "--strict-check",
        "--report=report.json",
    ]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let failures = folder.report()["check"]["failures"].take();
    assert_eq!(failures[0]["kind"], "value");
    let message = failures[0]["message"].as_str().unwrap();
    assert!(message.starts_with("rows[+0][256] is "), "{message}");
}

#[test]
fn a_text_that_is_no_cpp_costs_one_function_its_kernels() {
    let folder = Folder::new();
    let (source, _) = planted("#define block_sum no_such_function");
    let others = "void scale(int n, int *x) {\n    for (int i = 0; i < n; i++) x[i] *= 2;\n}\n\
                  void shift(int n, int *x) {\n    for (int i = 0; i < n; i++) x[i] += 2;\n}\n";
    folder.write("sum.c", &format!("{source}{others}"));
    let output = folder.mupac(&["sum.c", "-o", "sum.cu", "--report", "report.json"]);
    assert!(output.status.success(), "{output:?}");
    let report = folder.report();
    let failures = report["check"]["failures"].as_array().unwrap();
    assert!(!failures.is_empty());
    assert!(failures.iter().all(|each| each["kind"] == "compile"));
    let loops = report["loops"].as_array().unwrap();
    let lost = loops
        .iter()
        .filter(|each| each["reasons"][0]["name"] == "check-failed")
        .map(|each| each["function"].as_str().unwrap());
    assert_eq!(lost.collect::<Vec<_>>(), ["total"]);
    let cuda = std::fs::read_to_string(folder.path("sum.cu")).unwrap();
    assert_eq!(cuda.matches("__global__").count(), 2, "{cuda}");
}

#[test]
fn a_strict_check_ends_at_the_first_failure() {
    let folder = Folder::new();
    let (planted, plan) = planted(&before_sum("__trap()"));
    folder.write("a.c", &planted);
    folder.write("a.plan", &plan);
    let output = folder.mupac(&[&ARGUMENTS[..], &["--strict-check"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(!folder.path("a.cu").exists());
    let failures = folder.report()["check"]["failures"].take();
    assert_eq!(failures.as_array().unwrap().len(), 1);
    assert_eq!(failures[0]["smallest"][0], "split i 64 -> i.o i.i");
}

/// A sum in another order, of a program that the interpreter does not run: how far its digits may be off, nobody knows but
/// by example.
const SUM_OF_PROGRAM: &str = "#include <stdio.h>\n\
                              #include <stdlib.h>\n\
                              static double x[1000];\n\
                              int main(void) {\n    \
                              for (int i = 0; i < 1000; i++) x[i] = 1.0 / (i + 1);\n    \
                              double s = 0;\n    \
                              for (int i = 0; i < 1000; i++) s += x[i];\n    \
                              printf(\"%.17g\\n\", rand() < 0 ? 0 : s);\n    \
                              return 0;\n}\n";

#[test]
fn only_last_digits_are_the_order_of_a_sum() {
    let folder = Folder::new();
    let arguments = [
        "a.c",
        "--cpu-threshold=0",
        "--check-level=quick",
        "--strict-check",
        "--report=report.json",
    ];
    folder.write("a.c", SUM_OF_PROGRAM);
    let output = folder.mupac(&arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let words = "numbers as near as what it prints with sums in other orders";
    assert!(said.contains(words), "{said}");
    // What is farther off begins alike, and may be the order all the same.
    let faulty = |fault: &str| {
        let fault = before_sum(fault);
        format!("#ifdef __GXX_WEAK__\n{fault}\n#endif\n{SUM_OF_PROGRAM}")
    };
    folder.write("a.c", &faulty("s += 1e-9"));
    let output = folder.mupac(&[&arguments[..], &["-f"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let words = "a sum in another order prints other digits";
    assert!(said.contains(words), "{said}");
    // A value that no order gives is a failure, of which everything is kept.
    folder.write("a.c", &faulty("s += 1"));
    let output = folder.mupac(&[&arguments[..], &["-f", "-o", "wrong.cu"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains(" kept: ") && said.contains("--fp=strict"),
        "{said}"
    );
    assert!(!folder.path("wrong.cu").exists());
}

/// Counters of loops that a step makes inside a kernel are `int`, which here count in steps of two; those of the program are
/// not.
const TWOS: &str = "#ifdef __GXX_WEAK__\n\
                    struct Twos {\n    \
                    int v;\n    \
                    Twos(int a) : v(a) {}\n    \
                    operator int() const { return v; }\n    \
                    void operator++(int) { v += 2; }\n\
                    };\n\
                    #define int Twos\n\
                    #endif\n\
                    #include \"sizes.h\"\n\
                    void f(unsigned n, const float *restrict a, float *restrict b) {\n    \
                    for (unsigned i = 0; i < n; i++)\n        \
                    for (unsigned j = 0; j < WIDTH; j++)\n            \
                    for (unsigned k = 0; k < 8; k++)\n                \
                    b[(i * WIDTH + j) * 8 + k] = a[(i * WIDTH + j) * 8 + k] * 2;\n}\n\
                    #ifdef __GXX_WEAK__\n\
                    #undef int\n\
                    #endif\n";
const TWOS_PLAN: &str = "mupac-plan 1\nregion f:12\nsplit k 4 -> k.o k.i\n\
                         bind i block.x\nbind j thread.x\n";

#[test]
fn the_moves_to_blame_are_named_and_what_is_kept_fails_again() {
    let folder = Folder::new();
    folder.write("a.c", TWOS);
    folder.write("sizes.h", "#define WIDTH 48\n");
    folder.write("a.plan", TWOS_PLAN);
    let output = folder.mupac(&ARGUMENTS);
    assert_eq!(output.status.code(), Some(0));
    let failures = folder.report()["check"]["failures"].take();
    let smallest = ["split k 4 -> k.o k.i", "bind j thread.x"];
    assert_eq!(failures[0]["smallest"], Value::from(&smallest[..]));
    assert_eq!(
        failures[0]["culprits"],
        Value::from(&["split k 4 -> k.o k.i"][..])
    );
    assert_eq!(failures[0]["kind"], "value");
    assert_eq!(failures[0]["origin"]["original_line"], 15);

    let said = String::from_utf8(output.stderr).unwrap();
    let kept = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("= kept: "));
    let kept = Path::new(kept.unwrap());
    assert!(kept.join("sizes.h").is_file());
    // Elsewhere and without the folder that it came from, by its own script.
    let elsewhere = Folder::new();
    for entry in std::fs::read_dir(kept).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(
            entry.path(),
            elsewhere.path(&entry.file_name().to_string_lossy()),
        )
        .unwrap();
    }
    drop(folder);
    for plan in ["failed.plan", "smallest.plan"] {
        let output = std::process::Command::new("sh")
            .args([&elsewhere.path("run.sh").to_string_lossy(), plan])
            .env("MUPAC", assert_cmd::cargo::cargo_bin("mupac"))
            .env("MUPAC_CACHE_DIR", cache())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
    }
}
