//! Which values of before a region count, so that they are copied to the device.

use super::analysed;
use crate::facts::{Facts, Initial};

#[test]
fn what_is_overwritten_need_not_be_copied() {
    let workload = analysed(
        "fn fill(n: i32, a: *f32[4], b: *f32[4]) {
            for i: i32 in 0..n { for j: i32 in 0..4 { S0: a[i][j] = 0.0f32 if j < 3 { S1: b[i][j] = 0.0f32 } } }
        }",
    );
    let facts = &workload.regions[0].facts;
    assert_eq!(initial_values_count(facts), ["never", "always"]);
}

/// Says for which parameters the values that each array holds before the region count.
fn initial_values_count(facts: &Facts) -> Vec<String> {
    let footprints = facts.footprints.iter();
    let said = footprints.map(|each| match &each.initial {
        Initial::Counts => "always".to_owned(),
        Initial::CountsWhere(set) => {
            let text = set.to_string();
            let (_, condition) = text.split_once(" : ").unwrap();
            condition.trim_end_matches(" }").to_owned()
        }
        Initial::IsOverwritten => "never".to_owned(),
    });
    said.collect()
}

#[test]
fn rows_are_copied_where_the_region_may_leave_an_element_of_them_as_it_was() {
    let copies = |array: &str, subscripts: &str, bound: &str| -> String {
        let workload = analysed(&format!(
            "fn fill(n: i32, m: i32, k: i32, a: *{array}) {{
                for i: i32 in 0..n {{ for j: i32 in 0..{bound} {{ S0: a{subscripts} = 0.0f32 }} }}
            }}",
        ));
        initial_values_count(&workload.regions[0].facts).concat()
    };
    let rows = |bound| copies("f32[m]", "[i][j]", bound);
    assert_eq!(rows("m"), "never");
    assert_eq!(rows("m - 1"), "always");
    assert_eq!(rows("k"), "v2 < v1");
    assert_eq!(copies("f32[90]", "[i][j]", "n"), "v0 <= 89");
    // Elements between rows, of which the last one has none behind it.
    assert_eq!(copies("f32", "[i * m + j]", "k"), "v0 >= 2 and v2 < v1");
    assert_eq!(copies("f32[90]", "[i][j]", "i + 1"), "always");
    // What saves the copy of a few elements alone is not asked for.
    assert_eq!(copies("f32", "[2 * i + j]", "1"), "always");
}

#[test]
fn what_is_read_before_it_is_overwritten_is_copied_where_it_is_read() {
    let workload = analysed(
        "fn shift(n: i32, m: i32, a: restrict *f32, b: restrict *f32) {
            for i: i32 in 0..m { S1: a[i] = 0.0f32 }
            for i: i32 in 0..n { S0: b[i] = a[i] }
        }",
    );
    let facts = &workload.regions[0].facts;
    assert_eq!(initial_values_count(facts), ["v1 < v0", "never"]);
}
