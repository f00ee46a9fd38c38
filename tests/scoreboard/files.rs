//! Public C files one by one: which come out as one file and which, where C++ does not take them, as a C part with its kernels
//! beside it, whether compilers take what comes out, and what becomes of their loops.
//!
//! `files.json` says of each project where its files are found, how they are made ready and with which options they are
//! compiled. Nothing runs and nothing is checked; a file that the C compiler refuses counts for nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mupac_tester::execute::{Language, Part};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::prepared::Prepared;
use crate::{Request, assembler, tool};

/// The longest that one translation may take.
const LIMIT_SECONDS: &str = "120";

/// Files of one project that are compiled alike.
#[derive(Debug, Deserialize)]
struct Project {
    /// `owner/name`, the folder below the one that the variable names.
    repository: String,
    /// What is done in a copy of the repository before.
    #[serde(default)]
    prepare: String,
    /// Where the files lie in it, and the options' paths start.
    #[serde(default)]
    folder: String,
    files: Vec<String>,
    /// Those of the command line; `@/` stands for the folder.
    #[serde(default)]
    options: Vec<String>,
}

/// What became of a file.
#[derive(Debug, Default, Serialize)]
struct Row {
    /// What the C compiler says against it.
    not_c: Option<String>,
    /// What mupac says against it.
    refused: Option<String>,
    /// Whether it came out as two parts.
    is_pair: bool,
    /// What the C compiler says against the C part.
    c_part: Option<String>,
    /// What g++ says against the CUDA C++.
    gcc: Option<String>,
    /// What nvcc says against the CUDA C++.
    nvcc: Option<String>,
    /// Loops by verdict.
    loops: BTreeMap<String, usize>,
    /// Loops that are not parallel, by the first reason.
    reasons: BTreeMap<String, usize>,
}

pub(crate) fn score(field: &Path, request: &Request) -> Value {
    let projects: Vec<Project> = serde_json::from_str(include_str!("files.json")).unwrap();
    let projects: Vec<&Project> = (projects.iter())
        .filter(|each| request.wants(&each.repository))
        .collect();
    let (rows, next) = (Mutex::new(BTreeMap::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(project) = projects.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let scored = project.score(field);
                    rows.lock().unwrap().extend(scored);
                }
            });
        }
    });
    let rows = rows.into_inner().unwrap();
    print(&rows);
    json!(rows)
}

impl Project {
    /// Returns a row for each file, by name.
    fn score(&self, field: &Path) -> BTreeMap<String, Row> {
        let compiler = assembler::compiler();
        let copy = Prepared::of(field, &self.repository, &self.prepare, &self.folder);
        let rows = self.files.iter().map(|file| {
            let place = Path::new(&self.repository).join(&self.folder).join(file);
            let row = match &copy {
                Err(why) => Row {
                    not_c: Some(why.clone()),
                    ..Row::default()
                },
                Ok(copy) => row(
                    copy,
                    file,
                    &copy.options(&self.options),
                    compiler.as_deref(),
                ),
            };
            (place.to_string_lossy().into_owned(), row)
        });
        rows.collect()
    }
}

/// Translates and compiles a file.
fn row(copy: &Prepared, file: &str, options: &[String], nvcc: Option<&Path>) -> Row {
    let mut row = Row::default();
    let of_c = |file: &Path, options: &[String]| {
        let mut c = Command::new("cc");
        c.args(["-w", "-std=gnu17", "-fsyntax-only"]).args(options);
        complaint(c.arg(file).current_dir(&copy.folder))
    };
    row.not_c = of_c(Path::new(file), options);
    if row.not_c.is_some() {
        return row;
    }
    let path = copy.folder.join(file);
    let at = |ending: &str| path.with_extension(ending);
    let mut mupac = Command::new("timeout");
    mupac
        .args([LIMIT_SECONDS, env!("CARGO_BIN_EXE_mupac"), file, "-o"])
        .arg(at("mupac.cu"))
        .arg("--report")
        .arg(at("mupac.json"))
        .args(["--check=off", "--cpu-threshold", "0", "--split=auto"])
        .args(["--message-format", "short", "-q"])
        .args(options);
    row.refused = complaint(mupac.current_dir(&copy.folder));
    if row.refused.is_some() {
        return row;
    }
    row.note_loops(&serde_json::from_str(&fs::read_to_string(at("mupac.json")).unwrap()).unwrap());
    let beside = format!("-I{}", path.parent().unwrap_or(&copy.folder).display());
    let mut options = [&[beside], options].concat();
    row.is_pair = at("mupac.c").is_file();
    if row.is_pair {
        row.c_part = of_c(&at("mupac.c"), &options);
    }
    let text = fs::read_to_string(at("mupac.cu")).unwrap();
    let part = Part {
        language: Language::Cuda,
        text: &text,
        flags: &[],
    };
    row.gcc = tool::executor(&options).compile(&part).unwrap().err();
    options.retain(|option| !option.starts_with("-std="));
    row.nvcc = nvcc.and_then(|nvcc| {
        let mut nvcc = Command::new(nvcc);
        nvcc.args(["-cubin", "-arch=sm_90", "-w", "-o"])
            .arg(at("mupac.cubin"))
            .args(&options);
        complaint(nvcc.arg(at("mupac.cu")).current_dir(&copy.folder))
    });
    row
}

