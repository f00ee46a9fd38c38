//! Sums of products of variables: what a subscript like `(i * m + j) * n + k` is worth as a mathematical integer.
//!
//! A polynomial that multiplies no iterator has an affine form; of the others, delinearisation looks for one.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Handle, Var};

use crate::affine::{Affine, Atom, Atoms};
use crate::symbol::Symbol;

/// More terms than any subscript has; what grows beyond is left alone.
const MOST_TERMS: usize = 64;

/// More factors than any term of a subscript has.
const MOST_FACTORS: usize = 8;

/// A product of atoms, in order; the empty one is 1. Symbols are split into their factors, and a term has at most one
/// symbol: the product of them all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Monomial {
    symbol: Symbol,
    others: Vec<Atom>,
}

/// `Σ coefficient · product`, in unbounded integers; no coefficient is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Polynomial {
    terms: BTreeMap<Monomial, i128>,
}

/// One term as delinearisation sees it: the value that varies, times what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) coefficient: i128,
    /// The product of the parameters.
    pub(crate) stride: Symbol,
    /// The atom that is no parameter, if there is one.
    pub(crate) varying: Option<Atom>,
}

impl From<Affine> for Polynomial {
    fn from(form: Affine) -> Self {
        let mut terms = BTreeMap::new();
        if form.offset() != 0 {
            terms.insert(Monomial::default(), form.offset());
        }
        for (atom, coefficient) in form.terms() {
            let monomial = match atom {
                Atom::Symbol(symbol) => Monomial {
                    symbol: symbol.clone(),
                    others: Vec::new(),
                },
                Atom::Floor(..) | Atom::Unknown(_) => Monomial {
                    symbol: Symbol::default(),
                    others: vec![atom.clone()],
                },
            };
            terms.insert(monomial, coefficient);
        }
        Self { terms }
    }
}

impl Polynomial {
    /// Returns a constant.
    pub(crate) fn constant(value: i128) -> Self {
        Affine::constant(value).into()
    }

