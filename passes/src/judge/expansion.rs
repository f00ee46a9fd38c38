//! Arrays that keep several instances of a variable that the program declares in a loop.
//!
//! Where a loop in the code of a thread moves inward, or its body is cut in two, several of its iterations are under way
//! at once, and each needs its own instance of what the body declares; an array then takes the variable's place.
//! It lies in registers of the thread; where the loop of launches is cut, in memory of the device, declared by the host.
//! What is to be shown: wherever the program names an instance of the variable, the tree names the same element of the
//! same array; two instances are never one element; and nothing names the variable itself any more.
//! Then elements are instances under another name, and the dependences between uses, which are ordered in any case,
//! are all that the program asks for.
//!
//! **Source**: Padua, Wolfe, “Advanced Compiler Optimizations for Supercomputers”, CACM 29(12), 1986 (scalar expansion).

use std::collections::BTreeSet;

use mupac_ir::{Function, Handle, Refusal, Span, Var};

use super::lifetimes::{enclose, mentions};
use super::linear::Linear;
use super::replaced::{Expanded, is_of_device};
use super::time::{Key, Times, Unit};
use super::walk::{Kind, Leaf, Schedule};
use super::{illegal, unsolved};
use crate::facts::Facts;
use crate::isl;

/// Checks the arrays that hold instances of variables, and returns these variables.
///
/// **Errors**: `illegal-step`, naming the variable that two instances would share, or whose instance would be split;
/// `solver-limit`.
pub(crate) fn check(
    facts: &Facts,
    function: &Function,
    rewritten: &Schedule<'_>,
    times: &Times<'_>,
    at: Span,
) -> Result<BTreeSet<Handle<Var>>, Refusal> {
    let mut variables = BTreeSet::new();
    let mut arrays = BTreeSet::new();
    for (position, leaf) in rewritten.leaves.iter().enumerate() {
        let Kind::Expand(array) = leaf.kind else {
            continue;
        };
        let name = &function.vars[array].name;
        if !arrays.insert(array) {
            return Err(illegal(format!("{name} is declared twice"), at));
        }
        let mut around = leaf.dimensions.iter();
        if is_of_device(function, array) && around.any(|each| each.mapping.is_parallel()) {
            let why = format!("{name} would be one array for all threads that declare it");
            return Err(illegal(why, at));
        }
        let expansion = Expansion::new(function, rewritten, times, (array, position, leaf))
            .map_err(|why| illegal(why, at))?;
        expansion
            .check(facts)
            .map_err(|error| unsolved(&error, at))?
            .map_or(Ok(()), |why| Err(illegal(why, at)))?;
        if !variables.insert(expansion.variable) {
            let name = &function.vars[expansion.variable].name;
            return Err(illegal(format!("two arrays stand for {name}"), at));
        }
    }
    let mut uses = rewritten.leaves.iter().flat_map(|leaf| &leaf.expanded);
    if uses.any(|used| !arrays.contains(&used.array)) {
        return Err(illegal("an array that no statement declares", at));
    }
    for variable in &variables {
        let mut leaves = rewritten.leaves.iter();
        if leaves.any(|leaf| mentions(function, leaf.kind, *variable)) {
            let name = &function.vars[*variable].name;
            return Err(illegal(
                format!("{name} is named beside the array that stands for it"),
                at,
            ));
        }
    }
    Ok(variables)
}

/// An array with all that names it.
struct Expansion<'a> {
    function: &'a Function,
    times: &'a Times<'a>,
    array: Handle<Var>,
    declared: &'a Leaf<'a>,
    variable: Handle<Var>,
    /// What the program declares.
    declaration: &'a Unit<'a>,
    uses: Vec<(&'a Leaf<'a>, &'a Expanded)>,
}

