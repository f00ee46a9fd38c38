//! Parameters whose values decide whether a translation holds.
//!
//! Each shape is defined for all of its combinations, or nearly so; some of them are what a translation expects, and the
//! others make a bound wrap, a divisor negative, rows overlap, a product leave its type.

use crate::arena::Handle;
use crate::expr::BinaryOp;
use crate::function::Var;
use crate::random::Random;
use crate::stmt::Block;
use crate::types::{Scalar, Type};

use super::build::{Builder, Header, Term};
use super::draft::{Dimension, Draft, Rows};
use super::nest::Level;
use super::value::Leaf;

/// Elements of every array, enough for all combinations.
const LENGTH: Dimension = Dimension {
    size: None,
    scale: 0,
    plus: 80,
};

/// The greatest subscript that an array starts before its pointer.
const BEFORE: i64 = 60;

/// One loop or two whose guards fail for some calls.
pub(super) fn limits(random: Random, prefix: String) -> (Draft, Block) {
    let mut draft = Draft::new(random, prefix, Type::Void);
    let body = match draft.random.below(10) {
        0 => draft.wrapping_offset(),
        1 => draft.narrowed_bound(),
        2 => draft.wide_threshold(),
        3 => draft.quotient_bound(),
        4 => draft.far_rows(),
        5 => draft.rows_that_meet(),
        6 => draft.rows_backwards(),
        7 | 8 => draft.factor_of_file_scope(),
        _ => draft.start_near_the_end(),
    };
    (draft, body)
}

impl Draft {
    /// Adds arrays `y`, written, and `x`, read.
    fn pair(&mut self) -> (usize, usize) {
        let (a, b) = (self.element_type(), self.element_type());
        let y = self.array("y", a, &[LENGTH], Rows::Linear, false);
        let x = self.array("x", b, &[LENGTH], Rows::Linear, true);
        (y, x)
    }

    /// Returns a loop `for (i = start; i < end; i++)` in a type.
    fn ascending(&mut self, name: &str, ty: Scalar, start: Term, end: Term) -> Level {
        let (iterator, declares_iterator) = self.iterator(name, ty);
        let ty = self.builder.ty(iterator).scalar().unwrap_or(ty);
        let header = Header {
            iterator,
            declares_iterator,
            start: self.builder.convert(start, ty),
            end: self.end(end, ty),
            step: 1,
        };
        Level::of(header)
    }

    /// Returns a loop from 0 to a parameter.
    fn up_to(&mut self, name: &str, end: Handle<Var>) -> Level {
        let end = self.builder.read(end);
        let zero = self.builder.int(0, Scalar::I32);
        let ty = if end.ty.is_signed() {
            self.random.choose(Scalar::I32, &[Scalar::I64])
        } else {
            end.ty
        };
        self.ascending(name, ty, zero, end)
    }

    fn one_statement(&mut self, target: &Leaf, leaves: &[Leaf], levels: &[Level]) -> Block {
        let body = self.store(target, leaves);
        self.nest(levels, body)
    }

    /// `y[i + k] = f(x[i])` in unsigned arithmetic, where `k` may stand for a negative number.
    fn wrapping_offset(&mut self) -> Block {
        let minus = |by: i128| (1 << 32) - by;
        let [end, offset] = self.chosen(
            ["end", "k"],
            [Scalar::U32; 2],
            &[
                [20, 0],
                [40, 3],
                [33, 40],
                [30, minus(2)],
                [33, minus(3)],
                [40, minus(1)],
                [0, 5],
                [4, 1],
            ],
        );
        let (y, x) = self.pair();
        let start = self.builder.int(3, Scalar::U32);
        let end = self.builder.read(end);
        let level = self.ascending("i", Scalar::U32, start, end);
        let mut moved = level.at(0);
        moved.parts.push((1, offset));
        let target = Leaf::Element(y, vec![moved]);
        let leaves = [Leaf::Element(x, vec![level.at(0)])];
        self.one_statement(&target, &leaves, &[level])
    }

