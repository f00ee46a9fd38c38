//! Whether a copy of an element around a loop touches only what the loop touches.

use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Function, Place, StmtId};

use super::elsewhere::{Write, in_rows, never_meets};
use super::linear::Linear;
use super::walk::{self, Kind, Leaf, Program, Schedule};
use super::{Conditions, Shapes, Tree};
use crate::facts::Facts;
use crate::symbol::Symbol;
use crate::{build, isl};

/// A copy that stands beside a loop of one thread, for the sake of an assignment in the loop.
#[derive(Clone, Debug)]
pub(crate) struct Covering {
    /// The copy.
    pub(crate) copy: StmtId,
    /// The assignment that changes the element.
    pub(crate) write: StmtId,
    /// Which of the loops between the loop and the assignment, counted from the outside, are around the copy too.
    pub(crate) kept: Vec<usize>,
    /// The element.
    pub(crate) element: Place,
    /// What the loop reads of the array besides.
    pub(crate) others: Vec<Place>,
}

/// Returns whether the assignment runs for every point at which the copy does, different points of the loops that both
/// have of their own are different elements, and what else the loop reads of the array is never the element that it
/// changes; where the solver does not know, it is not so.
///
/// `after` is a tree that the judge has accepted under `conditions`, with the copy in it.
pub(crate) fn covers(
    facts: &Facts,
    before: Tree<'_>,
    after: Tree<'_>,
    conditions: &Conditions,
    covering: &Covering,
) -> bool {
    let parameters = facts.unchanged();
    let (from, known) = (conditions.generated_from, &facts.context);
    let original = walk::read(
        before.function,
        before.statements,
        from,
        &parameters,
        known,
        None,
    );
    let Ok(original) = original else { return false };
    let program = Program {
        computes: original.computes(),
        shapes: Shapes::of(facts),
    };
    let rewritten = walk::read(
        after.function,
        after.statements,
        from,
        &parameters,
        known,
        Some(&program),
    );
    let Ok(rewritten) = rewritten else {
        return false;
    };
    let pair = only(&rewritten, covering.copy).zip(only(&rewritten, covering.write));
    pair.is_some_and(|(copy, write)| {
        let Some(points) = Points::of(&rewritten, copy, write, conditions, covering) else {
            return false;
        };
        let write = Write {
            leaf: write,
            shared: points.shared,
            scope: (after.function, from, &parameters),
            shapes: &program.shapes,
            used: &rewritten.used,
        };
        let places = (&covering.element, covering.others.as_slice());
        points.are_covered(&write).unwrap_or(false)
            && never_meets(&write, places, &conditions.assumed)
    })
}

/// Returns the only place where an assignment stands.
fn only<'a, 'b>(schedule: &'b Schedule<'a>, id: StmtId) -> Option<&'b Leaf<'a>> {
    let mut found = schedule
        .leaves
        .iter()
        .filter(|leaf| matches!(leaf.kind, Kind::Compute(compute) if compute.id == id));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// When a copy runs, and when an assignment does.
struct Points<'a> {
    copy: &'a Leaf<'a>,
    write: &'a Leaf<'a>,
    conditions: &'a Conditions,
    covering: &'a Covering,
    /// The names of isl's parameters.
    parameters: String,
    /// How many loops are around both.
    shared: usize,
    /// Positions of the loops around the assignment that are those around the copy.
    kept: Vec<usize>,
}

impl<'a> Points<'a> {
    /// Matches the loops around the two; `None` where that cannot be.
    fn of(
        schedule: &Schedule<'_>,
        copy: &'a Leaf<'a>,
        write: &'a Leaf<'a>,
        conditions: &'a Conditions,
        covering: &'a Covering,
    ) -> Option<Self> {
        let both = copy.dimensions.iter().zip(&write.dimensions);
        let shared = both.take_while(|(a, b)| a.node == b.node).count();
        // The loop beside which the copy stands comes first.
        let own = covering.kept.iter().map(|at| shared + 1 + at);
        let kept: Vec<usize> = (0..shared).chain(own).collect();
        let fits = kept.len() == copy.dimensions.len()
            && kept.iter().all(|at| *at < write.dimensions.len());
        let names: BTreeSet<_> = schedule.used.iter().map(Symbol::name).collect();
        fits.then(|| Self {
            copy,
            write,
            conditions,
            covering,
            parameters: names.into_iter().collect::<Vec<_>>().join(", "),
            shared,
            kept,
        })
    }

