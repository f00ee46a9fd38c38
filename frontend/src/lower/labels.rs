//! `goto` of a label at the end of a loop's body: it continues the loop; and of one farther down in the same block: it skips
//! what stands between ([`super::skip`]).

use std::collections::{HashMap, HashSet};

use clang_sys as k;

use crate::clang::Cursor;
use crate::lower::stmt::is_loop;
use crate::lower::walk;

/// The labels of a function, and those at the end of the loops that a statement stands in.
#[derive(Default)]
pub(super) struct Labels {
    /// How often each is jumped to.
    jumps: HashMap<String, usize>,
    /// Whether something else than `goto` of a name may jump.
    is_open: bool,
    /// For every loop around the statement, innermost last, the labels that only its own body jumps to, as it ends.
    ends: Vec<Vec<String>>,
    /// For every loop around the statement, all labels at the end of its body.
    further: Vec<Vec<String>>,
    /// The labels that jumps skip to; `false`: what lies between could not be lowered.
    skipped_to: HashMap<String, bool>,
}

impl Labels {
    /// Looks at a function.
    pub(super) fn of(function: Cursor<'_>) -> Self {
        let mut labels = Self::default();
        let mut names = HashSet::new();
        walk::each(function, |cursor| match cursor.kind() {
            // Labels of a block with a value may have names of others.
            k::CXCursor_LabelStmt => labels.is_open |= !names.insert(cursor.spelling()),
            k::CXCursor_GotoStmt => match target(cursor) {
                Some(label) => *labels.jumps.entry(label).or_default() += 1,
                None => labels.is_open = true,
            },
            k::CXCursor_IndirectGotoStmt | k::CXCursor_AddrLabelExpr | k::CXCursor_AsmStmt => {
                labels.is_open = true;
            }
            _ => {}
        });
        labels
    }

    /// Goes into the body of a loop.
    pub(super) fn enter(&mut self, body: Cursor<'_>) {
        let mut ends = Vec::new();
        let all = if self.jumps.is_empty() {
            Vec::new()
        } else {
            end_labels(body)
        };
        if !self.is_open {
            let own = all.iter().filter(|label| {
                let count = self.jumps.get(*label).copied().unwrap_or(0);
                count == jumps_to(body, label)
            });
            ends.extend(own.cloned());
        }
        self.ends.push(ends);
        self.further.push(all);
    }

    /// Comes out of it.
    pub(super) fn leave(&mut self) {
        self.ends.pop();
        self.further.pop();
    }

    /// Returns whether a `goto` does what `continue` does.
    pub(super) fn continues(&self, jump: Cursor<'_>) -> bool {
        let innermost = self.ends.last();
        let target = target(jump);
        target.is_some_and(|label| innermost.is_some_and(|ends| ends.contains(&label)))
    }

    /// Returns the label that the first of some statements of a block jumps to at the end of its branch, and its place among
    /// them, where nothing but such statements before it jumps there.
    pub(super) fn skipped(&self, statements: &[Cursor<'_>]) -> Option<(String, usize)> {
        let label = skipping(*statements.first()?).filter(|_| !self.is_open)?;
        let is_place =
            |each: &Cursor<'_>| each.kind() == k::CXCursor_LabelStmt && each.spelling() == label;
        let at = statements.iter().position(is_place)?;
        let between = &statements[..at];
        let jumps = between
            .iter()
            .filter(|each| skipping(**each).as_ref() == Some(&label))
            .count();
        let declares = |each: &Cursor<'_>| each.kind() == k::CXCursor_DeclStmt;
        let is_all = self.jumps.get(&label) == Some(&jumps);
        let is_tried = self.skipped_to.contains_key(&label);
        let is_end = self.ends.last().is_some_and(|ends| ends.contains(&label));
        (is_all && !is_tried && !is_end && !between.iter().any(declares)).then_some((label, at))
    }

    /// Notes whether jumps to a label skip what lies before it.
    pub(super) fn skip_to(&mut self, label: String, do_skip: bool) {
        self.skipped_to.insert(label, do_skip);
    }

    /// Returns whether a `goto` ends a branch, behind which the rest of its block is skipped.
    pub(super) fn skips(&self, jump: Cursor<'_>) -> bool {
        target(jump).is_some_and(|label| self.skipped_to.get(&label) == Some(&true))
    }

    /// Returns whether a statement ends in such a jump.
    pub(super) fn ends_in_skip(&self, statement: Cursor<'_>) -> bool {
        skipping(statement).is_some_and(|label| self.skipped_to.get(&label) == Some(&true))
    }

    /// Returns whether all jumps to a label skip to it.
    pub(super) fn is_skipped_to(&self, label: Cursor<'_>) -> bool {
        self.skipped_to.get(&label.spelling()) == Some(&true)
    }

    /// Returns what helps a loop that a `goto` leaves.
    pub(super) fn help(&self, jump: Cursor<'_>) -> &'static str {
        let target = target(jump);
        let continues = |ends: &Vec<String>| target.as_ref().is_some_and(|it| ends.contains(it));
        if self.further.iter().any(continues) {
            "leave the inner loop by `break`, note that in a variable, `skip = 1;`, and ask for it behind the loop: `if (!skip)`"
        } else {
            "let the loops go on and note what they find, `found = 1;`, or the least place, `if (k < first) first = k;`"
        }
    }

    /// Returns whether a label is one of those at the end of the innermost loop.
    pub(super) fn is_end(&self, label: Cursor<'_>) -> bool {
        let innermost = self.ends.last();
        innermost.is_some_and(|ends| ends.contains(&label.spelling()))
    }
}

/// Returns the label that an `if` without a macro jumps to at the end of its first branch.
fn skipping(statement: Cursor<'_>) -> Option<String> {
    let is_plain = statement.kind() == k::CXCursor_IfStmt && !statement.start().is_macro;
    let mut last = *statement.children().get(1).filter(|_| is_plain)?;
    if last.kind() == k::CXCursor_CompoundStmt {
        last = *last.children().last()?;
    }
    (last.kind() == k::CXCursor_GotoStmt).then(|| target(last))?
}

/// Returns the label that a `goto` names.
fn target(jump: Cursor<'_>) -> Option<String> {
    let children = jump.children();
    let label = children.first()?;
    (label.kind() == k::CXCursor_LabelRef).then(|| label.spelling())
}

/// Returns the labels that stand at the end of a body, before nothing but `;` or `continue;`.
fn end_labels(body: Cursor<'_>) -> Vec<String> {
    let mut labels = Vec::new();
    let mut last = body.children().last().copied();
    while let Some(statement) = last.filter(|_| body.kind() == k::CXCursor_CompoundStmt) {
        match statement.kind() {
            k::CXCursor_LabelStmt => labels.push(statement.spelling()),
            k::CXCursor_NullStmt | k::CXCursor_ContinueStmt => return labels,
            _ => return Vec::new(),
        }
        last = statement.children().last().copied();
    }
    labels
}

/// Returns how often a statement jumps to a label, but for what loops in it do.
fn jumps_to(statement: Cursor<'_>, label: &str) -> usize {
    if statement.kind() == k::CXCursor_GotoStmt {
        return usize::from(target(statement).as_deref() == Some(label));
    }
    let children = statement.children().into_iter();
    children
        .filter(|child| !is_loop(*child) || super::runs_once(*child))
        .map(|child| jumps_to(child, label))
        .sum()
}
