//! Names for the lengths of arrays that a declaration computes, as `double work[n + 2][m + 2]` does: what kernels and copies
//! need has to be said in the text, in which `n` may be another by then.

use mupac_ir::{ExprKind, Extent, Handle, NamedLength, Span, Type, Var};

use crate::edits::keyword;
use crate::lower::function::Body;

impl Body<'_, '_> {
    /// Gives the kept lengths of a local array that a statement of a block declares names, which generated text may declare behind
    /// the statement; where the text or C++ has another use for one, they stay without.
    pub(super) fn name_lengths(&mut self, array: Handle<Var>, statement: Span) {
        let declared = &self.function.vars[array];
        let (mut element, mut ty) = (declared.spelling.clone(), declared.ty.clone());
        let base = element.clone();
        if !self.is_in_block(statement) || keyword::is_reserved(&base) {
            return;
        }
        for number in 1.. {
            let Type::Array { of, length } = ty else {
                return;
            };
            let inner = format!("{element}[0]");
            let name = format!("{base}_length_{number}");
            if let Some(var) = self.kept_length(length)
                && let Some(scalar) = self.function.vars[var].ty.scalar()
                && self.is_new(&name)
            {
                let of = scalar.c_name();
                let value = format!("({of})(sizeof {element} / sizeof {inner})");
                self.function.vars[var].spelling.clone_from(&name);
                self.shared.lengths.push(NamedLength {
                    declaration: format!("const {of} {name} = {value};"),
                    name,
                    from: statement.end,
                });
            }
            (ty, element) = (*of, inner);
        }
    }

    /// Returns the variable without a name that keeps a length.
    fn kept_length(&self, length: Extent) -> Option<Handle<Var>> {
        let Extent::Variable(value) = length else {
            return None;
        };
        let ExprKind::Load(place) = &self.function.exprs[value].kind else {
            return None;
        };
        let is_nameless = self.function.vars[place.var].spelling.is_empty();
        is_nameless.then_some(place.var)
    }

    /// Returns whether a declaration stands between the statements of a block, and not in the header of a loop.
    fn is_in_block(&self, statement: Span) -> bool {
        let text = self.shared.text;
        let is_whole = text.source[statement.range()].ends_with(';');
        let before = text.index_from(statement.start as usize).checked_sub(1);
        let before = before.and_then(|at| text.tokens.get(at));
        is_whole && before.is_some_and(|token| text.word(*token) != "(")
    }

    /// Returns whether nothing in the file or in a header of the user's has a name.
    fn is_new(&self, name: &str) -> bool {
        let shared = &self.shared;
        let mut words = shared.text.tokens.iter();
        let mut own = self.function.vars.iter();
        !words.any(|token| shared.text.word(*token) == name)
            && !own.any(|(_, var)| var.spelling == name)
            && !shared.text.is_macro(name)
            && !shared.of_file.contains(name)
            && !shared.meanings.contains_key(name)
    }
}
