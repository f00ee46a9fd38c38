//! Integers that data decide and conditions limit: of `if (b < 0) b = 0; if (b > 15) b = 15;` is left a value from 0 to 15, and
//! below `if (b >= 0 && b < n)` one from 0 to `n - 1`.
//!
//! A local without a known value gets one of which nothing is known while a condition that compares it is read, as far as it
//! matters: the condition's branches assign it, or use it in a subscript. What is not limited on both sides behind the condition
//! is hidden again until the next one compares it.
//!
//! **Source**: Cousot, Cousot, “Abstract Interpretation”, POPL 1977 (intervals, refined by conditions).

use std::collections::BTreeSet;

use mupac_ir::{Expr, ExprKind, Function, Handle, If, Stmt, Var};

use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Known, Sign, Unknown};
use crate::{build, region};

/// What got values because a condition compares it.
#[must_use]
pub(super) struct Supposed {
    locals: BTreeSet<Handle<Var>>,
    /// How many elements had one before.
    elements: usize,
}

impl Scan<'_> {
    /// Gives a value to locals without one that a condition compares and one of its branches assigns or uses in a subscript,
    /// and to elements that subscripts of its branches read.
    pub(super) fn suppose(&mut self, branch: &If) -> Supposed {
        let function = self.function;
        let blocks = [&branch.then, &branch.otherwise];
        let matters = |var: Handle<Var>| {
            let mut blocks = blocks.into_iter();
            blocks.any(|block| is_chosen(function, block, var))
        };
        self.suppose_where(branch.condition, &matters)
    }

    /// The same of a condition that decides whether another operand is evaluated, as far as that has subscripts with them.
    pub(super) fn suppose_of_operands(
        &mut self,
        condition: Handle<Expr>,
        operands: &[Handle<Expr>],
    ) -> Supposed {
        let function = self.function;
        let matters = |var: Handle<Var>| {
            let mut operands = operands.iter();
            operands.any(|operand| is_in_subscript(function, *operand, var))
        };
        self.suppose_where(condition, &matters)
    }

    /// The same of a value that a condition chooses between two, of which one is a local or an element that it compares.
    pub(super) fn suppose_of_choice(&mut self, condition: Handle<Expr>) -> Supposed {
        self.suppose_where(condition, &|_| true)
    }

    fn suppose_where(
        &mut self,
        condition: Handle<Expr>,
        matters: &dyn Fn(Handle<Var>) -> bool,
    ) -> Supposed {
        let mut locals = self.unknown_in(condition);
        locals.retain(|var| matters(*var));
        self.suppose_of(&locals);
        let elements = self.elements.len();
        self.suppose_elements(condition, matters);
        Supposed { locals, elements }
    }

    fn suppose_of(&mut self, unknown: &BTreeSet<Handle<Var>>) {
        for &var in unknown {
            if self.vague.remove(&var) && self.values.contains_key(&var) {
                continue;
            }
            let ty = self.function.vars[var].ty.scalar();
            let least = ty.filter(|ty| !ty.is_signed()).map(|_| Affine::constant(0));
            let value = self.unknown(Known::Between(least, None), false);
            self.values.insert(var, value.into());
        }
    }

    /// Returns the locals in a condition without a known value.
    fn unknown_in(&self, condition: Handle<Expr>) -> BTreeSet<Handle<Var>> {
        let named = build::variables(self.function, condition).into_iter();
        named.filter(|var| self.is_unknown(*var)).collect()
    }

    fn is_unknown(&self, var: Handle<Var>) -> bool {
        let own = &self.function.vars[var];
        let is_integer = own
            .ty
            .scalar()
            .is_some_and(|ty| ty.integer_range().is_some());
        is_integer
            && own.is_plain_local()
            && !self.here.iterators.contains(&var)
            && !self.is_parameter(var)
            && (!self.values.contains_key(&var) || self.vague.contains(&var))
    }

    /// Ends what was supposed for a condition: hides what it did not limit, and forgets the elements.
    pub(super) fn end(&mut self, supposed: Supposed) {
        self.elements.truncate(supposed.elements);
        self.settle(supposed.locals);
    }

    /// Hides what is not limited of some locals.
    pub(super) fn settle(&mut self, supposed: impl IntoIterator<Item = Handle<Var>>) {
        for var in supposed {
            let value = self.values.get(&var);
            let value = value.and_then(|value| value.affine(&self.here.iterators));
            match value {
                Some(value) if is_limited(&value) => drop(self.vague.remove(&var)),
                Some(_) => drop(self.vague.insert(var)),
                None => drop(self.vague.remove(&var)),
            }
        }
    }
}

/// Returns whether statements assign a variable, or use it in a subscript.
fn is_chosen(function: &Function, block: &[Stmt], var: Handle<Var>) -> bool {
    let mut found = false;
    region::each(block, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            found |= place.path.is_empty() && place.var == var;
            let mut subscripts = build::indices(place);
            found |= subscripts.any(|subscript| build::names(function, subscript, var));
        }
        let mut read = region::expressions(stmt).into_iter();
        found |= read.any(|expr| is_in_subscript(function, expr, var));
    });
    found
}

/// Returns whether an expression uses a variable in a subscript.
fn is_in_subscript(function: &Function, expr: Handle<Expr>, var: Handle<Var>) -> bool {
    let mut found = false;
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
            let mut subscripts = build::indices(place);
            found |= subscripts.any(|subscript| build::names(function, subscript, var));
        }
    });
    found
}

/// Returns whether what is known of a value limits it on both sides.
fn is_limited(value: &Affine) -> bool {
    sides(value, &Formula::Constant(true)) == (true, true)
}

/// Returns whether a value is limited below and above where a condition holds.
fn sides(value: &Affine, known: &Formula) -> (bool, bool) {
    let all = value.terms().map(|(atom, factor)| {
        let own = match atom {
            Atom::Symbol(_) => (true, true),
            Atom::Floor(inner, _) => sides(inner, known),
            Atom::Unknown(unknown) => sides_of(unknown, known),
        };
        if factor < 0 { (own.1, own.0) } else { own }
    });
    all.fold((true, true), |(low, high), own| {
        (low && own.0, high && own.1)
    })
}

fn sides_of(unknown: &Unknown, known: &Formula) -> (bool, bool) {
    let own = match &unknown.known {
        Known::Between(low, high) => (low.is_some(), high.is_some()),
        Known::OneOf(cases) => {
            let mut all = cases.iter().map(|(holds, value)| {
                let here = holds.clone().and(known.clone());
                sides(value, &here)
            });
            let first = all.next().unwrap_or((false, false));
            all.fold(first, |(low, high), own| (low && own.0, high && own.1))
        }
    };
    let said = known.conjuncts().into_iter().filter_map(|each| {
        let Formula::Compare(form, sign) = each else {
            return None;
        };
        let mine = |atom: &Atom| matches!(atom, Atom::Unknown(other) if other.id == unknown.id);
        let (_, factor) = form.terms().find(|(atom, _)| mine(atom))?;
        let mut others = form.terms().filter(|(atom, _)| !mine(atom));
        let is_plain = others.all(|(atom, _)| matches!(atom, Atom::Symbol(_)));
        match sign {
            Sign::Zero if is_plain => Some((true, true)),
            Sign::NotNegative if is_plain => Some((factor > 0, factor < 0)),
            Sign::Zero | Sign::NotNegative | Sign::NotZero => None,
        }
    });
    said.fold(own, |(low, high), said| (low || said.0, high || said.1))
}
