//! Gives statements their numbers, and spans that nest as the statements do.
//!
//! A generated module has blanks for its source: spans tell statements apart and say which contains which, as a plan's
//! `replaces` needs, and show no text.

use crate::function::Function;
use crate::span::Span;
use crate::stmt::{Block, Stmt, StmtId};

/// Numbers assignments from 0 in textual order and gives every statement a span from `place` on; returns the end.
pub(super) fn number(function: &mut Function, place: u32) -> u32 {
    let mut counter = Counter {
        place,
        statement: 0,
    };
    let mut body = std::mem::take(&mut function.body);
    let start = counter.next();
    counter.block(&mut body);
    function.body = body;
    function.body_span = counter.close(start);
    function.span = counter.close(start);
    counter.place
}

struct Counter {
    place: u32,
    statement: u32,
}

impl Counter {
    fn next(&mut self) -> u32 {
        self.place += 1;
        self.place
    }

    fn close(&mut self, start: u32) -> Span {
        Span {
            start,
            end: self.next(),
        }
    }

    fn block(&mut self, block: &mut Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        let start = self.next();
        match stmt {
            Stmt::Compute(compute) => {
                compute.id = StmtId(self.statement);
                self.statement += 1;
                compute.target_span = self.close(start);
                compute.span = self.close(start);
            }
            Stmt::For(each) => {
                each.header_span = self.close(start);
                self.block(&mut each.body);
                each.span = self.close(start);
            }
            Stmt::If(branch) => {
                self.block(&mut branch.then);
                self.block(&mut branch.otherwise);
                branch.span = self.close(start);
            }
            Stmt::While(each) => {
                each.header_span = self.close(start);
                self.block(&mut each.before_test);
                self.block(&mut each.body);
                self.block(&mut each.after_body);
                each.span = self.close(start);
            }
            Stmt::Call(call) => call.span = self.close(start),
            Stmt::Declare(_, span)
            | Stmt::Return(_, span)
            | Stmt::Break(span)
            | Stmt::Continue(span)
            | Stmt::Verbatim(span, _) => *span = self.close(start),
            Stmt::Let(..) | Stmt::Barrier => {}
        }
    }
}
