//! From clang's tree to the IR.
//!
//! A statement is lowered whole or stays verbatim whole; nothing is dropped and nothing is guessed.
//! Types that mupac computes by C's rules are compared with clang's wherever clang shows one, and a difference refuses
//! the statement.

mod allocated;
mod assign;
mod block_value;
mod bound;
mod branch;
pub(crate) mod call;
mod choice;
pub(crate) mod classify;
mod clocks;
pub(crate) mod constant;
mod convert;
mod counted;
pub(crate) mod declare;
pub(crate) mod effects;
pub(crate) mod expr;
mod extents;
mod function;
mod globals;
mod initial;
mod labels;
mod lengths;
mod letters;
mod loops;
mod named;
mod operators;
mod order;
mod place;
mod promise;
mod pun;
mod skip;
mod stmt;
mod targets;
mod texts;
mod through;
pub(crate) mod types;
mod unions;
mod unmodelled;
pub(crate) mod walk;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clang_sys as k;
use mupac_ir::{Function, Item, Module, NamedLength, Reason, Refusal, Source, Span, TextBlock};

use crate::clang::{Cursor, Home, Unit};
use crate::error::FrontendError;
use crate::pragma::{self, Malformed, Pragma};
use crate::text::Text;
use allocated::Allocated;
pub(crate) use expr::initial_bytes;
pub(crate) use stmt::is_loop;
use types::Types;
pub(crate) use unmodelled::runs_once;

/// The result of lowering something that may have to stay verbatim.
type Lowered<T> = Result<T, Box<Refusal>>;

/// What functions of one file share.
struct Shared<'u> {
    text: &'u Text<'u>,
    types: Types<'u>,
    /// Canonical declarations of variables whose address may be held by something else.
    address_taken: HashSet<Cursor<'u>>,
    pragmas: &'u [Pragma],
    /// Targets of the pragmas that were taken over.
    heard: HashSet<usize>,
    /// Variables of file scope by name, for pragmas.
    globals: HashMap<String, Cursor<'u>>,
    /// The names of the variables that are declared outside of functions.
    of_file: HashSet<String>,
    /// What names of file scope mean besides, each with its first place.
    meanings: BTreeMap<String, Span>,
    malformed: Vec<Malformed>,
    /// The blocks whose braces stand in the text as written.
    blocks: Vec<TextBlock>,
    /// The names that lengths of arrays get.
    lengths: Vec<NamedLength>,
    /// Those that text names which is not modelled.
    in_text: BTreeSet<String>,
    /// The functions of the system's headers that are called.
    library: BTreeSet<String>,
    /// Where calls through pointers lead.
    targets: targets::Targets<'u>,
    /// Whether the file is a whole program, in which characters are what they are in the locale that it starts with.
    is_whole: bool,
}

impl<'u> Shared<'u> {
    /// Notes the variables of file scope that text names which is not modelled.
    fn note_text(&mut self, text: Cursor<'u>) {
        let all = walk::named_variables(text).into_iter();
        let names = all.map(Cursor::spelling);
        self.in_text
            .extend(names.filter(|name| self.of_file.contains(name)));
    }
}

/// What lowering a file yields.
pub(crate) struct LoweredFile {
    /// The tree.
    pub(crate) module: Module,
    /// The loops in text that is not modelled.
    pub(crate) unmodelled_loops: Vec<Refusal>,
    /// Pragmas that make no sense where they stand.
    pub(crate) malformed: Vec<Malformed>,
}

/// Lowers a parsed file.
///
/// **Errors**: `Target` where pointers are not 64 bits wide.
pub(crate) fn module<'u>(
    source: Source,
    unit: &'u Unit,
    text: &'u Text<'u>,
    pragmas: &'u [Pragma],
) -> Result<LoweredFile, FrontendError> {
    let bits = unit.pointer_bits();
    if bits != 64 {
        return Err(FrontendError::Target { bits });
    }
    let escapes = effects::escapes(unit, text);
    let is_whole = whole::is_whole(unit, &escapes.named);
    let allocated = is_whole.then(|| Allocated::find(unit));
    let mut shared = Shared {
        text,
        types: Types::knowing(allocated.unwrap_or_default()),
        address_taken: escapes.address_taken,
        pragmas,
        heard: HashSet::new(),
        globals: HashMap::new(),
        of_file: globals::of_file(unit),
        meanings: globals::meanings(unit, text),
        malformed: Vec::new(),
        blocks: Vec::new(),
        lengths: Vec::new(),
        in_text: BTreeSet::new(),
        library: BTreeSet::new(),
        targets: targets::find(unit),
        is_whole,
    };
    if !pragmas.is_empty() {
        shared.globals = promise::globals(unit.root());
    }
    for cursor in unit.declarations(&[Home::Main, Home::Header]) {
        if cursor.kind() == k::CXCursor_VarDecl {
            shared.types.define_by_variable(cursor);
        }
    }
    let mut functions = Vec::new();
    for cursor in unit.declarations(&[Home::Main, Home::Header]) {
        if cursor.kind() == k::CXCursor_FunctionDecl && cursor.is_definition() {
            match function::lower(&mut shared, cursor) {
                Some(function) => functions.push(function),
                None => shared.note_text(cursor),
            }
        }
    }
    let mut malformed = std::mem::take(&mut shared.malformed);
    malformed.extend(unheard(&shared, unit));
    let globals = globals::find(unit, &mut shared.types);
    let mut blocks = std::mem::take(&mut shared.blocks);
    blocks.sort_by_key(|block| block.span);
    let records = shared.types.into_records();
    let mut module = Module {
        records,
        globals,
        macros: text.own_macros(),
        declared: globals::declared(unit),
        meanings: shared.meanings,
        assembler: escapes.named.assembler,
        named: escapes.named.functions(),
        library: shared.library,
        is_whole: shared.is_whole,
        named_in_text: shared.in_text,
        clocks: clocks::find(unit, text),
        lengths: shared.lengths,
        blocks,
        ..Module::default()
    };
    arrange(&mut module, functions, source.text().len());
    let unmodelled_loops = unmodelled::find(unit, text, &module);
    module.source = source;
    Ok(LoweredFile {
        module,
        unmodelled_loops,
        malformed,
    })
}

/// Returns the pragmas that stand before no function and no loop; a loop that is not modelled is one all the same.
fn unheard(shared: &Shared<'_>, unit: &Unit) -> Vec<Malformed> {
    let mut loops = HashSet::new();
    if shared.pragmas.len() > shared.heard.len() {
        walk::each(unit.root(), |cursor| {
            if stmt::is_loop(cursor) && cursor.start().is_main {
                loops.insert(cursor.start().offset);
            }
        });
    }
    let is_known = |target| shared.heard.contains(target) || loops.contains(target);
    shared
        .pragmas
        .iter()
        .filter(|pragma| !is_known(&pragma.target))
        .map(|pragma| Malformed {
            message: pragma::NO_TARGET.to_owned(),
            at: pragma.span,
        })
        .collect()
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

/// Returns the same with what does without the construct.
fn replaceable(construct: &str, at: Span, help: &str) -> Box<Refusal> {
    let construct = construct.to_owned();
    Box::new(Refusal::new(Reason::Unsupported { construct }, at).helped(help))
}
