//! Analysis of small functions in the text form.

use mupac_ir::Apart;

use super::analyse;
use crate::workload::Workload;

pub(super) fn analysed(text: &str) -> Workload {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}"));
    analyse(module)
}

/// Says a line about every loop: its name, whether it starts or belongs to a region, and why it is sequential.
pub(super) fn verdicts(text: &str) -> String {
    let workload = analysed(text);
    let mut lines = Vec::new();
    for each in &workload.loops {
        let place = if each.region.is_some() {
            "region"
        } else {
            "host"
        };
        let reasons: Vec<String> = each
            .reasons
            .iter()
            .map(|refusal| format!("{}: {}", refusal.reason.code(), refusal.reason))
            .collect();
        lines.push(format!(
            "{} {} {}{}{}",
            each.name,
            place,
            each.verdict.name(),
            if reasons.is_empty() { "" } else { "; " },
            reasons.join("; ")
        ));
    }
    for region in &workload.regions {
        for each in region
            .facts
            .footprints
            .iter()
            .filter(|each| !each.is_inside)
        {
            let function = &region.function;
            lines.push(format!("{} if accessible", function.vars[each.array].name));
        }
        for each in &region.facts.inspections {
            let function = &region.function;
            let name = &function.vars[each.noted.array].name;
            let word = match (each.apart, each.is_read_early) {
                (Apart::Each, _) => "distinct",
                (Apart::Iterations, _) => "apart",
                (Apart::Unasked, true) => "inspected and accessible",
                (Apart::Unasked, false) => "inspected",
            };
            lines.push(format!("{name} {word}"));
        }
        for (statement, update) in &region.facts.updates {
            lines.push(format!("{statement} {update:?}"));
        }
    }
    lines.join("\n")
}

/// Asserts what is said about every loop of a function.
macro_rules! case {
    ($name:ident, $text:expr, $expected:expr) => {
        #[test]
        fn $name() {
            assert_eq!(verdicts($text), $expected);
        }
    };
}

mod entries;
mod fetched;
mod indirect;
mod initial;
mod invariants;
mod own_arrays;
mod reductions;
mod starts;

