//! Counters by which iterations pack what they keep, `if (a[i] > 0) out[m++] = a[i];`, become a value that iterations contribute to and
//! a start that nothing changes: of it remains `if (a[i] > 0) { t = m + c; c = c + 1; out[t] = a[i]; }`, and the host adds what all
//! iterations have counted to `m` behind the region.
//!
//! What is written by such a number no other iteration writes: a number that an iteration takes before it counts on is less than
//! every number that a later one takes.
//!
//! **Source**: Fisher, Ghuloum, “Parallelizing Complex Scans and Reductions”, PLDI 1994; Hillis, Steele, “Data Parallel Algorithms”,
//! CACM 29(12), 1986 (packing by a scan).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::declarations;
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Loop, Place, Projection, Scalar,
    Stmt, StmtId, Type, Var,
};

use super::substitute::in_statement;
use super::{Made, Normal, is_modelled, modified};
use crate::analyse::may_leave;
use crate::facts::BlockStep;
use crate::sum::Sum;
use crate::{build, region};

/// Returns the form of a region in which iterations of its loops pack what they keep by such counters; `None` where there are none.
pub(crate) fn packed(normal: &Normal, path: &[BlockStep], range: &Range<usize>) -> Option<Normal> {
    let is_known = is_modelled(region::statements(&normal.function, path, range));
    let mut new = Normal {
        function: Arc::new(is_known.then(|| (*normal.function).clone())?),
        ..normal.clone()
    };
    let function = Arc::make_mut(&mut new.function);
    let mut next = region::next_number(&[&function.body]);
    let mut statements = region::take(function, path, range);
    let mut is_changed = false;
    for at in 0..statements.len() {
        for counter in modified(&statements[at..=at]) {
            let others = statements.iter().enumerate();
            let mut others = others.filter(|(other, _)| *other != at);
            let is_alone = !others.any(|(_, stmt)| region::names(function, stmt, counter));
            if let Stmt::For(each) = &statements[at]
                && is_alone
                && let Some(packing) = Packing::of(function, each, counter)
                && let Stmt::For(each) = &mut statements[at]
            {
                let counted = packing.rewrite(function, each, &mut new.made);
                let total = added(function, counter, counted);
                new.last_values.push(Compute {
                    id: next,
                    target: Place::var(counter),
                    value: total,
                    span: each.span,
                    target_span: each.span,
                });
                next = StmtId(next.0.saturating_add(1));
                is_changed = true;
            }
        }
    }
    region::put(function, path, range.start, statements);
    is_changed.then_some(new)
}

/// Returns the subscript that tells the elements of an array apart, and whether members lead to it: the first one, or that of an array
/// in a structure, which a variable is or a pointer leads to; `None` of a place without one.
fn numbering(function: &Function, place: &Place) -> Option<(Handle<Expr>, bool)> {
    let is_pointer = matches!(function.vars[place.var].ty, Type::Pointer { .. });
    let is_structure = matches!(place.path[..], [Projection::Index(first), Projection::Field(_), ..]
        if is_pointer && build::constant(function, first) == Some(0));
    let mut steps = place.path.iter().skip(usize::from(is_structure));
    let is_member = matches!(steps.clone().next(), Some(Projection::Field(_)));
    steps.find_map(|step| match step {
        Projection::Index(index) => Some((*index, is_member)),
        Projection::Field(_) => None,
    })
}

/// Returns a counter with what a loop has counted.
fn added(function: &mut Function, counter: Handle<Var>, value: Handle<Var>) -> Handle<Expr> {
    let start = function.load(counter);
    let more = function.load(value);
    let ty = function.vars[counter].ty.scalar().unwrap_or(Scalar::I32);
    let more = build::convert(function, more, ty);
    function.expr(ExprKind::Binary(BinaryOp::Add, start, more), ty)
}

/// A loop that packs by a counter.
struct Packing {
    counter: Handle<Var>,
    ty: Scalar,
    /// The statements that count on, each with how far.
    counts: BTreeMap<StmtId, i128>,
    /// Those that look at the counter, and count on behind.
    looks: BTreeSet<StmtId>,
    /// The arrays whose elements it numbers.
    arrays: BTreeSet<Handle<Var>>,
    /// How far one round of the loops around the statements that count on counts at most.
    most: i128,
    /// The bounds of these loops.
    rounds: Vec<[Handle<Expr>; 2]>,
}

impl Packing {
    fn of(function: &Function, each: &Loop, counter: Handle<Var>) -> Option<Self> {
        let var = &function.vars[counter];
        let ty = var
            .ty
            .scalar()
            .filter(|ty| ty.bits() >= 32 && !ty.is_float())?;
        let changed = modified(&each.body);
        let is_plain = var.is_plain_local()
            && each.step == 1
            && each.iterator != counter
            && region::has_fixed_bounds(function, each, &changed)
            && !may_leave(&each.body);
        let mut found = Self {
            counter,
            ty,
            counts: BTreeMap::new(),
            looks: BTreeSet::new(),
            arrays: BTreeSet::new(),
            most: 0,
            rounds: Vec::new(),
        };
        (is_plain && !declarations(&each.body).contains(&counter)).then_some(())?;
        found.counted(function, &each.body)?;
        found.look(function, &each.body, false)?;
        found.most = found.counts.values().sum();
        found.rounds = found.rounds(function, each)?;
        // A number without a sign may come round again.
        let counter_bits = function.vars[each.iterator].ty.scalar()?.bits();
        let is_short = found.most == 1 && counter_bits <= 32 && found.rounds.len() == 1;
        let may_wrap = !ty.is_signed() && ty.bits() < 64 && !is_short;
        (!may_wrap && !found.looks.is_empty()).then_some(())?;
        found.arrays(function, &each.body);
        (!found.arrays.is_empty()).then_some(found)
    }

