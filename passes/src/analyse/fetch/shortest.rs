//! Shortest paths between all pairs: in step `k` of `if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j]` row and column
//! `k` stay as they are where no distance is negative, since no sum with one is less than the other. With that said,
//! `if (i != k && j != k && …)`, nothing in a step reads what it writes.
//!
//! The host looks at all distances first. They stay so: what is written is a sum of two of them.
//!
//! **Source**: Floyd, “Algorithm 97: Shortest Path”, CACM 5(6), 1962.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::{indices, is_same_expr, operands};
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, If, Loop, NOT_NEGATIVE, Place, Projection,
    Scalar, Stmt, Type, Var,
};

use super::rows::{all, where_runs};
use super::{InMemory, Requirement, needs};
use crate::facts::BlockStep;
use crate::sum::Sum;
use crate::{build, region};

/// Returns the function with the steps of shortest paths in which rows and columns stay as they are said to; `None` where
/// there are none.
pub(super) fn paths(
    function: &Arc<Function>,
    (path, range): (&[BlockStep], &Range<usize>),
    known: &[InMemory],
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let statements = region::statements(function, path, range);
    if !is_plain(function, statements) {
        return None;
    }
    let mut own = (**function).clone();
    let mut steps = Steps {
        counts: assignments(statements),
        values: BTreeMap::new(),
        loops: Vec::new(),
        found: Vec::new(),
    };
    let mut statements = region::take(&mut own, path, range);
    steps.block(&mut own, &mut statements);
    let written = |array: Handle<Var>| {
        let mut count = 0;
        region::each(&statements, &mut |stmt| {
            count += usize::from(region::target(stmt).is_some_and(|place| place.var == array));
        });
        count
    };
    let all_are = |step: &Step| {
        let same = steps.found.iter().filter(|other| other.array == step.array);
        same.count() == written(step.array)
    };
    let is_found = !steps.found.is_empty() && steps.found.iter().all(all_are);
    region::put(&mut own, path, range.start, statements);
    let mut values = known.to_vec();
    for step in steps.found.iter().filter(|_| is_found) {
        values.push(step.look(&mut own, known)?);
    }
    is_found.then(|| (Arc::new(own), values))
}

/// Returns whether statements call nothing and set no pointer, so that they write by nothing but arrays that they name.
fn is_plain(function: &Function, statements: &[Stmt]) -> bool {
    let mut is_plain = true;
    region::each(statements, &mut |stmt| {
        is_plain &= match stmt {
            Stmt::Compute(compute) => {
                let place = &compute.target;
                let ty = &function.vars[place.var].ty;
                !place.path.is_empty() || matches!(ty, Type::Scalar(_))
            }
            Stmt::Declare(..) | Stmt::For(_) | Stmt::If(_) | Stmt::Continue(_) => true,
            Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => false,
        };
    });
    is_plain
}

/// Returns how often statements set variables, or count with them.
fn assignments(statements: &[Stmt]) -> BTreeMap<Handle<Var>, usize> {
    let mut counts = BTreeMap::new();
    region::each(statements, &mut |stmt| {
        if let Some(place) = region::target(stmt).filter(|place| place.path.is_empty()) {
            *counts.entry(place.var).or_default() += 1;
        }
        if let Stmt::For(each) = stmt {
            *counts.entry(each.iterator).or_default() += 1;
        }
    });
    counts
}

/// A step of shortest paths: the loops around, the outermost first, and the distance that it lowers.
struct Step {
    loops: [Loop; 3],
    array: Handle<Var>,
    distance: Handle<Expr>,
}

/// The walk over a region.
struct Steps {
    /// How often variables are set or counted with in the region.
    counts: BTreeMap<Handle<Var>, usize>,
    /// What variables hold that were set once, in a block around.
    values: BTreeMap<Handle<Var>, Handle<Expr>>,
    /// The headers of the loops around.
    loops: Vec<Loop>,
    found: Vec<Step>,
}

