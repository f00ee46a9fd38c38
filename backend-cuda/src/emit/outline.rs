//! The definitions of regions as functions of their own: as the original has them, and as the emitted text does.
//!
//! In the original, what a region may change is copied from where a parameter leads, and back; in CUDA C++ its names are bound
//! to what lies there, so that the emitted text is the same as where it stands in the user's function.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mupac_ir::c_text::{CText, can_mark, unmarked};
use mupac_ir::{
    Definitions, ExprKind, Function, Handle, Module, Outlined, Passing, Place, Plan, RegionPlan,
    Stmt, Storage, Taken, Type, Var, structure,
};

use super::Texts;
use crate::lexer::{TokenKind, tokens, words};
use crate::residency::Dialect;

/// What the text of a region stands for in the emitted text, by the names of regions.
pub(super) type Pieces = BTreeMap<String, String>;

/// The name of the object that ends a stay, which is none of the user's.
const RESIDENCE: &str = "mupac_test_residence";

/// Gives regions their definitions; `texts` were emitted for the plan.
pub(super) fn define(plan: &Plan, outlined: &mut [Outlined], texts: &Texts) {
    for each in outlined {
        let Some(writer) = Writer::of(plan, each) else {
            continue;
        };
        each.definitions = Definitions {
            original: writer.original(),
            emitted: writer.emitted(texts).unwrap_or_default(),
            with_mistakes: String::new(),
        };
    }
}

/// Returns the definition of a region in the text with mistakes.
pub(super) fn with_mistakes(plan: &Plan, outlined: &Outlined, texts: &Texts) -> String {
    let writer = Writer::of(plan, outlined);
    writer
        .and_then(|writer| writer.emitted(texts))
        .unwrap_or_default()
}

struct Writer<'a> {
    plan: &'a Plan,
    outlined: &'a Outlined,
    region: &'a RegionPlan,
    function: &'a Function,
}

impl<'a> Writer<'a> {
    fn of(plan: &'a Plan, outlined: &'a Outlined) -> Option<Self> {
        let mut regions = plan.regions.iter();
        let region = regions.find(|each| each.name == outlined.region)?;
        Some(Self {
            plan,
            outlined,
            region,
            function: &plan.module.functions[region.of],
        })
    }

    fn module(&self) -> &Module {
        &self.plan.module
    }

    fn original(&self) -> String {
        let slice = self.module().source.slice(self.region.replaces);
        self.in_c(&format!("{}{slice}", self.beside(slice, Dialect::C)))
    }

    /// Returns the definition around what the emitted text has in place of the region.
    fn emitted(&self, texts: &Texts) -> Option<String> {
        let piece = texts.regions.get(&self.outlined.region)?;
        let piece = if can_mark(&self.module().source) {
            unmarked(piece).0
        } else {
            piece.clone()
        };
        let dialect = match texts.c_part {
            Some(_) => Dialect::C,
            None => Dialect::Cxx,
        };
        let piece = if self.plan.residency.stays.is_empty() {
            piece
        } else {
            let (begin, end) = (
                dialect.object("Residence", RESIDENCE, ""),
                dialect.end(RESIDENCE, false),
            );
            format!("{begin}\n{piece}\n{end}")
        };
        let piece = format!("{}{{\n{piece}\n}}", self.beside(&piece, dialect));
        Some(match dialect {
            Dialect::C => self.in_c(&piece),
            Dialect::Cxx => self.in_cxx(&piece),
        })
    }

    /// Declares what a text names of the function around beside what is passed: constants that the front end knows, and
    /// pointers whose value nobody takes, as conditions on sizes (`sizeof *x`).
    fn beside(&self, text: &str, dialect: Dialect) -> String {
        let named = words(text);
        let is_taken = |spelling: &String| {
            let mut taken = self.outlined.taken.iter();
            taken.any(|each| self.function.vars[each.var].spelling == *spelling)
        };
        let mut declared = String::new();
        let mut done = BTreeSet::new();
        for (handle, var) in self.function.vars.iter() {
            let is_own = matches!(var.storage, Storage::Local | Storage::Parameter);
            let is_named = named.contains(&var.spelling) && !is_taken(&var.spelling);
            if !is_own || !is_named {
                continue;
            }
            let is_pointer = matches!(&var.ty, Type::Pointer { to, .. } if to.scalar().is_some());
            let declaration = self.declaration(var, &var.spelling);
            let declaration = match self.constant(handle) {
                Some(value) => format!("const {declaration} = {value}"),
                None if is_pointer => declaration,
                None => continue,
            };
            if done.insert(&var.spelling) {
                let declaration = match dialect {
                    Dialect::C => in_c(&declaration),
                    Dialect::Cxx => declaration,
                };
                // Writing to a string does not fail.
                let _ = writeln!(declared, "    {declaration};");
            }
        }
        declared
    }

    /// Returns the value of a local that is declared constant with one.
    fn constant(&self, var: Handle<Var>) -> Option<String> {
        if !self.function.vars[var].is_const {
            return None;
        }
        let mut value = None;
        structure::each(&self.function.body, &mut |stmt| {
            if let Stmt::Compute(compute) = stmt
                && compute.target == Place::var(var)
            {
                value = Some(compute.value);
            }
        });
        let value = value?;
        let kind = &self.function.exprs[value].kind;
        if !matches!(kind, ExprKind::Int(_) | ExprKind::Float(_)) {
            return None;
        }
        Some(self.text().expr(value))
    }

