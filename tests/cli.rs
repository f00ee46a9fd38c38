//! The command line: every way to use it wrong, the exit codes, and where things are written.
//!
//! Snapshots hold exit code, standard output and standard error, with the temporary folder taken out.
#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test fail like the test"
)]

#[path = "cli/checked.rs"]
mod checked;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/included.rs"]
mod included;
#[path = "cli/large.rs"]
mod large;
#[path = "cli/machine.rs"]
mod machine;
#[path = "cli/project.rs"]
mod project;
#[path = "cli/said.rs"]
mod said;
#[path = "cli/shown.rs"]
mod shown;
#[path = "cli/split.rs"]
mod split;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/together.rs"]
mod together;
#[path = "cli/worth.rs"]
mod worth;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

const SAXPY: &str = "void saxpy(int n, float a, const float *x, float *y) {\n    \
                     for (int i = 0; i < n; i++)\n        y[i] = a * x[i] + y[i];\n}\n";

/// A temporary folder to run in, with some files.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("mupac").unwrap();
        command
            .current_dir(self.path())
            .env_remove("NO_COLOR")
            .args(arguments);
        command
    }

    /// Runs mupac and returns what a user sees.
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], stdin: &str) -> String {
        let output = self.command(arguments).write_stdin(stdin).output().unwrap();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(&*self.path().to_string_lossy(), "FOLDER")
        };
        format!(
            "$ mupac {}\nexit code {}\n--- standard output\n{}--- standard error\n{}",
            arguments.join(" "),
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr)
        )
    }

    /// Returns the names of the files, sorted.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }
}

/// Runs one command line after another in a folder where nothing may appear.
#[track_caller]
fn rejected(name: &str, folder: &Folder, command_lines: &[&[&str]]) {
    let before = folder.names();
    let said: Vec<String> = command_lines
        .iter()
        .map(|arguments| folder.run(arguments))
        .collect();
    assert_eq!(folder.names(), before, "something was left behind");
    insta::assert_snapshot!(name, said.join("\n"));
}

#[test]
fn usage_errors_are_exit_code_1() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes()), ("b.c", SAXPY.as_bytes())]);
    rejected(
        "usage",
        &folder,
        &[
            &[],
            &["a.c", "--no-such-option"],
            &["a.c", "-O4"],
            &["a.c", "--check=moon"],
            &["a.c", "--memory=system", "--coherence=pages"],
            &["a.c", "-v", "-q"],
            &["a.c", "--no-parallel", "--require-parallel"],
            &["a.c", "--strict-check", "--check=off"],
            &["a.c", "b.c", "-o", "out.cu"],
            &["a.c", "b.c", "--report", "out.json"],
            &["a.c", "b.c", "--plan", "a.plan"],
            &["a.c", "b.c", "--whole-program"],
            &["a.c", "-I"],
            &["a.c", "-x", "c++"],
            &["a.c", "-fwrapv"],
        ],
    );
}

#[test]
fn what_is_no_c_file_is_named() {
    let long = format!("int f(void) {{ return {}unknown; }}\n", "0 + ".repeat(1000));
    let folder = Folder::with(&[
        ("zero.c", b"int a;\n\0\n"),
        ("latin.c", b"// caf\xe9\nchar a = '\xe9';\n"),
        ("wrong.c", b"int f(void) {\n    return unknown;\n}\n"),
        ("missing_header.c", b"#include <no_such_header.h>\n"),
        ("long.c", long.as_bytes()),
        ("a.cpp", SAXPY.as_bytes()),
        ("conversion.c", b"#include \"conversion.h\"\n"),
        (
            "conversion.h",
            b"void *bytes(int);\nstatic int *one(void) {\n    return bytes(4);\n}\n",
        ),
        ("a.c", SAXPY.as_bytes()),
    ]);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    rejected(
        "inputs",
        &folder,
        &[
            &["nothing.c"],
            &["folder"],
            &["zero.c"],
            &["latin.c"],
            &["wrong.c"],
            &["missing_header.c"],
            &["a.c", "-include", "no_such_header.h"],
            &["a.c", "-std=c77"],
            &["long.c"],
            &["a.cpp"],
            &["conversion.c"],
            &["wrong.c", "--message-format=short"],
            &["wrong.c", "--message-format=json"],
            &["a.c", "--test-stdin", "nothing"],
        ],
    );
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("a.h", SAXPY.as_bytes()),
        ("a.plan", b"mupac-plan 1\n"),
        (
            "kept.cu",
            b"// kept.c translated by mupac 0.1.0: no loop runs on the GPU.\n",
        ),
        ("t.jsonl", b""),
    ]);
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let kept = folder.path().join("kept.cu");
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o444)).unwrap();
    rejected(
        "outputs",
        &folder,
        &[
            &["a.c", "--check=off", "-o", "folder"],
            &["a.c", "--check=off", "-o", "no/such/out.cu"],
            &["a.c", "--check=off", "-o", "kept.cu"],
            &["a.c", "--check=off", "-o", "a.c"],
            &["a.c", "--check=off", "-o", "same", "--report", "./same"],
            &["a.c", "--check=off", "--report", "a.c"],
            &["a.c", "a.h", "--check=off"],
            &["a.c", "--check=off", "--plan", "a.plan", "-o", "a.plan"],
            &["graph", "build", "t.jsonl", "-o", "t.jsonl"],
            &["a.c", "--emit=ir", "-o", "folder"],
        ],
    );
    assert!(folder.read("kept.cu").starts_with("// kept.c translated"));
    assert_eq!(folder.read("a.c"), SAXPY);
    assert_eq!(folder.read("a.plan"), "mupac-plan 1\n");
}

