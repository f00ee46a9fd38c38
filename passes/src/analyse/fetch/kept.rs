//! Numbers that others can see, as variables of a region that assigns them: of `static int m; … for (…) out[m++] = a[i];`
//! remains `for (…) out[t++] = a[i];`, where `t` is `m` by another name. What the loops do with it is their own then.
//!
//! That nothing else that the region touches lies there is for guards to show, as of variables that reductions add to.
//!
//! **Source**: Cooper, Lu, “Register Promotion in C Programs”, PLDI 1997.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::is_same_place;
use mupac_ir::{ExprKind, Function, Handle, Module, Place, Projection, Read, Stmt, Type, Var};

use super::safe::Entered;
use super::{InMemory, in_memory, structures};
use crate::analyse::pointers::Requirement;
use crate::facts::BlockStep;
use crate::normalise::{in_statement, is_modelled, modified, see_through_copies};
use crate::numbering::Numbering;
use crate::{build, region};

/// A region that works on variables of its own.
pub(in crate::analyse) struct Kept {
    pub(in crate::analyse) function: Arc<Function>,
    values: Vec<InMemory>,
}

/// Returns the form of a region in which no loop assigns a number that others can see; `None` where there is none.
pub(in crate::analyse) fn kept(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<Kept> {
    let statements = region::statements(function, path, range);
    let ahead = region::statements(function, path, &(0..range.start));
    let known = is_modelled(statements).then(|| Region {
        function,
        statements,
        changed: modified(statements),
        entered: Entered::new(module, function, statements).after(ahead),
    })?;
    let places = known.places();
    if places.is_empty() {
        return None;
    }
    let mut new = (**function).clone();
    let (mut values, mut more) = (Vec::new(), Vec::new());
    for place in &places {
        let needs = known.needs(module, &mut new, place, &mut more)?;
        values.push(InMemory {
            is_kept: true,
            needs,
            ..in_memory(module, &mut new, place.clone())
        });
    }
    let mut statements = region::take(&mut new, path, range);
    let span = statements.first().map(Stmt::span).unwrap_or_default();
    rename(&mut new, &mut statements, (&places, &values));
    see_through_copies(&mut new, &mut statements);
    // Whoever looks behind the region finds what it has left.
    let mut numbering = Numbering::after(&[&new.body, &statements]);
    let mut behind = Vec::new();
    for (place, value) in places.iter().zip(&values) {
        let last = new.load(value.fetched.variable);
        behind.push(Stmt::Compute(numbering.assignment(
            place.clone(),
            last,
            span,
        )));
    }
    region::put(&mut new, path, range.start, behind);
    region::put(&mut new, path, range.start, statements);
    values.extend(more);
    Some(Kept {
        function: Arc::new(new),
        values,
    })
}

/// Puts variables in the place of what statements read and assign.
fn rename(
    function: &mut Function,
    statements: &mut [Stmt],
    (places, values): (&[Place], &[InMemory]),
) {
    let own = |function: &Function, place: &Place| {
        let is_meant = |known: &Place| is_same_place(function, known, function, place);
        let at = places.iter().position(is_meant)?;
        Some(values[at].fetched.variable)
    };
    for stmt in statements {
        in_statement(function, stmt, &mut |function, read| {
            let own = own(function, &read.place)?;
            Some(function.load(own))
        });
        if let Stmt::Compute(compute) = stmt
            && let Some(own) = own(function, &compute.target)
        {
            compute.target = Place::var(own);
        }
        for block in region::blocks_mut(stmt) {
            rename(function, block, (places, values));
        }
    }
}

/// A region of which the numbers are looked for.
struct Region<'a> {
    function: &'a Function,
    statements: &'a [Stmt],
    changed: BTreeSet<Handle<Var>>,
    entered: Entered<'a>,
}

