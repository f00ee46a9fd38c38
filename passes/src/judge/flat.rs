//! Elements of arrays as tuples of subscripts, also where the program has one subscript for several: `a[i * m + k]`.
//!
//! The strides are those of the array's footprint.
//! Equal tuples are equal elements, whatever the strides; that different tuples are different elements is not claimed, so that
//! arrays have a shape whose rows overlap, if nothing writes them.

use std::collections::BTreeMap;

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Scalar, UnaryOp, Var};

use super::linear::Linear;
use super::scope::Scope;
use crate::facts::Facts;
use crate::symbol::{Stride, Symbol};

/// The strides of arrays that are seen as arrays of several dimensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes(BTreeMap<Handle<Var>, Vec<Stride>>);

impl Shapes {
    /// Returns the shapes that analysis has proved.
    pub(crate) fn of(facts: &Facts) -> Self {
        let footprints = facts.footprints.iter();
        let several = footprints.filter(|each| {
            each.strides.len() > 1 && (each.is_ordered || !each.is_written && !each.is_joined)
        });
        Self(
            several
                .map(|each| (each.array, each.strides.clone()))
                .collect(),
        )
    }

    /// Returns the strides of an array, outermost first; `None` where it is what its declaration says.
    pub(crate) fn strides(&self, array: Handle<Var>) -> Option<&[Stride]> {
        self.0.get(&array).map(Vec::as_slice)
    }

    /// Returns the subscripts of an element; `None` where they are not affine, or a member of a structure is meant.
    pub(crate) fn subscripts(&self, scope: &mut Scope<'_>, place: &Place) -> Option<Vec<Linear>> {
        let indices = place.subscripts()?;
        match (self.strides(place.var), indices.as_slice()) {
            (Some(strides), [index]) => {
                let value = flat(scope, *index)?;
                split(scope, &value, strides)
            }
            (Some(_), _) => None,
            (None, _) => indices
                .into_iter()
                .map(|index| scope.value(index))
                .collect(),
        }
    }
}

/// A sum of products of parameters, each times something affine in iterators alone.
type Flat = BTreeMap<Symbol, Linear>;

