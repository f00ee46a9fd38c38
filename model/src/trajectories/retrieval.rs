//! The graph as a guide of the search: moves that did well in nests of the same kind come first.

use std::collections::BTreeMap;

use mupac_passes::Draft;

use super::statistics::visits;
use super::{Node, TrajectoryGraph};
use crate::oracle::OracleError;
use crate::search::{Advice, Choice, Even, Guide};
use crate::signature::{Level, Signature, nest_of, role};

/// Returns how much of the attention the graph decides where it knows all there is to know of nests that are alike to a
/// level: the less they share, the less.
fn most_weight(level: Level) -> f64 {
    match level {
        Level::Exact => 0.5,
        Level::Loops => 0.25,
        Level::Shape => 0.125,
    }
}

/// From how many observations on a node has half of its say.
const HALF_WEIGHT: f64 = 8.0;

/// What is expected of a move that was never made in nests of this kind, where others were.
///
/// **Units**: binary logarithm of a factor, as for [`super::Statistics::expected`].
const UNSEEN: f64 = -2.0;

/// Looks moves up in a graph, on top of what another guide says.
#[derive(Clone, Debug)]
pub struct Retrieval<'a, G = Even> {
    graph: &'a TrajectoryGraph,
    prior: G,
}

impl<'a> Retrieval<'a> {
    /// Returns a guide by a graph alone.
    pub fn new(graph: &'a TrajectoryGraph) -> Self {
        Self::over(graph, Even)
    }
}

impl<'a, G> Retrieval<'a, G> {
    /// Returns a guide by a graph and, as far as the graph knows too little, by another guide.
    pub fn over(graph: &'a TrajectoryGraph, prior: G) -> Self {
        Self { graph, prior }
    }

    /// Returns what the graph knows of a choice; of several moves at once it knows nothing.
    fn known(&self, draft: &Draft, choice: &Choice, nodes: &mut Nodes<'a>) -> Option<Known> {
        let step = choice.single()?;
        let (number, nest) = nest_of(draft, &step.target)?;
        let role = role(nest, step)?;
        let node = *nodes
            .entry(number)
            .or_insert_with(|| self.graph.find(&Signature::of(draft, nest)));
        let (level, node) = node?;
        let visits = visits(node);
        let weight = match node.get(&role) {
            Some(known) => known.expected().exp2() * known.success(),
            None => UNSEEN.exp2(),
        };
        Some(Known {
            nest: number,
            weight,
            trust: most_weight(level) * f64::from(visits) / (f64::from(visits) + HALF_WEIGHT),
        })
    }
}

/// The nodes of the nests of one draft, by number.
type Nodes<'a> = BTreeMap<usize, Option<(Level, &'a Node)>>;

/// What the graph knows of a choice.
struct Known {
    /// The number of its nest.
    nest: usize,
    /// How well it did against the other moves of the nest.
    weight: f64,
    /// How much of the attention that decides.
    trust: f64,
}

impl<G: Guide> Guide for Retrieval<'_, G> {
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        let mut nodes = Nodes::new();
        let known: Vec<Option<Known>> = choices
            .iter()
            .map(|choice| self.known(draft, choice, &mut nodes))
            .collect();
        let prior = self.prior.advice(draft, choices)?;
        // Nests do not compete: what the choices of one nest would get without the graph is divided among them.
        let mut of_nest: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for (each, share) in known.iter().zip(&prior.shares) {
            if let Some(known) = each {
                let (shares, weights) = of_nest.entry(known.nest).or_default();
                *shares += share;
                *weights += known.weight;
            }
        }
        let mixed = |(each, share): (&Option<Known>, f64)| {
            let Some(known) = each else {
                return share;
            };
            let (shares, weights) = of_nest
                .get(&known.nest)
                .copied()
                .unwrap_or((share, known.weight));
            share * (1.0 - known.trust) + known.trust * shares * known.weight / weights
        };
        Ok(Advice {
            shares: known.iter().zip(prior.shares).map(mixed).collect(),
            promise: prior.promise,
        })
    }

    fn promises(&self) -> bool {
        self.prior.promises()
    }

    fn proposals(&mut self, draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        self.prior.proposals(draft)
    }
}
