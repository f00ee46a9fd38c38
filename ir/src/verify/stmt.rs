//! Statements: what each needs from its operands and from the blocks around it.

use std::collections::BTreeSet;

use crate::arena::Handle;
use crate::expr::{Expr, Place};
use crate::function::{Function, Space, Storage, Var};
use crate::stmt::{Call, Compute, Loop, Mapping, Stmt, StmtId, While};
use crate::structure::MAX_BLOCK_DEPTH;
use crate::types::{Scalar, Type};
use crate::vector::VectorCopy;

use super::scope::{Scope, Sight};
use super::var::is_name;
use super::{Checker, Form, file};

/// What surrounds a statement.
#[derive(Clone)]
struct Around {
    /// The innermost loop; `None` where `break` would have none to leave.
    innermost: Option<Mapping>,
    /// The mappings of the parallel loops, outermost first.
    parallel: Vec<Mapping>,
    /// How many blocks.
    blocks: usize,
}

impl Around {
    fn block(&self) -> Self {
        Self {
            blocks: self.blocks + 1,
            ..self.clone()
        }
    }

    fn body_of(&self, mapping: Mapping) -> Self {
        let mut inner = self.block();
        inner.innermost = Some(mapping);
        if mapping.is_parallel() {
            inner.parallel.push(mapping);
        }
        inner
    }
}

/// What was met in the body so far.
struct Walk {
    scope: Scope,
    ids: BTreeSet<StmtId>,
    loops: BTreeSet<String>,
}

