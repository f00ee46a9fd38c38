//! Which memory a copy on the device may hold.

use std::collections::BTreeSet;

use mupac_ir::{
    Expr, ExprKind, Function, Handle, Module, Place, Projection, RegionPlan, Storage, Type, Var,
};

use super::escapes::Escapes;
use crate::calls::Linkage;

/// What regions copy, by name.
pub(super) struct Reach<'a> {
    pub(super) module: &'a Module,
    copied: BTreeSet<&'a str>,
    escapes: Escapes,
}

impl<'a> Reach<'a> {
    /// Returns what the regions of a file may copy.
    pub(super) fn of(module: &'a Module, regions: &'a [RegionPlan], linkage: Linkage) -> Self {
        let copied = regions.iter().flat_map(|region| {
            let buffers = region.buffers.iter();
            buffers.map(|(_, buffer)| &*region.function.vars[buffer.array].spelling)
        });
        Self {
            module,
            copied: copied.collect(),
            escapes: Escapes::of(module, regions, linkage),
        }
    }

    /// Returns whether no copy holds a variable: no region copies one of its name, and no pointer reaches it; or it is the
    /// function's own, and no region copies anything by its address.
    pub(super) fn is_apart(&self, function: &Function, var: Handle<Var>) -> bool {
        let own = &function.vars[var];
        if own.is_address_taken {
            let of = self.module.function(&function.name);
            let escapes = of.is_none_or(|(of, _)| self.escapes.contain(of, var));
            return !escapes && is_automatic(own) && !own.is_volatile;
        }
        let is_copied = own.spelling.is_empty() || self.copied.contains(&*own.spelling);
        !own.is_volatile && !is_copied
    }

    /// Returns whether no copy holds what a place says.
    pub(super) fn holds_no(&self, function: &Function, place: &Place) -> bool {
        is_variable(function, place)
            || self.is_apart(function, place.var) && self.stays_inside(function, place)
    }

    /// Returns whether no copy holds what a pointer leads to: it is null, a text that nothing may change, or leads into such
    /// a variable.
    pub(super) fn holds_nothing_behind(&self, function: &Function, pointer: Handle<Expr>) -> bool {
        match &function.exprs[pointer].kind {
            ExprKind::Text(_) | ExprKind::Int(0) => true,
            ExprKind::Cast(inner) => self.holds_nothing_behind(function, *inner),
            ExprKind::Select {
                then, otherwise, ..
            } => {
                let mut both = [then, otherwise].into_iter();
                both.all(|each| self.holds_nothing_behind(function, *each))
            }
            ExprKind::Address(place) => {
                self.is_apart(function, place.var) && self.stays_inside(function, place)
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Load(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Call(..)
            | ExprKind::BlockIndex(_)
            | ExprKind::ThreadIndex(_) => false,
        }
    }

    /// Returns whether a path follows no pointer.
    fn stays_inside(&self, function: &Function, place: &Place) -> bool {
        let mut steps = place.path.iter().enumerate();
        steps.all(|(position, step)| match step {
            Projection::Field(_) => true,
            Projection::Index(_) => {
                let before = Place {
                    var: place.var,
                    path: place.path[..position].to_vec(),
                };
                let ty = function.place_type(&self.module.records, &before);
                matches!(ty, Some(Type::Array { .. }))
            }
        })
    }
}

/// Returns whether a variable is memory of the function itself.
pub(super) fn is_automatic(var: &Var) -> bool {
    match var.storage {
        Storage::Parameter | Storage::Local => true,
        Storage::Static | Storage::Global | Storage::Function => false,
    }
}

/// Returns whether a variable holds one value and no pointer can reach it.
pub(super) fn is_plain(var: &Var) -> bool {
    let is_one = match var.ty {
        Type::Scalar(_) | Type::Pointer { .. } => true,
        Type::Void | Type::Array { .. } | Type::Record(_) | Type::Opaque(_) => false,
    };
    is_one && !var.is_address_taken && !var.is_volatile
}

/// Returns whether a place is a variable that no pointer can reach.
pub(super) fn is_variable(function: &Function, place: &Place) -> bool {
    let var = &function.vars[place.var];
    place.path.is_empty() && (is_plain(var) || is_standard_stream(var))
}

/// Returns whether a variable is one of the C library's streams; no array of the program lies there.
pub(super) fn is_standard_stream(var: &Var) -> bool {
    var.storage == Storage::Global && ["stderr", "stdin", "stdout"].contains(&&*var.spelling)
}
