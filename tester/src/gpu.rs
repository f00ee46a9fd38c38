//! The check on a GPU: what passed on the CPU is packed as for another machine, and the script of the bundle runs here.
//!
//! So there is one way to compile, run, compare and look deeper on a GPU, and the lines of results are the only thing
//! that comes back.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_ir::gpu_result::{EndMark, Stage};
use mupac_ir::{GpuDevice, GpuResult, GpuVerdict};

use crate::bundle::{TOP_FILES, bundle_files, support_files};
use crate::isolation::Process;
use crate::options::CheckOptions;
use crate::outcome::{Failure, FailureKind, Outcome, TesterError, Verified};

/// The longest that compiling, tests and tools may take together.
const LIMIT: Duration = Duration::from_mins(30);
/// The only text of the bundle.
const NAME: &str = "text";
/// What the script may need to find its tools and the GPU.
const VARIABLES: [&str; 6] = [
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "COMPUTE_SANITIZER",
    "JOBS",
];

/// How a text is checked on a GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuOptions {
    /// NVIDIA's compiler.
    pub nvcc: PathBuf,
}

/// What a GPU had to say of a text that it found nothing wrong with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuEvidence {
    /// Which GPU.
    pub device: GpuDevice,
    /// Tests that passed; each called the text three times.
    pub tests: usize,
    /// Tests whose results may be as right as the original's: no bound is known.
    pub undecided: usize,
    /// The tools of compute-sanitizer that found nothing, after they had found a planted bug.
    pub tools: Vec<&'static str>,
    /// What did not run, and why.
    pub not_run: Vec<String>,
}

/// Checks a text on the GPU of this machine.
///
/// **Errors**: there is no GPU after all, or the script did not come to its end.
pub(crate) fn check(
    verified: Verified,
    gpu: &GpuOptions,
    options: &CheckOptions,
    scratch: &Path,
) -> Result<Outcome, TesterError> {
    let Some(recording) = verified.recording.as_deref() else {
        return Ok(Outcome::Verified(verified));
    };
    let bundle = scratch.join("gpu");
    let here = env::current_dir().map_err(TesterError::io("find the current folder"))?;
    let arguments = absolute(options, &here, &verified.unit().source.name);
    let links = options.link_arguments.iter().map(|option| {
        let folder = option.strip_prefix("-L");
        folder.map_or(option.clone(), |folder| {
            format!("-L{}", here.join(folder).display())
        })
    });
    let links: Vec<String> = links.collect();
    let own = bundle_files(verified.unit(), recording, &arguments, &links);
    let own = own
        .into_iter()
        .map(|file| (format!("files/{NAME}/{}", file.name), file.content));
    let support = support_files().map(|(name, text)| (format!("support/{name}"), text));
    let top = TOP_FILES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), *text));
    let shared = support
        .chain(top)
        .chain([("support/tool".to_owned(), "check")]);
    let shared = shared.map(|(name, text)| (name, text.as_bytes().to_vec()));
    for (name, content) in own.chain(shared) {
        let path = bundle.join(&name);
        let folder = path.parent().unwrap_or(&bundle);
        fs::create_dir_all(folder).map_err(TesterError::io("make a temporary folder"))?;
        fs::write(&path, content).map_err(TesterError::io(format!("write {name}")))?;
    }
    run(&bundle, gpu, options)?;
    let text = fs::read_to_string(bundle.join("results.jsonl"))
        .map_err(TesterError::io("read the results from the GPU"))?;
    outcome(verified, &results(&text)?)
}

fn run(bundle: &Path, gpu: &GpuOptions, options: &CheckOptions) -> Result<(), TesterError> {
    let word = |path: &Path| path.to_string_lossy().into_owned();
    let mut environment: Vec<(String, String)> = VARIABLES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?)))
        .collect();
    environment.extend([
        ("LC_ALL".to_owned(), "C".to_owned()),
        ("NVCC".to_owned(), word(&gpu.nvcc)),
        ("CC".to_owned(), word(&options.c_compiler)),
        ("CXX".to_owned(), word(&options.cxx_compiler)),
    ]);
    Process {
        program: Path::new("/bin/sh"),
        called: "sh",
        arguments: vec!["run.sh".to_owned()],
        environment,
        folder: bundle,
        stdin: None,
        descriptors: &[],
        limit: LIMIT,
        allowance: options.allowance.as_ref(),
    }
    .run()
    .map_err(TesterError::io("start the script of the check"))?;
    Ok(())
}

