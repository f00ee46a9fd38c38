//! Which loops look for the place of a greatest or least value.

use std::collections::BTreeSet;

use mupac_ir::structure::{self, conjuncts};
use mupac_ir::{
    BinaryOp, Block, Comparison, Compute, Contraction, Expr, ExprKind, Function, Handle, If, Loop,
    ReductionOperator, Scalar, Stmt, Type, Var,
};

use crate::analyse::{Part, is_read_first, may_leave};
use crate::normalise::{is_modelled, modified};
use crate::{build, joining, region};

/// A loop that looks for an extreme value.
pub(super) struct Search {
    /// Which statement of the body compares.
    pub(super) at: usize,
    /// The conditions besides the comparison, in order.
    pub(super) conditions: Vec<Handle<Expr>>,
    /// The comparison of a value with the best so far, and its operator and operands.
    pub(super) comparison: Handle<Expr>,
    pub(super) operands: (BinaryOp, Handle<Expr>, Handle<Expr>),
    /// The assignment of the value.
    pub(super) best: Compute,
    /// What is remembered of the iteration.
    pub(super) others: Vec<Compute>,
    pub(super) better: Better,
    /// Whether what is compared is the same in two kernels, whatever a compiler contracts.
    pub(super) contraction: Contraction,
}

/// Which values are better.
#[derive(Clone, Copy)]
pub(super) struct Better {
    /// Those that are greater.
    pub(super) is_greater: bool,
    /// Also one that is the same.
    pub(super) takes_equal: bool,
}

impl Search {
    /// Reads a loop; `place`: what its conditions read as it was before the loop.
    pub(super) fn of(function: &Function, each: &Loop, place: Option<Handle<Var>>) -> Option<Self> {
        let (at, found) = each
            .body
            .iter()
            .enumerate()
            .find_map(|(at, stmt)| Some((at, Self::compared(function, stmt)?)))?;
        let mut found = Self { at, ..found };
        found.contraction = found.contraction(function, each)?;
        found.is_alone(function, each, place).then_some(found)
    }

    /// Reads `if (… && v > best) { best = v; at = i; }`, also as conditions in one another.
    pub(super) fn compared(function: &Function, stmt: &Stmt) -> Option<Self> {
        let mut conditions = Vec::new();
        let mut inside = stmt;
        let assigned = loop {
            let Stmt::If(branch) = inside else {
                return None;
            };
            branch.otherwise.is_empty().then_some(())?;
            conditions.extend(conjuncts(function, branch.condition));
            match branch.then.as_slice() {
                [inner @ Stmt::If(_)] => inside = inner,
                all => break all,
            }
        };
        let mut assigned: Vec<Compute> = assigned.iter().map(assignment).collect::<Option<_>>()?;
        (assigned.len() > 1).then_some(())?;
        for (place, comparison) in conditions.iter().enumerate() {
            for which in 0..assigned.len() {
                let Some(better) = joins(function, *comparison, &assigned[which]) else {
                    continue;
                };
                let ExprKind::Binary(op, a, b) = function.exprs[*comparison].kind else {
                    continue;
                };
                let later = conditions.get(place + 1..).unwrap_or_default();
                later
                    .iter()
                    .all(|each| is_safe(function, *each))
                    .then_some(())?;
                let comparison = *comparison;
                let best = assigned.remove(which);
                conditions.remove(place);
                return Some(Self {
                    at: 0,
                    conditions,
                    comparison,
                    operands: (op, a, b),
                    best,
                    others: assigned,
                    better,
                    contraction: Contraction::Allowed,
                });
            }
        }
        None
    }

    /// Returns whether a loop does nothing but this search, so that it may run twice.
    fn is_alone(&self, function: &Function, each: &Loop, place: Option<Handle<Var>>) -> bool {
        let best = self.best.target.var;
        let kept: BTreeSet<_> = self.others.iter().map(|each| each.target.var).collect();
        let changed = modified(&each.body);
        let mut own: BTreeSet<_> = changed.clone();
        own.retain(|var| *var != best && !kept.contains(var));
        let is_scalar = |var: Handle<Var>| {
            matches!(function.vars[var].ty, Type::Scalar(_)) && function.vars[var].is_plain_local()
        };
        let mut writes_scalars = true;
        region::each(&each.body, &mut |stmt| {
            writes_scalars &= region::target(stmt).is_none_or(|place| place.path.is_empty());
        });
        let results = || kept.iter().chain([&best]);
        let names_results = |stmt: &Stmt| results().any(|var| region::names(function, stmt, *var));
        let mut beside = each.body.iter().enumerate();
        let reads = |expr, var: &Handle<Var>| build::names(function, expr, *var);
        let conditions = || self.conditions.iter().copied();
        let of_iteration = |other: &Compute| {
            let is_read = |var: &Handle<Var>| *var != each.iterator && changed.contains(var);
            build::is_of_places(function, other.value, &|place| !is_read(&place.var))
        };
        let read_before = own.iter().any(|var| {
            let is_declared = |stmt: &Stmt| matches!(stmt, Stmt::Declare(other, _) if other == var);
            !each.body.iter().any(is_declared)
                && is_read_first(function, &each.body, &[Part::whole(*var)])
        });
        is_modelled(&each.body)
            && !may_leave(&each.body)
            && region::has_fixed_bounds(function, each, &changed)
            && kept.len() == self.others.len()
            && !kept.contains(&best)
            && !changed.contains(&each.iterator)
            && own.iter().chain(results()).all(|var| is_scalar(*var))
            && writes_scalars
            && !read_before
            && !beside.any(|(at, stmt)| at != self.at && names_results(stmt))
            && !conditions()
                .any(|each| results().any(|var| place != Some(*var) && reads(each, var)))
            && !kept.iter().any(|var| reads(self.comparison, var))
            && self.others.iter().all(of_iteration)
    }

