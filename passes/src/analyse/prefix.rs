//! Values that the iterations of a loop contribute to and look at: prefix sums and their like.
//!
//! A loop that is kept in order by nothing else may run in parallel where each iteration can be told what those before it have
//! contributed. That takes a first pass over the contributions alone, so they must not depend on what the loop computes otherwise,
//! and a second one in which each iteration starts with what came before it.
//!
//! **Source**: Blelloch, “Prefix Sums and Their Applications”, CMU-CS-90-190, 1990; Fisher, Ghuloum, “Parallelizing Complex Scans and
//! Reductions”, PLDI 1994.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    DependenceKind, Function, Handle, Loop, LoopName, ReductionOperator, Scalar, Stmt, StmtId,
    Type, Var,
};

use super::access::Access;
use super::dependence::Conflicts;
use super::names;
use super::reduction::{self, Tag, counts, is_part};
use super::scan::Scan;
use crate::carried::Events;
use crate::contributed::needed;
use crate::facts::{FloatOrder, Joining, Reduction};
use crate::joining::{self, Joined};
use crate::{build, isl, region};

/// Finds the conflicts anew.
pub(super) type Again<'a> =
    dyn FnMut(&mut Scan<'_>, &mut Vec<Reduction>) -> Result<Conflicts, isl::Error> + 'a;

/// Returns whether some loop contributes to a variable and looks at it.
pub(super) fn may_help(function: &Function, statements: &[Stmt]) -> bool {
    region::loops(statements).into_iter().any(|each| {
        let mut contributed = BTreeMap::new();
        region::each(&each.body, &mut |stmt| {
            if let Some(found) = joining::statement(function, stmt) {
                let var = found.compute.target.var;
                let ids: &mut BTreeSet<StmtId> = contributed.entry(var).or_default();
                ids.insert(found.compute.id);
            }
        });
        contributed.retain(|var, _| function.vars[*var].is_plain_local());
        let mut looks = false;
        region::each(&each.body, &mut |stmt| {
            region::each_expression(stmt, &mut |expr| {
                for (var, ids) in &contributed {
                    let is_own =
                        matches!(stmt, Stmt::Compute(compute) if ids.contains(&compute.id));
                    looks |= !is_own && build::names(function, expr, *var);
                }
            });
        });
        looks
    })
}

/// Returns whether a variable holds one number that only the function's statements reach.
fn is_number(scan: &Scan<'_>, var: Handle<Var>) -> bool {
    let var = &scan.function.vars[var];
    let is_number = matches!(var.ty, Type::Scalar(ty) if ty != Scalar::Bool);
    is_number && var.is_plain_local()
}

/// Finds loops that nothing keeps in order but values which iterations contribute to and look at, and tags the accesses that
/// make them up; loops around come before those inside.
pub(super) fn find(
    scan: &mut Scan<'_>,
    (statements, order): (&[Stmt], FloatOrder),
    reductions: &mut Vec<Reduction>,
    (mut found, private): (Conflicts, &BTreeMap<Handle<Var>, usize>),
    again: &mut Again<'_>,
) -> Result<Conflicts, isl::Error> {
    let function = scan.function;
    let mut joined: BTreeMap<StmtId, Joined<'_>> = BTreeMap::new();
    region::each(statements, &mut |stmt| {
        if let Some(found) = joining::statement(function, stmt) {
            joined.insert(found.compute.id, found);
        }
    });
    for each in region::loops(statements) {
        if !found.carried.contains_key(&each.name) {
            continue;
        }
        let values = values(scan, each, &joined, order);
        if values.is_empty() {
            continue;
        }
        let before = scan.accesses.clone();
        let known = reductions.clone();
        tag(scan, each, &values, reductions);
        let now = again(scan, reductions)?;
        // A scan of an inner loop would take the place of one of the loop around it; what is inside, threads run.
        let mut still = now.carried.keys();
        let is_open = !now.carried.contains_key(&each.name)
            && still.all(|name| {
                found.carried.contains_key(name) || region::find(&each.body, name).is_some()
            })
            && may_contribute_first(scan, each, &values, (&now, private));
        if is_open {
            found = now;
        } else {
            scan.accesses = before;
            *reductions = known;
        }
    }
    Ok(found)
}

/// A variable that iterations of a loop contribute to and look at.
struct Value<'a> {
    var: Handle<Var>,
    ty: Scalar,
    joining: Joining,
    /// The statements that contribute.
    parts: Vec<&'a Joined<'a>>,
}

impl Value<'_> {
    /// Returns whether an access is part of a contribution.
    fn has(&self, scan: &Scan<'_>, access: &Access) -> bool {
        self.parts.iter().any(|each| is_part(scan, access, each))
    }

    fn statements(&self) -> BTreeSet<StmtId> {
        self.parts.iter().map(|each| each.compute.id).collect()
    }
}

/// Returns the variables that iterations of a loop contribute to and look at.
fn values<'a>(
    scan: &Scan<'_>,
    each: &Loop,
    joined: &'a BTreeMap<StmtId, Joined<'a>>,
    order: FloatOrder,
) -> Vec<Value<'a>> {
    let written = scan.written.keys().copied();
    let written = written.filter(|var| is_number(scan, *var));
    written
        .filter_map(|var| value(scan, each, joined, (var, order)))
        .collect()
}

