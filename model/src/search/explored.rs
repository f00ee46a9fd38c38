//! What a search saw, for those who learn from it.

use mupac_passes::{Device, Draft, Phase, State};

use super::graph::{Fastest, Node, Target};
use super::guide::{Choice, Guide};
use super::ranking::Plan;
use super::{Budget, searched};
use crate::oracle::{Oracle, OracleError};

/// A state that a search looked beyond.
#[derive(Clone, Debug)]
pub struct Explored {
    /// The state.
    pub draft: Draft,
    /// The phase of the last move.
    pub phase: Phase,
    /// How often it was come to.
    pub visits: u32,
    /// What the default bindings make of it takes so long; `None` where they do not fit.
    ///
    /// **Units**: binary logarithm of seconds, as for all times here.
    pub log2_seconds: Option<f64>,
    /// The least time of all legal plans that were found from it; `None` where there are none.
    pub least_log2_seconds: Option<f64>,
    /// Whether everything behind it was seen, so that the least time is that of all its legal plans.
    pub is_exhausted: bool,
    /// What it had to choose from, each with what came of it.
    pub choices: Vec<(Choice, Outcome)>,
}

/// What came of a choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Nobody looked.
    Unknown,
    /// It does not fit, or leads to no legal plan.
    Nothing,
    /// The least time of the legal plans that were found behind it.
    Plan {
        /// **Units**: binary logarithm of seconds.
        log2_seconds: f64,
        /// How many choices lead from there to the first such plan.
        choices: u32,
    },
}

impl Outcome {
    /// Returns the least time of the legal plans that were found behind the choice.
    ///
    /// **Units**: binary logarithm of seconds.
    pub fn log2_seconds(self) -> Option<f64> {
        match self {
            Self::Plan { log2_seconds, .. } => Some(log2_seconds),
            Self::Unknown | Self::Nothing => None,
        }
    }
}

/// Searches like [`search`](super::search()) and returns the states that it looked beyond, in the order in which it found
/// them.
///
/// The judge sees what is said to be the best behind any state; what it refuses is not counted, so nobody learns from
/// plans that cannot be had.
///
/// **Errors**: the oracle or the guide fails.
pub fn explore(
    start: &State,
    oracle: &mut dyn Oracle,
    guide: &mut dyn Guide,
    device: &Device,
    budget: Budget,
) -> Result<Vec<Explored>, OracleError> {
    let mut search = searched(start, oracle, guide, device, budget)?;
    search.judge_all();
    let graph = &search.graph;
    let fastest = graph.fastest();
    let explored = |(node, fastest_plan): (&Node, &Option<Fastest>)| {
        let edges = node.edges.as_ref()?;
        let choices = edges.iter();
        Some(Explored {
            draft: node.draft.clone(),
            phase: node.phase,
            visits: node.visits(),
            log2_seconds: node.plan.as_ref().map(|plan| plan.log2_seconds),
            least_log2_seconds: fastest_plan.map(|plan| plan.log2_seconds),
            is_exhausted: node.is_exhausted(),
            choices: choices
                .map(|edge| (edge.choice.clone(), outcome(edge.target, &fastest)))
                .collect(),
        })
    };
    Ok(graph
        .nodes()
        .iter()
        .zip(&fastest)
        .filter_map(explored)
        .collect())
}

/// Searches like [`search`](super::search()) and returns the least time of all plans found that the judge accepts; `None`
/// where there are none.
///
/// **Units**: binary logarithm of seconds.
///
/// **Errors**: the oracle or the guide fails.
pub fn least_log2_seconds(
    start: &State,
    oracle: &mut dyn Oracle,
    guide: &mut dyn Guide,
    device: &Device,
    budget: Budget,
) -> Result<Option<f64>, OracleError> {
    let search = searched(start, oracle, guide, device, budget)?;
    let mut plans: Vec<&Plan> = search.graph.plans().collect();
    plans.sort_by(|a, b| a.log2_seconds.total_cmp(&b.log2_seconds));
    // What the judge has seen and refused is no longer among the plans.
    let is_legal = |plan: &&&Plan| {
        let is_known = search.judged.contains(&plan.key);
        is_known || start.replay(&plan.trajectory, device).is_ok()
    };
    let least = plans.iter().find(is_legal);
    Ok(least.map(|plan| plan.log2_seconds))
}

fn outcome(target: Target, fastest: &[Option<Fastest>]) -> Outcome {
    match target {
        Target::Unknown => Outcome::Unknown,
        Target::Nowhere => Outcome::Nothing,
        Target::Node(next) => {
            next.of(fastest)
                .flatten()
                .map_or(Outcome::Nothing, |plan| Outcome::Plan {
                    log2_seconds: plan.log2_seconds,
                    choices: plan.choices,
                })
        }
    }
}
