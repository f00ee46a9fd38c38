//! Which statements have a text of their own, that another one can take the place of: of a loop that a macro makes together
//! with other text, the use of the macro is the text of both.

use std::ops::Range;

use mupac_ir::{Function, Reason, Refusal, Span, Stmt};

use crate::facts::BlockStep;
use crate::{build, region};

/// Checks that nothing else of a function stands in the text of a range of statements.
///
/// **Errors**: the macro makes more.
pub(super) fn check(
    function: &Function,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Result<(), Refusal> {
    let block = region::block(&function.body, path).map_or(&[][..], Vec::as_slice);
    let own = block.get(range.clone()).unwrap_or_default();
    let span = own.iter().map(Stmt::span).fold(Span::default(), Span::join);
    let before = range.start.checked_sub(1).and_then(|at| block.get(at));
    let after = block.get(range.end);
    let mut around = ancestors(function, path).into_iter();
    let is_shared = !span.is_unknown()
        && (before.is_some_and(|stmt| span.start < stmt.span().end)
            || after.is_some_and(|stmt| is_before(stmt.span(), span))
            || around.any(|stmt| is_around(function, stmt, span)));
    if is_shared {
        let construct = "a loop that a macro makes together with other text".to_owned();
        return Err(Refusal::new(Reason::Unsupported { construct }, span));
    }
    Ok(())
}

fn is_before(next: Span, span: Span) -> bool {
    !next.is_unknown() && next.start < span.end
}

/// Returns whether the text of a statement that holds others begins where these do: its header stands there.
fn is_around(function: &Function, stmt: &Stmt, span: Span) -> bool {
    let own = stmt.span();
    // Braces, or `do … while (0)`.
    let is_block = matches!(stmt, Stmt::If(branch)
        if build::constant(function, branch.condition) == Some(1) && branch.then.len() == 1);
    !is_block && !own.is_unknown() && span.start <= own.start
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
