//! Slices of arrays: to which arrays the blocks of a launch can add in slices, and whether a rewritten tree is right about it.
//!
//! Each iteration of the outermost loop of a launch has numbers of its own for the elements of such an array, which start at
//! zero; they are added to the elements when the launch is through.
//! Up to rounding that is the same as adding term by term where nothing in the launch looks at the array but to add to it.
//! Within one iteration terms keep their order; terms of different iterations need none, since they share no number.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::visit;
use mupac_ir::{
    Compute, Expr, ExprKind, Function, Handle, LoopName, Mapping, Projection, ReductionOperator,
    Refusal, Scalar, Space, Stmt, StmtId, Var,
};

use super::{Tree, illegal, launches, parts, place};
use crate::facts::Facts;
use crate::{build, joining, region};

/// What is written in slices: for each array, the loops whose iterations have one each.
pub(crate) type Sliced = BTreeMap<Handle<Var>, BTreeSet<LoopName>>;

/// Returns the array of which a variable has slices.
fn sliced_of(function: &Function, var: Handle<Var>) -> Option<Handle<Var>> {
    match function.vars[var].space {
        Space::Slices(array) => Some(array),
        Space::Host
        | Space::Global
        | Space::Constant(_)
        | Space::Shared
        | Space::Partial(_)
        | Space::Register => None,
    }
}

/// Returns the slices that statements declare, each with its array, in the order of the text.
pub(crate) fn slices(function: &Function, statements: &[Stmt]) -> Vec<(Handle<Var>, Handle<Var>)> {
    let mut found = Vec::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && let Some(array) = sliced_of(function, *var)
        {
            found.push((*var, array));
        }
    });
    found
}

/// Checks the slices that a rewritten tree declares.
///
/// **Errors**: `illegal-step` where a launch does more with the array than add to it, has slices of it twice, or does not
/// share out its outermost loop to a number of blocks that is known at the start.
pub(super) fn check(facts: &Facts, after: Tree<'_>) -> Result<Sliced, Refusal> {
    let at = place(after.statements);
    let mut sliced = Sliced::new();
    let mut rest = slices(after.function, after.statements).len();
    for launch in launches(after.statements) {
        let launch = std::slice::from_ref(launch);
        let parts = parts(after.function, launch).into_iter();
        let mut seen: Vec<Handle<Var>> = parts.map(|(_, array)| array).collect();
        for (_, array) in slices(after.function, launch) {
            let name = &after.function.vars[array].name;
            let refused = |why: &str| illegal(format!("slices of {name}: {why}"), at);
            let outermost = counted_by_blocks(facts, after.function, launch)
                .ok_or_else(|| refused("the outermost loop has no fixed number of blocks"))?;
            if sums(facts, after.function, launch, array).is_none() {
                return Err(refused(
                    "the launch does more with the array than add to it",
                ));
            }
            if seen.contains(&array) {
                return Err(refused("a launch has them once"));
            }
            seen.push(array);
            sliced.entry(array).or_default().insert(outermost.clone());
            rest = rest.saturating_sub(1);
        }
    }
    (rest == 0)
        .then_some(sliced)
        .ok_or_else(|| illegal("slices of an array outside of the code of threads", at))
}

/// Returns the outermost loop of a launch, if blocks share it out and nothing in the region changes their number.
fn counted_by_blocks<'a>(
    facts: &Facts,
    function: &Function,
    launch: &'a [Stmt],
) -> Option<&'a LoopName> {
    let [Stmt::For(each)] = launch else {
        return None;
    };
    let unchanged = facts.unchanged();
    let is_known = |bound: &Handle<Expr>| {
        build::is_of_variables(function, *bound, &|var| unchanged.contains(&var))
    };
    let is_counted = [each.start, each.end].iter().all(is_known);
    let is_block = matches!(each.mapping, Mapping::Block(_));
    (is_block && is_counted).then_some(&each.name)
}

/// Returns the statements of a launch that add to elements of an array; `None` where something else in it names the array.
///
/// Integers with a sign are left alone: sums of some of their terms may overflow where the whole sum does not.
pub(crate) fn sums(
    facts: &Facts,
    function: &Function,
    launch: &[Stmt],
    array: Handle<Var>,
) -> Option<BTreeSet<StmtId>> {
    let number = function.vars[array].ty.element()?.innermost().scalar()?;
    let is_added = number.is_float() || number.bits() >= 32 && !number.is_signed();
    let mut found = BTreeSet::new();
    let mut is_apart = is_added && !function.vars[array].is_volatile;
    region::each(launch, &mut |stmt| {
        let own = match stmt {
            Stmt::Compute(compute) if compute.target.var == array => {
                let own = addition(facts, function, compute, number);
                found.extend(own.is_some().then_some(compute.id));
                is_apart &= own.is_some();
                own
            }
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Verbatim(..) => {
                is_apart = false;
                None
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => None,
        };
        let own = own.unwrap_or_default();
        for expr in region::expressions(stmt) {
            is_apart &= !reads(function, expr, array, &own);
        }
    });
    (is_apart && !found.is_empty()).then_some(found)
}

/// Returns the reads of an element that belong to an assignment which adds to it.
fn addition(
    facts: &Facts,
    function: &Function,
    compute: &Compute,
    number: Scalar,
) -> Option<Vec<Handle<Expr>>> {
    let joined = joining::assignment(function, compute)?;
    let is_sum = joined.joining.operator == ReductionOperator::Sum;
    let mut path = compute.target.path.iter();
    let is_element = path.all(|step| matches!(step, Projection::Index(_)))
        && function.exprs[compute.value].ty.scalar() == Some(number);
    let mut reductions = facts.reductions.iter();
    let is_plain = !facts.updates.contains_key(&compute.id)
        && !reductions.any(|each| each.statements.contains(&compute.id));
    (is_sum && is_element && is_plain).then_some(joined.loads)
}

/// Returns whether an expression names an array in more than these reads.
fn reads(
    function: &Function,
    expr: Handle<Expr>,
    array: Handle<Var>,
    own: &[Handle<Expr>],
) -> bool {
    let mut found = false;
    visit(function, expr, &mut |handle, node| {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
            found |= place.var == array && !own.contains(&handle);
        }
    });
    found
}
