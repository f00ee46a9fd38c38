//! A region as a function that the C part calls: what it takes, and its text.
//!
//! The text of a region's host part names variables of the user's function.
//! Here each of them is a parameter, or a reference to what a parameter leads to, by the same name, so that the text is the
//! same as where it stands in the user's function.
//! What is passed by value is `const` there, so that a value which the text would change and the caller would not see is no
//! C++.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::c_text::CText;
use mupac_ir::structure::each;
use mupac_ir::{
    Extent, Function, Handle, HostOp, Module, Place, RegionPlan, Scalar, Stmt, Storage, Type, Var,
};

use crate::flatten::Flat;
use crate::host::HostText;
use crate::lexer::{Token, TokenKind, tokens};
use crate::names::source_name;

/// What a launcher takes from the user's function.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// The name in the text.
    name: String,
    /// Its type there, and as the program declares it.
    ty: Type,
    declared: Type,
    is_const: bool,
    /// Whether the text changes the variable, or uses its address.
    is_shared: bool,
}

/// A parameter in C, in the launcher, and in a call.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// The declaration in the header.
    pub(super) declared: String,
    /// The declaration in the definition.
    pub(super) defined: String,
    /// The line that gives the text its name, where the parameter has another one.
    pub(super) binding: Option<String>,
    /// What C passes.
    pub(super) argument: String,
}

/// Returns the variables that the text of a region takes from around it.
///
/// **Errors**: why the text cannot stand elsewhere.
pub(super) fn taken(
    flat: &Flat,
    plan: &RegionPlan,
    host: &HostText,
    module: &Module,
) -> Result<BTreeMap<Handle<Var>, Taken>, String> {
    let lines = host.before.iter().chain(&host.conditions);
    let small = host.small.iter();
    let small = small.flat_map(|small| small.releases.iter().chain([&small.pays]));
    let lines: Vec<&str> = lines
        .chain(&host.lines)
        .chain(small)
        .map(String::as_str)
        .collect();
    let text = lines.join("\n");
    let all = tokens(&text);
    if let Some(name) = own_call(&text, &all, module) {
        return Err(format!(
            "its part on the host calls {name}, which only the C part has"
        ));
    }
    let assigned = assigned(&flat.region);
    // What copies may hold is read behind what brings it home.
    let brings_home = text.contains("mupac::fetch(") || text.contains("mupac::release(");
    let is_in_memory =
        |own: &Var| !own.is_const && (own.storage == Storage::Global || own.is_address_taken);
    let mut found = BTreeMap::new();
    for &var in &host.names.around {
        let own = &flat.region.function.vars[var];
        let name = host.names.name(&flat.region.function, var);
        let spelling = source_name(&flat.region.function, var);
        if !is_named(&text, &all, &spelling) {
            continue;
        }
        if name != spelling {
            return Err(format!(
                "{spelling} means something else where the loop stands"
            ));
        }
        let declared = plan.function.vars[var].ty.clone();
        let is_addressed = is_addressed(&text, &all, &name);
        if let Some(why) = unsaid(own, module, &name) {
            return Err(why);
        }
        if is_addressed && (own.ty != declared || !is_fixed(&own.ty)) {
            return Err(format!("the address of {name} as a whole cannot be passed"));
        }
        let is_shared =
            is_addressed || assigned.contains(&var) || (brings_home && is_in_memory(own));
        let taken = Taken {
            name,
            ty: own.ty.clone(),
            declared,
            is_const: own.is_const,
            is_shared,
        };
        found.insert(var, taken);
    }
    Ok(found)
}

/// Returns why a variable cannot be a parameter, whatever the text does with it.
fn unsaid(var: &Var, module: &Module, name: &str) -> Option<String> {
    // `struct name` means the type wherever a variable has the name.
    let mut records = module.records.iter();
    let is_type = records.any(|(_, record)| record.name == name);
    if var.is_volatile {
        Some(format!("{name} is volatile"))
    } else if is_type {
        Some(format!("{name} is the name of a type as well"))
    } else if has_opaque(&var.ty) {
        Some(format!("{name} has a type that only the C part knows"))
    } else {
        None
    }
}

fn has_opaque(ty: &Type) -> bool {
    match ty {
        Type::Opaque(_) => true,
        Type::Pointer { to: of, .. } | Type::Array { of, .. } => has_opaque(of),
        Type::Void | Type::Scalar(_) | Type::Record(_) => false,
    }
}

