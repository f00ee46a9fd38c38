//! Walks the two branches of a condition, and says what holds after both.

use std::collections::BTreeMap;

use mupac_ir::{Handle, If, Var};

use super::access::Access;
use super::names;
use super::scan::Scan;
use super::truth::Truth;
use crate::polynomial::Polynomial;

impl Scan<'_> {
    pub(super) fn branch(&mut self, branch: &If) {
        let site = self.decision(branch.condition);
        let before = self.accesses.len();
        self.reads(branch.condition, site, &mut Vec::new(), true);
        let control = self.control_since(before);
        let supposed = self.suppose(branch);
        self.note_assertion(branch);
        let truth = self.condition(branch.condition);
        let outer = self.here.clone();
        let first_site = self.sites.len();
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        // What decides about leaving decides about everything that is then left out.
        let mut leaving = Vec::new();
        for (block, formula) in [
            (&branch.then, &truth.holds),
            (&branch.otherwise, &truth.fails),
        ] {
            starts.push(self.accesses.len());
            self.here.domain.push(formula.clone());
            self.here.control.extend(control.iter().cloned());
            let values = self.values.clone();
            self.block(block);
            if names::may_leave(block) {
                leaving.extend(self.here.control.split_off(outer.control.len()));
            }
            self.here = outer.clone();
            ends.push(std::mem::replace(&mut self.values, values));
        }
        if !truth.is_exact {
            self.left_to_data(first_site, &starts);
        }
        let may_leave = names::may_leave(&branch.then) || names::may_leave(&branch.otherwise);
        self.here.is_uncertain |= may_leave;
        self.here.control.extend(leaving);
        self.forget(&branch.then);
        self.forget(&branch.otherwise);
        let blocks = [&branch.then, &branch.otherwise];
        let goes_on = blocks.map(|block| !names::never_ends(block));
        match goes_on {
            [false, true] => self.here.passed.push(truth.fails.clone()),
            [true, false] => self.here.passed.push(truth.holds.clone()),
            [true, true] | [false, false] => {}
        }
        match blocks.map(|block| names::ends_loop(block)) {
            [true, false] => self.go_on_with(&ends[1]),
            [false, true] => self.go_on_with(&ends[0]),
            [false, false] if !may_leave => self.merge(&truth, &ends),
            [false, false] | [true, true] => {}
        }
        self.end(supposed);
    }

    /// Notes the values that integer locals have after two branches of which one alone goes on, with these.
    fn go_on_with(&mut self, end: &BTreeMap<Handle<Var>, Polynomial>) {
        for (var, value) in end {
            if self.is_outside(*var) {
                self.values.entry(*var).or_insert_with(|| value.clone());
            }
        }
    }

    /// Returns whether a variable is declared around this point, or nowhere in the region.
    fn is_outside(&self, var: Handle<Var>) -> bool {
        let depth = self.declared.get(&var);
        depth.is_none_or(|depth| *depth <= self.here.loops.len())
    }

    /// Notes the values that integer locals have after two branches that both come to their end.
    fn merge(&mut self, truth: &Truth, ends: &[BTreeMap<Handle<Var>, Polynomial>]) {
        let [then, otherwise] = ends else {
            return;
        };
        let differing: Vec<_> = then
            .iter()
            .filter(|(var, _)| !self.values.contains_key(var) && self.is_outside(**var))
            .filter_map(|(var, value)| Some((*var, value.clone(), otherwise.get(var)?.clone())))
            .collect();
        for (var, then, otherwise) in differing {
            let iterators = &self.here.iterators;
            let forms = then.affine(iterators).zip(otherwise.affine(iterators));
            if let Some((then, otherwise)) = forms {
                let value = self.either(truth, &then, &otherwise);
                self.values.insert(var, value.into());
                self.settle([var]);
            }
        }
    }

    /// Marks what two branches do as uncertain, since data decides between them; an element that each of them
    /// certainly touches is certain all the same, though not before both have come to their end: a branch may read it
    /// before it writes it.
    ///
    /// `starts` are the indices of the branches' first accesses.
    fn left_to_data(&mut self, first_site: usize, starts: &[usize]) {
        let &[then, otherwise] = starts else { return };
        let is_here = |access: &&Access| {
            access.is_certain
                && !access.is_control
                && access.domain.is_empty()
                && self.sites[access.site].iterators == self.here.iterators
                && self.sites[access.site].domain.len() == self.here.domain.len() + 1
        };
        let site = self.sites.len();
        let (first, second) = self.accesses[then..].split_at(otherwise - then);
        let both: Vec<Access> = first
            .iter()
            .filter(is_here)
            .filter_map(|one| {
                let other = second.iter().filter(is_here).find(|other| {
                    other.var == one.var && other.steps == one.steps && other.flat == one.flat
                })?;
                Some(Access {
                    site,
                    is_write: one.is_write && other.is_write,
                    ..one.clone()
                })
            })
            .collect();
        for site in &mut self.sites[first_site..] {
            site.is_exact = false;
        }
        for access in &mut self.accesses[then..] {
            access.is_certain = false;
        }
        self.site(None);
        self.accesses.extend(both);
    }
}
