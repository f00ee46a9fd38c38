//! Weighted sums of neighbours, with the weights in a small array.

use crate::stmt::Block;
use crate::types::Scalar;

use super::build::Term;
use super::draft::{Dimension, Draft};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// Where the elements of a result come from.
pub(super) struct Field {
    pub(super) levels: Vec<Level>,
    pub(super) input: usize,
    pub(super) target: Leaf,
    /// Number of elements along each loop.
    pub(super) shape: Vec<Dimension>,
    /// How far weights reach.
    halo: i64,
}

impl Draft {
    /// The weighted sum of neighbours, by loops over the weights or written out.
    pub(super) fn weighted(&mut self, rank: usize) -> (Block, Block) {
        let halo = self.random.between(1, if rank == 1 { 4 } else { 2 });
        let weights = vec![Dimension::fixed(2 * halo + 1); rank];
        let ty = self.coefficient_type();
        let (w, mut start) = self.coefficients("w", ty, &weights);
        let field = self.field(rank, halo);
        if rank == 1 && self.random.chance(1, 3) {
            let body = self.written_out(w, &field);
            return (start, self.around(field.levels, body));
        }
        let ty = self.random.choose(Scalar::F32, &[Scalar::F64, Scalar::I64]);
        let mut body = Block::new();
        let mut into = field.target.clone();
        if self.random.chance(2, 3) {
            let zero = self.builder.number(0.0, ty);
            let (sum, before) = self.start_local("sum", ty, zero);
            body.extend(before);
            into = Leaf::Var(sum);
        }
        body.extend(self.folded(w, &weights, &into, &field));
        if let Leaf::Var(sum) = into {
            body.extend(self.store_plainly(&field.target, &[Leaf::Var(sum)]));
        }
        if self.random.chance(1, 6) {
            start.extend(self.repeated(w, rank, field, body));
            return (start, Block::new());
        }
        (start, self.around(field.levels, body))
    }

    /// Returns `w[0] * x[i - 1] + w[1] * x[i] + w[2] * x[i + 1]` as the value of an element.
    fn written_out(&mut self, w: usize, field: &Field) -> Block {
        let mut sum: Option<Term> = None;
        for number in 0..=2 * field.halo {
            let at = field.levels[0].at(number - field.halo);
            let weight = self.leaf(&Leaf::Element(w, vec![Subscript::fixed(number)]));
            let element = self.leaf(&Leaf::Element(field.input, vec![at]));
            let product = self.builder.multiply(weight, element);
            sum = Some(match sum {
                None => product,
                Some(sum) => self.builder.add(sum, product),
            });
        }
        sum.map(|sum| self.set(&field.target, sum))
            .into_iter()
            .collect()
    }

    /// Returns loops over weights that add what they weigh.
    fn folded(&mut self, w: usize, weights: &[Dimension], into: &Leaf, field: &Field) -> Block {
        let loops: Vec<Level> = ["s", "t"]
            .iter()
            .zip(weights)
            .map(|(name, dimension)| self.level_with(name, *dimension, (0, 0), 1, 0))
            .collect();
        let at = loops.iter().map(|level| level.at(0)).collect();
        let near = field.levels.iter().zip(&loops);
        let near = near
            .map(|(level, by)| sum_of(level.at(-field.halo), by.at(0)))
            .collect();
        let weight = self.leaf(&Leaf::Element(w, at));
        let element = self.leaf(&Leaf::Element(field.input, near));
        let product = self.builder.multiply(weight, element);
        let so_far = self.leaf(into);
        let sum = self.builder.add(so_far, product);
        let step = self.set(into, sum);
        self.nest(&loops, vec![step])
    }

    /// Returns the loops inside of steps, between which a weight changes.
    fn repeated(&mut self, w: usize, rank: usize, field: Field, body: Block) -> Block {
        let count = self.random.between(1, 3);
        let time = self.plain_level("time", Dimension::fixed(count));
        let first = Leaf::Element(w, vec![Subscript::fixed(0); rank]);
        let old = self.leaf(&first);
        let new = self.builder.shifted(old, 1);
        let mut steps = self.around(field.levels, body);
        // What is const is only read.
        if !self.is_read_only(w) {
            steps.push(self.set(&first, new));
        }
        self.nest(&[time], steps)
    }

    /// Adds arrays of one dimension or two, and loops that leave room for neighbours.
    pub(super) fn field(&mut self, rank: usize, halo: i64) -> Field {
        let most = if rank == 1 { 200 } else { 24 };
        let shape: Vec<Dimension> = ["n", "m"][..rank]
            .iter()
            .map(|name| Dimension::of(self.size(name, 1, most)))
            .collect();
        let (out, input) = (self.coefficient_type(), self.coefficient_type());
        let rows = self.rows();
        let y = self.array("y", out, &shape, rows, false);
        let input = self.array("x", input, &shape, rows, true);
        let levels: Vec<Level> = ["i", "j"]
            .iter()
            .zip(&shape)
            .map(|(name, dimension)| self.level(name, *dimension, halo, halo))
            .collect();
        let target = Leaf::Element(y, levels.iter().map(|level| level.at(0)).collect());
        Field {
            levels,
            input,
            target,
            shape,
            halo,
        }
    }

    /// Returns the loops around a body, in either order where nothing stands beside the inner one.
    pub(super) fn around(&mut self, mut levels: Vec<Level>, body: Block) -> Block {
        if self.random.chance(1, 6) {
            levels.reverse();
        }
        self.nest(&levels, body)
    }
}

/// Returns the sum of two subscripts.
fn sum_of(mut first: Subscript, second: Subscript) -> Subscript {
    first.parts.extend(second.parts);
    first.plus += second.plus;
    first
}
