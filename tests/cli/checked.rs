//! What checks see of functions whose arrays are not simply the host's.

use super::Folder;

/// A sum over rows, which a kernel computes in another order.
const SUM_OF_ROWS: &str = "float total(int n, int m, float **rows) {
    float sum = 0.0f;
    for (int i = 0; i < n; i++) {
        float *row = rows[i];
        for (int j = 0; j < m; j++)
            sum += row[j] * row[j];
    }
    return sum;
}
";

/// A sum over memory that a structure passed by value leads to.
const SUM_OF_VIEW: &str = "struct view { int n; float scale; const float *data; };
float total(struct view v) {
    float sum = 0.0f;
    const float *x = v.data;
    int n = v.n;
    for (int i = 0; i < n; i++)
        sum += v.scale * x[i];
    return sum;
}
";

/// Checks that every test of a sum says something: one whose result has no bound and differs in the last bits says
/// nothing, and counts as dropped.
fn has_bounds(text: &str) {
    let folder = Folder::with(&[("total.c", text.as_bytes())]);
    folder.run(&["total.c", "--cpu-threshold=0", "--report=r.json"]);
    let report = std::fs::read(folder.path().join("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let check = &report["check"];
    assert_eq!(
        (&check["tests"], &check["dropped"]),
        (&24.into(), &0.into())
    );
    // Where a size is zero, rows have no spacing, and another guard says no.
    let survivors = check["mutants"]["survivors"].as_array().unwrap();
    let is_guard = |each: &serde_json::Value| {
        each.as_str()
            .unwrap()
            .starts_with("guard-dropped (loop-runs)")
    };
    assert!(survivors.iter().all(is_guard), "{survivors:?}");
}

#[test]
fn sums_over_rows_have_bounds() {
    has_bounds(SUM_OF_ROWS);
}

#[test]
fn sums_over_what_a_structure_leads_to_have_bounds() {
    has_bounds(SUM_OF_VIEW);
}

/// A function that works on the device's memory, and one that cannot: the host reads what it is passed.
const PASSED: &str = "void twice(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] *= 2;
}
float first(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] *= 2;
    return x[0];
}
";

#[test]
fn memory_of_the_device_is_not_copied() {
    let folder = Folder::with(&[("passed.c", PASSED.as_bytes())]);
    let said = folder.run(&["passed.c", "--memory=device", "--strict-check"]);
    insta::assert_snapshot!("device_memory", said);
    let text = std::fs::read_to_string(folder.path().join("passed.cu")).unwrap();
    assert!(text.contains("// Pointer arguments lead to memory of the device: twice.\n"));
    assert!(text.contains("twice_l2<<<mupac::blocks(n, 256), 256>>>(x, n);"));
    assert!(!text.contains("cudaMemcpy") && !text.contains("first_l6"));
}

#[test]
fn memory_of_the_device_is_passed_on() {
    let text = "void scale(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] *= 2;
}
static void add(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] += x[i];
}
void step(int n, float *x, float *y) {
    scale(n, x);
    add(n - 1, x + 1, y);
}
void kept(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] -= 2;
}
float looks(int n, float *x) {
    kept(n, x);
    return x[0];
}
";
    let folder = Folder::with(&[("passed.c", text.as_bytes())]);
    let said = folder.run(&["passed.c", "--memory=device", "--strict-check"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    let text = std::fs::read_to_string(folder.path().join("passed.cu")).unwrap();
    let taken = "// Pointer arguments lead to memory of the device: scale, add, step.\n";
    assert!(text.contains(taken), "{text}");
    assert!(!text.contains("kept_l14"), "{text}");
}

/// A function that others call, and a program that is called once and whose loops share an array.
const CALLED: &str = "\
void scale(int n, double *x) {
    for (int i = 0; i < n; i++)
        x[i] *= 2;
}
";
const ALONE: &str = "\
static double x[100000];
int main(void) {
    for (int i = 0; i < 100000; i++)
        x[i] = i;
    double seven = x[7];
    for (int i = 0; i < 100000; i++)
        x[i] *= 2;
    return x[3] + seven != 13;
}
";

#[test]
fn what_copies_outlive_is_the_users_choice() {
    let files = [("called.c", CALLED), ("alone.c", ALONE)];
    let folder = Folder::with(&files.map(|(name, text)| (name, text.as_bytes())));
    let text = |name: &str, coherence: &str| {
        let option = format!("--coherence={coherence}");
        folder.run(&[
            name,
            "--check=off",
            "--force",
            "--cpu-threshold=100",
            &option,
        ]);
        std::fs::read_to_string(folder.path().join(name).with_extension("cu")).unwrap()
    };
    let assumed = "// Copies of arrays rest on the device between calls: no other device may write that memory of the host.\n";
    assert!(text("called.c", "pages").contains(assumed));
    assert!(text("called.c", "pages").contains("mupac::Mirror<double> x_d(x, n, 2);"));
    // What runs once has no use for it.
    assert_eq!(text("alone.c", "pages"), text("alone.c", "proof"));
    assert!(text("alone.c", "proof").contains("mupac::Residence"));
    assert!(!text("alone.c", "copy").contains("mupac::Residence"));
}

