//! The totals of all runs, in a file that every run adds to.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::agreement::Tally;
use super::agreement::tally::Share;

/// Adds what came of a run to a file, which is made if there is none, and returns the sums in words.
pub(crate) fn add(path: &Path, tally: &Tally, far: usize) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_else(|_| "{}".to_owned());
    let mut sums: Value = serde_json::from_str(&text).unwrap();
    merge(&mut sums, &of(tally, far));
    std::fs::write(path, format!("{sums:#}\n")).unwrap();
    format!(
        "so far: {} runs, {} programs, {} launching a kernel, {} linked with a file that stays C, {} on memory of the device that they are passed, {} after {far} moves and more, {} disagreements",
        sums["runs"],
        sums["programs"],
        sums["launched"],
        sums["linked"]["programs"],
        sums["lent"],
        sums[of_moves(far)],
        sums["disagreements"]
    )
}

/// Returns the name of the number of programs that launched a kernel after so many moves and more.
fn of_moves(far: usize) -> String {
    format!("after_{far}_moves")
}

fn of(tally: &Tally, far: usize) -> Value {
    let total = tally.total();
    let guards: Map<String, Value> = tally
        .guards
        .iter()
        .map(|(kind, outcomes)| {
            let outcomes = json!({"taken": outcomes.held, "not_taken": outcomes.failed});
            ((*kind).to_owned(), outcomes)
        })
        .collect();
    let families: Map<String, Value> = tally
        .families
        .iter()
        .map(|(family, count)| {
            let count = json!({"programs": count.programs, "launched": count.launched});
            (format!("{family:?}"), count)
        })
        .collect();
    let of_share = |share: &Share| json!({"programs": share.programs, "launched": share.launched});
    let forms: Map<String, Value> = tally
        .forms
        .iter()
        .map(|(form, share)| (format!("{form:?}"), of_share(share)))
        .collect();
    json!({
        "runs": 1,
        "programs": total.programs,
        "calls": total.calls,
        "launched": total.launched,
        "lent": total.lent,
        of_moves(far): total.far,
        "too_long": total.too_long,
        "launches": tally.launches,
        "disagreements": tally.disagreements.len(),
        "forms": forms,
        "linked": of_share(&tally.linked),
        "undefined": tally.undefined,
        "guards": guards,
        "families": families,
    })
}

/// Adds numbers to numbers of the same name; what is not there yet counts as 0.
fn merge(sums: &mut Value, more: &Value) {
    match more {
        Value::Object(fields) => {
            if !sums.is_object() {
                *sums = json!({});
            }
            for (name, value) in fields {
                merge(&mut sums[name], value);
            }
        }
        Value::Number(number) => {
            let so_far = sums.as_u64().unwrap_or(0);
            *sums = json!(so_far + number.as_u64().unwrap_or(0));
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) => {}
    }
}
