//! What variables are called in the host's text of a region.
//!
//! That text stands inside of the user's function.
//! What it needs of the variables declared around it keeps the names that the user gave them.
//! What it declares itself gets a new name where another variable or a meaning of file scope that it may need has the
//! name already; and so does everything that the user did not declare in this function: copies of callees' locals, and
//! what passes made.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::{blocks, declarations, each, expressions, indices, variables};
use mupac_ir::{
    Arena, Block, Expr, Function, Guard, Handle, HostOp, Inspection, KernelParameter, KernelPlan,
    Module, Place, Record, RegionPlan, Stmt, Storage, Var,
};

use super::{FreshNames, has_meaning, is_users, source_name};
use crate::flatten::{Flat, flatten};
use crate::lexer::words;

/// The names of a region's variables in the host's text.
pub(crate) struct HostNames {
    names: BTreeMap<Handle<Var>, String>,
    /// What the user's function calls variables of its own.
    variables: BTreeSet<String>,
    /// Every word of that function.
    words: BTreeSet<String>,
    /// What the text takes from around it, where the program declares it.
    pub(crate) around: Vec<Handle<Var>>,
}

impl HostNames {
    /// Decides the names; `told` are variables that the text says by other words than a name.
    pub(crate) fn new(
        flat: &Flat,
        module: &Module,
        told: &BTreeSet<Handle<Var>>,
        fresh: &mut FreshNames,
    ) -> Self {
        let region = &flat.region;
        let original = &module.functions[region.of];
        let own = original.vars.iter().map(|(_, var)| var);
        let own = own.filter(|var| var.storage != Storage::Global);
        let mut naming = Naming {
            region,
            module,
            original,
            fresh,
            names: Self {
                names: BTreeMap::new(),
                variables: own.map(|var| var.spelling.clone()).collect(),
                words: words(module.source.slice(original.span)),
                around: Vec::new(),
            },
            in_scope: Vec::new(),
        };
        let (mut named, elsewhere) = named(flat);
        named.retain(|var| !told.contains(var));
        naming.outside(&named, &elsewhere);
        naming.inside();
        naming.names
    }

    /// Returns what a variable of the region's function is called.
    pub(crate) fn name(&self, function: &Function, var: Handle<Var>) -> String {
        let known = self.names.get(&var).cloned();
        known.unwrap_or_else(|| source_name(function, var))
    }

    /// Returns how the text says a function or a variable of file scope, which a variable of the user's function may hide.
    pub(crate) fn of_file(&self, name: &str) -> String {
        qualified(name, &self.variables)
    }

    /// Returns how the text says what the outermost level declares and anything in the user's function may hide.
    pub(crate) fn of_outermost(&self, name: &str) -> String {
        qualified(name, &self.words)
    }

    /// Returns the structures of a file, by the names under which the text finds them.
    pub(crate) fn records(&self, records: &Arena<Record>) -> Arena<Record> {
        let mut records = records.clone();
        let all: Vec<_> = records.iter().map(|(record, _)| record).collect();
        // What types a function declares of its own is not known.
        let has_types = self.words.contains("typedef");
        for record in all {
            let name = &records[record].name;
            let name = if has_types {
                self.of_outermost(name)
            } else {
                self.of_file(name)
            };
            records[record].name = name;
        }
        records
    }
}

/// Returns a name of the outermost level as it is found where some others are declared.
///
/// **Source**: C++17 \[basic.lookup.qual\].
fn qualified(name: &str, others: &BTreeSet<String>) -> String {
    if others.contains(name) {
        format!("::{name}")
    } else {
        name.to_owned()
    }
}

struct Naming<'a> {
    region: &'a RegionPlan,
    module: &'a Module,
    /// The user's function as read.
    original: &'a Function,
    fresh: &'a mut FreshNames,
    names: HostNames,
    /// Variables that the text can name, outermost first.
    in_scope: Vec<Handle<Var>>,
}

