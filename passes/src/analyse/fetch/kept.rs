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
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Place, Projection, Read, Scalar, Stmt,
    Type, Var,
};

use super::beside::{are_members, may_be_one, parting};
use super::rows::where_runs;
use super::safe::Entered;
use super::{InMemory, in_memory, structures};
use crate::analyse::names::changed;
use crate::analyse::pointers::Requirement;
use crate::analyse::value::ACCESSIBLE;
use crate::facts::{BlockStep, Facts};
use crate::normalise::{in_statement, is_modelled, modified, see_through_copies};
use crate::numbering::Numbering;
use crate::{build, region};

/// Regions of more assignments are left as they are: whoever looks at them once more takes as long again, tens of seconds for a
/// decoder of pictures (`stb_image`), and numbers are rarely all that holds them back.
const MOST_ASSIGNMENTS: usize = 40;

/// For the report: two numbers lie apart.
const APART: &str = "apart";

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
    let mut assignments = 0;
    region::each(statements, &mut |stmt| {
        assignments += usize::from(matches!(stmt, Stmt::Compute(_)));
    });
    let is_short = assignments <= MOST_ASSIGNMENTS;
    let known = (is_short && is_modelled(statements)).then(|| Candidates {
        module,
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
    let (mut values, mut structures) = (Vec::new(), Vec::new());
    for place in &places {
        let needs = known.needs(&mut new, place, &mut structures)?;
        values.push(InMemory {
            is_kept: true,
            needs,
            ..in_memory(module, &mut new, place.clone())
        });
    }
    let mut apart = Vec::new();
    for (at, place) in places.iter().enumerate().skip(1) {
        for other in &places[..at] {
            if known.may_meet(place, other) {
                apart.push(known.apart(&mut new, place, other)?);
            }
        }
    }
    told_apart(&mut new, (&mut values, &mut structures), apart);
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
    let values = [structures, values].concat();
    Some(Kept {
        function: Arc::new(new),
        values,
    })
}

/// Has some numbers rely on one value that says that they lie apart, and that the `structures` are there which say it by values of
/// their own: conditions of several such values are more than the solver takes.
fn told_apart(
    function: &mut Function,
    (values, structures): (&mut Vec<InMemory>, &mut Vec<InMemory>),
    apart: Vec<Handle<Expr>>,
) {
    let Some(first) = values.first().filter(|_| !apart.is_empty()).cloned() else {
        return;
    };
    let there = structures.iter().map(|each| each.fetched.value);
    let conditions: Vec<_> = there.chain(apart).collect();
    let Some(all) = build::all_of(function, conditions) else {
        return;
    };
    let fetched = where_runs(function, "apart", all, None);
    function.vars[fetched.variable].ty = Scalar::Bool.into();
    let holds = function.load(fetched.variable);
    let condition = build::convert(function, holds, Scalar::I32);
    for value in values {
        value.needs.retain(|each| each.kind != ACCESSIBLE);
        value.needs.push(Requirement {
            kind: APART,
            condition,
            otherwise: "two numbers that are one",
        });
    }
    let reads = structures.drain(..).flat_map(|each| each.reads).collect();
    structures.push(InMemory {
        fetched,
        reads,
        needs: Vec::new(),
        is_kept: false,
        ..first
    });
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

/// A region whose numbers are looked for.
struct Candidates<'a> {
    module: &'a Module,
    function: &'a Function,
    statements: &'a [Stmt],
    changed: BTreeSet<Handle<Var>>,
    entered: Entered<'a>,
}

impl Candidates<'_> {
    /// Returns the places of numbers that loops assign and that others can see.
    fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        region::each(self.statements, &mut |stmt| {
            let Stmt::Compute(compute) = stmt else {
                return;
            };
            let place = &compute.target;
            let is_new = !places.iter().any(|known| self.is_same(known, place));
            if is_new
                && self.is_shared_number(place)
                && self.has_no_other_access(place)
                && !self.may_be_variable(place)
            {
                places.push(place.clone());
            }
        });
        places
    }

    fn is_same(&self, a: &Place, b: &Place) -> bool {
        is_same_place(self.function, a, self.function, b)
    }

    /// Returns whether a place is one number, the same in all iterations, that others can see.
    fn is_shared_number(&self, place: &Place) -> bool {
        let declared = &self.function.vars[place.var];
        let is_first = |index| build::constant(self.function, index) == Some(0);
        let is_reached = match declared.ty {
            Type::Scalar(_) => !declared.is_plain_local(),
            // An element by a subscript that changes belongs to an array.
            Type::Pointer { .. } => {
                let is_assigned = changed(self.function, self.statements).contains(&place.var);
                !is_assigned && build::indices(place).count() == 1
            }
            Type::Record(_) => build::indices(place).next().is_none() && !place.path.is_empty(),
            Type::Void | Type::Array { .. } | Type::Opaque(_) => false,
        };
        is_reached
            && !declared.is_volatile
            && build::indices(place).all(is_first)
            && matches!(self.entered.ty(place), Some(Type::Scalar(_)))
    }

    /// Returns whether whatever else the region reaches by the same variable lies elsewhere.
    fn has_no_other_access(&self, place: &Place) -> bool {
        let is_met = |other: &Place| other.var == place.var && parting(place, other).is_none();
        let mut is_free = true;
        region::each_place(self.function, self.statements, &mut |other| {
            is_free &= self.is_same(place, other) || !is_met(other);
        });
        region::each(self.statements, &mut |stmt| {
            if let Stmt::For(each) = stmt {
                is_free &= each.iterator != place.var;
            }
            if let Stmt::Declare(own, _) | Stmt::Let(own, _) = stmt {
                is_free &= *own != place.var;
            }
            for expr in region::expressions(stmt) {
                build::visit(self.function, expr, &mut |_, node| {
                    is_free &= !matches!(&node.kind, ExprKind::Address(other) if is_met(other));
                });
            }
        });
        is_free
    }

    /// Returns whether the pointer to a place may lead to a variable that kernels take by value: no guard compares the two.
    fn may_be_variable(&self, place: &Place) -> bool {
        if !matches!(self.function.vars[place.var].ty, Type::Pointer { .. }) {
            return false;
        }
        let Some(number) = self.entered.ty(place) else {
            return true;
        };
        let mut is_met = false;
        region::each_place(self.function, self.statements, &mut |other| {
            let declared = &self.function.vars[other.var];
            let is_value = matches!(declared.ty, Type::Scalar(_) | Type::Record(_));
            let ty = self.function.place_type(&self.module.records, other);
            is_met |= is_value
                && declared.is_address_taken
                && !declared.is_const
                && may_be_one(&number, ty.as_ref());
        });
        is_met
    }

    /// Returns what must hold for a place to be there, and to be one that can be written where the region only may write it.
    fn needs(
        &self,
        function: &mut Function,
        place: &Place,
        structures: &mut Vec<InMemory>,
    ) -> Option<Vec<Requirement>> {
        let mut changed = self.changed.clone();
        changed.remove(&place.var);
        let is_pointer = matches!(self.function.vars[place.var].ty, Type::Pointer { .. });
        let is_certain = !is_pointer || self.is_always_assigned(place);
        if is_certain && self.entered.is_there(place, &changed) {
            let loops = self.entered.needs(place)?;
            let mut is_known = true;
            let needs = super::needs(function, loops, &mut |_, read, _| {
                is_known &= read.place.path.is_empty();
                None
            });
            return is_known.then_some(needs);
        }
        let pointer = Place::var(place.var);
        let pointer = (&pointer, [].as_slice());
        let there = structures::is_there(self.module, function, pointer, structures);
        Some(vec![there])
    }

    /// Returns whether two places may be one number.
    fn may_meet(&self, a: &Place, b: &Place) -> bool {
        let are_variables = [a, b].iter().all(|place| {
            let ty = &self.function.vars[place.var].ty;
            matches!(ty, Type::Scalar(_) | Type::Record(_))
        });
        let [a_ty, b_ty] = [a, b].map(|place| self.entered.ty(place));
        !are_variables
            && !are_members(self.module, self.function, a, b)
            && a_ty.is_none_or(|ty| may_be_one(&ty, b_ty.as_ref()))
    }

    /// Returns whether two places of one type are not the same; `None` where they may overlap otherwise.
    fn apart(&self, function: &mut Function, a: &Place, b: &Place) -> Option<Handle<Expr>> {
        let ty = self.entered.ty(a)?;
        (self.entered.ty(b).as_ref() == Some(&ty)).then_some(())?;
        let [a, b] = [a, b].map(|place| {
            let address = match &place.path[..] {
                [Projection::Index(_)] => ExprKind::Load(Place::var(place.var)),
                _ => ExprKind::Address(place.clone()),
            };
            function.expr(address, ty.clone().pointer(false))
        });
        Some(function.expr(ExprKind::Binary(BinaryOp::NotEqual, a, b), Scalar::I32))
    }

    /// Returns whether each iteration of the first loop assigns a place.
    fn is_always_assigned(&self, place: &Place) -> bool {
        let assigns = |stmt: &Stmt| matches!(stmt, Stmt::Compute(compute) if self.is_same(&compute.target, place));
        let first = self.statements.first();
        matches!(first, Some(Stmt::For(each)) if each.body.iter().any(assigns))
    }
}

