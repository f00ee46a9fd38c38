//! Structures that are assigned as a whole what was computed member by member: of `t.x = s.x + v.x; t.y = s.y + v.y; s = t;`, which
//! is what `s = add(s, v)` becomes, the members of `s` are assigned one by one, so that each is a sum of its own; and one that an
//! iteration declares is what was computed.
//!
//! That is the same where the value of a member reads no member of the structure that was assigned before it, and no other memory
//! that may hold the structure.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::is_same_place;
use mupac_ir::{Block, Compute, ExprKind, Function, Handle, Place, Projection, Stmt, Type, Var};

use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the function with the members of such structures assigned one by one in the loops of some statements; the same function
/// where there is none.
pub(super) fn assign_each(
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Arc<Function> {
    let statements = region::statements(function, path, range);
    let mut temporaries = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        for copy in region::blocks(stmt).flat_map(|block| copies(function, block)) {
            let count = copy.members.len() + 1;
            if region::mentions(function, &function.body, copy.from) == count {
                temporaries.insert(copy.from);
            }
        }
    });
    if temporaries.is_empty() {
        return Arc::clone(function);
    }
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    for block in statements.iter_mut().flat_map(region::blocks_mut) {
        rewrite(&function, block, &temporaries);
    }
    region::put(&mut function, path, range.start, statements);
    Arc::new(function)
}

fn rewrite(function: &Function, block: &mut Block, temporaries: &BTreeSet<Handle<Var>>) {
    for inner in block.iter_mut().flat_map(region::blocks_mut) {
        rewrite(function, inner, temporaries);
    }
    let mut found = copies(function, block);
    found.retain(|copy| temporaries.contains(&copy.from));
    for copy in &found {
        for stmt in &mut block[copy.members.clone()] {
            if let Stmt::Compute(member) = stmt {
                let within = std::mem::replace(&mut member.target, copy.to.clone());
                member.target.path.extend(within.path);
            }
        }
    }
    let gone: BTreeSet<_> = found.iter().map(|copy| copy.from).collect();
    let fresh = found.iter().filter(|copy| copy.is_fresh);
    let fresh: BTreeMap<_, _> = fresh.map(|copy| (copy.from, copy.to.var)).collect();
    let moved: BTreeSet<_> = fresh.values().copied().collect();
    block.retain(|stmt| !matches!(stmt, Stmt::Declare(var, _) if moved.contains(var)));
    for stmt in block.iter_mut() {
        if let Stmt::Declare(var, _) = stmt {
            *var = fresh.get(var).copied().unwrap_or(*var);
        }
    }
    block.retain(|stmt| match stmt {
        Stmt::Declare(var, _) => !gone.contains(var),
        Stmt::Compute(compute) => whole(function, compute).is_none_or(|var| !gone.contains(&var)),
        Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => true,
    });
}

/// A structure that is assigned as a whole.
struct Copy {
    /// The temporary whose value that is.
    from: Handle<Var>,
    to: Place,
    /// Whether the block declares that for nothing else.
    is_fresh: bool,
    /// The statements of the block that compute its members, right before the copy.
    members: Range<usize>,
}

/// Returns the copies of a block that may be done member by member.
fn copies(function: &Function, block: &[Stmt]) -> Vec<Copy> {
    let copy = |(at, stmt): (usize, &Stmt)| {
        let Stmt::Compute(compute) = stmt else {
            return None;
        };
        let from = whole(function, compute)?;
        let before = block[..at].iter().rev();
        let count = before
            .take_while(|stmt| member(stmt, from).is_some())
            .count();
        let to = compute.target.clone();
        let declared = |var| {
            let declares = |stmt: &Stmt| matches!(stmt, Stmt::Declare(own, _) if *own == var);
            block[..at - count].iter().position(declares)
        };
        declared(from)?;
        let is_unnamed =
            |after: usize| region::mentions(function, &block[after + 1..at], to.var) == 0;
        let is_fresh = to.path.is_empty() && declared(to.var).is_some_and(is_unnamed);
        let copy = Copy {
            from,
            to,
            is_fresh,
            members: at - count..at,
        };
        may_be_parted(function, &copy, &block[copy.members.clone()]).then_some(copy)
    };
    block.iter().enumerate().filter_map(copy).collect()
}

/// Returns the structure that an assignment copies as a whole, a local that no pointer leads to.
pub(super) fn whole(function: &Function, compute: &Compute) -> Option<Handle<Var>> {
    let var = build::loaded(function, compute.value)?;
    let is_structure = matches!(function.vars[var].ty, Type::Record(_));
    (is_structure && function.vars[var].is_plain_local()).then_some(var)
}

/// Returns which member of a variable a statement computes, and the assignment.
fn member(stmt: &Stmt, of: Handle<Var>) -> Option<(u32, &Compute)> {
    match stmt {
        Stmt::Compute(compute) if compute.target.var == of => match compute.target.path[..] {
            [Projection::Field(field)] => Some((field, compute)),
            _ => None,
        },
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

/// Returns whether members may be assigned one by one, none being computed from one that would be assigned before it, and whether that
/// is of use.
fn may_be_parted(function: &Function, copy: &Copy, members: &[Stmt]) -> bool {
    let to = &copy.to;
    let is_steady = to.path.iter().all(|step| match step {
        Projection::Field(_) => true,
        Projection::Index(index) => {
            let is_own = |var: Handle<Var>| function.vars[var].is_plain_local();
            build::is_of_variables(function, *index, &is_own)
        }
    });
    let (mut assigned, mut reads_itself, mut is_free) = (BTreeSet::new(), false, is_steady);
    for (field, compute) in members.iter().filter_map(|stmt| member(stmt, copy.from)) {
        build::visit(function, compute.value, &mut |_, node| match &node.kind {
            ExprKind::Load(place) if place.var == to.var => {
                let read = field_of(function, place, to);
                is_free &= read.is_some_and(|field| !assigned.contains(&field));
                reads_itself = true;
            }
            ExprKind::Load(place) => {
                is_free &= is_alone(function, to) || is_alone(function, place);
            }
            ExprKind::Address(place) => is_free &= place.var != to.var,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        });
        is_free &= assigned.insert(field);
    }
    is_free && (reads_itself || copy.is_fresh)
}

/// Returns which member of a structure a place lies in; `None` where it may be more or another one.
fn field_of(function: &Function, place: &Place, of: &Place) -> Option<u32> {
    let (start, rest) = place.path.split_at_checked(of.path.len())?;
    let start = Place {
        var: place.var,
        path: start.to_vec(),
    };
    match rest.first() {
        Some(Projection::Field(field)) if is_same_place(function, &start, function, of) => {
            Some(*field)
        }
        Some(Projection::Field(_) | Projection::Index(_)) | None => None,
    }
}

/// Returns whether a place is in a local that no pointer leads to.
fn is_alone(function: &Function, place: &Place) -> bool {
    let mut steps = place.path.iter();
    function.vars[place.var].is_plain_local()
        && steps.all(|step| matches!(step, Projection::Field(_)))
}
