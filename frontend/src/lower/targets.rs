//! Which functions a pointer to functions leads to.
//!
//! All that a variable or parameter receives is looked at in the whole file: what it starts with, what is assigned, and what
//! calls pass. One whose address is taken, or that other files may set, may lead to others, too; so may a parameter of a
//! function that is named other than by calls of it.
//! A call through a pointer that received nothing is undefined (C17 6.5.3.2 §4), so one function among what is received is
//! the one that is called.
//!
//! A call of an element of a table calls one of the functions that the table starts with, where nothing changes them: they are
//! `const`, or the table is `static` and nothing but calls of its elements names it.

use std::collections::{HashMap, HashSet};

use clang_sys as k;

use crate::clang::{Cursor, Home, Unit};
use crate::lower::{types, walk};

/// A pointer that leads to more functions is called as any other text is.
const MOST: usize = 8;

/// The functions that a pointer may lead to, in the order in which the file names them.
#[derive(Clone)]
pub(super) struct Choice<'u> {
    pub(super) functions: Vec<Cursor<'u>>,
    /// Whether there are no others.
    pub(super) is_whole: bool,
}

/// What says which of several functions is called.
#[derive(Clone, Copy)]
pub(super) enum By<'u> {
    /// A variable that leads to it.
    Pointer(Cursor<'u>),
    /// Its number among them.
    Number(Cursor<'u>),
}

/// The functions that pointers lead to, by their canonical declarations.
#[derive(Default)]
pub(super) struct Targets<'u> {
    known: HashMap<Cursor<'u>, Choice<'u>>,
    /// The functions of tables.
    tables: HashMap<Cursor<'u>, Vec<Cursor<'u>>>,
    /// Names of variables, parameters and constants, which may hide functions.
    hiding: HashSet<String>,
    /// Those of these that are read for calls alone.
    only_called: HashSet<Cursor<'u>>,
}

/// What a pointer receives.
#[derive(Clone, Copy)]
enum Received<'u> {
    Function(Cursor<'u>),
    Pointer(Cursor<'u>),
    Unknown,
}

/// What the file does with pointers to functions.
#[derive(Default)]
struct Flow<'u> {
    received: HashMap<Cursor<'u>, Vec<Received<'u>>>,
    read: HashSet<Cursor<'u>>,
    /// Functions that are named other than by calls of them.
    named: HashSet<Cursor<'u>>,
    parameters: Vec<(Cursor<'u>, Vec<Cursor<'u>>)>,
    tables: HashMap<Cursor<'u>, Vec<Cursor<'u>>>,
    /// Tables that are named other than by calls of their elements.
    shown: HashSet<Cursor<'u>>,
    hiding: HashSet<String>,
}

/// Returns the pointers of a file that lead to one function.
pub(super) fn find(unit: &Unit) -> Targets<'_> {
    let mut flow = Flow::default();
    for root in unit.declarations(&[Home::Main, Home::Header]) {
        flow.node(root);
    }
    for (function, parameters) in std::mem::take(&mut flow.parameters) {
        let is_closed = function.is_static() && !flow.named.contains(&function);
        for parameter in parameters.into_iter().filter(|_| !is_closed) {
            flow.receive(parameter, Received::Unknown);
        }
    }
    let is_kept = |table: &Cursor<'_>| {
        let is_const = types::is_const(table.ty().canonical().element());
        is_const || (table.is_static() && !flow.shown.contains(table))
    };
    let mut targets = Targets {
        hiding: std::mem::take(&mut flow.hiding),
        ..Targets::default()
    };
    let tables = flow.tables.iter().filter(|(table, _)| is_kept(table));
    targets.tables = tables.map(|(table, all)| (*table, all.clone())).collect();
    for pointer in flow.received.keys().copied() {
        if let Some(choice) = flow.choice(pointer) {
            if choice.one().is_some() && !flow.read.contains(&pointer) {
                targets.only_called.insert(pointer);
            }
            targets.known.insert(pointer, choice);
        }
    }
    targets
}

