//! `mupac graph`: keeps the trajectories that searches find, and makes a graph of them.

mod replay;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mupac_model::search::Plan;
use mupac_model::trajectories::{Record, SCHEMA, records, show, svg};
use mupac_model::{Analytic, Budget, Even, TrajectoryGraph, search};
use mupac_passes::{Device, State};
use mupac_tester::HeldFolder;

use crate::cli::{Color, Graph, GraphForm, MessageFormat};
use crate::diagnostics::{Message, Reporter, plain};
use crate::input;
use crate::overwriting;
use crate::run::{self, Stop};
use crate::writer::{self, Target};
use replay::Replay;

/// Which plans of a region are kept, by rank: many good ones, and some to hold them against.
const RANKS: [usize; 5] = [0, 1, 2, 4, 8];

/// Runs a command and returns the exit code.
pub(crate) fn main(command: &Graph, compiler: &[String]) -> u8 {
    let reporter = Reporter {
        format: MessageFormat::Human,
        color: Color::Auto,
        is_quiet: false,
        is_verbose: false,
    };
    let done = match command {
        Graph::Update {
            inputs,
            into,
            search_budget,
        } => update(inputs, into, *search_budget, compiler, reporter),
        Graph::Build {
            trajectories,
            output,
        } => build(trajectories, output, Replay::new(compiler, reporter)).map_err(Stop::from),
        Graph::Show { graph, form } => shown(graph.as_deref(), *form).map_err(Stop::from),
    };
    match done {
        Ok(()) => run::WRITTEN,
        Err(stop) => {
            for message in &stop.messages {
                reporter.say(message, None);
            }
            stop.code
        }
    }
}

/// Adds the trajectories of files; those that a region had before are replaced.
fn update(
    inputs: &[PathBuf],
    into: &Path,
    simulations: usize,
    compiler: &[String],
    reporter: Reporter,
) -> Result<(), Stop> {
    refuse(inputs, into, "--into names another file")?;
    // What cannot be added to is found before the search.
    known(into)?;
    let mut found = Vec::new();
    for path in inputs {
        found.extend(of_file(path, simulations, compiler, reporter)?);
    }
    let target = Target::of(into);
    let _alone = match &target {
        Target::StandardOutput => None,
        Target::File(path) => Some(HeldFolder::of(path).map_err(|cause| {
            Message::error(format!(
                "cannot write {}: {}",
                into.display(),
                input::words(&cause)
            ))
        })?),
    };
    let mut all = known(into)?;
    for records in found {
        if let Some(first) = records.first() {
            all.insert((first.program.clone(), first.region.clone()), records);
        }
    }
    let mut text = String::new();
    for record in all.values().flatten() {
        text += &serde_json::to_string(record).map_err(|cause| unwritable(into, &cause))?;
        text.push('\n');
    }
    writer::write_text(&target, &text)?;
    Ok(())
}

/// Trajectories by program and region.
type Known = BTreeMap<(String, String), Vec<Record>>;

/// Returns the trajectories of a file; none where there is no file yet.
fn known(path: &Path) -> Result<Known, Message> {
    let mut known = Known::new();
    if path.exists() {
        for record in trajectories(path)? {
            let key = (record.program.clone(), record.region.clone());
            known.entry(key).or_default().push(record);
        }
    }
    Ok(known)
}

/// Searches the regions of a file; returns the trajectories of each.
fn of_file(
    path: &Path,
    simulations: usize,
    compiler: &[String],
    reporter: Reporter,
) -> Result<Vec<Vec<Record>>, Stop> {
    let module = run::module(path, compiler, reporter)?;
    let workload = Arc::new(mupac_passes::analyse(module));
    let regions = 0..workload.regions.len();
    let states = regions.filter_map(|region| State::new(Arc::clone(&workload), region));
    states
        .map(|start| of_region(&start, simulations).map_err(Stop::from))
        .collect()
}

fn of_region(start: &State, simulations: usize) -> Result<Vec<Record>, Message> {
    let device = Device::default();
    let plans = |budget| {
        let found = search(start, &mut Analytic::default(), &mut Even, &device, budget);
        let found = found.map_err(|error| Message::error(error.to_string()))?;
        Ok::<Vec<Plan>, Message>(found.plans().cloned().collect())
    };
    let Some(default) = plans(Budget::of(0))?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let found = plans(Budget::of(simulations))?;
    let mut kept: Vec<Plan> = RANKS
        .iter()
        .filter_map(|rank| found.get(*rank))
        .cloned()
        .collect();
    if kept.iter().all(|plan| plan.key != default.key) {
        kept.push(default.clone());
    }
    records(start, &kept, default.log2_seconds, &device)
        .map_err(|refusal| Message::error(refusal.reason.to_string()))
}

/// Makes a graph of files of trajectories.
fn build(files: &[PathBuf], output: &Path, mut replay: Replay<'_>) -> Result<(), Message> {
    refuse(files, output, "-o names another output")?;
    overwriting::refuse_foreign([&Target::of(output)], "-o names another output")?;
    let mut graph = TrajectoryGraph::default();
    for file in files {
        for record in trajectories(file)? {
            graph.add(&replay.again(record));
        }
    }
    replay.tell();
    let text = graph.text().map_err(|cause| unwritable(output, &cause))?;
    writer::write_text(&Target::of(output), &text)
}

fn refuse(read: &[PathBuf], written: &Path, help: &str) -> Result<(), Message> {
    let written = [(Target::of(written), help)];
    overwriting::refuse(read.iter().map(PathBuf::as_path), &written)
}

fn unwritable(path: &Path, cause: &serde_json::Error) -> Message {
    Message::error(format!("cannot write {}: {cause}", path.display()))
}

/// Reads a file of trajectories.
///
/// **Errors**: a message that names the file and the line that is none.
fn trajectories(path: &Path) -> Result<Vec<Record>, Message> {
    let bytes = input::read_bytes(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let name = path.display().to_string();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let record: Record = serde_json::from_str(line).map_err(|cause| {
            Message::error(format!("this is no trajectory: {cause}")).at(&name, number, 0)
        })?;
        if record.schema != SCHEMA {
            let words = format!(
                "this trajectory has schema {}, and mupac reads schema {SCHEMA}",
                record.schema
            );
            return Err(Message::error(words)
                .at(&name, number, 0)
                .help("mupac graph update writes it anew"));
        }
        if let Some(what) = record.fault() {
            let words = format!("this is no trajectory: {what}");
            return Err(Message::error(words).at(&name, number, 0));
        }
        found.push(record);
    }
    Ok(found)
}

/// Reads a graph.
///
/// **Errors**: a message that names the file, and the line that is no node.
pub(crate) fn read(path: &Path) -> Result<TrajectoryGraph, Message> {
    let bytes = input::read_bytes(path)?;
    TrajectoryGraph::read(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        Message::error(format!("this is no node of a graph: {}", error.what))
            .at(path.display().to_string(), error.line, 0)
            .help("mupac graph build writes one")
    })
}

fn shown(path: Option<&Path>, form: GraphForm) -> Result<(), Message> {
    let graph = path.map_or_else(|| Ok(TrajectoryGraph::shipped()), read)?;
    let text = match form {
        GraphForm::Table => show::table(&graph),
        GraphForm::Dot => show::dot(&graph),
        GraphForm::Svg => svg::svg(&graph),
    };
    writer::write_text(&Target::StandardOutput, &plain(&text))
}
