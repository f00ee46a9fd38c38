//! `jam i.u`: a short loop moves inside the loops of its body, as copies of what it repeats.
//!
//! **What it does**: gives every statement of the body that repeats nothing a loop of its own, moves these loops inside
//! the loops that the statement stands in, and unrolls them. What the body declares and several of these loops name
//! becomes an array in registers, with an element for each iteration. Names and conditions that depend on the loop go
//! along; others stay outside.
//!
//! **Before**: `for i.u in 0..4 { let i = 64*i.o + 16*i.u + i.i; var sum; sum = 0; for k in 0..l { sum = sum + a[i][k] * b[k] } c[i] = sum }`
//!
//! **After**: `var sum.r[4]; for i.u in 0..4 on unroll { let i = …; sum.r[i.u] = 0 } for k in 0..l { for i.u in 0..4 on unroll { let i = …; sum.r[i.u] = sum.r[i.u] + a[i][k] * b[k] } } for i.u in 0..4 on unroll { let i = …; c[i] = sum.r[i.u] }`
//!
//! **Legal when**: no dependence is turned round: the iterations of the loop that moves may run in step with one another.
//!
//! **Pays when**: several iterations read the same element, here `b[k]`, which then is loaded once for all of them; two
//! loops that move so make a tile in registers.
//!
//! **Source**: Callahan, Carr, Kennedy, “Improving Register Allocation for Subscripted Variables”, PLDI 1990
//! (unroll-and-jam); Volkov, Demmel, “Benchmarking GPUs to Tune Dense Linear Algebra”, SC 2008 (tiles in registers).

use std::collections::BTreeSet;

use mupac_ir::{Block, Expr, Function, Handle, If, Loop, Mapping, Move, Refusal, Span, Stmt, Var};

use super::account::Account;
use super::expand::Expansion;
use super::names::next_name;
use super::parts::name_once;
use super::{Phase, Step, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct Jam;

/// More copies of a body than registers can serve.
const MOST: i128 = 64;

impl Step for Jam {
    fn name(&self) -> &'static str {
        "jam"
    }

    fn phase(&self) -> Phase {
        Phase::Work
    }

    /// Offers what tiling and coarsening leave to a thread.
    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let short = short(draft).filter(|each| !draft.is_original(&each.name));
        out.extend(short.map(|each| make(self, &each.name, &[])));
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let short = short(draft).filter(|each| draft.is_original(&each.name));
        out.extend(short.map(|each| make(self, &each.name, &[])));
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        if !step.arguments.is_empty() {
            return Err(refusal(step, "the form is `jam LOOP`"));
        }
        let target = sequential(region, step)?;
        let count = trip::constant(function, target);
        if count.is_none_or(|count| !(2..=MOST).contains(&count)) {
            let why = format!("the loop does not run a constant number of times from 2 to {MOST}");
            return Err(refusal(step, &why));
        }
        let mut meets = false;
        region::each(&target.body, &mut |stmt| meets |= *stmt == Stmt::Barrier);
        if !target.declares_iterator || meets || mupac_ir::structure::has_mapped(&target.body) {
            let why = "its iterator is declared elsewhere, threads meet in it, or blocks and threads run what is in it";
            return Err(refusal(step, why));
        }
        let known = region.clone();
        let mut why = String::new();
        let replaced = region::replace(region, &step.target, &mut |each| {
            let mut jam = Carried::new(function, &known, each);
            let body = std::mem::take(&mut jam.header.body);
            match jam.block(body, &[]) {
                Ok(block) => Some(block),
                Err(reason) => {
                    why = reason;
                    None
                }
            }
        });
        replaced.ok_or_else(|| refusal(step, &why))?;
        name_once(region, &mut Vec::new());
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let target = &step.target;
        Ok(Account {
            did: format!("ran the iterations of `{target}` in step, each loop inside it once for all of them"),
            legal_because:
                "no dependence between iterations is turned round, and each has its own instance of every variable"
                    .to_owned(),
        })
    }
}

