//! What a loop of a thread does to an array: which statements change it, which element, and what stands around them.

use std::collections::BTreeSet;

use mupac_ir::structure::is_same_place;
use mupac_ir::{Block, Compute, Expr, ExprKind, Function, Handle, Loop, Mapping, Place, Stmt, Var};

use crate::lower::whole::with_body;
use crate::{build, region, trip};

/// What stands between a loop and the statements that change an element.
#[derive(Clone)]
pub(super) enum Around {
    Loop(Loop),
    Let(Handle<Var>, Handle<Expr>),
    If(Vec<Handle<Expr>>),
}

/// Finds the only statements that name an array which a block changes, if they stand side by side, and what is around
/// them.
pub(super) fn descend<'a>(
    function: &Function,
    block: &'a [Stmt],
    array: Handle<Var>,
    around: &mut Vec<Around>,
) -> Option<Vec<&'a Compute>> {
    // Where it is changed they must all be, so that only what stands beside is looked through.
    let way = block.iter().find(|stmt| changes(stmt, array))?;
    let names = |expr: Handle<Expr>| build::names(function, expr, array);
    let mut beside = block.iter().filter(|stmt| !std::ptr::eq(*stmt, way));
    let mut is_alone = || !beside.any(|stmt| region::names(function, stmt, array));
    for stmt in block {
        if let Stmt::Let(var, value) = stmt {
            around.push(Around::Let(*var, *value));
        }
    }
    match way {
        Stmt::For(each) if !names(each.start) && !names(each.end) && is_alone() => {
            around.push(Around::Loop(with_body(each, Block::new())));
            descend(function, &each.body, array, around)
        }
        Stmt::If(branch)
            if branch.otherwise.is_empty() && !names(branch.condition) && is_alone() =>
        {
            around.push(Around::If(build::conjuncts(function, branch.condition)));
            descend(function, &branch.then, array, around)
        }
        Stmt::Compute(_) => {
            let naming = block.iter();
            let naming = naming.filter(|stmt| region::names(function, stmt, array));
            naming.map(compute).collect()
        }
        Stmt::For(_)
        | Stmt::If(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns whether a statement assigns to an array.
fn changes(stmt: &Stmt, array: Handle<Var>) -> bool {
    region::first(std::slice::from_ref(stmt), &mut |stmt| {
        region::target(stmt).filter(|place| place.var == array)
    })
    .is_some()
}

fn compute(stmt: &Stmt) -> Option<&Compute> {
    if let Stmt::Compute(compute) = stmt {
        Some(compute)
    } else {
        None
    }
}

/// Returns the element of an array that statements assign, if it is but one by the same text, and which others they read.
pub(super) fn one_place(
    function: &Function,
    statements: &[&Compute],
    array: Handle<Var>,
) -> Option<(Place, Vec<Place>)> {
    let writes = statements.iter().map(|each| &each.target);
    let place = writes.clone().find(|place| place.var == array)?;
    let mut is_one = place.subscripts().is_some();
    let is_other = |place: &Place, other: &Place| {
        other.var == array && !is_same_place(function, other, function, place)
    };
    let mut others = Vec::new();
    for each in statements {
        is_one &= !is_other(place, &each.target);
        let read = build::indices(&each.target).chain([each.value]);
        for expr in read {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(other) = &node.kind
                    && is_other(place, other)
                {
                    others.push(other.clone());
                }
                is_one &= !matches!(&node.kind, ExprKind::Address(other) if other.var == array);
            });
        }
    }
    is_one.then(|| (place.clone(), others))
}

/// Returns the iterators of the unrolled loops that tell elements apart.
pub(super) fn unrolled(
    function: &Function,
    around: &[Around],
    place: &Place,
) -> BTreeSet<Handle<Var>> {
    let mut named: BTreeSet<Handle<Var>> = build::indices(place)
        .flat_map(|index| build::variables(function, index))
        .collect();
    let mut apart = BTreeSet::new();
    for each in around.iter().rev() {
        match each {
            Around::Let(var, value) if named.contains(var) => {
                named.extend(build::variables(function, *value));
            }
            Around::Loop(each)
                if named.contains(&each.iterator)
                    && matches!(each.mapping, Mapping::Unroll(_))
                    && each.declares_iterator
                    && each.step == 1
                    && build::constant(function, each.start) == Some(0)
                    && trip::constant(function, each).is_some() =>
            {
                apart.insert(each.iterator);
            }
            Around::Let(..) | Around::Loop(_) | Around::If(_) => {}
        }
    }
    apart
}
