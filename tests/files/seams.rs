//! What C and C++ say differently: a file is translated without kernels and does what the C program does, or its places
//! say why it stays C: `goto out; //~ needs-c: C++ does not accept this: …`.
//!
//! `docs/src/cpp-differences.md` has a row for every file, which says what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::Failed;
use serde_json::Value;

use crate::directives::Directives;

const MARK: &str = "//~ needs-c: ";
const TABLE: &str = "docs/src/cpp-differences.md";

/// What C++ is compiled with; what is undefined there often shows at one level alone.
const LEVELS: [&str; 3] = ["-O0", "-O2", "-O3"];

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let text = std::fs::read_to_string(path)?;
    let output = temporary.path().join("out.cu");
    let name = output.to_string_lossy().into_owned();
    let options = ["--check=off", "--no-parallel", "--message-format=json"];
    let directives = Directives::of(&text);
    let ran = directives.run(path, &temporary, &[&options[..], &["-o", &name]].concat());
    let said = String::from_utf8(ran.stderr)?;
    let found = refusals(&said);
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(path, blessed(&text, &found))?;
    } else if expected(&text) != found {
        return Err(format!("expected {:?}, but mupac said:\n{said}", expected(&text)).into());
    }
    if !found.is_empty() {
        return if ran.status.success() {
            Err("mupac wrote what it refuses".into())
        } else {
            Ok(())
        };
    }
    let in_c = run(path, &output, "gcc", "-O2", &language(&directives))?;
    for level in LEVELS {
        let in_cpp = run(path, &output, "g++", level, "-std=c++17")?;
        if in_cpp != in_c {
            return Err(format!("{level}: {in_cpp}\ninstead of\n{in_c}").into());
        }
    }
    Ok(())
}

/// Returns the lines and words of what only C can say.
fn refusals(said: &str) -> BTreeMap<usize, String> {
    let objects = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    objects
        .filter(|object| object["severity"] == "error")
        .filter_map(|object| {
            let line = object["line"].as_u64()?;
            Some((line as usize, object["message"].as_str()?.to_owned()))
        })
        .collect()
}

fn expected(text: &str) -> BTreeMap<usize, String> {
    let marked = |line: &str| Some(line.split_once(MARK)?.1.to_owned());
    (1..)
        .zip(text.lines())
        .filter_map(|(number, line)| Some((number, marked(line)?)))
        .collect()
}

fn blessed(text: &str, found: &BTreeMap<usize, String>) -> String {
    let mut blessed = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let (code, _) = line.split_once(MARK).unwrap_or((line, ""));
        blessed.push_str(code.trim_end());
        if let Some(words) = found.get(&number) {
            write!(blessed, " {MARK}{words}").unwrap();
        }
        blessed.push('\n');
    }
    blessed
}

/// Returns the option that says which C the file is.
fn language(directives: &Directives) -> String {
    let mut options = directives.options.iter();
    let chosen = options.find(|option| option.starts_with("-std="));
    chosen.map_or_else(|| "-std=gnu17".to_owned(), Clone::clone)
}

/// Builds and runs one of the two programs, by the same name, and returns all that it shows.
fn run(
    path: &Path,
    cuda: &Path,
    compiler: &str,
    level: &str,
    language: &str,
) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program");
    let here = path.parent().unwrap();
    let mut command = Command::new(compiler);
    command
        .current_dir(here)
        .args(["-w", "-I.", level, language]);
    match compiler {
        "gcc" => command.arg(path.file_name().unwrap()),
        _ => command.args(["-x", "c++"]).arg(cuda).args(["-x", "none"]),
    };
    let built = command.arg("-o").arg(&program).arg("-lm").output()?;
    if !built.status.success() {
        return Err(String::from_utf8_lossy(&built.stderr).into_owned().into());
    }
    let mut command = Command::new("timeout");
    let ran = command
        .current_dir(folder.path())
        .args(["10", "./program"])
        .output()?;
    Ok(shown(&ran))
}

fn shown(ran: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}{}", text(&ran.stdout), text(&ran.stderr), ran.status)
}

/// Checks that the table and the folder have the same files, and agree on what is refused.
pub(crate) fn table(folder: &Path) -> Result<(), Failed> {
    let table = std::fs::read_to_string(folder.join("../..").join(TABLE))?;
    let mut rows = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [_, _, _, what, files] = cells.as_slice() {
            for file in files.split('`').skip(1).step_by(2) {
                rows.insert(file.to_owned(), what.starts_with("refused"));
            }
        }
    }
    let mut wrong = String::new();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "c") {
            let is_refused = !expected(&std::fs::read_to_string(&path)?).is_empty();
            if rows.get(&name) != Some(&is_refused) {
                writeln!(
                    wrong,
                    "{name}: refused: {is_refused}; the table: {:?}",
                    rows.get(&name)
                )?;
            }
            found.insert(name);
        }
    }
    for name in rows.keys().filter(|name| !found.contains(*name)) {
        writeln!(wrong, "{name}: no such file")?;
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}