    /// `i < (int)n`, where `n` may be too great for that.
    fn narrowed_bound(&mut self) -> Block {
        let (from, to) = self.random.choose(
            (Scalar::I64, Scalar::I32),
            &[
                (Scalar::U64, Scalar::I32),
                (Scalar::I64, Scalar::U32),
                (Scalar::I32, Scalar::U8),
                (Scalar::U32, Scalar::U16),
            ],
        );
        let modulus = 1_i128 << to.bits();
        let [end] = self.chosen(
            ["n"],
            [from],
            &[
                [5],
                [33],
                [64],
                [modulus + 7],
                [modulus + 40],
                [modulus],
                [3 * modulus + 1],
                [0],
            ],
        );
        let (y, x) = self.pair();
        let end = self.builder.read(end);
        let end = self.builder.convert(end, to);
        let zero = self.builder.int(0, Scalar::I32);
        let ty = end.ty.promoted();
        let level = self.ascending("i", ty, zero, end);
        let here = level.at(0);
        let target = Leaf::Element(y, vec![here.clone()]);
        let leaves = [Leaf::Element(x, vec![here])];
        self.one_statement(&target, &leaves, &[level])
    }

    /// `if (i < k)` for a `k` that may be as great as its type allows.
    fn wide_threshold(&mut self) -> Block {
        let ty = self.random.choose(Scalar::I64, &[Scalar::U64]);
        let (_, most) = ty.integer_range().unwrap_or((0, 1 << 62));
        let [end, limit] = self.chosen(
            ["n", "k"],
            [Scalar::I32, ty],
            &[
                [40, 7],
                [64, 40],
                [33, 0],
                [40, most],
                [32, most - 3],
                [20, 1 << 62],
                [1, 1],
            ],
        );
        let (y, x) = self.pair();
        let level = self.up_to("i", end);
        let (left, right) = (self.subscript(&level.at(0)), self.builder.read(limit));
        let op = self
            .random
            .choose(BinaryOp::Less, &[BinaryOp::LessEqual, BinaryOp::Greater]);
        let condition = self.builder.binary(op, left, right);
        let leaves = [Leaf::Element(x, vec![level.at(0)])];
        let then = self.store(&Leaf::Element(y, vec![level.at(0)]), &leaves);
        let body = vec![Builder::when(condition, then, Block::new())];
        self.nest(&[level], body)
    }

    /// `i < n / d`, where `d` may be negative.
    fn quotient_bound(&mut self) -> Block {
        let ty = self.random.choose(Scalar::I32, &[Scalar::I64]);
        let [dividend, divisor] = self.chosen(
            ["n", "d"],
            [ty; 2],
            &[
                [60, 2],
                [64, 1],
                [30, 3],
                [5, 7],
                [-40, -1],
                [40, -1],
                [-33, -2],
                [-7, 2],
            ],
        );
        let (y, x) = self.pair();
        let (left, right) = (self.builder.read(dividend), self.builder.read(divisor));
        let end = self.builder.binary(BinaryOp::Divide, left, right);
        let zero = self.builder.int(0, Scalar::I32);
        let level = self.ascending("i", ty, zero, end);
        let target = Leaf::Element(y, vec![level.at(0)]);
        let leaves = [Leaf::Element(x, vec![level.at(0)])];
        self.one_statement(&target, &leaves, &[level])
    }

    /// Adds parameters `n`, `m` and `s` for rows of `m` elements that start `s` elements apart.
    fn rows_and_stride(&mut self, combinations: &[[i128; 3]]) -> (Level, Level, Handle<Var>) {
        let ty = self.random.choose(Scalar::I64, &[Scalar::I64, Scalar::I32]);
        let [n, m, s] = self.chosen(["n", "m", "s"], [ty; 3], combinations);
        (self.up_to("i", n), self.up_to("j", m), s)
    }

    /// `for (i = first; i < end; i++) for (j …) y[(i - first) * s + j]`, where the product of `end` and `s` may be more than
    /// any integer holds, as long as there is one row.
    fn far_rows(&mut self) -> Block {
        let [first, end, m, s] = self.chosen(
            ["first", "end", "m", "s"],
            [Scalar::I64; 4],
            &[
                [0, 4, 5, 5],
                [7, 10, 9, 12],
                [1 << 30, (1 << 30) + 3, 8, 8],
                [1 << 32, (1 << 32) + 1, 9, 1 << 31],
                [1 << 33, (1 << 33) + 1, 20, 1 << 32],
                [1 << 31, (1 << 31) + 1, 3, 1 << 35],
                [5, 5, 5, 5],
            ],
        );
        let (y, x) = self.pair();
        let (start, beyond) = (self.builder.read(first), self.builder.read(end));
        let rows = self.ascending("i", Scalar::I64, start, beyond);
        let columns = self.up_to("j", m);
        let mut row = rows.at(0);
        row.parts.push((-1, first));
        let target = Leaf::Row(y, row.clone(), s, columns.at(0));
        let read = Leaf::Row(x, row, s, columns.at(0));
        self.one_statement(&target, &[read], &[rows, columns])
    }

