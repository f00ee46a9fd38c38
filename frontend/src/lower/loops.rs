//! Loops: headers by their tokens, counted loops where they are, `while` otherwise.

use clang_sys as k;
use mupac_ir::{Block, Loop, Mapping, Refusal, Scalar, Span, Stmt, Storage, While};

use crate::clang::Cursor;
use crate::lower::counted::Start;
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::unmodelled::runs_once;
use crate::lower::{Lowered, effects, unsupported, walk};

/// The parts of a `for`, empty slots told apart.
pub(super) struct Header<'u> {
    pub(super) init: Option<Cursor<'u>>,
    pub(super) condition: Option<Cursor<'u>>,
    pub(super) increment: Option<Cursor<'u>>,
    pub(super) body: Cursor<'u>,
    /// From `for` to the closing parenthesis.
    pub(super) span: Span,
}

/// How a loop stands in the text.
enum Written {
    /// As it is.
    Plain,
    /// By a macro, whose use is here.
    ByMacro(Span),
}

impl<'u> Body<'_, 'u> {
    /// Lowers a `for`.
    pub(super) fn for_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let header = self.for_header(cursor, span)?;
        let length = self.out.len();
        match self.counted(&header) {
            Ok((counter, start, end)) => {
                let step = counter.step;
                let variable = match start {
                    Start::Declared(declaration) => self.register(declaration, Storage::Local),
                    Start::Outside => self.variable(counter.variable, header.span)?,
                };
                let base = self.function.vars[variable].name.clone();
                let name = self.loop_name(&base);
                let body = self.counted_body(&header, &counter.also)?;
                self.out.push(Stmt::For(Loop {
                    name,
                    iterator: variable,
                    declares_iterator: matches!(start, Start::Declared(_)),
                    start: counter.start,
                    end,
                    step,
                    mapping: Mapping::Sequential,
                    body,
                    span,
                    header_span: header.span,
                }));
                Ok(())
            }
            Err(refusal) => {
                self.out.truncate(length);
                self.uncounted(&header, span, refusal)
            }
        }
    }

    /// Lowers a `for` that is no counted loop: its first slot, then a `while`.
    fn uncounted(&mut self, header: &Header<'u>, span: Span, refusal: Box<Refusal>) -> Lowered<()> {
        let (mut block, result) = self.nested(|body| match header.init {
            Some(init) if init.kind() == k::CXCursor_DeclStmt => body.declaration(init),
            Some(init) => body.effects(init),
            None => Ok(()),
        });
        result?;
        let (before_test, condition) = self.nested(|body| match header.condition {
            Some(condition) => body.condition(condition),
            None => Ok(body.int(1, Scalar::I32)),
        });
        let condition = condition?;
        let (after_body, result) = self.nested(|body| match header.increment {
            Some(increment) => body.effects(increment),
            None => Ok(()),
        });
        result?;
        let stepped = header.increment.and_then(stepped);
        let name = self.loop_name(stepped.as_deref().unwrap_or("for"));
        let body = self.loop_body(header.body)?;
        let each = Stmt::While(While {
            name,
            before_test,
            condition,
            is_do: false,
            body,
            after_body,
            not_counted: Some(refusal),
            span,
            header_span: header.span,
        });
        if block.is_empty() {
            self.out.push(each);
        } else {
            block.push(each);
            self.scope(block, span);
        }
        Ok(())
    }

    /// Lowers a `while`.
    pub(super) fn while_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let children = cursor.children();
        let [condition, statement] = children.as_slice() else {
            return Err(unsupported(construct(cursor), span));
        };
        let header_span = match self.written(cursor, "while", span, *statement)? {
            Written::ByMacro(header) => header,
            Written::Plain => {
                let text = self.shared.text;
                let close = text.closing(text.index_from(span.start as usize) + 1);
                let close = close
                    .and_then(|index| text.tokens.get(index))
                    .ok_or_else(|| made_by_macro(span))?;
                Span::new(span.start as usize, close.end)
            }
        };
        self.test_loop(*condition, *statement, false, span, header_span)
    }

    /// Lowers a `do … while`; one whose condition never holds is a block, as macros have them.
    pub(super) fn do_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let children = cursor.children();
        let [statement, condition] = children.as_slice() else {
            return Err(unsupported(construct(cursor), span));
        };
        let written = self.written(cursor, "do", span, *statement)?;
        if runs_once(cursor) && !effects::jumps(*statement) {
            let block = self.block_of(*statement)?;
            self.inner(block, span);
            return Ok(());
        }
        let header_span = match written {
            Written::ByMacro(header) => header,
            Written::Plain => Span::new(span.start as usize, span.start as usize + "do".len()),
        };
        self.test_loop(*condition, *statement, true, span, header_span)
    }

    fn test_loop(
        &mut self,
        condition: Cursor<'u>,
        statement: Cursor<'u>,
        is_do: bool,
        span: Span,
        header_span: Span,
    ) -> Lowered<()> {
        let (before_test, condition) = self.nested(|body| body.condition(condition));
        let condition = condition?;
        let name = self.loop_name(if is_do { "do" } else { "while" });
        let body = self.loop_body(statement)?;
        self.out.push(Stmt::While(While {
            name,
            before_test,
            condition,
            is_do,
            body,
            after_body: Vec::new(),
            not_counted: None,
            span,
            header_span,
        }));
        Ok(())
    }

    /// Lowers the body of a counted loop, and after it what the third slot does beside counting.
    fn counted_body(&mut self, header: &Header<'u>, also: &[Cursor<'u>]) -> Lowered<Block> {
        let mut block = self.loop_body(header.body)?;
        let (rest, result) =
            self.nested(|body| also.iter().try_for_each(|part| body.effects(*part)));
        result?;
        block.extend(rest);
        Ok(block)
    }

    fn loop_body(&mut self, statement: Cursor<'u>) -> Lowered<Block> {
        self.loop_depth += 1;
        self.labels.enter(statement);
        let block = self.block_of(statement);
        self.labels.leave();
        self.loop_depth -= 1;
        block
    }

    /// Returns how the text of a loop is written; refuses one of which parts are not told apart.
    fn written(
        &self,
        cursor: Cursor<'u>,
        word: &str,
        span: Span,
        body: Cursor<'u>,
    ) -> Lowered<Written> {
        let (start, text) = (cursor.start(), self.shared.text);
        let has_braces = body.kind() != k::CXCursor_CompoundStmt
            || text.has_plain_braces(body)
            || self.is_closed_by_macro(body);
        let last = span.end as usize;
        let ends_here = text
            .source
            .get(..last)
            .is_some_and(|text| text.ends_with([';', '}']));
        if !ends_here && text.macro_that_ends_at(last).is_none() {
            return Err(made_by_macro(span));
        }
        if !start.is_main || !has_braces {
            return Err(made_by_macro(span));
        }
        if !start.is_macro {
            let is_plain = text.is_word_at(start.offset, word);
            return is_plain
                .then_some(Written::Plain)
                .ok_or_else(|| made_by_macro(span));
        }
        let name = text.at(start.offset).map(|token| text.word(token));
        if !name.is_some_and(|name| text.makes_statements(name)) {
            return Err(made_by_macro(span));
        }
        let end = text
            .expansion_end(start.offset)
            .ok_or_else(|| made_by_macro(span))?;
        Ok(Written::ByMacro(Span::new(start.offset, end)))
    }

    /// Returns the header of a `for` that a macro makes, if it has all of its slots: nothing says which one is missing.
    fn made_header(cursor: Cursor<'u>, header_span: Span, span: Span) -> Lowered<Header<'u>> {
        let children = cursor.children();
        let [init, condition, increment, body] = children.as_slice() else {
            return Err(made_by_macro(span));
        };
        Ok(Header {
            init: Some(*init),
            condition: Some(*condition),
            increment: Some(*increment),
            body: *body,
            span: header_span,
        })
    }

    /// Finds the slots of a `for` by the two semicolons between its parentheses, since clang drops empty ones.
    fn for_header(&self, cursor: Cursor<'u>, span: Span) -> Lowered<Header<'u>> {
        let children = cursor.children();
        let Some((body, slots)) = children.split_last() else {
            return Err(unsupported(construct(cursor), span));
        };
        if let Written::ByMacro(header) = self.written(cursor, "for", span, *body)? {
            return Self::made_header(cursor, header, span);
        }
        let text = self.shared.text;
        let open = text.index_from(span.start as usize) + 1;
        let semicolons = header_semicolons(text, open).ok_or_else(|| made_by_macro(span))?;
        let [first, second, close] = semicolons;
        let mut header = Header {
            init: None,
            condition: None,
            increment: None,
            body: *body,
            span: Span::new(span.start as usize, close + 1),
        };
        for slot in slots {
            let start = slot.start();
            let place = match start.offset {
                at if at < first => &mut header.init,
                at if at < second => &mut header.condition,
                at if at < close => &mut header.increment,
                _ => return Err(made_by_macro(span)),
            };
            if !start.is_main || place.replace(*slot).is_some() {
                return Err(made_by_macro(span));
            }
        }
        if body.start().offset < close {
            Err(made_by_macro(span))
        } else {
            Ok(header)
        }
    }
}

/// Returns what the third slot of a `for` steps, the first of several.
fn stepped(increment: Cursor<'_>) -> Option<String> {
    let mut part = walk::peel_parentheses(increment);
    while part.kind() == k::CXCursor_BinaryOperator
        && part.binary_operator() == k::CXBinaryOperator_Comma
    {
        part = walk::peel_parentheses(part.children().first().copied()?);
    }
    let variable = walk::named_variable(walk::assigned_operand(part)?)?;
    Some(variable.spelling())
}

fn made_by_macro(span: Span) -> Box<Refusal> {
    unsupported("a loop made by a macro", span)
}

/// Returns the offsets of the two semicolons and the closing parenthesis of a `for` header that opens at a token.
fn header_semicolons(text: &crate::text::Text<'_>, open: usize) -> Option<[usize; 3]> {
    let is_open = text
        .tokens
        .get(open)
        .is_some_and(|token| text.word(*token) == "(");
    let close = text.closing(open).filter(|_| is_open)?;
    let mut depth = 0_i64;
    let mut found = Vec::new();
    for token in text.tokens.get(open..close)? {
        match text.word(*token) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            ";" if depth == 1 => found.push(token.start),
            _ => {}
        }
    }
    match found.as_slice() {
        [first, second] => Some([*first, *second, text.tokens.get(close)?.start]),
        _ => None,
    }
}
