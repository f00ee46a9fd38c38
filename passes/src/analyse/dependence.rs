//! Which instances touch the same element, at least one writing it, and which loops carry that.
//!
//! Every conflicting pair counts, not only the last writer of a value: whatever keeps all of them in order keeps the
//! program's meaning.

use std::collections::BTreeMap;

use mupac_ir::{DependenceKind, Handle, LoopName, Reason, Refusal, Var, Witness};

use super::access::{Access, Site};
use super::domain;
use super::names::shown;
use super::scan::{LoopSite, Scan};
use crate::affine::name;
use crate::facts::Dependence;
use crate::isl;

/// What the accesses of a region have to do with one another.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    pub(crate) dependences: Vec<Dependence>,
    /// For each loop, why its iterations cannot run in any order.
    pub(crate) carried: BTreeMap<LoopName, Vec<Refusal>>,
}

/// Finds all of them, under a condition on the parameters.
pub(crate) fn conflicts(
    scan: &Scan<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
    context: &isl::Set,
) -> Result<Conflicts, isl::Error> {
    let mut finder = Finder {
        scan,
        private,
        context,
        found: Conflicts::default(),
    };
    let mut by_var: BTreeMap<Handle<Var>, Vec<&Access>> = BTreeMap::new();
    for access in &scan.accesses {
        if scan.sites[access.site].id.is_some() {
            by_var.entry(access.var).or_default().push(access);
        }
    }
    for accesses in by_var.values() {
        for earlier in accesses {
            for later in accesses {
                if earlier.is_write || later.is_write {
                    finder.pair(earlier, later)?;
                }
            }
        }
    }
    for refusals in finder.found.carried.values_mut() {
        refusals.sort_by_key(rank);
    }
    Ok(finder.found)
}

/// A value that is needed explains more than a place that is used again.
fn rank(refusal: &Refusal) -> Option<DependenceKind> {
    conflict(refusal).map(|(_, kind)| kind)
}

struct Finder<'a> {
    scan: &'a Scan<'a>,
    private: &'a BTreeMap<Handle<Var>, usize>,
    context: &'a isl::Set,
    found: Conflicts,
}

