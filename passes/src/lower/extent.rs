//! Ranges of arrays that are seen as arrays of several dimensions, as expressions for the host.
//!
//! The lowest element of `a[i * m + j]` is `0 * m + 0`, the number of elements `(n - 1) * m + (m - 1) + 1`; multiplied out
//! that is `n * m`. Where the products might leave 64 bits, a condition in `f64` shows that they do not.

use std::ops::RangeInclusive;

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Rows, Scalar, UnaryOp};

use crate::affine::{Affine, Atom};
use crate::isl::{self, Expression, Operator};
use crate::polynomial::Polynomial;
use crate::symbol::{Factor, Stride, Symbol};
use crate::{build, express};

/// The greatest sum of absolute values that is computed in 64 bits with room for what follows.
const MOST: i128 = 1 << 62;

/// The logarithms of limits on a factor that leave room for the product with any `int`, and for sums of some.
const MODERATE: RangeInclusive<u32> = 24..=30;

/// A sum of products, each with what it is multiplied by.
type Products = [(i128, Symbol)];

/// A range of elements.
pub(crate) struct Extent {
    pub(crate) first: Handle<Expr>,
    pub(crate) count: Handle<Expr>,
    /// Holds where both are computed without overflow; `None`: always.
    pub(crate) fits: Option<Handle<Expr>>,
    /// What of the range is meant, where it is not all.
    pub(crate) rows: Option<Rows>,
}

/// Returns the range between two ends, given as least and greatest value of each subscript with its stride; `None` where
/// it has no expression.
pub(crate) fn of_shape(
    function: &mut Function,
    assumed: &isl::Set,
    ends: &[(Expression, Expression, &Stride)],
) -> Result<Option<Extent>, isl::Error> {
    let (mut first, mut last) = (Some(Polynomial::default()), Some(Polynomial::default()));
    for (least, greatest, stride) in ends {
        first = add(function, first, least, stride);
        last = add(function, last, greatest, stride);
    }
    let one = Polynomial::from(Affine::constant(1));
    let count = first.as_ref().zip(last.as_ref());
    let count = count.and_then(|(first, last)| last.minus(first)?.plus(&one));
    let products = first
        .and_then(|first| first.products())
        .zip(count.and_then(|count| count.products()));
    let Some((first, count)) = products else {
        return Ok(as_computed(function, ends));
    };
    Ok(Some(Extent {
        first: sum(function, &first),
        count: sum(function, &count),
        fits: fits(function, assumed, &[&first, &count])?,
        rows: None,
    }))
}

/// Appends that sums of products are computed without overflow; `None`: they always are.
fn fits(
    function: &mut Function,
    assumed: &isl::Set,
    sums: &[&Products],
) -> Result<Option<Handle<Expr>>, isl::Error> {
    let wide = |products: &&&Products| {
        most(function, products, None).is_none_or(|most| most > i128::from(i64::MAX))
    };
    let wide: Vec<&Products> = sums.iter().filter(wide).copied().collect();
    if let Some((factor, most)) = moderate(function, &wide) {
        return is_at_most(function, assumed, factor, most).map(Some);
    }
    let mut sizes = Vec::new();
    for products in wide {
        sizes.push(sum_of_sizes(function, assumed, products)?);
    }
    Ok(all_small(function, sizes))
}

/// Returns a factor of products by which all sums fit if its absolute value is at most so much, where that is much.
fn moderate(function: &Function, sums: &[&Products]) -> Option<(Factor, i128)> {
    // What stands alone is long where arrays are, what is multiplied says how long rows are.
    let products = sums.iter().flat_map(|products| products.iter());
    let products = products.filter(|(_, symbol)| symbol.factors().len() > 1);
    let factors: Vec<Factor> = products
        .flat_map(|(_, symbol)| symbol.factors().iter().copied())
        .collect();
    let limits = MODERATE.rev().map(|bits| 1_i128 << bits);
    let all = limits.flat_map(|limit| factors.iter().map(move |factor| (*factor, limit)));
    let fits = |limit: &(Factor, i128)| {
        let mut sums = sums.iter();
        sums.all(|products| most(function, products, Some(*limit)).is_some_and(|most| most <= MOST))
    };
    all.into_iter().find(fits)
}

