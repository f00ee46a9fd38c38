//! Stretches of the reference that are made of the code: reasons with programs that follow their hints, steps, exit codes.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use libtest_mimic::Failed;
use mupac::cli::Cli;
use mupac_ir::{Reason, reason::ReasonRow};

use crate::{options, read, root};

/// Returns a stretch of the reference, if there is one of this kind.
pub(crate) fn stretch(kind: &str) -> Option<String> {
    match kind {
        "options" => Some(options::all()),
        "exit codes" => Some(exit_codes()),
        "reasons" => Some(reasons()),
        "steps" => Some(steps()),
        _ => None,
    }
}

/// Returns what the help says of exit codes, as a table.
fn exit_codes() -> String {
    let help = Cli::command().get_after_help().unwrap().to_string();
    let (_, codes) = help.split_once("Exit codes: ").expect("exit codes");
    let codes = codes.trim().trim_end_matches('.').replace('\n', " ");
    let rows = codes.split("; ").map(|row| {
        let (code, words) = row.split_once(' ').expect("a code and what it means");
        format!("| {code} | {words} |\n")
    });
    let head = "| code | meaning |\n|---|---|\n".to_owned();
    rows.fold(head, |table, row| table + &row)
}

/// Returns a section for each reason, by code.
fn reasons() -> String {
    let hints: Vec<(String, String)> = files("tests/refuse/hints", "c")
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy();
            (name.replace('-', " "), read(path))
        })
        .collect();
    let mut rows = Reason::ALL;
    rows.sort_by_key(|row| row.code);
    rows.iter().map(|row| reason(row, &hints)).collect()
}

fn reason(row: &ReasonRow, hints: &[(String, String)]) -> String {
    let mut section = format!("\n## {} {}\n\n", row.code, row.name);
    let (meaning, help) = match row.explanation.split_once("What helps: ") {
        Some((meaning, help)) => (meaning, Some(help)),
        None => (row.explanation, None),
    };
    writeln!(section, "{}", meaning.trim_end()).unwrap();
    if let Some(help) = help {
        writeln!(section, "\n**What helps:** {help}").unwrap();
    }
    let mark = format!("//~ {}", row.name);
    for (name, text) in hints.iter().filter(|(_, text)| text.contains(&mark)) {
        section += &example(row, name, text);
    }
    section
}

/// Returns a program that is refused, what is said of it, and the one that follows the hint.
fn example(row: &ReasonRow, name: &str, text: &str) -> String {
    let (before, after) = text.split_once("//// as the hint says\n").expect("a hint");
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let title: String = first.chain(letters).collect();
    format!(
        "\n### {title}\n\n{}\nmupac says{}\n\n{}",
        program(before),
        said(row, before),
        program(after)
    )
}

/// Returns what is said of the line that stays, in the words that a test asks for.
fn said(row: &ReasonRow, text: &str) -> String {
    let code = plain(text);
    let marked = format!("//~ {}", row.name);
    let lines = text.lines().filter(|line| !is_for_tests(line));
    let number = 1 + lines.take_while(|line| !line.contains(&marked)).count();
    let words = |mark: &str| text.lines().find_map(|line| line.split_once(mark));
    let (_, message) = words("//~ ").expect("a reason");
    let (_, hint) = words("//? ").expect("a hint");
    let start = code.lines().nth(number - 1).map(str::trim);
    let start = start.expect("a line of the program").trim_end_matches(" {");
    format!(
        " of line {number}, `{start}`:\n\n```text\n{message}\nhelp: … {hint} …\n```\n\nThe same with the hint followed has a kernel:"
    )
}

/// Returns whether a line is there for tests alone.
fn is_for_tests(line: &str) -> bool {
    line.starts_with("// mupac: ") || line.trim_start().starts_with("//? ")
}

/// Returns a program as a block, behind the options that it is translated with.
fn program(text: &str) -> String {
    let options = text
        .lines()
        .find_map(|line| line.strip_prefix("// mupac: "));
    let options = options.map(|options| format!("Translated with `{options}`:\n\n"));
    let options = options.unwrap_or_default();
    format!("{options}```c\n{}```\n", plain(text))
}

/// Returns a program without the marks of tests.
fn plain(text: &str) -> String {
    let lines = text.lines().filter(|line| !is_for_tests(line));
    let lines = lines.map(|line| line.split("//~ ").next().unwrap_or_default());
    lines.flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// Returns a section for each step of a plan, made of what its module says of itself.
fn steps() -> String {
    let modules = files("passes/src/steps", "rs");
    let texts = modules.iter().map(|path| documentation(&read(path)));
    let steps = texts.filter(|text| text.contains("**What it does**"));
    let sections: String = steps.map(|text| step(&text)).collect();
    for step in mupac_passes::steps::ALL {
        let name = step.name();
        assert!(sections.contains(&format!("\n## {name}\n")), "{name}");
    }
    sections
}

fn step(text: &str) -> String {
    let (title, rest) = text.split_once("\n\n").expect("a title and more");
    let name = title.trim_start_matches('`').split([' ', '`']).next();
    let name = name.expect("a name");
    assert!(!text.contains("crate::"), "{name} links into the code");
    format!("\n## {name}\n\n{title}\n\n{}\n", rest.trim_end())
}

/// Returns the documentation of a module, a line for each paragraph.
fn documentation(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let mut result = String::new();
    for line in lines.map(str::trim) {
        if line.is_empty() {
            result += "\n\n";
        } else {
            if !result.is_empty() && !result.ends_with('\n') {
                result.push(' ');
            }
            result += line;
        }
    }
    result
}

/// Returns the files of a folder with an ending, by name.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(Path::new(folder), ending, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(root().join(folder)).unwrap().flatten() {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
}

/// Fails where “How it works” names a publication that no source of the code names.
pub(crate) fn titles_stand_in_the_code() -> Result<(), Failed> {
    let crates = ["ir", "passes", "model", "tester", "frontend", "src"];
    let code: BTreeSet<String> = crates
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .flat_map(|path| quoted(&comments(&read(path))))
        .collect();
    let named = quoted(&read("docs/src/how-it-works.md"));
    assert!(!named.is_empty());
    match named.iter().find(|title| !code.contains(*title)) {
        None => Ok(()),
        Some(title) => Err(format!("no comment of the code names “{title}”").into()),
    }
}

/// Fails where the table of environment variables names one that nothing reads.
pub(crate) fn variables_are_read() -> Result<(), Failed> {
    let folders = ["src", "tester/src", "frontend/src", "model/src"];
    let code = folders.iter().flat_map(|folder| files(folder, "rs"));
    let parts = ["backend-cuda/src/support", "tester/simt"];
    let code = code.chain(parts.iter().flat_map(|folder| files(folder, "h")));
    let code: String = code.map(read).collect();
    let page = read("docs/src/exit-codes.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.filter_map(|row| row.split('`').next());
    match names.clone().find(|name| !code.contains(*name)) {
        None if names.count() > 5 => Ok(()),
        None => Err("there is no table of environment variables".into()),
        Some(name) => Err(format!("nothing reads {name}").into()),
    }
}

/// Returns the comments of a text as one line.
fn comments(text: &str) -> String {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.filter_map(|line| line.strip_prefix("//"));
    let words = lines.flat_map(|line| line.trim_start_matches(['/', '!']).split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

/// Returns what stands between quotation marks, without those of code.
fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('“').skip(1);
    let titles = parts.filter_map(|part| part.split_once('”'));
    titles
        .map(|(title, _)| title.trim_end_matches(',').replace('`', ""))
        .collect()
}
