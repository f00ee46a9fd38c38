//! Monte Carlo graph search for the best complete plans of a region.
//!
//! A simulation follows the moves that look best until it meets a state that nobody has seen, asks the oracle what that
//! state is worth when the default bindings complete it and the guide what it promises beyond that, and carries the answer
//! back along its path; moves that do not fit, and ways to where all is known, cost little and do not count.
//! States are drafts, which cost little; the judge is asked about the best plans alone, once in a while on the way, so
//! that the search does not stay with a plan that is refused, and for every plan that is returned.
//! A space that is smaller than the budget is seen as a whole, and the search ends.
//!
//! The budget counts simulations, not time, so the same question has the same answer on every machine.
//!
//! **Source**: Czech, Korus, Kersting, “Monte-Carlo Graph Search for `AlphaZero`” (ICAPS 2021); that optimisation
//! trajectories be searched so: `ReGraphT` (2025).

mod advisers;
mod choices;
mod explored;
mod graph;
mod guide;
mod ranking;

pub use choices::{beginning, choices, chosen, path};
pub use explored::{Explored, Outcome, explore, least_log2_seconds};
pub use guide::{Advice, Choice, Even, Guide};
pub use ranking::{Plan, Ranking};

use std::collections::BTreeSet;

use mupac_passes::{Device, Phase, State, StateKey};

use crate::oracle::{Oracle, OracleError};
use advisers::Advisers;
use graph::{Graph, Index, Target};

/// After how many simulations the judge sees the best plan so far.
const JUDGED_EVERY: usize = 64;

/// Which part of the budget goes to what the guide proposes, at most: one in so many simulations.
const PROPOSED: usize = 4;

/// How long a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most simulations.
    pub simulations: usize,
    /// It ends where so many simulations, one after another, found nothing better.
    pub patience: usize,
}

impl Budget {
    /// Returns a budget without an end before its last simulation.
    pub fn of(simulations: usize) -> Self {
        Self {
            simulations,
            patience: simulations,
        }
    }
}

/// A search on its way.
#[derive(Debug)]
struct Search {
    start: State,
    device: Device,
    graph: Graph,
    /// The plans that the judge saw.
    judged: BTreeSet<StateKey>,
    /// The time of the best plan so far, and the simulation that found it.
    best: Option<(f64, usize)>,
    /// How many simulations there were.
    simulations: usize,
}

/// Searches the plans of a region.
///
/// **Errors**: the oracle or the guide fails.
pub fn search(
    start: &State,
    oracle: &mut dyn Oracle,
    guide: &mut dyn Guide,
    device: &Device,
    budget: Budget,
) -> Result<Ranking, OracleError> {
    let search = searched(start, oracle, guide, device, budget)?;
    Ok(Ranking::new(
        search.graph.plans().cloned(),
        search.simulations,
    ))
}

/// Returns a search that is at its end.
fn searched(
    start: &State,
    oracle: &mut dyn Oracle,
    guide: &mut dyn Guide,
    device: &Device,
    budget: Budget,
) -> Result<Search, OracleError> {
    let mut advisers = Advisers::new(oracle, guide);
    let draft = beginning(start);
    let identity = (draft.key(), Phase::Region);
    let seen = advisers.seen(&draft, identity, device)?;
    let mut graph = Graph::default();
    graph.add(draft, identity, None, seen);
    let mut search = Search {
        start: start.clone(),
        device: device.clone(),
        graph,
        judged: BTreeSet::new(),
        best: None,
        simulations: 0,
    };
    search.follow_proposals(&mut advisers, budget)?;
    while search.simulations < budget.simulations && !search.graph.is_exhausted() {
        if !search.simulate(&mut advisers)? {
            continue;
        }
        search.simulations += 1;
        if search.simulations.is_multiple_of(JUDGED_EVERY) {
            search.judge_best();
        }
        if search.is_stale(budget.patience) {
            break;
        }
    }
    Ok(search)
}

impl Search {
    /// Returns whether the last simulations found nothing better.
    fn is_stale(&mut self, patience: usize) -> bool {
        let times = self.graph.plans().map(|plan| plan.log2_seconds);
        let Some(fastest) = times.min_by(f64::total_cmp) else {
            return false;
        };
        match self.best {
            Some((known, since)) if known.total_cmp(&fastest).is_eq() => {
                self.simulations - since >= patience
            }
            _ => {
                self.best = Some((fastest, self.simulations));
                false
            }
        }
    }

