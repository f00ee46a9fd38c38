//! Statements, one a line.

use crate::reason::Refusal;
use crate::span::Span;
use crate::stmt::{Call, Compute, If, Loop, LoopName, Mapping, Stmt, While};
use crate::structure::MAX_BLOCK_DEPTH;
use crate::text::quote;
use crate::text::reasons::{self, Value};

use super::Printer;

/// The name of a loop without a counter that need not be written.
const WHILE_NAME: &str = "while";

impl Printer<'_> {
    /// Prints statements at the current indentation.
    pub(super) fn statements(&mut self, block: &[Stmt]) {
        for statement in block {
            self.statement(statement);
        }
    }

    /// Prints `{`, statements on lines of their own, and `}` without ending the line.
    fn block(&mut self, block: &[Stmt]) {
        self.push("{\n");
        self.indent += 1;
        if self.indent > 2 * MAX_BLOCK_DEPTH {
            self.line();
            self.push("…\n");
        } else {
            self.statements(block);
        }
        self.indent -= 1;
        self.line();
        self.push("}");
    }

    /// Prints one statement with its line ends.
    pub(super) fn statement(&mut self, statement: &Stmt) {
        self.line();
        match statement {
            Stmt::Compute(compute) => self.compute(compute),
            Stmt::Declare(var, _) => {
                self.push("var ");
                self.declaration(*var);
            }
            Stmt::Let(var, value) => {
                self.push("let ");
                self.declaration(*var);
                self.push(" = ");
                self.value(*value);
            }
            Stmt::For(each) => self.counted(each),
            Stmt::If(branch) => self.branch(branch),
            Stmt::While(each) => self.uncounted(each),
            Stmt::Call(call) => self.call_statement(call),
            Stmt::Return(value, _) => {
                self.push("return");
                if let Some(value) = value {
                    self.push(" ");
                    self.value(*value);
                }
            }
            Stmt::Break(_) => self.push("break"),
            Stmt::Continue(_) => self.push("continue"),
            Stmt::Barrier => self.push("barrier"),
            Stmt::Verbatim(span, refusal) => self.verbatim(*span, refusal),
        }
        self.end();
    }

    fn compute(&mut self, compute: &Compute) {
        self.put(format_args!("{}: ", compute.id));
        self.place(&compute.target);
        self.push(" = ");
        self.value(compute.value);
    }

    /// Prints a counted loop; the iterator's type is written where the loop declares it.
    fn counted(&mut self, each: &Loop) {
        self.push("for ");
        let iterator = self
            .function
            .and_then(|function| function.vars.get(each.iterator))
            .map_or_else(
                || format!("<variable {}>", each.iterator.index()),
                |iterator| iterator.name.clone(),
            );
        if each.declares_iterator {
            self.declaration(each.iterator);
        } else {
            self.push(&quote::variable(&iterator));
        }
        self.loop_name(&each.name, &iterator);
        self.push(" in ");
        self.value(each.start);
        self.push("..");
        self.value(each.end);
        if each.step != 1 {
            self.put(format_args!(" by {}", each.step));
        }
        match each.mapping {
            Mapping::Sequential => {}
            mapping @ (Mapping::Block(_)
            | Mapping::Thread(_)
            | Mapping::Unroll(_)
            | Mapping::Vector
            | Mapping::Lanes) => {
                self.put(format_args!(" on {mapping}"));
            }
        }
        self.push(" ");
        self.block(&each.body);
    }

    fn loop_name(&mut self, name: &LoopName, usual: &str) {
        if name.0 != usual {
            self.put(format_args!(" as {}", quote::name(&name.0)));
        }
    }

    fn branch(&mut self, branch: &If) {
        let mut branch = branch;
        loop {
            self.push("if ");
            self.value(branch.condition);
            self.push(" ");
            self.block(&branch.then);
            match branch.otherwise.as_slice() {
                [] => return,
                [Stmt::If(next)] => {
                    self.push(" else ");
                    branch = next;
                }
                _ => {
                    self.push(" else ");
                    self.block(&branch.otherwise);
                    return;
                }
            }
        }
    }

    /// Prints a loop without a counter in the order in which its parts run.
    fn uncounted(&mut self, each: &While) {
        if each.is_do {
            self.push("do");
            self.loop_name(&each.name, WHILE_NAME);
            self.push(" ");
            self.block(&each.body);
            self.after(&each.after_body);
            self.push(" while ");
            self.test(each);
            if let Some(refusal) = &each.not_counted {
                self.push(" ");
                self.refusal(refusal);
            }
        } else {
            self.push("while ");
            self.test(each);
            self.loop_name(&each.name, WHILE_NAME);
            self.push(" ");
            if let Some(refusal) = &each.not_counted {
                self.refusal(refusal);
                self.push(" ");
            }
            self.block(&each.body);
            self.after(&each.after_body);
        }
    }

    fn test(&mut self, each: &While) {
        if !each.before_test.is_empty() {
            self.block(&each.before_test);
            self.push(" ");
        }
        self.value(each.condition);
    }

    fn after(&mut self, block: &[Stmt]) {
        if !block.is_empty() {
            self.push(" after ");
            self.block(block);
        }
    }

    fn call_statement(&mut self, call: &Call) {
        self.push("call ");
        if let Some(target) = &call.target {
            self.place(target);
            self.push(" = ");
        }
        self.push(&quote::callee(&call.callee));
        self.push("(");
        self.list(&call.arguments);
        self.push(")");
    }

    fn verbatim(&mut self, span: Span, refusal: &Refusal) {
        self.push("verbatim ");
        let text = self.source.map_or("", |source| source.slice(span));
        if !text.is_empty() {
            self.put(format_args!("{} ", quote::text(text)));
        }
        self.refusal(refusal);
    }

    /// Prints `because side-effect("writes to a file") also "here" helps "write to memory"`.
    fn refusal(&mut self, refusal: &Refusal) {
        self.put(format_args!("because {}", refusal.reason.name()));
        let fields = reasons::fields(&refusal.reason);
        if !fields.is_empty() {
            let fields: Vec<String> = fields.iter().map(value).collect();
            self.put(format_args!("({})", fields.join(", ")));
        }
        for (_, words) in &refusal.related {
            self.put(format_args!(" also {}", quote::text(words)));
        }
        if let Some(help) = &refusal.help {
            self.put(format_args!(" helps {}", quote::text(help)));
        }
    }
}

fn value(field: &Value) -> String {
    match field {
        Value::Text(text) => quote::text(text),
        Value::Number(number) => number.to_string(),
        Value::Kind(kind) => kind.to_string(),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(value).collect();
            format!("[{}]", values.join(", "))
        }
    }
}
