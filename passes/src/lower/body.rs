//! The code of one thread.

use std::collections::BTreeSet;

use mupac_ir::structure::extents;
use mupac_ir::{
    Block, Expr, ExprKind, Function, Handle, If, Loop, Mapping, Refusal, Scalar, Space, Span, Stmt,
    Var,
};

use super::Context;
use super::chain::Item;
use super::index::{Values, phrase};
use crate::analyse::names::shown;
use crate::facts::Facts;
use crate::judge::{by_lanes, place, unsolved};
use crate::normalise::leave_early;
use crate::{build, region, trip};

/// Builds the body of the kernel, and a phrase for every loop of the program that is shared out.
pub(crate) fn body(
    context: &Context<'_>,
    function: &mut Function,
) -> Result<(Block, Vec<String>), Refusal> {
    let (items, rest) = extended(context);
    let values = Values::new(context, &items)
        .map_err(|error| unsolved(&error, place(context.nest.statements)))?;
    let names = names(context, function, &items, &values);
    let conditions: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::If(condition) if !context.region.conditions.always.contains(condition) => {
                Some(*condition)
            }
            Item::Loop(_) | Item::Let(..) | Item::If(_) => None,
        })
        .collect();
    let mut inside = rest.to_vec();
    skip_by_return(&mut inside);
    leave_early(function, &mut inside);
    drop_unused_names(function, &mut inside);
    if let Some(condition) = build::all_of(function, conditions) {
        inside = vec![Stmt::If(If {
            condition,
            then: inside,
            otherwise: Block::new(),
            span: Span::default(),
        })];
    }
    for name in names.into_iter().rev() {
        if is_mentioned(function, &inside, &name) {
            inside.insert(0, name);
        }
    }
    let phrases = phrases(context, function, &values);
    Ok((declare(context.region.facts, function, inside), phrases))
}

/// Returns how each loop of the program is shared out; where a thread runs several iterations of one, how the mapped
/// loops are.
fn phrases(context: &Context<'_>, function: &Function, values: &Values<'_>) -> Vec<String> {
    let says = |var: Handle<Var>| {
        let value = values.of(var)?;
        let iterator = &function.vars[var].name;
        Some(format!("{iterator} on {}", phrase(function, value)))
    };
    let shared = context.parallel();
    let whole: Option<Vec<_>> = shared
        .iter()
        .map(|shared| says(shared.each.iterator))
        .collect();
    let mut phrases = whole.unwrap_or_else(|| {
        let mapped = context.nest.chain.loops();
        mapped.filter_map(|each| says(each.iterator)).collect()
    });
    let lanes: BTreeSet<_> = by_lanes(context.nest.statements)
        .into_iter()
        .map(|each| format!("{} on lanes", shown(&function.vars[each.iterator])))
        .collect();
    phrases.extend(lanes);
    phrases
}

/// Returns the chain with the names and generated conditions that follow its last loop, and what is left.
fn extended<'a>(context: &Context<'a>) -> (Vec<Item<'a>>, &'a [Stmt]) {
    let mut items = context.nest.chain.items.clone();
    let mut rest = context.nest.chain.body;
    loop {
        rest = match rest {
            [Stmt::Let(var, value), inside @ ..] => {
                items.push(Item::Let(*var, *value));
                inside
            }
            // What stands for arrays does so in all that the block does, wherever it is declared.
            [Stmt::Declare(var, _), inside @ ..]
                if context.region.state.function().vars[*var]
                    .space
                    .stands_for()
                    .is_some() =>
            {
                inside
            }
            [Stmt::If(branch)]
                if context.region.conditions.generated_from <= branch.condition.index()
                    && branch.otherwise.is_empty() =>
            {
                items.push(Item::If(branch.condition));
                &branch.then
            }
            _ => return (items, rest),
        };
    }
}

