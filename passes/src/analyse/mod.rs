//! What may run in parallel: regions, with everything that is proved of them, and a word about every other loop.
//!
//! Decides which loop nests are regions and under which conditions; the order that their iterations may take; what
//! memory they touch. Everything beyond the exact, affine part is over-approximated or refused with a reason.
//! How a region is mapped, and whether that pays, is left to the steps and the search.

mod access;
mod alias;
pub(crate) mod allocated;
mod apart;
mod asserted;
mod assigned;
mod behind;
mod branch;
mod candidate;
mod candidates;
mod cast_rows;
mod context;
mod counted;
mod counting;
mod delinearise;
mod dependence;
mod distinct;
mod domain;
mod element;
mod entry;
mod fetch;
mod filled;
mod fits;
mod followed;
mod footprint;
mod forms;
mod fresh;
mod fronts;
mod guess;
mod inside;
mod inspection;
mod invariant;
mod join;
mod layout;
mod limit;
mod linear;
mod liveness;
mod makeable;
mod members;
pub(crate) mod names;
mod opening;
mod outcome;
mod outline;
mod overwrite;
mod packed;
mod pairs;
mod part;
mod place;
mod pointers;
mod prefix;
mod privatise;
mod promise;
mod quotient;
mod reached;
mod readings;
mod reduction;
mod remedy;
mod rows;
mod same;
mod scan;
mod scratch;
mod stored;
mod survey;
mod table;
mod truth;
mod update;
mod value;
mod workspace;

#[cfg(test)]
mod shapes;
#[cfg(test)]
mod soundness;
#[cfg(test)]
mod tests;

pub(crate) use allocated::sizes;
pub(crate) use counting::{counted_up, counts_down_to_zero};
pub(crate) use entry::entries;
pub(crate) use fetch::is_null;
pub(crate) use filled::{Extents, known_extents, stays_within};
pub(crate) use fresh::{frees, is_unshared, size_asked_for};
pub(crate) use layout::is_of_host;
pub(crate) use liveness::{
    escapes, is_live_after, is_object_live_after, is_object_read_first, is_read_first,
};
pub(crate) use names::{changed, may_leave};
pub(crate) use outline::outlined;
pub(crate) use part::Part;
pub(crate) use privatise::{is_left, is_own_of_iterations, temporary};
pub(crate) use rows::SHAPE;
pub(crate) use stored::size_bytes;
pub(crate) use value::{ACCESSIBLE, DIVISOR, LOOP_RUNS};

use std::sync::Arc;

use mupac_ir::{Coherence, Function, Handle, LoopOutcome, Module, parallel};

use crate::calls::Callees;
use crate::facts::{FloatOrder, Region};
use crate::isl;
use crate::workload::{KnownEntries, KnownOutlined, Numbered, Workload};
use survey::Survey;

/// How many isl contexts the functions of a file share, in turn.
///
/// Each reads what all of its functions have in common but once, and what one was asked decides in which of several equal
/// forms it answers; so the number is that of cores worth using, and never that of the machine's.
const CONTEXTS: usize = 4;

/// Finds the regions of a file and says a word about every loop.
///
/// Threads look at functions that share no context.
pub fn analyse(module: Module) -> Workload {
    analyse_in(module, FloatOrder::default())
}

/// The same where the user says in which order floating-point numbers may be joined.
pub fn analyse_in(module: Module, order: FloatOrder) -> Workload {
    let local = scratch::with_locals(&module);
    let callees = Callees::of(&module, &local);
    let functions: Vec<_> = local.functions.iter().collect();
    let shares: Vec<usize> = (0..CONTEXTS.min(functions.len())).collect();
    let found = parallel::map(&shares, |share| {
        let isl = isl::Context::new().ok();
        let own = functions.iter().skip(*share).step_by(CONTEXTS);
        own.map(|(handle, function)| {
            survey(
                (&module, &callees, order),
                isl.as_ref(),
                *handle,
                (*function).clone(),
            )
        })
        .collect::<Vec<_>>()
    });
    let mut found: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
    let mut groups = vec![Vec::new(); shares.len()];
    let (mut all_regions, mut all_loops) = (Vec::new(), Vec::new());
    for share in shares.iter().cycle().take(functions.len()) {
        let Some((regions, loops)) = found[*share].next() else {
            continue;
        };
        let earlier = all_regions.len();
        groups[*share].extend(earlier..earlier + regions.len());
        all_regions.extend(regions.into_iter().map(Arc::new));
        all_loops.extend(loops.into_iter().map(|outcome| LoopOutcome {
            region: outcome.region.map(|own| own + earlier),
            ..outcome
        }));
    }
    let numbered = Numbered::of(&module);
    Workload {
        module,
        regions: all_regions,
        loops: all_loops,
        groups,
        coherence: Coherence::default(),
        linkage: callees.linkage(),
        numbered,
        entries: KnownEntries::default(),
        outlined: KnownOutlined::default(),
    }
}

/// Finds the regions of a function, and what is to be said of its loops, which name regions by their number there.
fn survey(
    (module, callees, order): (&Module, &Callees, FloatOrder),
    isl: Option<&isl::Context>,
    handle: Handle<Function>,
    mut function: Function,
) -> (Vec<Region>, Vec<LoopOutcome>) {
    let mut survey = Survey {
        module,
        callees,
        order,
        isl: isl.cloned(),
        regions: Vec::new(),
        loops: Vec::new(),
    };
    // Every state of a region is a rewritten clone of its function.
    function.exprs.share();
    function.vars.share();
    let function = Arc::new(function);
    survey.block(handle, &function, &mut Vec::new(), &function.body);
    (survey.regions, survey.loops)
}
