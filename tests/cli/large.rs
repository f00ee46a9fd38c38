//! Functions whose constants make one call too long for a test.

use serde_json::Value;

use super::Folder;

/// A product of matrices as it is typed first.
const PRODUCT: &str = "#define N 512
void gemm(double a[N][N], double b[N][N], double c[N][N]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}
";

/// A program with several loops over its own arrays, of which a function is told how long they are.
const PROGRAM: &str = "#include <stdio.h>
enum { SIZE = 1 << 9 };
static float a[SIZE][SIZE], b[SIZE][SIZE];
static void square(int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            b[i][j] = 0;
            for (int k = 0; k < n; k++)
                b[i][j] += a[i][k] * a[k][j];
        }
}
int main(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            a[i][j] = (float)((i + 2 * j) % 100);
    square(SIZE);
    double sum = 0;
    for (int i = 0; i < SIZE; i++)
        sum += b[i][i];
    printf(\"%g\\n\", sum);
    return 0;
}
";

/// An array that is too large, whose size a header has.
const ELSEWHERE: &str = "#include \"size.h\"
void twice(float x[SIZE][SIZE]) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            x[i][j] *= 2;
}
";

/// One whose size is no number that is known to be one.
const OCTAL: &str = "void twice(float x[0100000000]) {
    for (int i = 0; i < 0100000000; i++)
        x[i] *= 2;
}
";

/// Returns what the report says of the check.
fn check(folder: &Folder) -> Value {
    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    report["check"].clone()
}

#[test]
fn a_function_is_checked_with_smaller_constants_and_a_sample_of_its_blocks() {
    let folder = Folder::with(&[("gemm.c", PRODUCT.as_bytes())]);
    let said = folder.run(&["gemm.c", "--report=r.json", "--strict-check"]);
    let tested = "with smaller constants (128 for 512), a sample of the blocks at full size";
    assert!(said.contains(tested), "{said}");
    let text = folder.read("gemm.cu");
    assert!(
        text.contains(tested) && text.contains("gemm_l3<<<"),
        "{text}"
    );
    let check = check(&folder);
    assert_eq!(check["smaller_constants"][0]["512"], 128);
    let seen = check["full_size"]["gemm"].as_str().unwrap();
    assert!(seen.starts_with("12 of 128 blocks wrote "), "{seen}");
}

#[test]
fn a_program_is_checked_with_smaller_constants() {
    let folder = Folder::with(&[("program.c", PROGRAM.as_bytes())]);
    let said = folder.run(&["program.c", "--strict-check"]);
    let tested = "the whole program, with smaller constants (64 for 512)";
    assert!(said.contains(tested), "{said}");
    assert!(folder.read("program.cu").contains("<<<"));
}

#[test]
fn a_size_of_a_header_is_smaller_in_the_header() {
    let header: &[u8] = b"#define SIZE 4096\n";
    let folder = Folder::with(&[("twice.c", ELSEWHERE.as_bytes()), ("size.h", header)]);
    let said = folder.run(&["twice.c", "--strict-check"]);
    let tested = "with smaller constants (64 for 4096), a sample of the blocks at full size";
    assert!(said.contains(tested), "{said}");
    assert!(folder.read("twice.cu").contains("SIZE == 4096"));
    assert_eq!(folder.read("size.h").as_bytes(), header);
}

#[test]
fn what_has_no_smaller_program_says_why_it_is_not_tested() {
    let folder = Folder::with(&[("twice.c", OCTAL.as_bytes())]);
    let said = folder.run(&["twice.c"]);
    let why = "one call takes too long for a test, and no smaller program of its form was found: \
               none of its constants is a size that can be smaller";
    assert!(said.contains(why), "{said}");
    assert!(!folder.read("twice.cu").contains("<<<"));
}

/// A program that takes long however small its sizes are, with a function that does not.
const LONG_MAIN: &str = "#define SIZE 512
static float a[SIZE][SIZE], b[SIZE][SIZE];
void add(float k) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            b[i][j] += k * a[j][i];
}
int main(void) {
    for (int t = 0; t < 60; t++)
        for (int u = 0; u < 60; u++)
            for (int v = 0; v < 60; v++)
                add(0.5f);
    return b[1][1] != 0;
}
";

