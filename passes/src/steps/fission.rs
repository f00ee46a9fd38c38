//! `fission i` and `fission i S2`: one loop becomes several, each with a part of the body.
//!
//! **What it does**: cuts the body into the parts that depend on one another, the strongly connected components of the
//! dependence graph, and gives each a loop of its own, in an order that the dependences between parts allow; or cuts it
//! in the order of the text before the statements that the move names. A variable that several parts name becomes an
//! array in registers where the loop is short and in the code of a thread; else these parts stay together.
//!
//! **Before**: `for i in 1..n { a[i] = c[i]; b[i] = a[i - 1] }`
//!
//! **After**: `for i in 1..n { a[i] = c[i] } for i.2 in 1..n { b[i] = a[i - 1] }`
//!
//! **Legal when**: no dependence runs from a later part to an earlier one.
//!
//! **Pays when**: one part can run in parallel and another one not, or loops inside are perfectly nested afterwards.
//!
//! **Source**: Kennedy, `McKinley`, “Loop Distribution with Arbitrary Control Flow”, SC 1990; Allen, Kennedy, “Optimizing
//! Compilers for Modern Architectures”, 2001, §2.4 and §6.2.2.

use std::collections::BTreeSet;

use mupac_ir::{Block, Expr, Function, Handle, If, Loop, Move, Refusal, Span, Stmt, StmtId, Var};

use super::account::Account;
use super::expand::Expansion;
use super::parts::next_name;
use super::{Phase, Step, make, refusal, sequential};
use crate::carried::{self, Events};
use crate::device::Device;
use crate::facts::{Event, Facts};
use crate::region;
use crate::state::{Draft, State};

/// The step.
pub struct Fission;

/// More parts are not looked at: the graph of their dependences takes a question to the solver for each.
const MOST: usize = 32;

impl Step for Fission {
    fn name(&self) -> &'static str {
        "fission"
    }

    fn phase(&self) -> Phase {
        Phase::Region
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let inside = draft.loops_of_threads();
        for each in region::loops(draft.statements()) {
            if inside.contains(&each.name) || each.mapping.is_parallel() {
                continue;
            }
            let Some(body) = Body::read(&each.body) else {
                continue;
            };
            let is_worth_it = (2..=MOST).contains(&body.parts.len())
                && body.parts.iter().any(|part| matches!(part, Stmt::For(_)))
                && components(draft.facts(), draft.function(), each, &body)
                    .is_some_and(|components| components.len() > 1);
            if is_worth_it {
                out.push(make(self, &each.name, &[]));
            }
        }
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in region::loops(draft.statements()) {
            let Some(body) = Body::read(&each.body) else {
                continue;
            };
            for part in body.parts.iter().skip(1) {
                let numbers = region::numbers(std::slice::from_ref(part));
                if let Some(first) = numbers.first() {
                    out.push(make(self, &each.name, &[&first.to_string()]));
                }
            }
        }
    }

    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let known = region.clone();
        let target = sequential(region, step)?;
        let mut body = Body::read(&target.body).ok_or_else(|| {
            refusal(
                step,
                "something may leave the body before its end, or threads meet in it",
            )
        })?;
        let groups = if step.arguments.is_empty() {
            components(facts, function, target, &body)
                .ok_or_else(|| refusal(step, "it counts no iterations of a loop of the program"))?
        } else {
            cuts(step, &body)?
        };
        if groups.len() < 2 {
            return Err(refusal(step, "its statements depend on one another"));
        }
        let is_of_threads = region::loops(&known).into_iter().any(|each| {
            each.mapping.is_parallel() && region::find(&each.body, &step.target).is_some()
        });
        let header = Loop {
            body: Block::new(),
            ..target.clone()
        };
        let arrays = expanded(function, &header, &mut body, &groups, is_of_threads)
            .map_err(|why| refusal(step, &why))?;
        let mut number = 1;
        let mut made: Block = arrays;
        for group in groups {
            made.push(Stmt::For(Loop {
                name: next_name(function, &known, &header.name, &mut number),
                body: body.of(function, &group),
                ..header.clone()
            }));
        }
        let mut made = Some(made);
        region::replace(region, &step.target, &mut |_| made.take())
            .ok_or_else(|| refusal(step, "the region has no such loop"))
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let by = if step.arguments.is_empty() {
            "by what depends on one another".to_owned()
        } else {
            format!("before {}", step.arguments.join(", "))
        };
        Ok(Account {
            did: format!(
                "cut the body of `{}` into loops of their own, {by}",
                step.target
            ),
            legal_because:
                "what a statement needs is still computed before it, and overwritten after it"
                    .to_owned(),
        })
    }
}

/// The body of a loop in parts.
struct Body {
    /// Names for values, which every part may need.
    names: Vec<Stmt>,
    /// Around all parts.
    condition: Option<(Handle<Expr>, Span)>,
    lifetimes: Vec<(Handle<Var>, Span)>,
    parts: Vec<Stmt>,
}

impl Body {
    /// Takes a body apart; `None` where it cannot be cut.
    fn read(block: &[Stmt]) -> Option<Self> {
        let mut leaves = false;
        region::each(block, &mut |stmt| {
            leaves |= matches!(
                stmt,
                Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Barrier
                    | Stmt::Verbatim(..)
            );
        });
        if leaves {
            return None;
        }
        let is_name = |stmt: &&Stmt| matches!(stmt, Stmt::Let(..));
        let mut body = Self {
            names: block.iter().take_while(is_name).cloned().collect(),
            condition: None,
            lifetimes: Vec::new(),
            parts: Vec::new(),
        };
        let mut rest = &block[body.names.len()..];
        if let [Stmt::If(branch)] = rest
            && branch.otherwise.is_empty()
        {
            body.condition = Some((branch.condition, branch.span));
            rest = &branch.then;
        }
        for stmt in rest {
            match stmt {
                Stmt::Declare(var, span) => body.lifetimes.push((*var, *span)),
                Stmt::Let(..) => return None,
                Stmt::Compute(_)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => body.parts.push(stmt.clone()),
            }
        }
        Some(body)
    }

