//! Arrays that iterations have for themselves: which elements each of them fills before it reads them.

use super::*;

case!(
    what_iterations_fill_by_a_recurrence_is_their_own,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        var c: f64[n]
        for i: i32 in 0..m {
            S0: c[0] = a[i]
            for k: i32 in 1..n { S1: c[k] = c[k - 1] * 0.5 }
            var s: f64
            S2: s = 0.0
            for j: i32 in n - 1..-1 by -1 { S3: s = s * 0.25 + c[j] }
            S4: out[i] = s
        }
    }",
    "i region parallel\nk region sequential; MUPA101: i = 0, k = 2 reads c[1], which i = 0, k = 1 wrote\nj region sequential; MUPA101: i = 0, j = 0 reads s, which i = 0, j = 1 wrote; MUPA101: i = 0, j = 0 overwrites s, which i = 0, j = 1 reads; MUPA101: i = 0, j = 0 overwrites s, which i = 0, j = 1 wrote"
);
case!(
    the_first_element_has_to_be_filled,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        var c: f64[n]
        for i: i32 in 0..m {
            for k: i32 in 1..n { S1: c[k] = c[k - 1] * 0.5 + a[i] }
            S4: out[i] = c[0]
        }
    }",
    "i host sequential; MUPA101: i = 1 reads c[1], which i = 0 wrote; MUPA101: i = 1 overwrites c[1], which i = 0 reads; MUPA101: i = 1 overwrites c[1], which i = 0 wrote\nk host sequential; MUPA101: k = 2 reads c[1], which k = 1 wrote"
);
case!(
    what_is_filled_ends_before_what_is_read,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        var c: f64[n + 1]
        for i: i32 in 0..m {
            for k: i32 in 0..n { S1: c[k] = a[i] }
            S4: out[i] = c[n]
        }
    }",
    "i region sequential; MUPA101: i = 1 overwrites c[0], which i = 0 wrote\nk region parallel"
);
case!(
    every_other_element_is_not_filled,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        var c: f64[n]
        for i: i32 in 0..m {
            for k: i32 in 0..n by 2 { S1: c[k] = a[i] }
            var s: f64
            S2: s = 0.0
            for j: i32 in 0..n { S3: s = s * 0.5 + c[j] }
            S4: out[i] = s
        }
    }",
    "i host sequential; MUPA101: i = 1 reads c[0], which i = 0 wrote; MUPA101: i = 1 overwrites c[0], which i = 0 reads; MUPA101: i = 1 overwrites c[0], which i = 0 wrote\nk region parallel\nj host sequential; MUPA101: j = 1 reads s, which j = 0 wrote; MUPA101: j = 1 overwrites s, which j = 0 reads; MUPA101: j = 1 overwrites s, which j = 0 wrote"
);
case!(
    what_is_read_behind_the_loop_is_everybodys,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) -> f64 {
        var c: f64[n + 1]
        for i: i32 in 0..m {
            for k: i32 in 0..n + 1 { S1: c[k] = a[i] * f64(k) }
            S4: out[i] = c[n]
        }
        return c[0]
    }",
    "i host sequential; MUPA101: i = 1 reads c[0], which i = 0 wrote; MUPA101: i = 1 overwrites c[0], which i = 0 reads; MUPA101: i = 1 overwrites c[0], which i = 0 wrote\nk region parallel"
);
case!(
    an_element_that_says_which_one_is_filled_may_change,
    "fn f(m: i32, a: *const i32, out: *i32) {
        var t: i32[300]
        for i: i32 in 0..m {
            S0: t[0] = a[i]
            S1: t[t[0]] = i
            S2: t[0] = a[i + 1]
            S3: out[i] = t[t[0]]
        }
    }",
    "i host sequential; MUPA305: a subscript of t is not a sum of variables times constants; MUPA101: i = 1 reads t[0], which i = 0 wrote; MUPA101: i = 1 overwrites t[0], which i = 0 reads; MUPA101: i = 1 overwrites t[0], which i = 0 wrote"
);
case!(
    from_both_ends_to_the_middle,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        var c: f64[n]
        for i: i32 in 0..m {
            S0: c[0] = a[i]
            S1: c[n - 1] = a[i]
            for k: i32 in 1..n - 1 { S2: c[k] = a[i] * f64(k) }
            var s: f64
            S3: s = 0.0
            for j: i32 in 0..n { S4: s = s * 0.5 + c[j] }
            S5: out[i] = s
        }
    }",
    "i region parallel\nk region parallel\nj region sequential; MUPA101: i = 0, j = 1 reads s, which i = 0, j = 0 wrote; MUPA101: i = 0, j = 1 overwrites s, which i = 0, j = 0 reads; MUPA101: i = 0, j = 1 overwrites s, which i = 0, j = 0 wrote"
);
case!(
    a_length_by_data_is_none,
    "fn f(m: i32, l: *const i32, a: *const f64, out: *f64) {
        for i: i32 in 0..m {
            var n: i32
            S0: n = l[i]
            var c: f64[n]
            for k: i32 in 0..n { S1: c[k] = a[k] }
            S2: out[i] = c[0]
        }
    }",
    "i host sequential; MUPA401: an array whose length changes from iteration to iteration is not supported\nk region parallel"
);
case!(
    a_length_is_what_iterations_make_of_sizes,
    "fn f(m: i32, n: i32, a: *const f64, out: *f64) {
        for i: i32 in 0..m {
            var h: i32
            S0: h = n / 2 + 1
            var c: f64[h]
            for k: i32 in 0..h { S1: c[k] = a[k] }
            S2: out[i] = c[0]
        }
    }",
    "i region parallel\nk region parallel"
);
