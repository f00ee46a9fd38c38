//! Which statements of a function make a stay.

use mupac_ir::{Span, TextBlock, TextStatement};

use super::conduct::is_out_of_order;
use super::events::contains;
use super::last::Last;

/// Returns the stretches of a function's text while which arrays stay on the device: runs of statements of one block, as
/// far out and as long as they can be.
pub(super) fn of(last: &Last<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    if let Some(body) = last.events.blocks.first()
        && !is_out_of_order(last.events.function)
    {
        block(last, body, &mut found);
    }
    found
}

fn block(last: &Last<'_>, block: &TextBlock, found: &mut Vec<Span>) {
    let events = last.events;
    let mut run: Vec<TextStatement> = Vec::new();
    if !events.is_complete(block) || !block.is_braced {
        // A declaration cannot stand where one statement does.
        for statement in &block.statements {
            inside(last, statement.span, found);
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
        found.extend(stay(last, &run));
        run.clear();
        inside(last, statement.span, found);
    }
    found.extend(stay(last, &run));
}

/// Looks for stays in the blocks directly inside a statement.
fn inside(last: &Last<'_>, statement: Span, found: &mut Vec<Span>) {
    let mut covered = Span::default();
    for each in &last.events.blocks {
        let is_inner = each.span != statement || each.is_braced;
        if is_inner && contains(statement, each.span) && !contains(covered, each.span) {
            covered = each.span;
            block(last, each, found);
        }
    }
}

/// Returns the part of a run that is a stay, if that pays.
fn stay(last: &Last<'_>, run: &[TextStatement]) -> Option<Span> {
    let events = last.events;
    let is_served = |statement: &TextStatement| {
        let which = events.within(statement.span);
        which.iter().any(|index| events.is_served(*index))
    };
    let first = run.iter().find(|each| is_served(each))?;
    let end = run.iter().rposition(is_served)?;
    let span = first.span.join(run[end].span);
    let is_there = !events.may_be_left_out(first.span);
    if !is_there {
        return None;
    }
    let longer = last.longer(span, &run[end + 1..]);
    longer.or_else(|| events.pays(span).then_some(span))
}
