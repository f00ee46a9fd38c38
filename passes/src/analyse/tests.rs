//! Analysis of small functions in the text form.

use super::analyse;
use crate::workload::Workload;

fn analysed(text: &str) -> Workload {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}"));
    analyse(module)
}

/// Says a line about every loop: its name, whether it starts or belongs to a region, and why it is sequential.
fn verdicts(text: &str) -> String {
    let workload = analysed(text);
    let mut lines = Vec::new();
    for each in &workload.loops {
        let place = if each.region.is_some() {
            "region"
        } else {
            "host"
        };
        let reasons: Vec<String> = each
            .reasons
            .iter()
            .map(|refusal| format!("{}: {}", refusal.reason.code(), refusal.reason))
            .collect();
        lines.push(format!(
            "{} {} {}{}{}",
            each.name,
            place,
            each.verdict.name(),
            if reasons.is_empty() { "" } else { "; " },
            reasons.join("; ")
        ));
    }
    lines.join("\n")
}

#[test]
fn a_map_is_parallel() {
    let text = "fn saxpy(n: i32, a: f32, x: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a * x[i] + y[i] }
    }";
    assert_eq!(verdicts(text), "i region parallel");
    let workload = analysed(text);
    println!("{:#?}", workload.regions[0].facts);
    println!("{:#?}", workload.entries[0].parameters);
}
