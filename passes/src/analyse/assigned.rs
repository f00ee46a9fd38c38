//! Which values a loop may leave in an integer local: the one from before, and those that its body assigns.
//!
//! `for (k = 0; k < n; k++) if (a[k] > x) { at = k; break; }` leaves in `at` what it held, or a number from 0 to `n - 1`:
//! enough to tell how far `b[at]` reaches.
//!
//! **Source**: Cousot, Cousot, “Abstract Interpretation”, POPL 1977 (the join over all iterations, here without a fixpoint:
//! a value that depends on the loop's own is not followed).

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Handle, Loop, Stmt, Var};

use super::invariant::Invariant;
use super::names;
use super::scan::Scan;
use crate::affine::{Affine, Atom, Formula, Known, Sign, Unknown};
use crate::region;
use crate::symbol::Symbol;

/// More possibilities than these cost more than they tell.
const MOST_CASES: usize = 6;

/// What is known of a local before a loop.
pub(super) enum Before {
    /// It has no value yet; who reads one all the same has no meaning (C17 6.3.2.1 §2).
    Unset,
    Value(Affine),
}

/// The values that locals have before a loop, of those that only its assignments change, and how many assignments came
/// before.
pub(super) struct Start {
    pub(super) before: BTreeMap<Handle<Var>, Before>,
    given: usize,
    /// The loop's iterator and its values, if the loop counts.
    range: Option<Range>,
}

/// An iterator with its least and its greatest value, if these are known.
type Range = (Symbol, Option<(Affine, Affine)>);

impl Scan<'_> {
    /// Notes what integer locals are worth before a loop with some statements; `each` is the loop, if it counts.
    pub(super) fn before_loop(&mut self, blocks: &[&[Stmt]], each: Option<&Loop>) -> Start {
        let mut changed = changed_by_assignment(blocks);
        changed.retain(|var| self.function.vars[*var].is_plain_local());
        let range = each.filter(|_| !changed.is_empty());
        let range = range.map(|each| (Symbol::var(each.iterator), self.counted_values(each)));
        let known = changed.into_iter().filter_map(|var| {
            if self.unset.contains(&var) {
                return Some((var, Before::Unset));
            }
            let value = self.values.get(&var)?.affine(&self.here.iterators)?;
            Some((var, Before::Value(value)))
        });
        let before = known.collect();
        // Later iterations start with what earlier ones left.
        for block in blocks {
            let assigned = names::changed(self.function, block);
            self.unset.retain(|var| !assigned.contains(var));
        }
        Start {
            before,
            given: self.given.len(),
            range,
        }
    }

    /// Notes what integer locals may be worth after a loop, whose values within it are forgotten.
    pub(super) fn after_loop(&mut self, start: &Start, invariants: &[Invariant]) {
        let given = self.given.split_off(start.given);
        let changed: BTreeSet<_> = given.iter().map(|(var, _)| *var).collect();
        for var in changed {
            let own = given.iter().filter(|(of, _)| *of == var);
            let values = match self.value_within(var, invariants) {
                Some(value) => vec![Some(value)],
                None => own.map(|(_, value)| value.clone()).collect(),
            };
            let joined = self.joined(start.before.get(&var), values, start.range.as_ref());
            if let Some(joined) = &joined {
                self.values.insert(var, joined.clone().into());
            }
            self.given.push((var, joined));
        }
    }

    fn joined(
        &mut self,
        before: Option<&Before>,
        values: Vec<Option<Affine>>,
        range: Option<&Range>,
    ) -> Option<Affine> {
        // One of the cases holds whatever happens: what is not there would be taken for what never runs.
        let anyway = match before? {
            Before::Value(value) => value.clone(),
            Before::Unset => {
                let first = range.and_then(|(_, range)| Some(range.as_ref()?.0.clone()));
                first.unwrap_or_default()
            }
        };
        let mut cases = vec![(Formula::Constant(true), anyway)];
        for value in values {
            let case = Sometime::of(self, range).value(&value?)?;
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        (cases.len() <= MOST_CASES).then(|| self.unknown(Known::OneOf(cases), false))
    }

    /// Returns the least and the greatest value that a loop's iterator has in its body.
    fn counted_values(&mut self, each: &Loop) -> Option<(Affine, Affine)> {
        let (start, end) = (self.affine(each.start)?, self.affine(each.end)?);
        let one = Affine::constant(1);
        if each.step > 0 {
            Some((start, end.minus(&one)?))
        } else {
            Some((end.plus(&one)?, start))
        }
    }
}

/// A value as it was in some iteration of a loop that is over: its iterator may be any, and of what is known in part alone
/// nothing says that it is what it was in another iteration.
struct Sometime<'a, 'b> {
    scan: &'a mut Scan<'b>,
    /// The loop's iterator and its values, if the loop counts.
    range: Option<&'a Range>,
    /// What stands for the iterator.
    iterator: Option<Affine>,
    unknowns: BTreeMap<usize, Affine>,
    /// What holds if there was such an iteration.
    holds: Formula,
}

