//! Sums of variables with whole factors: what subscripts and bounds are worth where no region is analysed yet.
//!
//! All of it is signed arithmetic, which is that of the numbers or has no meaning (C17 6.5 §5); conversions count where they keep
//! every value.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Place, Projection, Type, UnaryOp, Var, fold,
};

/// More terms than any bound has.
const MOST_TERMS: usize = 8;

/// An integer that the walk over some text does not compute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    /// What a variable holds.
    Var(Handle<Var>),
    /// An element of an array, or a member, at subscripts that are numbers.
    Element(Handle<Var>, Vec<i128>),
}

impl Atom {
    /// Returns the variable that holds it.
    pub(super) fn var(&self) -> Handle<Var> {
        match self {
            Self::Var(var) | Self::Element(var, _) => *var,
        }
    }

    /// Returns whether nothing but an assignment by name changes it.
    pub(super) fn is_own(&self, function: &Function) -> bool {
        matches!(self, Self::Var(var) if function.vars[*var].is_plain_local())
    }
}

/// `number + Σ factor · atom`; no factor is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Linear {
    number: i128,
    terms: BTreeMap<Atom, i128>,
}

/// Locals of which something is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Locals {
    values: BTreeMap<Handle<Var>, Linear>,
}

impl Locals {
    /// Notes what a variable holds, unless others may change it or its own value counts.
    pub(super) fn set(&mut self, function: &Function, var: Handle<Var>, value: Linear) {
        let is_integer = function.vars[var]
            .ty
            .scalar()
            .is_some_and(|ty| !ty.is_float());
        let is_own = function.vars[var].is_plain_local() && function.vars[var].texts.is_empty();
        if is_integer && is_own && value.atoms().all(|atom| atom.var() != var) {
            self.values.insert(var, value);
        }
    }

    /// Forgets what depends on atoms.
    pub(super) fn forget(&mut self, is_gone: &dyn Fn(&Atom) -> bool) {
        self.values
            .retain(|var, value| !is_gone(&Atom::Var(*var)) && !value.atoms().any(is_gone));
    }

    /// Keeps what others say, too.
    pub(super) fn keep_common(&mut self, other: &Self) {
        self.values
            .retain(|var, value| other.values.get(var) == Some(value));
    }
}

impl Linear {
    pub(super) fn number(number: i128) -> Self {
        let terms = BTreeMap::new();
        Self { number, terms }
    }

    pub(super) fn atom(atom: Atom) -> Self {
        let terms = BTreeMap::from([(atom, 1)]);
        Self { number: 0, terms }
    }

    /// Returns an integer as such a sum.
    pub(super) fn of(function: &Function, expr: Handle<Expr>, locals: &Locals) -> Option<Self> {
        if let Some(number) = fold::constant(function, expr) {
            return Some(Self::number(number));
        }
        let node = &function.exprs[expr];
        let ty = node.ty.scalar().filter(|ty| !ty.is_float())?;
        let part = |expr| Self::of(function, expr, locals);
        match &node.kind {
            ExprKind::Load(place) if place.path.is_empty() => {
                let known = locals.values.get(&place.var).cloned();
                let var = Atom::Var(place.var);
                let is_plain = !function.vars[place.var].is_volatile;
                known.or_else(|| is_plain.then(|| Self::atom(var)))
            }
            ExprKind::Load(place) => Some(Self::atom(element(function, place)?)),
            ExprKind::Cast(inner) => {
                let from = function.exprs[*inner].ty.scalar()?;
                from.fits_in(ty).then(|| part(*inner))?
            }
            ExprKind::Unary(UnaryOp::Negate, inner) if ty.is_signed() => part(*inner)?.times(-1),
            ExprKind::Binary(BinaryOp::Add, a, b) if ty.is_signed() => part(*a)?.plus(&part(*b)?),
            ExprKind::Binary(BinaryOp::Subtract, a, b) if ty.is_signed() => {
                part(*a)?.minus(&part(*b)?)
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) if ty.is_signed() => {
                let (a, b) = (part(*a)?, part(*b)?);
                match a.constant() {
                    Some(factor) => b.times(factor),
                    None => a.times(b.constant()?),
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// Returns the sum; `None` where it grows too large.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        sum.number = sum.number.checked_add(other.number)?;
        for (atom, factor) in &other.terms {
            let own = sum.terms.entry(atom.clone()).or_default();
            *own = own.checked_add(*factor)?;
            if *own == 0 {
                sum.terms.remove(atom);
            }
        }
        (sum.terms.len() <= MOST_TERMS).then_some(sum)
    }

    /// Returns the difference; `None` where it grows too large.
    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(-1)?)
    }

    /// Returns the sum with a number.
    pub(super) fn plus_constant(&self, number: i128) -> Option<Self> {
        self.plus(&Self::number(number))
    }

    fn times(&self, factor: i128) -> Option<Self> {
        if factor == 0 {
            return Some(Self::default());
        }
        let mut product = self.clone();
        product.number = product.number.checked_mul(factor)?;
        for own in product.terms.values_mut() {
            *own = own.checked_mul(factor)?;
        }
        Some(product)
    }

    /// Returns the value, if it is a number.
    pub(super) fn constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.number)
    }

    /// Returns what an atom is multiplied by.
    pub(super) fn factor(&self, atom: &Atom) -> i128 {
        self.terms.get(atom).copied().unwrap_or(0)
    }

    /// Returns the atoms that count.
    pub(super) fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.terms.keys()
    }

    /// Returns the sum with another one in the place of a variable.
    pub(super) fn replaced(&self, var: Handle<Var>, value: &Self) -> Option<Self> {
        let atom = Atom::Var(var);
        let factor = self.factor(&atom);
        let mut rest = self.clone();
        rest.terms.remove(&atom);
        rest.plus(&value.times(factor)?)
    }
}

/// Returns an element or member of a named object at subscripts that are numbers.
fn element(function: &Function, place: &Place) -> Option<Atom> {
    let var = &function.vars[place.var];
    let is_object = matches!(var.ty, Type::Array { .. } | Type::Record(_));
    let mut ty = &var.ty;
    let mut at = Vec::new();
    for step in &place.path {
        match (step, ty) {
            (Projection::Index(index), Type::Array { of, .. }) => {
                at.push(fold::constant(function, *index)?);
                ty = of;
            }
            // What a member leads to is told by the last step alone.
            (Projection::Field(_) | Projection::Index(_), _) => return None,
        }
    }
    (is_object && !var.is_volatile).then_some(Atom::Element(place.var, at))
}
