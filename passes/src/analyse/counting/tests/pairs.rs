//! Two pointers, and two counters.

use super::written;

case!(
    two_pointers_count_by_their_distance,
    "fn f(a: *f32, e: *f32) {
        while a < e {
            S2: a[0] = 1.0f32
            S3: a = a + 1i64
        }
    }",
    "for a.at: i64 as while in 0i64..e - a {\n\
    var a.2: *f32\n\
    S4: a.2 = a + a.at\n\
    S2: a.2[0] = 1.0f32\n\
    S3: a.2 = a.2 + 1i64\n\
    }"
);
case!(
    two_counters_meet_in_the_middle,
    "fn f(i: i32, j: i32, a: *f32) {
        while i < j {
            S2: a[i] = a[j]
        } after {
            S3: i = i + 1
            S4: j = j - 1
        }
    }",
    "for step: i64 as while in 0i64..ceildiv(i64(j) - i64(i), 2i64) {\n\
    var i.2: i32\n\
    S5: i.2 = i + i32(step)\n\
    var j.2: i32\n\
    S6: j.2 = j - i32(step)\n\
    S2: a[i.2] = a[j.2]\n\
    }"
);
case!(
    counters_that_meet_and_are_read_afterwards_are_two,
    "fn f(i: i32, j: i32, a: *f32) {
        while i < j {
            S2: a[i] = a[j]
        } after {
            S3: i = i + 1
            S4: j = j - 1
        }
        S5: a[0] = f32(j)
    }",
    "for i.2: i32 as while in i..j {\n\
    S2: a[i.2] = a[j]\n\
    S4: j = j - 1\n\
    }\n\
    S5: a[0] = f32(j)"
);
