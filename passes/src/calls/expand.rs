//! Calls of a function, replaced by what their callees do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use mupac_ir::stmt::Call;
use mupac_ir::{
    Block, Compute, ExprKind, Function, Handle, LoopName, Module, Origins, Place, Scalar, Stmt,
    StmtId, Storage, Type, Var,
};

use super::assertions::{Assertion, as_values, handles_abort};
use super::copy::Copy;
use super::fold::{Counts, fold};
use super::memory::element_by_element;
use super::{Callee, Callees};
use crate::facts::BlockStep;
use crate::{build, region};

/// A value of more nodes is not written in place of a call.
const MOST_VALUE_NODES: usize = 60;

/// A floating-point value of more nodes is better left to the function that computes it.
const MOST_FLOAT_NODES: usize = 16;

/// Nodes and statements that one function may receive.
const MOST_NODES: usize = 20_000;

/// Hands out numbers and names, and bounds how much is copied.
#[derive(Debug)]
pub(super) struct Fresh {
    next: u32,
    loops: BTreeSet<LoopName>,
    left: usize,
}

impl Fresh {
    fn of(function: &Function) -> Self {
        let next = region::numbers(&function.body)
            .last()
            .map_or(0, |id| id.0 + 1);
        let mut loops = BTreeSet::new();
        region::each(&function.body, &mut |stmt| {
            loops.extend(region::loop_name(stmt).cloned());
        });
        Self {
            next,
            loops,
            left: MOST_NODES,
        }
    }

    pub(super) fn statement(&mut self) -> StmtId {
        self.next += 1;
        StmtId(self.next - 1)
    }

    pub(super) fn loop_name(&mut self, base: &LoopName) -> LoopName {
        let numbered = (2..u32::MAX).map(|number| LoopName(format!("{base}.{number}")));
        let name = std::iter::once(base.clone())
            .chain(numbered)
            .find(|name| !self.loops.contains(name))
            .unwrap_or_else(|| base.clone());
        self.loops.insert(name.clone());
        name
    }

    /// Counts a copied node; `None` when there are too many.
    pub(super) fn spend(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    /// Runs `copy` with at most so many nodes, which are counted in any case.
    fn within<T>(&mut self, most: usize, copy: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let whole = self.left;
        self.left = most.min(whole);
        let start = self.left;
        let copied = copy(self);
        self.left = whole - (start - self.left);
        copied
    }
}

/// A function some of whose calls are seen through.
pub(crate) struct Expansion<'a> {
    module: &'a Module,
    callees: &'a Callees,
    /// The function as it is by now.
    pub(crate) function: Function,
    /// The statements that came from callees.
    pub(crate) origins: Origins,
    /// The assertions of its loops that became values.
    pub(crate) assertions: Vec<Assertion>,
    fresh: Fresh,
    /// The assignments that calls became.
    made: BTreeSet<StmtId>,
    has_changed: bool,
}

impl<'a> Expansion<'a> {
    pub(crate) fn new(module: &'a Module, callees: &'a Callees, function: Function) -> Self {
        Self {
            module,
            callees,
            fresh: Fresh::of(&function),
            function,
            origins: Origins::new(),
            assertions: Vec::new(),
            made: BTreeSet::new(),
            has_changed: false,
        }
    }

    /// Sees through every call of the function.
    pub(super) fn everything(&mut self) {
        let body = std::mem::take(&mut self.function.body);
        self.function.body = self.block(body);
        self.settle_addresses(BTreeSet::new());
    }

    /// Sees through the calls of loops that follow one another, from the one at `at` on; returns whether that changes what is
    /// known of it: it has calls, or others are passed the address of what it names.
    pub(crate) fn loops(&mut self, path: &[BlockStep], at: usize) -> bool {
        let block = region::block(&self.function.body, path).map_or(&[][..], Vec::as_slice);
        let (first, end) = (block.get(at..at + 1).unwrap_or(&[]), block.len());
        let mut has_calls = false;
        region::each(first, &mut |stmt| {
            has_calls |= matches!(stmt, Stmt::Call(_));
        });
        let is_shared = !has_calls && first.iter().any(|stmt| self.is_addressed(stmt));
        (has_calls || is_shared) && self.expand(path, at..end, true)
    }

    /// Returns whether a statement names a variable of the function's own whose address any statement takes.
    fn is_addressed(&self, stmt: &Stmt) -> bool {
        let mut addressed = region::addressed(&self.function, &self.function.body).into_iter();
        addressed.any(|var| {
            is_own_object(&self.function.vars[var]) && region::names(&self.function, stmt, var)
        })
    }

