//! Guards, buffers and kernels in words of C, for the summary and the report.

use mupac_ir::asked::Asked;
use mupac_ir::c_text::{CText, with_plain_helpers};
use mupac_ir::structure::calls;
use mupac_ir::{
    Arena, Buffer, Expr, ExprKind, Extent, Guard, Handle, HostOp, KernelPlan, Record, RegionPlan,
    Separation, Type, Var,
};

use crate::in_place::with_tests;
use crate::range_text::Sum;
use crate::report;

/// Returns what is asked, with its kind, in words of C.
pub fn asked(region: &RegionPlan, records: &Arena<Record>, asked: &Asked<'_>) -> report::Guard {
    match asked {
        Asked::One(one) => guard(region, records, one),
        Asked::Apart {
            buffers,
            others,
            or_same,
        } => {
            let of = &*with_tests(region);
            let ranges = |buffers: &[Handle<Buffer>]| {
                let ranges = buffers.iter().map(|buffer| range(of, records, *buffer));
                ranges.collect::<Vec<_>>().join(", ")
            };
            let (some, others) = (ranges(buffers), ranges(others));
            let partly = if *or_same { "partly " } else { "" };
            report::Guard {
                kind: "no-overlap".into(),
                text: match (buffers.len(), others.is_empty()) {
                    (1, _) => format!("{some} {partly}overlaps none of {others}"),
                    (_, true) => format!("{some} do not {partly}overlap"),
                    (_, false) => {
                        format!("{some} {partly}overlap neither one another nor {others}")
                    }
                },
            }
        }
    }
}

/// Returns a guard with its kind and its condition in words of C.
fn guard(region: &RegionPlan, records: &Arena<Record>, guard: &Guard) -> report::Guard {
    let region = &*with_tests(region);
    let text = match guard {
        Guard::Holds { condition, .. } => expression(region, records, *condition),
        Guard::NoOverlap { a, b, how } => {
            let (a, b) = (range(region, records, *a), range(region, records, *b));
            let or_same = *how == Separation::OrSame;
            let partly = if or_same { "partly " } else { "" };
            format!("{a} and {b} do not {partly}overlap")
        }
        Guard::Apart { buffer, read } => {
            let range = range(region, records, *buffer);
            let text = CText {
                function: &region.function,
                records,
                names: &|var| spelled(region, records, var),
                callees: &str::to_owned,
            };
            let place = text.place(&read.place);
            match read.count {
                None => format!("{range} does not contain {place}"),
                Some(_) => format!("{range} contains none of the pointers to rows at {place}"),
            }
        }
        Guard::Accessible { buffer } => {
            format!("{} can be copied", range(region, records, *buffer))
        }
        Guard::Inspected { inspection, .. } => {
            let inspection = &region.inspections[*inspection];
            let name = spelled(region, records, inspection.array);
            if inspection.must_differ() && region.adds_to(inspection.array) {
                format!("no two iterations add to one element of {name}, or --fp=atomic")
            } else if inspection.must_differ() {
                format!("no two iterations touch one element of {name}")
            } else {
                format!("a pass over the iterations finds what they touch of {name}")
            }
        }
        Guard::Worthwhile {
            work, threshold, ..
        } => {
            let text = expression(region, records, *work);
            if matches!(region.function.exprs[*work].kind, ExprKind::Select { .. }) {
                format!("({text}) >= {threshold}")
            } else {
                format!("{text} >= {threshold}")
            }
        }
    };
    report::Guard {
        kind: guard.kind().into(),
        text,
    }
}

