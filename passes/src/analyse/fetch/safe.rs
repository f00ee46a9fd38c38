//! Which places the host can read before a region: those that the region certainly reads when it is entered, those in
//! the same structure, and what is declared.
//!
//! **Source**: C17 6.5.2.3 and 6.5.3.2: `b->n` designates a member of an object, so all members of it are there.

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_place;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Extent, Function, Handle, Module, Place, Projection, Stmt, Type, Var,
};

use crate::build;

/// What a region certainly reads when it is entered.
pub(super) struct Entered<'a> {
    module: &'a Module,
    function: &'a Function,
    places: Vec<Place>,
}

impl<'a> Entered<'a> {
    /// Reads the header of the first loop: its start, and its end before the first iteration.
    pub(super) fn new(module: &'a Module, function: &'a Function, statements: &[Stmt]) -> Self {
        let mut places = Vec::new();
        if let Some(Stmt::For(each)) = statements.first() {
            for bound in [each.start, each.end] {
                certain(function, bound, &mut places);
            }
        }
        Self {
            module,
            function,
            places,
        }
    }

    /// Returns whether a place holds a number that keeps its value where `changed` are the variables that the region
    /// writes through, and that can be read before the region.
    pub(super) fn is_readable(&self, place: &Place, changed: &BTreeSet<Handle<Var>>) -> bool {
        let ty = self.function.place_type(&self.module.records, place);
        let is_kept =
            |var: Handle<Var>| !changed.contains(&var) && !self.function.vars[var].is_volatile;
        matches!(ty, Some(Type::Scalar(_)))
            && is_kept(place.var)
            && build::indices(place).all(|index| self.is_fixed(index, &is_kept))
            && self.is_safe(place)
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

    /// Returns whether the place is there: as far as the last pointer on its path, the region is entered by reading the
    /// same, and from there on it stays inside what is declared.
    fn is_safe(&self, place: &Place) -> bool {
        let same = |known: &Place, length: usize| {
            known.path.len() >= length && {
                let (known, place) = (before(known, length), before(place, length));
                is_same_place(self.function, &known, self.function, &place)
            }
        };
        let length = place.path.len();
        let is_read = |length: usize| self.places.iter().any(|known| same(known, length));
        let reached = self.after_last_pointer(place);
        is_read(length) || ((reached == 0 || is_read(reached)) && self.stays_inside(place, reached))
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
        self.function
            .place_type(&self.module.records, &before(place, length))
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
fn before(place: &Place, length: usize) -> Place {
    Place {
        var: place.var,
        path: place.path[..length].to_vec(),
    }
}

/// Adds the places that evaluating an expression reads in any case.
fn certain(function: &Function, expr: Handle<Expr>, found: &mut Vec<Place>) {
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
