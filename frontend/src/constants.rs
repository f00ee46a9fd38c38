//! Constants that the text names, and what relies on them.
//!
//! Proofs, sizes and kernels hold for the values that macros, enumerators, `const` variables and `sizeof` have when the
//! file is translated; whoever changes one in the output is to hear of it.
//! A place relies on what it names itself, and on what the declarations are written with that it names.

mod macros;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clang_sys as k;
use mupac_ir::{Edit, NamedConstant, Span};

use crate::clang::{Constant, Cursor, Unit};
use crate::edits::{keyword, linkage};
use crate::lower::constant::{MACRO_DEPTH, is_expansion_of, is_same_everywhere};
use crate::lower::{types, walk};
use crate::text::Text;
use macros::{expansions, literal, undefined};

/// Returns the constants of the file, by their first use; what an edit changes is left out.
pub(crate) fn find(unit: &Unit, text: &Text<'_>, edits: &[Edit]) -> Vec<NamedConstant> {
    let mut finder = Finder {
        text,
        edits,
        file: Span::new(0, text.source.len()),
        undefined: undefined(text),
        macros: expansions(unit, text),
        values: HashMap::new(),
        mentions: BTreeMap::new(),
        links: BTreeMap::new(),
        outer: HashMap::new(),
    };
    let declarations = linkage::declarations(unit);
    for declaration in &declarations {
        finder.locals(*declaration);
        walk::each(*declaration, |cursor| finder.node(cursor));
    }
    finder.name_macros();
    let functions = declarations
        .iter()
        .filter(|each| each.kind() == k::CXCursor_FunctionDecl && each.is_definition());
    let spans = functions.filter_map(|function| {
        let span = text.span(*function)?;
        let mut names = Vec::new();
        own(*function, span, text, &mut names);
        Some((span, names))
    });
    finder.constants(spans)
}

/// What holds of a constant.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    condition: String,
    /// Where it can be asked.
    visible: Span,
    /// The name and the value that it asks about.
    value: Option<(String, i128)>,
}

impl Known {
    fn named(name: &str, value: i128, visible: Span) -> Self {
        Self {
            condition: format!("{name} == {}", number(value)),
            visible,
            value: Some((name.to_owned(), value)),
        }
    }
}

/// Notes what is declared in a function by names of its own, with the text in which they mean that.
fn own(cursor: Cursor<'_>, scope: Span, text: &Text<'_>, found: &mut Vec<(String, Span)>) {
    for inner in cursor.children() {
        let kind = inner.kind();
        let is_scope = [k::CXCursor_CompoundStmt, k::CXCursor_ForStmt].contains(&kind);
        let kinds = [
            k::CXCursor_VarDecl,
            k::CXCursor_ParmDecl,
            k::CXCursor_EnumConstantDecl,
            k::CXCursor_TypedefDecl,
        ];
        if kinds.contains(&kind) {
            found.push((keyword::renamed(&inner.spelling()), scope));
        }
        let own_scope = text.span(inner).filter(|_| is_scope);
        own(inner, own_scope.unwrap_or(scope), text, found);
    }
}

struct Finder<'t, 'u> {
    text: &'t Text<'u>,
    edits: &'t [Edit],
    file: Span,
    /// Macros that do not last to the end of the file.
    undefined: BTreeSet<String>,
    /// The macros without parameters, by the places where they are used.
    macros: BTreeMap<usize, String>,
    /// Their values, where they have one.
    values: HashMap<String, i128>,
    /// What a place names.
    mentions: BTreeMap<usize, BTreeSet<Known>>,
    /// The text of the declarations that a place names.
    links: BTreeMap<usize, BTreeSet<Span>>,
    /// Where variables of the outermost blocks of functions are visible.
    outer: HashMap<Cursor<'u>, Span>,
}

