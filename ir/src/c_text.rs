//! Prints expressions, declarations and statements as C, which is C++ as well and means the same in both.
//!
//! Decided here: which conversions C performs by itself and so are not written, where parentheses stand (those that
//! precedence needs, and those that `gcc -Wall` asks for), and the layout of statements.
//! Left to others: the names of variables, and a definition of the [helpers](helper_definitions) that the text calls.
//!
//! The text assumes that a macro used as a [spelling](crate::expr::Expr::spelling) expands to a primary expression, and
//! that `bool` is declared (`<stdbool.h>` in C before C23).
//!
//! **Source**: C17 6.3.1 and 6.5; C++17 \[expr\].

mod braced;
mod compound;
mod constant;
mod counted_loop;
mod declaration;
mod expression;
mod helpers;
mod marks;
mod operand;
mod place;
mod precedence;
mod statement;
mod vector;
mod while_loop;

use crate::arena::{Arena, Handle};
use crate::expr::{Expr, Place};
use crate::function::{Function, Var};
use crate::types::{Record, Type};

use precedence::{Precedence, Side};

pub use helpers::{helper_definitions, with_plain_helpers};
pub use marks::{can_mark, mark_apart, unmarked};

/// Prints the expressions and statements of one function.
#[derive(Clone, Copy)]
pub struct CText<'a> {
    /// Owner of the expressions.
    pub function: &'a Function,
    /// The structure types of the module.
    pub records: &'a Arena<Record>,
    /// How each variable is spelled where the text will stand.
    pub names: &'a dyn Fn(Handle<Var>) -> String,
    /// How each function that is called is spelled there, by its name.
    pub callees: &'a dyn Fn(&str) -> String,
}

impl CText<'_> {
    /// Returns the text of a value, which in C has the expression's own type, for a place that accepts a full
    /// expression.
    pub fn expr(&self, expr: Handle<Expr>) -> String {
        self.exact(expr).text
    }

    /// Returns the text of a value for a place where C converts to the expression's type by itself: an initialiser, the
    /// right side of an assignment, an argument of a function that is not overloaded, a returned value.
    pub fn converted(&self, expr: Handle<Expr>) -> String {
        self.convertible(expr).text
    }

    /// Returns the text of a value that is only compared with zero: the condition of an `if` or of a loop.
    pub fn condition(&self, expr: Handle<Expr>) -> String {
        self.truth(expr).text
    }

    /// Returns the text of a value that is only compared with zero, fit to stand on either side of `&&`.
    pub fn conjunct(&self, expr: Handle<Expr>) -> String {
        precedence::operand(Precedence::LogicalAnd, Side::Left, &self.truth(expr))
    }

    /// Returns the text of a value, perhaps of a narrower integer type, fit to stand on the left of a comparison with a
    /// constant that is not negative.
    pub fn compared(&self, expr: Handle<Expr>) -> String {
        precedence::operand(Precedence::Relational, Side::Left, &self.same_value(expr))
    }

    /// Returns the text of a place: `a[i][j]`, `p->x`, `*p`.
    pub fn place(&self, place: &Place) -> String {
        self.render_place(place).text
    }

    /// Returns the text of the address of the first of several places: `a`, `&a[1]`.
    pub fn first_address(&self, place: &Place) -> String {
        self.address(place, &Type::Void).text
    }

    /// Returns the text of a value, fit to stand wherever a name can.
    pub fn primary(&self, expr: Handle<Expr>) -> String {
        self.exact(expr).at(Precedence::Primary)
    }

    /// Returns a declaration without initialiser or semicolon: `double (*u)[512]`, `const float *x`; with an empty name
    /// the type alone, as in a cast.
    pub fn declaration(&self, ty: &Type, name: &str) -> String {
        self.declare(ty, name, false)
    }
}
