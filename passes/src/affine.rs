//! Affine forms and conditions over the variables of a function.
//!
//! A form is what an expression is worth as a mathematical integer; whether an expression has one, with C's wrapping
//! and conversions, is decided by the analysis that builds it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use mupac_ir::{Handle, Var};

/// Parameters of 64 bits are taken to lie within plus and minus this, under a guard: the greatest grid of blocks of
/// 256 threads covers no more, and no sum of a few such values leaves 64 bits.
pub const WIDE: i128 = ((1 << 31) - 1) * 256;

/// What a coefficient stands before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// The value of a variable: an iterator or a parameter.
    Var(Handle<Var>),
    /// A form divided by a positive constant, toward minus infinity.
    Floor(Box<Affine>, i128),
}

/// `constant + Σ coefficient · atom`, in unbounded integers; no coefficient is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affine {
    constant: i128,
    terms: BTreeMap<Atom, i128>,
}

/// Returns the name of a variable in isl's text.
pub fn name(var: Handle<Var>) -> String {
    format!("v{}", var.index())
}

impl Affine {
    /// Returns a constant.
    pub fn constant(constant: i128) -> Self {
        Self {
            constant,
            terms: BTreeMap::new(),
        }
    }

    /// Returns the value of a variable.
    pub fn var(var: Handle<Var>) -> Self {
        Self {
            constant: 0,
            terms: BTreeMap::from([(Atom::Var(var), 1)]),
        }
    }

    /// Returns the constant, if nothing else is in it.
    pub fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Returns the sum, or `None` where a coefficient leaves 128 bits.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant)?;
        for (atom, coefficient) in &other.terms {
            let entry = sum.terms.entry(atom.clone()).or_default();
            *entry = entry.checked_add(*coefficient)?;
            if *entry == 0 {
                sum.terms.remove(atom);
            }
        }
        Some(sum)
    }

    /// Returns the difference, or `None` where a coefficient leaves 128 bits.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(-1)?)
    }

    /// Returns the product with a constant, or `None` where a coefficient leaves 128 bits.
    pub fn times(&self, factor: i128) -> Option<Self> {
        if factor == 0 {
            return Some(Self::default());
        }
        let terms = self
            .terms
            .iter()
            .map(|(atom, coefficient)| Some((atom.clone(), coefficient.checked_mul(factor)?)))
            .collect::<Option<_>>()?;
        Some(Self {
            constant: self.constant.checked_mul(factor)?,
            terms,
        })
    }

    /// Returns the quotient by a positive constant, toward minus infinity.
    pub fn floor(&self, divisor: i128) -> Option<Self> {
        if divisor <= 0 {
            return None;
        }
        if let Some(constant) = self.as_constant() {
            return Some(Self::constant(constant.div_euclid(divisor)));
        }
        let atom = Atom::Floor(Box::new(self.clone()), divisor);
        Some(Self {
            constant: 0,
            terms: BTreeMap::from([(atom, 1)]),
        })
    }

    /// Adds the variables that the value depends on.
    pub fn collect_vars(&self, found: &mut BTreeSet<Handle<Var>>) {
        for atom in self.terms.keys() {
            match atom {
                Atom::Var(var) => {
                    found.insert(*var);
                }
                Atom::Floor(inner, _) => inner.collect_vars(found),
            }
        }
    }

    /// Returns the value for given variables; `None` where one is missing or 128 bits do not hold it.
    pub fn evaluate(&self, values: &BTreeMap<Handle<Var>, i128>) -> Option<i128> {
        self.terms
            .iter()
            .try_fold(self.constant, |sum, (atom, coefficient)| {
                let value = match atom {
                    Atom::Var(var) => *values.get(var)?,
                    Atom::Floor(inner, divisor) => inner.evaluate(values)?.div_euclid(*divisor),
                };
                sum.checked_add(coefficient.checked_mul(value)?)
            })
    }
}

impl fmt::Display for Affine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}", self.constant)?;
        for (atom, coefficient) in &self.terms {
            match atom {
                Atom::Var(var) => write!(f, " + {coefficient}*{}", name(*var))?,
                Atom::Floor(inner, divisor) => {
                    write!(f, " + {coefficient}*floor({inner}/{divisor})")?;
                }
            }
        }
        f.write_str(")")
    }
}

/// How a form compares with 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `form = 0`.
    Zero,
    /// `form ≠ 0`.
    NotZero,
    /// `form ≥ 0`.
    NotNegative,
}

/// A condition on variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Always or never.
    Constant(bool),
    /// A form compared with 0.
    Compare(Affine, Sign),
    /// Both.
    And(Box<Formula>, Box<Formula>),
    /// Either.
    Or(Box<Formula>, Box<Formula>),
}

impl Formula {
    /// Returns `a <= b`.
    pub fn at_most(a: &Affine, b: &Affine) -> Option<Self> {
        Some(Self::Compare(b.minus(a)?, Sign::NotNegative))
    }

    /// Returns `a < b`.
    pub fn below(a: &Affine, b: &Affine) -> Option<Self> {
        Self::at_most(&a.plus(&Affine::constant(1))?, b)
    }

    /// Returns `low <= a <= high`.
    pub fn within(a: &Affine, low: i128, high: i128) -> Option<Self> {
        Some(
            Self::at_most(&Affine::constant(low), a)?
                .and(Self::at_most(a, &Affine::constant(high))?),
        )
    }

    /// Returns the conjunction.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(true), other) | (other, Self::Constant(true)) => other,
            (a, b) => Self::And(Box::new(a), Box::new(b)),
        }
    }

    /// Returns the disjunction.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(false), other) | (other, Self::Constant(false)) => other,
            (a, b) => Self::Or(Box::new(a), Box::new(b)),
        }
    }

    /// Returns the opposite, or `None` where a coefficient leaves 128 bits.
    pub fn negated(&self) -> Option<Self> {
        Some(match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::Compare(form, Sign::Zero) => Self::Compare(form.clone(), Sign::NotZero),
            Self::Compare(form, Sign::NotZero) => Self::Compare(form.clone(), Sign::Zero),
            Self::Compare(form, Sign::NotNegative) => {
                let opposite = Affine::constant(-1).minus(form)?;
                Self::Compare(opposite, Sign::NotNegative)
            }
            Self::And(a, b) => a.negated()?.or(b.negated()?),
            Self::Or(a, b) => a.negated()?.and(b.negated()?),
        })
    }

    /// Adds the variables that the condition depends on.
    pub fn collect_vars(&self, found: &mut BTreeSet<Handle<Var>>) {
        match self {
            Self::Constant(_) => {}
            Self::Compare(form, _) => form.collect_vars(found),
            Self::And(a, b) | Self::Or(a, b) => {
                a.collect_vars(found);
                b.collect_vars(found);
            }
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(true) => f.write_str("(0 = 0)"),
            Self::Constant(false) => f.write_str("(0 = 1)"),
            Self::Compare(form, Sign::Zero) => write!(f, "({form} = 0)"),
            Self::Compare(form, Sign::NotZero) => write!(f, "({form} != 0)"),
            Self::Compare(form, Sign::NotNegative) => write!(f, "({form} >= 0)"),
            Self::And(a, b) => write!(f, "({a} and {b})"),
            Self::Or(a, b) => write!(f, "({a} or {b})"),
        }
    }
}
