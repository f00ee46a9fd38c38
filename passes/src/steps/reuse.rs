//! What the threads of a block read of an array while a loop inside their code runs once: a box of constant size, whose
//! corner moves with the loops around.

use mupac_ir::{BinaryOp, Expr, Function, Handle, LoopName, Mapping, Place, Scalar, Stmt, Var};

use super::reads::{Around, Read, Reads};
use crate::facts::Facts;
use crate::isl::{self, Expression};
use crate::judge::{Interval, Linear};
use crate::symbol::{Stride, Symbol};
use crate::{build, express};

/// The box of an array that a block reads.
pub(super) struct Reuse {
    pub(super) readings: Vec<Reading>,
    pub(super) dimensions: Vec<Dimension>,
    /// The loops to the one that the box is read in, and it: `t0` is the iterator of the first.
    pub(super) around: Vec<Around>,
    /// What names for values are worth in that loop.
    pub(super) names: Vec<(Handle<Var>, Linear)>,
    /// How far the elements of each subscript are apart; empty: the array has a dimension for each.
    pub(super) strides: Vec<Stride>,
}

/// A place that reads the box.
#[derive(PartialEq)]
pub(super) struct Reading {
    /// As the statement has it.
    pub(super) place: Place,
    /// Where in the box.
    pub(super) position: Vec<Linear>,
    /// Of the loops around, outermost first.
    pub(super) iterators: Vec<Handle<Var>>,
}

/// One subscript of the box.
pub(super) struct Dimension {
    /// Of the corner.
    pub(super) start: Linear,
    pub(super) length: i128,
    /// The least and the greatest value that the program reads; `None`: the box does not go beyond.
    pub(super) least: Option<Expression>,
    pub(super) greatest: Option<Expression>,
}

impl Reuse {
    /// Finds what one iteration of a loop, or the code of the threads that a mapped loop counts, reads of an array by
    /// subscripts that move alike; of several groups of such, the first in the text.
    ///
    /// `None` where there is no such group, or its box has no constant size.
    pub(super) fn of(
        facts: &Facts,
        function: &Function,
        statements: &[Stmt],
        target: &LoopName,
        array: Handle<Var>,
    ) -> Option<Self> {
        let mut reads = Reads::of(facts, function, statements, target, array)?;
        let all = std::mem::take(&mut reads.all);
        let group = Group::first(function, &reads.entered.around, all)?;
        let subscripts = 0..group.moving.len();
        // Where the solver does not know, there is no box to be had.
        let dimensions = subscripts
            .map(|at| group.dimension(facts, &reads, at).ok()?)
            .collect::<Option<_>>()?;
        Some(Self {
            readings: group.readings()?,
            dimensions,
            around: reads.entered.around,
            names: reads.entered.names,
            strides: reads.strides,
        })
    }
}

/// Reads whose subscripts move alike with what is the same for all threads.
struct Group {
    /// By subscript.
    moving: Vec<Linear>,
    members: Vec<(Read, Vec<Linear>)>,
    /// By subscript, what the rest of it may be.
    within: Vec<Interval>,
}

impl Group {
    fn first(function: &Function, around: &[Around], reads: Vec<Read>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for read in reads {
            let parts: Option<Vec<_>> = read
                .subscripts
                .iter()
                .map(|subscript| parts(function, around, subscript))
                .collect();
            let Some(parts) = parts else { continue };
            let (moving, rest): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            let within: Option<Vec<_>> = rest
                .iter()
                .map(|rest| rest.interval(&read.ranges))
                .collect();
            let Some(within) = within else { continue };
            match &mut found {
                None => {
                    found = Some(Self {
                        moving,
                        members: vec![(read, rest)],
                        within,
                    });
                }
                Some(group) if group.moving == moving => {
                    for (all, own) in group.within.iter_mut().zip(within) {
                        *all = (all.0.min(own.0), all.1.max(own.1));
                    }
                    group.members.push((read, rest));
                }
                Some(_) => {}
            }
        }
        found
    }

    /// Returns the extent of the box along a subscript; `None` where it is no number.
    fn dimension(
        &self,
        facts: &Facts,
        reads: &Reads,
        at: usize,
    ) -> Result<Option<Dimension>, isl::Error> {
        let (low, high) = self.within[at];
        let start = self.moving[at].plus(&Linear::constant(low));
        let length = high.checked_sub(low).and_then(|reach| reach.checked_add(1));
        let (Some(start), Some(length)) = (start, length) else {
            return Ok(None);
        };
        let context = &facts.context;
        let names: Vec<_> = reads.used.iter().map(Symbol::name).collect();
        let header = format!("[{}] -> ", names.join(", "));
        let mut touched = isl::Set::parse(context.context(), "{ [g] : 1 = 0 }")?;
        for (read, _) in &self.members {
            let value = format!("g = {}", read.subscripts[at]);
            let set = values(
                context,
                &header,
                read.around.len(),
                &read.constraints,
                &value,
            )?;
            touched = touched.union(&set)?.coalesce()?;
        }
        let entered = &reads.entered;
        let inside = format!("{start} <= g and g < {start} + {length}");
        let reached = values(
            context,
            &header,
            entered.around.len(),
            &entered.bounds,
            &inside,
        )?;
        let known = context.intersect(&touched.params()?)?;
        let goes_beyond = |order: &str| {
            let order = isl::Map::parse(context.context(), order)?;
            Ok(!reached.is_subset(&touched.apply(&order)?)?)
        };
        let is_below = goes_beyond("{ [g] -> [h] : h >= g }")?;
        let is_above = goes_beyond("{ [g] -> [h] : h <= g }")?;
        Ok(Some(Dimension {
            start,
            length,
            least: is_below.then(|| touched.minimum(0, &known)).transpose()?,
            greatest: is_above.then(|| touched.maximum(0, &known)).transpose()?,
        }))
    }