impl Naming<'_> {
    /// Names what is declared outside of the text, or by nobody but a pass. What an inspection declares holds for it alone:
    /// named `elsewhere`, it is another's.
    fn outside(&mut self, named: &BTreeSet<Handle<Var>>, elsewhere: &BTreeSet<Handle<Var>>) {
        let mut declared = BTreeSet::new();
        for (_, inspection) in self.region.inspections.iter() {
            declared.extend(declarations(&inspection.body));
        }
        declared.retain(|var| !elsewhere.contains(var));
        for actions in [&self.region.host, &self.region.otherwise] {
            HostOp::each(actions, &mut |action| declared.extend(declaration(action)));
        }
        let function = &self.region.function;
        for &var in named {
            let own = &function.vars[var];
            let is_users = is_users(self.original, function, var);
            if !is_users && own.storage == Storage::Global {
                let name = self.names.of_file(&own.spelling);
                self.names.names.insert(var, name);
                self.names.around.push(var);
            } else if !is_users {
                let name = self.fresh.take(&source_name(function, var));
                self.names.names.insert(var, name);
            } else if !declared.contains(&var) {
                self.in_scope.push(var);
                self.names.around.push(var);
            }
        }
    }

    /// Names what the text declares, scope by scope.
    fn inside(&mut self) {
        let region = self.region;
        for (_, inspection) in region.inspections.iter() {
            self.block(&inspection.body);
        }
        self.actions(&region.host);
        self.actions(&region.otherwise);
    }

    fn declare(&mut self, var: Handle<Var>) {
        let function = &self.region.function;
        let name = self.names.name(function, var);
        let is_met =
            |other: &Handle<Var>| *other != var && self.names.name(function, *other) == name;
        // What the user did not declare here has a name of its own.
        if self.in_scope.iter().any(is_met) || has_meaning(self.module, &name) {
            let name = self.fresh.take(&name);
            self.names.names.insert(var, name);
        }
        self.in_scope.push(var);
    }

    fn actions(&mut self, actions: &[HostOp]) {
        let outer = self.in_scope.len();
        for action in actions {
            if let HostOp::Declare(var, _) = action {
                self.declare(*var);
            }
            let (inner, around): (&[HostOp], _) = match action {
                HostOp::Loop(each) => (&each.body, self.in_scope.len()),
                HostOp::If(branch) => (&branch.then, self.in_scope.len()),
                HostOp::Allocate(_)
                | HostOp::CopyIn(_)
                | HostOp::Launch(_)
                | HostOp::CopyOut(_)
                | HostOp::Declare(..)
                | HostOp::Compute(_)
                | HostOp::Join(_) => continue,
            };
            if let Some(iterator) = declaration(action) {
                self.declare(iterator);
            }
            self.actions(inner);
            self.in_scope.truncate(around);
        }
        self.in_scope.truncate(outer);
    }

    fn block(&mut self, block: &Block) {
        let outer = self.in_scope.len();
        for stmt in block {
            if let Stmt::Declare(var, _) | Stmt::Let(var, _) = stmt {
                self.declare(*var);
            }
            let around = self.in_scope.len();
            if let Stmt::For(each) = stmt
                && each.declares_iterator
            {
                self.declare(each.iterator);
            }
            for inner in blocks(stmt) {
                self.block(inner);
            }
            self.in_scope.truncate(around);
        }
        self.in_scope.truncate(outer);
    }
}

/// Returns what an action declares.
fn declaration(action: &HostOp) -> Option<Handle<Var>> {
    match action {
        HostOp::Declare(var, _) => Some(*var),
        HostOp::Loop(each) => each
            .header
            .declares_iterator
            .then_some(each.header.iterator),
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Compute(_)
        | HostOp::Join(_)
        | HostOp::If(_) => None,
    }
}

/// Returns the variables that an inspection of a region names.
fn named_by(region: &RegionPlan, inspection: &Inspection) -> BTreeSet<Handle<Var>> {
    let mut named = Named {
        function: &region.function,
        found: BTreeSet::from([inspection.array]),
    };
    named.block(&inspection.body);
    named.found
}

