//! Modules and functions.

use crate::arena::Arena;
use crate::function::{Function, Storage};
use crate::module::{Item, Module};
use crate::span::Span;
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
        let body = self.statements()?;
        let scope = std::mem::replace(&mut self.scope, Scope::new());
        Ok(Function {
            body,
            ..scope.function
        })
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
            } else if self.tokens.eat_word(Word::Local) {
                Storage::Local
            } else {
                return Ok(());
            };
            self.first_declaration(storage)?;
        }
    }
}
