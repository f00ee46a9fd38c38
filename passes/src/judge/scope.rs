//! What expressions and conditions are worth at a point of the tree, as isl's text.
//!
//! A value is given only where it certainly equals the mathematical integer.
//! Expressions of the program may rely on C: signed arithmetic does not overflow.
//! Expressions that passes made may not; where intervals do not show that one fits its type, it becomes an
//! [`Obligation`], which the judge turns into a condition on the parameters.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Comparison, Expr, ExprKind, Function, Handle, Loop, Scalar, UnaryOp, Var,
};

use super::linear::{Interval, Linear};
use crate::affine::WIDE;
use crate::isl;
use crate::symbol::{self, Symbol};

/// A generated value that must fit its type at a point of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Obligation {
    /// Number of time dimensions there.
    pub(crate) dimensions: usize,
    /// What holds there.
    pub(crate) constraints: Vec<String>,
    /// The value.
    pub(crate) value: Linear,
    /// What its type holds.
    pub(crate) range: Interval,
}

/// The names in scope at a point of the tree.
pub(crate) struct Scope<'a> {
    pub(crate) function: &'a Function,
    /// Expressions from here on were made by passes.
    pub(crate) generated_from: usize,
    /// Iterators and `let`s; `None`: not affine.
    pub(crate) values: BTreeMap<Handle<Var>, Option<Linear>>,
    /// Scalars that nothing in the region changes.
    pub(crate) parameters: &'a BTreeSet<Handle<Var>>,
    /// Bounds of every term.
    pub(crate) ranges: BTreeMap<String, Interval>,
    /// Dividend and divisor of every term that is a quotient.
    quotients: BTreeMap<String, (Linear, i128)>,
    /// Parameters that were read.
    pub(crate) used: BTreeSet<Symbol>,
    pub(crate) dimensions: usize,
    pub(crate) constraints: Vec<String>,
    pub(crate) obligations: Vec<Obligation>,
    /// What is known of the parameters, to be asked where intervals do not decide.
    pub(crate) known: Option<&'a isl::Set>,
}

impl<'a> Scope<'a> {
    /// Returns the scope at the start of a region.
    pub(crate) fn new(
        function: &'a Function,
        generated_from: usize,
        parameters: &'a BTreeSet<Handle<Var>>,
    ) -> Self {
        Self {
            function,
            generated_from,
            values: BTreeMap::new(),
            parameters,
            ranges: BTreeMap::new(),
            quotients: BTreeMap::new(),
            used: BTreeSet::new(),
            dimensions: 0,
            constraints: Vec::new(),
            obligations: Vec::new(),
            known: None,
        }
    }

    /// Returns the value of an integer expression, or `None` where it is not affine.
    pub(crate) fn value(&mut self, expr: Handle<Expr>) -> Option<Linear> {
        let function = self.function;
        let node = &function.exprs[expr];
        let scalar = node.ty.scalar()?;
        let range = scalar.integer_range()?;
        if let ExprKind::Load(place) = &node.kind
            && place.path.is_empty()
        {
            return self.variable(place.var, scalar);
        }
        let Some(value) = self.operation(expr) else {
            return self.unchanging(expr);
        };
        let is_within = value
            .interval(&self.ranges)
            .is_some_and(|(low, high)| range.0 <= low && high <= range.1);
        if is_within {
            return Some(value);
        }
        if expr.index() >= self.generated_from {
            self.obligations.push(Obligation {
                dimensions: self.dimensions,
                constraints: self.constraints.clone(),
                value: value.clone(),
                range,
            });
            return Some(value);
        }
        let overflow_is_undefined =
            scalar.is_signed() && !matches!(node.kind, ExprKind::Cast(_) | ExprKind::Int(_));
        (overflow_is_undefined || self.is_proved_within(&value, range)).then_some(value)
    }

