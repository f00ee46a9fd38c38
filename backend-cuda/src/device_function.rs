//! Functions of the file that kernels call: each has a twin for the device, printed before it.
//!
//! The function itself stays as the user wrote it, for the host.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::c_text::CText;
use mupac_ir::structure::{each, expressions, operands};
use mupac_ir::{Block, Contraction, ExprKind, Function, Handle, Module, Plan, Stmt, Var};

use crate::contraction;
use crate::layout::wrapped;
use crate::library;
use crate::names::{Code, FreshNames, kernel_names, source_name};

/// The twins that a file needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeviceFunctions {
    /// Their names, by those of the functions.
    names: BTreeMap<String, String>,
    /// For each function, the start of the first one in the file that needs its twin.
    first_use: BTreeMap<String, u32>,
    /// Whether each multiplication and addition stays one of its own.
    is_strict: bool,
}

impl DeviceFunctions {
    /// Finds the functions that the kernels of a plan call, directly or through others, and names their twins.
    pub(crate) fn of(plan: &Plan, fresh: &mut FreshNames) -> Self {
        let mut found = Self {
            is_strict: (plan.regions.iter())
                .any(|region| region.contraction == Contraction::Forbidden),
            ..Self::default()
        };
        for region in &plan.regions {
            let start = plan.module.functions[region.of].span.start;
            for (_, kernel) in region.kernels.iter() {
                let called = called(&region.function, &kernel.body);
                found.add(&plan.module, called, start);
            }
        }
        for (name, twin) in &mut found.names {
            *twin = fresh.take(&format!("{name}_device"));
        }
        fresh.share();
        found
    }

    fn add(&mut self, module: &Module, called: BTreeSet<String>, start: u32) {
        for name in called {
            let Some((_, function)) = module.function(&name) else {
                continue;
            };
            let first = self.first_use.entry(name.clone()).or_insert(start);
            *first = start.min(*first);
            if self.names.insert(name, String::new()).is_none() {
                let inner = self::called(function, &function.body);
                self.add(module, inner, function.span.start);
            }
        }
    }

    /// Returns how device code spells a function.
    pub(crate) fn spelled(&self, name: &str) -> String {
        self.names
            .get(name)
            .cloned()
            .unwrap_or_else(|| library::on_device(name).to_owned())
    }

    /// Returns the twins, each with the function it stands before.
    pub(crate) fn definitions<'m>(
        &self,
        module: &'m Module,
        fresh: &FreshNames,
    ) -> Vec<(&'m Function, String)> {
        self.functions(module)
            .map(|function| (function, self.definition(module, function, fresh)))
            .collect()
    }

    /// Returns the functions that have twins.
    pub(crate) fn functions<'m>(&self, module: &'m Module) -> impl Iterator<Item = &'m Function> {
        let own = self.names.keys().filter_map(|name| module.function(name));
        own.map(|(_, function)| function)
    }

    /// Returns the declarations of twins that are called before their definition, each with the start of the first
    /// function that needs it.
    pub(crate) fn declarations(&self, module: &Module, fresh: &FreshNames) -> Vec<(u32, String)> {
        let early = self.names.keys().filter_map(|name| {
            let (_, function) = module.function(name)?;
            let first = *self.first_use.get(name)?;
            (first < function.span.start).then_some((first, function))
        });
        early
            .map(|(first, function)| {
                let names = names(module, function, function, fresh);
                let name = |var| called_name(&names, function, var);
                (
                    first,
                    format!("{};\n", self.head(module, function, "", &name)),
                )
            })
            .collect()
    }

    /// Returns whether a compiler may contract multiplications and additions of the twins.
    pub(crate) fn may_contract(&self, module: &Module) -> bool {
        let mut own = self.names.keys().filter_map(|name| module.function(name));
        !self.is_strict && own.any(|(_, function)| !contraction::products_in(function).is_empty())
    }

    /// Returns whether a twin calls a function of the C library whose results differ between libraries.
    pub(crate) fn call_library(&self, module: &Module) -> bool {
        let mut own = self.names.keys().filter_map(|name| module.function(name));
        own.any(|(_, function)| library::is_called(function, &function.body))
    }

    fn definition(&self, module: &Module, original: &Function, fresh: &FreshNames) -> String {
        let rounded;
        let numbers = original.without_enumerations();
        let function = if self.is_strict {
            rounded = contraction::forbidden_in(&numbers);
            &rounded
        } else {
            &*numbers
        };
        let names = names(module, original, function, fresh);
        let name = |var| called_name(&names, function, var);
        let callees = |name: &str| self.spelled(name);
        let text = CText {
            function,
            records: &module.records,
            names: &name,
            callees: &callees,
        };
        format!(
            "// {}, {}, as kernels call it\n{}\n{}}}\n",
            function.name,
            module.source.place(function.body_span),
            self.head(module, function, " {", &name),
            text.marked_block(&function.body, 1, &module.source)
        )
    }

    fn head(
        &self,
        module: &Module,
        function: &Function,
        end: &str,
        name: &dyn Fn(Handle<Var>) -> String,
    ) -> String {
        let text = CText {
            function,
            records: &module.records,
            names: name,
            callees: &str::to_owned,
        };
        let twin = format!("{}(", self.spelled(&function.name));
        let head = format!(
            "static __device__ {}",
            text.declaration(&function.result, &twin)
        );
        let parameters: Vec<_> = function
            .parameters
            .iter()
            .map(|var| text.declaration(&function.vars[*var].ty, &name(*var)))
            .collect();
        wrapped(&head, &parameters, ", ", &format!("){end}"), "        ")
    }
}

/// Returns what the variables of a twin are called.
fn names(
    module: &Module,
    original: &Function,
    function: &Function,
    fresh: &FreshNames,
) -> BTreeMap<Handle<Var>, String> {
    let code = Code {
        module,
        original,
        function,
        fetched: &[],
    };
    kernel_names(code, &function.parameters, &function.body, fresh)
}

fn called_name(
    names: &BTreeMap<Handle<Var>, String>,
    function: &Function,
    var: Handle<Var>,
) -> String {
    let known = names.get(&var).cloned();
    known.unwrap_or_else(|| source_name(function, var))
}

/// Returns the names of all functions that statements call.
pub(crate) fn called(function: &Function, block: &Block) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = Vec::new();
    each(block, &mut |stmt| {
        pending.extend(expressions(stmt));
        if let Stmt::Call(call) = stmt {
            found.insert(call.callee.clone());
        }
    });
    while let Some(handle) = pending.pop() {
        let kind = &function.exprs[handle].kind;
        if let ExprKind::Call(name, _) = kind {
            found.insert(name.clone());
        }
        pending.extend(operands(kind));
    }
    found
}
