//! The `.mir` files of `tests/threads`: mapped trees run as threads do.
//!
//! The function `mapped` runs on arrays of small numbers, with 13 for every number it takes, in several orders of
//! blocks and threads; and so does `original`, if the file has one.
//! The lines after `//~` say whether the arrays agree afterwards, or what fault each order ended in.
//! `MUPAC_BLESS=1` writes what is seen into the files.

#![expect(clippy::unwrap_used, reason = "a test stops where its text is wrong")]

use std::fs;
use std::path::Path;

use mupac_ir::interpret::{Bytes, Fault, Machine, Order, Value};
use mupac_ir::{Function, Module, Type, parse, verify};

const ORDERS: [(&str, Order); 4] = [
    ("ascending", Order::Ascending),
    ("descending", Order::Descending),
    ("shuffled", Order::Shuffled(1)),
    ("shuffled again", Order::Shuffled(2)),
];

/// Runs a function; returns what its arrays hold afterwards.
fn run(module: &Module, name: &str, order: Order) -> Result<Vec<Vec<u8>>, Fault> {
    let (handle, function) = module.function(name).unwrap();
    let mut machine = Machine::new(module).with_order(order).with_watched_trees();
    let (mut arguments, mut arrays) = (Vec::new(), Vec::new());
    for parameter in &function.parameters {
        arguments.push(match &function.vars[*parameter].ty {
            Type::Pointer { .. } => {
                let values = (0..512).map(|value| value * 7 % 101);
                let data = values.flat_map(i32::to_le_bytes).collect();
                let array = machine.object("array", &Bytes::set(data))?;
                arrays.push(array);
                Value::Pointer(Some(array))
            }
            Type::Void
            | Type::Scalar(_)
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_) => Value::Integer(13),
        });
    }
    machine.run(handle, &arguments)?;
    arrays
        .iter()
        .map(|array| Ok(machine.bytes(*array)?.data.clone()))
        .collect()
}

/// Returns the lines that a file should end with.
fn answer(module: &Module) -> String {
    let check = |function: &Function| verify::mapped(module, function);
    for (_, function) in module.functions.iter() {
        check(function).unwrap();
    }
    let wanted = module
        .function("original")
        .map(|_| run(module, "original", Order::Ascending).unwrap());
    let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
    for (name, order) in ORDERS {
        let outcome = match run(module, "mapped", order) {
            Ok(arrays) if Some(&arrays) == wanted.as_ref() => "agrees".to_owned(),
            Ok(_) => "disagrees".to_owned(),
            Err(fault) => format!("{:?}: {}", fault.kind.class(), fault.kind),
        };
        match lines.iter_mut().find(|(_, known)| *known == outcome) {
            Some((names, _)) => names.push(name),
            None => lines.push((vec![name], outcome)),
        }
    }
    let line = |(names, outcome): &(Vec<&str>, String)| match names.len() {
        all if all == ORDERS.len() => format!("//~ {outcome}\n"),
        _ => format!("//~ {}: {outcome}\n", names.join(", ")),
    };
    lines.iter().map(line).collect()
}

#[test]
fn files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/threads");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "only {} files", paths.len());
    let mut failed = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let given: String = text
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("//~"))
            .collect();
        let module =
            parse::module(&given).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let actual = given + &answer(&module);
        if actual != text && std::env::var_os("MUPAC_BLESS").is_some() {
            fs::write(&path, actual).unwrap();
        } else if actual != text {
            failed.push(format!("{}:\n{actual}", path.display()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
