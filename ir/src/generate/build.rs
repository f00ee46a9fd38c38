//! Builds functions as the front end would: every conversion explicit, every node with a span.

use std::collections::BTreeSet;

use crate::arena::{Arena, Handle};
use crate::builtin::Builtin;
use crate::expr::{BinaryOp, Expr, ExprKind, Place, Projection, UnaryOp};
use crate::function::{Function, Storage, TextOrder, Var};
use crate::span::Span;
use crate::stmt::{Block, Call, Compute, If, Loop, LoopName, Mapping, Stmt, StmtId, While};
use crate::types::{Scalar, Type};

/// A scalar value of the function that is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    /// The expression.
    pub(super) expr: Handle<Expr>,
    /// Its type.
    pub(super) ty: Scalar,
}

/// A function under construction.
pub(super) struct Builder {
    function: Function,
    /// The names of the loops so far.
    loops: BTreeSet<LoopName>,
}

/// The header of a counted loop.
pub(super) struct Header {
    /// Iterator.
    pub(super) iterator: Handle<Var>,
    /// Whether the loop declares it.
    pub(super) declares_iterator: bool,
    /// First value.
    pub(super) start: Term,
    /// First value beyond.
    pub(super) end: Term,
    /// Never 0.
    pub(super) step: i64,
}

impl Builder {
    pub(super) fn new(name: &str, result: Type) -> Self {
        Self {
            function: Function {
                name: name.to_owned(),
                parameters: Vec::new(),
                result,
                is_static: false,
                vars: Arena::default(),
                exprs: Arena::default(),
                body: Block::new(),
                promises: Vec::new(),
                order: TextOrder::default(),
                span: Span::default(),
                body_span: Span::default(),
            },
            loops: BTreeSet::new(),
        }
    }

    /// Adds a variable of a name that no other has.
    pub(super) fn var(&mut self, base: &str, ty: impl Into<Type>, storage: Storage) -> Handle<Var> {
        let is_taken = |name: &str| self.function.vars.iter().any(|(_, var)| var.name == name);
        let mut name = base.to_owned();
        let mut number = 1;
        while is_taken(&name) {
            number += 1;
            name = format!("{base}{number}");
        }
        let mut var = Var::local(name.clone(), ty);
        var.spelling = name;
        var.storage = storage;
        let handle = self.function.vars.push(var);
        if storage == Storage::Parameter {
            self.function.parameters.push(handle);
        }
        handle
    }

    /// Adds a local variable.
    pub(super) fn local(&mut self, base: &str, ty: impl Into<Type>) -> Handle<Var> {
        self.var(base, ty, Storage::Local)
    }

    /// Returns the type of a variable.
    pub(super) fn ty(&self, var: Handle<Var>) -> &Type {
        &self.function.vars[var].ty
    }

    /// Notes that pointers may point to a variable.
    pub(super) fn take_address(&mut self, var: Handle<Var>) {
        self.function.vars[var].is_address_taken = true;
    }

    /// Returns the name of a variable.
    pub(super) fn name(&self, var: Handle<Var>) -> &str {
        &self.function.vars[var].name
    }

    /// Returns an integer constant, wrapped into its type.
    pub(super) fn int(&mut self, value: i64, ty: Scalar) -> Term {
        let value = crate::interpret::wrap(ty, i128::from(value));
        let expr = self.function.expr(ExprKind::Int(value), ty);
        Term { expr, ty }
    }

    /// Returns a number of any type; `value` should be exact in it.
    pub(super) fn number(&mut self, value: f64, ty: Scalar) -> Term {
        if ty.is_float() {
            let value = if ty == Scalar::F32 {
                f64::from(value as f32)
            } else {
                value
            };
            let expr = self.function.expr(ExprKind::Float(value), ty);
            return Term { expr, ty };
        }
        self.int(value as i64, ty)
    }

    /// Returns the value of a whole scalar variable.
    pub(super) fn read(&mut self, var: Handle<Var>) -> Term {
        self.load(Place::var(var), None)
    }

    /// Returns the value at a place; its type is found from the place unless it goes through a structure.
    pub(super) fn load(&mut self, place: Place, ty: Option<Scalar>) -> Term {
        let ty = ty.unwrap_or_else(|| self.scalar(&place));
        let expr = self.function.expr(ExprKind::Load(place), ty);
        Term { expr, ty }
    }

