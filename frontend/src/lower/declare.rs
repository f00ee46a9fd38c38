//! Declarations of variables: their types with variable extents, their lifetimes, their first values.

use std::collections::BTreeSet;

use clang_sys as k;
use mupac_ir::structure::extents;
use mupac_ir::{Expr, Extent, Handle, Place, Span, Stmt, Storage, Type};

use crate::clang::{self, Cursor};
use crate::lower::function::Body;
use crate::lower::stmt::construct;
use crate::lower::{Lowered, effects, order, types, unsupported, walk};

impl<'u> Body<'_, 'u> {
    /// Lowers a declaration statement.
    pub(super) fn declaration(&mut self, cursor: Cursor<'u>) -> Lowered<()> {
        for child in cursor.children() {
            match child.kind() {
                k::CXCursor_VarDecl => self.declare(child, self.span(cursor))?,
                // Types and prototypes do nothing when they are reached, unless a size is computed.
                k::CXCursor_StructDecl
                | k::CXCursor_UnionDecl
                | k::CXCursor_EnumDecl
                | k::CXCursor_FunctionDecl => {}
                k::CXCursor_TypedefDecl if child.ty().size_bytes().is_some() => {}
                _ => return Err(unsupported(construct(child), self.span(child))),
            }
        }
        Ok(())
    }

    fn declare(&mut self, cursor: Cursor<'u>, statement: Span) -> Lowered<()> {
        let at = self.span(cursor);
        if cursor.is_extern() {
            return Ok(());
        }
        let is_in_loop = self.loop_depth > 0;
        if cursor.is_static() && !(is_in_loop && self.is_private_table(cursor)) {
            self.register(cursor, Storage::Static);
            // Its initialiser ran before the program did.
            return if is_in_loop {
                Err(unsupported("a static variable inside a loop", at))
            } else {
                Ok(())
            };
        }
        if order::has_cleanup(cursor) {
            return Err(unsupported(order::CLEANUP, at));
        }
        let var = self.register(cursor, Storage::Local);
        self.name_lengths(var, statement);
        self.out.push(Stmt::Declare(var, statement));
        let Some(initializer) = cursor.initializer() else {
            return Ok(());
        };
        // Calls through it name the function that it leads to, and nothing else reads it.
        if self.shared.targets.is_only_called(cursor) {
            return Ok(());
        }
        let target_span = self.name_span(cursor).unwrap_or(at);
        let ty = self.function.vars[var].ty.clone();
        let place = Place::var(var);
        if let Some(number) = self.unions.get(&cursor.canonical()).copied() {
            return self.initial_union(initializer, (var, number), at);
        }
        if initializer.kind() == k::CXCursor_InitListExpr {
            return self.initial_list(initializer, &place, &ty);
        }
        if types::is_volatile(cursor.ty()) {
            return Err(unsupported("a volatile variable with a first value", at));
        }
        if let (Type::Array { .. }, Some(text)) = (&ty, walk::literal(initializer)) {
            return self.initial_text(text, &place, &ty);
        }
        if self.is_fixed_pointer(var) {
            if !is_in_loop {
                self.length_of_text(var, initializer);
            } else if let Some(value) = self.address_of_table(initializer, &ty) {
                self.compute(place, value, at, target_span);
                return Ok(());
            }
        }
        if !matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_)) {
            return Err(unsupported(
                format!("a first value of type {}", cursor.ty().spelling()),
                at,
            ));
        }
        if self.call_into(initializer, &place, &ty)? {
            return Ok(());
        }
        let value = self.value(initializer)?;
        let value = self.convert(value, &ty, at)?;
        self.compute(place, value, at, target_span);
        Ok(())
    }

    /// Returns whether a variable holds at every declaration what it held at first, and nobody can tell its object from another.
    fn is_private_table(&self, cursor: Cursor<'u>) -> bool {
        let is_taken = self.shared.address_taken.contains(&cursor.canonical());
        let is_set = cursor.initializer().is_some();
        is_set && types::is_const(cursor.ty()) && !types::is_volatile(cursor.ty()) && !is_taken
    }

    /// Makes the variables of a declaration statement known although its text stays verbatim.
    pub(super) fn declare_only(&mut self, cursor: Cursor<'u>, statement: Span) {
        for child in cursor.children() {
            if child.kind() != k::CXCursor_VarDecl || child.is_extern() {
                continue;
            }
            if child.is_static() {
                self.register(child, Storage::Static);
            } else {
                let var = self.register(child, Storage::Local);
                let ty = &self.function.vars[var].ty;
                if !extents(ty).into_iter().all(|extent| self.is_fixed(extent)) {
                    // The statements that evaluate its extents are gone with the rest of the declaration.
                    self.function.vars[var].ty = Type::Opaque(child.ty().spelling());
                }
                self.out.push(Stmt::Declare(var, statement));
            }
        }
    }

    /// Returns where the declared name stands.
    pub(super) fn name_span(&self, cursor: Cursor<'u>) -> Option<Span> {
        let location = cursor.location();
        let token = self
            .shared
            .text
            .at(location.offset)
            .filter(|_| location.is_main)?;
        Some(Span::new(token.start, token.end))
    }

    /// Lowers the type of a declared variable; the extents of a variable-length array are evaluated here.
    ///
    /// A parameter declared as an array is a pointer to its first element, as in C.
    pub(super) fn declared_type(&mut self, cursor: Cursor<'u>) -> Type {
        let ty = cursor.ty().canonical();
        let is_adjusted = cursor.kind() == k::CXCursor_ParmDecl && types::is_array(ty);
        if !has_variable_extent(ty) {
            if is_adjusted {
                return self
                    .shared
                    .types
                    .lower(ty.element())
                    .pointer(types::is_const(ty));
            }
            return self.shared.types.lower(ty);
        }
        let statements = self.out.len();
        let lowered = if is_adjusted {
            self.variable_type(cursor, ty.element(), 1)
                .map(|element| element.pointer(types::is_const(ty)))
        } else if types::is_pointer(ty) {
            let array = ty.pointee();
            self.variable_type(cursor, array, 0)
                .map(|array_type| array_type.pointer(types::is_const(array)))
        } else {
            self.variable_type(cursor, ty, 0)
        };
        lowered.unwrap_or_else(|| {
            self.out.truncate(statements);
            Type::Opaque(ty.spelling())
        })
    }

    /// Lowers an array type with variable extents: the sizes stand in the declarator, outermost first.
    ///
    /// A parameter has up to `ignored` sizes more, before the others, which C ignores.
    fn variable_type(
        &mut self,
        cursor: Cursor<'u>,
        array: clang::Type<'u>,
        ignored: usize,
    ) -> Option<Type> {
        let levels = array_levels(array);
        let sizes = sizes(cursor);
        let is_parameter = cursor.kind() == k::CXCursor_ParmDecl;
        if is_parameter
            && sizes
                .iter()
                .skip(ignored)
                .any(|size| effects::has_effects(*size))
        {
            return None;
        }
        let unused = sizes
            .len()
            .checked_sub(levels)
            .filter(|unused| *unused <= ignored)?;
        self.extents(array, sizes.get(unused..)?)
    }

    fn extents(&mut self, ty: clang::Type<'u>, sizes: &[Cursor<'u>]) -> Option<Type> {
        let ty = ty.canonical();
        let Some((size, rest)) = sizes.split_first() else {
            let element = self.shared.types.lower(ty);
            return (!matches!(element, Type::Opaque(_))).then_some(element);
        };
        let length = if let Some(length) = ty.array_length() {
            Extent::Fixed(length)
        } else {
            let size = self.extent(*size)?;
            let fixed = mupac_ir::fold::constant(&self.function, size);
            let fixed = fixed.and_then(|fixed| u64::try_from(fixed).ok());
            fixed.map_or(Extent::Variable(size), Extent::Fixed)
        };
        let of = Box::new(self.extents(ty.element(), rest)?);
        Some(Type::Array { of, length })
    }

    /// Lowers a size; one that may change later is kept in a temporary.
    fn extent(&mut self, size: Cursor<'u>) -> Option<Handle<Expr>> {
        let value = self.value(size).ok()?;
        self.type_of(value)
            .scalar()
            .filter(|scalar| !scalar.is_float())?;
        if self.is_fixed(value) {
            return Some(value);
        }
        let var = self.temporary("extent", value, self.span(size));
        Some(self.function.load(var))
    }
}

