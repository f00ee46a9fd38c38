//! Subscripts that are computed of counters, and mostly go one way with them.

use crate::expr::{BinaryOp, Place};
use crate::stmt::{Block, Stmt};
use crate::types::Scalar;

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::Leaf;

/// `y[i][j] = f(x[i * 2 / 3][(int)(j * 0.5f + 1.5f)])`, or in one dimension.
pub(super) fn resampled(mut draft: Draft) -> (Draft, Block) {
    let names = [("n", "i"), ("m", "j")];
    let count = if draft.random.chance(1, 2) { 1 } else { 2 };
    let mut dimensions = Vec::new();
    for (size, _) in &names[..count] {
        dimensions.push(Dimension::of(draft.size(size, 0, 120 / count as i64)));
    }
    let (out_ty, in_ty) = (draft.element_type(), draft.element_type());
    let wider: Vec<_> = dimensions
        .iter()
        .map(|each| Dimension { plus: 4, ..*each })
        .collect();
    let out = draft.array("y", out_ty, &dimensions, Rows::Linear, false);
    let input = draft.array("x", in_ty, &wider, Rows::Linear, true);
    let mut levels = Vec::new();
    for ((_, iterator), dimension) in names.iter().zip(&dimensions) {
        levels.push(draft.level(iterator, *dimension, 0, 0));
    }
    let (mut body, mut places) = (Block::new(), Vec::new());
    for (level, dimension) in levels.iter().zip(&dimensions) {
        places.push(draft.place_of(level, *dimension, &mut body));
    }
    let place = draft.element(input, &places);
    let value = draft.builder.load(place, Some(in_ty));
    let target = levels.iter().map(|level| level.at(0)).collect();
    body.push(draft.set(&Leaf::Element(out, target), value));
    let loops = draft.nest(&levels, body);
    (draft, loops)
}

impl Draft {
    /// Returns a subscript below a dimension and 4, perhaps by way of a variable that is kept above a limit.
    fn place_of(&mut self, level: &Level, dimension: Dimension, body: &mut Block) -> Term {
        let counter = self.subscript(&level.at(0));
        let ty = self.random.choose(Scalar::I32, &[Scalar::I32, Scalar::I64]);
        let counter = self.builder.convert(counter, ty);
        let extent = self.extent(dimension);
        let extent = self.builder.convert(extent, ty);
        let place = self.moved(counter, extent);
        if self.random.chance(1, 2) {
            return self.builder.as_subscript(place);
        }
        let (var, start) = self.start_local("at", place.ty, place);
        body.extend(start);
        if self.random.chance(1, 2) {
            let [value, least] = [self.builder.read(var), self.builder.int(2, place.ty)];
            let is_less = self.builder.binary(BinaryOp::Less, value, least);
            let limited = self.builder.assign(Place::var(var), least);
            let limit: Stmt = Builder::when(is_less, vec![limited], Block::new());
            body.push(limit);
        }
        let value = self.builder.read(var);
        self.builder.as_subscript(value)
    }

    /// Returns what a counter below an extent becomes, below the extent and 4.
    fn moved(&mut self, counter: Term, extent: Term) -> Term {
        let ty = counter.ty;
        let builder = &mut self.builder;
        match self.random.below(8) {
            0 => self.slower(counter),
            1 => {
                let factor = builder.int(self.random.between(1, 8), ty);
                let product = builder.multiply(counter, factor);
                let by = builder.int(3, ty);
                builder.binary(BinaryOp::ShiftRight, product, by)
            }
            2 => {
                let by = self.random.choose(0.5, &[0.25, 0.5, 0.75, 1.0]);
                let plus = self.random.choose(0.0, &[0.0, 0.5, 1.5]);
                let float = self.random.choose(Scalar::F32, &[Scalar::F32, Scalar::F64]);
                let [by, plus] = [by, plus].map(|value| builder.number(value, float));
                let number = builder.convert(counter, float);
                let number = builder.multiply(number, by);
                let number = builder.add(number, plus);
                builder.convert(number, ty)
            }
            3 => {
                let beyond = builder.shifted(extent, 1);
                let back = self.slower(counter);
                self.builder.subtract(beyond, back)
            }
            4 => {
                let next = builder.shifted(counter, 1);
                let last = builder.shifted(extent, -1);
                let is_there = builder.binary(BinaryOp::Less, next, extent);
                builder.select(is_there, next, last)
            }
            5 => {
                let last = builder.shifted(extent, -1);
                let left = builder.subtract(last, counter);
                let product = builder.multiply(counter, left);
                builder.binary(BinaryOp::Divide, product, extent)
            }
            6 => {
                let by = builder.int(3, ty);
                builder.binary(BinaryOp::Remainder, counter, by)
            }
            _ => {
                let [half, third] = [2, 3].map(|by| {
                    let by = builder.int(by, ty);
                    builder.binary(BinaryOp::Divide, counter, by)
                });
                builder.add(half, third)
            }
        }
    }

    /// Returns a counter times a fraction that is at most 1.
    fn slower(&mut self, counter: Term) -> Term {
        let by = self.random.between(1, 6);
        let factor = self.random.between(1, by);
        let [factor, by] = [factor, by].map(|value| self.builder.int(value, counter.ty));
        let product = self.builder.multiply(counter, factor);
        self.builder.binary(BinaryOp::Divide, product, by)
    }
}
