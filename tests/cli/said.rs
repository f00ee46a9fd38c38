//! What is said of kernels that there are not, of options that have no effect, and of checks that do not say everything.

use super::{Folder, SAXPY};

/// A kernel that no test can launch: its function takes a pointer to a function.
const UNTESTED: &str = "void scale(int n, float *x, void (*done)(float *)) {
    for (int i = 0; i < n; i++)
        x[i] *= 2;
    done(x);
}
";

#[test]
fn dropped_kernels_are_said_even_quietly() {
    let folder = Folder::with(&[("scale.c", UNTESTED.as_bytes())]);
    let quiet = folder.run(&["scale.c", "-q"]);
    let words = "warning: kernels were dropped: that of line 2 could not be tested";
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
        "// Kernels were dropped: that of line 2 could not be tested."
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
            &["a.c", "-march=native"],
            &["a.c", "--serch-budget", "9"],
            &["a.c", "--seed", "-1"],
            &["a.c", "--check-time", "0"],
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
const CLOCK: &str = "#include <stdio.h>
#include <time.h>
static double a[100];
int main(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    for (int i = 0; i < 100; i++)
        a[i] = i * 0.5;
    for (int i = 0; i < 20; i++)
        printf(\"%g\\n\", a[i]);
    printf(\"%ld\\n\", now.tv_nsec);
    return 0;
}
";

#[test]
fn what_was_not_compared_is_said() {
    let folder = Folder::with(&[("clock.c", CLOCK.as_bytes())]);
    let arguments = ["clock.c", "--cpu-threshold=0", "--report=r.json"];
    let said = folder.run(&arguments);
    let words =
        "the whole program but for 1 line, which differs from run to run of the original, every";
    assert!(said.contains(words), "{said}");
    assert!(folder.read("clock.cu").contains(words));
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["check"]["output"], "equal");
    assert_eq!(report["check"]["masked_lines"], 1);
}

/// One function is launched by the program alone, since nobody can make up its argument.
const BY_PROGRAM: &str = "#include <stdio.h>
static double a[100];
static void fill(int n, double *x, int (*next)(int)) {
    for (int i = 0; i < n; i++)
        x[i] = i * 0.5;
    x[0] = next(1);
}
static int one(int x) { return x; }
int main(void) {
    fill(100, a, one);
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
    assert!(
        said.contains("warning: kernels were dropped: that of line 5"),
        "{said}"
    );
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
fn the_time_of_all_checks_has_a_bound() {
    let folder = Folder::with(&[("endless.c", ENDLESS.as_bytes())]);
    let said = folder.run(&["endless.c", "--cpu-threshold=0", "--check-time=1"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    let why = "the check has used its 1 s of processor time";
    assert!(said.contains(why), "{said}");
}
