//! What a translation is worth for the files of a whole project: `mupac project BUILD`.
//!
//! Each C file of a `compile_commands.json` is translated by itself, with the options of its command, as the command line
//! translates it; with `--whole-program` each file that has a `main` with all that have none, as one program. A folder gets
//! what is written for each, its report and its page; a table tells of all files, those first in which most loops run on the
//! GPU.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::cc;
use crate::cli::{Split, Translate};
use crate::diagnostics::{Message, Reporter};
use crate::input;
use crate::report::{self, Report, Verdict};
use crate::run::{self, WRITTEN, wrong};

/// Where outputs lie in the folder of the build.
const FOLDER: &str = "mupac";

/// The function that a program begins with.
const MAIN: &str = "main";

/// How a file is translated: returns an exit code.
pub(crate) type Translator<'a> = &'a dyn Fn(&Translate) -> u8;

/// Translates the files of a project, and tells of them.
pub(crate) fn project(options: &Translate, translate: Translator<'_>, reporter: Reporter) -> u8 {
    let asked = match Asked::read(options) {
        Ok(asked) => asked,
        Err(message) => return wrong(&message),
    };
    let mut code = WRITTEN;
    let mut rows = Vec::new();
    for sources in asked.units(options.whole_program) {
        let (ended, own) = match asked.translated(&sources, options, translate) {
            Ok(translated) => translated,
            Err(message) => return wrong(&message),
        };
        code = code.max(ended);
        rows.extend(own);
    }
    for line in table(rows) {
        reporter.line(&line);
    }
    let each = if options.whole_program {
        "each program"
    } else {
        "each file"
    };
    reporter.line(&format!(
        "{each} has its page in {}, and what was written for it",
        asked.folder.display()
    ));
    code
}

/// What a command line asks for.
struct Asked {
    /// What says how files are compiled.
    database: PathBuf,
    /// Where outputs go.
    folder: PathBuf,
    /// The files, in order.
    sources: Vec<PathBuf>,
    /// The folder that all of them lie in.
    root: PathBuf,
}

impl Asked {
    fn read(options: &Translate) -> Result<Self, Message> {
        let [database] = options.inputs.as_slice() else {
            return Err(Message::error("one project is told of at a time")
                .help("name the folder in which compile_commands.json lies"));
        };
        for (option, file) in [
            ("--report", &options.report),
            ("--html", &options.html),
            ("--sarif", &options.sarif),
            ("--plan", &options.plan),
            ("-p", &options.commands),
        ] {
            if file.is_some() {
                return Err(Message::error(format!(
                    "{option} names one file, and a project has several"
                ))
                .help(
                    "each file of the project gets a report and a page in the folder that -o names",
                ));
            }
        }
        let sources = cc::sources(database)?;
        let root = common_folder(&sources);
        let build = if database.is_dir() {
            database.as_path()
        } else {
            database.parent().unwrap_or(Path::new("."))
        };
        Ok(Self {
            folder: options.output.clone().unwrap_or_else(|| build.join(FOLDER)),
            database: database.clone(),
            sources,
            root,
        })
    }

    /// Returns how a file is called: by its way from the folder of all.
    fn name(&self, source: &Path) -> String {
        let name = source.strip_prefix(&self.root).unwrap_or(source);
        name.display().to_string()
    }

    /// Returns the files that are translated as one, in order; the first one names them.
    fn units(&self, whole_program: bool) -> Vec<Vec<PathBuf>> {
        let all = self.sources.iter().cloned();
        let (mains, others): (Vec<_>, Vec<_>) =
            all.partition(|path| whole_program && self.has_main(path));
        if mains.is_empty() {
            let alone = others.into_iter().map(|source| vec![source]);
            return alone.collect();
        }
        let programs = mains.into_iter().map(|main| {
            let program = std::iter::once(main).chain(others.iter().cloned());
            program.collect()
        });
        programs.collect()
    }

    /// Returns whether a file defines the function that a program begins with; one that is refused does not.
    fn has_main(&self, source: &Path) -> bool {
        let Ok(arguments) = cc::reading(&self.database, &[source.to_owned()]) else {
            return false;
        };
        let options = run::reading(&arguments, false);
        let parsed = input::read(source).ok();
        let parsed = parsed.and_then(|file| mupac_frontend::read(&file.to_read(), &options).ok());
        parsed.is_some_and(|parsed| parsed.module.function(MAIN).is_some())
    }

    /// Translates files as one, or each by itself where they are not one; returns the exit code and what is told of them.
    ///
    /// **Errors**: a folder cannot be made.
    fn translated(
        &self,
        sources: &[PathBuf],
        options: &Translate,
        translate: Translator<'_>,
    ) -> Result<(u8, Vec<Row>), Message> {
        let own = self.options(options, sources)?;
        let ended = translate(&own);
        let report = own.report.as_deref().filter(|_| ended == WRITTEN);
        let report = report.and_then(|path| report::read(path).ok());
        match (sources, &report) {
            ([source], _) => {
                let (name, counts) = (self.name(source), report.as_ref().map(Counts::of));
                Ok((ended, vec![Row { name, counts }]))
            }
            (_, Some(report)) => {
                let of_each = sources.iter().map(|source| {
                    let file = source.display().to_string();
                    let (name, counts) = (self.name(source), Some(Counts::of_file(report, &file)));
                    Row { name, counts }
                });
                Ok((ended, of_each.collect()))
            }
            (_, None) => {
                let (mut code, mut rows) = (WRITTEN, Vec::new());
                for source in sources {
                    let source = std::slice::from_ref(source);
                    let (ended, own) = self.translated(source, options, translate)?;
                    code = code.max(ended);
                    rows.extend(own);
                }
                Ok((code, rows))
            }
        }
    }

