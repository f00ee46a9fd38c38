//! What may run in parallel: regions, with everything that is proved of them, and a word about every other loop.
//!
//! Decides which loop nests are regions and under which conditions; the order that their iterations may take; what
//! memory they touch. Everything beyond the exact, affine part is over-approximated or refused with a reason.
//! How a region is mapped, and whether that pays, is left to the steps and the search.

mod access;
mod alias;
mod candidate;
mod dependence;
mod domain;
mod entry;
mod footprint;
mod liveness;
mod names;
mod place;
mod privatise;
mod scan;
mod value;

#[cfg(test)]
mod soundness;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use mupac_ir::{
    Block, Function, Handle, Loop, LoopOutcome, Module, Reason, Refusal, Stmt, Verdict, While,
};

use crate::facts::{BlockStep, Region};
use crate::workload::Workload;
use crate::{isl, region};

/// Finds the regions of a file and says a word about every loop.
pub fn analyse(module: Module) -> Workload {
    let mut survey = Survey {
        module: &module,
        isl: isl::Context::new().ok(),
        regions: Vec::new(),
        loops: Vec::new(),
    };
    for (handle, function) in module.functions.iter() {
        survey.block(handle, function, &mut Vec::new(), &function.body);
    }
    let Survey {
        isl,
        regions,
        loops,
        ..
    } = survey;
    let entries = match isl {
        Some(isl) => entry::entries(&module, &isl, &regions),
        None => Vec::new(),
    };
    Workload {
        module,
        regions: regions.into_iter().map(Rc::new).collect(),
        loops,
        entries,
    }
}

struct Survey<'a> {
    module: &'a Module,
    /// `None` where the library gave no context.
    isl: Option<isl::Context>,
    regions: Vec<Region>,
    loops: Vec<LoopOutcome>,
}

impl Survey<'_> {
    fn block(
        &mut self,
        of: Handle<Function>,
        function: &Function,
        path: &mut Vec<BlockStep>,
        block: &Block,
    ) {
        for (at, stmt) in block.iter().enumerate() {
            match stmt {
                Stmt::For(each) => self.counted(of, function, path, block, at, each),
                Stmt::While(each) => self.uncounted(of, function, path, at, each),
                Stmt::If(branch) => {
                    for (step, inner) in [
                        (BlockStep::Then(at), &branch.then),
                        (BlockStep::Otherwise(at), &branch.otherwise),
                    ] {
                        path.push(step);
                        self.block(of, function, path, inner);
                        path.pop();
                    }
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }

    /// A loop becomes a region; or it stays, and its body is looked at.
    fn counted(
        &mut self,
        of: Handle<Function>,
        function: &Function,
        path: &mut Vec<BlockStep>,
        block: &Block,
        at: usize,
        each: &Loop,
    ) {
        let statements = &block[at..=at];
        let position = privatise::Position {
            path,
            at,
            statements,
        };
        let reasons = match &self.isl {
            None => vec![Refusal::new(Reason::SolverLimit, each.header_span)],
            Some(isl) => match candidate::examine(self.module, function, isl, position) {
                Ok(facts) => {
                    let region = self.regions.len();
                    self.outcomes(function, statements, &facts, region);
                    let line = self.module.source.line(each.span);
                    self.regions.push(Region {
                        name: format!("{}:{line}", function.name),
                        of,
                        path: path.clone(),
                        statements: at..at + 1,
                        span: each.span,
                        facts,
                    });
                    return;
                }
                Err(refusals) => refusals,
            },
        };
        self.loops.push(outcome(function, each, reasons));
        path.push(BlockStep::Body(at));
        self.block(of, function, path, &each.body);
        path.pop();
    }

    fn uncounted(
        &mut self,
        of: Handle<Function>,
        function: &Function,
        path: &mut Vec<BlockStep>,
        at: usize,
        each: &While,
    ) {
        self.loops.push(uncounted_outcome(function, each));
        self.left(function, &each.before_test);
        path.push(BlockStep::Body(at));
        self.block(of, function, path, &each.body);
        path.pop();
        self.left(function, &each.after_body);
    }

    /// Says a word about the loops of a block that holds no region: the header of an uncounted loop.
    fn left(&mut self, function: &Function, block: &[Stmt]) {
        region::each(block, &mut |stmt| match stmt {
            Stmt::For(each) => {
                let construct = "a loop in the header of another loop".to_owned();
                let refusal = Refusal::new(Reason::Unsupported { construct }, each.header_span);
                self.loops.push(outcome(function, each, vec![refusal]));
            }
            Stmt::While(each) => self.loops.push(uncounted_outcome(function, each)),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        });
    }

    /// Says a word about every loop of a region.
    fn outcomes(
        &mut self,
        function: &Function,
        statements: &[Stmt],
        facts: &crate::facts::Facts,
        region: usize,
    ) {
        region::each(statements, &mut |stmt| match stmt {
            Stmt::For(each) => {
                let reasons = facts.carried.get(&each.name).cloned().unwrap_or_default();
                let mut outcome = outcome(function, each, reasons);
                if outcome.reasons.is_empty() {
                    outcome.verdict = Verdict::Parallel;
                }
                outcome.region = Some(region);
                self.loops.push(outcome);
            }
            Stmt::While(each) => {
                let mut outcome = uncounted_outcome(function, each);
                outcome.region = Some(region);
                self.loops.push(outcome);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        });
    }
}

fn outcome(function: &Function, each: &Loop, reasons: Vec<Refusal>) -> LoopOutcome {
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

fn uncounted_outcome(function: &Function, each: &While) -> LoopOutcome {
    let refusal = match &each.not_counted {
        Some(refusal) => (**refusal).clone(),
        None => Refusal::new(
            Reason::UncountableLoop {
                why: "it has no counter".to_owned(),
            },
            each.header_span,
        ),
    };
    LoopOutcome {
        function: function.name.clone(),
        name: each.name.clone(),
        span: each.span,
        header_span: each.header_span,
        verdict: Verdict::Sequential,
        reasons: vec![refusal],
        region: None,
        kernel: None,
    }
}
