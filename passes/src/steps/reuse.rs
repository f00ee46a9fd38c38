//! What the threads of a block read of an array while a loop inside their code runs once: a box of constant size, whose
//! corner moves with the loops around.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, LoopName, Mapping, Place, Scalar, Stmt, Var,
};

use crate::facts::Facts;
use crate::isl::{self, Expression};
use crate::judge::{Interval, Linear, Scope, Shapes, is_shared};
use crate::symbol::{Stride, Symbol};
use crate::{build, express, region};

/// A loop around a read.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) iterator: Handle<Var>,
    pub(super) mapping: Mapping,
    /// How often it runs, if that is a constant and it counts from 0.
    pub(super) extent: Option<i128>,
}

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

/// A read of the array, as found in the tree.
struct Read {
    place: Place,
    subscripts: Vec<Linear>,
    /// The loops around.
    around: Vec<Around>,
    ranges: BTreeMap<String, Interval>,
    constraints: Vec<String>,
}

/// What is known where the loop starts an iteration.
struct Entered {
    around: Vec<Around>,
    bounds: Vec<String>,
    names: Vec<(Handle<Var>, Linear)>,
}

/// The walk to the loop and through its body.
struct Survey<'a> {
    scope: Scope<'a>,
    shapes: Shapes,
    array: Handle<Var>,
    target: &'a LoopName,
    around: Vec<Around>,
    /// What loops alone say of their iterators.
    bounds: Vec<String>,
    /// Once the target is entered.
    entered: Option<Entered>,
    is_inside: bool,
    reads: Vec<Read>,
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
        let parameters = facts.unchanged();
        // Values are read as if nothing overflowed, which the judge makes sure of.
        let mut scope = Scope::new(function, 0, &parameters);
        scope.known = Some(&facts.context);
        let mut survey = Survey {
            scope,
            shapes: Shapes::of(facts),
            array,
            target,
            around: Vec::new(),
            bounds: Vec::new(),
            entered: None,
            is_inside: false,
            reads: Vec::new(),
        };
        survey.block(statements);
        let entered = survey.entered.take()?;
        let used = std::mem::take(&mut survey.scope.used);
        let group = Group::first(function, &entered.around, survey.reads)?;
        // Where the solver does not know, there is no box to be had.
        let strides = survey.shapes.strides(array).unwrap_or_default().to_vec();
        let reuse = group.reuse(facts, &used, entered).ok()??;
        Some(Self { strides, ..reuse })
    }
}

