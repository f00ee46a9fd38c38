//! `pad a_s 1`: rows of a shared array get elements that nobody uses.
//!
//! **What it does**: makes the innermost dimension longer, so that the elements of a column lie in different banks.
//!
//! **Before**: `var a_s: f32[32][32] @shared`
//!
//! **After**: `var a_s: f32[32][33] @shared`
//!
//! **Legal when**: always, as long as the array fits.
//!
//! **Pays when**: neighbouring threads read a column, and the length of a row is a multiple of many of the 32 banks.
//!
//! **Source**: Ruetsch, Micikevicius, “Optimizing Matrix Transpose in CUDA”, NVIDIA, 2009.

use mupac_ir::{Block, Extent, Function, Handle, Move, Refusal, Stmt, Type, Var};

use super::account::Account;
use super::{Phase, Step, argument, refusal};
use crate::device::Device;
use crate::facts::Facts;
use crate::judge::is_shared;
use crate::region;
use crate::state::{Draft, State};

/// The step.
pub struct Pad;

/// More than any number of banks asks for.
const MOST: u64 = 32;

impl Step for Pad {
    fn name(&self) -> &'static str {
        "pad"
    }

    fn phase(&self) -> Phase {
        Phase::Memory
    }

    fn moves(&self, draft: &Draft, _device: &Device, out: &mut Vec<Move>) {
        for array in shared(draft.function(), draft.statements()) {
            out.push(Move {
                step: self.name().to_owned(),
                target: mupac_ir::LoopName(draft.function().vars[array].name.clone()),
                arguments: vec!["1".to_owned()],
            });
        }
    }

    fn apply(
        &self,
        _facts: &Facts,
        function: &mut Function,
        region: &mut Block,
        step: &Move,
    ) -> Result<(), Refusal> {
        let by: u64 = argument(step, 0)?;
        if !(1..=MOST).contains(&by) || step.arguments.len() != 1 {
            return Err(refusal(step, "the form is `pad ARRAY ELEMENTS`"));
        }
        let arrays = shared(function, region);
        let mut named = arrays
            .into_iter()
            .filter(|array| function.vars[*array].name == step.target.0);
        let array = named
            .next()
            .ok_or_else(|| refusal(step, "the region shares no such array"))?;
        lengthen(&mut function.vars[array].ty, by)
            .ok_or_else(|| refusal(step, "the array has one row"))
    }

    fn account(&self, _before: &State, step: &Move) -> Result<Account, Refusal> {
        let by: u64 = argument(step, 0)?;
        Ok(Account {
            did: format!(
                "made the rows of `{}` longer by {by}, so that a column lies in different banks",
                step.target
            ),
            legal_because: "nothing uses the new elements".to_owned(),
        })
    }
}

/// Returns the shared arrays of a region, in the order of the text.
fn shared(function: &Function, region: &[Stmt]) -> Vec<Handle<Var>> {
    let mut found = Vec::new();
    region::each(region, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && is_shared(function, *var)
            && !found.contains(var)
        {
            found.push(*var);
        }
    });
    found
}

/// Makes the rows of an array of several dimensions longer.
fn lengthen(ty: &mut Type, by: u64) -> Option<()> {
    let has_rows = matches!(ty.element(), Some(Type::Array { .. }));
    match row(ty).filter(|_| has_rows)? {
        Extent::Fixed(length) => *length = length.checked_add(by)?,
        Extent::Variable(_) | Extent::Unknown => return None,
    }
    Some(())
}

/// Returns the length of the innermost dimension.
fn row(ty: &mut Type) -> Option<&mut Extent> {
    let Type::Array { of, length } = ty else {
        return None;
    };
    if matches!(**of, Type::Array { .. }) {
        row(of)
    } else {
        Some(length)
    }
}
