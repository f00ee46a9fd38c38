//! Loops that count, in the text form.

use std::sync::Arc;

use super::counted;
/// Returns the body of a function with what counts as counted loops; what stands there where nothing does.
fn written(text: &str) -> String {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}"));
    let (_, function) = module.functions.iter().next().unwrap();
    let function = Arc::new(function.clone());
    let range = 0..function.body.len();
    let Some(counted) = counted(&function, &[], &range) else {
        return "as written".to_owned();
    };
    let mut module = module.clone();
    let (own, _) = module.functions.iter().next().unwrap();
    module.functions[own] = (*counted).clone();
    let text = mupac_ir::print::module(&module);
    let lines = text.lines().skip(1).map(str::trim);
    let mut lines: Vec<&str> = lines.collect();
    // The function's own brace.
    lines.pop();
    lines.join("\n")
}

/// Asserts what a function is with counted loops.
macro_rules! case {
    ($name:ident, $text:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(written($text), $expected);
        }
    };
}

mod pairs;

case!(
    a_step_at_the_end,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while i < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1
        }
    }",
    "var i: i32\n\
    S0: i = 0\n\
    for i.2: i32 as while in 0..n {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    what_stands_behind_a_step_reads_the_sum,
    "fn f(n: i32, i: i32, a: *f32) {
        while i < n {
            S1: i = i + 1
            S2: a[i] = 1.0f32
        }
        S3: a[0] = f32(i)
    }",
    "for i as while in i..n {\n\
    S2: a[i + 1] = 1.0f32\n\
    }\n\
    S3: a[0] = f32(i)"
);
case!(
    a_test_of_a_copy_before_the_step,
    "fn f(n: i32, a: *f32) {
        while {
            var t: i32
            S0: t = n
            S1: n = t - 1
        } t {
            S2: a[n] = f32(t)
        }
    }",
    "local t: i32\n\
    for n.2: i32 as while in n..0 by -1 {\n\
    S2: a[n.2 - 1] = f32(n.2)\n\
    }"
);
case!(
    a_counter_that_is_needed_after_its_test_stays,
    "fn f(n: i32, a: *f32) {
        while {
            var t: i32
            S0: t = n
            S1: n = t - 1
        } t > 0 {
            S2: a[t] = 1.0f32
        }
        S3: a[0] = f32(n)
    }",
    "as written"
);
case!(
    an_iteration_that_skips_the_step_stays,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while i < n {
            if a[i] > 1.0f32 { continue }
            S1: i = i + 1
        }
    }",
    "as written"
);
case!(
    a_way_out_behind_the_step_stays_where_the_counter_is_needed,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while i < n {
            S1: i = i + 1
            if a[i] > 1.0f32 { break }
        }
        S2: a[0] = f32(i)
    }",
    "as written"
);
case!(
    a_pointer_up_to_one_made_of_it,
    "fn f(n: i32, a: *f32) {
        var p: *f32
        S0: p = a
        var e: *f32
        S1: e = p + i64(n)
        while p < e {
            S2: p[0] = 1.0f32
            S3: p = p + 1i64
        }
    }",
    "var p: *f32\n\
    S0: p = a\n\
    var e: *f32\n\
    S1: e = p + i64(n)\n\
    for p.at: i64 as while in 0i64..i64(n) {\n\
    var p.2: *f32\n\
    S4: p.2 = p + p.at\n\
    S2: p.2[0] = 1.0f32\n\
    S3: p.2 = p.2 + 1i64\n\
    }"
);
case!(
    an_end_that_moves_stays,
    "fn f(n: i32, a: *f32) {
        var e: *f32
        S0: e = a + i64(n)
        while a < e {
            S1: a[0] = 1.0f32
            S2: a = a + 1i64
            S3: e = e - 1i64
        }
    }",
    "as written"
);
case!(
    an_unsigned_counter_may_step_around_its_bound,
    "fn f(n: u32, i: u32, a: *f32) {
        while i != n {
            S1: a[i] = 1.0f32
            S2: i = i + 1u32
        }
    }",
    "as written"
);
case!(
    a_wide_sum_asks_that_what_it_is_compared_with_does_not_wrap_around,
    "fn f(n: i64, i: i64, a: *f32) {
        while i + 1i64 < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1i64
        }
    }",
    "for i.2: i64 as while in i..i64(u64(n) - 1u64) {\nS1: a[i.2] = 1.0f32\n}"
);
case!(
    a_sum_without_sign_may_wrap_around_unless_it_starts_low,
    "fn f(n: u32, i: u32, a: *f32) {
        while i + 1u32 < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1u32
        }
    }",
    "as written"
);
case!(
    a_step_may_lead_past_the_limit,
    "fn f(n: u32, a: *f32) {
        var i: u32
        S0: i = 0u32
        while i + 1u32 < n {
            S1: a[i] = 1.0f32
            S2: i = i + 3u32
        }
    }",
    "as written"
);
case!(
    a_sum_is_compared_in_more_bits,
    "fn f(n: i32, i: i32, a: *f32) {
        while i + 1 < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1
        }
    }",
    "for i.2: i32 as while in i..i64(n) - 1i64 {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    the_first_iteration_runs_before_the_test,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 2
        do as do {
            S1: a[i] = 1.0f32
            S2: i = i + 1
        } while i < n
    }",
    "var i: i32\n\
    S0: i = 2\n\
    for i.2: i32 as do in 2..max(n, 3) {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    a_first_iteration_from_anywhere_stays,
    "fn f(n: i32, i: i32, a: *f32) {
        do as do {
            S1: a[i] = 1.0f32
            S2: i = i + 1
        } while i < n
    }",
    "as written"
);
case!(
    a_second_counter_goes_along,
    "fn f(n: i32, a: *f32) {
        if 1 {
            var i: i32
            S0: i = 0
            var j: i32
            S1: j = n
            while i < n {
                S2: a[i] = f32(j)
            } after {
                S3: i = i + 1
                S4: j = j - 2
            }
        }
    }",
    "local i: i32\n\
    for i.2: i32 as while in 0..n {\n\
    var j: i32\n\
    S5: j = i32(i64(n) - 2i64 * i64(i.2))\n\
    S2: a[i.2] = f32(j)\n\
    }"
);
case!(
    two_steps_stay,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while i < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1
            if a[i] > 2.0f32 { S3: i = i + 1 }
        }
    }",
    "as written"
);
case!(
    a_bound_that_reads_the_counter_stays,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while i < n - i {
            S1: a[i] = 1.0f32
            S2: i = i + 1
        }
    }",
    "as written"
);
case!(
    a_narrow_counter_up_to_a_bound_of_its_type,
    "fn f(n: i16, a: *f32) {
        var i: i16
        S0: i = 0i16
        while i32(i) < i32(n) {
            S1: a[i] = 1.0f32
            S2: i = i16(i32(i) + 1)
        }
    }",
    "var i: i16\n\
    S0: i = 0i16\n\
    for i.2: i16 as while in 0i16..i32(n) {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    a_narrow_counter_may_wrap_around,
    "fn f(n: i32, a: *f32) {
        var i: i16
        S0: i = 0i16
        while i32(i) < n {
            S1: a[i] = 1.0f32
            S2: i = i16(i32(i) + 1)
        }
    }",
    "as written"
);
case!(
    an_unsigned_counter_down_to_zero_goes_up,
    "fn f(n: u32, a: *f32) {
        for i: u32 in n..0u32 by -1 {
            S1: a[i - 1u32] = 1.0f32
        }
    }",
    "for i.at: u32 as i in 0u32..n {\n\
    var i: u32\n\
    S2: i = n - i.at\n\
    S1: a[i - 1u32] = 1.0f32\n\
    }"
);
case!(
    effects_before_a_test_stay,
    "fn f(n: i32, i: i32, a: *f32) {
        while { S0: a[i] = 2.0f32 } i < n {
            S1: i = i + 1
        }
    }",
    "as written"
);
case!(
    unsigned_limits_may_be_the_largest,
    "fn f(n: u32, i: u32, a: *f32) {
        while i <= n {
            S1: a[i] = 1.0f32
            S2: i = i + 1u32
        }
    }",
    "as written"
);
case!(
    a_copy_that_changes_is_none,
    "fn f(n: i32, i: i32, a: *f32) {
        while i < n {
            var t: i32
            S0: t = i
            if a[i] > 1.0f32 { S1: t = t + 1 }
            S2: a[i] = 1.0f32
            S3: i = t + 1
        }
    }",
    "as written"
);
case!(
    a_sum_of_fewer_bits_stays,
    "fn f(n: i32, i: i32, a: *f32) {
        while i < n {
            S0: a[i] = 1.0f32
            S1: i = i32(i16(i)) + 1
        }
    }",
    "as written"
);
case!(
    what_a_continue_skips_ends_before_the_last_slot,
    "fn f(i: i32, count: i32, a: *f32) {
        while {
            var t: i32
            S0: t = i
            S1: i = t - 1
        } t > 0 {
            if a[i] > 1.0f32 { continue }
            S2: a[i] = 1.0f32
        } after {
            S3: count = count + 1
        }
    }",
    "local t: i32\n\
    for i.2: i32 as while in i..0 by -1 {\n\
    if !(a[i.2 - 1] > 1.0f32) {\n\
    S2: a[i.2 - 1] = 1.0f32\n\
    }\n\
    S3: count = count + 1\n\
    }"
);
case!(
    an_end_that_others_may_change_stays,
    "fn f(n: i32, a: *f32, p: **f32) {
        var e: addressed *f32
        S0: e = a + i64(n)
        S1: p = &e
        while a < e {
            S2: a[0] = 1.0f32
            S3: p[0] = a
            S4: a = a + 1i64
        }
    }",
    "as written"
);
case!(
    what_a_first_slot_sets_may_be_needed,
    "fn f(n: i32, k: i32, a: *f32) -> i32 {
        if 1 {
            var i: i32
            S0: i = 0
            S1: k = 7
            while i < n {
                S2: a[i] = 1.0f32
            } after {
                S3: i = i + 1
            }
        }
        return k
    }",
    "local i: i32\n\
    if 1 {\n\
    S1: k = 7\n\
    for i.2: i32 as while in 0..n {\n\
    S2: a[i.2] = 1.0f32\n\
    }\n\
    }\n\
    return k"
);
case!(
    what_a_loop_inside_counts_with_is_no_copy,
    "fn f(n: i32, m: i32, i: i32, a: *f32) {
        while i < n {
            var t: i32
            S0: t = i
            while t < m {
                S1: a[t] = 1.0f32
                S2: t = t + 1
            }
            S3: i = i + 1
        }
    }",
    "local t: i32\n\
    for i.2: i32 as while in i..n {\n\
    for t.2: i32 as while in i.2..m {\n\
    S1: a[t.2] = 1.0f32\n\
    }\n\
    }"
);
case!(
    a_test_of_the_stepped_value,
    "fn f(n: i32, i: i32, a: *f32) {
        while {
            var t: i32
            S0: t = i + 1
            S1: i = t
        } t < n {
            S2: a[i] = 1.0f32
        }
    }",
    "local t: i32\n\
    for i.2: i32 as while in i..i64(n) - 1i64 {\n\
    S2: a[i.2 + 1] = 1.0f32\n\
    }"
);
case!(
    a_constant_bound_fits_a_narrow_counter,
    "fn f(a: *f32) {
        var i: u8
        S0: i = 3u8
        while i32(i) < 200 {
            S1: a[i] = 1.0f32
            S2: i = u8(i32(i) + 3)
        }
    }",
    "var i: u8\n\
    S0: i = 3u8\n\
    for i.2: u8 as while in 3u8..200 by 3 {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    a_first_statement_that_leaves_is_the_test,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while 1 {
            if i >= n {
                break
            }
            S1: a[i] = 1.0f32
            S2: i = i + 1
        }
    }",
    "var i: i32\n\
    S0: i = 0\n\
    for i.2: i32 as while in 0..n {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    a_step_before_the_first_way_out_is_of_the_test,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = -1
        while 1 {
            S1: i = i + 1
            if i >= n {
                break
            }
            S2: a[i] = 1.0f32
        }
    }",
    "var i: i32\n\
    S0: i = -1\n\
    for i.2: i32 as while in -1..i64(n) - 1i64 {\n\
    S2: a[i.2 + 1] = 1.0f32\n\
    }"
);
case!(
    a_last_statement_that_leaves_is_a_test_behind,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while 1 {
            S1: a[i] = 1.0f32
            S2: i = i + 1
            if i >= n {
                break
            }
        }
    }",
    "var i: i32\n\
    S0: i = 0\n\
    for i.2: i32 as while in 0..max(n, 1) {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
