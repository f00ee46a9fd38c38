//! Which functions of a file take memory of the device together: those with kernels that work on it, and those that pass
//! what they are passed on to one of these.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::stmt::Call;
use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Module, Plan, Projection, Refusal, RegionPlan,
    Span, Stmt, Type, Var,
};

use super::{read, refusal};
use crate::region;

/// The functions of a file that take memory of the device.
pub(crate) struct Takers {
    pub(crate) members: BTreeSet<Handle<Function>>,
    /// Those that have kernels for such memory, and cannot take any.
    pub(crate) refused: BTreeMap<Handle<Function>, Refusal>,
}

/// Returns the functions that take memory of the device: the most for which all of them can, calls among them included.
pub(crate) fn takers<'a>(
    module: &Module,
    regions: impl IntoIterator<Item = &'a RegionPlan>,
) -> Takers {
    let mut own: BTreeMap<Handle<Function>, Vec<&RegionPlan>> = BTreeMap::new();
    for region in regions {
        own.entry(region.of).or_default().push(region);
    }
    let takes = |regions: &[&RegionPlan]| regions.iter().any(|each| each.takes_device_memory());
    let holders = own.iter().filter(|(_, regions)| takes(regions));
    let mut holders: BTreeSet<_> = holders.map(|(function, _)| *function).collect();
    let mut members = reaching(module, &holders);
    let mut refused = BTreeMap::new();
    loop {
        let refusal_of = |function: &Handle<Function>| {
            let regions = own.get(function).map_or(&[][..], Vec::as_slice);
            Some((*function, refusal(module, *function, regions, &members)?))
        };
        let Some((function, why)) = members.iter().find_map(refusal_of) else {
            return Takers { members, refused };
        };
        members.remove(&function);
        if holders.remove(&function) {
            refused.insert(function, why);
        }
        let left = reaching(module, &holders);
        members.retain(|member| left.contains(member));
    }
}

/// Returns the names of the functions of a plan whose pointer arguments lead to memory of the device, in the order of the
/// file.
pub fn takes_device_memory(plan: &Plan) -> Vec<&str> {
    let members = takers(&plan.module, &plan.regions).members.into_iter();
    let names = members.map(|function| plan.module.functions[function].name.as_str());
    names.collect()
}

/// Returns some functions, and those that pass pointers on to them, directly or not.
fn reaching(module: &Module, holders: &BTreeSet<Handle<Function>>) -> BTreeSet<Handle<Function>> {
    let mut found = holders.clone();
    let mut is_done = found.is_empty();
    while !is_done {
        let callers = module.functions.iter().filter(|(caller, function)| {
            !found.contains(caller) && !passing_calls(module, function, &found).is_empty()
        });
        let callers: Vec<_> = callers.map(|(caller, _)| caller).collect();
        is_done = callers.is_empty();
        found.extend(callers);
    }
    found
}

/// Returns the calls of a function by which it passes what it is passed on to one of some functions.
fn passing_calls(
    module: &Module,
    caller: &Function,
    members: &BTreeSet<Handle<Function>>,
) -> Vec<(Handle<Function>, Span)> {
    let mut found = Vec::new();
    region::each(&caller.body, &mut |stmt| {
        if let Stmt::Call(call) = stmt
            && let Some(callee) = passes_on(module, caller, call, members)
        {
            found.push((callee, call.span));
        }
    });
    found
}

/// Returns where members call a function, and pass on what they are passed.
pub(super) fn calls_of(
    module: &Module,
    function: Handle<Function>,
    members: &BTreeSet<Handle<Function>>,
) -> Vec<Span> {
    let callers = members.iter();
    let calls = callers.flat_map(|member| {
        let caller = &module.functions[*member];
        passing_calls(module, caller, members)
    });
    let own = calls.filter(|(callee, at)| *callee == function && !at.is_unknown());
    own.map(|(_, at)| at).collect()
}

/// Returns the callee, a member, if all pointers that a call passes are such that its caller is passed or lie a number of
/// elements behind one, and the host reads nothing behind them to make the call.
pub(super) fn passes_on(
    module: &Module,
    caller: &Function,
    call: &Call,
    members: &BTreeSet<Handle<Function>>,
) -> Option<Handle<Function>> {
    let (handle, target) = module.function(&call.callee)?;
    let passed = pointers(caller);
    let leaves_them = |value: Handle<Expr>| {
        let mut named = BTreeSet::new();
        read(caller, value, &mut named);
        named.is_disjoint(&passed)
    };
    let mut has_pointer = false;
    let mut pairs = target.parameters.iter().zip(&call.arguments);
    let are_fit = pairs.all(|(parameter, argument)| {
        let is_pointer = matches!(target.vars[*parameter].ty, Type::Pointer { .. });
        has_pointer |= is_pointer;
        if is_pointer {
            is_passed_on(caller, *argument, &passed, &leaves_them)
        } else {
            leaves_them(*argument)
        }
    });
    let is_whole = target.parameters.len() == call.arguments.len();
    let is_kept = call
        .target
        .as_ref()
        .is_none_or(|target| target.path.is_empty() && !passed.contains(&target.var));
    let is_fit = members.contains(&handle) && is_whole && are_fit && has_pointer && is_kept;
    is_fit.then_some(handle)
}

/// Returns the pointers that a function is passed.
pub(super) fn pointers(function: &Function) -> BTreeSet<Handle<Var>> {
    let parameters = function.parameters.iter().copied();
    let is_pointer = |var: &Handle<Var>| matches!(function.vars[*var].ty, Type::Pointer { .. });
    parameters.filter(is_pointer).collect()
}

/// Returns whether a pointer is one that the caller is passed, or to elements of the same array.
fn is_passed_on(
    caller: &Function,
    pointer: Handle<Expr>,
    passed: &BTreeSet<Handle<Var>>,
    leaves_them: &dyn Fn(Handle<Expr>) -> bool,
) -> bool {
    match &caller.exprs[pointer].kind {
        ExprKind::Load(place) => place.path.is_empty() && passed.contains(&place.var),
        ExprKind::Address(place) => match place.path[..] {
            [Projection::Index(index)] => passed.contains(&place.var) && leaves_them(index),
            _ => false,
        },
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, base, by) => {
            is_passed_on(caller, *base, passed, leaves_them) && leaves_them(*by)
        }
        ExprKind::Cast(inner) => is_passed_on(caller, *inner, passed, leaves_them),
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}