/// A function that g++ would inline, since it is called once; with the bounds of its rows checked, g++ 12 ends there.
const ROWS_IN_ONE_CALL: &str = "\
static void relax(int n, double *restrict cells, double *restrict next) {
    double (*a)[n] = (double (*)[n])cells;
    double (*b)[n] = (double (*)[n])next;
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < n - 1; j++)
            b[i][j] = a[i][j] + a[i][j - 1] + a[i - 1][j];
}
int main(void) {
    static double cells[400], next[400];
    relax(20, cells, next);
    return next[30] != 0;
}
";

#[test]
fn rows_in_a_function_called_once_are_compiled() {
    let folder = Folder::with(&[("rows.c", ROWS_IN_ONE_CALL.as_bytes())]);
    let said = folder.run(&["rows.c", "--no-parallel"]);
    assert!(said.contains("exit code 0\n"), "{said}");
}

/// A function that is passed a pointer to nothing known, which it leaves alone; it passes on the address of a structure that
/// holds none.
const TIMED: &str = "#include <sys/time.h>
struct run { struct timeval start; void *more; };
void timed(struct run *run, float *x) {
    gettimeofday(&run->start, 0);
    for (int i = 0; i < 1000; i++)
        x[i] *= 2;
}
";

#[test]
fn pointers_that_a_function_leaves_alone_need_no_type() {
    let folder = Folder::with(&[("timed.c", TIMED.as_bytes())]);
    let said = folder.run(&["timed.c", "--cpu-threshold=0"]);
    assert!(said.contains("checked on the CPU: 24 tests"), "{said}");
    assert!(said.contains("wrote timed.cu: 1 kernel"), "{said}");
}

/// A sum in another order, of which nearly everything cancels, behind a call that the interpreter does not follow.
const CANCELLED: &str = r#"#include <stdio.h>
#include <stdlib.h>
#define N 200000
static double x[N];
static int order(const void *a, const void *b) {
    double u = *(const double *)a, v = *(const double *)b;
    return (u > v) - (u < v);
}
int main(void) {
    for (int i = 0; i < N; i++) x[i] = 1.0 / (i + 3);
    qsort(x, N, sizeof *x, order);
    double s = 0;
    for (int i = 0; i < N; i++) s += x[i] * x[i];
    printf("%d values, sum %.9f, off by %.3e\n", N, s, s - 0.3949290669107256);
    return 0;
}
"#;

#[test]
fn numbers_of_unknown_bounds_may_move_as_far_as_other_orders_move_them() {
    let run = |fault: &str| {
        let text = format!("{fault}{CANCELLED}");
        let folder = Folder::with(&[("c.c", text.as_bytes())]);
        let said = folder.run(&["c.c", "--cpu-threshold=0"]);
        let written = std::fs::read_to_string(folder.path().join("c.cu")).unwrap_or_default();
        (said, written)
    };
    let (said, written) = run("");
    let words =
        "the whole program with numbers as near as what it prints with sums in other orders";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("wrote c.cu: 2 kernels"), "{said}");
    assert!(written.contains(words), "{written}");
    // What every block adds is little, and more than that.
    let sum = "#ifdef __GXX_WEAK__\n\
               namespace mupac { inline void nothing() {} }\n\
               #define block_sum nothing(); s += 1e-15; mupac::block_sum\n\
               #endif\n";
    let (said, written) = run(sum);
    assert!(!written.contains(words), "{said}");
    assert!(said.contains("wrote c.cu: 1 kernel\n"), "{said}");
}

/// Inner products that are too short to pay, and too many to launch each on the CPU, beside one loop that is long.
const MANY_SHORT: &str = r#"#include <stdio.h>
#define N 60000
#define D 12
static double x[N][D], w[D], y[N];
static double dot(const double *a, const double *b, int n) {
    double s = 0;
    for (int i = 0; i < n; i++) s += a[i] * b[i];
    return s;
}
int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) x[i][j] = (i * 7 + j) % 13;
    for (int j = 0; j < D; j++) w[j] = j % 3;
    double last = 0;
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < N; i++) {
            last = dot(x[i], w, D) - last / 2;
            if (last > 1e6) printf("%d %f\n", i, last);
        }
    for (int i = 0; i < N; i++) y[i] = x[i][3] * 2;
    printf("%f %f\n", last, y[N / 2]);
    return 0;
}
"#;

