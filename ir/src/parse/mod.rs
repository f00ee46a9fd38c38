//! Parses the text form that `print` writes.
//!
//! The parser knows names and types: it finds variables, fields and structure types by name, and gives every
//! expression the type that its operands imply.
//! It does not judge: whether operands fit together is for the verifier, which should follow.
//! Text nests at most as deep as the verifier allows, so no input exhausts the stack.

mod expr;
mod function;
mod lexer;
mod literal;
mod place;
mod refusal;
mod stmt;
mod token;
mod types;

use std::collections::BTreeMap;

use crate::arena::Handle;
use crate::expr::Expr;
use crate::function::{Function, Var};
use crate::module::Module;

use token::Tokens;

/// Text that is not a module, with the place where that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

/// The outcome of one rule.
type Parsed<T> = Result<T, ParseError>;

/// Returns the module that the text describes.
///
/// Text inside `verbatim` statements becomes the source of the module, one piece a line; there is no other source.
///
/// **Errors**: text that the grammar does not allow, a name that nothing declares, a constant that its type
/// cannot hold.
pub fn module(text: &str) -> Result<Module, ParseError> {
    let tokens = Tokens::new(text)?;
    Parser::new(tokens).module()
}

/// A text being read.
struct Parser {
    tokens: Tokens,
    module: Module,
    /// What is known of the function being read.
    scope: Scope,
    /// How many expressions and blocks are open.
    nesting: Nesting,
}

/// How many rules that contain themselves are open.
#[derive(Clone, Copy, Default)]
struct Nesting {
    exprs: usize,
    blocks: usize,
    types: usize,
}

/// The function being read.
struct Scope {
    function: Function,
    names: BTreeMap<String, Handle<Var>>,
    /// For each expression of the arena, how deep it is.
    depths: Vec<usize>,
    extents: Extents,
}

/// How variable extents of array types are read.
enum Extents {
    /// There are none: the type stands outside functions.
    Forbidden,
    /// The header of the function: names may be declared later, so the place in the text is noted
    /// with the expression to be filled in.
    Later(Vec<(usize, Handle<Expr>)>),
    /// At once.
    Now,
}

impl Scope {
    fn new() -> Self {
        Self {
            function: function::empty(),
            names: BTreeMap::new(),
            depths: Vec::new(),
            extents: Extents::Forbidden,
        }
    }
}

impl Parser {
    fn new(tokens: Tokens) -> Self {
        Self {
            tokens,
            module: Module::default(),
            scope: Scope::new(),
            nesting: Nesting::default(),
        }
    }
}
