//! What is said of kernels that there are not, of options that have no effect, and of checks that do not say everything.

use super::{Folder, SAXPY};

/// A kernel that no test can launch: its function takes a pointer to a function, and its loop rows of a length that a
/// parameter says.
const UNTESTED: &str = "void scale(int n, int m, float (*x)[m], void (*done)(float *)) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) x[i][j] *= 2;
    done(x[0]);
}
";

#[test]
fn dropped_kernels_are_said_even_quietly() {
    let folder = Folder::with(&[("scale.c", UNTESTED.as_bytes())]);
    let quiet = folder.run(&["scale.c", "-q"]);
    let words = "warning: kernels were dropped: those of lines 2 and 3 could not be tested";
    assert!(
        quiet.contains("exit code 0\n") && quiet.contains(words),
        "{quiet}"
    );
    let json = folder.run(&["scale.c", "-q", "--message-format=json"]);
    assert!(json.contains("kernels were dropped"), "{json}");
    let text = folder.read("scale.cu");
    let lines: Vec<&str> = text.lines().take(3).collect();
    let [_, dropped, verdict] = lines.as_slice() else {
        return assert_eq!(lines.len(), 3);
    };
    assert_eq!(
        *dropped,
        "// Kernels were dropped: those of lines 2 and 3 could not be tested."
    );
    assert_eq!(
        *verdict,
        "// Not tested: every kernel was dropped, and what is left is the original's text."
    );
}

#[test]
fn options_that_would_change_nothing_are_refused() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes()), ("a.plan", b"mupac-plan 1\n")]);
    super::rejected(
        "without_effect",
        &folder,
        &[
            &["a.c", "--model", "m.onnx"],
            &["a.c", "-O0", "--graph", "g.jsonl"],
            &["a.c", "-O1", "--search-budget", "9"],
            &["a.c", "-O3", "--no-parallel", "--search-budget", "9"],
            &["a.c", "-O3", "--plan", "a.plan", "--graph", "g.jsonl"],
            &["a.c", "--plan", "a.plan", "--no-parallel"],
            &["a.c", "--emit=ir", "--report", "r.json"],
            &["a.c", "--emit=ir", "--require-parallel"],
            &["a.c", "-Os"],
            &["a.c", "-zeal"],
            &["a.c", "--serch-budget", "9"],
            &["a.c", "--seed", "-1"],
            &["a.c", "--check-time", "soon"],
            &["a.c", "--arch", "sm_1"],
        ],
    );
    let said = folder.run(&["a.c", "--check=off", "--keep-temps", "--test-argv", "1"]);
    let words = "warning: --test-argv and --keep-temps have no effect: --check=off runs nothing\n";
    assert!(said.contains(words), "{said}");
}

#[test]
fn a_file_of_others_is_not_written_over() {
    let folder = Folder::with(&[
        ("a.h", SAXPY.as_bytes()),
        ("a.cu", b"__global__ void mine() {}\n"),
        ("notes.json", b"{\"version\": 1}\n"),
    ]);
    super::rejected(
        "foreign",
        &folder,
        &[
            &["a.h", "--check=off"],
            &["a.h", "--check=off", "-o", "b.cu", "--report", "notes.json"],
            &["graph", "build", "a.h", "-o", "notes.json"],
        ],
    );
    assert_eq!(folder.read("a.cu"), "__global__ void mine() {}\n");
    // Asked for, and once it is mupac's, again and again.
    for arguments in [&["a.h", "--check=off", "-f"][..], &["a.h", "--check=off"]] {
        let said = folder.run(arguments);
        assert!(said.contains("exit code 0\n"), "{said}");
        assert!(folder.read("a.cu").contains("saxpy_l2<<<"));
    }
    for form in ["plan", "ir"] {
        let emit = format!("--emit={form}");
        let twice = [0, 1].map(|_| folder.run(&["a.h", "--check=off", &emit, "-o", "out"]));
        assert!(twice[1].contains("exit code 0\n"), "{}", twice[1]);
    }
    let report = ["a.h", "--check=off", "--report", "r.json"];
    let twice = [0, 1].map(|_| folder.run(&report));
    assert!(twice[1].contains("exit code 0\n"), "{}", twice[1]);
}

