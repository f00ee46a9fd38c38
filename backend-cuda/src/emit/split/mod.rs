//! A translation whose C part stays C: each region becomes a function in CUDA C++, a launcher, which answers whether it did
//! the work, and the user's text calls it before the loop that it would do the work of.
//!
//! The text in CUDA C++ holds nothing of the user's text: structures that it names are defined in it again, constants are
//! numbers, and functions that kernels call are printed from the IR.
//! What the C part relies on, that constants and structures are those of the translation, its compiler checks.

mod body;
mod call;
mod header;
mod launcher;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mupac_ir::c_text::{can_mark, helper_definitions, unmarked};
use mupac_ir::{CPart, Function, Module, Mutant, Plan, RegionPlan, Storage};

use super::mistakes::MUTANT;
use super::outline::Pieces;
use super::{File, Piece, Texts, file_name};
use crate::hidden;
use crate::layout::wrapped;
use crate::lexer::{TokenKind, tokens, words};
use crate::placement::prologue;
use crate::residency::{Conduct, Dialect};
use crate::threads;

use header::Header;
use launcher::Parameter;
use records::Definitions;

/// A region as a function of its own.
struct Launcher {
    name: String,
    parameters: Vec<Parameter>,
    /// The definition.
    text: String,
}

/// Returns the texts of a plan, with some mistakes in them; `stem` names the files.
///
/// A region that cannot be called from C keeps its text: [`refusals`] tells which these are.
pub(super) fn texts(plan: &Plan, mutants: &[Mutant], stem: &str) -> Texts {
    let numbers = in_its_own_words(plan);
    let mutants = hidden::mistakes_in_numbers(mutants);
    let none = BTreeSet::new();
    let mut file = File::in_parts(&numbers, &none);
    file.twins();
    file.settle_support(&numbers);
    let prefix = header::prefix(stem);
    let mut launchers = Vec::new();
    let mut regions = Pieces::new();
    for (index, region) in numbers.regions.iter().enumerate() {
        let Ok(launcher) = file.launcher((index, region), &numbers, &mutants, &prefix) else {
            continue;
        };
        let piece = file.called(region, Conduct::of(&numbers.residency, index), &launcher);
        regions.insert(region.name.clone(), piece.text.clone());
        file.pieces.push(piece);
        launchers.push(launcher);
    }
    // Between the user's statements the user's words mean what they do.
    let calls = file.pieces.len();
    file.residency(plan, &mutants);
    for piece in &mut file.pieces[calls..] {
        piece.text = in_c(&plan.module, &piece.text);
    }
    let between: String = file.pieces.iter().map(|piece| &*piece.text).collect();
    let header = Header {
        prefix: &prefix,
        uses: &file.support.uses,
        has_stays: !plan.residency.stays.is_empty(),
        has_mistakes: !mutants.is_empty(),
        launchers: launchers.iter().map(declaration).collect(),
        helpers: helper_definitions(&between, "static __inline__"),
    };
    let definitions = file.definitions(&numbers, &launchers).unwrap_or_default();
    let support = if launchers.is_empty() {
        String::new()
    } else {
        file.support.library(file.module)
    };
    let cuda = file.cuda_text((stem, &support), &header, &definitions, &launchers);
    let (cuda, statements) = if can_mark(&plan.module.source) {
        unmarked(&cuda)
    } else {
        (cuda, BTreeMap::new())
    };
    let header = header.text();
    let text = file.c_text(stem, &definitions);
    Texts {
        cuda,
        support,
        statements,
        c_part: Some(CPart {
            stem: stem.to_owned(),
            text,
            header,
        }),
        regions,
    }
}

/// Returns the regions of a plan, by their positions, that C cannot call, each with the reason.
pub fn refusals(plan: &Plan) -> BTreeMap<usize, String> {
    let numbers = in_its_own_words(plan);
    let none = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (index, region) in numbers.regions.iter().enumerate() {
        let mut file = File::in_parts(&numbers, &none);
        file.twins();
        let launcher = file.launcher((index, region), &numbers, &[], "mupac");
        let launcher = launcher.and_then(|launcher| {
            file.definitions(&numbers, &[launcher])?;
            file.functions_stand_alone(&numbers, region)
        });
        if let Err(why) = launcher {
            found.insert(index, why);
        }
    }
    found
}

/// Returns whether arrays can stay on the device between the user's statements: not in functions with jumps, which C lets
/// pass by the declarations of objects that end with their block.
pub fn can_stay(plan: &Plan) -> bool {
    let residency = &plan.residency;
    let stays = residency.stays.iter().map(|stay| stay.function);
    let locals = residency.locals.values().map(|locals| locals.function);
    let watches = residency.watches.values().map(|watch| watch.function);
    let mut functions = stays.chain(locals).chain(watches);
    !functions.any(|function| {
        let words = words(
            plan.module
                .source
                .slice(plan.module.functions[function].span),
        );
        words.contains("goto") || words.contains("switch")
    })
}

/// How the type of an object is spelled that has no name, and what its name begins with where it needs one.
const OF_OBJECT: &str = "__typeof__(";
const NAMELESS: &str = "mupac_nameless_";

/// Returns a plan for text that stands where the user's names mean nothing: constants and members that are of enumerations are
/// numbers, and structures that are known by an object of the type have a name.
fn in_its_own_words(plan: &Plan) -> Plan {
    let mut plan = hidden::in_numbers(plan);
    let records = plan.module.records.iter();
    let all: Vec<_> = records.map(|(record, _)| record).collect();
    for (number, record) in all.into_iter().enumerate() {
        let record = &mut plan.module.records[record];
        if record.name.starts_with(OF_OBJECT) {
            record.name = format!("{NAMELESS}{number}");
        }
        for field in &mut record.fields {
            field.enumeration = None;
        }
    }
    for region in &mut plan.regions {
        region.function = region.function.without_enumerations().into_owned();
    }
    plan
}

