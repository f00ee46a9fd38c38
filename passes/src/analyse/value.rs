//! Which expressions are affine: only those that certainly equal the mathematical integer.
//!
//! Signed arithmetic does, by C's rules: where it overflows, the program has no meaning (C17 6.5 §5).
//! Unsigned arithmetic, conversions and shifts do where the values they are applied to, in the loops around, stay
//! within the type; where that holds only for some parameters, it becomes a condition that a guard tests.

use std::collections::BTreeSet;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Place, Projection, Scalar, Stmt, UnaryOp,
};

use mupac_ir::structure::is_same_place;

use super::fits::is_within;
use super::scan::Scan;
use super::truth::Truth;
use crate::affine::{Affine, Atom, Atoms, Formula, Known, Sign, Unknown};
use crate::build;
use crate::normalise::modified;
use crate::polynomial::Polynomial;
use crate::region;
use crate::symbol::{self, Symbol};

/// The kind of the conditions without which the host cannot compute a quotient.
pub(crate) const DIVISOR: &str = "divisor";

/// The kind of the conditions under which loops run as often as their bounds say.
pub(crate) const LOOP_RUNS: &str = "loop-runs";

/// The kind of a condition that memory can be read by which the host finds more.
pub(crate) const ACCESSIBLE: &str = "accessible";

/// A value of no more possibilities than this is worth knowing by its bounds alone.
pub(super) const NARROW: i128 = 1 << 16;

