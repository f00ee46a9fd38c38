//! Which places the host can read before a region: those that the region certainly reads when it is entered, or when
//! its loops run, or that statements right before it read, those in the same structure, and what is declared.
//!
//! **Source**: C17 6.5.2.3 and 6.5.3.2: `b->n` designates a member of an object, so all members of it are there.

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_place;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Extent, Function, Handle, Loop, Module, Place, Projection,
    Stmt, Type, Var,
};

use super::beside::writes_beside;
use super::frees::Frees;
use crate::analyse::names::changed;
use crate::{build, region};

/// What a region certainly reads when it is entered.
pub(super) struct Entered<'a> {
    module: &'a Module,
    pub(super) function: &'a Function,
    statements: &'a [Stmt],
    places: Vec<Certain<'a>>,
}

/// A place that is read where these loops run.
struct Certain<'a> {
    place: Place,
    loops: Vec<&'a Loop>,
}

impl<'a> Entered<'a> {
    /// Reads the first loop as a whole: its start, its end before the first iteration, and what runs in that whatever data say.
    pub(super) fn new(module: &'a Module, function: &'a Function, statements: &'a [Stmt]) -> Self {
        let mut entered = Self {
            module,
            function,
            statements,
            places: Vec::new(),
        };
        if let Some(Stmt::For(each)) = statements.first() {
            entered.header(each, &[]);
            entered.body(&each.body, &[each]);
        }
        entered
    }

