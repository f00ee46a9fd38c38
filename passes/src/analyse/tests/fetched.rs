//! Values in memory that a region does not change.

use super::*;

/// Says for every region what the host reads, and what guards must keep apart from it.
fn readings(text: &str) -> String {
    let workload = analysed(text);
    let records = mupac_ir::Arena::default();
    let mut lines = vec![verdicts(text)];
    for region in &workload.regions {
        let function = &region.function;
        let place = |place| mupac_ir::print::place(&records, function, place);
        for each in &region.facts.fetched {
            let name = &function.vars[each.variable].name;
            let value = mupac_ir::print::expr(&records, function, each.value);
            lines.push(format!("{name} is {value}"));
        }
        for (array, what) in &region.facts.may_contain {
            let array = &function.vars[*array].name;
            lines.push(format!("{array} without {}", place(&what.place)));
        }
    }
    lines.join("\n")
}

/// Asserts what is read before the regions of a function.
macro_rules! reading {
    ($name:ident, $text:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(readings($text), $expected);
        }
    };
}

reading!(
    a_size_behind_a_pointer_is_read_first,
    "fn fill(n: *const i32, x: *i32) {
        for i: i32 in 0..n[0] { S0: x[i] = i }
    }",
    "i region parallel\nn.0 is n[0]\nx without n[0]"
);
reading!(
    a_restrict_parameter_keeps_off_other_parameters,
    "fn fill(n: *const i32, x: restrict *i32) {
        for i: i32 in 0..n[0] { S0: x[i] = i }
    }",
    "i region parallel\nn.0 is n[0]"
);
reading!(
    a_size_that_may_not_be_read_stays,
    "fn fill(all: i32, n: *const i32, x: *i32) {
        for i: i32 in 0..(all ? 8 : n[0]) { S0: x[i] = i }
    }",
    "i host sequential; MUPA302: a bound is not a sum of variables times constants"
);
reading!(
    what_the_first_iteration_reads_is_there_where_it_runs,
    "fn fill(n: *const i32, x: *f32[100]) {
        for i: i32 in 0..n[0] { for j: i32 in 0..n[1] { S0: x[i][j] = 1.0f32 } }
    }",
    "i region parallel\nj region parallel\nn.0 is n[0]\nn.1 is n[1]\nx without n[0]\nx without n[1]"
);
reading!(
    the_element_beside_one_that_is_read_may_not_be_there,
    "fn fill(n: *const i32, y: *const i32, x: *f32[100]) {
        for i: i32 in 0..n[0] { if y[i] > 0 { for j: i32 in 0..n[1] { S0: x[i][j] = 1.0f32 } } }
    }",
    "i region parallel\nj region sequential; MUPA302: a bound is not a sum of variables times constants\nn if accessible\nx if accessible\nx inspected\nn.0 is n[0]\nx without n[0]"
);
reading!(
    a_size_that_the_region_writes_stays,
    "fn fill(n: *i32, x: *i32) {
        for i: i32 in 0..n[0] { S0: x[i] = i S1: n[1] = i }
    }",
    "i host sequential; MUPA401: writing n[1] beside the bound *n of the same object is not supported"
);
reading!(
    a_declared_array_has_all_its_elements,
    "fn fill(sizes: *const i32) {
        var w: addressed i32[3]
        var x: f32[10][10]
        S0: w[1] = sizes[0]
        for i: i32 in 0..sizes[0] { for j: i32 in 0..w[1] { S1: x[i][j] = 1.0f32 } }
        S2: w[2] = i32(x[0][0])
    }",
    "i region parallel\nj region parallel\nsizes.0 is sizes[0]\nw.1 is w[1]"
);
reading!(
    a_value_of_the_body_needs_no_array,
    "fn scale(n: *const i32, x: *i32) {
        for i: i32 in 0..n[0] { S0: x[i] = x[i] * n[0] }
    }",
    "i region parallel\nn.0 is n[0]\nx without n[0]"
);
reading!(
    an_array_that_is_read_elsewhere_stays,
    "fn scale(n: *const i32, x: *i32) {
        for i: i32 in 0..n[0] { S0: x[i] = x[i] * n[0] + n[i] }
    }",
    "i region parallel\nn.0 is n[0]\nx without n[0]"
);
reading!(
    whether_a_pointer_is_null_is_known_first,
    "fn add(n: i32, x: *f32, p: *const f32) {
        for i: i32 in 0..n { S0: x[i] = p != (*const f32)(0) ? p[i] : 1.0f32 }
    }",
    "i region parallel\nhas.p is p != (*const f32)(0)"
);
reading!(
    a_pointer_as_a_condition_is_a_test_for_null,
    "fn add(n: i32, x: *f32, p: *const f32, q: *const f32) {
        for i: i32 in 0..n {
            if !p && i > 3 || i32(q == (*const f32)(0)) { S0: x[i] = 1.0f32 }
            if q { S1: x[i] = q[i] }
        }
    }",
    "i region parallel\nhas.p is p != (*const f32)(0)\nhas.q is q != (*const f32)(0)"
);
reading!(
    a_pointer_that_the_region_moves_is_not_known_first,
    "fn add(n: i32, x: *f32, p: *const f32) {
        for i: i32 in 0..n {
            if p { S0: x[i] = 1.0f32 }
            if i == 3 { S1: p = (*const f32)(0) }
        }
    }",
    "i host sequential; MUPA401: using a pointer for anything but what it leads to is not supported; MUPA401: setting a pointer is not supported"
);
reading!(
    two_pointers_are_not_compared,
    "fn add(n: i32, x: *f32, p: *f32) {
        for i: i32 in 0..n { if x != p { S0: x[i] = 1.0f32 } }
    }",
    "i host sequential; MUPA401: using a pointer for anything but what it leads to is not supported"
);