    fn operation(&mut self, expr: Handle<Expr>) -> Option<Linear> {
        let function = self.function;
        match &function.exprs[expr].kind {
            ExprKind::Int(value) => Some(Linear::constant(*value)),
            ExprKind::Unary(UnaryOp::Negate, a) => self.value(*a)?.times(-1),
            ExprKind::Binary(op, a, b) => self.binary(*op, *a, *b),
            ExprKind::Cast(a) => self.value(*a),
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

    fn is_not_negative(&self, value: &Linear) -> bool {
        let bounds = self.interval(value);
        bounds.is_some_and(|(low, _)| low >= 0)
            || self.is_proved_within(value, (0, i128::from(i64::MAX)))
    }

    /// Returns whether what is known of the parameters keeps a value within its type at this point.
    fn is_proved_within(&self, value: &Linear, (low, high): Interval) -> bool {
        let Some(known) = self.known else {
            return false;
        };
        let names: Vec<_> = self.used.iter().map(Symbol::name).collect();
        let time: Vec<_> = (0..self.dimensions).map(|at| format!("t{at}")).collect();
        let holds = (self.constraints.iter().cloned())
            .chain(
                names
                    .iter()
                    .map(|name| format!("-{WIDE} <= {name} <= {WIDE}")),
            )
            .chain([format!("{value} < {low} or {value} > {high}")]);
        let holds: Vec<_> = holds.map(|each| format!("({each})")).collect();
        let text = format!(
            "[{}] -> {{ [{}] : {} }}",
            names.join(", "),
            time.join(", "),
            holds.join(" and ")
        );
        // Where the solver gives up, the value is not known to fit.
        isl::Set::parse(known.context(), &text)
            .and_then(|outside| outside.intersect_params(known))
            .and_then(|outside| outside.is_empty())
            .unwrap_or(false)
    }

    /// Steps into a counted loop: its iterator is the next dimension of time.
    pub(crate) fn enter(&mut self, each: &Loop, start: &Linear, end: &Linear) {
        let time = format!("t{}", self.dimensions);
        let bound = |value: Option<(i128, i128)>| value.unwrap_or((i128::MIN / 4, i128::MAX / 4));
        let (first, beyond) = (bound(self.interval(start)), bound(self.interval(end)));
        let constraints = &mut self.constraints;
        let (low, high) = if each.step > 0 {
            constraints.push(format!("{start} <= {time} and {time} < {end}"));
            (first.0, beyond.1 - 1)
        } else {
            constraints.push(format!("{end} < {time} and {time} <= {start}"));
            (beyond.0 + 1, first.1)
        };
        let stride = each.step.unsigned_abs();
        if stride != 1 {
            constraints.push(format!("({time} - {start}) mod {stride} = 0"));
        }
        self.ranges.insert(time.clone(), (low.min(high), high));
        self.dimensions += 1;
        self.values.insert(each.iterator, Some(Linear::term(time)));
    }

    /// Returns the bounds of a value.
    pub(crate) fn interval(&self, value: &Linear) -> Option<Interval> {
        value.interval(&self.ranges)
    }

    fn variable(&mut self, var: Handle<Var>, scalar: Scalar) -> Option<Linear> {
        if let Some(value) = self.values.get(&var) {
            return value.clone();
        }
        if !self.parameters.contains(&var) {
            return None;
        }
        scalar.integer_range()?;
        self.symbol(Symbol::var(var))
    }

    /// Returns the value of a symbol of unchanging variables.
    pub(crate) fn symbol(&mut self, symbol: Symbol) -> Option<Linear> {
        let name = symbol.name();
        self.ranges
            .insert(name.clone(), symbol.working_range(self.function)?);
        self.used.insert(symbol);
        Some(Linear::term(name))
    }

    /// Returns a value that nothing in the region changes and that the host can compute, as one number.
    fn unchanging(&mut self, expr: Handle<Expr>) -> Option<Linear> {
        let mut divisors = Vec::new();
        let is_evaluable = symbol::is_evaluable(
            self.function,
            expr,
            &mut |var| self.parameters.contains(&var) && !self.values.contains_key(&var),
            &mut divisors,
        );
        if !is_evaluable || !divisors.iter().all(|divisor| self.is_positive(*divisor)) {
            return None;
        }
        self.symbol(Symbol::value(self.function, expr))
    }

    /// Returns whether what is known of the parameters keeps a divisor positive everywhere, since the host divides for its
    /// guard; where nothing is known, that has been asked before.
    fn is_positive(&mut self, divisor: Handle<Expr>) -> bool {
        if self.known.is_none() {
            return true;
        }
        let constraints = std::mem::take(&mut self.constraints);
        let value = self.value(divisor);
        let is_positive =
            value.is_some_and(|value| self.is_proved_within(&value, (1, i128::from(i64::MAX))));
        self.constraints = constraints;
        is_positive
    }

    /// Multiplies two sums of parameters.
    fn product(&mut self, a: &Linear, b: &Linear) -> Option<Linear> {
        let mut product = a.times(b.constant)?.plus(&b.times(a.constant)?)?;
        product.constant = a.constant.checked_mul(b.constant)?;
        for (first, x) in &a.terms {
            for (second, y) in &b.terms {
                let first = Symbol::named(self.function, first)?;
                let second = Symbol::named(self.function, second)?;
                let value = self.symbol(first.times(&second))?;
                product = product.plus(&value.times(x.checked_mul(*y)?)?)?;
            }
        }
        Some(product)
    }

    fn binary(&mut self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Option<Linear> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        match op {
            BinaryOp::Add => a.plus(&b),
            BinaryOp::Subtract => a.minus(&b),
            BinaryOp::Multiply => match (a.as_constant(), b.as_constant()) {
                (Some(factor), _) => b.times(factor),
                (None, Some(factor)) => a.times(factor),
                (None, None) => self.product(&a, &b),
            },
            BinaryOp::FloorDivide => self.quotient(&a, &b),
            BinaryOp::CeilDivide => {
                let divisor = b.as_constant()?;
                let raised = a.plus(&Linear::constant(divisor.checked_sub(1)?))?;
                self.quotient(&raised, &b)
            }
            // Toward zero is toward minus infinity where the dividend is not negative.
            BinaryOp::Divide if self.is_not_negative(&a) => self.quotient(&a, &b),
            BinaryOp::Remainder if self.is_not_negative(&a) => {
                let divisor = b.as_constant()?;
                a.minus(&self.quotient(&a, &b)?.times(divisor)?)
            }
            BinaryOp::Min | BinaryOp::Max => self.extreme(op, &a, &b),
            // By more than the type has bits, C gives no value.
            BinaryOp::ShiftLeft => {
                let by = u32::try_from(b.as_constant()?).ok()?;
                a.times(1_i128.checked_shl(by).filter(|_| by < 64)?)
            }
            BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftRight
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Difference => None,
        }
    }

    fn quotient(&mut self, dividend: &Linear, divisor: &Linear) -> Option<Linear> {
        let divisor = divisor.as_constant().filter(|&divisor| divisor > 0)?;
        if let Some(dividend) = dividend.as_constant() {
            return Some(Linear::constant(dividend.div_euclid(divisor)));
        }
        let (low, high) = self.interval(dividend)?;
        let bounds = (low.div_euclid(divisor), high.div_euclid(divisor));
        let (dividend, divisor) = self
            .unnested(dividend, divisor)
            .unwrap_or_else(|| (dividend.clone(), divisor));
        let name = format!("floor({dividend}/{divisor})");
        self.ranges.insert(name.clone(), bounds);
        self.quotients.insert(name.clone(), (dividend, divisor));
        Some(Linear::term(name))
    }

    /// Returns a quotient of a quotient as one, `None` where the dividend is something else: `⌊(⌊x/a⌋ + c)/b⌋` is
    /// `⌊(x + a·c)/(a·b)⌋`.
    ///
    /// Every loop that is cut again has one more in its bound; nested, each stands for a number of its own in every
    /// question to the solver, and those grow with the square of the cuts.
    ///
    /// **Source**: Graham, Knuth, Patashnik, “Concrete Mathematics”, 2nd edition, 1994, (3.11).
    fn unnested(&self, dividend: &Linear, divisor: i128) -> Option<(Linear, i128)> {
        let mut terms = dividend.terms.iter();
        let (Some((name, 1)), None) = (terms.next(), terms.next()) else {
            return None;
        };
        let (inner, first) = self.quotients.get(name)?;
        let shift = Linear::constant(dividend.constant.checked_mul(*first)?);
        Some((inner.plus(&shift)?, first.checked_mul(divisor)?))
    }

    fn extreme(&mut self, op: BinaryOp, a: &Linear, b: &Linear) -> Option<Linear> {
        let ((a_low, a_high), (b_low, b_high)) = (self.interval(a)?, self.interval(b)?);
        let (word, bounds) = if op == BinaryOp::Min {
            ("min", (a_low.min(b_low), a_high.min(b_high)))
        } else {
            ("max", (a_low.max(b_low), a_high.max(b_high)))
        };
        let name = format!("{word}({a}, {b})");
        self.ranges.insert(name.clone(), bounds);
        Some(Linear::term(name))
    }

    /// Returns the points at which a condition has a truth value, or `None` where it is not affine.
    pub(crate) fn condition(&mut self, expr: Handle<Expr>, truth: bool) -> Option<String> {
        let function = self.function;
        let node = &function.exprs[expr];
        match &node.kind {
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, a, b) => {
                let is_and = matches!(node.kind, ExprKind::Binary(BinaryOp::And, ..));
                let word = if is_and == truth { "and" } else { "or" };
                let (a, b) = (self.condition(*a, truth)?, self.condition(*b, truth)?);
                Some(format!("({a} {word} {b})"))
            }
            ExprKind::Unary(UnaryOp::Not, a) => self.condition(*a, !truth),
            ExprKind::Binary(op, a, b) if op.is_truth() => {
                let sign = comparison(*op, truth)?;
                let (a, b) = (self.value(*a)?, self.value(*b)?);
                Some(format!("{a} {sign} {b}"))
            }
            // A truth value stays what it is in every integer type.
            ExprKind::Cast(a) if function.exprs[*a].kind.is_truth() => self.condition(*a, truth),
            ExprKind::Int(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_) => {
                let sign = if truth { "!=" } else { "=" };
                self.value(expr).map(|value| format!("{value} {sign} 0"))
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }
}

/// Returns isl's sign for a comparison or its opposite.
fn comparison(op: BinaryOp, truth: bool) -> Option<&'static str> {
    let comparison = Comparison::of(op)?;
    let held = if truth {
        comparison
    } else {
        comparison.opposite()
    };
    Some(match held {
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
    })
}
