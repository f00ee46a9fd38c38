//! Loops in text that the IR does not model: they keep it, and are told of like all others.

use mupac_ir::{LoopName, LoopOutcome, Module, Plan, Refusal, Verdict};

/// Returns what became of loops that the front end names: nothing, for the reason it gives.
pub(crate) fn outcomes(module: &Module, refusals: Vec<Refusal>) -> Vec<LoopOutcome> {
    let outcome = |refusal: Refusal| {
        let mut functions = module.functions.iter();
        let around = functions.find(|(_, function)| {
            (function.span.start..function.span.end).contains(&refusal.at.start)
        });
        LoopOutcome {
            function: around.map_or_else(String::new, |(_, function)| function.name.clone()),
            name: LoopName(format!("kept.{}", refusal.at.start)),
            span: refusal.at,
            header_span: refusal.at,
            verdict: Verdict::Sequential,
            reasons: vec![refusal],
            region: None,
            kernel: None,
        }
    };
    refusals.into_iter().map(outcome).collect()
}

/// Adds loops to those of a plan, all in the order of the text.
pub(crate) fn add(plan: &mut Plan, kept: Vec<LoopOutcome>) {
    plan.loops.extend(kept);
    plan.loops.sort_by_key(|each| each.span.start);
}