    /// Returns the parts that name a variable.
    fn naming(&self, function: &Function, var: Handle<Var>) -> BTreeSet<usize> {
        let parts = self.parts.iter().enumerate();
        parts
            .filter(|(_, part)| region::names(function, part, var))
            .map(|(at, _)| at)
            .collect()
    }

    /// Returns a body of some of the parts.
    fn of(&self, function: &Function, group: &BTreeSet<usize>) -> Block {
        let lifetimes = self.lifetimes.iter().filter(|(var, _)| {
            let naming = self.naming(function, *var);
            !naming.is_disjoint(group)
        });
        let lifetimes = lifetimes.map(|(var, span)| Stmt::Declare(*var, *span));
        let parts = group.iter().filter_map(|at| self.parts.get(*at).cloned());
        let inside: Block = lifetimes.chain(parts).collect();
        let mut block = self.names.clone();
        match self.condition {
            Some((condition, span)) => block.push(Stmt::If(If {
                condition,
                then: inside,
                otherwise: Block::new(),
                span,
            })),
            None => block.extend(inside),
        }
        block
    }
}

/// Returns the groups that a move names: each starts with the part that holds a statement.
///
/// **Errors**: `illegal-step` where no part but the first holds it.
fn cuts(step: &Move, body: &Body) -> Result<Vec<BTreeSet<usize>>, Refusal> {
    let mut starts = BTreeSet::from([0]);
    for word in &step.arguments {
        let number = word
            .strip_prefix('S')
            .and_then(|digits| digits.parse().ok());
        let number = number.map(StmtId).ok_or_else(|| {
            refusal(
                step,
                "the form is `fission LOOP` or `fission LOOP STATEMENT…`",
            )
        })?;
        let holds = |part: &Stmt| region::numbers(std::slice::from_ref(part)).contains(&number);
        let at = body.parts.iter().position(holds);
        let at = at.filter(|at| starts.insert(*at));
        at.ok_or_else(|| refusal(step, "no other part of the body holds the statement"))?;
    }
    let starts: Vec<usize> = starts.into_iter().collect();
    let ends = starts.iter().skip(1).copied().chain([body.parts.len()]);
    Ok(starts
        .iter()
        .zip(ends)
        .map(|(start, end)| (*start..end).collect())
        .collect())
}

/// Returns the strongly connected components of the parts under the dependences inside one iteration of the loops around,
/// each before what depends on it, and in the order of the text otherwise; `None` where the loop is none of the program's.
///
/// What names one variable of the body counts as depending on one another.
fn components(
    facts: &Facts,
    function: &Function,
    target: &Loop,
    body: &Body,
) -> Option<Vec<BTreeSet<usize>>> {
    let events: Vec<Events> = (body.parts.iter())
        .map(|part| Events::of(std::slice::from_ref(part)))
        .collect();
    let depth = events
        .iter()
        .find_map(|part| part.depth(facts, target.iterator))?;
    let count = body.parts.len();
    let mut reaches: Vec<Vec<bool>> = vec![vec![false; count]; count];
    for (var, _) in &body.lifetimes {
        let naming = body.naming(function, *var);
        for (a, b) in naming.iter().zip(naming.iter().skip(1)) {
            (reaches[*a][*b], reaches[*b][*a]) = (true, true);
        }
    }
    let part_of = |event: Event| events.iter().position(|part| part.contains(event));
    for dependence in facts
        .dependences
        .iter()
        .filter(|each| carried::orders(each))
    {
        if let Some((a, b)) = part_of(dependence.source).zip(part_of(dependence.sink))
            && a != b
            && !reaches[a][b]
        {
            reaches[a][b] = carried::holds_within(facts, dependence, depth);
        }
    }
    for through in 0..count {
        for from in 0..count {
            for to in 0..count {
                reaches[from][to] |= reaches[from][through] && reaches[through][to];
            }
        }
    }
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut components = Vec::new();
    while let Some(next) = left.iter().copied().find(|at| {
        let mut others = left.iter();
        others.all(|other| !reaches[*other][*at] || reaches[*at][*other])
    }) {
        let is_together =
            |other: &usize| *other == next || reaches[next][*other] && reaches[*other][next];
        let component: BTreeSet<usize> = left.iter().copied().filter(is_together).collect();
        left.retain(|at| !component.contains(at));
        components.push(component);
    }
    Some(components)
}

/// Makes arrays of the variables that several groups name, and returns their declarations.
///
/// **Errors**: says why a variable can be none.
fn expanded(
    function: &mut Function,
    header: &Loop,
    body: &mut Body,
    groups: &[BTreeSet<usize>],
    is_of_threads: bool,
) -> Result<Block, String> {
    let mut declarations = Block::new();
    for (var, span) in body.lifetimes.clone() {
        let naming = body.naming(function, var);
        let sharing = groups.iter().filter(|group| !naming.is_disjoint(group));
        if sharing.count() < 2 {
            continue;
        }
        if !is_of_threads {
            let name = &function.vars[var].name;
            return Err(format!(
                "{name} would have to live from one kernel to the next"
            ));
        }
        let expansion = Expansion::new(function, var, header)?;
        expansion.apply(function, &mut body.parts)?;
        body.lifetimes.retain(|(other, _)| *other != var);
        declarations.push(Stmt::Declare(expansion.array, span));
    }
    Ok(declarations)
}
