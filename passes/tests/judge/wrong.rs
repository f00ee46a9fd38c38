//! One fault at a time.

use mupac_ir::{Axis, BinaryOp, Block, If, Loop, Mapping, Scalar, Span, Stmt, Type, Var};

use super::rewrite::Rewrite;

const MAP: &str = "fn f(n: i32, x: *const f32, y: *f32) {
  for i: i32 in 0..n {
    S0: y[i64(i)] = x[i64(i)]
  }
}
";

const SHIFTED: &str = "fn f(n: i32, x: *const f32, y: *f32) {
  for i: i32 in 1..n {
    S0: y[i64(i)] = x[i64(i)]
  }
}
";

const PAIR: &str = "fn f(n: i32, x: *const f32, y: *f32, z: *f32) {
  for i: i32 in 0..n {
    S0: y[i64(i)] = x[i64(i)]
    S1: z[i64(i)] = y[i64(i)] + x[i64(i)]
  }
}
";

const LOCAL: &str = "fn f(n: i32, x: *const f32, y: *f32) {
  for i: i32 in 0..n {
    var t: f32
    S0: t = x[i64(i)]
    S1: y[i64(i)] = t + 1.0f32
  }
}
";

const ROWS: &str = "fn f(n: i32, m: i32, a: *f32[64]) {
  for i: i32 in 0..n {
    for j: i32 in 1..m {
      S0: a[i64(i)][i64(j)] = a[i64(i)][i64(j - 1)]
    }
  }
}
";

const AHEAD: &str = "fn f(n: i32, m: i32, a: *f32[64]) {
  for i: i32 in 0..n {
    for j: i32 in 0..m {
      S0: a[i64(i)][i64(j)] = a[i64(i)][i64(j + 1)]
    }
  }
}
";

const SKEWED: &str = "fn f(n: i32, m: i32, a: *f32[64][64]) {
  for t: i32 in 0..n {
    for i: i32 in 1..m {
      for j: i32 in 0..m {
        S0: a[i64(t)][i64(i)][i64(j)] = a[i64(t)][i64(i - 1)][i64(j + 1)]
      }
    }
  }
}
";

const CHOICE: &str = "fn f(n: i32) {
  global x: f32[64]
  global y: f32[64]
  for i: i32 in 0..n {
    if x[i64(i)] > 0.0f32 {
      S0: y[i64(i)] = x[i64(i)]
    }
  }
}
";

const SPLIT: [&str; 1] = ["split i 256 -> i.o i.i"];

/// Returns the innermost body of a split map, without the condition around it.
fn take_condition(rewrite: &mut Rewrite) -> If {
    let Some(Stmt::If(condition)) = rewrite.each("i.i").body.pop() else {
        panic!("no condition");
    };
    condition
}

#[test]
fn split_is_accepted() {
    let conditions = Rewrite::new(MAP, &SPLIT).judge().unwrap();
    assert!(conditions.fits.is_empty() && conditions.bounded.is_empty());
}

#[test]
fn an_iterator_that_may_leave_its_type_asks_for_a_guard() {
    let conditions = Rewrite::new(SHIFTED, &SPLIT).judge().unwrap();
    assert_eq!(conditions.fits.len(), 1);
    let just_fits = "[v0] -> { : v0 <= 2147483392 }";
    let least = mupac_passes::isl::Set::parse(conditions.assumed.context(), just_fits).unwrap();
    assert!(
        conditions
            .assumed
            .intersect(&least)
            .unwrap()
            .is_subset(&conditions.fits[0])
            .unwrap()
    );
    let all = conditions.assumed.is_subset(&conditions.fits[0]).unwrap();
    assert!(!all);
}

#[test]
fn a_narrow_iterator_asks_for_a_guard() {
    let text = MAP.replace("i: i32", "i: i8");
    let conditions = Rewrite::new(&text, &SPLIT).judge().unwrap();
    let holds = conditions.fits[0].clone();
    let wide = "[v0] -> { : v0 > 127 }";
    let wide = mupac_passes::isl::Set::parse(holds.context(), wide).unwrap();
    assert!(
        holds
            .intersect(&conditions.assumed)
            .unwrap()
            .intersect(&wide)
            .unwrap()
            .is_empty()
            .unwrap()
    );
}

