//! Makes a request of the options.

use std::sync::Arc;
use std::time::Duration;

use mupac_backend_cuda::device;
use mupac_ir::{Coherence, Memory};
use mupac_model::proposals::Proposer;
use mupac_model::{Budget, Hardware, Network, TrajectoryGraph};
use mupac_passes::{Device, FloatOrder, Settings};
use mupac_tester::{Allowance, CheckOptions, GpuOptions, Unlaunched, tools};

use crate::arguments::names_output;
use crate::candidates::{Effort, Target};
use crate::cli::{
    Check, CoherenceKind, DEFAULT_SEARCH_BUDGET, FloatingPoint, MemoryKind, NATIVE, Translate,
    UntestedKernels,
};
use crate::diagnostics::Message;
use crate::graph;
use crate::input;
use crate::plan_file::PlanFile;
use crate::run::{Stop, TOOL_MISSING};
use crate::translate::{Request, Selection};

/// Returns what the options ask for.
///
/// **Errors**: the plan file, or the file for standard input, cannot be read; a tool is missing.
pub(crate) fn of(options: &Translate, compiler: &[String]) -> Result<Request, Stop> {
    let target = Target {
        settings: Settings {
            cpu_threshold: options.cpu_threshold.0,
            memory: match options.memory {
                MemoryKind::Explicit => Memory::Explicit,
                MemoryKind::Managed => Memory::Managed,
                MemoryKind::Device => Memory::Device,
                MemoryKind::System => Memory::System,
            },
            coherence: match options.coherence {
                CoherenceKind::Proof => Coherence::Proof,
                CoherenceKind::Pages => Coherence::Pages,
                CoherenceKind::Copy => Coherence::Copy,
            },
            float_order: match options.fp {
                FloatingPoint::Strict => FloatOrder::Source,
                FloatingPoint::Reassoc => FloatOrder::Reassociate,
                FloatingPoint::Atomic => FloatOrder::Unordered,
            },
        },
        device: device_of(&options.arch)?,
        split: None,
    };
    let check = match options.check {
        Check::Off => None,
        Check::Cpu => Some(check_options(options, compiler)?),
        Check::Gpu => Some(CheckOptions {
            gpu: Some(gpu_options()?),
            ..check_options(options, compiler)?
        }),
    };
    Ok(Request {
        selection: selection(options)?,
        target,
        check,
        is_strict: options.strict_check,
        options: repeated(options),
        names_lines: options.line_directives,
    })
}

/// Returns what is known of a GPU.
///
/// Of a compute capability without a file of its own the nearest one's constants serve, under its own name.
///
/// **Errors**: this machine has no GPU to ask.
fn device_of(arch: &str) -> Result<Device, Stop> {
    let arch = if arch == NATIVE {
        let gpus = device::gpus().map_err(|why| Stop {
            messages: vec![
                Message::error(format!("--arch=native needs a GPU, and {why}"))
                    .help("name one: --arch=sm_90"),
            ],
            code: TOOL_MISSING,
        })?;
        gpus.into_iter().next().map(|gpu| gpu.arch)
    } else {
        Some(arch.to_owned())
    };
    let mut device = Device::default();
    if let Some(arch) = arch {
        device.arch = arch;
    }
    let arch = device.arch.clone();
    Ok(Device {
        arch,
        ..Hardware::of(&device).device()
    })
}

/// Returns the options of a command line that decides alike, apart from files, the seed and the arguments of the program.
fn repeated(options: &Translate) -> Vec<String> {
    let mut words = vec![
        format!("--fp={}", options.fp.name()),
        format!("--memory={}", options.memory.name()),
        format!("--coherence={}", options.coherence.name()),
        format!("--arch={}", options.arch),
        format!("--check-level={}", options.check_level.name()),
    ];
    let threshold = options.cpu_threshold.0.iter();
    words.extend(threshold.map(|number| format!("--cpu-threshold={number}")));
    words.extend(options.link.iter().map(|option| format!("--link={option}")));
    words
}

fn selection(options: &Translate) -> Result<Selection, Message> {
    if options.no_parallel {
        return Ok(Selection::Host);
    }
    if let Some(path) = &options.plan {
        return Ok(Selection::Replay(PlanFile::read(path)?));
    }
    let simulations = options.search_budget.unwrap_or(DEFAULT_SEARCH_BUDGET);
    Ok(match options.optimise {
        0 => Selection::Naive,
        1 | 2 => Selection::Greedy,
        _ => Selection::Search(Effort {
            budget: Budget {
                simulations,
                patience: simulations.div_ceil(4),
            },
            graph: trajectory_graph(options)?.map(Arc::new),
            network: network(options)?.map(Arc::new),
            proposer: proposer(options)?.map(Arc::new),
        }),
    })
}

