//! The report of a translation as JSON, version 1.
//!
//! Every loop of the file appears. A figure that nobody computed is absent, never invented.

mod check;
mod worth;

pub(crate) use check::is_zero;
pub use check::{Check, Copies, FailureEntry, Mutants, Origin};
pub use worth::{TimesAsFast, WorthEntry};

use std::borrow::Cow;

use mupac_ir::asked::asked;
use mupac_ir::c_text::CText;
use mupac_ir::{
    HostTurn, LoopOutcome, Meeting, Module, Plan, Reason, Refusal, RegionPlan, Source, Span,
    Stretch, Witness, reason,
};
use mupac_model::signature::Level;
use serde::Serialize;

use crate::describe;

/// The report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Of this form: 1.
    pub version: u32,
    /// Version of mupac.
    pub tool: &'static str,
    /// As the user named it.
    pub input: String,
    /// Where the text went.
    pub output: String,
    /// The files beside it: what stays C, and the header between the two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// What decided the result besides the input.
    pub options: Options,
    /// Every loop, in source order.
    pub loops: Vec<Loop>,
    /// Every stretch that kernels took the place of.
    pub regions: Vec<Region>,
    /// Where device copies outlive the regions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<Stay>,
    /// How the mappings were chosen.
    pub search: Search,
    /// What the translation is worth; absent where nothing is predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<WorthEntry>,
    /// How far the text was checked.
    pub check: Check,
}

/// The options that decide the result.
#[derive(Clone, Debug, Serialize)]
pub struct Options {
    /// Passed through to the C front end.
    pub compiler: Vec<String>,
    /// `-O`.
    pub optimise: u8,
    /// `--cpu-threshold`; `null` where it is left to the estimate.
    pub cpu_threshold: Option<u64>,
    /// `--fp`.
    pub fp: &'static str,
    /// `--memory`.
    pub memory: &'static str,
    /// `--coherence`.
    pub coherence: &'static str,
    /// `--check`.
    pub check: &'static str,
    /// `--plan`.
    pub plan: Option<String>,
    /// `--no-parallel`.
    pub no_parallel: bool,
}

/// A loop.
#[derive(Clone, Debug, Serialize)]
pub struct Loop {
    /// The input.
    pub file: String,
    /// Of its keyword, counted from 1.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
    /// The function it stands in.
    pub function: String,
    /// `parallel`, `sequential`, `host` or `inlined`.
    pub verdict: &'static str,
    /// What was recognised in it; not computed yet.
    pub idiom: Option<&'static str>,
    /// What is tested before its kernel runs.
    pub guards: Vec<Guard>,
    /// Why it is not parallel.
    pub reasons: Vec<ReasonEntry>,
    /// The kernel that runs it or holds it.
    pub kernel: Option<String>,
    /// The moves of its region.
    pub plan: Vec<String>,
    /// Whether it is part of a kernel.
    pub device_code: bool,
}

/// A condition tested on the host.
#[derive(Clone, Debug, Serialize)]
pub struct Guard {
    /// `no-overlap`, `loop-runs`, …
    pub kind: &'static str,
    /// The condition in words of C.
    pub text: String,
}

/// A reason at a place.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonEntry {
    /// `MUPA101`.
    pub code: &'static str,
    /// `carried-dependence`.
    pub name: &'static str,
    /// In a sentence.
    pub message: String,
    /// Of the text that causes it.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
    /// Two iterations that conflict.
    pub witness: Option<WitnessEntry>,
    /// What would help.
    pub hint: Option<String>,
}

/// Two iterations and the element they fight over.
#[derive(Clone, Debug, Serialize)]
pub struct WitnessEntry {
    /// Iterator values of the earlier access.
    pub source: Vec<i64>,
    /// Iterator values of the later access.
    pub sink: Vec<i64>,
    /// `a[2]`.
    pub element: String,
}

/// A stretch that kernels took the place of.
#[derive(Clone, Debug, Serialize)]
pub struct Region {
    /// `saxpy:3`.
    pub name: String,
    /// In order of launch.
    pub kernels: Vec<Kernel>,
    /// Device copies of host memory; outside of every stay they live as long as the region.
    pub buffers: Vec<Buffer>,
    /// The ranges of arrays that are memory of the device already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resident: Vec<String>,
    /// What is tested before anything else.
    pub guards: Vec<Guard>,
    /// What its plan came of: `search`, `greedy`, `default` or `replay`.
    pub chosen_by: Option<&'static str>,
    /// How the region came to this form.
    pub trajectory: Vec<MoveEntry>,
    /// What all moves were good for, against the default bindings; absent where no estimate is known.
    pub estimate: Option<Estimate>,
    /// In microseconds; absent where no estimate is known.
    pub estimated_microseconds: Option<Times>,
}

