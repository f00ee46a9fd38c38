//! Statements: layout, declarations joined with their first value, loops in the form that C has for them.

use super::CText;
use super::marks::{can_mark, mark};
use crate::arena::Handle;
use crate::function::{Space, Storage, Var};
use crate::span::{Source, Span};
use crate::stmt::{Block, Call, Compute, If, Mapping, Stmt};
use crate::structure::{expressions, variables};
use crate::types::Type;
use crate::vector::{VectorCopy, alignment};

/// Statements that fit are written on the line of their header up to this many columns.
pub(super) const COLUMNS: usize = 100;
/// Spaces for each level.
pub(super) const INDENT: usize = 4;

impl CText<'_> {
    /// Returns the statements of a block, a line or more each, indented by `indent` levels of four spaces.
    ///
    /// [`Stmt::Verbatim`] has no text here, since only the source has it; it prints as an `#error` line, so that the
    /// result cannot be taken for the whole block.
    /// The helper functions that the text may call come from [`helper_definitions`](super::helper_definitions).
    pub fn block(&self, block: &Block, indent: usize) -> String {
        let mut text = String::new();
        self.statements(block, Layout::new(indent), &mut text);
        text
    }

    /// Returns the statements of a block like [`block`](Self::block), with a mark behind every line that holds one of
    /// `source`, where marks can be told from its text; [`unmarked`](super::unmarked) takes them off again.
    pub fn marked_block(&self, block: &Block, indent: usize, source: &Source) -> String {
        let mut text = String::new();
        let layout = Layout {
            has_marks: can_mark(source),
            ..Layout::new(indent)
        };
        self.statements(block, layout, &mut text);
        text
    }

    pub(super) fn statements(&self, block: &Block, layout: Layout, text: &mut String) {
        let mut rest = block.as_slice();
        while let [first, tail @ ..] = rest {
            if let (Stmt::Declare(var, _), Some(next)) = (first, tail.first())
                && let Some(line) = self.initialised(*var, next)
            {
                layout.statement(text, &line, next.span());
                rest = &tail[1..];
                continue;
            }
            if let (Stmt::Declare(var, at), Some(next)) = (first, tail.first())
                && let Some((line, left)) = self.braced((*var, *at), tail, layout.column())
            {
                layout.statement(text, &line, next.span());
                rest = left;
                continue;
            }
            if let Stmt::Declare(var, _) = first
                && let Some(bytes) = alignment(self.function, tail, *var)
            {
                let declaration = self.uninitialised(*var);
                layout.line(text, &format!("alignas({bytes}) {declaration}"));
            } else {
                self.statement(first, layout, text);
            }
            rest = tail;
        }
    }

    fn statement(&self, statement: &Stmt, layout: Layout, text: &mut String) {
        match statement {
            Stmt::Declare(var, _) => layout.line(text, &self.uninitialised(*var)),
            Stmt::Let(var, value) => {
                let declaration = self.declared(*var, true);
                let line = format!("{declaration} = {};", self.converted(*value));
                layout.line(text, &line);
            }
            Stmt::For(each) => {
                if let Some(line) = self.simple(statement, layout) {
                    layout.line(text, &line);
                    return;
                }
                if let Some(pragma) = pragma(each.mapping) {
                    layout.line(text, &pragma);
                }
                let header = format!("for ({})", self.header(each));
                self.controlled(&header, &each.body, layout.in_loop(), text);
            }
            Stmt::If(branch) => self.branch("", branch, layout, text),
            Stmt::While(each) => self.while_loop(each, layout, text),
            Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {
                let line = self.simple(statement, layout).unwrap_or_default();
                layout.statement(text, &line, statement.span());
            }
            Stmt::Verbatim(_, refusal) => {
                let reason = refusal.reason.to_string().replace('\n', " ");
                Layout::new(0).line(
                    text,
                    &format!(
                        "#error \"no text for a statement: {}\"",
                        reason.replace('"', "'")
                    ),
                );
            }
        }
    }

    /// Returns the text of a statement that is one line and may stand alone below a header.
    fn simple(&self, statement: &Stmt, layout: Layout) -> Option<String> {
        match statement {
            Stmt::Compute(compute) => Some(format!("{};", self.assignment(compute))),
            Stmt::Call(call) => Some(format!("{};", self.call(call))),
            Stmt::Return(Some(value), _) => Some(format!("return {};", self.converted(*value))),
            Stmt::Return(None, _) => Some("return;".to_owned()),
            Stmt::Break(_) => Some("break;".to_owned()),
            Stmt::Continue(_) => Some(match layout.next {
                Some(label) => format!("goto {label};"),
                None => "continue;".to_owned(),
            }),
            Stmt::Barrier => Some("__syncthreads();".to_owned()),
            Stmt::For(each) => {
                let copy = VectorCopy::of(self.function, each)?;
                Some(self.vector_copy(&copy))
            }
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Verbatim(..) => None,
        }
    }

    pub(super) fn assignment(&self, compute: &Compute) -> String {
        let target = self.place(&compute.target);
        if let Some(name) = self.enumeration(&compute.target) {
            let value = self.converted(compute.value);
            return format!("{target} = ({name})({value})");
        }
        match self.compound(&compute.target, compute.value) {
            Some((token, right)) => format!("{target} {token} {right}"),
            None => format!("{target} = {}", self.converted(compute.value)),
        }
    }

    fn call(&self, call: &Call) -> String {
        let text = self.called(call);
        match &call.target {
            Some(target) => format!("{} = {text}", self.place(target)),
            None => text,
        }
    }

    fn called(&self, call: &Call) -> String {
        let arguments: Vec<_> = call.arguments.iter().map(|&each| self.expr(each)).collect();
        format!("{}({})", (self.callees)(&call.callee), arguments.join(", "))
    }

    /// Returns a declaration with the value that the next statement stores, if one line can say both.
    fn initialised(&self, var: Handle<Var>, next: &Stmt) -> Option<String> {
        let declared = &self.function.vars[var];
        let is_static = declared.storage == Storage::Static || declared.space == Space::Shared;
        let is_array = matches!(declared.ty, Type::Array { .. });
        let (target, value) = match next {
            Stmt::Compute(compute) => (&compute.target, self.converted(compute.value)),
            Stmt::Call(call) => (call.target.as_ref()?, self.called(call)),
            Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => return None,
        };
        let is_own = target.var == var && target.path.is_empty();
        let mut evaluated = expressions(next).into_iter();
        let reads_itself = evaluated.any(|each| variables(self.function, each).contains(&var));
        if !is_own || is_static || is_array || reads_itself {
            return None;
        }
        let declaration = self.declared(var, declared.is_const);
        Some(format!("{declaration} = {value};"))
    }

    /// Returns a declaration without value; its `const` is left out, since the value is stored by a statement.
    fn uninitialised(&self, var: Handle<Var>) -> String {
        let declared = &self.function.vars[var];
        let prefix = if declared.storage == Storage::Static {
            "static "
        } else if declared.space == Space::Shared {
            "__shared__ "
        } else {
            ""
        };
        format!("{prefix}{};", self.declared(var, false))
    }

    pub(super) fn declared(&self, var: Handle<Var>, is_const: bool) -> String {
        self.declare_var(&self.function.vars[var], &(self.names)(var), is_const)
    }

    fn branch(&self, prefix: &str, branch: &If, layout: Layout, text: &mut String) {
        let header = format!("{prefix}if ({})", self.condition(branch.condition));
        if branch.otherwise.is_empty() && prefix.is_empty() {
            self.controlled(&header, &branch.then, layout, text);
            return;
        }
        layout.line(text, &format!("{header} {{"));
        self.statements(&branch.then, layout.deeper(), text);
        match branch.otherwise.as_slice() {
            [] => layout.line(text, "}"),
            [Stmt::If(next)] => self.branch("} else ", next, layout, text),
            _ => {
                layout.line(text, "} else {");
                self.statements(&branch.otherwise, layout.deeper(), text);
                layout.line(text, "}");
            }
        }
    }

    /// Prints a header and the statements that it controls: on one line, below it, or in braces.
    pub(super) fn controlled(&self, header: &str, body: &Block, layout: Layout, text: &mut String) {
        if let [single] = body.as_slice()
            && let Some(line) = self.simple(single, layout)
        {
            if layout.indent * INDENT + header.len() + 1 + line.len() <= COLUMNS {
                layout.statement(text, &format!("{header} {line}"), single.span());
            } else {
                layout.line(text, header);
                layout.deeper().statement(text, &line, single.span());
            }
            return;
        }
        // A pragma is no statement, so it would not stay under the header.
        if let [Stmt::For(inner)] = body.as_slice()
            && pragma(inner.mapping).is_none()
        {
            layout.line(text, header);
            let inner_header = format!("for ({})", self.header(inner));
            self.controlled(&inner_header, &inner.body, layout.in_loop().deeper(), text);
            return;
        }
        layout.line(text, &format!("{header} {{"));
        self.statements(body, layout.deeper(), text);
        layout.line(text, "}");
    }
}

