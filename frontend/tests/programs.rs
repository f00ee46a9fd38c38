//! Whole programs print the same when the interpreter executes what they mean and when gcc has compiled them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: a test stops where the tool chain fails"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use mupac_frontend::{Input, Options, parse};
use mupac_ir::interpret::{Bytes, FaultClass, Limits, Machine, Value};

/// Returns what a program prints when the interpreter executes its `main`, or what of it the interpreter does not know.
fn interpreted(path: &Path) -> Result<Vec<u8>, String> {
    let input = Input {
        name: path.display().to_string(),
        text: std::fs::read(path).unwrap(),
        parts: Vec::new(),
    };
    let module = parse(&input, &Options::default()).unwrap().module;
    let limits = Limits {
        statements: 1 << 32,
        ..Limits::default()
    };
    let mut machine = Machine::new(&module).with_limits(limits);
    machine.start().unwrap();
    let main = module
        .functions
        .iter()
        .find(|(_, function)| function.name == "main");
    let (main, function) = main.ok_or("there is no main")?;
    // Without arguments; even the name of the program is not there.
    let nothing = machine.object("argv", &Bytes::set(vec![0; 16])).unwrap();
    let arguments = [Value::Integer(1), Value::Pointer(Some(nothing))];
    let arguments = &arguments[..function.parameters.len()];
    match machine.run(main, arguments) {
        Ok(_) => Ok(machine.output().to_vec()),
        Err(fault) if fault.kind.class() == FaultClass::Unsupported => Err(fault.to_string()),
        Err(fault) => panic!("{}: {fault}", path.display()),
    }
}

/// Returns what a program prints when gcc has compiled it.
fn compiled(path: &Path) -> Vec<u8> {
    let name = path.file_stem().unwrap();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let status = Command::new("gcc")
        .args(["-std=gnu17", "-O1", "-ffp-contract=off", "-w", "-o"])
        .args([program.as_path(), path])
        .arg("-lm")
        .status()
        .unwrap();
    assert!(status.success(), "gcc refuses {}", path.display());
    Command::new(&program).output().unwrap().stdout
}

fn programs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    paths.sort();
    paths
}

/// Compares all programs of a folder and returns those that the interpreter could not execute.
fn compared(folder: &str) -> Vec<String> {
    let mut unknown = Vec::new();
    let paths = programs(folder);
    assert!(!paths.is_empty());
    for path in paths {
        let output = match interpreted(&path) {
            Ok(output) => output,
            Err(why) => {
                let name = path.file_stem().unwrap().to_string_lossy();
                unknown.push(format!("{name}: {why}"));
                continue;
            }
        };
        let expected = compiled(&path);
        let (output, expected) = (
            String::from_utf8_lossy(&output),
            String::from_utf8_lossy(&expected),
        );
        for (output, expected) in output.lines().zip(expected.lines()) {
            assert_eq!(output, expected, "{}", path.display());
        }
        assert_eq!(output.len(), expected.len(), "{}", path.display());
    }
    unknown
}

#[test]
fn examples_print_what_gcc_makes_them_print() {
    // One is a function for other programs, one reads reports from its input, which the interpreter has not.
    assert_eq!(
        compared("../examples"),
        [
            "saxpy: there is no main",
            "weather: cannot execute text that is not modelled"
        ]
    );
}

#[test]
fn small_programs_print_what_gcc_makes_them_print() {
    assert_eq!(compared("tests/programs"), [] as [&str; 0]);
}
