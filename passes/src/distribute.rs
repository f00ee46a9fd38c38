//! The body of a loop in parts that may have loops of their own: which of them depend on one another.
//!
//! Decides nothing about legality: what is cut is brought before the judge.
//!
//! **Source**: Kennedy, `McKinley`, “Loop Distribution with Arbitrary Control Flow”, SC 1990; Kennedy, `McKinley`,
//! “Maximizing Loop Parallelism and Improving Data Locality via Loop Fusion and Distribution”, LCPC 1993 (parts of one
//! kind are joined again, greedily).

use std::collections::BTreeSet;

use mupac_ir::{Block, Expr, Function, Handle, If, Loop, Span, Stmt, Var};

use crate::carried::{self, Events, Order};
use crate::facts::{Dependence, Event};
use crate::normalise::modified;
use crate::region;

/// The body of a loop in parts.
pub(crate) struct Body {
    /// Names for values, which every part may need.
    names: Vec<Stmt>,
    /// Around all parts.
    condition: Option<(Handle<Expr>, Span)>,
    pub(crate) lifetimes: Vec<(Handle<Var>, Span)>,
    pub(crate) parts: Vec<Stmt>,
}

impl Body {
    /// Takes a body apart; `None` where it cannot be cut.
    pub(crate) fn read(block: &[Stmt]) -> Option<Self> {
        let mut leaves = false;
        region::each(block, &mut |stmt| {
            leaves |= matches!(
                stmt,
                Stmt::Return(..)
                    | Stmt::Break(_)
                    | Stmt::Continue(_)
                    | Stmt::Barrier
                    | Stmt::Verbatim(..)
            );
        });
        if leaves {
            return None;
        }
        let is_name = |stmt: &&Stmt| matches!(stmt, Stmt::Let(..));
        let mut body = Self {
            names: block.iter().take_while(is_name).cloned().collect(),
            condition: None,
            lifetimes: Vec::new(),
            parts: Vec::new(),
        };
        let mut rest = &block[body.names.len()..];
        if let [Stmt::If(branch)] = rest
            && branch.otherwise.is_empty()
        {
            body.condition = Some((branch.condition, branch.span));
            rest = &branch.then;
        }
        for stmt in rest {
            match stmt {
                Stmt::Declare(var, span) => body.lifetimes.push((*var, *span)),
                Stmt::Let(..) => return None,
                Stmt::Compute(_)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => body.parts.push(stmt.clone()),
            }
        }
        Some(body)
    }

    /// Returns the parts that name a variable.
    pub(crate) fn naming(&self, function: &Function, var: Handle<Var>) -> BTreeSet<usize> {
        let parts = self.parts.iter().enumerate();
        parts
            .filter(|(_, part)| region::names(function, part, var))
            .map(|(at, _)| at)
            .collect()
    }

    /// Returns the parts that assign a variable.
    pub(crate) fn assigning(&self, var: Handle<Var>) -> BTreeSet<usize> {
        let parts = self.parts.iter().enumerate();
        parts
            .filter(|(_, part)| modified(std::slice::from_ref(part)).contains(&var))
            .map(|(at, _)| at)
            .collect()
    }

    /// Returns whether a part is a loop that assigns no variable of the body.
    pub(crate) fn is_nest(&self, part: &Stmt) -> bool {
        let assigned = modified(std::slice::from_ref(part));
        let mut lifetimes = self.lifetimes.iter();
        matches!(part, Stmt::For(_)) && !lifetimes.any(|(var, _)| assigned.contains(var))
    }

    /// Returns a body of some of the parts.
    pub(crate) fn of(&self, function: &Function, group: &BTreeSet<usize>) -> Block {
        let lifetimes = self.lifetimes.iter().filter(|(var, _)| {
            let naming = self.naming(function, *var);
            !naming.is_disjoint(group)
        });
        let lifetimes = lifetimes.map(|(var, span)| Stmt::Declare(*var, *span));
        let parts = group.iter().filter_map(|at| self.parts.get(*at).cloned());
        let inside: Block = lifetimes.chain(parts).collect();
        let mut block = self.names.clone();
        match self.condition {
            Some((condition, span)) => block.push(Stmt::If(If {
                condition,
                then: inside,
                otherwise: Block::new(),
                span,
            })),
            None => block.extend(inside),
        }
        block
    }
}

/// The parts of a loop's body with what orders them.
struct Graph<'a> {
    order: Order<'a>,
    events: Vec<Events>,
    /// The number of loops of the program around the loop.
    depth: usize,
    /// Parts that share a variable of the body.
    bound: Vec<(usize, usize)>,
}

/// Which parts stay together for the sake of a variable of the body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    /// All that name it: they have one variable.
    One,
    /// All that assign it: there is an instance for each iteration, which any loop finds.
    Instances,
}

impl<'a> Graph<'a> {
    /// Reads the parts of a body; `None` where the loop is none of the program's.
    fn of(
        order: Order<'a>,
        function: &Function,
        target: &Loop,
        body: &Body,
        sharing: Sharing,
    ) -> Option<Self> {
        let events: Vec<Events> = (body.parts.iter())
            .map(|part| Events::of(std::slice::from_ref(part)))
            .collect();
        let depth = events
            .iter()
            .find_map(|part| part.depth(order, target.iterator))?;
        let mut bound = Vec::new();
        for (var, _) in &body.lifetimes {
            let together = match sharing {
                Sharing::One => body.naming(function, *var),
                Sharing::Instances => body.assigning(*var),
            };
            let together = together.iter().copied();
            bound.extend(together.clone().zip(together.skip(1)));
        }
        Some(Self {
            order,
            events,
            depth,
            bound,
        })
    }

