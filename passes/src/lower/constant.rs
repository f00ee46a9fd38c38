//! Arrays that kernels are passed by value.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Arena, Block, Buffer, Extent, Function, Handle, KernelParameter, KernelPlan, Space, Type, Var,
};

use super::Context;
use super::body::declarations_removed;
use crate::judge::constants;

/// Removes the declarations of what stands for arrays that a kernel is passed by value, and returns how many elements it is
/// passed of each.
pub(crate) fn realise(
    context: &Context<'_>,
    function: &Function,
    body: &mut Block,
) -> BTreeMap<Handle<Var>, u64> {
    declarations_removed(function, body, |space| matches!(space, Space::Constant(_)));
    let length = |var: Handle<Var>| match function.vars[var].ty {
        Type::Array {
            length: Extent::Fixed(length),
            ..
        } => Some(length),
        Type::Array { .. }
        | Type::Void
        | Type::Scalar(_)
        | Type::Pointer { .. }
        | Type::Record(_)
        | Type::Opaque(_) => None,
    };
    let found = constants(function, context.nest.statements).into_iter();
    let found = found.filter_map(|(var, array)| Some((array, length(var)?)));
    found.collect()
}

/// Returns the buffers that kernels are passed by value and no kernel finds on the device.
pub(crate) fn never_copied(kernels: &Arena<KernelPlan>) -> BTreeSet<Handle<Buffer>> {
    let (mut by_value, mut copied) = (BTreeSet::new(), BTreeSet::new());
    for parameter in kernels.iter().flat_map(|(_, kernel)| &kernel.parameters) {
        match parameter {
            KernelParameter::Constants(buffer, _) => by_value.insert(*buffer),
            KernelParameter::Buffer(buffer) => copied.insert(*buffer),
            KernelParameter::Value(_) | KernelParameter::First(_) => false,
        };
    }
    &by_value - &copied
}
