//! What a kernel is passed.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Arena, Buffer, Extent, Function, Handle, KernelParameter, Reason, Record, Reduction, Refusal,
    Scalar, Span, Stmt, Type, Var,
};

use super::body::mentioned;
use super::chain::array_bytes;
use crate::judge::illegal;
use crate::{build, region};

/// What there is to be passed.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) buffers: &'a Arena<Buffer>,
    pub(crate) by_array: &'a BTreeMap<Handle<Var>, Handle<Buffer>>,
    /// Of the arrays that are passed by value, how many elements from the first on.
    pub(crate) by_value: &'a BTreeMap<Handle<Var>, u64>,
}

/// The bytes of all that a kernel is passed, whatever the device and the version of CUDA.
///
/// **Source**: CUDA C++ Programming Guide 13.0, “__global__ Function Parameters”: 32,764 from CUDA 12.1 on, for devices of
/// compute capability 7.0 and more, 4,096 for all others.
pub(crate) const MOST_BYTES: u64 = 4096;

/// The bytes of a structure that is passed by value.
const MOST_OF_RECORD: u64 = MOST_BYTES / 4;

/// Returns the buffers, then the scalars, each in order of declaration; then what reductions need.
///
/// **Errors**: `unsupported` for a variable that cannot be passed by value; `side-effect` for one that the body
/// assigns although it belongs to the host.
pub(crate) fn parameters(
    (records, at): (&Arena<Record>, Span),
    function: &Function,
    body: &[Stmt],
    given: Given<'_>,
    reductions: &[(Handle<Reduction>, &Reduction)],
) -> Result<Vec<KernelParameter>, Refusal> {
    let Given {
        buffers,
        by_array,
        by_value,
    } = given;
    let mut own = own(body);
    own.extend(reductions.iter().map(|(_, each)| each.accumulator));
    let mut free: BTreeSet<_> = mentioned(function, body);
    let passed: Vec<_> = by_array
        .iter()
        .filter(|(array, _)| free.contains(array))
        .map(|(_, buffer)| *buffer)
        .collect();
    for buffer in &passed {
        free.extend(extents(function, &buffers[*buffer].element));
    }
    let assigned = assigned(body);
    let mut values = Vec::new();
    for var in free {
        if own.contains(&var) || by_array.contains_key(&var) {
            continue;
        }
        let name = &function.vars[var].name;
        if assigned.contains(&var) {
            let what = format!("assigns {name}, which outlives the loop");
            return Err(Refusal::new(Reason::SideEffect { what }, at));
        }
        if !passes_by_value(records, &function.vars[var].ty) {
            let construct = format!("the value of {name} inside a kernel");
            return Err(Refusal::new(Reason::Unsupported { construct }, at));
        }
        values.push(KernelParameter::Value(var));
    }
    let firsts = reductions
        .iter()
        .filter(|(_, each)| each.first.is_some())
        .map(|(reduction, _)| KernelParameter::First(*reduction));
    let partials = reductions.iter().map(|(_, each)| each.partials);
    let passed = passed.into_iter();
    let passed = passed.map(|buffer| match by_value.get(&buffers[buffer].array) {
        Some(length) => KernelParameter::Constants(buffer, *length),
        None => KernelParameter::Buffer(buffer),
    });
    let partials = partials.map(KernelParameter::Buffer);
    let all = passed.chain(values).chain(firsts).chain(partials);
    let all: Vec<_> = all.collect();
    let bytes = |parameter| size(records, function, buffers, parameter);
    let bytes: u64 = all.iter().map(bytes).fold(0, u64::saturating_add);
    if bytes > MOST_BYTES {
        let why =
            format!("{bytes} bytes of arguments are more than the {MOST_BYTES} a kernel takes");
        return Err(illegal(why, at));
    }
    Ok(all)
}

/// Returns what a parameter takes at most, wherever it is put.
fn size(
    records: &Arena<Record>,
    function: &Function,
    buffers: &Arena<Buffer>,
    parameter: &KernelParameter,
) -> u64 {
    let widest = Scalar::F64.size_bytes();
    let bytes = match parameter {
        KernelParameter::Buffer(_) | KernelParameter::First(_) => widest,
        KernelParameter::Constants(buffer, length) => {
            array_bytes(&buffers[*buffer].element).saturating_mul(*length)
        }
        KernelParameter::Value(var) => match function.vars[*var].ty {
            Type::Record(record) => records[record].size_bytes,
            Type::Scalar(_)
            | Type::Void
            | Type::Pointer { .. }
            | Type::Array { .. }
            | Type::Opaque(_) => widest,
        },
    };
    bytes.next_multiple_of(widest)
}

/// Returns whether a value of this type is small enough to be an argument of a kernel.
///
/// All arguments of a kernel share [`MOST_BYTES`], so a larger structure is memory, not a parameter.
fn passes_by_value(records: &Arena<Record>, ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Record(record) => records[*record].size_bytes <= MOST_OF_RECORD,
        Type::Void | Type::Pointer { .. } | Type::Array { .. } | Type::Opaque(_) => false,
    }
}

/// Returns the variables that live inside the body.
pub(crate) fn own(body: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut own = BTreeSet::new();
    region::each(body, &mut |stmt| match stmt {
        Stmt::Declare(var, _) | Stmt::Let(var, _) => {
            own.insert(*var);
        }
        Stmt::For(each) if each.declares_iterator => {
            own.insert(each.iterator);
        }
        Stmt::For(_)
        | Stmt::Compute(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Call(_)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => {}
    });
    own
}

/// Returns the variables that the body assigns.
pub(crate) fn assigned(body: &[Stmt]) -> BTreeSet<Handle<Var>> {
    let mut assigned = BTreeSet::new();
    region::each(body, &mut |stmt| {
        assigned.extend(region::target(stmt).map(|place| place.var));
        if let Stmt::For(each) = stmt {
            assigned.insert(each.iterator);
        }
    });
    assigned
}

/// Returns the variables that the lengths of rows depend on.
fn extents(function: &Function, ty: &Type) -> Vec<Handle<Var>> {
    let Type::Array { of, length } = ty else {
        return Vec::new();
    };
    let mut found = extents(function, of);
    match length {
        Extent::Variable(length) => found.extend(build::variables(function, *length)),
        Extent::Fixed(_) | Extent::Unknown => {}
    }
    found
}