impl<'a> Expansion<'a> {
    fn new(
        function: &'a Function,
        rewritten: &'a Schedule<'_>,
        times: &'a Times<'_>,
        (array, position, declared): (Handle<Var>, usize, &'a Leaf<'_>),
    ) -> Result<Self, String> {
        let name = &function.vars[array].name;
        let mut uses = Vec::new();
        for (at, leaf) in rewritten.leaves.iter().enumerate() {
            for used in leaf.expanded.iter().filter(|used| used.array == array) {
                if at < position || !enclose(&declared.dimensions, &leaf.dimensions) {
                    return Err(format!("{name} is used where it is not declared"));
                }
                uses.push((leaf, used));
            }
        }
        let Some(variable) = uses.first().map(|(_, used)| used.variable) else {
            return Err(format!("nothing uses {name}"));
        };
        if uses.iter().any(|(_, used)| used.variable != variable) {
            return Err(format!("{name} stands for two variables"));
        }
        let Some(declaration) = times.units.get(&Key::Declare(variable)) else {
            let variable = &function.vars[variable].name;
            return Err(format!(
                "{variable} is not declared in a loop of the region"
            ));
        };
        Ok(Self {
            function,
            times,
            array,
            declared,
            variable,
            declaration,
            uses,
        })
    }

    /// Returns what is wrong.
    fn check(&self, facts: &Facts) -> Result<Option<String>, isl::Error> {
        let variable = &self.function.vars[self.variable];
        let is_joined = facts
            .reductions
            .iter()
            .any(|each| each.target.var == self.variable);
        let is_updated = self.uses.iter().any(|(leaf, _)| {
            matches!(leaf.kind, Kind::Compute(compute) if facts.updates.contains_key(&compute.id))
        });
        if variable.is_volatile || variable.is_address_taken || is_joined || is_updated {
            let why = "{} is more than the sum of its uses: it is volatile, has an address or is joined by several threads";
            return Ok(Some(why.replace("{}", &variable.name)));
        }
        let mut elements: Option<isl::Map> = None;
        for used in &self.uses {
            if !self.stays_inside(*used)? {
                let array = &self.function.vars[self.array].name;
                return Ok(Some(format!("a subscript of {array} leaves it")));
            }
            let Some(own) = self.elements(*used)? else {
                let why = format!(
                    "the instance of {} is not known where it is used",
                    variable.name
                );
                return Ok(Some(why));
            };
            elements = Some(match elements {
                Some(all) => all.union(&own)?,
                None => own,
            });
        }
        let Some(elements) = elements else {
            return Ok(None);
        };
        let elements = elements.coalesce()?;
        let name = &variable.name;
        if !elements.is_single_valued()? {
            return Ok(Some(format!(
                "one {name} of the program would be in two places"
            )));
        }
        if !elements.is_injective()? {
            return Ok(Some(format!(
                "two {name} of the program would be in one place"
            )));
        }
        Ok(None)
    }

    fn stays_inside(&self, (leaf, used): (&Leaf<'_>, &Expanded)) -> Result<bool, isl::Error> {
        let lengths = self.declared.lengths.iter().flatten();
        // The loops around the declaration are around the use, so that a length is the same number at both.
        let outside: Vec<_> = (used.at.iter().zip(lengths))
            .map(|(index, length)| format!("{index} < 0 or {index} >= {length}"))
            .collect();
        if outside.is_empty() || outside.len() != used.at.len() {
            return Ok(false);
        }
        let outside = format!("({})", outside.join(" or "));
        let points = self
            .times
            .points(leaf.dimensions.len(), &leaf.constraints, Some(&outside))?;
        points.is_empty()
    }

    /// Relates instances of the variable to elements, each with the point at which its array is declared.
    fn elements(
        &self,
        (leaf, used): (&Leaf<'_>, &Expanded),
    ) -> Result<Option<isl::Map>, isl::Error> {
        let iterators = self.declaration.iterators.iter();
        let instance: Option<Vec<Linear>> = iterators
            .map(|iterator| leaf.values.get(iterator)?.clone())
            .collect();
        let Some(instance) = instance else {
            return Ok(None);
        };
        let declared = 0..self.declared.dimensions.len();
        let element: Vec<Linear> = declared
            .map(|at| Linear::term(format!("t{at}")))
            .chain(used.at.iter().cloned())
            .collect();
        let instances = self.times.values(leaf, &instance)?.reverse()?;
        instances
            .apply_range(&self.times.values(leaf, &element)?)
            .map(Some)
    }
}
