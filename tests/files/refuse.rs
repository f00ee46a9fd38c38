//! Every refused loop says why, on its line: `for (…) //~ carried-dependence: i = 2 reads a[1]`.

use std::fmt::Write;
use std::path::Path;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::directives::Directives;

const MARK: &str = "//~ ";

pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let text = std::fs::read_to_string(path)?;
    let output = temporary.path().join("out.cu");
    let options = [
        "--message-format=json",
        "-v",
        "-o",
        &output.to_string_lossy(),
    ];
    let ran = Directives::of(&text).run(path, &temporary, &options);
    let said = String::from_utf8(ran.stderr)?;
    let found = found(&said);
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(path, blessed(&text, &found))?;
        return Ok(());
    }
    let expected = expected(&text);
    let is_met = |(line, words): &(usize, String)| {
        found
            .iter()
            .any(|(at, said)| is_at(*at, *line) && said.contains(words.as_str()))
    };
    let mut wrong = String::new();
    for (line, words) in expected.iter().filter(|each| !is_met(each)) {
        writeln!(wrong, "line {line}: nothing says `{words}`")?;
    }
    for (line, words) in &found {
        if !expected.iter().any(|(at, _)| is_at(*line, *at)) {
            writeln!(wrong, "line {line}: nobody expects `{words}`")?;
        }
    }
    if expected.is_empty() {
        writeln!(wrong, "no line says {MARK}")?;
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{wrong}\nmupac said:\n{said}").into())
    }
}

/// Returns line and words of each expectation.
fn expected(text: &str) -> Vec<(usize, String)> {
    (1..)
        .zip(text.lines())
        .filter_map(|(number, line)| Some((number, line.split_once(MARK)?.1.to_owned())))
        .collect()
}

/// What is said of another file than this one, such as a plan, may be expected at any line.
const ELSEWHERE: usize = 0;

fn is_at(said: usize, expected: usize) -> bool {
    said == ELSEWHERE || said == expected
}

/// Returns line and `name: message` of every reason of each loop that is not parallel, and of coded errors.
fn found(said: &str) -> Vec<(usize, String)> {
    said.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .flat_map(|object| match object["type"].as_str() {
            Some("loop") => reasons(&object["loop"]),
            Some("message") if object["severity"] == "error" => {
                error(&object).into_iter().collect()
            }
            Some(_) | None => Vec::new(),
        })
        .collect()
}

fn reasons(object: &Value) -> Vec<(usize, String)> {
    let line = object["line"].as_u64().unwrap() as usize;
    let reasons = object["reasons"].as_array().unwrap().iter();
    reasons
        .map(|reason| {
            let (name, message) = (
                reason["name"].as_str().unwrap(),
                reason["message"].as_str().unwrap(),
            );
            (line, format!("{name}: {message}"))
        })
        .collect()
}

fn error(object: &Value) -> Option<(usize, String)> {
    let name = name(object["code"].as_str()?)?;
    Some((
        ELSEWHERE,
        format!("{name}: {}", object["message"].as_str()?),
    ))
}

fn name(code: &str) -> Option<&'static str> {
    Some(
        mupac_ir::Reason::ALL
            .iter()
            .find(|row| row.code == code)?
            .name,
    )
}

/// Returns the text with its expectations replaced by what was found; one that is met stays, and so does the reason
/// that it names.
pub(crate) fn blessed(text: &str, found: &[(usize, String)]) -> String {
    let mut blessed = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let (code, expected) = line.split_once(MARK).unwrap_or((line, ""));
        let name = expected.split(':').next().unwrap_or_default();
        let mut here = found
            .iter()
            .filter(|(at, _)| *at == number || *at == ELSEWHERE && !expected.is_empty());
        if !expected.is_empty() && here.clone().any(|(_, words)| words.contains(expected)) {
            blessed.extend([line, "\n"]);
            continue;
        }
        let first = here.clone().next();
        let told = here
            .find(|(_, words)| words.split(':').next() == Some(name))
            .or(first);
        blessed.push_str(code.trim_end());
        if let Some((_, words)) = told {
            blessed.extend([" ", MARK, words]);
        }
        blessed.push('\n');
    }
    blessed
}
