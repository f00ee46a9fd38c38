//! What a finished translation writes and says.

use std::io::{IsTerminal, stderr};

use mupac_ir::Plan;
use mupac_tester::{Evidence, FullSize};

use crate::cli::{Emit, MessageFormat, Translate};
use crate::diagnostics::{self, Message, Reporter, Severity};
use crate::failing::{Cause, Dropped};
use crate::header::{evidence, header, on_gpu};
use crate::plan_file;
use crate::report;
use crate::run::{CHECK_FAILED, Stop};
use crate::summary;
use crate::translate::{Ending, Selection, Translation};
use crate::writer::{self, Checked, Target};

/// What was asked for, as far as writing and saying goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    /// The options.
    pub(crate) options: &'a Translate,
    /// The options of the C front end.
    pub(crate) compiler: &'a [String],
    /// How mappings were chosen.
    pub(crate) selection: &'a Selection,
    /// Where the output goes.
    pub(crate) target: &'a Target,
}

/// Writes the output in the form that was asked for.
pub(crate) fn write(
    job: &Job<'_>,
    translation: &Translation,
    checked: &Checked,
) -> Result<(), Message> {
    match job.options.emit {
        Emit::Cu => {
            let header = header(translation, checked, job.selection);
            writer::write_cuda(job.target, checked, &header, job.options.support)
        }
        Emit::Plan => writer::write_text(job.target, &plan_file::print(&translation.plan)),
        // The front end's module was written before anything was translated.
        Emit::Ir => Ok(()),
    }
}

/// Says what a check that passed could not decide, and why.
fn undecided(evidence: &Evidence) -> Option<Message> {
    let untested = evidence.untested.iter();
    let mut notes: Vec<String> = untested.map(|each| format!("not tested: {each}")).collect();
    let regions: Vec<&str> = evidence.outlined.iter().map(String::as_str).collect();
    if !regions.is_empty() {
        notes.push(format!(
            "tested by itself, and not where its function runs it: {}",
            regions.join(", ")
        ));
    }
    let left_out = evidence.left_out.iter();
    notes.extend(left_out.map(|each| format!("left out by --check-time: {each}")));
    // A few among others take nothing from what these say.
    let undecided = Some(evidence.undecided).filter(|count| *count > 0 && evidence.contracted == 0);
    notes.extend(undecided.map(|count| {
        format!(
            "undecided: {count} runs with contracted products, of which no bound on rounding is known"
        )
    }));
    let seen = evidence.full_size.iter();
    let missing = seen.filter(|(_, seen)| !matches!(seen, FullSize::Compared { .. }));
    notes.extend(missing.map(|(function, seen)| format!("at full size: {function}: {seen}")));
    let mut message = Message::new(Severity::Note, "the check does not say everything");
    message.notes = notes;
    (!message.notes.is_empty()).then_some(message)
}

/// Says what a check that passed did not reach, where that is too much to be passed over.
fn low_coverage(evidence: &Evidence) -> Option<Message> {
    let coverage = evidence.coverage.as_ref().filter(|each| each.is_low())?;
    let percent = |share: f64| (share * 100.0).floor();
    let mut message = Message::warning(format!(
        "the tests reach {} % of the lines and {} % of the outcomes of loops and branches",
        percent(coverage.line_share()),
        percent(coverage.outcome_share())
    ));
    let missed = coverage.missed.iter();
    message
        .notes
        .extend(missed.map(|each| format!("missed: {each}")));
    Some(message)
}

/// Says which mistakes no test of a check that passed noticed, where these are too many.
fn few_noticed(evidence: &Evidence) -> Option<Message> {
    let score = evidence.mutation.as_ref().filter(|each| each.is_low())?;
    let mut message = Message::warning(format!(
        "the tests notice {} of {} mistakes that were made on purpose",
        score.killed, score.total
    ));
    let survivors = score.survivors.iter();
    message
        .notes
        .extend(survivors.map(|each| format!("survived: {each}")));
    Some(message)
}

/// Says which checks failed on the way, each a bug of mupac, and which kernels there are not because of that, even to who
/// wants to hear of errors only: the output is not what was asked for.
pub(crate) fn tell_dropped(translation: &Translation, reporter: Reporter) {
    let is_over = match translation.ending {
        Ending::Done(_) => false,
        Ending::StrictFailure | Ending::OriginalDiffers => true,
    };
    for dropped in &translation.dropped {
        // What no test reached is told as the reason of its loop.
        if dropped.failure.kind.is_bug() {
            reporter.say(&failure(dropped, is_over), None);
        }
    }
    if let Some(words) = summary::dropped(&translation.plan).filter(|_| !is_over) {
        let untested = summary::untested(&translation.plan);
        let help = if untested.is_empty() {
            "the loops run on the host; -v says why"
        } else {
            "the loops run on the host; --unchecked=keep keeps kernels that could not be tested"
        };
        let mut message = Message::warning(words).help(help);
        message.notes.extend(untested);
        reporter.insist(&message);
    }
}

