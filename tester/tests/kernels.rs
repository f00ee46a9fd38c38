//! Hand-made CUDA programs, bad and good: `tests/kernels/README.md` says what each must come to.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its file has failed"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use mupac_tester::execute::{Execution, Executor, Invocation, Language, Order, Part};
use mupac_tester::{CheckOptions, FailureKind};

/// The longest one run may take; one that must time out shows it sooner.
const LIMIT: Duration = Duration::from_secs(20);
const LIMIT_OF_ENDLESS: Duration = Duration::from_secs(1);

/// What a file says must become of it: a pass, or one of these kinds.
struct Expected(Vec<FailureKind>);

type Shared = Arc<OnceLock<Executor>>;

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernels");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    assert!(!files.is_empty(), "there are no kernels");
    let shared = Shared::default();
    let trials = files.into_iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap().with_extension("");
        let shared = Arc::clone(&shared);
        Trial::test(name.display().to_string(), move || judge(&path, &shared))
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    // Leaving a process drops nothing: its folder would stay.
    drop(shared);
    conclusion.exit();
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "cu") {
            files.push(path);
        }
    }
}

fn judge(path: &Path, shared: &Shared) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let expected = expected(path, &text)?;
    let executor = shared.get_or_init(|| Executor::new(&CheckOptions::default()).unwrap());
    let part = Part {
        language: Language::Cuda,
        text: &text,
        flags: &[],
    };
    let program = executor.build(&[part])??;
    let limit = if expected.0 == [FailureKind::Timeout] {
        LIMIT_OF_ENDLESS
    } else {
        LIMIT
    };
    let mut runs = Vec::new();
    for order in Order::all(1) {
        let invocation = Invocation {
            stdin: b"",
            order,
            limit,
        };
        runs.push((order, executor.run(&program, invocation)?));
    }
    compare(&expected, &runs)
}

/// Reads the first line, and holds it against the folder.
fn expected(path: &Path, text: &str) -> Result<Expected, Failed> {
    let first = text.lines().next().unwrap_or_default();
    let words = first
        .strip_prefix("// expect: ")
        .ok_or("the first line is not `// expect: …`")?;
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    if words == "pass" {
        return if folder == "good" {
            Ok(Expected(Vec::new()))
        } else {
            Err("only files in `good` expect a pass".into())
        };
    }
    let mut kinds = Vec::new();
    for word in words.split(" or ") {
        let kind = FailureKind::from_name(word);
        kinds.push(kind.ok_or_else(|| format!("`{word}` is no kind of failure"))?);
    }
    if kinds.iter().any(|kind| folder == kind.name()) {
        Ok(Expected(kinds))
    } else {
        Err("the folder is none of the expected kinds".into())
    }
}

fn compare(expected: &Expected, runs: &[(Order, Execution)]) -> Result<(), Failed> {
    let story: String = runs.iter().map(|(order, run)| line(*order, run)).collect();
    let mut kinds: Vec<FailureKind> = runs.iter().filter_map(|(_, run)| run.kind).collect();
    if kinds.is_empty() && differs(runs) {
        kinds.push(FailureKind::Nondeterministic);
    }
    if expected.0.is_empty() {
        let is_good = kinds.is_empty()
            && runs
                .iter()
                .all(|(_, run)| run.trouble.is_none() && !run.launches.is_empty());
        return if is_good {
            Ok(())
        } else {
            Err(format!("a good kernel does not pass:\n{story}").into())
        };
    }
    let is_flagged = !kinds.is_empty() && kinds.iter().all(|kind| expected.0.contains(kind));
    if is_flagged {
        Ok(())
    } else {
        let names: Vec<&str> = expected.0.iter().map(|kind| kind.name()).collect();
        Err(format!("expected {}:\n{story}", names.join(" or ")).into())
    }
}

/// Whether the program itself comes to another end in another order.
fn differs(runs: &[(Order, Execution)]) -> bool {
    runs.windows(2)
        .any(|pair| pair[0].1.stdout != pair[1].1.stdout || pair[0].1.trouble != pair[1].1.trouble)
}

fn line(order: Order, run: &Execution) -> String {
    let said = run.trouble.as_deref().unwrap_or("no trouble");
    let launches: Vec<String> = run
        .launches
        .iter()
        .map(|(kernel, count)| format!("{kernel} {count}"))
        .collect();
    format!(
        "  {order:?}: {said}; launched: {}; printed: {}\n",
        launches.join(", "),
        String::from_utf8_lossy(&run.stdout).escape_debug()
    )
}
