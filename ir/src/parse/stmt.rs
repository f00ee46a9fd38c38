//! Statements.

use crate::function::Storage;
use crate::span::Span;
use crate::stmt::{Axis, Block, Call, Compute, If, Loop, LoopName, Mapping, Stmt, StmtId, While};
use crate::structure::MAX_BLOCK_DEPTH;
use crate::text::words::Word;

use super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser {
    /// Reads statements up to and with the closing brace.
    fn statements(&mut self) -> Parsed<Block> {
        let mut block = Vec::new();
        while !self.tokens.eat("}") {
            block.push(self.statement()?);
        }
        Ok(block)
    }

    /// Reads `{ statements }`.
    fn block(&mut self) -> Parsed<Block> {
        self.tokens.expect("{")?;
        self.deeper(Self::statements)
    }

    /// Reads what stands one block deeper.
    fn deeper<T>(&mut self, rule: fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting.blocks >= MAX_BLOCK_DEPTH {
            return Err(self.tokens.error("these blocks nest too deeply"));
        }
        self.nesting.blocks += 1;
        let inner = rule(self);
        self.nesting.blocks -= 1;
        inner
    }

    pub(super) fn statement(&mut self) -> Parsed<Stmt> {
        let word = match self.tokens.peek() {
            TokenKind::Word(word) => Word::find(word),
            TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Number(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => None,
        };
        match word {
            Some(Word::For) => self.counted(),
            Some(Word::If) => self.branch().map(Stmt::If),
            Some(Word::While) => self.while_loop(),
            Some(Word::Do) => self.do_loop(),
            _ => self.simple(),
        }
    }

    /// Reads a statement that contains no others.
    fn simple(&mut self) -> Parsed<Stmt> {
        let span = Span::default();
        if self.tokens.eat_word(Word::Var) {
            let var = self.declaration(Storage::Local)?;
            return Ok(Stmt::Declare(var, span));
        }
        if self.tokens.eat_word(Word::Let) {
            let var = self.declaration(Storage::Local)?;
            self.tokens.expect("=")?;
            return Ok(Stmt::Let(var, self.value()?));
        }
        if self.tokens.eat_word(Word::Call) {
            return self.call_statement();
        }
        if self.tokens.eat_word(Word::Return) {
            return self.return_statement();
        }
        if self.tokens.eat_word(Word::Break) {
            return Ok(Stmt::Break(span));
        }
        if self.tokens.eat_word(Word::Continue) {
            return Ok(Stmt::Continue(span));
        }
        if self.tokens.eat_word(Word::Barrier) {
            return Ok(Stmt::Barrier);
        }
        if self.tokens.eat_word(Word::Verbatim) {
            return self.verbatim();
        }
        self.compute()
    }

    fn compute(&mut self) -> Parsed<Stmt> {
        let id = match (self.tokens.peek(), self.tokens.peek_second()) {
            (TokenKind::Word(word), TokenKind::Symbol(":")) => word
                .strip_prefix('S')
                .and_then(|digits| digits.parse().ok()),
            _ => None,
        };
        let Some(id) = id else {
            return Err(self.tokens.expected("a statement or `}`"));
        };
        self.tokens.next();
        self.tokens.expect(":")?;
        let (target, _) = self.place()?;
        self.tokens.expect("=")?;
        Ok(Stmt::Compute(Compute {
            id: StmtId(id),
            target,
            value: self.value()?,
            span: Span::default(),
            target_span: Span::default(),
        }))
    }

    fn counted(&mut self) -> Parsed<Stmt> {
        self.tokens.expect_word(Word::For)?;
        let declares_iterator = *self.tokens.peek_second() == TokenKind::Symbol(":");
        let iterator = if declares_iterator {
            self.declaration(Storage::Local)?
        } else {
            let start = self.tokens.error("");
            let (place, _) = self.place()?;
            if !place.path.is_empty() {
                return Err(super::ParseError {
                    message: "a loop counts in a whole variable".to_owned(),
                    ..start
                });
            }
            place.var
        };
        let usual = self.scope.function.vars[iterator].name.clone();
        let name = self.loop_name(&usual)?;
        self.tokens.expect_word(Word::In)?;
        let start = self.value()?;
        self.tokens.expect("..")?;
        let end = self.value()?;
        let step = if self.tokens.eat_word(Word::By) {
            self.tokens.whole()?
        } else {
            1
        };
        let mapping = if self.tokens.eat_word(Word::On) {
            self.mapping()?
        } else {
            Mapping::Sequential
        };
        Ok(Stmt::For(Loop {
            name,
            iterator,
            declares_iterator,
            start,
            end,
            step,
            mapping,
            body: self.block()?,
            span: Span::default(),
            header_span: Span::default(),
        }))
    }

    fn loop_name(&mut self, usual: &str) -> Parsed<LoopName> {
        if self.tokens.eat_word(Word::As) {
            self.tokens.name("the name of a loop").map(LoopName)
        } else {
            Ok(LoopName(usual.to_owned()))
        }
    }

    fn mapping(&mut self) -> Parsed<Mapping> {
        let mappings = [
            (Word::BlockX, Mapping::Block(Axis::X)),
            (Word::BlockY, Mapping::Block(Axis::Y)),
            (Word::BlockZ, Mapping::Block(Axis::Z)),
            (Word::ThreadX, Mapping::Thread(Axis::X)),
            (Word::ThreadY, Mapping::Thread(Axis::Y)),
            (Word::ThreadZ, Mapping::Thread(Axis::Z)),
        ];
        for (word, mapping) in mappings {
            if self.tokens.eat_word(word) {
                return Ok(mapping);
            }
        }
        if self.tokens.eat_word(Word::Unroll) {
            let copies = if self.tokens.is_symbol("{") {
                None
            } else {
                Some(self.tokens.whole()?)
            };
            return Ok(Mapping::Unroll(copies));
        }
        if self.tokens.eat_word(Word::Vector) {
            return Ok(Mapping::Vector);
        }
        if self.tokens.eat_word(Word::Lanes) {
            return Ok(Mapping::Lanes);
        }
        Err(self.tokens.expected(
            "`unroll`, `vector`, `lanes`, or `block` or `thread` with `.x`, `.y` or `.z`",
        ))
    }

    fn branch(&mut self) -> Parsed<If> {
        self.tokens.expect_word(Word::If)?;
        let condition = self.value()?;
        let then = self.block()?;
        let mut otherwise = Vec::new();
        if self.tokens.eat_word(Word::Else) {
            if self.tokens.is_word(Word::If) {
                otherwise.push(Stmt::If(self.deeper(Self::branch)?));
            } else {
                otherwise = self.block()?;
            }
        }
        Ok(If {
            condition,
            then,
            otherwise,
            span: Span::default(),
        })
    }

    fn while_loop(&mut self) -> Parsed<Stmt> {
        self.tokens.expect_word(Word::While)?;
        let before_test = self.optional_block()?;
        let condition = self.value()?;
        let name = self.loop_name(Word::While.text())?;
        let not_counted = self.optional_refusal()?;
        let body = self.block()?;
        let after_body = self.after()?;
        Ok(Stmt::While(While {
            name,
            before_test,
            condition,
            is_do: false,
            body,
            after_body,
            not_counted,
            span: Span::default(),
            header_span: Span::default(),
        }))
    }

    fn do_loop(&mut self) -> Parsed<Stmt> {
        self.tokens.expect_word(Word::Do)?;
        let name = self.loop_name(Word::While.text())?;
        let body = self.block()?;
        let after_body = self.after()?;
        self.tokens.expect_word(Word::While)?;
        let before_test = self.optional_block()?;
        let condition = self.value()?;
        let not_counted = self.optional_refusal()?;
        Ok(Stmt::While(While {
            name,
            before_test,
            condition,
            is_do: true,
            body,
            after_body,
            not_counted,
            span: Span::default(),
            header_span: Span::default(),
        }))
    }

    fn optional_block(&mut self) -> Parsed<Block> {
        if self.tokens.is_symbol("{") {
            self.block()
        } else {
            Ok(Vec::new())
        }
    }

    fn after(&mut self) -> Parsed<Block> {
        if self.tokens.eat_word(Word::After) {
            self.block()
        } else {
            Ok(Vec::new())
        }
    }

    fn call_statement(&mut self) -> Parsed<Stmt> {
        let target = if matches!(self.tokens.peek_second(), TokenKind::Symbol("(")) {
            None
        } else {
            let (place, _) = self.place()?;
            self.tokens.expect("=")?;
            Some(place)
        };
        Ok(Stmt::Call(Call {
            target,
            callee: self.tokens.name("the name of a function")?,
            arguments: self.arguments()?,
            span: Span::default(),
        }))
    }

    /// Reads the rest of a `return`; its value stands on the same line.
    fn return_statement(&mut self) -> Parsed<Stmt> {
        let is_bare = !self.tokens.is_on_same_line() || self.tokens.is_symbol("}");
        let value = if is_bare { None } else { Some(self.value()?) };
        Ok(Stmt::Return(value, Span::default()))
    }

    /// Reads the rest of a statement that the IR does not model; its text is added to the source.
    fn verbatim(&mut self) -> Parsed<Stmt> {
        let mut span = Span::default();
        if let TokenKind::Text(_) = self.tokens.peek() {
            let text = self.tokens.text()?;
            span = self.module.source.append(&text);
            self.module.source.append("\n");
        }
        // What the text names only its C tree tells.
        let all: Vec<_> = self
            .scope
            .function
            .vars
            .iter()
            .map(|(var, _)| var)
            .collect();
        for var in all {
            self.scope.function.vars[var].texts.push(span);
        }
        Ok(Stmt::Verbatim(span, Box::new(self.refusal()?)))
    }
}
