//! Examines one loop nest: a region, or the reasons why it is none.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Apart, Function, Handle, LoopName, Module, Move, Reason, Refusal, Stmt, StmtId, Type, Var,
};

use super::access::Site;
use super::allocated;
use super::context::{Context, symbols};
use super::delinearise::{Shape, delinearise};
use super::dependence::{Conflicts, conflicts, named};
use super::footprint::{Failure, Finder, footprints};
use super::guess::Reading;
use super::layout::{Layout, layout};
use super::liveness::addressed;
use super::names::{lengths, shown};
use super::opening::{self, Opened, Written};
use super::pointers::Requirement;
use super::privatise::{Position, iterators_left_behind, needed_iterators, private, shared};
use super::promise::{Promised, promised};
use super::scan::Scan;
use super::table::Tables;
use super::{
    alias, distinct, domain, fetch, fronts, inside, inspection, overwrite, prefix, reduction, same,
    update, workspace,
};
use crate::affine::Formula;
use crate::build;
use crate::carried::Order;
use crate::facts::{Event, EventFacts, Facts, FloatOrder, Footprint, Reduction, Update};
use crate::inspect::Allowed;
use crate::isl;
use crate::judge::{Tree, judge};
use crate::symbol::Symbol;

/// What stands in the way of a region.
pub(super) enum Obstacle {
    Refused(Vec<Refusal>),
    Solver(isl::Error),
}

impl From<isl::Error> for Obstacle {
    fn from(error: isl::Error) -> Self {
        Self::Solver(error)
    }
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Solver(error) => Self::Solver(error),
            Failure::Refused(refusal) => Self::Refused(vec![refusal]),
        }
    }
}

pub(super) fn header(position: Position<'_>) -> mupac_ir::Span {
    match position.statements.first() {
        Some(Stmt::For(each)) => each.header_span,
        Some(other) => other.span(),
        None => mupac_ir::Span::default(),
    }
}

/// How a region is read.
#[derive(Clone, Copy)]
pub(super) struct How<'a> {
    /// Which rows its subscripts have.
    pub(super) reading: Reading,
    /// The values of its tables.
    pub(super) tables: &'a Tables,
    /// Whether sums keep their order.
    pub(super) order: FloatOrder,
    /// The small arrays that iterations are not to have for themselves.
    pub(super) kept: &'a BTreeSet<Handle<Var>>,
    /// Whether iterations may look at what those before them have contributed.
    pub(super) scans: bool,
}

/// Finds out what is known of a region, read in one way.
pub(super) fn facts(
    module: &Module,
    function: &Function,
    isl: &isl::Context,
    position: Position<'_>,
    how: How<'_>,
) -> Result<Facts, Obstacle> {
    let How {
        reading,
        tables,
        order,
        kept,
        scans,
    } = how;
    let mut scan = walked((module, function, isl), position, tables)?;
    let whole = inside::whole(&mut scan);
    let promised = promised(&mut scan, position);
    let found = position.fetched.iter();
    let found = found.filter_map(|each| Some((each.length_of?, each.fetched.variable)));
    let allocated = allocated::counts(&mut scan, found);
    let counts = allocated.values().map(|size| &size.count);
    let symbols = symbols(&scan, promised.values().chain(counts));
    let mut context = Context::new(&scan, &symbols)?;
    let shapes = delinearise(&mut scan, &mut context, reading)?;
    let parameters = parameters(function, &symbols);
    let mut private = private(&scan, position);
    let mut workspaces = workspace::arrays(&scan, position, &context.holds)?;
    private.extend(&workspaces);
    scan.shared = shared(&scan, position, &private);
    scan.shared
        .extend(workspace::shared(&scan, &context.holds, &private)?);
    workspaces.retain(|array, _| !kept.contains(array));
    private.retain(|var, _| !kept.contains(var));
    let addressed = addressed(function);
    scan.shared.retain(|var, _| !addressed.contains(var));
    let updates = update::find(&mut scan, position.statements, order);
    scan.unordered = update::unordered(&scan, position.statements);
    let allowed = Allowed {
        own: private.keys().copied().collect(),
        initial: BTreeSet::new(),
    };
    let apart = distinct::keep_apart(&mut scan, position.statements, &allowed);
    let mut reductions = reduction::find(&mut scan, position.statements);
    let proof = (&shapes, &context.holds);
    let mut found = carry(&mut scan, &mut reductions, &private, proof)?;
    if scans {
        let again = &mut |scan: &mut Scan<'_>, reductions: &mut Vec<Reduction>| {
            carry(scan, reductions, &private, proof)
        };
        let statements = (position.statements, order);
        found = prefix::find(
            &mut scan,
            statements,
            &mut reductions,
            (found, &private),
            again,
        )?;
    }
    let useless = workspace::useless(&scan, &workspaces, &found.carried);
    if !useless.is_empty() {
        let kept = kept.union(&useless).copied().collect();
        return facts(module, function, isl, position, How { kept: &kept, ..how });
    }
    let unchanged: BTreeSet<_> = scan.inputs.union(&parameters).copied().collect();
    let inputs = unchanged.iter().copied().collect();
    let found_layout = layout(function, position.statements, &found.carried, &unchanged);
    let read = Read {
        position,
        promised,
        allocated,
        context,
        shapes,
        parameters,
        private,
        updates,
        apart,
        whole,
        reductions,
        found,
        inputs,
        scan,
    };
    let refusals = match found_layout {
        Ok(layout) => return read.proved(&layout, position.statements, Vec::new()),
        Err(refusals) => refusals,
    };
    let (read, opened) = read.opened(&unchanged)?;
    if let Some(opened) = opened
        && let Ok(facts) = read.proved_in_parts(opened)
    {
        return Ok(facts);
    }
    // What stands in the way of the whole says more than what stands in the way of its parts.
    Err(Obstacle::Refused(refusals))
}

