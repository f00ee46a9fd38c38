//! Runs a whole program: original and candidate with the same arguments and standard input.
//!
//! Exit code, standard output and the files left in the working folder must be the same, byte for byte, except for the
//! lines in which two runs of the original differ (addresses); clocks go by their calls, and are the same in all runs.
//! Where the text's arithmetic may differ from the original's, numbers need only be as near as the interpreter, which
//! runs the program too, says that they are.

mod agreed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use mupac_ir::interpret::{Mark, Printed, Stream};
use mupac_ir::parallel;

use crate::bench::{Bench, Variant};
use crate::bounds::{self, Freedom};
use crate::coverage::{self, Reached};
use crate::evidence::Evidence;
use crate::isolation::Ending;
use crate::observation::{Clock, Observation, Order, Run, Trace};
use crate::origin::{self, About, Origin};
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::tokens::{self, Tolerance};
use crate::trial::{intrinsic_fault, only_kernel};

/// How much longer executing CUDA on the CPU may take than the original does.
const SLOWDOWN: u32 = 400;
/// What any run may take besides.
const STARTUP: Duration = Duration::from_secs(5);

/// How often a program runs at least, its originals and its text in several orders.
const RUNS: u32 = 8;

/// What running the program said.
pub(crate) enum Verdict {
    /// Every run does what the original does.
    Pass(Box<Expected>),
    Fail(Box<Failure>),
    /// The program says nothing about the text, and why.
    NotTested(String),
}

/// How like the original a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Byte for byte, without a fault.
    Same,
    /// Nothing shows that it is wrong.
    Near,
    /// Wrong.
    Different,
}

/// What the original does, however often it runs.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) ending: Ending,
    pub(crate) stdout: Vec<u8>,
    /// Lines of the standard output that differ between runs, from 0.
    pub(crate) masked: BTreeSet<usize>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    wall: Duration,
    reached: Reached,
    known: Known,
}

/// What the interpreter prints in the place of the original, for each freedom; `None` where it cannot tell. It is computed
/// when it is first asked for, which takes as long as the rest of a check.
#[derive(Debug, Default)]
struct Known {
    order: OnceLock<Option<BTreeMap<Stream, Printed>>>,
    contraction: OnceLock<Option<BTreeMap<Stream, Printed>>>,
    device: OnceLock<Option<BTreeMap<Stream, Printed>>>,
}

impl Known {
    fn printed(&self, bench: &Bench<'_>, freedom: Freedom) -> Option<&BTreeMap<Stream, Printed>> {
        let cell = match freedom {
            Freedom::Order => &self.order,
            Freedom::Contraction => &self.contraction,
            Freedom::Device => &self.device,
        };
        let (unit, options) = (bench.unit, bench.options);
        let printed = cell.get_or_init(|| {
            let relaxed = unit.relaxed.as_ref()?;
            bounds::program(relaxed, freedom, &options.test_argv)
        });
        printed.as_ref()
    }
}