case!(
    a_map_is_parallel,
    "fn saxpy(n: i32, a: f32, x: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = a * x[i] + y[i] }
    }",
    "i region parallel"
);
case!(
    a_recurrence_is_not,
    "fn scan(n: i32, a: *f32) {
        for i: i32 in 1..n { S0: a[i] = a[i - 1] * a[i] + a[i] }
    }",
    "i host sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote"
);
case!(
    an_anti_dependence_counts,
    "fn shift(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[i] = a[i + 1] }
    }",
    "i host sequential; MUPA101: i = 1 overwrites a[1], which i = 0 reads"
);
case!(
    counting_down_turns_the_dependence_round,
    "fn shift(n: i32, a: *f32) {
        for i: i32 in n - 1..0 by -1 { S0: a[i] = a[i - 1] }
    }",
    "i host sequential; MUPA101: i = 1 overwrites a[1], which i = 2 reads"
);
case!(
    even_and_odd_elements_do_not_meet,
    "fn split(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[2 * i] = a[2 * i + 1] }
    }",
    "i region parallel"
);
case!(
    a_stride_in_the_loop_separates_too,
    "fn split(n: i32, a: *f32) {
        for i: i32 in 0..n by 2 { S0: a[i] = a[i + 1] }
    }",
    "i region parallel"
);
case!(
    a_shift_beyond_the_range_does_not_meet,
    "fn copy(a: *f32) {
        for i: i32 in 0..100 { S0: a[i] = a[i + 100] }
    }",
    "i region parallel"
);
case!(
    a_triangular_nest_is_parallel_in_rows,
    "fn lower(n: i32, a: *f64[100]) {
        for i: i32 in 0..n { for j: i32 in 0..i + 1 { S0: a[i][j] = a[i][j] * 2.0 } }
    }",
    "i region parallel\nj region parallel"
);
case!(
    floyd_warshall_is_left_to_fronts,
    "fn paths(n: i32, p: *i32[64]) {
        for k: i32 in 0..n { for i: i32 in 0..n { for j: i32 in 0..n {
            S0: p[i][j] = p[i][j] < p[i][k] + p[k][j] ? p[i][j] : p[i][k] + p[k][j]
        } } }
    }",
    "k region sequential; MUPA101: k = 1 reads p[0][0], which k = 0 wrote; MUPA101: k = 1 overwrites p[0][0], which k = 0 reads; MUPA101: k = 1 overwrites p[0][0], which k = 0 wrote\n\
     i region sequential; MUPA101: k = 0, i = 1 reads p[0][0], which k = 0, i = 0 wrote; MUPA101: k = 1, i = 1 overwrites p[1][0], which k = 1, i = 0 reads\n\
     j region sequential; MUPA101: k = 0, i = 0, j = 1 reads p[0][0], which k = 0, i = 0, j = 0 wrote; MUPA101: k = 1, i = 0, j = 1 overwrites p[0][1], which k = 1, i = 0, j = 0 reads"
);
case!(
    a_shared_temporary_gets_a_copy_for_each_iteration,
    "fn swap(n: i32, a: *f32, b: *f32) {
        local t: f32
        for i: i32 in 0..n { S0: t = a[i]  S1: a[i] = b[i]  S2: b[i] = t }
    }",
    "i region parallel"
);
case!(
    a_temporary_that_is_read_later_does_not,
    "fn last(n: i32, a: *f32) -> f32 {
        local t: f32
        for i: i32 in 0..n { S0: t = a[i] }
        return t
    }",
    "i host sequential; MUPA101: i = 1 overwrites t, which i = 0 wrote"
);
case!(
    statements_with_one_product_of_iterators_are_inspected_together,
    "fn squares(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n { S0: a[i * i] = b[i] S1: b[i] = a[i * i] }
    }",
    "i region parallel\na distinct"
);
case!(
    a_product_of_iterators_is_not_affine,
    "fn squares(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n { S0: a[i * i] = b[i] S1: b[i] = a[i * i + 1] }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants"
);
case!(
    an_unsigned_subscript_that_cannot_wrap_is_affine,
    "fn map(n: u32, a: *f32) {
        for i: u32 in 1u32..n { S0: a[i] = a[i] + 1.0f32 }
    }",
    "i region parallel"
);
case!(
    an_unsigned_subscript_that_may_wrap_needs_a_guard,
    "fn map(n: u32, a: *f32) {
        for i: u32 in 0u32..n { S0: a[i * 2u32] = 1.0f32 }
    }",
    "i region parallel"
);
case!(
    a_subscript_that_always_wraps_is_refused,
    "fn map(n: u32, a: *f32) {
        for i: u32 in 0u32..n { S0: a[0u32 - i - 1u32] = 1.0f32 S1: a[i] = 2.0f32 }
    }",
    "i host sequential; MUPA305: a subscript of a is not a sum of variables times constants"
);
case!(
    a_time_loop_keeps_its_inner_nests,
    "fn jacobi(t: i32, n: i32, u: *f64[64], v: *f64[64]) {
        for s: i32 in 0..t {
            for i: i32 in 1..n - 1 { for j: i32 in 1..63 {
                S0: v[i][j] = u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]
            } }
            for i.2: i32 in 1..n - 1 { for j.2: i32 in 1..63 { S1: u[i.2][j.2] = v[i.2][j.2] } }
        }
    }",
    "s region sequential; MUPA101: s = 1 reads u[1][1], which s = 0 wrote; MUPA101: s = 1 reads v[1][1], which s = 0 wrote; MUPA101: s = 1 overwrites u[1][1], which s = 0 reads; MUPA101: s = 1 overwrites v[1][1], which s = 0 reads; MUPA101: s = 1 overwrites u[1][1], which s = 0 wrote; MUPA101: s = 1 overwrites v[1][1], which s = 0 wrote\n\
     i region parallel\nj region parallel\ni.2 region parallel\nj.2 region parallel"
);

