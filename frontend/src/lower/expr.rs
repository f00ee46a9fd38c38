//! Rvalues: clang's expressions to the IR's, side effects first.
//!
//! An effect inside an expression becomes statements before it.
//! That is one of the orders C allows, because C leaves unsequenced what an expression reads and what it changes, or
//! makes it undefined; where C does order operands (`&&`, `||`, `?:`, `,`), so does the lowering.

use clang_sys as k;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Handle, If, Place, Scalar, Span, Stmt, Type, UnaryOp,
};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::types::is_function;
use crate::lower::{Lowered, types, unsupported, walk};

impl<'u> Body<'_, 'u> {
    /// Lowers an expression that has a value.
    pub(super) fn value(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let value = self.deeper(at, |body| body.value_of_kind(cursor))?;
        let ty = self.type_of(value);
        if !self.shared.types.is_match(&ty, cursor.ty()) {
            return Err(unsupported(
                "an expression whose type mupac computes differently",
                at,
            ));
        }
        let value = self.spell(cursor, value);
        if self.function.exprs[value].span.is_unknown() {
            self.function.exprs[value].span = at;
        }
        Ok(value)
    }

    fn value_of_kind(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let children = cursor.children();
        match (cursor.kind(), children.as_slice()) {
            (
                k::CXCursor_IntegerLiteral
                | k::CXCursor_FloatingLiteral
                | k::CXCursor_CharacterLiteral
                | k::CXCursor_UnaryExpr,
                _,
            ) => self.folded(cursor),
            (k::CXCursor_ParenExpr, [inner]) => self.value(*inner),
            (k::CXCursor_UnexposedExpr, [inner]) if walk::implicit_operand(cursor).is_some() => {
                self.implicit(cursor, *inner)
            }
            (k::CXCursor_DeclRefExpr, _) => match cursor.referenced() {
                Some(declaration) if declaration.kind() == k::CXCursor_EnumConstantDecl => {
                    self.enumerator(declaration, cursor)
                }
                _ => self.load(cursor),
            },
            (k::CXCursor_MemberRefExpr | k::CXCursor_ArraySubscriptExpr, _) => self.load(cursor),
            (k::CXCursor_UnaryOperator, [operand]) => self.unary(cursor, *operand),
            (k::CXCursor_BinaryOperator, [left, right]) => {
                self.binary_operator(cursor, *left, *right)
            }
            (k::CXCursor_CompoundAssignOperator, _) => self.assigned_value(cursor),
            (k::CXCursor_ConditionalOperator, [condition, then, otherwise]) => {
                self.conditional(cursor, [*condition, *then, *otherwise])
            }
            (k::CXCursor_CStyleCastExpr, [.., operand]) => self.cast(cursor, *operand),
            (k::CXCursor_CallExpr, _) => self.call_value(cursor),
            _ => Err(unsupported(construct(cursor), at)),
        }
    }

    /// Lowers a conversion without text: a read of an lvalue, an array that decays, a change of type.
    fn implicit(&mut self, cursor: Cursor<'u>, inner: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        if is_function(inner.ty()) {
            return Err(unsupported("a function used as a value", at));
        }
        if walk::is_array_object(inner) {
            return self.decay(cursor, inner);
        }
        let value = self.value(inner)?;
        let ty = self.shared.types.lower_value(cursor.ty());
        if matches!(ty, Type::Pointer { .. } | Type::Record(_))
            && self
                .shared
                .types
                .is_match(&self.type_of(value), cursor.ty())
        {
            return Ok(self.qualified(value, &ty));
        }
        self.convert(value, &ty, at)
    }

    /// Returns a pointer or structure as it is, or with its pointee's `const` changed.
    fn qualified(&mut self, value: Handle<Expr>, to: &Type) -> Handle<Expr> {
        match (self.type_of(value), to) {
            (
                Type::Pointer {
                    to: pointee,
                    is_const,
                },
                Type::Pointer {
                    is_const: wanted, ..
                },
            ) if is_const != *wanted => self
                .function
                .expr(ExprKind::Cast(value), pointee.pointer(*wanted)),
            _ => value,
        }
    }

    fn decay(&mut self, cursor: Cursor<'u>, array: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let literal = walk::peel_parentheses(array);
        if literal.kind() == k::CXCursor_StringLiteral {
            let bytes = text_bytes(literal)
                .ok_or_else(|| unsupported("a string literal of this form", at))?;
            let ty = self.shared.types.lower(cursor.ty());
            if ty.element() != Some(&Scalar::I8.into()) {
                return Err(unsupported("a string literal of this type", at));
            }
            return Ok(self.function.expr(ExprKind::Text(bytes), ty));
        }
        let mut place = self.place(array)?;
        if let Some(ty @ Type::Pointer { .. }) = self.place_type(&place) {
            return Ok(self.function.expr(ExprKind::Load(place), ty));
        }
        let element = self.place_type(&place).and_then(|ty| ty.element().cloned());
        let element = element.ok_or_else(|| unsupported("an array of this kind", at))?;
        let zero = self.int(0, Scalar::I32);
        place.path.push(mupac_ir::Projection::Index(zero));
        let is_const = types::is_const(array.ty());
        let address = self
            .function
            .expr(ExprKind::Address(place), element.pointer(is_const));
        self.decayed.insert(address);
        Ok(address)
    }

    /// Lowers a read of an lvalue.
    fn load(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let place = self.place(cursor)?;
        match self.place_type(&place) {
            Some(ty @ (Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_))) => {
                Ok(self.function.expr(ExprKind::Load(place), ty))
            }
            _ => Err(unsupported("a read of this type", at)),
        }
    }

    fn unary(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let op = match cursor.unary_operator() {
            k::CXUnaryOperator_Deref => return self.load(cursor),
            k::CXUnaryOperator_AddrOf => return self.address(cursor, operand),
            k::CXUnaryOperator_Plus | k::CXUnaryOperator_Extension => return self.value(operand),
            k::CXUnaryOperator_Minus => UnaryOp::Negate,
            k::CXUnaryOperator_Not => UnaryOp::BitNot,
            k::CXUnaryOperator_LNot => UnaryOp::Not,
            _ if walk::is_step(cursor) => return self.assigned_value(cursor),
            _ => return Err(unsupported(construct(cursor), at)),
        };
        let value = self.value(operand)?;
        let ty = self.type_of(value);
        let is_possible = match (op, &ty) {
            (UnaryOp::BitNot, Type::Scalar(scalar)) => !scalar.is_float(),
            (UnaryOp::Not | UnaryOp::Negate, Type::Scalar(_))
            | (UnaryOp::Not, Type::Pointer { .. }) => true,
            _ => false,
        };
        if !is_possible {
            return Err(unsupported(construct(cursor), at));
        }
        let ty = if op == UnaryOp::Not {
            Scalar::I32.into()
        } else {
            ty
        };
        Ok(self.function.expr(ExprKind::Unary(op, value), ty))
    }

    fn address(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let place = self.place(operand)?;
        let ty = self
            .place_type(&place)
            .ok_or_else(|| unsupported("an address of this kind", at))?;
        let is_const = types::is_const(operand.ty());
        Ok(self
            .function
            .expr(ExprKind::Address(place), ty.pointer(is_const)))
    }

    fn binary_operator(
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
        let left = self.value(left)?;
        let (block, right) = self.nested(|body| body.value(right));
        let right = right?;
        for operand in [left, right] {
            if !matches!(
                self.type_of(operand),
                Type::Scalar(_) | Type::Pointer { .. }
            ) {
                return Err(unsupported("a condition of this type", at));
            }
        }
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
    fn conditional(
        &mut self,
        cursor: Cursor<'u>,
        operands: [Cursor<'u>; 3],
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let [condition, then, otherwise] = operands;
        let condition = self.value(condition)?;
        let (then_block, then) = self.nested(|body| body.value(then));
        let (otherwise_block, otherwise) = self.nested(|body| body.value(otherwise));
        let (then, otherwise) = (then?, otherwise?);
        let ty = self.type_of(then);
        let is_value = matches!(ty, Type::Scalar(_) | Type::Pointer { .. });
        let is_condition = matches!(
            self.type_of(condition),
            Type::Scalar(_) | Type::Pointer { .. }
        );
        if !is_value || !is_condition || ty != self.type_of(otherwise) {
            return Err(unsupported("a conditional expression of this type", at));
        }
        if then_block.is_empty() && otherwise_block.is_empty() {
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

    fn arm(
        &mut self,
        block: Block,
        result: Handle<mupac_ir::Var>,
        value: Handle<Expr>,
        at: Span,
    ) -> Block {
        let (block, ()) = self.nested(|body| {
            body.out = block;
            body.compute(Place::var(result), value, at, at);
        });
        block
    }

    /// Lowers a conversion that the program writes.
    fn cast(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let value = self.value(operand)?;
        let ty = self.shared.types.lower_value(cursor.ty());
        self.convert(value, &ty, at)
    }
}

/// Returns the bytes of a literal of plain characters, from clang's own spelling of them.
fn text_bytes(literal: Cursor<'_>) -> Option<Vec<u8>> {
    let array = literal.ty().canonical();
    let spelling = literal.spelling();
    let bytes = unescape(spelling.strip_prefix('"')?.strip_suffix('"')?)?;
    // The type counts the closing zero, so a spelling that was read wrongly does not fit it.
    let is_whole = array.array_length()? == bytes.len() as u64 + 1;
    (is_whole && array.element().size_bytes() == Some(1)).then_some(bytes)
}

/// Returns the bytes that simple and octal escapes stand for; `None` for any other escape.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'v' => 11,
            b'f' => 12,
            quoted @ (b'\\' | b'"' | b'\'' | b'?') => quoted,
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(next) = rest.next_if(|next| (b'0'..=b'7').contains(next)) {
                        value = value * 8 + u32::from(next - b'0');
                    }
                }
                u8::try_from(value).ok()?
            }
            _ => return None,
        });
    }
    Some(bytes)
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

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_become_bytes() {
        assert_eq!(unescape(r"a\n\0\101").unwrap(), b"a\n\0A");
        assert_eq!(unescape(r"\x41"), None);
    }
}
