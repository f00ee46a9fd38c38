//! The header of a counted loop.

use super::CText;
use super::precedence::{Precedence, Side, operand};
use crate::arena::Handle;
use crate::expr::{BinaryOp, Expr, ExprKind};
use crate::stmt::Loop;
use crate::types::Scalar;

impl CText<'_> {
    /// Returns what stands between the parentheses: `int i = 0; i < n; i++`.
    pub fn header(&self, each: &Loop) -> String {
        let name = (self.names)(each.iterator);
        let start = self.converted(each.start);
        let first = if each.declares_iterator {
            format!("{} = {start}", self.declared(each.iterator, false))
        } else {
            format!("{name} = {start}")
        };
        let advance = match (each.step, i32::try_from(each.step)) {
            (1, _) => format!("{name}++"),
            (-1, _) => format!("{name}--"),
            (step, Ok(_)) if step > 0 => format!("{name} += {step}"),
            (step, Ok(_)) => format!("{name} -= {}", -step),
            (step, Err(_)) => format!("{name} += {step}L"),
        };
        let sign = if each.step > 0 { '<' } else { '>' };
        let test = match self.last(each) {
            Some(last) => format!("{name} {sign}= {}", self.limit(each, last)),
            None => format!("{name} {sign} {}", self.limit(each, each.end)),
        };
        format!("{first}; {test}; {advance}")
    }

    /// Returns the last value that passes the test, where the end is that value and one more (or less) in a signed type
    /// wider than the iterator's: so `i <= n` comes back as it was written.
    fn last(&self, each: &Loop) -> Option<Handle<Expr>> {
        let exprs = &self.function.exprs;
        let end = exprs[each.end].ty.scalar()?;
        let iterator = self.function.vars[each.iterator].ty.scalar()?;
        let beyond = if each.step > 0 {
            BinaryOp::Add
        } else {
            BinaryOp::Subtract
        };
        let is_wider = end.is_signed() && end.bits() > iterator.bits();
        if let ExprKind::Binary(op, last, one) = exprs[each.end].kind
            && is_wider
            && op == beyond
            && exprs[one].kind == ExprKind::Int(1)
        {
            return Some(last);
        }
        None
    }

    /// Returns the right side of the test, which C compares in the type of the limit, the iterator's or wider, or in
    /// another one that holds both values.
    fn limit(&self, each: &Loop, end: Handle<Expr>) -> String {
        let iterator = self.function.vars[each.iterator].ty.scalar();
        let wanted = self.function.exprs[end].ty.scalar().map(Scalar::promoted);
        let plain = self.same_value(end);
        let holds_both = iterator
            .zip(plain.scalar())
            .is_some_and(|(iterator, limit)| {
                let common = iterator.usual(limit);
                iterator.fits_in(common) && self.has_value_in(end, limit, common)
            });
        let rendered = if holds_both {
            plain
        } else {
            self.loose(end)
                .filter(|loose| {
                    let compared = iterator.zip(loose.scalar());
                    compared.map(|(a, b)| a.usual(b)) == wanted
                })
                .unwrap_or_else(|| self.exact(end))
        };
        operand(Precedence::Relational, Side::Right, &rendered)
    }
}