    /// Reads the statements before a region too, in the same block: what lies behind a pointer that one of them goes through is
    /// still there, where no call that may free it comes after it and nothing has changed the pointer.
    #[must_use]
    pub(super) fn after(mut self, ahead: &'a [Stmt]) -> Self {
        let mut assigned = BTreeSet::new();
        let mut frees = Frees::of(self.module);
        for stmt in ahead.iter().rev() {
            let known = self.places.len();
            self.body(std::slice::from_ref(stmt), &[]);
            assigned.extend(changed(self.function, std::slice::from_ref(stmt)));
            let added = self.places.split_off(known);
            let is_kept = |each: &Certain<'_>| {
                each.loops.is_empty() && self.is_plainly_there(&each.place, &assigned)
            };
            let kept: Vec<Certain<'_>> = added.into_iter().filter(is_kept).collect();
            self.places.extend(kept);
            if frees.by(stmt) || matches!(stmt, Stmt::While(_)) {
                break;
            }
        }
        self
    }

    /// Returns whether a place is reached by one pointer of the function's own, which is none of the `assigned` variables, and
    /// by constant subscripts.
    fn is_plainly_there(&self, place: &Place, assigned: &BTreeSet<Handle<Var>>) -> bool {
        let mut indices = build::indices(place);
        self.function.vars[place.var].is_plain_local()
            && !assigned.contains(&place.var)
            && self.after_last_pointer(place) <= 1
            && indices.all(|index| build::constant(self.function, index).is_some())
    }

    fn header(&mut self, each: &Loop, loops: &[&'a Loop]) {
        for bound in [each.start, each.end] {
            self.value(bound, loops);
        }
    }

    /// Reads statements of a first iteration, up to one that may leave it.
    fn body(&mut self, statements: &'a [Stmt], loops: &[&'a Loop]) {
        for stmt in statements {
            match stmt {
                Stmt::Compute(compute) => {
                    self.add(compute.target.clone(), loops);
                    for index in build::indices(&compute.target) {
                        self.value(index, loops);
                    }
                    self.value(compute.value, loops);
                }
                Stmt::Let(_, value) => self.value(*value, loops),
                Stmt::For(each) => {
                    self.header(each, loops);
                    self.body(&each.body, &[loops, &[each]].concat());
                }
                Stmt::Declare(..) => {}
                Stmt::If(branch) => {
                    self.value(branch.condition, loops);
                    if leaves(stmt) {
                        return;
                    }
                }
                Stmt::Call(call) => {
                    for argument in &call.arguments {
                        self.value(*argument, loops);
                    }
                    return;
                }
                Stmt::While(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => return,
            }
        }
    }

    /// Notes what evaluating an expression reads in any case.
    fn value(&mut self, expr: Handle<Expr>, loops: &[&'a Loop]) {
        let mut places = Vec::new();
        certain(self.function, expr, &mut places);
        for place in places {
            self.add(place, loops);
        }
    }

    fn add(&mut self, place: Place, loops: &[&'a Loop]) {
        let loops = loops.to_vec();
        self.places.push(Certain { place, loops });
    }

    /// Returns whether a place holds a number that keeps its value where `changed` are the variables that the region
    /// writes through, and that can be read before the region.
    pub(super) fn is_readable(&self, place: &Place, changed: &BTreeSet<Handle<Var>>) -> bool {
        matches!(self.ty(place), Some(Type::Scalar(_)))
            && self.is_kept(place, changed)
            && self.is_there(place, changed)
    }

    /// Returns whether a place is there where loops run in the first iterations of those around them, whose bounds the
    /// region does not change.
    pub(super) fn is_there(&self, place: &Place, changed: &BTreeSet<Handle<Var>>) -> bool {
        let mut changed = changed.clone();
        let Some(loops) = self.needs(place) else {
            return false;
        };
        loops.iter().all(|each| {
            let mut is_kept = true;
            for bound in [each.start, each.end] {
                let mut read = Vec::new();
                certain(self.function, bound, &mut read);
                build::visit(self.function, bound, &mut |_, node| {
                    if let ExprKind::Load(place) = &node.kind {
                        // The host would read what only one arm of a `?:` reads.
                        is_kept &= self.is_kept(place, &changed) && read.contains(place);
                    }
                });
            }
            // In its first iteration it is worth its start.
            changed.remove(&each.iterator);
            is_kept
        })
    }

    /// Returns the pointers to the structures on the way to a place, at fixed distances from them, of which the first can be read
    /// before the region, and the next ones where the structures before are there; the region changes none.
    pub(super) fn pointers_to(
        &self,
        place: &Place,
        changed: &BTreeSet<Handle<Var>>,
    ) -> Option<Vec<Place>> {
        let reached = self.after_last_pointer(place);
        let pointer = before(place, reached.checked_sub(1)?);
        let leads_to_one = matches!(place.path.get(reached - 1), Some(Projection::Index(index))
            if build::constant(self.function, *index) == Some(0));
        let is_member = place.path.len() > reached && self.stays_inside(place, reached);
        if !leads_to_one || !is_member || !self.is_kept(&pointer, changed) {
            return None;
        }
        let mut all = self.structures_before(&pointer, changed)?;
        all.push(pointer);
        Some(all)
    }

    /// Returns the pointers to the structures that have to be there for a place to be there, where its loops run: none where these
    /// certainly do. Loops of which data say how often they run may not, and a structure is there or not. `None`: the place need
    /// not be there.
    pub(super) fn structures_before(
        &self,
        place: &Place,
        changed: &BTreeSet<Handle<Var>>,
    ) -> Option<Vec<Place>> {
        let is_there = self.is_there(place, changed);
        if is_there
            && !self
                .needs(place)
                .is_some_and(|loops| self.run_by_data(loops))
        {
            return Some(Vec::new());
        }
        let structures = self.pointers_to(place, changed);
        structures.or_else(|| is_there.then(Vec::new))
    }

    /// Returns whether a bound of some loops, each inside the one before, reads memory at what the others count.
    fn run_by_data(&self, loops: &[&Loop]) -> bool {
        let is_counted = |var: Handle<Var>| loops.iter().any(|each| each.iterator == var);
        let mut bounds = loops.iter().flat_map(|each| [each.start, each.end]);
        bounds.any(|bound| {
            let mut by_data = false;
            build::visit(self.function, bound, &mut |_, node| {
                if let ExprKind::Load(place) = &node.kind {
                    let named = build::indices(place)
                        .flat_map(|index| build::variables(self.function, index));
                    by_data |= named.into_iter().any(is_counted);
                }
            });
            by_data
        })
    }

    /// Returns the type of what lies at a place.
    pub(super) fn ty(&self, place: &Place) -> Option<Type> {
        self.function.place_type(&self.module.records, place)
    }

    /// Returns whether a place stays the same where `changed` are the variables that the region writes through.
    pub(super) fn is_kept(&self, place: &Place, changed: &BTreeSet<Handle<Var>>) -> bool {
        let is_kept =
            |var: Handle<Var>| !changed.contains(&var) && !self.function.vars[var].is_volatile;
        let is_written = |stmt: &Stmt| {
            region::target(stmt)
                .filter(|to| to.var == place.var)
                .map(drop)
        };
        let is_beside = || {
            !self.function.vars[place.var].is_volatile
                && region::first(self.statements, &mut |stmt| is_written(stmt)).is_some()
                && writes_beside(self.module, self.function, self.statements, place)
        };
        (is_kept(place.var) || is_beside())
            && build::indices(place).all(|index| self.is_fixed(index, &is_kept))
    }

    /// Returns whether a subscript is a sum of constants and variables that keep their values.
    fn is_fixed(&self, index: Handle<Expr>, is_kept: &dyn Fn(Handle<Var>) -> bool) -> bool {
        let mut is_fixed = true;
        build::visit(self.function, index, &mut |_, node| match &node.kind {
            ExprKind::Load(place) => is_fixed &= place.path.is_empty() && is_kept(place.var),
            ExprKind::Int(_) | ExprKind::Cast(_) => {}
            ExprKind::Binary(op, ..) => {
                is_fixed &= matches!(op, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply);
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => is_fixed = false,
        });
        is_fixed
    }

    /// Returns the loops that have to run for a place to be there: as far as the last pointer on its path, the region reads
    /// the same then, and from there on it stays inside what is declared. `None`: it need not be there.
    pub(super) fn needs(&self, place: &Place) -> Option<&[&'a Loop]> {
        let length = place.path.len();
        let reached = self.after_last_pointer(place);
        let inside = self.stays_inside(place, reached);
        if inside && reached == 0 {
            return Some(&[]);
        }
        let is_enough = |known: &Place| {
            let reads = |length: usize| {
                known.path.len() >= length && {
                    let (known, place) = (before(known, length), before(place, length));
                    is_same_place(self.function, &known, self.function, &place)
                }
            };
            reads(length) || (inside && reads(reached))
        };
        let found = self.places.iter().filter(|known| is_enough(&known.place));
        let loops = found.map(|known| known.loops.as_slice());
        loops.min_by_key(|loops| loops.len())
    }

    /// Returns how many steps lead to what the last pointer points to; 0: there is no pointer.
    fn after_last_pointer(&self, place: &Place) -> usize {
        (0..place.path.len())
            .rev()
            .find(|at| matches!(self.at(place, *at), Some(Type::Pointer { .. })))
            .map_or(0, |at| at + 1)
    }

    /// Returns the type of what the first steps of a path lead to.
    fn at(&self, place: &Place, length: usize) -> Option<Type> {
        self.ty(&before(place, length))
    }

    /// Returns whether every subscript from a step on is a constant below the declared length.
    fn stays_inside(&self, place: &Place, from: usize) -> bool {
        (from..place.path.len()).all(|at| match (&place.path[at], self.at(place, at)) {
            (Projection::Field(_), _) => true,
            (
                Projection::Index(index),
                Some(Type::Array {
                    length: Extent::Fixed(length),
                    ..
                }),
            ) => build::constant(self.function, *index)
                .is_some_and(|index| 0 <= index && index < i128::from(length)),
            (Projection::Index(_), _) => false,
        })
    }
}

/// Returns where the first steps of a path lead to.
pub(in crate::analyse) fn before(place: &Place, length: usize) -> Place {
    Place {
        var: place.var,
        path: place.path[..length].to_vec(),
    }
}

/// Returns whether a statement may end the iteration that it stands in.
pub(super) fn leaves(stmt: &Stmt) -> bool {
    may_end(stmt, false)
}

/// Returns whether control may not come to the end of a statement; ways out of loops `within` it end in it.
fn may_end(stmt: &Stmt, within: bool) -> bool {
    let inside = |block: &Block, within| block.iter().any(|stmt| may_end(stmt, within));
    match stmt {
        Stmt::Compute(_) | Stmt::Let(..) | Stmt::Declare(..) => false,
        Stmt::If(branch) => inside(&branch.then, within) || inside(&branch.otherwise, within),
        Stmt::For(each) => inside(&each.body, true),
        Stmt::Break(_) | Stmt::Continue(_) => !within,
        Stmt::While(_) | Stmt::Call(_) | Stmt::Return(..) | Stmt::Barrier | Stmt::Verbatim(..) => {
            true
        }
    }
}

/// Adds the places that evaluating an expression reads in any case.
pub(super) fn certain(function: &Function, expr: Handle<Expr>, found: &mut Vec<Place>) {
    let node = &function.exprs[expr];
    match &node.kind {
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, _) => certain(function, *a, found),
        ExprKind::Select { condition, .. } => certain(function, *condition, found),
        ExprKind::Load(place) => {
            found.push(place.clone());
            for index in build::indices(place) {
                certain(function, index, found);
            }
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => {
            for operand in build::operands(&node.kind) {
                certain(function, operand, found);
            }
        }
    }
}
