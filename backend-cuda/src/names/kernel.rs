//! What variables are called in device code.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Block, Fetched, Function, Handle, Module, Space, Stmt, Storage, Var};

use super::{FreshNames, has_meaning, in_words, is_reserved, is_users, of_place};
use crate::device_function::called;

/// A function whose statements become device code.
#[derive(Clone, Copy)]
pub(crate) struct Code<'a> {
    pub(crate) module: &'a Module,
    /// The function as read.
    pub(crate) original: &'a Function,
    /// The same with what passes added.
    pub(crate) function: &'a Function,
    /// The values in memory that have variables, named after their places: in `s.w`, `w` is no word of a step.
    pub(crate) fetched: &'a [Fetched],
}

/// Returns a name for each variable of a kernel.
///
/// A variable keeps its spelling in the source unless an outer variable of the kernel has it, C++ or CUDA reserve it, the
/// kernel calls a function of that name, the file has it for a type, a function or a constant, or it and another one of
/// that spelling are declared in several places; the copy of a callee's, unless a macro has it.
/// A name that the source does not spell meets no word of the source.
pub(crate) fn kernel_names(
    code: Code<'_>,
    parameters: &[Handle<Var>],
    body: &Block,
    fresh: &FreshNames,
) -> BTreeMap<Handle<Var>, String> {
    let mut declarations = BTreeMap::new();
    count_declarations(body, &mut declarations);
    let mut naming = Naming {
        code,
        parameters,
        fresh: fresh.clone(),
        declarations,
        called: called(code.function, body),
        names: BTreeMap::new(),
        in_scope: Vec::new(),
    };
    for &parameter in parameters {
        naming.declare(parameter);
    }
    naming.block(body);
    naming.names
}

struct Naming<'a> {
    code: Code<'a>,
    parameters: &'a [Handle<Var>],
    fresh: FreshNames,
    declarations: BTreeMap<Handle<Var>, usize>,
    called: BTreeSet<String>,
    names: BTreeMap<Handle<Var>, String>,
    /// Names that mean something here, outermost first.
    in_scope: Vec<String>,
}

impl Naming<'_> {
    fn declare(&mut self, var: Handle<Var>) {
        if !self.names.contains_key(&var) {
            let name = self.choose(var);
            self.names.insert(var, name);
        }
        if let Some(name) = self.names.get(&var) {
            self.in_scope.push(name.clone());
        }
    }

    fn choose(&mut self, var: Handle<Var>) -> String {
        let declared = &self.code.function.vars[var];
        let spelling = &declared.spelling;
        let is_once = self.declarations.get(&var).is_none_or(|&count| count < 2);
        let is_alone = is_once || self.is_alone(var);
        let is_free =
            !spelling.is_empty() && !self.in_scope.contains(spelling) && !is_reserved(spelling);
        if is_alone && is_free && !self.means_something_else(var) {
            return spelling.clone();
        }
        let mut fetched = self.code.fetched.iter();
        let is_place = fetched.any(|each| each.variable == var);
        let name = if is_place {
            of_place(&declared.name)
        } else {
            made(declared)
        };
        self.fresh.take(&name)
    }

    /// Returns whether no other variable of the kernel has the spelling of this one.
    fn is_alone(&self, var: Handle<Var>) -> bool {
        let spelling = |var: Handle<Var>| &self.code.function.vars[var].spelling;
        let others = self.parameters.iter().chain(self.declarations.keys());
        !others
            .copied()
            .any(|other| other != var && spelling(other) == spelling(var))
    }

    /// Returns whether the text of the kernel may need the spelling of a variable for something else.
    fn means_something_else(&self, var: Handle<Var>) -> bool {
        let Code {
            module,
            original,
            function,
            ..
        } = self.code;
        let own = &function.vars[var];
        let spelling = &own.spelling;
        self.called.contains(spelling)
            || (own.storage != Storage::Global && has_meaning(module, spelling))
            || (module.macros.contains(spelling) && !is_users(original, function, var))
    }

    fn block(&mut self, block: &Block) {
        let outer = self.in_scope.len();
        self.statements(block);
        self.in_scope.truncate(outer);
    }

    fn statements(&mut self, block: &Block) {
        for statement in block {
            match statement {
                Stmt::Declare(var, _) | Stmt::Let(var, _) => self.declare(*var),
                Stmt::For(each) => {
                    let around = self.in_scope.len();
                    if each.declares_iterator {
                        self.declare(each.iterator);
                    }
                    self.block(&each.body);
                    self.in_scope.truncate(around);
                }
                Stmt::If(branch) => {
                    self.block(&branch.then);
                    self.block(&branch.otherwise);
                }
                Stmt::While(each) => {
                    let around = self.in_scope.len();
                    // What is declared before the test is in scope in the whole loop.
                    self.statements(&each.before_test);
                    self.block(&each.body);
                    self.block(&each.after_body);
                    self.in_scope.truncate(around);
                }
                Stmt::Compute(_)
                | Stmt::Call(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier
                | Stmt::Verbatim(..) => {}
            }
        }
    }
}

/// Returns the name of what passes made: `a_s`, which is staged, is a tile, and `a_s.0` counts the parts that a thread copies.
fn made(var: &Var) -> String {
    let is_numbered = |rest: &str| {
        rest.bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit())
    };
    let numbered = var.name.split_once("_s.");
    let numbered = numbered.filter(|(_, rest)| is_numbered(rest));
    if var.space == Space::Shared {
        let array = numbered.map(|(array, _)| array);
        if let Some(array) = array.or(var.name.strip_suffix("_s")) {
            return format!("{}_tile", in_words(array));
        }
    } else if let Some((array, _)) = numbered.filter(|_| var.spelling.is_empty()) {
        return format!("{}_part", in_words(array));
    }
    in_words(&var.name)
}

fn count_declarations(block: &Block, counts: &mut BTreeMap<Handle<Var>, usize>) {
    for statement in block {
        match statement {
            Stmt::Declare(var, _) | Stmt::Let(var, _) => *counts.entry(*var).or_default() += 1,
            Stmt::For(each) => {
                if each.declares_iterator {
                    *counts.entry(each.iterator).or_default() += 1;
                }
                count_declarations(&each.body, counts);
            }
            Stmt::If(branch) => {
                count_declarations(&branch.then, counts);
                count_declarations(&branch.otherwise, counts);
            }
            Stmt::While(each) => {
                count_declarations(&each.before_test, counts);
                count_declarations(&each.body, counts);
                count_declarations(&each.after_body, counts);
            }
            Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}
