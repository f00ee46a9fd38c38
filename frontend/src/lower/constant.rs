//! Constants, and how the source spells them.

use clang_sys as k;
use mupac_ir::{Expr, ExprKind, Handle, Scalar};

use crate::clang::{Constant, Cursor, TokenKind};
use crate::lower::function::Body;
use crate::lower::types::{self, scalar};
use crate::lower::{Lowered, unsupported, walk};
use crate::macros::Definition;
use crate::text::Text;

/// How far a macro may stand for another macro before it is looked into no further.
pub(crate) const MACRO_DEPTH: usize = 8;

/// What the preprocessor puts in place of these depends on where or when it does.
///
/// **Source**: C17 6.10.8.1; GCC manual, “Common Predefined Macros”.
const OF_PLACES: [&str; 10] = [
    "__LINE__",
    "__FILE__",
    "__FILE_NAME__",
    "__BASE_FILE__",
    "__INCLUDE_LEVEL__",
    "__COUNTER__",
    "__DATE__",
    "__TIME__",
    "__TIMESTAMP__",
    "__func__",
];

impl<'u> Body<'_, 'u> {
    /// Lowers an expression that clang folds: a literal, `sizeof`, an enumeration constant.
    pub(super) fn folded(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let refuse = || unsupported("a constant of this type", at);
        let scalar = scalar(cursor.ty()).ok_or_else(refuse)?;
        let kind =
            constant_kind(cursor.evaluate().ok_or_else(refuse)?, scalar).ok_or_else(refuse)?;
        Ok(self.function.expr(kind, scalar))
    }

    /// Lowers a reference to an enumeration constant.
    pub(super) fn enumerator(
        &mut self,
        declaration: Cursor<'u>,
        cursor: Cursor<'u>,
    ) -> Lowered<Handle<Expr>> {
        let at = self.span(cursor);
        let refuse = || unsupported("an enumeration constant of this type", at);
        let scalar = scalar(cursor.ty()).ok_or_else(refuse)?;
        let value = declaration.enumerator_value(scalar.is_signed());
        let kind = constant_kind(Constant::Int(value), scalar).ok_or_else(refuse)?;
        let constant = self.function.expr(kind, scalar);
        let scope = declaration.parent().and_then(Cursor::parent);
        self.spell_name(constant, declaration, scope, cursor);
        Ok(constant)
    }

    /// Lowers a reference to a `const` variable of an integer type whose initialiser clang folds; its value is that.
    ///
    /// **Source**: C17 6.7.3 §6: to modify it is undefined.
    pub(super) fn named_constant(
        &mut self,
        declaration: Cursor<'u>,
        cursor: Cursor<'u>,
    ) -> Option<Handle<Expr>> {
        let ty = declaration.ty();
        let is_variable = declaration.kind() == k::CXCursor_VarDecl;
        if !is_variable || !types::is_const(ty) || types::is_volatile(ty) {
            return None;
        }
        let scalar = scalar(ty).filter(|scalar| scalar.integer_range().is_some())?;
        let value = declaration.initializer()?.evaluate()?;
        let constant = self.function.expr(constant_kind(value, scalar)?, scalar);
        self.spell_name(constant, declaration, declaration.parent(), cursor);
        Some(constant)
    }

    /// Notes the name by which the text spells a constant, where it means the same throughout the file.
    fn spell_name(
        &mut self,
        constant: Handle<Expr>,
        declaration: Cursor<'u>,
        scope: Option<Cursor<'u>>,
        cursor: Cursor<'u>,
    ) {
        if let Some(name) = self.name_of_file(declaration, scope, cursor) {
            self.function.exprs[constant].spelling = Some(name);
        }
    }

    /// Returns the name by which the text says what is declared in the file's own scope.
    pub(super) fn name_of_file(
        &self,
        declaration: Cursor<'u>,
        scope: Option<Cursor<'u>>,
        cursor: Cursor<'u>,
    ) -> Option<String> {
        let is_of_file = scope.is_some_and(|scope| scope.kind() == k::CXCursor_TranslationUnit);
        let name = declaration.spelling();
        let text = self.shared.text.source.get(self.span(cursor).range());
        (is_of_file && text == Some(name.as_str())).then_some(name)
    }

    /// Notes how the source spells a constant; a constant expression that is a whole macro becomes one constant.
    pub(super) fn spell(&mut self, cursor: Cursor<'u>, value: Handle<Expr>) -> Handle<Expr> {
        let is_candidate = matches!(
            cursor.kind(),
            k::CXCursor_IntegerLiteral
                | k::CXCursor_FloatingLiteral
                | k::CXCursor_CharacterLiteral
                | k::CXCursor_UnaryOperator
                | k::CXCursor_ParenExpr
        );
        if !is_candidate {
            return value;
        }
        let Some(spelling) = self.spelling(cursor) else {
            return value;
        };
        if matches!(
            self.function.exprs[value].kind,
            ExprKind::Int(_) | ExprKind::Float(_)
        ) {
            self.function.exprs[value].spelling = Some(spelling);
            return value;
        }
        let ours = self.type_of(value).scalar();
        let folded = ours
            .filter(|ours| scalar(cursor.ty()) == Some(*ours))
            .and_then(|ours| Some((constant_kind(cursor.evaluate()?, ours)?, ours)));
        match folded {
            Some((kind, scalar)) => {
                let constant = self.function.expr(kind, scalar);
                self.function.exprs[constant].spelling = Some(spelling);
                constant
            }
            None => value,
        }
    }

    /// Returns the text that means this constant at the start of the function too: a literal, or a macro whose one
    /// definition stands before the function and whose whole expansion this is.
    pub(super) fn spelling(&self, cursor: Cursor<'u>) -> Option<String> {
        let start = cursor.start();
        let text = self.shared.text;
        let token = text.at(start.offset).filter(|_| start.is_main)?;
        let is_literal = !matches!(
            cursor.kind(),
            k::CXCursor_ParenExpr | k::CXCursor_UnaryOperator
        );
        if !start.is_macro {
            let is_whole =
                is_literal && token.kind == TokenKind::Literal && cursor.end().offset == token.end;
            return is_whole.then(|| text.word(token).to_owned());
        }
        if token.kind != TokenKind::Identifier || text.expansion_end(token.start) != Some(token.end)
        {
            return None;
        }
        let name = text.word(token);
        let definition = self
            .stable_macro(name)
            .filter(|definition| definition.has_file)?;
        let is_settled = is_expansion_of(cursor, &definition, text, MACRO_DEPTH)
            && is_same_everywhere(name, cursor, text);
        is_settled.then(|| name.to_owned())
    }

    /// Returns the definition of a macro that expands to the same tokens wherever this function stands: it and every
    /// macro it mentions are defined once, before the function.
    fn stable_macro(&self, name: &str) -> Option<Definition> {
        let text = self.shared.text;
        let is_before = |definition: &Definition| match definition.main_offset {
            Some(offset) => offset < self.function.span.start as usize,
            None => !text.has_include_in(self.function.span),
        };
        let all = definitions(name, text, MACRO_DEPTH)?;
        let is_stable = all.iter().all(is_before);
        all.into_iter().next().filter(|_| is_stable)
    }
}