#[test]
fn a_program_that_would_launch_too_often_launches_what_pays() {
    let folder = Folder::with(&[("short.c", MANY_SHORT.as_bytes())]);
    let said = folder.run(&["short.c"]);
    let words = "the program with launches that do not pay: it takes more than";
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("check failed"), "{said}");
    assert!(said.contains("dot_l7"), "{said}");
}

/// A generator of numbers that overflows, as in many programs, beside a loop that does not.
const OVERFLOWING: &str = r#"#include <stdio.h>
static int x[500];
int main(void) {
    int seed = 7;
    for (int i = 0; i < 500; i++) {
        seed = seed * 1103515245 + 12345;
        x[i] = (seed >> 16) & 0x7fff;
    }
    for (int i = 0; i < 500; i++) x[i] = x[i] * 2 + 1;
    printf("%d\n", x[77] + x[SUBSCRIPT]);
    return 0;
}
"#;

#[test]
fn signed_numbers_that_overflow_are_what_the_compiler_makes_of_them() {
    let run = |subscript: &str| {
        let text = format!("#define SUBSCRIPT {subscript}\n{OVERFLOWING}");
        Folder::with(&[("c.c", text.as_bytes())]).run(&["c.c", "--cpu-threshold=0"])
    };
    let said = run("3");
    assert!(
        said.contains("checked on the CPU: the whole program, every kernel"),
        "{said}"
    );
    let words = "not tested: other outcomes of what C leaves open: ";
    assert!(
        said.contains(words) && said.contains("signed integer overflow"),
        "{said}"
    );
    // Beside anything else that C leaves open it decides nothing.
    let said = run("(x[2] + 600)");
    let words = "has undefined behaviour: c.c:11:29: runtime error: index";
    assert!(said.contains(words), "{said}");
}

#[test]
fn types_that_are_left_out_are_written_out_without_warnings_too() {
    let text = "counter;\nmain()\n{\n    counter += 1;\n    return counter - 1;\n}\n";
    let folder = Folder::with(&[("c.c", text.as_bytes())]);
    let said = folder.run(&["c.c", "-std=gnu99", "-w"]);
    assert!(
        said.contains("exit code 0\n") && !said.contains("warning"),
        "{said}"
    );
    assert!(folder.read("c.cu").contains("int main()"), "{said}");
}

#[test]
fn rows_of_every_kind_are_what_the_program_says() {
    let functions = include_str!("../corpus/rows_of_pointers.c");
    let main = include_str!("rows_of_pointers_main.c");
    let text = format!("{functions}\n{main}");
    let folder = Folder::with(&[("rows.c", text.as_bytes())]);
    let options = [
        "rows.c",
        "--cpu-threshold=1",
        "--check-level=quick",
        "--strict-check",
    ];
    let said = folder.run(&options);
    assert!(
        said.contains("the whole program, every kernel launched, no race"),
        "{said}"
    );
    assert!(
        said.contains("exit code 0\n") && !said.contains("dropped"),
        "{said}"
    );
}

/// Returns a program that chooses what to do by a name, as benchmarks do.
fn choosing(choices: usize) -> String {
    let others =
        (1..choices).map(|at| format!("    else if (!strcmp(name, \"k{at}\")) x[{at}] = {at};\n"));
    let others = others.collect::<Vec<_>>().concat();
    format!(
        "#include <stdio.h>
#include <string.h>
static float x[4000];
static void fill(const char *name) {{
    if (!strcmp(name, \"k0\"))
        for (int i = 0; i < 4000; i++) x[i] = 1.0f / (i + 3);
{others}    else if (!strcmp(name, \"last\"))
        for (int i = 0; i < 4000; i++) x[i] += 0.1f;
}}
int main(void) {{
    float sum = 0;
    fill(\"k0\");
    fill(\"k{}\");
    fill(\"last\");
    for (int i = 0; i < 4000; i++) sum += x[i];
    printf(\"%.6f\\n\", sum);
    return 0;
}}
",
        choices - 1
    )
}

#[test]
fn a_program_that_chooses_by_name_among_many_is_checked_as_a_whole() {
    let folder = Folder::with(&[("choose.c", choosing(160).as_bytes())]);
    let said = folder.run(&["choose.c", "--cpu-threshold=0", "--check-level=quick"]);
    assert!(
        said.contains("8 tests, the whole program up to the bound on rounding, every kernel"),
        "{said}"
    );
    assert!(said.contains("wrote choose.cu: 3 kernels"), "{said}");
}
