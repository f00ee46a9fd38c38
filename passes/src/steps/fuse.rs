//! `fuse i j -> ij`: two loops that follow one another become one.
//!
//! **What it does**: counts the iterations of both loops with one iterator; each iteration runs one of the first and then
//! one of the second. The bodies stay as they are, because both iterators stay in scope by `let`. Where the loops do not
//! run equally often, a condition skips the one that has ended.
//!
//! **Before**: `for i in 0..n { A } for j in 1..n + 1 { B }`
//!
//! **After**: `for ij in 0..n { let i = ij; A let j = 1 + ij; B }`
//!
//! **Legal when**: no iteration of the second loop needs what a later one of the first computes, or overwrites what it
//! reads.
//!
//! **Pays when**: the second loop reads what the first one has just written or read, or one launch takes the place of two.
//!
//! **Source**: Kennedy, `McKinley`, “Maximizing Loop Parallelism and Improving Data Locality via Loop Fusion and
//! Distribution”, LCPC 1993; Warren, “A Hierarchical Basis for Reordering Transformations”, POPL 1984.

use mupac_ir::{
    Arena, BinaryOp, Block, Expr, Function, Handle, If, Loop, LoopName, Mapping, Move, Refusal,
    Scalar, Stmt, Var,
};

use super::account::Account;
use super::names::is_free;
use super::parts::{counted, name_once};
use super::{Phase, Step, argument, make, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region, trip};

/// The step.
pub struct Fuse;

impl Step for Fuse {
    fn name(&self) -> &'static str {
        "fuse"
    }

    fn phase(&self) -> Phase {
        Phase::Region
    }

    /// Offers loops with the same header: others rarely share what they touch in the same iteration.
    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        let function = draft.function();
        let header = |each: &Loop| {
            let bounds = [each.start, each.end].map(|bound| text(function, bound));
            (bounds, each.step)
        };
        for (first, second) in neighbours(draft.statements()) {
            let are_whole = [first, second]
                .iter()
                .all(|each| draft.is_original(&each.name));
            if are_whole && header(first) == header(second) {
                out.push(move_of(first, second));
            }
        }
    }

    fn more_moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for (first, second) in neighbours(draft.statements()) {
            out.push(move_of(first, second));
        }
    }

    fn apply(
        &self,
        facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let second = LoopName(argument(step, 0)?);
        let arrow: String = argument(step, 1)?;
        let name: String = argument(step, 2)?;
        if arrow != "->" || step.arguments.len() != 3 {
            return Err(refusal(step, "the form is `fuse FIRST SECOND -> NAME`"));
        }
        if !is_free(function, region, &name) {
            return Err(refusal(step, "the name is taken"));
        }
        let (first, second) = neighbours(region)
            .into_iter()
            .find(|(a, b)| a.name == step.target && b.name == second)
            .map(|(a, b)| (a.clone(), b.clone()))
            .ok_or_else(|| refusal(step, "the second loop does not follow the first"))?;
        let gone = second.name.clone();
        let fused =
            fused(facts, function, first, second, name).map_err(|why| refusal(step, why))?;
        let mut made = Some(vec![Stmt::For(fused)]);
        region::replace(region, &gone, &mut |_| Some(Block::new()))
            .and_then(|()| region::replace(region, &step.target, &mut |_| made.take()))
            .ok_or_else(|| refusal(step, "the region has no such loops"))
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let [second, name]: [String; 2] = [argument(step, 0)?, argument(step, 2)?];
        Ok(Account {
            did: format!("made `{}` and `{second}` one loop `{name}`", step.target),
            legal_because: "what the second loop needs is computed by then, and what it overwrites is no longer needed"
                .to_owned(),
        })
    }
}

/// Returns the pairs of sequential loops of which the second comes right after the first.
fn neighbours(block: &[Stmt]) -> Vec<(&Loop, &Loop)> {
    let mut found = Vec::new();
    for pair in block.windows(2) {
        if let [Stmt::For(first), Stmt::For(second)] = pair
            && first.mapping == Mapping::Sequential
            && second.mapping == Mapping::Sequential
            && !mupac_ir::structure::has_mapped(pair)
        {
            found.push((first, second));
        }
    }
    for stmt in block {
        for inner in region::blocks(stmt) {
            found.extend(neighbours(inner));
        }
    }
    found
}

fn move_of(first: &Loop, second: &Loop) -> Move {
    let name = format!("{}.{}", first.name, second.name);
    make(&Fuse, &first.name, &[&second.name.0, "->", &name])
}

fn fused(
    facts: &Facts,
    function: &mut Function,
    first: Loop,
    second: Loop,
    name: String,
) -> Result<Loop, &'static str> {
    let uncountable = "their iterations cannot be counted";
    let parameters = facts.unchanged();
    let counts = [&first, &second].map(|each| trip::short_count(function, each, &parameters, None));
    let [Some(one), Some(other)] = counts else {
        return Err(uncountable);
    };
    let is_even = text(function, one) == text(function, other);
    let end = if is_even {
        one
    } else {
        build::binary(function, BinaryOp::Max, one, other)
    };
    let header = first.clone();
    let iterator = function.vars.push(Var::local(name.clone(), Scalar::I64));
    let (a, b) = (&header, second.iterator);
    let is_same_name = a.iterator == b;
    let values = [&first, &second].map(|each| {
        let number = function.load(iterator);
        trip::value(function, each, number)
    });
    let [Some(x), Some(y)] = values else {
        return Err(uncountable);
    };
    if is_same_name && text(function, x) != text(function, y) {
        return Err("they count with one variable, which has another value in each");
    }
    let mut body = part(function, first, x, is_even).ok_or(uncountable)?;
    let rest = part(function, second, y, is_even).ok_or(uncountable)?;
    let mut counted_inside = region::loops(&rest).into_iter();
    if counted_inside.any(|each| is_named(&body, each.iterator)) {
        return Err("a loop in the second counts with a variable that the first has a value for");
    }
    body.extend(rest);
    name_once(&mut body, &mut Vec::new());
    let each = counted(function, &header, iterator, name, end);
    Ok(Loop { body, ..each })
}

/// Returns the iteration of one of the loops: its iterator, and its body where it has not ended.
fn part(
    function: &mut Function,
    mut each: Loop,
    value: Handle<Expr>,
    is_even: bool,
) -> Option<Block> {
    let body = std::mem::take(&mut each.body);
    let mut part = vec![Stmt::Let(each.iterator, value)];
    if is_even {
        part.extend(body);
    } else {
        part.push(Stmt::If(If {
            condition: trip::test(function, &each)?,
            then: body,
            otherwise: Block::new(),
            span: each.span,
        }));
    }
    Some(part)
}

/// Returns whether a block gives a variable a value that holds to its end.
fn is_named(block: &[Stmt], var: Handle<Var>) -> bool {
    let is_name = |stmt: &Stmt| matches!(stmt, Stmt::Let(named, _) if *named == var);
    block.iter().any(is_name)
}

fn text(function: &Function, expr: Handle<Expr>) -> String {
    mupac_ir::print::expr(&Arena::default(), function, expr)
}
