//! What iterations add to one of a few elements, where a loop inside finds which one and an array keeps its number, every
//! element collects for itself: of
//! `for i { at = 0; for k if (d[i][k] < least) { least = d[i][k]; at = k; } of[i] = at; s[at] += x[i]; }` remains
//! `for i { at = 0; for k …; of[i] = at; for q if (of[i] == q) s[q] += x[i]; }`, so that the loop can be cut before `q`, whose
//! iterations write different elements.
//!
//! The number is a constant or what the loop inside counts with, so `q` takes it once; where it does, the statements are those of
//! the program. The new loop has at most one iteration more than the one that found the number, so that the work about doubles at
//! most. What the array keeps is read under its name, and what is written under another one is apart, by the
//! guards that the region has for the two.
//!
//! **Source**: Callahan, Kennedy, “Compiling Programs for Distributed-Memory Multiprocessors”, Journal of Supercomputing 2,
//! 1988 (what owns an element computes it).

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::ops::Range;
use std::slice;
use std::sync::Arc;

use mupac_ir::structure::{self, is_same_expr, is_same_place};
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, If, Loop, LoopName, Mapping, Place,
    Scalar, Stmt, Var,
};

use super::{Normal, is_modelled, modified, substitute};
use crate::analyse::may_leave;
use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the form of a region in which elements collect what iterations add to them; `None` where nothing is added so.
pub(crate) fn binned(normal: &Normal, path: &[BlockStep], range: &Range<usize>) -> Option<Normal> {
    let is_known = is_modelled(region::statements(&normal.function, path, range));
    let mut function = is_known.then(|| (*normal.function).clone())?;
    let mut statements = region::take(&mut function, path, range);
    let mut is_changed = false;
    for stmt in &mut statements {
        in_loops(&mut function, stmt, &mut is_changed);
    }
    region::put(&mut function, path, range.start, statements);
    is_changed.then(|| Normal {
        function: Arc::new(function),
        ..normal.clone()
    })
}

/// Rewrites the bodies of a statement's loops.
fn in_loops(function: &mut Function, stmt: &mut Stmt, is_changed: &mut bool) {
    if let Stmt::For(each) = stmt
        && !may_leave(&each.body)
    {
        // What is collected is told by the number of its own loop, and found no more.
        while found(function, &each.body)
            .iter()
            .any(|found| found.collect(function, &mut each.body))
        {
            *is_changed = true;
        }
    }
    for block in region::blocks_mut(stmt) {
        for inner in block {
            in_loops(function, inner, is_changed);
        }
    }
}

/// A number that a loop of a body finds.
struct Found {
    number: Handle<Var>,
    /// What keeps it, and the statement of the body that sees to that.
    kept: (Place, usize),
    /// The statement behind which that one is to stand: right behind the loop where nothing between forbids it, so that
    /// statements between see it, too.
    behind: usize,
    /// The numbers that it may be: from the first to before the last.
    numbers: [Handle<Expr>; 2],
}

/// Returns the numbers that loops of a body find.
fn found(function: &mut Function, body: &[Stmt]) -> Vec<Found> {
    let mut numbers = Vec::new();
    for (at, stmt) in body.iter().enumerate() {
        let Stmt::For(finder) = stmt else { continue };
        let fixed = region::has_fixed_bounds(function, finder, &modified(body));
        if !fixed || finder.step != 1 {
            continue;
        }
        for number in modified(&finder.body) {
            let kept = kept(function, body, number, at);
            numbers
                .extend(kept.and_then(|kept| one_of(function, body, number, (at, finder, kept))));
        }
    }
    numbers
}