fn failure(dropped: &Dropped, is_over: bool) -> Message {
    let words = format!("the check failed: {}", dropped.failure);
    let mut message = if is_over {
        Message::error(words)
    } else {
        Message::warning(words)
    };
    let is_explained = dropped.cause == Cause::BugUnlessSumDecides;
    if !dropped.regions.is_empty() || is_explained {
        let cause = match dropped.cause {
            Cause::Order => {
                "a sum in another order prints other digits, and no bound on them is known; `--fp=strict` keeps the order"
            }
            Cause::BugUnlessSumDecides => {
                "unless the program lets the last digits of a sum decide (`--fp=strict` keeps its order), this is a bug of mupac, please report it"
            }
            Cause::Bug => "this is a bug of mupac, please report it",
        };
        let moved = match dropped.regions.as_slice() {
            [] => String::new(),
            regions => format!(
                "{} went on to another mapping or to the original loop; ",
                regions.join(", ")
            ),
        };
        message = message.help(moved + cause);
    }
    if !dropped.failure.replay.is_empty() {
        message
            .notes
            .push(format!("test: {}", dropped.failure.replay));
    }
    if let Some(counterexample) = &dropped.failure.counterexample {
        let lines: Vec<&str> = counterexample.lines().collect();
        let call = lines.join("\n      ");
        message.notes.push(format!("call: {call}"));
    }
    if let Some(origin) = &dropped.failure.origin {
        message.notes.push(format!("origin: {origin}"));
    }
    if let Some(culprit) = &dropped.culprit {
        message.notes.push(format!("moves: {culprit}"));
    }
    if let Some(folder) = &dropped.kept {
        message.notes.push(format!("kept: {}", folder.display()));
    }
    message
}

/// Says what became of each loop.
pub(crate) fn tell_loops(plan: &Plan, reporter: Reporter) {
    let source = &plan.module.source;
    let explain_all = reporter.is_verbose || reporter.format == MessageFormat::Short;
    if explain_all {
        for outcome in &plan.loops {
            if let Some(message) = diagnostics::refusals(source, outcome) {
                reporter.say(&message, Some(source));
            }
        }
    }
    if reporter.is_quiet {
        return;
    }
    match reporter.format {
        MessageFormat::Human => {
            let width = stderr().is_terminal().then(textwrap::termwidth);
            let rows = summary::table(plan, width, reporter.is_verbose);
            let lines = rows.iter().flat_map(|row| row.lines());
            lines.for_each(|line| reporter.line(line));
        }
        MessageFormat::Short => {}
        MessageFormat::Json => {
            for each in report::loops(plan) {
                reporter.line(&serde_json::json!({"type": "loop", "loop": each}).to_string());
            }
        }
    }
}

/// Says how the translation ended, and turns a failed check into its exit code.
pub(crate) fn tell_ending(
    job: &Job<'_>,
    translation: &Translation,
    reporter: Reporter,
) -> Result<(), Stop> {
    let checked = match &translation.ending {
        Ending::Done(checked) => checked,
        Ending::StrictFailure => return Err(failed("--strict-check: nothing was written")),
        Ending::OriginalDiffers => {
            return Err(failed(
                "the text without kernels does not do what the original does; nothing was written",
            ));
        }
    };
    match &**checked {
        Checked::Verified(verified) => {
            let gpu = on_gpu(verified);
            reporter.progress(&format!("checked on the CPU: {}{gpu}", evidence(verified)));
            let evidence = &verified.evidence;
            let said = [
                low_coverage(evidence),
                few_noticed(evidence),
                undecided(evidence),
            ];
            for message in said.iter().flatten() {
                reporter.say(message, None);
            }
            if let Some(folder) = &verified.evidence.folder {
                reporter.progress(&format!("kept {}", folder.display()));
            }
        }
        Checked::Unchecked(text) => reporter.progress(&match text.why() {
            Some(why) => format!("not tested, kernels kept by --unchecked=keep: {why}"),
            None => "not checked: --check=off".to_owned(),
        }),
        Checked::Original(original) => {
            reporter.progress(&format!("not tested: {}", original.why()));
        }
    }
    if *job.target != Target::StandardOutput {
        let what = match job.options.emit {
            Emit::Cu => format!(": {}", summary::kernels(&translation.plan)),
            Emit::Plan | Emit::Ir => String::new(),
        };
        let parts = match job.options.emit {
            Emit::Cu => writer::places(job.target, checked.unit(), job.options.support),
            Emit::Plan | Emit::Ir => vec![job.target.clone()],
        };
        let parts: Vec<String> = parts.iter().map(Target::name).collect();
        reporter.progress(&format!("wrote {}{what}", parts.join(", ")));
    }
    Ok(())
}

fn failed(words: &str) -> Stop {
    Stop {
        messages: vec![Message::error(words)],
        code: CHECK_FAILED,
    }
}

/// Returns what the tests of a passed check covered.
pub(crate) fn evidence_of(ending: &Ending) -> Option<&Evidence> {
    match ending {
        Ending::Done(checked) => match &**checked {
            Checked::Verified(verified) => Some(&*verified.evidence),
            Checked::Unchecked(_) | Checked::Original(_) => None,
        },
        Ending::StrictFailure | Ending::OriginalDiffers => None,
    }
}
