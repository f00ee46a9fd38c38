//! Every original instance runs exactly once.

use std::collections::BTreeSet;

use mupac_ir::{Function, Handle, Refusal, Var};

use super::time::{Key, Times, Unit, span};
use super::walk::Kind;
use super::{illegal, instance, unsolved};
use crate::isl;

/// Checks every unit, apart from the declarations of variables that arrays hold.
///
/// **Errors**: `illegal-step`, naming an iteration that would be lost, repeated or added.
pub(crate) fn check(
    function: &Function,
    times: &Times<'_>,
    expanded: &BTreeSet<Handle<Var>>,
) -> Result<(), Refusal> {
    let mut covered = BTreeSet::new();
    for (key, unit) in &times.units {
        if matches!(key, Key::Declare(var) if expanded.contains(var)) {
            continue;
        }
        if let [only] = unit.copies.as_slice()
            && only.is_unchanged
        {
            continue;
        }
        // Statements have no say in the answer but by these.
        let question = (
            matches!(unit.kind, Kind::Declare(_)),
            unit.iterators.len(),
            unit.constraints.as_slice(),
            unit.copies.iter().map(|copy| copy.form).collect::<Vec<_>>(),
        );
        if !covered.insert(question) {
            continue;
        }
        let at = span(unit.kind);
        let found = fault(times, unit).map_err(|error| unsolved(&error, at))?;
        if let Some((point, words)) = found {
            let which = match key {
                Key::Compute(_) | Key::Opaque(_) => instance(function, &unit.iterators, &point),
                Key::Declare(var) => format!("the declaration of {}", function.vars[*var].name),
            };
            return Err(illegal(format!("{which} {words}"), at));
        }
    }
    Ok(())
}

/// Returns an instance that does not run exactly once, and what becomes of it.
fn fault(
    times: &Times<'_>,
    unit: &Unit<'_>,
) -> Result<Option<(Vec<i64>, &'static str)>, isl::Error> {
    let nothing = unit.domain.subtract(&unit.domain)?;
    let mut covered = nothing;
    for copy in &unit.copies {
        let map = times.map("I", unit.iterators.len(), copy, copy.dimensions.len())?;
        let runs = map.domain()?;
        if !map.is_single_valued()? {
            return Ok(Some((first(&runs)?, "would run more than once")));
        }
        let again = runs.intersect(&covered)?;
        if !again.is_empty()? {
            return Ok(Some((first(&again)?, "would run more than once")));
        }
        covered = covered.union(&runs)?;
    }
    let lost = unit.domain.subtract(&covered)?;
    if !lost.is_empty()? {
        return Ok(Some((first(&lost)?, "would not run")));
    }
    // A lifetime that starts although nothing uses the variable changes nothing.
    if matches!(unit.kind, Kind::Declare(_)) {
        return Ok(None);
    }
    let added = covered.subtract(&unit.domain)?;
    if !added.is_empty()? {
        return Ok(Some((
            first(&added)?,
            "would run although the loop ends before it",
        )));
    }
    Ok(None)
}

fn first(set: &isl::Set) -> Result<Vec<i64>, isl::Error> {
    Ok(set.sample()?.map(|point| point.tuple).unwrap_or_default())
}
