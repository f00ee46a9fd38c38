//! Names in emitted text: the user's where they can stay, new ones that nothing else has.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Block, Function, Handle, Stmt, Var, vector};

/// Keywords and alternative tokens of C++ that C leaves free, and names that CUDA gives every kernel.
///
/// **Source**: C++17 \[lex.key\]; CUDA C++ Programming Guide, “C++ Language Extensions”.
const RESERVED: [&str; 74] = [
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "blockDim",
    "blockIdx",
    "bool",
    "catch",
    "char16_t",
    "char32_t",
    "class",
    "compl",
    "concept",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "co_await",
    "co_return",
    "co_yield",
    "cudaError_t",
    "decltype",
    "delete",
    "dim3",
    "dynamic_cast",
    "explicit",
    "export",
    "extern",
    "false",
    "friend",
    "gridDim",
    "long",
    "max",
    "min",
    "mupac",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "reinterpret_cast",
    "requires",
    "register",
    "restrict",
    "signed",
    "static_assert",
    "static_cast",
    "template",
    "this",
    "thread_local",
    "threadIdx",
    "throw",
    "true",
    "try",
    "typeid",
    "typename",
    "using",
    "virtual",
    "warpSize",
    "wchar_t",
    "xor",
    "xor_eq",
];

/// Hands out names that neither the source nor earlier generated text uses.
#[derive(Clone, Debug)]
pub(crate) struct FreshNames {
    taken: BTreeSet<String>,
}

impl FreshNames {
    /// Starts with every word of a source text taken, so that a new name meets no macro, variable or type.
    pub(crate) fn new(words: BTreeSet<String>) -> Self {
        Self { taken: words }
    }

    /// Returns `base`, or `base_2`, `base_3`, …, and takes it.
    pub(crate) fn take(&mut self, base: &str) -> String {
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name = std::iter::once(base.to_owned())
            .chain(numbered)
            .find(|name| !self.taken.contains(name) && !is_reserved(name))
            .unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || vector::is_type_name(name)
}

/// Returns how a variable is spelled in the user's function.
pub(crate) fn host_name(function: &Function, var: Handle<Var>) -> String {
    let var = &function.vars[var];
    if var.spelling.is_empty() {
        plain(&var.name)
    } else {
        var.spelling.clone()
    }
}

/// Returns a name of the IR as an identifier of C: `i.2` becomes `i_2`.
fn plain(name: &str) -> String {
    name.replace('.', "_")
}

/// Returns a name for each variable of a kernel.
///
/// A variable keeps its spelling in the source unless an outer variable of the kernel has it, C++ or CUDA reserve it, or
/// it is declared in several places.
/// A name that the source does not spell meets no word of the source.
pub(crate) fn kernel_names(
    function: &Function,
    parameters: &[Handle<Var>],
    body: &Block,
    fresh: &FreshNames,
) -> BTreeMap<Handle<Var>, String> {
    let mut declarations = BTreeMap::new();
    count_declarations(body, &mut declarations);
    let mut naming = Naming {
        function,
        fresh: fresh.clone(),
        declarations,
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
    function: &'a Function,
    fresh: FreshNames,
    declarations: BTreeMap<Handle<Var>, usize>,
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
        let declared = &self.function.vars[var];
        let spelling = &declared.spelling;
        let is_once = self.declarations.get(&var).is_none_or(|&count| count < 2);
        let is_free =
            !spelling.is_empty() && !self.in_scope.contains(spelling) && !is_reserved(spelling);
        if is_once && is_free {
            return spelling.clone();
        }
        self.fresh.take(&plain(&declared.name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_meets_no_word_of_the_source() {
        let mut fresh = FreshNames::new(crate::lexer::words("int x_d, x_d_2; /* grid */"));
        assert_eq!(fresh.take("x_d"), "x_d_3");
        assert_eq!(fresh.take("grid"), "grid_2");
        assert_eq!(fresh.take("block"), "block");
        assert_eq!(fresh.take("block"), "block_2");
        assert_eq!(fresh.take("new"), "new_2");
    }

    #[test]
    fn the_reserved_names_are_distinct() {
        let all: BTreeSet<_> = RESERVED.iter().collect();
        assert_eq!(all.len(), RESERVED.len());
    }
}