case!(
    halves_and_rests_of_a_counter_are_affine,
    "fn fold(n: i32, a: *f32[2]) {
        for i: i32 in 0..n { S0: a[i / 2][i % 2] = 1.0f32 }
    }",
    "i region parallel"
);
case!(
    halves_alone_collide,
    "fn fold(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: a[i / 2] = 1.0f32 }
    }",
    "i host sequential; MUPA101: i = 1 overwrites a[0], which i = 0 wrote"
);
case!(
    a_row_of_its_own_may_be_subscripted_by_anything_that_stays_in_it,
    "fn scatter(n: i32, x: *const i32, a: *f32[8]) {
        for i: i32 in 0..n { for j: i32 in 0..8 { S0: a[i][x[j]] = 1.0f32 } }
    }",
    "i region parallel\nj region sequential; MUPA305: a subscript of a is not a sum of variables times constants\na inspected"
);
case!(
    a_gather_from_a_declared_array_is_parallel,
    "fn gather(n: i32, x: *const i32, y: *f32) {
        global a: f32[100]
        for i: i32 in 0..n { S0: y[i] = a[x[i]] }
    }",
    "i region parallel"
);
case!(
    a_conditional_write_behind_a_pointer_is_guarded,
    "fn clip(n: i32, x: *const f32, y: *f32) {
        for i: i32 in 0..n { if x[i] > 0.0f32 { S0: y[i] = 1.0f32 } }
    }",
    "i region parallel\ny if accessible"
);
case!(
    a_conditional_write_between_certain_ones_is_parallel,
    "fn clip(n: i32, x: *f32) {
        for i: i32 in 0..n { if x[i] > 0.0f32 { S0: x[i] = 1.0f32 } }
    }",
    "i region parallel"
);
case!(
    a_guarded_neighbour_is_known,
    "fn left(n: i32, x: *const f32, y: *f32) {
        for i: i32 in 0..n { S0: y[i] = i > 0 ? x[i - 1] : 0.0f32 }
    }",
    "i region parallel"
);
case!(
    a_condition_is_read_before_what_it_decides,
    "fn wave(n: i32, a: *f32, b: *f32) {
        for i: i32 in 1..n { if a[i - 1] > 0.0f32 { S0: a[i] = 1.0f32 S1: b[i] = b[i] + 1.0f32 } }
    }",
    "i host sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote"
);
case!(
    a_condition_may_have_a_loop_of_its_own,
    "fn wave(n: i32, a: *f32, b: *f32) {
        for i: i32 in 1..n { S0: a[i] = 1.0f32 if a[i - 1] > 0.0f32 { S1: b[i] = b[i] + 1.0f32 } }
    }",
    "i region sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote\nb if accessible"
);
case!(
    calls_and_output_stay_on_the_host,
    "fn show(n: i32, a: *const i32) {
        for i: i32 in 0..n { call printf(\"%d\", a[i]) }
        for i.2: i32 in 0..n { call consume(a[i.2]) }
    }",
    "i host sequential; MUPA202: calls printf\ni.2 host sequential; MUPA201: calls consume, whose effects are not known"
);
case!(
    early_exits_stay_on_the_host,
    "fn find(n: i32, a: *const i32) -> i32 {
        for i: i32 in 0..n { if a[i] == 0 { return i } }
        for i.2: i32 in 0..n { if a[i.2] == 1 { break } }
        return -1
    }",
    "i host sequential; MUPA204: may leave early by return\ni.2 host sequential; MUPA204: may leave early by break"
);
case!(
    a_loop_without_counter_may_stand_in_a_thread,
    "fn collatz(n: i32, a: *i32) {
        for i: i32 in 1..n {
            var k: i32
            var c: i32
            S0: k = i
            S1: c = 0
            while k != 1 { S2: k = k % 2 == 0 ? k / 2 : 3 * k + 1 S3: c = c + 1 }
            S4: a[i] = c
        }
    }",
    "i region parallel\nwhile region sequential; MUPA301: how often it runs is not known beforehand: the change of k does not add a constant to k"
);
case!(
    a_counter_of_the_function_is_private_where_nobody_reads_it,
    "fn nest(n: i32, a: *f32[16]) {
        local i: i32 local j: i32
        for i in 0..n { for j in 0..16 { S0: a[i][j] = 0.0f32 } }
        for i as i.2 in 0..n { for j as j.2 in 0..16 { S1: a[i][j] = a[i][j] + 1.0f32 } }
    }",
    "i region parallel\nj region parallel\ni.2 region parallel\nj.2 region parallel"
);
case!(
    a_counter_that_is_read_later_is_left_to_the_host,
    "fn count(n: i32, a: *f32) -> i32 {
        local i: i32
        for i in 0..n { S0: a[i] = 0.0f32 }
        return i
    }",
    "i region parallel"
);
case!(
    a_changed_bound_is_refused,
    "fn shrink(n: i32, a: *f32) {
        for i: i32 in 0..n { S0: n = n - 1 S1: a[i] = 0.0f32 }
    }",
    "i host sequential; MUPA205: changes n, which its bounds are computed from"
);
case!(
    a_local_index_is_seen_through,
    "fn shift(n: i32, a: *f32, b: *f32) {
        for i: i32 in 0..n { var k: i32 S0: k = i + 3 S1: a[k] = b[k - 1] }
    }",
    "i region parallel"
);
case!(
    an_index_carried_along_has_a_closed_form,
    "fn pack(n: i32, a: *f32) {
        local k: i32
        S0: k = 0
        for i: i32 in 0..n { S1: a[k] = 1.0f32 S2: k = k + 2 }
    }",
    "i region parallel"
);
case!(
    a_private_array_is_one_for_each_iteration,
    "fn smooth(n: i32, a: *f32) {
        for i: i32 in 0..n {
            var w: f32[4]
            for j: i32 in 0..4 { S0: w[j] = a[i] }
            S1: a[i] = w[0] + w[3]
        }
    }",
    "i region parallel\nj region parallel"
);
case!(
    a_pointer_in_memory_is_refused,
    "fn rows(n: i32, a: **f32, at: *i32) {
        for i: i32 in 0..n { S0: a[at[i]][0] = 0.0f32 }
    }",
    "i host sequential; MUPA303: how far it reaches into a is not known in advance"
);
case!(
    a_volatile_object_is_refused,
    "fn poll(n: i32, a: *f32) {
        global flag: volatile i32
        for i: i32 in 0..n { S0: a[i] = f32(flag) }
    }",
    "i host sequential; MUPA203: touches the volatile object flag"
);
case!(
    fields_are_separate_locations,
    "record body size 8 align 4 { x: f32 at 0 y: f32 at 4 }
    fn move(n: i32, b: *body) {
        for i: i32 in 1..n { S0: b[i].x = b[i - 1].y }
        for i.2: i32 in 1..n { S1: b[i.2].x = b[i.2 - 1].x }
    }",
    "i region parallel\ni.2 host sequential; MUPA101: i = 2 reads b[1], which i = 1 wrote"
);
case!(
    a_size_type_counter_is_affine,
    "fn map(n: u64, a: *f32) {
        for i: u64 in 0u64..n { S0: a[i + 1u64] = 1.0f32 }
    }",
    "i region parallel"
);
case!(
    an_int_counter_against_an_unsigned_bound_is_affine,
    "fn map(n: u32, a: *f32) {
        for i: i32 in 0..n { S0: a[i] = 1.0f32 }
    }",
    "i region parallel"
);
case!(
    a_byte_that_never_reaches_its_bound_is_refused,
    "fn forever(a: *f32) {
        for i: u8 in 0u8..300 { S0: a[i] = 1.0f32 }
    }",
    "i host sequential; MUPA302: a bound is not a sum of variables times constants"
);
case!(
    a_skipped_iteration_is_a_condition,
    "fn skip(n: i32, a: *f32) {
        for i: i32 in 0..n { if a[i] > 0.0f32 { continue } S0: a[i] = 1.0f32 }
    }",
    "i region parallel"
);

