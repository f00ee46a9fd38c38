//! Puts the regions of a file together, and says what became of every loop.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::PoisonError;

use mupac_ir::{
    Buffer, Entry, Function, Guard, Handle, LoopName, LoopOutcome, Memory, Outlined, Plan, Reason,
    Refusal, RegionPlan, Residency, Var, Verdict,
};

use crate::facts::Region;
use crate::judge::{Tree, illegal};
use crate::lower::Settled;
use crate::passed::{Takers, takers};
use crate::residency::residency;
use crate::workload::Workload;
use crate::{analyse, lower, region, sizes, steps};

/// What becomes of a region.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Its plan.
    Kernel(Box<RegionPlan>),
    /// The original text, and why.
    Original(Refusal),
}

/// Makes the plan of a file.
///
/// **Shape**: one choice for each region of the workload, in the same order; a region without a choice keeps its
/// text, like one whose choice is a plan of another region.
pub fn plan(workload: &Workload, choices: &[Choice]) -> Plan {
    let mut loops = workload.loops.clone();
    let mut regions: Vec<RegionPlan> = Vec::new();
    let mut used = BTreeSet::new();
    let own = by_function(&loops);
    let choices = together(workload, choices);
    for (number, region) in workload.regions.iter().enumerate() {
        let own = own.get(&region.function.name).cloned().unwrap_or_default();
        let loops = &mut loops[own];
        match choices.get(number) {
            Some(Choice::Kernel(chosen)) if is_of(chosen, region) => {
                let mut chosen = (**chosen).clone();
                rename_kernels(&mut chosen, &mut used);
                settle(region, &chosen, regions.len(), loops);
                regions.push(chosen);
            }
            Some(Choice::Original(refusal)) => keep(region, refusal, loops),
            Some(Choice::Kernel(_)) | None => {
                let refusal = illegal("no plan of this region was chosen", region.span);
                keep(region, &refusal, loops);
            }
        }
    }
    for outcome in &mut loops {
        outcome.reasons = Refusal::in_order(std::mem::take(&mut outcome.reasons));
    }
    let mut module = workload.module.clone();
    Plan {
        // Between regions that find their arrays on the device, or in memory that both see, nothing has to stay there.
        residency: if regions.iter().any(finds_its_arrays) {
            Residency::default()
        } else {
            residency(&mut module, &mut regions, workload.coherence)
        },
        module,
        regions,
        loops,
        split: None,
    }
}

/// Returns whether kernels work on memory that is no copy, on some devices at least.
fn finds_its_arrays(region: &RegionPlan) -> bool {
    region.takes_device_memory() || region.memory == Memory::System
}

/// Returns the choices, but the original text for all regions of functions that cannot take memory of the device as a
/// whole.
fn together<'a>(workload: &Workload, choices: &'a [Choice]) -> Cow<'a, [Choice]> {
    let chosen = |choice: &'_ Choice| match choice {
        Choice::Kernel(plan) => Some(plan.of),
        Choice::Original(_) => None,
    };
    let regions = choices.iter().filter_map(|choice| match choice {
        Choice::Kernel(plan) => Some(&**plan),
        Choice::Original(_) => None,
    });
    let Takers { refused, .. } = takers(&workload.module, regions);
    if refused.is_empty() {
        return Cow::Borrowed(choices);
    }
    let kept = |choice: &Choice| match chosen(choice).and_then(|function| refused.get(&function)) {
        Some(refusal) => Choice::Original(refusal.clone()),
        None => choice.clone(),
    };
    Cow::Owned(choices.iter().map(kept).collect())
}

/// Returns whether a plan is one of a region.
pub(crate) fn is_of(chosen: &RegionPlan, region: &Region) -> bool {
    chosen.of == region.of && chosen.replaces == region.span && chosen.name == region.name
}

/// Gives kernels names that no earlier region uses, and adds them to those that are used.
fn rename_kernels(chosen: &mut RegionPlan, used: &mut BTreeSet<String>) {
    let kernels: Vec<_> = chosen.kernels.iter().map(|(kernel, _)| kernel).collect();
    for kernel in kernels {
        let base = chosen.kernels[kernel].name.clone();
        let name = std::iter::once(base.clone())
            .chain((2..u32::MAX).map(|number| format!("{base}_{number}")))
            .find(|name| !used.contains(name))
            .unwrap_or(base);
        used.insert(name.clone());
        chosen.kernels[kernel].name = name;
    }
}

