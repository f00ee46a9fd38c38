//! Which pointers of a whole program hold nothing but null and what allocators returned: the start of a block.
//!
//! All that a variable, a parameter, a member or a function's result receives is looked at in the whole program, members by
//! their names alone (field-based, flow-insensitive and by inclusion).
//! What is copied as bytes between objects of one type keeps that; where members may be reached under another type, by a
//! union, a cast, or a pointer to pointers that is made of another one, nothing is known of them, or of anything.
//!
//! **Source**: Andersen, “Program Analysis and Specialization for the C Programming Language”, 1994; field-based as in Heintze,
//! Tardieu, “Ultra-fast Aliasing Analysis using CLA”, PLDI 2001.

use std::collections::{HashMap, HashSet};

use clang_sys as k;

use crate::clang::{Constant, Cursor, Home, Type, Unit};
use crate::lower::{order, types, walk};

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
    /// The function that the walk is in.
    function: Option<Cursor<'u>>,
}

impl<'u> Allocated<'u> {
    /// Looks through a whole program.
    pub(super) fn find(unit: &'u Unit) -> Self {
        let mut flow = Flow::default();
        for root in unit.declarations(&[Home::Main, Home::Header]) {
            flow.node(root);
        }
        let mut held: HashSet<Cursor<'u>> = flow.received.keys().copied().collect();
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
            (k::CXCursor_FunctionDecl, _) => self.function = Some(cursor.canonical()),
            (k::CXCursor_VarDecl, _) => self.declaration(cursor),
            (k::CXCursor_UnionDecl, _) => self.lose_members(cursor.ty()),
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
            (k::CXCursor_UnaryOperator, [operand])
                if cursor.unary_operator() == k::CXUnaryOperator_Deref =>
            {
                // Nothing is stored by what is read so: `*(const char **)a`.
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
        if !is_pointer(variable) {
            return;
        }
        let own = variable.canonical();
        let is_elsewhere = variable.is_extern() && variable.definition().is_none();
        let is_set = is_elsewhere || types::is_volatile(variable.ty());
        if is_set || order::has_cleanup(variable) {
            self.add(own, Received::Unknown);
        }
        if let Some(value) = variable.initializer() {
            self.receive(own, value);
        }
    }

    /// Each value of a list goes to the member that it names, or to any.
    fn list(&mut self, list: Cursor<'u>, values: &[Cursor<'u>]) {
        let all = members(list.ty());
        for value in values {
            let parts = value.children();
            let mut names = parts.iter().rev();
            let named = names.find(|part| part.kind() == k::CXCursor_MemberRef);
            match (named.map(|name| name.referenced()), parts.last()) {
                (Some(Some(member)), Some(value)) => {
                    if is_pointer(member) {
                        self.receive(member.canonical(), *value);
                    }
                }
                (Some(_), _) => self.lose_members(list.ty()),
                (None, _) if !types::is_pointer(value.ty()) && !types::is_array(value.ty()) => {}
                (None, _) => {
                    for member in &all {
                        self.receive(*member, *value);
                    }
                }
            }
        }
    }

