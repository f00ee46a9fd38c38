//! Examines one loop nest: a region, or the reasons why it is none.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Function, Handle, Module, Reason, Refusal, Stmt, Type, Var};

use super::delinearise::{Shape, delinearise};
use super::dependence::{Conflicts, assignments, conflicts};
use super::footprint::{Failure, Finder, footprints};
use super::layout::{Layout, layout};
use super::privatise::{Position, needed_iterators, private};
use super::promise::{Promised, promised};
use super::scan::Scan;
use super::value::{DIVISOR, LOOP_RUNS};
use super::{alias, domain, fetch, inspection, reduction, rows, update, workspace};
use crate::affine::{Affine, Atom, Formula, Sign};
use crate::facts::{Condition, Facts, Footprint, Reduction, StatementFacts};
use crate::inspect::Allowed;
use crate::isl;
use crate::symbol::{Stride, Symbol};

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
        statements: statements(&scan, &context.holds)?,
        dependences: found.dependences,
        carried: found.carried,
        may_contain: alias::may_contain(position, function, &footprints, &inputs, &reductions),
        fetched: fetch::variables(position.fetched),
        may_alias,
        inspections,
        updates,
        reductions,
        private: private
            .into_keys()
            .filter(|var| scan.written.contains_key(var) && !layout.assigned.contains(var))
            .filter(|var| !reduction::is_target(&scan, *var))
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
            .filter_map(|access| Some((access, scan.sites[access.site].id?)))
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

/// Returns the values that nothing changes and that domains and subscripts are written in, and the variables that they
/// depend on.
fn symbols(scan: &Scan<'_>, promised: &Promised) -> BTreeSet<Symbol> {
    let atoms = domain::atoms(&scan.iterators(), |atoms| {
        for count in promised.values() {
            count.collect(atoms);
        }
        for access in &scan.accesses {
            access.collect(&scan.sites, atoms);
            if let Some(flat) = &access.flat {
                flat.collect(atoms);
            }
        }
        for site in &scan.sites {
            for formula in &site.domain {
                formula.collect(atoms);
            }
        }
    });
    let mut symbols = atoms.symbols;
    for (_, condition) in &scan.no_wrap {
        let names = condition.parameters().unwrap_or_default();
        symbols.extend(
            names
                .iter()
                .filter_map(|name| Symbol::named(scan.function, name)),
        );
    }
    let mut vars = BTreeSet::new();
    for symbol in &symbols {
        symbol.collect_vars(scan.function, &mut vars);
    }
    symbols.extend(vars.into_iter().map(Symbol::var));
    symbols
}

/// Returns the variables that symbols depend on.
fn parameters(function: &Function, symbols: &BTreeSet<Symbol>) -> BTreeSet<Handle<Var>> {
    let mut vars = BTreeSet::new();
    for symbol in symbols {
        symbol.collect_vars(function, &mut vars);
    }
    vars
}

/// What is assumed of the parameters.
pub(super) struct Context {
    ranges: isl::Set,
    pub(super) holds: isl::Set,
    conditions: Vec<Condition>,
}

impl Context {
    fn new(scan: &Scan<'_>, symbols: &BTreeSet<Symbol>) -> Result<Self, isl::Error> {
        let everything = isl::Set::parse(&scan.isl, "{ : }")?;
        let mut context = Self {
            holds: everything.clone(),
            ranges: everything,
            conditions: Vec::new(),
        };
        context.define(scan)?;
        context.add_symbols(scan, symbols)?;
        context.require_noted(scan, DIVISOR)?;
        context.loop_runs(scan)?;
        context.require_noted(scan, LOOP_RUNS)?;
        for (kind, condition) in &scan.no_wrap {
            context.require(kind, condition)?;
        }
        Ok(context)
    }

    /// Adds the conditions of a kind that the walk noted.
    fn require_noted(&mut self, scan: &Scan<'_>, kind: &'static str) -> Result<(), isl::Error> {
        for (noted, condition) in &scan.no_wrap {
            if *noted == kind {
                self.require(kind, condition)?;
            }
        }
        Ok(())
    }

