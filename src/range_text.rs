//! Sums in words of C, as one writes them by hand: what cancels is gone, and what is subtracted stands last.

use std::collections::BTreeMap;

use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, UnaryOp};

/// A sum of texts, each so many times, and a number.
#[derive(Default)]
pub(crate) struct Sum {
    constant: i128,
    /// Factor and place in the order of the text.
    parts: BTreeMap<String, (i128, usize)>,
}

impl Sum {
    /// Adds an expression; `leaf` says what is no sum.
    pub(crate) fn add(
        &mut self,
        function: &Function,
        expression: Handle<Expr>,
        leaf: &dyn Fn(Handle<Expr>) -> String,
    ) {
        self.add_times(function, expression, 1, leaf);
    }

    /// Adds a multiple of an expression.
    pub(crate) fn add_times(
        &mut self,
        function: &Function,
        expression: Handle<Expr>,
        factor: i128,
        leaf: &dyn Fn(Handle<Expr>) -> String,
    ) {
        let is_integer = |at: Handle<Expr>| {
            let scalar = function.exprs[at].ty.scalar();
            scalar.is_some_and(|scalar| !scalar.is_float())
        };
        let number = |at: Handle<Expr>| {
            if let ExprKind::Int(value) = function.exprs[at].kind {
                value.checked_mul(factor)
            } else {
                None
            }
        };
        match &function.exprs[expression].kind {
            ExprKind::Int(value) => {
                let product = value.saturating_mul(factor);
                self.constant = self.constant.saturating_add(product);
            }
            ExprKind::Cast(inner) if is_integer(*inner) => {
                self.add_times(function, *inner, factor, leaf);
            }
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                self.add_times(function, *inner, -factor, leaf);
            }
            ExprKind::Binary(BinaryOp::Add, a, b) => {
                self.add_times(function, *a, factor, leaf);
                self.add_times(function, *b, factor, leaf);
            }
            ExprKind::Binary(BinaryOp::Subtract, a, b) => {
                self.add_times(function, *a, factor, leaf);
                self.add_times(function, *b, -factor, leaf);
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) if number(*b).is_some() => {
                self.add_times(function, *a, number(*b).unwrap_or(factor), leaf);
            }
            ExprKind::Binary(BinaryOp::Multiply, a, b) if number(*a).is_some() => {
                self.add_times(function, *b, number(*a).unwrap_or(factor), leaf);
            }
            ExprKind::Select { .. } => self.add_text(format!("({})", leaf(expression)), factor),
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => self.add_text(leaf(expression), factor),
        }
    }

    fn add_text(&mut self, text: String, factor: i128) {
        let next = self.parts.len();
        let part = self.parts.entry(text).or_insert((0, next));
        part.0 = part.0.saturating_add(factor);
    }

    /// Returns the sum as C.
    pub(crate) fn text(&self) -> String {
        let mut parts: Vec<(&str, i128, usize)> = self
            .parts
            .iter()
            .filter(|(_, (factor, _))| *factor != 0)
            .map(|(text, (factor, place))| (text.as_str(), *factor, *place))
            .collect();
        parts.sort_by_key(|(_, factor, place)| (*factor < 0, *place));
        let mut written: Vec<(bool, String)> = parts
            .into_iter()
            .map(|(text, factor, _)| match factor.unsigned_abs() {
                1 => (factor < 0, text.to_owned()),
                size => (factor < 0, format!("{text} * {size}")),
            })
            .collect();
        if self.constant != 0 || written.is_empty() {
            let size = self.constant.unsigned_abs().to_string();
            written.push((self.constant < 0, size));
            written.sort_by_key(|(is_negative, _)| *is_negative);
        }
        written
            .into_iter()
            .enumerate()
            .fold(String::new(), |so_far, (at, (is_negative, text))| {
                let sign = match (at, is_negative) {
                    (0, false) => "",
                    (0, true) => "-",
                    (_, false) => " + ",
                    (_, true) => " - ",
                };
                so_far + sign + &text
            })
    }
}
