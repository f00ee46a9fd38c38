//! Whether structures are there, as variables: a pointer in one that only iterations read of which data say whether they run
//! (`if (count[i] > 0) … s->atoms->r[i]`) is read before the region where the structure is memory that the process can read.

use mupac_ir::structure::is_same_place;
use mupac_ir::{ExprKind, Function, Handle, IS_THERE, Module, Place, Scalar, Var};

use super::rows::{all, where_runs};
use super::{InMemory, called, in_memory};
use crate::analyse::pointers::Requirement;
use crate::analyse::value::ACCESSIBLE;
use crate::build;

/// Returns that a structure is there to which a pointer leads that can be read where `needs` hold; a variable says it, one for all
/// that is read of the structure.
pub(super) fn is_there(
    module: &Module,
    function: &mut Function,
    (pointer, needs): (&Place, &[Requirement]),
    values: &mut Vec<InMemory>,
) -> Requirement {
    let known = values.iter().find(|each| tells_of(function, each, pointer));
    let there = match known {
        Some(known) => known.fetched.variable,
        None => new(module, function, (pointer, needs), values),
    };
    let there = function.load(there);
    let condition = build::convert(function, there, Scalar::I32);
    Requirement {
        kind: ACCESSIBLE,
        condition,
        otherwise: "a pointer in a structure that is not there",
    }
}

/// Returns whether a value says whether the structure is there to which a pointer leads.
fn tells_of(function: &Function, value: &InMemory, pointer: &Place) -> bool {
    let mut value = value.fetched.value;
    if let ExprKind::Select { then, .. } = function.exprs[value].kind {
        value = then;
    }
    let ExprKind::Call(name, arguments) = &function.exprs[value].kind else {
        return false;
    };
    let first = arguments.first().map(|first| &function.exprs[*first].kind);
    matches!(first, Some(ExprKind::Load(place))
        if name == IS_THERE && is_same_place(function, place, function, pointer))
}

/// Gives whether a structure is there a variable.
fn new(
    module: &Module,
    function: &mut Function,
    (pointer, needs): (&Place, &[Requirement]),
    values: &mut Vec<InMemory>,
) -> Handle<Var> {
    let value = in_memory(module, function, pointer.clone());
    let call = ExprKind::Call(IS_THERE.to_owned(), vec![value.fetched.value]);
    let call = function.expr(call, Scalar::I32);
    let condition = all(function, needs);
    let name = format!("{}.there", called(module, function, pointer));
    let fetched = where_runs(function, &name, call, condition);
    let there = fetched.variable;
    function.vars[there].ty = Scalar::Bool.into();
    values.push(InMemory {
        fetched,
        needs: needs.to_vec(),
        ..value
    });
    there
}
