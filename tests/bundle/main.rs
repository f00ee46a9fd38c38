//! Bundles on other machines: with nvcc and no GPU, with nothing at all, and with the CPU standing in for both.
//!
//! A bundle runs in a folder of its own, far from this tree. Where the CPU stands in, this program itself plays nvcc.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unreachable,
    clippy::print_stdout,
    reason = "a test stops where its files cannot be read; a compiler prints"
)]

mod stand_in;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Trial};
use mupac::candidates::Target;
use mupac::translate::{Ending, Request, Selection, Translation, translate};
use mupac::writer::Checked;
use mupac_ir::gpu_result::{EMULATION, EndMark, Measured, Stage};
use mupac_ir::{GpuResult, GpuVerdict, Memory};
use mupac_passes::{Device, FloatOrder, Settings};
use mupac_tester::{CheckOptions, FailureKind, GpuOptions};

/// A program with a sum, functions that keep a count between calls, and one whose values are off by the last digit.
const TEXT: &str = r#"#include <math.h>
#include <stdio.h>

#include "scale.h"

static int calls;

void scale(int n, const float *x, float *y) {
    calls++;
    for (int i = 0; i < n; i++)
        y[i] = SCALE * x[i] + calls;
}

double total(int n, const double *x) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

void waves(float out[256], const float in[256]) {
    for (int i = 0; i < 256; i++)
        out[i] = sinf(in[i]);
}

void inner(int n, int *x) {
    int (*rows)[4] = (int (*)[4])x;
    for (int i = 0; i < n; i++)
        rows[i][1] = rows[i][2] / 2;
}

static int step(void) {
    static int count = 0;
    return ++count;
}

void shift(int n, int *x) {
    int by = step();
    for (int i = 0; i < n; i++)
        x[i] = x[i] / 2 + by;
}

int main(void) {
    static float x[300], y[300];
    double z[300];
    for (int i = 0; i < 300; i++) {
        x[i] = (float)i;
        z[i] = 1.0 / (i + 1);
    }
    scale(300, x, y);
    printf("%g %.17g\n", y[299], total(300, z));
    return 0;
}
"#;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let [_, word, runtime, arguments @ ..] = words.as_slice()
        && word == stand_in::WORD
    {
        std::process::exit(stand_in::compile(runtime, arguments));
    }
    let nvcc = nvcc();
    let tests: [(&str, fn()); 10] = [
        ("a_check_on_the_gpu_passes", a_check_on_the_gpu_passes),
        (
            "memory_of_the_device_is_passed",
            memory_of_the_device_is_passed,
        ),
        (
            "what_fails_on_the_gpu_is_dropped",
            what_fails_on_the_gpu_is_dropped,
        ),
        ("a_check_without_nvcc_says_so", a_check_without_nvcc_says_so),
        ("the_cpu_stands_in", the_cpu_stands_in),
        (
            "a_changed_text_fails_its_tests",
            a_changed_text_fails_its_tests,
        ),
        ("own_libraries_come_along", own_libraries_come_along),
        ("without_nvcc_nothing_runs", without_nvcc_nothing_runs),
        ("a_taken_folder_is_left_alone", a_taken_folder_is_left_alone),
        ("scripts_are_clean", scripts_are_clean),
    ];
    let mut trials: Vec<Trial> = tests
        .into_iter()
        .map(|(name, test)| {
            Trial::test(name, move || {
                test();
                Ok(())
            })
        })
        .collect();
    let with_nvcc = "nvcc_without_gpu_compiles_and_runs_nothing";
    trials.push(match nvcc {
        Some(nvcc) => Trial::test(with_nvcc, move || {
            nvcc_without_gpu(&nvcc);
            Ok(())
        }),
        None => Trial::test(with_nvcc, || Ok(()))
            .with_ignored_flag(true)
            .with_kind("nvcc is missing: sh tools/nvcc.sh --install"),
    });
    let folder = tempfile::tempdir().unwrap();
    SHARED.set(folder.path().to_owned()).unwrap();
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    // Leaving a process drops nothing: the folder would stay.
    drop(folder);
    conclusion.exit();
}

/// The folder of what is made once for all tests.
static SHARED: OnceLock<PathBuf> = OnceLock::new();

/// Returns a new folder in it.
fn shared(name: &str) -> PathBuf {
    let folder = SHARED.get().unwrap().join(name);
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn nvcc() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/nvcc.sh");
    let found = Command::new("sh").arg(script).output().ok()?;
    let path = String::from_utf8(found.stdout).ok()?;
    (found.status.success() && !path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
}

/// The bundle of [`TEXT`], made once and copied by every test.
fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = shared("bundle");
        std::fs::write(folder.join("waves.c"), TEXT).unwrap();
        std::fs::write(folder.join("scale.h"), "#define SCALE 3.0f\n").unwrap();
        let words = [
            "bundle",
            "waves.c",
            "-o",
            "made",
            "-q",
            "--cpu-threshold",
            "0",
        ];
        let said = mupac(&folder, &words);
        assert!(said.status.success(), "{said:?}");
        folder
    })
}