impl Kept {
    /// Returns whether a number lies in what goes home behind its last value.
    pub(in crate::analyse) fn lies_in_copy(&self, facts: &Facts) -> bool {
        facts.may_contain.iter().any(|(array, read)| {
            let mut kept = self.values.iter().filter(|each| each.is_kept);
            *array == read.place.var && kept.any(|each| each.reads.contains(read))
        })
    }

    /// Returns the values with others that a form has; `None` where one of these may lie where a kept one does.
    pub(in crate::analyse) fn with_others(
        &self,
        module: &Module,
        function: &Function,
        others: &[InMemory],
    ) -> Option<Vec<InMemory>> {
        let place = |kept: &InMemory| {
            let kind = &function.exprs[kept.fetched.value].kind;
            if let ExprKind::Load(place) = kind {
                place.clone()
            } else {
                Place::var(kept.root)
            }
        };
        let meets = |kept: &InMemory, read: &Read| {
            let ty = function.place_type(&module.records, &read.place);
            let kept_ty = &function.vars[kept.fetched.variable].ty;
            let is_plain =
                read.place.path.is_empty() && function.vars[read.place.var].is_plain_local();
            !is_plain
                && !are_members(module, function, &place(kept), &read.place)
                && may_be_one(kept_ty, ty.as_ref())
        };
        let mut all = others.iter().chain(&self.values);
        let is_met = all.any(|other| {
            let mut kept = self.values.iter().filter(|kept| kept.is_kept);
            kept.any(|kept| {
                // Two that the region assigns are told apart by themselves.
                !other.is_kept && other.reads.iter().any(|read| meets(kept, read))
            })
        });
        (!is_met).then(|| [&self.values, others].concat())
    }
}