    /// Returns whether two kernels find the same value in each iteration, and the same iterations that count, even if products are
    /// contracted; `None` where they may not although none is.
    fn contraction(&self, function: &Function, each: &Loop) -> Option<Contraction> {
        let mut asked = vec![self.best.value];
        region::each(&each.body, &mut |stmt| asked.extend(decides(stmt)));
        let same = |rounded: bool| {
            let mut seen = BTreeSet::new();
            let mut asked = asked.iter();
            asked.all(|value| is_exact(function, (&each.body, rounded), *value, &mut seen))
        };
        if same(false) {
            return Some(Contraction::Allowed);
        }
        same(true).then_some(Contraction::Forbidden)
    }
}

impl Search {
    /// Returns whether what is remembered lies in memory: the host reads it behind the region, where no guard tells what was written
    /// meanwhile.
    pub(super) fn remembers_memory(&self, function: &Function) -> bool {
        let plain = |value| build::is_of_variables(function, value, &|_| true);
        !self.others.iter().all(|other| plain(other.value))
    }
}

/// Returns an assignment to a whole variable.
fn assignment(stmt: &Stmt) -> Option<Compute> {
    if let Stmt::Compute(compute) = stmt
        && compute.target.path.is_empty()
    {
        Some(compute.clone())
    } else {
        None
    }
}

/// Returns which values an assignment under a comparison takes, if it joins a greatest or least one.
fn joins(function: &Function, comparison: Handle<Expr>, compute: &Compute) -> Option<Better> {
    let branch = If {
        condition: comparison,
        then: vec![Stmt::Compute(compute.clone())],
        otherwise: Block::new(),
        span: compute.span,
    };
    let joined = joining::condition(function, &branch)?;
    let ExprKind::Binary(op, ..) = function.exprs[comparison].kind else {
        return None;
    };
    Some(Better {
        is_greater: joined.joining.operator == ReductionOperator::Maximum,
        takes_equal: match Comparison::of(op)? {
            Comparison::Greater | Comparison::Less => false,
            Comparison::GreaterEqual | Comparison::LessEqual => true,
            Comparison::Equal | Comparison::NotEqual => return None,
        },
    })
}

/// Returns whether a condition may be asked where the one before it fails: it reads no memory and divides nothing.
fn is_safe(function: &Function, condition: Handle<Expr>) -> bool {
    let mut is_safe = true;
    build::visit(function, condition, &mut |_, node| {
        is_safe &= match &node.kind {
            ExprKind::Load(place) => place.path.is_empty(),
            ExprKind::Binary(op, ..) => !matches!(op, BinaryOp::Divide | BinaryOp::Remainder),
            ExprKind::Call(..) | ExprKind::Address(_) => false,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Unary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => true,
        };
    });
    is_safe
}

/// Returns what decides which statements in a statement run.
fn decides(stmt: &Stmt) -> Vec<Handle<Expr>> {
    if structure::blocks(stmt).next().is_some() {
        structure::expressions(stmt)
    } else {
        Vec::new()
    }
}

/// Returns whether two kernels compute the same value of an expression, whatever a compiler contracts: sums and products of
/// floating-point numbers may be one operation in one of them and two in the other, unless all are `rounded`.
fn is_exact(
    function: &Function,
    (body, rounded): (&Block, bool),
    value: Handle<Expr>,
    seen: &mut BTreeSet<Handle<Var>>,
) -> bool {
    let mut exact = true;
    let mut read = Vec::new();
    build::visit(function, value, &mut |_, node| {
        let is_float = node.ty.scalar().is_some_and(Scalar::is_float);
        exact &= match &node.kind {
            ExprKind::Load(place) => {
                if place.path.is_empty() {
                    read.push(place.var);
                }
                true
            }
            ExprKind::Binary(op, ..) => {
                let contracts = [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply];
                !is_float || rounded || !contracts.contains(op)
            }
            ExprKind::Call(name, _) => {
                !is_float || ["fabs", "fabsf", "sqrt", "sqrtf"].contains(&name.as_str())
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => true,
        };
    });
    read.retain(|var| seen.insert(*var));
    let mut values = Vec::new();
    region::each(body, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && read.contains(&compute.target.var)
        {
            values.push(compute.value);
        }
    });
    exact
        && values
            .iter()
            .all(|value| is_exact(function, (body, rounded), *value, seen))
}
