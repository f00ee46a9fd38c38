//! Functions that call themselves last, as loops: of `gcd(a, b) { return b ? gcd(b, a % b) : a; }` the parameters take the values
//! of the arguments, and the body begins again.
//!
//! What is done to an integer that such a call returns may wait in a variable: `n + digits(n / 10)` adds `n` to it before, and what
//! is returned at last is added to that. Integers are joined without a sign, where the order of sums and products does not matter.
//!
//! **Source**: Darlington, Burstall, “A System which Automatically Improves Programs”, Acta Informatica 6 (1976), the removal of
//! recursion with an associative operator.

mod ways;

use std::collections::BTreeSet;

use mupac_ir::{
    Block, Call, Expr, Function, Handle, If, LoopName, Place, Scalar, Span, Stmt, Type, Var, While,
};

use crate::analyse::names::has_return;
use crate::numbering::Numbering;
use crate::{build, region};
use ways::{Accumulated, Use, Ways, own_variable, unsigned, use_of};

/// Returns a function that calls itself last, and nowhere else, as one that begins again; `None` of any other.
pub(super) fn as_loop(function: &Function) -> Option<Function> {
    calls_itself(function, &function.body).then_some(())?;
    let mut function = function.clone();
    let mut body = std::mem::take(&mut function.body);
    if !always_returns(&body) {
        (function.result == Type::Void).then_some(())?;
        body.push(Stmt::Return(None, function.span));
    }
    sink_return(&function, &mut body);
    let ways = Ways::of(&function, &body)?;
    let accumulated = ways.accumulated(&mut function)?;
    let result = (function.result != Type::Void).then(|| {
        let name = function.fresh_name("result");
        let ty = function.result.clone();
        function.vars.push(Var::local(name, ty))
    });
    let at = function.span;
    let mut tail = Tail {
        numbering: Numbering::after(&[&body]),
        function: &mut function,
        accumulated,
        result,
    };
    let mut whole = tail.start(at);
    let body = tail.block(body, true)?;
    let condition = build::int(&mut function, 1, Scalar::I32);
    whole.push(Stmt::While(While {
        name: free_name(&body),
        before_test: Block::new(),
        condition,
        is_do: false,
        body,
        after_body: Block::new(),
        not_counted: None,
        span: at,
        header_span: at,
    }));
    whole.push(Stmt::Return(result.map(|var| function.load(var)), at));
    function.body = whole;
    Some(function)
}

fn free_name(body: &Block) -> LoopName {
    let mut taken = BTreeSet::new();
    region::each(body, &mut |stmt| {
        taken.extend(region::loop_name(stmt).map(|name| name.0.clone()));
    });
    let numbered = (2..).map(|number| format!("again.{number}"));
    let mut names = std::iter::once("again".to_owned()).chain(numbered);
    LoopName(names.find(|name| !taken.contains(name)).unwrap_or_default())
}

fn own_call<'a>(function: &Function, stmt: &'a Stmt) -> Option<&'a Call> {
    match stmt {
        Stmt::Call(call) if call.callee == function.name => Some(call),
        Stmt::Call(_)
        | Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => None,
    }
}

fn calls_itself(function: &Function, block: &[Stmt]) -> bool {
    let mut is_call = |stmt: &Stmt| own_call(function, stmt).map(drop);
    region::first(block, &mut is_call).is_some()
}

fn always_returns(block: &[Stmt]) -> bool {
    match block.last() {
        Some(Stmt::Return(..)) => true,
        Some(Stmt::If(branch)) => always_returns(&branch.then) && always_returns(&branch.otherwise),
        Some(
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..),
        )
        | None => false,
    }
}

/// Moves what a block returns at its end into the branches before it, where the function calls itself in one.
fn sink_return(function: &Function, block: &mut Block) {
    if let [.., Stmt::If(branch), Stmt::Return(..)] = &block[..]
        && [&branch.then, &branch.otherwise]
            .into_iter()
            .any(|inner| calls_itself(function, inner))
        && let Some(last) = block.pop()
        && let Some(Stmt::If(branch)) = block.last_mut()
    {
        for inner in [&mut branch.then, &mut branch.otherwise] {
            if !always_returns(inner) {
                let last = directly(function, inner, last.clone());
                inner.push(last);
            }
        }
    }
    for stmt in block {
        if let Stmt::If(branch) = stmt {
            sink_return(function, &mut branch.then);
            sink_return(function, &mut branch.otherwise);
        }
    }
}

/// Returns what a block returns, as the value that it assigned last where it is that.
fn directly(function: &Function, block: &mut Block, last: Stmt) -> Stmt {
    if let Stmt::Return(Some(value), at) = last
        && let Some(var) = build::loaded(function, value)
        && let Some(Stmt::Compute(compute)) = block.last()
        && own_variable(function, &compute.target) == Some(var)
    {
        let value = compute.value;
        block.pop();
        return Stmt::Return(Some(value), at);
    }
    last
}