/// Walks over the statements of a region.
fn walked<'a>(
    (module, function, isl): (&'a Module, &'a Function, &isl::Context),
    position: Position<'_>,
    tables: &Tables,
) -> Result<Scan<'a>, Obstacle> {
    let resolved = position.resolved.iter();
    let resolved = resolved.flat_map(|resolved| &resolved.requirements);
    let fetched = position.fetched.iter().flat_map(|each| &each.needs);
    let requirements: Vec<Requirement> = resolved.chain(fetched).cloned().collect();
    let greatest = position.fetched.iter();
    let greatest =
        greatest.filter_map(|each| Some((each.greatest_of.clone()?, each.fetched.variable)));
    let greatest: Vec<_> = greatest.collect();
    let mut scan = Scan::new(
        module,
        function,
        isl,
        position.statements,
        position.made,
        tables.clone(),
        (&requirements, &greatest),
    );
    scan.planes = fetch::planes(function, position.fetched);
    note_rows(&mut scan, position);
    if !scan.counts_are_conditions() {
        let refusal = Refusal::new(Reason::NonAffineBound, header(position));
        return Err(Obstacle::Refused(vec![refusal]));
    }
    let refusals = std::mem::take(&mut scan.refusals);
    if refusals.is_empty() {
        Ok(scan)
    } else {
        Err(Obstacle::Refused(refusals))
    }
}

/// Notes which arrays stand for rows, and how many of these the host has looked at where the region may reach others.
fn note_rows(scan: &mut Scan<'_>, position: Position<'_>) {
    for each in position.fetched.iter().filter(|each| each.is_joined) {
        let array = each.fetched.variable;
        scan.joined.insert(array);
        let ends = each.among.iter();
        let counts = ends.map(|[first, end]| scan.affine(*end)?.minus(&scan.affine(*first)?));
        let counts: Option<Vec<_>> = counts.collect();
        if !each.among.is_empty() {
            scan.among.insert(array, counts.unwrap_or_default());
        }
    }
}

/// What the statements of a region do, as far as they say it themselves.
struct Read<'a> {
    position: Position<'a>,
    promised: Promised,
    allocated: allocated::Counts,
    context: Context,
    shapes: BTreeMap<Handle<Var>, Shape>,
    parameters: BTreeSet<Handle<Var>>,
    private: BTreeMap<Handle<Var>, usize>,
    updates: BTreeMap<StmtId, Update>,
    apart: BTreeMap<Handle<Var>, Apart>,
    whole: BTreeSet<Handle<Var>>,
    reductions: Vec<Reduction>,
    found: Conflicts,
    inputs: Vec<Handle<Var>>,
    scan: Scan<'a>,
}

