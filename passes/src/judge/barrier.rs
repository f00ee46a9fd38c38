//! Which points of a rewritten tree barriers order.
//!
//! A barrier stands in the code of a thread, below every mapped loop of its nest.
//! All threads of a block come to it at the same points of the sequential loops around it, or the tree is refused; so
//! those loops tell when it is passed, whatever the thread.
//! Of two points of one block the first is over when the second starts where one thread runs both in this order, or where
//! a barrier comes after the first and before the second.

use std::cell::RefCell;
use std::collections::BTreeMap;

use mupac_ir::{Mapping, Refusal, Span};

use super::time::Times;
use super::walk::{Dimension, Kind, Leaf};
use super::{illegal, unsolved};
use crate::isl;

/// The barriers of a tree.
pub(crate) struct Barriers<'a> {
    pub(crate) leaves: &'a [Leaf<'a>],
    pub(crate) times: &'a Times<'a>,
    /// Positions among the leaves.
    all: Vec<usize>,
    known: RefCell<BTreeMap<(usize, usize), isl::Map>>,
}

/// Returns how many loops around a leaf are outside the code of its thread.
pub(crate) fn outside(leaf: &Leaf<'_>) -> usize {
    let mapped = |each: &Dimension| each.mapping.is_parallel();
    leaf.dimensions
        .iter()
        .rposition(mapped)
        .map_or(0, |last| last + 1)
}

/// Returns whether two leaves stand in the code of the same threads, which one launch runs once: no loop stands between
/// mapped ones.
pub(crate) fn are_in_one_code(a: &Leaf<'_>, b: &Leaf<'_>) -> bool {
    let (own, other) = (outside(a), outside(b));
    let mut pairs = a.dimensions.iter().zip(&b.dimensions).take(own);
    let mapped = a.dimensions.iter().take(own);
    let mut mapped = mapped.skip_while(|each| !each.mapping.is_parallel());
    own > 0
        && own == other
        && mapped.all(|each| each.mapping.is_parallel())
        && pairs.all(|(a, b)| a.node == b.node)
}

fn is_thread(dimension: &Dimension) -> bool {
    matches!(dimension.mapping, Mapping::Thread(_))
}

impl<'a> Barriers<'a> {
    /// Finds the barriers of a tree.
    ///
    /// **Errors**: `illegal-step` where not all threads of a block come to one; `solver-limit`.
    pub(crate) fn new(
        leaves: &'a [Leaf<'a>],
        times: &'a Times<'a>,
        at: Span,
    ) -> Result<Self, Refusal> {
        let mut all = Vec::new();
        for (position, leaf) in leaves.iter().enumerate() {
            if !matches!(leaf.kind, Kind::Barrier) {
                continue;
            }
            if !is_for_all(leaf, times).map_err(|error| unsolved(&error, at))? {
                let why = "some threads of a block would not come to a barrier";
                return Err(illegal(why, at));
            }
            all.push(position);
        }
        Ok(Self {
            leaves,
            times,
            all,
            known: RefCell::default(),
        })
    }

    /// Returns the points at which a leaf runs.
    pub(crate) fn points(&self, leaf: usize) -> Result<isl::Set, isl::Error> {
        let leaf = &self.leaves[leaf];
        self.times
            .points(leaf.dimensions.len(), &leaf.constraints, None)
    }

    /// Returns the pairs of points of two leaves in one code that belong to one block.
    pub(crate) fn in_one_block(&self, x: usize, y: usize) -> Result<isl::Map, isl::Error> {
        let (x, y) = (&self.leaves[x], &self.leaves[y]);
        let text = relation(x, y, &equal(x, false), &["1 = 1".to_owned()]);
        isl::Map::parse(self.times.assumed.context(), &text)
    }

    /// Returns the pairs of points of two leaves in one code and one block of which the first is over before the second.
    pub(crate) fn before(&self, x: usize, y: usize) -> Result<isl::Map, isl::Error> {
        if let Some(known) = self.known.borrow().get(&(x, y)) {
            return Ok(known.clone());
        }
        let mut found = self.follows(x, y, true)?;
        for &barrier in &self.all {
            if are_in_one_code(&self.leaves[x], &self.leaves[barrier]) {
                let arriving = self.follows(x, barrier, true)?;
                let leaving = self.follows(barrier, y, false)?;
                found = found.union(&arriving.apply_range(&leaving)?)?;
            }
        }
        let found = found.coalesce()?;
        self.known.borrow_mut().insert((x, y), found.clone());
        Ok(found)
    }

    /// Returns the pairs of points of one block of which the second comes later in the code; of one thread, if wanted.
    fn follows(&self, x: usize, y: usize, same_thread: bool) -> Result<isl::Map, isl::Error> {
        let (first, second) = (&self.leaves[x], &self.leaves[y]);
        let from = outside(first);
        let shared = first
            .dimensions
            .iter()
            .zip(&second.dimensions)
            .take_while(|(a, b)| a.node == b.node)
            .count();
        let mut cases = Vec::new();
        let mut same = Vec::new();
        for (at, dimension) in first.dimensions[..shared].iter().enumerate().skip(from) {
            let sign = if dimension.descends { ">" } else { "<" };
            let mut case: Vec<String> = same.clone();
            case.push(format!("t{at} {sign} u{at}"));
            cases.push(case.join(" and "));
            same.push(format!("t{at} = u{at}"));
        }
        if x < y {
            same.push("1 = 1".to_owned());
            cases.push(same.join(" and "));
        }
        let text = relation(first, second, &equal(first, same_thread), &cases);
        isl::Map::parse(self.times.assumed.context(), &text)?
            .intersect_domain(&self.points(x)?)?
            .intersect_range(&self.points(y)?)
    }
}

