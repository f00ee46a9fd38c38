//! `mupac import`: takes home what the script of a bundle saw on a GPU.
//!
//! A file of results is taken whole or not at all. Its lines must be of the right form, come from this version of mupac,
//! be about the very texts of the bundle, and say nothing twice. The texts are those of the bundle's manifest, which was
//! written with them, and not texts emitted again: another build of mupac or another libclang may write another text for
//! the same file, and what was measured stays true of the one that ran. The manifest's hashes are held against the files
//! beside it.
//! What is kept are measured trajectories: which moves led to a text, and how long it takes where.

mod moves;
mod results;
pub mod store;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mupac_ir::gpu_result::{EMULATION, SCHEMA, Stage};
use mupac_ir::hash::text_hash;
use mupac_ir::{GpuDevice, GpuResult, GpuVerdict, Measured};
use mupac_tester::FailureKind;

use crate::bundle::manifest::{self, Manifest, ManifestFile};
use crate::cli::Import;
use crate::diagnostics::Message;
use crate::input;

use results::Line;

/// What was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// How many results there are of each verdict.
    pub counts: BTreeMap<GpuVerdict, usize>,
    /// The GPUs that something ran on.
    pub devices: Vec<GpuDevice>,
    /// The failures, a line each.
    pub failures: Vec<String>,
    /// How many measured trajectories were added.
    pub added: usize,
    /// Where they are kept.
    pub store: PathBuf,
}

/// Imports a file of results.
///
/// **Errors**: a message that names the file and the line, and says what is wrong; then nothing is changed.
pub fn import(options: &Import) -> Result<Imported, Message> {
    let lines = results::read(&options.results)?;
    let bundle = bundle_of(options);
    let manifest = manifest_of(&bundle)?;
    let name = options.results.display().to_string();
    for (index, line) in lines.iter().enumerate() {
        let wrong = fault(&line.result, &manifest, &bundle)?;
        let again = lines[..index]
            .iter()
            .find(|earlier| earlier.result.key() == line.result.key())
            .map(|earlier| format!("it says again what line {} says", earlier.number));
        if let Some(what) = wrong.or(again) {
            return Err(Message::error(what).at(name, line.number, 0));
        }
    }
    let store = store::path(options.into.as_deref())?;
    let fresh = measured(&lines, &manifest);
    let added = keep(fresh, &store, &name)?;
    Ok(imported(&lines, added, store))
}

/// Adds trajectories to the store, each with the line of the file `name` that it comes from; returns how many.
///
/// **Errors**: one of them is there already, or the store cannot be read or written; then nothing is added.
fn keep(fresh: Vec<(usize, Measured)>, store: &Path, name: &str) -> Result<usize, Message> {
    let _alone = if fresh.is_empty() {
        None
    } else {
        Some(store::hold(store)?)
    };
    let mut known = store::read(store)?;
    for (number, each) in &fresh {
        if known.iter().any(|old| store::is_same_run(old, each)) {
            return Err(Message::error(format!(
                "it was imported before; {} has it",
                store.display()
            ))
            .at(name, *number, 0));
        }
    }
    let added = fresh.len();
    known.extend(fresh.into_iter().map(|(_, each)| each));
    if added > 0 {
        store::write(store, &known)?;
    }
    Ok(added)
}

/// Returns the folder of the bundle: the one that was named, or the one where the results lie.
fn bundle_of(options: &Import) -> PathBuf {
    match (&options.bundle, options.results.parent()) {
        (Some(bundle), _) => bundle.clone(),
        (None, Some(parent)) if !parent.as_os_str().is_empty() => parent.to_owned(),
        (None, Some(_) | None) => PathBuf::from("."),
    }
}

fn manifest_of(bundle: &Path) -> Result<Manifest, Message> {
    let path = bundle.join(manifest::NAME);
    let help = "run it in the folder of the bundle, or name that with --bundle";
    let text = input::read_bytes(&path).map_err(|message| message.help(help))?;
    let name = path.display().to_string();
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|cause| Message::error(format!("it is no manifest: {cause}")).at(&name, 0, 0))?;
    let tool = env!("CARGO_PKG_VERSION");
    if manifest.schema != SCHEMA || manifest.tool != tool {
        return Err(Message::error(format!(
            "the bundle was made by mupac {} with schema {}, this is mupac {tool} with schema {SCHEMA}",
            manifest.tool, manifest.schema
        ))
        .at(name, 0, 0)
        .help("make a new bundle and run it"));
    }
    let mut regions = manifest.files.iter().flat_map(|file| {
        let functions = file.functions.iter();
        functions.flat_map(|function| &function.regions)
    });
    match regions.find_map(moves::fault) {
        Some(what) => Err(Message::error(what).at(name, 0, 0)),
        None => Ok(manifest),
    }
}