fn mupac(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap()
}

/// Returns a copy of the bundle in a folder of its own.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copied = Command::new("cp")
        .arg("-r")
        .arg(made().join("made/."))
        .arg(folder.path())
        .status();
    assert!(copied.unwrap().success());
    folder
}

/// What a run left behind.
struct Ran {
    code: i32,
    stdout: String,
    results: Vec<GpuResult>,
}

impl Ran {
    fn verdicts(&self, stage: Stage) -> Vec<GpuVerdict> {
        let of_stage = self.results.iter().filter(|each| each.stage == stage);
        of_stage.map(|each| each.verdict).collect()
    }
}

/// Runs the script with an environment of its own and reads every line of its results.
fn run(bundle: &Path, variables: &[(&str, &str)]) -> Ran {
    let output = Command::new("sh")
        .arg(bundle.join("run.sh"))
        .current_dir("/")
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = std::fs::read_to_string(bundle.join("results.jsonl")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let end: EndMark = serde_json::from_str(lines.pop().unwrap()).unwrap();
    assert_eq!(end.end, lines.len(), "{stdout}");
    assert!(
        stdout.ends_with(&format!("1..{}\n", lines.len())),
        "{stdout}"
    );
    let results: Vec<GpuResult> = lines
        .iter()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    for result in &results {
        assert_eq!(result.fault(), None, "{result:?}");
    }
    Ran {
        code: output.status.code().unwrap(),
        stdout,
        results,
    }
}

/// Returns the stand-in compiler, made once.
fn stand_in() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| stand_in::install(&shared("stand-in")))
}