/// Returns the line before a loop that says how often its body is copied.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “#pragma unroll”.
fn pragma(mapping: Mapping) -> Option<String> {
    match mapping {
        Mapping::Sequential | Mapping::Block(_) | Mapping::Thread(_) | Mapping::Lanes => None,
        Mapping::Unroll(None) | Mapping::Vector => Some("#pragma unroll".to_owned()),
        Mapping::Unroll(Some(copies)) => Some(format!("#pragma unroll {copies}")),
    }
}

/// Where statements are printed.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    indent: usize,
    /// The label that `continue` of the innermost loop jumps to, where C's own `continue` would go elsewhere.
    next: Option<&'a str>,
    /// Whether lines say which statement they hold.
    has_marks: bool,
}

impl<'a> Layout<'a> {
    fn new(indent: usize) -> Self {
        Self {
            indent,
            next: None,
            has_marks: false,
        }
    }

    fn column(self) -> usize {
        self.indent * INDENT
    }

    pub(super) fn deeper(self) -> Self {
        Self {
            indent: self.indent + 1,
            ..self
        }
    }

    /// Returns the layout of the body of a loop that C can write: its `continue` is C's.
    pub(super) fn in_loop(self) -> Self {
        Self { next: None, ..self }
    }

    /// Returns the layout of the body of a loop whose `continue` is a jump.
    pub(super) fn jumping_to(self, label: &'a str) -> Self {
        Self {
            next: Some(label),
            ..self
        }
    }

    /// Writes a line that holds one statement of the source.
    fn statement(self, text: &mut String, line: &str, span: Span) {
        if self.has_marks {
            self.line(text, &format!("{line}{}", mark(span)));
        } else {
            self.line(text, line);
        }
    }

    pub(super) fn line(self, text: &mut String, line: &str) {
        text.extend(std::iter::repeat_n(' ', self.indent * INDENT));
        text.push_str(line);
        text.push('\n');
    }
}
