//! What a translation is said to be worth.

use serde_json::Value;

use super::{Folder, SAXPY};

/// Sweeps over a plate of a size that is passed, and a recurrence on the host of a length that is passed.
const PLATE: &str = "#include <stdio.h>
#include <stdlib.h>
static float plate[2][1000000];
static void sweep(int n, const float *from, float *to) {
    for (int i = 1; i < n - 1; i++)
        to[i] = 0.5f * (from[i - 1] + from[i + 1]);
}
int main(int argc, char **argv) {
    int n = atoi(argv[1]), steps = atoi(argv[2]), turns = atoi(argv[3]);
    for (int i = 0; i < n; i++)
        plate[0][i] = i % 7;
    for (int t = 0; t < steps; t++)
        sweep(n, plate[t % 2], plate[1 - t % 2]);
    unsigned state = 1;
    for (int i = 0; i < turns; i++)
        state = state * 1664525u + 1013904223u + state / 7;
    printf(\"%f %u\\n\", plate[0][n / 2], state);
    return 0;
}
";

/// Returns what the report says of a run of the program.
fn worth(profiled: [&str; 3]) -> Value {
    let folder = Folder::with(&[("plate.c", PLATE.as_bytes())]);
    let argv = profiled.map(|word| format!("--profile-argv={word}"));
    let mut words = vec!["plate.c", "--report=r.json", "--check=off", "--profile"];
    words.extend(argv.iter().map(String::as_str));
    let said = folder.run(&words);
    assert!(said.contains("predicted "), "{said}");
    let report = std::fs::read(folder.path().join("r.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["worth"]["is_measured"], true);
    is_as_said(&report["worth"], &said);
    report["worth"].clone()
}

/// Asserts that a report holds what the message ends with.
fn is_as_said(worth: &Value, said: &str) {
    let ratio = |key: &str| {
        let ratio = worth["times_as_fast"][key].as_f64().unwrap();
        if ratio < 10.0 {
            format!("{ratio:.1}")
        } else {
            format!("{ratio:.0}")
        }
    };
    let [low, likely, high] = ["at_worst", "likely", "at_best"].map(ratio);
    let gpu = worth["gpu"].as_str().unwrap();
    let title =
        format!("predicted {likely} times as fast on {gpu} as on one core ({low} to {high})");
    assert!(said.contains(&title), "{said}\n{worth}");
    let share = format!("{:.0} % of the time", number(worth, "share") * 100.0);
    assert!(!worth["is_measured"].as_bool().unwrap() || said.contains(&share));
    let parts = number(worth, "host") * (1.0 - number(worth, "share"))
        + number(worth, "kernels")
        + number(worth, "copies")
        + number(worth, "start");
    assert!((number(worth, "predicted") / parts - 1.0).abs() < 0.06);
    if let Some(hindrance) = worth["hindrance"].as_object() {
        for key in ["what", "help"] {
            assert!(said.contains(hindrance[key].as_str().unwrap()), "{said}");
        }
    }
}

#[test]
fn the_report_holds_what_is_predicted_at_typical_sizes() {
    let folder = Folder::with(&[("saxpy.c", SAXPY.as_bytes())]);
    let said = folder.run(&["saxpy.c", "--check=off", "--report=r.json"]);
    let report = std::fs::read(folder.path().join("r.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["worth"]["is_measured"], false);
    assert!(report["worth"]["hindrance"].is_object(), "{report}");
    is_as_said(&report["worth"], &said);
}

fn number(worth: &Value, key: &str) -> f64 {
    worth[key].as_f64().unwrap()
}

#[test]
fn a_profile_tells_the_share_of_kernels() {
    let worth = worth(["1000000", "1500", "10"]);
    assert!(number(&worth, "share") > 0.6, "{worth}");
    assert!(number(&worth, "kernels") > 0.0, "{worth}");
    assert!(
        number(&worth, "kernels") < number(&worth, "host"),
        "{worth}"
    );
}

#[test]
fn a_profile_counts_what_a_run_copies() {
    let worth = worth(["1000000", "40", "10"]);
    // Nothing goes there and back between the sweeps: what the host prints comes home, once.
    let bytes = worth["bytes"].as_array().unwrap();
    let [to, from] = [&bytes[0], &bytes[1]].map(|bytes| bytes.as_f64().unwrap());
    assert!(to <= 8e6 && from > 0.0 && from <= 8e6, "{worth}");
}

#[test]
fn a_profile_names_the_loop_that_stays_on_the_host() {
    let worth = worth(["1000", "1", "30000000"]);
    assert!(number(&worth, "share") < 0.2, "{worth}");
    let what = worth["hindrance"]["what"].as_str().unwrap();
    assert!(what.starts_with("the loop of line 15, MUPA"), "{what}");
}

#[test]
fn the_start_of_the_gpu_is_named_where_it_decides() {
    let start = "what it takes to start using the GPU, once a run";
    let long = worth(["1000000", "200", "10"]);
    assert_eq!(long["hindrance"]["what"], start, "{long}");
    let on_host = worth(["1000000", "5", "30000000"]);
    assert_ne!(on_host["hindrance"]["what"], start, "{on_host}");
}

#[test]
fn a_profile_tells_runs_that_are_too_small() {
    let worth = worth(["20", "3000000", "1"]);
    assert_eq!(worth["kernels"], 0.0, "{worth}");
    let what = worth["hindrance"]["what"].as_str().unwrap();
    let expected = "sweep:5, of which 3000000 of 3000000 runs are too small for the GPU";
    assert_eq!(what, expected);
}

#[test]
fn a_profile_needs_a_program() {
    let folder = Folder::with(&[("saxpy.c", SAXPY.as_bytes())]);
    let said = folder.run(&["saxpy.c", "--profile", "--check=off"]);
    assert!(said.contains("exit code 0"), "{said}");
    assert!(
        said.contains("warning: --profile tells nothing: no file of the command line has a main"),
        "{said}"
    );
    assert!(
        said.contains("every kernel once, at typical sizes"),
        "{said}"
    );
}

#[test]
fn a_program_that_fails_has_no_profile() {
    let folder = Folder::with(&[("plate.c", PLATE.as_bytes())]);
    // Without arguments it reads behind the last.
    let said = folder.run(&["plate.c", "--profile", "--check=off"]);
    assert!(said.contains("exit code 0"), "{said}");
    let why = "warning: --profile tells nothing: the original does not come to its end";
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_profile_runs_the_main_of_another_file() {
    let main = "void scale(int n, double *x, double f);
static double x[2000000];
int main(void) {
    for (int t = 0; t < 20; t++)
        scale(2000000, x, 1.01);
    return x[7] != 0;
}
";
    let scale = "void scale(int n, double *x, double f) {
    for (int i = 0; i < n; i++)
        x[i] *= f;
}
";
    let files = [("main.c", main.as_bytes()), ("scale.c", scale.as_bytes())];
    let folder = Folder::with(&files);
    let said = folder.run(&["main.c", "scale.c", "--profile", "--check=off"]);
    assert!(!said.contains("--profile tells nothing"), "{said}");
    // Each file has its part of one run, and nearly all of it is in one of them.
    let shares = said.lines().filter_map(|line| {
        let (percent, _) = line
            .strip_prefix(" = ")?
            .split_once(" % of the time on one core")?;
        percent.parse::<f64>().ok()
    });
    let shares: Vec<f64> = shares.collect();
    let [main, scale] = shares.as_slice() else {
        panic!("{said}");
    };
    assert!(*main < 40.0 && *scale > 60.0, "{said}");
}

/// A part of an array whose ends are both passed, one of them as how much is left out at either side.
const PART: &str =
    "void first_to_last(int first, int last, const double *restrict x, double *restrict y) {
    for (int t = 0; t < 50; t++)
        for (int j = 1; j <= last - first + 1; j++)
            y[j] = y[j] * 0.5 + x[j];
}
void inside(int n, int margin, const double *restrict x, double *restrict y) {
    for (int t = 0; t < 50; t++)
        for (int j = margin; j < n - margin; j++)
            y[j] = y[j] * 0.5 + x[j];
}
";

#[test]
fn differences_of_bounds_are_sizes() {
    let folder = Folder::with(&[("part.c", PART.as_bytes())]);
    let said = folder.run(&["part.c", "--check=off"]);
    assert!(said.contains("wrote part.cu: 2 kernels"), "{said}");
}

/// Solves a Toeplitz system: two short sweeps a turn over arrays of 2,000, and the host writes one element between.
///
/// Measured on 2026-11-26 on an H100: with kernels from 1,700 iterations on it took 14 times as long as one core.
const DURBIN: &str = "#define N 2000
void durbin(int n, const double r[N], double y[N]) {
    double z[N], alpha = -r[0], beta = 1;
    y[0] = -r[0];
    for (int k = 1; k < n; k++) {
        double sum = 0;
        beta = (1 - alpha * alpha) * beta;
        for (int i = 0; i < k; i++) sum += r[k - i - 1] * y[i];
        alpha = -(r[k] + sum) / beta;
        for (int i = 0; i < k; i++) z[i] = y[i] + alpha * y[k - i - 1];
        for (int i = 0; i < k; i++) y[i] = z[i];
        y[k] = alpha;
    }
}
";

#[test]
fn small_copies_between_launches_count() {
    let folder = Folder::with(&[("durbin.c", DURBIN.as_bytes())]);
    let said = folder.run(&["durbin.c", "--check=off", "--message-format", "short"]);
    let refused = said.lines().filter(|line| line.contains("MUPA506"));
    let refused = refused.filter(|line| line.contains("for copies"));
    assert_eq!(refused.count(), 2, "{said}");
}

/// Factors a matrix by rows: the upper part of each could be computed at once, but the host goes on with what it left.
const LU: &str = "#define N 2000
static double a[N][N];
void lu(int n) {
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[k][j];
            a[i][j] /= a[j][j];
        }
        for (int j = i; j < n; j++)
            for (int k = 0; k < i; k++) a[i][j] -= a[i][k] * a[k][j];
    }
}
";

#[test]
fn what_the_host_takes_whole_between_launches_is_copied_each_time() {
    let folder = Folder::with(&[("lu.c", LU.as_bytes())]);
    let said = folder.run(&["lu.c", "--check=off", "--message-format", "short"]);
    let refused = said.lines().find(|line| line.contains("MUPA506"));
    let refused = refused.unwrap_or_else(|| panic!("{said}"));
    assert!(refused.contains(" ms for copies"), "{said}");
}

/// Fills an array and looks at what came of it; a second call of `fill` may stand where the comment is.
const ONCE: &str = "#include <stdio.h>
#include <stdlib.h>
static void fill(double *a, int n) {
    for (int i = 0; i < n; i++) a[i] = (double)(i % 13) / n;
}
static void smooth(const double *a, double *b, int n) {
    for (int i = 1; i < n - 1; i++) b[i] = (a[i - 1] + a[i] + a[i + 1]) / 3;
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 5000;
    double *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b);
    fill(a, n);
    // again
    smooth(a, b, n);
    printf(\"%g\\n\", b[n / 2]);
    return 0;
}
";

/// Returns from how many iterations on `fill` runs on the device.
fn least_to_fill(text: &str) -> u64 {
    let folder = Folder::with(&[("once.c", text.as_bytes())]);
    let said = folder.run(&["once.c", "--check=off"]);
    let line = said.lines().find(|line| line.contains("fill_l4"));
    let (_, number) = line.and_then(|line| line.split_once("n >= ")).unwrap();
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn what_runs_once_pays_for_the_way_of_its_results() {
    let once = least_to_fill(ONCE);
    let twice = least_to_fill(&ONCE.replace("// again", "fill(b, n);"));
    assert!(once > 2 * twice, "{once} for one call, {twice} for two");
}
