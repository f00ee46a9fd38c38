//! What the text around a region makes sure of, as far as a test of the region by itself has to know it: locals that hold a
//! constant where it begins, and the conditions under which it is reached.

use mupac_ir::{BinaryOp, Block, Expr, ExprKind, Function, Handle, Scalar, Stmt, UnaryOp, Var};

use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the constant that a local holds before the statement at a position of a block, where one assignment shows it.
pub(super) fn constant_before(
    function: &Function,
    path: &[BlockStep],
    at: usize,
    var: Handle<Var>,
) -> Option<Handle<Expr>> {
    let declared = &function.vars[var];
    let is_number = declared.ty.scalar().is_some() && declared.enumeration.is_none();
    if !declared.is_plain_local() || !is_number {
        return None;
    }
    let block = region::block(&function.body, path)?;
    for stmt in block.get(..at)?.iter().rev() {
        if let Stmt::Compute(compute) = stmt
            && is_whole(&compute.target, var)
        {
            return is_constant(function, compute.value).then_some(compute.value);
        }
        if assigns(function, stmt, var) {
            return None;
        }
    }
    let (last, outer) = path.split_last()?;
    let (BlockStep::Body(at) | BlockStep::Then(at) | BlockStep::Otherwise(at)) = *last;
    let around = region::block(&function.body, outer)?.get(at)?;
    let is_again = matches!(last, BlockStep::Body(_)) && assigns(function, around, var);
    if is_again {
        return None;
    }
    constant_before(function, outer, at, var)
}

/// Under what a region is reached.
#[derive(Default)]
pub(super) struct Reached {
    /// What variables are equal to, which tests would hardly ever meet.
    pub(super) equal: Vec<(Handle<Var>, Handle<Expr>)>,
    /// What else holds; none where nothing decides.
    pub(super) condition: Option<Handle<Expr>>,
}

/// Returns under what a region is reached, as far as it reads nothing that is assigned on the way, and nothing that cannot
/// be said.
pub(super) fn reached(
    function: &mut Function,
    body: &Block,
    path: &[BlockStep],
    can_say: impl Fn(Handle<Var>) -> bool,
) -> Reached {
    let mut reached = Reached::default();
    for end in 0..path.len() {
        for each in conditions_of(function, body, &path[..=end]) {
            if let Some(equal) = equality(function, each) {
                reached.equal.push(equal);
                continue;
            }
            let mut read = build::variables(function, each).into_iter();
            if !read.all(&can_say) {
                continue;
            }
            reached.condition = Some(match reached.condition {
                Some(before) => truth(function, BinaryOp::And, before, each),
                None => each,
            });
        }
    }
    reached
}

/// Returns the variable that a condition finds equal to a constant, with that.
fn equality(function: &Function, condition: Handle<Expr>) -> Option<(Handle<Var>, Handle<Expr>)> {
    let ExprKind::Binary(BinaryOp::Equal, a, b) = function.exprs[condition].kind else {
        return None;
    };
    let var = build::read(function, a)?;
    let is_number = function.vars[var].ty.scalar().is_some();
    (is_number && is_constant(function, b)).then_some((var, b))
}

/// Returns what holds in the block that one step leads into.
fn conditions_of(function: &mut Function, body: &Block, path: &[BlockStep]) -> Vec<Handle<Expr>> {
    let Some((last, outer)) = path.split_last() else {
        return Vec::new();
    };
    let (BlockStep::Body(at) | BlockStep::Then(at) | BlockStep::Otherwise(at)) = *last;
    let Some(around) = region::block(body, outer).and_then(|block| block.get(at)) else {
        return Vec::new();
    };
    let found = match (around, last) {
        (Stmt::If(each), BlockStep::Then(_)) => parts(function, each.condition),
        (Stmt::If(each), BlockStep::Otherwise(_)) => {
            let opposite = ExprKind::Unary(UnaryOp::Not, each.condition);
            vec![function.expr(opposite, Scalar::I32)]
        }
        (Stmt::For(each), BlockStep::Body(_)) if each.step > 0 => {
            let counter = function.load(each.iterator);
            let ty = function.exprs[each.end].ty.scalar();
            let wide = match ty {
                Some(ty) => build::convert(function, counter, ty),
                None => counter,
            };
            let first = truth(function, BinaryOp::LessEqual, each.start, counter);
            vec![first, truth(function, BinaryOp::Less, wide, each.end)]
        }
        (
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..),
            _,
        ) => Vec::new(),
    };
    let holds_on = |condition: &Handle<Expr>| {
        let mut read = build::variables(function, *condition).into_iter();
        let counter = if let Stmt::For(each) = around {
            Some(each.iterator)
        } else {
            None
        };
        function.exprs[*condition].ty.scalar().is_some()
            && is_plain(function, *condition)
            && read.all(|var| Some(var) == counter || !assigns(function, around, var))
    };
    found.into_iter().filter(holds_on).collect()
}

/// Returns the conditions of which all have to hold for one to hold.
fn parts(function: &Function, condition: Handle<Expr>) -> Vec<Handle<Expr>> {
    if let ExprKind::Binary(BinaryOp::And, a, b) = function.exprs[condition].kind {
        return [parts(function, a), parts(function, b)].concat();
    }
    vec![condition]
}

fn truth(function: &mut Function, op: BinaryOp, a: Handle<Expr>, b: Handle<Expr>) -> Handle<Expr> {
    function.expr(ExprKind::Binary(op, a, b), Scalar::I32)
}

fn is_whole(place: &mupac_ir::Place, var: Handle<Var>) -> bool {
    place.var == var && place.path.is_empty()
}

/// Returns whether a statement, or one in it, may assign a variable as a whole.
fn assigns(function: &Function, stmt: &Stmt, var: Handle<Var>) -> bool {
    let mut found = false;
    region::each(std::slice::from_ref(stmt), &mut |stmt| {
        found |= region::target(stmt).is_some_and(|place| place.var == var);
        found |= match stmt {
            Stmt::For(each) => each.iterator == var,
            Stmt::Verbatim(text, _) => function.vars[var].is_reached_by(*text),
            Stmt::Declare(own, _) | Stmt::Let(own, _) => *own == var,
            Stmt::Call(_) => !function.vars[var].is_plain_local(),
            Stmt::Compute(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => false,
        };
    });
    found
}

fn is_constant(function: &Function, expr: Handle<Expr>) -> bool {
    build::variables(function, expr).is_empty() && is_plain(function, expr)
}

/// Returns whether any text can say an expression: it calls nothing.
fn is_plain(function: &Function, expr: Handle<Expr>) -> bool {
    let mut is_plain = true;
    build::visit(function, expr, &mut |_, node| {
        is_plain &= match &node.kind {
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Load(_) => true,
            ExprKind::Text(_)
            | ExprKind::Address(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        };
    });
    is_plain
}
