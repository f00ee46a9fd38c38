//! `mupac cc` in the place of a C compiler: what it makes is what the compiler makes, with kernels where loops have them.
//!
//! Kernels run on this machine's processor, and programs say which they launched.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files or its tools fail"
)]

#[path = "driver/project.rs"]
mod project;

use project::{HEAT, MAIN, Project, STEP_H, UNCHECKED};

#[test]
fn an_object_holds_its_kernels_and_the_rules_are_the_compilers() {
    let project = Project::with(&[
        ("src/heat.c", HEAT),
        ("src/step.h", STEP_H),
        ("main.c", MAIN),
    ]);
    let words =
        "-O2 -g -Wall -std=c99 -MD -MP -MF heat.d -MT x/heat.o -Isrc -c src/heat.c -o heat.o";
    let said = project.cc(words);
    assert!(
        said.stderr
            .contains("mupac: src/heat.c: kernels for the loops of lines 7, 13"),
        "{}",
        said.stderr
    );
    let rules = project.read("heat.d");
    project.gcc(words);
    assert_eq!(rules, project.read("heat.d"));
    let expected = project.gcc_program("-Isrc main.c src/heat.c -lm");
    project.cc(words);
    project.cc("-Isrc -c main.c");
    project.cc("main.o heat.o -lm -o program");
    let ran = project.run("program");
    assert_eq!(ran.stdout, expected);
    assert!(ran.stderr.contains("launched step_l"), "{}", ran.stderr);
}

#[test]
fn a_check_comes_before_kernels() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H)])
        .flags("--device=cpu --cpu-threshold=0 -v");
    let said = project.cc("-O2 -c heat.c");
    assert!(
        said.stderr.contains("checked on the CPU"),
        "{}",
        said.stderr
    );
    // What was found is said again, from what is kept.
    let again = project.cc("-O2 -c heat.c");
    assert_eq!(again.stderr, said.stderr);
}

#[test]
fn compiling_and_linking_in_one_has_kernels_as_well() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H), ("main.c", MAIN)]);
    let expected = project.gcc_program("main.c heat.c -lm");
    for words in [
        "main.c heat.c -lm -o program",
        "-x c main.c heat.c -o program -lm -MMD",
    ] {
        project.cc(words);
        let ran = project.run("program");
        assert_eq!(ran.stdout, expected, "{words}");
        assert!(
            ran.stderr.contains("launched step_l"),
            "{words}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_user_may_leave_all_loops_to_the_processor() {
    let project = Project::copy_of("examples/build").flags(UNCHECKED);
    let expected = project.gcc_program("-O2 main.c heat.c");
    project.cc("-O2 main.c heat.c -o program");
    let run = |offload| project.shell("./program", &[("MUPAC_OFFLOAD", offload)]);
    for (offload, launches) in [("disabled", false), ("mandatory", true), ("default", true)] {
        let ran = run(offload);
        assert_eq!(ran.stdout, expected, "{offload}");
        assert_eq!(ran.stderr.contains("launched"), launches, "{offload}");
    }
}

#[test]
fn functions_of_one_name_in_two_files_stay_apart() {
    let scaled = |by: &str| {
        format!(
            "static void run(int n, double *x) {{\n    for (int i = 0; i < n; i++) x[i] *= {by};\n}}\nvoid by_{by}(int n, double *x) {{ run(n, x); }}\n"
        )
    };
    let main = "#include <stdio.h>\nvoid by_2(int, double *); void by_3(int, double *);\n\
        int main(void) { double x[50]; for (int i = 0; i < 50; i++) x[i] = i; by_2(50, x); by_3(50, x); printf(\"%g\\n\", x[7]); }\n";
    let project = Project::with(&[
        ("a/run.c", &scaled("2")),
        ("b/run.c", &scaled("3")),
        ("main.c", main),
    ]);
    project.cc("-c a/run.c -o a/run.o");
    project.cc("-c b/run.c -o b/run.o");
    project.cc("main.c a/run.o b/run.o -o program");
    assert_eq!(project.run("program").stdout, "42\n");
}

#[test]
fn structures_of_one_name_in_two_files_stay_apart() {
    let file = |name: &str, members: &str| {
        format!(
            "struct P {{ {members} int k; }};\nstatic int out[100];\nstatic int work(struct P p, int n) {{\n    int sum = 0;\n    for (int i = 0; i < n; i++) out[i] = p.k * i;\n    for (int i = 0; i < n; i++) sum += out[i];\n    return sum;\n}}\nint {name}(int k) {{ struct P p = {{.k = k}}; return work(p, 100); }}\n"
        )
    };
    let main = "#include <stdio.h>\nint a(int); int b(int);\nint main(void) { printf(\"%d %d\\n\", a(3), b(5)); }\n";
    let (a, b) = (file("a", "double w;"), file("b", "int pad[20];"));
    let project = Project::with(&[("a.c", &a), ("b.c", &b), ("main.c", main)]);
    project.cc("-O2 -rdynamic a.c b.c main.c -o program");
    let ran = project.run("program");
    assert_eq!(ran.stdout, "14850 24750\n");
    assert!(
        ran.stderr.contains("launched work_l5 2 times"),
        "{}",
        ran.stderr
    );
    let symbols = project.tool("nm", "-D --defined-only program").stdout;
    assert!(
        symbols.contains(" a\n") && !symbols.contains("mupac"),
        "{symbols}"
    );
}

#[test]
fn libraries_hold_kernels() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H), ("main.c", MAIN)]);
    let expected = project.gcc_program("main.c heat.c -lm");
    project.cc("-fPIC -O2 -c heat.c");
    project.tool("ar", "rcs libheat.a heat.o");
    project.cc("main.c -L. -lheat -lm -o archived");
    project.cc("-shared heat.o -o libshared.so");
    // Who links a library with kernels needs nothing more.
    project.gcc("main.c -L. -lshared -lm -Wl,-rpath,. -o shared");
    for program in ["archived", "shared"] {
        let ran = project.run(program);
        assert_eq!(ran.stdout, expected, "{program}");
        assert!(
            ran.stderr.contains("launched step_l"),
            "{program}: {}",
            ran.stderr
        );
    }
}

