//! Which stretches of a program are timed to tell what its translation is worth.

use mupac_ir::asked::{amount, iterations};
use mupac_ir::{LoopOutcome, Plan, RegionPlan, Span};
use mupac_tester::{Launch, Look, Stretch};

use crate::describe;

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The region of this number.
    Region(usize),
    /// The loop of this number, which stays on the host.
    Loop(usize),
}

/// Returns what is timed of a plan, and as which stretches of the text: regions, and loops of the host. Of nested loops
/// without kernels the outermost stands for all.
pub(super) fn of(plan: &Plan) -> Vec<(Subject, Stretch)> {
    let regions = plan.regions.iter().enumerate();
    let regions =
        regions.map(|(number, region)| (Subject::Region(number), of_region(plan, region)));
    let mut found: Vec<_> = regions.collect();
    let mut last: Option<Span> = None;
    for (number, outcome) in plan.loops.iter().enumerate() {
        let span = outcome.span;
        let is_inside = last.is_some_and(|last| last.contains(span));
        if is_inside || !is_on_host(plan, outcome) {
            continue;
        }
        if !holds_region(plan, span) {
            last = Some(span);
        }
        let stretch = Stretch {
            span,
            look: Look::Statement,
            launch: None,
        };
        found.push((Subject::Loop(number), stretch));
    }
    found
}

/// Returns how many loops stay on the host and hold no region; of nested ones the outermost counts.
pub(super) fn on_host(plan: &Plan) -> usize {
    let stretches = of(plan).into_iter();
    let loops = stretches.filter(|(subject, _)| matches!(subject, Subject::Loop(_)));
    loops
        .filter(|(_, each)| !holds_region(plan, each.span))
        .count()
}

fn holds_region(plan: &Plan, span: Span) -> bool {
    let mut regions = plan.regions.iter();
    regions.any(|region| span.contains(region.replaces))
}

fn of_region(plan: &Plan, region: &RegionPlan) -> Stretch {
    let is_loop = |outcome: &LoopOutcome| outcome.span == region.replaces;
    let records = &plan.module.records;
    let conditions = iterations(&region.guards).map(|each| {
        let work = describe::in_c(region, records, each.work);
        format!("({work}) >= {}", each.threshold)
    });
    let conditions: Vec<String> = conditions.collect();
    let amount = amount(&region.guards).map(|work| describe::in_c(region, records, work));
    Stretch {
        span: region.replaces,
        look: if plan.loops.iter().any(is_loop) {
            Look::Statement
        } else {
            Look::Statements
        },
        launch: Some(Launch {
            condition: match conditions.as_slice() {
                [] => "1".to_owned(),
                all => all.join(" && "),
            },
            amount: amount.unwrap_or_else(|| "0".to_owned()),
        }),
    }
}

/// Returns whether a loop of the text runs outside of all regions.
fn is_on_host(plan: &Plan, outcome: &LoopOutcome) -> bool {
    let mut regions = plan.regions.iter();
    let is_within = |region: &RegionPlan| region.replaces.contains(outcome.span);
    !outcome.span.is_unknown() && outcome.kernel.is_none() && !regions.any(is_within)
}
