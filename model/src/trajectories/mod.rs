//! The graph of optimisation trajectories: what became of moves in nests of the same kind.
//!
//! Trajectories of many programs meet where their nests have one [`Signature`]; what leaves such a node are moves in words
//! that mean the same in each of them, with how far trajectories that took them stayed behind the best.
//! The graph is made anew from [`Record`]s, which are only ever added to, so everything in it can be traced back.
//!
//! **Source**: the graph of trajectories and the retrieval from it are those of `ReGraphT` (2025); here a
//! node is a kind of nest instead of a text that a language model summed up.

pub mod record;
pub mod retrieval;
pub mod show;
pub mod statistics;
pub mod svg;
pub mod tracing;

use std::collections::BTreeMap;

use mupac_ir::Move;
use mupac_passes::Draft;
use serde::{Deserialize, Serialize};

use crate::signature::{Level, Signature, nest_of, role};

pub use record::{Failure, Made, Record, SCHEMA, Source};
pub use retrieval::Retrieval;
pub use statistics::{Moments, Statistics};
pub use tracing::{records, trace};

/// The trajectories that come with mupac, one a line, as `make graph` writes them.
pub const SHIPPED: &str = include_str!("../../graph/trajectories.jsonl");

/// The fewest observations that a node answers from.
const ENOUGH: u32 = 3;

/// The moves out of one kind of nest, by role.
pub type Node = BTreeMap<String, Statistics>;

/// The graph; nodes by what of their signature counts, at every level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrajectoryGraph {
    nodes: BTreeMap<(Level, String), Node>,
}

/// A line of a graph's file: a node.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    level: Level,
    nest: String,
    moves: Node,
}

/// A line that is none of a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct GraphError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
}

impl TrajectoryGraph {
    /// Reads a graph as [`text`](Self::text) writes it.
    ///
    /// **Errors**: the first line that does not hold a node.
    pub fn read(text: &str) -> Result<Self, GraphError> {
        let mut graph = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let wrong = |what: String| GraphError { line: number, what };
            let line: Line =
                serde_json::from_str(line).map_err(|cause| wrong(cause.to_string()))?;
            if let Some(what) = line.moves.values().find_map(Statistics::fault) {
                return Err(wrong(what.to_owned()));
            }
            let is_again = graph
                .nodes
                .insert((line.level, line.nest), line.moves)
                .is_some();
            if is_again {
                return Err(wrong("an earlier line is about the same nests".to_owned()));
            }
        }
        Ok(graph)
    }

    /// Returns the graph as text, a line a node, in the order of levels and nests.
    ///
    /// **Errors**: a number that JSON cannot hold.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        for ((level, nest), moves) in &self.nodes {
            let line = Line {
                level: *level,
                nest: nest.clone(),
                moves: moves.clone(),
            };
            text += &serde_json::to_string(&line)?;
            text.push('\n');
        }
        Ok(text)
    }

    /// Adds a trajectory: every move to the node of its nest, at every level.
    pub fn add(&mut self, record: &Record) {
        for (position, made) in record.moves.iter().enumerate() {
            for level in Level::ALL {
                let node = self
                    .nodes
                    .entry((level, made.nest.text(level)))
                    .or_default();
                let statistics = node.entry(made.role.clone()).or_default();
                statistics.add(record, position);
                if level == Level::Exact && statistics.leads_to.is_none() {
                    let mut later = record.moves[position + 1..].iter();
                    let next = later.find(|other| other.number == made.number);
                    statistics.leads_to = next.map(|next| next.nest.text(level));
                }
            }
        }
    }

    /// Returns the graph of the trajectories that come with mupac: those of its own examples and corpus.
    pub fn shipped() -> Self {
        let mut graph = Self::default();
        // Every line is one, as a test shows.
        for record in SHIPPED
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            graph.add(&record);
        }
        graph
    }

    /// Returns the moves out of nests of this kind: those of the finest level at which enough is known.
    pub fn find(&self, nest: &Signature) -> Option<(Level, &Node)> {
        Level::ALL.into_iter().find_map(|level| {
            let node = self.nodes.get(&(level, nest.text(level)))?;
            let visits = statistics::visits(node);
            (visits >= ENOUGH).then_some((level, node))
        })
    }

    /// Returns what is known of a move of a draft, and at what level; `None` where it was not made in such nests.
    pub fn evidence(&self, draft: &Draft, step: &Move) -> Option<(Level, &Statistics)> {
        let (_, nest) = nest_of(draft, &step.target)?;
        let (level, node) = self.find(&Signature::of(draft, nest))?;
        let statistics = node.get(&role(nest, step)?)?;
        Some((level, statistics))
    }

    /// Returns all nodes of a level by their nests.
    pub fn nodes(&self, level: Level) -> impl Iterator<Item = (&str, &Node)> {
        let nodes = self.nodes.iter().filter(move |((of, _), _)| *of == level);
        nodes.map(|((_, nest), node)| (nest.as_str(), node))
    }
}