    fn in_c(&self, statements: &str) -> String {
        let (mut before, mut behind) = (String::new(), String::new());
        for (taken, name) in self.by_address(|name| self.module().name_in_c(name)) {
            let var = &self.function.vars[taken.var];
            let address = if matches!(var.ty, Type::Array { .. }) {
                name.clone()
            } else {
                format!("&{name}")
            };
            let place = &taken.name;
            let declared = in_c(&self.declaration(var, &name));
            // Writing to a string does not fail.
            let _ = writeln!(
                before,
                "    {declared};\n    __builtin_memcpy({address}, {place}, sizeof {name});"
            );
            if taken.passing == Passing::Place {
                let _ = writeln!(
                    behind,
                    "    __builtin_memcpy({place}, {address}, sizeof {name});"
                );
            }
        }
        let parameters = in_c(&self.parameters(|name| self.module().name_in_c(name)));
        let name = &self.outlined.function.name;
        let (before_region, condition) = self.reached(|name| self.module().name_in_c(name));
        let reached = behind_condition(
            &in_c(&before_region),
            condition.as_deref().map(in_c),
            statements,
        );
        format!("static void {name}({parameters}) {{\n{before}{reached}\n{behind}}}\n")
    }

    fn in_cxx(&self, statements: &str) -> String {
        let mut bindings = String::new();
        for (taken, name) in self.by_address(str::to_owned) {
            let var = &self.function.vars[taken.var];
            let (inner, pointer) = if matches!(var.ty, Type::Array { .. }) {
                (format!("(&{name})"), "(*)")
            } else {
                (format!("&{name}"), "*")
            };
            let place = &taken.name;
            if taken.passing == Passing::Copy {
                let declared = self.declaration(var, &name);
                let _ = writeln!(
                    bindings,
                    "    {declared};\n    __builtin_memcpy((void *)&{name}, {place}, sizeof {name});"
                );
                continue;
            }
            let (bound, cast) = (
                self.declaration(var, &inner),
                self.declaration(var, pointer),
            );
            let _ = writeln!(bindings, "    {bound} = *({cast}){place};");
        }
        let parameters = self.parameters(str::to_owned);
        let name = &self.outlined.function.name;
        let (before_region, condition) = self.reached(str::to_owned);
        let reached = behind_condition(&before_region, condition, statements);
        format!("static void {name}({parameters}) {{\n{bindings}{reached}\n}}\n")
    }

    /// Returns what the text around the region makes sure of: statements, and a condition.
    fn reached(&self, in_language: impl Fn(&str) -> String) -> (String, Option<String>) {
        let function = &self.outlined.function;
        let places = self.outlined.taken.iter();
        let names = |var: Handle<Var>| {
            let own = &function.vars[var];
            // A structure is known by the name that it has around.
            let mut taken = places.clone().filter(|taken| taken.name == own.spelling);
            let around = taken.next().map(|taken| &self.function.vars[taken.var]);
            match around {
                Some(structure) if matches!(structure.ty, Type::Record(_)) => {
                    format!("(&{})", in_language(&structure.spelling))
                }
                Some(_) | None => in_language(&own.spelling),
            }
        };
        let text = CText {
            function,
            records: &self.module().records,
            names: &names,
            callees: &str::to_owned,
        };
        let mut out = String::new();
        for (var, value) in &self.outlined.constants {
            let name = in_language(&self.function.vars[*var].spelling);
            // Writing to a string does not fail.
            let _ = writeln!(out, "    {name} = {};", text.expr(*value));
        }
        let condition = self.outlined.condition;
        (out, condition.map(|condition| text.expr(condition)))
    }

    /// Returns what is passed by where it lies, with the names in a language.
    fn by_address(
        &self,
        in_language: impl Fn(&str) -> String,
    ) -> impl Iterator<Item = (&'a Taken, String)> {
        let taken = self.outlined.taken.iter();
        let placed = taken.filter(|taken| taken.passing != Passing::Value);
        placed.map(move |taken| {
            let name = &self.function.vars[taken.var].spelling;
            (taken, in_language(name))
        })
    }

    fn parameters(&self, in_language: impl Fn(&str) -> String) -> String {
        let taken = self.outlined.taken.iter();
        let parameters = taken.map(|taken| match taken.passing {
            Passing::Value => {
                let var = &self.function.vars[taken.var];
                self.declaration(var, &in_language(&taken.name))
            }
            Passing::Copy | Passing::Place => format!("void *{}", taken.name),
        });
        let parameters: Vec<String> = parameters.collect();
        if parameters.is_empty() {
            "void".to_owned()
        } else {
            parameters.join(", ")
        }
    }

    /// Returns what writes types and numbers, which name no variable.
    fn text(&self) -> CText<'_> {
        CText {
            function: self.function,
            records: &self.module().records,
            names: &|_| String::new(),
            callees: &str::to_owned,
        }
    }

    /// Returns the declaration of something of a variable's type by a name.
    fn declaration(&self, var: &Var, name: &str) -> String {
        if let (Some(enumeration), Type::Scalar(_)) = (&var.enumeration, &var.ty) {
            return format!("{enumeration} {name}");
        }
        self.text().declaration(&var.ty, name)
    }
}

/// Returns statements behind others, where a condition holds.
fn behind_condition(before: &str, condition: Option<String>, statements: &str) -> String {
    match condition {
        Some(condition) => format!("{before}    if ({condition}) {{\n{statements}\n    }}"),
        None => format!("{before}{statements}"),
    }
}

/// Returns a declaration as C spells the type of truth values whether or not the file includes its name.
fn in_c(declaration: &str) -> String {
    let mut out = String::new();
    let mut done = 0;
    let all = tokens(declaration);
    for token in all.iter().filter(|token| token.kind == TokenKind::Word) {
        if declaration.get(token.start..token.end) == Some("bool") {
            out.push_str(declaration.get(done..token.start).unwrap_or_default());
            out.push_str("_Bool");
            done = token.end;
        }
    }
    out.push_str(declaration.get(done..).unwrap_or_default());
    out
}
