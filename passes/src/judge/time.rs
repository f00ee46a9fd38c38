//! Relates the instances of the original statements to the points in time at which a rewritten tree runs them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Expr, Function, Handle, Refusal, Span, Stmt, StmtId, Var};

use super::lifetimes::mentions;
use super::linear::Linear;
use super::walk::{Dimension, Kind, Leaf, Schedule};
use super::{illegal, unsolved};
use crate::facts::{Decision, Event};
use crate::symbol::Symbol;
use crate::{isl, region};

/// What identifies a unit in both trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// An assignment, by its number.
    Compute(StmtId),
    /// The start of a lifetime, by its variable.
    Declare(Handle<Var>),
    /// An opaque unit, by its number in the original.
    Opaque(usize),
}

/// One unit of the original.
pub(crate) struct Unit<'a> {
    /// What it is.
    pub(crate) kind: Kind<'a>,
    /// The original iterators around it.
    pub(crate) iterators: Vec<Handle<Var>>,
    /// The loops that own them.
    pub(crate) dimensions: Vec<Dimension>,
    /// Position in the text of the original.
    pub(crate) position: usize,
    /// What holds of the original instances.
    pub(super) constraints: Vec<String>,
    /// The original instances, as `I[…]`.
    pub(crate) domain: isl::Set,
    /// Where the rewritten tree runs it, in textual order.
    pub(crate) copies: Vec<Copy>,
}

/// One place of the rewritten tree that runs a unit.
pub(crate) struct Copy {
    /// Position in the text of the rewritten tree.
    pub(crate) position: usize,
    /// The loops around it.
    pub(crate) dimensions: Vec<Dimension>,
    /// How many of the outermost are loops of the original as they were: in order, sequential, and counting what they
    /// counted.
    pub(crate) kept: usize,
    /// Whether the unit runs exactly when it ran.
    pub(crate) is_unchanged: bool,
    /// Copies of one number have the same loops around them and the same relation of times to instances.
    pub(crate) form: usize,
    /// What relates `t0`, `t1`, … and the instance `x0`, `x1`, ….
    constraints: Vec<String>,
}

/// All units, and what may be assumed of the parameters.
pub(crate) struct Times<'a> {
    pub(crate) units: BTreeMap<Key, Unit<'a>>,
    /// Which unit holds an assignment.
    assignments: BTreeMap<StmtId, Key>,
    /// Which unit holds a condition or a bound; `None`: several do.
    decisions: BTreeMap<Handle<Expr>, Option<Key>>,
    pub(crate) assumed: &'a isl::Set,
    parameters: String,
    /// Relations under the assumptions, by their text.
    relations: RefCell<BTreeMap<String, isl::Map>>,
    /// The loops around copies, as positions in the tree, and their constraints, by number.
    forms: BTreeMap<(Vec<usize>, Vec<String>), usize>,
    /// The function as the program has it.
    function: &'a Function,
    /// Those of all its loops around statements.
    iterators: BTreeSet<Handle<Var>>,
}

