//! Loop headers in the many ways that C programs write the same range.

use crate::arena::Handle;
use crate::function::Var;
use crate::stmt::{Block, Stmt};
use crate::types::Scalar;

use super::build::{Builder, Header, Term};
use super::draft::{Dimension, Draft, Iterators};
use super::value::Subscript;

/// A loop over one dimension; `iterator - shift` runs over the subscripts.
pub(super) struct Level {
    pub(super) header: Header,
    shift: i64,
}

impl Level {
    /// Returns a loop whose iterator is the subscript.
    pub(super) fn of(header: Header) -> Self {
        Self { header, shift: 0 }
    }

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
    pub(super) fn around(&self, builder: &mut Builder, body: Block) -> Stmt {
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

    pub(super) fn level_with(
        &mut self,
        name: &str,
        dimension: Dimension,
        (low, high): (i64, i64),
        step: i64,
        shift: i64,
    ) -> Level {
        let ty = self.iterator_type(step, high, shift);
        let (iterator, declares_iterator) = self.iterator(name, ty);
        let ty = self.builder.ty(iterator).scalar().unwrap_or(ty);
        let beyond = self.extent(dimension);
        let beyond = self.builder.shifted(beyond, shift - high);
        let header = if step > 0 {
            let start = self.builder.int(low + shift, ty);
            let end = self.end(beyond, ty);
            Header {
                iterator,
                declares_iterator,
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
                declares_iterator,
                start,
                end,
                step,
            }
        };
        Level { header, shift }
    }

    /// Returns the iterator of a loop, and whether the loop declares it.
    pub(super) fn iterator(&mut self, name: &str, ty: Scalar) -> (Handle<Var>, bool) {
        let Iterators::Shared(known) = &self.iterators else {
            return (self.builder.local(name, ty), true);
        };
        let is_same = |var: &&Handle<Var>| self.builder.name(**var) == name;
        if let Some(iterator) = known.iter().find(is_same) {
            return (*iterator, false);
        }
        let iterator = self.builder.local(name, ty);
        if let Iterators::Shared(known) = &mut self.iterators {
            known.push(iterator);
        }
        (iterator, false)
    }

    /// Returns the declarations that the function starts with.
    pub(super) fn declarations(&self) -> Block {
        match &self.iterators {
            Iterators::Own => Block::new(),
            Iterators::Shared(known) => known.iter().copied().map(Builder::declare).collect(),
        }
    }

    /// Returns the type of an iterator: unsigned only where no bound can be negative.
    fn iterator_type(&mut self, step: i64, high: i64, shift: i64) -> Scalar {
        let is_natural = step > 0 && high == 0 && shift == 0;
        if let Iterators::Shared(_) = self.iterators {
            return self.random.choose(Scalar::I32, &[Scalar::I64]);
        }
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
    pub(super) fn nest(&mut self, levels: &[Level], body: Block) -> Block {
        levels.iter().rev().fold(body, |inner, level| {
            vec![level.around(&mut self.builder, inner)]
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
