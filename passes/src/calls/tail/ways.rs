//! In which ways a function calls itself, and whether a loop can do the same.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::extents;
use mupac_ir::{
    BinaryOp, Block, Call, Expr, ExprKind, Function, Handle, Place, Scalar, Stmt, Storage, Type,
    Var,
};

use super::{calls_itself, own_call};
use crate::analyse::names::leaves_variable;
use crate::{build, region};

/// What becomes of the result of a call.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Returned,
    /// Joined with a value, and then returned.
    Joined(BinaryOp, Handle<Expr>),
}

/// Returns what becomes of the result of a call before statements; `None` where they do more than to return it.
pub(super) fn use_of(function: &Function, call: &Call, rest: &[Stmt]) -> Option<Use> {
    let Some((Stmt::Return(value, _), between)) = rest.split_last() else {
        return None;
    };
    let Some(target) = &call.target else {
        let is_nothing = between.is_empty() && value.is_none();
        return is_nothing.then_some(Use::Returned);
    };
    let mut known = BTreeMap::from([(own_variable(function, target)?, None)]);
    for stmt in between {
        let Stmt::Compute(compute) = stmt else {
            return None;
        };
        let value = resolved(function, compute.value, &known);
        let target = own_variable(function, &compute.target)?;
        // What is known is an expression that is read at the end.
        let reads = |known: &Handle<Expr>| build::names(function, *known, target);
        let is_stale = known.values().flatten().chain(&value).any(reads);
        (!is_stale).then_some(())?;
        known.insert(target, value);
    }
    // `None` is the call's result itself.
    let Some(value) = resolved(function, (*value)?, &known) else {
        return Some(Use::Returned);
    };
    let ExprKind::Binary(operator, a, b) = function.exprs[unsigned_too(function, value)].kind
    else {
        return None;
    };
    let is_result = |operand| resolved(function, unsigned_too(function, operand), &known).is_none();
    let other = match (is_result(a), is_result(b)) {
        (true, false) => b,
        (false, true) => a,
        (true, true) | (false, false) => return None,
    };
    let is_free = known.keys().all(|var| !build::names(function, other, *var));
    is_free.then_some(Use::Joined(operator, other))
}

/// Returns an integer before conversions that change nothing but whether it has a sign.
pub(super) fn unsigned_too(function: &Function, mut value: Handle<Expr>) -> Handle<Expr> {
    while let ExprKind::Cast(inner) = function.exprs[value].kind
        && let [Some(from), Some(to)] = [inner, value].map(|one| function.exprs[one].ty.scalar())
        && from.bits() == to.bits()
        && from.is_float() == to.is_float()
    {
        value = inner;
    }
    value
}

pub(super) fn own_variable(function: &Function, place: &Place) -> Option<Handle<Var>> {
    let is_own = place.path.is_empty() && function.vars[place.var].is_plain_local();
    is_own.then_some(place.var)
}

/// Returns the expression that a value is, seen through variables of which that is known; `None` where it is the call's result.
fn resolved(
    function: &Function,
    value: Handle<Expr>,
    known: &BTreeMap<Handle<Var>, Option<Handle<Expr>>>,
) -> Option<Handle<Expr>> {
    let var = build::loaded(function, value);
    match var.and_then(|var| known.get(&var)) {
        Some(found) => *found,
        None => Some(value),
    }
}

/// The ways in which a function calls itself.
pub(super) struct Ways {
    uses: Vec<Use>,
}

impl Ways {
    /// Returns them; `None` where one is not last, or where a loop would not do what the calls do.
    pub(super) fn of(function: &Function, body: &Block) -> Option<Self> {
        // Each call has objects of its own, and lengths of its own.
        let is_own = |var: &Var| {
            let is_reached = var.is_address_taken && var.storage != Storage::Global;
            is_reached || !extents(&var.ty).is_empty()
        };
        let has_own = function.vars.iter().any(|(_, var)| is_own(var));
        let mut ways = Self { uses: Vec::new() };
        (!has_own && ways.block(function, body)).then_some(ways)
    }

