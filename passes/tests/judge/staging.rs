//! Shared arrays and barriers with one fault each, and with faults made at random.

use mupac_ir::interpret::{Bytes, Machine, Order, Value};
use mupac_ir::random::Random;
use mupac_ir::{
    BinaryOp, Block, ExprKind, Handle, Mapping, Module, Place, Projection, Scalar, Stmt,
};

use crate::expansion::jammed;
use crate::rewrite::Rewrite;

/// Extent of arrays, beyond every size that is run.
const SIDE: i32 = 12;

/// A matrix product.
pub(crate) fn product_text() -> String {
    format!(
        "fn f(n: i32, m: i32, l: i32) {{
  global a: i32[{SIDE}][{SIDE}]
  global b: i32[{SIDE}][{SIDE}]
  global c: i32[{SIDE}][{SIDE}]
  for i: i32 in 0..n {{
    for j: i32 in 0..m {{
      var sum: i32
      S0: sum = 0
      for k: i32 in 0..l {{
        S1: sum = sum + a[i64(i)][i64(k)] * b[i64(k)][i64(j)]
      }}
      S2: c[i64(i)][i64(j)] = sum
    }}
  }}
}}"
    )
}

/// Both operands of a matrix product.
fn product() -> (String, Rewrite) {
    let text = product_text();
    let moves = [
        "tile i j 3 4 -> i.o j.o i.i j.i",
        "split k 3 -> k.o k.i",
        "bind i.o block.y",
        "bind j.o block.x",
        "bind i.i thread.y",
        "bind j.i thread.x",
        "stage k.o a -> a_s",
        "stage k.o b -> b_s",
    ];
    let rewrite = Rewrite::new(&text, &moves);
    (text, rewrite)
}

/// The same with one subscript for two.
fn linearised() -> (String, Rewrite) {
    let text = "fn f(n: i32, m: i32, l: i32, a: *const i32, b: *const i32, c: *i32) {
  for i: i32 in 0..n {
    for j: i32 in 0..m {
      S0: c[i64(i * m + j)] = 0
      for k: i32 in 0..l {
        S1: c[i64(i * m + j)] = c[i64(i * m + j)] + a[i64(i * l + k)] * b[i64(k * m + j)]
      }
    }
  }
}";
    let moves = [
        "tile i j 3 4 -> i.o j.o i.i j.i",
        "split k 3 -> k.o k.i",
        "bind i.o block.y",
        "bind j.o block.x",
        "bind i.i thread.y",
        "bind j.i thread.x",
        "stage k.o a -> a_s",
        "stage k.o b -> b_s",
    ];
    let rewrite = Rewrite::new(text, &moves);
    (text.to_owned(), rewrite)
}

/// A tile with its frame.
fn stencil() -> (String, Rewrite) {
    let text = format!(
        "fn f(n: i32, m: i32, l: i32) {{
  global a: i32[{SIDE}][{SIDE}]
  global b: i32[{SIDE}][{SIDE}]
  global c: i32[{SIDE}][{SIDE}]
  for i: i32 in 1..n {{
    for j: i32 in 1..m {{
      S0: c[i64(i)][i64(j)] = a[i64(i)][i64(j)] + 2 * a[i64(i - 1)][i64(j)] + 3 * a[i64(i + 1)][i64(j)] + 5 * a[i64(i)][i64(j - 1)] + 7 * a[i64(i)][i64(j + 1)]
    }}
  }}
}}"
    );
    let moves = [
        "tile i j 3 4 -> i.o j.o i.i j.i",
        "bind i.o block.y",
        "bind j.o block.x",
        "bind i.i thread.y",
        "bind j.i thread.x",
        "stage j.i a -> a_s",
    ];
    let rewrite = Rewrite::new(&text, &moves);
    (text, rewrite)
}

/// Returns every position of a statement that meets a condition: the block and where in it, as a path of positions.
pub(crate) fn paths(block: &Block, is_meant: &dyn Fn(&Stmt) -> bool) -> Vec<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    for (at, stmt) in block.iter().enumerate() {
        if is_meant(stmt) {
            found.push(vec![(at, 0)]);
        }
        for (which, inner) in mupac_ir::structure::blocks(stmt).enumerate() {
            for rest in paths(inner, is_meant) {
                found.push([vec![(at, which)], rest].concat());
            }
        }
    }
    found
}

/// Returns the block in which a path ends, and the position there.
pub(crate) fn block_at<'a>(
    block: &'a mut Block,
    path: &[(usize, usize)],
) -> (&'a mut Block, usize) {
    match path {
        [(last, _)] => (block, *last),
        [(at, which), rest @ ..] => {
            let mut inner = mupac_ir::structure::blocks_mut(&mut block[*at]);
            block_at(inner.nth(*which).unwrap(), rest)
        }
        [] => panic!("an empty path"),
    }
}

