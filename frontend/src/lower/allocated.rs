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

use std::collections::{HashMap, HashSet};

use clang_sys as k;
use mupac_ir::Scalar;

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

/// Functions of the C library that leave structures behind a pointer as they are.
const HARMLESS: [&str; 4] = ["bsearch", "free", "fwrite", "realloc"];

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
        let all = unit.declarations(&[Home::Main, Home::Header, Home::System]);
        for root in all {
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
            (k::CXCursor_UnaryOperator, [operand])
                if cursor.unary_operator() == k::CXUnaryOperator_Deref =>
            {
                // Nothing is stored by a pointer that is read so: `*(const char **)a`.
                if types::is_pointer(cursor.ty()) {
                    return self.node(unconverted(*operand));
                }
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
            let mut names = parts.iter().rev();
            let named = names.find(|part| part.kind() == k::CXCursor_MemberRef);
            let named = named.and_then(|name| name.referenced());
            match (named, parts.last()) {
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
        let function = called(callee);
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
            let is_harmless = defined.is_none() && is_harmless(&name, arguments);
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

    /// Under another type, members may be set without their names; so may all that a pointer to pointers leads to.
    fn conversion(&mut self, ty: Type<'u>, operand: Cursor<'u>) {
        let Some(from) = led_to(walk::peel(operand).ty()) else {
            return;
        };
        let Some(to) = led_to(ty) else {
            // A number may become a pointer to something else.
            if types::scalar(ty).is_some_and(|scalar| scalar != Scalar::Bool) {
                self.has_numbers = true;
                self.expose(operand);
            }
            return;
        };
        if to.is_same(from) {
            return;
        }
        self.expose(operand);
        if types::is_pointer(to) && !types::is_pointer(from) {
            received(operand, &mut self.leads_to_pointers);
        }
        if !is_raw(from) {
            self.lose_members(to);
        } else if types::is_record(to) && unconverted(operand).kind() != k::CXCursor_CallExpr {
            let is_const = types::is_const(ty.canonical().pointee());
            self.views.push((to, !is_const));
        }
    }

    /// Takes what a pointer leads to for known under another type.
    fn expose(&mut self, pointer: Cursor<'u>) {
        let Some(to) = led_to(walk::peel(pointer).ty()) else {
            return;
        };
        if types::is_record(to) || types::is_pointer(to) {
            self.exposed.push(to);
        }
        let mut last = to;
        while let Some(next) = led_to(last) {
            last = next;
        }
        self.lose_members(last);
    }

    /// What is read from a file was written as the same thing, or holds no pointers.
    fn lose_read(&mut self) {
        let is_plain = |ty: Type<'u>| match types::is_record(ty) {
            true => members(ty).is_empty(),
            false => !types::is_pointer(ty) && (!is_raw(ty) || self.exposed.is_empty()),
        };
        let is_kept = |read: &Type<'u>| {
            let mut written = self.written.iter();
            !self.has_numbers && written.all(|each| each.is_same(*read) || is_plain(*each))
        };
        let lost: Vec<_> = self
            .read
            .iter()
            .filter(|read| !is_kept(read))
            .copied()
            .collect();
        for ty in lost {
            self.lose_members(ty);
        }
    }

    /// Of memory that is taken for several things nothing is known.
    fn lose_views(&mut self) {
        let views = std::mem::take(&mut self.views);
        let changing = views.iter().filter(|(_, may_change)| *may_change);
        let mut others = changing.map(|(view, _)| view).chain(&self.exposed);
        let first = others.next();
        let is_one = |view: Type<'u>| first.is_none_or(|first| first.is_same(view));
        let is_of_variable = |received: &Received<'_>| matches!(received, Received::From(from) if from.kind() != k::CXCursor_FunctionDecl);
        let is_all = others.all(|other| is_one(*other))
            && views.iter().all(|(view, _)| is_one(*view))
            && !self.leads_to_pointers.iter().any(is_of_variable);
        for (view, _) in views.iter().filter(|_| !is_all) {
            self.lose_members(*view);
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
        (k::CXCursor_IntegerLiteral, _) if is_zero(value) => Received::Null,
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

/// Returns what a pointer of a type leads to, or an array is made of.
fn led_to(ty: Type<'_>) -> Option<Type<'_>> {
    let ty = ty.canonical();
    let mut to = match (types::is_pointer(ty), types::is_array(ty)) {
        (true, _) => ty.pointee().canonical(),
        (false, true) => ty,
        (false, false) => return None,
    };
    while types::is_array(to) {
        to = to.element().canonical();
    }
    Some(to.unqualified())
}

/// Returns whether memory of a type is nothing but bytes.
fn is_raw(ty: Type<'_>) -> bool {
    let bytes = [
        k::CXType_Void,
        k::CXType_Char_S,
        k::CXType_Char_U,
        k::CXType_SChar,
        k::CXType_UChar,
    ];
    bytes.contains(&ty.kind())
}

/// Returns whether a function of the C library keeps what is known of the structures that it is passed.
fn is_harmless(name: &str, arguments: &[Cursor<'_>]) -> bool {
    let name = name.strip_prefix("__builtin_").unwrap_or(name);
    let leads_to = |at: usize| led_to(unconverted(*arguments.get(at)?).ty());
    let value = |at: usize| arguments.get(at).map(|each| walk::peel(*each));
    match name {
        "memset" => value(1).is_some_and(is_zero),
        "memcpy" | "memmove" => {
            let [to, from] = [0, 1].map(leads_to);
            to.zip(from).is_some_and(|(to, from)| to.is_same(from))
        }
        // What is exchanged are whole elements.
        "qsort" => {
            let size = leads_to(0).and_then(Type::size_bytes);
            let given = value(2).and_then(sizeof);
            size.is_some() && given == size
        }
        "fread" => true,
        name => HARMLESS.contains(&name),
    }
}

/// Returns the value of a `sizeof`.
fn sizeof(value: Cursor<'_>) -> Option<u64> {
    let is_size = value.kind() == k::CXCursor_UnaryExpr;
    match value.evaluate().filter(|_| is_size)? {
        Constant::Int(size) => u64::try_from(size).ok(),
        Constant::Float(_) => None,
    }
}

fn is_zero(value: Cursor<'_>) -> bool {
    value.kind() == k::CXCursor_IntegerLiteral && value.evaluate() == Some(Constant::Int(0))
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
    own.flat_map(|member| match member.kind() {
        k::CXCursor_FieldDecl if is_pointer(member) => vec![member.canonical()],
        k::CXCursor_FieldDecl => members(member.ty()),
        // What has no name is no member, and its members are.
        k::CXCursor_StructDecl | k::CXCursor_UnionDecl if member.is_anonymous_record() => {
            members(member.ty())
        }
        _ => Vec::new(),
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
