//! The functions of the `BabelTower` evaluation set, translated whole and called as the data says.
//!
//! mupac sees the C text of a function after the usual headers, nothing else of its row.
//! The data's calls pass through a printer of this file (`printer.cpp`), which prints the returned value and every
//! argument after the call; the original, compiled as C, is called and printed in the same way.
//! A row passes where all of its calls print the same under every order of threads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use mupac_tester::execute::{Executable, Executor, Language, Order, Part};
use serde_json::{Value, json};

use crate::{Request, tool};

const HEADERS: [&str; 9] = [
    "math.h",
    "stdlib.h",
    "stdbool.h",
    "stdio.h",
    "string.h",
    "float.h",
    "limits.h",
    "stdint.h",
    "assert.h",
];

/// What became of a row, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// Passed, and every call launched a kernel.
    Kernel,
    /// Passed, and some calls launched a kernel.
    Partly,
    /// Passed without a launch.
    Sequential,
    /// A call prints something else, or faults, or the text does not compile; or the row has no call.
    Failed,
    /// mupac wrote no file.
    NotTranslated,
}

impl Status {
    const ALL: [(Self, &str); 5] = [
        (Self::Kernel, "on a kernel"),
        (Self::Partly, "on a kernel in some calls"),
        (Self::Sequential, "sequential"),
        (Self::Failed, "failed"),
        (Self::NotTranslated, "not translated"),
    ];

    fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

struct Row {
    id: i64,
    is_clean: bool,
    code: String,
    calls: Vec<String>,
}

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let rows = rows(folder)
        .into_iter()
        .filter(|row| request.wants(&row.id.to_string()));
    let mut results = Vec::new();
    let mut counts: BTreeMap<(Status, bool), usize> = BTreeMap::new();
    for row in rows {
        let (status, why) = judged(&row);
        *counts.entry((status, row.is_clean)).or_default() += 1;
        if status != Status::Kernel {
            let clean = if row.is_clean { "" } else { " (not clean)" };
            println!("{:>4} {}{clean}: {why}", row.id, status.name());
        }
        results.push(
            json!({"id": row.id, "clean": row.is_clean, "status": status.name(), "why": why}),
        );
    }
    print_table(&counts);
    json!(results)
}

/// Writes the C file of each row.
pub(crate) fn write(data: &Path, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for row in rows(data) {
        let path = folder.join(format!("babeltower_{}.c", row.id));
        std::fs::write(path, c_text(&row.code)).unwrap();
    }
}

/// Returns the C texts of the clean rows, by number.
pub(crate) fn clean_texts(folder: &Path) -> Vec<(String, String)> {
    let rows = rows(folder).into_iter().filter(|row| row.is_clean);
    rows.map(|row| (row.id.to_string(), c_text(&row.code)))
        .collect()
}

fn rows(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("babeltower-dev.jsonl")).unwrap();
    text.lines().map(row).collect()
}

fn print_table(counts: &BTreeMap<(Status, bool), usize>) {
    let of = |status: Status, is_clean: bool| counts.get(&(status, is_clean)).copied();
    let sums = |status| {
        let clean = of(status, true).unwrap_or(0);
        (clean, clean + of(status, false).unwrap_or(0))
    };
    let all = Status::ALL.iter().map(|(status, _)| sums(*status));
    let (clean, total) = all.fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
    println!("{:<26} {:>12} {:>12}", "", "clean", "all");
    let percent = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
    for (status, name) in Status::ALL {
        let (of_clean, of_all) = sums(status);
        println!(
            "{name:<26} {of_clean:>4} {:>5.1} % {of_all:>4} {:>5.1} %",
            percent(of_clean, clean),
            percent(of_all, total)
        );
    }
    println!("{:<26} {clean:>4} {:>12}", "rows", total);
}

fn row(line: &str) -> Row {
    let value: Value = serde_json::from_str(line).unwrap();
    let calls = value["consistent_cpp_inputs"].as_array().unwrap();
    Row {
        id: value["id"].as_i64().unwrap(),
        is_clean: value["clean"].as_bool().unwrap(),
        code: value["cpp_code"].as_str().unwrap().to_owned(),
        calls: calls
            .iter()
            .map(|call| call.as_str().unwrap().to_owned())
            .collect(),
    }
}