impl Checker<'_> {
    /// Checks the statements of a body.
    pub(super) fn body(&mut self, body: &[Stmt]) {
        let mut walk = Walk {
            scope: Scope::new(body),
            ids: BTreeSet::new(),
            loops: BTreeSet::new(),
        };
        let around = Around {
            innermost: None,
            parallel: Vec::new(),
            blocks: 0,
        };
        self.block(&mut walk, &around, body);
        self.extents_are_stable(&walk.scope);
    }

    /// Checks that the variables in extents keep their values while arrays of these extents live: a parameter is
    /// never assigned, a local at most where it gets its value (several times in the text where code was copied).
    fn extents_are_stable(&mut self, scope: &Scope) {
        for (_, var) in self.function.vars.iter() {
            for read in self.variables_in_extents(var) {
                let most = match (self.storage(read), self.form) {
                    (Some(Storage::Local), Form::Sequential) => 1,
                    (Some(Storage::Local), Form::Mapped | Form::Kernel) => usize::MAX,
                    (
                        Some(
                            Storage::Parameter
                            | Storage::Static
                            | Storage::Global
                            | Storage::Function,
                        )
                        | None,
                        _,
                    ) => 0,
                };
                if scope.assignments(read) > most {
                    self.report_var(read, "an extent is made of it, so it keeps its value");
                }
            }
        }
    }

    fn block(&mut self, walk: &mut Walk, around: &Around, block: &[Stmt]) {
        if around.blocks > MAX_BLOCK_DEPTH {
            self.report("{".to_owned(), "these blocks nest too deeply");
            return;
        }
        let mark = walk.scope.mark();
        for statement in block {
            self.statement(walk, around, statement);
        }
        walk.scope.leave(mark);
    }

    fn statement(&mut self, walk: &mut Walk, around: &Around, at: &Stmt) {
        if !file::is_inside(self.module, at.span()) {
            self.report_statement(at, "the statement is outside the source");
        }
        match at {
            Stmt::Compute(compute) => self.compute(walk, at, compute),
            Stmt::Declare(var, _) => {
                if self.storage(*var) != Some(Storage::Local) {
                    self.report_statement(at, "only a local variable is declared by a statement");
                }
                let space = self.function.vars.get(*var).map(|var| var.space);
                let is_of_threads = space
                    .is_some_and(|space| space == Space::Shared || space.stands_for().is_some());
                if is_of_threads && !self.has_threads(around) {
                    self.report_statement(at, "there are no threads that could share this");
                }
                self.introduce(&mut walk.scope, at, *var, Sight::Declared);
            }
            Stmt::Let(var, value) => self.named(walk, at, *var, *value),
            Stmt::For(each) => self.counted(walk, around, at, each),
            Stmt::If(branch) => {
                self.condition(walk, at, branch.condition);
                self.block(walk, &around.block(), &branch.then);
                self.block(walk, &around.block(), &branch.otherwise);
            }
            Stmt::While(each) => self.uncounted(walk, around, at, each),
            Stmt::Call(call) => self.called(walk, at, call),
            Stmt::Return(value, _) => self.returned(walk, around, at, *value),
            Stmt::Break(_) => match around.innermost {
                None => self.report_statement(at, "there is no loop to leave"),
                Some(Mapping::Sequential | Mapping::Unroll(_) | Mapping::Vector) => {}
                Some(Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes) => {
                    self.report_statement(at, "a parallel loop cannot be left early");
                }
            },
            Stmt::Continue(_) => {
                if around.innermost.is_none() {
                    self.report_statement(at, "there is no loop to continue");
                }
            }
            Stmt::Barrier => {
                if !self.has_threads(around) {
                    self.report_statement(at, "there are no threads that could meet here");
                }
            }
            Stmt::Verbatim(..) => {}
        }
    }

    /// Returns whether threads run what stands here.
    fn has_threads(&self, around: &Around) -> bool {
        match self.form {
            Form::Sequential => false,
            Form::Mapped => !around.parallel.is_empty(),
            Form::Kernel => true,
        }
    }

    fn storage(&self, var: Handle<Var>) -> Option<Storage> {
        self.function.vars.get(var).map(|var| var.storage)
    }

    fn compute(&mut self, walk: &mut Walk, at: &Stmt, compute: &Compute) {
        let is_first = walk.ids.insert(compute.id);
        if self.form == Form::Sequential && !is_first {
            self.report_statement(at, "two statements have this number");
        }
        self.read(&walk.scope, at, compute.value);
        let Some(ty) = self.written(&mut walk.scope, at, &compute.target) else {
            return;
        };
        if !self.is_same(&ty, self.ty(compute.value)) {
            let records = &self.module.records;
            let names = [&ty, self.ty(compute.value)]
                .map(|ty| crate::print::ty(records, Some(self.function), ty));
            let [place, value] = names;
            self.report_statement(at, format!("the place is {place}, the value {value}"));
        }
    }

    fn named(&mut self, walk: &mut Walk, at: &Stmt, var: Handle<Var>, value: Handle<Expr>) {
        let storage = self.storage(var);
        if !matches!(storage, Some(Storage::Local | Storage::Parameter)) {
            self.report_statement(at, "only a local variable or a parameter names a value");
        }
        let fits = self.function.vars.get(var).is_some_and(|var| {
            self.is_same(&var.ty, self.ty(value))
                && matches!(var.ty, Type::Scalar(_) | Type::Pointer { .. })
        });
        if !fits {
            self.report_statement(at, "the value has another type than its name");
        }
        self.read(&walk.scope, at, value);
        self.introduce(&mut walk.scope, at, var, Sight::Named);
    }

    fn condition(&mut self, walk: &Walk, at: &Stmt, condition: Handle<Expr>) {
        if !self.is_condition(condition) {
            self.report_statement(at, "a condition is a scalar or a pointer");
        }
        self.read(&walk.scope, at, condition);
    }

    fn counted(&mut self, walk: &mut Walk, around: &Around, at: &Stmt, each: &Loop) {
        self.loop_name(walk, at, &each.name.0);
        self.header(at, each);
        self.mapping(around, at, each);
        self.read(&walk.scope, at, each.start);
        let mark = walk.scope.mark();
        if each.declares_iterator {
            if self.storage(each.iterator) != Some(Storage::Local) {
                self.report_statement(at, "only a local variable is declared by a loop");
            }
            self.introduce(&mut walk.scope, at, each.iterator, Sight::Iterator);
        } else {
            self.written(&mut walk.scope, at, &Place::var(each.iterator));
            walk.scope.count(each.iterator);
        }
        self.read(&walk.scope, at, each.end);
        if self
            .places_in(each.end)
            .iter()
            .any(|place| place.var == each.iterator)
        {
            self.report_statement(at, "the end does not read the iterator");
        }
        self.block(walk, &around.body_of(each.mapping), &each.body);
        walk.scope.leave(mark);
    }

    fn loop_name(&mut self, walk: &mut Walk, at: &Stmt, name: &str) {
        if !is_name(name) {
            self.report_statement(at, "this is not the name of a loop");
        }
        if !walk.loops.insert(name.to_owned()) {
            self.report_statement(at, "two loops have this name");
        }
    }

    /// Checks iterator, bounds and step of a counted loop.
    fn header(&mut self, at: &Stmt, each: &Loop) {
        let Some(iterator) = self.function.vars.get(each.iterator) else {
            self.report_statement(at, "there is no such iterator");
            return;
        };
        let is_own = matches!(iterator.storage, Storage::Local | Storage::Parameter);
        if !is_own || iterator.is_address_taken || iterator.is_volatile {
            self.report_statement(at, "an iterator can be changed from nowhere else");
        }
        let Some((ty, (_, greatest))) = iterator
            .ty
            .scalar()
            .and_then(|ty| Some((ty, ty.integer_range()?)))
        else {
            self.report_statement(at, "an iterator is an integer");
            return;
        };
        if self.integer(each.start) != Some(ty) {
            self.report_statement(at, "the start has another type than the iterator");
        }
        let is_as_wide = self.integer(each.end).is_some_and(|end| {
            end == ty || end.size_bytes() > ty.size_bytes() || end == Scalar::U64
        });
        if !is_as_wide {
            self.report_statement(
                at,
                "the end is of the iterator's type, a wider integer or u64",
            );
        }
        if each.step == 0 || i128::from(each.step.unsigned_abs()) > greatest {
            self.report_statement(at, "a step is not 0 and within the iterator's type");
        }
    }

    /// Checks who runs a loop; mapped loops may stand in any order, since every combination of them runs.
    fn mapping(&mut self, around: &Around, at: &Stmt, each: &Loop) {
        let mapping = each.mapping;
        if let Mapping::Unroll(copies) = mapping {
            if self.form == Form::Sequential {
                self.report_statement(at, "only rewritten code has unrolled loops");
            }
            if copies.is_some_and(|copies| copies < 2) {
                self.report_statement(at, "a loop becomes two copies of its body or more");
            }
        }
        if mapping == Mapping::Vector && VectorCopy::of(self.function, each).is_none() {
            self.report_statement(at, "one access does not move what the loop does");
        }
        if mapping == Mapping::Lanes && (self.form != Form::Mapped || !self.has_threads(around)) {
            self.report_statement(at, "there is no warp whose lanes could share this out");
        }
        if !mapping.is_parallel() {
            return;
        }
        if self.form != Form::Mapped {
            self.report_statement(at, "only rewritten code has parallel loops");
        }
        if around.parallel.contains(&mapping) {
            self.report_statement(at, "a loop around is mapped to the same axis");
        }
    }

    /// Checks a loop without a counter; nothing leaves or continues it from outside its body.
    fn uncounted(&mut self, walk: &mut Walk, around: &Around, at: &Stmt, each: &While) {
        self.loop_name(walk, at, &each.name.0);
        let body = around.body_of(Mapping::Sequential);
        let mut outside = body.clone();
        outside.innermost = None;
        self.block(walk, &body, &each.body);
        self.block(walk, &outside, &each.after_body);
        let mark = walk.scope.mark();
        // The condition sees what the statements before it declare.
        for statement in &each.before_test {
            self.statement(walk, &outside, statement);
        }
        self.condition(walk, at, each.condition);
        walk.scope.leave(mark);
    }

    fn called(&mut self, walk: &mut Walk, at: &Stmt, call: &Call) {
        if call.callee.is_empty() {
            self.report_statement(at, "a called function has a name");
        }
        for argument in &call.arguments {
            self.read(&walk.scope, at, *argument);
        }
        let target = match &call.target {
            Some(target) => match self.written(&mut walk.scope, at, target) {
                Some(ty) => Some(ty),
                None => return,
            },
            None => None,
        };
        let module = self.module;
        if let Some((_, callee)) = module.function(&call.callee)
            && !self.fits(callee, call, target.as_ref())
        {
            self.report_statement(at, "the call does not fit the function of this name");
        }
    }

    /// Returns whether a call fits a function of the module; extents and `const` may differ.
    fn fits(&self, callee: &Function, call: &Call, target: Option<&Type>) -> bool {
        callee.parameters.len() == call.arguments.len()
            && callee
                .parameters
                .iter()
                .zip(&call.arguments)
                .all(|(parameter, argument)| {
                    let parameter = callee.vars.get(*parameter).map(|var| &var.ty);
                    parameter.is_some_and(|ty| is_alike(ty, self.ty(*argument)))
                })
            && target.is_none_or(|target| is_alike(target, &callee.result))
    }

    fn returned(&mut self, walk: &Walk, around: &Around, at: &Stmt, value: Option<Handle<Expr>>) {
        if !around.parallel.is_empty() {
            self.report_statement(at, "a parallel loop cannot be left early");
        }
        match value {
            Some(value) => {
                if self.form == Form::Kernel || !self.is_same(self.ty(value), &self.function.result)
                {
                    self.report_statement(at, "the value has another type than the result");
                }
                self.read(&walk.scope, at, value);
            }
            None => {
                if self.form != Form::Kernel && self.function.result != Type::Void {
                    self.report_statement(at, "the function returns a value");
                }
            }
        }
    }
}

/// Returns whether two types of different functions are the same but for extents and `const`.
fn is_alike(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Pointer { to, .. }, Type::Pointer { to: other, .. })
        | (Type::Array { of: to, .. }, Type::Array { of: other, .. }) => is_alike(to, other),
        (
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Record(_)
            | Type::Opaque(_),
            _,
        ) => a == b,
    }
}
