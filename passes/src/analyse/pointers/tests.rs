//! Pointers that a region computes, in the text form.

use crate::analyse::tests::verdicts;

/// Asserts what is said about every loop of a function.
macro_rules! case {
    ($name:ident, $text:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(verdicts($text), $expected);
        }
    };
}

case!(
    neighbours_through_two_pointers_meet,
    "fn shift(n: i32, a: *f32) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = a + i64(i)
            var q: *f32
            S1: q = p + 1i64
            S2: p[0] = q[0]
        }
    }",
    "i host sequential; MUPA101: i = 1 overwrites a[1], which i = 0 reads"
);
case!(
    an_offset_that_changes_after_the_assignment_is_kept,
    "fn pairs(n: i32, a: *f32) {
        for i: i32 in 0..n {
            var k: i32
            S0: k = 2 * i
            var p: *f32
            S1: p = a + i64(k)
            S2: k = 0
            S3: p[0] = 1.0f32
        }
    }",
    "i region parallel"
);
case!(
    a_pointer_of_two_branches_stays,
    "fn either(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = a
            if i > 3 { S1: p = b }
            S2: p[i] = 1.0f32
        }
    }",
    "i host sequential; MUPA401: using a pointer for anything but what it leads to is not supported; MUPA401: setting a pointer is not supported"
);
case!(
    a_pointer_that_is_skipped_over_stays,
    "fn some(n: i32, a: *f32) {
        for i: i32 in 0..n {
            if i > 3 { S0: a = a + 1i64 }
            S1: a[0] = 1.0f32
        }
    }",
    "i host sequential; MUPA401: using a pointer for anything but what it leads to is not supported; MUPA401: setting a pointer is not supported"
);
case!(
    a_view_of_an_array_is_one_of_its_own,
    "fn view(n: i32, a: *f32) {
        for i: i32 in 0..n {
            var p: *i32
            S0: p = (*i32)(a)
            S1: p[i] = 1
        }
    }",
    "i region parallel"
);
case!(
    a_view_of_what_changes_stays_apart,
    "fn view(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n {
            var p: *i32
            S0: p = (*i32)(a)
            S1: p[i] = 1
            S2: a = b
        }
    }",
    "i host sequential; MUPA401: using a pointer for anything but what it leads to is not supported; MUPA401: setting a pointer is not supported"
);
case!(
    a_row_may_not_be_left,
    "fn rows(n: i32, a: *f32[4]) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = &a[i][0]
            for j: i32 in 0..8 { S1: p[j] = 1.0f32 }
        }
    }",
    "i host sequential; MUPA303: how far it reaches into a is not known in advance\n\
     j region parallel"
);
case!(
    a_pointer_that_is_chosen_among_elements_is_a_subscript,
    "fn marked(n: i32, a: *f32) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = a + i64(i)
            if i > 3 { S1: p = &a[i] }
            S2: p[0] = 1.0f32
        }
    }",
    "i region parallel"
);
case!(
    what_a_pointer_leads_to_may_be_what_another_iteration_writes,
    "fn near(n: i32, a: *f32, b: *f32) {
        for i: i32 in 1..n {
            var p: *f32
            S0: p = &a[i]
            if b[i] > 0.0f32 { S1: p = &a[i - 1] }
            S2: a[i] = p[0]
        }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants"
);
case!(
    null_is_asked_for_and_no_element,
    "fn found(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = (*f32)(0)
            if a[i] > 0.0f32 { S1: p = &a[i] }
            if p { S2: b[i] = p[0] }
        }
    }",
    "i region parallel\nb if accessible"
);
case!(
    a_pointer_into_two_arrays_stays,
    "fn either(n: i32, a: *f32, b: *f32, c: *f32) {
        for i: i32 in 0..n {
            var p: *f32
            S0: p = &a[i]
            if c[i] > 0.0f32 { S1: p = &b[i] }
            S2: c[i] = p[0]
        }
    }",
    "i host sequential; MUPA401: the address of an object is not supported; MUPA401: setting a pointer is not supported"
);