#[test]
fn a_missing_condition_adds_instances() {
    let mut rewrite = Rewrite::new(MAP, &SPLIT);
    let condition = take_condition(&mut rewrite);
    rewrite.each("i.i").body.extend(condition.then);
    rewrite.refused(
        "illegal-step",
        "i = 1 would run although the loop ends before it",
    );
}

#[test]
fn overlapping_chunks_repeat_instances() {
    let mut rewrite = Rewrite::new(MAP, &SPLIT);
    rewrite.each("i.i").end = rewrite.int(257, Scalar::I64);
    rewrite.refused("illegal-step", "would run more than once");
}

#[test]
fn short_chunks_lose_instances() {
    let mut rewrite = Rewrite::new(MAP, &SPLIT);
    rewrite.each("i.i").end = rewrite.int(255, Scalar::I64);
    rewrite.refused("illegal-step", "i = 255 would not run");
}

#[test]
fn one_chunk_too_few_loses_instances() {
    let mut rewrite = Rewrite::new(MAP, &SPLIT);
    let one = rewrite.int(1, Scalar::I64);
    let chunks = rewrite.each("i.o").end;
    rewrite.each("i.o").end = rewrite.binary(BinaryOp::Subtract, chunks, one);
    rewrite.refused("illegal-step", "i = 0 would not run");
}

#[test]
fn a_dropped_statement_is_missed() {
    let mut rewrite = Rewrite::new(PAIR, &[]);
    rewrite.each("i").body.pop();
    rewrite.refused("illegal-step", "i = 0 would not run");
}

#[test]
fn a_repeated_statement_is_noticed() {
    let mut rewrite = Rewrite::new(MAP, &[]);
    let again = rewrite.each("i").body[0].clone();
    rewrite.each("i").body.push(again);
    rewrite.refused("illegal-step", "would run more than once");
}

#[test]
fn exchanged_statements_lose_their_order() {
    let mut rewrite = Rewrite::new(PAIR, &[]);
    rewrite.each("i").body.swap(0, 1);
    rewrite.refused("carried-dependence", "reads y[0]");
}

#[test]
fn a_use_before_its_definition_is_refused() {
    let mut rewrite = Rewrite::new(LOCAL, &[]);
    rewrite.each("i").body.swap(1, 2);
    let refusal = rewrite.judge().unwrap_err();
    assert_eq!(refusal.reason.name(), "carried-dependence");
}

#[test]
fn a_use_outside_its_lifetime_is_refused() {
    let mut rewrite = Rewrite::new(LOCAL, &[]);
    let declaration = rewrite.each("i").body.remove(0);
    rewrite.statements.insert(0, declaration);
    rewrite.refused("illegal-step", "which iterators are in scope");
    let mut rewrite = Rewrite::new(LOCAL, &[]);
    rewrite.each("i").body.swap(0, 1);
    rewrite.refused("illegal-step", "out of its lifetime");
}

#[test]
fn what_one_launch_leaves_in_a_local_the_next_one_does_not_find() {
    let array = "fn f(n: i32, m: i32, x: *const f32[64], y: *f32[64]) {
  for b: i32 in 0..n {
    var row: f32[64]
    for i: i32 in 0..m {
      S0: row[i64(i)] = x[i64(b)][i64(i)]
    }
    for j: i32 in 0..m {
      S1: y[i64(b)][i64(j)] = row[i64(m - 1 - j)]
    }
  }
}
";
    let scalar = "fn f(n: i32, m: i32, x: *const f32[64], y: *f32[64]) {
  for b: i32 in 0..n {
    var t: f32
    for i: i32 in 3..4 {
      S0: t = x[i64(b)][i64(i)]
    }
    for j: i32 in 0..m {
      S1: y[i64(b)][i64(j)] = t
    }
  }
}
";
    for (text, name) in [(array, "row"), (scalar, "t")] {
        let mut rewrite = Rewrite::new(text, &[]);
        rewrite.each("b").mapping = Mapping::Block(Axis::X);
        rewrite.judge().unwrap();
        rewrite.each("b").mapping = Mapping::Sequential;
        rewrite.each("i").mapping = Mapping::Thread(Axis::X);
        rewrite.each("j").mapping = Mapping::Thread(Axis::X);
        rewrite.refused("illegal-step", &format!("threads would write {name}"));
    }
}

