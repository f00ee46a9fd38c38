//! Values that iterations contribute to and look at: running sums and their like, elements that are the one before and something,
//! and what iterations pack.

use crate::expr::BinaryOp;
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// Loops of several blocks, each iteration of which goes by what those before it have contributed.
pub(super) fn scans(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Scalar(Scalar::I32));
    draft.is_exact = draft.random.chance(1, 2);
    let size = draft.size("n", 0, 700);
    let length = Dimension {
        plus: 8,
        ..Dimension::of(size)
    };
    let element = draft.element_type();
    let x = draft.array("x", element, &[length], Rows::Linear, true);
    let level = draft.level("i", Dimension::of(size), 0, 0);
    let block = match draft.random.below(8) {
        0..4 => draft.scanned(x, length, level),
        4..6 => draft.one_before(x, length, level),
        _ => draft.packed(x, length, level),
    };
    (draft, block)
}

impl Draft {
    /// `if (c) sum = sum op f(x[i]); y[i] = g(sum)`, one behind the other or the other way round.
    fn scanned(&mut self, x: usize, length: Dimension, level: Level) -> Block {
        let ty = self.joined_type();
        let y = self.array("y", ty, &[length], Rows::Linear, false);
        let first = self.builder.number(1.0, ty);
        let (sum, mut block) = self.start_local("sum", ty, first);
        let element = Leaf::Element(x, vec![level.at(0)]);
        let mut step = self.joined(&Leaf::Var(sum), ty, &element);
        if self.random.chance(1, 3) {
            let condition = self.condition(std::slice::from_ref(&element));
            step = Builder::when(condition, vec![step], Block::new());
        }
        let target = Leaf::Element(y, vec![level.at(0)]);
        let looks = if self.random.chance(1, 2) {
            let value = self.builder.read(sum);
            self.set(&target, value)
        } else {
            let value = self.value(&[Leaf::Var(sum), element], 1);
            let value = self.builder.convert(value, ty);
            self.set(&target, value)
        };
        let mut body = vec![step];
        let at = self.random.below(2) as usize;
        body.insert(at, looks);
        block.extend(self.nest(&[level], body));
        let total = self.builder.read(sum);
        let zero = self.builder.number(0.0, ty);
        let sign = self.builder.binary(BinaryOp::Less, zero, total);
        block.push(self.returned(sign));
        block
    }

    /// `y[i + 1] = y[i] op f(x[i])`.
    fn one_before(&mut self, x: usize, length: Dimension, level: Level) -> Block {
        let ty = self.joined_type();
        let y = self.array("y", ty, &[length], Rows::Linear, false);
        let element = Leaf::Element(x, vec![level.at(self.random.between(0, 2))]);
        let before = Leaf::Element(y, vec![level.at(0)]);
        let target = Leaf::Element(y, vec![level.at(1)]);
        let step = self.joined_from(&before, &target, ty, &element);
        let mut block = self.nest(&[level], vec![step]);
        let zero = self.builder.int(0, Scalar::I32);
        block.push(self.returned(zero));
        block
    }

    /// Returns `target = before op f(element)`.
    fn joined_from(&mut self, before: &Leaf, target: &Leaf, ty: Scalar, element: &Leaf) -> Stmt {
        let (so_far, value) = (self.leaf(before), self.leaf(element));
        let next = match self.random.below(5) {
            0 if !ty.is_float() => {
                let value = self.builder.convert(value, ty);
                self.builder.binary(BinaryOp::BitXor, so_far, value)
            }
            1 => {
                let is_greater = self.builder.binary(BinaryOp::Greater, value, so_far);
                let (value, again) = (self.leaf(element), self.leaf(before));
                self.builder.select(is_greater, value, again)
            }
            _ => self.builder.add(so_far, value),
        };
        self.set(target, next)
    }

    /// `if (c) { y[k] = f(x[i]); k = k + 1; }`, and the counter's last value.
    fn packed(&mut self, x: usize, length: Dimension, level: Level) -> Block {
        let ty = self.random.choose(
            Scalar::I32,
            &[Scalar::I32, Scalar::I64, Scalar::U32, Scalar::U64],
        );
        let element_type = self.element_type();
        let y = self.array("y", element_type, &[length], Rows::Linear, false);
        let first = self.random.between(0, 3);
        let first = self.builder.int(first, ty);
        let (counter, mut block) = self.start_local("k", ty, first);
        let target = Leaf::Element(y, vec![Subscript::of(counter, 0)]);
        let element = Leaf::Element(x, vec![level.at(0)]);
        let value = self.value(std::slice::from_ref(&element), 1);
        let mut kept = vec![self.set(&target, value), self.advance(counter, 1)];
        if self.random.chance(1, 6) {
            kept.swap(0, 1);
        }
        let condition = self.condition(std::slice::from_ref(&element));
        let body = vec![Builder::when(condition, kept, Block::new())];
        block.extend(self.nest(&[level], body));
        let last = self.builder.read(counter);
        block.push(self.returned(last));
        block
    }

    fn joined_type(&mut self) -> Scalar {
        self.random.choose(
            Scalar::I32,
            &[
                Scalar::I64,
                Scalar::U32,
                Scalar::U64,
                Scalar::F64,
                Scalar::F32,
                Scalar::U8,
                Scalar::I16,
            ],
        )
    }
}
