//! The moves without which no loop of a region could run in parallel: loops that hold both what may run in any order and
//! what may not are cut, and where that is not enough, those that compute a number for a loop inside of them, of which each
//! iteration then has its own in memory.
//!
//! Where nothing in the text needs them, there are none: cutting a loop costs locality, and is otherwise for the search
//! to choose. The judge sees the moves like all others.
//!
//! **Source**: Allen, Kennedy, “Automatic Translation of FORTRAN Programs to Vector Form”, TOPLAS 9(4), 1987 (loops are cut
//! until each part is parallel or a recurrence); here a loop within is cut before the one around it.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Block, Function, Handle, Loop, LoopName, Move, Refusal, Stmt, Var};

use super::layout::{Layout, layout};
use crate::carried::{self, Events, Order};
use crate::distribute::{Body, apart, nests};
use crate::region;
use crate::steps::{apart_move, cut, instances_move};

/// More statements of one body are not looked at: each pair may take a question to the solver.
const MOST_PARTS: usize = 16;

/// A region as it looks after the moves that open it.
pub(super) struct Opened {
    pub(super) function: Function,
    pub(super) statements: Block,
    pub(super) moves: Vec<Move>,
    pub(super) layout: Layout,
}

/// What is known of the region as written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) function: &'a Function,
    pub(super) statements: &'a [Stmt],
    pub(super) order: Order<'a>,
    /// Why loops cannot run in any order.
    pub(super) carried: &'a BTreeMap<LoopName, Vec<Refusal>>,
    /// Loops that something else than dependences keeps in order.
    pub(super) obstructed: &'a BTreeSet<LoopName>,
    pub(super) unchanged: &'a BTreeSet<Handle<Var>>,
}

/// Returns whether cutting could help: some loop that carries something holds several statements, and a loop.
pub(super) fn may_help(statements: &[Stmt], carried: &BTreeMap<LoopName, Vec<Refusal>>) -> bool {
    region::loops(statements).into_iter().any(|each| {
        carried.contains_key(&each.name)
            && Body::read(&each.body)
                .is_some_and(|body| (2..=MOST_PARTS).contains(&body.parts.len()))
    })
}

/// Returns the region with loops cut so that every part is a nest or the host's; `None` where that cannot be.
///
/// Loops that hold others are cut alone if that is enough, since parts that share an inner loop share what it reads.
pub(super) fn open(written: Written<'_>) -> Option<Opened> {
    opened(written, Cut::ByOrder)
}

/// The same where parts share variables of the body, which get an instance in memory for every iteration.
pub(super) fn open_with_instances(written: Written<'_>) -> Option<Opened> {
    opened(written, Cut::WithInstances)
}

fn opened(written: Written<'_>, way: Cut) -> Option<Opened> {
    [false, true].into_iter().find_map(|cuts_inner| {
        let mut opening = Opening {
            written,
            function: written.function.clone(),
            statements: written.statements.to_vec(),
            moves: Vec::new(),
            made_from: BTreeMap::new(),
        };
        for each in region::loops(written.statements).into_iter().rev() {
            let holds_loops = !region::loops(&each.body).is_empty();
            if holds_loops || cuts_inner {
                opening.cut(&each.name, way)?;
            }
        }
        opening.finished()
    })
}

/// How a loop is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Into what may run in any order and what may not.
    ByOrder,
    /// Into loops that compute numbers and loops that wait for one.
    WithInstances,
}

/// A region on its way.
struct Opening<'a> {
    written: Written<'a>,
    function: Function,
    statements: Block,
    moves: Vec<Move>,
    /// The loop of the text that a loop is a part of.
    made_from: BTreeMap<LoopName, LoopName>,
}

impl Opening<'_> {
    /// Cuts a loop of the text if it cannot run in parallel, and what it holds is not for the host to run; `None` where
    /// it would have to be cut and cannot be.
    fn cut(&mut self, name: &LoopName, way: Cut) -> Option<()> {
        let each = region::find(&self.statements, name)?;
        let is_fine = !self.written.carried.contains_key(name)
            || self.layout(&[Stmt::For(each.clone())]).is_some();
        if is_fine || self.written.obstructed.contains(name) {
            return Some(());
        }
        let body = Body::read(&each.body)?;
        if !(2..=MOST_PARTS).contains(&body.parts.len()) {
            return Some(());
        }
        let (order, function) = (self.written.order, &self.function);
        let (groups, step) = match way {
            Cut::ByOrder => (apart(order, function, each, &body)?, apart_move(name)),
            Cut::WithInstances => (nests(order, function, each, &body)?, instances_move(name)),
        };
        if groups.len() < 2 {
            return Some(());
        }
        let before: BTreeSet<LoopName> = self.names();
        cut(order, &mut self.function, &mut self.statements, &step).ok()?;
        for made in self.names().difference(&before) {
            self.made_from.insert(made.clone(), name.clone());
        }
        self.moves.push(step);
        Some(())
    }

    fn names(&self) -> BTreeSet<LoopName> {
        let loops = region::loops(&self.statements).into_iter();
        loops.map(|each| each.name.clone()).collect()
    }

    /// Returns which statements of the tree are the host's and which are nests.
    fn layout(&self, statements: &[Stmt]) -> Option<Layout> {
        let carried = region::loops(statements)
            .into_iter()
            .filter_map(|each| Some((each.name.clone(), self.reasons(each)?)))
            .collect();
        layout(&self.function, statements, &carried, self.written.unchanged).ok()
    }

    /// Returns why a loop of the tree cannot run in any order.
    fn reasons(&self, each: &Loop) -> Option<Vec<Refusal>> {
        let written = self.written;
        let original = self.made_from.get(&each.name).unwrap_or(&each.name);
        let reasons = written.carried.get(original)?;
        let is_whole = region::find(written.statements, original)
            .is_some_and(|original| region::numbers(&original.body) == region::numbers(&each.body));
        let events = Events::of(&each.body);
        let carries = || {
            let depth = events.depth(written.order, each.iterator);
            depth.is_none_or(|depth| carried::carries(written.order, &events, depth))
        };
        (is_whole || written.obstructed.contains(original) || carries()).then(|| reasons.clone())
    }

    fn finished(self) -> Option<Opened> {
        let layout = self.layout(&self.statements)?;
        (!self.moves.is_empty()).then_some(Opened {
            function: self.function,
            statements: self.statements,
            moves: self.moves,
            layout,
        })
    }
}
