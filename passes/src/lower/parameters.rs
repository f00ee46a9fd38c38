//! What a kernel is passed.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::{
    Arena, Buffer, Extent, Function, Handle, KernelParameter, Reason, Record, Reduction, Refusal,
    Span, Stmt, Type, Var,
};

use super::body::mentioned;
use crate::{build, region};

/// Returns the buffers, then the scalars, each in order of declaration; then what reductions need.
///
/// **Errors**: `unsupported` for a variable that cannot be passed by value; `side-effect` for one that the body
/// assigns although it belongs to the host.
pub(crate) fn parameters(
    (records, at): (&Arena<Record>, Span),
    function: &Function,
    body: &[Stmt],
    (buffers, by_array): (&Arena<Buffer>, &BTreeMap<Handle<Var>, Handle<Buffer>>),
    reductions: &[(Handle<Reduction>, &Reduction)],
) -> Result<Vec<KernelParameter>, Refusal> {
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
    let passed = passed.into_iter().map(KernelParameter::Buffer);
    let partials = partials.map(KernelParameter::Buffer);
    let all = passed.chain(values).chain(firsts).chain(partials);
    Ok(all.collect())
}

/// Returns whether a value of this type is small enough to be an argument of a kernel.
///
/// All arguments of a kernel share 4 KiB (CUDA C++ Programming Guide, appendix on technical specifications; 32,764
/// bytes from compute capability 7.0 on); a structure beyond a cache line is memory, not a parameter.
fn passes_by_value(records: &Arena<Record>, ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Record(record) => records[*record].size_bytes <= 128,
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
