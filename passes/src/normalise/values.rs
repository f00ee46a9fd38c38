//! What integers are worth where a statement runs: sums of products of variables, through the locals that iterations compute.
//!
//! All of it is signed arithmetic, which is that of the numbers or has no meaning (C17 6.5 §5), or that of one unsigned type, which
//! is that of the numbers where no value leaves the type: who asks for it has to see to that.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, Stmt, Var};

use crate::affine::{Affine, Atoms};
use crate::analyse::changed;
use crate::build;
use crate::polynomial::Polynomial;
use crate::symbol::Symbol;

/// The locals of which something is known, and what.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    known: BTreeMap<Handle<Var>, Polynomial>,
    /// The unsigned type whose sums are looked at, too.
    unsigned: Option<Scalar>,
    /// Those that are the lesser of two.
    lesser: BTreeMap<Handle<Var>, Lesser>,
}

/// A value, or the lesser of two.
pub(super) type Lesser = (Polynomial, Option<Polynomial>);

impl Values {
    /// Returns nothing known, where sums of an unsigned type are looked at besides signed ones.
    pub(super) fn of(unsigned: Option<Scalar>) -> Self {
        Self {
            unsigned,
            ..Self::default()
        }
    }

    /// Notes what a statement does.
    pub(super) fn pass(&mut self, function: &Function, stmt: &Stmt) {
        let own = whole(function, stmt);
        let own = own.and_then(|(var, value)| Some((var, self.lesser(function, value)?)));
        let own = own.or_else(|| self.limited(function, stmt));
        self.forget(&changed(function, std::slice::from_ref(stmt)));
        match own {
            Some((var, (value, None))) if !names(&value, var) => {
                self.known.insert(var, value);
            }
            Some((var, (value, Some(other)))) if !names(&value, var) && !names(&other, var) => {
                self.lesser.insert(var, (value, Some(other)));
            }
            Some(_) | None => {}
        }
    }

    /// Forgets what depends on some variables.
    pub(super) fn forget(&mut self, changed: &BTreeSet<Handle<Var>>) {
        let is_kept = |var: &Handle<Var>, value: &Polynomial| {
            !changed.contains(var) && !changed.iter().any(|other| names(value, *other))
        };
        self.known.retain(|var, value| is_kept(var, value));
        self.lesser.retain(|var, (value, other)| {
            is_kept(var, value) && other.as_ref().is_none_or(|other| is_kept(var, other))
        });
    }

    /// Returns a local that a statement sets to a limit where it is beyond, and what it is then: `if (e > n) e = n;`.
    fn limited(&self, function: &Function, stmt: &Stmt) -> Option<(Handle<Var>, Lesser)> {
        let Stmt::If(branch) = stmt else { return None };
        let [Stmt::Compute(set)] = branch.then.as_slice() else {
            return None;
        };
        let var = set.target.var;
        let before = self.known.get(&var)?.clone();
        let limit = self.polynomial(function, set.value)?;
        let (lesser, greater) = self.ordered(function, branch.condition)?;
        let is_beyond = lesser == limit && greater == before;
        let is_whole = set.target.path.is_empty() && branch.otherwise.is_empty();
        (is_whole && is_beyond).then_some((var, (before, Some(limit))))
    }

    /// Returns what a comparison says is less than, or not more than, what.
    fn ordered(
        &self,
        function: &Function,
        condition: Handle<Expr>,
    ) -> Option<(Polynomial, Polynomial)> {
        let ExprKind::Binary(op, a, b) = function.exprs[condition].kind else {
            return None;
        };
        let (a, b) = (self.polynomial(function, a)?, self.polynomial(function, b)?);
        if matches!(op, BinaryOp::Less | BinaryOp::LessEqual) {
            Some((a, b))
        } else {
            matches!(op, BinaryOp::Greater | BinaryOp::GreaterEqual).then_some((b, a))
        }
    }