/// Says what became of the loops of a region that has a kernel.
fn settle(region: &Region, chosen: &RegionPlan, number: usize, loops: &mut [LoopOutcome]) {
    let settled = settled(region, chosen);
    let kept = loop_names(region);
    for outcome in of_region(region, loops) {
        if !kept.contains(&outcome.name) {
            continue;
        }
        // A loop that was cut is in several kernels, and need not run in parallel in each.
        let kernels = settled.iter().zip(chosen.kernels.iter());
        let own = kernels
            .filter(|(settled, _)| settled.loops.contains(&outcome.name))
            .map(|(settled, (_, kernel))| (settled, kernel))
            .min_by_key(|(settled, _)| !settled.parallel.contains(&outcome.name));
        outcome.region = Some(number);
        outcome.kernel = own.map(|(_, kernel)| kernel.name.clone());
        if own.is_some_and(|(settled, _)| settled.parallel.contains(&outcome.name)) {
            outcome.verdict = Verdict::Parallel;
            outcome.reasons.clear();
            continue;
        }
        outcome.verdict = Verdict::Sequential;
        if let Some(reasons) = region.facts.carried.get(&outcome.name) {
            outcome.reasons.clone_from(reasons);
        } else if outcome.reasons.is_empty() && own.is_some() {
            let reason = Refusal::new(Reason::EnoughParallelism, outcome.header_span);
            outcome.reasons.push(reason);
        } else if outcome.reasons.is_empty() {
            let construct = "running this loop and those inside of it at the same time".to_owned();
            let reason = Refusal::new(Reason::Unsupported { construct }, outcome.header_span);
            outcome.reasons.push(reason);
        }
    }
    share_blocks(region, loops);
}

/// Says of each loop over blocks that is gone what became of the loop whose blocks it went over.
fn share_blocks(region: &Region, loops: &mut [LoopOutcome]) {
    let own: Vec<LoopOutcome> = of_region(region, loops).map(|each| each.clone()).collect();
    for outcome in of_region(region, loops) {
        let gone = std::iter::successors(Some(&outcome.name), |name| region.blocks.get(*name));
        let over = gone.skip(1).last();
        let over = over.and_then(|over| own.iter().find(|each| each.name == *over));
        if let Some(over) = over {
            outcome.region = over.region;
            outcome.kernel.clone_from(&over.kernel);
            outcome.verdict = over.verdict;
            outcome.reasons.clone_from(&over.reasons);
        }
    }
}

/// Says what became of the loops in each kernel.
pub(crate) fn settled(region: &Region, chosen: &RegionPlan) -> Vec<Settled> {
    let function: &mupac_ir::Function = &region.function;
    let length = |function: &mupac_ir::Function| {
        region::block(&function.body, &region.path).map_or(0, Vec::len)
    };
    let end = (region.statements.end + length(&chosen.function)).saturating_sub(length(function));
    let original = Tree {
        function,
        statements: region.body(),
    };
    let rewritten = Tree {
        function: &chosen.function,
        statements: region::statements(
            &chosen.function,
            &region.path,
            &(region.statements.start..end),
        ),
    };
    lower::settled(original, rewritten)
}

/// Says why the loops of a region stay as they are.
fn keep(region: &Region, refusal: &Refusal, loops: &mut [LoopOutcome]) {
    let is_left = matches!(
        refusal.reason,
        Reason::TooSmall { .. } | Reason::Unprofitable { .. } | Reason::UserChoice { .. }
    );
    for outcome in of_region(region, loops) {
        let is_parallel = !region.facts.carried.contains_key(&outcome.name)
            && outcome.verdict == Verdict::Parallel;
        outcome.region = None;
        outcome.kernel = None;
        if is_parallel {
            outcome.reasons = vec![refusal.clone()];
        } else if outcome.reasons.is_empty() {
            outcome.reasons.push(refusal.clone());
        }
        outcome.verdict = if is_parallel && is_left {
            Verdict::Host
        } else {
            Verdict::Sequential
        };
    }
    share_blocks(region, loops);
}

/// Returns where the outcomes of each function's loops stand, from the first to the last.
fn by_function(loops: &[LoopOutcome]) -> BTreeMap<String, Range<usize>> {
    let mut found: BTreeMap<String, Range<usize>> = BTreeMap::new();
    for (index, outcome) in loops.iter().enumerate() {
        match found.get_mut(&outcome.function) {
            Some(range) => range.end = index + 1,
            None => drop(found.insert(outcome.function.clone(), index..index + 1)),
        }
    }
    found
}

/// Returns the outcomes of the loops of a region, among those of its function.
fn of_region<'a>(
    region: &Region,
    loops: &'a mut [LoopOutcome],
) -> impl Iterator<Item = &'a mut LoopOutcome> {
    let names = loop_names(region);
    let function_name = &region.function.name;
    let (start, end) = (region.span.start, region.span.end);
    loops.iter_mut().filter(move |each| {
        let span = each.header_span;
        let is_inside = start <= span.start && span.end <= end;
        each.function == *function_name && (is_inside || names.contains(&each.name))
    })
}

/// Returns the names of the loops of a region as analysed.
fn loop_names(region: &Region) -> BTreeSet<LoopName> {
    let mut names = BTreeSet::new();
    region::each(region.body(), &mut |stmt| {
        names.extend(region::loop_name(stmt).cloned());
    });
    names
}

