//! What a user says to the driver itself: by `MUPAC_FLAGS`, by `--mupac-…` among the compiler's options, and which compiler.

use std::env;
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use mupac_backend_cuda::device;
use mupac_tester::tools;

use super::response;

use crate::cli::{Emit, NATIVE, Translate};
use crate::diagnostics::Message;

/// What begins the driver's own options among those of the compiler.
pub(super) const OWN: &str = "--mupac-";

/// Where kernels run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Where {
    /// On a GPU where there is nvcc, else nothing is translated
    Auto,
    /// On a GPU; nvcc has to be there
    Gpu,
    /// On the processor of the machine that runs the program
    Cpu,
    /// Nothing is translated
    Off,
}

/// The options of a translation as the driver takes them.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "mupac cc",
    no_binary_name = true,
    args_override_self = true,
    disable_help_flag = true
)]
struct Options {
    #[arg(long, value_enum, default_value_t = Where::Auto)]
    device: Where,
    #[arg(long)]
    cc: Option<String>,
    #[arg(long)]
    libraries: bool,
    #[command(flatten)]
    translate: Translate,
}

/// What is translated as one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TranslationUnit {
    /// Each source, when it is compiled.
    Source,
    /// All sources of a program, when it is linked.
    Program,
}

/// What the driver is told.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) device: Where,
    /// The compiler with what its user calls it by.
    pub(super) compiler: Vec<String>,
    /// The options of each translation.
    pub(super) flags: Vec<String>,
    /// The GPU that mappings are chosen for.
    pub(super) arch: String,
    /// The GPU of this machine, where mappings are chosen for that.
    pub(super) gpu: String,
    /// Whether to say what kernels are linked with, and nothing else.
    pub(super) asks_for_libraries: bool,
    /// Whether all that a translation says is said.
    pub(super) is_verbose: bool,
    pub(super) is_quiet: bool,
    pub(super) unit: TranslationUnit,
}

impl Settings {
    /// Takes the driver's own words out of a command line; returns the rest as well.
    ///
    /// **Errors**: there is no such option, or it makes no sense here.
    pub(super) fn of(words: Vec<String>) -> Result<(Self, Vec<String>), Message> {
        let flags = env::var("MUPAC_FLAGS").unwrap_or_default();
        let mut flags = response::split(&flags);
        let (own, rest): (Vec<_>, Vec<_>) =
            words.into_iter().partition(|word| word.starts_with(OWN));
        flags.extend(own.iter().map(|word| format!("--{}", &word[OWN.len()..])));
        let line = flags.iter().map(String::as_str).chain(["--", "x.c"]);
        let options = Options::try_parse_from(line).map_err(|error| wrong(&error))?;
        refuse(&options.translate)?;
        let (launched, rest) = launched(rest);
        let named = options.cc.or_else(|| env::var("MUPAC_CC").ok());
        let named = named.filter(|named| !named.trim().is_empty());
        let named = named.map(|named| response::split(&named));
        let compiler = launched.or(named).unwrap_or_else(|| vec!["cc".to_owned()]);
        let settings = Self {
            device: options.device,
            compiler,
            flags: translators(&flags),
            gpu: match options.translate.arch.as_str() {
                NATIVE => device::gpus().map_or(String::new(), |gpus| format!("{gpus:?}")),
                _ => String::new(),
            },
            asks_for_libraries: options.libraries,
            arch: options.translate.arch,
            is_verbose: options.translate.verbose,
            is_quiet: options.translate.quiet,
            unit: if options.translate.whole_program {
                TranslationUnit::Program
            } else {
                TranslationUnit::Source
            },
        };
        Ok((settings, rest))
    }

    /// Returns the compiler's file, which is none of this program's names.
    ///
    /// **Errors**: there is no such program.
    pub(super) fn compiler(&self) -> Result<PathBuf, Message> {
        let name = self.compiler.first().map_or("cc", String::as_str);
        let own = env::current_exe().and_then(|path| path.canonicalize()).ok();
        let is_another = |path: &PathBuf| path.is_file() && path.canonicalize().ok() != own;
        let found = if name.contains('/') {
            Some(PathBuf::from(name)).filter(is_another)
        } else {
            let path = env::var_os("PATH").unwrap_or_default();
            let mut places = env::split_paths(&path).map(|folder| folder.join(name));
            places.find(is_another)
        };
        found.ok_or_else(|| {
            Message::error(format!("there is no compiler called {name}"))
                .help("MUPAC_CC names one, or --mupac-cc=NAME, or what stands behind `mupac cc`")
        })
    }
}

/// Returns the options of a translation among the driver's.
fn translators(flags: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = flags.iter();
    while let Some(flag) = rest.next() {
        if ["--device", "--cc"].contains(&flag.as_str()) {
            rest.next();
        } else if !["--device=", "--cc=", "--libraries", "--whole-program"]
            .iter()
            .any(|own| flag.starts_with(own))
        {
            kept.push(flag.clone());
        }
    }
    kept
}

/// Returns the compiler that stands where the first option would, as behind the name of a launcher, and the rest.
fn launched(mut words: Vec<String>) -> (Option<Vec<String>>, Vec<String>) {
    let is_program = words.first().is_some_and(|word| {
        let path = Path::new(word);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Behind a point compilers have the number of their version, and what they are given a word.
        let is_name = name
            .split('.')
            .skip(1)
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        !word.starts_with(['-', '@']) && is_name && is_executable(path)
    });
    if is_program {
        let rest = words.split_off(1);
        return (Some(words), rest);
    }
    (None, words)
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let found = tools::find(path);
    let facts = found.and_then(|found| found.metadata().ok());
    facts.is_some_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

fn refuse(options: &Translate) -> Result<(), Message> {
    let has = [
        ("-o", options.output.is_some()),
        ("--split", options.split.is_some()),
        ("--emit", options.emit != Emit::Cu),
        ("--plan", options.plan.is_some()),
        ("--commands", options.commands.is_some()),
        ("--report", options.report.is_some()),
        ("--html", options.html.is_some()),
        ("--sarif", options.sarif.is_some()),
        ("--profile", options.profile),
        ("--require-parallel", options.require_parallel),
        ("--strict-check", options.strict_check),
        ("--keep-temps", options.keep_temps),
        ("the name of a file", options.inputs.len() > 1),
        ("--line-directives", options.line_directives),
    ];
    match has.iter().find(|(_, is_there)| *is_there) {
        Some((name, _)) => Err(Message::error(format!(
            "{name} is for mupac itself, not for `mupac cc`"
        ))
        .help("the driver decides what is written, and where")),
        None => Ok(()),
    }
}

fn wrong(error: &clap::Error) -> Message {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let words = line.strip_prefix("error: ").unwrap_or(line);
    Message::error(format!("in MUPAC_FLAGS, or behind {OWN}: {words}"))
        .help("they hold options of a translation, as `mupac --help` lists them, --device and --cc")
}
