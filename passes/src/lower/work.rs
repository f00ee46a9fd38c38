//! How much there is to do.

use mupac_ir::{Arena, BinaryOp, Expr, ExprKind, Function, Handle, Reason, Refusal, Scalar, Span};

use super::Shared;
use super::launches::Launches;
use crate::state::Settings;
use crate::{build, trip};

/// The number of parallel iterations of the largest launch.
///
/// Launches of one region share their copies, and what a time loop repeats pays for them all the more; so the launch
/// with the most threads decides whether the device is worth its trouble.
pub(crate) struct Work {
    /// As an `f64`.
    pub(crate) expr: Handle<Expr>,
    /// If it is known now.
    pub(crate) constant: Option<i128>,
}

impl Work {
    /// Multiplies the trip counts of the loops of the program that blocks and threads run, for each nest, and takes
    /// the greatest product.
    pub(crate) fn of(nests: &[Launches<'_>], function: &mut Function) -> Self {
        let mut all: Vec<(Vec<Handle<Expr>>, i128)> = Vec::new();
        for nest in nests {
            let product = factors(nest, function);
            let is_known = all
                .iter()
                .any(|other| other.1 == product.1 && same_all(function, &other.0, &product.0));
            if !is_known {
                all.push(product);
            }
        }
        let greatest = |products: &[(Vec<Handle<Expr>>, i128)]| {
            let constants = products.iter().filter(|(unknown, _)| unknown.is_empty());
            constants.map(|(_, known)| *known).max()
        };
        let known = greatest(&all);
        if all.iter().all(|(unknown, _)| unknown.is_empty()) {
            let constant = known.unwrap_or(0);
            let expr = function.expr(ExprKind::Float(constant as f64), Scalar::F64);
            return Self {
                expr,
                constant: Some(constant),
            };
        }
        let unknown = all.iter().filter(|(unknown, _)| !unknown.is_empty());
        let mut products: Vec<_> = unknown
            .map(|(unknown, known)| product(function, unknown, *known))
            .collect();
        products
            .extend(known.map(|known| function.expr(ExprKind::Float(known as f64), Scalar::F64)));
        let first = products.remove(0);
        let expr = products
            .into_iter()
            .fold(first, |most, other| maximum(function, most, other));
        Self {
            expr,
            constant: None,
        }
    }

    /// Checks that what is known now is enough.
    ///
    /// **Errors**: `too-small`.
    pub(crate) fn check(&self, settings: &Settings, at: Span) -> Result<(), Refusal> {
        match self.constant {
            Some(iterations) if iterations < i128::from(settings.cpu_threshold) => {
                let reason = Reason::TooSmall {
                    iterations: iterations.max(0),
                    threshold: settings.cpu_threshold,
                };
                Err(Refusal::new(reason, at))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Returns the trip counts that are not known now, and the product of the others.
fn factors(nest: &Launches<'_>, function: &mut Function) -> (Vec<Handle<Expr>>, i128) {
    let (mut unknown, mut known) = (Vec::new(), 1_i128);
    for Shared { each, .. } in nest.context.parallel() {
        let count = trip::short_count(function, each, &nest.context.known);
        // Where a loop shrinks from launch to launch, its longest run counts; without a bound, none does.
        let count = match count {
            Some(count) if nest.depends(function, each) => nest.greatest(function, count),
            count => count,
        };
        let Some(count) = count else { continue };
        match build::constant(function, count) {
            Some(constant) => known = known.saturating_mul(constant),
            None => unknown.push(count),
        }
    }
    (unknown, known)
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

fn maximum(function: &mut Function, a: Handle<Expr>, b: Handle<Expr>) -> Handle<Expr> {
    let condition = function.expr(ExprKind::Binary(BinaryOp::GreaterEqual, a, b), Scalar::I32);
    let kind = ExprKind::Select {
        condition,
        then: a,
        otherwise: b,
    };
    function.expr(kind, Scalar::F64)
}

/// Returns whether counts have the same text, and so the same values.
fn same_all(function: &Function, a: &[Handle<Expr>], b: &[Handle<Expr>]) -> bool {
    let text = |expr: &Handle<Expr>| mupac_ir::print::expr(&Arena::default(), function, *expr);
    a.iter().map(text).eq(b.iter().map(text))
}