impl<'a, 'b> Sometime<'a, 'b> {
    fn of(scan: &'a mut Scan<'b>, range: Option<&'a Range>) -> Self {
        Self {
            scan,
            range,
            iterator: None,
            unknowns: BTreeMap::new(),
            holds: Formula::Constant(true),
        }
    }

    /// Returns the value, and what holds if there was one.
    fn value(mut self, value: &Affine) -> Option<(Formula, Affine)> {
        let value = self.affine(value)?;
        Some((self.holds, value))
    }

    /// Returns a value of which nothing is known but what holds if there was one.
    fn any(&mut self, known: impl FnOnce(&mut Self, &Affine) -> Option<Formula>) -> Option<Affine> {
        let any = self.scan.unknown(Known::Between(None, None), false);
        let known = known(self, &any)?;
        let holds = std::mem::replace(&mut self.holds, Formula::Constant(true));
        self.holds = holds.and(known);
        Some(any)
    }

    fn affine(&mut self, value: &Affine) -> Option<Affine> {
        let mut sum = Affine::constant(value.offset());
        for (atom, factor) in value.terms() {
            let atom = match atom {
                Atom::Symbol(symbol) => self.symbol(symbol)?,
                Atom::Floor(inner, divisor) => self.affine(inner)?.floor(*divisor)?,
                Atom::Unknown(unknown) => self.another(unknown)?,
            };
            sum = sum.plus(&atom.times(factor)?)?;
        }
        Some(sum)
    }

    fn symbol(&mut self, symbol: &Symbol) -> Option<Affine> {
        let itself = || Affine::atom(Atom::Symbol(symbol.clone()));
        let Some((_, range)) = self.range.filter(|(own, _)| own == symbol) else {
            return Some(itself());
        };
        if self.iterator.is_none() {
            let (low, high) = range.clone()?;
            self.iterator = self.any(|_, any| between(Some(&low), Some(&high), any));
        }
        self.iterator.clone()
    }

    fn another(&mut self, unknown: &Unknown) -> Option<Affine> {
        if let Some(known) = self.unknowns.get(&unknown.id) {
            return Some(known.clone());
        }
        let another = self.any(|sometime, any| match &unknown.known {
            Known::Between(low, high) => {
                let mut bound = |value: &Option<Affine>| match value {
                    Some(value) => sometime.affine(value).map(Some),
                    None => Some(None),
                };
                let (low, high) = (bound(low)?, bound(high)?);
                between(low.as_ref(), high.as_ref(), any)
            }
            Known::OneOf(cases) => {
                let mut one = Formula::Constant(false);
                for (holds, value) in cases {
                    let difference = sometime.affine(value)?.minus(any)?;
                    let is_it = Formula::Compare(difference, Sign::Zero);
                    one = one.or(sometime.formula(holds)?.and(is_it));
                }
                Some(one)
            }
        })?;
        self.unknowns.insert(unknown.id, another.clone());
        Some(another)
    }

    fn formula(&mut self, formula: &Formula) -> Option<Formula> {
        Some(match formula {
            Formula::Constant(holds) => Formula::Constant(*holds),
            Formula::Compare(value, sign) => Formula::Compare(self.affine(value)?, *sign),
            Formula::And(a, b) => {
                Formula::And(Box::new(self.formula(a)?), Box::new(self.formula(b)?))
            }
            Formula::Or(a, b) => {
                Formula::Or(Box::new(self.formula(a)?), Box::new(self.formula(b)?))
            }
        })
    }
}

/// Returns whether a value lies between two bounds, both included.
fn between(low: Option<&Affine>, high: Option<&Affine>, value: &Affine) -> Option<Formula> {
    let above = low.map_or(Some(Formula::Constant(true)), |low| {
        Formula::at_most(low, value)
    })?;
    let below = high.map_or(Some(Formula::Constant(true)), |high| {
        Formula::at_most(value, high)
    })?;
    Some(above.and(below))
}

/// Returns the variables that statements change by assignments alone.
fn changed_by_assignment(blocks: &[&[Stmt]]) -> BTreeSet<Handle<Var>> {
    let (mut assigned, mut otherwise) = (BTreeSet::new(), BTreeSet::new());
    let mut is_known = true;
    for block in blocks {
        region::each(block, &mut |stmt| match stmt {
            Stmt::Compute(compute) => {
                assigned.insert(compute.target.var);
            }
            Stmt::For(each) => {
                otherwise.insert(each.iterator);
            }
            Stmt::Call(call) => otherwise.extend(call.target.iter().map(|place| place.var)),
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                otherwise.insert(*var);
            }
            Stmt::Verbatim(..) => is_known = false,
            Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {}
        });
    }
    assigned.retain(|var| is_known && !otherwise.contains(var));
    assigned
}
