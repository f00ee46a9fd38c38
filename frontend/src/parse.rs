//! The entry: text and options in, module or messages out.

use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};

use clang_sys as k;
use mupac_ir::{Module, Part, Refusal, Source, Span, parallel};

use crate::clang::{self, RawDiagnostic, Role, Unit};
use crate::cpp::Prelude;
use crate::decode::{self, Decoded};
use crate::edits::PlaceNames;
use crate::error::{Diagnostic, FrontendError, Severity};
use crate::included::Found;
use crate::macros::Macros;
use crate::pragma::{Malformed, Pragma};
use crate::precompiled::{Headers, Precompiled};
use crate::text::Text;
use crate::{constants, cpp, depth, edits, headers, leading, lower, pragma};

/// Room for the recursion over the deepest trees that clang accepts.
const STACK_BYTES: usize = 256 << 20;

/// How to compile the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Compiler options as compilers spell them: `-I`, `-D`, `-std=c11`, …
    pub arguments: Vec<String>,
    /// A folder, which need not exist, for what one call finds out and later ones can use; `None` keeps nothing.
    pub cache: Option<PathBuf>,
    /// Whether kept text names the lines of the original at every statement, and not just where its meaning depends on it.
    pub names_lines: bool,
}

/// A C file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The path as given, or `<stdin>`; relative includes start from its folder.
    pub name: String,
    /// The content; the file itself is not read again.
    pub text: Vec<u8>,
    /// The files that it was made of, in order; none where it is one.
    pub parts: Vec<Part>,
}

/// What a C file means.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub module: Module,
    /// What clang warns of.
    pub warnings: Vec<Diagnostic>,
    /// Text that means something else in C++, or nothing, and that no edit repairs; a `.cu` that contains it is wrong.
    pub needs_c: Vec<Refusal>,
    /// Loops inside text that is not modelled, by place: the whole loop, and why.
    pub unmodelled_loops: Vec<Refusal>,
    /// The files that it includes and the system does not own, as they were found.
    pub headers: Vec<PathBuf>,
    /// Those of them that hold loops which no part of the text is.
    pub left: Vec<Left>,
}

/// An included file whose loops are not translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The file, as it was found.
    pub file: String,
    /// How many loops it has that the program may run.
    pub loops: usize,
    /// Why the file is not taken into the text, as a sentence without an end.
    pub why: String,
    /// What helps, where that is another thing than its text in the main file.
    pub help: Option<String>,
}

/// Reads a C file; what it includes is no part of the module.
///
/// **Errors**: `NotText` for binary input and brackets without end, `Rejected` with everything clang says where one of it is an error,
/// `Unavailable` without libclang.
pub fn parse(input: &Input, options: &Options) -> Result<Parsed, FrontendError> {
    parse_and_look(input, options).map(|(parsed, _)| parsed)
}

/// Reads a C file, and returns what is to be known of those that it includes, if it includes any of the user's.
pub(crate) fn parse_and_look(
    input: &Input,
    options: &Options,
) -> Result<(Parsed, Option<Found>), FrontendError> {
    let decoded = decode::decode(&input.text)?;
    depth::check(&decoded.text)?;
    // Trees nest as deep as the program; the caller's stack may be small.
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
        match worker.spawn_scoped(scope, || parse_text(input, &decoded, options)) {
            Ok(running) => running
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => Err(FrontendError::Internal {
                what: format!("no thread to parse in: {error}"),
            }),
        }
    })
}

