//! What of file scope the text of a caller can name: what is declared before it, and hidden by no variable of its own.

use mupac_ir::{Function, Handle, Module, Record, Span, Storage, Type, Var};

use super::Obstacle;
use crate::analyse::names;

/// Returns the variables of a function that have the name of one of file scope.
pub(super) fn namesakes(caller: &Function, global: &Var) -> Vec<(Handle<Var>, Storage)> {
    let shown = names::shown(global);
    let vars = caller.vars.iter();
    vars.filter(|(_, var)| var.name == global.name || names::shown(var) == shown)
        .map(|(handle, var)| (handle, var.storage))
        .collect()
}

/// Returns whether a variable of file scope is declared before a caller, and not in a function.
pub(super) fn knows_variable(module: &Module, caller: &Function, global: &Var) -> bool {
    let at = global.span.start as usize;
    let mut functions = module.functions.iter();
    global.span.is_unknown()
        || (is_before(global.span, caller)
            && !functions.any(|(_, each)| each.span.range().contains(&at)))
}

/// Returns whether a structure is complete before a caller.
pub(super) fn knows_structure(module: &Module, caller: &Function, record: Handle<Record>) -> bool {
    let record = module.records.get(record);
    let place = record.and_then(|record| module.meanings.get(&record.name));
    place.is_none_or(|place| is_before(*place, caller))
}

/// Headers come before everything else, and so does what has no text.
fn is_before(place: Span, caller: &Function) -> bool {
    place.is_unknown() || caller.span.is_unknown() || place.start < caller.span.start
}

/// Returns the structure that a type is about.
fn structure(ty: &Type) -> Option<Handle<Record>> {
    match ty {
        Type::Record(record) => Some(*record),
        Type::Pointer { to: inner, .. } | Type::Array { of: inner, .. } => structure(inner),
        Type::Void | Type::Scalar(_) | Type::Opaque(_) => None,
    }
}

/// Returns what a callee names that the text of a caller cannot, and where that is declared.
pub(super) fn unknown(module: &Module, user: &Function, callee: &Function) -> Option<Obstacle> {
    callee.vars.iter().find_map(|(_, var)| {
        let name = names::shown(var);
        if let Some(record) = structure(&var.ty)
            && !knows_structure(module, user, record)
        {
            let record = &module.records.get(record)?.name;
            let words = format!("needs {record}, declared only");
            return Some(Obstacle::new(words, *module.meanings.get(record)?));
        }
        if var.storage != Storage::Global {
            return None;
        }
        let namesakes = namesakes(user, var);
        let hides = |(_, storage): &&(Handle<Var>, Storage)| *storage != Storage::Global;
        if let Some((hiding, _)) = namesakes.iter().find(hides) {
            let words = format!("needs another {name} than the one");
            return Some(Obstacle::new(words, user.vars[*hiding].span));
        }
        let is_behind = namesakes.is_empty() && !knows_variable(module, user, var);
        is_behind.then(|| Obstacle::new(format!("needs {name}, declared only"), var.span))
    })
}