#[test]
fn what_the_compiler_refuses_is_refused_in_its_words() {
    let project = Project::with(&[("wrong.c", "int f(void) { return x; }\n")]);
    let own = project.try_cc("-c wrong.c");
    let gcc = project.try_gcc("-c wrong.c");
    assert_eq!(own, gcc);
    assert_ne!(own.code, Some(0));
    assert!(!project.has("wrong.o"));
}

#[test]
fn what_is_no_compilation_is_the_compilers_alone() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H)]);
    for words in [
        "--version",
        "-E heat.c",
        "-MM heat.c",
        "-S -o - heat.c",
        "-fsyntax-only heat.c",
        "-print-file-name=libc.a",
        "no_such_file.c",
    ] {
        assert_eq!(project.try_cc(words), project.try_gcc(words), "{words}");
    }
}

#[test]
fn options_that_a_translation_would_not_keep_leave_the_object_alone() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H)]);
    for option in [
        "-trigraphs",
        "-fwrapv",
        "-fno-strict-aliasing",
        "-fsanitize=address",
        "--coverage",
        "-fopenmp",
    ] {
        let said = project.cc(&format!("{option} -c heat.c"));
        assert_eq!(said.stderr, "", "{option}");
        let own = project.read("heat.o");
        project.gcc(&format!("{option} -c heat.c"));
        // Where executions are counted the object says when it was made.
        let is_same = own == project.read("heat.o") || option == "--coverage";
        assert!(is_same, "{option}");
    }
}

