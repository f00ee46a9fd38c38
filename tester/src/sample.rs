//! What a smaller program cannot show: the text itself, at the size that its constants say, with a sample of the blocks of its
//! launches.
//!
//! Every access of these blocks is watched, so that a subscript that overflows or a grid that is too large is seen, and what
//! they wrote is compared with what the original leaves there. Where blocks may depend on what others leave in memory,
//! nothing is compared.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_ir::{Module, StandIn, Unit, parallel};

use crate::bench::{Bench, Full};
use crate::bounds::Freedom;
use crate::compare::{self, Difference};
use crate::evidence::Evidence;
use crate::glue::{self, Callee, Glue};
use crate::inputs::GuardSide;
use crate::isolation::Ending;
use crate::launches;
use crate::mutation::{PassedTest, Suite};
use crate::observation::{Clock, Digits, Observation, Order, Part, Run, Trace};
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::recording::large::starts;
use crate::results::{Holder, Results};
use crate::sources::{source_folder, write_candidate, write_source};
use crate::toolchain::{Original, Toolchain};
use crate::trial::{intrinsic_fault, only_kernel};
use crate::work;

/// So many blocks of a launch run; fewer where each takes long.
const BLOCKS: usize = 12;
/// The longest that the sample, and the original, may take; what is worth waiting for does not depend on the clock.
const LIMIT: Duration = Duration::from_secs(30);
/// An original that makes more accesses is not waited for.
const MOST_ACCESSES: f64 = (1_u64 << 32) as f64;
/// The system takes no longer words.
///
/// **Source**: Linux, execve(2), `MAX_ARG_STRLEN`.
const MOST_WORDS: usize = 120_000;

/// What was seen of a function at the size that its constants say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FullSize {
    /// What the blocks of a sample wrote is what the original leaves there.
    Compared {
        /// How many blocks ran.
        blocks: u64,
        /// Of how many.
        of: u64,
        /// How much they wrote.
        bytes: u64,
    },
    /// The blocks of a sample made no access that is wrong.
    Watched {
        /// How many blocks ran.
        blocks: u64,
        /// Of how many.
        of: u64,
        /// Why nothing was compared.
        why: String,
    },
    /// Nothing.
    NotRun {
        /// Why.
        why: String,
    },
}

impl fmt::Display for FullSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compared { blocks, of, bytes } => {
                write!(
                    f,
                    "{blocks} of {of} blocks wrote {bytes} bytes as the original does"
                )
            }
            Self::Watched { blocks, of, why } => {
                write!(
                    f,
                    "{blocks} of {of} blocks ran without a fault; not compared: {why}"
                )
            }
            Self::NotRun { why } => write!(f, "not run: {why}"),
        }
    }
}

/// Runs every function of the text that the unit under test stands in for; returns what is wrong.
pub(crate) fn test(
    bench: &Bench<'_>,
    callees: &[Callee],
    suite: &Suite,
    evidence: &mut Evidence,
) -> Result<Vec<Failure>, TesterError> {
    let mut failures = Vec::new();
    let Some(full) = bench.full.filter(|_| !callees.is_empty()) else {
        return Ok(failures);
    };
    bench
        .options
        .progress
        .say(|| "compiling the text at its full size".to_owned());
    let number = |name: &str| {
        let known = callees.iter().find(|callee| callee.name == name);
        known.map_or(callees.len(), |callee| callee.number)
    };
    let glue = glue::glue(full.unit, &number);
    let Some(built) = build(bench, full, &glue)? else {
        return Ok(failures);
    };
    // The others are in the smaller program what they are, or for another one to test.
    let is_tested = |callee: &&Callee| callees.iter().any(|each| each.name == callee.name);
    let resized = glue.callees.iter().filter(is_tested);
    let resized = resized.filter(|callee| !callees.contains(callee));
    for callee in resized {
        bench
            .options
            .progress
            .say(|| format!("running a part of {}", callee.name));
        let passed = suite
            .tests
            .iter()
            .filter(|test| test.callee == callee.number);
        let passed: Vec<&PassedTest> = passed.map(|test| &**test).collect();
        let seen = match built.seen(callee, &passed) {
            Err(TesterError::Exhausted { what }) => Ok(FullSize::NotRun { why: what }),
            seen => seen?,
        };
        match seen {
            Ok(seen) => {
                evidence.full_size.insert(callee.name.clone(), seen);
            }
            Err(failure) => failures.push(*failure),
        }
    }
    Ok(failures)
}

