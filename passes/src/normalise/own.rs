//! Variables that iterations use for themselves and whose last value is read after the region: iterations get a
//! variable of their own, and the host assigns the last value.
//!
//! **Source**: Padua, Wolfe, “Advanced Compiler Optimizations for Supercomputers”, CACM 29(12), 1986 (scalar expansion);
//! Tu, Padua, “Automatic Array Privatization”, LCPC 1993 (last value assignment).

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Block, Expr, ExprKind, Function, Handle, Loop, LoopName, Span, Stmt, Type, Var};

use super::point::{Point, Values, end, written};
use super::{Work, modified, substitute};
use crate::analyse::{Part, is_live_after, is_own_of_iterations, may_leave};
use crate::facts::BlockStep;
use crate::{build, region};

/// Splits every variable whose last value is known, and returns whether there was one.
pub(super) fn split(work: &mut Work<'_>) -> bool {
    let is_changed = assign_ends(work);
    let candidates: BTreeSet<_> = modified(work.statements())
        .into_iter()
        .filter(|var| is_candidate(work, *var))
        .collect();
    let mut values = last_values(work, &candidates);
    let mut changed = modified(work.statements());
    changed.extend(work.last_values.iter().map(|each| each.target.var));
    // What another of these assignments changes would have to be saved.
    values.retain(|var, value| {
        let read = scalars(&work.function, *value);
        read.iter()
            .all(|read| read == var || !changed.contains(read))
    });
    if values.is_empty() {
        return is_changed;
    }
    let span = work
        .statements()
        .iter()
        .fold(Span::default(), |all, stmt| all.join(stmt.span()));
    let mut names = BTreeMap::new();
    for (var, value) in values {
        let compute = work.assignment(var, value, span);
        work.last_values.push(compute);
        names.insert(var, fresh(&mut work.function, var));
    }
    let mut statements = work.take();
    let counters: BTreeSet<_> = names
        .keys()
        .copied()
        .filter(|var| is_counter_alone(&work.function, &statements, *var))
        .collect();
    own_iterators(&mut statements, &counters);
    work.own.extend(
        names
            .iter()
            .filter(|(var, _)| !counters.contains(var))
            .map(|(_, own)| *own),
    );
    substitute::rename(&mut work.function, &mut statements, &names);
    work.put(statements);
    true
}

/// Returns the variables that an expression reads as a whole.
fn scalars(function: &Function, expr: Handle<Expr>) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind
            && place.path.is_empty()
        {
            found.insert(place.var);
        }
    });
    found
}

/// Appends a variable that is like another one.
pub(crate) fn fresh(function: &mut Function, var: Handle<Var>) -> Handle<Var> {
    let like = function.vars[var].clone();
    let name = function.fresh_name(&like.name);
    function.vars.push(Var {
        name,
        enumeration: None,
        ..like
    })
}

fn own_iterators(statements: &mut Block, counters: &BTreeSet<Handle<Var>>) {
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            each.declares_iterator |= counters.contains(&each.iterator);
        }
        for block in region::blocks_mut(stmt) {
            own_iterators(block, counters);
        }
    }
}

/// Returns whether the value after the region is all that keeps iterations from having a variable of their own.
fn is_candidate(work: &Work<'_>, var: Handle<Var>) -> bool {
    let function = &work.function;
    let statements = work.statements();
    let last = work.range.end.saturating_sub(1);
    let is_declared = region::loops(statements)
        .iter()
        .any(|each| each.iterator == var && each.declares_iterator);
    matches!(function.vars[var].ty, Type::Scalar(_))
        && function.vars[var].is_plain_local()
        && !is_declared
        && is_live_after(function, work.path, last, var)
        && (is_counter_alone(function, statements, var)
            || is_own_of_iterations(function, statements, &[Part::whole(var)]))
}

/// Returns whether loops count with a variable and nothing outside these loops names it.
fn is_counter_alone(function: &Function, statements: &[Stmt], var: Handle<Var>) -> bool {
    region::loops(statements)
        .iter()
        .any(|each| each.iterator == var)
        && !region::is_named_outside_its_loops(function, statements, var)
}

/// Returns the values that variables have after the region, of those whose value is known.
fn last_values(
    work: &mut Work<'_>,
    candidates: &BTreeSet<Handle<Var>>,
) -> BTreeMap<Handle<Var>, Handle<Expr>> {
    let statements = work.statements().to_vec();
    // The header of a loop of the host stays as the user wrote it, and so counts in the user's variable.
    let on_host = region::loops(&statements)
        .into_iter()
        .filter(|each| !region::loops(&each.body).is_empty())
        .map(|each| each.iterator);
    let values = Values {
        lost: modified(&statements)
            .into_iter()
            .filter(|var| !candidates.contains(var))
            .chain(on_host)
            .collect(),
        written: written(&statements),
    };
    let end = Point {
        block: &statements,
        at: statements.len(),
        outer: None,
        idle: None,
    };
    candidates
        .iter()
        .filter_map(|var| Some((*var, values.of(&mut work.function, *var, end)?)))
        .collect()
}

