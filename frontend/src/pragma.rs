//! Pragmas for mupac: `#pragma mupac extent(p: n)`, the user's promise that `p[0]` to `p[n - 1]` may be accessed.
//!
//! This module reads the clauses; which variables they name is for `lower`.
//! A pragma that is not understood is an error: a promise that nobody hears helps nobody.

use lang_c::ast;
use lang_c::driver::{Config, parse_preprocessed};
use lang_c::span::Node;
use mupac_ir::{BinaryOp, Edit, Span};

use crate::text::{Text, Token};

/// A pragma and the text it is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pragma {
    /// The whole line.
    pub(crate) span: Span,
    /// Where the next token stands: the loop or function it is about.
    pub(crate) target: usize,
    /// Its clauses.
    pub(crate) extents: Vec<ExtentClause>,
}

/// `p: n` of an extent clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExtentClause {
    /// The array's name.
    pub(crate) array: String,
    /// How many elements.
    pub(crate) count: Count,
    /// The clause in the source.
    pub(crate) at: Span,
}

/// A number of elements.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Count {
    /// A variable, or a macro that is a number.
    Name(String),
    /// A number.
    Number(i64),
    /// A sum, difference or product.
    Operation(BinaryOp, Box<Count>, Box<Count>),
}

/// What is wrong with a pragma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// In words.
    pub(crate) message: String,
    /// Where.
    pub(crate) at: Span,
}

/// Reads every pragma for mupac of the main file.
///
/// **Errors**: the first one that is malformed.
pub(crate) fn find(text: &Text<'_>) -> Result<Vec<Pragma>, Malformed> {
    let mut pragmas = Vec::new();
    let mut index = 0;
    while index < text.tokens.len() {
        let words = line(text, index);
        let is_ours = matches!(words, [hash, pragma, mupac, ..]
            if text.word(*hash) == "#" && text.word(*pragma) == "pragma" && text.word(*mupac) == "mupac");
        if is_ours {
            pragmas.push(read(text, words, index)?);
        }
        index += words.len().max(1);
    }
    Ok(pragmas)
}

/// Returns the edits that make comments of pragmas, which no other compiler knows.
pub(crate) fn edits(pragmas: &[Pragma]) -> impl Iterator<Item = Edit> + '_ {
    pragmas.iter().map(|pragma| {
        let start = pragma.span.start as usize;
        Edit {
            at: Span::new(start, start),
            text: "// ".to_owned(),
            rule: "pragma",
        }
    })
}

/// Returns the tokens of the preprocessor line that begins at `index`; none where none does.
fn line<'t>(text: &'t Text<'_>, index: usize) -> &'t [Token] {
    let rest = text.tokens.get(index..).unwrap_or_default();
    let starts = |token: &Token| token.is_directive && text.word(*token) == "#";
    if !rest.first().is_some_and(starts) {
        return &[];
    }
    let end = rest
        .iter()
        .skip(1)
        .position(|token| !token.is_directive || starts(token))
        .map_or(rest.len(), |position| position + 1);
    rest.get(..end).unwrap_or_default()
}

fn read(text: &Text<'_>, words: &[Token], index: usize) -> Result<Pragma, Malformed> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Err(malformed("this pragma is empty", Span::default()));
    };
    let span = Span::new(first.start, last.end);
    let target = text.tokens.get(index + words.len()..).unwrap_or_default();
    let target = target.iter().find(|token| !token.is_directive);
    let target = target.ok_or_else(|| malformed(NO_TARGET, span))?.start;
    let mut extents = Vec::new();
    let mut rest = words.get(3..).unwrap_or_default();
    if rest.is_empty() {
        return Err(malformed("this pragma has no clause: extent(p: n)", span));
    }
    while let Some(name) = rest.first() {
        if text.word(*name) != "extent" {
            return Err(malformed(
                format!(
                    "mupac knows no clause `{}`, only extent(p: n)",
                    text.word(*name)
                ),
                Span::new(name.start, name.end),
            ));
        }
        let length = arguments(text, rest).ok_or_else(|| {
            malformed(
                "extent is followed by parentheses: extent(p: n)",
                Span::new(name.start, name.end),
            )
        })?;
        let inner = rest.get(2..length - 1).unwrap_or_default();
        for argument in inner.split(|token| text.word(*token) == ",") {
            extents.push(extent(text, argument, span)?);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(Pragma {
        span,
        target,
        extents,
    })
}

/// What a pragma needs behind it.
pub(crate) const NO_TARGET: &str = "this pragma stands before no loop and no function";

/// Returns how many tokens a name and the parentheses behind it are.
fn arguments(text: &Text<'_>, tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(1) {
        match text.word(*token) {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (index > 1).then_some(index + 1);
        }
    }
    None
}

