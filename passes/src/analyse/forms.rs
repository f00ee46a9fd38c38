//! The forms that a region may take, and which of them leaves the most loops parallel.

use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Function, Handle, LoopName, Reason, Refusal, Var};

use super::fetch::InMemory;
use super::pointers::Resolved;
use super::privatise::Position;
use super::survey::{Found, Survey, block_span};
use super::{names, prefix, readings};
use crate::facts::{BlockStep, Facts};
use crate::normalise::{
    Made, Normal, binned, normalise, own_arrays, packed, recompute, rectangular, running, sink,
};
use crate::{isl, region};

/// Statements in the shape that they are to have, and what is known of them.
pub(super) struct Forms<'a> {
    pub(super) survey: &'a Survey<'a>,
    pub(super) function: &'a Arc<Function>,
    pub(super) isl: &'a isl::Context,
    pub(super) place: (&'a [BlockStep], &'a Range<usize>),
    pub(super) known: (Option<&'a Resolved>, &'a [InMemory]),
    /// What was made for that shape.
    pub(super) made: &'a Made,
}

impl Forms<'_> {
    /// Returns the form that leaves the most loops parallel, if what is found of the statements as written `may` be: normalising
    /// relies on the order of iterations.
    ///
    /// **Errors**: the reasons against the form that has fewer.
    pub(super) fn best(&self, may: &dyn Fn(Option<&Facts>) -> bool) -> Result<Found, Vec<Refusal>> {
        let (path, statements) = self.place;
        let written = self.found(Normal::written(self.function));
        if !may(written.as_ref().ok().map(|found| &found.facts)) {
            return Err(Vec::new());
        }
        let is_best = |found: &Found| found.facts.carried.is_empty();
        if written.as_ref().is_ok_and(is_best) {
            return written.map(|found| self.perfect(found));
        }
        let Some(normal) = normalise(self.function, path, statements) else {
            return match written {
                Ok(found) => Ok(self.perfect(found)),
                Err(why) => self.with_own(&Normal::written(self.function), why),
            };
        };
        // A way out of an inner loop is no reason once it is a value.
        let is_left = !normal.made.left.is_empty();
        match (written, self.found(normal.clone())) {
            (Ok(written), Ok(normal)) => {
                let is_better = normal.facts.carried.len() < written.facts.carried.len();
                Ok(self.perfect(if is_better { normal } else { written }))
            }
            (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(self.perfect(found)),
            (Err(written), Err(why)) => {
                let is_shorter = is_left || why.len() < written.len();
                self.with_own(&normal, if is_shorter { why } else { written })
            }
        }
    }

    /// Finds out what is known of a form.
    ///
    /// **Errors**: the reasons against it.
    fn found(&self, normal: Normal) -> Result<Found, Vec<Refusal>> {
        self.found_with(normal, false)
    }

    /// Finds out what is known of a form; with `scans`, iterations may look at what those before them have contributed.
    ///
    /// **Errors**: the reasons against it.
    fn found_with(&self, mut normal: Normal, scans: bool) -> Result<Found, Vec<Refusal>> {
        let (path, statements) = self.place;
        let (resolved, fetched) = self.known;
        normal.made.extend(self.made.clone());
        let position = Position {
            path,
            at: statements.start,
            statements: region::statements(&normal.function, path, statements),
            made: &normal.made,
            resolved,
            fetched,
        };
        let Survey { module, order, .. } = *self.survey;
        let facts =
            readings::examine(module, &normal.function, self.isl, position, (order, scans))?;
        // The host has no variable for what iterations were to have for themselves.
        let mut own = normal.own.iter();
        if let Some(var) = own.find(|var| !facts.private.contains_key(var)) {
            let variable = names::shown(&normal.function.vars[*var]);
            let construct = format!("the last value of {variable}, which the host computes,");
            let reason = Reason::Unsupported { construct };
            return Err(vec![Refusal::new(reason, block_span(position.statements))]);
        }
        let is_scanned = |(var, name): (&Handle<Var>, &LoopName)| {
            let mut reductions = facts.reductions.iter();
            reductions.any(|each| each.target.var == *var && each.scan.as_ref() == Some(name))
        };
        if !normal.made.running.iter().all(is_scanned) {
            let construct = "a value that only a scan would start anew".to_owned();
            let reason = Reason::Unsupported { construct };
            return Err(vec![Refusal::new(reason, block_span(position.statements))]);
        }
        Ok(Found {
            is_normal: !Arc::ptr_eq(&normal.function, self.function),
            normal,
            facts,
            count: statements.len(),
            is_unswitched: false,
        })
    }

    /// Returns the form in which iterations have arrays of their own, elements collect what iterations add to them, or iterations are
    /// told what those before them have contributed, where no loop was parallel without.
    ///
    /// **Errors**: why none was.
    fn with_own(&self, base: &Normal, why: Vec<Refusal>) -> Result<Found, Vec<Refusal>> {
        let (path, statements) = self.place;
        let own = || own_arrays(self.survey.module, base, path, statements, &|_| false);
        let binned = || binned(base, path, statements);
        let scanned = || {
            let within = region::statements(&base.function, path, statements);
            prefix::may_help(&base.function, within).then(|| base.clone())
        };
        let running = || running(base, path, statements);
        let packed = || packed(base, path, statements);
        let forms: [(&dyn Fn() -> Option<Normal>, bool); 5] = [
            (&own, false),
            (&binned, false),
            (&scanned, true),
            (&running, true),
            (&packed, true),
        ];
        let mut found = forms
            .iter()
            .filter_map(|(form, scans)| self.found_with(form()?, *scans).ok());
        found.next().map(|found| self.perfect(found)).ok_or(why)
    }

    /// Returns the form in which fewer loops wait for what arrays hold from one iteration to the next, if there is one.
    fn without_arrays(&self, found: Found) -> Found {
        let (path, statements) = self.place;
        let (normal, carried) = (&found.normal, &found.facts.carried);
        let is_parallel = |name: &LoopName| !carried.contains_key(name);
        let recomputed = || recompute(normal, path, statements);
        let own = || own_arrays(self.survey.module, normal, path, statements, &is_parallel);
        let forms: [&dyn Fn() -> Option<Normal>; 2] = [&recomputed, &own];
        let forms = forms.iter().filter(|_| !carried.is_empty());
        let mut better = forms.filter_map(|form| self.found(form()?).ok());
        let better = better.find(|better| better.facts.carried.len() < carried.len());
        better.unwrap_or(found)
    }

    /// Returns the form whose nests hold nothing but one another, as far as that leaves as many loops parallel.
    fn perfect(&self, found: Found) -> Found {
        let (path, statements) = self.place;
        let found = self.without_arrays(found);
        let carried = &found.facts.carried;
        let is_parallel = |name: &LoopName| !carried.contains_key(name);
        let written = &found.normal.function;
        let sunk = sink(written, path, statements, &is_parallel);
        let within = sunk.as_ref().unwrap_or(written);
        let widened = rectangular(within, path, statements, &is_parallel);
        for function in widened.into_iter().chain(sunk) {
            let normal = Normal {
                function,
                ..found.normal.clone()
            };
            if let Ok(better) = self.found(normal)
                && better.facts.carried.len() <= carried.len()
            {
                return Found {
                    is_normal: found.is_normal,
                    ..better
                };
            }
        }
        found
    }
}
