//! What a pass reads, and whether it has the value there that the region has on the device.

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Scalar, Span, Type};

use super::{EXACT, Slicer};
use crate::build;

impl Slicer<'_> {
    /// Notes what the pass evaluates; what it cannot have the same value of is an obstacle.
    pub(super) fn reads(&mut self, expr: Handle<Expr>) {
        let node = self.function.exprs[expr].clone();
        for operand in build::operands(&node.kind) {
            self.reads(operand);
        }
        let is_float = |ty: &Type| ty.scalar().is_some_and(Scalar::is_float);
        match &node.kind {
            ExprKind::Load(place) => self.load(place, expr, node.span),
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) if is_float(&node.ty) => {
                self.pass.rounds |= ![a, b].iter().all(|operand| self.is_no_product(**operand));
            }
            ExprKind::Call(name, _) if !EXACT.contains(&name.as_str()) => {
                self.refuse(&format!("it depends on what {name} returns"), node.span);
            }
            ExprKind::Address(_) | ExprKind::Text(_) => {
                self.refuse("it depends on an address", node.span);
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }

    /// A summand that is read or converted from an integer is no product that a compiler could contract.
    pub(super) fn is_no_product(&self, expr: Handle<Expr>) -> bool {
        match &self.function.exprs[expr].kind {
            ExprKind::Float(_) | ExprKind::Int(_) => true,
            ExprKind::Load(place) => !place.path.is_empty() || !self.written.contains(&place.var),
            ExprKind::Cast(inner) => {
                let is_integer = |ty: Scalar| !ty.is_float();
                let ty = self.function.exprs[*inner].ty.scalar();
                ty.is_some_and(is_integer) || self.is_no_product(*inner)
            }
            ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }

    pub(super) fn load(&mut self, place: &Place, expr: Handle<Expr>, span: Span) {
        let var = &self.function.vars[place.var];
        let name = if var.spelling.is_empty() {
            &var.name
        } else {
            &var.spelling
        };
        let is_value = place.path.is_empty() && matches!(var.ty, Type::Scalar(_));
        let is_written = self.written.contains(&place.var);
        let is_initial = !is_value && self.allowed.initial.contains(&place.var);
        if !is_value && (!is_written || is_initial) {
            self.pass.reads.insert(expr);
        }
        if !is_written || is_initial {
            return;
        }
        let is_counted = self.iterators.contains(&place.var);
        let is_own = self.allowed.own.contains(&place.var) && is_value;
        if is_counted || is_own {
            self.needed.insert(place.var);
            return;
        }
        let why = format!("it depends on {name}, which the loop changes");
        self.refuse(&why, span);
    }
}
