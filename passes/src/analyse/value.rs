//! Which expressions are affine: only those that certainly equal the mathematical integer.
//!
//! Signed arithmetic does, by C's rules: where it overflows, the program has no meaning (C17 6.5 §5).
//! Unsigned arithmetic, conversions and shifts do where the values they are applied to, in the loops around, stay
//! within the type; where that holds only for some parameters, it becomes a condition that a guard tests.

use mupac_ir::{BinaryOp, Expr, ExprKind, Handle, Loop, Scalar, UnaryOp};

use super::domain;
use super::scan::Scan;
use crate::affine::{Affine, Formula, Sign};
use crate::isl;

/// What is known of a condition.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    /// Holds wherever the condition may.
    pub(super) holds: Formula,
    /// Holds wherever the condition may fail.
    pub(super) fails: Formula,
    /// Whether both say exactly that.
    pub(super) is_exact: bool,
}

impl Truth {
    fn exact(holds: Formula) -> Option<Self> {
        Some(Self {
            fails: holds.negated()?,
            holds,
            is_exact: true,
        })
    }

    fn unknown() -> Self {
        Self {
            holds: Formula::Constant(true),
            fails: Formula::Constant(true),
            is_exact: false,
        }
    }

    fn not(self) -> Self {
        Self {
            holds: self.fails,
            fails: self.holds,
            is_exact: self.is_exact,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            holds: self.holds.and(other.holds),
            fails: self.fails.or(other.fails),
            is_exact: self.is_exact && other.is_exact,
        }
    }
}

