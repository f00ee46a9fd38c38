//! Integer values that do not change in a region and that are no sums of variables: what isl takes for one parameter.
//!
//! `w * h` and `n / k` have no affine form, but where nothing changes their variables each is one number, which the host
//! can compute before the region. A symbol is a product of such numbers; a single variable is the simplest one.
//! Names are made from handles alone, so that every analysis calls equal values by one name: `v3`, `v3_v5`, `e17`.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Projection, Scalar, UnaryOp, Var};

use crate::affine::{Affine, Atom, WIDE};
use crate::build;

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// The value of a variable.
    Var(Handle<Var>),
    /// The value of an integer expression, the first of its function among those that are written alike.
    Value(Handle<Expr>),
}

/// A product of numbers, in order; the empty one is 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol(Vec<Factor>);

impl From<Factor> for Symbol {
    fn from(factor: Factor) -> Self {
        Self(vec![factor])
    }
}

impl Symbol {
    /// Returns the value of a variable.
    pub fn var(var: Handle<Var>) -> Self {
        Self(vec![Factor::Var(var)])
    }

    /// Returns the value of an expression of a function, of which `is_evaluable` holds.
    pub fn value(function: &Function, expr: Handle<Expr>) -> Self {
        let first = function
            .exprs
            .iter()
            .map(|(handle, _)| handle)
            .find(|other| is_alike(function, *other, expr));
        Self(vec![Factor::Value(first.unwrap_or(expr))])
    }

    /// Returns the product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut factors: Vec<Factor> = self.0.iter().chain(&other.0).copied().collect();
        factors.sort_unstable();
        Self(factors)
    }

    /// Returns the quotient where every factor of the divisor is one of the product.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        let mut rest = self.0.clone();
        for factor in &divisor.0 {
            let at = rest.iter().position(|each| each == factor)?;
            rest.remove(at);
        }
        Some(Self(rest))
    }

    /// Returns the factors.
    pub fn factors(&self) -> &[Factor] {
        &self.0
    }

    /// Returns the one variable that it is, if so.
    pub fn as_var(&self) -> Option<Handle<Var>> {
        match self.0[..] {
            [Factor::Var(var)] => Some(var),
            _ => None,
        }
    }

    /// Returns isl's name.
    pub fn name(&self) -> String {
        let names: Vec<String> = self
            .0
            .iter()
            .map(|factor| match factor {
                Factor::Var(var) => format!("v{}", var.index()),
                Factor::Value(expr) => format!("e{}", expr.index()),
            })
            .collect();
        names.join("_")
    }

    /// Returns the symbol of a name, if it is one for this function.
    pub fn named(function: &Function, name: &str) -> Option<Self> {
        let mut factors = Vec::new();
        for part in name.split('_') {
            let (kind, index) = part.split_at_checked(1)?;
            let index: usize = index.parse().ok()?;
            factors.push(match kind {
                "v" => Factor::Var(function.vars.iter().nth(index)?.0),
                "e" => Factor::Value(function.exprs.iter().nth(index)?.0),
                _ => return None,
            });
        }
        Some(Self(factors))
    }

    /// Adds the variables that the value depends on.
    pub fn collect_vars(&self, function: &Function, found: &mut BTreeSet<Handle<Var>>) {
        for factor in &self.0 {
            match factor {
                Factor::Var(var) => {
                    found.insert(*var);
                }
                Factor::Value(expr) => found.extend(build::variables(function, *expr)),
            }
        }
    }

    /// Returns the range that the types of the factors allow.
    pub fn type_range(&self, function: &Function) -> Option<(i128, i128)> {
        self.range(|factor| factor_range(function, factor))
    }

    /// Returns the range that the value is taken to lie in under a guard: within [`WIDE`] where its type does not say
    /// so, and for every proper product.
    pub fn working_range(&self, function: &Function) -> Option<(i128, i128)> {
        let (low, high) = self.type_range(function)?;
        let is_small = high <= i128::from(u32::MAX) && low >= i128::from(i32::MIN);
        Some(if is_small {
            (low, high)
        } else {
            (low.max(-WIDE), high.min(WIDE))
        })
    }

    fn range(&self, range: impl Fn(Factor) -> Option<(i128, i128)>) -> Option<(i128, i128)> {
        self.0.iter().try_fold((1, 1), |(low, high), factor| {
            let (least, greatest) = range(*factor)?;
            let ends = [
                i128::checked_mul(low, least)?,
                i128::checked_mul(low, greatest)?,
                i128::checked_mul(high, least)?,
                i128::checked_mul(high, greatest)?,
            ];
            Some((*ends.iter().min()?, *ends.iter().max()?))
        })
    }

    /// Appends the value as an `i64` expression; it does not overflow where the value lies in its working range.
    pub(crate) fn build(&self, function: &mut Function) -> Handle<Expr> {
        self.product(function, Scalar::I64, |function, factor| {
            factor_value(function, factor)
        })
    }

    /// Appends the value as an `f64` expression, which no value overflows; exact up to 2⁵³, and rounded by less than one
    /// part in 2⁵⁰ beyond.
    pub(crate) fn build_float(&self, function: &mut Function) -> Handle<Expr> {
        self.product(function, Scalar::F64, |function, factor| {
            let value = match factor {
                Factor::Var(var) => function.load(var),
                Factor::Value(_) => factor_value(function, factor),
            };
            function.expr(ExprKind::Cast(value), Scalar::F64)
        })
    }

    fn product(
        &self,
        function: &mut Function,
        ty: Scalar,
        mut value: impl FnMut(&mut Function, Factor) -> Handle<Expr>,
    ) -> Handle<Expr> {
        let mut product = None;
        for factor in &self.0 {
            let value = value(function, *factor);
            product = Some(match product {
                None => value,
                Some(product) => {
                    function.expr(ExprKind::Binary(BinaryOp::Multiply, product, value), ty)
                }
            });
        }
        match product {
            Some(product) => product,
            None if ty == Scalar::F64 => function.expr(ExprKind::Float(1.0), ty),
            None => build::int(function, 1, ty),
        }
    }

    /// Returns the words for it: `w * h`.
    pub(crate) fn words(&self, function: &Function) -> String {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|factor| match factor {
                Factor::Var(var) => function.vars[*var].name.clone(),
                Factor::Value(expr) => {
                    let vars = build::variables(function, *expr);
                    let names: Vec<_> = vars
                        .iter()
                        .map(|var| function.vars[*var].name.as_str())
                        .collect();
                    format!("f({})", names.join(", "))
                }
            })
            .collect();
        words.join(" * ")
    }
}

