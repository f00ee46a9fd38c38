//! How the host starts the kernels of each nest, and those before and behind them.

use mupac_ir::{
    Arena, Buffer, Expr, Function, Guard, Handle, HostIf, HostOp, KernelPlan, Reduction, Refusal,
    SplitSum,
};

use super::launches::Launches;
use super::slices::Split;
use super::{Context, Memory, kernel};
use crate::isl;
use crate::state::Settings;

/// A kernel, and when the host starts it.
pub(super) struct Started {
    kernel: Handle<KernelPlan>,
    condition: Option<Handle<Expr>>,
    /// Partial results that are reserved anew for each launch.
    reserved: Vec<Handle<Buffer>>,
    reductions: Vec<Handle<Reduction>>,
    /// What has no kernels yet beside this one.
    splits: Vec<Split>,
    /// Kernels that run before and after.
    around: Vec<[Handle<KernelPlan>; 2]>,
    /// What has no kernel yet before this one, with whether both have to round alike: of its partial results this one needs what
    /// comes before each block.
    totals: Option<(KernelPlan, bool)>,
    /// That kernel, and its reductions.
    scanned: Option<(Handle<KernelPlan>, Vec<Handle<Reduction>>)>,
}

impl Started {
    /// Returns whether its kernel and the one before it have to round alike.
    pub(super) fn is_strict(&self) -> bool {
        matches!(self.totals, Some((_, true)))
    }

    /// Returns what the host does to run the kernel.
    pub(super) fn actions(&self) -> Vec<HostOp> {
        let reserve = self.reserved.iter().map(|each| HostOp::Allocate(*each));
        let join = self.reductions.iter().map(|each| HostOp::Join(*each));
        let before = self.around.iter().map(|[before, _]| *before);
        let after = self.around.iter().map(|[_, after]| *after);
        let launches = before.chain([self.kernel]).chain(after);
        let launches = launches.map(HostOp::Launch);
        let scanned = self.scanned.iter();
        let first = scanned.flat_map(|(kernel, scans)| {
            let joins = scans.iter().map(|each| HostOp::Join(*each));
            [HostOp::Launch(*kernel)].into_iter().chain(joins)
        });
        let all = reserve.chain(first).chain(launches).chain(join).collect();
        match self.condition {
            Some(condition) => vec![HostOp::If(HostIf {
                condition,
                then: all,
            })],
            None => all,
        }
    }
}

/// Makes the kernels of some nests, and says how the host starts each.
pub(super) fn started(
    nests: &[(&Context<'_>, &Launches<'_>)],
    (known, settings): (&isl::Set, &Settings),
    function: &mut Function,
    memory: &mut Memory<'_>,
    kernels: &mut Arena<KernelPlan>,
) -> Result<Vec<Started>, Refusal> {
    let mut started = Vec::new();
    for (context, launches) in nests {
        let (plan, splits, workspaces, totals) = kernel(context, function, memory, settings)?;
        memory
            .once
            .extend(splits.iter().map(|split| split.sum.slices));
        for each in &workspaces {
            let limit = each.limit(known, launches, function, memory.buffers)?;
            memory.guards.push(limit);
        }
        let own: Vec<_> = plan.reductions.clone();
        let scans = totals.iter().flat_map(|(plan, _)| &plan.reductions);
        let reserved = own.iter().chain(scans);
        let reserved = reserved.map(|each| memory.reductions[*each].partials);
        let reserved = reserved.chain(workspaces.iter().map(|each| each.buffer));
        // The number of blocks may differ from launch to launch.
        let varies = |each: &Handle<Buffer>| launches.varies(function, memory.buffers[*each].count);
        let (reserved, once): (Vec<_>, Vec<_>) = reserved.partition(varies);
        memory.once.extend(once);
        started.push(Started {
            kernel: kernels.push(plan),
            condition: launches.condition,
            reserved,
            reductions: own,
            splits,
            around: Vec::new(),
            totals,
            scanned: None,
        });
    }
    Ok(started)
}

/// Adds the kernels before and after those that add to slices, and those before scans; they come behind those of the nests, whose order is theirs.
pub(super) fn surround(
    started: &mut [Started],
    kernels: &mut Arena<KernelPlan>,
    guards: &mut Vec<Guard>,
) -> Vec<SplitSum> {
    let mut sums = Vec::new();
    for each in started {
        each.scanned = each.totals.take().map(|(plan, _)| {
            let reductions = plan.reductions.clone();
            (kernels.push(plan), reductions)
        });
        for split in each.splits.drain(..) {
            let around = [split.clear, split.join].map(|plan| kernels.push(plan));
            each.around.push(around);
            guards.extend(split.guard);
            sums.push(split.sum);
        }
    }
    sums
}