    /// `y[i * s + j] = f(x[i * s + j])` where rows may overlap.
    fn rows_that_meet(&mut self) -> Block {
        let (rows, columns, s) = self.rows_and_stride(&[
            [4, 5, 5],
            [4, 5, 7],
            [7, 9, 9],
            [4, 5, 3],
            [4, 5, 0],
            [1, 7, 2],
            [9, 1, 1],
            [6, 6, 5],
        ]);
        // With a number of columns that everyone knows, only the distance of rows decides.
        let columns = if self.random.chance(1, 2) {
            self.plain_level("column", Dimension::fixed(5))
        } else {
            columns
        };
        self.row_by_row(rows, columns, s, 0)
    }

    /// The same where rows may come in descending order.
    fn rows_backwards(&mut self) -> Block {
        let (rows, columns, s) = self.rows_and_stride(&[
            [4, 5, 5],
            [3, 4, 8],
            [8, 8, 8],
            [4, 5, -5],
            [4, 5, -7],
            [5, 10, -10],
            [2, 3, -1],
        ]);
        self.row_by_row(rows, columns, s, BEFORE)
    }

    fn row_by_row(&mut self, rows: Level, columns: Level, s: Handle<Var>, before: i64) -> Block {
        let (y, x) = self.pair();
        for array in [y, x] {
            self.arrays[array].before = before;
        }
        let is_in_place = self.random.chance(1, 4);
        let row_of = |array| Leaf::Row(array, rows.at(0), s, columns.at(0));
        let read = row_of(if is_in_place { y } else { x });
        let target = if self.random.chance(1, 3) {
            // Only the reads go by rows; every element is written in its row's turn.
            Leaf::Element(y, vec![rows.at(0)])
        } else {
            row_of(y)
        };
        self.one_statement(&target, &[read], &[rows, columns])
    }

    /// `y[i] = x[i] * factor`, where `y` may be `&factor`.
    fn factor_of_file_scope(&mut self) -> Block {
        let ty = self.element_type();
        let length = self.chosen(["n"], [Scalar::I32], &[[1], [1], [1], [0], [40]]);
        let factor = self.global("factor", ty, &[]);
        let y = self.array("y", ty, &[LENGTH], Rows::Linear, false);
        self.arrays[y].may_be_global = Some(self.globals.len() - 1);
        let x = self.array("x", ty, &[LENGTH], Rows::Linear, true);
        let level = self.up_to("i", length[0]);
        let factor = self.arrays[factor].var;
        self.builder.take_address(factor);
        let leaves = [
            Leaf::Var(factor),
            Leaf::Element(x, vec![level.at(0)]),
            Leaf::Element(y, vec![level.at(0)]),
        ];
        let target = Leaf::Element(y, vec![level.at(0)]);
        let mut levels = vec![level];
        if self.random.chance(1, 2) {
            // Several times, so that what the first time writes is the next one's factor.
            levels.push(self.plain_level("k", Dimension::fixed(3)));
        }
        self.one_statement(&target, &leaves, &levels)
    }

    /// `for (i = n; i < n + 5; i++) y[i - n]`, for an `n` near the ends of its type.
    fn start_near_the_end(&mut self) -> Block {
        let ty = self.random.choose(Scalar::I32, &[Scalar::U32, Scalar::I64]);
        let (low, high) = ty.integer_range().unwrap_or((0, 1));
        let [first] = self.chosen(
            ["first"],
            [ty],
            &[
                [0],
                [7],
                [100],
                [high - 40],
                [high - 33],
                [low],
                [low + 9],
                [1 << 30],
            ],
        );
        let (y, x) = self.pair();
        let count = self.random.between(1, 33);
        let start = self.builder.read(first);
        let end = self.builder.read(first);
        let end = self.builder.shifted(end, count);
        let level = self.ascending("i", ty, start, end);
        let mut from_first = level.at(0);
        from_first.parts.push((-1, first));
        let target = Leaf::Element(y, vec![from_first.clone()]);
        let leaves = [
            Leaf::Element(x, vec![from_first]),
            Leaf::Var(level.header.iterator),
        ];
        self.one_statement(&target, &leaves, &[level])
    }
}
