//! Programs put together from parts: several arrays, nests of one to three loops, temporaries, conditions, partial sums
//! and scalars in between, with or without steps around them.
//!
//! Every array extends over dimensions of the program, and every loop runs along one of them, so subscripts are in range
//! by construction, apart from what the interpreter drops.

use crate::arena::Handle;
use crate::expr::{BinaryOp, Place};
use crate::function::Var;
use crate::random::Random;
use crate::stmt::Block;
use crate::types::{Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// What the parts of a program share.
struct Parts {
    dimensions: Vec<Dimension>,
    arrays: Vec<Known>,
    /// Scalars that every statement may read.
    scalars: Vec<Handle<Var>>,
}

/// An array and the dimensions it extends over, as numbers of [`Parts::dimensions`].
#[derive(Clone)]
struct Known {
    array: usize,
    along: Vec<usize>,
    is_const: bool,
}

/// A loop and the dimension it runs along.
struct Along {
    level: Level,
    dimension: usize,
    /// How far a subscript may be from the iterator.
    halo: i64,
}

/// One function of several parts.
pub(super) fn blend(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let dimensions = vec![
        Dimension::of(draft.size("n", 1, 40)),
        Dimension::of(draft.size("m", 1, 24)),
        Dimension::fixed(draft.random.between(2, 9)),
    ];
    let mut parts = Parts {
        dimensions,
        arrays: Vec::new(),
        scalars: Vec::new(),
    };
    for number in 0..draft.random.between(2, 4) {
        let known = draft.part_array(&parts, number as usize);
        parts.arrays.push(known);
    }
    let scalar = draft.element_type();
    let alpha = draft.value_parameter("alpha", scalar);
    let first = draft.builder.int(2, Scalar::I64);
    let (carried, mut block) = draft.start_local("s", Scalar::I64, first);
    parts.scalars.extend([alpha, carried]);
    let count = draft.random.between(1, 3);
    let is_repeated = draft.random.chance(1, 3);
    let mut body = Block::new();
    for _ in 0..count {
        body.extend(draft.part_nest(&parts));
        if draft.random.chance(1, 3) {
            body.extend(draft.between(&parts, carried));
        }
    }
    if is_repeated {
        let steps = draft.random.between(1, 3);
        let time = draft.plain_level("t", Dimension::fixed(steps));
        body = draft.nest(&[time], body);
    }
    block.extend(body);
    (draft, block)
}

impl Draft {
    fn part_array(&mut self, parts: &Parts, number: usize) -> Known {
        let rank = self.random.choose(1, &[1, 2, 2, 3]);
        let count = parts.dimensions.len() as u64;
        let along: Vec<usize> = (0..rank)
            .map(|_| self.random.below(count) as usize)
            .collect();
        let dimensions: Vec<Dimension> = along.iter().map(|at| parts.dimensions[*at]).collect();
        let is_const = number > 0 && self.random.chance(1, 3);
        let (ty, rows) = (self.element_type(), self.rows());
        let name = ["a", "b", "c", "d"].get(number).copied().unwrap_or("e");
        let array = self.array(name, ty, &dimensions, rows, is_const);
        Known {
            array,
            along,
            is_const,
        }
    }

    /// Returns a nest of loops over some of the dimensions.
    fn part_nest(&mut self, parts: &Parts) -> Block {
        let depth = self.random.choose(2, &[1, 2, 2, 3]);
        let halo = self.random.choose(0, &[0, 1]);
        let mut order: Vec<usize> = (0..parts.dimensions.len()).collect();
        self.random.shuffle(&mut order);
        let mut loops: Vec<Along> = Vec::new();
        for (dimension, name) in order.into_iter().take(depth).zip(["i", "j", "k"]) {
            let level = self.level(name, parts.dimensions[dimension], halo, halo);
            loops.push(Along {
                level,
                dimension,
                halo,
            });
        }
        if depth > 1 && self.random.chance(1, 5) {
            // A triangle: the inner loop starts where the outer one stands, or stays empty.
            let start = self.subscript(&loops[0].level.at(0));
            let inner = &mut loops[1].level.header;
            let ty = self.builder.ty(inner.iterator).scalar();
            if inner.step > 0 {
                inner.start = self.builder.convert(start, ty.unwrap_or(Scalar::I32));
            }
        }
        let mut body = self.part_body(parts, &loops);
        for along in loops.iter().rev() {
            body = vec![along.level.around(&mut self.builder, body)];
        }
        body
    }

    fn part_body(&mut self, parts: &Parts, loops: &[Along]) -> Block {
        let mut leaves: Vec<Leaf> = parts.scalars.iter().copied().map(Leaf::Var).collect();
        for _ in 0..self.random.between(1, 3) {
            leaves.extend(self.part_element(parts, loops, false));
        }
        leaves.extend(
            loops
                .last()
                .map(|along| Leaf::Var(along.level.header.iterator)),
        );
        self.random.shuffle(&mut leaves);
        let mut body = Block::new();
        if self.random.chance(1, 3) {
            let ty = self.element_type();
            let value = self.value(&leaves, 1);
            let value = self.reduced(value);
            let (temporary, declared) = self.start_local("t", ty, value);
            body.extend(declared);
            leaves.insert(0, Leaf::Var(temporary));
        }
        for _ in 0..self.random.between(1, 2) {
            let Some(target) = self.part_element(parts, loops, true) else {
                continue;
            };
            let part = match self.random.below(6) {
                0 => self.tree(std::slice::from_ref(&target), &leaves, 2),
                1 => self.partial_sum(parts, loops, &target),
                2 => {
                    let skip = self.skipping(&leaves);
                    body.extend(skip);
                    self.store(&target, &leaves)
                }
                3 => self.added_to(&target, &leaves),
                _ => self.store(&target, &leaves),
            };
            body.extend(part);
        }
        body
    }

    /// Returns an element of some array that these loops reach: along the loops of its dimensions, and at an end or in
    /// the middle along the others.
    fn part_element(&mut self, parts: &Parts, loops: &[Along], is_target: bool) -> Option<Leaf> {
        let fitting: Vec<Known> = parts
            .arrays
            .iter()
            .filter(|known| !(is_target && known.is_const))
            .cloned()
            .collect();
        let known = self.random.pick(&fitting)?.clone();
        let subscripts = known
            .along
            .iter()
            .map(|dimension| self.part_subscript(parts, loops, *dimension, is_target))
            .collect();
        Some(Leaf::Element(known.array, subscripts))
    }

    fn part_subscript(
        &mut self,
        parts: &Parts,
        loops: &[Along],
        dimension: usize,
        is_target: bool,
    ) -> Subscript {
        let along = loops.iter().find(|along| along.dimension == dimension);
        let Some(along) = along else {
            return self.part_end(parts, dimension);
        };
        let by = if is_target {
            0
        } else {
            self.random.between(-along.halo, along.halo)
        };
        let here = along.level.at(by);
        if is_target || by != 0 || self.random.chance(5, 6) {
            return here;
        }
        self.mirrored(parts, dimension, &here)
    }

    /// Returns the first subscript of a dimension or the last.
    fn part_end(&mut self, parts: &Parts, dimension: usize) -> Subscript {
        let Dimension { size, plus, .. } = parts.dimensions[dimension];
        let is_first = self.random.chance(1, 2);
        match size {
            _ if is_first => Subscript::fixed(0),
            None => Subscript::fixed(plus - 1),
            Some(size) => Subscript::of(self.sizes[size].var, plus - 1),
        }
    }

    /// Returns the subscript as far from the end as another is from the start.
    fn mirrored(&mut self, parts: &Parts, dimension: usize, here: &Subscript) -> Subscript {
        let Dimension { size, plus, .. } = parts.dimensions[dimension];
        let mut mirrored = match size {
            None => return here.clone(),
            Some(size) => Subscript::of(self.sizes[size].var, plus - 1 - here.plus),
        };
        let negated = here.parts.iter().map(|(factor, var)| (-factor, *var));
        mirrored.parts.extend(negated);
        mirrored
    }

    /// `target = target + value`, or another operator that joins.
    fn added_to(&mut self, target: &Leaf, leaves: &[Leaf]) -> Block {
        let so_far = self.leaf(target);
        let value = self.value(leaves, 1);
        let value = self.reduced(value);
        let next = if self.random.chance(1, 3) {
            let is_greater = self.builder.binary(BinaryOp::Less, so_far, value);
            self.builder.select(is_greater, value, so_far)
        } else {
            let sum = self.builder.add(so_far, value);
            self.reduced(sum)
        };
        vec![self.set(target, next)]
    }

    /// A sum along a dimension, in a scalar of the iteration.
    fn partial_sum(&mut self, parts: &Parts, loops: &[Along], target: &Leaf) -> Block {
        let ty = self
            .random
            .choose(Scalar::I64, &[Scalar::F32, Scalar::F64, Scalar::U32]);
        let zero = self.builder.number(0.0, ty);
        let (sum, mut block) = self.start_local("sum", ty, zero);
        let free = (0..parts.dimensions.len())
            .find(|dimension| loops.iter().all(|along| along.dimension != *dimension));
        let dimension = free.unwrap_or(2);
        let level = self.plain_level("l", parts.dimensions[dimension]);
        let inner = [Along {
            level,
            dimension,
            halo: 0,
        }];
        let mut leaves = Vec::new();
        if let Some(known) = self.random.pick(&parts.arrays).cloned() {
            let subscripts = known
                .along
                .iter()
                .map(|at| {
                    let all = if *at == dimension { &inner[..] } else { loops };
                    self.part_subscript(parts, all, *at, true)
                })
                .collect();
            leaves.push(Leaf::Element(known.array, subscripts));
        }
        let so_far = self.builder.read(sum);
        let value = self.value(&leaves, 1);
        let next = self.builder.add(so_far, value);
        let next = self.reduced(next);
        let step = self.builder.assign(Place::var(sum), next);
        let [inner] = inner;
        block.push(inner.level.around(&mut self.builder, vec![step]));
        let total = self.builder.read(sum);
        block.push(self.set(target, total));
        block
    }

    /// What the host does between two nests: a scalar changes, perhaps only sometimes.
    fn between(&mut self, parts: &Parts, carried: Handle<Var>) -> Block {
        let read = self.builder.read(carried);
        let by = self.random.between(-3, 3);
        let next = self.builder.shifted(read, by);
        let next = self.reduced(next);
        let step = self.builder.assign(Place::var(carried), next);
        if self.random.chance(2, 3) {
            return vec![step];
        }
        let leaves: Vec<Leaf> = parts.scalars.iter().copied().map(Leaf::Var).collect();
        let condition = self.condition(&leaves);
        vec![Builder::when(condition, vec![step], Block::new())]
    }
}
