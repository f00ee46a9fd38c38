//! Values that the iterations of a loop only contribute to: which accesses belong to a reduction.
//!
//! A reduction has a scope: the outermost loop in which nothing touches the target but statements that join
//! contributions to it by one operator.
//! Inside one execution of that loop the contributions may come in any order; what stands outside sees the target before
//! or after.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use mupac_ir::structure::is_same_place;
use mupac_ir::{Handle, LoopName, Refusal, Scalar, Stmt, StmtId, Type, Var};

use super::access::{Access, Step};
use super::fetch::InMemory;
use super::names;
use super::scan::Scan;
use crate::affine::Atoms;
use crate::facts::{Event, Reduction};
use crate::joining::{self, Joined};
use crate::region;
use crate::symbol::Symbol;

/// The reduction that an access belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Its number.
    pub(crate) number: usize,
    /// The number of loops around its scope.
    pub(crate) depth: usize,
    /// Whether iterations look at what those before them have contributed.
    pub(crate) is_scan: bool,
}

/// Finds reductions and tags the accesses that make them up.
pub(crate) fn find(scan: &mut Scan<'_>, statements: &[Stmt]) -> Vec<Reduction> {
    let function = scan.function;
    let mut joined: BTreeMap<StmtId, Joined<'_>> = BTreeMap::new();
    region::each(statements, &mut |stmt| {
        if let Some(found) = joining::statement(function, stmt) {
            joined.insert(found.compute.id, found);
        }
    });
    let mut found: Vec<(Reduction, LoopName)> = Vec::new();
    for each in joined.values() {
        let scope = scalar(scan, each).zip(scope(scan, &joined, each));
        if let Some((ty, depth)) = scope {
            tag(scan, each, ty, depth, &mut found);
        }
    }
    found.into_iter().map(|(reduction, _)| reduction).collect()
}

/// Returns the type of a target.
fn scalar(scan: &Scan<'_>, joined: &Joined<'_>) -> Option<Scalar> {
    let target = &joined.compute.target;
    scan.function
        .place_type(&scan.module.records, target)?
        .scalar()
}

/// Returns the number of loops around the scope of a statement's reduction.
fn scope(
    scan: &Scan<'_>,
    joined: &BTreeMap<StmtId, Joined<'_>>,
    each: &Joined<'_>,
) -> Option<usize> {
    let var = each.compute.target.var;
    let is_write = |access: &&Access| {
        access.is_write && scan.sites[access.site].assignment() == Some(each.compute.id)
    };
    let write = scan.accesses.iter().find(is_write)?;
    let site = &scan.sites[write.site];
    let function = scan.function;
    let is_own = |other: &Joined<'_>| {
        let targets = [&other.compute.target, &each.compute.target];
        other.joining == each.joining && is_same_place(function, targets[0], function, targets[1])
    };
    let belongs = |access: &Access| {
        let mut others = joined.values();
        others.any(|other| is_part(scan, access, other) && is_own(other))
    };
    // Another element, which may be the target of a reduction of its own.
    let is_apart = |access: &Access| are_apart(&access.steps, &write.steps);
    let all = || {
        scan.accesses
            .iter()
            .filter(|access| access.var == var && counts(scan, access))
    };
    let is_value = is_value(scan, var);
    // Memory that anything else touches has a copy on the device, which the host's part does not see.
    let is_joined = |access: &Access| {
        let innermost = scan.sites[access.site].iterators.last();
        access.update.is_none()
            && is_fixed(access, innermost.map(slice::from_ref).unwrap_or_default())
            && joined.values().any(|other| is_part(scan, access, other))
    };
    if !is_value && !all().all(|access| belongs(access) || is_apart(access) && is_joined(access)) {
        return None;
    }
    (0..site.loops.len()).find(|&depth| {
        let around = &site.loops[..=depth];
        let is_inside = |access: &&Access| scan.sites[access.site].loops.starts_with(around);
        let is_outlived = scan.declared.get(&var).is_none_or(|own| *own <= depth);
        is_outlived
            && is_fixed(write, &site.iterators[depth..])
            && (all().filter(is_inside)).all(|access| belongs(access) || is_apart(access))
    })
}

/// Returns whether two accesses of one variable touch different elements or members, whatever the iterations.
fn are_apart(a: &[Step], b: &[Step]) -> bool {
    a.iter().zip(b).any(|steps| match steps {
        (Step::Index(Some(a)), Step::Index(Some(b))) => {
            let numbers = a.as_constant().zip(b.as_constant());
            numbers.is_some_and(|(a, b)| a != b)
        }
        (Step::Field(a), Step::Field(b)) => a != b,
        (Step::Index(_) | Step::Field(_), _) => false,
    })
}

/// Returns whether an access is one of an event, and not a copy of it at what a condition decides about.
pub(super) fn counts(scan: &Scan<'_>, access: &Access) -> bool {
    scan.sites[access.site].event.is_some() && !access.is_control
}

/// Returns whether an access is the write of a joining statement, or a read that belongs to it.
///
/// One expression may stand in two conditions, of which only one decides about nothing else.
pub(super) fn is_part(scan: &Scan<'_>, access: &Access, joined: &Joined<'_>) -> bool {
    let is_here = match scan.sites[access.site].event {
        Some(Event::Assignment(id)) => id == joined.compute.id,
        Some(Event::Decision(decision)) => joined.condition == Some(decision.condition),
        None => false,
    };
    is_here
        && access.var == joined.compute.target.var
        && access.load.is_none_or(|load| joined.loads.contains(&load))
}

