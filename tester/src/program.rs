//! Runs a whole program: original and candidate with the same arguments and standard input.
//!
//! Exit code, standard output and the files left in the working folder must be the same, byte for byte, except for what
//! differs between two runs of the original (addresses, cycles); clocks go by their calls, and are the same in all runs.
//! Where the text's arithmetic may differ from the original's, numbers need only be as near as the interpreter, which
//! runs the program too, says that they are.

mod agreed;
mod in_full;
mod prints;
mod runs;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mupac_ir::interpret::Stream;
use mupac_ir::parallel;

use crate::bench::{Bench, Variant};
use crate::bounds::Freedom;
use crate::coverage::{self, Reached};
use crate::evidence::{Evidence, Nearness, Untested};
use crate::isolation::Ending;
use crate::masks::Masks;
use crate::observation::{Clock, Digits, Observation, Order, Part, Run, Trace};
use crate::origin::{self, About, Origin};
use crate::outcome::{Failure, FailureKind, TesterError};
use crate::sources::ORIGINAL;
use crate::toolchain::Original;
use crate::trial::{intrinsic_fault, only_kernel};
use prints::{Known, Output, Printing, Prints, streams};
use runs::is_late;

pub(crate) use agreed::is_undefined;

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
    /// What of the standard output differs between runs.
    pub(crate) masked: Masks,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    wall: Duration,
    /// Whether the text launches only what pays by its guards, since it takes too long where it launches all.
    pub(crate) launches_what_pays: bool,
    reached: Reached,
    /// Where signed numbers overflowed, in the words of a sanitizer: what its compiler makes of that is what was compared.
    overflow: Option<String>,
    known: Known,
}

/// Runs original and candidate; `stdin` is the file with the standard input.
pub(crate) fn test(
    bench: &Bench<'_>,
    stdin: &Path,
    evidence: &mut Evidence,
) -> Result<Verdict, TesterError> {
    let runner = Runner { bench, stdin };
    let mut expected = match runner.expected() {
        Ok(Ok(expected)) => expected,
        Ok(Err(why)) | Err(TesterError::Exhausted { what: why }) => {
            return Ok(Verdict::NotTested(why));
        }
        Err(error) => return Err(error),
    };
    let mut variants = bench.programs.variants(bench.options.seed);
    // The memory of a program is its own, so that sides are no ways either.
    if !bench.programs.has_kernels {
        variants.truncate(1);
    }
    let patience = expected.patience();
    let limit = patience.min(bench.options.program_limit);
    let (runs, launches_what_pays) = runner.runs(variants, limit);
    expected.launches_what_pays = launches_what_pays;
    let prints = Prints {
        runner: &runner,
        expected: &expected,
    };
    let mut shown = Evidence::default();
    for (variant, observed) in runs {
        let judged = observed.and_then(|observed| {
            let judgement = judge(&observed, &prints, &variant)?;
            Ok((observed, judgement))
        });
        let (observed, judgement) = match judged {
            Err(TesterError::Exhausted { what }) if expected.is_counted(&variant) => {
                return Ok(Verdict::NotTested(what));
            }
            Err(TesterError::Exhausted { .. }) => {
                let left_out = format!("the program with {}", variant.words());
                shown.left_out.insert(left_out);
                continue;
            }
            judged => judged?,
        };
        if is_late(&observed) && patience > limit {
            let seconds = limit.as_secs();
            evidence.add(shown);
            return Ok(Verdict::NotTested(format!(
                "the program takes more than {seconds} s when CUDA runs on the CPU; --test-argv and --test-stdin give it less to do"
            )));
        }
        if observed.finished.ending == Ending::OutOfMemory {
            evidence.add(shown);
            return Ok(Verdict::NotTested(format!(
                "the program takes more than {} when CUDA runs on the CPU",
                bench.options.memory_in_words()
            )));
        }
        match judgement {
            Judgement::Agrees(nearness) => {
                shown.nearness = shown.nearness.max(nearness);
                shown.contracted += usize::from(variant.freedom == Freedom::Contraction);
            }
            Judgement::Unknown => shown.undecided += 1,
            Judgement::Differs(difference) => {
                let failure = runner.failure((&variant, &observed), difference, limit)?;
                return Ok(Verdict::Fail(Box::new(failure)));
            }
        }
        if expected.is_counted(&variant) {
            shown.add_launches(&observed.report.launches);
        }
        if variant.is_first() {
            shown.program_copies = Some(observed.report.copies);
        }
        if variant.is_usual() {
            shown.usual_copies = Some(observed.report.copies);
        }
    }
    if expected.masked.are_many(&expected.stdout) && !prints.tell_of_kernels(limit)? {
        return Ok(Verdict::NotTested(
            "of what the original program prints alike in every run nothing is known to depend on a kernel"
                .to_owned(),
        ));
    }
    evidence.add(shown);
    coverage::add(&mut evidence.reached, &expected.reached);
    evidence.ran_program = true;
    evidence.masked_lines = expected.masked.lines().len();
    evidence.masked_numbers = expected.masked.word_count();
    let beyond = expected.overflow.as_ref();
    let beyond = beyond.map(|report| format!("other outcomes of what C leaves open: {report}"));
    evidence.untested.extend(beyond.map(Untested::text));
    if expected.launches_what_pays {
        let seconds = limit.as_secs();
        let why = format!(
            "the program with launches that do not pay: it takes more than {seconds} s on the CPU"
        );
        evidence.untested.insert(Untested::text(why));
    }
    Ok(Verdict::Pass(Box::new(expected)))
}

