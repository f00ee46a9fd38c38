//! Walks the statements of a region in order and records what they touch, for which instances.
//!
//! The walk decides what is affine, what is certain, and which constructs stand in the way.
//! Which iterations conflict is for [`super::dependence`] to say.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Compute, Function, Handle, If, Loop, LoopName, Module, Reason, Refusal, Span, Stmt, Var, While,
};

use mupac_ir::stmt::Call;

use super::access::{Access, Site};
use super::names;
use super::value::Truth;
use crate::affine::{Affine, Formula};
use crate::polynomial::Polynomial;
use crate::{isl, region};

/// A counted loop of the region.
#[derive(Clone, Debug)]
pub(crate) struct LoopSite {
    pub(crate) name: LoopName,
    /// Number of counted loops around it.
    pub(crate) depth: usize,
    pub(crate) header_span: Span,
    /// What forbids another order of its iterations, apart from dependences.
    pub(crate) obstacles: Vec<Refusal>,
}

/// What a walk over statements found.
pub(crate) struct Scan<'a> {
    pub(crate) module: &'a Module,
    pub(crate) function: &'a Function,
    pub(crate) isl: isl::Context,
    /// Variables whose own storage some statement of the region changes, iterators included.
    pub(crate) modified: BTreeSet<Handle<Var>>,
    /// Whether some of the region's text is not modelled, which says more than what follows from it.
    has_text: bool,
    /// Variables through which some statement of the region writes, those of `modified` included.
    pub(crate) written: BTreeMap<Handle<Var>, Span>,
    pub(crate) sites: Vec<Site>,
    pub(crate) accesses: Vec<Access>,
    pub(crate) loops: Vec<LoopSite>,
    /// What stands in the way of making anything of the region.
    pub(crate) refusals: Vec<Refusal>,
    /// Variables declared in the region, with the number of counted loops around the declaration.
    pub(crate) declared: BTreeMap<Handle<Var>, usize>,
    /// Variables of the host that are read by value.
    pub(crate) inputs: BTreeSet<Handle<Var>>,
    /// Conditions on parameters, by kind, without which some unsigned or narrow value might wrap or a quotient does not
    /// exist.
    pub(crate) no_wrap: Vec<(&'static str, isl::Set)>,
    /// Values of integer locals at this point.
    pub(super) values: BTreeMap<Handle<Var>, Polynomial>,
    /// How many values are known in part only.
    pub(super) unknowns: usize,
    pub(super) here: Here,
}

/// Where the walk stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Here {
    pub(super) iterators: Vec<Handle<Var>>,
    pub(super) loops: Vec<(LoopName, bool)>,
    pub(super) domain: Vec<Formula>,
    /// Something that is not affine decides whether this point is reached.
    pub(super) is_uncertain: bool,
    /// Number of uncounted loops around.
    pub(super) whiles: usize,
    /// Whether the innermost loop around is a counted one.
    pub(super) is_in_counted: bool,
    /// Reads of the conditions that decide whether this point is reached.
    pub(super) control: Vec<Access>,
}

impl<'a> Scan<'a> {
    /// Walks `statements` of a function.
    pub(crate) fn new(
        module: &'a Module,
        function: &'a Function,
        isl: &isl::Context,
        statements: &[Stmt],
    ) -> Self {
        let mut scan = Self {
            module,
            function,
            isl: isl.clone(),
            modified: BTreeSet::new(),
            has_text: false,
            written: BTreeMap::new(),
            sites: Vec::new(),
            accesses: Vec::new(),
            loops: Vec::new(),
            refusals: Vec::new(),
            declared: BTreeMap::new(),
            inputs: BTreeSet::new(),
            no_wrap: Vec::new(),
            values: BTreeMap::new(),
            unknowns: 0,
            here: Here::default(),
        };
        scan.collect_written(statements);
        scan.block(statements);
        scan
    }

