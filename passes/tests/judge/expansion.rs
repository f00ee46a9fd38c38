//! Arrays that hold instances of a variable, with one fault each.

use mupac_ir::{Compute, ExprKind, Extent, Place, Projection, Scalar, Stmt, Type};

use crate::rewrite::Rewrite;
use crate::staging::{block_at, difference, paths, product_text, var};

/// A matrix product of which each thread runs four elements in step.
pub(crate) fn jammed() -> (String, Rewrite) {
    let text = product_text();
    let moves = [
        "tile i j 2 2 2 2 -> i.o j.o i.i j.i i.u j.u",
        "bind i.o block.y",
        "bind j.o block.x",
        "bind i.i thread.y",
        "bind j.i thread.x",
        "jam j.u",
        "jam i.u",
    ];
    let rewrite = Rewrite::new(&text, &moves);
    (text, rewrite)
}

/// The name of the array that holds the sums.
const SUMS: &str = "sum.r.2";

/// Changes the assignments to the sums: the first, or the one that adds.
fn change(rewrite: &mut Rewrite, which: usize, become_: &dyn Fn(&mut Rewrite, &mut Compute)) {
    let sums = var(rewrite, SUMS);
    let all = paths(
        &rewrite.statements,
        &|stmt| matches!(stmt, Stmt::Compute(compute) if compute.target.var == sums),
    );
    let (block, at) = block_at(&mut rewrite.statements, &all[which]);
    let Stmt::Compute(mut compute) = block[at].clone() else {
        panic!("an assignment");
    };
    become_(rewrite, &mut compute);
    let (block, at) = block_at(&mut rewrite.statements, &all[which]);
    block[at] = Stmt::Compute(compute);
}

/// Puts something else in the place of the subscripts that name an instance, in target and value.
fn subscript(rewrite: &mut Rewrite, compute: &mut Compute, at: usize, name: Option<&str>) {
    let sums = var(rewrite, SUMS);
    let other = match name {
        Some(name) => {
            let name = var(rewrite, name);
            rewrite.function.load(name)
        }
        None => rewrite.int(0, Scalar::I64),
    };
    compute.target.path[at] = Projection::Index(other);
    // The sum is the first operand of what is added.
    let value = rewrite.function.exprs[compute.value].clone();
    if let ExprKind::Binary(op, first, second) = value.kind
        && let ExprKind::Load(mut place) = rewrite.function.exprs[first].kind.clone()
        && place.var == sums
    {
        place.path[at] = Projection::Index(other);
        let ty = rewrite.function.exprs[first].ty.clone();
        let first = rewrite.function.expr(ExprKind::Load(place), ty.clone());
        compute.value = rewrite
            .function
            .expr(ExprKind::Binary(op, first, second), ty);
    }
}

#[test]
fn instances_in_step_are_right() {
    let (text, rewrite) = jammed();
    rewrite.judge().unwrap();
    assert_eq!(difference(&text, &rewrite.module()), None);
}

#[test]
fn two_instances_are_not_one_element() {
    let (text, mut rewrite) = jammed();
    let sums = var(&rewrite, SUMS);
    let all = paths(&rewrite.statements, &|stmt| {
        matches!(stmt, Stmt::Compute(_))
    });
    // The last assignment reads the sums alone.
    for which in 0..2 {
        change(&mut rewrite, which, &|rewrite, compute| {
            subscript(rewrite, compute, 0, None);
        });
    }
    let (block, at) = block_at(&mut rewrite.statements, &all[2]);
    let Stmt::Compute(mut last) = block[at].clone() else {
        panic!("an assignment");
    };
    let ExprKind::Load(mut place) = rewrite.function.exprs[last.value].kind.clone() else {
        panic!("the sum is stored");
    };
    assert_eq!(place.var, sums);
    place.path[0] = Projection::Index(rewrite.int(0, Scalar::I64));
    last.value = rewrite.function.expr(ExprKind::Load(place), Scalar::I32);
    let (block, at) = block_at(&mut rewrite.statements, &all[2]);
    block[at] = Stmt::Compute(last);
    rewrite.refused(
        "illegal-step",
        "two sum of the program would be in one place",
    );
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn an_instance_is_one_element() {
    for (which, name) in [(0, None), (0, Some("j.u")), (1, Some("i.i"))] {
        let (text, mut rewrite) = jammed();
        change(&mut rewrite, which, &|rewrite, compute| {
            subscript(rewrite, compute, 0, name);
        });
        rewrite.refused(
            "illegal-step",
            "one sum of the program would be in two places",
        );
        assert!(difference(&text, &rewrite.module()).is_some());
    }
}

#[test]
fn elements_are_there() {
    let (text, mut rewrite) = jammed();
    let sums = var(&rewrite, SUMS);
    if let Type::Array { length, .. } = &mut rewrite.function.vars[sums].ty {
        *length = Extent::Fixed(1);
    }
    rewrite.refused("illegal-step", "a subscript of sum.r.2 leaves it");
    assert!(difference(&text, &rewrite.module()).is_some());
}

#[test]
fn nothing_names_the_variable_beside_its_elements() {
    let (_, mut rewrite) = jammed();
    change(&mut rewrite, 0, &|rewrite, compute| {
        compute.target = Place::var(var(rewrite, "sum"));
    });
    rewrite.refused("illegal-step", "sum is named beside the array");
}

/// The array lives as long as the loops around its declaration run once.
#[test]
fn an_instance_outlives_no_declaration() {
    let (text, mut rewrite) = jammed();
    let sums = var(&rewrite, SUMS);
    let is_declared = |stmt: &Stmt| matches!(stmt, Stmt::Declare(var, _) if *var == sums);
    let path = paths(&rewrite.statements, &is_declared).remove(0);
    let (block, at) = block_at(&mut rewrite.statements, &path);
    let declaration = block.remove(at);
    // Again for every element of the dot product.
    rewrite.each("k").body.insert(0, declaration);
    rewrite.refused("illegal-step", "sum.r.2 is used where it is not declared");
    assert!(difference(&text, &rewrite.module()).is_some());
}

/// A step of an elimination, whose rows launches share with an array.
const ELIMINATION: &str = "fn f(n: i32, a: *f64[8], b: *f64) {
  for i: i32 in 1..n {
    var f: f64
    S0: f = a[i64(i)][0i64] / a[0i64][0i64]
    for j: i32 in 0..8 {
      S1: a[i64(i)][i64(j)] = a[i64(i)][i64(j)] - f * a[0i64][i64(j)]
    }
    S2: b[i64(i)] = b[i64(i)] - f * b[0i64]
  }
}
";