    /// Sees through the calls of the loops in a range of a block; returns whether there are any.
    pub(crate) fn range(&mut self, path: &[BlockStep], range: Range<usize>) -> bool {
        self.expand(path, range, false)
    }

    /// Sees through the calls of the loops in a range of a block; where what the first names is passed by its address
    /// elsewhere, there too, if `everywhere` allows it. Returns whether anything changed.
    fn expand(&mut self, path: &[BlockStep], range: Range<usize>, everywhere: bool) -> bool {
        // Of the loops behind the first, not all need become part of a region.
        let start = range.start;
        let first = region::take(&mut self.function, path, &(start..start + 1));
        let mut kept = region::addressed(&self.function, &self.function.body);
        let is_named = |var: &Handle<Var>| {
            let mut first = first.iter();
            is_own_object(&self.function.vars[*var])
                && first.any(|stmt| region::names(&self.function, stmt, *var))
        };
        let is_shared = everywhere && kept.iter().any(is_named);
        region::put(&mut self.function, path, start, first);
        for position in range.clone() {
            self.position(path, position);
            self.asserted(path, position);
        }
        if is_shared {
            // A callee that is seen through is seen to keep no address, whoever calls it.
            self.elsewhere(path, &range);
            kept.clear();
        }
        if self.has_changed {
            self.settle_addresses(kept);
            self.fold(path, range);
        }
        self.has_changed
    }

    /// Sees through the calls of the statement at a position of a block, if that is a loop.
    fn position(&mut self, path: &[BlockStep], at: usize) {
        let taken = region::take(&mut self.function, path, &(at..at + 1));
        let is_loop = matches!(taken.first(), Some(Stmt::For(_)));
        let statements = if is_loop { self.block(taken) } else { taken };
        region::put(&mut self.function, path, at, statements);
    }

    /// Writes the assertions of the loop at a position of a block as values.
    fn asserted(&mut self, path: &[BlockStep], at: usize) {
        let mut taken = region::take(&mut self.function, path, &(at..at + 1));
        if let Some(stmt @ Stmt::For(_)) = taken.first_mut()
            && !handles_abort(self.module)
        {
            let (function, fresh) = (&mut self.function, &mut self.fresh);
            self.has_changed |= as_values(function, fresh, &mut self.assertions, stmt);
        }
        region::put(&mut self.function, path, at, taken);
    }

    /// Sees through the calls of all loops that lie beside a range of a block, in it and in the blocks around.
    fn elsewhere(&mut self, path: &[BlockStep], range: &Range<usize>) {
        let mut inside = range.clone();
        for depth in (0..=path.len()).rev() {
            let path_here = &path[..depth];
            let count = region::block(&self.function.body, path_here).map_or(0, Vec::len);
            for at in (0..count).filter(|at| !inside.contains(at)) {
                self.position(path_here, at);
            }
            if let Some(BlockStep::Body(at) | BlockStep::Then(at) | BlockStep::Otherwise(at)) =
                path[..depth].last()
            {
                inside = *at..*at + 1;
            }
        }
    }

    /// Puts values where they are read, in the loops that may have changed.
    fn fold(&mut self, path: &[BlockStep], range: Range<usize>) {
        let counts = Counts::of(&self.function);
        for position in range {
            let mut taken = region::take(&mut self.function, path, &(position..position + 1));
            if matches!(taken.first(), Some(Stmt::For(_))) {
                fold(&mut self.function, &mut taken, &self.made, &counts);
            }
            region::put(&mut self.function, path, position, taken);
        }
    }

    fn block(&mut self, block: Block) -> Block {
        let mut out = Block::with_capacity(block.len());
        for mut stmt in block {
            for inner in region::blocks_mut(&mut stmt) {
                *inner = self.block(std::mem::take(inner));
            }
            match stmt {
                Stmt::Call(call) => match self.call(&call) {
                    Some(statements) => {
                        self.has_changed = true;
                        out.extend(statements);
                    }
                    None => out.push(Stmt::Call(call)),
                },
                Stmt::Compute(_)
                | Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::For(_)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => out.push(stmt),
            }
        }
        out
    }

