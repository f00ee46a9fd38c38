//! Families whose subscripts and bounds are read from arrays, or computed.

use crate::expr::{BinaryOp, Place};
use crate::random::Random;
use crate::stmt::{Block, Stmt};
use crate::types::{Scalar, Type};

use super::build::{Builder, Term};
use super::draft::{Dimension, Draft, Fill, Rows};
use super::nest::Level;
use super::resampled::resampled;
use super::value::Leaf;

/// `y[i] = f(x[index[i]])`, or one of its relatives.
pub(super) fn indirect(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    match draft.random.below(8) {
        0 | 1 => gather(draft),
        2 => two_levels(draft),
        3 => scatter(draft),
        4 => mark(draft),
        5 | 6 => resampled(draft),
        _ => {
            let body = histogram(&mut draft);
            (draft, body)
        }
    }
}

impl Draft {
    /// Adds an array of `count` subscripts below another dimension.
    fn index(&mut self, name: &str, count: Dimension, below: Dimension) -> usize {
        let ty = self.random.choose(
            Scalar::I32,
            &[Scalar::I32, Scalar::I64, Scalar::U32, Scalar::I16],
        );
        self.subscripts(name, ty, count, below)
    }

    /// Adds an array of `count` subscripts of a type below another dimension.
    fn subscripts(&mut self, name: &str, ty: Scalar, count: Dimension, below: Dimension) -> usize {
        let index = self.array(name, ty, &[count], Rows::Linear, true);
        self.arrays[index].fill = if self.random.chance(1, 2) {
            Fill::Subscripts(below)
        } else {
            Fill::Permutation(below)
        };
        index
    }

    /// Returns statements, perhaps behind a condition on what is read.
    fn perhaps(&mut self, leaves: &[Leaf], body: Block) -> Block {
        if self.random.chance(2, 3) {
            return body;
        }
        let condition = self.condition(leaves);
        vec![Builder::when(condition, body, Block::new())]
    }
}