/// Returns whether every thread of a block comes to a barrier to which one of them does.
fn is_for_all(barrier: &Leaf<'_>, times: &Times<'_>) -> Result<bool, isl::Error> {
    let mut range = Vec::new();
    for (at, dimension) in barrier.dimensions.iter().enumerate() {
        if !is_thread(dimension) {
            range.push(format!("t{at} = u{at}"));
        } else if let Some((start, end)) = dimension.constant {
            range.push(format!("{start} <= u{at} < {end}"));
        } else {
            return Ok(false);
        }
    }
    if !barrier.dimensions.iter().any(is_thread) {
        return Ok(false);
    }
    let points = times.points(barrier.dimensions.len(), &barrier.constraints, None)?;
    let text = relation(barrier, barrier, &range, &["1 = 1".to_owned()]);
    let all = isl::Map::parse(times.assumed.context(), &text)?;
    points.apply(&all)?.is_subset(&points)
}

/// Returns that two points belong to one block, or to one thread.
fn equal(leaf: &Leaf<'_>, same_thread: bool) -> Vec<String> {
    leaf.dimensions[..outside(leaf)]
        .iter()
        .enumerate()
        .filter(|(_, dimension)| same_thread || !is_thread(dimension))
        .map(|(at, _)| format!("t{at} = u{at}"))
        .collect()
}

/// Returns isl's text of the pairs of points of which all of `always` and one of `cases` holds.
fn relation(x: &Leaf<'_>, y: &Leaf<'_>, always: &[String], cases: &[String]) -> String {
    let tuple = |name: &str, leaf: &Leaf<'_>| {
        let parts: Vec<_> = (0..leaf.dimensions.len())
            .map(|at| format!("{name}{at}"))
            .collect();
        parts.join(", ")
    };
    let cases: Vec<_> = cases.iter().map(|case| format!("({case})")).collect();
    let cases = if cases.is_empty() {
        "1 = 0".to_owned()
    } else {
        cases.join(" or ")
    };
    let mut all = always.to_vec();
    all.push(format!("({cases})"));
    format!(
        "{{ [{}] -> [{}] : {} }}",
        tuple("t", x),
        tuple("u", y),
        all.join(" and ")
    )
}
