//! The oracle behind `-O0`: it has no opinion, so a search that asks it stays with the default bindings.

use mupac_ir::{Handle, Var};
use mupac_passes::Draft;

use crate::oracle::{Evaluation, Oracle, OracleError};

/// Finds every state as good as any other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Naive;

impl Oracle for Naive {
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError> {
        let same = Evaluation {
            log2_seconds: 0.0,
            bound_log2_seconds: 0.0,
        };
        Ok(vec![same; drafts.len()])
    }

    fn bound(&mut self, _draft: &Draft, _array: Handle<Var>) -> Result<f64, OracleError> {
        Ok(0.0)
    }

    fn has_opinion(&self) -> bool {
        false
    }
}
