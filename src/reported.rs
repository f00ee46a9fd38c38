//! The report of a finished translation: made of what the stages hand over, and written in the forms that were asked for.

use std::collections::BTreeMap;

use mupac_ir::{Mistake, Move};
use mupac_model::Hardware;
use mupac_passes::Device;
use mupac_tester::{Coverage, Evidence, MutationScore, Nearness};

use crate::candidates::Origin;
use crate::cli::{Check, MessageFormat, Translate};
use crate::diagnostics::{Message, Reporter};
use crate::failing::Dropped;
use crate::output::{Job, evidence_of};
use crate::report::{self, CheckStatus, Report};
use crate::report_form::Form;
use crate::translate::{Ending, Selection, Translation};
use crate::worth::Worth;
use crate::writer::{self, Checked, Target};

/// Writes the report in every form that was asked for.
///
/// **Errors**: a message that names the file and says why it cannot be written.
pub(crate) fn write(
    job: &Job<'_>,
    translation: &Translation,
    worth: Option<&Worth>,
) -> Result<(), Message> {
    let places = places(job.options);
    if places.is_empty() {
        return Ok(());
    }
    let report = report(job, translation, worth);
    for (form, place) in places {
        writer::write_text(&place, &form.text(&report, None)?)?;
    }
    Ok(())
}

/// Says how a translation ended to a program that reads messages: one object of type `summary`, the last of its file.
pub(crate) fn tell(
    job: &Job<'_>,
    translation: &Translation,
    worth: Option<&Worth>,
    reporter: Reporter,
) {
    if reporter.format != MessageFormat::Json || reporter.is_quiet {
        return;
    }
    let report = report(job, translation, worth);
    let kernels = report.regions.iter().map(|region| region.kernels.len());
    let on_gpu = report.loops.iter().filter(|told| told.device_code).count();
    let summary = serde_json::json!({
        "type": "summary",
        "input": report.input,
        "output": report.output,
        "parts": report.parts,
        "loops": report.loops.len(),
        "loops_in_kernels": on_gpu,
        "kernels": kernels.sum::<usize>(),
        "check": {"status": report.check.status, "tests": report.check.tests},
        "worth": report.worth,
    });
    reporter.line(&summary.to_string());
}

/// Returns where a translation is to be told of, and in which form.
pub(crate) fn places(options: &Translate) -> Vec<(Form, Target)> {
    let named = [
        (Form::Json, &options.report),
        (Form::Page, &options.html),
        (Form::Sarif, &options.sarif),
    ];
    let named = named.into_iter();
    named
        .filter_map(|(form, path)| Some((form, Target::of(path.as_deref()?))))
        .collect()
}

/// Returns the report of a translation that is written.
fn report(job: &Job<'_>, translation: &Translation, worth: Option<&Worth>) -> Report {
    let options = job.options;
    let plan = &translation.plan;
    let source = &plan.module.source;
    let own = source.parts().is_empty().then_some(&*source.name);
    let read = source.parts().iter().map(|part| &*part.name).chain(own);
    let parts = parts(job, &translation.ending);
    let output = job.target.name();
    Report {
        version: report::VERSION,
        tool: env!("CARGO_PKG_VERSION").into(),
        input: source.name.clone(),
        sources: report::digests(read),
        written: report::digests(written(job, &translation.ending).iter().map(String::as_str)),
        output,
        parts,
        options: told_options(job),
        loops: report::loops(plan),
        regions: report::regions(plan, &|region| report::Chosen {
            by: translation.origin(region).map(Origin::name),
            trajectory: translation.account(region),
        }),
        stays: report::stays(plan),
        search: search(job.selection, translation.device()),
        worth: worth.map(report::WorthEntry::from),
        check: check(translation, options),
    }
}

fn told_options(job: &Job<'_>) -> report::Options {
    let options = job.options;
    report::Options {
        compiler: job.compiler.to_vec(),
        optimise: options.optimise,
        cpu_threshold: options.cpu_threshold.0,
        fp: options.fp.name().into(),
        memory: options.memory.name().into(),
        coherence: options.coherence.name().into(),
        check: options.check.name().into(),
        plan: options.plan.as_ref().map(|path| path.display().to_string()),
        no_parallel: options.no_parallel,
    }
}

/// Returns the files that are written beside the output.
fn parts(job: &Job<'_>, ending: &Ending) -> Vec<String> {
    written(job, ending).into_iter().skip(1).collect()
}

/// Returns the files of the output; none where nothing is written.
fn written(job: &Job<'_>, ending: &Ending) -> Vec<String> {
    let places = match ending {
        Ending::Done(checked) => writer::places(job.target, checked.unit(), job.options.support),
        Ending::StrictFailure | Ending::OriginalDiffers => Vec::new(),
    };
    places.iter().map(Target::name).collect()
}

/// Returns the word of the report for what chose the plans.
fn oracle(selection: &Selection) -> &'static str {
    match selection {
        Selection::Naive => "naive",
        Selection::Greedy | Selection::Search(_) => "analytic",
        Selection::Replay(_) => "replay",
        Selection::Host => "none",
    }
}

fn search(selection: &Selection, device: &Device) -> report::Search {
    let hardware = Hardware::of(device);
    let effort = match selection {
        Selection::Search(effort) => Some(effort),
        Selection::Naive | Selection::Greedy | Selection::Replay(_) | Selection::Host => None,
    };
    report::Search {
        oracle: oracle(selection).into(),
        model: effort
            .and_then(|effort| effort.network.as_deref())
            .map(|network| network.hash().to_owned()),
        proposals: effort
            .and_then(|effort| effort.proposer.as_deref())
            .map(|proposer| proposer.hash().to_owned()),
        arch: device.arch.clone(),
        hardware: hardware.name.into(),
        is_calibrated: hardware.is_measured && hardware.arch() == device.arch,
    }
}

