//! Terms by which all subscripts of an array begin.

use super::analysed;
use crate::isl;

/// Returns whether rows are written side by side under one condition on shapes, this one.
fn asks_for(index: &str, expected: &str) -> bool {
    let workload = analysed(&format!(
        "fn fill(p: i32, q: i32, n: i32, m: i32, s: i32, a: *f64) {{
            for k: i32 in p..n {{ for j: i32 in q..m {{ S0: a[{index}] = 1.0 }} }}
        }}"
    ));
    let facts = &workload.regions[0].facts;
    let conditions = facts.conditions.iter();
    let shapes = conditions.filter(|condition| condition.kind == "shape");
    let shapes: Vec<_> = shapes.map(|condition| &condition.holds).collect();
    let expected = isl::Set::parse(facts.context.context(), expected).unwrap();
    matches!(shapes[..], [shape] if shape.is_equal(&expected).unwrap())
}

#[test]
fn a_start_is_no_part_of_a_row() {
    let columns_are_not_negative = "[v1, v3] -> { : v1 >= 0 or v3 <= v1 }";
    assert!(asks_for("s + k * m + j", columns_are_not_negative));
}

#[test]
fn what_columns_count_from_is_part_of_a_row() {
    let rows_are_longer = "[v1, v3] -> { : v1 >= -3 or v3 <= v1 }";
    assert!(asks_for("(k - p) * (m + 5) + j - q + 2", rows_are_longer));
}