#[test]
fn plan_files_are_told_by_line() {
    let folder = Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("header.plan", b"plan\n"),
        (
            "region.plan",
            b"mupac-plan 1\nregion other:7\nsplit i 256 -> i.o i.i\n",
        ),
        (
            "step.plan",
            b"mupac-plan 1\nregion saxpy:2\nturn i upside down\n",
        ),
        (
            "order.plan",
            b"mupac-plan 1\nregion saxpy:2\nsplit i 256 -> i.o i.i\nbind k block.x\n",
        ),
    ]);
    rejected(
        "plans",
        &folder,
        &[
            &["a.c", "--plan", "nothing.plan"],
            &["a.c", "--plan", "header.plan"],
            &["a.c", "--plan", "region.plan"],
            &["a.c", "--plan", "step.plan"],
            &["a.c", "--plan", "order.plan"],
        ],
    );
}

#[test]
fn explain_knows_codes_and_names() {
    let folder = Folder::with(&[]);
    let said = [
        folder.run(&["explain", "MUPA101"]),
        folder.run(&["explain", "volatile"]),
    ];
    insta::assert_snapshot!("explain", said.join("\n"));
    assert!(
        folder
            .run(&["explain", "MUPA999"])
            .contains("exit code 1\n")
    );
}

#[test]
fn explain_tells_how_a_translation_came_about() {
    let columns = std::fs::read("tests/corpus/columns.c").unwrap();
    let folder = Folder::with(&[
        ("columns.c", &columns),
        ("broken.json", b"{\n  \"version\": 1,\n"),
        ("later.json", b"{\"version\": 2}"),
    ]);
    folder.run(&["columns.c", "--check=off", "--report", "r.json"]);
    let said = ["r.json", "broken.json", "later.json", "missing.json"]
        .map(|name| folder.run(&["explain", name]));
    let detailed = folder.run(&["explain", "-v", "r.json"]);
    insta::assert_snapshot!("explain_report", said.join("\n") + "\n" + &detailed);
}

#[test]
fn every_parallel_loop_can_be_required() {
    let folder = Folder::with(&[
        ("a.c", SAXPY.as_bytes()),
        ("b.c", b"void f(int n, int *a) {\n    for (int i = 1; i < n; i++)\n        a[i] /= a[i - 1];\n}\n"),
    ]);
    rejected(
        "require",
        &folder,
        &[&["b.c", "--require-parallel", "--check=off", "-o", "b.cu"]],
    );
    let said = folder.run(&["a.c", "--require-parallel", "--check=off", "-o", "a.cu"]);
    assert!(said.contains("exit code 0\n"), "{said}");
}

#[test]
fn a_translation_says_what_it_did() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    insta::assert_snapshot!("success", folder.run(&["a.c"]));
    assert_eq!(folder.names(), ["a.c", "a.cu"]);
    assert!(
        folder
            .read("a.cu")
            .starts_with("// a.c translated by mupac"),
        "{}",
        folder.read("a.cu")
    );
}

#[test]
fn messages_have_three_forms() {
    let text =
        b"void f(int n, int *a) {\n    for (int i = 1; i < n; i++)\n        a[i] /= a[i - 1];\n}\n";
    let folder = Folder::with(&[("b.c", text)]);
    let said: Vec<String> = ["human", "short", "json"]
        .iter()
        .map(|form| folder.run(&["b.c", "-v", "--check=off", "--message-format", form]))
        .collect();
    insta::assert_snapshot!("forms", said.join("\n"));
}

#[test]
fn quiet_says_nothing() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    let said = folder.run(&["a.c", "-q", "--check=off", "-o", "a.cu"]);
    assert!(
        said.ends_with("exit code 0\n--- standard output\n--- standard error\n"),
        "{said}"
    );
}