impl Region<'_> {
    /// Returns the places of numbers that loops assign and that others can see.
    fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        region::each(self.statements, &mut |stmt| {
            let Stmt::Compute(compute) = stmt else {
                return;
            };
            let place = &compute.target;
            let is_known =
                |known: &Place| is_same_place(self.function, known, self.function, place);
            if !places.iter().any(is_known) && self.is_seen(place) && self.is_alone(place) {
                places.push(place.clone());
            }
        });
        places
    }

    /// Returns whether a place is one number, the same in all iterations, that others can see.
    fn is_seen(&self, place: &Place) -> bool {
        let declared = &self.function.vars[place.var];
        let is_constant = |index| build::constant(self.function, index).is_some();
        let is_reached = match declared.ty {
            Type::Scalar(_) => !declared.is_plain_local(),
            // Elements of an array are the array's.
            Type::Pointer { .. } => {
                let lead = place
                    .path
                    .iter()
                    .filter(|step| matches!(step, Projection::Index(_)));
                !self.assigns(place.var) && lead.count() == 1
            }
            Type::Record(_) => build::indices(place).next().is_none() && !place.path.is_empty(),
            Type::Void | Type::Array { .. } | Type::Opaque(_) => false,
        };
        is_reached
            && !declared.is_volatile
            && build::indices(place).all(is_constant)
            && matches!(self.entered.ty(place), Some(Type::Scalar(_)))
    }

    fn assigns(&self, var: Handle<Var>) -> bool {
        let mut assigns = false;
        region::each(self.statements, &mut |stmt| {
            assigns |=
                region::target(stmt).is_some_and(|place| place.var == var && place.path.is_empty());
        });
        assigns
    }

    /// Returns whether whatever else the region reaches by the same variable lies elsewhere.
    fn is_alone(&self, place: &Place) -> bool {
        let mut is_alone = true;
        region::each_place(self.function, self.statements, &mut |other| {
            let is_other = other.var == place.var
                && !is_same_place(self.function, other, self.function, place);
            is_alone &= !is_other || are_members(place, other);
        });
        region::each(self.statements, &mut |stmt| {
            is_alone &= match stmt {
                Stmt::For(each) => each.iterator != place.var,
                Stmt::Declare(own, _) | Stmt::Let(own, _) => *own != place.var,
                _ => true,
            };
            for expr in region::expressions(stmt) {
                build::visit(self.function, expr, &mut |_, node| {
                    is_alone &= !matches!(&node.kind, ExprKind::Address(other)
                        if other.var == place.var && !are_members(place, other));
                });
            }
        });
        is_alone
    }

    /// Returns what must hold for a place to be there.
    fn needs(
        &self,
        module: &Module,
        function: &mut Function,
        place: &Place,
        more: &mut Vec<InMemory>,
    ) -> Option<Vec<Requirement>> {
        let mut changed = self.changed.clone();
        changed.remove(&place.var);
        if self.entered.is_there(place, &changed) {
            let loops = self.entered.needs(place)?;
            let mut is_known = true;
            let needs = super::needs(function, loops, &mut |_, read, _| {
                is_known &= read.place.path.is_empty();
                None
            });
            return is_known.then_some(needs);
        }
        let pointer = Place::var(place.var);
        Some(vec![structures::is_there(
            module,
            function,
            (&pointer, &[]),
            more,
        )])
    }
}

/// Returns whether two places are different members of one structure, or lie in such members.
fn are_members(a: &Place, b: &Place) -> bool {
    let mut steps = a.path.iter().zip(&b.path);
    let differing = steps.find(|(a, b)| match (a, b) {
        (Projection::Field(a), Projection::Field(b)) => a != b,
        (_, _) => false,
    });
    a.var == b.var && differing.is_some()
}

impl Kept {
    /// Returns the values with others that a form has; `None` where one of these may lie where a kept one does.
    pub(in crate::analyse) fn beside(
        &self,
        module: &Module,
        function: &Function,
        others: Vec<InMemory>,
    ) -> Option<Vec<InMemory>> {
        let place = |kept: &InMemory| match &function.exprs[kept.fetched.value].kind {
            ExprKind::Load(place) => Some(place.clone()),
            _ => None,
        };
        let meets = |kept: &InMemory, read: &Read| {
            let is_member = place(kept).is_some_and(|own| are_members(&own, &read.place));
            let ty = |place: &Place| function.place_type(&module.records, place);
            let kept = &function.vars[kept.fetched.variable].ty;
            let is_plain =
                read.place.path.is_empty() && function.vars[read.place.var].is_plain_local();
            !is_plain && !is_member && may_be_one(kept, ty(&read.place).as_ref())
        };
        let mut all = others.iter().chain(&self.values);
        let is_met = all.any(|other| {
            let mut kept = self.values.iter().filter(|kept| kept.is_kept);
            kept.any(|kept| {
                let is_other = kept.fetched.variable != other.fetched.variable;
                is_other && other.reads.iter().any(|read| meets(kept, read))
            })
        });
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
