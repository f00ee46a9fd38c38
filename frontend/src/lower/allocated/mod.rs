//! Which pointers of a whole program hold nothing but null and what allocators returned: the start of a block.
//!
//! All that a variable, a parameter, a member or a function's result receives is looked at in the whole program, members by
//! their names alone (field-based, flow-insensitive and by inclusion).
//! What is copied as bytes between objects of one type keeps that; where members may be reached without their names, in a union
//! or by a pointer to something else than their structure, nothing is known of them; where a pointer to pointers may lead
//! anywhere, of none.
//!
//! **Source**: Andersen, “Program Analysis and Specialization for the C Programming Language”, 1994; field-based as in Heintze,
//! Tardieu, “Ultra-fast Aliasing Analysis using CLA”, PLDI 2001.

mod conversions;
mod shapes;
mod values;

use std::collections::{HashMap, HashSet};

use clang_sys as k;

use crate::clang::{Cursor, Home, Type, Unit};
use crate::lower::{order, types, walk};
use shapes::{is_pointer, led_to, members};
use values::{addressed, is_harmless, may_set, place, received, unconverted};

/// The functions that return the start of a new block, or null.
const ALLOCATORS: [&str; 7] = [
    "aligned_alloc",
    "calloc",
    "malloc",
    "realloc",
    "reallocarray",
    "strdup",
    "strndup",
];

/// The canonical declarations of such variables, parameters and members.
#[derive(Default)]
pub(super) struct Allocated<'u>(HashSet<Cursor<'u>>);

/// What a pointer receives.
#[derive(Clone, Copy)]
enum Received<'u> {
    Null,
    Block,
    /// What another one holds, or a function returns.
    From(Cursor<'u>),
    Unknown,
}

impl<'u> Received<'u> {
    /// Returns whether it is a block or null, where the pointers of a set hold nothing else.
    fn is_block(self, held: &HashSet<Cursor<'u>>) -> bool {
        match self {
            Self::Null | Self::Block => true,
            Self::From(other) => held.contains(&other),
            Self::Unknown => false,
        }
    }
}

/// What a program does with pointers.
#[derive(Default)]
struct Flow<'u> {
    received: HashMap<Cursor<'u>, Vec<Received<'u>>>,
    /// What becomes a pointer to pointers, which is harmless where it leads to a block of nothing else.
    leads_to_pointers: Vec<Received<'u>>,
    /// The structures that memory without a type of its own is taken for, and whether it may be changed by that.
    views: Vec<(Type<'u>, bool)>,
    /// What may be taken for something else, by a pointer without its type.
    exposed: Vec<Type<'u>>,
    /// What is written to files.
    written: Vec<Type<'u>>,
    /// What is read from files.
    read: Vec<Type<'u>>,
    /// Whether pointers become numbers.
    has_numbers: bool,
    /// The function that the walk is in.
    function: Option<Cursor<'u>>,
}

impl<'u> Allocated<'u> {
    /// Looks through a whole program.
    pub(super) fn find(unit: &'u Unit) -> Self {
        let mut flow = Flow::default();
        let of_system = unit.declarations(&[Home::System]);
        let of_system = of_system
            .filter(|each| each.kind() == k::CXCursor_FunctionDecl && each.is_definition());
        let own = unit.declarations(&[Home::Main, Home::Header]);
        for root in of_system.chain(own) {
            flow.node(root);
        }
        flow.lose_views();
        flow.lose_read();
        // Libraries set the members that they declare.
        let own = flow.received.keys().copied();
        let own = own.filter(|each| !each.is_in_system_header());
        let mut held: HashSet<Cursor<'u>> = own.collect();
        // The greatest set of pointers that receive blocks from the set alone.
        loop {
            let before = held.len();
            let mut kept = held.clone();
            kept.retain(|each| {
                flow.received[each]
                    .iter()
                    .all(|value| value.is_block(&held))
            });
            held = kept;
            if held.len() == before {
                break;
            }
        }
        let mut leading = flow.leads_to_pointers.iter();
        if !leading.all(|value| value.is_block(&held)) {
            return Self::default();
        }
        Self(held)
    }

    /// Returns whether a declaration is one of these.
    pub(super) fn hold(&self, declaration: Cursor<'u>) -> bool {
        self.0.contains(&declaration.canonical())
    }
}

impl<'u> Flow<'u> {
    fn node(&mut self, cursor: Cursor<'u>) {
        let children = cursor.children();
        match (cursor.kind(), children.as_slice()) {
            (k::CXCursor_FunctionDecl, _) if cursor.is_definition() => {
                self.function = Some(cursor.canonical());
            }
            (k::CXCursor_VarDecl, _) => self.declaration(cursor),
            (k::CXCursor_UnionDecl, _) => self.union(cursor.ty()),
            (k::CXCursor_InitListExpr, values) => self.list(cursor, values),
            (k::CXCursor_ReturnStmt, [value]) => {
                if let Some(function) = self.function {
                    self.receive(function, *value);
                }
            }
            (k::CXCursor_CallExpr, [callee, arguments @ ..]) => {
                return self.call(*callee, arguments);
            }
            (k::CXCursor_BinaryOperator, [target, value])
                if cursor.binary_operator() == k::CXBinaryOperator_Assign =>
            {
                if let Some(place) = place(*target) {
                    self.receive(place, *value);
                }
                self.place(*target);
                return self.node(*value);
            }
            (k::CXCursor_CompoundAssignOperator, [target, value]) => {
                self.lose(*target);
                self.place(*target);
                return self.node(*value);
            }
            (k::CXCursor_UnaryOperator, [operand]) if may_set(cursor) => {
                self.lose(*operand);
                return self.place(*operand);
            }
            // Nothing is stored by a pointer that is read so: `*(const char **)a`.
            (k::CXCursor_UnaryOperator, [operand])
                if cursor.unary_operator() == k::CXUnaryOperator_Deref
                    && types::is_pointer(cursor.ty()) =>
            {
                return self.node(unconverted(*operand));
            }
            (k::CXCursor_DeclRefExpr, _) => self.name(cursor),
            (k::CXCursor_CStyleCastExpr | k::CXCursor_UnexposedExpr, [.., operand]) => {
                self.conversion(cursor.ty(), *operand);
            }
            _ => {}
        }
        for child in children {
            self.node(child);
        }
    }

