//! Loops that look for where a greatest or least value is: `if (a[i] > best) { best = a[i]; at = i; }` is a reduction and,
//! behind it, a look for the first iteration whose value is the one that was found, which is a reduction as well.
//!
//! Of `for (i …) if (v > best) { best = v; at = i; }` remains
//! `before = best; for (i …) if (v > best) best = v; first = most; for (i …) if (v == best) if (i < first) first = i;
//! at = best > before ? first : at`. With `>=` the last such iteration counts. Of two loops, one of which is all that the
//! other does, iterations are numbered in their order.
//! Both loops compute the same values, so they may change nothing else; where what is compared depends on how a compiler
//! contracts products, kernels name the rounding of each, and threads add over a loop inside each for itself.
//!
//! **Source**: Fisher, Ghuloum, “Parallelizing Complex Scans and Reductions”, PLDI 1994 (the least element with its place as
//! a reduction); the two passes are our own, so that steps, judge and lowering know plain reductions alone.

mod beside;
mod chosen;
mod flat;
mod nest;
mod place;
mod search;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::declarations;
use mupac_ir::{
    BinaryOp, Block, Compute, Contraction, Expr, ExprKind, Function, Handle, If, Loop, Place,
    ReductionOperator, Scalar, Span, Stmt, StmtId, Type, Var,
};

use self::flat::flattened;
use self::nest::Nest;
use self::place::Valued;
use self::search::Search;
use super::own::fresh;
use super::{modified, substitute};
use crate::facts::{BlockStep, Facts, Reduction};
use crate::numbering::Numbering;
use crate::{build, region};

/// A function in which such loops are two.
pub(crate) struct Split {
    pub(crate) function: Arc<Function>,
    /// How many statements the range has.
    pub(crate) count: usize,
    /// What the host assigns behind them.
    pub(crate) last_values: Vec<Compute>,
    /// Whether products may be contracted.
    pub(crate) contraction: Contraction,
    /// The statements of loops that do something else beside, and search nothing.
    pub(crate) beside: BTreeSet<StmtId>,
}

impl Split {
    /// Returns whether kernels by what is proved of it compute each value in one way: they add numbers of a loop inside in its
    /// order where nothing says that its iterations only contribute to a sum.
    pub(crate) fn suits(&self, facts: &Facts) -> bool {
        let mut reductions = facts.reductions.iter();
        let is_chosen = |each: &Reduction| {
            let extremes = [ReductionOperator::Maximum, ReductionOperator::Minimum];
            !each.ty.is_float()
                || extremes.contains(&each.joining.operator)
                || each.statements.is_subset(&self.beside)
        };
        self.contraction == Contraction::Allowed || reductions.all(is_chosen)
    }
}

/// Returns the function with every such loop among some statements as two; `None` where there is none.
///
/// `keeps_numbers`: variables of it are numbers in memory by other names, which the host assigns.
pub(crate) fn split_extremes(
    function: &Arc<Function>,
    (path, range): (&[BlockStep], &Range<usize>),
    keeps_numbers: bool,
) -> Option<Split> {
    let mut work = Splitting {
        function: (**function).clone(),
        numbering: Numbering::after(&[&function.body]),
        last_values: Vec::new(),
    };
    let mut made = Block::new();
    let (mut is_changed, mut contraction) = (false, Contraction::Allowed);
    let mut others = BTreeSet::new();
    let mut all = region::take(&mut work.function, path, range);
    chosen::as_conditions(&mut work.function, &mut all);
    let mut writes_memory = keeps_numbers;
    region::each(&all, &mut |stmt| {
        let is_memory = |place: &Place| {
            !place.path.is_empty() || !work.function.vars[place.var].is_plain_local()
        };
        writes_memory |= region::target(stmt).is_some_and(is_memory);
    });
    let mut rest: VecDeque<Stmt> = all.into();
    while let Some(stmt) = rest.pop_front() {
        let (own, beside) = work.apart(&stmt);
        if let Stmt::For(each) = &own
            && let Some((valued, search)) = work.search(each).or_else(|| {
                let flat = flattened(&mut work.function, each)?;
                work.search(&flat)
            })
            && !(writes_memory && search.remembers_memory(&work.function))
            && work.is_left_alone(&search, &beside.iter().chain(&rest))
        {
            made.extend(valued.before.iter().cloned());
            work.split(&valued, &search, &mut made);
            contraction = contraction.max(search.contraction);
            is_changed = true;
            let own = region::numbers(std::slice::from_ref(&own));
            others.retain(|number| !own.contains(number));
            if let Some(stmt) = beside {
                others.extend(region::numbers(std::slice::from_ref(&stmt)));
                rest.push_front(stmt);
            }
        } else {
            made.push(stmt);
        }
    }
    let count = made.len();
    region::put(&mut work.function, path, range.start, made);
    is_changed.then(|| Split {
        function: Arc::new(work.function),
        count,
        last_values: work.last_values,
        contraction,
        beside: others,
    })
}

