//! What a search asks of whoever knows how fast code runs.

use mupac_ir::{Handle, Var};
use mupac_passes::Draft;

use crate::network::NetworkError;

/// Says how fast states run, or drafts would if they were legal.
pub trait Oracle {
    /// Returns one evaluation per draft, in the same order.
    ///
    /// The drafts belong to one region; only the differences between their evaluations matter to a search.
    /// Mapped loops run as mapped, all others in order inside one thread.
    ///
    /// **Errors**: where a draft has no evaluation; the message says why.
    fn evaluate(&mut self, drafts: &[&Draft]) -> Result<Vec<Evaluation>, OracleError>;

    /// Returns a time that no moves come below which only make the reads of one array cheaper.
    ///
    /// **Units**: binary logarithm of seconds.
    ///
    /// **Errors**: as for [`evaluate`](Self::evaluate).
    fn bound(&mut self, draft: &Draft, array: Handle<Var>) -> Result<f64, OracleError>;

    /// Returns whether its evaluations of two states of a region can differ; where not, looking for a better state is
    /// in vain, and a search need not build any.
    fn has_opinion(&self) -> bool {
        true
    }
}

/// How fast a state runs, in the opinion of an oracle.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Evaluation {
    /// The time of one execution of the region's kernels, launches included and copies excluded.
    ///
    /// **Units**: binary logarithm of seconds, so that a difference of 1 is a factor of 2; smaller is better.
    pub log2_seconds: f64,
    /// What no moves come below that only make reads of arrays cheaper.
    ///
    /// **Units**: as above.
    pub bound_log2_seconds: f64,
}

/// Why an oracle has no opinion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OracleError {
    /// The network that guides the search fails.
    #[error(transparent)]
    Network(#[from] NetworkError),
}
