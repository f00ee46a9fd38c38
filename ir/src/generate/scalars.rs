//! Families about scalars that live longer than an iteration: iterators that loops share, counters that advance with
//! them, values that pass from one iteration to the next or are left behind by the last.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Place};
use crate::function::Var;
use crate::random::Random;
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Iterators, Rows};
use super::generators::generators;
use super::nest::Level;
use super::scans;
use super::value::{Leaf, Subscript};

/// Loops over one iterator that the function declares, whose values after the loops are used.
pub(super) fn iterators(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Scalar(Scalar::I32));
    let size = draft.size("n", 0, 100);
    let ty = draft.random.choose(
        Scalar::I32,
        &[
            Scalar::U8,
            Scalar::I8,
            Scalar::U16,
            Scalar::I16,
            Scalar::U32,
            Scalar::I64,
            Scalar::U64,
        ],
    );
    let iterator = draft.builder.local("i", ty);
    draft.iterators = Iterators::Shared(vec![iterator]);
    let longer = Dimension {
        plus: 8,
        ..Dimension::of(size)
    };
    let (a, b) = (draft.element_type(), draft.element_type());
    let y = draft.array("y", a, &[longer], Rows::Linear, false);
    let x = draft.array("x", b, &[longer], Rows::Linear, true);
    let mut block = Block::new();
    for number in 0..draft.random.between(1, 3) {
        let dimension = Dimension {
            plus: draft.random.between(0, 4),
            ..Dimension::of(size)
        };
        let level = draft.shared_level(dimension, ty, number > 0);
        let target = Leaf::Element(y, vec![level.at(0)]);
        let leaves = [Leaf::Element(x, vec![level.at(0)]), Leaf::Var(iterator)];
        let body = draft.store(&target, &leaves);
        block.push(level.around(&mut draft.builder, body));
        if draft.random.chance(1, 2) {
            let beyond = Subscript::of(draft.sizes[size].var, draft.random.between(4, 7));
            let value = draft.builder.read(iterator);
            block.push(draft.set(&Leaf::Element(y, vec![beyond]), value));
        }
    }
    let last = draft.builder.read(iterator);
    block.push(draft.returned(last));
    (draft, block)
}

impl Draft {
    /// Returns a loop with the function's only iterator; with `may_go_on` perhaps from where the last loop ended.
    fn shared_level(&mut self, dimension: Dimension, ty: Scalar, may_go_on: bool) -> Level {
        let step = self.random.choose(1, &[1, 1, 2, 3]);
        let step = if ty.is_signed() && self.random.chance(1, 4) {
            -step
        } else {
            step
        };
        let mut level = self.level_with("i", dimension, (0, 0), step, 0);
        if may_go_on && step > 0 && self.random.chance(1, 3) {
            level.header.start = self.builder.read(level.header.iterator);
        }
        level
    }

    /// Returns `return value`.
    pub(super) fn returned(&mut self, value: Term) -> Stmt {
        let value = self.builder.convert(value, Scalar::I32);
        Stmt::Return(Some(value.expr), Span::default())
    }

    /// Returns `counter = counter + by`.
    pub(super) fn advance(&mut self, counter: Handle<Var>, by: i64) -> Stmt {
        let value = self.builder.read(counter);
        let next = self.builder.shifted(value, by);
        self.builder.assign(Place::var(counter), next)
    }
}

/// A scalar beside a loop: a counter, a temporary, the last value, a running sum.
pub(super) fn scalars(mut random: Random, prefix: String) -> (Draft, Block) {
    if random.chance(1, 3) {
        return scans::scans(random, prefix);
    }
    if random.chance(1, 5) {
        return generators(random, prefix);
    }
    let mut draft = Draft::new(random, prefix, Type::Scalar(Scalar::I32));
    let size = draft.size("n", 0, 120);
    let length = Dimension {
        size: Some(size),
        scale: 3,
        plus: 8,
    };
    let (a, b) = (draft.element_type(), draft.element_type());
    let y = draft.array("y", a, &[length], Rows::Linear, false);
    let x = draft.array("x", b, &[length], Rows::Linear, true);
    let level = draft.level("i", Dimension::of(size), 0, 0);
    let block = match draft.random.below(5) {
        0 | 1 => draft.counter(y, x, level),
        2 => draft.temporary(y, x, level),
        3 => draft.neighbour_before(y, x, level),
        _ => draft.running_sum(y, x, level),
    };
    (draft, block)
}

