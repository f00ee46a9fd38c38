//! Which elements of arrays the iterations of a short loop touch side by side, and whether one access may move several of
//! them.
//!
//! A copy on the device starts at a multiple of 256 bytes, so that the distance from its first element says how an address is
//! aligned.
//!
//! **Source**: CUDA C++ Programming Guide 13.0, “Size and Alignment Requirement”.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::is_same_place;
use mupac_ir::{
    Expr, Function, Handle, Loop, LoopName, Place, Projection, Scalar, Stmt, Var, vector,
};

use super::accesses::{Access, accesses};
use crate::judge::{Linear, Scope};
use crate::{region, trip};

/// What the number of the iteration is called.
const LANE: &str = "lane";

/// An element for each iteration of a loop, next to one another.
#[derive(Clone, Debug)]
pub(crate) struct Neighbours {
    /// The element as the loop names it.
    pub(crate) place: Place,
    pub(crate) element: Scalar,
    /// How many of them one access may move.
    pub(crate) width: u64,
    /// Whether the loop needs what they hold before it.
    pub(crate) is_read: bool,
    /// Whether the loop changes them, all of them.
    pub(crate) is_written: bool,
}

/// Returns the values of names and iterators where a loop stands; `None` where it stands nowhere.
///
/// Expressions from `generated_from` on were made by passes, and are worth what they are in unbounded integers.
pub(crate) fn scope_at<'a>(
    function: &'a Function,
    statements: &[Stmt],
    name: &LoopName,
    parameters: &'a BTreeSet<Handle<Var>>,
    generated_from: usize,
) -> Option<Scope<'a>> {
    let mut way = Vec::new();
    if !find_way(statements, name, &mut way) {
        return None;
    }
    let mut scope = Scope::new(function, generated_from, parameters);
    for (before, stmt) in way.into_iter().rev() {
        for stmt in before {
            if let Stmt::Let(var, value) = stmt {
                name_value(&mut scope, *var, *value);
            }
        }
        if let Stmt::For(each) = stmt
            && each.name != *name
        {
            count(&mut scope, each, &format!("t{}", each.iterator.index()));
        }
    }
    Some(scope)
}

/// Finds the statements that hold a loop, the innermost, itself, first, each with what stands before it; returns whether
/// the loop is there.
fn find_way<'a>(block: &'a [Stmt], name: &LoopName, way: &mut Vec<(&'a [Stmt], &'a Stmt)>) -> bool {
    let mut statements = block.iter().enumerate();
    statements.any(|(at, stmt)| {
        let is_meant = matches!(stmt, Stmt::For(each) if each.name == *name);
        let mut inner = region::blocks(stmt);
        let is_on_the_way = is_meant || inner.any(|block| find_way(block, name, way));
        if is_on_the_way {
            way.push((&block[..at], stmt));
        }
        is_on_the_way
    })
}

fn name_value(scope: &mut Scope<'_>, var: Handle<Var>, value: Handle<Expr>) {
    let value = scope.value(value);
    scope.values.insert(var, value);
}

/// Notes that an iterator is its start and so many steps.
fn count(scope: &mut Scope<'_>, each: &Loop, name: &str) {
    let start = scope.value(each.start);
    let steps = Linear::term(name).times(i128::from(each.step));
    let greatest = trip::constant(scope.function, each).map_or(i128::from(u32::MAX), |n| n - 1);
    scope.ranges.insert(name.to_owned(), (0, greatest.max(0)));
    let value = start
        .zip(steps)
        .and_then(|(start, steps)| start.plus(&steps));
    scope.values.insert(each.iterator, value);
}

