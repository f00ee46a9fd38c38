//! A shared array that takes the place of a box of another, and the loops by which the threads of a block fill it.

use mupac_ir::{
    Axis, BinaryOp, Block, Compute, Expr, ExprKind, Extent, Function, Handle, If, Loop, LoopName,
    Mapping, Place, Projection, Scalar, Space, Span, Stmt, Type, Var,
};

use super::names::is_free;
use super::reuse::{Dimension, Reuse, sum};
use crate::judge::Linear;
use crate::symbol::Stride;
use crate::{build, express, region};

/// More elements than a block shares: 48 KiB without asking for more, in bytes of the smallest type.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “Compute Capabilities”, “Shared Memory”.
const MOST: i128 = 48 << 10;

/// A shared array.
pub(super) struct Shared {
    pub(super) var: Handle<Var>,
    array: Handle<Var>,
    element: Type,
}

/// The threads that share out one subscript.
#[derive(Default)]
struct Threads {
    /// Which of them a thread is.
    number: Linear,
    /// How many; 0: none shares it out, and every thread runs over all of it.
    count: i128,
}

impl Shared {
    /// Appends the variable; `None` where the box is empty or too large, or holds no numbers.
    pub(super) fn new(
        function: &mut Function,
        name: &str,
        array: Handle<Var>,
        reuse: &Reuse,
    ) -> Option<Self> {
        let mut element = &function.vars[array].ty;
        for _ in &reuse.readings.first()?.place.path {
            element = element.element()?;
        }
        let element = Type::Scalar(element.scalar()?);
        let lengths: Vec<_> = reuse.dimensions.iter().map(|each| each.length).collect();
        let size = lengths
            .iter()
            .try_fold(1_i128, |size, length| size.checked_mul(*length))?;
        if !(1..=MOST).contains(&size) {
            return None;
        }
        let mut ty = element.clone();
        for length in lengths.iter().rev() {
            ty = Type::Array {
                of: Box::new(ty),
                length: Extent::Fixed(u64::try_from(*length).ok()?),
            };
        }
        let mut var = Var::local(name, ty);
        var.space = Space::Shared;
        Some(Self {
            var: function.vars.push(var),
            array,
            element,
        })
    }

    /// Returns the statements by which the threads of a block fill the array; `None` where names are taken.
    pub(super) fn copies(
        &self,
        function: &mut Function,
        region: &Block,
        reuse: &Reuse,
    ) -> Option<Block> {
        let iterators: Vec<_> = reuse.around.iter().map(|each| each.iterator).collect();
        let mut loops = Vec::new();
        let mut conditions = Vec::new();
        let (mut inner, mut outer) = (Vec::new(), Vec::new());
        for (at, dimension) in reuse.dimensions.iter().enumerate() {
            let threads = Threads::of(reuse, at)?;
            let number = sum(function, &threads.number, &iterators)?;
            let position = if threads.count.max(1) >= dimension.length {
                if threads.count > dimension.length {
                    let length = build::int(function, dimension.length, Scalar::I64);
                    conditions.push(build::binary(function, BinaryOp::Less, number, length));
                }
                let element = dimension.start.plus(&threads.number)?;
                let mut names = reuse.names.iter();
                outer.push(match names.find(|(_, value)| *value == element) {
                    Some((name, _)) => {
                        let name = function.load(*name);
                        build::convert(function, name, Scalar::I64)
                    }
                    None => sum(function, &element, &iterators)?,
                });
                number
            } else {
                let (each, position) =
                    self.counted(function, region, at, number, &threads, dimension.length)?;
                let start = sum(function, &dimension.start, &iterators)?;
                outer.push(build::binary(function, BinaryOp::Add, start, position));
                loops.push(each);
                position
            };
            inner.push(position);
            conditions.extend(bounds(function, dimension, *outer.last()?)?);
        }
        let outer = if reuse.strides.is_empty() {
            outer
        } else {
            vec![flat(function, &outer, &reuse.strides)]
        };
        let copy = self.copy(function, region, &inner, &outer);
        let copy = match build::all_of(function, conditions) {
            Some(condition) => Stmt::If(If {
                condition,
                then: vec![copy],
                otherwise: Block::new(),
                span: Span::default(),
            }),
            None => copy,
        };
        Some(loops.into_iter().rev().fold(vec![copy], |body, each| {
            vec![Stmt::For(Loop { body, ..each })]
        }))
    }

