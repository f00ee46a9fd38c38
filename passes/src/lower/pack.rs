//! Neighbouring elements that an unrolled loop of a thread touches move between memory and registers by one access.
//!
//! What the loop reads is read before it, what it writes is written behind it. The iterations are in one thread, and no
//! barrier stands among them; each touches its own element of an array that they change, and of others all only read, so
//! that every read sees what it saw. Only what all iterations touch without a condition moves so, hence no other element is
//! looked at; a tail that is no whole vector keeps its conditions and its accesses.
//!
//! **Source**: Larsen, Amarasinghe, “Exploiting Superword Level Parallelism with Multimedia Instruction Sets”, PLDI 2000,
//! §3 (adjacent accesses of unrolled loops); CUDA C++ Best Practices Guide 13.0, “Coalesced Access to Global Memory”.

use std::collections::BTreeSet;

use mupac_ir::{Block, Function, Handle, Loop, LoopName, Mapping, Stmt, Var};

use super::accesses::accesses;
use super::neighbours::{neighbours, scope_at};
use super::slope::Along;
use super::vectors::Packing;
use super::{hold, memory, whole};
use crate::judge::constants;
use crate::state::Draft;
use crate::{region, trip};

/// Longer loops would take too many registers.
const LONGEST: i128 = 16;

/// Returns the innermost loops of threads whose iterations are laid out side by side.
pub(crate) fn laid_out(
    function: &Function,
    statements: &[Stmt],
    inside: &BTreeSet<LoopName>,
) -> Vec<LoopName> {
    let is_short = |each: &Loop| {
        let count = trip::constant(function, each);
        count.is_some_and(|count| (2..=LONGEST).contains(&count) && count % 2 == 0)
    };
    let loops = region::loops(statements).into_iter();
    let laid_out = loops.filter(|each| {
        inside.contains(&each.name)
            && each.mapping == Mapping::Unroll(None)
            && each.declares_iterator
            && each.step == 1
            && region::loops(&each.body).is_empty()
            && is_short(each)
    });
    laid_out.map(|each| each.name.clone()).collect()
}

/// Gives each of these loops vectors in registers for the elements that it touches side by side, where it runs without
/// conditions; returns whether there was one.
pub(crate) fn packed(
    draft: &Draft,
    function: &mut Function,
    statements: &mut Block,
    laid_out: &[LoopName],
) -> bool {
    let mut is_changed = false;
    for name in laid_out {
        if let Some((changed, made)) = one(draft, function, statements, name) {
            (*function, *statements) = (changed, made);
            is_changed = true;
        }
    }
    is_changed
}

/// Returns the region with vectors for one loop; `None` where there is nothing to move by one access.
fn one(
    draft: &Draft,
    function: &Function,
    statements: &Block,
    name: &LoopName,
) -> Option<(Function, Block)> {
    let facts = draft.facts();
    let each = region::find(statements, name)?;
    let arrays = candidates(draft, function, statements, each);
    if arrays.is_empty() {
        return None;
    }
    let mut changed = function.clone();
    let first = arrays.into_iter().filter_map(|array| {
        let first = memory::first(facts, &mut changed, array)?;
        Some((array, first))
    });
    let first = first.collect();
    let generated_from = draft.region().function.exprs.len();
    let version = whole::versions(&mut changed, statements, each, generated_from);
    let whole = version.as_ref().map(|version| region::loops(&version.then));
    let whole = whole.and_then(|loops| loops.first().copied());
    let unconditional = whole.unwrap_or(each).clone();
    let parameters = facts.unchanged();
    let scope = scope_at(&changed, statements, name, &parameters, generated_from)?;
    let plain = hold::arrays(draft, each);
    let found = neighbours(scope, &unconditional, &plain, &first);
    if found.is_empty() {
        return None;
    }
    let mut packing = Packing {
        known: statements,
        next: region::next_number(&[&changed.body, statements]),
        function: &mut changed,
        each: unconditional,
    };
    let packed = packing.of(&found)?;
    let block = match version {
        Some(version) => vec![Stmt::If(mupac_ir::If {
            then: packed,
            ..version
        })],
        None => packed,
    };
    let mut made = statements.clone();
    region::replace(&mut made, name, &mut |_| Some(block.clone()))?;
    Some((changed, made))
}

/// Returns the arrays in memory of which a loop may touch neighbouring elements, as far as the text tells.
fn candidates(
    draft: &Draft,
    function: &Function,
    statements: &[Stmt],
    each: &Loop,
) -> BTreeSet<Handle<Var>> {
    let iterators = region::loops(statements).into_iter();
    let iterators = iterators.map(|each| each.iterator).collect();
    let along = Along::new(function, each, &iterators);
    let accesses = accesses(function, &each.body).unwrap_or_default();
    let mut found: BTreeSet<_> = accesses
        .iter()
        .filter(|access| along.may_touch_neighbours(&access.place))
        .map(|access| access.place.var)
        .collect();
    let footprints = &draft.facts().footprints;
    // What lies among a kernel's arguments starts anywhere.
    let by_value = constants(function, draft.statements());
    found.retain(|array| {
        !function.vars[*array].is_volatile
            && by_value.iter().all(|(_, known)| known != array)
            && footprints.iter().any(|footprint| footprint.array == *array)
    });
    found
}
