//! `if` with its branches. Of a long chain of `else if` each piece begins anew, so that what reads the tree need not go as
//! deep as the chain is long.

use clang_sys as k;
use mupac_ir::{Block, ExprKind, Handle, If, Place, Scalar, Span, Stmt, Type, Var};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::{Lowered, unsupported, walk};

/// How many `if` of a chain stand in one another: as many as the depth of a function bears, so that shorter chains stay whole.
const PIECE: usize = 100;

/// The same where conditions call functions, which makes two blocks of each.
const PIECE_OF_CALLS: usize = 40;

/// What stands in one another of a long chain.
struct Piece<'u> {
    /// How many more `else if` it takes.
    left: usize,
    /// The variable that is other than 0 where no condition so far held.
    goes_on: Handle<Var>,
    /// The `if` that the next piece begins with.
    rest: Option<Cursor<'u>>,
}

impl<'u> Body<'_, 'u> {
    /// Lowers an `if` with all that follows by `else`.
    pub(super) fn if_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        if !is_long(cursor) {
            return self.branch(cursor, span, None);
        }
        let (block, result) = self.nested(|body| body.pieces(cursor, span));
        result?;
        self.scope(block, span);
        Ok(())
    }

    /// Appends the pieces of a long chain one after the other, each behind the condition that those before it left it the
    /// choice.
    fn pieces(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let ty = Type::Scalar(Scalar::I32);
        let goes_on = self.declare_temporary("goes.on", ty, keyword(span));
        let mut piece = Piece {
            left: length(cursor),
            goes_on,
            rest: None,
        };
        self.inside(1, span, |body| body.piece(cursor, span, &mut piece))?;
        while let Some(next) = piece.rest.take() {
            piece.left = length(next);
            let span = self.statement_span(next)?;
            let goes_on = ExprKind::Load(Place::var(goes_on));
            let condition = self.function.expr(goes_on, Scalar::I32);
            let then = self.inside(1, span, |body| {
                body.unbraced(next, |body, span| {
                    body.statement_by(next, span, |body| body.piece(next, span, &mut piece));
                })
            })?;
            self.out.push(Stmt::If(If {
                condition,
                then,
                otherwise: Block::new(),
                span,
            }));
        }
        Ok(())
    }

    fn piece(&mut self, cursor: Cursor<'u>, span: Span, piece: &mut Piece<'u>) -> Lowered<()> {
        self.set(piece.goes_on, 0, span);
        let result = self.branch(cursor, span, Some(piece));
        if result.is_err() {
            // All of it stays text.
            piece.rest = None;
        }
        result
    }

    /// Lowers one `if`; where it belongs to a piece, no further `else if` than that takes.
    fn branch(
        &mut self,
        cursor: Cursor<'u>,
        span: Span,
        piece: Option<&mut Piece<'u>>,
    ) -> Lowered<()> {
        let children = cursor.children();
        let (condition, then, otherwise) = match children.as_slice() {
            [condition, then] => (*condition, *then, None),
            [condition, then, otherwise] => (*condition, *then, Some(*otherwise)),
            _ => return Err(unsupported(construct(cursor), span)),
        };
        let (mut before, condition) = self.nested(|body| body.condition(condition));
        let condition = condition?;
        let then = self.block_of(then)?;
        let otherwise = match (otherwise, piece) {
            (None, _) => Block::new(),
            (Some(otherwise), Some(piece)) if is_link(otherwise) => {
                self.else_if(otherwise, piece)?
            }
            (Some(otherwise), _) => self.block_of(otherwise)?,
        };
        let branch = Stmt::If(If {
            condition,
            then,
            otherwise,
            span,
        });
        if before.is_empty() {
            self.out.push(branch);
        } else {
            before.push(branch);
            self.scope(before, span);
        }
        Ok(())
    }

    /// Returns what runs instead: the next `if` of a piece, or that the next piece has the choice.
    fn else_if(&mut self, cursor: Cursor<'u>, piece: &mut Piece<'u>) -> Lowered<Block> {
        if piece.left == 0 {
            let span = self.statement_span(cursor)?;
            piece.rest = Some(cursor);
            let (block, ()) = self.nested(|body| body.set(piece.goes_on, 1, span));
            return Ok(block);
        }
        piece.left -= 1;
        self.unbraced(cursor, |body, span| {
            body.statement_by(cursor, span, |body| {
                let result = body.branch(cursor, span, Some(&mut *piece));
                if result.is_err() {
                    piece.rest = None;
                }
                result
            });
        })
    }

    /// Assigns a truth value where an `if` begins.
    fn set(&mut self, var: Handle<Var>, value: i128, span: Span) {
        let at = keyword(span);
        let value = self.int(value, Scalar::I32);
        self.compute(Place::var(var), value, at, at);
    }
}

/// Returns the word that a statement begins with, `if`: a loop below is not in its text.
fn keyword(span: Span) -> Span {
    Span::new(span.start as usize, span.start as usize + "if".len())
}

/// Returns whether a chain has more `if` than one piece takes. One with jumps stays whole: what comes behind each of them would
/// depend on every piece.
fn is_long(cursor: Cursor<'_>) -> bool {
    let is_long = links(cursor).nth(length(cursor) + 1).is_some();
    is_long && !has_jump(cursor)
}

/// Returns the `if` of a chain, from one on.
fn links(first: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    let first = Some(first).filter(|first| is_link(*first));
    std::iter::successors(first, |last| next(*last))
}

/// Returns how many `if` of a chain, from one on, may stand in one another.
fn length(first: Cursor<'_>) -> usize {
    let mut calls = false;
    for condition in links(first).filter_map(|link| link.children().first().copied()) {
        walk::each(condition, |each| {
            calls |= each.kind() == k::CXCursor_CallExpr;
        });
    }
    if calls { PIECE_OF_CALLS } else { PIECE }
}

fn has_jump(cursor: Cursor<'_>) -> bool {
    let jumps = [
        k::CXCursor_BreakStmt,
        k::CXCursor_ContinueStmt,
        k::CXCursor_GotoStmt,
    ];
    let mut found = false;
    walk::each(cursor, |each| found |= jumps.contains(&each.kind()));
    found
}

/// Returns the `if` that follows by `else`.
fn next(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let otherwise = cursor.children().get(2).copied();
    otherwise.filter(|otherwise| is_link(*otherwise))
}

/// Returns whether a statement is an `if` in the text as written.
fn is_link(cursor: Cursor<'_>) -> bool {
    cursor.kind() == k::CXCursor_IfStmt && !cursor.start().is_macro
}