    /// Lets the judge see the fastest plan behind every state, until it has accepted all of them.
    fn judge_all(&mut self) {
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            let fastest: BTreeSet<Index> = self
                .graph
                .fastest()
                .into_iter()
                .flatten()
                .map(|plan| plan.at)
                .collect();
            for at in fastest {
                if let Some(plan) = self.graph.node(at).plan.clone() {
                    is_settled &= !self.judge(&plan);
                }
            }
        }
    }

    /// Lets the judge see the best plan.
    fn judge_best(&mut self) {
        let best = ranking::best(self.graph.plans());
        let plan = best.and_then(|best| self.graph.plans().nth(best).cloned());
        if let Some(plan) = plan {
            self.judge(&plan);
        }
    }

    /// Lets the judge see a plan, unless it has; returns whether it refuses it.
    fn judge(&mut self, plan: &Plan) -> bool {
        let is_new = self.judged.insert(plan.key);
        let is_refused = is_new && self.start.replay(&plan.trajectory, &self.device).is_err();
        if is_refused {
            for at in self.graph.completed_to(plan.key) {
                self.graph.refuse(at);
            }
        }
        is_refused
    }

    /// Makes the choices that the guide proposes, as far as their part of the budget lasts; each state that is new counts.
    fn follow_proposals(
        &mut self,
        advisers: &mut Advisers<'_>,
        budget: Budget,
    ) -> Result<(), OracleError> {
        let beginning = self.graph.node(Graph::ROOT).draft.clone();
        let most = budget.simulations.div_ceil(PROPOSED);
        for proposal in advisers.guide.proposals(&beginning)? {
            let mut path = vec![Graph::ROOT];
            let mut at = Graph::ROOT;
            for choice in &proposal {
                if self.simulations >= most {
                    break;
                }
                self.expand(at, advisers)?;
                let mut edges = self.graph.node(at).edges.iter().flatten();
                let Some(position) = edges.position(|edge| edge.choice == *choice) else {
                    break;
                };
                self.graph.visit(at, position);
                match self.follow(at, position, advisers)? {
                    Step::Known(next) => at = next,
                    Step::New(next) => {
                        at = next;
                        self.simulations += 1;
                    }
                    Step::Nowhere => break,
                }
                path.push(at);
            }
            self.graph.update(&path);
        }
        Ok(())
    }

    /// Follows the most promising moves to a state that was not seen before; returns whether it came to one.
    ///
    /// A move that does not fit is passed over for the next.
    /// Where nothing is left behind a state, the state is closed, and no visit of those on the way is counted: it would
    /// lower the interest in what still is open behind them.
    fn simulate(&mut self, advisers: &mut Advisers<'_>) -> Result<bool, OracleError> {
        let (mut path, mut edges) = (vec![Graph::ROOT], Vec::new());
        let mut at = Graph::ROOT;
        let is_new = loop {
            self.expand(at, advisers)?;
            let Some(position) = self.graph.choice(at) else {
                break false;
            };
            let step = self.follow(at, position, advisers)?;
            if let Step::Known(next) | Step::New(next) = step {
                edges.push((at, position));
                path.push(next);
                at = next;
            }
            if let Step::New(_) = step {
                break true;
            }
        };
        if is_new {
            for (at, position) in edges {
                self.graph.visit(at, position);
            }
        }
        self.graph.update(&path);
        Ok(is_new)
    }

    fn expand(&mut self, at: Index, advisers: &mut Advisers<'_>) -> Result<(), OracleError> {
        let node = self.graph.node(at);
        if node.edges.is_none() {
            let (edges, _) =
                advisers.edges(&node.draft, node.phase, node.plan.as_ref(), &self.device)?;
            self.graph.node_mut(at).edges = Some(edges);
        }
        Ok(())
    }

    /// Goes along an edge, for the first time if nobody did.
    fn follow(
        &mut self,
        at: Index,
        position: usize,
        advisers: &mut Advisers<'_>,
    ) -> Result<Step, OracleError> {
        let node = self.graph.node(at);
        let Some(edge) = node.edges.iter().flatten().nth(position) else {
            return Ok(Step::Nowhere);
        };
        match edge.target {
            Target::Node(next) => return Ok(Step::Known(next)),
            Target::Nowhere => return Ok(Step::Nowhere),
            Target::Unknown => {}
        }
        let phase = edge.choice.phase;
        let Some(draft) = chosen(&node.draft, &edge.choice, &self.device) else {
            self.graph.aim(at, position, Target::Nowhere);
            return Ok(Step::Nowhere);
        };
        let identity = (draft.key(), phase);
        let step = match self.graph.find(identity) {
            Some(next) if self.graph.leads(next, at) => Step::Nowhere,
            Some(next) => Step::Known(next),
            None => {
                let seen = advisers.seen(&draft, identity, &self.device)?;
                Step::New(self.graph.add(draft, identity, Some(at), seen))
            }
        };
        self.graph.aim(at, position, step.target());
        Ok(step)
    }
}

/// Where a simulation comes to by one edge.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// To a state that was seen before.
    Known(Index),
    /// To one that was not.
    New(Index),
    /// Nowhere.
    Nowhere,
}

impl Step {
    fn target(self) -> Target {
        match self {
            Self::Known(next) | Self::New(next) => Target::Node(next),
            Self::Nowhere => Target::Nowhere,
        }
    }
}
