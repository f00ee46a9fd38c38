//! The kernel of one thread that stands in for the original text where a guard fails and the host cannot touch the arrays.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Block, Buffer, Extent, Handle, HostOp, KernelParameter, KernelPlan, Refusal, RegionPlan,
    Scalar, Span, Stmt, Type, Var,
};

use super::Judged;
use super::body::{declare, mentioned};
use super::parameters::{Given, assigned, own, parameters};
use super::resident::host_memory;
use crate::analyse::is_live_after;
use crate::judge::place;
use crate::{build, region};

/// Has a kernel of one thread run the statements where a guard fails.
///
/// They are those of the user where a kernel can hold them, since what analysis put in their place may rely on guards.
/// Numbers that they leave behind, and arrays that are not the caller's, go there and back.
///
/// **Errors**: `host-memory` where that cannot be.
pub(crate) fn alone(
    region: &Judged<'_>,
    by_array: &BTreeMap<Handle<Var>, Handle<Buffer>>,
    plan: &mut RegionPlan,
) -> Result<(), Refusal> {
    let at = place(region.state.original().statements);
    let statements = statements(region, by_array, plan, at)?;
    let left = left(region, statements);
    let mut body = declare(region.facts, &plan.function, statements.to_vec());
    body.retain(|stmt| !matches!(stmt, Stmt::Declare(var, _) if left.contains(var)));
    keep_counters(&mut body, &left);
    let (named, assigned) = (mentioned(&plan.function, &body), assigned(&body));
    let mut passed = BTreeMap::new();
    for (array, buffer) in by_array.iter().filter(|(array, _)| named.contains(array)) {
        let buffer = if plan.buffers[*buffer].is_resident {
            *buffer
        } else {
            whole(plan, *array, assigned.contains(array), at)?
        };
        passed.insert(*array, buffer);
    }
    let own = own(&body);
    for var in assigned {
        if !own.contains(&var) && !passed.contains_key(&var) {
            passed.insert(var, whole(plan, var, true, at)?);
        }
    }
    let module = &region.state.workload().module;
    let given = Given {
        buffers: &plan.buffers,
        by_array: &passed,
        by_value: &BTreeMap::new(),
    };
    let parameters = parameters((&module.records, at), &plan.function, &body, given, &[])?;
    plan.otherwise = actions(plan, body, parameters);
    Ok(())
}

/// Returns the variables in which statements leave values that are needed behind them.
fn left(region: &Judged<'_>, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let region = region.state.region();
    let targets = region.last_values.iter().map(|each| each.target.var);
    let last = region.statements.end.saturating_sub(1);
    let is_live = |var: &Handle<Var>| is_live_after(&region.function, &region.path, last, *var);
    // What the statements declare ends with them, also where text that is not modelled follows and may read anything.
    let own = own(statements);
    let outer = assigned(statements)
        .into_iter()
        .filter(|var| !own.contains(var));
    let live = outer.filter(is_live);
    targets.chain(live).collect()
}

/// Returns the statements that a kernel of one thread can hold: the user's, or the form that was analysed where that
/// leaves behind what the user's do.
fn statements<'a>(
    region: &Judged<'a>,
    by_array: &BTreeMap<Handle<Var>, Handle<Buffer>>,
    plan: &RegionPlan,
    at: Span,
) -> Result<&'a [Stmt], Refusal> {
    let function = &region.state.workload().module.functions[plan.of];
    // Kernels are given arrays and numbers; a pointer into an array is neither.
    let is_followed = |var: &Handle<Var>| {
        let is_pointer = matches!(function.vars[*var].ty, Type::Pointer { .. });
        is_pointer && !by_array.contains_key(var)
    };
    let is_moved = |stmt: &Stmt| {
        let target = region::target(stmt).filter(|place| place.path.is_empty());
        target
            .is_some_and(|place| by_array.contains_key(&place.var))
            .then_some(())
    };
    let moves = |statements: &[Stmt]| {
        let is_moved = &mut |stmt: &Stmt| is_moved(stmt);
        region::first(statements, is_moved).is_some()
            || mentioned(function, statements).iter().any(is_followed)
    };
    let written = replaced(&function.body, plan.replaces);
    if let Some(written) = written.filter(|each| unfit(each).is_none() && !moves(each)) {
        return Ok(written);
    }
    let analysed = region.state.original().statements;
    let own = region.state.region();
    let is_same = own.last_values.is_empty() && !own.does_more;
    if is_same && unfit(analysed).is_none() {
        return Ok(analysed);
    }
    let why = "a guard may fail, and no kernel of one thread can do what the loop does".to_owned();
    Err(host_memory(why, at))
}