impl<'u> Finder<'_, 'u> {
    /// Notes where the variables of a function's outermost block are visible.
    fn locals(&mut self, function: Cursor<'u>) {
        let body = function.children().last().copied();
        let body = body.filter(|body| body.kind() == k::CXCursor_CompoundStmt);
        for statement in body.map(Cursor::children).unwrap_or_default() {
            if let (k::CXCursor_DeclStmt, Some(end), Some(body)) = (
                statement.kind(),
                self.text.span(statement).map(|span| span.end as usize),
                body.and_then(|body| self.text.span(body)),
            ) {
                let visible = Span::new(end, body.end as usize);
                let variables = statement.children().into_iter();
                for each in variables {
                    self.outer.insert(each, visible);
                    // The constants of an enumeration.
                    let inner = each.children().into_iter();
                    self.outer.extend(inner.map(|inner| (inner, visible)));
                }
            }
        }
    }

    fn node(&mut self, cursor: Cursor<'u>) {
        let start = cursor.start();
        if !start.is_main {
            return;
        }
        if start.is_macro {
            self.value_of_macro(cursor);
        }
        let at = if start.is_spelled_in_main {
            start.spelled
        } else {
            start.offset
        };
        match cursor.kind() {
            k::CXCursor_DeclRefExpr | k::CXCursor_MemberRefExpr | k::CXCursor_TypeRef => {
                if let Some(declaration) = cursor.referenced() {
                    if !start.is_macro {
                        self.constant(declaration, at);
                    }
                    self.link(declaration, at);
                }
            }
            k::CXCursor_UnaryExpr if !start.is_macro => self.size(cursor),
            _ => {}
        }
    }

    /// Notes the value of a macro that a node is all of.
    fn value_of_macro(&mut self, cursor: Cursor<'u>) {
        let start = cursor.start();
        let Some(name) = self.macros.get(&start.offset) else {
            return;
        };
        let is_value = cursor.kind() != k::CXCursor_UnexposedExpr && cursor.is_expression();
        if !is_value || self.values.contains_key(name) {
            return;
        }
        let definition = self.text.only_definition(name);
        let is_whole = definition
            .is_some_and(|definition| is_expansion_of(cursor, &definition, self.text, MACRO_DEPTH))
            && is_same_everywhere(name, cursor, self.text);
        let is_integer =
            types::scalar(cursor.ty()).is_some_and(|scalar| scalar.integer_range().is_some());
        if let Some(Constant::Int(value)) = cursor.evaluate().filter(|_| is_whole && is_integer) {
            self.values.insert(name.clone(), value);
        }
    }

    /// Notes an enumerator or a `const` variable of known value.
    fn constant(&mut self, declaration: Cursor<'u>, at: usize) {
        if declaration.is_in_system_header() {
            return;
        }
        let value = match declaration.kind() {
            k::CXCursor_EnumConstantDecl => {
                let is_signed =
                    types::scalar(declaration.ty()).is_none_or(mupac_ir::Scalar::is_signed);
                Some(declaration.enumerator_value(is_signed))
            }
            k::CXCursor_VarDecl
                if types::is_const(declaration.ty()) && !types::is_volatile(declaration.ty()) =>
            {
                let scalar = types::scalar(declaration.ty());
                let is_integer = scalar.is_some_and(|scalar| scalar.integer_range().is_some());
                let value = declaration.initializer().filter(|_| is_integer);
                match value.and_then(Cursor::evaluate) {
                    Some(Constant::Int(value)) => Some(value),
                    Some(Constant::Float(_)) | None => None,
                }
            }
            _ => None,
        };
        if let Some((value, visible)) = value.zip(self.visible(declaration)) {
            let name = keyword::renamed(&declaration.spelling());
            self.note(at, Known::named(&name, value, visible));
        }
    }

    /// Notes the size of a type or an object, as the text asks for it.
    fn size(&mut self, cursor: Cursor<'u>) {
        let Some(span) = self.text.span(cursor) else {
            return;
        };
        let mut edits = self.edits.iter().map(|edit| edit.at);
        let is_edited =
            edits.any(|at| at.start < span.end && span.start < at.end.max(at.start + 1));
        let is_plain = !cursor.end().is_macro && !is_edited;
        let text = self.text.source.get(span.range()).unwrap_or_default();
        let mut visible = Some(self.file);
        // The size of a type of the language cannot be edited, unless a macro names it.
        let words = self
            .text
            .tokens
            .iter()
            .filter(|token| span.range().contains(&token.start));
        let mut is_named = words
            .copied()
            .any(|token| self.text.is_macro(self.text.word(token)));
        walk::each(cursor, |inner| {
            if let Some(declaration) = inner.referenced() {
                is_named = true;
                visible = visible.and_then(|seen| common(seen, self.visible(declaration)?));
            }
        });
        let is_one_line =
            is_plain && is_named && !text.contains('\n') && text.starts_with("sizeof");
        if let (true, Some(visible), Some(Constant::Int(value))) =
            (is_one_line, visible, cursor.evaluate())
        {
            let condition = format!("{text} == {}", number(value));
            let size = Known {
                condition,
                visible,
                value: None,
            };
            self.note(span.start as usize, size);
        }
    }

    /// Returns the text where a name means a declaration; `None` where that is not plain.
    fn visible(&self, declaration: Cursor<'u>) -> Option<Span> {
        let parent = declaration.parent();
        // An enumerator belongs to its enumeration, a member to its structure.
        let scope = match declaration.kind() {
            k::CXCursor_EnumConstantDecl | k::CXCursor_FieldDecl => parent.and_then(Cursor::parent),
            _ => parent,
        };
        let is_of_file = scope.is_none_or(|scope| scope.kind() == k::CXCursor_TranslationUnit);
        if is_of_file {
            let at = declaration.location();
            let from = if at.is_main { at.offset } else { 0 };
            return Some(Span::new(from, self.file.end as usize));
        }
        self.outer.get(&declaration).copied()
    }

    /// Notes that a place names what is declared elsewhere in the file.
    fn link(&mut self, declaration: Cursor<'u>, at: usize) {
        let declaration = declaration.definition().unwrap_or(declaration);
        if !declaration.start().is_main {
            return;
        }
        let span = self.text.span(declaration);
        let value = declaration
            .initializer()
            .and_then(|value| self.text.span(value));
        let ty = declaration.ty().canonical();
        let span = match declaration.kind() {
            k::CXCursor_FunctionDecl if declaration.is_definition() => span,
            k::CXCursor_VarDecl | k::CXCursor_ParmDecl | k::CXCursor_FieldDecl
                if types::is_array(ty) || types::is_pointer(ty) || types::is_record(ty) =>
            {
                // The values of an array are none of its shape.
                span.map(|span| match value {
                    Some(value) if value.start > span.start => {
                        Span::new(span.start as usize, value.start as usize)
                    }
                    Some(_) | None => span,
                })
            }
            k::CXCursor_TypedefDecl | k::CXCursor_StructDecl | k::CXCursor_UnionDecl => span,
            _ => None,
        };
        if let Some(span) = span {
            self.links.entry(at).or_default().insert(span);
        }
    }

    /// Turns uses of macros into what is known of them; where one has no value of its own, of those that it is made of.
    fn name_macros(&mut self) {
        let mut found = Vec::new();
        for (at, name) in &self.macros {
            let mut open = vec![name.clone()];
            for depth in 0.. {
                let Some(name) = open.pop().filter(|_| depth < MACRO_DEPTH) else {
                    break;
                };
                let Some(definition) = self.text.only_definition(&name) else {
                    continue;
                };
                let value = self.values.get(&name).copied();
                match value.or_else(|| literal(&definition)) {
                    Some(value) if !self.undefined.contains(&name) => {
                        let from = definition.main_offset.unwrap_or(0);
                        let visible = Span::new(from, self.file.end as usize);
                        found.push((*at, Known::named(&name, value, visible)));
                    }
                    Some(_) => {}
                    None if definition.is_of_system || definition.is_function_like => {}
                    None => open.extend(
                        (definition.tokens.into_iter().skip(1))
                            .map(|(_, word, _)| word)
                            .filter(|word| self.text.is_macro(word)),
                    ),
                }
            }
        }
        for (at, known) in found {
            self.note(at, known);
        }
    }

    fn note(&mut self, at: usize, known: Known) {
        self.mentions.entry(at).or_default().insert(known);
    }

    /// Joins what places rely on, of those in functions.
    fn constants(
        &self,
        functions: impl Iterator<Item = (Span, Vec<(String, Span)>)>,
    ) -> Vec<NamedConstant> {
        let mut uses: BTreeMap<&Known, BTreeSet<u32>> = BTreeMap::new();
        let mut known: HashMap<Span, Vec<&Known>> = HashMap::new();
        for (function, own) in functions {
            // What is visible to the end of the file is of the file; a function may have something else by that name.
            let is_meant = |known: &Known, at: usize| {
                let name = known.value.as_ref().map(|(name, _)| name);
                let is_other = |(own, scope): &(String, Span)| {
                    name == Some(own) && scope.range().contains(&at)
                };
                known.visible.end != self.file.end || !own.iter().any(is_other)
            };
            for (at, mentions) in self.mentions.range(function.range()) {
                for mention in mentions.iter().filter(|mention| is_meant(mention, *at)) {
                    uses.entry(mention).or_default().insert(*at as u32);
                }
            }
            for (at, spans) in self.links.range(function.range()) {
                for span in spans {
                    let found = known.entry(*span).or_insert_with(|| self.behind(*span));
                    for mention in found.iter().filter(|mention| is_meant(mention, *at)) {
                        uses.entry(*mention).or_default().insert(*at as u32);
                    }
                }
            }
        }
        let mut constants: Vec<NamedConstant> = uses
            .into_iter()
            .map(|(known, uses)| NamedConstant {
                condition: known.condition.clone(),
                value: known.value.clone(),
                visible: known.visible,
                uses: uses.into_iter().collect(),
            })
            .collect();
        constants.sort_by_key(|constant| constant.uses.first().copied());
        constants
    }

    /// Returns what a text names, and what the declarations are written with that it names.
    fn behind(&self, span: Span) -> Vec<&Known> {
        let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![span]);
        while let Some(span) = open.pop() {
            if !seen.insert(span) {
                continue;
            }
            found.extend(
                self.mentions
                    .range(span.range())
                    .flat_map(|(_, known)| known),
            );
            open.extend(self.links.range(span.range()).flat_map(|(_, spans)| spans));
        }
        found
    }
}

/// Spells a number as C++ and C compare it.
fn number(value: i128) -> String {
    match (i64::try_from(value), i32::try_from(value)) {
        (_, Ok(value)) => value.to_string(),
        (Ok(i64::MIN), _) => "(-9223372036854775807 - 1)".to_owned(),
        (Ok(value), _) => format!("{value}"),
        (Err(_), _) => format!("{value}u"),
    }
}

fn common(one: Span, other: Span) -> Option<Span> {
    let (start, end) = (one.start.max(other.start), one.end.min(other.end));
    (start < end).then(|| Span::new(start as usize, end as usize))
}
