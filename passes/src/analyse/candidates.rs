//! What may be a loop's invariant: a local is at most, or at least, what it or another one is before the loop, one more or one
//! less, or what is assigned to it.

use std::collections::BTreeSet;

use mupac_ir::structure::blocks;
use mupac_ir::{Expr, ExprKind, Function, Handle, Stmt, Var};

use super::assigned::{Before, Start};
use super::invariant::{Invariant, Side};
use super::scan::Scan;
use super::value::is_sum;
use crate::affine::{Affine, Atom, Known};
use crate::{build, region};

/// Loops that hand on more integers than these are not searched.
const MOST_LOCALS: usize = 4;
/// Longer loops take longer to walk than bounds are worth.
const MOST_STATEMENTS: usize = 60;

/// Returns what integers that subscripts come from are worth before a loop that assigns them; none where there are too many.
pub(super) fn entries(
    scan: &Scan<'_>,
    start: &Start,
    (asked, blocks): (Option<Handle<Expr>>, &[&[Stmt]]),
) -> Vec<(Handle<Var>, Affine)> {
    let is_integer = |local: &Handle<Var>| {
        let scalar = scan.function.vars[*local].ty.scalar();
        scalar.is_some_and(|scalar| scalar.integer_range().is_some())
    };
    let own = start.before.iter();
    let own = own.filter(|(local, _)| scan.subscripted.contains(local) && is_integer(local));
    let mut found: Vec<_> = own
        .filter_map(|(local, before)| match before {
            Before::Value(value) => Some((*local, value.clone())),
            Before::Unset => None,
        })
        .collect();
    found.retain(|(local, _)| {
        let function = scan.function;
        let is_asked = asked.is_some_and(|asked| build::names(function, asked, *local));
        is_asked
            || !blocks
                .iter()
                .any(|block| counts_on(function, block, *local))
    });
    if found.len() > MOST_LOCALS || size(blocks) > MOST_STATEMENTS {
        return Vec::new();
    }
    found
}

/// Returns how many statements some blocks have.
pub(super) fn size(blocks: &[&[Stmt]]) -> usize {
    let mut count = 0;
    for block in blocks {
        region::each(block, &mut |_| count += 1);
    }
    count
}

/// Returns whether statements add to a local, and no condition around asks for it: nothing bounds that.
fn counts_on(function: &Function, block: &[Stmt], local: Handle<Var>) -> bool {
    block.iter().any(|stmt| {
        let asks = matches!(stmt, Stmt::If(_) | Stmt::While(_));
        let mut asked = region::expressions(stmt).into_iter();
        let is_asked = asks && asked.any(|asked| build::names(function, asked, local));
        let adds = matches!(stmt, Stmt::Compute(compute)
            if compute.target.var == local
                && compute.target.path.is_empty()
                && is_sum(function, compute.value)
                && build::names(function, compute.value, local));
        adds || !is_asked && blocks(stmt).any(|block| counts_on(function, block, local))
    })
}

/// Returns what may hold of locals with some values before the loop.
pub(super) fn from_entries(entries: &[(Handle<Var>, Affine)]) -> Vec<Invariant> {
    let mut found = Vec::new();
    for (local, own) in entries {
        let others = entries.iter().map(|(_, value)| value);
        let others = others.filter(|value| *value != own);
        for value in std::iter::once(own).chain(others) {
            for (side, further) in [(Side::Least, -1), (Side::Greatest, 1)] {
                let further = value.plus(&Affine::constant(further));
                for limit in [Some(value.clone()), further].into_iter().flatten() {
                    let local = *local;
                    found.push(Invariant { local, side, limit });
                }
            }
        }
    }
    found
}

/// Returns the locals that are bounded on both sides.
pub(super) fn two_sided(invariants: &[Invariant]) -> BTreeSet<Handle<Var>> {
    let of = |side| {
        let own = invariants.iter().filter(move |each| each.side == side);
        own.map(|each| each.local).collect::<BTreeSet<_>>()
    };
    &of(Side::Least) & &of(Side::Greatest)
}

/// Returns whether a condition depends on memory.
pub(super) fn reads_memory(function: &Function, condition: Handle<Expr>) -> bool {
    let mut found = false;
    build::visit(function, condition, &mut |_, node| {
        found |= matches!(&node.kind, ExprKind::Load(place) if !place.path.is_empty());
    });
    found
}

impl Scan<'_> {
    /// Returns the limits of a value at this point that are the same everywhere.
    pub(super) fn limits(&mut self, local: Handle<Var>, value: &Affine) -> Vec<Invariant> {
        let terms: Vec<_> = value.terms().collect();
        let ends = if let [(Atom::Unknown(unknown), 1)] = terms.as_slice() {
            match &unknown.known {
                Known::Between(Some(least), Some(greatest)) => {
                    let offset = Affine::constant(value.offset());
                    least.plus(&offset).zip(greatest.plus(&offset))
                }
                Known::Between(..) | Known::OneOf(_) => None,
            }
        } else {
            let conditions = self.no_wrap.len();
            let ends = self.ends(&value.clone().into());
            self.no_wrap.truncate(conditions);
            ends
        };
        let Some((least, greatest)) = ends else {
            return Vec::new();
        };
        let both = [(Side::Least, least), (Side::Greatest, greatest)].into_iter();
        both.filter(|(_, limit)| self.is_of_parameters(limit))
            .map(|(side, limit)| Invariant { local, side, limit })
            .collect()
    }
}