/// The text and its original, ready to run.
struct Built<'a> {
    bench: &'a Bench<'a>,
    full: &'a Unit,
    stand_in: &'a StandIn,
    toolchain: Toolchain,
    /// The text of the original.
    source: PathBuf,
    candidate: PathBuf,
    original: PathBuf,
}

/// Builds text and original; `None` where a compiler refuses, of which the smaller program gave no sign.
fn build<'a>(
    bench: &'a Bench<'a>,
    full: Full<'a>,
    glue: &Glue,
) -> Result<Option<Built<'a>>, TesterError> {
    let Full {
        unit,
        stand_in,
        options,
    } = full;
    let Ok(cuda) = launches::rewrite(&unit.cuda) else {
        return Ok(None);
    };
    let mut toolchain = Toolchain::prepare(options, source_folder(unit), bench.scratch)?;
    if options.companions.are_wanted(unit, &bench.programs.missing) {
        let ways = [Original::Plain, Original::Fast, Original::Sanitized];
        let accompanied = toolchain.accompanied(&options.companions, &ways)?;
        toolchain = accompanied.unwrap_or(toolchain);
    }
    // Headers of the smaller program lie beside that.
    let scratch = &bench.scratch.join("full");
    fs::create_dir_all(scratch).map_err(TesterError::io("make a temporary folder"))?;
    let name = unit.source.name.as_str();
    let text = unit.source.text();
    let source = write_source(scratch, "full.c", ("", name, text), ("", glue))?;
    let parts = (cuda.as_str(), unit.c_part.as_ref());
    let candidate = write_candidate(scratch, "candidate", parts, ("", glue))?;
    let programs = [
        scratch.join("full-candidate"),
        scratch.join("full-original"),
    ];
    let built = parallel::map(&[true, false], |is_candidate| {
        let [own, other] = &programs;
        if *is_candidate {
            let built = toolchain.build_candidate(&candidate, own, &[])?;
            Ok(built.is_ok())
        } else {
            let built = toolchain.build_original(&source, other, Original::Fast)?;
            Ok(built.is_ok())
        }
    });
    for is_built in built {
        if !is_built? {
            return Ok(None);
        }
    }
    let [candidate, original] = programs;
    Ok(Some(Built {
        bench,
        full: unit,
        stand_in,
        toolchain,
        source,
        candidate,
        original,
    }))
}