impl Scan<'_> {
    /// Returns the value of an integer expression at this point, or `None` where it is not affine.
    pub(super) fn affine(&mut self, expr: Handle<Expr>) -> Option<Affine> {
        let function = self.function;
        let node = &function.exprs[expr];
        let scalar = node.ty.scalar()?;
        scalar.integer_range()?;
        match &node.kind {
            ExprKind::Int(value) => Some(Affine::constant(*value)),
            ExprKind::Load(place) if place.path.is_empty() => self.variable(place.var),
            ExprKind::Unary(UnaryOp::Negate, a) => {
                let value = self.affine(*a)?.times(-1)?;
                self.arithmetic(value, scalar)
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, *a, *b, scalar),
            ExprKind::Cast(a) => {
                let value = self.affine(*a)?;
                // A value that its own type holds needs no proof that a wider one does.
                let is_widened = function.exprs[*a]
                    .ty
                    .scalar()
                    .is_some_and(|from| is_within(from, scalar));
                (is_widened || self.fits(&value, scalar)).then_some(value)
            }
            ExprKind::Load(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    fn variable(&mut self, var: Handle<mupac_ir::Var>) -> Option<Affine> {
        if self.here.iterators.contains(&var) {
            return Some(Affine::var(var));
        }
        if let Some(value) = self.values.get(&var) {
            return Some(value.clone());
        }
        let is_parameter = !self.modified.contains(&var) && !self.declared.contains_key(&var);
        is_parameter.then(|| Affine::var(var))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        a: Handle<Expr>,
        b: Handle<Expr>,
        scalar: Scalar,
    ) -> Option<Affine> {
        let (a, b) = (self.affine(a)?, self.affine(b)?);
        match op {
            BinaryOp::Add => self.arithmetic(a.plus(&b)?, scalar),
            BinaryOp::Subtract => self.arithmetic(a.minus(&b)?, scalar),
            BinaryOp::Multiply => {
                let product = match (a.as_constant(), b.as_constant()) {
                    (Some(factor), _) => b.times(factor)?,
                    (None, Some(factor)) => a.times(factor)?,
                    (None, None) => return None,
                };
                self.arithmetic(product, scalar)
            }
            // Toward zero is toward minus infinity where the dividend is not negative.
            BinaryOp::Divide => self.not_negative(&a).then(|| a.floor(b.as_constant()?))?,
            BinaryOp::Remainder => {
                let divisor = b.as_constant()?;
                let whole = a.floor(divisor)?.times(divisor)?;
                self.not_negative(&a).then(|| a.minus(&whole))?
            }
            BinaryOp::FloorDivide => a.floor(b.as_constant()?),
            BinaryOp::ShiftLeft => {
                let product = a.times(power(b.as_constant()?, scalar)?)?;
                (self.not_negative(&a) && self.fits(&product, scalar)).then_some(product)
            }
            BinaryOp::ShiftRight => a.floor(power(b.as_constant()?, scalar)?),
            BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Difference
            | BinaryOp::Min
            | BinaryOp::Max
            | BinaryOp::CeilDivide => None,
        }
    }

    /// The result of signed arithmetic is the integer, or there is none.
    fn arithmetic(&mut self, value: Affine, scalar: Scalar) -> Option<Affine> {
        (scalar.is_signed() || self.fits(&value, scalar)).then_some(value)
    }

    fn not_negative(&mut self, value: &Affine) -> bool {
        match value.as_constant() {
            Some(constant) => constant >= 0,
            None => self.always(&Formula::Compare(value.clone(), Sign::NotNegative)),
        }
    }

    /// Returns whether a value stays within a type wherever this point is reached and the conditions hold.
    pub(super) fn fits(&mut self, value: &Affine, scalar: Scalar) -> bool {
        let Some((low, high)) = scalar.integer_range() else {
            return false;
        };
        match value.as_constant() {
            Some(constant) => (low..=high).contains(&constant),
            None => Formula::within(value, low, high).is_some_and(|formula| self.always(&formula)),
        }
    }

    /// Returns whether a formula holds wherever this point is reached, and notes the condition on parameters under
    /// which it does.
    fn always(&mut self, formula: &Formula) -> bool {
        let Some(opposite) = formula.negated() else {
            return false;
        };
        match self.admit(&opposite) {
            Ok(Some(condition)) => {
                self.no_wrap.extend(condition);
                true
            }
            // An answer that the solver does not find in time is as good as no.
            Ok(None) | Err(_) => false,
        }
    }

    /// Returns the condition under which `opposite` never happens here: none needed, one, or `None` if that would
    /// rule out this point altogether, or more than one instance of it.
    #[expect(
        clippy::option_option,
        reason = "whether a condition exists and whether one is needed are different answers"
    )]
    fn admit(&self, opposite: &Formula) -> Result<Option<Option<isl::Set>>, isl::Error> {
        let mut vars = std::collections::BTreeSet::new();
        opposite.collect_vars(&mut vars);
        for formula in &self.here.domain {
            formula.collect_vars(&mut vars);
        }
        let parameters = vars
            .into_iter()
            .filter(|var| !self.here.iterators.contains(var));
        let ranges = domain::ranges(parameters, |var| domain::working_range(self.function, var));
        let mut formulas: Vec<&Formula> = self.here.domain.iter().collect();
        formulas.push(&ranges);
        let iterators = &self.here.iterators;
        let mut reached = domain::instances(&self.isl, "", iterators, &formulas)?;
        for condition in &self.no_wrap {
            reached = reached.intersect_params(condition)?;
        }
        formulas.push(opposite);
        let mut bad = domain::instances(&self.isl, "", iterators, &formulas)?;
        for condition in &self.no_wrap {
            bad = bad.intersect_params(condition)?;
        }
        if bad.is_empty()? {
            return Ok(Some(None));
        }
        let everything = isl::Set::parse(&self.isl, "{ : }")?;
        let condition = everything.subtract(&bad.params()?)?;
        let left = reached.intersect_params(&condition)?;
        let is_one_instance = !iterators.is_empty() && left.is_equal(&left.lexmin()?)?;
        if left.is_empty()? || is_one_instance {
            return Ok(None);
        }
        Ok(Some(Some(condition)))
    }

    /// Returns whether a loop's counter equals the integer it stands for in every test and step.
    pub(super) fn count_fits(&mut self, each: &Loop, start: &Affine, end: &Affine) -> bool {
        let iterator = self.function.vars[each.iterator].ty.scalar();
        let compared = self.function.exprs[each.end].ty.scalar();
        let (Some(iterator), Some(compared)) = (iterator, compared) else {
            return false;
        };
        let next = Affine::var(each.iterator).plus(&Affine::constant(i128::from(each.step)));
        let counting = domain::counting(each.iterator, start, end, each.step);
        let (Some(next), Some(counting)) = (next, counting) else {
            return false;
        };
        let is_wide_signed = matches!(iterator, Scalar::I32 | Scalar::I64);
        let is_embedded = is_within(iterator, compared);
        if !is_embedded && !self.fits(start, compared) {
            return false;
        }
        self.here.iterators.push(each.iterator);
        self.here.domain.push(counting);
        let steps_fit = is_wide_signed || self.fits(&next, iterator);
        let tests_fit = is_embedded || self.fits(&next, compared);
        self.here.domain.pop();
        self.here.iterators.pop();
        steps_fit && tests_fit
    }

    /// Returns what is known of a condition at this point.
    pub(super) fn condition(&mut self, expr: Handle<Expr>) -> Truth {
        self.exact_condition(expr).unwrap_or_else(Truth::unknown)
    }

    fn exact_condition(&mut self, expr: Handle<Expr>) -> Option<Truth> {
        let function = self.function;
        match &function.exprs[expr].kind {
            ExprKind::Binary(BinaryOp::And, a, b) => {
                Some(self.condition(*a).and(self.condition(*b)))
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                let neither = self.condition(*a).not().and(self.condition(*b).not());
                Some(neither.not())
            }
            ExprKind::Unary(UnaryOp::Not, a) => Some(self.condition(*a).not()),
            ExprKind::Binary(op, a, b) if op.is_truth() => {
                let (a, b) = (self.affine(*a)?, self.affine(*b)?);
                Truth::exact(comparison(*op, &a, &b)?)
            }
            ExprKind::Cast(a) if is_truth(&function.exprs[*a].kind) => Some(self.condition(*a)),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {
                let value = self.affine(expr)?;
                Truth::exact(Formula::Compare(value, Sign::NotZero))
            }
        }
    }
}

