//! What nests of different programs share, as far as it decides which moves pay.
//!
//! A signature is text: a line that says how the iterations depend on one another, which loops there are and where they
//! run, and how the accesses move through memory.
//! It names no variable and no size beyond its order of magnitude, so a nest is told from others by its kind alone.
//! Where nothing is known of a nest, one looks for what it has in common with others at a coarser [`Level`].

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::fold::constant;
use mupac_ir::structure::{blocks, each, variables};
use mupac_ir::{Loop, LoopName, Mapping, Move, ReductionOperator, Stmt};
use mupac_passes::Draft;
use mupac_passes::facts::Update;
use serde::{Deserialize, Serialize};

use crate::analytic::strides::{Access, Pace, accesses};

/// How much of a nest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Everything.
    Exact,
    /// Not how its accesses move.
    Loops,
    /// Nor how often its loops run.
    Shape,
}

impl Level {
    /// All of them, the finest first.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Loops, Self::Shape];
}

/// A nest, without what is its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// How iterations depend on one another: `map`, or one or several words.
    traits: String,
    /// The loops, each with its trips: `p?{p?{s9}}`.
    loops: String,
    /// The accesses: `r4:L1 w4:L1`.
    accesses: String,
}

impl Signature {
    /// Returns the signature of a nest of a draft.
    pub fn of(draft: &Draft, nest: &[Stmt]) -> Self {
        let accesses = accesses(draft, nest);
        let mut loops = String::new();
        for stmt in nest {
            skeleton(draft, stmt, &mut loops);
        }
        Self {
            traits: traits(draft, nest, &accesses).join("+"),
            loops,
            accesses: patterns(&accesses),
        }
    }

    /// Returns the text that nests share which are the same at a level.
    pub fn text(&self, level: Level) -> String {
        match level {
            Level::Exact => format!("{} | {} | {}", self.traits, self.loops, self.accesses),
            Level::Loops => format!("{} | {}", self.traits, self.loops),
            Level::Shape => {
                let shape = self
                    .loops
                    .chars()
                    .filter(|each| !matches!(each, '0'..='9' | '?'));
                format!("{} | {}", self.traits, shape.collect::<String>())
            }
        }
    }
}

/// Returns the nest of a draft that holds a loop, and its number, counted from 0.
pub(crate) fn nest_of<'a>(draft: &'a Draft, name: &LoopName) -> Option<(usize, &'a [Stmt])> {
    let holds = |nest: &&[Stmt]| loops_of(nest).iter().any(|each| each.name == *name);
    let mut nests = draft.nests().into_iter().enumerate();
    nests.find(|(_, nest)| holds(nest))
}

/// Returns a move in words that mean the same in every nest of one signature, or `None` where its nest has no such loop:
/// loops by their position in the text, numbers as they are, no names for what comes out.
pub fn role(nest: &[Stmt], step: &Move) -> Option<String> {
    let loops = loops_of(nest);
    let position = |word: &str| loops.iter().position(|each| each.name.0 == *word);
    let mut text = format!("{} @{}", step.step, position(&step.target.0)?);
    for word in step.arguments.iter().take_while(|word| *word != "->") {
        match position(word) {
            Some(position) => write!(text, " @{position}"),
            None if word.starts_with(|first: char| first.is_ascii_digit()) || is_axis(word) => {
                write!(text, " {word}")
            }
            // A name of the program.
            None => write!(text, " _"),
        }
        .ok()?;
    }
    Some(text)
}

fn is_axis(word: &str) -> bool {
    word.starts_with("block.") || word.starts_with("thread.")
}

/// Returns the loops of a nest, in the order of the text.
pub(crate) fn loops_of(nest: &[Stmt]) -> Vec<&Loop> {
    let mut loops = Vec::new();
    each(nest, &mut |stmt| {
        if let Stmt::For(each) = stmt {
            loops.push(each);
        }
    });
    loops
}

/// The words for how iterations depend on one another.
pub(crate) const PROPERTIES: [&str; 7] = [
    "histogram",
    "sum",
    "extremum",
    "sequential-inside",
    "gather",
    "stencil",
    "triangular",
];

