//! The oracle behind `-O0`: it has no opinion, so a search that asks it stays with the default bindings.

use mupac_passes::Draft;

use crate::oracle::{Evaluation, Oracle, OracleError, Relief};

/// Finds every state as good as any other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Naive;

impl Oracle for Naive {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        Ok(vec![Evaluation { log2_seconds: 0.0 }; drafts.len()])
    }

    fn bound(&mut self, _draft: &Draft, _relief: Relief) -> Result<Evaluation, OracleError> {
        Ok(Evaluation { log2_seconds: 0.0 })
    }

    fn has_opinion(&self) -> bool {
        false
    }
}
