//! Which variables a region takes from around it, and how.

use std::collections::BTreeSet;

use mupac_ir::structure::declarations;
use mupac_ir::{
    ExprKind, Extent, Function, Handle, Module, Passing, Projection, Stmt, Storage, Type, Var,
};

use crate::{build, region};

/// What statements do with variables.
pub(super) struct Uses {
    pub(super) named: BTreeSet<Handle<Var>>,
    /// Those that they declare.
    own: BTreeSet<Handle<Var>>,
    /// Those that they assign as a whole, or of which they take the address.
    placed: BTreeSet<Handle<Var>>,
}

impl Uses {
    pub(super) fn of(function: &Function, statements: &[Stmt]) -> Self {
        let mut uses = Self {
            named: BTreeSet::new(),
            own: declarations(statements),
            placed: BTreeSet::new(),
        };
        region::each_place(function, statements, &mut |place| {
            uses.named.insert(place.var);
            // Elements may be chosen by others.
            let subscripts = place.path.iter().filter_map(|step| match step {
                Projection::Index(index) => Some(*index),
                Projection::Field(_) => None,
            });
            for index in subscripts {
                uses.named.extend(build::variables(function, index));
            }
        });
        region::each(statements, &mut |stmt| {
            let target = region::target(stmt).filter(|place| place.path.is_empty());
            uses.placed.extend(target.map(|place| place.var));
            if let Stmt::For(each) = stmt {
                uses.named.insert(each.iterator);
                uses.placed.insert(each.iterator);
            }
            for expr in region::expressions(stmt) {
                build::visit(function, expr, &mut |_, node| {
                    if let ExprKind::Address(place) = &node.kind
                        && place.path.is_empty()
                    {
                        uses.placed.insert(place.var);
                    }
                });
            }
        });
        uses
    }

    /// Returns the variables that come from around: not those of file scope, which every function has, and not what the
    /// front end made.
    pub(super) fn taken(&self, function: &Function) -> Vec<Handle<Var>> {
        let from_around = |var: &&Handle<Var>| {
            let declared = &function.vars[**var];
            let is_file = declared.storage == Storage::Global;
            !is_file && !self.own.contains(*var) && !declared.spelling.is_empty()
        };
        self.named.iter().filter(from_around).copied().collect()
    }

    pub(super) fn passing(&self, declared: &Var, var: Handle<Var>, is_live: bool) -> Passing {
        let is_value = matches!(declared.ty, Type::Scalar(_) | Type::Pointer { .. });
        let is_kept = !declared.is_address_taken && !self.placed.contains(&var);
        match (is_value, is_live) {
            (true, false) => Passing::Value,
            (true, true) if is_kept => Passing::Value,
            (false, false) => Passing::Copy,
            (_, true) => Passing::Place,
        }
    }
}

/// Returns whether a variable can be declared in another function as it is here.
pub(super) fn is_passable(module: &Module, var: &Var) -> bool {
    !var.is_volatile && is_sayable(module, &var.ty)
}

/// Returns whether a type can be said anywhere in the file.
fn is_sayable(module: &Module, ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Void => true,
        Type::Pointer { to, .. } => is_sayable(module, to),
        Type::Array { of, length } => matches!(length, Extent::Fixed(_)) && is_sayable(module, of),
        // Of an object, a nameless structure has its type.
        Type::Record(record) => !module.records[*record].name.contains('('),
        Type::Opaque(_) => false,
    }
}
