//! A module without source text, as a C file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::arena::Handle;
use crate::c_text::{CText, helper_definitions};
use crate::function::{Function, Storage, Var};
use crate::module::Module;
use crate::types::Record;

/// Returns the whole module as C: structures, variables of file scope, functions in order of their handles.
///
/// Variables of file scope are zero, since a module does not hold their initialisers.
pub fn c_source(module: &Module) -> String {
    let (records, variables) = variables(module);
    let functions = module.functions.iter();
    let definitions: String = functions
        .map(|(_, function)| Spelled::of(module, function, &BTreeMap::new()).definition())
        .collect();
    let body = [records, variables, definitions].concat();
    format!("{}{body}", helpers(&body))
}

/// Returns what the text of a module includes, and the helpers that it calls.
pub(super) fn helpers(body: &str) -> String {
    let helpers = helper_definitions(body, "static inline");
    format!(
        "#include <math.h>\n#include <stdbool.h>\n#include <stdlib.h>\n#include <string.h>\n\n{helpers}"
    )
}

/// Returns the structures of a module, and its variables of file scope.
pub(super) fn variables(module: &Module) -> (String, String) {
    let records = module.records.iter();
    let records = records
        .map(|(_, record)| structure(module, record))
        .collect();
    let mut variables = String::new();
    for (name, (function, var)) in globals(module) {
        let names = BTreeMap::new();
        let text = with_text(module, function, &names, |text| {
            text.declaration(&var.ty, name)
        });
        // Other files may hold the address of what is not `static`.
        let linkage = if var.is_address_taken { "" } else { "static " };
        // Writing to a string does not fail.
        let _ = writeln!(variables, "{linkage}{text};");
    }
    (records, variables)
}

/// Returns the variables of file scope that functions name, each with one function that does.
fn globals(module: &Module) -> BTreeMap<&str, (&Function, &Var)> {
    let functions = module.functions.iter();
    functions
        .flat_map(|(_, function)| {
            let vars = function.vars.iter().map(|(_, var)| var);
            vars.filter(|var| var.storage == Storage::Global)
                .map(move |var| (var.name.as_str(), (function, var)))
        })
        .collect()
}

fn structure(module: &Module, record: &Record) -> String {
    let Some((_, function)) = module.functions.iter().next() else {
        return String::new();
    };
    let fields: String = with_text(module, function, &BTreeMap::new(), |text| {
        let lines = record.fields.iter();
        let lines =
            lines.map(|field| format!("    {};\n", text.declaration(&field.ty, &field.name)));
        lines.collect::<Vec<String>>().concat()
    });
    if record.name.starts_with("struct ") {
        format!("{} {{\n{fields}}};\n", record.name)
    } else {
        format!("typedef struct {{\n{fields}}} {};\n", record.name)
    }
}

/// The text of a function.
pub(super) struct Spelled {
    /// What stands before its body, without `static`.
    pub(super) header: String,
    /// The statements of its body.
    pub(super) block: String,
    is_static: bool,
}

impl Spelled {
    /// Returns the text of a function, some of whose variables have other names, by their own.
    pub(super) fn of(
        module: &Module,
        function: &Function,
        names: &BTreeMap<String, String>,
    ) -> Self {
        let (header, block) = with_text(module, function, names, |text| {
            let parameters: Vec<String> = function
                .parameters
                .iter()
                .map(|parameter| {
                    text.declaration(&function.vars[*parameter].ty, &(text.names)(*parameter))
                })
                .collect();
            let parameters = if parameters.is_empty() {
                "void".to_owned()
            } else {
                parameters.join(", ")
            };
            let name = format!("{}({parameters})", function.name);
            let header = text.declaration(&function.result, &name);
            (header, text.block(&function.body, 1))
        });
        Self {
            header,
            block,
            is_static: function.is_static,
        }
    }

    /// Returns the whole definition.
    pub(super) fn definition(&self) -> String {
        let linkage = if self.is_static { "static " } else { "" };
        format!("\n{linkage}{} {{\n{}}}\n", self.header, self.block)
    }
}

/// Calls `action` with a printer that spells variables as `other_names` says, as the source does, or by their names.
fn with_text<T>(
    module: &Module,
    function: &Function,
    other_names: &BTreeMap<String, String>,
    action: impl FnOnce(&CText<'_>) -> T,
) -> T {
    let names = |handle: Handle<Var>| {
        let var = &function.vars[handle];
        if let Some(name) = other_names.get(&var.name)
            && var.storage != Storage::Global
        {
            name.clone()
        } else if var.spelling.is_empty() {
            var.name.replace('.', "_")
        } else {
            var.spelling.clone()
        }
    };
    action(&CText {
        function,
        records: &module.records,
        names: &names,
        callees: &str::to_owned,
    })
}
