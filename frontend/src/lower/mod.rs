//! From clang's tree to the IR.
//!
//! A statement is lowered whole or stays verbatim whole; nothing is dropped and nothing is guessed.
//! Types that mupac computes by C's rules are compared with clang's wherever clang shows one, and a difference refuses
//! the statement.

mod assign;
mod bound;
mod call;
mod constant;
mod convert;
mod counted;
pub(crate) mod declare;
pub(crate) mod effects;
mod expr;
mod function;
mod initial;
mod loops;
mod operators;
mod place;
mod stmt;
pub(crate) mod types;
mod unmodelled;
pub(crate) mod walk;

use std::collections::HashSet;

use clang_sys as k;
use mupac_ir::{Function, Item, Module, Reason, Refusal, Source, Span};

use crate::clang::{Cursor, Unit};
use crate::error::FrontendError;
use crate::text::Text;
use types::Types;

/// The result of lowering something that may have to stay verbatim.
type Lowered<T> = Result<T, Box<Refusal>>;

/// What functions of one file share.
struct Shared<'u> {
    text: &'u Text<'u>,
    types: Types<'u>,
    /// Canonical declarations of variables whose address may be held by something else.
    address_taken: HashSet<Cursor<'u>>,
}

/// Lowers a parsed file; returns the loops in text that is not modelled beside it.
///
/// **Errors**: `Target` where pointers are not 64 bits wide.
pub(crate) fn module(
    source: Source,
    unit: &Unit,
    text: &Text<'_>,
) -> Result<(Module, Vec<Refusal>), FrontendError> {
    let bits = unit.pointer_bits();
    if bits != 64 {
        return Err(FrontendError::Target { bits });
    }
    let mut shared = Shared {
        text,
        types: Types::default(),
        address_taken: effects::address_taken(unit),
    };
    let mut functions = Vec::new();
    for cursor in unit.root().children() {
        if cursor.kind() == k::CXCursor_FunctionDecl && cursor.is_definition() {
            functions.extend(function::lower(&mut shared, cursor));
        }
    }
    let records = shared.types.into_records();
    let mut module = Module {
        records,
        ..Module::default()
    };
    arrange(&mut module, functions, source.text.len());
    let unmodelled_loops = unmodelled::find(unit, text, &module);
    module.source = source;
    Ok((module, unmodelled_loops))
}

/// Puts the functions into the file's order, with the text between them.
fn arrange(module: &mut Module, mut functions: Vec<Function>, length: usize) {
    functions.sort_by_key(|function| function.span);
    let mut covered = 0;
    for function in functions {
        let span = function.span.range();
        if span.start > covered {
            module
                .items
                .push(Item::Verbatim(Span::new(covered, span.start)));
        }
        covered = span.end;
        let handle = module.functions.push(function);
        module.items.push(Item::Function(handle));
    }
    if length > covered {
        module
            .items
            .push(Item::Verbatim(Span::new(covered, length)));
    }
}

/// Returns the refusal for a construct that the IR does not model.
fn unsupported(construct: impl Into<String>, at: Span) -> Box<Refusal> {
    Box::new(Refusal::new(
        Reason::Unsupported {
            construct: construct.into(),
        },
        at,
    ))
}
