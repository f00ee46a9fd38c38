//! A region as a function of its own: its statements with a parameter for every variable that they take from around them.
//!
//! Where a test calls such a function, it needs to make up nothing but what the region itself names, whatever the function
//! around takes, reads, calls or returns.

mod surroundings;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::blocks_mut;
use mupac_ir::{
    Block, Compute, Definitions, Expr, ExprKind, Function, Handle, If, Module, Outlined, Passing,
    Place, Projection, Scalar, Stmt, StmtId, Storage, Taken, Type, Var,
};

use super::entry::entry_with;
use super::fresh;
use super::liveness::is_live_after;
use super::scratch;
use crate::calls::Callees;
use crate::facts::{BlockStep, Region};
use crate::workload::Workload;
use crate::{build, region};

use surroundings::Reached;
use uses::{Uses, is_passable};

/// What the names of functions for regions begin with, and those of parameters for places.
const FUNCTION: &str = "mupac_test_outlined_";
const PLACE: &str = "mupac_test_of_";

/// Returns a region as a function of its own, which takes besides what `named` holds; `None` where its statements cannot stand
/// elsewhere, or take what a test cannot pass.
pub(crate) fn outlined(
    workload: &Workload,
    own: &Region,
    named: &BTreeSet<Handle<Var>>,
) -> Option<Outlined> {
    let module = &workload.module;
    let around = &module.functions[own.of];
    let written = region::statements(around, &own.path, &own.written);
    if !stands_elsewhere(written) {
        return None;
    }
    let local = scratch::with_locals(module);
    let mut outline = Outline::new((module, &local), own);
    let mut uses = Uses::of(around, written);
    // Forms of the function have more variables.
    let is_known = |var: &&Handle<Var>| around.vars.get(**var).is_some();
    uses.named.extend(named.iter().filter(is_known));
    let reached = outline.reached(&mut uses);
    let condition = reached.condition;
    for var in uses.taken(around) {
        outline.take(var, &uses, &reached.equal)?;
    }
    if !outline.shows(written) {
        return None;
    }
    let position = outline.close(written.to_vec(), condition);
    let there = Region {
        path: position.0,
        written: position.1..position.1 + written.len(),
        ..own.clone()
    };
    let callees = Callees::of(module, &local);
    Some(Outlined {
        region: own.name.clone(),
        kernels: Vec::new(),
        entry: entry_with(module, &callees, outline.function.clone(), &[&there])?,
        function: outline.function,
        taken: outline.taken,
        constants: outline.constants,
        condition,
        definitions: Definitions::default(),
    })
}

