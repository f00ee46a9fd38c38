//! C types: clang's to the IR's.

use std::collections::HashMap;

use clang_sys as k;
use mupac_ir::structure::{MAX_TYPE_DEPTH, type_depth};
use mupac_ir::{Arena, Extent, Field, Handle, Record, Scalar, Type};

use crate::clang::{self, Cursor};
use crate::edits::keyword::is_reserved;
use crate::lower::allocated::Allocated;

/// The structure types met so far.
#[derive(Default)]
pub(super) struct Types<'u> {
    records: Arena<Record>,
    known: HashMap<Cursor<'u>, Option<Handle<Record>>>,
    /// How deep structures hold one another.
    nesting: HashMap<Cursor<'u>, usize>,
    /// Which pointers lead to blocks of allocators alone.
    pub(super) allocated: Allocated<'u>,
}

/// Returns the arithmetic type, if it is one the IR has; an enumeration is its integer type.
///
/// The size must be the IR's, so a type of the same name on another target is none.
pub(crate) fn scalar(ty: clang::Type<'_>) -> Option<Scalar> {
    let ty = ty.canonical();
    let scalar = match ty.kind() {
        k::CXType_Bool => Scalar::Bool,
        k::CXType_Char_S | k::CXType_SChar => Scalar::I8,
        k::CXType_Char_U | k::CXType_UChar => Scalar::U8,
        k::CXType_Short => Scalar::I16,
        k::CXType_UShort => Scalar::U16,
        k::CXType_Int => Scalar::I32,
        k::CXType_UInt => Scalar::U32,
        k::CXType_Long | k::CXType_LongLong => Scalar::I64,
        k::CXType_ULong | k::CXType_ULongLong => Scalar::U64,
        k::CXType_Float => Scalar::F32,
        k::CXType_Double => Scalar::F64,
        k::CXType_Enum => return scalar(ty.declaration().enumeration_type()),
        _ => return None,
    };
    (ty.size_bytes() == Some(scalar.size_bytes())).then_some(scalar)
}

/// Returns whether the type is an array, of whatever extent.
pub(crate) fn is_array(ty: clang::Type<'_>) -> bool {
    let kind = ty.canonical().kind();
    [
        k::CXType_ConstantArray,
        k::CXType_VariableArray,
        k::CXType_IncompleteArray,
    ]
    .contains(&kind)
}

/// Returns whether the type is a function.
pub(crate) fn is_function(ty: clang::Type<'_>) -> bool {
    let kind = ty.canonical().kind();
    kind == k::CXType_FunctionProto || kind == k::CXType_FunctionNoProto
}

/// Returns whether the type is a structure or union.
pub(crate) fn is_record(ty: clang::Type<'_>) -> bool {
    ty.canonical().kind() == k::CXType_Record
}

/// Returns whether clang makes up a name for a structure, which says where it stands.
fn is_nameless(ty: clang::Type<'_>) -> bool {
    ty.canonical().unqualified().spelling().contains('(')
}

/// Returns whether the type is a pointer.
pub(crate) fn is_pointer(ty: clang::Type<'_>) -> bool {
    ty.canonical().kind() == k::CXType_Pointer
}

/// Returns whether objects of the type are constant; for an array, its elements.
pub(crate) fn is_const(ty: clang::Type<'_>) -> bool {
    let ty = ty.canonical();
    ty.is_const() || (is_array(ty) && is_const(ty.element()))
}

/// Returns whether an object of the type can be given a value after it was declared, in C++ too.
pub(crate) fn is_assignable(ty: clang::Type<'_>) -> bool {
    let ty = ty.canonical();
    if is_array(ty) {
        return is_assignable(ty.element());
    }
    let members = ty.declaration().children().into_iter();
    let mut members = members.filter(|child| child.kind() == k::CXCursor_FieldDecl);
    members.all(|member| !is_const(member.ty()) && is_assignable(member.ty()))
}

/// Returns whether objects of the type are volatile; for an array, its elements.
pub(crate) fn is_volatile(ty: clang::Type<'_>) -> bool {
    let ty = ty.canonical();
    ty.is_volatile() || (is_array(ty) && is_volatile(ty.element()))
}

impl<'u> Types<'u> {
    /// Returns an empty table.
    pub(super) fn knowing(allocated: Allocated<'u>) -> Self {
        Self {
            allocated,
            ..Self::default()
        }
    }

    /// Returns the structure types, in order of first use.
    pub(super) fn into_records(self) -> Arena<Record> {
        self.records
    }

    /// Returns the structure types.
    pub(super) fn records(&self) -> &Arena<Record> {
        &self.records
    }

    /// Lowers a type; what the IR does not model, variable-length arrays included, is `Opaque`.
    pub(super) fn lower(&mut self, ty: clang::Type<'u>) -> Type {
        let lowered = self.lower_any(ty);
        if type_depth(&lowered) > MAX_TYPE_DEPTH {
            return Type::Opaque(ty.canonical().spelling());
        }
        lowered
    }

