//! Families whose loops have affine bounds and subscripts.

use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::Scalar;
use crate::{Place, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::{Leaf, Subscript};

const NAMES: [&str; 3] = ["i", "j", "k"];
const SIZES: [&str; 3] = ["n", "m", "l"];

impl Draft {
    /// Adds one to three dimensions: a parameter each, or a constant.
    pub(super) fn shape(&mut self, rank: usize) -> Vec<Dimension> {
        // The product of the greatest sizes stays near 4,000 elements.
        let most = [260, 48, 14][rank.clamp(1, 3) - 1];
        (0..rank)
            .map(|level| {
                if level > 0 && self.random.chance(1, 3) {
                    let count = self.random.between(1, most.min(40));
                    return Dimension::fixed(count);
                }
                // The length of a row may not be 0.
                let least = i64::from(level > 0);
                Dimension::of(self.size(SIZES[level.min(2)], least, most))
            })
            .collect()
    }

    /// Returns how to declare arrays of this program.
    pub(super) fn rows(&mut self) -> Rows {
        self.random
            .choose(Rows::Nested, &[Rows::Nested, Rows::Linear])
    }

    fn rank(&mut self) -> usize {
        self.random.choose(1, &[1, 2, 2, 3])
    }

    fn levels(&mut self, shape: &[Dimension], halo: i64) -> Vec<Level> {
        shape
            .iter()
            .zip(NAMES)
            .map(|(dimension, name)| self.level(name, *dimension, halo, halo))
            .collect()
    }

    /// Returns leaves for some reads of an array around the current element.
    fn neighbours(&mut self, array: usize, levels: &[Level], halo: i64, count: usize) -> Vec<Leaf> {
        (0..count)
            .map(|_| {
                let subscripts = levels
                    .iter()
                    .map(|level| level.at(self.random.between(-halo, halo)))
                    .collect();
                Leaf::Element(array, subscripts)
            })
            .collect()
    }

    fn centre(levels: &[Level]) -> Vec<Subscript> {
        levels.iter().map(|level| level.at(0)).collect()
    }

    /// Some iterators, which expressions may read.
    fn iterators(&mut self, levels: &[Level], leaves: &mut Vec<Leaf>) {
        if let Some(level) = self.random.pick(levels)
            && self.random.chance(1, 2)
        {
            leaves.push(Leaf::Var(level.header.iterator));
        }
    }

    /// Stores a random value of the leaves as the last action of an iteration: some iterations may end before it.
    pub(super) fn store(&mut self, target: &Leaf, leaves: &[Leaf]) -> Block {
        let mut block = Block::new();
        if self.random.chance(1, 12) {
            block = self.skipping(leaves);
        }
        block.extend(self.store_plainly(target, leaves));
        block
    }

    /// Stores a random value of the leaves, through a temporary or a condition or neither.
    pub(super) fn store_plainly(&mut self, target: &Leaf, leaves: &[Leaf]) -> Block {
        let depth = self.random.between(1, 3) as u32;
        let value = self.value(leaves, depth);
        match self.random.below(5) {
            0 => {
                let ty = self.place(target).1;
                let (temporary, mut block) = self.start_local("t", ty, value);
                let temporary = self.builder.read(temporary);
                block.push(self.set(target, temporary));
                block
            }
            1 => {
                let condition = self.condition(leaves);
                let then = vec![self.set(target, value)];
                let otherwise = if self.random.chance(1, 2) {
                    let other = self.value(leaves, 1);
                    vec![self.set(target, other)]
                } else {
                    Block::new()
                };
                vec![Builder::when(condition, then, otherwise)]
            }
            _ => vec![self.set(target, value)],
        }
    }

    /// Ends a loop at an iteration of an outer one, or has it start there.
    pub(super) fn bounded_by(&mut self, outer: &Level, inner: &mut Level) {
        let row = self.builder.read(outer.header.iterator);
        let column_ty = self.builder.ty(inner.header.iterator).scalar();
        let column_ty = column_ty.unwrap_or(Scalar::I32);
        if self.random.chance(1, 2) {
            let plus = self.random.between(0, 1);
            let beyond = self.builder.shifted(row, plus);
            // An end is of the iterator's type or a wider one.
            let common = column_ty.usual(beyond.ty);
            let is_wider = common.size_bytes() > column_ty.size_bytes();
            let end_ty = if is_wider { common } else { column_ty };
            inner.header.end = self.builder.convert(beyond, end_ty);
        } else {
            inner.header.start = self.builder.convert(row, column_ty);
        }
    }

    /// Returns `target = value`.
    pub(super) fn set(&mut self, target: &Leaf, value: Term) -> Stmt {
        let (place, ty) = self.place(target);
        self.builder.assign_as(place, ty, value)
    }
}

/// `y[i][j] = f(x[i][j], z[i][j], …)`.
pub(super) fn map(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let rank = draft.rank();
    let shape = draft.shape(rank);
    let (a, b) = (draft.element_type(), draft.element_type());
    let rows = draft.rows();
    let out = draft.array("y", a, &shape, rows, false);
    let input = draft.array("x", b, &shape, rows, true);
    let scalar = draft.element_type();
    let scalar = draft.value_parameter("alpha", scalar);
    let levels = draft.levels(&shape, 0);
    let centre = Draft::centre(&levels);
    let mut leaves = vec![
        Leaf::Element(input, centre.clone()),
        Leaf::Var(scalar),
        Leaf::Element(out, centre.clone()),
    ];
    draft.iterators(&levels, &mut leaves);
    let target = Leaf::Element(out, centre.clone());
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&levels, body);
    (draft, loops)
}

