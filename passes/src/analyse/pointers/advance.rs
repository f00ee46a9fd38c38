//! Pointers that every iteration of a loop moves by the same distance.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Loop, Scalar, Var};

use super::value::{Pointer, Term};
use super::walk::Walk;
use crate::analyse::liveness::is_read_first;
use crate::analyse::names::may_leave;
use crate::analyse::part::Part;
use crate::build;

/// How a loop moves a pointer.
pub(super) struct Advance {
    /// Its value before the loop.
    pub(super) entry: Pointer,
    /// What one iteration adds.
    pub(super) step: Vec<Term>,
    needs: Vec<Handle<Expr>>,
}

impl Walk<'_> {
    /// Returns how a loop moves those of the pointers its body assigns that it reads before, where every iteration adds
    /// the same.
    ///
    /// The body is walked with a distance that nobody knows added to each; what is there beside it at the end, is added.
    pub(super) fn advances(
        &mut self,
        each: &Loop,
        assigned: &BTreeSet<Handle<Var>>,
    ) -> BTreeMap<Handle<Var>, Advance> {
        let mut entries = BTreeMap::new();
        if !may_leave(&each.body) {
            for var in assigned {
                let is_read = is_read_first(&self.function, &each.body, &[Part::whole(*var)]);
                let entry = self.known.get(var).filter(|entry| entry.terms.is_some());
                if let Some(entry) = entry.filter(|_| is_read) {
                    entries.insert(*var, entry.clone());
                }
            }
        }
        if entries.is_empty() {
            return BTreeMap::new();
        }
        let mut trial = self.clone();
        trial.known.retain(|var, _| !assigned.contains(var));
        let mut marks = BTreeMap::new();
        for (var, entry) in &entries {
            let mark = trial.unknown_distance(*var);
            let marked = entry.clone().plus([mark.clone()]);
            trial.known.extend(marked.map(|marked| (*var, marked)));
            marks.insert(*var, mark);
        }
        trial.iterators.push(each.iterator);
        trial.block(&each.body);
        // What an iteration adds is written in expressions of the trial.
        self.function = trial.function.clone();
        entries
            .into_iter()
            // Assignments to what is not followed the trial does not see.
            .filter(|(var, _)| trial.is_followed(*var))
            .filter_map(|(var, entry)| {
                let advance = trial.advance(each, entry, trial.known.get(&var)?, &marks[&var])?;
                Some((var, advance))
            })
            .collect()
    }

    /// Returns a term whose value is read nowhere else.
    fn unknown_distance(&mut self, var: Handle<Var>) -> Term {
        let local = self.local(var);
        Term {
            value: self.function.load(local),
            bytes: 1,
        }
    }

    fn advance(
        &self,
        each: &Loop,
        entry: Pointer,
        after: &Pointer,
        mark: &Term,
    ) -> Option<Advance> {
        let (before, all) = (entry.terms.as_ref()?, after.terms.as_ref()?);
        let rest = all.strip_prefix(before.as_slice())?;
        let step = rest.strip_prefix(std::slice::from_ref(mark))?.to_vec();
        let is_same = |term: &Term| {
            self.is_same_each_time(term.value)
                && !build::variables(&self.function, term.value).contains(&each.iterator)
        };
        let is_of_entry = entry.object == after.object && entry.element == after.element;
        (is_of_entry && step.iter().all(is_same)).then(|| Advance {
            needs: after.needs.clone(),
            entry,
            step,
        })
    }

    /// Returns the value of a pointer at the start of the iteration that runs.
    pub(super) fn during(&mut self, each: &Loop, advance: &Advance) -> Option<Pointer> {
        let iterator = self.function.load(each.iterator);
        self.at(each, advance, iterator)
    }

    /// Returns the value of a pointer after a loop whose bounds nothing changes.
    pub(super) fn afterwards(&mut self, each: &Loop, advance: &Advance) -> Option<Pointer> {
        if each.step.abs() != 1 || !self.is_fixed(each.start) || !self.is_fixed(each.end) {
            return None;
        }
        let mut after = self.at(each, advance, each.end)?;
        let (low, high) = if each.step > 0 {
            (each.start, each.end)
        } else {
            (each.end, each.start)
        };
        let low = build::convert(&mut self.function, low, Scalar::I64);
        let high = build::convert(&mut self.function, high, Scalar::I64);
        let runs = ExprKind::Binary(BinaryOp::LessEqual, low, high);
        after.needs.push(self.function.expr(runs, Scalar::I32));
        Some(after)
    }

    /// Returns the value of a pointer where the loop has counted from its start to a value of the iterator.
    fn at(&mut self, each: &Loop, advance: &Advance, upto: Handle<Expr>) -> Option<Pointer> {
        if !self.is_stable(each.start) {
            return None;
        }
        let start = build::convert(&mut self.function, each.start, Scalar::I64);
        let upto = build::convert(&mut self.function, upto, Scalar::I64);
        let (last, first) = if each.step > 0 {
            (upto, start)
        } else {
            (start, upto)
        };
        let distance = build::binary(&mut self.function, BinaryOp::Subtract, last, first);
        let stride = i128::from(each.step).abs();
        let mut pointer = advance.entry.clone();
        for term in &advance.step {
            let own = self.repeated(term, distance, stride)?;
            pointer = pointer.plus([own])?;
        }
        pointer.needs.extend(&advance.needs);
        Some(pointer)
    }

    /// Returns a term times the number of iterations that count a distance in strides.
    fn repeated(&mut self, term: &Term, distance: Handle<Expr>, stride: i128) -> Option<Term> {
        let factor = build::constant(&self.function, term.value);
        let bytes = term.bytes.checked_mul(factor.unwrap_or(1))?;
        let by = build::int(&mut self.function, stride, Scalar::I64);
        let (number, bytes) = if bytes % stride == 0 {
            (distance, bytes / stride)
        } else {
            let number = build::binary(&mut self.function, BinaryOp::Divide, distance, by);
            (number, bytes)
        };
        let value = match factor {
            Some(_) => number,
            None => build::binary(&mut self.function, BinaryOp::Multiply, number, term.value),
        };
        Some(Term { value, bytes })
    }
}
