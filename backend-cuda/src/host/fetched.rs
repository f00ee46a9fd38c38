//! Values in memory that a region does not change, as the host's text says them.

use std::collections::BTreeMap;

use mupac_ir::c_text::CText;
use mupac_ir::structure::visit;
use mupac_ir::{Expr, ExprKind, Fetched, Function, Handle, ROW_SPACING, RegionPlan, Var};

use crate::lexer::words;
use crate::names::{FreshNames, source_name};
use crate::support::{Piece, Support};

/// What stands for each value: a truth value has a name, since ranges and launches repeat it, and so has what a function
/// finds; of all others the place, as the program says it.
pub(super) struct FetchedText {
    /// Text that is fit to stand wherever a name can.
    pub(super) texts: BTreeMap<Handle<Var>, String>,
    declared: Vec<Declared>,
}

/// A new name.
struct Declared {
    name: String,
    text: String,
    pieces: &'static [Piece],
}

impl FetchedText {
    pub(super) fn new(region: &RegionPlan, text: CText<'_>, fresh: &mut FreshNames) -> Self {
        let mut all = Self {
            texts: BTreeMap::new(),
            declared: Vec::new(),
        };
        for each in &region.fetched {
            let said = all.said(each, text, fresh);
            all.texts.insert(each.variable, said);
        }
        all
    }

    /// Returns what stands for a value, which may be said by those before it.
    fn said(&mut self, each: &Fetched, text: CText<'_>, fresh: &mut FreshNames) -> String {
        let known = &self.texts;
        let name = |var: Handle<Var>| {
            known
                .get(&var)
                .cloned()
                .unwrap_or_else(|| (text.names)(var))
        };
        let text = CText {
            names: &name,
            ..text
        };
        let pieces = pieces(text.function, each.value);
        let is_found = !pieces.is_empty();
        let is_truth = text.function.exprs[each.value].kind.is_truth();
        if !is_found && !is_truth {
            return text.primary(each.value);
        }
        let name = fresh.take(&source_name(text.function, each.variable));
        let ty = if is_truth { "bool" } else { "int" };
        let text = format!("const {ty} {name} = {};", text.expr(each.value));
        self.declared.push(Declared {
            name: name.clone(),
            text,
            pieces,
        });
        name
    }

    /// Returns the declarations of the names that occur in lines: compilers warn of others.
    pub(super) fn declarations(self, lines: &[&[String]], support: &mut Support) -> Vec<String> {
        let words = words(&lines.concat().join("\n"));
        let declared = self.declared.into_iter();
        let used = declared.filter(|each| words.contains(&each.name));
        used.map(|each| {
            support.uses.extend(each.pieces);
            each.text
        })
        .collect()
    }
}

/// Returns the pieces of the support by which a value is found.
fn pieces(function: &Function, value: Handle<Expr>) -> &'static [Piece] {
    let mut found: &[Piece] = &[];
    visit(function, value, &mut |_, node| {
        if let ExprKind::Call(name, _) = &node.kind {
            found = match name.as_str() {
                ROW_SPACING => &[Piece::RowSpacing],
                _ => &[
                    Piece::Accessible,
                    Piece::RowSpacing,
                    Piece::RowSpacingIfThere,
                ],
            };
        }
    });
    found
}
