//! Which array each of some pointers leads into, by all that a region sets them to.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::structure::is_same_type;
use mupac_ir::{BinaryOp, Expr, ExprKind, Function, Handle, Place, Projection, Stmt, Type, Var};

use crate::analyse::is_null;
use crate::analyse::names::changed;
use crate::region;

/// What a pointer is set to.
enum Target {
    /// Nothing.
    Null,
    /// An element of an array.
    Into(Handle<Var>),
    /// What another pointer leads to, or near it.
    Of(Handle<Var>),
}

/// The one array that each pointer leads into, and whether it may be null.
pub(super) type Arrays = BTreeMap<Handle<Var>, (Handle<Var>, bool)>;

/// Finds the arrays of pointers; those that have none or several are no longer among these.
pub(super) fn arrays(
    function: &Function,
    statements: &[Stmt],
    pointers: &mut BTreeSet<Handle<Var>>,
) -> Arrays {
    let changed = changed(function, statements);
    loop {
        let known = pointers.len();
        let found = Finder {
            function,
            pointers,
            changed: &changed,
        }
        .arrays(statements);
        pointers.retain(|pointer| found.contains_key(pointer));
        if pointers.len() == known {
            return found;
        }
    }
}

struct Finder<'a> {
    function: &'a Function,
    pointers: &'a BTreeSet<Handle<Var>>,
    changed: &'a BTreeSet<Handle<Var>>,
}

impl Finder<'_> {
    fn arrays(&self, statements: &[Stmt]) -> Arrays {
        let mut declared = BTreeSet::new();
        let mut targets: BTreeMap<Handle<Var>, Vec<Option<Target>>> = BTreeMap::new();
        region::each(statements, &mut |stmt| {
            if let Stmt::Declare(var, _) = stmt {
                declared.insert(*var);
            }
            let place = region::target(stmt).filter(|place| place.path.is_empty());
            if let Some(place) = place.filter(|place| self.pointers.contains(&place.var)) {
                let all = targets.entry(place.var).or_default();
                if let Stmt::Compute(compute) = stmt {
                    self.targets(compute.value, all);
                } else {
                    all.push(None);
                }
            }
        });
        targets
            .retain(|pointer, all| declared.contains(pointer) && all.iter().all(Option::is_some));
        let mut found = Arrays::new();
        // What is known of one says something of those that are set to it.
        for _ in 0..=targets.len() {
            for (pointer, all) in &targets {
                for target in all.iter().flatten() {
                    let (array, is_nullable) = match target {
                        Target::Null => (None, true),
                        Target::Into(array) => (Some(*array), false),
                        Target::Of(other) => match found.get(other) {
                            Some((array, is_nullable)) => (Some(*array), *is_nullable),
                            None => (None, false),
                        },
                    };
                    let known = found.get(pointer).copied();
                    let array = array.or(known.map(|(array, _)| array));
                    if let Some(array) = array {
                        let was = known.is_some_and(|(_, is_nullable)| is_nullable);
                        found.insert(*pointer, (array, was || is_nullable));
                    }
                }
            }
        }
        let is_one = |pointer: &Handle<Var>, array: Handle<Var>| {
            targets[pointer]
                .iter()
                .flatten()
                .all(|target| match target {
                    Target::Null => true,
                    Target::Into(other) => *other == array,
                    Target::Of(other) => found.get(other).is_some_and(|(other, _)| *other == array),
                })
        };
        let all = found
            .iter()
            .filter(|(pointer, (array, _))| is_one(pointer, *array));
        all.map(|(pointer, array)| (*pointer, *array)).collect()
    }

    /// Adds all that a value may lead to; `None`: something else.
    fn targets(&self, value: Handle<Expr>, found: &mut Vec<Option<Target>>) {
        let node = &self.function.exprs[value];
        if is_null(self.function, value) {
            found.push(Some(Target::Null));
            return;
        }
        match &node.kind {
            ExprKind::Select {
                then, otherwise, ..
            } => {
                self.targets(*then, found);
                self.targets(*otherwise, found);
            }
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, base, _) => {
                self.targets(*base, found);
            }
            ExprKind::Cast(inner) if self.has_one_element(*inner, node) => {
                self.targets(*inner, found);
            }
            ExprKind::Load(place) if place.path.is_empty() => {
                found.push(self.target(place.var, node));
            }
            ExprKind::Address(Place { var, path })
                if matches!(path[..], [Projection::Index(_)]) =>
            {
                found.push(self.target(*var, node));
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Load(_)
            | ExprKind::Address(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Cast(_)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => found.push(None),
        }
    }

    fn target(&self, var: Handle<Var>, node: &Expr) -> Option<Target> {
        let own = &self.function.vars[var];
        let is_element = own.ty.element().zip(node.ty.element());
        let is_element =
            is_element.is_some_and(|(a, b)| is_same_type(self.function, a, self.function, b));
        let is_fixed = !self.changed.contains(&var) || matches!(own.ty, Type::Array { .. });
        if !is_element || own.is_volatile {
            return None;
        }
        if self.pointers.contains(&var) {
            return Some(Target::Of(var));
        }
        is_fixed.then_some(Target::Into(var))
    }

    fn has_one_element(&self, inner: Handle<Expr>, node: &Expr) -> bool {
        let types = self.function.exprs[inner]
            .ty
            .element()
            .zip(node.ty.element());
        types.is_some_and(|(a, b)| is_same_type(self.function, a, self.function, b))
    }
}
