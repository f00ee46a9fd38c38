//! Expressions and places without the pointers that are followed.

use mupac_ir::structure::is_same_type;
use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Projection, Scalar, Type};

use super::value::{Pointer, Term, size_bytes};
use super::walk::Walk;
use crate::build;

impl Walk<'_> {
    /// Returns whether two types are the same.
    pub(super) fn is_same(&self, a: &Type, b: &Type) -> bool {
        is_same_type(&self.function, a, &self.function, b)
    }

    /// Returns the value of a pointer; `None` where it is not known.
    pub(super) fn pointer(&mut self, expr: Handle<Expr>) -> Option<Pointer> {
        let node = self.function.exprs[expr].clone();
        let pointee = node.ty.element()?;
        match &node.kind {
            ExprKind::Load(place) if place.path.is_empty() => {
                let var = place.var;
                let known = self.known.get(&var).cloned();
                let is_unchanged = !self.changed.contains(&var);
                known.or_else(|| {
                    is_unchanged.then(|| Pointer::first(place.clone(), pointee.clone()))
                })
            }
            ExprKind::Address(place) => {
                let place = self.place(place);
                let ty = self.function.place_type(&self.module.records, &place)?;
                Pointer::to(&place, ty, &self.module.records)
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), base, count) => {
                let size = size_bytes(&self.module.records, pointee)?;
                let base = self.pointer(*base)?;
                let value = self.value(*count);
                let bytes = if *op == BinaryOp::Add { size } else { -size };
                base.plus([Term { value, bytes }])
            }
            ExprKind::Cast(inner) => self.pointer(*inner),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns a place without pointers that are followed.
    pub(super) fn place(&mut self, place: &Place) -> Place {
        let path: Vec<Projection> = place
            .path
            .iter()
            .map(|step| match step {
                Projection::Index(index) => Projection::Index(self.value(*index)),
                Projection::Field(field) => Projection::Field(*field),
            })
            .collect();
        let var = place.var;
        let own = Place { var, path };
        if !self.is_followed(var) {
            return own;
        }
        let found = match (self.known.get(&var).cloned(), own.path.split_first()) {
            (Some(pointer), Some((Projection::Index(index), rest))) => {
                let view = self.function.vars[var].ty.element().cloned();
                view.and_then(|view| self.element(&pointer, &view, *index, rest))
            }
            _ => None,
        };
        found.unwrap_or_else(|| {
            self.kept.insert(var);
            own
        })
    }

    /// Returns an expression without pointers that are followed.
    pub(super) fn value(&mut self, expr: Handle<Expr>) -> Handle<Expr> {
        let node = self.function.exprs[expr].clone();
        let kind = match &node.kind {
            ExprKind::Load(place) if place.path.is_empty() && self.is_followed(place.var) => {
                self.address(expr, &node, place)
            }
            ExprKind::Load(place) => ExprKind::Load(self.place(place)),
            ExprKind::Address(place) => ExprKind::Address(self.place(place)),
            ExprKind::Unary(op, a) => ExprKind::Unary(*op, self.value(*a)),
            ExprKind::Cast(a) => ExprKind::Cast(self.value(*a)),
            ExprKind::Binary(op, a, b) => self
                .between(*op, *a, *b)
                .unwrap_or_else(|| ExprKind::Binary(*op, self.value(*a), self.value(*b))),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => ExprKind::Select {
                condition: self.value(*condition),
                then: self.value(*then),
                otherwise: self.value(*otherwise),
            },
            ExprKind::Call(name, arguments) => {
                let arguments = arguments.iter().map(|each| self.value(*each)).collect();
                ExprKind::Call(name.clone(), arguments)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => return expr,
        };
        if kind == node.kind {
            return expr;
        }
        let mut rewritten = Expr::new(kind, node.ty);
        rewritten.span = node.span;
        self.function.exprs.push(rewritten)
    }

    /// Returns the value of a pointer as the address of an element.
    fn address(&mut self, expr: Handle<Expr>, node: &Expr, held: &Place) -> ExprKind {
        let zero = build::int(&mut self.function, 0, Scalar::I64);
        let place = self.pointer(expr).and_then(|pointer| {
            let view = node.ty.element()?;
            self.element(&pointer, view, zero, &[])
        });
        if let Some(place) = place {
            return ExprKind::Address(place);
        }
        self.kept.insert(held.var);
        node.kind.clone()
    }

    /// Returns the comparison or difference of two pointers into one object, as that of their distances.
    fn between(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Option<ExprKind> {
        let view = self.function.exprs[a].ty.element()?.clone();
        let op = if op == BinaryOp::Difference {
            BinaryOp::Subtract
        } else {
            op.is_truth().then_some(op)?
        };
        let (a, b) = (self.pointer(a)?, self.pointer(b)?);
        let is_one = a.object == b.object && self.is_same(&view, &a.element);
        let is_logical = matches!(op, BinaryOp::And | BinaryOp::Or);
        if !is_one || is_logical || !self.is_same(&view, &b.element) {
            return None;
        }
        let (from, to) = (self.distance(&a)?, self.distance(&b)?);
        self.require(&a);
        self.require(&b);
        Some(ExprKind::Binary(op, from, to))
    }
}
