//! What is a reduction, and what only looks like one.

use super::*;

case!(
    a_sum_is_a_reduction,
    "fn sum(n: i32, a: *const f32) -> f32 {
        local s: f32
        S0: s = 0.0f32
        for i: i32 in 0..n { S1: s = s + a[i] }
        return s
    }",
    "i region parallel"
);
case!(
    a_sum_that_is_read_on_the_way_is_a_scan,
    "fn prefix(n: i32, a: *const f32, b: *f32) {
        local s: f32
        S0: s = 0.0f32
        for i: i32 in 0..n { S1: s = s + a[i] S2: b[i] = s }
    }",
    "i region parallel"
);
case!(
    a_sum_that_decides_whether_to_go_on_adding_is_refused,
    "fn capped(n: i32, a: *const i32) -> i32 {
        local s: i32
        S0: s = 0
        for i: i32 in 0..n { if (s < 100) { S1: s = s + a[i] } }
        return s
    }",
    "i host sequential; MUPA101: i = 1 reads s, which i = 0 wrote; MUPA101: i = 1 overwrites s, which i = 0 reads; MUPA101: i = 1 overwrites s, which i = 0 wrote"
);
case!(
    a_sum_of_itself_is_refused,
    "fn doubled(n: i32, a: *const i32) -> i32 {
        local s: i32
        S0: s = 1
        for i: i32 in 0..n { S1: s = s + (s + a[i]) }
        return s
    }",
    "i host sequential; MUPA101: i = 1 reads s, which i = 0 wrote; MUPA101: i = 1 overwrites s, which i = 0 reads; MUPA101: i = 1 overwrites s, which i = 0 wrote"
);
case!(
    two_operators_on_one_variable_are_refused,
    "fn horner(n: i32, a: *const i32) -> i32 {
        local s: i32
        S0: s = 0
        for i: i32 in 0..n { S1: s = s * 3 S2: s = s + a[i] }
        return s
    }",
    "i host sequential; MUPA101: i = 1 reads s, which i = 0 wrote; MUPA101: i = 1 overwrites s, which i = 0 reads; MUPA101: i = 1 overwrites s, which i = 0 wrote"
);
case!(
    a_greatest_element_with_its_position_is_found_twice,
    "fn largest(n: i32, a: *const i32) -> i32 {
        local m: i32
        local k: i32
        S0: m = a[0]
        S1: k = 0
        for i: i32 in 1..n { if (a[i] > m) { S2: m = a[i] S3: k = i } }
        return k
    }",
    "i region parallel"
);
// Two kernels may contract a product and a sum differently, and then the second finds nothing.
case!(
    the_position_of_a_computed_float_is_found_twice,
    "fn largest(n: i32, a: *const f64, b: *const f64) -> i32 {
        local m: f64
        local k: i32
        S0: m = 0.0
        S1: k = 0
        for i: i32 in 0..n { if (a[i] * b[i] + 1.0 > m) { S2: m = a[i] * b[i] + 1.0 S3: k = i } }
        return k
    }",
    "i region parallel"
);
case!(
    the_position_of_a_float_of_the_library_is_refused,
    "fn largest(n: i32, a: *const f64) -> i32 {
        local m: f64
        local k: i32
        S0: m = 0.0
        S1: k = 0
        for i: i32 in 0..n { if (exp(a[i]) > m) { S2: m = exp(a[i]) S3: k = i } }
        return k
    }",
    "i host sequential; MUPA101: i = 1 reads m, which i = 0 wrote; MUPA101: i = 1 overwrites m, which i = 0 reads; MUPA101: i = 1 overwrites m, which i = 0 wrote; MUPA101: i = 1 overwrites k, which i = 0 wrote"
);
case!(
    a_position_beside_a_sum_is_found_by_itself,
    "fn largest(n: i32, a: *const i32) -> i32 {
        local m: i32
        local k: i32
        local s: i32
        S0: m = 0
        S1: k = 0
        S2: s = 0
        for i: i32 in 0..n { S3: s = s + a[i] if (a[i] > m) { S4: m = a[i] S5: k = i } }
        return k + s
    }",
    "i region parallel"
);
case!(
    a_position_alone_is_found_twice,
    "fn largest(n: i32, a: *const i32) -> i32 {
        local k: i32
        S0: k = 0
        for i: i32 in 1..n { if (a[i] > a[k]) { S1: k = i } }
        return k
    }",
    "i region parallel"
);
case!(
    a_position_that_its_condition_reads_twice_is_refused,
    "fn largest(n: i32, a: *const i32) -> i32 {
        local k: i32
        S0: k = 0
        for i: i32 in 1..n { if (i > k + 2 && a[i] > a[k]) { S1: k = i } }
        return k
    }",
    "i host sequential; MUPA101: i = 2 reads k, which i = 1 wrote; MUPA101: i = 2 overwrites k, which i = 1 reads; MUPA101: i = 2 overwrites k, which i = 1 wrote"
);
case!(
    a_position_that_the_value_reads_is_refused,
    "fn largest(n: i32, a: *const f64) -> i32 {
        local k: i32
        S0: k = 0
        for i: i32 in 1..n { if (a[i] * f64(k) > a[k] * f64(k)) { S1: k = i } }
        return k
    }",
    "i host sequential; MUPA101: i = 2 reads k, which i = 1 wrote; MUPA101: i = 2 overwrites k, which i = 1 reads; MUPA101: i = 2 overwrites k, which i = 1 wrote"
);
case!(
    a_position_that_later_iterations_read_is_refused,
    "fn largest(n: i32, a: *const i32) -> i32 {
        local m: i32
        local k: i32
        S0: m = 0
        S1: k = 0
        for i: i32 in 0..n { if (a[i] > m && i > k * 2) { S2: m = a[i] S3: k = i } }
        return k
    }",
    "i host sequential; MUPA101: i = 1 reads m, which i = 0 wrote; MUPA101: i = 1 reads k, which i = 0 wrote; MUPA101: i = 1 overwrites m, which i = 0 reads; MUPA101: i = 1 overwrites k, which i = 0 reads; MUPA101: i = 1 overwrites m, which i = 0 wrote; MUPA101: i = 1 overwrites k, which i = 0 wrote"
);
// A shortest path is no minimum over k: every round reads what others wrote.
case!(
    floyd_warshall_is_no_reduction,
    "fn paths(n: i32, p: *i32[64]) {
        for k: i32 in 0..64 {
            for i: i32 in 0..64 {
                for j: i32 in 0..64 {
                    S0: p[i][j] = p[i][j] < p[i][k] + p[k][j] ? p[i][j] : p[i][k] + p[k][j]
                }
            }
        }
    }",
    "k region sequential; MUPA101: k = 1 reads p[0][0], which k = 0 wrote; MUPA101: k = 1 overwrites p[0][0], which k = 0 reads; MUPA101: k = 1 overwrites p[0][0], which k = 0 wrote\ni region sequential; MUPA101: k = 0, i = 1 reads p[0][0], which k = 0, i = 0 wrote; MUPA101: k = 1, i = 1 overwrites p[1][0], which k = 1, i = 0 reads\nj region sequential; MUPA101: k = 0, i = 0, j = 1 reads p[0][0], which k = 0, i = 0, j = 0 wrote; MUPA101: k = 1, i = 0, j = 1 overwrites p[0][1], which k = 1, i = 0, j = 0 reads"
);
case!(
    a_sum_into_an_element_that_is_also_a_term_is_refused,
    "fn inside(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[0] = a[0] + a[i] }
    }",
    "i host sequential; MUPA101: i = 1 reads a[0], which i = 0 wrote; MUPA101: i = 1 overwrites a[0], which i = 0 reads; MUPA101: i = 1 overwrites a[0], which i = 0 wrote"
);
case!(
    a_sum_into_an_array_that_is_also_read_is_refused,
    "fn beside(n: i32, a: *f32) {
        for i: i32 in 1..n { S0: a[0] = a[0] + a[i] }
    }",
    "i host sequential; MUPA101: i = 2 reads a[0], which i = 1 wrote; MUPA101: i = 2 overwrites a[0], which i = 1 reads; MUPA101: i = 2 overwrites a[0], which i = 1 wrote"
);