/// Appends that the absolute value of a factor is at most so much.
fn is_at_most(
    function: &mut Function,
    assumed: &isl::Set,
    factor: Factor,
    most: i128,
) -> Result<Handle<Expr>, isl::Error> {
    let symbol = Symbol::from(factor);
    let greatest = build::int(function, most, Scalar::I64);
    let value = symbol.build(function);
    let is_small = build::binary(function, BinaryOp::LessEqual, value, greatest);
    if is_not_negative(assumed, &symbol)? {
        return Ok(is_small);
    }
    let least = build::int(function, -most, Scalar::I64);
    let value = symbol.build(function);
    let is_large = build::binary(function, BinaryOp::GreaterEqual, value, least);
    Ok(build::both(function, is_large, is_small))
}

/// Adds a subscript times its stride; `None` where the subscript is no sum.
fn add(
    function: &Function,
    sum: Option<Polynomial>,
    value: &Expression,
    stride: &Stride,
) -> Option<Polynomial> {
    let stride = Affine::atom(Atom::Symbol(stride.symbol.clone())).times(stride.factor)?;
    sum?.plus(&polynomial(function, value)?.times(&Polynomial::from(stride))?)
}

/// Returns a value as a polynomial of symbols; `None` where it divides or chooses.
fn polynomial(function: &Function, value: &Expression) -> Option<Polynomial> {
    let operand = |value: &Expression| polynomial(function, value);
    match value {
        Expression::Integer(value) => Some(Affine::constant(i128::from(*value)).into()),
        Expression::Name(name) => {
            let symbol = Symbol::named(function, name)?;
            Some(Affine::atom(Atom::Symbol(symbol)).into())
        }
        Expression::Apply(operator, operands) => match (operator, &operands[..]) {
            (Operator::Add, [a, b]) => operand(a)?.plus(&operand(b)?),
            (Operator::Subtract, [a, b]) => operand(a)?.minus(&operand(b)?),
            (Operator::Multiply, [a, b]) => operand(a)?.times(&operand(b)?),
            (Operator::Negate, [a]) => Polynomial::default().minus(&operand(a)?),
            _ => None,
        },
    }
}

/// Returns a bound on the sum of the absolute values of products, also where a factor of theirs is at most so much.
fn most(function: &Function, products: &Products, limited: Option<(Factor, i128)>) -> Option<i128> {
    products.iter().try_fold(0_i128, |sum, (factor, symbol)| {
        let mut factors = symbol.factors().iter();
        let size = factors.try_fold(1_i128, |size, each| {
            let (low, high) = Symbol::from(*each).type_range(function)?;
            let own = low.checked_abs()?.max(high.checked_abs()?);
            let limit = limited.filter(|(factor, _)| factor == each);
            size.checked_mul(limit.map_or(own, |(_, limit)| own.min(limit)))
        })?;
        sum.checked_add(factor.checked_abs()?.checked_mul(size)?)
    })
}

/// Appends a sum of products as an `i64` expression, what is subtracted last.
fn sum(function: &mut Function, products: &[(i128, Symbol)]) -> Handle<Expr> {
    let zero = build::int(function, 0, Scalar::I64);
    let mut ordered: Vec<&(i128, Symbol)> = products.iter().collect();
    ordered
        .sort_by_key(|(factor, symbol)| (*factor < 0, std::cmp::Reverse(symbol.factors().len())));
    ordered.into_iter().fold(zero, |so_far, (factor, symbol)| {
        let size = build::int(function, factor.abs(), Scalar::I64);
        let value = if symbol.factors().is_empty() {
            size
        } else {
            let value = symbol.build(function);
            build::binary(function, BinaryOp::Multiply, value, size)
        };
        let op = if *factor < 0 {
            BinaryOp::Subtract
        } else {
            BinaryOp::Add
        };
        build::binary(function, op, so_far, value)
    })
}