/// Returns the graph that guides a search: the one that was named, else the one that comes with mupac.
fn trajectory_graph(options: &Translate) -> Result<Option<TrajectoryGraph>, Message> {
    if options.no_graph || options.no_prior {
        return Ok(None);
    }
    let graph = match &options.graph {
        Some(path) => graph::read(path)?,
        None => TrajectoryGraph::shipped(),
    };
    Ok(Some(graph))
}

/// Returns the network that guides a search: the one that was named, else the one that comes with mupac.
fn network(options: &Translate) -> Result<Option<Network>, Message> {
    if options.no_model || options.no_prior {
        return Ok(None);
    }
    let (network, file) = match &options.model {
        Some(path) => {
            let name = path.display().to_string();
            (Network::read(&input::read_bytes(path)?), Some(name))
        }
        None => (Network::shipped(), None),
    };
    network.map(Some).map_err(|error| {
        let message = Message::error(error.to_string()).help("--no-model searches without one");
        match file {
            Some(name) => message.at(&name, 0, 0),
            None => message,
        }
    })
}

/// Returns what writes plans for a search to begin with.
fn proposer(options: &Translate) -> Result<Option<Proposer>, Message> {
    if options.no_proposals || options.no_model || options.no_prior {
        return Ok(None);
    }
    let proposer = Proposer::shipped();
    proposer.map(Some).map_err(|error| {
        let message = Message::error(error.to_string());
        message.help("--no-proposals searches without any")
    })
}

/// Finds what a check on a GPU needs.
///
/// **Errors**: there is no nvcc or no GPU.
fn gpu_options() -> Result<GpuOptions, Stop> {
    let missing = |what: String| Stop {
        messages: vec![
            Message::error(format!("--check=gpu needs nvcc and a GPU, and {what}"))
                .help("--check=cpu needs neither; mupac doctor says what this machine has"),
        ],
        code: TOOL_MISSING,
    };
    let nvcc = tools::nvcc_path().ok_or_else(|| missing("there is no nvcc".to_owned()))?;
    device::gpus().map_err(|why| missing(why.to_string()))?;
    Ok(GpuOptions { nvcc })
}

/// Returns what the checks of a file may use.
fn allowance(options: &Translate) -> Allowance {
    let allowance = match options.check_time {
        0 => Allowance::unlimited(),
        seconds => Allowance::of(Duration::from_secs(seconds)),
    };
    match options.check_memory {
        Some(mebibytes) => allowance.with_memory(mebibytes.saturating_mul(1 << 20)),
        None => allowance,
    }
}

/// Returns how the program runs whose time is told; `None`: it does not.
///
/// **Errors**: the file for standard input cannot be read.
pub(crate) fn profile(
    options: &Translate,
    compiler: &[String],
) -> Result<Option<CheckOptions>, Message> {
    if !options.profile {
        return Ok(None);
    }
    let mut run = check_options(options, compiler)?;
    if !options.profile_argv.is_empty() {
        run.test_argv.clone_from(&options.profile_argv);
    }
    Ok(Some(run))
}

fn check_options(options: &Translate, compiler: &[String]) -> Result<CheckOptions, Message> {
    if let Some(option) = options.link.iter().find(|option| names_output(option)) {
        return Err(Message::error(format!(
            "{option}: where the linker writes is not for options to say"
        ))
        .help("it links the programs of the check, which mupac runs and removes"));
    }
    let test_stdin = match &options.test_stdin {
        Some(path) => input::read_bytes(path)?,
        None => Vec::new(),
    };
    Ok(CheckOptions {
        seed: options.seed,
        tests_per_entry: options.check_level.tests(),
        mutants: options.check_level.mutants(),
        test_argv: options.test_argv.clone(),
        test_stdin,
        keep_temporaries: options.keep_temps,
        unlaunched: match options.unchecked {
            UntestedKernels::Keep => Unlaunched::Stays,
            UntestedKernels::Drop => Unlaunched::Fails,
        },
        allowance: Some(allowance(options)),
        compile_arguments: compiler.to_vec(),
        link_arguments: options.link.clone(),
        ..CheckOptions::default()
    })
}
