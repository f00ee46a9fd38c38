//! Whether the search finds the best of all plans: against every plan, where there are few enough to look at all.

use std::time::{Duration, Instant};

use mupac_ir::generate::Family;
use mupac_model::trajectories::Retrieval;
use mupac_model::{Even, Guide, Learned, Network, TrajectoryGraph};
use mupac_passes::{Device, State};

use crate::ablation::searched;
use crate::enumeration::least_log2_seconds;
use crate::programs;

/// How many states are looked at, at most.
const MOST: usize = 2_000;

/// What a search by one guide did.
#[derive(Default)]
struct Score {
    found: usize,
    clock: Duration,
    longest: Duration,
}

impl Score {
    fn count(&mut self, start: &State, guide: &mut dyn Guide, least: Option<f64>) {
        let clock = Instant::now();
        let time = searched(start, guide, 384);
        self.clock += clock.elapsed();
        self.longest = self.longest.max(clock.elapsed());
        let is_found = time.zip(least).is_some_and(|(time, least)| time <= least);
        self.found += usize::from(is_found);
    }
}

/// Writes how many of the regions of all families can be enumerated, in how many of them a search finds the best plan, and
/// how long it takes.
pub(crate) fn write(programs: u64, first_seed: u64) {
    let (device, graph) = (Device::default(), TrajectoryGraph::shipped());
    let network = Network::shipped().unwrap();
    let (mut regions, mut enumerable) = (0, 0);
    let mut scores = [Score::default(), Score::default()];
    for family in Family::ALL {
        let seeds = first_seed..first_seed + programs;
        for start in seeds.flat_map(|seed| programs::regions(family, seed)) {
            let least = least_log2_seconds(&start, MOST);
            regions += 1;
            enumerable += usize::from(least.is_some());
            scores[0].count(&start, &mut Even, least);
            let learned = Learned::new(&network, &device);
            scores[1].count(&start, &mut Retrieval::over(&graph, learned), least);
        }
    }
    println!("{regions} regions, {enumerable} of at most {MOST} states; 384 simulations");
    for (name, score) in ["search", "shipped"].iter().zip(&scores) {
        println!(
            "{name}: {} found ({:.1} %); {:.1} ms a region, {:.0} ms at most",
            score.found,
            100.0 * score.found as f64 / f64::from(enumerable.max(1) as u32),
            1000.0 * score.clock.as_secs_f64() / f64::from(regions.max(1)),
            1000.0 * score.longest.as_secs_f64(),
        );
    }
}
