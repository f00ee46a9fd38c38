//! Arrays that a launch is passed by value: which can be, and whether a rewritten tree is right about it.
//!
//! The kernel then reads the elements that the host had when it was launched. That is the same as reading the array where
//! the region writes none of it; arrays that others write and that may share memory with it are kept apart by guards, as
//! for any copy.

use mupac_ir::structure::visit;
use mupac_ir::{ExprKind, Extent, Function, Handle, Refusal, Space, Stmt, Type, Var};

use super::{Tree, illegal, launches, place};
use crate::facts::Facts;
use crate::region;

/// Returns the arrays that statements are passed by value, each behind the variable that holds its elements, in the order
/// of the text.
pub(crate) fn constants(
    function: &Function,
    statements: &[Stmt],
) -> Vec<(Handle<Var>, Handle<Var>)> {
    let mut found = Vec::new();
    region::each(statements, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt
            && let Space::Constant(array) = function.vars[*var].space
        {
            found.push((*var, array));
        }
    });
    found
}

/// Returns the type of what holds all elements of an array that a region can read; `None` where the region may write it,
/// where their number is not known, or where they are more than numbers and rows of them.
pub(crate) fn constant_type(
    facts: &Facts,
    function: &Function,
    array: Handle<Var>,
) -> Option<Type> {
    let mut footprints = facts.footprints.iter();
    let footprint = footprints.find(|each| each.array == array)?;
    let var = &function.vars[array];
    let element = var.ty.element().filter(|each| is_number_or_row(each))?;
    if footprint.is_written || footprint.is_reduced || var.is_volatile {
        return None;
    }
    Some(Type::Array {
        of: Box::new(element.clone()),
        length: Extent::Fixed(footprint.most?),
    })
}

fn is_number_or_row(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Array {
            of,
            length: Extent::Fixed(_),
        } => is_number_or_row(of),
        Type::Array { .. }
        | Type::Void
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => false,
    }
}

/// Checks the arrays that launches of a rewritten tree are passed by value.
///
/// **Errors**: `illegal-step` where the region may write one, its elements have no known number or are not all passed, an
/// address of one is taken, and where a launch is passed it twice.
pub(super) fn check(facts: &Facts, after: Tree<'_>) -> Result<(), Refusal> {
    let at = place(after.statements);
    let function = after.function;
    let mut rest = constants(function, after.statements).len();
    for launch in launches(after.statements) {
        let launch = std::slice::from_ref(launch);
        let mut seen = Vec::new();
        for (var, array) in constants(function, launch) {
            let name = &function.vars[array].name;
            let refused = |why: &str| illegal(format!("the values of {name}: {why}"), at);
            let ty = constant_type(facts, function, array)
                .ok_or_else(|| refused("the region writes them, or their number is not known"))?;
            if function.vars[var].ty != ty {
                return Err(refused("not all that the region reads are passed"));
            }
            if takes_address(function, launch, array) {
                return Err(refused("their address is taken"));
            }
            if seen.contains(&array) {
                return Err(refused("a launch is passed them once"));
            }
            seen.push(array);
        }
        rest = rest.saturating_sub(seen.len());
    }
    (rest == 0)
        .then_some(())
        .ok_or_else(|| illegal("values of an array outside of the code of threads", at))
}

/// Returns whether statements take the address of an element.
fn takes_address(function: &Function, statements: &[Stmt], array: Handle<Var>) -> bool {
    let mut found = false;
    region::each(statements, &mut |stmt| {
        for expr in region::expressions(stmt) {
            visit(function, expr, &mut |_, node| {
                found |= matches!(&node.kind, ExprKind::Address(place) if place.var == array);
            });
        }
    });
    found
}