/// A kernel.
#[derive(Clone, Debug, Serialize)]
pub struct Kernel {
    /// `saxpy_l3`.
    pub name: String,
    /// Threads of a block along x, y, z.
    pub block: [u32; 3],
    /// `i on block.x * 256 + thread.x`.
    pub mapping: Vec<String>,
}

/// A device copy.
#[derive(Clone, Debug, Serialize)]
pub struct Buffer {
    /// The range of the array: `x[0..n)`.
    pub range: String,
    /// Its size in words of C; absent where a pass over the iterations finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// Whether it is copied to the device first.
    pub copied_in: bool,
    /// Whether it is copied back.
    pub copied_out: bool,
}

/// A stretch of statements, while which arrays stay on the device.
#[derive(Clone, Debug, Serialize)]
pub struct Stay {
    /// The function it stands in.
    pub function: String,
    /// Of its first statement.
    pub first_line: usize,
    /// Of the end of its last statement.
    pub last_line: usize,
    /// The regions that it comes to and that leave copies or find them.
    pub regions: Vec<String>,
    /// The statements in it before which copies go home.
    pub turns: Vec<Turn>,
}

/// A statement of the host that touches memory while a stay may last.
#[derive(Clone, Debug, Serialize)]
pub struct Turn {
    /// Of its first word.
    pub line: usize,
    /// `reads`: copies go home; `changes`: and are forgotten; `alone`: and no other outlives a region until it is over.
    pub does: &'static str,
    /// All elements that it touches, where they are known: no other copies go home.
    pub elements: Vec<String>,
}

/// One move of a trajectory.
#[derive(Clone, Debug, Serialize)]
pub struct MoveEntry {
    /// As in a plan file.
    #[serde(rename = "move")]
    pub text: String,
    /// What it changed.
    pub did: String,
    /// Why the result is still right.
    pub legal_because: String,
    /// What it was good for; absent where it only completes the mapping by the default bindings.
    #[serde(flatten)]
    pub estimate: Option<Estimate>,
    /// What the graph that guided the search knows of it; absent where there was none, or it knows nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What became of a move in nests of the same kind.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// What of a nest had to be the same: `exact`, `loops` or `shape`.
    pub level: Level,
    /// How many trajectories made the move, by the cost model.
    pub estimated: u32,
    /// The same, on GPUs.
    pub measured: u32,
    /// Binary logarithm of how far these stay behind the best of their regions.
    pub behind_log2: f64,
    /// Some of the regions: `a.c saxpy:3`.
    pub examples: Vec<String>,
}

/// What moves were good for, by the analytic estimate.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// Binary logarithm of how many times faster the region became.
    pub gain_log2: f64,
    /// What limits it then.
    pub bottleneck: &'static str,
}

/// What one run of a region takes by the analytic estimate, at typical sizes where they are not known.
#[derive(Clone, Debug, Serialize)]
pub struct Times {
    /// Kernels with their launches.
    pub kernels: f64,
    /// What the host looks at before, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspections: Option<f64>,
    /// Copies of all that the region touches, there and back.
    pub copies: f64,
    /// One core of the host, without kernels.
    pub host: f64,
}

/// What chose the form of a region, and how.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// What its plan came of.
    pub by: Option<&'static str>,
    /// By which moves.
    pub trajectory: Trajectory,
}

/// How a region came to its form.
#[derive(Clone, Debug, Default)]
pub struct Trajectory {
    /// In order.
    pub moves: Vec<MoveEntry>,
    /// All of them against the default bindings.
    pub estimate: Option<Estimate>,
    /// In microseconds.
    pub times: Option<Times>,
}

/// How the mappings were chosen.
#[derive(Clone, Debug, Serialize)]
pub struct Search {
    /// `naive`, `analytic`, `replay` or `none`.
    pub oracle: &'static str,
    /// The hash of the network that guided a search; absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The hash of the sequence model whose proposals a search began with; absent where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposals: Option<String>,
    /// The architecture that mappings were chosen for.
    pub arch: String,
    /// The GPU whose constants the estimates rest on: the one of that architecture, else the nearest that is known.
    pub hardware: &'static str,
    /// Whether these constants were measured on such a GPU.
    pub is_calibrated: bool,
}

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
        function: outcome.function.clone(),
        verdict: outcome.verdict.name(),
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

fn reason_entry(source: &Source, refusal: &Refusal) -> ReasonEntry {
    let row = refusal.reason.row();
    let (line, column) = source.line_column(refusal.at.start);
    ReasonEntry {
        code: row.code,
        name: row.name,
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
        chosen_by: by,
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
                    does: host.turn.name(),
                    elements: elements(&plan.module, host),
                })
                .collect(),
        }
    };
    residency.stays.iter().map(entry).collect()
}
