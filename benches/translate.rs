//! How long a translation takes, by stage, and how long a check does.
//!
//! `make bench` runs all; `make bench BENCH=check` only those whose names hold the word.
//! The file for the stages is the longest example; libclang is loaded before the clock starts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement stops where its files cannot be read"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use mupac::candidates::Target;
use mupac::translate::{self, Ending, Request, Selection, Translation};
use mupac_frontend::{Input, Options};
use mupac_ir::Module;
use mupac_model::network::Row;
use mupac_model::proposals::{Proposer, Proposing};
use mupac_model::search::beginning;
use mupac_model::trajectories::Retrieval;
use mupac_model::{
    Analytic, Budget, Learned, Naive, Network, Oracle, TrajectoryGraph, greedy, search,
};
use mupac_passes::{Device, Settings, State};
use mupac_tester::{CheckOptions, Verdicts};

const LONGEST: &str = "examples/weather.c";

/// The budget of `-O3`.
const SIMULATIONS: usize = 384;

fn parsed(path: &Path) -> Module {
    let text = std::fs::read_to_string(path).unwrap();
    parsed_text(&path.display().to_string(), &text)
}

fn parsed_text(name: &str, text: &str) -> Module {
    let input = Input {
        name: format!("{name}.c"),
        text: text.as_bytes().to_vec(),
        parts: Vec::new(),
    };
    let options = Options {
        cache: mupac_tester::tools::cache_folder(),
        ..Options::default()
    };
    match mupac_frontend::parse(&input, &options) {
        Ok(parsed) => parsed.module,
        Err(error) => panic!("{name}: {error}"),
    }
}

fn translated(module: Module, selection: Selection) -> Translation {
    let request = Request {
        selection,
        target: Target {
            settings: Settings {
                cpu_threshold: Some(0),
                ..Settings::default()
            },
            device: Device::default(),
            split: None,
        },
        check: None,
        is_strict: false,
        options: Vec::new(),
        names_lines: false,
    };
    translate::translate(module, &request).unwrap()
}

fn stages(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LONGEST);
    let text = std::fs::read_to_string(path).unwrap();
    stages_of(criterion, "weather", &text);
    stages_of(criterion, "two-hundred-lines", &functions(10));
}

fn stages_of(criterion: &mut Criterion, name: &str, text: &str) {
    let module = parsed_text(name, text);
    let plan = translated(module.clone(), Selection::Greedy).plan;
    let mut group = criterion.benchmark_group(format!("stages/{name}"));
    group.sample_size(20);
    group.bench_function("parse", |bencher| {
        bencher.iter(|| parsed_text(name, black_box(text)));
    });
    group.bench_function("analyse", |bencher| {
        bencher.iter_batched(
            || module.clone(),
            mupac_passes::analyse,
            BatchSize::SmallInput,
        );
    });
    for (name, selection) in [
        ("translate-naive", Selection::Naive),
        ("translate-greedy", Selection::Greedy),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || module.clone(),
                |module| translated(module, selection.clone()),
                BatchSize::SmallInput,
            );
        });
    }
    group.bench_function("emit", |bencher| {
        bencher.iter(|| mupac_backend_cuda::emit(black_box(&plan), Vec::new(), Vec::new()));
    });
    group.finish();
}

/// The estimate of a region whose loops are mapped by default, and as they are chosen.
fn estimates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("estimate");
    for name in ["matmul", "blur", "statistics", "weather"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.c"));
        let workload = Arc::new(mupac_passes::analyse(parsed(&path)));
        let start = State::new(workload, 0).unwrap();
        let mut analytic = Analytic::default();
        let oracles: [(&str, &mut dyn Oracle); 2] = [
            ("default", &mut Naive),
            ("chosen", &mut Analytic::default()),
        ];
        for (mapping, oracle) in oracles {
            let state = greedy(&start, oracle, &Device::default()).unwrap();
            group.bench_function(format!("{name}, {mapping}"), |bencher| {
                bencher.iter(|| analytic.evaluate(&[black_box(&state)]).unwrap());
            });
        }
    }
    group.finish();
}

/// The network that guides `-O3`: once a run, and once a nest and state.
fn networks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("network");
    group.bench_function("load", |bencher| {
        bencher.iter(|| Network::shipped().unwrap());
    });
    group.bench_function("load the sequence model", |bencher| {
        bencher.iter(|| Proposer::shipped().unwrap());
    });
    let (network, row) = (Network::shipped().unwrap(), Row::empty());
    group.bench_function("row", |bencher| {
        bencher.iter(|| network.opinion(black_box(&row)).unwrap());
    });
    group.finish();
}