impl Taken {
    /// Notes what another form of the text does with the same variable.
    pub(super) fn join(&mut self, other: &Self) {
        self.is_shared |= other.is_shared;
    }

    /// Returns whether C passes its address.
    pub(super) fn needs_address(&self) -> bool {
        self.is_shared || matches!(self.ty, Type::Record(_))
    }

    /// Returns the parameter for it; `spare` is a name that nothing has, and `in_c` what C calls it.
    ///
    /// **Errors**: why there is none.
    pub(super) fn parameter(
        &self,
        text: CText<'_>,
        spare: &str,
        in_c: &str,
    ) -> Result<Parameter, String> {
        let shape = match &self.ty {
            Type::Scalar(_) | Type::Pointer { .. } if self.is_shared => Shape::Reference,
            Type::Scalar(_) => Shape::Number,
            Type::Pointer { .. } => Shape::Pointer,
            Type::Array { .. } if is_fixed(&self.ty) => Shape::Array,
            Type::Array { .. } => Shape::Rows,
            Type::Record(_) => Shape::Reference,
            Type::Void | Type::Opaque(_) => {
                return Err(format!("{in_c} has a type that only the C part knows"));
            }
        };
        Ok(match shape {
            Shape::Number => self.number(text, spare, in_c),
            Shape::Pointer => self.pointer(text, spare, in_c),
            Shape::Rows => {
                let element = self.ty.element().cloned().unwrap_or(Type::Void);
                let ty = element.pointer(self.is_const);
                let to = Self {
                    declared: ty.clone(),
                    ty,
                    ..self.clone()
                };
                to.pointer(text, spare, in_c)
            }
            Shape::Array => {
                let is_plain = self.ty.element().is_some_and(is_plain);
                self.bound(text, spare, in_c.to_owned(), is_plain)
            }
            Shape::Reference => {
                let is_plain = is_plain(&self.ty);
                let cast = if is_plain { "" } else { "(void *)" };
                self.bound(text, spare, format!("{cast}&{in_c}"), is_plain)
            }
        })
    }

    fn number(&self, text: CText<'_>, spare: &str, in_c: &str) -> Parameter {
        let name = &self.name;
        // C and C++ spell the type of truth values in two ways.
        if self.ty == Type::Scalar(Scalar::Bool) {
            return Parameter {
                declared: format!("int {name}"),
                defined: format!("int {spare}"),
                binding: Some(format!("const bool {name} = {spare};")),
                argument: in_c.to_owned(),
            };
        }
        Parameter {
            declared: text.declaration(&self.ty, name),
            defined: format!("const {}", text.declaration(&self.ty, name)),
            binding: None,
            argument: in_c.to_owned(),
        }
    }

    fn pointer(&self, text: CText<'_>, spare: &str, in_c: &str) -> Parameter {
        let name = &self.name;
        let is_const = matches!(&self.ty, Type::Pointer { is_const: true, .. });
        let is_direct = self.ty == self.declared && self.ty.element().is_some_and(is_plain);
        if is_direct {
            return Parameter {
                declared: text.declaration(&self.ty, name),
                defined: text.declaration(&self.ty, &format!("const {name}")),
                binding: None,
                argument: in_c.to_owned(),
            };
        }
        let any = if is_const { "const void *" } else { "void *" };
        let (ty, cast) = (
            text.declaration(&self.ty, &format!("const {name}")),
            text.declaration(&self.ty, ""),
        );
        Parameter {
            declared: format!("{any}{name}"),
            defined: format!("{any}{spare}"),
            binding: Some(format!("{ty} = ({cast}){spare};")),
            argument: in_c.to_owned(),
        }
    }

