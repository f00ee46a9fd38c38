//! Subscripts that depend on data.

use super::*;

case!(
    a_gather_is_inspected,
    "fn gather(n: i32, x: *const i32, a: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a[x[i]] }
    }",
    "i region parallel\na inspected"
);
case!(
    a_gather_behind_a_local_is_inspected,
    "fn gather(n: i32, x: *const i32, a: *const f32, y: *f32) {
        local k: i32
        for i: i32 in 0..n { S0: k = x[i] if (k >= 0) { S1: y[i] = a[k] } }
    }",
    "i region parallel\ny if accessible\na inspected"
);
case!(
    two_levels_are_inspected_in_order,
    "fn gather(n: i32, x: *const i32, z: *const i32, a: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a[z[x[i]]] }
    }",
    "i region parallel\nz inspected\na inspected"
);
case!(
    a_level_between_must_be_readable_where_it_may_change,
    "fn count(n: i32, x: *const i32, z: *const i32, h: *i32) {
        for i: i32 in 0..n { S0: h[z[x[i]]] = h[z[x[i]]] + 1 }
    }",
    "i region parallel\nz inspected and accessible\nh inspected\nS0 Join(Sum)"
);
case!(
    three_levels_of_one_array_are_refused,
    "fn gather(n: i32, x: *const i32, y: *i32) {
        for i: i32 in 0..n { S0: y[i] = x[x[x[i]]] }
    }",
    "i host sequential; MUPA303: how far it reaches into x is not known in advance"
);
case!(
    an_index_that_an_earlier_iteration_writes_is_refused,
    "fn gather(n: i32, x: *i32, a: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a[x[i]] S1: x[i + 1] = 0 }
    }",
    "i host sequential; MUPA101: i = 1 reads x[1], which i = 0 wrote"
);
case!(
    an_index_that_depends_on_a_sum_of_products_is_rounded_alike,
    "fn bins(n: i32, x: *const f32, c: f32, a: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a[i32(x[i] * c + 0.5f32)] }
    }",
    "i region parallel\na inspected"
);
case!(
    a_scatter_must_be_distinct,
    "fn scatter(n: i32, x: *const i32, b: *const f32, a: *f32) {
        for i: i32 in 0..n { S0: a[x[i]] = b[i] }
    }",
    "i region parallel\na distinct"
);
case!(
    a_scatter_of_one_value_commutes,
    "fn scatter(n: i32, x: *const i32, a: *f32) {
        for i: i32 in 0..n { S0: a[x[i]] = 1.0f32 }
    }",
    "i region parallel\na inspected\nS0 Set"
);
case!(
    a_scatter_of_bytes_of_one_value_must_be_distinct,
    "fn scatter(n: i32, x: *const i32, a: *u8) {
        for i: i32 in 0..n { S0: a[x[i]] = 1u8 }
    }",
    "i region parallel\na distinct"
);
case!(
    a_scatter_that_is_read_elsewhere_is_refused,
    "fn scatter(n: i32, x: *const i32, b: *f32, a: *f32) {
        for i: i32 in 0..n { S0: a[x[i]] = b[i] S1: b[i] = a[i] }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants"
);
case!(
    a_histogram_commutes,
    "fn count(n: i32, x: *const i32, h: *i32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + 1 }
    }",
    "i region parallel\nh inspected\nS0 Join(Sum)"
);
case!(
    a_histogram_that_is_read_is_refused,
    "fn count(n: i32, x: *const i32, h: *i32, y: *i32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + 1 S1: y[i] = h[i] }
    }",
    "i host sequential; MUPA305: a subscript of h is not a sum of variables times constants"
);
case!(
    a_histogram_is_read_by_a_later_nest,
    "fn count(n: i32, x: *const i32, h: *i32, y: *i32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + 1 }
        for j: i32 in 0..n { S1: y[j] = h[j] }
    }",
    "i region parallel\nj region parallel\nh inspected\nS0 Join(Sum)"
);
case!(
    two_operators_do_not_commute,
    "fn count(n: i32, x: *const i32, h: *i32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + 1 S1: h[x[i]] = h[x[i]] | 4 }
    }",
    "i host sequential; MUPA305: a subscript of h is not a sum of variables times constants"
);
case!(
    floating_sums_must_be_distinct,
    "fn count(n: i32, x: *const i32, h: *f32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + 1.5f32 }
    }",
    "i region parallel\nh distinct"
);
case!(
    a_contribution_that_reads_the_histogram_is_refused,
    "fn count(n: i32, x: *const i32, h: *i32) {
        for i: i32 in 0..n { S0: h[x[i]] = h[x[i]] + h[0] }
    }",
    "i host sequential; MUPA305: a subscript of h is not a sum of variables times constants"
);
case!(
    bounds_that_depend_on_data_stay_inside_a_thread,
    "fn rows(n: i32, r: *const i32, a: *const f32, y: *f32) {
        for i: i32 in 0..n {
            var s: f32
            S0: s = 0.0f32
            for k: i32 in r[i]..r[i + 1] { S1: s = s + a[k] }
            S2: y[i] = s
        }
    }",
    "i region parallel\nk region sequential; MUPA302: a bound is not a sum of variables times constants; MUPA101: iterations depend on one another through s; MUPA101: iterations depend on one another through s; MUPA101: iterations depend on one another through s\na inspected"
);
case!(
    rows_that_are_written_are_apart_where_none_reaches_into_another_one,
    "fn rows(n: i32, r: *const i32, a: *f32) {
        for i: i32 in 0..n { for k: i32 in r[i]..r[i + 1] { S1: a[k] = 2.0f32 * a[k] } }
    }",
    "i region parallel\nk region sequential; MUPA302: a bound is not a sum of variables times constants\na apart"
);
case!(
    rows_of_which_only_the_ends_are_data_may_meet,
    "fn rows(n: i32, r: *const i32, a: *f32) {
        for i: i32 in 0..n { for k: i32 in 0..r[i] { S1: a[k] = 2.0f32 * a[k] } }
    }",
    "i host sequential; MUPA101: i = 1 reads a[0], which i = 0 wrote; MUPA101: i = 1 overwrites a[0], which i = 0 reads; MUPA101: i = 1 overwrites a[0], which i = 0 wrote\nk region parallel"
);
case!(
    what_is_read_before_it_is_written_may_decide,
    "fn map(n: i32, x: *const f32, y: *i32) {
        for i: i32 in 0..n { if (y[i] > 0) { S0: y[i] = i32(x[y[i]]) } }
    }",
    "i region parallel\nx inspected"
);
case!(
    what_was_written_by_another_iteration_may_not,
    "fn map(n: i32, x: *const f32, y: *i32) {
        for t: i32 in 0..3 { for i: i32 in 0..n { S0: y[i] = i32(x[y[i]]) } }
    }",
    "t host sequential; MUPA303: how far it reaches into x is not known in advance\ni region parallel\nx inspected"
);