/// Lets loops inside others count in variables of their own where the region names the iterator outside of them; the value
/// that it has after the loop is assigned there, unless nobody reads it.
///
/// What stands beside a region's outermost loops is part of the region's text.
fn assign_ends(work: &mut Work<'_>) -> bool {
    let counters: BTreeSet<_> = region::loops(work.statements())
        .iter()
        .filter(|each| !each.declares_iterator)
        .map(|each| each.iterator)
        .collect();
    let mut is_changed = false;
    for var in counters {
        let statements = work.statements();
        if !region::is_named_outside_its_loops(&work.function, statements, var) {
            continue;
        }
        let is_outermost = statements
            .iter()
            .any(|stmt| matches!(stmt, Stmt::For(each) if each.iterator == var));
        let mut all = region::loops(statements).into_iter();
        let is_plain = all.all(|each| each.iterator != var || is_plain_loop(&work.function, each));
        let ends = Ends {
            var,
            unread: unread(work, var),
            are_known: is_plain && !is_outermost,
        };
        let mut statements = work.take();
        is_changed |= ends.assign(work, &mut statements, true);
        work.put(statements);
    }
    is_changed
}

/// Returns the loops that count with a variable whose value nobody reads after them.
fn unread(work: &Work<'_>, var: Handle<Var>) -> BTreeSet<LoopName> {
    fn look(
        function: &Function,
        path: &mut Vec<BlockStep>,
        var: Handle<Var>,
        found: &mut BTreeSet<LoopName>,
    ) {
        let Some(block) = region::block(&function.body, path) else {
            return;
        };
        for (at, stmt) in block.iter().enumerate() {
            if let Stmt::For(each) = stmt
                && each.iterator == var
                && !is_live_after(function, path, at, var)
            {
                found.insert(each.name.clone());
            }
            for step in [
                BlockStep::Body(at),
                BlockStep::Then(at),
                BlockStep::Otherwise(at),
            ] {
                path.push(step);
                look(function, path, var, found);
                path.pop();
            }
        }
    }
    let mut found = BTreeSet::new();
    look(&work.function, &mut work.path.to_vec(), var, &mut found);
    found
}

/// Returns whether the bounds of a loop are the same after it as before it, and it runs to its end.
fn is_plain_loop(function: &Function, each: &Loop) -> bool {
    let mut changed = modified(&each.body);
    changed.insert(each.iterator);
    !may_leave(&each.body) && region::has_fixed_bounds(function, each, &changed)
}

/// The values that one variable has after the loops that count with it.
struct Ends {
    var: Handle<Var>,
    /// The loops after which nobody reads it.
    unread: BTreeSet<LoopName>,
    /// Whether those after the others can be told.
    are_known: bool,
}

impl Ends {
    /// Gives the loops of a block a variable each; returns whether there was one.
    fn assign(&self, work: &mut Work<'_>, statements: &mut Block, is_outermost: bool) -> bool {
        let mut is_changed = false;
        let mut at = 0;
        while at < statements.len() {
            for block in region::blocks_mut(&mut statements[at]) {
                is_changed |= self.assign(work, block, false);
            }
            if let Stmt::For(each) = &mut statements[at]
                && each.iterator == self.var
                && !is_outermost
            {
                let is_unread = self.unread.contains(&each.name);
                let value = (self.are_known && !is_unread)
                    .then(|| end(&mut work.function, each, false))
                    .flatten();
                let span = each.header_span;
                if is_unread || value.is_some() {
                    own_iterator(&mut work.function, each);
                    is_changed = true;
                }
                if let Some(value) = value {
                    let assignment = work.assignment(self.var, value, span);
                    statements.insert(at + 1, Stmt::Compute(assignment));
                    at += 1;
                }
            }
            at += 1;
        }
        is_changed
    }
}

/// Lets a loop count in a variable of its own.
pub(super) fn own_iterator(function: &mut Function, each: &mut Loop) {
    let own = fresh(function, each.iterator);
    let names = BTreeMap::from([(each.iterator, own)]);
    each.iterator = own;
    each.declares_iterator = true;
    substitute::rename(function, &mut each.body, &names);
}
