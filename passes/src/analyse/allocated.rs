//! Objects that a function allocates, and how large they are.
//!
//! Of a pointer that has one value only, the result of one call of an allocator, the object behind it is as large as that call
//! asked for, and a subscript that nobody knows is one of its elements (C17 6.5.6 §8). The size has a name where its variables
//! have one value each, from before the call on, and are seen in all of the function.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{Block, Expr, Function, Handle, Module, Place, Stmt, Storage, Type, Var};

use super::access::{Access, Step};
use super::fresh::size_asked_for;
use super::is_null;
use super::scan::Scan;
use super::stored::size_bytes;
use crate::affine::Affine;
use crate::polynomial::Polynomial;
use crate::{build, region};

/// How many elements lie behind pointers of a region.
pub(crate) type Counts = BTreeMap<Handle<Var>, Size>;

/// How large what lies behind a pointer is.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    pub(crate) count: Affine,
    /// Whether the host has found so many there; otherwise the pointer may be null, or lead to nothing any more.
    pub(crate) is_there: bool,
}

/// Returns the factors of how many bytes lie behind pointers of a function, which have a name in all of it.
pub(crate) fn sizes(
    module: &Module,
    function: &Function,
    pointers: impl Iterator<Item = Handle<Var>>,
) -> BTreeMap<Handle<Var>, Vec<Handle<Expr>>> {
    let values = Values::of(function);
    let known = pointers.filter_map(|pointer| {
        let factors = values.asked_for((module, function), pointer)?;
        let mut all = factors.iter();
        let has_name = all.all(|factor| values.is_settled(function, *factor));
        has_name.then_some((pointer, factors))
    });
    known.collect()
}

/// Returns whether a variable is a pointer that a function has for itself.
pub(crate) fn is_own(var: &Var) -> bool {
    let is_own = var.storage == Storage::Local && var.is_plain_local();
    is_own && matches!(var.ty, Type::Pointer { .. })
}

/// Returns how many elements lie behind the pointers by which a region accesses elements that it does not know, or rows that it
/// does not certainly access, as the function says it or, of some, the host finds it.
pub(super) fn counts(
    scan: &mut Scan<'_>,
    found: impl Iterator<Item = (Handle<Var>, Handle<Var>)>,
) -> Counts {
    let (module, function) = (scan.module, scan.function);
    let is_unclear = |access: &&Access| match access.steps.first() {
        Some(Step::Index(None)) => access.flat.is_none() || !access.is_certain,
        Some(Step::Index(Some(form))) => !form.is_exact(),
        Some(Step::Field(_)) | None => false,
    };
    let unclear = scan.accesses.iter().filter(is_unclear);
    let pointers = unclear.map(|access| access.var);
    let mut pointers: BTreeSet<_> = pointers.collect();
    pointers.retain(|var| !scan.modified.contains(var));
    let size = |count, is_there| Size { count, is_there };
    // Loops whose bounds data decide may not say it either.
    let may_be_far = |pointer: Handle<Var>| {
        let mut own = scan.accesses.iter().filter(|access| access.var == pointer);
        own.any(|access| !access.is_certain || pointers.contains(&pointer))
    };
    let found = found.filter(|(pointer, _)| may_be_far(*pointer));
    let found: Vec<_> = found
        .map(|(pointer, length)| (pointer, size(Affine::var(length), true)))
        .collect();
    let found = found.into_iter();
    pointers.retain(|var| is_own(&function.vars[*var]));
    if pointers.is_empty() {
        return found.collect();
    }
    let known = sizes(module, function, pointers.into_iter());
    let counts = known.into_iter().filter_map(|(pointer, factors)| {
        let element = function.vars[pointer].ty.element()?;
        let bytes = size_bytes(module, element)?;
        let mut all = Polynomial::constant(1);
        for factor in factors {
            all = all.times(&scan.affine(factor)?.into())?;
        }
        let count = all.affine(&[])?.floor(i128::from(bytes))?;
        Some((pointer, size(count, false)))
    });
    found.chain(counts).collect()
}

