//! Compound assignment: `y[i] += v` where the value is exactly the target's own value, changed.

use super::CText;
use super::precedence::Rendered;
use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection};
use crate::types::Scalar;

impl CText<'_> {
    /// Returns the operator and the right side of a compound assignment that stores the same value, if there is one.
    ///
    /// `x op= v` computes `x op v` after the usual arithmetic conversions and converts the result to the type of `x`,
    /// so the value may be that operation, or a conversion of it to the type of the target.
    pub(super) fn compound(
        &self,
        target: &Place,
        value: Handle<Expr>,
    ) -> Option<(&'static str, String)> {
        let exprs = &self.function.exprs;
        let target_ty = &exprs[value].ty;
        let operation = self.inside_cast(value);
        let ExprKind::Binary(op, left, right) = exprs[operation].kind else {
            return None;
        };
        let token = compound_token(op)?;
        let loaded = self.inside_cast(left);
        let ExprKind::Load(place) = &exprs[loaded].kind else {
            return None;
        };
        if exprs[loaded].ty != *target_ty || !self.is_same_place(place, target) {
            return None;
        }
        let right = match (target_ty.scalar(), exprs[left].ty.scalar()) {
            (Some(target), Some(operands)) => {
                let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
                self.right_side(target, operands, right, is_shift)?
            }
            (None, None) => self.same_value(right),
            (Some(_), None) | (None, Some(_)) => return None,
        };
        Some((token, right.text))
    }

    fn inside_cast(&self, handle: Handle<Expr>) -> Handle<Expr> {
        if let ExprKind::Cast(inner) = self.function.exprs[handle].kind {
            inner
        } else {
            handle
        }
    }

    /// Returns the right operand, such that C applies the operator in type `operands`.
    fn right_side(
        &self,
        target: Scalar,
        operands: Scalar,
        right: Handle<Expr>,
        is_shift: bool,
    ) -> Option<Rendered> {
        if is_shift {
            return (target.promoted() == operands).then(|| self.same_value(right));
        }
        self.loose(right)
            .into_iter()
            .chain([self.exact(right)])
            .find(|each| each.scalar().is_some_and(|ty| target.usual(ty) == operands))
    }

    fn is_same_place(&self, a: &Place, b: &Place) -> bool {
        a.var == b.var
            && a.path.len() == b.path.len()
            && a.path.iter().zip(&b.path).all(|pair| match pair {
                (Projection::Index(a), Projection::Index(b)) => self.is_same(*a, *b),
                (Projection::Field(a), Projection::Field(b)) => a == b,
                (Projection::Index(_), Projection::Field(_))
                | (Projection::Field(_), Projection::Index(_)) => false,
            })
    }

    /// Returns whether two expressions are the same tree.
    pub(super) fn is_same(&self, a: Handle<Expr>, b: Handle<Expr>) -> bool {
        let (left, right) = (&self.function.exprs[a], &self.function.exprs[b]);
        if a == b {
            return true;
        }
        if left.ty != right.ty {
            return false;
        }
        match (&left.kind, &right.kind) {
            (ExprKind::Load(a), ExprKind::Load(b))
            | (ExprKind::Address(a), ExprKind::Address(b)) => self.is_same_place(a, b),
            (ExprKind::Unary(op, a), ExprKind::Unary(other, b)) => {
                op == other && self.is_same(*a, *b)
            }
            (ExprKind::Binary(op, a, c), ExprKind::Binary(other, b, d)) => {
                op == other && self.is_same(*a, *b) && self.is_same(*c, *d)
            }
            (ExprKind::Cast(a), ExprKind::Cast(b)) => self.is_same(*a, *b),
            // What has operands of other kinds is rare in a subscript and never taken for the same.
            (left, right) => is_leaf(left) && left == right,
        }
    }

    /// Returns whether a value reads the variable anywhere.
    pub(super) fn mentions(&self, handle: Handle<Expr>, var: Handle<crate::function::Var>) -> bool {
        let in_place = |place: &Place| {
            place.var == var
                || place.path.iter().any(|step| match step {
                    Projection::Index(index) => self.mentions(*index, var),
                    Projection::Field(_) => false,
                })
        };
        match &self.function.exprs[handle].kind {
            ExprKind::Load(place) | ExprKind::Address(place) => in_place(place),
            ExprKind::Unary(_, a) | ExprKind::Cast(a) => self.mentions(*a, var),
            ExprKind::Binary(_, a, b) => self.mentions(*a, var) || self.mentions(*b, var),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => [condition, then, otherwise]
                .into_iter()
                .any(|&each| self.mentions(each, var)),
            ExprKind::Call(_, arguments) => arguments.iter().any(|&each| self.mentions(each, var)),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }
}

fn is_leaf(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Int(_) | ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => true,
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..) => false,
    }
}

fn compound_token(op: BinaryOp) -> Option<&'static str> {
    match op {
        BinaryOp::Add => Some("+="),
        BinaryOp::Subtract => Some("-="),
        BinaryOp::Multiply => Some("*="),
        BinaryOp::Divide => Some("/="),
        BinaryOp::Remainder => Some("%="),
        BinaryOp::BitAnd => Some("&="),
        BinaryOp::BitOr => Some("|="),
        BinaryOp::BitXor => Some("^="),
        BinaryOp::ShiftLeft => Some("<<="),
        BinaryOp::ShiftRight => Some(">>="),
        BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::FloorDivide
        | BinaryOp::CeilDivide => None,
    }
}
