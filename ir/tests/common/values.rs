//! Random expressions of a wanted type.

use mupac_ir::builtin::Builtin;
use mupac_ir::{Axis, BinaryOp, Expr, ExprKind, Handle, Scalar, Type, UnaryOp};

use super::build::{Builder, Form};

impl Builder {
    /// Returns an expression of this scalar or pointer type.
    pub(crate) fn value(&mut self, ty: &Type, depth: usize) -> Handle<Expr> {
        if depth == 0 || self.choices.is_empty() {
            return self.leaf(ty);
        }
        if self.choices.one_in(2) {
            for _ in 0..3 {
                if let Some((place, found)) = self.place(depth - 1)
                    && found == *ty
                {
                    return self.function.expr(ExprKind::Load(place), ty.clone());
                }
            }
        }
        if self.choices.one_in(8) {
            let tested = self.condition(depth - 1);
            let then = self.value(ty, depth - 1);
            let otherwise = self.value(ty, depth - 1);
            let kind = ExprKind::Select {
                condition: tested,
                then,
                otherwise,
            };
            return self.function.expr(kind, ty.clone());
        }
        match ty.scalar() {
            Some(scalar) => self.number(scalar, depth - 1),
            None => self.pointer(ty, depth - 1),
        }
    }

    /// Returns something that can be tested for zero.
    pub(crate) fn condition(&mut self, depth: usize) -> Handle<Expr> {
        let scalar = self.scalar();
        let ty = match self.choices.below(4) {
            0 => Type::from(scalar),
            1 => Type::from(scalar).pointer(true),
            _ => Scalar::I32.into(),
        };
        self.value(&ty, depth)
    }

    fn leaf(&mut self, ty: &Type) -> Handle<Expr> {
        let Some(scalar) = ty.scalar() else {
            let zero = self.function.expr(ExprKind::Int(0), Scalar::I64);
            return self.function.expr(ExprKind::Cast(zero), ty.clone());
        };
        if self.form == Form::Kernel && scalar.bits() > 8 && !scalar.is_float() {
            let axis = Axis::ALL[self.choices.below(3)];
            match self.choices.below(6) {
                1 => return self.function.expr(ExprKind::BlockIndex(axis), scalar),
                2 => return self.function.expr(ExprKind::ThreadIndex(axis), scalar),
                _ => {}
            }
        }
        let kind = match scalar.integer_range() {
            Some((least, greatest)) => ExprKind::Int(match self.choices.below(4) {
                0 => least,
                1 => greatest,
                _ => i128::from(self.choices.next() % 200).min(greatest),
            }),
            None => ExprKind::Float(self.float(scalar)),
        };
        self.function.expr(kind, scalar)
    }

    fn float(&mut self, scalar: Scalar) -> f64 {
        let (high, low) = (self.choices.next(), self.choices.next());
        let special = [
            0.0,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            -f64::NAN,
            0.1,
            1e16,
        ];
        let value = match self.choices.below(3) {
            0 => special[high as usize % special.len()],
            _ if scalar == Scalar::F32 => f64::from(f32::from_bits(low)),
            _ => f64::from_bits(u64::from(high) << 32 | u64::from(low)),
        };
        if scalar == Scalar::F32 && !value.is_nan() {
            f64::from(value as f32)
        } else {
            value
        }
    }

    fn number(&mut self, scalar: Scalar, depth: usize) -> Handle<Expr> {
        let is_promoted = scalar.promoted() == scalar;
        let ty = Type::from(scalar);
        match self.choices.below(8) {
            0 => self.leaf(&ty),
            1 => {
                let from = Type::from(self.scalar());
                let operand = self.value(&from, depth);
                self.function.expr(ExprKind::Cast(operand), scalar)
            }
            2 if is_promoted => {
                let operand = self.value(&ty, depth);
                let op = if scalar.is_float() || self.choices.one_in(2) {
                    UnaryOp::Negate
                } else {
                    UnaryOp::BitNot
                };
                self.function.expr(ExprKind::Unary(op, operand), scalar)
            }
            3 => self.call(scalar, depth),
            4 | 5 if scalar == Scalar::I32 => self.truth(depth),
            4 if scalar == Scalar::I64 => self.difference(depth),
            _ if is_promoted => self.binary(scalar, depth),
            _ => self.leaf(&ty),
        }
    }

