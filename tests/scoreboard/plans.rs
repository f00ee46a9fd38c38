//! Static figures of `PolyBench`'s kernels: the default mapping against the chosen one.
//!
//! Nothing runs here. Sizes are those that the estimate takes for typical; figures are the model's, except registers and
//! spills, which are those of ptxas where nvcc is there.

use std::path::Path;
use std::sync::Arc;

use mupac_frontend::{Input, Options};
use mupac_ir::{HostOp, Module, Reason, Refusal, RegionPlan};
use mupac_model::analytic::Figures;
use mupac_model::{Analytic, Naive, Oracle, greedy};
use mupac_passes::{Choice, Device, Settings, State};
use serde_json::{Value, json};

use crate::polybench;
use crate::{Request, assembler};

/// The architecture of the figures.
const ARCH: &str = "sm_90";

/// What becomes of a program under one way to map it.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    kernels: usize,
    launches: f64,
    copies: usize,
    /// Share of the requests of warps that ask for no more sectors than their elements fill.
    coalesced: f64,
    /// Reads of shared memory for each element that is copied there.
    reuse: f64,
    /// Of the kernel with the fewest.
    threads: f64,
    registers: f64,
    spilled_bytes: f64,
    seconds: f64,
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    println!("estimated for an H200, not measured; each figure by default -> as chosen");
    println!(
        "{:<15} {:>9} {:>13} {:>9} {:>15} {:>13} {:>17} {:>10} {:>7} {:>8}",
        "program",
        "kernels",
        "launches",
        "copies",
        "coalesced",
        "shared reuse",
        "threads",
        "registers",
        "spills",
        "speed-up"
    );
    let (mut rows, mut logarithms, mut spills) = (Vec::new(), Vec::new(), 0.0);
    let compiler = assembler::compiler();
    for path in polybench::programs(folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !request.wants(&name) {
            continue;
        }
        let options = options(folder, &path);
        let Some(module) = parsed(folder, &path, &options) else {
            println!("{name:<15} refused");
            continue;
        };
        let by = |is_chosen| row(&module, is_chosen, compiler.as_deref(), &options);
        let [naive, chosen] = [false, true].map(by);
        let faster = naive.seconds / chosen.seconds;
        logarithms.push(faster.log2());
        spills += chosen.spilled_bytes;
        println!(
            "{name:<15} {:>3} -> {:<3} {:>5} -> {:<5} {:>3} -> {:<3} {:>5.1} -> {:>5.1} % {:>5.1} -> {:<5.1} {:>7} -> {:<7} {:>3} -> {:<3} {:>3} -> {:<1} {:>7.2}",
            naive.kernels,
            chosen.kernels,
            naive.launches,
            chosen.launches,
            naive.copies,
            chosen.copies,
            100.0 * naive.coalesced,
            100.0 * chosen.coalesced,
            naive.reuse,
            chosen.reuse,
            naive.threads,
            chosen.threads,
            naive.registers,
            chosen.registers,
            naive.spilled_bytes,
            chosen.spilled_bytes,
            faster
        );
        rows.push(json!({"program": name, "default": value(naive), "chosen": value(chosen), "estimated_speed_up": faster}));
    }
    let mean = logarithms.iter().sum::<f64>() / logarithms.len().max(1) as f64;
    println!(
        "{} programs; geometric mean of the estimated speed-ups {:.2}; {spills} bytes spilled as chosen",
        logarithms.len(),
        mean.exp2()
    );
    json!(rows)
}

fn value(row: Row) -> Value {
    json!({
        "kernels": row.kernels, "launches": row.launches, "copies": row.copies, "coalesced": row.coalesced,
        "shared_reuse": row.reuse, "threads_in_flight": row.threads, "registers": row.registers,
        "spilled_bytes": row.spilled_bytes, "estimated_seconds": row.seconds,
    })
}

/// Returns what compilers need to know of a program.
pub(crate) fn options(folder: &Path, program: &Path) -> [String; 3] {
    [
        format!("-I{}", folder.join("utilities").display()),
        format!("-I{}", program.parent().unwrap().display()),
        "-DLARGE_DATASET".to_owned(),
    ]
}

/// Returns a program with the suite's own support, as one file.
pub(crate) fn parsed(folder: &Path, program: &Path, options: &[String]) -> Option<Module> {
    let support = std::fs::read_to_string(folder.join("utilities/polybench.c")).unwrap();
    let text = support + &std::fs::read_to_string(program).unwrap();
    let input = Input {
        name: "input.c".to_owned(),
        text: text.into_bytes(),
        parts: Vec::new(),
    };
    let options = Options {
        arguments: options.to_vec(),
        ..Options::default()
    };
    mupac_frontend::parse(&input, &options)
        .ok()
        .map(|parsed| parsed.module)
}

fn row(module: &Module, is_chosen: bool, compiler: Option<&Path>, options: &[String]) -> Row {
    let device = Device::default();
    let settings = Settings {
        cpu_threshold: Some(0),
        ..Settings::default()
    };
    let workload = Arc::new(mupac_passes::analyse(module.clone()));
    let mut row = Row::default();
    let mut launches = Vec::new();
    let choices: Vec<Choice> = (0..workload.regions.len())
        .filter_map(|region| State::new(Arc::clone(&workload), region))
        .map(|start| {
            let mut analytic = Analytic::default();
            let oracle: &mut dyn Oracle = if is_chosen { &mut analytic } else { &mut Naive };
            let found = greedy(&start, oracle, &device).ok();
            let finished = found.and_then(|state| {
                let plan = state.finish(&settings, &device).ok()?;
                launches.extend(analytic.launches(&state));
                row.seconds += analytic.estimate(&state).seconds();
                Some(Choice::Kernel(Box::new(plan)))
            });
            finished.unwrap_or_else(|| {
                let option = "no mapping".to_owned();
                let reason = Reason::UserChoice { option };
                Choice::Original(Refusal::new(reason, start.region().span))
            })
        })
        .collect();
    let plan = mupac_passes::plan(&workload, &choices);
    row.kernels = plan.regions.iter().map(|region| region.kernels.len()).sum();
    row.copies = plan.regions.iter().map(copies).sum();
    let sum = |of: fn(&Figures) -> f64| {
        launches
            .iter()
            .map(|each| each.times * of(each))
            .sum::<f64>()
    };
    row.launches = sum(|_| 1.0);
    row.coalesced = sum(|each| each.coalesced) / sum(|each| each.requests).max(1.0);
    row.reuse = sum(|each| each.shared_reads) / sum(|each| each.shared_writes).max(1.0);
    let threads = launches.iter().map(|each| each.threads_in_flight);
    row.threads = threads.reduce(f64::min).unwrap_or(0.0);
    if let Some(compiler) = compiler {
        let cuda = mupac_backend_cuda::emit(&plan, Vec::new(), Vec::new()).cuda;
        for used in assembler::used(compiler, ARCH, options, &cuda).values() {
            row.registers = row.registers.max(used.registers);
            row.spilled_bytes += used.spilled_bytes;
        }
    }
    row
}

/// Returns how many copies between host and device a region makes.
fn copies(region: &RegionPlan) -> usize {
    let mut count = 0;
    HostOp::each(&region.host, &mut |action| {
        count += usize::from(matches!(action, HostOp::CopyIn(_) | HostOp::CopyOut(_)));
    });
    count
}
