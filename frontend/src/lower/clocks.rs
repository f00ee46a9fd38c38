//! Where a program asks for the time: kernels that still run then have to be waited for, or it would measure launches.
//!
//! **Source**: C17 7.27.2; POSIX.1-2017, System Interfaces; OpenMP 5.2, 18.10. A launch returns before its kernel ends: CUDA
//! C++ Programming Guide 13.0, “Asynchronous Concurrent Execution”.

use clang_sys as k;
use mupac_ir::Span;

use super::walk;
use crate::clang::{Cursor, Home, Unit};
use crate::text::Text;

/// Functions that tell the time, or the time that something took.
const CLOCKS: &[&str] = &[
    "clock",
    "clock_gettime",
    "ftime",
    "getrusage",
    "gettimeofday",
    "omp_get_wtime",
    "time",
    "times",
    "timespec_get",
];

/// Returns the calls in the main file that ask for the time, by place, but for those that a macro makes.
pub(super) fn find<'u>(unit: &'u Unit, text: &Text<'u>) -> Vec<Span> {
    let mut found = Vec::new();
    for declaration in unit.declarations(&[Home::Main]) {
        walk::each(declaration, |cursor| {
            if cursor.kind() == k::CXCursor_CallExpr && is_clock(cursor) && is_written(cursor) {
                found.extend(text.span(cursor));
            }
        });
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_clock(call: Cursor<'_>) -> bool {
    let callee = call.referenced();
    callee.is_some_and(|callee| {
        CLOCKS.contains(&callee.spelling().as_str()) && !callee.canonical().start().is_main
    })
}

/// Returns whether the text between both ends is the call and nothing else.
fn is_written(call: Cursor<'_>) -> bool {
    let (start, end) = (call.start(), call.end());
    start.is_main && end.is_main && !start.is_macro && !end.is_macro
}
