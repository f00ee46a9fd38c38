//! Runs a command line and returns its exit code.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use mupac_frontend::{FrontendError, JoinError, Parsed};
use mupac_ir::{Module, Verdict};
use mupac_tester::{Companion, Companions, TesterError};

use crate::agreement;
use crate::arguments;
use crate::bundle;
use crate::cc;
use crate::cli::{
    Check, Cli, Color, Command, Emit, MemoryKind, MessageFormat, Split, Support, Translate,
};
use crate::commands;
use crate::diagnostics::{self, Message, Reporter, Severity, plain};
use crate::graph;
use crate::input::{self, InputFile};
use crate::kept_loops;
use crate::output::{self, Job};
use crate::overwriting;
use crate::progress;
use crate::project;
use crate::reported;
use crate::request;
use crate::translate::{Ending, TranslateError, Translation};
use crate::worth;
use crate::writer::{self, Target};

/// Everything asked for was written.
pub const WRITTEN: u8 = 0;
/// The input or an option is at fault, or `--require-parallel` is unmet.
pub const USER_ERROR: u8 = 1;
/// A check failed under `--strict-check`, or the text without kernels fails it.
pub const CHECK_FAILED: u8 = 3;
/// A tool is missing.
pub const TOOL_MISSING: u8 = 4;

/// A translation that ended early: what to say, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) messages: Vec<Message>,
    pub(crate) code: u8,
}

impl From<Message> for Stop {
    fn from(message: Message) -> Self {
        Self {
            messages: vec![message],
            code: USER_ERROR,
        }
    }
}

/// Runs the command line, the first argument being the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(words) = compilers_words(&arguments) {
        return cc::main(&words).unwrap_or_else(|message| wrong(&message));
    }
    // Where that cannot be arranged, what is left behind is all that is lost.
    let _ = mupac_tester::clean_up_on_signals();
    let mut separated = match arguments::separate(arguments) {
        Ok(separated) => separated,
        Err(error) => return usage_error(&error.to_string()),
    };
    separated.include_named_folders(&|variable| std::env::var_os(variable));
    let cli = match Cli::try_parse_from(&separated.own) {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::UnknownArgument => {
            return wrong(&unknown(&error));
        }
        Err(error) => {
            return misunderstood(&error);
        }
    };
    match cli.command {
        Some(Command::Explain { subject, verbose }) => commands::explain(&subject, verbose),
        // What begins like this was taken out before.
        Some(Command::Cc { words }) => cc::main(&words).unwrap_or_else(|message| wrong(&message)),
        Some(Command::Cache { clear }) => commands::cache(clear),
        Some(Command::Doctor) => commands::examine(),
        Some(Command::Graph(command)) => graph::main(&command, &separated.compiler),
        Some(Command::Import(options)) => commands::import_results(&options),
        Some(Command::Report(options)) => commands::report(&options),
        Some(Command::Project(options)) => {
            let compiler = separated.compiler;
            let translate = |own: &Translate| match with_commands(own, compiler.clone()) {
                Ok(compiler) => translate_all(own, &compiler),
                Err(message) => wrong(&message),
            };
            project::project(&options.translate, &translate, reporter(&options.translate))
        }
        Some(Command::Bundle(options)) => {
            match with_commands(&options.translate, separated.compiler) {
                Ok(compiler) => bundle::bundle(&options, &compiler, reporter(&options.translate)),
                Err(message) => wrong(&message),
            }
        }
        None => match with_commands(&cli.translate, separated.compiler) {
            Ok(compiler) => translate_all(&cli.translate, &compiler),
            Err(message) => wrong(&message),
        },
    }
}

/// Returns the compiler options of the inputs' commands before those of the command line.
fn with_commands(options: &Translate, own: Vec<String>) -> Result<Vec<String>, Message> {
    let mut compiler = match &options.commands {
        Some(database) => cc::reading(database, &options.inputs)?,
        None => Vec::new(),
    };
    compiler.extend(own);
    Ok(compiler)
}