    fn call(&mut self, scalar: Scalar, depth: usize) -> Handle<Expr> {
        let fitting: Vec<_> = Builtin::with_words()
            .iter()
            .filter(|builtin| builtin.result() == scalar)
            .collect();
        if fitting.is_empty() {
            return self.leaf(&scalar.into());
        }
        let builtin = fitting[self.choices.below(fitting.len())];
        let arguments = builtin
            .parameters()
            .iter()
            .map(|parameter| self.value(&Type::from(*parameter), depth))
            .collect();
        self.function
            .expr(ExprKind::Call(builtin.name.to_owned(), arguments), scalar)
    }

    fn binary(&mut self, scalar: Scalar, depth: usize) -> Handle<Expr> {
        let ops: &[BinaryOp] = if scalar.is_float() {
            &FLOAT_OPS
        } else {
            &INTEGER_OPS
        };
        let op = ops[self.choices.below(ops.len())];
        let ty = Type::from(scalar);
        let left = self.value(&ty, depth);
        let right = if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) {
            self.value(&Scalar::U32.into(), depth)
        } else if matches!(op, BinaryOp::FloorDivide | BinaryOp::CeilDivide) {
            self.function.expr(ExprKind::Int(3), scalar)
        } else {
            self.value(&ty, depth)
        };
        self.function
            .expr(ExprKind::Binary(op, left, right), scalar)
    }

    fn truth(&mut self, depth: usize) -> Handle<Expr> {
        let kind = match self.choices.below(4) {
            0 => ExprKind::Unary(UnaryOp::Not, self.condition(depth)),
            1 => {
                let op = [BinaryOp::And, BinaryOp::Or][self.choices.below(2)];
                ExprKind::Binary(op, self.condition(depth), self.condition(depth))
            }
            _ => {
                let op = COMPARISONS[self.choices.below(COMPARISONS.len())];
                let promoted = self.scalar().promoted();
                let ty = if self.choices.one_in(4) {
                    Type::Void.pointer(true)
                } else {
                    promoted.into()
                };
                ExprKind::Binary(op, self.value(&ty, depth), self.value(&ty, depth))
            }
        };
        self.function.expr(kind, Scalar::I32)
    }

    fn difference(&mut self, depth: usize) -> Handle<Expr> {
        let to = Type::from(self.scalar());
        let left = self.value(&to.clone().pointer(false), depth);
        let right = self.value(&to.pointer(true), depth);
        let kind = ExprKind::Binary(BinaryOp::Difference, left, right);
        self.function.expr(kind, Scalar::I64)
    }

    fn pointer(&mut self, ty: &Type, depth: usize) -> Handle<Expr> {
        let to = ty.element().cloned().unwrap_or(Type::Void);
        let is_opaque = matches!(to, Type::Void | Type::Opaque(_));
        match self.choices.below(5) {
            0 if to == Scalar::I8.into() => {
                let text = vec![b'a', b'"', b'\\', b'\n', 0, 200, b'`'];
                self.function.expr(ExprKind::Text(text), ty.clone())
            }
            1 | 2 if !is_opaque => {
                let op = [BinaryOp::Add, BinaryOp::Subtract][self.choices.below(2)];
                let left = self.value(ty, depth);
                let right = self.value(&Scalar::I64.into(), depth);
                self.function
                    .expr(ExprKind::Binary(op, left, right), ty.clone())
            }
            3 => match self.place(depth) {
                Some((place, found)) if found == to => {
                    self.function.expr(ExprKind::Address(place), ty.clone())
                }
                Some((place, found)) => {
                    let is_const = self.choices.one_in(2);
                    let address = found.pointer(is_const);
                    let address = self.function.expr(ExprKind::Address(place), address);
                    self.function.expr(ExprKind::Cast(address), ty.clone())
                }
                None => self.leaf(ty),
            },
            _ => self.leaf(ty),
        }
    }
}

const FLOAT_OPS: [BinaryOp; 4] = [
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Multiply,
    BinaryOp::Divide,
];

const INTEGER_OPS: [BinaryOp; 14] = [
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Multiply,
    BinaryOp::Divide,
    BinaryOp::Remainder,
    BinaryOp::BitAnd,
    BinaryOp::BitOr,
    BinaryOp::BitXor,
    BinaryOp::ShiftLeft,
    BinaryOp::ShiftRight,
    BinaryOp::Min,
    BinaryOp::Max,
    BinaryOp::FloorDivide,
    BinaryOp::CeilDivide,
];

const COMPARISONS: [BinaryOp; 6] = [
    BinaryOp::Less,
    BinaryOp::LessEqual,
    BinaryOp::Greater,
    BinaryOp::GreaterEqual,
    BinaryOp::Equal,
    BinaryOp::NotEqual,
];
