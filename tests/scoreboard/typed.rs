//! Programs as people type them, with default options: which loops have kernels after the check, how long that took, and what
//! mupac says first of the others.
//!
//! `typed` holds textbook programs of 15 to 60 lines, written without looking at what mupac can do; they are not changed to
//! suit it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Request;

/// The longest that one translation may take.
const LIMIT_SECONDS: &str = "600";

pub(crate) fn score(project: &Path, request: &Request) -> Value {
    let folder = project.join("tests/scoreboard/typed");
    let mut paths: Vec<_> = (fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut rows = serde_json::Map::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if request.wants(&name) {
            let row = row(&path);
            println!("{name}: {}", words(&row));
            rows.insert(name, row);
        }
    }
    Value::Object(rows)
}

/// Translates a program as somebody does who has read the first page of the README.
fn row(path: &Path) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let status = Command::new("timeout")
        .arg(LIMIT_SECONDS)
        .arg(env!("CARGO_BIN_EXE_mupac"))
        .arg(path)
        .args(["-q", "-o", "output.cu", "--report", "report.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let seconds = begun.elapsed().as_secs();
    let report = fs::read_to_string(folder.path().join("report.json"));
    let Ok(report) = report.map(|text| serde_json::from_str::<Value>(&text).unwrap()) else {
        let said = String::from_utf8_lossy(&status.stderr);
        let first = said.lines().next().unwrap_or("no word").to_owned();
        return json!({"refused": first, "seconds": seconds});
    };
    let loops = report["loops"].as_array().unwrap();
    let on_device = |each: &&Value| each["kernel"].is_string() || each["device_code"] == true;
    // What has a kernel or lies in one needs no reason.
    let others = loops.iter().filter(|each| !on_device(each));
    let reasons: Vec<String> = others.filter_map(reason).collect();
    json!({
        "seconds": seconds,
        "loops": loops.len(),
        "on_device": loops.iter().filter(on_device).count(),
        "kernels": report["regions"].as_array().unwrap().iter()
            .map(|region| region["kernels"].as_array().unwrap().len()).sum::<usize>(),
        "smaller_constants": report["check"]["smaller_constants"],
        "reasons": reasons,
    })
}

/// Returns the line of a loop and the first reason why it stays.
fn reason(each: &Value) -> Option<String> {
    let reason = each["reasons"].get(0)?;
    let code = reason["code"].as_str()?;
    Some(format!("{} {code}", each["line"]))
}

fn words(row: &Value) -> String {
    if let Some(refused) = row["refused"].as_str() {
        return format!("refused: {refused}");
    }
    let reasons = row["reasons"].as_array().unwrap();
    let reasons: Vec<&str> = reasons.iter().filter_map(Value::as_str).collect();
    format!(
        "{} of {} loops on the device, {} kernels, {} s; stay: {}",
        row["on_device"],
        row["loops"],
        row["kernels"],
        row["seconds"],
        reasons.join(", ")
    )
}
