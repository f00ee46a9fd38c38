//! Assertions in loops as values: whether one failed is known behind the loops, where the host ends the program.
//!
//! `assert(c); rest` becomes `if (c) rest else failed = 1;`, so that nothing that relies on the condition runs without it.
//! A variable that is only set is a reduction ([`crate::normalise::split_flags`]); what the loops wrote meanwhile nobody sees
//! any more, since the program ends before it goes on. Of several assertions that fail in one region, the first of the text
//! says so.
//! What may not end without its assertion, or may reach memory that nothing else keeps it from, stays as it is: the loop then
//! belongs to the host.
//!
//! **Source**: ISO/IEC 9899:2018, 7.2.1.1.

use std::collections::BTreeSet;

use mupac_ir::stmt::Call;
use mupac_ir::{
    ASSERTION_FAILED, BinaryOp, Block, Compute, Expr, ExprKind, Function, Handle, If, Module,
    Place, Projection, Scalar, Span, Stmt, Storage, Var,
};

use super::expand::Fresh;
use crate::{build, region};

/// What a failed assertion calls, whatever the library calls it.
pub(crate) const CALLED: &str = "__assert_fail";

/// An assertion of loops that are seen as one region.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    /// What loops set where it fails.
    pub(crate) flag: Handle<Var>,
    /// What it says: its condition, the file, the line and the function.
    says: Vec<Handle<Expr>>,
}

impl Assertion {
    /// Returns what the host does behind the loops in place of the value that the flag has there: it names what holds
    /// whether the assertion failed.
    pub(crate) fn behind(&self, function: &mut Function, value: &Compute) -> Option<Compute> {
        let mut named = build::variables(function, value.value).into_iter();
        let set = named.find(|var| *var != self.flag)?;
        let (known, zero) = (function.load(set), build::zero(function, Scalar::I32));
        let condition = build::binary(function, BinaryOp::NotEqual, known, zero);
        let ends = ExprKind::Call(ASSERTION_FAILED.to_owned(), self.says.clone());
        let then = function.expr(ends, Scalar::I32);
        let kind = ExprKind::Select {
            condition,
            then,
            otherwise: zero,
        };
        Some(Compute {
            target: Place::var(set),
            value: function.expr(kind, Scalar::I32),
            ..value.clone()
        })
    }
}

/// Returns whether a call says which assertion failed, and ends the program.
pub(super) fn is_assertion(call: &Call) -> bool {
    call.callee == CALLED && call.target.is_none() && call.arguments.len() == 4
}

/// Returns whether the program may look at memory after an assertion failed: a function of its own handles `SIGABRT`.
///
/// **Source**: C17 7.14.1.1; POSIX `sigaction`.
pub(super) fn handles_abort(module: &Module) -> bool {
    let handlers = ["signal", "sigaction", "sigset", "bsd_signal", "sysv_signal"];
    let mut handlers = handlers.iter();
    handlers.any(|name| module.named.contains_key(*name))
}

/// Writes the assertions of a loop as values; leaves the loop as it is where one of them has to stay a call.
pub(super) fn as_values(
    function: &mut Function,
    fresh: &mut Fresh,
    known: &mut Vec<Assertion>,
    stmt: &mut Stmt,
) -> bool {
    let changed = assigned(std::slice::from_ref(stmt));
    let mut written = stmt.clone();
    let mut values = Values {
        function,
        fresh,
        known: known.clone(),
        changed,
    };

    let is_changed = values.statement(&mut written, Around::Counted) == Some(true);
    if is_changed {
        *known = values.known;
        *stmt = written;
    }
    is_changed
}

/// Returns the variables that statements assign themselves, as opposed to what they lead to or hold.
fn assigned(statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    region::each(statements, &mut |stmt| {
        let place = region::target(stmt).filter(|place| place.path.is_empty());
        found.extend(place.map(|place| place.var));
    });
    found
}

/// What stands closest around a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// Counted loops alone: each comes to its end.
    Counted,
    /// A loop that ends as its body says.
    Uncounted,
    /// A counted loop inside of such a loop.
    CountedInUncounted,
}

struct Values<'a> {
    function: &'a mut Function,
    fresh: &'a mut Fresh,
    known: Vec<Assertion>,
    /// What the loop assigns, beside counters.
    changed: BTreeSet<Handle<Var>>,
}

