//! `goto` of a label farther down in the same block: of `if (c) goto next; s; next: t;` remains `if (!c) s; t;`.

use mupac_ir::fold::constant;
use mupac_ir::{If, Span, Stmt};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::stmt::{construct, refused};
use crate::lower::{Lowered, unsupported};

impl<'u> Body<'_, 'u> {
    /// Lowers the first of some statements where it jumps to one of the others, with all that stands between; returns how many
    /// these are, or `None` where it does not jump, or something stays text.
    pub(super) fn skip(&mut self, groups: &[(Span, Vec<Cursor<'u>>)]) -> Option<usize> {
        let single = groups
            .iter()
            .map_while(|(_, members)| match members.as_slice() {
                [statement] => Some(*statement),
                _ => None,
            });
        let statements: Vec<Cursor<'u>> = single.collect();
        let (label, at) = self.labels.skipped(&statements)?;
        self.labels.skip_to(label.clone(), true);
        let (length, blocks) = (self.out.len(), self.shared.blocks.len());
        let is_done = self.skipping(groups.get(..at)?).is_ok();
        let lowered = self.out.get(length..).unwrap_or_default();
        if is_done && lowered.iter().all(|stmt| refused(stmt).is_none()) {
            return Some(at);
        }
        self.out.truncate(length);
        self.shared.blocks.truncate(blocks);
        self.labels.skip_to(label, false);
        None
    }

    /// Lowers statements, of each that ends in a jump those behind it as what runs otherwise.
    fn skipping(&mut self, groups: &[(Span, Vec<Cursor<'u>>)]) -> Lowered<()> {
        let jump = |(at, (span, members)): (usize, &(Span, Vec<Cursor<'u>>))| {
            let first = members.first().copied()?;
            self.labels
                .ends_in_skip(first)
                .then_some((at, *span, first))
        };
        let Some((at, span, jump)) = groups.iter().enumerate().find_map(jump) else {
            self.groups(groups);
            return Ok(());
        };
        self.groups(&groups[..=at]);
        let (rest, result) = self.inside(1, span, |body| {
            Ok(body.nested(|body| body.skipping(&groups[at + 1..])))
        })?;
        result?;
        let branch = self.branch_of(jump);
        let branch = branch.ok_or_else(|| unsupported(construct(jump), span))?;
        branch.otherwise.extend(rest);
        Ok(())
    }

    /// Returns what the last statement, an `if`, was lowered to, which may stand in a scope with what its condition computes.
    fn branch_of(&mut self, statement: Cursor<'u>) -> Option<&mut If> {
        let condition = statement.children().first().copied()?;
        let Some(Stmt::If(last)) = self.out.last_mut() else {
            return None;
        };
        if constant(&self.function, last.condition).is_none() {
            return Some(last);
        }
        let Some(Stmt::If(inner)) = last.then.last_mut() else {
            return None;
        };
        condition.evaluate().is_none().then_some(inner)
    }
}