    /// Returns what a call becomes: a value, a call that threads can make, or the callee's statements.
    fn call(&mut self, call: &Call) -> Option<Block> {
        let (function, fresh) = (&mut self.function, &mut self.fresh);
        if let Some(done) = element_by_element(self.module, function, fresh, call) {
            return Some(done);
        }
        let callee = self.callees.known(&call.callee)?;
        if let Some(target) = &call.target
            && let Some(value) = self.value(callee, call)
        {
            return self.assigned(call, target, value).map(|stmt| vec![stmt]);
        }
        let is_float = callee
            .function
            .result
            .scalar()
            .is_some_and(Scalar::is_float);
        if is_float && let Some(stmt) = self.own_call(callee, call) {
            return Some(vec![stmt]);
        }
        self.copied(callee, call, MOST_NODES, |copy| {
            copy.statements(&call.arguments, call.target.as_ref())
        })
        .or_else(|| self.own_call(callee, call).map(|stmt| vec![stmt]))
    }

    fn value(&mut self, callee: &Callee, call: &Call) -> Option<Handle<mupac_ir::Expr>> {
        let scalar = callee.function.result.scalar()?;
        let most = if scalar.is_float() && callee.is_pure {
            MOST_FLOAT_NODES
        } else {
            MOST_VALUE_NODES
        };
        let value = self.copied(callee, call, most, |copy| copy.computed(&call.arguments))?;
        // A sum in another order is checked against its statement, and here there is none but the call.
        let is_sum = matches!(self.function.exprs[value].kind, ExprKind::Binary(..));
        let named = build::variables(&self.function, value);
        let accumulates = call
            .target
            .as_ref()
            .is_some_and(|target| named.contains(&target.var));
        (!(scalar.is_float() && is_sum && accumulates)).then_some(value)
    }

    /// Returns the call as a value, where the callee is pure.
    fn own_call(&mut self, callee: &Callee, call: &Call) -> Option<Stmt> {
        let types = call
            .arguments
            .iter()
            .map(|value| &self.function.exprs[*value].ty);
        let own = &callee.function;
        let wanted = own.parameters.iter().map(|var| &own.vars[*var].ty);
        if !callee.is_pure || !types.eq(wanted) {
            return None;
        }
        let target = call.target.as_ref()?;
        let kind = ExprKind::Call(call.callee.clone(), call.arguments.clone());
        let value = self.function.expr(kind, own.result.clone());
        self.function.exprs[value].span = call.span;
        self.assigned(call, target, value)
    }

    fn assigned(
        &mut self,
        call: &Call,
        target: &Place,
        value: Handle<mupac_ir::Expr>,
    ) -> Option<Stmt> {
        let ty = self.function.place_type(&self.module.records, target)?;
        let id = self.fresh.statement();
        self.made.insert(id);
        (ty == self.function.exprs[value].ty).then(|| {
            Stmt::Compute(Compute {
                id,
                target: target.clone(),
                value,
                span: call.span,
                target_span: call.span,
            })
        })
    }

    fn copied<T>(
        &mut self,
        callee: &Callee,
        call: &Call,
        most: usize,
        action: impl FnOnce(&mut Copy<'_>) -> Option<T>,
    ) -> Option<T> {
        let Self {
            module,
            function,
            origins,
            fresh,
            ..
        } = self;
        fresh.within(most, |fresh| {
            action(&mut Copy {
                module,
                callee,
                caller: function,
                fresh,
                origins,
                at: call.span,
                uses: BTreeMap::new(),
            })
        })
    }

    /// Forgets that the address of a local was taken, where only calls took it that are gone; `kept` are addresses that
    /// other statements take.
    fn settle_addresses(&mut self, kept: BTreeSet<Handle<Var>>) {
        let mut has_text = false;
        region::each(&self.function.body, &mut |stmt| {
            has_text |= matches!(stmt, Stmt::Verbatim(..));
        });
        if has_text {
            return;
        }
        let mut named = region::addressed(&self.function, &self.function.body);
        named.extend(kept);
        let function = &self.function;
        let free: Vec<Handle<Var>> = function
            .vars
            .iter()
            .filter(|(var, own)| own.is_address_taken && is_own_object(own) && !named.contains(var))
            .map(|(var, _)| var)
            .collect();
        for var in free {
            self.function.vars[var].is_address_taken = false;
        }
    }
}

/// Returns whether a variable is one that only the function's own statements can take the address of.
fn is_own_object(var: &Var) -> bool {
    let is_automatic = match var.storage {
        Storage::Parameter | Storage::Local => true,
        Storage::Static | Storage::Global | Storage::Function => false,
    };
    is_automatic && !matches!(var.ty, Type::Opaque(_))
}
