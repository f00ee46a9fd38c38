//! What pointers are behind a region that moves them, for the host to assign.

use std::collections::BTreeSet;

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Place, Stmt, Type, Var};

use super::walk::Walk;
use crate::analyse::fetch::InMemory;
use crate::{build, region};

impl Walk<'_> {
    /// Returns what those of some pointers that are followed are at the end of the region; the others are kept.
    ///
    /// `statements` are the region without them: a value in memory counts as unchanged where these read it, since only there
    /// a guard asks for that.
    pub(super) fn last_values(
        &mut self,
        needed: &BTreeSet<Handle<Var>>,
        fetched: &[InMemory],
        statements: &[Stmt],
    ) -> Vec<(Handle<Var>, Handle<Expr>)> {
        let mut values = Vec::new();
        for &var in needed {
            if !self.is_followed(var) {
                continue;
            }
            let is_guarded = |walk: &Self, value: Handle<Expr>| {
                let mut named = build::variables(&walk.function, value).into_iter();
                named.all(|named| {
                    let mut in_memory =
                        fetched.iter().filter(|each| each.fetched.variable == named);
                    let mut read = statements.iter();
                    in_memory.next().is_none()
                        || read.any(|stmt| region::names(&walk.function, stmt, named))
                })
            };
            match self.moved(var).filter(|value| is_guarded(self, *value)) {
                Some(value) => values.push((var, value)),
                None => {
                    self.kept.insert(var);
                }
            }
        }
        values
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
        // Nobody but the function changes the program's own locals.
        let is_local = |var| !self.is_own(var) && self.function.vars[var].is_plain_local();
        let mut named = build::variables(&self.function, distance).into_iter();
        (self.is_fixed(distance) && named.all(is_local)).then_some(())?;
        self.require(&pointer);
        let before = self.function.load(var);
        let ty = self.function.vars[var].ty.clone();
        let kind = ExprKind::Binary(BinaryOp::Add, before, distance);
        Some(self.function.expr(kind, ty))
    }
}
