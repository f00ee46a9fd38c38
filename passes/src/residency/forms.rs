//! Subscripts as sums of products of values that the text can name, so that what they are at the ends of loops is known and said
//! without a number that leaves its type.

use std::collections::BTreeMap;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Scalar, UnaryOp, Var};

use crate::build;
use crate::inspect::is_kept;

/// More terms, or factors of one, than any subscript has.
const MOST: usize = 12;

/// The largest constant of a sum or product.
const FARTHEST: i128 = 1 << 32;

/// The bits of an address: no sum of a few such numbers leaves 64.
const MOST_BITS: u32 = 60;

/// The bits of what a program counts to before it ends.
const NEAR_BITS: u32 = 48;

/// A value that is no sum or product of others, by its place in [`Leaves`].
pub(super) type Leaf = usize;

/// Values, each once.
#[derive(Default)]
pub(super) struct Leaves {
    all: Vec<Handle<Expr>>,
}

/// A sum of products of leaves, each times a number that is not 0; the empty product is 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    terms: BTreeMap<Vec<Leaf>, i128>,
}

impl Leaves {
    /// Returns the form of an integer in which every sum is the sum of the numbers, or that of 64 bits; `None`: it is too large.
    /// `moves` says of values that they change while loops run: these are leaves, or in sums and products.
    pub(super) fn form(
        &mut self,
        function: &Function,
        expr: Handle<Expr>,
        moves: &dyn Fn(Handle<Var>) -> bool,
    ) -> Option<Form> {
        let node = &function.exprs[expr];
        let ty = node.ty.scalar().filter(|ty| !ty.is_float())?;
        if let Some(value) = build::constant(function, expr) {
            // Numbers of 64 bits are what they are modulo 2^64.
            let wraps = ty.bits() == 64 && value > i128::from(i64::MAX);
            return Some(Form::constant(value - if wraps { 1 << 64 } else { 0 }));
        }
        let sums_up = is_kept(ty, ty);
        let mut of = |operand| self.form(function, operand, moves);
        let parts = match node.kind {
            ExprKind::Binary(BinaryOp::Add, a, b) if sums_up => of(a)?.plus(&of(b)?, 1),
            ExprKind::Binary(BinaryOp::Subtract, a, b) if sums_up => of(a)?.plus(&of(b)?, -1),
            ExprKind::Binary(BinaryOp::Multiply, a, b) if sums_up => of(a)?.times(&of(b)?),
            ExprKind::Unary(UnaryOp::Negate, a) if sums_up => Form::default().plus(&of(a)?, -1),
            ExprKind::Cast(inner) if keeps(function, inner, ty) => Some(of(inner)?),
            ExprKind::Cast(_)
            | ExprKind::Binary(..)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        };
        if parts.is_some() {
            return parts;
        }
        let named = build::variables(function, expr);
        let is_plain = matches!(&node.kind, ExprKind::Load(place) if place.path.is_empty());
        (is_plain || !named.into_iter().any(moves)).then(|| Form::leaf(self.leaf(function, expr)))
    }

    /// Returns the leaf that a variable is, if it is one.
    pub(super) fn of_variable(&self, function: &Function, var: Handle<Var>) -> Option<Leaf> {
        let mut all = self.all.iter();
        all.position(|leaf| {
            let kind = &function.exprs[*leaf].kind;
            matches!(kind, ExprKind::Load(place) if place.var == var && place.path.is_empty())
        })
    }

    fn leaf(&mut self, function: &Function, expr: Handle<Expr>) -> Leaf {
        let mut all = self.all.iter();
        let known = all.position(|leaf| is_same_expr(function, *leaf, function, expr));
        known.unwrap_or_else(|| {
            self.all.push(expr);
            self.all.len() - 1
        })
    }

    pub(super) fn scalar(&self, function: &Function, leaf: Leaf) -> Option<Scalar> {
        function.exprs[self.all[leaf]].ty.scalar()
    }

    /// Returns whether a form, times so many bytes, is the same number in 64 bits, whatever its leaves are: those that lie
    /// `near` are no greater than what a program can count to, and their product is not either.
    pub(super) fn fits(
        &self,
        function: &Function,
        form: &Form,
        bytes: u64,
        near: &dyn Fn(&[Leaf]) -> bool,
    ) -> bool {
        let bits = |leaf: &Leaf| match self.scalar(function, *leaf) {
            Some(ty) => ty.bits() - u32::from(ty.is_signed()),
            None => 64,
        };
        let most = MOST_BITS.saturating_sub(bytes.max(1).ilog2());
        form.terms.iter().all(|(product, factor)| {
            let size = factor.unsigned_abs().ilog2() + 1;
            let all: u32 = if near(product) {
                NEAR_BITS
            } else {
                product.iter().map(bits).sum()
            };
            all + size <= most
        })
    }

    /// Returns the values that a form names.
    pub(super) fn named<'a>(&'a self, form: &'a Form) -> impl Iterator<Item = Handle<Expr>> + 'a {
        form.terms.keys().flatten().map(|leaf| self.all[*leaf])
    }

