//! Whether numbers in memory lie beside what a region writes: in other members of one structure, or of types that C does not
//! take for one another.

use mupac_ir::{ExprKind, Function, Module, Place, Projection, Stmt, Type};

use super::safe::before;
use crate::{build, region};

/// Returns whether statements write by the variable of a place to nothing but other members of its structure, and take no address
/// of anything else there.
pub(in crate::analyse) fn writes_beside(
    module: &Module,
    function: &Function,
    statements: &[Stmt],
    place: &Place,
) -> bool {
    let mut is_beside = true;
    let is_member =
        |other: &Place| other.var != place.var || are_members(module, function, place, other);
    region::each(statements, &mut |stmt| {
        if let Some(target) = region::target(stmt) {
            is_beside &= is_member(target);
        }
        is_beside &= match stmt {
            Stmt::For(each) => each.iterator != place.var,
            Stmt::Declare(var, _) | Stmt::Let(var, _) => *var != place.var,
            Stmt::Compute(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => true,
            Stmt::Call(_) | Stmt::Verbatim(..) => false,
        };
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                is_beside &= !matches!(&node.kind, ExprKind::Address(other) if !is_member(other));
            });
        }
    });
    is_beside
}

/// Returns where the ways to two places part, if they lead to different members of one structure.
pub(super) fn parting(a: &Place, b: &Place) -> Option<usize> {
    let mut steps = a.path.iter().zip(&b.path);
    let at = steps.position(|(a, b)| {
        let are_indices = matches!((a, b), (Projection::Index(_), Projection::Index(_)));
        !are_indices && a != b
    })?;
    let are_fields = [a, b].map(|place| matches!(place.path[at], Projection::Field(_)));
    (a.var == b.var && are_fields == [true, true]).then_some(at)
}

/// Returns whether two places lie in different members of one structure: neither way goes on through a pointer in one.
pub(super) fn are_members(module: &Module, function: &Function, a: &Place, b: &Place) -> bool {
    let Some(at) = parting(a, b) else {
        return false;
    };
    let stays = |place: &Place| {
        let mut beyond = at + 1..place.path.len();
        beyond.all(|length| {
            let ty = function.place_type(&module.records, &before(place, length));
            !matches!(ty, Some(Type::Pointer { .. }) | None)
        })
    };
    stays(a) && stays(b)
}

/// Returns whether an object of one type may be accessed as one of another type.
///
/// **Source**: C17 6.5 §7.
pub(super) fn may_be_one(a: &Type, b: Option<&Type>) -> bool {
    let Type::Scalar(a) = a else {
        return true;
    };
    match b {
        Some(Type::Scalar(b)) => {
            let is_alike = a.is_float() == b.is_float() && a.bits() == b.bits();
            is_alike || a.bits() == 8 || b.bits() == 8
        }
        Some(Type::Pointer { .. }) => a.bits() == 8,
        Some(Type::Record(_) | Type::Array { .. } | Type::Void | Type::Opaque(_)) | None => true,
    }
}
