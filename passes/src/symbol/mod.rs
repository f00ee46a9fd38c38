//! Integer values that do not change in a region and that are no sums of variables: what isl takes for one parameter.
//!
//! `w * h` and `n / k` have no affine form, but where nothing changes their variables each is one number, which the host
//! can compute before the region. A symbol is a product of such numbers; a single variable is the simplest one.
//! Names are made from handles alone, so that every analysis calls equal values by one name: `v3`, `v3_v5`, `e17`.

mod evaluable;
mod stride;

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Var};

use crate::affine::WIDE;
use crate::build;

pub(crate) use evaluable::{bounds, is_evaluable, widened};
pub use stride::Stride;

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
            .find(|other| is_same_expr(function, *other, function, expr));
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

    /// Returns whether computing it divides.
    pub(crate) fn divides(&self, function: &Function) -> bool {
        let mut found = false;
        for factor in &self.0 {
            if let Factor::Value(expr) = factor {
                build::visit(function, *expr, &mut |_, node| {
                    found |= build::is_quotient(&node.kind);
                });
            }
        }
        found
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
        self.range(|factor| factor_range(function, factor), i128::checked_mul)
    }

    /// Returns the range that the value is taken to lie in under a guard: within [`WIDE`] where its type does not say
    /// so, and for every proper product.
    pub fn working_range(&self, function: &Function) -> Option<(i128, i128)> {
        // What no 128 bits hold is beyond the guard as well.
        let multiply = |a: i128, b: i128| Some(a.saturating_mul(b));
        let (low, high) = self.range(|factor| factor_range(function, factor), multiply)?;
        let is_small = high <= i128::from(u32::MAX) && low >= i128::from(i32::MIN);
        Some(if is_small {
            (low, high)
        } else {
            (low.max(-WIDE), high.min(WIDE))
        })
    }

    fn range(
        &self,
        range: impl Fn(Factor) -> Option<(i128, i128)>,
        multiply: impl Fn(i128, i128) -> Option<i128>,
    ) -> Option<(i128, i128)> {
        self.0.iter().try_fold((1, 1), |(low, high), factor| {
            let (least, greatest) = range(*factor)?;
            let ends = [
                multiply(low, least)?,
                multiply(low, greatest)?,
                multiply(high, least)?,
                multiply(high, greatest)?,
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
