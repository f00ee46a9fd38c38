//! Which arrays may share memory: different names are analysed as different objects, and guards must bear that out.

use mupac_ir::structure::{is_same_expr, is_same_place};
use mupac_ir::{Expr, Function, Handle, Module, Place, Projection, Read, Stmt, Storage, Type, Var};

use super::fetch::{self, before};
use super::fresh;
use super::privatise::Position;
use crate::facts::{Footprint, Reduction};
use crate::{isl, region};

/// Two arrays.
pub(crate) type Pair = (Handle<Var>, Handle<Var>);

/// Returns the pairs of arrays, at least one written, that C does not prove distinct.
///
/// `leaves_some`: what is copied back of an array may hold elements that the region leaves as they are.
pub(crate) fn may_alias(
    module: &Module,
    function: &Function,
    footprints: &[Footprint],
    leaves_some: impl Fn(&Footprint) -> Result<bool, isl::Error>,
) -> Result<Vec<Pair>, isl::Error> {
    let mut pairs = Vec::new();
    for (position, a) in footprints.iter().enumerate() {
        for b in &footprints[position + 1..] {
            let matters = a.is_written || b.is_written;
            // What is freed may share memory with what comes after it, but nothing touches it any more.
            let are_alive = a.is_inside && b.is_inside;
            let are_made_apart =
                || are_alive && are_of_different_calls(module, function, a.array, b.array);
            if !matters || are_distinct(function, a.array, b.array) || are_made_apart() {
                continue;
            }
            // Of a range that is only bounded, no more than what kernels changed is copied back.
            let overwrites = |copied: &Footprint, other: &Footprint| {
                let is_copied = copied.is_live && copied.is_inside && other.is_written;
                Ok(is_copied && leaves_some(copied)?)
            };
            if !have_own_elements(function, a.array, b.array)
                || overwrites(a, b)?
                || overwrites(b, a)?
            {
                pairs.push((a.array, b.array));
            }
        }
    }
    Ok(pairs)
}

/// A `restrict` parameter leads to no element, of those that are written, that whatever is not based on it leads to: a
/// declared array, or another parameter, if neither pointer is ever assigned. Their ranges may still mingle, as real and
/// imaginary parts do.
///
/// **Source**: C17 6.7.3.1.
fn have_own_elements(function: &Function, a: Handle<Var>, b: Handle<Var>) -> bool {
    let is_restrict =
        |var: Handle<Var>| function.vars[var].is_restrict && is_fixed_parameter(function, var);
    let is_apart = |restricted: Handle<Var>, other: Handle<Var>| {
        is_restrict(restricted)
            && (is_declared(function, other) || is_fixed_parameter(function, other))
    };
    is_apart(a, b) || is_apart(b, a)
}

/// Two declared arrays are distinct objects. A parameter that is never assigned got its value before the lifetime of
/// any automatic array of the function began. What is defined as `const` is nothing that is written.
///
/// **Source**: C17 6.2.4 §2, 6.7.3 §6.
fn are_distinct(function: &Function, a: Handle<Var>, b: Handle<Var>) -> bool {
    let is_declared = |var| is_declared(function, var);
    let is_fixed_parameter = |var| is_fixed_parameter(function, var);
    let is_younger = |array: Handle<Var>, other: Handle<Var>| {
        is_declared(array)
            && function.vars[array].storage == Storage::Local
            && is_fixed_parameter(other)
    };
    let is_constant = |var| is_declared(var) && function.vars[var].is_const;
    let are_of_two = is_declared(a) && is_declared(b);
    are_of_two || is_younger(a, b) || is_younger(b, a) || is_constant(a) || is_constant(b)
}

/// Returns whether two arrays that are alive are distinct since the function allocates one of them: the other is another
/// allocation, a declared array, or a parameter, which is older.
///
/// **Source**: C17 7.22.3.
fn are_of_different_calls(
    module: &Module,
    function: &Function,
    a: Handle<Var>,
    b: Handle<Var>,
) -> bool {
    let calls = [a, b].map(|var| fresh::allocations(module, function, var));
    let is_other = |var| is_declared(function, var) || is_fixed_parameter(function, var);
    match calls {
        [Some(a), Some(b)] => a.is_disjoint(&b),
        [Some(_), None] => is_other(b),
        [None, Some(_)] => is_other(a),
        [None, None] => false,
    }
}

fn is_declared(function: &Function, var: Handle<Var>) -> bool {
    matches!(function.vars[var].ty, Type::Array { .. } | Type::Record(_))
}

/// Returns whether a variable is a parameter that has what the caller passed for good.
fn is_fixed_parameter(function: &Function, var: Handle<Var>) -> bool {
    function.vars[var].storage == Storage::Parameter
        && !function.vars[var].is_address_taken
        && !is_assigned(function, var)
}

fn is_assigned(function: &Function, var: Handle<Var>) -> bool {
    let mut found = false;
    region::each(&function.body, &mut |stmt| {
        found |= region::target(stmt)
            .is_some_and(|place| place.var == var && place.path.is_empty())
            || matches!(stmt, Stmt::Verbatim(text, _) if function.vars[var].is_reached_by(*text));
    });
    found
}