/// Appends the sum of the absolute values of products, as an `f64` expression that no size overflows.
fn sum_of_sizes(
    function: &mut Function,
    assumed: &isl::Set,
    products: &[(i128, Symbol)],
) -> Result<Handle<Expr>, isl::Error> {
    let mut sum = None;
    for (factor, symbol) in products {
        let mut value = symbol.build_float(function);
        if !is_not_negative(assumed, symbol)? {
            value = absolute(function, value);
        }
        if factor.abs() != 1 {
            let size = function.expr(ExprKind::Float(factor.abs() as f64), Scalar::F64);
            value = function.expr(
                ExprKind::Binary(BinaryOp::Multiply, size, value),
                Scalar::F64,
            );
        }
        sum = Some(match sum {
            None => value,
            Some(sum) => function.expr(ExprKind::Binary(BinaryOp::Add, sum, value), Scalar::F64),
        });
    }
    Ok(sum.unwrap_or_else(|| function.expr(ExprKind::Float(0.0), Scalar::F64)))
}

fn is_not_negative(assumed: &isl::Set, symbol: &Symbol) -> Result<bool, isl::Error> {
    for factor in symbol.factors() {
        let name = Symbol::from(*factor).name();
        let text = format!("[{name}] -> {{ : {name} >= 0 }}");
        if !assumed.is_subset(&isl::Set::parse(assumed.context(), &text)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Appends the absolute value of an `f64`, which no header need declare.
fn absolute(function: &mut Function, value: Handle<Expr>) -> Handle<Expr> {
    let zero = function.expr(ExprKind::Float(0.0), Scalar::F64);
    let is_negative = ExprKind::Binary(BinaryOp::Less, value, zero);
    let kind = ExprKind::Select {
        condition: function.expr(is_negative, Scalar::I32),
        then: function.expr(ExprKind::Unary(UnaryOp::Negate, value), Scalar::F64),
        otherwise: value,
    };
    function.expr(kind, Scalar::F64)
}

/// Appends that every value is at most [`MOST`].
fn all_small(function: &mut Function, values: Vec<Handle<Expr>>) -> Option<Handle<Expr>> {
    let mut all = None;
    for value in values {
        let most = function.expr(ExprKind::Float(MOST as f64), Scalar::F64);
        let small = ExprKind::Binary(BinaryOp::LessEqual, value, most);
        let small = function.expr(small, Scalar::I32);
        all = Some(match all {
            None => small,
            Some(all) => build::both(function, all, small),
        });
    }
    all
}

/// Returns a range computed as it is stated: each subscript times its stride.
fn as_computed(
    function: &mut Function,
    ends: &[(Expression, Expression, &Stride)],
) -> Option<Extent> {
    let zero = build::int(function, 0, Scalar::I64);
    let (mut first, mut last) = (zero, zero);
    let mut sizes = Vec::new();
    for (least, greatest, stride) in ends {
        first = express::add_scaled(function, first, least, stride)?;
        last = express::add_scaled(function, last, greatest, stride)?;
        for value in [least, greatest] {
            if *value != Expression::Integer(0) {
                sizes.push(size(function, value, stride)?);
            }
        }
    }
    let beyond = express::plus(function, last, 1);
    let is_zero = build::constant(function, first) == Some(0);
    let count = if is_zero {
        beyond
    } else {
        build::binary(function, BinaryOp::Subtract, beyond, first)
    };
    let total = sizes
        .into_iter()
        .reduce(|a, b| function.expr(ExprKind::Binary(BinaryOp::Add, a, b), Scalar::F64));
    Some(Extent {
        first,
        count,
        fits: all_small(function, total.into_iter().collect()),
        rows: None,
    })
}

/// Appends the absolute value of a subscript times its stride, or of the stride where that is more, as an `f64`
/// expression.
fn size(function: &mut Function, value: &Expression, stride: &Stride) -> Option<Handle<Expr>> {
    let value = express::value(function, value)?;
    let mut product = function.expr(ExprKind::Cast(value), Scalar::F64);
    product = absolute(function, product);
    if !stride.symbol.factors().is_empty() {
        let one = function.expr(ExprKind::Float(1.0), Scalar::F64);
        product = function.expr(ExprKind::Binary(BinaryOp::Add, product, one), Scalar::F64);
        let symbol = stride.symbol.build_float(function);
        let symbol = absolute(function, symbol);
        product = function.expr(
            ExprKind::Binary(BinaryOp::Multiply, product, symbol),
            Scalar::F64,
        );
    }
    if stride.factor != 1 {
        let factor = function.expr(ExprKind::Float(stride.factor as f64), Scalar::F64);
        product = function.expr(
            ExprKind::Binary(BinaryOp::Multiply, product, factor),
            Scalar::F64,
        );
    }
    Some(product)
}