/// A function whose loops are being split.
struct Splitting {
    function: Function,
    numbering: Numbering,
    last_values: Vec<Compute>,
}

impl Splitting {
    /// Returns whether statements behind a search neither name what it remembers nor change what that is computed of: the host
    /// assigns it behind the last of them.
    fn is_left_alone<'a>(
        &self,
        search: &Search,
        rest: &(impl Iterator<Item = &'a Stmt> + Clone),
    ) -> bool {
        let each = rest.clone().map(std::slice::from_ref);
        let changed: BTreeSet<_> = each.flat_map(modified).collect();
        let is_named = |var| {
            let mut rest = rest.clone();
            rest.any(|stmt| region::names(&self.function, stmt, var))
        };
        !changed.contains(&search.best.target.var)
            && search.others.iter().all(|other| {
                let mut read = build::variables(&self.function, other.value).into_iter();
                !is_named(other.target.var) && !read.any(|var| changed.contains(&var))
            })
    }

    /// Returns the part of a statement that may be a search, and what else it does.
    fn apart(&mut self, stmt: &Stmt) -> (Stmt, Option<Stmt>) {
        let Stmt::For(each) = stmt else {
            return (stmt.clone(), None);
        };
        match beside::apart(&mut self.function, &mut self.numbering, each) {
            Some((search, rest)) => (Stmt::For(search), Some(Stmt::For(rest))),
            None => (stmt.clone(), None),
        }
    }

    /// Reads a loop as a search, by itself or with the one in it.
    fn search(&mut self, each: &Loop) -> Option<(Valued, Search)> {
        if let Some(nest) = Nest::of_two(&self.function, each)
            && let Some(search) = Search::of(&self.function, &nest.inner, None)
        {
            return Some((Valued::known(nest), search));
        }
        let valued = self.with_value(each)?;
        let search = Search::of(&self.function, &valued.nest.inner, valued.place)?;
        Some((valued, search))
    }

    /// Appends what takes the place of a loop.
    fn split(&mut self, valued: &Valued, search: &Search, made: &mut Block) {
        let (nest, best) = (&valued.nest, search.best.target.var);
        let span = nest.inner.header_span;
        // Where every value that counts is better than the first best, or as good, some iteration has to be the one.
        let before = (valued.place.is_none() && !search.better.takes_equal).then(|| {
            let before = self.local(best, "before", self.function.vars[best].ty.clone());
            let known = self.load(best);
            made.extend([
                Stmt::Declare(before, span),
                self.assign(before, known, span),
            ]);
            before
        });
        made.push(Stmt::For(compares(nest, search)));
        // The first iteration is the least one, unless the loop counts down or takes the last.
        let is_least = (nest.inner.step > 0) != search.better.takes_equal;
        let none = if is_least { i64::MAX } else { i64::MIN };
        let none = build::int(&mut self.function, i128::from(none), Scalar::I64);
        let first = self.local(best, "at", Scalar::I64.into());
        made.extend([Stmt::Declare(first, span), self.assign(first, none, span)]);
        made.extend(self.looks(nest, search, (first, is_least)));
        let found = self.is_found(search, before, (first, none));
        for other in &search.others {
            let value = self.remembered(nest, other, (found, first));
            let last = self.assignment(other.target.var, value, other.span);
            self.last_values.push(last);
        }
    }

