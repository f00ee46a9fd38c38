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
use crate::numbering::Numbering;
use crate::state::Draft;
use crate::{region, trip};

/// Longer loops would take too many registers.
const LONGEST: i128 = 16;

/// Returns the innermost loops of threads whose iterations are laid out side by side.
pub(crate) fn laid_out(
    function: &Function,
    statements: &[Stmt],
    inside: &BTreeSet<&LoopName>,
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
    if laid_out.is_empty() {
        return false;
    }
    let region = Known {
        draft,
        iterators: region::loops(statements)
            .iter()
            .map(|each| each.iterator)
            .collect(),
        by_value: constants(function, draft.statements()),
    };
    let mut is_changed = false;
    for name in laid_out {
        is_changed |= region.pack(function, statements, name).is_some();
    }
    is_changed
}

/// What is known of a region whose loops get vectors.
struct Known<'a> {
    draft: &'a Draft,
    /// The iterators of its loops.
    iterators: Vec<Handle<Var>>,
    /// The arrays that kernels are passed by value, each behind the variable that holds its elements.
    by_value: Vec<(Handle<Var>, Handle<Var>)>,
}

impl Known<'_> {
    /// Gives one loop vectors; `None` where there is nothing to move by one access.
    fn pack(&self, function: &mut Function, statements: &mut Block, name: &LoopName) -> Option<()> {
        let facts = self.draft.facts();
        let each = region::find(statements, name)?;
        let arrays = self.candidates(function, each);
        if arrays.is_empty() {
            return None;
        }
        let first = arrays.into_iter().filter_map(|array| {
            let first = memory::first(facts, function, array)?;
            Some((array, first))
        });
        let first = first.collect();
        let generated_from = self.draft.region().function.exprs.len();
        let version = whole::version(function, each, generated_from);
        let unconditional = version.as_ref().map_or(each, |version| &version.whole);
        let parameters = facts.unchanged();
        let scope = scope_at(function, statements, name, &parameters, generated_from)?;
        let plain = hold::arrays(self.draft, each);
        let found = neighbours(scope, unconditional, &plain, &first);
        if found.is_empty() {
            return None;
        }
        let unconditional = unconditional.clone();
        let mut packing = Packing {
            known: statements,
            numbering: Numbering::after(&[&function.body, statements]),
            count: trip::constant(function, &unconditional)?,
            function,
        };
        let mut packed = Some(packing.of(unconditional, &found)?);
        region::replace(statements, name, &mut |each| {
            let packed = packed.take()?;
            Some(match &version {
                Some(version) => vec![whole::beside(version.condition, packed, Stmt::For(each))],
                None => packed,
            })
        })
    }

    /// Returns the arrays in memory of which a loop may touch neighbouring elements, as far as the text tells, by handle.
    fn candidates(&self, function: &Function, each: &Loop) -> Vec<Handle<Var>> {
        let along = Along::new(function, each, &self.iterators);
        let accesses = accesses(function, &each.body).unwrap_or_default();
        let mut found: Vec<_> = accesses
            .iter()
            .filter(|access| along.may_touch_neighbours(access.place))
            .map(|access| access.place.var)
            .collect();
        found.sort_unstable();
        found.dedup();
        let footprints = &self.draft.facts().footprints;
        found.retain(|array| {
            !function.vars[*array].is_volatile
                // What lies among a kernel's arguments starts anywhere.
                && self.by_value.iter().all(|(_, known)| known != array)
                && footprints.iter().any(|footprint| footprint.array == *array)
        });
        found
    }
}