/// Returns whether a user wants to read the guard: the others hold for every sensible size.
pub fn is_worth_saying(region: &RegionPlan, records: &Arena<Record>, asked: &Asked<'_>) -> bool {
    let Asked::One(guard) = asked else {
        return true;
    };
    match guard {
        Guard::Apart { buffer, read } => {
            // Numbers of one kind are written where pointers and numbers of the other kind lie in no sensible program.
            let element = region.buffers[*buffer].element.innermost().scalar();
            let place = region.function.place_type(records, &read.place);
            match (element, place) {
                (Some(_), Some(Type::Pointer { .. })) => false,
                (Some(element), Some(Type::Scalar(place))) => {
                    element.is_float() == place.is_float()
                }
                _ => true,
            }
        }
        Guard::NoOverlap { .. }
        | Guard::Accessible { .. }
        | Guard::Inspected { .. }
        | Guard::Worthwhile { .. } => true,
        Guard::Holds { kind, .. } => {
            ["no-wrap", "shape", "divisor", "alignment", "host-only"].contains(kind)
        }
    }
}

/// Returns every device copy of a region and which way it is copied.
pub fn buffers(region: &RegionPlan, records: &Arena<Record>) -> Vec<report::Buffer> {
    let region = &*with_tests(region);
    let has = |wanted: HostOp| HostOp::does(&region.host, &wanted);
    region
        .buffers
        .iter()
        .filter(|(handle, _)| {
            let copied = [HostOp::CopyIn(*handle), HostOp::CopyOut(*handle)];
            copied.into_iter().any(has)
        })
        .map(|(handle, _)| report::Buffer {
            range: range(region, records, handle),
            bytes: bytes(region, records, handle),
            copied_in: has(HostOp::CopyIn(handle)),
            copied_out: has(HostOp::CopyOut(handle)),
        })
        .collect()
}

/// Returns the ranges that are no copies.
pub fn residents(region: &RegionPlan, records: &Arena<Record>) -> Vec<String> {
    let region = &*with_tests(region);
    let residents = region
        .buffers
        .iter()
        .filter(|(_, buffer)| buffer.is_resident);
    residents
        .map(|(handle, _)| range(region, records, handle))
        .collect()
}

/// Returns the shape of a launch: `1-D, 256`, `2-D, 32 x 8`.
pub fn shape(kernel: &KernelPlan) -> String {
    let dimensions = kernel
        .block
        .iter()
        .rposition(|&extent| extent > 1)
        .map_or(1, |last| last + 1);
    let extents: Vec<String> = kernel
        .block
        .iter()
        .take(dimensions)
        .map(ToString::to_string)
        .collect();
    format!("{dimensions}-D, {}", extents.join(" x "))
}

/// Returns the range of a buffer: `x[0..n)`.
fn range(region: &RegionPlan, records: &Arena<Record>, buffer: Handle<Buffer>) -> String {
    let Buffer {
        array,
        first,
        count,
        ..
    } = &region.buffers[buffer];
    let name = spelled(region, records, *array);
    let (first, count) = (*first, *count);
    if is_inspected(region, first) {
        return format!("what the loop touches of {name}");
    }
    let leaf = |part: Handle<Expr>| expression(region, records, part);
    let mut sum = Sum::default();
    sum.add(&region.function, first, &leaf);
    let start = sum.text();
    sum.add(&region.function, count, &leaf);
    format!("{name}[{start}..{})", sum.text())
}

/// Returns the size of a buffer in bytes, in words of C; `None` where an inspection finds it.
fn bytes(region: &RegionPlan, records: &Arena<Record>, buffer: Handle<Buffer>) -> Option<String> {
    let Buffer {
        element,
        first,
        count,
        ..
    } = &region.buffers[buffer];
    if is_inspected(region, *first) {
        return None;
    }
    let leaf = |part: Handle<Expr>| expression(region, records, part);
    let (mut size, mut lengths, mut ty) = (1_u64, Vec::new(), element);
    while let Type::Array { of, length } = ty {
        match length {
            Extent::Fixed(length) => size = size.checked_mul(*length)?,
            Extent::Variable(length) => lengths.push(leaf(*length)),
            Extent::Unknown => return None,
        }
        ty = of;
    }
    let last = match ty {
        Type::Scalar(scalar) => scalar.size_bytes(),
        Type::Record(record) => records[*record].size_bytes,
        Type::Pointer { .. } => 8,
        Type::Void | Type::Array { .. } | Type::Opaque(_) => return None,
    };
    let size = size.checked_mul(last)?;
    let mut sum = Sum::default();
    if lengths.is_empty() {
        sum.add_times(&region.function, *count, i128::from(size), &leaf);
        return Some(sum.text());
    }
    sum.add(&region.function, *count, &leaf);
    let factors = std::iter::once(sum.text()).chain(lengths);
    let factors = factors.map(|factor| {
        if factor.contains(' ') {
            format!("({factor})")
        } else {
            factor
        }
    });
    let product: Vec<String> = factors.chain([size.to_string()]).collect();
    Some(product.join(" * "))
}