#[test]
fn color_is_for_terminals_or_on_request() {
    let folder = Folder::with(&[("wrong.c", b"int f(void) { return unknown; }\n")]);
    assert!(!folder.run(&["wrong.c"]).contains('\u{1b}'));
    assert!(
        folder
            .run(&["wrong.c", "--color=always"])
            .contains('\u{1b}')
    );
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::with(&[]);
    let output = folder
        .command(&["-", "--check=off", "-q"])
        .write_stdin(SAXPY)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.contains("__global__"),
        "{text}"
    );
    assert!(folder.names().is_empty());
}

#[test]
fn an_unchecked_file_says_so() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    folder.run(&["a.c", "--check=off", "-o", "a.cu"]);
    assert!(
        folder
            .read("a.cu")
            .contains("// Not checked (--check=off)."),
        "{}",
        folder.read("a.cu")
    );
}

#[test]
fn an_empty_file_stays_empty() {
    let folder = Folder::with(&[("empty.c", b"")]);
    let said = folder.run(&["empty.c"]);
    assert!(said.contains("exit code 0\n"), "{said}");
    let code: Vec<String> = folder.read("empty.cu").lines().map(str::to_owned).collect();
    assert!(code.iter().all(|line| line.starts_with("//")), "{code:?}");
}

#[test]
fn several_inputs_are_written_beside_themselves() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes()), ("b.c", SAXPY.as_bytes())]);
    folder.run(&["a.c", "b.c", "--check=off"]);
    assert_eq!(folder.names(), ["a.c", "a.cu", "b.c", "b.cu"]);
}

#[test]
fn compiler_options_reach_the_front_end() {
    let text = b"#include \"size.h\"\nvoid f(float *a) {\n    for (int i = 0; i < N; i++)\n        a[i] = SCALE * i;\n}\n";
    let folder = Folder::with(&[("a.c", text)]);
    std::fs::create_dir(folder.path().join("include")).unwrap();
    std::fs::write(folder.path().join("include/size.h"), "#define N 1<<27\n").unwrap();
    let said = folder.run(&["a.c", "-I", "include", "-DSCALE=3", "--check=off"]);
    assert!(said.contains("parallel"), "{said}");
}

#[test]
fn a_plan_replays_to_the_same_bytes() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    folder.run(&["a.c", "--check=off", "--emit=plan", "-o", "a.plan"]);
    assert!(
        folder
            .read("a.plan")
            .starts_with("mupac-plan 1\nregion saxpy:2\n"),
        "{}",
        folder.read("a.plan")
    );
    folder.run(&["a.c", "--check=off", "-o", "chosen.cu"]);
    folder.run(&[
        "a.c",
        "--check=off",
        "--plan",
        "a.plan",
        "-o",
        "replayed.cu",
    ]);
    let code = |name| -> Vec<String> {
        folder
            .read(name)
            .lines()
            .skip(2)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(code("chosen.cu"), code("replayed.cu"));
}

#[test]
fn a_plan_tells_regions_of_one_line_apart() {
    let text = b"void say(void);\nvoid f(int n, int *a, int *b) { for (int i = 0; i < n; i++) a[i] = i; say(); for (int i = 0; i < n; i++) b[i] = i; }\n";
    let folder = Folder::with(&[("a.c", text)]);
    folder.run(&["a.c", "--check=off", "--emit=plan", "-o", "a.plan"]);
    let plan = folder.read("a.plan");
    assert!(
        plan.contains("region f:2\n") && plan.contains("region f:2.2\n"),
        "{plan}"
    );
    let said = folder.run(&["a.c", "--check=off", "--plan", "a.plan", "-o", "out.cu"]);
    assert!(said.contains("2 kernels"), "{said}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::with(&[("a.c", SAXPY.as_bytes())]);
    let mupac = assert_cmd::cargo::cargo_bin("mupac");
    for arguments in ["explain MUPA101", "a.c -q --check=off -o -", "--help"] {
        let script = format!("{} {arguments} 2>stderr | true", mupac.display());
        let status = std::process::Command::new("sh")
            .current_dir(folder.path())
            .args(["-c", &script])
            .status()
            .unwrap();
        assert!(status.success());
        assert_eq!(folder.read("stderr"), "", "{arguments}");
    }
}

#[test]
fn doctor_names_what_is_missing() {
    let folder = Folder::with(&[]);
    let nowhere = folder.path().to_string_lossy().into_owned();
    let output = folder
        .command(&["doctor"])
        .env("PATH", &nowhere)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("C++ compiler  MISSING  no `c++` on PATH"),
        "{text}"
    );
}