    /// Appends a form as an integer; of 64 bits, unless it is as short in the type of its leaf.
    pub(super) fn build(&self, function: &mut Function, form: &Form) -> Handle<Expr> {
        let offset = form.terms.get(&Vec::new()).copied().unwrap_or(0);
        if let Some(leaf) = form.single()
            && (-MOST_BELOW..=0).contains(&offset)
        {
            let leaf = self.all[leaf];
            let ty = function.exprs[leaf].ty.scalar().unwrap_or(Scalar::I64);
            if ty.is_signed() || ty.bits() == 64 {
                let by = build::int(function, -offset, ty);
                return build::binary(function, BinaryOp::Subtract, leaf, by);
            }
        }
        let mut terms: Vec<_> = form.terms.iter().rev().collect();
        terms.sort_by_key(|(_, factor)| **factor < 0);
        let mut sum = build::int(function, 0, Scalar::I64);
        for (product, factor) in terms {
            let mut value = build::int(function, factor.abs(), Scalar::I64);
            for leaf in product {
                let leaf = build::convert(function, self.all[*leaf], Scalar::I64);
                value = build::binary(function, BinaryOp::Multiply, value, leaf);
            }
            let op = if *factor < 0 {
                BinaryOp::Subtract
            } else {
                BinaryOp::Add
            };
            sum = build::binary(function, op, sum, value);
        }
        sum
    }
}

/// How much less than a size is said in its own type: where a loop runs up to it, that is no less than its type holds.
const MOST_BELOW: i128 = 1000;

/// Returns whether a conversion keeps the number, or what it is in 64 bits.
fn keeps(function: &Function, inner: Handle<Expr>, to: Scalar) -> bool {
    function.exprs[inner]
        .ty
        .scalar()
        .is_some_and(|from| !from.is_float() && (from == to || is_kept(from, to)))
}

impl Form {
    pub(super) fn constant(value: i128) -> Self {
        let terms = [(Vec::new(), value)];
        Self {
            terms: terms.into_iter().filter(|(_, value)| *value != 0).collect(),
        }
    }

    pub(super) fn leaf(leaf: Leaf) -> Self {
        Self {
            terms: [(vec![leaf], 1)].into(),
        }
    }

    /// Returns whether its constants are small enough for sums and products to be said.
    pub(super) fn is_sayable(&self) -> bool {
        self.terms.values().all(|factor| factor.abs() <= FARTHEST)
    }

    /// Returns the constant that it is.
    pub(super) fn value(&self) -> Option<i128> {
        match self.terms.first_key_value() {
            None => Some(0),
            Some((product, value)) => {
                (product.is_empty() && self.terms.len() == 1).then_some(*value)
            }
        }
    }

    /// Returns the leaf of a form that is nothing else but for a constant.
    fn single(&self) -> Option<Leaf> {
        let mut products = self.terms.iter().filter(|(product, _)| !product.is_empty());
        match (products.next(), products.next()) {
            (Some((product, 1)), None) if product.len() == 1 => product.first().copied(),
            (_, _) => None,
        }
    }

    /// Returns the leaf and the constant of a sum of both.
    pub(super) fn shifted(&self) -> Option<(Leaf, i128)> {
        let offset = self.terms.get(&Vec::new()).copied().unwrap_or(0);
        Some((self.single()?, offset))
    }

    /// Returns by how much it is greater than another one; `None` where that is no constant.
    pub(super) fn beyond(&self, other: &Self) -> Option<i128> {
        self.plus(other, -1)?.value()
    }

    /// Returns the sum with a multiple of another one.
    pub(super) fn plus(&self, other: &Self, by: i128) -> Option<Self> {
        let mut sum = self.clone();
        for (product, factor) in &other.terms {
            sum.add(product.clone(), factor.checked_mul(by)?)?;
        }
        Some(sum)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let mut whole = Self::default();
        for (a, x) in &self.terms {
            for (b, y) in &other.terms {
                let mut product = [a.as_slice(), b].concat();
                product.sort_unstable();
                whole.add(product, x.checked_mul(*y)?)?;
            }
        }
        Some(whole)
    }

    fn add(&mut self, product: Vec<Leaf>, factor: i128) -> Option<()> {
        if product.len() > MOST || self.terms.len() > MOST {
            return None;
        }
        let known = self.terms.entry(product).or_default();
        *known = known.checked_add(factor)?;
        self.terms.retain(|_, factor| *factor != 0);
        Some(())
    }

    /// Returns a form as `rest + leaf * by`; `None` where the leaf is multiplied with itself.
    pub(super) fn split(&self, leaf: Leaf) -> Option<(Self, Self)> {
        let (mut rest, mut by) = (Self::default(), Self::default());
        for (product, factor) in &self.terms {
            let others: Vec<Leaf> = product
                .iter()
                .copied()
                .filter(|each| *each != leaf)
                .collect();
            match product.len() - others.len() {
                0 => rest.add(others, *factor)?,
                1 => by.add(others, *factor)?,
                _ => return None,
            }
        }
        Some((rest, by))
    }

    /// Returns the form with another one in the place of a leaf.
    pub(super) fn with(&self, leaf: Leaf, value: &Self) -> Option<Self> {
        let (rest, by) = self.split(leaf)?;
        rest.plus(&by.times(value)?, 1)
    }

    /// Returns whether it is negative, for leaves that are not; `None` where that is not known of some.
    pub(super) fn is_negative(&self, is_natural: &dyn Fn(Leaf) -> bool) -> Option<bool> {
        let known = self.terms.keys().flatten().all(|leaf| is_natural(*leaf));
        let mut signs = self.terms.values().map(|factor| *factor < 0);
        let first = signs.next().unwrap_or(false);
        (known && signs.all(|sign| sign == first)).then_some(first)
    }
}