/// Returns whether a subscript is what an inspection finds.
fn is_inspected(region: &RegionPlan, subscript: Handle<Expr>) -> bool {
    let ExprKind::Load(place) = &region.function.exprs[subscript].kind else {
        return false;
    };
    let mut inspections = region.inspections.iter();
    inspections.any(|(_, each)| each.first == place.var)
}

/// Returns an expression as C, without what only the computation needs: conversions to wide types and around the whole
/// of it, and the suffixes of constants.
fn expression(region: &RegionPlan, records: &Arena<Record>, expression: Handle<Expr>) -> String {
    let mut shown = expression;
    while let ExprKind::Cast(inner) = region.function.exprs[shown].kind {
        shown = inner;
    }
    let text = with_plain_helpers(&printed(region, records, shown));
    // The first says which of C++'s functions of that name is meant.
    let conversions = ["(double (*)(double))", "(long)", "(double)"];
    let plain = conversions
        .iter()
        .fold(text, |text, conversion| text.replace(conversion, ""));
    without_suffixes(&plain)
}

/// Returns the value of an expression as C, for a place in front of the region.
pub(crate) fn in_c(
    region: &RegionPlan,
    records: &Arena<Record>,
    expression: Handle<Expr>,
) -> String {
    printed(&with_tests(region), records, expression)
}

fn printed(region: &RegionPlan, records: &Arena<Record>, expression: Handle<Expr>) -> String {
    let text = CText {
        function: &region.function,
        records,
        names: &|var| spelled(region, records, var),
        callees: &str::to_owned,
    };
    text.expr(expression)
}

/// Drops the `L` and `u` behind decimal constants.
fn without_suffixes(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut is_constant = false;
    let mut before = ' ';
    for letter in text.chars() {
        let is_in_word = before.is_ascii_alphanumeric() || before == '_';
        is_constant = letter.is_ascii_digit() && (is_constant || !is_in_word)
            || is_constant && matches!(letter, 'L' | 'U' | 'u');
        if !(is_constant && letter.is_ascii_alphabetic()) {
            shown.push(letter);
        }
        before = letter;
    }
    shown
}

/// Returns how the program's text says a variable: what stands for a value in memory, by the place of the value.
fn spelled(region: &RegionPlan, records: &Arena<Record>, var: Handle<Var>) -> String {
    let Some(each) = region.fetched.iter().find(|each| each.variable == var) else {
        return name(region, var);
    };
    if calls(&region.function, each.value) {
        return name(region, var).replace('.', "_");
    }
    let text = CText {
        function: &region.function,
        records,
        names: &|var| name(region, var),
        callees: &str::to_owned,
    };
    text.primary(each.value)
}

fn name(region: &RegionPlan, var: Handle<Var>) -> String {
    let var = &region.function.vars[var];
    if var.spelling.is_empty() {
        var.name.clone()
    } else {
        var.spelling.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::without_suffixes;

    #[test]
    fn only_constants_lose_their_suffix() {
        assert_eq!(
            without_suffixes("1L + 126UL * n2L - a_1L"),
            "1 + 126 * n2L - a_1L"
        );
        assert_eq!(without_suffixes("0x1L"), "0x1L");
    }
}
