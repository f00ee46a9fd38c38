//! Names in emitted text: the user's where they can stay, new ones that nothing else has.
//!
//! What a variable is called in the host's text is decided in [`host`], in device code in [`kernel`], and nowhere else.

mod host;
mod kernel;

use std::collections::BTreeSet;
use std::sync::Arc;

use mupac_ir::{Function, Handle, Module, Var, vector};

pub(crate) use host::HostNames;
pub use host::named_on_host;
pub(crate) use kernel::{Code, kernel_names};

/// Keywords and alternative tokens of C++ that C leaves free, and names that CUDA gives every kernel.
///
/// **Source**: C++17 \[lex.key\]; CUDA C++ Programming Guide, “C++ Language Extensions”.
const RESERVED: [&str; 75] = [
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
    "size_t",
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
///
/// Every kernel starts from a copy, which shares the words of the file.
#[derive(Clone, Debug)]
pub(crate) struct FreshNames {
    words: Arc<BTreeSet<String>>,
    taken: BTreeSet<String>,
}

impl FreshNames {
    /// Starts with every word of a source text taken, so that a new name meets no macro, variable or type.
    pub(crate) fn new(words: BTreeSet<String>) -> Self {
        Self {
            words: Arc::new(words),
            taken: BTreeSet::new(),
        }
    }

    /// Counts what was taken among the words that copies share.
    pub(crate) fn share(&mut self) {
        let taken = std::mem::take(&mut self.taken);
        Arc::make_mut(&mut self.words).extend(taken);
    }

    /// Returns `base`, or `base_2`, `base_3`, …, and takes it.
    pub(crate) fn take(&mut self, base: &str) -> String {
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let name = std::iter::once(base.to_owned())
            .chain(numbered)
            .find(|name| !self.is_taken(name) && !is_reserved(name))
            .unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }

    fn is_taken(&self, name: &str) -> bool {
        self.words.contains(name) || self.taken.contains(name)
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || vector::is_type_name(name)
}

/// Returns how the source spells a variable, or what the IR calls one that the source does not have.
pub(crate) fn source_name(function: &Function, var: Handle<Var>) -> String {
    let var = &function.vars[var];
    if var.spelling.is_empty() {
        plain(&var.name)
    } else {
        var.spelling.clone()
    }
}

/// Returns a name of the IR in the words of device code: `i.2.o`, which counts tiles of `i`, becomes `i_tile`.
///
/// The letters are those by which steps name what they make (`passes/src/steps`); the number that tells loops of one
/// name apart says nothing beside them.
fn in_words(name: &str) -> String {
    spelled_out(name, |letter| match letter {
        "o" => Some("tile"),
        "i" => Some("in"),
        "u" => Some("item"),
        "r" => Some("items"),
        "h" => Some("reg"),
        "w" => Some("wave"),
        "f" => Some("front"),
        _ => None,
    })
}

/// Returns the name of a value in memory, `s.w`, in the words of device code: its letters are those of the program.
fn of_place(name: &str) -> String {
    spelled_out(name, |_| None)
}

fn spelled_out(name: &str, word_of: impl Fn(&str) -> Option<&'static str>) -> String {
    let mut words = String::new();
    let last = name.split('.').count() - 1;
    let mut is_made = false;
    for (at, part) in name.split('.').enumerate() {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        if at > 0 && is_number && (is_made || at < last) {
            continue;
        }
        let made = word_of(part).filter(|_| at > 0);
        is_made = made.is_some();
        if at > 0 {
            words.push('_');
        }
        words.push_str(made.unwrap_or(part));
    }
    words
}

/// Returns a name of the IR as an identifier of C: `i.2` becomes `i_2`.
fn plain(name: &str) -> String {
    name.replace('.', "_")
}

/// Returns whether a variable of a function, which passes have added to, is one that the user declared in it: `original` is
/// the function as read. The copy of a callee's is not.
fn is_users(original: &Function, function: &Function, var: Handle<Var>) -> bool {
    let own = &function.vars[var];
    let known = original.vars.get(var);
    !own.spelling.is_empty() && known.is_some_and(|known| known.name == own.name)
}

/// Returns whether a name means something else at the outermost level of a file than a variable: generated text may need
/// that meaning, by the name itself or by a macro.
fn has_meaning(module: &Module, name: &str) -> bool {
    module.meanings.contains_key(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_steps_become_words() {
        let words = [
            "i.o", "i.2.o", "i.i", "i.u", "sum.r", "sum.r.2", "c.h", "i.2", "o", "a_s",
        ]
        .map(in_words);
        let expected = [
            "i_tile",
            "i_tile",
            "i_in",
            "i_item",
            "sum_items",
            "sum_items",
            "c_reg",
            "i_2",
            "o",
            "a_s",
        ];
        assert_eq!(words, expected);
    }

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