/// Returns the sizes that the declarator of a variable spells, outermost first.
///
/// Clang visits the size of an array after its elements; where a macro wrote the declarator, places say nothing.
pub(crate) fn sizes(variable: Cursor<'_>) -> Vec<Cursor<'_>> {
    let initializer = variable.initializer();
    let mut sizes: Vec<_> = variable
        .children()
        .into_iter()
        .filter(|child| {
            child.is_expression() && initializer.is_none_or(|initializer| initializer != *child)
        })
        .collect();
    let places: BTreeSet<usize> = sizes.iter().map(|size| size.start().offset).collect();
    if places.len() < sizes.len() {
        sizes.reverse();
    } else {
        sizes.sort_by_key(|size| size.start().offset);
    }
    sizes
}

fn array_levels(ty: clang::Type<'_>) -> usize {
    let ty = ty.canonical();
    if types::is_array(ty) {
        1 + array_levels(ty.element())
    } else {
        0
    }
}

/// Returns whether an array type, or one behind a pointer, has an extent that is not constant.
pub(crate) fn has_variable_extent(ty: clang::Type<'_>) -> bool {
    let ty = ty.canonical();
    if types::is_pointer(ty) {
        return has_variable_extent(ty.pointee());
    }
    types::is_array(ty)
        && (ty.kind() == k::CXType_VariableArray || has_variable_extent(ty.element()))
}