impl Steps {
    fn block(&mut self, function: &mut Function, block: &mut Block) {
        let outside = self.values.clone();
        for stmt in block {
            match stmt {
                Stmt::For(each) => {
                    let mut header = each.clone();
                    header.body = Block::new();
                    self.loops.push(header);
                    self.block(function, &mut each.body);
                    self.loops.pop();
                }
                Stmt::If(branch) => {
                    self.branch(function, branch);
                    self.block(function, &mut branch.then);
                    self.block(function, &mut branch.otherwise);
                }
                Stmt::Compute(compute) if compute.target.path.is_empty() => {
                    let var = compute.target.var;
                    let is_once = self.counts.get(&var) == Some(&1);
                    if is_once && function.vars[var].is_plain_local() {
                        self.values.insert(var, compute.value);
                    }
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::While(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
        self.values = outside;
    }

    /// Says of a branch that lowers distances that row and column of the step stay as they are.
    fn branch(&mut self, function: &mut Function, branch: &mut If) {
        let Some(step) = self.step(function, branch) else {
            return;
        };
        let [through, from, to] = [0, 1, 2].map(|at: usize| step.loops[at].iterator);
        let others = [from, to].map(|var| {
            let sides = [var, through].map(|var| function.load(var));
            build::binary(function, BinaryOp::NotEqual, sides[0], sides[1])
        });
        let conditions = build::conjuncts(function, branch.condition);
        let conditions = others.into_iter().chain(conditions);
        if let Some(condition) = build::all_of(function, conditions) {
            branch.condition = condition;
            self.found.push(step);
        }
    }

    /// Returns the step that a branch is.
    fn step(&self, function: &mut Function, branch: &If) -> Option<Step> {
        let loops: [Loop; 3] = self.loops.last_chunk()?.clone();
        let is_same = |each: &Loop| {
            let bounds = [(each.start, loops[0].start), (each.end, loops[0].end)];
            let mut bounds = bounds.into_iter();
            each.step == 1 && bounds.all(|(a, b)| is_same_expr(function, a, function, b))
        };
        let is_fixed = |bound| self.is_fixed(function, bound);
        if !loops.iter().all(is_same) || !is_fixed(loops[0].start) || !is_fixed(loops[0].end) {
            return None;
        }
        let (sum, distance) = build::conjuncts(function, branch.condition)
            .into_iter()
            .find_map(|condition| self.lowered(function, condition, &loops))?;
        let ExprKind::Load(place) = function.exprs[distance].kind.clone() else {
            return None;
        };
        let is_lowered = |stmt: &Stmt| {
            let Stmt::Compute(compute) = stmt else {
                return false;
            };
            let target = &compute.target;
            let is_it = mupac_ir::structure::is_same_place(function, target, function, &place);
            is_it && self.is_same(function, compute.value, sum)
        };
        let mut targets = branch.then.iter().filter(|stmt| is_lowered(stmt));
        let is_once = targets.next().is_some() && targets.next().is_none();
        let is_square = self.is_square(function, &place, &loops);
        (is_once && is_square).then_some(Step {
            loops,
            array: place.var,
            distance,
        })
    }

    /// Returns whether the elements of a place are a square in memory, which the host can look at before the region: numbers of a
    /// row lie beside one another, and all rows are equally far apart.
    fn is_square(&self, function: &Function, place: &Place, loops: &[Loop; 3]) -> bool {
        let [_, from, to] = [0, 1, 2].map(|at: usize| loops[at].iterator);
        let indices: Vec<_> = indices(place).collect();
        let Some((last, before)) = indices.split_last() else {
            return false;
        };
        let is_flat = sides(function, *last, BinaryOp::Add).is_some_and(|[a, b]| {
            self.is_row(function, a, from) && is_counter(function, b, to)
                || self.is_row(function, b, from) && is_counter(function, a, to)
        });
        let (rows, others): (Vec<&Handle<Expr>>, Vec<_>) =
            (before.iter()).partition(|index| is_counter(function, **index, from));
        let is_row_of_rows = rows.len() == 1 && is_counter(function, *last, to);
        is_one_object(function, place)
            && (is_row_of_rows || rows.is_empty() && is_flat)
            && others.iter().all(|index| self.is_fixed(function, **index))
            && !self.counts.contains_key(&place.var)
    }

    /// Returns whether an index is `from * n`.
    fn is_row(&self, function: &Function, index: Handle<Expr>, from: Handle<Var>) -> bool {
        sides(function, index, BinaryOp::Multiply).is_some_and(|[a, b]| {
            is_counter(function, a, from) && self.is_fixed(function, b)
                || is_counter(function, b, from) && self.is_fixed(function, a)
        })
    }

    /// Returns whether an expression reads nothing but variables that nothing in the region sets or counts with.
    fn is_fixed(&self, function: &Function, expr: Handle<Expr>) -> bool {
        build::is_of_variables(function, expr, &|var| !self.counts.contains_key(&var))
    }

    /// Returns the sum and the distance of a condition that the sum is less, if the distances of the sum are those from the first
    /// one to the step and from there to the second one.
    fn lowered(
        &self,
        function: &mut Function,
        condition: Handle<Expr>,
        loops: &[Loop; 3],
    ) -> Option<(Handle<Expr>, Handle<Expr>)> {
        let (ExprKind::Binary(BinaryOp::Less, sum, distance)
        | ExprKind::Binary(BinaryOp::Greater, distance, sum)) = function.exprs[condition].kind
        else {
            return None;
        };
        let (sum, distance) = (self.value(function, sum), self.value(function, distance));
        let ExprKind::Binary(BinaryOp::Add, a, b) = function.exprs[sum].kind else {
            return None;
        };
        let ExprKind::Load(place) = &function.exprs[distance].kind else {
            return None;
        };
        let ty = function.exprs[distance].ty.scalar()?;
        let is_number = matches!(ty, Scalar::I32 | Scalar::I64 | Scalar::F32 | Scalar::F64);
        let is_element = matches!(place.path.last(), Some(Projection::Index(_)));
        let sides = [a, b].map(|side| self.value(function, side));
        let all = [sides[0], sides[1], sum].into_iter();
        let mut types = all.map(|expr| function.exprs[expr].ty.scalar());
        if !is_number || !is_element || !types.all(|own| own == Some(ty)) {
            return None;
        }
        let [through, from, to] = [0, 1, 2].map(|at: usize| loops[at].iterator);
        let first = renamed(function, distance, (to, through));
        let second = renamed(function, distance, (from, through));
        let is_same = |a, b| is_same_expr(function, a, function, b);
        let are_different = !is_same(first, distance) && !is_same(second, distance);
        let fits = is_same(sides[0], first) && is_same(sides[1], second)
            || is_same(sides[1], first) && is_same(sides[0], second);
        (are_different && fits).then_some((sum, distance))
    }

    /// Returns what an expression is, where it is a variable that was set once.
    fn value(&self, function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
        let var = build::read(function, expr);
        let value = var.and_then(|var| self.values.get(&var).copied());
        value.map_or(expr, |value| self.value(function, value))
    }

    /// Returns whether two expressions are the same once such variables are what they hold.
    fn is_same(&self, function: &Function, a: Handle<Expr>, b: Handle<Expr>) -> bool {
        let (a, b) = (self.value(function, a), self.value(function, b));
        if is_same_expr(function, a, function, b) {
            return true;
        }
        let sides = [a, b].map(|expr| {
            let kind = &function.exprs[expr].kind;
            let is_sum = matches!(kind, ExprKind::Binary(BinaryOp::Add, ..));
            operands(kind)
                .into_iter()
                .filter(|_| is_sum)
                .collect::<Vec<_>>()
        });
        let mut pairs = sides[0].iter().zip(&sides[1]);
        !sides[0].is_empty() && pairs.all(|(a, b)| self.is_same(function, *a, *b))
    }
}

impl Step {
    /// Gives a variable to whether no distance is negative.
    fn look(&self, function: &mut Function, known: &[InMemory]) -> Option<InMemory> {
        let loops: Vec<&Loop> = self.loops.iter().collect();
        let mut needs = needs(function, &loops, &mut |function, read, _| {
            super::known(function, read, known)
        });
        let runs = all(function, &needs);
        let [_, from, to] = &self.loops;
        let start = from.start;
        let one = build::int(function, 1, Scalar::I32);
        let second = build::binary(function, BinaryOp::Add, start, one);
        let mut place = |first: Handle<Expr>| {
            let mut element = self.distance;
            for (var, at) in [(from.iterator, first), (to.iterator, start)] {
                element = replaced(function, element, var, at);
            }
            let ExprKind::Load(place) = &function.exprs[element].kind else {
                return None;
            };
            Some(place.clone())
        };
        let places: [Place; 2] = [place(start)?, place(second)?];
        let ty = function.exprs[self.distance].ty.clone().pointer(false);
        let [first, next] = places
            .clone()
            .map(|place| function.expr(ExprKind::Address(place), ty.clone()));
        let [end, begin] =
            [from.end, start].map(|bound| build::convert(function, bound, Scalar::I64));
        let count = build::binary(function, BinaryOp::Subtract, end, begin);
        let call = ExprKind::Call(NOT_NEGATIVE.to_owned(), vec![first, count, next]);
        let value = function.expr(call, Scalar::I32);
        let name = format!("{}.not_negative", function.vars[self.array].name);
        let fetched = where_runs(function, &name, value, runs);
        let suits = function.load(fetched.variable);
        let least = build::int(function, 1, Scalar::I32);
        needs.push(Requirement {
            kind: "shape",
            condition: build::binary(function, BinaryOp::GreaterEqual, suits, least),
            otherwise: "distances of which some may be negative",
        });
        Some(InMemory {
            fetched,
            root: self.array,
            // The region writes them itself, but the host reads them before.
            reads: Vec::new(),
            pointers: 0,
            needs,
            is_joined: false,
            among: Vec::new(),
            length_of: None,
            member: Vec::new(),
            greatest_of: None,
            is_kept: false,
        })
    }
}

/// Returns whether an index is what a loop counts with.
fn is_counter(function: &Function, index: Handle<Expr>, counter: Handle<Var>) -> bool {
    let sum = Sum::of(function, index);
    sum.var(function) == Some(counter) && sum.factor == 1 && sum.offset == 0
}

/// Returns the operands of an operator that does not wrap.
fn sides(function: &Function, expr: Handle<Expr>, wanted: BinaryOp) -> Option<[Handle<Expr>; 2]> {
    let node = &function.exprs[expr];
    let ty = node.ty.scalar()?;
    match node.kind {
        ExprKind::Cast(inner) => {
            let is_kept = function.exprs[inner].ty.scalar()?.fits_in(ty);
            is_kept.then(|| sides(function, inner, wanted))?
        }
        ExprKind::Binary(op, a, b) => {
            let is_exact = ty.is_signed() || ty == Scalar::U64;
            (op == wanted && is_exact).then_some([a, b])
        }
        ExprKind::Int(_)
        | ExprKind::Float(_)
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

/// Returns whether a place is an element of the array that its variable is or leads to, with nothing but rows in between.
fn is_one_object(function: &Function, place: &Place) -> bool {
    let mut ty = &function.vars[place.var].ty;
    for (at, step) in place.path.iter().enumerate() {
        let is_row = at == 0 || matches!(ty, Type::Array { .. });
        match (step, ty.element()) {
            (Projection::Index(_), Some(element)) if is_row => ty = element,
            (Projection::Index(_) | Projection::Field(_), _) => return false,
        }
    }
    matches!(ty, Type::Scalar(_))
}

/// Returns an expression with a variable in the place of another one.
fn renamed(
    function: &mut Function,
    expr: Handle<Expr>,
    (var, other): (Handle<Var>, Handle<Var>),
) -> Handle<Expr> {
    let other = function.load(other);
    replaced(function, expr, var, other)
}

/// Returns an expression with another one in the place of a variable, and sums and products of constants as one.
fn replaced(
    function: &mut Function,
    expr: Handle<Expr>,
    var: Handle<Var>,
    by: Handle<Expr>,
) -> Handle<Expr> {
    build::replaced(function, expr, &mut |function, node| {
        if let ExprKind::Load(place) = &node.kind {
            return (place.var == var && place.path.is_empty()).then_some(by);
        }
        if let ExprKind::Cast(inner) = node.kind {
            let own = replaced(function, inner, var, by);
            let ty = node.ty.scalar()?;
            return (own != inner).then(|| build::convert(function, own, ty));
        }
        let ExprKind::Binary(op, a, b) = node.kind else {
            return None;
        };
        let [own, other] = [a, b].map(|side| replaced(function, side, var, by));
        let is_folded = [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply].contains(&op);
        (is_folded && (own, other) != (a, b)).then(|| build::binary(function, op, own, other))
    })
}
