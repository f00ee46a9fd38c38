//! Bounds of integer values, as far as types, operators and constants show them.
//!
//! A value that C defines lies within its bounds whatever the data: what would leave its type either wraps, and may then be
//! anything the type holds, or is undefined.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::fold::constant;
use mupac_ir::{Axis, BinaryOp, Expr, ExprKind, Function, Handle, Stmt, UnaryOp, Var};

use crate::facts::Facts;
use crate::region;

/// Least and greatest value.
pub(crate) type Interval = (i128, i128);

/// Variables within variables that are looked through.
const DEEPEST: usize = 8;

/// What bounds the integers of a region.
pub(crate) struct Intervals<'a> {
    function: &'a Function,
    /// Every value that the region gives to a variable of which iterations have a copy each, so that no read of it sees
    /// another.
    assigned: BTreeMap<Handle<Var>, Vec<Handle<Expr>>>,
    /// The launch that the integers are of, if one is known.
    launch: Option<&'a Launch>,
}

/// What bounds the integers of a launch besides.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    /// What a counter or a name for a value may be, wherever it is declared.
    pub(crate) counters: BTreeMap<Handle<Var>, Interval>,
    /// The greatest number of a block along each axis.
    pub(crate) last_block: [i128; 3],
    /// The greatest number of a thread along each axis.
    pub(crate) last_thread: [i128; 3],
}

impl<'a> Intervals<'a> {
    /// Returns bounds of what a launch computes.
    pub(crate) fn of_launch(function: &'a Function, launch: &'a Launch) -> Self {
        Self {
            function,
            assigned: BTreeMap::new(),
            launch: Some(launch),
        }
    }

    /// Collects what the statements of a region assign.
    pub(crate) fn of(facts: &Facts, function: &'a Function, statements: &[Stmt]) -> Self {
        let mut assigned: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut otherwise = BTreeSet::new();
        region::each(statements, &mut |stmt| match stmt {
            Stmt::Compute(compute) if compute.target.path.is_empty() => {
                let values = assigned.entry(compute.target.var).or_default();
                values.push(compute.value);
            }
            Stmt::For(each) => drop(otherwise.insert(each.iterator)),
            Stmt::Call(call) => otherwise.extend(call.target.iter().map(|target| target.var)),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        });
        assigned.retain(|var, _| {
            facts.private.contains_key(var)
                && !otherwise.contains(var)
                && !function.vars[*var].is_address_taken
        });
        Self {
            function,
            assigned,
            launch: None,
        }
    }

    /// Returns the bounds of an integer; `None` for what is none.
    pub(crate) fn value(&self, expr: Handle<Expr>) -> Option<Interval> {
        self.within(expr, DEEPEST)
    }

    fn within(&self, expr: Handle<Expr>, depth: usize) -> Option<Interval> {
        let node = &self.function.exprs[expr];
        let all = node.ty.scalar()?.integer_range()?;
        let found = match &node.kind {
            ExprKind::Int(value) => Some((*value, *value)),
            ExprKind::Load(place) if place.path.is_empty() => self.variable(place.var, depth),
            ExprKind::Cast(inner) => self.within(*inner, depth),
            ExprKind::Unary(UnaryOp::Not, _) => Some((0, 1)),
            ExprKind::Binary(op, a, b) => self.binary(*op, *a, *b, depth),
            ExprKind::Select {
                then, otherwise, ..
            } => {
                let sides = self
                    .within(*then, depth)
                    .zip(self.within(*otherwise, depth));
                sides.map(|(a, b)| hull(a, b))
            }
            ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::Negate | UnaryOp::BitNot, _)
            | ExprKind::Call(..) => None,
            ExprKind::BlockIndex(axis) => self.index(|launch| launch.last_block, *axis),
            ExprKind::ThreadIndex(axis) => self.index(|launch| launch.last_thread, *axis),
        };
        let fits = |found: &Interval| all.0 <= found.0 && found.1 <= all.1;
        Some(found.filter(fits).unwrap_or(all))
    }

    fn index(&self, last: impl Fn(&Launch) -> [i128; 3], axis: Axis) -> Option<Interval> {
        self.launch.map(|launch| (0, last(launch)[axis as usize]))
    }

    fn variable(&self, var: Handle<Var>, depth: usize) -> Option<Interval> {
        if let Some(known) = self.launch.and_then(|launch| launch.counters.get(&var)) {
            return Some(*known);
        }
        let deeper = depth.checked_sub(1)?;
        let values = self.assigned.get(&var)?.iter();
        let bounds: Option<Vec<_>> = values.map(|value| self.within(*value, deeper)).collect();
        bounds?.into_iter().reduce(hull)
    }

    fn binary(
        &self,
        op: BinaryOp,
        left: Handle<Expr>,
        right: Handle<Expr>,
        depth: usize,
    ) -> Option<Interval> {
        let (a, b) = (self.within(left, depth)?, self.within(right, depth)?);
        let by = constant(self.function, right);
        match op {
            BinaryOp::Add => Some((a.0.checked_add(b.0)?, a.1.checked_add(b.1)?)),
            BinaryOp::Subtract => Some((a.0.checked_sub(b.1)?, a.1.checked_sub(b.0)?)),
            BinaryOp::Multiply => ends(&[a.0, a.1], &[b.0, b.1], i128::checked_mul),
            BinaryOp::Divide => {
                let by = by.filter(|by| *by > 0)?;
                Some((a.0 / by, a.1 / by))
            }
            BinaryOp::FloorDivide => {
                let by = by.filter(|by| *by > 0)?;
                Some((a.0.div_euclid(by), a.1.div_euclid(by)))
            }
            BinaryOp::CeilDivide => {
                let by = by.filter(|by| *by > 0)?;
                Some((-(-a.0).div_euclid(by), -(-a.1).div_euclid(by)))
            }
            BinaryOp::Remainder => {
                let most = by.filter(|by| *by > 0)? - 1;
                Some((a.0.clamp(-most, 0), a.1.clamp(0, most)))
            }
            // Both operands have the bits of the result.
            BinaryOp::BitAnd => {
                let positive = [a, b].into_iter().filter(|each| each.0 >= 0);
                positive.map(|each| each.1).min().map(|most| (0, most))
            }
            BinaryOp::ShiftRight => {
                let by = u32::try_from(by?).ok().filter(|by| *by < 64)?;
                (a.0 >= 0).then_some((a.0 >> by, a.1 >> by))
            }
            BinaryOp::Min => Some((a.0.min(b.0), a.1.min(b.1))),
            BinaryOp::Max => Some((a.0.max(b.0), a.1.max(b.1))),
            BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::And
            | BinaryOp::Or => Some((0, 1)),
            BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::ShiftLeft | BinaryOp::Difference => None,
        }
    }
}

/// Returns the bounds of what lies within one of two bounds.
pub(crate) fn hull(a: Interval, b: Interval) -> Interval {
    (a.0.min(b.0), a.1.max(b.1))
}

/// Returns the bounds of a function that is monotone in each argument, over all pairs of their ends.
fn ends(a: &[i128], b: &[i128], apply: impl Fn(i128, i128) -> Option<i128>) -> Option<Interval> {
    let pairs = a.iter().flat_map(|a| b.iter().map(|b| apply(*a, *b)));
    let values: Vec<_> = pairs.collect::<Option<_>>()?;
    Some((*values.iter().min()?, *values.iter().max()?))
}
