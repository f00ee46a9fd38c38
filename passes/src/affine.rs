//! Affine forms and conditions over the variables of a function.
//!
//! A form is what an expression is worth as a mathematical integer; whether an expression has one, with C's wrapping
//! and conversions, is decided by the analysis that builds it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use mupac_ir::{Handle, Var};

use crate::symbol::Symbol;

/// Parameters of 64 bits are taken to lie within plus and minus this, under a guard: the greatest grid of blocks of
/// 256 threads covers no more, and no sum of a few such values leaves 64 bits.
pub const WIDE: i128 = ((1 << 31) - 1) * 256;

/// What a coefficient stands before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// The value of a variable (an iterator or a parameter), or of a symbol of parameters.
    Symbol(Symbol),
    /// A form divided by a positive constant, toward minus infinity.
    Floor(Box<Affine>, i128),
    /// A value of which only something is known.
    Unknown(Box<Unknown>),
}

/// A value that has no form of its own; wherever it occurs in one set or relation it is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// Tells it from the others of one walk.
    pub id: usize,
    /// What is known.
    pub known: Known,
    /// Whether that determines it, for every instance that computes it.
    pub is_exact: bool,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It lies between two bounds, both included; without one: it has none.
    Between(Option<Affine>, Option<Affine>),
    /// It is each form where the condition before it may hold; at least one of the conditions does.
    OneOf(Vec<(Formula, Affine)>),
}

impl Unknown {
    /// Returns isl's name.
    pub fn name(&self) -> String {
        format!("u{}", self.id)
    }

    /// Returns what is known of it, in isl's text.
    pub fn constraint(&self) -> String {
        let name = self.name();
        match &self.known {
            Known::Between(low, high) => {
                let low = low.as_ref().map(|low| format!("{low} <= {name}"));
                let high = high.as_ref().map(|high| format!("{name} <= {high}"));
                let parts: Vec<String> = low.into_iter().chain(high).collect();
                if parts.is_empty() {
                    "0 = 0".to_owned()
                } else {
                    parts.join(" and ")
                }
            }
            Known::OneOf(cases) => {
                let cases: Vec<String> = cases
                    .iter()
                    .map(|(condition, value)| format!("({condition} and {name} = {value})"))
                    .collect();
                cases.join(" or ")
            }
        }
    }

    fn collect(&self, found: &mut Atoms) {
        let is_new = found.unknowns.insert(self.id, self.clone()).is_none();
        if !is_new {
            return;
        }
        match &self.known {
            Known::Between(low, high) => {
                for form in low.iter().chain(high) {
                    form.collect(found);
                }
            }
            Known::OneOf(cases) => {
                for (condition, value) in cases {
                    condition.collect(found);
                    value.collect(found);
                }
            }
        }
    }
}

/// What forms and conditions are made of.
#[derive(Clone, Debug, Default)]
pub struct Atoms {
    /// Variables and symbols.
    pub symbols: BTreeSet<Symbol>,
    /// Values of which only something is known, by number.
    pub unknowns: BTreeMap<usize, Unknown>,
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
            terms: BTreeMap::from([(Atom::Symbol(Symbol::var(var)), 1)]),
        }
    }

    /// Returns the value of an atom.
    pub fn atom(atom: Atom) -> Self {
        Self {
            constant: 0,
            terms: BTreeMap::from([(atom, 1)]),
        }
    }

    /// Returns the constant part.
    pub fn offset(&self) -> i128 {
        self.constant
    }

    /// Returns what stands before each atom.
    pub fn terms(&self) -> impl Iterator<Item = (&Atom, i128)> {
        self.terms.iter().map(|(atom, factor)| (atom, *factor))
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

    /// Adds what the value depends on.
    pub fn collect(&self, found: &mut Atoms) {
        for atom in self.terms.keys() {
            match atom {
                Atom::Symbol(symbol) => {
                    found.symbols.insert(symbol.clone());
                }
                Atom::Floor(inner, _) => inner.collect(found),
                Atom::Unknown(unknown) => unknown.collect(found),
            }
        }
    }

    /// Returns whether all is known of what the value depends on.
    pub fn is_exact(&self) -> bool {
        let mut found = Atoms::default();
        self.collect(&mut found);
        found.unknowns.values().all(|unknown| unknown.is_exact)
    }

    /// Returns the value for given symbols; `None` where one is missing or 128 bits do not hold it.
    pub fn evaluate(&self, values: &BTreeMap<Symbol, i128>) -> Option<i128> {
        self.terms
            .iter()
            .try_fold(self.constant, |sum, (atom, coefficient)| {
                let value = match atom {
                    Atom::Symbol(symbol) => *values.get(symbol)?,
                    Atom::Floor(inner, divisor) => inner.evaluate(values)?.div_euclid(*divisor),
                    Atom::Unknown(_) => return None,
                };
                sum.checked_add(coefficient.checked_mul(value)?)
            })
    }
}

impl fmt::Display for Affine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = self.terms.iter().map(|(atom, coefficient)| {
            let text = match atom {
                Atom::Symbol(symbol) => symbol.name(),
                Atom::Unknown(unknown) => unknown.name(),
                Atom::Floor(inner, divisor) => format!("floor({inner}/{divisor})"),
            };
            (text, *coefficient)
        });
        write_sum(f, terms, self.constant)
    }
}

/// Writes a sum in isl's text, without what adds or multiplies nothing: isl computes with piecewise functions while it
/// reads.
pub(crate) fn write_sum(
    f: &mut fmt::Formatter<'_>,
    terms: impl Iterator<Item = (impl fmt::Display, i128)>,
    constant: i128,
) -> fmt::Result {
    f.write_str("(")?;
    let mut is_first = true;
    for (term, coefficient) in terms {
        let plus = if is_first { "" } else { " + " };
        match coefficient {
            1 => write!(f, "{plus}{term}")?,
            -1 if is_first => write!(f, "-{term}")?,
            -1 => write!(f, " - {term}")?,
            _ => write!(f, "{plus}{coefficient}*{term}")?,
        }
        is_first = false;
    }
    match constant {
        _ if is_first => write!(f, "{constant}")?,
        0 => {}
        _ => write!(f, " + {constant}")?,
    }
    f.write_str(")")
}

/// How a form compares with 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// `form = 0`.
    Zero,
    /// `form ≠ 0`.
    NotZero,
    /// `form ≥ 0`.
    NotNegative,
}

/// A condition on variables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// Calls `see` for every part that holds wherever all do.
    pub fn each_conjunct<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        match self {
            Self::And(a, b) => {
                a.each_conjunct(see);
                b.each_conjunct(see);
            }
            Self::Constant(_) | Self::Compare(..) | Self::Or(..) => see(self),
        }
    }

    /// Adds what the condition depends on.
    pub fn collect(&self, found: &mut Atoms) {
        match self {
            Self::Constant(_) => {}
            Self::Compare(form, _) => form.collect(found),
            Self::And(a, b) | Self::Or(a, b) => {
                a.collect(found);
                b.collect(found);
            }
        }
    }

    /// Returns formulas that hold together where this one does.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::And(a, b) => [a.conjuncts(), b.conjuncts()].concat(),
            Self::Constant(_) | Self::Compare(..) | Self::Or(..) => vec![self],
        }
    }

    /// Returns whether everything that it depends on is known exactly.
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Compare(form, _) => form.is_exact(),
            Self::And(a, b) | Self::Or(a, b) => a.is_exact() && b.is_exact(),
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
