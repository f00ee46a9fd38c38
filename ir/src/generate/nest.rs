//! Loop headers in the many ways that C programs write the same range.

use crate::arena::Handle;
use crate::function::Var;
use crate::stmt::{Block, Stmt};
use crate::types::Scalar;

use super::build::{Builder, Header, Term};
use super::draft::{Dimension, Draft};
use super::value::Subscript;

/// A loop over one dimension; `iterator - shift` runs over the subscripts.
pub(super) struct Level {
    pub(super) header: Header,
    shift: i64,
}

impl Level {
    /// Returns the subscript `by` further than this iteration's.
    pub(super) fn at(&self, by: i64) -> Subscript {
        Subscript::of(self.header.iterator, by - self.shift)
    }

    /// Returns `factor` times this iteration's subscript, plus `by`.
    pub(super) fn scaled(&self, factor: i64, by: i64) -> Subscript {
        Subscript {
            parts: vec![(factor, self.header.iterator)],
            plus: by - factor * self.shift,
        }
    }

    /// Returns the loop.
    pub(super) fn around(&self, builder: &Builder, body: Block) -> Stmt {
        builder.counted(&self.header, body)
    }
}

impl Draft {
    /// Returns a loop over subscripts `low .. count - high` of a dimension: up or down, every one or every few, with
    /// the iterator's range shifted or not.
    pub(super) fn level(&mut self, name: &str, dimension: Dimension, low: i64, high: i64) -> Level {
        let step = self.random.choose(1, &[1, 1, 1, 1, 2, 3]);
        let step = if self.random.chance(1, 6) {
            -step
        } else {
            step
        };
        let shift = self.random.choose(0, &[0, 0, 0, 1, 3]);
        self.level_with(name, dimension, (low, high), step, shift)
    }

    /// Returns a loop that visits every subscript once, in ascending order.
    pub(super) fn plain_level(&mut self, name: &str, dimension: Dimension) -> Level {
        self.level_with(name, dimension, (0, 0), 1, 0)
    }

    fn level_with(
        &mut self,
        name: &str,
        dimension: Dimension,
        (low, high): (i64, i64),
        step: i64,
        shift: i64,
    ) -> Level {
        let ty = self.iterator_type(step, high, shift);
        let iterator = self.builder.local(name, ty);
        let beyond = self.extent(dimension);
        let beyond = self.builder.shifted(beyond, shift - high);
        let header = if step > 0 {
            let start = self.builder.int(low + shift, ty);
            let end = self.end(beyond, ty);
            Header {
                iterator,
                start,
                end,
                step,
            }
        } else {
            let last = self.builder.shifted(beyond, -1);
            let start = self.builder.convert(last, ty);
            let end = self.builder.int(low + shift - 1, ty);
            Header {
                iterator,
                start,
                end,
                step,
            }
        };
        Level { header, shift }
    }

    /// Returns the type of an iterator: unsigned only where no bound can be negative.
    fn iterator_type(&mut self, step: i64, high: i64, shift: i64) -> Scalar {
        let is_natural = step > 0 && high == 0 && shift == 0;
        if is_natural && self.random.chance(1, 6) {
            return self.random.choose(Scalar::U32, &[Scalar::U64]);
        }
        self.random
            .choose(Scalar::I32, &[Scalar::I32, Scalar::I32, Scalar::I64])
    }

    /// Returns a bound in the type that C compares in, sometimes in the form that `<=` takes.
    pub(super) fn end(&mut self, beyond: Term, iterator: Scalar) -> Term {
        let common = iterator.usual(beyond.ty);
        if common.is_signed() && self.random.chance(1, 5) {
            let last = self.builder.shifted(beyond, -1);
            let last = self.builder.convert(last, Scalar::I64);
            return self.builder.shifted(last, 1);
        }
        self.builder.convert(beyond, common)
    }

    /// Returns loops around a body, the first level outermost.
    pub(super) fn nest(&self, levels: &[Level], body: Block) -> Block {
        levels.iter().rev().fold(body, |inner, level| {
            vec![level.around(&self.builder, inner)]
        })
    }

    /// Declares a scalar local and gives it a first value.
    pub(super) fn start_local(
        &mut self,
        name: &str,
        ty: Scalar,
        value: Term,
    ) -> (Handle<Var>, Block) {
        let var = self.builder.local(name, ty);
        let assign = self.builder.assign(crate::Place::var(var), value);
        (var, vec![Builder::declare(var), assign])
    }
}