    /// Returns the iterators of all counted loops.
    pub(crate) fn iterators(&self) -> Vec<Handle<Var>> {
        let all = self.sites.iter().flat_map(|site| &site.iterators).copied();
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn collect_written(&mut self, statements: &[Stmt]) {
        let (mut has_call, mut has_text) = (false, false);
        region::each(statements, &mut |stmt| {
            if let Some(place) = region::target(stmt) {
                self.written.entry(place.var).or_insert(stmt.span());
                if !names::leaves_variable(self.function, place) {
                    self.modified.insert(place.var);
                }
            }
            if let Stmt::For(each) = stmt {
                self.modified.insert(each.iterator);
            }
            has_call |= matches!(stmt, Stmt::Call(_));
            has_text |= matches!(stmt, Stmt::Verbatim(..));
        });
        // A callee may change what it can reach; text that is not modelled may name any local too.
        let reached = self
            .function
            .vars
            .iter()
            .filter(|(_, var)| has_text || (has_call && !names::is_plain_local(var)));
        self.modified.extend(reached.map(|(var, _)| var));
        self.has_text = has_text;
    }

    /// Records an obstacle for the whole region.
    pub(super) fn refuse(&mut self, reason: Reason, at: Span) {
        let refusal = Refusal::new(reason, at);
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// Adds a site at this point and returns its index.
    pub(super) fn site(&mut self, id: Option<mupac_ir::StmtId>) -> usize {
        let sequence = self.sites.len();
        self.sites.push(Site {
            id,
            iterators: self.here.iterators.clone(),
            loops: self.here.loops.clone(),
            sequence,
            domain: self.here.domain.clone(),
            is_exact: !self.here.is_uncertain,
        });
        sequence
    }

    fn block(&mut self, statements: &[Stmt]) {
        for stmt in statements {
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Compute(compute) => self.compute(compute),
            Stmt::Declare(var, span) => self.declare(*var, *span),
            Stmt::Let(var, value) => {
                let site = self.site(None);
                self.reads(*value, site, &mut Vec::new(), true);
                self.assign(*var, *value);
            }
            Stmt::For(each) => self.counted(each),
            Stmt::If(branch) => self.branch(branch),
            Stmt::While(each) => self.uncounted(each),
            Stmt::Call(call) => self.call(call),
            Stmt::Return(value, span) => {
                let site = self.site(None);
                if let Some(value) = value {
                    self.reads(*value, site, &mut Vec::new(), true);
                }
                self.leave("return", *span);
            }
            Stmt::Break(span) => self.leave("break", *span),
            Stmt::Continue(span) => self.skip(*span),
            Stmt::Barrier => {}
            Stmt::Verbatim(span, refusal) => {
                self.values.clear();
                self.here.is_uncertain = true;
                let mut refusal = (**refusal).clone();
                if refusal.at.is_unknown() {
                    refusal.at = *span;
                }
                self.refusals.push(refusal);
            }
        }
    }

    fn declare(&mut self, var: Handle<Var>, span: Span) {
        self.declared.insert(var, self.here.loops.len());
        self.values.remove(&var);
        if !names::lengths(&self.function.vars[var].ty).is_empty() {
            let construct = "a variable-length array declared in a loop".to_owned();
            self.refuse(Reason::Unsupported { construct }, span);
        }
    }

    /// A `break` of an uncounted loop stays inside a thread; any other exit ends the region's order.
    fn leave(&mut self, how: &str, span: Span) {
        self.here.is_uncertain = true;
        if how == "return" || self.here.is_in_counted {
            let how = how.to_owned();
            self.refuse(Reason::EarlyExit { how }, span);
        }
    }

    /// What follows a `continue` in the body is left to data, and the loop's iterations must stay whole.
    fn skip(&mut self, span: Span) {
        self.here.is_uncertain = true;
        if self.here.is_in_counted
            && let Some((name, _)) = self.here.loops.last()
            && let Some(found) = self.loops.iter_mut().find(|each| each.name == *name)
        {
            let construct = "continue in a parallel loop".to_owned();
            found
                .obstacles
                .push(Refusal::new(Reason::Unsupported { construct }, span));
        }
    }

    fn compute(&mut self, compute: &Compute) {
        let site = self.site(Some(compute.id));
        for access in self.here.control.clone() {
            self.accesses.push(Access { site, ..access });
        }
        self.reads(compute.value, site, &mut Vec::new(), true);
        self.write(&compute.target, site, compute.target_span);
        if compute.target.path.is_empty() {
            self.assign(compute.target.var, compute.value);
        }
    }

    /// Notes the value of an integer local, so that subscripts written with it are seen through.
    fn assign(&mut self, var: Handle<Var>, value: Handle<mupac_ir::Expr>) {
        let known = names::is_plain_local(&self.function.vars[var])
            .then(|| self.polynomial(value))
            .flatten();
        match known {
            Some(form) => self.values.insert(var, form),
            None => self.values.remove(&var),
        };
    }

    fn call(&mut self, call: &Call) {
        let site = self.site(None);
        // What the arguments are made of does not matter beside the call.
        let known = self.refusals.len();
        for argument in &call.arguments {
            self.reads(*argument, site, &mut Vec::new(), true);
        }
        if let Some(target) = &call.target {
            self.write(target, site, call.span);
            self.values.remove(&target.var);
        }
        self.refusals.truncate(known);
        self.refuse(names::call_reason(&call.callee), call.span);
    }

    /// Forgets the values of everything that `statements` assign.
    fn forget(&mut self, statements: &[Stmt]) {
        region::each(statements, &mut |stmt| {
            if let Some(place) = region::target(stmt) {
                self.values.remove(&place.var);
            }
            match stmt {
                Stmt::For(each) => drop(self.values.remove(&each.iterator)),
                Stmt::Declare(var, _) => drop(self.values.remove(var)),
                Stmt::Verbatim(..) => self.values.clear(),
                Stmt::Compute(_)
                | Stmt::Let(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier => {}
            }
        });
    }

    fn branch(&mut self, branch: &If) {
        let site = self.site(None);
        let before = self.accesses.len();
        self.reads(branch.condition, site, &mut Vec::new(), true);
        let control = self.control_since(before);
        let truth = self.condition(branch.condition);
        let outer = self.here.clone();
        let first_site = self.sites.len();
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for (block, formula) in [
            (&branch.then, &truth.holds),
            (&branch.otherwise, &truth.fails),
        ] {
            starts.push(self.accesses.len());
            self.here.domain.push(formula.clone());
            self.here.control.extend(control.iter().cloned());
            let values = self.values.clone();
            self.block(block);
            self.here = outer.clone();
            ends.push(std::mem::replace(&mut self.values, values));
        }
        if !truth.is_exact {
            self.left_to_data(site, first_site, &starts);
        }
        let may_leave = names::may_leave(&branch.then) || names::may_leave(&branch.otherwise);
        self.here.is_uncertain |= may_leave;
        self.forget(&branch.then);
        self.forget(&branch.otherwise);
        if !may_leave {
            self.merge(&truth, &ends);
        }
    }

    /// Notes the values that integer locals have after two branches that both come to their end.
    fn merge(&mut self, truth: &Truth, ends: &[BTreeMap<Handle<Var>, Polynomial>]) {
        let [then, otherwise] = ends else {
            return;
        };
        let is_outside = |var: &Handle<Var>| {
            self.declared
                .get(var)
                .is_none_or(|depth| *depth <= self.here.loops.len())
        };
        let differing: Vec<_> = then
            .iter()
            .filter(|(var, _)| !self.values.contains_key(var) && is_outside(var))
            .filter_map(|(var, value)| Some((*var, value.clone(), otherwise.get(var)?.clone())))
            .collect();
        for (var, then, otherwise) in differing {
            let iterators = &self.here.iterators;
            let forms = then.affine(iterators).zip(otherwise.affine(iterators));
            if let Some((then, otherwise)) = forms {
                let value = self.either(truth, &then, &otherwise);
                self.values.insert(var, value.into());
            }
        }
    }

    /// Marks what two branches do as uncertain, since data decides between them; an element that each of them
    /// certainly touches is certain all the same.
    ///
    /// `starts` are the indices of the branches' first accesses.
    fn left_to_data(&mut self, site: usize, first_site: usize, starts: &[usize]) {
        let &[then, otherwise] = starts else { return };
        let is_here = |access: &&Access| {
            access.is_certain
                && !access.is_control
                && access.domain.is_empty()
                && self.sites[access.site].iterators == self.here.iterators
                && self.sites[access.site].domain.len() == self.here.domain.len() + 1
        };
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
        self.accesses.extend(both);
    }

    /// Returns the reads recorded since, marked as those of a condition.
    fn control_since(&self, before: usize) -> Vec<Access> {
        self.accesses[before..]
            .iter()
            .map(|access| Access {
                is_control: true,
                ..access.clone()
            })
            .collect()
    }

    fn uncounted(&mut self, each: &While) {
        let outer = self.here.clone();
        let whole = [&each.before_test, &each.body, &each.after_body];
        for block in whole {
            self.forget(block);
        }
        self.here.is_uncertain = true;
        self.here.whiles += 1;
        self.here.is_in_counted = false;
        let site = self.site(None);
        let before = self.accesses.len();
        self.reads(each.condition, site, &mut Vec::new(), false);
        let control = self.control_since(before);
        self.here.control.extend(control);
        for block in whole {
            self.block(block);
        }
        let has_return = names::has_return(&each.body);
        self.here = outer;
        self.here.is_uncertain |= has_return;
        for block in whole {
            self.forget(block);
        }
    }

    fn counted(&mut self, each: &Loop) {
        let site = self.site(None);
        let before = self.accesses.len();
        self.reads(each.start, site, &mut Vec::new(), true);
        self.reads(each.end, site, &mut Vec::new(), true);
        let control = self.control_since(before);
        self.check_iterator(each);
        let start = self.affine(each.start);
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
    }

    fn check_iterator(&mut self, each: &Loop) {
        let var = &self.function.vars[each.iterator];
        if var.is_volatile {
            let variable = names::shown(var);
            self.refuse(Reason::Volatile { variable }, each.header_span);
        }
        if var.is_address_taken || !names::is_plain_local(var) {
            let variable = names::shown(var);
            let construct = format!("the loop variable {variable}, which other code may reach,");
            self.refuse(Reason::Unsupported { construct }, each.header_span);
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
        let named = crate::build::variables(self.function, each.end);
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
            self.here.domain.push(bounds);
        } else if !self.has_text {
            self.refuse(Reason::NonAffineBound, each.header_span);
        }
    }

    /// The iterations of an uncounted loop around run in order; what they carry is not analysed.
    fn loop_obstacles(&self, each: &Loop) -> Vec<Refusal> {
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