/// Reads neighbours; writes another array, or with `is_in_place` the same one.
pub(super) fn stencil(random: Random, prefix: String, is_in_place: bool) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let rank = draft.rank();
    let shape = draft.shape(rank);
    let ty = draft.element_type();
    let halo = draft.random.between(1, 2);
    let rows = draft.rows();
    let out = draft.array("y", ty, &shape, rows, false);
    let input = if is_in_place {
        out
    } else {
        let other = draft.element_type();
        draft.array("x", other, &shape, rows, true)
    };
    let levels = draft.levels(&shape, halo);
    let mut leaves = draft.neighbours(input, &levels, halo, 3);
    draft.iterators(&levels, &mut leaves);
    let target = Leaf::Element(out, Draft::centre(&levels));
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&levels, body);
    (draft, loops)
}

/// `y[j][i] = f(x[i][j])`, sometimes of an array into itself.
pub(super) fn transpose(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = draft.size("n", 1, 48);
    let dimension = Dimension::of(size);
    let shape = [dimension, dimension];
    let ty = draft.element_type();
    let rows = draft.rows();
    let out = draft.array("y", ty, &shape, rows, false);
    let input = if draft.random.chance(1, 3) {
        out
    } else {
        draft.array("x", ty, &shape, rows, true)
    };
    let levels = draft.levels(&shape, 0);
    let (row, column) = (levels[0].at(0), levels[1].at(0));
    let leaves = [Leaf::Element(input, vec![row.clone(), column.clone()])];
    let target = Leaf::Element(out, vec![column, row]);
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&levels, body);
    (draft, loops)
}

