//! Loops whose iterations take different paths.

use crate::expr::BinaryOp;
use crate::random::Random;
use crate::span::Span;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::Leaf;

/// Conditions within conditions, `continue`, tests that protect reads, and loops that end early within an iteration.
pub(super) fn branches(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = Dimension::of(draft.size("n", 0, 260));
    let types = [0; 2].map(|_| draft.element_type());
    let y = draft.array("y", types[0], &[size], Rows::Linear, false);
    let z = draft.array("z", types[1], &[size], Rows::Linear, false);
    let x = draft.array("x", types[1], &[size], Rows::Linear, true);
    let level = draft.level("i", size, 0, 0);
    let leaves = [
        Leaf::Element(x, vec![level.at(0)]),
        Leaf::Element(y, vec![level.at(0)]),
        Leaf::Element(z, vec![level.at(0)]),
        Leaf::Var(level.header.iterator),
    ];
    let targets = [y, z].map(|array| Leaf::Element(array, vec![level.at(0)]));
    let mut body = Block::new();
    for _ in 0..draft.random.between(1, 3) {
        let part = match draft.random.below(5) {
            0 => draft.skipping(&leaves),
            1 => draft.protected(x, &level, size, &targets[0]),
            2 => draft.counted_prefix(x, &level, &targets[1]),
            _ => draft.tree(&targets, &leaves, 2),
        };
        body.extend(part);
    }
    body.extend(draft.tree(&targets, &leaves, 1));
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

impl Draft {
    /// `if (…) continue;`
    pub(super) fn skipping(&mut self, leaves: &[Leaf]) -> Block {
        let condition = self.condition(leaves);
        let skip = vec![Stmt::Continue(Span::default())];
        vec![Builder::when(condition, skip, Block::new())]
    }

    /// Conditions as deep as told, with an assignment at each end or none.
    pub(super) fn tree(&mut self, targets: &[Leaf], leaves: &[Leaf], depth: u32) -> Block {
        if depth == 0 || self.random.chance(1, 5) {
            let Some(target) = self.random.pick(targets).cloned() else {
                return Block::new();
            };
            let value = self.value(leaves, 1);
            return vec![self.set(&target, value)];
        }
        let condition = self.condition(leaves);
        let then = self.tree(targets, leaves, depth - 1);
        let otherwise = if self.random.chance(1, 2) {
            self.tree(targets, leaves, depth - 1)
        } else {
            Block::new()
        };
        vec![Builder::when(condition, then, otherwise)]
    }

    /// Reads a neighbour that not every iteration has, behind `&&` or `?:`.
    fn protected(&mut self, x: usize, level: &Level, size: Dimension, target: &Leaf) -> Block {
        let by = self.random.choose(-1, &[1, 2, -3]);
        let here = self.subscript(&level.at(by));
        let exists = if by < 0 {
            let zero = self.builder.int(0, here.ty);
            self.builder.binary(BinaryOp::GreaterEqual, here, zero)
        } else {
            let end = self.extent(size);
            self.builder.binary(BinaryOp::Less, here, end)
        };
        let neighbour = self.leaf(&Leaf::Element(x, vec![level.at(by)]));
        let bound = self.builder.int(3, Scalar::I32);
        if self.random.chance(1, 2) {
            let value = self.builder.select(exists, neighbour, bound);
            return vec![self.set(target, value)];
        }
        let is_greater = self.builder.binary(BinaryOp::Greater, neighbour, bound);
        let both = self.builder.binary(BinaryOp::And, exists, is_greater);
        let own = self.leaf(&Leaf::Element(x, vec![level.at(0)]));
        let set = self.set(target, own);
        vec![Builder::when(both, vec![set], Block::new())]
    }

    /// Counts the elements up to the first that a condition holds for: a loop with a `break`, inside an iteration.
    fn counted_prefix(&mut self, x: usize, level: &Level, target: &Leaf) -> Block {
        let zero = self.builder.int(0, Scalar::I32);
        let (count, mut block) = self.start_local("count", Scalar::I32, zero);
        let few = self.builder.int(5, Scalar::I32);
        let inner = self.plain_level("j", Dimension::fixed(6));
        let end = self.subscript(&level.at(1));
        let end: Term = self.builder.convert(end, Scalar::I32);
        let column = self.builder.read(inner.header.iterator);
        let is_beyond = self.builder.binary(BinaryOp::GreaterEqual, column, end);
        let is_enough = self.builder.binary(BinaryOp::Greater, column, few);
        let ends = self.builder.binary(BinaryOp::Or, is_beyond, is_enough);
        let leave = Builder::when(ends, vec![Stmt::Break(Span::default())], Block::new());
        let element = self.leaf(&Leaf::Element(x, vec![inner.at(0)]));
        let one = self.builder.int(1, Scalar::I32);
        let is_greater = self.builder.binary(BinaryOp::Greater, element, one);
        let step = self.advance(count, 1);
        let step = Builder::when(is_greater, vec![step], Block::new());
        block.push(inner.around(&mut self.builder, vec![leave, step]));
        let counted = self.builder.read(count);
        block.push(self.set(target, counted));
        block
    }
}