/// Returns the words of a command line that is a compiler's: behind `mupac cc`, or behind the name of the driver.
fn compilers_words(arguments: &[OsString]) -> Option<Vec<OsString>> {
    let called = arguments.first().map(Path::new)?;
    let first = if called.file_name().is_some_and(|name| name == cc::NAME) {
        1
    } else if arguments.get(1).is_some_and(|word| word == "cc") {
        2
    } else {
        return None;
    };
    Some(arguments[first..].to_vec())
}

/// Says what clap has to say: help on standard output, errors on standard error.
fn misunderstood(error: &clap::Error) -> u8 {
    let text = error.to_string();
    // A closed stream leaves nobody to tell.
    let _ = match plain(&text) {
        // In colour where that is wanted.
        Cow::Borrowed(_) => error.print(),
        Cow::Owned(plain) => std::io::stderr().write_all(plain.as_bytes()),
    };
    if error.use_stderr() {
        USER_ERROR
    } else {
        WRITTEN
    }
}

/// Returns the error for an option that there is not; clap would have it passed on as an input.
fn unknown(error: &clap::Error) -> Message {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg).unwrap_or_default();
    let message = Message::error(format!("there is no option {option}"));
    let message = match text(ContextKind::SuggestedArg) {
        Some(other) => message.help(format!("there is one called {other}")),
        None => message,
    };
    message.help("mupac --help lists the options, and those of compilers that pass through")
}

pub(crate) fn usage_error(words: &str) -> u8 {
    wrong(&Message::error(words).help("mupac --help lists the options"))
}

pub(crate) fn wrong(message: &Message) -> u8 {
    let reporter = Reporter {
        format: MessageFormat::Human,
        color: Color::Auto,
        is_quiet: false,
        is_verbose: false,
    };
    reporter.say(message, None);
    USER_ERROR
}

/// Returns how messages are said.
fn reporter(options: &Translate) -> Reporter {
    Reporter {
        format: options.message_format,
        color: options.color,
        is_quiet: options.quiet,
        is_verbose: options.verbose,
    }
}

fn translate_all(options: &Translate, compiler: &[String]) -> u8 {
    let reporter = reporter(options);
    let agreed = agreement::agree(options);
    let agreed = agreed.map_err(|message| message.help("mupac --help lists the options"));
    if let Err(message) = agreed.and_then(|()| keep_apart(options)) {
        reporter.say(&message, None);
        return USER_ERROR;
    }
    if let Some(message) = agreement::without_effect(options) {
        reporter.say(&message, None);
    }
    let files: Vec<Result<InputFile, Message>> = options
        .inputs
        .iter()
        .map(|path| input::read(path))
        .collect();
    if options.is_one_program() {
        let alone = Companions::default();
        let translated = joined(files, (options, compiler), reporter).and_then(|(path, parsed)| {
            translate_one((&path, parsed), (options, compiler), &alone, reporter)
        });
        return ended(translated, reporter);
    }
    let program = program(&files, options, compiler);
    let codes = files.into_iter().zip(&options.inputs).map(|(file, path)| {
        let translated = file.map_err(Stop::from).and_then(|file| {
            let others = program.of(&file.name);
            let parsed = parse(&file, (compiler, options.line_directives), reporter)?;
            translate_one((path, parsed), (options, compiler), &others, reporter)
        });
        ended(translated, reporter)
    });
    let code = codes.max().unwrap_or(WRITTEN);
    let parts_stay = options.split == Some(Split::Always) || options.no_parallel;
    let copies = options.memory == MemoryKind::Explicit && !parts_stay;
    if options.inputs.len() > 1 && code == WRITTEN && copies {
        reporter.say(&each_by_itself(), None);
    }
    code
}

/// Says what several files lose that are not made one.
fn each_by_itself() -> Message {
    let words = "each file by itself copies what its kernels need, at each call from another file";
    Message::new(Severity::Note, words)
        .help("-o NAME.cu makes one program of them, in which arrays stay on the device from file to file")
}

