//! Which addresses go where a copy may be made of what they lead to: escape analysis over the calls of a file.
//!
//! Of a variable whose address is only ever passed to functions of the file that do nothing with it but look there, or pass it
//! on to such functions, no copy on the device is made, whoever else calls them with whatever else.
//! A pointer is followed from parameter to parameter; one that is kept, compared or computed with leads anywhere.
//!
//! **Source**: J.-D. Choi et al., Escape Analysis for Java, OOPSLA 1999: arguments that do not escape, by a fixed point.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::stmt::Call;
use mupac_ir::structure::{each, each_expression, indices, variables};
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Module, RegionPlan, Stmt, Type, Var};

use super::conduct::is_out_of_order;
use super::events::contains;
use crate::build;
use crate::calls::Linkage;
use crate::library::{self, Access, Row};

/// A variable of a function.
type Owned = (Handle<Function>, Handle<Var>);

/// The variables of which a copy may be made by an address, and the pointers by which one may.
#[derive(Debug, Default)]
pub(super) struct Escapes {
    found: BTreeSet<Owned>,
    /// From what is passed to the parameter.
    passed: BTreeSet<(Owned, Owned)>,
}

impl Escapes {
    /// Reads the functions of a file, some of whose loops run as these regions.
    pub(super) fn of(module: &Module, regions: &[RegionPlan], linkage: Linkage) -> Self {
        let mut all = Self::default();
        let mut by_function: BTreeMap<_, Vec<&RegionPlan>> = BTreeMap::new();
        for region in regions {
            by_function.entry(region.of).or_default().push(region);
        }
        for (of, function) in module.functions.iter() {
            let mut reader = Reader {
                module,
                of,
                function,
                is_replaceable: linkage.may_replace(function),
                regions: by_function.get(&of).map_or(&[], Vec::as_slice),
                all: &mut all,
            };
            reader.read();
        }
        while all.grow() {}
        all
    }

    /// Returns whether a copy may be made of a variable by its address, or by what a pointer holds.
    pub(super) fn contain(&self, of: Handle<Function>, var: Handle<Var>) -> bool {
        self.found.contains(&(of, var))
    }

    fn grow(&mut self) -> bool {
        let escaping = self.passed.iter();
        let escaping = escaping.filter(|(_, parameter)| self.found.contains(parameter));
        let more: Vec<Owned> = escaping.map(|(from, _)| *from).collect();
        let before = self.found.len();
        self.found.extend(more);
        self.found.len() > before
    }
}

struct Reader<'a> {
    module: &'a Module,
    of: Handle<Function>,
    function: &'a Function,
    /// Whether the linker may take another definition.
    is_replaceable: bool,
    /// Those of the function.
    regions: &'a [&'a RegionPlan],
    all: &'a mut Escapes,
}

impl Reader<'_> {
    fn read(&mut self) {
        let function = self.function;
        let is_unseen = is_out_of_order(function) || self.is_replaceable;
        for (var, own) in function.vars.iter() {
            if is_unseen || !own.texts.is_empty() {
                self.escape(var);
            }
        }
        for region in self.regions {
            let buffers = region.buffers.iter();
            let buffers = buffers.filter(|(buffer, _)| !region.is_scratch(*buffer));
            let copied: Vec<_> = buffers.map(|(_, each)| each.array).collect();
            let is_own = |array: &Handle<Var>| {
                let own = function.vars.get(*array);
                own.is_some_and(|own| own.name == region.function.vars[*array].name)
            };
            // What stands for a place that a pointer leads to may be part of anything that the region names.
            if !copied.iter().all(is_own) {
                self.named_in(region);
            }
            let own = copied.into_iter().filter(is_own);
            own.for_each(|array| self.escape(array));
        }
        each(&function.body, &mut |stmt| {
            if let Stmt::Call(call) = stmt
                && !self.is_in_region(stmt)
            {
                self.call(call);
            } else {
                each_expression(stmt, &mut |expr| self.used(expr));
            }
        });
    }

    fn named_in(&mut self, region: &RegionPlan) {
        let function = self.function;
        each(&function.body, &mut |stmt| {
            if !contains(region.replaces, stmt.span()) {
                return;
            }
            if let Stmt::Compute(compute) = stmt {
                self.escape(compute.target.var);
            }
            each_expression(stmt, &mut |expr| {
                for var in variables(function, expr) {
                    self.escape(var);
                }
            });
        });
    }

    fn is_in_region(&self, stmt: &Stmt) -> bool {
        let mut regions = self.regions.iter();
        regions.any(|region| contains(region.replaces, stmt.span()))
    }

    fn call(&mut self, call: &Call) {
        let module = self.module;
        for index in call.target.iter().flat_map(indices) {
            self.used(index);
        }
        let callee = module.function(&call.callee);
        let returns_none = call.target.as_ref().is_none_or(|target| {
            let ty = self.function.place_type(&module.records, target);
            matches!(ty, Some(Type::Scalar(_)))
        });
        let keeps_none = returns_none
            && library::find(module, &call.callee).is_some_and(|row| !tells_addresses(row));
        for (position, argument) in call.arguments.iter().enumerate() {
            let parameter =
                callee.and_then(|(of, function)| Some((of, *function.parameters.get(position)?)));
            match parameter {
                Some(parameter) => self.passed(*argument, Some(parameter)),
                None if callee.is_none() && keeps_none => self.passed(*argument, None),
                None => self.used(*argument),
            }
        }
    }

    /// Notes what is passed to a parameter; `None`: to one that keeps nothing.
    fn passed(&mut self, value: Handle<Expr>, to: Option<Owned>) {
        let function = self.function;
        let node = &function.exprs[value];
        let is_pointer = matches!(node.ty, Type::Pointer { .. });
        match &node.kind {
            ExprKind::Cast(inner) if is_pointer => self.passed(*inner, to),
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) if is_pointer => {
                self.passed(*left, to);
                self.passed(*right, to);
            }
            ExprKind::Select {
                condition,
                then,
                otherwise,
            } if is_pointer => {
                self.used(*condition);
                self.passed(*then, to);
                self.passed(*otherwise, to);
            }
            ExprKind::Load(place) if is_pointer && place.path.is_empty() => {
                self.flow(place.var, to);
            }
            ExprKind::Address(place) => {
                indices(place).for_each(|index| self.used(index));
                let holds_pointer = matches!(function.vars[place.var].ty, Type::Pointer { .. });
                if place.path.is_empty() && holds_pointer {
                    self.escape(place.var);
                } else {
                    self.flow(place.var, to);
                }
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Select { .. }
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => self.used(value),
        }
    }

    fn flow(&mut self, var: Handle<Var>, to: Option<Owned>) {
        let passed = to.map(|to| ((self.of, var), to));
        self.all.passed.extend(passed);
    }

    /// Notes the addresses and pointers of an expression of which nobody knows where they go.
    fn used(&mut self, expr: Handle<Expr>) {
        let function = self.function;
        build::visit(function, expr, &mut |_, node| {
            if let ExprKind::Address(place) = &node.kind {
                self.escape(place.var);
            }
            if let ExprKind::Load(place) = &node.kind
                && place.path.is_empty()
                && !matches!(node.ty, Type::Scalar(_))
            {
                self.escape(place.var);
            }
        });
    }

    fn escape(&mut self, var: Handle<Var>) {
        self.all.found.insert((self.of, var));
    }
}

/// Returns whether a function may write an address as text, which may be read back (`%p`).
fn tells_addresses(row: &Row) -> bool {
    row.does
        .iter()
        .any(|(_, access)| matches!(access, Access::Format))
}