    fn lower_any(&mut self, ty: clang::Type<'u>) -> Type {
        let ty = ty.canonical();
        if let Some(scalar) = scalar(ty) {
            return scalar.into();
        }
        let opaque = || opaque(ty);
        match ty.kind() {
            k::CXType_Void => Type::Void,
            k::CXType_Pointer => self.pointer(ty),
            k::CXType_ConstantArray => match ty.array_length() {
                Some(length) => self.array(ty, Extent::Fixed(length)),
                None => opaque(),
            },
            k::CXType_IncompleteArray => self.array(ty, Extent::Unknown),
            k::CXType_Record => self
                .record(ty.declaration())
                .map_or_else(opaque, Type::Record),
            _ => opaque(),
        }
    }

    /// Lowers the type of a value: what libclang calls an array here is a pointer to its element.
    pub(super) fn lower_value(&mut self, ty: clang::Type<'u>) -> Type {
        let ty = ty.canonical();
        if is_array(ty) {
            self.lower(ty.element()).pointer(is_const(ty))
        } else {
            self.lower(ty)
        }
    }

    fn pointer(&mut self, ty: clang::Type<'u>) -> Type {
        let to = ty.pointee();
        self.pointee(to).pointer(is_const(to))
    }

    /// Lowers what a pointer points to.
    fn pointee(&mut self, to: clang::Type<'u>) -> Type {
        // The insides of a system structure are the library's own; a program only passes such pointers on.
        let is_hidden = to.canonical().kind() == k::CXType_Record
            && to.canonical().declaration().is_in_system_header();
        if is_hidden {
            opaque(to.canonical())
        } else {
            self.lower(to)
        }
    }

    fn array(&mut self, ty: clang::Type<'u>, length: Extent) -> Type {
        let of = self.lower(ty.element());
        match of {
            // An array of something unmodelled has elements that no access may name.
            Type::Opaque(_) => Type::Opaque(ty.spelling()),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Record(_) => Type::Array {
                of: Box::new(of),
                length,
            },
        }
    }

    /// Lowers a structure that is complete, named and declared at file scope, so that any function can name it; one without a name
    /// is known by the member that has it.
    fn record(&mut self, declaration: Cursor<'u>) -> Option<Handle<Record>> {
        let definition = declaration.definition()?.canonical();
        if let Some(known) = self.known.get(&definition) {
            return *known;
        }
        let declaration = declaration.definition()?;
        let ty = declaration.ty();
        let is_file_scope = declaration
            .parent()
            .is_some_and(|parent| parent.kind() == k::CXCursor_TranslationUnit);
        let name = ty.canonical().spelling();
        let is_known = is_file_scope && !is_nameless(ty);
        self.define(declaration, &name, is_known)
    }

    /// Makes a structure of this name, if it is one that any function can name.
    fn define(
        &mut self,
        declaration: Cursor<'u>,
        name: &str,
        can_be_named: bool,
    ) -> Option<Handle<Record>> {
        let ty = declaration.ty();
        let sizes = ty.size_bytes().zip(ty.align_bytes());
        let is_modelled = can_be_named && declaration.kind() == k::CXCursor_StructDecl;
        let known = sizes.filter(|_| is_modelled);
        let known = known.map(|(size_bytes, align_bytes)| {
            self.records.push(Record {
                name: name.to_owned(),
                fields: Vec::new(),
                size_bytes,
                align_bytes,
            })
        });
        // Known before its fields are, since a field may point to it.
        self.known.insert(declaration.canonical(), known);
        if let Some(handle) = known {
            self.records[handle].fields = self.fields(declaration, name);
        }
        known
    }