/// Returns what the iterations of a loop without conditions of its own touch side by side, of arrays of whose copies the
/// `first` element is known; `plain` are those that are changed by assignments alone.
///
/// `scope` is that of the place where the loop stands.
pub(crate) fn neighbours(
    mut scope: Scope<'_>,
    each: &Loop,
    plain: &[Handle<Var>],
    first: &BTreeMap<Handle<Var>, Handle<Expr>>,
) -> Vec<Neighbours> {
    let function = scope.function;
    let Some(accesses) = accesses(function, &each.body) else {
        return Vec::new();
    };
    count(&mut scope, each, LANE);
    for stmt in &each.body {
        if let Stmt::Let(var, value) = stmt {
            name_value(&mut scope, *var, *value);
        }
    }
    let trips = trip::constant(function, each);
    let trips = trips.and_then(|trips| u64::try_from(trips).ok());
    let Some(trips) = trips else {
        return Vec::new();
    };
    let mut found: Vec<Neighbours> = Vec::new();
    for access in accesses.iter().filter(|access| access.is_certain) {
        let is_same =
            |known: &Neighbours| is_same_place(function, &known.place, function, access.place);
        if !found.iter().any(is_same) {
            let start = first.get(&access.place.var).copied();
            let of = start.and_then(|start| of(&mut scope, &accesses, access, plain, start, trips));
            found.extend(of);
        }
    }
    found
}

/// Returns the elements that an access names, if different iterations touch different ones and one access may move them.
fn of(
    scope: &mut Scope<'_>,
    accesses: &[Access<'_>],
    access: &Access<'_>,
    plain: &[Handle<Var>],
    start: Handle<Expr>,
    trips: u64,
) -> Option<Neighbours> {
    let function = scope.function;
    let array = access.place.var;
    let all = || accesses.iter().filter(|other| other.place.var == array);
    let is_written = all().any(|other| other.is_write);
    // No iteration looks at what another one writes, and all write.
    let is_own = plain.contains(&array)
        && all().all(|other| is_same_place(function, other.place, function, access.place))
        && all().any(|other| other.is_write && other.is_certain);
    if is_written && !is_own {
        return None;
    }
    let is_overwriting = |other: &&Access<'_>| other.is_write && other.is_certain;
    let mut before = all().take_while(|other| !is_overwriting(other));
    let is_read = before.any(|other| !other.is_write);
    let start = scope.value(start)?;
    let (element, width) = widest(scope, access.place, &start, trips)?;
    Some(Neighbours {
        place: access.place.clone(),
        element,
        width,
        is_read,
        is_written,
    })
}

/// Returns the type of the elements, and how many of them one access may move: as many as divide the distance of the
/// first of them from the start of the copy.
fn widest(
    scope: &mut Scope<'_>,
    place: &Place,
    start: &Linear,
    trips: u64,
) -> Option<(Scalar, u64)> {
    let (element, offset) = offset(scope, place, start)?;
    let mut width = vector::widest(element, trips)?;
    let is_multiple = |width: u64| {
        let terms = offset.terms.iter().filter(|(term, _)| *term != LANE);
        let mut numbers = terms.map(|(_, factor)| *factor).chain([offset.constant]);
        numbers.all(|number| number % i128::from(width) == 0)
    };
    while width >= 2 && !is_multiple(width) {
        width /= 2;
    }
    (width >= 2).then_some((element, width))
}

/// Returns the type of an element and its distance from the start of the copy, in elements, where it is the next one in
/// each iteration.
fn offset(scope: &mut Scope<'_>, place: &Place, start: &Linear) -> Option<(Scalar, Linear)> {
    let mut ty = &scope.function.vars[place.var].ty;
    let mut offset = Linear::default();
    for (at, step) in place.path.iter().enumerate() {
        let Projection::Index(index) = step else {
            return None;
        };
        let value = scope.value(*index)?;
        let value = if at == 0 {
            value.minus(start)?
        } else {
            offset.times(i128::from(ty.fixed_length()?))?.plus(&value)?
        };
        let is_last = at + 1 == place.path.len();
        let by = value.terms.get(LANE).copied().unwrap_or_default();
        let is_hidden = |term: &String| term.as_str() != LANE && term.contains(LANE);
        if by != i128::from(is_last) || value.terms.keys().any(is_hidden) {
            return None;
        }
        offset = value;
        ty = ty.element()?;
    }
    Some((ty.scalar()?, offset))
}
