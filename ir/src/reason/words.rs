//! Reasons in words of C, and what helps where that depends on numbers.

use std::fmt;

use super::{DependenceKind, Reason, Witness};

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CarriedDependence {
                array,
                kind,
                iterators,
                witness: Some(witness),
            } => f.write_str(&conflict(array, *kind, iterators, witness)),
            Self::CarriedDependence {
                array,
                witness: None,
                ..
            } => write!(f, "iterations depend on one another through {array}"),
            Self::SharedTemporary { variables } => write!(
                f,
                "every iteration writes {} first, but code elsewhere may read what the last one leaves there",
                listed(variables)
            ),
            Self::OrderDependentFloat { operator } => write!(
                f,
                "computes a {operator} of floating-point numbers, whose order --fp=strict keeps"
            ),
            Self::LibraryDigits { callee } => write!(
                f,
                "calls {callee}, whose last digits --fp=strict keeps on the host"
            ),
            Self::UnknownCall {
                callee,
                obstacle: Some(obstacle),
            } => write!(f, "calls {callee}, which {obstacle}"),
            Self::UnknownCall {
                callee,
                obstacle: None,
            } => write!(f, "calls {callee}, whose effects are not known"),
            Self::SideEffect { what } => f.write_str(what),
            Self::Volatile { variable } => write!(f, "touches the volatile object {variable}"),
            Self::EarlyExit { how } => write!(f, "may leave early by {how}"),
            Self::ModifiedBound { variable } => {
                write!(f, "changes {variable}, which its bounds are computed from")
            }
            Self::UncountableLoop { why } => {
                write!(f, "how often it runs is not known beforehand: {why}")
            }
            Self::NonAffineBound => {
                f.write_str("a bound is not a sum of variables times constants")
            }
            Self::UnknownExtent { array } => {
                write!(f, "how far it reaches into {array} is not known in advance")
            }
            Self::SolverLimit => f.write_str("the dependence analysis gave up within its budget"),
            Self::NonAffineSubscript { array } => write!(
                f,
                "a subscript of {array} is not a sum of variables times constants"
            ),
            Self::Unsupported { construct } => write!(f, "{construct} is not supported"),
            Self::TooSmall {
                iterations,
                threshold,
            } => write!(
                f,
                "{iterations} iterations are too few to pay for a launch ({threshold} would do)"
            ),
            Self::Unprofitable {
                kernels,
                inspections,
                copies,
                host,
            } => {
                let kernels = time(*kernels);
                write!(
                    f,
                    "predicted to take longer on the GPU: {kernels} in kernels"
                )?;
                if *inspections > 0 {
                    write!(f, ", {} to look at subscripts before", time(*inspections))?;
                }
                let (copies, host) = (time(*copies), time(*host));
                write!(f, " and {copies} for copies, against {host} on one core")
            }
            Self::UserChoice { option } => write!(f, "{option} keeps it on the host"),
            Self::EnoughParallelism => f.write_str(
                "its kernel shares out other loops of the nest; each thread runs this one in order",
            ),
            Self::SeenThrough { function } => {
                write!(f, "it runs as part of the loops that call {function}")
            }
            Self::HostMemory { why } | Self::NeedsC { why } | Self::IllegalStep { why } => {
                f.write_str(why)
            }
            Self::CheckFailed { what } => write!(f, "the check of its kernel failed: {what}"),
            Self::NotSplit { why } => write!(f, "C cannot call its kernel: {why}"),
            Self::NotTested { why } => write!(f, "its kernel could not be tested: {why}"),
        }
    }
}

/// Spells nanoseconds to two digits or so: `4.1 us`, `35 ms`.
pub fn time(nanoseconds: u64) -> String {
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    let unit = units.into_iter().find(|(size, _)| nanoseconds >= *size);
    let (size, name) = unit.unwrap_or((1, "ns"));
    if size > 1 && nanoseconds / size < 10 {
        format!("{:.1} {name}", nanoseconds as f64 / size as f64)
    } else {
        format!("{} {name}", nanoseconds / size)
    }
}

/// Says one conflict in words: `i = 2 reads a[1], which i = 1 wrote`.
fn conflict(array: &str, kind: DependenceKind, iterators: &[String], witness: &Witness) -> String {
    let at = |values: &[i64]| {
        let parts: Vec<String> = iterators
            .iter()
            .zip(values)
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        parts.join(", ")
    };
    let (later, earlier) = match kind {
        DependenceKind::Flow => ("reads", "wrote"),
        DependenceKind::Anti => ("overwrites", "reads"),
        DependenceKind::Output => ("overwrites", "wrote"),
    };
    format!(
        "{} {later} {}, which {} {earlier}",
        at(&witness.sink),
        element(array, &witness.element),
        at(&witness.source)
    )
}

/// Spells several names: `a, b and c`.
fn listed(names: &[String]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Returns what helps where the GPU is predicted to take longer, by what takes longest there.
///
/// **Units**: nanoseconds.
pub(super) fn unprofitable_hint(
    kernels: u64,
    inspections: u64,
    copies: u64,
    host: u64,
) -> &'static str {
    if kernels >= host {
        "one run of it does too little for a GPU: make the loop around it parallel, or give it more iterations; \
         `--cpu-threshold N` makes kernels that run from N parallel iterations on, whatever is predicted"
    } else if inspections >= copies {
        "looking at subscripts in memory takes longest: where a loop of the same function does this again and again, and \
         leaves the subscripts alone, they are looked at once; `--cpu-threshold N` makes kernels that run from N parallel \
         iterations on, whatever is predicted"
    } else {
        "copies between CPU and GPU take longest: do more with these arrays in the same function, or in a loop around this one, \
         so that they stay on the GPU, or pass memory of the device (`--memory=device`); `--cpu-threshold N` makes kernels \
         that run from N parallel iterations on, whatever is predicted"
    }
}

/// Spells an element: `a[1][2]`.
pub fn element(array: &str, subscripts: &[i64]) -> String {
    subscripts
        .iter()
        .fold(array.to_owned(), |text, each| format!("{text}[{each}]"))
}
