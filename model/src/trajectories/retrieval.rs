//! The graph as a guide of the search: moves that did well in nests of the same kind come first.

use std::collections::BTreeMap;

use mupac_passes::{Draft, Offer};

use super::{Node, Statistics, TrajectoryGraph};
use crate::oracle::OracleError;
use crate::search::Guide;
use crate::signature::{Signature, nest_of, role};

/// How much of the attention the graph decides where it knows all there is to know.
const MOST_WEIGHT: f64 = 0.5;

/// From how many observations on a node has half of its say.
const HALF_WEIGHT: f64 = 8.0;

/// What is expected of a move that was never made in nests of this kind, where others were.
///
/// **Units**: binary logarithm of a factor, as for [`Statistics::expected`].
const UNSEEN: f64 = -2.0;

/// Looks moves up in a graph.
#[derive(Clone, Debug)]
pub struct Retrieval<'a> {
    graph: &'a TrajectoryGraph,
}

impl<'a> Retrieval<'a> {
    /// Returns a guide by a graph.
    pub fn new(graph: &'a TrajectoryGraph) -> Self {
        Self { graph }
    }

    /// Returns what the graph knows of an offer.
    fn known(&self, draft: &Draft, offer: &Offer, nodes: &mut Nodes<'a>) -> Option<Known> {
        let (number, nest) = nest_of(draft, &offer.step.target)?;
        let role = role(nest, &offer.step)?;
        let node = *nodes.entry(number).or_insert_with(|| {
            let found = self.graph.find(&Signature::of(draft, nest));
            found.map(|(_, node)| node)
        });
        let node = node?;
        let visits: u32 = node.values().map(Statistics::visits).sum();
        let weight = match node.get(&role) {
            Some(known) => known.expected().exp2() * known.success(),
            None => UNSEEN.exp2(),
        };
        Some(Known {
            nest: number,
            weight,
            trust: MOST_WEIGHT * f64::from(visits) / (f64::from(visits) + HALF_WEIGHT),
        })
    }
}

/// The nodes of the nests of one draft, by number.
type Nodes<'a> = BTreeMap<usize, Option<&'a Node>>;

/// What the graph knows of an offer.
struct Known {
    /// The number of its nest.
    nest: usize,
    /// How well it did against the other moves of the nest.
    weight: f64,
    /// How much of the attention that decides.
    trust: f64,
}

impl Guide for Retrieval<'_> {
    fn shares(&mut self, draft: &Draft, offers: &[Offer]) -> Result<Vec<f64>, OracleError> {
        let mut nodes = Nodes::new();
        let known: Vec<Option<Known>> = offers
            .iter()
            .map(|offer| self.known(draft, offer, &mut nodes))
            .collect();
        // Nests do not compete: what the offers of one nest would get alike is divided among them.
        let mut of_nest: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for each in known.iter().flatten() {
            let (count, sum) = of_nest.entry(each.nest).or_default();
            *count += 1.0;
            *sum += each.weight;
        }
        let even = 1.0 / offers.len().max(1) as f64;
        let share = |each: &Option<Known>| {
            let Some(known) = each else {
                return even;
            };
            let (count, sum) = of_nest
                .get(&known.nest)
                .copied()
                .unwrap_or((1.0, known.weight));
            even * (1.0 - known.trust + known.trust * count * known.weight / sum)
        };
        Ok(known.iter().map(share).collect())
    }
}
