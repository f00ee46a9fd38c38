//! Arrays that a region uses in one way where a condition holds and in another one where it does not, as two: of
//! `if (t) c[j * m + i] = x; else c[i * n + j] = x;` remains `if (t) c[j * m + i] = x; else d[i * n + j] = x;`, where `d` is what
//! the host reads at `c`.
//!
//! The condition is the same for all iterations, so only one of the two is used, and each has rows of its own; that the
//! other one reaches nothing then is for guards to show ([`super::super::alias`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{Block, ExprKind, Function, Handle, If, Module, Place, Projection, Stmt, Type, Var};

use super::{Expr, InMemory, in_memory};
use crate::facts::BlockStep;
use crate::normalise::{modified, rename};
use crate::{build, region};

/// Returns the function with a second variable for every such array; `None` where there is none.
pub(super) fn split(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let statements = region::statements(function, path, range);
    let (condition, arrays) = conditions(function, statements)
        .into_iter()
        .map(|condition| (condition, arrays(function, statements, condition)))
        .find(|(_, arrays)| !arrays.is_empty())?;
    let mut own = (**function).clone();
    let made = arrays
        .iter()
        .map(|array| in_memory(module, &mut own, Place::var(*array)));
    let made: Vec<InMemory> = made.collect();
    let others = made.iter().map(|each| each.fetched.variable);
    let names: BTreeMap<Handle<Var>, Handle<Var>> = arrays.into_iter().zip(others).collect();
    let mut statements = region::take(&mut own, path, range);
    replace(&mut own, &mut statements, condition, &names);
    region::put(&mut own, path, range.start, statements);
    Some((Arc::new(own), made))
}

/// Returns the conditions on integers of two branches inside of two loops or more that are the same for all iterations, each
/// once: of others nobody knows that they cannot hold and fail.
fn conditions(function: &Function, statements: &[Stmt]) -> Vec<Handle<Expr>> {
    let changed = modified(statements);
    let is_fixed = |var: Handle<Var>| {
        let declared = &function.vars[var];
        !changed.contains(&var) && declared.is_plain_local() && declared.ty.scalar().is_some()
    };
    let mut found: Vec<Handle<Expr>> = Vec::new();
    for outer in region::loops(statements) {
        for inner in region::loops(&outer.body) {
            region::each(&inner.body, &mut |stmt| {
                if let Stmt::If(If {
                    condition,
                    otherwise,
                    ..
                }) = stmt
                    && !otherwise.is_empty()
                    && build::is_of_variables(function, *condition, &is_fixed)
                    && is_of_integers(function, *condition)
                    && !(found.iter())
                        .any(|known| is_same_expr(function, *known, function, *condition))
                {
                    found.push(*condition);
                }
            });
        }
    }
    found
}

fn is_of_integers(function: &Function, condition: Handle<Expr>) -> bool {
    let mut are_integers = true;
    build::visit(function, condition, &mut |_, node| {
        are_integers &= node.ty.scalar().is_some_and(|ty| !ty.is_float());
    });
    are_integers
}

/// What statements do with arrays behind pointers: how often each is named, the subscripts, which are written, and which are
/// named in another way.
#[derive(Default)]
struct Uses {
    subscripts: BTreeMap<Handle<Var>, Vec<Handle<Expr>>>,
    written: BTreeSet<Handle<Var>>,
    others: BTreeSet<Handle<Var>>,
}

impl Uses {
    fn of<'a>(function: &Function, blocks: impl Iterator<Item = &'a [Stmt]>) -> Self {
        let mut uses = Self::default();
        for block in blocks {
            region::each(block, &mut |stmt| {
                if let Some(target) = region::target(stmt) {
                    uses.see(target);
                    uses.written.insert(target.var);
                }
                for expr in region::expressions(stmt) {
                    build::visit(function, expr, &mut |_, node| {
                        if let ExprKind::Load(place) = &node.kind {
                            uses.see(place);
                        } else if let ExprKind::Address(place) = &node.kind {
                            uses.others.insert(place.var);
                        }
                    });
                }
            });
        }
        uses
    }

    fn see(&mut self, place: &Place) {
        if let Some(Projection::Index(index)) = place.path.first() {
            self.subscripts.entry(place.var).or_default().push(*index);
        } else {
            self.others.insert(place.var);
        }
    }
}

/// Returns the written arrays that are used under a condition and under its opposite alone, by other subscripts.
fn arrays(function: &Function, statements: &[Stmt], condition: Handle<Expr>) -> Vec<Handle<Var>> {
    let mut branches = Vec::new();
    decided(function, statements, condition, &mut branches);
    let all = Uses::of(function, [statements].into_iter());
    let then = Uses::of(function, branches.iter().map(|each| each.then.as_slice()));
    let otherwise = Uses::of(
        function,
        branches.iter().map(|each| each.otherwise.as_slice()),
    );
    let is_split = |(array, used): &(&Handle<Var>, &Vec<Handle<Expr>>)| {
        let declared = &function.vars[**array];
        let Some((holds, fails)) =
            (then.subscripts.get(array)).zip(otherwise.subscripts.get(array))
        else {
            return false;
        };
        let is_same = |a: &Handle<Expr>| {
            let mut others = fails.iter();
            others.any(|b| is_same_expr(function, *a, function, *b))
        };
        matches!(declared.ty, Type::Pointer { .. })
            && declared.is_plain_local()
            && all.written.contains(array)
            && !all.others.contains(array)
            && used.len() == holds.len() + fails.len()
            && !holds.iter().any(is_same)
    };
    let found = all.subscripts.iter().filter(is_split);
    found.map(|(array, _)| *array).collect()
}

/// Collects the outermost branches that a condition decides between.
fn decided<'a>(
    function: &Function,
    statements: &'a [Stmt],
    condition: Handle<Expr>,
    found: &mut Vec<&'a If>,
) {
    for stmt in statements {
        if let Stmt::If(branch) = stmt
            && is_same_expr(function, branch.condition, function, condition)
        {
            found.push(branch);
            continue;
        }
        for block in region::blocks(stmt) {
            decided(function, block, condition, found);
        }
    }
}

/// Gives arrays other names where a condition does not hold.
fn replace(
    function: &mut Function,
    block: &mut Block,
    condition: Handle<Expr>,
    names: &BTreeMap<Handle<Var>, Handle<Var>>,
) {
    for stmt in block {
        if let Stmt::If(branch) = stmt
            && is_same_expr(function, branch.condition, function, condition)
        {
            rename(function, &mut branch.otherwise, names);
            continue;
        }
        for inner in region::blocks_mut(stmt) {
            replace(function, inner, condition, names);
        }
    }
}