    /// Returns where in the box each place reads.
    fn readings(self) -> Option<Vec<Reading>> {
        let mut readings: Vec<Reading> = Vec::new();
        for (read, rest) in self.members {
            let position = rest
                .iter()
                .zip(&self.within)
                .map(|(rest, (low, _))| rest.minus(&Linear::constant(*low)))
                .collect::<Option<_>>()?;
            let reading = Reading {
                place: read.place,
                position,
                iterators: read.around.iter().map(|each| each.iterator).collect(),
            };
            // A place that stands in two loops has two positions, and one text.
            let is_other = |known: &Reading| known.place == reading.place && *known != reading;
            if readings.iter().any(is_other) {
                return None;
            }
            readings.push(reading);
        }
        Some(readings)
    }
}

/// Splits a subscript into what is the same for all threads in an iteration of the innermost loop of `around`, without
/// its constant, and the rest; `None` where it is no sum of iterators and parameters.
fn parts(function: &Function, around: &[Around], subscript: &Linear) -> Option<(Linear, Linear)> {
    let mut moving = Linear::default();
    let mut rest = Linear::constant(subscript.constant);
    for (term, factor) in &subscript.terms {
        let is_moving = if let Some(at) = dimension(term) {
            around
                .get(at)
                .is_some_and(|each| !matches!(each.mapping, Mapping::Thread(_)))
        } else {
            Symbol::named(function, term)?;
            true
        };
        let part = Linear::term(term.clone()).times(*factor)?;
        if is_moving {
            moving = moving.plus(&part)?;
        } else {
            rest = rest.plus(&part)?;
        }
    }
    Some((moving, rest))
}

/// Returns the number of a dimension of time: 3 for `t3`.
pub(super) fn dimension(term: &str) -> Option<usize> {
    term.strip_prefix('t')?.parse().ok()
}

/// Returns the values `g` at points of time that meet constraints.
fn values(
    context: &isl::Set,
    header: &str,
    dimensions: usize,
    constraints: &[String],
    and: &str,
) -> Result<isl::Set, isl::Error> {
    let time: Vec<_> = (0..dimensions).map(|at| format!("t{at}")).collect();
    let exists = if time.is_empty() {
        String::new()
    } else {
        format!("exists {} : ", time.join(", "))
    };
    let constraints = constraints.iter().map(String::as_str);
    let all: Vec<_> = constraints
        .chain([and])
        .map(|each| format!("({each})"))
        .collect();
    let text = format!("{header}{{ [g] : {exists}({}) }}", all.join(" and "));
    isl::Set::parse(context.context(), &text)?.intersect_params(context)
}

/// Appends a sum of iterators, parameters and a constant as an `i64`; `None` where a term is something else.
pub(super) fn sum(
    function: &mut Function,
    linear: &Linear,
    iterators: &[Handle<Var>],
) -> Option<Handle<Expr>> {
    let mut parts = Vec::new();
    for (term, factor) in &linear.terms {
        let value = match dimension(term) {
            Some(at) => function.load(*iterators.get(at)?),
            None => Symbol::named(function, term)?.build(function),
        };
        parts.push((*factor, build::convert(function, value, Scalar::I64)));
    }
    // Nothing is subtracted from nothing, and tiles come before what is in them: `16 * k.o + j.i`.
    parts.sort_by_key(|(factor, _)| (*factor < 0, std::cmp::Reverse(factor.abs())));
    // A constant comes last, unless all else is subtracted.
    let starts_with_constant = linear.constant > 0 && parts.iter().all(|(factor, _)| *factor < 0);
    let (first, last) = if starts_with_constant {
        (linear.constant, 0)
    } else {
        (0, linear.constant)
    };
    let first = build::int(function, first, Scalar::I64);
    let sum = parts.into_iter().fold(first, |so_far, (factor, value)| {
        let product = build::scale(function, factor.abs(), value);
        let op = if factor < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, so_far, product)
    });
    Some(match last {
        0 => sum,
        constant => express::plus(function, sum, constant),
    })
}
