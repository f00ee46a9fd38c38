//! Operators with two and three operands; `&&`, `||`, `?:` and `,` keep C's order of effects.

use clang_sys as k;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Handle, If, Place, Scalar, Span, Stmt, Type, UnaryOp, Var,
};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::letters::ClassQuestion;
use crate::lower::stmt::construct;
use crate::lower::{Lowered, types, unsupported};

impl<'u> Body<'_, 'u> {
    /// Lowers an operator with two operands.
    pub(super) fn binary_operator(
        &mut self,
        cursor: Cursor<'u>,
        left: Cursor<'u>,
        right: Cursor<'u>,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        match cursor.binary_operator() {
            k::CXBinaryOperator_Assign => return self.assigned_value(cursor),
            k::CXBinaryOperator_Comma => {
                self.effects(left)?;
                return self.value(right);
            }
            k::CXBinaryOperator_LAnd => return self.logical(BinaryOp::And, left, right, at),
            k::CXBinaryOperator_LOr => return self.logical(BinaryOp::Or, left, right, at),
            _ => {}
        }
        if self.shared.is_whole
            && let Some(question) = ClassQuestion::of(cursor.binary_operator(), left, right)
        {
            return self.in_class(&question);
        }
        let op =
            operator(cursor.binary_operator()).ok_or_else(|| unsupported(construct(cursor), at))?;
        let left = self.value(left)?;
        let right = self.value(right)?;
        self.apply(op, left, right, at)
    }

    /// Applies an operator to operands that C's conversions have been applied to already.
    pub(super) fn apply(
        &mut self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let refuse = || unsupported("an operator on these types", at);
        let expr = match (self.type_of(left), self.type_of(right)) {
            (Type::Scalar(a), Type::Scalar(b)) => {
                let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
                let is_integer_only = is_shift
                    || matches!(
                        op,
                        BinaryOp::Remainder | BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor
                    );
                if (!is_shift && a != b)
                    || (is_integer_only && (a.is_float() || b.is_float()))
                    || a.promoted() != a
                {
                    return Err(refuse());
                }
                let ty = if op.is_truth() { Scalar::I32 } else { a };
                self.function.expr(ExprKind::Binary(op, left, right), ty)
            }
            (Type::Pointer { .. }, Type::Scalar(index))
                if matches!(op, BinaryOp::Add | BinaryOp::Subtract) =>
            {
                return self.advance(op, left, right, index, at);
            }
            (Type::Scalar(index), Type::Pointer { .. }) if op == BinaryOp::Add => {
                return self.advance(op, right, left, index, at);
            }
            (Type::Pointer { to, .. }, Type::Pointer { .. }) if op == BinaryOp::Subtract => {
                if matches!(*to, Type::Void | Type::Opaque(_)) {
                    return Err(refuse());
                }
                self.function.expr(
                    ExprKind::Binary(BinaryOp::Difference, left, right),
                    Scalar::I64,
                )
            }
            (Type::Pointer { .. }, Type::Pointer { .. }) if op.is_truth() => self
                .function
                .expr(ExprKind::Binary(op, left, right), Scalar::I32),
            _ => return Err(refuse()),
        };
        self.function.exprs[expr].span = at;
        Ok(expr)
    }

    fn advance(
        &mut self,
        op: BinaryOp,
        pointer: Handle<Expr>,
        index: Handle<Expr>,
        scalar: Scalar,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let ty = self.type_of(pointer);
        if scalar.is_float() || matches!(ty.element(), None | Some(Type::Void | Type::Opaque(_))) {
            return Err(unsupported("arithmetic on a pointer of this type", at));
        }
        let index = self.as_i64(index);
        let expr = self.function.expr(ExprKind::Binary(op, pointer, index), ty);
        self.function.exprs[expr].span = at;
        Ok(expr)
    }

    /// Lowers `&&` and `||`; a right operand with effects becomes an `if` and a temporary.
    fn logical(
        &mut self,
        op: BinaryOp,
        left: Cursor<'u>,
        right: Cursor<'u>,
        at: Span,
    ) -> Lowered<Handle<Expr>> {
        let left = self.condition(left)?;
        let (block, right) = self.nested(|body| body.condition(right));
        let right = right?;
        if block.is_empty() {
            return Ok(self
                .function
                .expr(ExprKind::Binary(op, left, right), Scalar::I32));
        }
        let is_and = op == BinaryOp::And;
        let result = self.declare_temporary("truth", Scalar::I32.into(), at);
        let (mut evaluated, ()) = self.nested(|body| {
            body.out = block;
            let is_false = body
                .function
                .expr(ExprKind::Unary(UnaryOp::Not, right), Scalar::I32);
            let is_true = body
                .function
                .expr(ExprKind::Unary(UnaryOp::Not, is_false), Scalar::I32);
            body.compute(Place::var(result), is_true, at, at);
        });
        let (mut skipped, ()) = self.nested(|body| {
            let known = body.int(i128::from(!is_and), Scalar::I32);
            body.compute(Place::var(result), known, at, at);
        });
        if !is_and {
            std::mem::swap(&mut evaluated, &mut skipped);
        }
        self.out.push(Stmt::If(If {
            condition: left,
            then: evaluated,
            otherwise: skipped,
            span: at,
        }));
        Ok(self.function.load(result))
    }

    /// Lowers `?:`; arms with effects become an `if` and a temporary.
    pub(super) fn conditional(
        &mut self,
        cursor: Cursor<'u>,
        operands: [Cursor<'u>; 3],
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let [condition, then, otherwise] = operands;
        let condition = self.condition(condition)?;
        let (then_block, then) = self.nested(|body| body.value(then));
        let (otherwise_block, otherwise) = self.nested(|body| body.value(otherwise));
        let (then, otherwise) = (then?, otherwise?);
        let ty = self.type_of(then);
        let is_value = matches!(ty, Type::Scalar(_) | Type::Pointer { .. });
        let is_object = matches!(ty, Type::Record(_)) && types::is_assignable(cursor.ty());
        if !(is_value || is_object) || ty != self.type_of(otherwise) {
            return Err(unsupported("a conditional expression of this type", at));
        }
        if is_value && then_block.is_empty() && otherwise_block.is_empty() {
            return Ok(self.function.expr(
                ExprKind::Select {
                    condition,
                    then,
                    otherwise,
                },
                ty,
            ));
        }
        let result = self.declare_temporary("chosen", ty, at);
        let then = self.arm(then_block, result, then, at);
        let otherwise = self.arm(otherwise_block, result, otherwise, at);
        self.out.push(Stmt::If(If {
            condition,
            then,
            otherwise,
            span: at,
        }));
        Ok(self.function.load(result))
    }

    fn arm(&mut self, block: Block, result: Handle<Var>, value: Handle<Expr>, at: Span) -> Block {
        let (block, ()) = self.nested(|body| {
            body.out = block;
            body.compute(Place::var(result), value, at, at);
        });
        block
    }
}