    /// Returns the bounds of the loop and those in it, one in another, whose innermost holds all that counts on; `None` where there
    /// are others, or it is not known before the loop how often they run.
    fn rounds(&self, function: &Function, each: &Loop) -> Option<Vec<[Handle<Expr>; 2]>> {
        let mut rounds = vec![[each.start, each.end]];
        let mut changed = modified(&each.body);
        changed.insert(each.iterator);
        let mut body = &each.body;
        loop {
            let holding: Vec<&Loop> = region::loops(body)
                .into_iter()
                .filter(|inner| inner.body.iter().any(|stmt| self.has_count(stmt)))
                .collect();
            let Some(inner) = holding.first() else {
                return Some(rounds);
            };
            let numbers = region::numbers(&inner.body);
            let holds_all = self.counts.keys().all(|count| numbers.contains(count));
            let is_known = inner.step == 1 && region::has_fixed_bounds(function, inner, &changed);
            (holds_all && is_known).then_some(())?;
            rounds.push([inner.start, inner.end]);
            body = &inner.body;
        }
    }

    /// Returns how far all rounds count at most, as `i64`.
    fn bound(&self, function: &mut Function) -> Handle<Expr> {
        let most = build::int(function, self.most, Scalar::I64);
        self.rounds.iter().fold(most, |product, [start, end]| {
            let [start, end] =
                [*start, *end].map(|bound| build::convert(function, bound, Scalar::I64));
            let trips = build::binary(function, BinaryOp::Subtract, end, start);
            build::binary(function, BinaryOp::Multiply, product, trips)
        })
    }

    /// Notes what counts on; `None` where something else sets the counter.
    fn counted(&mut self, function: &Function, body: &[Stmt]) -> Option<()> {
        let mut are_counts = true;
        region::each(body, &mut |stmt| {
            // A loop that counts with it sets it, too.
            are_counts &= !matches!(stmt, Stmt::For(inner) if inner.iterator == self.counter);
            let target = region::target(stmt);
            if target.is_some_and(|place| place.var == self.counter) {
                let count = match stmt {
                    Stmt::Compute(compute) => {
                        let by = self.counts_by(function, compute);
                        by.map(|by| self.counts.insert(compute.id, by))
                    }
                    Stmt::Declare(..)
                    | Stmt::Let(..)
                    | Stmt::For(_)
                    | Stmt::If(_)
                    | Stmt::While(_)
                    | Stmt::Call(_)
                    | Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Barrier
                    | Stmt::Verbatim(..) => None,
                };
                are_counts &= count.is_some();
            }
        });
        (are_counts && !self.counts.is_empty()).then_some(())
    }

    /// Returns how far an assignment counts on.
    fn counts_by(&self, function: &Function, compute: &Compute) -> Option<i128> {
        let ExprKind::Binary(BinaryOp::Add, a, b) = function.exprs[compute.value].kind else {
            return None;
        };
        let counter = ExprKind::Load(Place::var(self.counter));
        let by = build::constant(function, b).filter(|_| function.exprs[a].kind == counter)?;
        (by >= 1 && by <= i128::from(u16::MAX)).then_some(by)
    }

