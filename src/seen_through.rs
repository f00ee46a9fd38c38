//! Functions that nothing calls any more, since all that call them run their statements on the GPU: a kernel of their own would
//! never be launched, so they stay text, and their loops are told of as what they became part of.

use std::collections::BTreeSet;

use mupac_backend_cuda as backend;
use mupac_ir::{Function, Handle, Plan, Reason, Refusal, Verdict};
use mupac_passes::{Choice, Workload, copied_loops};

/// Returns the choices of a plan with the original text for all regions of functions that nothing calls any more; `None` where
/// such functions have no kernel.
pub(crate) fn without_kernels(
    plan: &Plan,
    choices: &[Choice],
    functions: &BTreeSet<Handle<Function>>,
) -> Option<Vec<Choice>> {
    let mut is_any = false;
    let kept = |choice: &Choice| match choice {
        Choice::Kernel(chosen) if functions.contains(&chosen.of) => {
            is_any = true;
            Choice::Original(refusal(plan, chosen.of))
        }
        Choice::Kernel(_) | Choice::Original(_) => choice.clone(),
    };
    let choices = choices.iter().map(kept).collect();
    is_any.then_some(choices)
}

/// Says of the loops of such functions what became of their copies.
pub(crate) fn tell(plan: &mut Plan, workload: &Workload) {
    let functions = functions(plan);
    if functions.is_empty() {
        return;
    }
    let copies = copied_loops(workload, plan);
    for function in functions {
        let refusal = refusal(plan, function);
        let name = &plan.module.functions[function].name;
        let has_kernels = plan.regions.iter().any(|region| region.of == function);
        let loops = plan.loops.iter_mut().filter(|_| !has_kernels);
        for outcome in loops.filter(|outcome| outcome.function == *name) {
            outcome.verdict = Verdict::Inlined;
            outcome.reasons = vec![refusal.clone()];
            let own = copies.iter();
            let own = own.filter(|copy| copy.header_span == outcome.header_span);
            let Some(copy) = own.max_by_key(|copy| (copy.is_parallel, copy.kernel.is_some()))
            else {
                continue;
            };
            outcome.region = Some(copy.region);
            outcome.kernel.clone_from(&copy.kernel);
            if copy.is_parallel {
                outcome.verdict = Verdict::Parallel;
                outcome.reasons.clear();
            }
        }
    }
}

/// Returns the functions that nothing calls in the text of a plan.
pub(crate) fn functions(plan: &Plan) -> BTreeSet<Handle<Function>> {
    let mut functions = plan.module.functions.iter();
    if plan.regions.is_empty() || !functions.any(|(_, function)| function.is_static) {
        return BTreeSet::new();
    }
    backend::seen_through(plan)
}

fn refusal(plan: &Plan, function: Handle<Function>) -> Refusal {
    let function = &plan.module.functions[function];
    let reason = Reason::SeenThrough {
        function: function.name.clone(),
    };
    Refusal::new(reason, function.span)
}
