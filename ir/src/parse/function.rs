//! Modules and functions.

use crate::arena::Arena;
use crate::function::{Function, Promise, Storage, TextOrder};
use crate::module::{Item, Module};
use crate::span::Span;
use crate::stmt::{Block, LoopName};
use crate::text::words::Word;
use crate::types::Type;

use super::lexer::TokenKind;
use super::{Extents, Parsed, Parser, Scope};

/// Returns a function without anything.
pub(super) fn empty() -> Function {
    Function {
        name: String::new(),
        parameters: Vec::new(),
        result: Type::Void,
        is_static: false,
        vars: Arena::default(),
        exprs: Arena::default(),
        body: Vec::new(),
        order: TextOrder::default(),
        promises: Vec::new(),
        span: Span::default(),
        body_span: Span::default(),
    }
}

impl Parser {
    /// Reads the whole text.
    pub(super) fn module(mut self) -> Parsed<Module> {
        self.record_names()?;
        let mut records = 0;
        while *self.tokens.peek() != TokenKind::End {
            if self.tokens.eat_word(Word::Record) {
                self.record(records)?;
                records += 1;
            } else {
                let function = self.function()?;
                let handle = self.module.functions.push(function);
                self.module.items.push(Item::Function(handle));
            }
        }
        Ok(self.module)
    }

    fn function(&mut self) -> Parsed<Function> {
        self.scope = Scope::new();
        self.scope.function.is_static = self.tokens.eat_word(Word::Static);
        if !self.tokens.eat_word(Word::Fn) {
            return Err(self.tokens.expected("`record`, `fn` or `static fn`"));
        }
        self.scope.function.name = self.tokens.name("the name of a function")?;
        self.scope.extents = Extents::Later(Vec::new());
        self.parameters()?;
        if self.tokens.eat("->") {
            let extents = std::mem::replace(&mut self.scope.extents, Extents::Forbidden);
            self.scope.function.result = self.ty()?;
            self.scope.extents = extents;
        }
        self.tokens.expect("{")?;
        self.variables()?;
        self.postponed()?;
        let body = self.body()?;
        let scope = std::mem::replace(&mut self.scope, Scope::new());
        Ok(Function {
            body,
            ..scope.function
        })
    }

    /// Reads statements, then promises, up to and with the closing brace.
    fn body(&mut self) -> Parsed<Block> {
        let mut block = Vec::new();
        while !self.tokens.is_word(Word::Extent) {
            if self.tokens.eat("}") {
                return Ok(block);
            }
            block.push(self.statement()?);
        }
        while !self.tokens.eat("}") {
            self.promise()?;
        }
        Ok(block)
    }

    fn promise(&mut self) -> Parsed<()> {
        self.tokens.expect_word(Word::Extent)?;
        let start = self.tokens.error("");
        let (place, _) = self.place()?;
        if !place.path.is_empty() {
            return Err(super::ParseError {
                message: "a promise is about a whole variable".to_owned(),
                ..start
            });
        }
        self.tokens.expect("=")?;
        let count = self.value()?;
        let within = if self.tokens.eat_word(Word::In) {
            Some(LoopName(self.tokens.name("the name of a loop")?))
        } else {
            None
        };
        self.scope.function.promises.push(Promise {
            array: place.var,
            count,
            within,
        });
        Ok(())
    }

    fn parameters(&mut self) -> Parsed<()> {
        self.tokens.expect("(")?;
        if self.tokens.eat(")") {
            return Ok(());
        }
        loop {
            let parameter = self.first_declaration(Storage::Parameter)?;
            self.scope.function.parameters.push(parameter);
            if !self.tokens.eat(",") {
                return self.tokens.expect(")");
            }
        }
    }

    /// Reads the variables that are listed before the statements.
    fn variables(&mut self) -> Parsed<()> {
        loop {
            let storage = if self.tokens.eat_word(Word::Global) {
                Storage::Global
            } else if self.tokens.eat_word(Word::Static) {
                Storage::Static
            } else if self.tokens.eat_word(Word::Fn) {
                Storage::Function
            } else if self.tokens.eat_word(Word::Local) {
                Storage::Local
            } else {
                return Ok(());
            };
            self.first_declaration(storage)?;
        }
    }
}
