//! Which functions can be seen through, and what stands in the way of the others.

use std::collections::BTreeSet;

use mupac_ir::builtin::Builtin;
use mupac_ir::{
    ExprKind, Extent, Function, Handle, Module, Place, Projection, Reason, Refusal, Span, Stmt,
    Storage, Type, Var,
};

use super::assertions::is_assertion;
use super::{Callee, Callees, Expansion, Obstacle, returns, statics, tail};
use crate::analyse::names;
use crate::normalise::declare_all;
use crate::{build, library, region};

/// Looks at a function, and before that at those it calls; `open` are the functions that are being looked at.
pub(super) fn visit(
    module: &Module,
    (of, function): (Handle<Function>, &Function),
    open: &mut Vec<String>,
    callees: &mut Callees,
) {
    if callees.by_name.contains_key(&function.name) {
        return;
    }
    let looped = tail::as_loop(function);
    if looped.is_some() {
        callees
            .not_for_threads
            .entry(function.name.clone())
            .or_default();
    }
    let function = looped.as_ref().unwrap_or(function);
    open.push(function.name.clone());
    for (name, at) in called(function) {
        if open.contains(&name) {
            // Every function on the way round calls itself in the end.
            let recursive = Obstacle::new("calls itself", at);
            callees
                .by_name
                .insert(function.name.clone(), Err(recursive));
        } else if let Some(callee) = module.function(&name) {
            visit(module, callee, open, callees);
        }
        if callees.not_for_threads.contains_key(&name) {
            callees
                .not_for_threads
                .entry(function.name.clone())
                .or_default();
        }
    }
    open.pop();
    let found = examine(module, of, function, callees);
    callees
        .by_name
        .entry(function.name.clone())
        .or_insert(found);
}

/// Returns the functions that a function calls, each with the place of the first call.
fn called(function: &Function) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    region::each(&function.body, &mut |stmt| {
        if let Stmt::Call(call) = stmt
            && found.iter().all(|(name, _)| *name != call.callee)
        {
            found.push((call.callee.clone(), call.span));
        }
    });
    found
}

fn examine(
    module: &Module,
    of: Handle<Function>,
    function: &Function,
    callees: &Callees,
) -> Result<Callee, Obstacle> {
    if callees.linkage.may_replace(function) {
        let words = "may be replaced by another file's";
        return Err(Obstacle::new(words, function.span));
    }
    let Expansion {
        mut function,
        origins,
        ..
    } = callees.seen_through(module, function.clone());
    // A thread that calls it needs its text, which names storage of the host.
    let temporaries = callees.not_for_threads.get(&function.name);
    let is_pure = temporaries.is_none() && !writes(module, &function).1 && is_pure(&function);
    statics::make_local(module, &mut function);
    let at = function.span;
    declare_all(module, &mut function);
    let declared = temporaries.into_iter().flatten();
    let declared = declared.map(|var| Stmt::Declare(*var, at));
    function.body.splice(..0, declared.collect::<Vec<_>>());
    let mut obstacle = None;
    region::each(&function.body, &mut |stmt| {
        if obstacle.is_none() {
            obstacle = of_statement(module, &function, callees, stmt);
        }
    });
    if let Some(obstacle) = obstacle {
        return Err(obstacle);
    }
    if !is_pure {
        returns::outside_loops(&mut function);
        if let Some(obstacle) = of_form(&function) {
            return Err(obstacle);
        }
    }
    let (written, writes_memory) = writes(module, &function);
    Ok(Callee {
        of,
        function,
        origins,
        written,
        writes_memory,
        is_pure,
    })
}

fn of_statement(
    module: &Module,
    function: &Function,
    callees: &Callees,
    stmt: &Stmt,
) -> Option<Obstacle> {
    match stmt {
        Stmt::Verbatim(span, refusal) => return Some(of_text(*span, refusal)),
        Stmt::Call(call) if is_assertion(call) => {}
        Stmt::Call(call) => return Some(of_call(module, callees, &call.callee, call.span)),
        Stmt::Barrier | Stmt::Let(..) => {
            return Some(Obstacle::new("is device code", function.span));
        }
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_) => {}
    }
    let at = stmt.span();
    named(function, stmt)
        .into_iter()
        .find_map(|var| of_variable(&function.vars[var], at))
}

fn of_text(span: Span, refusal: &Refusal) -> Obstacle {
    let at = if refusal.at.is_unknown() {
        span
    } else {
        refusal.at
    };
    let words = refusal.reason.to_string();
    if matches!(
        refusal.reason,
        Reason::Volatile { .. } | Reason::SideEffect { .. }
    ) {
        Obstacle::effect(words, at)
    } else {
        Obstacle::new("is not understood", at).because(format!(": {words}"))
    }
}

