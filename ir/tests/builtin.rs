//! The library functions of the interpreter against those that gcc's programs call.
#![expect(clippy::unwrap_used, reason = "a constant is converted")]

use std::fmt::Write as _;
use std::process::Command;

use mupac_ir::builtin::{Accuracy, Builtin, Operation};

const VALUES: [f64; 12] = [
    0.0, -0.0, 0.5, -0.75, 1.0, 1.5, 2.5, -3.25, 10.125, 100.7, -1e-3, 1e10,
];

fn all() -> impl Iterator<Item = &'static Builtin> {
    Builtin::with_words().iter().chain(Builtin::without_words())
}

/// Returns a C program that prints the bits of every call, one a line, through `volatile` operands so that nothing is
/// computed by the compiler.
fn program() -> String {
    let mut calls = String::new();
    for builtin in all() {
        let count = builtin.parameters().len();
        let parameter = builtin.parameters()[0].c_name();
        let result = builtin.result().c_name();
        for (at, value) in VALUES.iter().enumerate() {
            let others = [1, 2].map(|by| VALUES[(at + by) % VALUES.len()]);
            let operands = [*value, others[0], others[1]];
            let operands: Vec<String> = operands[..count]
                .iter()
                .map(|operand| format!("{operand:?}"))
                .collect();
            let names = ["v[0]", "v[1]", "v[2]"][..count].join(", ");
            // Writing to a string does not fail.
            let _ = writeln!(
                calls,
                "{{ volatile {parameter} v[] = {{{}}}; {result} r = {}({names}); show(&r, sizeof r); }}",
                operands.join(", "),
                builtin.name,
            );
        }
    }
    format!(
        "#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\
         static void show(const void *r, size_t size) {{\n\
         unsigned long bits = 0; memcpy(&bits, r, size); printf(\"%lx\\n\", bits); }}\n\
         int main(void) {{\n{calls}return 0; }}\n"
    )
}

/// Returns the bits of one call; any NaN is one value.
fn bits(builtin: &Builtin, a: f64, b: f64, c: f64) -> u64 {
    let (single_a, single_b, single_c) = (a as f32, b as f32, c as f32);
    match builtin.operation {
        Operation::F64(function) => function(a).to_bits(),
        Operation::F64Pair(function) => function(a, b).to_bits(),
        Operation::F64Triple(function) => function(a, b, c).to_bits(),
        Operation::F32(function) => function(single_a).to_bits().into(),
        Operation::F32Pair(function) => function(single_a, single_b).to_bits().into(),
        Operation::F32Triple(function) => function(single_a, single_b, single_c).to_bits().into(),
        Operation::I32(function) => u64::from(function(a as i32).unwrap() as u32),
        Operation::I64(function) => function(a as i64).unwrap() as u64,
        Operation::I64OfF64(function) => function(a).unwrap() as u64,
        Operation::I64OfF32(function) => function(single_a).unwrap() as u64,
        Operation::I32OfU32(function) => function(a as u32).unwrap().into(),
        Operation::I32OfU64(function) => function(a as u64).unwrap().into(),
        Operation::BitsOfF32 => single_a.to_bits().into(),
        Operation::BitsOfF64 => a.to_bits(),
        // Bits are what they are, and no function of C's library makes many steps.
        Operation::F32OfBits
        | Operation::F64OfBits
        | Operation::AdvanceU32
        | Operation::AdvanceU64 => a as u64,
    }
}

/// Returns whether two results are as close as the table promises.
fn same(builtin: &Builtin, a: u64, b: u64) -> bool {
    let is_nan = |bits: u64| match builtin.operation {
        Operation::F64(_) | Operation::F64Pair(_) | Operation::F64Triple(_) => {
            f64::from_bits(bits).is_nan()
        }
        Operation::F32(_) | Operation::F32Pair(_) | Operation::F32Triple(_) => {
            f32::from_bits(bits as u32).is_nan()
        }
        Operation::I32(_)
        | Operation::I64(_)
        | Operation::I64OfF64(_)
        | Operation::I64OfF32(_)
        | Operation::I32OfU32(_)
        | Operation::I32OfU64(_)
        | Operation::BitsOfF32
        | Operation::BitsOfF64
        | Operation::F32OfBits
        | Operation::F64OfBits
        | Operation::AdvanceU32
        | Operation::AdvanceU64 => false,
    };
    // Neighbouring floats of one sign have neighbouring bits.
    let distance = match builtin.accuracy {
        Accuracy::Exact | Accuracy::ExactButZeroSign => 0,
        Accuracy::Library => 2,
    };
    a.abs_diff(b) <= distance || is_nan(a) && is_nan(b)
}

#[test]
fn every_function_agrees_with_the_platform() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, binary) = (folder.join("builtin.c"), folder.join("builtin"));
    std::fs::write(&source, program()).unwrap();
    let status = Command::new("gcc")
        .args(["-O0", "-w"])
        .arg(&source)
        .arg("-o")
        .arg(&binary)
        .arg("-lm")
        .status()
        .expect("gcc is installed");
    assert!(status.success());
    let output = Command::new(&binary).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    for builtin in all() {
        for (at, value) in VALUES.iter().enumerate() {
            // What no `int` holds is undefined as an argument, and the same on both sides only by chance.
            let line = lines.next().expect("a line for every call");
            if matches!(builtin.operation, Operation::I32(_)) && value.abs() > 1e9 {
                continue;
            }
            let found = u64::from_str_radix(line, 16).unwrap();
            let others = [1, 2].map(|by| VALUES[(at + by) % VALUES.len()]);
            let expected = bits(builtin, *value, others[0], others[1]);
            assert!(
                same(builtin, found, expected),
                "{}({value}, {others:?}): {found:x} and {expected:x}",
                builtin.name
            );
        }
    }
    assert_eq!(lines.next(), None);
}