/// Returns which of [`PROPERTIES`] a nest has.
pub(crate) fn properties(
    draft: &Draft,
    nest: &[Stmt],
    accesses: &[Access],
) -> [bool; PROPERTIES.len()] {
    let facts = draft.facts();
    let mut numbers = BTreeSet::new();
    each(nest, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt {
            numbers.insert(compute.id);
        }
    });
    let joins = facts
        .updates
        .iter()
        .any(|(id, update)| numbers.contains(id) && matches!(update, Update::Join(_)));
    let reductions = facts.reductions.iter();
    let reductions: Vec<_> = reductions
        .filter(|each| !each.statements.is_disjoint(&numbers))
        .collect();
    let picks = |operator| {
        matches!(
            operator,
            ReductionOperator::Minimum | ReductionOperator::Maximum
        )
    };
    let carries = loops_of(nest)
        .iter()
        .any(|each| facts.carried.contains_key(&each.name));
    let by_data = accesses
        .iter()
        .any(|each| each.strides.iter().any(|(_, stride)| stride.is_none()));
    [
        joins,
        reductions.iter().any(|each| !picks(each.joining.operator)),
        reductions.iter().any(|each| picks(each.joining.operator)),
        carries,
        by_data,
        has_neighbours(accesses),
        is_triangular(draft, nest),
    ]
}

/// Returns the words for how iterations depend on one another.
fn traits(draft: &Draft, nest: &[Stmt], accesses: &[Access]) -> Vec<&'static str> {
    let found: Vec<&str> = PROPERTIES
        .into_iter()
        .zip(properties(draft, nest, accesses))
        .filter_map(|(word, holds)| holds.then_some(word))
        .collect();
    if found.is_empty() { vec!["map"] } else { found }
}

/// Returns whether an array is read more than twice in the same way, as neighbours of an element are.
fn has_neighbours(accesses: &[Access]) -> bool {
    accesses.iter().filter(|each| !each.is_write).any(|one| {
        let same = accesses.iter().filter(|other| *other == one);
        one.strides
            .iter()
            .any(|(_, stride)| stride.is_some_and(|by| by != 0))
            && same.count() > 2
    })
}

/// Returns whether the bounds of a loop depend on a loop around it.
fn is_triangular(draft: &Draft, nest: &[Stmt]) -> bool {
    let loops = loops_of(nest);
    loops.iter().any(|inner| {
        let bounds = [inner.start, inner.end];
        let used = bounds.map(|bound| variables(draft.function(), bound));
        loops.iter().any(|outer| {
            draft.is_original(&outer.name)
                && used.iter().flatten().any(|each| *each == outer.iterator)
        })
    })
}

/// Writes the loops of a statement: a letter for who runs them (`s` one after another because of a dependence, `u` the
/// same, laid out, `p` one after another although they need not, `b` blocks, `t` threads), the order of magnitude of their trips, and the loops
/// inside in braces.
fn skeleton(draft: &Draft, stmt: &Stmt, out: &mut String) {
    let is_loop = if let Stmt::For(each) = stmt {
        out.push_str(&letter(draft, each));
        out.push_str(&trips(draft, each));
        true
    } else {
        false
    };
    let before = out.len();
    for block in blocks(stmt) {
        for inner in block {
            skeleton(draft, inner, out);
        }
    }
    if is_loop && out.len() > before {
        out.insert(before, '{');
        out.push('}');
    }
}

fn letter(draft: &Draft, each: &Loop) -> String {
    match each.mapping {
        Mapping::Block(axis) => format!("b{axis}"),
        Mapping::Thread(axis) => format!("t{axis}"),
        Mapping::Unroll(_) => "u".to_owned(),
        Mapping::Vector => "v".to_owned(),
        Mapping::Lanes => "l".to_owned(),
        Mapping::Sequential if draft.may_run_in_parallel(each) => "p".to_owned(),
        Mapping::Sequential => "s".to_owned(),
    }
}

/// Returns the binary logarithm of the trip count, rounded up, or `?`.
fn trips(draft: &Draft, each: &Loop) -> String {
    let bounds = constant(draft.function(), each.start).zip(constant(draft.function(), each.end));
    bounds.map_or_else(
        || "?".to_owned(),
        |(start, end)| {
            let trips = end.abs_diff(start) / u128::from(each.step.unsigned_abs().max(1));
            trips.next_power_of_two().trailing_zeros().to_string()
        },
    )
}

/// Returns how accesses move: `r` or `w`, the size of an element, and for each loop around, from the outside, whether
/// the next iteration stays (`0`), goes to the next element (`1`), to the same cache line (`s`), farther (`L`), or where
/// data says (`?`).
fn patterns(accesses: &[Access]) -> String {
    let one = |access: &Access| {
        let kind = if access.is_write { 'w' } else { 'r' };
        let size = access.element_bytes;
        let letter = |stride: Option<i64>| match Pace::of(stride, size) {
            Pace::Still => '0',
            Pace::Next => '1',
            Pace::Near => 's',
            Pace::Far => 'L',
            Pace::ByData => '?',
        };
        let moves = access.strides.iter().map(|(_, stride)| letter(*stride));
        format!("{kind}{size}:{}", moves.collect::<String>())
    };
    let words: BTreeSet<String> = accesses.iter().map(one).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}
