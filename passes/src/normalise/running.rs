//! Elements that each are what the one before is, joined with something, become a value that iterations contribute to and look at: of
//! `for i { x[i] = x[i - 1] + a[i]; }` remains `for i { s = s + a[i]; x[i] = x[first - 1] + s; }`, where `s` starts with what joins
//! nothing each time that the loop does.
//!
//! Up to the order in which they are joined these are the same values: where one iteration writes the element that the next one
//! reads, and nothing else in the loop writes any, the first iteration alone reads what was there before. Integers are joined
//! modulo a power of two, so that sums of parts may overflow where whole sums do not.
//!
//! **Source**: Callahan, “Recognizing and Parallelizing Bounded Recurrences”, LCPC 1991.

use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{indices, is_same_expr};
use mupac_ir::{
    BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, Loop, Place, Projection,
    ReductionOperator, Scalar, Stmt, StmtId, Var,
};

use super::{Normal, is_modelled, modified};
use crate::analyse::may_leave;
use crate::facts::BlockStep;
use crate::{build, joining, region};

/// Returns the form of a region in which iterations contribute to values of their loops instead of elements; `None` where there are
/// none.
pub(crate) fn running(normal: &Normal, path: &[BlockStep], range: &Range<usize>) -> Option<Normal> {
    let is_known = is_modelled(region::statements(&normal.function, path, range));
    let mut function = is_known.then(|| (*normal.function).clone())?;
    let mut made = normal.made.clone();
    let mut next = region::next_number(&[&function.body]);
    let mut statements = region::take(&mut function, path, range);
    let known = made.running.len();
    for stmt in &mut statements {
        // Of a loop inside nothing would start the value anew.
        if let Stmt::For(each) = stmt {
            while let Some(value) = contributing(&mut function, each, &mut next) {
                made.running.insert(value, each.name.clone());
            }
        }
    }
    region::put(&mut function, path, range.start, statements);
    (made.running.len() > known).then(|| Normal {
        function: Arc::new(function),
        made,
        ..normal.clone()
    })
}

/// Has iterations of a loop contribute to a value instead of an element, and returns the value; `None` where none do.
fn contributing(
    function: &mut Function,
    each: &mut Loop,
    next: &mut StmtId,
) -> Option<Handle<Var>> {
    let changed = modified(&each.body);
    let is_plain = region::has_fixed_bounds(function, each, &changed) && !may_leave(&each.body);
    is_plain.then_some(())?;
    let found = (0..each.body.len()).find_map(|at| {
        let Stmt::Compute(compute) = &each.body[at] else {
            return None;
        };
        let compute = compute.clone();
        let joined = Joined::of(function, each, &compute)?;
        Some((at, compute, joined))
    });
    let (at, compute, joined) = found?;
    let value = joined.value;
    let made = joined.statements(function, &compute, next)?;
    each.body.splice(at..=at, made);
    Some(value)
}

/// An element that is the one before, joined with something.
struct Joined {
    /// What stands for what is joined.
    value: Handle<Var>,
    ty: Scalar,
    operator: ReductionOperator,
    /// What an iteration joins to it.
    contribution: Handle<Expr>,
    /// The element before the first.
    first: Place,
}

impl Joined {
    fn of(function: &mut Function, each: &Loop, compute: &Compute) -> Option<Self> {
        let array = &function.vars[compute.target.var];
        let is_element = !compute.target.path.is_empty() && !array.is_volatile;
        let ty = function.exprs[compute.value].ty.scalar()?;
        (is_element && ty != Scalar::Bool && is_only(function, each, compute)).then_some(())?;
        let first = before_first(function, each, compute)?;
        let value = Var::local(function.fresh_name("value"), ty);
        let value = function.vars.push(value);
        let before = |function: &Function, place: &Place| {
            place.var == compute.target.var && is_before(function, each, &compute.target, place)
        };
        let contribution = build::replaced(function, compute.value, &mut |function, node| {
            let ExprKind::Load(place) = &node.kind else {
                return None;
            };
            let place = place.clone();
            before(function, &place).then(|| function.load(value))
        });
        let contributes = Compute {
            target: Place::var(value),
            value: contribution,
            ..compute.clone()
        };
        let joined = joining::assignment(function, &contributes)?;
        let operator = joined.joining.operator;
        // Products of factors alone may leave the range of the type where those with the first element do not.
        let is_far = ty.is_float() && operator == ReductionOperator::Product;
        let is_plain = joined.joining.call.is_none() && !joined.joining.replaces_nan && !is_far;
        let name = format!(
            "{}.{}",
            function.vars[compute.target.var].name,
            word(operator)
        );
        function.vars[value].name = function.fresh_name(&name);
        is_plain.then_some(Self {
            value,
            ty,
            operator,
            contribution,
            first,
        })
    }