impl Built<'_> {
    /// Runs a sample of the blocks, then the original.
    fn seen(
        &self,
        callee: &Callee,
        passed: &[&PassedTest],
    ) -> Result<Result<FullSize, Box<Failure>>, TesterError> {
        let not_run = |why: &str| {
            Ok(Ok(FullSize::NotRun {
                why: why.to_owned(),
            }))
        };
        let Some(case) = starts(passed).into_iter().next() else {
            return not_run("no test of the smaller program fits");
        };
        let words = case.words(GuardSide::After);
        let accesses = self.accesses(callee);
        let blocks = Part::Blocks {
            most: BLOCKS,
            accesses: accesses as u64,
        };
        let sample = self.run(&self.candidate, &words, blocks)?;
        if let Some(failure) = fault(&sample, callee, &words) {
            return self.settled(failure, &words);
        }
        if sample.finished.ending == Ending::OutOfMemory {
            return not_run(&format!(
                "it takes more than {}",
                self.bench.options.memory_in_words()
            ));
        }
        let Some((blocks, of)) = sample.report.sampled else {
            return not_run("it did not come to its end");
        };
        let watched = |why: &str| {
            if blocks == of {
                return not_run("how much it does is for its callers to say");
            }
            let why = why.to_owned();
            Ok(Ok(FullSize::Watched { blocks, of, why }))
        };
        if let Some(why) = &sample.report.sample_ends {
            return watched(why);
        }
        if !self.stand_in.apart.contains(&callee.name) {
            return watched("other statements or other blocks have a part in its results");
        }
        let asked = asked(&sample.results);
        if !sample.is_complete_test() || asked.is_empty() {
            return watched("nothing that they wrote was copied to where it can be seen");
        }
        if accesses > MOST_ACCESSES {
            return watched("the original takes too long");
        }
        let original = self.run(&self.original, &words, Part::Values(&asked))?;
        if !original.is_complete_test() {
            return watched("the original does not come to its end in time");
        }
        let theirs = original.results;
        // What the system had no words for was not asked.
        let mut ours = sample.results.clone();
        ours.values.truncate(theirs.values.len());
        let bytes = theirs
            .values
            .iter()
            .map(|each| each.bytes.len() as u64)
            .sum();
        let names = |of: Holder| callee.name_of(of);
        match compare::difference(&theirs, &ours, None, &names) {
            None => Ok(Ok(FullSize::Compared { blocks, of, bytes })),
            Some(_) if Freedom::Order.is_of(self.full) => watched("it adds up in another order"),
            Some(Difference { message, .. }) => {
                let kernel = only_kernel(&sample);
                let failure = failure(FailureKind::Value, kernel, &message, callee, &words);
                self.settled(failure, &words)
            }
        }
    }

    /// Returns how many accesses one call of the original makes, without those of what it calls.
    fn accesses(&self, callee: &Callee) -> f64 {
        let mut entries = self.full.entries.iter();
        let entry = entries.find(|entry| entry.function.name == callee.name);
        entry.map_or(0.0, |entry| {
            work::accesses(&Module::default(), &entry.function)
        })
    }

    /// Returns a failure, unless sanitizers find that the original is not defined at this size.
    fn settled(
        &self,
        failure: Failure,
        words: &str,
    ) -> Result<Result<FullSize, Box<Failure>>, TesterError> {
        let program = self.bench.scratch.join("full-sanitized");
        let sanitized = Original::Sanitized;
        let built = self
            .toolchain
            .build_original(&self.source, &program, sanitized)?;
        if built.is_ok() {
            let seen = self.run(&program, words, Part::Values("b0:0+0"))?;
            let said = String::from_utf8_lossy(&seen.finished.stderr);
            if said.contains("runtime error:") || said.contains("ERROR: AddressSanitizer") {
                let why = "the original is not defined on what was made up".to_owned();
                return Ok(Ok(FullSize::NotRun { why }));
            }
        }
        Ok(Err(Box::new(failure)))
    }

    fn run(&self, program: &Path, words: &str, part: Part<'_>) -> Result<Observation, TesterError> {
        let options = self.bench.options;
        Run {
            program,
            test: Some(words),
            order: Order::Shuffled(options.seed),
            arguments: &[],
            stdin: None,
            limit: LIMIT,
            allowance: options.allowance.as_ref(),
            scratch: self.bench.scratch,
            is_kept: options.keep_temporaries,
            mutant: 0,
            is_default: false,
            is_dry: false,
            trace: Trace::Off,
            part: Some(part),
            clock: Clock::Counted,
            digits: Digits::AsWritten,
        }
        .observe()
    }
}

/// Returns what the runtime saw; that a sample takes too long is no fault, nor that a device has too little memory.
fn fault(sample: &Observation, callee: &Callee, words: &str) -> Option<Failure> {
    let fault = intrinsic_fault(sample)?;
    let errors = &sample.report.errors;
    let is_memory = errors
        .iter()
        .all(|(name, _)| name == "cudaErrorMemoryAllocation");
    let is_excused = match fault.kind {
        FailureKind::Timeout => true,
        FailureKind::CudaError => is_memory,
        FailureKind::Compile
        | FailureKind::Value
        | FailureKind::Nondeterministic
        | FailureKind::Race
        | FailureKind::OutOfBounds
        | FailureKind::Misaligned
        | FailureKind::UseAfterFree
        | FailureKind::Uninitialised
        | FailureKind::HostPointer
        | FailureKind::Deadlock
        | FailureKind::DivergentBarrier
        | FailureKind::Crash
        | FailureKind::NotLaunched => false,
    };
    let kernel = fault.kernel.or_else(|| only_kernel(sample));
    (!is_excused).then(|| failure(fault.kind, kernel, &fault.message, callee, words))
}

fn failure(
    kind: FailureKind,
    kernel: Option<String>,
    message: &str,
    callee: &Callee,
    words: &str,
) -> Failure {
    Failure {
        kind,
        function: Some(callee.name.clone()),
        kernel,
        message: format!("{message}, at the full size, in a sample of its blocks"),
        replay: format!("{words} blocks={BLOCKS}"),
        counterexample: None,
        origin: None,
        is_rounding: false,
    }
}

/// Returns the words that ask for the same values.
fn asked(results: &Results) -> String {
    let mut words = String::new();
    for values in &results.values {
        let (letter, number) = match values.of {
            Holder::Buffer(number) => ('b', number),
            Holder::Global(number) => ('g', number),
            Holder::Result => continue,
        };
        let between = if words.is_empty() { "" } else { "," };
        let count = values.bytes.len() as u64 / values.scalar.size_bytes();
        let word = format!("{between}{letter}{number}:{}+{count}", values.first);
        if words.len() + word.len() > MOST_WORDS {
            break;
        }
        words.push_str(&word);
    }
    words
}