/// Returns whether these iterators leave an access at the same element.
pub(super) fn is_fixed(access: &Access, iterators: &[Handle<Var>]) -> bool {
    access.steps.iter().all(|step| stays(step, iterators))
}

/// Returns whether these iterators leave one step of a path as it is.
pub(super) fn stays(step: &Step, iterators: &[Handle<Var>]) -> bool {
    match step {
        Step::Index(Some(index)) => {
            let mut atoms = Atoms::default();
            index.collect(&mut atoms);
            let counts = |var: &Handle<Var>| atoms.symbols.contains(&Symbol::var(*var));
            atoms.unknowns.is_empty() && !iterators.iter().any(counts)
        }
        Step::Index(None) => false,
        Step::Field(_) => true,
    }
}

fn tag(
    scan: &mut Scan<'_>,
    joined: &Joined<'_>,
    ty: Scalar,
    depth: usize,
    found: &mut Vec<(Reduction, LoopName)>,
) {
    let (compute, function) = (joined.compute, scan.function);
    let around = scan
        .sites
        .iter()
        .find(|site| site.assignment() == Some(compute.id))
        .and_then(|site| Some((site.loops.get(depth)?.0.clone(), &site.loops[..depth])));
    let Some((scope, outside)) = around else {
        return;
    };
    let outside = outside.iter().map(|(name, _)| name.clone()).collect();
    let known = found.iter().position(|(each, other)| {
        *other == scope
            && each.joining == joined.joining
            && is_same_place(function, &each.target, function, &compute.target)
    });
    let number = known.unwrap_or_else(|| {
        let reduction = Reduction {
            joining: joined.joining.clone(),
            target: compute.target.clone(),
            name: names::of_members(scan.module, function, &compute.target),
            ty,
            statements: BTreeSet::new(),
            outside,
            span: compute.span,
            scan: None,
            starts_anew: false,
            is_in_memory: !compute.target.path.is_empty(),
        };
        found.push((reduction, scope));
        found.len() - 1
    });
    found[number].0.statements.insert(compute.id);
    let parts: Vec<usize> = (0..scan.accesses.len())
        .filter(|at| is_part(scan, &scan.accesses[*at], joined))
        .collect();
    for at in parts {
        scan.accesses[at].reduction = Some(Tag {
            number,
            depth,
            is_scan: false,
        });
    }
}

/// Returns reductions with those noted whose targets are values in memory by other names.
pub(super) fn in_memory(mut reductions: Vec<Reduction>, values: &[InMemory]) -> Vec<Reduction> {
    for each in &mut reductions {
        let mut values = values.iter();
        each.is_in_memory |= values.any(|value| value.fetched.variable == each.target.var);
    }
    reductions
}

/// Returns the reductions inside a loop whose iterations may run in any order: there each thread has a target of its own
/// and contributes to it alone.
pub(crate) fn of_threads(
    reductions: &[Reduction],
    carried: &BTreeMap<LoopName, Vec<Refusal>>,
) -> BTreeSet<usize> {
    let is_parallel = |name: &LoopName| !carried.contains_key(name);
    let numbered = reductions.iter().enumerate();
    numbered
        .filter(|(_, each)| each.outside.iter().any(is_parallel))
        .map(|(number, _)| number)
        .collect()
}

/// Returns whether a variable is no memory that arrays lie in, so that each thread may have it for itself.
fn is_value(scan: &Scan<'_>, var: Handle<Var>) -> bool {
    let ty = &scan.function.vars[var].ty;
    matches!(ty, Type::Scalar(_) | Type::Record(_))
}

/// Takes reductions for ordinary statements again, with all others of the same memory, and numbers the rest anew.
pub(crate) fn forget(
    scan: &mut Scan<'_>,
    reductions: &mut Vec<Reduction>,
    forgotten: &BTreeSet<usize>,
) {
    let is_forgotten = |each: &Reduction| {
        let mut targets = forgotten
            .iter()
            .map(|number| reductions[*number].target.var);
        !is_value(scan, each.target.var) && targets.any(|var| var == each.target.var)
    };
    let kept: Vec<usize> = (reductions.iter().enumerate())
        .filter(|(number, each)| !forgotten.contains(number) && !is_forgotten(each))
        .map(|(number, _)| number)
        .collect();
    let renumbered = |tag: Tag| {
        let number = kept.iter().position(|kept| *kept == tag.number)?;
        Some(Tag { number, ..tag })
    };
    for access in &mut scan.accesses {
        access.reduction = access.reduction.and_then(renumbered);
        access.claim = access.claim.and_then(renumbered);
    }
    *reductions = kept.iter().map(|&kept| reductions[kept].clone()).collect();
}

/// Returns whether some accesses of a variable belong to a reduction.
pub(crate) fn is_target(scan: &Scan<'_>, var: Handle<Var>) -> bool {
    let mut accesses = scan.accesses.iter();
    accesses.any(|access| access.var == var && access.reduction.is_some())
}
