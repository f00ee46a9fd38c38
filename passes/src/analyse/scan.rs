//! Walks the statements of a region in order and records what they touch, for which instances.
//!
//! The walk decides what is affine, what is certain, and which constructs stand in the way.
//! Which iterations conflict is for [`super::dependence`] to say.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mupac_ir::{
    Compute, Expr, Function, Handle, LoopName, Module, Place, Reason, Refusal, Span, Stmt, StmtId,
    Var, While,
};

use mupac_ir::stmt::Call;

use super::access::{Access, Site};
use super::element::Element;
use super::followed::{followed, subscripted};
use super::inside::Open;
use super::invariant::{Repeated, Trial};
use super::names;
use super::pointers::Requirement;
use super::table::Tables;
use crate::affine::{Affine, Formula};
use crate::facts::{Decision, Event};
use crate::normalise::Made;
use crate::polynomial::Polynomial;
use crate::symbol::Symbol;
use crate::{build, isl, region};

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
#[derive(Clone)]
pub(crate) struct Scan<'a> {
    pub(crate) module: &'a Module,
    pub(crate) function: &'a Function,
    pub(crate) isl: isl::Context,
    /// What may be taken for granted of expressions made by normalising.
    pub(super) made: Made,
    /// What the symbols are worth that stand for sums of others.
    pub(super) definitions: BTreeMap<Symbol, Affine>,
    /// How often what symbols are worth was noted.
    pub(super) notes: usize,
    /// The same of sums that subscripts multiply, which may be the lengths of rows.
    pub(super) widths: BTreeMap<Symbol, Affine>,
    /// Whether such sums are taken for one number each.
    pub(super) keeps_widths: bool,
    /// How many rows fit into a plane, by how far planes and rows lie apart.
    pub(super) planes: BTreeMap<[Handle<Var>; 2], Handle<Var>>,
    /// Arrays that stand for rows.
    pub(super) joined: BTreeSet<Handle<Var>>,
    /// How many rows, or planes and rows, the host has looked at of an array that may reach no others.
    pub(super) among: BTreeMap<Handle<Var>, Vec<Affine>>,
    /// Variables whose own storage some statement of the region changes, iterators included.
    pub(crate) modified: BTreeSet<Handle<Var>>,
    /// Whether some of the region's text is not modelled, which says more than what follows from it.
    pub(super) has_text: bool,
    /// Variables through which some statement of the region writes, those of `modified` included.
    pub(crate) written: BTreeMap<Handle<Var>, Span>,
    /// What statements of the region assign.
    pub(super) targets: Vec<Place>,
    pub(crate) sites: Vec<Site>,
    pub(crate) accesses: Vec<Access>,
    /// Subscripts that may leave their rows.
    pub(super) open: Vec<Open>,
    pub(crate) loops: Vec<LoopSite>,
    /// The iterators of those whose bounds depend on data.
    pub(super) unbounded: BTreeSet<Handle<Var>>,
    /// What stands in the way of making anything of the region.
    pub(crate) refusals: Vec<Refusal>,
    /// Variables declared in the region, with the number of counted loops around the declaration.
    pub(crate) declared: BTreeMap<Handle<Var>, usize>,
    /// Variables that iterations of so many counted loops could have their own copies of if nobody else could see them.
    pub(super) shared: BTreeMap<Handle<Var>, usize>,
    /// Arrays of which all accesses would commute if sums of floating-point numbers might come in any order.
    pub(super) unordered: BTreeSet<Handle<Var>>,
    /// Variables of the host that are read by value.
    pub(crate) inputs: BTreeSet<Handle<Var>>,
    /// Conditions on parameters, by kind, without which some unsigned or narrow value might wrap or a quotient does not
    /// exist.
    pub(crate) no_wrap: Vec<(&'static str, isl::Set)>,
    /// Statements behind assertions that do not fail, each with the conditions under which it never runs.
    pub(super) held: BTreeMap<StmtId, Vec<(&'static str, isl::Set)>>,
    /// Values of integer locals at this point.
    pub(super) values: BTreeMap<Handle<Var>, Polynomial>,
    /// Variables that decide where the region goes and what it touches; the values of others are data.
    followed: BTreeSet<Handle<Var>>,
    /// Those of them that decide what it touches.
    pub(super) subscripted: BTreeSet<Handle<Var>>,
    /// What is supposed of the loops around, to see whether it stays so.
    pub(super) trials: Vec<Trial>,
    /// How many statements were walked to find that out, by all copies of the walk.
    pub(super) tried: Rc<Cell<usize>>,
    /// Locals among these whose values have no limits yet, which only conditions look at.
    pub(super) vague: BTreeSet<Handle<Var>>,
    /// Tables that never change.
    pub(super) tables: Tables,
    /// The greatest numbers of tables by which loops end, with a place of each table.
    pub(super) greatest: Vec<Greatest>,
    /// While the end of a loop is looked at: those of these numbers that it is made of.
    pub(super) in_end: Option<Vec<Listed>>,
    /// Elements that the conditions around compare.
    pub(super) elements: Vec<Element>,
    /// What was assigned to integer locals so far, as far as it is known.
    pub(super) given: Vec<(Handle<Var>, Option<Affine>)>,
    /// Locals that are declared and have no value yet.
    pub(super) unset: BTreeSet<Handle<Var>>,
    /// Values that conditions on known values choose among two, by what they choose.
    pub(super) choices: BTreeMap<Vec<(Formula, Affine)>, Affine>,
    /// How many values are known in part only.
    pub(super) unknowns: usize,
    pub(super) here: Here,
}

/// A place in a table of numbers by which loops end, and the greatest of these.
pub(super) type Greatest = (Place, Handle<Var>);

/// A number in such a table, and its value.
pub(super) type Listed = (Place, Affine);

/// Where the walk stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Here {
    /// Numbers in tables by which loops around end.
    pub(super) listed: Vec<Listed>,
    pub(super) iterators: Vec<Handle<Var>>,
    pub(super) loops: Vec<(LoopName, bool)>,
    pub(super) domain: Vec<Formula>,
    /// What holds behind branches that do not go on; instances are all those that may come to their conditions.
    pub(super) passed: Vec<Formula>,
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
    /// Walks `statements` of a function, of which `made`, the `tables` and the `greatest` numbers of others are known, and before
    /// which `requirements` must hold.
    pub(super) fn new(
        module: &'a Module,
        function: &'a Function,
        isl: &isl::Context,
        statements: &[Stmt],
        made: &Made,
        tables: Tables,
        (requirements, greatest): (&[Requirement], &[Greatest]),
    ) -> Self {
        let mut scan = Self {
            made: made.clone(),
            definitions: BTreeMap::new(),
            notes: 0,
            widths: BTreeMap::new(),
            keeps_widths: false,
            planes: BTreeMap::new(),
            joined: BTreeSet::new(),
            among: BTreeMap::new(),
            module,
            function,
            isl: isl.clone(),
            modified: BTreeSet::new(),
            has_text: false,
            written: BTreeMap::new(),
            targets: Vec::new(),
            sites: Vec::new(),
            accesses: Vec::new(),
            open: Vec::new(),
            loops: Vec::new(),
            unbounded: BTreeSet::new(),
            refusals: Vec::new(),
            declared: BTreeMap::new(),
            shared: BTreeMap::new(),
            unordered: BTreeSet::new(),
            inputs: BTreeSet::new(),
            no_wrap: made.asserted.clone(),
            held: BTreeMap::new(),
            values: BTreeMap::new(),
            followed: followed(function, statements),
            subscripted: subscripted(function, statements),
            trials: Vec::new(),
            tried: Rc::default(),
            vague: BTreeSet::new(),
            tables,
            greatest: greatest.to_vec(),
            in_end: None,
            elements: Vec::new(),
            given: Vec::new(),
            unset: BTreeSet::new(),
            choices: BTreeMap::new(),
            unknowns: 0,
            here: Here::default(),
        };
        scan.collect_written(statements);
        let at = statements.first().map(Stmt::span).unwrap_or_default();
        for requirement in requirements {
            scan.meet(requirement, at);
        }
        scan.block(statements);
        scan
    }

    /// Returns the iterators of all counted loops.
    pub(crate) fn iterators(&self) -> Vec<Handle<Var>> {
        let all = self.sites.iter().flat_map(|site| &site.iterators).copied();
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn collect_written(&mut self, statements: &[Stmt]) {
        self.modified = names::changed(self.function, statements);
        region::each(statements, &mut |stmt| {
            if let Some(place) = region::target(stmt) {
                self.written.entry(place.var).or_insert(stmt.span());
                self.targets.push(place.clone());
            }
            self.has_text |= matches!(stmt, Stmt::Verbatim(..));
        });
    }

    /// Records an obstacle for the whole region.
    pub(super) fn refuse(&mut self, reason: Reason, at: Span) {
        let refusal = Refusal::new(reason, at);
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// Adds a site at this point and returns its index.
    pub(super) fn site(&mut self, event: Option<Event>) -> usize {
        let sequence = self.sites.len();
        self.sites.push(Site {
            event,
            iterators: self.here.iterators.clone(),
            loops: self.here.loops.clone(),
            sequence,
            domain: self.here.domain.clone(),
            is_exact: !self.here.is_uncertain,
        });
        sequence
    }

    /// Adds the site of a decision at this point and returns its index.
    pub(super) fn decision(&mut self, condition: Handle<Expr>) -> usize {
        let number = self.sites.len();
        self.site(Some(Event::Decision(Decision { number, condition })))
    }

    pub(super) fn block(&mut self, statements: &[Stmt]) {
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
        self.unset.insert(var);
        let mut named = (names::lengths(&self.function.vars[var].ty).into_iter())
            .flat_map(|length| build::variables(self.function, length));
        let is_known = names::has_known_lengths(&self.function.vars[var].ty);
        if !is_known || named.any(|var| self.modified.contains(&var)) {
            let construct = "an array whose length changes from iteration to iteration".to_owned();
            self.refuse(Reason::Unsupported { construct }, span);
        }
    }

    /// A `break` of an uncounted loop stays inside a thread; any other exit ends the region's order.
    fn leave(&mut self, how: &str, span: Span) {
        self.here.is_uncertain = true;
        if how == "return" || self.here.is_in_counted {
            // What a header asks beside its counter became a `break`.
            let holds = |header: Span| {
                !span.is_unknown() && header.start <= span.start && span.end <= header.end
            };
            let is_header = self.loops.iter().any(|each| holds(each.header_span));
            let how = if is_header { "its condition" } else { how };
            let how = how.to_owned();
            self.refuse(Reason::EarlyExit { how }, span);
        }
    }

    /// Returns whether a variable says that a loop was left.
    pub(super) fn is_flag(&self, var: Handle<Var>) -> bool {
        self.made.left.values().any(|flag| *flag == var)
    }

    /// What follows a `continue` in the body is left to data, and the loop's iterations must stay whole.
    fn skip(&mut self, span: Span) {
        self.here.is_uncertain = true;
        if self.here.is_in_counted
            && let Some((name, _)) = self.here.loops.last()
            && let Some(found) = self.loops.iter_mut().find(|each| each.name == *name)
        {
            let construct = "continue in the middle of a branch".to_owned();
            let refusal = Refusal::new(Reason::Unsupported { construct }, span);
            found.obstacles.push(refusal.helped(
                "note in a variable that the rest is skipped, `int skip = 0;`, and ask for it: `if (!skip)`",
            ));
        }
    }

    fn compute(&mut self, compute: &Compute) {
        let site = self.site(Some(Event::Assignment(compute.id)));
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
    fn assign(&mut self, var: Handle<Var>, value: Handle<Expr>) {
        let conditions = self.no_wrap.len();
        let mut known = self.function.vars[var]
            .is_plain_local()
            .then(|| self.polynomial(value))
            .flatten();
        if self.no_wrap.len() > conditions && !self.followed.contains(&var) {
            self.no_wrap.truncate(conditions);
            known = None;
        }
        let form = known.as_ref();
        let form = form.and_then(|form| form.affine(&self.here.iterators));
        self.check_assignment(var, form.as_ref());
        self.given.push((var, form));
        self.unset.remove(&var);
        self.vague.remove(&var);
        match known {
            Some(form) => self.values.insert(var, form),
            None => self.values.remove(&var),
        };
        self.settle([var]);
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
        let refusal = if call.is_through_pointer() {
            let construct = "a call through a pointer".to_owned();
            let help =
                "call the function by its name: one loop for each function that the pointer may be";
            Refusal::new(Reason::Unsupported { construct }, call.span).helped(help)
        } else {
            let mut refusal = Refusal::new(names::call_reason(&call.callee), call.span);
            refusal.help = names::call_help(&call.callee).map(str::to_owned);
            refusal
        };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// Forgets the values of everything that `statements` assign.
    pub(super) fn forget(&mut self, statements: &[Stmt]) {
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

    /// Returns the reads recorded since, marked as those of a condition.
    pub(super) fn control_since(&self, before: usize) -> Vec<Access> {
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
        let (test, body, step) = (&each.before_test[..], &each.body[..], &each.after_body[..]);
        let blocks = if each.is_do {
            [body, step, test]
        } else {
            [test, body, step]
        };
        let start = self.before_loop(&blocks, None);
        for block in blocks {
            self.forget(block);
        }
        self.here.is_uncertain = true;
        self.here.whiles += 1;
        self.here.is_in_counted = false;
        let is_first = !each.is_do && test.is_empty();
        let repeated = Repeated {
            condition: is_first.then_some(each.condition),
            blocks: &blocks,
        };
        let invariants = self.iterations(&start, repeated, &|scan| scan.go_on(each, &blocks));
        let has_return = names::has_return(&each.body);
        self.here = outer;
        self.here.is_uncertain |= has_return;
        for block in blocks {
            self.forget(block);
        }
        self.after_loop(&start, &invariants);
    }

    /// Reads what decides whether another iteration of an uncounted loop comes.
    fn go_on(&mut self, each: &While, blocks: &[&[Stmt]]) {
        let site = self.decision(each.condition);
        let before = self.accesses.len();
        self.reads(each.condition, site, &mut Vec::new(), false);
        let mut control = self.control_since(before);
        // Where an iteration ends the loop, none of the later ones runs. What decides that is read where it stands, with
        // what is known there.
        let mut leaving = blocks
            .iter()
            .flat_map(|block| names::leaving_conditions(block));
        if let Some(first) = leaving.next() {
            let mut aside = self.clone();
            let before = aside.accesses.len();
            for condition in std::iter::once(first).chain(leaving) {
                aside.reads(condition, site, &mut Vec::new(), false);
            }
            control.extend(aside.control_since(before));
            // Their values stay apart from all others.
            self.unknowns = aside.unknowns;
        }
        self.here.control.extend(control);
    }
}
