//! Variables with static storage that are temporaries: every function writes them before it reads them, so that none can
//! tell them from locals of its own.
//!
//! `static double t1;` at the top of a file stands for what Fortran's programs keep in common blocks.
//! So do small arrays of numbers, `static double cv[162];`, that every function fills before it reads them.
//! Only variables count that no other file and no pointer reaches; what text does that is not modelled is not known.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::builtin::Builtin;
use mupac_ir::{Block, Function, Handle, Module, Place, Stmt, Storage, Var};

use super::liveness::{is_part_live_after, is_read_first};
use super::names::lengths;
use super::part::{Meets, Part};
use super::workspace;
use crate::facts::BlockStep;
use crate::{build, library, region};

/// Returns a file with locals for its temporaries, in every function that names them: what its calls leave there nobody can
/// tell.
pub(super) fn with_locals(module: &Module) -> Module {
    let names = names(module);
    let mut local = module.clone();
    for (of, _) in module.functions.iter() {
        make_local(module, &names, &mut local.functions[of]);
    }
    local
}

/// Returns the names of the temporaries of file scope.
fn names(module: &Module) -> BTreeSet<String> {
    let mut is_scratch = BTreeMap::<String, bool>::new();
    for (_, function) in module.functions.iter() {
        for (var, declared) in function.vars.iter() {
            if declared.storage == Storage::Global {
                let name = declared.spelling.clone();
                let known = is_scratch.entry(name).or_insert(true);
                *known = *known && is_used_as_local(module, function, var);
            }
        }
    }
    is_scratch.retain(|name, is_scratch| *is_scratch && !module.named_in_text.contains(name));
    is_scratch.into_keys().collect()
}

fn make_local(module: &Module, names: &BTreeSet<String>, function: &mut Function) {
    let all: Vec<Handle<Var>> = function.vars.iter().map(|(var, _)| var).collect();
    for var in all {
        let is_scratch = match function.vars[var].storage {
            Storage::Global => names.contains(&function.vars[var].spelling),
            Storage::Static => is_used_as_local(module, function, var),
            Storage::Parameter | Storage::Local | Storage::Function => false,
        };
        if is_scratch {
            function.vars[var].storage = Storage::Local;
        }
    }
}

/// Returns whether a function writes all parts of a variable before it reads them, whatever was there when it started, and
/// expects nothing of what it calls.
fn is_used_as_local(module: &Module, function: &Function, var: Handle<Var>) -> bool {
    let declared = &function.vars[var];
    let is_plain = !declared.is_address_taken && !declared.is_volatile && !declared.is_const;
    let Some(parts) = parts(module, function, var).filter(|_| is_plain) else {
        return false;
    };
    let names = |other: &Function| {
        let is_it =
            |each: &Var| each.storage == Storage::Global && each.spelling == declared.spelling;
        if declared.storage == Storage::Global {
            other.vars.iter().any(|(_, each)| is_it(each))
        } else {
            other.name == function.name
        }
    };
    let others = Others {
        module,
        names: &names,
    };
    let is_extent = |other: &Var| {
        let mut lengths = lengths(&other.ty).into_iter();
        lengths.any(|length| build::variables(function, length).contains(&var))
    };
    !is_read_first(function, &function.body, &parts)
        && !function.vars.iter().any(|(_, other)| is_extent(other))
        && !outlives_calls(function, (&parts, &others), &mut Vec::new(), &function.body)
}

/// Who may write a variable while a function calls others.
struct Others<'a> {
    module: &'a Module,
    /// Whether a function names the variable, or may be the one whose own it is.
    names: &'a dyn Fn(&Function) -> bool,
}

impl Others<'_> {
    /// Returns whether a statement calls what may write the variable, or is text.
    fn may_write(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Call(call) => self.may_be_written_by(&call.callee),
            Stmt::Verbatim(..) => true,
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => false,
        }
    }

    /// Returns whether a function, or one that it calls, may write the variable; those of the library call none of the program.
    fn may_be_written_by(&self, callee: &str) -> bool {
        let (mut seen, mut pending) = (BTreeSet::new(), vec![callee]);
        while let Some(callee) = pending.pop() {
            let Some((_, function)) = self.module.function(callee) else {
                if library::find(self.module, callee).is_none() && Builtin::find(callee).is_none() {
                    return true;
                }
                continue;
            };
            if !seen.insert(callee) {
                continue;
            }
            let mut may_write = (self.names)(function);
            region::each(&function.body, &mut |stmt| match stmt {
                Stmt::Call(call) => pending.push(&call.callee),
                Stmt::Verbatim(..) => may_write = true,
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::If(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier => {}
            });
            if may_write {
                return true;
            }
        }
        false
    }
}

/// Returns the parts of a number or a structure, or as a whole a small array of numbers whose address no statement takes.
///
/// An array that a function fills and does not read is a result, whoever wants it.
fn parts(module: &Module, function: &Function, var: Handle<Var>) -> Option<Vec<Part>> {
    let is_workspace = || {
        workspace::dimensions(function, var).is_some()
            && !region::addressed(function, &function.body).contains(&var)
            && is_read(function, var)
    };
    Part::all(module, function, var).or_else(|| is_workspace().then(|| vec![Part::whole(var)]))
}

fn is_read(function: &Function, var: Handle<Var>) -> bool {
    let mut is_read = false;
    region::each(&function.body, &mut |stmt| {
        let mut expressions = region::expressions(stmt).into_iter();
        is_read |= expressions.any(|expr| build::names(function, expr, var));
    });
    is_read
}

/// Returns whether a value of some part may be read after a statement in which others may have written it.
fn outlives_calls(
    function: &Function,
    (parts, others): (&[Part], &Others<'_>),
    path: &mut Vec<BlockStep>,
    block: &Block,
) -> bool {
    block.iter().enumerate().any(|(at, stmt)| {
        let is_read = |path: &[BlockStep], target: Option<&Place>| {
            let is_target = |part: &Part| {
                target.is_some_and(|target| part.meets(function, target) == Meets::Covers)
            };
            let mut kept = parts.iter().filter(|part| !is_target(part));
            kept.any(|part| is_part_live_after(function, path, at, part))
        };
        let mut inside = |step: BlockStep, block: &Block| {
            path.push(step);
            let found = outlives_calls(function, (parts, others), path, block);
            path.pop();
            found
        };
        match stmt {
            Stmt::For(each) => inside(BlockStep::Body(at), &each.body),
            Stmt::If(branch) => {
                inside(BlockStep::Then(at), &branch.then)
                    || inside(BlockStep::Otherwise(at), &branch.otherwise)
            }
            // No path leads into it: what it does not name is kept as it is behind it.
            Stmt::While(_) => {
                let mut named = parts.iter();
                let is_named = named.any(|part| region::names(function, stmt, part.var));
                has_calls(stmt, others) && (is_named || is_read(path, None))
            }
            Stmt::Call(call) => others.may_write(stmt) && is_read(path, call.target.as_ref()),
            Stmt::Verbatim(..) => is_read(path, None),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => false,
        }
    })
}

fn has_calls(stmt: &Stmt, others: &Others<'_>) -> bool {
    let found = region::first(std::slice::from_ref(stmt), &mut |inner| {
        others.may_write(inner).then_some(())
    });
    found.is_some()
}