fn factor_range(function: &Function, factor: Factor) -> Option<(i128, i128)> {
    match factor {
        Factor::Var(var) => function.vars[var].ty.scalar()?.integer_range(),
        Factor::Value(expr) => function.exprs[expr].ty.scalar()?.integer_range(),
    }
}

fn factor_value(function: &mut Function, factor: Factor) -> Handle<Expr> {
    match factor {
        Factor::Var(var) => {
            let load = function.load(var);
            build::convert(function, load, Scalar::I64)
        }
        Factor::Value(expr) => {
            let value = widened(function, expr);
            build::convert(function, value, Scalar::I64)
        }
    }
}

/// Returns whether the host can compute an expression of unchanging variables wherever divisors are positive: no value
/// on the way leaves 64 bits, and nothing but variables is read.
///
/// Divisors are added to `divisors`.
pub(crate) fn is_evaluable(
    function: &Function,
    expr: Handle<Expr>,
    is_unchanged: &mut dyn FnMut(Handle<Var>) -> bool,
    divisors: &mut Vec<Handle<Expr>>,
) -> bool {
    bounds(function, expr, is_unchanged, divisors)
        .is_some_and(|(low, high)| i128::from(i64::MIN) <= low && high <= i128::from(i64::MAX))
}

/// Returns the bounds of a value computed in 64 bits, or `None` where it cannot be.
fn bounds(
    function: &Function,
    expr: Handle<Expr>,
    is_unchanged: &mut dyn FnMut(Handle<Var>) -> bool,
    divisors: &mut Vec<Handle<Expr>>,
) -> Option<(i128, i128)> {
    let node = &function.exprs[expr];
    let scalar = node.ty.scalar()?;
    let (low, high) = scalar.integer_range()?;
    if high > i128::from(i64::MAX) {
        return None;
    }
    match &node.kind {
        ExprKind::Int(value) => Some((*value, *value)),
        ExprKind::Load(place) if place.path.is_empty() && is_unchanged(place.var) => {
            Some((low, high))
        }
        ExprKind::Cast(a) => {
            let (least, greatest) = bounds(function, *a, is_unchanged, divisors)?;
            let is_kept = low <= least && greatest <= high;
            Some(if is_kept {
                (least, greatest)
            } else {
                (low, high)
            })
        }
        ExprKind::Unary(UnaryOp::BitNot, a) => {
            bounds(function, *a, is_unchanged, divisors).map(|_| (low, high))
        }
        ExprKind::Unary(UnaryOp::Negate, a) => {
            let (least, greatest) = bounds(function, *a, is_unchanged, divisors)?;
            let ends = (greatest.checked_neg()?, least.checked_neg()?);
            Some(if scalar.is_signed() {
                ends
            } else {
                (low, high)
            })
        }
        ExprKind::Binary(op, a, b) => {
            let (a_ends, b_ends) = (
                bounds(function, *a, is_unchanged, divisors)?,
                bounds(function, *b, is_unchanged, divisors)?,
            );
            let ends = match op {
                BinaryOp::Add => (
                    a_ends.0.checked_add(b_ends.0)?,
                    a_ends.1.checked_add(b_ends.1)?,
                ),
                BinaryOp::Subtract => (
                    a_ends.0.checked_sub(b_ends.1)?,
                    a_ends.1.checked_sub(b_ends.0)?,
                ),
                BinaryOp::Multiply => {
                    let ends = [
                        a_ends.0.checked_mul(b_ends.0)?,
                        a_ends.0.checked_mul(b_ends.1)?,
                        a_ends.1.checked_mul(b_ends.0)?,
                        a_ends.1.checked_mul(b_ends.1)?,
                    ];
                    (*ends.iter().min()?, *ends.iter().max()?)
                }
                BinaryOp::Divide | BinaryOp::Remainder => {
                    divisors.push(*b);
                    let far = a_ends.0.checked_abs()?.max(a_ends.1.checked_abs()?);
                    (-far, far)
                }
                BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => (low, high),
                BinaryOp::FloorDivide | BinaryOp::CeilDivide
                    if build::constant(function, *b).is_some_and(|divisor| divisor > 0) =>
                {
                    let far = a_ends.0.checked_abs()?.max(a_ends.1.checked_abs()?);
                    (-far, far)
                }
                BinaryOp::ShiftLeft
                | BinaryOp::ShiftRight
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual
                | BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Difference
                | BinaryOp::Min
                | BinaryOp::Max
                | BinaryOp::FloorDivide
                | BinaryOp::CeilDivide => return None,
            };
            let fits = i128::from(i64::MIN) <= ends.0 && ends.1 <= i128::from(i64::MAX);
            fits.then_some(if scalar.is_signed() {
                ends
            } else {
                (low, high)
            })
        }
        ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(UnaryOp::Not, _)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => None,
    }
}