/// Returns the statements that stand in a part of the text.
fn replaced(statements: &[Stmt], part: Span) -> Option<&[Stmt]> {
    let is_inside = |stmt: &Stmt| {
        let span = stmt.span();
        !span.is_unknown() && part.start <= span.start && span.end <= part.end
    };
    let first = statements.iter().position(is_inside);
    let last = statements.iter().rposition(is_inside);
    match first.zip(last) {
        Some((first, last)) => statements.get(first..=last),
        None => statements.iter().find_map(|stmt| {
            let mut blocks = region::blocks(stmt);
            blocks.find_map(|block| replaced(block, part))
        }),
    }
}

/// Returns a statement that no kernel can hold.
fn unfit(statements: &[Stmt]) -> Option<&Stmt> {
    region::first(statements, &mut |stmt| {
        let is_unfit = matches!(
            stmt,
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Verbatim(..) | Stmt::Barrier
        );
        is_unfit.then_some(stmt)
    })
}

/// Has loops count with variables that are declared outside, as what they hold behind the loop is needed there.
fn keep_counters(statements: &mut Block, outside: &BTreeSet<Handle<Var>>) {
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            each.declares_iterator &= !outside.contains(&each.iterator);
        }
        for block in region::blocks_mut(stmt) {
            keep_counters(block, outside);
        }
    }
}

/// Makes a copy of a whole variable of the host.
///
/// **Errors**: `host-memory` where its size is not known now.
fn whole(
    plan: &mut RegionPlan,
    var: Handle<Var>,
    is_written: bool,
    at: Span,
) -> Result<Handle<Buffer>, Refusal> {
    let function = &mut plan.function;
    let (element, count) = match &function.vars[var].ty {
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => ((**of).clone(), i128::from(*length)),
        ty @ (Type::Scalar(_) | Type::Record(_)) => (ty.clone(), 1),
        Type::Void | Type::Pointer { .. } | Type::Array { .. } | Type::Opaque(_) => {
            let name = &function.vars[var].name;
            let why = format!("a guard may fail, and how large {name} is then is not known");
            return Err(host_memory(why, at));
        }
    };
    let first = build::int(function, 0, Scalar::I64);
    let count = build::int(function, count, Scalar::I64);
    Ok(plan.buffers.push(Buffer {
        array: var,
        element,
        first,
        count,
        is_written,
        may_exceed: false,
        rows: None,
        is_resident: false,
    }))
}

/// Makes the kernel, and returns what the host does to run it.
fn actions(plan: &mut RegionPlan, body: Block, parameters: Vec<KernelParameter>) -> Vec<HostOp> {
    let one = build::int(&mut plan.function, 1, Scalar::I64);
    let copies: Vec<Handle<Buffer>> = parameters
        .iter()
        .filter_map(|parameter| match parameter {
            KernelParameter::Buffer(buffer) => Some(*buffer),
            KernelParameter::Constants(..)
            | KernelParameter::Value(_)
            | KernelParameter::First(_) => None,
        })
        .filter(|buffer| !plan.buffers[*buffer].is_resident)
        .collect();
    let spans = plan.kernels.iter().map(|(_, kernel)| kernel.span);
    let span = spans.reduce(Span::join).unwrap_or_default();
    let names = plan.kernels.iter().map(|(_, kernel)| kernel.name.as_str());
    let name = format!("{}_alone", names.take(1).collect::<String>());
    let kernel = plan.kernels.push(KernelPlan {
        name,
        span,
        parameters,
        grid: [one; 3],
        block: [1; 3],
        body,
        reductions: Vec::new(),
        mapping: vec!["in one thread, where a guard fails".to_owned()],
        drops_half: false,
    });
    let each = |make: fn(Handle<Buffer>) -> HostOp| copies.iter().copied().map(make);
    let written = copies.iter().copied();
    let written = written.filter(|buffer| plan.buffers[*buffer].is_written);
    each(HostOp::Allocate)
        .chain(each(HostOp::CopyIn))
        .chain([HostOp::Launch(kernel)])
        .chain(written.map(HostOp::CopyOut))
        .collect()
}