/// Returns the arrays that the guards of a region find apart, as variables of a form of its function.
fn kept_apart(region: &RegionPlan, function: &Function) -> Vec<[Handle<Var>; 2]> {
    // Forms of a function have variables of their own behind those of the source.
    let named = |var: Handle<Var>| {
        let name = &region.function.vars[var].name;
        let mut vars = function.vars.iter();
        vars.find(|(_, each)| each.name == *name)
            .map(|(handle, _)| handle)
    };
    let array = |buffer: Handle<Buffer>| region.buffers[buffer].array;
    let pair = |guard: &Guard| match guard {
        Guard::NoOverlap { a, b, .. } => Some([named(array(*a))?, named(array(*b))?]),
        Guard::Apart { buffer, read } => Some([named(array(*buffer))?, named(read.place.var)?]),
        Guard::Holds { .. }
        | Guard::Accessible { .. }
        | Guard::Inspected { .. }
        | Guard::Worthwhile { .. } => None,
    };
    region.guards.iter().filter_map(pair).collect()
}

/// Returns the functions that hold a kernel, and `others` that hold a region, in order of the file, as the tester calls them.
pub fn entries(
    workload: &Workload,
    regions: &[RegionPlan],
    others: &BTreeSet<Handle<Function>>,
) -> Vec<Entry> {
    let holders = regions.iter().map(|region| region.of);
    let holders = holders.chain(others.iter().copied()).collect();
    let mut entries = known_entries(workload, &holders);
    let takers = takers(&workload.module, regions).members.into_iter();
    let takers = takers.map(|function| &*workload.module.functions[function].name);
    let takers: BTreeSet<&str> = takers.collect();
    for entry in &mut entries {
        entry.takes_device_memory = takers.contains(&*entry.function.name);
        let is_own = |region: &&RegionPlan| region.function.name == entry.function.name;
        let own: Vec<&RegionPlan> = regions.iter().filter(is_own).collect();
        complete(entry, &own, workload);
    }
    entries
}

/// Returns the regions of a plan as functions of their own, where they can be; `named` says what the emitted text of a region
/// names beside its statements.
pub fn outlined(
    workload: &Workload,
    regions: &[RegionPlan],
    named: impl Fn(&RegionPlan) -> BTreeSet<Handle<Var>>,
) -> Vec<Outlined> {
    let of_host = |region: &&RegionPlan| !region.takes_device_memory();
    let regions = regions.iter().filter(of_host);
    let made = regions.filter_map(|plan| {
        let mut all = workload.regions.iter();
        let number = all.position(|region| is_of(plan, region))?;
        let mut outlined = known_outlined(workload, number, named(plan))?;
        complete(&mut outlined.entry, &[plan], workload);
        let kernels = plan.mapped_kernels();
        outlined.kernels = kernels.map(|(_, kernel)| kernel.name.clone()).collect();
        Some(outlined)
    });
    made.collect()
}

/// Returns a region as a function of its own, made once for all plans that name the same.
fn known_outlined(
    workload: &Workload,
    number: usize,
    named: BTreeSet<Handle<Var>>,
) -> Option<Outlined> {
    let mut known = (workload.outlined.lock()).unwrap_or_else(PoisonError::into_inner);
    let entry = known.entry((number, named));
    let make = |(number, named): &(usize, BTreeSet<Handle<Var>>)| {
        analyse::outlined(workload, &workload.regions[*number], named)
    };
    entry.or_insert_with_key(make).clone()
}

/// Adds to an entry what the plans of its regions say of inputs.
fn complete(entry: &mut Entry, regions: &[&RegionPlan], workload: &Workload) {
    let mut extents: BTreeSet<u32> = BTreeSet::new();
    let sizes = sizes::of(entry);
    let mut samples = Vec::new();
    for region in regions {
        entry.kept_apart.extend(kept_apart(region, &entry.function));
        let mut all = workload.regions.iter();
        let start = all.find(|each| is_of(region, each));
        samples.push(sizes::samples(region, start.map(|start| &**start), &sizes));
        for (_, kernel) in region.kernels.iter() {
            extents.extend(kernel.block.iter().filter(|extent| **extent > 1));
        }
        // Whole tiles may have code of their own.
        extents.extend(region.trajectory.moves.iter().flat_map(steps::extents));
    }
    entry.samples = sizes::by_turns(&samples);
    entry.extents = extents.into_iter().collect();
}

/// Returns the entries of functions that hold regions, each made once for all plans.
fn known_entries(workload: &Workload, holders: &BTreeSet<Handle<Function>>) -> Vec<Entry> {
    let mut known = workload
        .entries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let unknown = holders.iter().filter(|holder| !known.contains_key(holder));
    let unknown: Vec<Handle<Function>> = unknown.copied().collect();
    if !unknown.is_empty() {
        known.extend(analyse::entries(workload, &unknown));
    }
    let all = holders.iter().filter_map(|holder| known.get(holder));
    all.flatten().cloned().collect()
}