impl Values<'_> {
    /// Returns whether there was an assertion; `None` where one has to stay.
    fn block(&mut self, block: &mut Block, around: Around) -> Option<bool> {
        let mut at = 0;
        while at < block.len() {
            if let Some((condition, call)) = self.asserted(&block[at]) {
                let mut rest = block.split_off(at + 1);
                // Flags are numbered as the text has them.
                self.flag(&call);
                self.block(&mut rest, around)?;
                block[at] = self.guarded(condition, &call, rest, around)?;
                return Some(true);
            }
            if self.statement(&mut block[at], around)? {
                let follows = block.get(at + 1..).unwrap_or_default();
                self.relies_on_nothing(follows).then_some(())?;
                let mut rest = block.split_off(at + 1);
                self.block(&mut rest, around)?;
                block.append(&mut rest);
                return Some(true);
            }
            at += 1;
        }
        Some(false)
    }

    fn statement(&mut self, stmt: &mut Stmt, around: Around) -> Option<bool> {
        match stmt {
            Stmt::For(each) => {
                let inside = match around {
                    Around::Counted => Around::Counted,
                    Around::Uncounted | Around::CountedInUncounted => Around::CountedInUncounted,
                };
                self.block(&mut each.body, inside)
            }
            Stmt::While(each) => {
                for header in [&each.before_test, &each.after_body] {
                    (!has_assertion(header)).then_some(())?;
                }
                self.block(&mut each.body, Around::Uncounted)
            }
            Stmt::If(branch) => {
                let then = self.block(&mut branch.then, around)?;
                Some(self.block(&mut branch.otherwise, around)? || then)
            }
            Stmt::Call(call) => (!is_assertion(call)).then_some(false),
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => Some(false),
        }
    }

    /// Returns the condition and the call of an assertion.
    fn asserted(&mut self, stmt: &Stmt) -> Option<(Handle<Expr>, Call)> {
        let Stmt::If(branch) = stmt else {
            return None;
        };
        let call = |block: &Block| match block.as_slice() {
            [Stmt::Call(call)] if is_assertion(call) => Some(call.clone()),
            _ => None,
        };
        if branch.then.is_empty() {
            return Some((branch.condition, call(&branch.otherwise)?));
        }
        let call = call(&branch.then).filter(|_| branch.otherwise.is_empty())?;
        Some((build::opposite(self.function, branch.condition), call))
    }

    /// Returns what runs only where a condition holds; where it fails, the loop around that might not end is left.
    fn guarded(
        &mut self,
        condition: Handle<Expr>,
        call: &Call,
        rest: Block,
        around: Around,
    ) -> Option<Stmt> {
        let flag = self.flag(call);
        let value = build::int(self.function, 1, Scalar::I32);
        let mut otherwise = vec![Stmt::Compute(Compute {
            id: self.fresh.statement(),
            target: Place::var(flag),
            value,
            span: call.span,
            target_span: call.span,
        })];
        match around {
            Around::Counted => {}
            Around::Uncounted => otherwise.push(Stmt::Break(call.span)),
            Around::CountedInUncounted => return None,
        }
        Some(Stmt::If(If {
            condition,
            then: rest,
            otherwise,
            span: call.span,
        }))
    }

    /// Returns what loops set where an assertion of the text fails.
    fn flag(&mut self, call: &Call) -> Handle<Var> {
        let says = |one: &[Handle<Expr>]| -> Vec<ExprKind> {
            let kinds = one
                .iter()
                .map(|each| self.function.exprs[*each].kind.clone());
            kinds.collect()
        };
        let is_same = |known: &&Assertion| says(&known.says) == says(&call.arguments);
        if let Some(known) = self.known.iter().find(is_same) {
            return known.flag;
        }
        let name = self.function.fresh_name("failed");
        // The host looks at it behind the loops, though no text of the program does.
        let flag = self.function.vars.push(Var {
            storage: Storage::Static,
            ..Var::local(name, Scalar::I32)
        });
        self.known.push(Assertion {
            flag,
            says: call.arguments.clone(),
        });
        flag
    }

    /// Returns whether statements come to their end and stay in their memory also where an assertion before them failed:
    /// they have no other loops than counted ones, and subscripts are made of counters and of what the loop leaves alone.
    fn relies_on_nothing(&self, statements: &[Stmt]) -> bool {
        let mut is_harmless = true;
        region::each(statements, &mut |stmt| {
            is_harmless &= !matches!(stmt, Stmt::While(_) | Stmt::Verbatim(..));
            if let Stmt::Call(call) = stmt {
                is_harmless &= is_assertion(call);
            }
            if let Some(place) = region::target(stmt) {
                is_harmless &= self.is_fixed_place(place);
            }
            for expr in region::expressions(stmt) {
                build::visit(self.function, expr, &mut |_, node| {
                    if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                        is_harmless &= self.is_fixed_place(place);
                    }
                });
            }
        });
        is_harmless
    }

    /// Returns whether a subscript is made of counters and of variables and members that the loop leaves alone.
    fn is_fixed(&self, index: Handle<Expr>) -> bool {
        build::is_of_places(self.function, index, &|place| {
            !self.changed.contains(&place.var) && is_plain(self.function, place)
        })
    }

    fn is_fixed_place(&self, place: &Place) -> bool {
        let is_moved = !place.path.is_empty() && self.changed.contains(&place.var);
        !is_moved
            && place.path.iter().all(|step| match step {
                Projection::Index(index) => self.is_fixed(*index),
                Projection::Field(_) => true,
            })
    }
}

/// Returns whether a place is a variable, or lies behind it at constant subscripts.
fn is_plain(function: &Function, place: &Place) -> bool {
    build::indices(place).all(|index| build::constant(function, index).is_some())
}

fn has_assertion(block: &[Stmt]) -> bool {
    let mut found = false;
    region::each(block, &mut |stmt| {
        found |= matches!(stmt, Stmt::Call(call) if is_assertion(call));
    });
    found
}

/// Returns the same assertion in another function, which says the same.
pub(super) fn copied(from: &Function, to: &mut Function, call: &Call) -> Call {
    let arguments = call.arguments.iter();
    let arguments = arguments.map(|each| to.exprs.push(from.exprs[*each].clone()));
    Call {
        arguments: arguments.collect(),
        ..call.clone()
    }
}

/// Returns where a statement that sets one of some flags stands.
pub(crate) fn sets(statements: &[Stmt], assertions: &[Assertion]) -> Option<Span> {
    region::first(statements, &mut |stmt| {
        let target = region::target(stmt)?.var;
        let is_set = assertions.iter().any(|each| each.flag == target);
        is_set.then(|| stmt.span())
    })
}