impl<'a> Times<'a> {
    /// Matches the units of both trees.
    ///
    /// **Errors**: `illegal-step` for a unit that only one of them has, or that sees other values.
    pub(crate) fn new(
        function: &'a Function,
        original: &Schedule<'a>,
        rewritten: &Schedule<'_>,
        assumed: &'a isl::Set,
        at: Span,
    ) -> Result<Self, Refusal> {
        let used: BTreeSet<_> = original.used.union(&rewritten.used).collect();
        let parameters: Vec<_> = used.into_iter().map(Symbol::name).collect();
        let mut times = Self {
            units: BTreeMap::new(),
            assignments: BTreeMap::new(),
            decisions: BTreeMap::new(),
            assumed,
            parameters: parameters.join(", "),
            relations: RefCell::default(),
            forms: BTreeMap::new(),
            function,
            iterators: BTreeSet::new(),
        };
        for (position, leaf) in original.leaves.iter().enumerate() {
            let Some(key) = times.new_key(leaf) else {
                return Err(illegal("the region as written shares memory already", at));
            };
            if times.units.contains_key(&key) {
                return Err(illegal("two statements of the region share a number", at));
            }
            times.iterators.extend(&leaf.iterators);
            times
                .add(key, position, leaf)
                .map_err(|error| unsolved(&error, at))?;
        }
        let of_program = |leaf: &(usize, &Leaf<'_>)| !leaf.1.kind.is_made();
        for (position, leaf) in rewritten.leaves.iter().enumerate().filter(of_program) {
            let key = times
                .known_key(leaf)
                .ok_or_else(|| illegal("the rewrite changed a statement", at))?;
            times.add_copy(key, position, leaf, at)?;
        }
        Ok(times)
    }

    fn new_key(&self, leaf: &Leaf<'_>) -> Option<Key> {
        match leaf.kind {
            Kind::Compute(compute) => Some(Key::Compute(compute.id)),
            Kind::Declare(var) => Some(Key::Declare(var)),
            Kind::Opaque(_) => {
                let opaque = |unit: &&Unit<'_>| matches!(unit.kind, Kind::Opaque(_));
                Some(Key::Opaque(self.units.values().filter(opaque).count()))
            }
            Kind::Share(_) | Kind::Copy(_) | Kind::Expand(_) | Kind::Barrier => None,
        }
    }

    /// Returns the unit of the original that a leaf repeats to the letter.
    fn known_key(&self, leaf: &Leaf<'_>) -> Option<Key> {
        match leaf.kind {
            Kind::Compute(compute) => {
                let key = Key::Compute(compute.id);
                let unit = self.units.get(&key)?;
                let Kind::Compute(original) = unit.kind else {
                    return None;
                };
                (original == compute || leaf.is_replaced).then_some(key)
            }
            Kind::Declare(var) => {
                let key = Key::Declare(var);
                self.units.contains_key(&key).then_some(key)
            }
            Kind::Opaque(statements) => self.units.iter().find_map(|(key, unit)| match unit.kind {
                Kind::Opaque(original) => (original == statements).then_some(*key),
                Kind::Compute(_)
                | Kind::Declare(_)
                | Kind::Share(_)
                | Kind::Copy(_)
                | Kind::Expand(_)
                | Kind::Barrier => None,
            }),
            Kind::Share(_) | Kind::Copy(_) | Kind::Expand(_) | Kind::Barrier => None,
        }
    }

    fn add(&mut self, key: Key, position: usize, leaf: &Leaf<'a>) -> Result<(), isl::Error> {
        let names: Vec<_> = (0..leaf.iterators.len())
            .map(|at| format!("t{at}"))
            .collect();
        let text = format!(
            "[{}] -> {{ I[{}] {} }}",
            self.parameters,
            names.join(", "),
            such_that(&leaf.constraints)
        );
        let domain = isl::Set::parse(self.assumed.context(), &text)?;
        let unit = Unit {
            kind: leaf.kind,
            iterators: leaf.iterators.clone(),
            dimensions: leaf.dimensions.clone(),
            position,
            constraints: leaf.constraints.clone(),
            domain: domain.intersect_params(self.assumed)?,
            copies: Vec::new(),
        };
        match leaf.kind {
            Kind::Compute(compute) => {
                self.assignments.insert(compute.id, key);
            }
            Kind::Declare(_) | Kind::Share(_) | Kind::Copy(_) | Kind::Expand(_) | Kind::Barrier => {
            }
            Kind::Opaque(statements) => region::each(statements, &mut |stmt| {
                if let Stmt::Compute(compute) = stmt {
                    self.assignments.insert(compute.id, key);
                }
                if let Some(condition) = Decision::condition_of(stmt) {
                    let owner = self.decisions.entry(condition).or_insert(Some(key));
                    *owner = owner.filter(|known| *known == key);
                }
            }),
        }
        self.units.insert(key, unit);
        Ok(())
    }

    /// Returns the unit that holds an event.
    ///
    /// Decisions outside of opaque units read nothing that the region changes, and no dependence names them.
    pub(crate) fn owner(&self, event: Event) -> Option<Key> {
        match event {
            Event::Assignment(id) => self.assignments.get(&id).copied(),
            Event::Decision(decision) => self.decisions.get(&decision.condition).copied()?,
        }
    }

    fn add_copy(
        &mut self,
        key: Key,
        position: usize,
        leaf: &Leaf<'_>,
        at: Span,
    ) -> Result<(), Refusal> {
        let function = self.function;
        let Some(unit) = self.units.get_mut(&key) else {
            return Ok(());
        };
        // A name that the program reads as memory must not be covered by a `let` or a loop, nor the other way round; the
        // iterator of another loop does not matter where the statement does not name it.
        let iterators = &self.iterators;
        let in_scope = leaf.values.keys();
        let mut others = in_scope
            .filter(|var| var.index() < function.vars.len() && !unit.iterators.contains(var));
        let is_covered =
            others.any(|var| !iterators.contains(var) || mentions(function, unit.kind, *var));
        let has_all = unit
            .iterators
            .iter()
            .all(|var| leaf.values.contains_key(var));
        if is_covered || !has_all {
            return Err(illegal(
                "the rewrite changed which iterators are in scope",
                at,
            ));
        }
        let mut constraints = leaf.constraints.clone();
        for (place, iterator) in unit.iterators.iter().enumerate() {
            let Some(Some(value)) = leaf.values.get(iterator) else {
                return Err(illegal("the rewrite lost the value of an iterator", at));
            };
            constraints.push(format!("x{place} = {value}"));
        }
        let kept = kept(unit, leaf);
        let nodes = leaf.dimensions.iter().map(|each| each.node).collect();
        let next = self.forms.len();
        let form = *self
            .forms
            .entry((nodes, constraints.clone()))
            .or_insert(next);
        unit.copies.push(Copy {
            position,
            dimensions: leaf.dimensions.clone(),
            kept,
            is_unchanged: kept == unit.dimensions.len()
                && kept == leaf.dimensions.len()
                && unit.constraints == leaf.constraints,
            form,
            constraints,
        });
        Ok(())
    }

    /// Returns the relation of a unit's instances to the first `kept` dimensions of the time at which a copy runs them.
    ///
    /// The first tuple is called `name` and has `arity` dimensions, of which the unit's iterators are the first.
    pub(crate) fn map(
        &self,
        name: &str,
        arity: usize,
        copy: &Copy,
        kept: usize,
    ) -> Result<isl::Map, isl::Error> {
        let instance: Vec<_> = (0..arity).map(|at| format!("x{at}")).collect();
        let time: Vec<_> = (0..copy.dimensions.len())
            .map(|at| format!("t{at}"))
            .collect();
        let (kept, hidden) = time.split_at(kept.min(time.len()));
        let such_that = such_that(&copy.constraints);
        let body = if hidden.is_empty() || such_that.is_empty() {
            such_that
        } else {
            let constraints = such_that.trim_start_matches([':', ' ']);
            format!(": exists {} : ({constraints})", hidden.join(", "))
        };
        let text = format!(
            "[{}] -> {{ [{}] -> [{}] {body} }}",
            self.parameters,
            instance.join(", "),
            kept.join(", "),
        );
        // Without names a relation serves all statements of one form.
        if let Some(known) = self.relations.borrow().get(&text) {
            return known.named(name, "");
        }
        let relation =
            isl::Map::parse(self.assumed.context(), &text)?.intersect_params(self.assumed)?;
        self.relations.borrow_mut().insert(text, relation.clone());
        relation.named(name, "")
    }

    /// Relates the points at which a leaf runs to values there.
    pub(crate) fn values(
        &self,
        leaf: &Leaf<'_>,
        values: &[Linear],
    ) -> Result<isl::Map, isl::Error> {
        let time: Vec<_> = (0..leaf.dimensions.len())
            .map(|at| format!("t{at}"))
            .collect();
        let names: Vec<_> = (0..values.len()).map(|at| format!("a{at}")).collect();
        let mut constraints = leaf.constraints.clone();
        for (name, value) in names.iter().zip(values) {
            constraints.push(format!("{name} = {value}"));
        }
        let text = format!(
            "[{}] -> {{ [{}] -> [{}] {} }}",
            self.parameters,
            time.join(", "),
            names.join(", "),
            such_that(&constraints)
        );
        isl::Map::parse(self.assumed.context(), &text)?.intersect_params(self.assumed)
    }

    /// Returns the points in time that meet constraints, under the assumptions.
    pub(crate) fn points(
        &self,
        dimensions: usize,
        constraints: &[String],
        and: Option<&str>,
    ) -> Result<isl::Set, isl::Error> {
        let names: Vec<_> = (0..dimensions).map(|at| format!("t{at}")).collect();
        let all: Vec<_> = constraints
            .iter()
            .cloned()
            .chain(and.map(str::to_owned))
            .collect();
        let text = format!(
            "[{}] -> {{ [{}] {} }}",
            self.parameters,
            names.join(", "),
            such_that(&all)
        );
        isl::Set::parse(self.assumed.context(), &text)?.intersect_params(self.assumed)
    }
}

/// Returns how many of the outermost loops around a leaf are those of the original, as they were.
fn kept(unit: &Unit<'_>, leaf: &Leaf<'_>) -> usize {
    let is_kept = |(at, (before, after)): (usize, (&Dimension, &Dimension))| {
        let iterator = unit.iterators.get(at);
        let value = iterator.and_then(|iterator| leaf.values.get(iterator)?.as_ref());
        before.name == after.name
            && before.mapping == after.mapping
            && before.descends == after.descends
            && value.is_some_and(|value| *value == Linear::term(format!("t{at}")))
    };
    unit.dimensions
        .iter()
        .zip(&leaf.dimensions)
        .enumerate()
        .take_while(|pair| is_kept(*pair))
        .count()
}

fn such_that(constraints: &[String]) -> String {
    if constraints.is_empty() {
        return String::new();
    }
    let parts: Vec<_> = constraints.iter().map(|each| format!("({each})")).collect();
    format!(": {}", parts.join(" and "))
}

/// Returns where a unit stands in the source.
pub(crate) fn span(kind: Kind<'_>) -> Span {
    match kind {
        Kind::Compute(compute) | Kind::Copy(compute) => compute.span,
        Kind::Declare(_) | Kind::Share(_) | Kind::Expand(_) | Kind::Barrier => Span::default(),
        Kind::Opaque(statements) => statements
            .iter()
            .fold(Span::default(), |span, stmt| span.join(stmt.span())),
    }
}
