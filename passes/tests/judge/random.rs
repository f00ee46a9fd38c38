//! Nests rewritten blindly: what the judge accepts computes the same in every order, what it refuses does not.

use mupac_ir::interpret::{Bytes, Machine, Order, Value};
use mupac_ir::random::Random;
use mupac_ir::{Axis, Handle, Loop, Mapping, Module, Move, Scalar, Stmt};

use super::rewrite::Rewrite;

const NESTS: u64 = 60;

/// Extent of each dimension of the array.
const SIDE: usize = 16;

#[test]
fn verdicts_agree_with_executions() {
    let mut random = Random::new(2024);
    let (mut accepted, mut refused) = (0, 0);
    for number in 0..NESTS {
        let text = nest(&mut random);
        let mut rewrite = Rewrite::new(&text, &[]);
        scramble(&mut rewrite, &mut random);
        let verdict = rewrite.judge();
        let difference = difference(&text, &rewrite.module());
        let printed = mupac_ir::print::module(&rewrite.module());
        match verdict {
            Ok(_) => {
                accepted += 1;
                assert_eq!(difference, None, "{number}: accepted\n{printed}");
            }
            Err(refusal) => {
                refused += 1;
                assert!(
                    difference.is_some(),
                    "{number}: {}\n{printed}",
                    refusal.reason
                );
            }
        }
    }
    assert!(accepted > 10 && refused > 10, "{accepted} and {refused}");
}

/// Returns a nest whose outermost loop is parallel and whose inner ones carry what the offsets say.
fn nest(random: &mut Random) -> String {
    let offset = |random: &mut Random| random.between(-1, 1);
    let (i, j) = (offset(random), offset(random));
    let second = if random.chance(1, 3) {
        let j = offset(random);
        format!("\n        S1: b[i64(t)][i64(i)][i64(j)] = a[i64(t)][i64(i)][i64(j + {j})]")
    } else {
        String::new()
    };
    format!(
        "fn f(m: i32) {{
  global a: i32[{SIDE}][{SIDE}][{SIDE}]
  global b: i32[{SIDE}][{SIDE}][{SIDE}]
  for t: i32 in 0..3 {{
    for i: i32 in 1..m {{
      for j: i32 in 1..m {{
        S0: a[i64(t)][i64(i)][i64(j)] = a[i64(t)][i64(i + {i})][i64(j + {j})] + b[i64(t)][i64(i)][i64(j)] + 1{second}
      }}
    }}
  }}
}}
"
    )
    .replace("+ -", "- ")
}

/// Permutes, splits, reverses and maps; mapped loops stay outside the others, as in one launch.
fn scramble(rewrite: &mut Rewrite, random: &mut Random) {
    permute(rewrite, random);
    for name in ["t", "i", "j"] {
        if random.chance(1, 4) && name != "t" {
            reverse(rewrite, name);
        } else if random.chance(1, 3) {
            split(rewrite, name, random.between(2, 3));
        }
    }
    let axes = [
        Mapping::Block(Axis::X),
        Mapping::Block(Axis::Y),
        Mapping::Thread(Axis::X),
        Mapping::Thread(Axis::Y),
    ];
    let mapped = random.below(4) as usize;
    let mut statements = &mut rewrite.statements;
    for mapping in axes.into_iter().take(mapped) {
        while !matches!(statements.last(), Some(Stmt::For(_))) {
            let Some(Stmt::If(branch)) = statements.last_mut() else {
                return;
            };
            statements = &mut branch.then;
        }
        let Some(Stmt::For(each)) = statements.last_mut() else {
            return;
        };
        each.mapping = mapping;
        statements = &mut each.body;
    }
}

fn permute(rewrite: &mut Rewrite, random: &mut Random) {
    let mut loops: Vec<Loop> = Vec::new();
    let mut body = std::mem::take(&mut rewrite.statements);
    while let [Stmt::For(_)] = body.as_slice() {
        let Some(Stmt::For(mut each)) = body.pop() else {
            return;
        };
        body = std::mem::take(&mut each.body);
        loops.push(each);
    }
    random.shuffle(&mut loops);
    for mut each in loops {
        each.body = body;
        body = vec![Stmt::For(each)];
    }
    rewrite.statements = body;
}

fn reverse(rewrite: &mut Rewrite, name: &str) {
    let end = rewrite.each(name).end;
    let one = rewrite.int(1, Scalar::I32);
    let last = rewrite.binary(mupac_ir::BinaryOp::Subtract, end, one);
    let zero = rewrite.int(0, Scalar::I32);
    let each = rewrite.each(name);
    (each.start, each.end, each.step) = (last, zero, -1);
}

fn split(rewrite: &mut Rewrite, name: &str, size: i64) {
    let step: Move = format!("split {name} {size} -> {name}.o {name}.i")
        .parse()
        .unwrap();
    rewrite.step(&step);
}

/// Returns what goes wrong when the rewritten module runs, for some size and order.
fn difference(text: &str, rewritten: &Module) -> Option<String> {
    let original = mupac_ir::parse::module(text).unwrap();
    let orders = [Order::Ascending, Order::Descending]
        .into_iter()
        .chain((0..4).map(Order::Shuffled));
    for order in orders {
        for size in [1, 2, 4, 8] {
            let expected = run(&original, Order::Ascending, size).unwrap();
            match run(rewritten, order, size) {
                Ok(actual) if actual == expected => {}
                Ok(_) => return Some(format!("{order:?}, {size}")),
                Err(fault) => return Some(fault),
            }
        }
    }
    None
}

fn run(module: &Module, order: Order, size: i128) -> Result<Vec<Vec<u8>>, String> {
    let mut machine = Machine::new(module).with_order(order);
    let mut random = Random::new(5);
    let pointers: Vec<_> = ["a", "b"]
        .iter()
        .map(|name| {
            let count = SIDE * SIDE * SIDE;
            let data: Vec<u8> = (0..count)
                .flat_map(|_| (random.below(1000) as i32).to_le_bytes())
                .collect();
            let is_set = vec![true; data.len()];
            machine.global(name, &Bytes { data, is_set }).unwrap()
        })
        .collect();
    let function: Handle<_> = module.functions.iter().next().unwrap().0;
    machine
        .run(function, &[Value::Integer(size)])
        .map_err(|fault| fault.to_string())?;
    Ok(pointers
        .iter()
        .map(|pointer| machine.bytes(*pointer).unwrap().data.clone())
        .collect())
}