/// Runs a command and returns what it says first where it fails.
fn complaint(command: &mut Command) -> Option<String> {
    let ended = command.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    let first = said
        .lines()
        .find(|line| line.contains("error"))
        .or_else(|| said.lines().next());
    let first = first.map_or_else(|| format!("ended with {}", ended.status), str::to_owned);
    (!ended.status.success()).then_some(first)
}

impl Row {
    fn note_loops(&mut self, report: &Value) {
        for each in report["loops"].as_array().unwrap() {
            let verdict = each["verdict"].as_str().unwrap_or_default();
            *self.loops.entry(verdict.to_owned()).or_default() += 1;
            let reason = &each["reasons"][0];
            if verdict == "sequential" && reason.is_object() {
                let word = |key: &str| reason[key].as_str().unwrap_or_default();
                let name = format!("{} {}", word("code"), word("name"));
                *self.reasons.entry(name).or_default() += 1;
            }
        }
    }

    fn is_out(&self) -> bool {
        self.not_c.is_none() && self.refused.is_none()
    }

    fn is_compiled(&self) -> bool {
        self.is_out() && self.c_part.is_none() && self.gcc.is_none() && self.nvcc.is_none()
    }
}

fn print(rows: &BTreeMap<String, Row>) {
    let project = |name: &str| name.split('/').take(2).collect::<PathBuf>();
    let mut projects: BTreeMap<PathBuf, Vec<&Row>> = BTreeMap::new();
    for (name, row) in rows {
        projects.entry(project(name)).or_default().push(row);
    }
    println!(
        "{:<34} {:>5} {:>5} {:>5} {:>5} {:>9} loops by verdict",
        "project", "files", "C", "one", "pair", "compiled"
    );
    for (name, rows) in &projects {
        print_line(&name.to_string_lossy(), rows);
    }
    let all: Vec<&Row> = rows.values().collect();
    print_line(&format!("{} projects", projects.len()), &all);
    for (name, row) in rows {
        let complaints = [
            ("no C", &row.not_c),
            ("refused", &row.refused),
            ("C part", &row.c_part),
            ("g++", &row.gcc),
            ("nvcc", &row.nvcc),
        ];
        for (what, said) in complaints {
            if let Some(said) = said {
                println!("{name}: {what}: {said}");
            }
        }
    }
    for (reason, count) in total(&all, |row| &row.reasons) {
        println!("{count:>6} {reason}");
    }
}

fn print_line(name: &str, rows: &[&Row]) {
    let count = |is: fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    let loops = total(rows, |row| &row.loops);
    let loops: Vec<String> = (loops.iter())
        .map(|(verdict, number)| format!("{number} {verdict}"))
        .collect();
    println!(
        "{name:<34} {:>5} {:>5} {:>5} {:>5} {:>9} {}",
        rows.len(),
        count(|row| row.not_c.is_none()),
        count(|row| row.is_out() && !row.is_pair),
        count(|row| row.is_pair),
        count(Row::is_compiled),
        loops.join(", ")
    );
}

/// Adds up the counts of all rows.
fn total<'r>(
    rows: &[&'r Row],
    counts: fn(&'r Row) -> &'r BTreeMap<String, usize>,
) -> BTreeMap<&'r str, usize> {
    let mut sum = BTreeMap::new();
    for (name, number) in rows.iter().flat_map(|row| counts(row)) {
        *sum.entry(name.as_str()).or_default() += number;
    }
    sum
}