    /// Returns whether the calls of a block are last.
    fn block(&mut self, function: &Function, block: &[Stmt]) -> bool {
        for (at, stmt) in block.iter().enumerate() {
            if let Some(call) = own_call(function, stmt) {
                let used = use_of(function, call, &block[at + 1..]);
                self.uses.extend(used);
                return used.is_some() && has_own_arguments(function, call);
            }
            let is_last = match stmt {
                Stmt::If(branch) => {
                    let blocks = [&branch.then, &branch.otherwise];
                    blocks.iter().all(|inner| self.block(function, inner))
                }
                Stmt::For(_) | Stmt::While(_) => {
                    !calls_itself(function, std::slice::from_ref(stmt))
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => true,
            };
            if !is_last {
                return false;
            }
        }
        true
    }

    /// Returns the variable in which results are joined, if they are.
    ///
    /// `None` where they are joined in several ways, in an order that matters, or with what the calls may change.
    #[expect(
        clippy::option_option,
        reason = "whether the function can be a loop and whether results are joined are different answers"
    )]
    pub(super) fn accumulated(&self, function: &mut Function) -> Option<Option<Accumulated>> {
        let operator = |used: &Use| match used {
            Use::Returned => None,
            Use::Joined(operator, _) => Some(*operator),
        };
        let operators: BTreeSet<BinaryOp> = self.uses.iter().filter_map(operator).collect();
        let mut operators = operators.into_iter();
        let Some(operator) = operators.next() else {
            return Some(None);
        };
        let Type::Scalar(ty) = function.result else {
            return None;
        };
        let identity = identity(operator, ty)?;
        let is_one = operators.next().is_none() && ty.bits() >= 32 && changes_nothing(function);
        let is_typed = self.uses.iter().all(|used| match used {
            Use::Returned => true,
            Use::Joined(_, other) => {
                let other = function.exprs[*other].ty.scalar();
                other.is_some_and(|other| !other.is_float() && other.bits() == ty.bits())
            }
        });
        (is_one && is_typed).then_some(())?;
        let name = function.fresh_name("joined");
        let var = Var::local(name, unsigned(ty));
        Some(Some(Accumulated {
            var: function.vars.push(var),
            operator,
            identity,
            ty,
        }))
    }
}

/// Returns whether pointers and structures are passed on as they are, and numbers to variables of the function's own.
fn has_own_arguments(function: &Function, call: &Call) -> bool {
    let mut arguments = function.parameters.iter().zip(&call.arguments);
    function.parameters.len() == call.arguments.len()
        && arguments.all(|(parameter, argument)| {
            let var = &function.vars[*parameter];
            let is_number = matches!(var.ty, Type::Scalar(_)) && var.is_plain_local();
            is_number || build::loaded(function, *argument) == Some(*parameter)
        })
}

/// Returns what changes nothing where it is joined to an integer; `None` of operators for which the order matters.
fn identity(operator: BinaryOp, ty: Scalar) -> Option<i128> {
    ty.integer_range()?;
    match operator {
        BinaryOp::Add | BinaryOp::BitOr | BinaryOp::BitXor => Some(0),
        BinaryOp::Multiply => Some(1),
        BinaryOp::BitAnd
        | BinaryOp::Subtract
        | BinaryOp::Divide
        | BinaryOp::Remainder
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

pub(super) fn unsigned(ty: Scalar) -> Scalar {
    if ty.bits() > 32 {
        Scalar::U64
    } else {
        Scalar::U32
    }
}

/// Returns whether a function assigns nothing but variables of its own, and calls none but itself.
fn changes_nothing(function: &Function) -> bool {
    let changes = |stmt: &Stmt| {
        let is_own = |place: &Place| {
            function.vars[place.var].is_plain_local() && !leaves_variable(function, place)
        };
        let leaves = region::target(stmt).is_some_and(|place| !is_own(place));
        let is_other = matches!(stmt, Stmt::Call(call) if call.callee != function.name)
            || matches!(stmt, Stmt::Verbatim(..));
        (leaves || is_other).then_some(())
    };
    region::first(&function.body, &mut |stmt| changes(stmt)).is_none()
}

/// The variable in which results are joined, without a sign: sums and products of integers are the same in any order modulo a power
/// of two.
pub(super) struct Accumulated {
    pub(super) var: Handle<Var>,
    pub(super) operator: BinaryOp,
    pub(super) identity: i128,
    /// The type of the results.
    pub(super) ty: Scalar,
}