/// Returns whether statements mean the same in another function: none leaves it, and all of them are known.
fn stands_elsewhere(statements: &[Stmt]) -> bool {
    let mut stands = true;
    region::each(statements, &mut |stmt| match stmt {
        Stmt::Return(..) | Stmt::Verbatim(..) => stands = false,
        Stmt::Compute(_)
        | Stmt::Call(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::For(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier => {}
    });
    stands
}

/// The function while it is made.
struct Outline<'a> {
    module: &'a Module,
    /// The same with statics that are used as locals.
    local: &'a Module,
    own: &'a Region,
    function: Function,
    taken: Vec<Taken>,
    constants: Vec<(Handle<Var>, Handle<Expr>)>,
    /// The parameters that lead to structures, by these.
    structures: BTreeMap<Handle<Var>, Handle<Var>>,
    /// What stands before and behind the region's statements.
    before: Block,
    behind: Block,
    next: StmtId,
}

impl<'a> Outline<'a> {
    fn new((module, local): (&'a Module, &'a Module), own: &'a Region) -> Self {
        let around = &module.functions[own.of];
        let mut function = Function {
            name: format!("{FUNCTION}{}", identifier(&own.name)),
            parameters: Vec::new(),
            result: Type::Void,
            is_static: true,
            body: Vec::new(),
            promises: Vec::new(),
            ..around.clone()
        };
        // What macros stand for is not known behind the file.
        let all: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
        for handle in all {
            function.exprs[handle].spelling = None;
        }
        Self {
            module,
            local,
            own,
            function,
            taken: Vec::new(),
            constants: Vec::new(),
            structures: BTreeMap::new(),
            before: Vec::new(),
            behind: Vec::new(),
            next: region::next_number(&[&around.body]),
        }
    }

    /// Returns under what the region is reached, whose variables it takes then; nothing where that cannot be said.
    fn reached(&mut self, uses: &mut Uses) -> Reached {
        let around = &self.module.functions[self.own.of];
        let can_say = |var: Handle<Var>| {
            let declared = &around.vars[var];
            // Of two variables by one name only the inner one can be said.
            let mut named = uses.named.iter().filter(|each| **each != var);
            let is_hidden = named.any(|each| around.vars[*each].spelling == declared.spelling);
            let has_name = !declared.spelling.is_empty();
            has_name && is_passable(self.module, declared) && !is_hidden
        };
        let path = &self.own.path;
        let mut reached = surroundings::reached(&mut self.function, &around.body, path, can_say);
        reached
            .equal
            .retain(|(var, _)| can_say(*var) && uses.named.contains(var));
        let condition = reached.condition.into_iter();
        let read = condition.flat_map(|condition| build::variables(&self.function, condition));
        let read: BTreeSet<Handle<Var>> = read.collect();
        uses.named.extend(read);
        reached
    }

    /// Adds a parameter for a variable; `None` where a test cannot pass it.
    fn take(
        &mut self,
        var: Handle<Var>,
        uses: &Uses,
        equal: &[(Handle<Var>, Handle<Expr>)],
    ) -> Option<()> {
        let around = &self.module.functions[self.own.of];
        let declared = &around.vars[var];
        if !is_passable(self.module, declared) {
            return None;
        }
        let (path, written) = (&self.own.path, &self.own.written);
        let constant = surroundings::constant_before(around, path, written.start, var);
        if let Some(value) = constant
            && declared.is_const
            && matches!(
                around.exprs[value].kind,
                ExprKind::Int(_) | ExprKind::Float(_)
            )
        {
            // Its text may stand where C asks for a constant.
            self.before.push(Stmt::Declare(var, self.own.span));
            let begun = self.assignment(Place::var(var), value);
            self.before.push(begun);
            return Some(());
        }
        let last = written.end.saturating_sub(1);
        // A variable that is static for its size alone is dead between calls.
        let local = &self.local.functions[self.own.of];
        let is_kept = !local.vars[var].is_plain_local();
        let is_live = is_kept || is_live_after(local, path, last, var);
        let passing = uses.passing(declared, var, is_live);
        let name = match passing {
            Passing::Value => declared.spelling.clone(),
            Passing::Copy | Passing::Place => format!("{PLACE}{}", declared.spelling),
        };
        match (&declared.ty, passing) {
            (Type::Record(_), _) => {
                let place = self.parameter(&name, declared.ty.clone());
                self.structures.insert(var, place);
            }
            (Type::Array { of, .. }, _) => {
                let array = &mut self.function.vars[var];
                array.ty = (**of).clone().pointer(declared.is_const);
                // Variables have memory of their own.
                array.is_restrict = true;
                pass(&mut self.function, var);
            }
            (_, Passing::Value) => {
                // What is known of blocks of an allocator's, no guard asks.
                let is_block = declared.leads_to_block
                    || fresh::allocations(self.module, around, var).is_some();
                self.function.vars[var].is_restrict |= is_block;
                pass(&mut self.function, var);
            }
            (_, Passing::Copy | Passing::Place) => {
                let place = self.parameter(&name, declared.ty.clone());
                self.copied(var, place);
            }
        }
        self.taken.push(Taken { var, name, passing });
        let mut equal = equal.iter().filter(|(each, _)| *each == var);
        if let Some(value) = constant.or_else(|| equal.next().map(|(_, value)| *value)) {
            let begun = self.assignment(Place::var(var), value);
            self.before.push(begun);
            self.constants.push((var, value));
        }
        Some(())
    }

    /// Returns whether a caller sees what statements compute: a test of others would say nothing.
    fn shows(&self, statements: &[Stmt]) -> bool {
        let around = &self.module.functions[self.own.of];
        let mut is_seen = false;
        region::each(statements, &mut |stmt| {
            let Some(place) = region::target(stmt) else {
                return;
            };
            let declared = &around.vars[place.var];
            let is_memory = matches!(declared.ty, Type::Pointer { .. }) && !place.path.is_empty();
            let mut taken = self.taken.iter();
            is_seen |= is_memory
                || declared.storage == Storage::Global
                || taken.any(|each| each.var == place.var && each.passing == Passing::Place);
        });
        is_seen
    }

    /// Adds a parameter of this name that leads to a variable of a type.
    fn parameter(&mut self, name: &str, ty: Type) -> Handle<Var> {
        let var = Var {
            spelling: name.to_owned(),
            is_restrict: true,
            ..Var::local(self.function.fresh_name(name), ty.pointer(false))
        };
        let var = self.function.vars.push(var);
        pass(&mut self.function, var);
        var
    }

    /// Has a local hold what a parameter leads to, which holds at last what the local does.
    fn copied(&mut self, var: Handle<Var>, place: Handle<Var>) {
        let ty = self.function.vars[var].ty.clone();
        self.function.vars[var].storage = Storage::Local;
        self.before.push(Stmt::Declare(var, self.own.span));
        let zero = build::int(&mut self.function, 0, Scalar::I64);
        let there = Place {
            var: place,
            path: vec![Projection::Index(zero)],
        };
        let here = self.function.load(var);
        let read = self.function.expr(ExprKind::Load(there.clone()), ty);
        let begun = self.assignment(Place::var(var), read);
        self.before.push(begun);
        let ended = self.assignment(there, here);
        self.behind.push(ended);
    }

    fn assignment(&mut self, target: Place, value: Handle<Expr>) -> Stmt {
        let id = self.next;
        self.next = StmtId(id.0.saturating_add(1));
        Stmt::Compute(Compute {
            id,
            target,
            value,
            span: self.own.span,
            target_span: self.own.span,
        })
    }

    /// Makes the body, and returns where the region's statements stand in it.
    fn close(
        &mut self,
        mut statements: Block,
        condition: Option<Handle<Expr>>,
    ) -> (Vec<BlockStep>, usize) {
        lead_through(&mut self.function, &mut statements, &self.structures);
        let mut body = std::mem::take(&mut self.before);
        let at = body.len();
        let position = if let Some(condition) = condition {
            body.push(Stmt::If(If {
                condition,
                then: statements,
                otherwise: Vec::new(),
                span: self.own.span,
            }));
            (vec![BlockStep::Then(at)], 0)
        } else {
            body.extend(statements);
            (Vec::new(), at)
        };
        body.append(&mut self.behind);
        self.function.body = body;
        position
    }
}

/// Returns the name of a region, `f:12.2`, as part of an identifier.
fn identifier(name: &str) -> String {
    let part = |each: char| if each.is_alphanumeric() { each } else { '_' };
    name.chars().map(part).collect()
}

fn pass(function: &mut Function, var: Handle<Var>) {
    function.vars[var].storage = Storage::Parameter;
    function.parameters.push(var);
}

/// Has statements, and the expressions of a function, find structures where parameters lead.
fn lead_through(
    function: &mut Function,
    body: &mut [Stmt],
    structures: &BTreeMap<Handle<Var>, Handle<Var>>,
) {
    if structures.is_empty() {
        return;
    }
    let zero = build::int(function, 0, Scalar::I64);
    let lead = |place: &mut Place| {
        if let Some(parameter) = structures.get(&place.var) {
            place.var = *parameter;
            place.path.insert(0, Projection::Index(zero));
        }
    };
    let all: Vec<_> = function.exprs.iter().map(|(handle, _)| handle).collect();
    for handle in all {
        if let ExprKind::Load(place) | ExprKind::Address(place) = &mut function.exprs[handle].kind {
            lead(place);
        }
    }
    targets(body, &lead);
}

/// Changes what statements assign.
fn targets(statements: &mut [Stmt], change: &impl Fn(&mut Place)) {
    for stmt in statements {
        match stmt {
            Stmt::Compute(compute) => change(&mut compute.target),
            Stmt::Call(call) => call.target.iter_mut().for_each(change),
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
        blocks_mut(stmt).for_each(|block| targets(block, change));
    }
}