fn extent(text: &Text<'_>, tokens: &[Token], pragma: Span) -> Result<ExtentClause, Malformed> {
    let [array, colon, first, ..] = tokens else {
        return Err(malformed("an extent is written `p: n`", pragma));
    };
    let last = tokens.last().unwrap_or(first);
    let at = Span::new(array.start, last.end);
    if text.word(*colon) != ":" {
        return Err(malformed("an extent is written `p: n`", at));
    }
    let words = text.source.get(first.start..last.end).unwrap_or("");
    Ok(ExtentClause {
        array: text.word(*array).to_owned(),
        count: parsed(words).map_err(|message| malformed(message, at))?,
        at,
    })
}

fn malformed(message: impl Into<String>, at: Span) -> Malformed {
    Malformed {
        message: message.into(),
        at,
    }
}

/// Parses an expression of C.
fn parsed(words: &str) -> Result<Count, String> {
    let declaration = format!("long count = {words};");
    let refuse = || format!("`{words}` is no expression of C");
    let parse = parse_preprocessed(&Config::with_clang(), declaration).map_err(|_| refuse())?;
    let [
        Node {
            node: ast::ExternalDeclaration::Declaration(declaration),
            ..
        },
    ] = parse.unit.0.as_slice()
    else {
        return Err(refuse());
    };
    let [declarator] = declaration.node.declarators.as_slice() else {
        return Err(refuse());
    };
    match declarator.node.initializer.as_ref().map(|each| &each.node) {
        Some(ast::Initializer::Expression(expression)) => {
            count(&expression.node).ok_or_else(|| {
                format!("`{words}` is more than sums and products of names and numbers")
            })
        }
        Some(ast::Initializer::List(_)) | None => Err(refuse()),
    }
}

fn count(expression: &ast::Expression) -> Option<Count> {
    if let ast::Expression::Identifier(name) = expression {
        return Some(Count::Name(name.node.name.clone()));
    }
    if let ast::Expression::Constant(constant) = expression {
        return match &constant.node {
            ast::Constant::Integer(integer) => number(integer).map(Count::Number),
            ast::Constant::Float(_) | ast::Constant::Character(_) => None,
        };
    }
    let ast::Expression::BinaryOperator(operation) = expression else {
        return None;
    };
    let operation = &operation.node;
    let op = if operation.operator.node == ast::BinaryOperator::Plus {
        BinaryOp::Add
    } else if operation.operator.node == ast::BinaryOperator::Minus {
        BinaryOp::Subtract
    } else if operation.operator.node == ast::BinaryOperator::Multiply {
        BinaryOp::Multiply
    } else {
        return None;
    };
    let (left, right) = (count(&operation.lhs.node)?, count(&operation.rhs.node)?);
    Some(Count::Operation(op, Box::new(left), Box::new(right)))
}

fn number(integer: &ast::Integer) -> Option<i64> {
    let radix = match integer.base {
        ast::IntegerBase::Decimal => 10,
        ast::IntegerBase::Octal => 8,
        ast::IntegerBase::Hexadecimal => 16,
        ast::IntegerBase::Binary => 2,
    };
    i64::from_str_radix(&integer.number, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::{Count, parsed};
    use mupac_ir::BinaryOp;

    #[test]
    fn counts_are_sums_and_products() {
        let name = |name: &str| Box::new(Count::Name(name.to_owned()));
        let product = Count::Operation(BinaryOp::Multiply, name("n"), name("m"));
        assert_eq!(
            parsed("n * m + 0x10"),
            Ok(Count::Operation(
                BinaryOp::Add,
                Box::new(product),
                Box::new(Count::Number(16))
            ))
        );
        assert!(parsed("n +").is_err());
        assert!(parsed("f(n)").unwrap_err().contains("more than sums"));
        assert!(parsed("1, x = 2").is_err());
    }
}