#[test]
fn a_reversed_loop_must_not_carry() {
    let mut rewrite = Rewrite::new(ROWS, &[]);
    reverse(&mut rewrite, "j", 1);
    rewrite.refused(
        "carried-dependence",
        "j = 2 reads a[0][1], which i = 0, j = 1 wrote",
    );
    let mut rewrite = Rewrite::new(ROWS, &[]);
    reverse(&mut rewrite, "i", 0);
    rewrite.judge().unwrap();
}

/// Makes a loop from a constant up run down.
fn reverse(rewrite: &mut Rewrite, name: &str, start: i128) {
    let end = rewrite.each(name).end;
    let one = rewrite.int(1, Scalar::I32);
    let last = rewrite.binary(BinaryOp::Subtract, end, one);
    let before = rewrite.int(start - 1, Scalar::I32);
    let each = rewrite.each(name);
    (each.start, each.end, each.step) = (last, before, -1);
}

#[test]
fn a_parallel_loop_must_not_carry() {
    for (text, words) in [(ROWS, "reads a[0][1]"), (AHEAD, "overwrites a[0][1]")] {
        let mut rewrite = Rewrite::new(text, &[]);
        rewrite.each("j").mapping = Mapping::Thread(Axis::X);
        rewrite.refused("carried-dependence", words);
        let mut rewrite = Rewrite::new(text, &[]);
        rewrite.each("i").mapping = Mapping::Block(Axis::X);
        rewrite.judge().unwrap();
    }
}

const PLANES: &str = "fn f(n: i32, m: i32, a: *f32[64][64]) {
  for t: i32 in 0..n {
    for i: i32 in 1..m {
      for j: i32 in 1..m {
        S0: a[i64(t)][i64(i)][i64(j)] = a[i64(t)][i64(i - 1)][i64(j - 1)]
      }
    }
  }
}
";

#[test]
fn threads_inside_a_sequential_loop_that_carries_need_a_barrier() {
    let mut rewrite = Rewrite::new(PLANES, &[]);
    rewrite.each("t").mapping = Mapping::Block(Axis::X);
    rewrite.each("j").mapping = Mapping::Thread(Axis::X);
    rewrite.refused("carried-dependence", "reads a[0][1][1]");
}

#[test]
fn a_launch_for_each_iteration_of_the_host_keeps_their_order() {
    let mut rewrite = Rewrite::new(PLANES, &[]);
    rewrite.each("j").mapping = Mapping::Thread(Axis::X);
    rewrite.judge().unwrap();
    rewrite.each("i").mapping = Mapping::Block(Axis::X);
    rewrite.refused("carried-dependence", "reads a[0][1][1]");
}

/// Splits the two statements of the inner loop of a nest into a loop each.
fn fissioned(text: &str, name: &str) -> Rewrite {
    let mut rewrite = Rewrite::new(text, &[]);
    let second = rewrite.each(name).body.pop().unwrap();
    let mut other = rewrite.each(name).clone();
    other.body = vec![second];
    other.name.0 = format!("{name}.2");
    match text {
        PAIR => rewrite.statements.push(Stmt::For(other)),
        _ => rewrite.each("b").body.push(Stmt::For(other)),
    }
    rewrite.judge().unwrap();
    rewrite.each(name).mapping = Mapping::Thread(Axis::X);
    rewrite.each(&format!("{name}.2")).mapping = Mapping::Thread(Axis::X);
    rewrite
}

#[test]
fn parallel_loops_side_by_side_are_launches_one_after_another() {
    fissioned(PAIR, "i").judge().unwrap();
}

#[test]
fn parallel_loops_side_by_side_in_one_launch_are_not_ordered() {
    let text = "fn f(n: i32, m: i32, x: *const f32[64], y: *f32[64], z: *f32[64]) {
  for b: i32 in 0..m {
    for i: i32 in 0..n {
      S0: y[i64(b)][i64(i)] = x[i64(b)][i64(i)]
      S1: z[i64(b)][i64(i)] = y[i64(b)][i64(i)] + x[i64(b)][i64(i)]
    }
  }
}
";
    let mut rewrite = fissioned(text, "i");
    rewrite.judge().unwrap();
    rewrite.each("b").mapping = Mapping::Block(Axis::X);
    rewrite.refused("carried-dependence", "y[0][0]");
}

