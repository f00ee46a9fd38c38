//! Small arrays that loops only read: the weights of neighbours, the coefficients of polynomials, tables of values.

use crate::expr::BinaryOp;
use crate::random::Random;
use crate::stmt::Block;
use crate::types::{Scalar, Type};

use super::build::Builder;
use super::draft::{Dimension, Draft, Fill, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

/// `y[i] = w[0] * x[i - 1] + w[1] * x[i] + w[2] * x[i + 1]` and its like.
pub(super) fn coefficients(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    draft.is_exact = draft.random.chance(1, 2);
    let (mut start, body) = match draft.random.below(6) {
        0 | 1 => draft.weighted(1),
        2 => draft.weighted(2),
        3 => draft.polynomial(),
        4 => draft.looked_up(),
        _ => draft.channels(),
    };
    start.extend(body);
    (draft, start)
}

impl Draft {
    /// Returns a type for coefficients and what they are multiplied with.
    pub(super) fn coefficient_type(&mut self) -> Scalar {
        let ty = self.element_type();
        self.summed_type(ty, &[Scalar::F64])
    }

    /// Adds an array of constant dimensions, with what fills it: a parameter, of file scope, or of the function.
    pub(super) fn coefficients(
        &mut self,
        name: &str,
        ty: Scalar,
        dimensions: &[Dimension],
    ) -> (usize, Block) {
        let way = self.random.below(5);
        match way {
            0 => {
                let array = self.global(name, ty, dimensions);
                self.fill_global(array);
                (array, Block::new())
            }
            1 => {
                let array = self.local_array(name, ty, dimensions);
                let mut block = vec![Builder::declare(self.arrays[array].var)];
                block.extend(self.filling(array, ty, dimensions));
                (array, block)
            }
            _ => {
                let rows = self.rows();
                // Nobody else writes it, but the type may not say so.
                let is_const = way > 2;
                (
                    self.array(name, ty, dimensions, rows, is_const),
                    Block::new(),
                )
            }
        }
    }

    /// Returns assignments to every element of a small array, one by one or by loops.
    fn filling(&mut self, array: usize, ty: Scalar, dimensions: &[Dimension]) -> Block {
        if let [only] = dimensions
            && self.random.chance(1, 2)
        {
            return (0..only.count(&[]))
                .map(|at| {
                    let number = self.random.between(-8, 8) as f64;
                    let number = if ty.is_float() { number / 4.0 } else { number };
                    let value = self.builder.number(number, ty);
                    self.set(&Leaf::Element(array, vec![Subscript::fixed(at)]), value)
                })
                .collect();
        }
        let levels: Vec<Level> = ["s", "t"]
            .iter()
            .zip(dimensions)
            .map(|(name, dimension)| self.plain_level(name, *dimension))
            .collect();
        let at: Vec<Subscript> = levels.iter().map(|level| level.at(0)).collect();
        let last = levels.last().map(|level| level.header.iterator);
        let value = match last {
            Some(iterator) => self.builder.read(iterator),
            None => self.builder.int(1, Scalar::I32),
        };
        let by = self.random.between(-2, 2);
        let value = self.builder.convert(value, Scalar::I32);
        let value = self.builder.shifted(value, by);
        let fill = self.set(&Leaf::Element(array, at), value);
        self.nest(&levels, vec![fill])
    }

    pub(super) fn is_read_only(&self, array: usize) -> bool {
        matches!(
            self.builder.ty(self.arrays[array].var),
            Type::Pointer { is_const: true, .. }
        )
    }

    /// A polynomial of every element, from its last coefficient on, or by powers.
    fn polynomial(&mut self) -> (Block, Block) {
        self.is_exact = false;
        let count = Dimension::fixed(self.random.between(2, 9));
        let ty = self.coefficient_type();
        let (w, start) = self.coefficients("w", ty, &[count]);
        let field = self.field(1, 0);
        let argument = Leaf::Element(field.input, vec![field.levels[0].at(0)]);
        let ty = self.random.choose(Scalar::F32, &[Scalar::F64, Scalar::I64]);
        let zero = self.builder.number(0.0, ty);
        let (value, mut body) = self.start_local("p", ty, zero);
        let value = Leaf::Var(value);
        let step = if self.random.chance(2, 3) { -1 } else { 1 };
        let terms = self.level_with("k", count, (0, 0), step, 0);
        let [so_far, argument] = [&value, &argument].map(|leaf| self.leaf(leaf));
        let product = self.builder.multiply(so_far, argument);
        let product = self.reduced(product);
        let term = self.leaf(&Leaf::Element(w, vec![terms.at(0)]));
        let sum = self.builder.add(product, term);
        let next = self.set(&value, sum);
        body.push(terms.around(&mut self.builder, vec![next]));
        body.extend(self.store_plainly(&field.target, &[value]));
        (start, self.around(field.levels, body))
    }

    /// A value from a table at a place that is computed or read.
    fn looked_up(&mut self) -> (Block, Block) {
        let count = self.random.between(2, 40);
        let ty = self.element_type();
        let (w, start) = self.coefficients("w", ty, &[Dimension::fixed(count)]);
        let field = self.field(1, 0);
        let at = field.levels[0].at(0);
        let found = if self.random.chance(1, 2) {
            let places = self.random.choose(Scalar::I32, &[Scalar::U8, Scalar::I64]);
            let places = self.array("at", places, &field.shape, Rows::Linear, true);
            self.arrays[places].fill = Fill::Subscripts(Dimension::fixed(count));
            self.leaf(&Leaf::Indirect(w, places, at))
        } else {
            let here = self.subscript(&at);
            let count = self.builder.int(count, here.ty);
            let place = self.builder.binary(BinaryOp::Remainder, here, count);
            let place = self.element(w, &[place]);
            self.builder.load(place, Some(ty))
        };
        let element = self.leaf(&Leaf::Element(field.input, vec![field.levels[0].at(0)]));
        let value = self.builder.multiply(found, element);
        let value = self.reduced(value);
        let store = self.set(&field.target, value);
        (start, self.around(field.levels, vec![store]))
    }

    /// `y[i][c] = x[i][c] * scale[c] + shift[c]`, for a few `c`.
    fn channels(&mut self) -> (Block, Block) {
        let few = Dimension::fixed(self.random.between(1, 6));
        let types = [0; 2].map(|_| self.coefficient_type());
        let (scale, mut start) = self.coefficients("scale", types[0], &[few]);
        let (shift, more) = self.coefficients("shift", types[1], &[few]);
        start.extend(more);
        let shape = [Dimension::of(self.size("n", 0, 60)), few];
        let rows = self.rows();
        let ty = self.element_type();
        let y = self.array("y", ty, &shape, rows, false);
        let x = self.array("x", ty, &shape, rows, true);
        let levels: Vec<Level> = ["i", "c"]
            .iter()
            .zip(shape)
            .map(|(name, dimension)| self.level(name, dimension, 0, 0))
            .collect();
        let (row, channel) = (levels[0].at(0), levels[1].at(0));
        let leaves = [
            Leaf::Element(x, vec![row.clone(), channel.clone()]),
            Leaf::Element(scale, vec![channel.clone()]),
            Leaf::Element(shift, vec![channel.clone()]),
        ];
        let [element, factor, plus] = leaves.each_ref().map(|leaf| self.leaf(leaf));
        let value = self.builder.multiply(element, factor);
        let value = self.builder.add(value, plus);
        let target = Leaf::Element(y, vec![row, channel]);
        let mut body = vec![self.set(&target, value)];
        if self.random.chance(1, 4) {
            let condition = self.condition(&leaves);
            body = vec![Builder::when(condition, body, Block::new())];
        }
        (start, self.around(levels, body))
    }
}
