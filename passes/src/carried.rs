//! Which dependences a loop of the program carries between some of its statements.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Expr, Handle, Stmt, StmtId, Var};

use crate::facts::{Decision, Dependence, Event, EventFacts, Facts};
use crate::{isl, region};

/// What is known of the order of the program's events.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) events: &'a BTreeMap<Event, EventFacts>,
    pub(crate) dependences: &'a [Dependence],
}

impl<'a> From<&'a Facts> for Order<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self {
            events: &facts.events,
            dependences: &facts.dependences,
        }
    }
}

/// What touches memory in some statements.
pub(crate) struct Events {
    pub(crate) assignments: BTreeSet<StmtId>,
    /// The expressions by which they decide.
    decisions: BTreeSet<Handle<Expr>>,
}

impl Events {
    /// Returns the events of statements.
    pub(crate) fn of(statements: &[Stmt]) -> Self {
        let mut decisions = BTreeSet::new();
        region::each(statements, &mut |stmt| {
            decisions.extend(Decision::condition_of(stmt));
        });
        Self {
            assignments: region::numbers(statements),
            decisions,
        }
    }

    /// Returns whether an event is one of them.
    pub(crate) fn contains(&self, event: Event) -> bool {
        match event {
            Event::Assignment(id) => self.assignments.contains(&id),
            Event::Decision(decision) => self.decisions.contains(&decision.condition),
        }
    }

    /// Returns how many loops of the program are around the one that counts with an iterator; `None` where none does.
    pub(crate) fn depth(&self, order: Order<'_>, iterator: Handle<Var>) -> Option<usize> {
        let first = Event::Assignment(*self.assignments.first()?);
        let iterators = &order.events.get(&first)?.iterators;
        iterators.iter().position(|each| *each == iterator)
    }
}

/// Returns whether two statements must keep their order for something else than what several of them join.
pub(crate) fn orders(dependence: &Dependence) -> bool {
    dependence.reduction.is_none() && !dependence.is_update
}

/// Returns whether some iteration of the loop at a depth must wait for another one, of the same iteration of the loops
/// around it, as far as some events are concerned; where the solver does not know, it must.
pub(crate) fn carries(order: Order<'_>, events: &Events, depth: usize) -> bool {
    among(order, events).any(|each| carries_one(order, each, depth))
}

/// Returns whether some events depend on one another in the same iteration of the outermost loops, as many as the depth
/// says, where all of this holds for the iterators `a0`, … of the source and `b0`, … of the sink; where the solver does
/// not know, they do.
pub(crate) fn carries_such(
    order: Order<'_>,
    events: &Events,
    depth: usize,
    such: &[String],
) -> bool {
    let all: Vec<String> = equal(depth).chain(such.iter().cloned()).collect();
    among(order, events).any(|each| may_hold(such_pairs(order, each, &all)))
}

/// Returns whether a dependence joins two iterations of the loop at a depth, of the same iteration of the loops around it;
/// where the solver does not know, it does.
pub(crate) fn carries_one(order: Order<'_>, dependence: &Dependence, depth: usize) -> bool {
    may_hold(pairs(order, dependence, depth, Some("!=")))
}

/// Returns whether some events depend on one another in different iterations of the loop that counts with `inner`, in the
/// same iteration of the loops that count with `around`, whatever the iterations of others; where the solver does not know,
/// they do.
pub(crate) fn carries_beyond(
    order: Order<'_>,
    events: &Events,
    around: &[Handle<Var>],
    inner: Handle<Var>,
) -> bool {
    among(order, events).any(|each| {
        let position = |event: Event, var: &Handle<Var>| {
            let iterators = &order.events.get(&event)?.iterators;
            iterators.iter().position(|each| each == var)
        };
        let pair = |var: &Handle<Var>, sign: &str| {
            let (a, b) = (position(each.source, var)?, position(each.sink, var)?);
            Some(format!("a{a} {sign} b{b}"))
        };
        let equal = around.iter().map(|var| pair(var, "="));
        let all: Option<Vec<String>> = equal.chain([pair(&inner, "!=")]).collect();
        let Some(all) = all else { return true };
        may_hold(such_pairs(order, each, &all))
    })
}

/// Returns whether a dependence holds between two instances in one iteration of the outermost loops, as many as the depth
/// says; where the solver does not know, it does.
pub(crate) fn holds_within(order: Order<'_>, dependence: &Dependence, depth: usize) -> bool {
    may_hold(pairs(order, dependence, depth, None))
}

/// Returns the dependences that order some events among one another.
fn among<'a>(order: Order<'a>, events: &'a Events) -> impl Iterator<Item = &'a Dependence> {
    order
        .dependences
        .iter()
        .filter(|each| orders(each) && events.contains(each.source) && events.contains(each.sink))
}

/// Returns whether there may be such pairs: where the solver does not know, there may.
fn may_hold(pairs: Result<isl::Map, isl::Error>) -> bool {
    let is_empty = pairs.and_then(|pairs| pairs.is_empty());
    is_empty.map_or(true, |is_empty| !is_empty)
}

/// Returns the pairs of a dependence in one iteration of the outermost loops, with a relation between the iterators of the
/// next one.
fn pairs(
    order: Order<'_>,
    dependence: &Dependence,
    depth: usize,
    next: Option<&str>,
) -> Result<isl::Map, isl::Error> {
    let next = next.map(|sign| format!("a{depth} {sign} b{depth}"));
    let all: Vec<_> = equal(depth).chain(next).collect();
    such_pairs(order, dependence, &all)
}

/// Returns that two instances are of one iteration of the outermost loops.
fn equal(depth: usize) -> impl Iterator<Item = String> {
    (0..depth).map(|at| format!("a{at} = b{at}"))
}

/// Returns the pairs of a dependence for whose iterators, `a0`, … of the source and `b0`, … of the sink, all of this holds.
fn such_pairs(
    order: Order<'_>,
    dependence: &Dependence,
    all: &[String],
) -> Result<isl::Map, isl::Error> {
    let tuple = |event: Event, letter: &str| {
        let known = order.events.get(&event);
        let count = known.map_or(0, |known| known.iterators.len());
        let names: Vec<_> = (0..count).map(|at| format!("{letter}{at}")).collect();
        format!("{event}[{}]", names.join(", "))
    };
    let such_that = if all.is_empty() {
        String::new()
    } else {
        format!(": {}", all.join(" and "))
    };
    let text = format!(
        "{{ {} -> {} {such_that} }}",
        tuple(dependence.source, "a"),
        tuple(dependence.sink, "b")
    );
    let context = dependence.relation.context();
    dependence
        .relation
        .intersect(&isl::Map::parse(context, &text)?)
}
