//! What is assumed of the parameters of a region, and what of it the host has to test.

use std::collections::BTreeSet;

use mupac_ir::{Handle, Var};

use super::access::Access;
use super::domain;
use super::scan::Scan;
use super::value::{DIVISOR, LOOP_RUNS};
use crate::affine::{Affine, Atom, Atoms, Formula, Sign, WIDE};
use crate::facts::{Condition, Footprint};
use crate::isl;
use crate::symbol::{Stride, Symbol};

/// The kind of the conditions under which ranges that data decide begin in their arrays.
const RANGE: &str = "range";

/// What is assumed of the parameters.
#[derive(Clone)]
pub(super) struct Context {
    /// What C alone guarantees.
    pub(super) ranges: isl::Set,
    /// What holds besides wherever the conditions do.
    pub(super) holds: isl::Set,
    /// What the host has to test, in this order.
    pub(super) conditions: Vec<Condition>,
}

impl Context {
    pub(super) fn new(scan: &Scan<'_>, symbols: &BTreeSet<Symbol>) -> Result<Self, isl::Error> {
        let everything = isl::Set::parse(&scan.isl, "{ : }")?;
        let mut context = Self {
            holds: everything.clone(),
            ranges: everything,
            conditions: Vec::new(),
        };
        context.define(scan, &scan.definitions)?;
        // What divides has no value before its divisor is known to be positive.
        let function = scan.function;
        let (dividing, plain) = symbols
            .iter()
            .cloned()
            .partition(|each| each.divides(function));
        context.add_symbols(scan, &plain)?;
        context.require_noted(scan, DIVISOR)?;
        context.add_symbols(scan, &dividing)?;
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
        // The text computes a sum in its type only where its loops run, and the host always in 64 bits.
        let is_width = |symbol: &Symbol| scan.widths.contains_key(symbol);
        let named = all().filter(|symbol| !is_width(symbol));
        let ranges = domain::ranges(named, |symbol| symbol.type_range(function));
        let working = domain::ranges(all(), |symbol| {
            let sum = is_width(symbol).then_some((-WIDE, WIDE));
            sum.or_else(|| symbol.working_range(function))
        });
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
    pub(super) fn define<'a>(
        &mut self,
        scan: &Scan<'_>,
        definitions: impl IntoIterator<Item = (&'a Symbol, &'a Affine)>,
    ) -> Result<(), isl::Error> {
        for (symbol, value) in definitions {
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

    /// Requires of ranges that data decide that they begin at the first element or behind it, where sizes decide about that:
    /// `if (b >= n) b = n - 1;` goes before it where there are none.
    pub(super) fn ranges_begin(
        &mut self,
        scan: &Scan<'_>,
        footprints: &[Footprint],
    ) -> Result<(), isl::Error> {
        let is_of_data = |footprint: &&Footprint| {
            let mut own = scan
                .accesses
                .iter()
                .filter(|each| each.var == footprint.array);
            !footprint.is_inside && footprint.strides.len() == 1 && own.any(Access::is_ranged)
        };
        for footprint in footprints.iter().filter(is_of_data) {
            let before = isl::Set::parse(self.holds.context(), "{ [x] : x < 0 }")?;
            let before = footprint.touched.intersect(&before)?.params()?;
            let rest = self.holds.subtract(&before)?;
            if !rest.is_empty()? {
                self.require(RANGE, &rest)?;
            }
        }
        Ok(())
    }

    /// Requires that every array is touched, so that its buffer is not empty; one that only branches touch which the
    /// whole region takes or not, only where it takes one.
    pub(super) fn arrays_are_touched(
        &mut self,
        scan: &Scan<'_>,
        footprints: &[Footprint],
    ) -> Result<(), isl::Error> {
        for footprint in footprints {
            let mut touched = footprint.touched.params()?;
            if let Some(taken) = branches(scan, footprint.array)? {
                touched = touched.union(&self.holds.subtract(&taken)?)?;
            }
            self.require(LOOP_RUNS, &touched)?;
        }
        Ok(())
    }
}

/// Returns where the region takes a branch that accesses an array, of branches that it takes in all iterations or in
/// none; `None`: everywhere.
fn branches(scan: &Scan<'_>, array: Handle<Var>) -> Result<Option<isl::Set>, isl::Error> {
    let iterators = scan.iterators();
    let is_fixed = |formula: &&Formula| {
        let mut atoms = Atoms::default();
        formula.collect(&mut atoms);
        let mut iterators = iterators.iter();
        atoms.unknowns.is_empty()
            && !iterators.any(|var| atoms.symbols.contains(&Symbol::var(*var)))
    };
    let mut taken: Option<isl::Set> = None;
    for access in scan.accesses.iter().filter(|access| access.var == array) {
        let conditions = scan.sites[access.site].domain.iter().chain(&access.domain);
        let conditions = conditions.flat_map(Formula::conjuncts).filter(is_fixed);
        let Some(condition) = conditions.cloned().reduce(Formula::and) else {
            return Ok(None);
        };
        let here = domain::parameter_set(&scan.isl, &condition)?;
        taken = Some(match taken {
            Some(taken) => taken.union(&here)?,
            None => here,
        });
    }
    Ok(taken)
}

/// Returns the values that nothing changes and that domains and subscripts are written in, and the variables that they
/// depend on.
pub(super) fn symbols<'a>(
    scan: &Scan<'_>,
    counts: impl Iterator<Item = &'a Affine>,
) -> BTreeSet<Symbol> {
    let atoms = domain::atoms(&scan.iterators(), |atoms| {
        for count in counts {
            count.collect(atoms);
        }
        for access in &scan.accesses {
            access.collect(&scan.sites, atoms);
            if let Some(range) = access.unclear_range() {
                range.collect(atoms);
            }
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
