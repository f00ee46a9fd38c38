//! TSVC: how many of its functions hold a loop that runs in parallel on the GPU.
//!
//! The program is one that measures for minutes, so it is translated without a check and not run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Request, tool};

pub(crate) fn score(folder: &Path, request: &Request) -> Value {
    let source = folder.join("src");
    let text: String = ["common.c", "dummy.c", "tsvc.c"]
        .iter()
        .map(|name| std::fs::read_to_string(source.join(name)).unwrap())
        .collect();
    let options = [format!("-I{}", source.display()), "--check=off".to_owned()];
    let translated = match tool::translate(&text, &options) {
        Ok(translated) => translated,
        Err(why) => {
            println!("not translated: {why}");
            return json!({"error": why});
        }
    };
    // Whether a loop of the function is parallel, and the first reason against one.
    let mut functions: BTreeMap<String, (bool, String)> = BTreeMap::new();
    for each in translated.report["loops"].as_array().unwrap() {
        let function = each["function"].as_str().unwrap_or_default().to_owned();
        if !is_kernel(&function) || !request.wants(&function) {
            continue;
        }
        let entry = functions.entry(function).or_default();
        entry.0 |= each["verdict"] == "parallel";
        if entry.1.is_empty()
            && let Some(reason) = each["reasons"].get(0)
        {
            entry.1 = format!("{}: {}", reason["name"], reason["message"]);
        }
    }
    let parallel = functions.values().filter(|(is_parallel, _)| *is_parallel);
    println!(
        "{} of {} functions hold a parallel loop",
        parallel.count(),
        functions.len()
    );
    json!(functions)
}

/// The functions under test are `s` or `v` and what tells them apart; the others are support.
fn is_kernel(function: &str) -> bool {
    let rest = function
        .strip_prefix('s')
        .filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    rest.is_some() || (function.starts_with('v') && function.len() <= 6)
}
