//! Which way numbers go with a counter: those that never turn have their least and greatest value in the first and the last
//! iteration.
//!
//! Sums and products with what stays, quotients, limits and conversions never turn, and neither does rounding, to an integer
//! or to the nearest floating-point number: where `a <= b`, `a` rounded is at most `b` rounded.
//! A NaN ends this, but C leaves open what integer it becomes; values that a comparison may replace are therefore integers.
//!
//! **Source**: IEEE 754-2019, 4.3: every operation gives the exact result, rounded by a function of it that does not turn.

mod course;
mod limits;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, Place, Scalar, Stmt, UnaryOp, Var,
};

use super::notes::noted_by;
use crate::{build, region};
use course::{Course, MOST, Way};
use limits::Base;

/// Functions of the C library that round, and never turn.
const ROUNDING: [&str; 8] = [
    "floor", "floorf", "ceil", "ceilf", "trunc", "truncf", "round", "roundf",
];

/// Returns whether all subscripts that statements note go one way with the counter of the loop around them, and so does
/// everything that decides which are noted.
pub(super) fn are_monotone(function: &Function, iterator: Handle<Var>, body: &Block) -> bool {
    Courses::new(function, iterator).block(body)
}

/// Returns whether a subscript goes one way with a counter, where nothing else that it is computed from moves.
pub(super) fn is_monotone(
    function: &Function,
    iterator: Handle<Var>,
    subscript: Handle<Expr>,
) -> bool {
    Courses::new(function, iterator).is_noted_well(subscript)
}

struct Courses<'a> {
    function: &'a Function,
    iterator: Handle<Var>,
    /// The variables that the statements assign; `None` for those that may turn.
    known: BTreeMap<Handle<Var>, Option<Course>>,
}

impl<'a> Courses<'a> {
    fn new(function: &'a Function, iterator: Handle<Var>) -> Self {
        Self {
            function,
            iterator,
            known: BTreeMap::new(),
        }
    }

    fn block(&mut self, body: &Block) -> bool {
        body.iter().all(|stmt| self.statement(stmt))
    }

