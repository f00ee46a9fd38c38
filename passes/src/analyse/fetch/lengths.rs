//! How many elements lie behind pointers that hold nothing but starts of blocks, as variables: where nothing else says how far
//! a region reaches, the whole block is what it may reach.
//!
//! A length that the host cannot tell is 0, and a guard asks that all that a region touches has elements.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{
    BLOCK_LENGTH, ExprKind, Function, Handle, Module, Place, Projection, Scalar, Stmt, Type, Var,
};

use super::rows::all;
use super::{InMemory, before, fetched};
use crate::analyse::names::changed;
use crate::analyse::pointers::Requirement;
use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the function with variables for the lengths of blocks that a region reaches by subscripts; `None` where there
/// is none.
pub(super) fn of_blocks(
    module: &Module,
    function: &Arc<Function>,
    (path, range): (&[BlockStep], &Range<usize>),
    known: &[InMemory],
) -> Option<(Arc<Function>, Vec<InMemory>)> {
    let statements = region::statements(function, path, range);
    let changed = changed(function, statements);
    let mut pointers = indexed(function, statements);
    pointers.retain(|var| {
        let declared = &function.vars[*var];
        let is_block = match fetched_as(known, *var) {
            Some(each) => is_of_block(module, function, each),
            None => declared.leads_to_block && !declared.is_volatile,
        };
        is_block && !changed.contains(var)
    });
    if pointers.is_empty() {
        return None;
    }
    let mut own = (**function).clone();
    let lengths = pointers.into_iter().map(|pointer| {
        let needs = fetched_as(known, pointer).map_or(&[][..], |each| &each.needs);
        length(&mut own, pointer, needs)
    });
    let lengths: Vec<InMemory> = lengths.collect();
    Some((Arc::new(own), [known, &lengths].concat()))
}

/// Returns whether a value is a member that holds nothing but starts of blocks; rows that are one array have several.
fn is_of_block(module: &Module, function: &Function, value: &InMemory) -> bool {
    let ExprKind::Load(place) = &function.exprs[value.fetched.value].kind else {
        return false;
    };
    if value.is_joined {
        return false;
    }
    let Some(Projection::Field(field)) = place.path.last() else {
        return false;
    };
    let whole = before(place, place.path.len() - 1);
    let Some(Type::Record(record)) = function.place_type(&module.records, &whole) else {
        return false;
    };
    let field = module.records[record].fields.get(*field as usize);
    field.is_some_and(|field| field.leads_to_block)
}

/// Returns the pointers by which statements reach elements.
fn indexed(function: &Function, statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    let mut see = |place: &Place| {
        let is_pointer = matches!(function.vars[place.var].ty, Type::Pointer { .. });
        let is_indexed = matches!(place.path.first(), Some(Projection::Index(_)));
        found.extend((is_pointer && is_indexed).then_some(place.var));
    };
    region::each_place(function, statements, &mut see);
    found
}

/// Returns the value in memory that a variable stands for.
fn fetched_as(known: &[InMemory], var: Handle<Var>) -> Option<&InMemory> {
    known.iter().find(|each| each.fetched.variable == var)
}

/// Returns the length of a block, 0 unless the pointer to it can be read.
fn length(function: &mut Function, pointer: Handle<Var>, needs: &[Requirement]) -> InMemory {
    let block = function.load(pointer);
    let call = ExprKind::Call(BLOCK_LENGTH.to_owned(), vec![block]);
    let mut value = function.expr(call, Scalar::I32);
    if let Some(condition) = all(function, needs) {
        let kind = ExprKind::Select {
            condition,
            then: value,
            otherwise: build::int(function, 0, Scalar::I32),
        };
        value = function.expr(kind, Scalar::I32);
    }
    let name = format!("{}.length", function.vars[pointer].name);
    let fetched = fetched(function, &name, Scalar::I32.into(), value);
    InMemory {
        fetched,
        root: pointer,
        reads: vec![Place::var(pointer).into()],
        pointers: 0,
        needs: needs.to_vec(),
        is_joined: false,
        among: Vec::new(),
        length_of: Some(pointer),
        member: Vec::new(),
        greatest_of: None,
        is_kept: false,
    }
}
