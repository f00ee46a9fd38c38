//! How far a pointer is from another one (`e - p`), as a variable: so often a loop from the one to the other runs.

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Type, Var};

use super::{InMemory, fetched};
use crate::analyse::names::changed;
use crate::{build, region};

/// A difference of two pointers that statements compute and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Distance {
    to: Handle<Var>,
    from: Handle<Var>,
}

impl Distance {
    fn of(function: &Function, node: &Expr) -> Option<Self> {
        let ExprKind::Binary(BinaryOp::Subtract, to, from) = node.kind else {
            return None;
        };
        let [to, from] = [to, from].map(|expr| pointer(function, expr));
        Some(Self {
            to: to?,
            from: from?,
        })
    }
}

/// Returns the distances that bounds of loops are made of.
pub(super) fn found(function: &Function, statements: &[Stmt]) -> Vec<Distance> {
    let changed = changed(function, statements);
    let is_kept = |var: Handle<Var>| !changed.contains(&var) && function.vars[var].is_plain_local();
    let mut found = Vec::new();
    region::each(statements, &mut |stmt| {
        let Stmt::For(each) = stmt else {
            return;
        };
        build::visit(function, each.end, &mut |_, node| {
            let distance = Distance::of(function, node);
            let distance = distance.filter(|each| is_kept(each.to) && is_kept(each.from));
            found.extend(distance.filter(|each| !found.contains(each)));
        });
    });
    found
}

/// Puts a variable in the place of every one of these distances.
pub(super) fn replace(
    function: &mut Function,
    statements: &mut [Stmt],
    distances: &[Distance],
) -> Vec<InMemory> {
    let values: Vec<InMemory> = distances
        .iter()
        .map(|distance| value(function, *distance))
        .collect();
    in_block(function, statements, distances, &values);
    values
}

fn value(function: &mut Function, distance: Distance) -> InMemory {
    let [to, from] = [distance.to, distance.from].map(|var| function.load(var));
    let kind = ExprKind::Binary(BinaryOp::Subtract, to, from);
    let value = function.expr(kind, Scalar::I64);
    let name = format!("{}.count", function.vars[distance.from].name);
    InMemory {
        fetched: fetched(function, &name, Scalar::I64.into(), value),
        root: distance.from,
        reads: [distance.to, distance.from]
            .map(|var| Place::var(var).into())
            .to_vec(),
        pointers: 0,
        needs: Vec::new(),
        is_joined: false,
        among: Vec::new(),
        length_of: None,
        member: Vec::new(),
        greatest_of: None,
        is_kept: false,
    }
}

fn in_block(
    function: &mut Function,
    statements: &mut [Stmt],
    distances: &[Distance],
    values: &[InMemory],
) {
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            each.end = build::replaced(function, each.end, &mut |function, node| {
                let distance = Distance::of(function, node)?;
                let at = distances.iter().position(|known| *known == distance)?;
                Some(function.load(values[at].fetched.variable))
            });
        }
        for block in region::blocks_mut(stmt) {
            in_block(function, block, distances, values);
        }
    }
}

/// Returns the variable that a pointer is read from, for constants or not.
fn pointer(function: &Function, expr: Handle<Expr>) -> Option<Handle<Var>> {
    let node = &function.exprs[expr];
    if let ExprKind::Cast(inner) = node.kind {
        let is_same = node.ty.element()? == function.exprs[inner].ty.element()?;
        return is_same.then(|| pointer(function, inner))?;
    }
    let is_pointer = matches!(node.ty, Type::Pointer { .. });
    build::loaded(function, expr).filter(|_| is_pointer)
}