/// Returns whether every value of one integer type is a value of another.
fn is_within(inner: Scalar, outer: Scalar) -> bool {
    match (inner.integer_range(), outer.integer_range()) {
        (Some((low, high)), Some((least, greatest))) => least <= low && high <= greatest,
        (None, _) | (_, None) => false,
    }
}

/// Returns `2^shift` where the shift is defined in the type.
fn power(shift: i128, scalar: Scalar) -> Option<i128> {
    (0..i128::from(scalar.bits()))
        .contains(&shift)
        .then(|| 1_i128 << shift)
}

/// Returns whether an expression is 0 or 1, which every integer type can hold.
fn is_truth(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Binary(op, ..) => op.is_truth(),
        ExprKind::Unary(op, _) => *op == UnaryOp::Not,
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Load(_)
        | ExprKind::Address(_)
        | ExprKind::Cast(_)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns the formula of a comparison of two forms; `None` for other operators.
fn comparison(op: BinaryOp, a: &Affine, b: &Affine) -> Option<Formula> {
    match op {
        BinaryOp::Less => Formula::below(a, b),
        BinaryOp::LessEqual => Formula::at_most(a, b),
        BinaryOp::Greater => Formula::below(b, a),
        BinaryOp::GreaterEqual => Formula::at_most(b, a),
        BinaryOp::Equal => Some(Formula::Compare(a.minus(b)?, Sign::Zero)),
        BinaryOp::NotEqual => Some(Formula::Compare(a.minus(b)?, Sign::NotZero)),
        BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Remainder
        | BinaryOp::BitAnd
        | BinaryOp::BitOr
        | BinaryOp::BitXor
        | BinaryOp::ShiftLeft
        | BinaryOp::ShiftRight
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Difference
        | BinaryOp::Min
        | BinaryOp::Max
        | BinaryOp::FloorDivide
        | BinaryOp::CeilDivide => None,
    }
}
