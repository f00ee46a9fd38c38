//! What pointers are behind a region that moves them, for the host to assign.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Type, Var};

use super::walk::Walk;
use crate::build;

impl Walk<'_> {
    /// Returns what those of some pointers that are followed are at the end of the region, in an order in which none reads what
    /// one before it sets; the others are kept.
    pub(super) fn last_values(
        &mut self,
        needed: &BTreeSet<Handle<Var>>,
    ) -> Vec<(Handle<Var>, Handle<Expr>)> {
        let mut values = BTreeMap::new();
        for &var in needed {
            if !self.is_followed(var) {
                continue;
            }
            match self.moved(var) {
                Some(value) => {
                    values.insert(var, value);
                }
                None => {
                    self.kept.insert(var);
                }
            }
        }
        let mut ordered = Vec::new();
        while !values.is_empty() {
            let is_unread = |var: &Handle<Var>| {
                let mut others = values.iter().filter(|(other, _)| *other != var);
                others.all(|(_, value)| !build::names(&self.function, *value, *var))
            };
            let Some(next) = values.keys().copied().find(is_unread) else {
                self.kept.extend(values.into_keys());
                break;
            };
            ordered.extend(values.remove_entry(&next));
        }
        ordered
    }

    /// Returns what the region has moved a pointer to, in terms of what it was before and of what the region does not change.
    fn moved(&mut self, var: Handle<Var>) -> Option<Handle<Expr>> {
        let pointer = self.known.get(&var).cloned()?;
        let view = self.function.vars[var].ty.element()?.clone();
        // What kernels take for one long row has no name of its own type on the host.
        let is_plain = matches!(view, Type::Scalar(_) | Type::Record(_));
        let is_of_itself = pointer.object == Place::var(var);
        if !is_plain || !is_of_itself || !self.is_same(&view, &pointer.element) {
            return None;
        }
        let distance = self.distance(&pointer)?;
        let is_program_s = |var: &Handle<Var>| !self.is_own(*var);
        let mut named = build::variables(&self.function, distance).into_iter();
        (self.is_fixed(distance) && named.all(|var| is_program_s(&var))).then_some(())?;
        self.require(&pointer);
        let before = self.function.load(var);
        let ty = self.function.vars[var].ty.clone();
        let kind = ExprKind::Binary(BinaryOp::Add, before, distance);
        Some(self.function.expr(kind, ty))
    }
}