    /// Returns the loop that looks for the iteration.
    fn looks(
        &mut self,
        nest: &Nest,
        search: &Search,
        (first, is_least): (Handle<Var>, bool),
    ) -> Block {
        let span = search.best.span;
        let number = nest.number(&mut self.function);
        let op = if is_least {
            BinaryOp::Less
        } else {
            BinaryOp::Greater
        };
        let known = self.load(first);
        let condition = build::binary(&mut self.function, op, number, known);
        let closer = Stmt::If(If {
            condition,
            then: vec![self.assign(first, number, span)],
            otherwise: Block::new(),
            span,
        });
        let (_, a, b) = search.operands;
        let condition = build::binary(&mut self.function, BinaryOp::Equal, a, b);
        let looked_for = Stmt::If(If {
            condition,
            then: vec![closer],
            otherwise: Block::new(),
            span,
        });
        let mut body = nest.inner.body.clone();
        body[search.at] = under(search, looked_for);
        let mut changed = modified(&body);
        changed.remove(&first);
        let declared = declarations(&body);
        let outside = changed.iter().filter(|var| !declared.contains(var));
        body.splice(
            0..0,
            outside
                .map(|var| Stmt::Declare(*var, span))
                .collect::<Block>(),
        );
        changed.extend(nest.counters());
        let names = changed.into_iter();
        let names: BTreeMap<_, _> = names
            .map(|var| (var, fresh(&mut self.function, var)))
            .collect();
        let mut own = vec![Stmt::For(nest.declaring().around(body))];
        substitute::rename(&mut self.function, &mut own, &names);
        self.renumber(&mut own);
        own
    }

    /// Gives loops and assignments names and numbers that no others have.
    fn renumber(&mut self, block: &mut Block) {
        for stmt in block {
            if let Stmt::For(each) = stmt {
                each.name.0.push_str(".at");
            }
            if let Stmt::Compute(compute) = stmt {
                compute.id = self.numbering.next();
            }
            for inner in region::blocks_mut(stmt) {
                self.renumber(inner);
            }
        }
    }

    /// Returns whether an iteration was found, as a condition.
    fn is_found(
        &mut self,
        search: &Search,
        before: Option<Handle<Var>>,
        (first, none): (Handle<Var>, Handle<Expr>),
    ) -> Handle<Expr> {
        let Some(before) = before else {
            let first = self.load(first);
            return build::binary(&mut self.function, BinaryOp::NotEqual, first, none);
        };
        // A number that was none stays.
        let op = if search.better.is_greater {
            BinaryOp::Greater
        } else {
            BinaryOp::Less
        };
        let best = self.load(search.best.target.var);
        let known = self.load(before);
        build::binary(&mut self.function, op, best, known)
    }

    /// Returns what a variable remembers of the iteration that was found, if one was.
    fn remembered(
        &mut self,
        nest: &Nest,
        other: &Compute,
        (found, first): (Handle<Expr>, Handle<Var>),
    ) -> Handle<Expr> {
        let then = substitute::reads(&mut self.function, other.value, &mut |function, read| {
            nest.counted(function, first, &read.place)
        });
        let otherwise = self.load(other.target.var);
        let kind = ExprKind::Select {
            condition: found,
            then,
            otherwise,
        };
        let ty = self.function.vars[other.target.var].ty.clone();
        self.function.expr(kind, ty)
    }

    /// Makes a scalar of the host, named after another one.
    pub(super) fn local(&mut self, like: Handle<Var>, word: &str, ty: Type) -> Handle<Var> {
        let name = format!("{}_{word}", self.function.vars[like].name);
        let name = self.function.fresh_name(&name);
        self.function.vars.push(Var::local(name, ty))
    }

    fn load(&mut self, var: Handle<Var>) -> Handle<Expr> {
        nest::load(&mut self.function, var)
    }

    fn assign(&mut self, var: Handle<Var>, value: Handle<Expr>, span: Span) -> Stmt {
        Stmt::Compute(self.assignment(var, value, span))
    }

    fn assignment(&mut self, var: Handle<Var>, value: Handle<Expr>, span: Span) -> Compute {
        self.numbering.assignment(Place::var(var), value, span)
    }
}

/// Returns the loop that finds the value alone.
fn compares(nest: &Nest, search: &Search) -> Loop {
    let better = Stmt::If(If {
        condition: search.comparison,
        then: vec![Stmt::Compute(search.best.clone())],
        otherwise: Block::new(),
        span: search.best.span,
    });
    let mut body = nest.inner.body.clone();
    body[search.at] = under(search, better);
    nest.around(body)
}

/// Returns a statement under the conditions besides the comparison.
fn under(search: &Search, stmt: Stmt) -> Stmt {
    let all = search.conditions.iter().rev();
    all.fold(stmt, |stmt, condition| {
        Stmt::If(If {
            condition: *condition,
            span: stmt.span(),
            then: vec![stmt],
            otherwise: Block::new(),
        })
    })
}
