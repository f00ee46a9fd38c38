//! Loops that stand in text the IR does not model, so that no loop of the file goes unmentioned.

use std::collections::BTreeMap;

use clang_sys as k;
use mupac_ir::{Block, Module, Refusal, Span, Stmt};

use crate::clang::{Constant, Cursor, Home, Unit};
use crate::lower::stmt::is_loop;
use crate::lower::{effects, unsupported, walk};
use crate::text::Text;

/// Returns, for each loop that no statement of the module is, its place and why it is not modelled.
pub(super) fn find(unit: &Unit, text: &Text<'_>, module: &Module) -> Vec<Refusal> {
    let mut loops: BTreeMap<u32, Span> = BTreeMap::new();
    for cursor in unit.declarations(&[Home::Main]) {
        if cursor.kind() != k::CXCursor_FunctionDecl {
            continue;
        }
        walk::each(cursor, |cursor| {
            if is_loop(cursor)
                && !runs_once(cursor)
                && let Some(span) = text.statement_span(cursor)
            {
                loops.entry(span.start).or_insert(span);
            }
        });
    }
    let mut kept = Vec::new();
    for (_, function) in module.functions.iter() {
        remove_modelled(&function.body, &mut loops, &mut kept);
    }
    loops
        .into_values()
        .map(|span| because(span, &kept))
        .collect()
}

/// Returns whether a loop is `do … while (0)`, which macros use for a block that is one statement.
pub(crate) fn runs_once(cursor: Cursor<'_>) -> bool {
    let children = cursor.children();
    let condition = children.last();
    // Clang computes a value without its effects.
    let condition = condition.filter(|condition| !effects::has_effects(**condition));
    let condition = condition.and_then(|condition| condition.evaluate());
    cursor.kind() == k::CXCursor_DoStmt && condition == Some(Constant::Int(0))
}

/// Takes away the loops that are statements, and collects the text that is kept.
fn remove_modelled(block: &Block, loops: &mut BTreeMap<u32, Span>, kept: &mut Vec<Refusal>) {
    for statement in block {
        match statement {
            Stmt::For(each) => {
                loops.remove(&each.span.start);
                remove_modelled(&each.body, loops, kept);
            }
            Stmt::While(each) => {
                loops.remove(&each.span.start);
                remove_modelled(&each.body, loops, kept);
            }
            Stmt::If(branch) => {
                remove_modelled(&branch.then, loops, kept);
                remove_modelled(&branch.otherwise, loops, kept);
            }
            Stmt::Verbatim(span, refusal) => {
                let mut refusal = (**refusal).clone();
                if refusal.at != *span {
                    refusal.related.push((refusal.at, "here".to_owned()));
                    refusal.at = *span;
                }
                kept.push(refusal);
            }
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {}
        }
    }
}

/// Returns the refusal of the kept text around a loop, told of the loop.
fn because(span: Span, kept: &[Refusal]) -> Refusal {
    let around = kept
        .iter()
        .find(|refusal| refusal.at.start <= span.start && span.start < refusal.at.end);
    match around {
        Some(refusal) => Refusal {
            at: span,
            ..refusal.clone()
        },
        None => *unsupported("a function of this form", span),
    }
}
