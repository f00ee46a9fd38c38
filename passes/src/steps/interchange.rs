//! `interchange i j`: two loops, one directly inside the other, change places.
//!
//! **What it does**: makes the inner loop the outer one.
//!
//! **Before**: `for i in 0..n { for j in 0..m { B } }`
//!
//! **After**: `for j in 0..m { for i in 0..n { B } }`
//!
//! **Legal when**: nothing but the inner loop is in the outer one, its bounds do not depend on the outer iterator,
//! and no dependence is turned round.
//!
//! **Pays when**: it brings the loop that walks along memory to `thread.x`, or a parallel loop outside.
//!
//! **Source**: Allen, Kennedy, “Optimizing Compilers for Modern Architectures”, 2001, §5.2.

use mupac_ir::{Block, Function, Loop, LoopName, Move, Refusal, Stmt};

use super::account::Account;
use super::{Phase, Step, argument, make, refusal, sequential};
use crate::device::Device;
use crate::facts::Facts;
use crate::state::{Draft, State};
use crate::{build, region};

/// The step.
pub struct Interchange;

impl Step for Interchange {
    fn name(&self) -> &'static str {
        "interchange"
    }

    fn phase(&self) -> Phase {
        Phase::Loop
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for outer in region::loops(draft.statements()) {
            let [Stmt::For(inner)] = outer.body.as_slice() else {
                continue;
            };
            let is_original = draft.is_original(&outer.name) && draft.is_original(&inner.name);
            if is_original && is_rectangular(draft.function(), outer, inner) {
                out.push(move_of(outer, inner));
            }
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let name = LoopName(argument(step, 0)?);
        let target = sequential(region, step)?;
        let mut body = std::mem::take(&mut target.body);
        let (Some(Stmt::For(mut inner)), true, 1) =
            (body.pop(), body.is_empty(), step.arguments.len())
        else {
            return Err(refusal(step, "the outer loop holds more than one loop"));
        };
        if inner.name != name || inner.mapping != target.mapping {
            return Err(refusal(
                step,
                "the second loop is not directly inside the first",
            ));
        }
        if !is_rectangular(function, target, &inner) {
            return Err(refusal(step, "the inner bounds depend on the outer loop"));
        }
        std::mem::swap(target, &mut inner);
        // `inner` is now what was outside, and empty.
        inner.body = std::mem::take(&mut target.body);
        target.body = vec![Stmt::For(inner)];
        Ok(())
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let inner: String = argument(step, 0)?;
        Ok(Account {
            did: format!("put `{inner}` around `{}`", step.target),
            legal_because: "no dependence between iterations is turned round".to_owned(),
        })
    }
}

/// Returns the move that puts the inner loop around the outer one.
pub(crate) fn move_of(outer: &Loop, inner: &Loop) -> Move {
    make(&Interchange, &outer.name, &[&inner.name.0])
}

/// Returns whether the bounds of the inner loop do not depend on the outer one.
pub(crate) fn is_rectangular(function: &Function, outer: &Loop, inner: &Loop) -> bool {
    [inner.start, inner.end]
        .iter()
        .all(|bound| !build::variables(function, *bound).contains(&outer.iterator))
}