/// Where a variable has a value from.
enum Value<'a> {
    /// An expression, outside of every loop or not.
    Of(Handle<Expr>, bool),
    /// A call.
    Call(&'a str, &'a [Handle<Expr>]),
    /// Whatever is told where the variable lies.
    Unknown,
}

/// The values of the variables of a function, but for null and what it is called with.
#[derive(Default)]
struct Values<'a> {
    all: BTreeMap<Handle<Var>, Vec<Value<'a>>>,
    /// The variables that the function declares outside of every inner block.
    seen: Vec<Handle<Var>>,
    /// Whether there is text that may assign more.
    is_open: bool,
}

impl<'a> Values<'a> {
    fn of(function: &'a Function) -> Self {
        let mut found = Self::default();
        let declared = function.body.iter().filter_map(|stmt| {
            let Stmt::Declare(var, _) = stmt else {
                return None;
            };
            Some(*var)
        });
        found.seen = declared.collect();
        found.take(function, &function.body, false);
        // `memcpy(&n, …)` keeps no pointer, but may assign.
        for told in region::addressed(function, &function.body) {
            found.all.entry(told).or_default().push(Value::Unknown);
        }
        found
    }

    fn take(&mut self, function: &'a Function, block: &'a Block, is_repeated: bool) {
        for stmt in block {
            let value = match stmt {
                Stmt::Compute(compute) => Some(Value::Of(compute.value, is_repeated)),
                Stmt::Call(call) => Some(Value::Call(&call.callee, &call.arguments)),
                Stmt::For(each) => {
                    let counter = Value::Of(each.start, true);
                    self.all.entry(each.iterator).or_default().push(counter);
                    None
                }
                Stmt::Verbatim(..) | Stmt::Let(..) => {
                    self.is_open = true;
                    None
                }
                Stmt::Declare(..)
                | Stmt::While(_)
                | Stmt::If(_)
                | Stmt::Return(..)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Barrier => None,
            };
            // Of a pointer that may be null too, the object is what else it leads to.
            let is_pointer =
                |var: Handle<Var>| matches!(function.vars[var].ty, Type::Pointer { .. });
            let is_nothing = matches!(value, Some(Value::Of(value, _)) if is_null(function, value))
                && region::target(stmt).is_some_and(|place| is_pointer(place.var));
            let target = region::target(stmt).filter(|place| place.path.is_empty());
            if let (Some(Place { var, .. }), Some(value), false) = (target, value, is_nothing) {
                self.all.entry(*var).or_default().push(value);
            }
            let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
            for inner in region::blocks(stmt) {
                self.take(function, inner, is_repeated || is_loop);
            }
        }
    }

    /// Returns the factors of the size of the object that is behind a pointer whenever it is not null.
    fn asked_for(
        &self,
        (module, function): (&Module, &Function),
        pointer: Handle<Var>,
    ) -> Option<Vec<Handle<Expr>>> {
        let [value] = self.all.get(&pointer)?.as_slice() else {
            return None;
        };
        match value {
            Value::Of(value, _) => {
                let result = build::read(function, *value)?;
                let [Value::Call(callee, arguments)] = self.all.get(&result)?.as_slice() else {
                    return None;
                };
                size_asked_for(module, callee, arguments)
            }
            Value::Call(callee, arguments) => size_asked_for(module, callee, arguments),
            Value::Unknown => None,
        }
    }

    /// Returns whether an expression is of variables that each have one value, from before all loops on, and are seen everywhere.
    fn is_settled(&self, function: &Function, expr: Handle<Expr>) -> bool {
        !self.is_open
            && build::is_of_variables(function, expr, &|var| {
                let own = &function.vars[var];
                let is_alike = |other: &Var| other.spelling == own.spelling;
                let is_only = function
                    .vars
                    .iter()
                    .filter(|(_, other)| is_alike(other))
                    .count()
                    == 1;
                let values = self.all.get(&var).map_or(&[][..], Vec::as_slice);
                let is_fixed = match own.storage {
                    Storage::Parameter => values.is_empty(),
                    Storage::Local => {
                        matches!(values, [Value::Of(_, false)]) && self.seen.contains(&var)
                    }
                    Storage::Static | Storage::Global | Storage::Function => false,
                };
                own.is_plain_local() && is_only && is_fixed
            })
    }
}
