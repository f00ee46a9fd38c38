//! Declarations of the lengths of arrays that the user's text computes and does not name, where generated text names them.

use mupac_ir::{Module, NamedLength};

use super::{File, Piece};
use crate::layout::indentation;
use crate::lexer::words;

impl File<'_> {
    /// Declares what the pieces name of such lengths, each behind the array; another function may have one of that name.
    pub(super) fn lengths(&mut self) {
        let module = self.module;
        let named = module
            .lengths
            .iter()
            .filter(|each| self.is_named(module, each));
        let mut all: Vec<Piece> = named.map(|each| self.declared(each)).collect();
        // What others put at the same place may name it.
        all.append(&mut self.pieces);
        self.pieces = all;
    }

    fn is_named(&self, module: &Module, length: &NamedLength) -> bool {
        let mut bodies = module
            .functions
            .iter()
            .map(|(_, function)| function.body_span);
        let body = bodies.find(|body| body.range().contains(&(length.from as usize)));
        let Some(body) = body else {
            return false;
        };
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| {
            body.range().contains(&piece.start) && words(&piece.text).contains(&length.name)
        })
    }

    /// Lines behind the array's; what follows is told again which line it is on, where that matters.
    fn declared(&self, length: &NamedLength) -> Piece {
        let at = length.from as usize;
        let indent = indentation(self.kept.original(), at);
        let mut text = format!("\n{indent}{}", length.declaration);
        if let Some(line) = self.kept.line_directive(at) {
            text = format!("{text}\n{line}\n");
        }
        Piece {
            start: at,
            end: at,
            text,
        }
    }
}