/// Appends an expression with its signed arithmetic done in `i64`, where it cannot overflow; it has the same value
/// wherever the original has one.
fn widened(function: &mut Function, expr: Handle<Expr>) -> Handle<Expr> {
    let node = function.exprs[expr].clone();
    let Some(scalar) = node.ty.scalar() else {
        return expr;
    };
    let ty = if scalar.is_signed() {
        Scalar::I64
    } else {
        scalar
    };
    match node.kind {
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (widened(function, a), widened(function, b));
            let (a, b) = (
                build::convert(function, a, ty),
                build::convert(function, b, ty),
            );
            function.expr(ExprKind::Binary(op, a, b), ty)
        }
        ExprKind::Unary(op, a) => {
            let a = widened(function, a);
            let a = build::convert(function, a, ty);
            function.expr(ExprKind::Unary(op, a), ty)
        }
        ExprKind::Cast(a) => {
            let a = widened(function, a);
            build::convert(function, a, scalar)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => expr,
    }
}

/// Returns whether two expressions are written alike, spans and spellings apart.
fn is_alike(function: &Function, a: Handle<Expr>, b: Handle<Expr>) -> bool {
    if a == b {
        return true;
    }
    let (left, right) = (&function.exprs[a], &function.exprs[b]);
    if left.ty != right.ty {
        return false;
    }
    let alike = |a: &Handle<Expr>, b: &Handle<Expr>| is_alike(function, *a, *b);
    match (&left.kind, &right.kind) {
        (ExprKind::Int(a), ExprKind::Int(b)) => a == b,
        (ExprKind::Load(a), ExprKind::Load(b)) => {
            let is_step = |(a, b): (&Projection, &Projection)| match (a, b) {
                (Projection::Index(a), Projection::Index(b)) => alike(a, b),
                (Projection::Field(a), Projection::Field(b)) => a == b,
                (Projection::Index(_), Projection::Field(_))
                | (Projection::Field(_), Projection::Index(_)) => false,
            };
            a.var == b.var
                && a.path.len() == b.path.len()
                && a.path.iter().zip(&b.path).all(is_step)
        }
        (ExprKind::Unary(op, a), ExprKind::Unary(other, b)) => op == other && alike(a, b),
        (ExprKind::Cast(a), ExprKind::Cast(b)) => alike(a, b),
        (ExprKind::Binary(op, first, second), ExprKind::Binary(other, third, fourth)) => {
            op == other && alike(first, third) && alike(second, fourth)
        }
        _ => false,
    }
}

/// How far two neighbours along one subscript lie apart: a constant times a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stride {
    /// Positive.
    pub factor: i128,
    /// Not negative wherever the conditions of a region hold.
    pub symbol: Symbol,
}

impl Stride {
    /// Returns the stride of neighbours.
    pub fn one() -> Self {
        Self {
            factor: 1,
            symbol: Symbol::default(),
        }
    }

    /// Returns the value for given variables; `None` where one is missing or 128 bits do not hold it.
    pub(crate) fn evaluate(&self, values: &BTreeMap<Symbol, i128>) -> Option<i128> {
        let mut factors = self.symbol.factors().iter();
        factors.try_fold(self.factor, |product, factor| {
            product.checked_mul(*values.get(&Symbol::from(*factor))?)
        })
    }

    /// Returns how many elements of one stride make one of this, if that is a whole number.
    pub(crate) fn divided_by(&self, inner: &Self) -> Option<Affine> {
        let symbol = self.symbol.divided_by(&inner.symbol)?;
        if self.factor % inner.factor != 0 {
            return None;
        }
        let value = if symbol.factors().is_empty() {
            Affine::constant(1)
        } else {
            Affine::atom(Atom::Symbol(symbol))
        };
        value.times(self.factor / inner.factor)
    }
}
