//! What proposals are worth: by themselves, and as the beginning of short searches.

use std::path::Path;

use mupac_ir::generate::Family;
use mupac_model::greedy::completion;
use mupac_model::network::Network;
use mupac_model::proposals::{Proposer, Proposing};
use mupac_model::search::{beginning, chosen};
use mupac_model::trajectories::Retrieval;
use mupac_model::{Even, Guide, Learned, TrajectoryGraph};
use mupac_passes::{Device, Draft, State};

use crate::ablation::{MATTERS, log2_seconds, searched, thorough};
use crate::programs::{self, Use};
use crate::statistics::Row;

/// Searches of so many simulations are held against one another.
const BUDGETS: [usize; 2] = [8, 32];

/// What guides know.
struct Known {
    graph: TrajectoryGraph,
    network: Network,
    proposers: [Proposer; 2],
    device: Device,
}

/// A table for one budget, or of what is proposed without a search.
struct Table {
    name: String,
    rows: Vec<Row>,
}

/// Writes the tables for the families of one use.
///
/// `models` holds `proposals.onnx` and `proposals_shuffled.onnx`, as `make train` leaves them.
pub(crate) fn write(models: &Path, of: Use, programs: u64, first_seed: u64) {
    let read = |name: &str| Proposer::read(&std::fs::read(models.join(name)).unwrap()).unwrap();
    let known = Known {
        graph: TrajectoryGraph::shipped(),
        network: Network::shipped().unwrap(),
        proposers: ["proposals.onnx", "proposals_shuffled.onnx"].map(read),
        device: Device::default(),
    };
    let mut tables = known.tables();
    let is_wanted = |family: &Family| programs::use_of(*family) == of;
    let (mut all, mut near) = (0_u32, 0);
    let mut seconds = 0.0;
    for family in Family::ALL.into_iter().filter(is_wanted) {
        let seeds = first_seed..first_seed + programs;
        for start in seeds.flat_map(|seed| programs::regions(family, seed)) {
            let Some(times) = known.times(&start) else {
                continue;
            };
            seconds += known.seconds(&start);
            let best = times
                .iter()
                .flatten()
                .copied()
                .fold(f64::INFINITY, f64::min);
            all += 1;
            near += usize::from(times[0][1] - best <= 1.1_f64.log2());
            if times[0][0] - best >= MATTERS {
                for (table, times) in tables.iter_mut().zip(&times) {
                    for (row, time) in table.rows.iter_mut().zip(times) {
                        row.regrets.push(time - best);
                    }
                }
            }
        }
        println!("{family:?}: {all} regions so far");
    }
    println!(
        "SIMULATED, {of:?} families; {all} regions, a proposal within 10 % of the best in {near}"
    );
    println!(
        "{:.0} ms a region to propose",
        1e3 * seconds / f64::from(all)
    );
    for table in &tables {
        println!("{}, {} regions", table.name, table.rows[0].regrets.len());
        println!("{}", Row::header(&["the first"]));
        for row in &table.rows {
            println!("{}", row.text(&[&table.rows[0]]));
        }
    }
}

impl Known {
    fn tables(&self) -> Vec<Table> {
        let named = |name: String, rows: &[&str]| Table {
            name,
            rows: rows.iter().map(|row| Row::new(row)).collect(),
        };
        let alone = [
            "default bindings",
            "proposals",
            "proposals of shuffled plans",
        ];
        let mut tables = vec![named("no search, best of four".to_owned(), &alone)];
        let ways = [
            "network + graph + search",
            "proposals + network + graph + search",
            "proposals of shuffled plans + network + graph + search",
            "search",
            "proposals + search",
        ];
        tables.extend(BUDGETS.map(|budget| named(format!("{budget} simulations"), &ways)));
        tables
    }

    /// Returns the times of all ways, table by table; `None` where there is no plan at all.
    ///
    /// **Units**: binary logarithm of seconds.
    fn times(&self, start: &State) -> Option<Vec<Vec<f64>>> {
        let default = searched(start, &mut Even, 0)?;
        let least = thorough(start)?.first()?.least_log2_seconds?;
        let [own, shuffled] = &self.proposers;
        let proposed = |proposer| {
            self.proposed(start, proposer)
                .map_or(default, |time| time.min(default))
        };
        // The best of a long search is no way of its own; it stands where the default bindings do where that is better.
        let mut times = vec![vec![default, proposed(own), proposed(shuffled)]];
        for budget in BUDGETS {
            let by = |guide: &mut dyn Guide| searched(start, guide, budget).unwrap_or(default);
            let learned =
                || Retrieval::over(&self.graph, Learned::new(&self.network, &self.device));
            let over = |proposer| Proposing::over(proposer, &self.device, learned());
            times.push(vec![
                by(&mut learned()),
                by(&mut over(own)),
                by(&mut over(shuffled)),
                by(&mut Even),
                by(&mut Proposing::over(own, &self.device, Even)),
            ]);
        }
        times.push(vec![least]);
        Some(times)
    }

    /// Returns how long proposing takes.
    fn seconds(&self, start: &State) -> f64 {
        let first = beginning(start);
        let began = std::time::Instant::now();
        let proposals = self.proposers[0].proposals(&first, &self.device);
        assert!(proposals.is_ok());
        began.elapsed().as_secs_f64()
    }

    /// Returns the time of the best legal plan that is proposed.
    fn proposed(&self, start: &State, proposer: &Proposer) -> Option<f64> {
        let first = beginning(start);
        let proposals = proposer.proposals(&first, &self.device).ok()?;
        let plans = proposals.iter().filter_map(|choices| {
            let mut choices = choices.iter();
            let follow = |draft: Draft, choice| chosen(&draft, choice, &self.device);
            choices.try_fold(first.clone(), follow)
        });
        let times = plans.filter_map(|draft| self.completed(start, &draft));
        times.reduce(f64::min)
    }

    /// Returns the time of what the default bindings make of a draft, if the judge accepts it.
    fn completed(&self, start: &State, draft: &Draft) -> Option<f64> {
        let complete = completion(draft, &self.device).ok()?;
        let legal = start.replay(complete.trajectory(), &self.device).ok()?;
        log2_seconds(&legal)
    }
}