fn parse_text(
    input: &Input,
    decoded: &Decoded<'_>,
    options: &Options,
) -> Result<(Parsed, Option<Found>), FrontendError> {
    let (name, text) = (input.name.as_str(), &*decoded.text);
    let api = clang::load()?;
    let arguments = arguments(options, headers::include_folder(api.path()));
    let c_arguments = arguments
        .iter()
        .map(|argument| CString::new(argument.as_str()))
        .collect::<Result<Vec<CString>, _>>()
        .map_err(|_| FrontendError::ZeroByte)?;
    let file = CString::new(file_name(name)).map_err(|_| FrontendError::ZeroByte)?;
    let (prelude, unit) = parallel::both(
        || Prelude::new(api, cpp::arguments(&arguments), options.cache.as_deref()),
        || read(api, (&file, text), &c_arguments, options.cache.as_deref()),
    );
    let (unit, macros) = unit.ok_or_else(|| FrontendError::NoResult {
        arguments: options.arguments.clone(),
    })?;
    let tokens = Text::new(text, &unit, macros);
    let replaced = decode::check(&decoded.replaced, &tokens)?;
    let source = Source::new(name, text).with_parts(input.parts.clone());
    let diagnostics = unit.diagnostics();
    let diagnostics: Vec<Diagnostic> = diagnostics
        .iter()
        .map(|each| diagnostic(each, &source))
        .collect();
    if diagnostics
        .iter()
        .any(|each| each.severity == Severity::Error)
    {
        return Err(match atomics(&unit) {
            Some(malformed) => rejected(&source, &[malformed]),
            None => FrontendError::Rejected(diagnostics),
        });
    }
    let pragmas = pragma::find(&tokens).map_err(|malformed| rejected(&source, &[malformed]))?;
    let is_whole_program = edits::linkage::is_whole_program(&unit);
    let (mut edits, mut needs_c) = edits::find(
        &unit,
        (&tokens, PlaceNames::new(&source, options.names_lines)),
        is_whole_program,
        &implicit_ints(&diagnostics),
    );
    edits.extend(pragma::edits(&pragmas));
    edits::arrange(&mut edits);
    let is_readable = needs_c.is_empty();
    let (read, lowered) = parallel::both(
        || is_readable.then(|| prelude.parse(&file, text, &edits)),
        || lower::module(source, &unit, &tokens, &pragmas),
    );
    let lowered = lowered?;
    let mut module = lowered.module;
    if !lowered.malformed.is_empty() {
        return Err(rejected(&module.source, &lowered.malformed));
    }
    if let Some(read) = read {
        let original = cpp::Original {
            unit: &unit,
            text: &tokens,
            file: &file,
            is_whole_program,
        };
        needs_c = cpp::check(&original, &prelude, read, &mut edits);
    }
    module.constants = constants::find(&unit, &tokens, &edits);
    module.edits = edits;
    edits::keyword::rename(&mut module);
    mupac_ir::verify::module(&module).map_err(|violations| FrontendError::Internal {
        what: violations
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; "),
    })?;
    let is_quiet = options.arguments.iter().any(|each| each == QUIET);
    let warnings = diagnostics
        .into_iter()
        .filter(|each| each.severity == Severity::Warning && !is_quiet)
        .filter(|each| !is_about(each, &pragmas))
        .chain(replaced.map(|line| not_text(name, line)))
        .collect();
    let inclusions = unit.inclusions().into_iter();
    let headers = inclusions.filter(|each| !each.is_system);
    let parsed = Parsed {
        module,
        warnings,
        needs_c,
        unmodelled_loops: lowered.unmodelled_loops,
        headers: headers.map(|each| PathBuf::from(each.file)).collect(),
        left: Vec::new(),
    };
    Ok((parsed, Found::of(&file_name(name), &unit)))
}

