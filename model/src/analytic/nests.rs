//! What is estimated of each nest by itself.

use mupac_passes::Draft;

use super::estimate::Estimate;
use super::figures::Figures;
use super::{Analytic, each_launch};

/// What is estimated of one nest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfNest {
    /// One run of the nest, whatever loops of the host are around it.
    pub estimate: Estimate,
    /// Its first launch.
    pub figures: Option<Figures>,
}

impl Analytic {
    /// Returns what is estimated of the nests of a draft, in the order of [`Draft::nests`].
    pub fn by_nest(&self, draft: &Draft) -> Vec<OfNest> {
        let of = self.region(draft);
        let one = |nest| {
            let mut found = OfNest::default();
            each_launch(&of, nest, &mut Vec::new(), 1.0, &mut |kernel, times| {
                let estimate = Estimate::of_launch(kernel, self.hardware);
                found.estimate.add(&estimate, times);
                let figures = || Figures::of(kernel, times, self.hardware);
                found.figures.get_or_insert_with(figures);
            });
            found
        };
        draft.nests().into_iter().map(one).collect()
    }
}
