//! How much there is to do.

use std::collections::BTreeMap;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, LoopName, Reason, Refusal, Scalar, Span,
};

use super::launches::Launches;
use crate::judge::by_lanes;
use crate::state::Settings;
use crate::steps::inner_of_fronts;
use crate::{build, region, trip};

/// The number of iterations of the largest launch.
///
/// Launches of one region share their copies, and what a time loop repeats pays for them all the more; so the launch
/// with the most parallel iterations decides whether the device is worth its trouble.
/// Where sizes are not known now, that is taken to be the launch that multiplies the most of them; of several such
/// the first.
pub(crate) struct Work {
    /// Those that run in parallel, as an `f64`.
    pub(crate) parallel: Handle<Expr>,
    /// Their number, if it is known now.
    pub(crate) constant: Option<i128>,
    /// Those of the deepest nest, with the loops that each thread runs, as an `f64`; `None` where there are no others whose
    /// number is known before the launch.
    pub(crate) all: Option<Handle<Expr>>,
}

impl Work {
    /// Multiplies the trip counts of the loops of the program that blocks, threads and lanes run, for each nest.
    pub(crate) fn of(nests: &[Launches<'_>], function: &mut Function) -> Self {
        let (mut largest, mut deepest) = (Count::default(), Count::default());
        for nest in nests {
            largest = largest.max(factors(nest, function));
            deepest = deepest.max(chain(nest, function));
        }
        let has_inner = deepest.is_more_than(&largest) && !deepest.unknown.is_empty();
        let all = has_inner.then(|| deepest.product(function));
        Self {
            parallel: largest.product(function),
            constant: largest.unknown.is_empty().then_some(largest.known),
            all,
        }
    }

    /// Checks that what is known now is enough.
    ///
    /// **Errors**: `too-small`.
    pub(crate) fn check(&self, settings: &Settings, at: Span) -> Result<(), Refusal> {
        match self.constant.zip(settings.cpu_threshold) {
            Some((iterations, threshold)) if iterations < i128::from(threshold) => {
                let reason = Reason::TooSmall {
                    iterations: iterations.max(0),
                    threshold,
                };
                Err(Refusal::new(reason, at))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A product of trip counts.
#[derive(Default)]
struct Count {
    /// Those that are not known now.
    unknown: Vec<Handle<Expr>>,
    /// The product of the others.
    known: i128,
}

impl Count {
    fn of(function: &Function, counts: impl IntoIterator<Item = Handle<Expr>>) -> Self {
        let (mut unknown, mut known) = (Vec::new(), 1_i128);
        for count in counts {
            match build::constant(function, count) {
                Some(constant) => known = known.saturating_mul(constant),
                None => unknown.push(count),
            }
        }
        Self { unknown, known }
    }

    fn is_more_than(&self, other: &Self) -> bool {
        (self.unknown.len(), self.known) > (other.unknown.len(), other.known)
    }

    /// Returns the greater one; the first of two alike.
    fn max(self, other: Self) -> Self {
        if other.is_more_than(&self) {
            other
        } else {
            self
        }
    }

    /// Appends the product as an `f64`, which cannot overflow.
    fn product(&self, function: &mut Function) -> Handle<Expr> {
        let mut product = function.expr(ExprKind::Float(self.known as f64), Scalar::F64);
        for (position, factor) in self.unknown.iter().enumerate() {
            let factor = function.expr(ExprKind::Cast(*factor), Scalar::F64);
            product = if position == 0 && self.known == 1 {
                factor
            } else {
                let kind = ExprKind::Binary(BinaryOp::Multiply, product, factor);
                function.expr(kind, Scalar::F64)
            };
        }
        product
    }
}

/// Returns the trip counts of the loops that blocks, threads and lanes run.
fn factors(nest: &Launches<'_>, function: &mut Function) -> Count {
    let fronts = inner_of_fronts(nest.context.region.state.trajectory());
    let mut counted: Vec<&Loop> = Vec::new();
    let mut factors: BTreeMap<LoopName, Handle<Expr>> = BTreeMap::new();
    let mut order = Vec::new();
    let parallel = nest.context.parallel().into_iter();
    let parallel = parallel.map(|shared| shared.each);
    for each in parallel.chain(by_lanes(nest.context.nest.statements)) {
        // Of loops that became one, the first counts for all.
        let is_inside = |outer: &&Loop| region::find(&outer.body, &each.name).is_some();
        if !counted.iter().all(is_inside) {
            continue;
        }
        counted.push(each);
        let Some(count) = longest(nest, function, each) else {
            continue;
        };
        // A front meets each of two loops in as many iterations as the shorter one has, at most.
        let along = fronts
            .get(&each.name)
            .and_then(|outer| factors.get_mut(outer));
        if let Some(outer) = along {
            if !is_same_expr(function, *outer, function, count) {
                *outer = build::binary(function, BinaryOp::Min, *outer, count);
            }
        } else {
            factors.insert(each.name.clone(), count);
            order.push(each.name.clone());
        }
    }
    let counts = order.iter().filter_map(|name| factors.get(name).copied());
    Count::of(function, counts)
}

/// Returns the trip counts of the program's loops around and in one another of which the most are known before the launch.
fn chain(nest: &Launches<'_>, function: &mut Function) -> Count {
    let loops = &nest.context.loops;
    let mut deepest = Count::default();
    for inner in loops {
        let is_around = |outer: &&&Loop| {
            outer.name == inner.name || region::find(&outer.body, &inner.name).is_some()
        };
        let around = loops.iter().filter(is_around);
        let counts: Vec<_> = around
            .filter_map(|each| longest(nest, function, each))
            .collect();
        deepest = deepest.max(Count::of(function, counts));
    }
    deepest
}

/// Returns how often a loop runs; where it shrinks from launch to launch, in its longest run. `None` where no bound is
/// known before the launch.
fn longest(nest: &Launches<'_>, function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let conditions = Some(nest.context.region.conditions);
    let count = trip::short_count(function, each, &nest.context.known, conditions)?;
    if nest.depends(function, each) {
        return nest.greatest(function, count);
    }
    let mut named = build::variables(function, count).into_iter();
    named
        .all(|var| nest.context.known.contains(&var))
        .then_some(count)
}