impl Finder<'_> {
    fn pair(&mut self, earlier: &Access, later: &Access) -> Result<(), isl::Error> {
        let sites = &self.scan.sites;
        let (a, b) = (&sites[earlier.site], &sites[later.site]);
        let (Some(source), Some(sink)) = (a.id, b.id) else {
            return Ok(());
        };
        let Some(count) = earlier.common_subscripts(later) else {
            return Ok(());
        };
        let isl = &self.scan.isl;
        let Some(before) = domain::before(isl, a, b)? else {
            return Ok(());
        };
        let private = self.private.get(&earlier.var).copied().unwrap_or(0);
        let element = domain::element_map(isl, sites, earlier, private, count)?;
        let other = domain::element_map(isl, sites, later, private, count)?;
        let relation = element
            .apply_range(&other.reverse()?)?
            .intersect(&before)?
            .intersect_params(self.context)?;
        if relation.is_empty()? {
            return Ok(());
        }
        let relation = relation.coalesce()?;
        self.carry(earlier, later, count, &relation)?;
        self.found.dependences.push(Dependence {
            source,
            sink,
            kind: kind(earlier, later),
            array: earlier.var,
            relation,
            source_span: earlier.span,
            sink_span: later.span,
            element,
        });
        Ok(())
    }

    /// Notes, for every loop around both accesses, whether two of its iterations are in the relation.
    fn carry(
        &mut self,
        earlier: &Access,
        later: &Access,
        count: usize,
        relation: &isl::Map,
    ) -> Result<(), isl::Error> {
        let sites = &self.scan.sites;
        let (a, b) = (&sites[earlier.site], &sites[later.site]);
        for depth in 0..a.common_loops(b) {
            let across = domain::carried(&self.scan.isl, a, b, depth)?;
            let across = relation.intersect(&across)?;
            if across.is_empty()? {
                continue;
            }
            let loop_name = &a.loops[depth].0;
            let Some(site) = self.scan.loops.iter().find(|each| each.name == *loop_name) else {
                continue;
            };
            let refusal = self.refusal(earlier, later, count, &across, site);
            let refusals = self.found.carried.entry(loop_name.clone()).or_default();
            if !refusals.iter().any(|known| is_same(known, &refusal)) {
                refusals.push(refusal);
            }
        }
        Ok(())
    }

    fn refusal(
        &self,
        earlier: &Access,
        later: &Access,
        count: usize,
        across: &isl::Map,
        site: &LoopSite,
    ) -> Refusal {
        let array = shown(&self.scan.function.vars[earlier.var]);
        for access in [earlier, later] {
            let (subscripts, is_all) = access.subscripts();
            if !is_all && subscripts.len() <= count {
                return Refusal::new(Reason::NonAffineSubscript { array }, access.span);
            }
        }
        let outer = &self.scan.sites[earlier.site].iterators[..=site.depth];
        let reason = Reason::CarriedDependence {
            array,
            kind: kind(earlier, later),
            iterators: outer
                .iter()
                .map(|var| shown(&self.scan.function.vars[*var]))
                .collect(),
            witness: self.witness(earlier, across, site.depth),
        };
        let mut refusal = Refusal::new(reason, site.header_span).with(earlier.span, words(earlier));
        if later.span != earlier.span {
            refusal = refusal.with(later.span, words(later));
        }
        refusal
    }

    /// Returns two small iterations of a loop in the relation, with the iterators down to that loop.
    fn witness(&self, earlier: &Access, across: &isl::Map, depth: usize) -> Option<Witness> {
        // A message is worth having without two iterations, where the solver finds none that fit 64 bits.
        let pair = across.sample().ok().flatten()?;
        let iterators = &self.scan.sites[earlier.site].iterators;
        let mut values: BTreeMap<Handle<Var>, i128> = iterators
            .iter()
            .zip(&pair.source)
            .map(|(var, value)| (*var, i128::from(*value)))
            .collect();
        for (var, _) in self.scan.function.vars.iter() {
            if let Some(value) = pair.parameters.get(&name(var)) {
                values.insert(var, i128::from(*value));
            }
        }
        let (subscripts, _) = earlier.subscripts();
        let element = subscripts
            .iter()
            .map(|index| i64::try_from(index.evaluate(&values)?).ok())
            .collect::<Option<_>>();
        let upto = |tuple: &[i64]| tuple.iter().take(depth + 1).copied().collect();
        element.map(|element| Witness {
            source: upto(&pair.source),
            sink: upto(&pair.sink),
            element,
        })
    }
}

/// Returns whether both say the same of the same variable; one pair of iterations is enough.
fn is_same(one: &Refusal, other: &Refusal) -> bool {
    match (conflict(one), conflict(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.reason == other.reason && one.at == other.at,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Returns the variable and the kind of a carried dependence.
fn conflict(refusal: &Refusal) -> Option<(&str, DependenceKind)> {
    if let Reason::CarriedDependence { array, kind, .. } = &refusal.reason {
        Some((array, *kind))
    } else {
        None
    }
}

fn kind(earlier: &Access, later: &Access) -> DependenceKind {
    match (earlier.is_write, later.is_write) {
        (true, true) => DependenceKind::Output,
        (true, false) => DependenceKind::Flow,
        (false, _) => DependenceKind::Anti,
    }
}

fn words(access: &Access) -> &'static str {
    if access.is_write {
        "written here"
    } else {
        "read here"
    }
}

/// Returns the sites that are assignments.
pub(crate) fn assignments(sites: &[Site]) -> impl Iterator<Item = (mupac_ir::StmtId, &Site)> {
    sites.iter().filter_map(|site| Some((site.id?, site)))
}