    /// Returns the element of an array at these subscripts.
    pub(super) fn element(var: Handle<Var>, subscripts: &[Term]) -> Place {
        let path = subscripts
            .iter()
            .map(|subscript| Projection::Index(subscript.expr))
            .collect();
        Place { var, path }
    }

    /// Returns a subscript as the front end writes it: narrower integers widened to `i64`.
    pub(super) fn as_subscript(&mut self, value: Term) -> Term {
        match value.ty {
            Scalar::I64 | Scalar::U64 => value,
            Scalar::Bool
            | Scalar::I8
            | Scalar::U8
            | Scalar::I16
            | Scalar::U16
            | Scalar::I32
            | Scalar::U32
            | Scalar::F32
            | Scalar::F64 => self.convert(value, Scalar::I64),
        }
    }

    /// Returns the value after C's conversion.
    pub(super) fn convert(&mut self, value: Term, ty: Scalar) -> Term {
        if value.ty == ty {
            return value;
        }
        let expr = self.function.expr(ExprKind::Cast(value.expr), ty);
        Term { expr, ty }
    }

    /// Applies an operator after the conversions that C makes.
    pub(super) fn binary(&mut self, op: BinaryOp, left: Term, right: Term) -> Term {
        let is_shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
        let is_logical = matches!(op, BinaryOp::And | BinaryOp::Or);
        let (left, right) = if is_shift {
            let (left_ty, right_ty) = (left.ty.promoted(), right.ty.promoted());
            (self.convert(left, left_ty), self.convert(right, right_ty))
        } else if is_logical {
            (left, right)
        } else {
            let common = left.ty.usual(right.ty);
            (self.convert(left, common), self.convert(right, common))
        };
        let ty = if op.is_truth() { Scalar::I32 } else { left.ty };
        let kind = ExprKind::Binary(op, left.expr, right.expr);
        Term {
            expr: self.function.expr(kind, ty),
            ty,
        }
    }

    pub(super) fn add(&mut self, left: Term, right: Term) -> Term {
        self.binary(BinaryOp::Add, left, right)
    }

    pub(super) fn subtract(&mut self, left: Term, right: Term) -> Term {
        self.binary(BinaryOp::Subtract, left, right)
    }

    pub(super) fn multiply(&mut self, left: Term, right: Term) -> Term {
        self.binary(BinaryOp::Multiply, left, right)
    }

    /// Adds a constant; nothing is added for 0.
    pub(super) fn shifted(&mut self, value: Term, by: i64) -> Term {
        if by == 0 {
            return value;
        }
        let amount = self.number(by.abs() as f64, value.ty.promoted());
        if by > 0 {
            self.add(value, amount)
        } else {
            self.subtract(value, amount)
        }
    }

    /// Applies an operator after integer promotion.
    pub(super) fn unary(&mut self, op: UnaryOp, operand: Term) -> Term {
        let (operand, ty) = if op == UnaryOp::Not {
            (operand, Scalar::I32)
        } else {
            let promoted = operand.ty.promoted();
            (self.convert(operand, promoted), promoted)
        };
        let expr = self.function.expr(ExprKind::Unary(op, operand.expr), ty);
        Term { expr, ty }
    }

    /// Returns `condition ? then : otherwise` after the conversions that C makes.
    pub(super) fn select(&mut self, condition: Term, then: Term, otherwise: Term) -> Term {
        let ty = then.ty.usual(otherwise.ty);
        let (then, otherwise) = (self.convert(then, ty), self.convert(otherwise, ty));
        let kind = ExprKind::Select {
            condition: condition.expr,
            then: then.expr,
            otherwise: otherwise.expr,
        };
        let expr = self.function.expr(kind, ty);
        Term { expr, ty }
    }

    /// Returns a call of a one-operand library function, or the operand where there is no such function.
    pub(super) fn library(&mut self, name: &str, operand: Term) -> Term {
        self.library_of(name, [operand]).unwrap_or(operand)
    }

