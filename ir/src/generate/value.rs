//! Random expressions over given reads, with C's conversions between all arithmetic types.
//!
//! Most are defined for small operands by their form: divisors are not zero, shift amounts are in range, products of
//! signed integers are reduced. What still overflows is dropped when the program is run.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Place, Projection, UnaryOp};
use crate::function::Var;
use crate::types::Scalar;

use super::build::{Builder, Term};
use super::draft::Draft;

/// A subscript: a sum of multiples of variables and a constant.
#[derive(Clone, Debug)]
pub(super) struct Subscript {
    pub(super) parts: Vec<(i64, Handle<Var>)>,
    pub(super) plus: i64,
}

/// Something that an expression may read, and a statement write.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    /// A scalar variable.
    Var(Handle<Var>),
    /// What a pointer variable points to.
    Through(Handle<Var>, Scalar),
    /// An element of an array.
    Element(usize, Vec<Subscript>),
    /// A member of an element of an array of structures.
    Member(usize, Subscript, u32),
    /// `outer[inner[subscript]]`.
    Indirect(usize, usize, Subscript),
    /// `array[row * stride + column]`, of an array of one dimension.
    Row(usize, Subscript, Handle<Var>, Subscript),
}

impl Subscript {
    /// Returns a constant.
    pub(super) fn fixed(at: i64) -> Self {
        Self {
            parts: Vec::new(),
            plus: at,
        }
    }

    pub(super) fn of(var: Handle<Var>, plus: i64) -> Self {
        Self {
            parts: vec![(1, var)],
            plus,
        }
    }
}

impl Draft {
    /// Returns the value of a subscript.
    pub(super) fn subscript(&mut self, subscript: &Subscript) -> Term {
        let mut sum: Option<Term> = None;
        for (factor, var) in &subscript.parts {
            let mut part = self.builder.read(*var);
            let is_subtracted = *factor < 0 && sum.is_some();
            let factor = if is_subtracted { -*factor } else { *factor };
            if factor != 1 {
                let factor = self.builder.int(factor, part.ty.promoted());
                part = self.builder.multiply(factor, part);
            }
            sum = Some(match sum {
                None => part,
                Some(sum) if is_subtracted => self.builder.subtract(sum, part),
                Some(sum) => self.builder.add(sum, part),
            });
        }
        match sum {
            None => self.builder.int(subscript.plus, Scalar::I32),
            Some(sum) => self.builder.shifted(sum, subscript.plus),
        }
    }

    /// Returns what a leaf holds.
    pub(super) fn leaf(&mut self, leaf: &Leaf) -> Term {
        let (place, ty) = self.place(leaf);
        self.builder.load(place, Some(ty))
    }

    /// Returns where a leaf is, in expressions that nothing else uses, and its type.
    pub(super) fn place(&mut self, leaf: &Leaf) -> (Place, Scalar) {
        match leaf {
            Leaf::Var(var) => {
                let ty = self.builder.ty(*var).scalar().unwrap_or(Scalar::I32);
                (Place::var(*var), ty)
            }
            Leaf::Through(pointer, ty) => {
                let zero = self.builder.int(0, Scalar::I64);
                (Builder::element(*pointer, &[zero]), *ty)
            }
            Leaf::Element(array, subscripts) => {
                let terms: Vec<Term> = subscripts
                    .iter()
                    .map(|subscript| self.subscript(subscript))
                    .collect();
                (self.element(*array, &terms), self.scalar_of(*array, 0))
            }
            Leaf::Member(array, subscript, field) => {
                let term = self.subscript(subscript);
                let mut place = self.element(*array, &[term]);
                place.path.push(Projection::Field(*field));
                (place, self.scalar_of(*array, *field as usize))
            }
            Leaf::Indirect(outer, inner, subscript) => {
                let index = self.leaf(&Leaf::Element(*inner, vec![subscript.clone()]));
                (self.element(*outer, &[index]), self.scalar_of(*outer, 0))
            }
            Leaf::Row(array, row, stride, column) => {
                let (row, stride) = (self.subscript(row), self.builder.read(*stride));
                let start = self.builder.multiply(row, stride);
                let column = self.subscript(column);
                let index = self.builder.add(start, column);
                (self.element(*array, &[index]), self.scalar_of(*array, 0))
            }
        }
    }

    fn scalar_of(&self, array: usize, field: usize) -> Scalar {
        let element = self.arrays.get(array).map(|array| array.element.as_slice());
        element
            .and_then(|element| element.get(field))
            .copied()
            .unwrap_or(Scalar::I32)
    }

    /// Returns an expression that reads some of the leaves, the first one certainly.
    pub(super) fn value(&mut self, leaves: &[Leaf], depth: u32) -> Term {
        let rest = self.operand(leaves, depth);
        match leaves.first() {
            None => rest,
            Some(first) => {
                let first = self.leaf(first);
                self.arithmetic(first, rest)
            }
        }
    }

    fn operand(&mut self, leaves: &[Leaf], depth: u32) -> Term {
        if depth == 0 || self.random.chance(1, 6) {
            return self.simple(leaves);
        }
        let left = self.operand(leaves, depth - 1);
        match self.random.below(16) {
            0..=7 => {
                let right = self.operand(leaves, depth - 1);
                self.arithmetic(left, right)
            }
            8 => self.quotient(left),
            9 => self.bits(left),
            10 | 11 => self.choice(left, leaves, depth),
            12 => self.negated(left),
            13 => self.function_of(left),
            _ => self.converted(left),
        }
    }