/// Returns the kernels that stay although no test launched them.
fn untested_kernels(ending: &Ending) -> Vec<String> {
    match ending {
        Ending::Done(checked) => match &**checked {
            Checked::Verified(verified) => {
                let untested = verified.evidence.untested_kernels.iter();
                untested.cloned().collect()
            }
            Checked::Unchecked(text) => text.unit().kernels.clone(),
            Checked::Original(_) => Vec::new(),
        },
        Ending::StrictFailure | Ending::OriginalDiffers => Vec::new(),
    }
}

/// Returns how the whole program's output compares with the original's.
fn output(evidence: &Evidence) -> Option<&'static str> {
    let word = match evidence.nearness {
        Nearness::Spread => "within-spread",
        Nearness::Bound => "within-bound",
        Nearness::Exact => "equal",
    };
    evidence.ran_program.then_some(word)
}

fn check(translation: &Translation, options: &Translate) -> report::Check {
    let (status, tests, why) = ending(&translation.ending);
    let evidence = evidence_of(&translation.ending);
    let coverage = evidence.and_then(|evidence| evidence.coverage.as_ref());
    report::Check {
        status,
        place: (options.check != Check::Off).then(|| options.check.name().into()),
        tests,
        dropped: evidence
            .filter(|evidence| evidence.tests > 0)
            .map(|evidence| evidence.dropped),
        output: evidence.and_then(output).map(Into::into),
        masked_lines: evidence.map_or(0, |evidence| evidence.masked_lines),
        masked_numbers: evidence.map_or(0, |evidence| evidence.masked_numbers),
        undecided: evidence.map_or(0, |evidence| evidence.undecided),
        smaller_constants: evidence.map_or(Vec::new(), |evidence| evidence.smaller.clone()),
        full_size: evidence.map_or(BTreeMap::new(), |evidence| {
            let seen = evidence.full_size.iter();
            seen.map(|(function, seen)| (function.clone(), seen.to_string()))
                .collect()
        }),
        untested: evidence.map_or(Vec::new(), |evidence| {
            evidence.untested.iter().map(ToString::to_string).collect()
        }),
        outlined: evidence.map_or(Vec::new(), |evidence| {
            evidence.outlined.iter().cloned().collect()
        }),
        left_out: evidence.map_or(Vec::new(), |evidence| {
            evidence.left_out.iter().cloned().collect()
        }),
        untested_kernels: untested_kernels(&translation.ending),
        copies: evidence
            .and_then(|evidence| evidence.program_copies)
            .map(copies),
        line_coverage: coverage.map(Coverage::line_share),
        branch_coverage: coverage.map(Coverage::outcome_share),
        missed: coverage.map_or(Vec::new(), |coverage| coverage.missed.clone()),
        mutants: evidence
            .and_then(|evidence| evidence.mutation.as_ref())
            .map(mutants),
        why,
        failures: translation.dropped.iter().map(failure).collect(),
    }
}

/// Returns how a check ended, with the number of its tests, or why there are none.
fn ending(ending: &Ending) -> (CheckStatus, Option<usize>, Option<String>) {
    let checked = match ending {
        Ending::Done(checked) => &**checked,
        Ending::StrictFailure | Ending::OriginalDiffers => return (CheckStatus::Fail, None, None),
    };
    match checked {
        Checked::Verified(verified) => {
            let evidence = &verified.evidence;
            let status = if !evidence.untested_kernels.is_empty() {
                CheckStatus::PassPartly
            } else if evidence.is_low() {
                CheckStatus::PassLowCoverage
            } else {
                CheckStatus::Pass
            };
            (status, Some(evidence.tests), None)
        }
        Checked::Unchecked(text) => match text.why() {
            Some(why) => (CheckStatus::Unchecked, None, Some(why.to_owned())),
            None => (CheckStatus::Off, None, None),
        },
        Checked::Original(original) => {
            let why = original.why().to_owned();
            (CheckStatus::NotTested, None, Some(why))
        }
    }
}

fn failure(dropped: &Dropped) -> report::FailureEntry {
    let culprit = dropped.culprit.as_ref();
    report::FailureEntry {
        kind: dropped.failure.kind.name().into(),
        message: dropped.failure.message.clone(),
        replay: dropped.failure.replay.clone(),
        counterexample: dropped.failure.counterexample.clone(),
        origin: dropped.failure.origin.as_ref().map(report::Origin::of),
        regions: dropped.regions.clone(),
        smallest: culprit.map(|culprit| words(&culprit.smallest.moves)),
        culprits: culprit.map(|culprit| words(&culprit.moves)),
    }
}

fn copies(copies: mupac_tester::Copies) -> report::Copies {
    report::Copies {
        launches: copies.launches,
        copies_in: copies.copies_in,
        bytes_in: copies.bytes_in,
        distinct_in: Some(copies.distinct_in),
        needed_in: Some(copies.needed_in),
        copies_out: copies.copies_out,
        bytes_out: copies.bytes_out,
        distinct_out: Some(copies.distinct_out),
        needed_out: Some(copies.needed_out),
        pages_in: copies.pages_in,
        pages_out: copies.pages_out,
    }
}

fn mutants(score: &MutationScore) -> report::Mutants {
    let equivalent = score.equivalent.iter();
    report::Mutants {
        killed: score.killed,
        total: score.total,
        survivors: score.survivors.iter().map(Mistake::to_string).collect(),
        equivalent: equivalent
            .map(|(mistake, proof)| format!("{mistake}: {proof}"))
            .collect(),
    }
}

fn words(moves: &[Move]) -> Vec<String> {
    moves.iter().map(ToString::to_string).collect()
}