/// `y[i] = f(x[index[i]], y[i])`.
fn gather(mut draft: Draft) -> (Draft, Block) {
    let n = Dimension::of(draft.size("n", 0, 260));
    let m = Dimension::of(draft.size("m", 1, 60));
    let (out_ty, in_ty) = (draft.element_type(), draft.element_type());
    let out = draft.array("y", out_ty, &[n], Rows::Linear, false);
    let input = draft.array("x", in_ty, &[m], Rows::Linear, true);
    let index = draft.index("index", n, m);
    let level = draft.level("i", n, 0, 0);
    let here = level.at(0);
    let target = Leaf::Element(out, vec![here.clone()]);
    let leaves = [
        Leaf::Indirect(input, index, here.clone()),
        Leaf::Element(out, vec![here.clone()]),
    ];
    let body = draft.store(&target, &leaves);
    let body = draft.perhaps(&[Leaf::Element(index, vec![here])], body);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// `y[i] = f(x[p[q[i]]])`.
fn two_levels(mut draft: Draft) -> (Draft, Block) {
    let n = Dimension::of(draft.size("n", 0, 260));
    let m = Dimension::of(draft.size("m", 1, 60));
    let middle = Dimension { plus: 3, ..m };
    let (out_ty, in_ty) = (draft.element_type(), draft.element_type());
    let out = draft.array("y", out_ty, &[n], Rows::Linear, false);
    let input = draft.array("x", in_ty, &[m], Rows::Linear, true);
    let first = draft.index("p", middle, m);
    let second = draft.index("q", n, middle);
    let level = draft.level("i", n, 0, 0);
    let index = draft.leaf(&Leaf::Indirect(first, second, level.at(0)));
    let place = draft.element(input, &[index]);
    let value = draft.builder.load(place, Some(in_ty));
    let step = draft.set(&Leaf::Element(out, vec![level.at(0)]), value);
    let loops = draft.nest(&[level], vec![step]);
    (draft, loops)
}

/// `y[index[i]] = f(y[index[i]], x[i])`; with enough elements the targets may all be different ones.
fn scatter(mut draft: Draft) -> (Draft, Block) {
    let n = Dimension::of(draft.size("n", 0, 260));
    let size = if draft.random.chance(2, 3) {
        Dimension { plus: 2, ..n }
    } else {
        Dimension::of(draft.size("m", 1, 60))
    };
    let (out_ty, in_ty) = (draft.element_type(), draft.element_type());
    let out = draft.array("y", out_ty, &[size], Rows::Linear, false);
    let input = draft.array("x", in_ty, &[n], Rows::Linear, true);
    let index = draft.index("index", n, size);
    let level = draft.level("i", n, 0, 0);
    let here = level.at(0);
    let target = Leaf::Indirect(out, index, here.clone());
    let leaves = [target.clone(), Leaf::Element(input, vec![here.clone()])];
    let value = draft.value(&leaves, 2);
    let store = draft.set(&target, value);
    let body = draft.perhaps(&[Leaf::Element(input, vec![here])], vec![store]);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// `y[index[i]] = value`.
fn mark(mut draft: Draft) -> (Draft, Block) {
    let n = Dimension::of(draft.size("n", 0, 260));
    let m = Dimension::of(draft.size("m", 1, 60));
    let ty = draft.element_type();
    let out = draft.array("y", ty, &[m], Rows::Linear, false);
    let index = draft.index("index", n, m);
    let value_ty = draft.element_type();
    let value = draft.value_parameter("value", value_ty);
    let level = draft.level("i", n, 0, 0);
    let here = level.at(0);
    let value = draft.builder.read(value);
    let store = draft.set(&Leaf::Indirect(out, index, here.clone()), value);
    let body = draft.perhaps(&[Leaf::Element(index, vec![here])], vec![store]);
    let loops = draft.nest(&[level], body);
    (draft, loops)
}

/// `h[index[i]] += x[i]`, and the same with other operators.
fn histogram(draft: &mut Draft) -> Block {
    let n = Dimension::of(draft.size("n", 0, 260));
    let m = Dimension::of(draft.size("m", 1, 60));
    let ty = draft.random.choose(
        Scalar::I32,
        &[
            Scalar::U32,
            Scalar::I64,
            Scalar::U64,
            Scalar::U8,
            Scalar::F32,
        ],
    );
    let (in_ty, index_below) = (draft.element_type(), m);
    let h = draft.array("h", ty, &[m], Rows::Linear, false);
    let input = draft.array("x", in_ty, &[n], Rows::Linear, true);
    // A narrow type bounds them, so that blocks may have parts of their own.
    let index = if draft.random.chance(1, 2) {
        draft.subscripts("index", Scalar::U8, n, index_below)
    } else {
        draft.index("index", n, index_below)
    };
    let level = draft.level("i", n, 0, 0);
    let target = Leaf::Indirect(h, index, level.at(0));
    let by = draft.leaf(&Leaf::Element(input, vec![level.at(0)]));
    let by = draft.builder.convert(by, ty);
    let body = draft.updated(&target, by, ty, &level, input);
    draft.nest(&[level], body)
}

impl Draft {
    /// Returns a statement that joins a value to a target.
    fn updated(
        &mut self,
        target: &Leaf,
        by: Term,
        ty: Scalar,
        level: &Level,
        input: usize,
    ) -> Block {
        let old = self.leaf(target);
        let op = match self.random.below(8) {
            0 | 1 => BinaryOp::Add,
            2 => BinaryOp::Subtract,
            3 if !ty.is_float() => BinaryOp::BitAnd,
            4 if !ty.is_float() => BinaryOp::BitOr,
            5 if !ty.is_float() => BinaryOp::BitXor,
            _ => return self.extreme_update(target, by, ty, level, input),
        };
        let value = self.builder.binary(op, old, by);
        vec![self.set(target, value)]
    }

    /// Returns `if (x[i] > h[…]) h[…] = x[i]`, or with another comparison.
    fn extreme_update(
        &mut self,
        target: &Leaf,
        by: Term,
        ty: Scalar,
        level: &Level,
        input: usize,
    ) -> Block {
        let old = self.leaf(target);
        let op = self
            .random
            .choose(BinaryOp::Greater, &[BinaryOp::Less, BinaryOp::GreaterEqual]);
        let condition = self.builder.binary(op, by, old);
        let again = self.leaf(&Leaf::Element(input, vec![level.at(0)]));
        let again = self.builder.convert(again, ty);
        let step: Stmt = self.set(target, again);
        vec![Builder::when(condition, vec![step], Block::new())]
    }
}

/// Sparse rows: `for k = start[i] .. start[i + 1]: sum += a[k] * x[column[k]]`.
#[expect(
    clippy::many_single_char_names,
    reason = "the names of the matrix, the vectors and their sizes"
)]
pub(super) fn sparse(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let n = Dimension::of(draft.size("n", 0, 40));
    let m = Dimension::of(draft.size("m", 1, 40));
    let entries = Dimension::of(draft.size("entries", 0, 260));
    let ty = draft.random.choose(Scalar::F32, &[Scalar::F64]);
    let y = draft.array("y", ty, &[n], Rows::Linear, false);
    let one_more = Dimension { plus: 1, ..n };
    let start = draft.array("start", Scalar::I32, &[one_more], Rows::Linear, true);
    let column = draft.array("column", Scalar::I32, &[entries], Rows::Linear, true);
    let a = draft.array("a", ty, &[entries], Rows::Linear, true);
    let x = draft.array("x", ty, &[m], Rows::Linear, true);
    draft.arrays[start].fill = Fill::Offsets(entries);
    draft.arrays[column].fill = Fill::Subscripts(m);
    let outer = draft.plain_level("i", n);
    let zero = draft.builder.number(0.0, ty);
    let (sum, mut body) = draft.start_local("sum", ty, zero);
    let mut inner = draft.plain_level("k", entries);
    let k_ty = draft.builder.ty(inner.header.iterator).scalar();
    let k_ty = k_ty.unwrap_or(Scalar::I32);
    let first = draft.leaf(&Leaf::Element(start, vec![outer.at(0)]));
    inner.header.start = draft.builder.convert(first, k_ty);
    let beyond = draft.leaf(&Leaf::Element(start, vec![outer.at(1)]));
    let common = k_ty.usual(beyond.ty);
    inner.header.end = draft.builder.convert(beyond, common);
    let factor = draft.leaf(&Leaf::Element(a, vec![inner.at(0)]));
    let gathered = draft.leaf(&Leaf::Indirect(x, column, inner.at(0)));
    let product = draft.builder.multiply(factor, gathered);
    let so_far = draft.builder.read(sum);
    let next = draft.builder.add(so_far, product);
    let step = draft.builder.assign(Place::var(sum), next);
    body.push(inner.around(&mut draft.builder, vec![step]));
    let total = draft.builder.read(sum);
    let target = Leaf::Element(y, vec![outer.at(0)]);
    body.push(draft.set(&target, total));
    let loops = draft.nest(&[outer], body);
    (draft, loops)
}