/// Says why a translation ended early, and returns its exit code.
fn ended(translated: Result<(), Stop>, reporter: Reporter) -> u8 {
    let Err(stop) = translated else {
        return WRITTEN;
    };
    for message in &stop.messages {
        reporter.say(message, None);
    }
    stop.code
}

/// Reads the files of a command line as one, which lies where the first one does.
fn joined(
    files: Vec<Result<InputFile, Message>>,
    (options, compiler): (&Translate, &[String]),
    reporter: Reporter,
) -> Result<(PathBuf, Parsed), Stop> {
    let files = files.into_iter().collect::<Result<Vec<_>, _>>()?;
    let inputs: Vec<_> = files.iter().map(InputFile::to_read).collect();
    let parsed = mupac_frontend::join(&inputs, &reading(compiler, options.line_directives));
    let parsed = parsed.map_err(|error| match error {
        JoinError::Alone { file, error } => unread(error, &files[file].source(), reporter),
        JoinError::Together { what } => {
            let help = "without -o each file is translated by itself; the checks link them";
            let words = format!("these files do not make one: {what}");
            Message::error(words).help(help).into()
        }
    })?;
    say_read(&parsed, reporter);
    let first = files.into_iter().next().map(|file| file.path);
    Ok((first.unwrap_or_default(), parsed))
}

/// Returns the files that are linked into each other's checks: all that a command line names. What is recorded for a GPU is
/// called without them.
fn program(
    files: &[Result<InputFile, Message>],
    options: &Translate,
    compiler: &[String],
) -> Companions {
    if files.len() == 1 || options.check == Check::Gpu {
        return Companions::default();
    }
    let files = files.iter().flatten();
    let inputs: Vec<_> = files.clone().map(InputFile::to_read).collect();
    let files = files.map(|file| Companion {
        source: file.source(),
        arguments: compiler.to_vec(),
    });
    let reading = reading(compiler, options.line_directives);
    let whole = move || mupac_frontend::join(&inputs, &reading).ok();
    Companions::new(files.collect()).with_whole(move || Some(whole()?.module))
}

/// Checks that nothing is written over what is read.
fn keep_apart(options: &Translate) -> Result<(), Message> {
    let further = [
        &options.plan,
        &options.graph,
        &options.model,
        &options.test_stdin,
    ];
    let read = options.inputs.iter().chain(further.into_iter().flatten());
    let help = if options.inputs.len() == 1 || options.is_one_program() {
        "-o names another output"
    } else {
        "translate such files one at a time; -o names the output"
    };
    let number = if options.is_one_program() {
        1
    } else {
        options.inputs.len()
    };
    let outputs = options.inputs.iter().take(number);
    let outputs = outputs.map(|path| target(path, options));
    let is_split = options.split == Some(Split::Always);
    let outputs = outputs.flat_map(|output| {
        let header = output.support();
        let header = header.filter(|_| options.support == Support::Header);
        let mut all = if is_split {
            output.parts()
        } else {
            vec![output]
        };
        all.extend(header);
        all
    });
    let mut written: Vec<(Target, &str)> = outputs.map(|output| (output, help)).collect();
    let reports = reported::places(options).into_iter();
    written.extend(reports.map(|(form, report)| (report, form.names_another())));
    overwriting::refuse(read.map(PathBuf::as_path), &written)?;
    if !is_split {
        overwriting::refuse_homeless(written.iter().map(|(target, _)| target))?;
    }
    if options.force {
        return Ok(());
    }
    let targets = written.iter().map(|(target, _)| target);
    overwriting::refuse_foreign(targets, "name another file, or write over it with -f")
}