#[test]
fn guards_are_listed() {
    let workload = analysed(
        "fn map(n: u64, m: u32, a: *f32, b: *f32) {
            for i: u64 in 0u64..n { S0: a[i] = b[m * 4u32] }
        }",
    );
    let facts = &workload.regions[0].facts;
    let kinds: Vec<&str> = facts.conditions.iter().map(|each| each.kind).collect();
    assert_eq!(kinds, ["wide-value", "loop-runs", "no-wrap"]);
    assert_eq!(facts.may_alias.len(), 1);
    let isl = facts.context.context();
    let no_wrap = crate::isl::Set::parse(isl, "[v1] -> { : v1 <= 1073741823 }").unwrap();
    assert!(facts.context.is_subset(&no_wrap).unwrap());
}

#[test]
fn restrict_and_declared_arrays_need_no_guard() {
    let workload = analysed(
        "fn copy(n: i32, a: restrict *f32, b: *f32, c: *f32) {
            global g: f32[64]
            for i: i32 in 0..n { S0: a[i] = b[i] }
            for i.2: i32 in 0..64 { S1: g[i.2] = c[i.2] }
        }",
    );
    let counts: Vec<usize> = workload
        .regions
        .iter()
        .map(|each| each.facts.may_alias.len())
        .collect();
    assert_eq!(counts, [0, 1]);
}