/// Returns how the header declares a launcher.
fn declaration(launcher: &Launcher) -> String {
    let parameters = launcher.parameters.iter();
    let mut parameters: Vec<String> = parameters.map(|each| each.declared.clone()).collect();
    if parameters.is_empty() {
        parameters.push("void".to_owned());
    }
    let head = format!("int {}(", launcher.name);
    wrapped(&head, &parameters, ", ", ");", "        ")
}

impl<'a> File<'a> {
    /// Starts a file whose user's text stays C.
    fn in_parts(plan: &'a Plan, hidden: &'a BTreeSet<String>) -> Self {
        let mut file = Self::new(plan, hidden);
        file.kept = file.kept.in_c(&plan.module.source);
        file.dialect = Dialect::C;
        file.support.is_split = true;
        file
    }

    /// Returns the part in CUDA C++; nothing where there is no launcher.
    fn cuda_text(
        &self,
        (stem, support): (&str, &str),
        header: &Header<'_>,
        definitions: &Definitions,
        launchers: &[Launcher],
    ) -> String {
        let mut out = String::new();
        if launchers.is_empty() {
            return out;
        }
        if header.has_mistakes {
            out.push_str(MUTANT);
        }
        out.push_str("#include <math.h>\n");
        out.push_str(support);
        out.push_str(&self.support.settings());
        // Writing to a string does not fail.
        let _ = writeln!(out, "#include \"{stem}.mupac.h\"\n");
        out.push_str(&header.functions());
        out.push_str(&definitions.text);
        let kernels = self.before.values().flatten();
        let launchers = launchers.iter().map(|launcher| &launcher.text);
        let texts: Vec<&str> = kernels.chain(launchers).map(String::as_str).collect();
        out + &texts.join("\n")
    }

    /// Returns the structures that the text names.
    fn definitions(&self, plan: &Plan, launchers: &[Launcher]) -> Result<Definitions, String> {
        let Some(region) = plan.regions.first() else {
            return Ok(Definitions::default());
        };
        let kernels = self.before.values().flatten().map(String::as_str);
        let texts = kernels.chain(launchers.iter().map(|launcher| launcher.text.as_str()));
        let text = texts.collect::<Vec<_>>().join("\n");
        let found = records::definitions(&self.module.records, &text, &region.function)?;
        let mut all = found.layouts.iter();
        let is_local = |name: &str| {
            let spelled = in_c(self.module, name);
            let known = [name, &spelled].map(|name| self.module.meanings.contains_key(name));
            // What a member names is known where the structure is that has the member.
            records::has_name(name) && known == [false, false]
        };
        match all.find(|(name, _)| is_local(name)) {
            Some((name, _)) if name.starts_with(NAMELESS) => {
                Err("its structure has no name (one helps: `struct name { … }`)".to_owned())
            }
            Some((name, _)) => Err(format!("{name} is not a type of the whole file")),
            None => Ok(found),
        }
    }

    /// Checks that the functions which kernels of a region call name nothing but themselves.
    fn functions_stand_alone(&self, plan: &Plan, region: &RegionPlan) -> Result<(), String> {
        let text = self.before.values().flatten().cloned().collect::<String>();
        let named = words(&text);
        let of_file = |function: &Function| {
            let globals = function.vars.iter().map(|(_, var)| var);
            let mut globals = globals.filter(|var| var.storage == Storage::Global);
            let found = globals.find(|var| named.contains(&var.spelling));
            found.map(|var| var.spelling.clone())
        };
        let calls = |function: &&Function| {
            region.kernels.iter().any(|(_, kernel)| {
                crate::device_function::called(&region.function, &kernel.body)
                    .contains(&function.name)
            })
        };
        let mut own = self.twins.functions(&plan.module).filter(calls);
        match own.find_map(of_file) {
            Some(name) => Err(format!(
                "a function that it calls names {name}, which only the C part has"
            )),
            None => Ok(()),
        }
    }

    /// Returns the user's text with the calls in it.
    fn c_text(mut self, stem: &str, definitions: &Definitions) -> String {
        let original = self.kept.original();
        if self.pieces.is_empty() {
            return original.to_owned();
        }
        self.lengths();
        let generated: Vec<_> = self
            .pieces
            .iter()
            .map(|each| each.start..each.end)
            .collect();
        let name = file_name(self.module);
        let stops = threads::stops(&name, self.module, &self.tokens, &generated);
        let at = prologue(original, &self.tokens);
        let line = self.kept.line_directive(at);
        let line = line.map_or_else(String::new, |line| format!("{line}\n"));
        self.pieces.push(Piece {
            start: at,
            end: at,
            text: format!("{stops}#include \"{stem}.mupac.h\"\n{line}"),
        });
        let module = self.module;
        let mut text = self.joined();
        if !definitions.layouts.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        for (number, (_, conditions)) in (1..).zip(&definitions.layouts) {
            let head = format!("mupac_layout({number}, ");
            let conditions = wrapped(&head, conditions, " && ", ");", "        ");
            text.push_str(&in_c(module, &conditions));
            text.push('\n');
        }
        text
    }
}

/// Returns generated text in the words of C: names that give way in C++ are the user's again.
fn in_c(module: &Module, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for token in tokens(text) {
        if token.kind != TokenKind::Word {
            continue;
        }
        let Some(word) = text.get(token.start..token.end) else {
            continue;
        };
        out.push_str(text.get(at..token.start).unwrap_or(""));
        if word == "bool" {
            out.push_str("_Bool");
        } else {
            out.push_str(&module.name_in_c(word));
        }
        at = token.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
