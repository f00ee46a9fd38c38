//! What a function's text says of the numbers that it is meant for.

use std::collections::BTreeSet;

use mupac_ir::{Arena, ExprKind, Function, Record, Scalar, UnaryOp};

use crate::layout::fixed_lengths;

/// Most numbers of a function that tests draw from; `simt/harness.c` has the same limit.
const MOST_KEYS: usize = 32;

/// Returns the numbers that a function names in its source, as bits of doubles.
pub(crate) fn keys(function: &Function) -> Vec<u64> {
    let mut keys = Vec::new();
    let all = function.exprs.iter().map(|(_, expr)| expr);
    for expr in all.filter(|expr| !expr.span.is_unknown()) {
        let number = match expr.kind {
            // C has no negative constants.
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                constant(&function.exprs[inner].kind).map(|number| -number)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => constant(&expr.kind),
        };
        if let Some(bits) = number.map(f64::to_bits)
            && !keys.contains(&bits)
            && keys.len() < MOST_KEYS
        {
            keys.push(bits);
        }
    }
    keys
}

/// Returns how long the arrays of fixed length are that a function names, the longest first.
pub(crate) fn lengths(function: &Function, records: &Arena<Record>) -> Vec<i64> {
    let mut lengths = BTreeSet::new();
    for (_, var) in function.vars.iter() {
        fixed_lengths(&var.ty, records, &mut lengths);
    }
    lengths.into_iter().rev().collect()
}

/// Returns whether a function makes integers of floating-point numbers.
pub(crate) fn converts_floats(function: &Function) -> bool {
    let is_float = |scalar: Option<Scalar>| scalar.map(Scalar::is_float);
    function.exprs.iter().any(|(_, expr)| match expr.kind {
        ExprKind::Cast(inner) => {
            is_float(expr.ty.scalar()) == Some(false)
                && is_float(function.exprs[inner].ty.scalar()) == Some(true)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    })
}

fn constant(kind: &ExprKind) -> Option<f64> {
    match kind {
        ExprKind::Int(value) if value.unsigned_abs() < 1 << 30 => Some(*value as f64),
        ExprKind::Float(value) => Some(*value),
        ExprKind::Int(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}