    fn call(&mut self, callee: Cursor<'u>, arguments: &[Cursor<'u>]) {
        let function = called(callee);
        if function.is_none() {
            self.node(callee);
        }
        let defined = function.and_then(Cursor::definition);
        let parameters: Vec<Cursor<'u>> = defined.into_iter().flat_map(parameters).collect();
        let is_set = defined.is_none() && walk::peel(callee).spelling() == "posix_memalign";
        for (at, argument) in arguments.iter().enumerate() {
            if let (0, true, Some(set)) = (at, is_set, addressed(*argument)) {
                self.add(set, Received::Block);
                continue;
            }
            if let Some(parameter) = parameters.get(at).filter(|each| is_pointer(**each)) {
                self.receive(parameter.canonical(), *argument);
            }
            self.node(*argument);
        }
        for left_out in parameters.iter().skip(arguments.len()) {
            self.add(left_out.canonical(), Received::Unknown);
        }
        let copied: Vec<_> = arguments
            .iter()
            .take(2)
            .map(|each| pointee(*each))
            .collect();
        if let ([to, from], true) = (copied.as_slice(), defined.is_none())
            && types::is_record(*to)
            && types::is_record(*from)
            && !to.is_same(*from)
        {
            self.lose_members(*to);
            self.lose_members(*from);
        }
    }

    /// What calls of a function that is named as a value pass it, nobody knows.
    fn name(&mut self, name: Cursor<'u>) {
        let named = name.referenced();
        let function = named.filter(|each| each.kind() == k::CXCursor_FunctionDecl);
        let defined = function.and_then(Cursor::definition).into_iter();
        for parameter in defined.flat_map(parameters) {
            self.add(parameter.canonical(), Received::Unknown);
        }
    }

    /// Under another type, members may be set without their names; so may all that a pointer to pointers leads to.
    fn conversion(&mut self, ty: Type<'u>, operand: Cursor<'u>) {
        let from = pointee(operand);
        let to = ty.canonical().pointee().canonical().unqualified();
        if !types::is_pointer(ty) || types::is_array(operand.ty()) || to.is_same(from) {
            return;
        }
        if types::is_pointer(to) && !types::is_pointer(from) {
            received(operand, &mut self.leads_to_pointers);
        }
        if types::is_record(to) && types::is_record(from) {
            self.lose_members(to);
            self.lose_members(from);
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

/// Adds what a pointer receives by a value.
fn received<'u>(value: Cursor<'u>, found: &mut Vec<Received<'u>>) {
    let value = unconverted(value);
    let children = value.children();
    let one = match (value.kind(), children.as_slice()) {
        (k::CXCursor_ConditionalOperator, [_, then, otherwise]) => {
            received(*then, found);
            return received(*otherwise, found);
        }
        (k::CXCursor_BinaryOperator, [_, last]) if hands_on(value) => {
            return received(*last, found);
        }
        (k::CXCursor_IntegerLiteral, _) if value.evaluate() == Some(Constant::Int(0)) => {
            Received::Null
        }
        (k::CXCursor_CallExpr, [callee, ..]) => match called(*callee) {
            Some(function) if function.definition().is_some() => {
                Received::From(function.canonical())
            }
            Some(function) if ALLOCATORS.contains(&function.spelling().as_str()) => Received::Block,
            Some(_) | None => Received::Unknown,
        },
        _ => place(value).map_or(Received::Unknown, Received::From),
    };
    found.push(one);
}

/// Returns whether an operator's value is that of its last operand.
fn hands_on(cursor: Cursor<'_>) -> bool {
    let operators = [k::CXBinaryOperator_Assign, k::CXBinaryOperator_Comma];
    operators.contains(&cursor.binary_operator())
}

/// Returns the variable, parameter or member that an expression names, if it is a pointer.
fn place(expr: Cursor<'_>) -> Option<Cursor<'_>> {
    let expr = walk::peel(expr);
    let is_named = [k::CXCursor_DeclRefExpr, k::CXCursor_MemberRefExpr].contains(&expr.kind());
    let named = is_named.then(|| expr.referenced()).flatten()?;
    is_pointer(named).then(|| named.canonical())
}

/// Returns the pointer whose address a value is.
fn addressed(value: Cursor<'_>) -> Option<Cursor<'_>> {
    let value = unconverted(value);
    let children = value.children();
    let is_address = value.kind() == k::CXCursor_UnaryOperator
        && value.unary_operator() == k::CXUnaryOperator_AddrOf;
    children
        .first()
        .filter(|_| is_address)
        .and_then(|operand| place(*operand))
}

/// Returns the function that a callee names.
fn called(callee: Cursor<'_>) -> Option<Cursor<'_>> {
    let named = walk::peel(callee).referenced()?;
    (named.kind() == k::CXCursor_FunctionDecl).then_some(named)
}

fn parameters(function: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    let children = function.children().into_iter();
    children.filter(|child| child.kind() == k::CXCursor_ParmDecl)
}

/// Returns the operand of conversions from pointers to pointers, and of null.
fn unconverted(mut value: Cursor<'_>) -> Cursor<'_> {
    loop {
        value = walk::peel(value);
        let children = value.children();
        let operand = children
            .last()
            .filter(|_| value.kind() == k::CXCursor_CStyleCastExpr);
        match operand {
            Some(operand) if types::is_pointer(value.ty()) => value = *operand,
            Some(_) | None => return value,
        }
    }
}

/// Returns whether an operator changes its operand, or says where it lies.
fn may_set(cursor: Cursor<'_>) -> bool {
    walk::is_step(cursor) || cursor.unary_operator() == k::CXUnaryOperator_AddrOf
}

/// Returns what a value leads to, as it was before it was converted.
fn pointee(value: Cursor<'_>) -> Type<'_> {
    let ty = walk::peel(value).ty().canonical();
    ty.pointee().canonical().unqualified()
}

/// Returns the members of a structure, or of the elements of an array of some, that are pointers, and theirs.
fn members(ty: Type<'_>) -> Vec<Cursor<'_>> {
    let mut ty = ty.canonical();
    while types::is_array(ty) {
        ty = ty.element().canonical();
    }
    if !types::is_record(ty) {
        return Vec::new();
    }
    let own = ty.declaration().children().into_iter();
    let own = own.filter(|child| child.kind() == k::CXCursor_FieldDecl);
    own.flat_map(|member| match is_pointer(member) {
        true => vec![member.canonical()],
        false => members(member.ty()),
    })
    .collect()
}

/// Returns whether a declaration is one of a pointer to objects; a parameter that is declared as an array is one.
fn is_pointer(declaration: Cursor<'_>) -> bool {
    let ty = declaration.ty();
    let is_parameter = declaration.kind() == k::CXCursor_ParmDecl;
    let is_object = [
        k::CXCursor_VarDecl,
        k::CXCursor_ParmDecl,
        k::CXCursor_FieldDecl,
    ]
    .contains(&declaration.kind());
    let leads = types::is_pointer(ty) && !types::is_function(ty.canonical().pointee());
    is_object && (leads || is_parameter && types::is_array(ty))
}
