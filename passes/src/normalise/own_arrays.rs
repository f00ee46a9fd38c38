//! Arrays that a function has for its iterations, one after the other, become arrays that the iterations declare: each has
//! one of its own, so that none waits for another.
//!
//! A loop may have such an array if each of its iterations fills what it reads of it, and nobody reads it behind the loop.
//! What a pointer leads to is one if the function allocates it and nothing else leads there.
//! Small arrays of constant length need no declaration ([`crate::analyse`] finds out by itself); these may be of any length.
//!
//! **Source**: Tu, Padua, “Automatic Array Privatization”, LCPC 1993.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use mupac_ir::{Block, Extent, Function, Handle, Loop, LoopName, Module, Stmt, Storage, Type, Var};

use super::blocks::length;
use super::own::fresh;
use super::{Normal, is_modelled, substitute};
use crate::analyse::{
    Extents, escapes, is_object_live_after, is_object_read_first, is_unshared, known_extents,
    size_bytes, sizes,
};
use crate::facts::BlockStep;
use crate::{build, region};

/// Returns the form of a region in which iterations declare their arrays; `None` where there are none.
///
/// A loop around a nest of two loops that could share out their iterations leaves the array to that nest.
pub(crate) fn own_arrays(
    module: &Module,
    normal: &Normal,
    path: &[BlockStep],
    range: &Range<usize>,
    is_parallel: &dyn Fn(&LoopName) -> bool,
) -> Option<Normal> {
    let statements = region::statements(&normal.function, path, range);
    is_modelled(statements).then_some(())?;
    let finder = Finder {
        module,
        function: &normal.function,
        is_parallel,
    };
    let mut function = (*normal.function).clone();
    let mut own = Vec::new();
    for var in written(statements) {
        let mut loops = BTreeSet::new();
        let is_object = finder.is_object(var);
        if is_object
            && let Some(ty) = finder.array(&mut function, var)
            && let extents = known_extents(&function, &ty)
            && finder.find(path, range, (var, &extents), &mut loops)
            && !loops.is_empty()
        {
            own.push((var, ty, loops));
        }
    }
    (!own.is_empty()).then_some(())?;
    let mut statements = region::take(&mut function, path, range);
    for (var, ty, loops) in own {
        declare(&mut function, &mut statements, (var, &ty), &loops);
    }
    region::put(&mut function, path, range.start, statements);
    Some(Normal {
        function: Arc::new(function),
        ..normal.clone()
    })
}

/// Returns the variables of which statements write elements, and which they do not declare.
fn written(statements: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let (mut written, mut declared) = (BTreeSet::new(), BTreeSet::new());
    region::each(statements, &mut |stmt| {
        if let Stmt::Compute(compute) = stmt
            && !compute.target.path.is_empty()
        {
            written.insert(compute.target.var);
        }
        if let Stmt::Declare(var, _) = stmt {
            declared.insert(*var);
        }
    });
    &written - &declared
}

/// Finds arrays that iterations may have for themselves.
struct Finder<'a> {
    module: &'a Module,
    function: &'a Function,
    is_parallel: &'a dyn Fn(&LoopName) -> bool,
}

impl Finder<'_> {
    /// Returns whether nothing but the function's statements reaches an array or what a pointer leads to.
    fn is_object(&self, var: Handle<Var>) -> bool {
        let declared = &self.function.vars[var];
        let is_numbers = |ty: &Type| matches!(ty, Type::Scalar(_) | Type::Record(_));
        match &declared.ty {
            Type::Array { .. } => {
                declared.storage == Storage::Local
                    && is_numbers(declared.ty.innermost())
                    && !escapes(self.function, var)
            }
            Type::Pointer { to, .. } => {
                is_numbers(to) && is_unshared(self.module, self.function, var)
            }
            Type::Void | Type::Scalar(_) | Type::Record(_) | Type::Opaque(_) => false,
        }
    }

    /// Returns the type of an array as long as an object.
    fn array(&self, function: &mut Function, var: Handle<Var>) -> Option<Type> {
        let Type::Pointer { to, .. } = function.vars[var].ty.clone() else {
            return Some(function.vars[var].ty.clone());
        };
        let mut known = sizes(self.module, self.function, [var].into_iter());
        let factors = known.remove(&var)?;
        let length = length(function, &factors, size_bytes(self.module, &to)?)?;
        Some(Type::Array {
            of: to,
            length: match build::constant(function, length) {
                Some(length) => Extent::Fixed(u64::try_from(length).ok().filter(|each| *each > 0)?),
                None => Extent::Variable(length),
            },
        })
    }

    /// Finds the innermost loops whose iterations may have an object for themselves; returns whether all that statements do with it
    /// is in these loops.
    fn find(
        &self,
        path: &[BlockStep],
        range: &Range<usize>,
        object: (Handle<Var>, &Extents),
        found: &mut BTreeSet<LoopName>,
    ) -> bool {
        let statements = region::statements(self.function, path, range);
        range.clone().zip(statements).all(|(at, stmt)| {
            if !region::names(self.function, stmt, object.0) {
                return true;
            }
            let Stmt::For(each) = stmt else { return false };
            let inside = [path, &[BlockStep::Body(at)]].concat();
            let mut inner = BTreeSet::new();
            if self.find(&inside, &(0..each.body.len()), object, &mut inner) {
                found.extend(inner);
                return true;
            }
            let is_own = !is_object_read_first(self.function, &each.body, object)
                && !is_object_live_after(self.function, path, at, object)
                && !self.has_plane(&each.body);
            if is_own {
                found.insert(each.name.clone());
            }
            is_own
        })
    }

    /// Returns whether among some statements there is a nest of two loops that could share out their iterations.
    fn has_plane(&self, block: &[Stmt]) -> bool {
        let is_shared = |each: &&Loop| (self.is_parallel)(&each.name);
        let mut outer = region::loops(block).into_iter().filter(is_shared);
        outer.any(|each| region::loops(&each.body).iter().any(is_shared))
    }
}

/// Declares an array in loops, under a name for each.
fn declare(
    function: &mut Function,
    statements: &mut Block,
    (var, ty): (Handle<Var>, &Type),
    loops: &BTreeSet<LoopName>,
) {
    for stmt in statements {
        let Stmt::For(each) = stmt else { continue };
        if loops.contains(&each.name) {
            let own = fresh(function, var);
            function.vars[own].ty = ty.clone();
            let names = BTreeMap::from([(var, own)]);
            substitute::rename(function, &mut each.body, &names);
            let span = function.vars[var].span;
            each.body.insert(0, Stmt::Declare(own, span));
        } else {
            declare(function, &mut each.body, (var, ty), loops);
        }
    }
}
