//! Expressions: precedence as in C, types from the operands.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::structure::{MAX_EXPRESSION_DEPTH, extents, operands};
use crate::text::words::{Word, scalar};
use crate::types::{Scalar, Type};

use super::lexer::TokenKind;
use super::{ParseError, Parsed, Parser};

/// What an expression inside another one takes of the stack, in parts of the whole.
///
/// A node of a tree is at most enclosed once and prefixed once when printed, so a tree of the greatest depth fits.
const ENCLOSED: usize = 2;

/// What an operand after an operator takes of the stack, in the same parts.
const PREFIXED: usize = 1;

impl Parser {
    /// Reads an expression.
    pub(super) fn value(&mut self) -> Parsed<Handle<Expr>> {
        self.enter(ENCLOSED)?;
        let mut value = self.binary(1)?;
        if self.tokens.eat("?") {
            value = self.select(value)?;
        }
        self.nesting.exprs -= ENCLOSED;
        Ok(value)
    }

    /// Counts a rule that contains itself; after an error nothing is read on, so only success counts back.
    fn enter(&mut self, weight: usize) -> Parsed<()> {
        self.nesting.exprs += weight;
        if self.nesting.exprs > (ENCLOSED + PREFIXED) * MAX_EXPRESSION_DEPTH {
            return Err(self.too_deep());
        }
        Ok(())
    }

    fn too_deep(&self) -> ParseError {
        self.tokens.error("this expression nests too deeply")
    }

    /// Reads the rest of a choice.
    fn select(&mut self, condition: Handle<Expr>) -> Parsed<Handle<Expr>> {
        let then = self.value()?;
        self.tokens.expect(":")?;
        let otherwise = self.value()?;
        let ty = self.type_of(then);
        let kind = ExprKind::Select {
            condition,
            then,
            otherwise,
        };
        self.push(kind, ty)
    }

    /// Reads operators that bind at least as tightly as `least`, from left to right.
    fn binary(&mut self, least: u8) -> Parsed<Handle<Expr>> {
        let mut left = self.unary()?;
        while let Some((op, level)) = self.operator().filter(|(_, level)| *level >= least) {
            self.tokens.next();
            let right = self.binary(level + 1)?;
            left = self.combine(op, left, right)?;
        }
        Ok(left)
    }

    /// Returns the next token as an operator between two operands, and how tightly it binds.
    fn operator(&self) -> Option<(BinaryOp, u8)> {
        let TokenKind::Symbol(symbol) = self.tokens.peek() else {
            return None;
        };
        Some(match *symbol {
            "||" => (BinaryOp::Or, 1),
            "&&" => (BinaryOp::And, 2),
            "|" => (BinaryOp::BitOr, 3),
            "^" => (BinaryOp::BitXor, 4),
            "&" => (BinaryOp::BitAnd, 5),
            "==" => (BinaryOp::Equal, 6),
            "!=" => (BinaryOp::NotEqual, 6),
            "<" => (BinaryOp::Less, 7),
            "<=" => (BinaryOp::LessEqual, 7),
            ">" => (BinaryOp::Greater, 7),
            ">=" => (BinaryOp::GreaterEqual, 7),
            "<<" => (BinaryOp::ShiftLeft, 8),
            ">>" => (BinaryOp::ShiftRight, 8),
            "+" => (BinaryOp::Add, 9),
            "-" => (BinaryOp::Subtract, 9),
            "*" => (BinaryOp::Multiply, 10),
            "/" => (BinaryOp::Divide, 10),
            "%" => (BinaryOp::Remainder, 10),
            _ => return None,
        })
    }

    /// Applies an operator; the difference of two pointers is an operator of its own.
    fn combine(
        &mut self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
    ) -> Parsed<Handle<Expr>> {
        let ty = self.type_of(left);
        let is_pointer = |ty: &Type| matches!(ty, Type::Pointer { .. });
        let (op, ty) =
            if op == BinaryOp::Subtract && is_pointer(&ty) && is_pointer(&self.type_of(right)) {
                (BinaryOp::Difference, Scalar::I64.into())
            } else if op.is_truth() {
                (op, Scalar::I32.into())
            } else {
                (op, ty)
            };
        self.push(ExprKind::Binary(op, left, right), ty)
    }

    fn unary(&mut self) -> Parsed<Handle<Expr>> {
        if self.tokens.eat("-") {
            if self.is_number() {
                return self.literal(true);
            }
            return self.prefixed(UnaryOp::Negate);
        }
        if self.tokens.eat("~") {
            return self.prefixed(UnaryOp::BitNot);
        }
        if self.tokens.eat("!") {
            return self.prefixed(UnaryOp::Not);
        }
        if self.tokens.eat("&") {
            let is_const = self.tokens.eat_word(Word::Const);
            let (place, ty) = self.place()?;
            return self.push(ExprKind::Address(place), ty.pointer(is_const));
        }
        self.primary()
    }