#[test]
fn a_check_names_what_another_file_defines() {
    let text = "int scale(int x);
#include <stdio.h>
int main(void) {
    printf(\"%d\\n\", scale(3));
    return 0;
}
";
    let folder = Folder::with(&[("main.c", text.as_bytes())]);
    let said = folder.run(&["main.c"]);
    let why = "main: the check needs the file that defines scale";
    assert!(said.contains(why), "{said}");
}

#[test]
fn structures_rows_and_text_are_made_up() {
    let texts = [
        include_str!("corpus/passed_structures.c"),
        include_str!("corpus/passed_rows.c"),
    ];
    for text in texts {
        let folder = Folder::with(&[("a.c", text.as_bytes())]);
        let arguments = ["a.c", "--cpu-threshold=0", "--check-level=quick"];
        let said = folder.run(&[&arguments[..], &["--report=r.json"]].concat());
        assert!(said.contains("2 kernels"), "{said}");
        let report = std::fs::read(folder.path().join("r.json")).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        assert_eq!(report["check"]["tests"], 16, "{said}");
    }
}

#[test]
fn members_that_a_function_does_not_name_need_not_be_made_up() {
    let text = "union number { int i; float f; };
struct sink { union number last; float *x; };
void scale(int n, struct sink *s) {
    float *x = s->x;
    for (int i = 0; i < n; i++) x[i] *= 2;
}
";
    let folder = Folder::with(&[("a.c", text.as_bytes())]);
    let said = folder.run(&["a.c", "--cpu-threshold=0"]);
    assert!(
        said.contains("checked on the CPU: 24 tests, every"),
        "{said}"
    );
}

/// The original's `omp_get_max_threads` is declared here, so that no header is needed.
const PARALLEL: &str = "int omp_get_max_threads(void);
int printf(const char *, ...);
int main(void) {
    printf(\"%d\\n\", omp_get_max_threads() > 0);
    return 0;
}
";

#[test]
fn what_the_linker_is_told_reaches_the_check() {
    let folder = Folder::with(&[("main.c", PARALLEL.as_bytes())]);
    let said = folder.run(&["main.c"]);
    let why = "the library that defines omp_get_max_threads: add -fopenmp";
    assert!(said.contains(why), "{said}");
    let said = folder.run(&["main.c", "-fopenmp"]);
    assert!(!said.contains("not tested"), "{said}");
}

#[test]
fn an_option_that_the_linker_refuses_is_the_users_mistake() {
    let loops = "void f(int n, double *a) { for (int i = 0; i < n; i++) a[i] *= 2; }";
    let folder = Folder::with(&[("main.c", PARALLEL.as_bytes()), ("a.c", loops.as_bytes())]);
    for file in ["main.c", "a.c"] {
        let said = folder.run(&[file, "-lm", "-lmupac_no_such_library"]);
        let why = "the linker refuses its options: ";
        let is_told = said.contains("exit code 1\n") && said.contains(why);
        assert!(
            is_told && said.contains("cannot find -lmupac_no_such_library"),
            "{said}"
        );
    }
    assert_eq!(folder.names(), ["a.c", "main.c"]);
    let said = folder.run(&["a.c", "-lm", "-Wl,--mupac_no_such_option"]);
    assert!(said.contains("exit code 1\n"), "{said}");
}

/// Its second and third condition hold for no integer, so no test can take those branches.
const UNREACHED: &str = "void pick(int n, const int *x, int *y) {
    for (int i = 0; i < n; i++) {
        y[i] = x[i];
        if (x[i] == 40)
            y[i] = 1;
        if (x[i] % 2 == 5)
            y[i] = 2;
        if (x[i] % 3 == 5)
            y[i] = 3;
        if (x[i] % 4 == 5)
            y[i] = 4;
    }
}
";

#[test]
fn what_no_test_reaches_is_said() {
    let folder = Folder::with(&[("pick.c", UNREACHED.as_bytes())]);
    let said = folder.run(&["pick.c", "--cpu-threshold=0", "--report=r.json"]);
    insta::assert_snapshot!("low_coverage", said);
    let report = std::fs::read(folder.path().join("r.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let check = &report["check"];
    assert_eq!(check["status"], "pass-low-coverage");
    // Its mistakes are noticed all the same.
    assert_eq!(check["mutants"]["killed"], check["mutants"]["total"]);
    assert_eq!(check["mutants"]["total"], 8);
    // A loop with three outcomes and four branches with two, of which three are missed.
    assert_eq!(check["branch_coverage"], 8.0 / 11.0);
    // The loop's header is no line of its own; three of five statements are missed.
    assert_eq!(check["line_coverage"], 2.0 / 5.0);
}
