//! How functions are called in tests.

use mupac_ir::{Entry, ParameterKind};

use super::analysed;
use crate::analyse;
use crate::workload::Workload;

/// Returns the entry of the function that holds the first region.
fn first_entry(workload: &Workload) -> Entry {
    let holder = workload.regions[0].of;
    let mut entries = analyse::entries(workload, &[holder]);
    entries.remove(0).1.unwrap()
}

#[test]
fn entries_cover_all_accesses() {
    let workload = analysed(
        "fn shift(n: i32, s: f32, a: *f32, b: *f32) {
            for i: i32 in 0..n { S0: a[i] = s * b[i + 2] }
            for i.2: i32 in 1..n { S1: a[i.2] = a[i.2 - 1] + b[i.2 - 1] }
        }",
    );
    let entry = &first_entry(&workload);
    assert_eq!(entry.untestable, None);
    let text: Vec<String> = entry
        .parameters
        .iter()
        .map(|parameter| match &parameter.kind {
            ParameterKind::Size => "size".to_owned(),
            ParameterKind::Step => "step".to_owned(),
            ParameterKind::Value => "value".to_owned(),
            ParameterKind::Function { .. } => "function".to_owned(),
            ParameterKind::Object => "object".to_owned(),
            ParameterKind::Buffer {
                first,
                count,
                is_written,
                ..
            } => {
                let show =
                    |expr| mupac_ir::print::expr(&workload.module.records, &entry.function, expr);
                format!("{} + {} {is_written}", show(*first), show(*count))
            }
        })
        .collect();
    let both = "i64(n) >= 2i64 || i64(n) == 1i64";
    let first = "i64(n) >= 2i64 ? 0i64 : 2i64";
    assert_eq!(
        text,
        [
            "size".to_owned(),
            "value".to_owned(),
            "0i64 + i64(n) >= 1i64 ? i64(n) : 0i64 true".to_owned(),
            format!("{first} + {both} ? i64(n) + 2i64 - ({first}) : 0i64 false"),
        ]
    );
}

#[test]
fn an_array_that_is_compared_with_null_may_be_left_out() {
    let workload = analysed(
        "fn add(n: i32, a: *f32, b: *f32, c: *f32) {
            for i: i32 in 0..n { S0: a[i] = b != (*f32)(0) ? b[i] : 1.0f32 if c { S1: a[i] = c[i] } }
        }",
    );
    let entry = &first_entry(&workload);
    let optional: Vec<bool> = entry
        .parameters
        .iter()
        .map(|parameter| match &parameter.kind {
            ParameterKind::Buffer { is_optional, .. } => *is_optional,
            ParameterKind::Size
            | ParameterKind::Step
            | ParameterKind::Value
            | ParameterKind::Function { .. }
            | ParameterKind::Object => false,
        })
        .collect();
    assert_eq!(optional, [false, false, true, true]);
}

#[test]
fn rows_of_flat_memory_are_known_where_it_serves_for_nothing_else() {
    let rows = |pointer: &str, body: &str| {
        let text = format!(
            "fn zero(n: i32, m: i32, p: *f32) {{
                var w: i32
                S0: w = m + 1
                {pointer}
                for i: i32 in 0..n {{ for j: i32 in 1..m {{ S2: a[i][j] = 0.0f32 }} }}
                {body}
            }}"
        );
        let workload = analysed(&text);
        let entry = &first_entry(&workload);
        let show = |expr| mupac_ir::print::expr(&workload.module.records, &entry.function, expr);
        let mut rows = entry
            .parameters
            .iter()
            .filter_map(|parameter| match &parameter.kind {
                ParameterKind::Buffer { row, .. } => row.map(show),
                ParameterKind::Size
                | ParameterKind::Step
                | ParameterKind::Value
                | ParameterKind::Function { .. }
                | ParameterKind::Object => None,
            });
        rows.next()
    };
    let to = |row: &str| format!("var a: *f32{row} S1: a = (*f32{row})(p)");
    let known = |length: &str| Some(length.to_owned());
    assert_eq!(rows(&to("[m]"), ""), known("i64(m)"));
    assert_eq!(rows(&to("[w]"), ""), known("i64(i32(i64(m) + 1i64))"));
    assert_eq!(rows(&to("[64]"), ""), known("64i64"));
    let compared = "if p != (*f32)(0) { S3: n = 1 }";
    assert_eq!(rows(&to("[m]"), compared), known("i64(m)"));
    assert_eq!(rows(&to("[m]"), "S3: p[0] = 1.0f32"), None);
    assert_eq!(rows(&to("[m]"), "S3: n = p[0] > 0.0f32"), None);
    let other = "var b: *f32[n] S3: b = (*f32[n])(p) S4: b[0][0] = 1.0f32";
    assert_eq!(rows(&to("[m]"), other), None);
    let twice = "var a: *f32[m] S1: a = (*f32[m])((*f32[m])(p))";
    assert_eq!(rows(twice, "S3: p[0] = 1.0f32"), None);
    let moved = "var a: *f32[m] S1: a = (*f32[m])(p + 1)";
    assert_eq!(rows(moved, ""), None);
}

#[test]
fn numbers_behind_pointers_are_sizes_or_choices() {
    let workload = analysed(
        "fn fill(n: *i32, flags: *i32, lengths: *i32, a: *f32) {
            var one: i32
            S0: one = 1
            if flags[one + 1] == one {
                for i: i32 in 0..n[0] { S1: a[i] = f32(lengths[i]) }
            }
        }",
    );
    let entry = &first_entry(&workload);
    let stored: Vec<_> = entry
        .stored
        .iter()
        .map(|each| (each.parameter, each.offset_bytes, each.among.as_slice()))
        .collect();
    // The lengths are an array, read at any place.
    assert_eq!(stored, [(0, 0, &[][..]), (1, 8, &[1][..])]);
    let show = |expr| mupac_ir::print::expr(&workload.module.records, &entry.function, expr);
    let counts: Vec<String> = entry
        .parameters
        .iter()
        .filter_map(|parameter| match &parameter.kind {
            ParameterKind::Buffer { count, .. } => Some(show(*count)),
            ParameterKind::Size
            | ParameterKind::Step
            | ParameterKind::Value
            | ParameterKind::Function { .. }
            | ParameterKind::Object => None,
        })
        .collect();
    assert_eq!(&counts[..2], ["1i64", "3i64"]);
    assert!(
        counts[2..].iter().all(|count| count.contains("n.0")),
        "{counts:?}"
    );
}