/// Returns how many pairs of arrays a guard has to tell apart in a function that allocates.
fn pairs_after(allocations: &str, use_of_b: &str) -> usize {
    let workload = analysed(&format!(
        "fn f(n: i32, p: *f64, q: **f64) {{
            global g: *f64
            local a: *f64
            local b: *f64
            local s: *void
            local t: *void
            {allocations}
            for i: i32 in 0..n {{ {use_of_b} }}
        }}"
    ));
    workload.regions[0].facts.may_alias.len()
}

#[test]
fn allocations_need_no_guard() {
    let both =
        "call s = malloc(64u64) S0: a = (*f64)(s) call t = calloc(8u64, 8u64) S1: b = (*f64)(t)";
    assert_eq!(pairs_after(both, "S2: a[i] = b[i]"), 0);
    assert_eq!(pairs_after(both, "S2: a[i] = p[i]"), 0, "older");
    assert_eq!(pairs_after(both, "S2: a[i] = g[i]"), 1, "may be `a`");
    let freed = format!("{both} call free(s) S3: a = (*f64)(0)");
    assert_eq!(pairs_after(&freed, "S2: a[i] = b[i]"), 0);
    // Touched or not: `b` may be dead, and `a` lie where it lay.
    let if_touched = "S2: a[i] = 0.0 if p[i] > 0.0 { S4: b[i] = 1.0 }";
    assert!(pairs_after(both, if_touched) > 0);
}

#[test]
fn pointers_that_may_be_anything_need_a_guard() {
    let first = "call s = malloc(64u64) S0: a = (*f64)(s)";
    for second in [
        "S1: b = (*f64)(s)",
        "S1: b = a",
        "S1: b = q[0]",
        "call t = malloc(64u64) S1: b = (*f64)(t) S3: b = b + 1",
        "call t = realloc(s, 64u64) S1: b = (*f64)(t)",
        "call t = malloc(64u64) if n > 3 { S3: t = s } S1: b = (*f64)(t)",
    ] {
        let allocations = format!("{first} {second}");
        assert_eq!(pairs_after(&allocations, "S2: a[i] = b[i]"), 1, "{second}");
    }
}