impl Expected {
    fn output(&self) -> Output<'_> {
        Output {
            stdout: &self.stdout,
            files: &self.files,
        }
    }

    /// Returns the lines of a stream that are not compared.
    fn masked(&self, stream: &Stream) -> Cow<'_, Masks> {
        match stream {
            Stream::Output => Cow::Borrowed(&self.masked),
            Stream::Error | Stream::File(_) => Cow::Owned(Masks::default()),
        }
    }

    /// Returns the way to run the text of which launches are counted.
    fn counted<'a>(&self, bench: &Bench<'a>) -> Variant<'a> {
        Variant {
            is_default: self.launches_what_pays,
            ..bench.programs.first(bench.options.seed)
        }
    }

    /// Returns whether launches of this run are counted.
    fn is_counted(&self, variant: &Variant<'_>) -> bool {
        if self.launches_what_pays {
            variant.is_usual()
        } else {
            variant.is_first()
        }
    }

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
            ..expected.counted(self.bench)
        };
        let observed = self.run(&variant, limit, Trace::Off)?;
        let prints = Prints {
            runner: self,
            expected,
        };
        Ok(match judge(&observed, &prints, &variant)? {
            Judgement::Differs(_) => Likeness::Different,
            Judgement::Agrees(Nearness::Exact) => Likeness::Same,
            Judgement::Agrees(Nearness::Bound | Nearness::Spread) | Judgement::Unknown => {
                Likeness::Near
            }
        })
    }

    /// Returns in what a run differs, and where that comes from.
    fn failure(
        &self,
        (variant, observed): (&Variant<'_>, &Observation),
        difference: Difference,
        limit: Duration,
    ) -> Result<Failure, TesterError> {
        let Difference {
            kind,
            kernel,
            message,
            is_rounding,
        } = difference;
        let origin = match self.origin(variant, kind, limit) {
            Err(TesterError::Exhausted { .. }) => None,
            origin => origin?,
        };
        Ok(Failure {
            kind,
            function: None,
            kernel: kernel.or_else(|| only_kernel(observed)),
            message,
            replay: format!("program {}", variant.words()),
            counterexample: None,
            origin,
            is_rounding,
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
        self.run_at(variant, limit, (trace, Clock::Counted, Digits::AsWritten))
    }

    fn run_at(
        &self,
        variant: &Variant<'_>,
        limit: Duration,
        how: (Trace, Clock, Digits),
    ) -> Result<Observation, TesterError> {
        self.run_part(variant, limit, how, None)
    }

    fn run_part(
        &self,
        variant: &Variant<'_>,
        limit: Duration,
        (trace, clock, digits): (Trace, Clock, Digits),
        part: Option<Part<'_>>,
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
            part,
            clock,
            digits,
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

    /// Returns what differs between runs on another machine, where clocks go by time; `None` where the program ends otherwise
    /// or prints other lines.
    pub(crate) fn masked_by_clock(
        &self,
        expected: &Expected,
    ) -> Result<Option<Masks>, TesterError> {
        let original = Variant::plain(&self.bench.programs.plain);
        let limit = self.bench.options.program_limit;
        let run = || {
            self.run_at(
                &original,
                limit,
                (Trace::Off, Clock::System, Digits::AsWritten),
            )
        };
        let (first, second) = (run()?, run()?);
        let is_same = |run: &Observation| {
            run.finished.ending == expected.ending && run.files == expected.files
        };
        if !is_same(&first) || !is_same(&second) {
            return Ok(None);
        }
        let printed = [&first, &second].map(|run| run.finished.stdout.as_slice());
        let differing = Masks::of(&[&expected.stdout, printed[0], printed[1]]);
        Ok(differing.map(|masks| masks.union(&expected.masked)))
    }

    /// Runs the candidate without its kernels.
    fn idle(&self, expected: &Expected, limit: Duration) -> Result<Observation, TesterError> {
        let variant = expected.counted(self.bench);
        let how = (Trace::Off, Clock::Counted, Digits::AsWritten);
        self.run_part(&variant, limit, how, Some(Part::NoBlocks))
    }

    /// Runs a program that prints all digits of its numbers.
    fn in_full(&self, variant: &Variant<'_>) -> Result<Observation, TesterError> {
        let limit = self.bench.options.program_limit;
        let how = (Trace::Off, Clock::Counted, Digits::All);
        self.run_at(variant, limit, how)
    }

    /// Returns the original built in another way; `None` where it cannot be.
    fn rebuilt(&self, how: Original) -> Result<Option<PathBuf>, TesterError> {
        let program = self.bench.scratch.join(format!("original-{how:?}"));
        let source = self.bench.scratch.join(ORIGINAL);
        let built = self.bench.toolchain.build_original(&source, &program, how);
        Ok(built?.is_ok().then_some(program))
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
        let lenient = if agreed::ends_by_overflow(sanitized) {
            self.rebuilt(Original::Overflowing)?
        } else {
            None
        };
        let lenient = match lenient {
            Some(program) => Some(self.run(&Variant::plain(&program), limit, Trace::Off)?),
            None => None,
        };
        let sanitized = lenient.as_ref().unwrap_or(sanitized);
        let expected = agreed::expected([first, second, sanitized], &memory, lenient.is_some());
        Ok(expected.map_err(|why| needs.unwrap_or(why)))
    }
}

/// What a run of the candidate says.
enum Judgement {
    /// It does what the original does.
    Agrees(Nearness),
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

/// Compares a run of the candidate with the original.
///
/// **Errors**: it has to be run again, and the machine is at fault or time is spent.
fn judge(
    observed: &Observation,
    prints: &Prints<'_>,
    variant: &Variant<'_>,
) -> Result<Judgement, TesterError> {
    let judgement = match compared(observed, prints, variant) {
        Compared::Judged(judgement) => judgement,
        Compared::Moves(_) if prints.agrees_in_full(variant)? => {
            Judgement::Agrees(Nearness::Spread)
        }
        Compared::Moves(difference) => Judgement::Differs(difference),
    };
    Ok(judgement)
}

/// What the text of a run says.
enum Compared {
    Judged(Judgement),
    /// Its numbers differ, and nobody knows a bound on what other orders of additions make of them.
    Moves(Difference),
}

fn compared(observed: &Observation, prints: &Prints<'_>, variant: &Variant<'_>) -> Compared {
    let expected = prints.expected;
    let differs_as = |kind, message, is_rounding| {
        Compared::Judged(Judgement::Differs(Difference {
            kind,
            kernel: None,
            message,
            is_rounding,
        }))
    };
    if let Some(fault) = intrinsic_fault(observed) {
        return Compared::Judged(Judgement::Differs(Difference {
            kind: fault.kind,
            kernel: fault.kernel,
            message: fault.message,
            is_rounding: false,
        }));
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
            (_, Freedom::Contraction | Freedom::Device) => Compared::Judged(Judgement::Unknown),
        };
    }
    let mut nearness = Nearness::Exact;
    for (stream, texts) in streams(expected.output(), observed.output()) {
        let Some(texts) = texts else {
            let message = "the files it writes differ from the original's".to_owned();
            return differs_as(differs, message, false);
        };
        match prints.compare(variant.freedom, &stream, texts, &expected.masked(&stream)) {
            Printing::Same(found) => nearness = nearness.max(found),
            Printing::Differs {
                message,
                is_rounding,
                may_move,
            } => {
                let place = match &stream {
                    Stream::Output | Stream::Error => String::new(),
                    Stream::File(name) => format!("in {name}: "),
                };
                let difference = Difference {
                    kind: differs,
                    kernel: None,
                    message: place + &message,
                    is_rounding,
                };
                return if may_move {
                    Compared::Moves(difference)
                } else {
                    Compared::Judged(Judgement::Differs(difference))
                };
            }
            Printing::Unknown => return Compared::Judged(Judgement::Unknown),
        }
    }
    Compared::Judged(Judgement::Agrees(nearness))
}