    /// Returns the statements that stand in the place of one.
    fn statements(
        self,
        function: &mut Function,
        compute: &Compute,
        next: &mut StmtId,
    ) -> Option<Block> {
        let before = function.expr(ExprKind::Load(self.first.clone()), self.ty);
        let own = function.load(self.value);
        let stored = Compute {
            id: *next,
            value: self.join(function, before, own)?,
            ..compute.clone()
        };
        *next = StmtId(next.0.saturating_add(1));
        let contributes = Compute {
            target: Place::var(self.value),
            value: self.contribution,
            ..compute.clone()
        };
        Some(vec![Stmt::Compute(contributes), Stmt::Compute(stored)])
    }

    /// Returns two values joined; where integers may overflow on the way, without a sign.
    fn join(
        &self,
        function: &mut Function,
        a: Handle<Expr>,
        b: Handle<Expr>,
    ) -> Option<Handle<Expr>> {
        let (op, is_modular) = match self.operator {
            ReductionOperator::Sum => (BinaryOp::Add, true),
            ReductionOperator::Product => (BinaryOp::Multiply, true),
            ReductionOperator::BitAnd => (BinaryOp::BitAnd, false),
            ReductionOperator::BitOr => (BinaryOp::BitOr, false),
            ReductionOperator::BitXor => (BinaryOp::BitXor, false),
            ReductionOperator::Minimum | ReductionOperator::Maximum => {
                let is_least = self.operator == ReductionOperator::Minimum;
                let op = if is_least {
                    BinaryOp::Less
                } else {
                    BinaryOp::Greater
                };
                let condition = function.expr(ExprKind::Binary(op, b, a), Scalar::I32);
                let kind = ExprKind::Select {
                    condition,
                    then: b,
                    otherwise: a,
                };
                let is_promoted = self.ty.promoted() == self.ty;
                return is_promoted.then(|| function.expr(kind, self.ty));
            }
        };
        let promoted = self.ty.promoted();
        let computed = if is_modular && promoted == Scalar::I32 {
            Scalar::U32
        } else if is_modular && promoted == Scalar::I64 {
            Scalar::U64
        } else {
            promoted
        };
        let [a, b] = [a, b].map(|each| build::convert(function, each, computed));
        let sum = function.expr(ExprKind::Binary(op, a, b), computed);
        Some(build::convert(function, sum, self.ty))
    }
}

/// Returns whether nothing else in a loop writes the array of an assignment, nor anything that its subscripts go by.
fn is_only(function: &Function, each: &Loop, compute: &Compute) -> bool {
    let mut writes = 0;
    region::each(&each.body, &mut |stmt| {
        let own = region::target(stmt);
        writes += usize::from(own.is_some_and(|place| place.var == compute.target.var));
    });
    let changed = modified(&each.body);
    let mut named = indices(&compute.target).flat_map(|index| build::variables(function, index));
    writes == 1 && !named.any(|var| changed.contains(&var))
}

