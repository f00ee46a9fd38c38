//! Scans: where iterations that look at what those before them have contributed may be shared out to threads.
//!
//! Blocks along `x` and the threads of each along `x` have an order, which is that of the outermost two loops of the launch. A scan
//! gives each thread what those before it have contributed, so what touches the value runs as if these loops, and all inside of
//! them, ran one iteration after the other.

use std::collections::BTreeSet;

use mupac_ir::{Axis, Loop, Mapping, Stmt};

use super::{Tree, launches};
use crate::facts::Facts;
use crate::region;

/// Returns the numbers of the reductions that scans keep in the order of a tree's loops.
pub(super) fn in_order(facts: &Facts, after: Tree<'_>) -> BTreeSet<usize> {
    let launches = launches(after.statements);
    let numbered = facts.reductions.iter().enumerate();
    let scanned = numbered.filter(|(_, each)| {
        let is_part = |launch: &&&Stmt| {
            let numbers = region::numbers(std::slice::from_ref(**launch));
            !numbers.is_disjoint(&each.statements)
        };
        let mut parts = launches.iter().filter(is_part);
        each.scan.is_some() && parts.all(|launch| is_scannable(launch))
    });
    scanned.map(|(number, _)| number).collect()
}

/// Returns whether the threads of a launch run the iterations of its loops in the order of their numbers: blocks share out the
/// outermost loop, and threads at most one, around all else.
pub(crate) fn is_scannable(launch: &Stmt) -> bool {
    let Stmt::For(blocks) = launch else {
        return false;
    };
    let is_plain = |each: &&Loop| matches!(each.mapping, Mapping::Sequential | Mapping::Unroll(_));
    let mut inside = region::loops(&blocks.body).into_iter();
    let threads = only(&blocks.body).filter(|each| each.mapping == Mapping::Thread(Axis::X));
    let is_that = |each: &&Loop| threads.is_some_and(|threads| std::ptr::eq(*each, threads));
    blocks.mapping == Mapping::Block(Axis::X)
        && inside.all(|each| is_that(&each) || is_plain(&each))
}

/// Returns the loop that is all there is, below names and conditions.
fn only(statements: &[Stmt]) -> Option<&Loop> {
    let mut rest = statements
        .iter()
        .filter(|stmt| !matches!(stmt, Stmt::Let(..)));
    match (rest.next()?, rest.next()) {
        (Stmt::For(each), None) => Some(each),
        (Stmt::If(branch), None) if branch.otherwise.is_empty() => only(&branch.then),
        _ => None,
    }
}
