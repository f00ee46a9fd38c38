//! Numbers that others can see, as variables of a region that assigns them: of `static int m; … for (…) out[m++] = a[i];`
//! remains `for (…) out[t++] = a[i];`, where `t` is `m` by another name. What the loops do with it is their own then.
//!
//! That nothing else that the region touches lies there is for guards to show, as of variables that reductions add to.
//!
//! **Source**: Cooper, Lu, “Register Promotion in C Programs”, PLDI 1997.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{ExprKind, Function, Handle, Module, Place, Read, Stmt, Type, Var};

use super::{InMemory, in_memory};
use crate::facts::BlockStep;
use crate::normalise::{is_modelled, modified, rename};
use crate::numbering::Numbering;
use crate::{build, region};

/// A region that works on variables of its own.
pub(in crate::analyse) struct Kept {
    pub(in crate::analyse) function: Arc<Function>,
    values: Vec<InMemory>,
}

/// Returns the form of a region in which no loop assigns a variable that others can see; `None` where there is none.
pub(in crate::analyse) fn kept(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Kept> {
    let statements = region::statements(function, path, range);
    if !is_modelled(statements) {
        return None;
    }
    let assigned = modified(statements).into_iter();
    let seen: Vec<_> = assigned
        .filter(|var| is_seen(function, statements, *var))
        .collect();
    if seen.is_empty() {
        return None;
    }
    let mut new = (**function).clone();
    let mut statements = region::take(&mut new, path, range);
    let span = statements.first().map(Stmt::span).unwrap_or_default();
    let (mut values, mut names) = (Vec::new(), BTreeMap::new());
    for var in seen {
        let mut value = in_memory(module, &mut new, Place::var(var));
        value.is_kept = true;
        names.insert(var, value.fetched.variable);
        values.push(value);
    }
    rename(&mut new, &mut statements, &names);
    // Whoever looks behind the region finds what it has left.
    let mut numbering = Numbering::after(&[&new.body, &statements]);
    let mut behind = Vec::new();
    for (var, own) in names {
        let last = new.load(own);
        behind.push(Stmt::Compute(numbering.assignment(
            Place::var(var),
            last,
            span,
        )));
    }
    region::put(&mut new, path, range.start, behind);
    region::put(&mut new, path, range.start, statements);
    Some(Kept {
        function: Arc::new(new),
        values,
    })
}

/// Returns whether a variable is a number that others can see, and that loops assign by its name alone.
fn is_seen(function: &Function, statements: &[Stmt], var: Handle<Var>) -> bool {
    let declared = &function.vars[var];
    let mut is_more = false;
    region::each(statements, &mut |stmt| {
        is_more |= match stmt {
            Stmt::For(each) => each.iterator == var,
            Stmt::Declare(own, _) | Stmt::Let(own, _) => *own == var,
            _ => false,
        };
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                is_more |= matches!(&node.kind, ExprKind::Address(place) if place.var == var);
            });
        }
    });
    let is_number = matches!(declared.ty, Type::Scalar(_));
    is_number && !declared.is_plain_local() && !declared.is_volatile && !is_more
}

impl Kept {
    /// Returns the values with others that a form has; `None` where one of these may lie where a kept one does.
    pub(in crate::analyse) fn beside(
        &self,
        module: &Module,
        function: &Function,
        others: Vec<InMemory>,
    ) -> Option<Vec<InMemory>> {
        let meets = |kept: &InMemory, read: &Read| {
            let ty = |place: &Place| function.place_type(&module.records, place);
            let kept = &function.vars[kept.fetched.variable].ty;
            let is_plain =
                read.place.path.is_empty() && function.vars[read.place.var].is_plain_local();
            !is_plain && may_be_one(kept, ty(&read.place).as_ref())
        };
        let mut reads = others.iter().flat_map(|each| &each.reads);
        let is_met = reads.any(|read| self.values.iter().any(|kept| meets(kept, read)));
        (!is_met).then(|| [others, self.values.clone()].concat())
    }
}

/// Returns whether an object of one type may be accessed as one of another type.
///
/// **Source**: C17 6.5 §7.
fn may_be_one(a: &Type, b: Option<&Type>) -> bool {
    match (a, b) {
        (Type::Scalar(a), Some(Type::Scalar(b))) => {
            let is_float = a.is_float() == b.is_float();
            is_float && a.bits() == b.bits() || a.bits() == 8 || b.bits() == 8
        }
        (Type::Scalar(a), Some(Type::Pointer { .. })) => a.bits() == 8,
        (_, _) => true,
    }
}