    /// Adds what is known of symbols, and that they stay small enough to compute with.
    pub(super) fn add_symbols(
        &mut self,
        scan: &Scan<'_>,
        symbols: &BTreeSet<Symbol>,
    ) -> Result<(), isl::Error> {
        let function = scan.function;
        let all = || symbols.iter().cloned();
        let ranges = domain::ranges(all(), |symbol| symbol.type_range(function));
        let working = domain::ranges(all(), |symbol| symbol.working_range(function));
        let ranges = domain::parameter_set(&scan.isl, &ranges)?;
        self.ranges = self.ranges.intersect(&ranges)?;
        self.holds = self.holds.intersect(&ranges)?;
        let working = domain::parameter_set(&scan.isl, &working)?;
        self.require("wide-value", &working)
    }

    /// Requires that strides are not negative; false where that leaves nothing.
    pub(super) fn are_positive(
        &mut self,
        scan: &Scan<'_>,
        strides: &[Stride],
    ) -> Result<bool, isl::Error> {
        let factors = strides.iter().flat_map(|stride| stride.symbol.factors());
        let symbols: BTreeSet<Symbol> = factors.map(|factor| Symbol::from(*factor)).collect();
        let formula = domain::ranges(symbols, |symbol| {
            let (low, high) = symbol.working_range(scan.function)?;
            Some((low.max(0), high))
        });
        let positive = domain::parameter_set(&scan.isl, &formula)?;
        if self.holds.intersect(&positive)?.is_empty()? {
            return Ok(false);
        }
        self.require("shape", &positive)?;
        Ok(true)
    }

    /// Adds a condition that does not follow from those before.
    pub(super) fn require(
        &mut self,
        kind: &'static str,
        holds: &isl::Set,
    ) -> Result<(), isl::Error> {
        if self.holds.is_subset(holds)? {
            return Ok(());
        }
        let holds = holds.gist(&self.holds)?;
        self.holds = self.holds.intersect(&holds)?.coalesce()?;
        self.conditions.push(Condition { kind, holds });
        Ok(())
    }

    /// Adds what symbols are worth that stand for sums, which is so by what they are.
    fn define(&mut self, scan: &Scan<'_>) -> Result<(), isl::Error> {
        for (symbol, value) in &scan.definitions {
            let whole = Affine::atom(Atom::Symbol(symbol.clone()));
            if let Some(difference) = whole.minus(value) {
                let equal = Formula::Compare(difference, Sign::Zero);
                let equal = domain::parameter_set(&scan.isl, &equal)?;
                self.holds = self.holds.intersect(&equal)?;
                self.ranges = self.ranges.intersect(&equal)?;
            }
        }
        Ok(())
    }

    /// Requires that the outermost loop runs.
    fn loop_runs(&mut self, scan: &Scan<'_>) -> Result<(), isl::Error> {
        let Some(site) = scan.sites.iter().find(|site| !site.iterators.is_empty()) else {
            return Ok(());
        };
        let own: Vec<&Formula> = site.domain.iter().take(1).collect();
        let runs = domain::instances(&scan.isl, "", &site.iterators[..1], &own)?;
        self.require(LOOP_RUNS, &runs.params()?)
    }

    /// Requires that every array is touched, so that its buffer is not empty.
    fn arrays_are_touched(&mut self, footprints: &[Footprint]) -> Result<(), isl::Error> {
        for footprint in footprints {
            self.require(LOOP_RUNS, &footprint.touched.params()?)?;
        }
        Ok(())
    }
}

fn statements(
    scan: &Scan<'_>,
    context: &isl::Set,
) -> Result<BTreeMap<mupac_ir::StmtId, StatementFacts>, isl::Error> {
    assignments(&scan.sites)
        .map(|(id, site)| {
            let formulas: Vec<&Formula> = site.domain.iter().collect();
            let domain = domain::instances(&scan.isl, &id.to_string(), &site.iterators, &formulas)?
                .intersect_params(context)?;
            let facts = StatementFacts {
                iterators: site.iterators.clone(),
                loops: site.loops.iter().map(|(name, _)| name.clone()).collect(),
                domain,
            };
            Ok((id, facts))
        })
        .collect()
}
