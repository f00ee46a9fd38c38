//! Compound literals whose address is taken.
//!
//! To C they are objects that live to the end of the block, to C++ values without an address.
//! Rule `compound-literal`: in a call that is a statement, one becomes a variable before the statement.

use clang_sys as k;
use mupac_ir::{Edit, Span};

use crate::clang::Cursor;
use crate::lower::{effects, walk};
use crate::text::Text;

/// Returns the edits of a call that is a statement of a block: arguments are evaluated in no order, so the literals may
/// come first, as long as they change nothing.
pub(super) fn edits<'u>(statement: Cursor<'u>, text: &Text<'u>) -> Vec<Edit> {
    if statement.kind() != k::CXCursor_CallExpr || statement.start().is_macro {
        return Vec::new();
    }
    let start = statement.start().offset;
    let mut edits = Vec::new();
    for argument in statement.children().into_iter().skip(1) {
        let address = walk::peel(argument);
        let is_address = address.kind() == k::CXCursor_UnaryOperator
            && address.unary_operator() == k::CXUnaryOperator_AddrOf;
        let operand = address.children().first().copied().filter(|_| is_address);
        let literal = operand.map(walk::peel_parentheses);
        let found = literal.filter(|literal| {
            literal.kind() == k::CXCursor_CompoundLiteralExpr && !effects::has_effects(*literal)
        });
        if let Some(parts) = found.and_then(|literal| Parts::of(address, literal, text)) {
            let name = format!("literal_{}", parts.at.start);
            edits.push(Edit {
                at: Span::new(start, start),
                text: format!("{} {name} = {}; ", parts.ty, parts.values),
                rule: "compound-literal",
            });
            edits.push(Edit {
                at: parts.at,
                text: format!("&{name}"),
                rule: "compound-literal",
            });
        }
    }
    edits
}

/// The text of `&(type){values}`.
struct Parts<'u> {
    ty: &'u str,
    values: &'u str,
    at: Span,
}

impl<'u> Parts<'u> {
    fn of(address: Cursor<'u>, literal: Cursor<'u>, text: &Text<'u>) -> Option<Self> {
        let (start, end) = (address.start(), address.end());
        if !start.is_main || start.is_macro || end.is_macro {
            return None;
        }
        let open = text.index_from(literal.start().offset);
        let close = text.closing(open)?;
        let ty = text
            .source
            .get(text.tokens.get(open)?.end..text.tokens.get(close)?.start)?;
        let values = text
            .source
            .get(text.tokens.get(close + 1)?.start..literal.end().offset)?;
        // An array type is written around the name.
        (!ty.ends_with(']')).then_some(Self {
            ty,
            values,
            at: Span::new(start.offset, end.offset),
        })
    }
}
