//! Prints expressions and declarations as C, which is C++ as well.
//!
//! Conversions that C performs by itself are not written; precedence decides parentheses.

use crate::arena::{Arena, Handle};
use crate::expr::{Expr, Place};
use crate::function::{Function, Var};
use crate::types::{Record, Type};

/// Prints the expressions of one function.
#[derive(Clone, Copy)]
pub struct CText<'a> {
    /// Owner of the expressions.
    pub function: &'a Function,
    /// The structure types of the module.
    pub records: &'a Arena<Record>,
    /// How each variable is spelled where the text will stand.
    pub names: &'a dyn Fn(Handle<Var>) -> String,
}

impl CText<'_> {
    /// Returns the text of a value of the expression's type, for a place that accepts a full expression.
    pub fn expr(&self, _expr: Handle<Expr>) -> String {
        String::new()
    }

    /// Returns the text of a place: `a[i][j]`, `p->x`, `*p`.
    pub fn place(&self, _place: &Place) -> String {
        String::new()
    }

    /// Returns a declaration without initialiser or semicolon: `double (*u)[512]`, `const float *x`.
    pub fn declaration(&self, _ty: &Type, _name: &str) -> String {
        String::new()
    }
}