/// Returns a number of a loop's body that is a constant before one of its loops and, behind it, that or what the loop counts with.
fn one_of(
    function: &mut Function,
    body: &[Stmt],
    number: Handle<Var>,
    (behind, finder, kept): (usize, &Loop, (Place, usize)),
) -> Option<Found> {
    let var = &function.vars[number];
    let ty = var.ty.scalar().filter(|ty| ty.integer_range().is_some())?;
    let is_own = var.is_plain_local() && function.vars[finder.iterator].ty == var.ty;
    let start = build::constant(function, finder.start).filter(|_| is_own)?;
    let mut before = None;
    for (at, stmt) in body.iter().enumerate() {
        if let Stmt::Compute(compute) = stmt
            && compute.target.var == number
        {
            before = build::constant(function, compute.value).filter(|_| at < behind);
            before?;
        } else if at == behind {
            only_counts(function, finder, number).then_some(())?;
        } else if !matches!(stmt, Stmt::Declare(..)) {
            (!modified(slice::from_ref(stmt)).contains(&number)).then_some(())?;
        }
    }
    // At most one number more than the loop has; and that fits the type.
    let (_, most) = ty.integer_range()?;
    let before = before.filter(|before| (start - 1..=start).contains(before) && *before < most)?;
    let first = build::int(function, before.min(start), ty);
    let behind_it = build::int(function, before + 1, ty);
    let end_ty = function.exprs[finder.end].ty.scalar()?;
    let end = match build::constant(function, finder.end) {
        Some(end) => build::int(function, end, ty),
        None => (end_ty == ty).then_some(finder.end)?,
    };
    let last = build::binary(function, BinaryOp::Max, end, behind_it);
    Some(Found {
        number,
        behind: if may_move(function, body, &kept, behind) {
            behind
        } else {
            kept.1 - 1
        },
        kept,
        numbers: [first, last],
    })
}

/// Returns what keeps a number from some statement behind a loop on, to the end of the body.
fn kept(
    function: &Function,
    body: &[Stmt],
    number: Handle<Var>,
    behind: usize,
) -> Option<(Place, usize)> {
    let is_number = |place: &Place, value| {
        let node = &function.exprs[value];
        let is_read = node.kind == ExprKind::Load(Place::var(number));
        is_read && !place.path.is_empty() && !function.vars[place.var].is_volatile
    };
    for (at, stmt) in body.iter().enumerate().skip(behind + 1) {
        let stored = match stmt {
            Stmt::If(branch) if branch.otherwise.is_empty() => {
                let mut inside = branch.then.iter();
                inside.find_map(|stmt| {
                    let Stmt::Compute(compute) = stmt else {
                        return None;
                    };
                    differs(function, branch.condition, compute).then_some(compute)
                })
            }
            Stmt::Compute(compute) => Some(compute),
            Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => None,
        };
        let Some(compute) = stored.filter(|each| is_number(&each.target, each.value)) else {
            continue;
        };
        // Nothing else beside the assignment or behind it changes what is kept, nor where.
        let inside = region::blocks(stmt).flatten();
        let mut others =
            inside.filter(|each| !matches!(each, Stmt::Compute(one) if one.id == compute.id));
        let mut named = located_by(function, &compute.target);
        named.insert(compute.target.var);
        let is_left = |rest: &[Stmt]| named.is_disjoint(&modified(rest));
        if is_left(&body[at + 1..]) && others.all(|each| is_left(slice::from_ref(each))) {
            return Some((compute.target.clone(), at));
        }
    }
    None
}

/// Returns whether the assignment that keeps a number may stand right behind a loop.
fn may_move(function: &Function, body: &[Stmt], kept: &(Place, usize), behind: usize) -> bool {
    let between = &body[behind + 1..kept.1];
    let changed = modified(between);
    matches!(body[kept.1], Stmt::Compute(_))
        && located_by(function, &kept.0).is_disjoint(&changed)
        && !between
            .iter()
            .any(|stmt| region::names(function, stmt, kept.0.var))
}

/// Returns the variables that say which element a place is.
fn located_by(function: &Function, place: &Place) -> BTreeSet<Handle<Var>> {
    let indices = structure::indices(place);
    indices
        .flat_map(|index| build::variables(function, index))
        .collect()
}

/// Returns whether a condition asks whether what an assignment sets differs from its value.
fn differs(function: &Function, condition: Handle<Expr>, compute: &Compute) -> bool {
    let ExprKind::Binary(BinaryOp::NotEqual, a, b) = function.exprs[condition].kind else {
        return false;
    };
    let is_target = |expr: Handle<Expr>| {
        matches!(&function.exprs[expr].kind, ExprKind::Load(place)
            if is_same_place(function, place, function, &compute.target))
    };
    [(a, b), (b, a)]
        .into_iter()
        .any(|(a, b)| is_target(a) && is_same_expr(function, b, function, compute.value))
}

