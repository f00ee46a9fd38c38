//! What removes a reason, tried out: a program that is refused, and the same program with the hint followed, which gets its
//! kernel: `for (…) //~ shared-temporary: every iteration writes t first`, `//? declare it inside`, and behind the line
//! `//// as the hint says` `for (…) //~ kernel`.
//!
//! The reason of the line is the first one of its loop. Where a hint quotes C, some of it stands in the second program.

use std::fmt::Write;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::directives::Directives;
use crate::refuse;

const BETWEEN: &str = "//// as the hint says\n";
const MARK: &str = "//~ ";
const HINT: &str = "//? ";
const KERNEL: &str = "kernel";

/// The reasons whose hints promise no kernel, or that have none, and why.
const WITHOUT: [(&str, &str); 9] = [
    (
        "solver-limit",
        "nobody can say beforehand what is simple enough",
    ),
    (
        "needs-c",
        "the whole file is refused, and `--split` makes two",
    ),
    ("not-split", "the way out is to translate without `--split`"),
    ("user-choice", "the user's own option keeps the loop"),
    ("enough-parallelism", "the loop is in a kernel"),
    ("seen-through", "the loop is in kernels of its callers"),
    ("illegal-step", "the user's own plan is refused"),
    ("check-failed", "a mistake of mupac"),
    ("not-tested", "the kernel is there, and its tests are not"),
];

/// Every reason is tried out, or says why not.
pub(crate) fn complete(folder: &Path) -> Result<(), Failed> {
    let mut tried = String::new();
    for entry in std::fs::read_dir(folder)? {
        tried += &std::fs::read_to_string(entry?.path())?;
    }
    let is_tried = |name: &str| tried.contains(&format!("{MARK}{name}"));
    let is_listed = |name: &str| WITHOUT.iter().any(|(without, _)| *without == name);
    let mut names = mupac_ir::Reason::ALL.iter().map(|row| row.name);
    match names.find(|name| is_tried(name) == is_listed(name)) {
        None => Ok(()),
        Some(name) => Err(format!("{name} is to be tried out, or listed with why not").into()),
    }
}

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let (refused, mended) = text
        .split_once(BETWEEN)
        .ok_or("no line says that the hint is followed from there on")?;
    let name = path.file_name().unwrap().to_string_lossy();
    let before = loops(refused, &name)?;
    let after = loops(mended, &name)?;
    if std::env::var_os("MUPAC_BLESS").is_some() {
        // Each file tries out the hint of the loops that it marks; others in it are none of its point.
        let is_meant = |line: usize| marked(refused).any(|(meant, _)| meant == line);
        let found = before.iter().filter_map(first);
        let found: Vec<_> = found.filter(|(line, _)| is_meant(*line)).collect();
        if found.is_empty() {
            return Err(
                "nothing of it is refused any more: another program is to try the hint out".into(),
            );
        }
        let blessed = refuse::blessed(refused, &found);
        std::fs::write(path, format!("{blessed}{BETWEEN}{mended}"))?;
        return Ok(());
    }
    let mut wrong = String::new();
    for (line, words) in marked(refused) {
        if let Err(why) = is_refused(&before, (line, words), (refused, mended)) {
            writeln!(wrong, "line {line}: {why}")?;
        }
    }
    let kernels: Vec<_> = marked(mended).collect();
    for (line, words) in &kernels {
        let is_kernel = |each: &&Value| each["line"] == *line && !each["kernel"].is_null();
        if *words != KERNEL || !after.iter().any(|each| is_kernel(&each)) {
            writeln!(wrong, "line {line} behind the hint: no kernel for the loop")?;
        }
    }
    if marked(refused).next().is_none() || kernels.is_empty() {
        writeln!(wrong, "a part has no line with {MARK}")?;
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{wrong}\nbefore: {before:#?}\nafter: {after:#?}").into())
    }
}

/// Returns whether the first reason of a loop is the one that its line names, and its hint is what the text says.
fn is_refused(
    loops: &[Value],
    (line, words): (usize, &str),
    (refused, mended): (&str, &str),
) -> Result<(), String> {
    let found = loops.iter().find(|each| each["line"] == line);
    let found = found.ok_or("no loop starts here")?;
    let (_, said) = first(found).ok_or("the loop is not refused")?;
    if !said.contains(words) {
        return Err(format!("the first reason is `{said}`"));
    }
    let hint = found["reasons"][0]["hint"].as_str().unwrap_or_default();
    let asked = refused.lines().filter_map(|line| line.split_once(HINT));
    if let Some((_, missing)) = asked.clone().find(|(_, words)| !hint.contains(words)) {
        return Err(format!("the hint does not say `{missing}`: {hint}"));
    }
    if asked.count() == 0 {
        return Err(format!("no line says what the hint is, {HINT}{hint}"));
    }
    let quoted = hint.split('`').skip(1).step_by(2);
    let mut code = quoted.filter(|quoted| !quoted.starts_with('-')).peekable();
    if code.peek().is_some() && !code.any(|code| mended.contains(code)) {
        return Err(format!("nothing of what the hint quotes is there: {hint}"));
    }
    Ok(())
}

/// Returns line and `name: message` of the first reason of a loop.
fn first(each: &Value) -> Option<(usize, String)> {
    let reason = each["reasons"].get(0)?;
    let name = reason["name"].as_str()?;
    let message = reason["message"].as_str()?;
    Some((
        each["line"].as_u64()? as usize,
        format!("{name}: {message}"),
    ))
}

/// Returns line and words of each mark.
fn marked(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(|(number, line)| Some((number, line.split_once(MARK)?.1)))
}

/// Returns what the report says of the loops of a program.
fn loops(text: &str, name: &str) -> Result<Vec<Value>, Failed> {
    let temporary = tempfile::tempdir()?;
    let path = temporary.path().join(name);
    std::fs::write(&path, text)?;
    let output = temporary.path().join("out.cu");
    let output = output.to_string_lossy();
    let options = [
        "--message-format=json",
        "-v",
        "--check-time=5",
        "-o",
        &output,
    ];
    let ran = Directives::of(text).run(&path, &temporary, &options);
    let said = String::from_utf8(ran.stderr)?;
    let objects = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let loops: Vec<Value> = objects
        .filter(|object| object["type"] == "loop")
        .map(|object| object["loop"].clone())
        .collect();
    if loops.is_empty() {
        return Err(said.into());
    }
    Ok(loops)
}
