//! What iterators are worth in terms of block and thread indices.

use std::collections::BTreeMap;

use mupac_ir::{
    Axis, BinaryOp, Expr, ExprKind, Function, Handle, Loop, Mapping, Scalar, Stmt, UnaryOp, Var,
};

use super::Context;
use super::chain::Item;
use crate::isl;
use crate::judge::{Linear, Scope, Tree};
use crate::symbol::Symbol;
use crate::{build, region};

/// Returns how many neighbouring iterations of a loop of the program stay in one iteration of a mapped loop; `None`
/// where the mapped loop does not help to count it.
///
/// `made_from` is the index of the first variable that passes made; the iterator of another loop of the program,
/// which a start may name, is a constant here.
pub(crate) fn chunk(
    tree: Tree<'_>,
    made_from: usize,
    original: &Loop,
    mapped: &Loop,
) -> Option<u128> {
    if original.iterator == mapped.iterator {
        return Some(1);
    }
    let (mut value, mut lets) = (None, BTreeMap::new());
    region::each(tree.statements, &mut |stmt| {
        if let Stmt::Let(var, expr) = stmt {
            if *var == original.iterator {
                value = Some(*expr);
            } else if var.index() >= made_from {
                lets.insert(*var, *expr);
            }
        }
    });
    let by = coefficient(tree.function, &lets, value?, mapped.iterator)?.unsigned_abs();
    let stride = u128::from(original.step.unsigned_abs());
    (by != 0).then(|| (by / stride.max(1)).max(1))
}

/// Returns whether a value depends on a variable, perhaps by way of others.
fn depends(
    function: &Function,
    lets: &BTreeMap<Handle<Var>, Handle<Expr>>,
    expr: Handle<Expr>,
    var: Handle<Var>,
) -> bool {
    let named = build::variables(function, expr).into_iter();
    named.into_iter().any(|each| {
        let value = lets.get(&each);
        each == var || value.is_some_and(|value| depends(function, lets, *value, var))
    })
}