impl Draft {
    /// `y[k] = f(x[i]); k += c`, sometimes in an inner loop as well, and the counter's last value.
    fn counter(&mut self, y: usize, x: usize, level: Level) -> Block {
        let ty = self.random.choose(
            Scalar::I32,
            &[Scalar::I32, Scalar::I64, Scalar::U32, Scalar::U64],
        );
        let by = self.random.between(1, 2);
        let first = self.random.between(0, 3);
        let first = self.builder.int(first, ty);
        let (counter, mut block) = self.start_local("k", ty, first);
        let target = Leaf::Element(y, vec![Subscript::of(counter, 0)]);
        let leaves = [Leaf::Element(x, vec![level.at(0)]), Leaf::Var(counter)];
        let mut body = vec![self.advance(counter, by)];
        let value = self.value(&leaves, 2);
        let at = self.random.below(2) as usize;
        body.insert(at, self.set(&target, value));
        if self.random.chance(1, 4) {
            let inner = self.plain_level("j", Dimension::fixed(1));
            let step = self.advance(counter, 1);
            body.push(inner.around(&mut self.builder, vec![step]));
        }
        block.extend(self.nest(&[level], body));
        let last = self.builder.read(counter);
        block.push(self.returned(last));
        block
    }

    /// `t = f(x[i]); y[i] = g(t, x[i])`, perhaps only on some paths, and the last value.
    fn temporary(&mut self, y: usize, x: usize, level: Level) -> Block {
        let ty = self
            .random
            .choose(Scalar::I32, &[Scalar::F64, Scalar::I16, Scalar::U8]);
        let first = self.builder.number(3.0, ty);
        let (temporary, mut block) = self.start_local("t", ty, first);
        let element = Leaf::Element(x, vec![level.at(0)]);
        let value = self.value(std::slice::from_ref(&element), 2);
        let value = self.reduced(value);
        let mut assign = self.set(&Leaf::Var(temporary), value);
        if self.random.chance(1, 3) {
            let condition = self.condition(std::slice::from_ref(&element));
            assign = Builder::when(condition, vec![assign], Block::new());
        }
        let leaves = [Leaf::Var(temporary), element];
        let target = Leaf::Element(y, vec![level.at(0)]);
        let mut body = vec![assign];
        let use_of_it = self.store(&target, &leaves);
        body.extend(use_of_it);
        block.extend(self.nest(&[level], body));
        let zero = self.builder.number(0.0, ty);
        let last = self.builder.read(temporary);
        let last = if self.random.chance(1, 2) {
            self.builder.binary(BinaryOp::Greater, last, zero)
        } else {
            zero
        };
        block.push(self.returned(last));
        block
    }

    /// `y[i] = f(before, x[i]); before = x[i]`.
    fn neighbour_before(&mut self, y: usize, x: usize, level: Level) -> Block {
        let ty = self.random.choose(Scalar::I32, &[Scalar::F64, Scalar::I64]);
        let first = self.builder.number(1.0, ty);
        let (before, mut block) = self.start_local("before", ty, first);
        let (second, more) = self.start_local("before_that", ty, first);
        block.extend(more);
        let element = Leaf::Element(x, vec![level.at(0)]);
        let leaves = [Leaf::Var(before), element.clone(), Leaf::Var(second)];
        let target = Leaf::Element(y, vec![level.at(0)]);
        let mut body = self.store_plainly(&target, &leaves);
        let passed = self.builder.read(before);
        body.push(self.set(&Leaf::Var(second), passed));
        let value = self.leaf(&element);
        let value = self.reduced(value);
        body.push(self.set(&Leaf::Var(before), value));
        block.extend(self.nest(&[level], body));
        let zero = self.builder.int(0, Scalar::I32);
        block.push(self.returned(zero));
        block
    }

    /// `sum += x[i]; y[i] = sum`.
    fn running_sum(&mut self, y: usize, x: usize, level: Level) -> Block {
        let ty = self.random.choose(Scalar::I64, &[Scalar::F64, Scalar::U32]);
        let zero = self.builder.number(0.0, ty);
        let (sum, mut block) = self.start_local("sum", ty, zero);
        let so_far = self.builder.read(sum);
        let element = self.leaf(&Leaf::Element(x, vec![level.at(0)]));
        let next = self.builder.add(so_far, element);
        let next = self.reduced(next);
        let step = self.set(&Leaf::Var(sum), next);
        let target = Leaf::Element(y, vec![level.at(0)]);
        let mut body = vec![step];
        if self.random.chance(2, 3) {
            body.extend(self.store(&target, &[Leaf::Var(sum)]));
        }
        block.extend(self.nest(&[level], body));
        let total = self.builder.read(sum);
        let zero = self.builder.number(0.0, ty);
        let sign = self.builder.binary(BinaryOp::Less, zero, total);
        block.push(self.returned(sign));
        block
    }
}