    fn are_covered(&self, write: &Write<'_>) -> Result<bool, isl::Error> {
        let assumed = &self.conditions.assumed;
        let tuple = times(self.copy.dimensions.len()).join(", ");
        let holds = conjunction(&self.copy.constraints);
        let text = format!("[{}] -> {{ [{tuple}] : {holds} }}", self.parameters);
        let copied = isl::Set::parse(assumed.context(), &text)?.intersect_params(assumed)?;
        if !copied.is_subset(&self.written()?)? {
            return Ok(false);
        }
        Ok(self.covering.kept.is_empty() || self.are_apart(write)?)
    }

    /// Returns the points of the loops that both have at which the assignment runs.
    fn written(&self) -> Result<isl::Set, isl::Error> {
        let all = times(self.write.dimensions.len());
        let (kept, hidden): (Vec<usize>, Vec<usize>) =
            (0..all.len()).partition(|at| self.kept.contains(at));
        let list = |places: &[usize]| -> String {
            let words: Vec<_> = places.iter().map(|at| all[*at].clone()).collect();
            words.join(", ")
        };
        let exists = if hidden.is_empty() {
            String::new()
        } else {
            format!("exists {} : ", list(&hidden))
        };
        let text = format!(
            "[{}] -> {{ [{}] : {exists}({}) }}",
            self.parameters,
            list(&kept),
            conjunction(&self.write.constraints)
        );
        isl::Set::parse(self.conditions.assumed.context(), &text)
    }

    /// Returns whether different points of the loops that both have of their own are different elements.
    fn are_apart(&self, write: &Write<'_>) -> Result<bool, isl::Error> {
        let place = (&self.covering.element, self.copy);
        let assumed = &self.conditions.assumed;
        if let Some(known) = in_rows(write, place, assumed) {
            let beyond = self.elements(&known.parameters, &known.subscripts, &known.beyond)?;
            if beyond.is_empty()? {
                let elements = self.elements(&known.parameters, &known.subscripts, &[])?;
                return elements.is_injective();
            }
        }
        let (function, ..) = write.scope;
        let subscripts = self.subscripts(function);
        self.elements(&self.parameters, &subscripts, &[])?
            .is_injective()
    }

    /// Returns the map from the points of the copy, where some more conditions hold, to what the loops around both and some
    /// subscripts are there.
    fn elements(
        &self,
        parameters: &str,
        subscripts: &[Linear],
        holds: &[String],
    ) -> Result<isl::Map, isl::Error> {
        let assumed = &self.conditions.assumed;
        let mut values = times(self.shared);
        values.extend(subscripts.iter().map(ToString::to_string));
        let elements: Vec<_> = (0..values.len()).map(|at| format!("a{at}")).collect();
        let equal = elements.iter().zip(&values);
        let equal = equal.map(|(element, value)| format!("{element} = {value}"));
        let constraints = self.copy.constraints.iter().chain(holds).cloned();
        let constraints: Vec<_> = constraints.chain(equal).collect();
        let text = format!(
            "[{parameters}] -> {{ [{}] -> [{}] : {} }}",
            times(self.copy.dimensions.len()).join(", "),
            elements.join(", "),
            conjunction(&constraints)
        );
        isl::Map::parse(assumed.context(), &text)?.intersect_params(assumed)
    }

    /// Returns the subscripts that are variables, as far as they are known.
    fn subscripts(&self, function: &Function) -> Vec<Linear> {
        let known = build::indices(&self.covering.element).filter_map(|index| {
            let mut index = index;
            while let ExprKind::Cast(inner) = function.exprs[index].kind {
                index = inner;
            }
            let ExprKind::Load(place) = &function.exprs[index].kind else {
                return None;
            };
            let is_variable = place.path.is_empty();
            is_variable.then(|| self.copy.values.get(&place.var)?.clone())?
        });
        known.collect()
    }
}

/// Returns the names of so many loops from the outside.
pub(super) fn times(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("t{at}")).collect()
}

pub(super) fn conjunction(constraints: &[String]) -> String {
    if constraints.is_empty() {
        return "1 = 1".to_owned();
    }
    let parts: Vec<_> = constraints.iter().map(|each| format!("({each})")).collect();
    parts.join(" and ")
}