#[test]
fn interchange_must_not_turn_a_dependence_round() {
    let mut rewrite = Rewrite::new(SKEWED, &[]);
    let outer = rewrite.each("i");
    let Some(Stmt::For(mut inner)) = outer.body.pop() else {
        panic!("no inner loop")
    };
    std::mem::swap(outer, &mut inner);
    inner.body = std::mem::take(&mut outer.body);
    outer.body = vec![Stmt::For(inner)];
    rewrite.refused("carried-dependence", "t = 0, i = 2, j = 0 reads a[0][1][1]");
}

#[test]
fn a_condition_on_data_must_stay() {
    let mut rewrite = Rewrite::new(CHOICE, &[]);
    let Some(Stmt::If(condition)) = rewrite.each("i").body.pop() else {
        panic!("no condition");
    };
    rewrite.each("i").body.extend(condition.then.clone());
    rewrite.refused("illegal-step", "changed a statement");
    let body = &mut rewrite.each("i").body;
    body.clear();
    body.push(Stmt::If(If {
        then: Block::new(),
        otherwise: condition.then.clone(),
        ..condition.clone()
    }));
    rewrite.refused("illegal-step", "changed a statement");
}

#[test]
fn names_of_the_program_are_not_covered() {
    let mut rewrite = Rewrite::new(MAP, &[]);
    let n = rewrite.function.parameters[0];
    let three = rewrite.int(3, Scalar::I32);
    rewrite.each("i").body.insert(0, Stmt::Let(n, three));
    rewrite.refused("illegal-step", "which iterators are in scope");
}

#[test]
fn expressions_of_the_program_are_not_changed_in_place() {
    let mut rewrite = Rewrite::new(MAP, &[]);
    let end = rewrite.each("i").end;
    rewrite.function.exprs[end].kind = mupac_ir::ExprKind::Int(5);
    rewrite.refused("illegal-step", "changed an expression");
}

#[test]
fn barriers_are_not_known() {
    let mut rewrite = Rewrite::new(MAP, &[]);
    rewrite.statements.push(Stmt::Barrier);
    rewrite.refused("illegal-step", "a barrier");
}

/// Unrolled by two: copies of one statement that share its instances.
#[test]
fn copies_share_the_instances() {
    for (second, expected) in [(1, None), (0, Some("would run more than once"))] {
        let mut rewrite = Rewrite::new(MAP, &[]);
        let original = rewrite.each("i").clone();
        let counter = rewrite
            .function
            .vars
            .push(Var::local("k", Type::Scalar(Scalar::I64)));
        let mut body = Block::new();
        for offset in [0, second] {
            body.push(copy(&mut rewrite, &original, counter, offset));
        }
        let two = rewrite.int(2, Scalar::I64);
        let end = rewrite.cast(original.end, Scalar::I64);
        rewrite.statements = vec![Stmt::For(Loop {
            name: mupac_ir::LoopName("k".to_owned()),
            iterator: counter,
            start: rewrite.int(0, Scalar::I64),
            end: rewrite.binary(BinaryOp::CeilDivide, end, two),
            body,
            ..original
        })];
        match expected {
            None => assert!(rewrite.judge().is_ok()),
            Some(words) => rewrite.refused("illegal-step", words),
        }
    }
}

/// Returns `if (2*k + offset < n) { let i = 2*k + offset; … }`.
fn copy(
    rewrite: &mut Rewrite,
    original: &Loop,
    counter: mupac_ir::Handle<Var>,
    offset: i128,
) -> Stmt {
    let (two, offset) = (
        rewrite.int(2, Scalar::I64),
        rewrite.int(offset, Scalar::I64),
    );
    let k = rewrite.function.load(counter);
    let twice = rewrite.binary(BinaryOp::Multiply, two, k);
    let value = rewrite.binary(BinaryOp::Add, twice, offset);
    let end = rewrite.cast(original.end, Scalar::I64);
    let condition = rewrite.binary(BinaryOp::Less, value, end);
    let value = rewrite.cast(value, Scalar::I32);
    let mut then = vec![Stmt::Let(original.iterator, value)];
    then.extend(original.body.clone());
    Stmt::If(If {
        condition,
        then,
        otherwise: Block::new(),
        span: Span::default(),
    })
}
