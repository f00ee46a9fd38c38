//! Assertions that certainly hold, taken away: `assert(x < m.w)` in a loop that counts `x` to `m.w`.
//!
//! What the loops and branches around an assertion say of the same operands proves it; what compares values that no
//! statement of the region changes is a condition of the region, and the text that runs where that fails is the user's.
//! An assertion of which neither holds stays, and with it the loop on the host.
//! Operands are numbers of the function's own, which only its statements change, so that what was compared before is what
//! the assertion compares.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::structure::is_same_expr;
use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Module, Projection, Scalar, Stmt, Type,
    UnaryOp, Var,
};

use super::Made;
use crate::analyse::names;
use crate::facts::BlockStep;
use crate::{build, region};

/// What ends the program where an assertion does not hold.
pub(crate) const FAILED: &str = "__assert_fail";

/// Returns the function without the assertions of a region that hold, and what they rely on; `None` where there is none.
pub(crate) fn drop_proved(
    module: &Module,
    function: &Arc<Function>,
    path: &[BlockStep],
    range: &Range<usize>,
) -> Option<(Arc<Function>, Made)> {
    let found = region::first(region::statements(function, path, range), &mut |stmt| {
        asserted(stmt).map(|_| ())
    });
    found?;
    let mut function = (**function).clone();
    let mut statements = region::take(&mut function, path, range);
    let mut prover = Prover::new(module, &mut function, &statements);
    prover.block(&mut statements);
    let (counts, is_changed) = (prover.counts, prover.is_changed);
    region::put(&mut function, path, range.start, statements);
    let made = Made {
        counts,
        ..Made::default()
    };
    is_changed.then(|| (Arc::new(function), made))
}

/// Returns whether a statement is the end of the program by an assertion.
pub(crate) fn is_failure(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Call(call) if call.callee == FAILED)
}

/// Returns what a statement asserts, and the truth that it has to have.
fn asserted(stmt: &Stmt) -> Option<(Handle<Expr>, bool)> {
    let Stmt::If(branch) = stmt else {
        return None;
    };
    let fails = |block: &Block| matches!(&**block, [only] if is_failure(only));
    match (branch.then.is_empty(), branch.otherwise.is_empty()) {
        (true, false) if fails(&branch.otherwise) => Some((branch.condition, true)),
        (false, true) if fails(&branch.then) => Some((branch.condition, false)),
        _ => None,
    }
}

/// `left < right`, or `left <= right`, of integers.
#[derive(Clone, Copy)]
struct Fact {
    left: Handle<Expr>,
    right: Handle<Expr>,
    is_strict: bool,
}

struct Prover<'a> {
    function: &'a mut Function,
    /// What some statement of the region assigns or declares.
    assigned: BTreeSet<Handle<Var>>,
    /// What loops of the region count with.
    counters: BTreeSet<Handle<Var>>,
    /// Those of the loops around the statement.
    around: Vec<Handle<Var>>,
    facts: Vec<Fact>,
    /// What must not be negative.
    counts: Vec<Handle<Expr>>,
    is_changed: bool,
}