reading!(
    rows_are_one_array_where_they_lie_equally_far_apart,
    "fn add(n: i32, m: i32, a: **f64, b: **f64) {
        for i: i32 in 0..n {
            for j: i32 in 1..m { S0: a[i][j - 1] = b[i][j] }
        }
    }",
    "i region parallel\nj region parallel\na.pitch is n >= 1 && m >= 2 ? `mupac::row_spacing`->i32(&a[0i64], i64(n)) : 0\na.0 is a[0]\nb.pitch is n >= 1 && m >= 2 ? `mupac::row_spacing`->i32(&b[0i64], i64(n)) : 0\nb.0 is b[0]\na.0 without a[0i64]\na.0 without b[0i64]"
);

reading!(
    rows_of_a_triangle_need_not_be_there,
    "fn clear(n: i32, a: **f64) {
        for i: i32 in 0..n {
            for j: i32 in i + 1..n { S0: a[j][i] = 0.0 }
        }
    }",
    "i region parallel\nj region parallel\na.1 if accessible\na.pitch is `mupac::row_spacing_if_there`->i32(&a[1], i64(n) - 1i64)\na.1 is a[1]\na.1 without a[1]"
);

reading!(
    rows_that_a_region_exchanges_stay,
    "fn swap(n: i32, m: i32, a: **f64, b: *f64) {
        for i: i32 in 0..n {
            for j: i32 in 0..m { S0: a[i][j] = 0.0 }
            S1: a[i] = b
        }
    }",
    "i host sequential; MUPA303: how far it reaches into a is not known in advance; MUPA401: using a pointer for anything but what it leads to is not supported; MUPA401: setting a pointer is not supported\nj region parallel\na.2 is a[i]\na.2 without a[i]"
);
reading!(
    a_pointer_is_there_where_a_bound_in_memory_lets_the_first_iteration_read_it,
    "fn fill(n: i32, count: *const i32, d: *const *f32) {
        for i: i32 in 0..n { for k: i32 in 0..count[i] { S0: d[0][i * 8 + k] = 1.0f32 } }
    }",
    "i region parallel\nk region sequential; MUPA302: a bound is not a sum of variables times constants\n\
     d.0 distinct\ncount.0 is count[0]\nd.0 is d[0]\nd.0 without count[0]\nd.0 without d[0]"
);