/// Returns the IR's operator for clang's, where both operands are values.
pub(super) fn operator(kind: k::CXBinaryOperatorKind) -> Option<BinaryOp> {
    Some(match kind {
        k::CXBinaryOperator_Add | k::CXBinaryOperator_AddAssign => BinaryOp::Add,
        k::CXBinaryOperator_Sub | k::CXBinaryOperator_SubAssign => BinaryOp::Subtract,
        k::CXBinaryOperator_Mul | k::CXBinaryOperator_MulAssign => BinaryOp::Multiply,
        k::CXBinaryOperator_Div | k::CXBinaryOperator_DivAssign => BinaryOp::Divide,
        k::CXBinaryOperator_Rem | k::CXBinaryOperator_RemAssign => BinaryOp::Remainder,
        k::CXBinaryOperator_And | k::CXBinaryOperator_AndAssign => BinaryOp::BitAnd,
        k::CXBinaryOperator_Or | k::CXBinaryOperator_OrAssign => BinaryOp::BitOr,
        k::CXBinaryOperator_Xor | k::CXBinaryOperator_XorAssign => BinaryOp::BitXor,
        k::CXBinaryOperator_Shl | k::CXBinaryOperator_ShlAssign => BinaryOp::ShiftLeft,
        k::CXBinaryOperator_Shr | k::CXBinaryOperator_ShrAssign => BinaryOp::ShiftRight,
        k::CXBinaryOperator_LT => BinaryOp::Less,
        k::CXBinaryOperator_LE => BinaryOp::LessEqual,
        k::CXBinaryOperator_GT => BinaryOp::Greater,
        k::CXBinaryOperator_GE => BinaryOp::GreaterEqual,
        k::CXBinaryOperator_EQ => BinaryOp::Equal,
        k::CXBinaryOperator_NE => BinaryOp::NotEqual,
        _ => return None,
    })
}
