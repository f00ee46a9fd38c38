//! The entries of a report, made from the plan of a translation.

use std::borrow::Cow;

use mupac_ir::asked::asked;
use mupac_ir::c_text::CText;
use mupac_ir::{
    HostTurn, LoopOutcome, Meeting, Module, Plan, Reason, Refusal, RegionPlan, Source, Span,
    Stretch, Witness, reason,
};

use super::{Chosen, Guard, Kernel, Loop, ReasonEntry, Region, Stay, Turn, WitnessEntry, Word};
use crate::describe;

/// Returns an entry for every loop.
pub fn loops(plan: &Plan) -> Vec<Loop> {
    plan.loops
        .iter()
        .map(|outcome| loop_entry(plan, outcome))
        .collect()
}

fn loop_entry(plan: &Plan, outcome: &LoopOutcome) -> Loop {
    let source = &plan.module.source;
    let (line, column) = source.line_column(outcome.header_span.start);
    let region = outcome.region.and_then(|index| plan.regions.get(index));
    let is_device_code = outcome.is_device_code();
    Loop {
        file: source.file(outcome.header_span.start).to_owned(),
        line,
        column,
        last_line: last_line(source, outcome.span),
        function: outcome.function.clone(),
        verdict: outcome.verdict.into(),
        idiom: None,
        guards: region
            .filter(|_| is_device_code)
            .map(|region| guards(plan, region))
            .unwrap_or_default(),
        reasons: outcome
            .reasons
            .iter()
            .map(|refusal| reason_entry(source, refusal))
            .collect(),
        kernel: outcome.kernel.clone(),
        plan: region.map(moves).unwrap_or_default(),
        device_code: is_device_code,
    }
}

/// Returns the line of the end of a text; `None` where that stands in another file, or before its start in a file that goes
/// on behind one that it includes.
fn last_line(source: &Source, text: Span) -> Option<usize> {
    let last = text.end.saturating_sub(1).max(text.start);
    let (first_line, _) = source.line_column(text.start);
    let (last_line, _) = source.line_column(last);
    let is_one = source.file(text.start) == source.file(last) && first_line <= last_line;
    is_one.then_some(last_line)
}

fn reason_entry(source: &Source, refusal: &Refusal) -> ReasonEntry {
    let row = refusal.reason.row();
    let (line, column) = source.line_column(refusal.at.start);
    ReasonEntry {
        code: row.code.into(),
        name: row.name.into(),
        message: refusal.reason.to_string(),
        line,
        column,
        witness: witness(&refusal.reason),
        hint: refusal.hint().map(Cow::into_owned),
    }
}

fn witness(reason: &Reason) -> Option<WitnessEntry> {
    let Reason::CarriedDependence {
        array,
        witness: Some(witness),
        ..
    } = reason
    else {
        return None;
    };
    let Witness {
        source,
        sink,
        element,
    } = witness;
    Some(WitnessEntry {
        source: source.clone(),
        sink: sink.clone(),
        element: reason::element(array, element),
    })
}

/// Returns an entry for every region that kernels took the place of, with what `chosen` says of its plan.
pub fn regions(plan: &Plan, chosen: &dyn Fn(&RegionPlan) -> Chosen) -> Vec<Region> {
    let entry = |region| region_entry(plan, region, chosen(region));
    plan.regions.iter().map(entry).collect()
}

fn region_entry(plan: &Plan, region: &RegionPlan, chosen: Chosen) -> Region {
    let Chosen { by, trajectory } = chosen;
    let kernels = region.kernels.iter().map(|(_, kernel)| Kernel {
        name: kernel.name.clone(),
        block: kernel.block,
        mapping: kernel.mapping.clone(),
    });
    Region {
        name: region.name.clone(),
        kernels: kernels.collect(),
        buffers: describe::buffers(region, &plan.module.records),
        resident: describe::residents(region, &plan.module.records),
        guards: guards(plan, region),
        chosen_by: by.map(Word::Borrowed),
        trajectory: trajectory.moves,
        estimate: trajectory.estimate,
        estimated_microseconds: trajectory.times,
    }
}

fn guards(plan: &Plan, region: &RegionPlan) -> Vec<Guard> {
    asked(&region.guards)
        .iter()
        .map(|asked| describe::asked(region, &plan.module.records, asked))
        .collect()
}

fn moves(region: &RegionPlan) -> Vec<String> {
    region
        .trajectory
        .moves
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// Returns the memory that a statement of the host touches, where it is known.
fn elements(module: &Module, host: &HostTurn) -> Vec<String> {
    let Some(touched) = &host.touched else {
        return Vec::new();
    };
    let function = &module.functions[touched.function];
    let text = CText {
        function,
        records: &module.records,
        names: &|var| function.vars[var].spelling.clone(),
        callees: &str::to_owned,
    };
    let stretches = touched.stretches();
    stretches
        .map(|(_, stretch)| element(&text, stretch))
        .collect()
}

fn element(text: &CText<'_>, stretch: &Stretch) -> String {
    match stretch {
        Stretch::Place(place) => text.place(place),
        Stretch::Between { first, last } => {
            format!("{} to {}", text.place(first), text.place(last))
        }
        Stretch::All => "everything".to_owned(),
        Stretch::Object(from) | Stretch::Freed(from) => {
            format!("what {} leads to", text.expr(*from))
        }
        Stretch::Bytes { from, count } => {
            let (from, count) = (text.expr(*from), text.expr(*count));
            format!("{count} bytes from {from}")
        }
        Stretch::Where {
            condition,
            holds,
            stretch,
        } => {
            let word = if *holds { "where" } else { "unless" };
            let condition = text.expr(*condition);
            format!("{} {word} {condition}", element(text, stretch))
        }
    }
}

/// Returns an entry for every stay.
pub fn stays(plan: &Plan) -> Vec<Stay> {
    let source = &plan.module.source;
    let residency = &plan.residency;
    let line = |offset: u32| source.line_column(offset).0;
    let entry = |stay: &mupac_ir::Stay| {
        let regions = stay.regions.iter().filter_map(|region| {
            let shares = residency.meetings.get(region) != Some(&Meeting::Apart);
            plan.regions.get(*region).filter(|_| shares)
        });
        let is_inside = |at: &Span| stay.within.start <= at.start && at.end <= stay.within.end;
        let turns = residency.turns.iter().filter(|(at, _)| is_inside(at));
        Stay {
            function: plan.module.functions[stay.function].name.clone(),
            first_line: line(stay.within.start),
            last_line: line(stay.within.end),
            regions: regions.map(|region| region.name.clone()).collect(),
            turns: turns
                .map(|(at, host)| Turn {
                    line: line(at.start),
                    does: host.turn.into(),
                    elements: elements(&plan.module, host),
                })
                .collect(),
        }
    };
    residency.stays.iter().map(entry).collect()
}
