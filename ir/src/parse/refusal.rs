//! Reasons with their fields.

use crate::reason::{DependenceKind, Reason, Refusal};
use crate::span::Span;
use crate::text::reasons::{self, Value};
use crate::text::words::Word;

use super::lexer::TokenKind;
use super::{ParseError, Parsed, Parser};

impl Parser {
    /// Reads `because name(fields) also "words" helps "words"`, if it is next.
    pub(super) fn optional_refusal(&mut self) -> Parsed<Option<Box<Refusal>>> {
        if self.tokens.is_word(Word::Because) {
            self.refusal().map(Box::new).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Reads `because name(fields) also "words" helps "words"`.
    pub(super) fn refusal(&mut self) -> Parsed<Refusal> {
        self.tokens.expect_word(Word::Because)?;
        let start = self.tokens.error("");
        let mut name = self.tokens.name("the name of a reason")?;
        while self.tokens.eat("-") {
            name.push('-');
            name.push_str(&self.tokens.name("the name of a reason")?);
        }
        let mut fields = Vec::new();
        if self.tokens.eat("(") {
            fields = self.fields_until(")", true)?;
        }
        let Some(reason) = reasons::reason(&name, fields) else {
            let is_known = Reason::ALL.iter().any(|row| row.name == name);
            return Err(ParseError {
                message: if is_known {
                    format!("`{name}` has other fields")
                } else {
                    format!("there is no reason `{name}`")
                },
                ..start
            });
        };
        let mut refusal = Refusal::new(reason, Span::default());
        while self.tokens.eat_word(Word::Also) {
            refusal = refusal.with(Span::default(), self.tokens.text()?);
        }
        if self.tokens.eat_word(Word::Helps) {
            refusal = refusal.helped(self.tokens.text()?);
        }
        Ok(refusal)
    }

    fn fields_until(&mut self, end: &str, may_nest: bool) -> Parsed<Vec<Value>> {
        let mut fields = Vec::new();
        if self.tokens.eat(end) {
            return Ok(fields);
        }
        loop {
            fields.push(self.field(may_nest)?);
            if !self.tokens.eat(",") {
                self.tokens.expect(end)?;
                return Ok(fields);
            }
        }
    }

    fn field(&mut self, may_nest: bool) -> Parsed<Value> {
        let kinds = [
            (Word::Flow, DependenceKind::Flow),
            (Word::Anti, DependenceKind::Anti),
            (Word::Output, DependenceKind::Output),
        ];
        for (word, kind) in kinds {
            if self.tokens.eat_word(word) {
                return Ok(Value::Kind(kind));
            }
        }
        if may_nest && self.tokens.eat("[") {
            return Ok(Value::List(self.fields_until("]", false)?));
        }
        match self.tokens.peek() {
            TokenKind::Text(_) => Ok(Value::Text(self.tokens.text()?)),
            TokenKind::Number(_) | TokenKind::Symbol("-") => {
                Ok(Value::Number(self.tokens.number()?))
            }
            TokenKind::Word(_)
            | TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => Err(self.tokens.expected("a field of a reason")),
        }
    }
}