    /// Walks what is assigned, or told where it lies.
    fn place(&mut self, place: Cursor<'u>) {
        let place = walk::peel_parentheses(place);
        for child in place.children() {
            self.node(child);
        }
    }

    /// Libraries may set what they define, and anybody a volatile variable.
    fn declaration(&mut self, variable: Cursor<'u>) {
        if order::has_cleanup(variable) {
            // Some function is passed its address.
            self.leads_to_pointers.push(Received::Unknown);
        }
        if !is_pointer(variable) {
            return;
        }
        let own = variable.canonical();
        let is_elsewhere = variable.is_extern() && variable.definition().is_none();
        if is_elsewhere || types::is_volatile(variable.ty()) {
            self.add(own, Received::Unknown);
        }
        if let Some(value) = variable.initializer() {
            self.receive(own, value);
        }
    }

    /// Members of a union, and what they lead to, are read as others were written.
    fn union(&mut self, ty: Type<'u>) {
        for member in members(ty) {
            self.add(member, Received::Unknown);
            if let Some(to) = led_to(member.ty()) {
                self.lose_members(to);
            }
        }
    }

    /// Each value of a list goes to the member that it names, or to any.
    fn list(&mut self, list: Cursor<'u>, values: &[Cursor<'u>]) {
        let all = members(list.ty());
        let is_whole = |value: Cursor<'u>, ty: Type<'u>| {
            value.kind() == k::CXCursor_InitListExpr
                || types::scalar(ty).is_some()
                || types::is_record(ty) && types::is_record(value.ty())
        };
        for value in values {
            let parts = value.children();
            let mut backwards = parts.iter().rev();
            let member = backwards.find(|part| part.kind() == k::CXCursor_MemberRef);
            match (member.and_then(|name| name.referenced()), parts.last()) {
                (Some(member), Some(value)) if is_pointer(member) => {
                    self.receive(member.canonical(), *value);
                }
                (Some(member), Some(value)) if is_whole(*value, member.ty()) => {}
                (None, _) if is_whole(*value, value.ty()) => {}
                (None, _) if types::is_pointer(value.ty()) => {
                    for member in &all {
                        self.receive(*member, *value);
                    }
                }
                // It may go on with the values behind it where braces are left out.
                (Some(_) | None, _) => self.lose_members(list.ty()),
            }
        }
    }

    fn call(&mut self, callee: Cursor<'u>, arguments: &[Cursor<'u>]) {
        let function = walk::called_function(callee);
        if function.is_none() {
            self.node(callee);
        }
        let defined = function.and_then(Cursor::definition);
        let parameters: Vec<Cursor<'u>> = defined.into_iter().flat_map(walk::parameters).collect();
        let name = walk::peel(callee).spelling();
        let is_set = defined.is_none() && name == "posix_memalign";
        let file = match name.as_str() {
            "fread" => Some(&mut self.read),
            "fwrite" => Some(&mut self.written),
            _ => None,
        };
        let moved = arguments
            .first()
            .and_then(|first| led_to(unconverted(*first).ty()));
        if let (Some(file), Some(moved)) = (file, moved) {
            file.push(moved);
        }
        let is_harmless = defined.is_none() && is_harmless(&name, arguments);
        for (at, argument) in arguments.iter().enumerate() {
            if let (0, true, Some(set)) = (at, is_set, addressed(*argument)) {
                self.add(set, Received::Block);
                continue;
            }
            if let Some(parameter) = parameters.get(at).filter(|each| is_pointer(**each)) {
                self.receive(parameter.canonical(), *argument);
                // Without a prototype no conversion is written.
                self.conversion(parameter.ty(), *argument);
            }
            if defined.is_some() && at >= parameters.len() {
                self.expose(*argument);
            }
            self.node(if is_harmless {
                unconverted(*argument)
            } else {
                *argument
            });
        }
        for left_out in parameters.iter().skip(arguments.len()) {
            self.add(left_out.canonical(), Received::Unknown);
        }
    }

    /// What calls of a function that is named as a value pass it, nobody knows.
    fn name(&mut self, name: Cursor<'u>) {
        let named = name.referenced();
        let function = named.filter(|each| each.kind() == k::CXCursor_FunctionDecl);
        let defined = function.and_then(Cursor::definition).into_iter();
        for parameter in defined.flat_map(walk::parameters) {
            self.add(parameter.canonical(), Received::Unknown);
        }
    }

    fn lose(&mut self, target: Cursor<'u>) {
        if let Some(place) = place(target) {
            self.add(place, Received::Unknown);
        }
    }

    fn lose_members(&mut self, ty: Type<'u>) {
        for member in members(ty) {
            self.add(member, Received::Unknown);
        }
    }

    fn add(&mut self, pointer: Cursor<'u>, value: Received<'u>) {
        self.received.entry(pointer).or_default().push(value);
    }

    fn receive(&mut self, pointer: Cursor<'u>, value: Cursor<'u>) {
        received(value, self.received.entry(pointer).or_default());
    }
}
