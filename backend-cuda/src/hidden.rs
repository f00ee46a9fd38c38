//! Macros of the user that would change generated text.
//!
//! Names that mupac chooses meet no word of the file, no macro and nothing that a header declares; but the names of CUDA
//! (`threadIdx.x`), of C++ and of the run-time support are what they are.
//! Where a macro has one of them, the generated text does without that macro, also where the user spells a number by it,
//! and stands between directives that put the macro away and bring it back; the user's text keeps it.
//!
//! **Source**: GCC manual, “Push/Pop Macro Pragmas”, which clang and nvcc know too.

use std::collections::BTreeSet;
use std::fmt::Write;

use mupac_ir::{Change, Function, Mutant, Plan};

use crate::lexer::{TokenKind, tokens};

/// Returns those of some macros that a text names, in order.
pub(crate) fn named<'a>(text: &str, macros: &'a BTreeSet<String>) -> Vec<&'a String> {
    if macros.is_empty() {
        return Vec::new();
    }
    let tokens = tokens(text).into_iter();
    let words: BTreeSet<&str> = tokens
        .filter(|token| token.kind == TokenKind::Word)
        .filter_map(|token| text.get(token.start..token.end))
        .collect();
    macros
        .iter()
        .filter(|name| words.contains(name.as_str()))
        .collect()
}

/// The directives around a text that some macros would change.
pub(crate) struct Directives {
    /// Before it: every macro is put away.
    pub(crate) before: String,
    /// Behind it: they are brought back.
    pub(crate) behind: String,
}

impl Directives {
    /// Returns the directives that some text needs, each on a line of its own; `None` where it needs none.
    pub(crate) fn around(text: &str, macros: &BTreeSet<String>) -> Option<Self> {
        let named = named(text, macros);
        let (mut before, mut behind) = (String::new(), String::new());
        for name in &named {
            // Writing to a string does not fail.
            let _ = writeln!(before, "#pragma push_macro(\"{name}\")\n#undef {name}");
            let _ = writeln!(behind, "#pragma pop_macro(\"{name}\")");
        }
        (!named.is_empty()).then_some(Self { before, behind })
    }
}

/// Returns whole lines with the directives that they need.
pub(crate) fn around_lines(text: String, macros: &BTreeSet<String>) -> String {
    match Directives::around(&text, macros) {
        Some(Directives { before, behind }) => format!("{before}{text}{behind}"),
        None => text,
    }
}

/// Returns a plan in which no constant is spelled by one of some macros.
pub(crate) fn spelled_out(plan: &Plan, macros: &BTreeSet<String>) -> Plan {
    without_spellings(plan, &|spelling| !named(spelling, macros).is_empty())
}

/// Returns a plan in which every constant is a number, for text that stands where the user's names mean nothing.
pub(crate) fn in_numbers(plan: &Plan) -> Plan {
    without_spellings(plan, &|_| true)
}

fn without_spellings(plan: &Plan, is_hidden: &dyn Fn(&str) -> bool) -> Plan {
    let mut plan = plan.clone();
    for region in &mut plan.regions {
        spell_out(&mut region.function, is_hidden);
    }
    let functions: Vec<_> = (plan.module.functions.iter())
        .map(|(each, _)| each)
        .collect();
    for function in functions {
        spell_out(&mut plan.module.functions[function], is_hidden);
    }
    plan
}

/// Returns mistakes whose plans do likewise.
pub(crate) fn spelled_out_mistakes(mutants: &[Mutant], macros: &BTreeSet<String>) -> Vec<Mutant> {
    mistakes_without_spellings(mutants, &|spelling| !named(spelling, macros).is_empty())
}

/// Returns mistakes in whose plans every constant is a number.
pub(crate) fn mistakes_in_numbers(mutants: &[Mutant]) -> Vec<Mutant> {
    mistakes_without_spellings(mutants, &|_| true)
}

fn mistakes_without_spellings(mutants: &[Mutant], is_hidden: &dyn Fn(&str) -> bool) -> Vec<Mutant> {
    let each = mutants.iter().map(|mutant| {
        let mut mutant = mutant.clone();
        if let Change::Region { plan, .. } = &mut mutant.change {
            spell_out(&mut plan.function, is_hidden);
        }
        mutant
    });
    each.collect()
}

fn spell_out(function: &mut Function, is_hidden: &dyn Fn(&str) -> bool) {
    let exprs: Vec<_> = function.exprs.iter().map(|(each, _)| each).collect();
    for expr in exprs {
        if function.exprs[expr]
            .spelling
            .as_deref()
            .is_some_and(is_hidden)
        {
            function.exprs[expr].spelling = None;
        }
    }
    let vars: Vec<_> = function.vars.iter().map(|(var, _)| var).collect();
    for var in vars {
        for extent in &mut function.vars[var].extents {
            *extent = extent.take().filter(|name| !is_hidden(name));
        }
    }
}
