//! The part of the space of states that a search has seen: a graph without cycles, since different orders of moves may
//! lead to the same state.

use std::collections::BTreeMap;

use mupac_passes::{Draft, Phase, StateKey};

use super::guide::Choice;
use super::ranking::Plan;

/// Weight of curiosity against what is known.
const EXPLORATION: f64 = 2.5;

/// How much less than its origin a move promises that was never tried.
///
/// **Units**: binary logarithm of a factor.
const UNTRIED: f64 = 0.2;

/// Position of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Index(usize);

impl Index {
    /// Returns what belongs to the node, of what is listed by position.
    pub(super) fn of<T: Copy>(self, by_position: &[T]) -> Option<T> {
        by_position.get(self.0).copied()
    }
}

/// What tells states apart: the phase of the last move belongs to it, because it decides which moves come next.
pub(super) type Identity = (StateKey, Phase);

/// A state, and what came of looking beyond it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) draft: Draft,
    /// The phase of the last move.
    pub(super) phase: Phase,
    /// What the draft is worth as it stands, completed by the default bindings; `None` where they do not fit, or the
    /// judge refuses what they make.
    pub(super) plan: Option<Plan>,
    /// What the draft is worth before anything beyond it was seen.
    ///
    /// **Units**: binary logarithm of a factor, larger is better; so are all values here.
    pub(super) worth: f64,
    /// The moves from here; `None` as long as nobody asked.
    pub(super) edges: Option<Vec<Edge>>,
    /// Where it was found from.
    parent: Option<Index>,
    visits: u32,
    value: f64,
    /// Whether nothing new can be found from here.
    is_exhausted: bool,
}

impl Node {
    pub(super) fn visits(&self) -> u32 {
        self.visits
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }
}

/// What is known of a state when a search first comes to it.
#[derive(Debug)]
pub(super) struct Seen {
    /// As in a [`Node`], like all that follows.
    pub(super) plan: Option<Plan>,
    pub(super) worth: f64,
    pub(super) edges: Option<Vec<Edge>>,
}

/// The fastest plan that a state leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fastest {
    /// The state whose plan it is.
    pub(super) at: Index,
    /// **Units**: binary logarithm of seconds.
    pub(super) log2_seconds: f64,
    /// How many choices lead there, at least.
    pub(super) choices: u32,
}

impl Fastest {
    /// Returns whether a plan is faster, or as fast and sooner reached.
    fn is_before(&self, other: &Self) -> bool {
        let order = self.log2_seconds.total_cmp(&other.log2_seconds);
        order.then(self.choices.cmp(&other.choices)).is_lt()
    }
}

/// A choice, and what came of it.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) choice: Choice,
    pub(super) share: f64,
    pub(super) target: Target,
    visits: u32,
}

impl Edge {
    pub(super) fn new(choice: Choice, share: f64) -> Self {
        Self {
            choice,
            share,
            target: Target::Unknown,
            visits: 0,
        }
    }
}

/// Where a move leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Nobody has looked.
    Unknown,
    /// To this state.
    Node(Index),
    /// Nowhere: the move does not fit, or it leads back.
    Nowhere,
}

/// The states seen so far; the first is the region as written.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    known: BTreeMap<Identity, Index>,
}

impl Graph {
    /// The region as written.
    pub(super) const ROOT: Index = Index(0);

    pub(super) fn node(&self, at: Index) -> &Node {
        &self.nodes[at.0]
    }

    pub(super) fn node_mut(&mut self, at: Index) -> &mut Node {
        &mut self.nodes[at.0]
    }

    /// Returns the plans in the order in which they were found.
    pub(super) fn plans(&self) -> impl Iterator<Item = &Plan> + Clone {
        self.nodes.iter().filter_map(|node| node.plan.as_ref())
    }

    /// Returns the states that are completed to a plan.
    pub(super) fn completed_to(&self, plan: StateKey) -> Vec<Index> {
        let indexed = self.nodes.iter().enumerate();
        let is_it = |node: &Node| node.plan.as_ref().is_some_and(|each| each.key == plan);
        indexed
            .filter_map(|(index, node)| is_it(node).then_some(Index(index)))
            .collect()
    }