impl Scan<'_> {
    /// Returns the value of an integer expression at this point, or `None` where it is not affine.
    pub(super) fn affine(&mut self, expr: Handle<Expr>) -> Option<Affine> {
        self.polynomial(expr)?.affine(&self.here.iterators)
    }

    /// Returns the value of an integer expression at this point, or `None` where it is no polynomial.
    pub(super) fn polynomial(&mut self, expr: Handle<Expr>) -> Option<Polynomial> {
        let function = self.function;
        let node = &function.exprs[expr];
        let scalar = node.ty.scalar()?;
        scalar.integer_range()?;
        if self.made.strides.contains(&expr)
            && let Some(value) = self.stride(expr)
        {
            return Some(value);
        }
        if let Some(below) = self.made.below.get(&expr).copied()
            && let Some(value) = self.counted_below(below)
        {
            return Some(value);
        }
        let (conditions, notes) = (self.no_wrap.len(), self.notes);
        let value = match &node.kind {
            ExprKind::Int(value) => Some(Polynomial::constant(*value)),
            ExprKind::Load(place) if place.path.is_empty() => self.variable(place.var),
            ExprKind::Unary(UnaryOp::Negate, a) => {
                let value = self.polynomial(*a)?.times(&Polynomial::constant(-1))?;
                self.arithmetic(value, scalar)
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, *a, *b, scalar),
            ExprKind::Cast(a) if self.made.exact.contains(&expr) => self.polynomial(*a),
            ExprKind::Cast(a) => self.cast(*a, scalar),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } => {
                let value = self.select(*condition, *then, *otherwise);
                return self
                    .chosen(expr, value)
                    .or_else(|| self.bounded(expr, scalar));
            }
            ExprKind::Load(place) => self
                .element(place)
                .or_else(|| self.table_element(place))
                .or_else(|| self.at_most(place, scalar)),
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        };
        // What parts of it need says nothing of the whole, unless something is known by it.
        if value.is_none() && self.notes == notes {
            self.no_wrap.truncate(conditions);
        }
        value
            .or_else(|| self.symbol(expr))
            .or_else(|| self.bounded(expr, scalar))
    }

    fn variable(&mut self, var: Handle<mupac_ir::Var>) -> Option<Polynomial> {
        if self.here.iterators.contains(&var) {
            return Some(Affine::var(var).into());
        }
        if let Some(value) = self.values.get(&var) {
            return (!self.vague.contains(&var)).then(|| value.clone());
        }
        self.is_parameter(var).then(|| Affine::var(var).into())
    }

    /// Returns whether a variable keeps one value in the whole region.
    pub(super) fn is_parameter(&self, var: Handle<mupac_ir::Var>) -> bool {
        !self.modified.contains(&var) && !self.declared.contains_key(&var)
    }

    /// A value that its own type holds needs no proof that a wider one does.
    fn cast(&mut self, a: Handle<Expr>, scalar: Scalar) -> Option<Polynomial> {
        let value = self.polynomial(a)?;
        let from = self.function.exprs[a].ty.scalar()?;
        let is_widened = is_within(from, scalar);
        (is_widened || self.polynomial_fits(&value, from, scalar)).then_some(value)
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        a: Handle<Expr>,
        b: Handle<Expr>,
        scalar: Scalar,
    ) -> Option<Polynomial> {
        match op {
            BinaryOp::Add | BinaryOp::Subtract => {
                let (a, b) = (self.polynomial(a)?, self.polynomial(b)?);
                let value = if op == BinaryOp::Add {
                    a.plus(&b)?
                } else {
                    a.minus(&b)?
                };
                self.arithmetic(value, scalar)
            }
            BinaryOp::Multiply => {
                let value = self.factor(a)?.times(&self.factor(b)?)?;
                self.arithmetic(value, scalar)
            }
            BinaryOp::Divide => {
                let (a, b) = (self.affine(a)?, self.affine(b)?);
                self.quotient(&a, &b).map(Polynomial::from)
            }
            BinaryOp::Remainder => {
                let wrapped = scalar.is_signed().then(|| self.wrapped(a, b)).flatten();
                let value = wrapped.or_else(|| {
                    let (a, b) = (self.affine(a)?, self.affine(b)?);
                    self.remainder(&a, &b)
                });
                value.map(Polynomial::from)
            }
            BinaryOp::FloorDivide => {
                let (a, b) = (self.affine(a)?, self.affine(b)?.as_constant()?);
                a.floor(b).map(Polynomial::from)
            }
            BinaryOp::ShiftLeft => {
                let (a, b) = (self.affine(a)?, self.affine(b)?.as_constant()?);
                let product = a.times(power(b, scalar)?)?;
                let is_exact = self.not_negative(&a) && self.fits(&product, scalar);
                is_exact.then(|| product.into())
            }
            BinaryOp::ShiftRight => {
                let (a, b) = (self.affine(a)?, self.affine(b)?.as_constant()?);
                a.floor(power(b, scalar)?).map(Polynomial::from)
            }
            BinaryOp::Max => {
                let (a, b) = (self.affine(a)?, self.affine(b)?);
                self.greater(&a, &b).map(Polynomial::from)
            }
            BinaryOp::Min => {
                let (a, b) = (self.affine(a)?.times(-1)?, self.affine(b)?.times(-1)?);
                self.greater(&a, &b)?.times(-1).map(Polynomial::from)
            }
            BinaryOp::CeilDivide => {
                let (a, b) = (self.affine(a)?, self.affine(b)?.as_constant()?);
                let raised = a.plus(&Affine::constant(b.checked_sub(1)?))?;
                raised.floor(b).map(Polynomial::from)
            }
            BinaryOp::BitAnd => self.low_bits(a, b).or_else(|| self.low_bits(b, a)),
            BinaryOp::BitOr
            | BinaryOp::BitXor
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

    /// Returns the greater of two values: one of them where it always is, else as their comparison decides.
    fn greater(&mut self, a: &Affine, b: &Affine) -> Option<Affine> {
        if let (Some(a), Some(b)) = (a.as_constant(), b.as_constant()) {
            return Some(Affine::constant(a.max(b)));
        }
        let is_first = Formula::at_most(b, a)?;
        let is_second = is_first.negated()?;
        let never = |scan: &Self, formula: &Formula| matches!(scan.admit(formula), Ok(Some(None)));
        if never(self, &is_second) {
            return Some(a.clone());
        }
        if never(self, &is_first) {
            return Some(b.clone());
        }
        let truth = Truth {
            is_exact: is_first.is_exact(),
            holds: is_first,
            fails: is_second,
        };
        Some(self.either(&truth, a, b))
    }

    /// Returns the value of an operand of a product: a quotient that nothing changes is one number there, which may be
    /// the distance of rows.
    fn factor(&mut self, expr: Handle<Expr>) -> Option<Polynomial> {
        let value = self.polynomial(expr)?;
        let number = value.has_quotient().then(|| self.symbol(expr)).flatten();
        let number = number.or_else(|| self.keeps_widths.then(|| self.width(expr)).flatten());
        Some(number.unwrap_or(value))
    }

    /// Returns the value of a subscript in which sums that are multiplied are one number each, where it is the same value
    /// under the same conditions; `None` where it multiplies no sum.
    pub(super) fn by_width(
        &mut self,
        expr: Handle<Expr>,
        expanded: &Polynomial,
    ) -> Option<Polynomial> {
        if !multiplies_sum(self.function, expr) {
            return None;
        }
        let conditions = self.no_wrap.len();
        self.keeps_widths = true;
        let value = self.polynomial(expr);
        self.keeps_widths = false;
        self.no_wrap.truncate(conditions);
        value.filter(|value| value.expanded(&self.widths).as_ref() == Some(expanded))
    }

    /// Returns a sum of unchanging values as one number, which may be how long a row is, and notes what it is worth.
    fn width(&mut self, expr: Handle<Expr>) -> Option<Polynomial> {
        let conditions = self.no_wrap.len();
        let sum = self.sum(expr)?;
        // A sum that may wrap is not what it is worth.
        let is_plain = self.no_wrap.len() == conditions;
        let parts = sum.terms().count() + usize::from(sum.offset() != 0);
        if !is_plain || parts < 2 || !self.is_of_parameters(&sum) {
            return None;
        }
        let mut known = self.widths.iter();
        if let Some((symbol, _)) = known.find(|(_, other)| **other == sum) {
            return Some(Affine::atom(Atom::Symbol(symbol.clone())).into());
        }
        let whole = self.symbol(expr)?;
        let symbol = Symbol::value(self.function, expr);
        self.widths.insert(symbol, sum);
        self.notes += 1;
        Some(whole)
    }

    pub(super) fn is_of_parameters(&self, form: &Affine) -> bool {
        let mut atoms = Atoms::default();
        form.collect(&mut atoms);
        let varies = |var: &Handle<mupac_ir::Var>| atoms.symbols.contains(&Symbol::var(*var));
        atoms.unknowns.is_empty() && !self.here.iterators.iter().any(varies)
    }

    /// Returns a value of which something is known.
    pub(super) fn unknown(&mut self, known: Known, is_exact: bool) -> Affine {
        let id = self.unknowns;
        self.unknowns += 1;
        Affine::atom(Atom::Unknown(Box::new(Unknown {
            id,
            known,
            is_exact,
        })))
    }

    /// Returns what one of two forms is worth, as a condition decides: the same value wherever the same condition does.
    pub(super) fn either(&mut self, truth: &Truth, then: &Affine, otherwise: &Affine) -> Affine {
        let is_exact = truth.is_exact && then.is_exact() && otherwise.is_exact();
        let cases = vec![
            (truth.holds.clone(), then.clone()),
            (truth.fails.clone(), otherwise.clone()),
        ];
        let is_decided = truth.holds.negated().as_ref() == Some(&truth.fails);
        if let Some(known) = self.choices.get(&cases).filter(|_| is_decided) {
            return known.clone();
        }
        let value = self.unknown(Known::OneOf(cases.clone()), is_exact);
        if is_decided {
            self.choices.insert(cases, value.clone());
        }
        value
    }

    fn select(
        &mut self,
        condition: Handle<Expr>,
        then: Handle<Expr>,
        otherwise: Handle<Expr>,
    ) -> Option<Polynomial> {
        let supposed = self.suppose_of_choice(condition);
        let truth = self.condition(condition);
        self.here.domain.push(truth.holds.clone());
        let then = self.affine(then);
        self.here.domain.pop();
        self.here.domain.push(truth.fails.clone());
        let otherwise = self.affine(otherwise);
        self.here.domain.pop();
        self.end(supposed);
        Some(self.either(&truth, &then?, &otherwise?).into())
    }

    /// Returns one of two values as one number, where nothing in the region changes which and the host can compute it, and
    /// notes what it is worth.
    fn chosen(&mut self, expr: Handle<Expr>, value: Option<Polynomial>) -> Option<Polynomial> {
        let Some(whole) = self.symbol(expr) else {
            return value;
        };
        if let Some(value) = value.and_then(|value| value.affine(&self.here.iterators)) {
            let symbol = Symbol::value(self.function, expr);
            self.definitions.insert(symbol, value);
            self.notes += 1;
        }
        Some(whole)
    }

    /// Returns a value that nothing in the region changes as one number, where the host can compute it.
    fn symbol(&mut self, expr: Handle<Expr>) -> Option<Polynomial> {
        let function = self.function;
        let mut divisors = Vec::new();
        let is_evaluable = symbol::is_evaluable(
            function,
            expr,
            &mut |var| self.is_parameter(var),
            &mut divisors,
        );
        if !is_evaluable {
            return None;
        }
        let mut divisors = divisors.into_iter();
        let is_defined = divisors.all(|divisor| self.is_positive(divisor));
        is_defined.then(|| Affine::atom(Atom::Symbol(Symbol::value(function, expr))).into())
    }

    /// Returns whether a divisor is positive, perhaps under a condition that the host tests before all others.
    ///
    /// One of parameters has to be so everywhere: the host divides for its guard, also where the program does not come to
    /// this point.
    pub(super) fn is_positive(&mut self, divisor: Handle<Expr>) -> bool {
        let named = build::variables(self.function, divisor);
        if !named.iter().all(|var| self.is_parameter(*var)) {
            return self.is_positive_here(divisor);
        }
        let domain = std::mem::take(&mut self.here.domain);
        let iterators = std::mem::take(&mut self.here.iterators);
        let is_positive = self.is_positive_here(divisor);
        (self.here.domain, self.here.iterators) = (domain, iterators);
        is_positive
    }

    fn is_positive_here(&mut self, divisor: Handle<Expr>) -> bool {
        let one = Affine::constant(1);
        let least = self.affine(divisor).and_then(|value| value.minus(&one));
        let Some(least) = least else { return false };
        let known = self.no_wrap.len();
        let is_known = least.as_constant().is_some_and(|least| least >= 0);
        let is_positive = is_known || self.always(&Formula::Compare(least, Sign::NotNegative));
        for condition in &mut self.no_wrap[known..] {
            condition.0 = DIVISOR;
        }
        is_positive
    }

    /// Notes that the trip counts which closed forms multiply by are not negative; false where that cannot be tested.
    pub(super) fn counts_are_conditions(&mut self) -> bool {
        let counts = self.made.counts.clone();
        counts.into_iter().all(|count| {
            let known = self.no_wrap.len();
            let holds = match self.affine(count) {
                Some(count) => self.not_negative(&count),
                None => false,
            };
            for condition in &mut self.no_wrap[known..] {
                condition.0 = LOOP_RUNS;
            }
            holds
        })
    }

    /// Returns a sum of unchanging values as one number, and notes what it is worth.
    fn stride(&mut self, expr: Handle<Expr>) -> Option<Polynomial> {
        let sum = self.sum(expr)?;
        if sum.as_constant().is_some() {
            return None;
        }
        let whole = self.symbol(expr)?;
        let symbol = Symbol::value(self.function, expr);
        self.definitions.insert(symbol, sum);
        self.notes += 1;
        Some(whole)
    }

    /// Returns what a sum or product is worth wherever it stands.
    fn sum(&mut self, expr: Handle<Expr>) -> Option<Affine> {
        let node = &self.function.exprs[expr];
        if let ExprKind::Cast(inner) = node.kind {
            let from = self.function.exprs[inner].ty.scalar()?;
            let is_widened = is_within(from, node.ty.scalar()?);
            return is_widened.then(|| self.sum(inner)).flatten();
        }
        let ExprKind::Binary(op, a, b) = node.kind else {
            return None;
        };
        let scalar = node.ty.scalar()?;
        // What holds at this point alone would say too much of a number that is the same everywhere.
        let domain = std::mem::take(&mut self.here.domain);
        let sum = self.binary(op, a, b, scalar);
        self.here.domain = domain;
        sum?.affine(&self.here.iterators)
    }

    /// Returns a number by which a loop ends, or ended around, as one that is at most the greatest of its table.
    fn at_most(&mut self, place: &Place, scalar: Scalar) -> Option<Polynomial> {
        let is_same = |(a, b): (&Projection, &Projection)| match (a, b) {
            (Projection::Field(a), Projection::Field(b)) => a == b,
            (Projection::Index(_), Projection::Index(_)) => true,
            (Projection::Field(_), Projection::Index(_))
            | (Projection::Index(_), Projection::Field(_)) => false,
        };
        let is_like = |one: &Place| {
            let mut steps = one.path.iter().zip(&place.path);
            one.var == place.var && one.path.len() == place.path.len() && steps.all(is_same)
        };
        let mut around = self.here.listed.iter().chain(self.in_end.iter().flatten());
        let function = self.function;
        if let Some((_, value)) =
            around.find(|(one, _)| is_same_place(function, one, function, place))
        {
            return Some(value.clone().into());
        }
        let (_, most) = self.greatest.iter().find(|(one, _)| is_like(one))?;
        let most = Affine::var(*most);
        self.in_end.as_ref()?;
        let (low, _) = scalar.integer_range()?;
        let known = Known::Between(Some(Affine::constant(low)), Some(most));
        let value = self.unknown(known, false);
        self.in_end.as_mut()?.push((place.clone(), value.clone()));
        Some(value.into())
    }

    /// Returns what iterations have counted where that is below a number.
    fn counted_below(&mut self, bound: Handle<Expr>) -> Option<Polynomial> {
        let most = self.affine(bound)?.minus(&Affine::constant(1))?;
        let known = Known::Between(Some(Affine::constant(0)), Some(most));
        Some(self.unknown(known, false).into())
    }

    /// Returns a value that its narrow type, a mask or a divisor bounds.
    fn bounded(&mut self, expr: Handle<Expr>, scalar: Scalar) -> Option<Polynomial> {
        let function = self.function;
        if let ExprKind::Binary(BinaryOp::Remainder, _, b) = function.exprs[expr].kind
            && let Some(rest) = self.rest_of_any(b, scalar)
        {
            return Some(rest.into());
        }
        if let ExprKind::Binary(BinaryOp::BitAnd, a, b) = function.exprs[expr].kind
            && let Some(rest) = self.masked(a, b)
        {
            return Some(rest.into());
        }
        let (mut low, mut high) = scalar.integer_range()?;
        if let ExprKind::Cast(a) = function.exprs[expr].kind
            && let Some(from) = function.exprs[a].ty.scalar()
            && is_within(from, scalar)
        {
            (low, high) = from.integer_range()?;
        }
        if let ExprKind::Binary(BinaryOp::BitAnd, a, b) = function.exprs[expr].kind {
            for mask in [a, b] {
                if let Some(mask) = crate::build::constant(function, mask)
                    && mask >= 0
                {
                    (low, high) = (0, high.min(mask));
                }
            }
        }
        if let ExprKind::Binary(BinaryOp::Remainder, _, b) = function.exprs[expr].kind
            && let Some(divisor) = crate::build::constant(function, b)
            && divisor > 0
        {
            (low, high) = (low.max(1 - divisor), high.min(divisor - 1));
        }
        let is_narrow = high.checked_sub(low)? <= NARROW;
        let known = Known::Between(Some(Affine::constant(low)), Some(Affine::constant(high)));
        is_narrow.then(|| self.unknown(known, false).into())
    }

    /// The result of signed arithmetic is the integer, or there is none.
    fn arithmetic(&mut self, value: Polynomial, scalar: Scalar) -> Option<Polynomial> {
        let fits = scalar.is_signed() || self.polynomial_fits(&value, scalar, scalar);
        fits.then_some(value)
    }
}

/// Returns `2^shift` where the shift is defined in the type.
fn power(shift: i128, scalar: Scalar) -> Option<i128> {
    (0..i128::from(scalar.bits()))
        .contains(&shift)
        .then(|| 1_i128 << shift)
}

/// Returns whether statements have products with sums.
pub(super) fn multiplies_sums(function: &Function, statements: &[Stmt]) -> bool {
    let mut found = false;
    region::each(statements, &mut |stmt| {
        let targets = region::target(stmt)
            .into_iter()
            .flat_map(crate::build::indices);
        let mut all = region::expressions(stmt).into_iter().chain(targets);
        found |= all.any(|expr| multiplies_sum(function, expr));
    });
    found
}

/// Returns whether statements write elements by subscripts with a constant factor, or with a product that they do not change.
pub(super) fn has_fixed_factors(function: &Function, statements: &[Stmt]) -> bool {
    let changed = modified(statements);
    let mut found = false;
    region::each(statements, &mut |stmt| {
        let mut indices = region::target(stmt)
            .into_iter()
            .flat_map(crate::build::indices);
        found |= indices.any(|index| multiplies_by_fixed(function, index, &changed));
    });
    found
}

fn multiplies_by_fixed(
    function: &Function,
    expr: Handle<Expr>,
    changed: &BTreeSet<Handle<mupac_ir::Var>>,
) -> bool {
    let is_constant = |side| crate::build::constant(function, side).is_some();
    let is_fixed =
        |side| crate::build::is_of_variables(function, side, &|var| !changed.contains(&var));
    multiplies(function, expr, &|[a, b]| {
        is_constant(a) || is_constant(b) || is_fixed(a) && is_fixed(b)
    })
}

/// Returns whether an expression multiplies a sum.
fn multiplies_sum(function: &Function, expr: Handle<Expr>) -> bool {
    multiplies(function, expr, &|sides| {
        sides.into_iter().any(|side| is_sum(function, side))
    })
}

/// Returns whether an expression has a product whose sides are such.
fn multiplies(
    function: &Function,
    expr: Handle<Expr>,
    are_such: &dyn Fn([Handle<Expr>; 2]) -> bool,
) -> bool {
    let mut found = false;
    crate::build::visit(function, expr, &mut |_, node| {
        if let ExprKind::Binary(BinaryOp::Multiply, a, b) = node.kind {
            found |= are_such([a, b]);
        }
    });
    found
}

pub(super) fn is_sum(function: &Function, expr: Handle<Expr>) -> bool {
    let kind = &function.exprs[expr].kind;
    if let ExprKind::Cast(inner) = kind {
        return is_sum(function, *inner);
    }
    matches!(
        kind,
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..)
    )
}
