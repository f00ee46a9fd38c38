//! What may be passed to the functions that no source can spell.

use crate::arena::Handle;
use crate::expr::{
    ASSERTION_FAILED, BLOCK_LENGTH, Expr, GREATEST, IS_THERE, NOT_NEGATIVE, PLANE_SPACING,
    ROW_SPACING, ROW_SPACING_IF_THERE,
};
use crate::types::{Scalar, Type};

use super::Checker;

impl Checker<'_> {
    /// Returns whether the arguments and the result of such a function fit, and what it takes; `None`: it is none.
    pub(super) fn own_call(
        &self,
        name: &str,
        arguments: &[Handle<Expr>],
        ty: &Type,
    ) -> Option<(bool, &'static str)> {
        let is_int = ty.scalar() == Some(Scalar::I32);
        Some(match name {
            ROW_SPACING | ROW_SPACING_IF_THERE | PLANE_SPACING => (
                is_int && self.are_rows(name, arguments),
                "rows are pointers to pointers and a count, with the second one where there are others between them, planes pointers to such and three numbers",
            ),
            GREATEST => (
                self.are_integers(arguments, ty),
                "numbers are a pointer to them and a count, with the second one where others lie between",
            ),
            NOT_NEGATIVE => (
                is_int && self.is_square(arguments),
                "a square is a pointer to numbers, a count and the start of the second row",
            ),
            BLOCK_LENGTH => (
                is_int && matches!(arguments, [block] if self.has_elements(*block)),
                "a block is a pointer to elements",
            ),
            IS_THERE => (
                is_int && matches!(arguments, [object] if self.has_elements(*object)),
                "what may be there is a pointer to elements",
            ),
            ASSERTION_FAILED => (
                is_int && self.is_assertion(arguments),
                "an assertion says its condition, a file, a line and a function",
            ),
            _ => return None,
        })
    }

    fn is_count(&self, count: Handle<Expr>) -> bool {
        self.ty(count).scalar() == Some(Scalar::I64)
    }

    fn are_rows(&self, name: &str, arguments: &[Handle<Expr>]) -> bool {
        let given: Vec<&Type> = arguments.iter().map(|each| self.ty(*each)).collect();
        let is_pointer = |ty: &Type| matches!(ty, Type::Pointer { .. });
        let are_rows = |ty: &Type| ty.element().is_some_and(is_pointer);
        let given = match given[..] {
            // The second pointer of a table of structures.
            [rows, count, next] if name != PLANE_SPACING && self.is_same(rows, next) => {
                vec![rows, count]
            }
            _ => given,
        };
        given.split_first().is_some_and(|(rows, counts)| {
            let (are_planes, expected) = match counts.len() {
                1 => (false, name != PLANE_SPACING),
                2 => (true, name == PLANE_SPACING),
                count => (true, count == 3 && name != PLANE_SPACING),
            };
            let fits = are_rows(rows) && (!are_planes || rows.element().is_some_and(are_rows));
            let are_numbers = counts.iter().all(|ty| ty.scalar() == Some(Scalar::I64));
            fits && expected && are_numbers
        })
    }

    fn are_integers(&self, arguments: &[Handle<Expr>], ty: &Type) -> bool {
        let is_integer = |ty: &Type| ty.scalar().is_some_and(|ty| ty.integer_range().is_some());
        match arguments {
            [numbers, count, next @ ..] if next.len() <= 1 => {
                let element = self.ty(*numbers).element();
                let is_number = |element| is_integer(element) && self.is_same(element, ty);
                let mut next = next.iter().map(|next| self.ty(*next));
                element.is_some_and(is_number)
                    && self.is_count(*count)
                    && next.all(|next| self.is_same(next, self.ty(*numbers)))
            }
            _ => false,
        }
    }

    fn is_square(&self, arguments: &[Handle<Expr>]) -> bool {
        let is_number = |ty: &Type| ty.scalar().is_some();
        matches!(arguments, [first, count, next]
            if self.ty(*first).element().is_some_and(is_number)
                && self.is_same(self.ty(*first), self.ty(*next))
                && self.is_count(*count))
    }

    fn is_assertion(&self, arguments: &[Handle<Expr>]) -> bool {
        let given: Vec<&Type> = arguments.iter().map(|each| self.ty(*each)).collect();
        let is_text = |ty: &Type| ty.element() == Some(&Scalar::I8.into());
        matches!(given[..], [condition, file, line, function]
            if [condition, file, function].into_iter().all(is_text)
                && line.scalar() == Some(Scalar::U32))
    }
}
