//! Nodes of clang's tree.

use std::hash::{Hash, Hasher};

use clang_sys::{
    CX_SC_Extern, CX_SC_Static, CXBinaryOperatorKind, CXChildVisit_Continue, CXChildVisitResult,
    CXClientData, CXCursor, CXCursorKind, CXEval_Float, CXEval_Int, CXFile,
    CXPrintingPolicy_TerseOutput, CXSourceLocation, CXUnaryOperatorKind,
};

use super::{RawPlace, Type, Unit};

/// A node of clang's tree: a declaration, statement, expression or preprocessing entity.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'u> {
    pub(super) raw: CXCursor,
    pub(super) unit: &'u Unit,
}

/// Where one end of a node stands.
///
/// Everything from one macro expansion shares the `offset` of the macro's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one place"
)]
pub(crate) struct Position {
    /// Whether the place (of the expansion) is in the main file.
    pub(crate) is_main: bool,
    /// The file that the place (of the expansion) is in; null where there is none.
    pub(super) file: CXFile,
    /// Byte offset in its file; where a macro was expanded, of the expansion.
    pub(crate) offset: usize,
    /// Whether the text comes out of a macro expansion.
    pub(crate) is_macro: bool,
    /// Whether the place is in a file at all, and not built in or from the command line.
    pub(crate) has_file: bool,
    /// Whether the characters themselves stand in the main file.
    pub(crate) is_spelled_in_main: bool,
    /// The file that holds the characters themselves.
    pub(super) spelled_in: CXFile,
    /// Byte offset of the characters themselves, in whichever file holds them.
    pub(crate) spelled: usize,
}

/// A constant that clang computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Constant {
    /// Of integer type.
    Int(i128),
    /// Of floating type.
    Float(f64),
}

extern "C" fn collect(
    cursor: CXCursor,
    _parent: CXCursor,
    data: CXClientData,
) -> CXChildVisitResult {
    // SAFETY: `data` is the vector that `children` lends to this traversal and to nothing else.
    let children = unsafe { &mut *data.cast::<Vec<CXCursor>>() };
    children.push(cursor);
    CXChildVisit_Continue
}

impl<'u> Cursor<'u> {
    pub(super) fn new(raw: CXCursor, unit: &'u Unit) -> Self {
        Self { raw, unit }
    }

    /// Returns the node unless it is clang's null cursor.
    fn checked(self) -> Option<Self> {
        // SAFETY: any cursor value may be asked.
        let is_null = unsafe { (self.unit.api.clang_Cursor_isNull)(self.raw) } != 0;
        (!is_null).then_some(self)
    }

    /// Returns clang's kind, one of `clang_sys::CXCursor_*`.
    pub(crate) fn kind(self) -> CXCursorKind {
        self.raw.kind
    }

    /// Returns whether the node is an expression.
    pub(crate) fn is_expression(self) -> bool {
        // SAFETY: any kind may be asked.
        unsafe { (self.unit.api.clang_isExpression)(self.raw.kind) != 0 }
    }

    /// Returns whether the node is a declaration.
    pub(crate) fn is_declaration(self) -> bool {
        // SAFETY: any kind may be asked.
        unsafe { (self.unit.api.clang_isDeclaration)(self.raw.kind) != 0 }
    }

    /// Returns the direct children, in clang's order.
    pub(crate) fn children(self) -> Vec<Self> {
        let mut children: Vec<CXCursor> = Vec::new();
        // SAFETY: the unit outlives the call, and `collect` reads the pointer as what it is.
        unsafe {
            (self.unit.api.clang_visitChildren)(self.raw, collect, (&raw mut children).cast());
        }
        children
            .into_iter()
            .map(|raw| Self::new(raw, self.unit))
            .collect()
    }

    /// Returns the name: of a declaration, or of what a reference refers to.
    pub(crate) fn spelling(self) -> String {
        // SAFETY: the cursor belongs to a live unit; the string is disposed by `Unit::string`.
        self.unit
            .string(unsafe { (self.unit.api.clang_getCursorSpelling)(self.raw) })
    }

    /// Returns the name by which the linker knows what is declared.
    pub(crate) fn symbol(self) -> String {
        // SAFETY: the cursor belongs to a live unit; the string is disposed by `Unit::string`.
        self.unit
            .string(unsafe { (self.unit.api.clang_Cursor_getMangling)(self.raw) })
    }

