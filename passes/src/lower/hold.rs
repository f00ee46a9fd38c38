//! Elements that a thread changes again and again stay in a register meanwhile.
//!
//! Between the first and the last time that a loop of one thread touches an element, no other thread does: the judge has
//! ordered every other access against these, and only the text of one thread and the ends of launches order anything.
//! So the element may be read once before the loop and written once after it, where the loop is certain to touch it; isl
//! compares the points that would read it with those that do. Where the loop may not run at all, it and the copies stand below
//! the condition that it does.
//! Held are elements that compilers leave in memory: where a barrier or a condition stands in between, or where the loop reads
//! other elements of the array, of which isl has to show that they are never the one held.
//!
//! **Source**: Callahan, Carr, Kennedy, “Improving Register Allocation for Subscripted Variables”, PLDI 1990 (scalar
//! replacement).

mod element;
mod found;

use std::collections::BTreeSet;

use mupac_ir::{Block, Function, Handle, Loop, LoopName, Mapping, Stmt, StmtId, Var};

use crate::judge::{Covering, Tree, by_lanes, joins};
use crate::state::Draft;
use crate::{region, trip};

use element::Held;
pub(crate) use element::replace;

/// Whether a copy beside a loop touches only what the loop does, in a tree that holds it; `None`: all are taken to do so.
pub(crate) type Accepts<'a> = Option<&'a dyn Fn(Tree<'_>, &Covering) -> bool>;

/// Returns the function and statements of a mapped region with elements in registers, each as far as it is accepted;
/// `None` where there are none.
pub(crate) fn held(
    draft: &Draft,
    statements: &[Stmt],
    inside: &BTreeSet<&LoopName>,
    accepts: Accepts<'_>,
) -> Option<(Function, Block)> {
    let mut held: Option<(Function, Block)> = None;
    let mut next = None;
    let of_lanes = by_lanes(statements);
    // From the outside, so that an element stays for as long as it can.
    for each in region::loops(statements) {
        if !inside.contains(&each.name) || !may_hold(draft.function(), each) {
            continue;
        }
        let joined = joined_around(draft, &of_lanes, each);
        for array in arrays(draft, each) {
            if joined.contains(&array) {
                continue;
            }
            let (function, so_far) = match &held {
                Some((function, statements)) => (function, statements.as_slice()),
                None => (draft.function(), statements),
            };
            let target = region::find(so_far, &each.name)?;
            let Some((found, ty)) = Held::read(function, target, array) else {
                continue;
            };
            let id = next.unwrap_or_else(|| region::next_number(&[&function.body, so_far]));
            for form in found.forms() {
                // Where nobody may refuse, nothing is kept to go back to.
                let before = accepts.and_then(|_| held.clone());
                let (function, rewritten) =
                    held.get_or_insert_with(|| to_rewrite(draft, statements, accepts));
                let covering =
                    found.apply(function, rewritten, (&each.name, ty.clone()), (id, *form))?;
                let tree = Tree {
                    function,
                    statements: rewritten,
                };
                if accepts.is_none_or(|accepts| accepts(tree, &covering)) {
                    next = Some(StmtId(id.0.saturating_add(2)));
                    break;
                }
                held = before;
            }
        }
    }
    held
}

/// Returns what lanes join that share out a loop around one of theirs: each already has a register of its own for it, as
/// long as the text shows what is joined.
fn joined_around(draft: &Draft, of_lanes: &[&Loop], each: &Loop) -> BTreeSet<Handle<Var>> {
    let around = of_lanes.iter();
    let around = around.filter(|outer| region::find(&outer.body, &each.name).is_some());
    around
        .flat_map(|outer| joins(draft.facts(), draft.function(), outer))
        .map(|known| known.target.var)
        .collect()
}

/// Returns what is rewritten of statements; where nobody judges it, it is for an estimate, which needs no body of the
/// function.
pub(crate) fn to_rewrite(
    draft: &Draft,
    statements: &[Stmt],
    accepts: Accepts<'_>,
) -> (Function, Block) {
    let function = draft.function();
    let function = match accepts {
        Some(_) => function.clone(),
        None => function.without_body(),
    };
    (function, statements.to_vec())
}

/// Returns whether a thread runs all iterations of a loop in order and to the end.
fn may_hold(function: &Function, target: &Loop) -> bool {
    let leaves = |stmt: &Stmt| {
        // What lanes share out is not one thread's.
        matches!(stmt, Stmt::For(inner) if inner.mapping == Mapping::Lanes)
            || matches!(
                stmt,
                Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Call(_)
                    | Stmt::Verbatim(..)
            )
    };
    // One whose iterations are all written out is none any more.
    let is_loop = match target.mapping {
        Mapping::Sequential => true,
        Mapping::Unroll(_) => trip::constant(function, target).is_none(),
        Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes | Mapping::Vector => false,
    };
    is_loop && region::first(&target.body, &mut |stmt| leaves(stmt).then_some(())).is_none()
}

/// Returns the arrays in memory that a loop changes by plain assignments alone, by handle.
pub(crate) fn arrays(draft: &Draft, target: &Loop) -> Vec<Handle<Var>> {
    let (facts, function) = (draft.facts(), draft.function());
    let (mut plain, mut others) = (Vec::new(), Vec::new());
    region::each(&target.body, &mut |stmt| {
        if let Some(place) = region::target(stmt) {
            let is_plain = matches!(stmt, Stmt::Compute(compute)
                if !facts.updates.contains_key(&compute.id)
                    && !facts.reductions.iter().any(|each| each.statements.contains(&compute.id)));
            let known = if is_plain { &mut plain } else { &mut others };
            known.push(place.var);
        }
    });
    plain.sort_unstable();
    plain.dedup();
    plain.retain(|var| {
        let known = facts.footprints.iter().any(|each| each.array == *var);
        known && !others.contains(var) && !function.vars[*var].is_volatile
    });
    plain
}