impl Read<'_> {
    /// Proves what is needed of a region that starts with moves after which some statements are left, which are laid out so.
    fn proved(
        mut self,
        layout: &Layout,
        laid_out: &[Stmt],
        opening: Vec<Move>,
    ) -> Result<Facts, Obstacle> {
        let (function, position) = (self.scan.function, self.position);
        check_iterators(&self.scan, position, layout, laid_out)?;
        // Moves that a region starts with tell loops of the host from kernels anew: then it is for the judge to say.
        let is_as_written = opening.is_empty();
        check_scalars(&self.scan, (&self.private, is_as_written), layout)?;
        let written = self.scan.written.keys().copied();
        let allowed = Allowed {
            own: self.private.keys().copied().collect(),
            initial: Allowed::initial(written, &self.found.dependences),
        };
        let holds = self.context.holds.clone();
        let finder = Finder {
            scan: &self.scan,
            allowed: &allowed,
            position,
            context: &holds,
            apart: &self.apart,
            whole: &self.whole,
            promised: &self.promised,
            allocated: &self.allocated,
        };
        let footprints = touched(&finder, layout, &self.shapes)?;
        if self.reductions.is_empty() && !footprints.iter().any(|each| each.is_written) {
            return Err(Obstacle::Refused(vec![computes_nothing(position)]));
        }
        self.context.arrays_are_touched(&self.scan, &footprints)?;
        self.context.ranges_begin(&self.scan, &footprints)?;
        if self.context.holds.is_empty()? {
            return Err(Obstacle::Refused(vec![never_runs(position)]));
        }
        let leaves_some =
            |each: &Footprint| overwrite::leaves_some(&self.scan, each, &self.context.holds);
        let may_alias = alias::may_alias(self.scan.module, function, &footprints, leaves_some)?;
        let inspections = inspection::inspections(&finder, &footprints, &may_alias)
            .map_err(|refusal| Obstacle::Refused(vec![refusal]))?;
        let touched = (&*footprints, &*may_alias, &*inspections);
        let may_be_same = same::may_be_same(
            (&self.scan, position.statements),
            (&self.shapes, &self.context.holds),
            touched,
        )?;
        self.check_lengths(&footprints)?;
        let reductions = reduction::in_memory(self.reductions, position.fetched);
        let scan = &self.scan;
        Ok(Facts {
            events: events(scan, &self.context.holds)?,
            dependences: self.found.dependences,
            carried: self.found.carried,
            may_contain: alias::may_contain(
                scan.module,
                position,
                function,
                &footprints,
                &self.inputs,
                &reductions,
            ),
            fetched: fetch::variables(position.fetched),
            late: fetch::late(position.fetched),
            may_alias,
            may_be_same,
            inspections,
            updates: self.updates,
            reductions,
            private: self
                .private
                .into_iter()
                .filter(|(var, _)| scan.written.contains_key(var) && !layout.assigned.contains(var))
                .filter(|(var, _)| !reduction::is_target(scan, *var))
                .collect(),
            parameters: self.parameters.into_iter().collect(),
            context: self.context.holds,
            ranges: self.context.ranges,
            conditions: self.context.conditions,
            tests: position
                .resolved
                .map_or_else(Vec::new, |resolved| resolved.tests.clone()),
            footprints,
            inputs: self.inputs,
            left_behind: iterators_left_behind(scan, position),
            opening,
        })
    }

    /// Takes some reductions for ordinary statements: where loops are cut or skewed, a thread may run all iterations that
    /// contribute to a value.
    fn without(mut self, is_own: impl Fn(&Self, &Reduction) -> bool) -> Result<Self, isl::Error> {
        let numbered = self.reductions.iter().enumerate();
        let own = numbered.filter(|(_, each)| is_own(&self, each));
        let own: BTreeSet<usize> = own.map(|(number, _)| number).collect();
        if !own.is_empty() {
            reduction::forget(&mut self.scan, &mut self.reductions, &own);
            self.found = carried(&self.scan, &self.private, &self.shapes, &self.context.holds)?;
        }
        Ok(self)
    }

    /// Proves what is needed of a region that has to be cut first, and that it may be.
    fn proved_in_parts(self, opened: Opened) -> Result<Facts, Obstacle> {
        let (function, statements) = (self.scan.function, self.position.statements);
        let facts = self.proved(&opened.layout, &opened.statements, opened.moves)?;
        let before = Tree {
            function,
            statements,
        };
        let after = Tree {
            function: &opened.function,
            statements: &opened.statements,
        };
        match judge(&facts, before, after) {
            Ok(_) => Ok(facts),
            Err(refusal) => Err(Obstacle::Refused(vec![refusal])),
        }
    }

    /// The text must have a name for the lengths of the rows of all that kernels touch: the front end keeps one that
    /// changes after the declaration in a variable that no text has.
    fn check_lengths(&self, footprints: &[Footprint]) -> Result<(), Obstacle> {
        let function = self.scan.function;
        let is_nameless = |array: Handle<Var>| {
            let lengths = lengths(&function.vars[array].ty).into_iter();
            let mut named = lengths.flat_map(|length| build::variables(function, length));
            named.any(|var| function.vars[var].spelling.is_empty())
                && !function.vars[array].span.is_unknown()
        };
        let mut arrays = footprints.iter().map(|each| each.array);
        let Some(array) = arrays.find(|array| is_nameless(*array)) else {
            return Ok(());
        };
        let declared = &function.vars[array];
        let construct = format!(
            "{}, whose rows have a length that is computed or changes later,",
            shown(declared)
        );
        Err(Obstacle::Refused(vec![Refusal::new(
            Reason::Unsupported { construct },
            declared.span,
        )]))
    }

    /// Cuts loops, or counts them by fronts, where no loop could run in parallel otherwise; `None` where that does not help.
    fn opened(
        self,
        unchanged: &BTreeSet<Handle<Var>>,
    ) -> Result<(Self, Option<Opened>), isl::Error> {
        let read = self.without(|read, each| read.private.contains_key(&each.target.var))?;
        if opening::may_help(read.position.statements, &read.found.carried)
            && let Some(opened) = read.rewritten(unchanged, opening::open)?
        {
            return Ok((read, Some(opened)));
        }
        let skewed = fronts::candidates(
            read.position.statements,
            &read.found.carried,
            &read.obstructed(),
        );
        if skewed.is_empty() {
            let opened = if opening::may_help(read.position.statements, &read.found.carried) {
                read.rewritten(unchanged, opening::open_with_instances)?
            } else {
                None
            };
            return Ok((read, opened));
        }
        let is_outside = |name: &LoopName| skewed.contains(name);
        let read = read.without(|_, each| each.outside.iter().any(is_outside))?;
        let opened = read.rewritten(unchanged, fronts::open)?;
        Ok((read, opened))
    }

    /// Returns the loops that something else than dependences keeps in order.
    fn obstructed(&self) -> BTreeSet<LoopName> {
        let loops = self.scan.loops.iter();
        let obstructed = loops.filter(|each| !each.obstacles.is_empty());
        obstructed.map(|each| each.name.clone()).collect()
    }

    /// Returns what a way to open the region makes of it.
    fn rewritten(
        &self,
        unchanged: &BTreeSet<Handle<Var>>,
        open: impl Fn(Written<'_>) -> Option<Opened>,
    ) -> Result<Option<Opened>, isl::Error> {
        let events = events(&self.scan, &self.context.holds)?;
        Ok(open(Written {
            function: self.scan.function,
            statements: self.position.statements,
            order: Order {
                events: &events,
                dependences: &self.found.dependences,
            },
            carried: &self.found.carried,
            obstructed: &self.obstructed(),
            unchanged,
        }))
    }
}