/// Returns the element that the first iteration reads, if an assignment reads the one before and no iteration of the loop has to
/// wrap around for that.
fn before_first(function: &mut Function, each: &Loop, compute: &Compute) -> Option<Place> {
    let mut found = None;
    let function_read = &*function;
    build::visit(function_read, compute.value, &mut |_, node| {
        if let ExprKind::Load(place) = &node.kind
            && place.var == compute.target.var
            && is_before(function_read, each, &compute.target, place)
        {
            found = Some(place.clone());
        }
    });
    let mut first = found?;
    for step in &mut first.path {
        let Projection::Index(index) = step else {
            continue;
        };
        let ty = function.exprs[*index].ty.scalar()?;
        let at = build::replaced(function, *index, &mut |function, node| {
            let is_counter = node.kind == ExprKind::Load(Place::var(each.iterator));
            let ty = node.ty.scalar()?;
            is_counter.then(|| build::convert(function, each.start, ty))
        });
        let number = build::constant(function, at);
        *index = number.map_or(at, |number| build::int(function, number, ty));
    }
    Some(first)
}

/// Returns whether a place is in each iteration what another one is in the iteration before: one subscript differs, by what the loop
/// counts in a step.
fn is_before(function: &Function, each: &Loop, target: &Place, place: &Place) -> bool {
    if target.path.len() != place.path.len() {
        return false;
    }
    let mut differing = 0;
    let mut steps = target.path.iter().zip(&place.path);
    let are_alike = steps.all(|(a, b)| match (a, b) {
        (Projection::Index(a), Projection::Index(b)) => {
            if is_same_expr(function, *a, function, *b) {
                return !build::names(function, *a, each.iterator);
            }
            differing += 1;
            is_step(function, each, *a, *b)
        }
        (Projection::Field(a), Projection::Field(b)) => a == b,
        (Projection::Index(_) | Projection::Field(_), _) => false,
    });
    are_alike && differing == 1
}

/// Returns whether a subscript is another one and what a loop counts in a step.
fn is_step(function: &Function, each: &Loop, index: Handle<Expr>, before: Handle<Expr>) -> bool {
    let ((base, number), (other, offset)) = (parts(function, index), parts(function, before));
    // Counters without a sign must not wrap around.
    let is_signed = (function.exprs[other].ty.scalar()).is_some_and(Scalar::is_signed);
    let is_counter = function.exprs[other].kind == ExprKind::Load(Place::var(each.iterator));
    let start = build::constant(function, each.start).filter(|_| is_counter && each.step > 0);
    let is_above = start.is_some_and(|start| start + number.min(offset) >= 0);
    is_same_expr(function, base, function, other)
        && counts_once(function, base, each.iterator)
        && number - offset == i128::from(each.step)
        && (is_signed || is_above)
}

/// Returns an expression without the number that is added to it last, and that number.
fn parts(function: &Function, expr: Handle<Expr>) -> (Handle<Expr>, i128) {
    let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) =
        function.exprs[expr].kind
    else {
        return (expr, 0);
    };
    match build::constant(function, b) {
        Some(number) if op == BinaryOp::Add => (a, number),
        Some(number) => (a, -number),
        None => (expr, 0),
    }
}

/// Returns whether a counter is a term of a sum, once.
fn counts_once(function: &Function, expr: Handle<Expr>, counter: Handle<Var>) -> bool {
    let names = |expr| build::names(function, expr, counter);
    match &function.exprs[expr].kind {
        ExprKind::Load(place) => *place == Place::var(counter),
        ExprKind::Cast(inner) => counts_once(function, *inner, counter),
        ExprKind::Binary(BinaryOp::Add, a, b) => match (names(*a), names(*b)) {
            (true, false) => counts_once(function, *a, counter),
            (false, true) => counts_once(function, *b, counter),
            (true, true) | (false, false) => false,
        },
        ExprKind::Binary(BinaryOp::Subtract, a, b) => {
            !names(*b) && counts_once(function, *a, counter)
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Address(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Select { .. }
        | ExprKind::Call(..)
        | ExprKind::BlockIndex(_)
        | ExprKind::ThreadIndex(_) => false,
    }
}

/// Returns what a value is called that an operator joins.
fn word(operator: ReductionOperator) -> &'static str {
    match operator {
        ReductionOperator::Sum => "sum",
        ReductionOperator::Product => "product",
        ReductionOperator::Minimum => "least",
        ReductionOperator::Maximum => "greatest",
        ReductionOperator::BitAnd | ReductionOperator::BitOr | ReductionOperator::BitXor => "bits",
    }
}