    /// Returns an integer as a sum of products of variables, or as the lesser of two.
    pub(super) fn lesser(&self, function: &Function, expr: Handle<Expr>) -> Option<Lesser> {
        if let ExprKind::Cast(inner) = function.exprs[expr].kind {
            let (from, to) = (
                function.exprs[inner].ty.scalar()?,
                function.exprs[expr].ty.scalar()?,
            );
            let is_kept = from.fits_in(to) && (from.is_signed() || from == to);
            return is_kept.then(|| self.lesser(function, inner))?;
        }
        if let ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) =
            function.exprs[expr].kind
            && let Some(moved) = self.moved(function, expr, a, b)
        {
            return Some(moved);
        }
        if let ExprKind::Select {
            condition,
            then,
            otherwise,
        } = function.exprs[expr].kind
        {
            let (lesser, greater) = self.ordered(function, condition)?;
            let then = self.polynomial(function, then)?;
            let otherwise = self.polynomial(function, otherwise)?;
            return (lesser == then && greater == otherwise).then_some((then, Some(otherwise)));
        }
        if let ExprKind::Load(place) = &function.exprs[expr].kind
            && let Some(known) = self
                .lesser
                .get(&place.var)
                .filter(|_| place.path.is_empty())
        {
            return Some(known.clone());
        }
        Some((self.polynomial(function, expr)?, None))
    }

    /// Returns a signed sum or difference of the lesser of two values and another one.
    fn moved(
        &self,
        function: &Function,
        expr: Handle<Expr>,
        a: Handle<Expr>,
        b: Handle<Expr>,
    ) -> Option<Lesser> {
        let node = &function.exprs[expr];
        let is_sum = matches!(node.kind, ExprKind::Binary(BinaryOp::Add, ..));
        let is_signed = node.ty.scalar().is_some_and(Scalar::is_signed);
        let ((one, other), by) = (self.lesser(function, a)?, self.polynomial(function, b)?);
        let moved = |value: &Polynomial| {
            if is_sum {
                value.plus(&by)
            } else {
                value.minus(&by)
            }
        };
        let other = is_signed.then_some(other?)?;
        Some((moved(&one)?, Some(moved(&other)?)))
    }

    /// Returns an integer as a sum of products of variables; `None` where it is anything else.
    pub(super) fn polynomial(&self, function: &Function, expr: Handle<Expr>) -> Option<Polynomial> {
        let node = &function.exprs[expr];
        let ty = node.ty.scalar()?;
        if self.unsigned == Some(ty) {
            let constant = build::constant(function, expr).filter(|value| *value >= 0);
            if let Some(constant) = constant {
                return Some(Polynomial::constant(constant));
            }
        } else if !matches!(ty, Scalar::I32 | Scalar::I64) {
            return None;
        }
        let operands = |a: Handle<Expr>, b: Handle<Expr>| {
            Some((self.polynomial(function, a)?, self.polynomial(function, b)?))
        };
        match &node.kind {
            ExprKind::Int(value) => Some(Polynomial::constant(*value)),
            ExprKind::Load(place) if place.path.is_empty() => {
                let is_plain = function.vars[place.var].is_plain_local();
                let own = is_plain.then(|| Affine::var(place.var).into());
                self.known.get(&place.var).cloned().or(own)
            }
            ExprKind::Binary(BinaryOp::Add, a, b) => {
                let (a, b) = operands(*a, *b)?;
                a.plus(&b)
            }
            ExprKind::Binary(BinaryOp::Subtract, a, b) => {
                let (a, b) = operands(*a, *b)?;
                a.minus(&b)
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) => {
                let (a, b) = operands(*a, *b)?;
                a.times(&b)
            }
            // A sum that wrapped around is another number in another type.
            ExprKind::Cast(inner) => {
                let from = function.exprs[*inner].ty.scalar()?;
                let is_kept = from.fits_in(ty) && (from.is_signed() || from == ty);
                is_kept.then(|| self.polynomial(function, *inner))?
            }
            ExprKind::Load(_)
            | ExprKind::Binary(..)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }
}

/// Returns whether a sum names a variable.
pub(super) fn names(sum: &Polynomial, var: Handle<Var>) -> bool {
    let mut found = Atoms::default();
    sum.collect(&mut found);
    found.symbols.contains(&Symbol::var(var))
}

/// Returns whether a product in a sum has a factor among some variables; `None` where it is no sum of products.
pub(super) fn multiplies(
    function: &Function,
    sum: &Polynomial,
    varying: &BTreeSet<Handle<Var>>,
) -> Option<bool> {
    let products = sum.products()?;
    Some(products.iter().any(|(_, product)| {
        let mut named = BTreeSet::new();
        product.collect_vars(function, &mut named);
        product.factors().len() > 1 && !named.is_disjoint(varying)
    }))
}

/// Appends a sum of products: the variable itself where it is one, else 64 bits wide.
pub(super) fn build_sum(function: &mut Function, sum: &Polynomial) -> Option<Handle<Expr>> {
    let mut parts = sum.products()?;
    if let [(1, product)] = parts.as_slice()
        && let Some(var) = product.as_var()
    {
        return Some(function.load(var));
    }
    // `n - k` rather than `-k + n`.
    parts.sort_by_key(|(factor, _)| *factor < 0);
    let zero = build::int(function, 0, Scalar::I64);
    parts
        .into_iter()
        .try_fold(zero, |so_far, (factor, product)| {
            let value = product.build(function);
            let value = build::scale(function, factor.checked_abs()?, value);
            let op = if factor < 0 {
                BinaryOp::Subtract
            } else {
                BinaryOp::Add
            };
            Some(build::binary(function, op, so_far, value))
        })
}

/// Returns the local that a statement gives a value, and that value.
fn whole(function: &Function, stmt: &Stmt) -> Option<(Handle<Var>, Handle<Expr>)> {
    let Stmt::Compute(compute) = stmt else {
        return None;
    };
    let var = compute.target.var;
    let is_whole = compute.target.path.is_empty() && function.vars[var].is_plain_local();
    is_whole.then_some((var, compute.value))
}