/// Returns what keeps the statements of a function from standing in place of a call: a return from inside a loop.
fn of_form(function: &Function) -> Option<Obstacle> {
    let mut found = None;
    region::each(&function.body, &mut |stmt| {
        let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
        for block in region::blocks(stmt) {
            region::each(block, &mut |inner| {
                if let (true, Stmt::Return(_, span)) = (is_loop, inner) {
                    found.get_or_insert(Obstacle::new("returns from inside a loop", *span));
                }
            });
        }
    });
    found
}

/// Returns the variables that a statement names itself.
fn named(function: &Function, stmt: &Stmt) -> BTreeSet<Handle<Var>> {
    let mut found: BTreeSet<Handle<Var>> = region::expressions(stmt)
        .into_iter()
        .flat_map(|expr| build::variables(function, expr))
        .collect();
    found.extend(region::target(stmt).map(|place| place.var));
    if let Stmt::Declare(var, _) = stmt {
        found.insert(*var);
    }
    if let Stmt::For(each) = stmt {
        found.insert(each.iterator);
    }
    found
}

fn of_variable(var: &Var, at: Span) -> Option<Obstacle> {
    let name = names::shown(var);
    if var.is_volatile {
        return Some(Obstacle::effect(
            format!("touches the volatile object {name}"),
            at,
        ));
    }
    if var.storage == Storage::Static {
        return Some(Obstacle::new(
            format!("keeps the variable {name} from call to call"),
            at,
        ));
    }
    if let Type::Opaque(ty) = var.ty.innermost() {
        return Some(Obstacle::new(format!("uses the type {ty}"), at));
    }
    None
}

/// Returns what a call that is still there says of the function that makes it.
fn of_call(module: &Module, callees: &Callees, callee: &str, at: Span) -> Obstacle {
    match callees.by_name.get(callee) {
        Some(Err(inner)) => Obstacle {
            words: format!("calls {callee}, which {}", inner.words),
            ..inner.clone()
        },
        Some(Ok(_)) => Obstacle::new(
            format!("calls {callee}, which is not seen through with the arguments"),
            at,
        ),
        None if module.function(callee).is_some() => {
            Obstacle::new(format!("calls {callee}, which calls itself"), at)
        }
        None => {
            if let Some((what, because)) = names::host_call(callee) {
                Obstacle::effect(what, at).because(because)
            } else if library::knows(callee) {
                Obstacle::new(format!("calls {callee}, which {}", names::STAYS), at)
            } else {
                Obstacle::new(format!("calls {callee}"), at)
                    .because(", whose effects are not known")
            }
        }
    }
}

/// Returns the variables whose own storage a function changes, and whether it changes memory that is not its own.
fn writes(module: &Module, function: &Function) -> (BTreeSet<Handle<Var>>, bool) {
    let mut written = BTreeSet::new();
    let mut writes_memory = false;
    region::each(&function.body, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            let leaves = names::leaves_variable(function, place)
                || goes_through_member(module, function, place);
            writes_memory |= leaves || function.vars[place.var].storage == Storage::Global;
            if !leaves {
                written.insert(place.var);
            }
        }
        if let Stmt::For(each) = stmt {
            written.insert(each.iterator);
        }
    });
    (written, writes_memory)
}

/// Returns whether a place lies behind a pointer that is part of its variable: `m.data[i]`.
fn goes_through_member(module: &Module, function: &Function, place: &Place) -> bool {
    let mut indices = place.path.iter().enumerate();
    indices.any(|(at, step)| {
        let outer = Place {
            path: place.path[..at].to_vec(),
            ..place.clone()
        };
        let ty = function.place_type(&module.records, &outer);
        matches!(step, Projection::Index(_)) && matches!(ty, Some(Type::Pointer { .. }))
    })
}

/// Returns whether a function is made of numbers alone: its parameters, its result and all that it names.
fn is_pure(function: &Function) -> bool {
    let is_number = |var: &Handle<Var>| matches!(function.vars[*var].ty, Type::Scalar(_));
    // A name of the C library means the library's function to those who know it.
    let mut is_pure = Builtin::find(&function.name).is_none()
        && function.parameters.iter().all(is_number)
        && matches!(function.result, Type::Scalar(_));
    region::each(&function.body, &mut |stmt| {
        is_pure &= !matches!(stmt, Stmt::Call(_));
        is_pure &= named(function, stmt)
            .into_iter()
            .all(|var| is_own_number(&function.vars[var]));
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                is_pure &= !matches!(node.kind, ExprKind::Address(_) | ExprKind::Text(_));
            });
        }
    });
    is_pure
}

/// Returns whether a variable is a number of the function's own, or a small array of such.
fn is_own_number(var: &Var) -> bool {
    /// Local memory of a thread; larger arrays would cost more than they bring.
    const MOST_ELEMENTS: u64 = 1024;
    let is_number = match &var.ty {
        Type::Scalar(_) => true,
        Type::Array {
            of,
            length: Extent::Fixed(length),
        } => matches!(**of, Type::Scalar(_)) && *length <= MOST_ELEMENTS,
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => false,
    };
    is_number && var.is_plain_local()
}
