//! Names for the lengths of arrays that a declaration computes, as `double work[n + 2][m + 2]` does: what kernels and copies
//! need has to be said in the text, in which `n` may be another by then.

use mupac_ir::{ExprKind, Extent, Handle, NamedLength, Span, Type, Var};

use crate::lower::function::Body;

impl Body<'_, '_> {
    /// Gives the kept lengths of a local that a statement declares names, which generated text may declare behind the
    /// statement; where that is not plain text, they stay without.
    pub(super) fn name_lengths(&mut self, array: Handle<Var>, statement: Span) {
        let text = self.shared.text;
        if !text.source[statement.range()].ends_with(';') {
            return;
        }
        let declared = &self.function.vars[array];
        let spelling = declared.spelling.clone();
        let (mut ty, mut element) = match &declared.ty {
            Type::Pointer { to, .. } => ((**to).clone(), format!("{spelling}[0]")),
            ty => (ty.clone(), spelling.clone()),
        };
        for number in 1.. {
            let Type::Array { of, length } = ty else {
                return;
            };
            let inner = format!("{element}[0]");
            if let Extent::Variable(value) = length
                && let ExprKind::Load(place) = &self.function.exprs[value].kind
                && let var = place.var
                && self.function.vars[var].spelling.is_empty()
                && let Some(scalar) = self.function.vars[var].ty.scalar()
            {
                let name = format!("{spelling}_length_{number}");
                if text.is_macro(&name) || text.tokens.iter().any(|token| text.word(*token) == name)
                {
                    return;
                }
                self.function.vars[var].spelling.clone_from(&name);
                let of = scalar.c_name();
                let declaration =
                    format!("const {of} {name} = ({of})(sizeof {element} / sizeof {inner});");
                let from = statement.end;
                self.shared.lengths.push(NamedLength {
                    name,
                    from,
                    declaration,
                });
            }
            (ty, element) = (*of, inner);
        }
    }
}
