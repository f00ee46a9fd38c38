//! How far subscripts move along a loop, as far as their text tells: a quick look before the exact one.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Expr, ExprKind, Function, Handle, Loop, Place, Projection, Stmt, UnaryOp, Var,
};

use crate::{build, region};

/// How far a value moves from one iteration to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slope {
    By(i128),
    /// The text alone does not tell.
    Unknown,
    /// The value is a product of variables, which no sum of multiples is.
    Never,
}

impl Slope {
    /// Returns the slope of the sum of a value and a multiple of another.
    fn plus(self, other: Self, factor: i128) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::By(a), Self::By(b)) => {
                let sum = b.checked_mul(factor).and_then(|b| a.checked_add(b));
                sum.map_or(Self::Unknown, Self::By)
            }
            (Self::By(_) | Self::Unknown, Self::By(_) | Self::Unknown) => Self::Unknown,
        }
    }
}

/// A loop along which subscripts move.
pub(crate) struct Along<'a> {
    function: &'a Function,
    iterator: Handle<Var>,
    /// The iterators of all loops of the region.
    iterators: &'a [Handle<Var>],
    /// The values of names in the loop.
    names: BTreeMap<Handle<Var>, Handle<Expr>>,
}

impl<'a> Along<'a> {
    pub(crate) fn new(function: &'a Function, each: &Loop, iterators: &'a [Handle<Var>]) -> Self {
        let mut names = BTreeMap::new();
        region::each(&each.body, &mut |stmt| {
            if let Stmt::Let(var, value) = stmt {
                names.insert(*var, *value);
            }
        });
        Self {
            function,
            iterator: each.iterator,
            iterators,
            names,
        }
    }

    /// Returns whether the iterations may touch elements that are next to one another; where not, they do not, or it
    /// cannot be shown.
    pub(crate) fn may_touch_neighbours(&self, place: &Place) -> bool {
        let last = place.path.len().saturating_sub(1);
        place.path.iter().enumerate().all(|(at, step)| match step {
            Projection::Index(index) => match self.slope(*index) {
                Slope::By(known) => known == i128::from(at == last),
                Slope::Unknown => true,
                Slope::Never => false,
            },
            Projection::Field(_) => false,
        })
    }

    fn slope(&self, expr: Handle<Expr>) -> Slope {
        match &self.function.exprs[expr].kind {
            ExprKind::Int(_) => Slope::By(0),
            ExprKind::Load(place) if place.path.is_empty() => self.variable(place.var),
            ExprKind::Cast(inner) => self.slope(*inner),
            ExprKind::Binary(BinaryOp::Add, a, b) => self.slope(*a).plus(self.slope(*b), 1),
            ExprKind::Binary(BinaryOp::Subtract, a, b) => self.slope(*a).plus(self.slope(*b), -1),
            ExprKind::Binary(BinaryOp::Multiply, a, b) => self.product(*a, *b),
            ExprKind::Unary(UnaryOp::Negate | UnaryOp::BitNot | UnaryOp::Not, _)
            | ExprKind::Binary(..)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => Slope::Unknown,
        }
    }

    fn variable(&self, var: Handle<Var>) -> Slope {
        if var == self.iterator {
            return Slope::By(1);
        }
        let value = self.names.get(&var);
        value.map_or(Slope::By(0), |value| self.slope(*value))
    }

    fn product(&self, a: Handle<Expr>, b: Handle<Expr>) -> Slope {
        let [one, other] = [a, b].map(|factor| build::constant(self.function, factor));
        match (one, other) {
            (Some(factor), _) => Slope::By(0).plus(self.slope(b), factor),
            (None, Some(factor)) => Slope::By(0).plus(self.slope(a), factor),
            (None, None) if self.is_counted(a) || self.is_counted(b) => Slope::Never,
            (None, None) => Slope::Unknown,
        }
    }

    /// Returns whether a value names an iterator, and so is no constant.
    fn is_counted(&self, expr: Handle<Expr>) -> bool {
        let named = build::variables(self.function, expr);
        named.iter().any(|var| self.iterators.contains(var))
    }
}