/// Returns what is wrong with a result of this bundle.
///
/// **Errors**: a text of the bundle is not the one that its manifest is about.
fn fault(
    result: &GpuResult,
    manifest: &Manifest,
    bundle: &Path,
) -> Result<Option<String>, Message> {
    if let Some(what) = result.fault() {
        return Ok(Some(what));
    }
    if result.tool != manifest.tool {
        return Ok(Some(format!(
            "it is about a text of mupac {}, the bundle's are of mupac {}",
            result.tool, manifest.tool
        )));
    }
    if result
        .device
        .as_ref()
        .is_some_and(|device| device.name == EMULATION)
    {
        return Ok(Some(
            "the CPU stood in for a GPU, and nothing was measured".to_owned(),
        ));
    }
    let mut files = manifest.files.iter();
    let Some(file) = files.find(|file| file.name == result.file) else {
        return Ok(Some(format!("the bundle has no file {}", result.file)));
    };
    if result.text != file.text {
        return Ok(Some(format!(
            "the text of {} that ran has hash {}, mupac wrote the one with hash {}",
            file.name, result.text, file.text
        )));
    }
    if let Some(kind) = &result.kind
        && FailureKind::from_name(kind).is_none()
    {
        return Ok(Some(format!("there is no kind of failure `{kind}`")));
    }
    if result.timings.is_some() && function_of(result, file).is_none() {
        return Ok(Some(format!(
            "{} has no function {} with a kernel",
            file.name,
            result.function.as_deref().unwrap_or_default()
        )));
    }
    check_text(file, bundle)?;
    Ok(None)
}

fn function_of<'a>(
    result: &GpuResult,
    file: &'a ManifestFile,
) -> Option<&'a manifest::ManifestFunction> {
    let mut functions = file.functions.iter();
    functions.find(|function| Some(&function.name) == result.function.as_ref())
}

/// Holds the hash of a text against the manifest's.
fn check_text(file: &ManifestFile, bundle: &Path) -> Result<(), Message> {
    let path = bundle.join("files").join(&file.name).join("out.cu");
    let text = input::read_bytes(&path)?;
    let hash = text_hash(&String::from_utf8_lossy(&text));
    if hash == file.text {
        return Ok(());
    }
    Err(Message::error(format!(
        "it was changed: its hash is {hash}, mupac wrote the text with hash {}",
        file.text
    ))
    .at(path.display().to_string(), 0, 0))
}

/// Returns the measured trajectories, each with the line that it comes from.
///
/// What failed a test on the same machine is no translation, and how long it takes says nothing.
fn measured(lines: &[Line], manifest: &Manifest) -> Vec<(usize, Measured)> {
    let has_failed = |measured: &GpuResult| {
        lines.iter().any(|line| {
            let each = &line.result;
            each.verdict == GpuVerdict::Fail
                && each.text == measured.text
                && each.device == measured.device
        })
    };
    let mut found = Vec::new();
    for line in lines {
        let result = &line.result;
        let (Some(timings), Some(device)) = (result.timings, &result.device) else {
            continue;
        };
        if result.stage != Stage::Timing || has_failed(result) {
            continue;
        }
        let mut files = manifest.files.iter();
        let file = files.find(|file| file.name == result.file);
        let Some(function) = file.and_then(|file| function_of(result, file)) else {
            continue;
        };
        found.push((
            line.number,
            Measured {
                schema: SCHEMA,
                tool: result.tool.clone(),
                file: result.file.clone(),
                text: result.text.clone(),
                function: function.name.clone(),
                regions: function.regions.clone(),
                device: device.clone(),
                compiler: result.compiler.clone(),
                flags: result.flags.clone(),
                date: result.date.clone(),
                sizes: result.sizes.clone(),
                timings,
            },
        ));
    }
    found
}

fn imported(lines: &[Line], added: usize, store: PathBuf) -> Imported {
    let mut counts = BTreeMap::new();
    let mut devices = Vec::new();
    let mut failures = Vec::new();
    for Line { result, .. } in lines {
        *counts.entry(result.verdict).or_default() += 1;
        let device = result.device.as_ref();
        devices.extend(device.filter(|device| !devices.contains(*device)).cloned());
        if result.verdict == GpuVerdict::Fail {
            failures.push(format!(
                "{} {} {}: {}: {}",
                result.file,
                result.stage.name(),
                result.test,
                result.kind.as_deref().unwrap_or_default(),
                result.message.as_deref().unwrap_or_default()
            ));
        }
    }
    Imported {
        counts,
        devices,
        failures,
        added,
        store,
    }
}

impl std::fmt::Display for Imported {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.devices.is_empty() {
            writeln!(out, "nothing ran on a GPU")?;
        }
        for GpuDevice {
            name,
            compute_capability,
            driver,
            cuda,
        } in &self.devices
        {
            writeln!(
                out,
                "{name}, compute capability {compute_capability}, driver {driver}, CUDA {cuda}"
            )?;
        }
        let verdicts = [
            (GpuVerdict::Pass, "passed"),
            (GpuVerdict::Fail, "failed"),
            (GpuVerdict::NotTested, "not tested"),
            (GpuVerdict::NotRun, "not run"),
        ];
        let counts: Vec<String> = verdicts
            .iter()
            .map(|(verdict, word)| {
                let count = self.counts.get(verdict).copied().unwrap_or(0);
                format!("{count} {word}")
            })
            .collect();
        writeln!(out, "{}", counts.join(", "))?;
        for failure in &self.failures {
            writeln!(out, "failed: {failure}")?;
        }
        match self.added {
            0 => writeln!(out, "no measured trajectory was added"),
            1 => writeln!(
                out,
                "1 measured trajectory was added to {}",
                self.store.display()
            ),
            added => writeln!(
                out,
                "{added} measured trajectories were added to {}",
                self.store.display()
            ),
        }
    }
}
