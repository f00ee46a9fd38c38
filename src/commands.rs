//! Commands that say something and translate nothing.

use std::path::Path;

use crate::cc;
use crate::cli::{Import, ReportForm, ShownReport};
use crate::diagnostics::{Message, plain};
use crate::doctor;
use crate::explain::{self, report::Account};
use crate::import;
use crate::overwriting;
use crate::report;
use crate::report_form::Form;
use crate::run::{TOOL_MISSING, WRITTEN, usage_error, wrong};
use crate::writer::{self, Target};

/// Explains a reason by its code or name, and a report by its file, which has an ending or stands in a folder; of that the moves
/// of each plan, too, where it `is_detailed`.
pub(crate) fn explain(subject: &str, is_detailed: bool) -> u8 {
    said(if subject.contains(['.', '/']) {
        let report = report::read(Path::new(subject));
        report.map(|told| Account { told, is_detailed }.to_string())
    } else {
        explain::explain(subject).ok_or_else(|| {
            let codes = explain::codes();
            Message::error(format!(
                "there is no reason `{subject}`; these exist:\n{codes}"
            ))
            .help("mupac --help lists the options")
        })
    })
}

/// Shows a report in another form.
pub(crate) fn report(options: &ShownReport) -> u8 {
    match shown(options) {
        Ok(()) => WRITTEN,
        Err(message) => wrong(&message),
    }
}

fn shown(options: &ShownReport) -> Result<(), Message> {
    let path = &options.report;
    let form = match options.form {
        ReportForm::Html => Form::Page,
        ReportForm::Sarif => Form::Sarif,
        ReportForm::Text => Form::Text,
    };
    let target = match (&options.output, form.ending()) {
        (Some(output), _) => Target::of(output),
        (None, Some(ending)) => Target::File(path.with_extension(ending)),
        (None, None) => Target::StandardOutput,
    };
    overwriting::refuse(
        [path.as_path()],
        &[(target.clone(), "-o names another file")],
    )?;
    if !options.force {
        overwriting::refuse_foreign([&target], "-o names another file; -f writes over it")?;
    }
    let text = form.text(&report::read(path)?, Some(path))?;
    writer::write_text(&target, &text)
}

/// Takes home what a bundle saw on a GPU.
pub(crate) fn import_results(options: &Import) -> u8 {
    let imported = import::import(options).map(|imported| imported.to_string());
    said(imported.map_err(|message| message.help("nothing was imported")))
}

/// Says what translations are kept, or removes them.
pub(crate) fn cache(clears: bool) -> u8 {
    said(cc::show(clears))
}

/// Says which tools there are.
pub(crate) fn examine() -> u8 {
    let diagnosis = doctor::diagnosis();
    match print(&diagnosis.to_string()) {
        WRITTEN if !diagnosis.is_ready() => TOOL_MISSING,
        code => code,
    }
}

/// Prints a text, or says why there is none.
fn said(text: Result<String, Message>) -> u8 {
    match text {
        Ok(text) => print(&text),
        Err(message) => wrong(&message),
    }
}

fn print(text: &str) -> u8 {
    match writer::write_text(&Target::StandardOutput, &plain(text)) {
        Ok(()) => WRITTEN,
        Err(message) => usage_error(&message.title),
    }
}