impl<'u> Choice<'u> {
    /// Returns the one function that there is.
    fn one(&self) -> Option<Cursor<'u>> {
        match self.functions.as_slice() {
            [function] if self.is_whole => Some(*function),
            _ => None,
        }
    }
}

impl<'u> Targets<'u> {
    /// Returns the one function that the callee of a call leads to.
    pub(super) fn of_callee(&self, callee: Cursor<'u>) -> Option<Cursor<'u>> {
        self.known.get(&pointer(callee)?)?.one()
    }

    /// Returns the functions that a callee may be, and what says which, unless that is one pointer that leads to one alone.
    pub(super) fn choice(&self, callee: Cursor<'u>) -> Option<(By<'u>, Choice<'u>)> {
        if let Some((table, number)) = element(callee) {
            let choice = Choice {
                functions: self.tables.get(&table)?.clone(),
                is_whole: true,
            };
            return Some((By::Number(number), choice));
        }
        let pointer = pointer(callee)?;
        let choice = self.known.get(&pointer)?;
        choice
            .one()
            .is_none()
            .then(|| (By::Pointer(pointer), choice.clone()))
    }

    /// Returns whether something else may have the name of a function where text names it.
    pub(super) fn may_be_hidden(&self, function: Cursor<'u>) -> bool {
        self.hiding.contains(&function.spelling())
    }

    /// Returns whether a variable leads to one function and is read for calls alone.
    pub(super) fn is_only_called(&self, variable: Cursor<'u>) -> bool {
        self.only_called.contains(&variable.canonical())
    }
}

impl<'u> Flow<'u> {
    fn node(&mut self, cursor: Cursor<'u>) {
        let children = cursor.children();
        let named = [
            k::CXCursor_VarDecl,
            k::CXCursor_ParmDecl,
            k::CXCursor_EnumConstantDecl,
        ];
        if named.contains(&cursor.kind()) {
            self.hiding.insert(cursor.spelling());
        }
        match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_FunctionDecl, _) => self.function(cursor),
            (k::CXCursor_VarDecl, _) if is_pointer(cursor) => {
                self.declaration(cursor);
                return;
            }
            (k::CXCursor_VarDecl, _) if is_table(cursor) => self.table(cursor),
            (k::CXCursor_CallExpr, [callee, arguments @ ..]) => {
                self.call(*callee, arguments);
                return;
            }
            (k::CXCursor_BinaryOperator, [target, value])
                if cursor.binary_operator() == k::CXBinaryOperator_Assign =>
            {
                match walk::named_variable(*target) {
                    Some(variable) if is_pointer(variable) => {
                        self.take(variable, *value);
                        return;
                    }
                    Some(_) => {}
                    None => self.lose(*target),
                }
            }
            (k::CXCursor_UnaryOperator, [operand])
                if cursor.unary_operator() == k::CXUnaryOperator_AddrOf =>
            {
                self.lose(*operand);
            }
            (k::CXCursor_AsmStmt | k::CXCursor_MSAsmStmt, _) => {
                self.lose(cursor);
            }
            (k::CXCursor_DeclRefExpr, _) => self.name(cursor),
            _ => {}
        }
        for child in children {
            self.node(child);
        }
    }

    /// Notes the functions that a table starts with, if that is all that it holds.
    fn table(&mut self, table: Cursor<'u>) {
        let ty = table.ty().canonical();
        let called = ty.element().canonical().pointee().canonical();
        let values = table.initializer().map(Cursor::children);
        let functions: Option<Vec<_>> = values.and_then(|values| {
            let functions = values.into_iter().map(addressed);
            functions.map(|each| each.map(Cursor::canonical)).collect()
        });
        let is_known = |functions: &Vec<Cursor<'u>>| {
            let are_same = functions
                .iter()
                .all(|each| called.is_same(each.ty().canonical()));
            let count = ty.array_length();
            are_same
                && (1..=MOST).contains(&functions.len())
                && count == Some(functions.len() as u64)
        };
        let functions = functions.filter(is_known);
        self.tables
            .extend(functions.map(|functions| (table.canonical(), functions)));
    }

    fn function(&mut self, function: Cursor<'u>) {
        let parameters = walk::parameters(function).into_iter();
        let pointers: Vec<_> = parameters
            .filter(|each| is_pointer(*each))
            .map(Cursor::canonical)
            .collect();
        if function.is_definition() && !pointers.is_empty() {
            self.parameters.push((function.canonical(), pointers));
        }
    }

    /// Other files may set what they can name, and a volatile variable anybody.
    fn declaration(&mut self, variable: Cursor<'u>) {
        let own = variable.canonical();
        let outside = variable.parent().map(Cursor::kind);
        let is_local = outside == Some(k::CXCursor_FunctionDecl);
        let is_const = types::is_const(variable.ty());
        if types::is_volatile(variable.ty())
            || variable.is_extern()
            || !(is_local || is_const || variable.is_static())
        {
            self.receive(own, Received::Unknown);
        }
        if let Some(value) = variable.initializer() {
            self.take(own, value);
        }
    }

    fn call(&mut self, callee: Cursor<'u>, arguments: &[Cursor<'u>]) {
        let name = walk::peel(callee);
        let function = name
            .referenced()
            .filter(|each| each.kind() == k::CXCursor_FunctionDecl);
        if let Some((_, number)) = element(callee) {
            self.node(number);
        } else if function.is_none() && pointer(callee).is_none() {
            self.node(callee);
        }
        let defined = function.and_then(Cursor::definition);
        let parameters: Vec<Cursor<'u>> = defined.into_iter().flat_map(walk::parameters).collect();
        for (at, argument) in arguments.iter().enumerate() {
            let parameter = parameters.get(at).copied().filter(|each| is_pointer(*each));
            let Some(parameter) = parameter else {
                self.node(*argument);
                continue;
            };
            self.take(parameter.canonical(), *argument);
        }
    }

    /// Has a pointer receive a value; of `c ? a : b`, one of two.
    fn take(&mut self, pointer: Cursor<'u>, value: Cursor<'u>) {
        let chosen = walk::peel(value);
        if chosen.kind() == k::CXCursor_ConditionalOperator
            && let [condition, values @ ..] = chosen.children().as_slice()
        {
            self.node(*condition);
            for value in values {
                self.take(pointer, *value);
            }
            return;
        }
        let received = received(value);
        self.receive(pointer, received);
        match received {
            Received::Function(function) => {
                self.named.insert(function);
            }
            Received::Pointer(pointer) => {
                self.read.insert(pointer);
            }
            Received::Unknown => self.node(value),
        }
    }

    fn name(&mut self, name: Cursor<'u>) {
        let Some(named) = name.referenced() else {
            return;
        };
        if named.kind() == k::CXCursor_FunctionDecl {
            self.named.insert(named.canonical());
        } else if is_pointer(named) {
            self.read.insert(named.canonical());
        } else if is_table(named) {
            self.shown.insert(named.canonical());
        }
    }

    /// Whatever pointers an expression names may be set, as `f` of `__extension__ f = g` and `&_Generic(0, int: f)`.
    fn lose(&mut self, place: Cursor<'u>) {
        walk::each(place, |inner| {
            if let Some(variable) = walk::named_variable(inner).filter(|each| is_pointer(*each)) {
                self.receive(variable, Received::Unknown);
            }
        });
    }

    fn receive(&mut self, pointer: Cursor<'u>, value: Received<'u>) {
        self.received.entry(pointer).or_default().push(value);
    }

    /// Returns the functions that a pointer may receive, of the type that calls through the pointer take them for.
    fn choice(&self, pointer: Cursor<'u>) -> Option<Choice<'u>> {
        let (mut seen, mut open) = (HashSet::new(), vec![pointer]);
        let (mut functions, mut is_whole) = (Vec::new(), true);
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            let Some(all) = self.received.get(&next) else {
                is_whole = false;
                continue;
            };
            for received in all {
                match *received {
                    Received::Function(function) if functions.contains(&function) => {}
                    Received::Function(function) => functions.push(function),
                    Received::Pointer(other) => open.push(other),
                    Received::Unknown => is_whole = false,
                }
            }
        }
        let called = pointer.ty().canonical().pointee().canonical();
        let count = functions.len();
        functions.retain(|function| called.is_same(function.ty().canonical()));
        let is_whole = is_whole && functions.len() == count;
        let is_known = (1..=MOST).contains(&functions.len());
        is_known.then_some(Choice {
            functions,
            is_whole,
        })
    }
}