/// What `-O3` does with a region: plans are proposed, and 384 simulations guided by network and graph; the first region of
/// each program.
fn searches(criterion: &mut Criterion) {
    let (network, graph) = (Network::shipped().unwrap(), TrajectoryGraph::shipped());
    let (proposer, device) = (Proposer::shipped().unwrap(), Device::default());
    let mut group = criterion.benchmark_group("search");
    group.sample_size(10);
    for name in ["matmul", "blur", "statistics", "weather"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.c"));
        let workload = Arc::new(mupac_passes::analyse(parsed(&path)));
        let start = State::new(workload, 0).unwrap();
        let first = beginning(&start);
        group.bench_function(format!("{name}, proposals"), |bencher| {
            bencher.iter(|| proposer.proposals(black_box(&first), &device).unwrap());
        });
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let learned = Learned::new(&network, &device);
                let guided = Retrieval::over(&graph, learned);
                let mut guide = Proposing::over(&proposer, &device, guided);
                let (mut oracle, budget) = (Analytic::default(), Budget::of(SIMULATIONS));
                search(black_box(&start), &mut oracle, &mut guide, &device, budget).unwrap()
            });
        });
    }
    group.finish();
}

/// Whole translations without checks, of texts that are made for it: time grows as the number of functions does.
fn sizes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("size");
    group.sample_size(10);
    for (name, text) in [
        ("two-hundred-lines", functions(10)),
        ("five-thousand-lines", functions(238)),
        ("twenty-thousand-lines", functions(952)),
        ("hundred-loops", many_loops(100)),
        ("hundred-statements", long_body(100)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| translated(parsed_text(name, black_box(&text)), Selection::Greedy));
        });
    }
    group.finish();
}

/// So many functions of twenty lines: plain loops, a nest, a sum, and calls.
fn functions(count: usize) -> String {
    let mut text = String::from("#include <math.h>\n#include <stdio.h>\n\n");
    for number in 0..count {
        let _ = write!(
            text,
            "static double weight{number}(double x, int k)
{{
    return k % 2 ? x * {number}.5 : sqrt(fabs(x));
}}

double work{number}(int n, int m, double *a, const double *b, double *c)
{{
    double sum = 0;
    for (int i = 0; i < n; i++)
        a[i] = a[i] * {number}.25 + b[i];
    for (int i = 0; i < n; i++) {{
        for (int j = 0; j < m; j++)
            c[i * m + j] = weight{number}(b[i], j) + a[i];
    }}
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    printf(\"%g\\n\", sum);
    return sum;
}}

"
        );
    }
    text
}

/// One function of so many loops.
fn many_loops(count: usize) -> String {
    let mut text = String::from("void many(int n, double *a, double *b) {\n");
    for number in 0..count {
        let _ = writeln!(
            text,
            "    for (int i = 0; i < n; i++) a[i] = a[i] * {number}.5 + b[i];"
        );
    }
    text + "}\n"
}

/// One loop of so many statements.
fn long_body(count: usize) -> String {
    let mut text = String::from(
        "void body(int n, double *a, double *b) {\n    for (int i = 0; i < n; i++) {\n",
    );
    for number in 0..count {
        let _ = writeln!(text, "        a[i] = a[i] * {number}.5 + b[i];");
    }
    text + "    }\n}\n"
}

fn checks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    for path in examples() {
        let module = parsed(&path);
        let translation = translated(module.clone(), Selection::Greedy);
        let Ending::Done(checked) = &translation.ending else {
            panic!("{} is not translated", path.display());
        };
        assert!(checked.cuda().contains("__global__") || translation.plan.regions.is_empty());
        let workload = mupac_passes::analyse(module);
        let entries = mupac_passes::entries(&workload, &translation.plan.regions, &BTreeSet::new());
        let unit = mupac_backend_cuda::emit(&translation.plan, entries, Vec::new());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                mupac_tester::check(&unit, &CheckOptions::default(), &Verdicts::default()).unwrap()
            });
        });
    }
    group.finish();
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "c"))
        .collect();
    found.sort();
    found
}

criterion_group!(
    benches, stages, estimates, networks, searches, sizes, checks
);
criterion_main!(benches);
