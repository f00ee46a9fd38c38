//! Several files on one command line, which are linked into each other's checks.

use super::Folder;

/// What the files of a program say of each other.
const HEADER: &str = "#define SIZE 2000
extern float table[SIZE];
float weight(int i);
void fill(int n, float *x);
void scale(int n, const float *x, float *y);
struct hidden;
void twice(struct hidden *memory, int n);
";

const MAIN: &str = "#include <stdio.h>
#include \"program.h\"
static float x[100], y[100];
int main(void) {
    fill(100, x);
    scale(100, x, y);
    twice((struct hidden *)y, 100);
    printf(\"%g\\n\", y[99]);
    return 0;
}
";

const UTIL: &str = "#include \"program.h\"
static int helper(int i) { return i + 1; }
float table[SIZE];
float weight(int i) { return 1.0f / helper(i); }
void fill(int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] = i * 0.5f;
}
";

/// One function calls what another file defines; what the other one is passed nobody can make up.
const SCALE: &str = "#include \"program.h\"
static int helper(int i) { return i + 3; }
void scale(int n, const float *x, float *y) {
    float factor = weight(helper(0));
    for (int i = 0; i < n; i++)
        y[i] = factor * x[i];
}
void twice(struct hidden *memory, int n) {
    float *x = (float *)memory;
    for (int i = 0; i < n; i++)
        x[i] *= 2;
}
";

fn program() -> Folder {
    Folder::with(&[
        ("program.h", HEADER.as_bytes()),
        ("main.c", MAIN.as_bytes()),
        ("util.c", UTIL.as_bytes()),
        ("scale.c", SCALE.as_bytes()),
    ])
}

#[test]
fn what_another_file_defines_is_there_in_a_check() {
    let folder = program();
    let alone = folder.run(&["scale.c"]);
    let why = "the check needs the file that defines weight";
    assert!(alone.contains(why), "{alone}");
    assert!(alone.contains("48 tests, 2 loops by themselves"), "{alone}");
    let said = folder.run(&["scale.c", "util.c"]);
    assert!(said.contains("48 tests, a loop by itself"), "{said}");
}

#[test]
fn the_main_of_another_file_tests_what_no_test_can_call() {
    let folder = program();
    let said = folder.run(&["main.c", "scale.c", "util.c", "--strict-check"]);
    assert!(said.contains("wrote scale.cu: 2 kernels"), "{said}");
    let verdict = "Checked on the CPU: 24 tests, the whole program, every kernel launched, no race";
    assert!(folder.read("scale.cu").contains(verdict));
    assert!(folder.read("util.cu").contains(verdict));
    let whole = "Checked on the CPU: the whole program.\n";
    assert!(folder.read("main.cu").contains(whole));
}

/// Another program, with a function of its own by a name that the first one has, and a file that nothing compiles.
const OTHER: &str = "#include <stdio.h>
float weight(int i) { return i; }
static float z[50];
int main(void) {
    for (int i = 0; i < 5; i++)
        z[i] = weight(i);
    puts(z[3] == 3 ? \"right\" : \"wrong\");
    return 0;
}
";

#[test]
fn files_of_other_programs_do_no_harm() {
    let folder = program();
    let broken = b"float weight(int i) { return nothing; }\n";
    std::fs::write(folder.path().join("other.c"), OTHER).unwrap();
    std::fs::write(folder.path().join("broken.c"), broken).unwrap();
    let files = ["other.c", "broken.c", "main.c", "scale.c", "util.c"];
    let said = folder.run(&[&files[..], &["--cpu-threshold=0"]].concat());
    assert!(said.contains("wrote other.cu: 1 kernel"), "{said}");
    assert!(said.contains("wrote scale.cu: "), "{said}");
    assert!(!said.contains("the check failed"), "{said}");
    assert!(folder.read("main.cu").contains("the whole program"));
}

/// A sum over what another file fills, too much of it for a test.
const LONG: &str = "#include \"program.h\"
void fill_table(void);
float table[SIZE];
void long_way(float *x) {
    fill_table();
    for (int t = 0; t < 10000; t++)
        for (int i = 0; i < SIZE; i++)
            x[i] = x[i] * 0.5f + table[i];
}
";

const FILL_TABLE: &str = "#include \"program.h\"
void fill_table(void) {
    for (int i = 0; i < SIZE; i++)
        table[i] = i % 7;
}
";

#[test]
fn other_files_get_smaller_constants_with_the_file_under_test() {
    let folder = program();
    std::fs::write(folder.path().join("long.c"), LONG).unwrap();
    std::fs::write(folder.path().join("filled.c"), FILL_TABLE).unwrap();
    let said = folder.run(&["long.c", "filled.c", "--cpu-threshold=0"]);
    assert!(said.contains("wrote long.cu: 1 kernel"), "{said}");
    let text = folder.read("long.cu");
    assert!(text.contains("with smaller constants ("), "{text}");
}

/// What reads a constant that is smaller in a test, by another path than the file under test has to it, and what does not.
const ELSEWHERE: [(&str, &str); 2] = [
    (
        "filled.c",
        "#include \"../main/program.h\"\nvoid fill_table(void) {\n    for (int i = 0; i < SIZE; i++)\n        table[i] = i % 7;\n}\n",
    ),
    (
        "filled.c",
        "extern float table[];\nvoid fill_table(void) {\n    for (int i = 0; i < 5; i++)\n        table[i] = i % 7;\n}\n",
    ),
];

#[test]
fn files_of_other_folders_are_linked_where_no_header_of_theirs_gets_smaller_constants() {
    let tested = ELSEWHERE.map(|(name, text)| {
        let folder = Folder::with(&[]);
        for (name, text) in [
            ("main/program.h", HEADER),
            ("main/long.c", LONG),
            (&format!("common/{name}"), text),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let file = format!("common/{name}");
        let said = folder.run(&["main/long.c", &file, "--cpu-threshold=0"]);
        assert!(said.contains("exit code 0\n"), "{said}");
        said.contains("wrote main/long.cu: 1 kernel")
    });
    assert_eq!(tested, [false, true]);
}

const SIZES: &str = "#include <stdio.h>
#include <stdlib.h>
void diffuse(int n, const double *from, double *to);
static int n = 2000;
static int steps = 1000;
int main(void) {
    double *u = calloc((size_t)n * n, sizeof *u), *v = calloc((size_t)n * n, sizeof *v);
    u[n * n / 2 + n / 2] = 1000;
    for (int t = 0; t < steps; t += 2) {
        diffuse(n, u, v);
        diffuse(n, v, u);
    }
    printf(\"%.6f %.6f\\n\", u[n * n / 2 + n / 2], u[n * n / 2 + 1]);
    return 0;
}
";

const KERNEL: &str = "void diffuse(int n, const double *from, double *to) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < n - 1; j++) {
            double sides = from[(i - 1) * n + j] + from[(i + 1) * n + j];
            double ends = from[i * n + j - 1] + from[i * n + j + 1];
            to[i * n + j] = from[i * n + j] + 0.1 * (sides + ends - 4 * from[i * n + j]);
        }
}
";

#[test]
fn a_program_whose_sizes_stand_in_another_file_is_checked_with_smaller_ones() {
    let files = [("main.c", SIZES), ("diffuse.c", KERNEL)];
    let folder = Folder::with(&files.map(|(name, text)| (name, text.as_bytes())));
    let said = folder.run(&[
        "diffuse.c",
        "main.c",
        "--check-level=quick",
        "--check-time=30",
    ]);
    let words = "8 tests, the whole program, with smaller constants (";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("wrote diffuse.cu: 1 kernel"), "{said}");
}