/// Every run prints another line, and no number in another way.
const ADDRESS: &str = "#include <stdio.h>
static double a[100];
int main(void) {
    int here = 0;
    for (int i = 0; i < 100; i++)
        a[i] = i * 0.5;
    for (int i = 0; i < 20; i++)
        printf(\"%g\\n\", a[i]);
    printf(\"%p\\n\", (void *)&here);
    return 0;
}
";

#[test]
fn what_was_not_compared_is_said() {
    let folder = Folder::with(&[("address.c", ADDRESS.as_bytes())]);
    let arguments = ["address.c", "--cpu-threshold=0", "--report=r.json"];
    let said = folder.run(&arguments);
    let words =
        "the whole program but for 1 line, which differs from run to run of the original, every";
    assert!(said.contains(words), "{said}");
    assert!(folder.read("address.cu").contains(words));
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["check"]["output"], "equal");
    assert_eq!(report["check"]["masked_lines"], 1);
}

/// Prints a table of which every line has a time by a clock that no check knows.
const TABLE: &str = "#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static double a[2000];
static double seconds(void) {
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}
static void report(const char *name, double start) {
    printf(\"%-8s %12.9f s\", name, seconds() - start);
#ifdef RESULT
    printf(\" %g\", a[1999]);
#endif
    printf(\"\\n\");
}
int main(void) {
    double start = seconds();
    for (int i = 0; i < 2000; i++) a[i] = i * 0.5;
    report(\"fill\", start);
    start = seconds();
    for (int i = 0; i < 2000; i++) a[i] *= 0.25;
    report(\"scale\", start);
    return 0;
}
";

#[test]
fn a_table_with_a_time_in_every_line_is_compared_but_for_the_times() {
    let folder = Folder::with(&[("table.c", TABLE.as_bytes())]);
    let run =
        |options: &[&str]| folder.run(&[&["table.c", "--cpu-threshold=0", "-f"], options].concat());
    let said = run(&["-DRESULT", "--report=r.json"]);
    let words =
        "the whole program but for 2 numbers, which differ from run to run of the original, every";
    assert!(
        said.contains(words) && said.contains("wrote table.cu: 2 kernels"),
        "{said}"
    );
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["check"]["masked_numbers"], 2);
    // Names and times say nothing of results.
    let said = run(&[]);
    let words = "of what the original program prints alike in every run nothing is known to depend on a kernel";
    assert!(
        said.contains(words) && said.contains("48 tests, 2 loops by themselves, every kernel"),
        "{said}"
    );
}

/// Prints times and rates, chooses by them, starts random numbers from one, waits for one to pass, and has a clock of its own.
const TIMES: &str = "#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static double a[100], best;
clock_t clock(void) { return 7; }
static double seconds(void) {
    struct timeval now;
    gettimeofday(&now, NULL);
    return now.tv_sec + now.tv_usec * 1e-6;
}
int main(void) {
    srand((unsigned)time(NULL));
    for (double start = seconds(); seconds() - start < 1;) {}
    for (int run = 0; run < 3; run++) {
        double start = seconds();
        for (int i = 0; i < 100; i++)
            a[i] = i * 0.5 + run;
        double rate = 100 / (seconds() - start);
        if (rate > best)
            best = rate;
        time_t now = time(NULL);
        printf(\"%g per second of %s\", rate, ctime(&now));
    }
    printf(\"%g %g %d %d\\n\", best, a[7], rand(), (int)clock());
    return 0;
}
";

#[test]
fn clocks_are_the_same_in_all_runs() {
    let folder = Folder::with(&[("times.c", TIMES.as_bytes())]);
    let said = folder.run(&["times.c", "--cpu-threshold=0", "--report=r.json"]);
    let words = "checked on the CPU: the whole program, every kernel launched, no race";
    assert!(said.contains(words), "{said}");
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["check"]["output"], "equal");
    assert!(report["check"]["masked_lines"].is_null(), "{said}");
}

/// The kernels of one function cannot be tested, that of the other can.
const PARTLY: &str = "void done(float *x);
void scale(int n, int m, float (*x)[m]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) x[i][j] *= 2;
    done(x[0]);
}
void halve(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] /= 2;
}
";

#[test]
fn kernels_that_could_not_be_tested_stay_where_the_user_says_so() {
    let folder = Folder::with(&[
        ("partly.c", PARTLY.as_bytes()),
        ("all.c", UNTESTED.as_bytes()),
    ]);
    let dropped = folder.run(&["partly.c", "--cpu-threshold=0"]);
    let why =
        "scale: it was launched in no test (scale: the check needs the file that defines done";
    assert!(dropped.contains(why), "{dropped}");
    assert!(
        dropped.contains("--unchecked=keep keeps kernels"),
        "{dropped}"
    );
    assert!(!folder.read("partly.cu").contains("scale_l3<<<"));
    let keep = ["--cpu-threshold=0", "--unchecked=keep", "--report=r.json"];
    let report = |file: &str| {
        let said = folder.run(&[&[file], &keep[..]].concat());
        assert!(said.contains("exit code 0\n"), "{said}");
        let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
        report["check"].clone()
    };
    let check = report("partly.c");
    assert_eq!(check["status"], "pass-partly");
    assert_eq!(check["untested_kernels"], serde_json::json!(["scale_l3"]));
    let text = folder.read("partly.cu");
    assert!(text.contains("scale_l3<<<") && text.contains("halve_l8<<<"));
    let words = "1 of 2 kernels launched, no race, untested and kept by --unchecked=keep: scale_l3";
    assert!(text.contains(words), "{text}");
    let check = report("all.c");
    assert_eq!(check["status"], "unchecked");
    assert_eq!(check["untested_kernels"], serde_json::json!(["scale_l2"]));
    let words = "// Not tested, its kernels kept by --unchecked=keep: ";
    assert!(folder.read("all.cu").contains(words));
}

/// One function is launched by the program alone, since nobody can make up its argument.
const BY_PROGRAM: &str = "#include <stdio.h>
static double a[100];
struct next { int (*f)(int); };
static void fill(int n, double *x, const struct next *next) {
    for (int i = 0; i < n; i++)
        x[i] = i * 0.5;
    x[0] = next->f(1);
}
static int one(int x) { return x; }
int main(void) {
    struct next next = {one};
    fill(100, a, &next);
    printf(\"%g\\n\", a[7]);
    return 0;
}
";

#[test]
fn a_function_that_was_not_tested_is_named() {
    let folder = Folder::with(&[("fill.c", BY_PROGRAM.as_bytes())]);
    let said = folder.run(&["fill.c", "--cpu-threshold=0", "--report=r.json"]);
    assert!(
        said.contains("note: the check does not say everything\n"),
        "{said}"
    );
    assert!(said.contains("not tested: fill: "), "{said}");
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    let untested = report["check"]["untested"][0].as_str().unwrap();
    assert!(untested.starts_with("fill: "), "{untested}");
}

/// It holds more and more memory, all of which is there.
const HOG: &str = "#include <stdlib.h>
#include <string.h>
static double a[100];
int main(void) {
    for (int i = 0; i < 100; i++)
        a[i] = i * 0.5;
    for (;;) {
        char *more = malloc(1 << 20);
        if (more)
            memset(more, 1, 1 << 20);
    }
}
";

#[test]
fn memory_without_end_is_ended() {
    let folder = Folder::with(&[("hog.c", HOG.as_bytes())]);
    let said = folder.run(&["hog.c", "--cpu-threshold=0", "--check-memory=256"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    let why = "the original program takes more than 256 MiB of memory";
    assert!(said.contains(why), "{said}");
    assert!(said.contains("24 tests, a loop by itself, every"), "{said}");
}

/// Its check has more to do than a second: it takes the limit of every run.
const ENDLESS: &str = "static double a[100];
int main(void) {
    volatile int turn = 0;
    for (int i = 0; i < 100; i++)
        a[i] = i * 0.5;
    for (;;)
        turn = !turn;
}
";

#[test]
fn a_program_has_its_share_of_the_time_of_checks() {
    let folder = Folder::with(&[("endless.c", ENDLESS.as_bytes())]);
    let said = folder.run(&["endless.c", "--cpu-threshold=0", "--check-time=4"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    let why = "the original program takes more than 0.5 s";
    assert!(said.contains(why), "{said}");
}

#[test]
fn many_loops_are_counted_and_listed_on_demand() {
    use std::fmt::Write;
    let mut text = String::new();
    for number in 0..32 {
        writeln!(
            text,
            "void f{number}(int n, float *x) {{ for (int i = 1; i < n; i++) x[i] /= x[i - 1]; }}"
        )
        .unwrap();
    }
    let folder = Folder::with(&[("many.c", text.as_bytes())]);
    let brief = folder.run(&["many.c", "--check=off"]);
    let count =
        "\n0 of 32 loops run on the GPU, in no kernel; -v says of each where it runs, and why\n";
    assert!(brief.contains(count), "{brief}");
    let reason = "\nmany.c:1, 2, 3 and 29 more  sequential  host  MUPA101: i = 2 reads x[1], which i = 1 wrote\n";
    assert!(brief.contains(reason), "{brief}");
    assert!(!brief.contains("many.c:32"), "{brief}");
    let all = folder.run(&["many.c", "--check=off", "-v", "-f"]);
    assert!(
        all.contains("\nmany.c:32  sequential  host  MUPA101"),
        "{all}"
    );
}

#[test]
fn of_many_loops_kernels_have_a_line_each_and_the_others_one_for_a_reason() {
    use std::fmt::Write;
    let mut text = "#include <stdio.h>\n".to_owned();
    for number in 0..7 {
        write!(
            text,
            "void scale{number}(int n, double *x, double *y, double *z) {{
    for (int i = 0; i < n; i++) {{
        double value = x[i];
        for (int k = 0; k < n; k++) value = value * value + z[i];
        y[i] = value;
    }}
    for (int i = 0; i < n; i++) printf(\"%f\\n\", y[i]);
}}
"
        )
        .unwrap();
    }
    text += "int next(void);\nvoid fill(int n, int *x) {\n    for (int i = 0; i < n; i++) x[i] = next();\n}\n";
    let folder = Folder::with(&[("many.c", text.as_bytes())]);
    let brief = folder.run(&["many.c", "--check=off"]);
    let of_loops = brief.lines().filter(|line| line.starts_with("many.c:"));
    assert_eq!(of_loops.count(), 9, "{brief}");
    assert!(!brief.contains("in scale0_l3"), "{brief}");
    for expected in [
        "\nmany.c:3                     parallel    scale0_l3   1-D, 256, if n * n >= ",
        " and n >= 81 and 2 more conditions\n",
        "\nmany.c:8, 16, 24 and 4 more  sequential  host        MUPA202: calls printf\n",
        "sequential  host        MUPA201: calls next, whose effects are not known\n",
        "\n14 of 22 loops run on the GPU, in 7 kernels; -v says of each where it runs, and why\n",
    ] {
        assert!(brief.contains(expected), "{expected}{brief}");
    }
    let all = folder.run(&["many.c", "--check=off", "-v", "-f"]);
    assert!(all.contains("sequential  in scale0_l3 "), "{all}");
    assert!(!all.contains("more condition"), "{all}");
}

#[test]
fn what_was_tested_when_time_is_spent_stays() {
    let function = |number: usize| {
        format!(
            "void f{number}(int n, float *x) {{\n    for (int i = 0; i < n; i++)\n        x[i] = {number} * x[i] + i;\n}}\n"
        )
    };
    let text: String = (2..30).map(function).collect();
    let folder = Folder::with(&[("many.c", text.as_bytes())]);
    let said = folder.run(&["many.c", "--check-time=2"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    assert!(!said.contains("the check failed"), "{said}");
    assert!(said.contains("left out by --check-time: f"), "{said}");
    let kept = folder.read("many.cu");
    assert!(kept.contains("f2_l2<<<") && kept.contains(", cut short by --check-time"));
}

#[test]
fn atomics_of_c_are_named_where_they_are_included() {
    let text = "#include <stdio.h>\n#include <stdatomic.h>\nstatic atomic_int calls;\n\
        void count(void) { atomic_fetch_add(&calls, 1); }\n";
    let folder = Folder::with(&[("count.c", text.as_bytes())]);
    let said = folder.run(&["count.c"]);
    let is_named = said.contains("error: the atomics of <stdatomic.h> are not C++");
    assert!(is_named && said.contains("count.c:2:1"), "{said}");
    assert!(said.contains("exit code 1\n"), "{said}");
}