/// Returns what the region touches, of which guards can show that it keeps off the values in memory.
fn touched(
    finder: &Finder<'_>,
    layout: &Layout,
    shapes: &BTreeMap<Handle<Var>, Shape>,
) -> Result<Vec<Footprint>, Obstacle> {
    let footprints = footprints(finder, layout, shapes)?;
    match fetch::changed_beside(finder.scan, finder.position.fetched, &footprints) {
        Some(refusal) => Err(Obstacle::Refused(vec![refusal])),
        None => Ok(footprints),
    }
}

/// Finds the conflicts, and what else keeps loops in order.
///
/// A sum inside of a loop that may run in any order is no reduction: threads run the loop, and add up each for itself.
fn carry(
    scan: &mut Scan<'_>,
    reductions: &mut Vec<Reduction>,
    private: &BTreeMap<Handle<Var>, usize>,
    (shapes, context): (&BTreeMap<Handle<Var>, Shape>, &isl::Set),
) -> Result<Conflicts, isl::Error> {
    let found = carried(scan, private, shapes, context)?;
    let own = reduction::of_threads(reductions, &found.carried);
    if own.is_empty() {
        return Ok(found);
    }
    reduction::forget(scan, reductions, &own);
    carried(scan, private, shapes, context)
}

/// Returns what orders iterations, and whatever else keeps loops from running in parallel.
fn carried(
    scan: &Scan<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
    shapes: &BTreeMap<Handle<Var>, Shape>,
    context: &isl::Set,
) -> Result<Conflicts, isl::Error> {
    let mut found = conflicts(scan, private, shapes, context)?;
    for each in &scan.loops {
        if !each.obstacles.is_empty() {
            let refusals = found.carried.entry(each.name.clone()).or_default();
            refusals.splice(..0, each.obstacles.iter().cloned());
        }
    }
    Ok(found)
}