    /// Returns the dependences between parts, each with the two.
    fn dependences(&self) -> impl Iterator<Item = (usize, usize, &'a Dependence)> + '_ {
        let part_of = |event: Event| self.events.iter().position(|part| part.contains(event));
        let dependences = self.order.dependences.iter();
        dependences
            .filter(|each| carried::orders(each))
            .filter_map(move |each| Some((part_of(each.source)?, part_of(each.sink)?, each)))
    }

    /// Returns the strongly connected components, each before what depends on it, and in the order of the text otherwise.
    fn components(&self) -> Vec<BTreeSet<usize>> {
        let count = self.events.len();
        let mut reaches: Vec<Vec<bool>> = vec![vec![false; count]; count];
        for (a, b) in &self.bound {
            (reaches[*a][*b], reaches[*b][*a]) = (true, true);
        }
        for (a, b, dependence) in self.dependences() {
            if a != b && !reaches[a][b] {
                reaches[a][b] = carried::holds_within(self.order, dependence, self.depth);
            }
        }
        for through in 0..count {
            for from in 0..count {
                for to in 0..count {
                    reaches[from][to] |= reaches[from][through] && reaches[through][to];
                }
            }
        }
        let mut left: BTreeSet<usize> = (0..count).collect();
        let mut components = Vec::new();
        while let Some(next) = left.iter().copied().find(|at| {
            let mut others = left.iter();
            others.all(|other| !reaches[*other][*at] || reaches[*at][*other])
        }) {
            let is_together =
                |other: &usize| *other == next || reaches[next][*other] && reaches[*other][next];
            let component: BTreeSet<usize> = left.iter().copied().filter(is_together).collect();
            left.retain(|at| !component.contains(at));
            components.push(component);
        }
        components
    }

    /// Returns whether the iterations of a loop of some parts need no order.
    fn is_parallel(&self, parts: &BTreeSet<usize>) -> bool {
        let is_inside =
            |(a, b, _): &(usize, usize, &Dependence)| parts.contains(a) && parts.contains(b);
        let mut inside = self.dependences().filter(is_inside);
        !inside.any(|(_, _, each)| carried::carries_one(self.order, each, self.depth))
    }

    /// Returns the least group for a component from which it sees all that it needs: after those that it must not share
    /// a loop with, and no earlier than others.
    fn least_group(&self, component: &BTreeSet<usize>, groups: &[Group]) -> usize {
        let mut least = 0;
        for (a, b, dependence) in self.dependences() {
            let Some(group) = groups.iter().position(|group| group.parts.contains(&a)) else {
                continue;
            };
            if !component.contains(&b) || group < least {
                continue;
            }
            if carried::carries_one(self.order, dependence, self.depth) {
                least = group + 1;
            } else if carried::holds_within(self.order, dependence, self.depth) {
                least = group;
            }
        }
        least
    }

    /// Returns the components in groups: each joins the first later one of its kind.
    fn grouped(&self, kind: impl Fn(&BTreeSet<usize>) -> Option<Kind>) -> Vec<BTreeSet<usize>> {
        let mut groups: Vec<Group> = Vec::new();
        for parts in self.components() {
            let kind = kind(&parts);
            let least = self.least_group(&parts, &groups);
            let later = groups.iter_mut().skip(least);
            match later
                .into_iter()
                .find(|group| group.kind == kind && kind.is_some())
            {
                Some(group) => group.parts.extend(parts),
                None => groups.push(Group { parts, kind }),
            }
        }
        groups.into_iter().map(|group| group.parts).collect()
    }
}

/// Components that share a loop.
struct Group {
    parts: BTreeSet<usize>,
    /// Others of this kind may join them; `None`: they stay alone.
    kind: Option<Kind>,
}

/// What components have in common that may share a loop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Their iterations need no order.
    Parallel,
    /// Nor do theirs, and each iteration is better off with one thread.
    Threads,
}

/// Returns the strongly connected components of the parts under the dependences inside one iteration of the loops around,
/// each before what depends on it, and in the order of the text otherwise; `None` where the loop is none of the program's.
///
/// What names one variable of the body counts as depending on one another.
pub(crate) fn components(
    order: Order<'_>,
    function: &Function,
    target: &Loop,
    body: &Body,
) -> Option<Vec<BTreeSet<usize>>> {
    Graph::of(order, function, target, body, Sharing::One).map(|graph| graph.components())
}

/// Returns the same, with as many components in one group as leaves its iterations without an order; components whose
/// iterations have one stay alone. Groups come in an order that the dependences between them allow.
pub(crate) fn apart(
    order: Order<'_>,
    function: &Function,
    target: &Loop,
    body: &Body,
) -> Option<Vec<BTreeSet<usize>>> {
    let graph = Graph::of(order, function, target, body, Sharing::One)?;
    let kind = |parts: &BTreeSet<usize>| graph.is_parallel(parts).then_some(Kind::Parallel);
    Some(graph.grouped(kind))
}

/// Returns the components where each iteration has a variable of the body for itself, wherever it runs: loops that leave no
/// number to the rest of the body are alone, so that nothing keeps threads from sharing them out; all others are in as few
/// groups as their order allows.
pub(crate) fn nests(
    order: Order<'_>,
    function: &Function,
    target: &Loop,
    body: &Body,
) -> Option<Vec<BTreeSet<usize>>> {
    let graph = Graph::of(order, function, target, body, Sharing::Instances)?;
    let is_nest = |at: &usize| body.parts.get(*at).is_some_and(|part| body.is_nest(part));
    let kind = |parts: &BTreeSet<usize>| {
        let is_alone = parts.len() == 1 && parts.iter().all(is_nest);
        (!is_alone && graph.is_parallel(parts)).then_some(Kind::Threads)
    };
    Some(graph.grouped(kind))
}
