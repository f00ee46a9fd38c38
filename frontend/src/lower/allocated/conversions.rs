//! Where what a pointer leads to may be reached under another type.

use clang_sys as k;
use mupac_ir::Scalar;

use super::shapes::{is_raw, led_to, members};
use super::values::{received, unconverted};
use super::{Flow, Received};
use crate::clang::{Cursor, Type};
use crate::lower::{types, walk};

impl<'u> Flow<'u> {
    /// Under another type, members may be set without their names; so may all that a pointer to pointers leads to.
    pub(super) fn conversion(&mut self, ty: Type<'u>, operand: Cursor<'u>) {
        let Some(from) = led_to(walk::peel(operand).ty()) else {
            return;
        };
        let Some(to) = led_to(ty) else {
            // A number may become a pointer to something else.
            if types::scalar(ty).is_some_and(|scalar| scalar != Scalar::Bool) {
                self.has_numbers = true;
                self.expose(operand);
            }
            return;
        };
        if to.is_same(from) {
            return;
        }
        self.expose(operand);
        if types::is_pointer(to) && !types::is_pointer(from) {
            received(operand, &mut self.leads_to_pointers);
        }
        if !is_raw(from) {
            self.lose_members(to);
        } else if types::is_record(to) && unconverted(operand).kind() != k::CXCursor_CallExpr {
            let is_const = types::is_const(ty.canonical().pointee());
            self.views.push((to, !is_const));
        }
    }

    /// Takes what a pointer leads to for known under another type.
    pub(super) fn expose(&mut self, pointer: Cursor<'u>) {
        let Some(to) = led_to(walk::peel(pointer).ty()) else {
            return;
        };
        if types::is_record(to) || types::is_pointer(to) {
            self.exposed.push(to);
        }
        let mut last = to;
        while let Some(next) = led_to(last) {
            last = next;
        }
        self.lose_members(last);
    }

    /// What is read from a file was written as the same thing, or holds no pointers.
    pub(super) fn lose_read(&mut self) {
        let is_plain = |ty: Type<'u>| {
            let may_hold = types::is_pointer(ty) || is_raw(ty) && !self.exposed.is_empty();
            !may_hold && members(ty).is_empty()
        };
        let is_kept = |read: &Type<'u>| {
            let mut written = self.written.iter();
            !self.has_numbers && written.all(|each| each.is_same(*read) || is_plain(*each))
        };
        let lost: Vec<_> = self
            .read
            .iter()
            .filter(|read| !is_kept(read))
            .copied()
            .collect();
        for ty in lost {
            self.lose_members(ty);
        }
    }

    /// Of memory that is taken for several things nothing is known.
    pub(super) fn lose_views(&mut self) {
        let views = std::mem::take(&mut self.views);
        let changing = views.iter().filter(|(_, may_change)| *may_change);
        let mut others = changing.map(|(view, _)| view).chain(&self.exposed);
        let first = others.next();
        let is_one = |view: Type<'u>| first.is_none_or(|first| first.is_same(view));
        let is_of_variable = |received: &Received<'_>| matches!(received, Received::From(from) if from.kind() != k::CXCursor_FunctionDecl);
        let is_all = others.all(|other| is_one(*other))
            && views.iter().all(|(view, _)| is_one(*view))
            && !self.leads_to_pointers.iter().any(is_of_variable);
        for (view, _) in views.iter().filter(|_| !is_all) {
            self.lose_members(*view);
        }
    }
}