/// Returns the pairs of a written array and what it may contain: a variable that the kernels take by value or reach an
/// array by, and whose address another part of the program may have, or a value in memory.
/// The variable that a reduction writes must not lie in any array, written or not.
pub(crate) fn may_contain(
    module: &Module,
    position: Position<'_>,
    function: &Function,
    footprints: &[Footprint],
    inputs: &[Handle<Var>],
    reductions: &[Reduction],
) -> Vec<(Handle<Var>, Read)> {
    let is_pointer = |var: Handle<Var>| matches!(function.vars[var].ty, Type::Pointer { .. });
    let bases = footprints
        .iter()
        .map(|each| each.array)
        .filter(|var| is_pointer(*var));
    let relied: Vec<Handle<Var>> = inputs
        .iter()
        .copied()
        .chain(bases)
        .filter(|var| function.vars[*var].is_address_taken)
        .collect();
    let reduced: Vec<Handle<Var>> = reductions
        .iter()
        .map(|each| each.target.var)
        .filter(|var| matches!(function.vars[*var].ty, Type::Scalar(_) | Type::Record(_)))
        .filter(|var| !function.vars[*var].is_plain_local())
        .collect();
    let is_allocated = |each: &&Footprint| {
        each.is_inside && fresh::allocations(module, function, each.array).is_some()
    };
    footprints
        .iter()
        .filter(|each| is_pointer(each.array) && !is_allocated(each))
        .flat_map(|each| {
            let relied = relied.iter().filter(|_| each.is_written);
            let vars = relied.chain(&reduced);
            vars.map(|var| (each.array, Place::var(*var).into()))
        })
        .chain(in_memory(
            module,
            position,
            function,
            (footprints, reductions),
        ))
        .collect()
}

/// Returns the pairs of a written array and a place that is read to get at a value in memory: the value itself, or a
/// pointer or subscript on the way; and of any array and a value that the region assigns.
fn in_memory(
    module: &Module,
    position: Position<'_>,
    function: &Function,
    (footprints, reductions): (&[Footprint], &[Reduction]),
) -> Vec<(Handle<Var>, Read)> {
    let mut found: Vec<(Handle<Var>, Read)> = Vec::new();
    let is_joined = |var: Handle<Var>| reductions.iter().any(|each| each.target.var == var);
    for footprint in footprints {
        let array = footprint.array;
        let fetched = position.fetched.iter();
        for each in fetched.filter(|each| footprint.is_written || each.is_kept) {
            for read in &each.reads {
                // What is joined to a number goes there before a copy of the structure goes home; its last value goes behind.
                let is_last =
                    !each.is_kept || !footprint.is_written || !is_joined(each.fetched.variable);
                let is_beside = is_last
                    && is_beside(module, function, position.statements, (array, &read.place));
                let is_apart = is_beside
                    || is_apart(module, function, footprint, &read.place)
                    || keeps(position.statements, array, (read, &each.member))
                    || each.greatest_of.is_some() && is_copied(footprints, array, read.place.var);
                let is_known = found
                    .iter()
                    .any(|(known, other)| *known == array && is_same_read(function, read, other));
                if !is_apart && !is_known {
                    found.push((array, read.clone()));
                }
            }
        }
    }
    found
}

/// Returns whether there is a copy of all that is read, as of numbers by which loops of kernels end: of what is written its range
/// is apart, or all of its elements.
fn is_copied(footprints: &[Footprint], array: Handle<Var>, read: Handle<Var>) -> bool {
    array != read && footprints.iter().any(|each| each.array == read)
}

/// Returns whether a place lies in the structure that an array is, and statements write other members of it alone.
fn is_beside(
    module: &Module,
    function: &Function,
    statements: &[Stmt],
    (array, place): (Handle<Var>, &Place),
) -> bool {
    place.var == array && fetch::writes_beside(module, function, statements, place)
}

/// Returns whether members of the structures in an array are read of which statements write others only.
fn keeps(statements: &[Stmt], array: Handle<Var>, (read, member): (&Read, &[u32])) -> bool {
    let is_whole = matches!(read.place.path[..], [Projection::Index(_)]);
    if read.place.var != array || !is_whole || member.is_empty() {
        return false;
    }
    let is_other = |place: &Place| {
        let mut steps = place.path.iter().skip(1).zip(member);
        steps.any(|(step, field)| *step != Projection::Field(*field))
    };
    let mut keeps = true;
    region::each(statements, &mut |stmt| {
        let target = region::target(stmt).filter(|place| place.var == array);
        keeps &= target.is_none_or(is_other);
    });
    keeps
}

/// Returns whether the same is read.
fn is_same_read(function: &Function, a: &Read, b: &Read) -> bool {
    let is_same = |a: Option<Handle<Expr>>, b: Option<Handle<Expr>>| match (a, b) {
        (Some(a), Some(b)) => is_same_expr(function, a, function, b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    is_same_place(function, &a.place, function, &b.place)
        && is_same(a.count, b.count)
        && is_same(a.planes, b.planes)
}

/// Returns whether C says that an array does not contain what is read to get at a value.
///
/// Of a pointer that is read from memory, nothing is known: it may be based on any other.
fn is_apart(module: &Module, function: &Function, footprint: &Footprint, place: &Place) -> bool {
    let array = footprint.array;
    let var = &function.vars[place.var];
    let is_pointer = matches!(var.ty, Type::Pointer { .. });
    if follows_memory(module, function, place) {
        return false;
    }
    if (place.path.is_empty() || !is_pointer) && var.is_plain_local() {
        // A pointer whose address nobody has does not lead to itself.
        return array != place.var || is_pointer;
    }
    let are_made_apart =
        || footprint.is_inside && are_of_different_calls(module, function, array, place.var);
    array != place.var
        && (are_distinct(function, array, place.var)
            || have_own_elements(function, array, place.var)
            || are_made_apart())
}

/// Returns whether the way to a place leads through a pointer that lies in memory, such as a member of a structure.
fn follows_memory(module: &Module, function: &Function, place: &Place) -> bool {
    let is_pointer = |length: usize| {
        let ty = function.place_type(&module.records, &before(place, length));
        matches!(ty, Some(Type::Pointer { .. }))
    };
    (1..place.path.len()).any(is_pointer)
}