    fn prefixed(&mut self, op: UnaryOp) -> Parsed<Handle<Expr>> {
        self.enter(PREFIXED)?;
        let operand = self.unary()?;
        self.nesting.exprs -= PREFIXED;
        let ty = match op {
            UnaryOp::Not => Scalar::I32.into(),
            UnaryOp::Negate | UnaryOp::BitNot => self.type_of(operand),
        };
        self.push(ExprKind::Unary(op, operand), ty)
    }

    fn primary(&mut self) -> Parsed<Handle<Expr>> {
        match self.tokens.peek() {
            TokenKind::Number(_) => self.literal(false),
            TokenKind::Text(_) => self.string(false),
            TokenKind::Symbol("(") => self.enclosed(),
            TokenKind::Quoted(_) => self.named_or_place(),
            TokenKind::Word(_) => {
                if self.is_number() {
                    return self.literal(false);
                }
                if self.tokens.eat_word(Word::Const) {
                    return self.string(true);
                }
                match self.named_value()? {
                    Some(value) => Ok(value),
                    None => self.named_or_place(),
                }
            }
            TokenKind::Fields(_) | TokenKind::Symbol(_) | TokenKind::End => {
                Err(self.tokens.expected("a value"))
            }
        }
    }

    fn string(&mut self, is_const: bool) -> Parsed<Handle<Expr>> {
        let TokenKind::Text(bytes) = self.tokens.peek().clone() else {
            return Err(self.tokens.expected("a string in double quotes"));
        };
        self.tokens.next();
        let ty = Type::Scalar(Scalar::I8).pointer(is_const);
        self.push(ExprKind::Text(bytes), ty)
    }

    /// Reads `(value)` or `(*type)(value)`.
    fn enclosed(&mut self) -> Parsed<Handle<Expr>> {
        self.tokens.expect("(")?;
        if self.tokens.is_symbol("*") {
            let ty = self.ty()?;
            self.tokens.expect(")")?;
            return self.cast(ty);
        }
        let value = self.value()?;
        self.tokens.expect(")")?;
        Ok(value)
    }

    /// Reads the parenthesis after a type.
    fn cast(&mut self, ty: Type) -> Parsed<Handle<Expr>> {
        self.tokens.expect("(")?;
        let operand = self.value()?;
        self.tokens.expect(")")?;
        self.push(ExprKind::Cast(operand), ty)
    }

    /// Reads what starts with a name: a cast, an operator in the form of a call, a call, or a place.
    fn named_or_place(&mut self) -> Parsed<Handle<Expr>> {
        let is_applied = matches!(self.tokens.peek_second(), TokenKind::Symbol("(" | "->"));
        if !is_applied {
            let (place, ty) = self.place()?;
            return self.push(ExprKind::Load(place), ty);
        }
        let is_quoted = matches!(self.tokens.peek(), TokenKind::Quoted(_));
        let name = self.tokens.name("a value")?;
        if is_quoted {
            return self.call(name);
        }
        if let Some(scalar) = scalar(&name) {
            return self.cast(scalar.into());
        }
        let op = match Word::find(&name) {
            Some(Word::Min) => BinaryOp::Min,
            Some(Word::Max) => BinaryOp::Max,
            Some(Word::Floordiv) => BinaryOp::FloorDivide,
            Some(Word::Ceildiv) => BinaryOp::CeilDivide,
            _ => return self.call(name),
        };
        self.tokens.expect("(")?;
        let left = self.value()?;
        self.tokens.expect(",")?;
        let right = self.value()?;
        self.tokens.expect(")")?;
        self.combine(op, left, right)
    }

    /// Reads the rest of a call of a pure function.
    fn call(&mut self, name: String) -> Parsed<Handle<Expr>> {
        let untyped = self
            .tokens
            .error("a call without arguments states its type: `name->i32()`");
        let ty = if self.tokens.eat("->") {
            Some(self.ty()?)
        } else {
            None
        };
        let arguments = self.arguments()?;
        let ty = match (ty, arguments.first()) {
            (Some(ty), _) => ty,
            (None, Some(first)) => self.type_of(*first),
            (None, None) => return Err(untyped),
        };
        self.push(ExprKind::Call(name, arguments), ty)
    }

    /// Reads expressions in parentheses, with commas between them.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Handle<Expr>>> {
        self.tokens.expect("(")?;
        let mut arguments = Vec::new();
        if self.tokens.eat(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.value()?);
            if !self.tokens.eat(",") {
                self.tokens.expect(")")?;
                return Ok(arguments);
            }
        }
    }

    /// Returns the type of an expression of the function being read.
    fn type_of(&self, expr: Handle<Expr>) -> Type {
        self.scope.function.exprs[expr].ty.clone()
    }

    /// Appends an expression that is not too deep.
    pub(super) fn push(&mut self, kind: ExprKind, ty: Type) -> Parsed<Handle<Expr>> {
        let below = operands(&kind)
            .into_iter()
            .chain(extents(&ty))
            .filter_map(|operand| self.scope.depths.get(operand.index()))
            .max();
        let depth = below.map_or(1, |below| below + 1);
        if depth > MAX_EXPRESSION_DEPTH {
            return Err(self.too_deep());
        }
        self.scope.depths.push(depth);
        Ok(self.scope.function.expr(kind, ty))
    }
}
