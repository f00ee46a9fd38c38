//! Which loops that follow one another are worth one region: those that share arrays, so that these stay on the device.

use std::collections::BTreeSet;

use mupac_ir::{ExprKind, Function, Handle, Module, Stmt, Type, Var};

use super::layout::is_of_host;
use crate::{build, region};

/// More loops than this are not looked at together; the dependences between them are counted in pairs.
const MOST_LOOPS: usize = 12;

/// Returns the positions after which a region of several loops that starts with the loop at `at` may end, in order.
pub(crate) fn ends(module: &Module, function: &Function, block: &[Stmt], at: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut arrays = match block.get(at) {
        Some(stmt) if is_plain(stmt) => touched(function, stmt),
        Some(_) | None => return ends,
    };
    for next in at + 1..block.len() {
        let (before, stmt) = (&block[next - 1], &block[next]);
        if ends.len() + 1 == MOST_LOOPS || has_directive(module, before, stmt) {
            break;
        }
        match stmt {
            Stmt::Compute(compute) if is_of_host(function, compute) => {}
            Stmt::For(_) if is_plain(stmt) => {
                let own = touched(function, stmt);
                if own.is_disjoint(&arrays) {
                    break;
                }
                arrays.extend(own);
                ends.push(next + 1);
            }
            Stmt::Compute(_)
            | Stmt::For(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => break,
        }
    }
    ends
}

/// Returns whether nothing in a loop rules it out as part of a region from the start.
fn is_plain(stmt: &Stmt) -> bool {
    let mut is_plain = true;
    region::each(std::slice::from_ref(stmt), &mut |stmt| {
        is_plain &= !matches!(
            stmt,
            Stmt::Call(_) | Stmt::Return(..) | Stmt::Verbatim(..) | Stmt::Barrier
        );
    });
    is_plain
}

/// Returns the arrays and pointers that a statement names.
fn touched(function: &Function, stmt: &Stmt) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(std::slice::from_ref(stmt), &mut |stmt| {
        found.extend(region::target(stmt).map(|place| place.var));
        for expr in region::expressions(stmt) {
            build::visit(function, expr, &mut |_, node| {
                if let ExprKind::Load(place) = &node.kind {
                    found.insert(place.var);
                }
            });
        }
    });
    found.retain(|var| {
        matches!(
            function.vars[*var].ty,
            Type::Array { .. } | Type::Pointer { .. }
        )
    });
    found
}

/// Returns whether a preprocessor directive other than a pragma stands between two statements: a region that spans it
/// would take one side of a condition with it, or a definition.
fn has_directive(module: &Module, before: &Stmt, after: &Stmt) -> bool {
    let (start, end) = (before.span().end as usize, after.span().start as usize);
    let between = module.source.text().get(start..end).unwrap_or("");
    between.lines().any(|line| {
        line.trim_start()
            .strip_prefix('#')
            .is_some_and(|directive| !directive.trim_start().starts_with("pragma"))
    })
}
