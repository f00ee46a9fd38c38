//! Objects that a function allocates, and how large they are.
//!
//! Of a pointer that has one value only, the result of one call of an allocator, the object behind it is as large as that call
//! asked for, and a subscript that nobody knows is one of its elements (C17 6.5.6 §8). The size has a name where its variables
//! have one value each, from before the call on, and are seen in all of the function.

use std::collections::BTreeMap;

use mupac_ir::{
    BinaryOp, Block, Expr, ExprKind, Function, Handle, Module, Place, Scalar, Stmt, Storage, Type,
    Var,
};

use crate::analyse::{is_null, size_asked_for};
use crate::{build, region};

/// By pointer: its value, and how many bytes lie there.
pub(super) type Sizes = BTreeMap<Handle<Var>, (Handle<Expr>, Handle<Expr>)>;

/// Returns how many bytes lie behind pointers of a function; the expressions are added to it.
pub(super) fn sizes(module: &mut Module, of: Handle<Function>) -> Sizes {
    let function = &module.functions[of];
    let values = Values::of(function);
    let pointers = function.vars.iter().filter(|(_, var)| {
        let is_own = var.storage == Storage::Local && var.is_plain_local();
        is_own && matches!(var.ty, Type::Pointer { .. })
    });
    let pointers: Vec<_> = pointers.map(|(pointer, _)| pointer).collect();
    let known = pointers.into_iter().filter_map(|pointer| {
        let factors = values.asked_for((module, function), pointer)?;
        let mut all = factors.iter();
        let has_name = all.all(|factor| values.is_settled(function, *factor));
        has_name.then_some((pointer, factors))
    });
    let known: Vec<_> = known.collect();
    let function = &mut module.functions[of];
    let sizes = known.into_iter().map(|(pointer, factors)| {
        let one = build::int(function, 1, Scalar::U64);
        let size = factors.into_iter().fold(one, |size, factor| {
            build::binary(function, BinaryOp::Multiply, size, factor)
        });
        let ty = function.vars[pointer].ty.clone();
        let from = function.expr(ExprKind::Load(Place::var(pointer)), ty);
        (pointer, (from, size))
    });
    sizes.collect()
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
            let is_nothing = matches!(value, Some(Value::Of(value, _)) if is_null(function, value));
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
                    Storage::Static | Storage::Global => false,
                };
                own.is_plain_local() && is_only && is_fixed
            })
    }
}