/// Keeps the measured calls small, since the stand-in is slow.
fn with_small_calls(bundle: &Path) {
    let path = bundle.join("files/waves/tests.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut tests = String::new();
    for line in text.lines() {
        let is_timed = line.starts_with("time");
        if !is_timed || line.starts_with("time\twaves\t") {
            tests += line;
            tests += "\n";
        }
    }
    assert!(tests.contains("\ntime\twaves\t"), "{text}");
    std::fs::write(path, tests).unwrap();
}

fn the_cpu_stands_in() {
    let bundle = copied();
    with_small_calls(bundle.path());
    let tests = std::fs::read_to_string(bundle.path().join("files/waves/tests.txt")).unwrap();
    // An earlier call changes what it does, so that all but the first need a process of their own.
    let mut second = tests
        .lines()
        .filter(|line| line.starts_with("test\tshift\t1\t"));
    assert!(second.any(|line| line.contains("\ta\t")), "{tests}");
    let nvcc = stand_in().to_string_lossy();
    let ran = run(bundle.path(), &[("NVCC", &nvcc), ("JOBS", "2")]);
    let failed: Vec<&GpuResult> = ran
        .results
        .iter()
        .filter(|result| result.verdict != GpuVerdict::Pass)
        // What has no bound may differ by itself.
        .filter(|result| result.verdict != GpuVerdict::NotTested)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for stage in Stage::ALL {
        let verdicts = ran.verdicts(stage);
        assert!(
            verdicts.contains(&GpuVerdict::Pass),
            "{stage:?}: {}",
            ran.stdout
        );
    }
    let functions = ["scale", "total", "shift", "waves", "inner"];
    for function in functions {
        let launches = ran
            .results
            .iter()
            .filter(|result| result.function.as_deref() == Some(function))
            .filter_map(|result| result.launches)
            .sum::<u64>();
        assert!(launches > 0, "{function} launches nothing: {}", ran.stdout);
    }
    let mut tests = ran.results.iter().map(|result| result.test.as_str());
    assert!(tests.any(|test| test == "program"), "{}", ran.stdout);
    results_come_home(bundle.path());
}

/// What the emulation measured is refused; from a GPU, the same lines are taken.
fn results_come_home(bundle: &Path) {
    let words = ["import", "results.jsonl", "--into", "measured.jsonl"];
    let said = mupac(bundle, &words);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    let path = bundle.join("results.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(EMULATION, "NVIDIA H200")).unwrap();
    let said = mupac(bundle, &words);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let kept = std::fs::read_to_string(bundle.join("measured.jsonl")).unwrap();
    let kept: Vec<Measured> = kept
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    let functions: Vec<&str> = kept.iter().map(|each| each.function.as_str()).collect();
    assert_eq!(functions, ["waves"]);
    assert!(!kept[0].regions[0].moves.is_empty());
}

/// A program that calls what only a library beside it defines.
const WITH_LIBRARY: &str = "#include <stdio.h>
int twice(int n);
void fill(int n, int *x) {
    for (int i = 0; i < n; i++)
        x[i] = 3 * i;
}
int main(void) {
    int x[100];
    fill(100, x);
    printf(\"%d\\n\", twice(x[99]));
    return 0;
}
";

fn own_libraries_come_along() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("lib")).unwrap();
    write("own.c", WITH_LIBRARY);
    write("twice.c", "int twice(int n) { return 2 * n; }\n");
    for words in ["cc -fPIC -c twice.c", "ar rcs lib/libtwice.a twice.o"] {
        let mut words = words.split(' ');
        let mut command = Command::new(words.next().unwrap());
        let status = command.current_dir(folder.path()).args(words).status();
        assert!(status.unwrap().success());
    }
    let words = "bundle own.c -Llib -ltwice -o made -q --cpu-threshold 0";
    let words: Vec<&str> = words.split(' ').collect();
    let said = mupac(folder.path(), &words);
    assert!(said.status.success(), "{said:?}");
    std::fs::remove_dir_all(folder.path().join("lib")).unwrap();
    let nvcc = stand_in().to_string_lossy();
    let stages = ("STAGES", "correctness");
    let ran = run(&folder.path().join("made"), &[("NVCC", &nvcc), stages]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let program = ran.results.iter().find(|each| each.test == "program");
    assert_eq!(program.unwrap().verdict, GpuVerdict::Pass, "{}", ran.stdout);
}

fn a_changed_text_fails_its_tests() {
    let bundle = copied();
    let path = bundle.path().join("files/waves/out.cu");
    let text = std::fs::read_to_string(&path).unwrap();
    let edits = [
        ("= sinf(", "= 1.0001f * sinf("),
        ("return sum;", "return 1.000001 * sum;"),
    ];
    let changed = edits.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{text}");
        text.replace(from, to)
    });
    std::fs::write(&path, changed).unwrap();
    let nvcc = stand_in().to_string_lossy();
    let stages = ("STAGES", "correctness");
    let ran = run(bundle.path(), &[("NVCC", &nvcc), stages]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let failed: Vec<&GpuResult> = ran
        .results
        .iter()
        .filter(|each| each.verdict == GpuVerdict::Fail)
        .collect();
    for stem in ["waves:", "total:", "program"] {
        let mut failed = failed.iter();
        assert!(
            failed.any(|each| each.test.starts_with(stem)),
            "{}",
            ran.stdout
        );
    }
    for each in failed {
        assert_eq!(each.kind.as_deref(), Some("value"), "{each:?}");
        assert!(!each.test.starts_with("scale"), "{each:?}");
    }
}

fn nvcc_without_gpu(nvcc: &Path) {
    let bundle = copied();
    let nvcc = nvcc.to_string_lossy();
    // A machine that has a GPU shows none to programs under this variable.
    let hidden = ("CUDA_VISIBLE_DEVICES", "");
    let ran = run(bundle.path(), &[("NVCC", &nvcc), hidden, ("JOBS", "2")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for result in &ran.results {
        let wanted = if result.stage == Stage::Compile {
            GpuVerdict::Pass
        } else {
            GpuVerdict::NotRun
        };
        assert_eq!(result.verdict, wanted, "{result:?}");
    }
    assert!(
        ran.stdout.contains("# SKIP no CUDA device"),
        "{}",
        ran.stdout
    );
}

fn without_nvcc_nothing_runs() {
    let bundle = copied();
    let ran = run(bundle.path(), &[("NVCC", "/nowhere/nvcc")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(!ran.results.is_empty());
    for result in &ran.results {
        assert_eq!(result.verdict, GpuVerdict::NotRun, "{result:?}");
        assert!(
            result
                .message
                .as_deref()
                .is_some_and(|why| why.contains("/nowhere/nvcc"))
        );
    }
}

fn a_taken_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("waves.c"), "void f(void) {}\n").unwrap();
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    std::fs::write(folder.path().join("taken/results.jsonl"), "").unwrap();
    let said = mupac(folder.path(), &["bundle", "waves.c", "-o", "taken"]);
    assert_eq!(said.status.code(), Some(1));
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(words.contains("is there already and not empty"), "{words}");
}

/// The script is POSIX, and `shellcheck` has nothing to say where it is installed.
fn scripts_are_clean() {
    let script = made().join("made/run.sh");
    for (tool, words) in [("dash", vec!["-n"]), ("shellcheck", vec!["--shell=sh"])] {
        match Command::new(tool).args(words).arg(&script).output() {
            Ok(said) => assert!(
                said.status.success(),
                "{tool}: {}{}",
                String::from_utf8_lossy(&said.stdout),
                String::from_utf8_lossy(&said.stderr)
            ),
            Err(_) => println!("{tool} is not installed"),
        }
    }
}

const WAVES: &str = "#include <math.h>\nvoid waves(float out[256], const float in[256]) {\n    \
                     for (int i = 0; i < 256; i++)\n        out[i] = sinf(in[i]);\n}\n";

/// A function whose arrays may share memory.
const TWICE: &str = "void twice(int n, const float *x, float *y) {\n    \
                     for (int i = 0; i < n; i++) y[i] = 2 * x[i];\n}\n";

/// Translates a text with a check on what a compiler makes of it.
fn checked_with(nvcc: &Path, text: &str, memory: Memory) -> Translation {
    let input = mupac_frontend::Input {
        name: "waves.c".to_owned(),
        text: text.as_bytes().to_vec(),
        parts: Vec::new(),
    };
    let options = mupac_frontend::Options {
        arguments: Vec::new(),
        ..mupac_frontend::Options::default()
    };
    let module = mupac_frontend::parse(&input, &options).unwrap().module;
    let check = CheckOptions {
        tests_per_entry: 4,
        mutants: 0,
        gpu: Some(GpuOptions {
            nvcc: nvcc.to_owned(),
        }),
        ..CheckOptions::default()
    };
    let request = Request {
        selection: Selection::Naive,
        target: Target {
            settings: Settings {
                cpu_threshold: Some(0),
                float_order: FloatOrder::Reassociate,
                memory,
                ..Settings::default()
            },
            device: Device::default(),
            split: None,
        },
        check: Some(check),
        is_strict: false,
        options: Vec::new(),
        names_lines: false,
    };
    translate(module, &request).unwrap()
}

fn written(translation: &Translation) -> &Checked {
    match &translation.ending {
        Ending::Done(checked) => checked,
        Ending::StrictFailure | Ending::OriginalDiffers => unreachable!("nothing is written"),
    }
}

fn a_check_on_the_gpu_passes() {
    passes_on_the_gpu(WAVES, Memory::Explicit);
}

fn memory_of_the_device_is_passed() {
    let text = passes_on_the_gpu(TWICE, Memory::Device);
    assert!(text.contains("_alone<<<1, 1>>>(x, y, n);"), "{text}");
}

/// Checks that a text passes what a check on a GPU does, and returns its translation.
fn passes_on_the_gpu(text: &str, memory: Memory) -> String {
    let translation = checked_with(stand_in(), text, memory);
    assert!(translation.dropped.is_empty(), "{:?}", translation.dropped);
    let Checked::Verified(verified) = written(&translation) else {
        unreachable!("it is not verified");
    };
    let gpu = verified.evidence.gpu.as_ref().unwrap();
    assert_eq!(gpu.device.name, EMULATION);
    assert!(gpu.tests > 0, "{gpu:?}");
    assert_eq!(
        gpu.tools,
        ["memcheck", "racecheck", "initcheck", "synccheck"]
    );
    assert!(gpu.not_run.is_empty(), "{gpu:?}");
    written(&translation).cuda().to_owned()
}

/// A compiler that takes the one function for the other stands for whatever only a GPU shows.
fn what_fails_on_the_gpu_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let nvcc = folder.path().join("nvcc");
    let script = format!(
        "#!/bin/sh\nexec '{}' -Dsinf=cosf \"$@\"\n",
        stand_in().display()
    );
    stand_in::executable(&nvcc, &script);
    let translation = checked_with(&nvcc, WAVES, Memory::Explicit);
    let first = &translation.dropped[0].failure;
    assert_eq!(first.kind, FailureKind::Value);
    assert_eq!(first.function.as_deref(), Some("waves"));
    let place = format!("on {EMULATION}, correctness waves:");
    assert!(first.message.starts_with(&place), "{}", first.message);
    assert!(!written(&translation).cuda().contains("__global__"));
}

fn a_check_without_nvcc_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("waves.c"), WAVES).unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_mupac"))
        .current_dir(folder.path())
        .env("MUPAC_NVCC", "/nowhere/nvcc")
        .args(["waves.c", "--check=gpu"])
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(4), "{said:?}");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        words.contains("--check=gpu needs nvcc and a GPU, and there is no nvcc"),
        "{words}"
    );
    assert!(!folder.path().join("waves.cu").exists());
}