#[test]
fn what_the_front_end_would_not_see_is_not_translated() {
    let chosen = |condition: &str| {
        format!(
            "void f(int n, double *x) {{\n#{condition}\n    x[0] = 1;\n#endif\n    for (int i = 0; i < n; i++) x[i] *= 2;\n}}\n"
        )
    };
    let verbose = format!("{UNCHECKED} -v");
    let unlike = [
        "ifdef __OPTIMIZE__",
        "if !defined __clang__",
        "if __GNUC__ > 4",
        "ifdef __PIC__",
    ];
    for condition in unlike {
        let project = Project::with(&[("a.c", &chosen(condition))]).flags(&verbose);
        let said = project.cc("-O2 -fPIC -c a.c").stderr;
        assert!(
            said.contains("a.c is not translated: a.c:3: "),
            "{condition}: {said}"
        );
    }
    let value = "#ifdef __clang__\n#define F(x) x * 2\n#else\n#define F(x) x * 3\n#endif\nvoid f(int n, double *x) {\n    for (int i = 0; i < n; i++) x[i] = F(i);\n}\n";
    let lines = "#line 500 \"x.l\"\nvoid f(int n, double *x) {\n    for (int i = 0; i < n; i++) x[i] = i;\n}\n";
    for (text, why) in [(value, "a.c:2: "), (lines, "it names #line")] {
        let said = Project::with(&[("a.c", text)]).cc("-c a.c").stderr;
        assert!(
            said.contains(&format!("a.c is not translated: {why}")),
            "{said}"
        );
    }
    for condition in ["ifndef NOTHING", "ifdef __GNUC__"] {
        let project = Project::with(&[("a.c", &chosen(condition))]).flags(UNCHECKED);
        let said = project.cc("-O2 -fPIC -c a.c").stderr;
        assert!(
            said.contains("a.c: a kernel for the loop of line 5"),
            "{condition}: {said}"
        );
    }
}

#[test]
fn a_program_without_kernels_is_linked_as_it_was() {
    let text = "#include <math.h>\nint main(int n, char **v) { return (int)cos(n); }\n";
    let project = Project::with(&[("cos.c", text)]);
    // Scripts find out by trying what has to be linked.
    assert_ne!(
        project
            .try_cc("-fno-builtin cos.c -Wl,--no-as-needed -o cos")
            .code,
        Some(0)
    );
    project.cc("-fno-builtin cos.c -lm -o cos");
}

#[test]
fn words_may_stand_in_a_file_and_the_compiler_before_them() {
    let project = Project::with(&[
        ("heat.c", HEAT),
        ("step.h", STEP_H),
        ("words", "-O2 -c\nheat.c -DNOTE='a b'"),
    ]);
    assert!(
        project
            .cc("@words")
            .stderr
            .contains("heat.c: kernels for the loops of lines 7, 13")
    );
    assert!(
        project
            .cc("gcc -O2 -c heat.c")
            .stderr
            .contains("heat.c: kernels for the loops of lines 7, 13")
    );
    let linked = project.cc_by_name("-O2 -c heat.c --mupac-quiet");
    assert_eq!(linked.stderr, "");
}

#[test]
fn own_options_that_are_none_are_refused() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H)]);
    for (words, part) in [
        ("-c heat.c --mupac-device=toaster", "toaster"),
        ("-c heat.c --mupac-no-such", "--no-such"),
        ("-c heat.c --mupac-emit=ir", "--emit"),
        ("-c heat.c --mupac-require-parallel", "--require-parallel"),
        ("--mupac-cc=no-such-compiler -c heat.c", "no-such-compiler"),
    ] {
        let said = project.try_cc(words);
        assert_eq!(said.code, Some(1), "{words}");
        assert!(said.stderr.contains(part), "{words}: {}", said.stderr);
        assert!(!project.has("heat.o"), "{words}");
    }
}

#[test]
fn a_lack_of_nvcc_is_said_once_a_build() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H), ("x.c", "int x;\n")]);
    let project = project.with_own_cache();
    let script = "\"$MUPAC_BINARY\" cc -c x.c 2>quiet; cat quiet; for i in 1 2 3; do \"$MUPAC_BINARY\" cc -c heat.c || exit 1; done";
    let said = project.shell(script, &[("MUPAC_FLAGS", ""), ("MUPAC_NVCC", "/no/nvcc")]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    // Of what has no loops nothing could be lost.
    assert_eq!(said.stdout, "");
    assert_eq!(
        said.stderr.matches("there is no nvcc").count(),
        1,
        "{}",
        said.stderr
    );
}

#[test]
fn what_is_kept_can_be_seen_and_removed() {
    let project = Project::with(&[("heat.c", HEAT), ("step.h", STEP_H)]).with_own_cache();
    project.cc("-c heat.c");
    let shown = project.mupac("cache").stdout;
    assert!(
        shown.contains("2 folders of translations and kernels"),
        "{shown}"
    );
    assert!(
        project
            .mupac("cache --clear")
            .stdout
            .contains("removed 2 folders")
    );
    assert!(project.mupac("cache").stdout.contains(" 0 folders"));
}

