//! Constants: the type of each is part of its text.

use crate::arena::Handle;
use crate::expr::{Expr, ExprKind};
use crate::stmt::Axis;
use crate::text::words::{Word, scalar};
use crate::types::{Precision, Scalar, Type};

use super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser {
    /// Returns whether the next token is a number or a word for one, so that `-` before it belongs to it.
    pub(super) fn is_number(&self) -> bool {
        match self.tokens.peek() {
            TokenKind::Number(_) => true,
            TokenKind::Word(word) => matches!(
                Word::find(word),
                Some(Word::Inf | Word::InfF32 | Word::Nan | Word::NanF32)
            ),
            TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => false,
        }
    }

    /// Reads a number: digits, or a word for a special value.
    pub(super) fn literal(&mut self, is_negative: bool) -> Parsed<Handle<Expr>> {
        match self.tokens.peek().clone() {
            TokenKind::Number(text) => self.digits(&text, is_negative),
            TokenKind::Word(_)
            | TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => self.special(is_negative),
        }
    }

    fn digits(&mut self, text: &str, is_negative: bool) -> Parsed<Handle<Expr>> {
        let invalid = self.tokens.error(format!("`{text}` is not a constant"));
        let (number, ty) = split_suffix(text);
        if number.contains(['.', 'e']) {
            let ty = ty.unwrap_or(Scalar::F64);
            let value = match ty.precision() {
                Some(Precision::Double) => number.parse::<f64>().map_err(|_| invalid)?,
                Some(Precision::Single) => f64::from(number.parse::<f32>().map_err(|_| invalid)?),
                None => return Err(invalid),
            };
            if value.is_infinite() {
                return Err(self.tokens.error("this constant is beyond its type"));
            }
            self.tokens.next();
            let value = if is_negative { -value } else { value };
            return self.push(ExprKind::Float(value), ty.into());
        }
        let ty = ty.unwrap_or(Scalar::I32);
        let magnitude = number.parse::<i128>().map_err(|_| invalid)?;
        let value = if is_negative { -magnitude } else { magnitude };
        let Some((least, greatest)) = ty.integer_range() else {
            return Err(self
                .tokens
                .error("a floating constant has a point or an exponent"));
        };
        if !(least..=greatest).contains(&value) {
            return Err(self
                .tokens
                .error(format!("{value} is beyond {}", ty.name())));
        }
        self.tokens.next();
        self.push(ExprKind::Int(value), ty.into())
    }

    /// Reads infinity or not-a-number; the latter may state its bits.
    fn special(&mut self, is_negative: bool) -> Parsed<Handle<Expr>> {
        let words = [
            (Word::Inf, Scalar::F64, f64::INFINITY),
            (Word::InfF32, Scalar::F32, f64::INFINITY),
            (Word::Nan, Scalar::F64, f64::NAN),
            (Word::NanF32, Scalar::F32, f64::NAN),
        ];
        let found = words
            .into_iter()
            .find(|(word, ..)| self.tokens.is_word(*word));
        let Some((_, ty, value)) = found else {
            return Err(self.tokens.expected("a number"));
        };
        self.tokens.next();
        let value = if value.is_nan() && self.tokens.eat("(") {
            self.bits()?
        } else {
            value
        };
        let value = if is_negative { -value } else { value };
        self.push(ExprKind::Float(value), ty.into())
    }

    /// Reads the bits of a number that is none, and the closing parenthesis.
    fn bits(&mut self) -> Parsed<f64> {
        let value = match self.tokens.peek() {
            TokenKind::Number(text) => text
                .strip_prefix("0x")
                .and_then(|digits| u64::from_str_radix(digits, 16).ok())
                .map(f64::from_bits)
                .filter(|value| value.is_nan()),
            TokenKind::Word(_)
            | TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => None,
        };
        let Some(value) = value else {
            return Err(self
                .tokens
                .expected("`0x` and the bits of a number that is none"));
        };
        self.tokens.next();
        self.tokens.expect(")")?;
        Ok(value)
    }

    /// Reads `true`, `false` or an index of the running thread, if one is next.
    pub(super) fn named_value(&mut self) -> Parsed<Option<Handle<Expr>>> {
        let word = match self.tokens.peek() {
            TokenKind::Word(word) => Word::find(word),
            TokenKind::Quoted(_)
            | TokenKind::Fields(_)
            | TokenKind::Number(_)
            | TokenKind::Text(_)
            | TokenKind::Symbol(_)
            | TokenKind::End => None,
        };
        let Some(kind) = word.and_then(named) else {
            return Ok(None);
        };
        self.tokens.next();
        let is_truth = matches!(kind, ExprKind::Int(_));
        let mut ty = Type::Scalar(if is_truth { Scalar::Bool } else { Scalar::I32 });
        if !is_truth && self.tokens.eat("->") {
            ty = self.ty()?;
        }
        self.push(kind, ty).map(Some)
    }
}

/// Returns what a word alone stands for.
fn named(word: Word) -> Option<ExprKind> {
    let values = [
        (Word::True, ExprKind::Int(1)),
        (Word::False, ExprKind::Int(0)),
        (Word::BlockX, ExprKind::BlockIndex(Axis::X)),
        (Word::BlockY, ExprKind::BlockIndex(Axis::Y)),
        (Word::BlockZ, ExprKind::BlockIndex(Axis::Z)),
        (Word::ThreadX, ExprKind::ThreadIndex(Axis::X)),
        (Word::ThreadY, ExprKind::ThreadIndex(Axis::Y)),
        (Word::ThreadZ, ExprKind::ThreadIndex(Axis::Z)),
    ];
    values
        .into_iter()
        .find_map(|(each, kind)| (each == word).then_some(kind))
}

/// Cuts the name of a type off the end of a number.
fn split_suffix(text: &str) -> (&str, Option<Scalar>) {
    let start = text
        .char_indices()
        .find(|(at, character)| character.is_ascii_alphabetic() && scalar(&text[*at..]).is_some())
        .map_or(text.len(), |(at, _)| at);
    let (number, suffix) = text.split_at(start);
    (number, scalar(suffix))
}