case!(
    what_is_written_before_the_test_is_written_once_more,
    "fn f(n: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while 1 {
            S1: a[0] = f32(i)
            if i >= n {
                break
            }
            S2: i = i + 1
        }
    }",
    "as written"
);
case!(
    an_unsigned_step_over_the_end_may_go_on_for_ever,
    "fn f(n: u32, a: *f32) {
        var i: u32
        S0: i = 0u32
        while 1 {
            if i == n {
                break
            }
            S1: a[i] = 1.0f32
            S2: i = i + 2u32
        }
    }",
    "as written"
);
case!(
    an_endless_loop_by_a_step_of_nothing_stays,
    "fn f(n: i32, step: i32, a: *f32) {
        var i: i32
        S0: i = 0
        while 1 {
            if i >= n {
                break
            }
            S1: a[i] = 1.0f32
            S2: i = i + step
        }
    }",
    "as written"
);
case!(
    of_two_wide_bounds_the_earlier_one_counts,
    "fn f(n: i64, m: i64, a: *f32) {
        var i: i64
        S0: i = 0i64
        while i <= m && i < n {
            S1: a[i] = 1.0f32
            S2: i = i + 1i64
        }
    }",
    "var i: i64\n\
    S0: i = 0i64\n\
    for i.2: i64 as while in 0i64..m < n ? m + 1i64 : n {\n\
    S1: a[i.2] = 1.0f32\n\
    }"
);