    fn simple(&mut self, leaves: &[Leaf]) -> Term {
        let leaf = self.random.pick(leaves).cloned();
        match leaf {
            Some(leaf) if self.random.chance(3, 4) => self.leaf(&leaf),
            Some(_) | None => {
                let ty = self.random.choose(Scalar::I32, &[Scalar::F32, Scalar::F64]);
                let number = self.random.between(-12, 12) as f64;
                let number = if ty.is_float() { number / 8.0 } else { number };
                self.builder.number(number, ty)
            }
        }
    }

    fn arithmetic(&mut self, left: Term, right: Term) -> Term {
        match self.random.below(5) {
            0 | 1 => self.builder.add(left, right),
            2 => self.builder.subtract(left, right),
            _ => {
                let product = self.builder.multiply(left, right);
                self.reduced(product)
            }
        }
    }

    /// Keeps signed integers small.
    pub(super) fn reduced(&mut self, value: Term) -> Term {
        if value.ty.is_float() || !value.ty.is_signed() {
            return value;
        }
        let modulus = self.builder.int(97, value.ty);
        self.builder.binary(BinaryOp::Remainder, value, modulus)
    }

    fn quotient(&mut self, left: Term) -> Term {
        let divisor = self.random.between(2, 9) as f64;
        let divisor = self.builder.number(divisor, left.ty.promoted());
        let op = if left.ty.is_float() || self.random.chance(1, 2) {
            BinaryOp::Divide
        } else {
            BinaryOp::Remainder
        };
        self.builder.binary(op, left, divisor)
    }

    fn bits(&mut self, left: Term) -> Term {
        if left.ty.is_float() {
            return self.quotient(left);
        }
        let op = self.random.choose(
            BinaryOp::BitAnd,
            &[
                BinaryOp::BitOr,
                BinaryOp::BitXor,
                BinaryOp::ShiftRight,
                BinaryOp::ShiftLeft,
            ],
        );
        let amount = self.random.between(1, 7);
        let mut amount = self.builder.int(amount, Scalar::I32);
        if self.random.chance(1, 4) {
            // Masked, so that a shift by it is defined.
            amount = self.builder.binary(BinaryOp::BitAnd, left, amount);
        }
        self.builder.binary(op, left, amount)
    }

    fn choice(&mut self, left: Term, leaves: &[Leaf], depth: u32) -> Term {
        let condition = self.condition(leaves);
        let right = self.operand(leaves, depth - 1);
        self.builder.select(condition, left, right)
    }

    /// Returns a truth value over the leaves.
    pub(super) fn condition(&mut self, leaves: &[Leaf]) -> Term {
        let (left, right) = (self.simple(leaves), self.simple(leaves));
        let op = self.random.choose(
            BinaryOp::Less,
            &[
                BinaryOp::LessEqual,
                BinaryOp::Greater,
                BinaryOp::GreaterEqual,
                BinaryOp::Equal,
                BinaryOp::NotEqual,
            ],
        );
        let first = self.builder.binary(op, left, right);
        if !self.random.chance(1, 4) {
            return first;
        }
        let (left, right) = (self.simple(leaves), self.simple(leaves));
        let second = self.builder.binary(BinaryOp::Less, left, right);
        let op = self.random.choose(BinaryOp::And, &[BinaryOp::Or]);
        self.builder.binary(op, first, second)
    }

    fn negated(&mut self, left: Term) -> Term {
        let op = if left.ty.is_float() {
            self.random.choose(UnaryOp::Negate, &[UnaryOp::Not])
        } else {
            self.random
                .choose(UnaryOp::Negate, &[UnaryOp::BitNot, UnaryOp::Not])
        };
        self.builder.unary(op, left)
    }

    fn function_of(&mut self, left: Term) -> Term {
        match (left.ty, self.random.below(3)) {
            (Scalar::F32, 0) => {
                let positive = self.builder.library("fabsf", left);
                self.builder.library("sqrtf", positive)
            }
            (Scalar::F32, 1) => self.builder.library("floorf", left),
            (Scalar::F32, _) => self.builder.library("fabsf", left),
            (Scalar::I8 | Scalar::I16 | Scalar::I32, _) => self.builder.library("abs", left),
            (Scalar::F64, 2) => {
                let half = self.builder.number(0.5, Scalar::F64);
                self.greater(left, half)
            }
            (_, 0) => {
                let positive = self.builder.library("fabs", left);
                self.builder.library("sqrt", positive)
            }
            (_, 1) => self.builder.library("ceil", left),
            (_, _) => self.builder.library("fabs", left),
        }
    }

    /// Returns the greater of two numbers by the library; a zero has no sign, since of two zeros either may be taken.
    fn greater(&mut self, left: Term, right: Term) -> Term {
        let Some(greater) = self.builder.library_of("fmax", [left, right]) else {
            return left;
        };
        let zero = self.builder.number(0.0, Scalar::F64);
        self.builder.add(greater, zero)
    }

    fn converted(&mut self, left: Term) -> Term {
        let ty = if left.ty.is_float() {
            self.random
                .choose(Scalar::F32, &[Scalar::F64, Scalar::I32, Scalar::I64])
        } else {
            self.random.choose(Scalar::U8, &Scalar::ALL)
        };
        self.builder.convert(left, ty)
    }
}