fn translate_one(
    (path, parsed): (&Path, Parsed),
    (options, compiler): (&Translate, &[String]),
    companions: &Companions,
    reporter: Reporter,
) -> Result<(), Stop> {
    let target = target(path, options);
    let reports = reported::places(options);
    let reports = reports.iter().map(|(_, report)| report);
    overwriting::refuse_included(&parsed.headers, &target, reports)?;
    if options.emit == Emit::Ir {
        writer::write_text(&target, &mupac_ir::print::module(&parsed.module))?;
        return Ok(());
    }
    let is_split = is_split(&parsed, options);
    if is_split {
        refuse_parts((path, &parsed.headers), &target, options)?;
    } else {
        refuse_c(&parsed, reporter)?;
    }
    if options.support == Support::Header {
        // The output includes the header by that name.
        target.stem()?;
    }
    let module = parsed.module;
    let kept = kept_loops::outcomes(&module, parsed.unmodelled_loops);
    let mut request = request::of(options, compiler)?;
    request.target.split = if is_split { Some(target.stem()?) } else { None };
    let mut profile = request::profile(options, compiler)?;
    for runs in [&mut request.check, &mut profile].into_iter().flatten() {
        runs.companions = companions.clone();
    }
    let source = module.source.clone();
    let mut translation =
        progress::translate(module, &mut request, reporter).map_err(|error| stopped(&error))?;
    kept_loops::add(&mut translation.plan, kept);
    let job = Job {
        options,
        compiler,
        selection: &request.selection,
        target: &target,
    };
    output::tell_dropped(&translation, reporter);
    if let Ending::Done(checked) = &translation.ending {
        require_parallel(&translation, options, &source.name).inspect_err(|_| {
            output::tell_loops(&translation.plan, reporter);
        })?;
        output::write(&job, &translation, checked)?;
    }
    let worth = worth::of(&translation, request.check.as_ref(), profile.as_ref())
        .map_err(|error| stopped(&TranslateError::Tester(error)))?;
    reported::write(&job, &translation, worth.worth.as_ref())?;
    output::tell_loops(&translation.plan, reporter);
    output::tell_ending(&job, &translation, reporter)?;
    worth.tell(reporter);
    reported::tell(&job, &translation, worth.worth.as_ref(), reporter);
    Ok(())
}

/// Returns whether the file is to stay C, with its kernels beside it.
fn is_split(parsed: &Parsed, options: &Translate) -> bool {
    match options.split {
        None => false,
        Some(Split::Always) => true,
        Some(Split::Auto) => !parsed.needs_c.is_empty(),
    }
}

/// Checks that no part of a translation is written over what is read, or over what mupac did not write.
fn refuse_parts(
    (input, headers): (&Path, &[PathBuf]),
    target: &Target,
    options: &Translate,
) -> Result<(), Message> {
    let parts = target.parts();
    let help = "the part that stays C would be it; -o names another place";
    let written: Vec<(Target, &str)> = parts.iter().map(|part| (part.clone(), help)).collect();
    overwriting::refuse([input], &written)?;
    for part in &parts {
        overwriting::refuse_included(headers, part, [])?;
    }
    if options.force {
        return Ok(());
    }
    overwriting::refuse_foreign(&parts, "name another place, or write over it with -f")
}

/// Reads a file that is to become CUDA C++.
pub(crate) fn module(path: &Path, compiler: &[String], reporter: Reporter) -> Result<Module, Stop> {
    let parsed = parse(&input::read(path)?, (compiler, false), reporter)?;
    refuse_c(&parsed, reporter)?;
    Ok(parsed.module)
}

/// Says what stands in the way where a text has no words in C++.
fn refuse_c(parsed: &Parsed, reporter: Reporter) -> Result<(), Stop> {
    for refusal in &parsed.needs_c {
        let message = diagnostics::needs_c(&parsed.module.source, refusal);
        reporter.say(&message, Some(&parsed.module.source));
    }
    if parsed.needs_c.is_empty() {
        return Ok(());
    }
    Err(Stop {
        messages: Vec::new(),
        code: USER_ERROR,
    })
}

/// Returns where the output goes: `-o`, or beside the input, or standard output for standard input.
fn target(path: &Path, options: &Translate) -> Target {
    if let Some(output) = &options.output {
        let stem = path
            .file_stem()
            .filter(|_| options.split == Some(Split::Always));
        return match stem {
            Some(stem) => {
                let mut name = stem.to_owned();
                name.push(".cu");
                Target::File(output.join(name))
            }
            None => Target::of(output),
        };
    }
    if input::is_dash(path) {
        return Target::StandardOutput;
    }
    Target::File(path.with_extension(options.emit.extension()))
}

