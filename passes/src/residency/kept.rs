//! Which regions gain from copies that outlive them, where the system tells what the host wrote meanwhile.
//!
//! Sound because what a region changes goes home when it ends, so that outside of stays the host always has the newest values,
//! and because a region sends what is not known to be the same before it reads it; so nothing between regions need be known.
//! That the host part of a region looks at memory before then is why some keep nothing.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Buffer, Handle, Meeting, Module, RegionPlan, Stmt, structure};

use super::events::contains;
use super::meeting;

/// Returns the buffers that may rest, of the regions, by position, that may run again: those outside of `main`, and in its
/// loops. What copies more than the program touches, or is not the host's after the region, may not, nor rows, since pages tell
/// nothing of what lies between them, and of a region whose host part looks at memory nothing.
pub(super) fn of(
    module: &Module,
    regions: &[RegionPlan],
) -> BTreeMap<usize, BTreeSet<Handle<Buffer>>> {
    let all = regions.iter().enumerate();
    all.filter(|(_, region)| may_run_again(module, region))
        .filter(|(_, region)| !meeting::host_part_touches_memory(region))
        .map(|(number, region)| (number, resting(region)))
        .filter(|(_, buffers)| !buffers.is_empty())
        .collect()
}

fn resting(region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
    let mut buffers = Meeting::Shares.mirrors(region);
    buffers.retain(|buffer| {
        let is_whole = region.buffers[*buffer].rows.is_none();
        is_whole && !meeting::copies_too_much(region, *buffer)
    });
    buffers
}

fn may_run_again(module: &Module, region: &RegionPlan) -> bool {
    let function = &module.functions[region.of];
    let mut is_again = function.name != "main";
    structure::each(&function.body, &mut |stmt| {
        let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
        is_again |=
            is_loop && stmt.span() != region.replaces && contains(stmt.span(), region.replaces);
    });
    is_again
}