fn value<'a>(
    scan: &Scan<'_>,
    each: &Loop,
    joined: &'a BTreeMap<StmtId, Joined<'a>>,
    (var, order): (Handle<Var>, FloatOrder),
) -> Option<Value<'a>> {
    let depth = depth(scan, each)?;
    let made_for = scan.made.running.get(&var);
    made_for
        .is_none_or(|name| *name == each.name)
        .then_some(())?;
    let is_outlived = scan.declared.get(&var).is_none_or(|own| *own <= depth);
    let ty = scan.function.vars[var].ty.scalar()?;
    (is_outlived && !(ty.is_float() && order == FloatOrder::Source)).then_some(())?;
    // Products of some factors may leave the range of the type where those of all before do not.
    let is_far =
        |joining: &Joining| ty.is_float() && joining.operator == ReductionOperator::Product;
    let accesses = || {
        let inside = scan.accesses.iter();
        inside.filter(|access| access.var == var && is_inside(scan, access, each))
    };
    let parts: Vec<&Joined<'_>> = joined
        .values()
        .filter(|one| one.compute.target.var == var)
        .filter(|one| accesses().any(|access| access.is_write && is_part(scan, access, one)))
        .collect();
    let joining = parts.first()?.joining.clone();
    let is_alike = parts.iter().all(|one| one.joining == joining);
    let is_plain = joining.call.is_none() && !joining.replaces_nan && !is_far(&joining);
    let value = Value {
        var,
        ty,
        joining,
        parts,
    };
    let has_others = |access: &Access| counts(scan, access) && !value.has(scan, access);
    let are_joined = accesses().all(|access| !access.is_write || value.has(scan, access));
    (is_alike && is_plain && are_joined && accesses().any(has_others)).then_some(value)
}

/// Returns how many loops are around a loop.
fn depth(scan: &Scan<'_>, each: &Loop) -> Option<usize> {
    let mut sites = scan.sites.iter();
    sites.find_map(|site| site.loops.iter().position(|(name, _)| *name == each.name))
}

/// Returns whether an access happens in a loop.
fn is_inside(scan: &Scan<'_>, access: &Access, each: &Loop) -> bool {
    let mut loops = scan.sites[access.site].loops.iter();
    loops.any(|(name, _)| *name == each.name)
}

/// Tags all that touches some variables in a loop.
fn tag(scan: &mut Scan<'_>, each: &Loop, values: &[Value<'_>], reductions: &mut Vec<Reduction>) {
    let Some(depth) = depth(scan, each) else {
        return;
    };
    let around = scan.sites.iter().find_map(|site| {
        let (name, _) = site.loops.get(depth)?;
        (*name == each.name).then(|| &site.loops[..depth])
    });
    let around = around.unwrap_or_default().iter();
    let outside: Vec<LoopName> = around.map(|(name, _)| name.clone()).collect();
    for value in values {
        let inner = reductions.iter().enumerate();
        let inner = inner.filter(|(_, known)| known.target.var == value.var);
        let inner: BTreeSet<usize> = inner.map(|(number, _)| number).collect();
        reduction::forget(scan, reductions, &inner);
        let Some(first) = value.parts.first() else {
            continue;
        };
        let number = reductions.len();
        reductions.push(Reduction {
            joining: value.joining.clone(),
            target: first.compute.target.clone(),
            name: names::of_members(scan.module, scan.function, &first.compute.target),
            ty: value.ty,
            statements: value.statements(),
            outside: outside.clone(),
            span: first.compute.span,
            scan: Some(each.name.clone()),
            starts_anew: scan.made.running.contains_key(&value.var),
            is_in_memory: !first.compute.target.path.is_empty(),
        });
        let tag = Some(Tag {
            number,
            depth,
            is_scan: true,
        });
        for at in 0..scan.accesses.len() {
            let access = &scan.accesses[at];
            if !is_inside(scan, access, each) {
                continue;
            }
            if access.var == value.var {
                scan.accesses[at].reduction = tag;
            } else if scan.made.packed.get(&access.var) == Some(&value.var) {
                scan.accesses[at].claim = tag;
            }
        }
    }
}

/// Returns whether the contributions of all iterations may be computed before anything else in the loop: they look at no such
/// value, and at nothing in memory that the loop writes before.
fn may_contribute_first(
    scan: &Scan<'_>,
    each: &Loop,
    values: &[Value<'_>],
    (conflicts, private): (&Conflicts, &BTreeMap<Handle<Var>, usize>),
) -> bool {
    let private = private.keys().copied().collect();
    let seeds = values.iter().flat_map(Value::statements).collect();
    let apart = values.iter().map(|value| value.var).collect();
    let Some(slice) = needed(scan.function, &each.body, &seeds, (&apart, &private)) else {
        return false;
    };
    let (all, slice) = (Events::of(&each.body), Events::of(&slice));
    let looks = |access: &Access| {
        let event = scan.sites[access.site].event;
        let is_there = event.is_some_and(|event| slice.contains(event));
        let mut own = values.iter().filter(|value| value.var == access.var);
        is_there && own.any(|value| !value.has(scan, access))
    };
    let mut flows = conflicts.dependences.iter().filter(|dependence| {
        dependence.kind == DependenceKind::Flow
            && slice.contains(dependence.sink)
            && all.contains(dependence.source)
    });
    !scan.accesses.iter().any(looks) && flows.all(|flow| slice.contains(flow.source))
}
