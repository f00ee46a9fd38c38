//! What one core of the host takes for a region as written.
//!
//! Operations go one a clock, but for innermost loops of which the compiler makes vectors: those whose accesses stand side by
//! side or still, that carry no scalar from one iteration to the next and call nothing. A loop that walks
//! over more pages than the core finds at once waits at each.
//!
//! **Source**: measured on 2026-11-26, gcc 13 -O3 -march=native on one core of an x86-64 server of 16: jacobi-2d, heat-3d and
//! fdtd-2d of PolyBench/C 4.2.1 LARGE take 0.75 to 0.9 ns an iteration (vectors); 2mm and lu, whose inner loops walk along a
//! column of about 1,000 rows, 1.2 and 1.6 ns (scalars); correlation, covariance, syr2k and symm, which walk along two columns of as
//! many, 4.5 to 6.8 ns.

use super::figures::Figures;
use super::hardware::Hardware;
use super::kernel::{Access, Kernel, Mode};

/// Bytes of a register for vectors.
///
/// **Source**: AVX2, which compilers are asked for by `-march=native` on any x86-64 server since 2015.
const VECTOR_BYTES: f64 = 32.0;

/// The widest vector that is counted on: narrower elements are widened on the way.
const MOST_LANES: f64 = 8.0;

/// Bytes of a line of the host's caches.
const LINE_BYTES: f64 = 64.0;

const PAGE_BYTES: f64 = 4096.0;

/// Pages whose place a core knows at once.
///
/// **Source**: entries of the second-level TLB for data: 1,536 on Intel Skylake, 2,048 on AMD Zen 2 and Intel Golden Cove.
const KNOWN_PAGES: f64 = 1536.0;

/// Returns how long one core takes, for a kernel of one thread, and how many distinct bytes that touches.
///
/// **Units**: seconds.
pub(super) fn host_seconds(kernel: &Kernel, hardware: &Hardware) -> (f64, f64) {
    let figures = Figures::of(kernel, 1.0, hardware);
    let bytes = figures.touched_bytes;
    let operations = (kernel.instructions.all + figures.requests) * of_operations(kernel);
    let waiting = kernel.accesses.iter();
    let waiting = waiting.filter(|access| pages(kernel, access.inside, bytes) > KNOWN_PAGES);
    let waiting = waiting.filter(|access| each_page(kernel, access) > 0.0);
    let waits: f64 = waiting.map(|access| access.executions).sum();
    let seconds = operations / hardware.host_operations_per_second
        + bytes / hardware.host_bytes_per_second
        + waits * hardware.host_page_seconds;
    (seconds, bytes)
}

/// Returns which part of the operations is left where the compiler makes vectors of loops, by what accesses stand in them.
fn of_operations(kernel: &Kernel) -> f64 {
    let (mut all, mut left) = (0.0, 0.0);
    for access in &kernel.accesses {
        all += access.executions;
        left += access.executions / lanes(kernel, access.inside);
    }
    if all > 0.0 { left / all } else { 1.0 }
}

/// Returns how many iterations of a loop one instruction does.
fn lanes(kernel: &Kernel, inside: Option<usize>) -> f64 {
    let Some(each) = inside.and_then(|at| kernel.loops.get(at)) else {
        return 1.0;
    };
    let is_innermost = kernel.loops.iter().all(|other| other.around != inside);
    if kernel.calls > 0.0 || each.carries_scalar || !is_innermost {
        return 1.0;
    }
    let own = kernel
        .accesses
        .iter()
        .filter(|access| access.inside == inside);
    let mut widest = 0;
    for access in own {
        let by = step(access, each.depth);
        let stands_still = by == 0 && access.mode == Mode::Read;
        let is_beside = by == access.bytes.unsigned_abs() && access.mode != Mode::Update;
        if access.is_data || !(stands_still || is_beside) {
            return 1.0;
        }
        widest = widest.max(access.bytes);
    }
    (VECTOR_BYTES / widest.max(1) as f64).clamp(1.0, MOST_LANES)
}

/// Returns over how many pages a loop walks, all of its accesses together, which touch so many bytes.
fn pages(kernel: &Kernel, inside: Option<usize>, bytes: f64) -> f64 {
    let Some(each) = inside.and_then(|at| kernel.loops.get(at)) else {
        return 0.0;
    };
    let own = kernel
        .accesses
        .iter()
        .filter(|access| access.inside == inside);
    let walked = own.map(|access| each.trips * each_page(kernel, access));
    walked.sum::<f64>().min(bytes / PAGE_BYTES)
}

/// Returns how many other pages an access comes to each time; what moves by less than a line comes to the next in time.
fn each_page(kernel: &Kernel, access: &Access) -> f64 {
    let around = access.inside.and_then(|at| kernel.loops.get(at));
    let by = around.map_or(0, |each| step(access, each.depth)) as f64;
    if access.is_data {
        1.0
    } else if by < LINE_BYTES {
        0.0
    } else {
        (by / PAGE_BYTES).min(1.0)
    }
}

/// Returns by how many bytes an access moves along a loop.
fn step(access: &Access, depth: usize) -> u64 {
    access.gradient.get(depth).map_or(0, |by| by.unsigned_abs())
}