/// Returns the loops in the code of threads that run a small constant number of times and hold another loop.
fn short(draft: &Draft) -> impl Iterator<Item = &Loop> {
    let inside = draft.loops_of_threads();
    region::loops(draft.statements())
        .into_iter()
        .filter(move |each| {
            let count = trip::constant(draft.function(), each);
            count.is_some_and(|count| (2..=8).contains(&count))
                && each.mapping == Mapping::Sequential
                && inside.contains(&each.name)
                && !region::loops(&each.body).is_empty()
        })
}

/// A loop on its way inward.
struct Carried<'a> {
    function: &'a mut Function,
    /// The region as it was.
    region: &'a Block,
    /// Without a body.
    header: Loop,
    /// What has a value of its own in each iteration.
    moving: BTreeSet<Handle<Var>>,
    /// The names among these, in the order of the text.
    names: Vec<Stmt>,
    /// The number of the next loop.
    next: u32,
}

/// A part of a block through which a loop moves.
enum Part {
    /// Stays as it is.
    Outside(Stmt),
    /// Starts the lifetime of a variable.
    Declare(Handle<Var>, Span),
    /// Gets a loop around it, inside the conditions.
    Inside(Vec<Handle<Expr>>, Stmt),
    /// The loop moves into it.
    Through(Vec<Handle<Expr>>, Stmt),
}

impl<'a> Carried<'a> {
    fn new(function: &'a mut Function, region: &'a Block, header: Loop) -> Self {
        Self {
            moving: BTreeSet::from([header.iterator]),
            function,
            region,
            header,
            names: Vec::new(),
            next: 1,
        }
    }

    /// Returns what becomes of a block that the loop moves through, under conditions that go along.
    fn block(&mut self, block: Block, conditions: &[Handle<Expr>]) -> Result<Block, String> {
        let names = self.names.len();
        let mut parts = Vec::new();
        self.parts(block, conditions, &mut parts);
        let mut parts = self.with_lifetimes(parts)?;
        let mut made = Block::new();
        let mut run = Vec::new();
        for part in parts.drain(..) {
            match part {
                Part::Outside(stmt) => made.push(stmt),
                Part::Declare(var, span) => run.push((Vec::new(), Stmt::Declare(var, span))),
                Part::Inside(conditions, stmt) => run.push((conditions, stmt)),
                Part::Through(conditions, stmt) => {
                    made.extend(self.copy(std::mem::take(&mut run)));
                    made.push(self.through(stmt, &conditions)?);
                }
            }
        }
        made.extend(self.copy(run));
        self.names.truncate(names);
        Ok(made)
    }

    /// Tells what of a block the loop moves into from what it has to stay around.
    fn parts(&mut self, block: Block, conditions: &[Handle<Expr>], parts: &mut Vec<Part>) {
        for stmt in block {
            match stmt {
                Stmt::Let(var, value) if self.moves(value) => {
                    self.moving.insert(var);
                    self.names.push(Stmt::Let(var, value));
                }
                Stmt::Declare(var, span) => {
                    self.moving.insert(var);
                    parts.push(Part::Declare(var, span));
                }
                Stmt::Let(..) => parts.push(Part::Outside(stmt)),
                Stmt::If(branch)
                    if self.moves(branch.condition)
                        && branch.otherwise.is_empty()
                        && branch.then.iter().any(|inner| self.is_open(inner)) =>
                {
                    let mut conditions = conditions.to_vec();
                    conditions.push(branch.condition);
                    self.parts(branch.then, &conditions, parts);
                }
                _ if self.is_open(&stmt) => parts.push(Part::Through(conditions.to_vec(), stmt)),
                Stmt::Compute(_)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => parts.push(Part::Inside(conditions.to_vec(), stmt)),
            }
        }
    }

    /// Returns whether a value depends on the loop.
    fn moves(&self, value: Handle<Expr>) -> bool {
        let named = build::variables(self.function, value);
        named.iter().any(|var| self.moving.contains(var))
    }

    /// Returns whether the loop can move into a statement: a loop, or a condition on one, that is the same for all of its
    /// iterations, and that nothing leaves before its end.
    fn is_open(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::For(each) => {
                each.mapping == Mapping::Sequential
                    && !self.moves(each.start)
                    && !self.moves(each.end)
                    && !leaves(&each.body)
            }
            Stmt::If(branch) => {
                !self.moves(branch.condition)
                    && branch.otherwise.is_empty()
                    && branch.then.iter().any(|inner| self.is_open(inner))
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        }
    }

