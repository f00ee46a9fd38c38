//! What is said of a loop that stays on the host.

use mupac_ir::{Function, Loop, LoopOutcome, Refusal, Verdict, While};

/// Says why a counted loop is sequential.
pub(super) fn outcome(function: &Function, each: &Loop, reasons: Vec<Refusal>) -> LoopOutcome {
    LoopOutcome {
        function: function.name.clone(),
        name: each.name.clone(),
        span: each.span,
        header_span: each.header_span,
        verdict: Verdict::Sequential,
        reasons,
        region: None,
        kernel: None,
    }
}

/// Says why a loop without a counter is sequential.
pub(super) fn uncounted_outcome(
    function: &Function,
    each: &While,
    reasons: Vec<Refusal>,
) -> LoopOutcome {
    LoopOutcome {
        function: function.name.clone(),
        name: each.name.clone(),
        span: each.span,
        header_span: each.header_span,
        verdict: Verdict::Sequential,
        reasons,
        region: None,
        kernel: None,
    }
}
