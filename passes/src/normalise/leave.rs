//! `break` of a counted loop inside another one as a value: what follows it runs only while the loop was not left.
//!
//! `for (k = 0; k < n; k++) { if (a[k] > x) break; s += a[k]; }` becomes
//! `done = 0; for (k = 0; k < n; k++) if (!done) { if (a[k] > x) done = 1; else s += a[k]; }`.
//! The dependence through `done` keeps the loop's own iterations in order, whatever a step makes of them; those of loops
//! around it owe one another nothing through it. Kernels leave the loop where the program does ([`super::back`]).
//!
//! **Source**: Allen, Kennedy, Porterfield, Warren, “Conversion of Control Dependence to Data Dependence”, POPL 1983
//! (exit branches).

use std::collections::BTreeMap;

use mupac_ir::{Block, Expr, Function, Handle, If, Loop, Scalar, Stmt, Var};

use super::exits::{jumps, structured, tidy};
use super::own::fresh;
use super::point::end;
use super::{Work, modified, substitute};
use crate::analyse::is_live_after;
use crate::{build, region};

/// Turns `break` into a value in every counted loop of the region that stands in another loop, and returns whether there
/// was one.
pub(super) fn leave(work: &mut Work<'_>) -> bool {
    let found = region::first(work.statements(), &mut |stmt| is_break(stmt).then_some(()));
    if found.is_none() {
        return false;
    }
    let read = counters_read(work);
    let mut statements = work.take();
    let mut is_changed = false;
    for stmt in &mut statements {
        for block in region::blocks_mut(stmt) {
            is_changed |= inside(work, block, &read);
        }
    }
    work.put(statements);
    is_changed
}

/// Returns the counters whose value somebody reads behind their loops.
fn counters_read(work: &Work<'_>) -> Vec<Handle<Var>> {
    let (function, statements) = (&work.function, work.statements());
    let last = work.range.end.saturating_sub(1);
    let counters = region::loops(statements)
        .into_iter()
        .filter(|each| !each.declares_iterator);
    counters
        .map(|each| each.iterator)
        .filter(|var| {
            region::is_named_outside_its_loops(function, statements, *var)
                || is_live_after(function, work.path, last, *var)
        })
        .collect()
}

fn inside(work: &mut Work<'_>, block: &mut Block, read: &[Handle<Var>]) -> bool {
    let mut is_changed = false;
    let mut out = Block::with_capacity(block.len());
    for mut stmt in block.drain(..) {
        for inner in region::blocks_mut(&mut stmt) {
            is_changed |= inside(work, inner, read);
        }
        if let Stmt::For(each) = &mut stmt
            && each.body.iter().any(leaves)
            && let Some(before) = guarded(work, each, read)
        {
            is_changed = true;
            out.extend(before);
        }
        out.push(stmt);
    }
    *block = out;
    is_changed
}

/// Returns whether a statement may `break` the loop around it.
fn leaves(stmt: &Stmt) -> bool {
    jumps(stmt, &is_break)
}

fn is_break(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Break(_))
}

/// Writes a loop without its `break`s and returns what has to run before it; `None` where the counter's last value is
/// needed and nobody knows it beforehand, or where what is skipped would have to be copied.
fn guarded(work: &mut Work<'_>, each: &mut Loop, read: &[Handle<Var>]) -> Option<Block> {
    let mut body = each.body.clone();
    let mut before = Block::new();
    let mut counter = each.iterator;
    let mut last = None;
    if read.contains(&each.iterator) {
        let mut changed = modified(&body);
        changed.insert(each.iterator);
        region::has_fixed_bounds(&work.function, each, &changed).then_some(())?;
        let value = end(&mut work.function, each, false)?;
        counter = fresh(&mut work.function, each.iterator);
        let names = BTreeMap::from([(each.iterator, counter)]);
        substitute::rename(&mut work.function, &mut body, &names);
        before.push(Stmt::Compute(work.assignment(
            each.iterator,
            value,
            each.header_span,
        )));
        last = Some(each.iterator);
    }
    let done = flag(&mut work.function, "done");
    let no = build::int(&mut work.function, 0, Scalar::I32);
    before.push(Stmt::Declare(done, each.header_span));
    before.push(Stmt::Compute(work.assignment(done, no, each.header_span)));
    let is_alone = !body.iter().any(super::continues);
    Exit {
        work,
        done,
        counter,
        last,
    }
    .mark(&mut body);
    body = structured(&mut work.function, body, is_alone.then_some(done))?;
    tidy(&mut work.function, &mut body);
    let goes_on = not(&mut work.function, done);
    each.body = vec![Stmt::If(If {
        condition: goes_on,
        then: body,
        otherwise: Block::new(),
        span: each.span,
    })];
    each.declares_iterator |= counter != each.iterator;
    each.iterator = counter;
    work.made.left.insert(each.name.clone(), done);
    Some(before)
}

/// How a loop is left.
struct Exit<'a, 'b> {
    work: &'a mut Work<'b>,
    /// What says that it was left.
    done: Handle<Var>,
    /// What the loop counts with.
    counter: Handle<Var>,
    /// The variable that the program counts with, where somebody reads it afterwards.
    last: Option<Handle<Var>>,
}

impl Exit<'_, '_> {
    /// Says in the place of every `break` that the loop is left; nothing behind it runs in that iteration.
    fn mark(&mut self, block: &mut Block) {
        let mut out = Block::with_capacity(block.len());
        for mut stmt in block.drain(..) {
            if let Stmt::If(branch) = &mut stmt {
                self.mark(&mut branch.then);
                self.mark(&mut branch.otherwise);
            }
            if let Stmt::Break(span) = stmt {
                if let Some(last) = self.last {
                    let value = self.work.function.load(self.counter);
                    out.push(Stmt::Compute(self.work.assignment(last, value, span)));
                }
                let yes = build::int(&mut self.work.function, 1, Scalar::I32);
                out.push(Stmt::Compute(self.work.assignment(self.done, yes, span)));
                stmt = Stmt::Continue(span);
            }
            out.push(stmt);
        }
        *block = out;
    }
}

/// Appends a truth value of mupac's own.
pub(crate) fn flag(function: &mut Function, name: &str) -> Handle<Var> {
    let name = function.fresh_name(name);
    function.vars.push(Var::local(name, Scalar::I32))
}

/// Appends the opposite of a truth value.
pub(super) fn not(function: &mut Function, flag: Handle<Var>) -> Handle<Expr> {
    let value = function.load(flag);
    build::opposite(function, value)
}
