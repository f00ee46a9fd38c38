//! How much there is to do.

use std::collections::BTreeMap;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, LoopName, Reason, Refusal, Scalar, Span, Stmt,
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
        let mut largest: (Vec<Handle<Expr>>, i128) = (Vec::new(), 0);
        let mut deepest: (Vec<Handle<Expr>>, i128) = (Vec::new(), 0);
        for nest in nests {
            let factors = factors(nest, function);
            let inner = sequential(nest, function, nest.context.nest.statements);
            let unknown = [factors.0.as_slice(), &inner.0].concat();
            let all = (unknown, factors.1.saturating_mul(inner.1));
            if (all.0.len(), all.1) > (deepest.0.len(), deepest.1) {
                deepest = all;
            }
            if (factors.0.len(), factors.1) > (largest.0.len(), largest.1) {
                largest = factors;
            }
        }
        let is_known = deepest == largest || deepest.0.is_empty();
        let all = (!is_known).then(|| product(function, &deepest.0, deepest.1));
        let (unknown, known) = largest;
        Self {
            parallel: product(function, &unknown, known),
            constant: unknown.is_empty().then_some(known),
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

/// Returns the trip counts that are not known now, and the product of the others.
fn factors(nest: &Launches<'_>, function: &mut Function) -> (Vec<Handle<Expr>>, i128) {
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
    let (mut unknown, mut known) = (Vec::new(), 1_i128);
    for count in order.iter().filter_map(|name| factors.get(name)) {
        match build::constant(function, *count) {
            Some(constant) => known = known.saturating_mul(constant),
            None => unknown.push(*count),
        }
    }
    (unknown, known)
}

/// Returns the trip counts of the deepest nest of loops that each thread runs: those that are not known now, and the product
/// of the others. What is not known before the launch counts once.
fn sequential(
    nest: &Launches<'_>,
    function: &mut Function,
    statements: &[Stmt],
) -> (Vec<Handle<Expr>>, i128) {
    let mut deepest = (Vec::new(), 1_i128);
    for statement in statements {
        for block in mupac_ir::structure::blocks(statement) {
            let mut inside = sequential(nest, function, block);
            if let Stmt::For(each) = statement
                && !each.mapping.is_parallel()
                && let Some(count) = longest(nest, function, each)
            {
                match build::constant(function, count) {
                    Some(constant) => inside.1 = inside.1.saturating_mul(constant.max(1)),
                    None => inside.0.push(count),
                }
            }
            if (inside.0.len(), inside.1) > (deepest.0.len(), deepest.1) {
                deepest = inside;
            }
        }
    }
    deepest
}

/// Returns how often a loop runs; where it shrinks from launch to launch, in its longest run. `None` where no bound is
/// known before the launch.
fn longest(nest: &Launches<'_>, function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let count = trip::short_count(function, each, &nest.context.known)?;
    if nest.depends(function, each) {
        return nest.greatest(function, count);
    }
    let mut named = build::variables(function, count).into_iter();
    named
        .all(|var| nest.context.known.contains(&var))
        .then_some(count)
}

/// Appends a product of counts as an `f64`, which cannot overflow.
fn product(function: &mut Function, unknown: &[Handle<Expr>], known: i128) -> Handle<Expr> {
    let mut product = function.expr(ExprKind::Float(known as f64), Scalar::F64);
    for (position, factor) in unknown.iter().enumerate() {
        let factor = function.expr(ExprKind::Cast(*factor), Scalar::F64);
        product = if position == 0 && known == 1 {
            factor
        } else {
            let kind = ExprKind::Binary(BinaryOp::Multiply, product, factor);
            function.expr(kind, Scalar::F64)
        };
    }
    product
}
