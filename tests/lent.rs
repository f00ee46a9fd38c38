//! Functions that take memory of the device do what the original does, however their callers cut that memory up.
//!
//! The files of `tests/lent` are hand-written: what stands before `/* calls */` is translated with `--memory=device`,
//! and the calls behind it go to the original in memory of the host, and to the emitted text in memory of the device
//! where a function takes it, and of the host where it does not.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files or its tools fail"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Executor, Invocation, Language, Order, Part};

/// How calls lend an array to a function and take it back, for the original.
const HOST: &str = "
#define LEND(function, array) (array)
#define BACK(function, array, lent) ((void)(lent))
";

/// The same for the emitted text, where `TAKES_function` says which side a function's pointers lead to.
const DEVICE: &str = "
template <class T, size_t n> T *lend(bool takes, T (&array)[n]) {
    if (!takes) return array;
    T *lent = nullptr;
    if (cudaMalloc(&lent, sizeof array) != cudaSuccess) exit(3);
    if (cudaMemcpy(lent, array, sizeof array, cudaMemcpyHostToDevice) != cudaSuccess) exit(3);
    return lent;
}
template <class T, size_t n> void back(bool takes, T (&array)[n], T *lent) {
    if (!takes) return;
    if (cudaMemcpy(array, lent, sizeof array, cudaMemcpyDeviceToHost) != cudaSuccess) exit(3);
    if (cudaFree(lent) != cudaSuccess) exit(3);
}
#define LEND(function, array) lend(TAKES_##function, array)
#define BACK(function, array, lent) back(TAKES_##function, array, lent)
";

const TAKEN: &str = "// Pointer arguments lead to memory of the device: ";

/// Functions, and a program that calls them.
struct File {
    name: String,
    functions: String,
    calls: String,
}

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lent");
    let paths = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = paths.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let (functions, calls) = text.split_once("/* calls */\n").unwrap();
        File {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            functions: functions.to_owned(),
            calls: calls.to_owned(),
        }
    };
    paths.iter().map(read).collect()
}

/// Returns the functions to which calls lend memory.
fn borrowers(calls: &str) -> BTreeSet<&str> {
    let named = calls.split("LEND(").skip(1);
    named
        .filter_map(|rest| Some(rest.split_once(',')?.0))
        .collect()
}

/// Translates functions unchecked: their calls are the check.
fn translated(file: &File) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.c"), &file.functions).unwrap();
    let mut command = Command::cargo_bin("mupac").unwrap();
    command.current_dir(folder.path());
    command.args([
        "in.c",
        "--memory=device",
        "--cpu-threshold=0",
        "-o",
        "out.cu",
    ]);
    let output = command.arg("--check=off").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {said}", file.name);
    std::fs::read_to_string(folder.path().join("out.cu")).unwrap()
}

fn printed(executor: &Executor, part: Part<'_>, order: Order) -> String {
    let program = executor.build(&[part]).unwrap().unwrap();
    let invocation = Invocation {
        stdin: b"",
        order,
        limit: Duration::from_mins(1),
    };
    let run = executor.run(&program, invocation).unwrap();
    assert_eq!(run.trouble, None);
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn functions_do_the_same_on_memory_of_the_device() {
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let mut takers = 0;
    for file in files() {
        let original = Part {
            language: Language::C,
            text: &format!("{}{HOST}{}", file.functions, file.calls),
            flags: &["-fno-strict-aliasing"],
        };
        let expected = printed(&executor, original, Order::Ascending);
        assert!(!expected.is_empty(), "{}", file.name);
        let cuda = translated(&file);
        let taken = cuda.lines().find_map(|line| line.strip_prefix(TAKEN));
        let taken: BTreeSet<&str> = taken.map_or_else(BTreeSet::new, |names| {
            names.trim_end_matches('.').split(", ").collect()
        });
        let mut sides = String::new();
        for name in borrowers(&file.calls) {
            takers += usize::from(taken.contains(name));
            writeln!(sides, "#define TAKES_{name} {}", taken.contains(name)).unwrap();
        }
        let emitted = format!("{cuda}{sides}{DEVICE}{}", file.calls);
        for order in [Order::Ascending, Order::Descending, Order::Shuffled(3)] {
            let part = Part {
                language: Language::Cuda,
                text: &emitted,
                flags: &["-fno-strict-aliasing", "-O0"],
            };
            let found = printed(&executor, part, order);
            assert_eq!(found, expected, "{}, {order:?}", file.name);
        }
    }
    assert!(takers > 0);
}
