//! The names by which the source says how long arrays are: of `double a[N][M]` the macros or enumerators `N` and `M`.

use clang_sys as k;
use mupac_ir::Type;

use super::declare::sizes;
use super::function::Body;
use super::walk;
use crate::clang::Cursor;

impl<'u> Body<'_, 'u> {
    /// Returns the name of each length in a variable's type, outermost first, where it is one that means the same throughout
    /// the function; nothing where the type does not stand in the declaration.
    pub(super) fn extent_names(&self, declaration: Cursor<'u>, ty: &Type) -> Vec<Option<String>> {
        let pointed = ty.element().filter(|_| matches!(ty, Type::Pointer { .. }));
        let levels = pointed.unwrap_or(ty).array_levels();
        if levels == 0 {
            return Vec::new();
        }
        let sizes = sizes(declaration);
        // The first size of a parameter is no length of its type.
        let ignored = usize::from(declaration.kind() == k::CXCursor_ParmDecl);
        let unused = sizes.len().checked_sub(levels);
        let Some(unused) = unused.filter(|unused| *unused <= ignored) else {
            return Vec::new();
        };
        let sizes = sizes[unused..].iter();
        sizes.map(|size| self.constant_name(*size)).collect()
    }

    /// Returns the name that a constant is written as.
    fn constant_name(&self, size: Cursor<'u>) -> Option<String> {
        if let Some(word) = self.spelling(size) {
            let is_name = word.starts_with(|first: char| !first.is_ascii_digit());
            return is_name.then_some(word);
        }
        let size = walk::peel(size);
        let constant = size.referenced()?;
        let is_enumerator = constant.kind() == k::CXCursor_EnumConstantDecl;
        let scope = constant.parent().filter(|_| is_enumerator)?.parent()?;
        self.name_of_file(constant, Some(scope), size)
    }
}
