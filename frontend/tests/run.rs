//! Executes what files under `tests/run` mean: each holds `int check(void)`, which returns 0 in C.

use std::path::Path;

use mupac_frontend::{Input, Options, parse};
use mupac_ir::interpret::{Machine, Value};

/// Returns what `check` of a file returns, or what stopped it.
fn run(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/run")
        .join(name);
    let Ok(text) = std::fs::read(&path) else {
        return format!("{} cannot be read", path.display());
    };
    let input = Input {
        name: name.to_owned(),
        text,
        parts: Vec::new(),
    };
    let module = match parse(&input, &Options::default()) {
        Ok(parsed) => parsed.module,
        Err(error) => return error.to_string(),
    };
    let Some((check, _)) = module
        .functions
        .iter()
        .find(|(_, function)| function.name == "check")
    else {
        return "there is no check".to_owned();
    };
    match Machine::new(&module).run(check, &[]) {
        Ok(Some(Value::Integer(number))) => number.to_string(),
        Ok(other) => format!("{other:?}"),
        Err(fault) => format!("{fault}\n{}", mupac_ir::print::module(&module)),
    }
}

#[test]
fn arithmetic() {
    assert_eq!(run("arithmetic.c"), "0");
}

#[test]
fn effects() {
    assert_eq!(run("effects.c"), "0");
}

#[test]
fn loops() {
    assert_eq!(run("loops.c"), "0");
}

#[test]
fn memory() {
    assert_eq!(run("memory.c"), "0");
}