    /// Notes the assignments that look at the counter; `None` where something else does, or the iteration does not count on behind.
    ///
    /// `follows`: behind the block it does.
    fn look(&mut self, function: &Function, block: &[Stmt], follows: bool) -> Option<()> {
        for (at, stmt) in block.iter().enumerate() {
            if self.is_count(stmt) || !region::names(function, stmt, self.counter) {
                continue;
            }
            let mut behind = block[at + 1..].iter();
            let next = behind.find(|stmt| self.has_count(stmt));
            let counts_on = next.map_or(follows, |stmt| self.is_count(stmt));
            match stmt {
                Stmt::Compute(compute) if counts_on => {
                    self.looks.insert(compute.id);
                }
                Stmt::If(branch) if !build::names(function, branch.condition, self.counter) => {
                    self.look(function, &branch.then, counts_on)?;
                    self.look(function, &branch.otherwise, counts_on)?;
                }
                Stmt::For(inner)
                    if ![inner.start, inner.end]
                        .iter()
                        .any(|bound| build::names(function, *bound, self.counter)) =>
                {
                    self.look(function, &inner.body, false)?;
                }
                Stmt::Compute(_)
                | Stmt::If(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => return None,
            }
        }
        Some(())
    }

    fn is_count(&self, stmt: &Stmt) -> bool {
        matches!(stmt, Stmt::Compute(compute) if self.counts.contains_key(&compute.id))
    }

    fn has_count(&self, stmt: &Stmt) -> bool {
        let own = std::slice::from_ref(stmt);
        region::first(own, &mut |stmt| self.is_count(stmt).then_some(())).is_some()
    }

    /// Notes the arrays of which iterations touch nothing but elements that the counter numbers, each its own.
    fn arrays(&mut self, function: &Function, body: &[Stmt]) {
        let named = self.named(function, body);
        let least = self.counts.values().min().copied().unwrap_or(0);
        let mut factors: BTreeMap<Handle<Var>, Option<(i128, bool)>> = BTreeMap::new();
        region::each_place(function, body, &mut |place| {
            let Some((index, is_member)) = numbering(function, place) else {
                // All of a structure, or another member of it.
                factors.insert(place.var, None);
                return;
            };
            let sum = Sum::of(function, index);
            let base = sum.base.and_then(|base| build::loaded(function, base));
            let is_number = base.is_some_and(|base| base == self.counter || named.contains(&base));
            let is_own = is_number && (0..sum.factor * least).contains(&sum.offset);
            // Of `p[m].at[3]` and `p[0].at[m]` the numbers are no elements of one array.
            let factor = is_own.then_some((sum.factor, is_member));
            let known = factors.entry(place.var).or_insert(factor);
            if *known != factor {
                *known = None;
            }
        });
        let numbered = factors.into_iter().filter(|(_, factor)| factor.is_some());
        self.arrays = numbered.map(|(array, _)| array).collect();
    }

    /// Returns the variables of an iteration that are given the counter, once, where the iteration counts on behind.
    fn named(&self, function: &Function, body: &[Stmt]) -> BTreeSet<Handle<Var>> {
        let (mut given, mut set) = (BTreeSet::new(), BTreeMap::new());
        let mut declared = BTreeSet::new();
        region::each(body, &mut |stmt| {
            if let Some(place) = region::target(stmt) {
                *set.entry(place.var).or_insert(0) += 1;
            }
            match stmt {
                Stmt::Compute(compute) if compute.target.path.is_empty() => {
                    let sum = Sum::of(function, compute.value);
                    let base = sum.base.and_then(|base| build::loaded(function, base));
                    if base == Some(self.counter) && (sum.factor, sum.offset) == (1, 0) {
                        given.insert(compute.target.var);
                    }
                }
                Stmt::Declare(var, _) => {
                    declared.insert(*var);
                }
                Stmt::Compute(_)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        });
        let is_own = |var: &Handle<Var>| {
            declared.contains(var)
                && set.get(var) == Some(&1)
                && function.vars[*var].is_plain_local()
        };
        given.into_iter().filter(is_own).collect()
    }

    /// Has the iterations of the loop contribute to a value, which it returns, instead of the counter.
    fn rewrite(self, function: &mut Function, each: &mut Loop, made: &mut Made) -> Handle<Var> {
        let ty = if self.ty.bits() > 32 {
            Scalar::U64
        } else {
            Scalar::U32
        };
        let name = format!("{}.count", function.vars[self.counter].name);
        let name = function.fresh_name(&name);
        let counted = function.vars.push(Var::local(name, ty));
        let below = self.bound(function);
        self.replace(function, &mut each.body, &mut |function| {
            let start = function.load(self.counter);
            let own = function.load(counted);
            made.below.insert(own, below);
            let exact = function.expr(ExprKind::Cast(own), self.ty);
            made.exact.insert(exact);
            let own = if ty == self.ty { own } else { exact };
            function.expr(ExprKind::Binary(BinaryOp::Add, start, own), self.ty)
        });
        self.count(function, &mut each.body, (counted, ty));
        made.running.insert(counted, each.name.clone());
        let packed = self.arrays.iter().map(|array| (*array, counted));
        made.packed.extend(packed);
        counted
    }

    /// Puts another number in the place of the counter wherever iterations look at it.
    fn replace(
        &self,
        function: &mut Function,
        block: &mut Block,
        number: &mut dyn FnMut(&mut Function) -> Handle<Expr>,
    ) {
        for stmt in block {
            if !self.is_count(stmt) {
                in_statement(function, stmt, &mut |function, read| {
                    let is_counter = read.place == Place::var(self.counter);
                    is_counter.then(|| number(function))
                });
            }
            for inner in region::blocks_mut(stmt) {
                self.replace(function, inner, number);
            }
        }
    }

    /// Has iterations count a value on instead of the counter.
    fn count(
        &self,
        function: &mut Function,
        block: &mut Block,
        (counted, ty): (Handle<Var>, Scalar),
    ) {
        for stmt in block {
            if let Stmt::Compute(compute) = stmt
                && let Some(by) = self.counts.get(&compute.id)
            {
                let before = function.load(counted);
                let by = build::int(function, *by, ty);
                compute.target = Place::var(counted);
                compute.value = function.expr(ExprKind::Binary(BinaryOp::Add, before, by), ty);
            }
            for inner in region::blocks_mut(stmt) {
                self.count(function, inner, (counted, ty));
            }
        }
    }
}