    /// Returns the sum, or `None` where it grows too large.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        for (monomial, coefficient) in &other.terms {
            sum.add(monomial, *coefficient)?;
        }
        Some(sum)
    }

    /// Returns the difference, or `None` where it grows too large.
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(&Self::constant(-1))?)
    }

    /// Returns the product, or `None` where it grows too large.
    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        let mut product = Self::default();
        for (a, x) in &self.terms {
            for (b, y) in &other.terms {
                let mut others: Vec<Atom> = a.others.iter().chain(&b.others).cloned().collect();
                others.sort_unstable();
                let symbol = a.symbol.times(&b.symbol);
                if others.len() + symbol.factors().len() > MOST_FACTORS {
                    return None;
                }
                product.add(&Monomial { symbol, others }, x.checked_mul(*y)?)?;
            }
        }
        Some(product)
    }

    fn add(&mut self, monomial: &Monomial, coefficient: i128) -> Option<()> {
        let entry = self.terms.entry(monomial.clone()).or_default();
        *entry = entry.checked_add(coefficient)?;
        if *entry == 0 {
            self.terms.remove(monomial);
        }
        (self.terms.len() <= MOST_TERMS).then_some(())
    }

    /// Returns the affine form, in which products of parameters are symbols; `None` where an iterator or another value
    /// that varies is multiplied.
    pub(crate) fn affine(&self, iterators: &[Handle<Var>]) -> Option<Affine> {
        self.terms(iterators)?
            .into_iter()
            .try_fold(Affine::default(), |sum, term| {
                let is_one = term.stride.factors().is_empty();
                let value = match term.varying {
                    Some(atom) => is_one.then(|| Affine::atom(atom))?,
                    None if is_one => Affine::constant(1),
                    None => Affine::atom(Atom::Symbol(term.stride)),
                };
                sum.plus(&value.times(term.coefficient)?)
            })
    }

    /// Returns the terms; `None` where one of them multiplies two values that vary.
    pub(crate) fn terms(&self, iterators: &[Handle<Var>]) -> Option<Vec<Term>> {
        self.terms
            .iter()
            .map(|(monomial, coefficient)| {
                let mut stride = monomial.symbol.clone();
                let mut varying = monomial.others.clone();
                for iterator in iterators {
                    let iterator = Symbol::var(*iterator);
                    while let Some(rest) = stride.divided_by(&iterator) {
                        stride = rest;
                        varying.push(Atom::Symbol(iterator.clone()));
                    }
                }
                (varying.len() <= 1).then(|| Term {
                    coefficient: *coefficient,
                    stride,
                    varying: varying.pop(),
                })
            })
            .collect()
    }

    /// Returns the same value with sums in the place of the numbers that stand for them, or `None` where it grows too large.
    pub(crate) fn expanded(&self, sums: &BTreeMap<Symbol, Affine>) -> Option<Self> {
        let mut whole = Self::default();
        for (monomial, coefficient) in &self.terms {
            let mut product = Self::constant(*coefficient);
            for atom in &monomial.others {
                product = product.times(&Affine::atom(atom.clone()).into())?;
            }
            for factor in monomial.symbol.factors() {
                let symbol = Symbol::from(*factor);
                let value = sums.get(&symbol).cloned();
                let value = value.unwrap_or_else(|| Affine::atom(Atom::Symbol(symbol)));
                product = product.times(&value.into())?;
            }
            whole = whole.plus(&product)?;
        }
        Some(whole)
    }

    /// Adds what the value depends on.
    pub(crate) fn collect(&self, found: &mut Atoms) {
        for monomial in self.terms.keys() {
            let factors: BTreeSet<_> = monomial.symbol.factors().iter().collect();
            for factor in factors {
                found.symbols.insert(Symbol::from(*factor));
            }
            for atom in &monomial.others {
                Affine::atom(atom.clone()).collect(found);
            }
        }
    }

    /// Returns the terms as products of parameters; `None` where anything else is in them.
    pub(crate) fn products(&self) -> Option<Vec<(i128, Symbol)>> {
        self.terms
            .iter()
            .map(|(monomial, coefficient)| {
                let is_plain = monomial.others.is_empty();
                is_plain.then(|| (*coefficient, monomial.symbol.clone()))
            })
            .collect()
    }

    /// Returns whether a quotient is in it.
    pub(crate) fn has_quotient(&self) -> bool {
        let mut atoms = self.terms.keys().flat_map(|monomial| &monomial.others);
        atoms.any(|atom| matches!(atom, Atom::Floor(..)))
    }

    /// Returns whether all is known of what the value depends on.
    pub(crate) fn is_exact(&self) -> bool {
        let mut found = Atoms::default();
        self.collect(&mut found);
        found.unknowns.values().all(|unknown| unknown.is_exact)
    }

    /// Returns bounds that follow from those of every atom; `None` where one has none.
    pub(crate) fn interval(
        &self,
        mut bounds: impl FnMut(&Atom) -> Option<(i128, i128)>,
    ) -> Option<(i128, i128)> {
        let mut sum = (0_i128, 0_i128);
        for (monomial, coefficient) in &self.terms {
            let symbols = monomial.symbol.factors().iter();
            let atoms: Vec<Atom> = symbols
                .map(|factor| Atom::Symbol(Symbol::from(*factor)))
                .chain(monomial.others.iter().cloned())
                .collect();
            let mut product = (*coefficient, *coefficient);
            for atom in &atoms {
                let (low, high) = bounds(atom)?;
                let ends = [
                    product.0.checked_mul(low)?,
                    product.0.checked_mul(high)?,
                    product.1.checked_mul(low)?,
                    product.1.checked_mul(high)?,
                ];
                product = (*ends.iter().min()?, *ends.iter().max()?);
            }
            sum = (sum.0.checked_add(product.0)?, sum.1.checked_add(product.1)?);
        }
        Some(sum)
    }
}