fn flat(scope: &mut Scope<'_>, expr: Handle<Expr>) -> Option<Flat> {
    let function = scope.function;
    let node = &function.exprs[expr];
    let known = scope.used.clone();
    if let Some(value) = scope.value(expr) {
        return separate(scope, &value);
    }
    scope.used = known;
    // Where a value may wrap, it is not the sum that it is written as.
    let is_exact = node.ty.scalar().is_some_and(|ty| match ty {
        Scalar::I32 | Scalar::I64 => true,
        Scalar::Bool
        | Scalar::I8
        | Scalar::U8
        | Scalar::I16
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64 => false,
    });
    if !is_exact {
        return None;
    }
    match &node.kind {
        ExprKind::Unary(UnaryOp::Negate, a) => scaled(&flat(scope, *a)?, -1),
        ExprKind::Cast(a) => {
            let from = function.exprs[*a].ty.scalar()?;
            let widens = from.is_signed() && !from.is_float() && from.fits_in(node.ty.scalar()?);
            widens.then(|| flat(scope, *a)).flatten()
        }
        ExprKind::Binary(BinaryOp::Add, a, b) => sum(flat(scope, *a)?, &flat(scope, *b)?),
        ExprKind::Binary(BinaryOp::Subtract, a, b) => {
            let negative = scaled(&flat(scope, *b)?, -1)?;
            sum(flat(scope, *a)?, &negative)
        }
        ExprKind::Binary(BinaryOp::Multiply, a, b) => product(&flat(scope, *a)?, &flat(scope, *b)?),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Takes the parameters out of a sum.
fn separate(scope: &Scope<'_>, value: &Linear) -> Option<Flat> {
    let mut parts = Flat::from([(Symbol::default(), Linear::constant(value.constant))]);
    for (term, factor) in &value.terms {
        let (symbol, part) = match Symbol::named(scope.function, term) {
            Some(symbol) => (symbol, Linear::constant(*factor)),
            None => (
                Symbol::default(),
                Linear::term(term.clone()).times(*factor)?,
            ),
        };
        add(&mut parts, symbol, &part)?;
    }
    Some(parts)
}

fn add(parts: &mut Flat, symbol: Symbol, part: &Linear) -> Option<()> {
    let known = parts.entry(symbol).or_default();
    *known = known.plus(part)?;
    Some(())
}

fn sum(mut a: Flat, b: &Flat) -> Option<Flat> {
    for (symbol, part) in b {
        add(&mut a, symbol.clone(), part)?;
    }
    Some(a)
}

fn scaled(value: &Flat, factor: i128) -> Option<Flat> {
    let parts = value.iter();
    parts
        .map(|(symbol, part)| Some((symbol.clone(), part.times(factor)?)))
        .collect()
}

fn product(a: &Flat, b: &Flat) -> Option<Flat> {
    let mut parts = Flat::new();
    for (first, x) in a {
        for (second, y) in b {
            let part = match (x.as_constant(), y.as_constant()) {
                (Some(factor), _) => y.times(factor)?,
                (None, Some(factor)) => x.times(factor)?,
                (None, None) => return None,
            };
            add(&mut parts, first.times(second), &part)?;
        }
    }
    Some(parts)
}

/// Divides by the strides; what does not move goes to the longest that divides it, and a constant is shared out, as analysis
/// has it.
fn split(scope: &mut Scope<'_>, value: &Flat, strides: &[Stride]) -> Option<Vec<Linear>> {
    let mut subscripts = vec![Linear::default(); strides.len()];
    for (symbol, part) in value {
        let is_constant = symbol.factors().is_empty();
        let mut moving = part.clone();
        if is_constant {
            moving.constant = 0;
            let least = part.terms.values().map(|factor| factor.abs()).min();
            let shares = Stride::shares(strides, part.constant, least.unwrap_or(i128::MAX));
            for (subscript, share) in subscripts.iter_mut().zip(shares) {
                *subscript = subscript.plus(&Linear::constant(share))?;
            }
        }
        let parts = if is_constant {
            let terms = moving.terms.iter();
            let parts = terms.map(|(term, factor)| Linear::term(term.clone()).times(*factor));
            parts.collect()
        } else {
            Some(vec![moving])
        };
        for part in parts? {
            share(scope, &mut subscripts, (symbol, &part), strides)?;
        }
    }
    Some(subscripts)
}

/// Adds a part of a value, times a symbol, to one of its subscripts.
fn share(
    scope: &mut Scope<'_>,
    subscripts: &mut [Linear],
    (symbol, part): (&Symbol, &Linear),
    strides: &[Stride],
) -> Option<()> {
    if *part == Linear::default() {
        return Some(());
    }
    let (at, rest) = strides.iter().enumerate().find_map(|(at, stride)| {
        let rest = symbol.divided_by(&stride.symbol)?;
        let is_own = rest.factors().is_empty() || part.as_constant().is_some();
        (is_own && is_divisible(part, stride.factor)).then_some((at, rest))
    })?;
    let part = divided(part, strides[at].factor);
    let part = if rest.factors().is_empty() {
        part
    } else {
        scope.symbol(rest)?.times(part.as_constant()?)?
    };
    subscripts[at] = subscripts[at].plus(&part)?;
    Some(())
}

fn is_divisible(value: &Linear, by: i128) -> bool {
    by > 0 && value.constant % by == 0 && value.terms.values().all(|factor| factor % by == 0)
}

fn divided(value: &Linear, by: i128) -> Linear {
    Linear {
        constant: value.constant / by,
        terms: (value.terms.iter())
            .map(|(term, factor)| (term.clone(), factor / by))
            .collect(),
    }
}