/// Returns a `let` for every iterator and name of the chain, outermost first.
///
/// Names may stand before conditions: each is a sum that is computed without overflow for all blocks and threads,
/// because mapped loops have bounds of their own that no condition narrows.
fn names(
    context: &Context<'_>,
    function: &mut Function,
    items: &[Item<'_>],
    values: &Values<'_>,
) -> Vec<Stmt> {
    let mut names = Vec::new();
    for item in items {
        let (var, as_written) = match item {
            Item::Loop(each) => (each.iterator, counted(function, each)),
            Item::Let(var, value) => (*var, Some(*value)),
            Item::If(_) => continue,
        };
        let ty = context.region.state.function().vars[var].ty.scalar();
        let value = match (values.of(var), ty) {
            (Some(sum), Some(ty)) => Some(values.build(function, sum, ty)),
            _ => as_written,
        };
        names.extend(value.map(|value| Stmt::Let(var, value)));
    }
    names
}

/// Appends the value of a mapped loop's iterator, counted by block or thread from where the loop starts.
fn counted(function: &mut Function, each: &Loop) -> Option<Handle<Expr>> {
    let index = match each.mapping {
        Mapping::Block(axis) => ExprKind::BlockIndex(axis),
        Mapping::Thread(axis) => ExprKind::ThreadIndex(axis),
        Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector | Mapping::Lanes => return None,
    };
    let number = function.expr(index, Scalar::I64);
    trip::value(function, each, number)
}

/// Removes names that nothing in their scope mentions: where a block has its elements at hand, subscripts of the program
/// are gone.
fn drop_unused_names(function: &Function, block: &mut Block) {
    for at in (0..block.len()).rev() {
        for inner in region::blocks_mut(&mut block[at]) {
            drop_unused_names(function, inner);
        }
        if !is_mentioned(function, &block[at + 1..], &block[at]) {
            block.remove(at);
        }
    }
}

/// Returns whether the name of a `let` occurs in what follows it.
fn is_mentioned(function: &Function, statements: &[Stmt], name: &Stmt) -> bool {
    let Stmt::Let(var, _) = name else { return true };
    mentioned(function, statements).contains(var)
}

/// Returns every variable that statements name.
pub(crate) fn mentioned(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        found.extend(region::target(stmt).map(|place| place.var));
        for expr in region::expressions(stmt) {
            found.extend(build::variables(function, expr));
        }
        if let Stmt::For(each) = stmt {
            found.insert(each.iterator);
        }
        if let Stmt::Declare(var, _) = stmt {
            for length in extents(&function.vars[*var].ty) {
                found.extend(build::variables(function, length));
            }
        }
    });
    found
}

/// A `continue` of a mapped loop ends the thread.
fn skip_by_return(statements: &mut Block) {
    for stmt in statements {
        match stmt {
            Stmt::Continue(span) => *stmt = Stmt::Return(None, *span),
            Stmt::If(branch) => {
                skip_by_return(&mut branch.then);
                skip_by_return(&mut branch.otherwise);
            }
            // Inside another loop a `continue` is that loop's.
            Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}

/// Gives the thread its own copy of what the program declares outside the region: iterators, and private variables.
pub(crate) fn declare(facts: &Facts, function: &Function, mut statements: Block) -> Block {
    let outside: BTreeSet<_> = region::loops(&statements)
        .iter()
        .filter(|each| !each.declares_iterator)
        .map(|each| each.iterator)
        .collect();
    let (kept, own): (BTreeSet<_>, BTreeSet<_>) = outside
        .into_iter()
        .partition(|var| region::is_named_outside_its_loops(function, &statements, *var));
    own_iterators(&mut statements, &own);
    let mut declared = BTreeSet::new();
    region::each(&statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt {
            declared.insert(*var);
        }
    });
    let named = mentioned(function, &statements);
    let private = facts.private.keys().copied();
    let missing: BTreeSet<_> = kept
        .into_iter()
        .chain(private.filter(|var| named.contains(var) && !own.contains(var)))
        .filter(|var| !declared.contains(var))
        .collect();
    let lifetimes = missing
        .into_iter()
        .map(|var| Stmt::Declare(var, Span::default()));
    lifetimes.chain(statements).collect()
}

fn own_iterators(statements: &mut Block, own: &BTreeSet<Handle<Var>>) {
    for stmt in statements {
        if let Stmt::For(each) = stmt {
            each.declares_iterator |= own.contains(&each.iterator);
        }
        for block in region::blocks_mut(stmt) {
            own_iterators(block, own);
        }
    }
}

/// Removes the declarations of variables of some space, which come to stand elsewhere.
pub(super) fn declarations_removed(
    function: &Function,
    block: &mut Block,
    is_meant: fn(Space) -> bool,
) {
    block.retain(
        |stmt| !matches!(stmt, Stmt::Declare(var, _) if is_meant(function.vars[*var].space)),
    );
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        declarations_removed(function, inner, is_meant);
    }
}
