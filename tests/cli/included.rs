//! Files that the file to translate includes: which are parts of its text, and what is said of the others.

use super::Folder;

/// What small functions of headers are good for: loops call them.
const VECTOR: &str = "#ifndef VECTOR_H
#define VECTOR_H
#include <assert.h>
#include <math.h>
#ifdef __cplusplus
extern \"C\" {
#endif
typedef struct { float x, y; } vector;
static inline float square(float x) { return x * x; }
static inline float length(vector v) { return sqrtf(square(v.x) + square(v.y)); }
static inline void scale(vector *v, int n, float s) {
    assert(n < 4000);
    for (int i = 0; i < n; i++) {
        v[i].x *= s;
        v[i].y *= s;
    }
}
#ifdef __cplusplus
}
#endif
#endif
";

const MAIN: &str = "#include <stdio.h>
#include \"vector.h\"
static vector v[4000];
static float l[4000];
int main(int count, char **words) {
    for (int i = 0; i < 3000; i++) {
        v[i].x = i;
        v[i].y = words[0][0] != 0;
    }
    scale(v, 2999 + 1001 * (count > 1), 2);
    for (int i = 0; i < 3000; i++)
        l[i] = length(v[i]);
    for (int i = 1; i < 3000; i++)
        l[i] += l[i - 1] * l[i - 1];
    printf(\"%g %d\\n\", l[7], __LINE__);
    return 0;
}
";

const ALWAYS: &str = "--cpu-threshold=0";

/// Runs mupac with every loop that pays or not, and returns what a user sees of the loops.
fn said(folder: &Folder, arguments: &[&str]) -> String {
    let said = folder.run(&[arguments, &[ALWAYS]].concat());
    let times = |line: &&str| !line.starts_with("note: every kernel") && !line.starts_with(" = ");
    let kept: Vec<&str> = said.lines().filter(times).collect();
    kept.join("\n")
}

#[test]
fn functions_of_headers_are_seen_through_and_their_loops_translated() {
    let folder = Folder::with(&[("main.c", MAIN.as_bytes()), ("vector.h", VECTOR.as_bytes())]);
    insta::assert_snapshot!(said(&folder, &["main.c"]), @r#"
    $ mupac main.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    vector.h:13  parallel    scale_l13  1-D, 256
    main.c:6     parallel    main_l6    1-D, 256, if v[0..3000) does not contain words[0] and v[0..3000) does not contain words[0][0]
    main.c:11    parallel    main_l11   1-D, 256
    main.c:13    sequential  host       MUPA101: i = 2 reads l[1], which i = 1 wrote
    checked on the CPU: 24 tests, the whole program, every kernel launched, no race
    wrote main.cu: 3 kernels
    "#);
    let text = folder.read("main.cu");
    let line = "#line 12 \"vector.h\"\n    { mupac::Apart apart; assert(n < 4000); }";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("#include \"vector.h\""));
    assert!(text.contains("printf(\"%g %d\\n\", l[7], 15)"));
    let said = folder.run(&["main.c", "-v", "-f", "--check=off"]);
    let shown = "--> main.c:13:5\n   |\n13 |     for (int i = 1;";
    assert!(said.contains(shown), "{said}");
    let said = folder.run(&["main.c", "-o", "vector.h", "-f"]);
    assert!(said.contains("the input includes vector.h"), "{said}");
}

#[test]
fn standard_input_includes_as_files_do() {
    let folder = Folder::with(&[("vector.h", VECTOR.as_bytes())]);
    let said = folder.run_with(&["-", "--check=off", ALWAYS], MAIN);
    assert!(said.contains("vector.h:13  parallel"), "{said}");
    assert!(said.contains("<stdin>:11"), "{said}");
}

/// C that is no C++, with what another file defines before it.
const SOLVER: &str = "#include <stdlib.h>
static double *u;
static int size;
void start(int n) {
    size = n;
    u = malloc(n * sizeof *u);
    for (int i = 0; i < n; i++)
        u[i] = weight(i);
}
double sum(void) {
    double s = 0;
    for (int i = 0; i < size; i++)
        s += u[i];
    return s;
}
";

const UNITY: &str = "#include <stdio.h>
static int weight(int i) { return i % 13; }
#include \"parts/all.h\"
int main(void) {
    start(5000);
    printf(\"%g\\n\", sum());
    return 0;
}
";

#[test]
fn unity_builds_are_one_text() {
    let folder = Folder::with(&[("main.c", UNITY.as_bytes())]);
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    let files = [
        (
            "all.h",
            "#pragma once\n#include \"sizes.h\"\n#include \"solver.c\"\n",
        ),
        ("sizes.h", "#define SIZES 1\n"),
        ("solver.c", SOLVER),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join("parts").join(name), text).unwrap();
    }
    insta::assert_snapshot!(said(&folder, &["main.c"]), @r#"
    $ mupac main.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    parts/solver.c:7   parallel  start_l7  1-D, 256
    parts/solver.c:12  parallel  sum_l12   1-D, 512
    checked on the CPU: 24 tests, the whole program, every kernel launched, no race, low coverage
    warning: the tests reach 100 % of the lines and 66 % of the outcomes of loops and branches
    note: the check does not say everything
    wrote main.cu: 2 kernels
    "#);
    let text = folder.read("main.cu");
    assert!(text.contains("/* parts/all.h */\n\n#include \"parts/sizes.h\"\n/* parts/solver.c */"));
    let said = said(&folder, &["main.c", "--split", "-o", "out"]);
    assert!(
        said.contains("wrote out/main.cu, out/main.c, out/main.mupac.h: 2 kernels"),
        "{said}"
    );
}

/// Functions by other names each time that it is read.
const FILL: &str = "static void NAME(TYPE *x, int n) {
    for (int i = 0; i < n; i++)
        x[i] = i;
}
";

const TWICE: &str = "#include <stdio.h>
#define NAME fill_floats
#define TYPE float
#include \"fill.h\"
#undef NAME
#undef TYPE
#define NAME fill_doubles
#define TYPE double
#include \"fill.h\"
float a[4000];
double b[4000];
int main(void) {
    fill_floats(a, 4000);
    fill_doubles(b, 4000);
    printf(\"%g %g\\n\", a[5], b[6]);
    return 0;
}
";

/// C that is no C++.
const IN_C: &str = "static inline int chosen(int x) { return _Generic(x, int: x + 1, default: 0); }
static inline void count(int *a, int n) {
    for (int i = 0; i < n; i++)
        a[i] = chosen(i);
}
";

const OF_C: &str = "#include <stdio.h>
#include \"in_c.h\"
int a[4000];
int main(void) {
    count(a, 4000);
    printf(\"%d\\n\", a[5]);
    return 0;
}
";

const ONCE: &str = "#include <stdio.h>
#include \"once.h\"
#include \"other.h\"
int a[4000];
int main(void) {
    add(a, 4000);
    printf(\"%d\\n\", a[5]);
    return 0;
}
";

#[test]
fn headers_that_stay_are_named_with_their_loops() {
    let once = "#pragma once\nstatic void add(int *a, int n) {\n    for (int i = 0; i < n; i++)\n        a[i] += i;\n}\n";
    let within = "int a[4000];\nvoid fill(void) {\n#include \"loop.h\"\n}\n";
    let folder = Folder::with(&[
        ("twice.c", TWICE.as_bytes()),
        ("fill.h", FILL.as_bytes()),
        ("of_c.c", OF_C.as_bytes()),
        ("in_c.h", IN_C.as_bytes()),
        ("once.c", ONCE.as_bytes()),
        ("once.h", once.as_bytes()),
        ("other.h", b"#include \"once.h\"\n"),
        ("within.c", within.as_bytes()),
        ("wrong.c", b"#include \"wrong.h\"\n#include \"right.h\"\nvoid set(int n, int *a) { add(a, n); both(a, n); }\n"),
        ("wrong.h", once.replace("once", "mupac nothing").as_bytes()),
        ("right.h", once.replace("once", "GCC diagnostic push").replace("add", "both").as_bytes()),
        ("loop.h", b"for (int i = 0; i < 4000; i++)\n    a[i] = i;\n"),
    ]);
    let files = ["twice.c", "of_c.c", "once.c", "within.c", "wrong.c"];
    let said = files.map(|file| folder.run(&[file, ALWAYS]));
    let said = said.map(|said| said.split("note: every").next().unwrap().to_owned());
    insta::assert_snapshot!(said.join("\n\n"), @r#"
    $ mupac twice.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    note: fill.h: 2 loops are not translated: it is included more than once
     = help: what holds them is translated where its text stands in twice.c
    checked on the CPU: the whole program
    wrote twice.cu: no kernel


    $ mupac of_c.c --cpu-threshold=0
    exit code 1
    --- standard output
    --- standard error
    error[MUPA402]: C++ has no `_Generic`
      --> in_c.h:1:42
      |
    1 | static inline int chosen(int x) { return _Generic(x, int: x + 1, default: 0); }
      |                                          ^^^^^^^^
      |
      = help: `--split -o FOLDER`, which leaves the file C and puts kernels beside it; or write that place so that C and C++ agree on it
      = see:  mupac explain MUPA402



    $ mupac once.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    note: once.h: 1 loop is not translated: it says #pragma once, and more than one line may include it
     = help: what holds them is translated where its text stands in once.c
    checked on the CPU: the whole program
    wrote once.cu: no kernel


    $ mupac within.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    note: loop.h: 1 loop is not translated: it is included within a function
     = help: what holds them is translated where its text stands in within.c
    not tested: there is neither main nor a function with a kernel
    wrote within.cu: no kernel


    $ mupac wrong.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    note: wrong.h: 1 loop is not translated: line 1: mupac knows no clause `nothing`, only extent(p: n)
     = help: what holds them is translated where its text stands in wrong.c
    right.h:3  parallel  both_l3  1-D, 256
    checked on the CPU: 24 tests, every kernel launched, no race
    wrote wrong.cu: 1 kernel
    "#);
    assert!(folder.read("twice.cu").contains("#include \"fill.h\""));
}

#[test]
fn files_of_one_program_share_a_guarded_header() {
    let other = "#include \"vector.h\"\nvoid lengths(const vector *v, float *l, int n) {\n    for (int i = 0; i < n; i++)\n        l[i] = length(v[i]);\n}\n";
    let main = MAIN.replace(
        "static vector v",
        "void lengths(const vector *v, float *l, int n);\nstatic vector v",
    );
    let main = main.replace(
        "    for (int i = 0; i < 3000; i++)\n        l[i] = length(v[i]);\n",
        "    lengths(v, l, 3000);\n",
    );
    let folder = Folder::with(&[
        ("main.c", main.as_bytes()),
        ("other.c", other.as_bytes()),
        ("vector.h", VECTOR.as_bytes()),
    ]);
    insta::assert_snapshot!(said(&folder, &["main.c", "other.c", "-o", "one.cu"]), @r#"
    $ mupac main.c other.c -o one.cu --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    vector.h:13  parallel    scale_l13   1-D, 256
    main.c:7     parallel    main_l7     1-D, 256, if v[0..3000) does not contain words[0] and v[0..3000) does not contain words[0][0]
    main.c:13    sequential  host        MUPA101: i = 2 reads l[1], which i = 1 wrote
    other.c:3    parallel    lengths_l3  1-D, 256, if v[0..n) and l[0..n) do not overlap
    checked on the CPU: 48 tests, the whole program, every kernel launched, no race
    wrote one.cu: 3 kernels
    "#);
    insta::assert_snapshot!(said(&folder, &["main.c", "other.c"]), @r#"
    $ mupac main.c other.c --cpu-threshold=0
    exit code 0
    --- standard output
    --- standard error
    vector.h:13  parallel    scale_l13  1-D, 256
    main.c:7     parallel    main_l7    1-D, 256, if v[0..3000) does not contain words[0] and v[0..3000) does not contain words[0][0]
    main.c:13    sequential  host       MUPA101: i = 2 reads l[1], which i = 1 wrote
    checked on the CPU: 24 tests, the whole program, every kernel launched, no race
    wrote main.cu: 2 kernels
    vector.h:13  parallel  scale_l13   1-D, 256
    other.c:3    parallel  lengths_l3  1-D, 256, if v[0..n) and l[0..n) do not overlap
    checked on the CPU: 48 tests, the whole program, every kernel launched, no race
    wrote other.cu: 2 kernels
    note: each file by itself copies what its kernels need, at each call from another file
    "#);
}

/// A size that files of one program share, in a header that is a part of one of them.
const SIZES: &str = "#ifndef SIZES_H
#define SIZES_H
#define SIZE 2000
extern float table[SIZE];
static inline float mixed(float a, float b) { return a * 0.5f + b; }
#endif
";

const LONG: &str = "#include \"sizes.h\"
void fill_table(void);
float table[SIZE];
void long_way(float *x) {
    fill_table();
    for (int t = 0; t < 10000; t++)
        for (int i = 0; i < SIZE; i++)
            x[i] = x[i] * 0.5f + table[i];
}
void short_way(float *x) {
    for (int i = 0; i < 10; i++)
        x[i] = mixed(x[i], 3);
}
";

const FILLED: &str = "#include \"sizes.h\"
void fill_table(void) {
    for (int i = 0; i < SIZE; i++)
        table[i] = i % 7;
}
";

#[test]
fn other_files_get_the_smaller_sizes_of_a_header_in_the_text() {
    let folder = Folder::with(&[
        ("long.c", LONG.as_bytes()),
        ("filled.c", FILLED.as_bytes()),
        ("sizes.h", SIZES.as_bytes()),
    ]);
    folder.run(&["long.c", "filled.c", ALWAYS]);
    let text = folder.read("long.cu");
    assert!(!text.contains("#include \"sizes.h\""), "{text}");
    assert!(text.contains("with smaller constants ("), "{text}");
    std::fs::create_dir(folder.path().join("sizes")).unwrap();
    let moved = folder.path().join("sizes/sizes.h");
    std::fs::rename(folder.path().join("sizes.h"), moved).unwrap();
    let said = folder.run(&["long.c", "filled.c", "-Isizes", "-f", ALWAYS]);
    assert!(said.contains("with smaller constants"), "{said}");
    std::fs::create_dir(folder.path().join("src")).unwrap();
    for name in ["long.c", "filled.c"] {
        let moved = folder.path().join("src").join(name);
        std::fs::rename(folder.path().join(name), moved).unwrap();
    }
    let said = folder.run(&["src/long.c", "src/filled.c", "-Isizes", ALWAYS]);
    assert!(
        said.contains("needs the file that defines fill_table"),
        "{said}"
    );
}
