//! Loops without a counter, whose parts may be statements that C has no slot for.

use super::CText;
use super::statement::Layout;
use crate::stmt::{Block, Stmt, While};

impl CText<'_> {
    /// Prints a `while`, a `do … while`, or a `for` that does not count.
    ///
    /// Where statements run before the test, or after a body that a `continue` may leave, the loop is written as
    /// `for (;;)` with the test as a `break`, and `continue` as a jump behind the body.
    pub(super) fn while_loop(&self, each: &While, layout: Layout, text: &mut String) {
        if each.before_test.is_empty() {
            if each.is_do {
                if each.after_body.is_empty() {
                    layout.line(text, "do {");
                    self.statements(&each.body, layout.in_loop().deeper(), text);
                    layout.line(
                        text,
                        &format!("}} while ({});", self.condition(each.condition)),
                    );
                    return;
                }
            } else if let Some(header) = self.plain_header(each) {
                self.controlled(&header, &each.body, layout.in_loop(), text);
                return;
            }
        }
        self.general_loop(each, layout, text);
    }

    /// Returns `while (…)` or `for (; …; …)`, where all that runs after the body are assignments.
    fn plain_header(&self, each: &While) -> Option<String> {
        let condition = self.condition(each.condition);
        if each.after_body.is_empty() {
            return Some(format!("while ({condition})"));
        }
        let advances: Option<Vec<_>> = each
            .after_body
            .iter()
            .map(|statement| {
                if let Stmt::Compute(compute) = statement {
                    Some(self.assignment(compute))
                } else {
                    None
                }
            })
            .collect();
        Some(format!("for (; {condition}; {})", advances?.join(", ")))
    }

    fn general_loop(&self, each: &While, layout: Layout, text: &mut String) {
        let label = format!("next_{}", each.name.0.replace('.', "_"));
        let inside = layout.in_loop().deeper();
        layout.line(text, "for (;;) {");
        if !each.is_do {
            self.test(each, inside, text);
        }
        inside.line(text, "{");
        self.statements(&each.body, inside.deeper().jumping_to(&label), text);
        inside.line(text, "}");
        if continues(&each.body) {
            layout.line(text, &format!("{label}:;"));
        }
        self.statements(&each.after_body, inside, text);
        if each.is_do {
            self.test(each, inside, text);
        }
        layout.line(text, "}");
    }

    fn test(&self, each: &While, layout: Layout, text: &mut String) {
        self.statements(&each.before_test, layout, text);
        let condition = self.condition(each.condition);
        layout.line(text, &format!("if (!({condition})) break;"));
    }
}

/// Returns whether a `continue` in the block belongs to the loop around the block.
fn continues(block: &Block) -> bool {
    block.iter().any(|statement| match statement {
        Stmt::Continue(_) => true,
        Stmt::If(branch) => continues(&branch.then) || continues(&branch.otherwise),
        Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}
