//! Values in memory as the host's text says them: places, and what it finds before a region.

use std::collections::BTreeMap;

use mupac_ir::c_text::CText;
use mupac_ir::structure::{conjuncts, is_same_expr, visit};
use mupac_ir::{
    BLOCK_LENGTH, Expr, ExprKind, Fetched, Function, GREATEST, Handle, IS_THERE, NOT_NEGATIVE,
    PLANE_SPACING, ROW_SPACING, RegionPlan, Scalar, Var,
};

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

/// A new name for what a value is where conditions hold, and 0 elsewhere.
struct Declared {
    ty: &'static str,
    name: String,
    conditions: Vec<String>,
    value: String,
    /// What the text says.
    of: Handle<Expr>,
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
        let mut known = self.declared.iter();
        let is_known =
            |known: &&Declared| is_same_expr(text.function, known.of, text.function, each.value);
        if let Some(known) = known.find(is_known) {
            return known.name.clone();
        }
        let is_bool = text.function.vars[each.variable].ty == Scalar::Bool.into();
        let ty = if is_bool { "bool" } else { "int" };
        let mut value = each.value;
        let mut conditions = Vec::new();
        if let ExprKind::Select {
            condition, then, ..
        } = text.function.exprs[value].kind
        {
            (conditions, value) = (conjuncts(text.function, condition), then);
        }
        let conditions = conditions.into_iter().map(|each| text.conjunct(each));
        let name = fresh.take(&source_name(text.function, each.variable));
        self.declared.push(Declared {
            ty,
            name: name.clone(),
            conditions: conditions.collect(),
            value: text.expr(value),
            of: each.value,
            pieces,
        });
        name
    }

    /// Returns the declarations of the names that occur in lines: compilers warn of others.
    ///
    /// Where something has to be found, it is not unless all of `asked` holds, which then has a name, and stands in the
    /// conditions by that name.
    pub(super) fn declarations(
        self,
        asked: &[String],
        conditions: &mut Vec<String>,
        others: &[&[String]],
        (support, fresh): (&mut Support, &mut FreshNames),
    ) -> Vec<String> {
        let mut named = words(&[others.concat(), conditions.clone()].concat().join("\n"));
        let mut used: Vec<Declared> = Vec::new();
        // A value may name those before it.
        for each in self.declared.into_iter().rev() {
            if named.contains(&each.name) {
                named.extend(words(&each.value));
                named.extend(
                    each.conditions
                        .iter()
                        .flat_map(|condition| words(condition)),
                );
                used.insert(0, each);
            }
        }
        let mut lines = Vec::new();
        let is_any_found = used.iter().any(|each| !each.pieces.is_empty());
        let pays = (is_any_found && !asked.is_empty()).then(|| fresh.take("pays"));
        if let Some(pays) = &pays {
            lines.push(format!("const bool {pays} = {};", asked.join(" && ")));
            conditions.retain(|each| !asked.contains(each));
            conditions.insert(0, pays.clone());
        }
        for each in used {
            support.uses.extend(each.pieces);
            lines.push(each.declaration(pays.as_deref(), asked));
        }
        lines
    }
}

impl Declared {
    /// Returns the declaration, where `asked` is known by the name of `pays`.
    fn declaration(self, pays: Option<&str>, asked: &[String]) -> String {
        let pays = pays.filter(|_| !self.pieces.is_empty());
        let is_new = |each: &String| pays.is_none() || !asked.contains(each);
        let own = self.conditions.into_iter().filter(is_new);
        let conditions: Vec<String> = pays.map(str::to_owned).into_iter().chain(own).collect();
        let (ty, name, value) = (self.ty, self.name, self.value);
        if conditions.is_empty() {
            return format!("const {ty} {name} = {value};");
        }
        let conditions = conditions.join(" && ");
        format!("const {ty} {name} = {conditions} ? {value} : 0;")
    }
}

/// Returns the pieces of the support by which a value is found.
fn pieces(function: &Function, value: Handle<Expr>) -> &'static [Piece] {
    let mut found: &[Piece] = &[];
    visit(function, value, &mut |_, node| {
        if let ExprKind::Call(name, arguments) = &node.kind {
            found = match (name.as_str(), arguments.len()) {
                (BLOCK_LENGTH, _) => &[Piece::Accessible, Piece::UsableBytes, Piece::BlockLength],
                (IS_THERE, _) => &[Piece::Accessible, Piece::IsThere],
                (NOT_NEGATIVE, _) => &[Piece::Accessible, Piece::NotNegative],
                (GREATEST, _) => &[Piece::Greatest],
                (ROW_SPACING, 2) => &[Piece::RowSpacing],
                (ROW_SPACING, 3) => &[Piece::RowSpacing, Piece::MemberSpacing],
                (ROW_SPACING | PLANE_SPACING, _) => &[Piece::RowSpacing, Piece::PlaneSpacing],
                (_, 2) => &[
                    Piece::Accessible,
                    Piece::RowSpacing,
                    Piece::RowSpacingIfThere,
                ],
                (_, 3) => &[
                    Piece::Accessible,
                    Piece::RowSpacing,
                    Piece::MemberSpacing,
                    Piece::MemberSpacingIfThere,
                ],
                _ => &[
                    Piece::Accessible,
                    Piece::RowSpacing,
                    Piece::PlaneSpacing,
                    Piece::PlaneSpacingIfThere,
                ],
            };
        }
    });
    found
}
