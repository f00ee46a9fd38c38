//! The greatest of the numbers by which loops over rows end: of `for (t = 0; t < s[i].n; t++) … s[i].data[t] …` it says how far the
//! region may reach into a row.

use std::collections::BTreeSet;

use mupac_ir::{Expr, ExprKind, Function, GREATEST, Handle, Loop, Module, Stmt};

use super::super::{InMemory, called, needs};
use super::joined::{Rows, all, where_runs};
use super::table::Table;
use crate::{build, region};

/// Returns the tables of numbers by which loops of a region end, and which it leaves as they are.
pub(super) fn tables(module: &Module, function: &Function, statements: &[Stmt]) -> BTreeSet<Table> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        let Stmt::For(each) = stmt else {
            return;
        };
        build::visit(function, last(each), &mut |_, node| {
            if let ExprKind::Load(place) = &node.kind {
                found.extend(Table::of_numbers(module, function, place));
            }
        });
    });
    region::each(statements, &mut |stmt| {
        if let Some(target) = region::target(stmt) {
            found.retain(|table| !table.is_met_by(target));
        }
    });
    found
}

/// Returns the bound of a loop that its counter does not exceed.
pub(super) fn last(each: &Loop) -> Handle<Expr> {
    if each.step > 0 { each.end } else { each.start }
}

impl Rows<'_> {
    /// Gives the greatest number a variable; `None` where the region need not come to all of them.
    pub(super) fn greatest(
        &self,
        module: &Module,
        function: &mut Function,
        known: &[InMemory],
    ) -> Option<InMemory> {
        let loops = self.loops.as_deref().filter(|_| !self.is_open)?;
        let ends: Option<Vec<_>> = self
            .levels
            .iter()
            .map(|level| level.build(function))
            .collect();
        let ends = ends?;
        let mut needs = self.late_needs(function, &ends, known);
        needs.extend(self::needs(function, loops, &mut |function, read, _| {
            super::super::known(function, read, known)
        }));
        let runs = all(function, &needs);
        let named = self.named(function, &ends);
        let arguments = named.arguments(module, function);
        let ty = function.place_type(&module.records, &named.start)?;
        let value = function.expr(ExprKind::Call(GREATEST.to_owned(), arguments), ty);
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let name = called(module, function, &named.start);
        let parts: Vec<&str> = name.split('.').filter(|part| !is_number(part)).collect();
        let name = format!("{}.most", parts.join("."));
        let found = where_runs(function, &name, value, runs);
        Some(InMemory {
            needs,
            greatest_of: Some(named.start.clone()),
            ..self.found(found, &named)
        })
    }
}
