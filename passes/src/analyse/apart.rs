//! Which statements have a text of their own, that another text can take the place of: where a macro makes a loop and more, its
//! use is the text of both.

use std::ops::Range;
use std::ptr;

use mupac_ir::{Function, Reason, Refusal, Span, Stmt};

use crate::facts::BlockStep;
use crate::region;

/// Checks that nothing else of a function stands in the text of a range of statements.
///
/// **Errors**: the macro makes more.
pub(super) fn check(
    text: &str,
    function: &Function,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Result<(), Refusal> {
    let own = region::statements(function, path, range);
    let span = own.iter().map(Stmt::span).fold(Span::default(), Span::join);
    let around = ancestors(function, path);
    let mut inside = Vec::new();
    region::each(own, &mut |stmt| inside.push(ptr::from_ref(stmt)));
    let is_of = |all: &[*const Stmt], stmt: &Stmt| all.iter().any(|each| ptr::eq(*each, stmt));
    let mut is_shared = around
        .iter()
        .any(|stmt| begins_there(text, function, stmt, span));
    // The branches of a `switch` have its text, and what stands in them their own; a long chain of `else if` goes on beside
    // the conditions that its text begins with.
    let spans: Vec<Span> = around.iter().map(|stmt| stmt.span()).collect();
    let goes_on = |from: Span, with: &Span| from.start <= with.start && from.end == with.end;
    let is_branch = |stmt: &Stmt| {
        matches!(stmt, Stmt::If(_)) && spans.iter().any(|with| goes_on(stmt.span(), with))
    };
    let around: Vec<_> = around.into_iter().map(ptr::from_ref).collect();
    region::each(&function.body, &mut |stmt| {
        let other = stmt.span();
        let meets = other.start < span.end && span.start < other.end && !other.is_unknown();
        let is_outside = !is_of(&around, stmt) && !is_branch(stmt);
        is_shared |= meets && !is_of(&inside, stmt) && is_outside;
    });
    if is_shared && !span.is_unknown() {
        let construct = "a loop that a macro makes together with other text".to_owned();
        return Err(Refusal::new(Reason::Unsupported { construct }, span));
    }
    Ok(())
}

/// Returns whether the text of a statement begins where that of what it holds does, so that its header stands there, or ends
/// behind it.
fn begins_there(text: &str, function: &Function, stmt: &Stmt, span: Span) -> bool {
    let own = stmt.span();
    if own.is_unknown() || own.start < span.start {
        return false;
    }
    // Braces, or `do … while (0)`.
    let is_block = matches!(stmt, Stmt::If(branch)
        if region::is_plain_block(function, branch) && branch.then.len() == 1);
    let behind = text.get(span.end as usize..own.end as usize).unwrap_or("");
    !is_block || !matches!(behind.trim(), "" | ";")
}

/// Returns the statements that hold what a path leads to, the outermost first.
fn ancestors<'a>(function: &'a Function, path: &[BlockStep]) -> Vec<&'a Stmt> {
    let steps = path.iter().enumerate();
    let found = steps.filter_map(|(depth, step)| {
        let block = region::block(&function.body, &path[..depth])?;
        let (BlockStep::Body(at) | BlockStep::Then(at) | BlockStep::Otherwise(at)) = step;
        block.get(*at)
    });
    found.collect()
}
