//! Translations whose C part stays C: what is written, what a strict C compiler says of it, and what the program prints that
//! both parts make.
//!
//! A file of `tests/split` is a program; a comment `// mupac: …` gives its options.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files cannot be read"
)]

#[path = "files/directives.rs"]
mod directives;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use mupac_tester::CheckOptions;
use mupac_tester::execute::{Executor, Invocation, Language, Order, Part};

use serde_json::Value;

use directives::Directives;

/// What a user may ask of a compiler for the C part.
const STRICT: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"];

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/split");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    files.sort();
    let trials = files.into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Trial::test(name, move || check(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path().join("out");
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let (output, report) = (
        folder.to_str().unwrap(),
        temporary.path().join("report.json"),
    );
    let report_option = format!("--report={}", report.display());
    let options = [
        "--split",
        "--strict-check",
        "--cpu-threshold=0",
        &report_option,
        "-o",
        output,
    ];
    let ran = directives.run(path, &temporary, &options);
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let report: Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    let mutants = &report["check"]["mutants"];
    // Parts with mistakes that do not compile are left out of the check without a word.
    if mutants["killed"].as_u64() <= Some(0) {
        return Err(format!("no mistake was put to the tests: {mutants}").into());
    }
    let read = |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}")));
    let (c, header, cuda) = (read("c")?, read("mupac.h")?, read("cu")?);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}.c"), c);
        insta::assert_snapshot!(format!("{name}.mupac.h"), header);
        insta::assert_snapshot!(format!("{name}.cu"), cuda);
    });
    let object = folder.join("part.o");
    let part = folder.join(format!("{name}.c"));
    let (object, part) = (object.to_str().unwrap(), part.to_str().unwrap());
    run(Command::new("gcc")
        .args(STRICT)
        .args(["-c", "-o", object, part]))?;
    let original = temporary.path().join("original");
    let program = original.to_str().unwrap();
    run(Command::new("gcc")
        .args(["-std=c99", "-O1", "-o", program])
        .arg(path)
        .arg("-lm"))?;
    let expected = run(&mut Command::new(&original))?;
    assert_eq!(printed(&folder, &c, &cuda)?, expected);
    Ok(())
}

/// Returns what the program of both parts prints, whose kernels run on this processor.
fn printed(folder: &Path, c: &str, cuda: &str) -> Result<String, Failed> {
    let header = format!("-iquote{}", folder.display());
    let executor = Executor::new(&CheckOptions::default()).unwrap();
    let flags = [header.as_str()];
    let parts = [(Language::C, c), (Language::Cuda, cuda)].map(|(language, text)| Part {
        language,
        text,
        flags: &flags,
    });
    let built = executor.build(&parts).unwrap()?;
    let invocation = Invocation {
        stdin: b"",
        order: Order::Ascending,
        limit: Duration::from_secs(30),
    };
    let ran = executor.run(&built, invocation).unwrap();
    if let Some(trouble) = ran.trouble {
        return Err(format!("{trouble}: {}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    if ran.launches.is_empty() {
        return Err("no kernel was launched".into());
    }
    Ok(String::from_utf8(ran.stdout)?)
}

/// Runs a command, which must succeed, and returns what it prints.
fn run(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{command:?}: {said}").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
