//! The graph as a drawing: nests in columns by how many moves lead to them, moves as lines from nest to nest.
//!
//! **Source**: layers as in Sugiyama, Tagawa, Toda, “Methods for Visual Understanding of Hierarchical System Structures”
//! (1981): layers by longest paths, order within one by the mean place of what leads there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Statistics, TrajectoryGraph};
use crate::signature::Level;

/// **Units**: pixels, as for all lengths here.
const LETTER: usize = 7;
const LINE: usize = 16;
const MARGIN: usize = 8;
/// Between columns, and between nests of a column.
const ACROSS: usize = 96;
const DOWN: usize = 24;

/// A nest, and the moves out of it, those that did best first.
struct Nest<'a> {
    name: &'a str,
    moves: Vec<(String, Option<&'a str>)>,
    column: usize,
    x: usize,
    y: usize,
}

impl Nest<'_> {
    /// The words of the nest, a line each.
    fn heading(&self) -> impl Iterator<Item = &str> {
        self.name.split(" | ")
    }

    fn height(&self) -> usize {
        2 * MARGIN + LINE * (self.heading().count() + self.moves.len())
    }

    fn width(&self) -> usize {
        let lines = self
            .heading()
            .chain(self.moves.iter().map(|(line, _)| line.as_str()));
        let longest = lines.map(|line| line.chars().count()).max();
        2 * MARGIN + LETTER * longest.unwrap_or(0)
    }
}

/// Returns the graph as a picture in the format SVG.
pub fn svg(graph: &TrajectoryGraph) -> String {
    let mut nests = nests(graph);
    let columns = columns(&nests);
    for (nest, column) in nests.values_mut().zip(columns) {
        nest.column = column;
    }
    let (width, height) = place(&mut nests);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"monospace\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for nest in nests.values() {
        lines(nest, &nests, &mut text);
    }
    for nest in nests.values() {
        draw(nest, &mut text);
    }
    text + "</svg>\n"
}

/// Returns the nests that moves lead from or to, told apart by everything.
fn nests(graph: &TrajectoryGraph) -> BTreeMap<&str, Nest<'_>> {
    let mut nests = BTreeMap::new();
    let empty = |name| Nest {
        name,
        moves: Vec::new(),
        column: 0,
        x: 0,
        y: 0,
    };
    for (name, node) in graph.nodes(Level::Exact) {
        let mut moves: Vec<(&String, &Statistics)> = node.iter().collect();
        moves.sort_by(|(_, a), (_, b)| b.expected().total_cmp(&a.expected()));
        for next in moves
            .iter()
            .filter_map(|(_, known)| known.leads_to.as_deref())
        {
            nests.entry(next).or_insert_with(|| empty(next));
        }
        let line = |(role, known): &(&String, &'_ Statistics)| {
            format!("{role}  {}×  {:+.2}", known.visits(), known.expected())
        };
        nests.entry(name).or_insert_with(|| empty(name)).moves = moves
            .iter()
            .map(|each| (line(each), each.1.leads_to.as_deref()))
            .collect();
    }
    nests
}

/// Returns for every nest how many moves the longest way to it has, of those that do not lead back.
fn columns(nests: &BTreeMap<&str, Nest<'_>>) -> Vec<usize> {
    let mut order = Vec::new();
    let (mut begun, mut done) = (BTreeSet::new(), BTreeSet::new());
    for name in nests.keys().copied() {
        // A nest is done when all that it leads to is; so the order is that of the ways, from their ends.
        let mut left = vec![name];
        while let Some(at) = left.last().copied() {
            if begun.insert(at) {
                let next = successors(nests, at);
                left.extend(next.filter(|next| !begun.contains(next)));
            } else {
                left.pop();
                if done.insert(at) {
                    order.push(at);
                }
            }
        }
    }
    let rank: BTreeMap<&str, usize> = order.iter().rev().copied().zip(0..).collect();
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    for at in order.iter().rev() {
        let column = columns.get(at).copied().unwrap_or_default();
        for next in successors(nests, at).filter(|next| rank.get(next) > rank.get(at)) {
            let least = columns.entry(next).or_default();
            *least = (*least).max(column + 1);
        }
    }
    let column = |name| columns.get(name).copied().unwrap_or_default();
    nests.keys().copied().map(column).collect()
}