/// `y[a*i + b] = f(x[c*i + d])`.
pub(super) fn strided(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let size = draft.size("n", 0, 260);
    let mut linear = || (draft.random.between(1, 4), draft.random.between(0, 5));
    let ((a, b), (c, d)) = (linear(), linear());
    let is_same = draft.random.chance(1, 3);
    let dimension = |scale, plus| Dimension {
        size: Some(size),
        scale,
        plus,
    };
    let ty = draft.element_type();
    let out = draft.array(
        "y",
        ty,
        &[dimension(a.max(c), b.max(d))],
        Rows::Linear,
        false,
    );
    let input = if is_same {
        out
    } else {
        let other = draft.element_type();
        draft.array("x", other, &[dimension(c, d)], Rows::Linear, true)
    };
    let level = draft.level("i", Dimension::of(size), 0, 0);
    let leaves = [Leaf::Element(input, vec![level.scaled(c, d)])];
    let target = Leaf::Element(out, vec![level.scaled(a, b)]);
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// `c[i][j] += a[i][k] * b[k][j]`, into the array or through a scalar.
#[expect(
    clippy::many_single_char_names,
    reason = "the names of the matrices and their subscripts"
)]
pub(super) fn contraction(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let sizes = SIZES.map(|name| Dimension::of(draft.size(name, 1, 18)));
    let [n, m, l] = sizes;
    let sum_ty = draft
        .random
        .choose(Scalar::F32, &[Scalar::F64, Scalar::I64, Scalar::U32]);
    let (a_ty, b_ty) = (draft.element_type(), draft.element_type());
    let rows = draft.rows();
    let c = draft.array("c", sum_ty, &[n, m], rows, false);
    let a = draft.array("a", a_ty, &[n, l], rows, true);
    let b = draft.array("b", b_ty, &[l, m], rows, true);
    let levels = [("i", n), ("j", m), ("k", l)].map(|(name, size)| draft.plain_level(name, size));
    let [i, j, k] = [0, 1, 2].map(|level: usize| levels[level].at(0));
    let left = draft.leaf(&Leaf::Element(a, vec![i.clone(), k.clone()]));
    let right = draft.leaf(&Leaf::Element(b, vec![k, j.clone()]));
    let product = draft.builder.multiply(left, right);
    let into = [i, j];
    let [outer, middle, inner] = levels;
    if draft.random.chance(1, 2) {
        let sum = draft.leaf(&Leaf::Element(c, into.to_vec()));
        let sum = draft.builder.add(sum, product);
        let target = Leaf::Element(c, into.to_vec());
        let body = vec![draft.set(&target, sum)];
        let mut order = vec![outer, middle, inner];
        draft.random.shuffle(&mut order);
        let loops = draft.nest(&order, body);
        return (draft, loops);
    }
    let zero = draft.builder.number(0.0, sum_ty);
    let (sum, mut body) = draft.start_local("sum", sum_ty, zero);
    let so_far = draft.builder.read(sum);
    let next = draft.builder.add(so_far, product);
    let step = draft.builder.assign(Place::var(sum), next);
    body.push(inner.around(&mut draft.builder, vec![step]));
    let total = draft.builder.read(sum);
    let target = Leaf::Element(c, into.to_vec());
    body.push(draft.set(&target, total));
    let loops = draft.nest(&[outer, middle], body);
    (draft, loops)
}

/// `for i, for j <= i`, or from `i` on.
pub(super) fn triangular(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let dimension = Dimension::of(draft.size("n", 1, 48));
    let shape = [dimension, dimension];
    let ty = draft.element_type();
    let rows = draft.rows();
    let out = draft.array("y", ty, &shape, rows, false);
    let input = draft.array("x", ty, &shape, rows, true);
    let outer = draft.plain_level("i", dimension);
    let mut inner = draft.plain_level("j", dimension);
    draft.bounded_by(&outer, &mut inner);
    let (i, j) = (outer.at(0), inner.at(0));
    let leaves = [
        Leaf::Element(input, vec![j.clone(), i.clone()]),
        Leaf::Element(out, vec![j.clone(), i.clone()]),
        Leaf::Element(input, vec![i.clone(), j.clone()]),
    ];
    let target = Leaf::Element(out, vec![i, j]);
    let body = draft.store(&target, &leaves);
    let loops = draft.nest(&[outer, inner], body);
    (draft, loops)
}