impl<'a> Survey<'a> {
    fn block(&mut self, block: &'a [Stmt]) {
        let outer = self.scope.values.clone();
        for stmt in block {
            match stmt {
                Stmt::Let(var, value) => {
                    let value = self.scope.value(*value);
                    self.scope.values.insert(*var, value);
                }
                Stmt::For(each) => self.counted(each),
                Stmt::If(branch) => {
                    let sides = [(true, &branch.then), (false, &branch.otherwise)];
                    for (truth, block) in sides {
                        if let Some(holds) = self.scope.condition(branch.condition, truth) {
                            self.scope.constraints.push(holds);
                            self.block(block);
                            self.scope.constraints.pop();
                        }
                    }
                }
                // What fills a shared array reads the program's.
                Stmt::Compute(compute)
                    if self.is_inside && !is_shared(self.scope.function, compute.target.var) =>
                {
                    self.value(compute.value);
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
        self.scope.values = outer;
    }

    fn counted(&mut self, each: &'a Loop) {
        let bounds = self.scope.value(each.start).zip(self.scope.value(each.end));
        let Some((start, end)) = bounds else { return };
        let depth = self.scope.dimensions;
        let (known, own) = (self.scope.constraints.len(), self.bounds.len());
        let outer = self.scope.values.get(&each.iterator).cloned();
        self.scope.enter(each, &start, &end);
        self.bounds
            .extend_from_slice(&self.scope.constraints[known..]);
        let is_plain = each.step == 1 && start.as_constant() == Some(0);
        self.around.push(Around {
            iterator: each.iterator,
            mapping: each.mapping,
            extent: end.as_constant().filter(|_| is_plain),
        });
        let is_target = each.name == *self.target;
        if is_target {
            let values = self.scope.values.iter();
            let names = values.filter_map(|(var, value)| Some((*var, value.clone()?)));
            self.entered = Some(Entered {
                around: self.around.clone(),
                bounds: self.bounds.clone(),
                names: names.collect(),
            });
            self.is_inside = true;
        }
        self.block(&each.body);
        self.is_inside &= !is_target;
        self.around.pop();
        self.bounds.truncate(own);
        self.scope.constraints.truncate(known);
        self.scope.dimensions = depth;
        match outer {
            Some(value) => self.scope.values.insert(each.iterator, value),
            None => self.scope.values.remove(&each.iterator),
        };
    }

    /// Notes the reads that an expression certainly makes.
    fn value(&mut self, expr: Handle<Expr>) {
        let node = &self.scope.function.exprs[expr];
        match &node.kind {
            ExprKind::Load(place) if place.var == self.array => {
                let subscripts = self.shapes.subscripts(&mut self.scope, place);
                if let Some(subscripts) = subscripts.filter(|each| !each.is_empty()) {
                    self.reads.push(Read {
                        place: place.clone(),
                        subscripts,
                        around: self.around.clone(),
                        ranges: self.scope.ranges.clone(),
                        constraints: self.scope.constraints.clone(),
                    });
                }
            }
            ExprKind::Select { condition, .. } => self.value(*condition),
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, first, _) => self.value(*first),
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Cast(_) | ExprKind::Call(..) => {
                for operand in build::operands(&node.kind) {
                    self.value(operand);
                }
            }
            // A subscript that is read decides about an element; the judge compares elements, not subscripts.
            ExprKind::Load(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
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

    fn reuse(
        self,
        facts: &Facts,
        used: &BTreeSet<Symbol>,
        Entered {
            around,
            bounds,
            names: values_by_name,
        }: Entered,
    ) -> Result<Option<Reuse>, isl::Error> {
        let names: Vec<_> = used.iter().map(Symbol::name).collect();
        let header = format!("[{}] -> ", names.join(", "));
        let context = &facts.context;
        let mut dimensions = Vec::new();
        for (at, (moving, (low, high))) in self.moving.iter().zip(&self.within).enumerate() {
            let (Some(start), Some(length)) = (
                moving.plus(&Linear::constant(*low)),
                high.checked_sub(*low)
                    .and_then(|reach| reach.checked_add(1)),
            ) else {
                return Ok(None);
            };
            let mut touched: Option<isl::Set> = None;
            for (read, _) in &self.members {
                let value = &read.subscripts[at];
                let set = values(
                    context,
                    &header,
                    read.around.len(),
                    &read.constraints,
                    &[format!("g = {value}")],
                )?;
                touched = Some(match touched {
                    Some(touched) => touched.union(&set)?.coalesce()?,
                    None => set,
                });
            }
            let Some(touched) = touched else {
                return Ok(None);
            };
            let reached = values(
                context,
                &header,
                around.len(),
                &bounds,
                &[format!("{start} <= g and g < {start} + {length}")],
            )?;
            let known = context.intersect(&touched.params()?)?;
            let beyond = |relation: &str| {
                let wider = isl::Map::parse(context.context(), relation)?;
                reached.is_subset(&touched.apply(&wider)?)
            };
            let is_above = beyond("{ [g] -> [h] : h >= g }")?;
            let is_below = beyond("{ [g] -> [h] : h <= g }")?;
            dimensions.push(Dimension {
                start,
                length,
                least: (!is_above)
                    .then(|| touched.minimum(0, &known))
                    .transpose()?,
                greatest: (!is_below)
                    .then(|| touched.maximum(0, &known))
                    .transpose()?,
            });
        }
        let lows: Vec<_> = self.within.iter().map(|(low, _)| -low).collect();
        let mut readings: Vec<Reading> = Vec::new();
        for (read, rest) in self.members {
            let position: Option<Vec<_>> = rest
                .iter()
                .zip(&lows)
                .map(|(rest, low)| rest.plus(&Linear::constant(*low)))
                .collect();
            let Some(position) = position else {
                return Ok(None);
            };
            let reading = Reading {
                place: read.place,
                position,
                iterators: read.around.iter().map(|each| each.iterator).collect(),
            };
            // A place that stands in two loops has two positions, and one text.
            if readings
                .iter()
                .any(|known| known.place == reading.place && *known != reading)
            {
                return Ok(None);
            }
            readings.push(reading);
        }
        Ok(Some(Reuse {
            readings,
            dimensions,
            around,
            names: values_by_name,
            strides: Vec::new(),
        }))
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
    and: &[String],
) -> Result<isl::Set, isl::Error> {
    let time: Vec<_> = (0..dimensions).map(|at| format!("t{at}")).collect();
    let exists = if time.is_empty() {
        String::new()
    } else {
        format!("exists {} : ", time.join(", "))
    };
    let all: Vec<_> = (constraints.iter().chain(and))
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
    let zero = build::int(function, 0, Scalar::I64);
    let sum = parts.into_iter().fold(zero, |so_far, (factor, value)| {
        let product = build::scale(function, factor.abs(), value);
        let op = if factor < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, so_far, product)
    });
    Some(match linear.constant {
        0 => sum,
        constant => express::plus(function, sum, constant),
    })
}

/// Returns the innermost mapped loop that is or holds a loop: its body is the code of the threads that run the loop.
pub(super) fn code_of<'a>(statements: &'a [Stmt], target: &LoopName) -> Option<&'a Loop> {
    let around = |each: &&Loop| {
        each.mapping.is_parallel()
            && (each.name == *target || region::find(&each.body, target).is_some())
    };
    let innermost = region::loops(statements).into_iter().rfind(around)?;
    let mut inside = region::loops(&innermost.body).into_iter();
    (!inside.any(|each| each.mapping.is_parallel())).then_some(innermost)
}
