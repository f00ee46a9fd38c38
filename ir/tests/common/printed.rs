//! What the tests of printed C share: an empty function, and what a program compiled from a text prints.

use std::process::Command;

use mupac_ir::{Arena, Function, Span, Type};

pub(crate) fn empty_function() -> Function {
    Function {
        name: "f".to_owned(),
        parameters: Vec::new(),
        result: Type::Void,
        is_static: false,
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        promises: Vec::new(),
        order: mupac_ir::TextOrder::default(),
        span: Span::default(),
        body_span: Span::default(),
    }
}

pub(crate) fn output_of(
    compiler: &str,
    file: &std::path::Path,
    program: &std::path::Path,
) -> String {
    let status = Command::new(compiler)
        .args(["-O0", "-ffp-contract=off", "-w", "-Wparentheses"])
        .args(["-Werror=parentheses", "-Werror=logical-not-parentheses"])
        .arg(file)
        .arg("-o")
        .arg(program)
        .output()
        .unwrap();
    assert!(
        status.status.success(),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
    let run = Command::new(program).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}
