//! Searches of which conditions leave out more than the comparison: of `if (skip) continue; v = …; if (v > best) …` remains
//! `if (!skip) v = …; if (!skip) if (v > best) …`, where the comparison is a statement of the loop by itself.

use mupac_ir::structure::variables;
use mupac_ir::{Block, Function, If, Loop, Stmt};

use crate::normalise::exits::{continues, structured, tidy};
use crate::normalise::modified;
use crate::region;

/// Returns a loop, or the one in it, with the last condition of its body by itself; `None` where it is already.
pub(super) fn flattened(function: &mut Function, each: &Loop) -> Option<Loop> {
    if let [Stmt::For(inner)] = each.body.as_slice() {
        let body = vec![Stmt::For(flattened(function, inner)?)];
        return Some(Loop {
            body,
            ..each.clone()
        });
    }
    let mut body = each.body.clone();
    let is_left = body.iter().any(continues);
    if is_left {
        body = structured(function, body, None)?;
        tidy(function, &mut body);
    }
    let is_opened = opened(function, &mut body);
    (is_left || is_opened).then(|| Loop {
        body,
        ..each.clone()
    })
}

/// Takes the last statement of conditions out of them, to stand behind all others under the same conditions: these ask for
/// nothing that the others change. Returns whether there was one.
fn opened(function: &mut Function, body: &mut Block) -> bool {
    let Some(Stmt::If(branch)) = body.last() else {
        return false;
    };
    let is_compound = branch.otherwise.is_empty()
        && branch.then.len() > 1
        && matches!(branch.then.last(), Some(Stmt::If(_)));
    let (last, others) = match branch.then.split_last() {
        Some((last, others)) if is_compound => (last.clone(), others.to_vec()),
        Some(_) | None => return false,
    };
    let changed = modified(&others);
    let mut asked = variables(function, branch.condition).into_iter();
    let mut is_known = asked.all(|var| !changed.contains(&var));
    region::each(&others, &mut |stmt| {
        // What is written behind a pointer may be what the condition reads.
        is_known &= region::target(stmt).is_none_or(|place| place.path.is_empty());
        is_known &= !matches!(stmt, Stmt::Call(_) | Stmt::Verbatim(..));
    });
    if !is_known {
        return false;
    }
    // Each decision is one of its own.
    let asked = function.exprs[branch.condition].clone();
    let again = function.exprs.push(asked);
    let under = |condition, then: Block| {
        Stmt::If(If {
            condition,
            then,
            ..branch.clone()
        })
    };
    let (declared, computed): (Block, Block) = others
        .into_iter()
        .partition(|stmt| matches!(stmt, Stmt::Declare(..)));
    let new = [under(again, computed), under(branch.condition, vec![last])];
    body.pop();
    body.splice(0..0, declared);
    body.extend(new);
    true
}