/// The values that the iterators of kernels are left with are lost.
fn check_iterators(
    scan: &Scan<'_>,
    position: Position<'_>,
    layout: &Layout,
    laid_out: &[Stmt],
) -> Result<(), Obstacle> {
    let refusals = needed_iterators(scan, position, layout, laid_out);
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Obstacle::Refused(refusals))
}

/// A variable of the host that a kernel writes without a dependence would have to be copied back; so would one of which
/// iterations of the host have copies.
fn check_scalars(
    scan: &Scan<'_>,
    (private, is_as_written): (&BTreeMap<Handle<Var>, usize>, bool),
    layout: &Layout,
) -> Result<(), Obstacle> {
    let is_kept = |var: &Handle<Var>| {
        let is_of_kernel = |site: &Site| {
            private.get(var).is_some_and(|depth| {
                let mut around = site.iterators.iter().take(*depth);
                !is_as_written || around.any(|each| !layout.iterators.contains(each))
            })
        };
        let mut accesses = scan.accesses.iter();
        accesses.all(|access| {
            let site = &scan.sites[access.site];
            let is_kept = |id| layout.statements.contains(&id) || is_of_kernel(site);
            access.var != *var
                || !access.is_write
                || access.reduction.is_some()
                || site.assignment().is_none_or(is_kept)
        })
    };
    let is_memory = |var: &Handle<Var>| {
        matches!(
            scan.function.vars[*var].ty,
            Type::Array { .. } | Type::Pointer { .. } | Type::Record(_)
        )
    };
    let refusals: Vec<Refusal> = scan
        .written
        .iter()
        .filter(|(var, _)| !is_memory(var) && !is_kept(var))
        .map(|(var, at)| {
            let name = super::names::shown(&scan.function.vars[*var]);
            let construct = format!("leaving a value in {name} for the code after the loop");
            Refusal::new(Reason::Unsupported { construct }, *at)
        })
        .collect();
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Obstacle::Refused(refusals))
}

/// A loop whose effects nobody sees is not worth a kernel.
fn computes_nothing(position: Position<'_>) -> Refusal {
    let construct = "a loop that leaves no result".to_owned();
    Refusal::new(Reason::Unsupported { construct }, header(position))
}

fn never_runs(position: Position<'_>) -> Refusal {
    let reason = Reason::TooSmall {
        iterations: 0,
        threshold: 1,
    };
    Refusal::new(reason, header(position))
}

/// Returns the variables that symbols depend on.
fn parameters(function: &Function, symbols: &BTreeSet<Symbol>) -> BTreeSet<Handle<Var>> {
    let mut vars = BTreeSet::new();
    for symbol in symbols {
        symbol.collect_vars(function, &mut vars);
    }
    vars
}

fn events(scan: &Scan<'_>, context: &isl::Set) -> Result<BTreeMap<Event, EventFacts>, isl::Error> {
    named(&scan.sites)
        .map(|(event, site)| {
            let formulas: Vec<&Formula> = site.domain.iter().collect();
            let domain =
                domain::instances(&scan.isl, &event.to_string(), &site.iterators, &formulas)?
                    .intersect_params(context)?;
            let facts = EventFacts {
                iterators: site.iterators.clone(),
                loops: site.loops.iter().map(|(name, _)| name.clone()).collect(),
                domain,
            };
            Ok((event, facts))
        })
        .collect()
}
