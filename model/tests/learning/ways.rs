//! Ways to find a plan: what each comes to in a region.

use std::path::Path;

use mupac_model::greedy::completion;
use mupac_model::network::{Learned, Network};
use mupac_model::proposals::{Proposer, Proposing};
use mupac_model::search::{Explored, beginning, chosen, explore, least_log2_seconds};
use mupac_model::trajectories::Retrieval;
use mupac_model::{Analytic, Budget, Even, Guide, Naive, Oracle, TrajectoryGraph, greedy};
use mupac_passes::{Device, Draft, State};

/// How long the search goes on that says what the best plan is.
const THOROUGH: usize = 1024;

/// Makes a guide.
pub(crate) type Maker<'a> = Box<dyn Fn() -> Box<dyn Guide + 'a> + 'a>;

/// What guides know.
pub(crate) struct Known {
    graph: TrajectoryGraph,
    trained: Network,
    shuffled: Network,
    untrained: Network,
    proposer: Proposer,
    shuffled_proposer: Proposer,
    device: Device,
}

impl Known {
    /// Reads what `make train` leaves in a folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let bytes = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let network = |name: &str| Network::read(&bytes(name)).unwrap();
        let proposer = |name: &str| Proposer::read(&bytes(name)).unwrap();
        Self {
            graph: TrajectoryGraph::shipped(),
            trained: network("policy_value.onnx"),
            shuffled: network("shuffled.onnx"),
            untrained: network("untrained.onnx"),
            proposer: proposer("proposals.onnx"),
            shuffled_proposer: proposer("proposals_shuffled.onnx"),
            device: Device::default(),
        }
    }

    /// The names of the ways without a search, in the order of [`alone`](Self::alone).
    pub(crate) const ALONE: [&'static str; 4] = [
        "default bindings",
        "greedy walk",
        "proposals, no search",
        "proposals of shuffled plans, no search",
    ];

    /// Returns the times of the ways without a search, of which none is worse than the default bindings; `None` where
    /// these do not fit.
    ///
    /// **Units**: binary logarithm of seconds.
    pub(crate) fn alone(&self, start: &State) -> Option<[f64; Self::ALONE.len()]> {
        let default = default_time(start)?;
        let found = [
            walked(start),
            self.proposed(start, &self.proposer),
            self.proposed(start, &self.shuffled_proposer),
        ];
        let [walk, proposed, shuffled] = found.map(|time| time.unwrap_or(default));
        Some([default, walk, proposed.min(default), shuffled.min(default)])
    }

    /// Returns what guides searches, by name.
    pub(crate) fn guides(&self) -> [(&'static str, Maker<'_>); 9] {
        let learned = |network| Learned::new(network, &self.device);
        let by = move |network| -> Maker<'_> { Box::new(move || Box::new(learned(network))) };
        let both = move || Retrieval::over(&self.graph, learned(&self.trained));
        let proposing = move |proposer| -> Maker<'_> {
            Box::new(move || Box::new(Proposing::over(proposer, &self.device, both())))
        };
        [
            ("search", Box::new(|| Box::new(Even))),
            (
                "graph + search",
                Box::new(|| Box::new(Retrieval::new(&self.graph))),
            ),
            (
                "proposals + search",
                Box::new(|| Box::new(Proposing::over(&self.proposer, &self.device, Even))),
            ),
            ("network + search", by(&self.trained)),
            (
                "network + graph + search",
                Box::new(move || Box::new(both())),
            ),
            (
                "proposals + network + graph + search (shipped)",
                proposing(&self.proposer),
            ),
            (
                "proposals of shuffled plans + network + graph + search",
                proposing(&self.shuffled_proposer),
            ),
            ("network of shuffled labels + search", by(&self.shuffled)),
            ("network of random weights + search", by(&self.untrained)),
        ]
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

/// Returns what a long search says of all states that it looked beyond; `None` where it saw no plan.
pub(crate) fn thorough(start: &State) -> Option<Vec<Explored>> {
    let device = Device::default();
    let budget = Budget::of(THOROUGH);
    let explored = explore(start, &mut Analytic::default(), &mut Even, &device, budget).ok()?;
    explored.first()?.least_log2_seconds?;
    Some(explored)
}

/// Returns the time of the best plan of a search.
pub(crate) fn searched(start: &State, guide: &mut dyn Guide, simulations: usize) -> Option<f64> {
    let (mut oracle, device) = (Analytic::default(), Device::default());
    let budget = Budget::of(simulations);
    least_log2_seconds(start, &mut oracle, guide, &device, budget).ok()?
}

/// Returns the time of the default bindings.
fn default_time(start: &State) -> Option<f64> {
    let plan = greedy(start, &mut Naive, &Device::default()).ok()?;
    log2_seconds(&plan)
}

fn walked(start: &State) -> Option<f64> {
    let plan = greedy(start, &mut Analytic::default(), &Device::default()).ok()?;
    log2_seconds(&plan)
}

fn log2_seconds(plan: &Draft) -> Option<f64> {
    let evaluations = Analytic::default().evaluate(&[plan]).ok()?;
    Some(evaluations.first()?.log2_seconds)
}
