//! Examines one loop nest: a region, or the reasons why it is none.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, Module, Reason, Refusal, Stmt, Type, Var};

use super::context::{Context, symbols};
use super::delinearise::{Shape, delinearise};
use super::dependence::{Conflicts, conflicts, named};
use super::footprint::{Failure, Finder, footprints};
use super::layout::{Layout, layout};
use super::privatise::{Position, needed_iterators, private};
use super::promise::promised;
use super::scan::Scan;
use super::{alias, domain, fetch, inspection, reduction, rows, update, workspace};
use crate::affine::Formula;
use crate::facts::{Event, EventFacts, Facts, Footprint, Reduction};
use crate::inspect::Allowed;
use crate::isl;
use crate::symbol::Symbol;

/// Examines the loop at `position` of a function.
///
/// **Errors**: why its iterations cannot run in any order, or why nothing can be made of it.
pub(crate) fn examine(
    module: &Module,
    function: &Function,
    isl: &isl::Context,
    position: Position<'_>,
) -> Result<Facts, Vec<Refusal>> {
    facts(module, function, isl, position).map_err(|obstacle| match obstacle {
        Obstacle::Refused(refusals) => refusals,
        Obstacle::Solver(error) => {
            let at = header(position);
            vec![Refusal::new(Reason::SolverLimit, at).with(at, error.to_string())]
        }
    })
}