fn successors<'a>(
    nests: &'a BTreeMap<&str, Nest<'a>>,
    name: &str,
) -> impl Iterator<Item = &'a str> {
    let moves = nests.get(name).into_iter().flat_map(|nest| &nest.moves);
    moves.filter_map(|(_, next)| *next)
}

/// Gives every nest its place; returns how wide and how high the picture is.
fn place<'a>(nests: &mut BTreeMap<&'a str, Nest<'a>>) -> (usize, usize) {
    let count = nests.values().map(|nest| nest.column + 1).max();
    let (mut x, mut bottom) = (DOWN, 0);
    // The sum of the heights of what leads to a nest, and how much that is.
    let mut pull: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for column in 0..count.unwrap_or_default() {
        let mean = |name: &str| pull.get(name).map_or(0, |(sum, count)| sum / count);
        let own = nests.values().filter(|nest| nest.column == column);
        let mut own: Vec<(usize, &'a str)> = own.map(|nest| (mean(nest.name), nest.name)).collect();
        own.sort_unstable();
        let (mut y, mut width) = (DOWN, 0);
        for (_, name) in own {
            let Some(nest) = nests.get_mut(name) else {
                continue;
            };
            (nest.x, nest.y) = (x, y);
            for next in nest.moves.iter().filter_map(|(_, next)| *next) {
                let (sum, count) = pull.entry(next).or_default();
                (*sum, *count) = (*sum + y, *count + 1);
            }
            y += nest.height() + DOWN;
            width = width.max(nest.width());
        }
        x += width + ACROSS;
        bottom = bottom.max(y);
    }
    (x.saturating_sub(ACROSS) + DOWN, bottom)
}

/// Writes the lines from the moves of a nest to where they lead.
fn lines(nest: &Nest<'_>, nests: &BTreeMap<&str, Nest<'_>>, text: &mut String) {
    let first = nest.y + MARGIN + LINE * nest.heading().count();
    for (number, (_, next)) in nest.moves.iter().enumerate() {
        let Some(target) = next.and_then(|next| nests.get(next)) else {
            continue;
        };
        let from = (nest.x + nest.width(), first + LINE * number + LINE / 2);
        let to = (target.x, target.y + MARGIN + LINE / 2);
        let half = ACROSS / 2;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "<path d=\"M{} {} C{} {} {} {} {} {}\" fill=\"none\" stroke=\"#888\"/>",
            from.0,
            from.1,
            from.0 + half,
            from.1,
            to.0.saturating_sub(half),
            to.1,
            to.0,
            to.1
        );
        let _ = writeln!(text, "<circle cx=\"{}\" cy=\"{}\" r=\"3\"/>", to.0, to.1);
    }
}

/// Writes a nest with its moves.
fn draw(nest: &Nest<'_>, text: &mut String) {
    let (x, y) = (nest.x, nest.y);
    let (width, height) = (nest.width(), nest.height());
    let _ = writeln!(
        text,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\" stroke=\"#000\"/>"
    );
    let heading = nest.heading().map(|line| (line, "bold"));
    let moves = nest.moves.iter().map(|(line, _)| (line.as_str(), "normal"));
    for (number, (line, weight)) in heading.chain(moves).enumerate() {
        let baseline = y + MARGIN + LINE * number + 12;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{baseline}\" font-weight=\"{weight}\">{}</text>",
            x + MARGIN,
            escaped(line)
        );
    }
}

fn escaped(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    words.replace('>', "&gt;").replace('"', "&quot;")
}