/// Returns whether a macro that a node is all of means the same at other places: it is made of nothing that a place decides,
/// of names of the whole file, and of no macro with several definitions.
pub(crate) fn is_same_everywhere<'u>(name: &str, cursor: Cursor<'u>, text: &Text<'u>) -> bool {
    let mut names_local = false;
    walk::each(cursor, |inner| {
        names_local |= inner.referenced().is_some_and(is_of_block);
    });
    let all = || definitions(name, text, MACRO_DEPTH);
    !names_local && !text.macro_mentions(name, &OF_PLACES) && all().is_some()
}

/// Returns whether something is declared inside a function.
fn is_of_block(declaration: Cursor<'_>) -> bool {
    std::iter::successors(declaration.parent(), |scope| scope.parent())
        .any(|scope| scope.kind() == k::CXCursor_FunctionDecl)
}

/// Returns the definitions of a macro and of those that it is made of, its own first, if each has one only.
fn definitions(name: &str, text: &Text<'_>, depth: usize) -> Option<Vec<Definition>> {
    let definition = text.only_definition(name).filter(|_| depth > 0)?;
    let words = definition.tokens.iter().skip(1);
    let macros = words.filter(|(_, word, _)| text.is_macro(word));
    let inner = macros.map(|(_, word, _)| definitions(word, text, depth - 1));
    let inner = inner.collect::<Option<Vec<_>>>()?;
    Some(
        std::iter::once(definition)
            .chain(inner.into_iter().flatten())
            .collect(),
    )
}

/// Returns whether the node is everything the macro expands to, and reads as one operand wherever it stands.
pub(crate) fn is_expansion_of<'u>(
    cursor: Cursor<'u>,
    definition: &Definition,
    text: &Text<'u>,
    depth: usize,
) -> bool {
    if depth == 0 || definition.is_function_like {
        return false;
    }
    let Some((_, body)) = definition.tokens.split_first() else {
        return false;
    };
    let spelled = cursor.start().spelled;
    match body {
        [(TokenKind::Literal, _, at)] => is_literal(cursor) && *at == spelled,
        [(TokenKind::Identifier, name, _)] => {
            let inner = text.only_definition(name);
            inner.is_some_and(|inner| is_expansion_of(cursor, &inner, text, depth - 1))
        }
        [(_, minus, at), (TokenKind::Literal, _, _)] if minus == "-" => {
            cursor.kind() == k::CXCursor_UnaryOperator
                && cursor.unary_operator() == k::CXUnaryOperator_Minus
                && cursor
                    .children()
                    .first()
                    .is_some_and(|operand| is_literal(*operand))
                && *at == spelled
        }
        [(_, open, at), .., (_, close, _)] if open == "(" && close == ")" => {
            cursor.kind() == k::CXCursor_ParenExpr && *at == spelled && is_one_parenthesis(body)
        }
        _ => false,
    }
}

fn is_literal(cursor: Cursor<'_>) -> bool {
    matches!(
        cursor.kind(),
        k::CXCursor_IntegerLiteral | k::CXCursor_FloatingLiteral | k::CXCursor_CharacterLiteral
    )
}

/// Returns whether the first parenthesis closes with the last token.
fn is_one_parenthesis(body: &[(TokenKind, String, usize)]) -> bool {
    let mut depth = 0_i64;
    body.iter().enumerate().all(|(index, (_, word, _))| {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth > 0 || index + 1 == body.len()
    })
}

/// Returns the constant as the IR holds it, if it fits the type.
fn constant_kind(constant: Constant, scalar: Scalar) -> Option<ExprKind> {
    match (constant, scalar.integer_range()) {
        (Constant::Int(value), Some((low, high))) => (low..=high)
            .contains(&value)
            .then_some(ExprKind::Int(value)),
        (Constant::Float(value), None) => Some(ExprKind::Float(value)),
        (Constant::Int(_), None) | (Constant::Float(_), Some(_)) => None,
    }
}