    /// Returns the options with which files are translated, after making the folder of their output.
    fn options(&self, options: &Translate, sources: &[PathBuf]) -> Result<Translate, Message> {
        let source = sources.first().map_or(Path::new(""), PathBuf::as_path);
        let place = self.folder.join(self.name(source));
        let folder = place.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder).map_err(|why| {
            Message::error(format!("{} cannot be made: {why}", folder.display()))
                .help("-o names another folder")
        })?;
        let beside = |ending: &str| Some(place.with_extension(ending));
        let is_split = options.split == Some(Split::Always);
        Ok(Translate {
            inputs: sources.to_vec(),
            output: if is_split {
                Some(folder.to_owned())
            } else {
                beside("cu")
            },
            report: beside("json"),
            html: beside("html"),
            commands: Some(self.database.clone()),
            quiet: !options.verbose,
            ..options.clone()
        })
    }
}

/// Returns the folder that all files lie in.
fn common_folder(sources: &[PathBuf]) -> PathBuf {
    let mut folders = sources.iter().filter_map(|source| source.parent());
    let first = folders.next().unwrap_or(Path::new("")).to_owned();
    folders.fold(first, |common, folder| {
        let both = common.components().zip(folder.components());
        both.take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    })
}

/// What is told of a file.
struct Row {
    name: String,
    /// `None`: it was not translated.
    counts: Option<Counts>,
}

/// How many loops there are, and what holds back most of those that stay.
struct Counts {
    loops: usize,
    on_gpu: usize,
    gain: Option<f64>,
    reason: Option<(String, usize)>,
}

impl Row {
    /// Returns the cells of the table.
    fn cells(&self) -> [String; 5] {
        let Some(counts) = &self.counts else {
            let why = "not translated; the message above says why";
            return [&self.name, "", "", "", why].map(str::to_owned);
        };
        let gain = counts.gain.filter(|_| counts.on_gpu > 0);
        let reason = counts.reason.as_ref();
        [
            self.name.clone(),
            counts.loops.to_string(),
            counts.on_gpu.to_string(),
            gain.map_or(String::new(), |gain| format!("{gain:.1}")),
            reason.map_or(String::new(), |(code, times)| format!("{code} ({times})")),
        ]
    }
}

impl Counts {
    fn of(report: &Report) -> Self {
        let gain = report
            .worth
            .as_ref()
            .map(|worth| worth.times_as_fast.likely);
        Self::counted(report.loops.iter(), gain)
    }

    /// Returns the same of one of several files; what is predicted is predicted of all.
    fn of_file(report: &Report, file: &str) -> Self {
        let loops = report.loops.iter().filter(|each| each.file == file);
        Self::counted(loops, None)
    }

    fn counted<'r>(
        loops: impl Iterator<Item = &'r report::Loop> + Clone,
        gain: Option<f64>,
    ) -> Self {
        let runs = |each: &&report::Loop| {
            each.device_code || matches!(each.verdict, Verdict::Parallel | Verdict::Inlined)
        };
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for each in loops.clone().filter(|each| !runs(each)) {
            if let Some(reason) = each.reasons.first() {
                *reasons.entry(&reason.code).or_default() += 1;
            }
        }
        let most = reasons.into_iter().rev().max_by_key(|(_, times)| *times);
        Self {
            loops: loops.clone().count(),
            on_gpu: loops.filter(runs).count(),
            gain,
            reason: most.map(|(code, times)| (code.to_owned(), times)),
        }
    }
}

/// Returns the lines of the table, and one for all files.
fn table(mut rows: Vec<Row>) -> Vec<String> {
    let on_gpu = |row: &Row| row.counts.as_ref().map_or(0, |counts| counts.on_gpu);
    let loops = |row: &Row| row.counts.as_ref().map_or(0, |counts| counts.loops);
    rows.sort_by_key(|row| std::cmp::Reverse(on_gpu(row)));
    // Of a file of several programs it is told once: where most of its loops run on the GPU.
    let mut told = BTreeSet::new();
    rows.retain(|row| told.insert(row.name.clone()));
    let all: usize = rows.iter().map(loops).sum();
    let runs: usize = rows.iter().map(on_gpu).sum();
    let head = ["file", "loops", "on GPU", "times as fast", "most stay for"].map(str::to_owned);
    let cells: Vec<_> = std::iter::once(head)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let width = |column: usize| {
        let widths = cells.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    let mut lines: Vec<String> = cells
        .iter()
        .map(|[name, loops, on_gpu, gain, reason]| {
            let [first, second, third, fourth] = widths;
            let line = format!(
                "{name:first$}  {loops:>second$}  {on_gpu:>third$}  {gain:>fourth$}  {reason}"
            );
            line.trim_end().to_owned()
        })
        .collect();
    lines.push(format!(
        "{} files: {runs} of {all} loops run on the GPU, or inside of what does",
        rows.len()
    ));
    lines
}
