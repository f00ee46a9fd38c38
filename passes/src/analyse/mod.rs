//! What may run in parallel: regions, with everything that is proved of them, and a word about every other loop.
//!
//! Decides which loop nests are regions and under which conditions; the order that their iterations may take; what
//! memory they touch. Everything beyond the exact, affine part is over-approximated or refused with a reason.
//! How a region is mapped, and whether that pays, is left to the steps and the search.

mod access;
mod alias;
mod branch;
mod candidate;
mod context;
mod counted;
mod delinearise;
mod dependence;
mod domain;
mod entry;
mod fetch;
mod fits;
mod footprint;
mod inspection;
mod join;
mod layout;
mod liveness;
pub(crate) mod names;
mod overwrite;
mod place;
mod pointers;
mod privatise;
mod promise;
mod reduction;
mod rows;
mod scan;
mod survey;
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

pub(crate) use liveness::is_live_after;
pub(crate) use names::{is_plain_local, may_leave};
pub(crate) use privatise::is_own_of_iterations;

use std::rc::Rc;

use mupac_ir::Module;

use crate::calls::Callees;
use crate::isl;
use crate::workload::Workload;
use survey::Survey;

/// Finds the regions of a file and says a word about every loop.
pub fn analyse(module: Module) -> Workload {
    let callees = Callees::of(&module);
    let mut survey = Survey {
        module: &module,
        callees: &callees,
        isl: isl::Context::new().ok(),
        regions: Vec::new(),
        loops: Vec::new(),
    };
    for (handle, function) in module.functions.iter() {
        let mut function = function.clone();
        // Every state of a region is a rewritten clone of its function.
        function.exprs.share();
        function.vars.share();
        let function = Rc::new(function);
        survey.block(handle, &function, &mut Vec::new(), &function.body);
    }
    let Survey {
        isl,
        regions,
        loops,
        ..
    } = survey;
    let entries = match isl {
        Some(isl) => entry::entries(&module, &callees, &isl, &regions),
        None => Vec::new(),
    };
    Workload {
        module,
        regions: regions.into_iter().map(Rc::new).collect(),
        loops,
        entries,
    }
}
