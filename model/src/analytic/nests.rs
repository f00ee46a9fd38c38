//! What is estimated of each nest by itself.

use mupac_passes::Draft;

use super::estimate::Estimate;
use super::figures::Figures;
use super::launch::Launch;
use super::sites::sites;
use super::typical::Typical;
use super::walk::{self, Region};
use super::{Analytic, joined};

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
        let joined = joined(draft);
        let of = Region::of(draft, Typical::of(draft), &joined, self.hardware);
        let one = |nest| {
            let mut found = OfNest::default();
            for site in sites(&of, nest) {
                let kernel = walk::kernel(&of, &site.host, site.statement);
                let estimate = Launch::new(&kernel, self.hardware).estimate();
                found.estimate.add(&estimate, site.times);
                let figures = || Figures::of(&kernel, site.times, self.hardware);
                found.figures.get_or_insert_with(figures);
            }
            found
        };
        draft.nests().into_iter().map(one).collect()
    }
}