    /// Returns a call of a library function; `None` where there is none with so many operands.
    pub(super) fn library_of<const N: usize>(
        &mut self,
        name: &str,
        operands: [Term; N],
    ) -> Option<Term> {
        let builtin = Builtin::find(name)?;
        let parameters = builtin.parameters();
        if parameters.len() != N {
            return None;
        }
        let operands = operands.iter().zip(parameters);
        let operands = operands
            .map(|(operand, parameter)| self.convert(*operand, *parameter).expr)
            .collect();
        let ty = builtin.result();
        let expr = self
            .function
            .expr(ExprKind::Call(name.to_owned(), operands), ty);
        Some(Term { expr, ty })
    }

    /// Returns an expression of any type.
    pub(super) fn expr(&mut self, kind: ExprKind, ty: impl Into<Type>) -> Handle<Expr> {
        self.function.expr(kind, ty)
    }

    /// Returns `target = value`, with the conversion to the target's type.
    pub(super) fn assign(&mut self, target: Place, value: Term) -> Stmt {
        let ty = self.scalar(&target);
        self.assign_as(target, ty, value)
    }

    /// Returns `target = value` where the target has type `ty`.
    pub(super) fn assign_as(&mut self, target: Place, ty: Scalar, value: Term) -> Stmt {
        let value = self.convert(value, ty);
        Self::compute(target, value.expr)
    }

    /// Returns an assignment whose value has the target's type already.
    pub(super) fn compute(target: Place, value: Handle<Expr>) -> Stmt {
        Stmt::Compute(Compute {
            id: StmtId(0),
            target,
            value,
            span: Span::default(),
            target_span: Span::default(),
        })
    }

    /// Returns a counted loop.
    pub(super) fn counted(&mut self, header: &Header, body: Block) -> Stmt {
        let name = self.loop_name(&self.function.vars[header.iterator].name.clone());
        Stmt::For(Loop {
            name,
            iterator: header.iterator,
            declares_iterator: header.declares_iterator,
            start: header.start.expr,
            end: header.end.expr,
            step: header.step,
            mapping: Mapping::Sequential,
            body,
            span: Span::default(),
            header_span: Span::default(),
        })
    }

    /// Returns the name, or one with a number after it where an earlier loop has it.
    fn loop_name(&mut self, base: &str) -> LoopName {
        let is_free = |name: &LoopName| !self.loops.contains(name);
        let numbered = (2..).map(|number| LoopName(format!("{base}.{number}")));
        let mut names = std::iter::once(LoopName(base.to_owned())).chain(numbered);
        let name = names
            .find(is_free)
            .unwrap_or_else(|| LoopName(base.to_owned()));
        self.loops.insert(name.clone());
        name
    }

    /// Returns a declaration.
    pub(super) fn declare(var: Handle<Var>) -> Stmt {
        Stmt::Declare(var, Span::default())
    }

    /// Returns an `if`.
    pub(super) fn when(condition: Term, then: Block, otherwise: Block) -> Stmt {
        Stmt::If(If {
            condition: condition.expr,
            then,
            otherwise,
            span: Span::default(),
        })
    }

    /// Returns a `while` or `do … while`.
    pub(super) fn uncounted(name: &str, condition: Term, is_do: bool, body: Block) -> Stmt {
        Stmt::While(While {
            name: LoopName(name.to_owned()),
            before_test: Block::new(),
            condition: condition.expr,
            is_do,
            body,
            after_body: Block::new(),
            not_counted: None,
            span: Span::default(),
            header_span: Span::default(),
        })
    }

    /// Returns a call statement.
    pub(super) fn call(target: Option<Place>, callee: &str, arguments: Vec<Handle<Expr>>) -> Stmt {
        Stmt::Call(Call {
            target,
            callee: callee.to_owned(),
            arguments,
            span: Span::default(),
        })
    }

    /// Returns the function with this body, not yet numbered.
    pub(super) fn finish(mut self, body: Block) -> Function {
        self.function.body = body;
        self.function
    }

    /// Returns the scalar type of a place without structures; `int` where it has none, which `verify` would refuse.
    fn scalar(&self, place: &Place) -> Scalar {
        self.function
            .place_type(&Arena::default(), place)
            .and_then(|ty| ty.scalar())
            .unwrap_or(Scalar::I32)
    }
}