/// Runs original and candidate; `stdin` is the file with the standard input.
pub(crate) fn test(
    bench: &Bench<'_>,
    stdin: &Path,
    evidence: &mut Evidence,
) -> Result<Verdict, TesterError> {
    let runner = Runner { bench, stdin };
    let expected = match runner.expected() {
        Ok(Ok(expected)) => expected,
        Ok(Err(why)) | Err(TesterError::Exhausted { what: why }) => {
            return Ok(Verdict::NotTested(why));
        }
        Err(error) => return Err(error),
    };
    let variants = bench.programs.variants(bench.options.seed);
    let patience = expected.patience();
    let limit = patience.min(bench.options.program_limit);
    let observations = parallel::map(&variants, |variant| runner.run(variant, limit, Trace::Off));
    let prints = Prints {
        bench,
        known: &expected.known,
    };
    for (variant, observed) in variants.iter().zip(observations) {
        let observed = match observed {
            Err(TesterError::Exhausted { what }) if variant.is_first() => {
                return Ok(Verdict::NotTested(what));
            }
            Err(TesterError::Exhausted { .. }) => {
                let left_out = format!("the program with {}", variant.words());
                evidence.left_out.insert(left_out);
                continue;
            }
            observed => observed?,
        };
        if observed.finished.ending == Ending::TimedOut && patience > limit {
            let seconds = limit.as_secs();
            return Ok(Verdict::NotTested(format!(
                "the program takes more than {seconds} s when CUDA runs on the CPU; --test-argv and --test-stdin give it less to do"
            )));
        }
        if observed.finished.ending == Ending::OutOfMemory {
            return Ok(Verdict::NotTested(format!(
                "the program takes more than {} when CUDA runs on the CPU",
                bench.options.memory_in_words()
            )));
        }
        match judge(&expected, &observed, &prints, variant) {
            Judgement::Agrees { is_exact } => evidence.is_within_bound |= !is_exact,
            Judgement::Unknown => evidence.undecided += 1,
            Judgement::Differs(difference) => {
                let Difference {
                    kind,
                    kernel,
                    message,
                    is_rounding,
                } = difference;
                let kernel = kernel.or_else(|| only_kernel(&observed));
                let origin = match runner.origin(variant, kind, limit) {
                    Err(TesterError::Exhausted { .. }) => None,
                    origin => origin?,
                };
                return Ok(Verdict::Fail(Box::new(Failure {
                    kind,
                    function: None,
                    kernel,
                    message,
                    replay: format!("program {}", variant.words()),
                    counterexample: None,
                    origin,
                    is_rounding,
                })));
            }
        }
        if variant.is_first() {
            evidence.add_launches(&observed.report.launches);
            evidence.program_copies = Some(observed.report.copies);
        }
        if variant.is_default {
            evidence.usual_copies = Some(observed.report.copies);
        }
    }
    coverage::add(&mut evidence.reached, &expected.reached);
    evidence.ran_program = true;
    evidence.masked_lines = expected.masked.len();
    Ok(Verdict::Pass(Box::new(expected)))
}

impl Expected {
    /// Returns how long a run of the candidate may take.
    fn patience(&self) -> Duration {
        STARTUP + self.wall * SLOWDOWN
    }
}

/// Runs programs with the user's arguments and standard input.
pub(crate) struct Runner<'a> {
    pub(crate) bench: &'a Bench<'a>,
    /// The file with the standard input.
    pub(crate) stdin: &'a Path,
}