case!(
    a_scalar_that_one_iteration_writes_is_refused,
    "fn pick(n: i32, a: restrict *f32, b: *f32) -> f32 {
        local s: f32
        S0: s = 0.0f32
        for i: i32 in 0..n { S1: a[i] = 1.0f32 if i == 3 { S2: s = b[i] } }
        return s
    }",
    "i host sequential; MUPA401: leaving a value in s for the code after the loop is not supported"
);
case!(
    a_scalar_that_is_set_to_one_value_is_a_reduction,
    "fn pick(n: i32, a: *f32) -> f32 {
        local s: f32
        S0: s = 0.0f32
        for i: i32 in 0..n { S1: a[i] = 1.0f32 if i == 3 { S2: s = 2.0f32 } }
        return s
    }",
    "i region parallel"
);
case!(
    a_loop_without_effect_is_no_region,
    "fn nothing(n: i32) { local s: i32 for i: i32 in 0..n { S0: s = i } for i.2: i32 in 0..n { } }",
    "i host sequential; MUPA401: a loop that leaves no result is not supported\n\
     i.2 host sequential; MUPA401: a loop that leaves no result is not supported"
);
case!(
    the_length_of_a_later_array_is_a_read,
    "fn later(n: i32, a: *i32) {
        local m: i32
        for i: i32 in 0..n { S0: m = i S1: a[i] = m }
        var w: i32[m]
        S2: w[0] = 1
    }",
    "i region parallel"
);
case!(
    a_temporary_of_a_time_loop_is_read_in_the_next_round,
    "fn rounds(t: i32, n: i32, a: *f32) {
        local s: f32
        S0: s = 0.0f32
        for k: i32 in 0..t {
            S1: a[0] = s
            for i: i32 in 0..n { S2: s = a[i] S3: a[i] = s + 1.0f32 }
        }
    }",
    "k host sequential; MUPA101: k = 1 reads a[0], which k = 0 wrote; MUPA101: k = 1 reads s, which k = 0 wrote; MUPA101: k = 1 overwrites a[0], which k = 0 reads; MUPA101: k = 1 overwrites s, which k = 0 reads; MUPA101: k = 1 overwrites a[0], which k = 0 wrote; MUPA101: k = 1 overwrites s, which k = 0 wrote\ni host sequential; MUPA102: every iteration writes s first, but code elsewhere may read what the last one leaves there"
);
case!(
    rows_of_variable_length_are_analysed,
    "fn gemm(n: i32, c: *f64[n], a: *const f64[n], b: *const f64[n]) {
        for i: i32 in 0..n { for j: i32 in 0..n {
            S0: c[i][j] = 0.0
            for k: i32 in 0..n { S1: c[i][j] = c[i][j] + a[i][k] * b[k][j] }
        } }
    }",
    "i region parallel\nj region parallel\nk region sequential; MUPA101: i = 0, j = 0, k = 1 reads c[0][0], which i = 0, j = 0, k = 0 wrote; MUPA101: i = 0, j = 0, k = 1 overwrites c[0][0], which i = 0, j = 0, k = 0 reads; MUPA101: i = 0, j = 0, k = 1 overwrites c[0][0], which i = 0, j = 0, k = 0 wrote"
);
case!(
    an_element_that_both_branches_write_is_certain,
    "fn choose(n: i32, x: *const f32, y: *f32, z: *f32) {
        for i: i32 in 0..n {
            if x[i] > 0.0f32 { S0: y[i] = 1.0f32 } else { S1: y[i] = 2.0f32 }
        }
        for i.2: i32 in 0..n {
            if x[i.2] > 0.0f32 { S2: y[i.2] = 1.0f32 } else { S3: z[i.2] = 2.0f32 }
        }
    }",
    "i region parallel\ni.2 region parallel\nz if accessible"
);
case!(
    what_ends_a_loop_decides_about_what_it_computes,
    "fn count(n: i32, a: *i32) {
        for i: i32 in 1..n {
            var k: i32 S0: k = 0
            while 1 { if (a[i - 1] + k > 3) { break } S1: k = k + 1 }
            S2: a[i] = k
        }
    }",
    "i host sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote\nwhile host sequential; MUPA401: reading k after the loop that counts with it is not supported"
);
case!(
    what_ends_an_iteration_decides_about_the_rest_of_it,
    "fn sum(n: i32, a: *i32, b: *const i32) {
        for i: i32 in 1..n {
            var s: i32 S0: s = 0
            for j: i32 in 0..4 { if (b[j] > 0) { if (a[i - 1] > 3) { continue } } S1: s = s + b[j] }
            S2: a[i] = s
        }
    }",
    "i host sequential; MUPA101: i = 2 reads a[1], which i = 1 wrote\nj region parallel\na if accessible"
);