/// A program of three files, one of them in an archive, and of which no file alone shows what its loop calls.
fn whole() -> Project {
    let scale = "double factor(int k);\nvoid scale(int n, double *u) {\n    for (int i = 0; i < n; i++)\n        u[i] *= factor(i);\n}\n";
    let factor = "double factor(int k) { return k % 3 + 0.5; }\n";
    let main = "#include <stdio.h>\n#include <stdlib.h>\nvoid scale(int n, double *u);\nint main(void) {\n    \
                double *u = malloc(100 * sizeof *u), sum = 0;\n    for (int i = 0; i < 100; i++) u[i] = i;\n    \
                scale(100, u);\n    for (int i = 0; i < 100; i++) sum += u[i];\n    printf(\"%.3f\\n\", sum);\n    \
                free(u);\n    return 0;\n}\n";
    Project::with(&[
        ("scale.c", scale),
        ("src/factor.c", factor),
        ("main.c", main),
    ])
    .flags(&format!("{UNCHECKED} --whole-program"))
}

#[test]
fn a_whole_program_is_translated_as_one_when_it_is_linked() {
    let project = whole();
    let expected = project.gcc_program("-O2 main.c scale.c src/factor.c");
    for words in ["-O2 -c main.c scale.c", "-O2 -c src/factor.c"] {
        assert_eq!(project.cc(words).stderr, "", "{words}");
    }
    project.tool("ar", "rcs libfactor.a factor.o");
    for words in [
        "main.o scale.o factor.o -o program",
        "main.o scale.o -L. -lfactor -o program",
        "-O2 main.c scale.c libfactor.a -o program",
        "-O2 main.c scale.c src/factor.c -o program",
    ] {
        let said = project.cc(words).stderr;
        let kernels =
            "mupac: the whole program: kernels for the loops of main.c:6, main.c:8, scale.c:3";
        assert!(said.starts_with(kernels), "{words}: {said}");
        let ran = project.run("program");
        assert_eq!(ran.stdout, expected, "{words}");
        assert!(
            ran.stderr.contains("launched scale_l"),
            "{words}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_program_is_what_its_objects_were_made_of() {
    let project = whole();
    project.cc("-O2 -c main.c scale.c src/factor.c");
    let objects = "main.o scale.o factor.o";
    let expected = project.gcc_program(objects);
    let source = project.path().join("src/factor.c");
    std::fs::write(&source, "double factor(int k) { return k; }\n").unwrap();
    let said = project.cc(&format!("{objects} -o program")).stderr;
    assert!(
        said.contains("factor.o has changed since it was compiled"),
        "{said}"
    );
    assert_eq!(project.run("program").stdout, expected);
    // What the linker puts in the place of something is taken.
    project.cc("-O2 -c src/factor.c");
    let other = "double __wrap_factor(int k) { return 7 - k % 2; }\n";
    std::fs::write(project.path().join("other.c"), other).unwrap();
    project.cc("-O2 -c other.c");
    let objects = format!("{objects} other.o -Wl,--wrap=factor");
    let expected = project.gcc_program(&objects);
    let said = project.cc(&format!("{objects} -o program")).stderr;
    assert!(said.contains("not translated as a whole: --wrap"), "{said}");
    assert_eq!(project.run("program").stdout, expected);
}

#[test]
fn a_program_with_parts_that_nobody_has_seen_is_no_whole() {
    let project = whole();
    project.cc("-O2 -c main.c scale.c");
    project.gcc("-O2 -c src/factor.c");
    let words = "main.o scale.o factor.o -o program";
    let expected = project.gcc_program(&words.replace("-o program", ""));
    let said = project.cc(words).stderr;
    let why = "the program is not translated as a whole: mupac cc has not compiled factor.o";
    assert!(said.contains(why), "{said}");
    assert!(
        said.contains("mupac: main.c: kernels for the loops"),
        "{said}"
    );
    assert_eq!(project.run("program").stdout, expected);
    // Neither is one whose files are compiled in several ways.
    project.cc("-O2 -DTHREE=3 -c src/factor.c");
    let said = project.cc(words).stderr;
    assert!(said.contains("are compiled with other options"), "{said}");
    assert!(
        said.contains("mupac: main.c: kernels for the loops"),
        "{said}"
    );
    assert_eq!(project.run("program").stdout, expected);
}
