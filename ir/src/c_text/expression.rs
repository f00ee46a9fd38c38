//! Expressions in the type that C gives them.

use super::CText;
use super::constant;
use super::helpers::Helper;
use super::precedence::{Operator, Precedence, Rendered, binary, operator};
use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::types::{Scalar, Type};

impl CText<'_> {
    /// Returns an expression as C would write it; its type there is stated with it and may be wider than the IR's,
    /// where the IR computes in a type that C promotes.
    pub(super) fn natural(&self, handle: Handle<Expr>) -> Rendered {
        let expr = &self.function.exprs[handle];
        match &expr.kind {
            ExprKind::Int(value) => constant::spelled(expr).unwrap_or_else(|| {
                constant::integer(*value, expr.ty.scalar().unwrap_or(Scalar::I64))
            }),
            ExprKind::Float(value) => constant::spelled(expr).unwrap_or_else(|| {
                constant::floating(*value, expr.ty.scalar().unwrap_or(Scalar::F64))
            }),
            ExprKind::Text(bytes) => constant::text(bytes, &expr.ty),
            ExprKind::Load(place) => {
                let rendered = self.render_place(place);
                Rendered::new(rendered.text, rendered.precedence, expr.ty.clone())
            }
            ExprKind::Address(place) => self.address(place, &expr.ty),
            ExprKind::Unary(op, operand) => self.unary(*op, *operand),
            ExprKind::Binary(op, left, right) => self.binary(*op, *left, *right, &expr.ty),
            // Only a null pointer is both a conversion and a constant.
            ExprKind::Cast(inner) => {
                constant::spelled(expr).unwrap_or_else(|| self.conversion(*inner, &expr.ty))
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => self.select(*condition, *then, *otherwise, &expr.ty),
            ExprKind::Call(callee, arguments) => {
                // C++ overloads the mathematical functions, so every argument has exactly its type.
                let arguments: Vec<_> = arguments.iter().map(|&each| self.expr(each)).collect();
                let text = format!("{}({})", (self.callees)(callee), arguments.join(", "));
                Rendered::primary(text, expr.ty.clone())
            }
            ExprKind::BlockIndex(axis) => {
                Rendered::primary(format!("blockIdx.{axis}"), Scalar::U32)
            }
            ExprKind::ThreadIndex(axis) => {
                Rendered::primary(format!("threadIdx.{axis}"), Scalar::U32)
            }
        }
    }

    fn conversion(&self, inner: Handle<Expr>, ty: &Type) -> Rendered {
        let rendered = self.exact(inner);
        if rendered.ty == *ty {
            rendered
        } else {
            self.cast(&rendered, ty)
        }
    }

    fn unary(&self, op: UnaryOp, operand: Handle<Expr>) -> Rendered {
        if op == UnaryOp::Not {
            let text = format!("!{}", self.truth(operand).at(Precedence::Unary));
            return Rendered::new(text, Precedence::Unary, Scalar::I32);
        }
        let rendered = self.promoted_operand(operand);
        let sign = if op == UnaryOp::Negate { '-' } else { '~' };
        let text = rendered.at(Precedence::Unary);
        let text = if text.starts_with(sign) {
            format!("{sign}({text})")
        } else {
            format!("{sign}{text}")
        };
        let ty = rendered
            .scalar()
            .map_or(rendered.ty.clone(), |ty| ty.promoted().into());
        Rendered::new(text, Precedence::Unary, ty)
    }

    fn binary(&self, op: BinaryOp, left: Handle<Expr>, right: Handle<Expr>, ty: &Type) -> Rendered {
        let (token, precedence) = match operator(op) {
            Operator::Infix(token, precedence) => (token, precedence),
            Operator::Helper(helper) => return self.helper(helper, left, right, ty),
        };
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let (left, right) = (self.truth(left), self.truth(right));
            return binary(token, precedence, &left, &right, Scalar::I32);
        }
        if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) {
            let left = self.promoted_operand(left);
            let right = self.same_value(right);
            let ty = left
                .scalar()
                .map_or(left.ty.clone(), |ty| ty.promoted().into());
            return binary(token, precedence, &left, &right, ty);
        }
        let operand_ty = &self.function.exprs[left].ty;
        let is_pointer = operand_ty.scalar().is_none();
        if is_pointer && matches!(op, BinaryOp::Add | BinaryOp::Subtract) {
            let (left, right) = (self.exact(left), self.same_value(right));
            return binary(token, precedence, &left, &right, ty.clone());
        }
        let (left, right) = if op.is_truth() {
            self.compared_operands(left, right, operand_ty)
        } else {
            self.operands(left, right, operand_ty, false)
        };
        let ty = match (op.is_truth(), left.scalar(), right.scalar()) {
            (true, _, _) => Scalar::I32.into(),
            (false, Some(left), Some(right)) => left.usual(right).into(),
            (false, _, _) => ty.clone(),
        };
        binary(token, precedence, &left, &right, ty)
    }

    fn select(
        &self,
        condition: Handle<Expr>,
        then: Handle<Expr>,
        otherwise: Handle<Expr>,
        ty: &Type,
    ) -> Rendered {
        let (then, otherwise) = self.operands(then, otherwise, ty, true);
        self.either(condition, &then, &otherwise, ty)
    }

    /// Returns a conditional expression of two rendered values.
    pub(super) fn either(
        &self,
        condition: Handle<Expr>,
        then: &Rendered,
        otherwise: &Rendered,
        ty: &Type,
    ) -> Rendered {
        let condition = self.truth(condition);
        let text = format!(
            "{} ? {} : {}",
            condition.at(Precedence::LogicalOr),
            then.text,
            otherwise.at(Precedence::Conditional)
        );
        let ty = match (then.scalar(), otherwise.scalar()) {
            (Some(then), Some(otherwise)) => then.usual(otherwise).into(),
            _ => ty.clone(),
        };
        Rendered::new(text, Precedence::Conditional, ty)
    }

    /// Prints an operator that C does not have: a conditional expression where both operands cost nothing to repeat,
    /// else a call of a helper.
    fn helper(
        &self,
        helper: Helper,
        left: Handle<Expr>,
        right: Handle<Expr>,
        ty: &Type,
    ) -> Rendered {
        let scalar = ty.scalar().unwrap_or(Scalar::I64).promoted();
        let is_simple = self.is_free(left) && self.is_free(right);
        if is_simple && matches!(helper, Helper::Min | Helper::Max) {
            let token = if helper == Helper::Min { "<" } else { ">" };
            let (left, right) = self.operands(left, right, ty, true);
            let condition = binary(token, Precedence::Relational, &left, &right, Scalar::I32);
            let text = format!("{} ? {} : {}", condition.text, left.text, right.text);
            return Rendered::new(text, Precedence::Conditional, scalar);
        }
        if helper == Helper::FloorDivide && !scalar.is_signed() {
            let (left, right) = self.operands(left, right, ty, false);
            return binary("/", Precedence::Multiplicative, &left, &right, scalar);
        }
        let name = helper.name(scalar);
        // The parameters have the promoted type: they convert to the operands' own type only where that is the same.
        let argument = |handle| {
            if ty.scalar() == Some(scalar) {
                self.converted(handle)
            } else {
                self.expr(handle)
            }
        };
        let text = format!("{name}({}, {})", argument(left), argument(right));
        Rendered::primary(text, scalar)
    }

    /// Returns whether a value may be written twice: a variable or a constant, perhaps converted.
    fn is_free(&self, handle: Handle<Expr>) -> bool {
        match &self.function.exprs[handle].kind {
            ExprKind::Int(_) | ExprKind::BlockIndex(_) | ExprKind::ThreadIndex(_) => true,
            ExprKind::Load(place) => place.path.is_empty(),
            ExprKind::Cast(inner) => self.is_free(*inner),
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..) => false,
        }
    }
}
