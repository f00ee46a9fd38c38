//! Loops that a pointer counts: its distance from where it starts counts instead.

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_place;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Handle, Loop, Mapping, Place, Projection, Scalar, Stmt, Type, Var,
    While,
};

use super::fixed::{is_fixed, is_found_in_memory, is_member};
use super::step::{At, Step};
use super::test::{Relation, Test};
use super::{Counting, Position, changed, has_return, is_live_after, may_leave};
use crate::build;
use crate::facts::BlockStep;

/// So many pointers that were made of others are followed to where they come from.
const MOST_STEPS: usize = 8;

/// A pointer as an element of an array, or of what another pointer leads to.
struct Element {
    array: Place,
    /// Its number, an `i64`.
    index: Handle<Expr>,
}

impl Counting<'_> {
    /// Returns a loop that a pointer counts which nothing reads afterwards.
    pub(super) fn by_pointer(
        &mut self,
        each: &While,
        step: &Step,
        position: Position<'_>,
    ) -> Option<Loop> {
        let var = step.var;
        let leaves = may_leave(&each.body) || has_return(&each.after_body);
        let is_early = matches!(step.at, At::BeforeTest(_));
        let is_read_behind = is_live_after(self.written, position.path, position.at, var);
        if each.is_do || is_early || leaves || is_read_behind {
            return None;
        }
        let test = Test::of(&self.function, each, step)?;
        let is_unit = step.by.abs() == 1;
        if test.ahead != 0 || (test.relation == Relation::Unequal && !is_unit) {
            return None;
        }
        let distance = self.distance(each, var, test.bound?, position)?;
        let past = i64::from(test.relation == Relation::UpTo) * step.by.signum();
        let past = build::int(&mut self.function, past.into(), Scalar::I64);
        let end = build::binary(&mut self.function, BinaryOp::Add, distance, past);
        let (counter, body) = self.with_own(each, var);
        Some(Loop {
            name: each.name.clone(),
            iterator: counter,
            declares_iterator: true,
            start: build::int(&mut self.function, 0, Scalar::I64),
            end,
            step: step.by,
            mapping: Mapping::Sequential,
            body,
            span: each.span,
            header_span: each.header_span,
        })
    }

    /// Returns a counter, and an iteration with a pointer of its own, which starts as far from the common one as the counter
    /// says.
    fn with_own(&mut self, each: &While, var: Handle<Var>) -> (Handle<Var>, Vec<Stmt>) {
        let name = format!("{}.at", self.function.vars[var].name);
        let name = self.function.fresh_name(&name);
        let counter = Var::local(&name, Type::Scalar(Scalar::I64));
        let counter = self.function.vars.push(counter);
        let mut rest = [&each.before_test[..], &each.body, &each.after_body].concat();
        let own = self.renamed(&mut rest, var);
        let mut body = vec![Stmt::Declare(own, each.header_span)];
        let common = self.function.load(var);
        let along = self.function.load(counter);
        let value = self.moved_by(common, BinaryOp::Add, along);
        body.push(self.assignment(own, value, each.header_span));
        body.append(&mut rest);
        (counter, body)
    }

    /// Returns a pointer plus or minus a number of elements.
    pub(super) fn moved_by(
        &mut self,
        pointer: Handle<Expr>,
        op: BinaryOp,
        by: Handle<Expr>,
    ) -> Handle<Expr> {
        let ty = self.function.exprs[pointer].ty.clone();
        self.function.expr(ExprKind::Binary(op, pointer, by), ty)
    }

    /// Returns an assignment to a whole variable.
    pub(super) fn assignment(
        &mut self,
        var: Handle<Var>,
        value: Handle<Expr>,
        span: mupac_ir::Span,
    ) -> Stmt {
        Stmt::Compute(self.numbering.assignment(Place::var(var), value, span))
    }

    /// Returns how many elements a bound is from where a pointer is before a loop, an `i64`; `None` where that is not known.
    fn distance(
        &mut self,
        each: &While,
        var: Handle<Var>,
        bound: Handle<Expr>,
        position: Position<'_>,
    ) -> Option<Handle<Expr>> {
        let mut inside = changed(&self.function, &each.body);
        inside.extend(changed(&self.function, &each.after_body));
        inside.remove(&var);
        let ty = self.function.vars[var].ty.clone();
        let element = ty.element()?.clone();
        if self.function.exprs[bound].ty.element() != Some(&element) {
            return None;
        }
        let load = self.function.load(var);
        let place = (&inside, position);
        let from = self.elements(load, &element, place, MOST_STEPS);
        let to = self.elements(bound, &element, place, MOST_STEPS);
        // The first that both are made of: farther back sums only grow.
        let common = from.iter().find_map(|from| {
            let is_same = |to: &&Element| {
                is_same_place(&self.function, &from.array, &self.function, &to.array)
            };
            to.iter().find(is_same).map(|to| (to.index, from.index))
        });
        if let Some((to, from)) = common {
            let difference = BinaryOp::Subtract;
            return Some(build::binary(&mut self.function, difference, to, from));
        }
        is_whole(&element).then(|| self.difference(bound, load, &inside))?
    }

    /// Returns the difference of two pointers that are whole elements apart: comparing them says that they lead into one object
    /// (C17 6.5.8 §5).
    fn difference(
        &mut self,
        bound: Handle<Expr>,
        from: Handle<Expr>,
        changed: &BTreeSet<Handle<Var>>,
    ) -> Option<Handle<Expr>> {
        let is_known = is_fixed(&self.function, bound, changed)
            || is_found_in_memory(&self.function, bound, changed);
        is_known.then(|| {
            let kind = ExprKind::Binary(BinaryOp::Subtract, bound, from);
            self.function.expr(kind, Scalar::I64)
        })
    }

    /// Returns a pointer as an element of what it was last made of, of what that was made of, and so on, all of which stays
    /// as it is in the loop.
    fn elements(
        &mut self,
        pointer: Handle<Expr>,
        ty: &Type,
        (changed, position): (&BTreeSet<Handle<Var>>, Position<'_>),
        left: usize,
    ) -> Vec<Element> {
        let node = self.function.exprs[pointer].clone();
        if left == 0 || node.ty.element() != Some(ty) {
            return Vec::new();
        }
        let around = (changed, position);
        match node.kind {
            ExprKind::Load(place) if is_member(&place) => {
                let is_own = self.function.vars[place.var].is_plain_local();
                if changed.contains(&place.var) || !is_own {
                    return Vec::new();
                }
                let is_whole = place.path.is_empty();
                let made = is_whole.then(|| self.origin(place.var, position)).flatten();
                let made = made.filter(|made| is_fixed(&self.function, *made, changed));
                let index = build::int(&mut self.function, 0, Scalar::I64);
                let mut found = vec![Element {
                    array: place,
                    index,
                }];
                if let Some(made) = made {
                    found.extend(self.elements(made, ty, around, left - 1));
                }
                found
            }
            ExprKind::Address(place) => {
                let is_known = is_fixed(&self.function, pointer, changed);
                let Some((Projection::Index(index), array)) =
                    place.path.split_last().filter(|_| is_known)
                else {
                    return Vec::new();
                };
                let array = Place {
                    var: place.var,
                    path: array.to_vec(),
                };
                let index = build::convert(&mut self.function, *index, Scalar::I64);
                vec![Element { array, index }]
            }
            ExprKind::Cast(inner) => self.elements(inner, ty, around, left - 1),
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), of, by) => {
                if !is_fixed(&self.function, by, changed) {
                    return Vec::new();
                }
                let by = build::convert(&mut self.function, by, Scalar::I64);
                let mut found = self.elements(of, ty, around, left - 1);
                for each in &mut found {
                    each.index = build::binary(&mut self.function, op, each.index, by);
                }
                found
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => Vec::new(),
        }
    }

    /// Returns what a pointer was made of before a loop, in a block around it or its own.
    fn origin(&self, var: Handle<Var>, position: Position<'_>) -> Option<Handle<Expr>> {
        if let Some(made) = self.defined(var, position) {
            return Some(made);
        }
        let (last, outer) = position.path.split_last()?;
        let at = match last {
            BlockStep::Then(at) | BlockStep::Otherwise(at) => *at,
            BlockStep::Body(_) => return None,
        };
        let block = crate::region::block(&self.written.body, position.path)?;
        let before = changed(self.written, block.get(..position.at)?);
        let made = self.origin(var, Position { path: outer, at })?;
        let is_kept = !before.contains(&var) && is_fixed(self.written, made, &before);
        is_kept.then_some(made)
    }
}

/// Returns whether pointers to elements of a type that lead into one object are a whole number of them apart: they are aligned
/// by as much as an element is long. Structures may begin in the middle of others.
///
/// **Source**: C17 6.3.2.3 §7.
fn is_whole(element: &Type) -> bool {
    matches!(element, Type::Scalar(_) | Type::Pointer { .. })
}
