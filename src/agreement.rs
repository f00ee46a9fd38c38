//! Options that only make sense together, or for one input; clap cannot tell.

use std::path::PathBuf;

use crate::cli::{Check, CoherenceKind, Emit, MemoryKind, Split, Support, Translate};
use crate::diagnostics::Message;
use crate::input::is_dash;

/// Checks that the options make sense together.
///
/// **Errors**: a message that names those that do not.
pub(crate) fn agree(options: &Translate) -> Result<(), Message> {
    let told = [
        for_one_input(options),
        without_check(options),
        without_search(options),
        without_translation(options),
        beside_split(options),
        whole_program(options),
        beside_system(options),
        beside_header(options),
    ];
    match told.into_iter().flatten().next() {
        Some(message) => Err(message),
        None => Ok(()),
    }
}

/// Returns the first of some options that is there.
fn first<'a>(named: &[(&'a str, bool)]) -> Option<&'a str> {
    let mut named = named.iter();
    named.find(|(_, is_there)| *is_there).map(|(name, _)| *name)
}

fn for_one_input(options: &Translate) -> Option<Message> {
    if options.inputs.len() == 1 || options.is_one_program() {
        return None;
    }
    let named = [
        (
            "--report names one report, but there are several inputs",
            options.report.is_some(),
        ),
        (
            "--html names one page, but there are several inputs",
            options.html.is_some(),
        ),
        (
            "--sarif names one file, but there are several inputs",
            options.sarif.is_some(),
        ),
        (
            "--plan belongs to one input, but there are several",
            options.plan.is_some(),
        ),
    ];
    first(&named).map(Message::error)
}

fn whole_program(options: &Translate) -> Option<Message> {
    let is_nowhere = options.whole_program && options.inputs.len() > 1 && options.output.is_none();
    is_nowhere.then(|| {
        let words = "--whole-program makes one of several inputs, and nothing says where it goes";
        Message::error(words).help("-o names its file, with --split its folder")
    })
}

fn without_check(options: &Translate) -> Option<Message> {
    let is_asked = options.strict_check && options.check == Check::Off;
    is_asked.then(|| Message::error("--strict-check needs a check, but --check=off asks for none"))
}

/// Below `-O3`, with a plan and without kernels nothing is searched, so whoever names what guides a search expects
/// something else.
fn without_search(options: &Translate) -> Option<Message> {
    let guides = [
        ("--graph", options.graph.is_some()),
        ("--model", options.model.is_some()),
        ("--search-budget", options.search_budget.is_some()),
    ];
    if options.no_parallel && options.plan.is_some() {
        return Some(Message::error(
            "--plan says which kernels there are, but --no-parallel asks for none",
        ));
    }
    let guide = first(&guides)?;
    let why = if options.no_parallel {
        "--no-parallel asks for no kernel".to_owned()
    } else if options.plan.is_some() {
        "--plan names the mappings".to_owned()
    } else if options.optimise < 3 {
        format!("-O{} makes no search", options.optimise)
    } else {
        return None;
    };
    let message = Message::error(format!("{guide} guides a search, but {why}"));
    let is_asked = options.optimise == 3;
    Some(if is_asked {
        message
    } else {
        message.help("-O3 searches")
    })
}

fn without_translation(options: &Translate) -> Option<Message> {
    let needs = [
        ("--report", options.report.is_some()),
        ("--html", options.html.is_some()),
        ("--sarif", options.sarif.is_some()),
        ("--strict-check", options.strict_check),
        ("--require-parallel", options.require_parallel),
    ];
    let needs = first(&needs).filter(|_| options.emit == Emit::Ir)?;
    Some(Message::error(format!(
        "{needs} is about a translation, but --emit=ir writes the input as it was read"
    )))
}

/// What keeps copies has nothing to keep where there are none.
fn beside_system(options: &Translate) -> Option<Message> {
    let are_both =
        options.memory == MemoryKind::System && options.coherence == CoherenceKind::Pages;
    are_both.then(|| {
        Message::error(
            "--coherence=pages keeps copies, and --memory=system is for devices that need none",
        )
        .help("name one of the two")
    })
}

/// A header lies beside a file that includes it.
fn beside_header(options: &Translate) -> Option<Message> {
    if options.support == Support::Inline {
        return None;
    }
    if options.emit != Emit::Cu {
        return Some(Message::error(
            "--support says how CUDA text is written, and --emit asks for another form",
        ));
    }
    let is_stream = match &options.output {
        Some(output) => is_dash(output),
        None => options.inputs.iter().any(|path| is_dash(path)),
    };
    is_stream.then(|| {
        Message::error("--support=header writes a header beside the output").help("-o names a file")
    })
}

/// What cannot be had in two files.
fn beside_split(options: &Translate) -> Option<Message> {
    let split = options.split?;
    let named = [
        ("--emit", options.emit != Emit::Cu),
        ("--memory=device", options.memory == MemoryKind::Device),
        ("--check=gpu", options.check == Check::Gpu),
    ];
    if let Some(name) = first(&named) {
        return Some(Message::error(format!(
            "{name} is for translations that are one file, and --split asks for two"
        )));
    }
    let is_stream = |path: &PathBuf| is_dash(path);
    let (words, help) = match (&options.output, split) {
        (Some(output), _) if is_stream(output) => (
            "--split writes files, and -o - names none",
            "-o names a folder",
        ),
        (None, Split::Always) => (
            "--split needs a folder for the file that stays C",
            "-o names it; it is made if it is not there",
        ),
        (Some(output), Split::Always) if output.is_file() => (
            "--split needs a folder, and -o names a file",
            "-o names the folder for all parts",
        ),
        (None, Split::Auto) if options.inputs.iter().any(is_stream) => (
            "--split writes files, and standard input has no name",
            "-o names the file",
        ),
        (Some(_), Split::Always) if options.inputs.iter().any(is_stream) => (
            "--split writes files, and standard input has no name",
            "name a file",
        ),
        (Some(_) | None, Split::Always | Split::Auto) => return None,
    };
    Some(Message::error(words).help(help))
}

/// Returns a warning of options that change nothing beside the others.
pub(crate) fn without_effect(options: &Translate) -> Option<Message> {
    let (is_off, is_read) = (options.check == Check::Off, options.emit == Emit::Ir);
    let options = [
        ("--test-argv", !options.test_argv.is_empty()),
        ("--test-stdin", options.test_stdin.is_some()),
        ("--keep-temps", options.keep_temps),
    ];
    let given: Vec<&str> = options
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(name, _)| *name)
        .collect();
    let because = if is_off {
        "--check=off runs nothing"
    } else {
        "--emit=ir runs nothing"
    };
    let is_told = (is_off || is_read) && !given.is_empty();
    is_told.then(|| {
        let (has, names) = (
            if given.len() == 1 { "has" } else { "have" },
            given.join(" and "),
        );
        Message::warning(format!("{names} {has} no effect: {because}"))
    })
}