fn parse(
    file: &InputFile,
    (compiler, names_lines): (&[String], bool),
    reporter: Reporter,
) -> Result<Parsed, Stop> {
    let source = file.source();
    match mupac_frontend::read(&file.to_read(), &reading(compiler, names_lines)) {
        Ok(parsed) => {
            say_read(&parsed, reporter);
            Ok(parsed)
        }
        Err(error) => Err(unread(error, &source, reporter)),
    }
}

/// Returns the options of the front end.
pub(crate) fn reading(compiler: &[String], names_lines: bool) -> mupac_frontend::Options {
    mupac_frontend::Options {
        arguments: compiler.to_vec(),
        cache: mupac_tester::tools::cache_folder(),
        names_lines,
    }
}

/// Returns the end of a translation whose input is not read, once what clang says is said.
fn unread(error: FrontendError, source: &mupac_ir::Source, reporter: Reporter) -> Stop {
    match error {
        FrontendError::Rejected(found) => {
            say_all(&found, source, reporter);
            Stop {
                messages: Vec::new(),
                code: USER_ERROR,
            }
        }
        FrontendError::Unavailable { .. } => Stop {
            messages: vec![Message::error(error.to_string())],
            code: TOOL_MISSING,
        },
        FrontendError::NotText { line, what } => {
            Message::error(what).at(&source.name, line, 0).into()
        }
        FrontendError::TooLarge { .. }
        | FrontendError::NoResult { .. }
        | FrontendError::ZeroByte
        | FrontendError::Target { .. }
        | FrontendError::Internal { .. } => {
            Message::error(format!("{}: {error}", source.name)).into()
        }
    }
}

/// Says what there is to say of a text that was read: what clang warns of, and which loops of headers stay as they are.
fn say_read(parsed: &Parsed, reporter: Reporter) {
    let source = &parsed.module.source;
    say_all(&parsed.warnings, source, reporter);
    for left in &parsed.left {
        reporter.say(&diagnostics::left(left, &source.name), Some(source));
    }
}

fn say_all(found: &[mupac_frontend::Diagnostic], source: &mupac_ir::Source, reporter: Reporter) {
    for message in found.iter().flat_map(diagnostics::from_frontend) {
        reporter.say(&message, Some(source));
    }
}

pub(crate) fn stopped(error: &TranslateError) -> Stop {
    match error {
        TranslateError::Plan(error) => {
            let mut message = Message::error(&error.what).at(&error.name, error.line, 0);
            message.code = error.reason.as_ref().map(mupac_ir::Reason::code);
            message.into()
        }
        TranslateError::Choice(_) | TranslateError::Inconsistent { .. } => {
            Message::error(error.to_string()).into()
        }
        TranslateError::Tester(error @ TesterError::Link { .. }) => {
            Message::error(error.to_string()).into()
        }
        TranslateError::Tester(
            error @ (TesterError::NoCompiler { .. }
            | TesterError::Runtime { .. }
            | TesterError::Tools { .. }
            | TesterError::Damaged
            | TesterError::Gpu { .. }
            | TesterError::Exhausted { .. }
            | TesterError::Io { .. }),
        ) => {
            let message = Message::error(format!("the check could not run: {error}"))
                .help("--check=off writes the file without a check");
            Stop {
                messages: vec![message],
                code: TOOL_MISSING,
            }
        }
    }
}

/// Returns the end of a translation whose text does not do what the original does.
pub(crate) fn check_failed() -> Stop {
    Stop {
        messages: Vec::new(),
        code: CHECK_FAILED,
    }
}

fn require_parallel(
    translation: &Translation,
    options: &Translate,
    name: &str,
) -> Result<(), Message> {
    let is_met = translation
        .plan
        .loops
        .iter()
        .any(|outcome| outcome.verdict == Verdict::Parallel);
    if options.require_parallel && !is_met {
        return Err(Message::error(format!(
            "no loop of {name} runs on the GPU, and --require-parallel asks for one"
        )));
    }
    Ok(())
}
