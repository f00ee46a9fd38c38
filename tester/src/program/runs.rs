//! Runs the text in every way; where it takes too long with every launch made, in every way with the launches that pay.

use std::time::Duration;

use mupac_ir::parallel;

use crate::bench::Variant;
use crate::isolation::Ending;
use crate::observation::{Observation, Trace};
use crate::outcome::TesterError;

use super::Runner;

/// A way to run a text, and what came of it.
pub(super) type Observed<'a> = (Variant<'a>, Result<Observation, TesterError>);

impl<'a> Runner<'a> {
    /// Runs the text in several ways, first where it launches every kernel and where it launches what pays: where only the
    /// former takes too long, and shows no fault, the others launch what pays as well, and `true` is returned.
    pub(super) fn runs(
        &self,
        variants: Vec<Variant<'a>>,
        limit: Duration,
    ) -> (Vec<Observed<'a>>, bool) {
        let observed = |some: Vec<Variant<'a>>| -> Vec<Observed<'a>> {
            let runs = parallel::map(&some, |variant| self.run(variant, limit, Trace::Off));
            some.into_iter().zip(runs).collect()
        };
        let is_telling = |variant: &Variant<'_>| variant.is_first() || variant.is_usual();
        let (telling, mut others): (Vec<_>, Vec<_>) = variants.into_iter().partition(is_telling);
        let mut runs = observed(telling);
        let is_slow = match runs.as_slice() {
            [(_, Ok(every)), (_, Ok(what_pays))] if is_late(every) => {
                let is_sound = every.report.fault.is_none() && every.report.errors.is_empty();
                if !is_sound || is_late(what_pays) {
                    return (runs, false);
                }
                true
            }
            _ => false,
        };
        if is_slow {
            drop(runs.remove(0));
            for variant in &mut others {
                variant.is_default = true;
            }
        }
        runs.extend(observed(others));
        (runs, is_slow)
    }
}

/// Returns whether a run was ended since it took too long.
pub(super) fn is_late(run: &Observation) -> bool {
    run.finished.ending == Ending::TimedOut
}