fn judged(row: &Row) -> (Status, String) {
    let text = c_text(&row.code);
    let translated = match tool::translate(&text, &[]) {
        Ok(translated) => translated,
        Err(why) => return (Status::NotTranslated, why),
    };
    match passed(row, &text, &translated.cuda) {
        Err(why) => (Status::Failed, why),
        Ok(launching) if launching == row.calls.len() => (Status::Kernel, String::new()),
        Ok(0) => (Status::Sequential, translated.first_reason()),
        Ok(launching) => {
            let all = row.calls.len();
            (
                Status::Partly,
                format!("{launching} of {all} calls launch a kernel"),
            )
        }
    }
}

/// Returns the file that mupac sees: headers, `max` where the function counts on it, and the function.
fn c_text(code: &str) -> String {
    let mut text = String::new();
    for header in HEADERS {
        writeln!(text, "#include <{header}>").unwrap();
    }
    for (name, sign) in [("max", '>'), ("min", '<')] {
        if code.split_whitespace().any(|word| word == name) {
            writeln!(text, "#define {name}(a, b) ((a) {sign} (b) ? (a) : (b))").unwrap();
        }
    }
    text + code + "\n"
}

/// Returns in how many calls a kernel was launched; the error is the first thing that is wrong.
fn passed(row: &Row, original: &str, candidate: &str) -> Result<usize, String> {
    if row.calls.iter().all(|call| !call.contains("wrapper(")) {
        return Err("the data has no call".to_owned());
    }
    let executor = tool::executor(&[]);
    let caller = caller(row)?;
    let build = |language, text: &str| {
        let parts = [
            Part {
                language,
                text,
                flags: &["-DMUPAC_CPU_THRESHOLD=0"],
            },
            Part {
                language: Language::Cxx,
                text: &caller,
                flags: &[VALUES],
            },
        ];
        tool::build(&executor, &parts)
    };
    let original = build(Language::C, original)
        .map_err(|what| format!("the original does not compile: {what}"))?;
    let candidate = build(Language::Cuda, candidate)
        .map_err(|what| format!("the output does not compile: {what}"))?;
    let mut launching = 0;
    for number in 0..row.calls.len() {
        launching += usize::from(is_launching(&executor, &original, &candidate, number)?);
    }
    Ok(launching)
}

/// Variables that a call leaves without a value have the same one on both sides.
const VALUES: &str = "-ftrivial-auto-var-init=zero";

fn is_launching(
    executor: &Executor,
    original: &Executable,
    candidate: &Executable,
    number: usize,
) -> Result<bool, String> {
    let stdin = number.to_string();
    let expected = tool::run(executor, original, &stdin, Order::Ascending)
        .map_err(|what| format!("the original fails in call {number}: {what}"))?;
    let mut is_launching = false;
    for order in Order::all(0) {
        let got = tool::run(executor, candidate, &stdin, order)
            .map_err(|what| format!("call {number}, {order:?}: {what}"))?;
        if got.stdout != expected.stdout {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
            return Err(format!(
                "call {number}, {order:?}: prints {}, the original {}",
                text(&got.stdout),
                text(&expected.stdout)
            ));
        }
        is_launching = !got.launches.is_empty();
    }
    Ok(is_launching)
}

/// Returns C++ that makes the call whose number it reads.
fn caller(row: &Row) -> Result<String, String> {
    let calls = row.calls.join("\n");
    let name = calls
        .split_once("wrapper(")
        .and_then(|(_, rest)| rest.split([',', ')']).next())
        .map(str::trim)
        .ok_or("the data has no call")?;
    let prototype = prototype(&row.code, name)
        .ok_or_else(|| format!("the data calls {name}, which the function is not"))?;
    let mut text = format!(
        "{}\nextern \"C\" {prototype};\n",
        include_str!("printer.cpp")
    );
    let mut cases = String::new();
    for (number, call) in row.calls.iter().enumerate() {
        writeln!(text, "static void call_{number}() {{\n{call}\n}}").unwrap();
        writeln!(cases, "        case {number}: call_{number}(); return 0;").unwrap();
    }
    writeln!(
        text,
        "int main() {{\n    int number;\n    std::cin >> number;\n    switch (number) {{\n{cases}    }}\n    return 1;\n}}"
    )
    .unwrap();
    Ok(text)
}

/// Returns the declaration of a function whose definition is given.
fn prototype<'a>(code: &'a str, name: &str) -> Option<&'a str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(name)
        .filter(|(at, _)| {
            let after = &code[at + name.len()..];
            !code[..*at].ends_with(is_word) && after.trim_start().starts_with('(')
        })
        .find_map(|(at, _)| {
            let header = at + code[at..].find(['{', ';'])?;
            let start = code[..at].rfind(['}', ';']).map_or(0, |end| end + 1);
            (code.as_bytes()[header] == b'{').then(|| code[start..header].trim())
        })
}
