//! Numbers for the assignments that a rewrite adds.

use mupac_ir::{Compute, Expr, Handle, Place, Span, Stmt, StmtId};

use crate::region;

/// Gives each assignment a number that no other one has.
pub(crate) struct Numbering {
    next: StmtId,
}

impl Numbering {
    /// Returns one that knows the assignments of some blocks.
    pub(crate) fn after(blocks: &[&[Stmt]]) -> Self {
        Self::from(region::next_number(blocks))
    }

    /// Returns one whose first number is given.
    pub(crate) fn from(next: StmtId) -> Self {
        Self { next }
    }

    /// Returns a number that it has not given yet.
    pub(crate) fn next(&mut self) -> StmtId {
        let number = self.next;
        self.next = StmtId(number.0.saturating_add(1));
        number
    }

    /// Returns an assignment with a number of its own.
    pub(crate) fn assignment(&mut self, target: Place, value: Handle<Expr>, span: Span) -> Compute {
        Compute {
            id: self.next(),
            target,
            value,
            span,
            target_span: span,
        }
    }
}
