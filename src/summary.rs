//! The lines that say what became of each loop, and the comment lines that the output begins with.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::asked::{Asked, asked};
use mupac_ir::{BinaryOp, ExprKind, Guard, LoopOutcome, Plan, Reason, RegionPlan, Verdict};

use crate::describe;
use crate::outputs::TRANSLATED;

pub use table::table;

/// Returns the loops but those that run in parallel in a kernel that an earlier one names.
fn untold(plan: &Plan) -> impl Iterator<Item = &LoopOutcome> {
    let mut told = BTreeSet::new();
    let loops = plan.loops.iter();
    loops.filter(move |each| each.verdict != Verdict::Parallel || told.insert(&each.kernel))
}

/// Returns whether a loop runs by itself, and not only as part of loops that call its function.
fn runs_by_itself(outcome: &LoopOutcome) -> bool {
    outcome.verdict != Verdict::Inlined
}

/// Returns the shape and the guards of a kernel, or the first reason against one.
pub fn remark(plan: &Plan, outcome: &LoopOutcome) -> String {
    remark_within(plan, outcome, usize::MAX)
}

/// Returns the same, with at most so many guards.
fn remark_within(plan: &Plan, outcome: &LoopOutcome, most_guards: usize) -> String {
    if outcome.verdict == Verdict::Parallel {
        return launch_remark(plan, outcome, most_guards);
    }
    let Some(first) = outcome.reasons.first() else {
        return String::new();
    };
    let more = match outcome.reasons.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    format!("{}: {}{more}", first.reason.code(), first.reason)
}

fn launch_remark(plan: &Plan, outcome: &LoopOutcome, most_guards: usize) -> String {
    let Some(region) = outcome.region.and_then(|index| plan.regions.get(index)) else {
        return String::new();
    };
    let shape = region
        .kernels
        .iter()
        .find(|(_, kernel)| Some(&kernel.name) == outcome.kernel.as_ref())
        .map(|(_, kernel)| describe::shape(kernel));
    let mut conditions = conditions(plan, region);
    let left = conditions.len().saturating_sub(most_guards);
    conditions.truncate(most_guards);
    conditions.extend(match left {
        0 => None,
        1 => Some("1 more condition".to_owned()),
        several => Some(format!("{several} more conditions")),
    });
    let condition = (!conditions.is_empty()).then(|| format!("if {}", conditions.join(" and ")));
    shape
        .into_iter()
        .chain(condition)
        .collect::<Vec<_>>()
        .join(", ")
}

fn conditions(plan: &Plan, region: &RegionPlan) -> Vec<String> {
    let said = asked(&region.guards).into_iter();
    let said = said.filter(|asked| describe::is_worth_saying(region, &plan.module.records, asked));
    let said: Vec<_> = said.collect();
    let is_among_others = said.len() > 1;
    let each = said.into_iter().map(|asked| {
        let text = describe::asked(region, &plan.module.records, &asked).text;
        if is_among_others && has_cases(region, &asked) {
            format!("({text})")
        } else {
            text
        }
    });
    each.collect()
}

/// Returns whether a condition is one of several that would do.
fn has_cases(region: &RegionPlan, asked: &Asked<'_>) -> bool {
    let Asked::One(Guard::Holds { condition, .. }) = asked else {
        return false;
    };
    let kind = &region.function.exprs[*condition].kind;
    matches!(kind, ExprKind::Binary(BinaryOp::Or, ..))
}

/// Returns the line of the header that says which loops run where.
pub fn header(plan: &Plan, name: &str) -> String {
    let tool = format!("{name}{TRANSLATED}{}", env!("CARGO_PKG_VERSION"));
    let on_gpu = lines(plan, |outcome| outcome.verdict == Verdict::Parallel);
    let on_host = lines(plan, |outcome| {
        outcome.kernel.is_none() && runs_by_itself(outcome)
    });
    match (on_gpu.len(), on_host.len()) {
        (0, _) => format!("{tool}: no loop runs on the GPU."),
        (_, 0) => format!("{tool}: the {} on the GPU.", loops_of(&on_gpu)),
        (_, _) => format!(
            "{tool}: the {} on the GPU, the {} on the host.",
            loops_of(&on_gpu),
            loops_of(&on_host)
        ),
    }
}

/// Returns the line of the header that says which functions take memory of the device, if any do.
pub fn device_memory(plan: &Plan) -> Option<String> {
    let names = mupac_passes::takes_device_memory(plan);
    let all = names.join(", ");
    (!names.is_empty()).then(|| format!("Pointer arguments lead to memory of the device: {all}."))
}