#[test]
fn a_function_is_checked_where_its_program_takes_too_long() {
    let folder = Folder::with(&[("long.c", LONG_MAIN.as_bytes())]);
    let said = folder.run(&["long.c", "--check-time=12"]);
    assert!(said.contains("wrote long.cu: 1 kernel"), "{said}");
    assert!(said.contains("with smaller constants ("), "{said}");
}

/// A program of which no text tells how long its rows are.
const ROWS: &str = "#include <stdio.h>
#include <stdlib.h>
#define N 65536
#define STEPS 400
static int start[N + 1];
static double x[N], y[N];
int main(int argc, char **argv) {
    int width = argc > 1 ? atoi(argv[1]) : 1;
    for (int i = 0; i <= N; i++)
        start[i] = i * width;
    for (int i = 0; i < N; i++)
        x[i] = i % 7;
    for (int t = 0; t < STEPS; t++)
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (int k = start[i]; k < start[i + 1]; k++)
                sum += x[k % N];
            y[i] = sum;
        }
    printf(\"%g\\n\", y[N / 2]);
    return 0;
}
";

#[test]
fn a_smaller_program_is_one_that_is_run_quickly() {
    let smaller_by_width = |width: u32| {
        let folder = Folder::with(&[("rows.c", ROWS.as_bytes())]);
        let width = format!("--test-argv={width}");
        let said = folder.run(&["rows.c", "--check-time=20", "--report=r.json", &width]);
        assert!(said.contains("the whole program, with smaller"), "{said}");
        check(&folder)["smaller_constants"][0]["65536"].as_u64()
    };
    let [short, long] = [1, 20_000].map(smaller_by_width);
    assert!(long < short, "{long:?} for long rows, {short:?} for short");
}