/// Returns by how much a sum grows with a variable, or `None` where that is not a constant.
fn coefficient(
    function: &Function,
    lets: &BTreeMap<Handle<Var>, Handle<Expr>>,
    expr: Handle<Expr>,
    var: Handle<Var>,
) -> Option<i128> {
    let of = |expr: Handle<Expr>| coefficient(function, lets, expr, var);
    if !depends(function, lets, expr, var) {
        return Some(0);
    }
    match &function.exprs[expr].kind {
        ExprKind::Load(place) if place.path.is_empty() => match lets.get(&place.var) {
            _ if place.var == var => Some(1),
            Some(value) => of(*value),
            None => Some(0),
        },
        ExprKind::Cast(a) => of(*a),
        ExprKind::Unary(UnaryOp::Negate, a) => of(*a)?.checked_neg(),
        ExprKind::Binary(BinaryOp::Add, a, b) => of(*a)?.checked_add(of(*b)?),
        ExprKind::Binary(BinaryOp::Subtract, a, b) => of(*a)?.checked_sub(of(*b)?),
        ExprKind::Binary(BinaryOp::Multiply, a, b) => {
            match (build::constant(function, *a), build::constant(function, *b)) {
                (Some(factor), _) => of(*b)?.checked_mul(factor),
                (None, Some(factor)) => of(*a)?.checked_mul(factor),
                (None, None) => None,
            }
        }
        // Neighbours on either side of a multiple of the divisor differ by one more than the others.
        ExprKind::Binary(BinaryOp::FloorDivide, a, b) => {
            let divisor = build::constant(function, *b).filter(|divisor| *divisor > 0)?;
            Some(-(of(*a)?.checked_neg()?.div_euclid(divisor)))
        }
        ExprKind::Binary(BinaryOp::Remainder, a, b) => {
            let divisor = build::constant(function, *b).filter(|divisor| *divisor > 0)?;
            Some(of(*a)?.min(divisor))
        }
        ExprKind::Int(_) => Some(0),
        ExprKind::Float(_)
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

/// The names of a chain as sums over indices and parameters, and the bounds of those.
pub(crate) struct Values<'a> {
    scope: Scope<'a>,
}

/// Returns the terms that indices are called by: `block.x`, `thread.z`.
fn index_terms() -> impl Iterator<Item = (String, ExprKind)> {
    Axis::ALL.into_iter().flat_map(|axis| {
        [
            (Mapping::Block(axis).to_string(), ExprKind::BlockIndex(axis)),
            (
                Mapping::Thread(axis).to_string(),
                ExprKind::ThreadIndex(axis),
            ),
        ]
    })
}

impl<'a> Values<'a> {
    /// Reads the names of a chain.
    pub(crate) fn new(context: &'a Context<'_>, items: &[Item<'_>]) -> Result<Self, isl::Error> {
        // A conversion of the program's own may wrap.
        let from = context.region.conditions.generated_from;
        let mut scope = Scope::new(context.region.state.function(), from, &context.known);
        scope.known = Some(&context.region.conditions.assumed);
        for item in items {
            match item {
                Item::Loop(each) => {
                    let value = mapped_value(&mut scope, each);
                    scope.values.insert(each.iterator, value);
                }
                Item::Let(var, expr) => {
                    let value = scope.value(*expr);
                    scope.values.insert(*var, value);
                }
                Item::If(_) => {}
            }
        }
        let assumed = &context.region.conditions.assumed;
        for symbol in scope.used.clone() {
            let name = symbol.name();
            let negative = isl::Set::parse(
                assumed.context(),
                &format!("[{name}] -> {{ : {name} < 0 }}"),
            )?;
            if assumed.intersect(&negative)?.is_empty()?
                && let Some(range) = scope.ranges.get_mut(&name)
            {
                range.0 = range.0.max(0);
            }
        }
        Ok(Self { scope })
    }

    /// Returns what a name of the chain is worth, if it is a sum over indices and parameters.
    pub(crate) fn of(&self, var: Handle<Var>) -> Option<&Linear> {
        let value = self.scope.values.get(&var)?.as_ref()?;
        let is_plain = |term: &String| {
            index_terms().any(|(name, _)| name == *term)
                || Symbol::named(self.scope.function, term).is_some()
        };
        value.terms.keys().all(is_plain).then_some(value)
    }

    /// Appends a sum as an expression of an integer type; the value itself is known to fit that type.
    pub(crate) fn build(&self, function: &mut Function, sum: &Linear, ty: Scalar) -> Handle<Expr> {
        let narrow = ty.promoted();
        let arithmetic = if self.fits_on_the_way(sum, narrow) {
            narrow
        } else {
            Scalar::I64
        };
        let value = build_sum(function, sum, arithmetic);
        build::convert(function, value, ty)
    }

    /// Returns whether every partial sum fits a type, given that the whole sum does.
    fn fits_on_the_way(&self, sum: &Linear, ty: Scalar) -> bool {
        let Some((low, high)) = ty.integer_range() else {
            return false;
        };
        // Where nothing is negative, no part exceeds the whole.
        let is_positive = sum.constant >= 0
            && sum.terms.iter().all(|(term, factor)| {
                *factor >= 0
                    && self
                        .scope
                        .ranges
                        .get(term)
                        .is_some_and(|range| range.0 >= 0)
            });
        is_positive
            || self
                .parts(sum)
                .is_some_and(|(least, greatest)| low <= least && greatest <= high)
    }

    /// Returns bounds of all partial sums and products, in any order.
    fn parts(&self, sum: &Linear) -> Option<(i128, i128)> {
        let (mut least, mut greatest) = (sum.constant.min(0), sum.constant.max(0));
        for (term, factor) in &sum.terms {
            let (low, high) = self.scope.ranges.get(term)?;
            let (a, b) = (low.checked_mul(*factor)?, high.checked_mul(*factor)?);
            let (low, high) = (a.min(b), a.max(b));
            least = least.checked_add(low.min(*factor).min(0))?;
            greatest = greatest.checked_add(high.max(*factor).max(0))?;
        }
        Some((least, greatest))
    }
}

/// Appends a sum over parameters and indices in the arithmetic of a type; other terms must not occur.
pub(crate) fn build_sum(function: &mut Function, sum: &Linear, ty: Scalar) -> Handle<Expr> {
    let mut parts = Vec::new();
    for (term, factor) in &sum.terms {
        if let Some(symbol) = Symbol::named(function, term) {
            let value = match symbol.as_var() {
                Some(var) => function.load(var),
                None => symbol.build(function),
            };
            parts.push((*factor, build::convert(function, value, ty)));
        }
    }
    for (term, kind) in index_terms() {
        if let Some(factor) = sum.terms.get(&term) {
            parts.push((*factor, function.expr(kind, ty)));
        }
    }
    // A sum starts with a constant that is added, and ends with one that is subtracted.
    let constant = build::int(function, sum.constant.abs(), ty);
    if sum.constant < 0 {
        parts.push((-1, constant));
    } else {
        parts.insert(0, (1, constant));
    }
    // Nothing is subtracted from nothing: `n - k` rather than `-k + n`.
    parts.sort_by_key(|(factor, _)| *factor < 0);
    let zero = build::int(function, 0, ty);
    parts.into_iter().fold(zero, |so_far, (factor, part)| {
        let size = build::int(function, factor.abs(), ty);
        let product = build::binary(function, BinaryOp::Multiply, part, size);
        let op = if factor < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, so_far, product)
    })
}

/// Returns whether a sum consists of parameters alone.
pub(crate) fn is_of_parameters(function: &Function, sum: &Linear) -> bool {
    sum.terms
        .keys()
        .all(|term| Symbol::named(function, term).is_some())
}

/// Returns `start + step * index` for a mapped loop, and notes the bounds of the index.
fn mapped_value(scope: &mut Scope<'_>, each: &Loop) -> Option<Linear> {
    let start = scope.value(each.start)?;
    let name = each.mapping.to_string();
    let greatest = greatest_index(scope, each, &start).unwrap_or_else(|| u32::MAX.into());
    scope.ranges.insert(name.clone(), (0, greatest));
    start.plus(&Linear::term(name).times(i128::from(each.step))?)
}

/// Returns the greatest index of a mapped loop where its bounds say so.
fn greatest_index(scope: &mut Scope<'_>, each: &Loop, start: &Linear) -> Option<i128> {
    let end = scope.value(each.end)?;
    let (low, high) = (scope.interval(start)?, scope.interval(&end)?);
    let reach = if each.step > 0 {
        high.1.checked_sub(low.0)?
    } else {
        low.1.checked_sub(high.0)?
    };
    Some((reach - 1).max(0) / i128::from(each.step.unsigned_abs()))
}

/// Says a sum as a phrase: `block.x * 256 + thread.x`.
pub(crate) fn phrase(function: &Function, sum: &Linear) -> String {
    let mut text = if sum.constant == 0 {
        String::new()
    } else {
        sum.constant.to_string()
    };
    let indices: Vec<_> = index_terms().map(|(term, _)| term).collect();
    let variables = sum.terms.keys().filter(|term| !indices.contains(term));
    for term in variables.chain(indices.iter()) {
        let Some(factor) = sum.terms.get(term) else {
            continue;
        };
        text += match (text.is_empty(), *factor < 0) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        };
        text += &Symbol::named(function, term)
            .map_or_else(|| term.clone(), |symbol| symbol.words(function));
        if factor.abs() != 1 {
            text += " * ";
            text += &factor.abs().to_string();
        }
    }
    text
}
