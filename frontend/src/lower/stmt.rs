//! Statements, one by one; each is lowered whole or kept verbatim whole.

use clang_sys as k;
use mupac_ir::structure;
use mupac_ir::{
    Block, Expr, ExprKind, Handle, Refusal, Span, Stmt, TextBlock, TextStatement, Type,
};

use crate::clang::Cursor;
use crate::lower::function::Body;
use crate::lower::{Lowered, effects, order, promise, replaceable, unsupported};

impl<'u> Body<'_, 'u> {
    /// Lowers the statements of a block; `None` where one stands in another file, so that no text can be kept for it.
    ///
    /// Statements that share a macro use share its text, so they are kept as one; `block` are the braces of a block that
    /// stands in the text as written.
    pub(super) fn list(&mut self, statements: &[Cursor<'u>], block: Option<Span>) -> Option<()> {
        let mut groups: Vec<(Span, Vec<Cursor<'u>>)> = Vec::new();
        for statement in statements {
            let span = self.shared.text.statement_span(*statement)?;
            match groups.last_mut() {
                Some((last, members)) if span.start < last.end => {
                    *last = last.join(span);
                    members.push(*statement);
                }
                _ => groups.push((span, vec![*statement])),
            }
        }
        if let Some(span) = block {
            self.shared.blocks.push(TextBlock {
                span,
                is_braced: true,
                statements: groups
                    .iter()
                    .map(|(span, members)| text_statement(*span, members))
                    .collect(),
            });
        }
        self.groups(&groups);
        Some(())
    }

    /// Lowers statements one after the other; those that share their text stand together.
    pub(super) fn groups(&mut self, groups: &[(Span, Vec<Cursor<'u>>)]) {
        let mut at = 0;
        while let Some((span, members)) = groups.get(at) {
            if let Some(skipped) = self.skip(&groups[at..]) {
                at += skipped;
                continue;
            }
            if let [statement] = members.as_slice() {
                self.statement(*statement, *span);
            } else {
                self.together(members, *span);
            }
            at += 1;
        }
    }

    /// Lowers statements that share their text, all of them or none.
    fn together(&mut self, members: &[Cursor<'u>], span: Span) {
        let length = self.out.len();
        for member in members {
            self.statement(*member, span);
        }
        let lowered = self.out.get(length..).unwrap_or_default();
        // A declaration that is no statement of the tree is nowhere to be seen in the text that it shares.
        let is_hidden = |member: &Cursor<'u>| {
            member.kind() == k::CXCursor_DeclStmt
                && member.children().iter().any(|child| {
                    child.kind() != k::CXCursor_VarDecl || child.is_extern() || child.is_static()
                })
        };
        let is_whole = lowered.iter().all(|stmt| refused(stmt).is_none());
        if is_whole && !members.iter().any(is_hidden) {
            return;
        }
        self.out.truncate(length);
        for member in members {
            if member.kind() == k::CXCursor_DeclStmt {
                self.declare_only(*member, span);
            }
            self.note_text(*member, span);
        }
        self.out.push(Stmt::Verbatim(
            span,
            unsupported("several statements made by one macro", span),
        ));
    }

    /// Lowers a statement, or keeps its text.
    fn statement(&mut self, cursor: Cursor<'u>, span: Span) {
        self.statement_by(cursor, span, |body| body.statement_of_kind(cursor, span));
    }

    /// Lowers a statement by a function of its own, or keeps its text.
    pub(super) fn statement_by(
        &mut self,
        cursor: Cursor<'u>,
        span: Span,
        lower: impl FnOnce(&mut Self) -> Lowered<()>,
    ) {
        let length = self.out.len();
        // A loop, a block or a condition with effects may need a scope of its own.
        let has_scope = match cursor.kind() {
            k::CXCursor_CompoundStmt | k::CXCursor_ForStmt => true,
            k::CXCursor_IfStmt => cursor
                .children()
                .first()
                .copied()
                .is_some_and(effects::has_effects),
            _ => false,
        };
        let visible = self.visible.len();
        let result = self.inside(usize::from(has_scope), span, lower);
        if let Err(refusal) = result {
            self.keep(cursor, span, length, refusal);
        }
        if cursor.kind() != k::CXCursor_DeclStmt {
            self.visible.truncate(visible);
        }
        if is_loop(cursor) {
            // A loop that stays text is analysed by nobody.
            if let Some(name) = promise::loop_of(self.out.get(length..).unwrap_or_default()) {
                self.promises(span.start as usize, Some(&name));
            }
        }
    }

    /// Replaces what was appended since `length` by the text.
    fn keep(&mut self, cursor: Cursor<'u>, span: Span, length: usize, mut refusal: Box<Refusal>) {
        self.out.truncate(length);
        if cursor.kind() == k::CXCursor_DeclStmt {
            self.declare_only(cursor, span);
        }
        if refusal.at.is_unknown() {
            refusal.at = span;
        }
        self.note_text(cursor, span);
        self.out.push(Stmt::Verbatim(span, refusal));
    }

    fn statement_of_kind(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        match cursor.kind() {
            k::CXCursor_NullStmt => Ok(()),
            k::CXCursor_CompoundStmt => self.compound_statement(cursor, span),
            k::CXCursor_DeclStmt => self.declaration(cursor),
            k::CXCursor_IfStmt => self.if_statement(cursor, span),
            k::CXCursor_ForStmt => self.for_statement(cursor, span),
            k::CXCursor_WhileStmt => self.while_statement(cursor, span),
            k::CXCursor_DoStmt => self.do_statement(cursor, span),
            k::CXCursor_SwitchStmt => self.switch_statement(cursor, span),
            k::CXCursor_ReturnStmt => self.return_statement(cursor, span),
            k::CXCursor_BreakStmt => {
                self.out.push(Stmt::Break(span));
                Ok(())
            }
            k::CXCursor_LabelStmt if self.labels.is_end(cursor) => Ok(()),
            k::CXCursor_GotoStmt if self.labels.continues(cursor) => {
                self.out.push(Stmt::Continue(span));
                Ok(())
            }
            k::CXCursor_LabelStmt if self.labels.is_skipped_to(cursor) => {
                let labelled = cursor.children().first().copied();
                let labelled = labelled.ok_or_else(|| unsupported(construct(cursor), span))?;
                self.statement_of_kind(labelled, self.statement_span(labelled)?)
            }
            k::CXCursor_GotoStmt if self.labels.skips(cursor) => Ok(()),
            k::CXCursor_GotoStmt if self.loop_depth > 0 => {
                let help = self.labels.help(cursor);
                Err(replaceable(&construct(cursor), span, help))
            }
            k::CXCursor_ContinueStmt => {
                self.out.push(Stmt::Continue(span));
                Ok(())
            }
            _ if cursor.is_expression() => self.effects(cursor),
            _ => Err(unsupported(construct(cursor), span)),
        }
    }

    fn compound_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let block = self.compound_block(cursor, span)?;
        self.inner(block, span);
        Ok(())
    }

    /// Appends a block inside of another.
    pub(super) fn inner(&mut self, block: Block, span: Span) {
        if has_loop(&block) {
            // The braces stand between its loops and those around it.
            self.scope(block, span);
        } else {
            self.out.extend(block);
        }
    }

    fn compound_block(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<Block> {
        // What is called where a block is left stands at no statement of it.
        let statements = cursor.children().into_iter();
        let declarations = statements.filter(|each| each.kind() == k::CXCursor_DeclStmt);
        let mut declared = declarations.flat_map(Cursor::children);
        if let Some(variable) = declared.find(|each| order::has_cleanup(*each)) {
            return Err(unsupported(order::CLEANUP, self.span(variable)));
        }
        let is_plain = self.shared.text.has_plain_braces(cursor);
        if !is_plain && !self.is_closed_by_macro(cursor) {
            return Err(unsupported(
                "a block whose braces are made by a macro",
                span,
            ));
        }
        let written = is_plain.then_some(span);
        let (block, is_whole) = self.nested(|body| body.list(&cursor.children(), written));
        is_whole
            .map(|()| block)
            .ok_or_else(|| unsupported("a statement from another file", span))
    }

    /// Returns whether a block ends where the macro ends that opens it, or one that does nothing else: then the text up to
    /// there has all of its braces.
    pub(super) fn is_closed_by_macro(&self, block: Cursor<'u>) -> bool {
        let text = self.shared.text;
        let (start, end) = (block.start(), block.end());
        if !start.is_main || !end.is_main {
            return false;
        }
        if start.is_macro && text.expansion_end(start.offset) == Some(end.offset) {
            return true;
        }
        let closing = text.macro_that_ends_at(end.offset);
        let closing = closing.and_then(|name| text.only_definition(name));
        closing.is_some_and(
            |closing| matches!(closing.tokens.as_slice(), [_, (_, word, _)] if word == "}"),
        )
    }

    /// Lowers the statement below an `if` or loop to a block.
    pub(super) fn block_of(&mut self, cursor: Cursor<'u>) -> Lowered<Block> {
        if cursor.kind() != k::CXCursor_CompoundStmt {
            return self.unbraced(cursor, |body, span| body.statement(cursor, span));
        }
        let span = self.statement_span(cursor)?;
        self.inside(1, span, |body| body.compound_block(cursor, span))
    }

    /// Lowers a statement without braces below an `if` or loop to a block.
    pub(super) fn unbraced(
        &mut self,
        cursor: Cursor<'u>,
        lower: impl FnOnce(&mut Self, Span),
    ) -> Lowered<Block> {
        let span = self.statement_span(cursor)?;
        self.inside(1, span, |body| {
            if !cursor.start().is_macro {
                body.shared.blocks.push(TextBlock {
                    span,
                    is_braced: false,
                    statements: vec![text_statement(span, &[cursor])],
                });
            }
            let (block, ()) = body.nested(|body| lower(body, span));
            Ok(block)
        })
    }

    /// Returns where a statement stands in the main file.
    pub(super) fn statement_span(&self, cursor: Cursor<'u>) -> Lowered<Span> {
        let span = self.shared.text.statement_span(cursor);
        span.ok_or_else(|| unsupported("a statement from another file", Span::default()))
    }

    /// Lowers a condition: a scalar or pointer.
    pub(super) fn condition(&mut self, cursor: Cursor<'u>) -> Lowered<Handle<Expr>> {
        let value = self.value(cursor)?;
        match self.type_of(value) {
            Type::Scalar(_) | Type::Pointer { .. } => Ok(self.truth_of(value)),
            Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => {
                Err(unsupported("a condition of this type", self.span(cursor)))
            }
        }
    }

    /// Returns what is other than 0 where a number is: of `c ? 8 : 0`, the condition alone.
    fn truth_of(&self, value: Handle<Expr>) -> Handle<Expr> {
        let exprs = &self.function.exprs;
        if let ExprKind::Select {
            condition,
            then,
            otherwise,
        } = exprs[value].kind
            && let (ExprKind::Int(then), ExprKind::Int(0)) =
                (&exprs[then].kind, &exprs[otherwise].kind)
            && *then != 0
        {
            return condition;
        }
        value
    }

    fn return_statement(&mut self, cursor: Cursor<'u>, span: Span) -> Lowered<()> {
        let Some(value) = cursor.children().first().copied() else {
            if self.function.result != Type::Void {
                return Err(unsupported("a return without the value", span));
            }
            self.out.push(Stmt::Return(None, span));
            return Ok(());
        };
        if self.function.result == Type::Void {
            return Err(unsupported("a value returned from a void function", span));
        }
        let value = self.value(value)?;
        let result = self.function.result.clone();
        let value = self.convert(value, &result, span)?;
        if !self.is_passable(value) {
            return Err(unsupported("a returned value of this type", span));
        }
        self.out.push(Stmt::Return(Some(value), span));
        Ok(())
    }
}

fn text_statement(span: Span, members: &[Cursor<'_>]) -> TextStatement {
    let mut members = members.iter();
    TextStatement {
        span,
        is_declaration: members.any(|member| member.kind() == k::CXCursor_DeclStmt),
    }
}

/// Returns whether a statement is a loop.
pub(crate) fn is_loop(cursor: Cursor<'_>) -> bool {
    [
        k::CXCursor_ForStmt,
        k::CXCursor_WhileStmt,
        k::CXCursor_DoStmt,
    ]
    .contains(&cursor.kind())
}

/// Returns what C calls the construct of a node, for messages.
pub(super) fn construct(cursor: Cursor<'_>) -> String {
    let name = match cursor.kind() {
        k::CXCursor_GotoStmt | k::CXCursor_IndirectGotoStmt => "goto",
        k::CXCursor_LabelStmt => "a label",
        k::CXCursor_SwitchStmt => "switch",
        k::CXCursor_AsmStmt => "inline assembly",
        k::CXCursor_StmtExpr => "a statement expression",
        k::CXCursor_CompoundLiteralExpr => "a compound literal",
        k::CXCursor_InitListExpr => "a braced value",
        k::CXCursor_StringLiteral => "a string literal used this way",
        k::CXCursor_ImaginaryLiteral => "a complex number",
        k::CXCursor_GenericSelectionExpr => "_Generic",
        k::CXCursor_AddrLabelExpr => "the address of a label",
        k::CXCursor_UnexposedStmt => "an attribute or directive on a statement",
        k::CXCursor_UnexposedExpr => "an expression of this kind",
        k::CXCursor_TypedefDecl => "a type of variable size",
        _ => "a construct of this kind",
    };
    if cursor.start().is_macro {
        format!("{name} made by a macro")
    } else {
        name.to_owned()
    }
}

/// Returns whether a block holds a loop at any depth.
fn has_loop(block: &[Stmt]) -> bool {
    block.iter().any(|statement| match statement {
        Stmt::For(_) | Stmt::While(_) => true,
        Stmt::If(branch) => has_loop(&branch.then) || has_loop(&branch.otherwise),
        Stmt::Compute(_)
        | Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}

/// Returns why a statement, or one in it, is kept as text.
pub(super) fn refused(stmt: &Stmt) -> Option<&Refusal> {
    if let Stmt::Verbatim(_, refusal) = stmt {
        return Some(refusal);
    }
    structure::blocks(stmt).flatten().find_map(refused)
}
