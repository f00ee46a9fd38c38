//! What a reader types, and what is printed then.
//!
//! Each page has a folder of its own, a copy of `examples`, in which its commands run one after the other.
//! A line `…` stands for any number of lines, and `…` within a line for anything that may stand there.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Failed;

use crate::root;

const PROMPT: &str = "$ ";
/// What stands for text that is left out.
const CUT: &str = "…";

/// Where the commands of a page run.
pub(crate) struct Console {
    place: tempfile::TempDir,
    is_ready: bool,
}

impl Console {
    pub(crate) fn new() -> Self {
        Self {
            place: tempfile::tempdir().unwrap(),
            is_ready: false,
        }
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join("examples")
    }

    /// Makes the folder, and one with mupac by both of its names.
    fn prepare(&mut self) {
        if std::mem::replace(&mut self.is_ready, true) {
            return;
        }
        copy(&root().join("examples"), &self.folder());
        let tools = self.place.path().join("bin");
        std::fs::create_dir(&tools).unwrap();
        for name in ["mupac", "mupac-cc"] {
            let mupac = Path::new(env!("CARGO_BIN_EXE_mupac"));
            std::os::unix::fs::symlink(mupac, tools.join(name)).unwrap();
        }
    }

    /// Saves a text that the page shows.
    pub(crate) fn save(&mut self, name: &str, text: &str) {
        self.prepare();
        std::fs::write(self.folder().join(name), text).unwrap();
    }

    /// Runs the commands of a block; returns the block as it should be.
    ///
    /// **Errors**: a command fails.
    pub(crate) fn run(&mut self, block: &str) -> Result<String, Failed> {
        self.prepare();
        let mut lines = block.lines().peekable();
        let mut result = String::new();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix(PROMPT).ok_or_else(|| {
                format!("a block of a console begins with a command, not with `{line}`")
            })?;
            let mut said = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with(PROMPT)) {
                said.push(line);
            }
            let printed = self.printed(command)?;
            let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
            writeln!(result, "{line}").unwrap();
            for line in as_said(&said, &printed) {
                writeln!(result, "{line}").unwrap();
            }
        }
        Ok(result)
    }

    fn printed(&self, command: &str) -> Result<String, Failed> {
        let tools = self.place.path().join("bin");
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("timeout")
            .args(["300", "sh", "-c", &format!("exec 2>&1; {command}")])
            .current_dir(self.folder())
            .env("PATH", format!("{}:{path}", tools.display()))
            .env_remove("MUPAC_FLAGS")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()?;
        let printed = String::from_utf8(output.stdout)?;
        if output.status.success() {
            Ok(printed)
        } else {
            Err(format!("`{command}` fails:\n{printed}").into())
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(path, target).unwrap();
        }
    }
}

/// Returns what should be said of printed lines: what is, where it fits, and else the lines with about as much left out.
fn as_said<'t>(said: &[&'t str], printed: &[&'t str]) -> Vec<&'t str> {
    if fits(said, printed) {
        return said.to_vec();
    }
    let Some(first) = said.iter().position(|line| *line == CUT) else {
        return printed.to_vec();
    };
    // What stands before the first cut and behind the last one is as long as it was.
    let behind = said.iter().rev().take_while(|line| **line != CUT).count();
    if first + behind >= printed.len() {
        return printed.to_vec();
    }
    let (head, rest) = printed.split_at(first);
    let (middle, tail) = rest.split_at(rest.len() - behind);
    let mut result = head.to_vec();
    result.push(CUT);
    result.extend(between(&said[first..said.len() - behind], middle));
    result.extend(tail);
    result
}

/// Returns the lines between two cuts that are still printed, with cuts where others stand between them.
fn between<'t>(said: &[&'t str], printed: &[&'t str]) -> Vec<&'t str> {
    let mut result = Vec::new();
    let mut at = 0;
    for line in said.iter().filter(|line| **line != CUT) {
        let found = printed[at..].iter().position(|next| line_fits(line, next));
        let Some(found) = found else {
            continue;
        };
        if found > 0 && !result.is_empty() {
            result.push(CUT);
        }
        result.push(line);
        at += found + 1;
    }
    if at < printed.len() && !result.is_empty() {
        result.push(CUT);
    }
    result
}

/// Fails where lines are not compared or rewritten as this module says.
pub(crate) fn rules() -> Result<(), Failed> {
    let printed = ["one 1", "two 2", "three 3", "four 4"];
    let same: [&[&str]; 4] = [
        &printed,
        &["…"],
        &["one …", "…", "four 4"],
        &["…", "… 2", "t…e 3", "…"],
    ];
    let others: [(&[&str], &[&str]); 4] = [
        (&[], &printed),
        (&["one 1", "two 2"], &printed),
        (&["one 2", "…", "four 5"], &["one 1", "…", "four 4"]),
        (&["…", "two …", "five", "…"], &["…", "two …", "…"]),
    ];
    let same = same.iter().map(|said| (*said, *said));
    for (said, expected) in same.chain(others) {
        let found = as_said(said, &printed);
        if found != expected {
            return Err(format!("{said:?} becomes {found:?}").into());
        }
    }
    Ok(())
}

/// Returns whether printed lines are what is said of them.
fn fits(said: &[&str], printed: &[&str]) -> bool {
    match said {
        [] => printed.is_empty(),
        [cut, rest @ ..] if *cut == CUT => {
            (0..=printed.len()).any(|count| fits(rest, &printed[count..]))
        }
        [line, rest @ ..] => {
            let Some((first, others)) = printed.split_first() else {
                return false;
            };
            line_fits(line, first) && fits(rest, others)
        }
    }
}

fn line_fits(said: &str, printed: &str) -> bool {
    let mut parts = said.split(CUT);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}
