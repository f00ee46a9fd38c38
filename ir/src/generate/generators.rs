//! Generators of random numbers, whose state passes from iteration to iteration.

use crate::expr::{BinaryOp, Place};
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::Term;
use super::draft::{Dimension, Draft, Rows};
use super::value::Leaf;

/// `s = s * a + c; y[i] = s >> k`, once or twice in an iteration, of one loop or of two.
pub(super) fn generators(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Scalar(Scalar::I32));
    let names = [("n", "i"), ("m", "j")];
    let count = if draft.random.chance(1, 2) { 1 } else { 2 };
    let mut dimensions = Vec::new();
    for (size, _) in &names[..count] {
        dimensions.push(Dimension::of(draft.size(
            size,
            0,
            400 / (8 * count as i64 - 7),
        )));
    }
    let ty = draft
        .random
        .choose(Scalar::U32, &[Scalar::U32, Scalar::U64]);
    let element = draft.element_type();
    let out = draft.array("y", element, &dimensions, Rows::Linear, false);
    let start = draft.value_parameter("seed", ty);
    let start = draft.builder.read(start);
    let (state, mut block) = draft.start_local("s", ty, start);
    let mut levels = Vec::new();
    for ((_, iterator), dimension) in names.iter().zip(&dimensions) {
        levels.push(draft.level(iterator, *dimension, 0, 0));
    }
    let step = draft.generator(ty);
    let read = draft.builder.read(state);
    let by = draft.builder.int(draft.random.between(1, 12), Scalar::I32);
    let value = draft.builder.binary(BinaryOp::ShiftRight, read, by);
    let at = levels.iter().map(|level| level.at(0)).collect();
    let mut body = vec![draft.set(&Leaf::Element(out, at), value)];
    for _ in 0..draft.random.between(1, 2) {
        let at = draft.random.below(body.len() as u64 + 1) as usize;
        body.insert(at, draft.step(state, step));
    }
    block.extend(draft.nest(&levels, body));
    let last = draft.builder.read(state);
    block.push(draft.returned(last));
    (draft, block)
}

/// Factor, summand and mask of a generator.
type Step = (i64, i64, Option<i64>);

impl Draft {
    fn generator(&mut self, ty: Scalar) -> Step {
        let factor = self
            .random
            .choose(69069, &[5, 1_664_525, 1_103_515_245, 22_695_477]);
        let plus = self.random.choose(1, &[0, 7, 12345, 1_013_904_223]);
        let bits = self.random.choose(31, &[16, 24, 31]);
        let is_masked = self.random.chance(1, 3);
        let factor = if ty == Scalar::U64 && self.random.chance(1, 2) {
            6_364_136_223_846_793_005
        } else {
            factor
        };
        (factor, plus, is_masked.then(|| (1 << bits) - 1))
    }

    fn step(&mut self, state: crate::Handle<crate::Var>, (factor, plus, mask): Step) -> Stmt {
        let builder = &mut self.builder;
        let old = builder.read(state);
        let [factor, plus] = [factor, plus].map(|value| builder.int(value, old.ty));
        let product = builder.multiply(old, factor);
        let mut next: Term = builder.add(product, plus);
        if let Some(mask) = mask {
            let mask = builder.int(mask, old.ty);
            next = builder.binary(BinaryOp::BitAnd, next, mask);
        }
        self.builder.assign(Place::var(state), next)
    }
}