    fn statement(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Call(_) => noted_by(stmt).is_some_and(|subscript| self.is_noted_well(subscript)),
            Stmt::Declare(..) => true,
            Stmt::Let(var, value) => {
                let course = self.of(*value);
                self.known.insert(*var, course);
                true
            }
            Stmt::Compute(compute) if compute.target.path.is_empty() => {
                let course = self.of(compute.value);
                self.known.insert(compute.target.var, course);
                true
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::For(each) => self.inside(each),
            Stmt::Compute(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        }
    }

    fn is_noted_well(&self, subscript: Handle<Expr>) -> bool {
        self.of(subscript).is_some_and(|course| course.most <= MOST)
    }

    /// Statements of which the same ones run in all iterations, or which keep a variable within a limit.
    fn branch(&mut self, branch: &If) -> bool {
        if self.is_same(branch.condition) {
            let before = self.known.clone();
            if !self.block(&branch.then) {
                return false;
            }
            let then = std::mem::replace(&mut self.known, before);
            if !self.block(&branch.otherwise) {
                return false;
            }
            self.join(&then);
            return true;
        }
        let ([Stmt::Compute(limit)], []) = (branch.then.as_slice(), branch.otherwise.as_slice())
        else {
            return false;
        };
        let var = limit.target.var;
        let kept = (Base::Variable(var), 0);
        let of_variable = self.known.get(&var).copied().flatten();
        let course = of_variable
            .filter(|_| limit.target.path.is_empty())
            .and_then(|course| {
                self.limited((branch.condition, false), (kept, course), limit.value)
            });
        self.known.insert(var, course);
        true
    }

    /// Takes what another way left into account.
    fn join(&mut self, other: &BTreeMap<Handle<Var>, Option<Course>>) {
        for (var, course) in other {
            let own = self.known.get(var).copied();
            let joined = match own {
                Some(own) => own.zip(*course).map(|(own, other)| own.or(other)),
                None => *course,
            };
            self.known.insert(*var, joined);
        }
    }

    /// A loop that runs equally often in all iterations of the one around it.
    fn inside(&mut self, each: &Loop) -> bool {
        if ![each.start, each.end]
            .iter()
            .all(|bound| self.is_same(*bound))
        {
            return false;
        }
        let mut assigned = BTreeSet::new();
        region::each(&each.body, &mut |stmt| {
            assigned.extend(region::target(stmt).map(|place| place.var));
        });
        let forget = |courses: &mut Self| {
            for var in &assigned {
                courses.known.insert(*var, None);
            }
        };
        forget(self);
        self.known.remove(&each.iterator);
        let is_well = self.block(&each.body);
        forget(self);
        is_well
    }

    /// Returns whether a value is the same in all iterations.
    fn is_same(&self, value: Handle<Expr>) -> bool {
        let mut moves = false;
        build::visit(self.function, value, &mut |_, node| {
            if let ExprKind::Load(Place { var, .. }) | ExprKind::Address(Place { var, .. }) =
                &node.kind
            {
                let known = self.known.get(var);
                let stays = known.is_none_or(|course| course.is_some_and(|of| of.way == Way::Same));
                moves |= *var == self.iterator || !stays;
            }
        });
        !moves
    }

    /// Returns where a number goes; `None` where it may turn.
    fn of(&self, expr: Handle<Expr>) -> Option<Course> {
        let ty = self.function.exprs[expr].ty.scalar()?;
        let most = ty
            .integer_range()
            .map_or(0, |(low, high)| low.unsigned_abs().max(high.unsigned_abs()));
        let same = Course {
            way: Way::Same,
            most,
        };
        let exact = self.operation(expr, ty, most);
        exact.or_else(|| self.is_same(expr).then_some(same))
    }

    fn operation(&self, expr: Handle<Expr>, ty: Scalar, most: u128) -> Option<Course> {
        let node = &self.function.exprs[expr];
        match &node.kind {
            ExprKind::Int(value) => Some(Course {
                way: Way::Same,
                most: value.unsigned_abs(),
            }),
            ExprKind::Load(place) if place.path.is_empty() => {
                let counts = place.var == self.iterator;
                let way = Way::Up;
                let counted = counts.then_some(Course { way, most });
                counted.or_else(|| self.known.get(&place.var).copied().flatten())
            }
            ExprKind::Cast(inner) => self.converted(*inner, ty, most),
            ExprKind::Unary(UnaryOp::Negate, inner) if ty.is_float() || ty.is_signed() => {
                let inner = self.of(*inner)?;
                let way = inner.way.turned();
                Some(Course { way, ..inner })
            }
            ExprKind::Binary(op, a, b) if ty.is_float() => self.rounded(*op, *a, *b),
            ExprKind::Binary(op, a, b) => self.integers(*op, [*a, *b], ty),
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } if !ty.is_float() => {
                if self.is_same(*condition) {
                    return Some(self.of(*then)?.or(self.of(*otherwise)?));
                }
                [(true, *then, *otherwise), (false, *otherwise, *then)]
                    .into_iter()
                    .find_map(|(holds, kept, limit)| {
                        let course = self.of(kept)?;
                        let kept = self.offset(kept);
                        self.limited((*condition, holds), (kept, course), limit)
                    })
            }
            ExprKind::Call(name, arguments) if ROUNDING.contains(&name.as_str()) => {
                arguments.first().and_then(|argument| self.of(*argument))
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => None,
        }
    }

    /// A conversion leaves the order of numbers alone where it does not wrap around.
    fn converted(&self, inner: Handle<Expr>, ty: Scalar, most: u128) -> Option<Course> {
        let course = self.of(inner)?;
        let from = self.function.exprs[inner].ty.scalar()?;
        if from.is_float() || ty.is_float() {
            // What does not fit is undefined.
            let wraps = !from.is_float() && from.bits() == 64 && !from.is_signed();
            return (!wraps && ty != Scalar::Bool).then_some(Course { most, ..course });
        }
        let (_, high) = ty.integer_range()?;
        let fits = course.most <= high.unsigned_abs();
        let is_kept = match (ty.is_signed(), ty.bits()) {
            (false, 64) => true,
            (true, 64) => fits || from.is_signed(),
            (true, _) => fits,
            // A number of 64 bits without a sign may stand for a negative one.
            (false, _) => fits && !from.is_signed() && from.bits() < 64,
        };
        is_kept.then_some(course)
    }

    fn rounded(&self, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Option<Course> {
        let way = self.way(op, [a, b], [self.of(a)?, self.of(b)?])?;
        Some(Course { way, most: 0 })
    }

    fn integers(&self, op: BinaryOp, [a, b]: [Handle<Expr>; 2], ty: Scalar) -> Option<Course> {
        let (first, second) = (self.of(a)?, self.of(b)?);
        let way = self.way(op, [a, b], [first, second])?;
        // Without a sign, a difference may wrap around, and what has wrapped around is no number to divide.
        let is_of = |operators: [BinaryOp; 2]| operators.contains(&op);
        let wraps = op == BinaryOp::Subtract && ty.bits() < 64;
        if !ty.is_signed() && (wraps || is_of([BinaryOp::Divide, BinaryOp::ShiftRight])) {
            return None;
        }
        let most = if is_of([BinaryOp::Add, BinaryOp::Subtract]) {
            first.most.saturating_add(second.most)
        } else if op == BinaryOp::Multiply {
            first.most.saturating_mul(second.most)
        } else {
            first.most
        };
        Course { way, most }.within(ty)
    }

    /// Returns where the result of an operation goes.
    fn way(
        &self,
        op: BinaryOp,
        [a, b]: [Handle<Expr>; 2],
        [first, second]: [Course; 2],
    ) -> Option<Way> {
        let stays = second.way == Way::Same;
        match op {
            BinaryOp::Add => first.way.with(second.way),
            BinaryOp::Subtract => first.way.with(second.way.turned()),
            BinaryOp::Multiply if first.way == Way::Same => Some(second.way.scaled(self.sign(a))),
            BinaryOp::Multiply | BinaryOp::Divide if stays => Some(first.way.scaled(self.sign(b))),
            BinaryOp::ShiftRight if stays => Some(first.way),
            BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::ShiftLeft
            | BinaryOp::ShiftRight
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
            | BinaryOp::FloorDivide
            | BinaryOp::CeilDivide => None,
        }
    }

    /// Returns the sign of a constant.
    fn sign(&self, value: Handle<Expr>) -> Option<i128> {
        let node = &self.function.exprs[value];
        if let ExprKind::Float(value) = node.kind {
            return (value != 0.0).then_some(if value > 0.0 { 1 } else { -1 });
        }
        let is_float = node.ty.scalar().is_some_and(Scalar::is_float);
        if let ExprKind::Cast(inner) = node.kind
            && is_float
        {
            return self.sign(inner);
        }
        build::constant(self.function, value).map(i128::signum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether the subscript of `a` in a loop over `i` goes one way.
    fn goes_one_way(subscript: &str) -> bool {
        let text = format!(
            "fn f(n: i32, k: i32, c: f32, u: u32, z: u64, x: *const i32, a: *f32) {{
                for i: i32 in 0..n {{ S0: a[{subscript}] = 0.0f32 }}
            }}"
        );
        let module = mupac_ir::parse::module(&text).unwrap_or_else(|error| panic!("{error}"));
        let (_, function) = module.functions.iter().next().expect("a function");
        let Some(Stmt::For(each)) = function.body.first() else {
            panic!("no loop");
        };
        let Some(Stmt::Compute(compute)) = each.body.first() else {
            panic!("no statement");
        };
        let subscript = build::indices(&compute.target).next().expect("a subscript");
        is_monotone(function, each.iterator, subscript)
    }

    #[test]
    fn sums_products_and_roundings_go_one_way() {
        for subscript in [
            "i * k + 3",
            "k - i * 2",
            "(i * k) >> 16",
            "i * k / 7",
            "x[k] + i * k",
            "i32(f32(i) * c)",
            "i32((f32(i) + 0.5f32) * c - 0.5f32)",
            "i32(f32(i) / c)",
            "i64(i) * i64(k) + i64(n)",
            "u64(i) * u64(k) * 3u64 + 2u64",
            "i + 1 < k ? i + 1 : k - 1",
            "i < 0 ? 0 : i",
            "i > k ? k : i",
            "k <= i * n ? k : i * n",
        ] {
            assert!(goes_one_way(subscript), "{subscript}");
        }
    }

    #[test]
    fn what_may_turn_or_wrap_does_not() {
        for subscript in [
            "i * i",
            "i % k",
            "i & 7",
            "x[i]",
            "k / i",
            "i * k - i * n",
            "i32(f32(k) / f32(i))",
            "i32(u32(i) * u)",
            "u64(i) * z",
            "i8(i)",
            "i < k ? i : 0",
            "i < k ? i : k - 2",
            "i < k ? k + 1 : i",
            "i > k ? i : k + 2",
            "i + 1 < k ? i : k - 3",
            "u32(i) < u ? i : k",
        ] {
            assert!(!goes_one_way(subscript), "{subscript}");
        }
    }
}
