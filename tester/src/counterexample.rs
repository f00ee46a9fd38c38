//! A test as C: declarations of what it passes, and the call.

use std::fmt::Write;

use mupac_ir::Scalar;

use crate::compare::show;
use crate::glue::{Callee, Slot};
use crate::inputs::{Owner, Shared, TestCase};
use crate::results::{Holder, Results, Values};

/// Elements of a column beyond this are left out.
const MOST_SHOWN: usize = 64;

/// Writes a test as C declarations and the call.
///
/// A structure's fields stand in columns of their own; a pointer into the middle of its memory is written as `p + k`.
pub(crate) fn written(callee: &Callee, case: &TestCase, inputs: &Results) -> String {
    let mut text = String::new();
    for values in &inputs.values {
        let Some(name) = holder_name(callee, values.of) else {
            continue;
        };
        let is_only = inputs
            .values
            .iter()
            .filter(|each| each.of == values.of)
            .count()
            == 1;
        let name = if is_only {
            name
        } else {
            format!("{name}_field{}", values.leaf)
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", declaration(&name, values));
    }
    if case.shares_rows() {
        text.push_str("/* of pointers in memory every two lead to one row */\n");
    }
    for (number, slot) in callee.slots.iter().enumerate() {
        if let (Slot::Rows { .. }, Some(shared)) = (slot, case.alias_of(number)) {
            let name = holder_name(callee, Holder::Buffer(number)).unwrap_or_default();
            let _ = writeln!(text, "/* {name}: a row is {} */", place(callee, shared));
        }
    }
    let arguments: Vec<String> = callee
        .slots
        .iter()
        .zip(&callee.parameter_names)
        .enumerate()
        .map(|(number, (slot, name))| match slot {
            Slot::Choice { functions, .. } if !functions.is_empty() => {
                let number = case.value(number).unwrap_or(0);
                crate::slot::function(functions, number)
                    .cloned()
                    .unwrap_or_default()
            }
            Slot::Size(scalar) | Slot::Value(scalar) | Slot::Choice { scalar, .. } => {
                number_literal(*scalar, case.value(number).unwrap_or(0))
            }
            Slot::Buffer { .. } => pointer(callee, number, name, case, inputs),
            Slot::Rows { .. } => String::new(),
        })
        .collect();
    let _ = write!(text, "{}({});", callee.name, arguments.join(", "));
    text
}

fn holder_name(callee: &Callee, holder: Holder) -> Option<String> {
    match holder {
        Holder::Buffer(number) => callee.slot_names.get(number).map(|name| identifier(name)),
        Holder::Global(number) => callee.global_names.get(number).cloned(),
        Holder::Result => None,
    }
}

/// Returns the name of rows, `a[+8]`, as C can spell it: `a_8`.
fn identifier(name: &str) -> String {
    name.replace("[+", "_").replace(']', "")
}

/// Returns `float x[3] = {0, 1, 0.5f};`.
fn declaration(name: &str, values: &Values) -> String {
    let chunks = values
        .bytes
        .chunks_exact(values.scalar.size_bytes() as usize);
    let count = chunks.len();
    let mut items: Vec<String> = chunks
        .take(MOST_SHOWN)
        .map(|bytes| literal(values.scalar, bytes))
        .collect();
    if count > MOST_SHOWN {
        items.push("/* and more */".to_owned());
    }
    let ty = values.scalar.c_name();
    format!("{ty} {name}[{count}] = {{{}}};", items.join(", "))
}

fn literal(scalar: Scalar, bytes: &[u8]) -> String {
    let shown = show(scalar, bytes);
    match shown.trim_end_matches('f') {
        "in" => "INFINITY".to_owned(),
        "-in" => "-INFINITY".to_owned(),
        "NaN" => "NAN".to_owned(),
        _ => shown,
    }
}

/// Returns the literal of an argument: the bits of a double for floating types, of an `i64` for the rest.
fn number_literal(scalar: Scalar, bits: u64) -> String {
    match scalar {
        Scalar::F32 => literal(scalar, &(f64::from_bits(bits) as f32).to_le_bytes()),
        Scalar::F64
        | Scalar::Bool
        | Scalar::I8
        | Scalar::U8
        | Scalar::I16
        | Scalar::U16
        | Scalar::I32
        | Scalar::U32
        | Scalar::I64
        | Scalar::U64 => {
            let bytes = bits.to_le_bytes();
            let size = scalar.size_bytes() as usize;
            literal(scalar, bytes.get(..size).unwrap_or(&bytes))
        }
    }
}

/// Says where memory lies that is a part of other memory.
fn place(callee: &Callee, shared: Shared) -> String {
    let shift = shared.shift;
    match shared.owner {
        Owner::Buffer(owner) if owner < callee.parameter_names.len() => {
            format!("element {shift} of argument {}", owner + 1)
        }
        Owner::Buffer(owner) => {
            let name = holder_name(callee, Holder::Buffer(owner));
            format!("element {shift} of {}", name.unwrap_or_default())
        }
        Owner::Global(owner) => {
            let global = callee.global_names.get(owner);
            format!("inside of {}", global.map_or("a global", String::as_str))
        }
    }
}

/// Returns the argument for a pointer, which names the memory it points into and where.
fn pointer(
    callee: &Callee,
    number: usize,
    name: &str,
    case: &TestCase,
    inputs: &Results,
) -> String {
    if case.absent() == Some(number) {
        return "NULL".to_owned();
    }
    if let Some(shared) = case.alias_of(number) {
        return format!("{name} /* {} */", place(callee, shared));
    }
    let mut columns = inputs.values.iter();
    let first = columns
        .find(|each| each.of == Holder::Buffer(number))
        .map_or(0, |each| each.first);
    if first == 0 {
        name.to_owned()
    } else {
        format!("{name} - ({first})")
    }
}