fn barriers(rewrite: &Rewrite) -> Vec<Vec<(usize, usize)>> {
    paths(&rewrite.statements, &|stmt| *stmt == Stmt::Barrier)
}

/// Returns the places of the copies to a shared array, the conditions around them included.
fn copies(rewrite: &Rewrite, shared: &str) -> Vec<Vec<(usize, usize)>> {
    let function = &rewrite.function;
    paths(
        &rewrite.statements,
        &|stmt| matches!(stmt, Stmt::Compute(compute) if function.vars[compute.target.var].name == shared),
    )
}

fn remove(rewrite: &mut Rewrite, path: &[(usize, usize)]) {
    let (block, at) = block_at(&mut rewrite.statements, path);
    block.remove(at);
}

#[test]
fn staged_trees_are_right() {
    for (text, rewrite) in [product(), linearised(), stencil()] {
        rewrite.judge().unwrap();
        assert_eq!(difference(&text, &rewrite.module()), None);
    }
}

#[test]
fn copies_are_complete_before_they_are_read() {
    let (text, mut rewrite) = product();
    let first = barriers(&rewrite)[0].clone();
    remove(&mut rewrite, &first);
    rewrite.refused(
        "illegal-step",
        "nothing orders a copy to a_s and the read of a[",
    );
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn the_next_tile_waits_for_the_reads_of_this_one() {
    let (text, mut rewrite) = product();
    let second = barriers(&rewrite)[1].clone();
    remove(&mut rewrite, &second);
    rewrite.refused(
        "illegal-step",
        "nothing orders a copy to a_s and the read of a[",
    );
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn a_frame_one_short_is_missed() {
    for (name, least) in [("a_s.0", "a["), ("a_s.1", "a[")] {
        let (text, mut rewrite) = stencil();
        let end = rewrite.each(name).end;
        let ExprKind::Int(value) = rewrite.function.exprs[end].kind else {
            panic!("a length is a constant");
        };
        let shorter = rewrite.int(value - 1, Scalar::I64);
        rewrite.each(name).end = shorter;
        rewrite.refused("illegal-step", &format!("a_s does not hold {least}"));
        assert!(difference(&text, &rewrite.module()).is_some());
    }
}

#[test]
fn a_copy_of_the_neighbour_is_not_a_copy() {
    let (text, mut rewrite) = product();
    let path = copies(&rewrite, "b_s")[0].clone();
    let (block, at) = block_at(&mut rewrite.statements, &path);
    let Stmt::Compute(compute) = block[at].clone() else {
        panic!("a copy is an assignment");
    };
    let ExprKind::Load(mut place) = rewrite.function.exprs[compute.value].kind.clone() else {
        panic!("a copy reads an element");
    };
    // The rows are read from the last to the first, within the same range.
    let length = var(&rewrite, "l");
    let length = rewrite.function.load(length);
    let length = rewrite.cast(length, Scalar::I64);
    let one = rewrite.int(1, Scalar::I64);
    let last = rewrite.binary(BinaryOp::Subtract, length, one);
    let Projection::Index(row) = place.path[0] else {
        panic!("a row has a subscript");
    };
    place.path[0] = Projection::Index(rewrite.binary(BinaryOp::Subtract, last, row));
    let value = rewrite.function.expr(ExprKind::Load(place), Scalar::I32);
    let (block, at) = block_at(&mut rewrite.statements, &path);
    block[at] = Stmt::Compute(mupac_ir::Compute { value, ..compute });
    rewrite.refused("illegal-step", "b_s holds something else than b[");
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn copies_that_a_condition_holds_back_are_missed() {
    let (text, mut rewrite) = product();
    let path = copies(&rewrite, "a_s")[0].clone();
    let (block, at) = block_at(&mut rewrite.statements, &path[..path.len() - 1]);
    let Stmt::If(branch) = block[at].clone() else {
        panic!("a copy stands under a condition");
    };
    let row = var(&rewrite, "i.o");
    let row = rewrite.function.load(row);
    let one = rewrite.int(1, Scalar::I64);
    let condition = rewrite.binary(BinaryOp::NotEqual, row, one);
    let (block, at) = block_at(&mut rewrite.statements, &path[..path.len() - 1]);
    block[at] = Stmt::If(mupac_ir::If {
        condition,
        then: vec![Stmt::If(branch)],
        otherwise: Block::new(),
        span: mupac_ir::Span::default(),
    });
    rewrite.refused("illegal-step", "a_s does not hold a[3][0]");
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn copies_stay_within_what_the_loops_read() {
    let (_, mut rewrite) = product();
    let path = copies(&rewrite, "b_s")[0].clone();
    let (block, at) = block_at(&mut rewrite.statements, &path[..path.len() - 1]);
    let Stmt::If(branch) = block.remove(at) else {
        panic!("a copy stands under a condition");
    };
    block.splice(at..at, branch.then);
    rewrite.refused("illegal-step", "which is beyond what the loops read");
}

#[test]
fn an_element_is_copied_by_one_thread() {
    let (text, mut rewrite) = product();
    let path = copies(&rewrite, "a_s")[0].clone();
    let zero = rewrite.int(0, Scalar::I64);
    let (block, at) = block_at(&mut rewrite.statements, &path);
    let Stmt::Compute(compute) = &mut block[at] else {
        panic!("a copy is an assignment");
    };
    compute.target.path[1] = Projection::Index(zero);
    rewrite.refused("illegal-step", "nothing orders two copies to a_s");
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn copies_stay_inside_the_shared_array() {
    let (text, mut rewrite) = product();
    let one = rewrite.int(1, Scalar::I64);
    for path in copies(&rewrite, "a_s") {
        let (block, at) = block_at(&mut rewrite.statements, &path);
        let Stmt::Compute(mut compute) = block[at].clone() else {
            panic!("a copy is an assignment");
        };
        let Projection::Index(row) = compute.target.path[0] else {
            panic!("a row has a subscript");
        };
        compute.target.path[0] = Projection::Index(rewrite.binary(BinaryOp::Add, row, one));
        let (block, at) = block_at(&mut rewrite.statements, &path);
        block[at] = Stmt::Compute(compute);
    }
    rewrite.refused("illegal-step", "a subscript of a_s leaves it");
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn all_threads_come_to_a_barrier() {
    let (text, mut rewrite) = product();
    let path = barriers(&rewrite)[1].clone();
    let thread = var(&rewrite, "i.i");
    let thread = rewrite.function.load(thread);
    let one = rewrite.int(1, Scalar::I64);
    let condition = rewrite.binary(BinaryOp::LessEqual, thread, one);
    let (block, at) = block_at(&mut rewrite.statements, &path);
    block[at] = Stmt::If(mupac_ir::If {
        condition,
        then: vec![Stmt::Barrier],
        otherwise: Block::new(),
        span: mupac_ir::Span::default(),
    });
    rewrite.refused(
        "illegal-step",
        "some threads of a block would not come to a barrier",
    );
    assert!(difference(&text, &rewrite.module()).is_some());
}

/// Threads of the last blocks that have nothing to do end before the barrier.
#[test]
fn threads_beyond_the_edge_come_to_a_barrier() {
    let (text, mut rewrite) = stencil();
    let code = &mut rewrite.each("j.i").body;
    let edge = code
        .iter()
        .position(|stmt| matches!(stmt, Stmt::If(_)))
        .unwrap();
    let Stmt::If(mut branch) = code.remove(edge) else {
        panic!("the edge is a condition");
    };
    let start = code
        .iter()
        .position(|stmt| !matches!(stmt, Stmt::Let(..)))
        .unwrap();
    let before = code.split_off(start);
    branch.then.splice(0..0, before);
    code.push(Stmt::If(branch));
    rewrite.refused(
        "illegal-step",
        "some threads of a block would not come to a barrier",
    );
    assert!(difference(&text, &rewrite.module()).is_some());
}

/// A loop around the threads of a block would run their code again on the same shared memory.
#[test]
fn no_loop_stands_between_blocks_and_threads() {
    let (_, mut rewrite) = stencil();
    rewrite.each("j.o").mapping = Mapping::Sequential;
    rewrite.refused("illegal-step", "a_s is used where it is not declared");
}

#[test]
fn a_shared_array_holds_copies_alone() {
    let (_, mut rewrite) = product();
    let path = copies(&rewrite, "a_s")[0].clone();
    let value = rewrite.int(1, Scalar::I32);
    let (block, at) = block_at(&mut rewrite.statements, &path);
    let Stmt::Compute(compute) = &mut block[at] else {
        panic!("a copy is an assignment");
    };
    compute.value = value;
    rewrite.refused("illegal-step", "copies no element");
}

/// Constants one off, iterators mixed up, comparisons, barriers and statements moved or gone: what the judge accepts runs
/// right, in every order and without races.
#[test]
fn accepted_faults_are_none() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..100 {
        let mut random = Random::new(seed);
        let programs = [product, linearised, stencil, jammed];
        let (text, mut rewrite) = programs[random.below(4) as usize]();
        for _ in 0..random.between(1, 2) {
            spoil(&mut rewrite, &mut random);
        }
        match rewrite.judge() {
            Ok(_) => {
                accepted += 1;
                let module = rewrite.module();
                let difference = difference(&text, &module);
                let printed = mupac_ir::print::module(&module);
                assert_eq!(difference, None, "{seed}: {printed}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(accepted > 2 && refused > 50, "{accepted} and {refused}");
}

fn spoil(rewrite: &mut Rewrite, random: &mut Random) {
    match random.below(6) {
        0 => {
            let all = barriers(rewrite);
            if let Some(path) = random.pick(&all) {
                remove(rewrite, path);
            }
        }
        1 | 2 => {
            let all = paths(&rewrite.statements, &|_| true);
            if let Some(path) = random.pick(&all) {
                let (block, at) = block_at(&mut rewrite.statements, path);
                if at + 1 < block.len() {
                    block.swap(at, at + 1);
                }
            }
        }
        _ => {
            let made: Vec<_> = made(rewrite);
            if let Some(handle) = random.pick(&made) {
                let kind = rewrite.function.exprs[*handle].kind.clone();
                let other = if let ExprKind::Int(value) = kind {
                    ExprKind::Int(value + i128::from(random.between(0, 1)) * 2 - 1)
                } else if let ExprKind::Binary(_, a, b) = kind {
                    ExprKind::Binary(BinaryOp::LessEqual, a, b)
                } else {
                    let names = ["i.i", "j.i", "i.o", "j.o", "i.u", "j.u"];
                    let there = names.map(|name| find(rewrite, name));
                    let there: Vec<_> = there.into_iter().flatten().collect();
                    ExprKind::Load(Place::var(*random.pick(&there).unwrap()))
                };
                rewrite.function.exprs[*handle].kind = other;
            }
        }
    }
}

/// Returns the constants, comparisons and iterators in what passes made.
fn made(rewrite: &Rewrite) -> Vec<Handle<mupac_ir::Expr>> {
    let function = &rewrite.function;
    let program = rewrite.program();
    let is_meant = |kind: &ExprKind| {
        let is_iterator = matches!(kind, ExprKind::Load(place)
            if place.path.is_empty() && function.vars[place.var].name.contains('.'));
        is_iterator
            || matches!(
                kind,
                ExprKind::Int(_) | ExprKind::Binary(BinaryOp::Less, ..)
            )
    };
    function
        .exprs
        .iter()
        .skip(program)
        .filter(|(_, expr)| is_meant(&expr.kind))
        .map(|(handle, _)| handle)
        .collect()
}

pub(crate) fn var(rewrite: &Rewrite, name: &str) -> Handle<mupac_ir::Var> {
    find(rewrite, name).unwrap()
}

fn find(rewrite: &Rewrite, name: &str) -> Option<Handle<mupac_ir::Var>> {
    let mut vars = rewrite.function.vars.iter();
    vars.find(|(_, var)| var.name == name).map(|found| found.0)
}

/// Returns what goes wrong when the rewritten module runs, for some sizes and order.
pub(crate) fn difference(text: &str, rewritten: &Module) -> Option<String> {
    let original = mupac_ir::parse::module(text).unwrap();
    for sizes in [[7, 9, 8], [3, 4, 3], [1, 2, 5], [4, 5, 0], [0, 3, 2]] {
        let expected = run(&original, Order::Ascending, sizes).unwrap();
        for order in [Order::Ascending, Order::Descending, Order::Shuffled(3)] {
            match run(rewritten, order, sizes) {
                Ok(actual) if actual == expected => {}
                Ok(_) => return Some(format!("{order:?}, {sizes:?}")),
                Err(fault) => return Some(fault),
            }
        }
    }
    None
}

fn run(module: &Module, order: Order, sizes: [i128; 3]) -> Result<Vec<Vec<u8>>, String> {
    let mut machine = Machine::new(module).with_order(order);
    let mut random = Random::new(5);
    let pointers: Vec<_> = ["a", "b", "c"]
        .iter()
        .map(|name| {
            let data: Vec<u8> = (0..SIDE * SIDE)
                .flat_map(|_| (random.below(1000) as i32).to_le_bytes())
                .collect();
            machine.global(name, &Bytes::set(data)).unwrap()
        })
        .collect();
    let (function, called) = module.functions.iter().next().unwrap();
    let arrays = pointers
        .iter()
        .map(|pointer| Value::Pointer(Some(*pointer)));
    let arguments = sizes.map(Value::Integer).into_iter().chain(arrays);
    let arguments: Vec<_> = arguments.take(called.parameters.len()).collect();
    machine
        .run(function, &arguments)
        .map_err(|fault| fault.to_string())?;
    Ok(pointers
        .iter()
        .map(|pointer| machine.bytes(*pointer).unwrap().data.clone())
        .collect())
}