/// Returns whether a loop gives a variable nothing but what it counts with.
fn only_counts(function: &Function, finder: &Loop, number: Handle<Var>) -> bool {
    let counted = ExprKind::Load(Place::var(finder.iterator));
    let mut is_only = finder.iterator != number;
    region::each(&finder.body, &mut |stmt| {
        is_only &= match stmt {
            Stmt::Compute(compute) if compute.target.var == number => {
                function.exprs[compute.value].kind == counted
            }
            Stmt::For(each) => each.iterator != number,
            Stmt::Let(var, _) | Stmt::Declare(var, _) => *var != number,
            Stmt::Compute(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => true,
        };
    });
    is_only
}

impl Found {
    /// Has elements collect what the statements behind add to the one with this number; returns whether there are any.
    fn collect(&self, function: &mut Function, body: &mut Block) -> bool {
        let known = body.clone();
        let mut is_changed = false;
        let keeps = body.remove(self.kept.1);
        let behind = body.split_off(self.behind + 1);
        body.push(keeps);
        let mut run = Block::new();
        for stmt in behind {
            let is_one = self.is_scattered(function, &stmt);
            if is_one && !matches!(stmt, Stmt::For(_)) {
                run.push(stmt);
                continue;
            }
            is_changed |= self.collected(function, mem::take(&mut run), body);
            if is_one {
                is_changed |= self.collected(function, vec![stmt], body);
            } else {
                body.push(stmt);
            }
        }
        is_changed |= self.collected(function, run, body);
        if !is_changed {
            *body = known;
        }
        is_changed
    }

    /// Returns whether a statement writes elements that the number tells, and may stand in a loop over all of them.
    fn is_scattered(&self, function: &Function, stmt: &Stmt) -> bool {
        let own = slice::from_ref(stmt);
        let changed = modified(own);
        let mut is_plain = !may_leave(own);
        for bound in &self.numbers {
            let mut named = build::variables(function, *bound).into_iter();
            is_plain &= !named.any(|var| changed.contains(&var));
        }
        let mut is_told = false;
        region::each(own, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt {
                is_told |= self.tells(function, compute);
            }
            is_plain &= !matches!(stmt, Stmt::While(_) | Stmt::Declare(..) | Stmt::Let(..));
        });
        is_plain && is_told
    }

    fn tells(&self, function: &Function, compute: &Compute) -> bool {
        located_by(function, &compute.target).contains(&self.number)
    }

    /// Appends some statements in a loop over all numbers; returns whether they are in one.
    ///
    /// Integers are added up in any order, so statements with nothing else stay as they are.
    fn collected(&self, function: &mut Function, mut run: Block, body: &mut Block) -> bool {
        let mut adds_floats = false;
        region::each(&run, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt {
                let ty = function.exprs[compute.value].ty.scalar();
                adds_floats |= self.tells(function, compute) && ty.is_some_and(Scalar::is_float);
            }
        });
        if !adds_floats {
            body.append(&mut run);
            return false;
        }
        let like = function.vars[self.number].clone();
        let name = function.fresh_name(&format!("{}_q", like.name));
        let own = function
            .vars
            .push(Var::local(name.clone(), like.ty.clone()));
        let kept = function.expr(ExprKind::Load(self.kept.0.clone()), like.ty.clone());
        let own_number = function.load(own);
        let condition = ExprKind::Binary(BinaryOp::Equal, kept, own_number);
        let condition = function.expr(condition, Scalar::I32);
        let names = BTreeMap::from([(self.number, own)]);
        substitute::rename(function, &mut run, &names);
        let span = run.first().map(Stmt::span).unwrap_or_default();
        let inside = under(function, (condition, own), run);
        body.push(Stmt::For(Loop {
            name: LoopName(name),
            iterator: own,
            declares_iterator: true,
            start: self.numbers[0],
            end: self.numbers[1],
            step: 1,
            mapping: Mapping::Sequential,
            body: inside,
            span,
            header_span: span,
        }));
        true
    }
}

/// Returns statements that run where a condition holds, which stands inside the loops of a nest, so that it stays one, where these
/// may as well run for every number.
fn under(
    function: &Function,
    (condition, number): (Handle<Expr>, Handle<Var>),
    mut run: Block,
) -> Block {
    if let [Stmt::For(each)] = run.as_mut_slice()
        && each.declares_iterator
        && region::has_fixed_bounds(function, each, &modified(&each.body))
        && !may_leave(&each.body)
        && ![each.start, each.end]
            .iter()
            .any(|bound| build::names(function, *bound, number) || build::divides(function, *bound))
    {
        each.body = under(function, (condition, number), mem::take(&mut each.body));
        return run;
    }
    let span = run.first().map(Stmt::span).unwrap_or_default();
    vec![Stmt::If(If {
        condition,
        then: run,
        otherwise: Block::new(),
        span,
    })]
}