impl Runner<'_> {
    /// Says what a program that makes a mistake does, compared with the original.
    pub(crate) fn mutant(
        &self,
        program: &Path,
        mutant: usize,
        order: Order,
        expected: &Expected,
    ) -> Result<Likeness, TesterError> {
        let limit = expected.patience().min(self.bench.options.program_limit);
        let variant = Variant {
            program,
            order,
            mutant,
            ..self.bench.programs.first(self.bench.options.seed)
        };
        let observed = self.run(&variant, limit, Trace::Off)?;
        let prints = Prints {
            bench: self.bench,
            known: &expected.known,
        };
        Ok(match judge(expected, &observed, &prints, &variant) {
            Judgement::Differs(_) => Likeness::Different,
            Judgement::Agrees { is_exact: true } => Likeness::Same,
            Judgement::Agrees { is_exact: false } | Judgement::Unknown => Likeness::Near,
        })
    }

    /// Runs the candidate again to hear where the access stands that is at fault, or who wrote what was copied back.
    fn origin(
        &self,
        variant: &Variant<'_>,
        kind: FailureKind,
        limit: Duration,
    ) -> Result<Option<Origin>, TesterError> {
        let says_nothing = matches!(kind, FailureKind::Timeout | FailureKind::CudaError);
        if says_nothing || !self.bench.options.shrinks {
            return Ok(None);
        }
        let is_value = matches!(kind, FailureKind::Value | FailureKind::Nondeterministic);
        let about = if is_value {
            About::Value
        } else {
            About::Access
        };
        let traced = self.run(variant, limit, Trace::Faults)?;
        origin::of_run(self.bench, variant.program, &traced, about)
    }

    fn run(
        &self,
        variant: &Variant<'_>,
        limit: Duration,
        trace: Trace,
    ) -> Result<Observation, TesterError> {
        self.run_at(variant, limit, trace, Clock::Counted)
    }

    fn run_at(
        &self,
        variant: &Variant<'_>,
        limit: Duration,
        trace: Trace,
        clock: Clock,
    ) -> Result<Observation, TesterError> {
        Run {
            program: variant.program,
            test: None,
            order: variant.order,
            arguments: &self.bench.options.test_argv,
            stdin: Some(self.stdin),
            limit,
            allowance: self.bench.options.allowance.as_ref(),
            scratch: self.bench.scratch,
            is_kept: self.bench.options.keep_temporaries,
            mutant: variant.mutant,
            is_default: variant.is_default,
            is_dry: false,
            trace,
            part: None,
            clock,
        }
        .observe()
        .map(|mut observed| {
            let ending = &mut observed.finished.ending;
            if self.bench.unit.has_open_status && matches!(ending, Ending::Exit(_)) {
                *ending = Ending::Exit(0);
            }
            observed
        })
    }

    /// Returns the lines that differ between runs on another machine, where clocks go by time; `None` where more differs.
    pub(crate) fn lines_by_clock(
        &self,
        expected: &Expected,
    ) -> Result<Option<BTreeSet<usize>>, TesterError> {
        let original = Variant::plain(&self.bench.programs.plain);
        let limit = self.bench.options.program_limit;
        let run = || self.run_at(&original, limit, Trace::Off, Clock::System);
        let (first, second) = (run()?, run()?);
        let is_same = |run: &Observation| {
            run.finished.ending == expected.ending && run.files == expected.files
        };
        if !is_same(&first) || !is_same(&second) {
            return Ok(None);
        }
        let printed = [&first, &second].map(|run| run.finished.stdout.as_slice());
        let differing = agreed::differing_lines([&expected.stdout, printed[0], printed[1]]);
        Ok(differing.map(|lines| lines.union(&expected.masked).copied().collect()))
    }

    /// Runs the original three times, once under the sanitizers; in words why it decides nothing.
    fn expected(&self) -> Result<Result<Expected, String>, TesterError> {
        let programs = self.bench.programs;
        let options = self.bench.options;
        let plain = Variant::plain(&programs.plain);
        // Before so much is spent on a program that takes too long that nothing is left for functions.
        let share = options.allowance.as_ref().map(|all| all.share(RUNS));
        let limit = share.unwrap_or(Duration::MAX).min(options.program_limit);
        let mut runs = vec![self.run(&plain, limit, Trace::Off)?];
        if runs
            .iter()
            .any(|run| run.finished.ending == Ending::TimedOut)
        {
            let seconds = limit.as_secs_f32();
            return Ok(Err(format!(
                "the original program takes more than {seconds} s; --test-argv and --test-stdin give it less to do"
            )));
        }
        // Sanitizers take longer.
        let limit = limit.saturating_mul(2).min(options.program_limit);
        let jobs = [&programs.plain, &programs.sanitized];
        for run in parallel::map(&jobs, |program| {
            self.run(&Variant::plain(program), limit, Trace::Off)
        }) {
            runs.push(run?);
        }
        let [first, second, sanitized] = runs.as_slice() else {
            return Ok(Err("the original did not run".to_owned()));
        };
        let needs = programs.needs(sanitized);
        let memory = self.bench.options.memory_in_words();
        let expected = agreed::expected([first, second, sanitized], &memory);
        Ok(expected.map_err(|why| needs.unwrap_or(why)))
    }
}

/// What a run of the candidate says.
enum Judgement {
    /// It does what the original does, byte for byte or within the bound.
    Agrees {
        is_exact: bool,
    },
    Differs(Difference),
    /// It may be as right as the original: how far its numbers may be off is not known.
    Unknown,
}

/// In what a run differs from the original.
struct Difference {
    kind: FailureKind,
    kernel: Option<String>,
    message: String,
    /// Whether another order of additions may be all.
    is_rounding: bool,
}

/// What the original prints, with the numbers that may be off.
struct Prints<'a> {
    bench: &'a Bench<'a>,
    known: &'a Known,
}

impl Prints<'_> {
    /// Returns the marks in the original's text of a stream; `None` where the interpreter cannot tell.
    fn marks(&self, freedom: Freedom, stream: &Stream, text: &[u8]) -> Option<&[Mark]> {
        let printed = self.known.printed(self.bench, freedom)?.get(stream)?;
        (printed.bytes == text).then_some(printed.marks.as_slice())
    }

    /// Compares what was printed to one stream.
    fn compare(
        &self,
        freedom: Freedom,
        stream: &Stream,
        (wanted, got): (&[u8], &[u8]),
        masked: &BTreeSet<usize>,
    ) -> Printing {
        if wanted == got {
            return Printing::Same { is_exact: true };
        }
        let is_free = freedom.is_of(self.bench.unit);
        let tolerance = if is_free {
            Tolerance::Numbers(&[])
        } else {
            Tolerance::Bytes
        };
        let Some(message) = tokens::difference(wanted, got, masked, tolerance) else {
            // What is masked was not compared, so it is no part of what is equal up to a bound.
            let is_exact = tokens::difference(wanted, got, masked, Tolerance::Bytes).is_none();
            return Printing::Same { is_exact };
        };
        let differs = |message, is_rounding| Printing::Differs {
            message,
            is_rounding,
        };
        if !is_free {
            return differs(message, false);
        }
        let Some(marks) = self.marks(freedom, stream, wanted) else {
            return match freedom {
                Freedom::Order => differs(message, tokens::is_rounding(wanted, got, masked)),
                Freedom::Contraction | Freedom::Device => Printing::Unknown,
            };
        };
        match tokens::difference(wanted, got, masked, Tolerance::Numbers(marks)) {
            Some(message) => differs(message, false),
            None => Printing::Same { is_exact: false },
        }
    }
}

