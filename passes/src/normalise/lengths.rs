//! Lengths of arrays that loops declare, as what they are whatever the iteration: of `m = n / 2; double c[m];` remains
//! `double c[n / 2];`. Where variables get other names, those that types name do not.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Expr, ExprKind, Extent, Function, Handle, Stmt, Type, Var};

use super::modified;
use crate::facts::BlockStep;
use crate::{build, region};

/// More variables than any length is made of by way of others.
const MOST: usize = 8;

/// Returns the function with the lengths of the arrays that some statements declare in sums of what these leave alone; a length
/// that is no such sum is not known.
pub(super) fn settle(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    let changed = modified(statements);
    let mut unsettled = Vec::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && !is_settled(function, &function.vars[*var].ty, &changed)
        {
            unsettled.push(*var);
        }
    });
    if unsettled.is_empty() {
        return Arc::clone(function);
    }
    let mut own = (**function).clone();
    for var in unsettled {
        let ty = own.vars[var].ty.clone();
        let lengths = Lengths {
            statements,
            changed: &changed,
            array: var,
        };
        own.vars[var].ty = lengths.settled(&mut own, &ty);
    }
    Arc::new(own)
}

/// Returns whether no length of a type names a variable that changes.
fn is_settled(function: &Function, ty: &Type, changed: &BTreeSet<Handle<Var>>) -> bool {
    let lengths = crate::analyse::names::lengths(ty).into_iter();
    let mut named = lengths.flat_map(|length| build::variables(function, length));
    !named.any(|var| changed.contains(&var))
}

struct Lengths<'a> {
    statements: &'a [Stmt],
    changed: &'a BTreeSet<Handle<Var>>,
    array: Handle<Var>,
}

impl Lengths<'_> {
    fn settled(&self, function: &mut Function, ty: &Type) -> Type {
        let Type::Array { of, length } = ty else {
            return ty.clone();
        };
        let length = match length {
            Extent::Variable(length) => self.length(function, *length),
            Extent::Fixed(_) | Extent::Unknown => *length,
        };
        Type::Array {
            of: Box::new(self.settled(function, of)),
            length,
        }
    }

    /// Returns a length with the values of variables in their place that are assigned once.
    fn length(&self, function: &mut Function, length: Handle<Expr>) -> Extent {
        let mut length = length;
        for _ in 0..MOST {
            let named = build::variables(function, length);
            let Some(var) = named.into_iter().find(|var| self.changed.contains(var)) else {
                return Extent::Variable(length);
            };
            let Some(value) = self.value(function, var) else {
                return Extent::Unknown;
            };
            let ty = function.vars[var].ty.scalar();
            length = build::replaced(function, length, &mut |function, node| {
                let is_it = matches!(&node.kind, ExprKind::Load(place) if place.var == var);
                (is_it && function.exprs[value].ty.scalar() == ty).then_some(value)
            });
            if build::names(function, length, var) {
                return Extent::Unknown;
            }
        }
        Extent::Unknown
    }

    /// Returns the value of a variable that is assigned in one place, which comes before the array's declaration whenever control
    /// comes there.
    fn value(&self, function: &Function, var: Handle<Var>) -> Option<Handle<Expr>> {
        let mut values = Vec::new();
        region::each(self.statements, &mut |stmt| {
            let counts = matches!(stmt, Stmt::For(each) if each.iterator == var);
            if counts || region::target(stmt).is_some_and(|place| place.var == var) {
                values.push(match stmt {
                    Stmt::Compute(compute) if compute.target.path.is_empty() => Some(compute.value),
                    Stmt::Compute(_)
                    | Stmt::Declare(..)
                    | Stmt::Let(..)
                    | Stmt::For(_)
                    | Stmt::If(_)
                    | Stmt::While(_)
                    | Stmt::Call(_)
                    | Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Barrier
                    | Stmt::Verbatim(..) => None,
                });
            }
        });
        let [Some(value)] = *values.as_slice() else {
            return None;
        };
        let is_plain = function.vars[var].is_plain_local();
        let reads_memory =
            !build::is_of_variables(function, value, &|var| function.vars[var].is_plain_local());
        let is_before = is_before(self.statements, value, self.array) == Some(true);
        (is_plain && !reads_memory && is_before).then_some(value)
    }
}

/// Returns whether a value is certainly assigned before an array is declared in some statements; `None`: it is not declared there.
fn is_before(block: &[Stmt], value: Handle<Expr>, array: Handle<Var>) -> Option<bool> {
    let mut is_assigned = false;
    for stmt in block {
        match stmt {
            Stmt::Compute(compute) => is_assigned |= compute.value == value,
            Stmt::Declare(var, _) if *var == array => return Some(is_assigned),
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {
                let mut inside = region::blocks(stmt);
                let found = inside.find_map(|inner| is_before(inner, value, array));
                if let Some(is_inside) = found {
                    return Some(is_assigned || is_inside);
                }
            }
        }
    }
    None
}
