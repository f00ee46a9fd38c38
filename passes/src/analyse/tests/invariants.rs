//! What bounds integers that the iterations of a loop inside hand on, and what only looks like a bound.

use super::*;

case!(
    a_search_by_halves_stays_within_its_table,
    "fn find(n: i32, t: *const f64, m: i32, q: *const f64, at: *i32) {
        for i: i32 in 0..m {
            var low: i32 var high: i32
            S0: low = 0 S1: high = n
            while low < high {
                var middle: i32
                S2: middle = low + (high - low) / 2
                if (t[middle] < q[i]) { S3: low = middle + 1 } else { S4: high = middle }
            }
            S5: at[i] = low
        }
    }",
    "i region parallel\nwhile region sequential; MUPA301: how often it runs is not known beforehand: not every iteration adds the same constant to low\nt if accessible\nq if accessible"
);
case!(
    the_place_of_the_least_so_far_is_one_of_the_loop,
    "fn nearest(n: i32, k: i32, c: *const f64, at: *i32) {
        for i: i32 in 0..n {
            var best: i32
            S0: best = 0
            for j: i32 in 1..k { if (c[j] < c[best]) { S1: best = j } }
            S2: at[i] = best
        }
    }",
    "i region parallel\nj region sequential; MUPA101: i = 0, j = 2 reads best, which i = 0, j = 1 wrote; MUPA101: i = 0, j = 2 overwrites best, which i = 0, j = 1 reads; MUPA101: i = 0, j = 2 overwrites best, which i = 0, j = 1 wrote\nc if accessible"
);
case!(
    a_chain_of_subscripts_is_not_bounded,
    "fn ends(n: i32, rounds: i32, next: *const i32, at: *i32) {
        for i: i32 in 0..n {
            var k: i32
            S0: k = i
            for j: i32 in 0..rounds { S1: k = next[k] }
            S2: at[i] = k
        }
    }",
    "i host sequential; MUPA303: how far it reaches into next is not known in advance\nj host sequential; MUPA101: j = 1 reads k, which j = 0 wrote; MUPA101: j = 1 overwrites k, which j = 0 reads; MUPA101: j = 1 overwrites k, which j = 0 wrote"
);
case!(
    what_an_iteration_asks_at_its_end_says_nothing_of_the_first,
    "fn first(n: i32, t: *const f64, out: *f64) {
        for i: i32 in 1..n {
            var k: i32 var s: f64
            S0: s = out[i] * t[0]
            S1: k = 0
            do { S2: s = s + out[i - 1] * t[k] S3: k = (k + 3) & 7 } while k != 0
            S4: out[i] = s
        }
    }",
    "i host sequential; MUPA101: i = 2 reads out[1], which i = 1 wrote\nwhile host sequential; MUPA301: how often it runs is not known beforehand: the change of k does not add a constant to k"
);
case!(
    a_limit_by_the_counter_is_another_one_in_the_next_iteration,
    "fn quotients(rows: i32, n: i32, d: i32, w: *const f64, out: *f64) {
        for i: i32 in 0..rows {
            var k: i32 var s: f64
            S0: k = 0
            S1: s = 0.0
            for j: i32 in n - 1..-1 by -1 { S2: s = s + w[n - 1 - j + k] S3: k = j / d }
            S4: out[i] = s
        }
    }",
    "i region parallel\nj region sequential; MUPA101: i = 0, j = 0 reads k, which i = 0, j = 1 wrote; MUPA101: i = 0, j = 0 reads s, which i = 0, j = 1 wrote; MUPA101: i = 0, j = 0 overwrites k, which i = 0, j = 1 reads; MUPA101: i = 0, j = 0 overwrites s, which i = 0, j = 1 reads; MUPA101: i = 0, j = 0 overwrites k, which i = 0, j = 1 wrote; MUPA101: i = 0, j = 0 overwrites s, which i = 0, j = 1 wrote\nw inspected"
);
