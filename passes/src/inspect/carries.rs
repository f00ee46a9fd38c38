//! Whether the iterations of a loop in a pass do one another's work: where none reads what another one left, and the
//! iterator is not needed, one iteration does what all do.

use std::collections::BTreeSet;

use mupac_ir::{Block, Function, Handle, Scalar, Stmt, Var};

use crate::{build, region};

/// Returns whether an iteration of a loop may read what the one before left in a variable.
pub(super) fn carries(function: &Function, body: &Block) -> bool {
    is_read_first(function, body, &outlived(body), &mut BTreeSet::new())
}

/// Returns a floating-point number that each iteration of a loop computes of what the one before has left.
pub(super) fn carried_number(function: &Function, body: &Block) -> Option<Handle<Var>> {
    let is_number = |var: &Handle<Var>| {
        let ty = function.vars[*var].ty.scalar();
        ty.is_some_and(Scalar::is_float)
    };
    let mut numbers = outlived(body).into_iter().filter(is_number);
    numbers.find(|var| {
        is_read_first(
            function,
            body,
            &BTreeSet::from([*var]),
            &mut BTreeSet::new(),
        )
    })
}

/// Returns the variables that the iterations of a loop assign and that there are behind it.
pub(super) fn outlived(body: &Block) -> BTreeSet<Handle<Var>> {
    let (mut assigned, mut declared) = (BTreeSet::new(), BTreeSet::new());
    region::each(body, &mut |stmt| {
        assigned.extend(region::target(stmt).map(|place| place.var));
        if let Stmt::Declare(var, _) | Stmt::Let(var, _) = stmt {
            declared.insert(*var);
        }
    });
    &assigned - &declared
}

/// Returns whether statements may read one of some variables before they assign it; `known` are those that are assigned
/// already, and by the end also those that the statements assign in any case.
fn is_read_first(
    function: &Function,
    block: &Block,
    outlived: &BTreeSet<Handle<Var>>,
    known: &mut BTreeSet<Handle<Var>>,
) -> bool {
    block.iter().any(|stmt| {
        let read = region::expressions(stmt).into_iter();
        let mut read = read.flat_map(|value| build::variables(function, value));
        if read.any(|var| outlived.contains(&var) && !known.contains(&var)) {
            return true;
        }
        let mut ends = Vec::new();
        for block in region::blocks(stmt) {
            let mut inside = known.clone();
            if is_read_first(function, block, outlived, &mut inside) {
                return true;
            }
            ends.push(inside);
        }
        if let (Stmt::If(_), [then, otherwise]) = (stmt, ends.as_slice()) {
            known.extend(then.intersection(otherwise));
        }
        known.extend(region::target(stmt).map(|place| place.var));
        false
    })
}
