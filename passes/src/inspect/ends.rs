//! Loops that note subscripts which go up or down with the counter: where only the least and the greatest are asked for, the
//! first and the last iteration note these.
//!
//! The rows of a sparse matrix, `for (k = start[i]; k < start[i + 1]; k++) s += value[k] * …`, are looked at row by row then,
//! and not element by element.

use mupac_ir::{Block, Expr, Function, Handle, Loop};

use super::notes::{is_same_note, noted, noted_by};
use crate::along::{Direction, at, direction, last};

/// Returns the notes of the first and the last iteration of a loop, which runs at least once; `None` where those of the
/// others may be less or greater.
pub(super) fn ends(function: &mut Function, each: &Loop, body: &Block) -> Option<Block> {
    if each.step.abs() != 1 {
        return None;
    }
    let subscripts: Vec<_> = body.iter().map(noted_by).collect::<Option<_>>()?;
    let goes = |subscript: &Handle<Expr>| {
        let way = direction(function, *subscript, each.iterator, &|_| None);
        matches!(way, Some(Direction::Up | Direction::Down))
    };
    if !subscripts.iter().all(goes) {
        return None;
    }
    let last = last(function, each)?;
    let mut notes = Block::new();
    for counter in [each.start, last] {
        for subscript in &subscripts {
            let at = at(function, *subscript, each.iterator, counter);
            if !notes.iter().any(|stmt| is_same_note(function, stmt, at)) {
                notes.push(noted(at));
            }
        }
    }
    Some(notes)
}
