//! The ways in which a region may be read, and which of them is taken.

use std::collections::BTreeSet;

use mupac_ir::{Function, Module, Reason, Refusal};

use super::candidate::{How, Obstacle, facts, header};
use super::guess::Reading;
use super::privatise::Position;
use super::table::Tables;
use super::value::{has_fixed_factors, multiplies_sums};
use crate::facts::{Facts, FloatOrder};
use crate::isl;

/// So many times as long may the solver take where the other reading of products with sums is worse.
const PATIENCE: u64 = 4;

/// Examines the loop at `position` of a function; with `scans`, iterations may look at what those before them have contributed.
///
/// **Errors**: why its iterations cannot run in any order, or why nothing can be made of it.
pub(crate) fn examine(
    module: &Module,
    function: &Function,
    isl: &isl::Context,
    position: Position<'_>,
    (order, scans): (FloatOrder, bool),
) -> Result<Facts, Vec<Refusal>> {
    let tables = Tables::of(module, function, position.statements);
    let none = BTreeSet::new();
    let read = |reading, tables| {
        let how = How {
            reading,
            tables,
            order,
            kept: &none,
            scans,
        };
        facts(module, function, isl, position, how)
    };
    let no_tables = Tables::default();
    let mut found = read(Reading::ByWidth, &tables);
    let is_too_much = |found: &Result<_, _>| matches!(found, Err(Obstacle::Solver(_)));
    // More parameters, and more cases, take the solver longer, or are too much for it.
    let multiplies = is_too_much(&found) && multiplies_sums(function, position.statements);
    if is_too_much(&found) && (multiplies || !tables.is_empty()) {
        found = isl.within(PATIENCE * isl::Context::OPERATIONS, || {
            read(Reading::ByWidth, &tables)
        });
    }
    if is_too_much(&found) && multiplies {
        found = read(Reading::Expanded, &tables);
    }
    if is_too_much(&found) && !tables.is_empty() {
        found = read(Reading::ByWidth, &no_tables);
    }
    // How many loops are ordered; of a region that is refused all are.
    let ordered = match &found {
        Ok(facts) => facts.carried.len(),
        Err(Obstacle::Refused(_)) => usize::MAX,
        Err(Obstacle::Solver(_)) => 0,
    };
    if ordered > 0
        && has_fixed_factors(function, position.statements)
        && let Ok(other) = read(Reading::ByConstants, &tables)
        && other.carried.len() < ordered
    {
        found = Ok(other);
    }
    found.map_err(|obstacle| match obstacle {
        Obstacle::Refused(refusals) => refusals,
        Obstacle::Solver(error) => {
            let at = header(position);
            vec![Refusal::new(Reason::SolverLimit, at).with(at, error.to_string())]
        }
    })
}
