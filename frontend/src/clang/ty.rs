//! Types of clang's tree.

use clang_sys::{CXType, CXType_Invalid, CXTypeKind};

use super::{Cursor, Unit};

/// A C type as clang holds it, with its qualifiers.
#[derive(Clone, Copy)]
pub(crate) struct Type<'u> {
    raw: CXType,
    unit: &'u Unit,
}

impl<'u> Type<'u> {
    pub(super) fn new(raw: CXType, unit: &'u Unit) -> Self {
        Self { raw, unit }
    }

    /// Returns clang's kind, one of `clang_sys::CXType_*`.
    pub(crate) fn kind(self) -> CXTypeKind {
        self.raw.kind
    }

    /// Returns the type without typedefs.
    pub(crate) fn canonical(self) -> Self {
        // SAFETY: the type belongs to a live unit.
        Self::new(
            unsafe { (self.unit.api.clang_getCanonicalType)(self.raw) },
            self.unit,
        )
    }

    /// Returns the canonical type without qualifiers at the outermost level.
    pub(crate) fn unqualified(self) -> Self {
        // libclang ends the process there.
        if self.kind() == CXType_Invalid {
            return self;
        }
        let canonical = self.canonical();
        // SAFETY: the type belongs to a live unit; a type without a declaration or name is valid here too.
        Self::new(
            unsafe { (self.unit.api.clang_getUnqualifiedType)(canonical.raw) },
            self.unit,
        )
    }

    /// Returns the spelling in C, with qualifiers.
    pub(crate) fn spelling(self) -> String {
        // SAFETY: the type belongs to a live unit; the string is disposed by `Unit::string`.
        self.unit
            .string(unsafe { (self.unit.api.clang_getTypeSpelling)(self.raw) })
    }

    /// Returns the size in bytes, `None` where it is not constant.
    pub(crate) fn size_bytes(self) -> Option<u64> {
        // SAFETY: the type belongs to a live unit.
        u64::try_from(unsafe { (self.unit.api.clang_Type_getSizeOf)(self.raw) }).ok()
    }

    /// Returns the alignment in bytes, `None` where it is not known.
    pub(crate) fn align_bytes(self) -> Option<u64> {
        // SAFETY: the type belongs to a live unit.
        u64::try_from(unsafe { (self.unit.api.clang_Type_getAlignOf)(self.raw) }).ok()
    }

    /// Returns what a pointer points to.
    pub(crate) fn pointee(self) -> Self {
        // SAFETY: the type belongs to a live unit; other types yield an invalid type.
        Self::new(
            unsafe { (self.unit.api.clang_getPointeeType)(self.raw) },
            self.unit,
        )
    }

    /// Returns the element type of an array.
    pub(crate) fn element(self) -> Self {
        // SAFETY: the type belongs to a live unit; other types yield an invalid type.
        Self::new(
            unsafe { (self.unit.api.clang_getArrayElementType)(self.raw) },
            self.unit,
        )
    }

    /// Returns the number of elements of a constant array.
    pub(crate) fn array_length(self) -> Option<u64> {
        // SAFETY: the type belongs to a live unit; other types yield -1.
        u64::try_from(unsafe { (self.unit.api.clang_getArraySize)(self.raw) }).ok()
    }

    /// Returns whether the outermost level is `const`.
    pub(crate) fn is_const(self) -> bool {
        // SAFETY: the type belongs to a live unit.
        unsafe { (self.unit.api.clang_isConstQualifiedType)(self.raw) != 0 }
    }

    /// Returns whether the outermost level is `volatile`.
    pub(crate) fn is_volatile(self) -> bool {
        // SAFETY: the type belongs to a live unit.
        unsafe { (self.unit.api.clang_isVolatileQualifiedType)(self.raw) != 0 }
    }

    /// Returns whether a pointer is `restrict`.
    pub(crate) fn is_restrict(self) -> bool {
        // SAFETY: the type belongs to a live unit.
        unsafe { (self.unit.api.clang_isRestrictQualifiedType)(self.raw) != 0 }
    }

    /// Returns the declaration of a record or enumeration.
    pub(crate) fn declaration(self) -> Cursor<'u> {
        // SAFETY: the type belongs to a live unit.
        Cursor::new(
            unsafe { (self.unit.api.clang_getTypeDeclaration)(self.raw) },
            self.unit,
        )
    }

    /// Returns the result type of a function type.
    pub(crate) fn result(self) -> Self {
        // SAFETY: the type belongs to a live unit; other types yield an invalid type.
        Self::new(
            unsafe { (self.unit.api.clang_getResultType)(self.raw) },
            self.unit,
        )
    }

    /// Returns the parameter types of a function type with a prototype.
    pub(crate) fn arguments(self) -> Vec<Self> {
        let api = self.unit.api;
        // SAFETY: the type belongs to a live unit; other types have -1 arguments, and every index is below the count.
        unsafe {
            let count = u32::try_from((api.clang_getNumArgTypes)(self.raw)).unwrap_or(0);
            (0..count)
                .map(|index| Self::new((api.clang_getArgType)(self.raw, index), self.unit))
                .collect()
        }
    }

    /// Returns whether a function type with a prototype ends in `...`.
    pub(crate) fn is_variadic(self) -> bool {
        let is_prototype = self.canonical().kind() == clang_sys::CXType_FunctionProto;
        // SAFETY: the type belongs to a live unit.
        is_prototype && unsafe { (self.unit.api.clang_isFunctionTypeVariadic)(self.raw) != 0 }
    }

    /// Returns whether both are the same type with the same qualifiers.
    pub(crate) fn is_same(self, other: Self) -> bool {
        // SAFETY: both types belong to live units.
        unsafe { (self.unit.api.clang_equalTypes)(self.raw, other.raw) != 0 }
    }
}