/// Returns what a pointer receives by a value.
fn received(value: Cursor<'_>) -> Received<'_> {
    match named(value) {
        Some(named) if named.kind() == k::CXCursor_FunctionDecl => {
            Received::Function(named.canonical())
        }
        Some(named) if is_pointer(named) => Received::Pointer(named.canonical()),
        Some(_) | None => Received::Unknown,
    }
}

/// Returns the function that a value is the address of.
pub(super) fn addressed(value: Cursor<'_>) -> Option<Cursor<'_>> {
    let is_address = types::is_function(value.ty().canonical().pointee());
    named(value).filter(|named| is_address && named.kind() == k::CXCursor_FunctionDecl)
}

/// Returns what a value names, or is the address of.
fn named(value: Cursor<'_>) -> Option<Cursor<'_>> {
    let mut value = walk::peel(value);
    if value.kind() == k::CXCursor_UnaryOperator
        && value.unary_operator() == k::CXUnaryOperator_AddrOf
        && let [operand] = value.children().as_slice()
    {
        value = walk::peel(*operand);
    }
    let is_name = value.kind() == k::CXCursor_DeclRefExpr;
    is_name.then(|| value.referenced()).flatten()
}

/// Returns the variable that a callee reads: `f` of `f(x)` and `(*f)(x)`.
fn pointer(callee: Cursor<'_>) -> Option<Cursor<'_>> {
    let mut callee = walk::peel(callee);
    while callee.kind() == k::CXCursor_UnaryOperator
        && callee.unary_operator() == k::CXUnaryOperator_Deref
    {
        callee = walk::peel(*callee.children().first()?);
    }
    walk::named_variable(callee).filter(|named| is_pointer(*named))
}

/// Returns the table that a callee is an element of, and its number there: `t` and `i` of `t[i](x)`.
fn element(callee: Cursor<'_>) -> Option<(Cursor<'_>, Cursor<'_>)> {
    let element = walk::peel(callee);
    let children = element.children();
    let [table, number] = children.as_slice() else {
        return None;
    };
    let is_element = element.kind() == k::CXCursor_ArraySubscriptExpr;
    let table = walk::named_variable(walk::peel(*table)).filter(|named| is_table(*named));
    table.filter(|_| is_element).map(|table| (table, *number))
}

/// Returns whether a variable is an array of pointers to functions.
fn is_table(declaration: Cursor<'_>) -> bool {
    let ty = declaration.ty().canonical();
    declaration.kind() == k::CXCursor_VarDecl
        && types::is_array(ty)
        && types::is_function(ty.element().canonical().pointee())
}

/// Returns whether a variable or parameter is a pointer to functions.
fn is_pointer(declaration: Cursor<'_>) -> bool {
    let is_variable = [k::CXCursor_VarDecl, k::CXCursor_ParmDecl].contains(&declaration.kind());
    is_variable && types::is_function(declaration.ty().canonical().pointee())
}
