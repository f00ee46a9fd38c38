//! The graph for people.

use std::fmt::Write;

use super::{Moments, Statistics, TrajectoryGraph};
use crate::signature::Level;

/// Returns the nests, told apart by everything, each with the moves out of it, those that did best first.
pub fn table(graph: &TrajectoryGraph) -> String {
    let mut lines = Vec::new();
    for (nest, node) in graph.nodes(Level::Exact) {
        let mut moves: Vec<(&String, &Statistics)> = node.iter().collect();
        moves.sort_by(|(_, a), (_, b)| b.expected().total_cmp(&a.expected()));
        lines.push(nest.to_owned());
        for (role, known) in moves {
            lines.push(format!("  {role}: {}", evidence(known)));
        }
    }
    lines.join("\n") + "\n"
}

/// Returns what is known of a move in one line.
pub fn evidence(known: &Statistics) -> String {
    let mut words = vec![
        format!("made {} times", known.visits()),
        format!(
            "{:.2} times as fast as the default bindings",
            known.gain.mean().exp2()
        ),
    ];
    let behind = |moments: &Moments| (-moments.mean()).exp2();
    if known.estimated.count > 0 {
        let longer = behind(&known.estimated);
        words.push(format!("{longer:.2} times as long as the best (estimated)"));
    }
    if known.measured.count > 0 {
        let (longer, count) = (behind(&known.measured), known.measured.count);
        words.push(format!(
            "{longer:.2} times as long as the best (measured {count} times)"
        ));
    }
    let failures: u32 = known.failures.values().sum();
    if failures > 0 {
        words.push(format!("{failures} texts failed their check"));
    }
    words.join(", ")
}

/// Returns the graph in the language of Graphviz: nests, and moves between them.
pub fn dot(graph: &TrajectoryGraph) -> String {
    let mut text =
        "digraph trajectories {\n  rankdir=LR;\n  node [shape=box, fontname=monospace];\n"
            .to_owned();
    for (nest, node) in graph.nodes(Level::Exact) {
        for (role, known) in node {
            let Some(next) = &known.leads_to else {
                continue;
            };
            let label = format!(
                "{role}\\n{} times, {:+.2}",
                known.visits(),
                known.expected()
            );
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "  {} -> {} [label={}];",
                quoted(nest),
                quoted(next),
                quoted(&label)
            );
        }
    }
    text + "}\n"
}

fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace('"', "\\\""))
}