    /// Returns the loop by which a thread runs over its part of a subscript, and the element that it is at.
    ///
    /// Where all threads copy as many elements, the loop counts these, so that a compiler knows how many there are and
    /// loads them together.
    fn counted(
        &self,
        function: &mut Function,
        region: &Block,
        at: usize,
        number: Handle<Expr>,
        threads: &Threads,
        length: i128,
    ) -> Option<(Loop, Handle<Expr>)> {
        let name = format!("{}.{at}", function.vars[self.var].name);
        if !is_free(function, region, &name) {
            return None;
        }
        let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
        let mut position = function.load(iterator);
        let count = threads.count.max(1);
        let is_even = threads.count > 0 && length % count == 0;
        let (start, end, step) = if is_even {
            let part = build::scale(function, count, position);
            position = build::binary(function, BinaryOp::Add, part, number);
            (build::int(function, 0, Scalar::I64), length / count, 1)
        } else {
            (number, length, count)
        };
        let each = Loop {
            name: LoopName(name),
            iterator,
            declares_iterator: true,
            start,
            end: build::int(function, end, Scalar::I64),
            step: i64::try_from(step).ok()?,
            mapping: Mapping::Sequential,
            body: Block::new(),
            span: Span::default(),
            header_span: Span::default(),
        };
        Some((each, position))
    }

    fn copy(
        &self,
        function: &mut Function,
        region: &Block,
        inner: &[Handle<Expr>],
        outer: &[Handle<Expr>],
    ) -> Stmt {
        let element = |var, indices: &[Handle<Expr>]| Place {
            var,
            path: indices.iter().copied().map(Projection::Index).collect(),
        };
        let load = ExprKind::Load(element(self.array, outer));
        Stmt::Compute(Compute {
            id: region::next_number(&[&function.body, region]),
            target: element(self.var, inner),
            value: function.expr(load, self.element.clone()),
            span: Span::default(),
            target_span: Span::default(),
        })
    }
}

impl Threads {
    /// Shares out the last subscript to the threads along `x`, so that neighbours copy neighbours, the one before to
    /// those along `y`, and so on; the first takes all axes that are left.
    ///
    /// `None` where the number of threads is not known.
    fn of(reuse: &Reuse, subscript: usize) -> Option<Self> {
        let mut axes = Vec::new();
        for axis in Axis::ALL {
            let mapped = |each: &_| matches!(each, Mapping::Thread(own) if *own == axis);
            let mut around = reuse.around.iter().enumerate();
            if let Some((at, each)) = around.find(|(_, each)| mapped(&each.mapping)) {
                axes.push((at, each.extent?));
            }
        }
        axes.retain(|(_, extent)| *extent > 1);
        let first = reuse.dimensions.len() - 1 - subscript;
        let own = if subscript == 0 {
            axes.get(first..)
        } else {
            axes.get(first..=first)
        };
        let mut threads = Self::default();
        for (at, extent) in own.unwrap_or_default() {
            let stride = threads.count.max(1);
            let part = Linear::term(format!("t{at}")).times(stride)?;
            threads.number = threads.number.plus(&part)?;
            threads.count = stride.checked_mul(*extent)?;
        }
        Some(threads)
    }
}

/// Appends the one subscript that stands for several.
fn flat(function: &mut Function, indices: &[Handle<Expr>], strides: &[Stride]) -> Handle<Expr> {
    let zero = build::int(function, 0, Scalar::I64);
    indices
        .iter()
        .zip(strides)
        .fold(zero, |sum, (index, stride)| {
            let mut product = build::scale(function, stride.factor, *index);
            if !stride.symbol.factors().is_empty() {
                let symbol = stride.symbol.build(function);
                product = build::binary(function, BinaryOp::Multiply, product, symbol);
            }
            build::binary(function, BinaryOp::Add, sum, product)
        })
}

/// Returns the conditions that keep a subscript within what the program reads.
fn bounds(
    function: &mut Function,
    dimension: &Dimension,
    value: Handle<Expr>,
) -> Option<Vec<Handle<Expr>>> {
    let mut conditions = Vec::new();
    if let Some(least) = &dimension.least {
        let least = express::value(function, least)?;
        conditions.push(build::binary(
            function,
            BinaryOp::GreaterEqual,
            value,
            least,
        ));
    }
    if let Some(greatest) = &dimension.greatest {
        let greatest = express::value(function, greatest)?;
        let beyond = express::plus(function, greatest, 1);
        conditions.push(build::binary(function, BinaryOp::Less, value, beyond));
    }
    Some(conditions)
}