impl<'a> Prover<'a> {
    fn new(module: &Module, function: &'a mut Function, statements: &[Stmt]) -> Self {
        let (mut assigned, mut counters) = (BTreeSet::new(), BTreeSet::new());
        region::each(statements, &mut |stmt| {
            let target = region::target(stmt)
                .filter(|place| !names::goes_through_member(module, function, place));
            assigned.extend(target.map(|place| place.var));
            match stmt {
                Stmt::For(each) => drop(counters.insert(each.iterator)),
                Stmt::Declare(var, _) | Stmt::Let(var, _) => drop(assigned.insert(*var)),
                // Text may assign what it names.
                Stmt::Verbatim(..) => assigned.extend(function.vars.iter().map(|(var, _)| var)),
                Stmt::Compute(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier => {}
            }
        });
        Self {
            function,
            assigned,
            counters,
            around: Vec::new(),
            facts: Vec::new(),
            counts: Vec::new(),
            is_changed: false,
        }
    }

    fn block(&mut self, block: &mut Block) {
        let known = self.facts.len();
        let mut out = Block::with_capacity(block.len());
        for mut stmt in block.drain(..) {
            if let Some((condition, truth)) = asserted(&stmt) {
                let count = self.counts.len();
                if self.holds(condition, truth) {
                    self.is_changed = true;
                    continue;
                }
                self.counts.truncate(count);
            }
            self.statement(&mut stmt);
            out.push(stmt);
        }
        self.facts.truncate(known);
        *block = out;
    }

    fn statement(&mut self, stmt: &mut Stmt) {
        let known = self.facts.clone();
        match stmt {
            Stmt::For(each) => {
                // What was compared before is another value of the counter.
                let function = &*self.function;
                let names = |side| build::names(function, side, each.iterator);
                self.facts
                    .retain(|fact| !names(fact.left) && !names(fact.right));
                self.around.push(each.iterator);
                let value = self.function.load(each.iterator);
                if each.step > 0 {
                    self.learn(each.start, value, false);
                    self.learn(value, each.end, true);
                } else {
                    self.learn(value, each.start, false);
                    self.learn(each.end, value, true);
                }
                self.block(&mut each.body);
                self.around.pop();
            }
            Stmt::If(branch) => {
                self.learn_condition(branch.condition, true);
                self.block(&mut branch.then);
                self.facts.clone_from(&known);
                self.learn_condition(branch.condition, false);
                self.block(&mut branch.otherwise);
            }
            Stmt::While(each) => self.block(&mut each.body),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        self.facts = known;
    }

    fn learn(&mut self, left: Handle<Expr>, right: Handle<Expr>, is_strict: bool) {
        if self.is_integer(left) && [left, right].iter().all(|side| self.is_stable(*side)) {
            self.facts.push(Fact {
                left,
                right,
                is_strict,
            });
        }
    }

    /// Takes what follows from a condition that is true or not.
    fn learn_condition(&mut self, condition: Handle<Expr>, truth: bool) {
        match self.function.exprs[condition].kind {
            ExprKind::Unary(UnaryOp::Not, inner) => self.learn_condition(inner, !truth),
            ExprKind::Binary(op, left, right) => {
                let joins = if truth { BinaryOp::And } else { BinaryOp::Or };
                if op == joins {
                    self.learn_condition(left, truth);
                    self.learn_condition(right, truth);
                } else if let Some(fact) = self.compared(op, (left, right), truth) {
                    self.learn(fact.left, fact.right, fact.is_strict);
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(UnaryOp::Negate | UnaryOp::BitNot, _)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => {}
        }
    }

    /// Returns a comparison of integers, or its opposite, as one that goes up.
    fn compared(
        &self,
        op: BinaryOp,
        (left, right): (Handle<Expr>, Handle<Expr>),
        truth: bool,
    ) -> Option<Fact> {
        let (left, right, is_strict) = match (op, truth) {
            (BinaryOp::Less, true) | (BinaryOp::GreaterEqual, false) => (left, right, true),
            (BinaryOp::LessEqual, true) | (BinaryOp::Greater, false) => (left, right, false),
            (BinaryOp::Greater, true) | (BinaryOp::LessEqual, false) => (right, left, true),
            (BinaryOp::GreaterEqual, true) | (BinaryOp::Less, false) => (right, left, false),
            _ => return None,
        };
        (self.is_integer(left) && self.is_integer(right)).then_some(Fact {
            left,
            right,
            is_strict,
        })
    }

    /// Returns whether a condition certainly is true or not, under what is added to the conditions of the region.
    fn holds(&mut self, condition: Handle<Expr>, truth: bool) -> bool {
        match self.function.exprs[condition].kind {
            ExprKind::Int(value) => (value != 0) == truth,
            ExprKind::Unary(UnaryOp::Not, inner) => self.holds(inner, !truth),
            ExprKind::Binary(op, left, right) => {
                let joins = if truth { BinaryOp::And } else { BinaryOp::Or };
                if op == joins {
                    return self.holds(left, truth) && self.holds(right, truth);
                }
                let fact = self.compared(op, (left, right), truth);
                fact.is_some_and(|fact| {
                    self.follows(fact) || self.is_condition(fact) || self.is_bounded(fact)
                })
            }
            // An assertion often says in a string what it asserts: `x && "why"`.
            ExprKind::Text(_) => truth,
            ExprKind::Float(_)
            | ExprKind::Address(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(UnaryOp::Negate | UnaryOp::BitNot, _)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }

    /// Returns whether a comparison follows from one that is known.
    fn follows(&self, asked: Fact) -> bool {
        let constant = |side| build::constant(self.function, side);
        if !self.is_stable(asked.left) || !self.is_stable(asked.right) {
            return false;
        }
        let least = i128::from(asked.is_strict);
        if let (Some(left), Some(right)) = (constant(asked.left), constant(asked.right)) {
            return left + least <= right;
        }
        let same = |a, b| is_same_expr(self.function, a, self.function, b);
        self.facts.iter().any(|known| {
            let gained = i128::from(known.is_strict);
            let is_left = same(known.left, asked.left);
            let is_right = same(known.right, asked.right);
            if is_left && is_right {
                return gained >= least;
            }
            // 0 < x tells that -1 < x.
            let constants = |known, asked| constant(known).zip(constant(asked));
            let below = is_right
                .then(|| constants(known.left, asked.left))
                .flatten();
            let above = is_left
                .then(|| constants(known.right, asked.right))
                .flatten();
            below.is_some_and(|(known, asked)| asked + least <= known + gained)
                || above.is_some_and(|(known, asked)| known - gained <= asked - least)
        })
    }

    /// Takes a comparison of what nothing in the region changes for a condition of the region.
    fn is_condition(&mut self, asked: Fact) -> bool {
        let sides = [asked.left, asked.right];
        let is_narrow = |side: &Handle<Expr>| {
            let ty = self.function.exprs[*side].ty.scalar();
            ty.is_some_and(|ty| ty.size_bytes() <= 4)
        };
        let is_fixed = |side: &Handle<Expr>| {
            build::variables(self.function, *side)
                .iter()
                .all(|var| !self.counters.contains(var))
        };
        let can_be = sides
            .iter()
            .all(|side| is_narrow(side) && is_fixed(side) && self.is_stable(*side));
        if !can_be {
            return false;
        }
        let [left, right] = sides.map(|side| build::convert(self.function, side, Scalar::I64));
        let mut count = build::binary(self.function, BinaryOp::Subtract, right, left);
        if asked.is_strict {
            let one = build::int(self.function, 1, Scalar::I64);
            count = build::binary(self.function, BinaryOp::Subtract, count, one);
        }
        self.counts.push(count);
        true
    }

    /// Returns whether a comparison follows from one that is known where their other sides compare so: `x < a` from `x < b`,
    /// where `b <= a`, which becomes a condition of the region.
    fn is_bounded(&mut self, asked: Fact) -> bool {
        let known = self.facts.clone();
        let stable = [asked.left, asked.right]
            .iter()
            .all(|side| self.is_stable(*side));
        stable
            && known.into_iter().any(|known| {
                let same = |a, b| is_same_expr(self.function, a, self.function, b);
                let (is_left, is_right) =
                    (same(known.left, asked.left), same(known.right, asked.right));
                let [left, right] = match (is_left, is_right) {
                    (true, _) => [known.right, asked.right],
                    (false, true) => [asked.left, known.left],
                    (false, false) => return false,
                };
                let is_strict = asked.is_strict && !known.is_strict;
                self.is_condition(Fact {
                    left,
                    right,
                    is_strict,
                })
            })
    }

    fn is_integer(&self, value: Handle<Expr>) -> bool {
        let ty = self.function.exprs[value].ty.scalar();
        ty.is_some_and(|ty| ty.integer_range().is_some())
    }

    /// Returns whether a value is made of constants and numbers of the function's own, members of structures too, that no
    /// statement of the region changes but the loops around, by counting.
    fn is_stable(&self, value: Handle<Expr>) -> bool {
        let mut is_stable = true;
        build::visit(self.function, value, &mut |_, node| {
            is_stable &= match &node.kind {
                ExprKind::Int(_) | ExprKind::Unary(..) | ExprKind::Cast(_) => true,
                ExprKind::Binary(op, ..) => {
                    matches!(op, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply)
                }
                ExprKind::Load(place) => {
                    let var = &self.function.vars[place.var];
                    let is_member = |step: &Projection| matches!(step, Projection::Field(_));
                    let counts = self.counters.contains(&place.var);
                    var.is_plain_local()
                        && matches!(var.ty, Type::Scalar(_) | Type::Record(_))
                        && place.path.iter().all(is_member)
                        && !self.assigned.contains(&place.var)
                        && (!counts || self.around.contains(&place.var))
                }
                ExprKind::Float(_)
                | ExprKind::Text(_)
                | ExprKind::Address(_)
                | ExprKind::Select { .. }
                | ExprKind::Call(..)
                | ExprKind::BlockIndex(_)
                | ExprKind::ThreadIndex(_) => false,
            };
        });
        is_stable
    }
}
