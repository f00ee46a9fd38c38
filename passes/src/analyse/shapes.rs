//! Arrays that are subscripted by sums of products, in the text form.

use super::tests::{analysed, verdicts};

/// Asserts what is said about every loop of a function.
macro_rules! case {
    ($name:ident, $text:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(verdicts($text), $expected);
        }
    };
}

/// Asserts what the first region of a function relies on.
macro_rules! condition {
    ($name:ident, $text:expr, $condition:expr) => {
        #[test]
        fn $name() {
            let workload = analysed($text);
            let context = &workload.regions[0].facts.context;
            let expected = crate::isl::Set::parse(context.context(), $condition).unwrap();
            assert!(
                context.is_subset(&expected).unwrap(),
                "{context} allows more"
            );
        }
    };
}

condition!(
    a_row_may_not_be_longer_than_the_distance_of_rows,
    "fn fill(n: i32, k: i32, m: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..k { S0: a[i * m + j] = 0.0f32 } }
    }",
    "[v1, v2] -> { : v1 <= v2 }"
);
condition!(
    a_stride_is_positive,
    "fn fill(n: i32, s: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[i * s] = 0.0f32 }
    }",
    "[v1] -> { : v1 >= 1 }"
);
case!(
    rows_and_columns_of_one_array_have_no_shape,
    "fn mix(n: i32, m: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..n { S0: a[i * n + j] = a[j * m + i] } }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants\n\
     j host sequential; MUPA101: j = 1 overwrites a[1], which j = 0 reads"
);
case!(
    a_transposed_copy_is_parallel,
    "fn transpose(n: i32, m: i32, a: *f32, b: *const f32) {
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[j * n + i] = b[i * m + j] } }
    }",
    "i region parallel\nj region parallel"
);
case!(
    rows_that_depend_on_the_row_before_are_not,
    "fn down(n: i32, m: i32, a: *f32) {
        for i: i32 in 1..n { for j: i32 in 0..m { S0: a[i * m + j] = a[(i - 1) * m + j] } }
    }",
    "i region sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote\nj region parallel"
);
case!(
    three_dimensions_and_a_temporary_are_seen_through,
    "fn fill(w: i32, h: i32, d: i32, a: *f32) {
        local at: i32
        for z: i32 in 0..d { for y: i32 in 0..h { for x: i32 in 0..w {
            S0: at = x + w * y + w * h * z
            S1: a[at] = 1.0f32
        } } }
    }",
    "z region parallel\ny region parallel\nx region parallel"
);
case!(
    an_array_of_two_strides_may_be_read,
    "fn gather(n: i32, m: i32, a: *f32, b: *const f32) {
        for i: i32 in 0..n { S0: a[i] = b[i * m] + b[i * n] }
    }",
    "i region parallel\nb if accessible"
);
case!(
    a_remainder_bounds_what_is_read,
    "fn repeat(n: i32, m: i32, a: *f32, b: *const f32) {
        for i: i32 in 0..n { S0: a[i] = b[i % m] }
    }",
    "i region parallel\nb if accessible"
);
case!(
    a_remainder_says_too_little_of_what_is_written,
    "fn repeat(n: i32, m: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[i % m] = 1.0f32 S1: a[i] = 2.0f32 }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants"
);
case!(
    a_clipped_neighbour_is_exact,
    "fn clip(n: i32, a: *f32, b: *const f32) {
        for i: i32 in 0..n { S0: a[i] = b[i > 0i32 ? i - 1 : 0i32] }
    }",
    "i region parallel"
);
case!(
    a_clipped_target_is_written_twice,
    "fn clip(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[i > 0i32 ? i - 1 : 0i32] = 1.0f32 }
    }",
    "i host sequential; MUPA101: i = 1 overwrites a, which i = 0 wrote"
);
case!(
    a_product_of_parameters_bounds_a_loop,
    "fn fill(w: i32, h: i32, a: *f32) {
        for i: i32 in 0..w * h { S0: a[i] = 1.0f32 }
    }",
    "i region parallel"
);
condition!(
    a_divisor_is_positive,
    "fn fill(n: i32, k: i32, a: *f32) {
        for i: i32 in 0..n / k { S0: a[i] = 1.0f32 }
    }",
    "[v1] -> { : v1 >= 1 }"
);
case!(
    rows_that_hold_shorter_ones_are_parallel,
    "fn heads(t: i32, c: i32, n: i32, s: i32, a: *f32) {
        for i: i32 in 0..t { for h: i32 in 0..n { for j: i32 in 0..s { S0: a[i * c + h * s + j] = 1.0f32 } } }
    }",
    "i region parallel\nh region parallel\nj region parallel"
);
condition!(
    shorter_rows_fit_into_longer_ones,
    "fn heads(t: i32, c: i32, n: i32, s: i32, a: *f32) {
        for i: i32 in 0..t { for h: i32 in 0..n { for j: i32 in 0..s { S0: a[i * c + h * s + j] = 1.0f32 } } }
    }",
    "[v1, v2_v3] -> { : v2_v3 <= v1 }"
);
condition!(
    what_does_not_move_is_a_distance_of_rows,
    "fn thirds(t: i32, c: i32, w: i32, n: i32, s: i32, a: *f32) {
        for i: i32 in 0..t { for h: i32 in 0..n { for j: i32 in 0..s {
            S0: a[i * w + h * s + j + c] = 1.0f32
            S1: a[i * w + h * s + j + 2i32 * c] = 2.0f32
        } } }
    }",
    "[v1, v2, v3_v4] -> { : 3v1 <= v2 and v3_v4 <= v1 }"
);
case!(
    neighbours_in_shorter_rows_depend_on_each_other,
    "fn heads(t: i32, c: i32, n: i32, s: i32, a: *f32) {
        for i: i32 in 0..t { for h: i32 in 1..n { for j: i32 in 0..s {
            S0: a[i * c + h * s + j] = a[i * c + (h - 1) * s + j]
        } } }
    }",
    "i region parallel\nh region sequential; MUPA101: i = 0, h = 2 reads a[1], which i = 0, h = 1 wrote\nj region parallel"
);
case!(
    where_all_rows_start_does_not_matter,
    "fn fill(n: i32, m: i32, start: i32, a: *f32) {
        for i: i32 in 1..n { for j: i32 in 0..m {
            S0: a[start + i * m + j] = a[start + i * m + j - m]
        } }
    }",
    "i region sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote\nj region parallel"
);
condition!(
    where_all_rows_start_may_be_anywhere,
    "fn fill(n: i32, m: i32, start: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[start + i * m + j] = 1.0f32 } }
    }",
    "[v0, v1] -> { : v0 >= 1 and v1 >= 1 }"
);
condition!(
    rows_that_start_at_two_places_are_the_same_ones,
    "fn fill(n: i32, m: i32, start: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[start + i * m + j] = a[i * m + j] } }
    }",
    "[v2] -> { : v2 = 0 }"
);
condition!(
    rows_of_a_constant_length_are_no_longer_than_that,
    "fn fill(n: i32, m: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[i * 280i32 + j] = a[i * 280i32 + j] + 1.0f32 } }
    }",
    "[v1] -> { : v1 <= 280 }"
);
case!(
    neighbours_in_rows_of_a_constant_length_depend_on_each_other,
    "fn down(n: i32, m: i32, a: *f32) {
        for i: i32 in 1..n { for j: i32 in 1..m { S0: a[i * 280i32 + j] = a[(i - 1i32) * 280i32 + j - 1i32] } }
    }",
    "i region sequential; MUPA101: i = 2 reads a[281], which i = 1 wrote\nj region parallel"
);
case!(
    members_of_groups_are_apart,
    "fn turn(n: i32, k: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[3i32 * i] = a[3i32 * i + 2i32] for d: i32 in 0..k { S1: a[3i32 * i + d] = 1.0f32 } }
    }",
    "i region parallel\nd region parallel"
);
condition!(
    members_of_groups_are_no_more_than_a_group_has,
    "fn turn(n: i32, k: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[3i32 * i] = a[3i32 * i + 2i32] for d: i32 in 0..k { S1: a[3i32 * i + d] = 1.0f32 } }
    }",
    "[v1] -> { : v1 <= 3 }"
);
condition!(
    rows_of_a_constant_length_may_start_anywhere,
    "fn fill(n: i32, m: i32, start: i32, a: *f32) {
        for i: i32 in 0..n { for j: i32 in 0..m { S0: a[start + i * 24i32 + j] = a[start + i * 24i32 + j] + 1.0f32 } }
    }",
    "[v1] -> { : v1 <= 24 }"
);