    fn through(&mut self, stmt: Stmt, conditions: &[Handle<Expr>]) -> Result<Stmt, String> {
        Ok(match stmt {
            Stmt::For(each) => Stmt::For(Loop {
                body: self.block(each.body, conditions)?,
                ..each
            }),
            Stmt::If(branch) => Stmt::If(If {
                then: self.block(branch.then, conditions)?,
                ..branch
            }),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => stmt,
        })
    }

    /// Starts lifetimes where they are needed: in the only loop that names a variable, else outside all of them, as an
    /// array.
    fn with_lifetimes(&mut self, parts: Vec<Part>) -> Result<Vec<Part>, String> {
        let (mut rest, mut declared) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Declare(var, span) => declared.push((rest.len(), var, span)),
                Part::Outside(_) | Part::Inside(..) | Part::Through(..) => rest.push(part),
            }
        }
        // From the last on, so that positions stay what they are.
        for (at, var, span) in declared.into_iter().rev() {
            let naming: Vec<usize> = (at..rest.len())
                .filter(|part| self.names(&rest[*part], var))
                .collect();
            let (Some(first), Some(last)) = (naming.first(), naming.last()) else {
                continue;
            };
            let is_in_one_loop = rest[*first..=*last]
                .iter()
                .all(|part| !matches!(part, Part::Through(..)));
            if is_in_one_loop {
                rest.insert(*first, Part::Declare(var, span));
                continue;
            }
            let expansion = Expansion::in_registers(self.function, var, &self.header)?;
            for part in &mut rest {
                match part {
                    Part::Inside(_, stmt) | Part::Through(_, stmt) => {
                        expansion.apply(self.function, std::slice::from_mut(stmt))?;
                    }
                    Part::Outside(_) | Part::Declare(..) => {}
                }
            }
            rest.insert(at, Part::Outside(Stmt::Declare(expansion.array, span)));
        }
        Ok(rest)
    }

    fn names(&self, part: &Part, var: Handle<Var>) -> bool {
        match part {
            Part::Inside(_, stmt) | Part::Through(_, stmt) => {
                region::names(self.function, stmt, var)
            }
            Part::Outside(_) | Part::Declare(..) => false,
        }
    }

    /// Returns one loop around statements that follow one another.
    fn copy(&mut self, run: Vec<(Vec<Handle<Expr>>, Stmt)>) -> Option<Stmt> {
        run.first()?;
        let mut body = self.names.clone();
        let mut under: Option<(Vec<Handle<Expr>>, Block)> = None;
        for (conditions, stmt) in run {
            match &mut under {
                Some((known, block)) if *known == conditions => block.push(stmt),
                Some(_) | None => {
                    let whole = under.replace((conditions, vec![stmt]));
                    body.extend(whole.into_iter().flat_map(|whole| self.conditional(whole)));
                }
            }
        }
        body.extend(under.into_iter().flat_map(|whole| self.conditional(whole)));
        Some(Stmt::For(Loop {
            name: next_name(
                self.function,
                self.region,
                &self.header.name,
                &mut self.next,
            ),
            mapping: Mapping::Unroll(None),
            body,
            ..self.header.clone()
        }))
    }

    /// Returns statements under the conditions that went along with them.
    fn conditional(&mut self, (conditions, then): (Vec<Handle<Expr>>, Block)) -> Block {
        let Some(condition) = build::all_of(self.function, conditions) else {
            return then;
        };
        let (condition, then) = match then.as_slice() {
            [Stmt::If(only)] if only.otherwise.is_empty() => (
                build::both(self.function, condition, only.condition),
                only.then.clone(),
            ),
            _ => (condition, then),
        };
        vec![Stmt::If(If {
            condition,
            span: then.first().map_or(Span::default(), Stmt::span),
            then,
            otherwise: Block::new(),
        })]
    }
}

/// Returns whether something in a block may leave it before its end.
fn leaves(block: &[Stmt]) -> bool {
    let mut found = false;
    region::each(block, &mut |stmt| {
        found |= matches!(
            stmt,
            Stmt::Return(..) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Verbatim(..)
        );
    });
    found
}