/// Has a look at the tree of a text that is like one that was read, under further options; `None` where it cannot be read.
pub(crate) fn look<T>(
    source: &Source,
    options: &Options,
    further: &[&str],
    see: impl FnOnce(&Unit, &Text<'_>) -> T,
) -> Option<T> {
    let api = clang::load().ok()?;
    let mut arguments = arguments(options, headers::include_folder(api.path()));
    arguments.extend(further.iter().map(|each| (*each).to_owned()));
    let arguments: Result<Vec<CString>, _> = arguments.into_iter().map(CString::new).collect();
    let file = CString::new(file_name(&source.name)).ok()?;
    let cache = options.cache.as_deref().filter(|_| further.is_empty());
    let (unit, macros) = read(api, (&file, source.text()), &arguments.ok()?, cache)?;
    let is_error = |each: &RawDiagnostic| diagnostic(each, source).severity == Severity::Error;
    (!unit.diagnostics().iter().any(is_error)).then_some(())?;
    let text = Text::new(source.text(), &unit, macros);
    Some(see(&unit, &text))
}

/// The option for no warnings; clang would keep those that edits follow from.
const QUIET: &str = "-w";

/// Reads a text, behind the precompiled form of the headers that it starts with where there is one, and returns the macros
/// of these too; `None` where the parser gives up.
fn read(
    api: &'static clang::Api,
    (file, text): (&CStr, &str),
    arguments: &[CString],
    cache: Option<&Path>,
) -> Option<(Unit, Macros)> {
    let behind = || {
        let includes = leading::includes(text);
        let headers = Headers {
            language: c"c-header",
            text: &includes,
            arguments,
            is_included_again: true,
        };
        let cache = cache.filter(|_| !includes.is_empty())?;
        let precompiled = Precompiled::find(api, headers, cache)?;
        let macros = precompiled.macros()?;
        Some((precompiled.parse(api, file, text)?, macros))
    };
    behind().or_else(|| {
        let unit = Unit::parse(api, file, text, arguments, Role::Program)?;
        Some((unit, Macros::default()))
    })
}

/// Returns where names stand in the main file whose type C takes for `int`, since none is written.
fn implicit_ints(diagnostics: &[Diagnostic]) -> Vec<usize> {
    let missing = diagnostics.iter().filter(|each| {
        each.message
            .starts_with("type specifier missing, defaults to 'int'")
    });
    missing
        .filter_map(|each| Some(each.span?.start as usize))
        .collect()
}

/// Returns the warning that comments are not written as they were.
fn not_text(file: &str, line: usize) -> Diagnostic {
    let message = "comments hold bytes that are not UTF-8; each is written as `_`".to_owned();
    Diagnostic {
        severity: Severity::Warning,
        message,
        file: file.to_owned(),
        line,
        column: 0,
        span: None,
        notes: Vec::new(),
    }
}

/// Returns whether a message is about a pragma that mupac knows.
fn is_about(diagnostic: &Diagnostic, pragmas: &[Pragma]) -> bool {
    let at = diagnostic.span.map(|span| span.start);
    let mut spans = pragmas.iter().map(|pragma| pragma.span);
    at.is_some_and(|at| spans.any(|span| (span.start..span.end).contains(&at)))
}

/// Returns what is wrong with a file that reads the atomics of C11: gcc's header is for gcc alone, and CUDA C++ has no words
/// for them.
fn atomics(unit: &Unit) -> Option<Malformed> {
    let mut directives = unit.directives();
    let include = directives.find(|each| {
        let is_include = each.kind() == k::CXCursor_InclusionDirective;
        is_include && each.start().is_main && each.spelling() == "stdatomic.h"
    })?;
    let at = include.start().offset;
    Some(Malformed {
        message: "the atomics of <stdatomic.h> are not C++: move what uses them to a C file of its own, and call it from here".to_owned(),
        at: Span::new(at, include.end().offset),
    })
}

/// Returns the errors of pragmas and of what cannot be read.
fn rejected(source: &Source, malformed: &[Malformed]) -> FrontendError {
    let diagnostics = malformed.iter().map(|malformed| {
        let (line, column) = source.line_column(malformed.at.start);
        Diagnostic {
            severity: Severity::Error,
            message: malformed.message.clone(),
            file: source.file(malformed.at.start).to_owned(),
            line,
            column,
            span: Some(malformed.at),
            notes: Vec::new(),
        }
    });
    FrontendError::Rejected(diagnostics.collect())
}

/// Returns the version of the libclang in use, as it names itself.
///
/// **Errors**: `Unavailable` where there is none.
pub fn libclang_version() -> Result<String, FrontendError> {
    clang::load().map(clang::Api::version)
}

/// Returns the name as clang's driver takes it: never like an option.
pub(crate) fn file_name(name: &str) -> String {
    if name.starts_with('-') {
        format!("./{name}")
    } else {
        name.to_owned()
    }
}

/// Returns clang's command line: C, the user's options, and the compiler's own headers where libclang has none.
pub(crate) fn arguments(options: &Options, headers: Option<String>) -> Vec<String> {
    // gcc up to 13 warns here, and programs rely on it; what C converts, the edits write out.
    let warnings = [
        "-Wno-error=incompatible-function-pointer-types",
        "-Wno-error=incompatible-pointer-types",
        "-Wno-error=implicit-function-declaration",
        "-Wno-error=implicit-int",
        "-Wno-error=return-type",
        // What it says of old programs is true of every line of them.
        "-Wno-deprecated-non-prototype",
    ];
    // libclang parses on a stack of 8 MiB, which its own limit of 2048 levels overflows; C asks for 63 (C17 5.2.4.1).
    let depth = "-fbracket-depth=512".to_owned();
    let mut arguments = vec!["-x".to_owned(), "c".to_owned()];
    arguments.extend(warnings.map(str::to_owned));
    arguments.push(depth);
    // `a < b < c` is what it is, in both languages; newer versions take it for an error.
    arguments.push("-Wno-error=parentheses".to_owned());
    if !options
        .arguments
        .iter()
        .any(|argument| argument.starts_with("-std=") || argument == "-ansi")
    {
        arguments.push("-std=gnu17".to_owned());
    }
    let own = options.arguments.iter().filter(|each| *each != QUIET);
    arguments.extend(own.cloned());
    // It tells where a type has to be written out.
    arguments.push("-Wimplicit-int".to_owned());
    if let Some(folder) = headers {
        arguments.extend(["-isystem".to_owned(), folder]);
    }
    // What only gcc brings, such as `omp.h`.
    let has_system = !options.arguments.iter().any(|each| each == "-nostdinc");
    if let Some(folder) = headers::gcc_folder().filter(|_| has_system) {
        arguments.extend(["-idirafter".to_owned(), folder]);
    }
    arguments
}

fn diagnostic(raw: &RawDiagnostic, source: &Source) -> Diagnostic {
    let severity = match raw.severity {
        ..=1 => Severity::Note,
        2 => Severity::Warning,
        3.. => Severity::Error,
    };
    let place = raw.place.as_ref();
    let offset = place.and_then(|place| place.main_offset);
    let span = offset.map(|offset| {
        raw.range
            .filter(|(start, end)| (*start..=*end).contains(&offset))
            .map_or(Span::new(offset, offset + 1), |(start, end)| {
                Span::new(start, end)
            })
    });
    // Of several files clang knows the one text.
    let part = span.and_then(|span| source.part_around(span.start));
    let line = || {
        span.map(|span| source.line(span))
            .filter(|_| part.is_some())
    };
    Diagnostic {
        severity,
        message: raw.message.clone(),
        file: part
            .map(|(name, _)| name.to_owned())
            .or_else(|| place.map(|place| place.file.clone()))
            .unwrap_or_default(),
        line: line().or(place.map(|place| place.line)).unwrap_or(0),
        column: place.map_or(0, |place| place.column),
        span,
        notes: raw
            .notes
            .iter()
            .map(|each| diagnostic(each, source))
            .collect(),
    }
}