    /// Returns a parameter that leads to the variable, to which the name is bound.
    fn bound(&self, text: CText<'_>, spare: &str, argument: String, is_plain: bool) -> Parameter {
        let name = &self.name;
        let constant = if self.is_const && !matches!(self.ty, Type::Pointer { .. }) {
            "const "
        } else {
            ""
        };
        let (inner, pointer) = match &self.ty {
            Type::Array { .. } => (format!("(&{name})"), "(*)"),
            Type::Void
            | Type::Scalar(_)
            | Type::Pointer { .. }
            | Type::Record(_)
            | Type::Opaque(_) => (format!("&{name}"), "*"),
        };
        let (ty, cast) = (
            text.declaration(&self.ty, &inner),
            text.declaration(&self.ty, pointer),
        );
        let any = match (&self.ty, is_plain) {
            (Type::Array { of, .. }, true) => format!("{constant}{}", text.declaration(of, "*")),
            (scalar, true) => format!("{constant}{}", text.declaration(scalar, "*")),
            (_, false) if self.is_const => "const void *".to_owned(),
            (_, false) => "void *".to_owned(),
        };
        Parameter {
            declared: format!("{any}{name}"),
            defined: format!("{any}{spare}"),
            binding: Some(format!("{constant}{ty} = *({constant}{cast}){spare};")),
            argument,
        }
    }
}

/// How a variable is passed.
enum Shape {
    Number,
    Pointer,
    /// An array of which the number of elements is not known when compiling, by its first one.
    Rows,
    Array,
    Reference,
}

/// Returns whether a type is one that every C compiler spells as the program does: of others, enumerations and `long long`
/// among them, C would tell pointers apart.
fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(Scalar::F32 | Scalar::F64 | Scalar::I32))
}

fn is_fixed(ty: &Type) -> bool {
    match ty {
        Type::Array { of, length } => matches!(length, Extent::Fixed(_)) && is_fixed(of),
        Type::Void | Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_) | Type::Opaque(_) => {
            true
        }
    }
}

/// Returns the variables that the host's part of a region assigns.
fn assigned(region: &RegionPlan) -> BTreeSet<Handle<Var>> {
    let mut found = BTreeSet::new();
    let mut whole = |place: &Place| {
        if place.path.is_empty() {
            found.insert(place.var);
        }
    };
    let statement = |stmt: &Stmt, whole: &mut dyn FnMut(&Place)| match stmt {
        Stmt::Compute(compute) => whole(&compute.target),
        Stmt::Call(call) => call.target.iter().for_each(whole),
        Stmt::For(each) => whole(&Place {
            var: each.iterator,
            path: Vec::new(),
        }),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    };
    for (_, reduction) in region.reductions.iter() {
        whole(&reduction.target);
        each(&reduction.finish, &mut |stmt| statement(stmt, &mut whole));
    }
    for (_, inspection) in region.inspections.iter() {
        each(&inspection.body, &mut |stmt| statement(stmt, &mut whole));
    }
    HostOp::each(&region.host, &mut |action| match action {
        HostOp::Compute(compute) => whole(&compute.target),
        HostOp::Loop(each) => whole(&Place {
            var: each.header.iterator,
            path: Vec::new(),
        }),
        HostOp::Allocate(_)
        | HostOp::CopyIn(_)
        | HostOp::Launch(_)
        | HostOp::CopyOut(_)
        | HostOp::Declare(..)
        | HostOp::Join(_)
        | HostOp::If(_) => {}
    });
    found
}

fn word<'t>(text: &'t str, token: &Token) -> Option<&'t str> {
    (token.kind == TokenKind::Word).then(|| text.get(token.start..token.end))?
}

fn is_named(text: &str, all: &[Token], name: &str) -> bool {
    all.iter().any(|token| word(text, token) == Some(name))
}

/// Returns whether a text may use the address of a variable itself, not of something that it leads to.
fn is_addressed(text: &str, all: &[Token], name: &str) -> bool {
    let is = |token: Option<&Token>, byte| {
        token.is_some_and(|token| token.kind == TokenKind::Punctuation(byte))
    };
    (1..all.len()).any(|at| {
        let leads_on = is(all.get(at + 1), b'[') || is(all.get(at + 1), b'-');
        word(text, &all[at]) == Some(name) && is(all.get(at - 1), b'&') && !leads_on
    })
}

/// Returns a function of the user's that a text calls.
fn own_call<'t>(text: &'t str, all: &[Token], module: &Module) -> Option<&'t str> {
    let mut called = all.windows(2).filter_map(|pair| {
        let is_call = pair[1].kind == TokenKind::Punctuation(b'(');
        word(text, &pair[0]).filter(|_| is_call)
    });
    let is_defined = |name: &str| {
        module
            .functions
            .iter()
            .any(|(_, each): (_, &Function)| each.name == name)
    };
    called.find(|name| is_defined(name) || module.declared.contains(*name))
}
