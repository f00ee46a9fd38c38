//! Reads the part of isl's notation that this crate writes.
//!
//! isl's own reader takes every text there is, and computes with piecewise functions while it reads; most of a
//! translation was that.
//! This reader makes alternatives of equations and inequalities of a text, from which isl builds the same set at once.
//! What it does not know it leaves to isl: several tuples with conditions of their own, factors without a sign.
//!
//! **Source**: isl's manual, 0.25, “Input and Output”.

use std::collections::BTreeMap;

use super::formula::{Column, Definitions, Extreme, Formula, Sign, Sum};

/// The dimensions between brackets, with the name before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tuple {
    /// Empty: none.
    pub(super) name: String,
    pub(super) dimensions: usize,
}

/// A set, a relation, or a condition on parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) parameters: Vec<String>,
    /// Two tuples are a relation, one is a set, none is a condition.
    pub(super) tuples: Vec<Tuple>,
    pub(super) definitions: Definitions,
    pub(super) formula: Formula,
}

/// Reads a text, or returns `None` where it is for isl to read, or to refuse.
pub(super) fn read(text: &str) -> Option<Text> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        holds_condition: conditions(&tokens)?,
        tokens,
        at: 0,
        names: BTreeMap::new(),
        outer: 0,
        definitions: Definitions::default(),
    };
    let parameters = reader.header()?;
    reader.take("{")?;
    let mut all = Vec::new();
    let tuples = reader.tuples(&mut all)?;
    if reader.takes(":") && reader.peek() != Some(Token::Sign("}")) {
        all.push(reader.condition()?);
    }
    reader.take("}")?;
    (reader.at == reader.tokens.len()).then_some(Text {
        parameters,
        tuples,
        definitions: reader.definitions,
        formula: Formula::All(all),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    Number(i128),
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 20] = [
    "->", "<=", ">=", "!=", "<", ">", "=", "[", "]", "{", "}", "(", ")", ",", ":", "+", "-", "*",
    "/", ";",
];

/// The signs and words that only conditions have.
const OF_CONDITIONS: [Token<'_>; 9] = [
    Token::Sign("<="),
    Token::Sign(">="),
    Token::Sign("!="),
    Token::Sign("<"),
    Token::Sign(">"),
    Token::Sign("="),
    Token::Name("and"),
    Token::Name("or"),
    Token::Name("exists"),
];

/// The words that name no value.
const WORDS: [&str; 7] = ["and", "or", "exists", "floor", "mod", "min", "max"];

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_in_word = |each: char| each.is_ascii_alphanumeric() || each == '_';
        let length = rest.find(|each| !is_in_word(each)).unwrap_or(rest.len());
        let (token, length) = if first.is_ascii_digit() {
            (Token::Number(rest[..length].parse().ok()?), length)
        } else if length > 0 {
            (Token::Name(&rest[..length]), length)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            (Token::Sign(sign), sign.len())
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Some(found)
}

/// Returns for each token whether it opens a parenthesis around a condition, and not around a value.
fn conditions(tokens: &[Token<'_>]) -> Option<Vec<bool>> {
    let mut found = vec![false; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign("(") => open.push(at),
            Token::Sign(")") => {
                let inner = open.pop()?;
                if let Some(outer) = open.last() {
                    found[*outer] |= found[inner];
                }
            }
            _ if OF_CONDITIONS.contains(token) => {
                if let Some(around) = open.last() {
                    found[*around] = true;
                }
            }
            Token::Name(_) | Token::Number(_) | Token::Sign(_) => {}
        }
    }
    open.is_empty().then_some(found)
}

struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    holds_condition: Vec<bool>,
    at: usize,
    names: BTreeMap<&'a str, Column>,
    /// How many parameters and dimensions there are so far.
    outer: usize,
    definitions: Definitions,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Goes past a sign, if it comes next.
    fn takes(&mut self, sign: &'static str) -> bool {
        let is_next = self.peek() == Some(Token::Sign(sign));
        self.at += usize::from(is_next);
        is_next
    }

    fn take(&mut self, sign: &'static str) -> Option<()> {
        self.takes(sign).then_some(())
    }

    fn takes_word(&mut self, word: &'static str) -> bool {
        let is_next = self.peek() == Some(Token::Name(word));
        self.at += usize::from(is_next);
        is_next
    }

    fn name(&mut self) -> Option<&'a str> {
        match self.next()? {
            Token::Name(name) if !WORDS.contains(&name) => Some(name),
            Token::Name(_) | Token::Number(_) | Token::Sign(_) => None,
        }
    }

    fn positive(&mut self) -> Option<i128> {
        match self.next()? {
            Token::Number(number) if number > 0 => Some(number),
            Token::Number(_) | Token::Name(_) | Token::Sign(_) => None,
        }
    }

    /// Reads `[n, m] ->`, if the text starts so.
    fn header(&mut self) -> Option<Vec<String>> {
        let mut found = Vec::new();
        if !self.takes("[") {
            return Some(found);
        }
        while !self.takes("]") {
            if !found.is_empty() {
                self.take(",")?;
            }
            let name = self.name()?;
            let column = self.dimension();
            if self.names.insert(name, column).is_some() {
                return None;
            }
            found.push(name.to_owned());
        }
        self.take("->")?;
        Some(found)
    }

    fn dimension(&mut self) -> Column {
        self.outer += 1;
        Column::Outer(self.outer - 1)
    }

    /// Reads up to two tuples; what stands in place of a new name becomes an equation.
    fn tuples(&mut self, equations: &mut Vec<Formula>) -> Option<Vec<Tuple>> {
        let mut found = Vec::new();
        while found.is_empty() || self.takes("->") {
            let name = match self.peek()? {
                Token::Name(_) => self.name()?,
                Token::Number(_) | Token::Sign(_) => "",
            };
            if !self.takes("[") {
                let is_condition = found.is_empty() && name.is_empty();
                return is_condition.then_some(found);
            }
            let mut dimensions = 0;
            while !self.takes("]") {
                if dimensions > 0 {
                    self.take(",")?;
                }
                self.entry(equations)?;
                dimensions += 1;
            }
            let name = name.to_owned();
            found.push(Tuple { name, dimensions });
        }
        (found.len() <= 2).then_some(found)
    }

    fn entry(&mut self, equations: &mut Vec<Formula>) -> Option<()> {
        let follows = self.tokens.get(self.at + 1)?;
        let is_alone = [Token::Sign(","), Token::Sign("]")].contains(follows);
        match self.peek()? {
            Token::Name(name)
                if is_alone && !WORDS.contains(&name) && !self.names.contains_key(name) =>
            {
                self.at += 1;
                let column = self.dimension();
                self.names.insert(name, column);
            }
            Token::Name(_) | Token::Number(_) | Token::Sign(_) => {
                let value = self.value()?;
                let column = Sum::column(self.dimension());
                equations.push(Formula::Compare(column.plus(&value, -1)?, Sign::Zero));
            }
        }
        Some(())
    }

    fn condition(&mut self) -> Option<Formula> {
        let mut any = vec![self.conjunction()?];
        while self.takes_word("or") {
            any.push(self.conjunction()?);
        }
        Some(Formula::Any(any))
    }

    fn conjunction(&mut self) -> Option<Formula> {
        let mut all = vec![self.part()?];
        while self.takes_word("and") {
            all.push(self.part()?);
        }
        Some(Formula::All(all))
    }

    fn part(&mut self) -> Option<Formula> {
        if self.takes_word("exists") {
            return self.existing();
        }
        if self.holds_condition.get(self.at) == Some(&true) {
            self.take("(")?;
            let inside = self.condition()?;
            self.take(")")?;
            return Some(inside);
        }
        self.comparison()
    }

    /// Reads `a, b : …`, as far as the condition goes.
    fn existing(&mut self) -> Option<Formula> {
        let outer = self.names.clone();
        loop {
            let name = self.name()?;
            let column = Column::Inner(self.definitions.inner.len());
            self.definitions.inner.push(None);
            self.names.insert(name, column);
            if !self.takes(",") {
                break;
            }
        }
        self.take(":")?;
        let inside = self.condition();
        self.names = outer;
        inside
    }

    /// Reads `a <= b < c`.
    fn comparison(&mut self) -> Option<Formula> {
        let mut all = Vec::new();
        let mut left = self.value()?;
        while let Some(Token::Sign(sign)) = self.peek() {
            if !OF_CONDITIONS.contains(&Token::Sign(sign)) {
                break;
            }
            self.at += 1;
            let right = self.value()?;
            let (less, more) = if sign.starts_with('>') {
                (&right, &left)
            } else {
                (&left, &right)
            };
            let difference = more.clone().plus(less, -1)?;
            all.push(match sign {
                "=" => Formula::Compare(difference, Sign::Zero),
                "!=" => Formula::Compare(difference, Sign::NotZero),
                "<" | ">" => {
                    let beyond = difference.plus(&Sum::constant(1), -1)?;
                    Formula::Compare(beyond, Sign::NotNegative)
                }
                _ => Formula::Compare(difference, Sign::NotNegative),
            });
            left = right;
        }
        (!all.is_empty()).then_some(Formula::All(all))
    }

    fn value(&mut self) -> Option<Sum> {
        let mut sum = self.product()?;
        loop {
            if self.takes("+") {
                sum = sum.plus(&self.product()?, 1)?;
            } else if self.takes("-") {
                sum = sum.plus(&self.product()?, -1)?;
            } else {
                return Some(sum);
            }
        }
    }

    /// Reads factors of which all but one are constants.
    fn product(&mut self) -> Option<Sum> {
        if self.takes("-") {
            return self.product()?.times(-1);
        }
        let mut product = self.factor()?;
        if self.takes_word("mod") {
            let divisor = self.positive()?;
            let quotient = self.quotient(product.clone(), divisor)?;
            return product.plus(&quotient, divisor.checked_neg()?);
        }
        while self.takes("*") {
            let factor = self.factor()?;
            product = match (product.as_constant(), factor.as_constant()) {
                (Some(constant), _) => factor.times(constant)?,
                (None, Some(constant)) => product.times(constant)?,
                (None, None) => return None,
            };
        }
        // What `mod` takes for its dividend after a product is isl's to say.
        (self.peek() != Some(Token::Name("mod"))).then_some(product)
    }

    fn factor(&mut self) -> Option<Sum> {
        match self.next()? {
            Token::Number(number) => Some(Sum::constant(number)),
            Token::Sign("(") => {
                let value = self.value()?;
                self.take(")")?;
                Some(value)
            }
            Token::Name("floor") => {
                self.take("(")?;
                let dividend = self.value()?;
                self.take("/")?;
                let divisor = self.positive()?;
                self.take(")")?;
                self.quotient(dividend, divisor)
            }
            Token::Name(word @ ("min" | "max")) => {
                self.take("(")?;
                let mut of = vec![self.value()?];
                while self.takes(",") {
                    of.push(self.value()?);
                }
                self.take(")")?;
                let number = self.definitions.extremes.len();
                let is_greatest = word == "max";
                self.definitions.extremes.push(Extreme { is_greatest, of });
                Some(Sum::column(Column::Extreme(number)))
            }
            Token::Name(name) => self.names.get(name).map(|column| Sum::column(*column)),
            Token::Sign(_) => None,
        }
    }

    /// Returns a quotient, toward minus infinity; equal ones are one value.
    fn quotient(&mut self, dividend: Sum, divisor: i128) -> Option<Sum> {
        if dividend.extreme().is_some() {
            return None;
        }
        let inner = &mut self.definitions.inner;
        let wanted = Some((dividend, divisor));
        let known = inner.iter().position(|each| *each == wanted);
        let number = known.unwrap_or_else(|| {
            inner.push(wanted);
            inner.len() - 1
        });
        Some(Sum::column(Column::Inner(number)))
    }
}
