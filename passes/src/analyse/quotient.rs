//! Quotients and remainders, which C rounds toward 0: what is known of them where divisors are positive.
//!
//! **Source**: C17 6.5.5 §6; the remainder has the sign of the dividend.

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Scalar};

use super::scan::Scan;
use crate::affine::{Affine, Formula, Known, Sign};
use crate::build;
use crate::polynomial::Polynomial;

/// What is left above a multiple of more is a place in a ring or a table, for the host to look at: whether two iterations come
/// to the same one is a question of how many there are.
const MOST_BITS: i128 = 64;

impl Scan<'_> {
    /// Toward zero is toward minus infinity where the dividend is not negative.
    pub(super) fn quotient(&mut self, a: &Affine, b: &Affine) -> Option<Affine> {
        if let Some(divisor) = b.as_constant() {
            return self.not_negative(a).then(|| a.floor(divisor))?;
        }
        let is_known = self.is_part(a, b) && self.not_negative(a);
        is_known.then(|| self.lies_between(Affine::constant(0), a.clone()))
    }

    /// What is left has the dividend's sign, and is nearer to 0 than the divisor.
    pub(super) fn remainder(&mut self, a: &Affine, b: &Affine) -> Option<Affine> {
        let divisor = b.as_constant();
        if let Some(divisor) = divisor
            && let Some(rest) = rest(a, divisor)
            && self.not_negative(a)
        {
            return Some(rest);
        }
        if !self.is_part(a, b) {
            return None;
        }
        let greatest = b.minus(&Affine::constant(1))?;
        let least = if divisor.is_none() && self.not_negative(a) {
            Affine::constant(0)
        } else {
            greatest.times(-1)?
        };
        Some(self.lies_between(least, greatest))
    }

    /// The same of an unsigned dividend, whatever it is.
    pub(super) fn rest_of_any(&mut self, b: Handle<Expr>, scalar: Scalar) -> Option<Affine> {
        let b = self.affine(b).filter(|_| !scalar.is_signed())?;
        self.up_to(b.minus(&Affine::constant(1))?)
    }

    /// Returns the lowest bits of a value, or the value without them, as a mask of ones or its complement takes them: what is left
    /// above a multiple of a power of two, or that multiple, whatever the sign.
    ///
    /// **Source**: two's complement; ISO C leaves it open (C17 6.2.6.2), compilers and CUDA have no other.
    pub(super) fn low_bits(&mut self, a: Handle<Expr>, mask: Handle<Expr>) -> Option<Polynomial> {
        let mask = build::constant(self.function, mask)?;
        let is_power =
            |number: i128| (1..=MOST_BITS).contains(&number) && number & (number - 1) == 0;
        // Of what nothing changes it is one number.
        let value = self.affine(a)?;
        if self.is_of_parameters(&value) {
            return None;
        }
        if is_power(mask.checked_add(1)?) {
            return rest(&value, mask + 1).map(Polynomial::from);
        }
        let divisor = mask.checked_neg().filter(|divisor| is_power(*divisor))?;
        Some(value.floor(divisor)?.times(divisor)?.into())
    }

    /// What is left by a mask that nothing changes is no greater than it, whatever the other side is.
    pub(super) fn masked(&mut self, a: Handle<Expr>, b: Handle<Expr>) -> Option<Affine> {
        [a, b].into_iter().find_map(|mask| {
            let mask = self.affine(mask)?;
            self.up_to(mask)
        })
    }

    /// Returns any value between 0 and a number that nothing changes and that is not negative.
    fn up_to(&mut self, greatest: Affine) -> Option<Affine> {
        let is_any = greatest.as_constant().is_none() && self.is_of_parameters(&greatest);
        let is_part = is_any && self.not_negative(&greatest);
        is_part.then(|| self.lies_between(Affine::constant(0), greatest))
    }

    /// Returns `(x % b + b) % b`, where that is what is divided: what is left of `x` toward minus infinity, whatever its sign.
    pub(super) fn wrapped(&mut self, a: Handle<Expr>, b: Handle<Expr>) -> Option<Affine> {
        let x = self.shifted(a, b)?;
        let (x, b) = (self.affine(x)?, self.affine(b)?);
        if let Some(divisor) = b.as_constant() {
            return rest(&x, divisor);
        }
        let greatest = b.minus(&Affine::constant(1))?;
        self.is_part(&x, &b)
            .then(|| self.lies_between(Affine::constant(0), greatest))
    }

    /// Returns `x` of `x % b + b`.
    fn shifted(&self, a: Handle<Expr>, b: Handle<Expr>) -> Option<Handle<Expr>> {
        let function = self.function;
        let is_divisor = |expr| mupac_ir::structure::is_same_expr(function, expr, function, b);
        let ExprKind::Binary(BinaryOp::Add, left, right) = function.exprs[a].kind else {
            return None;
        };
        let mut ways = [(left, right), (right, left)].into_iter();
        ways.find_map(|(rest, added)| {
            if let ExprKind::Binary(BinaryOp::Remainder, x, by) = function.exprs[rest].kind
                && is_divisor(by)
                && is_divisor(added)
            {
                return Some(x);
            }
            None
        })
    }

    /// Returns whether a value that varies is divided by a positive number that does not, or by which a loop around ends.
    fn is_part(&mut self, a: &Affine, b: &Affine) -> bool {
        let is_listed = |scan: &Self| scan.here.listed.iter().any(|(_, value)| value == b);
        let is_divided = !self.is_of_parameters(a) && (self.is_of_parameters(b) || is_listed(self));
        let positive = b.minus(&Affine::constant(1));
        is_divided
            && positive.is_some_and(|each| self.always(&Formula::Compare(each, Sign::NotNegative)))
    }

    fn lies_between(&mut self, least: Affine, greatest: Affine) -> Affine {
        self.unknown(Known::Between(Some(least), Some(greatest)), false)
    }
}

/// Returns what is left of a value above the greatest multiple of a positive divisor that is not above it.
fn rest(value: &Affine, divisor: i128) -> Option<Affine> {
    value.minus(&value.floor(divisor)?.times(divisor)?)
}
