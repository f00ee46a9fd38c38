//! Which statements of a function make a stay.

use mupac_ir::{Function, Span, TextBlock, TextStatement};

use super::conduct::is_out_of_order;
use super::events::{Events, contains};

/// Returns the stretches of a function's text while which arrays stay on the device: runs of statements of one block, as
/// far out and as long as they can be.
pub(super) fn of(function: &Function, events: &Events<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    if let Some(body) = events.blocks.first()
        && !is_out_of_order(function)
    {
        block(events, body, &mut found);
    }
    found
}

fn block(events: &Events<'_>, block: &TextBlock, found: &mut Vec<Span>) {
    let mut run: Vec<TextStatement> = Vec::new();
    if !events.is_complete(block) || !block.is_braced {
        // A declaration cannot stand where one statement does.
        for statement in &block.statements {
            inside(events, statement.span, found);
        }
        return;
    }
    for statement in &block.statements {
        let which = events.within(statement.span);
        let mut all = which.iter();
        if all.all(|index| events.is_possible(*index) && !events.is_lonely_use(*index)) {
            run.push(*statement);
            continue;
        }
        found.extend(stay(events, &run));
        run.clear();
        inside(events, statement.span, found);
    }
    found.extend(stay(events, &run));
}

/// Looks for stays in the blocks directly inside a statement.
fn inside(events: &Events<'_>, statement: Span, found: &mut Vec<Span>) {
    let mut covered = Span::default();
    for each in &events.blocks {
        let is_inner = each.span != statement || each.is_braced;
        if is_inner && contains(statement, each.span) && !contains(covered, each.span) {
            covered = each.span;
            block(events, each, found);
        }
    }
}

/// Returns the part of a run that is a stay, if that pays.
fn stay(events: &Events<'_>, run: &[TextStatement]) -> Option<Span> {
    let is_served = |statement: &&TextStatement| {
        let which = events.within(statement.span);
        which.iter().any(|index| events.is_served(*index))
    };
    let first = run.iter().find(is_served)?;
    let last = run.iter().rfind(is_served)?;
    let span = first.span.join(last.span);
    let is_there = !events.may_be_left_out(first.span);
    (is_there && events.pays(span)).then_some(span)
}
