//! How long estimates take, and what they say: of every draft that the choice rates in examples, corpus and `PolyBench`.
//!
//! The digest of a region is one of all its estimates, bit by bit: what only makes estimates faster leaves it as it is.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use mupac_frontend::{Input, Options};
use mupac_ir::{Handle, Module, Var};
use mupac_model::oracle::OracleError;
use mupac_model::{Analytic, Evaluation, Oracle, greedy};
use mupac_passes::{Device, Draft, State};
use serde_json::{Value, json};

use crate::{Request, plans, polybench, steps};

/// A region is chosen for so often, and the fastest time of each estimate counts: what else runs on the machine only makes
/// it slower.
const REPETITIONS: usize = 5;

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let (mut rows, mut chosen, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for (name, module) in modules(folder) {
        if !request.wants(&name) {
            continue;
        }
        let workload = Arc::new(mupac_passes::analyse(module));
        for number in 0..workload.regions.len() {
            let Some(start) = State::new(Arc::clone(&workload), number) else {
                continue;
            };
            let runs = (0..REPETITIONS).map(|_| {
                let mut oracle = Timed::default();
                let state = greedy(&start, &mut oracle, &Device::default()).ok()?;
                Some((state, oracle))
            });
            let Some(runs) = runs.collect::<Option<Vec<_>>>() else {
                continue;
            };
            let oracles: Vec<&Timed> = runs.iter().map(|(_, oracle)| oracle).collect();
            all.append(&mut fastest(&oracles));
            let (state, oracle) = &runs[0];
            let digest = format!("{:016x}", oracle.digest);
            let alone = (0..REPETITIONS).map(|_| {
                let mut oracle = Timed::default();
                oracle.evaluate(&[state]).unwrap();
                oracle
            });
            let alone: Vec<Timed> = alone.collect();
            let microseconds = fastest(&alone.iter().collect::<Vec<_>>())[0];
            chosen.push(microseconds);
            rows.push(json!({
                "program": name, "region": state.region().name, "digest": digest, "microseconds": microseconds,
            }));
        }
    }
    print("states that are chosen, alone", &mut chosen);
    print("drafts, as a choice rates them", &mut all);
    json!(rows)
}

/// Returns the fastest time of each estimate in runs that made the same ones.
fn fastest(runs: &[&Timed]) -> Vec<f64> {
    let count = runs.first().map_or(0, |run| run.microseconds.len());
    let of_all = |at: usize| runs.iter().map(move |run| run.microseconds[at]);
    (0..count)
        .map(|at| of_all(at).fold(f64::INFINITY, f64::min))
        .collect()
}

/// Prints how times are distributed.
fn print(what: &str, microseconds: &mut [f64]) {
    microseconds.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * microseconds.len() as f64) as usize;
        microseconds.get(index).copied().unwrap_or(0.0)
    };
    let short = microseconds.iter().filter(|each| **each <= 20.0).count();
    let mean = microseconds.iter().sum::<f64>() / microseconds.len().max(1) as f64;
    println!(
        "{} {what}: mean {mean:.1} µs, median {:.1} µs, nine in ten within {:.1}, 99 in 100 within {:.1}, the longest {:.1}; {short} within 20 µs",
        microseconds.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        microseconds.last().copied().unwrap_or(0.0)
    );
}

/// Returns the files by name; those of `PolyBench` if they are there.
fn modules(folder: &Path) -> impl Iterator<Item = (String, Module)> {
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let own = steps::files(folder).into_iter().filter_map(move |path| {
        let input = Input {
            name: "input.c".to_owned(),
            text: std::fs::read(&path).unwrap(),
            parts: Vec::new(),
        };
        let parsed = mupac_frontend::parse(&input, &Options::default()).ok()?;
        Some((name(&path), parsed.module))
    });
    let others = std::env::var_os("MUPAC_POLYBENCH").into_iter();
    let others = others.flat_map(move |folder| {
        let folder = Path::new(&folder).to_owned();
        let programs = polybench::programs(&folder).into_iter();
        programs.filter_map(move |path| {
            let module = plans::parsed(&folder, &path, &plans::options(&folder, &path))?;
            Some((name(&path), module))
        })
    });
    own.chain(others)
}

/// The estimate, which also notes how long it takes and what it says.
struct Timed {
    analytic: Analytic,
    digest: u64,
    microseconds: Vec<f64>,
}

impl Default for Timed {
    fn default() -> Self {
        Self {
            analytic: Analytic::default(),
            digest: 0xcbf2_9ce4_8422_2325,
            microseconds: Vec::new(),
        }
    }
}

impl Timed {
    /// Takes a number into the digest.
    ///
    /// **Source**: FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923 §5).
    fn note(&mut self, number: f64) {
        for byte in number.to_bits().to_le_bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn one(&mut self, draft: &Draft) -> Result<Vec<Evaluation>, OracleError> {
        let started = Instant::now();
        let found = std::hint::black_box(self.analytic.evaluate(&[draft]))?;
        self.microseconds
            .push(1e6 * started.elapsed().as_secs_f64());
        for each in &found {
            self.note(each.log2_seconds);
            self.note(each.bound_log2_seconds);
        }
        Ok(found)
    }
}

impl Oracle for Timed {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        let mut found = Vec::new();
        for draft in drafts {
            found.append(&mut self.one(draft)?);
        }
        Ok(found)
    }

    fn bound(&mut self, draft: &Draft, array: Handle<Var>) -> Result<f64, OracleError> {
        let bound = self.analytic.bound(draft, array)?;
        self.note(bound);
        Ok(bound)
    }
}