/// How one stream compares.
enum Printing {
    Same {
        is_exact: bool,
    },
    Differs {
        message: String,
        /// Whether another order of additions may be all that is different: no bound is known, and all numbers begin alike.
        is_rounding: bool,
    },
    Unknown,
}

fn judge(
    expected: &Expected,
    observed: &Observation,
    prints: &Prints<'_>,
    variant: &Variant<'_>,
) -> Judgement {
    let differs_as = |kind, message, is_rounding| {
        Judgement::Differs(Difference {
            kind,
            kernel: None,
            message,
            is_rounding,
        })
    };
    if let Some(fault) = intrinsic_fault(observed) {
        return Judgement::Differs(Difference {
            kind: fault.kind,
            kernel: fault.kernel,
            message: fault.message,
            is_rounding: false,
        });
    }
    // The ascending order came first and passed.
    let differs = if variant.order == Order::Ascending {
        FailureKind::Value
    } else {
        FailureKind::Nondeterministic
    };
    if observed.finished.ending != expected.ending {
        let message = format!(
            "it ends with {:?}, the original with {:?}",
            observed.finished.ending, expected.ending
        );
        let kind = if matches!(observed.finished.ending, Ending::Signal(_)) {
            FailureKind::Crash
        } else {
            differs
        };
        // A contracted text may take another path to another exit code.
        return match (kind, variant.freedom) {
            (FailureKind::Crash, _) | (_, Freedom::Order) => differs_as(kind, message, false),
            (_, Freedom::Contraction | Freedom::Device) => Judgement::Unknown,
        };
    }
    let mut is_all_exact = true;
    for (stream, texts) in streams(expected, observed) {
        let Some(texts) = texts else {
            let message = "the files it writes differ from the original's".to_owned();
            return differs_as(differs, message, false);
        };
        let masked = match stream {
            Stream::Output => &expected.masked,
            Stream::Error | Stream::File(_) => &BTreeSet::new(),
        };
        match prints.compare(variant.freedom, &stream, texts, masked) {
            Printing::Same { is_exact } => is_all_exact &= is_exact,
            Printing::Differs {
                message,
                is_rounding,
            } => {
                let place = match &stream {
                    Stream::Output | Stream::Error => String::new(),
                    Stream::File(name) => format!("in {name}: "),
                };
                return differs_as(differs, place + &message, is_rounding);
            }
            Printing::Unknown => return Judgement::Unknown,
        }
    }
    Judgement::Agrees {
        is_exact: is_all_exact,
    }
}

/// A text of the original and what the candidate printed instead; `None` where only one of them wrote the file.
type Texts<'a> = Option<(&'a [u8], &'a [u8])>;

/// Returns the standard output and every file, as the two programs left them.
fn streams<'a>(expected: &'a Expected, observed: &'a Observation) -> Vec<(Stream, Texts<'a>)> {
    let mut streams = vec![(
        Stream::Output,
        Some((
            expected.stdout.as_slice(),
            observed.finished.stdout.as_slice(),
        )),
    )];
    let by_name = |files: &'a [(String, Vec<u8>)]| -> BTreeMap<&'a str, &'a [u8]> {
        let pairs = files.iter();
        pairs
            .map(|(name, text)| (name.as_str(), text.as_slice()))
            .collect()
    };
    let (wanted, got) = (by_name(&expected.files), by_name(&observed.files));
    let names: BTreeSet<&str> = wanted.keys().chain(got.keys()).copied().collect();
    for name in names {
        let texts = wanted.get(name).copied().zip(got.get(name).copied());
        streams.push((Stream::File(name.to_owned()), texts));
    }
    streams
}
