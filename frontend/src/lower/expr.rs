//! Rvalues: clang's expressions to the IR's, side effects first.
//!
//! An effect inside an expression becomes statements before it.
//! That is one of the orders C allows, because C leaves unsequenced what an expression reads and what it changes, or
//! makes it undefined; where C does order operands (`&&`, `||`, `?:`, `,`), so does the lowering.

use clang_sys as k;
use mupac_ir::{Expr, ExprKind, Handle, Scalar, Type, UnaryOp};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::types::is_function;
use crate::lower::{Lowered, types, unsupported, walk};

/// What a function is where it is neither called nor compared.
pub(super) const FUNCTION_AS_VALUE: &str = "a function used as a value";

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
                Some(declaration)
                    if let Some(value) = self.named_values.get(&declaration.canonical()) =>
                {
                    Ok(*value)
                }
                Some(declaration) => match self.named_constant(declaration, cursor) {
                    Some(constant) => Ok(constant),
                    None => self.load(cursor),
                },
                None => self.load(cursor),
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
            (k::CXCursor_StmtExpr, [block]) => self.block_value(cursor, *block),
            (k::CXCursor_CompoundLiteralExpr, [.., list])
                if list.kind() == k::CXCursor_InitListExpr =>
            {
                self.compound_literal(cursor, *list)
            }
            _ => Err(unsupported(construct(cursor), at)),
        }
    }

    /// Lowers a conversion without text: a read of an lvalue, an array that decays, a change of type.
    fn implicit(&mut self, cursor: Cursor<'u>, inner: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let inner = walk::predefined_text(inner).unwrap_or(inner);
        if is_function(inner.ty()) {
            let function = walk::called_function(inner);
            let function = function.filter(|each| !self.shared.targets.may_be_hidden(*each));
            let function = function.ok_or_else(|| unsupported(FUNCTION_AS_VALUE, at))?;
            return Ok(self.function_address(function, at));
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
        if let Some(reading) = self.taken_for_other(cursor)? {
            return self.read_as_other(&reading, at);
        }
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
            k::CXUnaryOperator_AddrOf => {
                return match walk::called_function(operand) {
                    Some(function) if self.shared.targets.may_be_hidden(function) => {
                        Err(unsupported(FUNCTION_AS_VALUE, at))
                    }
                    Some(function) => Ok(self.function_address(function, at)),
                    None => self.address(cursor, operand),
                };
            }
            k::CXUnaryOperator_Plus | k::CXUnaryOperator_Extension => return self.value(operand),
            k::CXUnaryOperator_Minus => UnaryOp::Negate,
            k::CXUnaryOperator_Not => UnaryOp::BitNot,
            k::CXUnaryOperator_LNot => UnaryOp::Not,
            _ if walk::is_step(cursor) => return self.assigned_value(cursor),
            _ => return Err(unsupported(construct(cursor), at)),
        };
        let value = match op {
            UnaryOp::Not => self.condition(operand)?,
            UnaryOp::Negate | UnaryOp::BitNot => self.value(operand)?,
        };
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

    /// Lowers a conversion that the program writes.
    fn cast(&mut self, cursor: Cursor<'u>, operand: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let value = self.value(operand)?;
        let ty = self.shared.types.lower_value(cursor.ty());
        self.convert(value, &ty, at)
    }
}

/// Returns the bytes of a literal of plain characters, from clang's own spelling of them.
pub(super) fn text_bytes(literal: Cursor<'_>) -> Option<Vec<u8>> {
    let array = literal.ty().canonical();
    let bytes = initial_bytes(literal)?;
    // The type counts the closing zero, so a spelling that was read wrongly does not fit it.
    let is_whole = array.array_length()? == bytes.len() as u64 + 1;
    (is_whole && array.element().size_bytes() == Some(1)).then_some(bytes)
}

/// Returns the bytes of a literal that an array starts with, whatever the array's length.
pub(crate) fn initial_bytes(literal: Cursor<'_>) -> Option<Vec<u8>> {
    let spelling = literal.spelling();
    unescape(spelling.strip_prefix('"')?.strip_suffix('"')?)
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

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_become_bytes() {
        assert_eq!(unescape(r"a\n\0\101").unwrap(), b"a\n\0A");
        assert_eq!(unescape(r"\x41"), None);
    }
}
