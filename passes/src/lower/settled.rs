//! What became of the loops of a region.

use std::collections::BTreeSet;

use mupac_ir::LoopName;

use super::outline::{Nest, outline};
use super::shared;
use crate::judge::{Tree, by_lanes};
use crate::region;

/// What became of the loops of a region in one of its kernels.
pub(crate) struct Settled {
    /// The loops that the kernel runs or holds.
    pub(crate) loops: BTreeSet<LoopName>,
    /// Those whose iterations blocks, threads and lanes share out.
    pub(crate) parallel: BTreeSet<LoopName>,
}

/// Says what became of the loops of a region, for each of its kernels in order; empty where the tree has none.
pub(crate) fn settled(original: Tree<'_>, rewritten: Tree<'_>) -> Vec<Settled> {
    let Ok(outline) = outline(rewritten.statements) else {
        return Vec::new();
    };
    let of_nest = |nest: &Nest<'_>| {
        let mut loops = BTreeSet::new();
        region::each(original.statements, &mut |stmt| {
            loops.extend(
                region::loop_name(stmt)
                    .filter(|_| nest.holds(stmt))
                    .cloned(),
            );
        });
        let tree = Tree {
            function: rewritten.function,
            statements: nest.statements,
        };
        let counted = nest.loops_of(original.statements);
        let parallel = shared(&counted, original.function.vars.len(), tree);
        Settled {
            loops,
            parallel: parallel
                .into_iter()
                .map(|shared| shared.each)
                .chain(by_lanes(nest.statements))
                .map(|each| each.name.clone())
                .collect(),
        }
    };
    outline.nests.iter().map(of_nest).collect()
}