/// A program whose time steps and grid are numbers that variables are set to, some of them of the whole file.
const STEPS: &str = "#include <stdio.h>
#define SIZE 200
#define STEPS 900
static int points[2];
static double a[SIZE][SIZE], b[SIZE][SIZE];
static void smooth(void) {
    for (int i = 1; i < points[0] - 1; i++)
        for (int j = 1; j < points[1] - 1; j++)
            b[i][j] = (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]) / 4;
    for (int i = 1; i < points[0] - 1; i++)
        for (int j = 1; j < points[1] - 1; j++)
            a[i][j] = b[i][j];
}
int main(void) {
    int steps = STEPS;
    points[0] = SIZE;
    points[1] = SIZE;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            a[i][j] = i % 7 + j % 5;
    for (int step = 1; step <= steps; step++) {
        if (step % 100 == 1) printf(\"step %d\\n\", step);
        smooth();
    }
    printf(\"%g after %d steps\\n\", a[SIZE / 2][SIZE / 2], steps);
    return 0;
}
";

#[test]
fn time_steps_become_few_and_sizes_of_the_whole_file_are_known() {
    let folder = Folder::with(&[("steps.c", STEPS.as_bytes())]);
    let said = folder.run(&["steps.c", "--report=r.json"]);
    let check = check(&folder);
    assert!(said.contains("the whole program, with smaller"), "{said}");
    assert_eq!(check["smaller_constants"][0]["900"], 8, "{said}");
    assert_eq!(check["output"], "equal");
}

/// A program whose sizes variables of the file hold, which a structure gets.
const HANDED_ON: &str = "#include <stdio.h>
#include <stdlib.h>
typedef struct { int n; float *cells; } grid;
static int n = 2000;
static int steps = 3000;
static void make(grid *g, int n) {
    g->n = n;
    g->cells = calloc((size_t)n * n, sizeof *g->cells);
}
static void step(grid *g) {
    for (int i = 0; i < g->n; i++)
        for (int j = 0; j < g->n; j++)
            g->cells[i * g->n + j] += 0.5f * j;
}
int main(void) {
    grid g;
    make(&g, n);
    for (int t = 0; t < steps; t++)
        step(&g);
    printf(\"%g\\n\", g.cells[n * n - 1]);
    return 0;
}
";

#[test]
fn sizes_that_are_handed_on_get_smaller() {
    let folder = Folder::with(&[("grid.c", HANDED_ON.as_bytes())]);
    let said = folder.run(&["grid.c", "--check-level=quick", "--strict-check"]);
    assert!(
        said.contains("the whole program, with smaller constants ("),
        "{said}"
    );
    assert!(said.contains(" for 2000"), "{said}");
}

/// Two functions of which each has another form in the program that the other one is tested with: blocks of 256 threads need
/// whole blocks, and a product over sizes that large takes too long.
const OF_TWO_SIZES: &str = "#define REPEATS 1000
#define SIDE 8192
void decay(float *restrict v, const float *restrict w, float by) {
    for (int i = 0; i < SIDE; i++)
        for (int t = 0; t < REPEATS; t++)
            v[i] = v[i] * by + w[i];
}
void product(float (*restrict a)[SIDE], float (*restrict b)[SIDE], float (*restrict c)[SIDE]) {
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            float sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}
";

#[test]
fn functions_are_checked_in_smaller_programs_of_their_own() {
    let folder = Folder::with(&[("two.c", OF_TWO_SIZES.as_bytes())]);
    let said = folder.run(&["two.c", "--report=r.json", "--check-time=20"]);
    assert!(said.contains("wrote two.cu: 2 kernels"), "{said}");
    assert!(
        said.contains("with smaller constants (8 for 1000, 128 for 8192), (8 for 1000, 256 for"),
        "{said}"
    );
    let smaller = &check(&folder)["smaller_constants"];
    assert_eq!(smaller[0]["8192"], 128, "{said}");
    assert_eq!(smaller[1]["8192"], 256, "{said}");
}

/// A program that needs more of an array than its smallest form has.
const ELEMENT: &str = "#include <stdio.h>
#include <stdlib.h>
int main(void) {
    int n = 20000000;
    int *a = malloc(n * sizeof *a);
    for (int i = 0; i < n; i++) a[i] = i % 1000;
    long sum = 0;
    for (int i = 0; i < n; i++) sum += a[i];
    printf(\"%ld %d\\n\", sum, a[1500]);
    free(a);
    return 0;
}
";

#[test]
fn a_larger_program_is_tried_where_a_smaller_one_is_undefined() {
    let folder = Folder::with(&[("element.c", ELEMENT.as_bytes())]);
    let said = folder.run(&["element.c", "--report=r.json", "--cpu-threshold=0"]);
    assert!(said.contains("wrote element.cu: 2 kernels"), "{said}");
    let smaller = check(&folder)["smaller_constants"][0]["20000000"].as_u64();
    assert!(smaller.is_some_and(|n| n > 1500), "{said}");
}

/// A program whose text does not tell that its loops are long: sizes lie in a structure.
const MEMBERS: &str = "#include <stdio.h>
#include <stdlib.h>
typedef struct { int width, height; unsigned char *pixels; } image;
image *make(int width, int height) {
    image *made = malloc(sizeof *made);
    made->width = width;
    made->height = height;
    made->pixels = malloc(width * height);
    return made;
}
int main(void) {
    image *in = make(1200, 900), *part = make(32, 32);
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++)
            in->pixels[y * in->width + x] = (x * y + x) & 255;
    for (int y = 0; y < part->height; y++)
        for (int x = 0; x < part->width; x++)
            part->pixels[y * part->width + x] = (x + y) & 255;
    int best = 1 << 30;
    for (int y = 0; y <= in->height - part->height; y++)
        for (int x = 0; x <= in->width - part->width; x++) {
            int sum = 0;
            for (int j = 0; j < part->height; j++)
                for (int i = 0; i < part->width; i++) {
                    int d = in->pixels[(y + j) * in->width + x + i] - part->pixels[j * part->width + i];
                    sum += d * d;
                }
            if (sum < best) best = sum;
        }
    printf(\"%d\\n\", best);
    return 0;
}
";

#[test]
fn what_takes_long_in_a_run_is_checked_with_smaller_constants() {
    let folder = Folder::with(&[("members.c", MEMBERS.as_bytes())]);
    let said = folder.run(&["members.c", "--report=r.json", "--check-time=30"]);
    assert!(said.contains("wrote members.cu: 3 kernels"), "{said}");
    let smaller = check(&folder)["smaller_constants"][0]["1200"].as_u64();
    assert!(smaller.is_some_and(|width| width < 1200), "{said}");
}