/// A function that is being written as a loop.
struct Tail<'a> {
    function: &'a mut Function,
    numbering: Numbering,
    accumulated: Option<Accumulated>,
    result: Option<Handle<Var>>,
}

impl Tail<'_> {
    /// Returns what stands before the loop.
    fn start(&mut self, at: Span) -> Block {
        let accumulated = self.accumulated.as_ref();
        let first = accumulated.map(|one| (one.var, one.identity, unsigned(one.ty)));
        let declared = self.result.into_iter().chain(first.map(|(var, ..)| var));
        let mut start: Block = declared.map(|var| Stmt::Declare(var, at)).collect();
        if let Some((var, identity, ty)) = first {
            let identity = build::int(self.function, identity, ty);
            start.push(self.assign(var, identity, at));
        }
        start
    }

    /// Returns the statements of one iteration, or of what it ends with; those of a loop in it keep their returns.
    fn block(&mut self, block: Block, is_end: bool) -> Option<Block> {
        let mut out = Block::with_capacity(block.len());
        let mut rest = block.into_iter();
        while let Some(stmt) = rest.next() {
            if let Some(call) = own_call(self.function, &stmt) {
                let used = use_of(self.function, call, rest.as_slice())?;
                self.again(call, used, &mut out);
                if !is_end {
                    out.push(Stmt::Continue(call.span));
                }
                return Some(out);
            }
            match stmt {
                Stmt::If(branch) => {
                    let is_end = is_end && rest.as_slice().is_empty();
                    out.push(Stmt::If(If {
                        then: self.block(branch.then, is_end)?,
                        otherwise: self.block(branch.otherwise, is_end)?,
                        ..branch
                    }));
                }
                Stmt::Return(value, at) => {
                    if let Some((result, value)) = self.result.zip(value) {
                        let value = self.joined(value);
                        out.push(self.assign(result, value, at));
                    }
                    out.push(Stmt::Break(at));
                    return Some(out);
                }
                Stmt::For(_) | Stmt::While(_) if self.accumulated.is_some() => {
                    // A return from inside would have to join as well.
                    let is_free = !has_return(std::slice::from_ref(&stmt));
                    is_free.then(|| out.push(stmt))?;
                }
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::Call(_)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => out.push(stmt),
            }
        }
        Some(out)
    }

    /// Appends what begins the body again with the arguments of a call.
    fn again(&mut self, call: &Call, used: Use, out: &mut Block) {
        let at = call.span;
        if let Use::Joined(_, other) = used {
            let joined = self.join(other);
            out.extend(joined.map(|(var, value)| self.assign(var, value, at)));
        }
        let parameters = self.function.parameters.clone();
        let pairs = parameters.into_iter().zip(call.arguments.iter().copied());
        let pairs: Vec<_> = pairs
            .filter(|(var, value)| build::loaded(self.function, *value) != Some(*var))
            .collect();
        let mut assigned = BTreeSet::new();
        let mut last = Block::new();
        for (var, mut value) in pairs {
            let reads = |each: &Handle<Var>| build::names(self.function, value, *each);
            if assigned.iter().any(reads) {
                let own = &self.function.vars[var];
                let (name, ty) = (own.name.clone(), own.ty.clone());
                let name = self.function.fresh_name(&format!("{name}_next"));
                let next = self.function.vars.push(Var::local(name, ty));
                out.push(Stmt::Declare(next, at));
                out.push(self.assign(next, value, at));
                value = self.function.load(next);
            }
            assigned.insert(var);
            last.push(self.assign(var, value, at));
        }
        out.append(&mut last);
    }

    /// Returns the variable in which results are joined, and its value with one more.
    fn join(&mut self, other: Handle<Expr>) -> Option<(Handle<Var>, Handle<Expr>)> {
        let one = self.accumulated.as_ref()?;
        let (var, operator, ty) = (one.var, one.operator, unsigned(one.ty));
        let so_far = self.function.load(var);
        let other = build::convert(self.function, other, ty);
        let value = build::binary(self.function, operator, so_far, other);
        Some((var, value))
    }

    /// Returns what the function returns where it would return a value.
    fn joined(&mut self, value: Handle<Expr>) -> Handle<Expr> {
        let ty = self.accumulated.as_ref().map(|one| one.ty);
        match self.join(value).zip(ty) {
            Some(((_, joined), ty)) => build::convert(self.function, joined, ty),
            None => value,
        }
    }

    fn assign(&mut self, var: Handle<Var>, value: Handle<Expr>, at: Span) -> Stmt {
        Stmt::Compute(self.numbering.assignment(Place::var(var), value, at))
    }
}