    /// Returns a declaration as clang writes it, with its attributes and without its body.
    pub(crate) fn written(self) -> String {
        let api = self.unit.api;
        // SAFETY: the policy is made for a live cursor, used while it lives, and disposed once.
        unsafe {
            let policy = (api.clang_getCursorPrintingPolicy)(self.raw);
            (api.clang_PrintingPolicy_setProperty)(policy, CXPrintingPolicy_TerseOutput, 1);
            let written = (api.clang_getCursorPrettyPrinted)(self.raw, policy);
            (api.clang_PrintingPolicy_dispose)(policy);
            self.unit.string(written)
        }
    }

    /// Returns the type of an expression or declaration.
    pub(crate) fn ty(self) -> Type<'u> {
        // SAFETY: the cursor belongs to a live unit.
        Type::new(
            unsafe { (self.unit.api.clang_getCursorType)(self.raw) },
            self.unit,
        )
    }

    /// Returns where the node begins.
    pub(crate) fn start(self) -> Position {
        // SAFETY: the cursor belongs to a live unit.
        let location = unsafe {
            (self.unit.api.clang_getRangeStart)((self.unit.api.clang_getCursorExtent)(self.raw))
        };
        self.unit.position(location)
    }

    /// Returns where the node ends, one past its last byte.
    pub(crate) fn end(self) -> Position {
        // SAFETY: the cursor belongs to a live unit.
        let location = unsafe {
            (self.unit.api.clang_getRangeEnd)((self.unit.api.clang_getCursorExtent)(self.raw))
        };
        self.unit.position(location)
    }

    /// Returns the place that stands for the node: the name of a declaration, the operator of an expression.
    pub(crate) fn location(self) -> Position {
        self.unit.position(self.raw_location())
    }

    fn raw_location(self) -> CXSourceLocation {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_getCursorLocation)(self.raw) }
    }

    /// Returns whether both nodes cover the same characters of the same expansion.
    pub(crate) fn has_extent_of(self, other: Self) -> bool {
        let api = self.unit.api;
        // SAFETY: both cursors belong to a live unit.
        unsafe {
            (api.clang_equalRanges)(
                (api.clang_getCursorExtent)(self.raw),
                (api.clang_getCursorExtent)(other.raw),
            ) != 0
        }
    }

    /// Returns whether the node comes from a system header.
    pub(crate) fn is_in_system_header(self) -> bool {
        // SAFETY: the location belongs to a live unit.
        unsafe { (self.unit.api.clang_Location_isInSystemHeader)(self.raw_location()) != 0 }
    }

    /// Returns whether the characters that it starts with stand in a header of the system, however it is used.
    pub(crate) fn is_spelled_in_system(self) -> bool {
        self.unit.is_spelled_in_system(self.start())
    }

    /// Returns the name of the file that the node stands in; macros stand where they are used.
    pub(crate) fn file(self) -> Option<String> {
        self.place().map(|place| place.file)
    }

    /// Returns where the node stands, in whichever file.
    pub(crate) fn place(self) -> Option<RawPlace> {
        self.unit.place(self.raw_location())
    }

    /// Returns whether an `#include` line brings a header of the system.
    pub(crate) fn includes_system_header(self) -> bool {
        // SAFETY: the cursor belongs to a live unit; other kinds of cursor yield null.
        let file = unsafe { (self.unit.api.clang_getIncludedFile)(self.raw) };
        self.unit.is_system_header(file)
    }

    /// Returns the declaration that a reference refers to.
    pub(crate) fn referenced(self) -> Option<Self> {
        // SAFETY: the cursor belongs to a live unit.
        Self::new(
            unsafe { (self.unit.api.clang_getCursorReferenced)(self.raw) },
            self.unit,
        )
        .checked()
    }

    /// Returns the definition of what is declared or referred to, if this file has one.
    pub(crate) fn definition(self) -> Option<Self> {
        // SAFETY: the cursor belongs to a live unit.
        Self::new(
            unsafe { (self.unit.api.clang_getCursorDefinition)(self.raw) },
            self.unit,
        )
        .checked()
    }

    /// Returns the first declaration of the same entity.
    pub(crate) fn canonical(self) -> Self {
        // SAFETY: the cursor belongs to a live unit.
        Self::new(
            unsafe { (self.unit.api.clang_getCanonicalCursor)(self.raw) },
            self.unit,
        )
    }

    /// Returns the declaration around this one.
    pub(crate) fn parent(self) -> Option<Self> {
        // SAFETY: the cursor belongs to a live unit.
        Self::new(
            unsafe { (self.unit.api.clang_getCursorSemanticParent)(self.raw) },
            self.unit,
        )
        .checked()
    }

    /// Returns whether this declaration is the definition.
    pub(crate) fn is_definition(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_isCursorDefinition)(self.raw) != 0 }
    }

    /// Returns whether it is declared `static`.
    pub(crate) fn is_static(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_getStorageClass)(self.raw) == CX_SC_Static }
    }

    /// Returns whether it is declared `extern`.
    pub(crate) fn is_extern(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_getStorageClass)(self.raw) == CX_SC_Extern }
    }

    /// Returns the initialiser of a variable declaration.
    pub(crate) fn initializer(self) -> Option<Self> {
        // SAFETY: the cursor belongs to a live unit; other kinds of cursor yield the null cursor.
        Self::new(
            unsafe { (self.unit.api.clang_Cursor_getVarDeclInitializer)(self.raw) },
            self.unit,
        )
        .checked()
    }

    /// Returns the operator of a binary or compound assignment expression.
    pub(crate) fn binary_operator(self) -> CXBinaryOperatorKind {
        // SAFETY: the cursor belongs to a live unit; other kinds of cursor yield `Invalid`.
        unsafe { (self.unit.api.clang_getCursorBinaryOperatorKind)(self.raw) }
    }

    /// Returns the operator of a unary expression.
    pub(crate) fn unary_operator(self) -> CXUnaryOperatorKind {
        // SAFETY: the cursor belongs to a live unit; other kinds of cursor yield `Invalid`.
        unsafe { (self.unit.api.clang_getCursorUnaryOperatorKind)(self.raw) }
    }

    /// Returns the value where clang can fold the expression. The type must be arithmetic of at most 64 bits.
    pub(crate) fn evaluate(self) -> Option<Constant> {
        let api = self.unit.api;
        // SAFETY: the result is checked for null, read by the functions for its kind, and disposed once.
        unsafe {
            let result = (api.clang_Cursor_Evaluate)(self.raw);
            if result.is_null() {
                return None;
            }
            let kind = (api.clang_EvalResult_getKind)(result);
            let constant = if kind == CXEval_Int {
                Some(Constant::Int(
                    if (api.clang_EvalResult_isUnsignedInt)(result) != 0 {
                        i128::from((api.clang_EvalResult_getAsUnsigned)(result))
                    } else {
                        i128::from((api.clang_EvalResult_getAsLongLong)(result))
                    },
                ))
            } else if kind == CXEval_Float {
                Some(Constant::Float((api.clang_EvalResult_getAsDouble)(result)))
            } else {
                None
            };
            (api.clang_EvalResult_dispose)(result);
            constant
        }
    }

    /// Returns the value of an enumeration constant's declaration.
    pub(crate) fn enumerator_value(self, is_signed: bool) -> i128 {
        // SAFETY: the cursor belongs to a live unit.
        unsafe {
            if is_signed {
                i128::from((self.unit.api.clang_getEnumConstantDeclValue)(self.raw))
            } else {
                i128::from((self.unit.api.clang_getEnumConstantDeclUnsignedValue)(
                    self.raw,
                ))
            }
        }
    }

    /// Returns the integer type of an enumeration's declaration.
    pub(crate) fn enumeration_type(self) -> Type<'u> {
        // SAFETY: the cursor belongs to a live unit.
        Type::new(
            unsafe { (self.unit.api.clang_getEnumDeclIntegerType)(self.raw) },
            self.unit,
        )
    }

    /// Returns whether a structure or union is itself a member without a name, so that its members are those of what it is in.
    pub(crate) fn is_anonymous_record(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_isAnonymousRecordDecl)(self.raw) != 0 }
    }

    /// Returns whether a field is a bit-field.
    pub(crate) fn is_bit_field(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_isBitField)(self.raw) != 0 }
    }

    /// Returns the width of a bit-field in bits; `None` of anything else.
    pub(crate) fn bit_field_width(self) -> Option<u32> {
        // SAFETY: the cursor belongs to a live unit; other fields and cursors yield -1.
        u32::try_from(unsafe { (self.unit.api.clang_getFieldDeclBitWidth)(self.raw) }).ok()
    }

    /// Returns the offset of a field in bits, negative where it has none.
    pub(crate) fn field_offset_bits(self) -> i64 {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_getOffsetOfField)(self.raw) }
    }

    /// Returns whether a macro definition takes arguments.
    pub(crate) fn is_function_like_macro(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { (self.unit.api.clang_Cursor_isMacroFunctionLike)(self.raw) != 0 }
    }
}

impl PartialEq for Cursor<'_> {
    fn eq(&self, other: &Self) -> bool {
        // SAFETY: any two cursors may be compared.
        unsafe { (self.unit.api.clang_equalCursors)(self.raw, other.raw) != 0 }
    }
}

impl Eq for Cursor<'_> {}

impl Hash for Cursor<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // SAFETY: any cursor may be hashed; equal cursors have equal hashes.
        unsafe { (self.unit.api.clang_hashCursor)(self.raw) }.hash(state);
    }
}
