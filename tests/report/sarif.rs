//! Whether SARIF is what code hosts read.
//!
//! **Source**: OASIS, SARIF Version 2.1.0, section 3; numbers are its.

use std::collections::BTreeSet;

use serde_json::Value;

/// Asserts that a text is SARIF that tells of the loops of a report that stay.
///
/// **Errors**: what it lacks.
pub(crate) fn check(report: &Value, text: &[u8]) -> Result<(), String> {
    let log: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    // 3.13.2 and 3.13.3.
    same(&log["version"], "2.1.0")?;
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    same(&driver["name"], "mupac")?;
    same(&run["columnKind"], "utf16CodeUnits")?;
    let rules = list(&driver["rules"])?;
    let ids: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    if ids.len() != rules.len() {
        return Err("two rules of one name".to_owned());
    }
    for rule in rules {
        // 3.49.9, 3.49.10 and 3.49.13.
        for part in ["shortDescription", "fullDescription", "help"] {
            filled(&rule[part]["text"])?;
        }
    }
    let results = list(&run["results"])?;
    let staying = list(&report["loops"])?
        .iter()
        .filter(|told| told["kernel"].is_null());
    let staying: Vec<&Value> = staying
        .filter(|told| told["reasons"] != Value::Array(Vec::new()))
        .collect();
    if results.len() != staying.len() {
        return Err(format!(
            "{} results, {} loops",
            results.len(),
            staying.len()
        ));
    }
    for (result, told) in results.iter().zip(staying) {
        one(result, told, rules)?;
    }
    Ok(())
}

fn one(result: &Value, told: &Value, rules: &[Value]) -> Result<(), String> {
    // 3.27.5 and 3.27.6: the index leads to the rule of the name.
    let index = result["ruleIndex"].as_u64().ok_or("no index of a rule")?;
    let rule = rules.get(index as usize).ok_or("no such rule")?;
    let id = rule["id"].as_str().unwrap_or_default();
    same(&result["ruleId"], id)?;
    same(&told["reasons"][0]["code"], id)?;
    same(&result["level"], "note")?;
    filled(&result["message"]["text"])?;
    let place = &result["locations"][0]["physicalLocation"];
    filled(&place["artifactLocation"]["uri"])?;
    let region = &place["region"];
    // The examples are ASCII, in which bytes and code units are alike.
    let is_there = region["startLine"] == told["line"] && region["startColumn"] == told["column"];
    is_there
        .then_some(())
        .ok_or(format!("{region} is not where {told} is"))
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or(format!("{value} is no list"))
}

fn same(value: &Value, expected: &str) -> Result<(), String> {
    (value == expected)
        .then_some(())
        .ok_or(format!("{value} is not {expected}"))
}

fn filled(value: &Value) -> Result<(), String> {
    let is_filled = value.as_str().is_some_and(|text| !text.trim().is_empty());
    is_filled
        .then_some(())
        .ok_or(format!("{value} says nothing"))
}