    /// Makes the structure without a name that a member of another one has, or its elements, or what it points to: that
    /// member names it.
    fn define_nameless(&mut self, field: Cursor<'u>, outer: (Cursor<'u>, &str)) {
        let (declaration, name) = outer;
        let value = format!("(({name} *)0)->{}", field.spelling());
        if let Some((own, value)) = nameless_of(field, value)
            && own.parent().map(Cursor::canonical) == Some(declaration.canonical())
            && !self.known.contains_key(&own.canonical())
        {
            let is_named = !field.spelling().is_empty() && !is_reserved(&field.spelling());
            self.define(own, &format!("__typeof__({value})"), is_named);
        }
    }

    /// Makes the structure without a name that a variable of file scope has, or its elements, or what it points to: the
    /// variable names it.
    pub(super) fn define_by_variable(&mut self, variable: Cursor<'u>) {
        let name = variable.spelling();
        let is_plain = !is_const(variable.ty()) && !is_volatile(variable.ty());
        // What stands behind `__typeof__(a[0][0]) (*p)[8]` C++ takes for a call.
        let is_plain = is_plain && !is_array(variable.ty().canonical().element());
        if let Some((own, value)) = nameless_of(variable, name.clone())
            && is_plain
            && !is_reserved(&name)
            && !self.known.contains_key(&own.canonical())
        {
            let parent = own.parent().map(Cursor::kind);
            let is_file_scope = parent == Some(k::CXCursor_TranslationUnit);
            self.define(own, &format!("__typeof__({value})"), is_file_scope);
        }
    }

    /// Returns how deep structures hold one another in a type; pointers hold nothing.
    fn nesting_of(&mut self, ty: clang::Type<'u>) -> usize {
        let mut ty = ty.canonical();
        while is_array(ty) {
            ty = ty.element().canonical();
        }
        let definition = is_record(ty).then(|| ty.declaration().definition());
        let Some(definition) = definition.flatten() else {
            return 0;
        };
        if let Some(known) = self.nesting.get(&definition) {
            return *known;
        }
        let fields = definition.children().into_iter();
        let fields = fields.filter(|child| child.kind() == k::CXCursor_FieldDecl);
        let deepest = fields.map(|field| self.nesting_of(field.ty())).max();
        let nesting = deepest.unwrap_or(0) + 1;
        self.nesting.insert(definition, nesting);
        nesting
    }

    fn fields(&mut self, declaration: Cursor<'u>, name: &str) -> Vec<Field> {
        let fields = declaration
            .children()
            .into_iter()
            .filter(|child| child.kind() == k::CXCursor_FieldDecl);
        let mut lowered = Vec::new();
        for field in fields {
            self.define_nameless(field, (declaration, name));
            let is_too_deep = self.nesting_of(field.ty()) >= MAX_TYPE_DEPTH;
            let is_opaque = field.is_bit_field() || is_volatile(field.ty()) || is_too_deep;
            let ty = if is_opaque {
                Type::Opaque(field.ty().spelling())
            } else {
                self.lower(field.ty())
            };
            let offset_bytes = u64::try_from(field.field_offset_bits()).unwrap_or(0) / 8;
            lowered.push(Field {
                name: field.spelling(),
                ty,
                offset_bytes,
                enumeration: enumeration(field.ty()),
                leads_to_block: self.allocated.hold(field),
            });
        }
        lowered
    }

    /// Returns whether the IR's type is what clang says, qualifiers and variable extents aside.
    pub(super) fn is_match(&mut self, ours: &Type, theirs: clang::Type<'u>) -> bool {
        let theirs = theirs.canonical();
        match ours {
            Type::Void => theirs.kind() == k::CXType_Void,
            Type::Scalar(ours) => scalar(theirs) == Some(*ours),
            Type::Pointer { to, .. } => {
                let pointee = if is_pointer(theirs) {
                    theirs.pointee()
                } else if is_array(theirs) {
                    // A parameter that is declared as an array.
                    theirs.element()
                } else {
                    return false;
                };
                if matches!(**to, Type::Opaque(_)) {
                    return matches!(self.pointee(pointee), Type::Opaque(_));
                }
                self.is_match(to, pointee)
            }
            Type::Array { of, length } => {
                // An extent that varies is compatible with any.
                let is_length = match length {
                    Extent::Variable(_) => is_array(theirs),
                    Extent::Fixed(_) | Extent::Unknown
                        if theirs.kind() == k::CXType_VariableArray =>
                    {
                        true
                    }
                    Extent::Fixed(length) => theirs.array_length() == Some(*length),
                    Extent::Unknown => theirs.kind() == k::CXType_IncompleteArray,
                };
                is_length && self.is_match(of, theirs.element())
            }
            Type::Record(_) => self.lower(theirs) == *ours,
            Type::Opaque(_) => matches!(self.lower(theirs), Type::Opaque(_)),
        }
    }
}

/// Returns the structure without a name that something declares as its type, as that of its elements, or of what it points
/// to, and how C says such an object, where `value` says the thing itself.
fn nameless_of(declared: Cursor<'_>, mut value: String) -> Option<(Cursor<'_>, String)> {
    let mut ty = declared.ty().canonical();
    while is_array(ty) {
        value.push_str("[0]");
        ty = ty.element().canonical();
    }
    if is_pointer(ty) {
        value.insert(0, '*');
        ty = ty.pointee().canonical();
    }
    let is_own = is_record(ty) && is_nameless(ty);
    let own = is_own.then(|| ty.declaration().definition()).flatten()?;
    Some((own, value))
}

/// Returns the type of what the IR does not model; `const` is the pointer's business.
fn opaque(ty: clang::Type<'_>) -> Type {
    let is_plain = is_const(ty) && !is_volatile(ty) && !is_array(ty);
    let ty = if is_plain { ty.unqualified() } else { ty };
    Type::Opaque(ty.spelling())
}

/// Returns the name of the enumeration that values of a type are of, or the elements of an array.
pub(super) fn enumeration(ty: clang::Type<'_>) -> Option<String> {
    let mut ty = ty;
    while is_array(ty) {
        ty = ty.element();
    }
    let is_enumeration = ty.canonical().kind() == k::CXType_Enum;
    let name = is_enumeration.then(|| ty.unqualified().spelling())?;
    (!name.contains('(')).then_some(name)
}