/// Returns the line of the header that says what is taken for granted where the system tells which pages the host writes.
pub fn resting_copies(plan: &Plan) -> Option<String> {
    let rests = !plan.residency.kept.is_empty();
    rests.then(|| {
        "Copies of arrays rest on the device between calls: no other device may write that memory of the host.".to_owned()
    })
}

/// Returns the line of the header that names the arrays whose elements are sums in an order that differs from run to run.
pub fn unordered_sums(plan: &Plan) -> Option<String> {
    let regions = plan.regions.iter();
    let names: BTreeSet<&str> = regions.flat_map(RegionPlan::unordered_arrays).collect();
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        format!(
            "--fp=atomic: sums in {names} are added up in an order that differs from run to run."
        )
    })
}

/// Returns whether a reason says that a check took the kernel of a loop, which could have run in parallel.
pub fn is_of_check(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::CheckFailed { .. } | Reason::NotTested { .. }
    )
}

/// Returns what is to be said of kernels that checks took, if they took any: loops that fail their check, and loops that no
/// check can show to be right.
pub fn dropped(plan: &Plan) -> Option<String> {
    let with = |is_meant: fn(&Reason) -> bool| {
        lines(plan, |outcome| {
            let mut reasons = outcome.reasons.iter();
            outcome.kernel.is_none() && reasons.any(|each| is_meant(&each.reason))
        })
    };
    let failed = with(|reason| matches!(reason, Reason::CheckFailed { .. }));
    let untested = with(|reason| matches!(reason, Reason::NotTested { .. }));
    let said = [
        (failed, "failed its check", "failed their checks"),
        (untested, "could not be tested", "could not be tested"),
    ];
    let said: Vec<String> = said
        .iter()
        .filter_map(|(lines, one, several)| match lines.len() {
            0 => None,
            1 => Some(format!("that of {} {one}", places(lines))),
            _ => Some(format!("those of {} {several}", places(lines))),
        })
        .collect();
    (!said.is_empty()).then(|| format!("kernels were dropped: {}", said.join("; ")))
}

/// Says which functions lost kernels because they could not be tested, why, and what helps: each reason once.
pub fn untested(plan: &Plan) -> Vec<String> {
    let mut said: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for outcome in plan.loops.iter().filter(|each| each.kernel.is_none()) {
        for refusal in &outcome.reasons {
            if let Reason::NotTested { why } = &refusal.reason {
                let help = refusal.help.iter().map(|help| format!("; {help}"));
                let words = format!("{why}{}", help.collect::<String>());
                said.entry(words).or_default().insert(&outcome.function);
            }
        }
    }
    let words = |(why, functions): (String, BTreeSet<&str>)| {
        let functions: Vec<&str> = functions.into_iter().collect();
        format!("{}: {why}", functions.join(", "))
    };
    said.into_iter().map(words).collect()
}

/// Returns the lines of the outermost loops for which `is_meant` holds, each once.
fn lines(plan: &Plan, is_meant: impl Fn(&LoopOutcome) -> bool) -> Vec<String> {
    let mut known = BTreeSet::new();
    let meant = untold(plan).filter(|outcome| is_meant(outcome));
    let lines = meant.map(|outcome| plan.module.source.place(outcome.header_span));
    lines.filter(|line| known.insert(line.clone())).collect()
}

/// Returns some places in words: `line 3`, `lines 3, 5 and 9`, or `b.c:3 and a.c:5`.
fn places(lines: &[String]) -> String {
    let bare = |line: &String| line.strip_prefix("line ").unwrap_or(line).to_owned();
    let several = |lines: &[String]| lines.iter().map(bare).collect::<Vec<_>>().join(", ");
    match lines.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => {
            let are_numbers = last.starts_with("line ");
            let word = if are_numbers { "lines " } else { "" };
            format!("{word}{} and {}", several(rest), bare(last))
        }
    }
}

fn loops_of(lines: &[String]) -> String {
    match lines.len() {
        1 => format!("loop of {} runs", places(lines)),
        _ => format!("loops of {} run", places(lines)),
    }
}

/// Returns the number of kernels in words.
pub fn kernels(plan: &Plan) -> String {
    match plan
        .regions
        .iter()
        .map(|region| region.kernels.len())
        .sum::<usize>()
    {
        0 => "no kernel".to_owned(),
        1 => "1 kernel".to_owned(),
        count => format!("{count} kernels"),
    }
}
