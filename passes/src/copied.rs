//! What became of loops of functions that regions see through: each copy of a loop runs by the plan of its region.

use std::collections::BTreeMap;

use mupac_ir::structure::blocks;
use mupac_ir::{LoopName, Plan, Span, Stmt, StmtId};

use crate::facts::Region;
use crate::plan::{is_of, settled};
use crate::region;
use crate::workload::Workload;

/// The copy of a loop that stands in place of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedLoop {
    /// The header of the loop that it is a copy of.
    pub header_span: Span,
    /// The region of the plan that holds it.
    pub region: usize,
    /// The kernel that runs it or holds it; `None`: the host runs it.
    pub kernel: Option<String>,
    /// Whether blocks, threads or lanes share out its iterations.
    pub is_parallel: bool,
}

/// Returns the copies of loops in the regions of a plan. A loop is known by the statements right in it, so that of one that
/// holds nothing but calls nothing is known.
pub fn copied_loops(workload: &Workload, plan: &Plan) -> Vec<CopiedLoop> {
    let mut found = Vec::new();
    for (number, chosen) in plan.regions.iter().enumerate() {
        let mut regions = workload.regions.iter();
        let Some(region) = regions.find(|region| is_of(chosen, region)) else {
            continue;
        };
        let originals = originals(workload, region);
        if originals.is_empty() {
            continue;
        }
        let settled = settled(region, chosen);
        for (name, header_span) in originals {
            let kernels = settled.iter().zip(chosen.kernels.iter());
            let own = kernels
                .filter(|(settled, _)| settled.loops.contains(&name))
                .map(|(settled, (_, kernel))| (settled.parallel.contains(&name), kernel))
                .min_by_key(|(is_parallel, _)| !is_parallel);
            found.push(CopiedLoop {
                header_span,
                region: number,
                kernel: own.map(|(_, kernel)| kernel.name.clone()),
                is_parallel: own.is_some_and(|(is_parallel, _)| is_parallel),
            });
        }
    }
    found
}

/// Returns the loops of a region that are copies, each with the header of its original.
fn originals(workload: &Workload, region: &Region) -> BTreeMap<LoopName, Span> {
    let mut found = BTreeMap::new();
    let mut copies = Vec::new();
    chains(region.body(), &mut Vec::new(), &mut copies);
    for (id, chain) in copies {
        let Some((function, original)) = region.origins.get(&id) else {
            continue;
        };
        let mut all = Vec::new();
        let function = &workload.module.functions[*function];
        chains(&function.body, &mut Vec::new(), &mut all);
        let own = all.into_iter().find(|(id, _)| id == original);
        let own = own.map(|(_, chain)| chain).unwrap_or_default();
        let pairs = chain.into_iter().rev().zip(own.into_iter().rev());
        for ((copy, _), (name, header_span)) in pairs {
            if !is_copy(&copy, &name) {
                break;
            }
            found.insert(copy, header_span);
        }
    }
    found
}

/// Returns whether a loop has the name that a copy of another one gets: the same, or with a number.
fn is_copy(copy: &LoopName, name: &LoopName) -> bool {
    let base = |name: &LoopName| {
        let base = name.0.split('.').next();
        base.unwrap_or_default().to_owned()
    };
    base(copy) == base(name)
}

/// Adds the assignments of some statements, each with the loops around it, of which some are known.
fn chains(
    statements: &[Stmt],
    around: &mut Vec<(LoopName, Span)>,
    found: &mut Vec<(StmtId, Vec<(LoopName, Span)>)>,
) {
    for statement in statements {
        if let Stmt::Compute(compute) = statement {
            found.push((compute.id, around.clone()));
        }
        let own = region::loop_header(statement);
        let own = own.map(|(name, header)| (name.clone(), header));
        around.extend(own.clone());
        for block in blocks(statement) {
            chains(block, around, found);
        }
        if own.is_some() {
            around.pop();
        }
    }
}
