//! `fission i`, `fission i apart`, `fission i instances` and `fission i S2`: one loop becomes several, each with a part of the
//! body.
//!
//! **What it does**: cuts the body into the parts that depend on one another, the strongly connected components of the
//! dependence graph, and gives each a loop of its own, in an order that the dependences between parts allow; with `apart`,
//! parts whose iterations may run in any order share a loop as long as it stays so; with `instances`, each loop that
//! leaves no number to the rest of the body is alone, and all else shares loops as far as its order allows; or cuts the body in the order of the
//! text before the statements that the move names. A variable that several of the new loops name becomes an
//! array with an element for each iteration: in registers where the loop is short and in the code of a thread, in the
//! device's memory where each of the loops is to be a kernel.
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
//! Compilers for Modern Architectures”, 2001, §2.4, §5.3 (scalar expansion) and §6.2.2.

use std::collections::BTreeSet;

use mupac_ir::{Block, Function, Loop, LoopName, Move, Refusal, Stmt, StmtId};

use super::account::Account;
use super::expand::Expansion;
use super::names::next_name;
use super::{Phase, Step, make, refusal, sequential};
use crate::carried::Order;
use crate::device::Device;
use crate::distribute::{Body, apart, components, nests};
use crate::facts::Facts;
use crate::region;
use crate::state::{Draft, State};

/// The step.
pub struct Fission;

/// The argument that asks for as few loops as keep what may run in any order apart from what may not.
const APART: &str = "apart";

/// The argument that lets parts share a variable of the body and no loop.
const INSTANCES: &str = "instances";

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
                && components(draft.facts().into(), draft.function(), each, &body)
                    .is_some_and(|components| components.len() > 1);
            if is_worth_it {
                out.push(make(self, &each.name, &[]));
            }
            if waits_for_a_number(draft, each, &body) {
                out.push(make(self, &each.name, &[INSTANCES]));
            }
        }
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for each in region::loops(draft.statements()) {
            let Some(body) = Body::read(&each.body) else {
                continue;
            };
            if (2..=MOST).contains(&body.parts.len()) {
                out.push(apart_move(&each.name));
                out.push(make(self, &each.name, &[INSTANCES]));
            }
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
        cut(facts.into(), function, region, step)
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let by = match step.arguments.as_slice() {
            [] => "by what depends on one another".to_owned(),
            [word] if word == APART => "by whether their iterations need an order".to_owned(),
            [word] if word == INSTANCES => {
                "into loops that compute numbers and loops that wait for one, of which each iteration has its own in memory".to_owned()
            }
            starts => format!("before {}", starts.join(", ")),
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

/// Returns whether a loop that threads are to share out holds another such loop that only waits for a number which stands
/// beside it, so that threads could share out both.
fn waits_for_a_number(draft: &Draft, target: &Loop, body: &Body) -> bool {
    let function = draft.function();
    let waits = |part: &Stmt| {
        let Stmt::For(inner) = part else { return false };
        let mut lifetimes = body.lifetimes.iter();
        body.is_nest(part)
            && draft.may_run_in_parallel(inner)
            && lifetimes.any(|(var, _)| region::names(function, part, *var))
    };
    let is_around = |outer: &&Loop| region::find(&outer.body, &target.name).is_some();
    let mut around = region::loops(draft.statements()).into_iter();
    (2..=MOST).contains(&body.parts.len())
        && draft.may_run_in_parallel(target)
        && body.parts.iter().any(waits)
        && !around.any(|outer| is_around(&outer) && draft.may_run_in_parallel(outer))
        && nests(draft.facts().into(), function, target, body)
            .is_some_and(|groups| groups.len() > 1)
}

/// Returns whether a move parts loops from what computes a number for them, so that threads may share out more of them.
pub fn frees_a_loop(step: &Move) -> bool {
    step.step == Fission.name() && step.arguments == [INSTANCES]
}

/// Returns the move that keeps what may run in any order apart from what may not.
pub(crate) fn apart_move(target: &LoopName) -> Move {
    make(&Fission, target, &[APART])
}

/// Returns the move that parts loops from what computes numbers for them.
pub(crate) fn instances_move(target: &LoopName) -> Move {
    make(&Fission, target, &[INSTANCES])
}

/// Cuts the loop that a move names.
///
/// **Errors**: `illegal-step` where the move does not fit the tree; the tree is then in no useful state.
pub(crate) fn cut(
    order: Order<'_>,
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
    let found = match step.arguments.as_slice() {
        [] => components(order, function, target, &body),
        [word] if word == APART => apart(order, function, target, &body),
        [word] if word == INSTANCES => nests(order, function, target, &body),
        _ => Some(cuts(step, &body)?),
    };
    let groups =
        found.ok_or_else(|| refusal(step, "it counts no iterations of a loop of the program"))?;
    if groups.len() < 2 {
        return Err(refusal(step, "its statements depend on one another"));
    }
    let is_of_threads = region::loops(&known)
        .into_iter()
        .any(|each| each.mapping.is_parallel() && region::find(&each.body, &step.target).is_some());
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
        let expansion = if is_of_threads {
            Expansion::in_registers(function, var, header)?
        } else {
            Expansion::on_device(function, var, header)?
        };
        expansion.apply(function, &mut body.parts)?;
        body.lifetimes.retain(|(other, _)| *other != var);
        declarations.push(Stmt::Declare(expansion.array, span));
    }
    Ok(declarations)
}
