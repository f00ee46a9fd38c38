//! Walks counted loops: which values their iterators take, and what stands in the way of that.

use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Handle, Loop, Reason, Refusal, Stmt, Var};

use super::names;
use super::scan::{LoopSite, Scan};
use crate::affine::{Affine, Atoms, Formula};
use crate::{build, region};

impl Scan<'_> {
    pub(super) fn counted(&mut self, each: &Loop) {
        let site = self.decision(each.end);
        let before = self.accesses.len();
        self.reads(each.start, site, &mut Vec::new(), true);
        self.reads(each.end, site, &mut Vec::new(), true);
        let control = self.control_since(before);
        self.check_iterator(each);
        let start = self.affine(each.start);
        let before = self.before_loop(&[&each.body], Some(each));
        self.forget(&each.body);
        self.values.remove(&each.iterator);
        let outer = self.here.clone();
        self.here.control.extend(control);
        self.enter(each, start);
        self.block(&each.body);
        let has_return = names::has_return(&each.body);
        self.here = outer;
        self.here.is_uncertain |= has_return;
        self.forget(&each.body);
        self.values.remove(&each.iterator);
        self.after_loop(&before);
    }

    fn check_iterator(&mut self, each: &Loop) {
        let var = &self.function.vars[each.iterator];
        if var.is_volatile {
            let variable = names::shown(var);
            self.refuse(Reason::Volatile { variable }, each.header_span);
        }
        if var.is_address_taken || !var.is_plain_local() {
            let variable = names::shown(var);
            let construct = format!("the loop variable {variable}, which other code may reach,");
            self.refuse(Reason::Unsupported { construct }, each.header_span);
        }
        let distances = build::ceilings(self.function, each.end);
        if !distances.into_iter().all(|step| self.is_positive(step)) {
            let why = "its step may be 0 or less".to_owned();
            self.refuse(Reason::UncountableLoop { why }, each.header_span);
        }
        if let Some(bound) = self.changed_bound(each) {
            let variable = names::shown(&self.function.vars[bound]);
            let refusal = Refusal::new(Reason::ModifiedBound { variable }, each.header_span);
            let refusal = match self.written.get(&bound) {
                Some(span) => refusal.with(*span, "changed here"),
                None => refusal,
            };
            self.refusals.push(refusal);
        }
    }

    /// Returns a variable of the end that the body changes, directly or through memory.
    fn changed_bound(&self, each: &Loop) -> Option<Handle<Var>> {
        let named = build::variables(self.function, each.end);
        let mut changed = BTreeSet::new();
        region::each(&each.body, &mut |stmt| {
            changed.extend(region::target(stmt).map(|place| place.var));
            if let Stmt::For(inner) = stmt {
                changed.insert(inner.iterator);
            }
        });
        changed.insert(each.iterator);
        named.into_iter().find(|var| changed.contains(var))
    }

    /// Steps into a loop: its iterator from here on counts within its bounds.
    fn enter(&mut self, each: &Loop, start: Option<Affine>) {
        let end = self.affine(each.end);
        self.loops.push(LoopSite {
            name: each.name.clone(),
            depth: self.here.loops.len(),
            header_span: each.header_span,
            obstacles: self.loop_obstacles(each),
        });
        let bounds = start.zip(end).and_then(|(start, end)| {
            self.count_fits(each, &start, &end)
                .then(|| super::domain::counting(each.iterator, &start, &end, each.step))
                .flatten()
        });
        let is_exact = bounds.as_ref().is_some_and(Formula::is_exact);
        self.here.is_in_counted = true;
        self.here.iterators.push(each.iterator);
        self.here.loops.push((each.name.clone(), each.step < 0));
        self.here.is_uncertain |= !is_exact;
        if let Some(bounds) = bounds {
            if self.is_chosen(each, &bounds) {
                self.obstruct(each);
            }
            self.here.domain.push(bounds);
        } else if !self.has_text {
            self.unbounded(each);
        }
    }

    /// A thread runs a loop whose bounds depend on data, whatever its iterator counts; what it touches is for inspections
    /// to find. An outermost one says how much there is to do, which must be known before.
    fn unbounded(&mut self, each: &Loop) {
        self.unbounded.insert(each.iterator);
        self.obstruct(each);
    }

    /// Returns whether a condition chooses a bound that the host cannot compute beforehand as one number.
    fn is_chosen(&self, each: &Loop, bounds: &Formula) -> bool {
        let mut atoms = Atoms::default();
        bounds.collect(&mut atoms);
        let mut chooses = false;
        for bound in [each.start, each.end] {
            build::visit(self.function, bound, &mut |_, node| {
                chooses |= matches!(node.kind, ExprKind::Select { .. });
            });
        }
        chooses && !atoms.unknowns.is_empty()
    }

    /// Notes that the iterations of a loop cannot be shared out, since the host does not know how many there are.
    fn obstruct(&mut self, each: &Loop) {
        let refusal = Refusal::new(Reason::NonAffineBound, each.header_span);
        let is_outermost = self.here.loops.len() == 1;
        match self.loops.last_mut() {
            Some(site) if !is_outermost => site.obstacles.push(refusal),
            Some(_) | None => self.refusals.push(refusal),
        }
    }

    /// An iteration may end the loop; the iterations of an uncounted loop around run in order, and what they carry is not
    /// analysed.
    fn loop_obstacles(&self, each: &Loop) -> Vec<Refusal> {
        if self.made.left.contains(&each.name) {
            let how = "break".to_owned();
            return vec![Refusal::new(Reason::EarlyExit { how }, each.header_span)];
        }
        if self.here.whiles == 0 {
            return Vec::new();
        }
        let why = "it stands inside a loop without a counter".to_owned();
        vec![Refusal::new(
            Reason::UncountableLoop { why },
            each.header_span,
        )]
    }
}