enum Obstacle {
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

fn header(position: Position<'_>) -> mupac_ir::Span {
    match position.statements.first() {
        Some(Stmt::For(each)) => each.header_span,
        Some(other) => other.span(),
        None => mupac_ir::Span::default(),
    }
}

fn facts(
    module: &Module,
    function: &Function,
    isl: &isl::Context,
    position: Position<'_>,
) -> Result<Facts, Obstacle> {
    let requirements = position
        .resolved
        .map_or(&[][..], |resolved| &resolved.requirements);
    let mut scan = Scan::new(
        module,
        function,
        isl,
        position.statements,
        position.made,
        requirements,
    );
    if !scan.counts_are_conditions() {
        let refusal = Refusal::new(Reason::NonAffineBound, header(position));
        return Err(Obstacle::Refused(vec![refusal]));
    }
    let refusals = std::mem::take(&mut scan.refusals);
    if !refusals.is_empty() {
        return Err(Obstacle::Refused(refusals));
    }
    let promised = promised(&mut scan, position);
    let symbols = symbols(&scan, &promised);
    let mut context = Context::new(&scan, &symbols)?;
    keep_in_rows(&scan, &mut context, position)?;
    let shapes = delinearise(&mut scan, &mut context)?;
    let parameters = parameters(function, &symbols);
    let mut private = private(&scan, position);
    private.extend(workspace::arrays(&scan, position, &context.holds)?);
    let mut allowed = Allowed {
        own: private.keys().copied().collect(),
        initial: BTreeSet::new(),
    };
    let updates = update::find(&mut scan, position.statements);
    let apart = inspection::keep_apart(&mut scan, position.statements, &allowed);
    let mut reductions = reduction::find(&mut scan, position.statements);
    let found = carry(
        &mut scan,
        &mut reductions,
        &private,
        &shapes,
        &context.holds,
    )?;
    let inputs: Vec<Handle<Var>> = scan.inputs.union(&parameters).copied().collect();
    let unchanged = inputs.iter().copied().collect();
    let layout = layout(function, position.statements, &found.carried, &unchanged)
        .map_err(Obstacle::Refused)?;
    check_iterators(&scan, position, &layout)?;
    check_scalars(&scan, &private, &layout)?;
    allowed.initial = Allowed::initial(scan.written.keys().copied(), &found.dependences);
    let holds = context.holds.clone();
    let finder = Finder {
        scan: &scan,
        allowed: &allowed,
        position,
        context: &holds,
        apart: &apart,
        promised: &promised,
    };
    let footprints = touched(&finder, &layout, &shapes)?;
    if reductions.is_empty() && !footprints.iter().any(|each| each.is_written) {
        return Err(Obstacle::Refused(vec![computes_nothing(position)]));
    }
    context.arrays_are_touched(&footprints)?;
    if context.holds.is_empty()? {
        return Err(Obstacle::Refused(vec![never_runs(position)]));
    }
    let may_alias = alias::may_alias(function, &footprints);
    let inspections = inspection::inspections(&finder, &footprints, &may_alias)
        .map_err(|refusal| Obstacle::Refused(vec![refusal]))?;
    let arrays = footprints.iter().map(|each| each.array);
    let named = fetch::named(function, position.fetched);
    let needed = arrays.chain(inputs.iter().copied()).chain(named).collect();
    if let Some(refusal) = layout.hidden(function, &needed) {
        return Err(Obstacle::Refused(vec![refusal]));
    }
    Ok(Facts {
        events: events(&scan, &context.holds)?,
        dependences: found.dependences,
        carried: found.carried,
        may_contain: alias::may_contain(position, function, &footprints, &inputs, &reductions),
        fetched: fetch::variables(position.fetched),
        may_alias,
        inspections,
        updates,
        reductions,
        private: private
            .into_iter()
            .filter(|(var, _)| scan.written.contains_key(var) && !layout.assigned.contains(var))
            .filter(|(var, _)| !reduction::is_target(&scan, *var))
            .collect(),
        parameters: parameters.into_iter().collect(),
        context: context.holds,
        ranges: context.ranges,
        conditions: context.conditions,
        tests: position
            .resolved
            .map_or_else(Vec::new, |resolved| resolved.tests.clone()),
        footprints,
        inputs,
    })
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

/// Requires that pointers that were followed stay in the rows they point into.
fn keep_in_rows(
    scan: &Scan<'_>,
    context: &mut Context,
    position: Position<'_>,
) -> Result<(), Obstacle> {
    if let Some(resolved) = position.resolved
        && let Some(at) = rows::keep_in_rows(scan, context, &resolved.rows)?
    {
        let construct = "a pointer that may leave the row it points into".to_owned();
        let refusal = Refusal::new(Reason::Unsupported { construct }, at);
        return Err(Obstacle::Refused(vec![refusal]));
    }
    Ok(())
}

/// Finds the conflicts, and what else keeps loops in order.
///
/// A sum inside of a loop that may run in any order is no reduction: threads run the loop, and add up each for itself.
fn carry(
    scan: &mut Scan<'_>,
    reductions: &mut Vec<Reduction>,
    private: &BTreeMap<Handle<Var>, usize>,
    shapes: &BTreeMap<Handle<Var>, Shape>,
    context: &isl::Set,
) -> Result<Conflicts, isl::Error> {
    let mut found = conflicts(scan, private, shapes, context)?;
    note_obstacles(scan, &mut found);
    let own = reduction::of_threads(reductions, &found.carried);
    if !own.is_empty() {
        reduction::forget(scan, reductions, &own);
        found = conflicts(scan, private, shapes, context)?;
        note_obstacles(scan, &mut found);
    }
    Ok(found)
}

fn note_obstacles(scan: &Scan<'_>, found: &mut Conflicts) {
    for each in &scan.loops {
        if !each.obstacles.is_empty() {
            let refusals = found.carried.entry(each.name.clone()).or_default();
            refusals.splice(..0, each.obstacles.iter().cloned());
        }
    }
}

/// The values that the iterators of kernels are left with are lost.
fn check_iterators(
    scan: &Scan<'_>,
    position: Position<'_>,
    layout: &Layout,
) -> Result<(), Obstacle> {
    let refusals = needed_iterators(scan, position, layout);
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Obstacle::Refused(refusals))
}

/// A variable of the host that a kernel writes without a dependence would have to be copied back.
fn check_scalars(
    scan: &Scan<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
    layout: &Layout,
) -> Result<(), Obstacle> {
    let is_of_host = |var: &Handle<Var>| {
        scan.accesses
            .iter()
            .filter(|access| access.is_write && access.var == *var)
            .filter_map(|access| Some((access, scan.sites[access.site].assignment()?)))
            .all(|(access, id)| access.reduction.is_some() || layout.statements.contains(&id))
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
        .filter(|(var, _)| !is_memory(var) && !private.contains_key(var) && !is_of_host(var))
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