/// Returns the variables that the rest of the host's text of a region names.
/// Returns the variables that the host's text of a region names, and those of them that inspections do not declare.
fn named(flat: &Flat) -> (BTreeSet<Handle<Var>>, BTreeSet<Handle<Var>>) {
    let mut elsewhere = named_outside_of_inspections(flat);
    let mut named = elsewhere.clone();
    for (_, inspection) in flat.region.inspections.iter() {
        let by_it = named_by(&flat.region, inspection);
        named.extend(&by_it);
        elsewhere.extend(&by_it - &declarations(&inspection.body));
    }
    (named, elsewhere)
}

/// Returns the variables that the host's text of a region takes from around it, beside those of the user's statements.
pub fn named_on_host(region: &RegionPlan) -> BTreeSet<Handle<Var>> {
    named(&flatten(region)).1
}

fn named_outside_of_inspections(flat: &Flat) -> BTreeSet<Handle<Var>> {
    let region = &flat.region;
    let mut named = Named {
        function: &region.function,
        found: BTreeSet::new(),
    };
    region.guards.iter().for_each(|guard| named.guard(guard));
    named.values(region.fetched.iter().map(|fetched| fetched.value));
    for (_, buffer) in region.buffers.iter() {
        named.found.insert(buffer.array);
        named.values(buffer.extents());
    }
    for (_, reduction) in region.reductions.iter() {
        named.found.insert(reduction.other);
        named.place(&reduction.target);
        named.block(&reduction.finish);
        named.values(reduction.scan);
    }
    for (_, kernel) in region.kernels.iter() {
        named.launch(kernel);
    }
    for (_, lengths) in &flat.extents {
        named.found.extend(lengths);
    }
    for actions in [&region.host, &region.otherwise] {
        HostOp::each(actions, &mut |action| named.action(action));
    }
    named.found
}

struct Named<'a> {
    function: &'a Function,
    found: BTreeSet<Handle<Var>>,
}

impl Named<'_> {
    fn values(&mut self, values: impl IntoIterator<Item = Handle<Expr>>) {
        for value in values {
            self.found.extend(variables(self.function, value));
        }
    }

    fn place(&mut self, place: &Place) {
        self.found.insert(place.var);
        self.values(indices(place));
    }

    fn guard(&mut self, guard: &Guard) {
        match guard {
            Guard::Holds { condition, .. } => self.values([*condition]),
            Guard::Apart { read, .. } => {
                self.place(&read.place);
                self.values(read.counts());
            }
            Guard::Worthwhile { work, .. } => self.values([*work]),
            // The text names their buffers.
            Guard::NoOverlap { .. } | Guard::Accessible { .. } | Guard::Inspected { .. } => {}
        }
    }

    fn launch(&mut self, kernel: &KernelPlan) {
        self.values(kernel.grid);
        for parameter in &kernel.parameters {
            match parameter {
                KernelParameter::Value(var) => {
                    self.found.insert(*var);
                }
                KernelParameter::Buffer(_)
                | KernelParameter::Constants(..)
                | KernelParameter::First(_) => {}
            }
        }
    }

    fn action(&mut self, action: &HostOp) {
        self.found.extend(declaration(action));
        match action {
            HostOp::Compute(compute) => {
                self.place(&compute.target);
                self.values([compute.value]);
            }
            HostOp::Loop(each) => {
                self.found.insert(each.header.iterator);
                self.values([each.header.start, each.header.end]);
            }
            HostOp::If(branch) => self.values([branch.condition]),
            // Their buffers, kernels and reductions are named.
            HostOp::Allocate(_)
            | HostOp::CopyIn(_)
            | HostOp::CopyOut(_)
            | HostOp::Launch(_)
            | HostOp::Join(_)
            | HostOp::Declare(..) => {}
        }
    }

    fn block(&mut self, block: &Block) {
        self.found.extend(declarations(block));
        each(block, &mut |stmt| {
            self.values(expressions(stmt));
            match stmt {
                Stmt::Compute(compute) => self.place(&compute.target),
                Stmt::Call(call) => call.target.iter().for_each(|place| self.place(place)),
                Stmt::For(each) => {
                    self.found.insert(each.iterator);
                }
                Stmt::Declare(..)
                | Stmt::Let(..)
                | Stmt::If(_)
                | Stmt::While(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        });
    }
}