    /// Returns the states in the order in which they were found.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns, by position, the fastest plan that a state leads to; `None` where it leads to none.
    pub(super) fn fastest(&self) -> Vec<Option<Fastest>> {
        let own = |(at, node): (usize, &Node)| {
            let plan = node.plan.as_ref()?;
            Some(Fastest {
                at: Index(at),
                log2_seconds: plan.log2_seconds,
                choices: 0,
            })
        };
        let mut fastest: Vec<_> = self.nodes.iter().enumerate().map(own).collect();
        // Plans only get better, and the graph has no cycles: this ends after as many rounds as the longest path has moves.
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for at in (0..self.nodes.len()).rev() {
                for next in self.successors(Index(at)) {
                    let behind = fastest[next.0].map(|plan| Fastest {
                        choices: plan.choices + 1,
                        ..plan
                    });
                    let is_better =
                        |plan: &Fastest| fastest[at].is_none_or(|own| plan.is_before(&own));
                    if let Some(better) = behind.filter(is_better) {
                        fastest[at] = Some(better);
                        is_settled = false;
                    }
                }
            }
        }
        fastest
    }

    pub(super) fn find(&self, identity: Identity) -> Option<Index> {
        self.known.get(&identity).copied()
    }

    /// Adds a state that was not known.
    pub(super) fn add(
        &mut self,
        draft: Draft,
        identity: Identity,
        parent: Option<Index>,
        seen: Seen,
    ) -> Index {
        let index = Index(self.nodes.len());
        self.known.insert(identity, index);
        self.nodes.push(Node {
            draft,
            phase: identity.1,
            plan: seen.plan,
            worth: seen.worth,
            edges: seen.edges,
            parent,
            visits: 1,
            value: seen.worth,
            is_exhausted: false,
        });
        index
    }

    /// Returns whether moves lead from one state to another.
    pub(super) fn leads(&self, from: Index, to: Index) -> bool {
        let mut left = vec![from];
        let mut seen = vec![false; self.nodes.len()];
        while let Some(at) = left.pop() {
            if at == to {
                return true;
            }
            if !std::mem::replace(&mut seen[at.0], true) {
                left.extend(self.successors(at));
            }
        }
        false
    }

    fn successors(&self, at: Index) -> impl Iterator<Item = Index> {
        let edges = self.node(at).edges.iter().flatten();
        edges.filter_map(|edge| match edge.target {
            Target::Node(next) => Some(next),
            Target::Unknown | Target::Nowhere => None,
        })
    }

    /// Returns whether nothing is left to be found.
    pub(super) fn is_exhausted(&self) -> bool {
        self.nodes.first().is_none_or(|root| root.is_exhausted)
    }

    /// Returns the edge to follow from a state whose moves are known: the one with the largest sum of what it is worth
    /// and how little it was tried for its share; the first of equals.
    ///
    /// **Source**: PUCT as in Silver et al., “Mastering the game of Go without human knowledge” (2017), on a graph as in
    /// Czech, Korus, Kersting, “Monte-Carlo Graph Search for `AlphaZero`” (2021).
    pub(super) fn choice(&self, at: Index) -> Option<usize> {
        let node = self.node(at);
        let curiosity = EXPLORATION * f64::from(node.visits).sqrt();
        let mut best: Option<(usize, f64)> = None;
        for (position, edge) in node.edges.iter().flatten().enumerate() {
            let value = match edge.target {
                Target::Nowhere => continue,
                Target::Node(next) if self.node(next).is_exhausted => continue,
                Target::Node(next) => self.node(next).value,
                Target::Unknown => node.value - UNTRIED,
            };
            let score = value + curiosity * edge.share / f64::from(1 + edge.visits);
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((position, score));
            }
        }
        best.map(|(position, _)| position)
    }

    /// Counts a visit of an edge.
    pub(super) fn visit(&mut self, at: Index, position: usize) {
        let edges = self.nodes[at.0].edges.iter_mut().flatten();
        if let Some(edge) = edges.into_iter().nth(position) {
            edge.visits += 1;
        }
    }

    /// Sets where an edge leads.
    pub(super) fn aim(&mut self, at: Index, position: usize, target: Target) {
        let edges = self.nodes[at.0].edges.iter_mut().flatten();
        if let Some(edge) = edges.into_iter().nth(position) {
            edge.target = target;
        }
    }

    /// Brings the values of states up to date, given from the first to the last of a path.
    ///
    /// What a state is worth is computed anew from its successors, so it does not matter how often this is done: half of
    /// it is the mean over all visits, half the best that is known, as there is nobody who plays against the search.
    pub(super) fn update(&mut self, path: &[Index]) {
        for at in path.iter().rev() {
            let node = self.node(*at);
            let (mut visits, mut sum, mut best) = (1, node.worth, node.worth);
            let mut is_exhausted = node.edges.is_some();
            for edge in node.edges.iter().flatten() {
                match edge.target {
                    Target::Unknown => is_exhausted = false,
                    Target::Nowhere => {}
                    Target::Node(next) => {
                        let next = self.node(next);
                        visits += edge.visits;
                        sum += f64::from(edge.visits) * next.value;
                        best = best.max(next.value);
                        is_exhausted &= next.is_exhausted;
                    }
                }
            }
            let node = self.node_mut(*at);
            node.visits = visits;
            node.value = 0.5 * (sum / f64::from(visits) + best);
            node.is_exhausted = is_exhausted;
        }
    }

    /// Takes away the plan of a state that the judge refuses, and what it was worth.
    pub(super) fn refuse(&mut self, at: Index) {
        let node = self.node_mut(at);
        node.plan = None;
        node.worth = 0.0;
        let mut path = vec![at];
        while let Some(parent) = path.last().and_then(|last| self.node(*last).parent) {
            path.push(parent);
        }
        path.reverse();
        self.update(&path);
    }
}