fn shared() -> Rewrite {
    Rewrite::new(ELIMINATION, &["fission i instances"])
}

/// Gives blocks the rows of both loops.
fn mapped(mut rewrite: Rewrite) -> Rewrite {
    for name in ["i", "i.2"] {
        rewrite.each(name).mapping = mupac_ir::Mapping::Block(mupac_ir::Axis::X);
    }
    rewrite
}

#[test]
fn launches_share_instances() {
    mapped(shared()).judge().unwrap();
}

#[test]
fn an_instance_is_there_before_it_is_used() {
    let mut rewrite = mapped(shared());
    let is_loop = |stmt: &Stmt| matches!(stmt, Stmt::For(_));
    let first = rewrite.statements.iter().position(is_loop).unwrap();
    rewrite.statements.swap(first, first + 1);
    rewrite.refused("carried-dependence", "");
}

#[test]
fn an_array_of_launches_has_all_instances() {
    let mut rewrite = mapped(shared());
    let instances = var(&rewrite, "f.of");
    let fewer = rewrite.int(3, Scalar::I64);
    if let Type::Array { length, .. } = &mut rewrite.function.vars[instances].ty {
        *length = Extent::Variable(fewer);
    }
    rewrite.refused("illegal-step", "a subscript of f.of leaves it");
}

#[test]
fn rows_of_launches_are_not_one_element() {
    let mut rewrite = mapped(shared());
    let instances = var(&rewrite, "f.of");
    let zero = rewrite.int(0, Scalar::I64);
    let first = Place {
        var: instances,
        path: vec![Projection::Index(zero)],
    };
    rename(&mut rewrite, &first);
    rewrite.refused("illegal-step", "two f of the program would be in one place");
}

/// Has every statement name one element instead of its own.
fn rename(rewrite: &mut Rewrite, element: &Place) {
    let own = |expr: &mupac_ir::Expr| matches!(&expr.kind, ExprKind::Load(place) if place.var == element.var);
    let loads: Vec<_> = (rewrite.function.exprs.iter())
        .filter(|(_, expr)| own(expr))
        .map(|(handle, _)| handle)
        .collect();
    for load in loads {
        rewrite.function.exprs[load].kind = ExprKind::Load(element.clone());
    }
    let assigns =
        |stmt: &Stmt| matches!(stmt, Stmt::Compute(compute) if compute.target.var == element.var);
    for path in paths(&rewrite.statements, &assigns) {
        let (block, at) = block_at(&mut rewrite.statements, &path);
        if let Stmt::Compute(compute) = &mut block[at] {
            compute.target = element.clone();
        }
    }
}

/// Two launches that share a variable of one thread share nothing.
#[test]
fn an_array_of_launches_is_not_of_threads() {
    let text = "fn f(n: i32, a: *f64[8][8]) {
  for h: i32 in 0..n {
    for i: i32 in 0..8 {
      var f: f64
      S0: f = a[i64(h)][i64(i)][0i64]
      for j: i32 in 0..8 {
        S1: a[i64(h)][i64(i)][i64(j)] = a[i64(h)][i64(i)][i64(j)] - f
      }
    }
  }
}
";
    let mut rewrite = Rewrite::new(text, &["fission i instances"]);
    rewrite.judge().unwrap();
    rewrite.each("h").mapping = mupac_ir::Mapping::Block(mupac_ir::Axis::X);
    rewrite.refused("illegal-step", "one array for all threads");
}