/// Returns the options with folders that can be found from anywhere, that of the text among them.
fn absolute(options: &CheckOptions, here: &Path, source: &str) -> Vec<String> {
    let folder = Path::new(source).parent().unwrap_or(Path::new(""));
    let mut arguments = vec![format!("-iquote{}", here.join(folder).display())];
    let mut rest = options.compile_arguments.iter();
    while let Some(argument) = rest.next() {
        let folders = ["-isystem", "-iquote", "-idirafter", "-I"];
        let Some(name) = folders.iter().find(|name| argument.starts_with(**name)) else {
            arguments.push(argument.clone());
            continue;
        };
        let glued = Some(argument[name.len()..].to_owned()).filter(|folder| !folder.is_empty());
        if let Some(folder) = glued.or_else(|| rest.next().cloned()) {
            arguments.push(format!("{name}{}", here.join(folder).display()));
        }
    }
    arguments
}

/// Reads what the script saw.
///
/// **Errors**: it did not come to its end.
fn results(text: &str) -> Result<Vec<GpuResult>, TesterError> {
    let unread = |what: String| TesterError::Gpu { what };
    let lines: Vec<&str> = text.lines().collect();
    let Some((last, lines)) = lines.split_last() else {
        return Err(unread("the script saw nothing".to_owned()));
    };
    let end: Result<EndMark, _> = serde_json::from_str(last);
    if !end.is_ok_and(|end| end.end == lines.len()) {
        return Err(unread("the script did not come to its end".to_owned()));
    }
    let read = |line: &&str| {
        serde_json::from_str(line)
            .map_err(|cause| unread(format!("`{line}` is no result: {cause}")))
    };
    lines.iter().map(read).collect()
}

fn outcome(mut verified: Verified, results: &[GpuResult]) -> Result<Outcome, TesterError> {
    let failures: Vec<Failure> = results
        .iter()
        .filter(|result| result.verdict == GpuVerdict::Fail)
        .map(failure)
        .collect();
    if !failures.is_empty() {
        return Ok(Outcome::Failed(failures));
    }
    let Some(device) = results.iter().find_map(|result| result.device.clone()) else {
        let mut whys = results.iter().filter_map(|result| result.message.clone());
        let what = whys.next().unwrap_or_else(|| "nothing ran".to_owned());
        return Err(TesterError::Gpu { what });
    };
    let count = |verdict| {
        let of_tests = results
            .iter()
            .filter(|result| result.stage == Stage::Correctness && result.verdict == verdict);
        of_tests.count()
    };
    let is_tool = |result: &&GpuResult| match result.stage {
        Stage::Memcheck | Stage::Racecheck | Stage::Initcheck | Stage::Synccheck => true,
        Stage::Compile | Stage::Correctness | Stage::Timing => false,
    };
    let passed = results.iter().filter(is_tool);
    let passed = passed.filter(|result| result.verdict == GpuVerdict::Pass);
    let not_run = results
        .iter()
        .filter(|result| result.verdict == GpuVerdict::NotRun)
        .map(|result| {
            let why = result.message.as_deref().unwrap_or_default();
            format!("{}: {why}", result.stage.name())
        });
    verified.evidence.gpu = Some(GpuEvidence {
        device,
        tests: count(GpuVerdict::Pass),
        undecided: count(GpuVerdict::NotTested),
        tools: passed.map(|result| result.stage.name()).collect(),
        not_run: not_run.collect(),
    });
    Ok(Outcome::Verified(verified))
}

fn failure(result: &GpuResult) -> Failure {
    let kind = result.kind.as_deref().and_then(FailureKind::from_name);
    let message = result.message.as_deref().unwrap_or("it failed");
    let device = result.device.as_ref().map_or("nvcc", |device| &device.name);
    Failure {
        kind: kind.unwrap_or(FailureKind::Crash),
        function: result.function.clone(),
        kernel: None,
        message: format!(
            "on {device}, {} {}: {message}",
            result.stage.name(),
            result.test
        ),
        replay: String::new(),
        counterexample: None,
        origin: None,
        is_rounding: false,
    }
}
